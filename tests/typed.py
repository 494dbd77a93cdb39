"""A workbook as it comes back: the blank form with values typed into its cells, saved by a program that calculates nothing.

It reads as the one that `draw_form` draws of the same entries does, and takes a tenth of the time. What only drawing can
put into a cell (a value in place of a formula, a day where none is asked, anything among the form's own cells) is drawn.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from datetime import date, time
from functools import reduce
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import pytest

from dhtt_excel.excel.addresses import MAX_TEXT, cell_name, cell_position
from dhtt_excel.form.draw_form import Entries, draw_form
from dhtt_excel.form.form import NONE_COLUMN, TICK, Form, Kind, Layout
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.rehearsal import demo
from dhtt_excel.rehearsal.drafts import Planted
from dhtt_excel.rehearsal.invent_campaign import SentFile
from dhtt_excel.rules import RULES

_CELL = re.compile(r'<c r="([A-Z]+[0-9]+)"((?: s="[0-9]+")?)[^>]*?(?:/>|>.*?</c>)')
_SAVED = re.compile(r"(</f>)<v>[^<]*</v>")
_STYLED = re.compile(r"[=+\-@\t\r]")  # a text with this first needs a style that says so
_ODD = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|_x[0-9A-Fa-f]{4}_")
_SHEET = re.compile(r'<sheet name="([^"]*)" sheetId="([0-9]+)"')

_FIRST_DAY = date(1899, 12, 30)

_Parts = dict[str, bytes]


Typed = dict[str, dict[str, Any]]
"""By sheet and name of the cell a number or a text; None for a cell that was emptied."""


class Filled(NamedTuple):
    """A workbook, and what was typed into the blank form to get it; None where it had to be drawn."""

    data: bytes
    typed: Typed | None


def fill_in(plan: Plan, form: Form, unit: Unit, entries: Entries) -> bytes:
    """The unit's workbook with these entries in its cells, None for a cell that was emptied."""
    return fill(plan, form, unit, entries).data


def fill(plan: Plan, form: Form, unit: Unit, entries: Entries) -> Filled:
    blank, marks = _find_blank(plan, form, unit), _list_marks(form)
    typed: Typed = {}
    try:
        for (sheet, row, column), value in entries.items():
            is_mark = isinstance(value, bool) and (sheet, column) in marks
            shown = (TICK if value else None) if is_mark else blank.spell((sheet, row, column), value)
            typed.setdefault(sheet, {})[cell_name(row, column)] = shown
        parts = {name: blank.type_into(name, values) for name, values in typed.items()}
    except _OnlyDrawnError:
        return Filled(draw_form(plan, form, unit, RULES, entries), None)
    return Filled(blank.save(parts), typed)


def give_blank(plan: Plan, form: Form, unit: Unit) -> bytes:
    """The form into which these are typed."""
    return _find_blank(plan, form, unit).save({})


def _list_marks(form: Form) -> set[tuple[str, int]]:
    """Sheet and column where a form takes True for a mark."""
    tables = form.tables.values()
    marks = {(t.sheet, t.position(c.key)[1]) for t in tables for c in t.columns if c.kind is Kind.MARK}
    return marks | {(t.sheet, NONE_COLUMN) for t in tables if t.layout is Layout.LIST}


def by_place(changes: Mapping[str, Any]) -> Entries:
    """Values by address ("Đại biểu!E14") as entries."""
    places = ((address.partition("!"), value) for address, value in changes.items())
    return {(sheet, *cell_position(cell)): value for (sheet, _, cell), value in places}


def type_demo(plan: Plan, folder: Path, *, seed: int = 215, clean: bool = False) -> list[SentFile]:
    """The campaign of `write_demo`, its workbooks filled in instead of drawn."""
    with _typing():
        return demo.write_demo(plan, folder, seed=seed, clean=clean)


def type_rehearsal(plan: Plan, folder: Path, *, seed: int = 215) -> list[Planted]:
    """That of `write_rehearsal` likewise."""
    with _typing():
        return demo.write_rehearsal(plan, folder, seed=seed)


@contextmanager
def _typing() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "draw_form", lambda plan, form, unit, _, entries: fill_in(plan, form, unit, entries))
        yield


class _OnlyDrawnError(Exception):
    """A value, or a place for it, that typing does not give."""


class _Blank:
    """A blank form taken apart: its parts, and the text of its sheets without the saved values of formulas.

    Its cells for days and hours look as they do when they hold some.
    """

    def __init__(self, plan: Plan, form: Form, unit: Unit) -> None:
        self._plan, self._unit = plan, unit
        self._moments = dict(_list_moments(form))
        data = draw_form(plan, form, unit, RULES, self._moments)
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            self._parts = {name: package.read(name) for name in package.namelist()}
        names = _SHEET.findall(self._parts["xl/workbook.xml"].decode())
        self._paths = {name: f"xl/worksheets/sheet{number}.xml" for name, number in names}
        for path in self._paths.values():
            self._parts[path] = _SAVED.sub(r"\1", self._parts[path].decode()).encode()
        emptied: dict[str, dict[str, Any]] = {}
        for sheet, row, column in self._moments:
            emptied.setdefault(sheet, {})[cell_name(row, column)] = None
        for sheet, cells in emptied.items():
            self._parts[self._paths[sheet]] = self.type_into(sheet, cells)

    def of(self, unit: Unit) -> _Blank:
        """That of another unit, which differs in name and code alone."""
        changes = list(zip(_spell_unit(self._plan, self._unit), _spell_unit(self._plan, unit), strict=True))
        other = copy(self)
        other._parts = {
            name: reduce(lambda data, change: data.replace(*change), changes, part) if name.endswith(".xml") else part
            for name, part in self._parts.items()
        }
        return other

    def spell(self, at: tuple[str, int, int], value: Any) -> Any:
        """The value as it is saved: of a day or an hour, where one is asked, its number."""
        asked = self._moments.get(at)
        if not isinstance(value, (date, time)):
            if asked and isinstance(value, (int, float)):
                raise _OnlyDrawnError
            return value
        if type(value) is not type(asked):
            raise _OnlyDrawnError
        if isinstance(value, time):
            return (value.hour * 60 + value.minute + value.second / 60) / (24 * 60)
        return (value - _FIRST_DAY).days

    def type_into(self, sheet: str, values: dict[str, Any]) -> bytes:
        if sheet not in self._paths:
            raise _OnlyDrawnError
        left = dict(values)

        def put(match: re.Match[str]) -> str:
            name = match[1]
            if name not in left:
                return match[0]
            if "<f>" in match[0]:
                raise _OnlyDrawnError
            return f'<c r="{name}"{match[2]}{_spell(left.pop(name))}'

        typed = _CELL.sub(put, self._parts[self._paths[sheet]].decode())
        for name in sorted((n for n in left if left[n] is not None), key=cell_position):
            typed = _add_cell(typed, name, left[name])
        return typed.encode()

    def save(self, sheets: _Parts) -> bytes:
        changed = {self._paths[name]: data for name, data in sheets.items()}
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
            for name, data in self._parts.items():
                package.writestr(zipfile.ZipInfo(name), changed.get(name, data), zipfile.ZIP_DEFLATED)
        return buffer.getvalue()


def _spell_unit(plan: Plan, unit: Unit) -> tuple[bytes, ...]:
    """All that a form says of whose it is."""
    name = plan.name_of(unit)
    return name.encode(), name.upper().encode(), unit.code.encode()


_blanks: list[tuple[tuple[object, ...], _Blank]] = []


def _find_blank(plan: Plan, form: Form, unit: Unit) -> _Blank:
    """Drawn once for the units of a kind, of all plans that differ in their units alone."""
    words = [getattr(plan, name) for name in plan.__struct_fields__ if name != "units"]
    kind = (words, form, unit.level, unit.pilot)
    blank = next((blank for known, blank in _blanks if known == kind), None)
    if blank is None:
        blank = _Blank(plan, form, unit)
        _blanks.append((kind, blank))
    return blank.of(unit)


def _list_moments(form: Form) -> Iterator[tuple[tuple[str, int, int], date | time]]:
    """The cells in which a day or an hour is asked, with one in each."""
    for table in form.tables.values():
        for column in table.columns:
            if column.kind not in (Kind.DATE, Kind.TIME):
                continue
            first, place = table.position(column.key)
            rows = [first] if table.layout is Layout.FIELDS else range(table.first_row, table.last_row + 1)
            moment = _FIRST_DAY.replace(year=2020) if column.kind is Kind.DATE else time(8)
            yield from (((table.sheet, row, place), moment) for row in rows)


def _add_cell(text: str, name: str, value: Any) -> str:
    """The sheet with one more cell, right of all others in its row."""
    row, column = cell_position(name)
    cells = re.search(rf'<row r="{row}"(?: [^>]*[^/>])?>(.*?)(?=</row>)', text, re.DOTALL)
    if not cells or any(cell_position(other)[1] > column for other, _ in _CELL.findall(cells[1])):
        raise _OnlyDrawnError
    return f'{text[: cells.end()]}<c r="{name}"{_spell(value)}{text[cells.end() :]}'


def _spell(value: Any) -> str:
    """The rest of a cell with this value, as it is written by programs that share no texts."""
    match value:
        case None | "":
            return "/>"
        case bool():
            raise _OnlyDrawnError
        case int() | float():
            return f"><v>{value!r}</v></c>"
        case str() if len(value) < MAX_TEXT // 2 and not _ODD.search(value) and not _STYLED.match(value):
            return f' t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
        case _:
            raise _OnlyDrawnError
