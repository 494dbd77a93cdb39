"""The sheets that a returned copy has besides the form's own, each stamped with a digest of its texts, and its notes.

The stamps stand on the form's hidden sheet: as long as one holds, all that stands on its sheet is ours. A note is known
by its wording.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from dhtt_excel.excel.addresses import Cell
from dhtt_excel.excel.cells import is_blank, show_value

CORRECTIONS_SHEET = "Cần sửa"
OUTSIDE_SHEET = "Ngoài biểu mẫu"
FORMER_OUTSIDE_HEADINGS = ("Sheet", "Ô", "Nội dung")  # in copies that were returned with the first form version
OUTSIDE_HEADINGS = ("Trang tính", "Ô", "Nội dung")
STAMPED_COLUMNS = 8
PROGRESS_COLUMN = STAMPED_COLUMNS + 1  # formulas, whose values change; further right nothing is ours

_NOTE = re.compile(
    r"^(?:LỖI|CẢNH BÁO) [A-Z]+[0-9]+: [^\n]*\nCách sửa: [^\n]*\nCăn cứ: [^\n]*(?:\nLặp lại: [^\n]*)?$", re.MULTILINE
)


def digest_cells(cells: Iterable[tuple[Cell, object]]) -> str:
    """A digest of the texts in the stamped columns, whatever program saved them."""
    texts = sorted(
        (row, column, show_value(raw))
        for (row, column), raw in cells
        if column <= STAMPED_COLUMNS and raw is not None and not is_blank(raw)
    )
    return hashlib.sha256(repr(texts).encode()).hexdigest()


def write_note(level: str, code: str, problem: str, advice: str, citation: str, again: str = "") -> str:
    """A finding as the note of a cell in a returned copy."""
    lines = (f"{level.upper()} {code}: {problem}.", f"Cách sửa: {advice}", f"Căn cứ: {citation}")
    return "\n".join((*(line.replace("\n", " ") for line in lines), *([f"Lặp lại: {again}"] if again else [])))


def strip_notes(text: str) -> str:
    """What is left of a cell's note without those of a returned copy: what a person wrote."""
    return _NOTE.sub("", text).strip()
