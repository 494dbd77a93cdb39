"""The conferences of two levels below, as their results tell of them: numbers alone."""

from __future__ import annotations

from dhtt_excel.figures.city_forms import HONOUREE_KINDS
from dhtt_excel.figures.describe_units import count_balanced, list_leaves
from dhtt_excel.figures.figure import add_known
from dhtt_excel.outputs.report.conferences import say_both_kinds, say_delegates, say_received
from dhtt_excel.outputs.report.facts import list_groups, say_days
from dhtt_excel.outputs.report.paper import ReportPaper, add_text
from dhtt_excel.outputs.report.phrases import say_count, say_share
from dhtt_excel.result import Result


def draw_conferences_below(paper: ReportPaper, result: Result) -> None:
    """Who has sent results, of how many units; whom their conferences brought together."""
    add_text(paper.body, say_received(result))
    plan, leaves = result.plan, list_leaves(result)
    if not leaves:
        return
    sent = sum(leaf.sent for leaf in leaves)
    add_text(paper.body, f"Các kết quả đó có số liệu của {sent}/{say_count(len(leaves), plan.levels.below)}.")
    kept, judged = count_balanced(result)
    shares = f"{plan.shares.exemplars}% điển hình tiên tiến, {plan.shares.guests}% khách mời, lãnh đạo"
    balanced = f"{kept}/{judged} {plan.levels.below} bảo đảm cơ cấu {shares}." if judged else ""
    for group in list_groups(result):
        told = (say_delegates(result, group), balanced, *say_both_kinds(result, group))
        add_text(paper.body, " ".join(sentence for sentence in told if sentence))


def draw_meetings(paper: ReportPaper, result: Result) -> None:
    """The conferences of the units that sent results: how many, when, with whom, whom they honoured."""
    noun, figures = result.plan.levels.local.noun, result.figures
    meetings = [m for used in result.used.values() if used.record for m in used.record.meetings]
    own = [meeting for meeting in meetings if meeting.sent]
    if not own:
        add_text(paper.body, f"Chưa có số liệu về hội nghị của {noun} nào.")
        return
    days = [meeting.day for meeting in own if meeting.day]
    when = f", tổ chức {say_days(days)}" if days else ""
    exemplars, guests, unknown = figures.upper_exemplars, figures.upper_guests, figures.upper_unknown
    text = (
        f"Có số liệu của {len(own)}/{len(meetings)} hội nghị cấp {noun}{when}, với {say_count(figures.upper_total)} lượt đại "
        f"biểu: {say_count(exemplars)} điển hình tiên tiến{say_share(exemplars, exemplars + guests)}, {say_count(guests)} khách "
        f"mời, lãnh đạo{say_share(guests, exemplars + guests)}"
    )
    text += f", {say_count(unknown)} chưa rõ thành phần" if unknown else ""
    add_text(paper.body, f"{text}.")
    honoured = figures.all_honours.upper
    if (total := add_known(honoured)) is not None:
        labels = [result.plan.lists.value("honouree_kinds", key).lower() for key in HONOUREE_KINDS]
        told = ", ".join(f"{say_count(n)} {label}" for n, label in zip(honoured, labels, strict=False))
        add_text(paper.body, f"Biểu dương, tôn vinh tại các hội nghị này {say_count(total)} lượt: {told}.")
