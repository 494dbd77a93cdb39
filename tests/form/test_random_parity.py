"""Workbooks filled in at random: what sheet "Kiểm tra" says, recalculated by LibreOffice, is what Python says."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date, time
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dhtt_excel.form.check_lines import list_lines
from dhtt_excel.form.draw_form import Entries
from dhtt_excel.form.form import TICK, Column, Form, Kind, Layout, Table
from dhtt_excel.plan.plan import Plan
from dhtt_excel.rules import RULES
from tests.form.both_sides import Judge, ordinary

pytestmark = pytest.mark.libreoffice

# Random workbooks: few rows, values that meet and miss what the form asks; then some cells changed by Hypothesis.

_NAMES = ["Nguyễn Thị Hòa", "nguyễn thị  hòa", "Trần Văn An", "Lê Thị Bình", "Tổ dân phố số 3", "  ", "Tổng Văn Cộng"]
_PLACES = ["Tổ dân phố số 3", "tổ dân phố số 3 ", "Trường Tiểu học A", ""]
_WRONG = ["sai", "x x", 7, 0, 12.5, "1975", "Nam giới", "\u00a0", "?", "*", None]


def _offer(plan: Plan, column: Column) -> tuple[list[Any], list[Any]]:
    """What people put into a cell of this column: good values, and others."""
    match column.kind:
        case Kind.CHOICE:
            choices = plan.lists.choices(column.choices)
            near = [t for c in choices for t in (c.value.upper(), f" {c.value} ", *c.aliases)]
            return [c.value for c in choices], [*near, *_WRONG]
        case Kind.YEAR:
            return [1950, 1975, 1990], [1899, 1900, 2010, 2011, *_WRONG]
        case Kind.DATE:
            days = [date(2020, m, d) for m in (1, 2, 3) for d in (1, 14, 15, 19, 20, 29)]
            texts = [
                form.format(d=d)
                for d in days
                for form in ("{d:%d/%m/%Y}", "{d:%d-%m-%y}", "ngày {d.day} tháng {d.month} năm 2020")
            ]
            return [*days, *texts], [
                *_WRONG,
                "2/13/2020",
                "19/12/20",
                "Thứ Hai, 2/3/2020",
                "2020-03-02",
                "5/3",
                date(2002, 3, 1),
            ]
        case Kind.TIME:
            times = [time(h, m) for h in range(6, 18) for m in (0, 30)]
            texts = [t.strftime(form) for t in times for form in ("%H:%M", "%Hh%M", "%H giờ")]
            return [*times, *texts], [*_WRONG, time(0), time(23, 59), "8:3", "2h chiều", "25h", "8:30:00", "8.30"]
        case Kind.COUNT:
            return [0, 1, 2, 5, 8, 12], [-3, *_WRONG]
        case Kind.MARK:
            return [TICK], ["X", "có", "không", "✓", 1, *_WRONG]
        case _:
            names = column.key in ("name", "collective", "presenter")
            return (_NAMES if names else _PLACES if column.key == "organisation" else ["đã ghi"]), [None, "x", 5]


def _inputs(form: Form) -> list[tuple[Table, Column]]:
    return [
        (table, column)
        for table in form.tables.values()
        for column in table.columns
        if column.is_read and column.kind is not Kind.FIXED
    ]


def _rows(table: Table, column: Column | None = None) -> Sequence[int]:
    """The rows in which a column of the table is to be filled in."""
    if table.layout is Layout.FIELDS:
        return [table.position(column.key)[0] if column else 0]
    if table.layout is Layout.LINES:
        return [row + more for row in table.line_rows for more in range(table.rows_a_line)]
    return range(table.first_row, table.last_row + 1)


def _invent(plan: Plan, form: Form, dice: Random) -> Entries:
    """Some rows of every list, the first and now and then the last; more or less filled."""
    entries: Entries = {}
    rows = {key: dice.randint(0, 7) if t.layout is Layout.LIST else len(_rows(t)) for key, t in form.tables.items()}
    thin = {(key, place): dice.choice([0.05, 0.9, 1]) for key, count in rows.items() for place in range(count)}
    last = dice.random() < 0.5
    for table, column in _inputs(form):
        good, other = _offer(plan, column)
        for place in range(rows[table.key]):
            letter = table.position(column.key)[1]
            at_end = table.layout is Layout.LIST and last and place == rows[table.key] - 1
            row = table.last_row if at_end else _rows(table, column)[place]
            if dice.random() <= thin[table.key, place] * (0.3 if column.kind is Kind.MARK else 1):
                entries[table.sheet, row, letter] = dice.choice(other if dice.random() < 0.02 else good)
    return entries


def _edit(plan: Plan, form: Form, edits: list[tuple[int, int, int]]) -> Entries:
    """Some cells in the first rows of the form: (which column, which row, which value)."""
    changes: Entries = {}
    inputs = _inputs(form)
    for which, down, value in edits:
        table, column = inputs[which % len(inputs)]
        rows = _rows(table, column)[:5]
        offered = [value for values in _offer(plan, column) for value in values]
        at = (table.sheet, rows[down % len(rows)], table.position(column.key)[1])
        changes[at] = offered[value % len(offered)]
    return changes


def _scatter(dice: Random) -> list[tuple[int, int, int]]:
    return [(dice.randrange(100), dice.randrange(5), dice.randrange(100)) for _ in range(dice.randrange(9))]


def test_random_campaigns(plan: Plan, form: Form, judge: Judge) -> None:
    """Seventeen workbooks at a time, of which most lines can be compared; DHTT_CAMPAIGNS: how many times."""
    units = ordinary(plan)

    @settings(
        max_examples=int(os.environ.get("DHTT_CAMPAIGNS", "4")),
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
    )
    @given(seed=st.integers(0, 100_000))
    def run(seed: int) -> None:
        dice = Random(seed)
        entries = [{**_invent(plan, form, dice), **_edit(plan, form, _scatter(dice))} for _ in units]
        judged = judge(list(zip(units, entries, strict=True)))
        assert sum(map(len, judged)) > 0.8 * len(units) * len(list_lines(plan, form, units[0], RULES))

    run()
