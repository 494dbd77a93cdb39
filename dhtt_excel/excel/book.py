"""The one way we write .xlsx: xlsxwriter with our options, 1-based cells, typed writes and checked return codes."""

from __future__ import annotations

import inspect
import io
import re
from datetime import date, datetime, time, timedelta
from functools import cached_property
from math import isfinite
from shutil import copyfileobj
from tempfile import TemporaryFile
from types import MappingProxyType
from typing import IO, Any
from xml.sax.saxutils import escape

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import Worksheet

from dhtt_excel.excel.addresses import MAX_LINKS, MAX_ROW, MAX_TEXT, Cell, cell_name, range_name
from dhtt_excel.excel.cells import CREATED, NO_NUMBER, show_value
from dhtt_excel.excel.looks import FONT
from dhtt_excel.excel.text_size import count_lines
from dhtt_excel.text.characters import plain_text

RISKY_STARTS = ("=", "+", "-", "@", "\t", "\r")
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "dd/mm/yyyy",
    # A file's column widths count digits of its default font, so that must be one that every machine has or can
    # stand in for: where Calibri is missing, LibreOffice makes all columns a third wider.
    "default_format_properties": {"font_name": FONT, "font_size": 12, "font_family": 1, "font_scheme": "none"},
    "default_column_width": 72,
    "default_row_height": 21,
}
_ROWS_KEPT = 1024  # in memory, of a large book
_NOTE_SIZE, _NOTE_WIDTH = 10, 40.0  # of a note: type size; Excel's unit
_CUT_NOTE = " … [đã cắt bớt, xem tệp gốc]"
_NO_TEXT = re.compile("[\ud800-\udfff]")  # halves of characters, which no file can hold
_FIRST_YEAR = 1900
_REFUSALS = {
    -1: "ô nằm ngoài giới hạn của Excel",
    -2: "nội dung dài quá giới hạn của Excel",
    -3: "nội dung dài quá giới hạn của Excel",
}


# Without the layer that understands "A1" for (0, 0), as these two write nearly all cells: of the time of drawing a form,
# which is mostly blanks, it takes 5 %, of that of summary and register 3 %. For numbers it takes 1 %, and stays.
_write_blank, _write_string = map(inspect.unwrap, (Worksheet.write_blank, Worksheet.write_string))


_PLAIN_KINDS = frozenset({"String", "Number", "Blank"})
_POINTS_A_PIXEL = 0.75


class CellRefusedError(Exception):
    """Excel's limits do not admit a cell that we meant to write: a bug of ours, never cut silently."""


class Style:
    """A cell format, and its twin for a text that Excel must not take for a formula."""

    def __init__(self, workbook: xlsxwriter.Workbook, properties: dict[str, Any]) -> None:
        self._workbook = workbook
        self.properties = properties

    @cached_property
    def plain(self) -> Format:
        return self._workbook.add_format(self.properties)

    @cached_property
    def quoted(self) -> Format:
        return self._workbook.add_format({**self.properties, "quote_prefix": True})


class Book:
    """A workbook in memory; `finish` gives its bytes.

    One that is `large` is kept on the disk as far as it is ready (`Sheet.let_go_above`); its cells are the same.
    """

    def __init__(self, title: str, *, properties: dict[str, str] | None = None, large: bool = False) -> None:
        self._buffer = io.BytesIO()
        self._large = large
        self.xl = xlsxwriter.Workbook(self._buffer, {**_OPTIONS, "in_memory": not large})
        self.xl.set_properties({"title": title, "created": CREATED})
        for name, value in (properties or {}).items():
            self.xl.set_custom_property(name, value, "text")
        self.shown: dict[str, dict[Cell, Any]] = {}  # by sheet, for those that keep it: what stands in their cells
        self._styles: dict[tuple[tuple[str, Any], ...], Style] = {}
        self._bare: dict[tuple[Any, ...], Format] = {}

    def style(self, **properties: Any) -> Style:
        """The style with these xlsxwriter properties on top of the house font; the same call gives the same style."""
        key = tuple(sorted(properties.items()))
        if key not in self._styles:
            house = {"font_name": FONT, "font_size": 12, "valign": "vcenter"}
            self._styles[key] = Style(self.xl, {**house, **properties})
        return self._styles[key]

    def bare_format(self, **properties: Any) -> Format:
        """What a conditional format lays over a cell: these properties and no house font."""
        key = tuple(sorted(properties.items()))
        if key not in self._bare:
            self._bare[key] = self.xl.add_format(properties)
        return self._bare[key]

    def add_sheet(self, name: str) -> Sheet:
        return Sheet(self.xl.add_worksheet(name, worksheet_class=_PlainWorksheet), large=self._large)

    def define_name(self, name: str, reference: str) -> None:
        """A defined name for a reference such as "'Danh mục'!$A$2:$A$9"."""
        _check(self.xl.define_name(name, f"={reference}"), name)

    def finish(self) -> bytes:
        self.xl.close()
        return self._buffer.getvalue()


class _PlainWorksheet(Worksheet):  # type: ignore[misc]  # xlsxwriter is not typed
    """Spells what we write in fewer steps; the bytes are xlsxwriter's own.

    It takes formulas as they stand: ours use nothing newer than Excel 2007, and to look for what is newer takes as long as
    all the rest of drawing a form. Texts, numbers and blanks with a style, nearly all cells, need no list of attributes.

    Rows that are ready can be spelled before the others, and their cells forgotten.

    Three things xlsxwriter cannot say: the header of the first page where that is another (`first_header`, "" for none);
    that a row has a height for now, and grows with its text as soon as somebody types; that the value of a formula is an
    empty text.
    """

    fh: Any
    dim_rowmin: Any
    dim_rowmax: Any
    table: Any
    first_header: str | None = None

    def __init__(self) -> None:
        super().__init__()
        self.growing: set[int] = set()
        self._spelled: IO[str] | None = None
        self._first_left = 0  # the first row that is not spelled yet

    def spell_above(self, row: int) -> None:
        """Spell all rows above this one, a multiple of 16 as the file's blocks of rows are, and forget their cells."""
        self._spelled = self._spelled or TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115
        fh, self.fh = self.fh, self._spelled
        self._write_rows_between(self._first_left, row - 1)
        self.fh = fh
        linked = {  # which xlsxwriter looks at once more when it lists the links
            number: MappingProxyType({column: cells[column] for column in self.hyperlinks[number]})
            for number, cells in self.table.items()
            if number < row and number in self.hyperlinks
        }
        self.table = _RowsLeft(row, {**linked, **{n: cells for n, cells in self.table.items() if n >= row}})
        self._first_left = row

    def _write_rows(self) -> None:
        if self._spelled:
            self._spelled.seek(0)
            copyfileobj(self._spelled, self.fh)
            self._spelled.close()
        self._write_rows_between(self._first_left, self.dim_rowmax)

    def _write_rows_between(self, first: int, last: int) -> None:
        dimensions = self.dim_rowmin, self.dim_rowmax
        self.dim_rowmin, self.dim_rowmax = max(first, self.dim_rowmin), last
        super()._write_rows()
        self.dim_rowmin, self.dim_rowmax = dimensions

    def _write_row(self, row: int, spans: str | None, row_info: Any = None, empty_row: bool = False) -> None:
        if row not in self.growing or empty_row:
            super()._write_row(row, spans, row_info, empty_row)
            return
        self.fh.write(f'<row r="{row + 1}" spans="{spans}" ht="{row_info.height * _POINTS_A_PIXEL:.16g}">')

    def _write_header_footer(self) -> None:
        if self.first_header is None:
            super()._write_header_footer()
            return
        self._xml_start_tag("headerFooter", [("differentFirst", 1)])
        self._write_odd_header()
        if self.first_header:
            self._xml_data_element("firstHeader", self.first_header)
        self._xml_end_tag("headerFooter")

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        kind = cell.__class__.__name__
        if kind == "Formula" and cell.value == "" and cell.format:
            begun = f'<c r="{xl_rowcol_to_cell_fast(row, col)}" s="{cell.format._get_xf_index()}" t="str">'
            self.fh.write(f"{begun}<f>{escape(cell.formula)}</f><v></v></c>")
            return
        if kind not in _PLAIN_KINDS or not cell.format:
            super()._write_cell(row, col, cell)
            return
        begun = f'<c r="{xl_rowcol_to_cell_fast(row, col)}" s="{cell.format._get_xf_index()}"'
        if kind == "String":
            self.fh.write(f'{begun} t="s"><v>{cell.string}</v></c>')
        elif kind == "Number":
            self.fh.write(f"{begun}><v>{cell.number:.16G}</v></c>")
        else:
            self.fh.write(f"{begun}/>")

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        return formula.removeprefix("=")


class _RowsLeft(dict[int, Any]):
    """The cells of rows that are not spelled yet, the others being closed."""

    def __init__(self, first: int, cells: dict[int, Any]) -> None:
        super().__init__(cells)
        self._first = first

    def __missing__(self, row: int) -> dict[int, Any]:
        if row < self._first:
            raise CellRefusedError(f"row {row + 1} has been let go")
        cells: dict[int, Any] = {}
        self[row] = cells
        return cells


class _Unnoted(dict[tuple[int, int], str]):
    """The cells of a table, which xlsxwriter notes one by one lest another table overlaps: a million of them weigh 100 MB."""

    def __setitem__(self, cell: tuple[int, int], table: str) -> None:
        pass


class Sheet:
    """A worksheet with cells from (1, 1); `xl` is xlsxwriter's own, for everything that holds no value."""

    def __init__(self, xl: Worksheet, *, large: bool = False) -> None:
        self.xl = xl
        self.name: str = xl.get_name()
        self._large = large

    def put(self, row: int, column: int, value: Any, style: Style | None = None) -> None:
        """Write a value as what it is, made to fit; None is a blank cell that keeps its style.

        A text is never a formula or a link.
        """
        xl, y, x = self.xl, row - 1, column - 1
        plain = style.plain if style else None
        if value is not None and value != "":
            value = fit_value(value)
        if isinstance(value, str) and value:
            risky = style and value.startswith(RISKY_STARTS)
            code = _write_string(xl, y, x, value, style.quoted if style and risky else plain)
        elif value is None or value == "":
            code = _write_blank(xl, y, x, None, plain)
        elif isinstance(value, bool):
            code = xl.write_boolean(y, x, value, plain)
        elif isinstance(value, (date, datetime, time, timedelta)):
            code = xl.write_datetime(y, x, value, plain)
        else:
            code = xl.write_number(y, x, value, plain)
        if code:
            self._check(code, row, column)

    def put_formula(self, row: int, column: int, formula: str, value: Any, style: Style | None = None) -> None:
        """Write a formula (without "=") with the value that it has now, in which no sign may stand that XML has not."""
        value = fit_value(plain_text(value)) if isinstance(value, str) else value
        code = self.xl.write_formula(row - 1, column - 1, f"={formula}", style.plain if style else None, value)
        self._check(code, row, column)

    def print_columns(self, columns: range) -> None:
        """Print these columns and no others, as far as anything is to be seen in them.

        With all their rows named, which is the same to Excel: some readers do not know whole columns.
        """
        self.xl.print_area_range = range_name(self.name, 1, columns.start, MAX_ROW, columns.stop - 1)

    def set_header(self, text: str, first: str, margin: float) -> None:
        """A header, in Excel's spelling, and that of the first page; `margin`: inches. A sheet with it has no footer."""
        self.xl.set_header(text, {"margin": margin})
        self.xl.first_header = first

    def put_note(self, row: int, column: int, text: str) -> None:
        """A note beside a cell, as large as its text."""
        text = fit_value(plain_text(text))
        lines = count_lines(text, _NOTE_WIDTH, _NOTE_SIZE)
        options = {
            "author": "", "font_name": FONT, "font_size": _NOTE_SIZE, "x_scale": 2.4, "y_scale": max(0.6, lines * 0.24),
        }  # fmt: skip
        self._check(self.xl.write_comment(row - 1, column - 1, text, options), row, column)

    def put_link(self, row: int, column: int, target: str, text: str, style: Style | None = None) -> None:
        """Write a link inside the workbook; `target` is like "'Đại biểu'!E14". Where there are too many, the text alone."""
        if self.xl.hlink_count >= MAX_LINKS:
            self.put(row, column, text, style)
            return
        text = fit_value(text)
        code = self.xl.write_url(row - 1, column - 1, f"internal:{target}", style.plain if style else None, text)
        self._check(code, row, column)

    def add_table(self, row: int, column: int, last_row: int, options: dict[str, Any]) -> None:
        """An Excel table from its heading row to `last_row`; `options` are xlsxwriter's, with all the columns."""
        last_column = column + len(options["columns"]) - 1
        if self._large:
            self.xl.table_cells = _Unnoted()
        code = self.xl.add_table(row - 1, column - 1, last_row - 1, last_column - 1, options)
        self._check(code, row, column)

    def add_chart(self, row: int, column: int, chart: Any, options: dict[str, Any]) -> None:
        """Put a chart of xlsxwriter's with its upper left corner in this cell; `options` are xlsxwriter's."""
        self._check(self.xl.insert_chart(row - 1, column - 1, chart, options), row, column)

    def merge(self, row: int, column: int, last_row: int, last_column: int, value: str, style: Style) -> None:
        """Merge a block and write its text; a block of one cell is just written."""
        if (row, column) == (last_row, last_column):
            self.put(row, column, value, style)
            return
        value = fit_value(value)
        risky = value.startswith(RISKY_STARTS)
        _check(self.xl.merge_range(row - 1, column - 1, last_row - 1, last_column - 1, "", style.plain), self.name)
        if value:
            _check(self.xl.write_string(row - 1, column - 1, value, style.quoted if risky else style.plain), self.name)

    def validate(self, row: int, column: int, last_row: int, last_column: int, options: dict[str, Any]) -> None:
        _check(self.xl.data_validation(row - 1, column - 1, last_row - 1, last_column - 1, options), self.name)

    def colour(self, row: int, column: int, last_row: int, last_column: int, options: dict[str, Any]) -> None:
        """A conditional format; a formula criterion is written for the block's first cell."""
        _check(self.xl.conditional_format(row - 1, column - 1, last_row - 1, last_column - 1, options), self.name)

    def set_width(self, column: int, width: float, *, hidden: bool = False) -> None:
        """A width in the unit that Excel shows for its usual default font: 7 pixels a digit and 5 for the edges."""
        pixels = round(width * 7) + 5 if width else 0
        _check(self.xl.set_column_pixels(column - 1, column - 1, pixels, None, {"hidden": hidden}), self.name)

    def set_height(self, row: int, points: float, *, grows: bool = False) -> None:
        """The height of a row; one that `grows` has it until somebody types there, and in LibreOffice until it is opened."""
        _check(self.xl.set_row(row - 1, points), self.name)
        if grows:
            self.xl.growing.add(row - 1)

    def let_go_above(self, row: int) -> None:
        """Nothing will be put into the rows above this one: now and then a large book keeps them in memory no longer."""
        if self._large and (row - 1) % _ROWS_KEPT == 0:
            self.xl.spell_above(row - 1)

    def _check(self, code: int | None, row: int, column: int) -> None:
        if code:  # the cell's name is made only when it is needed
            _check(code, f"{self.name}!{cell_name(row, column)}")


def _check(code: int | None, place: str) -> None:
    if isinstance(code, int) and code < 0:
        raise CellRefusedError(f"{place}: {_REFUSALS.get(code, f'xlsxwriter trả về {code}')}")


def fit_value(value: Any) -> Any:
    """The value as Excel can hold it in a cell: a text that is cut and says so, an error value for what is no number.

    A day before Excel's first is a text.
    """
    if isinstance(value, str):
        return _fit_text(value)
    if isinstance(value, (float, int)):
        return value if _is_number(value) else str(NO_NUMBER)
    return show_value(value) if isinstance(value, date) and value.year < _FIRST_YEAR else value


def _fit_text(text: str) -> str:
    if not text.isascii() and _NO_TEXT.search(text):
        text = _NO_TEXT.sub("\ufffd", text)
    if len(text) <= MAX_TEXT // 2:
        return text
    units = text.encode("utf-16-le")
    room = MAX_TEXT - len(_CUT_NOTE)
    return text if len(units) // 2 <= MAX_TEXT else units[: 2 * room].decode("utf-16-le", "ignore") + _CUT_NOTE


def _is_number(value: float) -> bool:
    try:
        return isfinite(value)
    except OverflowError:
        return False
