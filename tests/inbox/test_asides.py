"""What stands on a sheet beside its cells, as programs save it: found in each format with its cell and its text."""

from __future__ import annotations

import io
import struct
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from dhtt_excel.inbox.parse_workbook import parse_workbook
from dhtt_excel.inbox.raw import Aside, AsideKind, RawSheet, RawWorkbook
from tests.corpus.packages import make_biff, make_book, make_ods, make_xls
from tests.libreoffice import LibreOffice

PICTURE = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\10\6\0\0\0\x1f\x15\xc4\x89"
    b"\0\0\0\rIDATx\x9cc\xf8\xff\xff?\0\5\xfe\2\xfe\xa7\x9a\xa0\xa0\0\0\0\0IEND\xaeB`\x82"
)


def read(data: bytes, suffix: str) -> RawSheet:
    workbook = parse_workbook(RawWorkbook(f"a{suffix}", len(data), "", datetime.min), data, suffix)
    assert not workbook.refusal, workbook.problem
    return workbook.sheets[0]


@pytest.fixture(scope="module")
def written() -> bytes:
    """A sheet with all of it, by xlsxwriter."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Đại biểu")
        sheet.write_string("A1", "Nguyễn Văn A", book.add_format({"font_strikeout": True}))
        sheet.write_string("A2", "Trần Thị B")
        sheet.write_row("C1", [1, 2, 3])
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column("D:E", None, None, {"hidden": True})
        sheet.write_comment("A2", "hỏi lại\nanh Tư", {"author": "Lan"})
        sheet.insert_textbox("B5", "gửi bổ sung sau")
        sheet.insert_image("C8", "ảnh.png", {"image_data": io.BytesIO(PICTURE)})
    return target.getvalue()


FOUND = [
    Aside(AsideKind.NOTE, 2, 1, "hỏi lại\nanh Tư"),
    Aside(AsideKind.TEXT_BOX, 5, 2, "gửi bổ sung sau"),
    Aside(AsideKind.PICTURE, 8, 3),
]


def test_in_an_xlsx(written: bytes) -> None:
    sheet = read(written, ".xlsx")
    assert list(sheet.asides) == FOUND
    assert (sheet.struck, sheet.hidden_rows, sheet.hidden_columns) == (((1, 1),), (3,), ((4, 5),))


@pytest.mark.libreoffice
@pytest.mark.parametrize("suffix", [".ods", ".xls", ".xlsx"])
def test_as_libreoffice_saves_it(suffix: str, libreoffice: LibreOffice, written: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(written)
    saved = libreoffice.save_as(tmp_path / "a.xlsx", tmp_path / "b" / f"a{suffix}")
    sheet = read(saved.read_bytes(), suffix)
    assert sorted(sheet.asides) == sorted(FOUND)
    assert (sheet.struck, sheet.hidden_rows, sheet.hidden_columns) == (((1, 1),), (3,), ((4, 5),))


def test_in_an_ods() -> None:
    note = "<office:annotation><text:p>hỏi lại</text:p><text:p>anh Tư</text:p></office:annotation>"
    rows = f'<table:table-row><table:table-cell office:value-type="float" office:value="1">{note}<text:p>1</text:p>'
    assert read(make_ods(f"{rows}</table:table-cell></table:table-row>"), ".ods").asides == (
        Aside(AsideKind.NOTE, 1, 1, "hỏi lại\nanh Tư"),
    )


def test_in_an_xls() -> None:
    """A note, a check box with its label, and the arrow of a filter, which is nobody's."""

    def draw(kind: int, number: int, text: str) -> list[tuple[int, bytes]]:
        told = text.encode("utf-16-le")
        return [
            (0x5D, struct.pack("<4H", 0x15, 0x12, kind, number) + bytes(14)),
            (0x1B6, struct.pack("<10xHH4x", len(text), 0)),
            (0x3C, b"\1" + told),
            (0x3C, bytes(16)),
        ]

    note = (0x1C, struct.pack("<4H", 1, 0, 0, 1))
    records = [*draw(0x19, 1, "hỏi lại"), *draw(0x0B, 2, "Đã họp"), *draw(0x14, 3, ""), note]
    assert read(make_xls(make_biff(more=records)), ".xls").asides == (
        Aside(AsideKind.CONTROL, 0, 0, "Đã họp"),
        Aside(AsideKind.NOTE, 2, 1, "hỏi lại"),
    )


def test_a_workbook_without_any() -> None:
    sheet = read(make_book(), ".xlsx")
    assert (sheet.asides, sheet.struck, sheet.hidden_columns) == ((), (), ())
