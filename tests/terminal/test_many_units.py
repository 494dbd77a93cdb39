"""A campaign of more units than a screen has lines: the worst come first, the others are counted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from benchmarks.many import write_plan
from dhtt_excel.form.form import form_of
from dhtt_excel.form.moments import spell_moments
from dhtt_excel.outputs.register.write_register import write_register
from dhtt_excel.pipeline import consolidate
from dhtt_excel.plan.plan import load_plan
from dhtt_excel.rehearsal.invent_campaign import invent_entries
from dhtt_excel.result import MANY_UNITS, Result
from dhtt_excel.terminal.show_result import show_status, show_units, show_verdict
from tests.typed import fill_in

UNITS = 70


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of 70 units and the upper one two have sent: the last but one, faultless, and the last, with an error."""
    home = tmp_path_factory.mktemp("nhiều")
    write_plan(UNITS, home / "plan.toml")
    plan = load_plan(str(home / "plan.toml"))
    form = form_of(plan)
    inbox = home / "da-nhan"
    inbox.mkdir()
    for unit, wrong in zip(plan.local_units[-2:], ({}, {("Thông tin", 14, 2): 7}), strict=True):
        entries = spell_moments(form, invent_entries(plan, form, unit, 215)) | wrong
        (inbox / plan.workbook_name(unit)).write_bytes(fill_in(plan, form, unit, entries))
    return home


@pytest.fixture(scope="module")
def result(home: Path) -> Result:
    return consolidate(home / "da-nhan", load_plan(str(home / "plan.toml")), date(2020, 3, 18))


@pytest.fixture(scope="module")
def grouped(home: Path) -> Result:
    """The same where the plan says to which province a unit belongs: the first 40 to one, the others to another."""
    text = (home / "plan.toml").read_text(encoding="utf-8")
    for number in range(1, UNITS + 1):
        province = "Tỉnh Đầu" if number <= 40 else "Tỉnh Cuối"
        text = text.replace(f'name = "Số {number}"\n', f'name = "Số {number}"\ngroup = "{province}"\n')
    (home / "tinh.toml").write_text(text, encoding="utf-8")
    return consolidate(home / "da-nhan", load_plan(str(home / "tinh.toml")), date(2020, 3, 18))


def test_the_terminal_lists_the_worst_and_counts_the_others(result: Result) -> None:
    for shown in (show_units(result), show_status(result)):
        lines = shown.splitlines()
        first = next(number for number, line in enumerate(lines) if line.startswith("─")) + 1
        assert lines[first].startswith(f"Số {UNITS} ")
        assert "Cần sửa" in lines[first]
        assert lines[first + MANY_UNITS].startswith("… và 11 đơn vị nữa: 10 chưa nộp, 1 đạt")
    assert f"Đã nhận 2/{UNITS} phường; chưa có: 68 đơn vị, xem sổ theo dõi." in show_verdict(result, [])


def test_the_register_lists_all_the_worst_first(result: Result, tmp_path: Path) -> None:
    (tmp_path / "sổ.xlsx").write_bytes(write_register(result))
    board = openpyxl.load_workbook(tmp_path / "sổ.xlsx")["Tình hình nộp"]
    names = [cell.value for cell in board["C"] if isinstance(cell.value, str) and cell.value.startswith("Phường Số ")]
    assert len(names) == UNITS
    assert names[0].endswith(f"Số {UNITS}")
    assert names[-1].endswith(f"Số {UNITS - 1}")


def test_groups_are_counted_the_worst_first(grouped: Result) -> None:
    for shown in (show_units(grouped), show_status(grouped)):
        table, worst = (part.splitlines() for part in shown.split("\n\n")[:2])
        first = next(number for number, line in enumerate(table) if line.startswith("─")) + 1
        assert {word for line in table[: first - 1] for word in line.split()} == {
            "Thuộc",
            "Đơn",
            "vị",
            "Cần",
            "sửa",
            "Chưa",
            "nộp",
            "Đạt",
        }
        assert [line.split() for line in table[first:]] == [
            ["Tỉnh", "Cuối", "30", "1", "28", "1"], ["Tỉnh", "Đầu", "40", "40"], ["(không", "ghi)", "1", "1"],
        ]  # fmt: skip
        assert next(line for line in worst if line.startswith("Số ")).startswith(f"Số {UNITS} ")


def test_the_register_lists_by_group(grouped: Result, tmp_path: Path) -> None:
    (tmp_path / "sổ.xlsx").write_bytes(write_register(grouped))
    board = openpyxl.load_workbook(tmp_path / "sổ.xlsx")["Tình hình nộp"]
    listed = [(row[2].value, row[3].value) for row in board.iter_rows(min_row=6, max_row=5 + UNITS)]
    assert board["D5"].value == "Thuộc"
    assert [group for _, group in listed] == ["Tỉnh Cuối"] * 30 + ["Tỉnh Đầu"] * 40
    assert listed[0][0] == f"Phường Số {UNITS}"
    assert board.freeze_panes == "E6"
