"""One returned file ─► a submission: whose it is, typed tables, findings, ledger. The whole of it runs in a worker.

A bad value becomes a finding and a blank; its row stays. Rows keep Excel's number. Nothing raw comes out but what has to
be shown: rejected values, and what stands outside the form.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dhtt_excel.excel.addresses import cell_name, cell_position
from dhtt_excel.excel.cells import show_value
from dhtt_excel.findings import Fault, Finding
from dhtt_excel.form.check_lines import CODE_COLUMN, PLACE_COLUMN, VERDICT_COLUMN, VERDICTS, sheet_of_place
from dhtt_excel.form.draw_form import list_printed_forms
from dhtt_excel.form.form import (
    CHECK_DIGEST_KEY,
    CHECK_SHEET,
    GUIDE_SHEET,
    IDENTITY_SHEET,
    LISTS_SHEET,
    NONE_KEY,
    Form,
    Kind,
    Layout,
    form_of,
)
from dhtt_excel.form.stamps import OUTSIDE_SHEET
from dhtt_excel.inbox.find_files import FoundFile
from dhtt_excel.inbox.open_workbooks import read_file, refuse_file
from dhtt_excel.inbox.raw import RawSheet, RawWorkbook
from dhtt_excel.plan.plan import Plan, Unit, once_a_plan
from dhtt_excel.reading.identify_unit import check_form, find_named_unit, identify_unit, read_stamp, read_version
from dhtt_excel.reading.ledger import Account, Marks, PrintedForm, settle
from dhtt_excel.reading.locate_tables import Located, locate_tables
from dhtt_excel.reading.parse_values import ValueParser
from dhtt_excel.reading.returned_sheets import is_returned, list_ours, read_carried
from dhtt_excel.reading.submissions import ReadTable, SavedVerdict, Submission
from dhtt_excel.reading.tell_unseen import tell_asides, tell_hidden
from dhtt_excel.reading.type_rows import UNSAVED, UNSAVED_ADVICE, read_table
from dhtt_excel.rules import RULES, check_blank_rules
from dhtt_excel.rules.files import hidden_content, stray_value, unreadable_file
from dhtt_excel.text.characters import join_some
from dhtt_excel.text.vietnamese import fold

OWN_SHEETS = (GUIDE_SHEET, CHECK_SHEET, LISTS_SHEET, IDENTITY_SHEET)
_OWN_KEYS = {fold(title) for title in OWN_SHEETS}
_SHOWN_CELLS = 5


def find(fault: Fault, file: str, unit: str, plan: Plan) -> Finding:
    """The finding that a reader's fault is in this file of this unit."""
    assert fault.rule  # noqa: S101  for the type checker: a reader's fault names it
    return fault.rule.finding(
        plan,
        unit=unit,
        file=file,
        sheet=fault.sheet,
        cell=cell_name(*fault.at) if fault.at else "",
        message=fault.message,
        advice=fault.advice,
        severity=fault.severity,
        by_hand=fault.by_hand,
        discreet=fault.discreet,
    )


@once_a_plan
def printed_form_of(plan: Plan) -> PrintedForm:
    """What the plan's forms print themselves."""
    return PrintedForm(plan, list_printed_forms(plan, form_of(plan), RULES))


class SubmissionReader:
    """Makes submissions of files. It is data only, so that it can be sent to a worker."""

    def __init__(self, form: Form, plan: Plan, *, convert_legacy: bool = False) -> None:
        check_blank_rules(form)
        self._form = form
        self._plan = plan
        self._values = ValueParser(plan, convert_legacy=convert_legacy)
        self._printed = printed_form_of(plan)
        self._marks: dict[str, Marks] = {}

    def read_submission(self, file: FoundFile) -> Submission:
        """What the file turns out to be. What cannot be read comes with a finding that says so, never as an exception."""
        return self.read_workbook(read_file(file))

    def refuse_submission(self, file: FoundFile, code: str, problem: str) -> Submission:
        """A file on which a worker failed."""
        return self.read_workbook(refuse_file(file, code, problem))

    def read_workbook(self, workbook: RawWorkbook) -> Submission:
        """What an opened workbook turns out to be."""
        submission = Submission(replace(workbook, sheets=()))
        self._marks = {sheet.name: Marks() for sheet in workbook.sheets}
        if workbook.refusal:
            faults = [unreadable_file.fault(f"Không đọc được: {workbook.problem}", workbook.advice)]
        else:
            faults = self._read_sheets(workbook, submission)
        unit = submission.unit or find_named_unit(workbook.file, self._plan)
        code = unit.code if unit else ""
        submission.findings = [find(fault, workbook.file, code, self._plan) for fault in faults]
        return submission

    def _read_sheets(self, workbook: RawWorkbook, submission: Submission) -> list[Fault]:
        ours = self._pass_over_returned(workbook, submission)
        theirs = [sheet for sheet in workbook.sheets if sheet.name not in ours]
        located, faults = locate_tables(theirs, self._form, read_version(read_stamp(workbook.sheets)))
        titles = {place.sheet.name: place.table.sheet for place in located.values()}
        read = self._read_located(workbook, located, submission)
        outside = self._settle(workbook, titles, submission)
        if submission.unit is None:  # nobody to tell more than that, and what was lost
            return [*read, *outside]
        unseen = [fault for account in submission.accounts for fault in tell_asides(account)]
        return [*faults, *read, *outside, *_warn(workbook, self._marks, ours, located.values()), *unseen]

    def _pass_over_returned(self, workbook: RawWorkbook, submission: Submission) -> set[str]:
        """The sheets that we added to a copy that came back; what they show was printed by us."""
        stamps = read_stamp(workbook.sheets)
        ours = [sheet for sheet in workbook.sheets if is_returned(sheet, stamps)]
        for sheet in ours:
            self._marks[sheet.name].printed |= list_ours(sheet)
            if sheet.name == OUTSIDE_SHEET:
                submission.carried = read_carried(sheet)
        names = {sheet.name for sheet in ours}
        for sheet in workbook.sheets:
            if sheet.name == IDENTITY_SHEET:  # their stamps
                self._marks[sheet.name].printed |= {
                    (row, column)
                    for row, cells in enumerate(sheet.rows, start=1)
                    if cells and cells[0] in names
                    for column in (1, 2)
                }
        return names

    def _read_located(self, workbook: RawWorkbook, located: dict[str, Located], submission: Submission) -> list[Fault]:
        """Whose file it is, then its tables. A file of another form or of no known unit is not read further."""
        stamp = read_stamp(workbook.sheets)
        form_problem = check_form(stamp, located, self._form, self._plan)
        if form_problem and form_problem.severity is None:
            return [form_problem]
        submission.version = read_version(stamp)
        submission.unit, unit_problem = identify_unit(stamp, located, workbook.file, self._plan)
        faults = [problem for problem in (unit_problem, form_problem) if problem]
        if submission.unit is None:
            return faults[:1]
        submission.verdicts = _read_verdicts(workbook.sheets)
        submission.check_digest = stamp.get(CHECK_DIGEST_KEY, "")
        for key, place in located.items():
            submission.tables[key], said = read_table(place, self._marks[place.sheet.name], self._plan, self._values)
            submission.entered += self._count_entered(place, submission.tables[key], submission.unit)
            faults += said
        return faults

    def _count_entered(self, place: Located, table: ReadTable, unit: Unit) -> int:
        """In how many cells of a table something stands that the form has not printed there."""
        columns = [c for c in place.table.stored if c.kind is not Kind.FIXED]
        prefilled = sum(
            self._printed.is_prefilled(unit, place.table, column.key, place.sheet.cell(*table.cells[column.key]))
            for column in columns
            if column.key in table.cells
        )
        return sum(table.filled[column.key] for column in columns) - prefilled + (NONE_KEY in table.cells)

    def _settle(self, workbook: RawWorkbook, titles: dict[str, str], submission: Submission) -> list[Fault]:
        """The ledger of the file, and a word on what stands outside the form."""
        faults: list[Fault] = []
        for sheet in workbook.sheets:
            title = titles.get(sheet.name) or next((t for t in OWN_SHEETS if fold(t) == fold(sheet.name)), "")
            account = settle(sheet, title, self._marks[sheet.name], submission.unit, self._printed)
            submission.accounts.append(account)
            if account.lost:
                message = f"Không trình đọc nào đọc được {account.lost} trong {account.received} ô của trang tính “{sheet.name}”"
                faults.append(unreadable_file.fault(message, sheet=sheet.name))
            if submission.unit:
                faults += _tell_outside(account, title, self._marks[sheet.name])
        return faults


def _tell_outside(account: Account, title: str, marks: Marks) -> list[Fault]:
    """One word a sheet on the cells outside the form; foot lines and the like are only listed in the ledger."""
    told = [cell for cell in account.outside if (cell.row, cell.column) not in marks.expected_outside]
    if not told:
        return []
    hidden = "" if account.visible else " (trang tính ẩn)"
    if not title:
        message = f"Trang tính “{account.sheet}”{hidden} không thuộc biểu mẫu: {len(told)} ô không đọc"
        rule = stray_value if account.visible else hidden_content
        return [rule.fault(message, sheet=account.sheet)]
    names = [cell_name(cell.row, cell.column) for cell in told]
    shown = join_some(names, _SHOWN_CELLS)
    message = f"{len(told)} ô nằm ngoài biểu mẫu, không đọc: {shown}"
    return [stray_value.fault(message, sheet=account.sheet, at=(told[0].row, told[0].column))]


def _warn(workbook: RawWorkbook, marks: dict[str, Marks], ours: set[str], located: Iterable[Located]) -> list[Fault]:
    """TEP09: what a reader should know of the file and its cells, but for the sheets and formulas that are ours."""
    counters = {(place.sheet.name, place.heading_row - 1) for place in located if place.table.layout is Layout.LIST}
    faults = [hidden_content.fault(f"Tệp {warning}") for warning in workbook.warnings]
    for sheet in workbook.sheets:
        if fold(sheet.name) in _OWN_KEYS or sheet.name in ours:
            continue
        unsaved = marks[sheet.name].unsaved | marks[sheet.name].printed
        cells = [
            at for at in map(cell_position, sheet.formulas) if at not in unsaved and (sheet.name, at[0]) not in counters
        ]
        faults += [hidden_content.fault(UNSAVED, UNSAVED_ADVICE, sheet=sheet.name, at=cell) for cell in cells]
        faults += tell_hidden(sheet, marks[sheet.name])
    return faults


def _read_verdicts(sheets: Iterable[RawSheet]) -> dict[tuple[str, str], SavedVerdict]:
    """The verdicts of sheet "Kiểm tra" by code and sheet, as they were saved; blank ones were never calculated."""
    verdicts = {}
    for sheet in sheets:
        if fold(sheet.name) != fold(CHECK_SHEET):
            continue
        for row, cells in enumerate(sheet.rows, start=1):
            if len(cells) >= PLACE_COLUMN and (word := show_value(cells[VERDICT_COLUMN - 1])) in VERDICTS:
                code, place = show_value(cells[CODE_COLUMN - 1]), show_value(cells[PLACE_COLUMN - 1])
                verdicts[code, sheet_of_place(place)] = SavedVerdict(word, cell_name(row, VERDICT_COLUMN))
    return verdicts
