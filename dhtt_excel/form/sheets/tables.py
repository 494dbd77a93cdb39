"""The input sheets of a unit's workbook: fields, lists and fixed lines, as form.py defines them."""

from __future__ import annotations

from math import ceil
from typing import Any

from dhtt_excel.excel.looks import FIXED, GUIDANCE, HEADING, INK, INPUT, SUBTITLE, TITLE
from dhtt_excel.excel.text_size import row_height
from dhtt_excel.form.check_lines import DELEGATE_WORDS, EXEMPLARS, GUESTS, TOTAL, formula_needed
from dhtt_excel.form.form import (
    NONE_COLUMN,
    NONE_LABEL,
    NONE_LABEL_COLUMN,
    NONE_ROW,
    TICK,
    Column,
    Form,
    Kind,
    Layout,
    Table,
)
from dhtt_excel.form.formulas import quote
from dhtt_excel.form.sheets.annex import draw_annex_foot, draw_annex_head, sheet_columns
from dhtt_excel.form.sheets.input_cells import (
    band_block,
    colour_statuses,
    formula_missing,
    guard_block,
    guard_mark,
    input_format,
)
from dhtt_excel.form.sheets.lines import cell_look, draw_headings, draw_lines
from dhtt_excel.form.sheets.paper import Block, Figures, Paper
from dhtt_excel.form.statuses import name_status
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.text.vietnamese import capitalize

_GUIDANCE = {
    Layout.FIELDS: "Nhập vào ô nền xanh nhạt hoặc vàng. Ô vàng: bắt buộc, còn trống; ô đỏ: giá trị sai.",
    Layout.LIST: "Mỗi dòng một người hoặc tập thể; dòng trống không sao. Cột A: mỗi dòng còn thiếu, sai gì. *: bắt buộc.",
    Layout.LINES: "Chỉ nhập vào ô nền xanh nhạt hoặc vàng; nội dung in sẵn giữ nguyên. Ô đỏ: giá trị sai; ô vàng: còn thiếu.",
}
_ASKED_OF_SOME = "**: chỉ hỏi điển hình, khách mời để trống (ô xám)."
_UNKNOWN = "chưa rõ thành phần: "
_FIELD_WIDTHS = {1: 28.0, 3: 30.0}  # label and hint; the input's width is the form's
_FIELD_HEIGHT = 30.0
_PRINTED_ROWS = 35  # of a list, if they are blank: as many as a page has room for
_BLANK_HEIGHT = 15.75
_SIZE, _HEADING_SIZE, _LIST_SIZE, _STATUS_SIZE = 12, 11, 12, 9


def draw_table_sheet(paper: Paper, plan: Plan, form: Form, unit: Unit) -> None:
    """All tables of one sheet, ready for input and for print."""
    first, *others = form.tables_on(paper.name)
    caption = f"{plan.name_of(unit)} - {plan.number}"
    if others:
        _draw_annex(paper, plan, first, others[0], unit)
        paper.set_print(caption, landscape=False)
    else:
        _draw_titles(paper, plan, first, unit)
        _draw_table(paper, plan, first, unit)
        paper.set_print(
            caption,
            landscape=first.layout is not Layout.FIELDS,
            heading_row=first.heading_row,
            columns=_printed_columns(first),
            pages=int(first.layout is Layout.LINES),
        )
        paper.sheet.xl.freeze_panes(first.heading_row, _frozen_columns(first))
    paper.sheet.xl.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # no green corners on what is text
    paper.lock()


def _draw_table(paper: Paper, plan: Plan, table: Table, unit: Unit) -> None:
    match table.layout:
        case Layout.FIELDS:
            _draw_fields(paper, plan, table, unit)
        case Layout.LIST:
            _draw_list(paper, plan, table, unit)
        case Layout.LINES:
            draw_lines(paper, plan, table)


def _draw_annex(paper: Paper, plan: Plan, outline: Table, counted: Table, unit: Unit) -> None:
    """The report and its table of counts as one official paper. Its rows are always the same, so its print area is, too."""
    draw_annex_head(paper, plan, unit, outline, counted)
    draw_lines(paper, plan, outline)
    _put(paper, counted.heading_row - 1, 1, counted.title, TITLE)
    paper.sheet.set_height(counted.heading_row - 1, 26)
    draw_lines(paper, plan, counted)
    last = draw_annex_foot(paper, plan, counted)
    xl = paper.sheet.xl
    xl.print_area(1, 0, last - 1, sheet_columns(counted) - 1)
    xl.set_h_pagebreaks([counted.heading_row - 2])
    xl.freeze_panes(1, 0)  # no heading row of one table over another's lines


def _draw_titles(paper: Paper, plan: Plan, table: Table, unit: Unit) -> None:
    """Titles stand at the left, unmerged: these sheets are wider than a screen, and merged cells hinder sorting."""
    first = table.first_column
    _put(paper, 1, first, table.title, TITLE)
    source = f"{plan.name_of(unit)} - Kế hoạch {plan.number} ngày {plan.date:%d/%m/%Y} của {plan.issuer}"
    _put(paper, 2, first, source, SUBTITLE)
    asked_of_some = _ASKED_OF_SOME if any(column.only for column in table.columns) else ""
    told = (_GUIDANCE[table.layout], asked_of_some, _say_added(plan, unit, table))
    _put(paper, 3, first, " ".join(filter(None, told)), GUIDANCE)
    for row, points in enumerate((26, 20, 20), start=1):
        paper.sheet.set_height(row, points)


def _say_added(plan: Plan, unit: Unit, table: Table) -> str:
    """In the upper unit's own list: whom it need not list."""
    if unit.level == "local" or table.key != "delegates":
        return ""
    return f"Đại biểu do {plan.levels.local.noun} cử: chương trình tự thêm, không nhập lại."


def _put(paper: Paper, row: int, column: int, text: str, look: dict[str, Any]) -> None:
    paper.put(row, column, text, paper.book.style(**look))


def _printed_columns(table: Table) -> range | None:
    """Of a list all but what its rows lack."""
    return range(table.first_column, table.input_columns.stop) if table.layout is Layout.LIST else None


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
            guard_block(paper, plan, table, field, (row, place, row, place), formula_missing(table, field, row, place))


def _conference_name(plan: Plan, unit: Unit) -> str:
    return plan.conference.upper.name if unit.level == "upper" else plan.conference.local.name


def _label(plan: Plan, field: Column, unit: Unit) -> str:
    """The field's label; the unit's own name stands under what its level is called."""
    return capitalize(plan.names_of(unit).noun) if field.key == "unit_name" else field.label


# Lists


def _draw_list(paper: Paper, plan: Plan, table: Table, unit: Unit) -> None:
    paper.set_widths([c.width for c in table.columns])
    _draw_none_line(paper, plan, table)
    if table.key == "delegates":
        _draw_counter(paper, plan, unit)
    draw_headings(paper, table)
    printed_last = _find_last_printed(paper, table)
    for number, column in enumerate(table.columns, start=1):
        block = (table.first_row, number, table.last_row, number)
        if column.kind is Kind.STATUS:
            _draw_statuses(paper, table, block)
            continue
        look = cell_look(column)
        style, blank = paper.book.style(**look), paper.book.style(**_leave_unseen(look))
        for row in range(table.first_row, table.last_row + 1):
            shown = row <= printed_last
            order = row - table.heading_row if shown and column.kind is Kind.ORDER else None
            paper.put(row, number, order, style if shown else blank, mark=column.kind is Kind.MARK)
        if column.is_read:
            missing = formula_missing(table, column, table.first_row, number)
            guard_block(paper, plan, table, column, block, missing)
        band_block(paper, block, printed_last, table.input_columns)
    _fit_filled_rows(paper, table)
    inputs = table.input_columns  # not STT nor what a row lacks: a sort would carry them along
    paper.sheet.xl.autofilter(table.heading_row - 1, inputs.start - 1, table.last_row - 1, inputs.stop - 2)
    paper.sheet.xl.set_selection(*[table.first_row - 1, inputs.start - 1] * 2)


def _draw_statuses(paper: Paper, table: Table, block: Block) -> None:
    """What each row lacks, from the first row to the last: it stands beside the paper, so it makes no page longer."""
    style = paper.book.style(font_size=_STATUS_SIZE, font_color=INK, valign="vcenter", text_wrap=True)
    filled = {row for row, column in paper.entered if column in table.input_columns}
    for row in range(table.first_row, table.last_row + 1):
        paper.put_formula(row, block[1], name_status(table), style, value=None if row in filled else "")
    colour_statuses(paper, block)


def _find_last_printed(paper: Paper, table: Table) -> int:
    """The last row that prints even if it is blank: all that has entries, and what is left of a sheet of paper."""
    inside = range(table.first_row, table.last_row + 1)
    filled = {row for row, column in paper.entered if column in table.input_columns and row in inside}
    last = max(filled, default=table.heading_row)
    used = sum(
        _fitting_height(paper, table, row) / _BLANK_HEIGHT if row in filled else 1
        for row in inside[: last - table.heading_row]
    )
    return min(last + max(_PRINTED_ROWS - ceil(used), 0), table.last_row)


def _leave_unseen(look: dict[str, Any]) -> dict[str, Any]:
    """The look without what prints: Excel and LibreOffice print a sheet as far as something is to be seen."""
    seen = ("border", "border_color", "bg_color")
    return {key: value for key, value in look.items() if key not in seen} | {"locked": False}


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


def _draw_counter(paper: Paper, plan: Plan, unit: Unit) -> None:
    """How many delegates there are and what the plan asks for: always in sight, and in the words of the check sheet."""
    if unit.level == "upper":
        told, needed, none = f"tối đa {plan.conference.upper.max_delegates}", '""', ""
    else:
        told = f"Theo kế hoạch {plan.shares.exemplars}%/{plan.shares.guests}%: cần "
        needed, none = formula_needed(plan.shares), "0/0"
    pairs = zip(DELEGATE_WORDS, (TOTAL, EXEMPLARS, GUESTS), strict=True)
    unknown = f"{TOTAL}-{EXEMPLARS}-{GUESTS}"
    rest = f'IF({unknown}>0,{quote(_UNKNOWN)}&({unknown})&"   ·   ","")'
    counts = [f'{quote(f"{word}: ")}&{count}&"   ·   "' for word, count in pairs]
    formula = "&".join([*counts, rest, quote(told), needed])
    style = paper.book.style(bold=True, font_size=_HEADING_SIZE, font_color=INK)
    counted = "".join(f"{word}: 0   ·   " for word in DELEGATE_WORDS)
    blank = Figures("\n".join(counted + more + told + none for more in ("", f"{_UNKNOWN}0   ·   ")))
    paper.put_formula(NONE_ROW + 1, NONE_LABEL_COLUMN, formula, style, blank)
    paper.sheet.set_height(NONE_ROW + 1, 20)


def _fit_filled_rows(paper: Paper, table: Table) -> None:
    """Set the height of rows that entries fill; all of them grow as the clerk types."""
    for row in range(table.first_row, table.last_row + 1):
        if any(paper.has_entry(row, column) for column in range(1, len(table.columns) + 1)):
            paper.sheet.set_height(row, _fitting_height(paper, table, row), grows=True)


def _fitting_height(paper: Paper, table: Table, row: int) -> float:
    cells = [(_text(paper.value(row, at)), column.width) for at, column in enumerate(table.columns, start=1)]
    return row_height(cells, _LIST_SIZE)


def _shown(paper: Paper, row: int, column: int, printed: Any) -> str:
    return _text(paper.value(row, column, printed))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
