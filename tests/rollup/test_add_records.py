"""Rolled up in any way, the figures are those of all units at the bottom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dhtt_excel.figures.city_forms import SENSITIVE
from dhtt_excel.figures.count_figures import Figures, Group, PairedLine
from dhtt_excel.form.form import form_of
from dhtt_excel.plan.plan import Plan, load_plan
from dhtt_excel.rollup.check_record import check_record
from dhtt_excel.rollup.record import ResultRecord, digest_record, parse_record, spell_record
from tests.rollup.campaigns import Campaign, join_plan, name_units, record_of, roll_up, split_plan

_UNITS = 12


@pytest.fixture(scope="module")
def city() -> Plan:
    return load_plan("ha-noi-2020")


def _cut(plan: Plan, sizes: Sequence[int]) -> list[Plan]:
    """The units dealt out to districts of these sizes."""
    plans, first = [], 0
    for number, size in enumerate(sizes, start=1):
        plans.append(split_plan(plan, name_units(size, first), f"D{number}"))
        first += size
    return plans


def _halves(lines: Sequence[PairedLine]) -> dict[str, tuple[object, ...]]:
    return {line.label: (line.local, line.unsaid[0]) for line in lines if any(line.local)}


def _plain(groups: Sequence[Group]) -> dict[tuple[str, str], int]:
    """Lines by their number; of what is sensitive the kinds alone, for which values are named depends on the district."""
    return {
        (group.title, line.label): line.local
        for group in groups
        for line in group.lines
        if line.local and not (group.column in SENSITIVE and line.within)
    }


def _nested(groups: Sequence[Group]) -> dict[str, int]:
    return {g.title: sum(line.local for line in g.lines if line.within) for g in groups if g.column in SENSITIVE}


def _tell(figures: Figures) -> dict[str, object]:
    """Everything that is said of the local conferences."""
    return {
        "totals": {key: total for key, total in figures.totals.items() if not key.startswith("meeting_")},
        "structure": _plain(figures.sections),
        "nested": _nested(figures.sections),
        "unsaid": {group.title: group.unsaid[0] for group in figures.sections},
        "ages": figures.local_ages,
        **{
            name: _halves(getattr(figures, name))
            for name in (
                "honours_by_award", "honours_by_movement", "honours_by_level", "awards", "speeches_by_field", "speeches_by_area",
            )
        },
        **{name: getattr(figures, name).local for name in ("all_honours", "all_awards", "all_speeches")},
    }  # fmt: skip


@pytest.mark.parametrize(("seed", "sizes"), [(1, (4, 5, 3)), (3, (1,) * 12)])
def test_a_roll_up_is_one_run_on_all_units(seed: int, sizes: Sequence[int], plan: Plan, city: Plan) -> None:
    campaign = Campaign(plan, seed)
    districts = _cut(plan, sizes)
    records = {district.upper_unit.code: record_of(campaign.consolidate(district)) for district in districts}
    rolled = roll_up(join_plan(city, districts), records)
    whole = campaign.consolidate(split_plan(plan, name_units(_UNITS), "D0"))
    assert _sorted(_tell(rolled.figures)) == _sorted(_tell(whole.figures))
    assert rolled.figures.totals["listed"].value
    assert rolled.figures.totals["female"].silent, "the campaigns leave something out"


def test_the_upper_half_is_that_of_the_districts_conferences(plan: Plan, city: Plan) -> None:
    campaign, districts = Campaign(plan, 1), _cut(plan, (4, 5, 3))
    results = [campaign.consolidate(district) for district in districts]
    records = {result.plan.upper_unit.code: record_of(result) for result in results}
    rolled = roll_up(join_plan(city, districts), records).figures
    assert rolled.upper_exemplars == sum(result.figures.upper_exemplars for result in results) > 0
    counted = Counter[tuple[str, str]]()
    for result in results:
        counted.update({(g.title, line.label): line.upper or 0 for g in result.figures.sections for line in g.lines})
    assert {(g.title, line.label): line.upper for g in rolled.sections for line in g.lines if line.upper} == {
        key: count for key, count in counted.items() if count
    }


_RECORDS: list[ResultRecord] = []


@settings(max_examples=12, deadline=None)
@given(order=st.permutations(range(6)), cuts=st.sets(st.integers(1, 5)))
def test_order_and_grouping_do_not_matter(order: list[int], cuts: set[int], plan: Plan, city: Plan) -> None:
    """Districts to cities in any way, cities to the country: as the districts at once."""
    districts = _cut(plan, (3, 1, 2, 4, 1, 1))
    if not _RECORDS:
        _RECORDS.extend(record_of(Campaign(plan, 7).consolidate(district)) for district in districts)
    at_once = roll_up(join_plan(city, districts), {record.code: record for record in _RECORDS})
    ends = [0, *sorted(cuts), len(order)]
    groups = [order[first:last] for first, last in pairwise(ends)]
    cities = {}
    for number, group in enumerate(groups):
        above = join_plan(city, [districts[place] for place in group], f"T{number}")
        result = roll_up(above, {_RECORDS[place].code: _RECORDS[place] for place in group})
        cities[above.upper_unit.code] = above, record_of(result)
    country = join_plan(city, [above for above, _ in cities.values()], "QG")
    rolled = roll_up(country, {code: record for code, (_, record) in cities.items()})
    assert _sorted(_tell(rolled.figures)) == _sorted(_tell(at_once.figures))
    assert {u.code: u.values for u in record_of(rolled).units} == {u.code: u.values for r in _RECORDS for u in r.units}
    assert {m.code: m for m in record_of(rolled).meetings} == {m.code: m for r in _RECORDS for m in r.meetings}


def _sorted(told: dict[str, object]) -> dict[str, object]:
    """Who is named in a total has the order of the files."""
    totals = told["totals"]
    assert isinstance(totals, dict)
    spelt = {key: (t.value, t.units, sorted(t.silent), t.whole, sorted(t.unsaid), t.share) for key, t in totals.items()}
    return told | {"totals": spelt}


def test_a_record_is_spelt_in_one_way(plan: Plan) -> None:
    record = record_of(Campaign(plan, 5).consolidate(_cut(plan, (5,))[0]))
    again = parse_record(spell_record(record))
    assert again == record
    assert digest_record(again) == digest_record(record)
    assert [fault.rule.code for fault in check_record(record, form_of(plan), plan) if fault.rule] == ["TH08"]
