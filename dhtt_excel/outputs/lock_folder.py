"""One run at a time in a folder: the system lets go of the lock when the run ends, however it ends."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from io import FileIO
from pathlib import Path

import msgspec

from dhtt_excel.errors import UserError, explain_os_error
from dhtt_excel.text.characters import printable
from dhtt_excel.text.file_names import LOCK_FILE

_FAR = 1 << 30  # the byte that is locked: behind all that others may read
_held: set[str] = set()


class _Holder(msgspec.Struct, frozen=True):
    """What a lock file says of the run that has, or had, the folder."""

    process: int
    host: str
    since: datetime

    def __str__(self) -> str:
        return f"tiến trình {self.process}, máy {printable(self.host)}, bắt đầu lúc {self.since:%H:%M ngày %d/%m/%Y}"


@contextmanager
def lock_folder(folder: Path) -> Iterator[str]:
    """Keep other runs out of the folder, which is made where it is missing; gives a word where the last run broke off.

    Where this run has the folder already nothing changes. Raises `UserError` where another run has it, or where it cannot
    be written.
    """
    place = os.path.realpath(folder)
    if place in _held:
        yield ""
        return
    path = folder / LOCK_FILE
    try:
        made = [parent for parent in (folder, *folder.parents) if not parent.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        stream = _open_locked(folder, path)
    except OSError as error:
        raise UserError(f"Không ghi được vào thư mục “{folder}”: {explain_os_error(error)}.") from error
    _held.add(place)
    try:
        broken_off = _read_holder(stream)
        _write_holder(stream)
        yield f"Lần chạy trước ({broken_off}) đã bị ngắt giữa chừng." if broken_off else ""
    finally:
        _held.discard(place)
        _release(stream, path)
        with suppress(OSError):
            for parent in made:  # those in which nothing was written
                parent.rmdir()


def _open_locked(folder: Path, path: Path) -> FileIO:
    while True:
        stream = path.open("a+b", buffering=0)
        try:
            if not _lock(stream):
                holder = _read_holder(stream)
                raise UserError(
                    f"Một lần chạy khác đang ghi vào thư mục “{folder}”{f' ({holder})' if holder else ''}. "
                    "Hãy đợi lần chạy đó xong rồi chạy lại, hoặc chọn thư mục kết quả khác."
                )
            if path.exists() and os.path.samestat(os.fstat(stream.fileno()), path.stat()):
                return stream
        except BaseException:
            stream.close()
            raise
        stream.close()  # its owner had ended and removed it meanwhile


if sys.platform == "win32":
    import msvcrt

    def _lock(stream: FileIO) -> bool:
        stream.seek(_FAR)
        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

else:
    import fcntl

    def _lock(stream: FileIO) -> bool:
        """Of this process alone: workers that it has forked hold nothing when it is gone."""
        try:
            fcntl.lockf(stream, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _FAR)
        except (BlockingIOError, PermissionError):
            return False
        except OSError:  # a disk that knows no locks: nobody is kept out
            return True
        return True


def _read_holder(stream: FileIO) -> _Holder | None:
    stream.seek(0)
    try:
        return msgspec.json.decode(stream.read(1000), type=_Holder)
    except (OSError, msgspec.DecodeError, RecursionError):
        return None


def _write_holder(stream: FileIO) -> None:
    holder = _Holder(os.getpid(), platform.node(), datetime.now().replace(microsecond=0))
    with suppress(OSError):  # a full disk: the lock holds without words
        stream.truncate(0)
        stream.write(msgspec.json.encode(holder))


def _release(stream: FileIO, path: Path) -> None:
    try:
        with suppress(OSError):
            stream.truncate(0)  # so that whoever finds it knows that all was ended
            if sys.platform != "win32":
                path.unlink()  # before the lock is gone: else it might be another run's by now
    finally:
        stream.close()
    if sys.platform == "win32":
        with suppress(OSError):  # refused there while another run has it
            path.unlink()
