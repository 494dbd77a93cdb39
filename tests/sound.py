"""Whether what a run wrote is sound to the last byte: every part of every package is XML, every mail and JSON is one."""

from __future__ import annotations

import email
import io
import json
import zipfile
from pathlib import Path
from xml.parsers import expat

_XML = (".xml", ".rels", ".vml")
_LONGEST = 32_767  # UTF-16 units of a text in a cell
_LINKS = 65_530


def check_outputs(out: Path) -> int:
    """How many XML parts all outputs of a run have; each must be well-formed and of Excel's sizes."""
    parts = 0
    for path in sorted(p for p in out.rglob("*") if p.is_file()):
        data = path.read_bytes()
        if path.suffix in (".xlsx", ".docx"):
            parts += check_package(data, path.name)
        elif path.suffix == ".eml":
            parts += _check_mail(data, path.name)
        else:
            assert path.suffix == ".json", path
            json.loads(data, parse_constant=_refuse)
    return parts


def check_package(data: bytes, name: str) -> int:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None, name
        parts = [part for part in package.namelist() if part.endswith(_XML)]
        for part in parts:
            _check_part(package.read(part), f"{name} {part}")
    return len(parts)


def _check_part(data: bytes, place: str) -> None:
    texts: list[str] = []
    count = {"hyperlink": 0}

    def start(name: str, _: dict[str, str]) -> None:
        if name in ("t", "v", "f", "formula"):
            texts.append("")
        if name in count:
            count[name] += 1

    def write(text: str) -> None:
        if texts:
            texts[-1] += text

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.CharacterDataHandler = start, write
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise AssertionError(f"{place}: {error}") from error
    assert max((len(text.encode("utf-16-le")) // 2 for text in texts), default=0) <= _LONGEST * 7, (
        place
    )  # "_x000B_" is one
    assert count["hyperlink"] <= _LINKS, place


def _check_mail(data: bytes, name: str) -> int:
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
            parts += check_package(payload, name)
        elif isinstance(payload, bytes):
            text = payload.decode()
            assert all(c.isprintable() or c in "\r\n\t\xa0" for c in text), name
    return parts


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")
