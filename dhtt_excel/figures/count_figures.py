"""Merged tables ─► the numbers that the summary, the register and the terminal show.

Each number is a `Figure` of the city's forms or goes back to one. What a unit did not send is <NA> or None, never 0: it
stands in no sum, and the lines that do not say what a share asks are left out of its whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from dhtt_excel.figures import city_forms
from dhtt_excel.figures.figure import Figure, FormLine, narrow
from dhtt_excel.figures.filters import LOCAL, UNIT, UPPER, Condition, Filter, LineFinder, Mask, Numbers
from dhtt_excel.figures.totals import Total
from dhtt_excel.form.form import Form
from dhtt_excel.plan.plan import Plan
from dhtt_excel.plan.shares import find_room
from dhtt_excel.reading.merge_tables import Tables
from dhtt_excel.rules.coverage import CoverageLine as CoverageLine
from dhtt_excel.rules.coverage import measure_coverage
from dhtt_excel.text.vietnamese import fold

LEAST = 3  # persons of one ethnic group or religion: fewer are not told apart


@dataclass(frozen=True)
class GroupLine:
    """A line of the structure: how many delegates of the local conferences and of the upper conference; None: not told.

    `figure`: the lines that it counts, without those who are meant. `within`: a part of the line above, in no sum.
    """

    label: str
    local: int
    upper: int | None
    figure: Figure
    within: bool = False


@dataclass(frozen=True)
class Group:
    """`unsaid`: how many delegates of each conference do not say what is asked, and stand in no percentage."""

    title: str
    lines: tuple[GroupLine, ...]
    column: str = ""
    unsaid: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class PairedLine:
    """A line with several counts of the local units and the same of the upper unit; None where nobody sent them.

    `unsaid`: of both, by the key of a figure that is a percentage, how much of the whole is of units that did not send it.
    `where`, `group`, `within`, `kinds`: as of the `FormLine` that it is.
    """

    label: str
    local: tuple[int | None, ...]
    upper: tuple[int | None, ...]
    where: Filter = ()
    group: str = ""
    within: bool = False
    kinds: tuple[str, ...] = ()
    unsaid: tuple[Mapping[str, int], Mapping[str, int]] = ({}, {})


@dataclass(frozen=True)
class AgeSpan:
    """Mean, least and greatest age; None where no year of birth is known. `known`: of how many one is."""

    mean: float | None
    youngest: float | None
    oldest: float | None
    known: int = 0


@dataclass(frozen=True)
class Room:
    """Whom the upper conference can still take, and what of it falls to each local unit that has not reported.

    `free`: places up to the plan's limit. `exemplars`, `guests`: the most who can be added so that the plan's shares
    hold in the end; None where adding alone leads to no such end. Each unit's part is rounded down. `units` is 0
    while the upper unit's own delegates are not known: until then nothing can be dealt out.
    """

    free: int
    exemplars: int | None
    guests: int | None
    units: int

    @property
    def each_exemplars(self) -> int:
        return (self.exemplars or 0) // self.units if self.units else 0

    @property
    def each_guests(self) -> int:
        return (self.guests or 0) // self.units if self.units else 0

    @property
    def each(self) -> int:
        return self.each_exemplars + self.each_guests

    @property
    def left(self) -> int:
        """Places that the rounding leaves over."""
        return (self.exemplars or 0) + (self.guests or 0) - self.units * self.each


@dataclass(frozen=True)
class Figures:
    """`units`: a row a unit of the plan, indexed by code; counts and texts are <NA> where the unit did not send them.

    `unsaid`: the same counts of the lines that do not say what a figure asks of them, `wholes`: of those that do.
    `totals`: of all local units, by figure. `is_upper_sent`: whether the upper unit's own delegates are known, and not only
    those whom the local units send there. `coverage_wholes`: of which number each line of `coverage` is a percentage. `honours_by_…`: honourees by the
    kinds of `list_honour_figures`. `awards`: the five years' commendations by `list_award_figures`. `speeches_by_…`: by the
    kinds of `list_speech_figures`. `all_…`: what these lines make together.
    `names`: where results were rolled up, what the units are called that stand in `totals` and not in the plan.
    """

    units: pd.DataFrame
    unsaid: pd.DataFrame
    wholes: pd.DataFrame
    totals: Mapping[str, Total]
    sections: tuple[Group, ...]
    local_ages: AgeSpan
    upper_ages: AgeSpan
    is_upper_sent: bool
    upper_exemplars: int
    upper_guests: int
    upper_unknown: int
    upper_room: Room
    coverage: tuple[CoverageLine, ...]
    coverage_wholes: tuple[int, ...]
    honours_by_award: tuple[PairedLine, ...]
    honours_by_movement: tuple[PairedLine, ...]
    honours_by_level: tuple[PairedLine, ...]
    awards: tuple[PairedLine, ...]
    speeches_by_field: tuple[PairedLine, ...]
    speeches_by_area: tuple[PairedLine, ...]
    all_honours: PairedLine
    all_awards: PairedLine
    all_speeches: PairedLine
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def upper_total(self) -> int:
        """The delegates of the upper conference."""
        return self.upper_exemplars + self.upper_guests + self.upper_unknown

    def tell_upper(self, count: int) -> int | None:
        """A count of the upper conference: while its own delegates are not known, nobody of a kind is not 0."""
        return count if count or self.is_upper_sent else None


class Answers(NamedTuple):
    """Of each unit: the count, whether it is known, of how many lines, and how many lines do not say what is asked."""

    counts: Numbers
    known: Mask
    whole: Numbers
    unsaid: Numbers


def count_figures(tables: Tables, form: Form, plan: Plan) -> Figures:
    """Count everything once. Raises `ValueError` where a figure of the forms names what is not there."""
    frames = tables.frames
    counter = FigureCounter(frames, plan)
    upper = {f.key: counter.count(f, city_forms.CONFERENCE) for f in city_forms.list_upper_figures(plan)}
    exemplars, guests, unknown = (upper[key] for key in ("exemplars", "guests", "unknown"))
    units, unsaid, wholes, totals = _count_units(counter, frames, plan)
    coverage = tuple(measure_coverage(frames, form, plan))
    awarded = city_forms.list_award_figures(plan)
    honoured, spoken = (
        [figure for figure in figures if not figure.parts]
        for figures in (city_forms.list_honour_figures(plan), city_forms.list_speech_figures(plan))
    )
    return Figures(
        units=units,
        unsaid=unsaid,
        wholes=wholes,
        totals=totals,
        sections=tuple(_count_section(counter, group, plan) for group in city_forms.list_groups(plan)),
        local_ages=_measure_ages(counter, LOCAL, plan),
        upper_ages=_measure_ages(counter, city_forms.CONFERENCE, plan),
        is_upper_sent=bool(units.loc[units["level"].eq("upper"), "listed"].notna().any()),
        upper_exemplars=exemplars,
        upper_guests=guests,
        upper_unknown=unknown,
        upper_room=_measure_room(exemplars, guests, unknown, frames["units"], plan),
        coverage=coverage,
        coverage_wholes=tuple(_count_covered(counter, line, plan) for line in coverage),
        honours_by_award=_count_lines(counter, honoured, city_forms.list_honour_lines(plan, "award", "awards")),
        honours_by_movement=_count_lines(
            counter, honoured, city_forms.list_honour_lines(plan, "movement", "movements")
        ),
        honours_by_level=_count_lines(counter, honoured, city_forms.list_level_lines(plan)),
        awards=_count_lines(counter, awarded, city_forms.list_award_lines(plan)),
        speeches_by_field=_count_lines(counter, spoken, city_forms.list_speech_lines(plan, "field", "fields")),
        speeches_by_area=_count_lines(counter, spoken, city_forms.list_speech_lines(plan, "area", "areas")),
        all_honours=_count_paired(counter, honoured, _ALL),
        all_awards=_count_paired(counter, awarded, _ALL),
        all_speeches=_count_paired(counter, spoken, _ALL),
    )


def _measure_ages(counter: FigureCounter, who: Condition, plan: Plan) -> AgeSpan:
    ages = city_forms.list_ages(plan)
    mean, youngest, oldest = (counter.measure(age, who) for age in ages)
    return AgeSpan(mean, youngest, oldest, counter.count(ages[0], who))


class FigureCounter:
    """Takes figures from the merged lists of one run."""

    def __init__(self, frames: Mapping[str, pd.DataFrame], plan: Plan) -> None:
        self._frames = frames
        self._year = plan.year
        self._lines = LineFinder(frames, plan)
        self._number = cache(self._read_numbers)
        self._unit = cache(self._read_units)
        self.is_known = cache(self._is_known)
        self._senders = cache(self._find_senders)

    def measure(self, figure: Figure, *who: Condition) -> float | None:
        """What the figure takes of the lines that also meet `who`: lines, a sum, an age; None for an age of nobody."""
        if figure.measure in ("count", "sum"):
            return self.count(figure, *who)
        ages = self._year - self._number(figure.table, figure.column)[self._find(figure, *who)]
        if not len(ages):
            return None
        return {"mean age": float(ages.mean()), "youngest": int(ages.min()), "oldest": int(ages.max())}[figure.measure]

    def count(self, figure: Figure, *who: Condition) -> int:
        """How many lines, or the sum of their numbers, that also meet `who`."""
        found = self._find(figure, *who)
        return int(self._number(figure.table, figure.column)[found].sum() if figure.measure == "sum" else found.sum())

    def count_by_unit(self, figure: Figure) -> Numbers:
        """The count of each unit, in the order of the table `units`."""
        found = self._find(figure)
        numbers = self._number(figure.table, figure.column)[found] if figure.measure == "sum" else None
        return np.bincount(self._unit(figure.table)[found], numbers, len(self._frames["units"])).astype("int64")

    def take_answers(self, figure: Figure) -> Answers:
        """What each unit says of a figure, in the order of the table `units`; nothing where it does not say who is asked."""
        counts = self.count_by_unit(figure)
        if not figure.asked:
            return Answers(counts, self.find_senders(figure), counts, np.zeros_like(counts))
        base, whole = self.take_answers(figure.base), self.count_by_unit(figure.whole)
        return Answers(counts, base.known & ~((base.counts > 0) & (whole == 0)), whole, base.counts - whole)

    def find_senders(self, figure: Figure) -> Mask:
        """Which units sent the figure's table, with something in it, and, of a sum, the column that is added up."""
        return self._senders(figure.table, figure.column)

    def _find_senders(self, table: str, column: str) -> Mask:
        lists = self._frames["lists"]
        sent = lists[lists["table"].eq(table) & lists["said"]]
        has = [not column or column in columns for columns in sent["columns"]]
        found: Mask = self._frames["units"]["code"].isin(sent["unit"][has]).to_numpy(bool)
        return found

    def count_unsaid(self, part: Figure, whole: Figure, who: Condition) -> int:
        """How much of the whole is of units that did not send its part."""
        return int(self.count_by_unit(whole)[self._choose_units(who) & ~self.find_senders(part)].sum())

    def _is_known(self, figure: Figure, who: Condition) -> bool:
        """Whether any of the local units, or the upper one, says anything of the figure."""
        return bool((self.take_answers(figure).known & self._choose_units(who)).any())

    def _choose_units(self, who: Condition) -> Mask:
        """The upper unit, or the local ones."""
        upper: Mask = self._frames["units"]["level"].eq("upper").to_numpy(bool)
        return upper if who == UPPER else ~upper

    def _find(self, figure: Figure, *who: Condition) -> Mask:
        return self._lines.find(figure.table, (*who, *figure.where))

    def _read_numbers(self, table: str, column: str) -> Numbers:
        numbers: Numbers = self._frames[table][column].fillna(0).to_numpy("int64")
        return numbers

    def _read_units(self, table: str) -> Numbers:
        """Which line of the table `units` each line's unit has."""
        places: Numbers = pd.Index(self._frames["units"]["code"]).get_indexer(self._frames[table][UNIT])
        return places


def _measure_room(exemplars: int, guests: int, unknown: int, units: pd.DataFrame, plan: Plan) -> Room:
    """Those of no known category take places, and stand in no share."""
    limit = plan.conference.upper.max_delegates
    free = max(0, limit - exemplars - guests - unknown)
    added = find_room(exemplars, guests, plan.shares, limit - unknown)
    missing = units.loc[units["file"].isna(), "level"].tolist()
    dealt = 0 if "upper" in missing else len(missing)
    return Room(free, added.exemplars if added else None, added.guests if added else None, dealt)


def _count_units(
    counter: FigureCounter, frames: Mapping[str, pd.DataFrame], plan: Plan
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, dict[str, Total]]:
    """A number for each unit and figure of the form by unit, how many lines say nothing of it, and how many do; the totals.

    What that form reckons from its parts is in no column.
    """
    figures = [figure for figure in city_forms.list_unit_counts(plan) if not figure.parts]
    units = frames["units"].set_index("code")
    answers = {figure.key: counter.take_answers(figure) for figure in figures}
    counts = pd.DataFrame({key: a.counts for key, a in answers.items()}, index=units.index).astype("Int64")
    known = pd.DataFrame({key: a.known for key, a in answers.items()}, index=units.index)
    info = frames["info"].set_index("unit")[["date", "form", "declared_total", "reported"]]
    unsaid = pd.DataFrame({key: a.unsaid for key, a in answers.items()}, index=units.index)
    wholes = pd.DataFrame({key: a.whole for key, a in answers.items()}, index=units.index)
    local, used = (units["level"].eq("local").to_numpy(bool), units["file"].notna().to_numpy(bool))
    totals = {key: _add_units(a, local, used, units.index) for key, a in answers.items()}
    return units.join(info).join(counts.where(known)), unsaid, wholes, totals


def _add_units(answers: Answers, local: Mask, used: Mask, codes: pd.Index[Any]) -> Total:
    known = local & answers.known
    return Total(
        int(answers.counts[known].sum()) if known.any() else None,
        int(known.sum()),
        tuple(codes[local & used & ~answers.known]),
        int(answers.whole[local].sum()),
        tuple((code, int(n)) for code, n in zip(codes[local], answers.unsaid[local], strict=True) if n),
    )


# ---------------------------------------------------------------- structure


def _count_section(counter: FigureCounter, group: city_forms.LineGroup, plan: Plan) -> Group:
    if group.column in city_forms.SENSITIVE:
        lines = tuple(_count_sensitive(counter, group, plan))
        return Group(group.title, lines, group.column, _count_unsaid(counter, group))
    always, found = (
        [_count_line(counter, line, group.people) for line in lines] for lines in (group.always, group.found)
    )
    lines = (*always, *(line for line in found if line.local or line.upper))
    return Group(group.title, lines, group.column, _count_unsaid(counter, group))


def _count_unsaid(counter: FigureCounter, group: city_forms.LineGroup) -> tuple[int, int]:
    """Of both conferences: how many stand in a group and do not say what its lines ask."""
    lines = (narrow(group.people, line.label, line.where) for line in (*group.always, *group.found))
    figure = next(line for line in lines if line.asked)
    local, upper = (
        counter.count(figure.base, who) - counter.count(figure.whole, who) for who in (LOCAL, city_forms.CONFERENCE)
    )
    return local, upper


def _count_covered(counter: FigureCounter, line: CoverageLine, plan: Plan) -> int:
    """The exemplars of the upper conference who say what the group asks."""
    group = next(group for group in plan.coverage if group.name == line.name)
    return counter.count(city_forms.cover_group(group, line.value, plan).whole, city_forms.CONFERENCE)


def _count_line(counter: FigureCounter, line: FormLine, people: Figure) -> GroupLine:
    figure = narrow(people, line.label, line.where)
    local, upper = (counter.count(figure, who) for who in (LOCAL, city_forms.CONFERENCE))
    return GroupLine(line.label, local, upper, figure)


def _count_sensitive(counter: FigureCounter, group: city_forms.LineGroup, plan: Plan) -> Iterator[GroupLine]:
    """Those who have a value of the kind that is asked about together; by value of the local conferences alone.

    A value that is counted less than `LEAST` times would point at persons: it is joined with others, so that all of
    these together are no fewer.
    """
    asked = city_forms.is_asked_about(plan, group.column)
    for line in city_forms.list_kinds_of(plan, group.column):
        counted = _count_line(counter, line, group.people)
        if counted.local or counted.upper:
            yield counted
        if line.where != (asked,):
            continue
        values = [counter.count(narrow(group.people, v.label, v.where), LOCAL) for v in group.found]
        found = [
            (n, v) for n, v in zip(values, group.found, strict=True) if n and v.where[0].values and _is_part(v, asked)
        ]
        shown, joined = _join_few(found)
        for label, values_shown in (*((v.label, v.where[0].values) for v in shown), (city_forms.OTHERS, joined)):
            if values_shown:
                figure = narrow(group.people, label, (Condition("in", group.column, tuple(values_shown)),))
                yield GroupLine(label, counter.count(figure, LOCAL), None, figure, within=True)


def _is_part(line: FormLine, asked: Condition) -> bool:
    return (line.where[0].values[0] in asked.values) is (asked.test == "in")


def _is_rest(line: FormLine) -> bool:
    """Whether the list itself calls it "Khác"."""
    return fold(line.label).startswith(fold(city_forms.OTHERS))


def _join_few(found: Sequence[tuple[int, FormLine]]) -> tuple[list[FormLine], list[str]]:
    """The lines that may be shown by name, in their order, and the values of the others."""
    joined: list[FormLine] = []
    count = 0
    for number, line in sorted(found, key=lambda counted: (not _is_rest(counted[1]), counted[0])):
        if not _is_rest(line) and number >= LEAST and (not joined or count >= LEAST):
            break
        joined.append(line)
        count += number
    shown = [line for _, line in found if line not in joined]
    return shown, [value for line in joined for value in line.where[0].values]


# ---------------------------------------------------------------- honours and awards


_ALL = FormLine(city_forms.SUM_LABEL, ())


def _count_lines(
    counter: FigureCounter, figures: Sequence[Figure], lines: Iterable[FormLine]
) -> tuple[PairedLine, ...]:
    """The lines that count anything, of the local units or of the upper one."""
    counted = (_count_paired(counter, figures, line) for line in lines)
    return tuple(line for line in counted if any(line.local + line.upper))


def _count_paired(counter: FigureCounter, figures: Sequence[Figure], line: FormLine) -> PairedLine:
    local, upper = (
        tuple(
            counter.count(narrow(figure, line.label, line.where), who) if counter.is_known(figure, who) else None
            for figure in figures
        )
        for who in (LOCAL, UPPER)
    )
    wholes = {figure.key: figure for figure in figures}
    unsaid = [
        {
            f.key: counter.count_unsaid(f, narrow(wholes[f.part_of], line.label, line.where), who)
            for f in figures
            if f.part_of
        }
        for who in (LOCAL, UPPER)
    ]
    return PairedLine(line.label, local, upper, line.where, line.group, line.within, line.kinds, (unsaid[0], unsaid[1]))
