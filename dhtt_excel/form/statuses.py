"""What each row of a list lacks, in a locked column left of STT: "thiếu: Tôn giáo · sai: Năm sinh", or ✓.

Pasting wipes colours and drop-downs, but not a formula in a locked cell; and a sort moves what people wrote alone. The
formulas stand under defined names that speak of the row in which they are used, so that 300 rows take a few letters each
and a long list is as quick to load as before: a name for the state of each cell (0 in order, 1 missing, 2 wrong, 3 understood), one for
how much a row holds, one for each list of what is not in order in it, and one that puts these into words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from dhtt_excel.excel.addresses import column_letters, quote_sheet
from dhtt_excel.excel.cells import CellError, is_blank
from dhtt_excel.form.form import Column, Form, Layout, Table
from dhtt_excel.form.formulas import (
    formula_asked,
    formula_good,
    formula_passed_over,
    quote,
    text_of,
)
from dhtt_excel.form.spellings import formula_understood
from dhtt_excel.plan.plan import Plan

IN_ORDER = "✓"
WRONG_WORD, _BETWEEN = "sai: ", " · "
_WORDS = {
    1: "thiếu",
    2: "sai",
    3: "ghi lại",
}  # of each state; the last: understood, and the checks wait for the list's own
_ROW = 1  # in a defined name, of the cell that stands for the one in which the name is used
_LONE = "chưa đủ một dòng: nhập tiếp hoặc xóa"
# LibreOffice puts a name's meaning in each of its places and has room for some 8,000 parts, so each list is named once:
# [{thiếu, A, B}{sai, C}{ghi lại}] is put into words, and what is empty left out. Excel 2003 nests no more than seven calls.
_PUT_INTO_WORDS = (
    (*((f"{{{word}}}", "") for word in _WORDS.values()), ("[]", IN_ORDER), ("[", ""), ("]", "")),
    (*((f"{{{word}, ", f"{{{word}: ") for word in _WORDS.values()), ("}{", _BETWEEN), ("{", ""), ("}", "")),
)


def name_status(table: Table) -> str:
    """The defined name that says what the row of a list lacks in which it is used."""
    return f"TT_{table.key}"


def list_status_names(plan: Plan, form: Form) -> Iterator[tuple[str, str]]:
    """The defined names behind the column and their formulas, without "="; a row is relative to the cell that uses them."""
    for table in form.tables.values():
        if table.layout is Layout.LIST:
            states = {column: f"{name_status(table)}_{column.key}" for column in table.stored}
            exempt = _name_exempt(table)
            yield from ((name, formula) for formula, name in exempt.items())
            for column, name in states.items():
                yield name, _formula_state(plan, table, column, exempt)
            yield from _say_states(table, {column.heading: name for column, name in states.items()})


def _say_states(table: Table, states: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The row's words, by the states of its cells by their headings."""
    own = name_status(table)
    filled, lists = f"{own}_co", {state: f"{own}_o{state}" for state in _WORDS}
    cells = _cells(table, table.stored[0], table.stored[-1])
    text = f"(LEN({text_of(cells)})>0)"
    yield filled, f"SUMPRODUCT(ISERROR({cells})+ISNUMBER(1/{text}))+ISNUMBER(1/{_formula_named(table)})"
    for state, name in lists.items():
        yield name, "&".join(f'IF({cell}={state},{quote(f", {heading}")},"")' for heading, cell in states.items())
    said = "&".join(['"["', *(f'"{{{_WORDS[state]}"&{name}&"}}"' for state, name in lists.items()), '"]"'])
    for number, pairs in enumerate(_PUT_INTO_WORDS, start=1):
        for old, new in pairs:
            said = f"SUBSTITUTE({said},{quote(old)},{quote(new)})"
        yield f"{own}_loi{number}", said
        said = f"{own}_loi{number}"
    yield own, f'IF({filled}=0,"",IF({filled}=1,{quote(_LONE)},{said}))'


def _name_exempt(table: Table) -> dict[str, str]:
    """The conditions on which a row is not asked for some of its columns ─► the names that stand for them."""
    conditions = dict.fromkeys(_formula_exempt(table, column) for column in table.stored if column.only)
    return {formula: f"{name_status(table)}_mien{number}" for number, formula in enumerate(conditions, start=1)}


def _formula_exempt(table: Table, column: Column) -> str:
    """1 where the row is not asked for this column, which some rows are."""
    if not column.when:
        raise ValueError(f"{column.key} is asked of every line")
    return formula_passed_over(table, column, _cell(table, table.by_key[column.when[0]]))


def _formula_named(table: Table) -> str:
    return f"(LEN({text_of(_cell(table, table.by_key['name']))})>0)"


def _formula_state(plan: Plan, table: Table, column: Column, exempt: Mapping[str, str]) -> str:
    """0 to 3, as the reader would find the cell."""
    cell = _cell(table, column)
    missing = "0"
    if column.required and column.when:
        other = table.by_key[column.when[0]]
        missing = f"IF({formula_asked(table, column, _cell(table, other))}>0,1,0)"
    elif column.required:
        missing = "1"
    good, known = formula_good(plan, column, cell), formula_understood(plan, column, cell)
    wrong = f"IF(ISNUMBER(1/({known})),3,2)" if known else "2"
    filled = f"IF(ISNUMBER(1/({good})),0,{wrong})" if good else "0"
    state = f"IF(LEN({text_of(cell)})=0,{missing},{filled})"
    if column.only:
        state = f"IF({exempt[_formula_exempt(table, column)]}>0,0,{state})"
    return f"IF(ISERROR({cell}),2,{state})"


def _cell(table: Table, column: Column) -> str:
    return _cells(table, column, column).partition(":")[0]


def _cells(table: Table, first: Column, last: Column) -> str:
    start, end = (f"${column_letters(table.position(column.key)[1])}{_ROW}" for column in (first, last))
    return f"{quote_sheet(table.sheet)}!{start}:{end}"


def is_status(table: Table, raw: Any) -> bool:
    """Whether this is what a cell of the column shows, and not what somebody wrote there.

    A program that does not know such names shows an error; LibreOffice's .xls has 0 for a text that it has not calculated.
    """
    if (
        isinstance(raw, CellError)
        or is_blank(raw)
        or raw in (IN_ORDER, _LONE)
        or (raw == 0 and not isinstance(raw, bool))
    ):
        return True
    return isinstance(raw, str) and bool(_pattern(table).fullmatch(raw))


def _pattern(table: Table) -> re.Pattern[str]:
    known = "|".join(re.escape(column.heading) for column in table.stored)
    lists = (f"(?:{word}: (?:{known})(?:, (?:{known}))*)?" for word in _WORDS.values())
    return re.compile(f"(?:{_BETWEEN})?".join(lists))
