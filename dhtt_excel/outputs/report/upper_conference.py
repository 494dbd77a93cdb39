"""The upper unit's own conference: when, with whom, against the plan; who goes on to the congress above."""

from __future__ import annotations

from dhtt_excel.figures.city_forms import HONOUREE_KINDS, NOT_SENT
from dhtt_excel.outputs.report.conferences import count_kinds, say_kinds
from dhtt_excel.outputs.report.delegates import list_sensitive
from dhtt_excel.outputs.report.facts import PLANNED, count_members, day_of, text_of, value_of
from dhtt_excel.outputs.report.paper import ReportPaper, add_text
from dhtt_excel.outputs.report.phrases import say_count, say_share
from dhtt_excel.plan.shares import shares_hold
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import capitalize, show_day


def draw_upper_conference(paper: ReportPaper, result: Result) -> None:
    plan = result.plan
    upper = plan.upper_unit
    day = day_of(result, upper)
    when = "" if day and day <= result.as_of else PLANNED
    for sentence in (
        _say_conference(result, when),
        _say_delegates(result, when),
        _say_members(result, when),
        _say_coverage(result, when),
        _say_honours(result, when),
        _say_sent_on(result),
    ):
        if sentence:
            add_text(paper.body, sentence)


def _say_conference(result: Result, when: str) -> str:
    """Day, form and programme, as far as the upper unit's own form says them."""
    plan = result.plan
    unit, noun = plan.upper_unit, plan.levels.upper.noun
    limits = f"ngày {show_day(plan.conference.upper.first_day)} đến ngày {show_day(plan.conference.upper.last_day)}"
    name = f"Hội nghị cấp {noun}"
    if unit.code not in result.used:
        return f"{name} theo Kế hoạch tổ chức từ {limits}; ngày tổ chức, chương trình: {NOT_SENT} (chưa có số liệu của {noun})."
    day, form, held = day_of(result, unit), text_of(result, unit, "form"), value_of(result, unit.code, "held")
    told = f"tổ chức ngày {show_day(day)}" if day else f"tổ chức ngày {NOT_SENT}"
    text = f"{name} {when}{told} (theo Kế hoạch: từ {limits})"
    if form:
        text += f", hình thức {form.lower()}"
    if held is not None:
        text += f", {when}thực hiện {held}/{len(plan.programme.required)} mục chương trình của Kế hoạch"
    return f"{text}."


def _say_delegates(result: Result, when: str) -> str:
    plan, figures = result.plan, result.figures
    noun, limit, shares = plan.levels.upper.noun, plan.conference.upper.max_delegates, plan.shares
    exemplars, guests, unknown = figures.upper_exemplars, figures.upper_guests, figures.upper_unknown
    total, known = figures.upper_total, exemplars + guests
    nominated = figures.totals["nominated"]
    sent = f"Các {plan.levels.local.noun} cử {say_count(nominated.value)} đại biểu dự hội nghị cấp {noun}."
    if plan.upper_unit.code not in result.used:
        return f"{sent} Số đại biểu do {noun} triệu tập: {NOT_SENT} (chưa có số liệu của {noun})."
    if not total:
        return f"{sent} Danh sách đại biểu dự hội nghị cấp {noun}: {NOT_SENT}."
    text = (
        f"{sent} Cùng với đại biểu do {noun} triệu tập, hội nghị {when}có {say_count(total)} đại biểu (Kế hoạch: tối đa {limit}), gồm "
        f"{say_count(exemplars)} điển hình tiên tiến{say_share(exemplars, known)} và {say_count(guests)} khách mời, lãnh đạo{say_share(guests, known)}"
    )
    text += f", {say_count(unknown)} chưa rõ thành phần, không tính vào tỷ lệ" if unknown else ""
    text += f"; vượt {say_count(total - limit)} đại biểu" if total > limit else ""
    asked = f"cơ cấu {shares.exemplars}% - {shares.guests}%"
    return (
        f"{text}; {when}bảo đảm {asked}." if shares_hold(exemplars, guests, shares) else f"{text}; Kế hoạch: {asked}."
    )


def _say_members(result: Result, when: str) -> str:
    """Kinds alone, no value by name: among few people a number points at one."""
    plan, told = result.plan, []
    for column, label in list_sensitive(plan).items():
        found = count_members(result, column)
        if found.upper_known and plan.upper_unit.code in result.used:
            rest = say_count(found.upper_known - found.upper)
            told.append(
                f"{say_count(found.upper)} {label}{say_share(found.upper, found.upper_known)}, {rest} người khác"
            )
    return f"Trong điển hình tiên tiến {when}dự hội nghị có {'; '.join(told)}." if told else ""


def _say_coverage(result: Result, when: str) -> str:
    """Of the groups that the plan names, those who have nobody."""
    lines = result.figures.coverage
    if not result.figures.upper_exemplars or result.plan.upper_unit.code not in result.used:
        return ""
    absent = [line.label for line in lines if not line.count]
    text = f"Điển hình tiên tiến {when}dự hội nghị có đại diện {len(lines) - len(absent)}/{len(lines)} nhóm mà Kế hoạch yêu cầu"
    return f"{text}; chưa có đại diện: {'; '.join(absent)}." if absent else f"{text}."


def _say_honours(result: Result, when: str) -> str:
    code = result.plan.upper_unit.code
    counts = count_kinds(result, (code,), "honourees")
    total = sum(count or 0 for count in counts.values())
    if all(value_of(result, code, f"honourees_{kind}") is None for kind in HONOUREE_KINDS):
        return ""
    return f"{capitalize(f'{when}biểu dương, tôn vinh')} tại hội nghị {say_count(total)} lượt: {say_kinds(counts)}."


def _say_sent_on(result: Result) -> str:
    plan = result.plan
    noun, congress = plan.levels.upper.noun, f"Đại hội Thi đua yêu nước {plan.levels.above}"
    count = value_of(result, plan.upper_unit.code, "nominated")
    if count == 0:
        return f"Chưa có đại biểu của {noun} được cử dự {congress}."
    told = f"{NOT_SENT} (chưa có số liệu của {noun})" if count is None else say_count(count, "đại biểu")
    return f"Đại biểu của {noun} được cử dự {congress}: {told}."
