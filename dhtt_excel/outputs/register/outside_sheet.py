"""Sheet "Ngoài biểu mẫu" of the register: what units wrote where the form has no place, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from dhtt_excel.excel.addresses import cell_name, quote_sheet
from dhtt_excel.excel.book import Book
from dhtt_excel.outputs.register.paper import (
    CENTRED,
    HEADING_ROW,
    NUMBER,
    TEXT,
    add_filtered_table,
    add_paper,
    fit_column,
    fit_text,
    line_height,
)
from dhtt_excel.reading.ledger import Account, OutsideCell
from dhtt_excel.reading.submissions import Submission
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import format_number

OUTSIDE_SHEET = "Ngoài biểu mẫu"
MAX_LISTED = 20_000  # a book with more is slow to open, and nobody reads so far

_COLUMNS: dict[str, tuple[float, dict[str, Any]]] = {
    "Đơn vị": (24, TEXT),
    "Tệp": (45, TEXT),
    "Sheet": (20, TEXT),
    "Ô": (10.0, CENTRED),
    "Nội dung": (70, TEXT),
}
_FITTED = ("Đơn vị", "Tệp", "Sheet")
_ORDER_WIDTH = 7.0
_FROZEN = 3


class _Found(NamedTuple):
    submission: Submission
    account: Account
    cell: OutsideCell


def write_outside(book: Book, result: Result) -> None:
    """A line a cell, at most `MAX_LISTED`; of a file of no unit only the ledger's counts are shown."""
    listed = list(islice(_list_cells(result), MAX_LISTED))
    rows = [_describe_cell(result, found) for found in listed]
    widths = [
        fit_column(heading, (row[place] for row in rows), width) if heading in _FITTED else width
        for place, (heading, (width, _)) in enumerate(_COLUMNS.items())
    ]
    widths.insert(0, _ORDER_WIDTH)
    told = _summarise(result, listed)
    sheet = add_paper(book, result, OUTSIDE_SHEET, "NỘI DUNG NẰM NGOÀI BIỂU MẪU", told, widths, frozen=_FROZEN)
    add_filtered_table(book, sheet, "DS_ngoai_bieu_mau", ["STT", *_COLUMNS], widths, len(rows))
    styles = [book.style(**look) for look in (NUMBER, *(look for _, look in _COLUMNS.values()))]
    for place, texts in enumerate(rows, start=1):
        for column, (value, style) in enumerate(zip([place, *map(fit_text, texts)], styles, strict=True), start=1):
            sheet.put(HEADING_ROW + place, column, value, style)
        sheet.set_height(HEADING_ROW + place, line_height(list(zip(texts, widths[1:], strict=True))))
    if not rows:
        for column, style in enumerate(styles, start=1):
            sheet.put(HEADING_ROW + 1, column, None, style)


def locate_outside(result: Result) -> dict[tuple[str, str], str]:
    """The first line of each file and sheet, as the target of a link."""
    targets: dict[tuple[str, str], str] = {}
    for row, found in enumerate(islice(_list_cells(result), MAX_LISTED), start=HEADING_ROW + 1):
        place = found.submission.source.file, found.account.sheet
        targets.setdefault(place, f"{quote_sheet(OUTSIDE_SHEET)}!A{row}")
    return targets


def _list_cells(result: Result) -> Iterator[_Found]:
    """In the order of files and sheets."""
    for submission in result.submissions:
        if submission.unit:
            for account in submission.accounts:
                for cell in account.outside:
                    yield _Found(submission, account, cell)


def _describe_cell(result: Result, found: _Found) -> list[str]:
    unit = found.submission.unit
    name = result.plan.name_of(unit) if unit else ""
    file, cell = found.submission.source.file, found.cell
    return [name, file, found.account.sheet, cell_name(cell.row, cell.column), cell.text]


def _summarise(result: Result, listed: list[_Found]) -> tuple[str, str]:
    counts = [(s, len(account.outside)) for s in result.submissions for account in s.accounts]
    cells = sum(count for submission, count in counts if submission.unit)
    strays = sum(count for submission, count in counts if not submission.unit)
    files = len({submission.source.file for submission, count in counts if submission.unit and count})
    notes = []
    if cells > len(listed):
        rest = format_number(cells - len(listed))
        notes.append(f"Liệt kê {format_number(len(listed))} ô đầu; địa chỉ của {rest} ô còn lại ở tệp ket-qua.json.")
    if strays:
        notes.append(f"Không liệt kê {format_number(strays)} ô của các tệp không xếp được vào đơn vị nào.")
    notes.append(result.plan.privacy)
    told = f"{format_number(cells)} ô trong {files} tệp, không đọc thành số liệu."
    return told if cells else "Không đơn vị nào ghi ngoài biểu mẫu.", " ".join(filter(None, notes))
