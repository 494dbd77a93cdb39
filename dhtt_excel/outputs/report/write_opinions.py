"""Result ─► phu-luc-y-kien-<plan>.docx: what the units wrote, by section and unit, for whoever edits the report. Internal."""

from __future__ import annotations

from dhtt_excel.outputs.report.paper import ReportPaper
from dhtt_excel.result import Result


def write_opinions(result: Result) -> bytes:
    """The document; the same result gives the same bytes."""
    return ReportPaper(result.plan.title).finish()
