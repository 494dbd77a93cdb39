"""The filled cells of an .xls by its records, whatever its reader gives back."""

from __future__ import annotations

import struct
from datetime import datetime
from typing import Any

import pytest

from dhtt_excel.inbox import parse_workbook
from dhtt_excel.inbox.guard_xls import inspect_xls
from dhtt_excel.inbox.raw import RawWorkbook
from tests.corpus.packages import make_biff, make_xls

CELLS = 4  # of the small workbook
FORMULA, STRING, BOF, END, NUMBER, SEVERAL, BLANK = 0x06, 0x207, 0x809, 0x0A, 0x203, 0xBD, 0x201


def _number(row: int, column: int) -> tuple[int, bytes]:
    return NUMBER, struct.pack("<HHHd", row, column, 0, 7.0)


def _formula(row: int, kind: int) -> tuple[int, bytes]:
    """A formula whose result is a text (0), which a record of its own tells, or an empty text (3)."""
    return FORMULA, struct.pack("<HHHB5xHHIH", row, 3, 0, kind, 0xFFFF, 0, 0, 0)


@pytest.mark.parametrize(
    ("more", "count"),
    [
        ([], 0),
        ([_number(3, 3), _number(3, 4)], 2),
        ([_number(3, 3), _number(3, 3)], 1),  # twice the same cell
        ([(SEVERAL, struct.pack("<HH" + "HI" * 3 + "H", 4, 1, 0, 6, 0, 6, 0, 6, 3))], 3),
        ([(BLANK, struct.pack("<HHH", 5, 5, 0))], 0),
        ([_formula(6, 0), (STRING, struct.pack("<HB", 1, 0) + b"a")], 1),
        ([_formula(6, 0), (STRING, struct.pack("<HB", 0, 0))], 0),
        ([_formula(6, 3)], 0),
        ([(BOF, struct.pack("<HH", 0x0600, 0x20) + bytes(12)), _number(9, 9), (END, b"")], 0),  # a chart's own numbers
    ],
)
def test_what_is_counted(more: list[tuple[int, bytes]], count: int) -> None:
    (sheet,) = inspect_xls(make_xls(make_biff(more=more))).sheets
    assert sheet.cells == CELLS + count


def test_a_cell_that_the_reader_drops_is_lost_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    real = parse_workbook._compare

    def drop(rows: list[list[Any]], count: Any) -> Any:
        rows[0][0] = ""
        return real(rows, count)

    monkeypatch.setattr(parse_workbook, "_compare", drop)
    data = make_xls()
    read = parse_workbook.parse_workbook(RawWorkbook("a.xls", len(data), "", datetime(2020, 3, 1)), data, ".xls")
    assert [(sheet.received, sheet.lost) for sheet in read.sheets] == [(CELLS, 1)]
