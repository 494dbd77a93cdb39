"""What the forms call a unit, and what they say where nothing of it is in use."""

from __future__ import annotations

from dhtt_excel.figures.describe_units import show_unit
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.result import Result


def name_unit(plan: Plan, unit: Unit) -> str:
    return show_unit(plan, unit) if unit.level == "local" else plan.name_of(unit)


def label_unit(result: Result, unit: Unit) -> str:
    """Its name and, where nothing of it is in use, why."""
    name = name_unit(result.plan, unit)
    return name if unit.code in result.used else f"{name} ({result.verdict_of(unit).label.lower()})"


def say_upper_absent(result: Result) -> str:
    """ "" where the upper unit's own form is in use, or nothing of it is to come."""
    upper = result.plan.upper_unit
    return (
        ""
        if upper.code in result.used or upper not in result.plan.senders
        else f"Chưa có biểu của {result.plan.name_of(upper)}"
    )
