"""A table that shows the same few measures twice: of the local units' conferences and of the upper unit's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.excel.book import Book
from dhtt_excel.figures.city_forms import SUM_LABEL, Measure
from dhtt_excel.figures.count_figures import PairedLine
from dhtt_excel.outputs.summary.administrative_layout import CENTRED
from dhtt_excel.outputs.summary.form_table import ABSENT, BOLD, FormTable, percent
from dhtt_excel.outputs.summary.official_sheet import page_width
from dhtt_excel.result import Result

_ORDER, _LABEL, _FIRST = 1, 2, 3
_ORDER_WIDTH, _NUMBER_WIDTH = 27.0, 37.5


def show_measures(measures: Sequence[Measure], counts: Sequence[int]) -> list[float | str]:
    """The values of all measures; a share of nothing is blank."""
    values: list[float | str] = []
    left = iter(counts)
    for measure in measures:
        if measure.share_of:
            part, whole = (values[place] for place in measure.share_of)
            values.append(percent(float(part), float(whole)))
        else:
            values.append(sum(counts) if measure.total else next(left))
    return values


class PairedTable(FormTable):
    """The form as it grows; `cells` says where each number of a local line and of a part's sum stands."""

    def __init__(
        self, book: Book, result: Result, name: str, title: str, label: str, measures: Sequence[Measure],
        halves: tuple[str, str],
    ) -> None:  # fmt: skip
        numbers = [_NUMBER_WIDTH] * (2 * len(measures))
        headings = [("STT",), (label,), *((half, *m.heading) for half in halves for m in measures)]
        self._measures = measures
        widths = (_ORDER_WIDTH, page_width() - _ORDER_WIDTH - sum(numbers), *numbers)
        super().__init__(book, result, name, title, widths, headings, reckoned=self._list_reckoned())

    def _list_reckoned(self) -> dict[int, tuple[str, list[int]]]:
        reckoned = {}
        for half in range(2):
            first = self._column(half, 0)
            for place, measure in enumerate(self._measures, start=first):
                if measure.share_of:
                    reckoned[place] = ("/", [first + part for part in measure.share_of])
                elif measure.total:
                    reckoned[place] = ("+", [*range(first, place)])
        return reckoned

    def draw_part(self, letter: str, title: str, lines: Sequence[PairedLine], absent: Sequence[str] = ()) -> None:
        """A part with its lines and their sum; the lines of `absent` labels are grey and have no numbers."""
        self.draw_band(letter, title)
        first = self.row
        for place, line in enumerate(lines, start=1):
            self._draw_line(place, line, absent=line.label in absent)
        self.together.append((self.row - 1, self.row))
        self._draw_sum(title, first, lines)

    def _draw_line(self, place: int, line: PairedLine, *, absent: bool) -> None:
        look = ABSENT if absent else {}
        self.put(_ORDER, place, **CENTRED, **look)
        self.put(_LABEL, line.label, text_wrap=True, **look)
        for half, counts in enumerate((line.local, line.upper)):
            values = show_measures(self._measures, counts) if counts and not absent else [None] * len(self._measures)
            self._put_half(half, values, line.label, look)
        self.end()

    def _draw_sum(self, title: str, first: int, lines: Sequence[PairedLine]) -> None:
        self.put(_ORDER, None, **BOLD)
        self.put(_LABEL, SUM_LABEL, **CENTRED, **BOLD)
        counts = sum(m.is_count for m in self._measures)
        for half in range(2):
            parts = [(line.local, line.upper)[half] or (0,) * counts for line in lines]
            sums = [sum(column) for column in zip(*parts, strict=True)] or [0] * counts
            self._put_half(half, show_measures(self._measures, sums), title, BOLD, first if lines else 0)
        self.end(bold=True)

    def _column(self, half: int, number: int) -> int:
        return _FIRST + half * len(self._measures) + number

    def _put_half(
        self, half: int, values: Sequence[float | str | None], what: str, look: dict[str, Any], summed_from: int = 0
    ) -> None:
        """The counts as they are or, with `summed_from`, as sums of the rows above; the others as formulas on them."""
        first = self._column(half, 0)
        for column, (measure, value) in enumerate(zip(self._measures, values, strict=True), start=first):
            formula = self.reckon(column)
            if measure.total:
                formula = f"SUM({cell_name(self.row, first)}:{cell_name(self.row, column - 1)})"
            elif measure.is_count and summed_from:
                formula = f"SUM({cell_name(summed_from, column)}:{cell_name(self.row - 1, column)})"
            # A number of six digits is printed smaller, never as ####.
            self.put_number(column, value, formula, share=bool(measure.share_of), shrink=True, **look)
            if half == 0:
                self.cells[what, measure.key] = self.sheet.address(self.row, column)
