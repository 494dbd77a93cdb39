"""Submissions of a campaign ─► which of them stands for its unit, and what has to be said of the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from dhtt_excel.findings import Fault, Finding, Severity
from dhtt_excel.inbox.own_files import OWN
from dhtt_excel.inbox.raw import RawWorkbook
from dhtt_excel.inbox.seen_files import SeenFile, SeenKind
from dhtt_excel.plan.plan import Plan
from dhtt_excel.reading.read_submission import find
from dhtt_excel.reading.submissions import Submission, breaks_file
from dhtt_excel.rules.files import report_overdue, several_files
from dhtt_excel.text.file_names import strip_number
from dhtt_excel.text.vietnamese import format_number

EARLIER, UNFIT, SAME, ALIKE, UNCLEAR, BLANK = (
    "gửi trước", "không hợp lệ", "giống hệt tệp được dùng", "cùng nội dung với tệp được dùng", "không rõ gửi trước hay sau",
    "biểu mẫu chưa nhập",
)  # fmt: skip
_ONE_COPYING = timedelta(minutes=2)  # of files that are copied together, what times they have tells no order
_FAR_LESS = 0.5  # of what the earlier file had: the later one may have been sent by mistake
_SHOWN_FAULTS = 3
_SAME_FIGURES = "cùng số liệu đi kèm với tệp được dùng"  # of two results: what their forms show may differ
_FEW_ROWS = 5  # of a list, of which half may go without a question


def set_own_aside(
    read: Iterable[Submission], written: Collection[str], names: Collection[str]
) -> tuple[list[Submission], list[SeenFile]]:
    """What came back, and what is ours: it came in a mail or an archive, or under another name.

    `written`: the digests of the returned copies that we have sent; one that comes back as it was is no answer. `names`:
    what our outputs are called.
    """
    submissions = list(read)
    own = {s.source.file for s in submissions if s.source.refusal == OWN or s.source.sha256 in written}
    own |= {file for s in submissions if strip_number((file := s.source.file).rpartition("/")[2]) in names}
    return [s for s in submissions if s.source.file not in own], [SeenFile(file, SeenKind.OWN) for file in own]


def set_templates_aside(read: Iterable[Submission], plan: Plan) -> tuple[list[Submission], list[SeenFile]]:
    """What came back, and the folders in the inbox that hold nothing but the templates as we wrote them."""
    submissions = list(read)
    folders: dict[str, list[Submission]] = {}
    for submission in submissions:
        folders.setdefault(submission.source.file.rpartition("/")[0], []).append(submission)
    aside = {name for name, held in folders.items() if name and _are_templates(held, plan)}
    kept = [s for s in submissions if s.source.file.rpartition("/")[0] not in aside]
    packed = {s.source.file.rpartition("/")[0] for s in submissions if s.source.packed}
    return kept, [SeenFile(n if n in packed else f"{n}/", SeenKind.TEMPLATES) for n in sorted(aside)]


def _are_templates(held: Sequence[Submission], plan: Plan) -> bool:
    names = [plan.workbook_name(s.unit) if s.unit and s.blank else "" for s in held]
    return len(held) > 1 and names == [s.source.file.rpartition("/")[2] for s in held]


def choose_submissions(read: Iterable[Submission], plan: Plan, *, whole_campaign: bool = True) -> list[Submission]:
    """All of them, one of each unit marked as used: the latest that is valid, else the latest that could be read.

    Where times do not tell which is the latest, the one with most in it is used, and that is asked about. A form in which
    nothing was entered is no submission; without `whole_campaign` nothing else will say that the unit has not reported.
    """
    submissions = list(read)
    by_unit: dict[str, list[Submission]] = {}
    for submission in submissions:
        if submission.unit:
            by_unit.setdefault(submission.unit.code, []).append(submission)
    for code, own in by_unit.items():
        sent = [s for s in own if not s.blank]
        alone = Severity.WARNING if whole_campaign else Severity.ERROR
        for blank in (s for s in own if s.blank):
            blank.why_not = BLANK
            blank.findings = [find(_tell_blank(Severity.NOTE if sent else alone), blank.source.file, code, plan)]
        if sent:
            _choose(sent, code, plan)
    return submissions


def _tell_blank(severity: Severity) -> Fault:
    message = "Biểu mẫu chưa nhập: không có gì ngoài những gì in sẵn, không tính là đã nộp"
    return report_overdue.fault(message, "Đề nghị đơn vị gửi tệp đã nhập số liệu.", severity)


def _choose(sent: Sequence[Submission], code: str, plan: Plan) -> None:
    fit = [s for s in sent if s.valid] or sent
    last = max(fit, key=lambda s: (_day_of(s), s.source.sent, s.source.saved or datetime.min, s.source.file))
    unclear = [s for s in fit if s is last or not _is_before(s, last)]
    chosen = max(unclear, key=lambda s: (s.entered, s is last, s.source.file))
    if chosen.record:  # of those with the same figures the one whose forms show them
        same = [s for s in fit if s.record == chosen.record]
        chosen = min(same, key=lambda s: (len(s.findings), s is not chosen, s.source.file))
    chosen.used = True
    others = [s for s in sent if s is not chosen]
    for other in others:
        other.why_not = _compare(other, chosen)
    name = f"{plan.name_of(plan.units_by_code[code])} gửi {len(sent)} tệp"
    asked = _ask(chosen, others)
    for other in others:
        faults = [f for f in other.findings if breaks_file(f)]
        why = f"{UNFIT}: {_tell_faults(faults)}" if faults else other.why_not
        message = f"{name}: dùng “{chosen.source.file}”, không dùng tệp này ({why})"
        finding = find(several_files.fault(message), other.source.file, code, plan)
        more: list[Finding] = []  # what is asked of the form of a result all the same, such as that it was typed over
        if other.why_not == _SAME_FIGURES:
            finding = replace(finding, severity=Severity.NOTE, advice="")
            told = {f.code for f in chosen.findings}
            more = [f for f in other.findings if f.code not in told]
        if asked and asked[0] is other:
            finding = _put_question(finding, *asked[1:])
        elif faults and other.why_not != EARLIER and chosen.valid:
            finding = _ask_again(finding, faults, certain=_is_before(chosen, other))
        other.findings = [finding, *more]


def _tell_faults(faults: Iterable[Finding]) -> str:
    """What is wrong with the file as such, and on which sheet."""
    told = (
        f"{f.message} ở trang tính “{f.sheet}”" if f.sheet and f.sheet not in f.message else f.message for f in faults
    )
    return _shorten(told)


def _ask_again(finding: Finding, faults: Iterable[Finding], *, certain: bool) -> Finding:
    """A correction that could not be used: the unit believes it has mended what still stands. An error where it is `certain`
    that it was sent after the file in use."""
    when = "tệp này gửi sau" if certain else "không rõ tệp này gửi trước hay sau"
    message = f"{finding.message}; {when}, những gì sửa trong tệp này chưa được tính"
    advice = f"Đơn vị mở tệp này, sửa rồi gửi lại: {_shorten(f.advice.rstrip('.') for f in faults)}."
    severity = Severity.ERROR if certain else finding.severity
    return replace(finding, message=message, advice=advice, severity=severity, asks_unit=True)


def _shorten(texts: Iterable[str]) -> str:
    told = list(dict.fromkeys(texts))
    return "; ".join(told[:_SHOWN_FAULTS]) + (" …" if len(told) > _SHOWN_FAULTS else "")


def _is_before(first: Submission, second: Submission) -> bool:
    """Whether it is certain that one was sent before the other: no times are equal and none contradict.

    Results say of which day they are, which tells more than the times of files that may have been copied.
    """
    one, other = first.source, second.source
    dated = _is_dated(one) or _is_dated(other)
    days = (_day_of(first), _day_of(second))
    if not dated and (days[0] != days[1] or abs(one.sent - other.sent) < _ONE_COPYING):
        return days[0] < days[1]
    times = [(one.sent, other.sent)] if one.is_timed and other.is_timed else []
    if one.saved and other.saved:
        times.append((one.saved, other.saved))
    told = [earlier < later for earlier, later in (*times, days) if earlier != later]
    return bool(told) and all(told)


def _day_of(submission: Submission) -> date:
    """The day of a result; of a workbook none is known."""
    return submission.record.as_of if submission.record else date.min


def _is_dated(source: RawWorkbook) -> bool:
    """Whether more is known of when it was sent than the time of the file, which copying changes."""
    return source.mailed or source.saved is not None


def _compare(other: Submission, chosen: Submission) -> str:
    """Why a file is not used, in a few words."""
    if other.record and other.record == chosen.record:
        return _SAME_FIGURES
    if _is_before(other, chosen):
        return EARLIER
    if other.source.sha256 == chosen.source.sha256:
        return SAME
    if chosen.valid and not other.valid:
        return f"gửi sau nhưng {UNFIT}" if _is_before(chosen, other) else UNFIT
    return ALIKE if _list_rows(other) == _list_rows(chosen) else UNCLEAR


def _list_rows(submission: Submission) -> dict[str, Any]:
    rows = {key: (table.rows, table.rejected, table.none_marked) for key, table in submission.tables.items()}
    return rows | {"record": submission.record}


def _ask(chosen: Submission, others: Iterable[Submission]) -> tuple[Submission, str, str] | None:
    """The one question that unit and upper unit have to answer: about which file, what, and what to do."""
    doubtful = [s for s in others if s.why_not == UNCLEAR or (s.why_not == EARLIER and _has_far_less(chosen, s))]
    if not doubtful:
        return None
    other = max(doubtful, key=lambda s: (s.why_not == UNCLEAR, s.entered, s.source.file))
    counts = f"{format_number(chosen.entered)} ô đã nhập, tệp này {format_number(other.entered)} ô"
    if other.why_not == EARLIER:
        advice = "Đơn vị cho biết tệp gửi sau đã đủ chưa; nếu gửi nhầm thì gửi lại bản đủ."
        return other, f"gửi sau nhưng ít nội dung hơn hẳn ({counts})", advice
    advice = "Đơn vị cho biết tệp nào là bản cuối."
    if other.entered == chosen.entered:
        same = f"hai tệp có số ô đã nhập bằng nhau ({format_number(chosen.entered)} ô)"
        return other, f"không rõ tệp nào là bản cuối, {same}", advice
    return other, f"không rõ tệp nào là bản cuối, dùng tệp có nhiều nội dung hơn ({counts})", advice


def _put_question(finding: Finding, question: str, advice: str) -> Finding:
    """The finding as a question that the unit, too, is asked."""
    return replace(finding, message=f"{finding.message}; {question}", advice=advice, asks_unit=True)


def _has_far_less(later: Submission, earlier: Submission) -> bool:
    """Whether so much is gone, of all or of one list, that the later file may not be what was meant."""
    if later.entered < _FAR_LESS * earlier.entered:
        return True
    if later.record and earlier.record:
        return later.record.received < earlier.record.received
    for key, table in earlier.tables.items():
        left = len(later.tables[key].rows) if key in later.tables else 0
        if len(table.rows) >= _FEW_ROWS and left < _FAR_LESS * len(table.rows):
            return True
    return False
