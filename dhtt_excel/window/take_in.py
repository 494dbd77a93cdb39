"""A file that somebody drops on the page ─► a file in the inbox: never over another one, under a name that any disk takes."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple

from dhtt_excel.errors import UserError, explain_os_error
from dhtt_excel.inbox.containers import CONTAINER_SUFFIXES, MAX_CONTAINER
from dhtt_excel.inbox.guard_package import MAX_FILE, MIB
from dhtt_excel.outputs.atomic_files import digest, digest_file, put_in_place, stage_file
from dhtt_excel.text.file_names import clean_path, is_passed_over, tell_apart

MOST_FILES = 1000
MAX_TOGETHER = 500 * MIB  # of all files that are sent at once

_EARLIEST = datetime(1990, 1, 1).timestamp()


class PassedOverError(UserError):
    """A file that no person meant to send."""


class Taken(NamedTuple):
    """`name`: its path in the inbox; `is_new`: else the same bytes had been there."""

    path: Path
    name: str
    is_new: bool


def take_in(inbox: Path, name: str, stream: BinaryIO, saved: float | None = None) -> Taken:
    """Copy a file into the inbox. `saved`: when its own file was saved, in seconds, as its computer says.

    Raises `UserError` where it is too large or cannot be written, and `PassedOverError`.
    """
    wanted = clean_path(name)
    if is_passed_over(wanted.split("/")):
        raise PassedOverError("Tệp khóa, tệp ẩn hoặc tệp hệ thống: không chép.")
    limit = MAX_CONTAINER if Path(wanted).suffix.lower() in CONTAINER_SUFFIXES else MAX_FILE
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise UserError(f"Tệp lớn hơn {limit // MIB} MB: không chép.")
    try:
        return _put(inbox, wanted, data, saved)
    except OSError as error:
        raise UserError(f"Không ghi được tệp này: {explain_os_error(error)}.") from error


def _put(inbox: Path, wanted: str, data: bytes, saved: float | None) -> Taken:
    if same := _find_same(inbox, wanted, data):
        return Taken(same, same.relative_to(inbox).as_posix(), is_new=False)
    if not Path(os.path.realpath(inbox / wanted)).is_relative_to(os.path.realpath(inbox)):
        raise UserError("Thư mục cùng tên trong da-nhan là liên kết tới nơi khác: không chép.")
    taken: set[str] = set()
    staged = stage_file((inbox / wanted).parent, data)
    try:
        if saved and _EARLIEST < saved <= datetime.now().timestamp():
            os.utime(staged, (saved, saved))
        while True:
            path = inbox / tell_apart(wanted, taken)
            try:
                path.open("xb").close()  # the name is ours from here on, whoever else writes there
            except FileExistsError:
                continue
            placed = False
            try:
                placed = put_in_place(staged, path)
            finally:
                if not placed:  # nothing empty stays under that name
                    with suppress(OSError):
                        path.unlink()
            if placed:
                return Taken(path, path.relative_to(inbox).as_posix(), is_new=True)
            raise UserError("Không ghi được tệp này: chương trình khác đang giữ thư mục.")
    finally:
        with suppress(OSError):
            staged.unlink(missing_ok=True)


def _find_same(inbox: Path, wanted: str, data: bytes) -> Path | None:
    """The file in the inbox that holds the very same bytes, the one of the wanted name first."""
    alike = [p for p in inbox.rglob("*") if p.is_file() and not p.is_symlink() and p.stat().st_size == len(data)]
    alike.sort(key=lambda path: (path != inbox / wanted, path))
    wanted_digest = digest(data)
    return next((path for path in alike if digest_file(path) == wanted_digest), None)


def take_back(taken: Taken, inbox: Path) -> None:
    """Remove what has just been copied and does not belong there, with folders that were made for it alone."""
    if not taken.is_new:
        return
    with suppress(OSError):
        taken.path.unlink()
        for folder in taken.path.parents:
            if folder == inbox:
                break
            folder.rmdir()
