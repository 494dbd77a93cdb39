"""Result ─► what the pages show of it: plain words and numbers, that need no tables to be shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from dhtt_excel.findings import Finding, Severity
from dhtt_excel.inbox.seen_files import SeenKind, name_locked
from dhtt_excel.office.exemptions import ALL_UNITS, is_acceptable
from dhtt_excel.outputs.register.balance_sheet import describe_room, judge_group, list_quota, summarise_groups
from dhtt_excel.outputs.register.board import Standing, describe_standings, list_columns
from dhtt_excel.outputs.register.sources_sheet import explain_choice
from dhtt_excel.outputs.register.table import SheetColumn
from dhtt_excel.plan.plan import Plan
from dhtt_excel.plan.shares import shares_hold, within_tolerance
from dhtt_excel.reading.submissions import Submission
from dhtt_excel.result import Result, Verdict
from dhtt_excel.rules import RULES_BY_CODE
from dhtt_excel.text.vietnamese import format_number

_SYMBOLS = {"clean": "✓", "warnings": "!", "errors": "✗", "unreadable": "✗", "missing": "–"}
_SAID = ("Đơn vị", "Kết luận", "Số vấn đề", "Lỗi theo trang tính")  # groups of the board that a page says already


class FindingLine(NamedTuple):
    """A finding in words. `requirement`: what its rule asks; `acceptable`: whether the upper unit may let it stand."""

    level: str
    label: str
    code: str
    requirement: str
    state: str
    file: str
    place: str
    message: str
    advice: str
    citation: str
    reason: str
    acceptable: bool


class FileLine(NamedTuple):
    """A file of a unit, and why it is used or not."""

    name: str
    used: bool
    sent: str
    why: str


class Fact(NamedTuple):
    """What the board says of a unit under a heading."""

    heading: str
    text: str


class Shares(NamedTuple):
    """Exemplars and guests against what the plan asks, for a bar; `wanted`: percent of exemplars; `verdict`: "holds", "near"
    where that is only to be looked at, else "off"."""

    exemplars: int
    guests: int
    wanted: int
    verdict: str


@dataclass(frozen=True)
class UnitLine:
    """Where a unit stands. `order`: its place in the plan; `facts` by group of the register's board."""

    code: str
    name: str
    group: str
    order: int
    is_upper: bool
    verdict: str
    label: str
    symbol: str
    received: str
    late: int
    round: int
    listed: int | None
    shares: Shares | None
    errors: int
    warnings: int
    accepted: int
    unmended: int
    file: str
    facts: dict[str, list[Fact]]
    findings: list[FindingLine]
    files: list[FileLine]


class GroupLine(NamedTuple):
    """A group that the plan names for the upper conference."""

    name: str
    value: str
    people: int
    verdict: str
    supply: str


class ExemptionLine(NamedTuple):
    code: str
    unit: str
    reason: str
    who: str
    until: str


@dataclass(frozen=True)
class Board:
    """All that the pages show of a run."""

    number: str
    plan_id: str
    day: date
    before: date
    local: str
    upper: str
    expected: int
    reported: int
    missing: list[str]
    errors: int
    warnings: int
    accepted: int
    upper_total: int | None
    upper_limit: int
    upper_shares: Shares | None
    room: list[str]
    groups_told: str
    groups: list[GroupLine]
    units: list[UnitLine]
    strays: list[FindingLine]
    office: list[str]
    look_at: list[Fact]
    passed_over: int
    open_files: list[str]
    exemptions: list[ExemptionLine]
    is_open: bool
    is_final: bool

    def find(self, code: str) -> UnitLine | None:
        return next((unit for unit in self.units if unit.code == code), None)


def describe_result(result: Result) -> Board:
    """The board of a run."""
    plan, figures = result.plan, result.figures
    return Board(
        number=plan.number,
        plan_id=plan.id,
        day=result.as_of,
        before=plan.report.before,
        local=plan.levels.local.noun,
        upper=plan.levels.upper.noun,
        expected=len(plan.local_units),
        reported=len(plan.local_units) - len(result.missing_units),
        missing=[plan.short_name(unit) for unit in result.missing_units],
        errors=result.count(Severity.ERROR),
        warnings=result.count(Severity.WARNING),
        accepted=result.count(Severity.ACCEPTED),
        upper_total=figures.upper_total if result.used else None,
        upper_limit=plan.conference.upper.max_delegates,
        upper_shares=_compare_upper(result),
        room=list_quota(result) if result.used else [describe_room(result)],
        groups_told=summarise_groups(figures.coverage),
        groups=[GroupLine(g.name, g.value, g.count, judge_group(g), g.supply) for g in figures.coverage],
        units=list(_describe_units(result)),
        strays=[_describe_finding(f, plan) for f in result.findings_by_unit.get("", []) if f.file and not _is_office(f)],
        office=[
            f"{' › '.join(filter(None, (f.file, _place(f))))}: {f.message}. {f.advice}" for f in result.findings if _is_office(f)
        ],
        look_at=[Fact(seen.name, seen.kind.label) for seen in result.seen if seen.kind.is_to_be_looked_at],
        passed_over=len(result.seen),
        open_files=sorted({name_locked(seen.name) for seen in result.seen if seen.kind is SeenKind.LOCK}),
        exemptions=[
            ExemptionLine(
                e.code, plan.name_of(e.unit) if e.unit else ALL_UNITS, e.reason, e.who,
                f"{e.until:%d/%m/%Y}" if e.until else "hết đợt",
            )
            for e in result.exemptions
        ],
        is_open=result.is_open,
        is_final=result.final,
    )  # fmt: skip


def _describe_units(result: Result) -> Iterator[UnitLine]:
    plan, upper = result.plan, _compare_upper(result)
    upper_total = result.figures.upper_total if result.used else None  # with those whom the local units nominate
    columns = {group: own for group, own in list_columns(result, {}).items() if group not in _SAID}
    for order, standing in enumerate(describe_standings(result)):
        unit, used = standing.unit, standing.used
        exemplars, guests = standing.figure("exemplars"), standing.figure("guests")
        fixed = result.fixed_by_unit.get(unit.code, [])
        yield UnitLine(
            code=unit.code,
            name=plan.name_of(unit),
            group=unit.group,
            order=order,
            is_upper=unit.level == "upper",
            verdict=standing.verdict.value,
            label=standing.verdict.label,
            symbol=_SYMBOLS[standing.verdict.value],
            received=_spell_moment(used),
            late=result.days_late(unit),
            round=standing.round.number,
            listed=standing.figure("listed") if unit.level == "local" else upper_total,
            shares=_compare(exemplars, guests, result) if unit.level == "local" else upper,
            errors=result.count(Severity.ERROR, unit.code),
            warnings=result.count(Severity.WARNING, unit.code),
            accepted=result.count(Severity.ACCEPTED, unit.code),
            unmended=sum(f.state is not None and f.state.value in ("open", "back") for f in standing.findings),
            file=used.source.file if used else "",
            facts={group: facts for group, own in columns.items() if (facts := _list_facts(own, standing))},
            findings=[_describe_finding(f, plan) for f in (*standing.findings, *fixed)],
            files=[_describe_file(result, s) for s in result.submissions_by_unit.get(unit.code, [])],
        )


def _compare(exemplars: object, guests: object, result: Result) -> Shares | None:
    """None where nobody of a known category is there."""
    if not (isinstance(exemplars, int) and isinstance(guests, int) and exemplars + guests):
        return None
    shares = result.plan.shares
    near = "near" if within_tolerance(exemplars, guests, shares) else "off"
    return Shares(exemplars, guests, shares.exemplars, "holds" if shares_hold(exemplars, guests, shares) else near)


def _compare_upper(result: Result) -> Shares | None:
    """Of the upper conference, to which the local units nominate."""
    return _compare(result.figures.upper_exemplars, result.figures.upper_guests, result) if result.used else None


def _list_facts(columns: Iterable[SheetColumn[Standing]], standing: Standing) -> list[Fact]:
    """What the register's columns say of a unit, but for what they leave blank."""
    facts = []
    for column in columns:
        value = column.value(standing) if column.value else None
        look = column.look(standing) if callable(column.look) else column.look
        if text := _spell(value, str(look.get("num_format", ""))):
            facts.append(Fact(column.heading, text))
    return facts


def _spell(value: Any, pattern: str) -> str:
    match value:
        case None | "":
            return ""
        case datetime():
            return f"{value:%d/%m/%Y %H:%M}"
        case date():
            return f"{value:%d/%m/%Y}"
        case float() if pattern.endswith("%"):
            return f"{format_number(100 * value, 1)}%"
        case int() | float():
            return format_number(value)
    return str(value)


def _describe_finding(finding: Finding, plan: Plan) -> FindingLine:
    rule = RULES_BY_CODE[finding.code]
    return FindingLine(
        level="fixed" if finding.state and finding.state.value == "fixed" else finding.severity.value,
        label=finding.severity.label,
        code=finding.code,
        requirement=rule.requirement.format(plan=plan),
        state=finding.state.label if finding.state else "",
        file=finding.file,
        place=_place(finding),
        message=finding.message,
        advice=finding.advice,
        citation=finding.citation,
        reason=finding.reason,
        acceptable=bool(finding.unit) and finding.severity.asks and is_acceptable(rule),
    )


def _describe_file(result: Result, file: Submission) -> FileLine:
    return FileLine(file.source.file, file.used, _spell_moment(file), explain_choice(result, file))


def _spell_moment(file: Submission | None) -> str:
    if file is None:
        return ""
    return f"{file.source.sent:%d/%m/%Y %H:%M}" if file.source.is_timed else "không rõ"


def _place(finding: Finding) -> str:
    return "!".join(filter(None, (finding.sheet, finding.cell)))


def _is_office(finding: Finding) -> bool:
    return RULES_BY_CODE[finding.code].about == "office"


VERDICTS = {verdict.value: verdict.label for verdict in Verdict}
