"""More than Excel holds, and names that no sheet, note or heading should have: what is written fits, and says what is left."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, time
from html import escape
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.form.form import Form
from dhtt_excel.form.sheets import corrections
from dhtt_excel.outputs.returns import write_returns
from dhtt_excel.pipeline import consolidate, write_result
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.result import Result
from dhtt_excel.terminal.show_result import show_findings
from tests.campaign.nasty_values import FALSE_VERDICT
from tests.conftest import AS_OF, Fill
from tests.corpus.packages import make_ods
from tests.packages import edit_package
from tests.sound import check_outputs

NAME = f"\u202ea\x9b31m\x85{FALSE_VERDICT}"[:31]


def write(folder: Path, plan: Plan, out: Path) -> tuple[Result, Any]:
    """Consolidate and write; the result and the returned copy of the one unit."""
    result = consolidate(folder, plan, AS_OF)
    assert not [f for w in write_result(result, out) for f in w.failures]
    assert check_outputs(out) > 50
    assert all(line.isprintable() for line in show_findings(result).split("\n"))
    (copy,) = (out / "tra-lai").glob("*.xlsx")
    return result, openpyxl.load_workbook(copy)


def test_more_lines_marks_and_cells_than_are_listed(
    fill: Fill, ward: Unit, few: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (corrections, write_returns):
        monkeypatch.setattr(module, "MAX_LISTED", 5)
    changes = {f"Đại biểu!D{row}": f"không rõ {row}" for row in range(7, 20)}
    changes |= {f"Đại biểu!{column}{row}": f"thừa {row}" for row in range(8, 12) for column in ("S", "U")}
    _, copy = write(fill(ward, changes).parent, few, tmp_path / "ra")
    (listed,) = (sheet for sheet in copy if sheet.title.startswith("Cần sửa"))
    texts = [str(cell.value) for row in listed for cell in row]
    assert any(text.startswith("… và ") and text.endswith("sửa các chỗ trên rồi gửi lại.") for text in texts)
    assert sum(cell.comment is not None for row in copy["Đại biểu"] for cell in row) == 5
    assert "Liệt kê 5 ô đầu; 3 ô còn lại xem trong tệp đã gửi." in copy["Ngoài biểu mẫu"]["A2"].value
    again = consolidate((tmp_path / "ra" / "tra-lai"), few, AS_OF)  # the sheets are still known as ours
    assert not [f for f in again.findings if f.sheet in (listed.title, "Ngoài biểu mẫu")]


def test_hundreds_of_unknown_headings(fill: Fill, ward: Unit, few: Plan, tmp_path: Path) -> None:
    changes = {f"Đại biểu!{cell_name(6, column)}": f"tiêu đề {column} " + "dài " * 25 for column in range(20, 320)}
    result, _ = write(fill(ward, {**changes, "Đại biểu!F6": "khác hẳn"}).parent, few, tmp_path / "ra")
    assert max(len(f.advice) for f in result.findings) <= 1_001
    assert all(f.message.isprintable() for f in result.findings)


def test_names_of_sheets_and_notes(fill: Fill, ward: Unit, few: Plan, tmp_path: Path) -> None:
    path = fill(ward)
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet("TÊN")
    sheet["B2"] = "chữ"
    sheet["B2"].comment = openpyxl.comments.Comment("GHI", "tôi")
    book.save(path)
    notes = next(name for name in _list_parts(path) if "comments" in name)
    long = "chữ\x85\u202e " * 8_000
    edit_package(path, {
        "xl/workbook.xml": lambda text: text.replace('"TÊN"', f'"{NAME}"'),
        notes: lambda text: text.replace("GHI", f"_x000B_{FALSE_VERDICT}\n{long}"),
    })  # fmt: skip
    result, copy = write(path.parent, few, tmp_path / "ra")
    assert any(f.sheet == NAME for f in result.findings)
    assert FALSE_VERDICT in str(copy["Ngoài biểu mẫu"]["C5"].value) + str(copy["Ngoài biểu mẫu"]["C4"].value)


def _list_parts(path: Path) -> list[str]:
    import zipfile

    with zipfile.ZipFile(path) as package:
        return package.namelist()


def _as_ods(data: bytes, change: Callable[[str, int, int], str | None]) -> bytes:
    """A workbook as .ods. `change`: other attributes and content of a cell."""
    tables = []
    for name in (workbook := CalamineWorkbook.from_filelike(io.BytesIO(data))).sheet_names:
        rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        rows = [[*cells, *[""] * 3] for cells in rows]
        cells = [
            "".join(
                f"<table:table-cell{change(name, r, c) or _spell(raw)}</table:table-cell>"
                for c, raw in enumerate(row, 1)
            )
            for r, row in enumerate(rows, 1)
        ]
        body = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
        tables.append(f'</table:table><table:table table:name="{name}">{body}')
    return make_ods("".join(tables))


def _spell(raw: Any) -> str:
    if raw == "":
        return ">"
    if isinstance(raw, bool):
        return f' office:value-type="boolean" office:boolean-value="{str(raw).lower()}">'
    if isinstance(raw, (int, float)):
        return f' office:value-type="float" office:value="{raw}">'
    if isinstance(raw, time):
        return f' office:value-type="time" office:time-value="PT{raw:%HH%MM%S}S">'
    if isinstance(raw, date):
        day = raw.date() if isinstance(raw, datetime) else raw
        return f' office:value-type="date" office:date-value="{day:%Y-%m-%d}">'
    return f' office:value-type="string"><text:p>{escape(str(raw))}</text:p>'


def test_an_ods_with_what_no_number_is_and_a_text_too_long(
    fill: Fill, ward: Unit, few: Plan, form: Form, tmp_path: Path
) -> None:
    odd = {
        ("Đại biểu", 8, 5): "1e999",
        ("Đại biểu", 10, 5): "NaN",
        ("Thông tin", 9, 2): "-INF",
        ("Tham luận", 7, 11): "1e400",
    }
    long = "á" * 40_000

    def change(sheet: str, row: int, column: int) -> str | None:
        if (sheet, row, column) in odd:
            return f' office:value-type="float" office:value="{odd[sheet, row, column]}">'
        beside = (sheet, row, column) == ("Đại biểu", 8, 18)
        return f' office:value-type="string"><text:p>{long}</text:p>' if beside else None

    path = fill(ward)
    path.with_suffix(".ods").write_bytes(_as_ods(path.read_bytes(), change))
    path.unlink()
    result, copy = write(path.parent, few, tmp_path / "ra")
    told = {(f.sheet, f.cell) for f in result.findings if f.code == "O03"}
    assert {(sheet, cell_name(row, column)) for sheet, row, column in odd} <= told
    assert result.figures.units.at[ward.code, "listed"] > 50
    assert copy["Ngoài biểu mẫu"]["C4"].value.endswith("[đã cắt bớt, xem tệp gốc]")
