"""Bytes of an untrusted .xls ─► what its records say that the reader of its values does not.

Passwords, error values, how many cells are filled, what is hidden, struck through or beside the cells; and a code page that
the reader would take amiss is put right. Where the file cannot be followed, the reader judges alone, and that is said.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.inbox.count_cells import SheetCount
from dhtt_excel.inbox.guard_package import UNLOCK, RefusedError
from dhtt_excel.inbox.guard_workbook import Inspection
from dhtt_excel.inbox.raw import Aside, AsideKind

_TOLD = "dạng .xls: lần sau hãy lưu .xlsx"
_UNSEEN = "dạng .xls: ô báo lỗi (#N/A …), dòng ẩn và ghi chú không nhận ra được; lần sau hãy lưu .xlsx"
_OTHER_KINDS = {
    "WordDocument": "văn bản Word mang đuôi Excel",
    "PowerPoint Document": "bài trình chiếu PowerPoint mang đuôi Excel",
    "__properties_version1.0": "thư của Outlook (.msg) mang đuôi Excel",
}
_LAST_SECTOR = 0xFFFFFFFA  # what is above is no sector
_SMALL = 64  # bytes a block of a stream too short for sectors of its own
_BIFF8, _UTF16 = 0x0600, 1200
_STRIKEOUT = 0x0008
_SKIPPED_FONT = 4  # no cell style counts it
_ANCHOR = b"\x10\xf0\x12\0\0\0"
_NOTE, _OBJECT, _TEXT, _CONTINUE, _DRAWING = 0x1C, 0x5D, 0x1B6, 0x3C, 0xEC
_KINDS = {
    _NOTE: AsideKind.NOTE,
    0x02: AsideKind.TEXT_BOX, 0x03: AsideKind.TEXT_BOX, 0x06: AsideKind.TEXT_BOX, 0x1E: AsideKind.TEXT_BOX,
    0x05: AsideKind.CHART, 0x08: AsideKind.PICTURE,
    0x07: AsideKind.CONTROL, 0x0B: AsideKind.CONTROL, 0x0C: AsideKind.CONTROL, 0x12: AsideKind.CONTROL,
}  # fmt: skip
_BOF, _FILEPASS, _CODEPAGE, _BOUNDSHEET, _FONT, _XF = 0x809, 0x2F, 0x42, 0x85, 0x31, 0xE0
_END, _ROW, _COLUMNS, _BOOLERR, _FORMULA = 0x0A, 0x208, 0x7D, 0x205, 0x06
_SHARED, _STRINGS, _LABEL, _STRING = 0xFD, 0xFC, 0x204, 0x207
_VALUES, _SEVERAL_VALUES = (0x203, 0x27E, _SHARED, _LABEL, _BOOLERR, _FORMULA), 0xBD


def inspect_xls(data: bytes) -> Inspection:
    """What the records of an .xls tell. Raises `RefusedError` for a password and for another kind of file."""
    try:
        stream = _find_stream(data)
        book = _Book()
        book.scan(stream.data)
    except (struct.error, LookupError, ValueError):
        return Inspection("xls", data, warnings=[_UNSEEN], errors_seen=False)
    if book.code_page:
        mended = bytearray(data)
        for offset, value in enumerate(struct.pack("<H", _UTF16), start=book.code_page):
            mended[stream.place(offset)] = value
        data = bytes(mended)
    return Inspection("xls", data, list(book.sheets.values()), [_TOLD])


class _Stream(NamedTuple):
    """The workbook in a compound file, and where each of its blocks of this size begins there."""

    data: bytes
    blocks: list[int]
    size: int

    def place(self, offset: int) -> int:
        return self.blocks[offset // self.size] + offset % self.size


def _find_stream(data: bytes) -> _Stream:
    size = 1 << (struct.unpack_from("<H", data, 30)[0] & 15)
    directory, shortest, small_table = struct.unpack_from("<I4xII", data, 48)

    def read(sectors: list[int]) -> bytes:
        return b"".join(data[(n + 1) * size : (n + 2) * size] for n in sectors)

    table = _unpack_table(read(_list_allocation(data, size)))
    streams = dict(_list_streams(read(_follow(directory, table))))
    first, length = streams.get("Workbook") or streams.get("Book") or (0, 0)
    if not length:
        for name, words in _OTHER_KINDS.items():
            if name in streams:
                raise RefusedError("not-workbook", words)
        raise ValueError("no workbook")
    if length >= shortest:
        blocks = [(n + 1) * size for n in _follow(first, table)]
    else:  # in a stream of such short ones
        shared = [(n + 1) * size for n in _follow(streams["Root Entry"][0], table)]
        offsets = [n * _SMALL for n in _follow(first, _unpack_table(read(_follow(small_table, table))))]
        blocks, size = [shared[offset // size] + offset % size for offset in offsets], _SMALL
    return _Stream(b"".join(data[place : place + size] for place in blocks)[:length], blocks, size)


def _unpack_table(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _list_allocation(data: bytes, size: int) -> list[int]:
    """The sectors of the table that says which sector follows which."""
    sectors = list(struct.unpack_from("<109I", data, 76))
    more, count = struct.unpack_from("<II", data, 68)
    for _ in range(min(count, len(data) // size)):
        *listed, more = struct.unpack_from(f"<{size // 4}I", data, (more + 1) * size)
        sectors += listed
    return [sector for sector in sectors if sector < _LAST_SECTOR]


def _follow(sector: int, table: tuple[int, ...]) -> list[int]:
    sectors: list[int] = []
    while sector < _LAST_SECTOR:
        sectors.append(sector)
        if len(sectors) > len(table):
            raise ValueError("a chain without end")
        sector = table[sector]
    return sectors


def _list_streams(directory: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
    """The name, first sector and length of each stream."""
    for start in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, start + 64)[0]
        name = directory[start : start + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
        yield name, struct.unpack_from("<II", directory, start + 116)


@dataclass
class _Drawn:
    """An object drawn on a sheet: what it is, the cell over which it stands or that it is a note of, its text."""

    kind: int = 0
    cell: tuple[int, int] = (0, 0)
    text: str = ""


@dataclass
class _Book:
    """What the records of a workbook say: its sheets by where they begin, and where a code page is to be put right."""

    sheets: dict[int, SheetCount] = field(default_factory=dict)
    code_page: int = 0
    version: int = 0
    fonts: list[bool] = field(default_factory=list)
    styles: list[bool] = field(default_factory=list)
    strings: list[bytes] = field(default_factory=list)  # the record of shared strings and those that continue it
    filled: list[bool] = field(default_factory=list)  # whether each shared string has any text
    cells: set[tuple[int, int]] = field(default_factory=set)  # of the present sheet
    waiting: tuple[int, int] = (0, 0)  # the formula whose text comes in a record of its own

    def scan(self, stream: bytes) -> None:
        sheet: SheetCount | None = None
        drawn: dict[int, _Drawn] = {}
        last = spoken = _Drawn()
        anchor = 0, 0
        depth = 0  # a chart drawn on a sheet is a stream within its stream
        for place, kind, body in _list_records(stream):
            if kind == _BOF and place in self.sheets:
                sheet, drawn, self.cells, depth = self.sheets[place], {}, set(), 1
            elif sheet is None:
                self._scan_globals(place, kind, body)
            elif kind == _BOF:
                depth += 1
            elif depth > 1:
                depth -= kind == _END
            elif kind == _OBJECT:
                what, number = struct.unpack_from("<HH", body, 4)
                last = drawn[number] = _Drawn(what, anchor)
            elif kind == _DRAWING and _ANCHOR in body:
                column, row = struct.unpack_from("<2xH2xH", body, body.rfind(_ANCHOR) + len(_ANCHOR))
                anchor = row + 1, column + 1
            elif kind == _TEXT:
                spoken = last
            elif kind == _CONTINUE:
                spoken.text = spoken.text or body[1:].decode("utf-16-le" if body[:1] == b"\1" else "latin-1", "replace")
                spoken = _Drawn()
            elif kind == _NOTE and self.version == _BIFF8:
                row, column, _, number = struct.unpack_from("<4H", body)
                drawn[number] = _Drawn(_NOTE, (row + 1, column + 1), drawn.get(number, _Drawn()).text)
            elif kind == _END:
                sheet.asides = sorted(_tell_drawn(drawn), key=lambda aside: (aside.row, aside.column))
                sheet.cells = len(self.cells) if self.version == _BIFF8 else None
            else:
                self._scan_sheet(sheet, kind, body)

    def _scan_globals(self, place: int, kind: int, body: bytes) -> None:
        if kind == _STRINGS or (kind == _CONTINUE and self.strings):
            self.strings.append(body)
        elif self.strings and not self.filled:
            self.filled = list(_list_filled(self.strings))
        if kind == _BOF:
            self.version = struct.unpack_from("<H", body)[0]
        elif kind == _FILEPASS:
            raise RefusedError("encrypted", "tệp có mật khẩu", UNLOCK)
        elif kind == _CODEPAGE and self.version == _BIFF8 and struct.unpack_from("<H", body)[0] != _UTF16:
            self.code_page = place + 4  # texts are Unicode in any case
        elif kind == _BOUNDSHEET:
            start, state = struct.unpack_from("<IB", body)
            wide = self.version == _BIFF8 and body[7] & 1
            name = body[8 if self.version == _BIFF8 else 7 :].decode("utf-16-le" if wide else "latin-1", "replace")
            self.sheets[start] = SheetCount(name, visible=not state & 3, cells=None)
        elif kind == _FONT:
            self.fonts.append(bool(struct.unpack_from("<H", body, 2)[0] & _STRIKEOUT))
        elif kind == _XF:
            font = struct.unpack_from("<H", body)[0]
            font -= font > _SKIPPED_FONT
            self.styles.append(font < len(self.fonts) and self.fonts[font])

    def _scan_sheet(self, sheet: SheetCount, kind: int, body: bytes) -> None:
        if kind in _VALUES:
            row, column, style = struct.unpack_from("<3H", body)
            failed = body[7] if kind == _BOOLERR else kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2
            if failed:
                sheet.errors.append(cell_name(row + 1, column + 1))
            elif self._is_filled(kind, body):
                self.cells.add((row, column))
                self.waiting = row, column
            self._strike(sheet, row, column, style)
        elif kind == _SEVERAL_VALUES:
            row, column = struct.unpack_from("<HH", body)
            for place, start in enumerate(range(4, len(body) - 2, 6)):
                self.cells.add((row, column + place))
                self._strike(sheet, row, column + place, struct.unpack_from("<H", body, start)[0])
        elif kind == _STRING and not struct.unpack_from("<H", body)[0]:
            self.cells.discard(self.waiting)
        elif kind == _ROW and struct.unpack_from("<I", body, 12)[0] & 0x20:
            sheet.hidden_rows.append(struct.unpack_from("<H", body)[0] + 1)
        elif kind == _COLUMNS and struct.unpack_from("<H", body, 8)[0] & 1:
            first, last = struct.unpack_from("<HH", body)
            sheet.hidden_columns.append((first + 1, last + 1))

    def _is_filled(self, kind: int, body: bytes) -> bool:
        """Whether a cell has a value that is not an empty text."""
        if kind == _SHARED:
            (place,) = struct.unpack_from("<I", body, 6)
            return self.filled[int(place)]
        if kind == _LABEL:
            return bool(struct.unpack_from("<H", body, 6)[0])
        return not (kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 3)

    def _strike(self, sheet: SheetCount, row: int, column: int, style: int) -> None:
        if style < len(self.styles) and self.styles[style]:
            sheet.struck.append((row + 1, column + 1))


def _list_filled(segments: list[bytes]) -> Iterator[bool]:
    """Whether each of the shared strings has any text; they run over the ends of records, each with its width anew."""
    count = struct.unpack_from("<I", segments[0], 4)[0]
    part, at = 0, 8

    def skip(size: int) -> None:
        nonlocal part, at
        while size > (left := len(segments[part]) - at):
            size, part, at = size - left, part + 1, 0
        at += size

    for _ in range(count):
        if at >= len(segments[part]):
            part, at = part + 1, 0
        length, flags = struct.unpack_from("<HB", segments[part], at)
        at += 3
        runs = more = 0
        if flags & 8:
            (runs,) = struct.unpack_from("<H", segments[part], at)
            at += 2
        if flags & 4:
            (more,) = struct.unpack_from("<I", segments[part], at)
            at += 4
        yield length > 0
        width = 1 + (flags & 1)
        while length:
            taken = min(length, (len(segments[part]) - at) // width)
            length, at = length - taken, at + taken * width
            if length:
                part, at = part + 1, 1
                width = 1 + (segments[part][0] & 1)
        skip(4 * runs + more)


def _list_records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Where each record begins, its kind and its body."""
    place = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield place, kind, stream[place + 4 : place + 4 + length]
        place += 4 + length


def _tell_drawn(drawn: dict[int, _Drawn]) -> Iterator[Aside]:
    for one in drawn.values():
        kind = _KINDS.get(one.kind)
        if kind and (one.text.strip() or kind is not AsideKind.TEXT_BOX):
            yield Aside(kind, *one.cell, one.text.replace("\r", "\n").strip())
