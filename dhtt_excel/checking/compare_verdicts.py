"""Findings + what the cells looked like ─► what every line of sheet "Kiểm tra" must say; and where a file says otherwise.

A line says "Đạt" exactly where Python has no finding of its rule and nothing doubtful in the cells that it reads. What is
doubtful is told by one line; the others wait for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from dhtt_excel.findings import Finding, Rule, Severity
from dhtt_excel.form.check_formulas import digest_checks, list_formulas
from dhtt_excel.form.check_lines import CAUTION, FAILED, NOT_ENTERED, PASSED, WAITING, CheckLine, list_lines
from dhtt_excel.form.form import CHECK_SHEET, Form
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.reading.submissions import ReadTable, Submission
from dhtt_excel.rules.cells import listed_twice
from dhtt_excel.rules.files import verdicts_differ
from dhtt_excel.rules.speakers import speaker_not_exemplar

_SHOWN = 5


def compare_verdicts(
    submissions: Iterable[Submission], findings: Iterable[Finding], rules: Sequence[Rule], form: Form, plan: Plan
) -> list[Finding]:
    """TEP10: one finding for each file in use whose saved verdicts are not ours.

    Only where the file's verdicts come from the very formulas that we would draw, by the digest that is stamped into the
    form. Other formulas may say otherwise with good reason: those of another version, of a plan that has changed since.
    The first forms sent out have no such stamp, so their verdicts are not compared either.
    A file of which cells were lost is not compared, nor is a "Cần sửa" where an error value may be the cause unseen.
    """
    by_file: dict[str, list[Finding]] = {}
    for finding in findings:
        by_file.setdefault(finding.file, []).append(finding)
    found = []
    drawn: dict[
        tuple[str, bool], tuple[list[CheckLine], str]
    ] = {}  # lines and digest of units of one level, the pilot's apart
    for submission in submissions:
        lost = any(account.lost for account in submission.accounts)
        if submission.used and submission.unit and submission.verdicts and not lost:
            kind = (submission.unit.level, submission.unit.pilot)
            if kind not in drawn:
                lines = list_lines(plan, form, submission.unit, rules)
                drawn[kind] = lines, digest_checks(plan, form, lines, list_formulas(plan, form, lines))
            lines, digest = drawn[kind]
            if submission.check_digest != digest:
                continue
            judged = judge_lines(lines, submission.tables, by_file.get(submission.source.file, []))
            found += _tell_differences(submission, submission.unit, judged, plan)
    return found


def _tell_differences(
    submission: Submission, unit: Unit, judged: Mapping[tuple[str, str], str], plan: Plan
) -> list[Finding]:
    differing = [
        (f"{code} ở {sheet} ghi “{saved.word}”, đúng ra “{judged[code, sheet]}”", saved.cell)
        for (code, sheet), saved in submission.verdicts.items()
        if judged.get((code, sheet), saved.word) != saved.word
        and (saved.word != FAILED or submission.source.errors_seen)
    ]
    if not differing:
        return []
    shown = "; ".join(text for text, _ in differing[:_SHOWN]) + (" …" if len(differing) > _SHOWN else "")
    message = f"{len(differing)} dòng khác với kết quả kiểm tra lại: {shown}"
    return [
        verdicts_differ.finding(
            plan, unit=unit.code, file=submission.source.file, sheet=CHECK_SHEET, cell=differing[0][1], message=message
        )
    ]


def judge_lines(
    lines: Iterable[CheckLine], tables: Mapping[str, ReadTable], findings: Iterable[Finding]
) -> dict[tuple[str, str], str]:
    """What each line must say, by its key; those that cannot be compared are left out. `findings`: of this file."""
    lines, findings = list(lines), list(findings)
    counts = Counter(line.rule.code for line in lines)
    judged = {line.key: _judge(line, tables, findings, alone=counts[line.rule.code] == 1) for line in lines}
    return {key: word for key, word in judged.items() if word}


def _judge(line: CheckLine, tables: Mapping[str, ReadTable], findings: Iterable[Finding], *, alone: bool) -> str:
    """The verdict of a line; `alone`: whether it is the only one of its rule, so that every finding of it counts.

    "" where it cannot be compared: a sheet, row or column that it reads is not there, or is not the form's.
    """
    if any(table not in tables or not tables[table].as_drawn for table in line.tables):
        return ""
    spoilt = sum(tables[table].spoilt for table in line.spoilt)
    counts = [tables[table].filled[column] for table, column in line.begun]
    if not (min(counts) if line.live.whole else sum(counts) + (spoilt if line.live.tells else 0)):
        return NOT_ENTERED
    doubtful = sum(tables[table].doubtful[column] for table, column in line.live.reads)
    if doubtful or spoilt:
        understood = sum(tables[table].understood[column] for table, column in line.live.reads)
        known = line.live.tells and not spoilt and doubtful == understood
        return WAITING if line.waits else CAUTION if known else FAILED
    sheets = {table.sheet for key, table in tables.items() if key in line.tables}
    severities = {f.severity for f in findings if f.code == line.rule.code and (alone or f.sheet in sheets)}
    milder = {speaker_not_exemplar.code: Severity.NOTE, listed_twice.code: Severity.WARNING}
    if severities and severities == {milder.get(line.rule.code)}:
        return ""  # names in two spellings, two decisions on one award: a formula sees no more than the words
    mild = line.rule.severity is Severity.WARNING
    if not severities or (severities == {Severity.NOTE} and not mild):  # what a formula can see of a note is doubtful
        return PASSED
    if line.live.unfilled:
        return NOT_ENTERED
    tolerable = mild or severities <= {Severity.WARNING, Severity.NOTE}
    return CAUTION if tolerable else FAILED
