"""Sheet "Vấn đề" of the register: every finding of the run, in its order."""

from __future__ import annotations

from collections.abc import Mapping

from dhtt_excel.excel.addresses import cell_position, quote_sheet
from dhtt_excel.excel.book import Book
from dhtt_excel.excel.looks import BAD, MISSING, PENDING
from dhtt_excel.findings import Finding, Severity, State
from dhtt_excel.outputs.register.lists import Place, merged_lists
from dhtt_excel.outputs.register.paper import (
    CENTRED,
    HEADING_ROW,
    LINKED,
    NUMBER,
    TEXT,
    add_filtered_table,
    add_paper,
    fit_text,
    line_height,
)
from dhtt_excel.result import Result

FINDINGS_SHEET = "Vấn đề"
MAX_LINKS = 65_530  # Excel's, in one sheet

_COLUMNS = {
    "STT": 6,
    "Mức": 11,
    "Trạng thái": 10,
    "Đơn vị": 19,
    "Tệp": 25,
    "Sheet": 12,
    "Ô": 10,
    "Mã": 8,
    "Vấn đề": 46,
    "Cách sửa": 38,
    "Căn cứ": 22,
}
_CELL_COLUMN = list(_COLUMNS).index("Ô") + 1
_LEVELS = {
    Severity.ERROR: {**CENTRED, **BAD, "bold": True},
    Severity.WARNING: {**CENTRED, "bg_color": MISSING["bg_color"]},
    Severity.NOTE: {**CENTRED, "italic": True},
    Severity.ACCEPTED: {**CENTRED, "italic": True, "bg_color": PENDING["bg_color"]},
}
_MENDED = {**CENTRED, "italic": True, "font_color": PENDING["font_color"]}


def write_findings(book: Book, result: Result, lines: Mapping[Place, str]) -> None:
    """A line a finding, those of earlier rounds that were mended last; the cell links to the line of the merged list that it is about (`lines`), where there is one."""
    widths = list(_COLUMNS.values())
    counts = ", ".join(f"{result.count(severity)} {severity.label.lower()}" for severity in Severity)
    note = "Bấm vào ô để tới dòng của danh sách gộp." if result.findings else ""
    sheet = add_paper(
        book, result, FINDINGS_SHEET, "VẤN ĐỀ TRONG CÁC TỆP ĐÃ NHẬN", (f"{counts}. {note}".strip(),), widths, frozen=3
    )
    findings = [*result.findings, *result.fixed]
    add_filtered_table(book, sheet, "DS_van_de", list(_COLUMNS), widths, len(findings))
    names = {code: result.plan.name_of(unit) for code, unit in result.plan.units_by_code.items()}
    keys = _list_keys(result)
    number, text, centred, linked = (book.style(**look) for look in (NUMBER, TEXT, CENTRED, LINKED))
    levels = {severity: book.style(**look) for severity, look in _LEVELS.items()}
    mended = book.style(**_MENDED)
    styles = (number, None, centred, text, text, text, centred, centred, text, text, text)
    links = 0
    for place, finding in enumerate(findings, start=1):
        row = HEADING_ROW + place
        state = finding.state.label if finding.state else ""
        texts = [finding.severity.label, state, names.get(finding.unit, ""), finding.file, finding.sheet, finding.cell]
        texts += [finding.code, finding.message, _say_what_to_do(finding), finding.citation]
        values = [place, *map(fit_text, texts)]
        for column, (value, style) in enumerate(zip(values, styles, strict=True), start=1):
            own = style or levels[finding.severity]
            sheet.put(row, column, value, mended if finding.state is State.FIXED and style in (None, centred) else own)
        target = lines.get(_place_of(finding, keys)) if finding.cell and finding.file else None
        if target and links < MAX_LINKS:
            sheet.put_link(row, _CELL_COLUMN, target, finding.cell, linked)
            links += 1
        sheet.set_height(row, line_height(list(zip(texts, widths[1:], strict=True))))
    if not findings:
        for column in range(1, len(_COLUMNS) + 1):
            sheet.put(HEADING_ROW + 1, column, None, text)


def _say_what_to_do(finding: Finding) -> str:
    return f"Được chấp nhận: {finding.reason}" if finding.severity is Severity.ACCEPTED else finding.advice


def locate_findings(result: Result) -> dict[tuple[str, Severity], str]:
    """The first line of each unit and severity, as the target of a link."""
    targets: dict[tuple[str, Severity], str] = {}
    for row, finding in enumerate(result.findings, start=HEADING_ROW + 1):
        targets.setdefault((finding.unit, finding.severity), f"{quote_sheet(FINDINGS_SHEET)}!A{row}")
    return targets


def _list_keys(result: Result) -> dict[tuple[str, str, str], str]:
    """Unit, file and sheet as titled there ─► the key of the list that stands on it."""
    listed = {table.key for table in merged_lists(result.form)}
    places = result.tables.places.items()
    return {(unit, file, table.sheet): key for (unit, key), (file, table) in places if key in listed}


def _place_of(finding: Finding, keys: Mapping[tuple[str, str, str], str]) -> Place:
    """The line that a finding is about: of a range, its first."""
    row, _ = cell_position(finding.cell.partition(":")[0])
    return finding.unit, keys.get((finding.unit, finding.file, finding.sheet), ""), row
