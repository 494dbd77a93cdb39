"""The nothing-lost ledger: every filled cell received ends in exactly one place.

received = printed by the form + used + rejected + blank to the eye + outside the form + lost

`received` comes from the guard's count, the rest from reading: two countings that must agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from dhtt_excel.excel.addresses import Cell
from dhtt_excel.excel.cells import CellError, is_blank, show_value
from dhtt_excel.form.form import CHECK_SHEET, IDENTITY_SHEET, Table
from dhtt_excel.form.former_texts import CHECK_CELLS, FORMER_TEXTS
from dhtt_excel.form.sheets.paper import Figures
from dhtt_excel.form.stamps import strip_notes
from dhtt_excel.inbox.raw import Aside, AsideKind, RawSheet
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.text.vietnamese import fold

_NUMBER, _ANY = re.compile("[0-9]+"), "#"  # no key has this sign


class LedgerError(AssertionError):
    """Cells in are not cells out: a bug that must not pass in silence."""


class OutsideCell(NamedTuple):
    """A filled cell that belongs to no place of the form."""

    row: int
    column: int
    text: str


@dataclass
class Account:
    """Where the filled cells of one sheet of one file went; and what people put beside its cells, which is not counted."""

    sheet: str
    visible: bool
    received: int
    printed: int = 0
    used: int = 0
    rejected: int = 0
    blank: int = 0
    lost: int = 0
    outside: list[OutsideCell] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)

    @property
    def balanced(self) -> bool:
        accounted = self.printed + self.used + self.rejected + self.blank + self.lost + len(self.outside)
        return accounted == self.received


@dataclass
class Marks:
    """What reading did with the cells of one sheet, while it goes on."""

    used: set[Cell] = field(default_factory=set)
    rejected: set[Cell] = field(default_factory=set)
    printed: set[Cell] = field(default_factory=set)
    unsaved: set[Cell] = field(default_factory=set)  # formulas without a saved value that are told as blanks
    expected_outside: set[Cell] = field(
        default_factory=set
    )  # foot lines and the like: outside, and nobody need be told


class PrintedForm:
    """What the form itself prints, so that it can be told from what people write.

    `printed`: by code of a unit of each kind (level, pilot or not), what its blank form prints: sheet ─► cell ─► value.
    The forms of two units of one kind differ only in name and code.
    """

    def __init__(self, plan: Plan, printed: Mapping[str, Mapping[str, Mapping[Cell, Any]]]) -> None:
        self._plan = plan
        self._counting = {
            (sheet, cell)
            for sheets in printed.values()
            for sheet, values in sheets.items()
            for cell, value in values.items()
            if isinstance(value, Figures)
        }
        self._known: dict[tuple[str, bool], tuple[dict[str, set[Cell]], dict[str, set[str]]]] = {}
        self._offered: dict[tuple[str, bool], dict[tuple[str, Cell], str]] = {}
        for code, sheets in printed.items():
            unit = plan.units_by_code[code]
            cells = {sheet: set(values) for sheet, values in sheets.items()}
            texts = {
                sheet: {key for value in values.values() if value is not None for key in self._keys(value, unit)}
                for sheet, values in sheets.items()
            }
            self._add_former(cells, texts, unit)
            self._known[unit.level, unit.pilot] = (cells, texts)
            self._offered[unit.level, unit.pilot] = {
                (sheet, cell): self._key(value, unit)
                for sheet, values in sheets.items()
                for cell, value in values.items()
            }

    def _add_former(self, cells: dict[str, set[Cell]], texts: dict[str, set[str]], unit: Unit) -> None:
        """What the forms of earlier versions printed."""
        for sheet, known in FORMER_TEXTS.items():
            own = (text.format(unit=self._plan.name_of(unit), code=unit.code) for text in known)
            texts.setdefault(sheet, set()).update(self._key(text, unit) for text in own)
        rows, columns = CHECK_CELLS
        cells[CHECK_SHEET].update((row, column) for row in range(1, rows + 1) for column in range(1, columns + 1))

    def is_printed(self, unit: Unit, sheet: str, cell: Cell, raw: Any) -> bool:
        """Whether this cell of a form's sheet shows what the form prints there; on sheets of lists, or anywhere."""
        cells, texts = self._known[unit.level, unit.pilot]
        if sheet in (CHECK_SHEET, IDENTITY_SHEET) and cell in cells[sheet]:
            return True
        if (sheet, cell) in self._counting and (raw == 0 or isinstance(raw, CellError)):  # 0: in an .xls of LibreOffice
            return True
        key, known = self._key(raw, unit), texts.get(sheet, ())
        return key in known or _NUMBER.sub(_ANY, key) in known

    def is_prefilled(self, unit: Unit, table: Table, column: str, raw: Any) -> bool:
        """Whether an input cell of a FIELDS table shows what the form offers there."""
        offered = self._offered[unit.level, unit.pilot].get((table.sheet, table.position(column)))
        return offered is not None and not is_blank(raw) and self._key(raw, unit) == offered

    def _keys(self, printed: Any, unit: Unit) -> list[str]:
        """The keys of what is printed; of texts in which only the numbers change, without these."""
        if not isinstance(printed, Figures):
            return [self._key(printed, unit)]
        return [_NUMBER.sub(_ANY, self._key(text, unit)) for text in printed.split("\n")]

    def _key(self, raw: Any, unit: Unit) -> str:
        text = show_value(raw)
        return fold(text).replace(fold(self._plan.name_of(unit)), "{}").replace(fold(unit.code), "{}") or text


def settle(sheet: RawSheet, title: str, marks: Marks, unit: Unit | None, printed: PrintedForm) -> Account:
    """Put every filled cell of a sheet into its place. `title`: the form's sheet that it is, or "" for none.

    Raises `LedgerError` where the cells in are not the cells out.
    """
    account = Account(sheet.name, sheet.visible, sheet.received, lost=sheet.lost, asides=_list_asides(sheet))
    read = marks.used | marks.rejected
    account.used, account.rejected = len(marks.used), len(read) - len(marks.used)
    left = [
        (row, column, raw)
        for row, cells in enumerate(sheet.rows, start=1)
        if cells.count("") < len(cells)
        for column, raw in enumerate(cells, start=1)
        if raw != "" and (row, column) not in read
    ]
    for row, column, raw in left:
        cell = (row, column)
        if is_blank(raw):
            account.blank += 1
        elif cell in marks.printed or (unit and title and printed.is_printed(unit, title, cell, raw)):
            account.printed += 1
        else:
            account.outside.append(OutsideCell(row, column, show_value(raw)))
    if not account.balanced:
        raise LedgerError(f"{sheet.name}: {account}")
    return account


def _list_asides(sheet: RawSheet) -> list[Aside]:
    """What a sheet holds beside its cells, without the notes of a returned copy."""
    told = [aside._replace(text=strip_notes(aside.text)) for aside in sheet.asides]
    return [aside for aside in told if aside.text or aside.kind is not AsideKind.NOTE]


def merge_accounts(accounts: Iterable[Account]) -> Account:
    """The sum of several sheets."""
    total = Account("", visible=True, received=0)
    for account in accounts:
        for name in ("received", "printed", "used", "rejected", "blank", "lost"):
            setattr(total, name, getattr(total, name) + getattr(account, name))
        total.outside += account.outside
    return total
