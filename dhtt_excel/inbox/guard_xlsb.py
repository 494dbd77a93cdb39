"""Parts of an .xlsb ─► its sheets, and the error values in them, which the reader gives back as blanks.

The cells are not counted. A part that cannot be followed is left to the reader.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import suppress

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.inbox.count_cells import SheetCount

_SHEET, _ROW, _ERRORS = 156, 0, (3, 11)  # a sheet of the workbook, a row; an error value, one that a formula gives


def list_sheets(workbook: bytes) -> Iterator[tuple[SheetCount, str]]:
    """The sheets of a workbook part, each with the id of its relation."""
    for kind, body in _list_records(workbook):
        if kind == _SHEET:
            relation, rest = _read_text(body[8:])
            name, _ = _read_text(rest)
            yield SheetCount(name, visible=not struct.unpack_from("<I", body)[0], cells=None), relation


def find_errors(sheet: bytes) -> list[str]:
    """The cells of a sheet part that hold an error value."""
    errors: list[str] = []
    row = 0
    with suppress(struct.error, IndexError):
        for kind, body in _list_records(sheet):
            if kind == _ROW:
                row = struct.unpack_from("<I", body)[0] + 1
            elif kind in _ERRORS:
                errors.append(cell_name(row, struct.unpack_from("<I", body)[0] + 1))
    return errors


def _read_text(data: bytes) -> tuple[str, bytes]:
    """A text that says its own length, and what follows it."""
    length = struct.unpack_from("<I", data)[0]
    return data[4 : 4 + 2 * length].decode("utf-16-le"), data[4 + 2 * length :]


def _list_records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """The kind and body of each record."""
    place = 0
    while place < len(part):
        kind, place = part[place], place + 1
        if kind & 0x80:
            kind, place = kind & 0x7F | (part[place] & 0x7F) << 7, place + 1
        length = shift = 0
        for _ in range(4):
            length |= (part[place] & 0x7F) << shift
            shift, place = shift + 7, place + 1
            if not part[place - 1] & 0x80:
                break
        yield kind, part[place : place + length]
        place += length
