"""What stands around a paper: the decree's heading block and closing of a report, the head of an internal paper."""

from __future__ import annotations

from dhtt_excel.excel.text_size import text_width
from dhtt_excel.figures.city_forms import NOT_SENT
from dhtt_excel.outputs.report.paper import (
    SIZE,
    TEXT_WIDTH,
    Holder,
    ReportPaper,
    Words,
    add_gap,
    add_line,
    add_text,
    draw_box,
    draw_rule,
)  # fmt: skip
from dhtt_excel.outputs.report.phrases import join_words
from dhtt_excel.plan.outline import name_subject
from dhtt_excel.plan.plan import LevelNames, Plan
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import show_day

DRAFT, INTERNAL = "DỰ THẢO", "LƯU HÀNH NỘI BỘ"
_LEFT = 68  # millimetres: the state's title needs the rest
_CELL_EDGES = 11  # points that Word leaves empty beside a cell's text
_POINTS_PER_MM = 72 / 25.4
_RULE = 0.4  # of the length of the text above it
_ADDRESSEES = 42  # millimetres from the margin


def draw_opening(paper: ReportPaper, result: Result) -> None:
    """From the first line to the words that lead to the report itself."""
    plan = result.plan
    _draw_heading_block(paper, result)
    add_line(paper.body, Words("BÁO CÁO", bold=True), align="center", before=14, after=0)
    for text in name_subject(plan):
        add_line(paper.body, Words(text, bold=True), size=13, align="center", after=0)
    _draw_short_rule(paper.body, TEXT_WIDTH * _POINTS_PER_MM, 0.33 * TEXT_WIDTH * _POINTS_PER_MM)
    _draw_addressees(paper, plan)
    papers = [
        *plan.report.basis,
        f"Kế hoạch số {plan.number} ngày {show_day(plan.date)} của {_name_issuer(plan)} về “{plan.title}”",
    ]
    add_text(paper.body, f"Thực hiện {join_words(papers)}, {plan.levels.upper.formal_office} báo cáo như sau:")


def _name_issuer(plan: Plan) -> str:
    """Who issued the plan, with no word shortened where that is the office that reports."""
    upper = plan.levels.upper
    return upper.formal_office if plan.issuer == upper.office else plan.issuer


def _draw_addressees(paper: ReportPaper, plan: Plan) -> None:
    to = plan.report.to
    if len(to) == 1:
        add_line(paper.body, f"Kính gửi: {to[0]}.", align="center", after=8)
    elif to:
        add_line(paper.body, "Kính gửi:", after=2, keep=True).paragraph_format.left_indent = _points(_ADDRESSEES - 20)
        for place, name in enumerate(to, start=1):
            line = add_line(
                paper.body, f"- {name}{'.' if place == len(to) else ';'}", after=8 if place == len(to) else 2
            )
            line.paragraph_format.left_indent = _points(_ADDRESSEES)


def _points(millimetres: float) -> int:
    return round(millimetres * 36000)


def _draw_heading_block(paper: ReportPaper, result: Result) -> None:
    """Office, state title, the number that a person will fill in, place and date; below the number whether it is a draft."""
    plan = result.plan
    upper = plan.levels.upper
    left, right = paper.add_columns(_LEFT)
    _draw_office(left, upper)
    add_line(right, Words("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True), size=12, align="center", after=0)
    motto = Words("Độc lập - Tự do - Hạnh phúc", bold=True, underline=True)
    add_line(right, motto, size=13, align="center", after=0)
    left, right = paper.add_columns(_LEFT)
    add_line(left, f"Số: {plan.report.number}", size=13, align="center", after=0)
    place = f"{upper.place}, " if upper.place else ""
    day = f"{place}ngày {NOT_SENT} tháng {NOT_SENT} năm {result.as_of.year}"
    add_line(right, Words(day, italic=True), size=13, align="center", after=0)
    if not result.final:
        draw_box(add_line(left, Words(DRAFT, bold=True), size=13, align="center", before=8, after=2), indent=50)


def _draw_office(holder: Holder, upper: LevelNames) -> None:
    """Who issues the paper, broken before the name of the level where it is long, and a rule below."""
    room = _LEFT * _POINTS_PER_MM - _CELL_EDGES
    name = upper.formal_office.upper()
    if text_width(name, 12, bold=True) > room:
        name = name.replace(f" {upper.noun.upper()} ", f"\n{upper.noun.upper()} ", 1)
    add_line(holder, Words(name, bold=True), size=12, align="center", after=0)
    widest = max(text_width(line, 12, bold=True) for line in name.split("\n"))
    _draw_short_rule(holder, room, _RULE * min(room, widest), below=6)


def _draw_short_rule(holder: Holder, room: float, length: float, below: float = 14) -> None:
    add_gap(holder, 3)
    draw_rule(add_gap(holder, below), max(0.0, room - length) / 2)


def draw_closing(paper: ReportPaper, result: Result) -> None:
    """The annexes, the last sentence, then recipients and signer side by side. Nothing stands below."""
    plan = result.plan
    upper, report, signer = plan.levels.upper, plan.report, plan.report.signer
    add_text(paper.body, f"Kèm theo Biểu số 1 đến Biểu số 4 về số liệu của các {plan.levels.local.noun}.", keep=True)
    to = f" {join_words(report.to)}" if report.to else ""
    add_text(
        paper.body, f"Trên đây là báo cáo của {upper.formal_office}, kính trình{to} xem xét, chỉ đạo./.", keep=True
    )
    left, right = paper.add_columns(TEXT_WIDTH / 2)
    add_line(left, Words("Nơi nhận:", bold=True, italic=True), size=12, after=0)
    for text in ("Như trên" if report.to else "", *report.copies):
        if text:
            add_line(left, f"- {text};", size=11, after=0)
    add_line(left, f"- Lưu: {report.filed}.", size=11, after=0)
    for text in (signer.capacity, signer.title):
        if text:
            add_line(right, Words(text, bold=True), align="center", after=0)
    add_line(right, Words(signer.name, bold=True), align="center", before=72, after=0)


def draw_internal_head(paper: ReportPaper, result: Result, title: str, subtitle: str) -> None:
    """Of a paper that stays in the house: whose, that it is internal, what it is and of which day."""
    upper = result.plan.levels.upper
    left, right = paper.add_columns(TEXT_WIDTH / 2)
    for text in (upper.office.upper(), upper.department.upper()):
        if text:
            add_line(left, Words(text, bold=text == upper.department.upper()), size=12, align="center", after=0)
    draw_box(add_line(right, Words(INTERNAL, bold=True), size=12, align="center", before=2, after=2), indent=40)
    add_line(paper.body, Words(title, bold=True), size=SIZE, align="center", before=14, after=2)
    add_line(
        paper.body,
        Words(f"{subtitle} Số liệu đến ngày {show_day(result.as_of)}.", italic=True),
        size=12,
        align="center",
        after=10,
    )
