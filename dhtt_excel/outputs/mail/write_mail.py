"""Result ─► e-mail drafts, one a local unit: what to correct, a reminder, or a receipt; and the drafts with the templates.

Nothing is sent: people look at the drafts in their own mail program, and send them. No name of a person is in a subject
or a file name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from contextlib import nullcontext
from datetime import date
from functools import partial

from dhtt_excel.findings import Finding, Severity
from dhtt_excel.office.contacts import Contact, Contacts
from dhtt_excel.outputs.failures import Failure, keep_failure
from dhtt_excel.outputs.mail.eml import AttachedFile, Letter, write_eml
from dhtt_excel.outputs.mail.kinds import OF_A_RUN, MailKind
from dhtt_excel.outputs.mail.texts import Texts
from dhtt_excel.outputs.mail.wording import (
    name_as_sent,
    tell_assumptions,
    tell_counts,
    tell_exceptions,
    tell_findings,
    tell_moment,
    tell_new_limit,
    tell_plan,
    tell_rounds,
    tell_sender,
    tell_total,
    tell_what_to_do,
)
from dhtt_excel.outputs.make_templates import draw_blank
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.result import Result, Verdict
from dhtt_excel.rules.results import result_draft
from dhtt_excel.text.vietnamese import capitalize

Returns = Mapping[str, tuple[str, bytes]]
"""Returned copies by unit code: file name and bytes."""

_ENABLE = "Mở tệp kèm theo mà Excel hiện dải vàng Protected View thì bấm “Bật chỉnh sửa” (Enable Editing)."
LONG_OVERDUE = 7  # days after which a reminder asks for a reason


def choose_drafts(result: Result) -> dict[Unit, MailKind]:
    """The kind of draft that each local unit is due; no reminder where its answer may lie in what could not be opened."""
    kinds = {unit: _choose_kind(result, unit) for unit in result.plan.local_units}
    return {unit: kind for unit, kind in kinds.items() if not (kind is MailKind.REMINDER and result.closed)}


def _choose_kind(result: Result, unit: Unit) -> MailKind:
    verdict = result.verdict_of(unit)
    if verdict is Verdict.MISSING:
        return MailKind.REMINDER
    errors = any(f.severity is Severity.ERROR for f in result.asked_of(unit))
    return MailKind.CORRECTION if errors or verdict is Verdict.UNREADABLE else MailKind.RECEIPT


def write_mail(
    result: Result,
    texts: Texts,
    returns: Returns,
    kinds: Collection[MailKind] = OF_A_RUN,
    units: Collection[Unit] | None = None,
    failures: list[Failure] | None = None,
) -> dict[str, bytes]:
    """The drafts of these kinds, for these units or all, by file name; the same result gives the same bytes.

    `failures` gets those that could not be made; without it they are raised.
    """
    write = {
        MailKind.CORRECTION: partial(_correct, result, texts, returns),
        MailKind.REMINDER: partial(_remind, result, texts),
        MailKind.RECEIPT: partial(_acknowledge, result, texts, returns),
    }
    drafts = {}
    for unit, kind in choose_drafts(result).items():
        if kind in kinds and (units is None or unit in units):
            with nullcontext() if failures is None else keep_failure(failures, f"thư nháp {kind.label}", unit.code):
                drafts[kind.draft_name(unit)] = write_eml(write[kind](unit))
    return drafts


def write_template_mail(plan: Plan, contacts: Contacts, texts: Texts, as_of: date) -> dict[str, bytes]:
    """A draft for every local unit, with its blank workbook."""
    drafts = {}
    for unit in plan.local_units:
        attached = _attach_blank(plan, unit)
        values = {**_introduce(plan, unit, as_of), "bieu_mau": attached.name}
        values["kem_theo"] = f"Tệp kèm theo: “{attached.name}”."
        letter = _fill("bieu-mau", texts, values, contacts.get(unit.code), [attached])
        drafts[MailKind.TEMPLATE.draft_name(unit)] = write_eml(letter)
    return drafts


def _correct(result: Result, texts: Texts, returns: Returns, unit: Unit) -> Letter:
    asked = result.asked_of(unit)
    readable = unit.code in result.used
    attached = _attach_return(returns, unit)
    about = ""
    if attached and readable:
        about = f"Tệp kèm theo “{attached[0].name}” là biểu của đơn vị với các ô cần sửa được tô đỏ và ghi chú; có thể sửa ngay trên tệp này."
        if any(f.severity is Severity.ERROR and f.file not in ("", result.used[unit.code].source.file) for f in asked):
            about = f"Tệp kèm theo “{attached[0].name}” lập từ tệp đang dùng, chưa có những gì đơn vị sửa trong tệp gửi sau."
    elif not readable and not result.plan.rolls_up:
        attached = attached or [_attach_blank(result.plan, unit)]
        about = f"Tệp kèm theo “{attached[0].name}” là biểu mẫu trống của đơn vị, để nhập lại nếu tệp cũ không mở được."
    file = _name_file(result, unit, asked)
    title = "Các điểm cần sửa:" if readable else "Lý do:"
    values = {
        **_introduce(result.plan, unit, result.as_of),
        **_describe_file(result, unit, file),
        **_describe_asked(result, unit, asked, file, title, more=" trong tệp kèm" if unit.code in returns else ""),
        "kem_theo": about,
        "so_loi": str(sum(f.severity is Severity.ERROR for f in asked)),
        "so_canh_bao": str(sum(f.severity is Severity.WARNING for f in asked)),
        "tong_so": tell_total(asked),
        "thoi_han": tell_new_limit(result),
    }
    text = "ket-qua-can-sua" if result.plan.rolls_up else "can-sua" if readable else "khong-doc-duoc"
    return _fill(text, texts, values, result.contacts.get(unit.code), attached)


def _remind(result: Result, texts: Texts, unit: Unit) -> Letter:
    """Three degrees, by the day of the run."""
    late = result.days_late(unit)
    contact = result.contacts.get(unit.code)
    if result.plan.rolls_up:
        left = f"đã quá hạn {late} ngày" if late else result.plan.report.tell_days_left(result.as_of)
        values = {**_introduce(result.plan, unit, result.as_of), "con_lai": left, "kem_theo": ""}
        return _fill("ket-qua-nhac", texts, values, contact, [])
    attached = _attach_blank(result.plan, unit)
    values = {
        **_introduce(result.plan, unit, result.as_of),
        "bieu_mau": attached.name,
        "kem_theo": f"{_tell_blank(result, unit)}Biểu mẫu của đơn vị được gửi kèm lại: “{attached.name}”.",
    }
    if not late:
        values["con_lai"] = result.plan.report.tell_days_left(result.as_of)
        return _fill("nhac-truoc-han", texts, values, contact, [attached])
    values["qua_han"] = str(late)
    values["dong_gui"] = "Thư này được đồng gửi để phối hợp chỉ đạo, đôn đốc." if contact and contact.cc else ""
    text = "nhac-qua-han-lau" if late > LONG_OVERDUE else "nhac-qua-han"
    return _fill(text, texts, values, contact, [attached])


def _tell_blank(result: Result, unit: Unit) -> str:
    """That what the unit sent was the form as it got it; "" where it sent nothing."""
    names = ", ".join(f"“{s.source.file}”" for s in result.submissions_by_unit.get(unit.code, []) if s.blank)
    return f"Tệp {names} đã nhận là biểu mẫu chưa nhập. " if names else ""


def _acknowledge(result: Result, texts: Texts, returns: Returns, unit: Unit) -> Letter:
    asked = result.asked_of(unit)
    used = result.used[unit.code].source
    attached = _attach_return(returns, unit) if asked else []
    about = f"Tệp kèm theo “{attached[0].name}” đánh dấu các ô cần xem lại." if attached else ""
    more = " trong tệp kèm" if attached else ""
    values = {
        **_introduce(result.plan, unit, result.as_of),
        **_describe_file(result, unit, used.file),
        **_describe_asked(result, unit, asked, used.file, "Các điểm cần xem lại:", more=more),
        "kem_theo": about,
        "sha256": used.sha256,
        "so_lieu": tell_counts(result, unit),
        "viec_can_lam": tell_what_to_do(
            asked, draft=result.plan.rolls_up and any(f.code == result_draft.code for f in asked)
        ),
    }
    return _fill(
        "ket-qua-da-nhan" if result.plan.rolls_up else "da-nhan",
        texts,
        values,
        result.contacts.get(unit.code),
        attached,
    )


def _fill(
    text: str, texts: Texts, values: Mapping[str, str], contact: Contact | None, attached: Iterable[AttachedFile]
) -> Letter:
    files = tuple(attached)
    if files:
        values = {**values, "kem_theo": f"{values['kem_theo']} {_ENABLE}".strip()}
    subject, body = texts[text].fill(values)
    return Letter(contact or Contact(), subject, body, files)


def _introduce(plan: Plan, unit: Unit, as_of: date) -> dict[str, str]:
    """What every text may say."""
    return {
        "kinh_gui": plan.office_of(unit),
        "don_vi": plan.name_of(unit),
        "noi_nhan": tell_sender(plan),
        "lien_he": _tell_receiver(plan),
        "ke_hoach": tell_plan(plan),
        "so_ke_hoach": plan.number,
        "hoi_nghi": plan.conference.local.name,
        "han": f"{plan.report.before:%d/%m/%Y}",
        "ngay": f"{as_of:%d/%m/%Y}",
    }


def _tell_receiver(plan: Plan) -> str:
    """Whom to send the forms to, where the plan names them otherwise than who writes, and how to reach them."""
    named, writing = (set(re.findall(r"\w+", name.casefold())) for name in (plan.receiver.name, tell_sender(plan)))
    known = named <= writing
    told = ("" if known else f"nơi nhận biểu: {plan.receiver.name}", plan.receiver.reached_by)
    return capitalize("; ".join(filter(None, told)))


def _name_file(result: Result, unit: Unit, asked: list[Finding]) -> str:
    """The file in use, else the one that could not be read."""
    used = result.used.get(unit.code)
    return used.source.file if used else next((f.file for f in asked if f.file), "")


def _describe_file(result: Result, unit: Unit, file: str) -> dict[str, str]:
    source = result.sources.get(file)
    received = source.sent if source and source.is_timed else None
    return {
        "lan": str(max(1, result.rounds[unit.code].number)),
        "tep": file.rpartition("/")[2],
        "luc_nhan": tell_moment(received) if received else "",
    }


def _describe_asked(
    result: Result, unit: Unit, asked: list[Finding], file: str, title: str, *, more: str
) -> dict[str, str]:
    return {
        "danh_sach": name_as_sent(result, unit, tell_findings(title, asked, file, more=more)),
        "qua_cac_lan": tell_rounds(result, unit, asked),
        "da_hieu": tell_assumptions(result, unit, file),
        "ngoai_le": tell_exceptions(result, unit),
    }


def _attach_blank(plan: Plan, unit: Unit) -> AttachedFile:
    return AttachedFile(plan.workbook_name(unit), draw_blank(plan, unit))


def _attach_return(returns: Returns, unit: Unit) -> list[AttachedFile]:
    return [AttachedFile(*returns[unit.code])] if unit.code in returns else []
