"""A sheet of the form while it is drawn: house styles, entries in place of what the form prints, print set-up, lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from dhtt_excel.excel.cells import PlainText
from dhtt_excel.excel.looks import BAD, FONT, MISSING
from dhtt_excel.form.form import TICK

if TYPE_CHECKING:
    from dhtt_excel.excel.book import Book, Style
    from dhtt_excel.excel.evaluate import Evaluator

Entries = dict[tuple[str, int, int], Any]  # (sheet, row, column) ─► value; rows and columns from 1
Cells = dict[tuple[int, int], Any]
Block = tuple[int, int, int, int]  # row, column, last row, last column

_ALLOWED = {"format_cells": True, "format_columns": True, "format_rows": True, "sort": True, "autofilter": True}
_MM = 1 / 25.4  # millimetres to inches
_DATE_FORMAT, _MOMENT_FORMAT, _TIME_FORMAT, _SPAN_FORMAT = "dd/mm/yyyy", "dd/mm/yyyy hh:mm", "hh:mm", "[h]:mm:ss"


class Formula(NamedTuple):
    """An entry that is a formula, and the value that it has."""

    text: str
    value: Any


def _as_shown(value: Any) -> Any:
    return PlainText(value) if isinstance(value, str) and value.startswith("=") else value


class Figures(str):
    """What a formula shows in an empty form: a text in which only the numbers change; in further lines what it shows else."""

    __slots__ = ()


class Mark(NamedTuple):
    """What is wrong in a cell: told in a note; red while the formula `unchanged` holds ("": the note alone).

    `struck`: its text came struck through and stays so. Without a note there is nothing more to tell.
    """

    note: str
    unchanged: str = ""
    warning: bool = False
    struck: bool = False


class Paper:
    """A sheet of the form and the entries that were not yet written on it."""

    def __init__(
        self, book: Book, name: str, entries: Cells, marks: Mapping[tuple[int, int], Mark] | None = None
    ) -> None:
        self._struck = {cell for cell, mark in (marks or {}).items() if mark.struck}
        self.book = book
        self.sheet = book.add_sheet(name)
        self.name = name
        self._entries = entries
        self._left = set(entries)
        self.printed: dict[tuple[int, int], Any] = {}  # what the form itself prints, formulas as None or Figures
        self.shown: dict[tuple[int, int], Any] = {}  # what stands in the cells, of formulas their text
        self._formulas: list[tuple[int, int, str, Style]] = []
        for cell, mark in (marks or {}).items():  # before all other conditions, so that theirs do not cover it
            self._put_mark(cell, mark)

    def _put_mark(self, cell: tuple[int, int], mark: Mark) -> None:
        if mark.note:
            self.sheet.put_note(*cell, mark.note)
        if mark.unchanged:
            look = {**(MISSING if mark.warning else BAD), "bold": True}
            options = {"type": "formula", "criteria": f"={mark.unchanged}", "format": self.book.bare_format(**look)}
            self.sheet.colour(*cell, *cell, {**options, "stop_if_true": True})

    @property
    def entered(self) -> Iterable[tuple[int, int]]:
        """The cells with an entry that is to be seen."""
        return (cell for cell, value in self._entries.items() if value not in (None, "", False))

    def value(self, row: int, column: int, printed: Any = None) -> Any:
        """What the cell will show: the entry, else what the form prints there."""
        return self._entries.get((row, column), printed)

    def has_entry(self, row: int, column: int) -> bool:
        """Whether an entry, be it a blank, stands for what the form prints in this cell."""
        return (row, column) in self._entries

    def put(self, row: int, column: int, printed: Any, style: Style, *, mark: bool = False) -> None:
        """Write the entry, else what the form prints there; in a cell to be marked, True is "x" and False is blank."""
        value = printed
        if printed is not None:
            self.printed[row, column] = printed
        if self._entries:
            value = self._entries.get((row, column), printed)
            self._left.discard((row, column))
        if (row, column) in self._struck:
            style = self.book.style(**{**style.properties, "font_strikeout": True})
        if mark and isinstance(value, bool):
            value = TICK if value else None
        if isinstance(value, Formula):
            self.shown[row, column] = _as_shown(value.value)
            self.sheet.put_formula(row, column, *value, style)
            return
        if value is not None:
            self.shown[row, column] = _as_shown(value)
        self.sheet.put(row, column, value, self._timely(style, value))

    def put_formula(
        self, row: int, column: int, formula: str, style: Style, printed: Figures | None = None, value: Any = None
    ) -> None:
        """Write a formula, with its value once every sheet is drawn: some programs show it and do not calculate.

        `printed`: what it shows in an empty form, where readers know it by that and not by its place. `value`: what it is
        known to have.
        """
        self.printed[row, column] = printed
        if self.has_entry(row, column):
            self.put(row, column, None, style)
        elif value is not None:
            self.sheet.put_formula(row, column, formula, value, style)
        else:
            self.shown[row, column] = f"={formula}"
            self._formulas.append((row, column, formula, style))

    def finish(self, evaluator: Evaluator) -> None:
        """Write what is left: formulas, then the entries for which the form has no place."""
        for row, column, formula, style in self._formulas:
            self.sheet.put_formula(row, column, formula, evaluator.cell(self.name, row, column), style)
        self.put_rest()

    def put_link(self, row: int, column: int, target: str, text: str, style: Style) -> None:
        self.printed[row, column] = text
        if self.has_entry(row, column):
            self.put(row, column, None, style)
        else:
            self.sheet.put_link(row, column, target, text, style)

    def merge(self, block: Block, printed: Any, style: Style) -> None:
        """Write a block as one cell, but cell by cell where an entry stands inside: a merged cell would hide it."""
        row, column, last_row, last_column = block
        cells = [(r, c) for r in range(row, last_row + 1) for c in range(column, last_column + 1)]
        if any(self._entries.get(cell) not in (None, "") for cell in cells[1:]):
            for cell in cells[1:]:
                self.put(*cell, None, style)
        else:
            self._left.difference_update(cells)
            self.sheet.merge(*block, "", style)
        self.put(row, column, printed, style)

    def put_rest(self) -> None:
        """Write the entries for which the form has no place. Unlocked: whoever gets the workbook must reach them."""
        style = self.book.style(locked=False)
        for row, column in sorted(self._left):
            self.put(row, column, None, style)

    def set_widths(self, widths: list[float]) -> None:
        for column, width in enumerate(widths, start=1):
            self.sheet.set_width(column, width)

    def lock(self) -> None:
        """Protect headings and formulas, without a password; widths, formats, sorting and filters stay free."""
        self.sheet.xl.protect("", _ALLOWED)
        self.sheet.xl.hide_gridlines(2)

    def set_print(
        self, caption: str, *, landscape: bool, heading_row: int = 0, columns: range | None = None, pages: int = 0
    ) -> None:
        """A4, one page wide and at most so many `pages` long, page number above, the heading row on every page.

        A list prints some `columns`, whole: a print area that ends at the last filled row would need a formula, which
        Excel freezes when somebody opens its page dialogue; rows entered later would then be missing on paper, and nobody
        told. Whole columns print as far as something is to be seen in them, so the rows below the first page of a list
        have nothing to be seen in them until something is entered.
        """
        xl = self.sheet.xl
        xl.set_paper(9)
        if landscape:
            xl.set_landscape()
        xl.set_margins(left=30 * _MM, right=15 * _MM, top=20 * _MM, bottom=20 * _MM)
        xl.fit_to_pages(1, pages)
        font = f'&"{FONT},Regular"'
        xl.set_header(f"&C{font}&13&P", {"margin": 10 * _MM})
        xl.set_footer(f"&L{font}&9{caption.replace('&', '&&')}&R{font}&9&A", {"margin": 10 * _MM})
        if heading_row:
            xl.repeat_rows(heading_row - 1)
        if columns:
            self.sheet.print_columns(columns)

    def _timely(self, style: Style, value: Any) -> Style:
        """The style, with a number format that shows a date as a date and a time as a time."""
        if isinstance(value, timedelta):
            return self.book.style(**{**style.properties, "num_format": _SPAN_FORMAT})
        if not isinstance(value, (date, time)):
            return style
        wanted = _TIME_FORMAT if isinstance(value, time) else _DATE_FORMAT
        wanted = _MOMENT_FORMAT if isinstance(value, datetime) and value.time() != time(0) else wanted
        if style.properties.get("num_format") == wanted:
            return style
        return self.book.style(**{**style.properties, "num_format": wanted})
