"""Merged tables ─► the numbers that the summary, the register and the terminal show.

Each number is a `Figure` of the city's forms or goes back to one. Delegates whose category is not known cannot be put
in a share: they stand apart (`unknown`) and in no other number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from dhtt_excel.figures import city_forms
from dhtt_excel.figures.figure import Figure, FormLine, narrow
from dhtt_excel.figures.filters import LOCAL, UNIT, UPPER, Condition, Filter, LineFinder, Mask, Numbers
from dhtt_excel.form.form import Form
from dhtt_excel.plan.plan import Plan
from dhtt_excel.plan.shares import find_room
from dhtt_excel.reading.merge_tables import Tables
from dhtt_excel.rules.coverage import CoverageLine as CoverageLine
from dhtt_excel.rules.coverage import measure_coverage


@dataclass(frozen=True)
class GroupLine:
    """A line of the structure: how many delegates of the local conferences and of the upper conference.

    `figure`: the lines that it counts, without those who are meant.
    """

    label: str
    local: int
    upper: int
    figure: Figure


@dataclass(frozen=True)
class Group:
    title: str
    lines: tuple[GroupLine, ...]
    column: str = ""


@dataclass(frozen=True)
class PairedLine:
    """A line with several counts of the local units and the same of the upper unit.

    `where`: what it adds to the filters of the figures in its columns.
    """

    label: str
    local: tuple[int, ...]
    upper: tuple[int, ...]
    where: Filter = ()


@dataclass(frozen=True)
class AgeSpan:
    """Mean, least and greatest age; None where no year of birth is known."""

    mean: float | None
    youngest: float | None
    oldest: float | None


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
    """`units`: a row a unit of the plan, indexed by code; counts are 0 and texts <NA> where nothing was received.

    `honours_by_award`, `honours_by_movement`: honourees by `HONOUREE_KINDS`; those of no known kind are in `units`
    (`honourees_unknown`) and in no other number. `awards`: the five years' commendations by `list_award_figures`.
    """

    units: pd.DataFrame
    sections: tuple[Group, ...]
    local_ages: AgeSpan
    upper_ages: AgeSpan
    upper_exemplars: int
    upper_guests: int
    upper_unknown: int
    upper_room: Room
    coverage: tuple[CoverageLine, ...]
    honours_by_award: tuple[PairedLine, ...]
    honours_by_movement: tuple[PairedLine, ...]
    awards: tuple[PairedLine, ...]


def count_figures(tables: Tables, form: Form, plan: Plan) -> Figures:
    """Count everything once. Raises `ValueError` where a figure of the forms names what is not there."""
    frames = tables.frames
    counter = FigureCounter(frames, plan)
    upper = {f.key: counter.count(f, city_forms.CONFERENCE) for f in city_forms.list_upper_figures(plan)}
    exemplars, guests, unknown = (upper[key] for key in ("exemplars", "guests", "unknown"))
    return Figures(
        units=_count_units(counter, frames, plan),
        sections=tuple(_count_section(counter, group) for group in city_forms.list_groups(plan)),
        local_ages=AgeSpan(*(counter.measure(figure, LOCAL) for figure in city_forms.list_ages(plan))),
        upper_ages=AgeSpan(*(counter.measure(figure, city_forms.CONFERENCE) for figure in city_forms.list_ages(plan))),
        upper_exemplars=exemplars,
        upper_guests=guests,
        upper_unknown=unknown,
        upper_room=_measure_room(exemplars, guests, unknown, frames["units"], plan),
        coverage=tuple(measure_coverage(frames, form, plan)),
        honours_by_award=_count_honours(counter, "award", "awards", plan),
        honours_by_movement=_count_honours(counter, "movement", "movements", plan),
        awards=_count_paired(counter, city_forms.list_award_figures(plan), city_forms.list_award_lines(plan)),
    )


class FigureCounter:
    """Takes figures from the merged lists of one run."""

    def __init__(self, frames: Mapping[str, pd.DataFrame], plan: Plan) -> None:
        self._frames = frames
        self._year = plan.year
        self._lines = LineFinder(frames, plan)
        self._number = cache(self._read_numbers)
        self._unit = cache(self._read_units)

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


def _count_units(counter: FigureCounter, frames: Mapping[str, pd.DataFrame], plan: Plan) -> pd.DataFrame:
    """A number for each unit and figure of the form by unit; what that form reckons from its parts is in no column."""
    figures = [figure for figure in city_forms.list_unit_counts(plan) if not figure.parts]
    counts = {figure.key: counter.count_by_unit(figure) for figure in figures}
    info = frames["info"].set_index("unit")[["date", "form", "declared_total", "reported"]]
    units = frames["units"].set_index("code")
    return units.join(info).join(pd.DataFrame(counts, index=units.index))


def _count_section(counter: FigureCounter, group: city_forms.LineGroup) -> Group:
    always, found = (
        [_count_line(counter, line.label, narrow(group.people, line.label, line.where)) for line in lines]
        for lines in (group.always, group.found)
    )
    return Group(group.title, (*always, *(line for line in found if line.local or line.upper)), group.column)


def _count_line(counter: FigureCounter, label: str, figure: Figure) -> GroupLine:
    local, upper = (counter.count(figure, who) for who in (LOCAL, city_forms.CONFERENCE))
    return GroupLine(label, local, upper, figure)


def _count_honours(counter: FigureCounter, column: str, choices: str, plan: Plan) -> tuple[PairedLine, ...]:
    figures = [figure for figure in city_forms.list_honour_figures(plan) if not figure.parts]
    return _count_paired(counter, figures, city_forms.list_honour_lines(plan, column, choices))


def _count_paired(
    counter: FigureCounter, figures: Sequence[Figure], lines: Sequence[FormLine]
) -> tuple[PairedLine, ...]:
    """The lines that count anything, of the local units and of the upper one."""
    counted = []
    for line in lines:
        narrowed = [narrow(figure, line.label, line.where) for figure in figures]
        local, upper = (tuple(counter.count(figure, who) for figure in narrowed) for who in (LOCAL, UPPER))
        if any(local + upper):
            counted.append(PairedLine(line.label, local, upper, line.where))
    return tuple(counted)
