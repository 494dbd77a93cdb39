"""Found files ─► submissions, read in workers, here or in a cluster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dhtt_excel.form.form import Form
from dhtt_excel.inbox.engine import HERE, Engine
from dhtt_excel.inbox.find_files import FoundFile
from dhtt_excel.plan.plan import Plan
from dhtt_excel.reading.read_submission import SubmissionReader
from dhtt_excel.reading.submissions import Submission


def read_submissions(
    files: Sequence[FoundFile], form: Form, plan: Plan, *, convert_legacy: bool = False, engine: Engine = HERE
) -> Iterator[Submission]:
    """Start reading at once, and give each file's submission in the order of `files`.

    `convert_legacy`: text typed in TCVN3 or VNI is converted, and said, instead of rejected.
    """
    reader = SubmissionReader(form, plan, convert_legacy=convert_legacy)
    return engine.deal_files(reader.read_submission, reader.refuse_submission, files)
