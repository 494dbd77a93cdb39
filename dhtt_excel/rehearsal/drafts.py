"""A workbook on its way: what stands in it and how it will be written. A breach of a rule is a change to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from dhtt_excel.excel.addresses import cell_name, cell_position
from dhtt_excel.findings import Finding, Rule, Severity
from dhtt_excel.form.draw_form import Entries, draw_form
from dhtt_excel.form.form import Form, Layout
from dhtt_excel.form.moments import spell_moments
from dhtt_excel.plan.plan import Level, Plan, Unit
from dhtt_excel.rehearsal.entries import find_extras, put_honoured_last, read_rows
from dhtt_excel.rehearsal.persons import Row
from dhtt_excel.rules import RULES

T = TypeVar("T")


class Place(NamedTuple):
    """Where a finding must stand, as findings say it; the cell is single."""

    unit: str
    file: str
    sheet: str = ""
    cell: str = ""

    def is_at(self, finding: Finding) -> bool:
        same = (finding.unit, finding.file, finding.sheet) == self[:3]
        return same and _covers(finding.cell, self.cell)


def _covers(cells: str, cell: str) -> bool:
    if not (cells and cell):
        return cells == cell
    first, _, last = cells.partition(":")
    bounds = zip(cell_position(first), cell_position(cell), cell_position(last or first), strict=True)
    return all(low <= at <= high for low, at, high in bounds)


class Planted(NamedTuple):
    """A breach that was made: the rule, where it must be found, in words what was done.

    Without places where the plan has nothing that could be broken, such as a unit that goes before the others.
    """

    code: str
    places: tuple[Place, ...]
    done: str

    def is_found(self, findings: Iterable[Finding]) -> bool:
        """Whether there is an error or a warning of this rule at every place."""
        own = [f for f in findings if f.code == self.code and f.severity is not Severity.NOTE]
        return all(any(place.is_at(f) for f in own) for place in self.places)


@dataclass(eq=False)
class Draft:
    """One unit's file before it is written. `edits` change its bytes; `taken` are delegates that a breach has used."""

    plan: Plan
    form: Form
    unit: Unit
    entries: Entries
    name: str
    rules: Iterable[Rule] = RULES
    edits: list[Callable[[bytes], bytes]] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)

    @property
    def plain(self) -> bool:
        """Whether it is just the form with the entries."""
        return self.rules is RULES and not self.edits

    def draw(self) -> bytes:
        entries = spell_moments(self.form, self.entries)
        data = draw_form(self.plan, self.form, self.unit, self.rules, entries)
        for edit in self.edits:
            data = edit(data)
        return data

    def place(self, table: str, column: str = "", row: int = 0) -> Place:
        """The cell of a field, of a column in a row, of a list's heading; without a column the whole sheet."""
        at = self.form.tables[table]
        return self.on_sheet(at.sheet, *(self._position(table, column, row or at.heading_row) if column else ()))

    def on_sheet(self, sheet: str = "", *position: int) -> Place:
        """A cell of any sheet, the sheet, or the file."""
        return Place(self.unit.code, self.name, sheet, cell_name(*position) if position else "")

    def get(self, table: str, column: str, row: int = 0) -> Any:
        return self.entries.get((self.form.tables[table].sheet, *self._position(table, column, row)))

    def put(self, table: str, column: str, value: Any, row: int = 0) -> Place:
        """Change a cell, None empties it; its place."""
        place = (self.form.tables[table].sheet, *self._position(table, column, row))
        if value is None:
            self.entries.pop(place, None)
        else:
            self.entries[place] = value
        return self.on_sheet(*place)

    def put_all(self, table: str, column: str, value: Any, rows: Iterable[Row] | None = None) -> Place:
        """Change a column in these rows, else in all that are filled; the place of its heading."""
        for row in self.rows(table) if rows is None else rows:
            self.put(table, column, value, row["excel_row"])
        return self.place(table, column)

    def clear(self, table: str) -> None:
        """Empty every row of a list."""
        for column in self.form.tables[table].by_key:
            self.put_all(table, column, None)

    def rows(self, table: str) -> list[Row]:
        return read_rows(self.form, self.entries, table)

    def delegates(self, group: str) -> list[Row]:
        """The delegates of a group: "exemplar" or "guest"."""
        return [row for row in self.rows("delegates") if self.plan.group_of_category[row["category"]] == group]

    def list_extras(self) -> list[Row]:
        """Exemplars on whom nothing else depends and whom no breach has used."""
        extras = put_honoured_last(self.form, self.entries, find_extras(self.plan, self.form, self.entries))
        return [row for row in extras if row["excel_row"] not in self.taken]

    def take_extra(self) -> int:
        """The row of such an exemplar, for one breach only."""
        row = int(self.list_extras()[0]["excel_row"])
        self.taken.add(row)
        return row

    def heading(self, table: str, column: str) -> str:
        return self.form.tables[table].by_key[column].heading

    def _position(self, table: str, column: str, row: int) -> tuple[int, int]:
        at = self.form.tables[table]
        first, letter = at.position(column)
        return (first if at.layout is Layout.FIELDS else row, letter)


# ---------------------------------------------------------------- breaches


class NothingToBreakError(Exception):
    """The plan has nothing to which the rule applies."""


def first(things: Iterable[T]) -> T:
    """The first of what a plan or a workbook may lack. Raises `NothingToBreakError`."""
    for thing in things:
        return thing
    raise NothingToBreakError


Made = tuple[list[Place], str]
"""Where the findings must be, and what was done."""


@dataclass(frozen=True)
class Breach:
    """The least change to what is sent that breaks one rule.

    `make` is given the file to spoil and all files that are sent. `needs` are parts of a workbook that must be as they
    are for the breach to show, `spoils` those that it takes from other breaches: two breaches are in each other's way
    where one spoils what the other needs or spoils. `level`: of the unit whose file it is; `pilot`: whether it can be
    the unit that goes before the others. `whole`: the rule judges the campaign, not one workbook. `alone`: the file is
    of no more use, so it is sent besides the unit's own.
    """

    code: str
    make: Callable[[Draft, list[Draft]], Made]
    needs: frozenset[str] = frozenset()
    spoils: frozenset[str] = frozenset()
    level: Level = "local"
    pilot: bool = True
    whole: bool = False
    alone: bool = False

    def plant(self, draft: Draft, sent: list[Draft]) -> Planted:
        try:
            places, done = self.make(draft, sent)
        except NothingToBreakError:
            return Planted(self.code, (), "")
        return Planted(self.code, tuple(places), done)

    def clashes(self, other: Breach) -> bool:
        return bool(self.spoils & (other.needs | other.spoils) or other.spoils & self.needs)

    def fits(self, unit: Unit) -> bool:
        return unit.level == self.level and (self.pilot or not unit.pilot)


FILE = "file"
"""What every breach needs of its unit: that it sends something."""


def in_workbook(
    rule: Rule, *, needs: Iterable[str] = (), spoils: Iterable[str] = (), level: Level = "local", alone: bool = False
) -> Callable[[Callable[[Draft], tuple[Place, str]]], Breach]:
    """Decorate a change to one draft into the Breach of a rule."""

    def decorate(change: Callable[[Draft], tuple[Place, str]]) -> Breach:
        def make(draft: Draft, _: list[Draft]) -> Made:
            place, done = change(draft)
            return [place], done

        return Breach(rule.code, make, frozenset({FILE, *needs}), frozenset(spoils), level, alone=alone)

    return decorate


def in_campaign(
    rule: Rule,
    *,
    needs: Iterable[str] = (FILE,),
    spoils: Iterable[str] = (),
    level: Level = "local",
    pilot: bool = True,
) -> Callable[[Callable[[Draft, list[Draft]], Made]], Breach]:
    """Decorate a change to what is sent into the Breach of a rule that only the campaign shows."""
    return lambda change: Breach(rule.code, change, frozenset(needs), frozenset(spoils), level, pilot, whole=True)
