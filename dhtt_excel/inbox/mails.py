"""Bytes of a saved e-mail ─► who sent it, when, and what is attached. Runs in a worker process: see `open_workbooks`.

Headers are taken as they stand and decoded here, for mail programs spell names in ways that no standard knows: an
encoded word in quotes, without quotes, cut through a letter; bare UTF-8; a name in Content-Type only.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from email.errors import CloseBoundaryNotFoundDefect, HeaderParseError, StartBoundaryNotFoundDefect
from email.feedparser import BytesFeedParser
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value, getaddresses, parsedate_to_datetime
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from dhtt_excel.inbox.moments import in_office
from dhtt_excel.text.file_names import DRAFT_MARK, NAMELESS, decode_name

_CHUNK = 64 * 1024
_LONGEST_HEADER = 4000  # characters; to take a longer one apart may take for ever
_LONGEST_SENDER = 200
_NAME_AND_ADDRESS = re.compile(r'\s*"?([^<>"]*?)"?\s*<([^<>\s]+)>\s*')
_OF_MAILS = ("from", "sender", "date", "subject", "to", "received", "mime-version", "content-type")
_WANTED = frozenset({"from", "sender", "date", "subject", "content-type", "content-disposition"})
_MESSAGE_TYPES = frozenset({"message/rfc822", "message/global"})
_TNEF_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_SUFFIXES = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-excel.sheet.macroenabled.12": ".xlsm",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/zip": ".zip",
    "application/x-zip-compressed": ".zip",
}


class Attachment(NamedTuple):
    """What hangs on a mail; `suffix` is what its name or, failing that, its type says."""

    name: str
    suffix: str
    part: Message

    def read(self) -> bytes | Message:
        """Its bytes; a mail that is attached as such is parsed already."""
        if self.part.get_content_type() not in _MESSAGE_TYPES or not self.part.is_multipart():
            data = self.part.get_payload(decode=True)
            return data if isinstance(data, bytes) else b""
        inner: Any = self.part.get_payload(0)
        if not inner.keys() and str(self.part["Content-Transfer-Encoding"]).strip().lower() == "base64":
            return base64.b64decode(inner.get_payload())  # forbidden, and done
        return inner  # type: ignore[no-any-return]


def parse_mail(data: bytes) -> Message:
    """The mail, parsed as far as it can be; see `is_mail`."""
    parser = BytesFeedParser()
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    for start in range(0, len(data), _CHUNK):  # in pieces: as one text it would take four times the memory
        parser.feed(data[start : start + _CHUNK])
    return parser.close()


def is_mail(message: Message) -> bool:
    """Whether it has any header of a mail: the parser takes whatever it is given."""
    return any(header in message for header in _OF_MAILS)


def list_attachments(message: Message) -> list[Attachment]:
    """Everything attached, inline too, but for the text of the mail itself. Attached mails are not entered."""
    found = (_describe(part) for part in _list_parts(message))
    return [attachment for attachment in found if attachment]


def is_unsent(message: Message) -> bool:
    """Whether it is a draft: not what a unit answered."""
    return str(message.get("X-Unsent", "")).strip() == "1"


def is_own_draft(message: Message) -> bool:
    """Whether it is a draft of ours that nobody sent: what is sent, quoted or forwarded begins with other headers."""
    return message.keys()[:1] == [DRAFT_MARK]


def is_cut(message: Message) -> bool:
    """Whether the mail ends before its last part does."""
    defects = (CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect)
    return any(isinstance(defect, defects) for part in _list_multiparts(message) for defect in part.defects)


def sender_of(message: Message) -> str:
    """Who sent it, as "name <address>" in one line; "" where the mail does not say."""
    headers = _decode_headers(message)
    text = str(headers["From"] or headers["Sender"] or "")
    name, address = next(((n, a) for n, a in _list_addresses(text) if "@" in a), ("", ""))
    name = _decode_words(name if address else text)
    shown = f"{name} <{address}>" if name and address and name != address else name or address
    return _one_line(shown)[:_LONGEST_SENDER]


def _list_addresses(text: str) -> list[tuple[str, str]]:
    plain = _NAME_AND_ADDRESS.fullmatch(text) if text.count("@") == 1 else None  # a comma in a name needs no quotes
    if plain:
        return [(plain[1], plain[2])]
    try:
        return getaddresses([text])
    except RecursionError:  # comments in comments
        return []


def moment_of(message: Message) -> datetime | None:
    """When it was sent, by the office's clock; None where that cannot be told."""
    try:
        sent = parsedate_to_datetime(str(_decode_headers(message)["Date"]))
        return in_office(sent if sent.tzinfo else sent.replace(tzinfo=UTC))
    except (ValueError, TypeError, OverflowError, OSError, IndexError):
        return None


def _list_parts(message: Message) -> Iterator[Message]:
    if _is_multipart(message):
        for part in message.get_payload():
            yield from _list_parts(part)  # type: ignore[arg-type]
    else:
        yield message


def _list_multiparts(message: Message) -> Iterator[Message]:
    if message.get_content_maintype() == "multipart":
        yield message
    if _is_multipart(message):
        for part in message.get_payload():
            yield from _list_multiparts(part)  # type: ignore[arg-type]


def _is_multipart(message: Message) -> bool:
    return message.get_content_maintype() == "multipart" and message.is_multipart()


def _describe(part: Message) -> Attachment | None:
    """None for a part that is the text of the mail."""
    headers = _decode_headers(part)
    kind = part.get_content_type()
    name = _name_of(headers).replace("/", "_").replace("\\", "_")
    if re.fullmatch(r"\.\w+", name):  # a gateway has dropped all letters that it did not know
        name = NAMELESS + name
    suffix = PurePosixPath(name).suffix.lower()
    if kind in _MESSAGE_TYPES:
        name = name or _subject_of(part) or "thư kèm theo"
        return Attachment(name if suffix == ".eml" else f"{name}.eml", ".eml", part)
    if kind in _TNEF_TYPES or name.lower() == "winmail.dat":
        return Attachment(name or "winmail.dat", ".tnef", part)
    if kind in _SUFFIXES and (not suffix or not name):
        name, suffix = (name or NAMELESS) + _SUFFIXES[kind], _SUFFIXES[kind]
    if name:
        return Attachment(name, suffix, part)
    if kind.startswith(("text/", "multipart/")) and part.get_content_disposition() != "attachment":
        return None
    return Attachment(f"{NAMELESS} ({kind.replace('/', ' ')})", "", part)


def _subject_of(part: Message) -> str:
    inner: Any = part.get_payload(0) if part.is_multipart() else part
    subject = _one_line(_decode_words(str(_decode_headers(inner)["Subject"] or "")))
    return subject.replace("/", "_").replace("\\", "_").strip(" .")


def _decode_headers(part: Message) -> Message:
    """The headers that say something, with bytes beyond ASCII read as what they most likely are."""
    headers = Message()
    for key, value in part.raw_items():
        if key.lower() in _WANTED:
            text = str(value)[:_LONGEST_HEADER]
            headers[key] = decode_name(text.encode("ascii", "surrogateescape")) if _is_raw(text) else text
    return headers


def _is_raw(text: str) -> bool:
    return any("\udc80" <= c <= "\udcff" for c in text)


def _name_of(headers: Message) -> str:
    """The file name of a part; of two spellings the one that says its encoding."""
    for header, key in (("Content-Disposition", "filename"), ("Content-Type", "name")):
        parameters = headers.get_params([], header)
        values = [value for name, value in parameters if name.lower() == key and value]
        if values:
            value = next((v for v in values if isinstance(v, tuple)), values[0])
            if name := _one_line(_decode_words(collapse_rfc2231_value(value))):
                return name
    return ""


def _decode_words(text: str) -> str:
    """A header's text with its encoded words decoded; what cannot be decoded stays as it is."""
    text = re.sub(r"[\r\n]+\s*", " ", text)
    try:
        chunks = decode_header(text)
    except (HeaderParseError, ValueError):
        return text
    return "".join(chunk if isinstance(chunk, str) else _decode_chunk(chunk, charset) for chunk, charset in chunks)


def _decode_chunk(chunk: bytes, charset: str | None) -> str:
    if charset is None:
        return chunk.decode("raw-unicode-escape", "replace")
    try:
        return chunk.decode(charset)
    except (LookupError, ValueError):
        return decode_name(chunk)


def _one_line(text: str) -> str:
    return unicodedata.normalize("NFC", "".join(c for c in text if c.isprintable())).strip()
