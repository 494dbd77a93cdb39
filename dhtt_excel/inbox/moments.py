"""When a file was sent or saved, as the office's clock shows it. Mails and workbooks tell it in the hours of anywhere.

Times of files are left as the machine that has them shows them, and that machine stands in the office.
"""

from __future__ import annotations

import io
import re
import zipfile
from contextlib import suppress
from datetime import datetime, timedelta, timezone

from dhtt_excel.excel.cells import CREATED
from dhtt_excel.inbox.guard_package import unpack

OFFICE_ZONE = timezone(timedelta(hours=7))  # all of Vietnam, all year

_PARTS = {
    "xlsx": ("docprops/core.xml", re.compile(rb"<(?:\w+:)?modified\b[^>]*>\s*([^<\s]+)\s*<")),
    "ods": ("meta.xml", re.compile(rb"<(?:\w+:)?date\b[^>]*>\s*([^<\s]+)\s*<")),
}
_LONGEST_PART = 64 * 1024
_EARLIEST_YEAR = 2000


def in_office(moment: datetime) -> datetime:
    """The moment by the office's clock, without a zone; one that has none is taken to be by that clock."""
    return moment.astimezone(OFFICE_ZONE).replace(tzinfo=None) if moment.tzinfo else moment


def is_plausible(moment: datetime, file_time: datetime) -> bool:
    """Whether that can be when something was sent or saved whose file has this time: not by a clock that was never set.

    A file's time may be lost by copying, and then says nothing against a later moment that is past already.
    """
    last = max(file_time, in_office(datetime.now(OFFICE_ZONE)))
    return moment.year >= _EARLIEST_YEAR and moment - last <= timedelta(days=1)


def find_save_time(data: bytes, kind: str, file_time: datetime) -> datetime | None:
    """When somebody last saved this .xlsx or .ods, by what it says inside; None where it does not, or cannot have been.

    A copy or a download has a new time, what stands inside stays. A workbook that still has the stamp of our own was not
    saved since we wrote it.
    """
    part, pattern = _PARTS.get(kind, ("", None))
    if not pattern:
        return None
    with suppress(Exception):  # the file may be damaged in ways that cost nothing else
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {name.replace("\\", "/").casefold(): name for name in archive.namelist()}
            entry = archive.getinfo(names[part])
            found = pattern.search(unpack(archive, entry)) if entry.file_size <= _LONGEST_PART else None
        if found:
            written = datetime.fromisoformat(found[1].decode())
            moment = in_office(written).replace(microsecond=0)
            return moment if written.replace(tzinfo=None) != CREATED and is_plausible(moment, file_time) else None
    return None
