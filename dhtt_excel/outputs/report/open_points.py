"""What a person must settle, write or know before a report and its forms are signed, in the words of the slip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dhtt_excel.figures.city_forms import list_unit_counts
from dhtt_excel.figures.describe_gaps import describe_gaps
from dhtt_excel.figures.describe_units import is_planned
from dhtt_excel.findings import Finding, Severity
from dhtt_excel.office.exemptions import ALL_UNITS
from dhtt_excel.outputs.report.facts import day_of, keeps_shares, list_used, value_of
from dhtt_excel.outputs.report.phrases import say_count, show_percent
from dhtt_excel.plan.plan import Unit
from dhtt_excel.plan.shares import within_tolerance
from dhtt_excel.result import Result, Verdict
from dhtt_excel.text.file_names import name_outputs
from dhtt_excel.text.vietnamese import capitalize, format_number, show_day

_FINDINGS_PLACE = "sổ theo dõi, trang tính “Vấn đề”"
_MOST_UNITS, _MOST_FINDINGS, _LONGEST = 30, 2, 105


@dataclass(frozen=True)
class Point:
    """A line of the slip."""

    subject: str
    text: str


# ---------------------------------------------------------------- what blocks signing


def list_blocking(result: Result) -> list[Point]:
    """Units without data, files that nobody could open, errors that nobody accepted."""
    points = []
    if result.closed:
        points.append(Point("Tệp không mở được", f"{', '.join(result.closed)}: có thể chứa báo cáo của đơn vị."))
    for verdict in (Verdict.MISSING, Verdict.UNREADABLE):
        units = [unit for unit in result.plan.senders if result.verdict_of(unit) is verdict]
        if units:
            points.append(Point(f"{verdict.label}: {say_count(len(units), 'đơn vị')}", _tell_late(result, units)))
    faulty = [unit for unit in result.plan.senders if result.verdict_of(unit) is Verdict.ERRORS]
    points += [_tell_errors(result, result.plan.name_of(unit), unit.code) for unit in faulty[:_MOST_UNITS]]
    if len(faulty) > _MOST_UNITS:
        text = f"{say_count(len(faulty) - _MOST_UNITS, 'đơn vị')} nữa có lỗi: xem {_FINDINGS_PLACE}."
        points.append(Point("Các đơn vị khác", text))
    known = {unit.code for unit in faulty}
    if rest := [f for f in _list_errors(result) if f.unit not in known and f.unit in ("", *result.used)]:
        points.append(_tell("Không của riêng đơn vị nào", rest))
    return points


def _tell_late(result: Result, units: Sequence[Unit]) -> str:
    """The units by how late they are, the latest first."""
    by_days: dict[int, list[str]] = {}
    for unit in sorted(units, key=result.days_late, reverse=True):
        by_days.setdefault(result.days_late(unit), []).append(result.plan.name_of(unit))
    told = [f"{f'trễ {days} ngày: ' if days else ''}{_join(names)}" for days, names in by_days.items()]
    return f"{capitalize('; '.join(told))}."


def _list_errors(result: Result) -> list[Finding]:
    return [f for f in result.findings if f.severity is Severity.ERROR]


def _tell_errors(result: Result, name: str, code: str) -> Point:
    return _tell(name, [f for f in _list_errors(result) if f.unit == code])


def _tell(name: str, errors: Sequence[Finding]) -> Point:
    """How many by sheet, the first ones with their cell, and where all of them stand."""
    by_sheet = Counter(f.sheet or "Tệp" for f in errors)
    counted = ", ".join(f"{sheet} {count}" for sheet, count in by_sheet.items())
    lines = [counted if len(by_sheet) > 1 or len(errors) > 1 else ""]
    lines += [f"– {_place(f)}{_shorten(f.public_message)}" for f in errors[:_MOST_FINDINGS]]
    if len(errors) > _MOST_FINDINGS:
        lines.append(f"– {say_count(len(errors) - _MOST_FINDINGS, 'lỗi')} nữa: xem {_FINDINGS_PLACE}")
    return Point(f"{name}: {format_number(len(errors))} lỗi", "\n".join(line for line in lines if line))


def _place(finding: Finding) -> str:
    where = " ".join(part for part in (finding.sheet, finding.cell) if part)
    return f"{where}: " if where else ""


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rsplit(' ', 1)[0]} …"


def _join(names: Sequence[str]) -> str:
    rest = len(names) - _MOST_UNITS
    return ", ".join(names[:_MOST_UNITS]) + (f" và {rest} đơn vị nữa, xem sổ theo dõi" if rest > 0 else "")


# ---------------------------------------------------------------- what is not known, what is to be written


def list_unknown(result: Result) -> list[Point]:
    """Values that nobody knows: printed "…" or left out of a share."""
    by_gap: dict[str, list[str]] = {}
    for text in describe_gaps(result, list_unit_counts(result.plan)):
        subject, _, gap = text.rpartition("”: ")
        by_gap.setdefault(capitalize(gap), []).append(f"{subject}”")
    return [Point(", ".join(subjects), gap) for gap, subjects in by_gap.items()]


def list_to_write(result: Result) -> list[Point]:
    """What the report leaves to a person."""
    plan = result.plan
    signer = plan.report.signer
    points = []
    if not result.final:
        points += [Point(f"Báo cáo, mục {s.code}", _shorten(s.text)) for s in plan.report.sections]
        if any(any(line.upper) for line in result.figures.awards):
            lower, above = plan.meeting_nouns
            upper = f"các {above}" if plan.rolls_up else plan.name_of(plan.upper_unit)
            points.append(
                Point(
                    "Báo cáo, số khen thưởng",
                    f"Ghi rõ số liệu của {upper} đã gồm số liệu của các {lower} hay chưa.",
                )
            )
    if not plan.rolls_up:
        points.append(
            Point(
                "Câu trích của các đơn vị",
                "Đọc lại các câu báo cáo trích của đơn vị: đúng nội dung, không có tên người.",
            )
        )
    signs = " ".join(part for part in (signer.capacity, signer.title, signer.name) if part)
    name = "" if signer.name else ", họ tên người ký"
    points.append(Point("Số, ngày, chữ ký", f"Điền số ({plan.report.number}), ngày ban hành{name}; ký: {signs}."))
    return points


# ---------------------------------------------------------------- what to know


def list_to_know(result: Result) -> list[Point]:
    """What blocks nothing, and yet whoever signs should have heard."""
    plan = result.plan
    points = []
    drafts = [plan.name_of(u) for u in list_used(result) if (r := result.used[u.code].record) and r.draft]
    if drafts:
        points.append(Point("Kết quả cấp dưới còn là dự thảo", f"{_join(drafts)}."))
    units = (*list_used(result), plan.upper_unit)
    planned = [(unit, day) for unit in units if is_planned(result, unit) and (day := day_of(result, unit))]
    if planned:
        text = _join([_tell_day(result, unit, day) for unit, day in planned])
        points.append(Point("Hội nghị chưa diễn ra", f"{text}. Báo cáo, biểu ghi “dự kiến”."))
    for exemption in result.exemptions:
        who = plan.name_of(exemption.unit) if exemption.unit else ALL_UNITS
        until = f"đến hết ngày {show_day(exemption.until)}" if exemption.until else "đến hết đợt"
        points.append(Point(f"Ngoại lệ {exemption.code}: {who}", f"{exemption.reason} ({exemption.who}; {until})."))
    if not plan.rolls_up and (near := [text for unit in list_used(result) if (text := _tell_near(result, unit))]):
        tolerance = f"{plan.shares.tolerance} điểm phần trăm"
        points.append(Point(f"Tỷ lệ lệch trong phạm vi cho phép ({tolerance})", f"{_join(near)}."))
    late = [unit for unit in list_used(result) if result.days_late(unit)]
    if late:
        points.append(Point("Báo cáo muộn", _tell_late(result, late)))
    if warnings := result.count(Severity.WARNING):
        points.append(Point(f"{format_number(warnings)} cảnh báo", f"Xem {_FINDINGS_PLACE}."))
    if plan.conference.local.pilot_note:
        points.append(Point("Ngày in trong Kế hoạch", plan.conference.local.pilot_note))
    if result.final:
        points.append(
            Point("Bản phát hành", "Lần chạy này chọn --final: biểu, báo cáo không ghi DỰ THẢO; sổ theo dõi ghi lại.")
        )
    if not plan.rolls_up:
        points.append(Point("Nguồn để viết", f"Nguyên văn báo cáo của các đơn vị: tệp {name_outputs(plan.id)[-1]}."))
    return points


def _tell_day(result: Result, unit: Unit, day: date) -> str:
    return f"{result.plan.name_of(unit)} (ngày {show_day(day)})"


def _tell_near(result: Result, unit: Unit) -> str:
    """A unit that misses the plan's shares by no more than the tolerance."""
    exemplars, guests = (value_of(result, unit.code, key) or 0 for key in ("exemplars", "guests"))
    off = keeps_shares(result, unit.code) is False
    near = off and within_tolerance(exemplars, guests, result.plan.shares)
    return f"{result.plan.name_of(unit)} {show_percent(100 * exemplars / (exemplars + guests))}" if near else ""
