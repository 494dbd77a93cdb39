"""Sheet "Thay đổi" of the register: what each unit's last submission changed in the data, row by row and cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from dhtt_excel.checking.compare_submissions import Change
from dhtt_excel.excel.book import Book
from dhtt_excel.form.form import TICK, Column, Kind
from dhtt_excel.outputs.register.paper import CENTRED, NUMBER, TEXT
from dhtt_excel.outputs.register.table import SheetColumn, SheetTable
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import format_number

CHANGES_SHEET = "Thay đổi"
MAX_LISTED = 20_000  # as of the cells outside the form: nobody reads so far

_KINDS = {"added": "Thêm dòng", "removed": "Bỏ dòng", "changed": "Sửa ô"}


class _Line(NamedTuple):
    """A change of a unit's last submission; `column`: of a changed cell."""

    unit: str
    number: int
    change: Change
    sheet: str
    column: Column | None


_COLUMNS: tuple[SheetColumn[_Line], ...] = (
    SheetColumn("STT", 6, NUMBER),
    SheetColumn("Đơn vị", 22, TEXT, lambda line: line.unit),
    SheetColumn("Lần nộp", 7, NUMBER, lambda line: line.number),
    SheetColumn("Trang tính", 13, TEXT, lambda line: line.sheet),
    SheetColumn("Thay đổi", 11, CENTRED, lambda line: _KINDS[line.change.kind]),
    SheetColumn("Dòng cũ", 7, NUMBER, lambda line: line.change.old_row or None),
    SheetColumn("Dòng mới", 7, NUMBER, lambda line: line.change.new_row or None),
    SheetColumn("Cột", 22, TEXT, lambda line: line.column.heading if line.column else ""),
    SheetColumn("Trước", 38, TEXT, lambda line: _show(line.column, line.change.before)),
    SheetColumn("Sau", 38, TEXT, lambda line: _show(line.column, line.change.after)),
)


def write_changes(book: Book, result: Result) -> None:
    """A line a change, at most `MAX_LISTED`: between a unit's last two submissions, where both files are there."""
    lines = list(islice(_list_changes(result), MAX_LISTED + 1))
    more = f", chỉ ghi {format_number(MAX_LISTED)} thay đổi đầu" if len(lines) > MAX_LISTED else ""
    lines = lines[:MAX_LISTED]
    compared = sum(r.comparison is not None for r in result.rounds.values())
    gone = sum(r.number > 1 and r.comparison is None for r in result.rounds.values())
    told = (
        f"{format_number(len(lines))} thay đổi của {compared} đơn vị nộp lại{more}."
        + (f" {gone} đơn vị không so được: tệp lần trước không còn trong thư mục." if gone else ""),
    )  # fmt: skip
    title = "THAY ĐỔI SO VỚI LẦN NỘP TRƯỚC"
    SheetTable(CHANGES_SHEET, title, told, _COLUMNS, lines, empty_height=True).draw(book, result)


def _list_changes(result: Result) -> Iterator[_Line]:
    for unit in result.plan.senders:
        standing = result.rounds[unit.code]
        for change in standing.comparison.changes if standing.comparison else ():
            table = result.form.tables[change.table]
            column = table.by_key.get(change.column)
            yield _Line(result.plan.name_of(unit), standing.number, change, table.sheet, column)


def _show(column: Column | None, value: Any) -> str:
    """A typed value as the unit sees it."""
    kind = column.kind if column else Kind.TEXT
    if kind is Kind.MARK and isinstance(value, bool):
        return TICK if value else ""
    if kind is Kind.TIME and isinstance(value, int):
        return f"{value // 60}:{value % 60:02}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)
