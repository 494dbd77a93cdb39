"""One raw cell and what the form expects there ─► a typed value, or why not.

Typing is ours, not pandas': "NA" is a text, "0123" a text, 5/3/2020 the fifth of March.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from dhtt_excel.excel.cells import CellError, show_value
from dhtt_excel.findings import Rule
from dhtt_excel.form.form import TICK, Column, Kind
from dhtt_excel.plan.code_lists import Choice
from dhtt_excel.plan.plan import Plan
from dhtt_excel.rules.cells import legacy_text, value_not_in_list, value_of_other_kind, value_out_of_range
from dhtt_excel.text.legacy_fonts import read_legacy
from dhtt_excel.text.vietnamese import clean, fold

_NUMBER_AS_TEXT = "số gõ dạng chữ được hiểu là số"
_LEGACY_ADVICE = "Gõ lại bằng phông Unicode (Times New Roman)."
_LEGACY_CONVERTED = "chữ phông cũ (.VnTime, VNI) được chuyển thành Unicode"
_EXCEL_EPOCH = date(1899, 12, 30)
_MINUTES = 24 * 60
_YES = {"x", "co", "v", "1", "true", "dung", "yes"}
_NO = {"khong", "0", "false", "ko", "no"}
_TICKS = {"✓", "✔", "☑", "✅", "√"}
_DAY_FIRST = re.compile(
    r"(?:ngày\s*)?([0-9]{1,2})\s*(?:[/.\-]|\s*tháng\s*)\s*([0-9]{1,2})\s*(?:[/.\-]|\s*năm\s*)\s*([0-9]{4})"
)
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ]00:00(?::00)?)?")
_CLOCK = re.compile(r"([0-9]{1,2})\s*(?::|h|g|giờ|\.)\s*(?:([0-9]{1,2})\s*(?:'|ph|phút)?)?(?::00)?", re.IGNORECASE)


class Parsed(NamedTuple):
    """A value, or what is wrong: the rule that it breaks, and words.

    `assumed`: what we took it for, told to the ward; by `rule` where that is not the rule of the column's kind.
    """

    value: Any
    rule: Rule | None = None
    problem: str = ""
    advice: str = ""
    assumed: str = ""


class ValueParser:
    """Reads the cells of one plan's form."""

    def __init__(self, plan: Plan, *, convert_legacy: bool = False) -> None:
        self._plan = plan
        self._convert_legacy = convert_legacy
        self._keys: dict[str, dict[str, str]] = {}
        self._choices: dict[tuple[str, str], Parsed] = {}

    def parser_of(self, column: Column) -> Callable[[Any], Parsed]:
        """`parse` for one column, which remembers texts: most of them stand in a list again and again."""
        known: dict[str, Parsed] = {}

        def parse(raw: Any) -> Parsed:
            if type(raw) is not str:
                return self.parse(column, raw)
            parsed = known.get(raw)
            if parsed is None:
                parsed = known[raw] = self.parse(column, raw)
            return parsed

        return parse

    def parse(self, column: Column, raw: Any) -> Parsed:
        """The value of a filled cell of this column; `Parsed.value` is None where it was rejected."""
        if isinstance(raw, CellError):
            return Parsed(
                None, value_of_other_kind, "Ô báo lỗi công thức (#REF!, #N/A …)", "Nhập giá trị thay cho công thức."
            )
        reading = read_legacy(raw) if isinstance(raw, str) else None
        if reading is None:
            return self._parse_unicode(column, raw)
        if not self._convert_legacy:
            shown = "" if column.personal else f", đọc là “{reading}”"
            return Parsed(None, legacy_text, f"Chữ không phải Unicode (phông .VnTime hoặc VNI){shown}", _LEGACY_ADVICE)
        parsed = self._parse_unicode(column, reading)
        return parsed if parsed.problem else parsed._replace(rule=legacy_text, assumed=_LEGACY_CONVERTED)

    def _parse_unicode(self, column: Column, raw: Any) -> Parsed:
        if column.kind is Kind.CHOICE:
            return self._parse_choice(column, raw)
        if column.kind is Kind.YEAR:
            return self._parse_year(raw)
        if column.kind is Kind.DATE:
            return self._parse_date(raw)
        if column.kind is Kind.TIME:
            return _parse_time(raw)
        if column.kind is Kind.COUNT:
            return _parse_count(raw)
        if column.kind is Kind.MARK:
            return _parse_mark(raw)
        return Parsed(show_value(raw))

    def _parse_choice(self, column: Column, raw: Any) -> Parsed:
        text = show_value(raw)
        known = self._choices.get((column.choices, text))
        if known is None:
            known = self._choices[column.choices, text] = self._match_choice(column, text)
        return known

    def _match_choice(self, column: Column, text: str) -> Parsed:
        value = self._choice_keys(column.choices).get(fold(text))
        if value is None:
            return Parsed(
                None,
                value_not_in_list,
                f"“{text}” không có trong danh mục {column.heading}",
                self._suggest(column, text),
            )
        if " ".join(text.split()).casefold() == value.casefold():
            return Parsed(value)
        return Parsed(value, assumed=f"“{text}” được hiểu là “{value}”")

    def _choice_keys(self, name: str) -> dict[str, str]:
        if name not in self._keys:
            choices: tuple[Choice, ...] = self._plan.lists.choices(name)
            self._keys[name] = {fold(s): c.value for c in choices for s in (c.value, *c.aliases)}
        return self._keys[name]

    def _suggest(self, column: Column, text: str) -> str:
        keys = self._choice_keys(column.choices)
        near = difflib.get_close_matches(fold(text), keys, n=1, cutoff=0.6)
        hint = f"; có phải ý bạn là “{keys[near[0]]}”?" if near else "."
        return f"Chọn một giá trị trong danh sách thả xuống{hint}"

    def _parse_year(self, raw: Any) -> Parsed:
        ages = self._plan.ages
        advice = f"Nhập năm sinh bốn chữ số từ {ages.born_first} đến {ages.born_last}."
        assumed, full_date = (
            "",
            "ngày sinh đầy đủ được hiểu là năm sinh; chỉ cần ghi năm",
        )  # the day itself is not repeated
        text = show_value(raw)
        if isinstance(raw, (date, datetime)):
            year, assumed = raw.year, full_date
        elif re.fullmatch(r"[0-9]{4}", text):
            year, assumed = int(text), _NUMBER_AS_TEXT if isinstance(raw, str) else ""
        elif day := _find_date(text):
            year, assumed = day.year, full_date
        else:
            return Parsed(None, value_of_other_kind, f"“{text}” không phải năm sinh", advice)
        if not ages.born_first <= year <= ages.born_last:
            return Parsed(
                None,
                value_out_of_range,
                f"Năm sinh {year} nằm ngoài khoảng {ages.born_first} - {ages.born_last}",
                advice,
            )
        return Parsed(year, assumed=assumed)

    def _parse_date(self, raw: Any) -> Parsed:
        limits = self._plan.dates
        advice = f"Nhập ngày/tháng/năm, ví dụ {self._plan.conference.upper.first_day:%d/%m/%Y}."
        text = show_value(raw)
        assumed = ""
        if isinstance(raw, (date, datetime)):
            day = raw.date() if isinstance(raw, datetime) else raw
        elif isinstance(raw, str) and (found := _find_date(text)):
            day, assumed = found, f"chữ “{text}” được hiểu là ngày {found:%d/%m/%Y}"
        elif isinstance(raw, (int, float)) and (found := _serial_date(raw)) and limits.first <= found <= limits.last:
            day, assumed = found, f"số {text} được hiểu là ngày {found:%d/%m/%Y}"
        else:
            return Parsed(None, value_of_other_kind, f"“{text}” không phải ngày tháng{_month_first(text)}", advice)
        if not limits.first <= day <= limits.last:
            span = f"{limits.first:%d/%m/%Y} - {limits.last:%d/%m/%Y}"
            return Parsed(None, value_out_of_range, f"Ngày {day:%d/%m/%Y} nằm ngoài khoảng {span}", advice)
        return Parsed(day, assumed=assumed)


def _find_date(text: str) -> date | None:
    """A date typed as text, day first; None where it is none, or could only be month first."""
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year = map(int, match.groups())
    elif match := _ISO_DATE.fullmatch(text):
        year, month, day = map(int, match.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_first(text: str) -> str:
    match = _DAY_FIRST.fullmatch(text)
    if not match:
        return ""
    month, day, year = map(int, match.groups())
    try:
        other = date(year, month, day)
    except ValueError:
        return ""
    return f": đọc ngày trước thì không có tháng {day}, đọc tháng trước thì là {other:%d/%m/%Y}"


def _serial_date(number: float) -> date | None:
    return _EXCEL_EPOCH + timedelta(days=int(number)) if 1 <= number < 100_000 and number == int(number) else None


def _parse_time(raw: Any) -> Parsed:
    """Minutes since midnight."""
    minutes: float | None = None
    if isinstance(raw, (time, datetime)):
        minutes = raw.hour * 60 + raw.minute + round(raw.second / 60)
    elif isinstance(raw, timedelta):
        minutes = raw.total_seconds() / 60
    elif isinstance(raw, (int, float)) and not isinstance(raw, bool) and 0 <= raw < 1:
        minutes = raw * _MINUTES
    elif isinstance(raw, str) and (match := _CLOCK.fullmatch(clean(raw))):
        hour, minute = int(match[1]), int(match[2] or 0)
        minutes = hour * 60 + minute if minute < 60 else None
    advice = "Nhập giờ:phút, ví dụ 8:00 hoặc 13:30."
    if minutes is None:
        return Parsed(None, value_of_other_kind, f"“{show_value(raw)}” không phải giờ", advice)
    if not 0 <= round(minutes) < _MINUTES:
        return Parsed(None, value_out_of_range, f"“{show_value(raw)}” không nằm trong một ngày", advice)
    assumed = ""
    if isinstance(raw, (str, datetime)):
        shown = f"{round(minutes) // 60}:{round(minutes) % 60:02}"
        assumed = f"{'chữ ' if isinstance(raw, str) else ''}“{show_value(raw)}” được hiểu là {shown}"
    return Parsed(round(minutes), assumed=assumed)


def _parse_count(raw: Any) -> Parsed:
    text = show_value(raw)
    if isinstance(raw, bool) or not re.fullmatch(r"[0-9]{1,9}", text):
        return Parsed(
            None, value_of_other_kind, f"“{text}” không phải số nguyên", "Nhập số nguyên, chỉ gồm chữ số, ví dụ 85."
        )
    return Parsed(int(text), assumed=_NUMBER_AS_TEXT if isinstance(raw, str) else "")


def _parse_mark(raw: Any) -> Parsed:
    text = show_value(raw)
    if text.casefold() == TICK:
        return Parsed(value=True)
    shown = f"“{text}”" if isinstance(raw, str) else "giá trị đúng/sai hoặc số"  # another program may turn TRUE into 1
    if text in _TICKS or fold(text) in _YES:
        return Parsed(value=True, assumed=f"{shown} được hiểu là đánh dấu {TICK}")
    if fold(text) in _NO:
        return Parsed(value=False, assumed=f"{shown} được hiểu là không đánh dấu")
    return Parsed(
        None, value_of_other_kind, f"“{text}” không phải dấu chọn", f"Nhập {TICK} nếu có, để trống nếu không."
    )
