"""The layout of a form between offices (Nghị định 30/2020/NĐ-CP): heading block, table heading, notes, signatures, pages.

Widths, heights and type sizes are points. Every row has its height set, so a page's end is known before it is printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from dhtt_excel.excel.book import Book, Style
from dhtt_excel.excel.looks import FONT
from dhtt_excel.excel.text_size import column_width, row_height, text_width
from dhtt_excel.plan.plan import Plan

_POINTS_PER_MM = 72 / 25.4
_PAPER = (210, 297)  # A4
_TOP, _BOTTOM, _LEFT, _RIGHT = 20, 20, 30, 15  # millimetres
_SAFE = 0.97  # of a page's height: printers differ a little
_LONGER = 0.06  # a stand-in for Times New Roman without Vietnamese letters borrows wider ones
_INDENT = 9
EDGES = 5  # what a number needs beside itself, in Excel and LibreOffice alike; a text that may wrap needs more
TEXT_EDGES = 7
_CENTRED = {"align": "center"}
_LINE_SIZE = 6  # type size of the rule below the issuing office
BOXED = {"border": 1}

Cells = dict[tuple[str, str], str]
"""Where a number stands: (what it is of, which) ─► "'Biểu 1'!G12"."""


class OfficialSheet:
    """A form on A4 paper, one page wide. Cells count from (1, 1)."""

    def __init__(self, book: Book, name: str, widths: Sequence[float], *, landscape: bool = False) -> None:
        self._book = book
        self._sheet = book.add_sheet(name)
        self._widths = widths
        self._heights: dict[int, float] = {}
        self._landscape = landscape
        for column, width in enumerate(widths, start=1):
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
        self._sheet.put(row, column, value, self.style(**look))

    def put_formula(self, row: int, column: int, formula: str, value: float | str, **look: Any) -> None:
        self._sheet.put_formula(row, column, formula, value, self.style(**look))

    def merge(self, row: int, column: int, last_row: int, last_column: int, text: str, **look: Any) -> None:
        self._sheet.merge(row, column, last_row, last_column, text, self.style(**look))

    def new_chart(self, **options: Any) -> Any:
        """A chart of xlsxwriter's, to be filled and then placed."""
        return self._book.xl.add_chart(options)

    def place_chart(self, row: int, chart: Any, points: float, description: str) -> None:
        """Put a chart into a row of its own, as wide as the sheet and so high."""
        pixels = 96 / 72
        chart.set_size(
            {"width": round((self.width_of(1, self.columns) - 2) * pixels), "height": round((points - 2) * pixels)}
        )
        self._sheet.add_chart(row, 1, chart, {"object_position": 2, "description": description})
        self.set_height(row, points)

    def width_of(self, column: int, last_column: int) -> float:
        return sum(self._widths[column - 1 : last_column])

    def height_of(
        self, text: str, column: int, last_column: int, size: float, *, bold: bool = False, indent: int = 0
    ) -> float:
        """Height that a text needs in these columns, merged; long lines are reckoned a little longer than they are."""
        width = self.width_of(column, last_column) - indent * _INDENT
        width -= max(0.0, width - 60) * _LONGER
        return row_height([(text, column_width(width))], size, bold=bold)

    def set_height(self, row: int, points: float) -> None:
        self._heights[row] = points
        self._sheet.set_height(row, points)

    def split_column(self, right_width: float) -> int:
        """The last column of the left block: less than half of the sheet, and room on the right for its text."""
        whole = self.width_of(1, self.columns)
        limit = min(0.45 * whole, whole - right_width)
        return max((c for c in range(1, self.columns) if self.width_of(1, c) <= limit), default=1)

    def finish(
        self,
        heading: tuple[int, int] | None,
        frozen_columns: int,
        together: Sequence[tuple[int, int]],
        warning: str = "",
    ) -> None:
        """Set up pages and view.

        `heading`: rows that repeat; `together`: rows (first, last) that no page's end parts; `warning`: stands on
        every page, at the top.
        """
        xl = self._sheet.xl
        xl.set_paper(9)
        if self._landscape:
            xl.set_landscape()
        xl.set_margins(*(mm / 25.4 for mm in (_LEFT, _RIGHT, _TOP, _BOTTOM)))
        told = f'&R&"{FONT},Bold"&10{warning}' if warning else ""
        xl.set_header(f'&C&"{FONT},Regular"&13&P{told}', {"margin": 10 / 25.4})
        xl.fit_to_pages(1, 0)
        xl.center_horizontally()
        if heading:
            xl.repeat_rows(heading[0] - 1, heading[1] - 1)
            xl.freeze_panes(heading[1], frozen_columns)
        xl.print_area(0, 0, max(self._heights) - 1, self.columns - 1)
        xl.set_h_pagebreaks(self._choose_breaks(heading or (1, 0), together))
        xl.hide_gridlines(2)

    def _choose_breaks(self, heading: tuple[int, int], together: Sequence[tuple[int, int]]) -> list[int]:
        """The rows after which a page ends, so that the signatures never stand alone on one."""
        room = self.page_height
        repeated = self._height_between(*heading)
        used = self._height_between(1, heading[1])
        ends: dict[int, list[int]] = {}
        for first, last in together:
            ends.setdefault(first, []).append(last)
        breaks = []
        row, end = heading[1] + 1, max(self._heights)
        while row <= end:
            blocks = ((last, self._height_between(row, last)) for last in ends.get(row, []))
            fitting = [(last, height) for last, height in blocks if repeated + height <= room]
            last, needed = max(fitting, default=(row, self._heights[row]))
            if used + needed > room and used > repeated:
                breaks.append(row - 1)
                used = repeated
            used += needed
            row = last + 1
        return breaks

    def _height_between(self, row: int, last_row: int) -> float:
        return sum(self._heights[r] for r in range(row, last_row + 1))

    @property
    def height(self) -> float:
        """Of all the rows that have been drawn."""
        return sum(self._heights.values())

    @property
    def page_height(self) -> float:
        """What a page holds, in points of the sheet, which is made smaller where it is too wide."""
        page = (_PAPER[0 if self._landscape else 1] - _TOP - _BOTTOM) * _POINTS_PER_MM
        return _SAFE * page * max(1.0, self.width_of(1, self.columns) / page_width(landscape=self._landscape))


def page_width(*, landscape: bool = False) -> float:
    """Points between the margins."""
    return (_PAPER[1 if landscape else 0] - _LEFT - _RIGHT) * _POINTS_PER_MM


def needed_width(text: str, size: float, *, bold: bool = False, edges: float = TEXT_EDGES) -> float:
    """Points that a column needs to show the text in one line."""
    return text_width(text, size, bold=bold) + edges


def keep_foot(last_row: int, below: int, end: int) -> list[tuple[int, int]]:
    """Blocks for `finish`: as much of a table's end as possible on the page of its notes and signatures.

    `last_row`: the table's last, `below`: the first after the notes, `end`: the last of all.
    """
    return [(row, end) for row in (last_row - 2, last_row - 1, last_row, last_row + 1, below - 1)]


def write_place_and_date(plan: Plan, day: date) -> str:
    """ "Hoàn Kiếm, ngày 05 tháng 3 năm 2020": days below 10 and the first two months have a zero."""
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)
    when = f"ngày {day.day:02} tháng {month} năm {day.year}"
    return f"{plan.levels.upper.place}, {when}" if plan.levels.upper.place else when


def draw_heading_block(sheet: OfficialSheet, plan: Plan, day: date, mark: str, title: str) -> int:
    """Offices, state title, the form's mark, place and date, its title, what it follows and to whom; the next free row."""
    upper = plan.levels.upper
    state = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    superior, office = (upper.office, upper.department) if upper.department else ("", upper.office)
    bold = {"bold": True}
    pairs: tuple[tuple[str, dict[str, Any], str, dict[str, Any]], ...] = (
        (superior.upper(), {"font_size": 12}, state, {"font_size": 12, **bold}),
        (office.upper(), {"font_size": 12, **bold}, "Độc lập - Tự do - Hạnh phúc", {"font_size": 13, **bold, "underline": 1}),
        (_rule_below(office), {"font_size": _LINE_SIZE}, "", {"font_size": _LINE_SIZE}),
        (mark, {"font_size": 13, **bold}, write_place_and_date(plan, day), {"font_size": 13, "italic": True}),
    )  # fmt: skip
    left = sheet.split_column(needed_width(state, 12, bold=True))
    for row, (text, look, other, other_look) in enumerate(pairs, start=1):
        _draw_pair(sheet, row, left, (text, look), (other, other_look))
    row = draw_gap(sheet, len(pairs) + 1, 8)
    source = f"(Thực hiện Kế hoạch số {plan.number} ngày {plan.date:%d/%m/%Y} của {plan.issuer})"
    row = draw_line(sheet, row, title, {"font_size": 14, "bold": True, **_CENTRED})
    row = draw_line(sheet, row, source, {"font_size": 12, "italic": True, **_CENTRED})
    if plan.recipients:
        row = draw_line(sheet, row, f"Kính gửi: {plan.recipients}", {"font_size": 12, **_CENTRED})
    return draw_gap(sheet, row, 8)


def _rule_below(office: str) -> str:
    """A rule below the issuing office, two fifths of its length, as the decree wants it."""
    return "_" * max(4, round(0.4 * text_width(office.upper(), 12, bold=True) / text_width("_", _LINE_SIZE)))


def _draw_pair(
    sheet: OfficialSheet, row: int, split: int, left: tuple[str, dict[str, Any]], right: tuple[str, dict[str, Any]]
) -> None:
    """Two centred blocks side by side."""
    heights = []
    for (text, look), first, last in ((left, 1, split), (right, split + 1, sheet.columns)):
        valign = "top" if look["font_size"] == _LINE_SIZE else "vcenter"
        sheet.merge(row, first, row, last, text, **look, **_CENTRED, text_wrap=True, valign=valign)
        heights.append(sheet.height_of(text, first, last, look["font_size"], bold=look.get("bold", False)))
    sheet.set_height(row, max(heights))


def draw_line(sheet: OfficialSheet, row: int, text: str, look: dict[str, Any]) -> int:
    """A text across the sheet; the next row."""
    sheet.merge(row, 1, row, sheet.columns, text, **look, text_wrap=True)
    sheet.set_height(row, sheet.height_of(text, 1, sheet.columns, look["font_size"], bold=look.get("bold", False)))
    return row + 1


def draw_gap(sheet: OfficialSheet, row: int, points: float) -> int:
    sheet.set_height(row, points)
    return row + 1


def draw_table_heading(
    sheet: OfficialSheet, row: int, headings: Sequence[tuple[str, ...]], numbers: Sequence[str], size: float
) -> int:
    """Heading rows and the row of column numbers; the first row of the table's body.

    A heading is a path: columns that begin alike share a cell above, a short path reaches down to the numbers.
    """
    depth = max(map(len, headings))
    look = {**BOXED, **_CENTRED, "bold": True, "font_size": size, "text_wrap": True}
    heights = [0.0] * depth
    tall: list[tuple[int, float]] = []
    for level in range(depth):
        for first, last in _find_runs(headings, level):
            path = headings[first]
            bottom = depth - 1 if level == len(path) - 1 else level
            sheet.merge(row + level, first + 1, row + bottom, last + 1, path[level], **look)
            needed = sheet.height_of(path[level], first + 1, last + 1, size, bold=True)
            if bottom == level:
                heights[level] = max(heights[level], needed)
            else:
                tall.append((level, needed))
    for level, needed in tall:
        widest = max(range(level, depth), key=heights.__getitem__)
        heights[widest] += max(0.0, needed - sum(heights[level:]))
    for level, height in enumerate(heights):
        sheet.set_height(row + level, height)
    row += depth
    small = max(7.0, size - 2)
    for column, text in enumerate(numbers, start=1):
        sheet.put(row, column, text, **BOXED, **_CENTRED, font_size=small, italic=True, text_wrap=True)
    sheet.set_height(row, max(sheet.height_of(t, c, c, small) for c, t in enumerate(numbers, start=1)))
    return row + 1


def _find_runs(headings: Sequence[tuple[str, ...]], level: int) -> list[tuple[int, int]]:
    """First and last column (from 0) of every heading cell that begins at this level."""
    runs: list[tuple[int, int]] = []
    for place, path in enumerate(headings):
        if len(path) <= level:
            continue
        if runs and runs[-1][1] == place - 1 and headings[place - 1][: level + 1] == path[: level + 1]:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs


def draw_notes(sheet: OfficialSheet, row: int, lead: Sequence[str], notes: Sequence[str], size: float) -> int:
    """Below a table: what it covers, then the numbered notes; the next free row."""
    row = draw_gap(sheet, row, 6)
    for text in lead:
        row = draw_line(sheet, row, text, {"font_size": size})
    if notes:
        row = draw_line(sheet, row, "Ghi chú:", {"font_size": size, "bold": True, "italic": True})
    for number, text in enumerate(notes, start=1):
        row = draw_line(sheet, row, f"{number}. {text}", {"font_size": size})
    return row


def draw_signatures(sheet: OfficialSheet, row: int, plan: Plan) -> int:
    """Who compiled it, left, and who signs, right, with room to sign; the last row."""
    signer = plan.signer
    lines = [text for text in (signer.capacity, signer.title) if text] or [""]
    bold = {"font_size": 13, "bold": True}
    left = ["NGƯỜI LẬP BIỂU"] + [""] * (len(lines) - 1)
    split = sheet.split_column(sheet.width_of(1, sheet.columns) / 2)
    row = draw_gap(sheet, row, 12)
    for offset, (text, other) in enumerate(zip(left, lines, strict=True)):
        _draw_pair(sheet, row + offset, split, (text, bold), (other, bold))
    row = draw_gap(sheet, row + len(lines), 56)
    _draw_pair(sheet, row, split, ("", bold), (signer.name, bold))
    return row
