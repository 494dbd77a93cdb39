"""A form on paper: its cells, heights and pages.

Widths, heights and type sizes are points. Every row has its height set, so a page's end is known before it is printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dhtt_excel.excel.addresses import cell_name, quote_sheet
from dhtt_excel.excel.book import Book, Style
from dhtt_excel.excel.looks import FONT
from dhtt_excel.excel.text_size import column_width, count_lines, text_width

_POINTS_PER_MM = 72 / 25.4
_PIXEL = 0.75  # points
_PAPER = (210, 297)  # A4
_TOP, _BOTTOM, _LEFT, _RIGHT, _HEADER = 20, 20, 30, 15, 10  # millimetres
_SAFE = 0.98  # of a page's height: printers differ a little
# A stand-in for Times New Roman without Vietnamese letters borrows wider ones, which adds up: (from a width, part of the rest).
_LONGER = ((60.0, 0.03), (250.0, 0.04))
_LINE, _HIGHEST_ROW = 1.2, 409.0  # of a line: times the type size; of a row: points
LEAST_SIZE = 10.0  # of the type of a table's body on paper
_LAST_PAGE = 0.35  # of a page: less of a table's end with its signatures looks lost
INDENT = 9
EDGES = 5  # what a number needs beside itself, in Excel and LibreOffice alike; a text that may wrap needs more
TEXT_EDGES = 7

References = dict[tuple[str, str], str]
"""Where a number stands: (what it is of, which) ─► "'Biểu 1'!G12"."""


class OfficialSheet:
    """A form on A4 paper, one page wide; columns `beside` it are not printed. References count from (1, 1)."""

    def __init__(
        self, book: Book, name: str, widths: Sequence[float], *, landscape: bool = False, beside: Sequence[float] = ()
    ) -> None:
        self._book = book
        self._sheet = book.add_sheet(name)
        self._shown = book.shown.setdefault(name, {})
        self._widths = [_PIXEL * int(width / _PIXEL) for width in widths]  # never wider than the page by rounding
        self._heights: dict[int, float] = {}
        self._landscape = landscape
        for column, width in enumerate((*self._widths, *beside), start=1):
            self._sheet.set_width(column, column_width(width))

    @property
    def name(self) -> str:
        return self._sheet.name

    @property
    def columns(self) -> int:
        return len(self._widths)

    def style(self, **look: Any) -> Style:
        return self._book.style(**look)

    def put(self, row: int, column: int, value: Any, **look: Any) -> None:
        self._shown[row, column] = value
        self._sheet.put(row, column, value, self.style(**look))

    def put_formula(self, row: int, column: int, formula: str, value: float | str, **look: Any) -> None:
        self._shown[row, column] = value
        self._sheet.put_formula(row, column, formula, value, self.style(**look))

    def address(self, row: int, column: int) -> str:
        """The cell as formulas of other sheets call it."""
        return f"{quote_sheet(self.name)}!{cell_name(row, column)}"

    def merge(self, row: int, column: int, last_row: int, last_column: int, text: str, **look: Any) -> None:
        self._shown[row, column] = text
        self._sheet.merge(row, column, last_row, last_column, text, self.style(**look))

    def new_chart(self, **options: Any) -> Any:
        """A chart of xlsxwriter's, to be filled and then placed."""
        return self._book.xl.add_chart(options)

    def place_chart(self, row: int, chart: Any, points: float, row_height: float, description: str) -> int:
        """Put a chart over rows of its own, as wide as the sheet and about so high; the next free row."""
        rows, pixels = round(points / row_height), 96 / 72
        chart.set_size(
            {
                "width": round((self.width_of(1, self.columns) - 2) * pixels),
                "height": round((rows * row_height - 2) * pixels),
            }
        )
        self._sheet.add_chart(row, 1, chart, {"object_position": 2, "description": description})
        for line in range(row, row + rows):
            self.set_height(line, row_height)
        return row + rows

    def width_of(self, column: int, last_column: int) -> float:
        return sum(self._widths[column - 1 : last_column])

    def height_of(
        self, text: str, column: int, last_column: int, size: float, *, bold: bool = False, indent: int = 0
    ) -> float:
        """Height that a text needs in these columns, merged; long lines are reckoned a little longer than they are."""
        width = self.width_of(column, last_column) - indent * INDENT
        width -= sum(max(0.0, width - start) * part for start, part in _LONGER)
        return line_height(size, count_lines(text, column_width(width), size, bold=bold))

    def set_height(self, row: int, points: float) -> None:
        self._heights[row] = _PIXEL * round(points / _PIXEL)
        self._sheet.set_height(row, self._heights[row])

    def split_column(self, right_width: float) -> int:
        """The last column of the left block: less than half of the sheet, and room on the right for its text, nearly."""
        whole = self.width_of(1, self.columns)
        return self.last_column_within(min(0.47 * whole, whole - 0.92 * right_width))

    def last_column_within(self, width: float) -> int:
        """The last column that ends within this width, at least the first and never the sheet's last."""
        return max((c for c in range(1, self.columns) if self.width_of(1, c) <= width), default=1)

    def finish(
        self,
        heading: tuple[int, int] | None,
        frozen_columns: int,
        together: Sequence[tuple[int, int]],
        size: float,
        warning: str = "",
    ) -> None:
        """Set up pages, whose numbers start anew and stand on all but the first, and view.

        `heading`: rows that repeat; `together`: rows (first, last) that no page's end parts; `size`: of the body's type;
        `warning`: stands on every page, at the top. Where one page takes all in a type that is not too small, it does.
        """
        xl = self._sheet.xl
        xl.set_paper(9)
        if self._landscape:
            xl.set_landscape()
        xl.set_margins(*(mm / 25.4 for mm in (_LEFT, _RIGHT, _TOP, _BOTTOM)))
        told = f'&R&"{FONT},Bold"&10{warning}' if warning else ""
        self._sheet.set_header(f'&C&"{FONT},Regular"&13&P{told}', told, _HEADER / 25.4)
        xl.set_start_page(1)
        xl.center_horizontally()
        if heading:
            xl.repeat_rows(heading[0] - 1, heading[1] - 1)
            xl.freeze_panes(heading[1], frozen_columns)
        xl.print_area(0, 0, max(self._heights) - 1, self.columns - 1)
        if self._fits_on_a_page(size):
            xl.fit_to_pages(1, 1)
        else:
            xl.fit_to_pages(1, 0)
            xl.set_h_pagebreaks(self._choose_breaks(heading or (1, 0), together))
        xl.hide_gridlines(2)

    def _fits_on_a_page(self, size: float) -> bool:
        return size * min(1.0, self._width_scale, self._paper_height / self.height) >= LEAST_SIZE

    def _choose_breaks(self, heading: tuple[int, int], together: Sequence[tuple[int, int]]) -> list[int]:
        """The rows after which a page ends: as few as can be, and no last page that is nearly empty.

        Signatures never stand alone on one.
        """
        room = self.page_height
        best = breaks = self._break_pages(room, heading, together)
        while len(breaks) == len(best):
            if not breaks or self.height_between(breaks[-1] + 1, max(self._heights)) >= _LAST_PAGE * room:
                return breaks
            room *= 0.97
            breaks = self._break_pages(room, heading, together)
        return best

    def _break_pages(self, room: float, heading: tuple[int, int], together: Sequence[tuple[int, int]]) -> list[int]:
        """The rows after which a page of so much room is full."""
        repeated = self.height_between(*heading)
        used = self.height_between(1, heading[1])
        ends: dict[int, list[int]] = {}
        for first, last in together:
            ends.setdefault(first, []).append(last)
        breaks = []
        row, end = heading[1] + 1, max(self._heights)
        while row <= end:
            blocks = ((last, self.height_between(row, last)) for last in ends.get(row, []))
            fitting = [(last, height) for last, height in blocks if repeated + height <= room]
            last, needed = max(fitting, default=(row, self._heights[row]))
            if used + needed > room and used > repeated:
                breaks.append(row - 1)
                used = repeated
            used += needed
            row = last + 1
        return breaks

    def height_between(self, row: int, last_row: int) -> float:
        """Of these rows, all of which have been drawn."""
        return sum(self._heights[r] for r in range(row, last_row + 1))

    @property
    def height(self) -> float:
        """Of all the rows that have been drawn."""
        return sum(self._heights.values())

    @property
    def page_height(self) -> float:
        """What a page holds, in points of the sheet, which is made smaller where it is too wide."""
        return _SAFE * self._paper_height / min(1.0, self._width_scale)

    @property
    def _paper_height(self) -> float:
        return (_PAPER[0 if self._landscape else 1] - _TOP - _BOTTOM) * _POINTS_PER_MM

    @property
    def _width_scale(self) -> float:
        return page_width(landscape=self._landscape) / self.width_of(1, self.columns)


def page_width(*, landscape: bool = False) -> float:
    """Points between the margins."""
    return (_PAPER[1 if landscape else 0] - _LEFT - _RIGHT) * _POINTS_PER_MM


def needed_width(text: str, size: float, *, bold: bool = False, edges: float = TEXT_EDGES) -> float:
    """Points that a column needs to show the text in one line."""
    return text_width(text, size, bold=bold) + edges


def line_height(size: float, lines: int = 1) -> float:
    """Points of a row of so many lines; never more than Excel allows."""
    return min(_HIGHEST_ROW, lines * size * _LINE)
