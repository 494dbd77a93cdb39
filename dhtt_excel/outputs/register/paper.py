"""A sheet of the register: its mark, title, headings and print set-up, and how wide and high its cells are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dhtt_excel.excel.book import Book, Sheet
from dhtt_excel.excel.book import fit_text as fit_text
from dhtt_excel.excel.looks import BOX, FONT, GUIDANCE, HEADING, LINK, TITLE
from dhtt_excel.excel.text_size import column_width, count_lines, row_height, text_width
from dhtt_excel.result import Result

MARK = "LƯU HÀNH NỘI BỘ"
SIZE = 11
HEADING_ROW = 4  # of every sheet: title, what the sheet holds, a note, headings
MAX_WIDTH = 60
LINE_HEIGHT = 15.0

TEXT = {**BOX, "font_size": SIZE, "text_wrap": True}
CENTRED = {**TEXT, "align": "center"}
NUMBER = {**CENTRED, "num_format": "#,##0"}
LINKED = {**CENTRED, **LINK}

_STAMP_SIZE = 12
_STAMP = {
    "bold": True,
    "font_size": _STAMP_SIZE,
    "align": "center",
    "font_color": "#C00000",
    "border": 2,
    "border_color": "#C00000",
}
_EDGES = 7.0  # points that a cell keeps beside its text
_SAFE = 0.95  # of a column's width: printers and programs differ a little in how far a text runs
_STAMP_WIDTH = column_width(text_width(MARK, _STAMP_SIZE, bold=True) + 2 * _EDGES) / _SAFE
_MM = 1 / 25.4  # millimetres to inches
PAGE_WIDTH, PAGE_HEIGHT = (297 - 30 - 15) * _MM * 72, (210 - 20 - 20) * _MM * 72  # points between the margins


def add_paper(
    book: Book, result: Result, name: str, title: str, lines: Sequence[str], widths: Sequence[float], *,
    frozen: int, heading_rows: int = 1, told_over: int = 0,
) -> Sheet:  # fmt: skip
    """A sheet down to its headings: mark and title, one or two lines below, widths, frozen panes, print set-up.

    The mark stands over the frozen columns, so that it is always in sight. `told_over`: the last column over
    which the second line stands, from the first that is not frozen; 0: over all.
    """
    told_from, told_over = (frozen + 1, told_over) if told_over else (1, len(widths))
    sheet = book.add_sheet(name)
    short = max(0.0, _STAMP_WIDTH - sum(widths[:frozen]))  # the columns of an empty list are narrow
    for column, width in enumerate(widths, start=1):
        sheet.set_width(column, width + short if column == frozen else width)
    sheet.merge(1, 1, 2, frozen, MARK, book.style(**_STAMP))
    sheet.put(1, frozen + 1, title, book.style(**TITLE, indent=1))
    sheet.set_height(1, 24)
    for row, line in enumerate(lines, start=2):
        if row == 2:
            sheet.put(row, frozen + 1, line, book.style(**GUIDANCE, indent=1))
        else:
            sheet.merge(row, told_from, row, told_over, line, book.style(**GUIDANCE, text_wrap=True))
        sheet.set_height(
            row, LINE_HEIGHT + 4 if row == 2 else row_height([(line, sum(widths[told_from - 1 : told_over]))], SIZE) + 4
        )
    sheet.xl.freeze_panes(HEADING_ROW + heading_rows - 1, frozen)
    sheet.xl.hide_gridlines(2)
    sheet.xl.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # codes are texts
    _set_print(sheet, result, heading_rows)
    return sheet


def _set_print(sheet: Sheet, result: Result, heading_rows: int) -> None:
    """A4 landscape, one page wide, page number and mark above, headings on every page."""
    xl = sheet.xl
    xl.set_paper(9)
    xl.set_landscape()
    xl.set_margins(left=30 * _MM, right=15 * _MM, top=20 * _MM, bottom=20 * _MM)
    xl.fit_to_pages(1, 0)
    xl.repeat_rows(HEADING_ROW - 1, HEADING_ROW + heading_rows - 2)
    plain, bold = (f'&"{FONT},{weight}"' for weight in ("Regular", "Bold"))
    margin = {"margin": 10 * _MM}
    xl.set_header(f"&C{plain}&13&P&R{bold}&11{MARK}", margin)
    caption = f"Kế hoạch {result.plan.number}, tính đến ngày {result.as_of:%d/%m/%Y}".replace("&", "&&")
    xl.set_footer(f"&L{plain}&9{caption}&R{plain}&9&A", margin)


def heading_height(headings: Sequence[str], widths: Sequence[float]) -> float:
    """Height of a row of headings, with a line for the filters' buttons."""
    cells = list(zip(headings, widths, strict=True))
    return row_height(cells, SIZE, bold=True) + height_of_lines(1)


def add_filtered_table(
    book: Book, sheet: Sheet, name: str, headings: Sequence[str], widths: Sequence[float], rows: int
) -> None:
    """An Excel table below the heading row; an Excel table has at least one row, so an empty one gets a blank line."""
    last = HEADING_ROW + max(rows, 1)
    heading_format = book.style(**HEADING).plain
    columns = [{"header": heading, "header_format": heading_format} for heading in headings]
    sheet.add_table(HEADING_ROW, 1, last, {"name": name, "style": "Table Style Light 1", "columns": columns})
    sheet.set_height(HEADING_ROW, heading_height(headings, widths))


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
