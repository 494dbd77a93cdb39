"""Result ─► so-theo-doi-….xlsx, the district's own book: who sent what, what is wrong, all lists, the ledger."""

from __future__ import annotations

from dhtt_excel.excel.book import Book
from dhtt_excel.outputs.register.balance_sheet import write_balance
from dhtt_excel.outputs.register.board import write_board
from dhtt_excel.outputs.register.changes_sheet import write_changes
from dhtt_excel.outputs.register.findings_sheet import locate_findings, write_findings
from dhtt_excel.outputs.register.ledger_sheet import write_ledger
from dhtt_excel.outputs.register.lists import locate_lines, merged_lists, write_list
from dhtt_excel.outputs.register.outside_sheet import locate_outside, write_outside
from dhtt_excel.outputs.register.sources_sheet import write_sources
from dhtt_excel.outputs.register.trace_sheet import write_trace
from dhtt_excel.result import Result


def write_register(result: Result) -> bytes:
    """The workbook, for internal use: it names people. The same result gives the same bytes.

    Raises `UserError` where a list has more lines than a sheet of Excel.
    """
    book = Book(f"Sổ theo dõi – Kế hoạch {result.plan.number}")
    write_board(book, result, locate_findings(result))
    write_findings(book, result, locate_lines(result))
    write_changes(book, result)
    write_balance(book, result)
    for table in merged_lists(result.form):
        write_list(book, result, table)
    write_trace(book, result)
    write_ledger(book, result, locate_outside(result))
    write_outside(book, result)
    write_sources(book, result)
    return book.finish()
