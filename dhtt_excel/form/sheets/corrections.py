"""The sheets that a returned copy adds: "Cần sửa (n)" with a link to every place, "Ngoài biểu mẫu" with what had no place.

To the right of the stamped columns stands a formula that tells, while the unit works, what has changed since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dhtt_excel.excel.looks import BAD, BOX, FIXED, GOOD, GUIDANCE, HEADING, LINK, MISSING, SUBTITLE, TITLE
from dhtt_excel.excel.text_size import row_height
from dhtt_excel.findings import Severity
from dhtt_excel.form.formulas import quote
from dhtt_excel.form.sheets.paper import Paper
from dhtt_excel.form.stamps import OUTSIDE_HEADINGS, PROGRESS_COLUMN, STAMPED_COLUMNS
from dhtt_excel.text.vietnamese import format_number

MAX_LISTED = 20_000  # lines of a section, and cells that are marked: a book with more is slow to open
UNCHANGED, CHANGED = "Chưa sửa", "Đã đổi"

_HEADINGS = ("STT", "Mức", "Tình trạng", "Trang tính", "Ô", "Vấn đề", "Cách sửa", "Căn cứ", "Hiện nay")
_WIDTHS = [5.0, 11.0, 11.0, 14.0, 11.0, 46.0, 40.0, 20.0, 12.0]
_OUTSIDE_WIDTHS = [22.0, 10.0, 100.0]
_SIZE = 11
_LEVELS: dict[Severity, dict[str, Any]] = {Severity.ERROR: {**BAD, "bold": True}, Severity.WARNING: MISSING}


@dataclass(frozen=True)
class Correction:
    """A line of the sheet. `target`: what its cell links to; `present`: formula for how it stands now."""

    severity: Severity
    state: str
    sheet: str
    cell: str
    target: str
    problem: str
    advice: str
    citation: str
    present: str = ""


def draw_corrections(paper: Paper, titles: Sequence[str], sections: Sequence[tuple[str, Sequence[Correction]]]) -> None:
    """Title and lines of help, then each section that has lines: what must be mended, what was assumed, what may stand."""
    paper.set_widths(_WIDTHS)
    style = paper.book.style
    looks: list[dict[str, Any]] = [TITLE, SUBTITLE, *[{**GUIDANCE, "text_wrap": True}] * len(titles)]
    for row, (text, look) in enumerate(zip(titles, looks, strict=False), start=1):
        paper.merge((row, 1, row, STAMPED_COLUMNS), text, style(**look))
        paper.sheet.set_height(row, row_height([(text, sum(_WIDTHS[:-1]) - 4)], look["font_size"]) + 4)
    row = len(titles) + 1
    first_heading = 0
    for title, lines in sections:
        if not lines:
            continue
        paper.put(row + 1, 1, title, style(**SUBTITLE))
        paper.sheet.set_height(row + 1, 20)
        first_heading = first_heading or row + 2
        row = _draw_section(paper, row + 2, lines)
    paper.set_print("", landscape=True, heading_row=first_heading)
    paper.sheet.xl.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    paper.sheet.xl.activate()
    paper.sheet.xl.set_first_sheet()
    paper.lock()


def _draw_section(paper: Paper, row: int, lines: Sequence[Correction]) -> int:
    """A section's headings and lines; the next free row."""
    style = paper.book.style
    headings = _HEADINGS if any(line.present for line in lines) else _HEADINGS[:-1]
    for column, text in enumerate(headings, start=1):
        paper.put(row, column, text, style(**HEADING))
    paper.sheet.set_height(row, 22)
    text_style, centred = (
        style(**{**BOX, "text_wrap": True, "font_size": _SIZE, **more}) for more in ({}, {"align": "center"})
    )
    listed = lines[:MAX_LISTED]
    for order, line in enumerate(listed, start=1):
        at = row + order
        level = style(**{**BOX, "align": "center", "font_size": _SIZE, **_LEVELS.get(line.severity, {})})
        values = (order, line.severity.label, line.state, line.sheet, None, line.problem, line.advice, line.citation)
        styles = (centred, level, centred, text_style, centred, text_style, text_style, text_style)
        for column, (value, look) in enumerate(zip(values, styles, strict=True), start=1):
            paper.put(at, column, value, look)
        if line.target:
            shown = line.cell or "mở"
            paper.put_link(at, 5, line.target, shown, style(**{**BOX, "align": "center", "font_size": _SIZE, **LINK}))
        if line.present:
            paper.put_formula(at, PROGRESS_COLUMN, line.present, centred)
        texts = [(str(v or ""), w) for v, w in zip(values, _WIDTHS, strict=False)]
        paper.sheet.set_height(at, row_height(texts, _SIZE) + 2, grows=True)
    _colour_present(paper, row + 1, row + len(listed))
    if left := len(lines) - len(listed):
        told = f"… và {format_number(left)} chỗ nữa, không liệt kê và không tô màu: sửa các chỗ trên rồi gửi lại."
        paper.put(row + len(listed) + 1, 1, told, style(**GUIDANCE))
    return row + len(listed) + 1 + bool(left)


def _colour_present(paper: Paper, row: int, last_row: int) -> None:
    for word, look in ((UNCHANGED, BAD), ("Cần sửa", BAD), (CHANGED, GOOD), ("Đạt", GOOD)):
        options = {"type": "cell", "criteria": "==", "value": quote(word), "format": paper.book.bare_format(**look)}
        paper.sheet.colour(row, PROGRESS_COLUMN, last_row, PROGRESS_COLUMN, options)


def draw_outside(paper: Paper, cells: Sequence[tuple[str, str, str]]) -> None:
    """What stood outside the form: sheet, cell and text of each."""
    style = paper.book.style
    paper.set_widths(_OUTSIDE_WIDTHS)
    paper.put(1, 1, "NỘI DUNG NẰM NGOÀI BIỂU MẪU", style(**TITLE))
    told = (
        "Không được tính. Nội dung nào cần báo cáo thì chép vào đúng ô của biểu mẫu; còn lại để nguyên, không cần xóa."
    )
    listed = cells[:MAX_LISTED]
    if left := len(cells) - len(listed):
        told += f" Liệt kê {format_number(len(listed))} ô đầu; {format_number(left)} ô còn lại xem trong tệp đã gửi."
    paper.put(2, 1, told, style(**GUIDANCE))
    for column, text in enumerate(OUTSIDE_HEADINGS, start=1):
        paper.put(3, column, text, style(**HEADING))
    fixed = style(**{**FIXED, "font_size": _SIZE})
    for row, values in enumerate(listed, start=4):
        for column, value in enumerate(values, start=1):
            paper.put(row, column, value, fixed)
        paper.sheet.set_height(row, row_height(list(zip(values, _OUTSIDE_WIDTHS, strict=True)), _SIZE) + 2, grows=True)
    paper.set_print("", landscape=True, heading_row=3)
    paper.lock()
