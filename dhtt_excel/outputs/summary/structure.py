"""Biểu 2: the delegates' structure, all local units together, and the upper conference against the plan."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from dhtt_excel.excel.addresses import cell_name, quote_sheet
from dhtt_excel.excel.book import Book
from dhtt_excel.figures.city_forms import STRUCTURE_FORM, WITHIN
from dhtt_excel.figures.count_figures import AgeSpan, CoverageLine, Line, Section
from dhtt_excel.outputs.summary.administrative_layout import (
    BOXED,
    Cells,
    OfficialSheet,
    draw_heading_block,
    draw_notes,
    draw_signatures,
    draw_table_heading,
    keep_foot,
    page_width,
)
from dhtt_excel.plan.plan import Plan
from dhtt_excel.plan.shares import describe_shares, shares_hold, within_tolerance
from dhtt_excel.result import Result
from dhtt_excel.text.roman import number_roman

_ORDER, _LABEL, _LOCAL, _LOCAL_SHARE, _UPPER, _UPPER_SHARE, _REMARK = range(1, 8)
_PAIRS = ((_LOCAL, _LOCAL_SHARE), (_UPPER, _UPPER_SHARE))
_WIDTHS = (32.0, 168.0, 46.0, 44.0, 46.0, 44.0)  # the remarks take the rest
_SIZE = 11
_LEAST_ROW = 18.0
_COUNT, _SHARE = "#,##0_)_)", "0.0_)_)"  # "_)": room on the right; LibreOffice forgets an indent now and then
_BOLD: dict[str, Any] = {"bold": True}
_BAND: dict[str, Any] = {"bold": True, "bg_color": "#EDEDED"}


def draw_structure_summary(book: Book, result: Result) -> Cells:
    """The form; where the delegates' numbers stand, by (section and line, local or upper)."""
    plan = result.plan
    sheet = OfficialSheet(book, STRUCTURE_FORM, (*_WIDTHS, page_width() - sum(_WIDTHS)))
    title = "BIỂU TỔNG HỢP CƠ CẤU ĐẠI BIỂU\nDỰ HỘI NGHỊ ĐIỂN HÌNH TIÊN TIẾN"
    heading_row = draw_heading_block(sheet, plan, result.as_of, STRUCTURE_FORM, title)
    local, upper = f"Hội nghị các {plan.levels.local.noun}", f"Hội nghị {plan.levels.upper.noun}"
    headings = [("STT",), ("Nội dung",), (local, "SL"), (local, "%"), (upper, "SL"), (upper, "%"), ("Ghi chú",)]
    first = draw_table_heading(sheet, heading_row, headings, [f"({n})" for n in range(1, 8)], _SIZE)
    table = _Table(sheet, first)
    _draw_structure(table, result)
    _draw_upper_conference(table, result)
    _draw_coverage(table, result)
    last = table.row - 1
    below = draw_notes(sheet, table.row, [], _list_notes(result), _SIZE)
    end = draw_signatures(sheet, below, plan)
    sheet.finish((heading_row, first - 1), _LABEL, [*table.together, *keep_foot(last, below, end)])
    return table.cells


class _Table:
    """The table as it grows: `row` is the next free one; rows of `together` stay on one page."""

    def __init__(self, sheet: OfficialSheet, row: int) -> None:
        self.sheet = sheet
        self.row = row
        self.together: list[tuple[int, int]] = []
        self.whole = (0, 0)  # all delegates of both conferences, and the row where they stand
        self.whole_row = 0
        self.exemplars_row = 0  # where the exemplars of the upper conference stand
        self.cells: Cells = {}

    def put(self, column: int, value: Any, **look: Any) -> None:
        self.sheet.put(self.row, column, value, **BOXED, font_size=_SIZE, **look)

    def put_number(self, column: int, value: float | str | None, formula: str = "", **look: Any) -> None:
        """A number, or a formula and its value; percentages have one decimal."""
        share = column in (_LOCAL_SHARE, _UPPER_SHARE)
        full = {
            **BOXED,
            "font_size": _SIZE,
            "align": "right",
            "indent": 1,
            "num_format": _SHARE if share else _COUNT,
            **look,
        }
        if formula and value is not None:
            self.sheet.put_formula(self.row, column, formula, value, **full)
        else:
            self.sheet.put(self.row, column, value, **full)

    def put_share(self, column: int, part: float, whole: float, whole_row: int, **look: Any) -> None:
        """The percentage that the number to the left is of the number in `whole_row`."""
        whole_cell = cell_name(whole_row, column - 1, fixed=True)
        formula = f'IF({whole_cell}=0,"",{cell_name(self.row, column - 1)}/{whole_cell}*100)'
        self.put_number(column, part / whole * 100 if whole else "", formula, **look)

    def merge(self, column: int, last_column: int, text: str, **look: Any) -> None:
        """A text over several columns of this row, as high as it needs."""
        self.sheet.merge(
            self.row, column, self.row, last_column, text, **BOXED, font_size=_SIZE, text_wrap=True, **look
        )

    def begin(self, order: str | int, label: str, last_column: int = _LABEL, *, indent: int = 0, **look: Any) -> None:
        """Number and label of a row; every other cell blank."""
        self.put(_ORDER, order, align="center", **look)
        for column in range(last_column + 1, _REMARK + 1):
            self.put(column, None, **look)
        self.merge(_LABEL, last_column, label, indent=indent, **look)

    def end(self, *texts: tuple[str, int, int], bold: bool = False) -> None:
        """Set the row's height by its texts (text, column, last column) and go to the next."""
        needed = [
            self.sheet.height_of(text, c, last, _SIZE, bold=bold, indent=int(c == _LABEL)) for text, c, last in texts
        ]
        self.sheet.set_height(self.row, max([_LEAST_ROW, *needed]))
        self.row += 1

    def draw_band(self, letter: str, text: str) -> None:
        """The heading of a part: "A. …". It stays with the two rows below."""
        self.together.append((self.row, self.row + 2))
        self.put(_ORDER, letter, align="center", **_BAND)
        self.merge(_LABEL, _REMARK, text, **_BAND)
        self.end((text, _LABEL, _REMARK), bold=True)


# ---------------------------------------------------------------- A: structure


def _draw_structure(table: _Table, result: Result) -> None:
    figures = result.figures
    table.draw_band("A", "CƠ CẤU ĐẠI BIỂU")
    # Every group adds up to all delegates; the first one's sum stands for them.
    table.whole, table.whole_row = _sum(figures.sections[0].lines), table.row
    for number, section in enumerate(figures.sections, start=1):
        if section.title == WITHIN:
            _draw_within(table, number_roman(number), section.lines)
        else:
            _draw_group(table, number_roman(number), section)
    _draw_ages(table, number_roman(len(figures.sections) + 1), (figures.local_ages, figures.upper_ages))


def line_key(section: str, line: str) -> str:
    """What a line is called in the cells that `draw_structure_summary` gives."""
    return f"{section}: {line}"


def _sum(lines: Sequence[Line]) -> tuple[int, int]:
    return sum(line.local for line in lines), sum(line.upper for line in lines)


def _draw_group(table: _Table, number: str, section: Section) -> None:
    """A group's row with its sum, then its lines with their share of it."""
    group_row = table.row
    table.together.append((group_row, group_row + min(2, len(section.lines))))
    sums = _sum(section.lines)
    label = f"{section.title} (cộng)"
    table.begin(number, label, **_BOLD)
    for (column, share), whole in zip(_PAIRS, sums, strict=True):
        span = f"{cell_name(group_row + 1, column)}:{cell_name(group_row + len(section.lines), column)}"
        table.put_number(column, whole, f"SUM({span})" if section.lines else "", **_BOLD)
        table.put_number(share, 100 if whole else "", f'IF({cell_name(group_row, column)}=0,"",100)', **_BOLD)
    table.end((label, _LABEL, _LABEL), bold=True)
    for place, line in enumerate(section.lines, start=1):
        table.begin(place, line.label, indent=1)
        for (column, share), part, whole in zip(_PAIRS, (line.local, line.upper), sums, strict=True):
            table.put_number(column, part)
            table.put_share(share, part, whole, group_row)
            which = "local" if column == _LOCAL else "upper"
            table.cells[line_key(section.title, line.label), which] = (
                f"{quote_sheet(STRUCTURE_FORM)}!{cell_name(table.row, column)}"
            )
        table.end((line.label, _LABEL, _LABEL))


def _draw_within(table: _Table, number: str, lines: Sequence[Line]) -> None:
    """ "Trong đó": a line that is a share of all delegates and of no group."""
    for line in lines:
        label = f"Trong đó: {line.label[:1].lower()}{line.label[1:]}"
        table.begin(number, label, **_BOLD)
        for (column, share), part, whole in zip(_PAIRS, (line.local, line.upper), table.whole, strict=True):
            table.put_number(column, part, **_BOLD)
            table.put_share(share, part, whole, table.whole_row, **_BOLD)
        table.end((label, _LABEL, _LABEL), bold=True)


def _draw_ages(table: _Table, number: str, spans: tuple[AgeSpan, AgeSpan]) -> None:
    facts: tuple[tuple[str, list[float | None] | list[int | None], str], ...] = (
        ("Tuổi bình quân", [span.mean for span in spans], _SHARE),
        ("Tuổi thấp nhất", [span.youngest for span in spans], _COUNT),
        ("Tuổi cao nhất", [span.oldest for span in spans], _COUNT),
    )
    table.together.append((table.row, table.row + len(facts)))
    table.begin(number, "Tuổi của đại biểu", **_BOLD)
    table.end(bold=True)
    for place, (label, values, number_format) in enumerate(facts, start=1):
        table.begin(place, label, indent=1)
        for (column, _), value in zip(_PAIRS, values, strict=True):
            table.put_number(column, value, num_format=number_format)
        table.end((label, _LABEL, _LABEL))


# ---------------------------------------------------------------- B: the upper conference against the plan


def _draw_upper_conference(table: _Table, result: Result) -> None:
    plan, figures = result.plan, result.figures
    upper, limit = plan.levels.upper.noun, plan.conference.upper.max_delegates
    exemplars, guests, unknown = figures.upper_exemplars, figures.upper_guests, figures.upper_unknown
    table.draw_band("B", f"HỘI NGHỊ {upper.upper()} SO VỚI KẾ HOẠCH")
    lines = [
        (f"Điển hình tiên tiến (kế hoạch {plan.shares.exemplars}%)", exemplars),
        (f"Khách mời, lãnh đạo (kế hoạch {plan.shares.guests}%)", guests),
    ]
    unknown_lines = [("Chưa rõ thành phần (chưa tính tỷ lệ)", unknown)] if unknown else []
    total_row, total = table.row, exemplars + guests + unknown
    label = f"Tổng số đại biểu (kế hoạch tối đa {limit})"
    table.begin("I", label, _LOCAL_SHARE, **_BOLD)
    span = f"{cell_name(total_row + 1, _UPPER)}:{cell_name(total_row + len(lines) + len(unknown_lines), _UPPER)}"
    table.put_number(_UPPER, total, f"SUM({span})", **_BOLD)
    verdict = f"Vượt {total - limit} đại biểu" if total > limit else "Trong giới hạn"
    table.put(_REMARK, verdict, align="center", text_wrap=True, **_BOLD)
    table.end((label, _LABEL, _LOCAL_SHARE), (verdict, _REMARK, _REMARK), bold=True)
    table.exemplars_row = total_row + 1
    for place, (label, count) in enumerate([*lines, *unknown_lines], start=1):
        table.begin(place, label, _LOCAL_SHARE, indent=1)
        table.put_number(_UPPER, count)
        if place <= len(lines):
            known = [cell_name(total_row + n, _UPPER, fixed=True) for n in (1, 2)]
            whole = "+".join(known)
            formula = f'IF({whole}=0,"",{cell_name(table.row, _UPPER)}/({whole})*100)'
            share = count / (exemplars + guests) * 100 if exemplars + guests else ""
            table.put_number(_UPPER_SHARE, share, formula)
        table.end((label, _LABEL, _LOCAL_SHARE))
    _draw_fact(
        table, "II", f"Tỷ lệ {plan.shares.exemplars}/{plan.shares.guests}", _judge_shares(exemplars, guests, plan)
    )
    _draw_fact(table, "III", "Nguồn số liệu", _say_source(result))


def _draw_fact(table: _Table, number: str, label: str, text: str) -> None:
    """A row whose numbers give way to a sentence."""
    table.put(_ORDER, number, align="center", **_BOLD)
    table.put(_LABEL, label, text_wrap=True, **_BOLD)
    table.merge(_LOCAL, _REMARK, text)
    table.end((label, _LABEL, _LABEL), (text, _LOCAL, _REMARK))


def _judge_shares(exemplars: int, guests: int, plan: Plan) -> str:
    shares = plan.shares
    if not exemplars + guests:
        return "Chưa có đại biểu"
    if shares_hold(exemplars, guests, shares):
        return f"Đạt: {exemplars} điển hình, {guests} khách mời"
    near = f"Lệch trong phạm vi cho phép ({shares.tolerance} điểm phần trăm)"
    verdict = near if within_tolerance(exemplars, guests, shares) else "Chưa đạt"
    return f"{verdict}. {describe_shares(exemplars, guests, shares)}"


def _say_source(result: Result) -> str:
    plan = result.plan
    locals_ = f"các {plan.levels.local.noun}"
    if plan.upper_unit.code in result.used:
        return f"Biểu của {plan.name_of(plan.upper_unit)} và đại biểu do {locals_} cử"
    return f"Chưa có biểu của {plan.name_of(plan.upper_unit)}: chỉ tính đại biểu do {locals_} cử"


# ---------------------------------------------------------------- C: groups that must be represented


def _draw_coverage(table: _Table, result: Result) -> None:
    upper = result.plan.levels.upper.noun
    exemplars = result.figures.upper_exemplars
    table.draw_band("C", f"ĐẠI DIỆN CÁC NHÓM TRONG ĐIỂN HÌNH TIÊN TIẾN DỰ HỘI NGHỊ {upper.upper()}")
    for number, (name, found) in enumerate(groupby(result.figures.coverage, key=lambda line: line.name), start=1):
        lines = list(found)
        if len(lines) == 1 and not lines[0].value:
            _draw_group_line(table, str(number), name, lines[0].count, exemplars)
            continue
        table.together.append((table.row, table.row + min(2, len(lines))))
        _draw_group_heading(table, str(number), name, lines)
        for place, line in enumerate(lines, start=1):
            _draw_group_line(table, f"{number}.{place}", line.value, line.count, exemplars, indent=1)


def _draw_group_heading(table: _Table, number: str, name: str, lines: Sequence[CoverageLine]) -> None:
    text = f"Có {sum(line.count > 0 for line in lines)}/{len(lines)} nhóm"
    table.begin(number, name, _LOCAL_SHARE, **_BOLD)
    table.put(_REMARK, text, align="center", text_wrap=True, **_BOLD)
    table.end((name, _LABEL, _LOCAL_SHARE), (text, _REMARK, _REMARK), bold=True)


def _draw_group_line(table: _Table, number: str, label: str, count: int, exemplars: int, *, indent: int = 0) -> None:
    """A group and whether it is there: an absent one in bold, for a print without colours."""
    weight = {} if count else _BOLD
    table.begin(number, label, _LOCAL_SHARE, indent=indent, **weight)
    table.put_number(_UPPER, count, **weight)
    table.put_share(_UPPER_SHARE, count, exemplars, table.exemplars_row, **weight)
    table.put(_REMARK, "Có" if count else "CHƯA CÓ", align="center", **weight)
    table.end((label, _LABEL, _LOCAL_SHARE), bold=True)


def _list_notes(result: Result) -> list[str]:
    plan = result.plan
    local, upper, expected = plan.levels.local.noun, plan.levels.upper.noun, len(plan.local_units)
    received = expected - len(result.missing_units)
    return [
        f"Số liệu của {received}/{expected} {local} đã báo cáo. Đại biểu chưa rõ thành phần không tính vào phần A.",
        f"Đại biểu do {local} cử dự hội nghị {upper} được tính ở cả hai hội nghị.",
        f"Tỷ lệ (%) tính trên số cộng của từng nhóm; người trực tiếp lao động tính trên tổng số đại biểu; "
        f"phần C chỉ tính đại biểu là điển hình tiên tiến. "
        f"Tuổi tính theo năm kế hoạch ({plan.year}) trừ năm sinh.",
        f"Cơ cấu chỉ tổng hợp chung, không chia theo {local}, để không lộ thông tin của cá nhân; không kèm danh sách.",
    ]
