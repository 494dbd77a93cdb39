"""Found files ─► submissions, read in workers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dhtt_excel.form.form import Form
from dhtt_excel.inbox.find_files import FoundFile
from dhtt_excel.inbox.workers import deal_jobs
from dhtt_excel.plan.plan import Plan
from dhtt_excel.reading.read_submission import SubmissionReader
from dhtt_excel.reading.submissions import Submission


def read_submissions(
    files: Sequence[FoundFile], form: Form, plan: Plan, *, convert_legacy: bool = False, workers: int | None = None
) -> Iterator[Submission]:
    """Start reading at once, and give each file's submission in the order of `files`.

    `convert_legacy`: text typed in TCVN3 or VNI is converted, and said, instead of rejected.
    """
    reader = SubmissionReader(form, plan, convert_legacy=convert_legacy)
    return deal_jobs(reader.read_submission, reader.refuse_submission, files, workers)
