"""Result ─► ket-qua.json, for programs. Its fields are described in docs/ket-qua-json.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from dhtt_excel.checking.history import FORMAT_VERSION
from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.figures.describe_units import known
from dhtt_excel.findings import Finding, Severity
from dhtt_excel.plan.plan import Unit
from dhtt_excel.reading.ledger import Account
from dhtt_excel.reading.submissions import Submission
from dhtt_excel.result import Result
from dhtt_excel.rollup.make_record import make_record
from dhtt_excel.rollup.record import digest_record


def write_json(result: Result) -> bytes:
    """UTF-8, indented; the same result gives the same bytes. No name of a person is in it."""
    return msgspec.json.format(msgspec.json.encode(_describe(result)), indent=2) + b"\n"


def _describe(result: Result) -> dict[str, Any]:
    plan, record = result.plan, make_record(result)
    return {
        "format_version": FORMAT_VERSION,
        "plan": plan.id,
        "as_of": result.as_of,
        "totals": _describe_totals(result),
        "units": [_describe_unit(result, unit) for unit in plan.senders],
        "files": [_describe_file(result, place) for place in range(len(result.submissions))],
        "seen": [{"file": seen.name, "kind": seen.kind.value} for seen in sorted([*result.seen, *result.packed])],
        "findings": [_describe_finding(f) for f in result.findings],
        "fixed": [_describe_finding(f) for f in result.fixed],
        "history": result.past,
        "record_sha256": digest_record(record),
        "record": record,
        "ledger": [_describe_account(s.source.file, a) for s in result.submissions for a in s.accounts],
        "outside_cells": [cell for s in result.submissions if s.unit for cell in _list_outside(s)],
    }


def _describe_totals(result: Result) -> dict[str, Any]:
    figures, totals = result.figures, result.figures.totals
    return {
        "units_expected": len(result.plan.local_units),
        "units_received": len(result.plan.local_units) - len(result.missing_units),
        "delegates": totals["listed"].value,
        "exemplars": totals["exemplars"].value,
        "guests": totals["guests"].value,
        "upper_conference": figures.tell_upper(figures.upper_total),
        "upper_exemplars": figures.tell_upper(figures.upper_exemplars),
        "upper_guests": figures.tell_upper(figures.upper_guests),
        "final": result.final,
        "errors": result.count(Severity.ERROR),
        "warnings": result.count(Severity.WARNING),
        "notes": result.count(Severity.NOTE),
        "accepted": result.count(Severity.ACCEPTED),
    }


def _describe_unit(result: Result, unit: Unit) -> dict[str, Any]:
    used = result.used.get(unit.code)
    counts = result.figures.units.loc[unit.code]
    return {
        "code": unit.code,
        "name": result.plan.name_of(unit),
        "level": unit.level,
        "verdict": result.verdict_of(unit).value,
        "file": used.source.file if used else None,
        "form_version": used.version if used else None,
        "delegates": known(counts["listed"]),
        "exemplars": known(counts["exemplars"]),
        "guests": known(counts["guests"]),
        "errors": result.count(Severity.ERROR, unit.code),
        "warnings": result.count(Severity.WARNING, unit.code),
        "notes": result.count(Severity.NOTE, unit.code),
        "accepted": result.count(Severity.ACCEPTED, unit.code),
        "days_late": result.days_late(unit),
        "round": result.rounds[unit.code].number,
        "submissions": result.rounds[unit.code].submissions,
        "reported": result.reported.get(unit.code),
    }


def _describe_file(result: Result, place: int) -> dict[str, Any]:
    submission = result.submissions[place]
    return {
        "file": submission.source.file,
        "size": submission.source.size,
        "sha256": submission.source.sha256,
        "kind": submission.source.kind or None,
        "refusal": submission.source.refusal or None,
        "unit": submission.unit.code if submission.unit else None,
        "used": submission.used,
    }


def _describe_account(file: str, account: Account) -> dict[str, Any]:
    return {
        "file": file,
        "sheet": account.sheet,
        "received": account.received,
        "printed": account.printed,
        "used": account.used,
        "rejected": account.rejected,
        "blank": account.blank,
        "outside": len(account.outside),
        "lost": account.lost,
    }


def _list_outside(submission: Submission) -> Iterator[dict[str, str]]:
    """Addresses only: what stands in the cells may name people."""
    for account in submission.accounts:
        for cell in account.outside:
            name = cell_name(cell.row, cell.column)
            yield {"file": submission.source.file, "sheet": account.sheet, "cell": name}


def _describe_finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "unit": finding.unit or None,
        "file": finding.file or None,
        "sheet": finding.sheet or None,
        "cell": finding.cell or None,
        "message": finding.public_message,
        "advice": finding.advice,
        "citation": finding.citation,
        "state": finding.state,
        "reason": finding.reason or None,
    }
