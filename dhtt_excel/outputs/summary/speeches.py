"""Biểu 4: the speeches. A title says what it is about and never who speaks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.excel.book import Book
from dhtt_excel.figures.city_forms import UNITS_FORM
from dhtt_excel.figures.describe_units import name_some, say_coverage, show_unit
from dhtt_excel.outputs.summary.administrative_layout import (
    BOXED,
    OfficialSheet,
    draw_heading_block,
    draw_notes,
    draw_signatures,
    draw_table_heading,
    keep_foot,
    needed_width,
    page_width,
)
from dhtt_excel.outputs.summary.hide_names import HIDDEN, NameHider, list_persons
from dhtt_excel.plan.plan import Plan
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import capitalize

MARK = "Biểu 4"
_SIZE = 11
_LEAST_ROW = 18.0
_UNIT, _TITLE, _MINUTES = 2, 3, 7
_ORDER_WIDTH = 30.0
_WIDEST_UNIT = 130.0
_OTHER_WIDTHS = (54.0, 54.0, 118.0, 50.0, 60.0)  # kind, area, field, minutes, illustration; the title takes the rest


class Speech(NamedTuple):
    """A line of the form; None where nothing, or nothing usable, was given."""

    unit: str
    title: str | None
    kind: str | None
    area: str | None
    field: str | None
    minutes: int | None
    illustration: str | None


def draw_speeches(book: Book, result: Result) -> None:
    plan = result.plan
    speeches, hidden = list_speeches(result)
    units = max((needed_width(s.unit, _SIZE) for s in speeches), default=0)
    office = (
        1.06 * needed_width(plan.levels.upper.office.upper(), 12) - _ORDER_WIDTH
    )  # it stands above, unbroken if it can
    first_widths = (_ORDER_WIDTH, min(_WIDEST_UNIT, max(units, office)))
    title_width = page_width(landscape=True) - sum(first_widths) - sum(_OTHER_WIDTHS)
    sheet = OfficialSheet(book, MARK, (*first_widths, title_width, *_OTHER_WIDTHS), landscape=True)
    title = "BIỂU TỔNG HỢP BÁO CÁO THAM LUẬN CỦA CÁC ĐIỂN HÌNH TIÊN TIẾN"
    heading_row = draw_heading_block(sheet, plan, result.as_of, MARK, title)
    texts = ("STT", capitalize(_say_unit(plan)), "Tên tham luận", "Tập thể, cá nhân", "Mảng", "Lĩnh vực", "Thời lượng (phút)", "Minh họa")  # fmt: skip
    headings = [(text,) for text in texts]
    first = draw_table_heading(sheet, heading_row, headings, [f"({n})" for n in range(1, len(texts) + 1)], _SIZE)
    for row, speech in enumerate(speeches, start=first):
        _draw_speech(sheet, row, row - first + 1, speech)
    last = first + len(speeches)
    _draw_sum(sheet, last, first, speeches)
    below = draw_notes(sheet, last + 1, _say_absent(result, speeches), _list_notes(plan, hidden), _SIZE)
    end = draw_signatures(sheet, below, plan)
    sheet.finish((heading_row, first - 1), _UNIT, keep_foot(last, below, end))


def list_speeches(result: Result) -> tuple[list[Speech], int]:
    """The speeches in the order of the units' codes, and in how many titles names were taken out."""
    plan, frame = result.plan, result.tables.frames["speakers"]
    collective = [plan.lists.value(name, "collective") for name in ("speech_kinds", "honouree_kinds")]
    hider = NameHider(list_persons(result.tables.frames, collective), spare=(u.name for u in plan.units))
    speeches, hidden = [], 0
    for line in frame.astype(object).where(frame.notna(), None).to_dict("records"):
        unit = plan.units_by_code[line["unit"]]
        own = [line["presenter"], None if line["kind"] in collective else line["name"]]
        title = line["title"] and hider.hide(line["title"], [name for name in own if name])
        hidden += title != line["title"]
        name = show_unit(plan, unit) if unit.level == "local" else plan.name_of(unit)
        speeches.append(
            Speech(name, title, line["kind"], line["area"], line["field"], line["minutes"], line["illustration"])
        )
    return speeches, hidden


def _draw_speech(sheet: OfficialSheet, row: int, order: int, speech: Speech) -> None:
    look: dict[str, Any] = {**BOXED, "font_size": _SIZE, "text_wrap": True}
    height = _LEAST_ROW
    for column, value in enumerate((order, *speech), start=1):
        align = "left" if column in (_UNIT, _TITLE) else "center"
        sheet.put(row, column, value, **look, align=align)
        if isinstance(value, str):
            height = max(height, sheet.height_of(value, column, column, _SIZE))
    sheet.set_height(row, height)


def _draw_sum(sheet: OfficialSheet, row: int, first: int, speeches: Sequence[Speech]) -> None:
    """How many speeches and minutes; formulas where there is a line to count."""
    look: dict[str, Any] = {**BOXED, "font_size": _SIZE, "bold": True, "align": "center"}
    sheet.merge(row, 1, row, _UNIT, "Tổng cộng", **look)
    for column in range(_TITLE, sheet.columns + 1):
        sheet.put(row, column, None, **look)
    sums = {
        _TITLE: ("COUNT", 1, len(speeches), '#,##0" tham luận"'),
        _MINUTES: ("SUM", _MINUTES, sum(int(s.minutes or 0) for s in speeches), "#,##0"),
    }
    for column, (function, counted, value, number_format) in sums.items():
        formula = f"{function}({cell_name(first, counted)}:{cell_name(row - 1, counted)})"
        if speeches:
            sheet.put_formula(row, column, formula, value, **look, num_format=number_format)
        else:
            sheet.put(row, column, value, **look, num_format=number_format)
    sheet.set_height(row, _LEAST_ROW + 3)


def _say_unit(plan: Plan) -> str:
    return f"{plan.levels.local.noun}, {plan.levels.upper.noun}"


def _say_absent(result: Result, speeches: Sequence[Speech]) -> list[str]:
    """The units in use without a speech, and how many have reported."""
    plan = result.plan
    speaking = set(result.tables.frames["speakers"]["unit"].tolist())
    silent = [u for u in plan.units_by_code.values() if u.code in result.used and u.code not in speaking]
    names = [show_unit(plan, u) if u.level == "local" else plan.name_of(u) for u in silent]
    lines = say_coverage(result)[:1]
    if names:
        told = name_some(names, plan.levels.local.noun, f"xem cột Tham luận của {UNITS_FORM}")
        lines.append(f"Đã báo cáo nhưng chưa có tham luận: {told}.")
    if plan.upper_unit.code not in result.used:
        lines.append(f"Chưa có biểu của {plan.name_of(plan.upper_unit)}.")
    kinds = (f"{c.value.lower()} {sum(s.kind == c.value for s in speeches)}" for c in plan.lists.speech_kinds)
    if speeches:
        lines.append(f"Số tham luận: {len(speeches)}; trong đó {', '.join(kinds)}.")
    return lines


def _list_notes(plan: Plan, hidden: int) -> list[str]:
    notes = [
        f"Tham luận xếp theo thứ tự {plan.levels.local.noun}, sau cùng là hội nghị {plan.levels.upper.noun}. Biểu không ghi tên "
        "người, tập thể tham luận."
    ]
    if hidden:
        notes.append(f"{hidden} tên tham luận có tên người, thay bằng “{HIDDEN}”.")
    return notes
