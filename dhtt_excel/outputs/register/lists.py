"""The merged lists of the register: every line that every unit sent, and where it stands in the unit's file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dhtt_excel.excel.book import Book
from dhtt_excel.figures.city_forms import NOT_SENT
from dhtt_excel.figures.spell_traces import name_joined
from dhtt_excel.form.form import TICK, Column, Form, Kind, Layout, Table
from dhtt_excel.outputs.register.paper import (
    CENTRED,
    DAY,
    MAX_WIDTH,
    NUMBER,
    TEXT,
    Look,
    fit_width,
    heading_width,
)
from dhtt_excel.outputs.register.table import SheetColumn, SheetTable, locate
from dhtt_excel.plan.plan import Plan
from dhtt_excel.reading.join_people import JOINED
from dhtt_excel.result import Result
from dhtt_excel.rules.rows import read_values
from dhtt_excel.text.vietnamese import format_number

if TYPE_CHECKING:
    import pandas as pd

Spot = tuple[str, str, int]  # unit code, key of a table, row in the unit's file

_MINUTES = 24 * 60
_FILE_WIDTH, _UNIT_WIDTH, _SHEET_WIDTH = 25, 20, 12
_LEAST_WIDTH = 7
_JOINED_WIDTH = 14
_WIDENED = 1.2  # to the form's widths: fewer lines that wrap
_LOOKS: dict[Kind, Look] = {
    Kind.YEAR: {**CENTRED, "num_format": "0"},
    Kind.DATE: DAY,
    Kind.TIME: {**CENTRED, "num_format": "hh:mm"},
    Kind.COUNT: NUMBER,
    Kind.MARK: CENTRED,
}
_SHOWN: dict[Kind, Callable[[Any], Any]] = {
    Kind.MARK: lambda marked: TICK if marked else None,
    Kind.TIME: lambda minutes: minutes / _MINUTES,
}


def merged_lists(form: Form) -> list[Table]:
    """The tables of the form that units fill with any number of lines."""
    return [table for table in form.tables.values() if table.layout is Layout.LIST]


def write_list(book: Book, result: Result, table: Table) -> None:
    """One merged list as a filtered table; the last three columns say where a line came from."""
    frame = result.tables.frames[table.key]
    rows = len(frame)
    count = f"{format_number(rows)} dòng của {frame['unit'].nunique()} đơn vị, tính đến ngày {result.as_of:%d/%m/%Y}"
    name_place = next((i for i, c in enumerate(table.stored, start=2) if c.key == "name"), 1)
    told, columns = (count, result.plan.privacy), _list_columns(result, table)
    SheetTable(
        table.sheet, table.title, told, columns, range(rows), name_place, empty_height=True
    ).draw(book, result)  # fmt: skip


def locate_lines(result: Result) -> dict[Spot, str]:
    """Where each line of the units' lists stands in this workbook, as the target of a link."""
    targets: dict[Spot, str] = {}
    for table in merged_lists(result.form):
        frame = result.tables.frames[table.key]
        places = zip(frame["unit"].tolist(), frame["excel_row"].tolist(), strict=True)
        targets |= locate(table.sheet, [(unit, table.key, excel_row) for unit, excel_row in places])
    return targets


def _list_columns(result: Result, table: Table) -> list[SheetColumn[int]]:
    frame = result.tables.frames[table.key]
    units: list[str] = frame["unit"].tolist()
    names = {code: result.plan.name_of(unit) for code, unit in result.plan.units_by_code.items()}
    titles = {unit: result.tables.places[(unit, table.key)][1].sheet for unit in dict.fromkeys(units)}
    columns = [
        _fit_column("Đơn vị báo cáo", [names[unit] for unit in units], TEXT, _UNIT_WIDTH),
        *(_form_column(_name_both(column, result.plan), frame) for column in table.stored),
        *_list_joined(result, frame),
        _fit_column("Tệp", frame["file"].tolist(), TEXT, _FILE_WIDTH),
        _fit_column("Trang tính", [titles[unit] for unit in units], TEXT, _SHEET_WIDTH),
        SheetColumn("Dòng", _LEAST_WIDTH, NUMBER, frame["excel_row"].tolist().__getitem__),
    ]
    return _tell_apart(columns)


def list_added(frame: pd.DataFrame) -> tuple[str, ...]:
    """Keys of the columns that a merged list shows after those of the form."""
    return (JOINED,) if JOINED in frame else ()


def _list_joined(result: Result, frame: pd.DataFrame) -> Iterator[SheetColumn[int]]:
    for key in list_added(frame):
        rows = [None if row is None else int(row) for row in read_values(frame[key])]
        yield SheetColumn(name_joined(result.plan), _JOINED_WIDTH, NUMBER, rows.__getitem__)


def _name_both(column: Column, plan: Plan) -> Column:
    """A column that the upper unit's form calls otherwise, under both names."""
    if not column.upper_heading:
        return column
    own = column.upper_heading[:1].lower() + column.upper_heading[1:]
    return replace(column, heading=f"{column.heading}; dòng của {plan.levels.upper.noun}: {own}")


def _form_column(column: Column, frame: pd.DataFrame) -> SheetColumn[int]:
    """A mark that is not known stands as such, but for those who are not asked for it."""
    series = frame[column.key]
    values = series.tolist()
    shown = _SHOWN.get(column.kind)
    if series.hasnans or shown:
        blanks = zip(values, series.isna().tolist(), strict=True)
        values = [None if blank else shown(value) if shown else value for value, blank in blanks]
    if column.kind is Kind.MARK and series.hasnans:
        unknown = series.isna() & (frame["group"].eq("exemplar").fillna(value=False) if column.only else True)
        values = [NOT_SENT if lost else value for lost, value in zip(unknown.tolist(), values, strict=True)]
    return _fit_column(column.heading, values, _LOOKS.get(column.kind, TEXT), column.width * _WIDENED)


def _fit_column(heading: str, values: Sequence[Any], look: Look, widest: float) -> SheetColumn[int]:
    """As wide as the longest text; one that is longer than `widest`, or than half a screen, wraps."""
    longest = max((value for value in dict.fromkeys(values) if isinstance(value, str)), key=len, default="")
    width = max(min(fit_width(longest[:200]), widest, MAX_WIDTH), heading_width(heading), _LEAST_WIDTH)
    return SheetColumn(heading, round(width, 1), look, values.__getitem__)


def _tell_apart(columns: list[SheetColumn[int]]) -> list[SheetColumn[int]]:
    """Excel refuses a table with two equal headings: the second of them gets a number."""
    seen: dict[str, int] = {}
    apart = []
    for column in columns:
        key = column.heading.casefold()
        seen[key] = seen.get(key, 0) + 1
        apart.append(column if seen[key] == 1 else replace(column, heading=f"{column.heading} ({seen[key]})"))
    return apart
