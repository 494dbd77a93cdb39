"""Every file that is written is a sound package: a program that opens it has nothing to repair."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from dhtt_excel.pipeline import consolidate, write_result
from dhtt_excel.plan.plan import Plan
from tests.conftest import AS_OF, Fill

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# What a ward may type, in a name and in a long text: a formula, a link, a command.
DANGEROUS = [
    "=1+1",
    "+84 24 38",
    "-5",
    "@SUM(A1)",
    "\t=cmd",
    '=HYPERLINK("http://a.b")',
    "http://a.b/c",
    "mailto:a@b.vn",
]


@pytest.fixture(scope="module")
def written(few_campaign: Path, few: Plan, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    out = tmp_path_factory.mktemp("out")
    result = consolidate(few_campaign, few, AS_OF)
    written = write_result(result, out)
    copies = sorted((out / "tra-lai").glob("*.xlsx"))
    assert copies
    return [*(w.path for w in written if w.path.is_file()), *copies]


def _packages(written: list[Path]) -> list[tuple[str, zipfile.ZipFile]]:
    found = [(p.name, zipfile.ZipFile(io.BytesIO(p.read_bytes()))) for p in written if p.suffix in (".xlsx", ".docx")]
    return [
        *found,
        ("template", zipfile.ZipFile(next((Path(__file__).parents[2] / "input_templates").glob("*_00061_*.xlsx")))),
    ]


def test_every_part_is_declared_related_and_well_formed(written: list[Path]) -> None:
    for name, package in _packages(written):
        parts = package.namelist()
        assert len(parts) == len(set(parts)), name
        declared = ET.fromstring(package.read("[Content_Types].xml"))
        extensions = {e.get("Extension") for e in declared.iter(f"{TYPES}Default")}
        overrides = {(e.get("PartName") or "").lstrip("/") for e in declared.iter(f"{TYPES}Override")}
        assert overrides <= set(parts), name
        reached = {"[Content_Types].xml"}
        for part in parts:
            assert part in overrides or part.rpartition(".")[2] in extensions, (name, part)
            if part.endswith((".xml", ".rels")):
                ET.fromstring(package.read(part))
            if part.endswith(".rels"):
                reached |= {part, *_targets(part, package.read(part))}
        assert set(parts) == reached, name


def _targets(part: str, relations: bytes) -> set[str]:
    """The parts that a part is related to. Nothing points out of the package."""
    folder = posixpath.dirname(posixpath.dirname(part))
    targets = set()
    for relation in ET.fromstring(relations).iter(f"{RELATIONS}Relationship"):
        assert relation.get("TargetMode") != "External", part
        target = relation.get("Target") or ""
        targets.add(
            target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        )
    return targets


def test_every_sheet_points_at_what_is_there(written: list[Path]) -> None:
    for name, package in _packages(written):
        if "xl/workbook.xml" not in package.namelist():
            continue
        workbook = ET.fromstring(package.read("xl/workbook.xml"))
        titles = [s.get("name") or "" for s in workbook.iter(f"{MAIN}sheet")]
        assert len({t.casefold() for t in titles}) == len(titles)
        assert all(0 < len(t) <= 31 and not re.search(r"[\[\]:*?/\\]", t) for t in titles), name
        for defined in workbook.iter(f"{MAIN}definedName"):
            for sheet in re.findall(r"'((?:[^']|'')+)'!", defined.text or ""):
                assert sheet.replace("''", "'") in titles, (name, defined.text)
        styles = ET.fromstring(package.read("xl/styles.xml"))
        formats, looks = len(_one(styles, "cellXfs")), len(_one(styles, "dxfs"))
        strings = len(ET.fromstring(package.read("xl/sharedStrings.xml")))
        for part in package.namelist():
            if part.startswith("xl/worksheets/sheet"):
                _check_sheet(f"{name} {part}", ET.fromstring(package.read(part)), formats, looks, strings)


def _one(tree: ET.Element, tag: str) -> ET.Element:
    [element] = tree.iter(MAIN + tag)
    return element


def _check_sheet(name: str, sheet: ET.Element, formats: int, looks: int, strings: int) -> None:
    seen: set[str] = set()
    for cell in sheet.iter(f"{MAIN}c"):
        at = cell.get("r") or ""
        assert at not in seen, (name, at)
        seen.add(at)
        assert int(cell.get("s", 0)) < formats, (name, at)
        if cell.get("t") == "s":
            assert 0 <= int(_one(cell, "v").text or -1) < strings, (name, at)
    for rule in sheet.iter(f"{MAIN}cfRule"):
        assert int(rule.get("dxfId", 0)) < looks, name
    merged = [r.get("ref") or "" for r in sheet.iter(f"{MAIN}mergeCell")]
    assert len(merged) == len(set(merged)), name


def test_what_wards_type_stays_text(few: Plan, fill: Fill, tmp_path: Path) -> None:
    """No formula, no link and no command comes from data, in any output."""
    changes = {f"Đại biểu!{column}{row}": text for row, text in enumerate(DANGEROUS, start=7) for column in "CHIQ"}
    changes |= {f"Báo cáo!B{row}": text for row, text in zip((8, 13, 18, 23, 29, 34, 39), DANGEROUS, strict=False)}
    changes |= {"Tham luận!G7": DANGEROUS[0], "Tham luận!G8": DANGEROUS[5], "Biểu dương!D7": DANGEROUS[0]}
    folder = fill(few.units_by_code["00061"], changes).parent
    written = write_result(consolidate(folder, few, AS_OF), tmp_path / "out")
    texts = [text.strip() for text in DANGEROUS]
    for name, package in _packages([w.path for w in written]):
        for part in package.namelist():
            if not part.endswith((".xml", ".rels")):
                continue
            tree = ET.fromstring(package.read(part))
            formulas = [f.text or "" for f in tree.iter(f"{MAIN}f")]
            assert not [f for f in formulas if f.lstrip("=") in {t.lstrip("=") for t in texts}], (name, part)
            assert "a.b" not in "".join(formulas), (name, part)
            for relation in tree.iter(f"{RELATIONS}Relationship"):
                assert relation.get("TargetMode") != "External", (name, part)
