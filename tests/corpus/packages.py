"""Workbooks written part by part, so that each can be broken where a test wants it."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
BOOK = "xl/workbook.xml"
BOOK_RELATIONS = "xl/_rels/workbook.xml.rels"

# Six filled cells: shared text, number, boolean, formula with text, inline text, date.
GOOD_ROWS = (
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>42.5</v></c></row>'
    '<row r="2"><c r="A2" t="b"><v>1</v></c><c r="B2" t="str"><f>A1&amp;"!"</f><v>Tổ 1!</v></c><c r="C2"/></row>'
    '<row r="4"><c r="A4" t="inlineStr"><is><t>Nguyễn Thị A</t></is></c><c r="B4" s="1"><v>43908</v></c></row>'
)
GOOD_STRINGS = "<si><t>Tổ 1</t></si><si><t>Tổ 2</t></si>"


def wrap_sheet(rows: str, after: str = "", before: str = "", namespace: str = MAIN) -> str:
    """A worksheet part around these rows."""
    root = f'<worksheet xmlns="{namespace}" xmlns:r="{RELATIONS}">'
    return f"{DECLARATION}{root}{before}<sheetData>{rows}</sheetData>{after}</worksheet>"


def wrap_strings(items: str) -> str:
    """A shared-strings part around these items."""
    return f'{DECLARATION}<sst xmlns="{MAIN}">{items}</sst>'


def wrap_book(sheets: str, properties: str = "") -> str:
    """A workbook part around these sheet elements."""
    return (
        f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{properties}<sheets>{sheets}</sheets></workbook>'
    )


def wrap_relations(relations: Iterable[tuple[str, str, str]], extra: str = "") -> str:
    """A relations part: (id, kind, target)."""
    items = "".join(
        f'<Relationship Id="{name}" Type="{RELATIONS}/{kind}" Target="{target}"/>' for name, kind, target in relations
    )
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}">{items}{extra}</Relationships>'


SHEET_RELATION = ("rId1", "worksheet", "worksheets/sheet1.xml")
OTHER_RELATIONS = (("rId8", "styles", "styles.xml"), ("rId9", "sharedStrings", "sharedStrings.xml"))
ONE_SHEET = '<sheet name="Đại biểu" sheetId="1" r:id="rId1"/>'
STYLES = (
    f'{DECLARATION}<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" xfId="0"/><xf numFmtId="14" xfId="0" applyNumberFormat="1"/></cellXfs>'
    "</styleSheet>"
)


def make_parts(sheet: str = "", strings: str = "") -> dict[str, bytes]:
    """The parts of a workbook with one sheet; by default the good one."""
    spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = {BOOK: "sheet.main", SHEET: "worksheet", STRINGS: "sharedStrings", "xl/styles.xml": "styles"}
    types = "".join(f'<Override PartName="/{p}" ContentType="{spreadsheet}.{k}+xml"/>' for p, k in overrides.items())
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    texts = {
        "[Content_Types].xml": f'{DECLARATION}<Types xmlns="{TYPES}">{rels}{types}</Types>',
        "_rels/.rels": wrap_relations([("rId1", "officeDocument", BOOK)]),
        BOOK: wrap_book(ONE_SHEET),
        BOOK_RELATIONS: wrap_relations([SHEET_RELATION, *OTHER_RELATIONS]),
        SHEET: sheet or wrap_sheet(GOOD_ROWS),
        STRINGS: strings or wrap_strings(GOOD_STRINGS),
        "xl/styles.xml": STYLES,
    }
    return {path: text.encode() for path, text in texts.items()}


def pack(parts: Mapping[str, bytes] | Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these parts, the same bytes every time. Takes pairs too, for names may stand twice."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method, compresslevel=1) as archive:
        for name, data in parts.items() if isinstance(parts, Mapping) else parts:
            entry = zipfile.ZipInfo("x", (1980, 1, 1, 0, 0, 0))
            entry.filename = name
            entry.compress_type = method
            archive.NameToInfo.clear()  # else a name that stands twice is a warning
            archive.writestr(entry, data)
    return target.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """The parts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def make_book(rows: str = GOOD_ROWS, after: str = "", strings: str = GOOD_STRINGS) -> bytes:
    """A workbook of one sheet with these rows."""
    return pack(make_parts(wrap_sheet(rows, after), wrap_strings(strings)))


def change_book(changes: Mapping[str, bytes | str | None]) -> bytes:
    """The good workbook with parts replaced, added, or (None) left out."""
    parts: dict[str, bytes | str | None] = {**make_parts(), **changes}
    return pack({k: v.encode() if isinstance(v, str) else v for k, v in parts.items() if v is not None})


def make_sheets(count: int, sheets: str = "") -> dict[str, bytes]:
    """Parts of a workbook with several good sheets, named S1, S2, … ."""
    parts = make_parts()
    relations = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, count + 1)]
    others = [(f"o{n}", kind, target) for n, (_, kind, target) in enumerate(OTHER_RELATIONS)]
    named = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId{n}"/>' for n in range(1, count + 1))
    parts[BOOK] = wrap_book(sheets or named).encode()
    parts[BOOK_RELATIONS] = wrap_relations([*relations, *others]).encode()
    parts.update({f"xl/worksheets/sheet{n}.xml": parts[SHEET] for n in range(1, count + 1)})
    return parts


def make_ods(rows: str, manifest: str = "", changes: Mapping[str, bytes] | None = None) -> bytes:
    """A minimal .ods with one table of these rows."""
    uri = "urn:oasis:names:tc:opendocument:xmlns"
    names = "".join(f' xmlns:{n}="{uri}:{n}:1.0"' for n in ("office", "table", "text"))
    content = (
        f'{DECLARATION}<office:document-content{names} office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="Bảng 1">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
    listed = (
        f'{DECLARATION}<manifest:manifest xmlns:manifest="{uri}:manifest:1.0">{manifest or entry}</manifest:manifest>'
    )
    parts = {"content.xml": content.encode(), "META-INF/manifest.xml": listed.encode(), **(changes or {})}
    stored = pack({"mimetype": kind.encode()}, zipfile.ZIP_STORED)
    target = io.BytesIO(stored)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _number(value: int) -> bytes:
    """A number as .xlsb spells it: seven bits a byte."""
    return bytes([value]) if value < 0x80 else bytes([value & 0x7F | 0x80]) + _number(value >> 7)


def _binary(kind: int, body: bytes = b"") -> bytes:
    return _number(kind) + _number(len(body)) + body


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def make_xlsb() -> bytes:
    """An .xlsb of one sheet: a number, a text, an error value."""
    cell = struct.pack("<II", 0, 0), struct.pack("<II", 1, 0), struct.pack("<II", 2, 0)
    row = _binary(0, struct.pack("<IIHBBBI", 0, 0, 300, 0, 0, 0, 0))
    cells = _binary(5, cell[0] + struct.pack("<d", 1975)) + _binary(6, cell[1] + _wide("Tổ 1"))
    cells += _binary(3, cell[2] + b"\x2a")
    sheet = b"".join(
        [
            _binary(129),
            _binary(148, struct.pack("<4I", 0, 0, 0, 2)),
            _binary(145),
            row,
            cells,
            _binary(146),
            _binary(130),
        ]
    )
    named = struct.pack("<II", 0, 1) + _wide("rId1") + _wide("Đại biểu")
    book = b"".join([_binary(131), _binary(143), _binary(156, named), _binary(144), _binary(132)])
    kinds = '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return pack(
        {
            "[Content_Types].xml": f'{DECLARATION}<Types xmlns="{TYPES}">{rels}{kinds}</Types>'.encode(),
            "_rels/.rels": wrap_relations([("rId1", "officeDocument", "xl/workbook.bin")]).encode(),
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": wrap_relations([("rId1", "worksheet", "worksheets/sheet1.bin")]).encode(),
            "xl/worksheets/sheet1.bin": sheet,
        }
    )


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def make_biff(first: tuple[int, bytes] | None = None, more: Iterable[tuple[int, bytes]] = ()) -> bytes:
    """The stream of a BIFF8 workbook: one sheet, two numbers and two texts.

    `first` is a further record right at the start, `more` are some at the end of the sheet.
    """
    early = _record(*first) if first else b""
    bof = struct.pack("<HHHHII", 0x0600, 0, 0x0DBB, 0x07CC, 0, 6)
    texts = b"".join(struct.pack("<HB", len(t), 0) + t for t in (b"Nguyen Van A", b"Tran Thi B"))
    name = b"\x06\x00Sheet1"
    start = len(_record(0x0809, bof[:2] + struct.pack("<H", 5) + bof[4:]) + _record(0x85, bytes(6) + name))
    start += len(early) + len(_record(0xFC, struct.pack("<II", 2, 2) + texts) + _record(0x0A))
    cells = [_record(0x0203, struct.pack("<HHHd", row, 0, 0, 10.5 + row)) for row in range(2)]
    cells += [_record(0xFD, struct.pack("<HHHI", row, 1, 0, row)) for row in range(2)]
    return b"".join(
        [
            _record(0x0809, bof[:2] + struct.pack("<H", 5) + bof[4:]),
            early,
            _record(0x85, struct.pack("<IH", start, 0) + name),
            _record(0xFC, struct.pack("<II", 2, 2) + texts),
            _record(0x0A),
            _record(0x0809, bof[:2] + struct.pack("<H", 16) + bof[4:]),
            _record(0x0200, struct.pack("<IIHHH", 0, 2, 0, 2, 0)),
            *cells,
            *(_record(kind, body) for kind, body in more),
            _record(0x0A),
        ]
    )


def make_xls(stream: bytes | None = None, name: str = "Workbook") -> bytes:
    """A compound file (version 3) that holds one stream; by default a small BIFF8 workbook."""
    body = (make_biff() if stream is None else stream).ljust(4096, b"\0")
    body += bytes(-len(body) % 512)
    sectors = len(body) // 512
    free, end, fat_sector = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    chain = [fat_sector, end, *range(3, sectors + 2), end]
    fat = struct.pack("<128I", *chain, *[free] * (128 - len(chain)))
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, 4096, end, 0, end, 0,
    ) + struct.pack("<109I", 0, *[free] * 108)  # fmt: skip

    def entry(title: str, kind: int, child: int, first: int, size: int) -> bytes:
        text = title.encode("utf-16-le")
        nodes = struct.pack("<HBBIII", len(text) + 2 if title else 0, kind, 1, free, free, child)
        return text.ljust(64, b"\0") + nodes + bytes(36) + struct.pack("<IQ", first, size)

    directory = entry("Root Entry", 5, 1, end, 0) + entry(name, 2, free, 2, len(body)) + entry("", 0, free, 0, 0) * 2
    return header + fat + directory + body
