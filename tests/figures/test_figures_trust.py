"""Every number of Biểu 1 to 4, read back from the workbook and counted again without the program's tables.

The independent path: the rows as they were read from each used file, plain loops, no pandas.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dhtt_excel.figures import city_forms
from dhtt_excel.figures.count_traces import TraceCounter
from dhtt_excel.figures.traces import trace_figures
from dhtt_excel.outputs.register import table
from dhtt_excel.outputs.register.trace_sheet import HEADINGS, TRACE_SHEET
from dhtt_excel.outputs.register.write_register import write_register
from dhtt_excel.outputs.summary.write_summary import write_summary
from dhtt_excel.outputs.write_json import write_json
from dhtt_excel.pipeline import consolidate
from dhtt_excel.plan.plan import Plan
from dhtt_excel.result import Result
from tests.figures.compare_forms import COMPARISONS, Comparison, compare_totals
from tests.figures.recount import Counted, add, count_read
from tests.libreoffice import LibreOffice
from tests.typed import type_demo

CAMPAIGNS = [(215, False), (215, True), (7, False), (7, True)]


@pytest.fixture(scope="module", params=CAMPAIGNS, ids=lambda c: f"seed {c[0]}, {'clean' if c[1] else 'dirty'}")
def result(request: pytest.FixtureRequest, plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Result:
    seed, clean = request.param
    folder: Path = tmp_path_factory.mktemp("trust") / "da-nhan"
    type_demo(plan, folder, seed=seed, clean=clean)
    return consolidate(folder, plan, date(2020, 3, 18))


@pytest.fixture(scope="module")
def book(result: Result) -> Any:
    return openpyxl.load_workbook(io.BytesIO(write_summary(result)), data_only=True)


@pytest.fixture(scope="module")
def counted(result: Result) -> Counted:
    return count_read(result)


@pytest.mark.parametrize("compare", COMPARISONS, ids=lambda compare: compare.__name__)
def test_every_number_of_the_summary(
    compare: Callable[[Any, Counted], Comparison], book: Any, counted: Counted
) -> None:
    comparison = compare(book, counted)
    assert comparison.differences == []
    assert comparison.compared > 20


def test_every_total_for_programs(result: Result, counted: Counted) -> None:
    assert compare_totals(json.loads(write_json(result)), counted).differences == []


def test_every_trace_counts_to_its_number(result: Result) -> None:
    traces = trace_figures(result)
    counter = TraceCounter(result.tables.frames, result.plan)
    for trace in traces:
        counted = counter.count(trace)
        assert counted == pytest.approx(trace.value, abs=1e-5), trace.label
    assert {trace.form for trace in traces} == {
        city_forms.UNITS_FORM,
        city_forms.STRUCTURE_FORM,
        city_forms.HONOURS_FORM,
        city_forms.AWARDS_FORM,
    }
    assert len({(trace.form, trace.place, trace.label) for trace in traces}) == len(traces)


@pytest.fixture(scope="module")
def drawn(drawn_campaign: Path, plan: Plan) -> Result:
    return consolidate(drawn_campaign, plan, date(2020, 3, 18))


@pytest.mark.libreoffice
@pytest.mark.parametrize(
    ("code", "most_rows"),
    [("", None), ("00055", None), ("00064", None), ("", 500)],
    ids=["all", "one unit", "a missing unit", "lists on several sheets"],
)
def test_the_registers_formulas_count_to_every_number(
    libreoffice: LibreOffice,
    drawn: Result,
    code: str,
    most_rows: int | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if most_rows:
        monkeypatch.setattr(table, "MAX_ROW", most_rows)
    register = openpyxl.load_workbook(io.BytesIO(write_register(drawn)))
    register[TRACE_SHEET]["C3"] = code or None
    data = io.BytesIO()
    register.save(data)
    sheet = libreoffice.recalculate(data.getvalue(), tmp_path)[TRACE_SHEET]
    lines = list(sheet.iter_rows(min_row=5, max_row=4 + len(trace_figures(drawn)), max_col=7, values_only=True))
    assert [line[5] for line in lines] == ["✓"] * len(lines)
    shown = {line[1]: line[3] for line in lines if line[0] == city_forms.UNITS_FORM}
    counted = count_read(drawn)
    expected = add(counted.of_unit(c)["exemplars"] for c in ([code] if code else drawn.used) if c != counted.upper)
    assert shown["cột (6)"] == expected.count
    assert [cell.value for cell in sheet[4]][:7] == list(HEADINGS)


def test_a_wrong_number_in_a_form_is_seen(drawn: Result) -> None:
    """The traces count by themselves: they do not repeat what the form says."""
    totals = dict(drawn.figures.totals)
    totals["exemplars"] = replace(totals["exemplars"], value=(totals["exemplars"].value or 0) + 1)
    result = replace(drawn, take_figures=lambda: replace(drawn.figures, totals=totals))
    register = openpyxl.load_workbook(io.BytesIO(write_register(result)), data_only=True)[TRACE_SHEET]
    assert {c.row for c in register["F"] if c.value == "✗"} >= {5, 6, 7}
