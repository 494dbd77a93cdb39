"""HN rules, quota and sheet "Cân đối": a clean campaign, the least change, one finding with who could help."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.figures.count_traces import TraceCounter
from dhtt_excel.figures.traces import trace_figures
from dhtt_excel.findings import Finding, Severity
from dhtt_excel.form.draw_form import Entries
from dhtt_excel.form.form import Form, Kind
from dhtt_excel.outputs.register.balance_sheet import BALANCE_SHEET
from dhtt_excel.outputs.register.board import BOARD_SHEET
from dhtt_excel.outputs.register.paper import HEADING_ROW
from dhtt_excel.outputs.register.trace_sheet import TRACE_SHEET
from dhtt_excel.outputs.register.write_register import write_register
from dhtt_excel.outputs.write_json import write_json
from dhtt_excel.pipeline import OfficeFiles, check_files, judge_submissions
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.rehearsal.invent_campaign import read_rows
from dhtt_excel.result import Result
from dhtt_excel.terminal.show_result import show_verdict
from tests.conftest import AS_OF, Fill
from tests.libreoffice import LibreOffice
from tests.rules.conftest import ReadValid

ERROR, WARNING, *_ = Severity
UPPER, WARD = "002", "00061"
Row = dict[str, Any]


class Campaign:
    """Every unit's faultless workbook, in memory; `put` changes a delegate's cell, `judge` reads and judges all."""

    def __init__(
        self,
        plan: Plan,
        form: Form,
        valid: Callable[[Unit], Entries],
        read_valid: ReadValid,
    ) -> None:
        self.plan = plan
        self.form = form
        self._read_valid = read_valid
        self._changes: dict[str, dict[str, Any]] = {u.code: {} for u in plan.units}
        self.rows = {
            (u.code, key): {row["excel_row"]: row for row in read_rows(form, valid(u), key)}
            for u in plan.units
            for key in ("delegates", "honourees")
        }

    def put(self, unit: str, row: int, key: str, value: Any, table: str = "delegates") -> None:
        place = self.form.tables[table]
        self._changes[unit][f"{place.sheet}!{cell_name(row, place.position(key)[1])}"] = value
        self.rows[unit, table][row][key] = value

    def put_info(self, unit: str, key: str, value: Any) -> None:
        place = self.form.tables["info"]
        self._changes[unit][f"{place.sheet}!{cell_name(*place.position(key))}"] = value

    def list_delegates(self, key: str, value: Any) -> list[tuple[str, int, bool]]:
        """Unit, row and whether at the upper conference, of the delegates who have this value."""
        return [
            (unit, row, unit == UPPER or bool(cells.get("nominated")))
            for (unit, table), rows in self.rows.items()
            for row, cells in rows.items()
            if table == "delegates" and cells.get(key) == value
        ]

    def judge(self, *, leave_out: tuple[str, ...] = ()) -> Result:
        sent = [unit for unit in self.plan.units if unit.code not in leave_out]
        read = [self._read_valid(unit, self._changes[unit.code]) for unit in sent]
        return judge_submissions(read, self.form, self.plan, AS_OF, OfficeFiles())


@pytest.fixture
def campaign(plan: Plan, form: Form, valid_entries: Callable[[Unit], Entries], read_valid: ReadValid) -> Campaign:
    return Campaign(plan, form, valid_entries, read_valid)


def found(result: Result) -> list[tuple[str, str, str, Severity]]:
    return [(f.code, f.unit, f.cell, f.severity) for f in result.findings]


def only(result: Result, code: str) -> Finding:
    (finding,) = [f for f in result.findings if f.code == code]
    return finding


def test_a_clean_campaign_has_no_finding(campaign: Campaign) -> None:
    assert found(campaign.judge()) == []


# ---------------------------------------------------------------- HN03: groups


def absent(campaign: Campaign, key: str, value: str, instead: str) -> list[tuple[str, int]]:
    """Take a group out of the upper conference; who of it stays at home."""
    home = []
    for unit, row, invited in campaign.list_delegates(key, value):
        if invited:
            campaign.put(unit, row, key, instead)
        else:
            home.append((unit, row))
    return home


def test_an_absent_group_is_told_with_who_could_stand_for_it(campaign: Campaign, plan: Plan) -> None:
    home = absent(campaign, "field", "Khoa học - Công nghệ", "Khác")
    for unit, row in home[1:]:
        campaign.put(unit, row, "field", "Khác")
    unit, row = home[0]
    result = campaign.judge()
    assert found(result) == [("HN03", UPPER, "", WARNING)]
    finding = only(result, "HN03")
    assert finding.message == "Chưa có đại biểu điển hình thuộc lĩnh vực “Khoa học - Công nghệ”"
    name = plan.name_of(plan.units_by_code[unit])
    assert finding.advice == f"Có thể cử thêm: {name} (Đại biểu, dòng {row})."
    assert finding.citation.endswith("mục II.2.2.b")


def test_exemplars_are_proposed_before_guests_and_not_all(campaign: Campaign, plan: Plan) -> None:
    unit = plan.local_units[0].code
    people = campaign.rows[unit, "delegates"].items()
    guest = next(row for row, cells in people if plan.group_of_category[cells["category"]] == "guest")
    campaign.put(unit, guest, "field", "Y tế")
    home = absent(campaign, "field", "Y tế", "Khác")
    finding = only(campaign.judge(), "HN03")
    groups = {
        place: plan.group_of_category[campaign.rows[place[0], "delegates"][place[1]]["category"]] for place in home
    }
    exemplars = [place for place, group in groups.items() if group == "exemplar"]
    first = min(unit for unit, _ in exemplars)
    rows = sorted(row for unit, row in exemplars if unit == first)
    shown = ", ".join([*map(str, rows[:3]), *(["…"] if len(rows) > 3 else [])])
    name = plan.name_of(plan.units_by_code[first])
    assert len(exemplars) < len(home)
    assert finding.advice.startswith(f"Có thể cử thêm: {name} (Đại biểu, dòng {shown})")
    assert finding.advice.count("Đại biểu, dòng") == 5
    assert finding.advice.endswith("…")


def test_nobody_at_home_then_the_honoured_then_the_missing(campaign: Campaign, plan: Plan) -> None:
    for unit, row in absent(campaign, "field", "Khoa học - Công nghệ", "Khác"):
        campaign.put(unit, row, "field", "Khác")
    honoured = [
        (unit, row)
        for (unit, table), rows in campaign.rows.items()
        for row, cells in rows.items()
        if table == "honourees" and cells["field"] == "Khoa học - Công nghệ" and unit != UPPER
    ]
    for unit, row in honoured[1:]:
        campaign.put(unit, row, "field", "Khác", "honourees")
    unit, row = honoured[0]
    name = plan.name_of(plan.units_by_code[unit])
    advice = only(campaign.judge(), "HN03").advice
    assert advice == f"Có thể cử thêm từ người, tập thể được biểu dương: {name} (Biểu dương, dòng {row})."
    campaign.put(unit, row, "field", "Khác", "honourees")
    nobody = "Chưa đơn vị nào có người thuộc nhóm này"
    assert only(campaign.judge(), "HN03").advice == f"{nobody}: đề nghị các phường giới thiệu."
    assert only(campaign.judge(leave_out=(WARD,)), "HN03").advice.endswith("hỏi đơn vị chưa báo cáo: Phường Hàng Bạc.")


def test_a_group_without_values_has_its_name(campaign: Campaign) -> None:
    for value in {row["ethnicity"] for rows in campaign.rows.values() for row in rows.values() if "ethnicity" in row}:
        if value != "Kinh":
            absent(campaign, "ethnicity", value, "Kinh")
    result = campaign.judge()
    assert found(result) == [("HN03", UPPER, "", WARNING)]
    assert only(result, "HN03").message == "Chưa có đại biểu điển hình thuộc nhóm “Dân tộc thiểu số”"


def test_no_conference_has_no_absent_group(plan: Plan, campaign: Campaign) -> None:
    for unit, row, _ in campaign.list_delegates("nominated", True):
        campaign.put(unit, row, "nominated", None)
    result = campaign.judge(leave_out=(UPPER,))
    assert not [f for f in result.findings if f.code.startswith("HN")]


# ---------------------------------------------------------------- HN05 to HN07


def test_an_expected_kind_of_guests_is_absent(campaign: Campaign) -> None:
    for kind in ("Lãnh đạo Ban TĐ-KT Trung ương", "Cán bộ Ban TĐ-KT Thành phố"):
        for unit, row, invited in campaign.list_delegates("category", kind):
            if invited:
                campaign.put(unit, row, "category", "Khách mời khác")
    result = campaign.judge()
    assert found(result) == [("HN05", UPPER, "J6", WARNING)]
    assert only(result, "HN05").message == (
        "Chưa có khách mời thuộc thành phần: Lãnh đạo Ban TĐ-KT Trung ương; Cán bộ Ban TĐ-KT Thành phố"
    )


def test_the_upper_conference_is_not_combined(campaign: Campaign, plan: Plan, fill: Fill) -> None:
    campaign.put_info(UPPER, "form", "Lồng ghép")
    campaign.put_info(UPPER, "event", "Hội nghị tổng kết năm")
    result = campaign.judge()
    assert found(result) == [("HN06", UPPER, "B6", ERROR)]
    assert plan.conference.upper.name in only(result, "HN06").message
    path = fill(plan.upper_unit, {"Thông tin!B6": "Lồng ghép", "Thông tin!B7": "Hội nghị tổng kết năm"})
    assert [f.code for f in check_files([path], plan, AS_OF).findings] == ["HN06"]


@pytest.mark.parametrize("collective", [True, False])
def test_exemplars_of_one_kind(campaign: Campaign, collective: bool) -> None:
    kinds = [c.value for c in campaign.plan.lists.categories if c.group == "exemplar"]
    leading = campaign.plan.lists.value("categories", "collective")
    for kind in kinds:
        for unit, row, invited in campaign.list_delegates("category", kind):
            if invited and (kind == leading) is not collective:
                campaign.put(unit, row, "category", leading if collective else kinds[1])
                campaign.put(unit, row, "collective", f"Tập thể {unit} {row}" if collective else None)
    result = campaign.judge()
    others = {f.code for f in result.findings} - {"HN07"}
    assert others <= {"TL02", "DB04", "DB05", "TL03"}  # what the delegates' own units make of it
    word = "cá nhân" if collective else "đại diện tập thể"
    assert only(result, "HN07").message.endswith(f"đại biểu điển hình, chưa có {word} nào")


def test_without_the_upper_units_workbook_every_rule_says_so(campaign: Campaign) -> None:
    findings = [f for f in campaign.judge(leave_out=(UPPER,)).findings if f.code.startswith("HN")]
    assert {f.code for f in findings} >= {"HN02", "HN05"}
    assert all("chưa có biểu của quận" in f.message for f in findings)
    assert {f.severity for f in findings if f.code in ("HN02", "HN05")} == {
        Severity.NOTE
    }  # its guests are in no ward's


# ---------------------------------------------------------------- a nominee whom the upper unit lists as well


def list_nominees(campaign: Campaign, **differences: Any) -> list[tuple[str, int]]:
    """The upper unit lists every nominee below its own delegates, with what is different; who they are."""
    nominees = [(unit, row) for unit, row, _ in campaign.list_delegates("nominated", True) if unit != UPPER]
    nominees += [(unit, row) for unit, row, _ in campaign.list_delegates("nominated", "x") if unit != UPPER]
    first = max(campaign.rows[UPPER, "delegates"]) + 1
    for place, (unit, row) in enumerate(nominees, start=first):
        campaign.rows[UPPER, "delegates"][place] = {}
        cells = campaign.rows[unit, "delegates"][row]
        for column in campaign.form.tables["delegates"].stored:
            value = None if column.key == "nominated" else cells.get(column.key)
            if column.kind is Kind.MARK:
                value = "x" if value else None
            campaign.put(UPPER, place, column.key, differences.get(column.key, value))
    campaign.put_info(UPPER, "declared_total", len(campaign.rows[UPPER, "delegates"]))
    return nominees


def respell(name: str) -> str:
    return f" {name.upper()}\u200e "


def test_the_upper_unit_may_list_all_its_participants(campaign: Campaign, plan: Plan) -> None:
    """Each of them is one person: no finding but a word on it, the same numbers everywhere."""
    before = campaign.judge()
    nominees = list_nominees(campaign)
    result = campaign.judge()
    assert len(nominees) > 100
    assert len(campaign.rows[UPPER, "delegates"]) > 200
    assert found(result) == [("HN01", UPPER, "C6", Severity.NOTE)]
    message = only(result, "HN01").message
    assert message.startswith(f"{len(nominees)} đại biểu trong danh sách cũng do phường cử (Phường ")
    assert message.endswith("mỗi người tính một lần ở hội nghị quận")
    total = len(before.tables.frames["conference"])
    assert len(result.tables.frames["conference"]) == total
    for key in ("upper_exemplars", "upper_guests", "upper_ages", "upper_room", "coverage", "sections"):
        assert getattr(result.figures, key) == getattr(before.figures, key)
    assert json.loads(write_json(result))["totals"]["upper_conference"] == total
    assert result.figures.units.loc[WARD, "listed"] == before.figures.units.loc[WARD, "listed"]
    counter = TraceCounter(result.tables.frames, plan)
    traces = trace_figures(result)
    assert all(counter.count(trace) == pytest.approx(trace.value, abs=1e-5) for trace in traces)


@pytest.mark.libreoffice
def test_the_registers_formulas_count_a_joined_person_once(
    libreoffice: LibreOffice, campaign: Campaign, tmp_path: Path
) -> None:
    list_nominees(campaign)
    result = campaign.judge()
    sheet = libreoffice.recalculate(write_register(result), tmp_path)[TRACE_SHEET]
    lines = list(sheet.iter_rows(min_row=5, max_row=4 + len(trace_figures(result)), max_col=6, values_only=True))
    assert [line[5] for line in lines] == ["✓"] * len(lines)


def test_the_register_says_in_which_row_the_same_person_stands(campaign: Campaign) -> None:
    nominees = list_nominees(campaign)
    result = campaign.judge()
    sheet = openpyxl.load_workbook(io.BytesIO(write_register(result)))["Đại biểu"]
    place = next(c.column for c in sheet[HEADING_ROW] if c.value == "Trùng người ở biểu quận, dòng")
    shown = [row[place - 1] for row in sheet.iter_rows(min_row=HEADING_ROW + 1, values_only=True) if row[place - 1]]
    own = len(campaign.rows[UPPER, "delegates"]) - len(nominees)
    assert sorted(shown) == list(range(7 + own, 7 + own + len(nominees)))


@pytest.mark.parametrize(
    ("here", "there", "same"),
    [
        ({}, {"name": respell}, True),
        ({}, {"organisation": "Nơi khác hẳn", "position": "Chức vụ khác", "ethnicity": "Tày"}, True),
        ({"name": "Nguyễn Thị Thúy Hòa"}, {"name": "Nguyen Thi Thuy Hoa"}, True),
        ({"name": "Nguyễn Thị Thúy Hòa"}, {"name": "Nguyen\u00a0Thi Thuy\u00a0Hoa"}, True),
        ({"name": "Nguyễn Thị Thúy Hòa"}, {"name": "Nguyễn Thị Thuý Hoà"}, True),
        ({"name": "Nguyễn Thị Thúy Hòa"}, {"name": "Bà Nguyễn Thị Thúy Hòa"}, True),
        ({"name": "NGƯT. Nguyễn Thị Thúy Hòa"}, {"name": "Đ/c Nguyen Thi Thuy Hoa"}, True),
        ({}, {"birth_year": None}, True),
        ({"birth_year": None}, {"organisation": "Phường Hàng Bạc"}, True),
        ({}, {"birth_year": None, "organisation": "Nơi khác hẳn"}, False),
        ({}, {"birth_year": 1901}, False),
        ({"gender": "Nam"}, {"gender": "Nữ"}, False),
        ({"name": "Nguyễn Thị Thúy Hà"}, {"name": "Nguyễn Thị Thúy Hạ"}, False),
    ],
)
def test_who_is_one_person(campaign: Campaign, here: Row, there: dict[str, Any], same: bool) -> None:
    """Name and year of birth; without a year name and unit."""
    nominees = list_nominees(campaign)
    place = nominees.index(next(n for n in nominees if n[0] == WARD))
    row = max(campaign.rows[UPPER, "delegates"]) - len(nominees) + 1 + place
    for key, value in here.items():
        campaign.put(WARD, nominees[place][1], key, value)
    for key, value in (here | there).items():
        told = value(campaign.rows[UPPER, "delegates"][row][key]) if callable(value) else value
        campaign.put(UPPER, row, key, told)
    result = campaign.judge()
    assert only(result, "HN01").message.startswith(f"{len(nominees) - (not same)} đại biểu")
    told = [f for f in result.findings if f.code == "O07"]
    assert not (same and told)
    assert all("chỉ tính một lần" in f.advice for f in told)


def test_one_line_stands_for_one_nominee(campaign: Campaign, plan: Plan) -> None:
    """Two namesakes of one year, one of whom the upper unit lists: the other is counted on."""
    (unit, nominee), *_ = [d[:2] for d in campaign.list_delegates("nominated", True) if d[0] == WARD]
    (other, other_row), *_ = [d[:2] for d in campaign.list_delegates("nominated", True) if d[0] == "00064"]
    before = len(campaign.judge().tables.frames["conference"])
    listed = campaign.rows[UPPER, "delegates"].items()
    last = max(at for at, row in listed if plan.group_of_category.get(row["category"]) == "exemplar")
    for key in ("name", "gender", "birth_year"):
        value = campaign.rows[unit, "delegates"][nominee][key]
        campaign.put(other, other_row, key, value)
        campaign.put(UPPER, last, key, value)
    assert len(campaign.judge().tables.frames["conference"]) == before - 1


# ---------------------------------------------------------------- quota, room and the sheet


def test_too_many_delegates_come_down_to_both_limits(campaign: Campaign) -> None:
    for row in campaign.rows[WARD, "delegates"]:
        campaign.put(WARD, row, "nominated", "x")
    result = campaign.judge()
    advice = {f.code: f.advice for f in result.findings if f.code in ("HN01", "HN02")}
    total = len(result.tables.frames["conference"])
    assert total > 300
    assert f"{total} đại biểu, tối đa 300" in only(result, "HN01").message
    assert advice["HN01"].startswith(f"Bớt {total - 300} đại biểu: ")
    assert advice["HN01"].endswith("còn 300 (210/90).")
    assert advice.get("HN02", advice["HN01"]) == advice["HN01"]
    assert result.figures.upper_room.free == 0


def test_what_each_missing_unit_may_bring(campaign: Campaign) -> None:
    result = campaign.judge(leave_out=(WARD, "00064", "00067"))
    figures, room = result.figures, result.figures.upper_room
    assert room.units == 3
    assert room.exemplars is not None
    assert room.guests is not None
    assert figures.upper_exemplars + room.exemplars + figures.upper_guests + room.guests == 300
    assert (figures.upper_exemplars + room.exemplars, figures.upper_guests + room.guests) == (210, 90)
    assert (room.each_exemplars, room.each_guests) == (room.exemplars // 3, room.guests // 3)
    assert room.left == room.free - 3 * room.each
    part = f"{room.each_exemplars} điển hình, {room.each_guests} khách mời"
    book = openpyxl.load_workbook(io.BytesIO(write_register(result)))
    for name, cell in ((BOARD_SHEET, "D3"), (BALANCE_SHEET, "A3")):
        assert f"mỗi phường cử nhiều nhất {room.each} người, {part} (chia đều, làm tròn xuống" in book[name][cell].value
    advised = [c.value for row in book[BOARD_SHEET].iter_rows() for c in row if "Được cử" in str(c.value)]
    assert advised == [f"Được cử nhiều nhất {part} dự hội nghị quận."] * 3
    assert f"Mỗi phường chưa nộp còn được cử {room.each} đại biểu: {part}." in show_verdict(result, [])


def test_without_the_upper_units_own_nothing_is_dealt_out(campaign: Campaign) -> None:
    result = campaign.judge(leave_out=(UPPER, WARD))
    assert result.figures.upper_room.units == result.figures.upper_room.each == 0
    board = openpyxl.load_workbook(io.BytesIO(write_register(result)))[BOARD_SHEET]
    assert "nên chưa chia cho các phường" in board["D3"].value


def test_sheet_shows_absent_thin_and_present_groups(campaign: Campaign) -> None:
    absent(campaign, "field", "Khoa học - Công nghệ", "Khác")
    (unit, row, _), *others = [d for d in campaign.list_delegates("field", "Y tế") if d[2]]
    for other_unit, other_row, _ in others:
        campaign.put(other_unit, other_row, "field", "Khác")
    result = campaign.judge()
    assert [f.code for f in result.findings] == ["HN03"]  # a single one is told in the sheet only
    assert row in campaign.rows[unit, "delegates"]
    sheet = openpyxl.load_workbook(io.BytesIO(write_register(result)))[BALANCE_SHEET]
    rows = [[cell.value for cell in cells] for cells in sheet.iter_rows(min_row=HEADING_ROW + 1)]
    assert [(r[1], r[2] or "", r[3]) for r in rows] == [(c.name, c.value, c.count) for c in result.figures.coverage]
    verdicts = {(r[1], r[2]): (r[4], r[5]) for r in rows}
    verdict, supply = verdicts["Ngành, lĩnh vực", "Khoa học - Công nghệ"]
    assert (verdict, supply) == ("✗ Thiếu", only(result, "HN03").advice)
    verdict, supply = verdicts["Ngành, lĩnh vực", "Y tế"]
    assert verdict == "! Mỏng (1)"
    assert supply.startswith("Có thể cử thêm: Phường")
    assert verdicts["Nữ", None] == ("✓ Có", None)
    assert "1 nhóm thiếu" in sheet["D2"].value
    assert "Chỉ có 1 đại biểu thuộc: lĩnh vực “Y tế”" in sheet["A3"].value
