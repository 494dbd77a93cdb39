"""How a command ends: by signals at each stage, with another run in the folder, with nowhere to print, by a fault of ours."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dhtt_excel.form.draw_form import Entries
from dhtt_excel.form.form import Form
from dhtt_excel.outputs.lock_folder import lock_folder
from dhtt_excel.plan.plan import PLANS, Plan, Unit
from dhtt_excel.terminal.cli import commands
from tests.conftest import Fill
from tests.typed import fill_in

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals, pipes and process groups of POSIX")

# The command with something done to it once, at a stage: `strike` for the third file that is placed, for example.
DRIVER = """
import os, signal, sys

from dhtt_excel import pipeline
from dhtt_excel.checking import check_rules
from dhtt_excel.outputs import replace_files, side_by_side, write_outputs
from dhtt_excel.terminal.cli import main

stage, deed = sys.argv[1:3]
sys.argv = ["dhtt", *sys.argv[3:]]
run = os.getpid()

def strike():
    match deed if os.getpid() == run else "":
        case "":
            pass  # a worker
        case "wait":
            print("here", flush=True)
            sys.stdin.read()
        case "fail":
            raise KeyError("a fault")
        case _:
            os.kill(os.getpid(), int(deed))

def at(module, name, turn):
    function, turns = getattr(module, name), iter(range(1, 1000))

    def struck(*args, **kwargs):
        if next(turns) == turn:
            strike()
        return function(*args, **kwargs)

    setattr(module, name, struck)

STAGES = {
    "reading": (pipeline, "_watched", 1), "checking": (check_rules, "check_rules", 1),
    "making": (side_by_side._Shift, "_receive", 1), "drafting": (write_outputs, "_make_drafts", 1),
    "staging": (replace_files, "stage_file", 4),
    "placing": (replace_files, "put_in_place", 4),
}
at(*STAGES[stage])
main()
"""


PLAN = "few.toml"  # beside the inbox


@pytest.fixture(scope="module")
def inbox(
    few: Plan,
    few_units: Path,
    form: Form,
    valid_entries: Callable[[Unit], Entries],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A campaign of two files, one of them to be mended; read only."""
    folder = tmp_path_factory.mktemp("endings") / "da nhận"
    folder.mkdir()
    shutil.copy(few_units, folder.with_name(PLAN))
    for code, changes in (("00061", {}), ("00064", {("Đại biểu", 8, 5): "19755"})):
        unit = few.units_by_code[code]
        (folder / few.workbook_name(unit)).write_bytes(fill_in(few, form, unit, valid_entries(unit) | changes))
    return folder


def _consolidate(inbox: Path, out: Path) -> list[str]:
    return ["consolidate", f"{inbox}", "--plan", f"{inbox.with_name(PLAN)}", "-o", f"{out}", "--as-of", "2020-03-18"]


@contextmanager
def _driven(stage: str, deed: object, inbox: Path, out: Path) -> Iterator[subprocess.Popen[str]]:
    """The command in a process group of its own, of which nobody may outlive it."""
    command = [sys.executable, "-c", DRIVER, stage, str(deed), *_consolidate(inbox, out)]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8", start_new_session=True
    ) as process:  # fmt: skip
        yield process
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def _end(process: subprocess.Popen[str], said: str = "") -> tuple[int, str]:
    """Exit code and errors; the output ends when the last worker has gone."""
    _, errors = process.communicate(said, timeout=120)
    return process.returncode, errors


def _run(*args: object, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dhtt_excel", *map(str, args)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, **options)  # type: ignore[call-overload, no-any-return]


def _invoke(*args: object) -> Result:
    """The same within this process, where what a process is does not matter."""
    ended = CliRunner().invoke(commands, [*map(str, args)])
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    return ended


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def written(inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run writes that nobody disturbs; read only."""
    out = tmp_path_factory.mktemp("whole") / "ra"
    assert _run(*_consolidate(inbox, out)).returncode == 1
    return out


@pytest.fixture(scope="module")
def whole(written: Path) -> dict[str, str]:
    return _digests(written)


def test_signals_at_each_stage(inbox: Path, whole: dict[str, str], tmp_path: Path) -> None:
    """Nothing is torn, nobody is left: all is old before the short step in which all becomes new, and new from then on."""
    received = _digests(inbox)
    stages = (
        "reading",
        "checking",
        *(["making"] if (os.cpu_count() or 1) > 1 else []),
        "drafting",
        "staging",
        "placing",
    )
    for turn, stage in enumerate(stages):
        number = (signal.SIGINT, signal.SIGTERM)[turn % 2]  # of which the way is one
        out = tmp_path / stage
        with _driven(stage, int(number), inbox, out) as process:
            assert _end(process) == (128 + number, "Đã ngắt.\n")
        if stage == "placing":
            assert _digests(out) == whole
        else:
            assert not out.exists()
    assert _digests(inbox) == received


def test_a_run_killed_while_it_places_is_ended_by_the_next(inbox: Path, written: Path, tmp_path: Path) -> None:
    """The next run goes on from what the killed one had found, as from any run before."""
    out, twice = tmp_path / "ra", tmp_path / "hai lần"
    shutil.copytree(written, twice)
    _invoke(*_consolidate(inbox, twice))
    with _driven("placing", int(signal.SIGKILL), inbox, out) as process:
        assert _end(process)[0] == -signal.SIGKILL
    status = _invoke("status", inbox, "--plan", inbox.with_name(PLAN), "-o", out)
    assert f"Kết quả trong “{out}” mới được đặt một phần" in status.stderr
    last = _invoke(*_consolidate(inbox, out))
    assert [line.partition(" (")[0] for line in last.stderr.splitlines()] == [
        "Lần chạy trước",
        f"Kết quả của lần chạy trước mới đặt được một phần vào “{out}”: đã đặt nốt.",
    ]
    assert "bạn đã sửa" not in last.stdout
    assert _digests(out) == _digests(twice)


# ---------------------------------------------------------------- two runs


def test_a_second_run_is_refused_while_the_first_works(inbox: Path, whole: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "ra"
    with _driven("checking", "wait", inbox, out) as first:
        assert first.stdout
        assert first.stdout.readline() == "here\n"
        for command in (["consolidate", inbox], ["mail", "reminders", inbox], ["mail", "templates"]):
            second = _invoke(*command, "-o", out)
            assert (second.exit_code, second.stdout) == (2, "")
            assert f"Một lần chạy khác đang ghi vào thư mục “{out}” (tiến trình {first.pid}, máy " in second.stderr
            assert "Hãy đợi" in second.stderr
        assert _invoke("status", inbox, "--plan", inbox.with_name(PLAN), "-o", out).stderr == ""  # reads only
        assert _end(first) == (1, "")
    assert _digests(out) == whole


def test_the_lock_of_a_killed_run_is_taken_over(inbox: Path, whole: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "ra"
    with _driven("checking", "wait", inbox, out) as first:
        assert first.stdout
        assert first.stdout.readline() == "here\n"
        first.kill()
        _end(first)
    second = _invoke(*_consolidate(inbox, out))
    assert second.stderr.startswith(f"Lần chạy trước (tiến trình {first.pid}, máy ")
    assert second.stderr.endswith("đã bị ngắt giữa chừng.\n")
    assert _digests(out) == whole


def test_a_lock_holds_within_the_run_and_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "mới" / "ra"
    with lock_folder(folder) as first, lock_folder(tmp_path / "mới" / "." / "ra") as second:
        assert (first, second) == ("", "")
        assert [path.name for path in folder.iterdir()] == [".dhtt-lock"]
    assert list(tmp_path.iterdir()) == []
    folder.mkdir(parents=True)
    for content in (b"", b"{]", b"[" * 1000):
        (folder / ".dhtt-lock").write_bytes(content)
        with lock_folder(folder) as told:
            assert told == ""
    assert list(folder.iterdir()) == []


# ---------------------------------------------------------------- nowhere to print, and faults of ours


def test_a_fault_of_the_program_is_visible_and_has_its_own_code(inbox: Path, tmp_path: Path) -> None:
    with _driven("checking", "fail", inbox, tmp_path / "ra") as process:
        code, errors = _end(process)
    assert code == 3
    assert "Traceback" in errors
    assert "KeyError: 'a fault'" in errors
    assert errors.splitlines()[-1].startswith("Lỗi của chương trình")
    assert not (tmp_path / "ra").exists()


@pytest.mark.parametrize("way", [">/dev/full", "|"])
@pytest.mark.parametrize("args", [["rules"], ["--help"], ["check", "{file}"]], ids=lambda args: args[0])
def test_what_cannot_be_printed_is_one_line(way: str, args: list[str], fill: Fill, plan: Plan) -> None:
    given = [arg.format(file=fill(plan.units_by_code["00061"])) for arg in args]
    command = [sys.executable, "-m", "dhtt_excel", *given]
    if way == "|":
        reader, writer = os.pipe()
        os.close(reader)
    else:
        writer = os.open("/dev/full", os.O_WRONLY)
    run = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, encoding="utf-8", check=False)
    os.close(writer)
    assert run.returncode == 2
    why = "nơi nhận đã đóng" if way == "|" else "ổ đĩa đã đầy"
    assert run.stderr == f"Lỗi: Không in được kết quả: {why}.\n"


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_stop_nothing(closed: str, inbox: Path, whole: dict[str, str], tmp_path: Path) -> None:
    """With one of them closed files are read by workers, with all of them outputs are made, too."""
    shell = ["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-m", "dhtt_excel"]
    is_whole = closed.count("-") == 3
    command = _consolidate(inbox, tmp_path / "ra") if is_whole else ["check", f"{inbox}"]
    run = subprocess.run([*shell, *command], capture_output=True, check=False)
    assert (run.returncode, run.stderr) == (1, b"")
    assert is_whole or ("Đại biểu!E8" in run.stdout.decode()) is (closed != ">&-")
    assert not is_whole or _digests(tmp_path / "ra") == whole


# ---------------------------------------------------------------- what lies where a file should be


def _tell(*args: object) -> tuple[int, str]:
    """Exit code and all that is printed; click's own word for an error is translated only by `main`."""
    ended = _invoke(*args)
    return ended.exit_code, ended.output.replace("Error: ", "Lỗi: ")


@pytest.mark.parametrize("kind", ["pipe", "folder"])
def test_a_pipe_or_a_folder_in_place_of_our_files(kind: str, inbox: Path, tmp_path: Path) -> None:
    def put(path: Path) -> Path:
        path.parent.mkdir(exist_ok=True)
        os.mkfifo(path) if kind == "pipe" else path.mkdir()
        return path

    out = tmp_path / "ra"
    history = put(out / "ket-qua.json")
    code, told = _tell(*_consolidate(inbox, out))
    assert code == 1
    assert "ket-qua.json: Kết quả lần trước không phải là tệp: coi đây là lần chạy đầu" in told
    assert (out / "ket-qua (2).json").is_file()
    assert not history.is_file()
    exemptions = put(tmp_path / "khác" / "chap-nhan.xlsx")
    code, told = _tell(*_consolidate(inbox, exemptions.parent))
    assert (code, told.splitlines()[-1]) == (2, f"Lỗi: “{exemptions}” không phải là tệp.")
    assert list(exemptions.parent.iterdir()) == [exemptions]
    for option in ("--contacts", "--plan"):
        code, told = _tell("consolidate", inbox, "-o", out, option, put(tmp_path / f"{option[2:]}.toml"))
        assert code == 2
        assert "không phải là tệp" in told.splitlines()[-1]


def test_deep_json_is_damaged(inbox: Path, tmp_path: Path) -> None:
    (tmp_path / "ket-qua.json").write_text('{"plan": "hoan-kiem-2020", "x": ' + "[" * 100_000)
    assert "Kết quả lần trước bị hỏng" in _tell("status", inbox, "--plan", inbox.with_name(PLAN), "-o", tmp_path)[1]


def test_plans_as_editors_save_them(inbox: Path, tmp_path: Path) -> None:
    path = tmp_path / "kế hoạch.toml"
    path.write_bytes(b"\xef\xbb\xbf" + (PLANS / "hoan-kiem-2020.toml").read_bytes())  # Notepad
    assert _tell("rules", "DB01", "--plan", path)[0] == 0
    for content, says in (
        (b"x = " + b"[" * 100_000, "không đúng cú pháp TOML."),
        (b'id = "a"\nid = \n', "không đúng cú pháp TOML ở dòng 2, cột 6."),
        (b'id = "a"\nid = ', "không đúng cú pháp TOML ở cuối tệp."),
        ("[ngày]".encode("cp1258"), "không phải văn bản UTF-8. Hãy lưu lại với mã UTF-8."),
    ):
        path.write_bytes(content)
        code, told = _tell("rules", "--plan", path)
        assert (code, told.splitlines()[-1]) == (2, f"Lỗi: Tệp kế hoạch “{path}” {says}")


def test_a_path_whose_parent_cannot_be_read(inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stat = Path.stat

    def refuse(path: Path, **options: bool) -> os.stat_result:
        if "kín" in path.parts:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return stat(path, **options)

    monkeypatch.setattr(Path, "stat", refuse)
    closed = tmp_path / "kín" / "x"
    for args in (
        ["consolidate", closed], ["check", closed], ["status", inbox, "-o", closed], ["consolidate", inbox, "-o", closed],
        ["rules", "--plan", f"{closed}.toml"], ["mail", "contacts", "-o", closed], ["mail", "texts", "-o", closed],
        ["consolidate", inbox, "-o", tmp_path / "ra", "--contacts", closed],
    ):  # fmt: skip
        code, told = _tell(*args)
        assert code == 2, args
        assert "không có quyền" in told.splitlines()[-1], told
        assert "denied" not in told
    assert not (tmp_path / "ra").exists()
