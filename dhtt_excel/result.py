"""What a run found, in one record: the input of everything that is written or shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from dhtt_excel.findings import Finding, Severity
from dhtt_excel.inbox.seen_files import SeenFile, SeenKind
from dhtt_excel.rules import is_for_office

if TYPE_CHECKING:
    from dhtt_excel.checking.follow_findings import Round
    from dhtt_excel.checking.history import PastFinding
    from dhtt_excel.figures.count_figures import Figures
    from dhtt_excel.form.form import Form
    from dhtt_excel.inbox.raw import RawWorkbook
    from dhtt_excel.office.contacts import Contacts
    from dhtt_excel.office.exemptions import Exemption
    from dhtt_excel.plan.plan import Plan, Unit
    from dhtt_excel.reading.merge_tables import Tables
    from dhtt_excel.reading.submissions import Submission


MANY_UNITS = 60  # more than these are listed the worst first


class Verdict(StrEnum):
    """Where a unit stands."""

    CLEAN = "clean"
    WARNINGS = "warnings"
    ERRORS = "errors"
    UNREADABLE = "unreadable"  # something came, nothing of it could be used
    MISSING = "missing"

    @property
    def label(self) -> str:
        return {
            "clean": "Đạt",
            "warnings": "Đạt, có cảnh báo",
            "errors": "Cần sửa",
            "unreadable": "Không đọc được",
            "missing": "Chưa nộp",
        }[self.value]


WORST_FIRST = (Verdict.UNREADABLE, Verdict.ERRORS, Verdict.MISSING, Verdict.WARNINGS, Verdict.CLEAN)


@dataclass(frozen=True)
class Result:
    """A run on one folder. `submissions` are in the order of the file names, `findings` errors first. `take_figures` counts
    what was read: not everybody who asks for findings asks for `figures`.

    `fixed`: findings of earlier rounds that are no more; `rounds`: by unit code where the exchange with it stands;
    `reported`: the day on which a unit's first report came, by unit code; `past`: what the next run must know.
    `exemptions`: those in force. `unfit`: names of our own outputs that must be left as they
    are, for they are not ours to go on from. `contacts`: to whom the e-mail drafts go. `seen`: what lay in the inbox and is
    no answer of a unit, by name. `final`: a person decided that the official edition goes out as it is. `wards`: the form
    by unit has the units below those that sent results as well.
    """

    plan: Plan
    form: Form
    as_of: date
    submissions: list[Submission]
    tables: Tables
    take_figures: Callable[[], Figures]
    findings: list[Finding]
    fixed: list[Finding] = field(default_factory=list)
    rounds: Mapping[str, Round] = field(default_factory=dict)
    reported: Mapping[str, date] = field(default_factory=dict)
    past: tuple[PastFinding, ...] = ()
    exemptions: list[Exemption] = field(default_factory=list)
    unfit: frozenset[str] = frozenset()
    contacts: Contacts = field(default_factory=dict)
    seen: Sequence[SeenFile] = ()
    packed: Sequence[SeenFile] = ()
    final: bool = False
    wards: bool = False

    @cached_property
    def figures(self) -> Figures:
        """What the forms of the upper level show."""
        return self.take_figures()

    @cached_property
    def used(self) -> dict[str, Submission]:
        """The submission in use, by unit code."""
        return {s.unit.code: s for s in self.submissions if s.used and s.unit}

    @cached_property
    def sources(self) -> dict[str, RawWorkbook]:
        """What is known of each file, by its name."""
        return {s.source.file: s.source for s in self.submissions}

    @cached_property
    def submissions_by_unit(self) -> dict[str, list[Submission]]:
        """All that came from a unit, by its code."""
        by_unit: dict[str, list[Submission]] = {}
        for submission in self.submissions:
            if submission.unit:
                by_unit.setdefault(submission.unit.code, []).append(submission)
        return by_unit

    @cached_property
    def findings_by_unit(self) -> dict[str, list[Finding]]:
        """Findings by unit code; "" for those of no unit."""
        return _group(self.findings)

    @cached_property
    def fixed_by_unit(self) -> dict[str, list[Finding]]:
        """Findings of earlier rounds that are no more, by unit code."""
        return _group(self.fixed)

    @cached_property
    def closed(self) -> list[str]:
        """What in the inbox could not be opened: units whose answer lies there have not reported, as far as we know."""
        return [seen.name for seen in self.seen if seen.kind is SeenKind.CLOSED]

    def count(self, severity: Severity, unit: str | None = None) -> int:
        """How many findings of this severity, in all or of one unit."""
        findings = self.findings if unit is None else self.findings_by_unit.get(unit, [])
        return sum(f.severity is severity for f in findings)

    def asked_of(self, unit: Unit) -> list[Finding]:
        """What a unit is asked to mend or to look at, errors first; which of its files is used is the upper unit's affair."""
        findings = self.findings_by_unit.get(unit.code, [])
        return [f for f in findings if f.severity.asks and not is_for_office(f)]

    def days_late(self, unit: Unit) -> int:
        """Days after the plan's limit on which a local unit's first report came or, where none has, until now; 0 in time."""
        day = self.reported.get(unit.code, self.as_of) if unit.code in self.used else self.as_of
        return self.plan.report.days_late(day) if unit.level == "local" else 0

    def verdict_of(self, unit: Unit) -> Verdict:
        if unit.code not in self.used:
            came = any(f.file and f.file not in self._blank for f in self.findings_by_unit.get(unit.code, []))
            return Verdict.UNREADABLE if came else Verdict.MISSING
        if self.count(Severity.ERROR, unit.code):
            return Verdict.ERRORS
        return Verdict.WARNINGS if self.count(Severity.WARNING, unit.code) else Verdict.CLEAN

    @cached_property
    def _blank(self) -> set[str]:
        return {s.source.file for s in self.submissions if s.blank}

    @cached_property
    def listed_units(self) -> list[Unit]:
        """Those that send, in the order in which boards list them: the plan's or, where they are many, by group, the worst first."""
        if not self.are_many:
            return list(self.plan.senders)
        places = {group: place for place, group in enumerate(self.groups)}
        return sorted(self.worst_units, key=lambda unit: places.get(unit.group, 0))

    @property
    def are_many(self) -> bool:
        """Whether more send than a screen has lines."""
        return len(self.plan.senders) > MANY_UNITS

    @cached_property
    def worst_units(self) -> list[Unit]:
        """Those that send, whatever their group, the worst first."""
        return sorted(self.plan.senders, key=self._rank)

    @cached_property
    def groups(self) -> dict[str, Counter[Verdict]]:
        """How many units of each group have which verdict, the worst group first; empty where the plan names no groups."""
        counts: dict[str, Counter[Verdict]] = {}
        if any(unit.group for unit in self.plan.senders):
            for unit in self.plan.senders:
                counts.setdefault(unit.group, Counter())[self.verdict_of(unit)] += 1
        return dict(sorted(counts.items(), key=lambda item: [-item[1][verdict] for verdict in WORST_FIRST]))

    def _rank(self, unit: Unit) -> tuple[int, int, int]:
        errors, warnings = (self.count(severity, unit.code) for severity in (Severity.ERROR, Severity.WARNING))
        return WORST_FIRST.index(self.verdict_of(unit)), -errors, -warnings

    @cached_property
    def is_open(self) -> bool:
        """Whether something is to be settled before anything is signed: units missing, errors that nobody accepted, drafts."""
        drafts = any(s.record and s.record.draft for s in self.used.values())
        return drafts or len(self.used) < len(self.plan.senders) or self.count(Severity.ERROR) > 0

    @property
    def is_draft(self) -> bool:
        """Whether the official edition bears "DỰ THẢO"."""
        return self.is_open and not self.final

    @cached_property
    def missing_units(self) -> tuple[Unit, ...]:
        """Local units of which no file is in use."""
        return tuple(u for u in self.plan.local_units if u.code not in self.used)


def _group(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    by_unit: dict[str, list[Finding]] = {}
    for finding in findings:
        by_unit.setdefault(finding.unit, []).append(finding)
    return by_unit
