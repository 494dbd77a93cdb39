"""Whether what a run wrote is sound to the last byte: every part of every package is XML, every mail and JSON is one."""

from __future__ import annotations

import email
import io
import json
import re
import zipfile
from pathlib import Path
from xml.parsers import expat

_XML = (".xml", ".rels", ".vml")
_TEXT = re.compile(rb"<(?:t|v|f|formula)(?: [^>]*)?>([^<]*)")
_LONGEST = 32_767  # UTF-16 units of a text in a cell
_LINKS = 65_530


def check_outputs(out: Path) -> int:
    """How many XML parts all outputs of a run have; each must be well-formed and of Excel's sizes."""
    parts = 0
    packages: dict[bytes, int] = {}  # those in mails lie beside them, too
    for path in sorted(p for p in out.rglob("*") if p.is_file()):
        data = path.read_bytes()
        if path.suffix in (".xlsx", ".docx"):
            parts += _check_once(data, path.name, packages)
        elif path.suffix == ".eml":
            parts += _check_mail(data, path.name, packages)
        else:
            assert path.suffix == ".json", path
            json.loads(data, parse_constant=_refuse)
    return parts


def _check_once(data: bytes, name: str, packages: dict[bytes, int]) -> int:
    if data not in packages:
        packages[data] = check_package(data, name)
    return packages[data]


def check_package(data: bytes, name: str) -> int:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None, name
        parts = [part for part in package.namelist() if part.endswith(_XML)]
        for part in parts:
            _check_part(package.read(part), f"{name} {part}")
    return len(parts)


def _check_part(data: bytes, place: str) -> None:
    try:
        expat.ParserCreate().Parse(data, True)
    except expat.ExpatError as error:
        raise AssertionError(f"{place}: {error}") from error
    # Of a well-formed part that we wrote: no comment, no CDATA, and no text of a cell has an element in it.
    longest = max(map(len, _TEXT.findall(data)), default=0)
    assert longest <= _LONGEST * 7, place  # "_x000B_" is one
    assert data.count(b"<hyperlink ") <= _LINKS, place


def _check_mail(data: bytes, name: str, packages: dict[bytes, int]) -> int:
    assert data.isascii(), name
    message = email.message_from_bytes(data)
    assert not message.defects, name
    assert set(message.keys()) <= {
        "Subject",
        "To",
        "Cc",
        "X-Dhtt-Draft",
        "X-Unsent",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
    }
    parts = 0
    for part in message.walk():
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and (part.get_filename() or "").endswith(".xlsx"):
            parts += _check_once(payload, name, packages)
        elif isinstance(payload, bytes):
            text = payload.decode()
            assert all(c.isprintable() or c in "\r\n\t\xa0" for c in text), name
    return parts


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")
