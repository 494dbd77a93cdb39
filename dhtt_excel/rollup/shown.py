"""What the forms of a summary show, row by row, so that figures changed by hand are noticed.

A row is known by the texts to the left of its first number, wherever it stands: sorted rows, rows or columns put in and
other formats change nothing. A number typed as text is that number, a percentage that was rounded the same one. The first
column, with the order, does not count, and neither does whether a zero is shown: of an .xls nobody can tell a 0 from a
formula that shows nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, NamedTuple

from dhtt_excel.excel.addresses import Cell, cell_name, cell_position
from dhtt_excel.figures.city_forms import AWARDS_FORM, HONOURS_FORM, NOT_SENT, STRUCTURE_FORM, UNITS_FORM
from dhtt_excel.text.vietnamese import clean

FORMS = (UNITS_FORM, STRUCTURE_FORM, HONOURS_FORM, AWARDS_FORM)
_DECIMALS = 6
_ROUNDED = 0.0501  # how far a number with one decimal may be from what it was
_THOUSANDS = re.compile(r"-?[0-9]{1,3}([., \u00a0\u202f][0-9]{3})+")
_NUMBER = re.compile(r"(-?[0-9]{1,9}(?:[.,][0-9]{1,15})?) ?%?")
_BETWEEN = " | "


class ShownRow(NamedTuple):
    """A row with numbers, and the cells in which these stand."""

    label: str
    numbers: tuple[float, ...]
    cells: tuple[str, ...] = ()


class Change(NamedTuple):
    """What is not as it was written: a number in a cell, or with `cell` "" a row that is no more.

    `now` is None where no number stands any more, `written` where none stood; both, of a row that nobody wrote or that is gone.
    """

    cell: str
    label: str
    now: float | None = None
    written: float | None = None

    @property
    def at(self) -> Cell:
        return cell_position(self.cell)


def list_rows(cells: Mapping[Cell, Any]) -> Iterator[ShownRow]:
    """The rows of a sheet that have numbers."""
    order = min((column for _, column in cells), default=0)
    rows: dict[int, list[tuple[int, Any]]] = {}
    for (row, column), value in sorted(cells.items()):
        if column > order:
            rows.setdefault(row, []).append((column, value))
    for row, found in rows.items():
        numbers = [(column, number) for column, value in found if (number := _find_number(value)) is not None]
        first = next((column for column, number in numbers if number), None)
        if first:
            texts = [clean(value) for column, value in found if column < first and _is_text(value)]
            label = _BETWEEN.join(text for text in texts if text and text != NOT_SENT)
            counted = tuple(round(number, _DECIMALS) for _, number in numbers)
            yield ShownRow(label, counted, tuple(cell_name(row, column) for column, _ in numbers))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and _find_number(value) is None


def _find_number(value: Any) -> float | None:
    """The number in a cell, also one that was typed as text: "1.071", "70,4", "70,4 %"."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value)
    text = clean(value) if isinstance(value, str) else ""
    if _THOUSANDS.fullmatch(text):
        return float(re.sub(r"[^-0-9]", "", text))
    found = _NUMBER.fullmatch(text)
    return float(found[1].replace(",", ".")) if found else None


def find_changes(written: Sequence[ShownRow], now: Sequence[ShownRow]) -> list[Change]:
    """The cells whose numbers differ, row by row; a row that has no counterpart is told by its first cell."""
    waiting: dict[str, list[ShownRow]] = {}
    for row in written:
        waiting.setdefault(row.label, []).append(row)
    changed = []
    for row in now:
        same = next((other for other in waiting.get(row.label, []) if _are_same(other.numbers, row.numbers)), None)
        if same:
            waiting[row.label].remove(same)
        else:
            changed.append(row)
    changes: list[Change] = []
    for row in changed:
        before = waiting[row.label].pop(0) if waiting.get(row.label) else None
        changes += _compare(row, before) if before else [Change(row.cells[0], row.label)]
    gone = (row for rows in waiting.values() for row in rows)
    return [*changes, *(Change("", row.label) for row in gone)]


def _are_same(written: Sequence[float], now: Sequence[float]) -> bool:
    """Zeros may have become blanks, or come out of these, and may not have changed places."""
    if len(written) != len(now):
        written, now = list(filter(None, written)), list(filter(None, now))
    return len(written) == len(now) and all(map(_is_same, written, now))


def _is_same(written: float, now: float) -> bool:
    return abs(written - now) <= (0 if written.is_integer() and now.is_integer() else _ROUNDED)


def _compare(row: ShownRow, before: ShownRow) -> Iterator[Change]:
    """One by one where there are as many as there were; else by what stayed."""
    if len(before.numbers) == len(row.numbers):
        for cell, written, number in zip(row.cells, before.numbers, row.numbers, strict=True):
            if not _is_same(written, number):
                yield Change(cell, row.label, number, written)
        return
    were = [number for number in before.numbers if number]
    now = [(number, cell) for number, cell in zip(row.numbers, row.cells, strict=True) if number]
    kept = [next((was for was in were if _is_same(was, number)), number) for number, _ in now]
    for tag, first, last, start, end in SequenceMatcher[float](None, were, kept, autojunk=False).get_opcodes():
        if tag != "equal":
            for was, found in zip_longest(were[first:last], now[start:end]):
                yield Change(found[1] if found else "", row.label, found[0] if found else None, was)
