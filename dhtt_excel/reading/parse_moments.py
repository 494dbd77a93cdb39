"""A day or an hour as people write it ─► the day, the minutes; or a question, where it may mean several.

Days are written day first. What could be another day as well is asked, never guessed: `doubt` goes into the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from dhtt_excel.form.moments import DAY_PARTS
from dhtt_excel.plan.plan import DateRange
from dhtt_excel.rules.conference import show_clock
from dhtt_excel.text.vietnamese import strip_marks


class ReadDay(NamedTuple):
    """`day` is None where there is none to be sure of; `doubt` says what it may be, as the end of a message."""

    day: date | None = None
    doubt: str = ""


class ReadClock(NamedTuple):
    """`minutes` since midnight, of "24:00" and "25h" as well; None as with `ReadDay`."""

    minutes: int | None = None
    doubt: str = ""


# The patterns are for texts without marks: "thu nam" is Thursday, "nam 2020" the year.
_WEEKDAYS = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")  # as `date.weekday` counts
_WEEKDAY = re.compile(
    r"\(?\s*(?<!\w)(?:(?:thu\s*|t)(?P<number>[2-7])|(?P<name>thu\s+(?:hai|ba|tu|nam|sau|bay)|chu\s+nhat)|cn)(?!\w)\s*\)?"
)
_GAP = r"(?:\s*[/.,\\–-]\s*|\s+)"
_DAY = re.compile(
    rf"(?:ngay\s*)?(?:mung\s*|mong\s*)?([0-9]{{1,4}})(?:{_GAP}|\s*thang\s*)([0-9]{{1,2}})"
    rf"(?:(?:{_GAP}|\s*,?\s*nam\s*)([0-9]{{1,4}}))?"
)
_MONTH = re.compile(r"(?:thang\s*)?(?:0?[1-9]|1[0-2])(?:\s*[/.-]\s*|\s*nam\s*)([0-9]{4})")
_HOUR = r"(?:luc\s*)?[0-9]{1,2}\s*(?::|h|g|gio)\s*(?:[0-9]{1,2}\s*(?:phut)?)?(?::[0-9]{2})?"
_HOUR_BEFORE = re.compile(rf"(?:(?:{_HOUR}|sang|chieu)[\s,]+)+(?=ngay|[0-9])")
_HOUR_AFTER = re.compile(rf"(?:[\s,t]\s*{_HOUR}|[\s,]+\(?(?:sang|chieu)\)?)+$")
_BARE_CLOCK = re.compile("([0-9]{1,2}) ?([0-9]{2})")
_CLOCK = re.compile(
    r"(?:luc\s*)?(?P<hour>[0-9]{1,2})\s*(?:(?P<sign>:|h|gio|g|\.|,)\s*"
    r"(?:(?P<minute>[0-9]{1,2})\s*(?P<unit>['’′]|phut|ph|p)?(?::[0-5][0-9])?|(?P<half>ruoi))?)?"
    r"\s*(?P<part>sang|trua|chieu|toi|sa|ch|am|pm)?"
)
_PARTS = {strip_marks(word): (first, end) for words, first, end in DAY_PARTS for word in words}


def read_day(text: str, likely: DateRange) -> ReadDay:
    """A day typed as text. `likely`: the days among which a two-digit or missing year is looked for."""
    written = strip_marks(text)
    weekday = _WEEKDAY.search(written)
    if weekday:
        written = f"{written[: weekday.start()]} {written[weekday.end() :]}"
    written = _HOUR_AFTER.sub("", _HOUR_BEFORE.sub("", written.strip(" .,;"), count=1)).strip(" .,;")
    match = _DAY.fullmatch(written)
    read = _read_numbers(match, likely) if match else ReadDay()
    if weekday and read.day and (named := _number_weekday(weekday)) != read.day.weekday():
        return ReadDay(doubt=f": {_show(read.day)} là {_WEEKDAYS[read.day.weekday()]}, không phải {_WEEKDAYS[named]}")
    return read


def read_year(text: str, likely: DateRange) -> ReadDay:
    """A day of the year that is meant: of a whole day, or of a month, typed as text."""
    if match := _MONTH.fullmatch(strip_marks(text)):
        return ReadDay(_make(int(match[1]), 1, 1))
    return read_day(text, likely)


def _number_weekday(weekday: re.Match[str]) -> int:
    """As `date.weekday` counts: Monday, "thứ 2", is 0."""
    if weekday["number"]:
        return int(weekday["number"]) - 2
    names = [strip_marks(name) for name in _WEEKDAYS]
    return names.index(" ".join(weekday["name"].split())) if weekday["name"] else names.index("chu nhat")


def _read_numbers(match: re.Match[str], likely: DateRange) -> ReadDay:
    first, second, third = match.groups()
    if third is None:
        asked = ask_year(int(first), int(second), likely)
        return ReadDay(doubt=f": thiếu năm; {asked}" if asked else "")
    if len(first) == 4 and len(third) <= 2:
        return _read_day_first(third, second, first)
    if len(third) == 4 and len(first) <= 2:
        return _read_day_first(first, second, third)
    return _read_short_year(first, second, third, likely) if len(first) <= 2 == len(third) else ReadDay()


def _read_day_first(day: str, month: str, year: str) -> ReadDay:
    if found := _make(int(year), month, day):
        return ReadDay(found)
    other = _make(int(year), day, month)
    if not other:
        return ReadDay()
    return ReadDay(doubt=f": đọc ngày trước thì không có tháng {int(month)}, đọc tháng trước thì là {_show(other)}")


def _read_short_year(first: str, second: str, third: str, likely: DateRange) -> ReadDay:
    """The year stands last, in the century that is likely; where it could stand first as well, it is asked."""
    last = _list_likely(third, second, first, likely)
    front = _list_likely(first, second, third, likely) if len(first) == 2 else []
    found = sorted({*last, *front})
    if len(found) == 1 and found == last:
        return ReadDay(found[0])
    return ReadDay(doubt=f": chưa rõ năm; có phải {_offer(found)}?" if found else ": năm cần đủ bốn chữ số")


def _list_likely(year: str, month: str, day: str, likely: DateRange) -> list[date]:
    return _keep_likely((_make(century + int(year), month, day) for century in (1900, 2000)), likely)


def ask_year(day: int, month: int, likely: DateRange) -> str:
    """The question which day of the likely years it is; "" where it could be many or none."""
    years = range(likely.first.year, likely.last.year + 1)
    found = _keep_likely((_make(year, month, day) for year in years), likely)
    return f"có phải {_offer(found)}?" if 1 <= len(found) <= 2 else ""


def _keep_likely(days: Iterable[date | None], likely: DateRange) -> list[date]:
    return [day for day in days if day and day in likely]


def _make(year: int, month: str | int, day: str | int) -> date | None:
    try:
        return date(year, int(month), int(day))
    except ValueError:
        return None


def _show(day: date) -> str:
    return f"{day:%d/%m}/{day.year:04}"


def _offer(days: Iterable[date]) -> str:
    return " hay ".join(map(_show, days))


def read_clock(text: str) -> ReadClock:
    """An hour typed as text."""
    match = _CLOCK.fullmatch(strip_marks(text))
    if not match:
        digits = _BARE_CLOCK.fullmatch(text.strip())
        return ReadClock(doubt=ask_clock(int("".join(digits.groups()))) if digits else "")
    hour, minute = int(match["hour"]), 30 if match["half"] else int(match["minute"] or 0)
    if minute > 59:
        return ReadClock()
    if match["part"]:
        return _read_part(hour, minute, match["part"])
    if not match["sign"]:
        return ReadClock(doubt=_ask_clocks([hour * 60]))
    one_digit = match["minute"] == str(minute) and 0 < minute < 6 and not match["unit"]
    if one_digit and match["sign"] in ":.,":
        return ReadClock(doubt=_ask_clocks([hour * 60 + minute, hour * 60 + 10 * minute]))
    return ReadClock(hour * 60 + minute)


def _read_part(hour: int, minute: int, part: str) -> ReadClock:
    """An hour of twelve or of twenty-four, with its part of the day."""
    first, end = _PARTS[part]
    found = [h for h in (hour, hour + 12) if first <= h < end]
    if len(found) == 1:
        return ReadClock(found[0] * 60 + minute)
    return ReadClock(doubt=_ask_clocks(sorted({hour % 12 * 60 + minute, (hour % 12 + 12) * 60 + minute})))


def ask_clock(number: float) -> str:
    """The question which hour a number means: 8 may be 8:00; 8.3 may be 8:30, or 8:18 as Excel reckons; 830 is 8:30."""
    if number >= 100:
        hour, minute = divmod(number, 100)
        return _ask_clocks([int(hour * 60 + minute)] if minute == int(minute) and minute < 60 else [])
    hour, rest = divmod(number, 1)
    written = round(100 * rest)
    return _ask_clocks(sorted({round(60 * number), *([round(60 * hour) + written] if written < 60 else [])}))


def _ask_clocks(minutes: Iterable[int]) -> str:
    shown = [show_clock(m) for m in minutes if 0 <= m < 24 * 60]
    return f": có phải {' hay '.join(shown)}?" if shown else ""
