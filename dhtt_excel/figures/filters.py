"""Which lines of a merged list count: conditions as data, and the lines of a DataFrame that meet them.

The same conditions as an Excel formula and in words: `spell_traces`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, reduce
from operator import and_
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from dhtt_excel.plan.plan import Plan
from dhtt_excel.reading.join_people import JOINED

if TYPE_CHECKING:
    import pandas as pd

Mask = np.ndarray[Any, np.dtype[np.bool]]
Numbers = np.ndarray[Any, np.dtype[np.int64]]

UNIT = "unit"  # the column of a merged list that names the unit
NO_LIMIT = 9999  # of a number that may be any from the lower limit on


@dataclass(frozen=True)
class Condition:
    """What a line must be: its `column` one of `values`, none of them and not blank, blank, marked, or a number.

    "known" is about a column of marks: marked or not, but not missing from the file, or full of something else.
    "at" is at least `limits[0]` and at most `limits[1]`; "local", "upper" and "conference" are about the unit: one of
    the lower level, the upper one, the upper one or marked in `column` and not the same person as a line of the upper one.
    """

    test: Literal["in", "not in", "blank", "marked", "known", "at", "local", "upper", "conference"]
    column: str = UNIT
    values: tuple[str, ...] = ()
    limits: tuple[int, int] = (0, 0)


Filter = tuple[Condition, ...]
LOCAL, UPPER = Condition("local"), Condition("upper")


def is_known(condition: Condition) -> Condition:
    """That a line says something of what the condition is about."""
    match condition.test:
        case "marked":
            return Condition("known", condition.column)
        case "at":
            return Condition("at", condition.column, limits=(1, NO_LIMIT))
    return Condition("not in", condition.column)


class LineFinder:
    """Finds lines in the merged lists of one run.

    What many filters share is looked up once: a condition, and a column's distinct values, on which it is judged.
    """

    def __init__(self, frames: Mapping[str, pd.DataFrame], plan: Plan) -> None:
        self._frames = frames
        self._upper = plan.upper_unit.code
        self._meet = cache(self._meet_condition)
        self._read = cache(self._read_values)

    def find(self, table: str, where: Filter) -> Mask:
        """Which lines of a list meet every condition, one truth value a line."""
        every = np.ones(len(self._frames[table]), dtype=bool)
        found: Mask = reduce(and_, (self._meet(condition, table) for condition in where), every)
        return found

    def _meet_condition(self, condition: Condition, table: str) -> Mask:
        if condition.test == "local":
            return ~self._meet(UPPER, table)
        if condition.test == "conference":
            nominated = self._meet(Condition("marked", condition.column), table)
            return self._meet(UPPER, table) | (nominated & self._meet(Condition("blank", JOINED), table))
        places, values = self._read(condition.column, table)
        return np.array([_meets(value, condition, self._upper) for value in values], dtype=bool)[places]

    def _read_values(self, column: str, table: str) -> tuple[Numbers, list[Any]]:
        """A column as places in the list of its distinct values; the last of them, None, is the blank."""
        places, values = self._frames[table][column].factorize()
        return places, [*values.tolist(), None]


def _meets(value: Any, condition: Condition, upper: str) -> bool:
    """Whether a cell's value meets a condition; a blank meets none but "blank"."""
    low, high = condition.limits
    match condition.test:
        case "upper":
            return bool(value == upper)
        case "in":
            return value in condition.values
        case "not in":
            return value is not None and value not in condition.values
        case "blank":
            return value is None
        case "marked":
            return bool(value)
        case "known":
            return value is not None
    return value is not None and low <= value <= high
