"""What the units did not send, in words: so no reader takes a number for that of all units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dhtt_excel.figures.city_forms import list_unit_figures
from dhtt_excel.figures.describe_units import name_some, show_unit
from dhtt_excel.figures.figure import Figure
from dhtt_excel.figures.totals import Total
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import format_number


def describe_gaps(result: Result, figures: Iterable[Figure] | None = None) -> list[str]:
    """A sentence for each column of the units' lists that somebody left out; by default of the form by unit.

    None for a column that is not there, as nobody has anything in it.
    """
    groups: dict[tuple[str, str, Total], list[Figure]] = {}
    for figure in figures or list_unit_figures(result.plan):
        total = result.figures.totals.get(figure.key)
        if total and (total.silent or total.unsaid) and (total.value or not figure.idle):
            about = figure.column or (figure.asked.column if figure.asked else "")
            groups.setdefault((figure.table, about, _ignore_sums(total)), []).append(figure)
    return [_describe(result, table, about, members) for (table, about, _), members in groups.items()]


def _ignore_sums(total: Total) -> Total:
    return Total(None, total.units, total.silent, None, total.unsaid)


def _describe(result: Result, table: str, about: str, figures: Sequence[Figure]) -> str:
    total = result.figures.totals[figures[0].key]
    noun, column = result.plan.meeting_nouns[0], result.form.tables[table].by_key.get(about)
    names = ", ".join(f"“{' – '.join(figure.heading)}”" for figure in figures)
    parts = []
    if total.silent:
        parts.append(f"chưa có số liệu của {_name(result, total.silent)}, tính trên {total.units} {noun}")
    partly = [(code, number) for code, number in total.unsaid if code not in total.silent]
    if partly and column:
        count = format_number(sum(number for _, number in partly))
        left_out = ", không tính vào tỷ lệ" if any(figure.part_of for figure in figures) else ""
        what = column.heading.removesuffix(" (x)").lower()
        parts.append(f"{count} dòng của {_name(result, [code for code, _ in partly])} chưa rõ {what}{left_out}")
    return f"{names}: {'; '.join(parts)}."


def _name(result: Result, codes: Iterable[str]) -> str:
    plan = result.plan
    names, known = result.figures.names, plan.units_by_code
    units = [names[code] if code in names else show_unit(plan, known[code]) for code in codes]
    return name_some(units, plan.meeting_nouns[0], "xem dấu “…” trong biểu")
