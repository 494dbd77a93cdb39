"""Sheet "Kiểm tra", recalculated by a LibreOffice, and Python: both on the same workbooks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from dhtt_excel.checking.compare_verdicts import judge_lines
from dhtt_excel.excel.addresses import cell_position
from dhtt_excel.findings import Finding, Severity
from dhtt_excel.form.check_lines import FIRST_CHECK_ROW, PLACE_COLUMN, VERDICT_COLUMN, list_lines, sheet_of_place
from dhtt_excel.form.draw_form import Entries
from dhtt_excel.form.form import CHECK_SHEET, Form, Layout, Table
from dhtt_excel.form.statuses import IN_ORDER
from dhtt_excel.inbox.find_files import FoundFile
from dhtt_excel.pipeline import OfficeFiles, judge_submissions
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.reading.read_submission import SubmissionReader
from dhtt_excel.reading.submissions import ReadTable
from dhtt_excel.rules import RULES
from tests.conftest import AS_OF
from tests.libreoffice import LibreOffice
from tests.typed import Typed, fill, give_blank

Verdicts = dict[tuple[str, str], str]


class Workbook(NamedTuple):
    """A unit's workbook as a file; `typed`: what was typed into the blank form to get it, None where it was drawn."""

    path: Path
    unit: Unit
    typed: Typed | None = None


class Office:
    """LibreOffice: all formulas recalculated with what was typed, and sheet "Kiểm tra" read.

    Into the blank forms, which stay open, where that is all; a workbook that was drawn is opened.
    """

    def __init__(self, libreoffice: LibreOffice, plan: Plan, form: Form, folder: Path) -> None:
        self._libreoffice, self._plan, self._form, self._folder = libreoffice, plan, form, folder

    def judge(self, workbook: Workbook) -> tuple[Verdicts, dict[str, dict[int, str]]]:
        """The verdicts, and what the rows of each list say of themselves."""
        lists = [table for table in self._form.tables.values() if table.layout is Layout.LIST]
        columns = [(table.sheet, f"A{table.first_row}:A{table.last_row}") for table in lists]
        lines, *said = self._ask(workbook, [(CHECK_SHEET, self._block(workbook.unit)), *columns])
        statuses = {
            table.key: {at: row[0] for at, row in enumerate(rows, start=table.first_row) if row[0]}
            for table, rows in zip(lists, said, strict=True)
        }
        return {key: row[VERDICT_COLUMN - 1] for key, row in self._match(lines, workbook.unit).items()}, statuses

    def look(self, workbook: Workbook) -> dict[tuple[str, str], list[Any]]:
        """What the lines show, cell by cell."""
        (lines,) = self._ask(workbook, [(CHECK_SHEET, self._block(workbook.unit))])
        return self._match(lines, workbook.unit)

    def _ask(self, workbook: Workbook, places: Sequence[tuple[str, str]]) -> list[Any]:
        if workbook.typed is None:
            return list(self._libreoffice.ask(workbook.path, more=places))
        unit = workbook.unit
        blank = self._folder / f"{unit.level} {unit.pilot}.xlsx"  # those of one kind differ in name and code alone
        if not blank.exists():
            blank.write_bytes(give_blank(self._plan, self._form, unit))
        return list(self._libreoffice.ask(blank, cells=workbook.typed, more=places))

    def _block(self, unit: Unit) -> str:
        lines = list_lines(self._plan, self._form, unit, RULES)
        return f"A{FIRST_CHECK_ROW}:F{FIRST_CHECK_ROW + len(lines) - 1}"

    def _match(self, rows: list[list[Any]], unit: Unit) -> dict[tuple[str, str], list[Any]]:
        lines = list_lines(self._plan, self._form, unit, RULES)
        assert [sheet_of_place(row[PLACE_COLUMN - 1]) for row in rows] == [line.live.sheet for line in lines]
        return {line.key: row for line, row in zip(lines, rows, strict=True)}

    def read(self, workbook: Workbook, block: str, typed: Sequence[tuple[str, str, str]] = ()) -> list[list[Any]]:
        """A block of the sheet, after something has been typed by keys."""
        answer: list[list[Any]] = self._libreoffice.ask(workbook.path, sheet=CHECK_SHEET, block=block, typed=typed)
        return answer


class Judge:
    """Both sides on workbooks, each of another unit, that Python reads in one run."""

    def __init__(self, office: Office, plan: Plan, form: Form, folder: Path) -> None:
        self._office, self._plan, self._form, self._folder = office, plan, form, folder

    def __call__(self, workbooks: Sequence[tuple[Unit, Entries]]) -> list[Verdicts]:
        """The verdicts, on which both agree line by line; a line that Python cannot compare is left out."""
        return self.judge_files([self.draw(unit, entries) for unit, entries in workbooks])

    def draw(self, unit: Unit, entries: Entries) -> Workbook:
        path = self._folder / self._plan.workbook_name(unit)
        filled = fill(self._plan, self._form, unit, entries)
        path.write_bytes(filled.data)
        return Workbook(path, unit, filled.typed)

    def judge_files(self, workbooks: Sequence[Workbook]) -> list[Verdicts]:
        reader = SubmissionReader(self._form, self._plan)
        read = [reader.read_submission(FoundFile(workbook.path, workbook.path.name)) for workbook in workbooks]
        result = judge_submissions(read, self._form, self._plan, AS_OF, OfficeFiles(), whole_campaign=False)
        tables = {s.unit: s.tables for s in result.submissions if s.unit}
        judged = []
        for workbook in workbooks:
            unit = workbook.unit
            found = [f for f in result.findings if f.unit == unit.code]
            ours = judge_lines(list_lines(self._plan, self._form, unit, RULES), tables[unit], found)
            theirs, said = self._office.judge(workbook)
            differing = {key: (theirs[key], ours[key]) for key in ours if theirs[key] != ours[key]}
            assert differing == {}, f"{unit.name}: sheet, Python"
            for key, rows in said.items():
                compare_statuses(self._form.tables[key], tables[unit][key], rows, found)
            judged.append(ours)
        return judged


def compare_statuses(table: Table, read: ReadTable, said: Mapping[int, str], findings: Sequence[Finding]) -> None:
    """A row says that cells are missing exactly where that is found; wrong where an error is, and only where anything is."""
    found: dict[int, dict[str, set[tuple[str, Severity]]]] = {}
    for finding in findings:
        if finding.sheet == table.sheet and finding.code in ("O01", "O02", "O03", "O04") and finding.cell:
            for row, column in cells_of(finding.cell):
                key = next(key for key, place in read.columns.items() if place == column)
                lacking = re.findall(
                    "“([^”]+)”", finding.message.partition("còn thiếu")[2]
                )  # all that a name alone lacks
                for heading in lacking or [table.by_key[key].heading]:
                    found.setdefault(row, {}).setdefault(heading, set()).add((finding.code, finding.severity))
    for row in (row["excel_row"] for row in read.rows):
        told, words = found.get(row, {}), said[row]
        missing, wrong = (words.partition(f"{word}: ")[2].partition(" · ")[0] for word in ("thiếu", "sai"))
        blank = {heading for heading, faults in told.items() if any(code == "O01" for code, _ in faults)}
        bad = {h for h, faults in told.items() if any(c in ("O02", "O03") and s is Severity.ERROR for c, s in faults)}
        headings = [column.heading for column in table.stored]
        assert list_headings(missing, headings) == blank, (row, words, told)
        assert bad <= list_headings(wrong, headings) <= told.keys() - blank, (row, words, told)
        assert (words == IN_ORDER) == (not missing and not wrong and "ghi lại: " not in words), words


def cells_of(block: str) -> Iterator[tuple[int, int]]:
    first, _, last = block.partition(":")
    (top, left), (bottom, right) = cell_position(first), cell_position(last or first)
    return ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))


def list_headings(text: str, headings: Sequence[str]) -> set[str]:
    """The headings that stand in a list of them; some have a comma."""
    found = set()
    while text:
        heading = max((h for h in headings if text.startswith(h)), key=len)
        found.add(heading)
        text = text[len(heading) :].removeprefix(", ")
    return found


def ordinary(plan: Plan) -> list[Unit]:
    return [unit for unit in plan.local_units if not unit.pilot]
