"""A letter ─► the bytes of an .eml file that mail programs open as an unsent message.

Written here and not by Python's `email`, which in 3.11 loses and adds blanks where it folds Vietnamese, and folds
otherwise in the next version: the same letter must give the same bytes. No date, no message number, no sender: they are
the program's that sends it.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode, encodebytes
from collections.abc import Iterator
from pathlib import PurePath
from typing import NamedTuple
from urllib.parse import quote

from dhtt_excel.office.contacts import Contact, Mailbox

_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xls": "application/vnd.ms-excel",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
}
_FOLD = "\r\n "
_WORD_BYTES = 45  # of text in an encoded word, which may have 75 characters (RFC 2047)
_VALUE_LENGTH = 900  # of a parameter in one line, which may have 998 characters (RFC 5322)


class Attachment(NamedTuple):
    name: str
    data: bytes


class Letter(NamedTuple):
    """`subject` is one line."""

    contact: Contact
    subject: str
    body: str
    attachments: tuple[Attachment, ...] = ()


def write_eml(letter: Letter) -> bytes:
    """MIME with lines that end in CRLF, of ASCII only, so that it passes every mail server unchanged."""
    headers = [f"Subject: {_encode_text(letter.subject)}"]
    for name, mailboxes in (("To", letter.contact.to), ("Cc", letter.contact.cc)):
        if mailboxes:
            headers.append(f"{name}: {f',{_FOLD}'.join(map(_encode_mailbox, mailboxes))}")
    headers += ["X-Unsent: 1", "MIME-Version: 1.0"]
    body = _write_part(["Content-Type: text/plain; charset=utf-8"], letter.body.replace("\n", "\r\n").encode())
    if not letter.attachments:
        return _end_lines(headers) + body
    boundary = _make_boundary(letter)
    parts = [body, *map(_write_attachment, letter.attachments)]
    headers.append(f'Content-Type: multipart/mixed;{_FOLD}boundary="{boundary}"')
    between = f"--{boundary}\r\n".encode()
    return b"".join([_end_lines([*headers, ""]), *(between + part for part in parts), f"--{boundary}--\r\n".encode()])


def _write_attachment(attachment: Attachment) -> bytes:
    kind = _TYPES.get(PurePath(attachment.name).suffix.lower(), "application/octet-stream")
    disposition = f"Content-Disposition: attachment;{_FOLD}{f';{_FOLD}'.join(_encode_name(attachment.name))}"
    return _write_part([f"Content-Type: {kind}", disposition], attachment.data)


def _write_part(headers: list[str], data: bytes) -> bytes:
    return _end_lines([*headers, "Content-Transfer-Encoding: base64", ""]) + encodebytes(data).replace(b"\n", b"\r\n")


def _end_lines(lines: list[str]) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _encode_text(text: str) -> str:
    """RFC 2047: words of base64, none of which ends within a letter; what could mean anything else is encoded too."""
    if re.fullmatch(r"[A-Za-z0-9 ]+", text):
        return text
    return _FOLD.join(f"=?utf-8?b?{b64encode(part.encode()).decode()}?=" for part in _split_bytes(text))


def _split_bytes(text: str) -> Iterator[str]:
    """Parts of at most so many bytes, cut after a blank where there is one."""
    while len(text.encode()) > _WORD_BYTES:
        most = len(text.encode()[:_WORD_BYTES].decode(errors="ignore"))
        cut = text.rfind(" ", 0, most) + 1 or most
        yield text[:cut]
        text = text[cut:]
    yield text


def _encode_mailbox(mailbox: Mailbox) -> str:
    return f"{_encode_text(mailbox.name)}{_FOLD}<{mailbox.address}>" if mailbox.name else mailbox.address


def _encode_name(name: str) -> list[str]:
    """The parameters that give a file's name: RFC 2231 where it is not plain."""
    if re.fullmatch(r"[A-Za-z0-9 ()._-]+", name):
        return [f'filename="{name}"']
    cuts = ["utf-8''"]
    for letter in name:
        if len(cuts[-1] + quote(letter, safe="")) > _VALUE_LENGTH:
            cuts.append("")
        cuts[-1] += quote(letter, safe="")
    if len(cuts) == 1:
        return [f"filename*={cuts[0]}"]
    return [f"filename*{place}*={cut}" for place, cut in enumerate(cuts)]


def _make_boundary(letter: Letter) -> str:
    """It is in no part: "_" is no letter of base64."""
    digest = hashlib.sha256(letter.body.encode())
    for name, data in letter.attachments:
        digest.update(name.encode() + b"\0" + data)
    return f"=_dhtt_{digest.hexdigest()[:40]}"
