"""Traces counted from the merged lists alone, by their filters: so they check the numbers of the forms."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, reduce
from operator import and_
from typing import TYPE_CHECKING, Any

from dhtt_excel.figures.traces import DECIMALS, UNIT, Condition, Filter, Trace
from dhtt_excel.plan.plan import Plan

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Mask = np.ndarray[Any, np.dtype[np.bool]]


_UPPER = Condition("upper")


class TraceCounter:
    """Counts over the merged lists of one run; a condition that many traces share is looked up once."""

    def __init__(self, frames: Mapping[str, pd.DataFrame], plan: Plan) -> None:
        self._frames = frames
        self._upper = plan.upper_unit.code
        self._year = plan.year
        self._hold = cache(self._find)

    def count(self, trace: Trace) -> float | str:
        """What the trace's formula yields for all units; "" for a share of nothing."""
        frame = self._frames[trace.table]
        if trace.measure == "sum":
            upper = frame[UNIT].eq(self._upper)
            return int(frame.loc[upper if trace.upper else ~upper, trace.column].sum())
        chosen = self._select(trace.where, trace.table)
        lines = int(chosen.sum())
        if trace.measure == "count":
            return lines
        if trace.measure == "share":
            whole = int(self._select(trace.whole, trace.table).sum())
            return round(lines / whole * 100, DECIMALS) if whole else ""
        born = frame["birth_year"][chosen]
        if born.empty:
            return ""
        ages = {"mean age": born.mean(), "youngest": born.max(), "oldest": born.min()}
        age = self._year - ages[trace.measure]
        return round(float(age), DECIMALS) if trace.measure == "mean age" else int(age)

    def _select(self, where: Filter, table: str) -> Mask:
        return reduce(and_, (self._hold(condition, table) for condition in where))

    def _find(self, condition: Condition, table: str) -> Mask:
        """The lines of a list that meet a condition; blanks meet none but "blank"."""
        column = self._frames[table][condition.column]
        match condition.test:
            case "upper":
                found = self._frames[table][UNIT].eq(self._upper)
            case "local":
                return ~self._hold(_UPPER, table)
            case "marked":
                found = column.eq(True)
            case "conference":
                return self._hold(_UPPER, table) | self._hold(Condition("marked", condition.column), table)
            case "in":
                found = column.isin(condition.values)
            case "not in":
                found = column.notna() & ~column.isin(condition.values)
            case "blank":
                found = column.isna()
            case _:
                found = column.between(*condition.limits)
        mask: Mask = found.fillna(value=False).to_numpy(dtype=bool)
        return mask
