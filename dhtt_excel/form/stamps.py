"""The sheets that a returned copy has besides the form's own, each stamped with a digest of its texts.

The stamps stand on the form's hidden sheet: as long as one holds, all that stands on its sheet is ours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from dhtt_excel.excel.addresses import Cell
from dhtt_excel.excel.cells import is_blank, show_value

CORRECTIONS_SHEET = "Cần sửa"
OUTSIDE_SHEET = "Ngoài biểu mẫu"
OUTSIDE_HEADINGS = ("Sheet", "Ô", "Nội dung")
STAMPED_COLUMNS = 8
PROGRESS_COLUMN = STAMPED_COLUMNS + 1  # formulas, whose values change; further right nothing is ours


def digest_cells(cells: Iterable[tuple[Cell, object]]) -> str:
    """A digest of the texts in the stamped columns, whatever program saved them."""
    texts = sorted(
        (row, column, show_value(raw))
        for (row, column), raw in cells
        if column <= STAMPED_COLUMNS and raw is not None and not is_blank(raw)
    )
    return hashlib.sha256(repr(texts).encode()).hexdigest()
