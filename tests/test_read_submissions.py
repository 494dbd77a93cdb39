"""Whatever came back: whose it is, where its tables stand, what was understood and what was refused."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dhtt_excel.draw_form import draw_form
from dhtt_excel.findings import Finding, Severity, UserError
from dhtt_excel.form import IDENTITY_SHEET, Form
from dhtt_excel.pipeline import consolidate
from dhtt_excel.plan import Plan, Unit
from dhtt_excel.rules import RULES
from tests.conftest import AS_OF, Fill

Check = Callable[[Path], list[Finding]]


def _codes(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [(f.code, f.sheet, f.cell) for f in findings]


def _edit(path: Path, change: Callable[[openpyxl.Workbook], Any]) -> Path:
    """Let another program change the workbook."""
    workbook = openpyxl.load_workbook(path)
    change(workbook)
    workbook.save(path)
    return path


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.xlsx", b"", "tệp rỗng"),
        ("a.xlsx", b"PK\x03\x04 half a workbook", "tệp hỏng"),
        ("a.xls", b"hello", "không phải bảng tính Excel"),
        ("quét.pdf", b"%PDF-1.7", "không phải bảng tính (.pdf)"),
    ],
)
def test_tep01_unreadable_file(name: str, content: bytes, says: str, fill: Fill, ward: Unit, plan: Plan) -> None:
    folder = fill(ward).parent
    (folder / name).write_bytes(content)
    result = consolidate(folder, plan, AS_OF)
    (finding,) = [f for f in result.findings if f.code == "TEP01"]
    assert (finding.file, finding.severity) == (name, Severity.ERROR)
    assert says in finding.message
    assert finding.advice
    assert result.figures.units.loc[ward.code, "listed"] > 0  # the good file among the bad is read


def test_tep01_names_the_unit_whose_code_is_in_the_file_name(fill: Fill, ward: Unit, plan: Plan) -> None:
    path = fill(ward)
    path.with_name("dhtt-2020_00064_hang-gai.xlsx").write_bytes(b"PK broken")
    result = consolidate(path.parent, plan, AS_OF)
    (finding,) = [f for f in result.findings if f.code == "TEP01"]
    assert finding.unit == "00064"
    assert result.verdict_of(plan.units_by_code["00064"]) == "unreadable"


def test_tep02_another_plans_form(fill: Fill, ward: Unit, check: Check) -> None:
    findings = check(fill(ward, {f"{IDENTITY_SHEET}!B1": "ba-dinh-2021"}))
    assert _codes(findings) == [("TEP02", "", "")]
    assert "ba-dinh-2021" in findings[0].message


def test_tep02_no_form_at_all(tmp_path: Path, check: Check) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(["Họ và tên", "Năm sinh"])
    workbook.save(tmp_path / "khác.xlsx")
    assert _codes(check(tmp_path / "khác.xlsx")) == [("TEP02", "", "")]


def test_tep02_unknown_version_is_read_and_reported(fill: Fill, ward: Unit, check: Check) -> None:
    (finding,) = check(fill(ward, {f"{IDENTITY_SHEET}!B2": "0"}))
    assert (finding.code, finding.severity) == ("TEP02", Severity.WARNING)


def test_tep03_contradiction_is_asked_not_guessed(fill: Fill, ward: Unit, check: Check) -> None:
    findings = check(fill(ward, {"Thông tin!B5": "Phường Hàng Gai"}))
    assert _codes(findings) == [("TEP03", "Thông tin", "B5")]
    assert "cấp cho Phường Hàng Bạc nhưng ghi “Phường Hàng Gai”" in findings[0].message


def test_tep03_one_letter_off_is_no_unit(fill: Fill, ward: Unit, check: Check) -> None:
    changes = {"Thông tin!B5": "Hàng Bạt", f"{IDENTITY_SHEET}!B3": None}
    findings = check(fill(ward, changes, name="biểu mẫu.xlsx"))
    assert _codes(findings) == [("TEP03", "Thông tin", "B5")]


@pytest.mark.parametrize("written", ["Phường Phan Châu Trinh", "phan chu trinh", "00085", "P\u0068an Chu Trinh\u00a0"])
def test_unit_by_name_code_or_alias_without_stamp(written: str, fill: Fill, plan: Plan) -> None:
    unit = plan.units_by_code["00085"]
    path = fill(unit, {"Thông tin!B5": written, **{f"{IDENTITY_SHEET}!B{r}": None for r in (1, 2, 3)}}, name="x.xlsx")
    assert list(consolidate(path.parent, plan, AS_OF).used) == ["00085"]


def test_tep04_latest_valid_file_is_used(fill: Fill, ward: Unit, plan: Plan) -> None:
    """A bad later file does not displace a good earlier one."""
    files = [
        fill(ward, name="1.xlsx"),
        fill(ward, {"Thông tin!B13": "Nhà hát Lớn"}, name="2.xlsx"),
        fill(ward, {"Đại biểu!B6": "?"}, name="3.xlsx"),
    ]
    for hour, path in enumerate(files):
        os.utime(path, (hour * 3600, hour * 3600))
    result = consolidate(files[0].parent, plan, AS_OF)
    assert result.used[ward.code].source.file == "2.xlsx"
    assert result.tables.frames["info"].loc[0, "venue"] == "Nhà hát Lớn"
    told = {f.file: f.message for f in result.findings if f.code == "TEP04"}
    assert "(gửi trước)" in told["1.xlsx"]
    assert "không hợp lệ: Không thấy cột “Họ và tên”" in told["3.xlsx"]
    assert not [f for f in result.findings if f.file == "3.xlsx" and f.code != "TEP04"]


def test_tep06_missing_sheet(fill: Fill, ward: Unit, check: Check) -> None:
    path = _edit(fill(ward), lambda book: book.remove(book["Biểu dương"]))
    findings = [f for f in check(path) if f.code != "TL02"]
    assert _codes(findings) == [("TEP06", "Biểu dương", "")]


def test_tep06_renamed_sheet_is_recognised_by_its_headings(fill: Fill, ward: Unit, check: Check) -> None:
    def rename(book: openpyxl.Workbook) -> None:
        book["Biểu dương"].title = "Sheet7"

    findings = check(_edit(fill(ward), rename))
    assert [(f.code, f.sheet, f.severity) for f in findings] == [("TEP06", "Sheet7", Severity.WARNING)]


def test_inserted_rows_and_columns_keep_excels_cells(fill: Fill, ward: Unit, check: Check) -> None:
    """The reported cell is the one that Excel shows, wherever the heading row and the columns have gone."""

    def insert(book: openpyxl.Workbook) -> None:
        sheet = book["Đại biểu"]
        sheet.insert_rows(1, 3)
        sheet.insert_cols(1)
        sheet["E11"].value = 19755

    findings = check(_edit(fill(ward), insert))
    assert _codes(findings) == [("O03", "Đại biểu", "E11")]


def test_tep07_two_columns_of_one_name_are_asked(fill: Fill, ward: Unit, check: Check) -> None:
    findings = check(fill(ward, {"Đại biểu!P6": "Lĩnh vực"}))
    assert ("TEP07", "Đại biểu", "M6") in _codes(findings)
    assert "M6, P6" in next(f.message for f in findings if f.cell == "M6")


def test_foot_lines_and_column_numbers_are_no_delegates(fill: Fill, ward: Unit, check: Check, plan: Plan) -> None:
    foot = {"Đại biểu!A305": "Tổng cộng:", "Đại biểu!B305": "85 người", "Đại biểu!B306": "Danh sách này có 85 người"}
    path = fill(ward, foot)
    assert [f.code for f in check(path)] == []


def test_o08_marked_empty_but_filled(fill: Fill, ward: Unit, check: Check) -> None:
    findings = check(fill(ward, {"Đại biểu!C4": "x"}))
    assert _codes(findings) == [("O08", "Đại biểu", "B6")]


def test_blank_rows_between_and_phantom_blanks_do_not_count(fill: Fill, ward: Unit, plan: Plan, check: Check) -> None:
    assert check(fill(ward, {f"Đại biểu!{c}290": " \u00a0\u200b" for c in "BCDEFGH"})) == []


def test_every_row_keeps_its_excel_row(fill: Fill, ward: Unit, plan: Plan, form: Form) -> None:
    frame = consolidate(fill(ward).parent, plan, AS_OF).tables.frames["delegates"]
    first = form.tables["delegates"].first_row
    assert frame["excel_row"].tolist() == list(range(first, first + len(frame)))


def test_a_rejected_value_becomes_na_and_the_row_stays(fill: Fill, ward: Unit, plan: Plan) -> None:
    before = consolidate(fill(ward).parent, plan, AS_OF).tables.frames["delegates"]
    after = consolidate(fill(ward, {"Đại biểu!D7": "không rõ"}).parent, plan, AS_OF).tables.frames["delegates"]
    assert len(after) == len(before)
    assert after["birth_year"].isna().tolist() == [True] + [False] * (len(after) - 1)


def test_the_upper_units_form_is_recognised_by_its_own_label(plan: Plan, form: Form, tmp_path: Path) -> None:
    path = tmp_path / "quan.xlsx"
    path.write_bytes(draw_form(plan, form, plan.upper_unit, RULES))
    assert list(consolidate(tmp_path, plan, AS_OF).used) == ["002"]


def test_files_in_sub_folders_are_read_and_lock_files_passed_over(fill: Fill, ward: Unit, plan: Plan) -> None:
    path = fill(ward)
    inner = path.parent / "thư tháng 3" / "Hàng Bạc 🌸.xlsx"
    inner.parent.mkdir()
    path.rename(inner)
    (path.parent / "~$biểu.xlsx").write_bytes(b"lock")
    (path.parent / ".~lock.biểu.xlsx#").write_bytes(b"lock")
    result = consolidate(path.parent, plan, AS_OF)
    assert [s.source.file for s in result.submissions] == ["thư tháng 3/Hàng Bạc 🌸.xlsx"]


@pytest.mark.parametrize(
    "make", [lambda p: None, lambda p: p.mkdir(), lambda p: (p.mkdir(), (p / "a.txt").write_text("x"))]
)
def test_a_folder_without_workbooks_is_refused_in_words(
    make: Callable[[Path], Any], tmp_path: Path, plan: Plan
) -> None:
    make(tmp_path / "hộp thư")
    with pytest.raises(UserError, match="hộp thư"):
        consolidate(tmp_path / "hộp thư", plan, AS_OF)
