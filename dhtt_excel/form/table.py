"""What a table of the form and a column of it are. Rows and columns count from 1, as Excel shows them."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from enum import Enum, auto
from functools import cached_property


class Kind(Enum):
    """What a cell holds, and so how it is offered, checked, read and stored."""

    FIXED = auto()  # printed by the form; identifies the line
    ORDER = auto()  # STT: decoration, never read
    TEXT = auto()  # str
    CHOICE = auto()  # str, a value of `choices`
    YEAR = auto()  # int, four digits
    DATE = auto()  # datetime.date
    TIME = auto()  # int, minutes since midnight
    COUNT = auto()  # int >= 0
    MARK = auto()  # bool, "x" or empty
    STATUS = auto()  # what its row lacks, by formula; never read


@dataclass(frozen=True)
class Column:
    """A column of a list, or a line of a FIELDS table.

    `width`: in characters. `choices`: a code list, by its field of `Lists`. `aliases`: other headings that are read as
    this one. `when` = (column, keys): required only where that column's choice has one of these keys; `only`: elsewhere
    it is not asked at all, and what stands there is not taken. `personal`: names people, so its contents are not repeated
    in messages. `blank_rule`: the rule that reports an empty required cell. `upper_heading`, `upper_hint`: what the upper
    unit's own form says instead. `place`: the sheet column where it stands, if that is not the next one; `span`: how many
    sheet columns the printed cell takes (merged). `since`: the first version of the form that has it.
    """

    key: str
    heading: str
    kind: Kind
    width: float
    required: bool = False
    choices: str = ""
    hint: str = ""
    aliases: tuple[str, ...] = ()
    _: KW_ONLY
    when: tuple[str, tuple[str, ...]] | None = None
    only: bool = False
    personal: bool = False
    blank_rule: str = "O01"
    upper_heading: str = ""
    upper_hint: str = ""
    place: int = 0
    span: int = 1
    since: int = 1

    @property
    def label(self) -> str:
        """The heading as printed, starred where required, twice where only of some lines; the blank does not break."""
        if not self.required or (self.when and not self.only):
            return self.heading
        return f"{self.heading}\N{NO-BREAK SPACE}{'**' if self.only else '*'}"

    @property
    def asked(self) -> bool:
        """Whether an empty cell is told, here or by a rule of its own."""
        return self.required or self.blank_rule != Column.blank_rule

    @property
    def is_read(self) -> bool:
        """Whether it holds data."""
        return self.kind not in (Kind.ORDER, Kind.STATUS)

    @property
    def needed(self) -> bool:
        """Whether the check needs it: it must be filled, or its blanks say "no" and "none" and so count.

        Elsewhere a column that is gone says no less than one that was left empty.
        """
        return self.required or self.kind in (Kind.MARK, Kind.COUNT)

    def is_in(self, version: int | None) -> bool:
        """Whether a form of this version has the column; one that does not say its version is taken for the present one."""
        return self.since == 1 or version is None or self.since <= version


class Layout(Enum):
    FIELDS = auto()  # one value a line: label, input, hint
    LIST = auto()  # free lines below a heading row
    LINES = auto()  # fixed lines below a heading row


@dataclass(frozen=True)
class Table:
    """A table of the form and where it stands in a fresh workbook.

    `rows_a_line`: how many rows a fixed line has, each for a paragraph of its text. `groups`: index of a fixed line ─► the
    heading of the group that begins with it, which is printed in a row of its own.
    """

    key: str
    sheet: str
    title: str
    layout: Layout
    columns: tuple[Column, ...]
    heading_row: int = 4
    capacity: int = 0
    lines: tuple[tuple[str, ...], ...] = ()
    aliases: tuple[str, ...] = ()
    rows_a_line: int = 1
    groups: tuple[tuple[int, str], ...] = ()

    @property
    def first_row(self) -> int:
        return self.heading_row + 1

    @property
    def last_row(self) -> int:
        return self.heading_row + self.capacity

    @cached_property
    def line_rows(self) -> tuple[int, ...]:
        """The first row of each fixed line."""
        above = [sum(first <= index for first, _ in self.groups) for index in range(len(self.lines))]
        return tuple(self.first_row + index * self.rows_a_line + rows for index, rows in enumerate(above))

    @cached_property
    def by_key(self) -> dict[str, Column]:
        return {c.key: c for c in self.columns}

    @cached_property
    def stored(self) -> tuple[Column, ...]:
        """The columns that a merged table has."""
        return tuple(c for c in self.columns if c.is_read)

    @property
    def first_column(self) -> int:
        """The sheet column in which the table begins on paper."""
        return 1 + (self.columns[0].kind is Kind.STATUS)

    @property
    def input_columns(self) -> range:
        """The sheet columns of a list in which people write."""
        return range(*(self.position(self.stored[at].key)[1] + end for at, end in ((0, 0), (-1, 1))))

    @property
    def line_key(self) -> str:
        """The column by which a fixed line is known; "" where the table has none."""
        fixed = (c.key for c in self.columns if c.kind is Kind.FIXED)
        return next(fixed, "") if self.layout is Layout.LINES else ""

    def needs(self, column: Column) -> bool:
        """Whether the check cannot do without the column."""
        return column.needed or column.key == self.line_key

    def position(self, key: str) -> tuple[int, int]:
        """Row and column of a FIELDS table's input cell, or of the first cell in this column of a list or of fixed lines."""
        place = self._places[key]
        if self.layout is Layout.FIELDS:
            return self.first_row + place - 1, 2
        return (self.line_rows[0] if self.lines else self.first_row), place

    @cached_property
    def _places(self) -> dict[str, int]:
        places, following = {}, 1
        for column in self.columns:
            places[column.key] = column.place or following
            following = places[column.key] + column.span
        return places
