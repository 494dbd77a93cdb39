"""Years, days and hours as wards type them, through the whole pipeline: the figures are those of the plain form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from dhtt_excel.checking.compare_verdicts import judge_lines
from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.findings import Severity
from dhtt_excel.form.check_lines import FAILED, PASSED, list_lines
from dhtt_excel.form.draw_form import Entries
from dhtt_excel.form.form import Form
from dhtt_excel.outputs.summary.write_summary import write_summary
from dhtt_excel.pipeline import check_files, consolidate
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.rehearsal.invent_campaign import read_rows
from dhtt_excel.result import Result
from dhtt_excel.rules import RULES
from tests.conftest import AS_OF, Fill

_EPOCH = date(1899, 12, 30)
Retype = Callable[[int], Any]

TYPED: dict[str, Retype] = {
    "in a date's format": lambda year: _EPOCH + timedelta(days=year),
    "in a moment's format": lambda year: datetime.combine(_EPOCH + timedelta(days=year), time()),
    "as a day": lambda year: date(year, 3, 5),
    "as a day in text": lambda year: f"05/03/{year}",
    "as a month in text": lambda year: f"3/{year}",
}


@pytest.fixture
def retype(form: Form, ward: Unit, valid_entries: Callable[[Unit], Entries]) -> Callable[[Retype], dict[str, Any]]:
    """Every year of birth of the ward's delegates and honourees, typed in another way."""

    def change(typed: Retype) -> dict[str, Any]:
        changes = {}
        for key in ("delegates", "honourees"):
            table = form.tables[key]
            column = table.position("birth_year")[1]
            for row in read_rows(form, valid_entries(ward), key):
                if row.get("birth_year"):
                    changes[f"{table.sheet}!{cell_name(row['excel_row'], column)}"] = typed(row["birth_year"])
        return changes

    return change


def _years(result: Result) -> list[int]:
    return [*result.tables.frames["delegates"]["birth_year"], *result.tables.frames["honourees"]["birth_year"].dropna()]


@pytest.fixture(scope="module")
def plain(
    plan: Plan, ward: Unit, valid_workbook: Callable[[Unit], bytes], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Result, bytes]:
    """The campaign in which the ward has typed years as years, and its summary."""
    folder = tmp_path_factory.mktemp("thường")
    (folder / plan.workbook_name(ward)).write_bytes(valid_workbook(ward))
    result = consolidate(folder, plan, AS_OF)
    return result, write_summary(result)


@pytest.mark.parametrize("way", list(TYPED))
def test_years_of_birth_count_however_they_are_typed(
    way: str,
    plain: tuple[Result, bytes],
    plan: Plan,
    ward: Unit,
    fill: Fill,
    retype: Callable[[Retype], dict[str, Any]],
) -> None:
    as_years, summary = plain
    result = consolidate(fill(ward, retype(TYPED[way])).parent, plan, AS_OF)
    assert _years(result) == _years(as_years)
    assert write_summary(result) == summary
    own = [f for f in result.findings if f.unit == ward.code and f.code == "O03"]
    assert {f.severity for f in own} == {Severity.NOTE}
    years = set(_years(as_years))
    assert all(any(str(year) in f.message.partition("năm sinh")[2] for year in years) for f in own)
    assert result.verdict_of(ward) == as_years.verdict_of(ward)


@pytest.mark.parametrize(("way", "verdict"), [("in a date's format", PASSED), ("as a day", FAILED)])
def test_the_form_says_of_years_what_python_says(
    way: str, verdict: str, plan: Plan, form: Form, ward: Unit, fill: Fill, retype: Callable[[Retype], dict[str, Any]]
) -> None:
    """A formula sees the number, 1975 or 27458, and not how it is shown."""
    result = check_files([fill(ward, retype(TYPED[way]))], plan, AS_OF)
    judged = judge_lines(list_lines(plan, form, ward, RULES), result.used[ward.code].tables, result.findings)
    assert judged["O03", "Đại biểu"] == judged["O03", "Biểu dương"] == verdict


@pytest.mark.parametrize(
    ("day", "start", "told"),
    [
        ("Ngày 5 tháng 3 năm 2020", "8 giờ", set()),
        ("5/3/20", "8h sáng", {"B11"}),
        ("05/03/2020 (Thứ 5)", "8:00:00", {"B9", "B11"}),
    ],
)
def test_days_and_hours_in_words(day: str, start: str, told: set[str], plan: Plan, ward: Unit, fill: Fill) -> None:
    """Those spelled as the form asks for them are told to nobody."""
    path: Path = fill(ward, {"Thông tin!B9": day, "Thông tin!B10": "Sáng", "Thông tin!B11": start})
    result = check_files([path], plan, AS_OF)
    info = result.tables.frames["info"].iloc[0]
    assert (info["date"], info["start"]) == (date(2020, 3, 5), 480)
    assert {(f.cell, f.severity) for f in result.findings if f.code == "O03"} == {(c, Severity.NOTE) for c in told}
