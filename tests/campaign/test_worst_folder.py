"""The worst files together with 15 good ones: the summary of the 15, one clear line for each other, a balanced ledger."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dhtt_excel.findings import Severity
from dhtt_excel.form.form import Form
from dhtt_excel.inbox.find_files import find_files
from dhtt_excel.pipeline import consolidate, write_result
from dhtt_excel.plan.plan import Plan
from dhtt_excel.rehearsal.invent_campaign import invent_entries
from tests.conftest import AS_OF, SEED
from tests.corpus import nasty_books, nasty_packages, nasty_sheets
from tests.corpus.conftest import _quiet_deaths  # noqa: F401
from tests.sound import check_outputs
from tests.typed import fill_in


def write_worst(folder: Path) -> set[str]:
    """Every case of the corpus, each in a sub-folder of its own; the names by which they are known."""
    before = {file.name for file in find_files(folder)}
    cases = [c for module in (nasty_books, nasty_packages, nasty_sheets) for c in module.list_cases()]
    for place, case in enumerate(cases):
        home = folder / f"xấu {place:03}"
        home.mkdir()
        (home / case.name).write_bytes(case.data)
    return {file.name for file in find_files(folder)} - before


def test_the_worst_folder(plan: Plan, form: Form, tmp_path: Path) -> None:
    folder = tmp_path / "da-nhan"
    folder.mkdir()
    good = plan.local_units[:15]
    for unit in good:
        data = fill_in(plan, form, unit, invent_entries(plan, form, unit, SEED))
        (folder / plan.workbook_name(unit)).write_bytes(data)
    result_alone = consolidate(folder, plan, AS_OF)
    worst = write_worst(folder)
    result = consolidate(folder, plan, AS_OF)
    assert len(worst) > 200
    write_result(result, tmp_path / "ket-qua")
    assert check_outputs(tmp_path / "ket-qua") > 150
    assert list(result.used) == [unit.code for unit in good]
    assert result.figures.units.drop(columns="file").equals(result_alone.figures.units.drop(columns="file"))
    told = [f for f in result.findings if f.file in worst]
    lost = {s.source.file for s in result.submissions if any(account.lost for account in s.accounts)}  # told besides
    assert sorted(f.file for f in told if f.severity is Severity.ERROR) == sorted([*worst, *lost & worst])
    assert all("\n" not in f.message and f.message and f.advice for f in told)
    assert all(account.balanced for s in result.submissions for account in s.accounts)
    others = [replace(f, state=None) for f in result.findings if f.file not in worst]
    assert others == [replace(f, state=None) for f in result_alone.findings]  # a file in vain is a round of its unit
