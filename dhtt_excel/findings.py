"""The records that pass between stages: Severity, Rule, Fault, Finding; and the one exception for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple


class UserError(Exception):
    """A run cannot start or end for a reason that the user can mend. The message is Vietnamese, for people."""


class Severity(StrEnum):
    """How much a finding weighs. Only an error turns the verdict and the exit code red."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"  # "đã hiểu là": an assumption made while reading, told to the ward

    @property
    def label(self) -> str:
        return {"error": "Lỗi", "warning": "Cảnh báo", "note": "Đã hiểu là"}[self.value]

    @property
    def rank(self) -> int:
        return list(Severity).index(self)


class Fault(NamedTuple):
    """What a rule yields: the place, what is wrong there and what to do.

    `at` is a row of a table, or a unit code when the whole sheet of that unit is meant;
    `column` is a column key, or "" for the whole sheet.
    """

    at: Any
    column: str
    message: str
    advice: str = ""
    severity: Severity | None = None


class Live(NamedTuple):
    """A rule as formulas of sheet "Kiểm tra", without the leading "=".

    `present` shows what the workbook says now, `entered` is true when there is something to judge, `holds` is the
    requirement; `sheet` and `cell` say where to mend it; `requirement` replaces the rule's where it has several lines.
    """

    present: str
    entered: str
    holds: str
    sheet: str
    cell: str
    requirement: str = ""


@dataclass(frozen=True)
class Rule:
    """One structure rule: permanent code, what must hold, where the plan says so, how much it weighs.

    A rule without `check` is found while reading, where the raw cells are.
    """

    code: str
    requirement: str
    cites: str
    advice: str
    severity: Severity = Severity.ERROR
    sheet: str = ""
    level: str = ""
    check: Callable[..., Iterable[Fault]] | None = None
    live: Callable[..., list[Live]] | None = None


def rule(
    code: str,
    requirement: str,
    *,
    cites: str,
    advice: str,
    sheet: str = "",
    level: str = "",
    severity: Severity = Severity.ERROR,
    live: Callable[..., list[Live]] | None = None,
) -> Callable[[Callable[..., Iterable[Fault]]], Rule]:
    """Decorate a generator of faults into a Rule.

    The function is named after the fault and takes, by name, what it needs: any table of the form
    (`info`, `delegates`, `speakers`, …), `conference`, `units`, `plan`, `as_of`. `level` keeps the rows of one level.
    """

    def decorate(check: Callable[..., Iterable[Fault]]) -> Rule:
        return Rule(code, requirement, cites, advice, severity, sheet, level, check, live)

    return decorate


@dataclass(frozen=True)
class Finding:
    """One problem, whatever its kind: a missing sheet as much as a bad year.

    `cell` is as Excel shows it, a range ("C7:C31") where one message holds for neighbours, or "" for more than a cell.
    """

    code: str
    severity: Severity
    unit: str
    file: str
    sheet: str
    cell: str
    message: str
    advice: str
    citation: str
