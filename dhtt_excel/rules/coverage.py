"""The groups that the plan names for the upper conference: who is in them, and who could stand for an absent one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from dhtt_excel.form.form import Form
from dhtt_excel.plan.plan import Coverage, Plan

if TYPE_CHECKING:
    import pandas as pd

THIN = 1  # so many people, and who falls ill leaves the group without anyone
_MOST_UNITS, _MOST_ROWS = 5, 3
_MORE = "…"


@dataclass(frozen=True)
class CoverageLine:
    """A group that the plan names (`value`: one of a list's values, or "") and how many exemplars of the upper
    conference are in it.

    `label` names it inside a sentence; `supply` says who else could stand for it, "" where more than `THIN` do.
    """

    name: str
    value: str
    count: int
    label: str = ""
    supply: str = ""


def find_members(people: pd.DataFrame, group: Coverage, value: str = "") -> Any:
    """Which people belong to a group of the plan, or have this one value of it: a boolean column."""
    column = people[group.column]
    if value:
        return column.eq(value).fillna(value=False)
    if column.dtype == "boolean":
        return column.fillna(value=False)
    if group.values:
        return column.isin(group.values)
    return column.notna() & ~column.isin(group.leave_out)


def measure_coverage(frames: Mapping[str, pd.DataFrame], form: Form, plan: Plan) -> list[CoverageLine]:
    """A line for each named group, of the exemplars: the plan asks for the balance among them, not among the guests.

    `frames`: `conference`, `delegates`, `honourees` and `units`, as in `merge_tables.Tables`.
    """
    conference = frames["conference"]
    exemplars = conference[conference["group"].eq("exemplar").fillna(value=False)]
    reserve = _find_reserve(frames, plan)
    lines = []
    for group in plan.coverage:
        for value in _list_values(group, form, plan):
            count = int(find_members(exemplars, group, value).sum())
            supply = "" if count > THIN else _describe_supply(group, value, reserve, form, plan)
            lines.append(CoverageLine(group.name, value, count, _label(group, value, form), supply))
    return lines


def _list_values(group: Coverage, form: Form, plan: Plan) -> list[str]:
    if not group.each:
        return [""]
    listed = [c.value for c in plan.lists.choices(form.tables["delegates"].by_key[group.column].choices)]
    return [value for value in group.values or listed if value not in group.leave_out]


def _label(group: Coverage, value: str, form: Form) -> str:
    """How a sentence names the group: "lĩnh vực “Y tế”", "nhóm “Nữ”"."""
    if not value:
        return f"nhóm “{group.name}”"
    heading = form.tables["delegates"].by_key[group.column].heading
    return f"{heading[:1].lower()}{heading[1:]} “{value}”"


class _Reserve(NamedTuple):
    """Who could stand for an absent group: exemplars of local units who are not nominated yet; those honoured there; the
    names of units that have not reported. `full`: the conference has as many as it may have.
    """

    free: pd.DataFrame
    honourees: pd.DataFrame
    missing: list[str]
    full: bool


def _find_reserve(frames: Mapping[str, pd.DataFrame], plan: Plan) -> _Reserve:
    delegates, honourees = (
        frame[frame["unit"].ne(plan.upper_unit.code)] for frame in (frames["delegates"], frames["honourees"])
    )
    exemplars = delegates[delegates["group"].eq("exemplar").fillna(value=False)]
    free = exemplars[~exemplars["nominated"].fillna(value=False)]
    units = frames["units"]
    missing = units.loc[units["level"].eq("local") & units["file"].isna(), "name"].tolist()
    return _Reserve(free, honourees, missing, len(frames["conference"]) >= plan.conference.upper.max_delegates)


def _describe_supply(group: Coverage, value: str, reserve: _Reserve, form: Form, plan: Plan) -> str:
    """Exemplars; else honourees; else the units that have not reported."""
    able = reserve.free[find_members(reserve.free, group, value)]
    limit = plan.conference.upper.max_delegates
    begin = f"Hội nghị đã đủ {limit} đại biểu, có thể cử thay" if reserve.full else "Có thể cử thêm"
    if len(able):
        return _end(f"{begin}: {name_places(able, form.tables['delegates'].sheet, plan)}")
    if group.column in reserve.honourees:
        honoured = reserve.honourees[find_members(reserve.honourees, group, value)]
        if len(honoured):
            places = name_places(honoured, form.tables["honourees"].sheet, plan)
            return _end(f"{begin} từ người, tập thể được biểu dương: {places}")
    nobody = "Chưa đơn vị nào có người thuộc nhóm này"
    if reserve.missing:
        return _end(f"{nobody}; hỏi đơn vị chưa báo cáo: {_join(reserve.missing, _MOST_UNITS)}")
    return f"{nobody}: đề nghị các {plan.levels.local.noun} giới thiệu."


def _end(text: str) -> str:
    return text if text.endswith(_MORE) else f"{text}."


def name_places(people: pd.DataFrame, sheet: str, plan: Plan) -> str:
    """Where these people stand: "Phường Hàng Bạc (Đại biểu, dòng 12, 15), …"; never their names."""
    rows: dict[str, list[str]] = {}
    for unit, row in zip(people["unit"].tolist(), people["excel_row"].tolist(), strict=True):
        rows.setdefault(unit, []).append(str(row))
    places = [
        f"{plan.name_of(plan.units_by_code[unit])} ({sheet}, dòng {_join(numbers, _MOST_ROWS)})"
        for unit, numbers in rows.items()
    ]
    return _join(places, _MOST_UNITS)


def _join(texts: list[str], most: int) -> str:
    return ", ".join([*texts[:most], *([_MORE] if len(texts) > most else [])])
