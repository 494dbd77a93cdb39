"""Đối soát, Ngoài biểu mẫu, Nguồn and ket-qua.json: the ledger as it is written, through the whole pipeline."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from importlib import metadata
from importlib.metadata import PackageNotFoundError
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook

from dhtt_excel.excel.addresses import cell_name, cell_position
from dhtt_excel.form.draw_form import Entries
from dhtt_excel.form.form import FORM_VERSION, Form
from dhtt_excel.outputs.register import outside_sheet
from dhtt_excel.outputs.register.ledger_sheet import HIDDEN_NOTE, LEDGER_SHEET
from dhtt_excel.outputs.register.outside_sheet import OUTSIDE_SHEET
from dhtt_excel.outputs.register.paper import HEADING_ROW
from dhtt_excel.outputs.register.sources_sheet import SOURCES_SHEET
from dhtt_excel.outputs.register.write_register import write_register
from dhtt_excel.outputs.write_json import write_json
from dhtt_excel.pipeline import consolidate
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.reading.ledger import Account, merge_accounts
from dhtt_excel.reading.submissions import Submission
from dhtt_excel.result import Result
from tests.conftest import AS_OF
from tests.typed import fill_in

COUNTS: dict[str, Callable[[Account], int]] = {
    "Nhận": lambda a: a.received,
    "Của biểu mẫu": lambda a: a.printed,
    "Đã dùng": lambda a: a.used,
    "Bị loại": lambda a: a.rejected,
    "Khoảng trắng": lambda a: a.blank,
    "Ngoài biểu mẫu": lambda a: len(a.outside),
    "Không đọc được": lambda a: a.lost,
}
FORMULA = "=1+1 là ghi chú của phường"
SECRET = "Nguyễn Văn Bí Mật"
FOOT = "Người lập biểu"
EXTRA = "Nháp"


@pytest.fixture(scope="module")
def result(
    ward: Unit,
    plan: Plan,
    form: Form,
    valid_entries: Callable[[Unit], Entries],
    tmp_path_factory: pytest.TempPathFactory,
) -> Result:
    """A ward with things outside its form, another that sent twice, a file of nobody, one that is damaged."""
    folder = tmp_path_factory.mktemp("ledger") / "da nhận"
    folder.mkdir()
    entries = valid_entries(ward)
    foot = max(row for sheet, row, _ in entries if sheet == form.tables["delegates"].sheet) + 3
    changes = {"S9": FORMULA, f"C{foot}": FOOT, "S11": "  ", "E12": "không rõ"}
    entries |= {("Đại biểu", *cell_position(cell)): value for cell, value in changes.items()}
    path = folder / plan.workbook_name(ward)
    path.write_bytes(fill_in(plan, form, ward, entries))
    workbook = openpyxl.load_workbook(path)
    workbook.create_sheet(EXTRA).sheet_state = "hidden"
    workbook[EXTRA]["A1"], workbook[EXTRA]["B7"] = SECRET, 12
    workbook.save(path)
    other = next(u for u in plan.local_units if u is not ward)
    twice = fill_in(plan, form, other, valid_entries(other))
    for name in (plan.workbook_name(other), f"{other.code} bản 2.xlsx"):
        (folder / name).write_bytes(twice)
    stranger = openpyxl.Workbook()
    stranger.active["A1"] = SECRET
    stranger.save(folder / "lạ.xlsx")
    (folder / "hỏng.xlsx").write_bytes(b"abc")
    return consolidate(folder, plan, AS_OF)


def read(result: Result) -> tuple[Workbook, Workbook]:
    """The register with formulas, and with their saved values."""
    data = write_register(result)
    formulas, values = (openpyxl.load_workbook(io.BytesIO(data), data_only=saved) for saved in (False, True))
    return formulas, values


def rows_of(book: Workbook, name: str) -> list[dict[str, Cell]]:
    """The lines of the sheet's table by heading."""
    sheet = book[name]
    (table,) = sheet.tables.values()
    headings, *rows = sheet[table.ref]
    return [dict(zip((h.value for h in headings), row, strict=True)) for row in rows]


def sheets_of(result: Result) -> Iterator[tuple[Submission, Account | None]]:
    for submission in result.submissions:
        accounts: list[Account | None] = [*submission.accounts]
        yield from ((submission, account) for account in accounts or [None])


def outside_of(result: Result) -> list[tuple[str, str, str, str]]:
    return [
        (s.source.file, a.sheet, cell_name(c.row, c.column), c.text)
        for s in result.submissions
        if s.unit
        for a in s.accounts
        for c in a.outside
    ]


def submission_of(result: Result, file: str) -> Submission:
    return next(s for s in result.submissions if s.source.file == file)


def test_ledger_has_a_line_a_sheet_and_balances(result: Result) -> None:
    formulas, values = read(result)
    rows, computed = rows_of(formulas, LEDGER_SHEET), rows_of(values, LEDGER_SHEET)
    expected = list(sheets_of(result))
    assert len(rows) == len(expected)
    for place, (row, shown, (submission, account)) in enumerate(zip(rows, computed, expected, strict=True), start=1):
        assert row["STT"].value == place
        assert row["Tệp"].value == submission.source.file
        assert row["Tệp dùng"].value == ("x" if submission.used else None)
        assert row["Đơn vị"].value == (result.plan.name_of(submission.unit) if submission.unit else None)
        if account is None:
            assert row["Ghi chú"].value == f"Không đọc được: {submission.source.problem}"
            assert all(row[heading].value is None for heading in (*COUNTS, "Trang tính", "Chênh lệch"))
            continue
        assert (row["Ghi chú"].value is None) == submission.used
        assert row["Trang tính"].value == account.sheet + ("" if account.visible else HIDDEN_NOTE)
        assert {h: row[h].value for h in COUNTS} == {h: count(account) for h, count in COUNTS.items()}
        cells = [row[heading].coordinate for heading in COUNTS]
        assert row["Chênh lệch"].value == f"={cells[0]}-SUM({cells[1]}:{cells[-1]})"
        assert shown["Chênh lệch"].value == 0
    changed = next(r for r in rows if r["Trang tính"].value == EXTRA + HIDDEN_NOTE)
    assert (changed["Nhận"].value, changed["Ngoài biểu mẫu"].value) == (2, 2)
    assert any(r["Bị loại"].value for r in rows)
    assert any(r["Khoảng trắng"].value for r in rows)


def test_ledger_totals_and_verdict(result: Result) -> None:
    formulas, values = read(result)
    rows, sheet = rows_of(formulas, LEDGER_SHEET), values[LEDGER_SHEET]
    total = merge_accounts(a for _, a in sheets_of(result) if a)
    row = HEADING_ROW + len(rows) + 1
    assert sheet.cell(row, 1).value == "Tổng cộng"
    for heading, cell in rows[0].items():
        if heading in (*COUNTS, "Chênh lệch"):
            letter = cell.column_letter
            below = formulas[LEDGER_SHEET].cell(row, cell.column).value
            assert below == f"=SUM({letter}{HEADING_ROW + 1}:{letter}{row - 1})"
            wanted = COUNTS[heading](total) if heading in COUNTS else 0
            assert sheet.cell(row, cell.column).value == wanted
    verdict = sheet.cell(HEADING_ROW - 1, 1).value
    numbers = [int(n.replace(".", "")) for n in re.findall(r"[\d.]*\d", verdict.partition(". ")[0])]
    assert verdict.startswith("Mọi ô nhận được đều có chỗ: nhận ")
    assert numbers == [count(total) for count in COUNTS.values()]
    assert "Không kể 1 tệp không đọc được." in verdict
    assert "1 tệp đọc được nhưng không chọn" in verdict


def test_ledger_says_what_does_not_balance(result: Result) -> None:
    """Reading raises before this: the sheet shows it even so."""
    place, submission = next((i, s) for i, s in enumerate(result.submissions) if s.accounts)
    first, *others = submission.accounts
    broken = replace(submission, accounts=[replace(first, received=first.received + 3), *others])
    submissions = [*result.submissions[:place], broken, *result.submissions[place + 1 :]]
    formulas, values = read(replace(result, submissions=submissions))
    assert values[LEDGER_SHEET].cell(HEADING_ROW - 1, 1).value.startswith("1 trang tính KHÔNG KHỚP")
    assert max(r["Chênh lệch"].value or 0 for r in rows_of(values, LEDGER_SHEET)) == 3
    red = formulas[LEDGER_SHEET].conditional_formatting
    assert any("<>0" in rule.formula[0] for ranges in red for rule in ranges.rules)


def test_outside_cells_are_listed_as_texts(result: Result, ward: Unit) -> None:
    book, _ = read(result)
    rows = rows_of(book, OUTSIDE_SHEET)
    found = [tuple(row[h].value for h in ("Tệp", "Trang tính", "Ô", "Nội dung")) for row in rows]
    assert found == outside_of(result)
    texts = {(sheet, cell): text for _, sheet, cell, text in found}
    assert texts["Đại biểu", "S9"] == FORMULA
    assert (texts[EXTRA, "A1"], texts[EXTRA, "B7"]) == (SECRET, "12")
    assert FOOT in texts.values()
    assert {row["Đơn vị"].value for row in rows} == {result.plan.name_of(ward)}
    for row in rows:
        content = row["Nội dung"]
        assert (content.data_type, content.hyperlink) == ("s", None)
        assert content.quotePrefix == content.value.startswith("=")
    assert "Không liệt kê 1 ô" in book[OUTSIDE_SHEET].cell(HEADING_ROW - 1, 1).value


def test_counts_of_outside_cells_link_to_the_first(result: Result) -> None:
    book, _ = read(result)
    linked = 0
    for row in rows_of(book, LEDGER_SHEET):
        link = row["Ngoài biểu mẫu"].hyperlink
        assert (link is not None) == bool(row["Ngoài biểu mẫu"].value and row["Đơn vị"].value)
        if link:
            target = book[OUTSIDE_SHEET][int(link.location.rpartition("!A")[2])]
            assert target[2].value == row["Tệp"].value
            assert target[3].value == row["Trang tính"].value.removesuffix(HIDDEN_NOTE)
            linked += 1
    assert linked == 2


def test_a_list_too_long_says_what_is_left_out(result: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside_sheet, "MAX_LISTED", 1)
    book, _ = read(result)
    assert len(rows_of(book, OUTSIDE_SHEET)) == 1
    left = len(outside_of(result)) - 1
    note = book[OUTSIDE_SHEET].cell(HEADING_ROW - 1, 1).value
    assert note.startswith(f"Liệt kê 1 ô đầu; địa chỉ của {left} ô còn lại ở tệp ket-qua.json.")
    assert len(json.loads(write_json(result))["outside_cells"]) == left + 1


def test_sources_name_every_file_and_what_became_of_it(result: Result) -> None:
    book, _ = read(result)
    rows = rows_of(book, SOURCES_SHEET)
    assert len(rows) == len(result.submissions)
    for row, submission in zip(rows, result.submissions, strict=True):
        source = submission.source
        assert (row["Tệp"].value, row["Dung lượng (byte)"].value) == (source.file, source.size)
        assert (row["SHA-256"].value, row["Loại"].value) == (source.sha256, f".{source.kind}" if source.kind else None)
        assert abs(row["Nhận lúc"].value - source.sent).total_seconds() < 1
        assert row["Tệp dùng"].value == ("x" if submission.used else None)
        assert row["Vì sao"].value
    why = {row["Tệp"].value: row["Vì sao"].value for row in rows}
    assert why["hỏng.xlsx"].startswith("Không đọc được")
    assert why["lạ.xlsx"] == "Không phải biểu mẫu của kế hoạch này."
    (unused,) = (s.source.file for s in result.submissions if s.unit and not s.used)
    assert "gửi 2 tệp" in why[unused]
    assert sum("gửi sau cùng trong 2 tệp" in text for text in why.values()) == 1


def settings_of(book: Workbook) -> dict[str, str]:
    sheet = book[SOURCES_SHEET]
    (table,) = sheet.tables.values()
    last = int(re.sub(r".*\D", "", table.ref))
    return {row[0].value: row[2].value for row in sheet.iter_rows(min_row=last + 3) if row[0].value}


def test_sources_name_plan_versions_and_day_but_no_machine(
    result: Result, tmp_path_factory: pytest.TempPathFactory
) -> None:
    book, _ = read(result)
    settings, machine = settings_of(book), str(tmp_path_factory.getbasetemp())
    assert result.plan.number in settings["Kế hoạch"]
    assert settings["Mã kế hoạch (--plan)"] == result.plan.id
    assert settings["Phiên bản biểu mẫu"] == str(FORM_VERSION)
    assert settings["Ngày xét hạn (--as-of)"] == f"{AS_OF:%d/%m/%Y}"
    assert re.fullmatch(r"dhtt \d.*", settings["Phiên bản chương trình"])
    assert not any(machine in str(c.value) for sheet in book for row in sheet.iter_rows() for c in row)


def test_sources_do_not_need_an_installed_program(result: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", refuse)
    assert "không rõ" in settings_of(read(result)[0])["Phiên bản chương trình"]


def test_a_file_that_vanished_has_no_time(result: Result) -> None:
    place = next(i for i, s in enumerate(result.submissions) if s.source.refusal)
    submission = result.submissions[place]
    gone = replace(submission, source=replace(submission.source, size=0, sha256="", modified=datetime.min))
    submissions = [*result.submissions[:place], gone, *result.submissions[place + 1 :]]
    row = rows_of(read(replace(result, submissions=submissions))[0], SOURCES_SHEET)[place]
    assert (row["Nhận lúc"].value, row["SHA-256"].value) == (None, None)


def test_json_has_the_ledger_and_no_contents(result: Result) -> None:
    data = write_json(result)
    described: dict[str, Any] = json.loads(data)
    places = ("received", "printed", "used", "rejected", "blank", "outside", "lost")
    assert described["ledger"] == [
        {"file": s.source.file, "sheet": a.sheet, **dict(zip(places, (c(a) for c in COUNTS.values()), strict=True))}
        for s, a in sheets_of(result)
        if a
    ]
    assert all(line["received"] == sum(line[place] for place in places[1:]) for line in described["ledger"])
    assert described["outside_cells"] == [
        {"file": file, "sheet": sheet, "cell": cell} for file, sheet, cell, _ in outside_of(result)
    ]
    files = {file["file"]: (file["kind"], file["refusal"]) for file in described["files"]}
    assert files["lạ.xlsx"] == ("xlsx", None)
    assert files["hỏng.xlsx"] == (None, submission_of(result, "hỏng.xlsx").source.refusal)
    assert SECRET not in data.decode()
    assert described["format_version"] == 2


def test_the_same_result_gives_the_same_bytes(result: Result) -> None:
    for write in (write_register, write_json):
        assert hashlib.sha256(write(result)).digest() == hashlib.sha256(write(result)).digest()
