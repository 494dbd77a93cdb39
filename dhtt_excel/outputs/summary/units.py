"""Biểu 1: a row for each local unit. A unit that has not reported stays, greyed and without numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from dhtt_excel.excel.addresses import cell_name, quote_sheet
from dhtt_excel.excel.book import Book
from dhtt_excel.figures.city_forms import TOTAL, TOTAL_LABEL, UNITS_FORM
from dhtt_excel.figures.describe_units import PILOT, UnitRow, describe_units, say_coverage
from dhtt_excel.figures.figure import FormColumn, number_columns
from dhtt_excel.office.exemptions import Exemption
from dhtt_excel.outputs.summary.administrative_layout import (
    BOXED,
    EDGES,
    Cells,
    OfficialSheet,
    draw_heading_block,
    draw_notes,
    draw_signatures,
    draw_table_heading,
    keep_foot,
    needed_width,
    page_width,
)
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import capitalize, format_number

_SIZES = (11.0, 10.5, 10.0, 9.5, 9.0)
_GREY = {"bg_color": "#EDEDED", "font_color": "#595959"}
_LEAST_ROW = 16.5
_SMALLER = 0.5  # points by which headings are smaller than the body
_SHRUNK = 1.03  # the page may be made smaller by so much before a smaller type is taken
_WRAPPED_AFTER = 12.0  # times the type size: a longer name takes a second line
_NOTE_SIZE = 11


def draw_units_summary(book: Book, result: Result) -> Cells:
    """The form; where the units' numbers stand, by (unit code, column key)."""
    plan = result.plan
    columns, rows, totals = describe_units(result)
    size, widths = _choose_widths(columns, rows, totals)
    sheet = OfficialSheet(book, UNITS_FORM, widths, landscape=True)
    local = plan.levels.local.noun
    title = f"BIỂU TỔNG HỢP KẾT QUẢ HỘI NGHỊ ĐIỂN HÌNH TIÊN TIẾN CẤP {local.upper()}"
    heading_row = draw_heading_block(sheet, plan, result.as_of, UNITS_FORM, title)
    headings, numbers = [c.heading for c in columns], number_columns(columns)
    first = draw_table_heading(sheet, heading_row, headings, numbers, size - _SMALLER)
    drawing = _Drawing(sheet, columns, size)
    for offset, row in enumerate(rows):
        drawing.draw_unit(first + offset, row)
    last = first + len(rows) - 1
    drawing.draw_totals(last + 1, first, totals)
    below = draw_notes(sheet, last + 2, say_coverage(result), _list_notes(result, columns), _NOTE_SIZE)
    end = draw_signatures(sheet, below, plan)
    sheet.finish((heading_row, first - 1), 2, keep_foot(last + 1, below, end))
    return {
        (unit.code, column.key): f"{quote_sheet(UNITS_FORM)}!{cell_name(row, place)}"
        for row, unit in enumerate(plan.local_units, start=first)
        for place, column in enumerate(columns, start=1)
    }


def _choose_widths(
    columns: Sequence[FormColumn], rows: Sequence[UnitRow], totals: dict[str, float | str]
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


def _fit_column(column: FormColumn, rows: Sequence[UnitRow], totals: dict[str, float | str], size: float) -> float:
    """The least width of a column: no word of its headings breaks, no number turns into ####."""
    heading = max(needed_width(word, size - _SMALLER, bold=True) for word in column.heading[-1].split())
    if column.is_number:
        values = [totals.get(column.key), 88.8 if column.share else 888, *(r.cells.get(column.key) for r in rows)]
        shown = [_show(column, value) for value in values]
        return max(heading, *(needed_width(text, size, bold=True, edges=EDGES) for text in shown))
    if column.key in ("date", "reported"):
        texts = ["30/12/2020"]
    elif column.key == "remark":
        texts = [capitalize(PILOT), "88 lỗi cần sửa"]
    else:
        texts = [str(r.cells.get(column.key) or "") for r in rows]
    widest = max(needed_width(text, size) for text in texts)
    return max(heading, min(widest, _WRAPPED_AFTER * size))


def _show(column: FormColumn, value: Any) -> str:
    """A number as it prints."""
    return format_number(value, 1 if column.share else 0) if isinstance(value, (int, float)) else ""


class _Drawing:
    """The table's body: what every row needs to be drawn."""

    def __init__(self, sheet: OfficialSheet, columns: Sequence[FormColumn], size: float) -> None:
        self._sheet = sheet
        self._columns = columns
        self._size = size

    def draw_unit(self, row: int, unit: UnitRow) -> None:
        base = {**BOXED, "font_size": self._size, **({} if unit.received else _GREY)}
        height = _LEAST_ROW
        for place, column in enumerate(self._columns, start=1):
            value = unit.cells.get(column.key)
            if column.is_number:
                formula = "" if value is None or column.is_count else self._reckon(column, row)
                self._put_number(row, place, column, formula, value, base)
                continue
            look: dict[str, Any] = {"align": "left" if column.key in ("name", "remark") else "center"}
            look |= {"num_format": "dd/mm/yyyy"} if isinstance(value, date) else {"text_wrap": True}
            self._sheet.put(row, place, value, **base, **look)
            if isinstance(value, str):
                height = max(height, self._sheet.height_of(value, place, place, self._size))
        self._sheet.set_height(row, height)

    def draw_totals(self, row: int, first: int, totals: dict[str, float | str]) -> None:
        """Sums of the rows from `first` to the one above."""
        base = {**BOXED, "font_size": self._size, "bold": True}
        label = next(place for place, column in enumerate(self._columns) if column.is_number)
        self._sheet.merge(row, 1, row, label, TOTAL_LABEL, **base, align="center")
        for place, column in enumerate(self._columns, start=1):
            if column.share:
                self._put_number(row, place, column, self._reckon(column, row), totals[column.key], base)
            elif column.is_number:
                formula = f"SUM({cell_name(first, place)}:{cell_name(row - 1, place)})"
                self._put_number(row, place, column, formula, totals[column.key], base)
            elif place > label:
                self._sheet.put(row, place, None, **base)
        self._sheet.set_height(row, _LEAST_ROW + 3)

    def _put_number(
        self, row: int, place: int, column: FormColumn, formula: str, value: Any, base: dict[str, Any]
    ) -> None:
        look = {**base, "align": "center", "num_format": "0.0" if column.share else "#,##0"}
        if formula:
            self._sheet.put_formula(row, place, formula, value, **look)
        else:
            self._sheet.put(row, place, value, **look)

    def _reckon(self, column: FormColumn, row: int) -> str:
        """The formula of a sum of parts or of a percentage."""
        cell = {c.key: cell_name(row, place) for place, c in enumerate(self._columns, start=1)}
        if column.parts:
            return "+".join(cell[part] for part in column.parts)
        part, whole = (cell[key] for key in column.share)
        return f'IF({whole}=0,"",{part}/{whole}*100)'


def _list_notes(result: Result, columns: Sequence[FormColumn]) -> list[str]:
    plan = result.plan
    units = result.figures.units
    unknown = int(units.loc[units["level"].eq("local"), "unknown"].sum())
    young, shares = plan.ages.young_under, plan.shares
    notes = [
        f"Tỷ lệ đại biểu theo Kế hoạch: điển hình tiên tiến {shares.exemplars}%, khách mời và lãnh đạo các cấp, các ngành "
        f"{shares.guests}%. {_say_wholes(columns)}",
        f"Dưới {young} tuổi: tính theo năm kế hoạch ({plan.year}) trừ năm sinh.",
        f"Chương trình: số mục đã có trên {len(plan.programme.required)} mục bắt buộc của Kế hoạch.",
        "Biểu chỉ gồm số đếm, không kèm danh sách và thông tin cá nhân.",
    ]
    if unknown:
        notes.insert(1, f"{unknown} đại biểu chưa rõ thành phần không tính vào các cột số đại biểu.")
    if plan.conference.local.pilot_note:
        notes.append(plan.conference.local.pilot_note)
    return [*notes, *map(_describe_exemption, result.exemptions)]


def _say_wholes(columns: Sequence[FormColumn]) -> str:
    """Of what the percentages are."""
    names = {column.key: column.figure.heading[-1] for column in columns if column.figure}
    other = [f"“{names[c.key]}” trên “{names[c.share[1]]}”" for c in columns if c.share and c.share[1] != TOTAL]
    return f"Các cột % tính trên tổng số đại biểu{', riêng ' if other else ''}{', '.join(other)}."


def _describe_exemption(exemption: Exemption) -> str:
    """Who decided stands in the register: the superior office need not know names."""
    unit = exemption.unit.name if exemption.unit else "mọi đơn vị"
    return f"Ngoại lệ được chấp nhận ({exemption.code}, {unit}): {exemption.reason.rstrip('.')}."
