"""A folder of returned files ─► raw cells. Nothing else in the program opens input.

Every file is read once, into memory; its cells keep the row and column that Excel shows.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import python_calamine

from dhtt_excel.findings import UserError

WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
_OFFICE_LOCKS = ("~$", ".~lock")


@dataclass(frozen=True)
class RawSheet:
    """A sheet as parsed: `rows[r - 1][c - 1]` is the cell at row r and column c, "" where it is empty."""

    name: str
    visible: bool
    rows: list[list[Any]]

    def cell(self, row: int, column: int) -> Any:
        """The raw value at a row and column from 1; "" beyond the used area."""
        cells = self.rows[row - 1] if row <= len(self.rows) else []
        return cells[column - 1] if column <= len(cells) else ""


@dataclass(frozen=True)
class RawWorkbook:
    """A file as received. `problem` says in plain words why it has no sheets, and `advice` what to ask for."""

    file: str
    size: int
    sha256: str
    modified: datetime
    sheets: tuple[RawSheet, ...] = ()
    problem: str = ""
    advice: str = ""


def find_files(folder: Path, *, leave_out: Path | None = None) -> list[Path]:
    """The files of a folder and its sub-folders that a person put there, in the order of their names.

    Lock files of Excel and LibreOffice, hidden files and what lies in `leave_out` are passed over.
    Raises `UserError` where there is no such folder or no workbook in it.
    """
    if not folder.is_dir():
        raise UserError(f"Không có thư mục “{folder}”. Hãy chỉ thư mục chứa các tệp mà đơn vị đã gửi về.")
    try:
        paths = sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink())
    except OSError as error:
        raise UserError(f"Không đọc được thư mục “{folder}”: {error.strerror or error}.") from error
    skipped = leave_out.resolve() if leave_out else None
    files = [
        p
        for p in paths
        if not any(part.startswith((".", *_OFFICE_LOCKS)) for part in p.relative_to(folder).parts)
        and not (skipped and skipped != folder.resolve() and p.resolve().is_relative_to(skipped))
    ]
    if not any(p.suffix.lower() in WORKBOOK_SUFFIXES for p in files):
        raise UserError(f"Thư mục “{folder}” không có bảng tính nào (.xlsx, .xls, .ods).")
    return files


def open_workbooks(paths: Iterable[Path], folder: Path | None = None) -> Iterator[RawWorkbook]:
    """Each file's raw cells. What cannot be read comes as a `RawWorkbook` with a problem, never as an exception."""
    for path in paths:
        name = path.relative_to(folder).as_posix() if folder else path.name
        yield _open_workbook(path, name)


def _open_workbook(path: Path, name: str) -> RawWorkbook:
    try:
        modified = datetime.fromtimestamp(path.stat().st_mtime)
        data = path.read_bytes()
    except OSError as error:
        problem = f"không mở được tệp ({error.strerror or error})"
        return RawWorkbook(
            name, 0, "", datetime.min, (), problem, "Đóng tệp nếu đang mở, kiểm tra quyền đọc rồi chạy lại."
        )
    sheets, problem, advice = _parse(data, path.suffix.lower())
    return RawWorkbook(name, len(data), hashlib.sha256(data).hexdigest(), modified, sheets, problem, advice)


def _parse(data: bytes, suffix: str) -> tuple[tuple[RawSheet, ...], str, str]:
    resend = "Đề nghị đơn vị mở lại biểu mẫu, lưu thành .xlsx và gửi lại."
    if not data:
        return (), "tệp rỗng (0 byte)", resend
    if suffix not in WORKBOOK_SUFFIXES:
        return (
            (),
            f"không phải bảng tính ({suffix or 'không có đuôi tệp'})",
            "Đề nghị đơn vị gửi biểu mẫu Excel (.xlsx).",
        )
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            return tuple(_read_sheets(workbook)), "", ""
    except python_calamine.PasswordError:
        return (), "tệp có mật khẩu", "Đề nghị đơn vị bỏ mật khẩu và gửi lại."
    except python_calamine.CalamineError:
        return (), "tệp hỏng hoặc không phải bảng tính Excel", resend


def _read_sheets(workbook: python_calamine.CalamineWorkbook) -> Iterator[RawSheet]:
    for place, metadata in enumerate(workbook.sheets_metadata):
        if metadata.typ is python_calamine.SheetTypeEnum.WorkSheet:
            rows = workbook.get_sheet_by_index(place).to_python(skip_empty_area=False)
            yield RawSheet(metadata.name, metadata.visible is python_calamine.SheetVisibleEnum.Visible, rows)
