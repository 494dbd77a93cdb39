"""BD: the honourees."""

from __future__ import annotations

from dhtt_excel.rehearsal.drafts import Draft, Place, first, in_workbook
from dhtt_excel.rules import honourees


@in_workbook(honourees.no_honourees, spoils=("honourees",))
def honour_nobody(draft: Draft) -> tuple[Place, str]:
    draft.clear("honourees")
    return draft.place("honourees", "name"), "để trống danh sách"


@in_workbook(honourees.award_unfit, needs=("honourees",))
def give_unfit_award(draft: Draft) -> tuple[Place, str]:
    collective = draft.plan.lists.value("honouree_kinds", "collective")
    row = first(r["excel_row"] for r in draft.rows("honourees") if r["kind"] == collective)
    award = first(a.value for a in draft.plan.lists.awards if "collective" not in a.recipients)
    return draft.put("honourees", "award", award, row), f"tặng tập thể “{award}”"


@in_workbook(honourees.one_kind_of_honouree, needs=("honourees",))
def honour_no_worker(draft: Draft) -> tuple[Place, str]:
    return draft.put_all("honourees", "direct_worker", None), "xóa mọi dấu trực tiếp lao động"


@in_workbook(honourees.no_movement_of_the_plan, needs=("honourees",))
def choose_other_movement(draft: Draft) -> tuple[Place, str]:
    other = first(c.value for c in draft.plan.lists.movements if c.key == "other")
    return draft.put_all("honourees", "movement", other), f"cả danh sách chọn phong trào “{other}”"
