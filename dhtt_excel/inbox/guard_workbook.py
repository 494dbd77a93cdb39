"""Bytes of an untrusted .xlsx, .xlsb or .ods ─► what is in it, counted; or why it is refused.

Independent of the parser that reads the values: the number of filled cells found here is what the ledger must account
for. expat judges the XML: it must be well-formed, without document types or entities.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath

from dhtt_excel.inbox.count_cells import SheetCount, count_cells, read_strings, scan_cells, strip_odd_numbers
from dhtt_excel.inbox.find_asides import find_struck_styles, list_asides
from dhtt_excel.inbox.guard_ods import scan_ods
from dhtt_excel.inbox.guard_package import (
    UNLOCK,
    Package,
    RefusedError,
    local_name,
    parse_part,
    read_relations,
    refuse_other,
)
from dhtt_excel.inbox.guard_xlsb import find_errors, list_sheets

_TYPES = "[Content_Types].xml"
_MANIFEST = "META-INF/manifest.xml"
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_ODS_MANIFEST = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
_NO_CELLS = frozenset({"chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"})
_XLSB = "dạng .xlsb: dòng ẩn, cột ẩn, ghi chú và chữ gạch ngang không nhận ra được; lần sau hãy lưu .xlsx"


@dataclass
class Inspection:
    """What the guard saw in a workbook that may be read. `data`: its bytes as the readers can take them; `errors_seen`:
    whether error values, which they give back as blanks, have been looked for."""

    kind: str
    data: bytes
    sheets: list[SheetCount] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    errors_seen: bool = True


def inspect_package(data: bytes) -> Inspection:
    """Check and count what a zip holds: an .xlsx, .xlsb or .ods, whatever its name.

    Raises `RefusedError`; any other exception means a damaged file.
    """
    package = Package(data)
    if _TYPES in package and "content.xml" in package:
        raise RefusedError("target", "tệp chứa hai bảng tính khác nhau (.xlsx và .ods)")
    if _TYPES in package:
        return _inspect_office(package, data)
    if "content.xml" in package:
        return _inspect_ods(package, data)
    if any(name.endswith(".iwa") or name == "Index.zip" for name in package):
        raise refuse_other(".numbers")
    raise RefusedError("not-workbook", "không phải bảng tính Excel")


def _inspect_ods(package: Package, data: bytes) -> Inspection:
    """Check an .ods: its package and its XML, and that no repetition unfolds into more cells than a sheet may have."""
    kind = package.unpack("mimetype").strip() if "mimetype" in package else b""
    if kind and b"opendocument.spreadsheet" not in kind:
        raise RefusedError("not-workbook", "tài liệu OpenDocument khác, không phải bảng tính")
    manifest = package.unpack(_MANIFEST) if _MANIFEST in package else b""
    if b"encryption-data" in manifest:
        raise RefusedError("encrypted", "tệp có mật khẩu", UNLOCK)
    sheets = scan_ods(package.unpack("content.xml"))
    if not kind or not manifest or package.is_odd:  # as the reader wants it
        data = package.respell({"mimetype": _ODS_TYPE, _MANIFEST: manifest or _ODS_MANIFEST})
    return Inspection("ods", data, sheets, ["dạng .ods: lần sau hãy lưu .xlsx"])


def _inspect_office(package: Package, data: bytes) -> Inspection:
    """Check and count an .xlsx; check the parts of an .xlsb."""
    package.read_part(_TYPES)
    workbook_path = _find_workbook(package)
    targets = read_relations(package, workbook_path)
    _check_places(workbook_path, targets)
    warnings = _warn(package, targets)
    if workbook_path.casefold().endswith(".bin"):
        return Inspection("xlsb", data, _inspect_binary(package, workbook_path, targets), [*warnings, _XLSB])
    sheets = _read_sheet_names(package, workbook_path, targets)
    texts = read_strings(package, targets)
    struck: set[bytes] = set()
    for kind, path in targets.values():
        if kind in ("styles", "theme") and path in package:
            part = package.read_part(path)
            struck |= find_struck_styles(part) if kind == "styles" and b"strike" in part else set()
    for sheet, path in sheets:
        part = package.read_part(path)
        scan = scan_cells(part)
        if stripped := strip_odd_numbers(scan):
            package.mend(path, stripped)
        count_cells(scan, sheet, texts, struck)
        sheet.asides = list_asides(package, path, part)
    if package.is_odd:
        data = package.respell()
    return Inspection("xlsx", data, [sheet for sheet, _ in sheets], warnings)


def _check_places(workbook: str, relations: dict[str, tuple[str, str]]) -> None:
    """Parts that the reader looks for in one place stand there: else it would read others than Excel shows."""
    parts = [("officeDocument", workbook), *relations.values()]
    wanted = {"officeDocument": "xl/workbook", "sharedStrings": "xl/sharedstrings", "styles": "xl/styles"}
    for kind, path in parts:
        if kind in wanted and path.casefold().rpartition(".")[0] != wanted[kind]:
            raise RefusedError("target", "phần chính, phần chữ hoặc phần định dạng của bảng tính nằm ở chỗ lạ")


def _inspect_binary(package: Package, workbook_path: str, targets: dict[str, tuple[str, str]]) -> list[SheetCount]:
    """The sheets of an .xlsb, whose cells are not counted."""
    sheets = []
    for sheet, relation in list_sheets(package.unpack(workbook_path)):
        kind, path = targets.get(relation, ("", ""))
        if path not in package:
            raise RefusedError("target", f"thiếu nội dung của trang tính “{sheet.name[:31]}”")
        if kind == "worksheet":
            part = package.unpack(path)
            sheet.errors = find_errors(part)
            sheet.asides = list_asides(package, path, part)
            sheets.append(sheet)
    for kind, path in targets.values():
        if kind in ("sharedStrings", "styles") and path in package:
            package.unpack(path)
    return sheets


def _find_workbook(package: Package) -> str:
    for kind, target in read_relations(package, "").values():
        if kind == "officeDocument":
            if target not in package:
                raise RefusedError("target", "thiếu phần chính của bảng tính")
            return target
    raise RefusedError("not-workbook", "không phải bảng tính Excel")


def _warn(package: Package, relations: dict[str, tuple[str, str]]) -> list[str]:
    kinds = {kind for kind, _ in relations.values()}
    told = {
        "có macro (VBA)": any(PurePosixPath(n).name.casefold() == "vbaproject.bin" for n in package),
        "có liên kết tới tệp khác": "externalLink" in kinds,
        "có kết nối dữ liệu": "connections" in kinds or "xl/connections.xml" in package,
        "có đối tượng nhúng (OLE)": any("/embeddings/" in n for n in package),
    }
    return [words for words, found in told.items() if found]


def _read_sheet_names(
    package: Package, path: str, relations: dict[str, tuple[str, str]]
) -> list[tuple[SheetCount, str]]:
    sheets: list[tuple[SheetCount, str]] = []
    seen: set[str] = set()

    def start(name: str, attributes: dict[str, str]) -> None:
        if local_name(name) == "document":
            raise RefusedError("not-workbook", "văn bản Word mang đuôi Excel")
        if local_name(name) != "sheet":
            return
        title = attributes.get("name", "")
        if title.casefold() in seen:
            raise RefusedError("sheet-names", "có hai trang tính cùng tên")
        seen.add(title.casefold())
        relation = next((v for k, v in attributes.items() if local_name(k) == "id" and " " in k), "")
        kind, target = relations.get(relation, ("", ""))
        if target not in package or (kind != "worksheet" and kind not in _NO_CELLS):
            raise RefusedError("target", f"thiếu nội dung của trang tính “{title[:31]}”")
        if kind == "worksheet":
            visible = attributes.get("state", "visible") == "visible"
            sheets.append((SheetCount(title, visible), target))

    parse_part(package.unpack(path), start)
    if not sheets:
        raise RefusedError("no-sheet", "không có trang tính nào")
    return sheets
