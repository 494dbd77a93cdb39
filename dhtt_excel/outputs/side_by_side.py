"""Outputs that do not wait for each other: made by processes beside each other, where there are cores for it."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from multiprocessing.queues import SimpleQueue
from traceback import format_exc
from typing import Any, Generic, TypeVar

from dhtt_excel.inbox.workers import die_with_parent_in_background

Key = TypeVar("Key")
Made = TypeVar("Made")


def is_cheap_to_start() -> bool:
    """Whether a process begins with all that this one knows, without having it sent and loaded again."""
    return multiprocessing.get_start_method() == "fork"


def make_side_by_side(
    make: Callable[[Key], Made], keys: Sequence[Key], processes: int | None = None
) -> Iterator[tuple[Key, Made]]:
    """Each key and what `make` makes of it, as they become ready; the longest work should come first in `keys`.

    With one process (default: as many as there are cores) all is made here, in order. What `make` raises is raised.
    """
    count = min(len(keys), processes or os.cpu_count() or 1)
    if count > 1:
        yield from _Shift(make, keys, count).results()
    else:
        yield from ((key, make(key)) for key in keys)


class _Shift(Generic[Key, Made]):
    """Processes that take one key after the other until none is left."""

    def __init__(self, make: Callable[[Key], Made], keys: Sequence[Key], count: int) -> None:
        self._left = len(keys)
        self._todo: SimpleQueue[Any] = multiprocessing.SimpleQueue()
        self._processes: dict[Connection, BaseProcess] = {}
        for _ in range(count):
            ours, theirs = multiprocessing.Pipe(duplex=False)
            process = multiprocessing.Process(target=_work, args=(make, self._todo, theirs), daemon=True)
            process.start()
            theirs.close()
            self._processes[ours] = process
        for key in [*keys, *[None] * count]:
            self._todo.put(key)

    def results(self) -> Iterator[tuple[Key, Made]]:
        try:
            while self._left:
                for connection in wait(list(self._processes)):
                    yield from self._receive(connection)  # type: ignore[arg-type]
        finally:  # also where something was raised or the user interrupts
            for connection, process in self._processes.items():
                process.kill()
                process.join()
                connection.close()

    def _receive(self, connection: Connection) -> Iterator[tuple[Key, Made]]:
        try:
            key, made, error = connection.recv()
        except EOFError:
            process = self._processes.pop(connection)
            process.join()
            if process.exitcode or not self._processes:
                raise RuntimeError(f"a process that made outputs ended with {process.exitcode}") from None
            return
        if error:
            raise error
        self._left -= 1
        yield key, made


def _work(make: Callable[[Key], Made], todo: SimpleQueue[Key | None], connection: Connection) -> None:
    die_with_parent_in_background()
    gc.disable()  # see `collector`; a process that did not begin as a copy has it on
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted, too, and ends us
    while (key := todo.get()) is not None:
        try:
            connection.send((key, make(key), None))
        except Exception as error:
            error.add_note(format_exc())
            connection.send((key, None, error))
