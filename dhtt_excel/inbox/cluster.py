"""Files dealt out to the machines of a dask cluster: what comes back is what the workers of this computer would have made.

The bytes travel, a few files a task; the machines need none of our folders. There each task is done by an isolated worker
of `workers` as here, so that no file harms a machine. What a machine does not do (it died too often, it is another
version, it gave up on a file) is done here, and so is all the rest once the cluster is lost.
"""

from __future__ import annotations

import hashlib
import logging
import multiprocessing
import pickle
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

import dhtt_excel
from dhtt_excel import PACKAGE, installed_version
from dhtt_excel.errors import UserError
from dhtt_excel.form.form import FORM_VERSION
from dhtt_excel.inbox.find_files import FoundFile
from dhtt_excel.inbox.guard_package import MIB
from dhtt_excel.inbox.open_workbooks import load_file
from dhtt_excel.inbox.raw import RawWorkbook
from dhtt_excel.inbox.wire import StrangeMessageError, pack, unpack_message
from dhtt_excel.inbox.workers import deal_jobs

if TYPE_CHECKING:
    from distributed import Client, Future

SECONDS_TO_CONNECT = 10
SECONDS_WITHOUT_MACHINES = 60.0
SECONDS_WITHOUT_RESULT = 900.0  # more than a worker gives its files

_MOST_FILES, _LEAST_FILES = 16, 4  # a task: each takes a worker of its own, but no machine is to wait long for the last
_BYTES_A_TASK = 8 * MIB  # but at least one file
_BYTES_ON_THE_WAY = 64 * MIB
_TASKS_A_THREAD = 3  # on the way at once, so that none waits for its next
_POLL = 0.5
_LENGTH, _LONGEST_GREETING = 8, MIB  # bytes: of the number with which dask begins a message; of the first of these

_NEEDED = ("distributed", "dask")  # the extra `cluster`
_FAILED = b""  # in place of a message: it is to be done on the computer that asked

Done = TypeVar("Done")
_Run = Callable[[FoundFile], Done]
_GiveUp = Callable[[FoundFile, str, str], Done]
_Here = Callable[[Sequence[FoundFile]], Iterator[Done]]
Stamp = dict[str, str]
Stamps = Mapping[str, Any]  # of the scheduler and each machine by its address; the exception that it answers with


def deal_to_cluster(
    address: str,
    run: _Run[Done],
    give_up: _GiveUp[Done],
    files: Sequence[FoundFile],
    workers: int | None,
    tell: Callable[[str], None],
) -> Iterator[Done]:
    """Start at once, and give what `run` makes of each file, in their order, as `deal_jobs` does.

    Raises `UserError` where the cluster at `address` ("host:port") cannot be reached or is not of this very version.
    """

    def here(files: Sequence[FoundFile]) -> Iterator[Done]:
        return deal_jobs(run, give_up, files, workers)

    return _Dealing(_Cluster(address), run, here, files).results(tell)


# ---------------------------------------------------------------- on this computer


class _Parcel(NamedTuple):
    """A file as it travels."""

    name: str
    source: RawWorkbook
    data: bytes


class _Task(NamedTuple):
    """Files that were sent together, each True that is on the way; the others are for this computer to read."""

    files: list[tuple[FoundFile, bool]]
    size: int
    future: Future[Any]
    ended: threading.Event


class _LostError(Exception):
    """The cluster is no longer there."""


class _Cluster:
    """A connection to a scheduler all of whose machines have shown that they are as this computer is."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._client = _connect(address)
        try:
            _compare(address, self._ask_all())
            self.threads = self._count_threads()
        except BaseException:
            self.close()
            raise

    def _ask_all(self) -> Stamps:
        try:
            scheduler: Any = self._client.run_on_scheduler(read_stamp)
        except Exception as error:  # whatever it lacks
            scheduler = error
        return {f"tcp://{self._address}": scheduler, **self._client.run(read_stamp, on_error="return")}

    def _count_threads(self) -> int:
        return sum(self._client.nthreads().values())

    def keep(self, data: bytes) -> Future[Any]:
        """Send once what every task needs; it is made anew on another machine where one dies with it."""
        return self._client.submit(bytes, data, pure=False)

    def send(self, run: Future[Any], loaded: list[tuple[FoundFile, _Parcel | None]]) -> _Task:
        """Have files read, without those that could not be loaded. Raises `_LostError`."""
        if self._client.status != "running":
            raise _LostError
        data, ended = pack([parcel for _, parcel in loaded if parcel]), threading.Event()
        try:
            future = self._client.submit(read_parcels, run, read_stamp(), data, pure=False)
        except Exception as error:  # what was kept has gone with the connection
            raise _LostError from error
        future.add_done_callback(lambda _: ended.set())  # however it ends
        return _Task([(file, parcel is not None) for file, parcel in loaded], len(data), future, ended)

    def receive(self, task: _Task) -> list[bytes]:
        """The messages of a task. Raises `_LostError`; any other exception is the task's own."""
        silent = 0.0
        while not task.ended.is_set():
            began = time.monotonic()
            task.ended.wait(_POLL)
            silent += min(time.monotonic() - began, _POLL)
            if silent > SECONDS_WITHOUT_RESULT or (silent > SECONDS_WITHOUT_MACHINES and self._is_empty()):
                raise _LostError
        try:
            messages = unpack_message(task.future.result())
        except Exception as error:
            if task.future.cancelled() or self._client.status != "running":
                raise _LostError from error
            raise
        if not isinstance(messages, list) or len(messages) != sum(is_sent for _, is_sent in task.files):
            raise StrangeMessageError("not a message for each file")
        return messages

    def _is_empty(self) -> bool:
        """Whether nobody is there any more to do a task."""
        try:
            return not self._count_threads()
        except OSError:
            return True

    def close(self) -> None:
        self._client.close()


class _Dealing(Generic[Done]):
    """One round of files, of which few are in memory at once; `here` reads on this computer."""

    def __init__(self, cluster: _Cluster, run: _Run[Done], here: _Here[Done], files: Sequence[FoundFile]) -> None:
        self._cluster = cluster
        self._here = here
        self._files = files
        self._next = 0
        self._sent: deque[_Task] = deque()
        self._told = False
        self._run = cluster.keep(pack(run))
        with suppress(_LostError):
            self._send()

    def results(self, tell: Callable[[str], None]) -> Iterator[Done]:
        with closing(self._cluster):
            try:
                while self._send():
                    yield from self._take(self._receive(tell))
                return
            except _LostError:
                tell("Mất kết nối với cụm dask: các tệp còn lại được đọc trên máy này.")
        yield from self._here([*(file for task in self._sent for file, _ in task.files), *self._files[self._next :]])

    def _send(self) -> bool:
        """As many files as there is room for; whether any are on the way. Raises `_LostError`."""
        while self._next < len(self._files) and self._has_room():
            loaded = _load(self._files[self._next : self._next + self._count_next()])
            self._sent.append(self._cluster.send(self._run, loaded))
            self._next += len(loaded)
        return bool(self._sent)

    def _count_next(self) -> int:
        """How many files the next task takes: the fewer are left, the fewer, so that all machines end together."""
        fair = (len(self._files) - self._next) // (2 * self._cluster.threads)
        return max(_LEAST_FILES, min(_MOST_FILES, fair))

    def _has_room(self) -> bool:
        sent = len(self._sent)
        return sent < _TASKS_A_THREAD * self._cluster.threads and sum(t.size for t in self._sent) < _BYTES_ON_THE_WAY

    def _receive(self, tell: Callable[[str], None]) -> list[tuple[FoundFile, bytes]]:
        """The message of each file of the oldest task. Raises `_LostError`."""
        task = self._sent[0]
        messages: Iterator[bytes] = repeat(_FAILED)
        try:
            messages = iter(self._cluster.receive(task))
        except _LostError:
            raise
        except Exception:  # one machine after the other died of it, or a new one is of another version
            if not self._told:
                tell("Có tệp mà cụm dask không đọc xong: tệp đó được đọc trên máy này.")
            self._told = True
        self._sent.popleft()
        return [(file, next(messages) if is_sent else _FAILED) for file, is_sent in task.files]

    def _take(self, messages: list[tuple[FoundFile, bytes]]) -> Iterator[Done]:
        done = [(file, _unpack(message)) for file, message in messages]
        again = self._here([file for file, record in done if record is None])
        for _, record in done:
            yield next(again) if record is None else record


def _load(files: Sequence[FoundFile]) -> list[tuple[FoundFile, _Parcel | None]]:
    """The first files, not more than a task takes. What has to be unpacked is so by a worker, and is None where that fails."""
    unpacked = iter(list(deal_jobs(_load_one, _leave, [file for file in files if file.place], 1)))
    loaded: list[tuple[FoundFile, _Parcel | None]] = []
    size = 0
    for file in files:
        parcel = next(unpacked) if file.place else _load_one(file)
        size += len(parcel.data) if parcel else 0
        if loaded and size > _BYTES_A_TASK:
            break
        loaded.append((file, parcel))
    return loaded


def _load_one(file: FoundFile) -> _Parcel | None:
    return _Parcel(file.name, *load_file(file))


def _leave(*_: object) -> None:
    """A file on which a worker failed is left to the computer that asked."""


def _unpack(message: bytes) -> Any:
    """The record in a message; None where there is none."""
    try:
        return unpack_message(message) if message else None
    except StrangeMessageError:
        return None


def _connect(address: str) -> Client:
    if any(find_spec(name) is None for name in _NEEDED):
        raise UserError(
            'Chưa cài phần đọc trên nhiều máy. Hãy cài bằng lệnh: pip install -c constraints.txt ".[cluster]"; '
            "hoặc bỏ --engine để đọc trên máy này."
        )
    import dask
    from distributed import Client

    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})  # ours are large: the bytes travel
    for name in ("distributed", "distributed.client"):  # what people should know we tell ourselves
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        _knock(address)
        return Client(f"tcp://{address}", timeout=SECONDS_TO_CONNECT, set_as_default=False)
    except Exception as error:  # also whatever another version or another program answers
        raise UserError(
            f"Không nối được tới cụm dask ở “{address}”. Hãy xem địa chỉ và máy chạy dask scheduler, hoặc bỏ --engine để đọc "
            "trên máy này."
        ) from error


def _knock(address: str) -> None:
    """Raises `OSError` unless who is there greets as a scheduler does, first saying in how many bytes: for others dask waits for good."""
    host, _, port = address.rpartition(":")
    line = socket.create_connection((host.strip("[]"), int(port)), SECONDS_TO_CONNECT)
    with line, line.makefile("rb") as heard:
        said = heard.read(_LENGTH)
    if len(said) < _LENGTH or int.from_bytes(said, "little") > _LONGEST_GREETING:
        raise OSError("no scheduler")


def _compare(address: str, stamps: Stamps) -> None:
    """Raises `UserError` unless all machines are as this one, and there are some."""
    if len(stamps) == 1:
        raise UserError(
            f"Cụm dask ở “{address}” chưa có máy nào để đọc. Hãy chạy dask worker trên các máy rồi chạy lại."
        )
    own = read_stamp()
    for place, stamp in stamps.items():
        if isinstance(stamp, Exception):
            raise UserError(
                f"Máy “{place}” của cụm dask không chạy được chương trình này ({type(stamp).__name__}). Hãy cài trên máy đó "
                "dhtt cùng phiên bản với máy này."
            )
        if stamp != own:
            raise UserError(
                f"Máy “{place}” của cụm dask khác máy này: {_tell_apart(stamp, own)}. Hãy cài cho giống nhau."
            )


def _tell_apart(theirs: Any, own: Stamp) -> str:
    theirs = theirs if isinstance(theirs, dict) else {}
    differ = [name for name in own if theirs.get(name) != own[name]]
    return "; ".join(f"{name} {theirs.get(name) or 'không có'}, ở đây {own[name] or 'không có'}" for name in differ)


# ---------------------------------------------------------------- on the machines


@cache
def read_stamp() -> Stamp:
    """What has to be equal for equal results: our program to the letter, and whatever reads and sends."""
    home = Path(dhtt_excel.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(p for p in home.rglob("*") if p.suffix in {".py", ".toml"}):
        text = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.relative_to(home).as_posix()} {len(text)}\n".encode() + text)
    return {
        PACKAGE: installed_version(),
        "biểu mẫu": str(FORM_VERSION),
        "mã chương trình": digest.hexdigest()[:12],
        "Python": f"{sys.version_info.major}.{sys.version_info.minor}",
        **{name: installed_version(name) for name in ("python-calamine", "openpyxl", "msgspec", "distributed")},
    }


def read_parcels(run: bytes, stamp: Stamp, parcels: bytes) -> bytes:
    """A task: the messages of these files. Raises `RuntimeError` on a machine of another version."""
    if stamp != read_stamp():
        raise RuntimeError(_tell_apart(read_stamp(), stamp))
    multiprocessing.current_process().daemon = False  # so that it may have a worker; one that dies with it
    sent = [_Parcel(*parcel) for parcel in unpack_message(parcels)]
    files = [FoundFile(Path(name), name, known=source, data=data) for name, source, data in sent]
    # A nanny's worker would spawn, as Windows does: a few tenths of a second each time.
    context = multiprocessing.get_context("fork" if "fork" in multiprocessing.get_all_start_methods() else None)
    return pack(list(deal_jobs(_Packing(_find_run(run)), _give_up, files, 1, context)))


@lru_cache(maxsize=2)
def _find_run(run: bytes) -> _Run[Any]:
    found: _Run[Any] = pickle.loads(run)  # noqa: S301  from the computer that asked, as all that dask runs
    return found


@dataclass(frozen=True)
class _Packing:
    """Makes a message of what `run` makes, so that it is unpacked once and by whom it is for."""

    run: _Run[Any]

    def __call__(self, file: FoundFile) -> bytes:
        return pack(self.run(file))


def _give_up(*_: object) -> bytes:
    return _FAILED
