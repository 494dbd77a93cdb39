"""Around the report's outline: the head and the foot of an official paper, so that the sheet can be signed and sent."""

from __future__ import annotations

from typing import Any

from dhtt_excel.excel.looks import GUIDANCE
from dhtt_excel.excel.text_size import row_height
from dhtt_excel.form.form import Kind, Table
from dhtt_excel.form.sheets.paper import Paper
from dhtt_excel.plan.outline import name_subject
from dhtt_excel.plan.plan import Plan, Unit

LEFT_COLUMNS = 2  # of the heading block; the rest is the state's
_DOTS = "……"
_SIGNING_ROOM = 72
_GUIDANCE = "Nhập vào ô nền xanh nhạt hoặc vàng, mỗi đoạn một ô. Dòng này không in."
_BOLD = {"bold": True, "font_size": 12}


def draw_annex_head(paper: Paper, plan: Plan, unit: Unit, outline: Table, counted: Table) -> None:
    """Guidance, which does not print and stays in sight with the headings of the counts; offices, state title, title."""
    columns = sheet_columns(outline)
    paper.put(1, 1, _GUIDANCE, paper.book.style(**GUIDANCE))
    for column in counted.columns:
        if column.kind is Kind.COUNT:
            heading = f"Khen thưởng: {column.heading.rpartition(': ')[2].lower()}"
            look = {**GUIDANCE, "text_wrap": True, "align": "center", "font_size": 8}
            paper.put(1, counted.position(column.key)[1], heading, paper.book.style(**look))
    paper.sheet.set_height(1, 36)
    name, office = plan.name_of(unit), plan.office_of(unit)
    above = office.removesuffix(name[:1].lower() + name[1:]).strip().replace("UBND", "Ủy ban nhân dân")
    day = f"{_DOTS}{_DOTS}, ngày {_DOTS} tháng {_DOTS} năm {plan.year}"
    pairs: tuple[tuple[str, dict[str, Any], str, dict[str, Any]], ...] = (
        (above.upper(), _BOLD, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", _BOLD),
        (name.upper(), _BOLD, "Độc lập - Tự do - Hạnh phúc", {**_BOLD, "font_size": 13, "underline": 1}),
        (f"Số: {_DOTS}/BC-UBND", {"font_size": 12}, day, {"font_size": 12, "italic": True}),
    )
    for row, (left, look, right, other) in enumerate(pairs, start=2):
        _draw_pair(paper, row, columns, (left, look), (right, other))
        paper.sheet.set_height(row, 20)
    title = "\n".join(("BÁO CÁO", *name_subject(plan)))
    style = paper.book.style(bold=True, font_size=14, align="center", text_wrap=True)
    paper.merge((outline.heading_row - 1, 1, outline.heading_row - 1, columns), title, style)
    width = sum(column.width for column in outline.columns)
    paper.sheet.set_height(outline.heading_row - 1, row_height([(title, width)], 14, bold=True) + 14)


def draw_annex_foot(paper: Paper, plan: Plan, last: Table) -> int:
    """Who compiled the report and who signs it; the last row."""
    columns, row = sheet_columns(last), last.last_row + 2
    signer = plan.report.signer
    lines = [text for text in (signer.capacity, signer.title) if text] or ["THỦ TRƯỞNG ĐƠN VỊ"]
    left = ["NGƯỜI LẬP BIỂU", *[""] * (len(lines) - 1)]
    for text, other in (*zip(left, lines, strict=True), ("(Ký, ghi rõ họ tên)", "(Ký tên và đóng dấu)")):
        look = {"font_size": 12, "italic": True} if text.startswith("(") else {**_BOLD, "font_size": 13}
        _draw_pair(paper, row, columns, (text, look), (other, look))
        paper.sheet.set_height(row, 20)
        row += 1
    paper.sheet.set_height(row, _SIGNING_ROOM)
    return row


def sheet_columns(table: Table) -> int:
    """How many sheet columns a table takes."""
    return max(table.position(column.key)[1] + column.span - 1 for column in table.columns)


def _draw_pair(
    paper: Paper, row: int, columns: int, left: tuple[str, dict[str, Any]], right: tuple[str, dict[str, Any]]
) -> None:
    """Two centred texts side by side."""
    for (text, look), first, last in ((left, 1, LEFT_COLUMNS), (right, LEFT_COLUMNS + 1, columns)):
        paper.merge((row, first, row, last), text, paper.book.style(**look, align="center"))
