"""Result ─► lines on the terminal. No name of a person: cell addresses instead."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from dhtt_excel.figures.describe_units import name_some, show_count
from dhtt_excel.findings import Finding, Severity, State
from dhtt_excel.inbox.seen_files import SeenKind, name_locked
from dhtt_excel.outputs.tell_written import tell_kept, tell_leftovers
from dhtt_excel.plan.plan import Unit
from dhtt_excel.result import MANY_UNITS, WORST_FIRST, Result
from dhtt_excel.rules import RULES_BY_CODE
from dhtt_excel.terminal.show_folders import show_folder
from dhtt_excel.text.characters import join_lines, one_line
from dhtt_excel.text.file_names import name_outputs
from dhtt_excel.text.vietnamese import format_number

if TYPE_CHECKING:
    from dhtt_excel.pipeline import Written
    from dhtt_excel.rehearsal.drafts import Planted

_GAP = "  "
_COMMA = "Muốn biểu in dấu phẩy thập phân (70,4): đặt Windows, mục Region, là Vietnamese (xem hướng dẫn, mục 5)."
_SHOWN = 5
_NO_GROUP = "(không ghi)"  # where other units of the plan say what they belong to
_NOT_OPENED = ("archive", "msg", "tnef")  # refusals of what holds files that a person can take out
_WIDTH = 79  # of a table: it is whole on a terminal of 80 columns
_RIGHT = {"Đại biểu", "Điển hình", "Khách mời", "Lỗi", "Cảnh báo", "Số lần", "Ngày trễ", "Lần", "Chưa sửa"}


def show_units(result: Result) -> str:
    """One line a unit: verdict, delegates, findings."""
    header = ["Đơn vị", "Kết quả", "Đại biểu", "Điển hình", "Khách mời", "Lỗi", "Cảnh báo"]
    rows = []
    for unit in _list_shown(result):
        used = result.used.get(unit.code)
        counts = result.figures.units.loc[unit.code]
        rows.append(
            [
                _name_row(result, unit),
                result.verdict_of(unit).label,
                *(show_count(counts[key]) if used else "" for key in ("listed", "exemplars", "guests")),
                *(str(result.count(severity, unit.code) or "") for severity in (Severity.ERROR, Severity.WARNING)),
            ]
        )
    return f"{_show_groups(result)}{align_table(header, rows, right=_RIGHT)}{_show_others(result)}"


def _list_shown(result: Result) -> list[Unit]:
    return result.worst_units[:MANY_UNITS] if result.are_many else result.listed_units


def _show_groups(result: Result) -> str:
    """A line for each group of very many units, the worst first; "" where there are none."""
    if not (result.are_many and result.groups):
        return ""
    shown = [verdict for verdict in WORST_FIRST if any(counts[verdict] for counts in result.groups.values())]
    rows = [
        [
            group or _NO_GROUP,
            format_number(counts.total()),
            *(format_number(counts[v]) if counts[v] else "" for v in shown),
        ]
        for group, counts in result.groups.items()
    ]
    labels = [verdict.label for verdict in shown]
    return f"{align_table(['Thuộc', 'Đơn vị', *labels], rows, right={'Đơn vị', *labels})}\n\n"


def _show_others(result: Result) -> str:
    """How many units have no line of their own, by verdict: those are the best; "" where all have one."""
    if not result.are_many:
        return ""
    others = Counter(result.verdict_of(unit).label.lower() for unit in result.worst_units[MANY_UNITS:])
    told = ", ".join(f"{format_number(number)} {verdict}" for verdict, number in others.items())
    return f"\n… và {format_number(others.total())} đơn vị nữa: {told} (sổ theo dõi, trang tính “Tình hình nộp”)."


def show_files(result: Result) -> str:
    """Which file stands for each unit."""
    units = (unit for unit in result.plan.senders if unit.code in result.used)
    used = (f"  {_name_row(result, unit)}: {result.used[unit.code].source.file}" for unit in units)
    return join_lines(["Tệp đã dùng:", *used])


def _name_row(result: Result, unit: Unit) -> str:
    """The upper unit with its kind: it may be called as a local one is."""
    return result.plan.name_of(unit) if unit == result.plan.upper_unit else result.plan.short_name(unit)


def show_status(result: Result) -> str:
    """One line a unit: when it sent, how late, in which round, what is open; then who is to be reminded."""
    header = ["Đơn vị", "Nhận lúc", "Ngày trễ", "Lần", "Kết quả", "Lỗi", "Cảnh báo", "Chưa sửa"]
    rows = []
    for unit in _list_shown(result):
        used = result.used.get(unit.code)
        own = result.findings_by_unit.get(unit.code, [])
        late = result.days_late(unit)
        numbers = (
            result.rounds[unit.code].number,
            *(result.count(severity, unit.code) for severity in (Severity.ERROR, Severity.WARNING)),
            sum(f.state in (State.OPEN, State.BACK) for f in own),
        )
        shown = [str(number or "") for number in numbers]
        received = "" if not used else f"{used.source.sent:%d/%m/%Y %H:%M}" if used.source.is_timed else "không rõ"
        verdict = result.verdict_of(unit).label
        rows.append([_name_row(result, unit), received, str(late or ""), shown[0], verdict, *shown[1:]])
    table = align_table(header, rows, right=_RIGHT)
    return f"{_show_groups(result)}{table}{_show_others(result)}\n\n{join_lines(_show_state(result))}"


def show_findings(result: Result) -> str:
    """Every finding with its place and what to do, errors first."""
    if not result.findings:
        return "Không có vấn đề nào."
    return join_lines(line for finding in result.findings for line in _show_finding(finding))


def _show_finding(finding: Finding) -> Iterator[str]:
    place = _show_place(finding.file, finding.sheet, finding.cell)
    yield f"{finding.severity.label} {finding.code}  {place}{finding.public_message}"
    if finding.advice:
        yield f"    → {finding.advice}"


def _show_place(file: str, sheet: str, cell: str) -> str:
    place = "!".join(part for part in (sheet, cell) if part)
    parts = [part for part in (file, place) if part]
    return f"{' › '.join(parts)}: " if parts else ""


def show_verdict(result: Result, written: list[Written]) -> str:
    """Where the campaign stands in a few lines, then where the outputs are."""
    lines = [
        _show_received(result),
        *_show_delegates(result),
        *_show_verdict(result),
        *_show_edition(result),
        *_show_seen(result),
        "",
        *tell_kept(place for place in written if place.wanted.name not in result.unfit),
        *(line for place in written for line in _show_written(place, result)),
        *([_COMMA] if written else []),
    ]
    return join_lines(lines)


def _show_delegates(result: Result) -> list[str]:
    """How many of whom at the local conferences and at the upper one, and who may still be sent there."""
    plan, figures = result.plan, result.figures
    listed, exemplars, guests = (figures.totals[key] for key in ("listed", "exemplars", "guests"))
    share = "" if exemplars.share is None else f"; điển hình chiếm {format_number(exemplars.share, 1)}%"
    upper, upper_exemplars, upper_guests = (
        show_count(figures.tell_upper(count))
        for count in (figures.upper_total, figures.upper_exemplars, figures.upper_guests)
    )
    local, above = plan.meeting_nouns
    lead, limit = (
        ("Các hội nghị", "") if plan.rolls_up else ("Hội nghị", f", tối đa {plan.conference.upper.max_delegates}")
    )
    lines = [
        f"{lead} {local}: {show_count(listed.value)} đại biểu "
        f"({show_count(exemplars.value)} điển hình, {show_count(guests.value)} khách mời{share}).",
        f"{lead} {above}: {upper} đại biểu{limit} ({upper_exemplars} điển hình, {upper_guests} khách mời).",
    ]
    if (room := figures.upper_room).each:
        kinds = f"{room.each_exemplars} điển hình, {room.each_guests} khách mời"
        lines.append(f"Mỗi {plan.levels.local.noun} chưa nộp còn được cử {room.each} đại biểu: {kinds}.")
    return lines


def _show_received(result: Result) -> str:
    expected = len(result.plan.local_units)
    names = [result.plan.short_name(u) for u in result.missing_units]
    missing = name_some(names, "đơn vị", "xem sổ theo dõi")
    received = f"Đã nhận {'kết quả của ' if result.plan.rolls_up else ''}{expected - len(result.missing_units)}/{expected} {result.plan.levels.local.noun}"
    return received + (f"; chưa có: {missing}." if missing else ".")


def _show_verdict(result: Result) -> list[str]:
    counts = [result.count(severity) for severity in (Severity.ERROR, Severity.WARNING, Severity.NOTE)]
    verdict = (
        f"{'CẦN SỬA' if counts[0] else 'ĐẠT'}: {counts[0]} lỗi, {counts[1]} cảnh báo, "
        f"{counts[2]} điều đã hiểu thay đơn vị.{_show_states(result)}"
    )
    return [verdict, *show_office_problems(result.findings)]


def _show_edition(result: Result) -> list[str]:
    """Whether what goes out bears "DỰ THẢO", and what is to be done about it."""
    slip = name_outputs(result.plan.id)[3]
    if result.is_draft:
        return [
            f"Biểu, báo cáo ghi DỰ THẢO: còn điểm chưa xong, xem “{slip}”. Quyết định gửi như hiện có: thêm --final."
        ]
    if result.is_open:
        return [
            f"Theo --final, biểu và báo cáo không ghi DỰ THẢO dù còn điểm chưa xong: xem “{slip}”; sổ theo dõi đã ghi lại."
        ]
    return []


def _show_state(result: Result) -> list[str]:
    """Who is late, and the verdict."""
    before = result.plan.report.before
    days = (before - result.as_of).days
    limit = result.plan.report.tell_days_left(result.as_of) if days > 0 else f"đã quá hạn {1 - days} ngày"
    received = f"{_show_received(result)} Hạn trước ngày {before:%d/%m/%Y}: {limit}."
    return [received, *_show_verdict(result), *_show_seen(result)]


def _show_seen(result: Result) -> list[str]:
    """What is no answer: how much, what somebody should look at, what somebody has open."""
    look = [seen.name for seen in result.seen if seen.kind.is_to_be_looked_at]
    closed = [s.source.file for s in result.submissions if s.source.refusal in _NOT_OPENED]
    locked = dict.fromkeys(name_locked(seen.name) for seen in result.seen if seen.kind is SeenKind.LOCK)
    lines = []
    if closed or any(seen.kind not in (SeenKind.SYSTEM, SeenKind.OWN) for seen in result.seen):
        asked = f"; cán bộ tự xem: {_quote(sorted([*closed, *look]))}" if closed or look else ""
        lines.append(
            f"Đã thấy, không đọc: {len(result.seen) + len(closed)} mục (sổ theo dõi, trang tính “Nguồn”){asked}."
        )
    if result.closed:
        lines.append(
            f"Không mở được {_quote(result.closed)}: đơn vị có tệp ở đó bị ghi là chưa nộp, nên chưa soạn thư nhắc nào. "
            "Kiểm tra quyền đọc; đường dẫn dài quá 260 ký tự thì chuyển ra ngoài; rồi chạy lại."
        )
    if locked:
        lines.append(f"Có người đang mở {_quote(list(locked))}: nếu đang sửa thì lưu, đóng rồi chạy lại.")
    packed = [seen.name for seen in result.seen if seen.kind is SeenKind.TEMPLATES and seen.name[-1] != "/"]
    if packed:
        lines.append(f"Bỏ qua tệp nén, thư chỉ có biểu mẫu trống của chương trình: {_quote(packed)}.")
    own = [
        seen.name for seen in result.seen if seen.kind in (SeenKind.OWN, SeenKind.TEMPLATES) and seen.name[-1] == "/"
    ]
    if own:
        lines.append(f"Bỏ qua thư mục của chương trình nằm trong thư mục nhận: {_quote(own)}.")
    return lines


def _quote(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")


def _show_states(result: Result) -> str:
    """What became of the findings of earlier rounds and runs; "" in the first."""
    states = Counter(f.state for f in (*result.findings, *result.fixed))
    order = (State.FIXED, State.OPEN, State.BACK, State.TOLD, State.NEW)
    told = [f"{states[s]} {s.label.lower()}" for s in order if states[s]]
    accepted = result.count(Severity.ACCEPTED)
    rounds = any(standing.number > 1 for standing in result.rounds.values())
    runs = rounds or states[State.TOLD] > 0
    parts = [*(told if runs else []), *([f"{accepted} được chấp nhận"] if accepted else [])]
    lead = "Qua các lần nộp: " if rounds else "So với lần chạy trước: " if runs else ""
    text = ", ".join(parts)
    return f" {lead}{text if lead else text.capitalize()}." if parts else ""


def show_office_problems(findings: Iterable[Finding]) -> list[str]:
    """What is wrong with the staff's own files: nobody else would be told."""
    own = (f for f in findings if RULES_BY_CODE[f.code].about == "office")
    return [f"{_show_place(f.file, f.sheet, f.cell)}{f.public_message}. {f.advice}" for f in own]


def _show_written(written: Written, result: Result) -> list[str]:
    if written.is_folder:
        return show_folder(written, result.plan, result.contacts)
    replaced, name = written.replaced, written.wanted.name
    if written.path.name not in replaced.written.values():
        return tell_leftovers(written)
    why = ""
    if written.path != written.wanted:
        why = f" (vì {name} {'được giữ nguyên' if replaced.kept else 'đang mở trong Excel'})"
    return [f"Đã ghi {written.path}{why}", *tell_leftovers(written)]


def show_matrix(result: Result, planted: Sequence[Planted]) -> str:
    """One line a rule: how it was broken and where, how often it was found, and whether it was found there."""
    counts = Counter(f.code for f in result.findings if f.severity is not Severity.NOTE)
    header = ["Mã", "Mức", "Số lần", "", "Đã gài", "Ở"]
    rows = []
    for breach in planted:
        found = breach.is_found(result.findings)
        mark = ("✓" if found else "✗") if breach.places else "–"
        places = [_show_place(*place[1:]).removesuffix(": ") or _name_unit(result, place[0]) for place in breach.places]
        done = breach.done or "kế hoạch này không có gì để vi phạm"
        severity = RULES_BY_CODE[breach.code].severity.label
        rows.append([breach.code, severity, str(counts[breach.code]), mark, done, "; ".join(places)])
    applicable = [breach for breach in planted if breach.places]
    found_count = sum(breach.is_found(result.findings) for breach in applicable)
    table = align_table(header, rows, right=_RIGHT)
    return f"{table}\n\n{found_count}/{len(applicable)} quy tắc được phát hiện"


def _name_unit(result: Result, code: str) -> str:
    return result.plan.name_of(result.plan.units_by_code[code])


def align_table(header: list[str], rows: list[list[str]], *, right: Collection[str] = ()) -> str:
    """Columns side by side, no wider than a terminal; Vietnamese letters are one column each in NFC.

    A heading is broken where its words are longer than what is below; then the widest column until all fit.
    """
    cells = [list(map(one_line, row)) for row in rows]
    widths = [max(map(len, [*heading.split(), *column])) for heading, *column in zip(header, *cells, strict=True)]
    while sum(widths) + len(_GAP) * (len(widths) - 1) > _WIDTH:
        widths[widths.index(max(widths))] -= 1

    def lines(row: list[str]) -> Iterator[str]:
        broken = [textwrap.wrap(cell, width, break_on_hyphens=False) for cell, width in zip(row, widths, strict=True)]
        for parts in zip_longest(*broken, fillvalue=""):
            padded = (
                part.rjust(width) if name in right else part.ljust(width)
                for part, width, name in zip(parts, widths, header, strict=True)
            )
            yield _GAP.join(padded).rstrip()

    rule = _GAP.join("─" * width for width in widths)
    return "\n".join([*lines(header), rule, *(line for row in cells for line in lines(row))])
