"""A Word document on A4 as offices print it (Nghị định 30/2020/NĐ-CP): lines, headings, blanks to fill, tables, bytes.

A text is written as text: no field, no link and no style can come out of it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.text.font import CT_RPr
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from dhtt_excel.book import FONT

TEXT_WIDTH = 165  # millimetres between the margins
SIZE, TABLE_SIZE, SMALL_SIZE = 14, 12, 11
_TOP, _BOTTOM, _LEFT, _RIGHT, _HEADER = 20, 20, 30, 15, 10
_INDENT = 10
_LANGUAGE = "vi-VN"
# Fixed, so that the same input gives the same bytes.
_CREATED = datetime(2020, 1, 1)
_STAMP = (1980, 1, 1, 0, 0, 0)
_STYLES_IN_USE = {"Normal", "Heading 1", "Heading 2", "Header", "Table Grid", "Normal Table", "Default Paragraph Font"}
_NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ALIGNMENTS = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}

Align = Literal["left", "center", "justify"]


class Block:
    """Where lines are put one below the other: the page, or a cell of a table."""

    def __init__(self, holder: _Cell | None = None, document: Paper | None = None) -> None:
        self._holder = holder or document

    def _add_paragraph(self) -> Paragraph:
        assert isinstance(self._holder, _Cell)
        return self._holder.add_paragraph()


class Paper:
    pass
