"""A table that shows the same few measures twice: of the local units' conferences and of the upper unit's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.excel.book import Book
from dhtt_excel.figures.count_figures import PairedLine
from dhtt_excel.figures.figure import Figure, FormColumn, reckon_columns, spread_columns
from dhtt_excel.outputs.summary.administrative_layout import CENTRED
from dhtt_excel.outputs.summary.form_table import ABSENT, BOLD, FormTable, list_reckoned
from dhtt_excel.outputs.summary.official_sheet import page_width
from dhtt_excel.result import Result

_ORDER, _LABEL, _FIRST = 1, 2, 3
_ORDER_WIDTH, _NUMBER_WIDTH, _WIDE_NUMBER_WIDTH = 27.0, 37.5, 45.0
_LEAST_LABEL_WIDTH = 150.0  # else the paper lies across


def show_numbers(columns: Sequence[FormColumn], counts: Sequence[int | None]) -> list[float | str | None]:
    """The values of all columns from those that are counted."""
    keys = (column.key for column in columns if column.is_count)
    values = reckon_columns(columns, dict(zip(keys, counts, strict=True)))
    return [values[column.key] for column in columns]


class PairedTable(FormTable):
    """The form as it grows; `cells` says where each number of a local line and of a part's sum stands."""

    def __init__(
        self, book: Book, result: Result, name: str, title: str, label: str, figures: Sequence[Figure],
        halves: tuple[str, str],
    ) -> None:  # fmt: skip
        self._columns = spread_columns(figures)
        headings = [("STT",), (label,), *((half, *c.heading) for half in halves for c in self._columns)]
        count = 2 * len(self._columns)
        wide = page_width() - count * _NUMBER_WIDTH < _LEAST_LABEL_WIDTH
        numbers = [_WIDE_NUMBER_WIDTH if wide else _NUMBER_WIDTH] * count
        widths = (_ORDER_WIDTH, page_width(landscape=wide) - _ORDER_WIDTH - sum(numbers), *numbers)
        local, upper = (list_reckoned(self._columns, self._first(half)) for half in range(2))
        super().__init__(book, result, name, title, widths, headings, reckoned=local | upper, landscape=wide)

    def draw_part(
        self, letter: str, title: str, lines: Sequence[PairedLine], total: PairedLine, absent: Sequence[str] = ()
    ) -> None:
        """A part with its lines and what they make together; the lines of `absent` labels are grey and have no numbers."""
        self.draw_band(letter, title)
        first = self.row
        for number, line in enumerate(lines, start=1):
            self._draw_line(number, line, absent=line.label in absent)
        self.together.append((self.row - 1, self.row))
        self._draw_sum(title, first if lines else 0, total)

    def _draw_line(self, place: int, line: PairedLine, *, absent: bool) -> None:
        look = ABSENT if absent else {}
        self.put(_ORDER, place, **CENTRED, **look)
        self.put(_LABEL, line.label, text_wrap=True, **look)
        for half, counts in enumerate((line.local, line.upper)):
            if counts:
                values = show_numbers(self._columns, [None] * len(counts) if absent else counts)
                self._put_half(half, values, line.label, look)
            else:
                for number in range(self._first(half), self._first(half) + len(self._columns)):
                    self.put(number, None, **look)
        self.end()

    def _draw_sum(self, title: str, first: int, total: PairedLine) -> None:
        self.put(_ORDER, None, **BOLD)
        self.put(_LABEL, total.label, **CENTRED, **BOLD)
        for half, sums in enumerate((total.local, total.upper)):
            self._put_half(half, show_numbers(self._columns, sums), title, BOLD, first)
        self.end(bold=True)

    def _first(self, half: int) -> int:
        return _FIRST + half * len(self._columns)

    def _put_half(
        self, half: int, values: Sequence[float | str | None], what: str, look: dict[str, Any], summed_from: int = 0
    ) -> None:
        """The counts as they are or, with `summed_from`, as sums of the rows above; the others as formulas on them."""
        for number, (column, value) in enumerate(zip(self._columns, values, strict=True), start=self._first(half)):
            formula = self.reckon(number, adjacent=True)
            if column.is_count and summed_from:
                formula = f"SUM({cell_name(summed_from, number)}:{cell_name(self.row - 1, number)})"
            # A number of six digits is printed smaller, never as ####.
            self.put_number(number, value, formula, share=bool(column.share), shrink=True, **look)
            if half == 0:
                self.cells[what, column.key] = self.sheet.address(self.row, number)
