"""Every case of the corpus through the isolated reader: the same verdict, the same number of cells, none lost unsaid."""

from __future__ import annotations

from pathlib import Path

import pytest

from dhtt_excel.inbox import open_workbooks, workers
from dhtt_excel.inbox.find_files import name_files
from dhtt_excel.inbox.raw import RawWorkbook
from tests.corpus import nasty_books, nasty_packages, nasty_sheets
from tests.corpus.cases import Case

SECONDS = 8.0  # well below what a user waits for; a case that takes longer would be refused as "time"
MODULES = {"packages": nasty_packages, "sheets": nasty_sheets, "books": nasty_books}


def read_cases(cases: list[Case], folder: Path) -> list[RawWorkbook]:
    """The cases written into a folder of their own each (names may differ by case alone) and read in one call."""
    for place, case in enumerate(cases):
        home = folder / f"{place:03}"
        home.mkdir()
        (home / case.name).write_bytes(case.data)
    return list(open_workbooks.open_workbooks(name_files(sorted(p for p in folder.rglob("*") if p.is_file()))))


def describe(workbook: RawWorkbook) -> tuple[int | str, int]:
    """As a case expects it."""
    if workbook.refusal:
        return workbook.refusal, 0
    return sum(s.received for s in workbook.sheets), sum(s.lost for s in workbook.sheets)


def count_filled(workbook: RawWorkbook) -> int:
    return sum(value != "" for sheet in workbook.sheets for row in sheet.rows for value in row)


@pytest.mark.parametrize("module", MODULES)
def test_each_case_ends_as_expected(module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "SECONDS_A_JOB", SECONDS)
    cases = list(MODULES[module].list_cases())
    workbooks = read_cases(cases, tmp_path)
    assert len(workbooks) == len(cases)
    wrong = [
        f"{case.name!r}: expected {(case.expected, case.lost)}, got {describe(workbook)} {workbook.problem}"
        for case, workbook in zip(cases, workbooks, strict=True)
        if describe(workbook) != (case.expected, case.lost)
    ]
    assert not wrong, "\n".join(wrong)
    for case, workbook in zip(cases, workbooks, strict=True):
        assert count_filled(workbook) == sum(s.received - s.lost for s in workbook.sheets), case.name
        assert workbook.problem.isprintable(), case.name
        assert workbook.file.isprintable(), case.name


def test_the_corpus_is_large_and_its_names_are_unique() -> None:
    names = [case.name for module in MODULES.values() for case in module.list_cases()]
    assert len(names) == len(set(names))
    assert len(names) >= 150
