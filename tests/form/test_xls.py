"""What a form keeps that is saved as .xls: all of its formulas, and so its verdicts; and we find the same in it."""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dhtt_excel.form.draw_form import Entries, draw_form
from dhtt_excel.form.form import CHECK_SHEET, Form
from dhtt_excel.form.moments import spell_moments
from dhtt_excel.inbox.guard_xls import _find_stream, _list_records
from dhtt_excel.pipeline import check_files
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.rules import RULES
from tests.conftest import AS_OF
from tests.libreoffice import LibreOffice
from tests.typed import by_place

pytestmark = pytest.mark.libreoffice
PARTS = 1800  # bytes of a formula's parts, which is all that an .xls has room for; 1,024 characters can be typed in Excel 2003
SHEETS, FORMULA, NAME = 0x809, 0x06, 0x18
CHANGES: dict[str, dict[str, Any]] = {
    "faultless": {},
    "wrong": {
        "Thông tin!B9": "31/02/2020", "Thông tin!B14": 7, "Đại biểu!D8": "Nữu", "Đại biểu!E9": 19755, "Đại biểu!I10": None,
        "Đại biểu!Q306": "xem lại", "Tham luận!D8": "Ai đó ở đâu", "Biểu dương!C8": None, "Chương trình!D9": None,
        "Báo cáo!B39": None, "Báo cáo!F48": 99, "Báo cáo!B24": "Kết quả rõ nét. " * 100,
    },
}  # fmt: skip


@pytest.fixture(scope="module", params=CHANGES)
def saved(
    request: pytest.FixtureRequest, plan: Plan, form: Form, ward: Unit, valid_entries: Callable[[Unit], Entries],
    libreoffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, Path, list[Any]]:  # fmt: skip
    """A form as we draw it and as an .xls; what "Kiểm tra" says in each after everything has been recalculated."""
    folder = tmp_path_factory.mktemp("xls")
    drawn, kept = folder / "a" / plan.workbook_name(ward), folder / "b" / "lưu lại.xls"
    for path in (drawn, kept):
        path.parent.mkdir()
    entries = spell_moments(form, valid_entries(ward))
    entries |= by_place(CHANGES[request.param])
    drawn.write_bytes(draw_form(plan, form, ward, RULES, entries))
    block = {"sheet": CHECK_SHEET, "block": "A1:Z60"}
    return drawn, kept, [libreoffice.ask(drawn, saved=[str(kept)], **block), libreoffice.ask(kept, **block)]


def test_every_formula_is_kept_and_has_room(saved: tuple[Path, Path, list[Any]]) -> None:
    drawn, kept, _ = saved
    sheets = openpyxl.load_workbook(drawn).worksheets
    ours = {n: sum(c.data_type == "f" for row in sheet.iter_rows() for c in row) for n, sheet in enumerate(sheets, 1)}
    sheet, theirs, sizes = 0, Counter[int](), []
    for _, kind, body in _list_records(_find_stream(kept.read_bytes()).data):
        sheet += kind == SHEETS
        if kind in (FORMULA, NAME):
            theirs[sheet - 1] += kind == FORMULA
            sizes.append(struct.unpack_from("<H", body, 20 if kind == FORMULA else 4)[0])
    assert +theirs == +Counter(ours)
    assert max(sizes) <= PARTS


def test_it_says_the_same(saved: tuple[Path, Path, list[Any]]) -> None:
    _, _, (before, after) = saved
    assert after == before
    assert re.match("ĐẠT|CẦN SỬA: 6 mục", before[3][2])


def test_the_same_is_found(saved: tuple[Path, Path, list[Any]], plan: Plan) -> None:
    found = [
        [(f.code, f.severity, f.sheet, f.cell, f.message) for f in check_files([path], plan, AS_OF).findings]
        for path in saved[:2]
    ]
    assert found[0] == [one for one in found[1] if "dạng .xls" not in one[-1]]
