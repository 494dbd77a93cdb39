"""Mails and archives as people and their programs make them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from email.message import EmailMessage
from typing import Any

SENDER = "Phường Hàng Bạc <hangbac@example.vn>"
SENT = "Tue, 10 Mar 2020 09:00:00 +0700"


def make_mail(
    attachments: Iterable[tuple[str, bytes | EmailMessage]] = (), *, sender: str = SENDER, sent: str = SENT, subject: str = "Báo cáo"
) -> EmailMessage:  # fmt: skip
    """A mail with these attachments, each with its file name; one that is a mail is attached as such."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = sender, subject
    if sent:
        mail["Date"] = sent
    mail.set_content("Kính gửi phòng.")
    for name, content in attachments:
        if isinstance(content, EmailMessage):
            mail.add_attachment(content, filename=name or None)
        else:
            mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail


def make_raw_mail(headers: str, data: bytes) -> bytes:
    """A mail whose one attachment has these headers, letter by letter."""
    part = EmailMessage()
    part.set_content(data, maintype="application", subtype="octet-stream")
    body = part.get_payload()
    lines = [
        f"From: {SENDER}", f"Date: {SENT}", "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=zz", "",
        "--zz", headers, "Content-Transfer-Encoding: base64", "", f"{body}--zz--", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


class _RawName(zipfile.ZipInfo):
    """An entry whose name is these bytes, in an encoding that nobody tells."""

    raw = b""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
        return self.raw, self.flag_bits


def make_zip(entries: Mapping[str | bytes, bytes], saved: Any = (1980, 1, 1, 0, 0, 0)) -> bytes:
    """A zip of these entries; a name given as bytes is written as such, without the flag for UTF-8."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, data) in enumerate(entries.items()):
            if isinstance(name, bytes):
                entry: zipfile.ZipInfo = _RawName(f"{number}", saved)
                entry.raw = name  # type: ignore[attr-defined]
            else:
                entry = zipfile.ZipInfo(name, saved)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return target.getvalue()


def lock(archive: bytes) -> bytes:
    """The zip with every entry marked as encrypted."""
    data = bytearray(archive)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(signature, at + 4)
    return bytes(data)
