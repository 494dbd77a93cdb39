"""Rows of the merged tables as rules look at them. Without pandas at import: readers know the rules and no tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def list_rows(table: pd.DataFrame) -> Iterator[Any]:
    """The rows as named tuples of plain values, None where a cell is blank; `Index` is that of the table."""
    rows: Iterator[Any] = table.astype(object).where(table.notna(), None).itertuples()
    return rows
