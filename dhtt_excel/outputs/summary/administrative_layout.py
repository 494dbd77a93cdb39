"""The layout of a form between offices (Nghị định 30/2020/NĐ-CP): heading block, table heading, notes, signatures.

Each function draws from the row that it gets and returns the next free one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import zip_longest
from typing import Any

from dhtt_excel.excel.text_size import text_width
from dhtt_excel.outputs.summary.official_sheet import OfficialSheet, line_height, needed_width
from dhtt_excel.plan.plan import LevelNames, Plan
from dhtt_excel.result import Result

BOXED = {"border": 1}
CENTRED = {"align": "center"}
DRAFT = "DỰ THẢO"
_STATE, _MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
_COMPILER, _SIGNED, _SEALED = "NGƯỜI LẬP BIỂU", "(Ký, họ tên)", "(Ký, họ tên, đóng dấu)"
_BLANK = "…"  # where a person will write
_LINE_SIZE = 6  # type size of the rule below the issuing office
_BOLD, _ITALIC = {"bold": True}, {"italic": True}
_WITH_FOOT = 5  # rows above the last that are wanted on the page of the signatures
_ROOM_TO_SIGN = 33
_NOTES_PART, _COMPILER_END = 0.6, 0.79  # of a wide sheet's width: where notes end, where the compiler's block ends

Block = tuple[str, dict[str, Any]]
"""A text and its look."""
Spans = tuple[tuple[int, int], tuple[int, int]]
"""First and last columns of two blocks side by side."""


def keep_foot(last_row: int, below: int, end: int) -> list[tuple[int, int]]:
    """Blocks for `finish`: as much of a table's end as possible on the page of its notes and signatures.

    `last_row`: the table's last, `below`: the first after the notes, `end`: the last of all.
    """
    return [(row, end) for row in (*range(last_row - _WITH_FOOT, last_row + 2), below - 1)]


def write_place_and_date(plan: Plan, day: date) -> str:
    """ "Hoàn Kiếm, ngày 05 tháng 3 năm 2020": days below 10 and the first two months have a zero."""
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)
    when = f"ngày {day.day:02} tháng {month} năm {day.year}"
    return f"{plan.levels.upper.place}, {when}" if plan.levels.upper.place else when


def draw_heading_block(sheet: OfficialSheet, result: Result, mark: str, title: str) -> int:
    """Office, state title, the form's mark, place and date, its title, the report that it goes with; the next free row."""
    plan = result.plan
    left = sheet.split_column(needed_width(_STATE, 12, bold=True))
    row = _draw_letterhead(sheet, left, plan)
    marked, dated = {"font_size": 13, **_BOLD}, {"font_size": 13, **_ITALIC}
    row = _draw_pair(
        sheet,
        row,
        ((1, left), (left + 1, sheet.columns)),
        (mark, marked),
        (write_place_and_date(plan, result.as_of), dated),
    )
    row = _draw_draft_mark(sheet, row, left) if result.is_draft else draw_gap(sheet, row, 6)
    row = draw_line(sheet, row, title, {"font_size": 14, **_BOLD, **CENTRED})
    sheet.merge(row, 1, row, sheet.columns, _name_report(plan), font_size=12, **_ITALIC, **CENTRED, shrink=True)
    sheet.set_height(row, line_height(12))
    return draw_gap(sheet, row + 1, 4)


def _draw_letterhead(sheet: OfficialSheet, left: int, plan: Plan) -> int:
    """Who issues the form and the state's title, each in two lines where the office needs them; ruled below."""
    lines = _break_office(plan.levels.upper, sheet.width_of(1, left))
    rule = (_rule_below(lines[-1]), {"font_size": _LINE_SIZE, "valign": "top"})
    office = [(line, {"font_size": 12, **_BOLD}) for line in lines]
    state = [(_STATE, {"font_size": 12, **_BOLD}), (_MOTTO, {"font_size": 13, **_BOLD, "underline": 1})]
    return _draw_blocks(sheet, 1, ((1, left), (left + 1, sheet.columns)), [*office, rule], state)


def _break_office(office: LevelNames, room: float) -> list[str]:
    """The office in capitals, before its level's noun on a line of its own where it is too long for one."""
    text = office.formal_office.upper()
    before, noun, after = text.partition(office.noun.upper())
    if needed_width(text, 12, bold=True) <= room or not before.strip():
        return [text]
    return [before.strip(), noun + after]


def _draw_draft_mark(sheet: OfficialSheet, row: int, left: int) -> int:
    """In a box below the form's mark, as narrow as the columns let it be."""
    needed, middle = needed_width(DRAFT, 13, bold=True, edges=16), sheet.width_of(1, left) / 2
    spans = [(first, last) for first in range(1, left + 1) for last in range(first, left + 1)]
    wide = [span for span in spans if sheet.width_of(*span) >= needed] or [(1, left)]

    def stray(span: tuple[int, int]) -> float:
        return abs(sheet.width_of(1, span[0] - 1) + sheet.width_of(*span) / 2 - middle) + sheet.width_of(*span)

    first, last = min(wide, key=stray)
    sheet.merge(row, first, row, last, DRAFT, font_size=13, **_BOLD, **CENTRED, border=2)
    sheet.set_height(row, line_height(13) + 1)
    return draw_gap(sheet, row + 1, 2)


def _name_report(plan: Plan) -> str:
    """The report that the form is an annex of; its number and day are written by hand."""
    day = f"ngày {_BLANK} tháng {_BLANK} năm {_BLANK}"
    return f"(Kèm theo Báo cáo số {plan.report.number} {day} của {plan.levels.upper.office})"


def _rule_below(office: str) -> str:
    """A rule below the issuing office, two fifths of its length, as the decree wants it."""
    return "_" * max(4, round(0.4 * text_width(office, 12, bold=True) / text_width("_", _LINE_SIZE)))


def _draw_blocks(sheet: OfficialSheet, row: int, spans: Spans, left: Sequence[Block], right: Sequence[Block]) -> int:
    """Two columns of centred lines side by side, the shorter one blank at its end."""
    blank = ("", {"font_size": _LINE_SIZE})
    for one, other in zip_longest(left, right, fillvalue=blank):
        row = _draw_pair(sheet, row, spans, one, other)
    return row


def _draw_pair(sheet: OfficialSheet, row: int, spans: Spans, left: Block, right: Block) -> int:
    """Two centred lines side by side; one that is too long is printed smaller."""
    for (text, look), (first, last) in zip((left, right), spans, strict=True):
        sheet.merge(row, first, row, last, text, **{**CENTRED, "shrink": True, **look})
    sheet.set_height(row, max(line_height(look["font_size"]) for _, look in (left, right)))
    return row + 1


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
    small = number_size(size)
    for column, text in enumerate(numbers, start=1):
        sheet.put(row, column, text, **BOXED, **CENTRED, font_size=small, italic=True, text_wrap=True)
    sheet.set_height(row, 1.5 + max(sheet.height_of(t, c, c, small) for c, t in enumerate(numbers, start=1)))
    return row + 1


def number_size(heading_size: float) -> float:
    """The type size of the column numbers."""
    return max(7.0, heading_size - 3)


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
    for text in _number_lines(notes):
        row = draw_line(sheet, row, text, {"font_size": size})
    return row


def draw_signatures(sheet: OfficialSheet, row: int, plan: Plan) -> int:
    """Who compiled it, left, and who signs, right, with room to sign; the last row."""
    split = sheet.split_column(sheet.width_of(1, sheet.columns) / 2)
    return _draw_signers(sheet, draw_gap(sheet, row, 8), plan, ((1, split), (split + 1, sheet.columns)))


def draw_notes_and_signatures(
    sheet: OfficialSheet, row: int, plan: Plan, lead: Sequence[str], notes: Sequence[str], size: float
) -> int:
    """The notes in the left half of a wide sheet, who compiled it and who signs to the right of them; the last row."""
    whole = sheet.width_of(1, sheet.columns)
    noted, compiled = (sheet.last_column_within(part * whole) for part in (_NOTES_PART, _COMPILER_END))
    noted = min(noted, sheet.columns - 2)  # a column may be wider than its part
    compiled = max(compiled, noted + 1)
    first = draw_gap(sheet, row, 4)
    end = _draw_signers(sheet, first, plan, ((noted + 1, compiled), (compiled + 1, sheet.columns)))
    told = ["Ghi chú: " + " ".join(_number_lines(notes))] if notes else []
    text = "\n".join([*lead, *told])
    sheet.merge(first, 1, end, noted, text, font_size=size, text_wrap=True, valign="top")
    missing = sheet.height_of(text, 1, noted, size) - sheet.height_between(first, end)
    if missing > 0:
        sheet.set_height(end - 1, sheet.height_between(end - 1, end - 1) + missing)
    return end


def _number_lines(texts: Sequence[str]) -> list[str]:
    return [f"({number}) {text}" for number, text in enumerate(texts, start=1)]


def _draw_signers(sheet: OfficialSheet, row: int, plan: Plan, spans: Spans) -> int:
    """Who compiled it and who signs, each in its columns; the last row, which has the signer's name."""
    signer = plan.signer
    bold, italic = {"font_size": 12, **_BOLD}, {"font_size": 11, **_ITALIC}
    left = [(_COMPILER, bold), (_SIGNED, italic)]
    right = [*((text, bold) for text in (signer.capacity, signer.title) if text), (_SEALED, italic)]
    row = _draw_blocks(sheet, row, spans, left, right)
    row = draw_gap(sheet, row, _ROOM_TO_SIGN)
    _draw_pair(sheet, row, spans, ("", bold), (signer.name, bold))
    return row
