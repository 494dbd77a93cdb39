"""From round to round: what is new, open, mended or back; what changed in the data; what may stand; who is late."""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from dhtt_excel.findings import Finding, Severity, State
from dhtt_excel.form.draw_form import Entries, draw_form
from dhtt_excel.form.form import Form
from dhtt_excel.office.exemptions import draw_exemptions
from dhtt_excel.outputs.atomic_files import save_file
from dhtt_excel.outputs.register.changes_sheet import CHANGES_SHEET
from dhtt_excel.outputs.register.paper import HEADING_ROW
from dhtt_excel.outputs.register.write_register import write_register
from dhtt_excel.outputs.summary.write_summary import write_summary
from dhtt_excel.outputs.write_json import write_json
from dhtt_excel.pipeline import consolidate, write_result
from dhtt_excel.plan.plan import Plan, Unit, load_plan
from dhtt_excel.result import Result, Verdict
from dhtt_excel.rules import RULES
from dhtt_excel.terminal.cli import commands
from dhtt_excel.text.file_names import EXEMPTIONS_FILE, HISTORY_FILE
from tests.conftest import AS_OF
from tests.typed import by_place, fill_in

LIST = "Đại biểu"


class Campaign:
    """One ward that sends again and again into one folder, and the district that runs the command."""

    def __init__(self, plan: Plan, form: Form, ward: Unit, clean: Entries, folder: Path) -> None:
        self.plan, self.form, self.ward, self.clean = plan, form, ward, clean
        self.inbox, self.out = folder / "da nhận", folder / "kết quả"
        self.inbox.mkdir()
        self.sent = 0

    def send(self, changes: Mapping[str, Any], entries: Entries | None = None) -> Path:
        cells = dict(entries or self.clean)
        cells |= by_place(changes)
        self.sent += 1
        path = self.inbox / f"lần {self.sent}.xlsx"
        path.write_bytes(fill_in(self.plan, self.form, self.ward, cells))
        moment = 1_584_000_000 + 3600 * self.sent
        os.utime(path, (moment, moment))
        return path

    def run(self, as_of: date = AS_OF, *, whole: bool = False) -> Result:
        """A run that writes what the next one goes on from, or `whole` all that a run writes."""
        result = consolidate(self.inbox, self.plan, as_of, self.out)
        if whole:
            write_result(result, self.out)
            return result
        save_file(self.out / HISTORY_FILE, write_json(result))
        if not (self.out / EXEMPTIONS_FILE).exists():
            save_file(self.out / EXEMPTIONS_FILE, draw_exemptions(self.plan))
        return result

    def states(self, result: Result) -> set[tuple[str, str, State | None]]:
        return {(f.code, f.cell, f.state) for f in self.own(result)}

    def own(self, result: Result) -> list[Finding]:
        return [f for f in result.findings_by_unit.get(self.ward.code, []) if f.severity is not Severity.NOTE]

    def mended(self, result: Result) -> set[tuple[str, str]]:
        return {(f.code, f.cell) for f in result.fixed if f.unit == self.ward.code}


@pytest.fixture
def campaign(few: Plan, form: Form, ward: Unit, valid_entries: Callable[[Unit], Entries], tmp_path: Path) -> Campaign:
    return Campaign(few, form, ward, valid_entries(ward), tmp_path)


def without_row(entries: Entries, row: int) -> Entries:
    """The delegates without the one in this row: all below move up."""
    width = max(c for s, _, c in entries if s == LIST)
    kept = {key: value for key, value in entries.items() if key[0] != LIST or key[1] < row}
    for (sheet, r, c), value in entries.items():
        if sheet == LIST and r > row:
            kept[sheet, r - 1, c] = value
    last = max(r for s, r, _ in entries if s == LIST)
    return kept | {(LIST, last, c): None for c in range(1, width + 1)}


# ---------------------------------------------------------------- states


def test_new_open_mended_and_back_again(campaign: Campaign) -> None:
    year, people = f"{LIST}!E10", f"{LIST}!F20"
    campaign.send({year: 99, people: "Kinhh"})
    first = campaign.run()
    assert campaign.states(first) == {("O03", "E10", State.NEW), ("O02", "F20", State.NEW)}
    campaign.send({year: 99, f"{LIST}!D30": None})
    second = campaign.run()
    assert campaign.states(second) == {("O03", "E10", State.OPEN), ("O01", "D30", State.NEW)}
    assert campaign.mended(second) == {("O02", "F20")}
    campaign.send({people: "Kinhh"})
    third = campaign.run()
    assert campaign.states(third) == {("O02", "F20", State.BACK)}
    assert campaign.mended(third) == {("O03", "E10"), ("O01", "D30")}
    campaign.send({})
    fourth = campaign.run()
    assert campaign.own(fourth) == []
    assert campaign.mended(fourth) == {("O03", "E10"), ("O01", "D30"), ("O02", "F20")}
    assert fourth.verdict_of(campaign.ward) is Verdict.CLEAN
    assert fourth.rounds[campaign.ward.code].number == 4


def test_another_run_on_the_same_files_is_no_new_round(campaign: Campaign) -> None:
    """What is new in the round has been told by the first run; nothing that goes to the unit changes."""
    campaign.send({f"{LIST}!E10": 99})
    campaign.run()
    campaign.send({f"{LIST}!E10": 99, f"{LIST}!E12": 98})
    first = campaign.run(whole=True)
    assert campaign.states(first) == {("O03", "E10", State.OPEN), ("O03", "E12", State.NEW)}
    to_units = {p: p.read_bytes() for p in campaign.out.rglob("*/*") if p.is_file()}
    again = campaign.run(whole=True)
    assert campaign.states(again) == {("O03", "E10", State.OPEN), ("O03", "E12", State.TOLD)}
    assert {p: p.read_bytes() for p in campaign.out.rglob("*/*") if p.is_file()} == to_units
    before = {p.name: p.read_bytes() for p in campaign.out.iterdir() if p.is_file()}
    campaign.run(whole=True)
    assert {p.name: p.read_bytes() for p in campaign.out.iterdir() if p.is_file()} == before


def test_the_second_run_says_that_it_has_been_told(campaign: Campaign, few_units: Path) -> None:
    campaign.send({f"{LIST}!E10": 99})
    args = [
        "consolidate",
        str(campaign.inbox),
        "-o",
        str(campaign.out),
        "--as-of",
        "2020-03-18",
        "--plan",
        str(few_units),
    ]
    first, second = (CliRunner().invoke(commands, args).output for _ in range(2))
    assert "đã nêu" not in first
    assert "1 đã nêu" in second
    assert " mới" not in second.partition("CẦN SỬA")[2].partition("\n")[0]
    (register,) = campaign.out.glob("so-theo-doi-*.xlsx")
    texts = [str(c.value) for row in openpyxl.load_workbook(register)["Vấn đề"].iter_rows() for c in row]
    assert "Đã nêu" in texts
    assert "Mới" not in texts


def test_others_going_on_changes_nothing_for_a_unit(
    campaign: Campaign, form: Form, valid_entries: Callable[[Unit], Entries]
) -> None:
    campaign.send({f"{LIST}!E10": 99})
    campaign.run()
    other = campaign.plan.units_by_code["00040"]
    (campaign.inbox / "khác.xlsx").write_bytes(fill_in(campaign.plan, form, other, valid_entries(other)))
    assert campaign.states(campaign.run()) == {("O03", "E10", State.TOLD)}


def test_a_finding_is_known_again_where_rows_have_moved(campaign: Campaign) -> None:
    changes = {f"{LIST}!E10": 99, f"{LIST}!E11": 98, f"{LIST}!E8": 97}
    path = campaign.send(changes)
    campaign.run()
    entries = without_row({**campaign.clean, (LIST, 10, 5): 99, (LIST, 11, 5): 1980, (LIST, 8, 5): 97}, 8)
    campaign.send(
        {"Thông tin!B14": len({r for s, r, c in entries if s == LIST and c == 3 and entries[s, r, c]})}, entries
    )
    result = campaign.run()
    years = {found for found in campaign.states(result) if found[0] == "O03"}
    assert years == {("O03", "E9", State.OPEN)}
    assert {cell for code, cell in campaign.mended(result) if code == "O03"} == {
        "E10",
        "E8",
    }  # E11, where it is now; E8 is gone
    path.unlink()
    assert {found for found in campaign.states(campaign.run()) if found[0] == "O03"} == years


def test_without_the_earlier_file_what_says_the_same_is_the_same(campaign: Campaign) -> None:
    campaign.send({f"{LIST}!E10": 99}).unlink()
    campaign.send({f"{LIST}!E10": 99})
    campaign.run()
    shutil.rmtree(campaign.inbox)
    campaign.inbox.mkdir()
    campaign.send({f"{LIST}!E11": 99})
    result = campaign.run()
    assert campaign.states(result) == {("O03", "E11", State.OPEN)}
    assert result.rounds[campaign.ward.code].comparison is None


def test_ranges_hold_cells_of_one_state(campaign: Campaign) -> None:
    campaign.send({f"{LIST}!D{row}": None for row in range(10, 15)})
    assert campaign.states(campaign.run()) == {("O01", "D10:D14", State.NEW)}
    campaign.send({f"{LIST}!D{row}": None for row in range(12, 18)})
    result = campaign.run()
    assert campaign.states(result) == {("O01", "D12:D14", State.OPEN), ("O01", "D15:D17", State.NEW)}
    assert campaign.mended(result) == {("O01", "D10:D11")}


def test_an_earlier_file_is_no_fault_of_the_later(campaign: Campaign) -> None:
    campaign.send({f"{LIST}!E10": 99})
    campaign.run()
    campaign.send({})
    result = campaign.run()
    told = [f for f in result.findings_by_unit[campaign.ward.code] if f.code == "TEP04"]
    assert [f.severity for f in told] == [Severity.NOTE]


def test_a_file_that_cannot_be_read_is_a_round_too(campaign: Campaign) -> None:
    path = campaign.inbox / campaign.plan.workbook_name(campaign.ward)
    path.write_bytes(b"PK\x03\x04 hong")
    first = campaign.run()
    assert campaign.states(first) == {("TEP01", "", State.NEW), ("TEP05", "", State.NEW)}
    path.unlink()
    campaign.send({})
    second = campaign.run()
    assert second.rounds[campaign.ward.code].number == 2
    assert ("TEP01", "") in campaign.mended(second)


# ---------------------------------------------------------------- data


def test_changes_between_two_submissions(campaign: Campaign) -> None:
    campaign.send({})
    campaign.run()
    gone = campaign.clean[LIST, 9, 3]
    entries = without_row(campaign.clean, 9)
    last = max(r for s, r, c in entries if s == LIST and entries[s, r, c] is not None)
    added = {(LIST, last + 1, c): campaign.clean[LIST, 20, c] for s, r, c in campaign.clean if (s, r) == (LIST, 20)}
    entries |= added | {(LIST, last + 1, 3): "Đặng Thị Hoàn Toàn Mới"}
    campaign.send({f"{LIST}!E12": 1950, "Thông tin!B13": "Nhà văn hóa", "Báo cáo!B8": "Trả lời khác hẳn."}, entries)
    result = campaign.run()
    comparison = result.rounds[campaign.ward.code].comparison
    assert comparison
    seen = {(c.kind, c.table, c.column, c.old_row, c.new_row) for c in comparison.changes}
    assert seen == {
        ("removed", "delegates", "", 9, 0),
        ("added", "delegates", "", 0, last + 1),
        ("changed", "delegates", "birth_year", 13, 12),
        ("changed", "info", "venue", 0, 0),
        ("changed", "report", "content", 8, 8),
    }
    register = openpyxl.load_workbook(io.BytesIO(write_register(result)))
    rows = [[c.value for c in row] for row in register[CHANGES_SHEET].iter_rows(min_row=HEADING_ROW + 1)]
    assert len(rows) == 5
    assert [row[8] for row in rows if row[4] == "Bỏ dòng"] == [gone]
    assert [row[9] for row in rows if row[4] == "Thêm dòng"] == ["Đặng Thị Hoàn Toàn Mới"]
    board = register.worksheets[0]
    texts = [c.value for row in board.iter_rows() for c in row if isinstance(c.value, str)]
    assert "thêm 1 dòng, bỏ 1 dòng, sửa 3 ô" in texts


def test_a_corrected_name_is_a_changed_cell(campaign: Campaign) -> None:
    campaign.send({})
    campaign.run()
    campaign.send({f"{LIST}!C12": "Tên Đã Viết Lại"})
    comparison = campaign.run().rounds[campaign.ward.code].comparison
    assert comparison
    assert [(c.kind, c.column, c.new_row) for c in comparison.changes] == [("changed", "name", 12)]


# ---------------------------------------------------------------- what may stand


def accept(campaign: Campaign, *rows: tuple[Any, ...]) -> bytes:
    path = campaign.out / EXEMPTIONS_FILE
    book = openpyxl.load_workbook(path)
    for row, values in enumerate(rows, start=5):
        for column, value in enumerate(values, start=1):
            book.worksheets[0].cell(row, column, value)
    book.save(path)
    return path.read_bytes()


REASON = ("không có khách Trung ương", "Trưởng phòng")


def test_an_exception_is_honoured_and_printed(campaign: Campaign) -> None:
    campaign.send({f"{LIST}!E10": 99, f"{LIST}!E20": 98})
    assert campaign.run().count(Severity.ERROR, campaign.ward.code) == 2
    kept = accept(campaign, ("O03", "Hàng Bạc", *REASON, date(2020, 3, 18)))
    result = campaign.run(whole=True)
    assert result.count(Severity.ERROR, campaign.ward.code) == 0
    assert {f.severity for f in campaign.own(result)} == {Severity.ACCEPTED}
    assert campaign.mended(result) == set()
    assert result.verdict_of(campaign.ward) is Verdict.CLEAN
    assert not any(f.code == "NB01" for f in result.findings)
    summary = openpyxl.load_workbook(io.BytesIO(write_summary(result)))
    shown = " ".join(str(c.value) for sheet in summary for row in sheet.iter_rows() for c in row)
    assert all(
        internal not in shown.replace("TRƯỞNG PHÒNG", "") for internal in ("O03", "khách Trung ương", "Trưởng phòng")
    )
    register = openpyxl.load_workbook(io.BytesIO(write_register(result)))
    told = " ".join(str(c.value) for row in register["Vấn đề"].iter_rows() for c in row)
    assert "Được chấp nhận: không có khách Trung ương (Trưởng phòng, đến hết ngày 18/03/2020)" in told
    assert (campaign.out / EXEMPTIONS_FILE).read_bytes() == kept
    units = {u["code"]: u for u in json.loads((campaign.out / HISTORY_FILE).read_bytes())["units"]}
    assert units["00061"]["accepted"] == 2


def test_a_wrong_or_stale_exception_is_told_and_not_used(campaign: Campaign) -> None:
    cases: list[tuple[tuple[Any, ...], str, str]] = [
        (("O3", "Hàng Bạc", *REASON), "Không có quy tắc “O3”", "A"),
        (("NB01", "Hàng Bạc", *REASON), "Không có quy tắc “NB01”", "A"),
        (("O03", "Hàng Bạcc", *REASON), "Không có đơn vị “Hàng Bạcc”", "B"),
        (("O03", "Hàng Bạc", *REASON, date(2020, 3, 17)), "Hết hiệu lực từ sau ngày 17/03/2020", "E"),
        (("O03", "Hàng Bạc", *REASON, "mai"), "“mai” không phải ngày tháng", "E"),
        (("O02", "Hàng Bạc", *REASON), "Không khớp với vấn đề nào", "A"),
        (("O03", "Hàng Bạc", None, "Trưởng phòng"), "Chưa ghi “Lý do”", "C"),
        (("TEP01", "Hàng Bạc", *REASON), "Không thể chấp nhận TEP01", "A"),
    ]
    campaign.send({f"{LIST}!E10": 99})
    campaign.run()
    accept(campaign, *(row for row, *_ in cases))
    result = campaign.run()
    told = {f.cell: f for f in result.findings if f.code == "NB01"}
    run = CliRunner().invoke(
        commands, ["status", str(campaign.inbox), "-o", str(campaign.out), "--as-of", "2020-03-18"]
    )
    said = " ".join(run.output.split())
    for line, (_, says, column) in enumerate(cases, start=5):
        finding = told.pop(f"{column}{line}")
        assert says in finding.message
        assert (finding.file, finding.severity) == (EXEMPTIONS_FILE, Severity.WARNING)
        assert says in said
    assert not told
    assert result.count(Severity.ERROR, campaign.ward.code) == 1


def test_an_exception_for_every_unit(campaign: Campaign) -> None:
    campaign.send({})
    campaign.run(date(2020, 3, 25))
    accept(campaign, ("TEP05", "tất cả", *REASON))
    assert campaign.run(date(2020, 3, 25)).count(Severity.ACCEPTED) == 3


def test_a_damaged_list_of_exceptions_stops_nothing(campaign: Campaign) -> None:
    campaign.send({f"{LIST}!E10": 99})
    campaign.run()
    (campaign.out / EXEMPTIONS_FILE).write_bytes(b"PK\x03\x04 hong")
    result = campaign.run()
    assert [f.message for f in result.findings if f.code == "NB01"] == [
        "Không đọc được: tệp hỏng; chạy tiếp như khi không có tệp này"
    ]
    assert (campaign.out / EXEMPTIONS_FILE).read_bytes() == b"PK\x03\x04 hong"


def test_a_locked_list_of_exceptions_stops_nothing(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody has it open, and the program that does lets nobody else read."""
    campaign.send({f"{LIST}!E10": 99})
    campaign.run()
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == EXEMPTIONS_FILE:
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)  # the workers are forked, and so refused as well
    told = [f for f in campaign.run().findings if f.code == "NB01"]
    assert [f.message.partition(" (")[0] for f in told] == ["Không đọc được: không mở được tệp"]
    assert "Đóng tệp" in told[0].advice


# ---------------------------------------------------------------- what cannot be gone on from


@pytest.mark.usefixtures("little_written")
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "bị hỏng"),
        (b"{]", "bị hỏng"),
        (b'"\xff\xfe"', "bị hỏng"),
        (b'{"plan": "ke-hoach-khac", "format_version": 1}', "của kế hoạch khác (ke-hoach-khac)"),
        (b'{"plan": "hoan-kiem-2020", "format_version": 99}', "phiên bản mới hơn"),
        (b'{"plan": "hoan-kiem-2020", "history": [{"code": "O01"}]}', "bị hỏng"),
        (b'{"plan": "hoan-kiem-2020", "units": [{"code": 5}]}', "bị hỏng"),
    ],
)
def test_an_unfit_result_is_told_and_kept(content: bytes, says: str, campaign: Campaign) -> None:
    campaign.send({f"{LIST}!E10": 99})
    campaign.out.mkdir()
    (campaign.out / HISTORY_FILE).write_bytes(content)
    result = campaign.run(whole=True)
    (told,) = (f for f in result.findings if f.code == "NB02")
    assert says in told.message
    assert (campaign.out / HISTORY_FILE).read_bytes() == content
    assert json.loads((campaign.out / "ket-qua (2).json").read_bytes())["plan"] == "hoan-kiem-2020"
    assert campaign.states(result) == {("O03", "E10", State.NEW)}


def test_a_result_of_before_there_were_rounds_is_gone_on_from(campaign: Campaign) -> None:
    campaign.send({f"{LIST}!E10": 99})
    campaign.run()
    path = campaign.out / HISTORY_FILE
    old = json.loads(path.read_bytes())
    del old["history"], old["fixed"]
    for unit in old["units"]:
        del unit["submissions"], unit["round"]
    path.write_text(json.dumps(old), encoding="utf-8")
    result = campaign.run()
    assert campaign.states(result) == {("O03", "E10", State.NEW)}
    assert result.rounds[campaign.ward.code].number == 1


# ---------------------------------------------------------------- dhtt status


def test_status_tells_and_writes_nothing(campaign: Campaign) -> None:
    campaign.send({f"{LIST}!E10": 99})
    campaign.run()
    campaign.send({f"{LIST}!E10": 98})
    before = {p: p.read_bytes() for folder in (campaign.inbox, campaign.out) for p in folder.rglob("*") if p.is_file()}
    args = ["status", str(campaign.inbox), "-o", str(campaign.out), "--as-of", "2020-03-22"]
    run = CliRunner().invoke(commands, args)
    assert run.exit_code == 1
    lines = {line[:14].strip(): line for line in run.output.splitlines()}
    assert lines["Hàng Bạc"].split()[-4:] == ["Cần", "sửa", "1", "1"]
    assert lines["Hàng Gai"].split()[2] == "3"
    assert "Đã nhận 1/18 phường" in run.output
    assert "đã quá hạn 3 ngày" in run.output
    after = {p: p.read_bytes() for folder in (campaign.inbox, campaign.out) for p in folder.rglob("*") if p.is_file()}
    assert after == before


def test_who_sent_after_the_limit_is_late(campaign: Campaign, plan: Plan) -> None:
    path = campaign.send({})
    moment = 1_584_900_000  # 22 March 2020
    os.utime(path, (moment, moment))
    result = campaign.run(date(2020, 3, 25))
    assert result.days_late(campaign.ward) == 3
    assert (
        consolidate(campaign.inbox, plan, AS_OF).days_late(campaign.ward) == 0
    )  # a run as of a day on which it was here
    assert load_plan().report.before == plan.report.before == date(2020, 3, 20)


def test_who_reported_in_time_and_then_corrected_is_not_late(campaign: Campaign) -> None:
    first = campaign.send({f"{LIST}!E10": 99})
    campaign.run()
    corrected = campaign.send({})
    moment = 1_584_900_000  # 22 March 2020
    os.utime(corrected, (moment, moment))
    assert campaign.run(date(2020, 3, 25)).days_late(campaign.ward) == 0
    first.unlink()  # only the history knows of it
    result = campaign.run(date(2020, 3, 25))
    assert result.days_late(campaign.ward) == 0
    units = {u["code"]: u for u in json.loads(write_json(result))["units"]}
    assert (units["00061"]["days_late"], units["00061"]["reported"]) == (0, "2020-03-12")


def test_a_blank_form_in_time_is_no_report_in_time(campaign: Campaign, form: Form) -> None:
    blank = campaign.inbox / "trống.xlsx"
    blank.write_bytes(draw_form(campaign.plan, form, campaign.ward, RULES))
    os.utime(blank, (1_584_000_000, 1_584_000_000))
    campaign.run()
    path = campaign.send({})
    moment = 1_584_900_000
    os.utime(path, (moment, moment))
    assert campaign.run(date(2020, 3, 25)).days_late(campaign.ward) == 3
