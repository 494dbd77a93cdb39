"""A table that shows the same few measures twice: of the local units' conferences and of the upper unit's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from dhtt_excel.excel.book import Book
from dhtt_excel.figures.city_forms import HONOUREE_KINDS, leave_out
from dhtt_excel.figures.count_figures import PairedLine
from dhtt_excel.figures.figure import Figure, FormColumn, add_known, reckon_columns, spread_columns
from dhtt_excel.outputs.summary.administrative_layout import CENTRED
from dhtt_excel.outputs.summary.form_table import ABSENT, BOLD, FormTable, list_reckoned, name_runs
from dhtt_excel.outputs.summary.official_sheet import LEAST_SIZE, page_width
from dhtt_excel.result import Result

_ORDER, _LABEL, _FIRST = 1, 2, 3
_ORDER_WIDTH, _NUMBER_WIDTH, _WIDE_NUMBER_WIDTH = 24.0, 34.5, 45.0
_LEAST_ROW, _LEAST_WIDE_ROW = 13.5, 12.0  # paper that lies across holds few rows
_LEAST_LABEL_WIDTH = 150.0  # else the paper lies across
_LABEL_PART = 0.4  # of the page at most: the two blocks of the heading part to the right of the labels


def show_numbers(
    columns: Sequence[FormColumn], counts: Sequence[int | None], unsaid: Mapping[str, int] | None = None
) -> list[float | str | None]:
    """The values of all columns from those that are counted."""
    keys = (column.key for column in columns if column.is_count)
    values = reckon_columns(columns, dict(zip(keys, counts, strict=True)), unsaid)
    return [values[column.key] for column in columns]


def leave_out_idle(
    figures: Sequence[Figure], parts: Sequence[Sequence[PairedLine]], total: PairedLine
) -> tuple[tuple[Figure, ...], list[tuple[PairedLine, ...]], PairedLine]:
    """The same without the column of those of no known kind, where there is none of them."""
    unknown = next(place for place, figure in enumerate(figures) if figure.idle)
    if any(half[unknown] for half in (total.local, total.upper)):
        return tuple(figures), [tuple(part) for part in parts], total
    kept = tuple(leave_out(figures, [figures[unknown].key]))
    return kept, [tuple(_without(line, unknown) for line in part) for part in parts], _without(total, unknown)


def _without(line: PairedLine, place: int) -> PairedLine:
    """The line without one of its columns."""
    local, upper = ((*half[:place], *half[place + 1 :]) for half in (line.local, line.upper))
    return replace(line, local=local, upper=upper)


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
        room = page_width(landscape=wide)
        number = max(_WIDE_NUMBER_WIDTH if wide else _NUMBER_WIDTH, ((1 - _LABEL_PART) * room - _ORDER_WIDTH) / count)
        widths = (_ORDER_WIDTH, room - _ORDER_WIDTH - count * number, *[number] * count)
        local, upper = (list_reckoned(self._columns, self._first(half)) for half in range(2))
        super().__init__(
            book, result, name, title, widths, headings, reckoned=local | upper, size=LEAST_SIZE,
            least_row=_LEAST_WIDE_ROW if wide else _LEAST_ROW, landscape=wide,
        )  # fmt: skip

    def draw_part(
        self, letter: str, title: str, lines: Sequence[PairedLine], total: PairedLine, absent: Sequence[str] = ()
    ) -> None:
        """A part with its lines, the sums of its groups above these, and what all make together.


        The lines of `absent` labels are grey and have no numbers.
        """
        self.draw_band(letter, title)
        summed: list[int] = []
        number = 0
        for group, members in groupby(lines, key=lambda line: line.group):
            found = list(members)
            if group:
                self._draw_group(group, found)
            for line in found:
                number += not line.within
                if not line.within:
                    summed.append(self.row)
                self._draw_line("" if line.within else number, line, absent=line.label in absent)
        self.together.append((self.row - 1, self.row))
        self._draw_sum(title, total, summed, **CENTRED)

    def _draw_group(self, label: str, lines: Sequence[PairedLine]) -> None:
        """The sum of a group: nobody's number is missing in all of its lines and there in others."""
        self.keep(1)
        counted = [(row, line) for row, line in enumerate(lines, start=self.row + 1) if not line.within]
        halves = ([line.local for _, line in counted], [line.upper for _, line in counted])
        local, upper = (tuple(add_known(column) for column in zip(*half, strict=True)) for half in halves)
        unsaid = [Counter[str](), Counter[str]()]
        for half, of_line in ((half, line.unsaid[half]) for _, line in counted for half in range(2)):
            unsaid[half].update(of_line)
        total = PairedLine(label, local, upper, unsaid=(unsaid[0], unsaid[1]))
        self._draw_sum(f"{label}:", total, [row for row, _ in counted])

    def _draw_line(self, place: int | str, line: PairedLine, *, absent: bool) -> None:
        look = ABSENT if absent else {}
        self.put(_ORDER, place, **CENTRED, **look)
        self.put(_LABEL, f"– {line.label}" if line.within else line.label, text_wrap=True, **look)
        for half, counts in enumerate((line.local, line.upper)):
            if counts:
                values = show_numbers(self._columns, [None] * len(counts) if absent else counts, line.unsaid[half])
                self._put_half(half, [*self._pass_over(values, line)], line.label, look, line.unsaid[half])
            else:
                for number in range(self._first(half), self._first(half) + len(self._columns)):
                    self.put(number, None, **look)
        self.end()

    def _pass_over(self, values: Sequence[float | str | None], line: PairedLine) -> Iterator[float | str | None]:
        """No 0 where a number cannot be: no household is Chiến sĩ thi đua, a collective has no sex."""
        for column, value in zip(self._columns, values, strict=True):
            kind = "person" if "direct" in column.key else next((k for k in HONOUREE_KINDS if k in column.key), "")
            yield value if value or not (line.kinds and kind) or kind in line.kinds else ""

    def _draw_sum(self, what: str, total: PairedLine, rows: Sequence[int], **look: Any) -> None:
        """What the lines in these rows make together."""
        self.put(_ORDER, None, **BOLD)
        self.put(_LABEL, total.label, text_wrap=True, **look, **BOLD)
        for half, sums in enumerate((total.local, total.upper)):
            unsaid = total.unsaid[half]
            self._put_half(half, show_numbers(self._columns, sums, unsaid), what, BOLD, unsaid, rows)
        self.end(bold=True)

    def _first(self, half: int) -> int:
        return _FIRST + half * len(self._columns)

    def _put_half(
        self,
        half: int,
        values: Sequence[float | str | None],
        what: str,
        look: dict[str, Any],
        unsaid: Mapping[str, int],
        summed: Sequence[int] = (),
    ) -> None:
        """The counts as they are or, with `summed`, as sums of these rows; the others as formulas on them."""
        for number, (column, value) in enumerate(zip(self._columns, values, strict=True), start=self._first(half)):
            left_out = unsaid.get(column.share[0], 0) if column.share else 0
            formula = self.reckon(number, adjacent=True, left_out=left_out)
            if column.is_count and summed:
                formula = f"SUM({name_runs(summed, number)})"
            # A number of six digits is printed smaller, never as ####.
            self.put_number(number, value, formula, share=bool(column.share), shrink=True, **look)
            if half == 0:
                self.cells[what, column.key] = self.sheet.address(self.row, number)
