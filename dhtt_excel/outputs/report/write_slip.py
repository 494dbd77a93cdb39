"""Result ─► phieu-kiem-tra-<plan>.docx: what a person must settle before anything is signed. Internal."""

from __future__ import annotations

from dhtt_excel.outputs.report.paper import ReportPaper
from dhtt_excel.result import Result


def write_slip(result: Result) -> bytes:
    """The document; the same result gives the same bytes."""
    return ReportPaper(result.plan.title).finish()
