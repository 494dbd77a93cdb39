"""What is wrong with the record of a result in itself, and with several of them together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from dhtt_excel.figures.city_forms import (
    MEETING,
    list_award_figures,
    list_honour_figures,
    list_speech_figures,
    list_unit_counts,
)
from dhtt_excel.figures.figure import add_known
from dhtt_excel.findings import Fault, Finding, Severity
from dhtt_excel.form.form import Form
from dhtt_excel.plan.plan import Plan
from dhtt_excel.reading.submissions import Submission
from dhtt_excel.rollup.record import Counts, Line, Part, ResultRecord, UnitFigures
from dhtt_excel.rules.results import other_columns, result_draft, sums_differ, unit_twice, unknown_result
from dhtt_excel.text.characters import join_some
from dhtt_excel.text.vietnamese import format_number

_SHOWN = 3


def check_record(record: ResultRecord, form: Form, plan: Plan) -> list[Fault]:
    """A fault of `other_columns` without severity: the record cannot be added to others."""
    if strange := next(_list_strange(record, plan), ""):
        return [other_columns.fault(strange)]
    faults = []
    if record.form_version != form.version:
        message = f"Tổng hợp theo biểu mẫu phiên bản {record.form_version}, nơi tổng hợp dùng phiên bản {form.version}"
        faults.append(other_columns.fault(message, severity=Severity.WARNING))
    if differing := list(_list_wrong_sums(record)):
        faults.append(sums_differ.fault(join_some(differing, _SHOWN)))
    if record.draft:
        faults.append(result_draft.fault(_tell_draft(record)))
    if odd := [meeting for meeting in record.meetings if meeting.day and meeting.day not in plan.dates]:
        told = f"Hội nghị của {odd[0].name} ngày {odd[0].day:%d/%m/%Y}, ngoài thời gian của kế hoạch này"
        message = f"{told} ({plan.dates.first:%d/%m/%Y} - {plan.dates.last:%d/%m/%Y}): kết quả của đợt khác?"
        faults.append(unknown_result.fault(message, severity=Severity.WARNING))
    return faults


def _list_strange(record: ResultRecord, plan: Plan) -> Iterator[str]:
    """What a record does not count as this plan does."""
    figures = {f.key for f in list_unit_counts(plan) if not f.parts and not f.key.startswith(MEETING)}
    for leaf in record.units:
        if leaf.values.keys() != figures or leaf.wholes.keys() != figures or not leaf.unsaid.keys() <= figures:
            yield f"Số liệu của {leaf.name} không cùng các cột với nơi tổng hợp"
    forms = (
        ("Biểu dương", record.honours, list_honour_figures(plan)),
        ("Khen thưởng", record.awards, list_award_figures(plan)),
        ("Tham luận", record.speeches, list_speech_figures(plan)),
    )
    for name, part, wanted in forms:
        keys = tuple(figure.key for figure in wanted if not figure.parts)
        lines = [part.total, *(line for found in part.lines.values() for line in found)]
        if part.keys != keys or any({len(line.local), len(line.upper)} != {len(keys)} for line in lines):
            yield f"{name}: không cùng các cột với nơi tổng hợp"


def _tell_draft(record: ResultRecord) -> str:
    absent = [leaf.name for leaf in record.units if not leaf.sent]
    told = (
        [f"chưa có số liệu của {len(absent)}/{record.expected} đơn vị ({join_some(absent, _SHOWN)})"] if absent else []
    )
    told += [f"chưa có biểu của {meeting.name}" for meeting in record.meetings if not meeting.sent][:_SHOWN]
    told += [f"còn {format_number(record.errors)} lỗi"] if record.errors else []
    return f"Kết quả còn là dự thảo: {', '.join(told) or 'còn điểm chưa xong'}"


# ---------------------------------------------------------------- sums


def _list_wrong_sums(record: ResultRecord) -> Iterator[str]:
    if (record.expected, record.received) != (len(record.units), sum(leaf.sent for leaf in record.units)):
        yield "số đơn vị đã báo cáo không bằng số đơn vị có trong kết quả"
    for leaf in record.units:
        parts = add_known(leaf.values.get(key) for key in ("exemplars", "guests", "unknown"))
        listed = leaf.values.get("listed")
        if parts is not None and listed is not None and parts != listed:
            yield f"{leaf.name}: tổng số đại biểu {listed}, cộng các thành phần {parts}"
        for key, value in leaf.values.items():
            if value is not None and value > leaf.wholes[key]:
                yield f"{leaf.name}: có số ({format_number(value)}) lớn hơn tổng của nó ({format_number(leaf.wholes[key])})"
                break
    yield from _compare_structure(record)
    yield from _compare_ages(record)
    yield from _compare_part("biểu dương", record.honours, record.units, ("award", "movement"))
    yield from _compare_part("khen thưởng", record.awards, record.units, ("award",))
    yield from _compare_part("tham luận", record.speeches, record.units, ("field", "area"))


def _compare_structure(record: ResultRecord) -> Iterator[str]:
    """The groups of all delegates hold each of them once, those of the exemplars each exemplar."""
    listed, exemplars = (_add(record.units, key) or 0 for key in ("listed", "exemplars"))
    meetings = record.meetings
    upper_exemplars = sum(meeting.exemplars for meeting in meetings)
    upper = upper_exemplars + sum(meeting.guests + meeting.unknown for meeting in meetings)
    for group in record.structure:
        of_all = group.column in ("category", "gender")
        lines = [line for line in group.lines if not line.within]
        nested = sum(line.local for line in group.lines if line.within)
        counts = (sum(line.local for line in lines), sum(line.upper or 0 for line in lines))
        wholes = (listed, upper) if of_all else (exemplars, upper_exemplars)
        kind = "đại biểu" if of_all else "điển hình"
        for where, count, whole in zip(("", ", hội nghị cấp trên"), counts, wholes, strict=True):
            if count > whole or (group.column and count < whole):
                yield f"{group.title}{where}: cộng {format_number(count)}, tổng số {kind} {format_number(whole)}"
        if nested > counts[0]:
            yield f"{group.title}: các dòng chi tiết cộng {format_number(nested)}, nhóm có {format_number(counts[0])}"
    titles = [group.title for group in record.structure]
    if len(set(titles)) < len(titles):
        yield "cơ cấu đại biểu có nhóm ghi hai lần"


def _compare_ages(record: ResultRecord) -> Iterator[str]:
    """The mean lies between the ends, and nobody has an age who is not there."""
    wholes = (_add(record.units, "exemplars") or 0, sum(meeting.exemplars for meeting in record.meetings))
    for ages, whole in zip(record.ages, wholes, strict=True):
        youngest, oldest = ages.youngest or 0, ages.oldest or 0
        if ages.known > whole or not youngest * ages.known <= ages.total <= oldest * ages.known:
            yield f"tuổi của {format_number(ages.known)} người: không khớp số điển hình hoặc tuổi thấp nhất, cao nhất"


def _compare_part(name: str, part: Part, units: Iterable[UnitFigures], which: Iterable[str]) -> Iterator[str]:
    units = list(units)
    by_unit = tuple(_add(units, key) for key in part.keys)
    if by_unit != part.total.local:
        yield f"{name}: tổng số {_tell(part.total.local)}, cộng theo đơn vị {_tell(by_unit)}"
    for key in which:
        for total, half in ((part.total.local, _local), (part.total.upper, _upper)):
            counts = [half(line) for line in part.lines.get(key, ())]
            summed = tuple(add_known(column) or 0 for column in zip(*counts, strict=True)) or (0,) * len(total)
            if summed != tuple(number or 0 for number in total):
                yield f"{name}: tổng số {_tell(total)}, cộng các dòng {_tell(summed)}"
    for line in (line for lines in part.lines.values() for line in lines):
        for whole, own in ((part.total.local, line.local), (part.total.upper, line.upper)):
            if any((count or 0) > (most or 0) for count, most in zip(own, whole, strict=True)):
                yield f"{name}: dòng “{line.label}” ghi {_tell(own)}, lớn hơn tổng số {_tell(whole)}"


def _local(line: Line) -> Counts:
    return line.local


def _upper(line: Line) -> Counts:
    return line.upper


def _add(units: Iterable[UnitFigures], key: str) -> int | None:
    return add_known(leaf.values.get(key) for leaf in units)


def _tell(counts: Counts) -> str:
    return "/".join("…" if number is None else format_number(number) for number in counts)


# ---------------------------------------------------------------- several


def compare_records(
    records: Mapping[str, ResultRecord], submissions: Iterable[Submission], plan: Plan
) -> Iterator[Finding]:
    """A unit of the lowest level that stands in several results."""
    files = {s.unit.code: s.source.file for s in submissions if s.used and s.unit}
    first: dict[str, str] = {}
    for code, record in records.items():
        own = plan.name_of(plan.units_by_code[code])
        for leaf in record.units:
            where = f"{leaf.within} ({own})" if leaf.within else own
            if leaf.code in first:
                others = f"{first[leaf.code]} và {where}" if first[leaf.code] != where else f"{where} hai lần"
                message = f"{leaf.name} (mã {leaf.code}) có trong kết quả của {others}: đang cộng hai lần"
                yield unit_twice.finding(plan, unit=code, file=files[code], sheet="", cell="", message=message)
            first.setdefault(leaf.code, where)
