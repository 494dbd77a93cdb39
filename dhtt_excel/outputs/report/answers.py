"""What the units themselves wrote for a section of the outline, gathered as they wrote it."""

from __future__ import annotations

from dhtt_excel.figures.describe_units import name_some, show_unit
from dhtt_excel.outputs.report.paper import ReportPaper, Words, add_line, add_text
from dhtt_excel.plan.plan import Section
from dhtt_excel.result import Result


def draw_answers(paper: ReportPaper, result: Result, section: Section) -> None:
    """Each unit's answer below its name, local units first; then which local units have none."""
    plan, report = result.plan, result.tables.frames["report"]
    rows = report[report["section"].eq(section.code) & report["content"].notna()]
    answers: dict[str, str] = dict(zip(rows["unit"].tolist(), rows["content"].tolist(), strict=True))
    noun = plan.levels.local.noun
    if answers:
        lead = "Nội dung đơn vị đã báo cáo (trích nguyên văn, để cán bộ tổng hợp biên tập):"
        add_line(paper.body, Words(lead, italic=True), indent=True, keep=True)
    for code, unit in plan.units_by_code.items():
        if code in answers:
            name = Words(f"{plan.name_of(unit)}: ", bold=True)
            add_line(paper.body, name, answers[code])
    absent = [show_unit(plan, unit) for unit in plan.local_units if unit.code not in answers]
    if len(absent) == len(plan.local_units):
        add_text(paper.body, f"Chưa có nội dung của {noun} nào cho mục này.")
    elif absent:
        told = name_some(absent, noun, "xem sổ theo dõi")
        add_text(paper.body, f"Chưa có nội dung mục này: {told}.")
