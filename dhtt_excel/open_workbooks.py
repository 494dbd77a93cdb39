"""A folder of returned files ─► raw cells, each file read in a worker process that may die without harm.

The parent never parses an untrusted file: it hands paths to a few workers, waits, and kills the one that takes too
long. A file that kills its worker, or runs out of time or memory, gives one refusal; the others go on.
Works where processes are forked as well as where they are spawned.

Saved mails and archives are opened first, in workers too, and only where there are any: each workbook in them is then
read as a file of its own.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from dhtt_excel.file_names import is_passed_over, printable
from dhtt_excel.findings import UserError
from dhtt_excel.guard_package import MAX_FILE, MIB, RefusedError
from dhtt_excel.list_members import CONTAINER_SUFFIXES, MAX_CONTAINER, Member, list_members, read_member
from dhtt_excel.parse_workbook import RESEND, WORKBOOK_SUFFIXES, RawWorkbook, parse_workbook

SECONDS_A_FILE = 20.0
BYTES_A_WORKER = 1024 * MIB

T = TypeVar("T")


class FoundFile(NamedTuple):
    """A file to read and the name that people know it by: its path inside the folder, with "/".

    `place` says where in the file at `path` it is, when that is a mail or an archive; `known` what that tells of it.
    """

    path: Path
    name: str
    place: tuple[int, ...] = ()
    known: RawWorkbook | None = None

    @property
    def suffix(self) -> str:
        return Path(self.name).suffix.lower()


def find_files(folder: Path, *, leave_out: Collection[Path] = ()) -> list[FoundFile]:
    """The files of a folder and its sub-folders that a person put there, in the order of their names.

    Lock files of Excel and LibreOffice, hidden files, links and what is or lies in `leave_out` are passed over.
    Raises `UserError` where there is no such folder, or no workbook, mail or archive in it.
    """
    if not folder.is_dir():
        raise UserError(f"Không có thư mục “{folder}”. Hãy chỉ thư mục chứa các tệp mà đơn vị đã gửi về.")
    try:
        paths = sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink())
    except OSError as error:
        raise UserError(f"Không đọc được thư mục “{folder}”: {error.strerror or error}.") from error
    skipped = {path.resolve() for path in leave_out} - {folder.resolve()}
    files = [
        FoundFile(p, printable(p.relative_to(folder).as_posix()))
        for p in paths
        if not is_passed_over(p.relative_to(folder).parts)
        and not any(p.resolve().is_relative_to(path) for path in skipped)
    ]
    if not any(f.suffix in WORKBOOK_SUFFIXES | CONTAINER_SUFFIXES for f in files):
        raise UserError(
            f"Thư mục “{folder}” không có bảng tính (.xlsx, .xls, .ods), thư (.eml) hay tệp nén (.zip) nào."
        )
    return files


def name_files(paths: Sequence[Path]) -> list[FoundFile]:
    """Single files, by their own names. Raises `UserError` for one that is not there."""
    for path in paths:
        if not path.is_file():
            raise UserError(f"Không có tệp “{path}”.")
    return [FoundFile(path, printable(path.name)) for path in paths]


def open_containers(files: Sequence[FoundFile], workers: int | None = None) -> list[FoundFile]:
    """The files, in the place of each mail or archive the workbooks in it; what cannot be opened is known as refused."""
    containers = [file for file in files if file.suffix in CONTAINER_SUFFIXES and not file.known]
    if not containers:
        return list(files)
    held = dict(zip(containers, _Reading(list_file, _keep_refused, containers, workers).results(), strict=True))
    return [member for file in files for member in held.get(file, [file])]


def open_workbooks(files: Sequence[FoundFile], workers: int | None = None) -> Iterator[RawWorkbook]:
    """Start reading at once, and give each file's raw cells in the order of `files`, which `open_containers` gives.

    What cannot be read comes as a `RawWorkbook` with a refusal, never as an exception.
    """
    return _Reading(read_file, _refused, files, workers).results()


def _refused(_file: FoundFile, refused: RawWorkbook) -> RawWorkbook:
    return refused


def _keep_refused(file: FoundFile, refused: RawWorkbook) -> list[FoundFile]:
    return [file._replace(known=refused)]


_Run = Callable[[FoundFile], T]


class _Worker:
    """A process that reads its files one after the other; `todo` are the places of those not yet received."""

    def __init__(self, run: _Run[Any], files: Sequence[FoundFile], todo: list[int]) -> None:
        self.todo = todo
        self.since = time.monotonic()
        self.connection, theirs = multiprocessing.Pipe(duplex=False)
        jobs = [(place, files[place]) for place in todo]
        self.process = multiprocessing.Process(target=_serve, args=(theirs, run, jobs), daemon=True)
        self.process.start()
        theirs.close()

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


class _Reading(Generic[T]):
    """Files dealt out to workers, which `run` something on each; the dead and the stuck are replaced.

    `give_up` makes a result of a file, refused, on which a worker died or took too long.
    """

    def __init__(
        self,
        run: _Run[T],
        give_up: Callable[[FoundFile, RawWorkbook], T],
        files: Sequence[FoundFile],
        workers: int | None,
    ) -> None:
        self._run = run
        self._refuse = give_up
        self._files = files
        count = min(len(files), workers or os.cpu_count() or 1)
        self._workers = [self._employ(list(range(first, len(files), count))) for first in range(count)]
        self._read: dict[int, T] = {}
        self._deaths: dict[int, int] = {}

    def _employ(self, todo: list[int]) -> _Worker:
        return _Worker(self._run, self._files, todo)

    def results(self) -> Iterator[T]:
        try:
            for place in range(len(self._files)):
                while place not in self._read:
                    self._receive()
                yield self._read.pop(place)
        finally:
            for worker in self._workers:
                worker.stop()

    def _receive(self) -> None:
        ready: list[Any] = wait([w.connection for w in self._workers], timeout=0.5)
        for worker in list(self._workers):
            if worker.connection in ready:
                try:
                    place, result = worker.connection.recv()
                except (EOFError, OSError):
                    self._bury(worker)
                    continue
                self._read[place] = result
                worker.todo.remove(place)
                worker.since = time.monotonic()
                if not worker.todo:
                    self._retire(worker)
            elif time.monotonic() - worker.since > SECONDS_A_FILE:
                self._give_up(worker, "time", f"đọc quá {SECONDS_A_FILE:.0f} giây không xong")

    def _bury(self, worker: _Worker) -> None:
        """A worker died, and results on their way died with it: its first file need not be the one that killed it.

        That file is read again by itself; only one that dies alone, twice, is blamed.
        """
        first, *rest = worker.todo
        if rest:
            self._retire(worker)
            self._workers += [self._employ([first]), self._employ(rest)]
            return
        self._deaths[first] = self._deaths.get(first, 0) + 1
        if self._deaths[first] > 1:
            self._give_up(worker, "crash", "tệp làm hỏng trình đọc")
        else:
            self._replace(worker)

    def _give_up(self, worker: _Worker, code: str, problem: str) -> None:
        place = worker.todo.pop(0)
        file = self._files[place]
        self._read[place] = self._refuse(file, _describe(file).refuse(code, problem))
        self._replace(worker)

    def _replace(self, worker: _Worker) -> None:
        self._retire(worker)
        if worker.todo:
            self._workers.append(self._employ(worker.todo))

    def _retire(self, worker: _Worker) -> None:
        worker.stop()
        self._workers.remove(worker)


def _serve(connection: Connection, run: _Run[Any], jobs: list[tuple[int, FoundFile]]) -> None:
    """A worker's life: `run` on every file; a thread sends, so that reading goes on while the parent is busy."""
    threading.Thread(target=_die_with_parent, daemon=True).start()
    _limit_memory()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # a parser that dies writes pages about it on the user's terminal
    results: queue.SimpleQueue[tuple[int, Any] | None] = queue.SimpleQueue()
    sender = threading.Thread(target=_send, args=(connection, results), daemon=True)
    sender.start()
    for place, file in jobs:
        results.put((place, run(file)))
    results.put(None)
    sender.join()


def _die_with_parent() -> None:
    """A killed parent leaves no worker behind, waiting for ever to send what nobody receives."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _send(connection: Connection, results: queue.SimpleQueue[tuple[int, Any] | None]) -> None:
    with suppress(OSError):  # the parent has gone
        while (result := results.get()) is not None:
            connection.send(result)


def read_file(file: FoundFile) -> RawWorkbook:
    """Read one file in this process, or one workbook in a mail or archive."""
    source = _describe(file)
    if source.refusal:
        return source
    try:
        data = _read_bytes(file.path, MAX_CONTAINER if file.place else MAX_FILE)
        if file.place:
            data = read_member(data, file.path.suffix.lower(), file.place)
    except RefusedError as refused:
        return source.refuse(refused.code, refused.problem, refused.advice or RESEND)
    return parse_workbook(_weigh(source, data), data, file.suffix)


def list_file(file: FoundFile) -> list[FoundFile]:
    """Open one mail or archive in this process: the workbooks in it, and what in it cannot be opened."""
    source = _describe(file)
    try:
        data = _read_bytes(file.path, MAX_CONTAINER)
        source = _weigh(source, data)
        members = list_members(data, file.suffix, source.modified)
    except RefusedError as refused:
        return _keep_refused(file, source.refuse(refused.code, refused.problem, refused.advice or RESEND))
    return [_find_member(file, source, member) for member in members]


def _find_member(file: FoundFile, container: RawWorkbook, member: Member) -> FoundFile:
    name = f"{file.name}/{member.name}" if member.name else file.name
    known = replace(container, file=name, modified=member.moment, sender=member.sender, beside=member.beside)
    if member.name:
        known = replace(known, size=member.size, sha256="")
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
        raise RefusedError("unreadable", f"không mở được tệp ({error.strerror or error})", advice) from error


def _weigh(source: RawWorkbook, data: bytes) -> RawWorkbook:
    return replace(source, size=len(data), sha256=hashlib.sha256(data).hexdigest())


def _describe(file: FoundFile) -> RawWorkbook:
    """A file by its size and time, or by what is known of it; the earliest time where it has vanished."""
    if file.known:
        return file.known
    try:
        status = file.path.stat()
    except OSError:
        return RawWorkbook(file.name, 0, "", datetime.min)
    return RawWorkbook(file.name, status.st_size, "", datetime.fromtimestamp(status.st_mtime))


def _limit_memory() -> None:
    """A limit on what the worker may take on top of what it has, where the system knows one."""
    if sys.platform != "linux":
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + BYTES_A_WORKER
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
