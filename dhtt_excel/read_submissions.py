"""Raw workbooks ─► submissions: whose they are, typed tables, findings.

A bad value becomes a finding and a blank; its row stays. Rows keep Excel's number.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from dhtt_excel.addresses import cell_name
from dhtt_excel.findings import Finding, Severity
from dhtt_excel.form import (
    CHECK_SHEET,
    GUIDE_SHEET,
    IDENTITY_SHEET,
    KNOWN_VERSIONS,
    LISTS_SHEET,
    NONE_KEY,
    NONE_LABEL,
    Column,
    Form,
    Kind,
    Layout,
    Table,
)
from dhtt_excel.ledger import Account, Marks, PrintedForm, settle
from dhtt_excel.locate_tables import Located, Remark, locate_tables
from dhtt_excel.parse_values import Parsed, ValueParser, is_blank, show_value
from dhtt_excel.parse_workbook import CellError, RawSheet, RawWorkbook
from dhtt_excel.plan import Plan, Unit
from dhtt_excel.returned_sheets import OUTSIDE_SHEET, is_returned, list_cells, read_carried
from dhtt_excel.rules import RULES_BY_CODE
from dhtt_excel.self_check import CODE_COLUMN, PLACE_COLUMN, VERDICT_COLUMN, VERDICTS, sheet_of_place
from dhtt_excel.vietnamese import capitalize, fold

OWN_SHEETS = (GUIDE_SHEET, CHECK_SHEET, LISTS_SHEET, IDENTITY_SHEET)
_OWN_KEYS = {fold(title) for title in OWN_SHEETS}
_SHOWN_CELLS = 5
_FOOT_LINES = ("tongcong", "tongso", "cong", "danhsachnayco", "danhsachgom", "nguoilapbieu", "nguoilap")
_COLUMN_NUMBER = re.compile(r"\(?\d{1,2}\)?(\s*=.*)?")


@dataclass
class ReadTable:
    """One table of one file: typed rows by column key, with `excel_row`, and where its cells stand.

    `rejected`: what stands in the cells whose value is not usable, by column key and row (0 for fields).

    For the comparison with sheet "Kiểm tra", which sees cells as they are: `filled` and `doubtful` count, by column, the
    cells with anything in them and those that are not as the form asks; `spoilt` the error values and lone values;
    `as_drawn` is whether the sheet's formulas look at the very rows and columns that are read.
    """

    sheet: str
    heading_row: int
    columns: dict[str, int]
    cells: dict[str, tuple[int, int]]
    rows: list[dict[str, Any]] = field(default_factory=list)
    rejected: dict[tuple[str, int], Any] = field(default_factory=dict)
    none_marked: bool = False
    filled: Counter[str] = field(default_factory=Counter)
    doubtful: Counter[str] = field(default_factory=Counter)
    spoilt: int = 0
    as_drawn: bool = True

    def cell(self, column: str, excel_row: int) -> str:
        """The cell of a column in a row (0: its heading); "" where the file has no such column."""
        if column in self.cells:
            return cell_name(*self.cells[column])
        if column not in self.columns:
            return ""
        return cell_name(excel_row or self.heading_row, self.columns[column])

    def find(self, row: int, column: int) -> tuple[str, int] | None:
        """The column key and row of a cell, as `cell` takes them; None where the table has no such cell."""
        for key, place in self.cells.items():
            if place == (row, column):
                return key, 0
        key = next((key for key, at in self.columns.items() if at == column), "")
        if not key or row < self.heading_row:
            return None
        return key, 0 if row == self.heading_row else row

    def value(self, column: str, row: dict[str, Any]) -> Any:
        """What a row of `rows` has in a column: the typed value, else what stands in a cell that was rejected."""
        value = row.get(column)
        return self.rejected.get((column, row["excel_row"])) if value is None else value


class SavedVerdict(NamedTuple):
    """A verdict that sheet "Kiểm tra" of a returned file shows, and its cell."""

    word: str
    cell: str


@dataclass
class Submission:
    """What one file turned out to be. `carried`: what an earlier file had outside the form, as our copy of it lists it."""

    source: RawWorkbook
    unit: Unit | None = None
    version: int | None = None
    tables: dict[str, ReadTable] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    used: bool = False
    carried: list[tuple[str, str, str]] = field(default_factory=list)
    verdicts: dict[tuple[str, str], SavedVerdict] = field(default_factory=dict)

    @property
    def valid(self) -> bool:
        """Whether the file can stand for its unit: readable, its form, complete in sheets and columns."""
        return self.unit is not None and not any(map(breaks_file, self.findings))


def breaks_file(finding: Finding) -> bool:
    """Whether a file with this finding cannot stand for its unit where another can."""
    return finding.code.startswith("TEP") and finding.severity is Severity.ERROR


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
        unit = submission.unit or self._unit_of_file_name(workbook.file)
        code = unit.code if unit else ""
        submission.findings = [_found(r, workbook.file, code, self._plan) for r in remarks]
        return submission

    def _read_sheets(self, workbook: RawWorkbook, submission: Submission) -> list[Remark]:
        ours = self._pass_over_returned(workbook, submission)
        located, remarks = locate_tables([s for s in workbook.sheets if s.name not in ours], self._form)
        titles = {place.sheet.name: place.table.sheet for place in located.values()}
        read = self._read_located(workbook, located, submission)
        outside = self._settle(workbook, titles, submission)
        if submission.unit is None:  # nobody to tell more than that
            return read
        return [*remarks, *read, *outside, *_warn(workbook, self._marks)]

    def _pass_over_returned(self, workbook: RawWorkbook, submission: Submission) -> set[str]:
        """The sheets that we added to a copy that came back; what they show was printed by us."""
        stamps = _read_stamp(workbook.sheets)
        ours = [sheet for sheet in workbook.sheets if is_returned(sheet, stamps)]
        for sheet in ours:
            self._marks[sheet.name].printed |= {cell for cell, _ in list_cells(sheet)}
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
        remarks: list[Remark] = []
        stamp = _read_stamp(workbook.sheets)
        form_problem = self._check_form(stamp, located, submission)
        if form_problem and form_problem.severity is None:
            return [form_problem]
        unit_problem = self._identify(stamp, located, workbook.file, submission)
        if submission.unit is None and unit_problem:
            return [unit_problem]
        remarks += [problem for problem in (unit_problem, form_problem) if problem]
        submission.verdicts = _read_verdicts(workbook.sheets)
        for key, place in located.items():
            table, said = self._read_table(place)
            submission.tables[key] = table
            remarks += said
        return remarks

    def _check_form(self, stamp: dict[str, str], located: dict[str, Located], submission: Submission) -> Remark | None:
        """TEP02. Without severity the file is not this plan's form at all."""
        advice = f"Đề nghị đơn vị dùng biểu mẫu của Kế hoạch {self._plan.number} đã gửi kèm."
        recognised = {p.table.sheet for p in located.values() if p.columns or p.cells}
        if stamp.get("plan", self._plan.id) != self._plan.id:
            return Remark("TEP02", "", "", f"Biểu mẫu của kế hoạch khác ({stamp['plan']})", advice)
        if len(recognised) * 2 < len(self._form.sheets):
            return Remark("TEP02", "", "", "Không phải biểu mẫu của kế hoạch này", advice)
        version = stamp.get("form_version", "")
        submission.version = int(version) if version.isdigit() else None
        if submission.version is not None and submission.version not in KNOWN_VERSIONS:
            return Remark(
                "TEP02", "", "", f"Phiên bản biểu mẫu {version} không phải bản hiện hành", advice, Severity.WARNING
            )
        return None

    def _identify(
        self, stamp: dict[str, str], located: dict[str, Located], file: str, submission: Submission
    ) -> Remark | None:
        """TEP03: the unit by its stamp and by sheet "Thông tin", which must agree; else by the file's name."""
        plan = self._plan
        stamped = plan.units_by_code.get(stamp.get("unit", ""))
        written_text, place = "", Remark("TEP03", "", "", "")
        info = located.get("info")
        if info and "unit_name" in info.cells:
            row, column = info.cells["unit_name"]
            written_text = show_value(info.sheet.cell(row, column))
            place = Remark("TEP03", info.sheet.name, cell_name(row, column), "")
        written = plan.find_unit(written_text) if written_text else None
        if stamped and written_text and written is not stamped:
            message = f"Biểu mẫu cấp cho {plan.name_of(stamped)} nhưng ghi “{written_text}”"
            return replace(place, message=message, advice="Hỏi lại đơn vị; mỗi đơn vị dùng biểu mẫu của mình.")
        named = self._unit_of_file_name(file)
        submission.unit = stamped or written or named
        if submission.unit and named and named is not submission.unit:
            message = f"Tên tệp của {plan.name_of(named)} nhưng nội dung của {plan.name_of(submission.unit)}: đã theo nội dung"
            return replace(place, message=message, advice="Hỏi lại đơn vị gửi.", severity=Severity.WARNING)
        if submission.unit:
            return None
        near = plan.suggest_unit(written_text)
        hint = f"; có phải ý bạn là “{plan.name_of(near)}”?" if near else ""
        message = (
            f"Không biết của đơn vị nào (ghi “{written_text}”{hint})" if written_text else "Không biết của đơn vị nào"
        )
        return replace(
            place, message=message, advice="Ghi đúng tên đơn vị ở sheet “Thông tin”, hoặc dùng lại biểu mẫu của đơn vị."
        )

    def _unit_of_file_name(self, file: str) -> Unit | None:
        """The one unit whose code stands in the file's name or, failing that, in that of the folder or mail it is in."""
        for name in reversed(file.split("/")):
            parts = set(re.split(r"[^0-9A-Za-z]+", name))
            units = [u for u in self._plan.units if u.code in parts]
            if units:
                return units[0] if len(units) == 1 else None
        return None

    def _read_table(self, place: Located) -> tuple[ReadTable, list[Remark]]:
        table = ReadTable(place.sheet.name, place.heading_row, place.columns, place.cells)
        table.as_drawn = _is_as_drawn(place)
        remarks: list[Remark] = []
        marks = self._marks[place.sheet.name]
        marks.printed |= place.printed
        marks.expected_outside |= {
            (row, column) for column in place.asked_columns for row in range(1, len(place.sheet.rows) + 1)
        }
        if place.table.layout is Layout.FIELDS:
            cells = {key: (place.sheet.cell(*position), position) for key, position in place.cells.items()}
            table.rows = [self._type_row(place, table, cells, 0, remarks)]
        elif place.table.layout is Layout.LINES:
            for index, row in sorted(place.lines.items()):
                typed = self._type_row(place, table, _row_cells(place, row), row, remarks)
                fixed = (c.key for c in place.table.columns if c.kind is Kind.FIXED)
                table.rows.append(typed | dict(zip(fixed, place.table.lines[index], strict=True)))
        elif place.columns:
            table.none_marked = self._read_none_mark(place, table, remarks)
            for row, cells in _filled_rows(place):
                table.as_drawn &= row - place.heading_row <= place.table.capacity
                if self._is_entry(place, table, row, cells, remarks):
                    table.rows.append(self._type_row(place, table, cells, row, remarks))
        return table, remarks

    def _is_entry(self, place: Located, table: ReadTable, row: int, cells: _Cells, remarks: list[Remark]) -> bool:
        """Whether a row of a list is a line of data: not blank, no column numbers, no foot line, no lone stray value."""
        name = cells["name"][0] if "name" in cells else ""
        filled = {key: (raw, at) for key, (raw, at) in cells.items() if raw != ""}
        if len(filled) > 2 and isinstance(name, str) and name[:1].isalpha():
            return True  # nearly every row: the rest is for odd ones
        filled = {key: (raw, at) for key, (raw, at) in filled.items() if not is_blank(raw)}
        if not filled:
            return False
        marks = self._marks[place.sheet.name]
        if len(filled) > 1 and all(_COLUMN_NUMBER.fullmatch(show_value(raw)) for raw, _ in filled.values()):
            marks.expected_outside.update(at for _, at in filled.values())
            table.as_drawn = False
            return False
        if len(filled) > 2:
            return True
        texts = [fold(show_value(raw)) for raw in place.sheet.rows[row - 1] if not is_blank(raw)]
        is_foot = any(text.startswith(_FOOT_LINES) for text in texts[:2])
        if is_foot or (len(filled) == 1 and "name" not in filled and len(place.columns) > 3):
            _, (_, column) = next(iter(filled.values()))
            marks.expected_outside.update((row, c) for c in range(1, len(place.sheet.rows[row - 1]) + 1))
            table.as_drawn &= not is_foot
            if not is_foot:
                table.filled.update(filled.keys())
                table.spoilt += 1
                message = "Giá trị lẻ, không phải một dòng danh sách: không đọc"
                advice = "Nhập đủ các cột của dòng, hoặc xóa giá trị này."
                remarks.append(Remark("TEP08", place.sheet.name, cell_name(row, column), message, advice))
            return False
        return True

    def _read_none_mark(self, place: Located, table: ReadTable, remarks: list[Remark]) -> bool:
        label = fold(NONE_LABEL.partition("(")[0])
        for row, cells in enumerate(place.sheet.rows[: max(place.heading_row - 1, 0)], start=1):
            for column, raw in enumerate(cells, start=1):
                if isinstance(raw, str) and fold(raw).startswith(label):
                    mark = place.sheet.cell(row, column + 1)
                    if is_blank(mark):
                        return False
                    parsed = self._values.parse(Column(NONE_KEY, NONE_LABEL, Kind.MARK, 0), mark)
                    marks = self._marks[place.sheet.name]
                    (marks.rejected if parsed.problem else marks.used).add((row, column + 1))
                    table.cells[NONE_KEY] = (row, column + 1)
                    if parsed.problem:
                        table.rejected[NONE_KEY, 0] = mark
                        at = cell_name(row, column + 1)
                        remarks.append(Remark(parsed.code, place.sheet.name, at, parsed.problem, parsed.advice))
                    return parsed.value is True
        return False

    def _type_row(
        self, place: Located, table: ReadTable, cells: _Cells, excel_row: int, remarks: list[Remark]
    ) -> dict[str, Any]:
        row: dict[str, Any] = {"excel_row": excel_row}
        rejected = set()
        marks = self._marks[place.sheet.name]
        for column in place.table.stored:
            if column.key not in cells:
                row[column.key] = None
                continue
            raw, at = cells[column.key]
            if column.kind is Kind.FIXED and place.table.layout is Layout.LINES:
                marks.printed.add(at)
                row[column.key] = None
                continue
            if is_blank(raw):
                row[column.key] = False if column.kind is Kind.MARK else None
                continue
            parsed = self._values.parse(column, raw)
            row[column.key] = parsed.value
            table.filled[column.key] += 1
            table.doubtful[column.key] += _is_doubtful(column, raw, parsed)
            table.spoilt += isinstance(raw, CellError)
            (marks.rejected if parsed.problem else marks.used).add(at)
            if parsed.problem:
                rejected.add(column.key)
                table.rejected[column.key, excel_row] = raw
                remarks.append(Remark(parsed.code, place.sheet.name, cell_name(*at), parsed.problem, parsed.advice))
            elif parsed.assumed:
                message = capitalize(parsed.assumed)
                code = parsed.code or ("O02" if column.kind is Kind.CHOICE else "O03")
                remarks.append(Remark(code, place.sheet.name, cell_name(*at), message, "", Severity.NOTE))
        self._report_blanks(place, row, cells, rejected, remarks)
        return row

    def _report_blanks(
        self, place: Located, row: dict[str, Any], cells: _Cells, rejected: set[str], remarks: list[Remark]
    ) -> None:
        """An empty required cell, unless a rule with a check of its own looks for it."""
        for column in place.table.stored:
            if RULES_BY_CODE[column.blank_rule].check or row[column.key] is not None or column.key in rejected:
                continue
            if column.key in cells and self._is_required(place.table, column, row):
                at = cell_name(*cells[column.key][1])
                message = f"{'Chưa chọn' if column.kind is Kind.CHOICE else 'Chưa nhập'} “{column.heading}”"
                remarks.append(Remark(column.blank_rule, place.sheet.name, at, message, column.hint))

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

    def _is_required(self, table: Table, column: Column, row: dict[str, Any]) -> bool:
        """Whether this row must have a value in this column."""
        if not column.when:
            return column.required
        other, keys = column.when
        choices = self._plan.lists.choices(table.by_key[other].choices)
        return any(c.value == row[other] and c.key in keys for c in choices)


def _is_as_drawn(place: Located) -> bool:
    """Whether every row and column of the table was found, so that the form's own formulas mean the same cells."""
    if place.table.layout is Layout.FIELDS:
        return {c.key for c in place.table.stored} <= place.cells.keys()
    lines = place.table.layout is Layout.LIST or len(place.lines) == len(place.table.lines)
    return lines and {c.key for c in place.table.stored} <= place.columns.keys()


def _is_doubtful(column: Column, raw: Any, parsed: Parsed) -> bool:
    """Whether a cell is not as the form asks, by what a formula can see of it.

    A formula sees neither the font of a text nor whether a number is shown as a date.
    """
    if column.kind is Kind.TEXT:
        return isinstance(raw, CellError)
    if column.kind is Kind.DATE and isinstance(raw, (int, float)):
        return bool(parsed.problem)
    return bool(parsed.problem or parsed.assumed)


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


def _warn(workbook: RawWorkbook, marks: dict[str, Marks]) -> list[Remark]:
    """TEP09: what a reader should know of the file and its cells."""
    remarks = [Remark("TEP09", "", "", f"Tệp {warning}") for warning in workbook.warnings]
    for sheet in workbook.sheets:
        if fold(sheet.name) in _OWN_KEYS:
            continue
        message, advice = "Công thức chưa có giá trị được lưu", "Mở tệp, tính lại rồi lưu, hoặc nhập thẳng giá trị."
        remarks += [Remark("TEP09", sheet.name, cell, message, advice) for cell in sheet.formulas]
        rows = sorted({row for row, _ in marks[sheet.name].used} & set(sheet.hidden_rows))
        if rows:
            shown = ", ".join(map(str, rows[:_SHOWN_CELLS])) + (" …" if len(rows) > _SHOWN_CELLS else "")
            message = f"{len(rows)} dòng ẩn (hoặc bị lọc) có dữ liệu, vẫn được đọc: dòng {shown}"
            remarks.append(Remark("TEP09", sheet.name, "", message, "Bỏ ẩn, bỏ lọc để kiểm tra; xóa nếu không dùng."))
    return remarks


def _read_stamp(sheets: Iterable[RawSheet]) -> dict[str, str]:
    """The identity that the form carries on its hidden sheet; {} where that sheet is gone."""
    for sheet in sheets:
        if sheet.name == IDENTITY_SHEET:
            return {show_value(row[0]): show_value(row[1]) for row in sheet.rows if len(row) > 1}
    return {}


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


_Cells = dict[str, tuple[Any, tuple[int, int]]]
"""Raw cells of a row by column key, each with its row and column."""


def _row_cells(place: Located, row: int) -> _Cells:
    return {
        key: (place.sheet.cell(row, column), (row, column)) for key, column in place.columns.items() if key != "order"
    }


def _filled_rows(place: Located) -> Iterator[tuple[int, _Cells]]:
    """The rows below the heading in which any column of the table, but the order number, has something."""
    columns = {key: column for key, column in place.columns.items() if key != "order"}
    width = max(columns.values(), default=0)
    for row, cells in enumerate(place.sheet.rows[place.heading_row :], start=place.heading_row + 1):
        padded = cells if len(cells) >= width else cells + [""] * (width - len(cells))
        if any(padded[column - 1] != "" for column in columns.values()):
            yield row, {key: (padded[column - 1], (row, column)) for key, column in columns.items()}
