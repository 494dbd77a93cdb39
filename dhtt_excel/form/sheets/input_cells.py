"""Input cells that help and warn: number format, drop-down, messages, and colours that survive pasting.

Pasting destroys a validation but keeps a conditional format, so what the first refuses the second still shows.
Formulas use what Excel 2007, WPS and LibreOffice share; lists are reached by defined names, the only way in which
Excel 2007 lets a validation or a conditional format read another sheet.
"""

from __future__ import annotations

from typing import Any

from dhtt_excel.excel.addresses import column_letters
from dhtt_excel.excel.looks import BAD, BAND_FILL, BOX, GOOD, MISSING, PENDING
from dhtt_excel.form.form import OPTIONAL_LINE, TICK, Column, Kind, Layout, Table
from dhtt_excel.form.formulas import count_bad, formula_asked, formula_passed_over, quote
from dhtt_excel.form.moments import name_reading
from dhtt_excel.form.paragraphs import formula_too_long
from dhtt_excel.form.sheets.paper import Block, Paper
from dhtt_excel.form.spellings import formula_understood
from dhtt_excel.form.statuses import IN_ORDER, WRONG_WORD
from dhtt_excel.plan.code_lists import CODE_LISTS
from dhtt_excel.plan.plan import Plan

NUMBER_FORMATS = {Kind.YEAR: "0", Kind.COUNT: "#,##0"}  # days and hours are texts: see `moments`
TEXT_FORMAT = "@"
_CENTRED = {Kind.YEAR, Kind.DATE, Kind.TIME, Kind.COUNT, Kind.MARK}
_TITLE_LIMIT, _MESSAGE_LIMIT = 32, 255


def input_format(kind: Kind) -> dict[str, Any]:
    """Number format and alignment of an input cell of this kind."""
    number_format = {"num_format": NUMBER_FORMATS.get(kind, TEXT_FORMAT)}
    return number_format | ({"align": "center"} if kind in _CENTRED else {})


def guard_block(paper: Paper, plan: Plan, table: Table, column: Column, block: Block, missing: str = "") -> None:
    """Validate and colour one column's input cells.

    `missing`: formula, for the block's first cell, that is true where a required cell is empty.
    """
    paper.sheet.validate(*block, _validation(plan, table, column))
    cell, over = cell_of(block), ""
    if column.only and column.when:
        over = formula_passed_over(table, column, relative(block[0], table.position(column.when[0])[1]))
        _colour(paper, block, f"{over}>0", PENDING)
    known = formula_understood(plan, column, cell)
    bad = count_bad(plan, column, cell, _read(table, column), over) + (f"-SUMPRODUCT(--({known}))" if known else "")
    _colour(paper, block, f"IF(ISERROR({cell}),TRUE,{bad}>0)", BAD)
    if missing:
        _colour(paper, block, missing, MISSING)


def _read(table: Table, column: Column) -> str:
    """What was read in the cell of this row, where it holds a day or an hour."""
    if column.kind not in (Kind.DATE, Kind.TIME):
        return ""
    name = name_reading(table, column)
    return name if table.layout is Layout.FIELDS else f"INDEX({name},ROW()-{table.heading_row})"


def guard_mark(paper: Paper, plan: Plan, row: int, column: int, title: str, message: str) -> None:
    """Validate and colour one cell to be marked, outside a table."""
    options = {**_MARK_OPTIONS, **_messages(title, message, _ERRORS[Kind.MARK])}
    paper.sheet.validate(row, column, row, column, options)
    block = (row, column, row, column)
    cell = cell_of(block)
    mark = Column("none", title, Kind.MARK, 0)
    _colour(paper, block, f"IF(ISERROR({cell}),TRUE,{count_bad(plan, mark, cell)}>0)", BAD)


def guard_closed(paper: Paper, block: Block) -> None:
    """Colour what stands in cells that are not for input."""
    _colour(paper, block, f"NOT({formula_blank(cell_of(block))})", BAD)


def colour_statuses(paper: Paper, block: Block) -> None:
    """What a row lacks in the colours that its cells have."""
    cell = cell_of(block)
    for word, look in ((IN_ORDER, GOOD), (WRONG_WORD, BAD)):
        _colour(paper, block, f"ISNUMBER(FIND({quote(word)},{cell}))", look)
    _colour(paper, block, f"LEN({cell})>0", MISSING)


def band_block(paper: Paper, block: Block, printed_last: int, inputs: range) -> None:
    """Shade every other row up to `printed_last`; frame the filled ones below that and the next, and shade these as well.

    A condition, not a fill: sorting and pasting cannot spoil it.

    To be added last, and on the very block of the other conditions, else LibreOffice lets it cover them.
    """
    row = block[0]
    filled = f"COUNTA({relative(row - 1, inputs.start)}:{relative(row, inputs.stop - 1)})>0"
    _colour(paper, block, f"AND(MOD(ROW(),2)=0,OR(ROW()<={printed_last},{filled}))", {"bg_color": BAND_FILL, **BOX})
    if printed_last < block[2]:
        _colour(paper, block, f"AND(ROW()>{printed_last},{filled})", BOX)


def guard_length(paper: Paper, block: Block) -> None:
    """Colour what is too long for its cell to print whole."""
    _colour(paper, block, formula_too_long(cell_of(block)), MISSING)


def formula_missing(table: Table, column: Column, row: int, place: int) -> str:
    """Formula for the first cell: required here, and empty. "" where the column is never required."""
    if not column.required:
        return ""
    if table.rows_a_line > 1:
        letter = column_letters(place)
        whole = f"${letter}${row}:${letter}${row + table.rows_a_line - 1}"
        return f"AND(ROW()={row},SUMPRODUCT(LEN(TRIM({whole})))=0)"
    conditions = [formula_blank(relative(row, place))]
    if table.layout is Layout.LIST:
        inputs = table.input_columns
        first, last = relative(row, inputs.start), relative(row, inputs.stop - 1)
        conditions.append(f"COUNTA({first}:{last})>0")
    if column.when:
        cell = relative(*_neighbour(table, table.by_key[column.when[0]], row))
        conditions.append(f"{formula_asked(table, column, cell)}>0")
    if table.layout is Layout.LINES and any(OPTIONAL_LINE in line for line in table.lines):
        conditions.append(f"{relative(row, table.position('requirement')[1])}<>{quote(OPTIONAL_LINE)}")
    return f"AND({','.join(conditions)})"


def _neighbour(table: Table, other: Column, row: int) -> tuple[int, int]:
    """Where the other column's value of the same record stands."""
    position = table.position(other.key)
    return position if table.layout is Layout.FIELDS else (row, position[1])


def cell_of(block: Block) -> str:
    """The block's first cell as its conditions name it: fixed column, relative row."""
    return relative(block[0], block[1])


def relative(row: int, column: int) -> str:
    """ "$C7": the cell of this column in the row that a condition is applied to."""
    return f"${column_letters(column)}{row}"


def formula_blank(cell: str) -> str:
    return f"LEN(TRIM({cell}))=0"


def _colour(paper: Paper, block: Block, formula: str, look: dict[str, Any]) -> None:
    options = {"type": "formula", "criteria": f"={formula}", "format": paper.book.bare_format(**look)}
    paper.sheet.colour(*block, options)


_MARK_OPTIONS = {"validate": "list", "source": [TICK], "error_type": "warning"}
_ERRORS = {
    Kind.CHOICE: "Giá trị này không có trong danh mục. Hãy chọn trong danh sách thả xuống.",
    Kind.COUNT: "Hãy nhập số nguyên, không âm.",
    Kind.MARK: f"Chỉ đánh {TICK} hoặc để trống.",
}


def _validation(plan: Plan, table: Table, column: Column) -> dict[str, Any]:
    """What the cell admits. A reader's forgiveness (aliases) makes it a warning, never a refusal; days and hours are texts."""
    error = _ERRORS.get(column.kind, "")
    options: dict[str, Any]
    match column.kind:
        case Kind.CHOICE:
            options = {
                "validate": "list",
                "source": f"={CODE_LISTS[column.choices].defined_name}",
                "error_type": "warning",
            }
        case Kind.YEAR:
            first, last = plan.ages.born_first, plan.ages.born_last
            options = {"validate": "whole", "criteria": "between", "minimum": first, "maximum": last}
            error = f"Hãy nhập năm gồm bốn chữ số, từ {first} đến {last}."
        case Kind.COUNT:
            options = {"validate": "whole", "criteria": ">=", "value": 0}
        case Kind.MARK:
            options = dict(_MARK_OPTIONS)
        case _:
            options = {"validate": "any"}
    return {**options, **_messages(column.heading, f"{column.hint} {_need(plan, table, column)}".strip(), error)}


def _messages(title: str, message: str, error: str) -> dict[str, str]:
    title = _shorten(title, _TITLE_LIMIT)
    texts = {"input_title": title, "input_message": _shorten(message, _MESSAGE_LIMIT)}
    if error:
        texts |= {"error_title": title, "error_message": _shorten(error, _MESSAGE_LIMIT)}
    return texts


def _need(plan: Plan, table: Table, column: Column) -> str:
    """Whether the cell must be filled, in words."""
    if column.kind is Kind.MARK:
        return "Chỉ hỏi điển hình tiên tiến." if column.only else ""
    if not column.required:
        return "Không bắt buộc."
    if not column.when:
        return "Bắt buộc."
    if column.only:
        return "Chỉ hỏi điển hình tiên tiến (bắt buộc); khách mời để trống."
    other, keys = table.by_key[column.when[0]], column.when[1]
    values = [choice.value for choice in plan.lists.choices(other.choices) if choice.is_one_of(keys)]
    return f"Bắt buộc nếu {other.heading} là {' hoặc '.join(values)}."


def _shorten(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
