"""Result ─► tong-hop-<plan>.xlsx: the forms for the superior office. Counts only, no name of a person."""

from __future__ import annotations

from dhtt_excel.book import Book
from dhtt_excel.result import Result
from dhtt_excel.summary.structure import draw_structure_summary
from dhtt_excel.summary.units import draw_units_summary

_SHEETS = (draw_units_summary, draw_structure_summary)


def write_summary(result: Result) -> bytes:
    """The workbook, its sheets in order; the same result gives the same bytes."""
    plan = result.plan
    book = Book(f"Tổng hợp Hội nghị điển hình tiên tiến - Kế hoạch {plan.number}")
    for draw in _SHEETS:
        draw(book, result)
    return book.finish()
