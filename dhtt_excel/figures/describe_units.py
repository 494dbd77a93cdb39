"""Result ─► a row for each local unit, as the form by unit shows it, and who has reported, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dhtt_excel.figures.city_forms import UNITS_FORM, list_columns
from dhtt_excel.figures.figure import FormColumn, reckon_columns
from dhtt_excel.findings import Severity
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.result import Result, Verdict
from dhtt_excel.text.vietnamese import capitalize

PILOT = "hội nghị điểm"
_MOST_NAMES = 40


@dataclass(frozen=True)
class UnitRow:
    """What one unit's row shows, by column key."""

    cells: dict[str, Any]
    received: bool


def describe_units(result: Result) -> tuple[list[FormColumn], list[UnitRow], dict[str, float | str]]:
    """The columns, a row a local unit in the order of the codes, the totals by column key."""
    columns = list_columns(result.plan)
    units = enumerate(result.plan.local_units, start=1)
    rows = [_describe_unit(result, unit, order, columns) for order, unit in units]
    counts = {c.key: sum(r.cells.get(c.key) or 0 for r in rows) for c in columns if c.is_count}
    return columns, rows, reckon_columns(columns, counts)


def _describe_unit(result: Result, unit: Unit, order: int, columns: Sequence[FormColumn]) -> UnitRow:
    plan = result.plan
    received = unit.code in result.used
    cells: dict[str, Any] = {"order": order, "name": show_unit(plan, unit)}
    unknown = 0
    if received:
        figures = result.figures.units.loc[unit.code]
        cells |= reckon_columns(columns, {c.key: int(figures[c.key]) for c in columns if c.is_count})
        cells |= {key: figures[key] if isinstance(figures[key], date) else None for key in ("date", "reported")}
        cells["form"] = figures["form"] if isinstance(figures["form"], str) else None
        cells["programme"] = f"{int(figures['held'])}/{len(plan.programme.required)}"
        unknown = int(figures["unknown"])
    cells["remark"] = _remark(result, unit, unknown)
    return UnitRow(cells, received)


def _remark(result: Result, unit: Unit, unknown: int) -> str:
    verdict = result.verdict_of(unit)
    remarks = []
    if verdict in (Verdict.MISSING, Verdict.UNREADABLE):
        remarks.append(verdict.label)
    if unit.pilot:
        remarks.append(PILOT)
    if verdict is Verdict.ERRORS:
        remarks.append(f"{result.count(Severity.ERROR, unit.code)} lỗi cần sửa")
    if unit.code in result.used and (late := result.days_late(unit)):
        remarks.append(f"nộp trễ {late} ngày")
    if unknown:
        remarks.append(f"{unknown} đại biểu chưa rõ thành phần")
    return capitalize("; ".join(remarks))


def show_unit(plan: Plan, unit: Unit) -> str:
    """A local unit's name; with its kind where that is not the level's usual one."""
    return unit.name if plan.noun_of(unit) == plan.levels.local.noun else plan.name_of(unit)


def say_coverage(result: Result) -> list[str]:
    """How many units have reported, which have not, which must still correct something."""
    plan = result.plan
    noun, expected = plan.levels.local.noun, len(plan.local_units)
    by_verdict: dict[Verdict, list[str]] = {}
    for unit in plan.local_units:
        by_verdict.setdefault(result.verdict_of(unit), []).append(show_unit(plan, unit))
    text = f"Số {noun} đã báo cáo: {expected - len(result.missing_units)}/{expected}."
    place = f"xem cột Ghi chú của {UNITS_FORM}"
    for verdict, label in ((Verdict.MISSING, "Chưa báo cáo"), (Verdict.UNREADABLE, "Không đọc được tệp")):
        names = by_verdict.get(verdict, [])
        if len(names) < expected:
            text += f" {label}: {name_some(names, noun, place)}." if names else ""
    lines = [text]
    if faulty := by_verdict.get(Verdict.ERRORS):
        named = f" ({', '.join(faulty)})" if len(faulty) <= _MOST_NAMES else ""
        lines.append(f"Số {noun} có lỗi cần sửa: {len(faulty)}{named}; số liệu đã nhận vẫn được tính vào biểu.")
    return lines


def name_some(names: Sequence[str], noun: str, place: str) -> str:
    """The names; where they would fill a page only their number, and the place that names each."""
    return ", ".join(names) if len(names) <= _MOST_NAMES else f"{len(names)} {noun}, {place}"
