"""CT: sheet "Chương trình"."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from dhtt_excel.excel.addresses import cell_name, range_name
from dhtt_excel.findings import Fault, Live, Severity, rule
from dhtt_excel.form.form import TICK, Form
from dhtt_excel.form.formulas import count_true, first_true, formula_one_of
from dhtt_excel.plan.plan import Plan
from dhtt_excel.rules.conference import show_clock
from dhtt_excel.rules.rows import list_rows

if TYPE_CHECKING:
    import pandas as pd


def formula_items(form: Form, plan: Plan) -> list[Live]:
    table = form.tables["programme"]
    row, column = table.position("held")
    required = len(plan.programme.required)
    marks = range_name(table.sheet, row, column, row + required - 1, column)
    marked = formula_one_of(marks, [TICK])
    held = count_true(marked)
    cell = cell_name(row, column)
    return [
        Live(
            holds=f"{held}={required}",
            present=f'{held}&"/{required}"',
            reads=(("programme", "held"),),
            sheet=table.sheet,
            cell=cell,
            row=first_true(f"1-{marked}", marks),
        )
    ]


@rule("CT01", "Chương trình có đủ các mục bắt buộc", cites="II.3",
      advice="Đưa mục này vào chương trình và đánh x.", example="Mục “Khai mạc” không có dấu x.", sheet="programme", live=formula_items)  # fmt: skip
def item_missing(programme: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    """A mark that could not be read is blank here and has its own finding."""
    for row in list_rows(programme, "item", "held"):
        if row.held is not None and not row.held and row.item in plan.programme.required:
            yield Fault(row, "held", f"Thiếu mục “{row.item}”")


@rule("CT02", "Các mục theo thứ tự của kế hoạch, giờ không chồng nhau, nằm trong thời gian hội nghị", cites="II.3",
      advice="Sửa giờ bắt đầu, kết thúc của mục này.", severity=Severity.WARNING,
      example="Mục “Khai mạc” từ 8:10 đến 8:30, mục sau bắt đầu lúc 8:20.", sheet="programme")  # fmt: skip
def times_out_of_order(programme: pd.DataFrame, info: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    """Only where times are given. The optional items may stand anywhere, but overlap with none but that of which they may be
    a part.
    """
    hours = {row.unit: row for row in list_rows(info, "start", "end")}
    held = (row for row in list_rows(programme, "item", "held", "start", "end") if row.held and row.start is not None)
    for unit, items in groupby(held, key=attrgetter("unit")):
        timed = list(items)
        faults = [
            *_judge_ends(timed),
            *_judge_hours(timed, hours.get(unit)),
            *_judge_order([item for item in timed if item.item in plan.programme.required]),
            *_judge_overlaps(sorted(_leave_out_parts(timed, plan), key=lambda item: (item.start, item.excel_row))),
        ]
        yield from {fault.at.excel_row: fault for fault in reversed(faults)}.values()  # the first of each item


def _judge_ends(items: list[Any]) -> Iterator[Fault]:
    for item in items:
        if item.end is not None and item.end <= item.start:
            yield Fault(item, "end", f"Kết thúc {show_clock(item.end)} không sau bắt đầu {show_clock(item.start)}")


def _judge_hours(items: list[Any], info: Any) -> Iterator[Fault]:
    """The first and the last item against the conference's hours, where those are in order."""
    if info is None or None in (info.start, info.end) or info.end <= info.start:
        return
    first, last = min(items, key=lambda item: item.start), max(items, key=_end)
    if first.start < info.start:
        message = f"Bắt đầu {show_clock(first.start)}, trước giờ hội nghị {show_clock(info.start)}"
        yield Fault(first, "start", message)
    if _end(last) > info.end:
        message = f"Đến {show_clock(_end(last))}, sau giờ kết thúc hội nghị {show_clock(info.end)}"
        yield Fault(last, "start" if last.end is None else "end", message)


def _judge_order(items: list[Any]) -> Iterator[Fault]:
    for before, item in pairwise(items):
        if item.start < before.start:
            message = f"Bắt đầu {show_clock(item.start)}, trước mục “{before.item}” ({show_clock(before.start)})"
            yield Fault(item, "start", message)


def _leave_out_parts(items: list[Any], plan: Plan) -> Iterator[Any]:
    """The items but for those that are held in the course of the one that the plan lets them be part of."""
    by_name = {item.item: item for item in items}
    for item in items:
        whole = by_name.get(plan.programme.within.get(item.item, ""))
        if whole is None or not whole.start <= item.start <= _end(item) <= _end(whole):
            yield item


def _judge_overlaps(items: list[Any]) -> Iterator[Fault]:
    """In the order of their times; an item without an end ends when the next begins."""
    for before, item in pairwise(items):
        if item.start < _end(before) and item.excel_row > before.excel_row:
            message = (
                f"Bắt đầu {show_clock(item.start)}, khi mục “{before.item}” chưa xong ({show_clock(_end(before))})"
            )
            yield Fault(item, "start", message)


def _end(item: Any) -> int:
    return int(item.start if item.end is None else item.end)
