"""A sheet of the register on paper: its looks, its print set-up, and how wide and high its cells are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dhtt_excel.excel.book import Book, Sheet, fit_value
from dhtt_excel.excel.looks import BOX, FONT
from dhtt_excel.excel.text_size import column_width, count_lines, row_height, text_width
from dhtt_excel.result import Result

MARK = "LƯU HÀNH NỘI BỘ"
SIZE = 11
HEADING_ROW = 4  # of every sheet: title, what the sheet holds, a note, headings
MAX_WIDTH = 60
LINE_HEIGHT = 15.0

Look = Mapping[str, Any]
"""Properties of a cell's format, xlsxwriter's names."""

TEXT = {**BOX, "font_size": SIZE, "text_wrap": True}
CENTRED = {**TEXT, "align": "center"}
NUMBER = {**CENTRED, "num_format": "#,##0"}
DAY = {**CENTRED, "num_format": "dd/mm/yyyy"}
MOMENT = {**CENTRED, "num_format": "dd/mm/yyyy hh:mm"}

_STAMP_SIZE = 12
_RED = "#C00000"
STAMP = {
    "bold": True,
    "font_size": _STAMP_SIZE,
    "align": "center",
    "font_color": _RED,
    "border": 2,
    "border_color": _RED,
}
_EDGES = 7.0  # points that a cell keeps beside its text
_SAFE = 0.95  # of a column's width: printers and programs differ a little in how far a text runs
STAMP_WIDTH = column_width(text_width(MARK, _STAMP_SIZE, bold=True) + 2 * _EDGES) / _SAFE
_MM = 1 / 25.4  # millimetres to inches
PAGE_WIDTH, PAGE_HEIGHT = (297 - 30 - 15) * _MM * 72, (210 - 20 - 20) * _MM * 72  # points between the margins


def set_print(sheet: Sheet, result: Result, last_heading_row: int) -> None:
    """A4 landscape, one page wide, page number and mark above, headings on every page."""
    xl = sheet.xl
    xl.set_paper(9)
    xl.set_landscape()
    xl.set_margins(left=30 * _MM, right=15 * _MM, top=20 * _MM, bottom=20 * _MM)
    xl.fit_to_pages(1, 0)
    xl.repeat_rows(HEADING_ROW - 1, last_heading_row - 1)
    plain, bold = (f'&"{FONT},{weight}"' for weight in ("Regular", "Bold"))
    margin = {"margin": 10 * _MM}
    xl.set_header(f"&C{plain}&13&P&R{bold}&11{MARK}", margin)
    caption = f"Kế hoạch {result.plan.number}, tính đến ngày {result.as_of:%d/%m/%Y}".replace("&", "&&")
    xl.set_footer(f"&L{plain}&9{caption}&R{plain}&9&A", margin)


def put_merged(
    book: Book, sheet: Sheet, row: int, cells: Sequence[tuple[int, int, Any, Look]], widths: Sequence[float]
) -> None:
    """A row of merged cells (first column, last column, value, look), as high as its texts need."""
    texts = []
    for first, last, value, look in cells:
        style = book.style(**look)
        if isinstance(value, str):
            sheet.merge(row, first, row, last, fit_value(value), style)
            texts.append((value, sum(widths[first - 1 : last])))
        else:
            sheet.put(row, first, value, style)
    sheet.set_height(row, line_height(texts))


def heading_height(cells: Sequence[tuple[str, float]]) -> float:
    """Height of a row of headings (text, column width), with a line for the filters' buttons."""
    return row_height([*cells], SIZE, bold=True) + height_of_lines(1)


def turned_height(heading: str) -> float:
    """Height of a heading that is turned: its length, and room for the filter's button below."""
    return 7 * fit_width(heading, bold=True) * 0.75 + 18


def fit_width(text: str, *, bold: bool = False) -> float:
    """The column width (Excel's unit) that shows this text on one line."""
    return column_width(text_width(text, SIZE, bold=bold) + _EDGES) / _SAFE


def fit_column(heading: str, texts: Iterable[str], widest: float) -> float:
    """The width of a column of texts: as wide as the longest; one that is longer than `widest` wraps."""
    longest = max((fit_width(text[:200].replace("-", "- ")) for text in dict.fromkeys(texts)), default=0.0)
    return round(max(min(longest, widest), heading_width(heading)), 1)


def heading_width(heading: str) -> float:
    """The least column width that does not break a word of this heading."""
    return max(fit_width(word, bold=True) for word in heading.split()) + 0.5


def lines_of(text: str, width: float) -> int:
    """Lines that a text takes in a column of this width; file names break at their hyphens."""
    return count_lines(text.replace("-", "- "), width * _SAFE, SIZE)


def height_of_lines(lines: int) -> float:
    return row_height([], SIZE, least=lines)


def line_height(cells: Sequence[tuple[str, float]]) -> float:
    """Height of a row of (text, column width)."""
    return height_of_lines(max((lines_of(text, width) for text, width in cells if text), default=1))
