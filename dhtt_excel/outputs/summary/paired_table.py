"""A table that shows the same few measures twice: of the local units' conferences and of the upper unit's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dhtt_excel.excel.addresses import cell_name, quote_sheet
from dhtt_excel.excel.book import Book
from dhtt_excel.figures.city_forms import SUM_LABEL
from dhtt_excel.figures.count_figures import PairedLine
from dhtt_excel.figures.figure import Figure, FormColumn, number_columns, reckon_columns, spread_columns
from dhtt_excel.outputs.summary.administrative_layout import (
    BOXED,
    Cells,
    OfficialSheet,
    draw_heading_block,
    draw_notes,
    draw_signatures,
    draw_table_heading,
    keep_foot,
    page_width,
)
from dhtt_excel.result import Result

_ORDER, _LABEL, _FIRST = 1, 2, 3
_ORDER_WIDTH, _NUMBER_WIDTH = 27.0, 37.5
_SIZE = 11
_LEAST_ROW = 18.0
_CENTRED: dict[str, Any] = {"align": "center"}
_BOLD: dict[str, Any] = {"bold": True}
_BAND: dict[str, Any] = {"bold": True, "bg_color": "#EDEDED"}
_GREY: dict[str, Any] = {"bg_color": "#EDEDED", "font_color": "#595959"}


def show_numbers(columns: Sequence[FormColumn], counts: Sequence[int]) -> list[float | str]:
    """The values of all columns from those that are counted."""
    keys = (column.key for column in columns if column.is_count)
    values = reckon_columns(columns, dict(zip(keys, counts, strict=True)))
    return [values[column.key] for column in columns]


class PairedTable:
    """The form as it grows; `cells` says where each number of a line and of a part's sum stands."""

    def __init__(
        self, book: Book, result: Result, mark: str, title: str, label: str, figures: Sequence[Figure],
        halves: tuple[str, str],
    ) -> None:  # fmt: skip
        self._columns = spread_columns(figures)
        count = 2 * len(self._columns)
        label_width = page_width() - _ORDER_WIDTH - count * _NUMBER_WIDTH
        self.sheet = OfficialSheet(book, mark, (_ORDER_WIDTH, label_width, *[_NUMBER_WIDTH] * count))
        self.cells: Cells = {}
        self._result = result
        self._together: list[tuple[int, int]] = []
        self._heading_row = draw_heading_block(self.sheet, result.plan, result.as_of, mark, title)
        headings = [("STT",), (label,), *((half, *c.heading) for half in halves for c in self._columns)]
        numbers = [number_columns(self._columns, self._column(half, 0)) for half in range(2)]
        self.row = draw_table_heading(
            self.sheet, self._heading_row, headings, ["(1)", "(2)", *numbers[0], *numbers[1]], _SIZE
        )
        self._first = self.row

    def draw_part(self, letter: str, title: str, lines: Sequence[PairedLine], absent: Sequence[str] = ()) -> None:
        """A part with its lines and their sum; the lines of `absent` labels are grey and have no numbers."""
        last = self._column(2, 0) - 1
        self._together.append((self.row, self.row + 2))
        self._put(_ORDER, letter, **_CENTRED, **_BAND)
        self.sheet.merge(self.row, _LABEL, self.row, last, title, **BOXED, font_size=_SIZE, text_wrap=True, **_BAND)
        self._end(title, last, bold=True)
        first = self.row
        for place, line in enumerate(lines, start=1):
            grey = line.label in absent
            self._draw_line(place, line, _GREY if grey else {}, empty=grey)
        self._together.append((self.row - 1, self.row))
        self._draw_sum(title, first, lines)

    def _draw_line(self, place: int, line: PairedLine, look: dict[str, Any], *, empty: bool) -> None:
        self._put(_ORDER, place, **_CENTRED, **look)
        self._put(_LABEL, line.label, text_wrap=True, **look)
        for half, counts in enumerate((line.local, line.upper)):
            values = show_numbers(self._columns, counts) if counts and not empty else []
            for number in range(len(self._columns)):
                self._put_number(half, number, values[number] if values else None, line.label, look)
        self._end(line.label, _LABEL)

    def _draw_sum(self, title: str, first: int, lines: Sequence[PairedLine]) -> None:
        self._put(_ORDER, None, **_BOLD)
        self._put(_LABEL, SUM_LABEL, **_CENTRED, **_BOLD)
        counts = sum(column.is_count for column in self._columns)
        for half in range(2):
            parts = [(line.local, line.upper)[half] or (0,) * counts for line in lines]
            sums = [sum(column) for column in zip(*parts, strict=True)] or [0] * counts
            for number, value in enumerate(show_numbers(self._columns, sums)):
                place = self._column(half, number)
                span = f"SUM({cell_name(first, place)}:{cell_name(self.row - 1, place)})"
                formula = span if lines and self._columns[number].is_count else ""
                self._put_number(half, number, value, title, _BOLD, formula)
        self._end(SUM_LABEL, _LABEL, bold=True)

    def _column(self, half: int, number: int) -> int:
        return _FIRST + half * len(self._columns) + number

    def _put_number(
        self, half: int, number: int, value: float | str | None, label: str, look: dict[str, Any], formula: str = ""
    ) -> None:
        """A count as it is, a sum or share as a formula on the counts beside it. `label`: of the line, or of the part."""
        shown, column = self._columns[number], self._column(half, number)
        cells = {c.key: cell_name(self.row, self._column(half, n)) for n, c in enumerate(self._columns)}
        if shown.share:
            part, whole = (cells[key] for key in shown.share)
            formula = f'IF({whole}=0,"",{part}/{whole}*100)'
        elif shown.parts:
            formula = f"SUM({cells[shown.parts[0]]}:{cells[shown.parts[-1]]})"
        # A number of six digits is printed smaller, never as ####.
        shape = {"num_format": "0.0" if shown.share else "#,##0", "shrink": True}
        full = {**BOXED, "font_size": _SIZE, **_CENTRED, **shape, **look}
        if formula and value is not None:
            self.sheet.put_formula(self.row, column, formula, value, **full)
        else:
            self.sheet.put(self.row, column, value, **full)
        if half == 0:
            self.cells[label, shown.key] = f"{quote_sheet(self.sheet.name)}!{cell_name(self.row, column)}"

    def _put(self, column: int, value: Any, **look: Any) -> None:
        self.sheet.put(self.row, column, value, **BOXED, font_size=_SIZE, **look)

    def _end(self, text: str, last_column: int, *, bold: bool = False) -> None:
        needed = self.sheet.height_of(text, _LABEL, last_column, _SIZE, bold=bold)
        self.sheet.set_height(self.row, max(_LEAST_ROW, needed))
        self.row += 1

    def finish(self, lead: Sequence[str], notes: Sequence[str]) -> Cells:
        """Notes, signatures and pages; where the numbers of the local units stand."""
        last = self.row - 1
        below = draw_notes(self.sheet, self.row, lead, notes, _SIZE)
        end = draw_signatures(self.sheet, below, self._result.plan)
        together = [*self._together, *keep_foot(last, below, end)]
        self.sheet.finish((self._heading_row, self._first - 1), _LABEL, together)
        return self.cells
