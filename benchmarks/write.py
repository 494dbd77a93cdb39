"""Writing the two workbooks against writing their cells bare: `python benchmarks/write.py [rounds]`.

The named alternative: xlsxwriter itself, given the same values cell by cell, without formats, links, tables or charts.
Prints the ratio of the medians of one run.
"""

from __future__ import annotations

import gc
import io
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import openpyxl
import xlsxwriter

from dhtt_excel.collector import collector_put_off
from dhtt_excel.outputs.register.write_register import write_register
from dhtt_excel.outputs.summary.write_summary import write_summary
from dhtt_excel.pipeline import consolidate
from dhtt_excel.plan.plan import load_plan
from dhtt_excel.rehearsal.demo import write_demo

AS_OF = date(2020, 3, 18)
Sheets = list[tuple[str, list[tuple[int, int, Any]]]]


def list_cells(data: bytes) -> Sheets:
    """Every filled cell by sheet: row and column from 0, value or formula."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [
        (
            sheet.title,
            [(c.row - 1, c.column - 1, c.value) for row in sheet.iter_rows() for c in row if c.value is not None],
        )
        for sheet in book.worksheets
    ]


def write_bare(sheets: Sheets) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    for title, cells in sheets:
        sheet = book.add_worksheet(title)
        for row, column, value in cells:
            sheet.write(row, column, value)
    book.close()
    return target.getvalue()


def clock(works: Sequence[Callable[[], Any]], rounds: int) -> list[float]:
    """The median of each, run in turn, so that none has the machine's better minutes."""
    spans: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, taken in zip(works, spans, strict=True):
            gc.collect()
            start = perf_counter()
            work()
            taken.append(perf_counter() - start)
    return list(map(median, spans))


def main(rounds: int) -> None:
    plan = load_plan()
    with tempfile.TemporaryDirectory() as folder:
        write_demo(plan, Path(folder))
        result = consolidate(Path(folder), plan, AS_OF)
    books = [list_cells(write(result)) for write in (write_summary, write_register)]
    works = (
        collector_put_off()(lambda: (write_summary(result), write_register(result))),
        lambda: [write_bare(sheets) for sheets in books],
    )
    ours, bare = clock(works, rounds)
    cells = sum(len(cells) for sheets in books for _, cells in sheets)
    print(f"{cells} cells: {ours / bare:.2f} x bare xlsxwriter ({ours:.2f} s, {bare:.2f} s)")


main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
