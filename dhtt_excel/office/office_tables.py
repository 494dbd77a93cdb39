"""The small tables that the upper unit keeps for itself, one a workbook: drawn empty, and read back line by line.

They are filled in by staff and so read as carefully as what units send, but nothing of them is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from dhtt_excel.errors import UserError
from dhtt_excel.excel.addresses import cell_name, range_name
from dhtt_excel.excel.book import Book, Sheet
from dhtt_excel.excel.cells import CellError, is_blank
from dhtt_excel.excel.looks import BAND_FILL, BOX, GUIDANCE, HEADING, INPUT, TITLE
from dhtt_excel.excel.text_size import row_height
from dhtt_excel.findings import Finding, Rule, Severity
from dhtt_excel.form.sheets.input_cells import input_format
from dhtt_excel.form.table import Column
from dhtt_excel.inbox.raw import RawSheet, RawWorkbook
from dhtt_excel.plan.plan import Plan
from dhtt_excel.reading.parse_values import ValueParser
from dhtt_excel.text.vietnamese import fold

_HEADING_ROW = 4
_ROWS = 200
_LISTS_SHEET = "Danh mục"
_BY_HAND = "mở tệp bằng Excel và tự ghi thêm dòng này."
_TOLD_WIDTH = 70.0
_TOLD_ROOM = _TOLD_WIDTH * 0.95  # programs wrap a little differently


Choices = Mapping[str, Mapping[str, str]]
"""For some columns, by key, a drop-down that offers and does not force: each value and what it means."""


@dataclass(frozen=True)
class OfficeTable:
    """Sheet, title and columns of such a table; `told`: a line of help; `rule`: under which its problems are told."""

    sheet: str
    title: str
    told: str
    columns: tuple[Column, ...]
    rule: Rule


class OfficeLine(NamedTuple):
    """A filled line: its values by column key, and where it stands. `spoilt`: the columns with a wrong value."""

    values: dict[str, Any]
    sheet: str
    row: int
    columns: dict[str, int]
    spoilt: set[str]

    def cell(self, key: str) -> str:
        return cell_name(self.row, self.columns[key])


class Teller:
    """Tells problems of one such workbook as findings of its rule."""

    def __init__(self, table: OfficeTable, file: str, plan: Plan) -> None:
        self._table = table
        self._file = file
        self._plan = plan
        self.told: list[Finding] = []

    def tell(self, message: str, advice: str = "", line: OfficeLine | None = None, key: str = "") -> None:
        sheet, cell = (line.sheet, line.cell(key)) if line else ("", "")
        self.told.append(
            self._table.rule.finding(
                self._plan, unit="", file=self._file, sheet=sheet, cell=cell, message=message, advice=advice,
                severity=Severity.WARNING,
            )
        )  # fmt: skip


def draw_office_table(
    table: OfficeTable, plan: Plan, rows: Sequence[Sequence[Any]] = (), choices: Choices | None = None
) -> bytes:
    """The workbook with these rows filled in."""
    book = Book(f"{table.title.capitalize()} - {plan.number}")
    sheet = book.add_sheet(table.sheet)
    sheet.put(1, 1, table.title, book.style(**TITLE))
    sheet.put(2, 1, table.told, book.style(**GUIDANCE))
    band = book.bare_format(bg_color=BAND_FILL)
    for order, column in enumerate(table.columns, start=1):
        sheet.set_width(order, column.width)
        sheet.put(_HEADING_ROW, order, column.label, book.style(**HEADING))
        style = book.style(**{**INPUT, **input_format(column.kind)})
        for row in range(_HEADING_ROW + 1, _HEADING_ROW + _ROWS + 1):
            values = rows[row - _HEADING_ROW - 1] if row - _HEADING_ROW <= len(rows) else ()
            sheet.put(row, order, values[order - 1] if values else None, style)
        block = (_HEADING_ROW + 1, order, _HEADING_ROW + _ROWS, order)
        sheet.colour(*block, {"type": "formula", "criteria": "=MOD(ROW(),2)=0", "format": band})
        if column.key not in (choices or {}):  # Excel admits one rule a cell
            sheet.validate(*block, {"validate": "any", **_help(column)})
    sheet.set_height(_HEADING_ROW, 32)
    sheet.xl.freeze_panes(_HEADING_ROW, 0)
    sheet.xl.hide_gridlines(2)
    _print_on_a4(sheet, _HEADING_ROW)
    _offer(book, sheet, table, choices or {})
    return book.finish()


def _offer(book: Book, sheet: Sheet, table: OfficeTable, choices: Choices) -> None:
    """Drop-downs, from a sheet of their own: a list written into a cell's rule may have no more than 255 letters.

    By defined names: an old Excel takes no address on another sheet.
    """
    if not choices:
        return
    lists = book.add_sheet(_LISTS_SHEET)
    heading, text = book.style(**HEADING), book.style(**BOX, text_wrap=True)
    first = 1
    for key, values in choices.items():
        at, column = next((i, c) for i, c in enumerate(table.columns, start=1) if c.key == key)
        widths = [column.width, *([_TOLD_WIDTH] if any(values.values()) else [])]
        for offset, width in enumerate(widths):
            lists.set_width(first + offset, width)
            lists.put(1, first + offset, "Nghĩa" if offset else column.heading, heading)
            for row, pair in enumerate(values.items(), start=2):
                lists.put(row, first + offset, pair[offset], text)
        for row, told in enumerate(values.values(), start=2):
            if told:
                lists.set_height(row, row_height([(told, _TOLD_ROOM)], 12))
        name = f"DM_{key}"
        book.define_name(name, range_name(_LISTS_SHEET, 2, first, len(values) + 1, first))
        options = {"validate": "list", "source": f"={name}", "error_type": "warning", **_help(column)}
        sheet.validate(_HEADING_ROW + 1, at, _HEADING_ROW + _ROWS, at, options)
        first += len(widths)
    _print_on_a4(lists, 1)


def _help(column: Column) -> dict[str, str]:
    return {"input_title": column.heading[:32], "input_message": column.hint}


def _print_on_a4(sheet: Sheet, heading_row: int) -> None:
    sheet.xl.set_landscape()
    sheet.xl.set_paper(9)
    sheet.xl.fit_to_pages(1, 0)
    sheet.xl.repeat_rows(heading_row - 1)


def read_office_table(table: OfficeTable, workbook: RawWorkbook, plan: Plan) -> tuple[list[OfficeLine], Teller]:
    """The filled lines, with what could not be understood left out of them and told."""
    teller = Teller(table, workbook.file, plan)
    if workbook.refusal:
        teller.tell(f"Không đọc được: {workbook.problem}; chạy tiếp như khi không có tệp này", workbook.advice)
        return [], teller
    found = next(((sheet, *place) for sheet in workbook.sheets if (place := _find_headings(table, sheet))), None)
    if found is None:
        wanted = ", ".join(f"“{c.heading}”" for c in table.columns if c.required)
        teller.tell(
            f"Không thấy dòng tiêu đề có {wanted}; chạy tiếp như khi không có tệp này", "Khôi phục dòng tiêu đề."
        )
        return [], teller
    sheet, heading_row, columns = found
    parser = ValueParser(plan)
    lines = [
        _read_line(table, sheet, row, columns, parser, teller)
        for row in range(heading_row + 1, len(sheet.rows) + 1)
        if any(not is_blank(sheet.cell(row, column)) for column in columns.values())
    ]
    return lines, teller


def check_row(table: OfficeTable, row: Sequence[Any], plan: Plan) -> None:
    """Raise `UserError` for a row that would be read back as one that is not used."""
    parser = ValueParser(plan)
    for column, value in zip(table.columns, row, strict=True):
        parsed = None if is_blank(value) else parser.parse(column, value)
        if parsed and parsed.problem:
            raise UserError(f"{column.heading}: {parsed.problem}. {parsed.advice}")


def copy_rows(table: OfficeTable, workbook: RawWorkbook) -> list[list[Any]]:
    """The filled rows as they stand, to be drawn anew with others.

    Raises `UserError` where the workbook holds something that such a drawing would lose: it is a person's.
    """
    name = f"“{workbook.file}”"
    if workbook.refusal:
        raise UserError(f"Không đọc được {name}: {workbook.problem}. {workbook.advice}")
    found = [(sheet, *place) for sheet in workbook.sheets if (place := _find_headings(table, sheet))]
    strange = [s.name for s in workbook.sheets if s.name not in (table.sheet, _LISTS_SHEET)]
    if len(found) != 1 or strange:
        raise UserError(f"Tệp {name} không còn như mẫu: {_BY_HAND}")
    sheet, heading_row, columns = found[0]
    places = [columns.get(column.key, 0) for column in table.columns]
    rows = range(heading_row + 1, len(sheet.rows) + 1)
    for row in rows:
        cells = enumerate(sheet.rows[row - 1], start=1)
        if any(isinstance(raw, CellError) or column not in places for column, raw in cells if not is_blank(raw)):
            raise UserError(f"Dòng {row} của {name} có nội dung ngoài bảng hoặc ô báo lỗi: {_BY_HAND}")
    if sheet.asides or sheet.formulas:
        raise UserError(f"Tệp {name} có ghi chú, hình hoặc công thức: {_BY_HAND}")
    copied = [[sheet.cell(row, place) if place else None for place in places] for row in rows]
    copied = [row for row in copied if not all(map(is_blank, row))]
    if len(copied) >= _ROWS:
        raise UserError(f"Tệp {name} đã đủ {_ROWS} dòng: {_BY_HAND}")
    return copied


def _find_headings(table: OfficeTable, sheet: RawSheet) -> tuple[int, dict[str, int]] | None:
    keys = {fold(c.heading): c.key for c in table.columns}
    wanted = {c.key for c in table.columns if c.required}
    for row, cells in enumerate(sheet.rows, start=1):
        columns = {
            keys[name]: column
            for column, raw in enumerate(cells, start=1)
            if isinstance(raw, str) and (name := fold(raw)) in keys
        }
        if wanted <= columns.keys():
            return row, columns
    return None


def _read_line(
    table: OfficeTable, sheet: RawSheet, row: int, columns: dict[str, int], parser: ValueParser, teller: Teller
) -> OfficeLine:
    line = OfficeLine({}, sheet.name, row, columns, set())
    for column in table.columns:
        raw = sheet.cell(row, columns[column.key]) if column.key in columns else ""
        parsed = None if is_blank(raw) else parser.parse(column, raw)
        line.values[column.key] = parsed.value if parsed else None
        if parsed and parsed.problem:
            line.spoilt.add(column.key)
            teller.tell(f"{parsed.problem}: dòng này không dùng", parsed.advice, line, column.key)
    return line


def hint_unit(named: str, plan: Plan) -> str:
    """Which unit may be meant by a name that none has, as the end of an advice."""
    near = plan.suggest_unit(named)
    return f" Có phải ý bạn là “{plan.name_of(near)}”?" if near else ""


def choose_complete(table: OfficeTable, lines: Sequence[OfficeLine], teller: Teller) -> Iterator[OfficeLine]:
    """The lines that have all they must have and nothing wrong; the others are told and left out."""
    for line in lines:
        if line.spoilt:
            continue
        missing = [c for c in table.columns if c.required and line.values[c.key] is None]
        for column in missing:
            teller.tell(f"Chưa ghi “{column.heading}”: dòng này không dùng", column.hint, line, column.key)
        if not missing:
            yield line
