"""One raw cell and what the form expects there ─► a typed value, or why not.

Typing is ours, not pandas': "NA" is a text, "0123" a text, 5/3/2020 the fifth of March.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from dhtt_excel.excel.cells import NO_NUMBER, CellError, show_value
from dhtt_excel.findings import Rule
from dhtt_excel.form.form import TICK, Column, Kind
from dhtt_excel.form.moments import is_asked_clock, is_asked_day, read_plain_clock, read_plain_day
from dhtt_excel.plan.code_lists import Choice
from dhtt_excel.plan.plan import DateRange, Plan
from dhtt_excel.reading.parse_moments import ask_clock, ask_year, read_clock, read_day, read_year
from dhtt_excel.rules.cells import NOTHING_SAID, legacy_text, value_not_in_list, value_of_other_kind, value_out_of_range
from dhtt_excel.rules.conference import ask_swapped, show_clock
from dhtt_excel.text.legacy_fonts import read_legacy
from dhtt_excel.text.vietnamese import clean, fold, plain_words

_NUMBER_AS_TEXT = "số gõ dạng chữ được hiểu là số"
_LEGACY_ADVICE = "Gõ lại bằng phông Unicode (Times New Roman)."
_LEGACY_CONVERTED = "chữ phông cũ (.VnTime, VNI) được chuyển thành Unicode"
_NUMBERS = {Kind.YEAR, Kind.DATE, Kind.TIME, Kind.COUNT}
_EXCEL_EPOCH, _MAC_EPOCH = date(1899, 12, 30), date(1904, 1, 1)
_FIRST_DATE = date(1910, 1, 1)  # what looks like a day before is a small number in a cell with a date's format
_LEAP_DAY = date(1900, 3, 1)  # Excel counts a 29/02/1900: its numbers before are one less
_MINUTES = 24 * 60
_LIKE = 0.7  # of a suggestion to what was typed; typing errors are nearer, other words farther
_LONGEST, _SHOWN = 200, 40  # characters of what may be a value, and of what is shown of a longer text
_YES = {"x", "co", "v", "1", "true", "dung", "yes"}
_NO = {"khong", "0", "false", "ko", "no", "k"}
_TICKS = {"✓", "✔", "☑", "✅", "√", "☒", "🗹", "🗷", "✗", "✘"}
_NO_TICKS = {"☐", "□", "-", "–", "—"}
_NOTHING = re.compile(r"[-–—_.…/\\*?]+|n/a|x{3,}", re.IGNORECASE)  # a cell crossed out, or to be filled in later
_AS_ABOVE = re.compile(r"[-(]?\s*(nt|n\.t|như trên|”|“|\"|''|″|〃|//)\s*[-.)]?", re.IGNORECASE)
_AND = re.compile(r"\bvà\b|&|\+", re.IGNORECASE)
_COUNTED = re.compile(
    r"([0-9]{1,9})\s*(?:đại biểu|người|phút|đồng chí|đ/c|cá nhân|tập thể|p|['’′])\s*\.?", re.IGNORECASE
)
_MOST_KNOWN = 4096  # values of a column that are remembered from file to file
_PHONE = 8  # digits: such a number is what a text may be
_DURATION = re.compile(r"PT([0-9]{1,8})H([0-9]{1,2})M([0-9]{1,2})S")  # as .ods spells what a cell counts in hours


class Parsed(NamedTuple):
    """A value, or what is wrong: the rule that it breaks, and words.

    `assumed`: what we took it for, told to the ward; by `rule` where that is not the rule of the column's kind.
    `as_asked`: a formula sees what the form asks for, and only the format of the cell is another's.
    """

    value: Any
    rule: Rule | None = None
    problem: str = ""
    advice: str = ""
    assumed: str = ""
    as_asked: bool = False


class ValueParser:
    """Reads the cells of one plan's form."""

    def __init__(self, plan: Plan, *, convert_legacy: bool = False) -> None:
        self._plan = plan
        self._convert_legacy = convert_legacy
        self._keys: dict[str, dict[str, str]] = {}
        self._known: dict[Column, dict[str | float, Parsed]] = {}

    def parser_of(self, column: Column) -> Callable[[Any], Parsed]:
        """`parse` for one column, which remembers texts and numbers: most stand in a list again and again.

        What is no free text stands in every file again.
        """
        known = {} if column.kind is Kind.TEXT else self._known.setdefault(column, {})
        if len(known) > _MOST_KNOWN:
            known.clear()

        def parse(raw: Any) -> Parsed:
            if type(raw) not in (str, float):  # `True` would be known as 1.0
                return self.parse(column, raw)
            parsed = known.get(raw)
            if parsed is None:
                parsed = known[raw] = self.parse(column, raw)
            return parsed

        return parse

    def parse(self, column: Column, raw: Any) -> Parsed:
        """The value of a filled cell of this column; `Parsed.value` is None where it was rejected."""
        if isinstance(raw, CellError) and raw == NO_NUMBER:
            advice = "Nhập lại giá trị của ô."
            return Parsed(None, value_of_other_kind, "Ô báo lỗi #NUM!: số vô hạn hoặc quá lớn", advice)
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
        if column.kind is not Kind.TEXT and isinstance(raw, str) and len(raw) > _LONGEST:
            rule = value_not_in_list if column.kind is Kind.CHOICE else value_of_other_kind
            problem = (
                f"“{shorten(show_value(raw))}” là đoạn văn {len(raw)} ký tự, không phải giá trị của “{column.heading}”"
            )
            return Parsed(None, rule, problem, f"Nhập đúng nội dung của “{column.heading}”.")
        if column.kind in _NUMBERS:
            raw = _read_duration(raw)
        if column.kind is Kind.CHOICE:
            return self._parse_choice(column, raw)
        if column.kind is Kind.YEAR:
            return self._parse_year(raw)
        if column.kind is Kind.DATE:
            return self._parse_date(raw)
        if column.kind is Kind.TIME:
            return _parse_time(raw)
        if column.kind is Kind.COUNT:
            return _parse_count(column, raw)
        if column.kind is Kind.MARK:
            return _parse_mark(raw)
        return _parse_text(column, raw)

    def _parse_choice(self, column: Column, raw: Any) -> Parsed:
        text = show_value(raw)
        keys = self._choice_keys(column.choices)
        value = keys.get(fold(text)) or keys.get(_without_and(text)) or keys.get(_with_i(text))
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
            spelled = [(s, c.value) for c in choices for s in (c.value, *c.aliases)]
            keys = {fold(s): value for s, value in spelled}
            others = {spell(s): value for spell in (_with_i, _without_and) for s, value in spelled}
            self._keys[name] = others | keys
        return self._keys[name]

    def _suggest(self, column: Column, text: str) -> str:
        keys = self._choice_keys(column.choices)
        if column.choices == "genders" and (gender := self._guess_gender(text)):
            return f"Chọn một giá trị trong danh sách thả xuống; có phải ý bạn là “{gender}”?"
        near = difflib.get_close_matches(fold(text), keys, n=1, cutoff=_LIKE)
        hint = f"; có phải ý bạn là “{keys[near[0]]}”?" if near else "."
        return f"Chọn một giá trị trong danh sách thả xuống{hint}"

    def _guess_gender(self, text: str) -> str:
        """The gender of "Ông" or "Bà"; "" for another text, or where the list has more than two."""
        female = self._plan.lists.value("genders", "female")
        others = [c.value for c in self._plan.lists.genders if c.value != female]
        guesses = dict.fromkeys(("ba", "chi", "co"), female)
        if len(others) == 1:
            guesses |= dict.fromkeys(("ong", "anh", "chu"), others[0])
        return guesses.get(fold(text), "")

    def _parse_year(self, raw: Any) -> Parsed:
        ages = self._plan.ages
        advice = f"Nhập năm sinh bốn chữ số từ {ages.born_first} đến {ages.born_last}."
        text = show_value(raw)
        if typed := _find_typed_year(raw, ages.born_first, ages.born_last):
            assumed = f"ô định dạng ngày, giờ hiện “{text}” được hiểu là năm sinh {typed}"
            return Parsed(typed, assumed=assumed, as_asked=True)
        doubt = assumed = ""
        year: int | None = None
        if isinstance(raw, (date, datetime)):
            year = raw.year
        elif re.fullmatch(r"[0-9]{4}\s*[.,;]?", text):
            year, assumed = int(text[:4]), _NUMBER_AS_TEXT if isinstance(raw, str) else ""
        elif isinstance(raw, str):
            day, doubt = read_year(text, DateRange(date(ages.born_first, 1, 1), date(ages.born_last, 12, 31)))
            year = day.year if day else None
        if year is None:
            return Parsed(None, value_of_other_kind, f"“{text}” không phải năm sinh{doubt}", advice)
        if not ages.born_first <= year <= ages.born_last:
            return Parsed(
                None,
                value_out_of_range,
                f"Năm sinh {year} nằm ngoài khoảng {ages.born_first} - {ages.born_last}",
                advice,
            )
        if text.rstrip(" .,;") != str(year):  # the day itself is not repeated
            assumed = f"ngày sinh được hiểu là năm sinh {year}; chỉ cần ghi năm"
        return Parsed(year, assumed=assumed)

    def _parse_date(self, raw: Any) -> Parsed:
        limits = self._plan.dates
        advice = f"Nhập ngày/tháng/năm, ví dụ {self._plan.conference.upper.first_day:%d/%m/%Y}."
        text = show_value(raw)
        assumed = doubt = ""
        as_asked = False
        day: date | None = None
        if isinstance(raw, (date, datetime)):
            day = raw.date() if isinstance(raw, datetime) else raw
            if year := _find_typed_year(raw, limits.first.year, limits.last.year):
                return Parsed(None, value_of_other_kind, f"“{text}”: ô chỉ có năm {year}, thiếu ngày, tháng", advice)
        elif isinstance(raw, str):
            day = read_plain_day(raw, limits)
            as_asked = day is not None
            if day is None:
                day, doubt = read_day(text, limits)
            assumed = f"chữ “{text}” được hiểu là ngày {day:%d/%m/%Y}" if day and not is_asked_day(text) else ""
        elif (found := _serial_date(raw)) and found in limits:
            day, assumed, as_asked = found, f"số {text} được hiểu là ngày {found:%d/%m/%Y}", True
        if day is None:
            return Parsed(None, value_of_other_kind, f"“{text}” không phải ngày tháng{doubt}", advice)
        if day not in limits:
            return Parsed(None, value_out_of_range, self._describe_far_day(day), advice)
        return Parsed(day, assumed=assumed, as_asked=as_asked)

    def _describe_far_day(self, day: date) -> str:
        """A day that cannot be; a slip of the year is asked."""
        plan, limits = self._plan, self._plan.dates
        outside = f"nằm ngoài khoảng {limits.first:%d/%m/%Y} - {limits.last:%d/%m/%Y}"
        if day < plan.date:
            outside = f"trước ngày ban hành kế hoạch ({plan.date:%d/%m/%Y})"
        asked = ask_year(day.day, day.month, limits)
        doubt = f"; nếu nhầm năm, {asked}" if asked else ask_swapped(day, limits.first, limits.last)
        return f"Ngày {day:%d/%m/%Y} {outside}{doubt}"


def shorten(text: str) -> str:
    """A long text as a message quotes it."""
    return text if len(text) <= _LONGEST else f"{text[:_SHOWN]}…"


def _without_and(text: str) -> str:
    """Key of a list value in which "và" stands for a dash or a comma: "Giáo dục và đào tạo"."""
    return fold(_AND.sub(" ", clean(text)))


def _with_i(text: str) -> str:
    """Key of a list value in which an i at a word's end may be a y: "Chiến sỹ"."""
    return "".join(re.sub("y$", "i", word) for word in plain_words(text))


def _parse_text(column: Column, raw: Any) -> Parsed:
    """Any text will do but one that says nothing; a number, a day or TRUE where a text must stand is asked about."""
    text = show_value(raw)
    if not isinstance(raw, str):
        number = isinstance(raw, (int, float)) and not isinstance(raw, bool)
        if not column.required or (number and len(text) >= _PHONE):
            return Parsed(text)
        what = "số" if number else "giá trị đúng/sai" if isinstance(raw, bool) else "ngày giờ"
        advice = f"Nhập “{column.heading}” bằng chữ."
        return Parsed(text, value_out_of_range, f"“{column.heading}” là {what}, không phải chữ", advice)
    crossed_out = _NOTHING.fullmatch(text) or (_must_say(column) and fold(text) in NOTHING_SAID)
    if not crossed_out and not _AS_ABOVE.fullmatch(text):
        return Parsed(text)
    if crossed_out and not column.asked:
        return Parsed(None, assumed=f"“{text}” được hiểu là để trống")
    kept = text if column.key == "name" else None  # by its name a row is known
    advice = f"Ghi đủ “{column.heading}”; không có thì để trống."
    if column.required:
        advice = f"Ghi đủ “{column.heading}”, cả khi giống dòng trên."
    return Parsed(kept, value_out_of_range, f"“{text}” không phải nội dung của “{column.heading}”", advice)


def _read_duration(raw: Any) -> Any:
    """A length of time that a reader hands over as text, else the raw value itself."""
    match = _DURATION.fullmatch(raw) if isinstance(raw, str) else None
    return timedelta(hours=int(match[1]), minutes=int(match[2]), seconds=int(match[3])) if match else raw


def _find_typed_year(raw: Any, first: int, last: int) -> int | None:
    """The year between these that was typed into a cell with a date's format: 1975 is shown as 28/05/1905.

    A workbook that counts its days from 1904 shows it as a day of 1909. Nobody who is alive was born on these days.
    """
    if isinstance(raw, timedelta):
        numbers = [raw.days] if raw == timedelta(days=raw.days) else []
    elif isinstance(raw, date):
        day = raw.date() if isinstance(raw, datetime) else raw
        numbers = [(day - epoch).days for epoch in (_EXCEL_EPOCH, _MAC_EPOCH)]
    else:
        return None
    return next((number for number in numbers if first <= number <= last), None)


def _serial_date(raw: Any) -> date | None:
    number = raw / timedelta(days=1) if isinstance(raw, timedelta) else raw
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        return None
    return _EXCEL_EPOCH + timedelta(days=int(number)) if 1 <= number < 100_000 and number == int(number) else None


def _find_number(raw: Any) -> float | None:
    """The number from 1 on that was typed into a cell with an hour's format, which shows it as 07:12 of some day."""
    if isinstance(raw, timedelta):  # as .ods has it; 25:30 is a length of time and no number that anybody types
        number = raw / timedelta(days=1)
        return number if number > 1 and round(number * 100, 6).is_integer() else None
    day = raw.date() if isinstance(raw, datetime) else raw
    if not isinstance(day, date) or not _EXCEL_EPOCH < day < _FIRST_DATE:
        return None
    moment = raw if isinstance(raw, datetime) else datetime.combine(raw, time())
    number = (moment - datetime.combine(_EXCEL_EPOCH, time())) / timedelta(days=1)
    return number - 1 if day < _LEAP_DAY else number


def _must_say(column: Column) -> bool:
    """Whether "không" is no content of a column: always required, and no rule of its own judges that."""
    return column.required and not column.when and column.blank_rule == Column.blank_rule and column.key != "model"


def _parse_time(raw: Any) -> Parsed:
    """Minutes since midnight."""
    minutes: float | None = None
    doubt, as_asked = "", False
    advice = "Nhập giờ:phút, ví dụ 8:00, 13:30 hoặc 8h30."
    number = _find_number(raw)
    if number is not None:
        shown = f"{round(number, 4):.10g}".replace(".", ",")
        doubt = ask_clock(number) or ": gõ thiếu dấu hai chấm?"
        return Parsed(None, value_of_other_kind, f"Số {shown} không phải giờ{doubt}", advice)
    if isinstance(raw, (time, datetime)):
        minutes = raw.hour * 60 + raw.minute + round(raw.second / 60)
    elif isinstance(raw, timedelta):
        minutes = raw.total_seconds() / 60
    elif isinstance(raw, (int, float)) and not isinstance(raw, bool):
        minutes = raw * _MINUTES if 0 <= raw < 1 else None
        doubt = ask_clock(raw) if raw >= 1 else ""
    elif isinstance(raw, str):
        minutes = read_plain_clock(raw)
        as_asked = minutes is not None
        if minutes is None:
            minutes, doubt = read_clock(raw)
    if minutes is None:
        return Parsed(None, value_of_other_kind, f"“{show_value(raw)}” không phải giờ{doubt}", advice)
    if not 0 <= round(minutes) < _MINUTES:
        return Parsed(None, value_out_of_range, f"“{show_value(raw)}” không nằm trong một ngày", advice)
    assumed = ""
    odd_text = isinstance(raw, str) and not is_asked_clock(raw)
    if odd_text or (isinstance(raw, datetime) and raw.date() != _EXCEL_EPOCH):
        assumed = f"{'chữ ' if odd_text else ''}“{show_value(raw)}” được hiểu là {show_clock(round(minutes))}"
    return Parsed(round(minutes), assumed=assumed, as_asked=as_asked)


def _parse_count(column: Column, raw: Any) -> Parsed:
    text = show_value(raw)
    if text in _NO_TICKS and not column.asked:
        return Parsed(None, assumed=f"“{text}” được hiểu là để trống")
    if isinstance(raw, str) and (counted := _COUNTED.fullmatch(text)):
        return Parsed(int(counted[1]), assumed=f"“{text}” được hiểu là {int(counted[1])}")
    if isinstance(raw, bool) or not re.fullmatch(r"[0-9]{1,9}", text):
        advice = "Nhập số nguyên, chỉ gồm chữ số, ví dụ 85."
        if isinstance(raw, timedelta) or (isinstance(raw, date) and raw.year < _FIRST_DATE.year):
            problem = f"Ô định dạng ngày, giờ nên hiện “{text}”, không phải số nguyên"
            return Parsed(None, value_of_other_kind, problem, f"Đổi định dạng ô thành General rồi nhập lại. {advice}")
        return Parsed(None, value_of_other_kind, f"“{text}” không phải số nguyên", advice)
    return Parsed(int(text), assumed=_NUMBER_AS_TEXT if isinstance(raw, str) else "")


def _parse_mark(raw: Any) -> Parsed:
    text = show_value(raw)
    if text.casefold() == TICK:
        return Parsed(value=True)
    shown = f"“{text}”" if isinstance(raw, str) else "giá trị đúng/sai hoặc số"  # another program may turn TRUE into 1
    if text in _TICKS or fold(text) in _YES:
        return Parsed(value=True, assumed=f"{shown} được hiểu là đánh dấu {TICK}")
    if text in _NO_TICKS or fold(text) in _NO:
        return Parsed(value=False, assumed=f"{shown} được hiểu là không đánh dấu")
    return Parsed(
        None, value_of_other_kind, f"“{text}” không phải dấu chọn", f"Nhập {TICK} nếu có, để trống nếu không."
    )
