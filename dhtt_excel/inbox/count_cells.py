"""One sheet's XML ─► how many filled cells it has, and what a person should know of them.

A scan of the bytes, for calling Python at every element would take many times longer than reading. What the scan
cannot tell apart (comments, CDATA, prefixes, cells without an address) is first rewritten in plain spelling.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape, unescape
from typing import NamedTuple
from xml.parsers import expat

from dhtt_excel.excel.addresses import MAX_COLUMN, MAX_ROW, MAX_TEXT, cell_name, cell_position
from dhtt_excel.inbox.guard_package import (
    MAX_BLOCKS,
    MAX_COVERED,
    MAX_POSITIONS,
    MAX_STRINGS,
    MAX_UNFOLDED,
    Package,
    RefusedError,
    local_name,
)
from dhtt_excel.inbox.raw import Aside, Block

_LONG = 1000  # bytes of a shared string from which on it matters how often it is named
_KEPT = {
    "c": ("r", "s", "t"), "row": ("r", "hidden"), "col": ("min", "max", "hidden"), "strike": ("val",),
    "mergeCell": ("ref",), "hyperlink": ("ref",),
}  # fmt: skip
_DECLARED = re.compile(rb"""[cC]ount\s*=\s*["'][+0]*([0-9]{1,20})""")
_STRING = re.compile(rb"<si(?:/>|><t>([^<]*+)</t></si>|>(.*?)</si>)", re.DOTALL)
_PHONETIC = re.compile(rb"<rPh\b.*?</rPh\s*>", re.DOTALL)
_TEXT = re.compile(rb"<t(?:\s[^>]*)?>([^<]*)</t\s*>")
_CELL = re.compile(
    rb'<c r="([A-Z]{1,3}+)([1-9][0-9]{0,6}+)"([^>/]*+)>'
    rb"(?:(?:<f[^>]*+>(?:[^<]*+</f>)?)?<v>([^<]++)</v></c>|(.*?)</c>)",
    re.DOTALL,
)
_ODD_END = re.compile(rb"</c\s")
_VALUE = re.compile(rb"<v(?:\s[^>]*)?>([^<]*)</v\s*>")
_ATTRIBUTES = re.compile(rb'(?: (?!t=)[a-z]+="[^"\'<]*")*(?: t="([a-zA-Z]+)")?(?: (?!t=)[a-z]+="[^"\'<]*")* ?')
_HIDDEN_ROW = re.compile(rb'<row\b(?=[^>]*\shidden="(?:1|true)")[^>]*\sr="([0-9]{1,7})"')
_HIDDEN_COLUMNS = re.compile(
    rb'<col\b(?=[^>]*\shidden="(?:1|true)")(?=[^>]*\smin="([0-9]{1,5})")[^>]*\smax="([0-9]{1,5})"'
)
_DIGITS = 11  # no reader takes a number of more for a day
_CELL_START = re.compile(rb'(<c r="([A-Z]{1,3}[0-9]{1,7})")([^>]*)')
_STYLE = re.compile(rb'\ss="([0-9]+)"')
_STRIKE = re.compile(rb"<strike(?:\s+val\s*=\s*[\"'](?:1|true)[\"'])?\s*(?:/>|>)")
_BLOCK = re.compile(
    rb'<(?:mergeCell|hyperlink)\b[^>]*\sref="\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?"'
)
_PREFIXED = re.compile(
    rb"xmlns:\w+\s*=\s*.http://(?:schemas\.openxmlformats|purl\.oclc)\.org/(?:ooxml/)?spreadsheetml/"
)


@dataclass
class SheetCount:
    """What one sheet holds. `cells`: those with a value that a reader must give back; None where they were not counted.

    `errors` (#REF! …), `formulas` (without a saved value): names of cells. `hidden_columns`, `struck`, `asides` as in
    `RawSheet`; `merges` too, where the parser does not tell them.
    """

    name: str
    visible: bool
    cells: int | None = 0
    errors: list[str] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    struck: list[tuple[int, int]] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    merges: list[Block] = field(default_factory=list)


def _is_plain(data: bytes) -> bool:
    """Whether the scan sees what an XML parser sees: no comments, CDATA or instructions, no prefix to its names."""
    root = data.find(b"<", data.find(b"?>") + 1)
    return (
        data.startswith((b"<worksheet", b"<sst"), root)
        and b"<!" not in data
        and data.rfind(b"<?") < max(root, 1)
        and not _PREFIXED.search(data)
    )


class _Rewriter:
    """An XML part in plain spelling: no prefixes, comments or CDATA, and every cell with its address."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.row = self.column = 0
        self.texts = 0  # open elements whose text counts

    def rewrite(self, data: bytes) -> bytes:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._write
        parser.Parse(data, True)
        return "".join(self.pieces).encode()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = local_name(name)
        if local == "row":
            self.row, self.column = int(attributes.get("r", self.row + 1)), 0
        elif local == "c":
            place = attributes.get("r") or cell_name(self.row, self.column + 1)
            self.row, self.column = cell_position(place)
            if self.row > MAX_ROW or self.column > MAX_COLUMN:
                raise RefusedError("far", f"trang tính có ô ở quá xa ({place})")
            style = {"s": attributes["s"]} if attributes.get("s", "").isdecimal() else {}
            attributes = {"r": place, "t": attributes.get("t", "n"), **style}
        self.texts += local in ("v", "t")
        kept = _KEPT.get(local, ())
        spelled = "".join(f' {key}="{escape(attributes[key])}"' for key in kept if key in attributes)
        self.pieces.append(f"<{local}{spelled}>")

    def _end(self, name: str) -> None:
        local = local_name(name)
        self.texts -= local in ("v", "t")
        self.pieces.append(f"</{local}>")

    def _write(self, text: str) -> None:
        if self.texts:
            self.pieces.append(escape(text))


class Texts(NamedTuple):
    """The shared strings, by their place as cells spell it: whether each has any text; those struck through; the length
    of the long ones, in bytes."""

    filled: dict[bytes, bool]
    struck: set[bytes]
    long: dict[bytes, int]


def read_strings(package: Package, relations: dict[str, tuple[str, str]]) -> Texts:
    """The shared strings of a workbook."""
    path = next((target for kind, target in relations.values() if kind == "sharedStrings"), "")
    if not path:
        return Texts({}, set(), {})
    if path not in package:
        raise RefusedError("target", "thiếu phần chứa chữ của bảng tính")
    data = package.read_part(path)
    declared = _DECLARED.findall(data[: data.find(b"<si")])
    if max([data.count(b"<si"), *map(int, declared)]) > MAX_STRINGS:
        raise RefusedError("strings", "quá nhiều chuỗi ký tự")
    if not _is_plain(data) or data.count(b"<si>") + data.count(b"<si/>") != data.count(b"<si"):
        data = _Rewriter().rewrite(data)
    filled = {}
    struck = set()
    long = {}
    for index, (text, inner) in enumerate(_STRING.findall(data)):
        if inner:
            text = _join_texts(inner)
            if b"<strike" in inner and _STRIKE.search(inner):
                struck.add(b"%d" % index)
        if len(text) > MAX_TEXT:
            _check_length(text)
        if len(text) > _LONG:
            long[b"%d" % index] = len(text)
        filled[b"%d" % index] = bool(text)
    return Texts(filled, struck, long)


def _check_length(text: bytes) -> None:
    if len(unescape(text.decode())) > MAX_TEXT:
        raise RefusedError("text", f"một ô có hơn {MAX_TEXT} ký tự")


_Cell = tuple[bytes, bytes, bytes, bytes, bytes]
"""A cell with content: letters, row, attributes, plain value, other content."""


class Scan(NamedTuple):
    """One worksheet part: its cells with content, and its bytes, in plain spelling."""

    cells: list[_Cell]
    data: bytes


def scan_cells(data: bytes) -> Scan:
    """The cells of a worksheet part. Raises `RefusedError` where they cannot be told apart."""
    if _is_plain(data) and not _ODD_END.search(data):
        cells = _CELL.findall(data)  # where each "</c>" ends one of them, none is spelled otherwise
        if len(cells) == data.count(b"</c>") and all(map(_ATTRIBUTES.fullmatch, {cell[2] for cell in cells})):
            return Scan(cells, data)
    data = _Rewriter().rewrite(data)
    cells = _CELL.findall(data)
    if len(cells) != data.count(b"</c>"):
        raise RefusedError("damaged", "tệp hỏng (ô nằm trong ô)")
    return Scan(cells, data)


def count_cells(scan: Scan, sheet: SheetCount, texts: Texts, struck: Collection[bytes] = ()) -> None:
    """Count one sheet's filled cells and note what a person should know of them. `struck`: the styles that strike out."""
    cells, data = scan
    filled = row = 0
    last = b""
    for letters, digits, attributes, value, inner in cells:
        if digits != last:
            if int(digits) < row:
                raise RefusedError("order", f"trang tính “{sheet.name}” có dòng không theo thứ tự")
            row, last = int(digits), digits
        kind = _find_type(attributes)
        if inner:
            value = _find_value(inner) or (_join_texts(inner) if kind != b"s" else b"")
        if not value:
            if b"<f" in inner and not (kind == b"str" and b"<v" in inner):  # a saved "" is a value
                sheet.formulas.append((letters + digits).decode())
        elif kind == b"s":
            filled += texts.filled[value] if value in texts.filled else _find_text(texts.filled, value, sheet.name)
        elif kind == b"e":
            sheet.errors.append((letters + digits).decode())
        else:
            filled += 1
            if len(value) > MAX_TEXT:
                _check_length(value)
    _check_repeated(cells, texts, sheet.name)
    columns = max(map(_column, {cell[0] for cell in cells}), default=0)
    if row > MAX_ROW or columns > MAX_COLUMN or row * columns > MAX_POSITIONS:
        raise RefusedError("far", f"trang tính “{sheet.name}” có ô ở quá xa ({row} × {columns})")
    _check_blocks(data, sheet.name, row, columns)
    sheet.cells = filled
    _find_hidden(data, sheet)
    sheet.struck = _find_struck(cells, texts.struck, struck)


def _check_repeated(cells: Iterable[_Cell], texts: Texts, sheet: str) -> None:
    """A long string that many cells share comes as often as it is named."""
    if texts.long:
        named = ((value or _find_value(inner), attributes) for _, _, attributes, value, inner in cells)
        unfolded = sum(texts.long.get(value, 0) for value, attributes in named if _find_type(attributes) == b"s")
        if unfolded > MAX_UNFOLDED:
            raise RefusedError("text", f"sheet “{sheet}” lặp lại chữ, bung ra quá lớn")


def strip_odd_numbers(scan: Scan) -> bytes | None:
    """The part with no style at numbers that are no day; None where there are none.

    Where the style is a date's a reader takes them for midnight, or breaks down.
    """
    odd = {
        letters + digits
        for letters, digits, attributes, value, inner in scan.cells
        if _find_type(attributes) == b"n" and _is_odd_number(value or _find_value(inner))
    }
    if not odd:
        return None
    return _CELL_START.sub(lambda m: m[1] + _STYLE.sub(b"", m[3]) if m[2] in odd else m[0], scan.data)


def _is_odd_number(value: bytes) -> bool:
    if value.isdigit() and len(value) < _DIGITS:  # nearly every number
        return False
    try:
        return not 0 <= float(value) < 10**_DIGITS
    except ValueError:
        return False


def _find_hidden(data: bytes, sheet: SheetCount) -> None:
    if b"hidden=" in data:
        sheet.hidden_rows = [int(row) for row in _HIDDEN_ROW.findall(data)]
        sheet.hidden_columns = [(int(first), int(last)) for first, last in _HIDDEN_COLUMNS.findall(data)]


def _find_struck(cells: Iterable[_Cell], texts: Collection[bytes], styles: Collection[bytes]) -> list[tuple[int, int]]:
    """The cells, by row and column, that are struck through by their style or in their own text."""
    found: list[tuple[int, int]] = []
    if not texts and not styles:
        return found
    for letters, digits, attributes, value, inner in cells:
        style = _STYLE.search(attributes)
        by_style = (value or inner) and style and style[1] in styles
        if by_style or (value in texts and _find_type(attributes) == b"s"):
            found.append((int(digits), _column(letters)))
    return found


def _join_texts(inner: bytes) -> bytes:
    """The text of a string, plain or in runs, without its phonetic hints."""
    return b"".join(_TEXT.findall(_PHONETIC.sub(b"", inner) if b"<rPh" in inner else inner))


def _find_value(inner: bytes) -> bytes:
    """The first value that is not empty: a damaged cell may have two."""
    return next(filter(None, _VALUE.findall(inner)), b"")


@lru_cache(maxsize=4096)
def _find_type(attributes: bytes) -> bytes:
    match = _ATTRIBUTES.fullmatch(attributes)
    return match[1] or b"n" if match else b"n"


def _find_text(texts: dict[bytes, bool], index: bytes, sheet: str) -> bool:
    place = b"%d" % int(index)
    if place not in texts:
        raise RefusedError("strings", f"trang tính “{sheet}” trỏ tới chuỗi ký tự không có")
    return texts[place]


@lru_cache(maxsize=MAX_COLUMN)
def _column(letters: bytes) -> int:
    return cell_position(f"{letters.decode()}1")[1] if letters else 0


def _check_blocks(data: bytes, sheet: str, rows: int, columns: int) -> None:
    """Merged cells and links: their number, and how much of the used rows and columns they cover."""
    blocks = _BLOCK.findall(data) if b"mergeCell" in data or b"hyperlink" in data else []
    if len(blocks) > MAX_BLOCKS:
        raise RefusedError("merges", f"trang tính “{sheet}” gộp quá nhiều ô")
    covered = 0
    for left, top, right, bottom in blocks:
        first, last = _column(left), _column(right or left)
        upper, lower = int(top), int(bottom or top)
        covered += max(min(last, columns) - first + 1, 0) * max(min(lower, rows) - upper + 1, 0)
        if last < first or lower < upper or covered > MAX_COVERED:
            raise RefusedError("merges", f"trang tính “{sheet}” gộp vùng ô quá lớn hoặc không hợp lệ")
