"""Every package that we write keeps the rules that real Excel holds, and those of .xls where a form may be saved so."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from dhtt_excel.excel.addresses import cell_name, cell_position
from dhtt_excel.form.draw_form import Entries, draw_form
from dhtt_excel.form.form import CHECK_SHEET, Form
from dhtt_excel.form.moments import spell_moments
from dhtt_excel.form.sheets.check import OVERALL_COLUMN, OVERALL_ROW
from dhtt_excel.outputs.write_outputs import write_result
from dhtt_excel.pipeline import consolidate
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.rules import RULES
from tests.conftest import AS_OF

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# The children of <worksheet> in the only order that Excel admits, as far as we write them.
ORDER = """
    sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetProtection autoFilter mergeCells conditionalFormatting
    dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks ignoredErrors drawing
    legacyDrawing tableParts extLst
""".split()  # noqa: SIM905

Sheet = tuple[str, ET.Element]


class Package:
    """A workbook's parts as they stand in the file."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.parts = {n: archive.read(n) for n in archive.namelist() if n.endswith((".xml", ".rels"))}
        self.book = ET.fromstring(self.parts["xl/workbook.xml"])
        targets = {
            relation.get("Id"): str(relation.get("Target"))
            for relation in ET.fromstring(self.parts["xl/_rels/workbook.xml.rels"])
        }
        listed = self.book.iter(f"{MAIN}sheet")
        self.sheets: list[Sheet] = [
            (str(s.get("name")), ET.fromstring(self.parts[f"xl/{targets[s.get(RELATION)]}"])) for s in listed
        ]
        shared = self.parts.get("xl/sharedStrings.xml")
        items = ET.fromstring(shared).iter(f"{MAIN}si") if shared else ()
        self.texts = ["".join(t.text or "" for t in item.iter(f"{MAIN}t")) for item in items]

    def tables(self) -> Iterator[tuple[str, ET.Element]]:
        for name, data in self.parts.items():
            if name.startswith("xl/tables/"):
                yield name, ET.fromstring(data)


@pytest.fixture(scope="module")
def blank_forms(plan: Plan, form: Form) -> list[Package]:
    units = [next(u for u in plan.local_units if not u.pilot), plan.upper_unit]
    return [Package(unit.code, draw_form(plan, form, unit, RULES)) for unit in units]


@pytest.fixture(scope="module")
def filled_forms(plan: Plan, form: Form, valid_entries: Callable[[Unit], Entries]) -> list[Package]:
    units = (plan.local_units[0], plan.upper_unit)
    drawn = (draw_form(plan, form, u, RULES, spell_moments(form, valid_entries(u))) for u in units)
    return [Package(unit.code, data) for unit, data in zip(units, drawn, strict=True)]


@pytest.fixture(scope="module")
def outputs(few: Plan, few_campaign: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Package]:
    """Summary, register, the office's own tables and returned copies of the demo; and its files, as far as they are ours."""
    out = tmp_path_factory.mktemp("outputs")
    write_result(consolidate(few_campaign, few, AS_OF, out=out), out)
    paths = sorted(out.rglob("*.xlsx"))
    assert len(paths) > 3
    return [Package(path.name, path.read_bytes()) for path in paths]


@pytest.fixture(scope="module")
def packages(blank_forms: list[Package], filled_forms: list[Package], outputs: list[Package]) -> list[Package]:
    return [*blank_forms, *filled_forms, *outputs]


def each_sheet(packages: list[Package]) -> Iterator[tuple[str, ET.Element]]:
    for package in packages:
        for name, sheet in package.sheets:
            yield f"{package.name} › {name}", sheet


def read_ranges(text: str | None) -> list[tuple[int, int, int, int]]:
    found = []
    for part in (text or "").replace("$", "").split():
        first, _, last = part.partition(":")
        found.append((*cell_position(first), *cell_position(last or first)))
    return found


def list_overlaps(ranges: list[tuple[int, int, int, int]]) -> list[Any]:
    return [
        (a, b)
        for i, a in enumerate(ranges)
        for b in ranges[:i]
        if a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]
    ]


def test_parts_of_a_sheet_stand_in_the_order_of_the_schema(packages: list[Package]) -> None:
    for place, sheet in each_sheet(packages):
        names = [child.tag.removeprefix(MAIN) for child in sheet]
        assert set(names) <= set(ORDER), place
        assert names == sorted(names, key=ORDER.index), place


def test_a_cell_has_one_validation(packages: list[Package]) -> None:
    for place, sheet in each_sheet(packages):
        ranges = [r for rule in sheet.iter(f"{MAIN}dataValidation") for r in read_ranges(rule.get("sqref"))]
        assert not list_overlaps(ranges), place


def test_messages_and_lists_of_validations(packages: list[Package]) -> None:
    """Titles of 32, messages of 255 characters; a list by a name or a sheet's own cells, never by another sheet's."""
    for place, sheet in each_sheet(packages):
        for rule in sheet.iter(f"{MAIN}dataValidation"):
            for key, limit in (("promptTitle", 32), ("errorTitle", 32), ("prompt", 255), ("error", 255)):
                assert len(rule.get(key, "")) <= limit, (place, rule.attrib)
            for formula in rule:
                assert len(formula.text or "") <= 255, (place, formula.text)
                assert "!" not in (formula.text or ""), (place, formula.text)


def test_conditions_name_no_other_sheet(packages: list[Package]) -> None:
    """An old Excel takes no address on another sheet in a conditional format."""
    for place, sheet in each_sheet(packages):
        for formula in sheet.iterfind(f"{MAIN}conditionalFormatting/{MAIN}cfRule/{MAIN}formula"):
            assert "!" not in re.sub('"[^"]*"', "", formula.text or ""), (place, formula.text)


def test_rows_columns_and_texts_keep_to_the_limits(packages: list[Package]) -> None:
    for package in packages:
        assert all(len(text.encode("utf-16-le")) // 2 <= 32767 for text in package.texts), package.name
    for place, sheet in each_sheet(packages):
        assert all(float(row.get("ht", 0)) <= 409.5 for row in sheet.iter(f"{MAIN}row")), place
        assert all(float(column.get("width", 0)) <= 255 for column in sheet.iter(f"{MAIN}col")), place


def test_merged_cells_and_tables_do_not_overlap(packages: list[Package]) -> None:
    for place, sheet in each_sheet(packages):
        merged = [r for cell in sheet.iter(f"{MAIN}mergeCell") for r in read_ranges(cell.get("ref"))]
        assert not list_overlaps(merged), place


def test_tables_have_names_of_their_own_and_headings_that_differ(packages: list[Package]) -> None:
    for package in packages:
        defined = [str(n.get("name")).casefold() for n in package.book.iter(f"{MAIN}definedName")]
        names, ids = [], []
        for _, table in package.tables():
            names.append(str(table.get("displayName")).casefold())
            ids.append(table.get("id"))
            columns = [str(c.get("name")).casefold() for c in table.iter(f"{MAIN}tableColumn")]
            assert len(set(columns)) == len(columns), (package.name, columns)
        assert len(set(names)) == len(names), package.name
        assert len(set(ids)) == len(ids), package.name
        assert not set(names) & set(defined), package.name


def test_names_of_sheets_and_of_ranges(packages: list[Package]) -> None:
    for package in packages:
        titles = [title.casefold() for title, _ in package.sheets]
        assert len(set(titles)) == len(titles), package.name
        for title in titles:
            assert 0 < len(title) <= 31, title
            assert not re.search(r"[\[\]:*?/\\]|^'|'$", title), title
        for name in package.book.iter(f"{MAIN}definedName"):
            text = str(name.get("name"))
            assert len(text) <= 255
            assert re.fullmatch(r"[A-Za-z_\\][\w.\\]*", text), text
            assert not re.fullmatch(r"(?i)[a-z]{1,3}\d+|r|c|r\d*c\d*", text), f"{text} is a cell"


def test_formulas_are_short_enough(packages: list[Package]) -> None:
    for place, sheet in each_sheet(packages):
        assert all(len(formula.text or "") <= 8192 for formula in sheet.iter(f"{MAIN}f")), place


def list_formulas_without_value(packages: list[Package]) -> Iterator[str]:
    for place, sheet in each_sheet(packages):
        for cell in sheet.iter(f"{MAIN}c"):
            value = cell.find(f"{MAIN}v")
            if cell.find(f"{MAIN}f") is not None and (value is None or (value.text is None and cell.get("t") != "str")):
                yield f"{place} › {cell.get('r')}"


def test_summary_and_register_show_their_values_unopened(outputs: list[Package]) -> None:
    assert not list(list_formulas_without_value([p for p in outputs if not p.name.startswith("dhtt-")]))


def test_forms_show_their_verdicts_unopened(filled_forms: list[Package]) -> None:
    assert not list(list_formulas_without_value(filled_forms))
    for package in filled_forms:
        cells = {c.get("r"): c for c in dict(package.sheets)[CHECK_SHEET].iter(f"{MAIN}c")}
        assert str(cells[cell_name(OVERALL_ROW, OVERALL_COLUMN)].findtext(f"{MAIN}v")).startswith("ĐẠT"), package.name
