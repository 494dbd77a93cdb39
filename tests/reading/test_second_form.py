"""What only the second version of the form has: guests of whom little is asked, answers in several cells."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from dhtt_excel.findings import Finding, Severity
from dhtt_excel.form.form import Form
from dhtt_excel.outputs.returns.write_returns import write_returns
from dhtt_excel.pipeline import check_files, consolidate
from dhtt_excel.plan.plan import Plan, Unit
from tests.conftest import AS_OF, Fill

Check = Callable[[Path], list[Finding]]
GUEST = "Khách mời khác"


def test_what_guests_are_not_asked_is_told_once_a_column_and_stays_in_the_copy(
    fill: Fill, ward: Unit, plan: Plan
) -> None:
    """Three exemplars become guests; between them others are asked as before."""
    guests = {f"Đại biểu!J{row}": GUEST for row in (9, 12, 13)}
    path = fill(ward, {**guests, "Đại biểu!E20": "abc"})
    result = consolidate(path.parent, plan, AS_OF)
    told = [f for f in result.findings if "không phải khai “Năm sinh”" in f.message]
    assert [(f.cell, f.severity) for f in told] == [("E9", Severity.NOTE)]
    assert told[0].message.endswith("không dùng 3 giá trị, ở dòng 9, 12, 13")
    frame = result.tables.frames["delegates"].set_index("excel_row")
    assert frame.loc[[9, 12, 13], "birth_year"].isna().all()
    before, after = (
        openpyxl.load_workbook(book)["Đại biểu"] for book in (path, io.BytesIO(write_returns(result)[ward.code][1]))
    )
    for row in (9, 12, 13):
        assert [after.cell(row, at).value for at in (5, 6, 7)] == [before.cell(row, at).value for at in (5, 6, 7)]


@pytest.mark.parametrize(("spelled", "asked"), [("Cá nhân điển hình", True), ("Lãnh đạo", False)])
def test_who_is_asked_goes_by_every_spelling_that_the_form_knows(
    spelled: str, asked: bool, fill: Fill, ward: Unit, check: Check
) -> None:
    """Reader and form alike: the saved verdicts, which our own evaluator worked out, are those of the reader."""
    findings = check(fill(ward, {"Đại biểu!J9": spelled, "Đại biểu!E9": None, "Đại biểu!K9": None}))
    assert [f.code for f in findings if f.cell == "E9"] == ["O01"] * asked
    assert "TEP10" not in {f.code for f in findings}


def test_an_error_value_is_one_fault(fill: Fill, ward: Unit, check: Check) -> None:
    """And the form's own counter, which cannot count then, is nobody's entry."""
    cells = ["Thông tin!B17", "Đại biểu!E7", "Đại biểu!C60", "Tham luận!G8", "Biểu dương!N10"]
    path = fill(ward)
    book = openpyxl.load_workbook(path)
    for cell in (*cells, "Đại biểu!C5"):
        sheet, _, address = cell.partition("!")
        book[sheet][address] = "#N/A"
        book[sheet][address].data_type = "e"
    book.save(path)
    found = [f for f in check(path) if f.code not in ("TL02", "DB02")]
    assert sorted((f.code, f"{f.sheet}!{f.cell}") for f in found) == sorted(("O03", cell) for cell in cells)


def test_lines_between_paragraphs_are_no_answer(fill: Fill, ward: Unit, plan: Plan, form: Form) -> None:
    """What is written above and below them stands."""
    row = form.tables["report"].line_rows[0]
    path = fill(
        ward, {f"Báo cáo!B{row}": "Đoạn một.", f"Báo cáo!B{row + 1}": "-----", f"Báo cáo!B{row + 2}": "Đoạn hai."}
    )
    result = check_files([path], plan, AS_OF)
    assert result.findings == []
    assert result.tables.frames["report"]["content"].iloc[0] == "Đoạn một.\nĐoạn hai."


def test_a_filler_below_an_answer_is_told_and_the_answer_stands(fill: Fill, ward: Unit, plan: Plan, form: Form) -> None:
    row = form.tables["report"].line_rows[0]
    path = fill(ward, {f"Báo cáo!B{row}": "Đoạn một.", f"Báo cáo!B{row + 1}": "như trên"})
    result = check_files([path], plan, AS_OF)
    assert [(f.code, f.cell) for f in result.findings] == [("O04", f"B{row + 1}")]
    assert result.tables.frames["report"]["content"].iloc[0] == "Đoạn một."


def test_an_answer_stays_in_the_cells_in_which_it_came(fill: Fill, ward: Unit, plan: Plan, form: Form) -> None:
    row = form.tables["report"].line_rows[1]
    long = "Một câu khá dài về phong trào thi đua của phường. " * 60
    answers = {f"Báo cáo!B{row}": long.strip(), f"Báo cáo!B{row + 2}": "Đoạn hai.", "Thông tin!B13": None}
    result = consolidate(fill(ward, answers).parent, plan, AS_OF)
    sheet = openpyxl.load_workbook(io.BytesIO(write_returns(result)[ward.code][1]))["Báo cáo"]
    assert [sheet.cell(row + down, 2).value for down in range(4)] == [long.strip(), None, "Đoạn hai.", None]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("Thông tin!B9", "10/03/2020\n"),
        ("Thông tin!B9", "nga\u0300y 10 tha\u0301ng 3 na\u0306m 2020"),
        ("Đại biểu!J9", "Ca\u0301 nha\u0302n điê\u0309n hi\u0300nh tiên tiê\u0301n"),
        ("Đại biểu!D9", "Nam\u200b"),
    ],
)
def test_what_a_formula_cannot_read_is_not_held_against_the_unit(
    cell: str, text: str, fill: Fill, ward: Unit, check: Check
) -> None:
    assert not {f.code for f in check(fill(ward, {cell: text}))} & {"TEP10"}
