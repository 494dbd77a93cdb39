"""Lines of sheet "Kiểm tra" ─► the formulas that decide their verdicts, by cell, and a digest by which they are known.

Behind the verdicts stand four hidden columns, each computed once: has anything been entered, how many of the cells that
the line reads are not as the form asks, does the requirement hold, is a breach tolerable. Hidden beside the title stands
for each table how many error values and lone values it has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.form.check_lines import (
    CAUTION,
    FAILED,
    FIRST_CHECK_ROW,
    NOT_ENTERED,
    PASSED,
    PRESENT_COLUMN,
    SOURCE_COLUMN,
    VERDICT_COLUMN,
    CheckLine,
)
from dhtt_excel.form.form import Form, Layout
from dhtt_excel.form.formulas import count_bad, count_errors, count_filled, count_strays, formula_passed_over, quote
from dhtt_excel.plan.code_lists import CODE_LISTS
from dhtt_excel.plan.plan import Plan

HIDDEN_COLUMNS = range(SOURCE_COLUMN + 1, SOURCE_COLUMN + 5)
_ENTERED, _BAD, _HOLDS, _TOLERABLE = HIDDEN_COLUMNS
_FIRST = "sửa các ô không hợp lệ trước"

Formulas = Mapping[tuple[int, int], str]
"""Formulas without the leading "=", by row and column."""


def list_formulas(plan: Plan, form: Form, lines: Iterable[CheckLine]) -> Formulas:
    """Every formula that a verdict hangs on, where it stands when `lines` are drawn in their order."""
    formulas: dict[tuple[int, int], str] = {}
    spoilt: dict[str, str] = {}
    for row, table in enumerate(form.tables.values(), start=1):
        formula = count_errors(form, table.key, table.stored[0].key, table.stored[-1].key)
        if table.layout is Layout.LIST:
            formula += "+" + count_strays(form, table.key)
        formulas[row, _ENTERED] = formula
        spoilt[table.key] = cell_name(row, _ENTERED, fixed=True)
    for row, line in enumerate(lines, start=FIRST_CHECK_ROW):
        formulas[row, PRESENT_COLUMN] = _present(line, row)
        formulas[row, VERDICT_COLUMN] = _verdict(row)
        formulas[row, _ENTERED] = _entered(form, line)
        formulas[row, _BAD] = _bad(plan, form, line, spoilt)
        formulas[row, _HOLDS] = _resolve(line.live.holds, row)
        formulas[row, _TOLERABLE] = _resolve(line.tolerable, row)
    return formulas


def digest_checks(plan: Plan, lines: Sequence[CheckLine], formulas: Formulas) -> str:
    """A digest of what decides the verdicts: the lines' codes and places, their formulas, the code lists they look into.

    Two forms of one digest say the same of the same entries, whatever their version.
    """
    places = [(line.rule.code, line.place) for line in lines]
    values = [(known.defined_name, [c.value for c in plan.lists.choices(key)]) for key, known in CODE_LISTS.items()]
    return hashlib.sha256(repr((places, sorted(formulas.items()), values)).encode()).hexdigest()


def _entered(form: Form, line: CheckLine) -> str:
    counts = [count_filled(form.reference(*place)) for place in line.begun]
    return f"MIN({','.join(counts)})" if line.live.whole else "+".join(counts)


def _bad(plan: Plan, form: Form, line: CheckLine, spoilt: Mapping[str, str]) -> str:
    bad = []
    for key, name in line.live.reads:
        table, column = form.tables[key], form.tables[key].by_key[name]
        decides = form.reference(key, column.when[0]) if column.when else ""
        bad.append(
            count_bad(plan, column, form.reference(key, name), formula_passed_over(plan, table, column, decides))
        )
    return "+".join([*bad, *(spoilt[table] for table in line.tables)])


def _present(line: CheckLine, row: int) -> str:
    """What the workbook says now; where a cell that the line reads is not in order, that this comes first."""
    bad, present = cell_name(row, _BAD), _resolve(line.live.present, row)
    return present if present == bad else f"IF({bad}>0,{quote(_FIRST)},{present})"


def _resolve(formula: str, row: int) -> str:
    """The formula with the line's own cells in it."""
    return formula.replace("{present}", cell_name(row, PRESENT_COLUMN)).replace("{bad}", cell_name(row, _BAD))


def _verdict(row: int) -> str:
    """One of the four words. Error values in what a line reads are for the ward to mend, too.

    Not by IFERROR: a workbook saved as .xls keeps that only as an unknown function.
    """
    entered, bad, holds, tolerable = (cell_name(row, column) for column in HIDDEN_COLUMNS)
    passed, failed, caution, pending = map(quote, (PASSED, FAILED, CAUTION, NOT_ENTERED))
    breach = f"IF(ISERROR({tolerable}),{failed},IF({tolerable},{caution},{failed}))"
    judged = f"IF(ISERROR({holds}),{failed},IF({holds},{passed},{breach}))"
    clean = f"IF(ISERROR({bad}),{failed},IF({bad}>0,{failed},{judged}))"
    return f"IF(ISERROR({entered}),{failed},IF({entered}=0,{pending},{clean}))"
