"""The record of a result as it stands in its summary: on a sheet of its own that is not shown, with a digest.

The text is cut where no cell begins or ends with a blank, and every piece is shorter than what a cell holds.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from dhtt_excel.excel.book import Book
from dhtt_excel.excel.cells import show_value
from dhtt_excel.rollup.record import FORMAT, FutureRecordError, ResultRecord, parse_record
from dhtt_excel.rollup.shown import FORMS, ShownRow, list_rows

STAMP_SHEET = "_dhtt_so_lieu"
_MARK = "dhtt"
_LONGEST = 30_000  # characters of a piece; a cell holds 32,767
_NO_END = " \t'=+-@"  # where no piece ends, nor the next begins
_NUMBER = re.compile("[0-9]{1,9}")


Shown = dict[str, tuple[tuple[str, tuple[float, ...]], ...]]
"""By sheet, label and numbers of each row."""


class Stamp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`shown`: by sheet, label and numbers of each row, as the summary was written."""

    record: ResultRecord
    shown: Shown

    def rows_of(self, sheet: str) -> list[ShownRow]:
        return [ShownRow(label, numbers) for label, numbers in self.shown.get(sheet, ())]


class _Parts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A stamp whose record is still text: which of its formats that is comes first."""

    record: msgspec.Raw
    shown: Shown


class BrokenStampError(Exception):
    """The sheet is there, and what stands on it is not what was written."""


def list_shown(book: Book, *more: str) -> Shown:
    """What the forms that have been drawn show, and these sheets, on which no name of a person may stand."""
    return {name: tuple((row.label, row.numbers) for row in list_rows(book.shown[name])) for name in (*FORMS, *more)}


def draw_stamp(book: Book, record: ResultRecord, shown: Shown) -> None:
    """The last sheet of a summary."""
    text = msgspec.json.encode(Stamp(record, shown), order="deterministic").decode()
    sheet = book.add_sheet(STAMP_SHEET)
    for column, value in enumerate((_MARK, str(FORMAT), _digest(text)), start=1):
        sheet.put(1, column, value)
    for row, piece in enumerate(_cut(text), start=2):
        sheet.put(row, 1, piece)
    sheet.xl.very_hidden()


def read_stamp(cells: Sequence[Sequence[Any]]) -> Stamp:
    """The stamp on a sheet's cells. Raises `BrokenStampError`, or `FutureRecordError`."""
    head = [show_value(value) for value in cells[0]] if cells else []
    if len(head) < 3 or head[0] != _MARK:
        raise BrokenStampError
    if _NUMBER.fullmatch(head[1]) and int(head[1]) > FORMAT:
        raise FutureRecordError
    text = "".join(row[0] for row in cells[1:] if row and isinstance(row[0], str))
    if _digest(text) != head[2]:
        raise BrokenStampError
    try:
        parts = msgspec.json.decode(text, type=_Parts)
        return Stamp(parse_record(bytes(parts.record)), parts.shown)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BrokenStampError from error


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _cut(text: str) -> Iterator[str]:
    while text:
        end = min(_LONGEST, len(text))
        while 0 < end < len(text) and (text[end - 1] in _NO_END or text[end] in _NO_END):
            end -= 1
        yield text[:end]
        text = text[end:]
