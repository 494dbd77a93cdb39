"""A form in circulation stays readable: what came into the form after it is not missed, and nobody is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

import dhtt_excel.form.form as form_module
from dhtt_excel.excel.addresses import column_letters
from dhtt_excel.findings import Finding, Severity
from dhtt_excel.form.columns import TABLES
from dhtt_excel.form.draw_form import Entries
from dhtt_excel.form.form import FORM_VERSION, IDENTITY_SHEET, Form, form_of
from dhtt_excel.form.moments import spell_moments
from dhtt_excel.form.table import Column, Kind, Layout
from dhtt_excel.outputs.returns.write_returns import write_returns
from dhtt_excel.pipeline import check_files, consolidate
from dhtt_excel.plan.plan import Plan, Unit
from tests.conftest import AS_OF, Fill
from tests.typed import fill_in

Check = Callable[[Path], list[Finding]]

NEXT = FORM_VERSION + 1
ADDED = {
    "info": (Column("website", "Trang tin điện tử", Kind.TEXT, 48, required=True, since=NEXT),),
    "delegates": (Column("province", "Quê quán", Kind.TEXT, 14, required=True, aliases=("Nguyên quán",), since=NEXT),),
    "programme": (Column("room", "Phòng họp", Kind.TEXT, 14, since=NEXT),),
}


@pytest.fixture(scope="module")
def later(plan: Plan) -> Plan:
    """The plan as a later program reads it: what has been made of it before is kept with the other."""
    return msgspec.structs.replace(plan)


@pytest.fixture(scope="module")
def following(later: Plan, form: Form) -> Iterator[Form]:
    """The next version of the form, which the program now has: three tables have one more column, their last.

    `form`, and so what `fill` writes, is of the version before.
    """
    tables = tuple(replace(t, columns=(*t.columns, *ADDED.get(t.key, ()))) for t in TABLES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(form_module, "FORM_VERSION", NEXT)
        patch.setattr(form_module, "TABLES", tables)
        yield form_of(later)


@pytest.fixture
def check(later: Plan) -> Check:
    """By the form that the program now has."""
    return lambda path: check_files([path], later, AS_OF).findings


@pytest.fixture
def send(
    following: Form, later: Plan, ward: Unit, valid_entries: Callable[[Unit], Entries], tmp_path: Path
) -> Callable[..., Path]:
    """Write a workbook of the next version, its new columns filled, with these cells changed."""

    def write(changes: Entries) -> Path:
        entries = valid_entries(ward)
        for key, (column,) in ADDED.items():
            table = following.tables[key]
            row, letter = table.position(column.key)
            filled = {r for sheet, r, _ in entries if sheet == table.sheet and table.first_row <= r <= table.last_row}
            rows = {row} if table.layout is Layout.FIELDS else filled
            entries |= {(table.sheet, r, letter): "đã ghi" for r in rows}
        path = tmp_path / "bản sau" / later.workbook_name(ward)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(fill_in(later, following, ward, spell_moments(following, entries) | changes))
        return path

    return write


def heading_of(form: Form, key: str) -> tuple[str, int, int]:
    table = form.tables[key]
    row, letter = table.position(ADDED[key][0].key)
    return (table.sheet, row, 1) if table.layout is Layout.FIELDS else (table.sheet, table.heading_row, letter)


def test_a_form_of_before_is_read_without_a_word(fill: Fill, following: Form, later: Plan, ward: Unit) -> None:
    result = check_files([fill(ward)], later, AS_OF)
    assert result.findings == []
    assert result.used[ward.code].version == FORM_VERSION
    assert result.tables.frames["delegates"]["province"].isna().all()
    assert result.tables.frames["info"]["website"].isna().all()


def test_a_form_of_now_lacks_nothing(send: Callable[..., Path], check: Check) -> None:
    assert check(send({})) == []


@pytest.mark.parametrize("key", ADDED)
def test_in_a_form_of_now_the_column_is_missed(
    key: str, send: Callable[..., Path], check: Check, following: Form, later: Plan
) -> None:
    [finding] = [f for f in check(send({heading_of(following, key): None})) if f.code == "TEP07"]
    weight = Severity.ERROR if ADDED[key][0].needed else Severity.WARNING
    assert (finding.severity, finding.sheet) == (weight, following.tables[key].sheet)
    assert f"“{ADDED[key][0].heading}”" in finding.message


def test_in_a_form_of_now_a_blank_is_told(send: Callable[..., Path], check: Check, following: Form) -> None:
    row, letter = following.tables["info"].position("website")
    [finding] = check(send({("Thông tin", row, letter): None}))
    assert (finding.code, finding.message) == ("O01", "Chưa nhập “Trang tin điện tử”")


def test_a_form_without_a_version_is_taken_for_the_present_one(
    fill: Fill, ward: Unit, check: Check, following: Form
) -> None:
    findings = check(fill(ward, {f"{IDENTITY_SHEET}!B2": None}))
    assert [f.code for f in findings] == ["TEP07"] * len(ADDED)


def test_a_column_added_by_hand_to_a_form_of_before_is_read(
    fill: Fill, ward: Unit, later: Plan, form: Form, following: Form
) -> None:
    """And its blanks are not told either."""
    delegates, letter = form.tables["delegates"], column_letters(len(form.tables["delegates"].columns) + 1)
    heading, value = (f"Đại biểu!{letter}{row}" for row in (delegates.heading_row, delegates.first_row))
    result = check_files([fill(ward, {heading: "Quê quán", value: "Hà Nam"})], later, AS_OF)
    assert result.findings == []
    assert result.tables.frames["delegates"]["province"].dropna().tolist() == ["Hà Nam"]


def test_its_returned_copy_is_of_the_present_form(
    fill: Fill, ward: Unit, later: Plan, following: Form, tmp_path: Path
) -> None:
    """And asks for what is new."""
    result = consolidate(fill(ward, {"Thông tin!B13": None}).parent, later, AS_OF)
    name, data = write_returns(result)[ward.code]
    (tmp_path / name).write_bytes(data)
    (submission,) = check_files([tmp_path / name], later, AS_OF).submissions
    assert submission.version == NEXT
    assert {f.message for f in submission.findings} == {
        f"Chưa nhập “{heading}”" for heading in ("Địa điểm", "Trang tin điện tử", "Quê quán")
    }
