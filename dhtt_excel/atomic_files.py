"""Files that are old or new, never torn: written beside their target, then renamed."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4

from dhtt_excel.findings import UserError

_PREFIX = ".dhtt-"
_SUFFIX = ".tmp"


def save_file(target: Path, data: bytes) -> Path:
    """Replace `target` by `data` and return the path written.

    Excel locks an open file on Windows: then a numbered name beside it is written, and the caller says so.
    Raises `UserError` where the folder cannot be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.parent / f"{_PREFIX}{uuid4().hex}{_SUFFIX}"
        with temporary.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise UserError(f"Không ghi được vào thư mục “{target.parent}”: {error.strerror or error}.") from error
    try:
        for path in (target, *(target.with_stem(f"{target.stem} ({n})") for n in range(2, 100))):
            try:
                temporary.replace(path)
            except PermissionError:
                continue
            except OSError as error:
                raise UserError(f"Không ghi được “{path}”: {error.strerror or error}.") from error
            return path
        raise UserError(f"Không ghi được “{target}”: tệp đang bị khóa. Hãy đóng tệp trong Excel rồi chạy lại.")
    finally:
        temporary.unlink(missing_ok=True)


def remove_stale_files(folder: Path) -> None:
    """Remove what an interrupted run of ours left in `folder`."""
    for path in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
        path.unlink(missing_ok=True)
