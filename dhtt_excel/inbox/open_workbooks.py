"""Files ─► raw cells, in workers that may die without harm: the parent never parses an untrusted file.

Saved mails and archives are opened first, in workers too, and only where there are any: each workbook in them is then
read as a file of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from dhtt_excel.errors import explain_os_error
from dhtt_excel.inbox.containers import CONTAINER_SUFFIXES, MAX_CONTAINER, Member, list_members, read_member
from dhtt_excel.inbox.find_files import FoundFile
from dhtt_excel.inbox.guard_package import MAX_FILE, MIB, RefusedError
from dhtt_excel.inbox.parse_workbook import parse_workbook
from dhtt_excel.inbox.raw import RESEND, UNKNOWN_TIME, RawWorkbook
from dhtt_excel.inbox.workers import deal_jobs


def open_containers(
    files: Sequence[FoundFile], workers: int | None = None, *, results: bool = False
) -> list[FoundFile]:
    """The files, in the place of each mail or archive the workbooks in it; what cannot be opened is known as refused.

    `results`: those of lower levels are looked for.
    """
    containers = [file for file in files if file.suffix in CONTAINER_SUFFIXES and not file.known]
    if not containers:
        return list(files)
    open_one = partial(list_file, results=results)
    held = dict(zip(containers, deal_jobs(open_one, _refuse_container, containers, workers), strict=True))
    return [member for file in files for member in held.get(file, [file])]


def open_workbooks(files: Sequence[FoundFile], workers: int | None = None) -> Iterator[RawWorkbook]:
    """Start reading at once, and give each file's raw cells in the order of `files`, which `open_containers` gives.

    What cannot be read comes as a `RawWorkbook` with a refusal, never as an exception.
    """
    return deal_jobs(read_file, refuse_file, files, workers)


def refuse_file(file: FoundFile, code: str, problem: str) -> RawWorkbook:
    """A file that could not be read, by a code and in words."""
    return _describe(file).refuse(code, problem)


def _refuse_container(file: FoundFile, code: str, problem: str) -> list[FoundFile]:
    return _keep_refused(file, refuse_file(file, code, problem))


def _keep_refused(file: FoundFile, refused: RawWorkbook) -> list[FoundFile]:
    return [file._replace(known=refused)]


def read_file(file: FoundFile) -> RawWorkbook:
    """Read one file in this process, or one workbook in a mail or archive."""
    source, data = load_file(file)
    return source if source.refusal else parse_workbook(source, data, file.suffix)


def load_file(file: FoundFile) -> tuple[RawWorkbook, bytes]:
    """What is known of one file, or of one in a mail or archive, and its bytes; none of what is refused."""
    source = _describe(file)
    if source.refusal or file.data is not None:
        return source, file.data or b""
    try:
        data = _read_bytes(file.path, MAX_CONTAINER if file.place else MAX_FILE)
        if file.place:
            data = read_member(data, file.path.suffix.lower(), file.place)
    except RefusedError as refused:
        return source.refuse(refused.code, refused.problem, refused.advice or RESEND), b""
    return _weigh(source, data), data


def list_file(file: FoundFile, *, results: bool = False) -> list[FoundFile]:
    """Open one mail or archive in this process: the workbooks in it, and what in it cannot be opened."""
    source = _describe(file)
    try:
        data = _read_bytes(file.path, MAX_CONTAINER)
        source = _weigh(source, data)
        members = list_members(data, file.suffix, source.modified, results=results)
    except RefusedError as refused:
        return _keep_refused(file, source.refuse(refused.code, refused.problem, refused.advice or RESEND))
    return [_find_member(file, source, member) for member in members]


def _find_member(file: FoundFile, container: RawWorkbook, member: Member) -> FoundFile:
    name = f"{file.name}/{member.name}" if member.name else file.name
    known = replace(
        container, file=name, modified=member.moment, mailed=member.mailed, sender=member.sender, beside=member.beside
    )
    if member.name:
        known = replace(known, size=member.size, sha256="", packed=True)
    if member.refusal:
        known = known.refuse(member.refusal.code, member.refusal.problem, member.refusal.advice or RESEND)
    return FoundFile(file.path, name, member.place, known)


def _read_bytes(path: Path, limit: int) -> bytes:
    """All of a file. Raises `RefusedError` where it is too large or cannot be read."""
    try:
        if path.stat().st_size > limit:
            raise RefusedError("size", f"tệp lớn hơn {limit // MIB} MB")
        return path.read_bytes()
    except OSError as error:
        advice = "Đóng tệp nếu đang mở, kiểm tra quyền đọc rồi chạy lại."
        raise RefusedError("unreadable", f"không mở được tệp ({explain_os_error(error)})", advice) from error


def _weigh(source: RawWorkbook, data: bytes) -> RawWorkbook:
    return replace(source, size=len(data), sha256=hashlib.sha256(data).hexdigest())


def _describe(file: FoundFile) -> RawWorkbook:
    """A file by its size and time, or by what is known of it; the earliest time where it has vanished."""
    if file.known:
        return file.known
    try:
        status = file.path.stat()
    except OSError:
        return RawWorkbook(file.name, 0, "", UNKNOWN_TIME)
    return RawWorkbook(file.name, status.st_size, "", _read_time(status.st_mtime))


def _read_time(seconds: float) -> datetime:
    """A file's time; unknown where it is none that a calendar has, or before 1970, of which Windows knows nothing."""
    try:
        return datetime.fromtimestamp(seconds) if seconds >= 0 else UNKNOWN_TIME
    except (ValueError, OverflowError, OSError):
        return UNKNOWN_TIME
