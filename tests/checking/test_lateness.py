"""Late is late: by the day on which a unit's report first came, the same in every output, whatever the form says."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from dhtt_excel.findings import Finding, Severity
from dhtt_excel.outputs.atomic_files import save_file
from dhtt_excel.outputs.register.board import BOARD_SHEET
from dhtt_excel.outputs.register.write_register import write_register
from dhtt_excel.outputs.summary.write_summary import write_summary
from dhtt_excel.outputs.write_json import write_json
from dhtt_excel.pipeline import consolidate
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.result import Result, Verdict
from dhtt_excel.terminal.cli import commands
from dhtt_excel.text.file_names import HISTORY_FILE
from tests.conftest import Fill
from tests.containers import make_mail

TODAY = date(2020, 3, 25)
IN_TIME, LATE = "Thu, 19 Mar 2020 16:30:00 +0700", "Sun, 22 Mar 2020 09:00:00 +0700"
REPORTED = "Thông tin!B16"
Send = Callable[..., Path]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "thư đến"
    folder.mkdir()
    return folder


@pytest.fixture
def send(fill: Fill, ward: Unit, inbox: Path) -> Send:
    """A mail with the ward's workbook, sent at this moment and saved long after."""

    def write(sent: str, changes: dict[str, Any] | None = None, name: str = "thư.eml") -> Path:
        path = inbox / name
        path.write_bytes(make_mail([("Hàng Bạc.xlsx", fill(ward, changes).read_bytes())], sent=sent).as_bytes())
        os.utime(path, (1_600_000_000, 1_600_000_000))
        return path

    return write


def _told(result: Result, ward: Unit) -> list[Finding]:
    return [f for f in result.findings_by_unit.get(ward.code, []) if f.code in ("TEP05", "TT05")]


def _remark(result: Result, ward: Unit) -> Any:
    sheet = openpyxl.load_workbook(io.BytesIO(write_summary(result)))["Biểu 1"]
    return next(row[-1].value for row in sheet.iter_rows() if row[1].value == ward.name)


def _board(result: Result, ward: Unit) -> dict[str, Any]:
    """What the board says of the ward, by heading."""
    rows = list(openpyxl.load_workbook(io.BytesIO(write_register(result)))[BOARD_SHEET].iter_rows(values_only=True))
    headings = next(row for row in rows if "Trễ (ngày)" in row)
    return dict(zip(headings, next(row for row in rows if ward.code in row), strict=True))


def _json(result: Result, ward: Unit) -> dict[str, Any]:
    units: list[dict[str, Any]] = json.loads(write_json(result))["units"]
    return next(unit for unit in units if unit["code"] == ward.code)


def test_a_mail_after_the_limit_is_late_in_every_output(plan: Plan, ward: Unit, inbox: Path, send: Send) -> None:
    send(LATE, {REPORTED: date(2020, 3, 18)})
    result = consolidate(inbox, plan, TODAY)
    (finding,) = _told(result, ward)
    assert (finding.code, finding.severity) == ("TEP05", Severity.WARNING)
    assert finding.message == "Phường Hàng Bạc nộp ngày 22/03/2020, trễ 3 ngày (hạn trước ngày 20/03/2020)"
    assert result.verdict_of(ward) is Verdict.WARNINGS
    assert result.days_late(ward) == 3
    assert _remark(result, ward) == "Báo cáo muộn 3 ngày"
    board = _board(result, ward)
    assert board["Trễ (ngày)"] == 3
    assert "! Đạt, có cảnh báo" in board["Kết quả"]
    assert _json(result, ward)["days_late"] == 3
    lines = CliRunner().invoke(commands, ["status", str(inbox), "--as-of", f"{TODAY}"]).output.splitlines()
    assert any(re.match(r"Hàng Bạc +22/03/2020 [0-9:]+ +3 ", line) for line in lines)


def test_a_mail_in_time_is_in_time_however_late_it_was_saved(plan: Plan, ward: Unit, inbox: Path, send: Send) -> None:
    send(IN_TIME)
    result = consolidate(inbox, plan, TODAY)
    assert _told(result, ward) == []
    assert result.verdict_of(ward) is Verdict.CLEAN
    assert (result.days_late(ward), _remark(result, ward), _board(result, ward)["Trễ (ngày)"]) == (0, None, None)


@pytest.mark.parametrize(("hour", "days"), [("Thu, 19 Mar 2020 12:00:00", 0), ("Fri, 20 Mar 2020 12:00:00", 1)])
def test_the_day_of_the_limit_is_late(hour: str, days: int, plan: Plan, ward: Unit, inbox: Path, send: Send) -> None:
    send(f"{hour} +0700")
    result = consolidate(inbox, plan, TODAY)
    assert result.days_late(ward) == days
    assert [f.code for f in _told(result, ward)] == ["TEP05"] * bool(days)


def test_one_delay_is_one_finding(plan: Plan, ward: Unit, inbox: Path, send: Send) -> None:
    """Where the form says itself that it is late."""
    send(LATE, {REPORTED: date(2020, 3, 22)})
    result = consolidate(inbox, plan, TODAY)
    assert [(f.code, f.severity) for f in _told(result, ward)] == [("TT05", Severity.ERROR)]
    assert _remark(result, ward) == "Báo cáo muộn 3 ngày"


def test_what_mends_a_report_that_came_in_time_is_not_late(plan: Plan, ward: Unit, inbox: Path, send: Send) -> None:
    send(IN_TIME, {"Đại biểu!E10": "197"}, "lần 1.eml")
    send(LATE, name="lần 2.eml")
    result = consolidate(inbox, plan, TODAY)
    assert result.used[ward.code].source.sent.date() == date(2020, 3, 22)
    assert (result.days_late(ward), _told(result, ward)) == (0, [])


def test_an_earlier_run_knows_when_the_report_first_came(
    plan: Plan, ward: Unit, inbox: Path, send: Send, tmp_path: Path
) -> None:
    """The first file is no longer there."""
    out = tmp_path / "kết quả"
    send(IN_TIME, {"Đại biểu!E10": "197"})
    save_file(out / HISTORY_FILE, write_json(consolidate(inbox, plan, date(2020, 3, 19), out)))
    send(LATE)
    assert consolidate(inbox, plan, TODAY).days_late(ward) == 3
    result = consolidate(inbox, plan, TODAY, out)
    assert (result.days_late(ward), _told(result, ward)) == (0, [])


def test_nobody_is_late_before_the_limit(plan: Plan, ward: Unit, inbox: Path, send: Send) -> None:
    """A run as of an earlier day, on files whose times have been lost since."""
    send("")
    result = consolidate(inbox, plan, date(2020, 3, 19))
    assert result.used[ward.code].source.sent > datetime(2020, 3, 20)
    assert (result.days_late(ward), _told(result, ward)) == (0, [])


def test_a_blank_day_of_the_report_is_told(plan: Plan, ward: Unit, inbox: Path, send: Send) -> None:
    send(IN_TIME, {REPORTED: None})
    result = consolidate(inbox, plan, TODAY)
    (finding,) = _told(result, ward)
    assert (finding.code, finding.cell, finding.severity) == ("TT05", "B16", Severity.NOTE)
    assert finding.message == "Chưa ghi ngày báo cáo kết quả: tính theo ngày nhận được tệp"
    assert result.verdict_of(ward) is Verdict.CLEAN
