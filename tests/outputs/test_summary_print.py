"""The forms for the superior office as they print: a checklist of what stands on each, type, pages and their numbers."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from dhtt_excel.outputs.summary.write_summary import Annexes, write_summary
from dhtt_excel.pipeline import consolidate
from dhtt_excel.plan.plan import Plan
from dhtt_excel.result import Result
from tests.libreoffice import LibreOffice

# The form's name on paper by its sheet's, and its most pages at 18 units.
FORMS = {
    "Biểu 1": ("Biểu số 1", 1),
    "Biểu 2": ("Biểu số 2", 3),
    "Biểu 3": ("Biểu số 3", 2),
    "Biểu 3a": ("Biểu số 3a", 2),
    "Biểu 4": ("Biểu số 4", 3),
    "Biểu đồ": ("Biểu đồ", 1),
}
ANNEXES = {f"Phụ lục {number}": f"Phụ lục {number}" for number in range(1, 5)}
MOST_PAGES = 12
HEADING = (
    "ỦY BAN NHÂN DÂN QUẬN HOÀN KIẾM",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Hoàn Kiếm, ngày 18 tháng 3 năm 2020",
    "(Kèm theo Báo cáo số …/BC-UBND ngày … tháng … năm … của UBND quận Hoàn Kiếm)",
)
FOOT = ("NGƯỜI LẬP BIỂU", "(Ký, họ tên)", "TRƯỞNG PHÒNG", "(Ký, họ tên, đóng dấu)")
DRAFT = "DỰ THẢO"
# What is internal, or another form's spelling.
NEVER = (
    r"\b(DB|TL|BD|CT|BC|TT|HN|TEP|O)\d\d\b",
    r"\.xlsx|\.docx|so-theo-doi",
    "lỗi cần sửa|Ngoại lệ|Cần sửa|phạm vi cho phép|phần mềm|công thức",
    "30/01/2019",
    "Kính gửi|PHÒNG NỘI VỤ",
    r"\(ghi rõ\)|Người tốt việc tốt",
)
LEAST_SIZE = 10.0
AREA = {"portrait": (165, 257), "landscape": (252, 170)}  # millimetres between the margins


@pytest.fixture(scope="module")
def campaign(plan: Plan, drawn_campaign: Path) -> Result:
    """17 of 18 units, and errors."""
    return consolidate(drawn_campaign, plan, date(2020, 3, 18))


@pytest.fixture(scope="module")
def draft(campaign: Result) -> bytes:
    return write_summary(campaign, Annexes())


def _open(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=True)


def _texts(sheet: Any) -> list[str]:
    """What is printed, but for numbers, in the order of rows."""
    column, row, last_column, last_row = range_boundaries(sheet.print_area.replace("$", "").rpartition("!")[2])
    block = sheet.iter_rows(row, last_row, column, last_column)
    return [c.value for cells in block for c in cells if isinstance(c.value, str) and c.value]


@pytest.mark.parametrize("final", [False, True])
def test_every_form_has_what_an_annex_of_the_report_has(campaign: Result, draft: bytes, final: bool) -> None:
    assert campaign.is_draft
    book = _open(write_summary(replace(campaign, final=True)) if final else draft)
    for name, mark in {name: mark for name, (mark, _) in FORMS.items()}.items() | (set() if final else ANNEXES.items()):
        texts = _texts(book[name])
        office = " ".join(text for text in texts[:3] if text not in HEADING)  # in one line or in two
        assert [text in texts or text in office for text in HEADING] == [True] * len(HEADING), (name, texts[:12])
        assert [texts.count(text) for text in (mark, *FOOT)] == [1] * (1 + len(FOOT)), name
        assert texts.count(DRAFT) == (0 if final else 1), name


def test_nothing_internal_stands_in_a_form(draft: bytes) -> None:
    book = _open(draft)
    for name in FORMS:
        for text in _texts(book[name]):
            assert not [pattern for pattern in NEVER if re.search(pattern, text)], (name, text)


def test_the_body_is_not_printed_too_small(draft: bytes) -> None:
    book = _open(draft)
    for name in FORMS:
        sheet = book[name]
        _, _, last_column, last_row = range_boundaries(sheet.print_area.replace("$", "").rpartition("!")[2])
        width, height = (mm * 72 / 25.4 for mm in AREA[sheet.page_setup.orientation])
        scale = min(1.0, width / sum(_width(sheet, column) for column in range(1, last_column + 1)))
        if sheet.page_setup.fitToHeight is None:
            scale = min(scale, height / sum(_height(sheet, row) for row in range(1, last_row + 1)))
        sizes = {c.font.size for row in sheet.iter_rows() if isinstance(row[0].value, int) for c in row if c.value}
        assert min(sizes, default=LEAST_SIZE / scale) * scale >= LEAST_SIZE - 0.001, (name, sizes, scale)


def _width(sheet: Any, column: int) -> float:
    """Points of a column; the file counts digits of seven pixels, and one entry may stand for several columns."""
    for entry in sheet.column_dimensions.values():
        if entry.min <= column <= entry.max:
            return float(round(entry.width * 7) * 0.75)
    raise AssertionError(f"{sheet.title}: column {column} has no width")


def _height(sheet: Any, row: int) -> float:
    return float(sheet.row_dimensions[row].height or sheet.sheet_format.defaultRowHeight)


def test_the_first_page_has_no_number_and_each_sheet_counts_anew(draft: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(draft)) as package:
        sheets = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
    *sheets, _ = sheets  # the last one is not shown
    assert len(sheets) == len(FORMS) + len(ANNEXES)
    for sheet in sheets:
        assert 'useFirstPageNumber="1"' in sheet
        assert "firstPageNumber" not in sheet.replace("useFirstPageNumber", "")  # which is 1 then
        header = sheet[sheet.index("<headerFooter") : sheet.index("</headerFooter>")]
        assert header.startswith('<headerFooter differentFirst="1"><oddHeader>')
        assert "&amp;P" in header
        assert "&amp;P" not in header.partition("</oddHeader>")[2]


@pytest.mark.libreoffice
@pytest.mark.parametrize("final", [False, True])
def test_libreoffice_prints_them_on_few_pages(
    libreoffice: LibreOffice, campaign: Result, final: bool, tmp_path: Path
) -> None:
    if not shutil.which("pdftotext"):
        pytest.skip("needs pdftotext")
    source = tmp_path / "in.xlsx"
    source.write_bytes(write_summary(replace(campaign, final=final)))
    pages = libreoffice.print_text(source, "-layout").split("\f")[:-1]
    firsts = [number for number, page in enumerate(pages) if "CỘNG HÒA XÃ HỘI" in page]
    assert len(firsts) == len(FORMS)
    assert len(pages) <= MOST_PAGES
    for (name, (_, most)), first, end in zip(FORMS.items(), firsts, [*firsts[1:], len(pages)], strict=True):
        assert end - first <= most, name
        assert not pages[first].split()[0].isdigit(), name
        assert [page.split()[0] for page in pages[first + 1 : end]] == [str(n) for n in range(2, end - first + 1)], name
