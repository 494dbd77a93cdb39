"""Merged tables ─► the numbers that the summary, the register and the terminal show.

Delegates whose category is not known cannot be put in a share: they stand apart (`unknown`) and in no other number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from dhtt_excel.form.form import Form
from dhtt_excel.plan.plan import Plan
from dhtt_excel.plan.shares import find_room
from dhtt_excel.reading.merge_tables import Tables
from dhtt_excel.rules.coverage import CoverageLine as CoverageLine
from dhtt_excel.rules.coverage import find_members, measure_coverage

UNKNOWN = "Chưa rõ"
HONOUREE_KINDS = ("collective", "person", "household")
AWARD_COUNTS = ("collectives", "persons", "direct_workers")


@dataclass(frozen=True)
class Line:
    """A line of the structure: how many delegates of the local conferences and of the upper conference."""

    label: str
    local: int
    upper: int


@dataclass(frozen=True)
class Section:
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class PairedLine:
    """A line with several counts of the local units and the same of the upper unit."""

    label: str
    local: tuple[int, ...]
    upper: tuple[int, ...]


@dataclass(frozen=True)
class AgeSpan:
    """Mean, least and greatest age; None where no year of birth is known."""

    mean: float | None
    youngest: int | None
    oldest: int | None


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
    (`honourees_unknown`) and in no other number. `awards`: the five years' commendations by `AWARD_COUNTS`.
    """

    units: pd.DataFrame
    sections: tuple[Section, ...]
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
    """Count everything once."""
    frames = tables.frames
    delegates = frames["delegates"]
    known = delegates[delegates["group"].notna()]
    local = known[known["unit"].ne(plan.upper_unit.code)]
    conference = frames["conference"]
    upper = conference[conference["group"].notna()]
    exemplars, guests = (_count(upper["group"].eq(group)) for group in ("exemplar", "guest"))
    return Figures(
        units=_count_units(frames, known, plan),
        sections=tuple(_count_sections(local, upper, form, plan)),
        local_ages=_span_ages(local),
        upper_ages=_span_ages(upper),
        upper_exemplars=exemplars,
        upper_guests=guests,
        upper_unknown=len(conference) - len(upper),
        upper_room=_measure_room(exemplars, guests, len(conference) - len(upper), frames["units"], plan),
        coverage=tuple(measure_coverage(frames, form, plan)),
        honours_by_award=tuple(_count_honours(frames["honourees"], "award", "awards", plan)),
        honours_by_movement=tuple(_count_honours(frames["honourees"], "movement", "movements", plan)),
        awards=tuple(_count_awards(frames["awards"], plan)),
    )


def _measure_room(exemplars: int, guests: int, unknown: int, units: pd.DataFrame, plan: Plan) -> Room:
    """Those of no known category take places, and stand in no share."""
    limit = plan.conference.upper.max_delegates
    free = max(0, limit - exemplars - guests - unknown)
    added = find_room(exemplars, guests, plan.shares, limit - unknown)
    missing = units.loc[units["file"].isna(), "level"].tolist()
    dealt = 0 if "upper" in missing else len(missing)
    return Room(free, added.exemplars if added else None, added.guests if added else None, dealt)


def _count(mask: Any) -> int:
    return int(mask.fillna(value=False).sum())


def _count_units(frames: dict[str, pd.DataFrame], known: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    units = frames["units"].set_index("code")
    info = frames["info"].set_index("unit")[["date", "form", "declared_total", "reported"]]
    by_column = {group.column: group for group in plan.coverage}
    marks = {
        "listed": _tally(frames["delegates"], None),
        "exemplars": _tally(known, known["group"].eq("exemplar")),
        "guests": _tally(known, known["group"].eq("guest")),
        "female": _tally(known, known["gender"].eq(plan.lists.value("genders", "female"))),
        "young": _tally(known, known["young"]),
        "minority": _tally(known, find_members(known, by_column["ethnicity"])),
        "religious": _tally(known, find_members(known, by_column["religion"])),
        "direct_workers": _tally(known, known["direct_worker"]),
        "held": _tally(frames["programme"], _held_items(frames["programme"], plan)),
    }
    for sheet, list_name in (("speakers", "speech_kinds"), ("honourees", "honouree_kinds")):
        for choice in plan.lists.choices(list_name):
            marks[f"{sheet}_{choice.key}"] = _tally(frames[sheet], frames[sheet]["kind"].eq(choice.value))
    marks["honourees_unknown"] = _tally(frames["honourees"], frames["honourees"]["kind"].isna())
    for key in AWARD_COUNTS:
        marks[f"awards_{key}"] = frames["awards"].groupby("unit")[key].sum()
    counts = pd.DataFrame(marks).reindex(units.index).fillna(0).astype(int)
    counts.insert(1, "unknown", counts["listed"] - counts["exemplars"] - counts["guests"])
    return units.join(info).join(counts)


def _tally(frame: pd.DataFrame, mask: Any) -> pd.Series:
    rows = frame if mask is None else frame[mask.fillna(value=False)]
    return rows.groupby("unit").size()


def _held_items(programme: pd.DataFrame, plan: Plan) -> Any:
    return programme["held"] & programme["item"].isin(plan.programme.required)


def _count_honours(honourees: pd.DataFrame, key: str, choices: str, plan: Plan) -> list[PairedLine]:
    """A line for each value that occurs, in the order of the list; what was blank or rejected comes last."""
    kinds = [plan.lists.value("honouree_kinds", kind) for kind in HONOUREE_KINDS]
    known = honourees[honourees["kind"].isin(kinds)]
    upper = known["unit"].eq(plan.upper_unit.code)
    counted = known[key].fillna(UNKNOWN).groupby([upper, known[key].fillna(UNKNOWN), known["kind"]]).size().to_dict()
    lines = [
        PairedLine(
            label, *(tuple(int(counted.get((side, label, kind), 0)) for kind in kinds) for side in (False, True))
        )
        for label in [*(c.value for c in plan.lists.choices(choices)), UNKNOWN]
    ]
    return [line for line in lines if any(line.local + line.upper)]


def _count_awards(awards: pd.DataFrame, plan: Plan) -> list[PairedLine]:
    """A line for each award that occurs, in the order of the list."""
    upper = awards["unit"].eq(plan.upper_unit.code)
    sides = [awards[~upper], awards[upper]]
    sums = [side.groupby("award")[list(AWARD_COUNTS)].sum().astype(int).to_dict("index") for side in sides]
    none = dict.fromkeys(AWARD_COUNTS, 0)
    lines = [
        PairedLine(choice.value, *(tuple(found.get(choice.value, none)[key] for key in AWARD_COUNTS) for found in sums))
        for choice in plan.lists.awards
    ]
    return [line for line in lines if any(line.local + line.upper)]


def _count_sections(local: pd.DataFrame, upper: pd.DataFrame, form: Form, plan: Plan) -> list[Section]:
    table = form.tables["delegates"]
    listed = ("category", "gender", "occupation", "field", "sector", "ethnicity", "religion")
    sections = [
        _count_list(local, upper, key, table.by_key[key].heading, table.by_key[key].choices, plan) for key in listed
    ]
    sections.append(_count_bands(local, upper, plan))
    direct = Line("Người trực tiếp lao động", _count(local["direct_worker"]), _count(upper["direct_worker"]))
    sections.append(Section("Trực tiếp lao động", (direct,)))
    return sections


def _count_list(local: pd.DataFrame, upper: pd.DataFrame, key: str, title: str, choices: str, plan: Plan) -> Section:
    """A line for each value that occurs, in the order of the list; what was blank or rejected comes last."""
    here, there = local[key].value_counts(), upper[key].value_counts()
    lines = [
        Line(c.value, int(here.get(c.value, 0)), int(there.get(c.value, 0)))
        for c in plan.lists.choices(choices)
        if c.value in here or c.value in there
    ]
    unknown = Line(UNKNOWN, _count(local[key].isna()), _count(upper[key].isna()))
    if unknown.local or unknown.upper:
        lines.append(unknown)
    return Section(title, tuple(lines))


def _count_bands(local: pd.DataFrame, upper: pd.DataFrame, plan: Plan) -> Section:
    limits = plan.ages.bands
    lines = []
    for low, high in zip((None, *limits), (*limits, None), strict=True):
        label = (
            f"Dưới {high} tuổi"
            if low is None
            else f"Từ {low} tuổi trở lên"
            if high is None
            else f"Từ {low} đến {high - 1} tuổi"
        )
        lines.append(Line(label, *(_count_ages(frame, low, high) for frame in (local, upper))))
    unknown = Line(UNKNOWN, _count(local["age"].isna()), _count(upper["age"].isna()))
    if unknown.local or unknown.upper:
        lines.append(unknown)
    return Section("Độ tuổi", tuple(lines))


def _count_ages(frame: pd.DataFrame, low: int | None, high: int | None) -> int:
    age = frame["age"]
    return _count((age >= (low or 0)) & (age < (high or 1000)))


def _span_ages(frame: pd.DataFrame) -> AgeSpan:
    ages = frame["age"].dropna()
    if ages.empty:
        return AgeSpan(None, None, None)
    return AgeSpan(float(ages.mean()), int(ages.min()), int(ages.max()))
