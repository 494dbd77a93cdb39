"""The table of a form: how every form writes texts, numbers, bands and sums, and how high its rows are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.excel.book import Book
from dhtt_excel.figures.city_forms import NOT_SENT, TOTAL_LABEL
from dhtt_excel.figures.figure import FormColumn
from dhtt_excel.outputs.summary.administrative_layout import (
    BOXED,
    CENTRED,
    draw_heading_block,
    draw_line,
    draw_notes,
    draw_notes_and_signatures,
    draw_signatures,
    draw_table_heading,
    keep_foot,
)
from dhtt_excel.outputs.summary.official_sheet import OfficialSheet, References
from dhtt_excel.result import Result

SIZE = 10.5  # of type
LEAST_ROW = 14.25
BOLD: dict[str, Any] = {"bold": True}
BAND: dict[str, Any] = {"bold": True, "bg_color": "#EDEDED"}
ABSENT: dict[str, Any] = {"bg_color": "#EDEDED", "font_color": "#595959"}  # a unit of which nothing is in use
_ORDER, _LABEL = 1, 2

Reckoned = Mapping[int, tuple[str, Sequence[int]]]
"""Sums and percentages by their columns' places: "+" or "/", and the places of what they are reckoned from."""


class Lines:
    """The lines of a table as they grow: `row` is the next free one; rows of `together` stay on one page."""

    def __init__(self, sheet: OfficialSheet, row: int, size: float = SIZE, least_row: float = LEAST_ROW) -> None:
        self.sheet = sheet
        self.row = row
        self.size = size
        self.together: list[tuple[int, int]] = []
        self._least_row = least_row
        self._texts: list[tuple[str, int, int, int]] = []  # of this row, those that wrap: text, columns, indent

    def put(self, column: int, value: Any, **look: Any) -> None:
        self.sheet.put(self.row, column, value, **BOXED, font_size=self.size, **look)
        if isinstance(value, str) and look.get("text_wrap"):
            self._texts.append((value, column, column, look.get("indent", 0)))

    def put_number(
        self, column: int, value: float | str | None, formula: str = "", *, share: bool = False, **look: Any
    ) -> None:
        """A number, or a formula and its value; a percentage (`share`) has one decimal. None: it was not sent."""
        shape = {**BOXED, "font_size": self.size, **CENTRED, "num_format": "0.0" if share else "#,##0", **look}
        if value is None:
            self.sheet.put(self.row, column, NOT_SENT, **shape)
        elif formula:
            self.sheet.put_formula(self.row, column, formula, value, **shape)
        else:
            self.sheet.put(self.row, column, value, **shape)

    def merge(self, column: int, last_column: int, text: str, **look: Any) -> None:
        """A text over several columns of this row."""
        shape = {**BOXED, "font_size": self.size, "text_wrap": True, **look}
        self.sheet.merge(self.row, column, self.row, last_column, text, **shape)
        self._texts.append((text, column, last_column, look.get("indent", 0)))

    def keep(self, rows: int) -> None:
        """This row and so many below stay on one page."""
        self.together.append((self.row, self.row + rows))

    def end(self, *, bold: bool = False, more: float = 0.0) -> None:
        """Make the row as high as its texts need, at least `more` than the least, and go to the next."""
        needed = [
            self.sheet.height_of(text, first, last, self.size, bold=bold, indent=indent)
            for text, first, last, indent in self._texts
        ]
        self.sheet.set_height(self.row, max([self._least_row + more, *needed]))
        self.row += 1
        self._texts.clear()


class FormTable(Lines):
    """A form from its heading block to its signatures, around one table; `cells`: where its numbers stand.

    Values of code lists are spelled as they print.
    """

    def __init__(
        self, book: Book, result: Result, name: str, title: str, widths: Sequence[float],
        headings: Sequence[tuple[str, ...]], *, reckoned: Reckoned | None = None,
        size: float = SIZE, heading_size: float = 0.0, least_row: float = LEAST_ROW, landscape: bool = False,
        warning: str = "",
    ) -> None:  # fmt: skip
        """`reckoned`: as `list_reckoned` gives it. `warning`: above the table, and on every page."""
        sheet = OfficialSheet(book, name, widths, landscape=landscape)
        row = draw_heading_block(sheet, result, mark_of(name), title)
        if warning:
            row = draw_line(sheet, row, warning, {"font_size": 12, **BOLD, **CENTRED})
        self._reckoned = reckoned or {}
        numbers = number_columns(len(headings), self._reckoned)
        self.first_row = draw_table_heading(sheet, row, headings, numbers, heading_size or size)
        super().__init__(sheet, self.first_row, size, least_row)
        self.cells: References = {}
        self._heading_row = row
        self._plan = result.plan
        self._landscape = landscape
        self._warning = warning

    def reckon(self, column: int, *, adjacent: bool = False, left_out: int = 0) -> str:
        """The formula of a reckoned column in this row, "" of another; `adjacent`: parts of sums stand side by side.

        `left_out`: how many of the whole a percentage leaves out.
        """
        sign, parts = self._reckoned.get(column, ("", ()))
        cells = [cell_name(self.row, part) for part in parts]
        if sign == "/":
            return divide(cells[0], f"({cells[1]}-{left_out})" if left_out else cells[1])
        return f"SUM({f'{cells[0]}:{cells[-1]}' if adjacent else ','.join(cells)})" if cells else ""

    def draw_band(self, letter: str, text: str) -> None:
        """The heading of a part: "A. …". It stays with the two rows below."""
        self.keep(2)
        self.put(_ORDER, letter, **CENTRED, **BAND)
        self.merge(_LABEL, self.sheet.columns, text, **BAND)
        self.end(bold=True)

    def put(self, column: int, value: Any, **look: Any) -> None:
        super().put(column, self._spell(value) if isinstance(value, str) else value, **look)

    def merge(self, column: int, last_column: int, text: str, **look: Any) -> None:
        super().merge(column, last_column, self._spell(text), **look)

    def _spell(self, text: str) -> str:
        """A value of a list, also behind a dash, as it prints."""
        value = text.removeprefix("– ")
        return text.removesuffix(value) + self._plan.lists.printed.get(value, value)

    def draw_across(self, text: str, **look: Any) -> None:
        """A row that one text takes up."""
        self.merge(1, self.sheet.columns, text, **look)
        self.end(bold=True)

    def put_total_label(self, last_column: int) -> None:
        self.sheet.merge(
            self.row, 1, self.row, last_column, TOTAL_LABEL, **BOXED, font_size=self.size, **BOLD, **CENTRED
        )

    def finish(self, lead: Sequence[str], notes: Sequence[str], note_size: float = SIZE) -> None:
        """Notes, signatures and pages."""
        if self._landscape:
            below = self.row
            end = draw_notes_and_signatures(self.sheet, below, self._plan, lead, notes, note_size)
        else:
            below = draw_notes(self.sheet, self.row, lead, notes, note_size)
            end = draw_signatures(self.sheet, below, self._plan)
        together = [*self.together, *keep_foot(self.row - 1, below, end)]
        self.sheet.finish((self._heading_row, self.first_row - 1), _LABEL, together, self.size, self._warning)


def list_reckoned(columns: Sequence[FormColumn], first: int = 1) -> dict[int, tuple[str, Sequence[int]]]:
    """Which of these columns are reckoned from others, the first of them at this place."""
    places = {column.key: number for number, column in enumerate(columns, start=first)}
    return {
        places[c.key]: ("/" if c.share else "+", [places[key] for key in c.share or c.parts])
        for c in columns
        if c.share or c.parts
    }


def number_columns(count: int, reckoned: Reckoned) -> list[str]:
    """ "(7)=(6)/(5)×100": the number of each column and, of the reckoned ones, how; broken to stay narrow."""
    texts = []
    for place in range(1, count + 1):
        sign, parts = reckoned.get(place, ("", ()))
        pairs = (sign.join(f"({part})" for part in parts[at : at + 2]) for at in range(0, len(parts), 2))
        lines = [f"({place})=", f"\n{sign}".join(pairs), *(["×100"] if sign == "/" else [])]
        texts.append("\n".join(lines) if parts else f"({place})")
    return texts


def mark_of(sheet: str) -> str:
    """What a form calls itself: "Biểu số 1" on the sheet "Biểu 1"."""
    return re.sub(r"(?<=^Biểu) (?=\d)", " số ", sheet)


def divide(part: str, whole: str) -> str:
    """The formula of a percentage; a share of nothing is blank."""
    return f'IF({whole}=0,"",{part}/{whole}*100)'


def percent(part: float, whole: float) -> float | str:
    """What `divide` gives."""
    return part / whole * 100 if whole else ""


def name_runs(rows: Sequence[int], column: int) -> str:
    """The cells of a column in these rows, neighbours as a range."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        runs = [*runs[:-1], (runs[-1][0], row)] if runs and runs[-1][1] == row - 1 else [*runs, (row, row)]
    return ",".join(f"{cell_name(first, column)}:{cell_name(last, column)}" for first, last in runs)
