"""Cases about how a workbook hangs together: parts, targets, sheets, and the writers people really use."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment

from tests.corpus.cases import Case
from tests.corpus.packages import (
    BOOK,
    BOOK_RELATIONS,
    DECLARATION,
    GOOD_ROWS,
    MAIN,
    ONE_SHEET,
    OTHER_RELATIONS,
    PACKAGE,
    RELATIONS,
    SHEET,
    SHEET_RELATION,
    STRINGS,
    change_book,
    make_parts,
    make_sheets,
    pack,
    wrap_book,
    wrap_relations,
    wrap_sheet,
)

CELLS = 6
DOCTYPES = {
    "doctype": "<!DOCTYPE x>",
    "laughs": '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
    "external": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "remote": '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
}
EVERY_PART = ("[Content_Types].xml", "_rels/.rels", BOOK, BOOK_RELATIONS, SHEET, STRINGS)


def list_cases() -> Iterator[Case]:
    yield from _list_broken_parts()
    yield from _list_targets()
    yield from _list_sheets()
    yield from _list_additions()
    yield from list_writers()


def _short(path: str) -> str:
    return path.strip("[]_").replace("/", "-").removesuffix(".xml")


def _list_broken_parts() -> Iterator[Case]:
    parts = make_parts()
    for path in EVERY_PART:
        text = parts[path].decode()
        name = _short(path)
        yield Case(f"part-broken-{name}.xlsx", change_book({path: text[:-10]}), "damaged")
        yield Case(f"part-binary-{name}.xlsx", change_book({path: bytes(range(256))}), "damaged")
        declared = text.replace(DECLARATION, DECLARATION + DOCTYPES["laughs"])
        yield Case(f"part-laughs-{name}.xlsx", change_book({path: declared}), "doctype")
        yield Case(f"part-utf16-{name}.xlsx", change_book({path: text.encode("utf-16")}), "encoding")
    missing = dict.fromkeys(EVERY_PART, "target") | {
        "[Content_Types].xml": "not-workbook",
        "_rels/.rels": "not-workbook",
    }
    for path, code in missing.items():
        yield Case(f"part-missing-{_short(path)}.xlsx", change_book({path: None}), code)
    yield Case("part-missing-styles.xlsx", change_book({"xl/styles.xml": None}), CELLS)
    yield Case("part-broken-styles.xlsx", change_book({"xl/styles.xml": "<x"}), "damaged")
    for name, text in DOCTYPES.items():
        part = wrap_sheet(GOOD_ROWS).replace(DECLARATION, DECLARATION + text)
        yield Case(f"entity-{name}.xlsx", change_book({SHEET: part}), "doctype")
        unseen = f'{text}<styleSheet xmlns="{MAIN}"/>'
        yield Case(f"entity-styles-{name}.xlsx", change_book({"xl/styles.xml": unseen}), "doctype")
    yield Case("entity-undefined.xlsx", change_book({SHEET: wrap_sheet(GOOD_ROWS, "&nbsp;")}), "damaged")


def _list_targets() -> Iterator[Case]:
    def at(target: str, path: str = SHEET, extra: str = "", kind: str = "worksheet") -> bytes:
        relations = wrap_relations([("rId1", kind, target), *OTHER_RELATIONS], extra)
        return change_book({SHEET: None, path: wrap_sheet(GOOD_ROWS), BOOK_RELATIONS: relations})

    yield Case("target-absolute.xlsx", at("/xl/worksheets/sheet1.xml"), CELLS)
    yield Case("target-dot.xlsx", at("./worksheets/sheet1.xml"), CELLS)
    yield Case("target-up.xlsx", at("../xl/worksheets/sheet1.xml"), CELLS)
    yield Case("target-from-root.xlsx", at("xl/worksheets/sheet1.xml"), "target")
    yield Case("target-out.xlsx", at("../../worksheets/sheet1.xml"), "target")
    yield Case("target-wrong-case.xlsx", at("Worksheets/Sheet1.xml"), CELLS)
    yield Case("target-backslash.xlsx", at("worksheets\\sheet1.xml"), CELLS)
    yield Case("target-empty.xlsx", at(""), "target")
    yield Case("target-other-name.xlsx", at("worksheets/đại biểu.xml", "xl/worksheets/đại biểu.xml"), CELLS)
    yield Case("target-other-folder.xlsx", at("sheets/a.xml", "xl/sheets/a.xml"), CELLS)
    yield Case("target-in-charts.xlsx", at("chartsheets/a.xml", "xl/chartsheets/a.xml"), CELLS)
    yield Case("target-root.xlsx", at("/a.xml", "a.xml"), CELLS)
    external = '<Relationship Id="rId2" Type="{}/worksheet" Target="http://127.0.0.1/" TargetMode="External"/>'
    yield Case("target-unused-external.xlsx", at("worksheets/sheet1.xml", extra=external.format(RELATIONS)), CELLS)
    outside = (
        f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml" TargetMode="External"/>'
    )
    yield Case(
        "target-external.xlsx", change_book({BOOK_RELATIONS: wrap_relations(OTHER_RELATIONS, outside)}), "target"
    )
    yield Case("target-kind.xlsx", at("worksheets/sheet1.xml", kind="table"), "target")
    strict = "http://purl.oclc.org/ooxml/officeDocument/relationships"
    parts = {p: d.replace(RELATIONS.encode(), strict.encode()) for p, d in make_parts().items()}
    parts = {p: d.replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main") for p, d in parts.items()}
    yield Case("strict.xlsx", pack(parts), CELLS)
    root = wrap_relations([("rId1", "officeDocument", "book/wb.xml")])
    moved: dict[str, bytes | str | None] = {"_rels/.rels": root, BOOK: None, BOOK_RELATIONS: None}
    moved_parts = make_parts()
    relations = wrap_relations(
        [("rId1", "worksheet", "/xl/worksheets/sheet1.xml"), ("s", "sharedStrings", "/xl/sharedStrings.xml")]
    )
    book: dict[str, bytes | str | None] = {"book/wb.xml": moved_parts[BOOK], "book/_rels/wb.xml.rels": relations}
    yield Case("target-moved-book.xlsx", change_book({**moved, **book}), "target")
    elsewhere = wrap_relations([SHEET_RELATION, OTHER_RELATIONS[0], ("rId9", "sharedStrings", "others.xml")])
    decoy: dict[str, bytes | str | None] = {
        BOOK_RELATIONS: elsewhere,
        "xl/others.xml": make_parts()[STRINGS].replace(b"<t>", b"<t>x"),
    }
    yield Case("target-other-strings.xlsx", change_book(decoy), "target")
    yield Case(
        "target-slash-book.xlsx",
        change_book({"_rels/.rels": wrap_relations([("rId1", "officeDocument", f"/{BOOK}")])}),
        CELLS,
    )
    yield Case("target-no-strings.xlsx", change_book({BOOK_RELATIONS: wrap_relations([SHEET_RELATION])}), "strings")
    twice = wrap_relations([SHEET_RELATION, ("rId1", "styles", "styles.xml"), OTHER_RELATIONS[1]])
    yield Case("target-id-twice.xlsx", change_book({BOOK_RELATIONS: twice}), "target")
    same = ONE_SHEET + ONE_SHEET.replace("Đại biểu", "Bản sao")
    yield Case("target-shared.xlsx", change_book({BOOK: wrap_book(same)}), CELLS * 2)


def _list_sheets() -> Iterator[Case]:
    def named(*names: str) -> bytes:
        sheets = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
        return pack(make_sheets(len(names), sheets))

    yield Case("sheets-3.xlsx", pack(make_sheets(3)), CELLS * 3)
    yield Case("sheets-300.xlsx", pack(make_sheets(300)), CELLS * 300)
    yield Case("sheets-same-name.xlsx", named("A", "A"), "sheet-names")
    yield Case("sheets-same-name-case.xlsx", named("Đại Biểu", "ĐẠI BIỂU"), "sheet-names")
    yield Case("sheets-odd-names.xlsx", named("", "a/b", "x" * 300, "😀", "&lt;&amp;&quot;", "a&#10;b"), CELLS * 6)
    states = "".join(f'<sheet name="{s}" sheetId="{n}" state="{s}" r:id="rId{n}"/>' for n, s in enumerate(
        ("visible", "hidden", "veryHidden"), 1))  # fmt: skip
    yield Case("sheets-hidden.xlsx", pack(make_sheets(3, states)), CELLS * 3)
    odd_state = ONE_SHEET.replace("/>", ' state="maybe"/>')
    yield Case("sheets-odd-state.xlsx", change_book({BOOK: wrap_book(odd_state)}), "damaged")
    yield Case("sheets-none.xlsx", change_book({BOOK: wrap_book("")}), "no-sheet")
    yield Case("sheets-no-id.xlsx", change_book({BOOK: wrap_book('<sheet name="A" sheetId="1"/>')}), "target")
    yield Case("sheets-wrong-id.xlsx", change_book({BOOK: wrap_book(ONE_SHEET.replace("rId1", "rId77"))}), "target")
    chart = f'<chartsheet xmlns="{MAIN}"/>'
    charts = wrap_relations([("rId1", "chartsheet", "chartsheets/sheet1.xml"), *OTHER_RELATIONS])
    only = {BOOK_RELATIONS: charts, SHEET: None, "xl/chartsheets/sheet1.xml": chart}
    yield Case("sheets-charts-only.xlsx", change_book(only), "no-sheet")
    both = wrap_relations(
        [("rId1", "chartsheet", "chartsheets/s.xml"), ("rId2", "worksheet", "worksheets/sheet1.xml"), *OTHER_RELATIONS]
    )
    two = wrap_book('<sheet name="Biểu đồ" sheetId="1" r:id="rId1"/><sheet name="A" sheetId="2" r:id="rId2"/>')
    yield Case(
        "sheets-chart-first.xlsx", change_book({BOOK: two, BOOK_RELATIONS: both, "xl/chartsheets/s.xml": chart}), CELLS
    )
    misplaced = both.replace("chartsheets/s.xml", "worksheets/s.xml")
    yield Case(
        "sheets-chart-misplaced.xlsx",
        change_book({BOOK: two, BOOK_RELATIONS: misplaced, "xl/worksheets/s.xml": chart}),
        CELLS,
    )
    yield Case("book-1904.xlsx", change_book({BOOK: wrap_book(ONE_SHEET, '<workbookPr date1904="1"/>')}), CELLS)
    prefixed = (
        f'<x:workbook xmlns:x="{MAIN}" xmlns:q="{RELATIONS}"><x:sheets>'
        '<x:sheet name="A" sheetId="1" q:id="rId1"/></x:sheets></x:workbook>'
    )
    yield Case("book-prefixed.xlsx", change_book({BOOK: prefixed}), CELLS)
    commented = wrap_book(f"<!-- {ONE_SHEET.replace('Đại', 'Ẩn')} -->{ONE_SHEET}")
    yield Case("book-comment.xlsx", change_book({BOOK: commented}), CELLS)


def _list_additions() -> Iterator[Case]:
    additions: dict[str, dict[str, bytes | str | None]] = {
        "macro": {"xl/vbaProject.bin": bytes(2000)},
        "external": {
            BOOK_RELATIONS: wrap_relations([SHEET_RELATION, *OTHER_RELATIONS, ("x", "externalLink", "externalLinks/e1.xml")]),
            "xl/externalLinks/e1.xml": f'<externalLink xmlns="{MAIN}"/>',
        },
        "connections": {"xl/connections.xml": f'<connections xmlns="{MAIN}"/>'},
        "ole": {"xl/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0" + bytes(500)},
        "media": {"xl/media/image1.png": b"\x89PNG" + bytes(300)},
        "custom": {"customXml/item1.xml": "<x/>", "docProps/core.xml": "<x/>"},
        "sheet-relations": {
            "xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
            f'Type="{RELATIONS}/hyperlink" Target="file:///etc/passwd" TargetMode="External"/></Relationships>'
        },
        "broken-media": {"xl/drawings/drawing1.xml": "<not closed"},
        "names": {BOOK: wrap_book(ONE_SHEET).replace("</sheets>", "</sheets><definedNames><definedName name='x'>#REF!</definedName></definedNames>")},
    }  # fmt: skip
    for name, changes in additions.items():
        yield Case(f"with-{name}.xlsx", change_book(changes), CELLS)
    yield Case("with-macro.xlsm", change_book(additions["macro"]), CELLS)


def list_writers() -> Iterator[Case]:
    yield Case("by-openpyxl.xlsx", _write_openpyxl(write_only=False), 9)
    yield Case("by-openpyxl-write-only.xlsx", _write_openpyxl(write_only=True), 9)
    yield Case("by-xlsxwriter.xlsx", _write_xlsxwriter(constant_memory=False), 208)
    yield Case("by-xlsxwriter-inline.xlsx", _write_xlsxwriter(constant_memory=True), 208)
    libre = (
        '<row r="1" customFormat="false" ht="12.8" hidden="false" customHeight="false" outlineLevel="0" collapsed="false">'
        '<c r="A1" s="1" t="s"><v>0</v></c><c r="B1" s="0"/></row>'
        '<row r="2"><c r="A2" s="0" t="str"><f aca="false">A1</f><v>Tổ 1</v></c><c r="B2" s="0" t="n"><v>5</v></c></row>'
        '<row r="1048576" customFormat="false" ht="12.8" customHeight="true"/>'
    )
    yield Case(
        "by-libreoffice.xlsx", change_book({SHEET: wrap_sheet(libre, before='<sheetPr filterMode="false"/>')}), 3
    )
    streamed = (
        "<row><c t='inlineStr'><is><t>Họ tên</t></is></c><c t='inlineStr'><is><t></t></is></c><c><v>7</v></c></row>"
        * 50
    )
    yield Case("by-export.xlsx", change_book({SHEET: wrap_sheet(streamed)}), 100)


def _write_openpyxl(*, write_only: bool) -> bytes:
    book = openpyxl.Workbook(write_only=write_only)
    sheet = book.create_sheet("Đại biểu")
    sheet.append(["a", 1, 2.5, True, None, "", date(2020, 3, 18), datetime(2020, 3, 18, 8, 30)])
    sheet.append(["=1+1", None, "#N/A", " "])
    if not write_only:
        sheet["A1"].comment = Comment("x", "y")
        sheet.merge_cells("A5:C6")
    sheet.append(["cuối"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _write_xlsxwriter(*, constant_memory: bool) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": constant_memory, "in_memory": True}) as book:
        sheet = book.add_worksheet("Đại biểu")
        for row in range(50):
            sheet.write_row(row, 0, [f"Người {row}", row, row / 7, row % 2 == 0])
        bold = book.add_format({"bold": True})
        sheet.write_rich_string(50, 0, "a", bold, "b")
        sheet.write_formula(50, 1, '=A1&"x"', None, "Người 0x")
        sheet.write_formula(50, 2, '=""', None, "")
        sheet.write_url(50, 3, "https://example.org", string="trang")
        sheet.write_datetime(50, 4, datetime(2020, 3, 18), book.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write_formula(50, 5, "=1/0", None, "#DIV/0!")
        sheet.write_string(50, 6, "_x0041_")
        sheet.write_number(50, 7, -0.0)
        sheet.write_string(50, 8, " ")
    return target.getvalue()
