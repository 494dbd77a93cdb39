"""Result ─► so-theo-doi-….xlsx, the district's own book: who sent what, what is wrong, all lists, the ledger."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from traceback import format_exc

from dhtt_excel.errors import UserError
from dhtt_excel.excel.book import Book
from dhtt_excel.outputs.failures import Failure
from dhtt_excel.outputs.register.balance_sheet import BALANCE_SHEET, write_balance
from dhtt_excel.outputs.register.board import BOARD_SHEET, write_board
from dhtt_excel.outputs.register.changes_sheet import CHANGES_SHEET, write_changes
from dhtt_excel.outputs.register.findings_sheet import FINDINGS_SHEET, locate_findings, write_findings
from dhtt_excel.outputs.register.ledger_sheet import LEDGER_SHEET, write_ledger
from dhtt_excel.outputs.register.lists import locate_lines, merged_lists, write_list
from dhtt_excel.outputs.register.outside_sheet import OUTSIDE_SHEET, locate_outside, write_outside
from dhtt_excel.outputs.register.sources_sheet import SOURCES_SHEET, write_sources
from dhtt_excel.outputs.register.trace_sheet import TRACE_SHEET, write_trace
from dhtt_excel.result import Result
from dhtt_excel.text.file_names import OUTPUT_MARK, REGISTER

_LINES_IN_MEMORY = 20_000  # of all lists together
_UNDRAWN = "Không vẽ được trang tính này: lỗi của chương trình, xem trang tính “Vấn đề”."


def write_register(result: Result, failures: list[Failure] | None = None) -> bytes:
    """The workbook, for internal use: it names people. The same result gives the same bytes.

    `failures` gets the sheets that could not be drawn, each of which says so in its place; without it they are raised.
    """
    undrawn: set[str] = set()
    while True:
        try:
            return _draw(result, undrawn)
        except _SheetError as error:
            if failures is None:
                raise
            failures.append(Failure(f"sheet “{error.sheet}” của sổ theo dõi", format_exc()))
            undrawn.add(error.sheet)


class _SheetError(Exception):
    """A sheet cannot be drawn, for what stands as its cause."""

    def __init__(self, sheet: str) -> None:
        super().__init__(sheet)
        self.sheet = sheet


def _draw(result: Result, undrawn: Collection[str]) -> bytes:
    large = sum(len(frame) for frame in result.tables.frames.values()) > _LINES_IN_MEMORY
    book = Book(f"Sổ theo dõi – Kế hoạch {result.plan.number}", properties={OUTPUT_MARK: REGISTER}, large=large)
    for name, draw in _list_sheets(book, result).items():
        if name in undrawn:
            book.add_sheet(name).put(1, 1, _UNDRAWN)
            continue
        try:
            draw()
        except UserError:
            raise
        except Exception as error:
            raise _SheetError(name) from error
    return book.finish()


def _list_sheets(book: Book, result: Result) -> dict[str, Callable[[], None]]:
    """The sheets by name, and what draws each."""
    first = {
        BOARD_SHEET: lambda: write_board(book, result, locate_findings(result)),
        FINDINGS_SHEET: lambda: write_findings(book, result, locate_lines(result)),
    }
    last = {SOURCES_SHEET: lambda: write_sources(book, result)}
    if result.plan.rolls_up:  # results bring no lines of lists, and no cells
        return {**first, **last}
    lists = {table.sheet: partial(write_list, book, result, table) for table in merged_lists(result.form)}
    return {
        **first,
        CHANGES_SHEET: lambda: write_changes(book, result),
        BALANCE_SHEET: lambda: write_balance(book, result),
        **lists,
        TRACE_SHEET: lambda: write_trace(book, result),
        LEDGER_SHEET: lambda: write_ledger(book, result, locate_outside(result)),
        OUTSIDE_SHEET: lambda: write_outside(book, result),
        **last,
    }
