"""A table that shows the same few measures twice: of the local units' conferences and of the upper unit's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dhtt_excel.excel.addresses import cell_name, quote_sheet
from dhtt_excel.excel.book import Book
from dhtt_excel.figures.city_forms import SUM_LABEL, Measure
from dhtt_excel.figures.count_figures import PairedLine
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


def show_measures(measures: Sequence[Measure], counts: Sequence[int]) -> list[float | str]:
    """The values of all measures; a share of nothing is blank."""
    values: list[float | str] = []
    left = iter(counts)
    for measure in measures:
        if measure.share_of:
            part, whole = (values[place] for place in measure.share_of)
            values.append(float(part) / float(whole) * 100 if whole else "")
        else:
            values.append(sum(counts) if measure.total else next(left))
    return values


class PairedTable:
    """The form as it grows; `cells` says where each number of a line and of a part's sum stands."""

    def __init__(
        self, book: Book, result: Result, mark: str, title: str, label: str, measures: Sequence[Measure],
        halves: tuple[str, str],
    ) -> None:  # fmt: skip
        numbers = 2 * len(measures)
        label_width = page_width() - _ORDER_WIDTH - numbers * _NUMBER_WIDTH
        self.sheet = OfficialSheet(book, mark, (_ORDER_WIDTH, label_width, *[_NUMBER_WIDTH] * numbers))
        self.cells: Cells = {}
        self._result = result
        self._measures = measures
        self._together: list[tuple[int, int]] = []
        self._heading_row = draw_heading_block(self.sheet, result.plan, result.as_of, mark, title)
        headings = [("STT",), (label,), *((half, *m.heading) for half in halves for m in measures)]
        self.row = draw_table_heading(self.sheet, self._heading_row, headings, self._number_columns(), _SIZE)
        self._first = self.row

    def _number_columns(self) -> list[str]:
        texts = ["(1)", "(2)"]
        for half in range(2):
            first = _FIRST + half * len(self._measures)
            for place, measure in enumerate(self._measures, start=first):
                text = f"({place})"
                if measure.share_of:
                    text += f"=\n({first + measure.share_of[0]})/\n({first + measure.share_of[1]})"
                elif measure.total:
                    text += "=\n" + "+".join(f"({n})" for n in range(first, place))
                texts.append(text)
        return texts

    def draw_part(self, letter: str, title: str, lines: Sequence[PairedLine], absent: Sequence[str] = ()) -> None:
        """A part with its lines and their sum; the lines of `absent` labels are grey and have no numbers."""
        last = _FIRST + 2 * len(self._measures) - 1
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
            values = show_measures(self._measures, counts) if counts and not empty else []
            for number, measure in enumerate(self._measures):
                value = values[number] if values else None
                self._put_number(half, number, measure, value, (line.label, measure.key), look)
        self._end(line.label, _LABEL)

    def _draw_sum(self, title: str, first: int, lines: Sequence[PairedLine]) -> None:
        self._put(_ORDER, None, **_BOLD)
        self._put(_LABEL, SUM_LABEL, **_CENTRED, **_BOLD)
        counts = sum(m.is_count for m in self._measures)
        for half in range(2):
            parts = [(line.local, line.upper)[half] or (0,) * counts for line in lines]
            sums = [sum(column) for column in zip(*parts, strict=True)] or [0] * counts
            for number, (measure, value) in enumerate(
                zip(self._measures, show_measures(self._measures, sums), strict=True)
            ):
                column = self._column(half, number)
                span = f"SUM({cell_name(first, column)}:{cell_name(self.row - 1, column)})"
                formula = span if lines and measure.is_count else ""
                self._put_number(half, number, measure, value, (title, measure.key), _BOLD, formula)
        self._end(SUM_LABEL, _LABEL, bold=True)

    def _column(self, half: int, number: int) -> int:
        return _FIRST + half * len(self._measures) + number

    def _put_number(
        self, half: int, number: int, measure: Measure, value: float | str | None, what: tuple[str, str],
        look: dict[str, Any], formula: str = "",
    ) -> None:  # fmt: skip
        """A count as it is, a sum or share as a formula on the counts beside it."""
        column = self._column(half, number)
        first = self._column(half, 0)
        if measure.share_of:
            part, whole = (cell_name(self.row, first + place) for place in measure.share_of)
            formula = f'IF({whole}=0,"",{part}/{whole}*100)'
        elif measure.total:
            formula = f"SUM({cell_name(self.row, first)}:{cell_name(self.row, column - 1)})"
        # A number of six digits is printed smaller, never as ####.
        shape = {"num_format": "0.0" if measure.share_of else "#,##0", "shrink": True}
        full = {**BOXED, "font_size": _SIZE, **_CENTRED, **shape, **look}
        if formula and value is not None:
            self.sheet.put_formula(self.row, column, formula, value, **full)
        else:
            self.sheet.put(self.row, column, value, **full)
        if half == 0:
            self.cells[what] = f"{quote_sheet(self.sheet.name)}!{cell_name(self.row, column)}"

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
