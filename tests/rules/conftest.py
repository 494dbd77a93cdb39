"""What is read of faultless workbooks, once for all tests that change a few of a campaign."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable

import pytest

from dhtt_excel.form.form import Form
from dhtt_excel.inbox.find_files import name_files
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.reading.read_submission import SubmissionReader
from dhtt_excel.reading.submissions import Submission

ReadValid = Callable[[Unit], Submission]


@pytest.fixture(scope="session")
def read_valid(
    plan: Plan, form: Form, valid_workbook: Callable[[Unit], bytes], tmp_path_factory: pytest.TempPathFactory
) -> ReadValid:
    """What is read of a unit's faultless workbook, which is read once; each that asks has its own to judge.

    They were sent in the order of the plan, one minute after the other.
    """
    reader, folder = SubmissionReader(form, plan), tmp_path_factory.mktemp("valid")
    order = list(plan.units_by_code)
    known: dict[str, bytes] = {}

    def read(unit: Unit) -> Submission:
        if unit.code not in known:
            path, moment = folder / plan.workbook_name(unit), 60 * order.index(unit.code)
            path.write_bytes(valid_workbook(unit))
            os.utime(path, (moment, moment))
            known[unit.code] = pickle.dumps(reader.read_submission(*name_files([path])))
        submission: Submission = pickle.loads(known[unit.code])
        return submission

    return read
