"""What we override in xlsxwriter is still there, and is still what it calls."""

from __future__ import annotations

import io
import zipfile
from datetime import date, time

import pytest
from xlsxwriter.worksheet import Worksheet

from dhtt_excel.excel.book import Book, _PlainWorksheet

NEWER = "UNIQUE(B1:B9)"  # than Excel 2007: xlsxwriter itself would write "_xlfn." before it


def test_formulas_stand_as_they_are() -> None:
    book = Book("Công thức")
    book.add_sheet("A").put_formula(1, 1, NEWER, 1)
    with zipfile.ZipFile(io.BytesIO(book.finish())) as package:
        assert f">{NEWER}</f>".encode() in package.read("xl/worksheets/sheet1.xml")


def test_xlsxwriter_prepares_formulas_by_the_method_that_we_override() -> None:
    assert Worksheet()._prepare_formula(f"={NEWER}") == f"_xlfn.{NEWER}"


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
