"""What a cell holds, whatever program reads or writes it: error values, blanks, the text that its writer sees."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from dhtt_excel.text.legacy_fonts import read_legacy
from dhtt_excel.text.vietnamese import clean

_SOFT_HYPHEN = "\u00ad"  # in TCVN3 text a letter, elsewhere nothing that a person sees
CREATED = datetime(2020, 1, 1)  # what all our files say of when they were made: the same input gives the same bytes


class CellError(str):
    """What a cell shows instead of a value: #REF!, #N/A …"""

    __slots__ = ()


class PlainText(str):
    """A text that is no formula, even if it begins with "="."""

    __slots__ = ()


NO_NUMBER = CellError("#NUM!")  # what Excel shows for a number that it cannot hold


def is_blank(raw: Any) -> bool:
    """Whether a raw cell holds nothing that a person would see."""
    return raw == "" or raw is None or (isinstance(raw, str) and not clean(raw))


def show_value(raw: Any) -> str:
    """A raw cell as text, the way that its writer sees it."""
    if isinstance(raw, str):
        return raw.strip() if _SOFT_HYPHEN in raw and read_legacy(raw) else clean(raw)
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, datetime):
        return f"{raw:%d/%m/%Y}" if raw.time() == time.min else f"{raw:%d/%m/%Y %H:%M}"
    if isinstance(raw, date):
        return f"{raw:%d/%m/%Y}"
    if isinstance(raw, time):
        return f"{raw:%H:%M}"
    if isinstance(raw, timedelta):
        minutes = round(raw / timedelta(minutes=1))
        return f"{minutes // 60}:{minutes % 60:02}"
    return str(raw)
