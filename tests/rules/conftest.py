"""What is read of workbooks, once for all tests that change a few of a campaign."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from dhtt_excel.form.draw_form import Entries
from dhtt_excel.form.form import Form
from dhtt_excel.form.moments import spell_moments
from dhtt_excel.inbox.find_files import name_files
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.reading.read_submission import SubmissionReader
from dhtt_excel.reading.submissions import Submission
from tests.typed import by_place, fill_in

ReadValid = Callable[..., Submission]


@pytest.fixture(scope="session")
def read_valid(
    plan: Plan, form: Form, valid_entries: Callable[[Unit], Entries], tmp_path_factory: pytest.TempPathFactory
) -> ReadValid:
    """What is read of a unit's faultless workbook with these cells changed, which is read once; each that asks has its own to
    judge.

    They were sent in the order of the plan, one minute after the other.
    """
    reader, folder = SubmissionReader(form, plan), tmp_path_factory.mktemp("valid")
    order = list(plan.units_by_code)
    known: dict[tuple[str, frozenset[tuple[str, Any]]], bytes] = {}

    def read(unit: Unit, changes: Mapping[str, Any] | None = None) -> Submission:
        key = unit.code, frozenset((changes or {}).items())
        if key not in known:
            path, moment = folder / plan.workbook_name(unit), 60 * order.index(unit.code)
            entries = spell_moments(form, valid_entries(unit)) | by_place(changes or {})
            path.write_bytes(fill_in(plan, form, unit, entries))
            os.utime(path, (moment, moment))
            known[key] = pickle.dumps(reader.read_submission(*name_files([path])))
        submission: Submission = pickle.loads(known[key])
        return submission

    return read
