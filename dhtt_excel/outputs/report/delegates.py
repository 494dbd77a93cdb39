"""The delegates of all local conferences together: a table with shares, comparisons between units, balance."""

from __future__ import annotations

from collections.abc import Mapping

from dhtt_excel.figures.city_forms import SENSITIVE, list_unit_counts
from dhtt_excel.figures.describe_gaps import describe_gaps
from dhtt_excel.figures.describe_units import list_leaves, show_count
from dhtt_excel.outputs.report.facts import (
    Group,
    add_up,
    count_members,
    list_groups,
    list_used,
    say_also_planned,
    value_of,
    values_of,
    when_of,
)
from dhtt_excel.outputs.report.paper import TEXT_WIDTH, Grid, ReportPaper, add_note, add_text
from dhtt_excel.outputs.report.phrases import join_words, say_count, say_range, say_share, show_percent
from dhtt_excel.plan.plan import Plan
from dhtt_excel.result import Result

_ORDER, _GROUP, _COUNT, _SHARE, _BASE = 13, 22, 22, 20, 26  # widths in millimetres


def draw_delegates(paper: ReportPaper, result: Result) -> None:
    groups = list_groups(result)
    if not groups:
        return
    noun = result.plan.meeting_nouns[0]
    when = when_of(groups)
    lead = f"Số lượng, cơ cấu đại biểu {when}dự hội nghị cấp {noun} nêu ở {paper.next_table}."
    add_text(paper.body, f"{lead} {_compare_units(result, groups[0])}".strip())
    labels = _list_labels(result)
    paper.add_numbered_table(f"Đại biểu {when}dự hội nghị cấp {noun}", _list_rows(result, labels, groups))
    for text in describe_gaps(result, [f for f in list_unit_counts(result.plan) if f.key in labels]):
        add_note(paper.body, text)
    if balance := _say_members(result, groups):
        add_text(paper.body, balance)


def _list_labels(result: Result) -> dict[str, str]:
    """What the rows of the table are called, by the key of their figure."""
    plan, totals = result.plan, result.figures.totals
    among = "Điển hình tiên tiến: "
    labels = {
        "listed": "Tổng số đại biểu",
        "exemplars": "Điển hình tiên tiến",
        "guests": "Khách mời, lãnh đạo",
        "unknown": "Chưa rõ thành phần",
        "female": "Nữ",
        "young": f"{among}dưới {plan.ages.young_under} tuổi",
        "direct_workers": f"{among}trực tiếp lao động",
        "nominated": f"Cử dự hội nghị cấp {plan.meeting_nouns[1]}",
    }
    return {key: label for key, label in labels.items() if key != "unknown" or totals[key].value}


def _list_rows(result: Result, labels: Mapping[str, str], groups: list[Group]) -> Grid:
    """A row a figure: the number of each group, where there are several, the sum, its share, on how many units it rests."""
    groups = groups if len(groups) > 1 else []
    rows = []
    for number, (key, label) in enumerate(labels.items()):
        total = result.figures.totals[key]
        by_group = [show_count(add_up(result, group.codes, key)) for group in groups]
        share = show_percent(total.share) if key not in ("listed", "unknown", "nominated") else ""
        base = f"{total.units}/{len(list_leaves(result) if result.plan.rolls_up else result.plan.local_units)}"
        rows.append((str(number or ""), label, *by_group, show_count(total.value), share, base))
    noun = result.plan.meeting_nouns[0]
    heads = (
        "STT",
        "Đại biểu",
        *(g.heading for g in groups),
        "Cộng" if groups else "Số lượng",
        "Tỷ lệ",
        f"Số {noun} có số liệu",
    )
    ends = (*(_GROUP for _ in groups), _COUNT, _SHARE, _BASE)
    return Grid(heads, rows, (_ORDER, TEXT_WIDTH - _ORDER - sum(ends), *ends), strong=(0,))


def _compare_units(result: Result, group: Group) -> str:
    """Between the units of the first group: those who have met or, before the first conference, those who will."""
    sizes = "" if result.plan.rolls_up else say_range(result, values_of(result, group.codes, "listed"))
    direct = {}
    for code in group.codes:
        part, exemplars = (value_of(result, code, key) for key in ("direct_workers", "exemplars"))
        known = (exemplars or 0) - int(result.figures.unsaid.at[code, "direct_workers"])
        if part is not None and known:
            direct[code] = 100 * part / known
    facts = (
        ("Số đại biểu của một hội nghị", sizes),
        ("Tỷ lệ trực tiếp lao động trong điển hình tiên tiến", say_range(result, direct, "%")),
    )
    return " ".join(f"{label} {group.when}{told}." for label, told in facts if told)


def _say_members(result: Result, groups: list[Group]) -> str:
    """Ethnic group and religion: of all units together, for the number of one may point at a person."""
    if len(list_leaves(result) if result.plan.rolls_up else list_used(result)) < 2:
        return ""
    told = []
    for column, label in list_sensitive(result.plan).items():
        found = count_members(result, column)
        if found.local_known:
            told.append(f"{say_count(found.local)} {label}{say_share(found.local, found.local_known)}")
    noun = result.plan.meeting_nouns[0]
    also = f" ({planned})" if (planned := say_also_planned(groups)) else ""
    return f"Tính chung các {noun}{also}, điển hình tiên tiến {when_of(groups)}có {join_words(told)}." if told else ""


def list_sensitive(plan: Plan) -> dict[str, str]:
    """What the report calls the two groups of which it tells numbers alone, by the column that asks for them."""
    names = {group.column: group.name[:1].lower() + group.name[1:] for group in plan.coverage}
    return {column: f"người {names[column].removeprefix('người ')}" for column in SENSITIVE}
