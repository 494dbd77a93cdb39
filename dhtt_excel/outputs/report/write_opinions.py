"""Result ─► phu-luc-y-kien-<plan>.docx: what the units wrote, by section and unit, for whoever edits the report. Internal."""

from __future__ import annotations

from dhtt_excel.outputs.report.digest import list_answers
from dhtt_excel.outputs.report.frame import draw_internal_head
from dhtt_excel.outputs.report.paper import ReportPaper, Words, add_line, add_text
from dhtt_excel.outputs.report.phrases import join_names, say_count
from dhtt_excel.plan.outline import name_groups, name_section, split_code
from dhtt_excel.plan.plan import Section
from dhtt_excel.result import Result

_TITLE = "PHỤ LỤC Ý KIẾN CỦA CÁC ĐƠN VỊ"
_LEAD = "Trích nguyên văn báo cáo của các đơn vị, để biên tập; có thể có tên người, không gửi kèm báo cáo."
_SIZE = 12


def write_opinions(result: Result) -> bytes:
    """The document; the same result gives the same bytes."""
    plan = result.plan
    paper = ReportPaper(_TITLE)
    draw_internal_head(paper, result, _TITLE, _LEAD)
    headings = name_groups(plan)
    for section in plan.report.sections:
        if heading := headings.pop(split_code(section)[0], ""):
            paper.add_heading(heading, 1)
        paper.add_heading(name_section(section), 2)
        _draw_section(paper, result, section)
    return paper.finish()


def _draw_section(paper: ReportPaper, result: Result, section: Section) -> None:
    """The upper unit's answer, then those of the local ones, to the letter; then who has written nothing."""
    plan, answers = result.plan, list_answers(result, section)
    noun, upper = plan.levels.local.noun, plan.upper_unit
    for unit in (upper, *plan.local_units):
        if unit.code in answers:
            name = Words(f"{plan.name_of(unit)}: ", bold=True)
            add_line(paper.body, name, answers[unit.code], size=_SIZE, align="justify")
    absent = [unit.code for unit in plan.local_units if unit.code not in answers]
    if len(absent) == len(plan.local_units):
        add_text(paper.body, f"Chưa có nội dung của {noun} nào.")
    elif absent:
        names = join_names(plan, absent, "sổ theo dõi")
        add_text(paper.body, f"Chưa có nội dung của {say_count(len(absent), noun)}: {names}.")
    if upper.code not in answers:
        add_text(paper.body, f"Chưa có nội dung của {plan.name_of(upper)}.")
