"""HN: the upper unit's conference, which is its own delegates and those whom the local units nominate."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from dhtt_excel.findings import Fault, rule
from dhtt_excel.plan import Plan
from dhtt_excel.rules.delegates import judge_shares
from dhtt_excel.vietnamese import fold


def _note(conference: pd.DataFrame, plan: Plan) -> str:
    if conference["unit"].eq(plan.upper_unit.code).any():
        return ""
    return f" (chưa có biểu của {plan.levels.upper.noun}: chỉ tính đại biểu do đơn vị cử)"


@rule("HN01", "Hội nghị {plan.levels.upper.noun} không quá {plan.conference.upper.max_delegates} đại biểu",
      cites="II.2.2.b", advice="Bớt đại biểu.", sheet="delegates")  # fmt: skip
def too_many_delegates(conference: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    limit, total = plan.conference.upper.max_delegates, len(conference)
    if total > limit:
        message = f"{total} đại biểu, tối đa {limit}{_note(conference, plan)}"
        yield Fault(plan.upper_unit.code, "", message, f"Bớt {total - limit} đại biểu.")


@rule("HN02", "Hội nghị {plan.levels.upper.noun}: điển hình tiên tiến {plan.shares.exemplars}%, khách mời {plan.shares.guests}%",
      cites="II.2.2.b", advice="Điều chỉnh cơ cấu đại biểu.", sheet="delegates")  # fmt: skip
def conference_share_off(conference: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    """As DB01."""
    if len(conference):
        yield from judge_shares(plan.upper_unit.code, conference, plan, _note(conference, plan))


@rule("HN04", "Hội nghị {plan.levels.upper.noun} trong thời gian và mang tên như kế hoạch", cites="II.2.2.c",
      advice="Kiểm tra lại ngày tổ chức và tên hội nghị.", sheet="info", level="upper")  # fmt: skip
def upper_held_otherwise(info: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    """Both days of the span are included. Half a day is judged by TT04, as everywhere."""
    wanted = plan.conference.upper
    for row in info.itertuples():
        if not pd.isna(row.date) and not wanted.first_day <= row.date <= wanted.last_day:
            span = f"{wanted.first_day:%d/%m/%Y} đến {wanted.last_day:%d/%m/%Y}"
            yield Fault(row, "date", f"Ngày {row.date:%d/%m/%Y}: phải trong khoảng {span}")
        if not pd.isna(row.name) and fold(wanted.name) not in fold(row.name):
            yield Fault(row, "name", f"Tên hội nghị khác với kế hoạch: “{wanted.name}”")
