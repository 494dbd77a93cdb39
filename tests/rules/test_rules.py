"""Each rule: a valid workbook, one broken cell, exactly one finding with that code and that cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.findings import Finding, Severity
from dhtt_excel.form.draw_form import Entries
from dhtt_excel.form.form import Form
from dhtt_excel.pipeline import check_files, consolidate
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.result import Verdict
from tests.conftest import AS_OF, Fill


@dataclass(frozen=True)
class Case:
    """`changes` to a valid workbook and the one finding that they must make."""

    code: str
    changes: Mapping[str, Any]
    cell: str
    severity: Severity = Severity.ERROR
    says: str = ""
    unit: str = "00061"
    id: str = field(default="")


ERROR, WARNING, NOTE, _ = Severity
UPPER, PILOT = "002", "00082"

CASES = [
    Case("TEP07", {"Đại biểu!E6": "Sắc dân"}, "", says="Không thấy cột “Dân tộc”"),
    Case("TEP07", {"Đại biểu!B6": "Họ tên đại biểu"}, "Đại biểu!B6", WARNING, "“Họ tên đại biểu” được hiểu là “Họ và tên”"),
    Case("TEP08", {"Đại biểu!P250": "xem lại"}, "Đại biểu!P250", WARNING, "Giá trị lẻ"),
    Case("O01", {"Đại biểu!C9": None}, "Đại biểu!C9", says="Chưa chọn “Giới tính”"),
    Case("O01", {"Thông tin!B13": None}, "Thông tin!B13", says="Chưa nhập “Địa điểm”"),
    Case("O01", {"Thông tin!B13": " \u200b"}, "Thông tin!B13", says="Chưa nhập “Địa điểm”", id="O01-invisible"),
    Case("O02", {"Đại biểu!F8": "Phật giáo Hòa Hảoo"}, "Đại biểu!F8", says="có phải ý bạn là “Phật giáo Hòa Hảo”?"),
    Case("O02", {"Đại biểu!E8": "Khơ-me"}, "Đại biểu!E8", NOTE, "“Khơ-me” được hiểu là “Khmer”"),
    Case("O03", {"Đại biểu!D8": "19755"}, "Đại biểu!D8", says="“19755” không phải năm sinh"),
    Case("O03", {"Đại biểu!D8": "05/03/1975"}, "Đại biểu!D8", NOTE, "được hiểu là năm sinh 1975"),
    Case("O03", {"Đại biểu!D8": date(1975, 3, 5)}, "Đại biểu!D8", NOTE, "được hiểu là năm sinh 1975"),
    Case("O03", {"Đại biểu!D8": date(1905, 5, 28)}, "Đại biểu!D8", NOTE, "hiện “28/05/1905” được hiểu là năm sinh 1975"),
    Case("O03", {"Thông tin!B14": date(1900, 3, 25)}, "Thông tin!B14", says="định dạng ngày, giờ nên hiện “25/03/1900”"),
    Case("O03", {"Thông tin!B9": "Ngày 5 tháng 3 năm 2020"}, "Thông tin!B9", NOTE, "được hiểu là ngày 05/03/2020"),
    Case("O03", {"Thông tin!B9": "5/3"}, "Thông tin!B9", says="thiếu năm; có phải 05/03/2020?"),
    Case("O03", {"Thông tin!B11": 8.3}, "Thông tin!B11", says="không phải giờ"),
    Case("O03", {"Thông tin!B9": "02/25/2020"}, "Thông tin!B9", says="đọc tháng trước thì là 25/02/2020"),
    Case("O03", {"Thông tin!B11": "tám giờ"}, "Thông tin!B11", says="không phải giờ"),
    Case("O03", {"Thông tin!B14": "85 người"}, "Thông tin!B14", says="không phải số nguyên"),
    Case("O03", {"Đại biểu!L8": "hình như có"}, "Đại biểu!L8", says="không phải dấu chọn"),
    Case("O04", {"Đại biểu!D8": 1899}, "Đại biểu!D8", says="Năm sinh 1899"),
    Case("O04", {"Thông tin!B9": date(2002, 3, 10)}, "Thông tin!B9", says="Ngày 10/03/2002"),
    Case("O04", {"Thông tin!B9": date(2019, 3, 10), "Thông tin!B16": None}, "Thông tin!B9",
         says="Ngày 10/03/2019 trước ngày ban hành kế hoạch (05/12/2019); nếu nhầm năm, có phải 10/03/2020?"),
    Case("O04", {"Thông tin!B9": date(2019, 1, 25), "Thông tin!B16": None}, "Thông tin!B9", says="có phải 25/01/2020?", unit=PILOT),
    Case("O04", {"Thông tin!B16": date(2021, 3, 18)}, "Thông tin!B16", says="có phải 18/03/2020?"),
    Case("TT01", {"Thông tin!B6": None}, "Thông tin!B6", says="Chưa chọn “Hình thức tổ chức”"),
    Case("TT01", {"Thông tin!B6": "Lồng ghép", "Thông tin!B7": None}, "Thông tin!B7", says="Chưa nhập “Sự kiện lồng ghép”"),
    Case("TT02", {"Thông tin!B9": date(2020, 3, 15), "Thông tin!B16": None}, "Thông tin!B9", says="trước ngày 15/03/2020"),
    Case("TT02", {"Thông tin!B9": date(2020, 1, 30), "Thông tin!B16": None}, "Thông tin!B9", says="trước ngày 30/01/2020", unit=PILOT),
    Case("TT04", {"Thông tin!B12": time(18, 30)}, "Thông tin!B12", says="18:30 nằm ngoài buổi"),
    Case("TT04", {"Thông tin!B11": time(18), "Thông tin!B12": time(6)}, "Thông tin!B12", says="không sau giờ bắt đầu"),
    Case("TT05", {"Thông tin!B16": date(2020, 3, 20)}, "Thông tin!B16", says="phải trước ngày 20/03/2020"),
    Case("TT08", {"Thông tin!B9": date(2020, 3, 10), "Thông tin!B16": date(2020, 3, 9)}, "Thông tin!B16", says="trước ngày tổ chức 10/03/2020"),
    Case("TT06", {"Thông tin!B6": "Tổ chức riêng", "Thông tin!B7": None, "Thông tin!B8": "Hội nghị tổng kết"},
         "Thông tin!B8", WARNING, "Tên hội nghị khác với kế hoạch"),
    Case("DB02", {"Thông tin!B14": 7}, "Thông tin!B14", says="Khai 7 đại biểu, danh sách có"),
    Case("TL02", {"Tham luận!C7": "Tập thể không có ở đâu"}, "Tham luận!C7", says="không có trong đại biểu điển hình"),
    Case("CT01", {"Chương trình!D7": None}, "Chương trình!D7", says="Thiếu mục “Khai mạc”"),
    Case("BC01", {"Báo cáo!C8": None}, "Báo cáo!C8", says="Mục I.4 chưa có nội dung"),
    Case("HN04", {"Thông tin!B9": date(2020, 4, 1), "Thông tin!B16": None}, "Thông tin!B9", says="01/03/2020 đến 31/03/2020", unit=UPPER),
    Case("HN04", {"Thông tin!B8": "Hội nghị tổng kết"}, "Thông tin!B8", says="Tên hội nghị khác", unit=UPPER),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[f"{c.code}-{i}" for i, c in enumerate(CASES)])
def test_one_broken_cell_makes_one_finding(
    case: Case, plan: Plan, fill: Fill, check: Callable[[Path], list[Finding]]
) -> None:
    findings = check(fill(plan.units_by_code[case.unit], case.changes))
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
    (finding,) = check(fill(ward, {"Báo cáo!C8": None}))
    assert (finding.unit, finding.file) == ("00061", "dhtt-2020_00061_hang-bac.xlsx")
    assert finding.citation == "Kế hoạch 215/KH-UBND, mục II.4.a"
    assert finding.advice


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


Check = Callable[[Path], list[Finding]]
Address = Callable[[str, str, int], str]
Valid = Callable[[Unit], Entries]


def _codes(findings: list[Finding]) -> list[tuple[str, str, Severity]]:
    return [(f.code, f"{f.sheet}!{f.cell}" if f.cell else "", f.severity) for f in findings]


def test_db01_one_exemplar_less_is_a_warning_with_advice(
    plan: Plan, form: Form, ward: Unit, fill: Fill, check: Check, address: Address, valid_entries: Valid
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
    move = dict.fromkeys((address("delegates", "category", row) for row in ordinary[:2]), "Khách mời khác")
    findings = check(fill(ward, move))
    assert _codes(findings) == [("DB01", "Đại biểu!I6", WARNING)]
    total = len(delegates)
    exemplars = sum(plan.group_of_category[r["category"]] == "exemplar" for r in delegates.values()) - 2
    assert f"{total} đại biểu" in findings[0].message
    assert f"hiện {exemplars}/{total - exemplars}" in findings[0].message
    assert "chuyển" in findings[0].advice
    far = dict.fromkeys((address("delegates", "category", row) for row in ordinary[: total // 10]), "Khách mời khác")
    assert _codes(check(fill(ward, far))) == [("DB01", "Đại biểu!I6", ERROR)]


def test_db02_no_delegates_at_all(form: Form, ward: Unit, fill: Fill, check: Check, valid_entries: Valid) -> None:
    sheet = form.tables["delegates"].sheet
    cleared = {f"{sheet}!{cell_name(r, c)}": None for (s, r, c) in valid_entries(ward) if s == sheet}
    findings = check(fill(ward, cleared))
    assert ("DB02", "Đại biểu!B6", ERROR) in _codes(findings)
    assert {f.code for f in findings} <= {"DB02", "TL02"}  # speakers who were delegates


@pytest.mark.parametrize(
    ("table", "code", "cell"), [("speakers", "TL01", "Tham luận!C6"), ("honourees", "BD01", "Biểu dương!C6")]
)
@pytest.mark.parametrize("marked", [False, True])
def test_an_empty_list_is_a_fault_even_when_marked_as_such(
    table: str,
    code: str,
    cell: str,
    marked: bool,
    form: Form,
    ward: Unit,
    fill: Fill,
    check: Check,
    valid_entries: Valid,
) -> None:
    sheet = form.tables[table].sheet
    cleared: dict[str, Any] = {f"{sheet}!{cell_name(r, c)}": None for (s, r, c) in valid_entries(ward) if s == sheet}
    cleared[f"{sheet}!C4"] = "x" if marked else None
    findings = [f for f in check(fill(ward, cleared)) if f.code != "TL02"]
    assert _codes(findings) == [(code, cell, ERROR)]
    assert ("Không có nội dung này" in findings[0].message) is marked


def test_o06_same_person_twice(
    plan: Plan, form: Form, ward: Unit, fill: Fill, check: Check, address: Address, valid_entries: Valid
) -> None:
    """Case, blanks and the place of the tone do not make another person; another organisation may."""
    rows = _rows(valid_entries(ward), form, "honourees")
    first, second = [r for r, cells in rows.items() if cells["kind"] == "Cá nhân"][:2]
    same = {
        address("honourees", key, second): rows[first][key] for key in ("name", "gender", "birth_year", "organisation")
    }
    same[address("honourees", "name", second)] = f"  {rows[first]['name'].upper()} "
    findings = [f for f in check(fill(ward, same)) if f.code != "TL02"]
    assert _codes(findings) == [("O06", address("honourees", "name", second), ERROR)]
    same[address("honourees", "organisation", second)] = "Một nơi khác hẳn"
    findings = [f for f in check(fill(ward, same)) if f.code != "TL02"]
    assert _codes(findings) == [("O06", address("honourees", "name", second), WARNING)]


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
    row = awards.first_row + [line[0] for line in awards.lines].index("Lao động tiên tiến")
    changes = {address("awards", "persons", row): 5, address("awards", "direct_workers", row): 6}
    findings = check(fill(ward, changes))
    assert _codes(findings) == [("BC02", address("awards", "direct_workers", row), ERROR)]
    assert "Nhập không quá 5" in findings[0].advice


# Rules about the whole campaign.


def test_tep05_missing_units_are_errors_once_late(plan: Plan, ward: Unit, fill: Fill) -> None:
    folder = fill(ward).parent
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


@pytest.fixture
def clean_campaign(plan: Plan, fill: Fill) -> Path:
    paths = [fill(unit) for unit in plan.units]
    return paths[0].parent


def test_a_clean_campaign_has_no_finding(plan: Plan, clean_campaign: Path) -> None:
    assert consolidate(clean_campaign, plan, AS_OF).findings == []


def test_hn01_hn02_judge_nominees_with_the_upper_units_own(
    plan: Plan, form: Form, ward: Unit, fill: Fill, clean_campaign: Path, address: Address, valid_entries: Valid
) -> None:
    """Every delegate of a large ward nominated: too many, and too many exemplars."""
    rows = _rows(valid_entries(ward), form, "delegates")
    marks: dict[str, Any] = {address("delegates", "nominated", row): "x" for row in rows}
    for other in ("00064", "00067"):
        fill(plan.units_by_code[other], dict.fromkeys(marks, "x"))
    fill(ward, marks)
    findings = [f for f in consolidate(clean_campaign, plan, AS_OF).findings if f.code.startswith("HN")]
    total = int(consolidate(clean_campaign, plan, AS_OF).tables.frames["conference"].shape[0])
    assert total > 300
    assert f"{total} đại biểu, tối đa 300" in next(f for f in findings if f.code == "HN01").message
    advice = next(f for f in findings if f.code == "HN01").advice
    assert advice.startswith(f"Bớt {total - 300} đại biểu: ")
    assert advice.endswith("còn 300 (210/90).")


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
