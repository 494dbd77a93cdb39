"""Forms of version 1, as they were sent out: read without a word on what version 2 changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from dhtt_excel.form.check_lines import FAILED
from dhtt_excel.form.draw_form import Entries
from dhtt_excel.form.form import CHECK_SHEET, Form, Kind, Layout
from dhtt_excel.outputs.returns.write_returns import write_returns
from dhtt_excel.pipeline import check_files, consolidate
from dhtt_excel.plan.plan import Plan, Unit
from tests.conftest import AS_OF

FIRST_CHECK = 16  # row of its first line on sheet "Kiểm tra"
SENT = sorted((Path(__file__).parent / "version_1").glob("*.xlsx"))


@pytest.fixture
def filled(
    plan: Plan, form: Form, ward: Unit, valid_entries: Callable[[Unit], Entries], tmp_path: Path
) -> Callable[[], Path]:
    """The ward's form of version 1 with the values of a faultless workbook, as far as it has places for them."""

    def write() -> Path:
        book = openpyxl.load_workbook(next(path for path in SENT if f"_{ward.code}_" in path.name))
        entries = valid_entries(ward)
        for table in form.tables.values():
            sheet = book[table.sheet]
            texts = {cell.value: cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)}
            for column in table.columns:
                if not column.is_read or column.kind is Kind.FIXED or not column.is_in(1):
                    continue
                first, place = table.position(column.key)
                heading = texts[column.label.replace("**", "*")]  # of all, then
                if table.layout is Layout.LINES:
                    rows = [(at, texts[line[0]].row) for at, line in zip(table.line_rows, table.lines, strict=True)]
                elif table.layout is Layout.LIST:
                    rows = [(row, row) for row in range(table.first_row, table.last_row + 1)]
                else:
                    rows = [(first, heading.row)]
                for row, target in rows:
                    value = entries.get((table.sheet, row, place))
                    if value not in (None, "", False):
                        at = 2 if table.layout is Layout.FIELDS else heading.column
                        sheet.cell(target, at).value = "x" if value is True else value
        path = tmp_path / "da nhận" / plan.workbook_name(ward)
        path.parent.mkdir()
        book.save(path)
        return path

    return write


def test_as_sent_out_nothing_is_entered(plan: Plan) -> None:
    result = check_files(SENT, plan, AS_OF)
    assert [submission.version for submission in result.submissions] == [1] * len(SENT)
    assert {(f.code, f.sheet) for f in result.findings} == {("TEP05", "")}
    assert not any(account.outside for s in result.submissions for account in s.accounts)


def test_filled_it_is_read_like_the_present_one(filled: Callable[[], Path], plan: Plan, ward: Unit) -> None:
    result = check_files([filled()], plan, AS_OF)
    assert result.used[ward.code].version == 1
    assert result.findings == []
    awards = result.tables.frames["awards"]
    assert awards["households"].isna().all()
    assert awards["persons"].sum() > 0
    assert result.tables.frames["report"]["content"].notna().all()


def test_what_is_written_beside_it_is_outside(filled: Callable[[], Path], plan: Plan) -> None:
    path = filled()
    book = openpyxl.load_workbook(path)
    book["Báo cáo"]["A2"] = "Đã hỏi lại"
    book.save(path)
    assert [(f.code, f.sheet, f.cell) for f in check_files([path], plan, AS_OF).findings] == [
        ("TEP08", "Báo cáo", "A2")
    ]


def test_its_returned_copy_is_of_the_present_form(filled: Callable[[], Path], plan: Plan, ward: Unit) -> None:
    path = filled()
    book = openpyxl.load_workbook(path)
    book["Đại biểu"]["D10"] = 99
    book.save(path)
    result = consolidate(path.parent, plan, AS_OF)
    name, data = write_returns(result)[ward.code]
    (path.parent / name).write_bytes(data)
    again = check_files([path.parent / name], plan, AS_OF)
    assert {f.cell for f in again.findings} == {"E10"}
    for key in ("report", "awards"):
        before, after = result.tables.frames[key], again.tables.frames[key]
        assert before.drop(columns=["file", "excel_row"]).equals(after.drop(columns=["file", "excel_row"]))


def test_its_verdicts_are_not_compared(filled: Callable[[], Path], plan: Plan) -> None:
    """They came from other formulas: whatever they say is no TEP10."""
    path = filled()
    book = openpyxl.load_workbook(path)
    for row in range(FIRST_CHECK, FIRST_CHECK + 10):
        book[CHECK_SHEET].cell(row, 4).value = FAILED
    book.save(path)
    assert check_files([path], plan, AS_OF).findings == []
