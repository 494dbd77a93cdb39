"""Sheet "Thay đổi" of the register: what each unit's last submission changed in the data, row by row and cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

from dhtt_excel.checking.compare_submissions import Change
from dhtt_excel.excel.book import Book
from dhtt_excel.form.form import TICK, Form, Kind
from dhtt_excel.outputs.register.paper import (
    CENTRED,
    HEADING_ROW,
    NUMBER,
    TEXT,
    add_filtered_table,
    add_paper,
    fit_text,
    line_height,
)
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import format_number

CHANGES_SHEET = "Thay đổi"
MAX_LISTED = 20_000  # as of the cells outside the form: nobody reads so far

_COLUMNS: dict[str, tuple[float, dict[str, Any]]] = {
    "STT": (6.0, NUMBER),
    "Đơn vị": (22, TEXT),
    "Lần nộp": (7, NUMBER),
    "Sheet": (13, TEXT),
    "Thay đổi": (11, CENTRED),
    "Dòng cũ": (7, NUMBER),
    "Dòng mới": (7, NUMBER),
    "Cột": (22, TEXT),
    "Trước": (38, TEXT),
    "Sau": (38, TEXT),
}
_FROZEN = 3
_KINDS = {"added": "Thêm dòng", "removed": "Bỏ dòng", "changed": "Sửa ô"}


def write_changes(book: Book, result: Result) -> None:
    """A line a change, at most `MAX_LISTED`: between a unit's last two submissions, where both files are there."""
    rows = list(islice(_list_changes(result), MAX_LISTED + 1))
    more = f", chỉ ghi {format_number(MAX_LISTED)} thay đổi đầu" if len(rows) > MAX_LISTED else ""
    rows = rows[:MAX_LISTED]
    compared = sum(r.comparison is not None for r in result.rounds.values())
    gone = sum(r.number > 1 and r.comparison is None for r in result.rounds.values())
    told = (
        f"{format_number(len(rows))} thay đổi của {compared} đơn vị nộp lại{more}."
        + (f" {gone} đơn vị không so được: tệp lần trước không còn trong thư mục." if gone else ""),
    )  # fmt: skip
    widths = [width for width, _ in _COLUMNS.values()]
    sheet = add_paper(book, result, CHANGES_SHEET, "THAY ĐỔI SO VỚI LẦN NỘP TRƯỚC", told, widths, frozen=_FROZEN)
    add_filtered_table(book, sheet, "DS_thay_doi", list(_COLUMNS), widths, len(rows))
    styles = [book.style(**look) for _, look in _COLUMNS.values()]
    for row, values in enumerate(rows or [[None] * len(_COLUMNS)], start=HEADING_ROW + 1):
        for column, (value, style) in enumerate(zip(values, styles, strict=True), start=1):
            sheet.put(row, column, fit_text(value), style)
        sheet.set_height(row, line_height([(v, w) for v, w in zip(values, widths, strict=True) if isinstance(v, str)]))


def _list_changes(result: Result) -> Iterator[list[Any]]:
    place = 0
    for unit in result.plan.units_by_code.values():
        standing = result.rounds[unit.code]
        for change in standing.comparison.changes if standing.comparison else ():
            place += 1
            yield [place, result.plan.name_of(unit), standing.number, *_describe(change, result.form)]


def _describe(change: Change, form: Form) -> list[Any]:
    table = form.tables[change.table]
    column = table.by_key.get(change.column)
    shown = [_show(column.kind if column else Kind.TEXT, value) for value in (change.before, change.after)]
    heading = column.heading if column else ""
    return [table.sheet, _KINDS[change.kind], change.old_row or None, change.new_row or None, heading, *shown]


def _show(kind: Kind, value: Any) -> str:
    """A typed value as the unit sees it."""
    if kind is Kind.MARK and isinstance(value, bool):
        return TICK if value else ""
    if kind is Kind.TIME and isinstance(value, int):
        return f"{value // 60}:{value % 60:02}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)
