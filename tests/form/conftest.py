"""A LibreOffice that recalculates, for the tests of one module."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from dhtt_excel.form.form import Form
from dhtt_excel.plan.plan import Plan
from tests.conftest import UNO_PYTHON
from tests.form.both_sides import Judge, Office


@pytest.fixture(scope="module")
def office(plan: Plan, form: Form, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    script = Path(__file__).parents[1] / "recalculate.py"
    process = subprocess.Popen(
        [UNO_PYTHON, str(script), (folder / "profile").as_uri()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield Office(process, plan, form)
    process.communicate(timeout=60)


@pytest.fixture(scope="module")
def judge(office: Office, plan: Plan, form: Form, tmp_path_factory: pytest.TempPathFactory) -> Judge:
    return Judge(office, plan, form, tmp_path_factory.mktemp("parity"))
