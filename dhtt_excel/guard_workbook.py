"""Bytes of an untrusted .xlsx ─► what is in it, counted; or why it is refused. Nothing is built in memory but counts.

One streaming pass over the zip and its XML, independent of the parser that reads the values: its count of filled cells
is what the ledger must account for. Limits are far above any honest form and far below what harms a laptop.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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
MAX_MERGES = 50_000
MAX_COVERED = 1_000_000
LISTED = 200  # places listed a sheet, of each kind; the rest is only counted


class RefusedError(Exception):
    """The file is not read: `problem` in plain words, `code` for the tests' manifest."""

    def __init__(self, code: str, problem: str) -> None:
        super().__init__(f"{code}: {problem}")
        self.code = code
        self.problem = problem


@dataclass
class SheetCount:
    """What one sheet holds. `cells` are those with a value that a reader must give back."""

    name: str
    visible: bool
    cells: int = 0
    rows: int = 0
    last_row: int = 0
    last_column: int = 0
    errors: list[str] = field(default_factory=list)
    error_count: int = 0
    formulas_without_value: list[str] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merges: int = 0


@dataclass
class Inspection:
    """What the guard saw in a workbook that may be read."""

    sheets: list[SheetCount] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


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
                _count_cells(archive, path, sheet, texts)
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


def _parse(archive: zipfile.ZipFile, path: str, start: Callable[..., None], end: Callable[..., None] | None = None,
           text: Callable[[str], None] | None = None) -> None:  # fmt: skip
    """Stream one XML part to handlers."""
    parser = _new_parser()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    _feed(parser, archive, path)


def _new_parser(*, ordered: bool = False) -> expat.XMLParserType:
    """A parser that refuses document types, entities and encodings other than UTF-8."""
    parser = expat.ParserCreate() if ordered else expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.ordered_attributes = ordered
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    parser.XmlDeclHandler = _check_encoding
    return parser


def _feed(parser: expat.XMLParserType, archive: zipfile.ZipFile, path: str) -> None:
    with archive.open(path) as stream:
        data = stream.read(1 << 18)
        if data.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")):
            raise RefusedError("encoding", "nội dung không phải UTF-8")
        while data:
            parser.Parse(data, False)
            data = stream.read(1 << 18)
    parser.Parse(b"", True)


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

    _parse(archive, "[Content_Types].xml", start)
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
        _parse(archive, _relations_path(path), start)
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

    _parse(archive, path, start)
    if not sheets:
        raise RefusedError("no-sheet", "không có sheet nào")
    return sheets


def _read_strings(archive: zipfile.ZipFile, relations: dict[str, tuple[str, str]], names: set[str]) -> bytearray:
    """For each shared string whether it has any text (1) or none (0)."""
    path = next((target for kind, target in relations.values() if kind == "sharedStrings"), "")
    filled = bytearray()
    length, reading, phonetic = 0, False, False

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal length, reading, phonetic
        tag = _local(name)
        if tag == "si":
            length = 0
        elif tag == "t":
            reading = True
        elif tag == "rPh":
            phonetic = True

    def text(data: str) -> None:
        nonlocal length
        if reading and not phonetic:
            length += len(data)

    def end(name: str) -> None:
        nonlocal reading, phonetic
        tag = _local(name)
        if tag == "t":
            reading = False
        elif tag == "rPh":
            phonetic = False
        elif tag == "si":
            if length > MAX_TEXT:
                raise RefusedError("text", f"một ô có hơn {MAX_TEXT} ký tự")
            if len(filled) >= MAX_STRINGS:
                raise RefusedError("strings", "quá nhiều chuỗi ký tự")
            filled.append(length > 0)

    if path:
        if path not in names:
            raise RefusedError("target", "thiếu phần chứa chữ của bảng tính")
        _parse(archive, path, start, end, text)
    return filled


_TRUE = ("1", "true")
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})(?::\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6}))?")


def _count_cells(archive: zipfile.ZipFile, path: str, sheet: SheetCount, texts: bytearray) -> None:
    """Count one sheet while its XML streams by.

    The one hot loop of the guard: a blank cell costs a single call, since the handlers of text and of ends are set only
    between a value's tags.
    """
    parser = _new_parser(ordered=True)
    row_text = kind = name = pending = value = ""
    row = column = width = filled_in_row = covered = 0
    counted = phonetic = False
    letters: dict[str, int] = {}

    def start(tag: str, attributes: list[str]) -> None:
        nonlocal column, kind, name, counted
        if tag == "c":
            kind, name = "n", ""
            for place in range(0, len(attributes), 2):
                key = attributes[place]
                if key == "r":
                    name = attributes[place + 1]
                elif key == "t":
                    kind = attributes[place + 1]
            if pending:
                finish_formula()
            here = find_column(name) if name else column + 1
            if here <= column or here > MAX_COLUMN:
                raise RefusedError("order", f"sheet “{sheet.name}” có ô không theo thứ tự")
            column, counted = here, False
        elif tag == "v":
            read_text(end_value)
        else:
            start_other(tag, attributes)

    def start_other(tag: str, attributes: list[str]) -> None:
        nonlocal pending, phonetic
        if tag == "row":
            start_row(dict(pairs(attributes)))
        elif tag == "f":
            pending = name
        elif tag == "t" and not phonetic:
            read_text(end_inline)
        elif tag == "rPh":
            phonetic = True
            parser.EndElementHandler = end_phonetic
        elif tag == "col":
            hidden = dict(pairs(attributes))
            if hidden.get("hidden") in _TRUE:
                sheet.hidden_columns.append((int(hidden["min"]), int(hidden["max"])))
        elif tag in ("mergeCell", "hyperlink"):
            count_block(tag, dict(pairs(attributes)).get("ref", ""))
        elif ":" in tag and tag.rpartition(":")[2] == "worksheet":
            raise RefusedError("prefix", "cấu trúc tệp không thông dụng")

    def start_row(attributes: dict[str, str]) -> None:
        nonlocal row, row_text, width, column, filled_in_row
        if pending:
            finish_formula()
        sheet.rows += filled_in_row > 0
        here = int(attributes.get("r", row + 1))
        if here <= row or here > MAX_ROW:
            raise RefusedError("order", f"sheet “{sheet.name}” có dòng không theo thứ tự")
        row, row_text, column, filled_in_row = here, str(here), 0, 0
        width = len(row_text)
        if attributes.get("hidden") in _TRUE:
            sheet.hidden_rows.append(row)

    def find_column(cell: str) -> int:
        if cell[-width:] != row_text:
            raise RefusedError("order", f"sheet “{sheet.name}” có ô sai vị trí")
        key = cell[:-width]
        if key not in letters:
            if not re.fullmatch("[A-Z]{1,3}", key):
                raise RefusedError("order", f"sheet “{sheet.name}” có ô sai vị trí")
            letters[key] = cell_position(f"{key}1")[1]
        return letters[key]

    def read_text(end: Callable[[str], None]) -> None:
        nonlocal value
        value = ""
        parser.CharacterDataHandler = add_text
        parser.EndElementHandler = end

    def add_text(data: str) -> None:
        nonlocal value
        value += data

    def stop_reading() -> None:
        parser.CharacterDataHandler = None
        parser.EndElementHandler = end_phonetic if phonetic else None

    def end_phonetic(tag: str) -> None:
        nonlocal phonetic
        if tag == "rPh":
            phonetic = False
            parser.EndElementHandler = None

    def end_inline(_tag: str) -> None:
        stop_reading()
        count(bool(value))

    def end_value(_tag: str) -> None:
        nonlocal pending
        stop_reading()
        if value:
            pending = ""
        if kind == "s" and value:
            index = int(value)
            if not 0 <= index < len(texts):
                raise RefusedError("strings", f"sheet “{sheet.name}” trỏ tới chuỗi ký tự không có")
            count(bool(texts[index]))
        elif kind == "e" and value:
            sheet.error_count += 1
            if len(sheet.errors) < LISTED:
                sheet.errors.append(name)
        else:
            count(bool(value))

    def count(filled: bool) -> None:
        nonlocal counted, filled_in_row
        if len(value) > MAX_TEXT:
            raise RefusedError("text", f"một ô có hơn {MAX_TEXT} ký tự")
        if filled and not counted:
            counted = True
            filled_in_row += 1
            sheet.cells += 1
            sheet.last_row = row
            if column > sheet.last_column:
                sheet.last_column = column

    def finish_formula() -> None:
        nonlocal pending
        if len(sheet.formulas_without_value) < LISTED:
            sheet.formulas_without_value.append(pending)
        pending = ""

    def count_block(tag: str, reference: str) -> None:
        nonlocal covered
        sheet.merges += tag == "mergeCell"
        covered += _count_covered(reference, sheet.name)
        if sheet.merges > MAX_MERGES or covered > MAX_COVERED:
            raise RefusedError("merges", f"sheet “{sheet.name}” gộp quá nhiều ô")

    parser.StartElementHandler = start
    _feed(parser, archive, path)
    if pending:
        finish_formula()
    sheet.rows += filled_in_row > 0
    if sheet.last_row * sheet.last_column > MAX_POSITIONS:
        raise RefusedError("far", f"sheet “{sheet.name}” có ô ở quá xa ({sheet.last_row} × {sheet.last_column})")


def pairs(attributes: list[str]) -> Iterator[tuple[str, str]]:
    """Expat's ordered attributes as (name, value)."""
    return zip(attributes[::2], attributes[1::2], strict=True)


def _count_covered(reference: str, sheet: str) -> int:
    match = _RANGE.fullmatch(reference)
    if not match:
        return 0
    top, left = cell_position(match[1] + match[2])
    bottom, right = cell_position((match[3] or match[1]) + (match[4] or match[2]))
    if bottom < top or right < left:
        raise RefusedError("merges", f"sheet “{sheet}” có vùng ô không hợp lệ")
    return (bottom - top + 1) * (right - left + 1)
