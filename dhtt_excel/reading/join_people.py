"""Local units' nominees ─► which of them the upper unit lists as well: one person, who is counted once there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from dhtt_excel.plan.plan import Plan
from dhtt_excel.rules.rows import list_rows
from dhtt_excel.text.vietnamese import fold, name_key, strip_titles

if TYPE_CHECKING:
    import pandas as pd


_ANY = 0  # in place of a year of birth
_MOST_NAMESAKES = 50
JOINED = "joined"  # the column of the merged delegates that says so

_ASKED = ("name", "gender", "birth_year", "organisation", "nominated")


class _Pair(NamedTuple):
    """A nominee and a line of the upper unit's list that may be the same person; the surest pair sorts first."""

    doubts: int
    nominee: int
    line: int


def join_nominees(delegates: pd.DataFrame, plan: Plan) -> list[int | None]:
    """For each delegate the row of the upper unit's file in which the same person stands; None for all but nominees.

    The same are name and year of birth; where a year is not known, name and organisation. A name that was typed without
    any marks is any name of these letters; two genders are two people. A line is joined to one nominee at most.
    """
    joined: list[int | None] = [None] * len(delegates)
    upper: dict[tuple[str, int | None], list[tuple[int, Any]]] = {}
    nominees: list[tuple[int, Any]] = []
    for place, row in enumerate(list_rows(delegates, *_ASKED)):
        if row.name is None:
            continue
        if row.unit == plan.upper_unit.code:
            for year in {row.birth_year, _ANY}:
                upper.setdefault((fold(strip_titles(row.name)), year), []).append((place, row))
        elif row.nominated:
            nominees.append((place, row))
    pairs = sorted(
        _Pair(doubts, place, line)
        for place, nominee in nominees
        for line, other in _list_candidates(nominee, upper)
        if (doubts := _count_doubts(nominee, other, plan)) is not None
    )
    rows = delegates["excel_row"].tolist()
    taken: set[int] = set()
    for pair in pairs:
        if joined[pair.nominee] is None and pair.line not in taken:
            joined[pair.nominee] = rows[pair.line]
            taken.add(pair.line)
    return joined


def _list_candidates(
    nominee: Any, upper: Mapping[tuple[str, int | None], list[tuple[int, Any]]]
) -> list[tuple[int, Any]]:
    """Lines of the upper unit that may be this person; of very many namesakes the first."""
    name, year = fold(strip_titles(nominee.name)), nominee.birth_year
    years = (_ANY,) if year is None else (year, None)
    return [line for wanted in years for line in upper.get((name, wanted), [])[:_MOST_NAMESAKES]]


def _count_doubts(nominee: Any, other: Any, plan: Plan) -> int | None:
    """How much speaks against two lines of like names being one person; None where they are two."""
    if not _same_name(nominee.name, other.name):
        return None
    if None not in (nominee.gender, other.gender) and nominee.gender != other.gender:
        return None
    same_place = _same_place(nominee, other, plan)
    if None in (nominee.birth_year, other.birth_year):
        return 2 if same_place else None
    if nominee.birth_year != other.birth_year:
        return None
    return 0 if same_place else 1


def _same_name(first: str, second: str) -> bool:
    keys = name_key(first), name_key(second)  # a blank that does not break is no letter
    return any(map(str.isascii, keys)) or keys[0] == keys[1]


def _same_place(nominee: Any, other: Any, plan: Plan) -> bool:
    """Whether the upper unit names the nominee's organisation, or the unit that nominates."""
    unit = plan.units_by_code[nominee.unit]
    named = fold(other.organisation or "")
    return bool(named) and named in (fold(nominee.organisation or ""), fold(unit.name), fold(plan.name_of(unit)))
