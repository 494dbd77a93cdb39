"""Biểu 4: the speeches. A title says what it is about and never who speaks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.excel.book import Book
from dhtt_excel.figures.city_forms import (
    NOT_SENT,
    TOTAL_LABEL,
    UNITS_FORM,
    UNKNOWN,
    list_speech_figures,
    name_conferences,
)
from dhtt_excel.figures.describe_gaps import describe_gaps
from dhtt_excel.figures.describe_units import name_some, say_coverage
from dhtt_excel.figures.figure import add_known
from dhtt_excel.figures.hide_names import HIDDEN, NameHider, list_persons
from dhtt_excel.outputs.summary.administrative_layout import CENTRED
from dhtt_excel.outputs.summary.form_table import BAND, BOLD, FormTable
from dhtt_excel.outputs.summary.paired_table import PairedTable, leave_out_idle
from dhtt_excel.outputs.summary.verdicts import name_unit, say_upper_absent
from dhtt_excel.plan.code_lists import Choice
from dhtt_excel.plan.plan import Plan
from dhtt_excel.result import Result

MARK = "Biểu 4"
_FORM_TITLE = "BIỂU TỔNG HỢP BÁO CÁO THAM LUẬN\nCỦA CÁC ĐIỂN HÌNH TIÊN TIẾN"
_TITLE, _MINUTES = 2, 6
_WIDTHS = (22.0, 190.0, 40.0, 44.0, 146.0, 25.0)  # order, title, kind, area, field, minutes
_SIZE, _LEAST_ROW = 10.0, 12.75


class Speech(NamedTuple):
    """A line of the form; None where nothing, or nothing usable, was given."""

    unit: str
    title: str | None
    kind: str | None
    area: str | None
    field: str | None
    minutes: int | None
    illustration: str | None


def draw_speeches(book: Book, result: Result) -> None:
    if result.plan.rolls_up:
        _draw_counts(book, result)
        return
    plan = result.plan
    speeches, hidden = list_speeches(result)
    texts = ("STT", "Tên tham luận", "Tập thể, cá nhân", "Mảng", "Lĩnh vực", "Phút")
    table = FormTable(
        book, result, MARK, _FORM_TITLE, _WIDTHS,
        [(text,) for text in texts], size=_SIZE, least_row=_LEAST_ROW,
    )  # fmt: skip
    order = 0
    for unit, group in groupby(speeches, key=lambda speech: speech.unit):
        own = list(group)
        table.keep(min(2, len(own)))
        table.draw_across(f"{unit} ({len(own)} tham luận)", **BAND)
        for speech in own:
            order += 1
            _draw_speech(table, order, speech)
    none = 0 if result.figures.units["speakers_person"].notna().any() else None
    _draw_sum(table, speeches, none)
    table.finish(_say_absent(result, speeches), _list_notes(plan, hidden), _SIZE)


def _draw_counts(book: Book, result: Result) -> None:
    """What lower levels send up of their speeches: numbers, for a title may tell who speaks."""
    plan, figures = result.plan, result.figures
    found = [figures.speeches_by_field, figures.speeches_by_area]
    shown, parts, total = leave_out_idle(list_speech_figures(plan), found, figures.all_speeches)
    table = PairedTable(book, result, MARK, _FORM_TITLE, "Nội dung", shown, name_conferences(plan))
    for letter, heading, lines in zip("AB", ("THEO LĨNH VỰC", "THEO MẢNG"), parts, strict=True):
        table.draw_part(letter, heading, lines, total)
    notes = [
        f"Tên từng tham luận ở biểu của các {plan.levels.local.noun}. Các phần A, B đếm cùng những tham luận ấy. Số theo từng "
        f"{plan.levels.local.noun} ở {UNITS_FORM}.",
        *describe_gaps(result, shown),
    ]
    table.finish(say_coverage(result)[:1], notes)


def _draw_speech(table: FormTable, order: int, speech: Speech) -> None:
    values = (order, speech.title, speech.kind, speech.area, speech.field, speech.minutes)
    for column, value in enumerate(values, start=1):
        table.put(
            column, NOT_SENT if value is None else value, text_wrap=True, align="left" if column == _TITLE else "center"
        )
    table.end()


def list_speeches(result: Result) -> tuple[list[Speech], int]:
    """The speeches in the order of the units' codes, and in how many titles names were taken out."""
    plan, frame = result.plan, result.tables.frames["speakers"]
    collective = [plan.lists.value(name, "collective") for name in ("speech_kinds", "honouree_kinds")]
    hider = NameHider(list_persons(result.tables.frames, collective), spare=(u.name for u in plan.units))
    speeches, hidden = [], 0
    for line in frame.astype(object).where(frame.notna(), None).to_dict("records"):
        unit = plan.units_by_code[line["unit"]]
        own = [line["presenter"], None if line["kind"] in collective else line["name"]]
        title = line["title"] and hider.hide(line["title"], [name for name in own if name])
        hidden += title != line["title"]
        speeches.append(
            Speech(
                name_unit(plan, unit),
                title,
                *(line[key] for key in ("kind", "area", "field", "minutes", "illustration")),
            )
        )
    return speeches, hidden


def _draw_sum(table: FormTable, speeches: Sequence[Speech], none: int | None) -> None:
    """How many speeches and minutes; formulas where there is a line to count. `none`: without any, None if nobody said so."""
    table.put(1, None, **BOLD)
    for column in range(_TITLE, table.sheet.columns + 1):
        table.put(column, None, **BOLD, **CENTRED)
    sums = {
        _TITLE: ("COUNT", 1, len(speeches) or none, f'"{TOTAL_LABEL}: "#,##0" tham luận"'),
        _MINUTES: ("SUM", _MINUTES, add_known(s.minutes for s in speeches) if speeches else none, "#,##0"),
    }
    for column, (function, counted, value, number_format) in sums.items():
        cells = f"{cell_name(table.first_row, counted)}:{cell_name(table.row - 1, counted)}"
        formula = f"{function}({cells})" if speeches else ""
        table.put_number(column, value, formula, **BOLD, num_format=number_format)
    table.end(more=2)


def _say_absent(result: Result, speeches: Sequence[Speech]) -> list[str]:
    """The units in use without a speech, and how many have reported."""
    plan = result.plan
    speaking = set(result.tables.frames["speakers"]["unit"].tolist())
    silent = [u for u in plan.units_by_code.values() if u.code in result.used and u.code not in speaking]
    names = [name_unit(plan, u) for u in silent]
    lines = say_coverage(result)[:1]
    if names:
        told = name_some(names, plan.levels.local.noun, f"xem cột Tham luận của {UNITS_FORM}")
        lines.append(f"Đã báo cáo nhưng chưa có tham luận: {told}.")
    if absent := say_upper_absent(result):
        lines.append(f"{absent}.")
    if speeches:
        kinds = _tell_values([s.kind for s in speeches], plan.lists.speech_kinds)
        shown = _tell_values([s.illustration for s in speeches], plan.lists.illustrations)
        lines.append(f"Số tham luận: {len(speeches)}; trong đó {kinds}. Minh họa: {shown}.")
    return lines


def _tell_values(values: Sequence[str | None], choices: Sequence[Choice]) -> str:
    """How many have each value of the list; of none that is known only where there are some."""
    counts = {c.value: values.count(c.value) for c in choices}
    counts |= {UNKNOWN: values.count(None)} if None in values else {}
    return ", ".join(f"{value.lower()} {count}" for value, count in counts.items())


def _list_notes(plan: Plan, hidden: int) -> list[str]:
    notes = [
        f"Tham luận xếp theo thứ tự {plan.levels.local.noun}, sau cùng là hội nghị {plan.levels.upper.noun}. Biểu không ghi tên "
        "người, tập thể tham luận."
    ]
    if hidden:
        notes.append(f"{hidden} tên tham luận có tên người, thay bằng “{HIDDEN}”.")
    return notes
