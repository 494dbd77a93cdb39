"""BC: sheet "Báo cáo"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dhtt_excel.excel.addresses import cell_name, range_name
from dhtt_excel.findings import Fault, Live, Rule, Severity, rule
from dhtt_excel.form.form import Form
from dhtt_excel.form.formulas import NOWHERE, count_filled, count_true, first_true
from dhtt_excel.form.paragraphs import LONGEST, formula_too_long
from dhtt_excel.plan.plan import Plan
from dhtt_excel.rules.rows import list_rows

if TYPE_CHECKING:
    import pandas as pd

_RECIPIENTS = {
    "collectives": ("collective", "tập thể"),
    "households": ("household", "hộ gia đình"),
    "persons": ("person", "cá nhân"),
}
_COUNTS = (*_RECIPIENTS, "direct_workers")
_BEGUN = (("report", "content"),)  # the report: a unit may have had no award in the five years
_FITS_CELL = "Báo cáo: số ô dài quá một ô in được, cần tách xuống dòng dưới"


def formula_sections(form: Form) -> list[Live]:
    table = form.tables["report"]
    row, column = table.position("content")
    ranges = (range_name(table.sheet, at, column, at + table.rows_a_line - 1, column) for at in table.line_rows)
    answered, total = [f"({count_filled(cells)}>0)" for cells in ranges], len(table.lines)
    filled = "+".join(answered)
    lacking = ",".join(f"IF({one},{NOWHERE},{at})" for one, at in zip(answered, table.line_rows, strict=True))
    cell = cell_name(row, column)
    return [Live(f"{filled}={total}", f'({filled})&"/{total}"', _BEGUN, table.sheet, cell, row=f"MIN({lacking})")]


def formula_long_paragraphs(form: Form) -> list[Live]:
    table, cells = form.tables["report"], form.reference("report", "content")
    present = count_true(formula_too_long(cells))
    cell = cell_name(*table.position("content"))
    row = first_true(formula_too_long(cells), cells)
    return [Live("{present}=0", present, _BEGUN, table.sheet, cell, row=row, requirement=_FITS_CELL)]


def _formula_counts(form: Form, holds: str, present: str, row: str = "") -> list[Live]:
    table = form.tables["awards"]
    cell = cell_name(*table.position("direct_workers"))
    return [Live(holds, present, tuple(("awards", key) for key in _COUNTS), table.sheet, cell, _BEGUN, row=row)]


def formula_award_counts(form: Form) -> list[Live]:
    persons, direct = form.reference("awards", "persons"), form.reference("awards", "direct_workers")
    more = f"(ISNUMBER({persons})*({direct}>{persons})+(1-ISNUMBER({persons}))*({direct}>0))"
    more = f"ISNUMBER({direct})*{more}"
    many = count_true(more)
    present = f'IF({many}=0,SUM({direct})&" / "&SUM({persons}),{many}&" dòng: trực tiếp lao động nhiều hơn cá nhân")'
    return _formula_counts(form, f"{count_true(more)}=0", present, first_true(more, direct))


def formula_any_award(form: Form) -> list[Live]:
    figures = "+".join(count_filled(form.reference("awards", key)) for key in _COUNTS)
    return _formula_counts(form, "{present}>0", figures)


@rule("BC01", "Báo cáo trả lời đủ các mục của đề cương", cites="II.4.a",
      advice="Viết nội dung mục này theo yêu cầu của đề cương.", example="Mục I.4 để trống.", sheet="report", live=formula_sections)  # fmt: skip
def section_empty(report: pd.DataFrame) -> Iterator[Fault]:
    for row in list_rows(report, "section", "content"):
        if row.content is None:
            yield Fault(row, "content", f"Mục {row.section} chưa có nội dung")


@rule("BC02", "Số liệu khen thưởng khớp nhau: trực tiếp lao động không nhiều hơn cá nhân", cites="Phụ lục I.2",
      advice="Kiểm tra hai số.", example="Lao động tiên tiến: 5 cá nhân, trong đó 6 người trực tiếp lao động.", sheet="awards", live=formula_award_counts)  # fmt: skip
def more_workers_than_persons(awards: pd.DataFrame) -> Iterator[Fault]:
    for row in list_rows(awards, "persons", "direct_workers"):
        persons = row.persons or 0
        if (row.direct_workers or 0) > persons:
            message = f"Trực tiếp lao động {row.direct_workers}, nhiều hơn số cá nhân {persons}"
            advice = f"Nhập không quá {persons}, hoặc sửa số cá nhân."
            yield Fault(row, "direct_workers", message, advice, reads=(("awards", "persons", row.excel_row),))


@rule("BC03", "Báo cáo có số liệu kết quả khen thưởng năm năm", cites="Phụ lục I.2", severity=Severity.WARNING,
      advice="Nhập số tập thể, hộ gia đình, cá nhân được khen theo từng hình thức.", example="Bảng Kết quả khen thưởng không có số nào.",
      sheet="awards", live=formula_any_award)  # fmt: skip
def no_award_counted(awards: pd.DataFrame, report: pd.DataFrame) -> Iterator[Fault]:
    """Once the report is begun."""
    begun = set(report.loc[report["content"].notna(), "unit"])
    counted = set(awards.loc[awards[list(_COUNTS)].notna().any(axis=1), "unit"])
    for unit, rows in awards.groupby("unit", sort=False)["excel_row"]:
        if unit in begun and unit not in counted:
            reads = tuple(("awards", key, row) for key in _COUNTS for row in rows)
            yield Fault(unit, "collectives", "Chưa có số liệu khen thưởng nào", reads=reads)


@rule("BC04", "Số liệu khen thưởng đúng đối tượng của danh hiệu", cites="Luật Thi đua, khen thưởng",
      advice="Chuyển số sang cột đúng.", example="“Chiến sĩ thi đua cơ sở” có số ở cột Tập thể.", sheet="awards")  # fmt: skip
def award_counted_for_others(awards: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    """As BD02; the form closes these cells."""
    recipients = {a.value: a.recipients for a in plan.lists.awards}
    for row in list_rows(awards):
        for column, (recipient, noun) in _RECIPIENTS.items():
            count, fitting = getattr(row, column), recipients[row.award]
            if count and recipient not in fitting:
                yield Fault(row, column, f"“{row.award}” không dành cho {noun}")


paragraph_too_long = Rule(
    "BC05",
    "Mỗi ô của báo cáo vừa một ô in được",
    cites="Biểu mẫu",
    severity=Severity.WARNING,
    advice=f"Tách đoạn này, chuyển phần sau xuống ô dưới: mỗi ô không quá {LONGEST} ký tự.",
    example="Mục I.1: cả mục viết trong một ô, 4000 ký tự.",
    live=formula_long_paragraphs,
)
