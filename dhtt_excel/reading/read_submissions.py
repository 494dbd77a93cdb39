"""Found files ─► submissions, read in workers; and which of them stands for its unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dhtt_excel.form.form import Form
from dhtt_excel.inbox.find_files import FoundFile
from dhtt_excel.inbox.workers import deal_jobs
from dhtt_excel.plan.plan import Plan
from dhtt_excel.reading.read_submission import SubmissionReader, find
from dhtt_excel.reading.submissions import Submission, breaks_file
from dhtt_excel.rules.files import several_files


def read_submissions(
    files: Sequence[FoundFile], form: Form, plan: Plan, *, convert_legacy: bool = False, workers: int | None = None
) -> Iterator[Submission]:
    """Start reading at once, and give each file's submission in the order of `files`.

    `convert_legacy`: text typed in TCVN3 or VNI is converted, and said, instead of rejected.
    """
    reader = SubmissionReader(form, plan, convert_legacy=convert_legacy)
    return deal_jobs(reader.read_submission, reader.refuse_submission, files, workers)


def choose_submissions(read: Iterable[Submission], plan: Plan) -> list[Submission]:
    """All of them, one of each unit marked as used: the latest that is valid, else the latest that could be read."""
    submissions = list(read)
    by_unit: dict[str, list[Submission]] = {}
    for submission in submissions:
        if submission.unit:
            by_unit.setdefault(submission.unit.code, []).append(submission)
    for code, candidates in by_unit.items():
        candidates.sort(key=lambda s: (s.valid, s.source.modified, s.source.file))
        chosen = candidates.pop()
        chosen.used = True
        for other in candidates:
            faults = [f.message for f in other.findings if breaks_file(f)]
            why = f"không hợp lệ: {faults[0]}" if faults else "gửi trước"
            message = (
                f"{plan.name_of(plan.units_by_code[code])} gửi {len(candidates) + 1} tệp: "
                f"dùng “{chosen.source.file}”, không dùng tệp này ({why})"
            )
            other.findings = [find(several_files.fault(message), other.source.file, code, plan)]
    return submissions
