"""TT: the local conference. Who changes the day comes before who reports."""

from __future__ import annotations

from datetime import timedelta

from dhtt_excel.rehearsal.drafts import Draft, Made, Place, first, in_campaign, in_workbook
from dhtt_excel.rules import conference

OTHER_CONFERENCE = "Hội nghị tổng kết năm"
_DAY = timedelta(days=1)


@in_workbook(conference.form_not_chosen, spoils=("form",))
def name_no_event(draft: Draft) -> tuple[Place, str]:
    combined = draft.plan.lists.value("forms", "combined")
    draft.put("info", "form", combined)
    return draft.put("info", "event", None), f"chọn “{combined}” mà không ghi sự kiện"


@in_workbook(conference.held_too_late, spoils=("date",))
def hold_late(draft: Draft) -> tuple[Place, str]:
    """On the first day that is too late, for a pilot unit too; others are not before it then."""
    limits = draft.plan.conference.local
    day = (draft.unit.pilot and limits.pilot_before) or limits.before
    draft.put("info", "reported", None)
    return draft.put("info", "date", day), f"tổ chức ngày {day:%d/%m/%Y}"


@in_campaign(conference.held_out_of_order, spoils=("date",), pilot=False)
def hold_before_pilot(draft: Draft, sent: list[Draft]) -> Made:
    days = [other.get("info", "date") for other in sent if other.unit.pilot]
    day = first(sorted(days, reverse=True)) - _DAY
    return [draft.put("info", "date", day)], f"tổ chức ngày {day:%d/%m/%Y}, trước hội nghị điểm một ngày"


@in_workbook(conference.not_half_a_day, spoils=("session",))
def choose_other_session(draft: Draft) -> tuple[Place, str]:
    start, end = draft.get("info", "start"), draft.get("info", "end")
    session = first(s for s in draft.plan.lists.sessions if start < s.start or s.end < end)
    draft.put("info", "session", session.value)
    wrong = "start" if start < session.start else "end"
    return draft.place("info", wrong), f"họp {start:%H:%M} - {end:%H:%M} mà chọn buổi {session.value}"


@in_workbook(conference.reported_too_late, spoils=("reported",))
def report_late(draft: Draft) -> tuple[Place, str]:
    day = max(draft.plan.report.before, draft.get("info", "date"))
    return draft.put("info", "reported", day), f"báo cáo ngày {day:%d/%m/%Y}"


@in_workbook(conference.named_otherwise, spoils=("form",))
def name_otherwise(draft: Draft) -> tuple[Place, str]:
    separate = draft.plan.lists.value("forms", "separate")
    draft.put("info", "form", separate)
    draft.put("info", "event", None)
    return draft.put("info", "name", OTHER_CONFERENCE), f"“{separate}”, tên ghi “{OTHER_CONFERENCE}”"


@in_workbook(conference.no_plan_of_its_own)
def leave_out_own_plan(draft: Draft) -> tuple[Place, str]:
    return draft.put("info", "decision", None), "để trống số, ngày kế hoạch"


@in_workbook(conference.reported_before_held, spoils=("reported",))
def report_before(draft: Draft) -> tuple[Place, str]:
    """In time, however late the conference is held."""
    held = draft.get("info", "date")
    day = min(held, draft.plan.report.before) - _DAY
    return draft.put("info", "reported", day), f"tổ chức {held:%d/%m/%Y}, báo cáo {day:%d/%m/%Y}"
