"""Found files ─► submissions with the records of results, read in workers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dhtt_excel.form.form import Form
from dhtt_excel.inbox.engine import HERE, Engine
from dhtt_excel.inbox.find_files import FoundFile
from dhtt_excel.plan.plan import Plan
from dhtt_excel.reading.submissions import Submission
from dhtt_excel.rollup.read_result import ResultReader
from dhtt_excel.rollup.record import ResultRecord


def read_results(files: Sequence[FoundFile], form: Form, plan: Plan, *, engine: Engine = HERE) -> Iterator[Submission]:
    """Start reading at once, and give each file's submission in the order of `files`."""
    reader = ResultReader(form, plan)
    return engine.deal_files(reader.read_result, reader.refuse_result, files)


def list_records(submissions: Iterable[Submission], plan: Plan) -> dict[str, ResultRecord]:
    """The records in use by the code of their unit, in the order of the codes."""
    used = {s.unit.code: s.record for s in submissions if s.used and s.unit and s.record}
    return {code: used[code] for code in plan.units_by_code if code in used}
