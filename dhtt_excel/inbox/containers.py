"""Bytes of a saved mail or an archive ─► the workbooks in it. Runs in a worker process: see `open_workbooks`.

A member is known by its place: which entry of the container, which entry of that entry, and so on. Each is read as a
job of its own, and only the way to it is opened again.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from dhtt_excel.inbox.guard_package import (
    MAX_FILE,
    MIB,
    OTHER_WORKBOOKS,
    UNLOCK,
    RefusedError,
    check_count,
    check_expanded,
    check_lock,
    check_size,
    unpack,
)
from dhtt_excel.inbox.moments import is_plausible
from dhtt_excel.inbox.own_files import OWN, read_list, refuse_own
from dhtt_excel.inbox.parse_workbook import WORKBOOK_SUFFIXES
from dhtt_excel.text.file_names import LIST_FILE, RETURNS_FOLDER, decode_name, is_passed_over, tell_apart, tidy_path

if TYPE_CHECKING:
    from email.message import Message

MAX_CONTAINER = 100 * MIB
MAX_UNPACKED = 500 * MIB
MAX_MEMBERS = 1000
MAX_DEPTH = 8

_UNPACK = "Giải nén rồi để các tệp bên trong vào thư mục nhận, chạy lại."
_UNLOCK = f"{UNLOCK} Nếu biết mật khẩu thì giải nén vào thư mục nhận rồi chạy lại."
_SAVE_AGAIN = "Lưu lại từ thư gốc rồi chạy lại; nếu vẫn vậy thì đề nghị đơn vị gửi lại."
_SAVE_PARTS = "Mở thư, lưu riêng các tệp đính kèm (hoặc lưu cả thư thành .eml) vào thư mục nhận, rồi chạy lại."
_ATTACH = "Đề nghị đơn vị gửi lại, đính kèm biểu mẫu Excel (.xlsx)."
_NO_ANSWER = "Bỏ thư nháp khỏi thư mục nhận; thư mục này chỉ để những gì đơn vị gửi về."
_RENAME = "Đổi đuôi tệp thành .xlsx rồi chạy lại."

_OTHER_ARCHIVES = frozenset({".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zipx"})
_ARCHIVES = _OTHER_ARCHIVES | {".zip"}
_TNEF = ".tnef"
CONTAINER_SUFFIXES = _ARCHIVES | {".eml", ".msg"}
RESULT_SUFFIX = ".json"  # of a result of a lower level, where such are looked for
_FIRST_BYTES = {
    b"PK\x03\x04": ".zip",
    b"PK\x05\x06": ".zip",
    b"Rar!": ".rar",
    b"7z\xbc\xaf": ".7z",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": ".msg",
    b"\x78\x9f\x3e\x22": _TNEF,
}
_OFFICE_PART = "[Content_Types].xml"
_UNICODE_PATH = 0x7075
_SHOWN_NAMES = 5


class Member(NamedTuple):
    """Something in a container that gets a line of its own: a workbook to read, or what cannot be opened.

    `name`: its path in the container, "" for the container itself. `beside`: files near it that are no workbooks.
    `mailed`: whether `moment` is when a mail was sent.
    """

    place: tuple[int, ...]
    name: str
    size: int
    moment: datetime
    sender: str
    beside: tuple[str, ...] = ()
    refusal: RefusedError | None = None
    mailed: bool = False


class _Entry(NamedTuple):
    """A file in a container, not yet unpacked; `moment` is when it was last saved, where that is told."""

    name: str
    suffix: str
    read: Callable[[], bytes | Message]
    size: int | None = None
    moment: datetime | None = None


@dataclass(frozen=True)
class _Container:
    entries: Sequence[_Entry]
    is_mail: bool = False
    sender: str = ""
    moment: datetime | None = None
    cut: bool = False


@dataclass(frozen=True)
class _Way:
    """How a container was reached, and what that tells of all that is in it."""

    moment: datetime
    place: tuple[int, ...] = ()
    folder: str = ""
    sender: str = ""
    mailed: bool = False
    archived: bool = False
    dated: bool = False


def list_members(data: bytes, suffix: str, saved: datetime, *, results: bool = False) -> list[Member]:
    """What a container holds, in the order of the names. Raises `RefusedError`, and nothing else.

    `saved`: the time of the container's own file, for what tells no better one. `results`: those of lower levels are looked
    for.
    """
    with _refusing():
        listing = _Listing(saved, results)
        container = _open(data, _tell_kind(data, suffix))
        way = _Way(saved)
        listing.enter(container, way)
        if not listing.has_answer() and (container.is_mail or not listing.members):
            listing.refuse(container, way, len(data), listing.others)
        return listing.finish()


def read_member(data: bytes, suffix: str, place: tuple[int, ...]) -> bytes:
    """The bytes of one member. Raises `RefusedError`, and nothing else."""
    with _refusing():
        content: bytes | Message = data
        for index in place:
            entry = _open(content, _tell_kind(content, suffix)).entries[index]
            content, suffix = entry.read(), entry.suffix
        if not isinstance(content, bytes):
            raise RefusedError("damaged", "tệp hỏng", _SAVE_AGAIN)
        return content


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except RefusedError:
        raise
    except MemoryError:
        raise RefusedError("memory", "tệp quá lớn, không đủ bộ nhớ để đọc", _UNPACK) from None
    except zipfile.BadZipFile:
        raise RefusedError("damaged", "tệp nén hỏng", _SAVE_AGAIN) from None
    except Exception as error:  # whatever zip, mail and their codecs raise on hostile bytes
        raise RefusedError("damaged", "tệp hỏng", _SAVE_AGAIN) from error


@dataclass
class _Listing:
    """What was found on the way through a container and all that is nested in it."""

    saved: datetime
    results: bool = False
    members: list[Member] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    seen: int = 0

    def enter(self, container: _Container, way: _Way) -> None:
        """List an open container and what is nested in it."""
        way = self._describe_way(container, way)
        before = len(self.members)
        written = _list_written(container)
        for index, entry in enumerate(container.entries):
            path = way.folder + tidy_path(entry.name)
            self.seen += 1
            if self.seen > MAX_MEMBERS:
                raise RefusedError("entries", f"có hơn {MAX_MEMBERS} tệp bên trong", _UNPACK)
            name = tell_apart(path, self.taken)
            if is_passed_over(path.split("/")):
                self.others.append(name)
            elif self._is_answer(entry):
                ours = written and self._may_be_ours(path) and _digest(entry) in written
                self._add(way, index, entry, name, refuse_own("bản trả lại") if ours else None)
            elif entry.suffix in CONTAINER_SUFFIXES or entry.suffix == _TNEF:
                self._descend(way, index, entry, name)
            else:
                self.others.append(name)
        if container.cut and len(self.members) > before:
            told = RefusedError("cut", "thư bị cắt ngang, có thể thiếu tệp đính kèm", _SAVE_AGAIN)
            self.members.append(
                Member(way.place, way.folder[:-1], 0, way.moment, way.sender, refusal=told, mailed=way.dated)
            )

    def _is_answer(self, entry: _Entry) -> bool:
        is_result = self.results and entry.suffix == RESULT_SUFFIX
        return is_result or entry.suffix in WORKBOOK_SUFFIXES or entry.suffix in OTHER_WORKBOOKS

    def _may_be_ours(self, path: str) -> bool:
        """Of what a run wrote, the copies are no results."""
        return not self.results or PurePosixPath(path).parent.name == RETURNS_FOLDER

    def refuse(self, container: _Container, way: _Way, size: int, others: Sequence[str]) -> None:
        """A line for a container in which there is no workbook."""
        way = self._describe_way(container, way)
        told = _refuse_empty(container, others)
        self.members.append(
            Member(way.place, way.folder[:-1], size, way.moment, way.sender, refusal=told, mailed=way.dated)
        )

    def has_answer(self, start: int = 0) -> bool:
        """Whether a member from this place on is not ours: a unit may send our own letter back with its mail."""
        return any(not (m.refusal and m.refusal.code == OWN) for m in self.members[start:])

    def finish(self) -> list[Member]:
        """The members by name, each file that is no workbook told at the nearest of them."""
        members = sorted(self.members, key=lambda member: member.name)
        beside: dict[int, list[str]] = {}
        for name in sorted(self.others):
            folders = (f"{folder}/".removeprefix("./") for folder in PurePosixPath(name).parents)
            near = (p for folder in folders for p, m in enumerate(members) if f"{m.name}/".startswith(folder))
            beside.setdefault(next(near), []).append(name)
        return [member._replace(beside=tuple(beside.get(index, ()))) for index, member in enumerate(members)]

    def _describe_way(self, container: _Container, way: _Way) -> _Way:
        if not container.is_mail:
            return replace(way, archived=True)
        moment = container.moment if self._is_plausible(container.moment) else None
        way = replace(way, mailed=True, sender=container.sender or way.sender)
        return replace(way, moment=moment, dated=True) if moment else way

    def _is_plausible(self, moment: datetime | None) -> bool:
        return moment is not None and is_plausible(moment, self.saved)

    def _add(self, way: _Way, index: int, entry: _Entry, name: str, refusal: RefusedError | None = None) -> None:
        moment = entry.moment if entry.moment and not way.mailed and self._is_plausible(entry.moment) else way.moment
        size = entry.size if entry.size is not None else _measure(entry)
        if size > MAX_FILE and not refusal:
            refusal = RefusedError("size", f"tệp lớn hơn {MAX_FILE // MIB} MB")
        place = (*way.place, index)
        self.members.append(Member(place, name, size, moment, way.sender, refusal=refusal, mailed=way.dated))

    def _descend(self, way: _Way, index: int, entry: _Entry, name: str) -> None:
        """Enter a mail or archive inside another one. A mail in an archive answers for itself, as a loose one does."""
        members, others = len(self.members), len(self.others)
        try:
            with _refusing():
                inner = _open_nested(entry, way)
        except RefusedError as refusal:
            self._add(way, index, entry, name, refusal)
            return
        deeper = replace(way, place=(*way.place, index), folder=f"{name}/")
        self.enter(inner, deeper)
        if self.has_answer(members):
            return
        if inner.is_mail and not way.mailed:
            self.refuse(inner, deeper, entry.size or 0, self.others[others:])
        elif len(self.others) == others and len(self.members) == members:
            self.others.append(name)


def _list_written(container: _Container) -> frozenset[str]:
    """The digests of what a run of ours wrote into the folders that were packed."""
    lists = (e for e in container.entries if PurePosixPath(e.name.replace("\\", "/")).name == LIST_FILE)
    return frozenset(digest for entry in lists for digest in read_list(_read_whole(entry)))


def _digest(entry: _Entry) -> str:
    return hashlib.sha256(_read_whole(entry)).hexdigest()


def _read_whole(entry: _Entry) -> bytes:
    with suppress(Exception):  # what cannot be read is refused where it is read
        content = entry.read()
        return content if isinstance(content, bytes) else b""
    return b""


def _measure(entry: _Entry) -> int:
    return len(_read_whole(entry))


def _refuse_empty(container: _Container, others: Sequence[str]) -> RefusedError:
    """That there is no workbook, and what there is instead."""
    noun = "thư bị cắt ngang," if container.cut else "thư" if container.is_mail else "tệp nén"
    lead = f"{noun} không có bảng tính nào"
    names = [PurePosixPath(name).name for name in others]
    more = f" và {len(names) - _SHOWN_NAMES} tệp khác" if len(names) > _SHOWN_NAMES else ""
    nothing = "không đính kèm tệp nào" if container.is_mail else "không có tệp nào"
    held = f"chỉ có: {', '.join(names[:_SHOWN_NAMES])}{more}" if names else nothing
    return RefusedError("no-workbook", f"{lead} ({held})", _SAVE_AGAIN if container.cut else _ATTACH)


def _tell_kind(content: bytes | Message, suffix: str) -> str:
    """The suffix that a container should have, by its first bytes."""
    if not isinstance(content, bytes):
        return ".eml"
    return next((kind for start, kind in _FIRST_BYTES.items() if content.startswith(start)), suffix)


def _open_nested(entry: _Entry, way: _Way) -> _Container:
    if len(way.place) >= MAX_DEPTH:
        raise RefusedError("nested", "thư lồng nhau quá nhiều lớp", _SAVE_PARTS)
    if way.archived and entry.suffix in _ARCHIVES:
        raise _refuse_nested()
    content = entry.read()
    kind = _tell_kind(content, entry.suffix)
    if way.archived and kind in _ARCHIVES:
        raise _refuse_nested()
    return _open(content, kind)


def _refuse_nested() -> RefusedError:
    return RefusedError("nested", "tệp nén nằm trong tệp nén khác, không đọc", _UNPACK)


def _open(content: bytes | Message, kind: str) -> _Container:
    if not isinstance(content, bytes):
        return _open_mail(content)
    if not content:
        raise RefusedError("empty", "tệp rỗng (0 byte)", _SAVE_AGAIN)
    if kind == ".zip":
        return _open_archive(content)
    if kind == ".eml":
        from dhtt_excel.inbox.mails import is_mail, parse_mail  # few folders have mails

        message = parse_mail(content)
        if not is_mail(message):
            raise RefusedError("not-mail", "không phải thư điện tử (.eml)", _SAVE_PARTS)
        return _open_mail(message)
    if kind == _TNEF:
        told = "tệp đính kèm gói theo kiểu riêng của Outlook (winmail.dat)"
        advice = "Đề nghị đơn vị gửi lại thư dạng HTML hoặc văn bản thường, hoặc mở bằng Outlook rồi lưu riêng tệp."
        raise RefusedError("tnef", told, advice)
    if kind == ".msg":
        raise RefusedError("msg", "thư lưu kiểu riêng của Outlook (.msg)", _SAVE_PARTS)
    raise RefusedError("archive", f"tệp nén kiểu {kind}, chỉ đọc được .zip", _UNPACK)


def _open_mail(message: Message) -> _Container:
    from dhtt_excel.inbox.mails import is_cut, is_own_draft, is_unsent, list_attachments, moment_of, sender_of

    if is_own_draft(message):
        raise refuse_own("thư nháp")
    if is_unsent(message):
        raise RefusedError("draft", "thư nháp chưa gửi, không phải thư của đơn vị", _NO_ANSWER)
    entries = [_Entry(a.name, a.suffix, a.read) for a in list_attachments(message)]
    return _Container(entries, True, sender_of(message), moment_of(message), is_cut(message))


def _open_archive(data: bytes) -> _Container:
    archive = zipfile.ZipFile(io.BytesIO(data))
    infos = archive.infolist()
    check_count(infos, "tệp nén")
    if any(info.filename == _OFFICE_PART for info in infos) or data[30:80].startswith(b"mimetypeapplication/vnd.oasis"):
        raise RefusedError("office", "là tệp Office mang đuôi khác", _RENAME)
    for info in infos:
        try:
            check_lock(info, "tệp nén")
        except RefusedError as locked:
            raise RefusedError(locked.code, locked.problem, _UNLOCK) from None
    check_expanded(infos, MAX_UNPACKED)
    return _Container([_describe_entry(archive, info) for info in infos if not _is_folder(info)])


def _is_folder(info: zipfile.ZipInfo) -> bool:
    return info.orig_filename.endswith(("/", "\\"))


def _describe_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> _Entry:
    def read() -> bytes:
        check_size(info)
        return unpack(archive, info)

    name = _name_entry(info)
    try:
        moment = datetime(*info.date_time)
    except ValueError:
        moment = None
    return _Entry(name, PurePosixPath(name.replace("\\", "/")).suffix.lower(), read, info.file_size, moment)


def _name_entry(info: zipfile.ZipInfo) -> str:
    """An entry's name. Few programs say in which encoding it is; WinRAR adds it in UTF-8 in a field of its own."""
    if info.flag_bits & 0x800:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437")  # as zipfile has decoded it
    extra = info.extra
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        if kind == _UNICODE_PATH and extra[5:9] == struct.pack("<I", zlib.crc32(raw)):
            return extra[9 : 4 + length].decode("utf-8", "replace")
        extra = extra[4 + length :]
    return decode_name(raw)
