"""What stands on a terminal of 80 columns, and what a person may name: a folder, a file, what is dropped on the program."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from dhtt_excel import pipeline
from dhtt_excel.errors import UserError
from dhtt_excel.plan.plan import Plan
from dhtt_excel.terminal.cli import commands
from dhtt_excel.terminal.cli_mail import mail
from dhtt_excel.terminal.show_result import align_table
from tests.conftest import POSIX, Fill

ROOT = Path(__file__).parents[2]
WIDTH = 80
DAY = ("--as-of", "2020-03-18")


@pytest.fixture
def inbox(few: Plan, few_units: Path, fill: Fill) -> Path:
    """Two units' files, one with an error and a long name; the plan is beside the folder."""
    fill(few.units_by_code["00061"])
    name = "Biểu mẫu của Ủy ban nhân dân phường Hàng Gai gửi lại lần thứ hai, bản cuối cùng.xlsx"
    folder = fill(few.units_by_code["00064"], {"Đại biểu!E8": "19755"}, name).parent
    shutil.copy(few_units, folder.with_name("few.toml"))
    return folder


def _run(*arguments: str | Path) -> tuple[int, str]:
    run = CliRunner().invoke(commands, [*map(str, arguments)], prog_name="dhtt")
    return run.exit_code, run.output


def _on_a_terminal(*arguments: str | Path) -> str:
    """What a terminal of 80 columns gets."""
    import fcntl
    import pty
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, WIDTH, 0, 0))
    command = [sys.executable, "-m", "dhtt_excel", *map(str, arguments)]
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env={**environment, "PYTHONPATH": str(ROOT)}
    ):
        os.close(theirs)
        told = b""
        with suppress(OSError):  # how a terminal of POSIX ends
            while piece := os.read(ours, 65536):
                told += piece
    os.close(ours)
    return told.decode()


@POSIX
def test_nothing_is_wider_than_the_terminal(inbox: Path, tmp_path: Path) -> None:
    plan = ("--plan", inbox.with_name("few.toml"))
    for arguments in (
        ["consolidate", inbox, "-o", tmp_path / "ra", "--verbose", *plan, *DAY], ["rules", "DB01"],
        ["rules"], ["consolidate", "ở " * 50],
    ):  # fmt: skip
        told = _on_a_terminal(*arguments)
        lines = [part for line in told.split("\n") for part in line.split("\r") if not part.startswith("\x1b")]
        assert len(lines) > 3 or "Không có thư mục" in told, told
        assert not [line for line in lines if len(line) > WIDTH and " " in line.strip()], arguments
        assert "Traceback" not in told


@pytest.mark.parametrize("name", ["", *commands.commands, *(f"mail {name}" for name in mail.commands)])
def test_help_lines_are_whole(name: str) -> None:
    code, told = _run(*name.split(), "--help")
    assert code == 0
    assert "..." not in told
    assert max(map(len, told.splitlines())) <= WIDTH
    command: click.Command = commands
    for part in name.split():
        assert isinstance(command, click.Group)
        command = command.commands[part]
    if isinstance(command, click.Group):
        for sub in command.commands.values():
            assert " ".join((sub.help or "").split()) in " ".join(told.split())


def test_a_table_fits_and_loses_nothing() -> None:
    words = "một cột rất dài có nhiều chữ " * 5
    table = align_table(["Mã", "Mức độ rất cao", "Yêu cầu"], [["A1", "12", words], ["A2", "3", "x" * 100]], right={"Mức độ rất cao"})  # fmt: skip
    lines = table.splitlines()
    assert max(map(len, lines)) < WIDTH
    assert lines[0].split() == ["Mã", "Mức", "Yêu", "cầu"]
    assert " ".join(table.split()).count("rất dài") == 5
    assert table.count("x") == 100


# ---------------------------------------------------------------- what is named


def test_a_run_says_where_it_looked(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(inbox.parent)
    monkeypatch.setattr(pipeline, "write_result", lambda *_, **__: [])
    for command, *plan in (["status", "--plan", "few.toml"], ["consolidate", "--plan", "few.toml"], ["rollup"]):
        _, told = _run(command, inbox.name, *plan, *DAY)
        assert told.startswith(f"Đã đọc 2 tệp trong “{inbox}”.\n"), command
    code, told = _run("consolidate", "da-nhan-cu")
    assert code == 2
    assert f"Không có thư mục “da-nhan-cu” (đã tìm ở “{inbox.parent / 'da-nhan-cu'}”)." in told
    assert f"Không có tệp “a.xlsx” (đã tìm ở “{inbox.parent / 'a.xlsx'}”)." in _run("check", "a.xlsx")[1]


def test_results_are_not_taken_for_answers(tmp_path: Path) -> None:
    (tmp_path / "tong-hop-hoan-kiem-2020.xlsx").write_bytes(b"PK")
    code, told = _run("consolidate", tmp_path, "-o", tmp_path.with_name("ra"))
    assert code == 2
    assert "Kết quả của chương trình thì bỏ qua: tong-hop-hoan-kiem-2020.xlsx; muốn cộng nhiều kết quả" in told


def test_check_takes_a_folder(inbox: Path) -> None:
    code, told = _run("check", inbox, "--plan", inbox.with_name("few.toml"))
    assert code == 1
    assert told.startswith(f"Đã đọc 2 tệp trong “{inbox}”.\n")
    assert "Đại biểu!E8" in told


def test_a_file_is_taken_as_a_folder_of_its_own(inbox: Path, tmp_path: Path) -> None:
    (file,) = inbox.glob("*Hàng Gai*")
    plan = ("--plan", inbox.with_name("few.toml"))
    code, told = _run("status", file, *plan, *DAY)
    assert code == 1
    assert told.startswith(f"Đã đọc 1 tệp trong “{file}”.\n")
    assert "Đã nhận 1/4 phường" in told
    scan = inbox / "quét.pdf"
    scan.write_bytes(b"%PDF-1.4")
    code, told = _run("consolidate", scan, "-o", tmp_path / "ra", *plan)
    assert code == 2
    assert "quét.pdf” không phải là bảng tính" in told


def test_what_is_dropped_is_consolidated_beside_itself(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A campaign's folder, its inbox, any other folder, a file."""
    campaign = tmp_path / "Đợt 2020"
    shutil.copytree(inbox, campaign / "da-nhan")
    (file,) = inbox.glob("*Hàng Gai*")

    def tell(folder: Path, _plan: object, _day: object, out: Path, *_: object, **__: object) -> None:
        raise UserError(f"{folder} ─► {out}")

    monkeypatch.setattr(pipeline, "consolidate", tell)
    for dropped, read, results in (
        (campaign, campaign / "da-nhan", campaign / "ket-qua"),
        (campaign / "da-nhan", campaign / "da-nhan", campaign / "ket-qua"),
        (inbox, inbox, inbox.parent / "ket-qua"),
        (file, file, inbox / "ket-qua"),
    ):
        assert f"{read} ─► {results}" in _run(dropped, *DAY)[1]
    assert f"{inbox} ─► {tmp_path / 'ra'}" in _run(inbox, "-o", tmp_path / "ra")[1]
    assert _run(tmp_path / "không có")[0] == 2
