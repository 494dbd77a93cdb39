"""Tables of all units ─► one pandas table a sheet.

Every table has `unit` (code), `file`, `excel_row`. Types are nullable: a rejected value is <NA>.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

import pandas as pd

from dhtt_excel.form.form import Form, Kind, Layout, Table
from dhtt_excel.plan.plan import Plan
from dhtt_excel.reading.join_people import JOINED, join_nominees
from dhtt_excel.reading.submissions import ReadTable, Submission

_DTYPES = {
    Kind.FIXED: "string",
    Kind.TEXT: "string",
    Kind.CHOICE: "string",
    Kind.YEAR: "Int64",
    Kind.DATE: "object",  # datetime.date or None; a date is a date, with no time of day
    Kind.TIME: "Int64",  # minutes since midnight
    Kind.COUNT: "Int64",
    Kind.MARK: "boolean",
}


@dataclass(frozen=True)
class Tables:
    """The merged data of a campaign.

    `frames` by name: the form's tables (`info`, `delegates`, `speakers`, `honourees`, `programme`, `report`, `awards`);
    `units`: a row a unit of the plan (code, name, level, pilot, file <NA> where nothing was used, received: the day on
    which its first report came, or None);
    `lists`: a row a unit and table (unit, table, found, rows, none_marked, said: whether there are lines, marks or numbers
    in it, or it is marked that there are none; columns: keys of those that the file has);
    `conference`: the delegates of the upper conference.
    `delegates` and `conference` also have `group` (exemplar, guest), `age` and `young`, and `joined`: of a nominee whom
    the upper unit lists as well, the row there; such a line is not in `conference` again.
    `places`: (unit, table) ─► where that table's cells stand in the unit's file.
    """

    frames: dict[str, pd.DataFrame]
    places: dict[tuple[str, str], tuple[str, ReadTable]]


def merge_tables(
    submissions: Iterable[Submission], form: Form, plan: Plan, reported: Mapping[str, date] = MappingProxyType({})
) -> Tables:
    """Merge the submissions in use, in the order of the units' codes, the upper unit last.

    `reported`: the day on which a unit's first report came, by unit code.
    """
    order = {code: index for index, code in enumerate(plan.units_by_code)}
    used = {s.unit.code: s for s in submissions if s.used and s.unit}
    in_order = [used[code] for code in sorted(used, key=order.__getitem__)]
    frames = {key: _merge(table, in_order) for key, table in form.tables.items()}
    frames["delegates"] = _derive(frames["delegates"], plan)
    frames["units"] = _list_units(used, plan, reported)
    frames["lists"] = _list_lists(in_order, form)
    frames["conference"] = _invite(frames["delegates"], plan)
    places = {
        (code, key): (submission.source.file, table)
        for code, submission in used.items()
        for key, table in submission.tables.items()
    }
    return Tables(frames, places)


def _merge(table: Table, submissions: list[Submission]) -> pd.DataFrame:
    rows = [
        (s.unit.code, s.source.file, row)
        for s in submissions
        if s.unit and table.key in s.tables
        for row in s.tables[table.key].rows
    ]
    columns: dict[str, Any] = {
        "unit": pd.array([unit for unit, _, _ in rows], dtype="string"),
        "file": pd.array([file for _, file, _ in rows], dtype="string"),
        "excel_row": pd.array([row["excel_row"] for _, _, row in rows], dtype="int64"),
    }
    for column in table.stored:
        values = [row[column.key] for _, _, row in rows]
        dtype = _DTYPES[column.kind]
        columns[column.key] = pd.Series(values, dtype="object") if dtype == "object" else pd.array(values, dtype=dtype)
    return pd.DataFrame(columns)


def _derive(delegates: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    age = plan.year - delegates["birth_year"]
    return delegates.assign(
        group=delegates["category"].map(plan.group_of_category).astype("string"),
        age=age,
        young=age < plan.ages.young_under,
        **{JOINED: pd.array(join_nominees(delegates, plan), dtype="Int64")},
    )


def _invite(delegates: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """The upper conference: the upper unit's own delegates and the local units' nominees, each person once."""
    own = delegates["unit"].eq(plan.upper_unit.code)
    nominees = delegates["nominated"].fillna(value=False) & delegates[JOINED].isna()
    return delegates[own | nominees]


def _list_units(used: dict[str, Submission], plan: Plan, reported: Mapping[str, date]) -> pd.DataFrame:
    units = plan.units_by_code.values()
    return pd.DataFrame(
        {
            "code": pd.array([u.code for u in units], dtype="string"),
            "name": pd.array([plan.name_of(u) for u in units], dtype="string"),
            "level": pd.array([u.level for u in units], dtype="string"),
            "pilot": [u.pilot for u in units],
            "file": pd.array([used[u.code].source.file if u.code in used else None for u in units], dtype="string"),
            "received": pd.Series([reported.get(u.code) for u in units], dtype="object"),
        }
    )


def _list_lists(submissions: list[Submission], form: Form) -> pd.DataFrame:
    records = [
        (
            s.unit.code, key, bool(table.columns or table.cells), len(table.rows), table.none_marked,
            table.none_marked or _has_entries(table, form.tables[key]), frozenset((*table.columns, *table.cells)),
        )
        for s in submissions
        if s.unit
        for key, table in s.tables.items()
        if key in form.tables
    ]  # fmt: skip
    columns = ["unit", "table", "found", "rows", "none_marked", "said", "columns"]
    lists = pd.DataFrame(records, columns=columns)
    return lists.astype({"unit": "string", "found": bool, "none_marked": bool, "said": bool, "rows": int})


def _has_entries(read: ReadTable, table: Table) -> bool:
    """Whether a list has a line, or somebody entered something in the lines that the form prints; 0 is something."""
    entered = [column.key for column in table.stored if column.kind is not Kind.FIXED]
    if table.layout is Layout.LIST:
        return bool(read.rows)
    return any(row.get(key) is not None and row[key] is not False for row in read.rows for key in entered)
