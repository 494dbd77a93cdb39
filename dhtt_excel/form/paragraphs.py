"""How much a cell of the report may hold: no row of Excel is higher than 409.5 points, and what is lower down is not printed.

By a formula and in Python the same, so the room is reckoned in characters: each new line may leave one unfilled.
"""

from __future__ import annotations

LONGEST = 1400  # characters that the highest row has room for, and some to spare
_LINE = 65  # characters of a line


def formula_too_long(cells: str) -> str:
    """Whether a cell holds more than prints."""
    return f'LEN({cells})+{_LINE}*(LEN({cells})-LEN(SUBSTITUTE({cells},CHAR(10),"")))>{LONGEST}'


def is_too_long(text: str) -> bool:
    """The same of a text."""
    return len(text) + _LINE * text.count("\n") > LONGEST
