"""CT: the programme."""

from __future__ import annotations

from datetime import datetime, timedelta

from dhtt_excel.rehearsal.drafts import Draft, Place, first, in_workbook
from dhtt_excel.rules import programme


@in_workbook(programme.item_missing, needs=("programme",))
def leave_out_item(draft: Draft) -> tuple[Place, str]:
    items = draft.plan.programme.required
    row = draft.form.tables["programme"].line_rows[len(items) - 1]
    return draft.put("programme", "held", None, row), f"bỏ mục “{items[-1]}”"


@in_workbook(programme.times_out_of_order, needs=("programme",))
def overlap_items(draft: Draft) -> tuple[Place, str]:
    """An item is not over when the next one begins; the last one is left to CT01."""
    last = draft.form.tables["programme"].line_rows[len(draft.plan.programme.required) - 1]
    rows = [r for r in draft.rows("programme") if r.get("held") and r["excel_row"] < last]
    before, row = first(
        (a, b) for a in rows for b in rows if a["excel_row"] < b["excel_row"] and a["end"] == b["start"]
    )
    start = (datetime.combine(draft.plan.date, before["end"]) - timedelta(minutes=1)).time()
    return draft.put("programme", "start", start, row["excel_row"]), f"bắt đầu {start:%H:%M}, mục trước chưa xong"
