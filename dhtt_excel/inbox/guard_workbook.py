"""Bytes of an untrusted .xlsx or .ods ─► what is in it, counted; or why it is refused.

Independent of the parser that reads the values: the number of filled cells found here is what the ledger must account
for. expat judges the XML: it must be well-formed, without document types or entities.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from dhtt_excel.excel.addresses import MAX_COLUMN, MAX_ROW, cell_name
from dhtt_excel.inbox.count_cells import SheetCount, count_cells, read_strings
from dhtt_excel.inbox.guard_package import (
    MAX_POSITIONS,
    UNLOCK,
    RefusedError,
    check_entries,
    local_name,
    parse_part,
    read_part,
    unpack,
)

_NO_CELLS = frozenset({"chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"})


@dataclass
class Inspection:
    """What the guard saw in a workbook that may be read."""

    sheets: list[SheetCount] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def inspect_ods(data: bytes) -> Inspection:
    """Check an .ods: its package and its XML, and that no repetition unfolds into more cells than a sheet may have."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = check_entries(archive)
        if "content.xml" not in names:
            raise RefusedError("not-workbook", "không phải bảng tính")
        manifest = "META-INF/manifest.xml"
        if manifest in names and b"encryption-data" in unpack(archive, manifest):
            raise RefusedError("encrypted", "tệp có mật khẩu", UNLOCK)
        scan = _OdsScan()
        parse_part(unpack(archive, "content.xml"), scan.start)
    return Inspection(scan.sheets)


class _OdsScan:
    """How far the content of an .ods reaches once its repetitions are unfolded; its error values and hidden rows."""

    def __init__(self) -> None:
        self.sheets: list[SheetCount] = []
        self.row = self.column = 0  # the last ones that the current element stands for
        self.columns = 0  # the widest row with content

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = local_name(name)
        if local == "table":
            self.row = self.columns = 0
            self.sheets.append(SheetCount(_value(attributes, "name"), visible=True, cells=None))
        elif local == "table-row":
            repeated = _repeat(attributes, "number-rows-repeated")
            self.row += repeated
            self.column = 0
            if repeated == 1 and _value(attributes, "visibility") in ("collapse", "filter") and self.sheets:
                self.sheets[-1].hidden_rows.append(self.row)
        elif local in ("table-cell", "covered-table-cell"):
            self.column += _repeat(attributes, "number-columns-repeated")
            if any(local_name(key) in ("value-type", "formula") for key in attributes):
                self._reach()
            if any(value == "error" and local_name(key) == "value-type" for key, value in attributes.items()):
                self.sheets[-1].errors.append(cell_name(self.row, self.column))
        elif local == "p":
            self._reach()

    def _reach(self) -> None:
        self.columns = max(self.columns, self.column)
        if self.row > MAX_ROW or self.columns > MAX_COLUMN or self.row * self.columns > MAX_POSITIONS:
            raise RefusedError("far", f"sheet có ô ở quá xa ({self.row} × {self.columns})")


def _value(attributes: dict[str, str], name: str) -> str:
    return next((value for key, value in attributes.items() if local_name(key) == name), "")


def _repeat(attributes: dict[str, str], name: str) -> int:
    count = next((int(value) for key, value in attributes.items() if local_name(key) == name), 1)
    if count < 0:
        raise RefusedError("damaged", "tệp hỏng (ô lặp lại số lần âm)")
    return count


def inspect_xlsx(data: bytes) -> Inspection:
    """Check and count an .xlsx. Raises `RefusedError`; any other exception means a damaged file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = check_entries(archive)
        if "[Content_Types].xml" not in names:
            raise RefusedError("not-workbook", "không phải bảng tính Excel")
        read_part(archive, "[Content_Types].xml")
        workbook_path = _find_workbook(archive, names)
        targets = _read_relations(archive, names, workbook_path)
        inspection = Inspection(warnings=_warn(names, targets))
        sheets = _read_sheet_names(archive, workbook_path, targets, names)
        texts = read_strings(archive, targets, names)
        for kind, path in targets.values():
            if kind in ("styles", "theme") and path in names:
                read_part(archive, path)
        for sheet, path in sheets:
            inspection.sheets.append(sheet)
            count_cells(read_part(archive, path), sheet, texts)
    return inspection


def _relations_path(path: str) -> str:
    folder, name = posixpath.split(path)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _read_relations(archive: zipfile.ZipFile, names: set[str], path: str) -> dict[str, tuple[str, str]]:
    """Relation id ─► (type, target part) of a part; targets outside the file are "" ."""
    relations: dict[str, tuple[str, str]] = {}
    base = posixpath.dirname(path)

    def start(element: str, attributes: dict[str, str]) -> None:
        if local_name(element) == "Relationship":
            target = attributes.get("Target", "")
            outside = attributes.get("TargetMode") == "External"
            full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(base, target))
            kind = attributes.get("Type", "").rpartition("/")[2]
            name = attributes.get("Id", "")
            if name in relations:
                raise RefusedError("target", "gói tệp có hai liên kết cùng mã")
            relations[name] = (kind, "" if outside else full)

    if _relations_path(path) in names:
        parse_part(unpack(archive, _relations_path(path)), start)
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
        if local_name(name) == "document":
            raise RefusedError("not-workbook", "văn bản Word mang đuôi Excel")
        if local_name(name) != "sheet":
            return
        title = attributes.get("name", "")
        if title.casefold() in seen:
            raise RefusedError("sheet-names", "có hai sheet cùng tên")
        seen.add(title.casefold())
        relation = next((v for k, v in attributes.items() if local_name(k) == "id" and " " in k), "")
        kind, target = relations.get(relation, ("", ""))
        if target not in names or (kind != "worksheet" and kind not in _NO_CELLS):
            raise RefusedError("target", f"thiếu nội dung của sheet “{title[:31]}”")
        if kind == "worksheet":
            visible = attributes.get("state", "visible") == "visible"
            sheets.append((SheetCount(title, visible), target))

    parse_part(unpack(archive, path), start)
    if not sheets:
        raise RefusedError("no-sheet", "không có sheet nào")
    return sheets
