"""One file that a unit sent up ─► a submission with the record of its result. The whole of it runs in a worker.

tong-hop-….xlsx and ket-qua.json are read, whatever their names. What stands in the forms is compared with the record,
and never taken for it.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import msgspec

from dhtt_excel.excel.cells import show_value
from dhtt_excel.findings import Fault, Severity
from dhtt_excel.form.form import IDENTITY_SHEET, Form
from dhtt_excel.inbox.containers import RESULT_SUFFIX
from dhtt_excel.inbox.find_files import FoundFile
from dhtt_excel.inbox.guard_package import MAX_FILE
from dhtt_excel.inbox.open_workbooks import load_file, refuse_file
from dhtt_excel.inbox.parse_workbook import parse_workbook
from dhtt_excel.inbox.raw import RawSheet, RawWorkbook
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.reading.identify_unit import find_named_unit
from dhtt_excel.reading.read_submission import find
from dhtt_excel.reading.submissions import Submission
from dhtt_excel.rollup.check_record import check_record
from dhtt_excel.rollup.record import FutureRecordError, ResultRecord, digest_record, parse_record
from dhtt_excel.rollup.shown import FORMS, Change, find_changes, list_rows
from dhtt_excel.rollup.stamp import STAMP_SHEET, BrokenStampError, Stamp, read_stamp
from dhtt_excel.rules.results import (
    SEND_AGAIN,
    cells_changed,
    figures_broken,
    figures_newer,
    result_unreadable,
    unknown_result,
)
from dhtt_excel.text.characters import join_some
from dhtt_excel.text.vietnamese import fold, format_number, slug

_TITLE_ROWS = 8  # of a form, in which its office stands
_SHOWN_CHANGES = 5
_KIND = RESULT_SUFFIX.removeprefix(".")
_OLD_FORMAT = 3  # sheets of a summary by which it is known


_Read = tuple[ResultRecord, list[Fault]]


class _Written(msgspec.Struct):
    """ket-qua.json, as far as it is looked at here."""

    format_version: int
    plan: str
    record: msgspec.Raw = msgspec.Raw(b"")
    record_sha256: str = ""


class _RefusedResultError(Exception):
    """Why nothing of a result can be used."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


class ResultReader:
    """Makes submissions of results. It is data only, so that it can be sent to a worker."""

    def __init__(self, form: Form, plan: Plan) -> None:
        self._form = form
        self._plan = plan

    def read_result(self, file: FoundFile) -> Submission:
        """What the file turns out to be. What cannot be read comes with a finding that says so, never as an exception."""
        source, data = load_file(file)
        if source.refusal:
            return self._refuse(source)
        if _is_text(data, file.suffix):
            return self._judge(replace(source, kind=_KIND), lambda _: self._read_json(data.removeprefix(BOM_UTF8)))
        suffix = ".xlsx" if file.suffix == RESULT_SUFFIX else file.suffix  # what it is its first bytes say
        workbook = parse_workbook(source, data, suffix, results=True)
        if workbook.refusal:
            return self._refuse(workbook)
        return self._judge(workbook, self._read_sheets)

    def refuse_result(self, file: FoundFile, code: str, problem: str) -> Submission:
        """A file on which a worker failed."""
        return self._refuse(refuse_file(file, code, problem))

    def _refuse(self, source: RawWorkbook) -> Submission:
        return self._tell(source, None, [result_unreadable.fault(f"Không đọc được: {source.problem}", source.advice)])

    def _tell(self, source: RawWorkbook, unit: Unit | None, faults: Iterable[Fault]) -> Submission:
        """A file of which nothing is used, of a unit as far as that can be guessed."""
        unit = unit or self._find_titled(source.sheets) or self._find_in_name(source.file)
        code = unit.code if unit else ""
        findings = [find(fault, source.file, code, self._plan) for fault in faults]
        return Submission(replace(source, sheets=()), findings=findings)

    def _judge(self, source: RawWorkbook, read: Callable[[RawWorkbook], _Read]) -> Submission:
        try:
            record, faults = read(source)
            unit = self._find_unit(record)
            faults = [*faults, *check_record(record, self._form, self._plan)]
        except _RefusedResultError as refused:
            return self._tell(source, None, [refused.fault])
        except FutureRecordError:
            return self._tell(source, None, [figures_newer.fault("Số liệu do phiên bản mới hơn của chương trình ghi")])
        if any(fault.rule and fault.rule.judges_file and fault.severity is None for fault in faults):
            return self._tell(source, unit, faults)
        submission = Submission(replace(source, sheets=()), unit, record.form_version, record=record)
        submission.entered = max(
            1, sum(v is not None for leaf in record.units if leaf.sent for v in leaf.values.values())
        )
        submission.findings = [find(fault, source.file, unit.code, self._plan) for fault in faults]
        return submission

    # ------------------------------------------------------------ the record

    def _read_json(self, data: bytes) -> _Read:
        try:
            written = msgspec.json.decode(data, type=_Written)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise _RefusedResultError(
                result_unreadable.fault(
                    "Tệp .json bị cắt ngang, bị hỏng, hoặc không phải ket-qua.json của chương trình"
                )
            ) from None
        if not bytes(written.record):
            message = f"ket-qua.json của phiên bản cũ (kế hoạch {written.plan}), chưa có số liệu đi kèm"
            raise _RefusedResultError(result_unreadable.fault(message))
        try:
            record = parse_record(bytes(written.record))
        except (msgspec.DecodeError, RecursionError):
            raise _RefusedResultError(_tell_broken()) from None
        if digest_record(record) != written.record_sha256:
            raise _RefusedResultError(_tell_broken())
        return record, []

    def _read_sheets(self, workbook: RawWorkbook) -> _Read:
        names = {sheet.name for sheet in workbook.sheets}
        sheet = next((sheet for sheet in workbook.sheets if sheet.name == STAMP_SHEET), None)
        if sheet is None:
            raise _RefusedResultError(result_unreadable.fault(*_tell_unstamped(names)))
        try:
            stamp = read_stamp(sheet.rows)
        except BrokenStampError:
            raise _RefusedResultError(_tell_broken(STAMP_SHEET)) from None
        return stamp.record, list(_compare_forms(workbook.sheets, stamp))

    # ------------------------------------------------------------ whose it is

    def _find_unit(self, record: ResultRecord) -> Unit:
        plan = self._plan
        by_code = plan.units_by_code.get(record.code)
        by_name = plan.find_unit(record.name)
        if by_code and by_name is not by_code:
            message = f"Mã {record.code} là của {plan.name_of(by_code)} nhưng kết quả ghi “{record.name}”"
            raise _RefusedResultError(unknown_result.fault(message))
        unit = by_code or by_name
        if unit is None or unit.level == "upper":
            what = "chính nơi tổng hợp" if unit else "đơn vị ngoài kế hoạch này"
            message = f"Kết quả của “{record.name}” (mã {record.code}, kế hoạch {record.plan}): {what}"
            raise _RefusedResultError(unknown_result.fault(message))
        return unit

    def _find_titled(self, sheets: Sequence[RawSheet]) -> Unit | None:
        """The unit whose office heads the first form; for summaries that do not say otherwise whose they are."""
        rows = (row for sheet in sheets[:1] for row in sheet.rows[:_TITLE_ROWS])
        texts = [fold(show_value(value)) for row in rows for value in row if isinstance(value, str)]
        units = [u for u in self._plan.local_units if any(fold(self._plan.name_of(u)) in text for text in texts)]
        return units[0] if len(units) == 1 else None

    def _find_in_name(self, file: str) -> Unit | None:
        """The one unit whose code or name stands in the file's name, or in that of the folder or mail it is in."""
        if named := find_named_unit(file, self._plan):
            return named if named.level == "local" else None
        for part in reversed(file.split("/")):
            spelt = f"-{slug(part)}-"
            units = [u for u in self._plan.local_units if f"-{slug(u.name)}-" in spelt]
            if units:
                return units[0] if len(units) == 1 else None
        return None


def _is_text(data: bytes, suffix: str) -> bool:
    """Whether it is to be read as ket-qua.json, whatever its name."""
    start = data[:1024].removeprefix(BOM_UTF8).lstrip()
    return start[:1] == b"{" or (
        suffix == RESULT_SUFFIX and 0 < len(data) <= MAX_FILE and start[:2] not in (b"PK", b"\xd0\xcf")
    )


def _tell_broken(sheet: str = "") -> Fault:
    message = "Số liệu đi kèm đã bị sửa hoặc thiếu: không khớp mã SHA-256"
    return figures_broken.fault(message, sheet=sheet)


def _tell_unstamped(names: set[str]) -> tuple[str, str]:
    """What a workbook without a record is, and what to ask for."""
    if IDENTITY_SHEET in names:
        return "Biểu mẫu của một đơn vị cấp dưới, không phải kết quả tổng hợp", SEND_AGAIN
    if len(names.intersection(FORMS)) >= _OLD_FORMAT:
        return "Biểu tổng hợp của phiên bản cũ, hoặc đã mất trang tính ẩn: không có số liệu đi kèm để cộng", SEND_AGAIN
    return "Không phải kết quả tổng hợp của chương trình", SEND_AGAIN


def _compare_forms(sheets: Sequence[RawSheet], stamp: Stamp) -> Iterator[Fault]:
    """One word a form on what in it is not as it was written."""
    by_name = {sheet.name: sheet for sheet in sheets}
    wanted = dict.fromkeys((*FORMS, *stamp.shown))
    unsaved = [name for name in wanted if name in by_name and by_name[name].formulas]
    if unsaved:
        names = join_some([f"“{name}”" for name in unsaved], _SHOWN_CHANGES)
        message = f"Công thức trên {names} được lưu không kèm giá trị: không đối chiếu được biểu với số liệu đi kèm"
        yield cells_changed.fault(message, SEND_AGAIN, Severity.WARNING)
    for name in wanted:
        sheet = by_name.get(name)
        if sheet is None:
            message = f"Không còn trang tính “{name}”: số liệu đi kèm vẫn đủ, nhưng không đối chiếu được với biểu"
            yield cells_changed.fault(message, severity=Severity.WARNING)
            continue
        cells = {
            (row, column): value
            for row, values in enumerate(sheet.rows, start=1)
            for column, value in enumerate(values, start=1)
            if value != ""
        }
        changes = find_changes(stamp.rows_of(name), list(list_rows(cells)))
        if name in unsaved:  # what is not there was perhaps never saved
            changes = [change for change in changes if change.now is not None and change.written is not None]
        if changes:
            yield _tell_changes(name, changes)


def _tell_changes(name: str, changes: Sequence[Change]) -> Fault:
    told = "; ".join(map(_tell_change, changes[:_SHOWN_CHANGES]))
    more = f"; và {len(changes) - _SHOWN_CHANGES} chỗ khác" if len(changes) > _SHOWN_CHANGES else ""
    first = next((change.at for change in changes if change.cell), None)
    return cells_changed.fault(f"{len(changes)} chỗ khác số liệu đi kèm: {told}{more}", sheet=name, at=first)


def _tell_change(change: Change) -> str:
    row = f"dòng “{change.label}”" if change.label else "dòng tổng cộng"
    where = f"{change.cell} ({change.label})" if change.label and change.cell else change.cell or row
    if change.now is not None and change.written is not None:
        return f"{where} ghi {_show(change.now)}, đi kèm {_show(change.written)}"
    if change.now is not None:
        return f"{where} ghi {_show(change.now)}, đi kèm không có"
    if change.written is not None:
        return f"{row} không còn số {_show(change.written)}"
    return f"dòng {where} không có khi ghi ra" if change.cell else f"không còn {row}"


def _show(number: float) -> str:
    return format_number(number, 0 if number.is_integer() else 1)
