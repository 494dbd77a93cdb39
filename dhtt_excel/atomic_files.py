"""Files that are old or new, never torn: written beside their target, then renamed."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from dhtt_excel.findings import UserError

_PREFIX = ".dhtt-"
_SUFFIX = ".tmp"


def save_file(target: Path, data: bytes, *, keep: bool = False) -> Path:
    """Replace `target` by `data` and return the path written.

    Excel locks an open file on Windows: then, and where `target` is to be kept as it is, a numbered name beside it is
    written, and the caller says so. Raises `UserError` where the folder cannot be written.
    """
    temporary = target.parent / f"{_PREFIX}{uuid4().hex}{_SUFFIX}"
    try:
        _write_new(temporary, data)
        return _rename_over(temporary, target, keep=keep)
    finally:  # also where the disk is full or the user interrupts
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _write_new(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise UserError(f"Không ghi được vào thư mục “{path.parent}”: {error.strerror or error}.") from error


def _rename_over(temporary: Path, target: Path, *, keep: bool) -> Path:
    numbered = [target.with_stem(f"{target.stem} ({n})") for n in range(2, 100)]
    for path in numbered if keep else [target, *numbered]:
        try:
            temporary.replace(path)
        except PermissionError:
            continue
        except OSError as error:
            raise UserError(f"Không ghi được “{path}”: {error.strerror or error}.") from error
        return path
    raise UserError(f"Không ghi được “{target}”: tệp đang bị khóa. Hãy đóng tệp trong Excel rồi chạy lại.")


def remove_stale_files(folder: Path) -> None:
    """Remove what an interrupted run of ours left in `folder`; what cannot be removed does no harm and stays."""
    for path in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
        with suppress(OSError):
            path.unlink(missing_ok=True)
