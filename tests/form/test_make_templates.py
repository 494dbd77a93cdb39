"""The blank and the filled workbook: whose it is, what it offers, what it locks, and that nothing gets lost."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from dhtt_excel.excel.addresses import cell_name, range_name
from dhtt_excel.excel.text_size import fits_row, row_height
from dhtt_excel.form.check_formulas import digest_checks, list_formulas
from dhtt_excel.form.check_lines import (
    FIRST_CHECK_ROW,
    NOT_ENTERED,
    PLACE_COLUMN,
    SOURCE_COLUMN,
    VERDICT_COLUMN,
    VERDICTS,
    list_lines,
)
from dhtt_excel.form.draw_form import Entries, draw_form
from dhtt_excel.form.form import (
    CHECK_SHEET,
    FORM_VERSION,
    GUIDE_SHEET,
    IDENTITY_NAME,
    IDENTITY_SHEET,
    LISTS_SHEET,
    NONE_COLUMN,
    NONE_LABEL,
    NONE_LABEL_COLUMN,
    NONE_ROW,
    Column,
    Form,
    Kind,
    Layout,
    Table,
)
from dhtt_excel.form.moments import spell_moments
from dhtt_excel.form.paragraphs import LONGEST
from dhtt_excel.form.sheets.check import COUNT_ROWS, OVERALL_COLUMN, OVERALL_ROW
from dhtt_excel.outputs.make_templates import make_templates
from dhtt_excel.plan.code_lists import CODE_LISTS
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.rules import RULES
from dhtt_excel.text.file_names import LIST_FILE
from tests.libreoffice import LibreOffice, read_pdf

RECIPIENTS = {"collectives": "collective", "households": "household", "persons": "person", "direct_workers": "person"}
MOST_PAGES = 12
TEMPLATES = Path(__file__).parents[2] / "input_templates"


Blank = Callable[[Unit], bytes]


@pytest.fixture(scope="module")
def draw_blank(plan: Plan, form: Form) -> Blank:
    """A unit's blank form, drawn once."""
    return cache(lambda unit: draw_form(plan, form, unit, RULES))


@pytest.fixture(scope="module")
def open_blank(draw_blank: Blank) -> Callable[[Unit], Workbook]:
    """The same opened; read only."""
    return cache(lambda unit: open_bytes(draw_blank(unit)))


@pytest.fixture(scope="module")
def blank(open_blank: Callable[[Unit], Workbook], ward: Unit) -> Workbook:
    return open_blank(ward)


def open_bytes(data: bytes, *, values: bool = False) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


def input_columns(form: Form) -> list[tuple[Table, Column, str]]:
    """Every input column (or field) and its first cell."""
    return [
        (table, column, cell_name(*table.position(column.key)))
        for table in form.tables.values()
        for column in table.columns
        if column.is_read and column.kind is not Kind.FIXED
    ]


def validation_at(sheet: Worksheet, cell: str) -> Any:
    [found] = [v for v in sheet.data_validations.dataValidation if cell in v.sqref]
    return found


def some_entries(form: Form) -> Entries:
    """One entry of each kind, and some where none is expected."""
    info, delegates, report = (form.tables[key] for key in ("info", "delegates", "report"))

    def at(table: Table, key: str, line: int = 0) -> tuple[str, int, int]:
        row, column = table.position(key)
        return table.sheet, row + line, column

    return {
        at(info, "date"): date(2020, 2, 20),
        at(info, "start"): time(8, 30),
        at(info, "declared_total"): 23,
        at(info, "unit_name"): "Phường khác",
        at(delegates, "name"): "Nguyễn Thị Hòa",
        at(delegates, "birth_year"): "1975?",
        at(delegates, "ethnicity"): "Kinh",
        at(delegates, "religion"): "Baha'i",
        at(delegates, "direct_worker"): True,
        at(delegates, "nominated"): False,
        at(delegates, "note"): "=1+1",
        at(delegates, "note", 1): date(2020, 1, 5),
        at(delegates, "position", 299): "dòng cuối",
        ("Đại biểu", 6, 5): "Tên cột đã sửa",
        ("Đại biểu", 350, 20): 1.5,
        ("Tham luận", NONE_ROW, NONE_COLUMN): True,
        at(report, "content"): "- Dòng đầu\n" + "Kết quả rõ nét. " * 100,
        (report.sheet, report.first_row + 1, 4): "trong ô gộp",
        (GUIDE_SHEET, 1, 3): "trong ô gộp",
        (CHECK_SHEET, OVERALL_ROW, OVERALL_COLUMN): "đè công thức",
        (LISTS_SHEET, 2, 1): "Nam giới",
        (IDENTITY_SHEET, 9, 9): "lạ",
        ("Trang tính lạ", 3, 2): "ngoài biểu mẫu",
        ("Trang tính lạ", 4, 2): None,
    }


def test_the_workbook_says_three_times_whose_it_is(blank: Workbook, plan: Plan, form: Form, ward: Unit) -> None:
    properties = {p.name: p.value for p in blank.custom_doc_props.props}
    assert properties == {"dhtt_plan": plan.id, "dhtt_form_version": str(FORM_VERSION), "dhtt_unit": ward.code}
    assert blank.defined_names[IDENTITY_NAME].attr_text == f'"{plan.id}|{FORM_VERSION}|{ward.code}"'
    stamp = [tuple(row) for row in blank[IDENTITY_SHEET].iter_rows(values_only=True)]
    assert stamp[:3] == [("plan", plan.id), ("form_version", FORM_VERSION), ("unit", ward.code)]
    lines = list_lines(plan, form, ward, RULES)
    assert stamp[3:] == [("check_digest", digest_checks(plan, form, lines, list_formulas(plan, form, lines)))]


def test_sheets_stand_in_their_order(blank: Workbook) -> None:
    states = {sheet.title: sheet.sheet_state for sheet in blank.worksheets}
    assert list(states) == [
        *("Hướng dẫn", "Thông tin", "Đại biểu", "Tham luận", "Biểu dương", "Chương trình", "Báo cáo", "Kiểm tra"),
        *("Danh mục", "_dhtt"),
    ]
    assert [s for s in states.values() if s != "visible"] == ["hidden", "veryHidden"]
    assert (states[LISTS_SHEET], states[IDENTITY_SHEET]) == ("hidden", "veryHidden")


def test_headings_stand_where_the_form_says(blank: Workbook, form: Form) -> None:
    for table in form.tables.values():
        sheet = blank[table.sheet]
        for column in table.columns:
            row, place = table.position(column.key)
            fields = table.layout is Layout.FIELDS
            assert sheet.cell(*((row, 1) if fields else (table.heading_row, place))).value == column.label
        if table.layout is Layout.LIST:
            assert sheet.cell(NONE_ROW, NONE_LABEL_COLUMN).value == NONE_LABEL


def test_code_lists_are_defined_names_of_exactly_their_values(blank: Workbook, plan: Plan) -> None:
    for key, code_list in CODE_LISTS.items():
        [(sheet, cells)] = blank.defined_names[code_list.defined_name].destinations
        values = [cell.value for [cell] in blank[sheet][cells]]
        assert values == [choice.value for choice in plan.lists.choices(key)]
        first = blank[sheet][cells][0][0]
        assert blank[sheet].cell(1, first.column).value == code_list.title


def test_every_input_cell_offers_help(blank: Workbook, form: Form) -> None:
    for table, column, cell in input_columns(form):
        if table.key == "awards":
            continue
        validation = validation_at(blank[table.sheet], cell)
        assert column.heading.startswith(validation.promptTitle.rstrip("…"))
        assert column.hint in validation.prompt
        assert len(validation.promptTitle) <= 32
        assert len(validation.prompt) <= 255
        if column.kind is Kind.CHOICE:
            assert validation.formula1 == CODE_LISTS[column.choices].defined_name
            assert validation.errorStyle == "warning"
        if table.layout is Layout.LIST:
            row, place = table.position(column.key)
            assert str(validation.sqref) == range_name("", row, place, table.last_row, place)[3:].replace("$", "")


def test_every_input_column_shows_bad_values_even_when_pasted(blank: Workbook, form: Form) -> None:
    for table, column, cell in input_columns(form):
        sheet = blank[table.sheet]
        rules = [r for area in sheet.conditional_formatting if cell in area for r in area.rules]
        assert rules, f"{table.sheet}!{cell}"
        formulas = [r.formula[0] for r in sorted(rules, key=lambda r: r.priority)]
        assert ("ISERROR" in formulas[column.only]) or table.key == "awards"
        framed = 2 if table.layout is Layout.LIST and table.capacity > 35 else int(table.rows_a_line > 1)
        assert len(formulas) == 1 + column.only + column.required + framed
        assert len(formulas) - framed <= 3, (
            "an .xls file keeps no more; the shade of every other row is what it may lose"
        )


def test_only_input_cells_are_unlocked(blank: Workbook, form: Form, plan: Plan) -> None:
    unlocked = {
        (sheet.title, cell.coordinate)
        for sheet in blank.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked
    }
    expected = {(t.sheet, cell_name(NONE_ROW, NONE_COLUMN)) for t in form.tables.values() if t.layout is Layout.LIST}
    for table, column, _ in input_columns(form):
        row, place = table.position(column.key)
        rows: Iterable[int] = range(table.first_row, table.last_row + 1)
        if table.layout is Layout.LIST:  # below the rows that are numbered people may do so
            order = table.first_column
            cells = [blank[table.sheet].cell(r, order) for r in rows]
            expected |= {(table.sheet, cell.coordinate) for cell in cells if cell.value is None}
        if table.layout is Layout.FIELDS:
            rows = [row]
        elif table.layout is Layout.LINES:
            rows = [at + more for at in table.line_rows for more in range(table.rows_a_line)]
        expected |= {(table.sheet, cell_name(r, place)) for r in rows}
    awards = form.tables["awards"]
    for row, award in zip(awards.line_rows, plan.lists.awards, strict=True):
        for key, recipient in RECIPIENTS.items():
            if recipient not in award.recipients:
                expected.remove((awards.sheet, cell_name(row, awards.position(key)[1])))
    assert unlocked == expected


def test_protection_has_no_password_and_leaves_honest_work_free(blank: Workbook) -> None:
    for sheet in blank.worksheets:
        if sheet.sheet_state != "visible":
            continue
        lock = sheet.protection
        assert lock.sheet
        assert not lock.password
        free = (lock.formatCells, lock.formatColumns, lock.formatRows, lock.sort, lock.autoFilter)
        assert not any(free), "openpyxl: False is allowed"
        assert not lock.selectLockedCells
        assert not lock.selectUnlockedCells


def test_every_visible_sheet_is_ready_for_print(blank: Workbook, form: Form) -> None:
    lists = {t.sheet: t for t in form.tables.values() if t.layout is Layout.LIST}
    for sheet in blank.worksheets:
        if sheet.sheet_state != "visible":
            continue
        assert str(sheet.page_setup.paperSize) == "9"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        high = sheet.page_setup.fitToHeight
        assert str(1 if high is None else high) == {GUIDE_SHEET: "2", CHECK_SHEET: "3", "Chương trình": "1"}.get(
            sheet.title, "0"
        )
        margins = [getattr(sheet.page_margins, side) for side in ("top", "bottom", "left", "right")]
        assert [round(m * 25.4) for m in margins] == [20, 20, 30, 15]
        assert "&P" in sheet.oddHeader.center.text or "Page" in sheet.oddHeader.center.text
        if sheet.title in lists:
            row = lists[sheet.title].heading_row
            assert sheet.page_setup.orientation == "landscape"
            assert sheet.print_title_rows == f"${row}:${row}"
            assert sheet.freeze_panes == cell_name(row + 1, lists[sheet.title].position("name")[1] + 1)


def test_every_text_is_times_new_roman(blank: Workbook) -> None:
    fonts = {c.font.name for s in blank.worksheets for row in s.iter_rows() for c in row if c.value is not None}
    assert fonts == {"Times New Roman"}


def test_the_check_sheet_knows_the_empty_form(
    plan: Plan, form: Form, ward: Unit, draw_blank: Blank, blank: Workbook
) -> None:
    formulas, values = blank[CHECK_SHEET], open_bytes(draw_blank(ward), values=True)[CHECK_SHEET]
    checks = list_lines(plan, form, ward, RULES)
    assert checks
    for row, (rule, live, *_) in enumerate(checks, start=FIRST_CHECK_ROW):
        reasons = [formulas.cell(row, SOURCE_COLUMN + place).value for place in range(1, 5)]
        assert all(str(reason).startswith("=") for reason in reasons)
        if "{" not in live.holds:
            assert reasons[2] == f"={live.holds}"
        assert values.cell(row, VERDICT_COLUMN).value == NOT_ENTERED
        assert values.cell(row, SOURCE_COLUMN).value == plan.cite(rule.cites)
        assert str(formulas.cell(row, PLACE_COLUMN).value).startswith(f"=HYPERLINK(\"#'{live.sheet}'!\"&")
        assert values.cell(row, PLACE_COLUMN).value == f"{live.sheet}, ô {live.cell}"
    assert [values.cell(row, 3).value for row in COUNT_ROWS.values()] == [0, 0, 0, 0, len(checks)]
    assert f"{len(checks)} mục" in values.cell(OVERALL_ROW, OVERALL_COLUMN).value


def test_the_list_of_delegates_counts_itself(
    plan: Plan, form: Form, ward: Unit, draw_blank: Blank, valid_entries: Callable[[Unit], Entries]
) -> None:
    """Its value is there before anything is recalculated, in sight above the headings."""
    at = (NONE_ROW + 1, NONE_LABEL_COLUMN)
    assert at[0] < form.tables["delegates"].heading_row
    filled = draw_form(plan, form, ward, RULES, valid_entries(ward))
    for data, told in (
        (draw_blank(ward), "0   ·   Điển hình tiên tiến: 0"),
        (filled, "84   ·   Điển hình tiên tiến: 59"),
    ):
        sheet = open_bytes(data, values=True)["Đại biểu"]
        assert sheet.cell(*at).value.startswith(f"Tổng số đại biểu: {told}")
    assert sheet.cell(*at).value.endswith("Khách mời, lãnh đạo: 25   ·   Theo kế hoạch 70%/30%: cần 59/25")
    upper = open_bytes(draw_blank(plan.upper_unit), values=True)["Đại biểu"]
    assert upper.cell(*at).value.endswith(f"tối đa {plan.conference.upper.max_delegates}")


def test_formulas_use_only_what_excel_2007_has(plan: Plan, ward: Unit, draw_blank: Blank) -> None:
    for unit in (ward, plan.upper_unit):
        with zipfile.ZipFile(io.BytesIO(draw_blank(unit))) as package:
            text = "".join(package.read(n).decode() for n in package.namelist() if n.startswith("xl/worksheets/sheet"))
        assert "_xlfn" not in text
        assert not any(
            f"{name}(" in text for name in ("TEXTJOIN", "CONCAT", "IFS", "XLOOKUP", "UNIQUE", "FILTER", "LET")
        )


def test_every_entry_is_written(plan: Plan, form: Form, ward: Unit) -> None:
    entries = some_entries(form)
    workbook = open_bytes(draw_form(plan, form, ward, RULES, entries))
    assert workbook.sheetnames[-1] == "Trang tính lạ"
    for (sheet, row, column), value in entries.items():
        wanted = {True: "x", False: None}[value] if isinstance(value, bool) else value
        cell = workbook[sheet].cell(row, column)
        seen = cell.value.date() if isinstance(value, date) else cell.value
        assert seen == wanted, f"{sheet}!{cell.coordinate}"
        if isinstance(value, str):
            assert cell.data_type == "s", "a text is never a formula"
    assert workbook["Đại biểu"]["Q8"].number_format == "dd/mm/yyyy"
    assert workbook["Thông tin"].cell(*form.tables["info"].position("start")).number_format == "hh:mm"


def test_an_entry_keeps_the_style_of_its_cell(blank: Workbook, plan: Plan, form: Form, ward: Unit) -> None:
    filled = open_bytes(draw_form(plan, form, ward, RULES, {("Đại biểu", 6, 5): "Đã sửa", ("Đại biểu", 9, 4): "bảy"}))
    for cell in ("E6", "D9"):
        before, after = blank["Đại biểu"][cell], filled["Đại biểu"][cell]
        assert (after.fill.bgColor, after.font.b, after.number_format, after.protection.locked) == (
            (before.fill.bgColor, before.font.b, before.number_format, before.protection.locked)
        )


def test_a_number_in_a_closed_cell_can_be_removed(blank: Workbook, plan: Plan, form: Form, ward: Unit) -> None:
    awards = form.tables["awards"]
    place = next(i for i, a in enumerate(plan.lists.awards) if "collective" not in a.recipients)
    row, column = awards.line_rows[place], awards.position("collectives")[1]
    assert blank[awards.sheet].cell(row, column).protection.locked
    filled = open_bytes(draw_form(plan, form, ward, RULES, {(awards.sheet, row, column): 3}))
    assert not filled[awards.sheet].cell(row, column).protection.locked


def test_long_answers_get_room(plan: Plan, form: Form, ward: Unit) -> None:
    """No text is higher than its row, of any length; and no row's height is final."""
    report = form.tables["report"]
    column = report.position("content")[1]
    texts = dict(zip(report.line_rows, ("chữ " * (length // 4) + "." for length in (1, 800, 2400, 9000)), strict=False))
    data = draw_form(plan, form, ward, RULES, {(report.sheet, row, column): text for row, text in texts.items()})
    book = open_bytes(data)
    sheet = book[report.sheet]
    heights = []
    for row, text in texts.items():
        cell, height = sheet.cell(row, column), sheet.row_dimensions[row].height
        assert cell.value == text
        assert row_height([(text, report.by_key["content"].width)], cell.font.size) <= height + 0.5 < 410
        assert fits_row(text, report.by_key["content"].width, cell.font.size)
        heights.append(height)
    answers = {at + more for at in report.line_rows for more in range(report.rows_a_line)}
    assert not _rows_of_final_height(data, book.sheetnames.index(report.sheet) + 1) & answers
    assert heights[0] < heights[1] < heights[2]
    assert len(heights) == 4


def _rows_of_final_height(data: bytes, number: int) -> set[int]:
    """Rows of a sheet that do not grow with what is typed into them; openpyxl takes every row with a height for one."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        text = package.read(f"xl/worksheets/sheet{number}.xml").decode()
    return {int(row[1]) for row in re.finditer(r'<row r="(\d+)"[^>]*customHeight', text)}


@pytest.mark.libreoffice
@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
def test_a_blank_form_takes_few_pages(libreoffice: LibreOffice, plan: Plan, tmp_path: Path) -> None:
    for unit in (plan.local_units[0], plan.upper_unit):
        name = plan.workbook_name(unit)
        printed = read_pdf(libreoffice.save_as(TEMPLATES / name, (tmp_path / name).with_suffix(".pdf")))
        assert printed.count("\f") <= MOST_PAGES


@pytest.mark.libreoffice
@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
@pytest.mark.parametrize("filled", [False, True], ids=["blank", "returned"])
def test_an_answer_prints_whole_however_long_it_grows(
    filled: bool, libreoffice: LibreOffice, plan: Plan, form: Form, ward: Unit,
    valid_entries: Callable[[Unit], Entries], tmp_path: Path,
) -> None:  # fmt: skip
    """In a copy that is returned as in a blank form, answers and lists: typed in LibreOffice and printed."""
    report, honourees = form.tables["report"], form.tables["honourees"]
    printed, copy = tmp_path / "in.pdf", tmp_path / "bản trả lại.xlsx"
    sizes = {cell_name(*report.position("content")): LONGEST, "B23": 800, "B40": 300}
    typed = [(report.sheet, cell, f"{_words(size)} Hết {cell}.") for cell, size in sizes.items()]
    achievement = cell_name(*honourees.position("achievement"))
    typed.append((honourees.sheet, achievement, f"{_words(400)} Hết {achievement}."))
    copy.write_bytes(draw_form(plan, form, ward, RULES, spell_moments(form, valid_entries(ward)) if filled else {}))
    libreoffice.ask(copy, typed=typed, saved=[str(printed)])
    told = read_pdf(printed)
    assert [text for *_, text in typed if text[-8:] not in " ".join(told.split())] == []


def _words(size: int) -> str:
    return " ".join(["Kết quả rõ nét."] * (size // 16))


def test_the_report_is_an_official_paper(
    plan: Plan, form: Form, ward: Unit, open_blank: Callable[[Unit], Workbook]
) -> None:
    """Office and state title above, the signer's place below, all of it and nothing else in the print area."""
    report, awards = form.tables["report"], form.tables["awards"]
    for unit in (ward, plan.upper_unit):
        sheet = open_blank(unit)[report.sheet]
        texts = {cell.value: cell.row for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)}
        above = (
            plan.name_of(unit).upper(),
            "ỦY BAN NHÂN DÂN",
            "Độc lập - Tự do - Hạnh phúc",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        )
        assert all(texts[text] < report.heading_row for text in above)
        signed = texts["(Ký tên và đóng dấu)"]
        assert signed > texts[plan.report.signer.title] > awards.last_row
        area = re.fullmatch(r"'Báo cáo'!\$A\$(\d+):\$G\$(\d+)", sheet.print_area)
        assert area
        assert tuple(map(int, area.groups())) == (2, signed + 1)
        assert sheet.freeze_panes == "A2"


def test_awards_stand_in_the_two_groups_of_the_law(blank: Workbook, plan: Plan, form: Form) -> None:
    awards = form.tables["awards"]
    sheet = blank[awards.sheet]
    shown = [sheet.cell(row, 1).value for row in range(awards.first_row, awards.last_row + 1)]
    titles = sum(award.group == "title" for award in plan.lists.awards)
    assert shown[0] == "I. Danh hiệu thi đua"
    assert shown[titles + 1] == "II. Hình thức khen thưởng"
    names = [sheet.cell(row, awards.position("award")[1]).value for row in awards.line_rows]
    assert names == [award.value for award in plan.lists.awards]


def test_the_guide_tells_each_unit_its_own_deadline(
    plan: Plan, ward: Unit, open_blank: Callable[[Unit], Workbook]
) -> None:
    pilot, ordinary = next(u for u in plan.local_units if u.pilot), ward
    texts = {}
    for unit in (pilot, ordinary, plan.upper_unit):
        guide = open_blank(unit)[GUIDE_SHEET]
        texts[unit.code] = " ".join(str(c) for row in guide.iter_rows(values_only=True) for c in row if c)
        assert plan.privacy in texts[unit.code]
        assert plan.name_of(unit) in texts[unit.code]
    assert plan.conference.local.pilot_note in texts[pilot.code]
    assert f"{plan.conference.local.before:%d/%m/%Y}" in texts[ordinary.code]
    assert f"{plan.report.before:%d/%m/%Y}" in texts[ordinary.code]
    assert f"{plan.conference.upper.last_day:%d/%m/%Y}" in texts[plan.upper_unit.code]
    assert str(plan.conference.upper.max_delegates) in texts[plan.upper_unit.code]


def test_the_same_plan_gives_the_same_bytes(plan: Plan, form: Form, ward: Unit, draw_blank: Blank) -> None:
    entries = some_entries(form)
    assert draw_form(plan, form, ward, RULES) == draw_blank(ward)
    assert draw_form(plan, form, ward, RULES, entries) == draw_form(plan, form, ward, RULES, entries)


@pytest.mark.quick
def test_committed_templates_equal_a_fresh_run(plan: Plan, form: Form, tmp_path: Path) -> None:
    """Compared by content: other builds of zlib pack the same content into other bytes."""
    paths = [tmp_path / name for name in make_templates(plan, tmp_path).written.values()]
    assert [p.name for p in paths] == [plan.workbook_name(u) for u in plan.units_by_code.values()]
    assert sorted(p.name for p in TEMPLATES.glob("*.xlsx")) == sorted(p.name for p in paths)
    for path in paths:
        same = read_members(TEMPLATES / path.name) == read_members(path)
        assert same, f"{path.name} differs; run: .venv/bin/dhtt templates"
    listed = json.loads((TEMPLATES / LIST_FILE).read_bytes())
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in TEMPLATES.glob("*.xlsx")}
    assert listed == found, "made by another program; remove input_templates/ and run: .venv/bin/dhtt templates"


def read_members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.mark.libreoffice
@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_libreoffice_keeps_values_and_names(
    libreoffice: LibreOffice, plan: Plan, form: Form, ward: Unit, tmp_path: Path, suffix: str
) -> None:
    source, target = tmp_path / "gốc.xlsx", tmp_path / "ra" / f"gốc.{suffix}"
    source.write_bytes(draw_form(plan, form, ward, RULES, some_entries(form)))
    libreoffice.save_as(source, target)
    before, after = (CalamineWorkbook.from_path(path) for path in (source, target))
    assert after.sheet_names == before.sheet_names
    for name in form.sheets:
        assert read_cells(after, name) == read_cells(before, name)
    assert read_cells(after, IDENTITY_SHEET) == read_cells(before, IDENTITY_SHEET)
    verdicts = [value for (_, c), value in read_cells(after, CHECK_SHEET).items() if c == VERDICT_COLUMN]
    assert set(VERDICTS) >= set(verdicts[-len(list_lines(plan, form, ward, RULES)) :])
    members = read_members(target)
    names = members["content.xml" if suffix == "ods" else "xl/workbook.xml"].decode()
    for name in (*(code_list.defined_name for code_list in CODE_LISTS.values()), IDENTITY_NAME):
        assert f'name="{name}"' in names


def read_cells(workbook: CalamineWorkbook, sheet: str) -> dict[tuple[int, int], Any]:
    """Non-empty cells by (row, column)."""
    rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return {(r, c): value for r, row in enumerate(rows, 1) for c, value in enumerate(row, 1) if value != ""}
