"""TEP10: saved verdicts are compared where the formulas that gave them are ours, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from dhtt_excel.findings import Finding
from dhtt_excel.form.check_lines import FAILED, FIRST_CHECK_ROW, VERDICT_COLUMN
from dhtt_excel.form.draw_form import Entries, draw_form
from dhtt_excel.form.form import CHECK_DIGEST_KEY, CHECK_SHEET, IDENTITY_SHEET, Form
from dhtt_excel.pipeline import check_files
from dhtt_excel.plan.code_lists import Choice
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.rules import RULES
from tests.conftest import AS_OF, Fill

Check = Callable[[Path], list[Finding]]
WRONG = {f"{CHECK_SHEET}!D{FIRST_CHECK_ROW}": FAILED}  # in a workbook without fault
assert ord("D") - ord("A") + 1 == VERDICT_COLUMN


def test_other_verdicts_of_our_formulas_are_told(fill: Fill, ward: Unit, check: Check) -> None:
    assert [f.code for f in check(fill(ward, WRONG))] == ["TEP10"]


@pytest.mark.parametrize("stamp", [(CHECK_DIGEST_KEY, "f" * 64), (CHECK_DIGEST_KEY, None), (None, None)])
def test_verdicts_of_other_formulas_are_not_compared(
    stamp: tuple[str | None, str | None], fill: Fill, ward: Unit, check: Check
) -> None:
    """Of another version, or of the first forms, which bear no digest; and nothing is told of the stamp."""
    key, value = stamp
    assert check(fill(ward, {**WRONG, f"{IDENTITY_SHEET}!A4": key, f"{IDENTITY_SHEET}!B4": value})) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda plan: {"shares": msgspec.structs.replace(plan.shares, exemplars=60, guests=40)},
        lambda plan: {"lists": msgspec.structs.replace(plan.lists, areas=(*plan.lists.areas, Choice("Học tập")))},
    ],
)
def test_a_plan_that_has_changed_since_is_another(
    change: Callable[[Plan], dict[str, object]],
    plan: Plan,
    form: Form,
    ward: Unit,
    valid_entries: Callable[[Unit], Entries],
    tmp_path: Path,
) -> None:
    path = tmp_path / plan.workbook_name(ward)
    entries = valid_entries(ward) | {(CHECK_SHEET, FIRST_CHECK_ROW, VERDICT_COLUMN): FAILED}
    path.write_bytes(draw_form(plan, form, ward, RULES, entries))
    assert "TEP10" in {f.code for f in check_files([path], plan, AS_OF).findings}
    changed = msgspec.structs.replace(plan, **change(plan))
    assert "TEP10" not in {f.code for f in check_files([path], changed, AS_OF).findings}


def test_the_stamp_is_the_forms_own(fill: Fill, ward: Unit, plan: Plan) -> None:
    """It stands in the ledger as printed, whatever it says."""
    for changes in ({}, {f"{IDENTITY_SHEET}!B4": "f" * 64}):
        (submission,) = check_files([fill(ward, changes)], plan, AS_OF).submissions
        (account,) = [a for a in submission.accounts if a.sheet == IDENTITY_SHEET]
        assert (account.received, account.printed) == (8, 8)
        assert submission.check_digest == changes.get(f"{IDENTITY_SHEET}!B4", submission.check_digest) != ""
