"""BD: sheet "Biểu dương"."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from dhtt_excel.findings import Fault, Live, rule
from dhtt_excel.form import Form
from dhtt_excel.plan import Plan, Unit
from dhtt_excel.rules.speakers import judge_empty, show_count


def show_honourees(form: Form, plan: Plan, unit: Unit) -> list[Live]:  # noqa: ARG001
    return show_count(form, form.tables["honourees"])


@rule("BD01", "Có biểu dương, tôn vinh điển hình tiên tiến", cites="II.3",
      advice="Nhập danh sách biểu dương.", sheet="honourees", live=show_honourees)  # fmt: skip
def no_honourees(lists: pd.DataFrame) -> Iterator[Fault]:
    yield from judge_empty(lists, "honourees", "người, tập thể được biểu dương")


@rule("BD02", "Danh hiệu hợp với cá nhân, tập thể hay hộ gia đình", cites="Luật Thi đua, khen thưởng",
      advice="Chọn lại danh hiệu hoặc loại.", sheet="honourees")  # fmt: skip
def award_unfit(honourees: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    kinds = {c.value: c.key for c in plan.lists.honouree_kinds}
    names = {c.key: c.value.lower() for c in plan.lists.honouree_kinds}
    recipients = {a.value: a.recipients for a in plan.lists.awards}
    for row in honourees.dropna(subset=["kind", "award"]).itertuples():
        fitting = recipients[row.award]
        if kinds[row.kind] not in fitting:
            allowed = ", ".join(names[key] for key in fitting)
            advice = f"“{row.award}” dành cho {allowed}: chọn danh hiệu khác hoặc sửa loại."
            yield Fault(row, "award", f"“{row.award}” không dành cho {names[kinds[row.kind]]}", advice)
