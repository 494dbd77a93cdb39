"""What the programs of the zip start, and what they show where there is no terminal."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from dhtt_excel.errors import explain_os_error
from dhtt_excel.terminal import cli, starters


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The arguments with which the command line is run."""
    runs: list[list[str]] = []

    def run() -> int:
        runs.append(sys.argv[1:])
        return 0

    monkeypatch.setattr(sys, "stderr", sys.stderr)
    monkeypatch.setattr(cli, "run", run)
    return runs


@pytest.mark.parametrize(
    ("own_console", "arguments", "runs"),
    [
        (False, [], []),  # typed: the help
        (False, ["status", "."], ["status", "."]),
        (True, [], ["window"]),  # a double click
        (True, [".", "tests"], ["window", "--drop", ".", "--drop", "tests"]),  # dropped upon
        (True, ["status", "."], ["status", "."]),
    ],
)
def test_a_double_click_opens_the_window(
    started: list[list[str]], monkeypatch: pytest.MonkeyPatch, own_console: bool, arguments: list[str], runs: list[str]
) -> None:
    monkeypatch.setattr(starters, "has_own_console", lambda: own_console)
    monkeypatch.setattr(sys, "argv", ["dhtt.exe", *arguments])
    with pytest.raises(SystemExit) as ended:
        starters.start_command()
    assert (ended.value.code, started) == (0, [runs])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("a [1].xlsx", {"a [1].xlsx"}),
        ("$SO.xlsx", {"$SO.xlsx"}),
        ("a*", {"a [1].xlsx", "a 1.xlsx"}),
        ("b*", {"b*"}),
    ],
)
def test_a_name_is_no_pattern(tmp_path: Path, given: str, told: set[str]) -> None:
    """On Windows programs expand their arguments themselves; what is dropped on them is named whole."""
    names = ("a [1].xlsx", "a 1.xlsx", "$SO.xlsx", "hai.xlsx")
    for name in names:
        (tmp_path / name).write_bytes(b"")
    code = "from dhtt_excel.terminal import cli, end_run; end_run.SHELL_EXPANDS = False; cli.main()"
    root = str(Path(__file__).parents[2])
    run = subprocess.run(
        [sys.executable, "-c", code, "check", given],
        cwd=tmp_path, env={**os.environ, "SO": "hai", "PYTHONPATH": root}, capture_output=True, encoding="utf-8",
    )  # fmt: skip
    assert {name for name in (*names, "b*") if name in run.stdout + run.stderr} == told


@pytest.mark.parametrize(("code", "shown"), [(0, ""), (2, "Không có “x”.\n"), (3, "Lỗi của chương trình")])
def test_what_a_terminal_would_show_is_shown_in_a_box(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: int, shown: str
) -> None:
    boxes: list[str] = []

    def end() -> int:
        sys.stderr.write("Không có “x”.\n" if code == 2 else "Traceback …\n")
        return code

    monkeypatch.setattr(sys, "stderr", sys.stderr)
    monkeypatch.setattr(sys, "argv", ["dhtt-cua-so.exe"])
    monkeypatch.setattr(cli, "run", end)
    monkeypatch.setattr(starters, "show_box", boxes.append)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(SystemExit) as ended:
        starters.start_window()
    assert ended.value.code == code
    assert [text.startswith(shown) for text in boxes] == ([True] if shown else [])
    assert not any("Traceback" in text for text in boxes)
    if code == 3:
        assert str(tmp_path / "dhtt-loi.txt") in boxes[0]
        assert (tmp_path / "dhtt-loi.txt").read_text(encoding="utf-8") == "Traceback …\n"
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "đầy"))
        with pytest.raises(SystemExit):
            starters.start_window()
        assert boxes[1].startswith(shown)


@pytest.mark.parametrize(
    ("number", "on_windows", "told"),
    [
        (13, None, "không có quyền"),
        (13, 32, "chương trình khác đang dùng"),
        (13, 19, "ổ đĩa chỉ cho đọc"),
        (2, 206, "tên hoặc đường dẫn quá dài"),
        (22, 1231, "mất kết nối với ổ đĩa"),
        (22, 9999, "hệ thống báo lỗi số 9999"),
    ],
)
def test_windows_says_more_than_its_number(number: int, on_windows: int | None, told: str) -> None:
    error = OSError(number, "Permission denied")
    if on_windows:
        error.winerror = on_windows  # type: ignore[attr-defined]
    assert explain_os_error(error) == told
