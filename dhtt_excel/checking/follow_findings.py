"""Findings + what earlier runs found ─► which are new, still open, back again or mended; and the history to go on from.

A unit's rounds are its submissions, not our runs: however often we run, a unit is told what it has to mend in what it
sent last. A finding is known again by its rule and place, wherever rows have moved between two submissions.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from msgspec import structs

from dhtt_excel.checking.compare_submissions import Comparison, compare_submissions
from dhtt_excel.checking.history import History, PastFinding
from dhtt_excel.excel.addresses import cell_position
from dhtt_excel.findings import Finding, Severity, State
from dhtt_excel.form.form import Form
from dhtt_excel.plan.plan import Plan
from dhtt_excel.reading.submissions import ReadTable, Submission
from dhtt_excel.rules import RULES_BY_CODE
from dhtt_excel.rules.files import several_files


@dataclass(frozen=True)
class Round:
    """Where a unit stands: `submissions` are the files that it sent so far (`name_bytes`), one a round.

    `comparison` with the round before: None in the first, and where the earlier file is no longer there.
    """

    submissions: tuple[str, ...] = ()
    comparison: Comparison | None = None

    @property
    def number(self) -> int:
        return len(self.submissions)


@dataclass(frozen=True)
class Followed:
    """`findings` with their states; `fixed`: what had been found and is no more; `past`: the history to be kept."""

    findings: list[Finding]
    fixed: list[Finding]
    past: tuple[PastFinding, ...]
    rounds: dict[str, Round]


def follow_findings(
    findings: Iterable[Finding], submissions: Iterable[Submission], history: History, form: Form, plan: Plan
) -> Followed:
    """Follow every unit's findings but notes, cell by cell; those of no unit, and of units that sent nothing, are not."""
    findings, submissions = list(findings), list(submissions)
    sent = {unit.code: unit.submissions for unit in history.units}
    by_unit: dict[str, list[Finding]] = {}
    for finding in findings:
        by_unit.setdefault(finding.unit, []).append(finding)
    past: dict[str, list[PastFinding]] = {}
    for known in history.history:
        past.setdefault(known.unit, []).append(known)
    files = {s.source.file: s for s in submissions}
    of_units: dict[str, list[Submission]] = {}
    for submission in submissions:
        if submission.unit:
            of_units.setdefault(submission.unit.code, []).append(submission)
    followed = Followed([], [], (), {})
    kept: list[PastFinding] = []
    for code in plan.units_by_code:
        named = dict.fromkeys(f.file for f in by_unit.get(code, []))
        strays = [files[name] for name in named if name in files and files[name].unit is None]
        own = [*of_units.get(code, []), *strays]
        current, earlier = _choose_files(sent.get(code, ()), own)
        round_ = _begin_round(sent.get(code, ()), current, earlier, form)
        followed.rounds[code] = round_
        unit = _Unit(round_, current.tables if current else {}, earlier.tables if earlier else {})
        unit.follow([_ease(f, files, current, round_) for f in by_unit.get(code, [])], past.get(code, []))
        followed.findings.extend(unit.findings)
        followed.fixed.extend(_as_finding(known, round_, plan) for known in unit.fixed)
        kept += unit.past
    followed.findings.extend(f for f in findings if f.unit not in plan.units_by_code)
    return replace(followed, past=tuple(kept))


def _choose_files(sent: tuple[str, ...], own: list[Submission]) -> tuple[Submission | None, Submission | None]:
    """The file that stands for the unit now, be it one that cannot be read, and the one of the round before."""
    own = [s for s in own if not s.blank]
    current = max(own, key=lambda s: (s.used, s.source.sent, s.source.file), default=None)
    if current is None:
        return None, None
    before = sent[:-1] if sent and sent[-1] == name_bytes(current) else sent
    earlier = next((s for s in own if before and name_bytes(s) == before[-1] and s is not current), None)
    return current, earlier


def _begin_round(sent: tuple[str, ...], current: Submission | None, earlier: Submission | None, form: Form) -> Round:
    """The unit's last round again where it has sent nothing since, else a new one."""
    if current and (not sent or sent[-1] != name_bytes(current)):
        sent = (*sent, name_bytes(current))
    comparison = compare_submissions(earlier.tables, current.tables, form) if earlier and current else None
    return Round(sent, comparison)


def _ease(finding: Finding, files: Mapping[str, Submission], current: Submission | None, round_: Round) -> Finding:
    """What is said of a file that a later one has made good is a note: it is no more to be mended."""
    about = files.get(finding.file)
    if not (about and current and current.used) or about is current:
        return finding
    if finding.code == several_files.code:
        known = name_bytes(about) in round_.submissions[:-1] and not finding.asks_unit  # it lies there as it should
        return replace(finding, severity=Severity.NOTE, advice="") if known else finding
    if not finding.severity.asks or about.source.sent > current.source.sent:
        return finding
    message, discreet = (
        text and f"{text}; dùng tệp gửi sau “{current.source.file}”" for text in (finding.message, finding.discreet)
    )
    return replace(finding, severity=Severity.NOTE, message=message, discreet=discreet, advice="")


def name_bytes(submission: Submission) -> str:
    """What tells a file from another: its SHA-256, or its name where it was refused before that was taken."""
    return submission.source.sha256 or submission.source.file


_Way = Callable[["Finding | PastFinding", "_Spot"], object]


class _Spot(NamedTuple):
    """A place that outlives moved rows and columns: a table's column and row, else the sheet and cell themselves."""

    table: str
    column: str
    row: int


class _Unit:
    """One unit's findings, matched with those that were known of it."""

    def __init__(self, round_: Round, tables: Mapping[str, ReadTable], earlier: Mapping[str, ReadTable]) -> None:
        self._round = round_
        self._tables = tables
        self._earlier = earlier
        self.findings: list[Finding] = []
        self.fixed: list[PastFinding] = []
        self.past: list[PastFinding] = []

    def follow(self, findings: Iterable[Finding], past: Iterable[PastFinding]) -> None:
        """Give every finding its state, and keep what is to be known of it in the next round."""
        number = self._round.number
        followed = [f for f in findings if number and f.severity is not Severity.NOTE]
        self.findings = [f for f in findings if not number or f.severity is Severity.NOTE]
        for finding, known in self._match(followed, past):
            rounds = tuple(r for r in known.rounds if r < number) if known else ()
            state = State.OPEN if rounds and rounds[-1] == number - 1 else State.BACK
            if not rounds:
                state = State.TOLD if known and number in known.rounds else State.NEW
            self.findings.append(replace(finding, state=state))
            place = (number, finding.sheet, finding.cell)
            rounds = (*rounds, number)
            self.past.append(
                PastFinding(finding.code, finding.severity, finding.unit, rounds, *place, finding.public_message)
            )
        self.past += self.fixed

    def _match(
        self, findings: list[Finding], past: Iterable[PastFinding]
    ) -> Iterator[tuple[Finding, PastFinding | None]]:
        """Each finding with what was known of it, in their order; what is left over of the past was mended."""
        moved = [(known, self._move(known)) for known in past]
        latest_first = sorted((now for _, now in moved if now), key=lambda known: -known.rounds[-1])
        left = [(known, _find_spot(known.sheet, known.cell, self._tables)) for known in latest_first]
        found: dict[int, PastFinding] = {}
        spots = [_find_spot(f.sheet, f.cell, self._tables) for f in findings]
        for name in self._ways():
            waiting: dict[object, deque[int]] = {}
            for index, finding in enumerate(findings):
                if index not in found:
                    waiting.setdefault(name(finding, spots[index]), deque()).append(index)
            unmatched = []
            for known, spot in left:
                if places := waiting.get(name(known, spot)):
                    found[places.popleft()] = known
                else:
                    unmatched.append((known, spot))
            left = unmatched
        self.fixed = [*(known for known, _ in left), *(known for known, now in moved if now is None)]
        return ((finding, found.get(index)) for index, finding in enumerate(findings))

    def _ways(self) -> list[_Way]:
        """By what a finding is known again, the surest first."""
        ways: list[_Way] = [
            lambda found, spot: (found.code, spot, _say(found)),
            lambda found, spot: (found.code, spot, self._is_tracked(found)),
        ]
        if self._round.comparison is None:  # rows may have moved, and nobody can tell how
            ways.append(lambda found, spot: (found.code, spot.table, spot.column, _say(found), self._is_tracked(found)))
        return ways

    def _is_tracked(self, found: Finding | PastFinding) -> bool:
        """Whether its cell is one of this round or the last; rows may have moved since an older one."""
        return isinstance(found, Finding) or found.at >= self._round.number - 1

    def _move(self, known: PastFinding) -> PastFinding | None:
        """What was found in the round before, where its cell is now; None where its row was removed."""
        comparison, number = self._round.comparison, self._round.number
        if comparison is None or known.at != number - 1 or not known.cell:
            return known
        spot = _find_spot(known.sheet, known.cell, self._earlier)
        table = self._tables.get(spot.table)
        if table is None or spot.table not in comparison.rows:
            return known
        row = comparison.rows[spot.table].get(spot.row, 0)
        if spot.row and not row:
            return None
        return structs.replace(known, at=number, sheet=table.sheet, cell=table.cell(spot.column, row))


def _say(found: Finding | PastFinding) -> str:
    return found.public_message if isinstance(found, Finding) else found.message


def _as_finding(known: PastFinding, round_: Round, plan: Plan) -> Finding:
    """What was mended, as a finding to be shown."""
    rule = RULES_BY_CODE.get(known.code)
    mended_in = min(known.rounds[-1] + 1, max(round_.number, 1))
    return Finding(
        known.code, known.severity, known.unit, "", known.sheet, known.cell, known.message,
        f"Đã sửa ở lần nộp {mended_in}.", plan.cite(rule.clause_for(plan, known.unit)) if rule else "", State.FIXED,
    )  # fmt: skip


def _find_spot(sheet: str, cell: str, tables: Mapping[str, ReadTable]) -> _Spot:
    if cell:
        position = cell_position(cell.partition(":")[0])
        for key, table in tables.items():
            if table.sheet == sheet and (place := table.find(*position)):
                return _Spot(key, *place)
    return _Spot(sheet, cell, 0)
