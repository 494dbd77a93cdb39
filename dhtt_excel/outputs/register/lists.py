"""The merged lists of the register: every line that every unit sent, and where it stands in the unit's file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from dhtt_excel.errors import UserError
from dhtt_excel.excel.addresses import MAX_ROW, quote_sheet
from dhtt_excel.excel.book import Book
from dhtt_excel.form.form import TICK, Column, Form, Kind, Layout, Table
from dhtt_excel.outputs.register.paper import (
    CENTRED,
    HEADING_ROW,
    MAX_WIDTH,
    NUMBER,
    TEXT,
    add_filtered_table,
    add_paper,
    fit_text,
    fit_width,
    heading_width,
    height_of_lines,
    lines_of,
)
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import format_number, slug

Place = tuple[str, str, int]  # unit code, key of a table, row in the unit's file

_MINUTES = 24 * 60
_FILE_WIDTH, _UNIT_WIDTH, _SHEET_WIDTH = 25, 20, 12
_LEAST_WIDTH = 7
_WIDENED = 1.2  # to the form's widths: fewer lines that wrap
_LOOKS: dict[Kind, dict[str, Any]] = {
    Kind.YEAR: {**CENTRED, "num_format": "0"},
    Kind.DATE: {**CENTRED, "num_format": "dd/mm/yyyy"},
    Kind.TIME: {**CENTRED, "num_format": "hh:mm"},
    Kind.COUNT: NUMBER,
    Kind.MARK: CENTRED,
}
_SHOWN: dict[Kind, Callable[[Any], Any]] = {
    Kind.MARK: lambda marked: TICK if marked else None,
    Kind.TIME: lambda minutes: minutes / _MINUTES,
}


class _ListColumn(NamedTuple):
    heading: str
    values: Sequence[Any]
    look: dict[str, Any]
    width: float


def merged_lists(form: Form) -> list[Table]:
    """The tables of the form that units fill with any number of lines."""
    return [table for table in form.tables.values() if table.layout is Layout.LIST]


def write_list(book: Book, result: Result, table: Table) -> None:
    """One merged list as a filtered table; the last three columns say where a line came from."""
    frame = result.tables.frames[table.key]
    rows = len(frame)
    if HEADING_ROW + rows > MAX_ROW:
        limit, count = format_number(MAX_ROW - HEADING_ROW), format_number(rows)
        raise UserError(
            f"Danh sách “{table.sheet}” có {count} dòng, một sheet Excel chỉ chứa được {limit} dòng. "
            "Hãy chia các tệp vào nhiều thư mục và tổng hợp từng thư mục."
        )
    columns = _list_columns(result, table)
    widths = [c.width for c in columns]
    count = f"{format_number(rows)} dòng của {frame['unit'].nunique()} đơn vị, tính đến ngày {result.as_of:%d/%m/%Y}"
    name_place = next((i for i, c in enumerate(table.stored, start=2) if c.key == "name"), 1)
    lines = (count, result.plan.privacy)
    sheet = add_paper(book, result, table.sheet, table.title, lines, widths, frozen=name_place)
    name = f"DS_{slug(table.sheet).replace('-', '_')}"
    add_filtered_table(book, sheet, name, [c.heading for c in columns], widths, rows)
    blank = [None] if rows == 0 else []
    for place, column in enumerate(columns, start=1):
        style = book.style(**column.look)
        for row, value in enumerate(column.values or blank, start=HEADING_ROW + 1):
            sheet.put(row, place, value, style)
    for row, height in enumerate(_list_heights(columns, len(blank) or rows), start=HEADING_ROW + 1):
        sheet.set_height(row, height)


def locate_lines(result: Result) -> dict[Place, str]:
    """Where each line of the units' lists stands in this workbook, as the target of a link."""
    targets: dict[Place, str] = {}
    for table in merged_lists(result.form):
        frame = result.tables.frames[table.key]
        sheet = quote_sheet(table.sheet)
        places = zip(frame["unit"].tolist(), frame["excel_row"].tolist(), strict=True)
        for row, (unit, excel_row) in enumerate(places, start=HEADING_ROW + 1):
            targets[(unit, table.key, excel_row)] = f"{sheet}!A{row}"
    return targets


def _list_columns(result: Result, table: Table) -> list[_ListColumn]:
    frame = result.tables.frames[table.key]
    units: list[str] = frame["unit"].tolist()
    names = {code: result.plan.name_of(unit) for code, unit in result.plan.units_by_code.items()}
    titles = {unit: result.tables.places[(unit, table.key)][1].sheet for unit in dict.fromkeys(units)}
    columns = [
        _fit_column("Đơn vị báo cáo", [names[unit] for unit in units], TEXT, _UNIT_WIDTH),
        *(_form_column(column, frame[column.key]) for column in table.stored),
        _fit_column("Tệp", [fit_text(file) for file in frame["file"].tolist()], TEXT, _FILE_WIDTH),
        _fit_column("Sheet", [titles[unit] for unit in units], TEXT, _SHEET_WIDTH),
        _ListColumn("Dòng", frame["excel_row"].tolist(), NUMBER, _LEAST_WIDTH),
    ]
    return _tell_apart(columns)


def _form_column(column: Column, series: Any) -> _ListColumn:
    values = series.tolist()
    shown = _SHOWN.get(column.kind, fit_text)
    if series.hasnans:
        values = [None if blank else shown(value) for value, blank in zip(values, series.isna().tolist(), strict=True)]
    else:
        values = [shown(value) for value in values]
    return _fit_column(column.heading, values, _LOOKS.get(column.kind, TEXT), column.width * _WIDENED)


def _fit_column(heading: str, values: list[Any], look: dict[str, Any], widest: float) -> _ListColumn:
    """As wide as the longest text; one that is longer than `widest`, or than half a screen, wraps."""
    longest = max((value for value in dict.fromkeys(values) if isinstance(value, str)), key=len, default="")
    width = min(fit_width(longest[:200]), widest, MAX_WIDTH)
    return _ListColumn(heading, values, look, round(max(width, heading_width(heading), _LEAST_WIDTH), 1))


def _list_heights(columns: list[_ListColumn], rows: int) -> list[float]:
    """Height of each row: few texts are different, so each is measured once."""
    lines = [1] * rows
    for column in columns:
        needed = {v: lines_of(v, column.width) if isinstance(v, str) else 1 for v in dict.fromkeys(column.values)}
        if max(needed.values(), default=1) > 1:
            lines = list(map(max, lines, map(needed.__getitem__, column.values)))
    height_of = {count: height_of_lines(count) for count in set(lines)}
    return [height_of[count] for count in lines]


def _tell_apart(columns: list[_ListColumn]) -> list[_ListColumn]:
    """Excel refuses a table with two equal headings: the second of them gets a number."""
    seen: dict[str, int] = {}
    apart = []
    for column in columns:
        key = column.heading.casefold()
        seen[key] = seen.get(key, 0) + 1
        apart.append(column if seen[key] == 1 else column._replace(heading=f"{column.heading} ({seen[key]})"))
    return apart
