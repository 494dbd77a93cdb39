"""A located table of one file ─► its typed rows, and what has to be told of its cells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any
from unicodedata import is_normalized

from dhtt_excel.excel.addresses import cell_name, cell_position
from dhtt_excel.excel.cells import CellError, is_blank, show_value
from dhtt_excel.findings import Fault, Rule, Severity
from dhtt_excel.form.form import NONE_KEY, NONE_LABEL, Column, Kind, Layout, Table
from dhtt_excel.form.formulas import NBSP
from dhtt_excel.form.paragraphs import is_too_long
from dhtt_excel.form.spellings import is_understood
from dhtt_excel.inbox.raw import Block
from dhtt_excel.plan.plan import Plan
from dhtt_excel.reading.judge_rows import Cells, Row, RowKind, judge_rows
from dhtt_excel.reading.ledger import Marks
from dhtt_excel.reading.locate_tables import Located
from dhtt_excel.reading.parse_values import Parsed, ValueParser, shorten
from dhtt_excel.reading.submissions import ReadTable
from dhtt_excel.rules import RULES_BY_CODE
from dhtt_excel.rules.cells import marked_empty_but_filled, value_not_in_list, value_of_other_kind, value_out_of_range
from dhtt_excel.rules.files import hidden_content, stray_value
from dhtt_excel.rules.report import paragraph_too_long
from dhtt_excel.text.characters import join_some
from dhtt_excel.text.vietnamese import capitalize, fold, format_number

_WORDS = re.compile(r"\w")
_QUOTED = "giá trị đã nhập"
_READING = re.compile(r", đọc là “[^”]*”")
UNSAVED = "Công thức chưa có giá trị được lưu"
UNSAVED_ADVICE = "Mở tệp, tính lại rồi lưu, hoặc nhập thẳng giá trị."
_BLANK_TO_FORMULAS = f" {NBSP}"
_SHOWN_ROWS = 10
_SOME_LINES_SINCE = 2  # version 1 of the form asked all of everybody
_PARAGRAPHS_SINCE = 2  # and had one cell for a whole answer
_NONE_COLUMN = Column(NONE_KEY, NONE_LABEL, Kind.MARK, 0)


def read_table(place: Located, marks: Marks, plan: Plan, values: ValueParser) -> tuple[ReadTable, list[Fault]]:
    """The table, its rows typed, and faults on its cells; what became of each cell goes into `marks`."""
    reading = _Reading(place, marks, plan, values)
    reading.read()
    return reading.table, reading.faults


class _Reading:
    """One table of one file while it is read."""

    def __init__(self, place: Located, marks: Marks, plan: Plan, values: ValueParser) -> None:
        self._place = place
        self._marks = marks
        self._plan = plan
        self._values = values
        self._columns = [(column, values.parser_of(column)) for column in place.table.stored]
        self._parsers = {column.key: parse for column, parse in self._columns}
        self._asked = [
            (column, rule)
            for column in place.table.stored
            if column.is_in(place.version) and not (rule := RULES_BY_CODE[column.blank_rule]).check
        ]
        self._passed_over = _list_passed_over(place.table, plan)
        self._merges: dict[Block, Severity | None] = {}  # those that leave cells of a line blank; how much that weighs
        self._unsaved = set(map(cell_position, place.sheet.formulas))
        self._blocks, self._row_blocks = _list_blocks(place)
        self.table = ReadTable(place.sheet.name, place.heading_row, place.columns, place.cells)
        self.faults: list[Fault] = []

    def read(self) -> None:
        place, table, marks = self._place, self.table, self._marks
        table.as_drawn = _is_as_drawn(place)
        marks.printed |= place.printed
        marks.expected_outside |= {
            (row, column) for column in place.asked_columns for row in range(1, len(place.sheet.rows) + 1)
        }
        if place.table.layout is Layout.FIELDS:
            cells = {key: (place.sheet.cell(*position), position) for key, position in place.cells.items()}
            table.rows = [self._type_row(cells, 0)]
        elif place.table.layout is Layout.LINES:
            if not place.lines:  # the column that names them is not there, which is told
                below = range(place.heading_row + 1, place.heading_row + place.table.capacity + 1)
                marks.expected_outside |= {(row, column) for row in below for column in place.columns.values()}
            fixed = [c.key for c in place.table.columns if c.kind is Kind.FIXED]
            for index, row in sorted(place.lines.items()):
                typed = self._type_row(_row_cells(place, row), row)
                self._add_paragraphs(typed, place.more.get(index, ()))
                table.rows.append(typed | dict(zip(fixed, place.table.lines[index], strict=True)))
        elif place.columns:
            table.none_marked = self._read_none_mark()
            for listed in judge_rows(place, {column.key: (column.kind, parse) for column, parse in self._columns}):
                self._read_row(listed)
            self._tell_merges()
            self._tell_passed_over()
        self._report_lacking()
        if place.sheet.struck or place.sheet.hidden_rows:
            read, rows = sorted(marks.used | marks.rejected), set(place.sheet.hidden_rows)
            table.struck = tuple(sorted(set(place.sheet.struck).intersection(read)))
            table.hidden = tuple(cell for cell in read if cell[0] in rows)

    def _tell(
        self,
        rule: Rule,
        at: tuple[int, int],
        message: str,
        advice: str,
        severity: Severity | None = None,
        discreet: str = "",
    ) -> None:
        self.faults.append(
            rule.fault(message, advice, severity, sheet=self._place.sheet.name, at=at, discreet=discreet)
        )

    def _read_row(self, row: Row) -> None:
        """A row of a list: typed where it is a line of data, else outside of it."""
        table = self.table
        table.as_drawn &= row.number - self._place.heading_row <= self._place.table.capacity
        if row.kind is RowKind.ENTRY:
            table.rows.append(self._type_row(row.cells, row.number))
            return
        width = len(self._place.sheet.rows[row.number - 1])
        self._marks.expected_outside.update((row.number, column) for column in range(1, width + 1))
        filled = {key: at for key, (raw, at) in row.cells.items() if not is_blank(raw)}
        if row.kind is RowKind.STRAY:
            table.filled.update(filled.keys())
            table.spoilt += 1
            table.as_drawn &= len(filled) == 1
            for column, parse in self._columns:
                if column.key in filled:
                    raw = row.cells[column.key][0]
                    self._count_doubt(column, parse(raw), raw)
            message = "Giá trị lẻ, không phải một dòng danh sách: không đọc"
            advice = "Nhập đủ các cột của dòng, hoặc xóa giá trị này."
            self._tell(stray_value, next(iter(filled.values())), message, advice)
            return
        table.as_drawn &= not filled and not any(_is_seen_by_formulas(raw) for raw, _ in row.cells.values())
        if row.kind is RowKind.LONE_NAME:
            message = "Chỉ có tên, ở dưới dòng cuối cùng đã nhập đủ: chưa tính vào danh sách"
            advice = "Nếu là một dòng của danh sách thì nhập đủ các cột; nếu không thì xóa đi."
            self._tell(stray_value, filled["name"], message, advice)
        if row.kind is RowKind.LONE_TEXT:
            message = "Dòng chữ đứng một mình giữa danh sách: chưa tính là một dòng của danh sách"
            advice = "Nếu là tiêu đề thì xóa đi; nếu là một người, một tập thể thì nhập đủ các cột."
            self._tell(stray_value, filled["name"], message, advice)

    def _read_none_mark(self) -> bool:
        place = self._place
        label = fold(NONE_LABEL.partition("(")[0])
        for row, cells in enumerate(place.sheet.rows[: max(place.heading_row - 1, 0)], start=1):
            for column, raw in enumerate(cells, start=1):
                if isinstance(raw, str) and fold(raw).startswith(label):
                    mark = place.sheet.cell(row, column + 1)
                    if is_blank(mark):
                        self.table.as_drawn &= not _is_seen_by_formulas(mark)
                        return False
                    parsed = self._values.parse(_NONE_COLUMN, mark)
                    at = (row, column + 1)
                    (self._marks.rejected if parsed.problem else self._marks.used).add(at)
                    self.table.cells[NONE_KEY] = at
                    known = not parsed.assumed or is_understood(self._plan, _NONE_COLUMN, mark)
                    self.table.as_drawn &= known and not _is_read_otherwise(_NONE_COLUMN, mark)
                    if parsed.problem:
                        self.table.rejected[NONE_KEY, 0] = mark
                        self._tell(marked_empty_but_filled, at, parsed.problem, parsed.advice)
                    return parsed.value is True
        return False

    def _type_row(self, cells: Cells, excel_row: int) -> dict[str, Any]:
        row: dict[str, Any] = {"excel_row": excel_row}
        passed_over = self._find_passed_over(cells)
        for column, parse in self._columns:
            row[column.key] = None
            if column.key not in cells:
                continue
            raw, at = cells[column.key]
            if column.kind is Kind.FIXED and self._place.table.layout is Layout.LINES:
                self._marks.printed.add(at)
            elif column.key in passed_over and not isinstance(raw, CellError):
                self._pass_over(column, raw, at)
            elif raw != "" and not is_blank(raw):  # most cells are empty
                row[column.key] = self._type_cell(column, parse(raw), raw, at, excel_row)
            else:
                row[column.key] = False if column.kind is Kind.MARK else None
                self.table.as_drawn &= not _is_seen_by_formulas(raw)
        self._report_blanks(row, cells)
        return row

    def _add_paragraphs(self, row: dict[str, Any], below: Iterable[int]) -> None:
        """The cells below in which a text goes on, each a paragraph; of those that are no use the others are the text."""
        for at in below:
            cells = _row_cells(self._place, at)
            for column, parse in self._columns:
                raw, cell = cells.get(column.key, ("", (0, 0)))
                if column.kind is not Kind.TEXT or is_blank(raw):
                    continue
                place, before = (column.key, row["excel_row"]), self.table.value(column.key, row)
                parts = self.table.paragraphs.setdefault(place, [] if before is None else [(0, show_value(before))])
                parts.append((at - row["excel_row"], show_value(raw)))
                if not _WORDS.search(parts[-1][1]):  # a line between two paragraphs
                    self.table.filled[column.key] += 1
                    self._marks.used.add(cell)
                    continue
                value = self._type_cell(column, parse(raw), raw, cell, row["excel_row"])
                good = [show_value(part) for part in (row[column.key], value) if part is not None]
                row[column.key] = "\n".join(good) or None
                if not good:
                    self.table.rejected[place] = "\n".join(text for _, text in parts)

    def _find_passed_over(self, cells: Cells) -> frozenset[str]:
        """The columns for which this line is not asked, by the value that decides it; none where that is not known."""
        for other, by_value in self._passed_over.items():
            if other in cells and not is_blank(raw := cells[other][0]):
                parsed = self._parsers[other](raw)
                if parsed.assumed and not is_understood(self._plan, self._place.table.by_key[other], raw):
                    self.table.as_drawn = False  # the form does not know whom that means
                return by_value.get(parsed.value, frozenset())
        return frozenset()

    def _pass_over(self, column: Column, raw: Any, at: tuple[int, int]) -> None:
        """What stands where nothing is asked is not taken; a form that did not say so yet is not told."""
        if is_blank(raw):
            return
        self.table.filled[column.key] += 1
        self.table.passed_over[column.key, at[0]] = raw
        self._marks.used.add(at)

    def _tell_passed_over(self) -> None:
        """Once a column, with its rows: between them are lines that are asked."""
        if self._place.version is not None and self._place.version < _SOME_LINES_SINCE:
            return
        for column, _ in self._columns:
            rows = [row for key, row in self.table.passed_over if key == column.key]
            if rows:
                named = join_some(list(map(str, rows)), _SHOWN_ROWS)
                message = (
                    f"Khách mời không phải khai “{column.heading}”: không dùng {len(rows)} giá trị, ở dòng {named}"
                )
                at = (rows[0], self._place.columns[column.key])
                self._tell(value_out_of_range, at, message, "", Severity.NOTE)

    def _type_cell(self, column: Column, parsed: Parsed, raw: Any, at: tuple[int, int], excel_row: int) -> Any:
        table = self.table
        table.filled[column.key] += 1
        table.as_drawn &= not _is_read_otherwise(column, raw)
        if self._place.table.rows_a_line > 1 and isinstance(raw, str) and is_too_long(raw):
            self._tell_too_long(raw, at)
        if not (parsed.problem or parsed.assumed):  # nearly every cell
            self._marks.used.add(at)
            return parsed.value
        self._count_doubt(column, parsed, raw)
        table.spoilt += isinstance(raw, CellError)
        (self._marks.rejected if parsed.problem else self._marks.used).add(at)
        if parsed.problem:
            if parsed.value is None:
                table.rejected[column.key, excel_row] = raw
            optional = not column.required and parsed.rule is value_out_of_range and column.kind is Kind.TEXT
            severity = Severity.WARNING if optional else None
            discreet = _hide_value(parsed.problem, raw)
            self._tell(parsed.rule or _rule_of(column), at, parsed.problem, parsed.advice, severity, discreet)
        else:
            self._tell(parsed.rule or _rule_of(column), at, capitalize(parsed.assumed), "", Severity.NOTE)
        return parsed.value

    def _tell_too_long(self, raw: str, at: tuple[int, int]) -> None:
        if self._place.version is None or self._place.version >= _PARAGRAPHS_SINCE:
            message = f"{format_number(len(raw))} ký tự trong một ô: dài quá một ô in được"
            self._tell(paragraph_too_long, at, message, "")

    def _count_doubt(self, column: Column, parsed: Parsed, raw: Any) -> None:
        self.table.as_drawn &= not (column.kind is Kind.COUNT and isinstance(raw, date))  # a formula sees a number
        if _is_doubtful(column, raw, parsed):
            self.table.doubtful[column.key] += 1
            self.table.understood[column.key] += is_understood(self._plan, column, raw)

    def _report_blanks(self, row: dict[str, Any], cells: Cells) -> None:
        """An empty required cell, unless a rule with a check of its own looks for it or the file's form did not ask for it.

        What was merged away is told of the merged cell, once.
        """
        merged = set()
        if self._blocks or self._row_blocks:
            merged = {key for key, (raw, at) in cells.items() if is_blank(raw) and self._is_merged_away(key, at)}
        blanks = [
            (column, rule)
            for column, rule in self._asked
            if row[column.key] is None
            and column.key in cells
            and column.key not in merged
            and (column.key, row["excel_row"]) not in self.table.rejected
            and self._is_required(column, row)
        ]
        if not blanks:
            return
        filled = [key for key, (raw, _) in cells.items() if not is_blank(raw)]
        if filled == ["name"] and len(blanks) > 1 and self._place.table.layout is Layout.LIST:
            headings = ", ".join(f"“{column.heading}”" for column, _ in blanks)
            message = f"Dòng mới chỉ có “{self._place.table.by_key['name'].heading}”: còn thiếu {headings}"
            advice = "Nhập đủ các cột của dòng; nếu không phải một dòng của danh sách thì xóa đi."
            self._tell(blanks[0][1], cells[blanks[0][0].key][1], message, advice)
            return
        for column, rule in blanks:
            at = cells[column.key][1]
            if at in self._unsaved:
                self._marks.unsaved.add(at)
                self._tell(rule, at, f"Chưa có “{column.heading}”: {UNSAVED.lower()}", UNSAVED_ADVICE)
                continue
            message = f"{'Chưa chọn' if column.kind is Kind.CHOICE else 'Chưa nhập'} “{column.heading}”"
            self._tell(rule, at, message, column.hint)

    def _is_merged_away(self, key: str, at: tuple[int, int]) -> bool:
        """Whether a blank cell is part of a merged one that has a value in its first cell, which is then noted."""
        row, column = at
        for block in (*self._row_blocks.get(row, ()), *self._blocks):
            first = (block.top, block.left)
            if at != first and block.top <= row <= block.bottom and block.left <= column <= block.right:
                if is_blank(self._place.sheet.cell(*first)):
                    return False
                required = self._place.table.by_key[key].required
                self._merges[block] = None if required else self._merges.get(block, Severity.WARNING)
                return True
        return False

    def _tell_merges(self) -> None:
        for block, severity in self._merges.items():
            name = f"{cell_name(block.top, block.left)}:{cell_name(block.bottom, block.right)}"
            what = "chỉ dòng đầu có giá trị, các dòng dưới để trống"
            if block.top == block.bottom:
                what = "chỉ ô đầu có giá trị, các ô bên phải để trống"
            message = f"Ô gộp {name}: {what}"
            advice = f"Bỏ gộp ô {name}, nhập giá trị của từng {'ô' if block.top == block.bottom else 'dòng'}."
            rule = hidden_content if severity else RULES_BY_CODE[Column.blank_rule]
            self._tell(rule, (block.top, block.left), message, advice, severity)

    def _report_lacking(self) -> None:
        """A column that is not there and only some rows need: an error where there is such a row."""
        for key, fault in self._place.lacking.items():
            column = self._place.table.by_key[key]
            needed = any(self._is_required(column, row) for row in self.table.rows)
            self.faults.append(fault if needed else fault._replace(severity=Severity.WARNING))

    def _is_required(self, column: Column, row: dict[str, Any]) -> bool:
        """Whether this row must have a value in this column."""
        if not column.when:
            return column.required
        other, keys = column.when
        choices = self._plan.lists.choices(self._place.table.by_key[other].choices)
        return any(c.value == row[other] and c.is_one_of(keys) for c in choices)


def _list_passed_over(table: Table, plan: Plan) -> dict[str, dict[Any, frozenset[str]]]:
    """By the column that decides it and its value, the columns for which a line of this value is not asked."""
    listed: dict[str, dict[Any, frozenset[str]]] = {}
    for column in table.columns:
        if column.only and column.when:
            other, keys = column.when
            by_value = listed.setdefault(other, {})
            for choice in plan.lists.choices(table.by_key[other].choices):
                if not choice.is_one_of(keys):
                    by_value[choice.value] = by_value.get(choice.value, frozenset()) | {column.key}
    return listed


def _is_read_otherwise(column: Column, raw: Any) -> bool:
    """Whether a formula takes a cell for something else: it knows no signs that are not to be seen, and no loose marks.

    Of an error value among texts it is said by another line.
    """
    if column.kind is Kind.TEXT:
        return isinstance(raw, CellError)
    if not isinstance(raw, str) or raw.isascii():
        return isinstance(raw, str) and not raw.isprintable()
    return not (raw.replace(NBSP, " ").isprintable() and is_normalized("NFC", raw))


def _is_seen_by_formulas(blank: Any) -> bool:
    """Whether a formula takes a cell that is blank to the eye for a filled one: it knows of two kinds of blanks."""
    return isinstance(blank, str) and blank.strip(_BLANK_TO_FORMULAS) != ""


def _hide_value(problem: str, raw: Any) -> str:
    """The problem without the value that it quotes; "" where it quotes none."""
    hidden = problem.replace(f"“{show_value(raw)}”", _QUOTED).replace(f"“{shorten(show_value(raw))}”", _QUOTED)
    hidden = _READING.sub("", hidden)
    return capitalize(hidden) if hidden != problem else ""


def _list_blocks(place: Located) -> tuple[list[Block], dict[int, list[Block]]]:
    """The merged cells below a list's heading: those of several rows, and by row those of one."""
    tall: list[Block] = []
    flat: dict[int, list[Block]] = {}
    for block in place.sheet.merges:
        if block.top > place.heading_row:
            if block.bottom > block.top:
                tall.append(block)
            else:
                flat.setdefault(block.top, []).append(block)
    return tall, flat


def _rule_of(column: Column) -> Rule:
    """What a cell breaks that is not as its column asks."""
    return value_not_in_list if column.kind is Kind.CHOICE else value_of_other_kind


def _is_as_drawn(place: Located) -> bool:
    """Whether every row and column of the table was found, so that the form's own formulas mean the same cells."""
    if place.table.layout is Layout.FIELDS:
        return {c.key for c in place.table.stored} <= place.cells.keys()
    lines = place.table.layout is Layout.LIST or len(place.lines) == len(place.table.lines)
    return lines and {c.key for c in place.table.stored} <= place.columns.keys()


def _is_doubtful(column: Column, raw: Any, parsed: Parsed) -> bool:
    """Whether a cell is not as the form asks, by what a formula can see of it.

    A formula sees neither the font of a text nor whether a number is shown as a date.
    """
    if column.kind is Kind.TEXT:
        return isinstance(raw, CellError)
    return bool(parsed.problem or (parsed.assumed and not parsed.as_asked))


def _row_cells(place: Located, row: int) -> Cells:
    return {
        key: (place.sheet.cell(row, column), (row, column)) for key, column in place.columns.items() if key != "order"
    }
