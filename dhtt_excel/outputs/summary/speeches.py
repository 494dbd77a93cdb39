"""Biểu 4: the speeches. A title says what it is about and never who speaks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.excel.book import Book
from dhtt_excel.figures.city_forms import UNITS_FORM
from dhtt_excel.figures.describe_units import name_some, say_coverage
from dhtt_excel.figures.hide_names import HIDDEN, NameHider, list_persons
from dhtt_excel.outputs.summary.administrative_layout import CENTRED
from dhtt_excel.outputs.summary.form_table import BOLD, SIZE, FormTable
from dhtt_excel.outputs.summary.official_sheet import needed_width, page_width
from dhtt_excel.outputs.summary.verdicts import name_unit, say_upper_absent
from dhtt_excel.plan.plan import Plan
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import capitalize

MARK = "Biểu 4"
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
    units = max((needed_width(s.unit, SIZE) for s in speeches), default=0)
    office = (
        1.06 * needed_width(plan.levels.upper.office.upper(), 12) - _ORDER_WIDTH
    )  # it stands above, unbroken if it can
    first_widths = (_ORDER_WIDTH, min(_WIDEST_UNIT, max(units, office)))
    title_width = page_width(landscape=True) - sum(first_widths) - sum(_OTHER_WIDTHS)
    texts = ("STT", capitalize(_say_unit(plan)), "Tên tham luận", "Tập thể, cá nhân", "Mảng", "Lĩnh vực", "Thời lượng (phút)", "Minh họa")  # fmt: skip
    table = FormTable(
        book, result, MARK, "BIỂU TỔNG HỢP BÁO CÁO THAM LUẬN CỦA CÁC ĐIỂN HÌNH TIÊN TIẾN",
        (*first_widths, title_width, *_OTHER_WIDTHS), [(text,) for text in texts], landscape=True,
    )  # fmt: skip
    for order, speech in enumerate(speeches, start=1):
        for column, value in enumerate((order, *speech), start=1):
            table.put(column, value, text_wrap=True, align="left" if column in (_UNIT, _TITLE) else "center")
        table.end()
    _draw_sum(table, speeches)
    table.finish(_say_absent(result, speeches), _list_notes(plan, hidden))


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
        speeches.append(
            Speech(
                name_unit(plan, unit),
                title,
                *(line[key] for key in ("kind", "area", "field", "minutes", "illustration")),
            )
        )
    return speeches, hidden


def _draw_sum(table: FormTable, speeches: Sequence[Speech]) -> None:
    """How many speeches and minutes; formulas where there is a line to count."""
    table.put_total_label(_UNIT)
    for column in range(_TITLE, table.sheet.columns + 1):
        table.put(column, None, **BOLD, **CENTRED)
    sums = {
        _TITLE: ("COUNT", 1, len(speeches), '#,##0" tham luận"'),
        _MINUTES: ("SUM", _MINUTES, sum(int(s.minutes or 0) for s in speeches), "#,##0"),
    }
    for column, (function, counted, value, number_format) in sums.items():
        cells = f"{cell_name(table.first_row, counted)}:{cell_name(table.row - 1, counted)}"
        formula = f"{function}({cells})" if speeches else ""
        table.put_number(column, value, formula, **BOLD, num_format=number_format)
    table.end(more=3)


def _say_unit(plan: Plan) -> str:
    return f"{plan.levels.local.noun}, {plan.levels.upper.noun}"


def _say_absent(result: Result, speeches: Sequence[Speech]) -> list[str]:
    """The units in use without a speech, and how many have reported."""
    plan = result.plan
    speaking = set(result.tables.frames["speakers"]["unit"].tolist())
    silent = [u for u in plan.units_by_code.values() if u.code in result.used and u.code not in speaking]
    names = [name_unit(plan, u) for u in silent]
    lines = say_coverage(result)[:1]
    if names:
        told = name_some(names, plan.levels.local.noun, f"xem cột Tham luận của {UNITS_FORM}")
        lines.append(f"Đã báo cáo nhưng chưa có tham luận: {told}.")
    if absent := say_upper_absent(result):
        lines.append(f"{absent}.")
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
