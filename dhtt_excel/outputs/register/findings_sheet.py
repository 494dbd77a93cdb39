"""Sheet "Vấn đề" of the register: every finding of the run, in its order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dhtt_excel.excel.addresses import MAX_LINKS, cell_position
from dhtt_excel.excel.book import Book
from dhtt_excel.excel.looks import BAD, MISSING, PENDING
from dhtt_excel.findings import Finding, Severity, State
from dhtt_excel.outputs.register.lists import Spot, merged_lists
from dhtt_excel.outputs.register.paper import CENTRED, NUMBER, TEXT, Look
from dhtt_excel.outputs.register.table import SheetColumn, SheetTable, locate
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import format_number

FINDINGS_SHEET = "Vấn đề"

_LEVELS: dict[Severity, Look] = {
    Severity.ERROR: {**CENTRED, **BAD, "bold": True},
    Severity.WARNING: {**CENTRED, "bg_color": MISSING["bg_color"]},
    Severity.NOTE: {**CENTRED, "italic": True},
    Severity.ACCEPTED: {**CENTRED, "italic": True, "bg_color": PENDING["bg_color"]},
}
_MENDED = {**CENTRED, "italic": True, "font_color": PENDING["font_color"]}


class _Line(NamedTuple):
    """A finding, its unit's name and, if there is one, the line of a merged list that it is about."""

    finding: Finding
    unit: str
    target: str | None

    def choose_look(self, look: Look = CENTRED) -> Look:
        return _MENDED if self.finding.state is State.FIXED else look

    @property
    def advice(self) -> str:
        accepted = self.finding.severity is Severity.ACCEPTED
        return f"Được chấp nhận: {self.finding.reason}" if accepted else self.finding.advice


_COLUMNS: tuple[SheetColumn[_Line], ...] = (
    SheetColumn("STT", 6, NUMBER),
    SheetColumn(
        "Mức", 11, lambda line: line.choose_look(_LEVELS[line.finding.severity]), lambda line: line.finding.severity.label
    ),
    SheetColumn("Trạng thái", 10, _Line.choose_look, lambda line: line.finding.state.label if line.finding.state else ""),
    SheetColumn("Đơn vị", 19, TEXT, lambda line: line.unit),
    SheetColumn("Tệp", 25, TEXT, lambda line: line.finding.file),
    SheetColumn("Trang tính", 12, TEXT, lambda line: line.finding.sheet),
    SheetColumn(
        "Ô", 10, lambda line: CENTRED if line.target else line.choose_look(), lambda line: line.finding.cell,
        link=lambda line: line.target,
    ),
    SheetColumn("Mã", 8, _Line.choose_look, lambda line: line.finding.code),
    SheetColumn("Vấn đề", 46, TEXT, lambda line: line.finding.message),
    SheetColumn("Cách sửa", 38, TEXT, lambda line: line.advice),
    SheetColumn("Căn cứ", 22, TEXT, lambda line: line.finding.citation),
)  # fmt: skip


def write_findings(book: Book, result: Result, lines: Mapping[Spot, str]) -> None:
    """A line a finding, those of earlier rounds that were mended last; the cell links to the line of the merged list that it is about (`lines`), where there is one."""
    counts = ", ".join(f"{result.count(severity)} {severity.label.lower()}" for severity in Severity)
    described = list(_describe(result, lines))
    note = "Bấm vào ô để tới dòng của danh sách gộp." if any(line.target for line in described) else ""
    unlinked = sum(line.target is not None for line in described) - MAX_LINKS
    if unlinked > 0:
        note += f" {format_number(unlinked)} ô cuối không có liên kết: Excel không cho nhiều hơn."
    told, title = (f"{counts}. {note}".strip(),), "VẤN ĐỀ TRONG CÁC TỆP ĐÃ NHẬN"
    SheetTable(FINDINGS_SHEET, title, told, _COLUMNS, described, empty_look=TEXT).draw(book, result)


def _describe(result: Result, lines: Mapping[Spot, str]) -> Iterator[_Line]:
    names = {code: result.plan.name_of(unit) for code, unit in result.plan.units_by_code.items()}
    keys = _list_keys(result)
    for finding in (*result.findings, *result.fixed):
        place = _place_of(finding, keys) if finding.cell and finding.file else None
        yield _Line(finding, names.get(finding.unit, ""), lines.get(place) if place else None)


def locate_findings(result: Result) -> dict[tuple[str, Severity], str]:
    """The first line of each unit and severity, as the target of a link."""
    return locate(FINDINGS_SHEET, [(finding.unit, finding.severity) for finding in result.findings])


def _list_keys(result: Result) -> dict[tuple[str, str, str], str]:
    """Unit, file and sheet as titled there ─► the key of the list that stands on it."""
    listed = {table.key for table in merged_lists(result.form)}
    places = result.tables.places.items()
    return {(unit, file, table.sheet): key for (unit, key), (file, table) in places if key in listed}


def _place_of(finding: Finding, keys: Mapping[tuple[str, str, str], str]) -> Spot:
    """The line that a finding is about: of a range, its first."""
    row, _ = cell_position(finding.cell.partition(":")[0])
    return finding.unit, keys.get((finding.unit, finding.file, finding.sheet), ""), row
