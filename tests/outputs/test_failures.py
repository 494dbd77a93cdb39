"""A fault of the program in one unit's copy, letter or in one sheet costs only that; it is told, and stays visible."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from dhtt_excel.errors import UserError
from dhtt_excel.outputs.mail import write_mail
from dhtt_excel.outputs.register import write_register
from dhtt_excel.outputs.report import write_report
from dhtt_excel.outputs.returns import write_returns
from dhtt_excel.plan.plan import Plan
from dhtt_excel.rules.own_files import output_undrawn
from dhtt_excel.terminal.cli import commands
from tests.sound import check_outputs


@pytest.fixture(scope="module")
def unit(whole: dict[str, bytes]) -> str:
    """The code of a unit that has something to mend."""
    return min(name for name in whole if name.startswith("thu/can-sua_")).split("_")[1]


def break_for(code: str, draw: Callable[..., Any]) -> Callable[..., Any]:
    def broken(result: Any, *args: Any, **more: Any) -> Any:
        if any(getattr(value, "code", "") == code for value in args):
            raise KeyError("hỏng\x1b[2K")
        return draw(result, *args, **more)

    return broken


Run = Callable[..., Result]


@pytest.fixture(scope="module")
def run(few_units: Path) -> Run:
    def run(inbox: Path, out: Path, *command: str) -> Result:
        options = ["-o", str(out), "--as-of", "2020-03-18", "--plan", str(few_units)]
        return CliRunner().invoke(commands, [*command, str(inbox), *options])

    return run


def read(out: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    files = {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}
    return json.loads(files["ket-qua.json"]), files


@pytest.fixture(scope="module")
def whole(few_campaign: Path, run: Run, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a run writes when nothing fails."""
    out = tmp_path_factory.mktemp("đủ") / "ra"
    assert run(few_campaign, out, "consolidate").exit_code == 1
    return read(out)[1]


def test_a_copy_that_cannot_be_drawn(
    whole: dict[str, bytes],
    unit: str,
    few_campaign: Path,
    run: Run,
    tmp_path: Path,
    few: Plan,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(write_returns, "write_return", break_for(unit, write_returns.write_return))
    out = tmp_path / "ra"
    ended = run(few_campaign, out, "consolidate")
    assert ended.exit_code == 3
    assert "KeyError: 'hỏng" in ended.stderr
    assert "\x1b" not in ended.output
    name = few.name_of(few.units_by_code[unit])
    assert f"Không vẽ được bản trả lại của {name}: lỗi của chương trình" in ended.stdout
    result, files = read(out)
    (told,) = (f for f in result["findings"] if f["code"] == output_undrawn.code)
    assert (told["unit"], told["severity"]) == (unit, "warning")
    copies = {name for name in whole if name.startswith("tra-lai/") and name.endswith(".xlsx")}
    (lost,) = copies - files.keys()
    assert f"_{unit}_" in lost
    assert whole.keys() - files.keys() == {lost}
    same = [n for n in whole if n.endswith((".eml", ".docx")) or n in copies]
    assert [n for n in same if n in files and files[n] != whole[n]] == [
        n for n in same if n.endswith(".eml") and unit in n
    ]
    texts = [str(c.value) for row in openpyxl.load_workbook(out / f"so-theo-doi-{few.id}.xlsx")["Vấn đề"] for c in row]
    assert any("Không vẽ được bản trả lại" in text for text in texts)
    check_outputs(out)


def test_a_letter_that_cannot_be_written(
    whole: dict[str, bytes],
    unit: str,
    few_campaign: Path,
    run: Run,
    tmp_path: Path,
    few: Plan,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("_correct", "_remind", "_acknowledge"):
        monkeypatch.setattr(write_mail, name, break_for(unit, getattr(write_mail, name)))
    ended = run(few_campaign, tmp_path / "ra", "consolidate")
    assert ended.exit_code == 3
    result, files = read(tmp_path / "ra")
    (lost,) = whole.keys() - files.keys()
    assert lost.startswith("thu/")
    assert [f["unit"] for f in result["findings"] if f["code"] == output_undrawn.code] == [unit]
    inbox = shutil.copytree(few_campaign, tmp_path / "da-nhan")
    other = next(u for u in few.local_units if u.code != unit)
    (inbox / few.workbook_name(other)).write_bytes(b"PK\x03\x04 torn")
    ended = run(inbox, tmp_path / "thư", "mail", "corrections")
    assert ended.exit_code == 3
    assert "Không vẽ được thư nháp đề nghị sửa của" in ended.stdout
    (written,) = (tmp_path / "thư" / "thu").glob("*.eml")
    assert other.code in written.name


def test_a_sheet_of_the_register_that_cannot_be_drawn(
    whole: dict[str, bytes], few_campaign: Path, run: Run, tmp_path: Path, few: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(write_register, "write_balance", fail)
    ended = run(few_campaign, tmp_path / "ra", "consolidate")
    assert ended.exit_code == 3
    assert "ZeroDivisionError" in ended.stderr
    _, files = read(tmp_path / "ra")
    assert files.keys() == whole.keys()
    book = openpyxl.load_workbook(tmp_path / "ra" / f"so-theo-doi-{few.id}.xlsx")
    assert "Không vẽ được trang tính này" in book["Cân đối"]["A1"].value
    assert any("sheet “Cân đối”" in str(row[8].value) for row in book["Vấn đề"])
    check_outputs(tmp_path / "ra")


def test_a_whole_output_that_cannot_be_drawn(
    whole: dict[str, bytes], few_campaign: Path, run: Run, tmp_path: Path, few: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(write_report, "draw_closing", fail)
    ended = run(few_campaign, tmp_path / "ra", "consolidate")
    assert ended.exit_code == 3
    _, files = read(tmp_path / "ra")
    assert whole.keys() - files.keys() == {f"bao-cao-{few.id}.docx"}


def test_what_the_user_can_mend_still_ends_the_run(
    few_campaign: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise UserError("Không được\x1b[2K\nĐẠT: 0 lỗi")

    monkeypatch.setattr(write_register, "write_balance", refuse)
    ended = run(few_campaign, tmp_path / "ra", "consolidate")
    assert ended.exit_code == 2
    assert "\x1b" not in ended.stderr
    assert "Không được\\x1b[2K ĐẠT: 0 lỗi" in ended.stderr
    assert not (tmp_path / "ra").exists()
