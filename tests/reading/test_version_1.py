"""Forms of version 1, as they were sent out: blank, filled in and recalculated they are read without a word on the form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from dhtt_excel.excel.cells import show_value
from dhtt_excel.findings import Finding
from dhtt_excel.form.check_lines import FAILED
from dhtt_excel.form.draw_form import Entries, draw_form
from dhtt_excel.form.form import CHECK_SHEET, TICK, Form, Kind, Layout, Table
from dhtt_excel.form.moments import spell_moments
from dhtt_excel.pipeline import check_files
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.rules import RULES
from dhtt_excel.text.vietnamese import fold
from tests.conftest import AS_OF

FORMS = sorted((Path(__file__).parent / "version_1").glob("*.xlsx"))
FIRST_CHECK = 16  # row of its first line on sheet "Kiểm tra"


def _unit(path: Path, plan: Plan) -> Unit:
    return plan.units_by_code[path.name.split("_")[1]]


def _told(path: Path, plan: Plan) -> list[tuple[str, str, str]]:
    return [(f.code, f.sheet, f.message) for f in check_files([path], plan, AS_OF).findings]


def _find(sheet: Worksheet, table: Table) -> Callable[[str, int], Any]:
    """The cell of a column in a row counted from the table's first, by its heading."""
    fields = table.layout is Layout.FIELDS
    names = {fold(n): c.key for c in table.columns for n in (c.heading, *c.aliases)}
    found: dict[str, tuple[int, int]] = {}
    for cells in sheet.iter_rows():
        for cell in cells:
            key = names.get(fold(show_value(cell.value or "").removesuffix("*")))
            if key and (cell.column == 1 or not fields):
                found.setdefault(key, (cell.row, cell.column))
    first = min(row for row, _ in found.values())
    return lambda key, row: sheet.cell(found[key][0], 2) if fields else sheet.cell(first + 1 + row, found[key][1])


def _fill(path: Path, plan: Plan, form: Form, entries: Entries, target: Path) -> Path:
    """The form of version 1 with these entries of the present form, each under its heading, as Excel would hold them."""
    book = openpyxl.load_workbook(path)
    for key in ("info", "delegates", "speakers", "honourees", "programme"):
        table = form.tables[key]
        find = _find(book[table.sheet], table)
        for column in table.columns:
            first, letter = table.position(column.key)
            for row in range(1 if table.layout is Layout.FIELDS else table.capacity):
                value = entries.get((table.sheet, first + row, letter))
                if value is not None and column.kind not in (Kind.ORDER, Kind.FIXED):
                    cell = find(column.key, row)
                    value = datetime.combine(value, datetime.min.time()) if type(value) is date else value
                    cell.value = TICK if value is True else value
    book.save(target)
    return target


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_blank_form(path: Path, plan: Plan, form: Form, tmp_path: Path) -> None:
    """Where a text of version 1 is told here, add it to dhtt_excel/form/printed_before.toml."""
    present = tmp_path / path.name
    present.write_bytes(draw_form(plan, form, _unit(path, plan), RULES))
    assert _told(path, plan) == _told(present, plan)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_filled_form(
    path: Path, plan: Plan, form: Form, valid_entries: Callable[[Unit], Entries], tmp_path: Path
) -> None:
    """With true dates and times, which its cells ask for."""
    unit = _unit(path, plan)
    entries = valid_entries(unit)
    filled = _fill(path, plan, form, entries, tmp_path / path.name)
    (tmp_path / "now").mkdir()
    present = tmp_path / "now" / path.name
    kept = {table.sheet for table in (form.tables["report"],)}
    present.write_bytes(
        draw_form(plan, form, unit, RULES, {k: v for k, v in spell_moments(form, entries).items() if k[0] not in kept})
    )
    told = _told(filled, plan)
    assert told == _told(present, plan)
    assert not [f for f in told if f[0].startswith(("TEP", "O0"))]
    result = check_files([filled], plan, AS_OF)
    assert result.used[unit.code].version == 1


def test_its_verdicts_are_not_compared(
    plan: Plan, form: Form, ward: Unit, valid_entries: Callable[[Unit], Entries], tmp_path: Path
) -> None:
    """They came from other formulas: whatever they say is no TEP10."""
    path = next(p for p in FORMS if ward.code in p.name)
    filled = _fill(path, plan, form, valid_entries(ward), tmp_path / path.name)
    book = openpyxl.load_workbook(filled)
    for row in range(FIRST_CHECK, FIRST_CHECK + 10):
        book[CHECK_SHEET].cell(row, 4).value = FAILED
    book.save(filled)
    findings: list[Finding] = check_files([filled], plan, AS_OF).findings
    assert not [f for f in findings if f.code.startswith("TEP")]
