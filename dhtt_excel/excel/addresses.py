"""Cells as Excel names them, and how many it has. Rows and columns count from 1."""

from __future__ import annotations

import re

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384  # of an Excel sheet
MAX_TEXT = 32_767  # UTF-16 units in a cell
MAX_LINKS = 65_530  # in a sheet

Cell = tuple[int, int]
"""Row and column."""


def column_letters(column: int) -> str:
    """1 is "A", 27 is "AA"."""
    letters = ""
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


def cell_name(row: int, column: int, *, fixed: bool = False) -> str:
    """(14, 5) is "E14", fixed "$E$14"."""
    return f"${column_letters(column)}${row}" if fixed else f"{column_letters(column)}{row}"


def cell_position(name: str) -> tuple[int, int]:
    """Row and column of a cell: "E14" is (14, 5). Raises ValueError for what is no cell."""
    match = re.fullmatch(r"([A-Z]{1,3})([1-9][0-9]*)", name)
    if not match:
        raise ValueError(f"not a cell: {name!r}")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def range_name(sheet: str, row: int, column: int, last_row: int, last_column: int) -> str:
    """A fixed reference to a block of a sheet: "'Đại biểu'!$B$7:$B$306"; to a cell: "'Thông tin'!$B$5"."""
    first, last = cell_name(row, column, fixed=True), cell_name(last_row, last_column, fixed=True)
    return f"{quote_sheet(sheet)}!{first}" if first == last else f"{quote_sheet(sheet)}!{first}:{last}"


def quote_sheet(sheet: str) -> str:
    """A sheet's name as formulas and links spell it."""
    return "'" + sheet.replace("'", "''") + "'"
