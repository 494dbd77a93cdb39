"""BC: sheet "Báo cáo"."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from dhtt_excel.addresses import cell_name
from dhtt_excel.findings import Fault, Live, rule
from dhtt_excel.form import Form
from dhtt_excel.plan import Plan, Unit


def show_sections(form: Form, plan: Plan, unit: Unit) -> list[Live]:  # noqa: ARG001
    table = form.tables["report"]
    filled = f"COUNTA({form.reference('report', 'content')})"
    total = len(table.lines)
    cell = cell_name(*table.position("content"))
    return [Live(f'{filled}&"/{total}"', f"{filled}>0", f"{filled}={total}", table.sheet, cell)]


def show_award_counts(form: Form, plan: Plan, unit: Unit) -> list[Live]:  # noqa: ARG001
    table = form.tables["awards"]
    persons, direct = form.reference("awards", "persons"), form.reference("awards", "direct_workers")
    too_many = f"SUMPRODUCT(--({direct}>{persons}))"
    cell = cell_name(*table.position("direct_workers"))
    present = f'SUM({direct})&" / "&SUM({persons})'
    begun = f"COUNTA({form.reference('report', 'content')})>0"  # a unit may have had no award in the five years
    return [Live(present, begun, f"{too_many}=0", table.sheet, cell)]


@rule("BC01", "Báo cáo trả lời đủ các mục của đề cương", cites="II.4.a",
      advice="Viết nội dung mục này theo yêu cầu của đề cương.", sheet="report", live=show_sections)  # fmt: skip
def section_empty(report: pd.DataFrame) -> Iterator[Fault]:
    for row in report[report["content"].isna()].itertuples():
        yield Fault(row, "content", f"Mục {row.section} chưa có nội dung")


@rule("BC02", "Số liệu khen thưởng khớp nhau: trực tiếp lao động không nhiều hơn cá nhân", cites="Phụ lục I.2",
      advice="Kiểm tra hai số.", sheet="awards", live=show_award_counts)  # fmt: skip
def more_workers_than_persons(awards: pd.DataFrame) -> Iterator[Fault]:
    for row in awards.dropna(subset=["direct_workers"]).itertuples():
        persons = 0 if pd.isna(row.persons) else row.persons
        if row.direct_workers > persons:
            message = f"Trực tiếp lao động {row.direct_workers}, nhiều hơn số cá nhân {persons}"
            yield Fault(row, "direct_workers", message, f"Nhập không quá {persons}, hoặc sửa số cá nhân.")
