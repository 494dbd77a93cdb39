"""The upper unit's own form: its mark is for the congress above, and the wards' nominees are not typed again."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl

from dhtt_excel.form.draw_form import Entries, draw_form
from dhtt_excel.form.form import GUIDE_SHEET, Form
from dhtt_excel.pipeline import check_files
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.rules import RULES
from tests.conftest import AS_OF
from tests.typed import fill_in


def test_it_says_what_its_mark_means(plan: Plan, form: Form, ward: Unit) -> None:
    row, column = form.tables["delegates"].position("nominated")
    seen = {}
    for unit in (ward, plan.upper_unit):
        book = openpyxl.load_workbook(io.BytesIO(draw_form(plan, form, unit, RULES)))
        info = book["Thông tin"].cell(*form.tables["info"].position("decision")).offset(column=-1)
        seen[unit.level] = (book["Đại biểu"].cell(row - 1, column).value, info.value)
        told = " ".join(str(c.value) for row in book[GUIDE_SHEET].iter_rows() for c in row if c.value)
        assert ("tự thêm" in told) is (unit.level == "upper")
        assert ("tự thêm" in book["Đại biểu"]["B3"].value) is (unit.level == "upper")
    assert seen == {
        "local": ("Dự hội nghị quận (x)", "Số, ngày kế hoạch của phường"),
        "upper": ("Dự Đại hội Thành phố (x)", "Số, ngày kế hoạch của quận"),
    }


def test_its_mark_changes_nothing_of_its_conference(
    plan: Plan, form: Form, valid_entries: Callable[[Unit], Entries], tmp_path: Path
) -> None:
    """Nobody is a nominee of the district's own conference by it, in no rule and no count."""
    table, unit = form.tables["delegates"], plan.upper_unit
    row, column = table.position("nominated")
    results = []
    for marked in (0, 5):
        entries = valid_entries(unit) | {(table.sheet, row + n, column): "x" for n in range(marked)}
        path = tmp_path / str(marked) / plan.workbook_name(unit)
        path.parent.mkdir()
        path.write_bytes(fill_in(plan, form, unit, entries))
        results.append(check_files([path], plan, AS_OF))
    plain, marked_result = results
    assert marked_result.tables.frames["delegates"]["nominated"].sum() == 5
    assert len(marked_result.tables.frames["conference"]) == len(plain.tables.frames["conference"])
    assert not [f for f in marked_result.findings if f.code in ("DB06", "TEP07")]
    assert [(f.code, f.cell, f.message) for f in marked_result.findings] == [
        (f.code, f.cell, f.message) for f in plain.findings
    ]
