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
from tests.libreoffice import LibreOffice, forget_values
from tests.typed import type_demo

CAMPAIGNS = [(215, False), (215, True), (7, False), (7, True)]


@pytest.fixture(scope="module")
def drawn(drawn_campaign: Path, plan: Plan) -> Result:
    """The first of them."""
    return consolidate(drawn_campaign, plan, date(2020, 3, 18))


@pytest.fixture(scope="module", params=CAMPAIGNS, ids=lambda c: f"seed {c[0]}, {'clean' if c[1] else 'dirty'}")
def result(
    request: pytest.FixtureRequest, plan: Plan, drawn: Result, tmp_path_factory: pytest.TempPathFactory
) -> Result:
    seed, clean = request.param
    if request.param == CAMPAIGNS[0]:
        return drawn
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
def register(drawn: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forget_values(write_register(drawn), tmp_path_factory.mktemp("register") / "sổ.xlsx")


@pytest.fixture(scope="module")
def spread_register(drawn: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its lists go over several sheets."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "MAX_ROW", 500)
        return forget_values(write_register(drawn), tmp_path_factory.mktemp("register") / "sổ.xlsx")


@pytest.mark.libreoffice
@pytest.mark.parametrize(
    ("code", "written"),
    [("", "register"), ("00055", "register"), ("00064", "register"), ("", "spread_register")],
    ids=["all", "one unit", "a missing unit", "lists on several sheets"],
)
def test_the_registers_formulas_count_to_every_number(
    libreoffice: LibreOffice, drawn: Result, code: str, written: str, request: pytest.FixtureRequest
) -> None:
    path, count = request.getfixturevalue(written), len(trace_figures(drawn))
    block = (TRACE_SHEET, f"A4:G{4 + count}")
    [(headings, *lines)] = libreoffice.ask(path, cells={TRACE_SHEET: {"C3": code or None}}, more=[block])
    assert [line[5] for line in lines] == ["✓"] * count
    shown = {line[1]: line[3] for line in lines if line[0] == city_forms.UNITS_FORM and line[3] != ""}
    counted = count_read(drawn)
    expected = add(counted.of_unit(c)["exemplars"] for c in ([code] if code else drawn.used) if c != counted.upper)
    assert shown.get("cột (6)") == expected.count
    assert headings == list(HEADINGS)


def test_a_wrong_number_in_a_form_is_seen(drawn: Result) -> None:
    """The traces count by themselves: they do not repeat what the form says."""
    totals = dict(drawn.figures.totals)
    totals["exemplars"] = replace(totals["exemplars"], value=(totals["exemplars"].value or 0) + 1)
    result = replace(drawn, take_figures=lambda: replace(drawn.figures, totals=totals))
    book = openpyxl.load_workbook(io.BytesIO(write_register(result)), data_only=True, read_only=True)
    assert {c.row for (c,) in book[TRACE_SHEET].iter_rows(min_col=6, max_col=6) if c.value == "✗"} >= {5, 6, 7}
