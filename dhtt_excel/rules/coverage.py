"""The groups that the plan names for the upper conference: who is in them, and who could stand for an absent one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from dhtt_excel.form.form import Form
from dhtt_excel.plan.plan import Coverage, Plan
from dhtt_excel.rules.rows import read_values

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


class _People:
    """Lines of a list, by the values of the columns that are asked for."""

    def __init__(self, lines: pd.DataFrame) -> None:
        self.lines = lines
        self._places: dict[str, dict[Any, list[int]]] = {}

    def find(self, group: Coverage, value: str = "") -> list[int]:
        """Where those stand who belong to a group of the plan, or have this one value of it."""
        places = self._read(group.column)
        belongs = [value] if value else [found for found in places if _belongs(found, group)]
        return sorted(place for found in belongs for place in places.get(found, ()))

    def _read(self, column: str) -> dict[Any, list[int]]:
        if column not in self._places:
            places = self._places[column] = {}
            for place, value in enumerate(read_values(self.lines[column])):
                places.setdefault(value, []).append(place)
        return self._places[column]


def _belongs(value: Any, group: Coverage) -> bool:
    """Whether a cell puts its line into the group: marked, one of the values, or another than those left out."""
    if value is None or isinstance(value, bool):
        return bool(value)
    return value in group.values if group.values else value not in group.leave_out


def measure_coverage(frames: Mapping[str, pd.DataFrame], form: Form, plan: Plan) -> list[CoverageLine]:
    """A line for each named group, of the exemplars: the plan asks for the balance among them, not among the guests.

    `frames`: `conference`, `delegates`, `honourees` and `units`, as in `merge_tables.Tables`.
    """
    conference = frames["conference"]
    exemplars = _People(conference[conference["group"].eq("exemplar").fillna(value=False)])
    reserve = _find_reserve(frames, plan)
    lines = []
    for group in plan.coverage:
        for value in _list_values(group, form, plan):
            count = len(exemplars.find(group, value))
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

    free: _People
    honourees: _People
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
    return _Reserve(
        _People(free), _People(honourees), missing, len(frames["conference"]) >= plan.conference.upper.max_delegates
    )


def _describe_supply(group: Coverage, value: str, reserve: _Reserve, form: Form, plan: Plan) -> str:
    """Exemplars; else honourees; else the units that have not reported."""
    limit = plan.conference.upper.max_delegates
    begin = f"Hội nghị đã đủ {limit} đại biểu, có thể cử thay" if reserve.full else "Có thể cử thêm"
    if able := reserve.free.find(group, value):
        return _end(f"{begin}: {_name_places(reserve.free, able, form.tables['delegates'].sheet, plan)}")
    if group.column in reserve.honourees.lines and (honoured := reserve.honourees.find(group, value)):
        places = _name_places(reserve.honourees, honoured, form.tables["honourees"].sheet, plan)
        return _end(f"{begin} từ người, tập thể được biểu dương: {places}")
    nobody = "Chưa đơn vị nào có người thuộc nhóm này"
    if reserve.missing:
        return _end(f"{nobody}; hỏi đơn vị chưa báo cáo: {_join(reserve.missing, _MOST_UNITS)}")
    return f"{nobody}: đề nghị các {plan.levels.local.noun} giới thiệu."


def _end(text: str) -> str:
    return text if text.endswith(_MORE) else f"{text}."


def _name_places(people: _People, places: list[int], sheet: str, plan: Plan) -> str:
    """Where these people stand: "Phường Hàng Bạc (Đại biểu, dòng 12, 15), …"; never their names."""
    rows: dict[str, list[str]] = {}
    units, numbers = (people.lines[column].iloc[places].tolist() for column in ("unit", "excel_row"))
    for unit, row in zip(units, numbers, strict=True):
        rows.setdefault(unit, []).append(str(row))
    named = [
        f"{plan.name_of(plan.units_by_code[unit])} ({sheet}, dòng {_join(told, _MOST_ROWS)})"
        for unit, told in rows.items()
    ]
    return _join(named, _MOST_UNITS)


def _join(texts: list[str], most: int) -> str:
    return ", ".join([*texts[:most], *([_MORE] if len(texts) > most else [])])
