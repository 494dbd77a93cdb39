"""The records that pass between stages: Severity, Rule, Fault, Finding."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from dhtt_excel.excel.addresses import cell_position
from dhtt_excel.text.characters import one_line

if TYPE_CHECKING:
    from dhtt_excel.plan.plan import Plan

_LONGEST = 1_000  # characters of a message or an advice


class Severity(StrEnum):
    """How much a finding weighs. Only an error turns the verdict and the exit code red."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"  # "đã hiểu là": an assumption made while reading, told to the ward
    ACCEPTED = "accepted"  # an error or warning that the district lets stand: see `accept_findings`

    @property
    def label(self) -> str:
        return {"error": "Lỗi", "warning": "Cảnh báo", "note": "Đã hiểu là", "accepted": "Chấp nhận"}[self.value]

    @property
    def rank(self) -> int:
        return list(Severity).index(self)

    @property
    def asks(self) -> bool:
        """Whether the unit is asked to do something."""
        return self in (Severity.ERROR, Severity.WARNING)


class State(StrEnum):
    """What a finding is to the one before: the unit's submissions are its rounds.

    What is new in a round is told by the first run on it; to the unit it is new all the same, however often we run.
    """

    NEW = "new"
    TOLD = "told"
    OPEN = "open"
    BACK = "back"  # it had been mended
    FIXED = "fixed"

    @property
    def label(self) -> str:
        return {"new": "Mới", "told": "Đã nêu", "open": "Chưa sửa", "back": "Lặp lại", "fixed": "Đã sửa"}[self.value]

    @property
    def to_unit(self) -> State:
        """What it is to the unit, which knows nothing of our runs."""
        return State.NEW if self is State.TOLD else self


class Fault(NamedTuple):
    """A problem before it is a Finding: where, what is wrong there and what to do.

    A rule's check yields it. `at` is a row of a table, or a unit code when the whole sheet of that unit is meant;
    `column` is a column key, or "" for the whole sheet; `sheet` a table key, where it is not the rule's own.

    `reads`: cells on which the judgement rests besides, as table key, column key and row: where one of them is a fault
    of its own already (its value was rejected, its column is not there), the problem is told there and nowhere else.

    A reader, which has a file and not yet a table, makes it by `Rule.fault`. `at` is the row and column of a cell, or
    None for the whole sheet; `sheet` is the sheet as the file names it, or "" for the file; `by_hand` and
    `discreet` as in `Finding`.

    `cites`: the clause, where it is not the rule's.
    """

    at: Any
    column: str
    message: str
    advice: str = ""
    severity: Severity | None = None
    sheet: str = ""
    rule: Rule | None = None
    cites: str = ""
    reads: tuple[tuple[str, str, int], ...] = ()
    by_hand: bool = False
    discreet: str = ""


class Live(NamedTuple):
    """A line of sheet "Kiểm tra": a rule as formulas, without the leading "=", that the unit sees while it types.

    `present` shows what the workbook says now, `holds` is the requirement, `tolerable` what makes a breach a warning.
    `reads`: (table, column) of the cells that are judged; one that is not as the form asks is a fault of the line.
    `begun`: the columns that must have something before there is a verdict (all of them with `whole`, else any); by
    default those of `reads`. `sheet` and `cell` say where to mend it; `requirement` replaces the rule's where it has
    several lines. `row`: the row of the first record that is wrong, `NOWHERE` for none; `column`, of its cell, by default
    that of `cell`. In formulas {present}, {entered}, {bad}, {holds} and {row} stand for the line's own cells.
    `tells`: that the cells are as the form asks is its very requirement, so other lines wait for it. `unfilled`: a breach
    is that something has not been entered yet.
    """

    holds: str
    present: str
    reads: tuple[tuple[str, str], ...]
    sheet: str
    cell: str
    begun: tuple[tuple[str, str], ...] = ()
    whole: bool = False
    tolerable: str = "FALSE"
    requirement: str = ""
    row: str = ""
    column: str = ""
    tells: bool = False
    unfilled: bool = False


About = Literal["file", "form", "sending", "data", "shares", "office"]
"""What a rule judges, and so who is told of a breach and what can be done about it:

"file": can it be read, whose is it; where that is an error there are no data, and nothing to accept.
"form": is the workbook still the form, in sheets, columns and formulas. What is no error a fresh form mends by itself.
"sending": how many files a unit sent, and when. A matter for the upper unit; nothing in the file can mend it.
"data": what is entered.
"shares": what is entered as well; the advice says how to come to the shares of the plan.
"office": the upper unit's own files.
"""


@dataclass(frozen=True)
class Rule:
    """One structure rule: permanent code, what must hold, where the plan says so, how much it weighs.

    `cites_upper`: where the plan says so of the upper unit, if that is another clause.
    `requirement`, `advice` and `example` may name numbers and offices of the plan: "{plan.shares.exemplars}%".
    `example` is a breach, in words. A rule without `check` is found while reading, where the raw cells are.
    """

    code: str
    requirement: str
    cites: str
    advice: str
    example: str = ""
    severity: Severity = Severity.ERROR
    sheet: str = ""
    level: str = ""
    check: Callable[..., Iterable[Fault]] | None = None
    live: Callable[..., list[Live]] | None = None
    about: About = "data"
    cites_upper: str = ""

    def clause_for(self, plan: Plan, unit: str) -> str:
        """Where the plan says so of this unit."""
        return self.cites_upper if self.cites_upper and unit == plan.upper_unit.code else self.cites

    @property
    def judges_file(self) -> bool:
        """Whether it judges the file as such, not what is entered in it."""
        return self.about in ("file", "form")

    @property
    def for_office(self) -> bool:
        """Whether only the upper unit can do something about it, so that no unit is asked to."""
        return self.about in ("sending", "office")

    def fault(
        self,
        message: str,
        advice: str = "",
        severity: Severity | None = None,
        *,
        sheet: str = "",
        at: tuple[int, int] | None = None,
        by_hand: bool = False,
        discreet: str = "",
    ) -> Fault:
        """What a reader found, in a cell (row, column) of a sheet, on the sheet or in the file."""
        return Fault(at, "", message, advice, severity, sheet, self, by_hand=by_hand, discreet=discreet)

    def finding(
        self,
        plan: Plan,
        *,
        unit: str,
        file: str,
        sheet: str,
        cell: str,
        message: str,
        advice: str = "",
        severity: Severity | None = None,
        cites: str = "",
        by_hand: bool = False,
        discreet: str = "",
    ) -> Finding:
        """A finding of this rule; a note needs no advice. `cites`: the clause, where it is not the rule's."""
        severity = severity or self.severity
        if not advice and severity is not Severity.NOTE:
            advice = self.advice.format(plan=plan)
        citation = plan.cite(cites or self.clause_for(plan, unit))
        message, advice, discreet = map(_fit_sentence, (message, advice, discreet))
        return Finding(
            self.code, severity, unit, file, sheet, cell, message, advice, citation, by_hand=by_hand, discreet=discreet
        )


def _fit_sentence(text: str) -> str:
    """One line, no longer than anybody reads: what it quotes stands whole in its cell."""
    return one_line(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")


def rule(
    code: str,
    requirement: str,
    *,
    cites: str,
    advice: str,
    example: str = "",
    sheet: str = "",
    level: str = "",
    severity: Severity = Severity.ERROR,
    live: Callable[..., list[Live]] | None = None,
    about: About = "data",
    cites_upper: str = "",
) -> Callable[[Callable[..., Iterable[Fault]]], Rule]:
    """Decorate a generator of faults into a Rule.

    The function is named after the fault and takes, by name, what it needs: any table of the form
    (`info`, `delegates`, `speakers`, …), `lists`, `units`, `conference`, `plan`, `as_of`; see `merge_tables.Tables`.
    `live` makes its lines on sheet "Kiểm tra" and takes, by name as well, of `form`, `plan` and `unit` what it needs.
    `level` keeps the rows of one level. `sheet` is the key of the table that a fault's row belongs to.
    """

    def decorate(check: Callable[..., Iterable[Fault]]) -> Rule:
        return Rule(code, requirement, cites, advice, example, severity, sheet, level, check, live, about, cites_upper)

    return decorate


@cache
def list_parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    """What a rule's function asks for: the names of its parameters."""
    return tuple(inspect.signature(function).parameters)


@dataclass(frozen=True)
class Finding:
    """One problem, whatever its kind: a missing sheet as much as a bad year.

    `cell` is as Excel shows it, a range ("C7:C31") where one message holds for neighbours, or "" for more than a cell.
    `state`: None where nothing is followed from round to round. `reason`: why an accepted one may stand. `asks_unit`: the
    unit is asked as well, although its rule is a matter for the upper unit. `by_hand`: it is about the file, and yet a
    fresh form does not mend it. `discreet`: the message without a rejected value that it quotes, "" where it quotes none:
    what was typed into a wrong column may be a name.
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
    state: State | None = None
    reason: str = ""
    asks_unit: bool = False
    by_hand: bool = False
    discreet: str = ""

    @property
    def public_message(self) -> str:
        """The message for all but the unit's own copy and the register."""
        return self.discreet or self.message


def sort_findings(findings: Iterable[Finding], units: Iterable[str] = (), sheets: Iterable[str] = ()) -> list[Finding]:
    """Errors first, then in the order of these units and sheets, by column and row.

    Neighbours in a column with one message become one finding with their range; alike notes of a column become one,
    neighbours or not.
    """
    unit_order = {code: place for place, code in enumerate(units)}
    sheet_order = {title: place for place, title in enumerate(sheets)}

    def sort_key(finding: Finding) -> tuple[Any, ...]:
        row, column = cell_position(finding.cell.partition(":")[0]) if finding.cell else (0, 0)
        unit = (unit_order.get(finding.unit, -1), finding.unit, finding.file)
        sheet = (sheet_order.get(finding.sheet, -1), finding.sheet)
        return (finding.severity.rank, *unit, *sheet, finding.code, column, row, finding.message)

    def alike_key(finding: Finding) -> tuple[Any, ...]:
        *place, row, message = sort_key(finding)
        return (*place, message, row) if finding.severity is Severity.NOTE else (*place, row, message)

    collapsed: list[Finding] = []
    for finding in sorted(findings, key=alike_key):
        if collapsed and (cell := _joined_range(collapsed[-1], finding)):
            collapsed[-1] = replace(finding, cell=cell)
        else:
            collapsed.append(finding)
    return sorted(collapsed, key=sort_key)


def _joined_range(first: Finding, second: Finding) -> str:
    """The range of two findings that are alike and stand in one column, one below the other; "" otherwise."""
    if not first.cell or not second.cell or replace(second, cell=first.cell) != first:
        return ""
    top, _, bottom = first.cell.partition(":")
    start, _, end = second.cell.partition(":")  # a range where they have been sorted before
    last_row, column = cell_position(bottom or top)
    row, next_column = cell_position(start)
    joined = next_column == column and (row == last_row + 1 or first.severity is Severity.NOTE)
    return f"{top}:{end or start}" if joined else ""
