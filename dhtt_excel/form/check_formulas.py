"""Lines of sheet "Kiểm tra" ─► the formulas that decide their verdicts, by cell, and a digest by which they are known.

Behind the verdicts stand hidden columns, each computed once: has anything been entered, how many of the cells that the
line reads are not as the form asks, does the requirement hold, is a breach tolerable, where is the first cell that is
wrong, which lines need work so far. Hidden beside the title stands for each table how many error values and lone values
it has; beside the lines, what each column holds, and what was read as days and hours.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dhtt_excel.excel.addresses import cell_name, cell_position, quote_sheet
from dhtt_excel.form.check_lines import (
    FAILED,
    FIRST_CHECK_ROW,
    PLACE_COLUMN,
    PRESENT_COLUMN,
    SHARES_COLUMN,
    SHARES_ROW,
    SOURCE_COLUMN,
    VERDICT_COLUMN,
    VERDICTS,
    CheckLine,
)
from dhtt_excel.form.form import Form, Kind, Layout, Table
from dhtt_excel.form.formulas import (
    NOWHERE,
    block_of,
    count_bad,
    count_entries,
    count_errors,
    count_filled,
    count_strays,
    count_true,
    first_stray,
    first_true,
    formula_bad,
    formula_in_group,
    formula_passed_over,
    list_row_names,
    quote,
)
from dhtt_excel.form.moments import list_readings, reading_of
from dhtt_excel.form.spellings import formula_understood, list_groups, list_spellings
from dhtt_excel.plan.code_lists import CODE_LISTS
from dhtt_excel.plan.plan import Plan

HIDDEN_COLUMNS = range(SOURCE_COLUMN + 1, SOURCE_COLUMN + 8)
_ENTERED, _BAD, _HOLDS, _TOLERABLE, _ROW, _WHERE, NAMES_COLUMN = HIDDEN_COLUMNS
_FILLED, _AMISS, _FIRST, _RAW, _UNDERSTOOD = range(HIDDEN_COLUMNS.stop, HIDDEN_COLUMNS.stop + 5)
_WAIT = "chờ sửa ô không hợp lệ"
_FAR = 999  # right of every column

Formulas = Mapping[tuple[int, int], str]
"""Formulas without the leading "=", by row and column."""


def list_formulas(plan: Plan, form: Form, lines: Sequence[CheckLine]) -> Formulas:
    """Every formula that a verdict hangs on, where it stands when `lines` are drawn in their order."""
    formulas: dict[tuple[int, int], str] = {}
    spoilt: dict[str, _Spoilt] = {}
    for row, table in enumerate(form.tables.values(), start=1):
        spoilt[table.key] = _Spoilt(*(cell_name(row, at, fixed=True) for at in HIDDEN_COLUMNS[:3]))
        for at, formula in zip(HIDDEN_COLUMNS, _seek_spoilt(form, table, spoilt[table.key]), strict=False):
            formulas[row, at] = formula
    for row, formula in enumerate(_count_delegates(form), start=SHARES_ROW + 1):
        formulas[row, SHARES_COLUMN] = formula
    rows = _draw_columns(plan, form, formulas)
    counted = Counter(line.rule.code for line in lines)
    for row, line in enumerate(lines, start=FIRST_CHECK_ROW):
        live = line.live
        amiss = [spoilt[table].many for table in line.spoilt]
        firsts = [
            (cell_name(rows[t, c], _FIRST, fixed=True), str(form.tables[t].position(c)[1])) for t, c in live.reads
        ]
        firsts += [(spoilt[table].row, spoilt[table].column) for table in line.spoilt]
        formulas[row, VERDICT_COLUMN] = _verdict(line, row)
        formulas[row, PLACE_COLUMN] = _place(line, row)
        formulas[row, _ENTERED] = _entered(line, rows, amiss)
        formulas[row, _BAD] = (
            "+".join([*(cell_name(rows[place], _AMISS, fixed=True) for place in live.reads), *amiss]) or "0"
        )
        formulas[row, _HOLDS] = _resolve(live.holds, row)
        understood = "+".join(cell_name(rows[place], _UNDERSTOOD, fixed=True) for place in live.reads)
        formulas[row, PRESENT_COLUMN] = _present(line, row, understood or "0")
        tolerable = f"{cell_name(row, _BAD)}={understood}" if live.tells else _resolve(line.tolerable, row)
        formulas[row, _TOLERABLE] = tolerable
        formulas[row, _ROW] = _first_row(line, row, [first for first, _ in firsts])
        formulas[row, _WHERE] = _where(line, row, firsts)
        formulas[row, NAMES_COLUMN] = _names(line, row, alone=counted[line.rule.code] == 1)
    return {**formulas, **list_readings(plan, form)}


class _Spoilt(NamedTuple):
    """The cells that tell of a table's error values and lone values: how many, row and column of the first."""

    many: str
    row: str
    column: str


def _seek_spoilt(form: Form, table: Table, cells: _Spoilt) -> tuple[str, str, str]:
    """The formulas of these cells. Among error values nobody can count lone values."""
    block, count = block_of(form, table.key), count_errors(form, table.key)
    first, row = first_true(f"ISERROR({block})", block), f"INDEX({block},{cells.row}-{table.first_row - 1},0)"
    error, lone = (f"SUMPRODUCT(MIN(COLUMN({block})+{_FAR}*{no}))" for no in (f"(1-ISERROR({row}))", f"ISBLANK({row})"))
    if table.layout is Layout.LIST:
        count += "+" + count_strays(table.key)
        first = f"IF(ISERROR({cells.many}),{first},{first_stray(form, table.key)})"
        error = f"IF(ISERROR({cells.many}),{error},{lone})"
    some = f"IF(ISERROR({cells.many}),TRUE,{cells.many}>0)"
    return count, f"IF({some},{first},{NOWHERE})", f"IF({cells.row}<{NOWHERE},{error},{_FAR})"


def _count_delegates(form: Form) -> tuple[str, str, str]:
    """How many delegates there are, exemplars, guests."""
    categories = form.reference("delegates", "category")
    exemplars, guests = (
        count_true(formula_in_group("categories", group, categories)) for group in ("exemplar", "guest")
    )
    return count_entries("delegates"), exemplars, guests


def _draw_columns(plan: Plan, form: Form, formulas: dict[tuple[int, int], str]) -> dict[tuple[str, str], int]:
    """For each column to be filled in: how many cells are filled, how many of them are not as it admits, the first's row.

    The rows in which that stands, by table and column. An error value is filled, and not as any column admits.
    """
    inputs = [(t, c) for t in form.tables.values() for c in t.stored if c.kind is not Kind.FIXED]
    rows = {(t.key, c.key): row for row, (t, c) in enumerate(inputs, start=FIRST_CHECK_ROW)}
    for table, column in inputs:
        row, cells = rows[table.key, column.key], form.reference(table.key, column.key)
        read = reading_of(form, table.key, column.key) if column.kind in (Kind.DATE, Kind.TIME) else ""
        amiss, raw = (cell_name(row, at) for at in (_AMISS, _RAW))
        errors = f"ISERROR({cells})"
        over = formula_passed_over(table, column, form.reference(table.key, column.when[0])) if column.when else ""
        bad = formula_bad(plan, column, cells, read, over)
        formulas[row, _FILLED] = f"IF(ISERROR({count_filled(cells)}),1,{count_filled(cells)})"
        formulas[row, _RAW] = count_bad(plan, column, cells, read, over)
        formulas[row, _AMISS] = f"IF(ISERROR({raw}),{count_true(errors)},{raw})"
        known = formula_understood(plan, column, cells)
        known = f"({known})*(1-{over})" if known and over else known
        formulas[row, _UNDERSTOOD] = f"IF({amiss}=0,0,{count_true(known)})" if known else "0"
        first = first_true(bad, cells) if bad else str(NOWHERE)
        if bad and known:
            first = f"IF({amiss}>{cell_name(row, _UNDERSTOOD)},{first_true(f'({bad})*(1-{known})', cells)},{first})"
        wrong = f"IF(ISERROR({raw}),{first_true(errors, cells)},{first})"
        formulas[row, _FIRST] = f"IF({amiss}=0,{NOWHERE},{wrong})"
    return rows


def digest_checks(plan: Plan, form: Form, lines: Sequence[CheckLine], formulas: Formulas) -> str:
    """A digest of what decides the verdicts: the lines' codes and places, their formulas, the code lists they look into.

    Two forms of one digest say the same of the same entries, whatever their version.
    """
    places = [(line.rule.code, line.place) for line in lines]
    values = [(known.defined_name, [c.value for c in plan.lists.choices(key)]) for key, known in CODE_LISTS.items()]
    named = [*list_spellings(plan), *list_groups(plan), *list_row_names(form)]
    known = (places, sorted(formulas.items()), values, named)
    return hashlib.sha256(repr(known).encode()).hexdigest()


def _entered(line: CheckLine, rows: Mapping[tuple[str, str], int], amiss: Sequence[str]) -> str:
    """What is entered; a line that tells what is wrong has something to tell as soon as there is anything."""
    counts = [cell_name(rows[place], _FILLED, fixed=True) for place in line.begun]
    return f"MIN({','.join(counts)})" if line.live.whole else "+".join([*counts, *(amiss if line.live.tells else ())])


def _present(line: CheckLine, row: int, understood: str) -> str:
    """What the workbook says now; where a cell that the line reads is not in order, that this comes first.

    A line that tells of them counts those that are wrong, and only where there are none those that are `understood`.
    """
    bad, present = cell_name(row, _BAD), _resolve(line.live.present, row)
    if line.live.tells:
        return f"IF(ISERROR({bad}),{quote(_WAIT)},IF({bad}>{understood},{bad}-({understood}),{bad}))"
    return f"IF(ISERROR({bad}),{quote(_WAIT)},IF({bad}>0,{quote(_WAIT)},{present}))"


def _resolve(formula: str, row: int) -> str:
    """The formula with the line's own cells in it."""
    own = {"present": PRESENT_COLUMN, "entered": _ENTERED, "bad": _BAD, "holds": _HOLDS, "row": _ROW}
    for name, column in own.items():
        formula = formula.replace(f"{{{name}}}", cell_name(row, column))
    return formula


def _verdict(line: CheckLine, row: int) -> str:
    """One of the five words. Error values in what a line reads are for the ward to mend, too.

    Not by IFERROR: a workbook saved as .xls keeps that only as an unknown function.
    """
    entered, bad, holds, tolerable = (cell_name(row, column) for column in (_ENTERED, _BAD, _HOLDS, _TOLERABLE))
    passed, failed, caution, pending, waiting = map(quote, VERDICTS)
    told = waiting if line.waits else failed
    breach = pending if line.live.unfilled else f"IF(ISERROR({tolerable}),{failed},IF({tolerable},{caution},{failed}))"
    judged = f"IF(ISERROR({holds}),{failed},IF({holds},{passed},{breach}))"
    amiss = f"IF({tolerable},{caution},{failed})" if line.live.tells else told
    clean = f"IF(ISERROR({bad}),{told},IF({bad}>0,{amiss},{judged}))"
    return f"IF(ISERROR({entered}),{told},IF({entered}=0,{pending},{clean}))"


def _first_row(line: CheckLine, row: int, firsts: Sequence[str]) -> str:
    """The row of the first cell that is wrong, where the line says so; else `NOWHERE`. `firsts`: of what it reads."""
    if line.live.tells:
        return f"MIN({','.join(firsts)})"
    if not line.live.row:
        return str(NOWHERE)
    entered, bad, holds = (cell_name(row, column) for column in (_ENTERED, _BAD, _HOLDS))
    return f"IF(OR({entered}=0,{bad}>0),{NOWHERE},IF({holds},{NOWHERE},{_resolve(line.live.row, row)}))"


def _where(line: CheckLine, row: int, firsts: Sequence[tuple[str, str]]) -> str:
    """The cell to mend: the first that is wrong, else the line's own. `firsts`: rows and columns, of what it reads."""
    first = cell_name(row, _ROW)
    column = _resolve(line.live.column, row) or str(cell_position(line.live.cell)[1])
    if line.live.tells:
        columns = [f"IF({found}={first},{at},{_FAR})" for found, at in firsts]
        column = f"MIN({','.join(columns)})"
    own = quote(line.live.cell)
    return f"IF(ISNUMBER({first}),IF({first}<{NOWHERE},ADDRESS({first},{column},4),{own}),{own})"


def _place(line: CheckLine, row: int) -> str:
    """A link to that cell, which says where it leads."""
    sheet, _, _ = line.place.rpartition(" ")
    where = cell_name(row, _WHERE)
    return f"HYPERLINK({quote(f'#{quote_sheet(line.live.sheet)}!')}&{where},{quote(sheet + ' ')}&{where})"


def _names(line: CheckLine, row: int, *, alone: bool) -> str:
    """The lines down to this one that need work, by name."""
    name = line.rule.code if alone else f"{line.rule.code} ({line.live.sheet})"
    verdict = f"{cell_name(row, VERDICT_COLUMN)}={quote(FAILED)}"
    if row == FIRST_CHECK_ROW:
        return f'IF({verdict},{quote(name)},"")'
    above = cell_name(row - 1, NAMES_COLUMN)
    return f'{above}&IF({verdict},IF(LEN({above})>0,", ","")&{quote(name)},"")'
