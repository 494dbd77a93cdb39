"""A submission ─► the same data as entries of a fresh form, and where each of its cells stands there.

What was understood is written as it was understood: a date in whatever spelling becomes one in the form's, a column under
another heading stands under its own. What was rejected stands as it came.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from typing import Any, NamedTuple

from dhtt_excel.excel.addresses import Cell, cell_position
from dhtt_excel.excel.book import fit_value
from dhtt_excel.excel.cells import CellError
from dhtt_excel.form.form import NONE_COLUMN, NONE_KEY, NONE_ROW, TICK, Column, Form, Kind, Layout, Table
from dhtt_excel.form.moments import spell_moment
from dhtt_excel.form.paragraphs import LONGEST, is_too_long
from dhtt_excel.form.sheets.paper import Entries, Formula
from dhtt_excel.reading.submissions import ReadTable, Submission

_MINUTES_AN_HOUR = 60


class Place(NamedTuple):
    """Cells of one column of a fresh form; `heading`: the column's heading, which is locked."""

    sheet: str
    row: int
    column: int
    last_row: int
    heading: bool

    @property
    def cells(self) -> Iterator[tuple[int, int]]:
        return ((row, self.column) for row in range(self.row, self.last_row + 1))


def restore_entries(submission: Submission, form: Form) -> Entries:
    """Every value of the file that belongs to the form, in the cells of a fresh form."""
    entries: Entries = {}
    for key, read in submission.tables.items():
        table = form.tables[key]
        if read.none_marked or (NONE_KEY, 0) in read.rejected:
            entries[table.sheet, NONE_ROW, NONE_COLUMN] = _native(None, read.rejected.get((NONE_KEY, 0), TICK))
        for row in read.rows:
            for column in table.stored:
                position = _position(table, read, column.key, row["excel_row"])
                if column.kind is Kind.FIXED or position is None:
                    continue
                value = _native(column, read.value(column.key, row))
                if table.rows_a_line > 1 and isinstance(value, str):
                    first = submission.version == 1
                    parts = read.paragraphs.get((column.key, row["excel_row"]), [(0, value)])
                    parts = list(enumerate(split_paragraphs(value, table.rows_a_line))) if first else parts
                    entries |= {(table.sheet, position[0] + down, position[1]): part for down, part in parts}
                elif (
                    value is not None or table.layout is Layout.FIELDS
                ):  # a blank stands for what the form prints there
                    entries[table.sheet, *position] = value
    return entries


def map_cells(submission: Submission, form: Form, name: str) -> dict[str, list[Cell]]:
    """Where the struck or the hidden cells of the file stand in a fresh form, by its sheets, from top to bottom."""
    found: dict[str, list[Cell]] = {}
    for key, read in submission.tables.items():
        for cell in getattr(read, name):
            column, row = read.find(*cell) or ("", 0)
            if column and (position := _position(form.tables[key], read, column, row)):
                found.setdefault(form.tables[key].sheet, []).append(position)
    return {sheet: sorted(cells) for sheet, cells in found.items()}


def split_paragraphs(text: str, rows: int) -> list[str]:
    """A text in at most as many parts as it has rows, none too high to print as long as there are rows.

    What is left goes into the last row. Paragraphs stay whole where they can.
    """
    parts: list[str] = []
    for paragraph in _break_paragraphs(text):
        joined = f"{parts[-1]}\n{paragraph}" if parts else paragraph
        if parts and (len(parts) == rows or not is_too_long(joined)):
            parts[-1] = joined
        else:
            parts.append(paragraph)
    return parts


def _break_paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.split("\n"):
        left = paragraph
        while is_too_long(left) and (end := _find_end(left)) > 0:
            yield left[:end]
            left = left[end + 1 :]
        yield left


def _find_end(text: str) -> int:
    """Where a text is best cut: after a sentence, else between two words."""
    sentences = max(text.rfind(f"{sign} ", 0, LONGEST) + 1 for sign in ".;!?")
    return sentences if sentences > LONGEST // 2 else text.rfind(" ", 0, LONGEST)


def _native(column: Column | None, value: Any) -> Any:
    """A typed or raw value as a cell holds it."""
    if isinstance(value, CellError):
        return Formula("NA()", CellError("#N/A"))
    if isinstance(value, bool) and column and column.kind is Kind.MARK:
        return TICK if value else None
    if isinstance(value, int) and column and column.kind is Kind.TIME and not isinstance(value, bool):
        value = time(*divmod(value, _MINUTES_AN_HOUR))
    return fit_value(spell_moment(column, value) if column else value)


def _position(table: Table, read: ReadTable, column: str, excel_row: int) -> tuple[int, int] | None:
    """Where a cell of the file stands in a fresh form; `excel_row` 0 is a list's heading."""
    if column == NONE_KEY:
        return NONE_ROW, NONE_COLUMN
    if table.layout is Layout.FIELDS:
        return table.position(column) if column in read.cells else None
    if column not in read.columns:
        return None
    place = table.position(column)[1]
    if not excel_row:
        return table.heading_row, place
    if table.layout is Layout.LIST:
        return excel_row - read.heading_row + table.heading_row, place
    fixed = [c.key for c in table.columns if c.kind is Kind.FIXED]
    above = [row for row in read.rows if excel_row - table.rows_a_line < row["excel_row"] <= excel_row]
    if not above:
        return None
    row = max(above, key=lambda row: row["excel_row"])
    index = table.lines.index(tuple(row[key] for key in fixed))
    return table.line_rows[index] + excel_row - row["excel_row"], place


def find_place(submission: Submission, form: Form, sheet: str, cell: str) -> Place | None:
    """Where a cell or range of the file stands in a fresh form; None for one that belongs to no table."""
    if not cell:
        return None
    first, _, last = cell.partition(":")
    for key, read in submission.tables.items():
        found = read.find(*cell_position(first)) if read.sheet == sheet else None
        if found is None:
            continue
        column, row = found
        table = form.tables[key]
        end = read.find(*cell_position(last or first))
        start, stop = (_position(table, read, column, at) for at in (row, end[1] if end else row))
        if start and stop:
            heading = not row and table.layout is not Layout.FIELDS and column != NONE_KEY
            return Place(table.sheet, *start, max(start[0], stop[0]), heading)
    return None
