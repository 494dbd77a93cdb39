"""Result ─► a row for each local unit, as the form by unit shows it, and who has reported, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from dhtt_excel.figures.city_forms import MEETING, NOT_SENT, UNITS_FORM, list_columns, list_unit_figures
from dhtt_excel.figures.figure import FormColumn, reckon_columns
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.plan.shares import shares_hold
from dhtt_excel.result import Result, Verdict
from dhtt_excel.text.vietnamese import capitalize, format_number

if TYPE_CHECKING:
    from dhtt_excel.rollup.record import UnitFigures

PILOT = "hội nghị điểm"
_MOST_NAMES = 40


@dataclass(frozen=True)
class UnitRow:
    """What one unit's row shows, by column key; `unsaid`: how many lines a percentage leaves out, by its part's key.

    `within`: a part of the row above, in no sum.
    """

    code: str
    cells: dict[str, Any]
    received: bool
    unsaid: dict[str, int]
    within: bool = False


def describe_units(result: Result) -> tuple[list[FormColumn], list[UnitRow], dict[str, float | str | None]]:
    """The columns, a row a local unit in the order of the codes, the totals by column key."""
    totals = result.figures.totals
    idle = {f.key for f in list_unit_figures(result.plan) if f.idle and not totals[f.key].value}
    columns = list_columns(result.plan, idle)
    units = enumerate(result.plan.local_units, start=1)
    rows = [row for order, unit in units for row in _describe_rows(result, unit, order, columns)]
    counts = {c.key: totals[c.key].value for c in columns if c.is_count}
    return columns, rows, reckon_columns(columns, counts, {key: total.left_out for key, total in totals.items()})


def _describe_rows(result: Result, unit: Unit, order: int, columns: Sequence[FormColumn]) -> Iterator[UnitRow]:
    """The unit's row and, where they are asked for, those of the units whose conferences it has consolidated."""
    yield _describe_unit(result, unit, order, columns)
    used = result.used.get(unit.code)
    if result.wards and used and used.record:
        for leaf in used.record.units:
            counts = {c.key: leaf.values.get(c.key) for c in columns if c.is_count}
            cells: dict[str, Any] = {"name": leaf.name, "remark": "" if leaf.sent else Verdict.MISSING.label}
            numbers = reckon_columns(columns, counts, leaf.unsaid)
            cells |= {key: value for key, value in numbers.items() if not key.startswith(MEETING)} if leaf.sent else {}
            yield UnitRow(leaf.code, cells, leaf.sent, dict(leaf.unsaid), within=True)


def _describe_unit(result: Result, unit: Unit, order: int, columns: Sequence[FormColumn]) -> UnitRow:
    """Texts and dates that were not sent are not there, numbers are None."""
    plan = result.plan
    received = unit.code in result.used
    cells: dict[str, Any] = {"order": order, "name": show_unit(plan, unit)}
    unsaid: dict[str, int] = result.figures.unsaid.loc[unit.code].to_dict()
    if received:
        figures = result.figures.units.loc[unit.code]
        cells |= reckon_columns(columns, {c.key: known(figures[c.key]) for c in columns if c.is_count}, unsaid)
        cells |= {key: figures[key] for key in ("date", "reported") if isinstance(figures[key], date)}
        if isinstance(figures["form"], str):
            cells["form"] = figures["form"]
        if (held := known(figures["held"])) is not None:
            cells["programme"] = f"{held}/{len(plan.programme.required)}"
        if record := result.used[unit.code].record:
            cells["received"] = f"{record.received}/{record.expected}"
    cells["remark"] = _remark(result, unit)
    return UnitRow(unit.code, cells, received, unsaid)


def known(count: Any) -> int | None:
    """A count of `Figures.units`; None where the unit did not send it."""
    return None if pd.isna(count) else int(count)


def show_count(count: Any) -> str:
    """A count in figures; "…" where nobody sent it."""
    number = known(count)
    return NOT_SENT if number is None else format_number(number)


def _remark(result: Result, unit: Unit) -> str:
    remarks = []
    if unit.code not in result.used:
        remarks.append(Verdict.MISSING.label)
    if unit.pilot:
        remarks.append(PILOT)
    if unit.code in result.used and (late := result.days_late(unit)):
        remarks.append(f"báo cáo muộn {late} ngày")
    if is_planned(result, unit):
        remarks.append("dự kiến")
    if (used := result.used.get(unit.code)) and used.record and used.record.draft:
        remarks.append("dự thảo")
    return capitalize("; ".join(remarks))


def is_planned(result: Result, unit: Unit) -> bool:
    """Whether its conference comes after the day of the run."""
    day: Any = result.figures.units.at[unit.code, "date"]
    return isinstance(day, date) and day > result.as_of


def count_balanced(result: Result) -> tuple[int, int]:
    """Conferences of the lowest level that meet the plan's shares, within one person; of how many these are known."""
    shares, units = result.plan.shares, result.figures.units
    if result.plan.rolls_up:
        counted = [(leaf.values["exemplars"], leaf.values["guests"]) for leaf in list_leaves(result)]
        counts = [(e, g) for e, g in counted if e is not None and g is not None]
    else:
        rows = units.loc[units["level"].eq("local"), ["exemplars", "guests"]].dropna().astype(int)
        counts = list(rows.itertuples(index=False))
    judged = [(e, g) for e, g in counts if e + g]
    return sum(shares_hold(e, g, shares) for e, g in judged), len(judged)


def list_leaves(result: Result) -> list[UnitFigures]:
    """The units of the lowest level in the results that were rolled up."""
    return [leaf for used in result.used.values() if used.record for leaf in used.record.units]


def show_unit(plan: Plan, unit: Unit) -> str:
    """A local unit's name; with its kind where that is not the level's usual one."""
    return unit.name if plan.noun_of(unit) == plan.levels.local.noun else plan.name_of(unit)


def say_coverage(result: Result) -> list[str]:
    """How many units have reported, and which have not."""
    plan = result.plan
    noun, expected = plan.levels.local.noun, len(plan.local_units)
    text = f"Số {noun} đã báo cáo: {expected - len(result.missing_units)}/{expected}."
    if plan.rolls_up and (leaves := list_leaves(result)):
        text += (
            f" Số {plan.levels.below} đã báo cáo về các đơn vị này: {sum(leaf.sent for leaf in leaves)}/{len(leaves)}."
        )
    names = [show_unit(plan, unit) for unit in result.missing_units]
    if names and len(names) < expected:
        text += f" Chưa báo cáo: {name_some(names, noun, f'xem cột Ghi chú của {UNITS_FORM}')}."
    return [text]


def name_some(names: Sequence[str], noun: str, place: str) -> str:
    """The names; where they would fill a page only their number, and the place that names each."""
    return ", ".join(names) if len(names) <= _MOST_NAMES else f"{len(names)} {noun}, {place}"
