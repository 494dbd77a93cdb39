"""Result ─► a copy for every unit that has something to mend: the present form with the unit's own data and what is wrong.

The copy is a valid submission itself. It is drawn anew, never saved over: drop-downs, formats and formulas are whole,
whatever the program that the unit used had made of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from itertools import groupby, islice
from typing import Any

from dhtt_excel.excel.addresses import cell_name, quote_sheet, range_name
from dhtt_excel.excel.book import fit_value
from dhtt_excel.findings import Finding, Severity, State
from dhtt_excel.form.check_lines import FIRST_CHECK_ROW, PASSED, VERDICT_COLUMN, list_lines
from dhtt_excel.form.draw_form import Returned, draw_form
from dhtt_excel.form.form import CHECK_SHEET
from dhtt_excel.form.formulas import formula_still, quote
from dhtt_excel.form.sheets.corrections import (
    CHANGED,
    MAX_LISTED,
    UNCHANGED,
    Correction,
    draw_corrections,
    draw_outside,
)
from dhtt_excel.form.sheets.paper import Formula, Mark
from dhtt_excel.form.stamps import CORRECTIONS_SHEET, OUTSIDE_SHEET, write_note
from dhtt_excel.outputs.failures import Failure, keep_failure
from dhtt_excel.outputs.returns.restore_entries import Place, find_place, map_cells, restore_entries
from dhtt_excel.plan.plan import Unit
from dhtt_excel.reading.submissions import Submission
from dhtt_excel.reading.tell_unseen import STRUCK_ADVICE, UNHIDE, UNHIDE_SHEET
from dhtt_excel.result import Result, Verdict
from dhtt_excel.rules import RULES, RULES_BY_CODE, is_for_office
from dhtt_excel.rules.files import hidden_content

RETURN_NOUN = "bản trả lại"
_AGAIN = "lần trước đã sửa."
_UNHIDDEN = "Đã bỏ ẩn trong tệp này: xem lại, xóa nếu không dùng; lần sau xin không ẩn."
_MENDED = "Không phải làm gì; lần sau xin giữ đúng biểu mẫu."


def write_returns(result: Result, failures: list[Failure] | None = None) -> dict[str, tuple[str, bytes]]:
    """File name and bytes of each copy, by code of the unit.

    `failures` gets those that could not be drawn; without it they are raised.
    """
    copies = {}
    for unit in list_returns(result):
        with nullcontext() if failures is None else keep_failure(failures, RETURN_NOUN, unit.code):
            copies[unit.code] = (name_return(result, unit), write_return(result, unit))
    return copies


def list_returns(result: Result) -> list[Unit]:
    """The units that get a copy: those asked to mend something, and of which something has come."""
    units = () if result.plan.rolls_up else result.plan.senders
    return [u for u in units if result.asked_of(u) and result.verdict_of(u) is not Verdict.MISSING]


def write_return(result: Result, unit: Unit) -> bytes:
    """The copy of one unit: an empty form where no file of it could be read. The same result gives the same bytes."""
    return _Copy(result, unit, result.asked_of(unit)).draw()


def name_return(result: Result, unit: Unit) -> str:
    """File name of the copy of this round."""
    stem = result.plan.workbook_name(unit).removesuffix(".xlsx")
    return f"{stem}_sua-lan-{result.rounds[unit.code].number}.xlsx"


class _Copy:
    """One unit's copy."""

    def __init__(self, result: Result, unit: Unit, asked: Sequence[Finding]) -> None:
        self._result = result
        self._unit = unit
        self._asked = asked
        self._to_mend = [f for f in asked if not _is_mended(f)]
        self._submission = result.used.get(unit.code)
        self._entries = restore_entries(self._submission, result.form) if self._submission else {}
        self._check_rows = {
            line.key: row
            for row, line in enumerate(list_lines(result.plan, result.form, unit, RULES), start=FIRST_CHECK_ROW)
        }

    def draw(self) -> bytes:
        result = self._result
        name = f"{CORRECTIONS_SHEET} ({len(self._asked)})"
        outside = list(_list_outside(self._submission)) if self._submission else []
        returned = Returned(
            before={name: partial(draw_corrections, titles=self._titles(), sections=self._sections())},
            after={OUTSIDE_SHEET: partial(draw_outside, cells=outside)} if outside else {},
            marks=self._marks(),
        )
        return draw_form(result.plan, result.form, self._unit, RULES, self._entries, returned)

    def _titles(self) -> list[str]:
        result, plan = self._result, self._result.plan
        errors, warnings = (sum(f.severity is s for f in self._to_mend) for s in (Severity.ERROR, Severity.WARNING))
        mended = len(self._asked) - len(self._to_mend)
        ready = f", {mended} chỗ đã chỉnh sẵn" if mended else ""
        number = result.rounds[self._unit.code].number
        return [
            "NHỮNG CHỖ CẦN SỬA",
            f"{plan.name_of(self._unit)} – lần nộp {number}: {errors} lỗi phải sửa, {warnings} chỗ nên xem lại{ready}",
            f"Số liệu đơn vị đã gửi nằm nguyên trong tệp này. {self._say_what_to_do()}",
        ]

    def _say_what_to_do(self) -> str:
        result, plan = self._result, self._result.plan
        if not self._to_mend:
            return "Không phải sửa gì; nếu còn nộp lần nữa thì dùng tệp này."
        fixed = len(result.fixed_by_unit.get(self._unit.code, []))
        thanks = f" Đã sửa được {fixed} chỗ của các lần trước." if fixed else ""
        by = f" trước ngày {plan.report.before:%d/%m/%Y}" if result.as_of < plan.report.before else " ngay"
        return (
            "Bấm vào ô để tới chỗ cần sửa: ô đỏ là sai, ô vàng là nên xem lại, đưa chuột vào ô để đọc ghi chú; sửa xong ô hết "
            f"đỏ.{thanks} Sửa xong thì lưu và gửi tệp này tới {plan.levels.upper.contact}{by}."
        )

    def _sections(self) -> list[tuple[str, list[Correction]]]:
        own = self._result.findings_by_unit.get(self._unit.code, [])
        notes = [f for f in own if f.severity is Severity.NOTE and not is_for_office(f)]
        accepted = [f for f in own if f.severity is Severity.ACCEPTED]
        mended = [f for f in self._asked if _is_mended(f)]
        return [
            ("Cần sửa, cần xem lại", [self._correct(f) for f in self._to_mend]),
            ("Đã chỉnh sẵn trong tệp này", [self._correct(f, _say_mended(f)) for f in mended]),
            ("Đã hiểu là: đã sửa sẵn trong tệp này, xin xem có đúng ý không", [self._correct(f) for f in notes]),
            ("Được chấp nhận, không cần sửa", [self._correct(f, f.reason) for f in accepted]),
        ]

    def _correct(self, finding: Finding, advice: str = "") -> Correction:
        place = self._find(finding)
        sheet = place.sheet if place else finding.sheet
        open_ = finding.severity.asks and not _is_mended(finding)
        return Correction(
            severity=finding.severity,
            state=finding.state.to_unit.label
            if finding.state and self._result.rounds[self._unit.code].number > 1
            else "",
            sheet=sheet,
            cell=_name(place) if place else "",
            target=self._target(sheet, place),
            problem=finding.message,
            advice=advice or finding.advice,
            citation=finding.citation,
            present=self._present(finding, place) if open_ else "",
        )

    def _find(self, finding: Finding) -> Place | None:
        if self._submission is None or finding.file != self._submission.source.file:
            return None
        return find_place(self._submission, self._result.form, finding.sheet, finding.cell)

    def _target(self, sheet: str, place: Place | None) -> str:
        if sheet not in self._result.form.sheets:
            return ""
        return f"{quote_sheet(sheet)}!{cell_name(place.row, place.column) if place else 'A1'}"

    def _present(self, finding: Finding, place: Place | None) -> str:
        """How a finding stands now: by what is in its cells; where they are as they were, its line on "Kiểm tra" may be in order."""
        row = self._check_rows.get((finding.code, place.sheet if place else finding.sheet))
        verdict = range_name(CHECK_SHEET, row, VERDICT_COLUMN, row, VERDICT_COLUMN) if row else ""
        still = _formula_range_still(place, self._entries) if place and not place.heading else ""
        if not still:
            return verdict
        unchanged = f"IF({verdict}={quote(PASSED)},{quote(PASSED)},{quote(UNCHANGED)})" if verdict else quote(UNCHANGED)
        return f"IF({still},{unchanged},{quote(CHANGED)})"

    def _marks(self) -> dict[str, dict[tuple[int, int], Mark]]:
        """The note of every cell that is to be mended; several findings of a cell share one."""
        found: dict[str, dict[tuple[int, int], list[Finding]]] = {}
        headings = set()
        placed = ((finding, place) for finding in self._to_mend if (place := self._find(finding)))
        marked = ((finding, place, cell) for finding, place in placed for cell in place.cells)
        for finding, place, cell in islice(marked, MAX_LISTED):
            found.setdefault(place.sheet, {}).setdefault(cell, []).append(finding)
            if place.heading:
                headings.add((place.sheet, cell))
        marks = {
            sheet: {
                cell: Mark(
                    _write_note(findings),
                    "" if (sheet, cell) in headings else self._formula_cell_still(sheet, cell),
                    warning=all(f.severity is Severity.WARNING for f in findings),
                )
                for cell, findings in sorted(cells.items())
            }
            for sheet, cells in found.items()
        }
        self._mark_unseen(marks)
        return marks

    def _mark_unseen(self, marks: dict[str, dict[tuple[int, int], Mark]]) -> None:
        """What was struck through stays so; a note in the first cell of its row says so, and of rows that were hidden."""
        if self._submission is None:
            return
        rule, form = hidden_content, self._result.form
        citation = self._result.plan.cite(rule.clause_for(self._result.plan, self._unit.code))
        for name, message, advice in (
            ("struck", "Dòng có chữ bị gạch ngang", STRUCK_ADVICE),
            ("hidden", "Dòng này bị ẩn trong tệp đã gửi: đã bỏ ẩn", UNHIDE),
        ):
            note = write_note(rule.severity.label, rule.code, message, advice, citation, "")
            for sheet, cells in map_cells(self._submission, form, name).items():
                firsts = {min(same) for _, same in groupby(cells, key=lambda cell: cell[0])}
                for cell in cells[:MAX_LISTED]:
                    mark = marks.setdefault(sheet, {}).get(cell, Mark(""))
                    told = "\n\n".join(filter(None, [mark.note, note if cell in firsts else ""]))
                    struck = mark.struck or name == "struck"
                    if told or struck:
                        marks[sheet][cell] = mark._replace(note=told, struck=struck)

    def _formula_cell_still(self, sheet: str, cell: tuple[int, int]) -> str:
        return _formula_still(cell_name(*cell, fixed=True), self._entries.get((sheet, *cell)))


def _is_mended(finding: Finding) -> bool:
    """Whether a fresh form has mended it in itself: a renamed sheet, a moved heading, what stood outside."""
    by_form = RULES_BY_CODE[finding.code].judges_file and not finding.by_hand
    return by_form and finding.severity is Severity.WARNING


def _say_mended(finding: Finding) -> str:
    return _UNHIDDEN if finding.advice in (UNHIDE, UNHIDE_SHEET) else _MENDED


def _name(place: Place) -> str:
    first, last = cell_name(place.row, place.column), cell_name(place.last_row, place.column)
    return first if first == last else f"{first}:{last}"


def _write_note(findings: Sequence[Finding]) -> str:
    """What is wrong, why, and what to enter."""
    return "\n\n".join(
        write_note(f.severity.label, f.code, f.message, f.advice, f.citation, _AGAIN if f.state is State.BACK else "")
        for f in findings
    )


def _list_outside(submission: Submission) -> Iterator[tuple[str, str, str]]:
    """What an earlier copy had put aside, then what stands outside the form in this file."""
    for sheet, place, text in submission.carried:
        yield sheet, place, fit_value(text)
    for account in submission.accounts:
        for cell in account.outside:
            yield account.sheet, cell_name(cell.row, cell.column), fit_value(cell.text)
        for aside in account.asides:
            yield account.sheet, aside.place, fit_value(aside.words)


def _formula_still(name: str, value: Any) -> str:
    """Formula: whether the cell of this name is as it was."""
    return f"ISERROR({name})" if isinstance(value, Formula) else formula_still(name, value)


def _formula_range_still(place: Place, entries: Mapping[tuple[str, int, int], Any]) -> str:
    """Formula: whether any cell of a place is as it was; "" where its cells differ, too much for a formula."""
    values = [entries.get((place.sheet, *cell)) for cell in place.cells]
    name = range_name(place.sheet, place.row, place.column, place.last_row, place.column)
    if len(values) == 1:
        return _formula_still(name, values[0])
    return f"SUMPRODUCT(--(LEN(TRIM({name}))=0))>0" if all(value is None for value in values) else ""
