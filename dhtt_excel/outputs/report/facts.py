"""Which conferences have been held, what they and all units together make of a figure, and of whom a value is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dhtt_excel.figures.city_forms import UNKNOWN
from dhtt_excel.figures.describe_units import known as read_known
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.plan.shares import shares_hold
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import show_day

PLANNED = "dự kiến "


@dataclass(frozen=True)
class Group:
    """Conferences that are told together. `heading`: of their column; `codes`: of their units; `when`: said before what is to come."""

    heading: str
    codes: tuple[str, ...]
    when: str = ""

    @property
    def conferences(self) -> str:
        lead = "Các hội nghị" if len(self.codes) > 1 else "Hội nghị"
        return f"{lead} {'chưa tổ chức' if self.when else self.heading[:1].lower() + self.heading[1:]}"


def list_groups(result: Result) -> list[Group]:
    """The units in use by when they meet, seen from the day of the run: have met, will meet, did not say when.

    Of conferences below, in results, that is not known.
    """
    if result.plan.rolls_up:
        codes = tuple(unit.code for unit in list_used(result))
        return [Group("Có số liệu", codes)] if codes else []
    by_time: dict[str, list[str]] = {"held": [], "planned": [], "undated": []}
    for unit in list_used(result):
        day = day_of(result, unit)
        by_time["undated" if day is None else "held" if day <= result.as_of else "planned"].append(unit.code)
    held, planned, undated = map(tuple, by_time.values())
    groups = (
        Group("Đã tổ chức", held), Group("Dự kiến tổ chức", planned, PLANNED), Group("Chưa rõ ngày tổ chức", undated),
    )  # fmt: skip
    return [group for group in groups if group.codes]


def say_also_planned(groups: Sequence[Group]) -> str:
    """ "kể cả dự kiến" where numbers of conferences that were held and of some to come are added up."""
    return "kể cả dự kiến" if len(groups) > 1 and any(group.when for group in groups) else ""


def when_of(groups: Sequence[Group]) -> str:
    """What is said before a number of all conferences: "dự kiến" where each of them is to come."""
    return PLANNED if groups and all(group.when for group in groups) else ""


def list_used(result: Result) -> list[Unit]:
    """The local units of which a file is in use, in the order of their codes."""
    return [unit for unit in result.plan.local_units if unit.code in result.used]


def day_of(result: Result, unit: Unit) -> date | None:
    """When the unit's conference is, as far as it said so."""
    day: Any = result.figures.units.at[unit.code, "date"]
    return day if isinstance(day, date) else None


def text_of(result: Result, unit: Unit, key: str) -> str:
    text: Any = result.figures.units.at[unit.code, key]
    return text if isinstance(text, str) else ""


def value_of(result: Result, code: str, key: str) -> int | None:
    """A unit's count; None where the unit did not send what is counted."""
    return read_known(result.figures.units.at[code, key])


def values_of(result: Result, codes: Iterable[str], key: str) -> dict[str, int]:
    """The counts of these units that are known."""
    values = {code: value_of(result, code, key) for code in codes}
    return {code: value for code, value in values.items() if value is not None}


def add_up(result: Result, codes: Iterable[str], key: str) -> int | None:
    """What these units make together; None where none of them sent it."""
    values = values_of(result, codes, key)
    return sum(values.values()) if values else None


@dataclass(frozen=True)
class Membership:
    """How many exemplars belong to a group of the plan, of how many of whom that is known; at either conference."""

    local: int
    local_known: int
    upper: int
    upper_known: int


def count_members(result: Result, column: str) -> Membership:
    """The exemplars of the group that the plan makes of this column, all local units together: no unit is told apart."""
    name = next(group.name for group in result.plan.coverage if group.column == column)
    section = next(group for group in result.figures.sections if group.column == column)
    known = [line for line in section.lines if line.label != UNKNOWN and not line.within]
    members = [line for line in known if line.label == name]
    return Membership(
        sum(line.local for line in members), sum(line.local for line in known),
        sum(line.upper or 0 for line in members), sum(line.upper or 0 for line in known),
    )  # fmt: skip


def keeps_shares(result: Result, code: str) -> bool | None:
    """Whether the unit's delegates are in the plan's shares; None where there is nobody to judge."""
    exemplars, guests = (value_of(result, code, key) or 0 for key in ("exemplars", "guests"))
    return shares_hold(exemplars, guests, result.plan.shares) if exemplars + guests else None


def limit_of(plan: Plan, unit: Unit) -> date:
    """The day before which the unit's conference is to be held."""
    local = plan.conference.local
    return local.pilot_before if unit.pilot and local.pilot_before else local.before


def say_days(days: Sequence[date]) -> str:
    """ "ngày 10/3/2020" or "từ ngày 10/3/2020 đến ngày 12/3/2020"."""
    first, last = (f"ngày {show_day(day)}" for day in (min(days), max(days)))
    return first if first == last else f"từ {first} đến {last}"
