"""What we override in xlsxwriter is still there, and is still what it calls."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter.worksheet import Worksheet

from dhtt_excel.excel.addresses import MAX_LINKS
from dhtt_excel.excel.book import Book, _PlainWorksheet
from dhtt_excel.form.formulas import formula_still
from tests.sound import check_package

NEWER = "UNIQUE(B1:B9)"  # than Excel 2007: xlsxwriter itself would write "_xlfn." before it


def test_formulas_stand_as_they_are() -> None:
    book = Book("Công thức")
    book.add_sheet("A").put_formula(1, 1, NEWER, 1)
    with zipfile.ZipFile(io.BytesIO(book.finish())) as package:
        assert f">{NEWER}</f>".encode() in package.read("xl/worksheets/sheet1.xml")


def test_xlsxwriter_prepares_formulas_by_the_method_that_we_override() -> None:
    assert Worksheet()._prepare_formula(f"={NEWER}") == f"_xlfn.{NEWER}"


def test_a_first_page_has_a_header_of_its_own() -> None:
    book = Book("Đầu trang")
    for name, first in (("A", ""), ("B", "&Lmột & hai")):
        book.add_sheet(name).set_header("&C&P", first, 0.4)
    with zipfile.ZipFile(io.BytesIO(book.finish())) as package:
        bare, headed = (package.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2))
    header = '<headerFooter differentFirst="1"><oddHeader>&amp;C&amp;P</oddHeader>'
    assert f"{header}</headerFooter>" in bare
    assert f"{header}<firstHeader>&amp;Lmột &amp; hai</firstHeader></headerFooter>" in headed


def _draw_cells() -> bytes:
    book = Book("Ô")
    sheet, style = book.add_sheet("A"), book.style(border=1)
    values = ["chữ", "", None, "=1+1", 0, -7, 1.5, 1 / 3, 1e300, True, date(2020, 3, 5), time(8, 30)]
    for row, value in enumerate(values, start=1):
        sheet.put(row, 1, value, style)
        sheet.put(row, 2, value)
    sheet.put_formula(1, 3, "A1", "chữ", style)
    sheet.put_link(2, 3, "'A'!A1", "tới A1", style)
    sheet.xl.set_column(3, 3, 9, style.plain)
    sheet.put(3, 4, 2)
    return book.finish()


def test_cells_are_spelled_as_xlsxwriter_spells_them(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = _draw_cells()
    monkeypatch.delattr(_PlainWorksheet, "_write_cell")
    assert ours == _draw_cells()


def _read_back(book: Book) -> list[list[Any]]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(book.finish()))
    return workbook.get_sheet_by_index(0).to_python()


def test_whatever_is_put_into_a_cell_fits() -> None:
    book = Book("Ô")
    sheet, style = book.add_sheet("A"), book.style(border=1)
    emoji, marked = "\U0001f600" * 16_384, "chữ\x0b_x000B_\x1b\r\n"
    values = [
        float("nan"),
        float("-inf"),
        10**400,
        date(1, 1, 1),
        datetime(1899, 12, 31, 8),
        "x" * 40_000,
        emoji,
        marked,
        "\ud800",
    ]
    for row, value in enumerate(values, start=1):
        sheet.put(row, 1, value, style)
        sheet.put(row, 2, value)
        if isinstance(value, str):
            sheet.put_link(row, 3, "'A'!A1", value, style)
            sheet.put_note(row, 4, value)
            sheet.merge(row, 5, row, 6, value, style)
    rows = _read_back(book)
    assert [cells[0] for cells in rows] == [cells[1] for cells in rows]
    found = [cells[0] for cells in rows]
    assert found[:5] == ["#NUM!", "#NUM!", "#NUM!", "01/01/1", "31/12/1899 08:00"]
    assert found[5].startswith("x" * 32_000)
    assert all(text.endswith("[đã cắt bớt, xem tệp gốc]") for text in found[5:7])
    assert all(len(text.encode("utf-16-le")) // 2 <= 32_767 for text in found[5:7])
    assert found[7:] == [marked, "\ufffd"]


def test_a_sheet_takes_no_more_links_than_excel() -> None:
    book = Book("Liên kết")
    sheet = book.add_sheet("A")
    for row in range(1, MAX_LINKS + 3):
        sheet.put_link(row, 1, "'A'!A1", "tới", book.style(border=1))
    data = book.finish()
    assert len(CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()) == MAX_LINKS + 2
    assert check_package(data, "A") > 5


@pytest.mark.parametrize(
    ("value", "formula"),
    [
        ("chữ", 'EXACT(A1,"chữ")'),
        ("a\x0bb", 'AND(LEN(A1)=3,EXACT(LEFT(A1,1),"a"))'),
        ("a_x000B_b", 'AND(LEN(A1)=9,EXACT(LEFT(A1,1),"a"))'),
        ("\U0001f600b", 'AND(OR(LEN(A1)=2,LEN(A1)=3),EXACT(LEFT(A1,0),""))'),
        ("b" * 201, f'AND(LEN(A1)=201,EXACT(LEFT(A1,200),"{"b" * 200}"))'),
    ],
)
def test_a_formula_spells_only_what_a_formula_can(value: str, formula: str) -> None:
    assert formula_still("A1", value) == formula
