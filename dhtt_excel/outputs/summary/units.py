"""Biểu 1: a row for each local unit. A unit that has not reported stays, greyed and without numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dhtt_excel.excel.book import Book
from dhtt_excel.figures.city_forms import MEETING, NOT_SENT, UNITS_FORM, UNKNOWN, name_meetings
from dhtt_excel.figures.describe_gaps import describe_gaps
from dhtt_excel.figures.describe_units import (
    UnitRow,
    count_balanced,
    describe_units,
    name_some,
    say_coverage,
    show_unit,
)
from dhtt_excel.figures.figure import FormColumn
from dhtt_excel.figures.totals import Total
from dhtt_excel.outputs.summary.administrative_layout import number_size
from dhtt_excel.outputs.summary.form_table import ABSENT, BOLD, FormTable, list_reckoned, name_runs, number_columns
from dhtt_excel.outputs.summary.official_sheet import (
    EDGES,
    INDENT,
    LEAST_SIZE,
    TEXT_EDGES,
    References,
    needed_width,
    page_width,
)
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import day_format, format_number

_SIZE, _HEADING_SIZE, _NOTE_SIZE, _LEAST_ROW = 12.0, 10.2, 10.8, 14.25  # in the sheet, which is printed smaller
_LEAST_REMARK = 57.0
_DAY = "30/12/2020"  # the longest


def draw_units_summary(book: Book, result: Result) -> References:
    """The form; where the units' numbers stand, by (unit code, column key)."""
    plan = result.plan
    columns, rows, totals = describe_units(result)
    widths = _choose_widths(columns, rows, totals)
    title = f"BIỂU TỔNG HỢP KẾT QUẢ HỘI NGHỊ ĐIỂN HÌNH TIÊN TIẾN CẤP {plan.meeting_nouns[0].upper()}"
    table = FormTable(
        book, result, UNITS_FORM, title, widths, [c.heading for c in columns], reckoned=list_reckoned(columns),
        size=_SIZE, heading_size=_HEADING_SIZE, least_row=_LEAST_ROW, landscape=True,
    )  # fmt: skip
    summed = []
    for row in rows:
        if not row.within:
            summed.append(table.row)
            for number, column in enumerate(columns, start=1):
                table.cells[row.code, column.key] = table.sheet.address(table.row, number)
        _draw_unit(table, columns, row)
    _draw_totals(table, columns, totals, result.figures.totals, summed)
    table.finish([*say_coverage(result), *_list_facts(result)], _list_notes(result), _NOTE_SIZE)
    return table.cells


def _choose_widths(
    columns: Sequence[FormColumn], rows: Sequence[UnitRow], totals: Mapping[str, float | str | None]
) -> list[float]:
    """The columns' widths: names wrap where the page would else be printed too small, what is left over goes to all."""
    room = page_width(landscape=True) * _SIZE / LEAST_SIZE
    numbers = number_columns(len(columns), list_reckoned(columns))
    widths = {c.key: _fit_column(c, number, rows, totals) for c, number in zip(columns, numbers, strict=True)}
    _widen_pairs(columns, widths)
    words = [(word, _indent(row)) for row in rows for word in row.cells["name"].split()]
    least = max((needed_width(word, _SIZE) + indent for word, indent in words), default=0.0)
    widths["name"] = max(least, min(widths["name"], room - sum(widths.values()) + widths["name"]))
    rest = max(0.0, room - sum(widths.values())) / len(widths)
    return [width + rest for width in widths.values()]


def _widen_pairs(columns: Sequence[FormColumn], widths: dict[str, float]) -> None:
    """Let the heading above a count and its percentage take no more than two lines."""
    for column in columns:
        if column.share:
            words = column.heading[-2].split()
            halves = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(len(words))]
            needed = min(max(needed_width(half, _HEADING_SIZE, bold=True) for half in pair) for pair in halves)
            widths[column.key] += max(0.0, needed + 2 - widths[column.key] - widths[column.share[0]])


def _fit_column(
    column: FormColumn, number: str, rows: Sequence[UnitRow], totals: Mapping[str, float | str | None]
) -> float:
    """The least width of a column: no word of its headings breaks, no number turns into ####."""
    heading = [
        needed_width(word, _HEADING_SIZE, bold=True, edges=TEXT_EDGES - 1) for word in column.heading[-1].split()
    ]
    heading += [needed_width(line, number_size(_HEADING_SIZE)) for line in number.splitlines()]
    if column.is_number:
        values = [totals.get(column.key), 88.8 if column.share else 88, *(r.cells.get(column.key) for r in rows)]
        shown = [needed_width(_show(column, value), _SIZE, bold=True, edges=EDGES) for value in values]
    elif column.key == "remark":
        shown = [_LEAST_REMARK]
    elif column.key in ("date", "reported"):
        shown = [needed_width(_DAY, _SIZE, edges=EDGES)]
    else:
        texts = [(str(r.cells.get(column.key) or ""), _indent(r) if column.key == "name" else 0) for r in rows]
        shown = [needed_width(text, _SIZE, edges=TEXT_EDGES + 1) + indent for text, indent in texts]
    return max(*heading, *shown)


def _indent(row: UnitRow) -> float:
    """How far the name of a unit within another begins from the edge, in points."""
    return INDENT if row.within else 0


def _show(column: FormColumn, value: Any) -> str:
    """A number as it prints."""
    return format_number(value, 1 if column.share else 0) if isinstance(value, (int, float)) else ""


def _draw_unit(table: FormTable, columns: Sequence[FormColumn], unit: UnitRow) -> None:
    missing = {} if unit.received else ABSENT
    nested: dict[str, Any] = {"indent": 1, "italic": True} if unit.within else {}
    for number, column in enumerate(columns, start=1):
        value = unit.cells.get(column.key)
        if unit.within and column.key.startswith(MEETING):
            table.put(number, None, **missing)
        elif column.is_number:
            left_out = unit.unsaid.get(column.share[0], 0) if column.share else 0
            formula = table.reckon(number, left_out=left_out)
            table.put_number(number, value, formula, share=bool(column.share), **missing)
        else:
            shape = {"num_format": day_format(value)} if isinstance(value, date) else {"text_wrap": True}
            align = "left" if column.key in ("name", "remark") else "center"
            shape |= nested if column.key == "name" else {}
            shown = "" if value is None and unit.within else NOT_SENT if value is None else value
            table.put(number, shown, align=align, **shape, **missing)
    table.end()


def _draw_totals(
    table: FormTable,
    columns: Sequence[FormColumn],
    values: Mapping[str, float | str | None],
    totals: Mapping[str, Total],
    rows: Sequence[int],
) -> None:
    """Sums of these rows above."""
    label = next(index for index, column in enumerate(columns) if column.is_number)
    table.put_total_label(label)
    for index, column in enumerate(columns, start=1):
        if column.is_number:
            summed = f"SUM({name_runs(rows, index)})"
            left_out = totals[column.share[0]].left_out if column.share else 0
            formula = table.reckon(index, left_out=left_out) if column.share else summed
            table.put_number(index, values[column.key], formula, share=bool(column.share), **BOLD)
        elif index > label:
            table.put(index, None, **BOLD)
    table.end(more=1)


def _list_facts(result: Result) -> list[str]:
    """What the columns do not add up: forms, days, the plan's shares."""
    plan, units = result.plan, result.figures.units
    noun = plan.levels.local.noun
    used = [unit for unit in plan.local_units if unit.code in result.used]
    if not used:
        return []
    kept, judged = count_balanced(result)
    balanced = (
        f" Đạt tỷ lệ {plan.shares.exemplars}/{plan.shares.guests}: {kept}/{judged} {plan.meeting_nouns[0]} có số liệu."
        if judged
        else ""
    )
    if plan.rolls_up:
        drafts = [show_unit(plan, unit) for unit in used if (r := result.used[unit.code].record) and r.draft]
        told = f" Kết quả còn là dự thảo: {name_some(drafts, noun, 'xem cột Ghi chú')}." if drafts else ""
        return [f"{balanced}{told}".strip()] if balanced or told else []
    forms = units.loc[[unit.code for unit in used], "form"]
    counted = [(choice.value, int(forms.eq(choice.value).sum())) for choice in plan.lists.forms]
    counted += [(UNKNOWN, int(forms.isna().sum()))]
    told = "; ".join(f"{value.lower()}: {number}" for value, number in counted if number)
    late = sum(result.days_late(unit) > 0 for unit in used)
    days = [day for unit in used if isinstance(day := units.at[unit.code, "date"], date)]
    held = sum(day <= result.as_of for day in days)
    others = (("dự kiến", len(days) - held), ("chưa rõ ngày", len(used) - len(days)))
    rest = "".join(f"; {word}: {number}" for word, number in others if number)
    return [
        f"Hình thức tổ chức – {told}. Hội nghị – đã tổ chức: {held}{rest}.",
        f"Báo cáo đúng hạn: {len(used) - late} {noun}; sau hạn: {late} {noun}.{balanced}",
    ]


def _list_notes(result: Result) -> list[str]:
    plan = result.plan
    lower, upper = plan.meeting_nouns
    programme = f"Chương trình: số mục đã có trên {len(plan.programme.required)} mục bắt buộc của Kế hoạch."
    rolled = (
        f"Các cột “{name_meetings(plan)}” là hội nghị của chính {upper}; các cột khác cộng hội nghị của các {lower}."
    )
    return [
        f"Dưới {plan.ages.young_under} tuổi: tính theo năm kế hoạch ({plan.year}) trừ năm sinh.",
        rolled if plan.rolls_up else programme,
        f"Dấu “{NOT_SENT}”: chưa có số liệu; không tính vào tổng số và tỷ lệ.",
        *describe_gaps(result),
    ]
