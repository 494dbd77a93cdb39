"""Formulas over the form's cells, in functions that Excel 2007, WPS and LibreOffice share, and .xls keeps.

Two traps shape them. A text in a number's place makes arithmetic fail, so a good number is counted as one by which 1
can be divided: `ISNUMBER(1/(…))`. And MATCH takes * ? ~ for wildcards, so a value with one of them is never in a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from dhtt_excel.form.form import TICK, Column, Form, Kind, Layout, Table
from dhtt_excel.plan.code_lists import CODE_LISTS
from dhtt_excel.plan.plan import Plan

NOWHERE = 1_000_000  # for a row where there is none
_LONGEST = 200  # characters of a text in a formula: Excel allows 255
# What a formula cannot spell: characters that XML has no place for, changes or escapes, and those that programs count as
# one or as two.
_UNSPEAKABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff\U00010000-\U0010ffff]|_x[0-9a-fA-F]{4}_")
_EPOCH = date(1899, 12, 30)
NBSP = "\N{NO-BREAK SPACE}"


def quote(text: str) -> str:
    """A text as formulas spell it."""
    return '"' + text.replace('"', '""') + '"'


def date_of(day: date) -> str:
    return f"DATE({day.year},{day.month},{day.day})"


def text_of(cells: str) -> str:
    """The cells as text, without blanks at the ends or doubled within."""
    return f'TRIM(SUBSTITUTE({cells},"{NBSP}"," "))'


def formula_filled(cells: str) -> str:
    return f"LEN({text_of(cells)})>0"


def count_true(condition: str) -> str:
    """How many rows of an array condition are true."""
    return f"SUMPRODUCT(--({condition}))"


def first_true(condition: str, cells: str) -> str:
    """The sheet's row of the first of these cells where an array condition is true; `NOWHERE`, or below, for none."""
    return f"SUMPRODUCT(MIN(ROW({cells})+{NOWHERE}*(1-({condition}))))"


def count_filled(cells: str) -> str:
    return count_true(formula_filled(cells))


def count_bad(plan: Plan, column: Column, cells: str, read: str = "", passed_over: str = "") -> str:
    """How many filled cells hold what their column does not admit. An error value among them makes it an error.

    `read`: what was read in cells that hold days or hours. `passed_over`: 1 where the cell is not asked for, whatever
    stands there; "" for nowhere.
    """
    good = formula_good(plan, column, cells, read)
    if not good:
        return f"(0*{count_filled(cells)})"
    if passed_over:
        filled = f"SUMPRODUCT(({formula_filled(cells)})*(1-{passed_over}))"
        return f"({filled}-{count_true(f'ISNUMBER(1/(({good})*(1-{passed_over})))')})"
    return f"({count_filled(cells)}-{count_true(f'ISNUMBER(1/({good}))')})"


def formula_passed_over(table: Table, column: Column, cells: str) -> str:
    """1 where a line is not asked for this column, by the `cells` of the column that decides it; "" where all are."""
    if not column.only or not column.when:
        return ""
    other, keys = column.when
    choices = table.by_key[other].choices
    return "+".join(
        formula_in_group(choices, group, cells) for group in CODE_LISTS[choices].groups if group not in keys
    )


def formula_asked(table: Table, column: Column, cells: str) -> str:
    """1 where a line must have this column filled, by the `cells` of the column that decides it."""
    if not column.when:
        raise ValueError(f"{column.key} is asked of every line")
    other, keys = column.when
    return "+".join(formula_in_group(table.by_key[other].choices, key, cells) for key in keys)


def formula_in_group(choices: str, key: str, cells: str) -> str:
    """1 where a cell has a value of a code list with this key or of this group, in any spelling that the form knows."""
    return f"({formula_listed(cells, name_group(choices, key))})"


def name_group(choices: str, key: str) -> str:
    """The defined name of these values and their other spellings."""
    return f"{CODE_LISTS[choices].defined_name}_{key}"


def formula_listed(cells: str, name: str) -> str:
    """Not 0 where a cell has one of the texts that stand under a defined name."""
    plain = "".join(f'*ISERROR(FIND("{wildcard}",{cells}))' for wildcard in "*?~")
    return f"ISNUMBER(MATCH({text_of(cells)},{name},0)){plain}"


def formula_bad(plan: Plan, column: Column, cells: str, read: str = "", passed_over: str = "") -> str:
    """1 where a cell is filled with what its column does not admit, else 0; "" where any text will do."""
    good = formula_good(plan, column, cells, read)
    bad = f"({formula_filled(cells)})*(1-ISNUMBER(1/({good})))"
    return "" if not good else f"{bad}*(1-{passed_over})" if passed_over else bad


def formula_good(plan: Plan, column: Column, cells: str, read: str = "") -> str:
    """What is not 0 where a filled cell is as its column admits; "" where any text will do."""
    if read:
        return f"(ISNUMBER({read})*1)"
    number = f"ISNUMBER({cells})"
    match column.kind:
        case Kind.CHOICE:
            return formula_listed(cells, CODE_LISTS[column.choices].defined_name)
        case Kind.YEAR:
            return f"{number}*({cells}>={plan.ages.born_first})*({cells}<={plan.ages.born_last})*({cells}=INT({cells}))"
        case Kind.COUNT:
            return f"{number}*({cells}>=0)*({cells}<1000000000)*({cells}=INT({cells}))"
        case Kind.MARK:
            return f"({text_of(cells)}={quote(TICK)})*1"
        case _:
            return ""


def formula_need(words: str) -> str:
    """What follows what there is now, in a line that does not hold: what is needed. `words`: a formula."""
    return f'&IF(ISERROR({{holds}}),"",IF(OR({{holds}},{{entered}}=0),"","; cần "&{words}))'


def block_of(form: Form, table: str) -> str:
    """All cells of a table that are stored."""
    columns = form.tables[table].stored
    start, end = (form.reference(table, columns[at].key) for at in (0, -1))
    return f"{start.partition(':')[0]}:{end.rpartition('!')[2].rpartition(':')[2]}"


def count_errors(form: Form, table: str) -> str:
    """How many error values stand in a table."""
    return count_true(f"ISERROR({block_of(form, table)})")


def formula_one_of(cells: str, values: Iterable[str]) -> str:
    """1 where a cell has one of these values, else 0: a number also of a single value, for to Excel TRUE is not 1."""
    same = [f"({text_of(cells)}={quote(value)})" for value in values]
    return f"({'+'.join(same)})" if len(same) > 1 else f"({same[0]}*1)"


def formula_entry(table: str) -> str:
    """Where a row of a list is a line of data: it has a name, or two other cells are filled."""
    return f"{_name_filled(table)}>=2"


def count_entries(table: str) -> str:
    return count_true(formula_entry(table))


def count_strays(table: str) -> str:
    """How many rows of a list have a lone value that is no name."""
    return count_true(f"{_name_filled(table)}=1")


def first_stray(form: Form, table: str) -> str:
    """The row of the first of them."""
    return first_true(f"{_name_filled(table)}=1", form.reference(table, "name"))


def list_row_names(form: Form) -> Iterator[tuple[str, str]]:
    """Names for what is asked of all rows of a list again and again, and what they mean: an .xls has no room to repeat it."""
    for table in form.tables.values():
        if table.layout is Layout.LIST:
            yield _name_filled(table.key), _count_cells(form, table)
            yield name_lacking(table.key), "+".join(formula_missing(form, table, c) for c in list_needed(table))


def _name_filled(table: str) -> str:
    """The defined name of how many cells of each row are filled."""
    return f"DONG_{table}"


def name_lacking(table: str) -> str:
    """The defined name of how many cells each row of a list lacks, if it is a line of data."""
    return f"THIEU_{table}"


def _count_cells(form: Form, table: Table) -> str:
    """Filled cells of each row, the name counted twice; error values are counted elsewhere."""
    columns = ["name", *(c.key for c in table.stored)]
    return "+".join(f"ISNUMBER(1/LEN({text_of(form.reference(table.key, key))}))" for key in columns)


def list_needed(table: Table) -> list[Column]:
    """The columns whose blanks no rule of their own looks for."""
    return [c for c in table.columns if c.required and c.blank_rule == Column.blank_rule]


def formula_missing(form: Form, table: Table, column: Column) -> str:
    """1 where a cell of this column must be filled and is not."""
    empty = f"(LEN({text_of(form.reference(table.key, column.key))})=0)"
    if not column.when:
        return f"({empty}*1)"
    return f"({empty}*({formula_asked(table, column, form.reference(table.key, column.when[0]))}))"


def formula_double(form: Form, table: str, keys: Iterable[str], where: str) -> str:
    """Where a row, of those where the condition holds, has the same texts in these columns as a row above."""
    joined = '&"|"&'.join(text_asked(form, table, key) for key in keys)
    names = form.reference(table, "name")
    above = f"MATCH({joined},{joined},0)<ROW({names})-MIN(ROW({names}))+1"
    return f"ISNUMBER(1/(({where})*({above})))"


def text_asked(form: Form, table: str, key: str) -> str:
    """The cells of a column as text, as far as their lines are asked for it."""
    place, cells = form.tables[table], text_of(form.reference(table, key))
    column = place.by_key[key]
    over = formula_passed_over(place, column, form.reference(table, column.when[0])) if column.when else ""
    return f"REPT({cells},1-{over})" if over else cells


def formula_still(cell: str, value: Any) -> str:
    """Whether a cell holds this text, number, day or time of day, or nothing (None)."""
    if value is None:
        return f"LEN({text_of(cell)})=0"
    if isinstance(value, str):
        start = _UNSPEAKABLE.split(value[:_LONGEST], maxsplit=1)[0]
        if start == value:
            return f"EXACT({cell},{quote(start)})"
        lengths = sorted({len(value), len(value.encode("utf-16-le", "replace")) // 2})
        whole = ",".join(f"LEN({cell})={length}" for length in lengths)
        whole = f"OR({whole})" if len(lengths) > 1 else whole
        return f"AND({whole},EXACT(LEFT({cell},{len(start)}),{quote(start)}))"
    if isinstance(value, bool):
        return f"AND(ISLOGICAL({cell}),{cell}={str(value).upper()})"
    number = _serial(value)
    return f"IF(ISNUMBER({cell}),ABS({cell}-{number!r})<0.000001,FALSE)"


def _serial(value: float | date | time | timedelta) -> float:
    """A value as Excel counts it, in days."""
    if isinstance(value, timedelta):
        return value / timedelta(days=1)
    if isinstance(value, time):
        return (value.hour * 3600 + value.minute * 60 + value.second) / 86400
    if isinstance(value, datetime):
        return (value - datetime.combine(_EPOCH, time())) / timedelta(days=1)
    return (value - _EPOCH).days if isinstance(value, date) else value
