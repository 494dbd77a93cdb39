"""One rule, two verdicts: what sheet "Kiểm tra" says, recalculated by LibreOffice, is what Python says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.findings import Finding
from dhtt_excel.form.check_lines import (
    CAUTION,
    FAILED,
    FIRST_CHECK_ROW,
    NOT_ENTERED,
    PASSED,
    PLACE_COLUMN,
    PRESENT_COLUMN,
    VERDICT_COLUMN,
    WAITING,
    list_lines,
)
from dhtt_excel.form.draw_form import Entries
from dhtt_excel.form.form import CHECK_SHEET, Form
from dhtt_excel.form.sheets.check import OVERALL_ROW
from dhtt_excel.form.sheets.paper import Formula
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.rehearsal.breaches import BREACHES_BY_CODE
from dhtt_excel.rehearsal.drafts import Draft
from dhtt_excel.rules import RULES
from tests.form.both_sides import Judge, Office, ordinary
from tests.typed import by_place

pytestmark = pytest.mark.libreoffice
Valid = Callable[[Unit], Entries]


def change(entries: Entries, changes: Mapping[str, Any]) -> Entries:
    return entries | by_place(changes)


def test_a_blank_form_is_not_entered_anywhere(plan: Plan, judge: Judge) -> None:
    for verdicts in judge([(plan.units_by_code[code], {}) for code in ("00061", "002")]):
        assert set(verdicts.values()) == {NOT_ENTERED}


def test_a_valid_workbook_passes_everywhere(plan: Plan, judge: Judge, valid_entries: Valid) -> None:
    units = [plan.units_by_code[code] for code in ("00061", "00064", "00082", "002")]
    for verdicts in judge([(unit, valid_entries(unit)) for unit in units]):
        assert set(verdicts.values()) == {PASSED}


# One or two cells of a valid workbook, and what a line must say then ("" for whatever both say).
EDGES: list[tuple[str, dict[str, Any], str, str]] = [
    ("form blank", {"Thông tin!B6": None}, "TT01", NOT_ENTERED),
    ("form alias", {"Thông tin!B6": "Riêng"}, "TT01", WAITING),
    ("form in other case", {"Thông tin!B6": " lồng   GHÉP ", "Thông tin!B7": "Tổng kết"}, "TT01", PASSED),
    ("combined without event", {"Thông tin!B6": "Lồng ghép", "Thông tin!B7": None}, "TT01", FAILED),
    ("form alias, told once", {"Thông tin!B6": "Riêng"}, "O02", CAUTION),
    ("an alias and a fault", {"Thông tin!B6": "Riêng", "Thông tin!B10": "Trưa"}, "O02", FAILED),
    ("mark that is true", {"Đại biểu!M8": True, "Đại biểu!M9": "Không"}, "O03", CAUTION),
    ("year of two digits in text", {"Đại biểu!E8": "75"}, "O03", FAILED),
    ("total as text, told once", {"Thông tin!B14": "84"}, "O03", CAUTION),
    ("wildcard for a value", {"Thông tin!B6": "Lồng*"}, "O02", FAILED),
    ("last good day", {"Thông tin!B9": date(2020, 3, 14), "Thông tin!B16": None}, "TT02", PASSED),
    ("the day itself", {"Thông tin!B9": date(2020, 3, 15), "Thông tin!B16": None}, "TT02", FAILED),
    ("day as text", {"Thông tin!B9": "10/03/2020", "Thông tin!B16": "ngày 11 tháng 3 năm 2020"}, "TT02", PASSED),
    ("day as text, too late", {"Thông tin!B9": "15-3-20", "Thông tin!B16": None}, "TT02", FAILED),
    ("day as an odd text", {"Thông tin!B9": "Thứ Ba, 2020-03-10", "Thông tin!B16": None}, "TT02", PASSED),
    ("month first", {"Thông tin!B9": "02/13/2020"}, "O03", FAILED),
    ("day out of range", {"Thông tin!B9": date(2002, 3, 10)}, "O03", FAILED),
    ("no session", {"Thông tin!B10": None}, "TT04", NOT_ENTERED),
    ("to the last minute", {"Thông tin!B10": "Sáng", "Thông tin!B11": time(6), "Thông tin!B12": time(12)}, "TT04", PASSED),
    ("a minute more", {"Thông tin!B10": "Sáng", "Thông tin!B11": time(6), "Thông tin!B12": time(12, 1)}, "TT04", CAUTION),
    ("half an hour more", {"Thông tin!B10": "Sáng", "Thông tin!B11": time(8), "Thông tin!B12": time(12, 30)}, "TT04", CAUTION),
    ("more than that", {"Thông tin!B10": "Sáng", "Thông tin!B11": time(6), "Thông tin!B12": time(12, 31)}, "TT04", FAILED),
    ("early and late", {"Thông tin!B10": "Sáng", "Thông tin!B11": time(5, 50), "Thông tin!B12": time(14)}, "TT04", FAILED),
    ("end before start", {"Thông tin!B11": time(11), "Thông tin!B12": time(8)}, "TT04", FAILED),
    ("time as text", {"Thông tin!B10": "Sáng", "Thông tin!B11": "8h30", "Thông tin!B12": "11 giờ"}, "TT04", PASSED),
    ("time as text, too late", {"Thông tin!B10": "Sáng", "Thông tin!B11": "8g", "Thông tin!B12": "12h31"}, "TT04", FAILED),
    ("two hours in one", {"Thông tin!B11": "8:3"}, "O03", FAILED),
    ("an hour of the programme", {"Chương trình!E6": "tám giờ"}, "O03", FAILED),
    ("reported the last day", {"Thông tin!B16": date(2020, 3, 19)}, "TT05", PASSED),
    ("reported on the day", {"Thông tin!B16": date(2020, 3, 20)}, "TT05", FAILED),
    ("not reported yet", {"Thông tin!B16": None}, "TT05", PASSED),
    ("reported before held", {"Thông tin!B9": date(2020, 3, 10), "Thông tin!B16": date(2020, 3, 9)}, "TT08", FAILED),
    ("reported when held", {"Thông tin!B9": date(2020, 3, 10), "Thông tin!B16": date(2020, 3, 10)}, "TT08", PASSED),
    ("another name", {"Thông tin!B6": "Tổ chức riêng", "Thông tin!B7": None, "Thông tin!B8": "Hội nghị tổng kết"}, "TT06", CAUTION),
    ("name without marks", {"Thông tin!B6": "Tổ chức riêng", "Thông tin!B7": None,
     "Thông tin!B8": "HOI NGHI TUYEN DUONG DIEN HINH TIEN TIEN, NGUOI TOT - VIEC TOT"}, "TT06", CAUTION),
    ("no plan of its own", {"Thông tin!B15": None}, "TT07", CAUTION),
    ("a date that is none", {"Thông tin!B9": "hôm nào đó"}, "TT02", WAITING),
    ("a date that is none, told once", {"Thông tin!B9": "hôm nào đó"}, "O03", FAILED),
    ("total of another", {"Thông tin!B14": 7}, "DB02", FAILED),
    ("total as text", {"Thông tin!B14": "85"}, "DB02", WAITING),
    ("total with a fraction", {"Thông tin!B14": 85.5}, "DB02", WAITING),
    ("blanks only", {"Thông tin!B13": "  \u00a0 "}, "O01", NOT_ENTERED),
    ("year as text", {"Đại biểu!E8": "1975"}, "O03", CAUTION),
    ("year with blanks", {"Đại biểu!E8": 1975.5}, "O03", FAILED),
    ("first year", {"Đại biểu!E8": 1900}, "O03", PASSED),
    ("before the first year", {"Đại biểu!E8": 1899}, "O03", FAILED),
    ("last year", {"Đại biểu!E8": 2010}, "O03", PASSED),
    ("year in a date's format", {"Đại biểu!E8": date(1905, 5, 28)}, "O03", PASSED),
    ("day of birth", {"Đại biểu!E8": date(1975, 3, 5)}, "O03", FAILED),
    ("day of the plan", {"Thông tin!B9": date(2019, 12, 5)}, "O03", PASSED),
    ("day before the plan", {"Thông tin!B9": date(2019, 12, 4), "Thông tin!B16": None}, "O03", FAILED),
    ("mark in capitals", {"Đại biểu!M8": " X "}, "O03", PASSED),
    ("mark in words", {"Đại biểu!M8": "có"}, "O03", CAUTION),
    ("mark as a number", {"Đại biểu!M8": 1}, "O03", CAUTION),
    ("gender blank", {"Đại biểu!D9": None}, "O01", NOT_ENTERED),
    ("gender with a hard blank", {"Đại biểu!D9": "\u00a0nam"}, "O02", PASSED),
    ("lone value in the last row", {"Đại biểu!Q306": "xem lại"}, "O02", FAILED),
    ("lone name among the rows", {f"Đại biểu!{c}9": None for c in "DEFGHIJKLMNOP"}, "O01", NOT_ENTERED),
    ("lone name in the last row", {"Đại biểu!C306": "Trần Văn Cuối"}, "O01", ""),  # below the list: not compared
    ("sum in the last row", {"Đại biểu!C306": "Tổng: 84 đại biểu"}, "O01", ""),
    ("a filler", {"Đại biểu!I9": "nt"}, "O01", PASSED),
    ("two persons in a cell", {"Đại biểu!C9": "Ông Lê Văn An, bà Trần Thị Bình"}, "O06", PASSED),
    ("two cells without a name", {"Đại biểu!Q306": "a", "Đại biểu!I306": "b"}, "O01", NOT_ENTERED),
    ("no item", {f"Chương trình!D{row}": None for row in range(5, 19)}, "CT01", NOT_ENTERED),
    ("last required item missing", {"Chương trình!D14": None}, "CT01", FAILED),
    ("all optional items missing", {f"Chương trình!D{row}": None for row in range(15, 19)}, "CT01", PASSED),
    ("a section missing", {"Báo cáo!B39": None}, "BC01", FAILED),
    ("no report", {f"Báo cáo!B{row}": None for row in range(8, 44)}, "BC02", NOT_ENTERED),
    ("no award", {f"Báo cáo!{c}{row}": None for row in range(47, 75) for c in "CDEF"}, "BC03", CAUTION),
    ("workers without persons", {"Báo cáo!E48": None, "Báo cáo!F48": 1}, "BC02", FAILED),
    ("as many workers as persons", {"Báo cáo!E48": 3, "Báo cáo!F48": 3}, "BC02", PASSED),
    ("a long paragraph", {"Báo cáo!B24": "a" * 1335 + "\n"}, "BC05", CAUTION),
    ("the longest paragraph", {"Báo cáo!B24": "a" * 1334 + "\n"}, "BC05", PASSED),
    ("a negative count", {"Báo cáo!E48": -1}, "O03", FAILED),
    ("speaker unknown", {"Tham luận!D7": "Tập thể không có ở đâu"}, "TL02", FAILED),
    ("marked as empty", {"Biểu dương!D4": "x"}, "O08", FAILED),
    ("marked in words", {"Biểu dương!D4": "có"}, "O08", FAILED),
    ("marked as not empty", {"Biểu dương!D4": "không"}, "O08", PASSED),
    ("no mark at all", {"Biểu dương!D4": "xem lại"}, "O08", FAILED),
    ("marked by an error value", {"Biểu dương!D4": Formula("NA()", "#N/A")}, "O08", FAILED),
    ("marked and empty", {"Tham luận!D4": "x"} | {f"Tham luận!{c}{r}": None for c in "CDEFGHIJKLM" for r in range(7, 20)}, "O08", NOT_ENTERED),
    ("too many minutes", {"Tham luận!K7": 600}, "TL04", CAUTION),
]  # fmt: skip


@pytest.mark.parametrize("start", range(0, len(EDGES), 17))
def test_at_the_edges(start: int, plan: Plan, ward: Unit, judge: Judge, valid_entries: Valid) -> None:
    """Addresses are those of the form, as the clerk sees them."""
    edges = EDGES[start : start + 17]
    entries = [change(valid_entries(ward), changes) for _, changes, _, _ in edges]
    judged = judge(list(zip(ordinary(plan), entries, strict=False)))
    for (name, changes, code, word), verdicts in zip(edges, judged, strict=True):
        sheet = next(iter(changes)).partition("!")[0]
        found = [verdict for key, verdict in verdicts.items() if key[0] == code]
        assert (verdicts.get((code, sheet), "") if not word else verdicts.get((code, sheet), found[0])) == word, name


WRONG: list[tuple[str, dict[str, Any], tuple[str, str], str, str]] = [
    ("the first bad choice", {"Đại biểu!F20": "Kính", "Đại biểu!J12": "?", "Đại biểu!D12": "Nm"}, ("O02", "Đại biểu"), "Đại biểu, ô D12", "3"),
    ("the first bad year", {"Đại biểu!E33": 19755}, ("O03", "Đại biểu"), "Đại biểu, ô E33", "1"),
    ("an error value", {"Đại biểu!E34": Formula("NA()", "#N/A")}, ("O03", "Đại biểu"), "Đại biểu, ô E34", "1"),
    ("the first blank", {"Đại biểu!I21": None, "Đại biểu!G40": None}, ("O01", "Đại biểu"), "Đại biểu, ô I21", "2"),
    ("a blank field", {"Thông tin!B13": None}, ("O01", "Thông tin"), "Thông tin, ô B13", "1"),
    ("a lone value", {"Đại biểu!Q306": "xem lại"}, ("O02", "Đại biểu"), "Đại biểu, ô Q306", "1"),
    ("a line twice", {f"Tham luận!{c}9": v for c, v in zip("CDF", ("Cá nhân", "A B", "C"), strict=True)}
     | {f"Tham luận!{c}10": v for c, v in zip("CDF", ("Cá nhân", "A B", "C"), strict=True)}, ("O06", "Tham luận"), "Tham luận, ô D10", "1"),
    ("nobody knows who speaks", {"Tham luận!D8": "Ai đó ở đâu"}, ("TL02", "Tham luận"), "Tham luận, ô D8", "1"),
    ("too late", {"Thông tin!B9": "15/03/2020", "Thông tin!B16": None}, ("TT02", "Thông tin"), "Thông tin, ô B9", "15/03/2020; cần trước 15/03/2020"),
    ("end too late", {"Thông tin!B10": "Sáng", "Thông tin!B11": "8h", "Thông tin!B12": "14h"}, ("TT04", "Thông tin"), "Thông tin, ô B12", "Sáng, 8:00 - 14:00"),
    ("no event", {"Thông tin!B6": "Lồng ghép", "Thông tin!B7": None}, ("TT01", "Thông tin"), "Thông tin, ô B7", "Lồng ghép"),
    ("an item missing", {"Chương trình!D9": None}, ("CT01", "Chương trình"), "Chương trình, ô D9", "9/10"),
    ("a section missing", {"Báo cáo!B39": None}, ("BC01", "Báo cáo"), "Báo cáo, ô B39", "6/7"),
    ("too many workers", {"Báo cáo!E48": 1, "Báo cáo!F48": 2}, ("BC02", "Báo cáo"), "Báo cáo, ô F48", ""),
    ("total", {"Thông tin!B14": 7}, ("DB02", "Thông tin"), "Thông tin, ô B14", "84; đã khai 7"),
]  # fmt: skip


@pytest.mark.parametrize("start", range(0, len(WRONG), 15))
def test_the_sheet_leads_to_the_fault(
    start: int, plan: Plan, ward: Unit, judge: Judge, office: Office, valid_entries: Valid
) -> None:
    """Where the first cell stands that is wrong, and what is there now."""
    for name, changes, key, place, present in WRONG[start : start + 15]:
        shown = office.look(judge.draw(ward, change(valid_entries(ward), changes)))[key]
        seen = shown[PRESENT_COLUMN - 1]
        seen = f"{seen:.0f}" if isinstance(seen, float) else seen
        assert (shown[PLACE_COLUMN - 1], seen if present else "") == (place, present), name
        assert shown[VERDICT_COLUMN - 1] in (FAILED, NOT_ENTERED), name


def test_the_conclusion_names_what_needs_work(
    plan: Plan, ward: Unit, judge: Judge, office: Office, valid_entries: Valid
) -> None:
    conclusion = f"C{OVERALL_ROW}:C{OVERALL_ROW}"
    wrong = {"Thông tin!B9": "hôm nào", "Đại biểu!D9": "?", "Chương trình!D9": None}
    [[told]] = office.read(judge.draw(ward, change(valid_entries(ward), wrong)), conclusion)
    assert told == "CẦN SỬA: 3 mục: O03 (Thông tin), O02 (Đại biểu), CT01"
    blank = judge.draw(ward, {})
    [[told]] = office.read(blank, conclusion, [("Thông tin", "B9", "02/03/2020")])
    assert told.startswith("CHƯA ĐỦ: ")
    [[told]] = office.read(blank, conclusion, [("Thông tin", "B9", "hôm nào")])
    assert told == "CẦN SỬA: 1 mục: O03 (Thông tin)"


LIVE = [rule.code for rule in RULES if rule.live]
_BATCH = 12


@pytest.mark.parametrize("start", range(0, len(LIVE), _BATCH))
def test_each_live_rule_broken(
    start: int, plan: Plan, form: Form, ward: Unit, judge: Judge, valid_entries: Valid
) -> None:
    codes = LIVE[start : start + _BATCH]
    drafts = [
        Draft(plan, form, unit, valid_entries(ward), plan.workbook_name(unit)) for unit in ordinary(plan)[: len(codes)]
    ]
    for code, draft in zip(codes, drafts, strict=True):
        BREACHES_BY_CODE[code].plant(draft, [draft])
    for code, verdicts in zip(codes, judge([(d.unit, d.entries) for d in drafts]), strict=True):
        assert {verdicts[key] for key in verdicts if key[0] == code} != {PASSED}, code


def test_what_a_returned_file_shows_is_compared(
    plan: Plan, form: Form, ward: Unit, judge: Judge, valid_entries: Valid, check: Callable[[Path], list[Finding]]
) -> None:
    """TEP10: not where the saved verdicts are right, not where they were never calculated; else the line is named."""
    entries = change(valid_entries(ward), {"Thông tin!B15": None})
    [verdicts] = judge([(ward, entries)])
    assert verdicts["TT07", "Thông tin"] == CAUTION
    lines = list_lines(plan, form, ward, RULES)
    saved = {(CHECK_SHEET, FIRST_CHECK_ROW + n, VERDICT_COLUMN): verdicts[line.key] for n, line in enumerate(lines)}
    assert [f.code for f in check(judge.draw(ward, entries | saved).path)] == ["TT07"]
    row = FIRST_CHECK_ROW + [line.key for line in lines].index(("DB01", "Đại biểu"))
    wrong = {(CHECK_SHEET, row, VERDICT_COLUMN): FAILED}
    [finding] = [f for f in check(judge.draw(ward, entries | saved | wrong).path) if f.code == "TEP10"]
    assert (finding.sheet, finding.cell) == (CHECK_SHEET, cell_name(row, VERDICT_COLUMN))
    assert "DB01 ở Đại biểu ghi “Cần sửa”, đúng ra “Đạt”" in finding.message
