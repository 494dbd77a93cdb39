"""Bytes of an untrusted .xlsx ─► what is in it, counted; or why it is refused.

Independent of the parser that reads the values: the number of filled cells found here is what the ledger must account
for. expat judges the XML (it must be well-formed, without document types or entities); a scan of the bytes counts the
cells, for calling Python at every element would take many times longer than reading. Where the XML holds what the scan
cannot tell apart (comments, CDATA, prefixes), the sheet is not counted here, and a second reader must be asked.
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

from dhtt_excel.addresses import cell_position

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
LISTED = 200  # places listed a sheet, of each kind


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

    `errors` (#REF! …), `formulas` (without a saved value): names of cells, at most `LISTED`.
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

    @property
    def counted(self) -> bool:
        """Whether every sheet's cells were counted."""
        return all(sheet.cells is not None for sheet in self.sheets)


def inspect_ods(data: bytes) -> Inspection:
    """Check an .ods: its package and its XML, and that no repetition unfolds into more cells than a sheet may have."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = _check_entries(archive)
        if "content.xml" not in names:
            raise RefusedError("not-workbook", "không phải bảng tính")
        content = _read_part(archive, "content.xml")
    repeats = [int(count) for count in _REPEATED.findall(content)]
    if any(count > MAX_ROW for count in repeats):
        raise RefusedError("far", "sheet có ô lặp lại quá nhiều")
    return Inspection()


def inspect_xlsx(data: bytes) -> Inspection:
    """Check and count an .xlsx. Raises `RefusedError`; any other exception means a damaged file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = _check_entries(archive)
        types = _read_types(archive, names)
        workbook_path = _find_workbook(archive, names)
        targets = _read_relations(archive, names, workbook_path)
        inspection = Inspection(warnings=_warn(names, targets))
        sheets = _read_sheet_names(archive, workbook_path, targets, names)
        texts = _read_strings(archive, targets, names)
        for sheet, path in sheets:
            inspection.sheets.append(sheet)
            if "worksheet" in types.get(path, "worksheet"):
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
    data = archive.read(path)
    _parse(data)
    return data


def _refuse_doctype(*_: object) -> None:
    raise RefusedError("doctype", "tệp khai báo DOCTYPE hoặc thực thể XML")


def _check_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding and encoding.upper() not in ("UTF-8", "UTF8", "US-ASCII"):
        raise RefusedError("encoding", "nội dung không phải UTF-8")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _read_types(archive: zipfile.ZipFile, names: set[str]) -> dict[str, str]:
    types: dict[str, str] = {}
    if "[Content_Types].xml" not in names:
        raise RefusedError("not-workbook", "không phải bảng tính Excel")

    def start(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Override":
            types[attributes.get("PartName", "").lstrip("/")] = attributes.get("ContentType", "")

    _parse(archive.read("[Content_Types].xml"), start)
    return types


def _relations_path(path: str) -> str:
    folder, name = posixpath.split(path)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _read_relations(archive: zipfile.ZipFile, names: set[str], path: str) -> dict[str, tuple[str, str]]:
    """Relation id ─► (type, target part) of a part; targets outside the file are "" ."""
    relations: dict[str, tuple[str, str]] = {}
    base = posixpath.dirname(path)

    def start(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship":
            target = attributes.get("Target", "")
            outside = attributes.get("TargetMode") == "External"
            full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(base, target))
            kind = attributes.get("Type", "").rpartition("/")[2]
            relations[attributes.get("Id", "")] = (kind, "" if outside else full)

    if _relations_path(path) in names:
        _parse(archive.read(_relations_path(path)), start)
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
        if _local(name) != "sheet":
            return
        title = attributes.get("name", "")
        if title.casefold() in seen:
            raise RefusedError("sheet-names", "có hai sheet cùng tên")
        seen.add(title.casefold())
        relation = next((v for k, v in attributes.items() if _local(k) == "id" and " " in k), "")
        kind, target = relations.get(relation, ("", ""))
        if target not in names:
            raise RefusedError("target", f"thiếu nội dung của sheet “{title[:31]}”")
        if kind == "worksheet":
            visible = attributes.get("state", "visible") == "visible"
            sheets.append((SheetCount(title, visible), target))

    _parse(archive.read(path), start)
    if not sheets:
        raise RefusedError("no-sheet", "không có sheet nào")
    return sheets


_REPEATED = re.compile(rb'-repeated="([0-9]{1,18})"')
_STRING = re.compile(rb"<si(?:\s[^>]*)?(?:/>|>(.*?)</si>)", re.DOTALL)
_PHONETIC = re.compile(rb"<rPh\b.*?</rPh>", re.DOTALL)
_TEXT = re.compile(rb"<t(?:\s[^>]*)?>([^<]*)</t>")
_CELL = re.compile(rb'<c(?: r="([A-Z]{1,3}+)([0-9]{1,7}+)")?((?:\s[^>/]*+)?+)>(.*?)</c>', re.DOTALL)
_VALUE = re.compile(rb"<v(?:\s[^>]*)?>([^<]*)</v>")
_TYPE = re.compile(rb'\st="([a-zA-Z]+)"')
_HIDDEN_ROW = re.compile(rb'<row\b(?=[^>]*\shidden="(?:1|true)")[^>]*\sr="([0-9]{1,7})"')
_BLOCK = re.compile(
    rb'<(?:mergeCell|hyperlink)\b[^>]*\sref="\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?"'
)


def _is_plain(data: bytes) -> bool:
    """Whether the scan sees what an XML parser sees: no comments, CDATA or instructions, no prefix to its names."""
    root = data.find(b"<", data.find(b"?>") + 1)
    return data.startswith((b"<worksheet", b"<sst"), root) and b"<!" not in data and data.rfind(b"<?") < max(root, 1)


def _read_strings(
    archive: zipfile.ZipFile, relations: dict[str, tuple[str, str]], names: set[str]
) -> list[bool] | None:
    """For each shared string whether it has any text; None where they cannot be told apart."""
    path = next((target for kind, target in relations.values() if kind == "sharedStrings"), "")
    if not path:
        return []
    if path not in names:
        raise RefusedError("target", "thiếu phần chứa chữ của bảng tính")
    data = _read_part(archive, path)
    if data.count(b"<si") > MAX_STRINGS:
        raise RefusedError("strings", "quá nhiều chuỗi ký tự")
    if not _is_plain(data):
        return None
    filled = []
    for inner in _STRING.findall(data):
        text = inner[3:-4] if inner.startswith(b"<t>") and inner.count(b"<") == 2 else _join_texts(inner)
        _check_length(text)
        filled.append(bool(text))
    return filled


def _check_length(text: bytes) -> None:
    if len(text) > MAX_TEXT and len(unescape(text.decode())) > MAX_TEXT:
        raise RefusedError("text", f"một ô có hơn {MAX_TEXT} ký tự")


def _count_cells(data: bytes, sheet: SheetCount, texts: list[bool] | None) -> None:
    """Count one sheet's filled cells and note what a person should know of them."""
    _check_blocks(data, sheet.name)
    if texts is None or not _is_plain(data):
        sheet.cells = None
        return
    filled = rows = last = 0
    letters_seen = set()
    for letters, digits, attributes, inner in _CELL.findall(data):
        kind = _find_type(attributes)
        value = inner[3:-4] if inner.startswith(b"<v>") and inner.count(b"<") == 2 else _find_value(inner)
        row = int(digits or 0)
        if row < last and digits:
            raise RefusedError("order", f"sheet “{sheet.name}” có dòng không theo thứ tự")
        last = row or last
        if kind == b"s" and value:
            has_value = _find_text(texts, value, sheet.name)
        elif kind == b"e" and value:
            sheet.errors.append(f"{letters.decode()}{row}")
            continue
        else:
            value = value or (_join_texts(inner) if kind == b"inlineStr" else b"")
            _check_length(value)
            has_value = bool(value)
        if has_value:
            filled += 1
            rows = row or rows
            letters_seen.add(letters)
        elif b"<f" in inner:
            sheet.formulas.append(f"{letters.decode()}{row}")
    columns = max(map(_column, letters_seen), default=0)
    if rows > MAX_ROW or columns > MAX_COLUMN or rows * columns > MAX_POSITIONS:
        raise RefusedError("far", f"sheet “{sheet.name}” có ô ở quá xa ({rows} × {columns})")
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
    match = _TYPE.search(attributes)
    return match[1] if match else b"n"


def _find_text(texts: list[bool], index: bytes, sheet: str) -> bool:
    place = int(index)
    if not 0 <= place < len(texts):
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
