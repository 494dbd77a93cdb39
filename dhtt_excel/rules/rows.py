"""Rows of the merged tables as rules look at them. Without pandas at import: readers know the rules and no tables."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def list_rows(table: pd.DataFrame, *columns: str) -> Iterator[Any]:
    """The rows as named tuples, as `itertuples` gives them, but with None where a cell is blank.

    With `columns` they have these, `unit` and `excel_row`: a table has many, and to read one takes as long as to look at it.
    """
    names = ("unit", "excel_row", *columns) if columns else tuple(table.columns)
    return map(_row_of(names), table.index.tolist(), *(read_values(table[name]) for name in names))


def list_known(table: pd.DataFrame, *columns: str) -> Iterator[Any]:
    """The rows that have a value in each of these columns, with nothing else but `unit` and `excel_row`."""
    return (row for row in list_rows(table, *columns) if None not in row)


@lru_cache(maxsize=64)
def _row_of(columns: tuple[str, ...]) -> Any:
    return namedtuple("Row", ["Index", *columns])


def read_values(column: pd.Series) -> list[Any]:
    """The values of a column, None for blanks."""
    return [None if blank else value for value, blank in zip(column.tolist(), column.isna().tolist(), strict=True)]


class Blanks:
    """The cells of a column that have no value, as faults name what they read, by unit."""

    def __init__(self, table: pd.DataFrame, sheet: str, column: str) -> None:
        self._cells: dict[str, list[tuple[str, str, int]]] = {}
        blank = table[column].isna()
        units, rows = (table[name][blank].tolist() for name in ("unit", "excel_row"))
        for unit, row in zip(units, rows, strict=True):
            self._cells.setdefault(unit, []).append((sheet, column, row))

    def of(self, unit: str) -> tuple[tuple[str, str, int], ...]:
        return tuple(self._cells.get(unit, ()))
