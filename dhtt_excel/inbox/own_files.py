"""What we wrote ourselves is known again by marks in it, or by the list of what a run wrote: it is no answer of a unit."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from contextlib import suppress
from pathlib import Path

from dhtt_excel.inbox.guard_package import MAX_FILE, RefusedError, unpack
from dhtt_excel.text.file_names import DRAFT_MARK, LIST_FILE, OUTPUT_MARK

OWN = "own"  # the code of a refusal that is no fault: seen, not told of any unit
_LONGEST_PART = 64 * 1024
_MARKED = re.compile(rb"""\bname\s*=\s*["']%s["'][^<]*<[^<>]*>\s*(\w+)""" % OUTPUT_MARK.encode())


def refuse_own(noun: str) -> RefusedError:
    """That a file is ours, for who asks for it to be checked."""
    advice = "Bỏ khỏi thư mục nhận; thư mục này chỉ để những gì đơn vị gửi về."
    return RefusedError(OWN, f"{noun} của chương trình, không phải tệp của đơn vị", advice)


def is_draft(start: bytes) -> bool:
    """Whether a file that begins so is a draft of ours that nobody has sent."""
    return start.startswith(DRAFT_MARK.encode())


def find_output(data: bytes) -> str:
    """Which of ours an .xlsx is, "summary" or "register", by a property that stays when Excel saves it again; "" for none."""
    with suppress(Exception), zipfile.ZipFile(io.BytesIO(data)) as archive:  # whatever zip raises on hostile bytes
        entry = archive.getinfo("docProps/custom.xml")
        found = _MARKED.search(unpack(archive, entry)) if entry.file_size <= _LONGEST_PART else None
        return found[1].decode() if found else ""
    return ""


def read_list(data: bytes) -> frozenset[str]:
    """The digests in a list of what was written into a folder; none where it cannot be read."""
    with suppress(ValueError, RecursionError):
        listed = json.loads(data)
        return frozenset(v for v in listed.values() if isinstance(v, str)) if isinstance(listed, dict) else frozenset()
    return frozenset()


def list_written(folder: Path) -> frozenset[str]:
    """The digests of what a run wrote into this folder; none where it has no list."""
    try:
        return read_list((folder / LIST_FILE).read_bytes())
    except OSError:
        return frozenset()


def is_written(path: Path, written: frozenset[str]) -> bool:
    """Whether a file is one of those, and nobody has changed it since."""
    try:
        known = bool(written) and path.is_file() and path.stat().st_size <= MAX_FILE
        return known and hashlib.sha256(path.read_bytes()).hexdigest() in written
    except OSError:
        return False
