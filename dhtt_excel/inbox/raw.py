"""Sheets and files as parsed: the records that the inbox gives to reading."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from dhtt_excel.excel.addresses import MAX_COLUMN, MAX_ROW, cell_name

RESEND = "Đề nghị đơn vị mở lại biểu mẫu, lưu thành .xlsx và gửi lại."


class AsideKind(StrEnum):
    """What can stand on a sheet beside its cells."""

    NOTE = "ghi chú"
    TEXT_BOX = "hộp chữ"
    PICTURE = "ảnh"
    CONTROL = "ô đánh dấu hoặc nút bấm"
    CHART = "biểu đồ hoặc đối tượng khác"
    UNKNOWN = "hình vẽ không đọc được"


class Aside(NamedTuple):
    """Something on a sheet outside of its cells: what it is, the cell at or over which it stands (0: not known), its text."""

    kind: AsideKind
    row: int
    column: int
    text: str = ""

    @property
    def place(self) -> str:
        """The cell, as Excel shows it; "" where it is not known."""
        known = 1 <= self.row <= MAX_ROW and 1 <= self.column <= MAX_COLUMN
        return cell_name(self.row, self.column) if known else ""

    @property
    def words(self) -> str:
        """What it is and says, for a list."""
        return f"{self.kind.capitalize()}: {self.text or 'xem trong tệp đã gửi'}"


class Block(NamedTuple):
    """A block of cells: first row, first column, last row, last column."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class RawSheet:
    """A sheet as parsed: `rows[r - 1][c - 1]` is the cell at row r and column c, "" where it is empty.

    `received`: filled cells by the guard's count (by the parser's own, for .xlsb); `lost`: how many of them no
    reader gave back. A cell that shows #REF! or the like is a `CellError`. `formulas`: those without a saved value.
    `hidden_columns`: first and last of each block; `struck`: the cells, by row and column, whose text is struck through.
    `merges`: blocks of cells merged into one.
    """

    name: str
    visible: bool
    rows: list[list[Any]]
    received: int = 0
    lost: int = 0
    formulas: tuple[str, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[tuple[int, int], ...] = ()
    struck: tuple[tuple[int, int], ...] = ()
    asides: tuple[Aside, ...] = ()
    merges: tuple[Block, ...] = ()

    def cell(self, row: int, column: int) -> Any:
        """The raw value at a row and column from 1; "" beyond the used area."""
        cells = self.rows[row - 1] if row <= len(self.rows) else []
        return cells[column - 1] if column <= len(cells) else ""


UNKNOWN_TIME = datetime.min


@dataclass(frozen=True)
class RawWorkbook:
    """A file as received. `refusal` is a code for why it has no sheets; `problem` and `advice` say it in plain words.

    `errors_seen`: an error value is never a blank in `sheets`.
    `modified`: when its mail was sent, else when it was saved as a file, which copying and downloading change; `saved`:
    when somebody last saved it by what it says inside, where it does. `mailed`: whether a mail's date is known; `packed`:
    whether it is in a mail or an archive.

    Of a file in a mail: who sent it. `beside`: what came in the same mail or archive and is no workbook. Both may name
    people.
    """

    file: str
    size: int
    sha256: str
    modified: datetime
    kind: str = ""
    sheets: tuple[RawSheet, ...] = ()
    warnings: tuple[str, ...] = ()
    errors_seen: bool = True
    refusal: str = ""
    problem: str = ""
    advice: str = ""
    sender: str = ""
    beside: tuple[str, ...] = ()
    saved: datetime | None = None
    mailed: bool = False
    packed: bool = False

    @property
    def sent(self) -> datetime:
        """When it was sent, as far as can be told: by its mail, else by what it says inside, else by the file's time."""
        return self.modified if self.mailed else self.saved or self.modified

    @property
    def is_timed(self) -> bool:
        """Whether `sent` is known: a file may have vanished, or have a time that no calendar has."""
        return self.sent > UNKNOWN_TIME

    def refuse(self, code: str, problem: str, advice: str = RESEND) -> RawWorkbook:
        """This file, not read."""
        return replace(self, sheets=(), refusal=code, problem=problem, advice=advice)
