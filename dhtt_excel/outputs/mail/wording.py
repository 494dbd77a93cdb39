"""What the drafts say of a unit, in words: counts, findings, rounds, exceptions. A text with nothing to say is ""."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from dhtt_excel.figures.describe_units import known, show_count
from dhtt_excel.figures.figure import add_known
from dhtt_excel.findings import Finding, Severity, State
from dhtt_excel.office.exemptions import Exemption
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.result import Result
from dhtt_excel.rules import RULES_BY_CODE, is_for_office

MAX_TOLD = 10


def tell_plan(plan: Plan) -> str:
    return f"Kế hoạch {plan.number} ngày {plan.date:%d/%m/%Y} của {plan.issuer}"


def tell_sender(plan: Plan) -> str:
    upper = plan.levels.upper
    return ", ".join(name for name in (upper.department, upper.office) if name)


def tell_moment(moment: datetime) -> str:
    return f"{moment:%H:%M} ngày {moment:%d/%m/%Y}"


def tell_new_limit(result: Result) -> str:
    before = result.plan.report.before
    late = result.as_of >= before
    return (
        f"sớm nhất có thể vì hạn nộp (trước ngày {before:%d/%m/%Y}) đã qua" if late else f"trước ngày {before:%d/%m/%Y}"
    )


def tell_total(asked: Iterable[Finding]) -> str:
    """ "2 lỗi phải sửa và 1 cảnh báo cần xem lại"."""
    counts = Counter(f.severity for f in asked)
    phrases = ((Severity.ERROR, "lỗi phải sửa"), (Severity.WARNING, "cảnh báo cần xem lại"))
    return " và ".join(f"{counts[severity]} {phrase}" for severity, phrase in phrases if counts[severity])


def tell_findings(title: str, asked: Sequence[Finding], file: str, *, more: str) -> str:
    """At most `MAX_TOLD` of them, numbered; `more` says where the others are."""
    if not asked:
        return ""
    lines = [title]
    for number, finding in enumerate(asked[:MAX_TOLD], start=1):
        lines.append(f"{number}. {_tell_finding(finding, file)}")
        if finding.advice and RULES_BY_CODE[finding.code].about != "file":  # theirs is for who consolidates
            lines.append(f"   → {finding.advice}")
    if len(asked) > MAX_TOLD:
        lines.append(f"… và {len(asked) - MAX_TOLD} điểm nữa{more}.")
    return "\n".join(lines)


def _tell_finding(finding: Finding, file: str) -> str:
    label = "" if finding.severity is Severity.ERROR else "(Cảnh báo) "
    again = {State.OPEN: " (chưa sửa)", State.BACK: " (lặp lại)"}.get(finding.state or State.NEW, "")
    return f"{label}{_tell_place(finding, file)}{_end_sentence(finding.public_message, again)}"


def _tell_place(finding: Finding, file: str) -> str:
    """The file only where it is not the one that the letter is about."""
    parts = [f"tệp “{finding.file}”" if finding.file != file else ""]
    parts.append(f"trang tính “{finding.sheet}”" if finding.sheet else "")
    parts.append(f"ô {finding.cell}" if finding.cell else "")
    place = ", ".join(part for part in parts if part)
    return f"{place[:1].upper()}{place[1:]}: " if place else ""


def _end_sentence(text: str, more: str = "") -> str:
    return f"{text.rstrip('.')}{more}."


def tell_what_to_do(asked: Sequence[Finding], *, draft: bool = False) -> str:
    """What a unit without errors has still to do; `draft`: what it sent is one, and the whole is to come."""
    if not asked:
        return "Đơn vị không phải làm gì thêm."
    if draft:
        return "Đề nghị đơn vị hoàn thành kết quả tổng hợp rồi gửi lại; số liệu trên chỉ tạm dùng."
    questions = sum(f.asks_unit for f in asked)
    if not questions:
        return "Đề nghị đơn vị xem lại các điểm nêu trên; nếu số liệu đã đúng thì không phải gửi lại."
    others = "; các điểm khác nếu đã đúng thì không phải gửi lại" if questions < len(asked) else ""
    return f"Đề nghị đơn vị trả lời thư này, cho biết điều được hỏi nêu trên về các tệp đã gửi{others}."


def name_as_sent(result: Result, unit: Unit, text: str) -> str:
    """The text with the unit's files by their own names, not by where the upper unit has put them; several by their times."""
    own = [s.source for s in result.submissions_by_unit.get(unit.code, [])]
    names = {f"“{source.file}”": f"“{source.file.rpartition('/')[2]}”" for source in own}
    if len(own) > 1:
        names = {f"“{s.file}”": f"{names[f'“{s.file}”']} ({tell_moment(s.sent)})" for s in own}
    return re.sub("|".join(map(re.escape, names)), lambda found: names[found[0]], text) if names else text


def tell_rounds(result: Result, unit: Unit, asked: Iterable[Finding]) -> str:
    """What became of the findings of earlier rounds; "" in the first."""
    if result.rounds[unit.code].number < 2:
        return ""
    states = Counter(f.state.to_unit for f in asked if f.state)
    fixed = sum(not is_for_office(f) for f in result.fixed_by_unit.get(unit.code, []))
    told = (
        (fixed, "đã sửa"),
        (states[State.OPEN], "chưa sửa"),
        (states[State.BACK], "lặp lại"),
        (states[State.NEW], "mới"),
    )
    parts = [f"{count} điểm {phrase}" for count, phrase in told if count]
    return f"So với các lần trước: {', '.join(parts)}." if parts else ""


def tell_assumptions(result: Result, unit: Unit, file: str) -> str:
    notes = [f for f in result.findings_by_unit.get(unit.code, []) if f.severity is Severity.NOTE]
    notes = [f for f in notes if not is_for_office(f)]
    if not notes:
        return ""
    lines = [f"- {_tell_place(f, file)}{_end_sentence(f.public_message)}" for f in notes[:MAX_TOLD]]
    if len(notes) > MAX_TOLD:
        lines.append(f"… và {len(notes) - MAX_TOLD} điều nữa.")
    return "\n".join(["Các ô sau được hiểu thay đơn vị; nếu không đúng, đề nghị cho biết:", *lines])


def tell_exceptions(result: Result, unit: Unit) -> str:
    """What may stand and why; who let it stand is a person's name and not told."""
    accepted = [f for f in result.findings_by_unit.get(unit.code, []) if f.severity is Severity.ACCEPTED]
    if not accepted:
        return ""
    lines = [f"- {_end_sentence(f.public_message)} {_tell_reason(f, result.exemptions)}".rstrip() for f in accepted]
    return "\n".join(["Được chấp nhận, không phải sửa:", *lines])


def _tell_reason(finding: Finding, exemptions: Iterable[Exemption]) -> str:
    found = next((e for e in exemptions if e.covers(finding)), None)
    if found is None:
        return ""
    until = f" (đến hết ngày {found.until:%d/%m/%Y})" if found.until else ""
    return f"Lý do: {_end_sentence(found.reason, until)}"


def tell_counts(result: Result, unit: Unit) -> str:
    counts = {key: known(n) for key, n in result.figures.units.loc[unit.code].items() if key in result.figures.totals}
    speeches, honoured = (
        add_known(n for key, n in counts.items() if key.startswith(table)) for table in ("speakers_", "honourees_")
    )
    shares = (
        f"điển hình tiên tiến {show_count(counts['exemplars'])}, khách mời và lãnh đạo {show_count(counts['guests'])}"
    )
    unknown = f", chưa rõ {counts['unknown']}" if counts["unknown"] else ""
    return "\n".join(
        [
            f"- Đại biểu: {show_count(counts['listed'])} ({shares}{unknown})",
            f"- Báo cáo tham luận: {show_count(speeches)}",
            f"- Tập thể, hộ gia đình, cá nhân được biểu dương: {show_count(honoured)}",
        ]
    )
