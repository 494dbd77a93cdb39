"""Two submissions of a unit ─► what changed in the data between them, row by row and cell by cell.

Rows of a list have no number of their own: equal rows are the same row, then rows of the same name, then rows in the
same place that are alike in half of their cells. What is left was added or removed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from dhtt_excel.excel.cells import show_value
from dhtt_excel.form.form import Column, Form, Kind, Layout, Table
from dhtt_excel.reading.submissions import ReadTable
from dhtt_excel.text.vietnamese import fold, name_key

_ALIKE = 0.5  # of the cells of two rows in the same place, for the one to be the other corrected


class Change(NamedTuple):
    """A row added or removed (`column` is "", its name in `after` or `before`), or a changed cell.

    Rows: of the earlier and of the later file.
    """

    kind: Literal["added", "removed", "changed"]
    table: str
    old_row: int
    new_row: int
    column: str = ""
    before: Any = None
    after: Any = None


@dataclass
class Comparison:
    """`rows`: of each list, row of the earlier file ─► the same row in the later one."""

    changes: list[Change] = field(default_factory=list)
    rows: dict[str, dict[int, int]] = field(default_factory=dict)

    def count(self, kind: str) -> int:
        return sum(change.kind == kind for change in self.changes)


_Row = dict[str, Any]


def compare_submissions(earlier: Mapping[str, ReadTable], later: Mapping[str, ReadTable], form: Form) -> Comparison:
    """What changed, in the order of the form. A table that one of the files lacks is not compared."""
    comparison = Comparison()
    for key, table in form.tables.items():
        if key in earlier and key in later:
            _compare_tables(table, earlier[key], later[key], comparison)
    return comparison


def _compare_tables(table: Table, old: ReadTable, new: ReadTable, comparison: Comparison) -> None:
    columns = [c for c in table.stored if c.kind is not Kind.FIXED]
    before, after = _list_values(table, columns, old), _list_values(table, columns, new)
    if table.layout is Layout.LIST:
        pairs = _pair_rows(before, after, new.heading_row - old.heading_row)
    else:
        pairs = [(row, row) for row in before if row in after]
    numbers = [(_number(table, old, first), _number(table, new, second)) for first, second in pairs]
    comparison.rows[table.key] = dict(numbers)
    changes = [
        Change("changed", table.key, *rows, column.key, before[first][column.key], after[second][column.key])
        for (first, second), rows in zip(pairs, numbers, strict=True)
        for column in columns
        if before[first][column.key] != after[second][column.key]
    ]
    if table.layout is Layout.LIST:
        kept = dict(pairs)
        added = after.keys() - set(kept.values())
        changes += [Change("removed", table.key, n, 0, "", before[n].get("name")) for n in before.keys() - kept.keys()]
        changes += [Change("added", table.key, 0, n, "", None, after[n].get("name")) for n in added]
    comparison.changes += sorted(changes, key=lambda c: (c.new_row or c.old_row, c.old_row))


def _list_values(table: Table, columns: Iterable[Column], read: ReadTable) -> dict[int, _Row]:
    """Rows by their number in a list, by the place of the line elsewhere; a value as a reader sees it."""
    show = _shown_in_one_line if table.rows_a_line > 1 else _shown  # a long text may have been cut in other places
    values = [(row["excel_row"], {c.key: show(read.value(c.key, row)) for c in columns}) for row in read.rows]
    return dict(values) if table.layout is Layout.LIST else {index: cells for index, (_, cells) in enumerate(values)}


def _number(table: Table, read: ReadTable, row: int) -> int:
    return row if table.layout is Layout.LIST else read.rows[row]["excel_row"]


def _shown(value: Any) -> Any:
    return show_value(value) if isinstance(value, (str, float)) else value


def _shown_in_one_line(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else _shown(value)


def _pair_rows(before: Mapping[int, _Row], after: Mapping[int, _Row], shift: int) -> list[tuple[int, int]]:
    """Rows of the two lists that are the same row; `shift`: how far the later list stands below the earlier."""
    pairs: dict[int, int] = {}
    for key in (_all_cells, _exact_name, _rough_name):
        pairs |= _pair_by(key, _without(before, pairs), _without(after, pairs.values()))
    free = _without(after, pairs.values())
    for row, cells in _without(before, pairs).items():
        if row + shift in free and _alike(cells, free[row + shift]):
            pairs[row] = row + shift
    return sorted(pairs.items())


def _pair_by(key: Callable[[_Row], Hashable], before: Mapping[int, _Row], after: Mapping[int, _Row]) -> dict[int, int]:
    """Rows with the same key, in their order; an empty key is nobody's."""
    waiting: dict[Hashable, deque[int]] = {}
    for number, row in after.items():
        waiting.setdefault(key(row), deque()).append(number)
    wanted = ((number, key(row)) for number, row in before.items())
    return {number: waiting[name].popleft() for number, name in wanted if name and waiting.get(name)}


def _all_cells(row: _Row) -> Hashable:
    return tuple(row.values())


def _exact_name(row: _Row) -> Hashable:
    return name_key(str(row.get("name") or ""))


def _rough_name(row: _Row) -> Hashable:
    return fold(str(row.get("name") or ""))


def _without(rows: Mapping[int, _Row], taken: Iterable[int]) -> dict[int, _Row]:
    gone = set(taken)
    return {number: row for number, row in rows.items() if number not in gone}


def _alike(first: _Row, second: _Row) -> bool:
    filled = [key for key in first if first[key] is not None or second[key] is not None]
    same = sum(bool(first[key] == second[key]) for key in filled)
    return same >= _ALIKE * len(filled)
