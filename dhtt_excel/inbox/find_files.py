"""A folder ─► the files in it that somebody sent, and the names that people know them by."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NamedTuple

from dhtt_excel.errors import UserError
from dhtt_excel.inbox.containers import CONTAINER_SUFFIXES
from dhtt_excel.inbox.parse_workbook import WORKBOOK_SUFFIXES
from dhtt_excel.inbox.raw import RawWorkbook
from dhtt_excel.text.file_names import is_passed_over, printable


class FoundFile(NamedTuple):
    """A file to read and the name that people know it by: its path inside the folder, with "/".

    `place` says where in the file at `path` it is, when that is a mail or an archive; `known` what that tells of it.
    """

    path: Path
    name: str
    place: tuple[int, ...] = ()
    known: RawWorkbook | None = None

    @property
    def suffix(self) -> str:
        return Path(self.name).suffix.lower()


def find_files(folder: Path, *, leave_out: Collection[Path] = ()) -> list[FoundFile]:
    """The files of a folder and its sub-folders that a person put there, in the order of their names.

    Lock files of Excel and LibreOffice, hidden files, links and what is or lies in `leave_out` are passed over.
    Raises `UserError` where there is no such folder, or no workbook, mail or archive in it.
    """
    if not folder.is_dir():
        raise UserError(f"Không có thư mục “{folder}”. Hãy chỉ thư mục chứa các tệp mà đơn vị đã gửi về.")
    try:
        paths = sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink())
    except OSError as error:
        raise UserError(f"Không đọc được thư mục “{folder}”: {error.strerror or error}.") from error
    skipped = {path.resolve() for path in leave_out} - {folder.resolve()}
    files = [
        FoundFile(p, printable(p.relative_to(folder).as_posix()))
        for p in paths
        if not is_passed_over(p.relative_to(folder).parts)
        and not any(p.resolve().is_relative_to(path) for path in skipped)
    ]
    if not any(f.suffix in WORKBOOK_SUFFIXES | CONTAINER_SUFFIXES for f in files):
        raise UserError(
            f"Thư mục “{folder}” không có bảng tính (.xlsx, .xls, .ods), thư (.eml) hay tệp nén (.zip) nào."
        )
    return files


def name_files(paths: Sequence[Path]) -> list[FoundFile]:
    """Single files, by their own names. Raises `UserError` for one that is not there."""
    for path in paths:
        if not path.is_file():
            raise UserError(f"Không có tệp “{path}”.")
    return [FoundFile(path, printable(path.name)) for path in paths]
