"""Tables of fixed lines: what is printed in them, the cells to be filled in, those that stay closed."""

from __future__ import annotations

from typing import Any

from dhtt_excel.excel.looks import CLOSED, FIXED, HEADING, INPUT
from dhtt_excel.excel.text_size import fitting_size, row_height
from dhtt_excel.form.form import Column, Kind, Layout, Table
from dhtt_excel.form.sheets.input_cells import formula_missing, guard_block, guard_closed, guard_length, input_format
from dhtt_excel.form.sheets.paper import Block, Paper
from dhtt_excel.plan.plan import Plan

_NARROW = 12
_PADDING = 0.5
_TEXT_SIZE, _SMALL, _HEADING_SIZE = 12, 10, 11
_ANSWER_SIZE = 13  # of an official paper; and at 12 LibreOffice makes rows a twentieth too low for what it prints
_LEAST_HEIGHT = 22.0
_RECIPIENTS = {"collectives": "collective", "households": "household", "persons": "person", "direct_workers": "person"}

Run = tuple[int, int, bool]
"""First and last row of neighbours that are alike, and whether they are closed."""


def draw_lines(paper: Paper, plan: Plan, table: Table) -> None:
    """The table from its heading to its last line."""
    for column in table.columns:
        first = table.position(column.key)[1]
        for at in range(first, first + column.span):
            paper.sheet.set_width(at, column.width / column.span)
    draw_headings(paper, table)
    closed = _closed_cells(plan, table)
    for index, heading in table.groups:
        _draw_group(paper, table, table.line_rows[index] - 1, heading)
    for number, (row, line) in enumerate(zip(table.line_rows, table.lines, strict=True), start=1):
        _draw_line(paper, table, row, [number, *line], closed)
    for column in table.columns:
        if column.kind in (Kind.ORDER, Kind.FIXED):
            continue
        place = table.position(column.key)[1]
        for first, last, is_closed in _list_runs(table, column, closed):
            block = (first, place, last, place)
            if is_closed:
                guard_closed(paper, block)
                continue
            guard_block(paper, plan, table, column, block, formula_missing(table, column, first, place))
            if table.rows_a_line > 1:
                guard_length(paper, block)


def draw_headings(paper: Paper, table: Table) -> None:
    """The heading row of a list or of fixed lines."""
    style = paper.book.style(**HEADING)
    for column in table.columns:
        first = table.position(column.key)[1]
        block = (table.heading_row, first, table.heading_row, first + column.span - 1)
        if column.span > 1:
            paper.merge(block, column.label, style)
        else:
            paper.put(*block[:2], column.label, style)
    cells = [(c.label, c.width) for c in table.columns]
    filter_room = 14.0 if table.layout is Layout.LIST else 4.0  # the filter's arrow covers a heading's last line
    paper.sheet.set_height(table.heading_row, row_height(cells, _HEADING_SIZE, bold=True) + filter_room)


def cell_look(column: Column) -> dict[str, Any]:
    """How a cell of this column looks, as long as it is in order."""
    if column.kind is Kind.ORDER:
        return {**FIXED, "align": "center"}
    if column.kind is Kind.FIXED:
        return {**FIXED, "align": "center"} if column.width < _NARROW else FIXED
    return {**INPUT, **input_format(column.kind)}


def _draw_group(paper: Paper, table: Table, row: int, heading: str) -> None:
    """The row above the first line of a group. Nothing is asked there; what stands there must be possible to remove."""
    last = max(table.position(c.key)[1] + c.span - 1 for c in table.columns)
    strays = any(paper.value(row, column) not in (None, "") for column in range(2, last + 1))
    paper.merge((row, 1, row, last), heading, paper.book.style(**FIXED, bold=True, locked=not strays))
    paper.sheet.set_height(
        row, row_height([(heading, sum(c.width for c in table.columns) / 2)], _TEXT_SIZE, bold=True) + 4
    )


def _draw_line(paper: Paper, table: Table, row: int, printed: list[Any], closed: set[tuple[int, str]]) -> None:
    """A line, printed and to be filled in; what is printed stands beside all its rows."""
    number, *line = printed
    texts, cells = iter(line), []
    last = row + table.rows_a_line - 1
    for column in table.columns:
        first = table.position(column.key)[1]
        block = (row, first, last, first + column.span - 1)
        if column.kind in (Kind.ORDER, Kind.FIXED):
            value = number if column.kind is Kind.ORDER else next(texts)
            _print_cell(paper, column, block, value)
            cells.append((_text(paper, row, first, value), column.width - _PADDING))
        elif last > row:
            _draw_paragraphs(paper, column, block)
        else:
            look = cell_look(column)
            if (row, column.key) in closed:  # what stands there nevertheless must be possible to remove
                look = {**CLOSED, "locked": paper.value(row, first) in (None, "")}
            paper.put(row, first, None, paper.book.style(**look), mark=column.kind is Kind.MARK)
            cells.append((_text(paper, row, first), column.width - _PADDING))
    if last == row:
        paper.sheet.set_height(row, max(_LEAST_HEIGHT, row_height(cells, _TEXT_SIZE)))


def _print_cell(paper: Paper, column: Column, block: Block, value: Any) -> None:
    look = cell_look(column)
    if block[:2] == block[2:]:
        paper.put(*block[:2], value, paper.book.style(**look))
        return
    paper.merge(block, value, paper.book.style(**{**look, "valign": "top", "font_size": _SMALL}))


def _draw_paragraphs(paper: Paper, column: Column, block: Block) -> None:
    """Cells below each other, a paragraph each, whose rows grow as the clerk types.

    What is too long for the highest row that Excel has is drawn in a smaller type.
    """
    row, place, last, _ = block
    for at in range(row, last + 1):
        text = _text(paper, at, place)
        size = fitting_size(text, column.width, _ANSWER_SIZE)
        paper.put(at, place, None, paper.book.style(**cell_look(column), valign="top", font_size=size))
        if text:
            paper.sheet.set_height(at, row_height([(text, column.width)], size), grows=True)


def _closed_cells(plan: Plan, table: Table) -> set[tuple[int, str]]:
    """Cells of the awards table that no award of this kind can fill: a person's title has no collectives."""
    if table.key != "awards":
        return set()
    return {
        (row, column)
        for row, award in zip(table.line_rows, plan.lists.awards, strict=True)
        for column, recipient in _RECIPIENTS.items()
        if recipient not in award.recipients
    }


def _list_runs(table: Table, column: Column, closed: set[tuple[int, str]]) -> list[Run]:
    """The column's cells: neighbouring lines that are alike together, lines of several rows each on its own."""
    runs: list[Run] = []
    for row in table.line_rows:
        run = (row, row + table.rows_a_line - 1, (row, column.key) in closed)
        if runs and table.rows_a_line == 1 and runs[-1][1:] == (row - 1, run[2]):
            run = (runs.pop()[0], *run[1:])
        runs.append(run)
    return runs


def _text(paper: Paper, row: int, column: int, printed: Any = None) -> str:
    value = paper.value(row, column, printed)
    return value if isinstance(value, str) else ""
