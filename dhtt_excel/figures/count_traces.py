"""Traces counted from the merged lists alone, by their figures: so they check the numbers of the forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dhtt_excel.figures.count_figures import FigureCounter
from dhtt_excel.figures.traces import DECIMALS, Trace
from dhtt_excel.plan.plan import Plan

if TYPE_CHECKING:
    import pandas as pd


class TraceCounter:
    """Counts over the merged lists of one run."""

    def __init__(self, frames: Mapping[str, pd.DataFrame], plan: Plan) -> None:
        self._counter = FigureCounter(frames, plan)

    def count(self, trace: Trace) -> float | str:
        """What the trace's formula yields for all units; "" for a share of nothing and the age of nobody."""
        number = self._counter.measure(trace.figure, trace.who)
        if trace.whole:
            whole = self._counter.count(trace.whole, trace.who)
            return round(number / whole * 100, DECIMALS) if number is not None and whole else ""
        if number is None:
            return ""
        return round(number, DECIMALS) if isinstance(number, float) else number
