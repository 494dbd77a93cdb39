"""The layout of a form between offices (Nghị định 30/2020/NĐ-CP): heading block, table heading, notes, signatures.

Each function draws from the row that it gets and returns the next free one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from dhtt_excel.excel.text_size import text_width
from dhtt_excel.outputs.summary.official_sheet import OfficialSheet, needed_width
from dhtt_excel.plan.plan import Plan

BOXED = {"border": 1}
CENTRED = {"align": "center"}
_LINE_SIZE = 6  # type size of the rule below the issuing office


def keep_foot(last_row: int, below: int, end: int) -> list[tuple[int, int]]:
    """Blocks for `finish`: as much of a table's end as possible on the page of its notes and signatures.

    `last_row`: the table's last, `below`: the first after the notes, `end`: the last of all.
    """
    return [(row, end) for row in (last_row - 2, last_row - 1, last_row, last_row + 1, below - 1)]


def write_place_and_date(plan: Plan, day: date) -> str:
    """ "Hoàn Kiếm, ngày 05 tháng 3 năm 2020": days below 10 and the first two months have a zero."""
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)
    when = f"ngày {day.day:02} tháng {month} năm {day.year}"
    return f"{plan.levels.upper.place}, {when}" if plan.levels.upper.place else when


def draw_heading_block(sheet: OfficialSheet, plan: Plan, day: date, mark: str, title: str) -> int:
    """Offices, state title, the form's mark, place and date, its title, what it follows and to whom; the next free row."""
    upper = plan.levels.upper
    state = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    superior, office = (upper.office, upper.department) if upper.department else ("", upper.office)
    bold = {"bold": True}
    pairs: tuple[tuple[str, dict[str, Any], str, dict[str, Any]], ...] = (
        (superior.upper(), {"font_size": 12}, state, {"font_size": 12, **bold}),
        (office.upper(), {"font_size": 12, **bold}, "Độc lập - Tự do - Hạnh phúc", {"font_size": 13, **bold, "underline": 1}),
        (_rule_below(office), {"font_size": _LINE_SIZE}, "", {"font_size": _LINE_SIZE}),
        (mark, {"font_size": 13, **bold}, write_place_and_date(plan, day), {"font_size": 13, "italic": True}),
    )  # fmt: skip
    left = sheet.split_column(needed_width(state, 12, bold=True))
    for row, (text, look, other, other_look) in enumerate(pairs, start=1):
        _draw_pair(sheet, row, left, (text, look), (other, other_look))
    row = draw_gap(sheet, len(pairs) + 1, 8)
    source = f"(Thực hiện Kế hoạch số {plan.number} ngày {plan.date:%d/%m/%Y} của {plan.issuer})"
    row = draw_line(sheet, row, title, {"font_size": 14, "bold": True, **CENTRED})
    row = draw_line(sheet, row, source, {"font_size": 12, "italic": True, **CENTRED})
    return draw_gap(sheet, row, 8)


def _rule_below(office: str) -> str:
    """A rule below the issuing office, two fifths of its length, as the decree wants it."""
    return "_" * max(4, round(0.4 * text_width(office.upper(), 12, bold=True) / text_width("_", _LINE_SIZE)))


def _draw_pair(
    sheet: OfficialSheet, row: int, split: int, left: tuple[str, dict[str, Any]], right: tuple[str, dict[str, Any]]
) -> None:
    """Two centred blocks side by side."""
    heights = []
    for (text, look), first, last in ((left, 1, split), (right, split + 1, sheet.columns)):
        valign = "top" if look["font_size"] == _LINE_SIZE else "vcenter"
        sheet.merge(row, first, row, last, text, **look, **CENTRED, text_wrap=True, valign=valign)
        heights.append(sheet.height_of(text, first, last, look["font_size"], bold=look.get("bold", False)))
    sheet.set_height(row, max(heights))


def draw_line(sheet: OfficialSheet, row: int, text: str, look: dict[str, Any]) -> int:
    """A text across the sheet; the next row."""
    sheet.merge(row, 1, row, sheet.columns, text, **look, text_wrap=True)
    sheet.set_height(row, sheet.height_of(text, 1, sheet.columns, look["font_size"], bold=look.get("bold", False)))
    return row + 1


def draw_gap(sheet: OfficialSheet, row: int, points: float) -> int:
    sheet.set_height(row, points)
    return row + 1


def draw_table_heading(
    sheet: OfficialSheet, row: int, headings: Sequence[tuple[str, ...]], numbers: Sequence[str], size: float
) -> int:
    """Heading rows and the row of column numbers; the first row of the table's body.

    A heading is a path: columns that begin alike share a cell above, a short path reaches down to the numbers.
    """
    depth = max(map(len, headings))
    look = {**BOXED, **CENTRED, "bold": True, "font_size": size, "text_wrap": True}
    heights = [0.0] * depth
    tall: list[tuple[int, float]] = []
    for level in range(depth):
        for first, last in _find_runs(headings, level):
            path = headings[first]
            bottom = depth - 1 if level == len(path) - 1 else level
            sheet.merge(row + level, first + 1, row + bottom, last + 1, path[level], **look)
            needed = sheet.height_of(path[level], first + 1, last + 1, size, bold=True)
            if bottom == level:
                heights[level] = max(heights[level], needed)
            else:
                tall.append((level, needed))
    for level, needed in tall:
        widest = max(range(level, depth), key=heights.__getitem__)
        heights[widest] += max(0.0, needed - sum(heights[level:]))
    for level, height in enumerate(heights):
        sheet.set_height(row + level, height)
    row += depth
    small = max(7.0, size - 2)
    for column, text in enumerate(numbers, start=1):
        sheet.put(row, column, text, **BOXED, **CENTRED, font_size=small, italic=True, text_wrap=True)
    sheet.set_height(row, max(sheet.height_of(t, c, c, small) for c, t in enumerate(numbers, start=1)))
    return row + 1


def _find_runs(headings: Sequence[tuple[str, ...]], level: int) -> list[tuple[int, int]]:
    """First and last column (from 0) of every heading cell that begins at this level."""
    runs: list[tuple[int, int]] = []
    for index, path in enumerate(headings):
        if len(path) <= level:
            continue
        if runs and runs[-1][1] == index - 1 and headings[index - 1][: level + 1] == path[: level + 1]:
            runs[-1] = (runs[-1][0], index)
        else:
            runs.append((index, index))
    return runs


def draw_notes(sheet: OfficialSheet, row: int, lead: Sequence[str], notes: Sequence[str], size: float) -> int:
    """Below a table: what it covers, then the numbered notes; the next free row."""
    row = draw_gap(sheet, row, 6)
    for text in lead:
        row = draw_line(sheet, row, text, {"font_size": size})
    if notes:
        row = draw_line(sheet, row, "Ghi chú:", {"font_size": size, "bold": True, "italic": True})
    for number, text in enumerate(notes, start=1):
        row = draw_line(sheet, row, f"{number}. {text}", {"font_size": size})
    return row


def draw_signatures(sheet: OfficialSheet, row: int, plan: Plan) -> int:
    """Who compiled it, left, and who signs, right, with room to sign; the last row."""
    signer = plan.signer
    lines = [text for text in (signer.capacity, signer.title) if text] or [""]
    bold = {"font_size": 13, "bold": True}
    left = ["NGƯỜI LẬP BIỂU"] + [""] * (len(lines) - 1)
    split = sheet.split_column(sheet.width_of(1, sheet.columns) / 2)
    row = draw_gap(sheet, row, 12)
    for offset, (text, other) in enumerate(zip(left, lines, strict=True)):
        _draw_pair(sheet, row + offset, split, (text, bold), (other, bold))
    row = draw_gap(sheet, row + len(lines), 56)
    _draw_pair(sheet, row, split, ("", bold), (signer.name, bold))
    return row
