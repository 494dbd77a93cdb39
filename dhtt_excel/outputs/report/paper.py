"""A Word document on A4 as offices print it (Nghị định 30/2020/NĐ-CP): lines, headings, blanks to fill, tables, bytes.

A text is written as text: no field and no link can come out of it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple, cast

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.text.font import CT_RPr
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from dhtt_excel.excel.cells import CREATED
from dhtt_excel.excel.looks import FONT
from dhtt_excel.text.characters import plain_text

TEXT_WIDTH = 165  # millimetres between the margins
SIZE, TABLE_SIZE = 14, 12
_SHORT = 12  # rows
_TOP, _BOTTOM, _LEFT, _RIGHT, _HEADER, _INDENT = 20, 20, 30, 15, 10, 10
_LANGUAGE = "vi-VN"
_WORD_VERSION = "15"  # an older one is opened in compatibility mode
# Fixed, so that the same input gives the same bytes.
_STAMP = (1980, 1, 1, 0, 0, 0)
_STYLES_IN_USE = {"Normal", "Heading 1", "Heading 2", "Header", "Table Grid", "Normal Table", "Default Paragraph Font"}
_PARTS_UNUSED = ("/thumbnail", "/stylesWithEffects", "/customXml")
_ALIGNMENTS = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}

Align = Literal["left", "center", "justify"]
Holder = DocumentObject | _Cell


class Words(NamedTuple):
    """A part of a line that looks alike."""

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    marked: bool = False  # with a highlighter: a person has to look here


class Grid(NamedTuple):
    """What a table holds. `widths`: millimetres; `texts`: columns that are no numbers; `strong`: rows in bold."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    texts: Collection[int] = (1,)
    strong: Collection[int] = ()
    size: float = TABLE_SIZE


class ReportPaper:
    """A document in memory; `finish` gives its bytes. `body` is the page, as `add_columns` gives cells."""

    def __init__(self, title: str) -> None:
        self._tables = 0
        self.body = Document()
        _set_properties(self.body, title)
        _set_styles(self.body)
        _set_page(self.body)

    def add_heading(self, text: str, level: int) -> None:
        heading = self.body.add_paragraph(plain_text(text), style=f"Heading {level}")
        heading.paragraph_format.first_line_indent = Mm(_INDENT)

    def add_part(self, name: str, title: str) -> None:
        """The heading of a part, in two lines in the middle."""
        for text, before in ((name, 10), (title, 0)):
            line = self.body.add_paragraph(plain_text(text), style="Heading 1")
            _shape(line, "center", before=before, after=2 if before else 6)

    def add_columns(self, left: float) -> tuple[_Cell, _Cell]:
        """Two empty blocks side by side, without borders, that no page's end parts; `left`: millimetres."""
        table = _add_table(self.body, 1, (left, TEXT_WIDTH - left))
        _keep_whole(table.rows[0])
        left_cell, right_cell = (_empty(cell) for cell in table.rows[0].cells)
        return left_cell, right_cell

    @property
    def next_table(self) -> str:
        """What the text calls the numbered table that comes next: "Bảng 1"."""
        return f"Bảng {self._tables + 1}"

    def add_numbered_table(self, title: str, grid: Grid) -> None:
        """The table below its number and title."""
        caption = Words(f"{self.next_table}. {title}", bold=True)
        add_line(self.body, caption, size=TABLE_SIZE + 1, align="center", before=4, after=4, keep=True)
        self.add_table(grid)
        self._tables += 1

    def add_table(self, grid: Grid) -> None:
        """A table whose heading repeats; a short one stays on a page, and a bold row with the one below it."""
        table = _add_table(self.body, 1 + len(grid.rows), grid.widths, style="Table Grid")
        for index, (row, values) in enumerate(zip(table.rows, (grid.headings, *grid.rows), strict=True)):
            _keep_whole(row)
            strong = index == 0 or index - 1 in grid.strong
            keep = index < len(grid.rows) and (strong or len(grid.rows) <= _SHORT)
            for column, (cell, text) in enumerate(zip(row.cells, values, strict=True)):
                is_text = index > 0 and column in grid.texts
                cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
                line = cell.paragraphs[0]
                _shape(line, "left" if is_text else "center", before=1, after=1)
                line.paragraph_format.keep_with_next = keep
                _write(line, Words(text, bold=strong), grid.size)
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        add_gap(self.body, 8)

    def finish(self) -> bytes:
        add_gap(self.body, 1)  # a document does not end with a table
        buffer = io.BytesIO()
        self.body.save(buffer)
        return _stamp_alike(buffer.getvalue())


def add_line(
    holder: Holder,
    *words: Words | str,
    size: float = SIZE,
    align: Align = "left",
    indent: bool = False,
    before: float = 0,
    after: float = 6,
    keep: bool = False,
) -> Paragraph:
    """A paragraph of the parts in turn. `indent`: of its first line; `before`, `after`: points; `keep`: with the next."""
    line = _begin_line(holder)
    _shape(line, align, before=before, after=after)
    line.paragraph_format.keep_with_next = keep
    if indent:
        line.paragraph_format.first_line_indent = Mm(_INDENT)
    for part in words:
        _write(line, Words(part) if isinstance(part, str) else part, size)
    return line


def _begin_line(holder: Holder) -> Paragraph:
    if isinstance(holder, _Cell):
        return cast(Paragraph, holder.add_paragraph())
    line = OxmlElement("w:p")
    holder.element.body[-1].addprevious(line)  # the page's set-up: the library would look for it among all lines
    return Paragraph(line, holder._body)


def add_gap(holder: Holder, points: float) -> Paragraph:
    """An empty line of exactly this height."""
    line = add_line(holder, after=0)
    line.paragraph_format.line_spacing = Pt(points)
    return line


def add_text(holder: Holder, text: str, *, keep: bool = False) -> None:
    """A paragraph of the report."""
    add_line(holder, text, align="justify", indent=True, keep=keep)


def add_blank(holder: Holder, text: str) -> None:
    """A place where a person has to write: what is wanted, in brackets, bold and marked."""
    add_line(holder, Words(f"[{text}]", bold=True, marked=True), align="justify", indent=True)


def add_note(holder: Holder, text: str) -> None:
    """What is to be known of the numbers above."""
    add_line(holder, Words(text, italic=True), size=TABLE_SIZE, align="justify", indent=True)


def draw_rule(line: Paragraph, indent: float = 0) -> None:
    """A rule above the paragraph, `indent` points shorter at each end."""
    _draw_borders(line, indent, ("top",))


def draw_box(line: Paragraph, indent: float) -> None:
    """A box around the paragraph, `indent` points from each end."""
    _draw_borders(line, indent, ("top", "left", "bottom", "right"))


def _draw_borders(line: Paragraph, indent: float, sides: Sequence[str]) -> None:
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(indent)
    borders = OxmlElement("w:pBdr")
    for side in sides:
        border = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
            border.set(qn(f"w:{key}"), value)
        borders.append(border)
    line._p.get_or_add_pPr().insert_element_before(borders, "w:spacing", "w:ind", "w:jc")  # the schema's order


def _shape(line: Paragraph, align: Align, *, before: float, after: float) -> None:
    line.alignment = _ALIGNMENTS[align]
    line.paragraph_format.space_before = Pt(before)
    line.paragraph_format.space_after = Pt(after)


def _write(line: Paragraph, words: Words, size: float) -> None:
    run = line.add_run(plain_text(words.text))
    run.font.size = Pt(size)
    run.bold, run.italic, run.underline = words.bold or None, words.italic or None, words.underline or None
    if words.marked:
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _add_table(body: DocumentObject, rows: int, widths: Sequence[float], style: str = "Normal Table") -> Table:
    table: Table = body.add_table(rows, len(widths), style)
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    return table


def _empty(cell: _Cell) -> _Cell:
    for line in cell.paragraphs:
        cell._element.remove(line._element)
    return cell


def _keep_whole(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _set_properties(body: DocumentObject, title: str) -> None:
    """A title and no author; nothing of the template that the document grew from."""
    properties = body.core_properties
    properties.title, properties.language = plain_text(title), _LANGUAGE
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.created = properties.modified = CREATED
    for relations in (body.part.package.rels, body.part.rels):
        for key, relation in list(relations.items()):
            if relation.reltype.endswith(_PARTS_UNUSED):
                del relations[key]
    zoom = body.settings.element.find(qn("w:zoom"))
    zoom.attrib.clear()  # the template's has no percent, which the schema asks for
    zoom.set(qn("w:percent"), "100")
    version = body.settings.element.find(f".//{qn('w:compatSetting')}[@{qn('w:name')}='compatibilityMode']")
    version.set(qn("w:val"), _WORD_VERSION)


def _set_styles(body: DocumentObject) -> None:
    """The house font everywhere, also where the template leaves it to a theme; styles that no one uses go."""
    for style in list(body.styles):
        if style.name not in _STYLES_IN_USE:
            style.delete()
        elif (link := style.element.find(qn("w:link"))) is not None:
            style.element.remove(link)
    defaults: CT_RPr = body.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    _set_font(defaults)
    defaults.find(qn("w:lang")).set(qn("w:val"), _LANGUAGE)
    for name in ("Normal", "Heading 1", "Heading 2", "Header"):
        style = cast(ParagraphStyle, body.styles[name])
        _set_font(style.element.get_or_add_rPr())
        style.font.size = Pt(SIZE)
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.paragraph_format.space_before = Pt(0)
        style.paragraph_format.space_after = Pt(6)
        style.paragraph_format.line_spacing = 1.1
        style.paragraph_format.widow_control = True


def _set_font(look: CT_RPr) -> None:
    fonts = look.get_or_add_rFonts()
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)


def _set_page(body: DocumentObject) -> None:
    """A4, the decree's margins, the page's number above all pages but the first."""
    section = body.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.header_distance = Mm(_TOP), Mm(_BOTTOM), Mm(_HEADER)
    section.left_margin, section.right_margin = Mm(_LEFT), Mm(_RIGHT)
    section.different_first_page_header_footer = True
    line = section.header.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number = OxmlElement("w:fldSimple")
    number.set(qn("w:instr"), "PAGE")
    line._p.append(number)


def _stamp_alike(data: bytes) -> bytes:
    """The same parts, each with the same time: python-docx stamps them with the time of writing."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as made, zipfile.ZipFile(buffer, "w") as package:
        for name in made.namelist():
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            package.writestr(entry, made.read(name))
    return buffer.getvalue()
