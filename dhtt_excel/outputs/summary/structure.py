"""Biểu 2: the delegates' structure, all local units together, and the upper conference against the plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.excel.book import Book
from dhtt_excel.figures.city_forms import NOT_SENT, OTHERS, STRUCTURE_FORM, UNKNOWN, WITHIN, name_conferences
from dhtt_excel.figures.count_figures import LEAST, AgeSpan, CoverageLine, Group, GroupLine
from dhtt_excel.figures.describe_units import is_planned, known
from dhtt_excel.outputs.summary.form_table import BOLD, FormTable, divide, percent
from dhtt_excel.outputs.summary.official_sheet import References, page_width
from dhtt_excel.outputs.summary.verdicts import say_upper_absent
from dhtt_excel.plan.plan import Plan
from dhtt_excel.plan.shares import shares_hold
from dhtt_excel.result import Result
from dhtt_excel.text.roman import number_roman
from dhtt_excel.text.vietnamese import format_number, show_day

_ORDER, _LABEL, _LOCAL, _LOCAL_SHARE, _UPPER, _UPPER_SHARE, _REMARK = range(1, 8)
_PAIRS = ((_LOCAL, _LOCAL_SHARE), (_UPPER, _UPPER_SHARE))
_WIDTHS = (26.0, 192.0, 46.0, 42.0, 46.0, 42.0)  # the remarks take the rest
_SIZE, _LEAST_ROW = 10.0, 13.5
_COUNT, _SHARE = "#,##0_)_)", "0.0_)_)"  # "_)": room on the right; LibreOffice forgets an indent now and then


def draw_structure_summary(book: Book, result: Result) -> References:
    """The form; where the delegates' numbers stand, by (section and line, local or upper)."""
    local, upper = name_conferences(result.plan)
    headings = [("STT",), ("Nội dung",), (local, "SL"), (local, "%"), (upper, "SL"), (upper, "%"), ("Ghi chú",)]
    title = "BIỂU TỔNG HỢP CƠ CẤU ĐẠI BIỂU\nDỰ HỘI NGHỊ ĐIỂN HÌNH TIÊN TIẾN"
    widths = (*_WIDTHS, page_width() - sum(_WIDTHS))
    table = _Table(book, result, STRUCTURE_FORM, title, widths, headings, size=_SIZE, least_row=_LEAST_ROW)
    table.unsent, table.absent = not result.figures.is_upper_sent, _find_absent(result)
    _draw_structure(table, result)
    if not result.plan.rolls_up:  # what one conference is judged by
        _draw_upper_conference(table, result)
        _draw_coverage(table, result)
    table.finish([], _list_notes(result), _SIZE)
    return table.cells


def _find_absent(result: Result) -> tuple[int, ...]:
    """The columns of conferences of which nobody sent a delegate."""
    local, upper = (
        result.figures.totals["listed"].value is None,
        result.figures.tell_upper(result.figures.upper_total) is None,
    )
    return (*(_PAIRS[0] if local else ()), *(_PAIRS[1] if upper else ()))


class _Table(FormTable):
    unsent = False  # whether the upper unit's own delegates are not known
    absent: tuple[int, ...] = ()  # columns in which no number is known
    whole = (0, 0)  # the sums of the last group, and the row where they stand
    unsaid = (0, 0)  # of those, how many a percentage leaves out
    whole_row = 0
    exemplars_row = 0  # where the exemplars of the upper conference stand

    def put_number(
        self, column: int, value: float | str | None, formula: str = "", *, share: bool = False, **look: Any
    ) -> None:
        shape = {"align": "right", "indent": 1, "num_format": _SHARE if share else _COUNT}
        value, formula = (None, "") if column in self.absent else (value, formula)
        super().put_number(column, value, formula, **{**shape, **look})

    def put_share(
        self, column: int, part: float | None, whole: float, whole_row: int, left_out: int = 0, **look: Any
    ) -> None:
        """The percentage that the number to the left is of the number in `whole_row`, less `left_out`; None has none."""
        if part is None:
            self.put(column, None, **look)
            return
        whole_cell = cell_name(whole_row, column - 1, fixed=True)
        formula = divide(cell_name(self.row, column - 1), f"({whole_cell}-{left_out})" if left_out else whole_cell)
        self.put_number(column, percent(part, whole - left_out), formula, share=True, **look)

    def put_counts(self, line: GroupLine, **look: Any) -> None:
        """The counts of both conferences and what they are of the wholes; who says nothing is no part of these."""
        pairs = zip(_PAIRS, (line.local, line.upper), self.whole, self.unsaid, strict=True)
        for (column, share), part, whole, unsaid in pairs:
            if part is not None:
                self.put_number(column, part, **look)
            known = part if line.figure.asked else None
            self.put_share(share, known, whole, self.whole_row, unsaid, **look)

    def begin(self, order: str | int, label: str, last_column: int = _LABEL, *, indent: int = 0, **look: Any) -> None:
        """Number and label of a row; every other cell blank."""
        self.put(_ORDER, order, align="center", **look)
        for column in range(last_column + 1, _REMARK + 1):
            self.put(column, None, **look)
        self.merge(_LABEL, last_column, label, indent=indent, **look)


# ---------------------------------------------------------------- A: structure


def _draw_structure(table: _Table, result: Result) -> None:
    figures = result.figures
    table.draw_band("A", "CƠ CẤU ĐẠI BIỂU")
    for number, section in enumerate(figures.sections, start=1):
        if section.title == WITHIN:
            _draw_within(table, number_roman(number), section)
        else:
            _draw_group(table, number_roman(number), section)
    _draw_ages(table, number_roman(len(figures.sections) + 1), (figures.local_ages, figures.upper_ages))


def line_key(section: str, line: str) -> str:
    """What a line is called in the cells that `draw_structure_summary` gives."""
    return f"{section}: {line}"


def _sum(lines: Sequence[GroupLine]) -> tuple[int, int]:
    return sum(line.local for line in lines), sum(line.upper or 0 for line in lines)


def _draw_group(table: _Table, number: str, section: Group) -> None:
    """A group's row with its sum, then its lines with their share of it."""
    group_row = table.whole_row = table.row
    table.unsaid = section.unsaid
    table.keep(min(2, len(section.lines)))
    parts = [place for place, line in enumerate(section.lines, start=1) if not line.within]
    sums = table.whole = _sum([section.lines[place - 1] for place in parts])
    table.begin(number, f"{section.title} (cộng)", **BOLD)
    for (column, share), whole in zip(_PAIRS, sums, strict=True):
        summed = ",".join(cell_name(group_row + place, column) for place in parts)
        if len(parts) == len(section.lines) > 1:
            summed = f"{cell_name(group_row + 1, column)}:{cell_name(group_row + len(parts), column)}"
        table.put_number(column, whole, f"SUM({summed})" if parts else "", **BOLD)
        formula = f'IF({cell_name(group_row, column)}=0,"",100)'
        table.put_number(share, 100 if whole else "", formula, share=True, **BOLD)
    table.end(bold=True)
    orders = iter(range(1, len(parts) + 1))
    for line in section.lines:
        table.begin("" if line.within else next(orders), f"– {line.label}" if line.within else line.label, indent=1)
        table.put_counts(line)
        for which, column in (("local", _LOCAL), ("upper", _UPPER)):
            if column not in table.absent:
                table.cells[line_key(section.title, line.label), which] = table.sheet.address(table.row, column)
        table.end()


def _draw_within(table: _Table, number: str, section: Group) -> None:
    """ "Trong đó": a line that is a share of all exemplars, to whom the group above it adds up."""
    table.unsaid = section.unsaid
    for line in section.lines:
        table.begin(number, f"Điển hình tiên tiến: {line.label[:1].lower()}{line.label[1:]}", **BOLD)
        table.put_counts(line, **BOLD)
        table.end(bold=True)


def _draw_ages(table: _Table, number: str, spans: tuple[AgeSpan, AgeSpan]) -> None:
    facts: tuple[tuple[str, list[float | None] | list[int | None], str], ...] = (
        ("Tuổi bình quân", [span.mean for span in spans], _SHARE),
        ("Tuổi thấp nhất", [span.youngest for span in spans], _COUNT),
        ("Tuổi cao nhất", [span.oldest for span in spans], _COUNT),
    )
    table.keep(len(facts))
    table.begin(number, "Tuổi của điển hình tiên tiến", **BOLD)
    table.end(bold=True)
    for order, (label, values, number_format) in enumerate(facts, start=1):
        table.begin(order, label, indent=1)
        for (column, _), value in zip(_PAIRS, values, strict=True):
            table.put_number(column, value, num_format=number_format)
        table.end()


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
    total_row, total = table.row, figures.upper_total
    table.begin("I", f"Tổng số đại biểu (kế hoạch tối đa {limit})", _LOCAL_SHARE, **BOLD)
    span = f"{cell_name(total_row + 1, _UPPER)}:{cell_name(total_row + len(lines) + len(unknown_lines), _UPPER)}"
    table.put_number(_UPPER, total, f"SUM({span})", **BOLD)
    verdict = f"Vượt {total - limit} đại biểu" if total > limit else NOT_SENT if table.unsent else "Trong giới hạn"
    table.put(_REMARK, verdict, align="center", text_wrap=True, **BOLD)
    table.end(bold=True)
    table.exemplars_row = total_row + 1
    for number, (label, count) in enumerate([*lines, *unknown_lines], start=1):
        table.begin(number, label, _LOCAL_SHARE, indent=1)
        table.put_number(_UPPER, figures.tell_upper(count))
        if number <= len(lines):
            known = [cell_name(total_row + n, _UPPER, fixed=True) for n in (1, 2)]
            whole = "+".join(known)
            formula = f'IF({whole}=0,"",{cell_name(table.row, _UPPER)}/({whole})*100)'
            share = None if table.unsent else percent(count, exemplars + guests)
            table.put_number(_UPPER_SHARE, share, formula, share=True)
        table.end()
    for number, (label, text) in enumerate(_list_facts(result), start=2):
        _draw_fact(table, number_roman(number), label, text)


def _list_facts(result: Result) -> list[tuple[str, str]]:
    """What the form says of the upper conference besides numbers of delegates."""
    plan, figures = result.plan, result.figures
    unit = figures.units.loc[plan.upper_unit.code]
    day, held = unit["date"], known(unit["held"])
    planned = "dự kiến " if is_planned(result, plan.upper_unit) else ""
    form = unit["form"] if isinstance(unit["form"], str) else NOT_SENT
    return [
        (f"Tỷ lệ {plan.shares.exemplars}/{plan.shares.guests}", NOT_SENT if not figures.is_upper_sent else _judge_shares(figures.upper_exemplars, figures.upper_guests, plan)),
        ("Thời gian tổ chức", f"{planned}ngày {show_day(day)}".capitalize() if isinstance(day, date) else NOT_SENT),
        ("Hình thức tổ chức", form),
        ("Chương trình", NOT_SENT if held is None else f"{held}/{len(plan.programme.required)} mục theo Kế hoạch"),
        (f"Cử dự Đại hội {plan.levels.above}", NOT_SENT if (sent := known(unit["nominated"])) is None else f"{sent} đại biểu"),
        ("Nguồn số liệu", _say_source(result)),
    ]  # fmt: skip


def _draw_fact(table: _Table, number: str, label: str, text: str) -> None:
    """A row whose numbers give way to a sentence."""
    table.put(_ORDER, number, align="center", **BOLD)
    table.put(_LABEL, label, text_wrap=True, **BOLD)
    table.merge(_LOCAL, _REMARK, text)
    table.end()


def _judge_shares(exemplars: int, guests: int, plan: Plan) -> str:
    """Whether the plan's shares hold; if not, the shares as they are, and no judgement."""
    if not exemplars + guests:
        return "Chưa có đại biểu"
    if shares_hold(exemplars, guests, plan.shares):
        return f"Đạt: {exemplars} điển hình, {guests} khách mời"
    known = exemplars + guests
    one, other = (format_number(100 * part / known, 1) for part in (exemplars, guests))
    return f"Điển hình tiên tiến {one}%, khách mời và lãnh đạo {other}%"


def _say_source(result: Result) -> str:
    plan, absent = result.plan, say_upper_absent(result)
    sent = f"đại biểu do các {plan.levels.local.noun} cử"
    return f"{absent}: chỉ tính {sent}" if absent else f"Biểu của {plan.name_of(plan.upper_unit)} và {sent}"


# ---------------------------------------------------------------- C: groups that must be represented


def _draw_coverage(table: _Table, result: Result) -> None:
    upper, figures = result.plan.levels.upper.noun, result.figures
    table.draw_band("C", f"ĐẠI DIỆN CÁC NHÓM TRONG ĐIỂN HÌNH TIÊN TIẾN DỰ HỘI NGHỊ {upper.upper()}")
    counted = zip(figures.coverage, figures.coverage_wholes, strict=True)
    for number, (name, found) in enumerate(groupby(counted, key=lambda pair: pair[0].name), start=1):
        lines = [(line, figures.upper_exemplars - whole) for line, whole in found]
        if len(lines) == 1 and not lines[0][0].value:
            _draw_group_line(table, str(number), name, lines[0][0].count, figures.upper_exemplars, lines[0][1])
            continue
        table.keep(min(2, len(lines)))
        _draw_group_heading(table, str(number), name, [line for line, _ in lines])
        for order, (line, unsaid) in enumerate(lines, start=1):
            order_text = f"{number}.{order}"
            _draw_group_line(table, order_text, line.value, line.count, figures.upper_exemplars, unsaid, indent=1)


def _draw_group_heading(table: _Table, number: str, name: str, lines: Sequence[CoverageLine]) -> None:
    found = sum(line.count > 0 for line in lines)
    text = f"Có {found}/{len(lines)} nhóm" if found or not table.unsent else NOT_SENT
    table.begin(number, name, _LOCAL_SHARE, **BOLD)
    table.put(_REMARK, text, align="center", text_wrap=True, **BOLD)
    table.end(bold=True)


def _draw_group_line(
    table: _Table, number: str, label: str, count: int, exemplars: int, unsaid: int, *, indent: int = 0
) -> None:
    """A group and whether it is there: an absent one in bold, for a print without colours."""
    weight = {} if count else BOLD
    table.begin(number, label, _LOCAL_SHARE, indent=indent, **weight)
    table.put_number(_UPPER, count, **weight)
    table.put_share(_UPPER_SHARE, count, exemplars, table.exemplars_row, unsaid, **weight)
    table.put(
        _REMARK,
        "Có" if count else UNKNOWN if unsaid == exemplars > 0 or table.unsent else "CHƯA CÓ",
        align="center",
        **weight,
    )
    table.end(bold=True)


def _list_notes(result: Result) -> list[str]:
    plan = result.plan
    (local, upper), expected = plan.meeting_nouns, len(plan.local_units)
    received, noun = expected - len(result.missing_units), plan.levels.local.noun
    if plan.rolls_up:
        upper = f"các {upper}"
    return [
        f"Số liệu của {received}/{expected} {noun} đã báo cáo. “{UNKNOWN}”: báo cáo của đơn vị không ghi.",
        f"Đại biểu do {local} cử dự hội nghị {upper} được tính ở cả hai hội nghị.",
        f"Thành phần, giới tính tính trên mọi đại biểu; các nhóm khác{'' if plan.rolls_up else ' của phần A và phần C'} chỉ "
        "tính đại biểu là điển hình tiên tiến, vì kế hoạch chỉ hỏi của họ. Tỷ lệ (%) tính trên số cộng của từng nhóm. "
        f"Tuổi tính theo năm kế hoạch ({plan.year}) trừ năm sinh.",
        f"Dân tộc, tôn giáo có dưới {LEAST} người {'trong một kết quả gửi lên ' if plan.rolls_up else ''}được cộng vào "
        f"“{OTHERS}”; với hội nghị {upper} chỉ ghi hai nhóm.",
        f"Cơ cấu chỉ tổng hợp chung, không chia theo {local}, để không lộ thông tin của cá nhân; không kèm danh sách.",
    ]
