"""danh-ba.xlsx: what is written, what is understood, what is told; addresses are the concern of nobody else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from dhtt_excel.findings import Finding, Severity
from dhtt_excel.inbox.find_files import name_files
from dhtt_excel.inbox.open_workbooks import open_workbooks
from dhtt_excel.office.contacts import Contact, Contacts, Mailbox, draw_contacts, read_contacts
from dhtt_excel.pipeline import consolidate
from dhtt_excel.plan.plan import Plan, Unit, load_plan
from dhtt_excel.text.file_names import CONTACTS_FILE
from tests.conftest import AS_OF, Fill

FIRST_ROW = 5
Line = tuple[str | None, ...]
Read = Callable[..., tuple[Contacts, list[Finding]]]


def write_contacts(path: Path, plan: Plan, lines: dict[int, Line]) -> Path:
    """The list as the command writes it, with these rows (from column A) typed by staff."""
    path.write_bytes(draw_contacts(plan))
    book = load_workbook(path)
    for row, values in lines.items():
        for column, value in enumerate(values, start=1):
            if value is not None:
                book.worksheets[0].cell(row, column, value)
    book.save(path)
    return path


@pytest.fixture
def read(plan: Plan, tmp_path: Path) -> Read:
    def reading(lines: dict[int, Line]) -> tuple[Contacts, list[Finding]]:
        path = write_contacts(tmp_path / CONTACTS_FILE, plan, lines)
        return read_contacts(next(open_workbooks(name_files([path]))), plan)

    return reading


def test_a_fresh_list_has_every_local_unit_and_no_problem(read: Read, plan: Plan, tmp_path: Path) -> None:
    assert read({}) == ({}, [])
    sheet = load_workbook(tmp_path / CONTACTS_FILE).worksheets[0]
    rows = [FIRST_ROW + place for place in range(len(plan.local_units))]
    assert [sheet.cell(row, 1).value for row in rows] == [plan.name_of(unit) for unit in plan.local_units]
    assert sheet.cell(rows[-1] + 1, 1).value is None
    assert draw_contacts(plan) == draw_contacts(plan)


def test_no_list_is_no_problem(plan: Plan) -> None:
    assert read_contacts(None, plan) == ({}, [])


@pytest.mark.parametrize("named", ["Phường Hàng Bạc", "hàng bạc", "00061", "HANG BAC"])
def test_a_unit_by_name_or_code(read: Read, named: str) -> None:
    contacts, told = read({13: ("",), 30: (named, None, "a.b@hanoi.gov.vn")})
    assert told == []
    assert contacts == {"00061": Contact((Mailbox("", "a.b@hanoi.gov.vn"),))}


@pytest.mark.parametrize(
    ("name", "to", "expected"),
    [
        ("Lê Thị Ánh, Chánh VP", "a@b.vn", [("Lê Thị Ánh, Chánh VP", "a@b.vn")]),
        ("Lê Ánh; Vũ Bình", "a@b.vn; c@d.vn", [("Lê Ánh", "a@b.vn"), ("Vũ Bình", "c@d.vn")]),
        ("Lê Ánh, Vũ Bình", "a@b.vn,c@d.vn", [("Lê Ánh", "a@b.vn"), ("Vũ Bình", "c@d.vn")]),
        ("Lê Ánh", "a@b.vn; c@d.vn;", [("", "a@b.vn"), ("", "c@d.vn")]),  # whose name is it?
        ("Lê\nÁnh\u200b", "a@b.vn\nc@d.vn", [("Lê", "a@b.vn"), ("Ánh", "c@d.vn")]),
        ("Lê Ánh\nBcc: x@y.vn", "a@b.vn", [("Lê Ánh Bcc: x@y.vn", "a@b.vn")]),
    ],
)
def test_names_and_addresses(read: Read, name: str, to: str, expected: list[tuple[str, str]]) -> None:
    contacts, told = read({13: ("Phường Hàng Bạc", name, to, "sep@b.vn; pho@b.vn", "gọi trước")})
    assert told == []
    assert contacts["00061"].to == tuple(Mailbox(*pair) for pair in expected)
    assert contacts["00061"].cc == (Mailbox("", "sep@b.vn"), Mailbox("", "pho@b.vn"))


@pytest.mark.parametrize(
    "address",
    [
        "hàngbạc@hanoi.gov.vn", "a b@hanoi.gov.vn", "hanoi.gov.vn", "a@hanoi", "a@@b.vn", "a@b..vn", ".a@b.vn", "a.@b.vn",
        "a@-b.vn", "a@b.v", "<a@b.vn>", "Ánh <a@b.vn>", "a@b.vn\nBcc: x@y.vn", "a@b.vn\r\nx", f"{'a' * 65}@b.vn", "mailto:a@b.vn",
    ],
)  # fmt: skip
def test_a_bad_address_is_one_finding_with_its_cell_and_is_not_repeated(read: Read, address: str) -> None:
    contacts, told = read({13: ("Phường Hàng Bạc", None, address), 14: ("Phường Hàng Gai", None, "gai@b.vn")})
    (finding,) = told
    assert (finding.code, finding.severity, finding.cell) == ("NB03", Severity.WARNING, "C13")
    assert address not in f"{finding.message} {finding.advice}"
    assert "không đúng" in finding.message
    assert list(contacts) == ["00064"]


@pytest.mark.parametrize("address", ["a@b.vn", "a.b-c_d+e%f'g@x-y.hanoi.gov.vn", "A1@B2.VN"])
def test_a_good_address(read: Read, address: str) -> None:
    contacts, told = read({13: ("Phường Hàng Bạc", None, address)})
    assert (contacts["00061"].to[0].address, told) == (address, [])


def test_what_is_told_and_the_good_lines_are_used(read: Read) -> None:
    contacts, told = read(
        {
            13: (None, None, "bac@b.vn"),
            15: (None, None, "một@b.vn; hai@b.vn; b@", "sai"),
            24: ("Hàng Bạcc", None, "x@y.vn"),
            25: ("Đoàn thanh niên xung kích", None, "x@y.vn"),
            26: ("00061", None, "second@b.vn"),
            27: ("Quận Hoàn Kiếm", None, "quan@b.vn"),
            28: (None, "Lê Ánh", "who@b.vn"),
        }
    )
    assert {c: contact.to[0].address for c, contact in contacts.items()} == {"00061": "bac@b.vn"}
    by_cell = {f.cell: f for f in told}
    assert sorted(by_cell) == ["A24", "A25", "A26", "A27", "A28", "C15", "D15"]
    assert len(told) == len(by_cell)
    assert "Có phải ý bạn là “Phường Hàng Bạc”?" in by_cell["A24"].advice
    assert "ý bạn" not in by_cell["A25"].advice
    assert by_cell["A26"].message == "Phường Hàng Bạc đã có ở dòng 13: dòng này không dùng"
    assert "nơi tổng hợp" in by_cell["A27"].message
    assert "Chưa ghi “Đơn vị”" in by_cell["A28"].message
    assert by_cell["C15"].message.startswith("Địa chỉ thứ 1, 3 không đúng")
    assert all(f.file == CONTACTS_FILE and f.unit == "" for f in told)


def test_a_second_line_is_used_where_the_first_has_no_address(read: Read) -> None:
    contacts, told = read({40: ("Phường Hàng Bạc", None, "bac@b.vn")})
    assert (list(contacts), told) == (["00061"], [])


def test_a_list_without_the_column_of_addresses_is_told(plan: Plan, tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(["Đơn vị", "Điện thoại"])
    book.worksheets[0].append(["Phường Hàng Bạc", "024"])
    book.save(tmp_path / "khác.xlsx")
    contacts, (told,) = read_contacts(next(open_workbooks(name_files([tmp_path / "khác.xlsx"]))), plan)
    assert contacts == {}
    assert "Không thấy cột “Thư điện tử”" in told.message


def test_the_contacts_of_a_run(fill: Fill, plan: Plan, ward: Unit) -> None:
    """Its problems are findings of the run, and the list is no returned workbook, even where it lies among them."""
    folder = fill(ward).parent
    path = write_contacts(
        folder / "danh bạ của tôi.xlsx", plan, {13: (None, None, "bac@b.vn"), 30: ("Xa lạ", None, "x@y.vn")}
    )
    result = consolidate(folder, plan, AS_OF, contacts=path)
    assert list(result.contacts) == ["00061"]
    assert [s.source.file for s in result.submissions] == [plan.workbook_name(ward)]
    assert [(f.file, f.cell) for f in result.findings if f.code == "NB03"] == [("danh bạ của tôi.xlsx", "A30")]


def test_a_damaged_list_is_told_and_the_run_goes_on(fill: Fill, plan: Plan, ward: Unit, tmp_path: Path) -> None:
    path = tmp_path / CONTACTS_FILE
    path.write_bytes(b"PK\x03\x04 torn")
    result = consolidate(fill(ward).parent, plan, AS_OF, contacts=path)
    assert result.contacts == {}
    (told,) = [f for f in result.findings if f.code == "NB03"]
    assert told.message == "Không đọc được: tệp hỏng; chạy tiếp như khi không có tệp này"
    assert list(result.used) == [ward.code]


def test_units_of_several_kinds(tmp_path: Path) -> None:
    plan = load_plan("ha-noi-2025")
    unit = plan.local_units[0]
    path = write_contacts(tmp_path / CONTACTS_FILE, plan, {FIRST_ROW: (None, None, "a@b.vn")})
    contacts, told = read_contacts(next(open_workbooks(name_files([path]))), plan)
    assert (list(contacts), told) == ([unit.code], [])
