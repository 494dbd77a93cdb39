"""What goes back to a unit is its own workbook, whole and marked: read again it holds the same and lacks the same."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable
from dataclasses import astuple
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from dhtt_excel.excel.text_size import fits_row
from dhtt_excel.findings import Severity
from dhtt_excel.form.draw_form import Entries, draw_form
from dhtt_excel.form.form import CHECK_SHEET, FORM_VERSION, IDENTITY_SHEET, Form
from dhtt_excel.form.sheets.corrections import CHANGED, UNCHANGED
from dhtt_excel.form.stamps import OUTSIDE_SHEET, PROGRESS_COLUMN
from dhtt_excel.outputs.returns.restore_entries import split_paragraphs
from dhtt_excel.outputs.returns.write_returns import write_returns
from dhtt_excel.pipeline import check_files, consolidate
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.result import Result
from dhtt_excel.rules import RULES
from tests.conftest import AS_OF, Fill
from tests.libreoffice import LibreOffice
from tests.packages import edit_package
from tests.reading.test_round_trips import FILLED, FORMATS
from tests.typed import by_place, fill_in

Valid = Callable[[Unit], Entries]
# Of the file itself, which a fresh form mends; told besides.
OF_THE_FILE = re.compile(r"TEP\d\d")


Copies = dict[str, tuple[str, bytes]]


def copies_of(folder: Path, plan: Plan) -> Copies:
    return write_returns(consolidate(folder, plan, AS_OF))


def send_back(copies: Copies, folder: Path) -> Path:
    folder.mkdir()
    for name, data in copies.values():
        (folder / name).write_bytes(data)
    return folder


def told(result: Result, unit: str) -> list[tuple[Any, ...]]:
    """What the unit has to mend, as it is told."""
    return [
        (f.code, f.severity, f.sheet, f.cell, f.message, f.advice)
        for f in result.findings_by_unit.get(unit, [])
        if f.severity.asks and not OF_THE_FILE.match(f.code)
    ]


def same_data(first: Result, second: Result, unit: str) -> None:
    for key in first.form.tables:
        frames = [r.tables.frames[key] for r in (first, second)]
        ours = [f[f["unit"].eq(unit)].drop(columns=["file"]).reset_index(drop=True) for f in frames]
        pd.testing.assert_frame_equal(*ours)


@pytest.fixture(scope="module")
def spoilt(plan: Plan, form: Form, ward: Unit, valid_entries: Valid, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the ward's workbook, faults and all; read only."""
    entries = valid_entries(ward)
    entries |= by_place(FILLED)
    folder = tmp_path_factory.mktemp("da nhận")
    (folder / "dhtt-2020_00061.xlsx").write_bytes(fill_in(plan, form, ward, entries))
    return folder


@pytest.fixture(scope="module")
def first(spoilt: Path, plan: Plan) -> Result:
    return consolidate(spoilt, plan, AS_OF)


@pytest.fixture(scope="module")
def copies(first: Result) -> Copies:
    return write_returns(first)


@pytest.fixture
def returned(copies: Copies, tmp_path: Path) -> Path:
    """What the ward gets back, in a folder of its own."""
    return send_back(copies, tmp_path / "trả")


@pytest.fixture
def own(spoilt: Path, tmp_path: Path) -> Path:
    """The ward's workbook, to be changed."""
    return Path(shutil.copy(next(spoilt.iterdir()), tmp_path))


def test_read_back_it_gives_the_same(first: Result, returned: Path, plan: Plan, ward: Unit) -> None:
    second = consolidate(returned, plan, AS_OF)
    assert len(told(first, ward.code)) > 10
    assert told(second, ward.code) == told(first, ward.code)
    assert [
        f for f in second.findings_by_unit[ward.code] if OF_THE_FILE.match(f.code) or f.severity is Severity.NOTE
    ] == []
    same_data(first, second, ward.code)


@pytest.mark.libreoffice
@pytest.mark.parametrize("suffix", FORMATS)
def test_whatever_was_sent(
    suffix: str, libreoffice: LibreOffice, spoilt: Path, plan: Plan, ward: Unit, tmp_path: Path
) -> None:
    """The ward sent .xls or .ods; and saves its copy in such a format, too."""
    sent = _save_as(libreoffice, spoilt, suffix, tmp_path / "gửi")
    first = consolidate(sent, plan, AS_OF)
    returned = send_back(write_returns(first), tmp_path / "trả")
    second = consolidate(returned, plan, AS_OF)
    assert told(second, ward.code) == told(first, ward.code)
    same_data(first, second, ward.code)
    third = consolidate(_save_as(libreoffice, returned, suffix, tmp_path / "nộp lại"), plan, AS_OF)
    assert told(third, ward.code) == told(first, ward.code)
    same_data(first, third, ward.code)
    accounts = third.used[ward.code].accounts
    assert [account.asides for account in accounts if account.asides] == []  # the notes are ours
    added = [a for a in accounts if a.sheet.startswith("Cần sửa") or a.sheet == OUTSIDE_SHEET]
    assert len(added) == 2
    for account in added:
        assert account.received == account.printed, f"{suffix}: {account}"


def _save_as(libreoffice: LibreOffice, folder: Path, suffix: str, target: Path) -> Path:
    for path in folder.iterdir():
        libreoffice.save_as(path, target / f"{path.stem}.{suffix}")
    return target


def test_an_older_form_comes_back_as_the_present_one(own: Path, plan: Plan, ward: Unit, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(own)
    identity = book[IDENTITY_SHEET]
    assert identity["A2"].value == "form_version"
    identity["B2"] = "0"
    book["Đại biểu"].title = "Danh sách đại biểu"
    book["Danh sách đại biểu"]["C6"] = "Họ tên đại biểu"
    book["Danh sách đại biểu"].insert_rows(1, 2)  # everything stands two rows lower
    book.save(own)
    first = consolidate(own.parent, plan, AS_OF)
    assert {"TEP02", "TEP06", "TEP07"} <= {f.code for f in first.findings}
    second = consolidate(send_back(write_returns(first), tmp_path / "trả"), plan, AS_OF)
    assert second.used[ward.code].version == FORM_VERSION
    moved = [(code, severity, "Đại biểu" if sheet == "Danh sách đại biểu" else sheet, message)
             for code, severity, sheet, _, message, _ in told(first, ward.code)]  # fmt: skip
    assert sorted((code, s, sheet, m) for code, s, sheet, _, m, _ in told(second, ward.code)) == sorted(moved)
    assert "E7" in {f.cell for f in second.findings_by_unit[ward.code]}
    frames = [r.tables.frames["delegates"].drop(columns=["file", "excel_row"]) for r in (first, second)]
    pd.testing.assert_frame_equal(*frames)


def test_what_stood_outside_is_carried_along(copies: Copies, returned: Path, plan: Plan, ward: Unit) -> None:
    again = copies_of(returned, plan)
    for _, data in (copies[ward.code], again[ward.code]):
        sheet = openpyxl.load_workbook(io.BytesIO(data))[OUTSIDE_SHEET]
        rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=4)]
        assert ("Đại biểu", "S3", "ngoài biểu") in rows
        assert ("Đại biểu", "Q250", "xem lại") in rows


@pytest.mark.parametrize("cell", ["F20", "L9"], ids=["below", "beside"])
def test_who_writes_on_our_sheets_is_heard(cell: str, returned: Path, plan: Plan, ward: Unit) -> None:
    (path,) = returned.iterdir()
    book = openpyxl.load_workbook(path)
    book.worksheets[0][cell] = "chúng tôi đã sửa"
    book.save(path)
    result = consolidate(returned, plan, AS_OF)
    outside = [c.text for a in result.used[ward.code].accounts for c in a.outside]
    assert "chúng tôi đã sửa" in outside
    assert "TEP08" in {f.code for f in result.findings_by_unit[ward.code]}


def test_every_bad_cell_is_marked_and_listed(first: Result, copies: Copies, ward: Unit) -> None:
    book = openpyxl.load_workbook(io.BytesIO(copies[ward.code][1]))
    told_first = book.worksheets[0]
    asked = [f for f in first.findings_by_unit[ward.code] if f.severity.asks]
    assert told_first.title == f"Cần sửa ({len(asked)})"
    listed = [row for row in told_first.iter_rows() if row[1].value in ("Lỗi", "Cảnh báo")]
    assert sorted(row[5].value for row in listed) == sorted(f.message for f in asked)
    for row in listed:
        sheet, cell = row[3].value, row[4]
        if cell.value and re.fullmatch("[A-Z]+[0-9]+", cell.value) and row[PROGRESS_COLUMN - 1].value:
            assert cell.hyperlink.location == f"'{sheet}'!{cell.value}"
            assert row[5].value in book[sheet][cell.value].comment.text
            assert row[6].value in book[sheet][cell.value].comment.text
    assert book["Đại biểu"]["E7"].comment
    assert book["Đại biểu"]["E30"].comment is None


def test_the_form_is_whole(own: Path, plan: Plan, form: Form, ward: Unit) -> None:
    """Drop-downs, names, conditions and formulas are those of a template, whatever the ward's program left of them."""
    book = openpyxl.load_workbook(own)
    for sheet in book.worksheets:
        sheet.data_validations.dataValidation = []
        sheet.conditional_formatting = type(sheet.conditional_formatting)()
    book.save(own)
    copy = openpyxl.load_workbook(io.BytesIO(copies_of(own.parent, plan)[ward.code][1]))
    template = openpyxl.load_workbook(io.BytesIO(draw_form(plan, form, ward, RULES)))
    assert set(template.defined_names) == set(copy.defined_names)
    for title in (*form.sheets, CHECK_SHEET):
        rules = [{str(v.sqref): v.formula1 for v in b[title].data_validations.dataValidation} for b in (template, copy)]
        assert rules[0] == rules[1], title
        kept, marked = ({str(r.sqref) for r in b[title].conditional_formatting} for b in (template, copy))
        assert kept <= marked, title
        formulas = [
            {c.coordinate: c.value for row in b[title].iter_rows() for c in row if c.data_type == "f"}
            for b in (template, copy)
        ]
        assert formulas[0] == formulas[1], title


def test_the_same_files_give_the_same_copies(copies: Copies, spoilt: Path, plan: Plan) -> None:
    assert copies_of(spoilt, plan) == copies


def test_who_has_nothing_to_mend_gets_nothing(plan: Plan, ward: Unit, fill: Fill) -> None:
    assert copies_of(fill(ward).parent, plan) == {}


def test_who_sent_what_cannot_be_read_gets_an_empty_form(plan: Plan, ward: Unit, tmp_path: Path) -> None:
    (tmp_path / "dhtt-2020_00061.xlsx").write_bytes(b"PK\x03\x04 hong")
    name, data = copies_of(tmp_path, plan)[ward.code]
    assert name == "dhtt-2020_00061_hang-bac_sua-lan-1.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames[0] == "Cần sửa (1)"
    assert book["Thông tin"]["B5"].value == plan.name_of(ward)
    assert "tệp hỏng" in " ".join(str(c.value) for row in book.worksheets[0].iter_rows() for c in row)


def test_error_values_stay_errors(plan: Plan, ward: Unit, fill: Fill, tmp_path: Path) -> None:
    path = fill(ward, calculated=True)
    edit_package(
        path, {"xl/worksheets/sheet3.xml": lambda text: re.sub(r'<c r="E10"[^>]*>.*?</c>', '<c r="E10" t="e"><f>1/0</f><v>#DIV/0!</v></c>', text)}
    )  # fmt: skip
    first = consolidate(path.parent, plan, AS_OF)
    second = consolidate(send_back(write_returns(first), tmp_path / "trả"), plan, AS_OF)
    told_first, verdicts = first.findings_by_unit[ward.code]
    assert astuple(told_first)[4:6] == ("Đại biểu", "E10")
    assert (verdicts.code, verdicts.sheet) == ("TEP10", CHECK_SHEET)  # nobody has calculated them since
    assert told(second, ward.code) == told(first, ward.code)


@pytest.mark.libreoffice
def test_the_first_sheet_tells_what_has_changed(
    libreoffice: LibreOffice, plan: Plan, ward: Unit, fill: Fill, tmp_path: Path
) -> None:
    """Recalculated by LibreOffice after some cells were mended."""
    path = fill(
        ward, {"Đại biểu!E10": 99, "Đại biểu!F12": "Kinhh", "Đại biểu!C14": None, "Thông tin!B9": date(2019, 1, 1)}
    )
    folder = send_back(copies_of(path.parent, plan), tmp_path / "trả")
    (copy,) = folder.iterdir()
    shown = _present(libreoffice.recalculate(copy.read_bytes(), tmp_path))
    assert {cell: shown[cell] for cell in ("E10", "F12", "C14")} == dict.fromkeys(("E10", "F12", "C14"), UNCHANGED)
    book = openpyxl.load_workbook(copy)
    book["Đại biểu"]["E10"] = 1970
    book["Đại biểu"]["C14"] = "Nguyễn Thị Mới"
    book.save(copy)
    after = _present(libreoffice.recalculate(copy.read_bytes(), tmp_path))
    assert {cell: after[cell] for cell in ("E10", "F12", "C14")} == {"E10": CHANGED, "F12": UNCHANGED, "C14": CHANGED}


def _present(book: Any) -> dict[str, Any]:
    return {row[4].value: row[PROGRESS_COLUMN - 1].value for row in book.worksheets[0].iter_rows() if row[4].value}


def test_a_long_answer_is_spread_over_the_rows_of_its_section(
    fill: Fill, plan: Plan, form: Form, ward: Unit, tmp_path: Path
) -> None:
    """In a copy that is returned every row prints whole, and the copy says the same."""
    report = form.tables["report"]
    long = "\n".join([*["Một đoạn văn dài. " * 60 + "Hết đoạn."] * 4, "Đoạn cuối."])
    parts = split_paragraphs(long, report.rows_a_line)
    assert "\n".join(parts) == long
    assert 1 < len(parts) <= report.rows_a_line
    assert all(fits_row(part, report.by_key["content"].width, 13) for part in parts)
    result = consolidate(fill(ward, {"Báo cáo!B8": long, "Đại biểu!E10": 99}).parent, plan, AS_OF)
    name, data = write_returns(result)[ward.code]
    (tmp_path / name).write_bytes(data)
    again = check_files([tmp_path / name], plan, AS_OF)
    for answers in (result.tables.frames["report"], again.tables.frames["report"]):
        assert answers["content"][0] == long


def test_an_answer_goes_on_below(fill: Fill, plan: Plan, ward: Unit) -> None:
    """Paragraphs in cells below each other are one answer; an error value among them spoils it, as it would alone."""
    first = check_files([fill(ward, {"Báo cáo!B8": "Một.", "Báo cáo!B9": "Hai.", "Báo cáo!B12": "Ba."})], plan, AS_OF)
    assert first.tables.frames["report"]["content"][0] == "Một.\nHai.\nBa."
    assert first.findings == []
    later = check_files([fill(ward, {"Báo cáo!B23": None, "Báo cáo!B25": "Ở dòng dưới."})], plan, AS_OF)
    assert later.findings == []
