"""A form in circulation stays readable: what came into the form after it is not missed, and nobody is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import dhtt_excel.form.form as form_module
from dhtt_excel.findings import Finding, Severity
from dhtt_excel.form.columns import TABLES
from dhtt_excel.form.draw_form import Entries, draw_form
from dhtt_excel.form.form import IDENTITY_SHEET, Form, form_of
from dhtt_excel.form.table import Column, Kind, Layout
from dhtt_excel.pipeline import check_files
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.rules import RULES
from tests.conftest import AS_OF, Fill

Check = Callable[[Path], list[Finding]]

ADDED = {
    "info": (Column("website", "Trang tin điện tử", Kind.TEXT, 48, required=True, since=2),),
    "delegates": (Column("province", "Quê quán", Kind.TEXT, 14, required=True, aliases=("Nguyên quán",), since=2),),
    "programme": (Column("room", "Phòng họp", Kind.TEXT, 14, since=2),),
}


@pytest.fixture
def second(plan: Plan, form: Form, monkeypatch: pytest.MonkeyPatch) -> Form:
    """The second version of the form, which the program now has: three tables have one more column, their last.

    `form`, and so what `fill` writes, is still the first.
    """
    tables = tuple(replace(t, columns=(*t.columns, *ADDED.get(t.key, ()))) for t in TABLES)
    monkeypatch.setattr(form_module, "FORM_VERSION", 2)
    monkeypatch.setattr(form_module, "TABLES", tables)
    return form_of(plan)


@pytest.fixture
def send(
    second: Form, plan: Plan, ward: Unit, valid_entries: Callable[[Unit], Entries], tmp_path: Path
) -> Callable[..., Path]:
    """Write a workbook of the second version, its new columns filled, with these cells changed."""

    def write(changes: Entries) -> Path:
        entries = valid_entries(ward)
        for key, (column,) in ADDED.items():
            table = second.tables[key]
            row, letter = table.position(column.key)
            filled = {r for sheet, r, _ in entries if sheet == table.sheet and table.first_row <= r <= table.last_row}
            rows = {row} if table.layout is Layout.FIELDS else filled
            entries |= {(table.sheet, r, letter): "đã ghi" for r in rows}
        path = tmp_path / "bản hai" / plan.workbook_name(ward)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(draw_form(plan, second, ward, RULES, entries | changes))
        return path

    return write


def heading_of(form: Form, key: str) -> tuple[str, int, int]:
    table = form.tables[key]
    row, letter = table.position(ADDED[key][0].key)
    return (table.sheet, row, 1) if table.layout is Layout.FIELDS else (table.sheet, table.heading_row, letter)


def test_a_form_of_before_is_read_without_a_word(fill: Fill, second: Form, plan: Plan, ward: Unit) -> None:
    result = check_files([fill(ward)], plan, AS_OF)
    assert result.findings == []
    assert result.used[ward.code].version == 1
    assert result.tables.frames["delegates"]["province"].isna().all()
    assert result.tables.frames["info"]["website"].isna().all()


def test_a_form_of_now_lacks_nothing(send: Callable[..., Path], check: Check) -> None:
    assert check(send({})) == []


@pytest.mark.parametrize("key", ADDED)
def test_in_a_form_of_now_the_column_is_missed(
    key: str, send: Callable[..., Path], check: Check, second: Form, plan: Plan
) -> None:
    [finding] = [f for f in check(send({heading_of(second, key): None})) if f.code == "TEP07"]
    weight = Severity.ERROR if ADDED[key][0].needed else Severity.WARNING
    assert (finding.severity, finding.sheet) == (weight, second.tables[key].sheet)
    assert f"“{ADDED[key][0].heading}”" in finding.message


def test_in_a_form_of_now_a_blank_is_told(send: Callable[..., Path], check: Check, second: Form) -> None:
    row, letter = second.tables["info"].position("website")
    [finding] = check(send({("Thông tin", row, letter): None}))
    assert (finding.code, finding.message) == ("O01", "Chưa nhập “Trang tin điện tử”")


def test_a_form_without_a_version_is_taken_for_the_present_one(
    fill: Fill, ward: Unit, check: Check, second: Form
) -> None:
    findings = check(fill(ward, {f"{IDENTITY_SHEET}!B2": None}))
    assert [f.code for f in findings] == ["TEP07"] * len(ADDED)


def test_a_column_added_by_hand_to_a_form_of_before_is_read(fill: Fill, ward: Unit, plan: Plan, second: Form) -> None:
    """And its blanks are not told either."""
    result = check_files([fill(ward, {"Đại biểu!Q6": "Quê quán", "Đại biểu!Q7": "Hà Nam"})], plan, AS_OF)
    assert result.findings == []
    assert result.tables.frames["delegates"]["province"].dropna().tolist() == ["Hà Nam"]
