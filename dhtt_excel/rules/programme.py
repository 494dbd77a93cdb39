"""CT: sheet "Chương trình"."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from dhtt_excel.addresses import cell_name, range_name
from dhtt_excel.findings import Fault, Live, rule
from dhtt_excel.form import Form
from dhtt_excel.plan import Plan, Unit


def show_items(form: Form, plan: Plan, unit: Unit) -> list[Live]:  # noqa: ARG001
    table = form.tables["programme"]
    row, column = table.position("held")
    required = len(plan.programme.required)
    marks = range_name(table.sheet, row, column, row + required - 1, column)
    held = f'COUNTIF({marks},"x")'
    return [
        Live(f'{held}&"/{required}"', f"COUNTA({marks})>0", f"{held}={required}", table.sheet, cell_name(row, column))
    ]


@rule("CT01", "Chương trình có đủ các mục bắt buộc", cites="II.3",
      advice="Đưa mục này vào chương trình và đánh x.", sheet="programme", live=show_items)  # fmt: skip
def item_missing(programme: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    """A mark that could not be read is blank here and has its own finding."""
    required = programme[programme["item"].isin(plan.programme.required)]
    for row in required[required["held"].eq(other=False).fillna(value=False)].itertuples():
        yield Fault(row, "held", f"Thiếu mục “{row.item}”")
