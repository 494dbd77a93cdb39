"""How the report writes numbers, days, shares and names inside a sentence, as Vietnamese offices do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from dhtt_excel.figures.city_forms import UNITS_FORM
from dhtt_excel.figures.describe_units import name_some, show_count
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import format_number

UNITS_ANNEX = UNITS_FORM.replace("Biểu ", "Biểu số ")  # as the form calls itself on paper
_MOST_ALIKE = 3


def say_count(count: int | None, noun: str = "") -> str:
    """ "05 năm": a number below ten has two digits in a sentence; what nobody sent is "…"."""
    number = f"{count:02}" if count is not None and 0 < count < 10 else show_count(count)
    return f"{number} {noun}".strip()


def show_percent(value: float | None) -> str:
    """ "69,4%"; a share of nothing is "–"."""
    return "–" if value is None else f"{format_number(value, 1)}%"


def say_share(part: int | None, whole: int | None) -> str:
    """ " (69,4%)" to follow a number; "" where there is no share."""
    return f" ({show_percent(100 * part / whole)})" if part is not None and whole else ""


def say_unit(plan: Plan, unit: Unit) -> str:
    """ "phường Hàng Bạc"."""
    return f"{plan.noun_of(unit)} {unit.name}"


def join_names(plan: Plan, codes: Sequence[str], place: str) -> str:
    """The units' names; where they would fill a page only how many, and the place that names each."""
    names = [plan.short_name(plan.units_by_code[code]) for code in codes]
    return name_some(names, plan.levels.local.noun, f"xem {place}")


def join_words(words: Sequence[str]) -> str:
    """ "a, b và c"."""
    *first, last = words
    return f"{', '.join(first)} và {last}" if first else last


def say_range(result: Result, values: Mapping[str, float], suffix: str = "") -> str:
    """ "cao nhất 125 (Phúc Tân), thấp nhất 80 (Hàng Mã, Hàng Đào), mức giữa 98"; "" for fewer than two units."""
    if len(values) < 2:
        return ""

    def show(value: float) -> str:
        return f"{format_number(value, 0 if float(value).is_integer() and not suffix else 1)}{suffix}"

    highest, lowest = max(values.values()), min(values.values())
    if highest == lowest:
        return f"đều là {show(highest)}"
    ends = (("cao nhất", highest), ("thấp nhất", lowest))
    told = [f"{word} {show(end)} ({_name_alike(result, values, end)})" for word, end in ends]
    return f"{', '.join(told)}, mức giữa {show(median(values.values()))}"


def _name_alike(result: Result, values: Mapping[str, float], value: float) -> str:
    codes = [code for code, other in values.items() if other == value]
    plan = result.plan
    if len(codes) > _MOST_ALIKE:
        return say_count(len(codes), plan.levels.local.noun)
    return ", ".join(plan.short_name(plan.units_by_code[code]) for code in codes)
