"""Result ─► phieu-kiem-tra-<plan>.docx: what a person must settle before anything is signed. Internal."""

from __future__ import annotations

from collections.abc import Sequence

from dhtt_excel.outputs.report.frame import DRAFT, draw_internal_head
from dhtt_excel.outputs.report.open_points import Point, list_blocking, list_to_know, list_to_write, list_unknown
from dhtt_excel.outputs.report.paper import Grid, ReportPaper, Words, add_line
from dhtt_excel.outputs.report.phrases import say_count
from dhtt_excel.result import Result

_TITLE = "PHIẾU KIỂM TRA TRƯỚC KHI TRÌNH KÝ"
_LEAD = "Kèm báo cáo và các biểu tổng hợp, dùng nội bộ, không gửi đi."
_BOX = "☐"
_HEADINGS, _WIDTHS, _SIZE = ("Xong", "Việc", "Nội dung"), (14, 48, 103), 11


def write_slip(result: Result) -> bytes:
    """The document; the same result gives the same bytes."""
    paper = ReportPaper(_TITLE)
    draw_internal_head(paper, result, _TITLE, _LEAD)
    blocking = list_blocking(result)
    add_line(paper.body, Words(_say_verdict(result, len(blocking)), bold=True), size=13, align="justify", after=8)
    _draw_points(paper, "A. Phải xử lý trước khi ký", blocking)
    _draw_points(paper, "B. Giá trị chưa biết: in “…” hoặc không tính vào tỷ lệ", list_unknown(result))
    _draw_points(paper, "C. Phải viết, điền vào báo cáo", list_to_write(result))
    _draw_points(paper, "D. Cần biết khi ký", list_to_know(result))
    return paper.finish()


def _say_verdict(result: Result, count: int) -> str:
    if not count:
        return "Số liệu không còn điểm nào phải xử lý trước khi trình ký."
    text = f"Còn {say_count(count, 'điểm')} phải xử lý trước khi trình ký (phần A)."
    return f"{text} Đã chọn phát hành không ghi {DRAFT}." if result.final else f"{text} Biểu và báo cáo ghi {DRAFT}."


def _draw_points(paper: ReportPaper, heading: str, points: Sequence[Point]) -> None:
    if not points:
        return
    add_line(paper.body, Words(heading, bold=True), size=13, before=4, after=4, keep=True)
    rows = [(_BOX, point.subject, point.text) for point in points]
    paper.add_table(Grid(_HEADINGS, rows, _WIDTHS, texts=(1, 2), size=_SIZE))
