"""Invent the results that the units of a plan that rolls up would send, each consolidated from a few units of its own.

What these enter goes by way of the reader, the rules and the writers of any campaign; it is only never saved as workbooks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from dhtt_excel.errors import UserError
from dhtt_excel.form.draw_form import list_printed
from dhtt_excel.form.form import TICK, Form, form_of
from dhtt_excel.inbox.raw import RawSheet, RawWorkbook
from dhtt_excel.outputs.side_by_side import make_side_by_side
from dhtt_excel.pipeline import OfficeFiles, judge_submissions
from dhtt_excel.plan.plan import Plan, Unit, load_plan
from dhtt_excel.reading.read_submission import SubmissionReader
from dhtt_excel.rehearsal.edit_part import edit_part
from dhtt_excel.rehearsal.entries import invent_entries
from dhtt_excel.rehearsal.invent_campaign import SentFile
from dhtt_excel.rehearsal.persons import roll_dice
from dhtt_excel.rehearsal.words import WORDS
from dhtt_excel.rules import RULES
from dhtt_excel.text.file_names import HISTORY_FILE, name_outputs
from dhtt_excel.text.vietnamese import slug

if TYPE_CHECKING:
    from dhtt_excel.result import Result

_BELOW = 2  # units of the lowest level in each result
_ACCIDENTS = ("missing", "changed", "draft", "twice", "json")  # one unit each; with fewer units, the first of them
_FIRST_FORM = "xl/worksheets/sheet1.xml"
_COUNT = re.compile(r'(<c r="[A-Z]+[0-9]+" s="[0-9]+"><v>)([1-9][0-9])(</v></c>)')  # of two digits, and no formula


def invent_results(plan: Plan, seed: int = 215, clean: bool = False) -> list[SentFile]:
    """What every unit of the plan sends, in this order; `clean`: all there and finished.

    Raises `UserError` where nothing says what plan the units themselves go by.
    """
    base = _find_base(plan)
    units = plan.local_units
    dice = roll_dice(plan, plan.upper_unit, seed, "accidents")
    chosen = [] if clean else dice.sample(units, len(units))
    accidents = _ACCIDENTS if len(units) > 1 else _ACCIDENTS[1:]  # somebody sends something
    dealt = {unit.code: accident for accident, unit in zip(accidents, chosen, strict=False)}
    inventor = _Inventor(base, seed, dealt)
    made = dict(make_side_by_side(inventor.invent, units))
    first, again = ([files[n] for files in map(made.get, units) if files and n < len(files)] for n in (0, 1))
    return [*first, *again]


def _find_base(plan: Plan) -> Plan:
    """The plan by which workbooks are filled in, at the bottom of those that roll up."""
    while plan.rolls_up:
        if not plan.based_on:
            raise UserError(
                f"Kế hoạch “{plan.id}” không dựa trên kế hoạch có biểu mẫu nào (based_on): không làm thử được."
            )
        plan = load_plan(plan.based_on)
    return plan


@dataclass(frozen=True)
class _Inventor:
    """Makes what a unit sends. `dealt`: the accident that happens to a unit, by its code."""

    base: Plan
    seed: int
    dealt: dict[str, str]

    def invent(self, unit: Unit) -> list[SentFile]:
        """The unit's files in the order in which it sends them."""
        from dhtt_excel.outputs.summary.write_summary import write_summary
        from dhtt_excel.outputs.write_json import write_json

        accident, notes = self.dealt.get(unit.code, ""), WORDS.accidents.notes
        plan = self._split_plan(unit)
        name = name_outputs(plan.id)[0]
        if accident == "missing":
            return []
        if accident == "json":
            data = write_json(self._consolidate(plan))
            return [_send(unit, f"{slug(unit.name)} {HISTORY_FILE}", data, notes.json)]
        if accident == "draft":
            early = write_summary(self._consolidate(plan, plan.local_units[-1]))
            return [_send(unit, name, early, notes.draft.format(unit=plan.name_of(plan.local_units[-1])))]
        whole = write_summary(self._consolidate(plan))
        if accident == "changed":
            return [_send(unit, name, _type_over(whole), notes.changed)]
        if accident == "twice":
            early = write_summary(self._consolidate(plan, plan.local_units[-1]))
            second = WORDS.files.second.format(stem=name.removesuffix(".xlsx"))
            return [_send(unit, name, early, notes.early), _send(unit, second, whole, notes.late)]
        return [_send(unit, name, whole)]

    def _split_plan(self, unit: Unit) -> Plan:
        """The plan of a unit that consolidates, with units of its own."""
        base, noun = self.base, WORDS.places.below.get(unit.noun, "")
        own = (Unit(f"{unit.code}{n:02}", f"{unit.name} {n}", noun=noun) for n in range(1, _BELOW + 1))
        upper = replace(unit, level="upper")
        called = f"{unit.noun or base.levels.upper.noun} {unit.name}"
        names = replace(base.levels.upper, office=f"UBND {called}", full_office=f"Ủy ban nhân dân {called}")
        plan_id = f"{slug(unit.name)}-{base.year}"
        return replace(base, id=plan_id, units=(*own, upper), levels=replace(base.levels, upper=names))

    def _consolidate(self, plan: Plan, missing: Unit | None = None) -> Result:
        form = form_of(plan)
        reader = SubmissionReader(form, plan)
        units = [unit for unit in plan.units_by_code.values() if unit != missing]
        sent = (reader.read_workbook(self._fill_in(plan, form, unit)) for unit in units)
        return judge_submissions(sent, form, plan, plan.report.before, OfficeFiles())

    def _fill_in(self, plan: Plan, form: Form, unit: Unit) -> RawWorkbook:
        """A unit's workbook as a reader would give it."""
        shown: dict[str, dict[tuple[int, int], Any]] = {
            sheet: dict(cells) for sheet, cells in list_printed(plan, form, unit, RULES).items()
        }
        for (sheet, row, column), value in invent_entries(plan, form, unit, self.seed).items():
            shown[sheet][row, column] = TICK if value is True else value
        sheets = tuple(_lay_out(name, cells) for name, cells in shown.items())
        sent = datetime.combine(plan.report.before - timedelta(days=3), time(8))
        return RawWorkbook(plan.workbook_name(unit), 0, unit.code, sent, "xlsx", sheets)


def _send(unit: Unit, name: str, data: bytes, note: str = "") -> SentFile:
    return SentFile(name, unit, {}, note, data)


def _lay_out(name: str, cells: dict[tuple[int, int], Any]) -> RawSheet:
    filled = {at: value for at, value in cells.items() if value not in (None, "")}
    width = max((column for _, column in filled), default=0)
    rows = [[""] * width for _ in range(max((row for row, _ in filled), default=0))]
    for (row, column), value in filled.items():
        rows[row - 1][column - 1] = value
    return RawSheet(name, visible=True, rows=rows, received=len(filled))


def _type_over(summary: bytes) -> bytes:
    """The summary with a count changed by hand."""
    return edit_part(
        summary, _FIRST_FORM, lambda text: _COUNT.sub(lambda m: f"{m[1]}{int(m[2]) + 5}{m[3]}", text, count=1)
    )
