"""docs/huong-dan.md, with its pictures ─► docs/huong-dan.docx and docs/huong-dan.pdf, for the zip.

    python packaging/guide.py

LibreOffice makes the PDF of the docx. Both bear a digest of their source, by which a test sees that they are of today's.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

DOCS = Path(__file__).resolve().parent.parent / "docs"
SOURCE = DOCS / "huong-dan.md"
WIDTH = Cm(16.5)  # of a page between its margins
_INDENT = Cm(0.75)
_FONT, _FIXED_FONT = "Times New Roman", "Courier New"
_GREY = "F2F2F2"
_PDF = '{"UseTaggedPDF": {"type": "boolean", "value": "true"}, "ExportBookmarks": {"type": "boolean", "value": "true"}}'


def main() -> None:
    office = shutil.which("soffice")
    if not office:
        sys.exit("LibreOffice is needed: soffice is not on the path")
    made = SOURCE.with_suffix(".docx")
    write_docx(made)
    with tempfile.TemporaryDirectory() as profile:
        command = [office, f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--convert-to"]
        command += [f"pdf:writer_pdf_Export:{_PDF}", "--outdir", str(DOCS), str(made)]
        subprocess.run(command, check=True, capture_output=True)


def digest_source() -> str:
    """Of the text and the pictures that it shows."""
    text = SOURCE.read_bytes()
    whole = hashlib.sha256(text.replace(b"\r\n", b"\n"))
    for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text.decode()):
        whole.update((DOCS / picture).read_bytes())
    return whole.hexdigest()


def write_docx(path: Path) -> None:
    tree = SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(SOURCE.read_text(encoding="utf-8")))
    document = docx.Document()
    set_page(document)
    for node in tree.children:
        add_block(document, node, indent=0)
    about = document.core_properties
    about.title, about.author, about.comments, about.language = "Hướng dẫn dùng dhtt", "", "", "vi-VN"
    about.keywords = digest_source()
    about.created = about.modified = datetime(2020, 1, 1)
    document.save(str(path))


# ---------------------------------------------------------------- the page


def set_page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2.5), Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    normal = document.styles["Normal"]
    assert isinstance(normal, ParagraphStyle)
    set_font(normal.element.get_or_add_rPr(), _FONT)
    normal.element.get_or_add_rPr().append(parse_xml(f'<w:lang {nsdecls("w")} w:val="vi-VN" w:eastAsia="vi-VN"/>'))
    normal.font.size = Pt(12)
    normal.paragraph_format.space_after = Pt(6)
    for level, size in ((1, 20), (2, 15), (3, 13)):
        style = document.styles[f"Heading {level}"]
        assert isinstance(style, ParagraphStyle)
        set_font(style.element.get_or_add_rPr(), _FONT)
        style.font.size, style.font.bold, style.font.color.rgb = Pt(size), True, RGBColor(0, 0, 0)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(14 if level > 1 else 0), Pt(6)
        style.paragraph_format.keep_with_next = True
    number = section.footer.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number._p.append(parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'))


def set_font(properties: object, name: str) -> None:
    """Of all scripts, instead of the theme's."""
    for old in properties.findall(qn("w:rFonts")):  # type: ignore[attr-defined]
        properties.remove(old)  # type: ignore[attr-defined]
    fonts = " ".join(f'w:{kind}="{name}"' for kind in ("ascii", "hAnsi", "eastAsia", "cs"))
    properties.insert(0, parse_xml(f"<w:rFonts {nsdecls('w')} {fonts}/>"))  # type: ignore[attr-defined]


# ---------------------------------------------------------------- blocks


def add_block(document: Document, node: SyntaxTreeNode, indent: int) -> None:
    match node.type:
        case "heading":
            add_text(document.add_heading(level=int(node.tag[1])), node.children[0].children)
        case "paragraph":
            add_paragraph(document, node, indent)
        case "fence" | "code_block":
            add_code(document, node.content.rstrip("\n").split("\n"), indent)
        case "bullet_list" | "ordered_list":
            add_list(document, node, indent)
        case "table":
            add_table(document, [list(row.children) for part in node.children for row in part.children])
        case "hr":
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        case _:
            raise NotImplementedError(f"{node.type}: {SOURCE.name}, line {node.map}")


def add_paragraph(document: Document, node: SyntaxTreeNode, indent: int, lead: str = "") -> None:
    parts = node.children[0].children
    if [part.type for part in parts] == ["image"]:
        add_picture(document, parts[0])
        return
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.left_indent = _INDENT * indent
    paragraph.paragraph_format.keep_with_next = bool(parts[-1].content.endswith(":"))  # what follows is code or a table
    if lead:
        paragraph.paragraph_format.first_line_indent = -_INDENT
        paragraph.paragraph_format.tab_stops.add_tab_stop(_INDENT * indent)
        paragraph.add_run(f"{lead}\t")
    add_text(paragraph, parts)


def add_picture(document: Document, node: SyntaxTreeNode) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = True
    picture = paragraph.add_run().add_picture(str(DOCS / str(node.attrs["src"])), width=WIDTH)
    picture._inline.docPr.set("descr", node.content)
    under = document.add_paragraph()
    under.alignment = WD_ALIGN_PARAGRAPH.CENTER
    under.add_run(node.content).italic = True


def add_list(document: Document, node: SyntaxTreeNode, indent: int) -> None:
    start = int(node.attrs.get("start", 1))
    for number, item in enumerate(node.children, start):
        lead = f"{number}." if node.type == "ordered_list" else "–"
        for block in item.children:
            if block.type == "paragraph":
                add_paragraph(document, block, indent + 1, lead)
                lead = ""
            else:
                add_block(document, block, indent + 1)


def add_code(document: Document, lines: Sequence[str], indent: int) -> None:
    """What is typed: each line of its own, shaded."""
    for line in lines:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.left_indent = _INDENT * max(indent, 1)
        paragraph.paragraph_format.space_after = Pt(6 if line is lines[-1] else 0)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
        shade = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{_GREY}"/>')
        paragraph._p.get_or_add_pPr().append(shade)
        set_fixed(paragraph.add_run(line))


def add_table(document: Document, rows: Sequence[Sequence[SyntaxTreeNode]]) -> None:
    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    table.autofit = False
    widths = share_width(rows)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row, nodes in zip(table.rows, rows, strict=True):
        row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
        for cell, node, width in zip(row.cells, nodes, widths, strict=True):
            cell.width = width
            fill_cell(cell, node)
    table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def fill_cell(cell: _Cell, node: SyntaxTreeNode) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(2)
    add_text(paragraph, node.children[0].children if node.children else [], bold=node.type == "th")


def share_width(rows: Sequence[Sequence[SyntaxTreeNode]]) -> list[Cm]:
    """Columns as wide as what is in them, none very narrow."""
    texts = [[sum(len(text) for text in _texts(cell)) for cell in row] for row in rows]
    longest = [max(column) for column in zip(*texts, strict=True)]
    shares = [max(length / sum(longest), 0.22) for length in longest]
    return [Cm(WIDTH.cm * share / sum(shares)) for share in shares]


def _texts(node: SyntaxTreeNode) -> Iterator[str]:
    return (inner.content for inner in node.walk() if inner.type in ("text", "code_inline"))


# ---------------------------------------------------------------- text


def add_text(paragraph: Paragraph, nodes: Iterable[SyntaxTreeNode], *, bold: bool = False) -> None:
    for node in nodes:
        match node.type:
            case "text":
                paragraph.add_run(node.content).bold = bold or None
            case "softbreak":
                paragraph.add_run(" ")
            case "code_inline":
                set_fixed(paragraph.add_run(node.content))
            case "strong":
                add_text(paragraph, node.children, bold=True)
            case "link":
                add_text(paragraph, node.children, bold=bold)
            case _:
                raise NotImplementedError(f"{node.type}: {SOURCE.name}, {paragraph.text!r}")


def set_fixed(run: Run) -> None:
    set_font(run._r.get_or_add_rPr(), _FIXED_FONT)
    run.font.size = Pt(9.5)
    run.font.no_proof = True


if __name__ == "__main__":
    main()
