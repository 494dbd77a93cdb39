"""What the desk does for the pages: each errand is a call of what the command line calls. Its first argument is a `Watch`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from email import message_from_bytes, policy
from pathlib import Path
from typing import NamedTuple

from dhtt_excel import pipeline
from dhtt_excel.errors import UserError
from dhtt_excel.findings import Finding, Severity
from dhtt_excel.inbox.containers import MAX_CONTAINER
from dhtt_excel.inbox.find_files import name_files
from dhtt_excel.inbox.open_workbooks import open_workbooks
from dhtt_excel.inbox.seen_files import SeenKind, judge_file
from dhtt_excel.office.contacts import draw_contacts
from dhtt_excel.office.exemptions import add_exemption
from dhtt_excel.outputs.atomic_files import put_in_place, remove_stale_files, save_file, stage_file
from dhtt_excel.outputs.failures import tell_failures
from dhtt_excel.outputs.mail.texts import Texts, copy_texts, load_texts
from dhtt_excel.outputs.make_templates import make_templates
from dhtt_excel.outputs.replace_files import claim_folder
from dhtt_excel.outputs.tell_written import tell_drafts, tell_kept, tell_leftovers, tell_templates
from dhtt_excel.outputs.write_outputs import Watch, Written
from dhtt_excel.reading.submissions import Submission
from dhtt_excel.result import Result
from dhtt_excel.text.file_names import EXEMPTIONS_FILE, LOCKS, MAIL_FOLDER, RETURNS_FOLDER, name_outputs
from dhtt_excel.window.board import Board, describe_result
from dhtt_excel.window.campaigns import Campaign

_SHOWN = 3  # findings of a file that has just come
_LEFT_OUT = (SeenKind.SYSTEM, SeenKind.LOCK, SeenKind.TEMPORARY, SeenKind.OWN)


@dataclass(frozen=True)
class Done:
    """What a run gives: the board, and what is to be said of the files, that first which a person must know."""

    board: Board
    told: tuple[str, ...] = ()


class Answer(NamedTuple):
    """What a file that has come turned out to be. `level`: as verdicts are called, or "seen" for what is no workbook.

    `kept`: whether it belongs among what units sent.
    """

    file: str
    level: str
    whose: str
    told: str
    findings: tuple[str, ...] = ()
    kept: bool = True


class Letter(NamedTuple):
    """A draft as it will be read."""

    to: str
    copy: str
    subject: str
    body: str
    attached: tuple[str, ...]


def look(watch: Watch, campaign: Campaign) -> Done:
    """Where the units stand; nothing is written."""
    return Done(describe_result(_consolidate(watch, campaign, final=False)))


def consolidate(watch: Watch, campaign: Campaign, final: bool) -> Done:
    """The same, and all outputs are written."""
    texts, lists = _load_texts(campaign), () if campaign.with_lists else None
    with claim_folder(campaign.out) as words:
        result = _consolidate(watch, campaign, final=final)
        written = pipeline.write_result(result, campaign.out, watch, lists=lists, texts=texts)
    failures = [failure for one in written for failure in one.failures]
    told = [*tell_kept(written), *words, *(line for one in written for line in _tell(one, result))]
    told += ["Biểu tổng hợp có danh sách tên người, như đã chọn ở Thiết lập"] * campaign.with_lists
    return Done(describe_result(tell_failures(result, failures)), tuple(told))


def _consolidate(watch: Watch, campaign: Campaign, *, final: bool) -> Result:
    return pipeline.consolidate(
        campaign.inbox, campaign.load_plan(), campaign.day, campaign.out, watch,
        contacts=_find_contacts(campaign), convert_legacy=campaign.convert_legacy, final=final,
    )  # fmt: skip


def _find_contacts(campaign: Campaign) -> Path | None:
    return campaign.contacts if campaign.contacts.exists() else None


def _load_texts(campaign: Campaign) -> Texts:
    return load_texts(campaign.texts if campaign.texts.is_dir() else None)


def _tell(written: Written, result: Result) -> list[str]:
    if written.is_folder:
        return _tell_folder(written)
    name, told = written.wanted.name, tell_leftovers(written)
    if written.path != written.wanted and not written.replaced.kept and name not in result.unfit:
        told = [f"{name} đang mở trong chương trình khác: bản mới là “{written.path.name}”", *told]
    return told


def _tell_folder(written: Written) -> list[str]:
    names = {*written.replaced.written, *written.replaced.kept}
    if written.wanted.name == RETURNS_FOLDER:
        kind = "bản trả lại, có ô cần sửa tô đỏ"
    else:
        kind = f"thư nháp: {tell_drafts(names)}; chưa gửi thư nào"
    return [*([f"{len(names)} {kind}"] if names else []), *tell_leftovers(written)]


def check(_: Watch, campaign: Campaign, path: Path, name: str) -> list[Answer]:
    """What one file in the inbox is, by itself: a line for each workbook in it."""
    plan = campaign.load_plan()
    kind = judge_file(path, name_outputs(plan.id))
    if kind:
        if kind in _LEFT_OUT:
            return [Answer(name, "seen", "", f"{kind.label}. Không chép vào đợt.", kept=False)]
        return [Answer(name, "seen", "", f"{kind.label}. Đã chép; không đọc được như bảng tính.")]
    result = pipeline.check_files([path], plan, campaign.day, convert_legacy=campaign.convert_legacy)
    answers = [_answer(result, s, name) for s in result.submissions]
    return answers or [Answer(name, "seen", "", "; ".join(seen.kind.label for seen in result.seen) or "Không có gì.")]


def _answer(result: Result, submission: Submission, name: str) -> Answer:
    file, unit = submission.source.file, submission.unit
    shown = f"{name}/{inner}" if (inner := file.partition("/")[2]) else name
    found = [f for f in result.findings if f.file == file and f.severity.asks]
    if unit and not submission.used:
        found += [f for f in submission.findings if f not in found]
    whose = result.plan.name_of(unit) if unit else ""
    errors, warnings = (sum(f.severity is level for f in found) for level in (Severity.ERROR, Severity.WARNING))
    told = tuple(map(_say, found[:_SHOWN]))
    if unit is None:
        return Answer(shown, "unreadable", "", "Không dùng được.", told)
    if submission.blank:
        return Answer(shown, "seen", whose, "Biểu mẫu chưa nhập gì.", told)
    people = len(submission.tables["delegates"].rows) if "delegates" in submission.tables else 0
    level = "errors" if errors else "warnings" if warnings else "clean"
    return Answer(shown, level, whose, f"{people} đại biểu, {errors} lỗi, {warnings} cảnh báo.", told)


def _say(finding: Finding) -> str:
    place = "!".join(filter(None, (finding.sheet, finding.cell)))
    return f"{place}: {finding.message}. {finding.advice}" if place else f"{finding.message}. {finding.advice}"


def accept(_: Watch, campaign: Campaign, code: str, unit_code: str, reason: str, who: str, until: date | None) -> None:
    """Add a line to the list of exceptions, as a person would. Raises `UserError` where it cannot be added."""
    plan = campaign.load_plan()
    unit = plan.units_by_code.get(unit_code)
    if unit is None:
        raise UserError("Không có đơn vị này trong kế hoạch.")
    path = campaign.out / EXEMPTIONS_FILE
    with claim_folder(campaign.out):
        if any((path.parent / f"{lock}{path.name}{end}").exists() for lock in LOCKS for end in ("", "#")):
            raise UserError(f"Tệp {path.name} đang mở: lưu, đóng tệp rồi làm lại.")
        listed = next(open_workbooks(name_files([path]))) if path.exists() else None
        staged = stage_file(path.parent, add_exemption(listed, plan, campaign.day, code, unit, reason, who, until))
        if not put_in_place(staged, path):
            staged.unlink(missing_ok=True)
            raise UserError(f"Tệp {path.name} đang mở trong chương trình khác: đóng tệp rồi làm lại.")


def write_templates(_: Watch, campaign: Campaign) -> str:
    """The blank workbooks, one a unit; what became of them."""
    plan = campaign.load_plan()
    with claim_folder(campaign.templates):
        replaced = make_templates(plan, campaign.templates)
    return " ".join(tell_templates(replaced, plan, campaign.templates.name))


def write_template_letters(_: Watch, campaign: Campaign) -> str:
    """A draft a unit, with its blank workbook; what became of them."""
    with claim_folder(campaign.out):
        written, _known, problems = pipeline.write_template_drafts(
            campaign.load_plan(), campaign.day, campaign.out, _find_contacts(campaign), _load_texts(campaign)
        )
    lines = [*map(_say, problems), *(f"{words}." for words in (*tell_kept([written]), *_tell_folder(written)))]
    return " ".join(lines)


def write_texts(_: Watch, campaign: Campaign) -> str:
    """The words of the letters, to be edited, where they are not there yet."""
    written, _kept = copy_texts(campaign.texts)
    return f"Đã tạo {len(written)} mẫu thư trong thư mục “{campaign.texts.name}” của đợt. Sửa bằng Notepad, lưu, rồi tổng hợp lại."


def write_contacts(_: Watch, campaign: Campaign) -> str:
    """The address list to be filled in, where there is none."""
    if campaign.contacts.exists():
        raise UserError(f"Đã có {campaign.contacts.name}: mở tệp đó để điền.")
    path = save_file(campaign.contacts, draw_contacts(campaign.load_plan()))
    return f"Đã tạo {path.name} trong thư mục của đợt. Mở bằng Excel, điền địa chỉ, lưu, rồi tổng hợp lại."


def read_letter(_: Watch, path: Path) -> Letter:
    """A draft, also one that a person has changed."""
    if path.stat().st_size > MAX_CONTAINER:
        raise UserError("Thư lớn quá, không hiện được ở đây: mở bằng chương trình thư.")
    data = path.read_bytes()
    try:
        message = message_from_bytes(data, policy=policy.default)
        part = message.get_body(("plain",))
        body = str(part.get_content()) if part else ""
        names = tuple(str(part.get_filename() or "") for part in message.iter_attachments())
        to, copy, subject = (str(message.get(header, "")) for header in ("To", "Cc", "Subject"))
    except Exception as error:  # the library raises anything on what is no mail
        raise UserError(f"“{path.name}” không hiện được ở đây: mở bằng chương trình thư.") from error
    return Letter(to, copy, subject, body, names)


def mend(_: Watch, campaign: Campaign) -> None:
    """Leave the outputs whole after a run that was killed: what it had begun to put in place is ended, the rest removed."""
    with claim_folder(campaign.out):
        for name in ("", RETURNS_FOLDER, MAIL_FOLDER):
            remove_stale_files(campaign.out / name)
