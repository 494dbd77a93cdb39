"""Whatever came back: whose it is, where its tables stand, what was understood and what was refused."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dhtt_excel.errors import UserError
from dhtt_excel.findings import Finding, Severity
from dhtt_excel.form.check_lines import FAILED, FIRST_CHECK_ROW, list_lines
from dhtt_excel.form.form import CHECK_SHEET, IDENTITY_SHEET, Form
from dhtt_excel.inbox.find_files import FoundFile, find_files
from dhtt_excel.inbox.open_workbooks import open_workbooks, read_file
from dhtt_excel.pipeline import OfficeFiles, check_files, consolidate, judge_submissions
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.reading.ledger import Account
from dhtt_excel.reading.read_submission import SubmissionReader
from dhtt_excel.reading.read_submissions import read_submissions
from dhtt_excel.result import Result
from dhtt_excel.rules import RULES, check_blank_rules
from tests.conftest import AS_OF, Fill
from tests.corpus.nasty_packages import ODS_ROW
from tests.corpus.packages import make_biff, make_ods, make_xls
from tests.packages import edit_package, put_cells
from tests.typed import fill_in

Check = Callable[[Path], list[Finding]]


def _codes(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [(f.code, f.sheet, f.cell) for f in findings]


def _edit(path: Path, change: Callable[[openpyxl.Workbook], Any]) -> Path:
    """Let another program change the workbook."""
    workbook = openpyxl.load_workbook(path)
    change(workbook)
    workbook.save(path)
    return path


UNREADABLE = [
    ("a.xls", make_xls(make_biff((0x2F, bytes(54)))), "tệp có mật khẩu"),
    ("a.ods", make_ods(ODS_ROW.replace('"3"', '"ba"')), "trình đọc không hiểu"),
    ("a.et", make_xls(), "bảng tính WPS (.et)"),
    ("a.numbers", b"PK", "Numbers của Apple"),
    ("a.xltx", b"PK", "mẫu Excel (.xltx)"),
    ("a.xls", make_xls(name="WordDocument"), "văn bản Word"),
    ("a.xlsx", b"", "tệp rỗng"),
    ("a.xlsx", b"PK\x03\x04 half a workbook", "tệp hỏng"),
    ("a.xls", b"hello", "không phải bảng tính Excel"),
    ("bảng.csv", b"a;b", "không phải bảng tính (.csv)"),
]


def test_tep01_unreadable_files(fill: Fill, ward: Unit, plan: Plan) -> None:
    folder = fill(ward).parent
    said = {f"{number}{name}": says for number, (name, _, says) in enumerate(UNREADABLE)}
    for name, (_, content, _) in zip(said, UNREADABLE, strict=True):
        (folder / name).write_bytes(content)
    result = consolidate(folder, plan, AS_OF)
    told = {f.file: f for f in result.findings if f.code == "TEP01"}
    assert told.keys() == said.keys()
    assert len([f for f in result.findings if f.code == "TEP01"]) == len(said)
    for name, finding in told.items():
        assert finding.severity is Severity.ERROR
        assert said[name] in finding.message, name
        assert "Error" not in finding.message
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


def test_cells_lost_in_a_file_of_no_unit_are_told(fill: Fill, ward: Unit, check: Check) -> None:
    """Cells that no reader gives back, in a file that says neither in itself nor by its name whose it is."""
    path = fill(ward, {"Thông tin!B5": None, f"{IDENTITY_SHEET}!B3": None}, name="biểu mẫu.xlsx")
    lost = {"B9": ' t="inlineStr"><v>mất</v>'}
    edit_package(path, {"xl/worksheets/sheet3.xml": lambda text: put_cells(text, lost)})
    unknown, lost_cells = check(path)
    assert (unknown.code, lost_cells.code, lost_cells.sheet) == ("TEP03", "TEP01", "Đại biểu")
    assert "Không trình đọc nào đọc được 1 trong" in lost_cells.message


@pytest.mark.parametrize("seen", [True, False])
def test_tep10_needs_error_values_to_have_been_looked_for(
    seen: bool, fill: Fill, ward: Unit, plan: Plan, form: Form
) -> None:
    """Where they have not, "Cần sửa" may be right."""
    row = FIRST_CHECK_ROW + [line.key for line in list_lines(plan, form, ward, RULES)].index(("DB01", "Đại biểu"))
    path = fill(ward, {f"{CHECK_SHEET}!D{row}": FAILED})
    workbook = replace(read_file(FoundFile(path, path.name)), errors_seen=seen)
    submission = SubmissionReader(form, plan).read_workbook(workbook)
    result = judge_submissions([submission], form, plan, AS_OF, OfficeFiles(), whole_campaign=False)
    assert [f.code for f in result.findings] == (["TEP10"] if seen else [])


def test_tep03_contradiction_is_asked_not_guessed(fill: Fill, ward: Unit, check: Check) -> None:
    findings = check(fill(ward, {"Thông tin!B5": "Phường Hàng Gai"}))
    assert _codes(findings) == [("TEP03", "Thông tin", "B5")]
    assert "cấp cho Phường Hàng Bạc nhưng ghi “Phường Hàng Gai”" in findings[0].message


def test_tep03_one_letter_off_is_no_unit(fill: Fill, ward: Unit, check: Check) -> None:
    changes = {"Thông tin!B5": "Hàng Bạt", f"{IDENTITY_SHEET}!B3": None}
    findings = check(fill(ward, changes, name="biểu mẫu.xlsx"))
    assert _codes(findings) == [("TEP03", "Thông tin", "B5")]


@pytest.mark.parametrize("written", ["Phường Phan Châu Trinh", "phan chu trinh", "00085", "P\u0068an Chu Trinh\u00a0"])
def test_unit_by_name_code_or_alias_without_stamp(
    written: str, fill: Fill, plan: Plan, check_here: Callable[..., Result]
) -> None:
    unit = plan.units_by_code["00085"]
    path = fill(unit, {"Thông tin!B5": written, **{f"{IDENTITY_SHEET}!B{r}": None for r in (1, 2, 3)}}, name="x.xlsx")
    assert list(check_here(path).used) == ["00085"]


def test_tep04_latest_valid_file_is_used(fill: Fill, ward: Unit, plan: Plan) -> None:
    """A bad later file does not displace a good earlier one."""
    files = [
        fill(ward, name="1.xlsx"),
        fill(ward, {"Thông tin!B13": "Nhà hát Lớn"}, name="2.xlsx"),
        fill(ward, {"Đại biểu!C6": "?"}, name="3.xlsx"),
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
        sheet["F11"].value = 19755

    findings = check(_edit(fill(ward), insert))
    assert _codes(findings) == [("O03", "Đại biểu", "F11")]


def test_tep07_two_columns_of_one_name_are_asked(fill: Fill, ward: Unit, check: Check) -> None:
    findings = check(fill(ward, {"Đại biểu!Q6": "Lĩnh vực"}))
    assert ("TEP07", "Đại biểu", "N6") in _codes(findings)
    assert "N6, Q6" in next(f.message for f in findings if f.cell == "N6")


Edit = Callable[[openpyxl.Workbook], Any]


def _delete_column(sheet: str, letter: str) -> Edit:
    return lambda book: book[sheet].delete_cols(openpyxl.utils.column_index_from_string(letter))


def _delete_line(sheet: str, row: int) -> Edit:
    """Deleting a row would leave merged cells where they were."""

    def clear(book: openpyxl.Workbook) -> None:
        for cell in book[sheet][row]:
            if not isinstance(cell, openpyxl.cell.cell.MergedCell):
                cell.value = None

    return clear


OPTIONAL = {
    "Đại biểu: Ghi chú": _delete_column("Đại biểu", "Q"),
    "Đại biểu: Chức vụ": _delete_column("Đại biểu", "H"),
    "Tham luận: Minh họa": _delete_column("Tham luận", "L"),
    "Biểu dương: Cấp khen": _delete_column("Biểu dương", "I"),
    "Chương trình: Người thực hiện": _delete_column("Chương trình", "G"),
    "Chương trình: Yêu cầu": _delete_column("Chương trình", "C"),
    "Thông tin: Sự kiện lồng ghép": _delete_line("Thông tin", 7),
    "Thông tin: Số, ngày kế hoạch": _delete_line("Thông tin", 15),
    "Chương trình: mục tùy chọn": _delete_line("Chương trình", 15),
    "Báo cáo: hình thức khen thưởng": _delete_line("Báo cáo", 52),
}
NEEDED = {
    "Đại biểu: Dự hội nghị quận": _delete_column("Đại biểu", "P"),
    "Đại biểu: Năm sinh": _delete_column("Đại biểu", "E"),
    "Chương trình: Nội dung": _delete_column("Chương trình", "B"),
    "Chương trình: mục bắt buộc": _delete_line("Chương trình", 5),
    "Báo cáo: mục của đề cương": _delete_line("Báo cáo", 8),
}


def _send_again(
    edits: Mapping[str, Edit], changes: Mapping[str, Any], fill: Fill, plan: Plan
) -> tuple[dict[str, Unit], Result]:
    """By what is gone a ward that has sent a valid workbook and, an hour later, one without it; the campaign."""
    wards = dict(zip(edits, plan.local_units, strict=False))
    for what, ward in wards.items():
        early, late = (fill(ward, more, name=f"{ward.code} {n}.xlsx") for n, more in ((1, {}), (2, changes)))
        _edit(late, edits[what])
        for hour, path in enumerate((early, late)):
            os.utime(path, (hour * 3600, hour * 3600))
    return wards, consolidate(early.parent, plan, AS_OF)


def test_tep07_what_the_check_does_not_need_may_be_gone(fill: Fill, plan: Plan) -> None:
    """Each is a warning of its sheet, and with all that is gone the file, sent later, stands."""
    books: list[dict[str, Edit]] = [{} for _ in OPTIONAL]
    for what, edit in OPTIONAL.items():  # one of a sheet in each workbook
        sheet = what.partition(":")[0]
        next(book for book in books if sheet not in book)[sheet] = edit
    gone = {", ".join(book): book for book in books if book}
    edits = {name: partial(_do_all, list(book.values())) for name, book in gone.items()}
    wards, result = _send_again(edits, {"Thông tin!B6": "Tổ chức riêng", "Thông tin!B7": None}, fill, plan)
    for name, ward in wards.items():
        used = f"{ward.code} 2.xlsx"
        assert result.used[ward.code].source.file == used, name
        told = [(f.sheet, f.severity) for f in result.findings if f.file == used and f.code == "TEP07"]
        assert sorted(told) == sorted((sheet, Severity.WARNING) for sheet in gone[name])
        assert not [f for f in result.findings if f.unit == ward.code and f.severity is Severity.ERROR], name


def _do_all(edits: Sequence[Edit], book: openpyxl.Workbook) -> None:
    for edit in edits:
        edit(book)


def test_tep07_what_the_check_needs_makes_the_file_unfit(fill: Fill, plan: Plan) -> None:
    wards, result = _send_again(NEEDED, {}, fill, plan)
    used = {what: result.used[ward.code].source.file for what, ward in wards.items()}
    assert used == {what: f"{ward.code} 1.xlsx" for what, ward in wards.items()}
    assert len(wards) == len(NEEDED)


def test_tep07_a_line_that_the_choice_made_above_it_needs(fill: Fill, ward: Unit, check: Check) -> None:
    """The event is needed where the conference was held together with one."""
    path = _edit(fill(ward, {"Thông tin!B6": "Lồng ghép", "Thông tin!B7": "Tổng kết"}), _delete_line("Thông tin", 7))
    told = [(f.code, f.message, f.severity) for f in check(path) if "lồng ghép" in f.message]
    assert told == [("TEP07", "Không thấy dòng “Sự kiện lồng ghép”", Severity.ERROR)]


def test_tep07_an_optional_heading_twice_is_a_warning(fill: Fill, ward: Unit, check: Check) -> None:
    findings = [f for f in check(fill(ward, {"Đại biểu!R6": "Ghi chú"})) if f.code == "TEP07"]
    assert [(f.cell, f.severity) for f in findings] == [("Q6", Severity.WARNING)]


def test_foot_lines_and_column_numbers_are_no_delegates(fill: Fill, ward: Unit, check: Check, plan: Plan) -> None:
    foot = {"Đại biểu!B305": "Tổng cộng:", "Đại biểu!C305": "85 người", "Đại biểu!C306": "Danh sách này có 85 người"}
    path = fill(ward, foot)
    assert [f.code for f in check(path)] == []


def test_o08_marked_empty_but_filled(fill: Fill, ward: Unit, check: Check) -> None:
    findings = check(fill(ward, {"Đại biểu!D4": "x"}))
    assert _codes(findings) == [("O08", "Đại biểu", "C6")]


def test_blank_rows_between_and_phantom_blanks_do_not_count(fill: Fill, ward: Unit, plan: Plan, check: Check) -> None:
    assert check(fill(ward, {f"Đại biểu!{c}290": " \u00a0\u200b" for c in "CDEFGHI"})) == []


def test_every_row_keeps_its_excel_row(fill: Fill, ward: Unit, plan: Plan, form: Form) -> None:
    frame = consolidate(fill(ward).parent, plan, AS_OF).tables.frames["delegates"]
    first = form.tables["delegates"].first_row
    assert frame["excel_row"].tolist() == list(range(first, first + len(frame)))


def test_a_rejected_value_becomes_na_and_the_row_stays(fill: Fill, ward: Unit, plan: Plan) -> None:
    before = consolidate(fill(ward).parent, plan, AS_OF).tables.frames["delegates"]
    after = consolidate(fill(ward, {"Đại biểu!E7": "không rõ"}).parent, plan, AS_OF).tables.frames["delegates"]
    assert len(after) == len(before)
    assert after["birth_year"].isna().tolist() == [True, *before["birth_year"].isna()[1:]]


def test_the_upper_units_form_is_recognised_by_its_own_label(plan: Plan, form: Form, tmp_path: Path) -> None:
    path = tmp_path / "quan.xlsx"
    path.write_bytes(fill_in(plan, form, plan.upper_unit, {("Thông tin", 13, 2): "Nhà hát Lớn"}))
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


def _accounts(path: Path, plan: Plan) -> dict[str, Account]:
    (submission,) = check_files([path], plan, AS_OF).submissions
    return {account.sheet: account for account in submission.accounts}


def test_every_cell_of_a_valid_workbook_is_used_or_the_forms_own(fill: Fill, plan: Plan) -> None:
    for unit in (plan.units_by_code["00061"], plan.units_by_code["00082"], plan.upper_unit):
        for account in _accounts(fill(unit), plan).values():
            assert account.balanced
            assert (account.rejected, account.blank, account.lost, account.outside) == (0, 0, 0, [])


def test_tep08_notes_beside_the_table_are_listed_cell_by_cell(fill: Fill, ward: Unit, check: Check, plan: Plan) -> None:
    path = fill(ward, {"Đại biểu!S9": "hỏi lại anh Tư", "Đại biểu!U2": "=1+1", "Hướng dẫn!F3": "đã đọc"})
    findings = check(path)
    assert _codes(findings) == [("TEP08", "Hướng dẫn", "F3"), ("TEP08", "Đại biểu", "U2")]
    assert "2 ô nằm ngoài biểu mẫu, không đọc: U2, S9" in findings[1].message
    assert "anh Tư" not in findings[1].message
    assert _accounts(path, plan)["Đại biểu"].outside == [(2, 21, "=1+1"), (9, 19, "hỏi lại anh Tư")]


def test_tep08_an_extra_sheet_and_tep09_a_hidden_one(fill: Fill, ward: Unit, check: Check) -> None:
    def hide(book: openpyxl.Workbook) -> None:
        book["Kho"].sheet_state = "hidden"

    path = _edit(fill(ward, {"Nháp!A1": "x", "Nháp!B2": 3, "Kho!A1": "cũ"}), hide)
    findings = check(path)
    assert _codes(findings) == [("TEP09", "Kho", ""), ("TEP08", "Nháp", "")]
    assert "2 ô không đọc" in findings[1].message


def test_tep09_hidden_rows_are_read_and_said(fill: Fill, ward: Unit, check: Check) -> None:
    def hide(book: openpyxl.Workbook) -> None:
        for row in (9, 10, 250):
            book["Đại biểu"].row_dimensions[row].hidden = True

    (finding,) = check(_edit(fill(ward), hide))
    assert (finding.code, finding.sheet) == ("TEP09", "Đại biểu")
    assert "2 dòng ẩn (hoặc bị lọc) có dữ liệu, vẫn được đọc: dòng 9, 10" in finding.message


def test_tep09_formulas_without_value(fill: Fill, ward: Unit, check: Check) -> None:
    """openpyxl, like many programs, saves a formula without what it gives."""

    def compute(book: openpyxl.Workbook) -> None:
        book["Đại biểu"]["Q9"] = "=1+1"

    findings = [f for f in check(_edit(fill(ward), compute)) if f.sheet == "Đại biểu"]
    assert _codes(findings) == [("TEP09", "Đại biểu", "Q9")]


def test_an_error_value_is_rejected_where_it_stands(fill: Fill, ward: Unit, check: Check, plan: Plan) -> None:
    def break_cell(book: openpyxl.Workbook) -> None:
        book["Đại biểu"]["E9"].value = "#REF!"

    path = _edit(fill(ward), break_cell)
    findings = [f for f in check(path) if f.sheet == "Đại biểu"]
    assert _codes(findings) == [("O03", "Đại biểu", "E9")]
    assert _accounts(path, plan)["Đại biểu"].rejected == 1


def test_blank_to_the_eye_is_counted_apart(fill: Fill, ward: Unit, plan: Plan) -> None:
    account = _accounts(fill(ward, {f"Đại biểu!{c}290": " \u00a0\u200b" for c in "BCD"}), plan)["Đại biểu"]
    assert (account.blank, account.outside, account.balanced) == (3, [], True)


def test_tep03_a_file_named_after_another_unit_is_read_by_its_content(fill: Fill, ward: Unit, check: Check) -> None:
    (finding,) = check(fill(ward, name="dhtt-2020_00064_hang-gai.xlsx"))
    assert (finding.code, finding.unit, finding.severity) == ("TEP03", ward.code, Severity.WARNING)
    assert "Tên tệp của Phường Hàng Gai nhưng nội dung của Phường Hàng Bạc" in finding.message


def test_tep03_a_workbook_copied_from_another_ward_is_caught(fill: Fill, ward: Unit, plan: Plan) -> None:
    """The name was changed on the sheet and in the file's name; the stamp still says whose form it was."""
    path = fill(ward, {"Thông tin!B5": "Phường Hàng Gai"}, name="dhtt-2020_00064_hang-gai.xlsx")
    result = consolidate(path.parent, plan, AS_OF)
    assert result.used == {}
    (finding,) = [f for f in result.findings if f.code == "TEP03"]
    assert (finding.severity, finding.cell) == (Severity.ERROR, "B5")


def test_tep03_a_slip_in_the_name_is_asked(fill: Fill, ward: Unit, check: Check) -> None:
    (finding,) = check(fill(ward, {"Thông tin!B5": "Hàng Bạcc", f"{IDENTITY_SHEET}!B3": None}, name="tệp.xlsx"))
    assert "có phải ý bạn là “Phường Hàng Bạc”?" in finding.message


@pytest.mark.parametrize(
    ("changes", "cell"),
    [
        ({"Đại biểu!C6": "Họ vả tên *"}, "C6"),
        ({"Đại biểu!O6": "Thành phẩn kinh tê"}, "O6"),
        ({"Đại biểu!L6": "Đối tượg"}, "L6"),
    ],
)
def test_tep07_a_typo_in_a_heading_is_repaired_and_said(
    changes: dict[str, str], cell: str, fill: Fill, ward: Unit, check: Check
) -> None:
    findings = check(fill(ward, changes))
    assert [(f.code, f.cell, f.severity) for f in findings] in ([], [("TEP07", cell, Severity.WARNING)])
    assert findings or cell != "L6"


def test_tep07_an_unknown_heading_is_asked_and_its_cells_listed(
    fill: Fill, ward: Unit, check: Check, plan: Plan
) -> None:
    path = fill(ward, {"Đại biểu!F6": "Sắc dân"})
    (finding,) = check(path)
    assert (finding.code, finding.severity) == ("TEP07", Severity.ERROR)
    assert "Có phải là cột F?" in finding.advice  # what stands there may be a name
    outside = _accounts(path, plan)["Đại biểu"].outside
    assert {cell.column for cell in outside} == {6}
    assert len(outside) >= 60


def test_headings_in_two_rows_and_merged(fill: Fill, ward: Unit, check: Check) -> None:
    """A clerk splits "Trực tiếp lao động" over two rows, and merges the other headings downwards."""

    def split(book: openpyxl.Workbook) -> None:
        sheet = book["Đại biểu"]
        sheet.insert_rows(7)
        for column in range(1, 18):
            if column != 13:
                sheet.merge_cells(start_row=6, end_row=7, start_column=column, end_column=column)
        sheet["M6"], sheet["M7"] = "Trực tiếp", "lao động (x)"

    assert [f for f in check(_edit(fill(ward), split)) if f.severity is Severity.ERROR] == []


def test_another_programs_habits_are_understood(fill: Fill, ward: Unit, check: Check) -> None:
    """Look-alike letters, decomposed text, marks of all kinds, numbers as text: read, and said where it was a guess."""
    changes = {
        "Đại biểu!C9": "\u00d0inh Thị Hoa\u0300",
        "Đại biểu!M9": "có",
        "Đại biểu!M10": "✓",
        "Đại biểu!E9": "1980",
        "Thông tin!B11": "13h30 chiều",
    }
    entries = {"Thông tin!B10": "Chiều", "Thông tin!B12": "16.15"}
    findings = check(fill(ward, changes | entries))
    assert [(f.sheet, f.cell, f.severity) for f in findings] == [
        ("Thông tin", "B11", Severity.NOTE),
        ("Thông tin", "B12", Severity.NOTE),
        ("Đại biểu", "E9", Severity.NOTE),
        ("Đại biểu", "M9", Severity.NOTE),
        ("Đại biểu", "M10", Severity.NOTE),
    ]
    assert "Chữ “13h30 chiều” được hiểu là 13:30" in findings[0].message


def test_all_files_broken(fill: Fill, ward: Unit, plan: Plan) -> None:
    folder = fill(ward).parent
    for path in folder.iterdir():
        path.write_bytes(b"PK\x03\x04 broken")
    (folder / "b.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000))
    result = consolidate(folder, plan, AS_OF)
    assert result.used == {}
    assert [f.code for f in result.findings if f.file] == ["TEP01", "TEP01"]
    assert result.figures.units["listed"].sum() == 0


def test_a_file_that_vanishes_while_it_is_read(fill: Fill, ward: Unit) -> None:
    files = find_files(fill(ward).parent)
    files[0].path.unlink()
    (workbook,) = open_workbooks(files)
    assert workbook.refusal == "unreadable"
    assert workbook.problem.startswith("không mở được tệp")


def test_a_workbook_with_macros_by_its_name_is_read(fill: Fill, ward: Unit, check: Check) -> None:
    assert check(fill(ward, name="biểu mẫu.xlsm")) == []


LEGACY = {"Đại biểu!I9": "Ph\u00adêng Hµng B¹c", "Báo cáo!B23": "Phong trµo thi ®ua ®\u00adîc ®Èy m¹nh"}


def test_o05_legacy_text_is_named_and_what_it_should_read(fill: Fill, ward: Unit, check: Check) -> None:
    findings = [f for f in check(fill(ward, LEGACY)) if f.code == "O05"]
    assert _codes(findings) == [("O05", "Đại biểu", "I9"), ("O05", "Báo cáo", "B23")]
    assert "đọc là “Phường Hàng Bạc”" in findings[0].message
    (name,) = [f for f in check(fill(ward, {"Đại biểu!C9": "NguyÔn V¨n Hïng"})) if f.code == "O05"]
    assert "Hùng" not in name.message


def test_o05_is_converted_on_request(fill: Fill, ward: Unit, plan: Plan) -> None:
    result = check_files([fill(ward, LEGACY)], plan, AS_OF, convert_legacy=True)
    assert [(f.code, f.severity) for f in result.findings] == [("O05", Severity.NOTE)] * 2
    frame = result.tables.frames["delegates"]
    assert frame.loc[frame["excel_row"] == 9, "organisation"].item() == "Phường Hàng Bạc"


def test_empty_cells_break_rules_that_there_are(plan: Plan, form: Form) -> None:
    check_blank_rules(form)
    info = form.tables["info"]
    unknown = replace(info, columns=(replace(info.columns[1], blank_rule="TT99"),))
    with pytest.raises(ValueError, match=r"^info\.form: no rule “TT99”$"):
        read_submissions([], Form({"info": unknown}), plan)
