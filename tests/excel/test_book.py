"""What we override in xlsxwriter is still there, and is still what it calls."""

from __future__ import annotations

import io
import zipfile

from xlsxwriter.worksheet import Worksheet

from dhtt_excel.excel.book import Book

NEWER = "UNIQUE(B1:B9)"  # than Excel 2007: xlsxwriter itself would write "_xlfn." before it


def test_formulas_stand_as_they_are() -> None:
    book = Book("Công thức")
    book.add_sheet("A").put_formula(1, 1, NEWER, 1)
    with zipfile.ZipFile(io.BytesIO(book.finish())) as package:
        assert f">{NEWER}</f>".encode() in package.read("xl/worksheets/sheet1.xml")


def test_xlsxwriter_prepares_formulas_by_the_method_that_we_override() -> None:
    assert Worksheet()._prepare_formula(f"={NEWER}") == f"_xlfn.{NEWER}"
