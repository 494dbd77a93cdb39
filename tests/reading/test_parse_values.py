"""Typing of single cells: what people type, and that nothing a reader can hand over breaks it."""

from __future__ import annotations

import re
from collections.abc import Callable
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
    [1975, 1975.0, "1975", " 1975 ", "05/03/1975", "5-3-1975", date(1975, 3, 5), datetime(1975, 3, 5), "1975-03-05",
     "Ngày 5 tháng 3 năm 1975", "05/03/75", "03/1975", "tháng 3 năm 1975", "THÁNG 3/1975"],
)  # fmt: skip
def test_years(raw: Any) -> None:
    assert _parse(Kind.YEAR, raw).value == 1975


@pytest.mark.parametrize(
    "raw",
    [
        "75",
        "19755",
        19755,
        "năm 75",
        True,
        1975.5,
        "03/25/1975",
        "1975?",
        3.1975,
        "5/3",
        "13/1975",
        "05/03/05",
        "75/03/05",
    ],
)
def test_no_years(raw: Any) -> None:
    parsed = _parse(Kind.YEAR, raw)
    assert parsed.value is None
    assert parsed.rule in {value_of_other_kind, value_out_of_range}
    assert parsed.advice


@pytest.mark.parametrize(
    "raw",
    [date(1905, 5, 28), datetime(1905, 5, 28), timedelta(days=1975), "PT47400H00M00S",
     date(1909, 5, 29)],  # the last in a workbook that counts from 1904
)  # fmt: skip
def test_a_year_in_a_cell_with_a_dates_format_is_that_year_and_said(raw: Any) -> None:
    parsed = _parse(Kind.YEAR, raw)
    assert parsed.value == 1975
    assert parsed.assumed.endswith("được hiểu là năm sinh 1975")
    assert parsed.as_asked


def test_a_date_of_birth_is_its_year_and_said() -> None:
    for raw in (date(1975, 3, 5), "05/03/1975", "05/03/75", "03/1975"):
        parsed = _parse(Kind.YEAR, raw)
        assert (parsed.value, parsed.as_asked) == (1975, False)
        assert parsed.assumed == "ngày sinh được hiểu là năm sinh 1975; chỉ cần ghi năm"


@pytest.mark.parametrize(
    "raw",
    [date(2020, 3, 5), datetime(2020, 3, 5), "5/3/2020", "05/03/2020", "5.3.2020", "5-3-2020", "2020-03-05",
     "ngày 05 tháng 3 năm 2020", 43895, 43895.0, timedelta(days=43895), "Ngày 5 tháng 3 năm 2020", "NGÀY 05/03/2020",
     "5/3/20", "05-03-20", "2020/03/05", "2020.3.5", "05/03/2020 (Thứ 5)", "05.3.2020", "05 / 3 / 2020", "05 03 2020",
     "5/3 năm 2020", "Thứ năm, ngày 05/03/2020", "thứ 5 ngày 5/3/2020", "T5, 05/03/2020", "Mùng 5 tháng 3 năm 2020",
     "8h30 ngày 05/03/2020", "Sáng 05/03/2020", "sáng thứ Năm, ngày 5/3/2020", "05/03/2020 08:30", "05/03/2020, lúc 8h",
     "2020-03-05T00:00:00", "2020-03-05 00:00:00", "ngay 5 thang 3 nam 2020", "05/03/2020.", "5–3–2020"],
)  # fmt: skip
def test_dates_are_day_first(raw: Any) -> None:
    assert _parse(Kind.DATE, raw).value == date(2020, 3, 5)


@pytest.mark.parametrize(
    "raw",
    ["3/25/2020", "31/02/2020", "tháng 3", 20200305, 1.5, True, float("nan"), float("inf"), "5/3", "3/2020", "2020",
     "5 - 6/3/2020", "5/3/2020 - 6/3/2020", "trước ngày 5/3/2020", "5/3/202", "05/03/20200", "05/03/2020 (Thứ 6)",
     "5//3/2020", "năm 2020", "thứ 5", timedelta(days=1.5), date(1905, 7, 12)],
)  # fmt: skip
def test_no_dates(raw: Any) -> None:
    parsed = _parse(Kind.DATE, raw)
    assert parsed.value is None
    assert parsed.advice


@pytest.mark.parametrize(
    ("raw", "asked"),
    [
        ("3/25/2020", "đọc ngày trước thì không có tháng 25, đọc tháng trước thì là 25/03/2020"),
        ("2020/25/03", "đọc ngày trước thì không có tháng 25, đọc tháng trước thì là 25/03/2020"),
        ("20/03/05", "chưa rõ năm; có phải 05/03/2020?"),
        ("10/02/20", ""),
        ("5/3", "thiếu năm; có phải 05/03/2020?"),
        ("ngày 15 tháng 12", "thiếu năm; có phải 15/12/2019 hay 15/12/2020?"),
        ("5/3/02", "năm cần đủ bốn chữ số"),
        ("05/03/2020 (Thứ 6)", "05/03/2020 là thứ năm, không phải thứ sáu"),
        ("Chủ nhật 05/03/2020", "05/03/2020 là thứ năm, không phải chủ nhật"),
        (date(1905, 7, 12), "ô chỉ có năm 2020, thiếu ngày, tháng"),
    ],
)
def test_what_could_be_another_day_is_asked(raw: Any, asked: str) -> None:
    parsed = _parse(Kind.DATE, raw)
    assert (parsed.value is None) is bool(asked)
    assert parsed.problem.endswith(asked)


@pytest.mark.parametrize(
    "raw",
    ["8:30", "8h30", "08:30", "8 giờ 30", "8g30", "8h30'", time(8, 30), 8.5 / 24, timedelta(hours=8.5), "8:30:00",
     "8 giờ 30 phút", "8 GIỜ 30 PHÚT", "8h30 phút", "8h30p", "8.30", "8,30", "8 giờ rưỡi", "8h rưỡi", "lúc 8h30",
     "8h30 sáng", "8:30 AM", "8:30 SA", "8 gio 30 phut", "PT08H30M00S", datetime(1899, 12, 30, 8, 30)],
)  # fmt: skip
def test_times(raw: Any) -> None:
    assert _parse(Kind.TIME, raw).value == 510


@pytest.mark.parametrize(
    ("raw", "minutes"),
    [("8h", 480), ("8 giờ", 480), ("8 giờ sáng", 480), ("8 sáng", 480), ("2h chiều", 840), ("2:00 CH", 840),
     ("2 PM", 840), ("14h chiều", 840), ("12 giờ trưa", 720), ("1h trưa", 780), ("7h tối", 1140), ("8h5", 485),
     ("8 giờ 5 phút", 485), ("8:00", 480), ("8:09", 489)],
)  # fmt: skip
def test_hours_and_parts_of_the_day(raw: str, minutes: int) -> None:
    assert _parse(Kind.TIME, raw).value == minutes


@pytest.mark.parametrize(
    "raw",
    [
        "25:00",
        "8:75",
        "sáng",
        8,
        -0.1,
        24.0,
        "8",
        "8h30 - 11h30",
        "8:3",
        "12h sáng",
        "8h 30 90",
        datetime(1900, 1, 8, 7, 12),
    ],
)
def test_no_times(raw: Any) -> None:
    parsed = _parse(Kind.TIME, raw)
    assert parsed.value is None
    assert parsed.advice


def test_a_number_under_a_format_of_days_is_no_time() -> None:
    """It is told as the number that was typed: a day of 1903 is nothing that anybody knows of."""
    for raw, number, asked in (
        (datetime(1900, 1, 8, 7, 12), "8,3", "8:18 hay 8:30"),
        (date(1900, 1, 8), "8", "8:00"),
        (datetime(1903, 8, 22), "1330", "13:30"),
        (timedelta(days=1330), "1330", "13:30"),
        ("PT31920H00M00S", "1330", "13:30"),
        (timedelta(days=13.3), "13,3", "13:18 hay 13:30"),
    ):
        assert _parse(Kind.TIME, raw).problem == f"Số {number} không phải giờ: có phải {asked}?"
    assert _parse(Kind.TIME, datetime(1905, 1, 1)).problem == "Số 1828 không phải giờ: có phải 18:28?"
    assert _parse(Kind.TIME, datetime(1905, 3, 1)).problem == "Số 1887 không phải giờ: gõ thiếu dấu hai chấm?"


@pytest.mark.parametrize(
    ("raw", "asked"),
    [("8", "8:00"), (8, "8:00"), (8.3, "8:18 hay 8:30"), ("8:3", "8:03 hay 8:30"), ("8.3", "8:03 hay 8:30"),
     ("12h sáng", "0:00 hay 12:00"), ("9h chiều", "9:00 hay 21:00")],
)  # fmt: skip
def test_what_could_be_another_hour_is_asked(raw: Any, asked: str) -> None:
    assert _parse(Kind.TIME, raw).problem.endswith(f": có phải {asked}?")


@pytest.mark.parametrize("raw", ["x", "X", " x ", "có", "✓", 1, 1.0, True, "Có"])
def test_marks(raw: Any) -> None:
    assert _parse(Kind.MARK, raw).value is True


@pytest.mark.parametrize("raw", ["không", 0, False, "Không"])
def test_no_marks(raw: Any) -> None:
    assert _parse(Kind.MARK, raw).value is False


@pytest.mark.parametrize("raw", ["1.200", "1,5", 1.5, -1, "85 người lớn", "85-90 người", True, "٣"])
def test_counts_are_strict(raw: Any) -> None:
    assert _parse(Kind.COUNT, raw).value is None


@pytest.mark.parametrize(
    ("raw", "number"), [("84 đại biểu", 84), ("9 phút", 9), ("9'", 9), ("85 người.", 85), ("12 đ/c", 12)]
)
def test_a_count_with_its_unit_is_understood_and_said(raw: str, number: int) -> None:
    parsed = _parse(Kind.COUNT, raw)
    assert (parsed.value, parsed.assumed) == (number, f"“{raw}” được hiểu là {number}")


@pytest.mark.parametrize("raw", [date(1900, 3, 25), datetime(1900, 3, 25), timedelta(days=85), "PT2040H00M00S"])
def test_a_count_in_a_cell_with_a_dates_format_is_asked(raw: Any) -> None:
    """Not read: below 60 the readers differ by a day."""
    parsed = _parse(Kind.COUNT, raw)
    assert parsed.value is None
    assert parsed.problem.startswith("Ô định dạng ngày, giờ nên hiện “")
    assert "General" in parsed.advice


@pytest.mark.parametrize("raw", ["NA", "null", "0123", "TRUE", "=1+1", "A-"])
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
    assert parsed.value is not None or parsed.problem or parsed.assumed  # nothing is lost without a word
    assert not (parsed.value is not None and parsed.problem) or column.kind is Kind.TEXT
    assert bool(parsed.problem) == bool(parsed.rule) == bool(parsed.advice)
    kinds = {Kind.YEAR: int, Kind.DATE: date, Kind.TIME: int, Kind.COUNT: int, Kind.MARK: bool}
    assert parsed.value is None or isinstance(parsed.value, kinds.get(column.kind, str))


@given(st.dates(LIMITS.first, LIMITS.last))
def test_a_printed_date_reads_back(day: date) -> None:
    assert _parse(Kind.DATE, show_value(day)).value == day
    assert _parse(Kind.DATE, (day - date(1899, 12, 30)).days).value == day


SPELLINGS: list[Callable[[date], str]] = [
    lambda day: f"{day:%d/%m/%Y}",
    lambda day: f"{day.day}/{day.month}/{day:%y}",
    lambda day: f"{day:%Y/%m/%d}",
    lambda day: f"NGÀY {day.day}.{day.month}.{day.year}",
    lambda day: f"Ngày {day.day} tháng {day.month} năm {day.year}",
    lambda day: f"{day:%d/%m/%Y} ({'Chủ nhật' if day.weekday() == 6 else f'Thứ {day.weekday() + 2}'})",
]


@given(st.dates(LIMITS.first, LIMITS.last), st.sampled_from(SPELLINGS))
def test_a_spelled_date_is_that_day_or_asked(day: date, spell: Callable[[date], str]) -> None:
    """Never another day."""
    parsed = _parse(Kind.DATE, spell(day))
    assert parsed.value == day or (parsed.value is None and f"{day:%d/%m/%Y}" in parsed.problem)


@given(st.integers(PLAN.ages.born_first, PLAN.ages.born_last))
def test_every_year_typed_as_a_date_is_that_year(year: int) -> None:
    day = date(1899, 12, 30) + timedelta(days=year)
    for raw in (day, datetime.combine(day, time()), timedelta(days=year)):
        assert _parse(Kind.YEAR, raw).value == year


@given(st.dates(date(1910, 1, 1), date(PLAN.ages.born_last, 12, 31)))
def test_a_day_of_birth_is_its_year(day: date) -> None:
    for raw in (day, datetime.combine(day, time()), f"{day:%d/%m/%Y}"):
        parsed = _parse(Kind.YEAR, raw)
        assert parsed.value == day.year
        assert re.search(rf"\b{day.year}\b", parsed.assumed)


@given(st.integers(0, 1439))
def test_a_printed_time_and_a_fraction_read_back(minutes: int) -> None:
    assert _parse(Kind.TIME, f"{minutes // 60}:{minutes % 60:02}").value == minutes
    assert _parse(Kind.TIME, minutes / 1440).value == minutes
