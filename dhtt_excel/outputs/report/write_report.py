"""Result ─► bao-cao-<plan>.docx: a draft of the report to the superior office, for a person to finish. Counts only."""

from __future__ import annotations

from collections.abc import Callable

from dhtt_excel.outputs.report.answers import draw_answers
from dhtt_excel.outputs.report.awards import draw_awards
from dhtt_excel.outputs.report.facts import draw_results
from dhtt_excel.outputs.report.frame import draw_closing, draw_opening
from dhtt_excel.outputs.report.paper import ReportPaper, add_blank
from dhtt_excel.plan.outline import name_groups, name_section, name_subject, split_code
from dhtt_excel.result import Result

# What the merged data know, by the place of the section in the outline: the first two ask for results and for awards.
_FACTS: dict[int, Callable[[ReportPaper, Result], None]] = {0: draw_results, 1: draw_awards}


def write_report(result: Result) -> bytes:
    """The document; in each section what is known, what the units wrote, and where a person must write.

    The same result gives the same bytes.
    """
    plan = result.plan
    paper = ReportPaper(" ".join(name_subject(plan)))
    draw_opening(paper, result)
    headings = name_groups(plan)
    for index, section in enumerate(plan.report.sections):
        if heading := headings.pop(split_code(section)[0], ""):
            paper.add_heading(heading, 1)
        paper.add_heading(name_section(section), 2)
        if draw := _FACTS.get(index):
            draw(paper, result)
        draw_answers(paper, result, section)
        add_blank(paper.body, f"Cán bộ tổng hợp viết: {section.text[:1].lower()}{section.text[1:]}.")
    draw_closing(paper, result)
    return paper.finish()
