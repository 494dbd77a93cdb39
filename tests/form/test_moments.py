"""Days and hours as text: the form reads them as the reader does, whatever region the computer is set to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.form.check_lines import FIRST_CHECK_ROW
from dhtt_excel.form.draw_form import draw_form
from dhtt_excel.form.form import CHECK_SHEET, Form, Kind
from dhtt_excel.form.moments import (
    MOMENT_COLUMN,
    NOT_READ,
    is_asked_clock,
    is_asked_day,
    list_moments,
    list_readings,
    read_plain_clock,
    read_plain_day,
)
from dhtt_excel.form.table import Column
from dhtt_excel.pipeline import check_files
from dhtt_excel.plan.plan import Plan, Unit, load_plan
from dhtt_excel.reading.parse_moments import read_clock, read_day
from dhtt_excel.reading.parse_values import ValueParser
from dhtt_excel.rules import RULES
from tests.conftest import AS_OF
from tests.libreoffice import LibreOffice

PLAN = load_plan()
MARCH_5 = date(2020, 3, 5)

DAYS: dict[str, date | None] = {
    **dict.fromkeys(
        (
            "5/3/2020", "05/03/2020", "5-3-2020", "5.3.2020", "5 3 2020", "05 / 03 / 2020", " 5/3/2020 ", "5/3/20",
            "05-03-20", "ngày 5 tháng 3 năm 2020", "Ngày 05 tháng 03 năm 2020", "5 tháng 3 năm 2020",
            "ngay 5 thang 3 nam 2020", "5/3\u00a0/2020", "5, 3, 2020", "5\\3\\2020", "5–3–2020", "2020-03-05",
            "05/03/2020.", "Thứ Năm, ngày 5/3/2020", "Thứ 5, 05/03/2020", "t5 5/3/2020", "5 tháng 3, năm 2020",
        ),
        MARCH_5,
    ),
    "02/03/2020": date(2020, 3, 2), "20/02/2020": date(2020, 2, 20), "20/03/20": date(2020, 3, 20),
    **dict.fromkeys(
        (
            "02/13/2020", "31/02/2020", "5/3", "3/2020", "5/3/2002", "5/3/0020", "19/12/20", "Thứ Sáu, 5/3/2020", "43895",
            "05032020", "5/3/2020/1", "5/3/20200", "5//3/2020", "năm 2020", "0/3/2020", "5/0/2020", "sắp tới", "t", "/", "5e1/3/2020",
        )
    ),
}  # fmt: skip
CLOCKS: dict[str, int | None] = {
    **dict.fromkeys(
        (
            "8:30", "08:30", "8h30", "8 h 30", "8g30", "8 giờ 30", "8 : 30", " 8H30 ", "8.30", "8,30", "8:30:00",
            "8 giờ 30 phút", "8h30'", "8h30p", "8 giờ rưỡi", "8 gio ruoi", "8h30 sáng", "8:30 AM", "8:30 SA", "8 h 30\u00a0ph",
        ),
        510,
    ),
    **dict.fromkeys(("8h", "8 giờ", "8g", "8:00", "8:0", "8 sáng", "8h sáng"), 480),
    "0:00": 0, "23:59": 1439, "14h chiều": 840, "2h30 chiều": 870, "2:30 PM": 870, "2:30 CH": 870, "7h tối": 1140,
    "12h trưa": 720, "1h trưa": 780, "8h3": 483, "8:6": 486, "8:3 sáng": 483,
    **dict.fromkeys(("8", "8:3", "24:00", "25h", "8:60", "8h chiều", "13h sáng", "8:300", "0830", "sáng", "h", ":", "8-30")),
}  # fmt: skip
ASKED = (
    "5/3/2020", "05-03-2020", "5.3.2020", "5 3 2020", "5 / 3 / 2020", "5/3/20", "ngày 5 tháng 3 năm 2020",
    "8:30", "08:30", "8h30", "8h", "8 giờ 30", "8 giờ", "8g30",
)  # fmt: skip
ODD = ("Thứ Năm, ngày 5/3/2020", "2020-03-05", "5\\3\\2020", "8.30", "8:30:00", "8h30 sáng", "8h rưỡi")


@pytest.mark.parametrize("text", DAYS)
def test_days(text: str) -> None:
    assert read_plain_day(text, PLAN.dates) == DAYS[text]


@pytest.mark.parametrize("text", CLOCKS)
def test_hours(text: str) -> None:
    assert read_plain_clock(text) == CLOCKS[text]


@pytest.mark.parametrize("text", [*ASKED, *ODD])
def test_what_is_asked_for_is_told_to_nobody(text: str) -> None:
    """An odd spelling is told; a formula reads both."""
    kind = Kind.DATE if "2020" in text or text.endswith("/20") else Kind.TIME
    parsed = ValueParser(PLAN).parse(Column("moment", "Ngày, giờ", kind, 10), text)
    assert parsed.value == (MARCH_5 if kind is Kind.DATE else {"8h": 480, "8 giờ": 480}.get(text, 510))
    assert (parsed.problem, bool(parsed.assumed)) == ("", text in ODD)
    assert parsed.as_asked


_DAY_PIECES = [
    "5",
    "05",
    "12",
    "20",
    "19",
    "2020",
    "2019",
    "3",
    "/",
    "-",
    ".",
    " ",
    ", ",
    "ngày ",
    " tháng ",
    " năm ",
    "thứ năm ",
]
_CLOCK_PIECES = [
    "8",
    "08",
    "14",
    "30",
    "3",
    "00",
    ":",
    "h",
    " giờ ",
    "g",
    ".",
    " ",
    "p",
    " phút",
    "rưỡi",
    " sáng",
    " chiều",
    "'",
]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(_DAY_PIECES), min_size=3, max_size=7).map("".join))
def test_no_two_readings_of_a_day(text: str) -> None:
    """Where reader and form both read one; as the reader goes by the form first, they never differ."""
    plain, wide = read_plain_day(text, PLAN.dates), read_day(text, PLAN.dates).day
    assert plain is None or wide in (None, plain)
    assert plain or not is_asked_day(text) or wide is None or wide not in PLAN.dates


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(_CLOCK_PIECES), min_size=1, max_size=6).map("".join))
def test_no_two_readings_of_an_hour(text: str) -> None:
    plain, wide = read_plain_clock(text), read_clock(text).minutes
    assert plain is None or wide in (None, plain)
    assert plain is not None or not is_asked_clock(text) or wide is None or wide >= 1440


def test_old_programs_keep_the_formulas(plan: Plan, form: Form) -> None:
    for formula in list_readings(plan, form).values():
        depth = deepest = 0
        for letter in formula:
            depth += (letter == "(") - (letter == ")")
            deepest = max(deepest, depth)
        assert len(formula) <= 1024
        assert deepest <= 8


# ---------------------------------------------------------------- typed into LibreOffice

Ask = Callable[..., Any]


@pytest.fixture(scope="module", params=["vi-VN", "en-US", "en-GB"])
def ask(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """A LibreOffice on a computer of this region."""
    office = LibreOffice(tmp_path_factory.mktemp("office"), request.param)
    yield office.ask
    office.close()


def _days_since_1899(day: date | int | None) -> float | str:
    if day is None:
        return NOT_READ
    return float((day - date(1899, 12, 30)).days if isinstance(day, date) else day)


@pytest.mark.libreoffice
def test_typed_in_any_region(ask: Ask, plan: Plan, form: Form, ward: Unit, tmp_path: Path) -> None:
    """What a clerk types is read by the form as by Python, and 02/03/2020 is 2 March for both when the file comes back."""
    blank, saved = tmp_path / plan.workbook_name(ward), tmp_path / "da nhận" / plan.workbook_name(ward)
    saved.parent.mkdir()
    blank.write_bytes(draw_form(plan, form, ward, RULES))
    cells = [
        (table.sheet, cell_name(first + offset, letter), column.kind)
        for table, column in list_moments(form)
        for first, letter in [table.position(column.key)]
        for offset in range(1 if table.key == "info" else table.capacity)
    ]
    block = f"{cell_name(FIRST_CHECK_ROW, MOMENT_COLUMN)}:{cell_name(FIRST_CHECK_ROW + len(cells) - 1, MOMENT_COLUMN)}"
    wish = {"sheet": CHECK_SHEET, "block": block}
    waiting = {Kind.DATE: list(DAYS), Kind.TIME: list(CLOCKS)}
    rounds, shown = [], []
    standing = dict.fromkeys(((sheet, cell) for sheet, cell, _ in cells), "")
    while any(waiting.values()):
        typed = [(sheet, cell, waiting[kind].pop()) for sheet, cell, kind in cells if waiting[kind]]
        standing |= {(sheet, cell): text for sheet, cell, text in typed}
        rounds.append(typed)
        shown.append([_days_since_1899({**DAYS, **CLOCKS}[text]) if text else "" for text in standing.values()])
    read = ask(blank, **wish, rounds=rounds)
    assert [[row[0] for row in block] for block in read] == shown
    ask(blank, **wish, saved=[str(saved)], typed=[("Thông tin", "B9", "02/03/2020"), ("Thông tin", "B11", "8h30")])
    result = check_files([saved], plan, AS_OF)
    info = result.tables.frames["info"].iloc[0]
    assert (info["date"], info["start"]) == (date(2020, 3, 2), 510)
    assert not {f.code for f in result.findings} & {"O03", "TEP08", "TEP09", "TEP10"}
