"""Jobs dealt out to worker processes that may die, hang or run out of memory without harm to the others.

A job is blamed only for what it costs itself: processor time, memory, the life of its worker. A worker that gets nowhere
without computing (a busy machine, a slow disk, a laptop asleep) is waited for, and its job tried once more alone.
Works where processes are forked as well as where they are spawned.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Generic, TypeVar

from dhtt_excel.inbox.guard_package import MIB
from dhtt_excel.inbox.wire import LONGEST, StrangeMessageError, pack, unpack_message

SECONDS_A_JOB = 20.0  # of processor time
SECONDS_WITHOUT_PROGRESS = 60.0  # in which a worker may have no processor time at all
SECONDS_ALONE = 600.0  # the same for a job that is tried once more
BYTES_A_WORKER = 1024 * MIB

_POLL = 0.5  # seconds; a machine that was asleep in between has cost a worker no more than this
_IDLE = 0.01  # seconds of processor time that are no progress
_STARTING = threading.Lock()  # a process forked by another thread would keep our pipe open beyond its end

Job = TypeVar("Job")
Done = TypeVar("Done")
_Arrived = queue.SimpleQueue[tuple["_Worker[Any]", bytes | None]]


def deal_jobs(
    run: Callable[[Job], Done],
    give_up: Callable[[Job, str, str], Done],
    jobs: Sequence[Job],
    workers: int | None = None,
    context: BaseContext | None = None,
) -> Iterator[Done]:
    """Start at once, and give what `run` makes of each job, in their order. `context`: how processes are started.

    `give_up` makes a result of a job that cannot be done, from a code ("time", "stalled", "crash") and what is wrong in
    words.
    """
    return _Crew(run, give_up, jobs, workers, context or multiprocessing.get_context()).results()


class _Worker(Generic[Job]):
    """A process that does its jobs one after the other; `todo` are the places of those not yet received.

    `alone`: it does a job that has failed once.
    """

    def __init__(
        self,
        run: Callable[[Job], Any],
        jobs: Sequence[Job],
        todo: list[int],
        arrived: _Arrived,
        context: BaseContext,
        *,
        alone: bool,
    ) -> None:
        self.todo = todo
        self.alone = alone
        given = [(place, jobs[place]) for place in todo]
        with _STARTING:
            self.connection, theirs = multiprocessing.Pipe(duplex=False)
            self.process: BaseProcess = context.Process(target=_serve, args=(theirs, run, given), daemon=True)  # type: ignore[attr-defined]
            self.process.start()
            theirs.close()
        threading.Thread(target=self._listen, args=(arrived,), daemon=True).start()
        self._begun_at = 0.0  # processor time of the worker when it began its present job
        self._busy_at = 0.0  # processor time when it was last seen to have some more
        self._silent = self._idle = 0.0  # seconds that we have seen pass

    def _listen(self, arrived: _Arrived) -> None:
        """Pass on what it sends, and None at its end: half a message keeps nobody waiting but this thread.

        Only who reads it closes the connection: its number may be that of another worker's the moment after.
        """
        with self.connection, suppress(EOFError, OSError):
            while True:
                arrived.put((self, self.connection.recv_bytes(LONGEST)))
        arrived.put((self, None))

    def receive(self, message: bytes | None) -> tuple[int, Any]:
        """The result in a message. Raises `StrangeMessageError` where it is none, or the worker has died."""
        if message is None:
            raise StrangeMessageError("it has ended")
        match unpack_message(message):
            case (int() as place, done, float() as begun_at) if place in self.todo:
                self._begun_at = begun_at
                self._silent = self._idle = 0.0
                self.todo.remove(place)
                return place, done
        raise StrangeMessageError("no result of a job of its own")

    def watch(self, seconds: float) -> str:
        """What its present job is to be blamed for, now that so many seconds more have passed in silence; "" if nothing."""
        self._silent += seconds
        if self._silent <= SECONDS_A_JOB:
            return ""
        used = self._processor_time()
        if used - self._begun_at > SECONDS_A_JOB:
            return "time"
        self._idle = self._idle + seconds if used - self._busy_at < _IDLE else 0.0
        if not self._idle:
            self._busy_at = used
        patience = SECONDS_ALONE if self.alone else SECONDS_WITHOUT_PROGRESS
        return "stalled" if self._idle > patience else ""

    def _processor_time(self) -> float:
        import psutil  # only for a worker that has long been silent

        try:
            times = psutil.Process(self.process.pid).cpu_times()
        except psutil.Error:  # it has just ended: its connection will say so
            return self._busy_at
        return float(times.user + times.system)

    def stop(self) -> None:
        """Kill it. Its connection so comes to its end, and is closed."""
        self.process.kill()
        self.process.join()


class _Crew(Generic[Job, Done]):
    """The workers of one round of jobs; the dead and the stuck are replaced."""

    def __init__(
        self,
        run: Callable[[Job], Done],
        give_up: Callable[[Job, str, str], Done],
        jobs: Sequence[Job],
        workers: int | None,
        context: BaseContext,
    ) -> None:
        self._run = run
        self._context = context
        self._refuse = give_up
        self._jobs = jobs
        self._arrived: _Arrived = queue.SimpleQueue()
        self._done: dict[int, Done] = {}
        self._failures: dict[int, int] = {}
        count = min(len(jobs), workers or os.cpu_count() or 1)
        self._workers = [self._employ(list(range(first, len(jobs), count))) for first in range(count)]

    def _employ(self, todo: list[int], *, alone: bool = False) -> _Worker[Job]:
        return _Worker(self._run, self._jobs, todo, self._arrived, self._context, alone=alone)

    def results(self) -> Iterator[Done]:
        try:
            for place in range(len(self._jobs)):
                while place not in self._done:
                    self._receive()
                yield self._done.pop(place)
        finally:
            for worker in self._workers:
                worker.stop()

    def _receive(self) -> None:
        began = time.monotonic()
        sender, message = self._wait_for_message()
        waited = min(time.monotonic() - began, _POLL)
        for worker in list(self._workers):
            if worker is not sender and (fault := worker.watch(waited)):
                self._blame(worker, fault)
        if sender not in self._workers:  # nobody has sent anything, or one that is no longer listened to
            return
        try:
            place, done = sender.receive(message)
        except StrangeMessageError:
            self._blame(sender, "crash")
            return
        self._done[place] = done
        if not sender.todo:
            self._retire(sender)

    def _wait_for_message(self) -> tuple[Any, bytes | None]:
        try:
            return self._arrived.get(timeout=_POLL)
        except queue.Empty:
            return None, None

    def _blame(self, worker: _Worker[Job], fault: str) -> None:
        """A worker failed: its first job is done again alone, and given up where it fails so, too.

        Only processor time is certain to be that job's own. Results on their way die with a worker, so that it need not
        be the one that killed it: a job is blamed for a crash when it has died alone, twice.
        """
        first, *rest = worker.todo
        self._retire(worker)
        if rest:
            self._workers.append(self._employ(rest))
        else:
            self._failures[first] = self._failures.get(first, 0) + 1
        if fault == "time" or (fault == "stalled" and worker.alone) or self._failures.get(first, 0) > 1:
            self._done[first] = self._refuse(self._jobs[first], fault, _say(fault))
        else:
            self._workers.append(self._employ([first], alone=True))

    def _retire(self, worker: _Worker[Job]) -> None:
        worker.stop()
        self._workers.remove(worker)


def _say(fault: str) -> str:
    """A fault in words, in a sentence about a file."""
    return {
        "time": f"đọc quá {SECONDS_A_JOB:.0f} giây không xong",
        "stalled": f"chờ {SECONDS_ALONE / 60:.0f} phút mà ổ đĩa hoặc máy không cho đọc tiếp",
        "crash": "tệp làm hỏng trình đọc",
    }[fault]


def _serve(connection: Connection, run: Callable[[Job], Any], jobs: list[tuple[int, Job]]) -> None:
    """A worker's life: `run` on every job; a thread sends, so that it goes on while the parent is busy."""
    die_with_parent_in_background()
    _limit_memory()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # a parser that dies writes pages about it on the user's terminal
    results: queue.SimpleQueue[tuple[int, Any, float] | None] = queue.SimpleQueue()
    sender = threading.Thread(target=_send, args=(connection, results), daemon=True)
    sender.start()
    for place, job in jobs:
        done = run(job)
        results.put((place, done, time.process_time()))
    results.put(None)
    sender.join()


def die_with_parent_in_background() -> None:
    """See that a killed parent leaves no process behind, waiting for ever to send what nobody receives."""
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _die_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _send(connection: Connection, results: queue.SimpleQueue[tuple[int, Any, float] | None]) -> None:
    with suppress(OSError):  # the parent has gone
        while (result := results.get()) is not None:
            connection.send_bytes(pack(result))


def _limit_memory() -> None:
    """A limit on what the worker may take on top of what it has, where the system knows one."""
    if sys.platform != "linux":
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + BYTES_A_WORKER
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
