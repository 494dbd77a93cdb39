"""What an .xlsx holds that is in no cell: notes, text boxes, pictures, controls; and which cell styles strike text out.

Nothing of it becomes a figure, so that a fault in it never costs the file: what cannot be read is said to be there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from typing import TYPE_CHECKING
from xml.parsers import expat

from dhtt_excel.excel.addresses import cell_position
from dhtt_excel.inbox.guard_package import MIB, Package, RefusedError, local_name, parse_part, read_relations
from dhtt_excel.inbox.raw import Aside, AsideKind

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MAX_PART = 10 * MIB  # a drawing beyond is not looked through
_THREAD = "tc="  # begins the author of the note that stands for a threaded comment in older programs
_CONTROL = re.compile(rb"""<x:ClientData\b[^>]*ObjectType=["'](\w+)["'](.*?)</x:ClientData>""", re.DOTALL)
_ANCHOR = re.compile(rb"<x:Anchor>\s*(\d+),\s*\d+,\s*(\d+),")
_LABEL = re.compile(rb"<v:textbox\b[^>]*>(.*?)</v:textbox>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_CONTROLS = (b"Checkbox", b"Radio", b"Drop", b"List", b"Spin", b"Scroll", b"Edit", b"Button")
_PICTURE_IN_CELL = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^>]*\svm="[0-9]+"')
_SECTIONS = frozenset({"fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"})


def list_asides(package: Package, sheet_path: str, sheet: bytes) -> list[Aside]:
    """What the sheet at this path holds outside of its cells, in reading order. `sheet`: its part."""
    found: list[Aside] = []
    try:
        relations = read_relations(package, sheet_path)
    except (RefusedError, expat.ExpatError):
        relations = {}
    for kind, path in relations.values():
        if kind == "control":  # of the ActiveX kind, drawn as a picture
            found.append(Aside(AsideKind.CONTROL, 0, 0))
        elif kind in _READERS and path in package:
            found += _read(package, kind, path)
    if "xl/richData/richValueRel.xml" in package:
        places = (cell_position(name.decode()) for name in _PICTURE_IN_CELL.findall(sheet))
        found += [Aside(AsideKind.PICTURE, *place) for place in places]
    return sorted(found, key=lambda aside: (aside.row, aside.column))


def _read(package: Package, kind: str, path: str) -> list[Aside]:
    try:
        if package.size(path) > _MAX_PART:
            return [Aside(AsideKind.UNKNOWN, 0, 0)]
        return list(_READERS[kind](package.unpack(path)))
    except Exception:  # whatever zip and XML raise on hostile bytes
        return [Aside(AsideKind.UNKNOWN, 0, 0)]


def _parse(data: bytes) -> Element:
    from xml.etree import ElementTree as ET  # few files have such parts

    parse_part(data)
    return ET.fromstring(data)  # noqa: S314  judged: no entities


def _find(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element.iter() if _local(child) == name)


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _join(element: Element, paragraph: str = "") -> str:
    """The text of all "t" in an element, that of each paragraph on a line of its own."""
    if paragraph:
        return "\n".join(_join(child) for child in _find(element, paragraph)).strip()
    return "".join(child.text or "" for child in _find(element, "t"))


def _list_notes(root: Element) -> Iterator[Aside]:
    authors = [child.text or "" for child in _find(root, "author")]
    for note in _find(root, "comment"):
        author = note.get("authorId", "")
        if not (author.isdecimal() and int(author) < len(authors) and authors[int(author)].startswith(_THREAD)):
            yield Aside(AsideKind.NOTE, *cell_position(note.get("ref", "")), _join(note).strip())


def _list_threads(root: Element) -> Iterator[Aside]:
    """A note a cell, its answers below it."""
    threads: dict[str, list[str]] = {}
    for comment in _find(root, "threadedComment"):
        threads.setdefault(comment.get("ref", ""), []).extend(child.text or "" for child in _find(comment, "text"))
    for name, texts in threads.items():
        yield Aside(AsideKind.NOTE, *cell_position(name), "\n".join(texts))


def _list_shapes(element: Element, row: int = 0, column: int = 0) -> Iterator[Aside]:
    """Pictures, shapes with text and charts; form controls are told by the older drawing that comes with them."""
    for child in element:
        local = _local(child)
        if local == "from":
            row, column = (int(next(_find(child, name)).text or 0) + 1 for name in ("row", "col"))
        elif local == "sp":
            text = _join(child, "p")
            if text and next(_find(child, "compatExt"), None) is None:
                yield Aside(AsideKind.TEXT_BOX, row, column, text)
        elif local in ("pic", "contentPart"):
            yield Aside(AsideKind.PICTURE, row, column)
        elif local == "graphicFrame":
            yield Aside(AsideKind.CHART, row, column, _join(child, "p"))
        elif local != "Fallback":
            yield from _list_shapes(child, row, column)


def _list_controls(data: bytes) -> Iterator[Aside]:
    """Check boxes and the like. No XML parser, for this part need not be well-formed."""
    for shape in data.split(b"</v:shape>"):
        if (control := _CONTROL.search(shape)) and control[1] in _CONTROLS:
            anchor, label = _ANCHOR.search(control[2]), _LABEL.search(shape)
            column, row = (int(number) + 1 for number in anchor.groups()) if anchor else (0, 0)
            text = unescape(_TAG.sub("", label[1].decode(errors="replace"))).strip() if label else ""
            ticked = " (đã đánh dấu)" if b"<x:Checked>1" in control[2] else ""
            yield Aside(AsideKind.CONTROL, row, column, text + ticked)


_READERS: dict[str, Callable[[bytes], Iterable[Aside]]] = {
    "comments": lambda data: _list_notes(_parse(data)),
    "threadedComment": lambda data: _list_threads(_parse(data)),
    "drawing": lambda data: _list_shapes(_parse(data)),
    "vmlDrawing": _list_controls,
}


def find_struck_styles(data: bytes) -> set[bytes]:
    """The cell styles of a part of styles, as cells spell them, whose font is struck through."""
    section = ""
    fonts: list[bool] = []
    struck: set[bytes] = set()
    places = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal section, places
        local = local_name(name)
        if local in _SECTIONS:
            section = local
        elif section == "fonts" and local == "font":
            fonts.append(False)
        elif section == "fonts" and local == "strike" and fonts:
            fonts[-1] = attributes.get("val", "1") in ("1", "true")
        elif section == "cellXfs" and local == "xf":
            font = attributes.get("fontId", "0")
            if font.isdecimal() and int(font) < len(fonts) and fonts[int(font)]:
                struck.add(b"%d" % places)
            places += 1

    parse_part(data, start)
    return struck
