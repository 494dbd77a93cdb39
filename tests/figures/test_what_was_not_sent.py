"""What a unit did not send is no 0, and a number is the same wherever it is shown: one ward's file, and all that follows."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from docx.oxml.ns import qn

from dhtt_excel.figures.city_forms import AWARDS_FORM, HONOURS_FORM, STRUCTURE_FORM, UNITS_FORM
from dhtt_excel.figures.describe_units import describe_units
from dhtt_excel.figures.traces import trace_figures
from dhtt_excel.form.draw_form import Entries
from dhtt_excel.form.form import NONE_COLUMN, NONE_ROW, Form
from dhtt_excel.outputs.mail.wording import tell_counts
from dhtt_excel.outputs.register.board import BOARD_SHEET
from dhtt_excel.outputs.register.trace_sheet import TRACE_SHEET
from dhtt_excel.outputs.register.write_register import write_register
from dhtt_excel.outputs.report.write_report import write_report
from dhtt_excel.outputs.report.write_slip import write_slip
from dhtt_excel.outputs.summary.speeches import MARK as SPEECHES_FORM
from dhtt_excel.outputs.summary.write_summary import write_summary
from dhtt_excel.outputs.write_json import write_json
from dhtt_excel.pipeline import OfficeFiles, consolidate, judge_submissions
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.result import Result
from dhtt_excel.terminal.show_result import show_units, show_verdict
from tests.conftest import AS_OF, Fill
from tests.figures.compare_forms import COMPARISONS, compare_totals
from tests.figures.recount import AWARD_KEYS, NOT_SENT, count_read
from tests.libreoffice import LibreOffice, forget_values
from tests.packages import edit_package
from tests.reading.test_version_1 import filled as filled
from tests.typed import fill_in


class Ward:
    """What one ward sends: its faultless workbook, with other values."""

    def __init__(self, plan: Plan, form: Form, unit: Unit, entries: Entries, folder: Path) -> None:
        self.plan = plan
        self.form = form
        self.unit = unit
        self.entries = entries
        self.path = folder / "da nhận" / plan.workbook_name(unit)

    def keep(self, key: str, number: int) -> None:
        """Leave the first lines of a list."""
        table = self.form.tables[key]
        for row in range(table.first_row + number, table.last_row + 1):
            for column in range(1, len(table.columns) + 1):
                self.entries.pop((table.sheet, row, column), None)

    def put(self, key: str, column: str, *values: Any) -> None:
        """These values in the first lines."""
        first, place = self.form.tables[key].position(column)
        self.entries |= {(self.form.tables[key].sheet, first + n, place): value for n, value in enumerate(values)}

    def drop(self, key: str, column: str) -> None:
        """A column is gone, with its heading."""
        table = self.form.tables[key]
        _, place = table.position(column)
        for sheet, row, at in list(self.entries):
            if sheet == table.sheet and at == place and table.first_row <= row <= table.last_row:
                del self.entries[sheet, row, at]
        self.entries[table.sheet, table.heading_row, place] = None

    def send(self, *, without: str = "") -> Result:
        """What becomes of it, with every number held against our own count; `without` this sheet."""
        self.path.parent.mkdir(exist_ok=True)
        self.path.write_bytes(fill_in(self.plan, self.form, self.unit, self.entries))
        if without:
            gone = rf'<sheet name="{without}"[^>]*/>'
            edit_package(self.path, {"xl/workbook.xml": lambda text: re.sub(gone, "", text)})
        return consolidate_checked(self.path.parent, self.plan)


def consolidate_checked(folder: Path, plan: Plan) -> Result:
    result = consolidate(folder, plan, AS_OF)
    counted = count_read(result)
    assert [text for compare in COMPARISONS for text in compare(read(result), counted).differences] == []
    assert compare_totals(json.loads(write_json(result)), counted).differences == []
    register = openpyxl.load_workbook(io.BytesIO(write_register(result)), data_only=True, read_only=True)
    signs = {sign for (sign,) in register[TRACE_SHEET].iter_rows(min_col=6, max_col=6, values_only=True)}
    assert "✓" in signs
    assert "✗" not in signs
    return result


@pytest.fixture
def sender(few: Plan, form: Form, ward: Unit, valid_entries: Callable[[Unit], Entries], tmp_path: Path) -> Ward:
    return Ward(few, form, ward, valid_entries(ward), tmp_path)


_read: list[tuple[Result, Any]] = []  # the last, for it is looked at from many sides


def read(result: Result) -> Any:
    """The forms for the superior office."""
    if not _read or _read[0][0] is not result:
        _read[:] = [(result, openpyxl.load_workbook(io.BytesIO(write_summary(result)), data_only=True))]
    return _read[0][1]


def line_of(sheet: Any, label: str | int, column: str = "B") -> list[Any]:
    """The values of the line of this label."""
    [row] = {cell.row for cell in sheet[column] if cell.value == label}
    return [cell.value for cell in sheet[row]]


def of_ward(result: Result, unit: Unit) -> dict[str, Any]:
    """The line of a unit in the form by unit."""
    keys = [column.key for column in describe_units(result)[0]]
    return dict(zip(keys, line_of(read(result)[UNITS_FORM], unit.name), strict=True))


def of_all(result: Result) -> dict[str, Any]:
    keys = [column.key for column in describe_units(result)[0]]
    return dict(zip(keys, line_of(read(result)[UNITS_FORM], "Tổng cộng", "A"), strict=True))


def texts_of(sheet: Any) -> str:
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


# ---------------------------------------------------------------- one number, one value


def test_delegates_of_no_known_category_are_in_every_total(sender: Ward, few: Plan, ward: Unit) -> None:
    sender.keep("delegates", 10)
    sender.put("delegates", "category", "abc", "?", "chưa rõ")
    result = sender.send()
    data = json.loads(write_json(result))
    [unit] = [unit for unit in data["units"] if unit["code"] == ward.code]
    known = unit["exemplars"] + unit["guests"]
    assert (unit["delegates"], known, data["totals"]["delegates"]) == (10, 7, 10)
    assert re.search(rf"{ward.name} .* 10 +{unit['exemplars']} +{unit['guests']} ", show_units(result))
    assert "Hội nghị phường: 10 đại biểu (" in show_verdict(result, [])
    for shown in (of_ward(result, ward), of_all(result)):
        assert (shown["total"], shown["unknown"]) == (10, 3)
        assert shown["exemplars_share"] == pytest.approx(unit["exemplars"] / known * 100)
    book = read(result)
    assert line_of(book[STRUCTURE_FORM], "Thành phần (cộng)")[2] == 10
    board = openpyxl.load_workbook(io.BytesIO(write_register(result)), data_only=True)[BOARD_SHEET]
    [heading] = [cell for row in board.iter_rows() for cell in row if cell.value == "Tổng số đại biểu"]
    [row] = {cell.row for line in board.iter_rows() for cell in line if cell.value == few.name_of(ward)}
    assert board.cell(row, heading.column).value == 10
    assert tell_counts(result, ward).startswith("- Đại biểu: 10 (điển hình")
    assert ", chưa rõ 3)" in tell_counts(result, ward)


def test_speeches_of_no_known_kind_are_in_every_total(sender: Ward, ward: Unit) -> None:
    sender.keep("speakers", 3)
    sender.put("speakers", "kind", "Tập thể", "Cá nhân", None)
    result = sender.send()
    shown = of_ward(result, ward)
    assert [shown[f"speakers_{key}"] for key in ("collective", "person", "unknown")] == [1, 1, 1]
    assert "- Báo cáo tham luận: 3" in tell_counts(result, ward)
    assert "Số tham luận: 3;" in texts_of(read(result)[SPEECHES_FORM])


def test_columns_of_what_is_not_known_are_there_for_nobody_else(sender: Ward, ward: Unit) -> None:
    result = sender.send()
    assert not [key for key in of_ward(result, ward) if key.endswith("unknown")]
    assert "Chưa rõ" not in texts_of(read(result)[HONOURS_FORM])


def test_halves_go_up_on_every_paper(sender: Ward, few: Plan, ward: Unit) -> None:
    """6.25 is 6,3: Excel rounds the cell so, we round in texts."""
    categories = {
        group: next(c.value for c in few.lists.categories if c.group == group) for group in ("exemplar", "guest")
    }
    sender.keep("delegates", 16)
    sender.put("delegates", "category", "Chiến sĩ thi đua", *[categories["guest"]] * 15)
    result = sender.send()
    sheet = read(result)[UNITS_FORM]
    shares = [cell for row in sheet.iter_rows() for cell in row if cell.value == 6.25]
    assert {cell.number_format for cell in shares} == {"0.0"}
    assert len(shares) == 2  # the ward's and that of all
    assert "điển hình chiếm 6,3%)" in show_verdict(result, [])
    report = Document(io.BytesIO(write_report(result)))
    assert "6,3%" in {cell.text for table in report.tables for row in table.rows for cell in row.cells}


# ---------------------------------------------------------------- what is missing


def test_a_column_that_is_gone_is_not_known(sender: Ward, few: Plan, ward: Unit) -> None:
    sender.drop("delegates", "direct_worker")
    result = sender.send()
    for shown in (of_ward(result, ward), of_all(result)):
        assert [shown[key] for key in ("direct_workers", "direct_workers_share")] == [NOT_SENT] * 2
        assert shown["total"] > 0
        assert isinstance(shown["nominated"], int)
    assert f"“Trong điển hình tiên tiến – Trực tiếp lao động”: chưa có số liệu của {ward.name}" in texts_of(
        read(result)[UNITS_FORM]
    )


def test_what_is_asked_of_exemplars_is_not_known_where_these_are_not(sender: Ward, ward: Unit) -> None:
    sender.keep("delegates", 5)
    sender.put("delegates", "category", *[None] * 5)
    result = sender.send()
    shown = of_ward(result, ward)
    keys = ("exemplars", "exemplars_share", "guests", "guests_share", "young", "direct_workers", "direct_workers_share")
    assert {key: shown[key] for key in keys} == dict.fromkeys(keys, NOT_SENT)
    assert (shown["total"], shown["unknown"]) == (5, 5)
    [unit] = [unit for unit in json.loads(write_json(result))["units"] if unit["code"] == ward.code]
    assert [unit[key] for key in ("delegates", "exemplars", "guests")] == [5, None, None]
    assert re.search(rf" 5 +{NOT_SENT} +{NOT_SENT} ", show_units(result))


def test_a_sheet_that_is_gone_is_not_known(sender: Ward, ward: Unit) -> None:
    result = sender.send(without="Tham luận")
    for shown in (of_ward(result, ward), of_all(result)):
        assert [shown[f"speakers_{key}"] for key in ("collective", "person")] == [NOT_SENT] * 2
        assert shown["honourees_person"] > 0
    assert f"- Báo cáo tham luận: {NOT_SENT}" in tell_counts(result, ward)


@pytest.mark.parametrize(("mark", "expected"), [(None, NOT_SENT), ("x", 0)])
def test_an_empty_list_is_none_only_where_it_says_so(mark: str | None, expected: Any, sender: Ward, ward: Unit) -> None:
    for key in ("delegates", "speakers", "honourees"):
        sender.keep(key, 0)
        sender.entries[sender.form.tables[key].sheet, NONE_ROW, NONE_COLUMN] = mark
    result = sender.send()
    for shown in (of_ward(result, ward), of_all(result)):
        numbers = {key: shown[key] for key in ("total", "exemplars", "young", "nominated", "honourees_person")}
        assert numbers == dict.fromkeys(numbers, expected)
        assert shown["female_share"] == (None if mark else NOT_SENT)
    data = json.loads(write_json(result))
    assert data["totals"]["delegates"] == (0 if mark else None)
    sums = [row[2:6] for row in read(result)[HONOURS_FORM].iter_rows(values_only=True) if row[1] == "Cộng"]
    assert sums == [(expected,) * 4] * 3
    assert tell_counts(result, ward).count(NOT_SENT) == (0 if mark else 5)


def test_a_conference_of_no_known_day_is_not_told_as_held(sender: Ward) -> None:
    sender.put("info", "date", None)
    text = texts_of(read(sender.send())[UNITS_FORM])
    assert "Hội nghị – đã tổ chức: 0; chưa rõ ngày: 1." in text


@pytest.mark.parametrize(("known", "told"), [(False, ""), (True, "Đạt tỷ lệ 70/30: 1/1 phường có số liệu.")])
def test_who_keeps_the_shares_is_of_those_who_can_be_judged(
    known: bool, told: str, sender: Ward, fill: Fill, few: Plan
) -> None:
    sender.keep("delegates", 5)
    sender.put("delegates", "category", *[None] * 5)
    if known:
        fill(next(unit for unit in few.local_units if unit.code != sender.unit.code))
    found = re.search(r"Đạt tỷ lệ.*", texts_of(read(sender.send())[UNITS_FORM]))
    assert (found[0] if found else "") == told


def test_no_note_is_on_a_column_that_is_not_there(sender: Ward) -> None:
    sender.keep("honourees", 0)
    result = sender.send(without="Tham luận")
    texts = [*(texts_of(read(result)[name]) for name in (UNITS_FORM, HONOURS_FORM)), _text_of(write_report(result))]
    assert all("chưa có số liệu của" in text and "Chưa rõ”" not in text for text in texts)
    assert "Chưa rõ" not in _text_of(write_slip(result))


def _text_of(data: bytes) -> str:
    """The paragraphs of a document, and those of its tables."""
    return "\n".join(
        "".join(node.text or "" for node in line.iter(qn("w:t")))
        for line in Document(io.BytesIO(data)).element.iter(qn("w:p"))
    )


def test_nobody_has_no_delegates_on_the_terminal(few: Plan, form: Form) -> None:
    nothing = judge_submissions([], form, few, AS_OF, OfficeFiles())
    assert (
        f"Hội nghị quận: {NOT_SENT} đại biểu, tối đa 300 ({NOT_SENT} điển hình, {NOT_SENT} khách mời)"
        in show_verdict(nothing, [])
    )


def test_a_speech_prints_what_is_not_known_of_it(sender: Ward) -> None:
    sender.keep("speakers", 2)
    for column in ("kind", "title", "area", "field", "minutes", "illustration"):
        sender.put("speakers", column, None)
    sheet = read(sender.send())[SPEECHES_FORM]
    assert line_of(sheet, 1, "A")[1:6] == [NOT_SENT] * 5
    assert "chưa rõ 1. Minh họa: " in texts_of(sheet)


def test_nobody_has_no_0_speeches(few: Plan, form: Form) -> None:
    sheet = read(judge_submissions([], form, few, AS_OF, OfficeFiles()))[SPEECHES_FORM]
    assert 0 not in {cell.value for row in sheet.iter_rows() for cell in row}


def test_a_line_is_one_though_nothing_in_it_can_be_used(sender: Ward, ward: Unit) -> None:
    sender.keep("delegates", 0)
    for column in ("gender", "birth_year", "category", "field"):
        sender.put("delegates", column, "abc")
    result = sender.send()
    assert len(result.tables.frames["delegates"]) == 1
    assert of_ward(result, ward)["total"] == 1


def test_all_of_nothing_entered_is_not_known_but_a_0_is(sender: Ward, few: Plan, ward: Unit) -> None:
    table = sender.form.tables["awards"]
    for row in table.line_rows:
        for key in (*AWARD_KEYS, "specified"):
            sender.entries.pop((table.sheet, row, table.position(key)[1]), None)
    result = sender.send()
    assert line_of(read(result)[AWARDS_FORM], ward.name)[2:7] == [NOT_SENT] * 5
    sender.entries[table.sheet, table.line_rows[0], table.position("persons")[1]] = 0
    result = sender.send()
    assert line_of(read(result)[AWARDS_FORM], ward.name)[2:7] == [0, 0, 0, 0, None]


def test_a_form_of_before_has_no_households(filled: Callable[[], Path], fill: Fill, few: Plan, ward: Unit) -> None:
    path = filled()
    other = next(unit for unit in few.local_units if unit.code != ward.code)
    fill(other)
    sheet = read(consolidate_checked(path.parent, few))[AWARDS_FORM]
    numbers, others = (line_of(sheet, unit.name)[2:6] for unit in (ward, other))
    assert numbers[1] == NOT_SENT
    assert all(isinstance(number, int) for number in (numbers[0], *numbers[2:], *others))
    sums = [row for row in sheet.iter_rows(values_only=True) if row[1] == "Cộng"]
    assert [row[3] for row in sums] == [others[1]] * 2
    assert f"chưa có số liệu của {ward.name}, tính trên 1 phường" in texts_of(sheet)


@pytest.mark.parametrize(
    ("column", "key", "line"),
    [("gender", "female", "Nữ"), ("direct_worker", "direct_workers", "Điển hình tiên tiến: người trực tiếp lao động")],
)
def test_a_share_is_the_same_in_both_forms(column: str, key: str, line: str, sender: Ward) -> None:
    sender.put("delegates", column, "abc", "abc", "abc")
    result = sender.send()
    shares = [row[3] for row in read(result)[STRUCTURE_FORM].iter_rows(values_only=True) if row[1] == line]
    assert of_all(result)[f"{key}_share"] == pytest.approx(shares[0])


def test_a_unit_without_direct_workers_is_in_no_share(sender: Ward, fill: Fill, few: Plan) -> None:
    sender.drop("awards", "direct_workers")
    other = next(unit for unit in few.local_units if unit.code != sender.unit.code)
    fill(other)
    sheet = read(sender.send())[AWARDS_FORM]
    told = line_of(sheet, other.name)[6]
    assert [row[6] for row in sheet.iter_rows(values_only=True) if row[1] == "Cộng"] == [pytest.approx(told)] * 2


# ---------------------------------------------------------------- no small group by name


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"Tày": 2, "Thái": 1, "Mường": 4}, {"– Mường": 4, "– Khác": 3}),
        ({"Tày": 1, "Mường": 3}, {"– Khác": 4}),
        ({"Tày": 1, "Mường": 3, "Nùng": 4}, {"– Nùng": 4, "– Khác": 4}),
        ({"Tày": 2}, {"– Khác": 2}),
        ({"Tày": 3, "Người nước ngoài": 2}, {"– Tày": 3}),
    ],
)
def test_no_ethnic_group_of_one_or_two_is_named(values: dict[str, int], shown: dict[str, int], sender: Ward) -> None:
    listed = [value for value, count in values.items() for _ in range(count)]
    sender.keep("delegates", 14)
    sender.put("delegates", "category", *["Chiến sĩ thi đua"] * 14)
    sender.put("delegates", "ethnicity", *listed, *["Kinh"] * (14 - len(listed)))
    lines = _group(read(sender.send())[STRUCTURE_FORM], "Dân tộc trong điển hình tiên tiến (cộng)")
    assert {label: count for label, count in lines.items() if label.startswith("– ")} == shown
    assert lines["Dân tộc thiểu số"] == sum(n for value, n in values.items() if value != "Người nước ngoài")
    assert not {label.removeprefix("– ") for label in lines} & {value for value, count in values.items() if count < 3}


def _group(sheet: Any, title: str) -> dict[str, int]:
    """The lines of a group and their numbers of the local conferences."""
    rows = [(str(row[1]), row[2]) for row in sheet.iter_rows(values_only=True)]
    start = next(place for place, (label, _) in enumerate(rows) if label == title) + 1
    return dict(takewhile(lambda row: not row[0].endswith("(cộng)"), rows[start:]))


# ---------------------------------------------------------------- recalculated


@pytest.mark.libreoffice
def test_libreoffice_counts_what_was_sent_to_the_same(
    libreoffice: LibreOffice, sender: Ward, fill: Fill, few: Plan, tmp_path: Path
) -> None:
    """A ward without two columns and a sheet, another with all."""
    sender.drop("delegates", "direct_worker")
    sender.drop("honourees", "kind")
    sender.put("delegates", "gender", None, None, "?")
    fill(next(unit for unit in few.local_units if unit.code != sender.unit.code))
    result = sender.send(without="Tham luận")
    register = forget_values(write_register(result), tmp_path / "sổ.xlsx")
    column = (TRACE_SHEET, f"F5:F{4 + len(trace_figures(result))}")
    for code in (None, sender.unit.code):
        [lines] = libreoffice.ask(register, cells={TRACE_SHEET: {"C3": code}}, more=[column])
        signs = {sign for (sign,) in lines}
        assert "✓" in signs
        assert "✗" not in signs
    drawn, recalculated = read(result), libreoffice.recalculate(write_summary(result), tmp_path)
    for sheet in (drawn[name] for name in (UNITS_FORM, STRUCTURE_FORM, HONOURS_FORM, AWARDS_FORM)):
        for cell in (cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, int | float)):
            theirs = recalculated[sheet.title][cell.coordinate].value
            assert theirs == pytest.approx(cell.value), (sheet.title, cell.coordinate)
