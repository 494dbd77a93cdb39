"""DB: sheet "Đại biểu", a local unit's delegates."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from dhtt_excel.addresses import cell_name
from dhtt_excel.findings import Fault, Live, Severity, rule
from dhtt_excel.form import Form
from dhtt_excel.plan import Plan, Unit
from dhtt_excel.shares import advise_shares, describe_shares, shares_hold, within_tolerance


def show_shares(form: Form, plan: Plan, unit: Unit) -> list[Live]:  # noqa: ARG001
    exemplars, guests = (count_group(form, plan, group) for group in ("exemplar", "guest"))
    total = f"({exemplars}+{guests})"
    present = f'IF({total}=0,"",({exemplars})&" điển hình / "&({guests})&" khách mời")'
    holds = f"ABS(100*({exemplars})-{plan.shares.exemplars}*{total})<=50"
    cell = cell_name(*form.tables["delegates"].position("category"))
    return [Live(present, f"{total}>0", holds, form.tables["delegates"].sheet, cell)]


def show_total(form: Form, plan: Plan, unit: Unit) -> list[Live]:  # noqa: ARG001
    declared, listed = form.reference("info", "declared_total"), f"COUNTA({form.reference('delegates', 'name')})"
    present = f'"khai "&IF({declared}="","?",{declared})&", danh sách "&{listed}'
    cell = cell_name(*form.tables["info"].position("declared_total"))
    return [Live(present, f'OR({declared}<>"",{listed}>0)', f"AND({declared}={listed},{listed}>0)", "Thông tin", cell)]


def count_group(form: Form, plan: Plan, group: str) -> str:
    """A formula: how many delegates of the list are in the group."""
    place = form.reference("delegates", "category")
    return "+".join(f'COUNTIF({place},"{c.value}")' for c in plan.lists.categories if c.group == group)


@rule("DB01", "Đại biểu điển hình tiên tiến chiếm {plan.shares.exemplars}%, khách mời và lãnh đạo {plan.shares.guests}%", cites="II.2.1.b",
      advice="Điều chỉnh cơ cấu đại biểu.", sheet="delegates", level="local", live=show_shares)  # fmt: skip
def exemplar_share_off(delegates: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    """The nearest whole person holds; within the plan's tolerance a warning, beyond an error."""
    for unit, listed in delegates.groupby("unit", sort=False):
        yield from judge_shares(unit, listed, plan)


def judge_shares(at: object, listed: pd.DataFrame, plan: Plan, note: str = "") -> Iterator[Fault]:
    """A fault where these delegates' shares are off; delegates of no known category do not count."""
    groups = listed["group"].value_counts()
    exemplars, guests = int(groups.get("exemplar", 0)), int(groups.get("guest", 0))
    if shares_hold(exemplars, guests, plan.shares):
        return
    close = within_tolerance(exemplars, guests, plan.shares)
    message = describe_shares(exemplars, guests, plan.shares) + note
    advice = advise_shares(exemplars, guests, plan.shares)
    yield Fault(at, "category", message, advice, Severity.WARNING if close else Severity.ERROR)


@rule("DB02", "Tổng số đại biểu khai ở “Thông tin” bằng số người trong danh sách", cites="II.2.1.b",
      advice="Sửa số đã khai hoặc bổ sung danh sách.", sheet="info", live=show_total)  # fmt: skip
def total_differs(info: pd.DataFrame, lists: pd.DataFrame) -> Iterator[Fault]:
    counts = lists[lists["table"].eq("delegates") & lists["found"]].set_index("unit")["rows"]
    for row in info[info["unit"].isin(counts.index)].itertuples():
        count = int(counts[row.unit])
        if count == 0:
            yield Fault(row.unit, "name", "Chưa có đại biểu nào", "Nhập danh sách đại biểu.", sheet="delegates")
        elif not pd.isna(row.declared_total) and row.declared_total != count:
            message = f"Khai {row.declared_total} đại biểu, danh sách có {count} người"
            advice = f"Nhập {count}, hoặc sửa danh sách cho đủ {row.declared_total} người."
            yield Fault(row, "declared_total", message, advice)
