"""What stands beside each row of a list: right whatever is typed, pasted, sorted or cleared, and known as ours."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dhtt_excel.excel.addresses import cell_name, column_letters
from dhtt_excel.excel.formula_syntax import count_parts
from dhtt_excel.findings import Finding
from dhtt_excel.form.draw_form import Entries, draw_form
from dhtt_excel.form.form import Form, Layout, form_of
from dhtt_excel.form.moments import spell_moments
from dhtt_excel.form.statuses import IN_ORDER, is_status, list_status_names
from dhtt_excel.pipeline import check_files
from dhtt_excel.plan.plan import PLANS, Plan, Unit, load_plan
from dhtt_excel.rules import RULES
from tests.conftest import AS_OF, Fill
from tests.libreoffice import LibreOffice

SHEET = "Đại biểu"
FULL = {
    "name": "Lê Thị An",
    "gender": "Nữ",
    "birth_year": "1975",
    "ethnicity": "Kinh",
    "religion": "Không",
    "organisation": "Tổ 1",
}
LONE = "chưa đủ một dòng: nhập tiếp hoặc xóa"
Look = Callable[..., list[str]]


@pytest.fixture(scope="module")
def look(
    libreoffice: LibreOffice, plan: Plan, form: Form, ward: Unit, tmp_path_factory: pytest.TempPathFactory
) -> Look:
    """What the first ten rows of the delegates show, in a LibreOffice, after these steps in a blank form."""
    blank = tmp_path_factory.mktemp("office") / plan.workbook_name(ward)
    blank.write_bytes(draw_form(plan, form, ward, RULES))

    def ask(typed: list[tuple[str, str]], steps: list[list[Any]] | None = None, saved: Path | None = None) -> list[str]:
        entered = [(SHEET, cell, text) for cell, text in typed]
        kept = [str(saved)] if saved else []
        [rows] = libreoffice.ask(blank, typed=entered, steps=steps or [], saved=kept, more=[(SHEET, "A7:A16")])
        return [row[0] for row in rows]

    return ask


@pytest.fixture(scope="module")
def type_row(plan: Plan, form: Form) -> Callable[..., list[tuple[str, str]]]:
    """What is typed for an exemplar, with these changes by column."""
    table = form.tables["delegates"]
    chosen = {
        "category": next(c.value for c in plan.lists.categories if c.group == "exemplar" and not c.key),
        **{key: plan.lists.choices(table.by_key[key].choices)[0].value for key in ("occupation", "field", "sector")},
    }

    def make(row: int, **changes: str) -> list[tuple[str, str]]:
        cells = {**FULL, **chosen, **changes}
        return [(cell_name(row, table.position(key)[1]), text) for key, text in cells.items() if text]

    return make


@pytest.mark.libreoffice
def test_typed_a_row_is_in_order_or_says_what_is_not(
    look: Look, type_row: Callable[..., list[tuple[str, str]]]
) -> None:
    rows = [
        type_row(7),
        type_row(8, religion="", birth_year="19755"),
        type_row(9, gender="Nm", ethnicity="", organisation=""),
        [("Q10", "xem lại")],
        [("C11", "Lê Văn Bê")],
        type_row(12, religion="   "),
        type_row(13, ethnicity="Ca Tu*"),
        type_row(14, direct_worker="X", nominated="được"),
        type_row(15, nominated="có", religion="", birth_year="?", ethnicity="Khơ-me"),
    ]
    assert look([cell for row in rows for cell in row]) == [
        IN_ORDER,
        "thiếu: Tôn giáo · sai: Năm sinh",
        "thiếu: Dân tộc, Đơn vị · sai: Giới tính",
        LONE,
        "thiếu: Giới tính, Đơn vị, Thành phần",
        "thiếu: Tôn giáo",
        "sai: Dân tộc",
        "sai: Dự hội nghị quận (x)",
        "thiếu: Tôn giáo · sai: Năm sinh · ghi lại: Dân tộc, Dự hội nghị quận (x)",
        "",
    ]


@pytest.mark.libreoffice
def test_of_guests_little_is_asked(look: Look, plan: Plan, type_row: Callable[..., list[tuple[str, str]]]) -> None:
    guest = next(c.value for c in plan.lists.categories if c.group == "guest")
    nothing = dict.fromkeys(("birth_year", "ethnicity", "religion", "occupation", "field", "sector"), "")
    typed = [*type_row(7, category=guest, **nothing), *type_row(8, category=guest, **nothing | {"birth_year": "?"})]
    typed += type_row(9, category=guest, **nothing | {"gender": ""})
    assert look(typed)[:3] == [IN_ORDER, IN_ORDER, "thiếu: Giới tính"]


@pytest.mark.libreoffice
def test_it_survives_paste_sort_and_clear(
    look: Look, type_row: Callable[..., list[tuple[str, str]]], plan: Plan, tmp_path: Path
) -> None:
    """Pasted from a sheet that knows neither drop-downs nor colours; sorted by name; a row emptied with Delete."""
    typed = [
        *type_row(7, name="Chu An"),
        *type_row(8, name="Bùi Ba", gender=""),
        *type_row(9, name="An Tư", sector="x"),
    ]
    before = [IN_ORDER, "thiếu: Giới tính", "sai: Thành phần kinh tế"]
    assert look(typed)[:3] == before
    assert look(typed, [["sort", SHEET, "C7:Q306", 0]])[:3] == before[::-1]
    assert look(typed, [["clear", SHEET, "C8:Q8"]])[:3] == [before[0], "", before[2]]
    pasted = [["paste", SHEET, "Chương trình!B5", "G7"]]  # with its look and without a list
    assert look(typed, pasted)[0] == "sai: Tôn giáo"
    saved = tmp_path / plan.workbook_name(plan.units_by_code["00061"])
    look(typed, [*pasted, ["sort", SHEET, "C7:Q306", 0]], saved)
    result = check_files([saved], plan, AS_OF)
    assert not {f.code for f in result.findings} & {"TEP07", "TEP08", "TEP09", "TEP10"}
    (account,) = [a for a in result.submissions[0].accounts if a.sheet == SHEET]
    assert account.outside == []


def test_every_name_is_short_and_all_together_fit_in_a_formula() -> None:
    """Excel 2003 has room for 1,024 characters, LibreOffice, which puts a name's meaning in its place, for 8,192 parts."""
    for path in PLANS.glob("*.toml"):
        plan = load_plan(path)
        form = form_of(plan)
        names = dict(list_status_names(plan, form))
        assert max(map(len, names.values())) <= 1024
        for table in form.tables.values():
            if table.layout is Layout.LIST:
                assert count_parts(names[f"TT_{table.key}"], names) < 8192 * 0.6


def test_what_it_shows_is_known_and_nothing_else(form: Form) -> None:
    for table in (t for t in form.tables.values() if t.layout is Layout.LIST):
        first, *_, last = (column.heading for column in table.stored)
        for text in (
            "",
            IN_ORDER,
            0,
            LONE,
            f"thiếu: {first}",
            f"sai: {first}, {last}",
            f"thiếu: {first} · sai: {last} · ghi lại: {first}",
        ):
            assert is_status(table, text), text
        for text in (1, "thiếu: ảnh", f"thiếu: {first} nhé", "đã hỏi", f"sai {first}", f"{first}"):
            assert not is_status(table, text), text


def test_what_people_write_there_is_told(fill: Fill, ward: Unit, check: Callable[[Path], list[Finding]]) -> None:
    (finding,) = check(fill(ward, {f"{SHEET}!A9": "hỏi lại", f"{SHEET}!A10": "thiếu: Tôn giáo"}))
    assert (finding.code, finding.sheet, finding.cell) == ("TEP08", SHEET, "A9")


def test_a_list_without_the_column_is_read_all_the_same(
    fill: Fill, ward: Unit, plan: Plan, form: Form, tmp_path: Path
) -> None:
    """Somebody has moved the list one column to the left."""
    book = openpyxl.load_workbook(fill(ward))
    for table in (t for t in form.tables.values() if t.layout is Layout.LIST):
        book[table.sheet].delete_cols(1)
    path = tmp_path / plan.workbook_name(ward)
    book.save(path)
    result = check_files([path], plan, AS_OF)
    assert {f.code for f in result.findings} <= {"TEP10"}
    assert len(result.tables.frames["delegates"]) == len(
        check_files([fill(ward)], plan, AS_OF).tables.frames["delegates"]
    )


def test_a_sort_of_the_filter_leaves_it_alone(plan: Plan, form: Form, ward: Unit) -> None:
    book = openpyxl.load_workbook(io.BytesIO(draw_form(plan, form, ward, RULES)))
    for table in (t for t in form.tables.values() if t.layout is Layout.LIST):
        inputs = table.input_columns
        first, last = column_letters(inputs.start), column_letters(inputs.stop - 1)
        assert book[table.sheet].auto_filter.ref == f"{first}{table.heading_row}:{last}{table.last_row}"
        assert all(book[table.sheet].cell(row, 1).protection.locked for row in range(1, table.last_row + 1))


def test_filled_forms_show_it_before_anything_is_calculated(
    plan: Plan, form: Form, ward: Unit, valid_entries: Callable[[Unit], Entries]
) -> None:
    entries = spell_moments(form, valid_entries(ward)) | {(SHEET, 8, 4): None}
    sheet = openpyxl.load_workbook(io.BytesIO(draw_form(plan, form, ward, RULES, entries)), data_only=True)[SHEET]
    assert [sheet.cell(row, 1).value for row in (7, 8, 9)] == [IN_ORDER, "thiếu: Giới tính", IN_ORDER]
