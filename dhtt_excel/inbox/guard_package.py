"""The package of an untrusted workbook: its zip entries and XML parts, within limits or refused.

The limits are far above any honest form and far below what harms a laptop.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Sized
from pathlib import PurePosixPath
from xml.parsers import expat

MIB = 1024 * 1024
MAX_FILE = 25 * MIB
MAX_ENTRY = 100 * MIB
MAX_EXPANDED = 200 * MIB
MAX_RATIO, RATIO_FROM = 100, 100 * 1024
MAX_ENTRIES = 1000
_AES = 99  # the compression method by which WinZip and 7-Zip mark their own encryption
_PACKAGE = "gói tệp"
MAX_STRINGS = 5_000_000
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


def check_entries(archive: zipfile.ZipFile) -> set[str]:
    """The names in a package whose entries are all within the limits."""
    entries = archive.infolist()
    check_count(entries, _PACKAGE)
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        bad = not name or name.startswith("/") or "\\" in name or ":" in name or ".." in PurePosixPath(name).parts
        if bad or name.casefold() in seen:
            raise RefusedError("names", "gói tệp có thành phần mang tên không hợp lệ hoặc trùng nhau")
        seen.add(name.casefold())
        check_lock(entry, _PACKAGE)
        check_size(entry)
    check_expanded(entries, MAX_EXPANDED)
    return {entry.filename for entry in entries}


def check_count(entries: Sized, noun: str) -> None:
    """Refuse a zip, called `noun`, of too many entries."""
    if len(entries) > MAX_ENTRIES:
        raise RefusedError("entries", f"{noun} có {len(entries)} thành phần, quá {MAX_ENTRIES}")


def check_lock(entry: zipfile.ZipInfo, noun: str) -> None:
    """Refuse an encrypted entry."""
    if entry.flag_bits & 1 or entry.compress_type == _AES:
        raise RefusedError("zip-encrypted", f"{noun} có mật khẩu", UNLOCK)


def check_size(entry: zipfile.ZipInfo) -> None:
    """Refuse an entry that unpacks into more than it should."""
    if entry.file_size > MAX_ENTRY:
        raise RefusedError("size", f"một thành phần giải nén ra hơn {MAX_ENTRY // MIB} MB")
    if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        raise RefusedError("ratio", "tệp nén quá mức bình thường (bom nén)")


def check_expanded(entries: Iterable[zipfile.ZipInfo], limit: int) -> None:
    """Refuse entries that unpack into too much together."""
    if sum(entry.file_size for entry in entries) > limit:
        raise RefusedError("size", f"tệp giải nén ra hơn {limit // MIB} MB")


def parse_part(data: bytes, start: Callable[[str, dict[str, str]], None] | None = None) -> None:
    """Judge one XML part, and hand its elements to `start`."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")):
        raise RefusedError("encoding", "nội dung không phải UTF-8")
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    parser.XmlDeclHandler = _check_encoding
    parser.Parse(data, True)


def read_part(archive: zipfile.ZipFile, path: str) -> bytes:
    """One XML part, judged."""
    data = unpack(archive, path)
    parse_part(data)
    return data


def unpack(archive: zipfile.ZipFile, path: str | zipfile.ZipInfo) -> bytes:
    """The bytes of a part: no more than its entry declares, for what it declares has been judged."""
    entry = path if isinstance(path, zipfile.ZipInfo) else archive.getinfo(path)
    with archive.open(entry) as part:
        return part.read(entry.file_size)


def _refuse_doctype(*_: object) -> None:
    raise RefusedError("doctype", "tệp khai báo DOCTYPE hoặc thực thể XML")


def _check_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding and encoding.upper() not in ("UTF-8", "UTF8", "US-ASCII"):
        raise RefusedError("encoding", "nội dung không phải UTF-8")


def local_name(name: str) -> str:
    """An element's or attribute's name without its namespace."""
    return name.rpartition(" ")[2]
