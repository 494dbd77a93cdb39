"""A form in circulation is changed by nobody by accident: what a version draws is pinned here."""

from __future__ import annotations

import hashlib

import pytest

from dhtt_excel.form.check_formulas import digest_checks, list_formulas
from dhtt_excel.form.check_lines import list_lines
from dhtt_excel.form.form import FORM_VERSION, Form
from dhtt_excel.plan.plan import Plan
from dhtt_excel.rules import RULES

# Form version ─► digests of the shipped plan's form: of what decides the verdicts on "Kiểm tra"; of its columns' keys.
CHECKS = {
    1: "87b4dc4a8e2800a525a0ce37d483839082c0e561161c56f8580f631351649b4e",
    2: "670e4bb4c00fff6e9e8cfa765fbeccf65f044f23e2c8ed468b57ef7b9890f21c",
}
COLUMNS = {
    1: "326b41c75a3e1f6bf4285ce0c14a95d691b1d44aedc0f371db3f05ae2cf51514",
    2: "f27aae630442f78ffe87c3bca059cc00ea181588f4185d2a483f227f7b5e815d",
}


def test_what_decides_the_verdicts_is_that_of_the_version(plan: Plan, form: Form) -> None:
    digests = set()
    for unit in plan.units:
        lines = list_lines(plan, form, unit, RULES)
        digests.add(digest_checks(plan, form, lines, list_formulas(plan, form, lines)))
    digest = _digest(sorted(digests))
    version = FORM_VERSION + (FORM_VERSION in CHECKS)
    raised = f"set FORM_VERSION = {version} in dhtt_excel/form/form.py, then " if version > FORM_VERSION else ""
    assert digest == CHECKS.get(FORM_VERSION), f"""
What decides the verdicts on sheet "Kiểm tra" of the shipped plan's form (lines, formulas, code lists) is not what is
pinned for form version {FORM_VERSION}, and workbooks of it may be in circulation. Undo the change; or, if it is meant:
1. {raised}add to CHECKS in tests/form/test_form_version.py
       {version}: "{digest}",
2. run this file again and add to COLUMNS what it tells;
3. run `dhtt templates`;
4. commit all of it together with input_templates/.
"""


@pytest.mark.parametrize("version", range(1, FORM_VERSION + 1))
def test_a_version_keeps_its_columns(version: int, form: Form) -> None:
    keys = [(t.key, c.key) for t in form.tables.values() for c in t.columns if c.is_in(version)]
    assert _digest(keys) == COLUMNS.get(version), f"""
The columns of form version {version} are not those that are pinned. If version {version} is new, add to COLUMNS in
tests/form/test_form_version.py:
       {version}: "{_digest(keys)}",
If it is not, a form in circulation would be read for what it does not have: give each new column since=<the new
FORM_VERSION> in dhtt_excel/form/columns.py, and let those of before stay where they are, in their order.
"""


def _digest(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()
