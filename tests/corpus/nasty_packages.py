"""Cases about the file and its package: what it is, how it was cut, how its zip lies."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from collections.abc import Callable, Iterator

from msoffcrypto.format.ooxml import OOXMLFile  # type: ignore[import-untyped]

from tests.corpus.cases import Case
from tests.corpus.packages import (
    BOOK,
    GOOD_ROWS,
    SHEET,
    STRINGS,
    STYLES,
    change_book,
    make_biff,
    make_book,
    make_ods,
    make_parts,
    make_xls,
    make_xlsb,
    pack,
    unpack,
    wrap_relations,
    wrap_sheet,
    wrap_strings,
)

GOOD = make_book()
GOOD_CELLS = 6
ODS_ROW = (
    '<table:table-row><table:table-cell office:value-type="float" office:value="3"/>'
    '<table:table-cell office:value-type="string"><text:p>Tổ 1</text:p></table:table-cell></table:table-row>'
)


def list_cases() -> Iterator[Case]:
    yield from _list_truncations()
    yield from _list_other_kinds()
    yield from _list_bombs()
    yield from _list_entries()
    yield from _list_lies()
    yield from _list_legacy()
    yield from _list_ods()
    yield from _list_file_names()


def _list_truncations() -> Iterator[Case]:
    for share in range(5, 100, 10):
        yield Case(f"cut-{share:02}.xlsx", GOOD[: len(GOOD) * share // 100], "damaged")
    for size in (4, 30, 100, len(GOOD) - 23, len(GOOD) - 1):
        yield Case(f"cut-at-{size}.xlsx", GOOD[:size], "damaged")
    yield Case("cut-front.xlsx", GOOD[30:], "not-workbook")
    yield Case("junk-after.xlsx", GOOD + bytes(1000), GOOD_CELLS)
    yield Case("junk-before.xlsx", b"x" * 100 + GOOD, "not-workbook")
    yield Case("hole.xlsx", GOOD[:600] + bytes(200) + GOOD[800:], "damaged")


def _list_other_kinds() -> Iterator[Case]:
    kinds: dict[str, tuple[bytes, str]] = {
        "html.xlsx": (b"<html><table><tr><td>1</td></tr></table></html>", "html"),
        "doctype-html.xls": (b"\xef\xbb\xbf<!DOCTYPE html><html></html>", "html"),
        "table.xls": (b"\n <table><tr><td>1</td></tr></table>", "html"),
        "xml2003.xls": (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "xml"),
        "csv.xlsx": ("STT,Họ tên\n1,Nguyễn Văn A\n".encode(), "csv"),
        "semicolons.xls": (b"a;b\n1;2\n", "csv"),
        "tabs.xlsx": (b"a\tb\n", "csv"),
        "pdf.xlsx": (b"%PDF-1.7\n%...", "pdf"),
        "rtf.xlsx": (b"{\\rtf1\\ansi x}", "rtf"),
        "png.xlsx": (b"\x89PNG\r\n\x1a\n" + bytes(100), "image"),
        "jpeg.xlsx": (b"\xff\xd8\xff\xe0" + bytes(100), "image"),
        "gif.xlsx": (b"GIF89a" + bytes(20), "image"),
        "gz.xlsx": (gzip.compress(GOOD, mtime=0), "archive"),
        "7z.xlsx": (b"7z\xbc\xaf\x27\x1c" + bytes(50), "archive"),
        "rar.xlsx": (b"Rar!\x1a\x07\x00" + bytes(50), "archive"),
        "words.xlsx": (b"xin chao", "not-workbook"),
        "zeros.xlsx": (bytes(5000), "not-workbook"),
        "empty.xlsx": (b"", "empty"),
        "empty-zip.xlsx": (b"PK\x05\x06" + bytes(18), "not-workbook"),
        "zip-of-book.xlsx": (pack({"bieu-mau.xlsx": GOOD}), "not-workbook"),
        "xlsx-as.xls": (GOOD, "6"),
        "xlsx-as.ods": (GOOD, "6"),
        "ods-as.xlsx": (make_ods(ODS_ROW), "2"),
        "template.xltx": (GOOD, "other-workbook"),
        "wps.et": (make_xls(), "other-workbook"),
        "apple.numbers": (pack({"Index/Document.iwa": b"x"}), "other-workbook"),
        "numbers-as.xlsx": (pack({"Index/Document.iwa": b"x"}), "other-workbook"),
        "link.gsheet": (b'{"url": "https://docs.google.com"}', "other-workbook"),
        "notes.txt": (b"xin chao", "suffix"),
        "no-suffix": (GOOD, "suffix"),
        "data.csv": (b"a,b\n", "suffix"),
    }
    for name, (data, expected) in kinds.items():
        yield Case(name, data, int(expected) if expected.isdigit() else expected)
    document = change_book({BOOK: '<w:document xmlns:w="urn:w"><w:body><w:p/></w:body></w:document>'})
    yield Case("docx.xlsx", document, "not-workbook")
    yield Case("too-large.xlsx", GOOD + bytes(25 * 1024 * 1024), "size")
    yield Case("encrypted.xlsx", _encrypt(GOOD), "encrypted")


def _encrypt(data: bytes) -> bytes:
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt("mật khẩu", target)
    return target.getvalue()


def _list_bombs() -> Iterator[Case]:
    spaces = wrap_sheet(GOOD_ROWS, " " * 20_000_000)
    yield Case("ratio-sheet.xlsx", change_book({SHEET: spaces}), "ratio")
    yield Case("ratio-other.xlsx", change_book({"xl/media/image1.png": bytes(5_000_000)}), GOOD_CELLS)
    yield Case("ratio-emf.xlsx", change_book({"xl/media/image1.emf": b"EMF+" * 30_000}), GOOD_CELLS)
    styled = STYLES.replace("</cellXfs>", '<xf numFmtId="0" xfId="0"/>' * 24_000 + "</cellXfs>")
    yield Case("ratio-styles.xlsx", change_book({"xl/styles.xml": styled}), GOOD_CELLS)
    yield Case("ratio-styles-bomb.xlsx", change_book({"xl/styles.xml": STYLES + " " * 20_000_000}), "ratio")
    yield Case("ratio-strings-bomb.xlsx", change_book({STRINGS: wrap_strings(" " * 20_000_000)}), "ratio")
    yield Case("ratio-content-bomb.ods", pack({"content.xml": bytes(20_000_000)}), "ratio")
    bomb = {"xl/worksheets/_rels/sheet1.xml.rels": wrap_relations([("r", "drawing", "../drawings/d.xml")])}
    yield Case("ratio-drawing.xlsx", change_book({**bomb, "xl/drawings/d.xml": " " * 20_000_000}), GOOD_CELLS)
    yield Case("ratio-small.xlsx", change_book({SHEET: wrap_sheet(GOOD_ROWS, " " * 90_000)}), GOOD_CELLS)
    yield Case("entries-1001.xlsx", change_book({f"xl/a{n}.xml": "" for n in range(994)}), "entries")
    yield Case("entries-1000.xlsx", change_book({f"xl/a{n}.xml": "" for n in range(993)}), GOOD_CELLS)
    yield Case("nested.xlsx", change_book({"xl/embeddings/a.xlsx": pack({"b": bytes(9_000_000)})}), GOOD_CELLS)
    for name, size in (("huge", 150 * 1024 * 1024), ("4g", 0xFFFFFFF0)):
        yield Case(f"declared-{name}.xlsx", _declare(GOOD, SHEET, size), "size")
    yield Case("declared-less.xlsx", _declare(GOOD, SHEET, 300), "damaged")
    yield Case("declared-more.xlsx", _declare(GOOD, SHEET, 3000), GOOD_CELLS)
    many = pack([*make_parts().items(), *((f"xl/media/{n}", b"") for n in range(3))])
    for n in range(3):
        many = _declare(many, f"xl/media/{n}", 90 * 1024 * 1024, packed=1024 * 1024)
    yield Case("declared-sum.xlsx", many, "size")


def _find_central(data: bytes, name: str) -> int:
    """Where the directory entry of a part starts."""
    place = data.index(b"PK\x01\x02")
    while data[place + 46 : place + 46 + len(name)] != name.encode():
        place = data.index(b"PK\x01\x02", place + 4)
    return place


def _declare(data: bytes, name: str, size: int, packed: int | None = None) -> bytes:
    """The zip with another expanded (and packed) size declared for a part."""
    place = _find_central(data, name)
    changed = bytearray(data)
    changed[place + 24 : place + 28] = struct.pack("<I", size)
    if packed:
        changed[place + 20 : place + 24] = struct.pack("<I", packed)
    return bytes(changed)


def _list_entries() -> Iterator[Case]:
    good = list(make_parts().items())
    names = {
        "absolute": "/etc/passwd",
        "parent": "xl/../../x.xml",
        "parent-start": "../x.xml",
        "drive": "C:x.xml",
        "stream": "xl/a.xml:x",
        "case-twice": "XL/Workbook.XML",
        "twice": BOOK,
        "sheet-twice": SHEET,
        "accent-twice": "xl/ẤP.xml",
    }
    for title, name in names.items():
        extra = [(name, b"<x/>"), ("xl/ấp.xml", b"<x/>")]
        yield Case(f"name-{title}.xlsx", pack([*good, *extra]), "names")
    harmless = {"emoji": "xl/😀.xml", "space": "xl/a b.xml", "folder": "xl/folder/", "long": f"xl/{'a' * 5000}.xml"}
    for title, name in harmless.items():
        yield Case(f"name-{title}.xlsx", pack([*good, (name, b"")]), GOOD_CELLS)
    yield Case("name-backslash.xlsx", pack([*good, ("xl\\x.xml", b"<x/>")]), GOOD_CELLS)
    yield Case("name-backslash-twice.xlsx", pack([*good, (BOOK.replace("/", "\\"), b"<x/>")]), "names")
    respelt: dict[str, Callable[[str], str]] = {
        "upper": str.upper,
        "lower": str.lower,
        "backslashes": lambda name: name.replace("/", "\\"),
        "both": lambda name: name.replace("/", "\\").title(),
    }
    for title, respell in respelt.items():
        yield Case(f"names-{title}.xlsx", pack([(respell(name), data) for name, data in good]), GOOD_CELLS)
    yield Case("names-from-root.xlsx", pack([(f"/{name}", data) for name, data in good]), "names")
    yield Case("name-empty.xlsx", pack([*good, ("", b"x")]), "names")
    yield Case("order-reversed.xlsx", pack(good[::-1]), GOOD_CELLS)
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        yield Case(f"method-{method}.xlsx", pack(good, method), GOOD_CELLS)


def _list_lies() -> Iterator[Case]:
    """Directory entries that say what is not so."""
    place = _find_central(GOOD, SHEET)

    def poke(offset: int, value: bytes) -> bytes:
        return GOOD[: place + offset] + value + GOOD[place + offset + len(value) :]

    yield Case("zip-encrypted.xlsx", poke(8, b"\x01\x00"), "zip-encrypted")
    yield Case("crc.xlsx", poke(16, b"\1\2\3\4"), "damaged")
    yield Case("zip-aes.xlsx", poke(10, b"\x63\x00"), "zip-encrypted")
    yield Case("method-unknown.xlsx", poke(10, b"\x62\x00"), "damaged")
    yield Case("offset-far.xlsx", poke(42, b"\xff\xff\xff\x7f"), "damaged")
    strings = _find_central(GOOD, STRINGS)
    yield Case("overlapping.xlsx", poke(42, GOOD[strings + 42 : strings + 46]), "damaged")
    yield Case(
        "name-differs.xlsx", GOOD.replace(b"xl/worksheets/sheet1.xml", b"xl/worksheets/sheet2.xml", 1), "damaged"
    )
    end = GOOD.index(b"PK\x05\x06")
    yield Case("entries-lie.xlsx", GOOD[: end + 8] + b"\xff\x7f\xff\x7f" + GOOD[end + 12 :], GOOD_CELLS)
    yield Case("directory-far.xlsx", GOOD[: end + 16] + b"\xff\xff\xff\x7f" + GOOD[end + 20 :], "damaged")
    yield Case("comment.xlsx", GOOD[:-2] + b"\x05\x00hello", GOOD_CELLS)
    yield Case("two-directories.xlsx", GOOD[:-2] + struct.pack("<H", 22) + b"PK\x05\x06" + bytes(18), "not-workbook")


def _list_legacy() -> Iterator[Case]:
    xls, biff = make_xls(), make_biff()
    yield Case("valid.xls", xls, 4)
    yield Case("xls-as.xlsx", xls, 4)
    yield Case("book-stream.xls", make_xls(name="Book"), 4)
    yield Case("word.xls", make_xls(name="WordDocument"), "not-workbook")
    yield Case("neither.xls", make_xls(name="Thumbs"), "damaged")
    rc4, xor = struct.pack("<3H", 1, 1, 1) + bytes(48), struct.pack("<3H", 0, 1, 1)
    yield Case("password.xls", make_xls(make_biff((0x2F, rc4))), "encrypted")
    yield Case("password-old.xls", make_xls(make_biff((0x2F, xor))), "encrypted")
    for page in (0, 932, 1200, 1252, 1258, 1361, 10000, 21010, 65001):
        yield Case(f"code-page-{page}.xls", make_xls(make_biff((0x42, struct.pack("<H", page)))), 4)
    errors = (0x205, struct.pack("<3HBB", 0, 2, 0, 0x2A, 1)), (0x205, struct.pack("<3HBB", 1, 2, 0, 1, 0))
    yield Case("errors.xls", make_xls(make_biff(more=errors)), 6)
    yield Case("records-cut.xls", make_xls(make_biff(more=[(0x1C, b"\0"), (0x5D, b""), (0x208, b"")])), 4)
    yield Case("valid.xlsb", make_xlsb(), 3)
    yield Case("xlsb-as.xlsx", make_xlsb(), 3)
    for share in (30, 90):
        yield Case(f"cut-{share}.xlsb", make_xlsb()[: len(make_xlsb()) * share // 100], "damaged")
    binary = unpack(make_xlsb())
    yield Case("sheet-cut.xlsb", pack({**binary, "xl/worksheets/sheet1.bin": b"\x81"}), "damaged")
    yield Case("no-sheet-part.xlsb", pack({k: v for k, v in binary.items() if "sheet1" not in k}), "target")
    yield Case("ratio.xlsb", pack({**binary, "xl/worksheets/sheet1.bin": bytes(20_000_000)}), "ratio")
    yield Case("no-records.xls", make_xls(b""), "no-sheet")
    for share in (10, 40, 60):
        yield Case(f"cut-{share}.xls", xls[: len(xls) * share // 100], "damaged")
    yield Case("header-only.xls", xls[:512], "damaged")
    yield Case("magic-only.xls", xls[:8], "damaged")
    yield Case("ones.xls", xls[:8] + b"\xff" * 5000, "damaged")
    yield Case("sector-size.xls", xls[:30] + b"\x3f" + xls[31:], "damaged")
    yield Case("fat-loop.xls", xls[: 512 + 8] + struct.pack("<I", 2) + xls[512 + 12 :], 4)
    yield Case("sst-lies.xls", make_xls(biff.replace(struct.pack("<II", 2, 2), struct.pack("<II", 2, 0x7FFFFFFF))), 4)
    yield Case(
        "far.xls",
        make_xls(biff.replace(b"\x03\x02\x0e\x00\x01\x00\x00\x00", b"\x03\x02\x0e\x00\xff\xff\xff\xff")),
        "crash",
    )
    yield Case("record-cut.xls", make_xls(biff[: len(biff) // 2]), "damaged")


def _list_ods() -> Iterator[Case]:
    far = (
        '<table:table-row table:number-rows-repeated="{rows}"><table:table-cell table:number-columns-repeated="{columns}"'
        "{value}/></table:table-row>"
    )
    three = ' office:value-type="float" office:value="3"'
    fill = far.format(rows=1_048_570, columns=16_384, value="")
    yield Case("valid.ods", make_ods(ODS_ROW), 2)
    yield Case("libreoffice.ods", make_ods(ODS_ROW + fill), 2)
    yield Case("repeated.ods", make_ods(far.format(rows=3, columns=4, value=three)), 12)
    yield Case("rows.ods", make_ods(far.format(rows=50_000, columns=1, value=three)), 50_000)
    yield Case("cells.ods", make_ods(far.format(rows=1_048_576, columns=16_384, value=three)), "far")
    yield Case("square.ods", make_ods(far.format(rows=100_000, columns=1_000, value=three)), "far")
    yield Case("many-rows.ods", make_ods(far.format(rows=100_000, columns=100, value=three) * 20), "far")
    yield Case("far.ods", make_ods(far.format(rows=100_000, columns=1, value="") + ODS_ROW), 2)
    yield Case("count.ods", make_ods(far.format(rows=10**15, columns=1, value="")), 0)
    repeated = (
        '<table:table-row table:number-rows-repeated="{rows}"><table:table-cell office:value-type="string"'
        ' table:number-columns-repeated="{columns}"><text:p>{text}</text:p></table:table-cell></table:table-row>'
    )
    blanks = 'a<text:s text:c="{}"/>b'
    yield Case("blanks.ods", make_ods(repeated.format(rows=1, columns=1, text=blanks.format(10**9))), "text")
    yield Case("blanks-few.ods", make_ods(repeated.format(rows=1, columns=1, text=blanks.format(9))), 1)
    yield Case("text-repeated.ods", make_ods(repeated.format(rows=90, columns=90, text="x" * 30_000)), "text")
    yield Case("negative.ods", make_ods(far.format(rows=-1, columns=1, value=three)), "damaged")
    yield Case("doctype.ods", make_ods("", changes={"content.xml": b"<!DOCTYPE x><x/>"}), "doctype")
    yield Case("broken.ods", make_ods("<table:table-row>"), "damaged")
    yield Case("utf16.ods", make_ods("", changes={"content.xml": "<x/>".encode("utf-16")}), "encoding")
    locked = '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    yield Case("encrypted.ods", make_ods(ODS_ROW, locked, {"content.xml": bytes(range(256))}), "encrypted")
    parts = unpack(make_ods(ODS_ROW))
    parts_by = {
        "repacked": parts.items(),
        "mimetype-last": list(parts.items())[::-1],
        "no-mimetype": [(name, data) for name, data in parts.items() if name != "mimetype"],
        "content-alone": [("content.xml", parts["content.xml"])],
        "upper": [(name.upper(), data) for name, data in parts.items()],
        "backslashes": [(name.replace("/", "\\"), data) for name, data in parts.items()],
        "template": [*parts.items(), ("mimetype", parts["mimetype"] + b"-template")][1:],
    }
    for title, listed in parts_by.items():
        yield Case(f"{title}.ods", pack(listed), 2)
    text = {**parts, "mimetype": b"application/vnd.oasis.opendocument.text"}
    yield Case("text.ods", pack(text), "not-workbook")
    yield Case("number-wrong.ods", make_ods(ODS_ROW.replace('"3"', '"ba"')), "damaged")
    comma = ODS_ROW.replace('"3"', '"1,5"')
    yield Case("number-comma.ods", make_ods(comma), "damaged")
    yield Case("two-at-once.xlsx", pack([*parts.items(), *unpack(make_book("")).items()]), "target")
    yield Case("repeated-wrong.ods", make_ods(far.format(rows="ba", columns=1, value=three)), "damaged")
    yield Case("no-content.ods", pack({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "not-workbook")


def _list_file_names() -> Iterator[Case]:
    for name in (
        "Phường Hàng Bồ.xlsx",
        "Phươ\u0300ng.xlsx",
        "😀.xlsx",
        "a\nb.xlsx",
        "\x1b[31m.xlsx",
        "-rf.xlsx",
        "'\".XLSX",
    ):
        yield Case(name, GOOD, GOOD_CELLS)
