"""The named lists, "Phụ lục 1" to "Phụ lục 3": only when asked for, and without what is sensitive unless that is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dhtt_excel.errors import UserError
from dhtt_excel.excel.book import Book
from dhtt_excel.figures.describe_units import say_coverage
from dhtt_excel.form.form import TICK, Column, Form, Kind, Table
from dhtt_excel.outputs.summary.administrative_layout import (
    BOXED,
    OfficialSheet,
    draw_heading_block,
    draw_line,
    draw_notes,
    draw_signatures,
    draw_table_heading,
    keep_foot,
    needed_width,
    page_width,
)
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import fold, format_number

WARNING = "Có dữ liệu cá nhân: chỉ gửi nơi nhận có thẩm quyền"
ANNEXED = ("delegates", "honourees", "speakers")
WITHHELD = ("ethnicity", "religion", "note")
_SIZES = (11.0, 10.0, 9.0, 8.5)
_LEAST_SIZE_MARGIN = 0.5
_LEAST_ROW = 17.0
_BAND: dict[str, Any] = {"bold": True, "bg_color": "#EDEDED"}


@dataclass(frozen=True)
class Annexes:
    """Named lists are wanted; `include`: withheld columns that are to be in them all the same, by key or heading."""

    include: tuple[str, ...] = ()

    def find_columns(self, form: Form) -> frozenset[str]:
        """The keys of the columns in `include`. Raises `UserError` for a name that is none of a withheld column."""
        withheld = {
            key: table.by_key[key].heading
            for table in (form.tables[name] for name in ANNEXED)
            for key in WITHHELD
            if key in table.by_key
        }
        found = set()
        for name in self.include:
            keys = [key for key, heading in withheld.items() if fold(name) in (fold(key), fold(heading))]
            if not keys:
                offered = "; ".join(f"{key} ({heading})" for key, heading in withheld.items())
                raise UserError(f"Không có cột “{name}” để đưa thêm vào phụ lục. Các cột có thể nêu: {offered}.")
            found.update(keys)
        return frozenset(found)


def draw_annexes(book: Book, result: Result, annexes: Annexes) -> None:
    included = annexes.find_columns(result.form)
    for number, key in enumerate(ANNEXED, start=1):
        _draw_annex(book, result, f"Phụ lục {number}", result.form.tables[key], included)


def _draw_annex(book: Book, result: Result, mark: str, table: Table, included: frozenset[str]) -> None:
    plan = result.plan
    columns = [c for c in table.stored if c.key not in WITHHELD or c.key in included]
    size, widths = _choose_widths(columns)
    sheet = OfficialSheet(book, mark, widths, landscape=True)
    row = draw_heading_block(sheet, plan, result.as_of, mark, table.title)
    row = draw_line(sheet, row, WARNING, {"font_size": 12, "bold": True, "align": "center"})
    headings = [("STT",), *((c.heading,) for c in columns)]
    first = draw_table_heading(sheet, row, headings, [f"({n})" for n in range(1, len(headings) + 1)], size)
    drawing = _Drawing(sheet, columns, size, first)
    for name, lines in _group_lines(result, table, columns):
        drawing.draw_unit(name, lines)
    last = drawing.draw_count()
    notes = [f"Danh sách theo thứ tự đơn vị, trong mỗi đơn vị theo thứ tự báo cáo. {_say_withheld(table, included)}"]
    below = draw_notes(sheet, last + 1, say_coverage(result)[:1], notes, max(size, 10))
    end = draw_signatures(sheet, below, plan)
    sheet.finish((row, first - 1), 2, [*drawing.together, *keep_foot(last, below, end)], WARNING)


def _say_withheld(table: Table, included: frozenset[str]) -> str:
    left_out = [table.by_key[key].heading for key in WITHHELD if key in table.by_key and key not in included]
    return f"Không có các cột: {', '.join(left_out)}." if left_out else "Có đủ các cột của biểu mẫu."


def _group_lines(result: Result, table: Table, columns: Sequence[Column]) -> Iterator[tuple[str, list[list[Any]]]]:
    """Each unit of the frame, in its order, with its lines as they print."""
    frame = result.tables.frames[table.key]
    shown = frame.astype(object).where(frame.notna(), None)
    for code, lines in shown.groupby("unit", sort=False):
        unit = result.plan.units_by_code[code]
        yield (
            result.plan.name_of(unit),
            [
                [_show(column, value) for column, value in zip(columns, values, strict=True)]
                for values in lines[[c.key for c in columns]].itertuples(index=False, name=None)
            ],
        )


def _show(column: Column, value: Any) -> Any:
    if column.kind is Kind.MARK:
        return TICK if value else None
    return value


def _choose_widths(columns: Sequence[Column]) -> tuple[float, list[float]]:
    """The largest type in which no word of a heading breaks; the form's widths, stretched to the page."""
    room = page_width(landscape=True)
    size, least = 0.0, [0.0]
    for size in _SIZES:
        order = needed_width("88.888", size)
        least = [order, *(max(needed_width(word, size, bold=True) for word in c.heading.split()) for c in columns)]
        if sum(least) <= _LEAST_SIZE_MARGIN * room or size == _SIZES[-1]:
            break
    wanted = [least[0], *(max(c.width * size / 2, w) for c, w in zip(columns, least[1:], strict=True))]
    spare = [w - low for w, low in zip(wanted, least, strict=True)]
    part = max(0.0, room - sum(least)) / (sum(spare) or 1)
    return size, [low + more * part for low, more in zip(least, spare, strict=True)]


class _Drawing:
    """The list as it grows: a band for each unit, then its lines."""

    def __init__(self, sheet: OfficialSheet, columns: Sequence[Column], size: float, row: int) -> None:
        self.together: list[tuple[int, int]] = []
        self._sheet = sheet
        self._columns = columns
        self._row = row
        self._order = 0
        self._look: dict[str, Any] = {**BOXED, "font_size": size, "text_wrap": True}
        self._size = size

    def draw_unit(self, name: str, lines: Sequence[Sequence[Any]]) -> None:
        text = f"{name} ({format_number(len(lines))})"
        self.together.append((self._row, self._row + 1))
        self._merge(text, **_BAND)
        for values in lines:
            self._order += 1
            self._sheet.put(self._row, 1, self._order, **self._look, align="center", num_format="#,##0")
            height = _LEAST_ROW
            for place, (column, value) in enumerate(zip(self._columns, values, strict=True), start=2):
                align = "left" if column.kind is Kind.TEXT else "center"
                self._sheet.put(self._row, place, value, **self._look, align=align)
                if isinstance(value, str):
                    height = max(height, self._sheet.height_of(value, place, place, self._size))
            self._sheet.set_height(self._row, height)
            self._row += 1

    def draw_count(self) -> int:
        """The last row: how many lines there are."""
        self._merge(f"Tổng cộng: {format_number(self._order)}", bold=True)
        return self._row - 1

    def _merge(self, text: str, **look: Any) -> None:
        last = self._sheet.columns
        self._sheet.merge(self._row, 1, self._row, last, text, **self._look, **look)
        self._sheet.set_height(self._row, max(_LEAST_ROW, self._sheet.height_of(text, 1, last, self._size, bold=True)))
        self._row += 1
