"""A letter ─► the bytes of an .eml file that mail programs open as an unsent message.

By the classic classes of `email`, not `EmailMessage`: that one loses and adds blanks where it folds Vietnamese, and folds
otherwise from one Python to the next, while the same letter must give the same bytes. No date, no message number, no
sender: they are the program's that sends it.
"""

from __future__ import annotations

import hashlib
import re
from email.header import Header
from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.text import MIMEText
from email.policy import compat32
from pathlib import PurePath
from typing import NamedTuple
from urllib.parse import quote

from dhtt_excel.office.contacts import Contact, Mailbox
from dhtt_excel.text.characters import plain_text
from dhtt_excel.text.file_names import DRAFT_MARK

_SUBTYPES = {
    ".xlsx": "vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xls": "vnd.ms-excel",
    ".ods": "vnd.oasis.opendocument.spreadsheet",
    ".docx": "vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "pdf",
}
_POLICY = compat32.clone(linesep="\r\n", max_line_length=76)  # of a line with an encoded word (RFC 2047)
_WORD_LENGTH = 72  # of a name's encoded word: with "To: " it fills a line, and holds 45 bytes of text
_PIECE_LENGTH = 80  # of a file name's piece in letters, of up to 12 characters each: a line may have 998 (RFC 5322)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")  # marks of direction, too


class AttachedFile(NamedTuple):
    name: str
    data: bytes


class Letter(NamedTuple):
    """A control character in a subject, a name or an address is written as a blank: none ends its header."""

    contact: Contact
    subject: str
    body: str
    attached: tuple[AttachedFile, ...] = ()


def write_eml(letter: Letter) -> bytes:
    """MIME with lines that end in CRLF, of ASCII only, so that it passes every mail server unchanged."""
    message: Message[str, Header | str] = Message(_POLICY)
    message[DRAFT_MARK] = "1"
    message["Subject"] = Header(_blank_controls(letter.subject), "utf-8", header_name="Subject")
    for header, mailboxes in (("To", letter.contact.to), ("Cc", letter.contact.cc)):
        if mailboxes:
            message[header] = ", ".join(map(_encode_mailbox, mailboxes))
    message["X-Unsent"] = "1"
    message["MIME-Version"] = "1.0"
    letter = letter._replace(body=plain_text(letter.body))
    body = letter.body.replace("\n", "\r\n")
    if not letter.attached:
        message.set_payload(body, "utf-8")
        return message.as_bytes()
    message.add_header("Content-Type", "multipart/mixed", boundary=_make_boundary(letter))
    message.attach(MIMEText(body, "plain", "utf-8"))
    for file in letter.attached:
        message.attach(_make_part(file))
    return message.as_bytes()


def _make_part(file: AttachedFile) -> Message:
    part = MIMEApplication(file.data, _SUBTYPES.get(PurePath(file.name).suffix.lower(), "octet-stream"))
    part["Content-Disposition"] = f"attachment; {_encode_name(_blank_controls(file.name))}"
    return part


def _encode_mailbox(mailbox: Mailbox) -> str:
    name, address = map(_blank_controls, mailbox)
    return f"{Header(name, 'utf-8', _WORD_LENGTH).encode(linesep='')} <{address}>" if name else address


def _encode_name(name: str) -> str:
    """A file's name as RFC 2231 has it where it is not plain, in pieces where it is long, which `email` does not do."""
    if re.fullmatch(rf"[A-Za-z0-9()._-]{{0,{_PIECE_LENGTH}}}", name):
        return f'filename="{name}"'
    starts = range(0, len(name), _PIECE_LENGTH)
    pieces = [quote(name[start : start + _PIECE_LENGTH], safe="") for start in starts]
    pieces[0] = f"utf-8''{pieces[0]}"
    if len(pieces) == 1:
        return f"filename*={pieces[0]}"
    return "; ".join(f"filename*{index}*={piece}" for index, piece in enumerate(pieces))


def _blank_controls(text: str) -> str:
    return _CONTROLS.sub(" ", text)


def _make_boundary(letter: Letter) -> str:
    """It is in no part: "_" is no letter of base64."""
    digest = hashlib.sha256(letter.body.encode())
    for name, data in letter.attached:
        digest.update(name.encode() + b"\0" + data)
    return f"=_dhtt_{digest.hexdigest()[:40]}"
