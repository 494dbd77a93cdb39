"""Sheet "Kiểm tra" by both sides, for the tests of one module."""

from __future__ import annotations

import pytest

from dhtt_excel.form.form import Form
from dhtt_excel.plan.plan import Plan
from tests.form.both_sides import Judge, Office
from tests.libreoffice import LibreOffice


@pytest.fixture(scope="module")
def office(libreoffice: LibreOffice, plan: Plan, form: Form, tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(libreoffice, plan, form, tmp_path_factory.mktemp("blank"))


@pytest.fixture(scope="module")
def judge(office: Office, plan: Plan, form: Form, tmp_path_factory: pytest.TempPathFactory) -> Judge:
    return Judge(office, plan, form, tmp_path_factory.mktemp("parity"))
