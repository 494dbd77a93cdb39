"""Raw workbooks ─► submissions: whose they are, typed tables, findings.

A bad value becomes a finding and a blank; its row stays. Rows keep Excel's number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.excel.cells import show_value
from dhtt_excel.findings import Finding
from dhtt_excel.form.check_lines import CODE_COLUMN, PLACE_COLUMN, VERDICT_COLUMN, VERDICTS, sheet_of_place
from dhtt_excel.form.form import CHECK_DIGEST_KEY, CHECK_SHEET, GUIDE_SHEET, IDENTITY_SHEET, LISTS_SHEET, Form
from dhtt_excel.form.stamps import OUTSIDE_SHEET
from dhtt_excel.inbox.raw import RawSheet, RawWorkbook
from dhtt_excel.plan.plan import Plan
from dhtt_excel.reading.identify_unit import check_form, find_named_unit, identify_unit, read_stamp, read_version
from dhtt_excel.reading.ledger import Account, Marks, PrintedForm, settle
from dhtt_excel.reading.locate_tables import Located, Remark, locate_tables
from dhtt_excel.reading.parse_values import ValueParser
from dhtt_excel.reading.returned_sheets import is_returned, list_ours, read_carried
from dhtt_excel.reading.submissions import SavedVerdict, Submission, breaks_file
from dhtt_excel.reading.type_rows import read_table
from dhtt_excel.rules import RULES_BY_CODE
from dhtt_excel.text.vietnamese import fold

OWN_SHEETS = (GUIDE_SHEET, CHECK_SHEET, LISTS_SHEET, IDENTITY_SHEET)
_OWN_KEYS = {fold(title) for title in OWN_SHEETS}
_SHOWN_CELLS = 5


def read_submissions(
    workbooks: Iterable[RawWorkbook], form: Form, plan: Plan, *, convert_legacy: bool = False
) -> list[Submission]:
    """Read every workbook and choose one for each unit: the latest that is valid, else the latest that could be read.

    `convert_legacy`: text typed in TCVN3 or VNI is converted, and said, instead of rejected.
    """
    reader = _Reader(form, plan, ValueParser(plan, convert_legacy=convert_legacy))
    submissions = [reader.read(w) for w in workbooks]
    _choose(submissions, plan)
    return submissions


def _choose(submissions: list[Submission], plan: Plan) -> None:
    by_unit: dict[str, list[Submission]] = {}
    for submission in submissions:
        if submission.unit:
            by_unit.setdefault(submission.unit.code, []).append(submission)
    for code, candidates in by_unit.items():
        candidates.sort(key=lambda s: (s.valid, s.source.modified, s.source.file))
        chosen = candidates.pop()
        chosen.used = True
        for other in candidates:
            faults = [f.message for f in other.findings if breaks_file(f)]
            why = f"không hợp lệ: {faults[0]}" if faults else "gửi trước"
            message = (
                f"{plan.name_of(plan.units_by_code[code])} gửi {len(candidates) + 1} tệp: "
                f"dùng “{chosen.source.file}”, không dùng tệp này ({why})"
            )
            other.findings = [_found(Remark("TEP04", "", "", message), other.source.file, code, plan)]


def _found(remark: Remark, file: str, unit: str, plan: Plan) -> Finding:
    return RULES_BY_CODE[remark.code].finding(
        plan,
        unit=unit,
        file=file,
        sheet=remark.sheet,
        cell=remark.cell,
        message=remark.message,
        advice=remark.advice,
        severity=remark.severity,
    )


class _Reader:
    def __init__(self, form: Form, plan: Plan, values: ValueParser) -> None:
        self._form = form
        self._plan = plan
        self._values = values
        self._printed = PrintedForm(plan, form)
        self._marks: dict[str, Marks] = {}

    def read(self, workbook: RawWorkbook) -> Submission:
        submission = Submission(replace(workbook, sheets=()))
        self._marks = {sheet.name: Marks() for sheet in workbook.sheets}
        if workbook.refusal:
            remarks = [Remark("TEP01", "", "", f"Không đọc được: {workbook.problem}", workbook.advice)]
        else:
            remarks = self._read_sheets(workbook, submission)
        unit = submission.unit or find_named_unit(workbook.file, self._plan)
        code = unit.code if unit else ""
        submission.findings = [_found(r, workbook.file, code, self._plan) for r in remarks]
        return submission

    def _read_sheets(self, workbook: RawWorkbook, submission: Submission) -> list[Remark]:
        ours = self._pass_over_returned(workbook, submission)
        theirs = [sheet for sheet in workbook.sheets if sheet.name not in ours]
        located, remarks = locate_tables(theirs, self._form, read_version(read_stamp(workbook.sheets)))
        titles = {place.sheet.name: place.table.sheet for place in located.values()}
        read = self._read_located(workbook, located, submission)
        outside = self._settle(workbook, titles, submission)
        if submission.unit is None:  # nobody to tell more than that
            return read
        return [*remarks, *read, *outside, *_warn(workbook, self._marks, ours)]

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

    def _read_located(self, workbook: RawWorkbook, located: dict[str, Located], submission: Submission) -> list[Remark]:
        """Whose file it is, then its tables. A file of another form or of no known unit is not read further."""
        stamp = read_stamp(workbook.sheets)
        form_problem = check_form(stamp, located, self._form, self._plan)
        if form_problem and form_problem.severity is None:
            return [form_problem]
        submission.version = read_version(stamp)
        submission.unit, unit_problem = identify_unit(stamp, located, workbook.file, self._plan)
        remarks = [problem for problem in (unit_problem, form_problem) if problem]
        if submission.unit is None:
            return remarks[:1]
        submission.verdicts = _read_verdicts(workbook.sheets)
        submission.check_digest = stamp.get(CHECK_DIGEST_KEY, "")
        for key, place in located.items():
            submission.tables[key], said = read_table(place, self._marks[place.sheet.name], self._plan, self._values)
            remarks += said
        return remarks

    def _settle(self, workbook: RawWorkbook, titles: dict[str, str], submission: Submission) -> list[Remark]:
        """The ledger of the file, and a word on what stands outside the form."""
        remarks: list[Remark] = []
        for sheet in workbook.sheets:
            title = titles.get(sheet.name) or next((t for t in OWN_SHEETS if fold(t) == fold(sheet.name)), "")
            account = settle(sheet, title, self._marks[sheet.name], submission.unit, self._printed)
            submission.accounts.append(account)
            if account.lost:
                message = (
                    f"Không trình đọc nào đọc được {account.lost} trong {account.received} ô của sheet “{sheet.name}”"
                )
                remarks.append(Remark("TEP01", sheet.name, "", message))
            if submission.unit:
                remarks += _tell_outside(account, title, self._marks[sheet.name])
        return remarks


def _tell_outside(account: Account, title: str, marks: Marks) -> list[Remark]:
    """One word a sheet on the cells outside the form; foot lines and the like are only listed in the ledger."""
    told = [cell for cell in account.outside if (cell.row, cell.column) not in marks.expected_outside]
    if not told:
        return []
    hidden = "" if account.visible else " (sheet ẩn)"
    if not title:
        message = f"Sheet “{account.sheet}”{hidden} không thuộc biểu mẫu: {len(told)} ô không đọc"
        return [Remark("TEP08" if account.visible else "TEP09", account.sheet, "", message)]
    names = [cell_name(cell.row, cell.column) for cell in told]
    shown = ", ".join(names[:_SHOWN_CELLS]) + (" …" if len(names) > _SHOWN_CELLS else "")
    message = f"{len(told)} ô nằm ngoài biểu mẫu, không đọc: {shown}"
    return [Remark("TEP08", account.sheet, names[0], message)]


def _warn(workbook: RawWorkbook, marks: dict[str, Marks], ours: set[str]) -> list[Remark]:
    """TEP09: what a reader should know of the file and its cells, but for the sheets that are ours."""
    remarks = [Remark("TEP09", "", "", f"Tệp {warning}") for warning in workbook.warnings]
    for sheet in workbook.sheets:
        if fold(sheet.name) in _OWN_KEYS or sheet.name in ours:
            continue
        message, advice = "Công thức chưa có giá trị được lưu", "Mở tệp, tính lại rồi lưu, hoặc nhập thẳng giá trị."
        remarks += [Remark("TEP09", sheet.name, cell, message, advice) for cell in sheet.formulas]
        rows = sorted({row for row, _ in marks[sheet.name].used} & set(sheet.hidden_rows))
        if rows:
            shown = ", ".join(map(str, rows[:_SHOWN_CELLS])) + (" …" if len(rows) > _SHOWN_CELLS else "")
            message = f"{len(rows)} dòng ẩn (hoặc bị lọc) có dữ liệu, vẫn được đọc: dòng {shown}"
            remarks.append(Remark("TEP09", sheet.name, "", message, "Bỏ ẩn, bỏ lọc để kiểm tra; xóa nếu không dùng."))
    return remarks


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
