"""Other spellings than those that the form asks for, which the reader understands and the form knows, too.

They stand beside the code lists, each list under a defined name. A cell that has one is not red: its line on sheet
"Kiểm tra" only advises. The reader understands more than that, such as texts without marks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dhtt_excel.form.formulas import NBSP, formula_listed, name_group, text_of
from dhtt_excel.form.table import Column, Kind
from dhtt_excel.plan.code_lists import CODE_LISTS
from dhtt_excel.plan.plan import Plan

_MARKS_NAME = "DM_DauX_Khac"
MARKED = ("có", "v", "1", "true", "đúng", "yes", "✓", "✔")
UNMARKED = ("không", "0", "false", "ko", "no", "k", "-", "–")
_LONGEST = 9  # digits


def list_spellings(plan: Plan) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Defined name, title and texts of each list that has any."""
    for key, known in CODE_LISTS.items():
        if aliases := tuple(alias for choice in plan.lists.choices(key) for alias in choice.aliases):
            yield f"{known.defined_name}_Khac", f"{known.title}: cách ghi khác", aliases
    yield _MARKS_NAME, "Dấu x: cách ghi khác", (*MARKED, *UNMARKED)


def list_groups(plan: Plan) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """The same of the values that have a key or a group: by them it is decided what a line is asked, and what it counts as."""
    for choices, known in CODE_LISTS.items():
        for number, key in enumerate((*known.keys, *known.groups), start=1):
            members = (choice for choice in plan.lists.choices(choices) if choice.is_one_of((key,)))
            texts = tuple(text for choice in members for text in (choice.value, *choice.aliases))
            yield name_group(choices, key), f"{known.title}: nhóm {number}", texts


def formula_understood(plan: Plan, column: Column, cells: str) -> str:
    """1 where a cell has such a spelling, else 0; "" where the form knows none."""
    text = text_of(cells)
    number = f'((TEXT({text}*1,"0")={text})*ISTEXT({cells})*(LEN({cells})<={_LONGEST}))'
    match column.kind:
        case Kind.CHOICE | Kind.MARK:
            name = _name(column)
            known = name in {found for found, _, _ in list_spellings(plan)}
            return formula_listed(cells, name) if known else ""
        case Kind.YEAR:
            years = f"({text}*1>={plan.ages.born_first})*({text}*1<={plan.ages.born_last})"
            return f"ISNUMBER(1/({number}*{years}))*1"
        case Kind.COUNT:
            return f"ISNUMBER(1/{number})*1"
        case _:
            return ""


def is_understood(plan: Plan, column: Column, raw: Any) -> bool:
    """The same of a raw cell."""
    number = isinstance(raw, (int, float)) and not isinstance(raw, bool) and raw in (0, 1)
    if not isinstance(raw, (str, bool)) and not number:
        return False
    text = _text(raw)
    match column.kind:
        case Kind.CHOICE | Kind.MARK:
            name = _name(column)
            texts = next((texts for found, _, texts in list_spellings(plan) if found == name), ())
            return text.casefold() in {known.casefold() for known in texts}
        case Kind.YEAR | Kind.COUNT:
            plain = isinstance(raw, str) and len(raw) <= _LONGEST and text.isascii() and text.isdigit()
            if not plain or text != str(int(text)):
                return False
            return column.kind is Kind.COUNT or plan.ages.born_first <= int(text) <= plan.ages.born_last
        case _:
            return False


def _text(raw: str | float) -> str:
    """As a formula's text of a cell."""
    if isinstance(raw, str):
        return " ".join(word for word in raw.replace(NBSP, " ").split(" ") if word)
    return str(raw).upper() if isinstance(raw, bool) else str(int(raw))


def _name(column: Column) -> str:
    return _MARKS_NAME if column.kind is Kind.MARK else f"{CODE_LISTS[column.choices].defined_name}_Khac"
