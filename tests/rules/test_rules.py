"""Each rule: a valid workbook, one broken cell, exactly one finding with that code and that cell."""

from __future__ import annotations

import io
import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import product, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.findings import Finding, Severity
from dhtt_excel.form.draw_form import Entries
from dhtt_excel.form.form import CHECK_SHEET, Form, Kind
from dhtt_excel.pipeline import check_files, consolidate
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.result import Verdict
from tests.conftest import AS_OF, CheckEach, Fill, list_asked

Check = Callable[[Path], list[Finding]]


ERROR, WARNING, NOTE, _ = Severity
WARD, UPPER, PILOT = "00061", "002", "00082"


@dataclass(frozen=True)
class Case:
    """`changes` to a valid workbook and the one finding that they must make."""

    code: str
    changes: Mapping[str, Any]
    cell: str
    severity: Severity = Severity.ERROR
    says: str = ""
    unit: str = WARD


CASES = [
    Case("TEP07", {"Đại biểu!F6": "Sắc dân"}, "", says="Không thấy cột “Dân tộc”"),
    Case("TEP07", {"Đại biểu!C6": "Họ tên đại biểu"}, "Đại biểu!C6", WARNING, "“Họ tên đại biểu” được hiểu là “Họ và tên”"),
    Case("TEP08", {"Đại biểu!Q250": "xem lại"}, "Đại biểu!Q250", WARNING, "Giá trị lẻ"),
    Case("O01", {"Đại biểu!D9": None}, "Đại biểu!D9", says="Chưa chọn “Giới tính”"),
    Case("O01", {"Thông tin!B13": None}, "Thông tin!B13", says="Chưa nhập “Địa điểm”"),
    Case("O01", {"Thông tin!B13": " \u200b"}, "Thông tin!B13", says="Chưa nhập “Địa điểm”"),
    Case("O02", {"Đại biểu!G8": "Phật giáo Hòa Hảoo"}, "Đại biểu!G8", says="có phải ý bạn là “Phật giáo Hòa Hảo”?"),
    Case("O02", {"Đại biểu!F8": "Khơ-me"}, "Đại biểu!F8", NOTE, "“Khơ-me” được hiểu là “Khmer”"),
    Case("O03", {"Đại biểu!E8": "19755"}, "Đại biểu!E8", says="“19755” không phải năm sinh"),
    Case("O03", {"Đại biểu!E8": "05/03/1975"}, "Đại biểu!E8", NOTE, "được hiểu là năm sinh 1975"),
    Case("O03", {"Đại biểu!E8": date(1975, 3, 5)}, "Đại biểu!E8", NOTE, "được hiểu là năm sinh 1975"),
    Case("O03", {"Đại biểu!E8": date(1905, 5, 28)}, "Đại biểu!E8", NOTE, "hiện “28/05/1905” được hiểu là năm sinh 1975"),
    Case("O03", {"Thông tin!B14": date(1900, 3, 25)}, "Thông tin!B14", says="định dạng ngày, giờ nên hiện “25/03/1900”"),
    Case("O03", {"Thông tin!B9": "05/03/2020 (Thứ 5)"}, "Thông tin!B9", NOTE, "được hiểu là ngày 05/03/2020"),
    Case("O03", {"Thông tin!B9": "5/3"}, "Thông tin!B9", says="thiếu năm; có phải 05/03/2020?"),
    Case("O03", {"Thông tin!B11": 8.3}, "Thông tin!B11", says="không phải giờ"),
    Case("O03", {"Thông tin!B9": "02/25/2020"}, "Thông tin!B9", says="đọc tháng trước thì là 25/02/2020"),
    Case("O03", {"Thông tin!B11": "tám giờ"}, "Thông tin!B11", says="không phải giờ"),
    Case("O03", {"Thông tin!B14": "khoảng 85 người"}, "Thông tin!B14", says="không phải số nguyên"),
    Case("O03", {"Đại biểu!M8": "hình như có"}, "Đại biểu!M8", says="không phải dấu chọn"),
    Case("O04", {"Đại biểu!E8": 1899}, "Đại biểu!E8", says="Năm sinh 1899"),
    Case("O04", {"Thông tin!B9": date(2002, 3, 10)}, "Thông tin!B9", says="Ngày 10/03/2002"),
    Case("O04", {"Thông tin!B9": date(2019, 3, 10), "Thông tin!B16": None}, "Thông tin!B9",
         says="Ngày 10/03/2019 trước ngày ban hành kế hoạch (05/12/2019); nếu nhầm năm, có phải 10/03/2020?"),
    Case("O04", {"Thông tin!B9": date(2019, 1, 25), "Thông tin!B16": None}, "Thông tin!B9", says="có phải 25/01/2020?", unit=PILOT),
    Case("O04", {"Thông tin!B16": date(2021, 3, 18)}, "Thông tin!B16", says="có phải 18/03/2020?"),
    Case("TT01", {"Thông tin!B6": None}, "Thông tin!B6", says="Chưa chọn “Hình thức tổ chức”"),
    Case("TT01", {"Thông tin!B6": "Lồng ghép", "Thông tin!B7": None}, "Thông tin!B7", says="Chưa nhập “Sự kiện lồng ghép”"),
    Case("TT02", {"Thông tin!B9": date(2020, 3, 15), "Thông tin!B16": None}, "Thông tin!B9", says="trước ngày 15/03/2020"),
    Case("TT02", {"Thông tin!B9": date(2020, 1, 30), "Thông tin!B16": None}, "Thông tin!B9", says="trước ngày 30/01/2020", unit=PILOT),
    Case("TT04", {"Thông tin!B12": time(18, 31)}, "Thông tin!B12", says="18:31 nằm ngoài buổi"),
    Case("TT04", {"Thông tin!B11": time(18), "Thông tin!B12": time(6)}, "Thông tin!B12", says="không sau giờ bắt đầu"),
    Case("TT05", {"Thông tin!B16": date(2020, 3, 20)}, "Thông tin!B16", says="phải trước ngày 20/03/2020"),
    Case("TT08", {"Thông tin!B9": date(2020, 3, 10), "Thông tin!B16": date(2020, 3, 9)}, "Thông tin!B16", says="trước ngày tổ chức 10/03/2020"),
    Case("TT06", {"Thông tin!B6": "Tổ chức riêng", "Thông tin!B7": None, "Thông tin!B8": "Hội nghị tổng kết"},
         "Thông tin!B8", WARNING, "Tên hội nghị khác với kế hoạch"),
    Case("DB02", {"Thông tin!B14": 7}, "Thông tin!B14", says="Khai 7 đại biểu, danh sách có"),
    Case("TL02", {"Tham luận!D7": "Tập thể không có ở đâu"}, "Tham luận!D7", says="không có trong đại biểu điển hình"),
    Case("CT01", {"Chương trình!D7": None}, "Chương trình!D7", says="Thiếu mục “Khai mạc”"),
    Case("BC01", {"Báo cáo!B23": None}, "Báo cáo!B23", says="Mục I.4 chưa có nội dung"),
    Case("BC05", {"Báo cáo!B24": "Kết quả rõ nét. " * 120}, "Báo cáo!B24", WARNING, "1.920 ký tự trong một ô: dài quá một ô in được"),
    Case("BC05", {"Báo cáo!B24": "Một dòng.\n" * 24}, "Báo cáo!B24", WARNING, "mỗi ô không quá 1400 ký tự"),
    Case("O08", {"Biểu dương!D4": "xem lại"}, "Biểu dương!D4", says="không phải dấu chọn"),
    Case("HN04", {"Thông tin!B9": date(2020, 4, 1), "Thông tin!B16": None}, "Thông tin!B9", says="01/03/2020 đến 31/03/2020", unit=UPPER),
    Case("HN04", {"Thông tin!B8": "Hội nghị tổng kết"}, "Thông tin!B8", says="Tên hội nghị khác", unit=UPPER),
]  # fmt: skip


@pytest.fixture(scope="module")
def found_of_ward(request: pytest.FixtureRequest, check_each: CheckEach) -> dict[int, list[Finding]]:
    """What the ward's cases make, by their number."""
    numbers = [number for number in list_asked(request, "number") if CASES[number].unit == WARD]
    return dict(zip(numbers, check_each([CASES[number].changes for number in numbers]), strict=True))


@pytest.mark.parametrize("number", range(len(CASES)), ids=[f"{c.code}-{i}" for i, c in enumerate(CASES)])
def test_one_broken_cell_makes_one_finding(
    number: int, found_of_ward: dict[int, list[Finding]], plan: Plan, fill: Fill, check: Check
) -> None:
    case = CASES[number]
    findings = found_of_ward[number] if case.unit == WARD else check(fill(plan.units_by_code[case.unit], case.changes))
    assert [(f.code, f"{f.sheet}!{f.cell}" if f.cell else "", f.severity) for f in findings] == [
        (case.code, case.cell, case.severity)
    ]
    assert case.says in f"{findings[0].message} {findings[0].advice}"


@pytest.mark.quick
def test_a_valid_workbook_has_no_finding(plan: Plan, fill: Fill) -> None:
    assert check_files([fill(unit) for unit in plan.units], plan, AS_OF).findings == []


def test_every_finding_says_where_it_comes_from(
    plan: Plan, ward: Unit, fill: Fill, check: Callable[[Path], list[Finding]]
) -> None:
    (finding,) = check(fill(ward, {"Báo cáo!B23": None}))
    assert (finding.unit, finding.file) == ("00061", "dhtt-2020_00061_hang-bac.xlsx")
    assert finding.citation == "Kế hoạch 215/KH-UBND, mục II.4.a"
    assert finding.advice


def test_the_district_is_told_its_own_clause(plan: Plan, fill: Fill, check: Check) -> None:
    cases: list[tuple[dict[str, Any], str, str]] = [
        ({"Thông tin!B6": None}, "TT01", "II.2.2.a"),
        ({"Thông tin!B11": time(5)}, "TT04", "II.2.2.c"),
        ({"Thông tin!B14": 7}, "DB02", "II.2.2.b"),
        ({"Đại biểu!F6": "Sắc dân"}, "TEP07", "III.1"),
        ({"Thông tin!B9": date(2020, 4, 1), "Thông tin!B16": None}, "HN04", "II.2.2.c"),
        ({"Thông tin!B8": "Hội nghị tổng kết"}, "HN04", "II.2.2.a"),
        ({"Báo cáo!B23": None}, "BC01", "II.4.a"),
    ]
    findings = check(fill(plan.upper_unit, {cell: value for changes, *_ in cases for cell, value in changes.items()}))
    findings += check(fill(plan.upper_unit, {"Tham luận!K7": 600}))  # where the hours are known
    expected = [(code, clause) for _, code, clause in cases] + [("TL04", "II.2.2.c")]
    assert Counter((f.code, f.citation) for f in findings) == Counter(
        (code, f"Kế hoạch 215/KH-UBND, mục {clause}") for code, clause in expected
    )


def test_the_districts_form_cites_its_own_clauses(
    plan: Plan, ward: Unit, valid_workbook: Callable[[Unit], bytes]
) -> None:
    cited = {}
    for unit in (ward, plan.upper_unit):
        sheet = openpyxl.load_workbook(io.BytesIO(valid_workbook(unit)), read_only=True)[CHECK_SHEET]
        cited[unit.level] = {
            str(row[0]): str(row[5]) for row in sheet.iter_rows(min_row=16, values_only=True) if row[0]
        }
    assert cited["local"]["TT04"].endswith("II.2.1.c")
    assert cited["upper"]["TT04"].endswith("II.2.2.c")
    assert not [text for text in cited["upper"].values() if "II.2.1" in text or "III.4" in text]


def test_blanks_below_each_other_are_one_finding(
    plan: Plan, ward: Unit, fill: Fill, check: Callable[[Path], list[Finding]]
) -> None:
    findings = check(fill(ward, {f"Đại biểu!D{row}": None for row in (7, 8, 9, 12)}))
    assert [(f.code, f.cell) for f in findings] == [("O01", "D7:D9"), ("O01", "D12")]


# Rules that a single fixed cell cannot break: the cell depends on the data, or several are needed.


def _rows(entries: Entries, form: Form, table: str) -> dict[int, dict[str, Any]]:
    """The filled rows of a list, by Excel row."""
    place = form.tables[table]
    rows = {
        row: {c.key: entries.get((place.sheet, row, i + 1)) for i, c in enumerate(place.columns)}
        for row in range(place.first_row, place.last_row + 1)
    }
    return {row: cells for row, cells in rows.items() if cells["name"]}


@pytest.fixture
def address(form: Form) -> Callable[[str, str, int], str]:
    def find(table: str, column: str, row: int) -> str:
        return f"{form.tables[table].sheet}!{cell_name(row, form.tables[table].position(column)[1])}"

    return find


Address = Callable[[str, str, int], str]
Valid = Callable[[Unit], Entries]


class Double(NamedTuple):
    """The cells that make the second person honoured the first once more, without the decision; what that one's row says,
    and the rows of both.
    """

    cells: dict[str, Any]
    person: dict[str, Any]
    first: int
    second: int


@pytest.fixture
def double(form: Form, ward: Unit, address: Address, valid_entries: Valid) -> Double:
    rows = _rows(valid_entries(ward), form, "honourees")
    first, second = [r for r, cells in rows.items() if cells["kind"] == "Cá nhân"][:2]
    keys = ("name", "gender", "birth_year", "organisation", "award")
    cells = {address("honourees", key, second): rows[first][key] for key in keys}
    return Double(cells, rows[first], first, second)


def _codes(findings: list[Finding]) -> list[tuple[str, str, Severity]]:
    return [(f.code, f"{f.sheet}!{f.cell}" if f.cell else "", f.severity) for f in findings]


def test_db01_one_exemplar_less_is_a_warning_with_advice(
    plan: Plan, form: Form, ward: Unit, check_each: CheckEach, address: Address, valid_entries: Valid
) -> None:
    entries = valid_entries(ward)
    speakers = {r["name"] for r in _rows(entries, form, "speakers").values()}
    delegates = _rows(entries, form, "delegates")
    ordinary = [
        row
        for row, r in delegates.items()
        if plan.group_of_category[r["category"]] == "exemplar"
        and not ({r["name"], r["collective"]} & speakers or r["nominated"])
    ]
    total = len(delegates)
    findings, more = check_each([_make_guests(form, address, ordinary[:count]) for count in (2, total // 10)])
    assert _codes(findings) == [("DB01", "Đại biểu!J6", WARNING)]
    exemplars = sum(plan.group_of_category[r["category"]] == "exemplar" for r in delegates.values()) - 2
    assert f"{total} đại biểu" in findings[0].message
    assert f"hiện {exemplars}/{total - exemplars}" in findings[0].message
    assert "chuyển" in findings[0].advice
    assert _codes(more) == [("DB01", "Đại biểu!J6", ERROR)]


def _make_guests(form: Form, address: Address, rows: list[int]) -> dict[str, Any]:
    """The changes that make guests of these exemplars, of whom less is asked."""
    left_out = {
        address("delegates", c.key, row): None for c in form.tables["delegates"].columns if c.only for row in rows
    }
    return left_out | {address("delegates", "category", row): "Khách mời khác" for row in rows}


def test_db02_no_delegates_at_all(form: Form, ward: Unit, fill: Fill, check: Check, valid_entries: Valid) -> None:
    sheet = form.tables["delegates"].sheet
    cleared = {f"{sheet}!{cell_name(r, c)}": None for (s, r, c) in valid_entries(ward) if s == sheet}
    findings = check(fill(ward, cleared))
    assert ("DB02", "Đại biểu!C6", ERROR) in _codes(findings)
    assert {f.code for f in findings} <= {"DB02", "TL02"}  # speakers who were delegates


def test_an_empty_list_is_a_fault_even_when_marked_as_such(
    form: Form, ward: Unit, check_each: CheckEach, valid_entries: Valid
) -> None:
    tables = [("speakers", "TL01", "Tham luận!D6"), ("honourees", "BD01", "Biểu dương!D6")]
    cases = list(product(tables, (False, True)))
    changes = []
    for (table, *_), marked in cases:
        sheet = form.tables[table].sheet
        cleared: dict[str, Any] = {f"{sheet}!{cell_name(r, c)}": None for s, r, c in valid_entries(ward) if s == sheet}
        changes.append(cleared | {f"{sheet}!D4": "x" if marked else None})
    for ((_, code, cell), marked), found in zip(cases, check_each(changes), strict=True):
        findings = [f for f in found if f.code != "TL02"]
        assert _codes(findings) == [(code, cell, ERROR)]
        assert ("Không có nội dung này" in findings[0].message) is marked


def test_o06_same_person_twice(plan: Plan, check_each: CheckEach, address: Address, double: Double) -> None:
    """Case, blanks and the place of the tone do not make another person; another organisation may. Another award is
    another honour.
    """
    person, second = double.person, double.second
    name, organisation = (address("honourees", key, second) for key in ("name", "organisation"))
    same = double.cells | {address("honourees", "decision", second): person["decision"]}
    same[name] = f"  {person['name'].upper()} "
    elsewhere = {organisation: "Một nơi khác hẳn"}
    other = next(a.value for a in plan.lists.awards if a.value != person["award"] and "person" in a.recipients)
    award = {address("honourees", "award", second): other}
    found = check_each([same, same | elsewhere, same | elsewhere | award, same | award])
    told = [_codes([f for f in findings if f.code != "TL02"]) for findings in found]
    assert told == [[("O06", name, ERROR)], [("O06", name, WARNING)], [], []]


def test_titles_make_no_other_person(
    form: Form, ward: Unit, check_each: CheckEach, address: Address, valid_entries: Valid, double: Double
) -> None:
    """O09 tells of a double, TL02 of a speaker; no formula can see them, so no verdict is compared (TEP10)."""
    name = address("honourees", "name", double.second)
    speakers = _rows(valid_entries(ward), form, "speakers")
    row = next(r for r, cells in speakers.items() if cells["kind"] == "Cá nhân")
    speaker = address("speakers", "name", row)
    doubles, spoken = check_each(
        [double.cells | {name: f"Đ/c {double.person['name']}"}, {speaker: f"Bà {speakers[row]['name']}"}]
    )
    findings = [f for f in doubles if f.code != "TL02"]
    assert _codes(findings) == [("O09", name, WARNING)]
    assert "xưng hô" in findings[0].message
    assert _codes(spoken) == [("TL02", speaker, NOTE)]


def test_bd02_title_of_another_kind(
    form: Form, ward: Unit, fill: Fill, check: Check, address: Address, valid_entries: Valid
) -> None:
    rows = _rows(valid_entries(ward), form, "honourees")
    collective = next(r for r, cells in rows.items() if cells["kind"] == "Tập thể")
    place = address("honourees", "award", collective)
    findings = check(fill(ward, {place: "CSTĐ cơ sở"}))
    assert _codes(findings) == [("BD02", place, ERROR), ("O02", place, NOTE)]
    assert "“Chiến sĩ thi đua cơ sở” không dành cho tập thể" in findings[0].message


def test_bc02_more_workers_than_persons(form: Form, ward: Unit, fill: Fill, check: Check, address: Address) -> None:
    awards = form.tables["awards"]
    row = awards.line_rows[[line[0] for line in awards.lines].index("Lao động tiên tiến")]
    changes = {address("awards", "persons", row): 5, address("awards", "direct_workers", row): 6}
    findings = check(fill(ward, changes))
    assert _codes(findings) == [("BC02", address("awards", "direct_workers", row), ERROR)]
    assert "Nhập không quá 5" in findings[0].advice


def test_one_fault_is_one_finding(form: Form, check_each: CheckEach, address: Address) -> None:
    """What follows from a cell that was rejected is not told again."""
    awards = form.tables["awards"]
    row = awards.line_rows[[line[0] for line in awards.lines].index("Lao động tiên tiến")]
    changes = {address("awards", "persons", row): "khoảng 20", address("awards", "direct_workers", row): 6}
    told = [_codes(found) for found in check_each([changes, {"Báo cáo!B23": "…"}, {"Thông tin!B15": "-"}])]
    assert told == [
        [("O03", address("awards", "persons", row), ERROR)],
        [("O04", "Báo cáo!B23", ERROR)],
        [("O04", "Thông tin!B15", WARNING)],
    ]


def test_a_missing_column_is_one_finding(form: Form, check_each: CheckEach, address: Address) -> None:
    """Each column in another workbook, one of each table together."""
    columns = {
        table: [c for c in form.tables[table].stored if c.key != "name"]
        for table in ("delegates", "speakers", "honourees", "awards", "programme")
    }
    books = [dict(zip(columns, row, strict=True)) for row in zip_longest(*columns.values())]
    changes = []
    for missing in books:
        rows = {table: range(form.tables[table].heading_row, form.tables[table].last_row + 1) for table in missing}
        changes.append({address(t, c.key, row): None for t, c in missing.items() if c for row in rows[t]})
    for missing, findings in zip(books, check_each(changes), strict=True):
        told = {f.sheet: [(f.code, f.cell, f.severity)] for f in findings}
        assert len(told) == len(findings), findings
        for table, column in missing.items():
            place = form.tables[table]
            naming = next((c.key for c in place.columns if c.kind is Kind.FIXED), "")  # without it no line is known
            severity = ERROR if column and (column.needed or column.key == naming) else WARNING
            assert told.pop(place.sheet, []) == [("TEP07", "", severity)] * bool(column), column
        assert not told


def test_a_rejected_category_hides_no_speaker(
    form: Form, ward: Unit, fill: Fill, check: Check, address: Address, valid_entries: Valid
) -> None:
    rows = _rows(valid_entries(ward), form, "delegates")
    speakers = {r["name"] for r in _rows(valid_entries(ward), form, "speakers").values()}
    honoured = {r["name"] for r in _rows(valid_entries(ward), form, "honourees").values()}
    row = next((n for n, r in rows.items() if {r["name"], r["collective"]} & (speakers - honoured)), 8)
    place = address("delegates", "category", row)
    assert _codes(check(fill(ward, {place: "điển hình gì đó"}))) == [("O02", place, ERROR)]


# Names and texts.


def _put_apart(column: str, values: Sequence[Any]) -> dict[str, Any]:
    """Each value in a row of the delegates of its own, with one between: findings below each other are one."""
    return {f"Đại biểu!{column}{row}": value for row, value in zip(range(9, 65, 2), values, strict=False)}


def test_o04_several_people_in_one_cell(ward: Unit, fill: Fill, check: Check) -> None:
    names = [
        "Nguyễn Văn An\nTrần Thị Bình",
        "Nguyễn Văn An; Trần Thị Bình",
        "05 đại biểu Hội Phụ nữ",
        "Ông Nguyễn Văn An, bà Trần Thị Bình",
        "Nguyễn Văn An và 3 thành viên",
        "Nguyễn Văn An, Trần Thị Bình",
        "Nguyễn Văn An và Trần Thị Bình",
        "Nguyễn Văn An / Trần Thị Bình",
        "Nguyễn Văn An - Trần Thị Bình",
        "Nguyễn Văn An (và vợ)",
        "Đoàn đại biểu Hội Phụ nữ",
        "Các cháu thiếu nhi",
    ]
    cells = _put_apart("C", names)
    findings = [f for f in check(fill(ward, cells)) if f.code != "TL02"]
    assert _codes(findings) == [("O04", cell, ERROR) for cell in cells]
    for finding in findings:
        assert "An" not in f"{finding.message} {finding.advice}"
        assert "mỗi người một dòng" in finding.advice


def test_o04_one_person_is_one(ward: Unit, fill: Fill, check: Check) -> None:
    names = [
        "Nguyễn Thị Vân",
        "Hoà thượng Thích Bảo Nghiêm",
        "H'Hen Niê",
        "Trần Văn Và",
        "Lê Văn A (Tổ 3)",
        "Đoàn Văn Nhóm",
        "Lê Thị Kim - Oanh",
    ]
    assert _codes([f for f in check(fill(ward, _put_apart("C", names))) if f.code != "TL02"]) == []


def test_o04_a_filler_is_no_content(ward: Unit, fill: Fill, check: Check) -> None:
    fillers = [
        "nt",
        "NT.",
        '"',
        "''",
        "//",
        "-",
        "…",
        "...",
        "như trên",
        "(nt)",
        "″",
        "N/A",
        "?",
        "xxx",
        2020,
        True,
        date(2020, 3, 5),
    ]
    cells = _put_apart("I", fillers) | _put_apart("C", fillers)
    findings = [f for f in check(fill(ward, cells)) if f.code != "TL02"]
    assert sorted(_codes(findings)) == sorted(("O04", cell, ERROR) for cell in cells)
    assert all("“Đơn vị”" in f.message for f in findings if f.cell.startswith("I"))


def test_o04_words_that_say_nothing(form: Form, check_each: CheckEach) -> None:
    """One workbook for all: a name, and texts that must be there; a report's section may say so."""
    cells = ["Thông tin!B13", "Tham luận!E7", "Tham luận!G7", "Đại biểu!C40", "Đại biểu!I9"]
    fillers = [
        "không",
        "Không có",
        "Chưa có",
        "x",
        "0",
        "Đang cập nhật",
        "Bổ sung sau",
        "(để trống)",
        "chưa rõ",
    ]
    for filler, findings in zip(fillers, check_each([dict.fromkeys(cells, f) for f in fillers]), strict=True):
        assert {f"{f.sheet}!{f.cell}" for f in findings if f.code == "O04"} == set(cells), filler
        assert {f.code for f in findings} <= {"O04", "TL02"}, filler
    sections = [f"Báo cáo!B{row}" for row in form.tables["report"].line_rows]
    parts = (fillers[: len(sections)], fillers[len(sections) :])
    assert check_each([{"Thông tin!B7": None, **dict(zip(sections, part, strict=False))} for part in parts]) == [[], []]


def test_o04_several_people_and_one_with_more_words(ward: Unit, fill: Fill, check: Check) -> None:
    names = {
        "Vợ chồng ông Nguyễn Văn An": ERROR,
        "1. Nguyễn Văn An 2. Trần Thị Bình": ERROR,
        "Hai đồng chí cảnh sát khu vực": ERROR,
        "Nguyễn Văn An, Trần Thị Hội": ERROR,
        "Nguyễn Văn An, Trần thị Bình": ERROR,
        "Nguyễn Văn An, sinh năm 1970": WARNING,
        "Nguyễn Văn An, Chủ tịch UBND phường": WARNING,
        "Nguyễn Văn An - Phó Bí thư, sinh năm 1970": WARNING,
    }
    cells = _put_apart("C", list(names))
    findings = [f for f in check(fill(ward, cells)) if f.code != "TL02"]
    assert _codes(findings) == [("O04", cell, severity) for cell, severity in zip(cells, names.values(), strict=True)]
    assert ["nhiều người" in f.message for f in findings] == [severity is ERROR for severity in names.values()]


def test_o04_a_speech_of_no_minutes_is_asked(ward: Unit, fill: Fill, check: Check) -> None:
    assert _codes(check(fill(ward, {"Tham luận!K7": 0}))) == [("O04", "Tham luận!K7", WARNING)]


def test_an_award_on_two_decisions_is_asked(check_each: CheckEach, address: Address, double: Double) -> None:
    same = double.cells | {address("honourees", "decision", double.first): "12/QĐ-UBND ngày 05/01/2018"}
    decisions = {"34/QĐ-UBND ngày 06/01/2019": WARNING, "12/QĐ-UBND  ngày 05/01/2018": ERROR, None: ERROR}
    changes = [same | {address("honourees", "decision", double.second): decision} for decision in decisions]
    for severity, findings in zip(decisions.values(), check_each(changes), strict=True):
        assert [(f.code, f.severity) for f in findings if f.code != "TL02"] == [("O06", severity)]
        assert ("khen hai lần" in findings[-1].message + findings[0].message) == (severity is WARNING)


def test_honest_spellings_are_understood_or_asked(check_each: CheckEach) -> None:
    """In as few workbooks as there are spellings of one cell."""
    cases = [
        ("Thông tin!B9", "03/10/2020", "có phải 10/03/2020?"),
        ("Thông tin!B9", date(2020, 3, 20), "trước ngày 15/03/2020"),
        ("Thông tin!B11", 1330, "“1330” không phải giờ: có phải 13:30?"),
        ("Thông tin!B11", "0830", "“0830” không phải giờ: có phải 8:30?"),
        ("Thông tin!B11", "13 30", "“13 30” không phải giờ: có phải 13:30?"),
        ("Thông tin!B11", 13.3, "“13.3” không phải giờ: có phải 13:18 hay 13:30?"),
        ("Đại biểu!E9", "1975.", "số gõ dạng chữ"),
        ("Thông tin!B14", "84 đại biểu", "được hiểu là 84"),
        ("Tham luận!K7", "9 phút", "được hiểu là 9"),
        ("Báo cáo!C49", "-", "được hiểu là để trống"),
        ("Biểu dương!H12", "CSTĐCS", "được hiểu là “Chiến sĩ thi đua cơ sở”"),
        ("Biểu dương!H12", "Chiến sỹ thi đua cơ sở", "được hiểu là “Chiến sĩ thi đua cơ sở”"),
    ]
    books: list[dict[str, tuple[Any, str]]] = [{} for _ in cases]
    for cell, raw, says in cases:
        next(book for book in books if cell not in book)[cell] = (raw, says)
    books = [book for book in books if book]
    changes = [{cell: raw for cell, (raw, _) in book.items()} for book in books]
    for book, found in zip(books, check_each(changes), strict=True):
        for cell, (raw, says) in book.items():
            told = [f"{f.sheet}!{f.cell}" for f in found if says.casefold() in f.message.casefold()]
            assert told == [cell], (raw, found)


def test_a_form_of_address_for_a_gender_gets_a_hint(ward: Unit, fill: Fill, check: Check) -> None:
    findings = check(fill(ward, _put_apart("D", ["Ông", "Bà"])))
    assert [f.code for f in findings] == ["O02", "O02"]
    assert all(f"“{meant}”" in f.advice for f, meant in zip(findings, ("Nam", "Nữ"), strict=True))


def test_o04_what_may_be_blank_is_blank(ward: Unit, fill: Fill, check: Check) -> None:
    findings = check(
        fill(ward, {"Đại biểu!H9": "-", "Đại biểu!Q9": "…", "Đại biểu!H10": "nt", "Thông tin!B19": 2438253456})
    )
    assert _codes(findings) == [
        ("O04", "Đại biểu!H10", WARNING),
        ("O03", "Đại biểu!H9", NOTE),
        ("O03", "Đại biểu!Q9", NOTE),
    ]


def test_o04_odd_ages_are_asked_about(ward: Unit, fill: Fill, check: Check) -> None:
    asked = {1919: True, 1920: False, 2006: False, 2007: True}
    cells = _put_apart("E", list(asked))
    assert _codes(check(fill(ward, cells))) == [("O04", cell, WARNING) for cell, year in cells.items() if asked[year]]


def test_other_spellings_are_understood(ward: Unit, fill: Fill, check: Check) -> None:
    cells = {
        "Đại biểu!N9": ("Giáo dục và đào tạo", "“Giáo dục và đào tạo” được hiểu là “Giáo dục - Đào tạo”"),
        "Đại biểu!M11": ("☒", "“☒” được hiểu là đánh dấu x"),
        "Đại biểu!M13": ("k", "“k” được hiểu là không đánh dấu"),
        "Đại biểu!M15": ("-", "“-” được hiểu là không đánh dấu"),
    }
    findings = check(fill(ward, {cell: typed for cell, (typed, _) in cells.items()}))
    told = {f"{f.sheet}!{f.cell}": (f.message, f.severity) for f in findings}
    assert told == {cell: (says, NOTE) for cell, (_, says) in cells.items()}
    assert len(findings) == len(cells)


def test_merged_lines_are_named_as_such(ward: Unit, fill: Fill, check: Check) -> None:
    """One finding a merged cell, with what to do, not one for each line that it leaves blank."""
    changes = {f"Đại biểu!{c}{row}": None for row in (10, 11, 12) for c in "IQ"} | {"Đại biểu!Q9": "mời riêng"}
    path = fill(ward, changes)
    book = openpyxl.load_workbook(path)
    book["Đại biểu"].merge_cells("I9:I12")
    book["Đại biểu"].merge_cells("Q9:Q12")
    book.save(path)
    findings = check(path)
    assert _codes(findings) == [("O01", "Đại biểu!I9", ERROR), ("TEP09", "Đại biểu!Q9", WARNING)]
    assert findings[0].message.startswith("Ô gộp I9:I12")
    assert "Bỏ gộp ô I9:I12" in findings[0].advice


def test_tt04_half_an_hour_more_is_no_error(check_each: CheckEach) -> None:
    ends = {time(12, 15): WARNING, time(12, 30): WARNING, time(12, 31): ERROR}
    morning = {"Thông tin!B10": "Sáng", "Thông tin!B11": time(8)}
    found = check_each([morning | {"Thông tin!B12": end} for end in ends])
    told = [_codes([f for f in findings if f.code == "TT04"]) for findings in found]
    assert told == [[("TT04", "Thông tin!B12", severity)] for severity in ends.values()]


def test_ct02_a_part_of_an_item_is_no_overlap(
    plan: Plan, form: Form, ward: Unit, check_each: CheckEach, address: Address, valid_entries: Valid
) -> None:
    """Meeting the exemplars in the course of their speeches, awards in that of the honours."""
    table = form.tables["programme"]
    rows = {line[0]: row for row, line in zip(table.line_rows, table.lines, strict=True)}
    entries = valid_entries(ward)

    def move(start: int, end: int) -> dict[str, Any]:
        changes: dict[str, Any] = {}
        for part, whole in plan.programme.within.items():
            at = {key: entries[table.sheet, rows[whole], table.position(key)[1]] for key in ("start", "end")}
            later = {"start": timedelta(minutes=start), "end": timedelta(minutes=end)}
            changes[address("programme", "held", rows[part])] = "x"
            for key, clock in at.items():
                changes[address("programme", key, rows[part])] = (datetime.combine(date.min, clock) + later[key]).time()
        return changes

    overlaps = {(0, 0): False, (5, 0): False, (0, 10): True}
    found = check_each([move(*minutes) for minutes in overlaps])
    told = [any(f.code == "CT02" for f in findings) for findings in found]
    assert told == list(overlaps.values())


def test_db03_a_small_list_has_few_kinds_of_guests(
    plan: Plan, form: Form, ward: Unit, check_each: CheckEach, address: Address, valid_entries: Valid
) -> None:
    """Of ten people three are guests, who cannot be of five kinds."""
    rows = _rows(valid_entries(ward), form, "delegates")
    kinds = [c.value for c in plan.lists.categories if c.expected]
    ten: dict[str, Any] = {
        address("delegates", c.key, row): None for row in list(rows)[10:] for c in form.tables["delegates"].columns
    }
    ten["Thông tin!B14"] = 10

    def invite(guests: int) -> dict[str, Any]:
        categories = [kinds[min(place, guests - 1)] for place in range(3)] + ["Cá nhân điển hình tiên tiến"] * 7
        return {address("delegates", "category", row): kind for row, kind in zip(rows, categories, strict=False)}

    told = [
        [f.code for f in findings if f.code in ("DB01", "DB03")]
        for findings in check_each([ten | invite(guests) for guests in (1, 2, 3)])
    ]
    assert told == [["DB03"], ["DB03"], []]


def test_bd02_a_medal_is_for_persons(
    form: Form, ward: Unit, check_each: CheckEach, address: Address, valid_entries: Valid
) -> None:
    rows = _rows(valid_entries(ward), form, "honourees")
    collective = next(r for r, cells in rows.items() if cells["kind"] == "Tập thể")
    place = address("honourees", "award", collective)
    for findings in check_each([{place: award} for award in ("Huy chương", "Kỷ niệm chương")]):
        assert _codes(findings) == [("BD02", place, ERROR)]


# Rules about the whole campaign.


def test_tep05_missing_units_are_errors_once_late(plan: Plan, ward: Unit, fill: Fill) -> None:
    sent = fill(ward)
    os.utime(sent, (1_584_000_000, 1_584_000_000))  # 12 March 2020
    folder = sent.parent
    fill(plan.upper_unit)
    early = [f for f in consolidate(folder, plan, AS_OF).findings if f.code == "TEP05"]
    late = [f for f in consolidate(folder, plan, plan.report.before).findings if f.code == "TEP05"]
    missing = [u.code for u in plan.local_units if u is not ward]
    assert [(f.unit, f.severity) for f in early] == [(code, WARNING) for code in missing]
    assert [(f.unit, f.severity) for f in late] == [(code, ERROR) for code in missing]
    assert "còn 1 ngày" in early[0].message
    assert "quá hạn 1 ngày" in late[0].message


def test_tt03_before_the_pilot(plan: Plan, ward: Unit, fill: Fill) -> None:
    fill(plan.units_by_code[PILOT], {"Thông tin!B9": date(2020, 1, 20)})
    folder = fill(ward, {"Thông tin!B9": date(2020, 1, 19)}).parent
    findings = [f for f in consolidate(folder, plan, AS_OF).findings if f.code == "TT03"]
    assert [(f.unit, f.cell, f.severity) for f in findings] == [("00061", "B9", WARNING)]
    fill(ward, {"Thông tin!B9": date(2020, 1, 20)})
    assert not [f for f in consolidate(folder, plan, AS_OF).findings if f.code == "TT03"]


@pytest.mark.parametrize("pilot_day", [date(2020, 2, 28), date(2020, 1, 29)], ids=["too late", "later than most"])
def test_tt03_a_wrong_date_of_the_pilots_is_told_to_the_pilot_once(
    pilot_day: date, plan: Plan, ward: Unit, fill: Fill
) -> None:
    fill(plan.units_by_code[PILOT], {"Thông tin!B9": pilot_day})
    fill(plan.units_by_code["00064"], {"Thông tin!B9": date(2020, 1, 20)})
    folder = fill(ward, {"Thông tin!B9": date(2020, 1, 19)}).parent
    (finding,) = [f for f in consolidate(folder, plan, AS_OF).findings if f.code == "TT03"]
    assert (finding.unit, finding.cell, finding.severity) == (PILOT, "B9", WARNING)
    assert "sau hội nghị của 2 phường (sớm nhất 19/01/2020)" in finding.message


def test_tt03_the_district_before_its_wards(plan: Plan, ward: Unit, fill: Fill) -> None:
    """Not before one that is too late itself, and on its day it is not before it."""
    folder = fill(plan.upper_unit, {"Thông tin!B9": date(2020, 3, 5)}).parent
    fill(ward, {"Thông tin!B9": date(2020, 3, 12)})
    fill(plan.units_by_code["00064"], {"Thông tin!B9": date(2020, 3, 5)})
    fill(plan.units_by_code["00067"], {"Thông tin!B9": date(2020, 3, 18)})
    findings = [f for f in consolidate(folder, plan, AS_OF).findings if f.code == "TT03"]
    assert [(f.unit, f.cell, f.severity) for f in findings] == [(UPPER, "B9", WARNING)]
    assert findings[0].message == "Ngày 05/03/2020 trước hội nghị của 1 phường (muộn nhất 12/03/2020)"
    fill(plan.upper_unit, {"Thông tin!B9": date(2020, 3, 12)})
    assert not [f for f in consolidate(folder, plan, AS_OF).findings if f.code == "TT03"]


def test_hn02_without_the_upper_units_workbook_is_a_notice(plan: Plan, ward: Unit, fill: Fill) -> None:
    """No ward can mend the shares of a conference whose guests are in a workbook that is still to come."""
    folder = fill(ward).parent
    result = consolidate(folder, plan, AS_OF)
    (finding,) = [f for f in result.findings if f.code == "HN02"]
    assert "chưa có biểu của quận" in finding.message
    assert (finding.unit, finding.severity) == (UPPER, NOTE)
    assert result.verdict_of(plan.upper_unit) is Verdict.MISSING
    assert not [f for f in result.findings if f.severity is ERROR and f.unit == UPPER]
    fill(plan.upper_unit)
    later = consolidate(folder, plan, AS_OF).findings
    assert NOTE not in {f.severity for f in later if f.code == "HN02"}


def test_hn02_waits_for_the_wards_that_are_missing(plan: Plan, ward: Unit, fill: Fill) -> None:
    """They nominate exemplars: too few of these is an error only when nobody is left to send more."""
    fill(plan.upper_unit)
    (finding,) = [f for f in consolidate(fill(ward).parent, plan, AS_OF).findings if f.code == "HN02"]
    assert finding.severity is WARNING
    assert finding.message.endswith("; còn 17 phường chưa nộp, có thể cử thêm điển hình")


def test_only_what_is_alike_is_suggested(check_each: CheckEach) -> None:
    typed = {"Anh hùng": "thả xuống.", "Lao động tiên tiếnn": "ý bạn là “Lao động tiên tiến”?"}
    for advice, found in zip(typed.values(), check_each([{"Biểu dương!H7": text} for text in typed]), strict=True):
        assert found[0].advice.endswith(advice)


def test_the_annex_is_cited_as_one(plan: Plan) -> None:
    assert plan.cite("Phụ lục I.2") == "Kế hoạch 215/KH-UBND, Phụ lục, mục I.2"
