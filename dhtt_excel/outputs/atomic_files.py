"""Files that are old or new, never torn: written beside their target, then renamed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from dhtt_excel.errors import UserError, explain_os_error

_PREFIX = ".dhtt-"
_SUFFIX = ".tmp"
NO_FILE = "?"  # stands for the digest of a folder, a pipe or a device


def save_file(target: Path, data: bytes) -> Path:
    """Replace `target` by `data` and return the path written.

    Excel locks an open file on Windows: then a numbered name beside it is written, and the caller says so. Raises
    `UserError` where the folder cannot be written.
    """
    staged = stage_file(target.parent, data)
    try:
        for path in number_names(target):
            if put_in_place(staged, path):
                return path
        raise UserError(f"Không ghi được “{target}”: tệp đang bị khóa. Hãy đóng tệp trong Excel rồi chạy lại.")
    finally:  # also where the user interrupts
        with suppress(OSError):
            staged.unlink(missing_ok=True)


def stage_file(folder: Path, data: bytes) -> Path:
    """Write `data` under a name of its own into the folder, to be put in place later; nothing stays where that fails."""
    path = folder / f"{_PREFIX}{uuid4().hex}{_SUFFIX}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException as error:  # also where the disk is full or the user interrupts
        with suppress(OSError):
            path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise UserError(f"Không ghi được vào thư mục “{folder}”: {explain_os_error(error)}.") from error
        raise
    return path


def put_in_place(staged: Path, target: Path) -> bool:
    """Rename what was staged; False where another program holds the target."""
    try:
        staged.replace(target)
    except (PermissionError, IsADirectoryError):
        return False
    except OSError as error:
        raise UserError(f"Không ghi được “{target}”: {explain_os_error(error)}.") from error
    return True


def number_names(target: Path) -> Iterator[Path]:
    """The target, and the numbered names beside it."""
    yield target
    yield from (target.with_stem(f"{target.stem} ({n})") for n in range(2, 100))


def remove_stale_files(folder: Path) -> None:
    """Remove what an interrupted run of ours left in `folder`; what cannot be removed does no harm and stays."""
    for path in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
        with suppress(OSError):
            path.unlink(missing_ok=True)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def digest_file(path: Path) -> str | None:
    """SHA-256; None where there is no such file, "" where another program holds it, `NO_FILE` where it is none."""
    try:
        return digest(read_file(path)) if stat.S_ISREG(path.stat().st_mode) else NO_FILE
    except FileNotFoundError:
        return None
    except OSError:
        return ""


def read_file(path: Path) -> bytes:
    """All of a file. Raises OSError, also for what is none: a pipe would be waited for without end."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise FileNotFoundError(f"no regular file: {path}")
    return path.read_bytes()
