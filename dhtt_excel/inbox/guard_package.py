"""The package of an untrusted workbook: its zip entries and XML parts, within limits or refused.

The limits are far above any honest form and far below what harms a laptop.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from pathlib import PurePosixPath
from xml.parsers import expat

MIB = 1024 * 1024
MAX_FILE = 25 * MIB
MAX_ENTRY = 100 * MIB
MAX_EXPANDED = 200 * MIB
MAX_RATIO, RATIO_FROM = 100, 4 * MIB  # of a part that is read; pictures and styles of honest files pack 1:200
MAX_ENTRIES = 1000
_AES = 99  # the compression method by which WinZip and 7-Zip mark their own encryption
_PACKAGE = "gói tệp"
MAX_STRINGS = 5_000_000
MAX_POSITIONS = 20_000_000
MAX_BLOCKS = 50_000
MAX_COVERED = 1_000_000
OTHER_WORKBOOKS = {
    ".et": "bảng tính WPS (.et)",
    ".ett": "mẫu bảng tính WPS (.ett)",
    ".xltx": "mẫu Excel (.xltx)",
    ".xltm": "mẫu Excel (.xltm)",
    ".xlt": "mẫu Excel (.xlt)",
    ".xlw": "vùng làm việc Excel (.xlw)",
    ".numbers": "bảng tính Numbers của Apple (.numbers)",
    ".gsheet": "đường dẫn tới Google Trang tính (.gsheet), không phải tệp bảng tính",
    ".fods": "bảng tính OpenDocument dạng phẳng (.fods)",
    ".ots": "mẫu OpenDocument (.ots)",
}
_EXPORT = {
    ".numbers": "Trong Numbers chọn Tệp > Xuất sang > Excel để được tệp .xlsx, rồi gửi lại.",
    ".gsheet": "Trên Google Trang tính chọn Tệp > Tải xuống > Microsoft Excel (.xlsx), rồi gửi lại tệp tải về.",
}
UNLOCK = "Đề nghị đơn vị bỏ mật khẩu và gửi lại."


class RefusedError(Exception):
    """The file is not read: `code` names why, `problem` says it in plain words, `advice` what to ask for."""

    def __init__(self, code: str, problem: str, advice: str = "") -> None:
        super().__init__(f"{code}: {problem}")
        self.code = code
        self.problem = problem
        self.advice = advice


class Package:
    """The parts of a zip, all within the limits, by name: in whatever case and with whatever slashes it is spelt.

    Iterating gives their names with "/", in their own case.
    """

    def __init__(self, data: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        entries = self._archive.infolist()
        check_count(entries, _PACKAGE)
        self._entries: dict[str, zipfile.ZipInfo] = {}
        self._asked: set[str] = set()
        self._mended: dict[str, bytes] = {}
        for entry in entries:
            name = _spell(entry)
            bad = not name or name.startswith("/") or ":" in name or ".." in PurePosixPath(name).parts
            if bad or name.casefold() in self._entries:
                raise RefusedError("names", "gói tệp có thành phần mang tên không hợp lệ hoặc trùng nhau")
            self._entries[name.casefold()] = entry
            check_lock(entry, _PACKAGE)
            check_size(entry)
        check_expanded(entries, MAX_EXPANDED)

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._entries

    def __iter__(self) -> Iterator[str]:
        return map(_spell, self._entries.values())

    def size(self, name: str) -> int:
        """How many bytes a part unpacks into."""
        return self._entries[name.casefold()].file_size

    def unpack(self, name: str) -> bytes:
        """The bytes of a part."""
        self._asked.add(name)
        return unpack(self._archive, self._entries[name.casefold()])

    def read_part(self, name: str) -> bytes:
        """One XML part, judged."""
        data = self.unpack(name)
        parse_part(data)
        return data

    def mend(self, name: str, data: bytes) -> None:
        """Let this stand for what a part holds."""
        self._mended[name] = data

    @property
    def is_odd(self) -> bool:
        """Whether a part has been mended, or read by another name than stands in the zip."""
        return bool(self._mended) or any(self._entries[name.casefold()].filename != name for name in self._asked)

    def respell(self, added: Mapping[str, bytes] | None = None) -> bytes:
        """A package of the parts that have been read, under the names by which they were, and of what is added."""
        added = {**self._mended, **(added or {})}
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            for name in sorted(self._asked - added.keys()):
                archive.writestr(name, self.unpack(name))
            for name, data in added.items():
                archive.writestr(name, data)
        return target.getvalue()


def _spell(entry: zipfile.ZipInfo) -> str:
    return entry.filename.replace("\\", "/")


def check_count(entries: Sized, noun: str) -> None:
    """Refuse a zip, called `noun`, of too many entries."""
    if len(entries) > MAX_ENTRIES:
        raise RefusedError("entries", f"{noun} có {len(entries)} thành phần, quá {MAX_ENTRIES}")


def check_lock(entry: zipfile.ZipInfo, noun: str) -> None:
    """Refuse an encrypted entry."""
    if entry.flag_bits & 1 or entry.compress_type == _AES:
        raise RefusedError("zip-encrypted", f"{noun} có mật khẩu", UNLOCK)


def check_size(entry: zipfile.ZipInfo) -> None:
    """Refuse an entry that unpacks into too much."""
    if entry.file_size > MAX_ENTRY:
        raise RefusedError("size", f"một thành phần giải nén ra hơn {MAX_ENTRY // MIB} MB")


def check_expanded(entries: Iterable[zipfile.ZipInfo], limit: int) -> None:
    """Refuse entries that unpack into too much together."""
    if sum(entry.file_size for entry in entries) > limit:
        raise RefusedError("size", f"tệp giải nén ra hơn {limit // MIB} MB")


def parse_part(
    data: bytes,
    start: Callable[[str, dict[str, str]], None] | None = None,
    end: Callable[[str], None] | None = None,
    write: Callable[[str], None] | None = None,
) -> None:
    """Judge one XML part, and hand its elements to `start` and `end` and its text to `write`."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")):
        raise RefusedError("encoding", "nội dung không phải UTF-8")
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = write
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    parser.XmlDeclHandler = _check_encoding
    parser.Parse(data, True)


def unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The bytes of an entry: no more than it declares, for what it declares has been judged."""
    if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        raise RefusedError("ratio", "tệp nén quá mức bình thường (bom nén)")
    with archive.open(entry) as part:
        return part.read(entry.file_size)


def read_relations(package: Package, path: str) -> dict[str, tuple[str, str]]:
    """Relation id ─► (type, target part) of a part; targets outside the file are "" ."""
    relations: dict[str, tuple[str, str]] = {}
    folder, title = posixpath.split(path)

    def start(element: str, attributes: dict[str, str]) -> None:
        if local_name(element) == "Relationship":
            target = attributes.get("Target", "")
            outside = attributes.get("TargetMode") == "External"
            full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            kind = attributes.get("Type", "").rpartition("/")[2]
            name = attributes.get("Id", "")
            if name in relations:
                raise RefusedError("target", "gói tệp có hai liên kết cùng mã")
            relations[name] = (kind, "" if outside else full)

    listed = posixpath.join(folder, "_rels", f"{title}.rels")
    if listed in package:
        data = package.unpack(listed)
        if b"\\" in data:
            data = data.replace(b"\\", b"/")
            package.mend(listed, data)
        parse_part(data, start)
    return relations


def refuse_other(suffix: str) -> RefusedError:
    """That a file is a spreadsheet of a kind that is not read, and how to get one that is."""
    words = OTHER_WORKBOOKS[suffix]
    advice = _EXPORT.get(suffix, "Mở tệp, chọn “Lưu thành” (Save As), dạng Excel Workbook (.xlsx), rồi gửi lại.")
    return RefusedError("other-workbook", f"{words}, chưa đọc được", advice)


def _refuse_doctype(*_: object) -> None:
    raise RefusedError("doctype", "tệp khai báo DOCTYPE hoặc thực thể XML")


def _check_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding and encoding.upper() not in ("UTF-8", "UTF8", "US-ASCII"):
        raise RefusedError("encoding", "nội dung không phải UTF-8")


def local_name(name: str) -> str:
    """An element's or attribute's name without its namespace."""
    return name.rpartition(" ")[2]
