"""Result ─► bao-cao-<plan>.docx: the report to the superior office, to be signed once the marked places are written. Counts only."""

from __future__ import annotations

from collections.abc import Callable

from dhtt_excel.outputs.report.awards import draw_awards
from dhtt_excel.outputs.report.conferences import draw_local_conferences
from dhtt_excel.outputs.report.delegates import draw_delegates
from dhtt_excel.outputs.report.digest import Digest
from dhtt_excel.outputs.report.frame import draw_closing, draw_opening
from dhtt_excel.outputs.report.movements import draw_movements
from dhtt_excel.outputs.report.paper import ReportPaper, add_blank
from dhtt_excel.outputs.report.rolled_up import draw_conferences_below, draw_meetings
from dhtt_excel.outputs.report.upper_conference import draw_upper_conference
from dhtt_excel.plan.outline import name_groups, name_section, name_subject, split_code
from dhtt_excel.plan.plan import Section
from dhtt_excel.result import Result

# What the merged data know, by the place of the section in the outline: the first two ask for results and for awards.
_FACTS: dict[int, Callable[[ReportPaper, Result], None]] = {0: draw_movements, 1: draw_awards}


def write_report(result: Result) -> bytes:
    """The document: the conferences, then in each section of the outline what is known and where a person must write.

    The same result gives the same bytes. With `result.final` nothing is left to write.
    """
    plan = result.plan
    paper = ReportPaper(" ".join(name_subject(plan)))
    draw_opening(paper, result)
    _draw_conferences(paper, result)
    headings, digest = name_groups(plan), Digest(result)
    paper.add_part("Phần thứ hai", "TỔNG KẾT VÀ PHƯƠNG HƯỚNG, NHIỆM VỤ")
    for index, section in enumerate(plan.report.sections):
        if heading := headings.pop(split_code(section)[0], ""):
            paper.add_heading(heading, 1)
        paper.add_heading(name_section(section), 2)
        if draw := _FACTS.get(index):
            draw(paper, result)
        if not plan.rolls_up:
            digest.draw(paper, section)
        if not result.final:
            add_blank(paper.body, name_blank(section))
    draw_closing(paper, result)
    return paper.finish()


def name_blank(section: Section) -> str:
    """What a person has to write in a section."""
    return f"Viết: {section.text[:1].lower()}{section.text[1:]}."


def _draw_conferences(paper: ReportPaper, result: Result) -> None:
    local, upper = result.plan.meeting_nouns
    paper.add_part("Phần thứ nhất", "TỔ CHỨC HỘI NGHỊ ĐIỂN HÌNH TIÊN TIẾN CÁC CẤP")
    paper.add_heading(f"1. Hội nghị cấp {local}", 2)
    rolled = result.plan.rolls_up
    (draw_conferences_below if rolled else draw_local_conferences)(paper, result)
    draw_delegates(paper, result)
    paper.add_heading(f"2. Hội nghị cấp {upper}", 2)
    (draw_meetings if rolled else draw_upper_conference)(paper, result)
