"""The awards of the years that the report covers: titles and commendations apart; the upper unit's own numbers apart."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from dhtt_excel.figures.city_forms import list_award_figures
from dhtt_excel.figures.describe_gaps import describe_gaps
from dhtt_excel.figures.describe_units import show_count
from dhtt_excel.figures.figure import add_known
from dhtt_excel.form.form import AWARD_GROUPS
from dhtt_excel.outputs.report.facts import list_used, value_of
from dhtt_excel.outputs.report.paper import TEXT_WIDTH, Grid, ReportPaper, add_blank, add_note, add_text
from dhtt_excel.outputs.report.phrases import say_count, say_range, say_share, show_percent
from dhtt_excel.plan.plan import Plan
from dhtt_excel.result import Result
from dhtt_excel.text.roman import number_roman

_HEADINGS = (
    "STT",
    "Danh hiệu, hình thức",
    "Tập thể",
    "Hộ gia đình",
    "Cá nhân",
    "Trong đó: trực tiếp lao động",
    "Tỷ lệ",
)
_ENDS = (18, 18, 18, 21, 18)  # widths in millimetres
_ORDER = 13

_RECIPIENTS = ("collective", "household", "person", "person")  # of the columns with counts

Counts = Sequence[int | None]


@dataclass(frozen=True)
class _Awards:
    """What one side gave: the numbers by award, their sums, and how it is called."""

    lines: dict[str, Counts]
    sums: Counts
    giver: str


def draw_awards(paper: ReportPaper, result: Result) -> None:
    """Numbers of the two levels are not added: the upper unit's may hold those of the local units already."""
    plan, figures = result.plan, result.figures
    keys = [figure.key for figure in list_award_figures(plan)]
    lower, above = plan.meeting_nouns
    local, upper = f"các {lower}", f"các {above}" if plan.rolls_up else plan.name_of(plan.upper_unit)
    upper = upper[:1].lower() + upper[1:]
    of_locals = _Awards(
        {line.label: line.local for line in figures.awards if any(line.local)},
        [figures.totals[key].value for key in keys], local,
    )  # fmt: skip
    own = _Awards(
        {line.label: line.upper for line in figures.awards if any(line.upper)},
        figures.all_awards.upper, upper,
    )  # fmt: skip
    if not of_locals.lines:
        add_text(paper.body, f"Chưa có số liệu khen thưởng của {lower} nào.")
    else:
        _draw_table(paper, plan, of_locals, _compare_units(result))
        for text in describe_gaps(result, list_award_figures(plan)):
            add_note(paper.body, text)
    if own.lines:
        _draw_table(paper, plan, own, "")
        add_text(paper.body, f"Số liệu của {upper} và của {local} được ghi riêng, không cộng với nhau.")
        if not result.final:
            add_blank(paper.body, f"Ghi rõ số liệu của {upper} đã gồm số liệu của {local} hay chưa.")


def _draw_table(paper: ReportPaper, plan: Plan, awards: _Awards, comparison: str) -> None:
    collectives, households, persons, direct = awards.sums
    add_text(
        paper.body,
        f"Giai đoạn {plan.period}, theo số liệu của {awards.giver} ({paper.next_table}), có {say_count(collectives)} lượt tập thể, "
        f"{say_count(households)} lượt hộ gia đình, {say_count(persons)} lượt cá nhân được khen; trong số cá nhân có "
        f"{say_count(direct)} lượt người trực tiếp lao động{say_share(direct, persons)}.{comparison}",
    )
    rows, strong = _list_rows(plan, awards)
    grid = Grid(_HEADINGS, rows, (_ORDER, TEXT_WIDTH - _ORDER - sum(_ENDS), *_ENDS), strong=strong)
    paper.add_numbered_table(f"Kết quả khen thưởng của {awards.giver} giai đoạn {plan.period}", grid)


def _list_rows(plan: Plan, awards: _Awards) -> tuple[list[Sequence[str]], list[int]]:
    """The awards in the two groups of the Law, each with its sum, then the sum of all; which rows are sums."""
    rows: list[Sequence[str]] = []
    strong = []
    parts = [(name, [a.value for a in plan.lists.awards if a.group == group]) for group, name in AWARD_GROUPS.items()]
    for roman, (name, values) in enumerate(parts, start=1):
        found = [value for value in values if value in awards.lines]
        if not found:
            continue
        strong.append(len(rows))
        sums = [add_known(column) for column in zip(*(awards.lines[value] for value in found), strict=True)]
        rows.append((number_roman(roman), name, *_show(sums)))
        fits = {award.value: award.recipients for award in plan.lists.awards}
        rows += [
            (str(order), plan.lists.printed.get(value, value), *_show(awards.lines[value], fits[value]))
            for order, value in enumerate(found, start=1)
        ]
    strong.append(len(rows))
    rows.append(("", "Tổng cộng", *_show(awards.sums)))
    return rows, strong


def _show(counts: Counts, recipients: Collection[str] = _RECIPIENTS) -> tuple[str, ...]:
    """The counts, then which percentage of the persons does direct work; blank for whom the award is not made."""
    *_, persons, direct = counts
    share = 100 * direct / persons if persons and direct is not None else None
    shown = [
        show_count(count) if count or kind in recipients else ""
        for count, kind in zip(counts, _RECIPIENTS, strict=True)
    ]
    return (*shown, show_percent(share) if "person" in recipients else "")


def _compare_units(result: Result) -> str:
    direct = {}
    for unit in list_used(result):
        part, persons = (value_of(result, unit.code, f"awards_{key}") for key in ("direct_workers", "persons"))
        if part is not None and persons:
            direct[unit.code] = 100 * part / persons
    told = say_range(result, direct, "%")
    return (
        f" Tỷ lệ người trực tiếp lao động được khen giữa các {result.plan.levels.local.noun}: {told}." if told else ""
    )
