"""Typing of single cells: what people type, and that nothing a reader can hand over breaks it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhtt_excel.excel.cells import is_blank, show_value
from dhtt_excel.form.form import Column, Form, Kind, form_of
from dhtt_excel.plan.plan import Plan, load_plan
from dhtt_excel.reading.parse_values import Parsed, ValueParser
from dhtt_excel.rules.cells import value_of_other_kind, value_out_of_range

PLAN = load_plan()
PARSER = ValueParser(PLAN)
LIMITS = PLAN.dates


def _parse(kind: Kind, raw: Any, choices: str = "") -> Parsed:
    return PARSER.parse(Column("c", "Cột", kind, 10, choices=choices), raw)


@pytest.mark.parametrize(
    "raw",
    [1975, 1975.0, "1975", " 1975 ", "05/03/1975", "5-3-1975", date(1975, 3, 5), datetime(1975, 3, 5), "1975-03-05"],
)
def test_years(raw: Any) -> None:
    assert _parse(Kind.YEAR, raw).value == 1975


@pytest.mark.parametrize("raw", ["75", "19755", 19755, "năm 75", True, 1975.5, "03/25/1975", "1975?"])
def test_no_years(raw: Any) -> None:
    parsed = _parse(Kind.YEAR, raw)
    assert parsed.value is None
    assert parsed.rule in {value_of_other_kind, value_out_of_range}
    assert parsed.advice


@pytest.mark.parametrize(
    "raw",
    [date(2020, 3, 5), datetime(2020, 3, 5), "5/3/2020", "05/03/2020", "5.3.2020", "5-3-2020", "2020-03-05",
     "ngày 05 tháng 3 năm 2020", 43895, 43895.0],
)  # fmt: skip
def test_dates_are_day_first(raw: Any) -> None:
    assert _parse(Kind.DATE, raw).value == date(2020, 3, 5)


@pytest.mark.parametrize(
    "raw", ["3/25/2020", "5/3/20", "31/02/2020", "tháng 3", 20200305, 1.5, True, float("nan"), float("inf")]
)
def test_no_dates(raw: Any) -> None:
    assert _parse(Kind.DATE, raw).value is None


@pytest.mark.parametrize(
    "raw",
    ["8:30", "8h30", "08:30", "8 giờ 30", "8g30", "8h30'", time(8, 30), 8.5 / 24, timedelta(hours=8.5), "8:30:00"],
)
def test_times(raw: Any) -> None:
    assert _parse(Kind.TIME, raw).value == 510


@pytest.mark.parametrize("raw", ["25:00", "8:75", "sáng", 8, -0.1, 24.0])
def test_no_times(raw: Any) -> None:
    assert _parse(Kind.TIME, raw).value is None


@pytest.mark.parametrize("raw", ["x", "X", " x ", "có", "✓", 1, 1.0, True, "Có"])
def test_marks(raw: Any) -> None:
    assert _parse(Kind.MARK, raw).value is True


@pytest.mark.parametrize("raw", ["không", 0, False, "Không"])
def test_no_marks(raw: Any) -> None:
    assert _parse(Kind.MARK, raw).value is False


@pytest.mark.parametrize("raw", ["1.200", "1,5", 1.5, -1, "85 người", True, "٣"])
def test_counts_are_strict(raw: Any) -> None:
    assert _parse(Kind.COUNT, raw).value is None


@pytest.mark.parametrize("raw", ["NA", "null", "0123", "TRUE", "=1+1", "-"])
def test_text_stays_text(raw: str) -> None:
    assert _parse(Kind.TEXT, raw).value == raw


def test_every_value_and_alias_of_every_list_is_read(plan: Plan, form: Form) -> None:
    for table in form.tables.values():
        for column in table.columns:
            if column.kind is Kind.CHOICE:
                for choice in plan.lists.choices(column.choices):
                    for text in (choice.value, choice.value.upper(), *choice.aliases):
                        assert PARSER.parse(column, text).value == choice.value


RAW = st.one_of(
    st.text(max_size=40),
    st.floats(allow_nan=True, allow_infinity=True),
    st.integers(-(10**18), 10**18),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)
COLUMNS = [c for t in form_of(PLAN).tables.values() for c in t.stored]


@given(raw=RAW, column=st.sampled_from(COLUMNS))
def test_any_cell_is_read_or_refused_with_words(raw: Any, column: Column) -> None:
    if is_blank(raw):
        return
    parsed = PARSER.parse(column, raw)
    assert (parsed.value is None) == bool(parsed.problem)
    assert bool(parsed.problem) == bool(parsed.rule) == bool(parsed.advice)
    kinds = {Kind.YEAR: int, Kind.DATE: date, Kind.TIME: int, Kind.COUNT: int, Kind.MARK: bool}
    assert parsed.value is None or isinstance(parsed.value, kinds.get(column.kind, str))


@given(st.dates(LIMITS.first, LIMITS.last))
def test_a_printed_date_reads_back(day: date) -> None:
    assert _parse(Kind.DATE, show_value(day)).value == day
    assert _parse(Kind.DATE, (day - date(1899, 12, 30)).days).value == day


@given(st.integers(0, 1439))
def test_a_printed_time_and_a_fraction_read_back(minutes: int) -> None:
    assert _parse(Kind.TIME, f"{minutes // 60}:{minutes % 60:02}").value == minutes
    assert _parse(Kind.TIME, minutes / 1440).value == minutes
