"""The input sheets of a unit's workbook: fields, lists and fixed lines, as form.py defines them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from dhtt_excel.excel.looks import CLOSED, FIXED, GUIDANCE, HEADING, INPUT, SUBTITLE, TITLE
from dhtt_excel.excel.text_size import row_height
from dhtt_excel.form.form import (
    NONE_COLUMN,
    NONE_LABEL,
    NONE_LABEL_COLUMN,
    NONE_ROW,
    OPTIONAL_LINE,
    TICK,
    Column,
    Form,
    Kind,
    Layout,
    Table,
)
from dhtt_excel.form.formulas import condition_of, quote
from dhtt_excel.form.sheets.input_cells import (
    band_block,
    formula_blank,
    guard_block,
    guard_closed,
    guard_mark,
    input_format,
    relative,
)
from dhtt_excel.form.sheets.paper import Block, Paper
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.text.vietnamese import capitalize

_GUIDANCE = {
    Layout.FIELDS: "Nhập vào ô nền xanh nhạt. Dòng có dấu * là bắt buộc.",
    Layout.LIST: "Mỗi dòng một người hoặc một tập thể. Cột có dấu * là bắt buộc. Ô có mũi tên: chọn trong danh sách thả xuống. "
    "Ô đỏ: giá trị sai; ô vàng: còn thiếu.",
    Layout.LINES: "Chỉ nhập vào ô nền xanh nhạt; nội dung in sẵn giữ nguyên. Ô đỏ: giá trị sai; ô vàng: còn thiếu.",
}
_ASKED_OF_SOME = " Cột có dấu ** chỉ hỏi điển hình tiên tiến: với khách mời ô có màu xám, để trống."
_FIELD_WIDTHS = {1: 28.0, 3: 30.0}  # label and hint; the input's width is the form's
_FIELD_HEIGHT = 30.0
_LONG_TEXT_HEIGHT = 120.0
_NARROW = 12
_PADDING = 0.5
_SIZE, _HEADING_SIZE, _LIST_SIZE = 12, 11, 12


def draw_table_sheet(paper: Paper, plan: Plan, form: Form, unit: Unit) -> None:
    """All tables of one sheet, ready for input and for print."""
    tables = form.tables_on(paper.name)
    first = tables[0]
    _draw_titles(paper, plan, first, unit)
    draw = {Layout.FIELDS: _draw_fields, Layout.LIST: _draw_list, Layout.LINES: _draw_lines}
    for table in tables:
        if table is not first:
            _put(paper, table.heading_row - 1, 1, table.title, TITLE)
            paper.sheet.set_height(table.heading_row - 1, 26)
        draw[table.layout](paper, plan, table, unit)
    alone = len(tables) == 1  # one table's headings over another's lines would mislead
    paper.set_print(
        f"{plan.name_of(unit)} - {plan.number}",
        landscape=first.layout is not Layout.FIELDS,
        heading_row=first.heading_row if alone else 0,
    )
    paper.sheet.xl.set_h_pagebreaks([t.heading_row - 2 for t in tables[1:]])
    paper.sheet.xl.freeze_panes(first.heading_row if alone else 2, _frozen_columns(first))
    paper.sheet.xl.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # no green corners on what is text
    paper.lock()


def _draw_titles(paper: Paper, plan: Plan, table: Table, unit: Unit) -> None:
    """Titles stand at the left, unmerged: these sheets are wider than a screen, and merged cells hinder sorting."""
    _put(paper, 1, 1, table.title, TITLE)
    source = f"{plan.name_of(unit)} - Kế hoạch {plan.number} ngày {plan.date:%d/%m/%Y} của {plan.issuer}"
    _put(paper, 2, 1, source, SUBTITLE)
    _put(
        paper, 3, 1, _GUIDANCE[table.layout] + (_ASKED_OF_SOME if any(c.only for c in table.columns) else ""), GUIDANCE
    )
    for row, points in enumerate((26, 20, 20), start=1):
        paper.sheet.set_height(row, points)


def _put(paper: Paper, row: int, column: int, text: str, look: dict[str, Any]) -> None:
    paper.put(row, column, text, paper.book.style(**look))


def _frozen_columns(table: Table) -> int:
    """The columns up to the name stay in sight."""
    return table.position("name")[1] if table.layout is Layout.LIST else 0


# Fields


def _draw_fields(paper: Paper, plan: Plan, table: Table, unit: Unit) -> None:
    style = paper.book.style
    widths = [_FIELD_WIDTHS[1], table.columns[0].width, _FIELD_WIDTHS[3]]
    paper.set_widths(widths)
    for column, text in enumerate(("Nội dung", "Nhập vào đây", "Cách nhập"), start=1):
        _put(paper, table.heading_row, column, text, HEADING)
    paper.sheet.set_height(table.heading_row, 22)
    printed = {"unit_name": plan.name_of(unit), "name": _conference_name(plan, unit)}
    for field in table.columns:
        row, place = table.position(field.key)
        label, value = _label(plan, field, unit), printed.get(field.key)
        paper.put(row, 1, label, style(**FIXED, bold=True, indent=1))
        look = {**FIXED, "bold": True} if field.kind is Kind.FIXED else {**INPUT, **input_format(field.kind)}
        paper.put(row, place, value, style(**{**look, "align": "left", "indent": 1}))
        hint = field.hint or "In sẵn, không sửa." if field.kind is Kind.FIXED else field.hint
        paper.put(row, 3, hint, style(**GUIDANCE, text_wrap=True, indent=1))
        shown = [_shown(paper, row, column, text) for column, text in enumerate((label, value, hint), start=1)]
        needed = row_height([(text, width - 2) for text, width in zip(shown, widths, strict=True)], _SIZE, bold=True)
        paper.sheet.set_height(row, max(_FIELD_HEIGHT, needed))
        if field.kind is not Kind.FIXED:
            guard_block(paper, plan, table, field, (row, place, row, place), _missing(plan, table, field, row, place))


def _conference_name(plan: Plan, unit: Unit) -> str:
    return plan.conference.upper.name if unit.level == "upper" else plan.conference.local.name


def _label(plan: Plan, field: Column, unit: Unit) -> str:
    """The field's label; the unit's own name stands under what its level is called."""
    return capitalize(plan.names_of(unit).noun) if field.key == "unit_name" else field.label


# Lists


def _draw_list(paper: Paper, plan: Plan, table: Table, unit: Unit) -> None:
    del unit
    paper.set_widths([c.width for c in table.columns])
    _draw_none_line(paper, plan, table)
    _draw_headings(paper, table)
    for number, column in enumerate(table.columns, start=1):
        block = (table.first_row, number, table.last_row, number)
        style = paper.book.style(**_cell_look(column))
        for row in range(table.first_row, table.last_row + 1):
            printed = row - table.heading_row if column.kind is Kind.ORDER else None
            paper.put(row, number, printed, style, mark=column.kind is Kind.MARK)
        if column.kind is not Kind.ORDER:
            guard_block(paper, plan, table, column, block, _missing(plan, table, column, table.first_row, number))
        band_block(paper, block)
    _fit_filled_rows(paper, table)
    # Not over STT: a sort would carry the numbers along.
    paper.sheet.xl.autofilter(table.heading_row - 1, 1, table.last_row - 1, len(table.columns) - 1)
    paper.sheet.xl.set_selection(table.first_row - 1, 1, table.first_row - 1, 1)


def _draw_none_line(paper: Paper, plan: Plan, table: Table) -> None:
    """The line that tells an empty list from a forgotten one."""
    style = paper.book.style
    label = style(**{**FIXED, "font_size": _HEADING_SIZE, "bold": True})
    paper.put(NONE_ROW, NONE_LABEL_COLUMN, NONE_LABEL, label)
    look = {**INPUT, **input_format(Kind.MARK), "bold": True}
    paper.put(NONE_ROW, NONE_COLUMN, None, style(**look), mark=True)
    note = f"← Đánh {TICK} nếu không có nội dung này; có nội dung thì để trống và nhập vào bảng dưới."
    _put(paper, NONE_ROW, NONE_COLUMN + 1, note, GUIDANCE)
    guard_mark(
        paper, plan, NONE_ROW, NONE_COLUMN, "Không có nội dung này", f"Đánh {TICK} nếu danh sách này không có ai."
    )
    width = table.columns[NONE_LABEL_COLUMN - 1].width
    paper.sheet.set_height(NONE_ROW, row_height([(NONE_LABEL, width)], _HEADING_SIZE, bold=True) + 4)
    paper.sheet.set_height(NONE_ROW + 1, 6)


def _fit_filled_rows(paper: Paper, table: Table) -> None:
    """Set the height of rows that entries fill.

    Empty rows get none: a height set by us is final, and a row without one grows as the clerk types.
    """
    for row in range(table.first_row, table.last_row + 1):
        filled = [
            (paper.value(row, c), column.width) for c, column in enumerate(table.columns, 1) if paper.has_entry(row, c)
        ]
        if filled:
            paper.sheet.set_height(row, row_height([(_text(v), width) for v, width in filled], _LIST_SIZE))


# Fixed lines


@dataclass(frozen=True)
class _Placed:
    """A column and where its cell stands: `span` sheet columns from `first`."""

    column: Column
    first: int

    def block(self, row: int, last_row: int) -> Block:
        return row, self.first, last_row, self.first + self.column.span - 1


def _place_columns(table: Table) -> list[_Placed]:
    placed, first = [], 1
    for column in table.columns:
        placed.append(_Placed(column, first))
        first += column.span
    return placed


def _draw_lines(paper: Paper, plan: Plan, table: Table, unit: Unit) -> None:
    del unit
    placed = _place_columns(table)
    for place in placed:
        for at in range(place.first, place.first + place.column.span):
            paper.sheet.set_width(at, place.column.width / place.column.span)
    _draw_headings(paper, table)
    closed = _closed_cells(plan, table)
    for number, line in enumerate(table.lines, start=1):
        _draw_line(paper, placed, table.heading_row + number, [number, *line], closed)
    for place in placed:
        if place.column.kind in (Kind.ORDER, Kind.FIXED):
            continue
        for first, last, is_closed in _split_runs(table, place.column, closed):
            block = place.block(first, last)
            if is_closed:
                guard_closed(paper, block)
            else:
                guard_block(
                    paper, plan, table, place.column, block, _missing(plan, table, place.column, first, place.first)
                )


def _draw_line(paper: Paper, placed: list[_Placed], row: int, printed: list[Any], closed: set[tuple[int, str]]) -> None:
    """One line, printed and to be filled in. Excel does not grow a merged cell, so a long answer gets room ahead."""
    number, *line = printed
    texts, cells = iter(line), []
    for place in placed:
        column = place.column
        value = number if column.kind is Kind.ORDER else next(texts) if column.kind is Kind.FIXED else None
        look = _cell_look(column)
        if (row, column.key) in closed:  # what stands there nevertheless must be possible to remove
            look = {**CLOSED, "locked": paper.value(row, place.first) in (None, "")}
        if column.span > 1:
            paper.merge(place.block(row, row), value, paper.book.style(**look))
        else:
            paper.put(row, place.first, value, paper.book.style(**look), mark=column.kind is Kind.MARK)
        cells.append((_shown(paper, row, place.first, value), column.width - _PADDING))
    least = _LONG_TEXT_HEIGHT if any(p.column.span > 1 for p in placed) else 22.0
    paper.sheet.set_height(row, max(least, row_height(cells, _SIZE)))


def _closed_cells(plan: Plan, table: Table) -> set[tuple[int, str]]:
    """Cells of the awards table that no award of this kind can fill: a person's title has no collectives."""
    if table.key != "awards":
        return set()
    closed = set()
    for row, award in enumerate(plan.lists.awards, start=table.first_row):
        if "collective" not in award.recipients:
            closed.add((row, "collectives"))
        if "person" not in award.recipients:
            closed |= {(row, "persons"), (row, "direct_workers")}
    return closed


def _split_runs(table: Table, column: Column, closed: set[tuple[int, str]]) -> list[tuple[int, int, bool]]:
    """First and last row of neighbours that are alike, and whether they are closed."""
    runs = []
    for is_closed, rows in groupby(range(table.first_row, table.last_row + 1), lambda r: (r, column.key) in closed):
        found = list(rows)
        runs.append((found[0], found[-1], is_closed))
    return runs


# Cells


def _draw_headings(paper: Paper, table: Table) -> None:
    style = paper.book.style(**HEADING)
    for place in _place_columns(table):
        if place.column.span > 1:
            paper.merge(place.block(table.heading_row, table.heading_row), place.column.label, style)
        else:
            paper.put(table.heading_row, place.first, place.column.label, style)
    cells = [(c.label, c.width) for c in table.columns]
    filter_room = 14.0 if table.layout is Layout.LIST else 4.0  # the filter's arrow covers a heading's last line
    paper.sheet.set_height(table.heading_row, row_height(cells, _HEADING_SIZE, bold=True) + filter_room)


def _cell_look(column: Column) -> dict[str, Any]:
    if column.kind is Kind.ORDER:
        return {**FIXED, "align": "center"}
    if column.kind is Kind.FIXED:
        return {**FIXED, "align": "center"} if column.width < _NARROW else FIXED
    return {**INPUT, **input_format(column.kind), **({"valign": "top"} if column.span > 1 else {})}


def _missing(plan: Plan, table: Table, column: Column, row: int, place: int) -> str:
    """Formula for the first cell: required here, and empty. "" where the column is never required."""
    if not column.required:
        return ""
    conditions = [formula_blank(relative(row, place))]
    if table.layout is Layout.LIST:
        first, last = relative(row, 2), relative(row, len(table.columns))
        conditions.append(f"COUNTA({first}:{last})>0")
    if column.when:
        other, values, _ = condition_of(plan, table, column)
        cell = relative(*_neighbour(table, other, row))
        conditions.append("OR(" + ",".join(f"TRIM({cell})={quote(value)}" for value in values) + ")")
    if table.layout is Layout.LINES and any(OPTIONAL_LINE in line for line in table.lines):
        conditions.append(f"{relative(row, table.position('requirement')[1])}<>{quote(OPTIONAL_LINE)}")
    return f"AND({','.join(conditions)})"


def _neighbour(table: Table, other: Column, row: int) -> tuple[int, int]:
    """Where the other column's value of the same record stands."""
    position = table.position(other.key)
    return position if table.layout is Layout.FIELDS else (row, position[1])


def _shown(paper: Paper, row: int, column: int, printed: Any) -> str:
    return _text(paper.value(row, column, printed))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
