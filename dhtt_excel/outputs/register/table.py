"""A sheet of the register: a title, a table's columns and its lines, and the one loop that draws them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Generic, TypeVar

from dhtt_excel.excel.addresses import MAX_ROW, cell_name, quote_sheet
from dhtt_excel.excel.book import Book, Sheet, fit_value
from dhtt_excel.excel.looks import GUIDANCE, HEADING, LINK, TITLE
from dhtt_excel.excel.text_size import row_height
from dhtt_excel.outputs.register.paper import (
    HEADING_ROW,
    LINE_HEIGHT,
    MARK,
    SIZE,
    STAMP,
    STAMP_WIDTH,
    TEXT,
    Look,
    fit_column,
    heading_height,
    height_of_lines,
    lines_of,
    set_print,
    turned_height,
)
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import format_number, slug

Line = TypeVar("Line")
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class SheetColumn(Generic[Line]):
    """A column and what it shows of a line.

    `width`: Excel's unit; where `fitted`, the widest that it may become for its own texts and those of `beside`.
    `value`: without one, the number of the line. `link`: the target of a link. `formula`: "" for none; it also gets
    what names the cell below a heading in the same row. `colours`: conditional formats, xlsxwriter's rule and the look;
    "{cell}" in a rule is the first cell. `one_line`: never wrapped. `narrow`: the heading is turned.
    """

    heading: str
    width: float
    look: Look | Callable[[Line], Look]
    value: Callable[[Line], Any] | None = None
    link: Callable[[Line], str | None] | None = None
    formula: Callable[[Line, Callable[[str], str]], str] | None = None
    colours: Sequence[tuple[Mapping[str, Any], Look]] = ()
    fitted: bool = False
    beside: Sequence[str] = ()
    one_line: bool = False
    narrow: bool = False

    def list_values(self, lines: Sequence[Line], before: int) -> list[Any]:
        """The cells of these lines; so many lines stand `before` them."""
        if self.value is None:
            return [*range(before + 1, before + len(lines) + 1)]
        return list(map(fit_value, map(self.value, lines)))


@dataclass(frozen=True)
class SheetTable(Generic[Line]):
    """A sheet with one table.

    `told`: one or two lines below the title, the second over all columns or over the free ones up to `told_over`.
    `groups`: headings over so many columns each; such a table has a plain filter, others are tables of Excel's.
    `empty_look`: of the one blank line of a table without lines; `empty_height`: that this line is as high as others.
    `foot`: rows below that are coloured as the lines are. `before`: lines on the sheets before this one.

    A sheet has no room for more rows than Excel has: `parts` are the sheets on which such a table goes on.
    """

    name: str
    title: str
    told: Sequence[str]
    columns: Sequence[SheetColumn[Line]]
    lines: Sequence[Line]
    frozen: int = 3
    groups: Sequence[tuple[str, int]] = ()
    told_over: int = 0
    empty_look: Look | None = None
    empty_height: bool = False
    foot: int = 0
    before: int = 0

    @property
    def label_row(self) -> int:
        return HEADING_ROW + bool(self.groups)

    @property
    def first_row(self) -> int:
        return self.label_row + 1

    @property
    def last_row(self) -> int:
        """A table of Excel's has at least one line, if a blank one."""
        return self.label_row + max(1, len(self.lines))

    @property
    def parts(self) -> list[SheetTable[Line]]:
        """The table itself, or one for each sheet that it takes."""
        spans = split_lines(len(self.lines), self.label_row + self.foot)
        if len(spans) == 1:
            return [self]
        return [self._take_part(number, span, len(spans)) for number, span in enumerate(spans)]

    def _take_part(self, number: int, span: range, count: int) -> SheetTable[Line]:
        lines = f"{format_number(span.start + 1)} – {format_number(span.stop)}"
        title = f"{self.title} – PHẦN {number + 1}/{count}: DÒNG {lines}"
        taken = self.lines[span.start : span.stop]
        return replace(self, name=name_part(self.name, number), title=title, lines=taken, before=span.start)

    @cached_property
    def places(self) -> dict[str, int]:
        """The columns by heading, from 1."""
        return {column.heading: number for number, column in enumerate(self.columns, start=1)}

    @cached_property
    def values(self) -> list[list[Any]]:
        """By column, then line."""
        return [column.list_values(self.lines, self.before) for column in self.columns]

    @cached_property
    def widths(self) -> list[float]:
        return [
            fit_column(column.heading, [*filter(_is_text, values), *column.beside], column.width)
            if column.fitted
            else column.width
            for column, values in zip(self.columns, self.values, strict=True)
        ]

    @cached_property
    def heights(self) -> list[float]:
        """Of each line. Few texts of a column are different, so each is measured once."""
        needed = [1] * len(self.lines)
        for column, values, width in zip(self.columns, self.values, self.widths, strict=True):
            counts = {v: lines_of(v, width) if _is_text(v) else 1 for v in dict.fromkeys(values)}
            if not column.one_line and max(counts.values(), default=1) > 1:
                needed = list(map(max, needed, map(counts.__getitem__, values)))
        height_of = {count: height_of_lines(count) for count in set(needed)}
        return [height_of[count] for count in needed]

    @property
    def heading_height(self) -> float:
        level = [(c.heading, width) for c, width in zip(self.columns, self.widths, strict=True) if not c.narrow]
        return max(heading_height(level), *(turned_height(c.heading) if c.narrow else 0 for c in self.columns))

    def draw(self, book: Book, result: Result) -> tuple[Sheet, SheetTable[Line]]:
        """Draw all of its sheets; the last of them, and what of the table stands there."""
        *_, last = ((part.draw_part(book, result), part) for part in self.parts)
        return last

    def draw_part(self, book: Book, result: Result) -> Sheet:
        sheet = self.draw_headings(book, result)
        self.draw_lines(book, sheet)
        return sheet

    def draw_headings(self, book: Book, result: Result) -> Sheet:
        """The sheet down to the headings of its table."""
        sheet = self._add_sheet(book)
        set_print(sheet, result, self.label_row)
        if self.groups:
            self._put_headings(book, sheet)
            sheet.xl.autofilter(self.label_row - 1, 0, self.last_row - 1, len(self.columns) - 1)
        else:
            look = book.style(**HEADING).plain
            columns = [{"header": column.heading, "header_format": look} for column in self.columns]
            options = {"name": f"DS_{slug(self.name).replace('-', '_')}", "style": "Table Style Light 1"}
            sheet.add_table(HEADING_ROW, 1, self.last_row, {**options, "columns": columns})
        sheet.set_height(self.label_row, self.heading_height)
        return sheet

    def _add_sheet(self, book: Book) -> Sheet:
        """The sheet with mark, title and what is told below, its widths and frozen panes.

        The mark stands over the frozen columns, so that it is always in sight.
        """
        sheet, frozen, widths = book.add_sheet(self.name), self.frozen, self.widths
        short = max(0.0, STAMP_WIDTH - sum(widths[:frozen]))  # the columns of an empty list are narrow
        for column, width in enumerate(widths, start=1):
            sheet.set_width(column, width + short if column == frozen else width)
        sheet.merge(1, 1, 2, frozen, MARK, book.style(**STAMP))
        sheet.put(1, frozen + 1, self.title, book.style(**TITLE, indent=1))
        sheet.set_height(1, 24)
        sheet.put(2, frozen + 1, self.told[0], book.style(**GUIDANCE, indent=1))
        sheet.set_height(2, LINE_HEIGHT + 4)
        first, last = (frozen + 1, self.told_over) if self.told_over else (1, len(widths))
        for line in self.told[1:]:
            sheet.merge(3, first, 3, last, line, book.style(**GUIDANCE, text_wrap=True))
            sheet.set_height(3, row_height([(line, sum(widths[first - 1 : last]))], SIZE) + 4)
        sheet.xl.freeze_panes(self.label_row, frozen)
        sheet.xl.hide_gridlines(2)
        sheet.xl.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # codes are texts
        return sheet

    def _put_headings(self, book: Book, sheet: Sheet) -> None:
        first = 1
        for group, members in self.groups:
            end = first + members
            sheet.merge(HEADING_ROW, first, HEADING_ROW, end - 1, group, book.style(**HEADING))
            for number, column in enumerate(self.columns[first - 1 : end - 1], start=first):
                turned = {"rotation": 90, "valign": "bottom"} if column.narrow else {}
                sheet.put(self.label_row, number, column.heading, book.style(**HEADING, **turned))
            first = end

    def draw_lines(self, book: Book, sheet: Sheet) -> None:
        rows = range(self.first_row, self.first_row + len(self.lines))
        puts = [self._choose_put(book, sheet, column, number) for number, column in enumerate(self.columns, start=1)]
        cells = [map(put, rows, self.lines, values) for put, values in zip(puts, self.values, strict=True)]
        for row, height, *_ in zip(rows, self.heights, *cells, strict=True):  # each step writes a row
            sheet.set_height(row, height)
            sheet.let_go_above(row)
        if not self.lines:
            self._put_blank_line(book, sheet)
        self._colour(book, sheet)

    def _colour(self, book: Book, sheet: Sheet) -> None:
        for number, column in enumerate(self.columns, start=1):
            cell = {"cell": cell_name(self.first_row, number)}
            for rule, look in column.colours:
                filled = {key: v.format_map(cell) if isinstance(v, str) else v for key, v in rule.items()}
                filled["format"] = book.bare_format(**look)
                sheet.colour(self.first_row, number, self.last_row + self.foot, number, filled)

    def _put_blank_line(self, book: Book, sheet: Sheet) -> None:
        for number, column in enumerate(self.columns, start=1):
            look = self.empty_look or column.look
            sheet.put(self.first_row, number, None, book.style(**(TEXT if callable(look) else look)))
        if self.empty_height:
            sheet.set_height(self.first_row, height_of_lines(1))

    def _choose_put(
        self, book: Book, sheet: Sheet, column: SheetColumn[Line], place: int
    ) -> Callable[[int, Line, Any], None]:
        """How a cell of the column is written: row, line, value."""
        look, link, formula = column.look, column.link, column.formula
        if not callable(look) and not link and not formula:
            style = book.style(**look)
            return lambda row, _, value: sheet.put(row, place, value, style)

        def put(row: int, line: Line, value: Any) -> None:
            own = look(line) if callable(look) else look
            if formula and value is not None:
                text = formula(line, lambda name: cell_name(row, self.places[name]))
                if text:
                    sheet.put_formula(row, place, text, value, book.style(**own))
                    return
            target = link(line) if link and value else None
            if target:
                own = {**own, **LINK}
                sheet.put_link(row, place, target, str(value), book.style(**own))
            sheet.put(row, place, value, book.style(**own))  # over the link's text: a count stays a number

        return put


def split_lines(count: int, used: int = HEADING_ROW) -> list[range]:
    """Which lines of a table stand on each of its sheets; `used`: rows that a sheet needs besides them."""
    room = MAX_ROW - used
    return [range(start, min(start + room, count)) for start in range(0, count or 1, room)]


def name_part(name: str, number: int) -> str:
    """The name of a sheet on which a table goes on; `number`: 0 for the first."""
    return f"{name} ({number + 1})" if number else name


def locate(name: str, keys: Sequence[Key]) -> dict[Key, str]:
    """The first line of each key in the table of this sheet, as the target of a link; `keys`: of all lines."""
    targets: dict[Key, str] = {}
    for number, span in enumerate(split_lines(len(keys))):
        sheet = quote_sheet(name_part(name, number))
        for row, key in enumerate(keys[span.start : span.stop], start=HEADING_ROW + 1):
            targets.setdefault(key, f"{sheet}!A{row}")
    return targets


def _is_text(value: Any) -> bool:
    return isinstance(value, str)
