"""Sheet "Ngoài biểu mẫu" of the register: what units wrote where the form has no place, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.excel.book import Book
from dhtt_excel.outputs.register.paper import CENTRED, NUMBER, TEXT
from dhtt_excel.outputs.register.table import SheetColumn, SheetTable, locate
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import format_number

OUTSIDE_SHEET = "Ngoài biểu mẫu"
MAX_LISTED = 20_000  # a book with more is slow to open, and nobody reads so far


class _Line(NamedTuple):
    unit: str
    file: str
    sheet: str
    cell: str
    text: str


_COLUMNS: tuple[SheetColumn[_Line], ...] = (
    SheetColumn("STT", 7, NUMBER),
    SheetColumn("Đơn vị", 24, TEXT, lambda line: line.unit, fitted=True),
    SheetColumn("Tệp", 45, TEXT, lambda line: line.file, fitted=True),
    SheetColumn("Trang tính", 20, TEXT, lambda line: line.sheet, fitted=True),
    SheetColumn("Ô", 10, CENTRED, lambda line: line.cell),
    SheetColumn("Nội dung", 70, TEXT, lambda line: line.text),
)


def write_outside(book: Book, result: Result) -> None:
    """A line a cell, at most `MAX_LISTED`; of a file of no unit only the ledger's counts are shown."""
    lines = list(islice(_list_cells(result), MAX_LISTED))
    title = "NỘI DUNG NẰM NGOÀI BIỂU MẪU"
    SheetTable(OUTSIDE_SHEET, title, _summarise(result, len(lines)), _COLUMNS, lines).draw(book, result)


def locate_outside(result: Result) -> dict[tuple[str, str], str]:
    """The first line of each file and sheet, as the target of a link."""
    cells = islice(_list_cells(result), MAX_LISTED)
    return locate(OUTSIDE_SHEET, [(line.file, line.sheet) for line in cells])


def _list_cells(result: Result) -> Iterator[_Line]:
    """In the order of files and sheets."""
    for submission in result.submissions:
        if submission.unit:
            name, file = result.plan.name_of(submission.unit), submission.source.file
            for account in submission.accounts:
                for cell in account.outside:
                    yield _Line(name, file, account.sheet, cell_name(cell.row, cell.column), cell.text)
                for aside in account.asides:
                    yield _Line(name, file, account.sheet, aside.place, aside.words)


def _summarise(result: Result, listed: int) -> tuple[str, str]:
    accounts = [(s, account) for s in result.submissions for account in s.accounts]
    cells = sum(len(account.outside) for submission, account in accounts if submission.unit)
    asides = sum(len(account.asides) for submission, account in accounts if submission.unit)
    strays = sum(len(account.outside) for submission, account in accounts if not submission.unit)
    files = len({s.source.file for s, account in accounts if s.unit and (account.outside or account.asides)})
    notes = []
    if cells + asides > listed:
        rest = format_number(cells + asides - listed)
        notes.append(f"Liệt kê {format_number(listed)} ô đầu; địa chỉ của {rest} ô còn lại ở tệp ket-qua.json.")
    if strays:
        notes.append(f"Không liệt kê {format_number(strays)} ô của các tệp không xếp được vào đơn vị nào.")
    notes.append(result.plan.privacy)
    beside = f" và {format_number(asides)} ghi chú, hộp chữ, ảnh …" if asides else ""
    told = f"{format_number(cells)} ô{beside} trong {files} tệp, không đọc thành số liệu."
    return told if cells or asides else "Không đơn vị nào ghi ngoài biểu mẫu.", " ".join(filter(None, notes))
