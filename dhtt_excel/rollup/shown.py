"""What the forms of a summary show, row by row, so that figures changed by hand are noticed.

A row is known by the texts to the left of its first number, wherever it stands: sorted rows, rows put above the table and
other formats change nothing. The first column, with the order, does not count, and neither do zeros: of an .xls nobody
can tell a 0 from a formula that shows nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, NamedTuple

from dhtt_excel.excel.addresses import Cell, cell_name, cell_position
from dhtt_excel.figures.city_forms import AWARDS_FORM, HONOURS_FORM, NOT_SENT, STRUCTURE_FORM, UNITS_FORM
from dhtt_excel.text.vietnamese import clean

FORMS = (UNITS_FORM, STRUCTURE_FORM, HONOURS_FORM, AWARDS_FORM)
_DECIMALS = 6
_ORDER = 1
_BETWEEN = " | "


class ShownRow(NamedTuple):
    """A row with numbers, and the cells in which these stand."""

    label: str
    numbers: tuple[float, ...]
    cells: tuple[str, ...] = ()


class Change(NamedTuple):
    """What is not as it was written: a number in a cell (0: none), or with `cell` "" one that is no more in a row.

    `strange`: nobody wrote a row with that label; `gone`: such a row is no more.
    """

    cell: str
    label: str
    now: float = 0
    written: float = 0
    strange: bool = False
    gone: bool = False

    @property
    def at(self) -> Cell:
        return cell_position(self.cell)


def list_rows(cells: Mapping[Cell, Any]) -> Iterator[ShownRow]:
    """The rows of a sheet that have numbers."""
    rows: dict[int, list[tuple[int, Any]]] = {}
    for (row, column), value in sorted(cells.items()):
        if column > _ORDER:
            rows.setdefault(row, []).append((column, value))
    for row, found in rows.items():
        numbers = [(column, value) for column, value in found if _is_number(value) and value]
        if numbers:
            texts = [clean(value) for column, value in found if isinstance(value, str) and column < numbers[0][0]]
            label = _BETWEEN.join(text for text in texts if text and text != NOT_SENT)
            counted = tuple(round(float(value), _DECIMALS) for _, value in numbers)
            yield ShownRow(label, counted, tuple(cell_name(row, column) for column, _ in numbers))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def find_changes(written: Sequence[ShownRow], now: Sequence[ShownRow]) -> list[Change]:
    """The cells whose numbers differ, row by row; a row that has no counterpart is told by its first cell."""
    waiting: dict[str, list[ShownRow]] = {}
    for row in written:
        waiting.setdefault(row.label, []).append(row)
    changed = []
    for row in now:
        same = next((other for other in waiting.get(row.label, []) if other.numbers == row.numbers), None)
        if same:
            waiting[row.label].remove(same)
        else:
            changed.append(row)
    changes: list[Change] = []
    for row in changed:
        before = waiting[row.label].pop(0) if waiting.get(row.label) else None
        changes += _compare(row, before)
    gone = (row for rows in waiting.values() for row in rows)
    return [*changes, *(Change("", row.label, gone=True) for row in gone)]


def _compare(row: ShownRow, before: ShownRow | None) -> Iterator[Change]:
    if before is None:
        yield Change(row.cells[0], row.label, row.numbers[0], strange=True)
        return
    for _, first, last, start, end in SequenceMatcher(None, before.numbers, row.numbers, autojunk=False).get_opcodes():
        pairs = zip_longest(before.numbers[first:last], row.numbers[start:end], row.cells[start:end])
        for written, now, cell in pairs:
            if written != now:
                yield Change(cell or "", row.label, now or 0, written or 0)
