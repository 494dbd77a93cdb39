"""A process of its own for all that takes long: it does one errand after the other, and can be cut short.

Whatever happens in it, the pages go on. It may itself have workers, which end with it.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from traceback import format_exc
from typing import Any

from dhtt_excel.errors import UserError, name_os_error
from dhtt_excel.inbox.workers import die_with_parent_in_background
from dhtt_excel.outputs.write_outputs import Watch

PATIENCE = 8.0  # seconds in which an errand may end by itself when it is cut short

Errand = Callable[..., Any]
"""A function of a module, called with a `Watch` before its arguments."""


class CutShortError(Exception):
    """The errand was cut short, as somebody wished."""


class FaultError(Exception):
    """A fault of the program, with its trace."""


class _Cut(BaseException):
    """Ends an errand from within; no code that goes on after exceptions goes on after this one."""


class Desk:
    """Errands are done one at a time, whoever asks."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._idle = threading.Event()
        self._idle.set()
        self._number = 0
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self._killed = self._closed = False

    def open(self) -> None:
        """Start the process, so that it is ready when it is needed."""
        with self._turn, suppress(CutShortError):
            self._connect()

    def do(self, errand: Errand, *args: Any, watch: Watch = lambda *_: None) -> Any:
        """What the errand gives. Raises `UserError`, `CutShortError` and `FaultError`."""
        with self._turn:
            connection = self._connect()
            self._number += 1
            self._killed = False
            self._idle.clear()
            try:
                connection.send((self._number, errand, args))
                return _receive(connection, watch)
            except (EOFError, OSError) as error:
                self._discard()
                if self._killed:
                    raise CutShortError from None
                raise FaultError("the process ended before its errand was done") from error
            finally:
                self._idle.set()

    def cut_short(self) -> None:
        """Have the present errand end where it next tells its progress, or kill its process where that takes too long."""
        process, connection, number = self._process, self._connection, self._number
        if self._idle.is_set() or process is None or connection is None:
            return
        with suppress(OSError):
            connection.send((number, None, ()))
        if not self._idle.wait(PATIENCE) and number == self._number:
            self._killed = True
            process.kill()

    def close(self) -> None:
        """End the process: the errand under way is cut short, and none is begun any more."""
        self._closed = True
        self.cut_short()
        if self._process:
            self._killed = True
            self._process.kill()
        with self._turn:
            self._discard()

    def _connect(self) -> Connection:
        if self._closed:
            raise CutShortError
        if self._connection is None or self._process is None or not self._process.is_alive():
            self._discard()
            context = multiprocessing.get_context("spawn")  # nothing of a server with its threads is in it
            self._connection, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs,))
            self._process.start()
            theirs.close()
        return self._connection

    def _discard(self) -> None:
        if self._process:
            self._process.kill()
            self._process.join()
        if self._connection:
            self._connection.close()
        self._process = self._connection = None


def _receive(connection: Connection, watch: Watch) -> Any:
    while True:
        match connection.recv():
            case "step", str() as step, int() as total:
                watch(step, total)
            case "done", made:
                return made
            case "told", str() as words:
                raise UserError(words)
            case "cut", _:
                raise CutShortError
            case _, trace:
                raise FaultError(trace)


def _serve(connection: Connection) -> None:
    """The life of the process: it ends when nobody is there any more to send it anywhere."""
    die_with_parent_in_background()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server is interrupted, too, and ends us
    import_module("dhtt_excel.window.errands")
    import_module("pandas")
    with suppress(EOFError, OSError):
        while True:
            number, errand, args = connection.recv()
            if errand is not None:  # else a wish to cut short what had ended by then
                connection.send(_try(connection, number, errand, args))
                gc.collect()  # workers of a reading that was broken off end with it


def _try(connection: Connection, number: int, errand: Errand, args: tuple[Any, ...]) -> tuple[str, Any]:
    def watch(step: str, total: int) -> None:
        while connection.poll():
            if connection.recv()[0] == number:
                raise _Cut
        connection.send(("step", step, total))

    try:
        return "done", errand(watch, *args)
    except _Cut:
        return "cut", None
    except UserError as error:
        return "told", str(error)
    except OSError as error:
        return ("told", name_os_error(error)) if error.filename is not None else ("fault", format_exc())
    except Exception:
        return "fault", format_exc()
