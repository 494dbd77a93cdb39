"""Bytes of an untrusted .xlsx ─► what is in it, counted; or why it is refused.

Independent of the parser that reads the values: the number of filled cells found here is what the ledger must account
for. expat judges the XML (it must be well-formed, without document types or entities); a scan of the bytes counts the
cells, for calling Python at every element would take many times longer than reading. Where the XML holds what the scan
cannot tell apart (comments, CDATA, prefixes, cells without an address), it is first rewritten in plain spelling.
Limits are far above any honest form and far below what harms a laptop.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from pathlib import PurePosixPath
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from dhtt_excel.addresses import cell_name, cell_position

MIB = 1024 * 1024
MAX_FILE = 25 * MIB
MAX_ENTRY = 100 * MIB
MAX_EXPANDED = 200 * MIB
MAX_RATIO, RATIO_FROM = 100, 100 * 1024
MAX_ENTRIES = 1000
MAX_TEXT = 32_767
MAX_STRINGS = 5_000_000
MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
MAX_POSITIONS = 20_000_000
MAX_BLOCKS = 50_000
MAX_COVERED = 1_000_000
UNLOCK = "Đề nghị đơn vị bỏ mật khẩu và gửi lại."


class RefusedError(Exception):
    """The file is not read: `code` names why, `problem` says it in plain words, `advice` what to ask for."""

    def __init__(self, code: str, problem: str, advice: str = "") -> None:
        super().__init__(f"{code}: {problem}")
        self.code = code
        self.problem = problem
        self.advice = advice


@dataclass
class SheetCount:
    """What one sheet holds. `cells`: those with a value that a reader must give back; None where they were not counted.

    `errors` (#REF! …), `formulas` (without a saved value): names of cells.
    """

    name: str
    visible: bool
    cells: int | None = 0
    errors: list[str] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)


@dataclass
class Inspection:
    """What the guard saw in a workbook that may be read."""

    sheets: list[SheetCount] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def inspect_ods(data: bytes) -> Inspection:
    """Check an .ods: its package and its XML, and that no repetition unfolds into more cells than a sheet may have."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = _check_entries(archive)
        if "content.xml" not in names:
            raise RefusedError("not-workbook", "không phải bảng tính")
        manifest = "META-INF/manifest.xml"
        if manifest in names and b"encryption-data" in _unpack(archive, manifest):
            raise RefusedError("encrypted", "tệp có mật khẩu", UNLOCK)
        _parse(_unpack(archive, "content.xml"), _OdsRange().start)
    return Inspection()


class _OdsRange:
    """How far the content of an .ods reaches once its repetitions are unfolded."""

    def __init__(self) -> None:
        self.row = self.column = 0  # the last ones that the current element stands for
        self.columns = 0  # the widest row with content

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "table":
            self.row = self.columns = 0
        elif local == "table-row":
            self.row += _repeat(attributes, "number-rows-repeated")
            self.column = 0
        elif local in ("table-cell", "covered-table-cell"):
            self.column += _repeat(attributes, "number-columns-repeated")
            if any(_local(key) in ("value-type", "formula") for key in attributes):
                self._reach()
        elif local == "p":
            self._reach()

    def _reach(self) -> None:
        self.columns = max(self.columns, self.column)
        if self.row > MAX_ROW or self.columns > MAX_COLUMN or self.row * self.columns > MAX_POSITIONS:
            raise RefusedError("far", f"sheet có ô ở quá xa ({self.row} × {self.columns})")


def _repeat(attributes: dict[str, str], name: str) -> int:
    count = next((int(value) for key, value in attributes.items() if _local(key) == name), 1)
    if count < 0:
        raise RefusedError("damaged", "tệp hỏng (ô lặp lại số lần âm)")
    return count


def inspect_xlsx(data: bytes) -> Inspection:
    """Check and count an .xlsx. Raises `RefusedError`; any other exception means a damaged file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = _check_entries(archive)
        if "[Content_Types].xml" not in names:
            raise RefusedError("not-workbook", "không phải bảng tính Excel")
        _read_part(archive, "[Content_Types].xml")
        workbook_path = _find_workbook(archive, names)
        targets = _read_relations(archive, names, workbook_path)
        inspection = Inspection(warnings=_warn(names, targets))
        sheets = _read_sheet_names(archive, workbook_path, targets, names)
        texts = _read_strings(archive, targets, names)
        for kind, path in targets.values():
            if kind in ("styles", "theme") and path in names:
                _read_part(archive, path)
        for sheet, path in sheets:
            inspection.sheets.append(sheet)
            _count_cells(_read_part(archive, path), sheet, texts)
    return inspection


def _check_entries(archive: zipfile.ZipFile) -> set[str]:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise RefusedError("entries", f"gói tệp có {len(entries)} thành phần, quá {MAX_ENTRIES}")
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        bad = not name or name.startswith("/") or "\\" in name or ":" in name or ".." in PurePosixPath(name).parts
        if bad or name.casefold() in seen:
            raise RefusedError("names", "gói tệp có thành phần mang tên không hợp lệ hoặc trùng nhau")
        seen.add(name.casefold())
        if entry.flag_bits & 1:
            raise RefusedError("zip-encrypted", "gói tệp có mật khẩu")
        if entry.file_size > MAX_ENTRY:
            raise RefusedError("size", f"một thành phần giải nén ra hơn {MAX_ENTRY // MIB} MB")
        if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise RefusedError("ratio", "tệp nén quá mức bình thường (bom nén)")
    if sum(entry.file_size for entry in entries) > MAX_EXPANDED:
        raise RefusedError("size", f"tệp giải nén ra hơn {MAX_EXPANDED // MIB} MB")
    return {entry.filename for entry in entries}


def _parse(data: bytes, start: Callable[[str, dict[str, str]], None] | None = None) -> None:
    """Judge one XML part, and hand its elements to `start`."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")):
        raise RefusedError("encoding", "nội dung không phải UTF-8")
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    parser.XmlDeclHandler = _check_encoding
    parser.Parse(data, True)


def _read_part(archive: zipfile.ZipFile, path: str) -> bytes:
    """One XML part, judged."""
    data = _unpack(archive, path)
    _parse(data)
    return data


def _unpack(archive: zipfile.ZipFile, path: str) -> bytes:
    """The bytes of a part: no more than its entry declares, for what it declares has been judged."""
    with archive.open(path) as part:
        return part.read(archive.getinfo(path).file_size)


def _refuse_doctype(*_: object) -> None:
    raise RefusedError("doctype", "tệp khai báo DOCTYPE hoặc thực thể XML")


def _check_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding and encoding.upper() not in ("UTF-8", "UTF8", "US-ASCII"):
        raise RefusedError("encoding", "nội dung không phải UTF-8")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _relations_path(path: str) -> str:
    folder, name = posixpath.split(path)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _read_relations(archive: zipfile.ZipFile, names: set[str], path: str) -> dict[str, tuple[str, str]]:
    """Relation id ─► (type, target part) of a part; targets outside the file are "" ."""
    relations: dict[str, tuple[str, str]] = {}
    base = posixpath.dirname(path)

    def start(element: str, attributes: dict[str, str]) -> None:
        if _local(element) == "Relationship":
            target = attributes.get("Target", "")
            outside = attributes.get("TargetMode") == "External"
            full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(base, target))
            kind = attributes.get("Type", "").rpartition("/")[2]
            name = attributes.get("Id", "")
            if name in relations:
                raise RefusedError("target", "gói tệp có hai liên kết cùng mã")
            relations[name] = (kind, "" if outside else full)

    if _relations_path(path) in names:
        _parse(_unpack(archive, _relations_path(path)), start)
    return relations


def _find_workbook(archive: zipfile.ZipFile, names: set[str]) -> str:
    for kind, target in _read_relations(archive, names, "").values():
        if kind == "officeDocument":
            if target not in names:
                raise RefusedError("target", "thiếu phần chính của bảng tính")
            return target
    raise RefusedError("not-workbook", "không phải bảng tính Excel")


def _warn(names: set[str], relations: dict[str, tuple[str, str]]) -> list[str]:
    kinds = {kind for kind, _ in relations.values()}
    told = {
        "có macro (VBA)": any(PurePosixPath(n).name.casefold() == "vbaproject.bin" for n in names),
        "có liên kết tới tệp khác": "externalLink" in kinds,
        "có kết nối dữ liệu": "connections" in kinds or "xl/connections.xml" in names,
        "có đối tượng nhúng (OLE)": any("/embeddings/" in n for n in names),
    }
    return [words for words, found in told.items() if found]


def _read_sheet_names(
    archive: zipfile.ZipFile, path: str, relations: dict[str, tuple[str, str]], names: set[str]
) -> list[tuple[SheetCount, str]]:
    sheets: list[tuple[SheetCount, str]] = []
    seen: set[str] = set()

    def start(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "document":
            raise RefusedError("not-workbook", "văn bản Word mang đuôi Excel")
        if _local(name) != "sheet":
            return
        title = attributes.get("name", "")
        if title.casefold() in seen:
            raise RefusedError("sheet-names", "có hai sheet cùng tên")
        seen.add(title.casefold())
        relation = next((v for k, v in attributes.items() if _local(k) == "id" and " " in k), "")
        kind, target = relations.get(relation, ("", ""))
        if target not in names or (kind != "worksheet" and kind not in _NO_CELLS):
            raise RefusedError("target", f"thiếu nội dung của sheet “{title[:31]}”")
        if kind == "worksheet":
            visible = attributes.get("state", "visible") == "visible"
            sheets.append((SheetCount(title, visible), target))

    _parse(_unpack(archive, path), start)
    if not sheets:
        raise RefusedError("no-sheet", "không có sheet nào")
    return sheets


_KEPT = {"c": ("r", "t"), "row": ("r", "hidden"), "mergeCell": ("ref",), "hyperlink": ("ref",)}
_NO_CELLS = frozenset({"chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"})
_DECLARED = re.compile(rb"""[cC]ount\s*=\s*["'][+0]*([0-9]{1,20})""")
_STRING = re.compile(rb"<si(?:/>|><t>([^<]*+)</t></si>|>(.*?)</si>)", re.DOTALL)
_PHONETIC = re.compile(rb"<rPh\b.*?</rPh\s*>", re.DOTALL)
_TEXT = re.compile(rb"<t(?:\s[^>]*)?>([^<]*)</t\s*>")
_CELL = re.compile(rb'<c r="([A-Z]{1,3}+)([1-9][0-9]{0,6}+)"([^>/]*+)>(?:<v>([^<]*+)</v></c>|(.*?)</c>)', re.DOTALL)
_ODD_END = re.compile(rb"</c\s")
_VALUE = re.compile(rb"<v(?:\s[^>]*)?>([^<]*)</v\s*>")
_ATTRIBUTES = re.compile(rb'(?: (?!t=)[a-z]+="[^"\'<]*")*(?: t="([a-zA-Z]+)")?(?: (?!t=)[a-z]+="[^"\'<]*")* ?')
_HIDDEN_ROW = re.compile(rb'<row\b(?=[^>]*\shidden="(?:1|true)")[^>]*\sr="([0-9]{1,7})"')
_BLOCK = re.compile(
    rb'<(?:mergeCell|hyperlink)\b[^>]*\sref="\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?"'
)
_PREFIXED = re.compile(
    rb"xmlns:\w+\s*=\s*.http://(?:schemas\.openxmlformats|purl\.oclc)\.org/(?:ooxml/)?spreadsheetml/"
)


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
        local = _local(name)
        if local == "row":
            self.row, self.column = int(attributes.get("r", self.row + 1)), 0
        elif local == "c":
            place = attributes.get("r") or cell_name(self.row, self.column + 1)
            self.row, self.column = cell_position(place)
            if self.row > MAX_ROW or self.column > MAX_COLUMN:
                raise RefusedError("far", f"sheet có ô ở quá xa ({place})")
            attributes = {"r": place, "t": attributes.get("t", "n")}
        self.texts += local in ("v", "t")
        kept = _KEPT.get(local, ())
        spelled = "".join(f" {key}={quoteattr(attributes[key])}" for key in kept if key in attributes)
        self.pieces.append(f"<{local}{spelled}>")

    def _end(self, name: str) -> None:
        local = _local(name)
        self.texts -= local in ("v", "t")
        self.pieces.append(f"</{local}>")

    def _write(self, text: str) -> None:
        if self.texts:
            self.pieces.append(escape(text))


def _read_strings(
    archive: zipfile.ZipFile, relations: dict[str, tuple[str, str]], names: set[str]
) -> dict[bytes, bool]:
    """Place of each shared string, as cells spell it ─► whether it has any text."""
    path = next((target for kind, target in relations.values() if kind == "sharedStrings"), "")
    if not path:
        return {}
    if path not in names:
        raise RefusedError("target", "thiếu phần chứa chữ của bảng tính")
    data = _read_part(archive, path)
    declared = _DECLARED.findall(data[: data.find(b"<si")])
    if max([data.count(b"<si"), *map(int, declared)]) > MAX_STRINGS:
        raise RefusedError("strings", "quá nhiều chuỗi ký tự")
    if not _is_plain(data) or data.count(b"<si>") + data.count(b"<si/>") != data.count(b"<si"):
        data = _Rewriter().rewrite(data)
    filled = {}
    for place, (text, inner) in enumerate(_STRING.findall(data)):
        if inner:
            text = _join_texts(inner)
        if len(text) > MAX_TEXT:
            _check_length(text)
        filled[b"%d" % place] = bool(text)
    return filled


def _check_length(text: bytes) -> None:
    if len(unescape(text.decode())) > MAX_TEXT:
        raise RefusedError("text", f"một ô có hơn {MAX_TEXT} ký tự")


def _find_cells(data: bytes) -> tuple[list[tuple[bytes, bytes, bytes, bytes, bytes]], bytes]:
    """Cells with content (letters, row, attributes, plain value, other content), and the part in plain spelling."""
    if _is_plain(data) and not _ODD_END.search(data):
        cells = _CELL.findall(data)  # where each "</c>" ends one of them, none is spelled otherwise
        if len(cells) == data.count(b"</c>") and all(map(_ATTRIBUTES.fullmatch, {cell[2] for cell in cells})):
            return cells, data
    data = _Rewriter().rewrite(data)
    cells = _CELL.findall(data)
    if len(cells) != data.count(b"</c>"):
        raise RefusedError("damaged", "tệp hỏng (ô nằm trong ô)")
    return cells, data


def _count_cells(data: bytes, sheet: SheetCount, texts: dict[bytes, bool]) -> None:
    """Count one sheet's filled cells and note what a person should know of them."""
    cells, data = _find_cells(data)
    _check_blocks(data, sheet.name)
    filled = row = 0
    last = b""
    for letters, digits, attributes, value, inner in cells:
        if digits != last:
            if int(digits) < row:
                raise RefusedError("order", f"sheet “{sheet.name}” có dòng không theo thứ tự")
            row, last = int(digits), digits
        kind = _find_type(attributes)
        if inner:
            value = _find_value(inner) or (_join_texts(inner) if kind != b"s" else b"")
        if not value:
            if b"<f" in inner and not (kind == b"str" and b"<v" in inner):  # a saved "" is a value
                sheet.formulas.append((letters + digits).decode())
        elif kind == b"s":
            filled += texts[value] if value in texts else _find_text(texts, value, sheet.name)
        elif kind == b"e":
            sheet.errors.append((letters + digits).decode())
        else:
            filled += 1
            if len(value) > MAX_TEXT:
                _check_length(value)
    columns = max(map(_column, {cell[0] for cell in cells}), default=0)
    if row > MAX_ROW or columns > MAX_COLUMN or row * columns > MAX_POSITIONS:
        raise RefusedError("far", f"sheet “{sheet.name}” có ô ở quá xa ({row} × {columns})")
    sheet.cells = filled
    sheet.hidden_rows = [int(row) for row in _HIDDEN_ROW.findall(data)] if b"hidden=" in data else []


def _join_texts(inner: bytes) -> bytes:
    """The text of a string, plain or in runs, without its phonetic hints."""
    return b"".join(_TEXT.findall(_PHONETIC.sub(b"", inner) if b"<rPh" in inner else inner))


def _find_value(inner: bytes) -> bytes:
    match = _VALUE.search(inner)
    return match[1] if match else b""


@lru_cache(maxsize=4096)
def _find_type(attributes: bytes) -> bytes:
    match = _ATTRIBUTES.fullmatch(attributes)
    return match[1] or b"n" if match else b"n"


def _find_text(texts: dict[bytes, bool], index: bytes, sheet: str) -> bool:
    place = b"%d" % int(index)
    if place not in texts:
        raise RefusedError("strings", f"sheet “{sheet}” trỏ tới chuỗi ký tự không có")
    return texts[place]


@lru_cache(maxsize=MAX_COLUMN)
def _column(letters: bytes) -> int:
    return cell_position(f"{letters.decode()}1")[1] if letters else 0


def _check_blocks(data: bytes, sheet: str) -> None:
    """Merged cells and links: their number, and how many cells they cover."""
    blocks = _BLOCK.findall(data) if b"mergeCell" in data or b"hyperlink" in data else []
    if len(blocks) > MAX_BLOCKS:
        raise RefusedError("merges", f"sheet “{sheet}” gộp quá nhiều ô")
    covered = 0
    for left, top, right, bottom in blocks:
        width = _column(right or left) - _column(left) + 1
        height = int(bottom or top) - int(top) + 1
        covered += width * height
        if width < 1 or height < 1 or covered > MAX_COVERED:
            raise RefusedError("merges", f"sheet “{sheet}” gộp vùng ô quá lớn hoặc không hợp lệ")
