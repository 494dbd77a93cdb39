"""What stands around the report: heading block, subject and opening above; recipients, signer and notes below."""

from __future__ import annotations

from dhtt_excel.excel.text_size import text_width
from dhtt_excel.figures.describe_units import name_some, show_unit
from dhtt_excel.findings import Severity
from dhtt_excel.outputs.report.paper import (
    TEXT_WIDTH,
    Holder,
    ReportPaper,
    Words,
    add_gap,
    add_line,
    add_text,
    draw_rule,
)
from dhtt_excel.plan.outline import name_subject
from dhtt_excel.result import Result, Verdict
from dhtt_excel.text.vietnamese import format_number

_WARNING = "DỰ THẢO – phần mềm lập từ số liệu các đơn vị gửi; cán bộ phải đọc, bổ sung các chỗ […] trước khi trình ký."
_LEFT = 68  # millimetres: the state's title needs the rest
_CELL_EDGES = 11  # points that Word leaves empty beside a cell's text
_POINTS_PER_MM = 72 / 25.4
_DOTS = "…"


def draw_opening(paper: ReportPaper, result: Result) -> None:
    """From the first line to the words that lead to the report itself."""
    plan = result.plan
    warning = add_line(paper.body, Words(_WARNING, bold=True, marked=True), size=12, align="center", after=10)
    draw_rule(warning, boxed=True)
    _draw_heading_block(paper, result)
    add_line(paper.body, Words("BÁO CÁO", bold=True), align="center", before=14, after=0)
    for text in name_subject(plan):
        add_line(paper.body, Words(text, bold=True), size=13, align="center", after=0)
    add_gap(paper.body, 3)
    draw_rule(add_gap(paper.body, 14), 0.33 * TEXT_WIDTH * _POINTS_PER_MM)
    upper = plan.levels.upper
    to = f" {', '.join(plan.report.to)}" if plan.report.to else ""
    add_text(
        paper.body,
        f"Thực hiện Kế hoạch số {plan.number} ngày {plan.date:%d/%m/%Y} của {plan.issuer} về “{plan.title}”, "
        f"{upper.office} tổng hợp, báo cáo{to} như sau:",
    )


def _draw_heading_block(paper: ReportPaper, result: Result) -> None:
    """Offices, state title, the number that a person will fill in, place and date."""
    upper = result.plan.levels.upper
    office = upper.office.upper()
    left, right = paper.add_columns(_LEFT)
    add_line(left, Words(office, bold=True), size=12, align="center", after=0)
    add_gap(left, 3)
    room = _LEFT * _POINTS_PER_MM - _CELL_EDGES
    draw_rule(add_gap(left, 6), max(0.0, room - 0.4 * text_width(office, 12, bold=True)) / 2)
    add_line(right, Words("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True), size=12, align="center", after=0)
    motto = Words("Độc lập - Tự do - Hạnh phúc", bold=True, underline=True)
    add_line(right, motto, size=13, align="center", after=0)
    left, right = paper.add_columns(_LEFT)
    add_line(left, f"Số: {_DOTS}{_DOTS}/BC-{_DOTS}{_DOTS}", size=13, align="center", after=0)
    place = f"{upper.place}, " if upper.place else ""
    day = f"{place}ngày {_DOTS} tháng {_DOTS} năm {result.as_of.year}"
    add_line(right, Words(day, italic=True), size=13, align="center", after=0)


def draw_closing(paper: ReportPaper, result: Result) -> None:
    """Recipients and signer side by side, then the notes on the numbers, which no page's end parts from them."""
    plan = result.plan
    upper, signer = plan.levels.upper, plan.report.signer
    add_text(paper.body, f"Trên đây là báo cáo tổng hợp của {upper.office}./.", keep=True)
    left, right = paper.add_columns(TEXT_WIDTH / 2)
    add_line(left, Words("Nơi nhận:", bold=True, italic=True), size=12, after=0)
    for text in (*plan.report.to, upper.department):
        if text:
            add_line(left, f"- {text};", size=11, after=0)
    add_line(left, "- Lưu: VT, ", Words(f"[{_DOTS}]", bold=True, marked=True), ".", size=11, after=0)
    for text in (signer.capacity, signer.title):
        if text:
            add_line(right, Words(text, bold=True), align="center", after=0)
    add_line(right, Words(signer.name, bold=True), align="center", before=72, after=0)
    _draw_notes(paper.add_block_below(), _list_notes(result))


def _draw_notes(holder: Holder, notes: list[str]) -> None:
    draw_rule(add_line(holder, Words("Ghi chú về số liệu:", bold=True, italic=True), size=11, before=14, after=2))
    for number, text in enumerate(notes, start=1):
        add_line(holder, f"{number}. {text}", size=11, align="justify", after=2)


def _list_notes(result: Result) -> list[str]:
    """What was not counted, and how the counts were made."""
    plan = result.plan
    local, expected = plan.levels.local.noun, len(plan.local_units)
    received = expected - len(result.missing_units)
    units = result.figures.units
    unknown = int(units.loc[units["level"].eq("local"), "unknown"].sum())
    notes = [
        f"Số liệu của {received}/{expected} {local}, theo các tệp nhận được đến ngày {result.as_of:%d/%m/%Y}; "
        f"{local} chưa báo cáo hoặc có tệp không đọc được thì chưa tính.",
        "Giá trị sai, không nhận được, được coi là ô trống và không tính. Sổ theo dõi "
        f"(so-theo-doi-{plan.id}.xlsx) nêu từng ô; hiện có {format_number(result.count(Severity.ERROR))} lỗi cần sửa.",
    ]
    if faulty := [u for u in plan.local_units if result.verdict_of(u) is Verdict.ERRORS]:
        names = name_some([show_unit(plan, unit) for unit in faulty], local, "xem sổ theo dõi")
        notes.append(f"{len(faulty)} {local} có lỗi cần sửa, số liệu đã nhận vẫn được tính: {names}.")
    if unknown:
        notes.append(f"{format_number(unknown)} đại biểu chưa rõ thành phần không tính vào số đại biểu.")
    notes += [
        f"Dưới {plan.ages.young_under} tuổi: tính theo năm kế hoạch ({plan.year}) trừ năm sinh.",
        "Dự thảo chỉ gồm số đếm, không kèm danh sách. Phần trích nguyên văn do đơn vị viết: "
        "cần rà soát tên người và thông tin cá nhân trước khi gửi.",
    ]
    if plan.conference.local.pilot_note:
        notes.append(plan.conference.local.pilot_note)
    return notes
