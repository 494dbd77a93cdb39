"""A folder of returned files ─► raw cells, each file read in a worker process that may die without harm.

The parent never parses an untrusted file: it hands paths to a few workers, waits, and kills the one that takes too
long. A file that kills its worker, or runs out of time or memory, gives one refusal; the others go on.
Works where processes are forked as well as where they are spawned.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import queue
import sys
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, NamedTuple

from dhtt_excel.findings import UserError
from dhtt_excel.guard_package import MAX_FILE, MIB
from dhtt_excel.parse_workbook import RESEND, WORKBOOK_SUFFIXES, RawWorkbook, parse_workbook

SECONDS_A_FILE = 20.0
BYTES_A_WORKER = 1024 * MIB
_OFFICE_LOCKS = ("~$", ".~lock")


class FoundFile(NamedTuple):
    """A file to read and the name that people know it by: its path inside the folder, with "/"."""

    path: Path
    name: str


def find_files(folder: Path, *, leave_out: Collection[Path] = ()) -> list[FoundFile]:
    """The files of a folder and its sub-folders that a person put there, in the order of their names.

    Lock files of Excel and LibreOffice, hidden files, links and what is or lies in `leave_out` are passed over.
    Raises `UserError` where there is no such folder or no workbook in it.
    """
    if not folder.is_dir():
        raise UserError(f"Không có thư mục “{folder}”. Hãy chỉ thư mục chứa các tệp mà đơn vị đã gửi về.")
    try:
        paths = sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink())
    except OSError as error:
        raise UserError(f"Không đọc được thư mục “{folder}”: {error.strerror or error}.") from error
    skipped = {path.resolve() for path in leave_out} - {folder.resolve()}
    files = [
        FoundFile(p, _printable(p.relative_to(folder).as_posix()))
        for p in paths
        if not any(part.startswith((".", *_OFFICE_LOCKS)) for part in p.relative_to(folder).parts)
        and not any(p.resolve().is_relative_to(path) for path in skipped)
    ]
    if not any(f.path.suffix.lower() in WORKBOOK_SUFFIXES for f in files):
        raise UserError(f"Thư mục “{folder}” không có bảng tính nào (.xlsx, .xls, .ods).")
    return files


def name_files(paths: Sequence[Path]) -> list[FoundFile]:
    """Single files, by their own names. Raises `UserError` for one that is not there."""
    for path in paths:
        if not path.is_file():
            raise UserError(f"Không có tệp “{path}”.")
    return [FoundFile(path, _printable(path.name)) for path in paths]


def _printable(name: str) -> str:
    """A name in one line, without control characters or bytes that are no text."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in name.encode("utf-8", "replace").decode())


def open_workbooks(files: Sequence[FoundFile], workers: int | None = None) -> Iterator[RawWorkbook]:
    """Start reading at once, and give each file's raw cells in the order of `files`.

    What cannot be read comes as a `RawWorkbook` with a refusal, never as an exception.
    """
    reading = _Reading(files, min(len(files), workers or os.cpu_count() or 1))
    reading.start()
    return reading.results()


class _Worker:
    """A process that reads its files one after the other; `todo` are the places of those not yet received."""

    def __init__(self, files: Sequence[FoundFile], todo: list[int]) -> None:
        self.todo = todo
        self.since = time.monotonic()
        self.connection, theirs = multiprocessing.Pipe(duplex=False)
        jobs = [(place, files[place]) for place in todo]
        self.process = multiprocessing.Process(target=_serve, args=(theirs, jobs), daemon=True)
        self.process.start()
        theirs.close()

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


class _Reading:
    """Files dealt out to workers; the dead and the stuck are replaced."""

    def __init__(self, files: Sequence[FoundFile], workers: int) -> None:
        self._files = files
        self._shares = [list(range(first, len(files), workers)) for first in range(workers)]
        self._workers: list[_Worker] = []
        self._read: dict[int, RawWorkbook] = {}
        self._deaths: dict[int, int] = {}

    def start(self) -> None:
        self._workers = [_Worker(self._files, share) for share in self._shares if share]

    def results(self) -> Iterator[RawWorkbook]:
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
                    place, workbook = worker.connection.recv()
                except (EOFError, OSError):
                    self._bury(worker)
                    continue
                self._read[place] = workbook
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
            self._workers += [_Worker(self._files, [first]), _Worker(self._files, rest)]
            return
        self._deaths[first] = self._deaths.get(first, 0) + 1
        if self._deaths[first] > 1:
            self._give_up(worker, "crash", "tệp làm hỏng trình đọc")
        else:
            self._replace(worker)

    def _give_up(self, worker: _Worker, code: str, problem: str) -> None:
        place = worker.todo.pop(0)
        self._read[place] = _describe(self._files[place]).refuse(code, problem)
        self._replace(worker)

    def _replace(self, worker: _Worker) -> None:
        self._retire(worker)
        if worker.todo:
            self._workers.append(_Worker(self._files, worker.todo))

    def _retire(self, worker: _Worker) -> None:
        worker.stop()
        self._workers.remove(worker)


def _serve(connection: Connection, jobs: list[tuple[int, FoundFile]]) -> None:
    """A worker's life: read every file; a thread sends, so that reading goes on while the parent is busy."""
    threading.Thread(target=_die_with_parent, daemon=True).start()
    _limit_memory()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # a parser that dies writes pages about it on the user's terminal
    results: queue.SimpleQueue[tuple[int, RawWorkbook] | None] = queue.SimpleQueue()
    sender = threading.Thread(target=_send, args=(connection, results), daemon=True)
    sender.start()
    for place, file in jobs:
        results.put((place, read_file(file)))
    results.put(None)
    sender.join()


def _die_with_parent() -> None:
    """A killed parent leaves no worker behind, waiting for ever to send what nobody receives."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _send(connection: Connection, results: queue.SimpleQueue[tuple[int, RawWorkbook] | None]) -> None:
    with suppress(OSError):  # the parent has gone
        while (result := results.get()) is not None:
            connection.send(result)


def read_file(file: FoundFile) -> RawWorkbook:
    """Read one file in this process."""
    source = _describe(file)
    try:
        if source.size > MAX_FILE:
            return source.refuse("size", f"tệp lớn hơn {MAX_FILE // MIB} MB", RESEND)
        data = file.path.read_bytes()
    except OSError as error:
        advice = "Đóng tệp nếu đang mở, kiểm tra quyền đọc rồi chạy lại."
        return source.refuse("unreadable", f"không mở được tệp ({error.strerror or error})", advice)
    source = RawWorkbook(source.file, len(data), hashlib.sha256(data).hexdigest(), source.modified)
    return parse_workbook(source, data, file.path.suffix.lower())


def _describe(file: FoundFile) -> RawWorkbook:
    """A file by its size and time; the earliest time where it has vanished."""
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
