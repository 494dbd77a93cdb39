"""The awards of the years that the report covers: a table for the local units, one for the upper unit's own numbers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from dhtt_excel.outputs.report.facts import local_rows, show_percent
from dhtt_excel.outputs.report.paper import ReportPaper, add_blank, add_text
from dhtt_excel.plan.plan import Plan
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import format_number

_COUNTS = ("collectives", "households", "persons", "direct_workers")
_HEADINGS = (
    "STT",
    "Hình thức khen thưởng",
    "Tập thể",
    "Hộ gia đình",
    "Cá nhân",
    "Trong đó: trực tiếp lao động",
    "Tỷ lệ trực tiếp lao động",
)
_WIDTHS = (11, 54, 19, 19, 19, 21, 22)


def draw_awards(paper: ReportPaper, result: Result) -> None:
    """Numbers of the two levels are not added: the upper unit's may hold those of the local units already."""
    plan, frame = result.plan, result.tables.frames["awards"]
    local, upper = plan.levels.local.noun, plan.name_of(plan.upper_unit)
    counted = frame[frame[list(_COUNTS)].notna().any(axis=1)]
    of_locals = local_rows(counted, plan)
    if of_locals.empty:
        add_text(paper.body, f"Chưa có số liệu khen thưởng của {local} nào.")
    else:
        givers = f"{of_locals['unit'].nunique()}/{len(plan.local_units)} {local}"
        _draw_table(paper, of_locals, plan, f"{givers} có số liệu khen thưởng giai đoạn {plan.period}")
    own = counted[counted["unit"].eq(plan.upper_unit.code)]
    if len(own):
        _draw_table(paper, own, plan, f"{upper} ghi số liệu khen thưởng của mình giai đoạn {plan.period}")
        add_blank(
            paper.body,
            f"Cán bộ tổng hợp đối chiếu: số liệu của {upper} đã gồm số liệu của các {local} hay chưa; hai bảng không cộng với nhau.",
        )


def _draw_table(paper: ReportPaper, awards: pd.DataFrame, plan: Plan, lead: str) -> None:
    """A sentence with the totals, then a row for each award that has a number, in the order of the list."""
    sums = awards.groupby("award")[list(_COUNTS)].sum().astype(int)
    totals = [int(sums[key].sum()) for key in _COUNTS]
    collectives, households, persons, direct = totals
    share = show_percent(direct, persons)
    add_text(
        paper.body,
        f"{lead}: {format_number(collectives)} lượt tập thể, {format_number(households)} lượt hộ gia đình, "
        f"{format_number(persons)} lượt cá nhân được khen; trong đó "
        f"{format_number(direct)} lượt người trực tiếp lao động{f', chiếm {share} số lượt cá nhân' if share else ''}.",
        keep=True,
    )
    names = [a.value for a in plan.lists.awards if a.value in sums.index]
    rows = [
        (str(n), name, *_show([int(sums.at[name, key]) for key in _COUNTS])) for n, name in enumerate(names, start=1)
    ]
    paper.add_table(_HEADINGS, [*rows, ("", "Tổng cộng", *_show(totals))], _WIDTHS)


def _show(counts: Sequence[int]) -> tuple[str, ...]:
    """The counts, then which percentage of the persons does direct work."""
    *_, persons, direct = counts
    return (*map(format_number, counts), show_percent(direct, persons) or "–")
