"""Biểu 1: a row for each local unit. A unit that has not reported stays, greyed and without numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.excel.book import Book
from dhtt_excel.figures.city_forms import NOT_SENT, TOTAL, UNITS_FORM, UNKNOWN
from dhtt_excel.figures.describe_gaps import describe_gaps
from dhtt_excel.figures.describe_units import PILOT, UnitRow, count_balanced, describe_units, is_planned, say_coverage
from dhtt_excel.figures.figure import FormColumn
from dhtt_excel.figures.totals import Total
from dhtt_excel.outputs.summary.form_table import ABSENT, BOLD, FormTable, list_reckoned
from dhtt_excel.outputs.summary.official_sheet import EDGES, References, needed_width, page_width
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import capitalize, format_number

_SIZES = (11.0, 10.5, 10.0, 9.5, 9.0)
_SMALLER = 0.5  # points by which headings are smaller than the body
_SHRUNK = 1.03  # the page may be made smaller by so much before a smaller type is taken
_WRAPPED_AFTER = 12.0  # times the type size: a longer name takes a second line


def draw_units_summary(book: Book, result: Result) -> References:
    """The form; where the units' numbers stand, by (unit code, column key)."""
    plan = result.plan
    columns, rows, totals = describe_units(result)
    size, widths = _choose_widths(columns, rows, totals)
    title = f"BIỂU TỔNG HỢP KẾT QUẢ HỘI NGHỊ ĐIỂN HÌNH TIÊN TIẾN CẤP {plan.levels.local.noun.upper()}"
    table = FormTable(
        book, result, UNITS_FORM, title, widths, [c.heading for c in columns], reckoned=list_reckoned(columns),
        size=size, heading_size=size - _SMALLER, least_row=16.5, landscape=True,
    )  # fmt: skip
    for unit, row in zip(plan.local_units, rows, strict=True):
        for number, column in enumerate(columns, start=1):
            table.cells[unit.code, column.key] = table.sheet.address(table.row, number)
        _draw_unit(table, columns, row)
    _draw_totals(table, columns, totals, result.figures.totals)
    table.finish([*say_coverage(result), *_list_facts(result)], _list_notes(result, columns))
    return table.cells


def _choose_widths(
    columns: Sequence[FormColumn], rows: Sequence[UnitRow], totals: Mapping[str, float | str | None]
) -> tuple[float, list[float]]:
    """The largest type whose columns fit on the page, and their widths; what is left over goes to the remarks first."""
    room = page_width(landscape=True)
    size, widths = 0.0, [room]
    for size in _SIZES:
        widths = [_fit_column(c, rows, totals, size) for c in columns]
        if sum(widths) <= _SHRUNK * room:
            break
    rest = max(0.0, room - sum(widths))
    to_remarks = min(rest, 60.0)
    widths[-1] += to_remarks
    return size, [width + (rest - to_remarks) / len(widths) for width in widths]


def _fit_column(
    column: FormColumn, rows: Sequence[UnitRow], totals: Mapping[str, float | str | None], size: float
) -> float:
    """The least width of a column: no word of its headings breaks, no number turns into ####."""
    heading = max(needed_width(word, size - _SMALLER, bold=True) for word in column.heading[-1].split())
    if column.is_number:
        values = [totals.get(column.key), 88.8 if column.share else 888, *(r.cells.get(column.key) for r in rows)]
        shown = [_show(column, value) for value in values]
        return max(heading, *(needed_width(text, size, bold=True, edges=EDGES) for text in shown))
    if column.key in ("date", "reported"):
        texts = ["30/12/2020"]
    elif column.key == "remark":
        texts = [capitalize(PILOT)]
    else:
        texts = [str(r.cells.get(column.key) or "") for r in rows]
    widest = max(needed_width(text, size) for text in texts)
    return max(heading, min(widest, _WRAPPED_AFTER * size))


def _show(column: FormColumn, value: Any) -> str:
    """A number as it prints."""
    return format_number(value, 1 if column.share else 0) if isinstance(value, (int, float)) else ""


def _draw_unit(table: FormTable, columns: Sequence[FormColumn], unit: UnitRow) -> None:
    missing = {} if unit.received else ABSENT
    for number, column in enumerate(columns, start=1):
        value = unit.cells.get(column.key)
        if column.is_number:
            left_out = unit.unsaid.get(column.share[0], 0) if column.share else 0
            formula = table.reckon(number, left_out=left_out)
            table.put_number(number, value, formula, share=bool(column.share), **missing)
        else:
            shape = {"num_format": "dd/mm/yyyy"} if isinstance(value, date) else {"text_wrap": True}
            align = "left" if column.key in ("name", "remark") else "center"
            table.put(number, NOT_SENT if value is None else value, align=align, **shape, **missing)
    table.end()


def _draw_totals(
    table: FormTable,
    columns: Sequence[FormColumn],
    values: Mapping[str, float | str | None],
    totals: Mapping[str, Total],
) -> None:
    """Sums of the rows above."""
    label = next(index for index, column in enumerate(columns) if column.is_number)
    table.put_total_label(label)
    for index, column in enumerate(columns, start=1):
        if column.is_number:
            summed = f"SUM({cell_name(table.first_row, index)}:{cell_name(table.row - 1, index)})"
            left_out = totals[column.share[0]].left_out if column.share else 0
            formula = table.reckon(index, left_out=left_out) if column.share else summed
            table.put_number(index, values[column.key], formula, share=bool(column.share), **BOLD)
        elif index > label:
            table.put(index, None, **BOLD)
    table.end(more=3)


def _list_facts(result: Result) -> list[str]:
    """What the columns do not add up: forms, days, the plan's shares."""
    plan, units = result.plan, result.figures.units
    noun = plan.levels.local.noun
    used = [unit for unit in plan.local_units if unit.code in result.used]
    if not used:
        return []
    forms = units.loc[[unit.code for unit in used], "form"]
    counted = [(choice.value, int(forms.eq(choice.value).sum())) for choice in plan.lists.forms]
    counted += [(UNKNOWN, int(forms.isna().sum()))]
    told = "; ".join(f"{value.lower()}: {number}" for value, number in counted if number)
    late = sum(result.days_late(unit) > 0 for unit in used)
    held = len([unit for unit in used if not is_planned(result, unit)])
    planned = f"; dự kiến: {len(used) - held}" if held < len(used) else ""
    return [
        f"Hình thức tổ chức – {told}. Hội nghị – đã tổ chức: {held}{planned}.",
        f"Báo cáo đúng hạn: {len(used) - late} {noun}; sau hạn: {late} {noun}. Đạt tỷ lệ {plan.shares.exemplars}/"
        f"{plan.shares.guests}: {count_balanced(result)}/{len(used)} {noun} đã báo cáo.",
    ]


def _list_notes(result: Result, columns: Sequence[FormColumn]) -> list[str]:
    plan = result.plan
    young, shares = plan.ages.young_under, plan.shares
    return [
        f"Tỷ lệ đại biểu theo Kế hoạch: điển hình tiên tiến {shares.exemplars}%, khách mời và lãnh đạo các cấp, các ngành "
        f"{shares.guests}%. {_say_wholes(columns)}",
        f"Dưới {young} tuổi: tính theo năm kế hoạch ({plan.year}) trừ năm sinh.",
        f"Chương trình: số mục đã có trên {len(plan.programme.required)} mục bắt buộc của Kế hoạch.",
        f"Dấu “{NOT_SENT}”: đơn vị chưa gửi số liệu này; không tính vào tổng số và tỷ lệ.",
        *describe_gaps(result),
        "Biểu chỉ gồm số đếm, không kèm danh sách và thông tin cá nhân.",
    ]


def _say_wholes(columns: Sequence[FormColumn]) -> str:
    """Of what the percentages are."""
    names = {column.key: column.figure.heading[-1] for column in columns if column.figure}
    other = [f"“{names[c.key]}” trên “{names[c.share[1]]}”" for c in columns if c.share and c.share[1] != TOTAL]
    return f"Các cột % tính trên tổng số đại biểu{', riêng ' if other else ''}{', '.join(other)}."
