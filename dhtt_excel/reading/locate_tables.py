"""Raw sheets + form ─► where each table stands: sheet, heading row, columns, lines.

Headings are found by their folded text, wherever their row and columns are. What was recognised under another name
is said in a note; what could be two things is not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise, zip_longest
from typing import Any

from dhtt_excel.excel.addresses import cell_name, cell_position, column_letters
from dhtt_excel.excel.cells import is_blank, show_value
from dhtt_excel.findings import Fault, Severity
from dhtt_excel.form.form import (
    CHECK_SHEET,
    GUIDE_SHEET,
    IDENTITY_SHEET,
    LISTS_SHEET,
    OPTIONAL_LINE,
    Column,
    Form,
    Kind,
    Layout,
    Table,
)
from dhtt_excel.form.statuses import is_status
from dhtt_excel.inbox.raw import RawSheet
from dhtt_excel.rules.files import missing_column, missing_sheet
from dhtt_excel.text.vietnamese import fold

_HEADING_SEARCH_ROWS = 60
_LONGEST_HEADING = 500  # characters
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_NEAR = 0.85  # one or two letters off in a heading of usual length
_OWN_SHEETS = {fold(name) for name in (GUIDE_SHEET, CHECK_SHEET, LISTS_SHEET, IDENTITY_SHEET)}


@dataclass
class Located:
    """Where a table stands in one file. `columns`: key ─► column; `cells`: key ─► (row, column) of a FIELDS table;
    `lines`: index of the form's line ─► row of a LINES table; `more`: the rows below with which a text of it goes on;
    `printed`: cells of its headings, labels and numbers;
    `asked_columns`: columns under an unknown heading, of which a fault asks whether they are a missing one;
    `lacking`: the faults on columns that it has not and that only some rows need; `version`: of the form that the file
    is."""

    table: Table
    sheet: RawSheet
    heading_row: int = 0
    columns: dict[str, int] = field(default_factory=dict)
    cells: dict[str, tuple[int, int]] = field(default_factory=dict)
    lines: dict[int, int] = field(default_factory=dict)
    more: dict[int, list[int]] = field(default_factory=dict)
    printed: set[tuple[int, int]] = field(default_factory=set)
    asked_columns: set[int] = field(default_factory=set)
    lacking: dict[str, Fault] = field(default_factory=dict)
    version: int | None = None


def locate_tables(
    sheets: Iterable[RawSheet], form: Form, version: int | None = None
) -> tuple[dict[str, Located], list[Fault]]:
    """Every table of the form that the workbook holds, and faults on what is missing or named otherwise.

    A column that came into the form after this version is not missing.
    """
    by_title, faults = _match_sheets(list(sheets), form)
    located: dict[str, Located] = {}
    for table in form.tables.values():
        sheet = by_title.get(table.sheet)
        if sheet is None:
            continue
        found, said = _locate(table, sheet, version)
        located[table.key] = found
        faults += said
    return located, faults


def _match_sheets(sheets: list[RawSheet], form: Form) -> tuple[dict[str, RawSheet], list[Fault]]:
    """Form sheet ─► raw sheet: by name, else by another known name, else by its headings."""
    matched: dict[str, RawSheet] = {}
    faults: list[Fault] = []
    free = [s for s in sheets if fold(s.name) not in _OWN_SHEETS]
    for title in form.sheets:
        for sheet in free:
            if fold(sheet.name) == fold(title):
                matched[title] = sheet
                break
    free = [s for s in free if all(s is not m for m in matched.values())]
    for title in form.sheets:
        if title in matched:
            continue
        tables = form.tables_on(title)
        names = {fold(alias) for t in tables for alias in t.aliases}
        candidates = [s for s in free if fold(s.name) in names] or [s for s in free if _has_headings(tables[0], s)]
        if len(candidates) == 1:
            matched[title] = candidates[0]
            free.remove(candidates[0])
            message = f"Trang tính “{candidates[0].name}” được hiểu là “{title}”"
            faults.append(missing_sheet.fault(message, severity=Severity.WARNING, sheet=candidates[0].name))
        else:
            message = f"Thiếu trang tính “{title}”"
            advice = f"Nhập trang tính “{title}” theo biểu mẫu rồi gửi lại."
            if candidates:
                message = f"Không biết trang tính nào là “{title}”: " + ", ".join(f"“{s.name}”" for s in candidates)
                advice = f"Giữ một trang tính và đặt tên là “{title}”."
            faults.append(missing_sheet.fault(message, advice, sheet=title))
    return matched, faults


def _has_headings(table: Table, sheet: RawSheet) -> bool:
    if table.layout is Layout.FIELDS:
        return len(_find_labels(table, sheet)[0]) > len(table.columns) // 2
    _, columns = _find_heading_row(table, sheet)
    return len(columns) > len(table.columns) // 2


def _locate(table: Table, sheet: RawSheet, version: int | None) -> tuple[Located, list[Fault]]:
    located = Located(table, sheet, version=version)
    faults: list[Fault] = []
    strangers: dict[int, str] = {}
    if table.layout is Layout.FIELDS:
        located.cells, doubles = _find_labels(table, sheet)
        found: Iterable[str] = located.cells
        places = {key: (row, column - 1) for key, (row, column) in located.cells.items()}
    else:
        located.heading_row, candidates = _find_heading_row(table, sheet)
        located.columns = {key: places[0] for key, places in candidates.items() if len(places) == 1}
        strangers = _find_strangers(located, candidates)
        located.columns |= _match_typos(table, located, strangers)
        doubles = {k: [(located.heading_row, c) for c in v] for k, v in candidates.items() if len(v) > 1}
        found = located.columns
        places = {key: (located.heading_row, column) for key, column in located.columns.items()}
    located.printed = set(places.values()) | _find_order_numbers(located) | _set_statuses_aside(located)
    for key, cells in doubles.items():
        names = ", ".join(cell_name(*cell) for cell in cells)
        heading = table.by_key[key].heading
        advice = f"Giữ lại một chỗ ghi “{heading}”, đổi tên hoặc xóa chỗ kia."
        doubled = missing_column.fault(f"“{heading}” có ở nhiều chỗ: {names}", advice, sheet=sheet.name, at=cells[0])
        faults += _weigh(located, table.by_key[key], doubled)
    if not found and not doubles:
        message = f"Không thấy dòng tiêu đề của bảng “{table.title}”"
        return located, [missing_column.fault(message, "Khôi phục dòng tiêu đề theo biểu mẫu.", sheet=sheet.name)]
    for column in table.columns:
        if not column.is_read or column.key in doubles:
            continue
        if column.key not in found:
            if column.is_in(version):
                faults += _weigh(located, column, _say_missing(table, sheet, column, located, strangers))
        elif not _is_own_heading(column, sheet, places[column.key]):
            seen = show_value(sheet.cell(*places[column.key]))
            message = f"“{seen}” được hiểu là “{column.heading}”"
            faults.append(
                missing_column.fault(message, severity=Severity.WARNING, sheet=sheet.name, at=places[column.key])
            )
    if table.layout is Layout.LINES:
        faults += _find_lines(located)
    return located, faults


def _weigh(located: Located, column: Column, fault: Fault) -> list[Fault]:
    """What it means that a column cannot be read: an error where the check needs it, else a warning.

    Where only some rows need it, the fault waits in `lacking` for whoever reads the rows.
    """
    if column.needed and column.when:
        located.lacking[column.key] = fault
        return []
    return [fault if located.table.needs(column) else fault._replace(severity=Severity.WARNING)]


def _find_order_numbers(located: Located) -> set[tuple[int, int]]:
    """Cells of the column STT that hold its numbers."""
    column = located.columns.get("order")
    if not column:
        return set()
    rows = range(located.heading_row + 1, len(located.sheet.rows) + 1)
    return {(row, column) for row in rows if show_value(located.sheet.cell(row, column)).isdecimal()}


def _set_statuses_aside(located: Located) -> set[tuple[int, int]]:
    """Take what the form says of each row out of sight, and where it stands; what people wrote there stays."""
    column = located.columns.pop("status", 0)
    if not column:
        return set()
    table, rows = located.table, located.sheet.rows
    numbers = range(located.heading_row + 1, len(rows) + 1)
    ours = {row for row in numbers if is_status(table, located.sheet.cell(row, column))}
    ours |= {row for row, at in map(cell_position, located.sheet.formulas) if at == column}  # they show nothing
    seen = [
        [*cells[: column - 1], "", *cells[column:]] if row in ours and len(cells) >= column else cells
        for row, cells in enumerate(rows, start=1)
    ]
    located.sheet = replace(located.sheet, rows=seen)
    return {(row, column) for row in ours}


def _find_strangers(located: Located, known: dict[str, list[int]]) -> dict[int, str]:
    """Headings in the heading row that are none of the table's: column ─► text."""
    if not located.heading_row:
        return {}
    taken = {column for columns in known.values() for column in columns}
    cells = located.sheet.rows[located.heading_row - 1]
    return {c: show_value(raw) for c, raw in enumerate(cells, start=1) if c not in taken and not is_blank(raw)}


def _match_typos(table: Table, located: Located, strangers: dict[int, str]) -> dict[str, int]:
    """Headings that are one slip away from exactly one missing heading, which is near no other."""
    near: dict[str, list[int]] = {}
    for column in table.columns:
        if column.key not in located.columns and column.is_read and column.is_in(located.version):
            wanted = _heading_key(column.heading)
            near[column.key] = [c for c, text in strangers.items() if _is_near(_heading_key(text), wanted)]
    claims = [c for columns in near.values() for c in columns]
    return {key: cols[0] for key, cols in near.items() if len(cols) == 1 and claims.count(cols[0]) == 1}


def _is_near(text: str, wanted: str) -> bool:
    return SequenceMatcher(None, text, wanted).ratio() >= _NEAR


def _say_missing(table: Table, sheet: RawSheet, column: Column, located: Located, strangers: dict[int, str]) -> Fault:
    """What is missing; and where a column bears an unknown heading, whether that is it."""
    kind = "dòng" if table.layout is Layout.FIELDS else "cột"
    advice = f"Ghi lại đúng “{column.heading}” theo biểu mẫu."
    if strangers:
        located.asked_columns |= strangers.keys()
        names = ", ".join(map(column_letters, strangers))  # not what stands there: it may be a name
        advice = f"Có phải là cột {names}? {advice}"
    return missing_column.fault(f"Không thấy {kind} “{column.heading}”", advice, sheet=sheet.name)


def _find_heading_row(table: Table, sheet: RawSheet) -> tuple[int, dict[str, list[int]]]:
    """The row with the most headings of the table, and the columns where each stands (0 and {} where there is none)."""
    keys = _heading_keys(table)
    best: dict[str, list[int]] = {}
    best_row = 0
    rows = sheet.rows[:_HEADING_SEARCH_ROWS]
    for row, cells in enumerate(rows, start=1):
        seen = _match_headings(keys, [(raw,) for raw in cells])
        if len(seen) > len(best):
            best_row, best = row, seen
        if len(best) == len(table.columns):
            break
    for row, (above, cells) in enumerate(pairwise(rows), start=2):  # headings in two rows
        if len(best) < len(table.columns):
            pairs = zip_longest(above, cells, fillvalue="")
            seen = _match_headings(keys, [(f"{a} {b}", b, a) for a, b in pairs])
            if len(seen) > len(best):
                best_row, best = row, seen
    wanted = len(table.stored)
    return (best_row, best) if len(best) * 2 >= wanted else (0, {})


def _match_headings(keys: dict[str, str], cells: Iterable[tuple[Any, ...]]) -> dict[str, list[int]]:
    """The columns where each heading stands; `cells`: for each column the texts that may be its heading, best first."""
    seen: dict[str, list[int]] = {}
    for column, texts in enumerate(cells, start=1):
        found = (keys.get(_heading_key(text)) for text in texts if isinstance(text, str) and text)
        if key := next(filter(None, found), None):
            seen.setdefault(key, []).append(column)
    return seen


def _find_labels(table: Table, sheet: RawSheet) -> tuple[dict[str, tuple[int, int]], dict[str, list[tuple[int, int]]]]:
    """Input cells right of their labels; labels that stand twice apart from them."""
    keys = _heading_keys(table)
    seen: dict[str, list[tuple[int, int]]] = {}
    for row, cells in enumerate(sheet.rows, start=1):
        for column, raw in enumerate(cells, start=1):
            if is_blank(raw):
                continue
            if isinstance(raw, str) and (key := keys.get(_heading_key(raw))):
                seen.setdefault(key, []).append((row, column))
            break
    cells_of = {key: (places[0][0], places[0][1] + 1) for key, places in seen.items() if len(places) == 1}
    return cells_of, {key: places for key, places in seen.items() if len(places) > 1}


def _find_lines(located: Located) -> list[Fault]:
    """Match the form's fixed lines by their text, below the heading row."""
    table, sheet = located.table, located.sheet
    column = located.columns.get(table.line_key)
    rows: dict[str, int] = {}
    if column:
        for row in range(located.heading_row + 1, len(sheet.rows) + 1):
            rows.setdefault(fold(show_value(sheet.cell(row, column))), row)
    located.lines = {index: row for index, line in enumerate(table.lines) if (row := rows.get(fold(line[0]), 0))}
    if not column:
        return []
    if table.rows_a_line > 1:
        located.more = {index: list(_find_more(located, row)) for index, row in located.lines.items()}
    faults = []
    for index, line in enumerate(table.lines):
        if index not in located.lines:
            # a line that may stay empty may be gone, too; where none is left it is the table that is gone
            severity = None if _is_needed(table, line) or not located.lines else Severity.WARNING
            advice = "Ghi lại đúng dòng này theo biểu mẫu."
            faults.append(missing_column.fault(f"Không thấy dòng “{line[0]}”", advice, severity, sheet=sheet.name))
    return faults


def _find_more(located: Located, row: int) -> Iterator[int]:
    """The rows below a line's first one in which only its text goes on: up to the next line, or as many as the form has."""
    table, sheet = located.table, located.sheet
    printed = [located.columns[c.key] for c in table.columns if c.kind is Kind.FIXED and c.key in located.columns]
    following = [other for other in located.lines.values() if other > row]
    for below in range(row + 1, min(following, default=row + table.rows_a_line)):
        if not all(is_blank(sheet.cell(below, column)) for column in printed):
            return
        yield below


def _is_needed(table: Table, line: tuple[str, ...]) -> bool:
    """Whether the check needs something in this line."""
    return OPTIONAL_LINE not in line and any(column.required for column in table.columns)


def _heading_keys(table: Table) -> dict[str, str]:
    keys = {_heading_key(alias): c.key for c in table.columns for alias in (*c.aliases, c.upper_heading) if alias}
    return keys | {_heading_key(c.heading): c.key for c in table.columns}


def is_heading(column: Column, text: str) -> bool:
    """Whether a text is a heading of this column, as the form prints it or as it is also read."""
    return _heading_key(text) in {
        _heading_key(heading) for heading in (column.heading, column.upper_heading, *column.aliases)
    }


@lru_cache(maxsize=2048)
def _heading_key(text: str) -> str:
    """A heading without what stands in brackets, without the star; "" for a text that is too long for one."""
    return fold(_IN_BRACKETS.sub(" ", text)) if len(text) <= _LONGEST_HEADING else ""


def _is_own_heading(column: Column, sheet: RawSheet, place: tuple[int, int]) -> bool:
    own = {_heading_key(heading) for heading in (column.heading, column.upper_heading) if heading}
    if column.kind is Kind.FIXED:  # the name of the unit's own level stands there
        own |= {_heading_key(alias) for alias in column.aliases}
    return _heading_key(show_value(sheet.cell(*place))) in own
