"""The movements in which collectives, persons and households were honoured at the local conferences."""

from __future__ import annotations

from collections.abc import Sequence

from dhtt_excel.figures.city_forms import UNKNOWN, list_honour_figures
from dhtt_excel.figures.describe_gaps import describe_gaps
from dhtt_excel.figures.describe_units import show_count
from dhtt_excel.figures.figure import add_known
from dhtt_excel.outputs.report.conferences import count_kinds
from dhtt_excel.outputs.report.facts import Group, list_groups, say_also_planned, when_of
from dhtt_excel.outputs.report.paper import TEXT_WIDTH, Grid, ReportPaper, add_note, add_text
from dhtt_excel.outputs.report.phrases import join_words, say_count, say_share
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import capitalize

_ORDER, _COUNT = 13, 19  # widths in millimetres
_FIRST = 2  # movements that the text names


def draw_movements(paper: ReportPaper, result: Result) -> None:
    plan = result.plan
    noun = plan.meeting_nouns[0]
    figures = [figure for figure in list_honour_figures(plan) if not figure.parts]
    places = [n for n, figure in enumerate(figures) if not figure.idle or result.figures.totals[figure.key].value]
    lines = [
        (line.label, [line.local[n] for n in places]) for line in result.figures.honours_by_movement if any(line.local)
    ]
    if not lines:
        add_text(paper.body, f"Chưa có số liệu biểu dương, tôn vinh tại hội nghị của {noun} nào.")
        return
    groups = list_groups(result)
    unnamed = [UNKNOWN, *(c.value for c in plan.lists.movements if c.key == "other")]
    also = f" ({planned})" if (planned := say_also_planned(groups)) else ""
    add_text(
        paper.body, f"{_say_total(result, groups)} {_say_first(lines, also, unnamed)} Chi tiết ở {paper.next_table}."
    )
    headings = ("STT", "Phong trào thi đua", *(figures[n].heading[-1] for n in places), "Cộng")
    rows = [(str(order), label, *_show(counts)) for order, (label, counts) in enumerate(lines, start=1)]
    rows.append(("", "Tổng cộng", *_show([result.figures.totals[figures[n].key].value for n in places])))
    ends = (_COUNT,) * (len(places) + 1)
    widths = (_ORDER, TEXT_WIDTH - _ORDER - sum(ends), *ends)
    title = f"{capitalize(when_of(groups) + 'biểu dương')}, tôn vinh tại hội nghị cấp {noun} theo phong trào thi đua"
    paper.add_numbered_table(title, Grid(headings, rows, widths, strong=(len(rows) - 1,)))
    for text in describe_gaps(result, figures):
        add_note(paper.body, text)


def _show(counts: Sequence[int | None]) -> list[str]:
    return [*map(show_count, counts), show_count(add_known(counts))]


def _say_total(result: Result, groups: Sequence[Group]) -> str:
    """How many were honoured and, apart, how many will be."""
    told = []
    for group in groups:
        counts = count_kinds(result, group.codes, "honourees")
        if (count := add_known(counts.values())) is not None:
            told.append(
                f"{group.when}{say_count(count)} lượt tại {group.conferences[:1].lower()}{group.conferences[1:]}"
            )
    return f"Tập thể, cá nhân, hộ gia đình tiêu biểu trong các phong trào thi đua được biểu dương, tôn vinh: {'; '.join(told)}."


def _say_first(lines: Sequence[tuple[str, Sequence[int | None]]], also: str, left_out: Sequence[str]) -> str:
    """The movements with the most."""
    sums = {label: add_known(counts) or 0 for label, counts in lines}
    whole = sum(sums.values())
    named = [label for label in sums if label not in left_out]
    first = sorted(named, key=lambda label: -sums[label])[:_FIRST]
    if not first:
        return ""
    told = [f"“{label}” {say_count(sums[label])} lượt{say_share(sums[label], whole)}" for label in first]
    return f"Nhiều nhất{also} là {'các phong trào' if len(told) > 1 else 'phong trào'} {join_words(told)}."
