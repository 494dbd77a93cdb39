"""The e-mail drafts: what stands in them, that any mail program reads it, and that no draft lies about."""

from __future__ import annotations

import email
import email.policy
import hashlib
import os
import smtplib
import socket
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from aiosmtpd.controller import Controller
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from openpyxl import load_workbook

from dhtt_excel.errors import UserError
from dhtt_excel.form.draw_form import Entries, draw_form
from dhtt_excel.form.form import Form
from dhtt_excel.office.contacts import Contact, Mailbox
from dhtt_excel.office.exemptions import draw_exemptions
from dhtt_excel.outputs.mail.eml import AttachedFile, Letter, write_eml
from dhtt_excel.outputs.mail.kinds import PLACEHOLDERS, MailKind
from dhtt_excel.outputs.mail.texts import copy_texts, load_texts
from dhtt_excel.outputs.mail.write_mail import choose_drafts, write_mail
from dhtt_excel.outputs.returns.write_returns import write_returns
from dhtt_excel.outputs.write_json import write_json
from dhtt_excel.pipeline import consolidate, write_drafts, write_result, write_template_drafts
from dhtt_excel.plan.plan import Plan, load_plan
from dhtt_excel.result import Result
from dhtt_excel.rules import RULES
from dhtt_excel.terminal.show_folders import show_folder
from dhtt_excel.text.file_names import EXEMPTIONS_FILE, HISTORY_FILE
from tests.campaign.test_second_plan import assert_silent, words_of_the_first
from tests.conftest import AS_OF
from tests.office.test_contacts import write_contacts
from tests.terminal.test_cli import dhtt, invoke
from tests.test_structure import PLAN_WORDS
from tests.typed import by_place, fill_in, type_demo

SIGNS = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậắằẳẵặéẹếệíòộợúừữýỵỸĐ    \"'\\,;:<>()[]@.?=_%*&–“”"
PRINTABLE = st.text(
    st.sampled_from(SIGNS) | st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=150
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MANY = {f"Đại biểu!E{row}": "198x" for row in range(8, 36, 2)}
RETURNS = {
    "00061": ("Phường Hàng Bạc – cần sửa (lần 2).xlsx", bytes(range(256)) * 99),
    "00070": ("Phường Hàng Trống – cần xem.xlsx", b"\r\n.\r\n\0" * 50),
}


def parse(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not [part.defects for part in message.walk() if part.defects]
    return message


def body(data: bytes) -> str:
    part = parse(data).get_body()
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def attachments(message: EmailMessage) -> list[tuple[str | None, str, bytes]]:
    return [(a.get_filename(), a.get_content_type(), a.get_content()) for a in message.iter_attachments()]


def decode(header: str) -> str:
    """As a program does that knows RFC 2047 and no more."""
    return str(make_header(decode_header(header)))


class Scene(NamedTuple):
    folder: Path
    contacts: Path
    result: Result
    drafts: dict[str, bytes]


@pytest.fixture(scope="module")
def send(plan: Plan, form: Form, valid_entries: Callable[[Any], Entries]) -> Callable[..., None]:
    def sending(folder: Path, code: str, name: str, changes: dict[str, Any] | None = None, day: int = 0) -> None:
        entries = valid_entries(plan.units_by_code[code])
        entries |= by_place(changes or {})
        path = folder / name
        path.write_bytes(fill_in(plan, form, plan.units_by_code[code], entries))
        moment = (datetime(2020, 3, 17, 14, 7) + timedelta(days=day)).timestamp()
        os.utime(path, (moment, moment))

    return sending


@pytest.fixture(scope="module")
def scene(plan: Plan, send: Callable[..., None], tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A unit in its second round, one with an accepted error, one with a warning and an assumption, a faultless one,
    one whose file is torn; the others have sent nothing."""
    folder = tmp_path_factory.mktemp("thư điện tử")
    inbox, out = folder / "đã nhận", folder / "kết quả"
    inbox.mkdir()
    send(inbox, "00061", "Hàng Bạc lần 1.xlsx", {**MANY, "Báo cáo!B23": None, "Báo cáo!B29": None})
    send(inbox, "00064", "gai.xlsx", {"Chương trình!D14": None})
    send(inbox, "00067", "chương dương.xlsx")
    send(inbox, "00070", "trống.xlsx", {"Thông tin!B9": "10/02/2020 (Thứ 2)", "Thông tin!B15": None})
    torn = inbox / "dhtt-2020_00073_cua-nam.xlsx"
    torn.write_bytes(b"PK\x03\x04 torn")
    os.utime(torn, (1584500000, 1584500000))
    out.mkdir()
    (out / HISTORY_FILE).write_bytes(write_json(consolidate(inbox, plan, date(2020, 3, 18))))
    (out / EXEMPTIONS_FILE).write_bytes(draw_exemptions(plan))
    send(inbox, "00061", "Hàng Bạc lần 2.xlsx", {**MANY, "Báo cáo!B29": None, "Báo cáo!B34": None}, day=1)
    listed = load_workbook(out / EXEMPTIONS_FILE)
    lines = [("CT01", "Hàng Gai", "Bế mạc gộp với phát động", "Trưởng phòng Trần Thị Mẫu", date(2020, 3, 31))]
    for place, value in enumerate(lines[0], start=1):
        listed.worksheets[0].cell(5, place, value)
    listed.save(out / EXEMPTIONS_FILE)
    contacts = write_contacts(
        folder / "danh bạ.xlsx",
        plan,
        {
            5: (None, None, "tan@b.vn", "sep@b.vn"),
            13: (None, "Lê Thị Ngọc Ánh", "bac@b.vn", "chutich@b.vn; pho@b.vn"),
            15: (None, "Đỗ Ước; Vũ Ỷ", "mot@b.vn; hai@b.vn"),
        },
    )
    result = consolidate(inbox, plan, AS_OF, out, contacts=contacts)
    return Scene(folder, contacts, result, write_mail(result, load_texts(), RETURNS))


# ---------------------------------------------------------------- the bytes


def test_a_letter_is_read_as_it_was_written() -> None:
    contact = Contact(
        (Mailbox("Nguyễn Thị Ước, “Chánh” (VP)", "a@b.vn"), Mailbox("", "c@d.vn"), Mailbox("UBND", "e@f.vn")),
        (Mailbox("", "x@y.vn"),),
    )
    text = "Kính gửi: UBND\n\nTừ đây\n.\nFrom here\n=20 " + "rất dài " * 200 + "\n"
    attached = (
        AttachedFile("Biểu mẫu phường Phan Chu Trinh – bản sửa lần thứ hai; “cuối” 100%.xlsx", bytes(range(256)) * 400),
        AttachedFile("plain (2).ods", b""),
        AttachedFile("ỹ" * 150 + ".bin", b"\r\n.\r\n--=_dhtt_\r\n"),
    )
    subject = "Kế hoạch 215/KH-UBND: đề nghị sửa biểu (lần 2), Phường Hàng Bạc và một chủ đề dài hơn một dòng"
    data = write_eml(Letter(contact, subject, text, attached))
    message = parse(data)
    assert message["Subject"] == subject
    assert [(a.display_name, a.addr_spec) for a in message["To"].addresses] == list(contact.to)
    assert message["Cc"] == "x@y.vn"
    assert body(data) == text
    assert attachments(message) == [
        (attached[0].name, XLSX, attached[0].data),
        ("plain (2).ods", "application/vnd.oasis.opendocument.spreadsheet", b""),
        (attached[2].name, "application/octet-stream", attached[2].data),
    ]
    lines = data.split(b"\r\n")
    assert data.isascii()
    assert not [line for line in lines if b"\n" in line or b"\r" in line]
    assert max(map(len, lines)) <= 998
    assert data == write_eml(Letter(contact, subject, text, attached))


def test_a_letter_without_recipient_and_attachment() -> None:
    message = parse(write_eml(Letter(Contact(), "Plain", "Chào\n")))
    assert message.keys() == [
        "X-Dhtt-Draft",
        "Subject",
        "X-Unsent",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
    ]
    assert message.get_content() == "Chào\n" or message.get_content() == "Chào\r\n"


@pytest.mark.parametrize("length", range(14, 60))
def test_no_letter_is_cut_in_a_header(length: int) -> None:
    subject = "ợ" * length + " " + "ễ" * length
    assert parse(write_eml(Letter(Contact(), subject, "x\n")))["Subject"] == subject


@settings(deadline=None)
@given(subject=PRINTABLE, names=st.lists(PRINTABLE, min_size=1, max_size=3), file=PRINTABLE, content=st.binary())
def test_whatever_can_be_printed_is_read_as_it_was_written(
    subject: str, names: list[str], file: str, content: bytes
) -> None:
    contact = Contact(tuple(Mailbox(name, f"a{place}@b.vn") for place, name in enumerate(names)))
    data = write_eml(Letter(contact, subject, "Chào\n", (AttachedFile(file, content),)))
    message, classic = parse(data), email.message_from_bytes(data)
    assert message["Subject"] == decode(classic["Subject"]) == subject
    assert [(decode(name), address) for name, address in getaddresses([classic["To"]])] == list(contact.to)
    assert [a.addr_spec for a in message["To"].addresses] == [address for _, address in contact.to]
    for name, read in zip(names, message["To"].addresses, strict=True):
        # Between two encoded words of a name `email.policy.default` reads a blank, and of several blanks one.
        if len(name.encode()) <= 45 and name == " ".join(name.split()):
            assert read.display_name == name
    ((_, _, same),) = attachments(message)
    text, attached = (part for part in classic.walk() if not part.is_multipart())
    assert text.get_payload(decode=True) == "Chào\r\n".encode()
    assert same == attached.get_payload(decode=True) == content
    assert [part.get_filename() for part in message.iter_attachments()] == [attached.get_filename()] == [file.strip()]
    lines = data.split(b"\r\n")
    assert data.isascii()
    assert max(map(len, lines)) <= 998
    assert not [word for line in lines for word in line.split() if word.startswith(b"=?") and len(word) > 75]


def test_no_value_ends_its_header() -> None:
    evil = "a\r\nBcc: x@y.vn\r\n\r\nb\nc\rd\0\x0b\x85\u2028e"
    harmless = "a  Bcc: x@y.vn    b c d    e"
    contact = Contact((Mailbox(evil, "a@b.vn"), Mailbox("", evil)), (Mailbox(evil, evil),))
    data = write_eml(Letter(contact, evil, "Chào\n", (AttachedFile(evil, b""),)))
    message = email.message_from_bytes(data)
    assert message.keys() == ["X-Dhtt-Draft", "Subject", "To", "Cc", "X-Unsent", "MIME-Version", "Content-Type"]
    assert decode(message["Subject"]) == harmless
    assert [part.get_filename() for part in message.walk()] == [None, None, harmless]
    assert b"\0" not in data
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert b"\n" not in data.replace(b"\r\n", b"")


def test_the_same_bytes_on_every_python() -> None:
    contact = Contact(
        (Mailbox("Nguyễn Thị Ước, “Chánh” (VP)", "a@b.vn"), Mailbox("", "c@d.vn")), (Mailbox("", "e@f.vn"),)
    )
    attached = tuple(AttachedFile(name, bytes(99)) for name in ("Hàng Bạc – cần sửa.xlsx", "ỹ" * 90, "a.pdf"))
    data = write_eml(
        Letter(contact, "Kế hoạch 215/KH-UBND: đề nghị sửa biểu (lần 2), Phường Hàng Bạc", "Chào\n", attached)
    )
    assert hashlib.sha256(data).hexdigest() == "f8a385f210973c4b141ddaf420d5565dbecc39fd790ba2451681aa0c79fd9394"


# ---------------------------------------------------------------- the drafts of a run


def test_every_local_unit_has_one_draft_and_the_upper_unit_none(scene: Scene, plan: Plan) -> None:
    owners = [name.split("_")[1] for name in scene.drafts]
    assert sorted(owners) == [unit.code for unit in plan.local_units]
    assert {name for name in scene.drafts if not name.startswith("nhac_")} == {
        "can-sua_00061_hang-bac.eml", "da-nhan_00064_hang-gai.eml", "da-nhan_00067_chuong-duong.eml",
        "da-nhan_00070_hang-trong.eml", "can-sua_00073_cua-nam.eml",
    }  # fmt: skip


def test_every_draft_is_a_whole_unsent_message(scene: Scene, plan: Plan) -> None:
    for name, data in scene.drafts.items():
        message = parse(data)
        assert message["X-Unsent"] == "1"
        assert not {"From", "Date", "Message-ID", "Bcc"} & set(message.keys())
        assert message["Subject"].startswith(f"Kế hoạch {plan.number}: ")
        code = name.split("_")[1]
        text = body(data)
        assert text.startswith(f"Kính gửi: {plan.office_of(plan.units_by_code[code])}\n\n")
        assert text.endswith("Trân trọng.\n\nPhòng Nội vụ, UBND quận Hoàn Kiếm\n")
        assert "$" not in text
        assert "\n\n\n" not in text
        assert "None" not in text


def test_recipients(scene: Scene) -> None:
    message = parse(scene.drafts["can-sua_00061_hang-bac.eml"])
    assert str(message["To"]) == "Lê Thị Ngọc Ánh <bac@b.vn>"
    assert message["Cc"] == "chutich@b.vn, pho@b.vn"
    two = parse(scene.drafts["da-nhan_00067_chuong-duong.eml"])
    assert str(two["To"]) == "Đỗ Ước <mot@b.vn>, Vũ Ỷ <hai@b.vn>"
    assert two["Cc"] is None
    assert parse(scene.drafts["da-nhan_00064_hang-gai.eml"])["To"] is None


def test_corrections(scene: Scene) -> None:
    data = scene.drafts["can-sua_00061_hang-bac.eml"]
    message, text = parse(data), body(data)
    assert message["Subject"] == "Kế hoạch 215/KH-UBND: đề nghị sửa biểu (lần 2), Phường Hàng Bạc"
    assert attachments(message) == [(RETURNS["00061"][0], XLSX, RETURNS["00061"][1])]
    assert "(tệp “Hàng Bạc lần 2.xlsx”, nhận lúc 14:07 ngày 18/03/2020)" in text
    assert "Biểu còn 16 lỗi phải sửa." in text
    assert "So với các lần trước: 1 điểm đã sửa, 15 điểm chưa sửa, 1 điểm mới." in text
    assert (
        "1. Trang tính “Đại biểu”, ô E8: Giá trị đã nhập không phải năm sinh (chưa sửa).\n   → Nhập năm sinh bốn chữ số"
        in text
    )
    assert "10. " in text
    assert "11. " not in text
    assert "… và 6 điểm nữa trong tệp kèm." in text
    assert f"Tệp kèm theo “{RETURNS['00061'][0]}”" in text
    assert "trả lời thư này, trước ngày 20/03/2020." in text
    assert "TEP0" not in text
    assert "gửi 2 tệp" not in text


def test_corrections_of_a_file_that_cannot_be_read(scene: Scene, plan: Plan, form: Form) -> None:
    data = scene.drafts["can-sua_00073_cua-nam.eml"]
    unit = plan.units_by_code["00073"]
    assert parse(data)["Subject"].endswith("tệp gửi về không đọc được (lần 1), Phường Cửa Nam")
    assert attachments(parse(data)) == [(plan.workbook_name(unit), XLSX, draw_form(plan, form, unit, RULES))]
    assert "1. Không đọc được: tệp hỏng.\n" in body(data)
    assert "chưa nộp" not in body(data)
    assert "Đề nghị đơn vị mở lại" not in body(data)  # advice for who consolidates


def test_a_receipt(scene: Scene) -> None:
    data = scene.drafts["da-nhan_00067_chuong-duong.eml"]
    text, used = body(data), scene.result.used["00067"].source
    counts = scene.result.figures.units.loc["00067"]
    frames = scene.result.tables.frames
    assert attachments(parse(data)) == []
    assert "- Tệp: chương dương.xlsx\n- Nhận lúc: 14:07 ngày 17/03/2020 (lần nộp 1)\n" in text
    assert "SHA-256" not in text
    assert used.sha256 not in text
    assert (
        f"- Đại biểu: {counts['listed']} (điển hình tiên tiến {counts['exemplars']}, khách mời và lãnh đạo {counts['guests']})\n"
        f"- Báo cáo tham luận: {(frames['speakers']['unit'] == '00067').sum()}\n"
        f"- Tập thể, hộ gia đình, cá nhân được biểu dương: {(frames['honourees']['unit'] == '00067').sum()}\n"
    ) in text
    assert "Đơn vị không phải làm gì thêm." in text
    assert "cần xem lại" not in text


def test_a_receipt_with_warnings_and_assumptions(scene: Scene) -> None:
    data = scene.drafts["da-nhan_00070_hang-trong.eml"]
    text = body(data)
    assert attachments(parse(data)) == [(RETURNS["00070"][0], XLSX, RETURNS["00070"][1])]
    assert "Các điểm cần xem lại:\n1. (Cảnh báo) Trang tính “Thông tin”" in text
    assert "- Trang tính “Thông tin”, ô B9: Chữ “10/02/2020 (Thứ 2)” được hiểu là ngày 10/02/2020.\n" in text
    assert "Đề nghị đơn vị xem lại các điểm nêu trên" in text
    assert "không phải làm gì thêm" not in text


def test_a_receipt_states_what_was_accepted_and_not_by_whom(scene: Scene) -> None:
    text = body(scene.drafts["da-nhan_00064_hang-gai.eml"])
    assert "Được chấp nhận, không phải sửa:\n- Thiếu mục “Tổng kết và bế mạc”. " in text
    assert "Lý do: Bế mạc gộp với phát động (đến hết ngày 31/03/2020).\n" in text
    assert "Trần Thị Mẫu" not in text


@pytest.mark.parametrize(
    ("as_of", "subject", "says"),
    [
        (date(2020, 3, 10), "sắp đến hạn nộp biểu", "trước ngày 20/03/2020: còn 9 ngày."),
        (date(2020, 3, 19), "sắp đến hạn nộp biểu", "hôm nay là ngày cuối."),
        (date(2020, 3, 20), "đã quá hạn nộp biểu", "đã quá hạn 1 ngày,"),
        (date(2020, 3, 26), "đã quá hạn nộp biểu", "đã quá hạn 7 ngày,"),
        (date(2020, 3, 27), "quá hạn nộp biểu 8 ngày", "Nêu rõ lý do chậm"),
    ],
)
def test_reminders_escalate(scene: Scene, plan: Plan, form: Form, as_of: date, subject: str, says: str) -> None:
    result = consolidate(scene.folder / "đã nhận", plan, as_of, contacts=scene.contacts)
    chosen = {kind.draft_name(unit) for unit, kind in choose_drafts(result).items() if kind is MailKind.REMINDER}
    assert chosen == {name for name in scene.drafts if name.startswith("nhac_")}
    unit, other = (plan.units_by_code[code] for code in ("00037", "00040"))
    drafts = write_mail(result, load_texts(), {}, [MailKind.REMINDER], [unit, other])
    data = drafts["nhac_00037_phuc-tan.eml"]
    assert parse(data)["Subject"] == f"Kế hoạch 215/KH-UBND: {subject}, Phường Phúc Tân"
    assert says in body(data)
    assert parse(data)["Cc"] == "sep@b.vn"
    assert attachments(parse(data)) == [(plan.workbook_name(unit), XLSX, draw_form(plan, form, unit, RULES))]
    assert ("đồng gửi" in body(data)) is ("Nêu rõ" in says)
    assert "đồng gửi" not in body(drafts["nhac_00040_dong-xuan.eml"])  # to nobody


def test_the_same_bytes_on_a_second_run(scene: Scene, plan: Plan) -> None:
    again = consolidate(scene.folder / "đã nhận", plan, AS_OF, scene.folder / "kết quả", contacts=scene.contacts)
    assert write_mail(again, load_texts(), RETURNS) == scene.drafts


def test_no_name_of_a_person(scene: Scene) -> None:
    frames = scene.result.tables.frames
    names = {*frames["delegates"]["name"].dropna(), *frames["info"]["compiler"].dropna(), "Lê Thị Ngọc Ánh"}
    assert len(names) > 300
    for file, data in scene.drafts.items():
        message = parse(data)
        attached = "".join(name or "" for name, _, _ in attachments(message))
        shown = f"{file} {message['Subject']} {attached} {body(data)}"
        assert not [name for name in names if name in shown]


def test_a_real_hop(scene: Scene) -> None:
    """Through an SMTP server, which sees lines, dots and bytes as any mail server does."""
    received: list[bytes] = []

    class Keep:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
            received.append(envelope.content)
            return "250 OK"

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(Keep(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with smtplib.SMTP("127.0.0.1", port) as client:
            for data in scene.drafts.values():
                client.sendmail("phong@quan.vn", ["phuong@quan.vn"], data)
    finally:
        controller.stop()
    for data, came in zip(scene.drafts.values(), received, strict=True):
        assert came == data
        assert attachments(parse(came)) == attachments(parse(data))


# ---------------------------------------------------------------- texts


def test_a_text_of_ones_own(scene: Scene, tmp_path: Path) -> None:
    folder = tmp_path / "mẫu thư"
    written, kept = copy_texts(folder)
    assert (sorted(path.stem for path in written), kept) == (sorted(PLACEHOLDERS), [])
    assert write_mail(scene.result, load_texts(folder), RETURNS) == scene.drafts
    (folder / "da-nhan.txt").write_text(
        "\ufeffChủ đề:  Đã nhận: ${don_vi}\r\n\r\nGiá 5$$, ${ngoai_le}\r\n${ngoai_le}${viec_can_lam}\r\n\r\n${da_hieu}\r\n\r\nHết",
        encoding="utf-8",
    )
    (folder / "nhac-qua-han.txt").unlink()
    assert copy_texts(folder)[0] == [folder / "nhac-qua-han.txt"]
    data = write_mail(scene.result, load_texts(folder), RETURNS)["da-nhan_00067_chuong-duong.eml"]
    assert parse(data)["Subject"] == "Đã nhận: Phường Chương Dương"
    assert body(data) == "Giá 5$,\nĐơn vị không phải làm gì thêm.\n\nHết\n"


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("can-sua.txt", "Chủ đề: x\n\n${don_vi} ${sha256}", "can-sua.txt”: không có chỗ điền “${sha256}”"),
        ("can-sua.txt", "Chủ đề: ${donvi}\n\nx", "không có chỗ điền “${donvi}”"),
        ("can-sua.txt", "Chủ đề: x\n\nGiá 5 $ một tờ", "dấu $ đứng sai chỗ"),
        ("can-sua.txt", "Chủ đề: x\n\n${đơn_vị}", "dấu $ đứng sai chỗ ở “${đơn_vị}”"),
        ("can-sua.txt", "Kính gửi\n\nx", "dòng đầu phải là “Chủ đề: …”"),
        ("can-sua.txt", "Chủ đề:\n\nx", "dòng đầu phải là “Chủ đề: …”"),
        ("can-sua.txt", "Chủ đề: x\n\n", "thiếu nội dung"),
        ("can-sua.txt", "", "dòng đầu phải là"),
        ("can-sua.txt", "Chủ đề: đã nhận\n\nx".encode("utf-16"), "không phải văn bản UTF-8"),
        ("can_sua.txt", "Chủ đề: x\n\nx", "can_sua.txt” không phải mẫu thư nào. Các mẫu thư: bieu-mau.txt,"),
    ],
)
def test_a_text_that_cannot_be_used(tmp_path: Path, name: str, data: str | bytes, says: str) -> None:
    (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    with pytest.raises(UserError) as told:
        load_texts(tmp_path)
    assert says in str(told.value)


def test_no_folder_of_texts(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Không đọc được thư mục mẫu thư"):
        load_texts(tmp_path / "không có")


def test_the_shipped_texts_use_what_they_may_and_name_no_plan() -> None:
    for name, text in load_texts().items():
        used = {*text.subject.get_identifiers(), *text.body.get_identifiers()}
        assert used <= PLACEHOLDERS[name].keys()
        assert {"kinh_gui", "noi_nhan", "don_vi"} <= used
        assert not [word for word in PLAN_WORDS if word in text.subject.template + text.body.template]


def test_the_placeholders_are_in_the_guide() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "huong-dan.md").read_text(encoding="utf-8")
    for known in PLACEHOLDERS.values():
        for key, meaning in known.items():
            assert f"| `${{{key}}}` | {meaning} |" in guide, key


# ---------------------------------------------------------------- the folder


def test_stale_drafts_go_and_changed_ones_stay(few: Plan, send: Callable[..., None], tmp_path: Path) -> None:
    inbox, out = tmp_path / "in", tmp_path / "out"
    inbox.mkdir()
    contacts = write_contacts(tmp_path / "danh bạ.xlsx", few, {6: (None, None, "bac@b.vn", None)})
    send(inbox, "00061", "a.xlsx", {"Báo cáo!B23": None})
    send(inbox, "00064", "b.xlsx", {"Báo cáo!B23": None})

    def run(*codes: str) -> list[str]:
        result = consolidate(inbox, few, AS_OF, out, contacts=contacts)
        written = write_result(result, out)[-1]
        names = sorted(p.name for p in (out / "thu").glob("*.eml") if p.name.split("_")[1] in codes)
        return [*names, *show_folder(written, few, result.contacts)]

    first = run("00061", "00064", "00082")
    assert first[:3] == ["can-sua_00061_hang-bac.eml", "can-sua_00064_hang-gai.eml", "nhac_00082_tran-hung-dao.eml"]
    assert "2 đề nghị sửa, 2 nhắc nộp. Chưa gửi thư nào." in first[3]
    assert first[4].startswith("Chưa có người nhận: Đồng Xuân,")
    (out / "thu" / "can-sua_00064_hang-gai.eml").write_bytes(b"X-Unsent: 1\r\n\r\nmine")
    send(inbox, "00061", "a.xlsx")
    send(inbox, "00064", "b.xlsx")
    send(inbox, "00082", "c.xlsx")
    second = run("00061", "00064", "00082")
    assert second[:4] == [
        "can-sua_00064_hang-gai.eml", "da-nhan_00061_hang-bac.eml", "da-nhan_00064_hang-gai.eml",
        "da-nhan_00082_tran-hung-dao.eml",
    ]  # fmt: skip
    told = "\n".join(second[4:])
    assert "3 báo đã nhận" in told or "1 nhắc nộp, 3 báo đã nhận" in told
    assert "không còn đúng với lần chạy này, đừng gửi: “can-sua_00064_hang-gai.eml”" in told
    assert "Đã xóa 2 thư nháp của lần chạy trước" in told


def test_drafts_of_one_kind_leave_the_others_where_they_are_due(
    few: Plan, send: Callable[..., None], tmp_path: Path
) -> None:
    inbox, out = tmp_path / "in", tmp_path / "out"
    inbox.mkdir()
    send(inbox, "00061", "a.xlsx", {"Báo cáo!B23": None})
    write_template_drafts(few, AS_OF, out)
    for kind in (MailKind.CORRECTION, MailKind.REMINDER):
        write_drafts(consolidate(inbox, few, AS_OF, out), out, kind)
    count = len(few.local_units)
    assert len(list((out / "thu").glob("*.eml"))) == 2 * count
    send(inbox, "00061", "a.xlsx")
    send(inbox, "00064", "b.xlsx")
    write_drafts(consolidate(inbox, few, AS_OF, out), out, MailKind.RECEIPT)
    names = sorted(p.name for p in (out / "thu").glob("*.eml"))
    assert [name for name in names if name.startswith(("can-sua", "da-nhan"))] == [
        "da-nhan_00061_hang-bac.eml",
        "da-nhan_00064_hang-gai.eml",
    ]
    assert len([name for name in names if name.startswith("nhac_")]) == count - 2
    assert len([name for name in names if name.startswith("bieu-mau_")]) == count
    assert not (out / "ket-qua.json").exists()


def test_templates_by_mail(scene: Scene, plan: Plan, form: Form, tmp_path: Path) -> None:
    written, contacts, problems = write_template_drafts(plan, AS_OF, tmp_path, scene.contacts)
    assert (list(contacts), problems) == (["00037", "00061", "00067"], [])
    names = sorted(p.name for p in written.path.glob("*.eml"))
    assert names == sorted(MailKind.TEMPLATE.draft_name(unit) for unit in plan.local_units)
    data = (written.path / "bieu-mau_00061_hang-bac.eml").read_bytes()
    unit = plan.units_by_code["00061"]
    assert parse(data)["Subject"] == "Kế hoạch 215/KH-UBND: biểu mẫu của Phường Hàng Bạc"
    assert attachments(parse(data)) == [(plan.workbook_name(unit), XLSX, draw_form(plan, form, unit, RULES))]
    assert "trước ngày 20/03/2020" in body(data)


def test_another_plan_says_no_word_of_the_first(plan: Plan, tmp_path: Path) -> None:
    second = load_plan("ha-noi-2025")
    foreign = words_of_the_first(plan, second)
    second = structs.replace(second, units=(*second.local_units[:5], second.upper_unit))
    type_demo(second, tmp_path / "in")
    result = consolidate(tmp_path / "in", second, second.report.before)
    for kind in (MailKind.CORRECTION, MailKind.REMINDER, MailKind.RECEIPT):
        write_drafts(result, tmp_path / "out", kind)
    write_template_drafts(second, second.report.before, tmp_path / "out")
    drafts = sorted((tmp_path / "out" / "thu").glob("*.eml"))
    assert {name.name.split("_")[0] for name in drafts} == {str(kind) for kind in MailKind}
    said: Iterator[tuple[str, str]] = (
        (path.name, f"{path.name}\n{parse(data)['Subject']}\n{body(data)}")
        for path in drafts
        for data in [path.read_bytes()]
    )
    assert_silent(foreign, "thu", said)


def test_the_returned_copies_are_attached(scene: Scene, tmp_path: Path) -> None:
    for kind in (MailKind.CORRECTION, MailKind.RECEIPT):
        write_drafts(scene.result, tmp_path, kind)
    for code, (name, data) in write_returns(scene.result).items():
        (draft,) = (tmp_path / "thu").glob(f"*_{code}_*.eml")
        assert attachments(parse(draft.read_bytes())) == [(name, XLSX, data)]
        assert f"Tệp kèm theo “{name}”" in body(draft.read_bytes())


# ---------------------------------------------------------------- the front door


def test_the_commands(
    few: Plan, few_units: Path, few_campaign: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    inbox = few_campaign
    contacts = write_contacts(tmp_path / "danh bạ.xlsx", few, {6: (None, None, "bac@b.vn", None)})
    common = ("-o", "kết quả", "--contacts", contacts, "--as-of", "2020-03-18", "--plan", few_units)
    texts = dhtt("mail", "texts", "-o", "mẫu thư", cwd=tmp_path)
    assert (texts.returncode, texts.stderr) == (0, "")
    assert f"Đã ghi {len(PLACEHOLDERS)} mẫu thư vào “mẫu thư”" in texts.stdout
    again = invoke("mail", "texts", "-o", "mẫu thư")
    assert (again.exit_code, "Giữ nguyên vì đã có: bieu-mau.txt" in again.stdout) == (0, True)
    for command, count in (
        ("corrections", "1 đề nghị sửa"),
        ("reminders", "1 nhắc nộp"),
        ("receipts", "2 báo đã nhận"),
    ):
        run = invoke("mail", command, inbox, *common, "--texts", "mẫu thư")
        assert (run.exit_code, run.stderr) == (0, "")
        assert f"Thư nháp trong {Path('kết quả') / 'thu'}: {count}. Chưa gửi thư nào." in run.stdout
        assert "@" not in run.stdout
    run = invoke("mail", "templates", *common)
    assert (run.exit_code, "4 gửi biểu mẫu" in run.stdout) == (0, True)
    assert sorted(p.name for p in (tmp_path / "kết quả").iterdir()) == ["thu", "tra-lai"]
    whole = invoke("consolidate", inbox, *common)
    assert whole.exit_code == 1
    assert "1 đề nghị sửa, 1 nhắc nộp, 2 báo đã nhận. Chưa gửi thư nào.\nChưa có người nhận: Đồng Xuân," in whole.stdout
    bare = invoke("mail", "reminders", inbox, "-o", "khác", "--plan", few_units)
    assert "Chưa thư nào có người nhận: lập danh bạ bằng lệnh dhtt mail contacts" in bare.stdout


def test_letters_say_whom_to_send_the_forms_to(few: Plan, tmp_path: Path) -> None:
    """By name only where that is another office than the one that writes."""
    receiver = structs.replace(
        few.receiver, name="Tổ Thi đua số 5", email="thidua@hoankiem.example", telephone="024 3825 0000"
    )
    for name, told in (("Tổ Thi đua số 5", True), (few.receiver.name, False)):
        plan = structs.replace(few, receiver=structs.replace(receiver, name=name))
        write_template_drafts(plan, AS_OF, tmp_path / name)
        text = body(next((tmp_path / name / "thu").glob("bieu-mau_*.eml")).read_bytes())
        assert ("Nơi nhận biểu: Tổ Thi đua số 5" in text) is told
        assert "hư điện tử: thidua@hoankiem.example; điện thoại: 024 3825 0000" in text


def test_the_contacts_command_never_overwrites(tmp_path: Path) -> None:
    first = dhtt("mail", "contacts", "-o", "danh bạ.xlsx", cwd=tmp_path)
    assert (first.returncode, first.stderr) == (0, "")
    before = (tmp_path / "danh bạ.xlsx").read_bytes()
    second = dhtt("mail", "contacts", "-o", "danh bạ.xlsx", cwd=tmp_path)
    assert second.returncode == 2
    assert "Đã có “danh bạ.xlsx”: không ghi đè" in second.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["danh bạ.xlsx"]
    assert (tmp_path / "danh bạ.xlsx").read_bytes() == before


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["mail", "corrections"], "Thiếu tham số 'THƯ_MỤC'"),
        (["mail", "corrections", "không-có"], "Không có thư mục “không-có”"),
        (["mail", "templates", "--contacts", "không có.xlsx"], "Không có tệp “không có.xlsx”"),
        (["mail", "templates", "--texts", "không có"], "Không đọc được thư mục mẫu thư “không có”"),
        (["mail", "remind"], "Không có lệnh 'remind'"),
    ],
)
def test_wrong_usage(args: list[str], says: str, tmp_path: Path) -> None:
    run = dhtt(*args, cwd=tmp_path)
    assert run.returncode == 2
    assert says in run.stderr
    assert "Traceback" not in run.stderr
    assert list(tmp_path.iterdir()) == []
