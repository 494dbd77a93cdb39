"""HN: the upper conference, in the order in which none mends another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import product

from dhtt_excel.plan.plan import Coverage
from dhtt_excel.rehearsal.breaches.conference import OTHER_CONFERENCE
from dhtt_excel.rehearsal.breaches.delegates import find_kinds, make_guests, replace_kind_of_guest
from dhtt_excel.rehearsal.delegates import nearest_share
from dhtt_excel.rehearsal.drafts import Draft, Made, NothingToBreakError, Place, first, in_campaign, in_workbook
from dhtt_excel.rehearsal.persons import Row, gender_value
from dhtt_excel.rehearsal.words import WORDS
from dhtt_excel.rules import upper_conference


@in_workbook(upper_conference.upper_held_otherwise, level="upper")
def hold_upper_late(draft: Draft) -> tuple[Place, str]:
    day = draft.plan.conference.upper.last_day + timedelta(days=1)
    return draft.put("info", "date", day), f"tổ chức ngày {day:%d/%m/%Y}"


@in_workbook(upper_conference.upper_combined, level="upper")
def combine_upper(draft: Draft) -> tuple[Place, str]:
    combined = draft.plan.lists.value("forms", "combined")
    draft.put("info", "event", OTHER_CONFERENCE)
    return draft.put("info", "form", combined), f"chọn “{combined}”"


def _invite(sent: list[Draft]) -> Iterator[tuple[Draft, Row]]:
    """The conference: the upper unit's delegates and the local units' nominees, each with the file they stand in."""
    for draft in sent:
        for row in draft.rows("delegates"):
            if draft.unit.level == "upper" or row.get("nominated"):
                yield draft, row


def _count_exemplars(draft: Draft, sent: list[Draft]) -> tuple[int, int]:
    """Exemplars of the conference and all its delegates."""
    groups = [draft.plan.group_of_category[row["category"]] for _, row in _invite(sent)]
    return groups.count("exemplar"), len(groups)


@in_campaign(upper_conference.too_many_delegates, level="upper")
def invite_too_many(draft: Draft, sent: list[Draft]) -> Made:
    """One delegate more than the limit, in the right shares."""
    exemplars, total = _count_exemplars(draft, sent)
    wanted = draft.plan.conference.upper.max_delegates + 1
    more = max(0, nearest_share(draft.plan, wanted) - exemplars)
    add_delegates(draft, more, wanted - total - more)
    return [draft.place("delegates")], f"thêm {wanted - total} đại biểu cho đủ {wanted}"


def add_delegates(draft: Draft, exemplars: int, guests: int) -> None:
    """Add so many delegates below the others, with names that nobody has, and declare them.

    Raises ValueError where the form has no more rows.
    """
    table = draft.form.tables["delegates"]
    models = [*_repeat(draft.list_extras(), exemplars), *_repeat(draft.delegates("guest"), guests)]
    start = draft.rows("delegates")[-1]["excel_row"] + 1
    if start + len(models) - 1 > table.last_row:
        raise ValueError(f"no room for {len(models)} more delegates")
    names = product(WORDS.persons.givens["female"], WORDS.persons.families)
    left_out = {"name": None, "gender": gender_value(draft.plan, "female"), "nominated": None, "note": None}
    for row, (model, (given, family)) in enumerate(zip(models, names, strict=False), start=start):
        for key in table.by_key:
            draft.put("delegates", key, {**model, **left_out}.get(key), row)
        draft.put("delegates", "name", f"{family} {WORDS.persons.unused_middle} {given}", row)
    draft.put("info", "declared_total", len(draft.rows("delegates")))


def _repeat(models: list[Row], count: int) -> list[Row]:
    return (models * (count // len(models) + 1))[:count]


@in_campaign(upper_conference.conference_share_off, level="upper")
def shift_conference(draft: Draft, sent: list[Draft]) -> Made:
    """The upper unit's exemplars become guests until a warning would not do."""
    plan = draft.plan
    exemplars, total = _count_exemplars(draft, sent)
    count = exemplars - total * (plan.shares.exemplars - plan.shares.tolerance - 1) // 100
    place, done = make_guests(draft, draft.list_extras()[:count])
    return [place], done


@in_campaign(upper_conference.one_kind_of_exemplars, level="upper")
def invite_no_collective(draft: Draft, sent: list[Draft]) -> Made:
    """Collectives of the upper unit become persons; a local unit nominates someone else instead."""
    collective, single = find_kinds(draft)
    for host, row in [(d, r) for d, r in _invite(sent) if r["category"] == collective]:
        if host is draft:
            host.put("delegates", "category", single, row["excel_row"])
        else:
            host.put("delegates", "nominated", None, row["excel_row"])
            host.put("delegates", "nominated", True, host.take_extra())
    return [draft.place("delegates", "category")], f"không còn ai là “{collective}”, kể cả người được cử"


@in_campaign(upper_conference.group_absent, level="upper")
def leave_out_group(draft: Draft, sent: list[Draft]) -> Made:
    """The members of the smallest group get the most frequent value outside it."""
    invited = list(_invite(sent))
    groups = [group for coverage in draft.plan.coverage for group in _list_groups(draft, coverage)]
    members = {g: [(d, r) for d, r in invited if r.get(g[0]) in g[1]] for g in groups}
    column, values = first(sorted((g for g in groups if members[g]), key=lambda g: len(members[g])))
    others = Counter(row[column] for _, row in invited if row.get(column) not in {None, *values})
    if not others:
        raise NothingToBreakError
    for host, row in members[column, values]:
        host.put("delegates", column, others.most_common(1)[0][0], row["excel_row"])
    heading = draft.heading("delegates", column)
    return [draft.place("delegates")], f"{heading}: không còn ai thuộc “{', '.join(values)}”"


def _list_groups(draft: Draft, coverage: Coverage) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Column and values of the groups that a line of the plan asks for, where they are told by a list."""
    column = draft.form.tables["delegates"].by_key.get(coverage.column)
    if column and column.choices:
        listed = (c.value for c in draft.plan.lists.choices(column.choices))
        values = coverage.values or tuple(value for value in listed if value not in coverage.leave_out)
        yield from ((column.key, (value,)) for value in values) if coverage.each else [(column.key, values)]


@in_campaign(upper_conference.guests_absent, level="upper")
def invite_none_of_a_kind(draft: Draft, sent: list[Draft]) -> Made:  # noqa: ARG001
    """Local units nominate exemplars, so every guest is the upper unit's."""
    place, done = replace_kind_of_guest(draft)
    return [place], done
