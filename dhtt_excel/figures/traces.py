"""Every number of the forms traced to the lines that it counts: the list and the filter that yield it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from dhtt_excel.figures import city_forms
from dhtt_excel.figures.city_forms import SUM_LABEL, UnitColumn
from dhtt_excel.figures.count_figures import HONOUREE_KINDS, UNKNOWN, PairedLine
from dhtt_excel.plan.plan import Coverage, Plan
from dhtt_excel.result import Result
from dhtt_excel.text.roman import number_roman

UNIT = "unit"  # the column of a merged list that names the unit
DECIMALS = 6  # of shares and means: programs keep 15 digits of a number, not all the same ones


@dataclass(frozen=True)
class Condition:
    """What a line must be: its `column` one of `values`, none of them and not blank, blank, marked, or a number.

    "at" is at least `limits[0]` and at most `limits[1]`; "local", "upper" and "conference" are about the unit: one of
    the lower level, the upper one, the upper one or marked in `column`.
    """

    test: Literal["in", "not in", "blank", "marked", "at", "local", "upper", "conference"]
    column: str = UNIT
    values: tuple[str, ...] = ()
    limits: tuple[int, int] = (0, 0)


Filter = tuple[Condition, ...]
Measure = Literal["count", "share", "mean age", "youngest", "oldest", "sum"]


@dataclass(frozen=True)
class Trace:
    """A number of a form: where it stands, what it is, the list (key of a table) and the filter that yield it.

    `whole`: of a share, the filter of all. `column`: of a form by unit the key of the number's column; such a number
    can be counted for one unit alone. "sum" adds up what the units' reports give (`column`, `upper`).
    """

    form: str
    place: str
    label: str
    value: float | str | None
    table: str
    where: Filter
    measure: Measure = "count"
    whole: Filter = ()
    column: str = ""
    upper: bool = False


def trace_figures(result: Result) -> list[Trace]:
    """The traces of all forms, in the order in which their numbers stand there."""
    return [
        *_trace_units(result),
        *_trace_structure(result),
        *_trace_upper(result),
        *_trace_coverage(result),
        *_trace_honours(result),
        *_trace_awards(result),
    ]


# ---------------------------------------------------------------- Biểu 1


_KNOWN = Condition("not in", "category")
_LOCAL = Condition("local")


def _trace_units(result: Result) -> Iterator[Trace]:
    columns, _, totals = city_forms.describe_units(result)
    filters = _unit_filters(result.plan)
    for number, column in enumerate(columns, start=1):
        if not column.is_number:
            continue
        table, where = filters[column.part_of or column.key]
        label = " – ".join((*column.heading[1:], *([column.heading[0]] if len(column.heading) > 1 else [])))
        yield Trace(
            city_forms.UNITS_FORM, f"cột ({number})", label, totals[column.key], table, where, _measure(column),
            filters[city_forms.TOTAL][1] if column.part_of else (), column.key,
        )  # fmt: skip


def _measure(column: UnitColumn) -> Measure:
    return "share" if column.part_of else "count"


def _unit_filters(plan: Plan) -> dict[str, tuple[str, Filter]]:
    """Table and filter of each count of the form by unit."""
    groups = {group.column: group for group in plan.coverage}
    born_after = Condition("at", "birth_year", limits=(plan.year - plan.ages.young_under + 1, 9999))
    people: dict[str, Filter] = {
        city_forms.TOTAL: (),
        "exemplars": (_in_group(plan, "exemplar"),),
        "guests": (_in_group(plan, "guest"),),
        "female": (Condition("in", "gender", (plan.lists.value("genders", "female"),)),),
        "young": (born_after,),
        "minority": (_in_coverage(groups["ethnicity"], plan),),
        "religious": (_in_coverage(groups["religion"], plan),),
        "direct_workers": (Condition("marked", "direct_worker"),),
    }
    filters = {key: ("delegates", (_LOCAL, _KNOWN, *where)) for key, where in people.items()}
    for table, list_name in (("speakers", "speech_kinds"), ("honourees", "honouree_kinds")):
        for choice in plan.lists.choices(list_name):
            filters[f"{table}_{choice.key}"] = (table, (_LOCAL, Condition("in", "kind", (choice.value,))))
    return filters


def _in_group(plan: Plan, group: str) -> Condition:
    return Condition("in", "category", tuple(c.value for c in plan.lists.categories if c.group == group))


def _in_coverage(group: Coverage, plan: Plan, value: str = "") -> Condition:
    """As `coverage.find_members` counts: a group of the plan, or one value of it."""
    if value:
        return Condition("in", group.column, (value,))
    if group.column == "young":
        return Condition("at", "birth_year", limits=(plan.year - plan.ages.young_under + 1, 9999))
    if group.values:
        return Condition("in", group.column, group.values)
    return Condition("not in", group.column, group.leave_out) if group.leave_out else Condition("marked", group.column)


# ---------------------------------------------------------------- Biểu 2


_CONFERENCE = Condition("conference", "nominated")


def _trace_structure(result: Result) -> Iterator[Trace]:
    plan, figures = result.plan, result.figures
    table = result.form.tables["delegates"]
    keys = {column.heading: column.key for column in table.columns}
    halves = city_forms.name_conferences(plan)
    for number, section in enumerate(figures.sections, start=1):
        roman = number_roman(number)
        for place, line in enumerate(section.lines, start=1):
            condition = (
                Condition("marked", "direct_worker")
                if section.title == city_forms.WITHIN
                else _in_line(keys.get(section.title, ""), line.label, place - 1, plan)
            )
            for half, value, who in zip(halves, (line.local, line.upper), (_LOCAL, _CONFERENCE), strict=True):
                where = (who, _KNOWN, condition)
                label = f"{section.title}: {line.label} – {half}"
                yield Trace(city_forms.STRUCTURE_FORM, f"A.{roman}.{place}", label, value, "delegates", where)
    roman = number_roman(len(figures.sections) + 1)
    spans = (figures.local_ages, figures.upper_ages)
    for half, span, who in zip(halves, spans, (_LOCAL, _CONFERENCE), strict=True):
        where = (who, _KNOWN, Condition("at", "birth_year", limits=(1, 9999)))
        facts: tuple[tuple[str, float | None, Measure], ...] = (
            ("Tuổi bình quân", span.mean, "mean age"),
            ("Tuổi thấp nhất", span.youngest, "youngest"),
            ("Tuổi cao nhất", span.oldest, "oldest"),
        )
        for place, (label, age, measure) in enumerate(facts, start=1):
            name = f"A.{roman}.{place}"
            yield Trace(city_forms.STRUCTURE_FORM, name, f"{label} – {half}", age, "delegates", where, measure)


def _in_line(key: str, label: str, place: int, plan: Plan) -> Condition:
    """The filter of a section's line: a value of a list, an age band, or what is not known."""
    if label == UNKNOWN:
        return Condition("blank", key or "birth_year")
    if key:
        return Condition("in", key, (label,))
    bands = plan.ages.bands
    first_born = 0 if place == len(bands) else plan.year - bands[place] + 1
    last_born = 9999 if place == 0 else plan.year - bands[place - 1]
    return Condition("at", "birth_year", limits=(first_born, last_born))


def _trace_upper(result: Result) -> Iterator[Trace]:
    plan, figures = result.plan, result.figures
    half = city_forms.name_conferences(plan)[1]
    exemplars, guests, unknown = figures.upper_exemplars, figures.upper_guests, figures.upper_unknown
    parts: list[tuple[str, str, int, Filter]] = [
        ("B.I", "Tổng số đại biểu", exemplars + guests + unknown, ()),
        ("B.I.1", "Điển hình tiên tiến", exemplars, (_in_group(plan, "exemplar"),)),
        ("B.I.2", "Khách mời, lãnh đạo", guests, (_in_group(plan, "guest"),)),
        ("B.I.3", "Chưa rõ thành phần", unknown, (Condition("blank", "category"),)),
    ]
    for place, label, value, where in parts:
        yield Trace(city_forms.STRUCTURE_FORM, place, f"{label} – {half}", value, "delegates", (_CONFERENCE, *where))


def _trace_coverage(result: Result) -> Iterator[Trace]:
    plan = result.plan
    groups = {group.name: group for group in plan.coverage}
    for number, (name, found) in enumerate(groupby(result.figures.coverage, key=lambda line: line.name), start=1):
        for place, line in enumerate(found, start=1):
            where = (_CONFERENCE, _in_group(plan, "exemplar"), _in_coverage(groups[name], plan, line.value))
            label = f"{name}: {line.value}" if line.value else name
            order = f"C.{number}.{place}" if line.value else f"C.{number}"
            yield Trace(city_forms.STRUCTURE_FORM, order, label, line.count, "delegates", where)


# ---------------------------------------------------------------- Biểu 3, 3a


def _trace_honours(result: Result) -> Iterator[Trace]:
    figures = result.figures
    for letter, key, lines in (
        ("A", "award", figures.honours_by_award),
        ("B", "movement", figures.honours_by_movement),
    ):
        for place, line in enumerate(lines, start=1):
            condition = Condition("blank", key) if line.label == UNKNOWN else Condition("in", key, (line.label,))
            yield from _trace_sides(result, f"{letter}.{place}", line.label, (line,), (condition,))
        yield from _trace_sides(result, f"{letter}, {SUM_LABEL.lower()}", SUM_LABEL, lines, ())


def _trace_sides(result: Result, place: str, label: str, lines: Iterable[PairedLine], where: Filter) -> Iterator[Trace]:
    """A line's sums, or by kind the sums of all lines, of the local units and of the upper one."""
    plan = result.plan
    kinds = tuple(plan.lists.value("honouree_kinds", kind) for kind in HONOUREE_KINDS)
    each: list[tuple[str, tuple[str, ...]]] = [(f" – {kind}", (kind,)) for kind in kinds] if not where else []
    for side, (half, who) in enumerate(
        zip(city_forms.name_conferences(plan), (_LOCAL, Condition("upper")), strict=True)
    ):
        counts = [(line.local, line.upper)[side] for line in lines]
        for name, wanted in [*each, ("", kinds)]:
            value = sum(n for line in counts for n, kind in zip(line, kinds, strict=True) if kind in wanted)
            condition = Condition("in", "kind", wanted)
            yield Trace(
                city_forms.HONOURS_FORM, place, f"{label}{name} – {half}", value, "honourees", (who, condition, *where)
            )


def _trace_awards(result: Result) -> Iterator[Trace]:
    """The reports' commendations stand in no list: they are added up from the units' numbers."""
    for side in (False, True):
        half = city_forms.name_reports(result.plan)[side]
        for place, measure in enumerate((m for m in city_forms.AWARD_MEASURES if m.is_count), start=3):
            counts = [(line.local, line.upper)[side] for line in result.figures.awards]
            value = sum(line[place - 3] for line in counts)
            number = place + side * len(city_forms.AWARD_MEASURES)
            label = f"{measure.heading[0]} – {half}"
            yield Trace(
                city_forms.AWARDS_FORM,
                f"A, cột ({number})",
                label,
                value,
                "awards",
                (),
                "sum",
                (),
                measure.key,
                upper=side,
            )
