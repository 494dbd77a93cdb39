"""Every formula of a workbook that we write has its value saved: some programs show it and do not calculate."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dhtt_excel.excel.evaluate import Evaluator
from dhtt_excel.excel.formula_syntax import FormulaSyntaxError
from dhtt_excel.excel.formula_values import DIV, NA, NUM, VALUE
from dhtt_excel.form.draw_form import Entries, draw_form
from dhtt_excel.form.form import CHECK_SHEET, Form
from dhtt_excel.form.sheets.check import OVERALL_ROW
from dhtt_excel.outputs.returns.write_returns import write_returns
from dhtt_excel.pipeline import consolidate
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.rules import RULES
from tests.conftest import AS_OF, Fill
from tests.libreoffice import LibreOffice
from tests.typed import by_place

CHANGES: dict[str, dict[str, Any]] = {
    "blank.xlsx": {},
    "filled.xlsx": {},
    "wrong.xlsx": {
        "Đại biểu!D8": "Nữu", "Đại biểu!E9": 19755, "Đại biểu!E10": "1975", "Đại biểu!J11": None, "Đại biểu!F12": "*",
        "Đại biểu!M13": "có", "Đại biểu!C14": "Trần Văn A", "Đại biểu!C15": "trần văn a", "Thông tin!B9": date(2020, 3, 20),
        "Thông tin!B12": time(18, 31), "Thông tin!B14": 7, "Báo cáo!B13": None, "Báo cáo!E48": -1, "Chương trình!D14": None,
        "Tham luận!K7": 600,
    },
    "odd.xlsx": {
        "Thông tin!B6": "Lồng ghép", "Thông tin!B7": None, "Thông tin!B9": None,
        "Thông tin!B14": "84", "Đại biểu!E9": True, "Đại biểu!D9": "\u00a0nam", "Đại biểu!Q306": "xem lại",
        "Đại biểu!C306": "Lê Văn Cuối", "Báo cáo!E48": 3, "Báo cáo!F48": 4,
    },
}  # fmt: skip


def _read_formulas(data: bytes) -> dict[tuple[str, str], tuple[str, Any]]:
    """Formula and saved value by sheet and cell."""
    formulas, values = (openpyxl.load_workbook(io.BytesIO(data), data_only=saved) for saved in (False, True))
    return {
        (sheet.title, cell.coordinate): (cell.value, values[sheet.title][cell.coordinate].value)
        for sheet in formulas
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


@pytest.fixture(scope="module")
def drawn(plan: Plan, form: Form, ward: Unit, valid_entries: Callable[[Unit], Entries]) -> dict[str, bytes]:
    workbooks = {}
    for name, changes in CHANGES.items():
        entries = valid_entries(ward) if name != "blank.xlsx" else {}
        entries |= by_place(changes)
        workbooks[name] = draw_form(plan, form, ward, RULES, entries)
    workbooks["upper.xlsx"] = draw_form(plan, form, plan.upper_unit, RULES, valid_entries(plan.upper_unit))
    return workbooks


@pytest.mark.libreoffice
def test_the_saved_values_are_those_that_a_program_calculates(
    libreoffice: LibreOffice, drawn: dict[str, bytes], tmp_path: Path
) -> None:
    for name, data in drawn.items():
        ours, theirs = _read_formulas(data), libreoffice.recalculate(data, tmp_path)
        assert len(ours) > 150
        differing = {
            place: (saved, theirs[place[0]][place[1]].value)
            for place, (_, saved) in ours.items()
            if not _is_same(saved, theirs[place[0]][place[1]].value)
        }
        assert differing == {}, name


def _is_same(saved: Any, calculated: Any) -> bool:
    """LibreOffice saves an empty text as nothing and a truth value as one or a number."""
    if isinstance(saved, (int, float)) and isinstance(calculated, (int, float)):
        return saved == pytest.approx(calculated, abs=1e-9)
    return (saved or "") == (calculated or "")


def test_no_formula_of_a_returned_copy_is_without_its_value(plan: Plan, ward: Unit, fill: Fill) -> None:
    path = fill(ward, {"Đại biểu!E40": 19755, "Thông tin!B14": 7})
    ((_, data),) = write_returns(consolidate(path.parent, plan, AS_OF)).values()
    formulas = _read_formulas(data)
    progress = {value for (sheet, _), (_, value) in formulas.items() if sheet.startswith("Cần sửa")}
    assert "Chưa sửa" in progress
    assert formulas[CHECK_SHEET, f"C{OVERALL_ROW}"][1].startswith("CẦN SỬA: ")
    texts = {value for _, value in formulas.values() if isinstance(value, str)}
    assert {"Đạt", "Cần sửa"} <= texts


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("1+2*3", 7), ("-2^2", 4), ("2-3-4", -5), ("10%", 0.1), ('"a"&1&TRUE', "a1TRUE"), ('"A"="a"', True),
        ("TRUE=1", False), ('1<"a"', True), ("1/0", DIV), ('"a"+1', VALUE), ("B1=0", True), ('B1=""', True),
        ('IF(1/0,1,2)', DIV), ('IF(FALSE,1/0,2)', 2), ("SUMPRODUCT((A1:A3>1)*1)", 2), ("SUMPRODUCT(--(A1:A3>1))", 2),
        ("MATCH(2,A1:A3,0)", 2), ("MATCH(9,A1:A3,0)", NA), ('TEXT(0.125,"0.0%")', "12.5%"), ('TEXT(43900,"dd/mm/yyyy")', "10/03/2020"),
        ('SUBSTITUTE("aXbX","X","-",2)', "aXb-"), ("ROUND(2.5,0)", 3), ("ROUND(-2.5,0)", -3), ("DATE(2020,3,15)", 43905),
        ('TEXT(3,"00")', "03"), ('TEXT(-3,"00")', "-03"), ("WEEKDAY(43905)", 1), ("COLUMN(A1:C1)", 1), ("ADDRESS(12,28,4)", "AB12"),
        ("SUMPRODUCT(MIN(ROW(A1:B3)+10*(A1:B3<>3)))", 3), ("SUM(INDEX(A1:B3,2,0))", 2), ('CHOOSE(2,"a","b")', "b"),
        ("SUMPRODUCT(ROW($1:$4))", 10), ("INT(1E308*10)", NUM), ("DATE(1E9,1,1)", NUM), ("TEXT(1E300,\"dd/mm/yyyy\")", NUM), ('HYPERLINK("#A1","A1")', "A1"), ("ISBLANK(B1)", True),
        ("SUMPRODUCT(ISNUMBER(1/(A1:A3-1))*1)", 2), ("COUNTIF(A1:A3,2)", 1), ("MAX(A1:A3,7)", 7), ('LEN("đ😀")', 3),
        ("ROW(A2:A3)-1", 1), ("AND(TRUE,1)", True), ("OR(FALSE,0)", False), ('TRIM("  a  b ")', "a b"),
    ],
)  # fmt: skip
def test_a_formula_is_worked_out_as_excel_does(formula: str, value: Any) -> None:
    """Not as LibreOffice does, to which TRUE is 1."""
    cells = {("s", 1, 1): 1, ("s", 2, 1): 2, ("s", 3, 1): "=A1+A2"}
    result = Evaluator(lambda *place: cells.get(place)).evaluate(formula, "s")
    assert result == value
    assert isinstance(result, bool) is isinstance(value, bool)


@pytest.mark.parametrize("formula", ["1+", "(1", "FOO(1)", "1 2", '"a'])
def test_what_is_no_formula_of_ours_is_a_mistake_of_ours(formula: str) -> None:
    with pytest.raises(FormulaSyntaxError):
        Evaluator(lambda *_: None).evaluate(formula, "s")
