"""The sheets that a returned copy has besides the form's own, and how a reader knows them again, unchanged.

Each is stamped on the form's hidden sheet with a digest of its texts. As long as that holds, all that stands there is
ours; once someone has written on it, it is read like any other sheet that does not belong to the form.
"""

from __future__ import annotations

from collections.abc import Iterable

from dhtt_excel.excel.addresses import Cell
from dhtt_excel.excel.cells import show_value
from dhtt_excel.form.stamps import FORMER_OUTSIDE_HEADINGS, OUTSIDE_HEADINGS, PROGRESS_COLUMN, digest_cells
from dhtt_excel.inbox.raw import RawSheet


def list_cells(sheet: RawSheet) -> Iterable[tuple[Cell, object]]:
    """The filled cells of a sheet."""
    for row, cells in enumerate(sheet.rows, start=1):
        for column, raw in enumerate(cells, start=1):
            if raw != "":
                yield (row, column), raw


def list_ours(sheet: RawSheet) -> set[Cell]:
    """The filled cells of a sheet of ours that are ours, too."""
    return {(row, column) for (row, column), _ in list_cells(sheet) if column <= PROGRESS_COLUMN}


def is_returned(sheet: RawSheet, stamps: dict[str, str]) -> bool:
    """Whether a sheet is one that we added to a returned copy, as we wrote it."""
    return sheet.name in stamps and stamps[sheet.name] == digest_cells(list_cells(sheet))


def read_carried(sheet: RawSheet) -> list[tuple[str, str, str]]:
    """What an earlier copy had put on its sheet of what stood outside the form: sheet, cell and text of each."""
    heading = next(
        (r for r in range(1, len(sheet.rows) + 1) if _texts(sheet, r) in (OUTSIDE_HEADINGS, FORMER_OUTSIDE_HEADINGS)), 0
    )
    rows = (_texts(sheet, row) for row in range(heading + 1, len(sheet.rows) + 1))
    return [row for row in rows if any(row)] if heading else []


def _texts(sheet: RawSheet, row: int) -> tuple[str, str, str]:
    return tuple(show_value(sheet.cell(row, column)) for column in range(1, 4))  # type: ignore[return-value]
