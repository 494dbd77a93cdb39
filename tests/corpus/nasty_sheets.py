"""Cases about one sheet's XML: places, types, texts, spelling."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.corpus.cases import Case
from tests.corpus.packages import (
    GOOD_ROWS,
    MAIN,
    SHEET,
    STRINGS,
    change_book,
    make_book,
    wrap_sheet,
    wrap_strings,
)

ONE = "<v>1</v></c>"


def list_cases() -> Iterator[Case]:
    yield from _list_places()
    yield from _list_types()
    yield from _list_texts()
    yield from _list_strings()
    yield from _list_spellings()
    yield from _list_blocks()


def _cell(place: str) -> str:
    return f'<c r="{place}">{ONE}'


def _row(number: int | str, *places: str) -> str:
    return f'<row r="{number}">{"".join(map(_cell, places))}</row>'


def _list_places() -> Iterator[Case]:
    empty_text = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="1048576"><c r="XFD1048576" t="s"><v>0</v></c></row>'
    )
    no_places = "<row><c><v>1</v></c><c/><c><v>2</v></c></row><row/><row><c><v>3</v></c></row>"
    cases: dict[str, tuple[str, int | str]] = {
        "corners": (_row(1, "A1") + _row(1048576, "XFD1048576"), "far"),
        "corner-only": (_row(1048576, "XFD1048576"), "far"),
        "corners-error": (
            (_row(1, "A1") + _row(1048576, "XFD1048576")).replace('">' + ONE, '" t="e"><v>#N/A</v></c>'),
            "far",
        ),
        "corners-quotes": ((_row(1, "A1") + _row(1048576, "XFD1048576")).replace('"', "'"), "far"),
        "corners-style-first": ((_row(1, "A1") + _row(1048576, "XFD1048576")).replace("<c ", '<c s="0" '), "far"),
        "corners-prefix": ((_row(1, "A1") + _row(1048576, "XFD1048576")) + "<!-- x -->", "far"),
        "corners-no-address": ('<row r="1048576">' + "<c/>" * 50 + "<c><v>1</v></c></row>", "far"),
        "corner-blank": (_row(1, "A1") + '<row r="1048576"><c r="XFD1048576" s="1"/></row>', 1),
        "last-row": (_row(1, "A1") + _row(1048576, "A1048576"), 2),
        "last-column": (_row(1, "A1", "XFD1"), 2),
        "square": (_row(1, "A1") + _row(2000, "SF2000"), 2),
        "square-over": (_row(1, "A1") + _row(40001, "SF40001"), "far"),
        "rows-reversed": (_row(2, "A2") + _row(1, "A1"), "order"),
        "cells-reversed": (_row(1, "C1", "B1", "A1"), 3),
        "row-twice": (_row(1, "A1") + _row(1, "B1"), 2),
        "no-r": (no_places, 3),
        "no-r-mixed": ('<row r="3"><c r="C3"><v>1</v></c><c><v>2</v></c></row>', 2),
        "row-no-r": (_row(1, "A1", "B1").replace('row r="1"', "row"), 2),
        "row-other-r": (_row(7, "A1", "B1"), 2),
        "lower-case": (_row(1, "a1"), "damaged"),
        "dollars": (_row(1, "$A$1"), "damaged"),
        "column-out": (_row(1, "XFE1"), "far"),
        "column-far-out": (_row(1, "ZZZ1"), "far"),
        "column-four": (_row(1, "AAAA1"), "damaged"),
        "row-out": (_row(1048577, "A1048577"), "far"),
        "row-far-out": (_row(99999999, "A99999999"), "far"),
        "row-zero": (_row(0, "A0"), "damaged"),
        "row-negative": (_row(1, "A-1"), "damaged"),
        "row-leading-zero": (_row(1, "A01"), "damaged"),
        "no-digits": (_row(1, "A"), "damaged"),
        "no-letters": (_row(1, "1"), "damaged"),
        "empty-r": (_row(1, ""), 1),
        "range-r": (_row(1, "A1:B2"), "damaged"),
        "row-r-words": ('<row r="x"><c><v>1</v></c></row>', "damaged"),
        "no-rows": ("", 0),
        "empty-rows": ("<row/>" * 5000, 0),
        "wide": (_row(1, *(f"{a}{b}1" for a in "ABCDEFGH" for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")), 208),
        "tall": ("".join(_row(n, f"A{n}") for n in range(1, 20001)), 20000),
    }
    for name, (rows, expected) in cases.items():
        yield Case(f"place-{name}.xlsx", make_book(rows), expected)
    yield Case("place-corners-empty-text.xlsx", make_book(empty_text, strings="<si><t/></si>"), "far")
    yield Case("place-twice.xlsx", make_book(_row(1, "A1", "A1", "B1")), 3, 1)
    yield Case("place-cell-in-cell.xlsx", make_book('<row r="1"><c r="A1"><c r="B1"><v>1</v></c></c></row>'), "damaged")
    yield Case("place-two-data.xlsx", make_book(_row(1, "A1"), f"<sheetData>{_row(2, 'A2')}</sheetData>"), 2)


def _list_types() -> Iterator[Case]:
    cells: dict[str, tuple[str, int | str]] = {
        "boolean": ('<c r="A1" t="b"><v>0</v></c><c r="B1" t="b"><v>1</v></c>', 2),
        "errors": (
            "".join(
                f'<c r="{letter}1" t="e"><v>{text}</v></c>'
                for letter, text in zip(
                    "ABCDEFGH",
                    ("#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#GETTING_DATA"),
                    strict=True,
                )
            ),
            8,
        ),
        "error-unknown": ('<c r="A1" t="e"><v>#SPILL!</v></c>', 1),
        "error-formula": ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', 1),
        "error-text": ('<c r="A1" t="str"><v>#REF!</v></c>', 1),
        "iso-date": ('<c r="A1" t="d"><v>2020-03-18</v></c><c r="B1" t="d"><v>2020-03-18T08:30:00</v></c>', 2),
        "iso-date-wrong": ('<c r="A1" t="d"><v>hôm qua</v></c>', 1),
        "date": ('<c r="A1" s="1"><v>43908</v></c>', 1),
        "date-far": ('<c r="A1" s="1"><v>9999999999</v></c>', 1),
        "date-huge": ('<c r="A1" s="1"><v>1E300</v></c>', 1),
        "date-negative": ('<c r="A1" s="1"><v>-5</v></c>', 1),
        "date-zero": ('<c r="A1" s="1"><v>0</v></c>', 1),
        "number-huge": ('<c r="A1"><v>1E308</v></c><c r="B1"><v>-1.7976931348623157E+308</v></c>', 2),
        "number-over": ('<c r="A1"><v>1E999</v></c>', 1),
        "number-nan": ('<c r="A1"><v>NaN</v></c>', 1),
        "number-words": ('<c r="A1"><v>mười</v></c>', 1),
        "number-spaces": ('<c r="A1"><v> 10 </v></c>', 1),
        "number-long": (f'<c r="A1"><v>{"9" * 30000}</v></c>', 1),
        "style-out": ('<c r="A1" s="999"><v>1</v></c>', 1),
        "style-words": ('<c r="A1" s="x"><v>1</v></c>', 1),
        "type-unknown": ('<c r="A1" t="q"><v>1</v></c>', 1),
        "type-empty": ('<c r="A1" t=""><v>1</v></c>', 1),
        "value-empty": ('<c r="A1"><v></v></c><c r="B1"><v/></c><c r="C1" t="s"><v/></c><c r="D1"></c>', 0),
        "formula-value": ('<c r="A1"><f>1+1</f><v>2</v></c>', 1),
        "formula-no-value": ('<c r="A1"><f>1+1</f></c><c r="B1"><f>1+1</f><v/></c>', 0),
        "formula-empty-text": ('<c r="A1" t="str"><f>""</f><v></v></c>', 0),
        "formula-self-closed": ('<c r="A1"><f t="shared" si="0"/><v>2</v></c>', 1),
        "formula-shared": (
            '<c r="A1"><f t="shared" ref="A1:B1" si="0">ROW()</f><v>1</v></c><c r="B1"><f t="shared" si="0"/><v>1</v></c>',
            2,
        ),
        "formula-array": ('<c r="A1"><f t="array" ref="A1:B2">ROW(1:2)</f><v>1</v></c>', 1),
        "formula-long": (f'<c r="A1"><f>{"+".join(map(str, range(20000)))}</f><v>2</v></c>', 1),
        "formula-boolean": ('<c r="A1" t="b"><f>TRUE()</f><v>1</v></c>', 1),
        "inline": ('<c r="A1" t="inlineStr"><is><t>chữ</t></is></c>', 1),
        "inline-runs": ('<c r="A1" t="inlineStr"><is><r><t>a</t></r><r><rPr><b/></rPr><t>b</t></r></is></c>', 1),
        "inline-empty": ('<c r="A1" t="inlineStr"><is><t/></is></c><c r="B1" t="inlineStr"><is/></c>', 0),
        "inline-untyped": ('<c r="A1"><is><t>x</t></is></c>', 1),
        "extension": ('<c r="A1"><v>1</v><extLst><ext uri="x"><v>9</v></ext></extLst></c>', 1),
        "value-first": ('<c r="A1"><v>2</v><f>1+1</f></c>', 1),
        "two-values": ('<c r="A1"><v>2</v><v>3</v></c>', 1),
    }
    for name, (row, expected) in cells.items():
        yield Case(f"type-{name}.xlsx", make_book(f'<row r="1">{row}</row>'), expected)
    yield Case("type-inline-v.xlsx", make_book('<row r="1"><c r="A1" t="inlineStr"><v>mất</v></c></row>'), 1, 1)


def _list_texts() -> Iterator[Case]:
    choose = random.Random(1).choice  # what repeats is packed so well that it would pass for a bomb

    def inline(text: str) -> bytes:
        return make_book(f'<row r="1"><c r="A1" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c></row>')

    for size, expected in ((32767, 1), (32768, "text")):
        yield Case(f"text-inline-{size}.xlsx", inline("ố" * size), expected)
        yield Case(
            f"text-shared-{size}.xlsx",
            make_book(strings=f"<si><t>{'ố' * size}</t></si>"),
            6 if expected == 1 else expected,
        )
        yield Case(
            f"text-entities-{size}.xlsx",
            inline("".join(f"&#{choose(range(160, 900))};" for _ in range(size))),
            expected,
        )
        runs = f"<si><r><t>{'a' * 30000}</t></r><r><t>{'b' * (size - 30000)}</t></r></si>"
        yield Case(f"text-runs-{size}.xlsx", make_book(strings=runs), 6 if expected == 1 else expected)
        plain = f'<row r="1"><c r="A1" t="str"><v>{"c" * size}</v></c></row>'
        yield Case(f"text-plain-{size}.xlsx", make_book(plain), expected)
    texts = {
        "space": " ", "newline": "&#10;", "tab": "&#9;", "escape": "_x000D_", "emoji": "😀", "joined": "e\u0301",
        "formula": "=1+1", "markup": "&lt;c&gt;", "nbsp": "\u00a0", "bidi": "\u202eabc", "last": "\U0010fffd",
    }  # fmt: skip
    for name, text in texts.items():
        yield Case(f"text-{name}.xlsx", inline(text), 1)
        yield Case(f"text-shared-{name}.xlsx", make_book(strings=f"<si><t>{text}</t></si>"), 6)
    yield Case("text-null.xlsx", inline("&#0;"), "damaged")
    yield Case("text-control.xlsx", inline("\x01"), "damaged")
    lone = wrap_sheet(GOOD_ROWS).encode().replace("Nguyễn".encode(), b"\xed\xa0\x80")
    yield Case("text-surrogate.xlsx", change_book({SHEET: lone}), "damaged")
    yield Case("text-latin1.xlsx", change_book({SHEET: wrap_sheet("é").encode("latin-1")}), "damaged")


def _list_strings() -> Iterator[Case]:
    def at(*indexes: str) -> str:
        return "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{v}</v></c></row>' for n, v in enumerate(indexes, 1))

    for name, index in {"out": "2", "negative": "-1", "huge": "9" * 40}.items():
        yield Case(f"index-{name}.xlsx", make_book(at(index)), "strings")
    for name, index in {"words": "x", "decimal": "1.0", "hex": "0x1"}.items():
        yield Case(f"index-{name}.xlsx", make_book(at(index)), "damaged")
    yield Case("index-zeros.xlsx", make_book(at("01")), 1)
    yield Case("index-plus.xlsx", make_book(at("+1")), 1)
    yield Case("index-spaces.xlsx", make_book(at(" 1 ")), 1)
    empties = "<si><t>a</t></si><si/><si></si><si><t/></si><si><t></t></si><si><t>b</t></si><si><r><t/></r></si>"
    yield Case("strings-empty.xlsx", make_book(at("0", "1", "2", "3", "4", "5", "6"), strings=empties), 2)
    phonetic = '<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/></si>'
    yield Case("strings-phonetic.xlsx", make_book(at("0"), strings=phonetic), 1)
    only = '<si><rPh sb="0" eb="1"><t>x</t></rPh></si>'
    yield Case("strings-phonetic-only.xlsx", make_book(at("0"), strings=only), 0)
    runs = '<si><r><rPr><b/></rPr><t xml:space="preserve">Nguyễn </t></r><r><t>A</t></r></si>'
    yield Case("strings-runs.xlsx", make_book(at("0"), strings=runs), 1)
    part = wrap_strings("<si><t>a</t></si>").replace("<sst", '<sst count="99999999" uniqueCount="4294967295"')
    yield Case("strings-count-lies.xlsx", change_book({STRINGS: part, SHEET: wrap_sheet(at("0"))}), "strings")
    many = "".join(f"<si><t>{n}</t></si>" for n in range(30000))
    shared = f"<si><t>{'x' * 32_000}</t></si>"
    yield Case("strings-shared.xlsx", make_book(at(*["0"] * 4000), strings=shared), "text")
    yield Case("strings-many.xlsx", make_book(at("0", "29999"), strings=many), 2)
    spelled = wrap_strings("<si><t>a<!-- x -->b</t></si><si><t><![CDATA[<c>]]></t></si><si ><t >c</t ></si >")
    yield Case("strings-comment.xlsx", change_book({STRINGS: spelled, SHEET: wrap_sheet(at("0", "1", "2"))}), 3)
    prefixed = f'<x:sst xmlns:x="{MAIN}"><x:si><x:t>a</x:t></x:si><x:si><x:t/></x:si></x:sst>'
    yield Case("strings-prefixed.xlsx", change_book({STRINGS: prefixed, SHEET: wrap_sheet(at("0", "1"))}), 1)
    with_attribute = wrap_strings('<si a="1"/><si><t>a</t></si>')
    yield Case("strings-attribute.xlsx", change_book({STRINGS: with_attribute, SHEET: wrap_sheet(at("0", "1"))}), 1)


def _list_spellings() -> Iterator[Case]:
    good = wrap_sheet(GOOD_ROWS)
    prefixed = good.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:").replace("<x:?", "<?")
    spellings: dict[str, tuple[str | bytes, int | str]] = {
        "comment": (good.replace("<row", "<!-- <c r='Z9'><v>1</v></c> --><row"), 6),
        "comment-in-value": (good.replace("<v>42.5", "<v>42<!-- x -->.5"), 6),
        "cdata": (good.replace("<t>Nguyễn Thị A", "<t><![CDATA[<v>Nguyễn</v>]]>"), 6),
        "cdata-number": (good.replace("<v>42.5</v>", "<v><![CDATA[42.5]]></v>"), 6),
        "cdata-empty": (good.replace("<v>42.5</v>", "<v><![CDATA[]]></v>"), 5),
        "instruction": (good.replace("<row", "<?x y?><row"), 6),
        "prefixed": (prefixed.replace("xmlns=", "xmlns:x="), 6),
        "prefixed-cells": (
            good.replace("<worksheet", f'<worksheet xmlns:x="{MAIN}"')
            .replace("<c ", "<x:c ")
            .replace("</c>", "</x:c>"),
            6,
        ),
        "strict": (good.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"), 6),
        "quotes": (good.replace('"', "'").replace("A1&amp;'!'", "A1"), 6),
        "end-spaces": (good.replace("</c>", "</c >").replace("</v>", "</v\n>"), 6),
        "start-spaces": (good.replace("<c r=", "<c  r =\t"), 6),
        "attribute-slash": (good.replace('<c r="B1">', '<c r="B1" x="a/b>c">'), 6),
        "type-first": (good.replace('<c r="A1" t="s">', '<c t="s" r="A1">'), 6),
        "attributes": (good.replace("<c ", '<c cm="1" vm="1" ph="1" ').replace("<row", '<row spans="1:3" ht="15"'), 6),
        "entities": (good.replace("42.5", "4&#50;.5"), 6),
        "newlines": (good.replace("><", ">\n  <"), 6),
        "bom": (b"\xef\xbb\xbf" + good.encode(), 6),
        "no-declaration": (good.partition("\n")[2], 6),
        "utf8-lower": (good.replace("UTF-8", "utf-8"), 6),
        "ascii": (wrap_sheet(_row(1, "A1")).replace("UTF-8", "US-ASCII"), 1),
        "latin1": (good.replace("UTF-8", "ISO-8859-1"), "encoding"),
        "windows": (good.replace("UTF-8", "windows-1258"), "encoding"),
        "utf16-named": (good.replace("UTF-8", "UTF-16"), "encoding"),
        "utf16": (good.replace("UTF-8", "UTF-16").encode("utf-16"), "encoding"),
        "utf16-be": (good.encode("utf-16-be"), "encoding"),
        "utf32": (good.encode("utf-32"), "encoding"),
        "xml11": (good.replace('version="1.0"', 'version="1.1"'), 6),
        "not-closed": (good.replace("</worksheet>", ""), "damaged"),
        "two-roots": (good + "<x/>", "damaged"),
        "empty": ("", "damaged"),
        "deep": (
            wrap_sheet(
                GOOD_ROWS, "".join(f"<a{n}>" for n in range(10000)) + "".join(f"</a{n}>" for n in range(9999, -1, -1))
            ),
            6,
        ),
        "undeclared-prefix": (good.replace("<row", "<q:row", 1).replace("</row>", "</q:row>", 1), "damaged"),
        "other-namespace": (good.replace(MAIN, "urn:x"), 6),
        "no-sheet-data": (f'<worksheet xmlns="{MAIN}"/>', 0),
        "sheet-data-closed": (f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>', 0),
        "dimension-lies": (good.replace("<sheetData>", '<dimension ref="A1"/><sheetData>'), 6),
        "dimension-huge": (good.replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>'), 6),
        "dimension-wrong": (good.replace("<sheetData>", '<dimension ref="x"/><sheetData>'), 6),
        "dimension-reversed": (good.replace("<sheetData>", '<dimension ref="C4:A1"/><sheetData>'), 6),
        "hidden-rows": (good.replace("<row", '<row hidden="1"'), 6),
    }
    for name, (part, expected) in spellings.items():
        yield Case(f"xml-{name}.xlsx", change_book({SHEET: part}), expected)


def _list_blocks() -> Iterator[Case]:
    def merge(*refs: str) -> str:
        return "<mergeCells>" + "".join(f'<mergeCell ref="{ref}"/>' for ref in refs) + "</mergeCells>"

    blocks: dict[str, tuple[str, int | str]] = {
        "merges-20000": (merge(*(f"A{n}:B{n}" for n in range(5, 20005))), 6),
        "merges-50001": (merge(*(f"A{n}:B{n}" for n in range(5, 50006))), "merges"),
        "merges-overlap": (merge("A1:C3", "B2:D4", "A1:C3"), 6),
        "merges-reversed": (merge("C3:A1"), "merges"),
        "merges-huge": (merge("A1:XFD1048576"), 6),
        "merges-columns": (merge("A1:A1048576", "B1:C1048576"), 6),
        "merges-rows": (merge("A1:XFD1", "A2:XFD3"), 6),
        "merges-far": (merge("AA1:AB1048576"), 6),
        "links-columns": ('<hyperlinks><hyperlink ref="A1:A1048576" location="x"/></hyperlinks>', 6),
        "merges-invalid": (merge("x", "", "A1:", "1:2", "A:B"), 6),
        "merges-count-lies": (merge("A1:B2").replace("<mergeCells", '<mergeCells count="4000000000"'), 6),
        "links-50001": (
            "<hyperlinks>" + "".join(f'<hyperlink ref="A{n}" location="x"/>' for n in range(50001)) + "</hyperlinks>",
            "merges",
        ),
        "links": ('<hyperlinks><hyperlink ref="A1:B9" r:id="rId1"/><hyperlink ref="?"/></hyperlinks>', 6),
        "validation": ('<dataValidations count="1"><dataValidation sqref="A1:XFD1048576"/></dataValidations>', 6),
        "conditions": ("".join(f'<conditionalFormatting sqref="A{n}:XFD1048576"/>' for n in range(1, 5000)), 6),
        "extension": ('<extLst><ext uri="{x}"><a xmlns="urn:x"><c>x</c></a></ext></extLst>', 6),
    }
    for name, (after, expected) in blocks.items():
        yield Case(f"block-{name}.xlsx", make_book(GOOD_ROWS, after), expected)
    wide = _row(1, "A1") + _row(2100, "SF2100")
    yield Case("block-merges-over-cells.xlsx", make_book(wide, merge("A1:XFD1048576")), "merges")
