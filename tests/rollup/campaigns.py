"""Random campaigns of units with an upper one, without files: what reading would make of them, and the result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import partial
from random import Random
from typing import Any

from msgspec.structs import replace

from dhtt_excel.checking.follow_findings import Round
from dhtt_excel.figures.count_figures import count_figures
from dhtt_excel.form.form import Form, Kind, Layout, Table, form_of
from dhtt_excel.inbox.raw import RawWorkbook
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.reading.merge_tables import merge_tables
from dhtt_excel.reading.submissions import ReadTable, Submission
from dhtt_excel.result import Result
from dhtt_excel.rollup.add_records import add_records
from dhtt_excel.rollup.make_record import make_record
from dhtt_excel.rollup.record import ResultRecord

AS_OF = date(2020, 3, 28)
_MOMENT = datetime(2020, 3, 20, 8)
_FEW_VALUES = {"ethnicities": 4, "religions": 4}


def name_units(count: int, first: int = 0) -> tuple[Unit, ...]:
    return tuple(Unit(f"{90000 + n}", f"Số {n}") for n in range(first, first + count))


def split_plan(plan: Plan, units: Iterable[Unit], code: str) -> Plan:
    """The plan of a district with these units."""
    return replace(plan, id=f"quan-{code.lower()}", units=(*units, Unit(code, f"Quận {code}", "upper")))


def join_plan(city: Plan, districts: Sequence[Plan], code: str = "TP") -> Plan:
    """The plan of a city, or of whatever stands above these plans."""
    units = (replace(plan.upper_unit, level="local", noun="quận") for plan in districts)
    return replace(city, id=f"cap-tren-{code.lower()}", units=(*units, Unit(code, f"Cấp {code}", "upper")))


class Campaign:
    """The submissions of units, the same whatever plan they are in."""

    def __init__(self, plan: Plan, seed: int) -> None:
        self._seed = seed
        self._form = form_of(plan)
        self._plan = plan

    def answer(self, unit: Unit) -> Submission | None:
        rng = Random(f"{self._seed} {unit.code}")
        if rng.random() < 0.15:
            return None
        source = RawWorkbook(f"{unit.code}.xlsx", 1, unit.code, _MOMENT, "xlsx")
        tables = {t.key: self._fill(t, rng) for t in self._form.tables.values() if rng.random() < 0.95}
        return Submission(source, unit, self._form.version, tables, entered=1, used=True)

    def _fill(self, table: Table, rng: Random) -> ReadTable:
        without = {c.key for c in table.stored if c.kind is not Kind.FIXED and rng.random() < 0.04}
        count = rng.choice((0, 3, 12)) if table.layout is Layout.LIST else len(table.lines) or 1
        rows = []
        fixed = [column.key for column in table.columns if column.kind is Kind.FIXED]
        for place in range(count):
            row: dict[str, Any] = {"excel_row": table.heading_row + 1 + place}
            for column in table.stored:
                value = None if column.key in without or rng.random() < 0.1 else self._invent(column, rng, place)
                row[column.key] = value
            row |= dict(zip(fixed, table.lines[place], strict=False)) if table.lines else {}
            rows.append(row)
        columns = {c.key: n for n, c in enumerate(table.stored, start=1) if c.key not in without}
        return ReadTable(table.sheet, table.heading_row, columns, {}, rows)

    def _invent(self, column: Any, rng: Random, place: int) -> Any:
        match column.kind:
            case Kind.CHOICE:
                choices = self._plan.lists.choices(column.choices)
                return rng.choice(choices[: _FEW_VALUES.get(column.choices, len(choices))]).value
            case Kind.YEAR:
                return rng.randint(1930, 2005)
            case Kind.DATE:
                return date(2020, 3, rng.randint(1, 28))
            case Kind.TIME:
                return rng.randint(480, 700)
            case Kind.COUNT:
                return rng.randint(0, 9)
            case Kind.MARK:
                return rng.random() < 0.5
        return f"{column.key} {place} {rng.randint(0, 10**6)}"

    def consolidate(self, plan: Plan) -> Result:
        form = form_of(plan)
        submissions = [one for unit in plan.units_by_code.values() if (one := self.answer(unit))]
        tables = merge_tables(submissions, form, plan)
        rounds = {unit.code: Round() for unit in plan.units}
        count = partial(count_figures, tables, form, plan)
        return Result(plan, form, AS_OF, submissions, tables, count, [], rounds=rounds)


def roll_up(city: Plan, records: dict[str, ResultRecord]) -> Result:
    """What the units of a plan that rolls up have sent, by code."""
    form: Form = form_of(city)
    submissions = [
        Submission(RawWorkbook(f"{code}.xlsx", 1, code, _MOMENT), city.units_by_code[code], used=True, record=record)
        for code, record in records.items()
    ]
    tables = merge_tables(submissions, form, city)
    add = partial(add_records, records, tables.frames["units"], city)
    return Result(city, form, AS_OF, submissions, tables, add, [])


def record_of(result: Result) -> ResultRecord:
    return make_record(result)
