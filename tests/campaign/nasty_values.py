"""Values that no form asks for, each in every column of a workbook of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import NamedTuple

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.form.draw_form import Entries, draw_form
from dhtt_excel.form.form import Form, Kind, Layout, Table
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.rehearsal.entries import invent_entries, read_rows
from dhtt_excel.rules import RULES
from tests.corpus.packages import STRINGS, pack, unpack
from tests.typed import fill_in

FALSE_VERDICT = "ĐẠT: 0 lỗi, 0 cảnh báo"
_TAIL = "\nvà"
_NUMBERS = """
    NaN INF -inf 1E999 1E308 -1E308 1E-320 -0 -5 -0.5 8.3 1E15 1E20 2958465 2958466 99999999999 20200305
""".split()  # noqa: SIM905
_CONTROLS = [*(f"Nam_x{code:04X}_{_TAIL}" for code in (0, 7, 8, 11, 12, 13, 27, 31)), "_x000B_", "_x000D_\n"]
_TEXTS = [
    "Nam_x005F_x000B_", "Nam_xFFFE_", "Nam_xFFFF_", "Nam_xD83D_", "Nam_xD83D__xDE00_", "_x000b_", "_x005F_x005F_x000B_",
    f"_x000D_\n{FALSE_VERDICT}", f"\n{FALSE_VERDICT}", f"_x001B_[2K_x001B_[1A{FALSE_VERDICT}",
    "_x001B_]0;tên_x0007_", "_x001B_]8;;http://a.b_x001B_\\", f"\x9b31m{FALSE_VERDICT}", f"a\x85{FALSE_VERDICT}",
    f"a\u2028{FALSE_VERDICT}", "a\x7fb", "a\u202egnp.exe", "\u2066a\u2069", "\u200b", "\u00ad",
    "\ufdd0", "\U0001fffe", "\u00a0", "a\tb",
    '=HYPERLINK("http://a.b";"x")', '"' * 250, "]]>", "<b>&amp;</b>", "&#0;", "{0} {plan} {unit} %s", "${don_vi} $x $",
    "?~*", "&P&[File]", "nan", "1e999", "9" * 400, "²", "٣", "１９７５", "#REF!", "TRUE",
    "31/02/2020", "00/00/0000", "1/1/0001", "24:60", "PT99999999H99M99S",
    "a\u0301" * 400, "İstanbul ß ﬁ ǆ", "\u0645\u0631\u062d\u0628\u0627", "\U0001f600" * 150, "\U0001f600" * 16_383,
    "á" * 32_767, "chữ " * 8_191, "x" * 32_700, "xx\n" * 10_900, "A" * 256, f"{'A' * 199}\U0001f600\U0001f600",
]  # fmt: skip
_SHARED = "987654"
_LONG = 1_000  # characters; what repeats itself so often would pass for a bomb


class Nasty(NamedTuple):
    """A value: what stands in a cell after its style; `shared`: its text, if it is a shared string."""

    name: str
    cell: str
    shared: str = ""


def _text(value: str) -> str:
    return f' t="inlineStr"><is><t xml:space="preserve">{escape(value, quote=False)}</t></is>'


def _make_text(text: str) -> Nasty:
    name = f"{text[:30]!r} {len(text)}"
    return Nasty(name, f' t="s"><v>{_SHARED}</v>', escape(text)) if len(text) > _LONG else Nasty(name, _text(text))


def _list_values() -> Iterator[Nasty]:
    yield from (Nasty(number, f"><v>{number}</v>") for number in _NUMBERS)
    yield Nasty("nines", f"><v>{'9' * 400}</v>")
    yield Nasty("true", ' t="b"><v>1</v>')
    yield Nasty("error", ' t="e"><v>#NUM!</v>')
    yield from (Nasty(f"day {day}", f' t="d"><v>{day}</v>') for day in ("0001-01-01T00:00:00", "9999-12-31T23:59:59"))
    yield Nasty("formula", ' t="str"><f>CHAR(11)</f><v>a_x000B_b</v>')
    yield from (_make_text(text) for text in _CONTROLS + _TEXTS)


VALUES = tuple(_list_values())


def _fill_lists(plan: Plan, form: Form) -> Entries:
    """A workbook of the first unit whose lists have a line for each of their columns, and one more, and no others."""
    unit = plan.local_units[0]
    entries = invent_entries(plan, form, unit, 215)
    for table in form.tables.values():
        if table.layout is not Layout.LIST:
            continue
        last = table.first_row + len(table.columns) + 1
        model = _find_model(plan, form, entries) if table.key == "delegates" else table.first_row
        line = {c.key: entries.get((table.sheet, model, table.position(c.key)[1])) for c in table.stored}
        for row in range(table.first_row, table.last_row + 1):
            for column in table.stored:
                place = table.position(column.key)[1]
                value = line[column.key]
                if column.key == "name":
                    value = f"{plan.name_of(unit)} {row}"  # no unit has another's delegates
                entries[table.sheet, row, place] = value if row <= last else None
    return entries


def _find_model(plan: Plan, form: Form, entries: Entries) -> int:
    """The row of a delegate of whom every column is asked."""
    rows = read_rows(form, entries, "delegates")
    return next(int(row["excel_row"]) for row in rows if plan.group_of_category[row["category"]] == "exemplar")


def _list_cells(table: Table) -> Iterator[tuple[int, int]]:
    """Each of a table's cells of one column; and of a list a line of nothing else."""
    columns = [c for c in table.stored if c.kind is not Kind.FIXED]
    if table.layout is Layout.FIELDS:
        yield from (table.position(column.key) for column in columns)
        return
    places = [table.position(column.key)[1] for column in columns]
    if table.layout is Layout.LINES:
        yield from ((row, place) for row in table.line_rows for place in places)
        return
    for row, place in enumerate(places, start=table.first_row + 1):
        yield row, place
        yield table.first_row + len(table.columns) + 1, place
    yield table.heading_row, table.position(columns[-1].key)[1] + 2  # a heading of nobody, and what stands below
    yield table.first_row + 2, table.position(columns[-1].key)[1] + 2


def make_workbooks(plan: Plan, form: Form, units: Sequence[Unit], values: Sequence[Nasty] = VALUES) -> dict[str, bytes]:
    """The workbook of each of these units, by file name: one with each value in every cell that is to be filled."""
    own = plan.local_units[0]
    parts = unpack(fill_in(plan, form, own, _fill_lists(plan, form)))
    sheets = _find_sheets(parts)
    books = {}
    for unit, value in zip(units, values, strict=True):
        changed = dict(parts)
        for title in form.sheets:
            cells = {cell_name(*at): value.cell for table in form.tables_on(title) for at in _list_cells(table)}
            changed[sheets[title]] = put_all(parts[sheets[title]].decode(), cells).encode()
        _share(value, changed)
        for name in [n for n in parts if n.endswith(".xml")]:
            text = changed[name].decode().replace(plan.name_of(own), plan.name_of(unit))
            changed[name] = text.replace(own.code, unit.code).encode()
        books[plan.workbook_name(unit)] = pack(changed)
    return books


def make_named(plan: Plan, form: Form, unit: Unit, values: Sequence[Nasty] = VALUES) -> Iterator[bytes]:
    """Workbooks of a unit that have each value where its name should be."""
    parts = unpack(draw_form(plan, form, unit, RULES))
    info = form.tables["info"]
    sheet = _find_sheets(parts)[info.sheet]
    for value in values:
        changed = parts | {
            sheet: put_all(parts[sheet].decode(), {cell_name(*info.position("unit_name")): value.cell}).encode()
        }
        _share(value, changed)
        yield pack(changed)


def _share(value: Nasty, parts: dict[str, bytes]) -> None:
    """Add the value's text to the shared strings, and its place there to the cells."""
    if value.shared:
        strings = parts[STRINGS].decode()
        place = strings.count("<si>")
        strings = strings.replace("</sst>", f'<si><t xml:space="preserve">{value.shared}</t></si></sst>')
        parts[STRINGS] = re.sub(r' (unique)?[cC]ount="[0-9]+"', "", strings).encode()
        for name in [n for n in parts if n.startswith("xl/worksheets/")]:
            parts[name] = parts[name].replace(_SHARED.encode(), b"%d" % place)


def _find_sheets(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Titles ─► parts, in a workbook that we drew."""
    titles = re.findall(r'<sheet name="([^"]+)"', parts["xl/workbook.xml"].decode())
    return {title: f"xl/worksheets/sheet{number}.xml" for number, title in enumerate(titles, start=1)}


def put_all(text: str, cells: Mapping[str, str]) -> str:
    """A worksheet part with other cells; those that it has not are added to their rows, whose last they must be."""
    left = dict(cells)

    def put(match: re.Match[str]) -> str:
        content = left.pop(match[1], None)
        return match[0] if content is None else f'<c r="{match[1]}"{match[2] or ""}{content}</c>'

    text = re.sub(r'<c r="([A-Z]+[0-9]+)"( s="[0-9]+")?[^>]*?(?:/>|>.*?</c>)', put, text)
    for name, content in left.items():
        start = text.index(f'<row r="{re.sub("[A-Z]+", "", name)}"')
        end = text.index("</row>", start)
        text = f'{text[:end]}<c r="{name}"{content}</c>{text[end:]}'
    return text
