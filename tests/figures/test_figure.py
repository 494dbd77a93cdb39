"""A figure is one row: its column, its count, its trace, its formula and its words follow; a wrong row is refused."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from dhtt_excel.figures import city_forms
from dhtt_excel.figures.count_figures import count_figures
from dhtt_excel.figures.count_traces import TraceCounter
from dhtt_excel.figures.describe_units import describe_units
from dhtt_excel.figures.figure import Figure, check_figures
from dhtt_excel.figures.filters import LOCAL, UPPER, Condition, LineFinder
from dhtt_excel.figures.spell_traces import describe_filter, write_formula
from dhtt_excel.figures.traces import Trace, trace_figures
from dhtt_excel.form.form import Form
from dhtt_excel.outputs.register.trace_sheet import TRACE_SHEET
from dhtt_excel.outputs.register.write_register import write_register
from dhtt_excel.outputs.summary.write_summary import write_summary
from dhtt_excel.pipeline import consolidate
from dhtt_excel.plan.plan import Plan
from dhtt_excel.result import Result


@pytest.fixture(scope="module")
def result(plan: Plan, drawn_campaign: Path) -> Result:
    return consolidate(drawn_campaign, plan, date(2020, 3, 18))


def _refer(table: str, column: str) -> str:
    return f"{table}.{column}"


def _trace_columns(result: Result) -> dict[str, Trace]:
    return {trace.column: trace for trace in trace_figures(result) if trace.column}


def test_every_numeric_column_has_heading_filter_count_trace_formula_and_words(result: Result) -> None:
    columns, rows, totals = describe_units(result)
    traces, counter = _trace_columns(result), TraceCounter(result.tables.frames, result.plan)
    assert set(traces) == {column.key for column in columns if column.is_number}
    for column in columns:
        assert all(column.heading)
        if column.figure is None:
            continue
        trace = traces[column.key]
        assert column.figure.where or column.parts
        assert column.key in result.figures.units or not column.is_count
        assert all((column.key in row.cells) == row.received for row in rows)
        assert counter.count(trace) == pytest.approx(trace.value, abs=1e-5)
        assert trace.value == totals[column.key]
        formula, words = (
            write_formula(trace, result.plan, lambda *column: [_refer(*column)], ""),
            describe_filter(trace, result.form, result.plan),
        )
        for condition in column.figure.where:
            assert _refer(column.figure.table, condition.column) in formula
            assert result.form.tables[column.figure.table].by_key[condition.column].heading in words


# ---------------------------------------------------------------- one row more


def _women(plan: Plan) -> tuple[Figure, ...]:
    """The figures of the form by unit with one more: the women among the exemplars, as a share of these."""
    figures = {figure.key: figure for figure in LISTED(plan)}
    exemplars, female = figures["exemplars"], figures["female"]
    where = (*exemplars.where, *female.where)
    return (*figures.values(), Figure("example", ("Ví dụ", "Nữ điển hình"), "delegates", where, part_of="exemplars"))


LISTED = city_forms.list_unit_figures


@pytest.fixture
def with_women(result: Result, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.setattr(city_forms, "list_unit_figures", _women)
    return replace(result, take_figures=lambda: count_figures(result.tables, result.form, result.plan))


def _count_women(result: Result, unit: str) -> tuple[int, int]:
    """The women among a unit's exemplars, and these, from the rows of its file."""
    exemplars = {c.value for c in result.plan.lists.categories if c.group == "exemplar"}
    rows = [row for row in result.used[unit].tables["delegates"].rows if row["category"] in exemplars]
    return sum(row["gender"] == "Nữ" for row in rows), len(rows)


def test_one_row_more_is_a_column_of_the_form(with_women: Result) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_summary(with_women)), data_only=True)
    sheet = book[city_forms.UNITS_FORM]
    (heading,) = (cell for row in sheet.iter_rows() for cell in row if cell.value == "Nữ điển hình")
    count, share = heading.column, heading.column + 1
    assert [sheet.cell(heading.row + 1, column).value for column in (count, share)] == ["SL", "%"]
    rows = [cell.row for cell in sheet["A"] if isinstance(cell.value, int)]
    sums = [0, 0]
    for row, unit in zip(rows, with_women.plan.local_units, strict=True):
        if unit.code not in with_women.used:
            assert [sheet.cell(row, place).value for place in (count, share)] == [city_forms.NOT_SENT] * 2
            continue
        women, exemplars = _count_women(with_women, unit.code)
        assert sheet.cell(row, count).value == women
        assert sheet.cell(row, share).value == pytest.approx(women / exemplars * 100)
        sums = [sums[0] + women, sums[1] + exemplars]
    (whole,) = (cell.column for row in sheet.iter_rows() for cell in row if cell.value == "Điển hình tiên tiến")
    told = f"({share})=({count})/({whole})×100"
    assert "".join(str(sheet.cell(rows[0] - 1, share).value).split()) == told
    assert sheet.cell(rows[-1] + 1, count).value == sums[0]
    assert sheet.cell(rows[-1] + 1, share).value == pytest.approx(sums[0] / sums[1] * 100)


def test_one_row_more_is_traced_and_told(with_women: Result) -> None:
    traces = _trace_columns(with_women)
    register = openpyxl.load_workbook(io.BytesIO(write_register(with_women)), data_only=True)[TRACE_SHEET]
    lines = {line[2]: line for line in register.iter_rows(max_col=7, values_only=True)}
    for key, part in (("example", "SL"), ("example_share", "%")):
        line = lines[f"Nữ điển hình – {part} – Ví dụ"]
        assert (line[3], line[5]) == (pytest.approx(traces[key].value, abs=1e-5), "✓")
        assert "Giới tính là “Nữ”" in line[6]
    assert lines["Nữ điển hình – % – Ví dụ"][6].count("Thành phần là một trong") == 2
    assert "chia cho số dòng khi lọc" in lines["Nữ điển hình – % – Ví dụ"][6]


def test_a_share_may_be_of_any_other_figure(result: Result) -> None:
    """Also of one that counts another list."""
    figures = {figure.key: figure for figure in LISTED(result.plan)}
    part, whole = figures["speakers_person"], figures["exemplars"]
    trace = Trace("Biểu 1", "", "", 0, part, LOCAL, whole, "share")
    assert "chia cho số dòng của trang tính Đại biểu khi lọc" in describe_filter(trace, result.form, result.plan)
    formula = write_formula(trace, result.plan, lambda *column: [_refer(*column)], "")
    assert "SUMPRODUCT(1*(speakers.unit<>" in formula
    assert "SUMPRODUCT(1*(delegates.unit<>" in formula
    counter = TraceCounter(result.tables.frames, result.plan)
    counts = [counter.count(replace(trace, figure=figure, whole=None)) for figure in (part, whole)]
    assert counter.count(trace) == pytest.approx(counts[0] / counts[1] * 100)  # type: ignore[operator]


# ---------------------------------------------------------------- a wrong row


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"table": "delegate"}, "there is no table “delegate”"),
        ({"where": (Condition("in", "gendr", ("Nữ",)),)}, "table “delegates” has no column “gendr”"),
        ({"where": (Condition("in", "gender", ("nu",)),)}, "column “gender” is never “nu”"),
        ({"where": (Condition("marked", "gender"),)}, "column “gender” cannot be tested with “marked”"),
        ({"where": (Condition("at", "gender", limits=(1, 2)),)}, "column “gender” cannot be tested with “at”"),
        ({"part_of": "totl"}, "there is no figure “totl”"),
        ({"parts": ("exemplars", "guest")}, "there is no figure “guest”"),
        ({"parts": ("total",)}, "its part “total” is itself a sum"),
        ({"key": "guests"}, "defined twice"),
        ({"measure": "sum"}, "measure “sum” does not go with column “”"),
        ({"column": "birth_year"}, "measure “count” does not go with column “birth_year”"),
    ],
    ids=lambda value: "" if isinstance(value, str) else next(iter(value)),
)
def test_a_figure_of_what_is_not_there_is_refused_by_its_name(
    plan: Plan, form: Form, change: dict[str, Any], fault: str
) -> None:
    figures = LISTED(plan)
    female = replace(next(figure for figure in figures if figure.key == "female"), **change)
    with pytest.raises(ValueError, match=f"^figure “{female.key}”: {fault}"):
        check_figures([*(figure for figure in figures if figure.key != "female"), female], form, plan)


def test_the_forms_refuse_a_wrong_row_before_anything_is_counted(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(city_forms, "_DIRECT", Condition("marked", "direct"))
    for listed in (city_forms.list_columns, city_forms.list_unit_counts, city_forms.list_groups):
        with pytest.raises(ValueError, match=r"^figure “.*”: table “delegates” has no column “direct”"):
            listed(plan)


@pytest.mark.parametrize(
    ("column", "value", "fault"),
    [
        ("table", "programme", "the form by unit counts lines of the register's lists"),
        ("key", "remark", "the form by unit has another column of this key"),
        ("key", "female_share", "the form by unit has another column of this key"),
    ],
)
def test_the_form_by_unit_refuses_what_it_cannot_show(
    plan: Plan, monkeypatch: pytest.MonkeyPatch, column: str, value: str, fault: str
) -> None:
    def check(figures: Any, *_: Any) -> None:
        """In place of the check: the form's own is tested here."""

    odd = replace(Figure("odd", ("Lạ",), "delegates"), **{column: value})  # type: ignore[arg-type]
    monkeypatch.setattr(city_forms, "check_figures", check)
    monkeypatch.setattr(city_forms, "_list_kinds", lambda *_: [odd])
    with pytest.raises(ValueError, match=f"^figure “.*”: {fault}"):
        city_forms.list_columns(plan)


# ---------------------------------------------------------------- conditions


def test_lines_that_meet_each_condition(plan: Plan) -> None:
    upper = plan.upper_unit.code
    frame = pd.DataFrame(
        {
            "unit": pd.array(["00055", "00055", upper, upper, "00055"], dtype="string"),
            "kind": pd.array(["a", None, "b", "c", "b"], dtype="string"),
            "year": pd.array([1990, None, 2000, 1980, 1970], dtype="Int64"),
            "marked": pd.array([True, False, None, True, True], dtype="boolean"),
            "joined": pd.array([None, None, None, None, 7], dtype="Int64"),
        }
    )
    finder = LineFinder({"list": frame, "empty": frame.iloc[:0]}, plan)
    expected: dict[Condition, list[bool]] = {
        LOCAL: [True, True, False, False, True],
        UPPER: [False, False, True, True, False],
        Condition("conference", "marked"): [True, False, True, True, False],
        Condition("in", "kind", ("a", "c")): [True, False, False, True, False],
        Condition("not in", "kind"): [True, False, True, True, True],
        Condition("not in", "kind", ("c",)): [True, False, True, False, True],
        Condition("blank", "kind"): [False, True, False, False, False],
        Condition("blank", "year"): [False, True, False, False, False],
        Condition("marked", "marked"): [True, False, False, True, True],
        Condition("at", "year", limits=(1985, 2000)): [True, False, True, False, False],
    }
    for condition, lines in expected.items():
        assert finder.find("list", (condition,)).tolist() == lines, condition
        assert finder.find("empty", (condition,)).tolist() == []
    assert finder.find("list", ()).tolist() == [True] * 5
    known = Condition("in", "kind", ("a", "b"))
    assert finder.find("list", (LOCAL, known)).tolist() == [True, False, False, False, True]
