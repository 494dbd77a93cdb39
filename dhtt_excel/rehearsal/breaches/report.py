"""BC: the report and the awards."""

from __future__ import annotations

from dhtt_excel.form.paragraphs import LONGEST
from dhtt_excel.rehearsal.drafts import Draft, Place, first, in_workbook
from dhtt_excel.rules import report


@in_workbook(report.section_empty)
def leave_out_section(draft: Draft) -> tuple[Place, str]:
    row = draft.rows("report")[-1]["excel_row"]
    return draft.put("report", "content", None, row), f"bỏ mục {draft.plan.report.sections[-1].code}"


@in_workbook(report.more_workers_than_persons, needs=("awards",))
def count_more_workers(draft: Draft) -> tuple[Place, str]:
    row = first(r for r in draft.rows("awards") if r.get("persons"))
    count = row["persons"] + 1
    place = draft.put("awards", "direct_workers", count, row["excel_row"])
    return place, f"{row['persons']} cá nhân, {count} trực tiếp lao động"


@in_workbook(report.no_award_counted, spoils=("awards",))
def count_no_award(draft: Draft) -> tuple[Place, str]:
    for column in ("households", "persons", "direct_workers"):
        draft.put_all("awards", column, None)
    return draft.put_all("awards", "collectives", None), "xóa mọi số liệu khen thưởng"


@in_workbook(report.paragraph_too_long)
def write_too_much(draft: Draft) -> tuple[Place, str]:
    row = draft.rows("report")[0]
    text = row["content"] + " Kết quả rõ nét." * (LONGEST // 10)
    return draft.put("report", "content", text, row["excel_row"]), f"{len(text)} ký tự trong một ô"


@in_workbook(report.award_counted_for_others, needs=("awards",))
def count_award_for_others(draft: Draft) -> tuple[Place, str]:
    awards = zip(draft.form.tables["awards"].line_rows, draft.plan.lists.awards, strict=True)
    row, award = first((row, a.value) for row, a in awards if "collective" not in a.recipients)
    return draft.put("awards", "collectives", 3, row), f"3 tập thể được “{award}”"
