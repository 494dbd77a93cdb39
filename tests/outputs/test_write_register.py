"""The register: every finding, every unit and every merged line is in it, with its type, and its links lead there."""

from __future__ import annotations

import io
import os
import re
import shutil
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from msgspec.structs import replace as change
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from dhtt_excel.excel import book
from dhtt_excel.figures.traces import trace_figures
from dhtt_excel.findings import Severity
from dhtt_excel.form.form import Form, Kind, Layout
from dhtt_excel.outputs.register import findings_sheet
from dhtt_excel.outputs.register import table as table_module
from dhtt_excel.outputs.register import write_register as register_module
from dhtt_excel.outputs.register.balance_sheet import BALANCE_SHEET
from dhtt_excel.outputs.register.board import BOARD_SHEET, NO_SHEET
from dhtt_excel.outputs.register.changes_sheet import CHANGES_SHEET
from dhtt_excel.outputs.register.findings_sheet import FINDINGS_SHEET
from dhtt_excel.outputs.register.ledger_sheet import LEDGER_SHEET
from dhtt_excel.outputs.register.lists import list_added, merged_lists
from dhtt_excel.outputs.register.outside_sheet import OUTSIDE_SHEET
from dhtt_excel.outputs.register.paper import HEADING_ROW, MARK
from dhtt_excel.outputs.register.sources_sheet import SOURCES_SHEET
from dhtt_excel.outputs.register.trace_sheet import TRACE_SHEET
from dhtt_excel.outputs.register.write_register import write_register
from dhtt_excel.pipeline import consolidate
from dhtt_excel.plan.plan import Plan
from dhtt_excel.reading.merge_tables import Tables
from dhtt_excel.result import Result, Verdict
from tests.libreoffice import LibreOffice

AFTER_THE_LIMIT = date(2020, 3, 23)


@pytest.fixture(scope="module")
def result(plan: Plan, drawn_campaign: Path, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The demo campaign after the limit, with two files that no one can read."""
    folder = tmp_path_factory.mktemp("register") / "da-nhan"
    shutil.copytree(drawn_campaign, folder)
    for name, data in (("hỏng.xlsx", b"abc"), (f"{plan.local_units[0].code} bản quét.xlsx", b"")):
        (folder / name).write_bytes(data)
        os.utime(folder / name, (1_584_000_000, 1_584_000_000))
    return consolidate(folder, plan, AFTER_THE_LIMIT)


@pytest.fixture(scope="module")
def written(result: Result) -> bytes:
    return write_register(result)


@pytest.fixture(scope="module")
def register(written: bytes) -> Workbook:
    return read(written)


def read(data: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def rows_below(sheet: Worksheet, heading_row: int) -> list[dict[str, Cell]]:
    """The cells of each row by heading, down to the first empty row."""
    headings = [cell.value for cell in sheet[heading_row]]
    rows = []
    for cells in sheet.iter_rows(min_row=heading_row + 1):
        if all(cell.value is None for cell in cells):
            break
        rows.append(dict(zip(headings, cells, strict=True)))
    return rows


def board_rows(register: Workbook) -> list[dict[str, Cell]]:
    return rows_below(register[BOARD_SHEET], HEADING_ROW + 1)


def list_rows(register: Workbook, sheet: str) -> list[dict[str, Cell]]:
    return rows_below(register[sheet], HEADING_ROW)


def follow(register: Workbook, cell: Cell) -> dict[str, Cell]:
    """The row of a list that a link leads to."""
    match = re.fullmatch(r"'(.+)'!A(\d+)", cell.hyperlink.location)
    assert match
    sheet = register[match[1]]
    return dict(zip((c.value for c in sheet[HEADING_ROW]), sheet[int(match[2])], strict=True))


def with_frame(result: Result, key: str, frame: pd.DataFrame) -> Result:
    return replace(result, tables=replace(result.tables, frames={**result.tables.frames, key: frame}))


def test_sheets_stand_in_their_order(register: Workbook, form: Form) -> None:
    lists_of_units = (t.sheet for t in merged_lists(form))
    last = (TRACE_SHEET, LEDGER_SHEET, OUTSIDE_SHEET, SOURCES_SHEET)
    assert register.sheetnames == [BOARD_SHEET, FINDINGS_SHEET, CHANGES_SHEET, BALANCE_SHEET, *lists_of_units, *last]


def test_the_same_result_gives_the_same_bytes(result: Result, written: bytes) -> None:
    assert write_register(result) == written


def test_properties_name_nobody(written: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(written)) as package:
        core = package.read("docProps/core.xml").decode()
    assert "<dc:creator></dc:creator>" in core
    assert "<cp:lastModifiedBy></cp:lastModifiedBy>" in core


def test_every_sheet_is_marked_and_set_up(register: Workbook) -> None:
    for sheet in register:
        assert sheet["A1"].value == MARK
        assert MARK in sheet.oddHeader.right.text
        assert sheet.oddHeader.center.text == "&P"
        assert sheet.freeze_panes
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        if sheet.title == BOARD_SHEET:  # two pages wide
            assert sheet.page_setup.scale >= 50
            assert len(sheet.col_breaks.brk) == 1
            assert sheet.print_title_cols == "$A:$C"
        else:
            assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)  # 1 is not written
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows
        margins = [round(m * 25.4) for m in (sheet.page_margins.top, sheet.page_margins.bottom)]
        assert [*margins, round(sheet.page_margins.left * 25.4), round(sheet.page_margins.right * 25.4)] == [
            20,
            20,
            30,
            15,
        ]


def test_lists_are_filtered_tables(register: Workbook, result: Result) -> None:
    assert register[BOARD_SHEET].auto_filter.ref
    expected = {FINDINGS_SHEET: len(result.findings)}
    expected |= {t.sheet: len(result.tables.frames[t.key]) for t in merged_lists(result.form)}
    for name, count in expected.items():
        (table,) = register[name].tables.values()
        assert table.name.isascii()
        first, last = table.ref.split(":")
        assert first == f"A{HEADING_ROW}"
        assert last.endswith(str(HEADING_ROW + count))
        assert table.autoFilter.ref == table.ref
        headings = [c.value for c in register[name][HEADING_ROW]]
        assert [c.name for c in table.tableColumns] == headings
        assert len({h.casefold() for h in headings}) == len(headings)


def test_board_has_a_line_for_every_unit(register: Workbook, result: Result) -> None:
    rows = board_rows(register)
    assert [row["Mã"].value for row in rows] == list(result.plan.units_by_code)
    for row, unit in zip(rows, result.plan.units_by_code.values(), strict=True):
        used = result.used.get(unit.code)
        assert row["Đơn vị"].value == result.plan.name_of(unit)
        assert row["Kết quả"].value.endswith(result.verdict_of(unit).label)
        assert row["Tệp dùng"].value == (used.source.file if used else None)
        for severity in Severity:
            assert row[severity.label].value == result.count(severity, unit.code)
        by_sheet = [row[sheet].value or 0 for sheet in (NO_SHEET, *result.form.sheets)]
        assert sum(by_sheet) == result.count(Severity.ERROR, unit.code)
        figures = result.figures.units.loc[unit.code]
        assert row["Tổng số đại biểu"].value == (figures["listed"] if used else None)
        assert (row["% điển hình"].value is None) == (used is None)
    received = len(result.plan.local_units) - len(result.missing_units)
    assert f"{received}/{len(result.plan.local_units)}" in register[BOARD_SHEET]["D2"].value


def test_board_says_which_file_is_used_and_why(register: Workbook, result: Result) -> None:
    notes = {row["Mã"].value: row["Lý do chọn tệp, ghi chú"].value or "" for row in board_rows(register)}
    (twice,) = {f.unit for f in result.findings if f.code == "TEP04"}
    assert notes[twice].startswith("Gửi 2 tệp, dùng tệp hợp lệ sau cùng")
    (missing,) = result.missing_units
    assert "quá hạn 4 ngày" in notes[missing.code]
    assert "bản quét" in notes[result.plan.local_units[0].code]
    assert result.verdict_of(missing) is Verdict.MISSING


def test_board_advises_on_shares(register: Workbook, result: Result) -> None:
    shares = result.plan.shares
    advice = {r["Mã"].value: r[f"Tư vấn {shares.exemplars}/{shares.guests}"].value for r in board_rows(register)}
    assert any(f.code == "DB01" for f in result.findings)
    for finding in result.findings:
        if finding.code in ("DB01", "HN01", "HN02"):
            assert finding.advice in advice[finding.unit]


def test_counts_link_to_the_first_finding_of_the_unit(register: Workbook) -> None:
    linked = 0
    for row in board_rows(register):
        for severity in Severity:
            cell = row[severity.label]
            assert (cell.hyperlink is not None) == (cell.value > 0)
            if cell.hyperlink:
                target = follow(register, cell)
                assert (target["Mức"].value, target["Đơn vị"].value) == (severity.label, row["Đơn vị"].value)
                linked += 1
    assert linked


def test_files_of_no_unit_are_listed(register: Workbook, result: Result) -> None:
    cells = [c.value for row in register[BOARD_SHEET].iter_rows() for c in row]
    strays = [s for s in result.submissions if s.unit is None]
    assert len(strays) == 2
    for stray in strays:
        assert stray.source.file in cells


def test_every_finding_is_listed_in_order(register: Workbook, result: Result) -> None:
    rows = list_rows(register, FINDINGS_SHEET)
    assert len(rows) == len(result.findings) > 0
    names = {code: result.plan.name_of(unit) for code, unit in result.plan.units_by_code.items()}
    for place, (row, f) in enumerate(zip(rows, result.findings, strict=True), start=1):
        shown = [cell.value or "" for cell in row.values()]
        place_texts = [
            place,
            f.severity.label,
            f.state.label if f.state else "",
            names.get(f.unit, ""),
            f.file,
            f.sheet,
            f.cell,
        ]
        assert shown == [*place_texts, f.code, f.message, f.advice, f.citation]


def test_cells_link_to_the_merged_line(register: Workbook, result: Result) -> None:
    listed = {
        (unit, file, read_table.sheet): key
        for (unit, key), (file, read_table) in result.tables.places.items()
        if key in {t.key for t in merged_lists(result.form)}
    }
    linked = 0
    for row, finding in zip(list_rows(register, FINDINGS_SHEET), result.findings, strict=True):
        key = listed.get((finding.unit, finding.file, finding.sheet))
        excel_row = int(re.sub(r"\D", "", finding.cell.partition(":")[0]) or 0)
        frame = result.tables.frames[key] if key else pd.DataFrame(columns=["unit", "excel_row"])
        exists = ((frame["unit"] == finding.unit) & (frame["excel_row"] == excel_row)).any()
        assert (row["Ô"].hyperlink is not None) == bool(exists)
        if exists:
            target = follow(register, row["Ô"])
            assert (target["Tệp"].value, target["Dòng"].value) == (finding.file, excel_row)
            assert target["Đơn vị báo cáo"].value == row["Đơn vị"].value
            linked += 1
    assert linked


def test_links_stop_at_excels_limit(result: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (findings_sheet, book):
        monkeypatch.setattr(module, "MAX_LINKS", 1)
    register = read(write_register(result))
    cells = [row["Ô"] for row in list_rows(register, FINDINGS_SHEET)]
    assert "ô cuối không có liên kết" in str([cell.value for cell in register[FINDINGS_SHEET][2]])
    assert sum(cell.hyperlink is not None for cell in cells) == 1
    assert [cell.value or "" for cell in cells] == [f.cell for f in result.findings]


def expected_cell(kind: Kind, value: Any) -> Any:
    if pd.isna(value):
        return None
    if kind is Kind.MARK:
        return "x" if value else None
    if kind is Kind.TIME:
        return time(value // 60, value % 60)
    return pd.Timestamp(value).to_pydatetime() if kind is Kind.DATE else value


def assert_list_equals(register: Workbook, result: Result, key: str) -> None:
    table, frame = result.form.tables[key], result.tables.frames[key]
    rows = [[cell.value for cell in row.values()] for row in list_rows(register, table.sheet)]
    assert len(rows) == len(frame)
    columns = {
        c.key: [expected_cell(c.kind, value) for value in frame[c.key].astype(object).tolist()] for c in table.stored
    }
    for place, (row, unit) in enumerate(zip(rows, frame["unit"], strict=True)):
        middle = [values[place] for values in columns.values()]
        file, read_table = result.tables.places[(unit, key)]
        added = [None if pd.isna(frame[name].iloc[place]) else frame[name].iloc[place] for name in list_added(frame)]
        source = [*added, file, read_table.sheet, frame["excel_row"].iloc[place]]
        assert row == [result.plan.name_of(result.plan.units_by_code[unit]), *middle, *source]


def test_lists_hold_every_line(register: Workbook, result: Result) -> None:
    for table in merged_lists(result.form):
        assert len(result.tables.frames[table.key]) > 0
        assert_list_equals(register, result, table.key)
        for row in list_rows(register, table.sheet):
            assert all(cell.hyperlink is None and cell.data_type != "f" for cell in row.values())


def test_every_kind_of_column_is_written_as_what_it_is(result: Result) -> None:
    """Times and dates stand in no list of the form as yet."""
    lists = {key: replace(result.form.tables[key], layout=Layout.LIST) for key in ("info", "programme")}
    other = replace(result, form=Form({**result.form.tables, **lists}))
    register = read(write_register(other))
    for key, table in lists.items():
        assert_list_equals(register, other, key)
        formats = {
            c.heading: f for c in table.stored if (f := {Kind.DATE: "dd/mm/yyyy", Kind.TIME: "hh:mm"}.get(c.kind))
        }
        first = list_rows(register, table.sheet)[0]
        assert {heading: first[heading].number_format for heading in formats} == formats


def test_texts_stay_texts(result: Result) -> None:
    texts = ["=1+1", "+84 24", "-", "@ten", '=HYPERLINK("http://a")', "https://a.vn", "0123", "NA", "1/2"]
    frame = result.tables.frames["delegates"].head(len(texts)).assign(name=pd.array(texts, dtype="string"))
    findings = [replace(result.findings[0], message=text, advice=text, file=text) for text in texts]
    other = replace(with_frame(result, "delegates", frame), findings=findings)
    register = read(write_register(other))
    table = result.form.tables["delegates"]
    listed, found = list_rows(register, table.sheet), list_rows(register, FINDINGS_SHEET)
    for text, row, finding in zip(texts, listed, found, strict=True):
        for cell in (row[table.by_key["name"].heading], finding["Vấn đề"], finding["Cách sửa"], finding["Tệp"]):
            assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)
            assert cell.quotePrefix == (text[0] in "=+-@")


def test_a_text_too_long_for_excel_says_that_it_is_cut(result: Result) -> None:
    frame = result.tables.frames["delegates"].head(9).copy()
    frame.loc[0, "note"] = "𠀀a" * 15_000
    other = with_frame(result, "delegates", frame)
    other = replace(other, findings=[replace(result.findings[0], message="b" * 40_000), *result.findings[1:]])
    register = read(write_register(other))
    sheet = result.form.tables["delegates"].sheet
    for text in (
        list_rows(register, sheet)[0]["Ghi chú"].value, list_rows(register, FINDINGS_SHEET)[0]["Vấn đề"].value
    ):  # fmt: skip
        assert text.endswith("[đã cắt bớt, xem tệp gốc]")
        assert len(text.encode("utf-16-le")) // 2 in (32_766, 32_767)


def test_no_line_at_all(result: Result, tmp_path: Path) -> None:
    frames = dict(result.tables.frames)
    for table in merged_lists(result.form):
        frames[table.key] = frames[table.key].iloc[:0]
    empty = replace(result, tables=Tables(frames, {}), submissions=[], findings=[])
    register = read(write_register(empty))
    for name in register.sheetnames[1:]:
        (table,) = register[name].tables.values()
        lines = {BALANCE_SHEET: len(result.figures.coverage), TRACE_SHEET: len(trace_figures(empty))}.get(name, 1)
        assert table.ref.endswith(str(HEADING_ROW + lines))
    assert {row["Kết quả"].value for row in board_rows(register)} == {"– Chưa nộp"}
    for sheet in register:
        (stamp,) = (block for block in sheet.merged_cells.ranges if block.start_cell.value == MARK)
        spans = [(d.min, min(d.max, stamp.max_col), d.width) for d in sheet.column_dimensions.values()]
        assert sum((last - first + 1) * width for first, last, width in spans if first <= last) > 22


def test_a_list_of_more_lines_than_excel_has_goes_on_on_another_sheet(
    result: Result, register: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = register
    monkeypatch.setattr(table_module, "MAX_ROW", 300)
    register = read(write_register(result))
    titles = [cell.value for cell in register["Đại biểu (2)"][1] if cell.value]
    count = -(-len(result.tables.frames["delegates"]) // 296)
    assert f"DANH SÁCH ĐẠI BIỂU DỰ HỘI NGHỊ – PHẦN 2/{count}: DÒNG 297 – 592" in titles
    for listed in merged_lists(result.form):
        rows = len(result.tables.frames[listed.key])
        names = [name for name in register.sheetnames if name.partition(" (")[0] == listed.sheet]
        assert len(names) == max(1, -(-rows // 296))
        assert all(register[name].max_row <= 300 for name in names)
        lines = [[c.value for c in row] for name in names for row in register[name].iter_rows(min_row=HEADING_ROW + 1)]
        assert lines == [[c.value for c in row] for row in whole[listed.sheet].iter_rows(min_row=HEADING_ROW + 1)]
    links = [cell.hyperlink.location for cell in register[FINDINGS_SHEET]["G"] if cell.hyperlink]
    assert any(link.startswith("'Đại biểu (2)'!") for link in links)
    for link, cell in zip(links, (c for c in register[FINDINGS_SHEET]["G"] if c.hyperlink), strict=True):
        sheet, _, place = link.partition("!")
        line = [c.value for c in register[sheet.strip("'")][int(place.removeprefix("A"))]]
        assert line[0] == register[FINDINGS_SHEET].cell(cell.row, 4).value  # the unit
    assert [c.value for c in register[LEDGER_SHEET][register[LEDGER_SHEET].max_row]] == [
        c.value for c in whole[LEDGER_SHEET][whole[LEDGER_SHEET].max_row]
    ]


def test_a_large_book_has_the_same_cells(
    result: Result, written: bytes, register: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It keeps only some rows in memory."""
    monkeypatch.setattr(register_module, "_LINES_IN_MEMORY", 0)
    monkeypatch.setattr(book, "_ROWS_KEPT", 32)
    large = write_register(result)
    assert large != written
    after = read(large)
    for sheet in register:
        other = after[sheet.title]
        assert other.dimensions == sheet.dimensions
        for row, others in zip(sheet.iter_rows(), other.iter_rows(), strict=True):
            assert sheet.row_dimensions[row[0].row].height == other.row_dimensions[row[0].row].height
            for cell, its in zip(row, others, strict=True):
                assert (its.value, its.number_format, its.font.b, its.fill.bgColor.rgb) == (
                    cell.value, cell.number_format, cell.font.b, cell.fill.bgColor.rgb,
                )  # fmt: skip


def test_another_plan_brings_its_own_words(result: Result) -> None:
    """Nothing of the shipped plan stays when the plan says otherwise."""
    plan = result.plan
    levels = change(
        plan.levels, local=change(plan.levels.local, noun="xã"), upper=change(plan.levels.upper, noun="tỉnh")
    )
    other = change(plan, levels=levels, shares=change(plan.shares, exemplars=60, guests=40), number="1/KH", privacy="")
    register = read(write_register(replace(result, plan=other)))
    board = register[BOARD_SHEET]
    texts = [str(cell.value) for row in board.iter_rows(max_row=HEADING_ROW + 1) for cell in row]
    assert "Tư vấn 60/40" in texts
    assert not any(word in text for text in texts for word in (plan.levels.local.noun, plan.number, "70"))
    assert board_rows(register)[0]["Đơn vị"].value.startswith("Xã")


@pytest.mark.libreoffice
def test_libreoffice_recalculates_to_the_same_cells(libreoffice: LibreOffice, written: bytes, tmp_path: Path) -> None:
    before = openpyxl.load_workbook(io.BytesIO(written), data_only=True)
    after = libreoffice.recalculate(written, tmp_path)
    assert after.sheetnames == before.sheetnames
    for sheet in before:
        assert shown_values(after[sheet.title].iter_rows()) == shown_values(sheet.iter_rows())
    shares = [row["% điển hình"].value for row in board_rows(after)]
    assert any(isinstance(share, float) for share in shares)
    assert {row["Chênh lệch"].value for row in list_rows(after, LEDGER_SHEET) if row["Trang tính"].value} == {0}


def shown_values(rows: Iterable[tuple[Cell, ...]]) -> dict[str, Any]:
    """Cells by name; numbers to the 15 digits that LibreOffice saves."""
    values = {c.coordinate: c.value for row in rows for c in row if c.value not in (None, "")}
    return {name: round(v, 12) if isinstance(v, float) else v for name, v in values.items()}
