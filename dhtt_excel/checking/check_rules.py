"""Merged tables + rules ─► findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import pandas as pd

from dhtt_excel.findings import Fault, Finding, Rule, list_parameters
from dhtt_excel.plan.plan import Plan
from dhtt_excel.reading.merge_tables import Tables

CAMPAIGN_TABLES = frozenset({"units", "conference"})


def check_rules(
    tables: Tables, rules: Iterable[Rule], plan: Plan, as_of: date, *, whole_campaign: bool = True
) -> list[Finding]:
    """Findings of every rule that has a check. Without `whole_campaign` only those that judge single workbooks.

    A rule that raises stops the run: it is a bug, and the exception names the rule.
    """
    found: list[Finding] = []
    frames = {level: _frames_of_level(tables.frames, level, plan) for level in ("", "local", "upper")}
    for rule in rules:
        if rule.check is None:
            continue
        wanted = list_parameters(rule.check)
        if not whole_campaign and CAMPAIGN_TABLES.intersection(wanted):
            continue
        available = {**frames[rule.level], "plan": plan, "as_of": as_of}
        try:
            faults = list(rule.check(**{name: available[name] for name in wanted}))
            found += _place(rule, faults, tables, plan)
        except Exception as error:
            error.add_note(f"while checking rule {rule.code}")
            raise
    return found


def _frames_of_level(frames: dict[str, pd.DataFrame], level: str, plan: Plan) -> dict[str, pd.DataFrame]:
    if not level:
        return frames
    codes = [u.code for u in plan.units if u.level == level]
    return {name: _take_units(frame, codes) if "unit" in frame else frame for name, frame in frames.items()}


def _take_units(frame: pd.DataFrame, codes: list[str]) -> pd.DataFrame:
    taken = frame["unit"].isin(codes)
    return frame if taken.all() else frame[taken]


def _place(rule: Rule, faults: Iterable[Fault], tables: Tables, plan: Plan) -> Iterator[Finding]:
    """Add file, sheet and cell. What follows from a fault that was told while reading is not told again: a column that the
    file does not have, a cell whose value was rejected.
    """
    for fault in faults:
        unit, excel_row = (fault.at, 0) if isinstance(fault.at, str) else (fault.at.unit, int(fault.at.excel_row))
        file, table = tables.places.get((unit, fault.sheet or rule.sheet), ("", None))
        cell = table.cell(fault.column, excel_row) if table and fault.column else ""
        if table and fault.column and (not cell or table.has_rejected(fault.column, excel_row)):
            continue
        if any(_is_told(tables, unit, *read) for read in fault.reads):
            continue
        yield rule.finding(
            plan,
            unit=unit,
            file=file,
            sheet=table.sheet if table else "",
            cell=cell,
            message=fault.message,
            advice=fault.advice,
            severity=fault.severity,
            cites=fault.cites,
        )


def _is_told(tables: Tables, unit: str, key: str, column: str, excel_row: int) -> bool:
    """Whether a cell on which a judgement rests is a fault of its own; row 0 of a list: the column."""
    _, table = tables.places.get((unit, key), ("", None))
    return table is None or not table.cell(column, excel_row) or table.has_rejected(column, excel_row)
