"""Days and hours, which the form's cells hold as text: how it reads them, as formulas and, step by step the same, in Python.

A cell that Excel takes for a date is read by the computer's region: 02/03/2020 becomes 3 February on an English one. So
the text stays as it was typed, and hidden beside the lines of sheet "Kiểm tra" each such cell has a row of formulas that
read it, day first. In front stands what was read: a day as Excel counts it, minutes since midnight, "" for a blank, or
`NOT_READ`. True dates and times, which are numbers, are read as well.

The formulas are steps because an .xls file keeps seven levels of functions and 1,024 characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any

from dhtt_excel.excel.addresses import cell_name, range_name
from dhtt_excel.form.check_lines import FIRST_CHECK_ROW
from dhtt_excel.form.form import CHECK_SHEET, Column, Form, Kind, Layout, Table
from dhtt_excel.form.formulas import date_of, quote
from dhtt_excel.plan.plan import DateRange, Plan

NOT_READ = "sai"
MOMENT_COLUMN = 19  # of what was read; the steps follow

_NBSP = "\N{NO-BREAK SPACE}"
_DIGITS = "0123456789"
Pairs = tuple[tuple[str, str], ...]
"""What is replaced by what, one after the other."""

DAY_PARTS = (
    (("sáng", "am", "sa"), 0, 12),
    (("trưa",), 10, 15),
    (("chiều",), 12, 19),
    (("tối",), 17, 24),
    (("pm", "ch"), 12, 24),
)
"""Parts of the day, Excel's among them: its words, from which hour, to which."""

_PART_SIGNS = "abcde"  # one for each
_UNMARKED = {"sáng": "sang", "trưa": "trua", "chiều": "chieu", "tối": "toi"}
_PARTS = tuple(
    sorted(
        (
            (spelled, sign)
            for sign, (words, _, _) in zip(_PART_SIGNS, DAY_PARTS, strict=True)
            for word in words
            for spelled in dict.fromkeys((word, _UNMARKED.get(word, word)))
        ),
        key=lambda pair: -len(pair[0]),  # "chiều" before "ch"
    )
)
_WEEKDAYS: Pairs = (
    ("thứ hai", "t2"), ("thứ ba", "t3"), ("thứ tư", "t4"), ("thứ năm", "t5"), ("thứ sáu", "t6"), ("thứ bảy", "t7"),
    ("chủ nhật", "t1"), ("thứ ", "t"), ("cn", "t1"),
)  # fmt: skip
_DAY_WORDS: Pairs = (("ngày", " "), ("ngay", " "), ("tháng", "/"), ("thang", "/"))
_DAY_SIGNS: Pairs = (("năm", "/"), ("nam", "/"), ("-", "/"), (".", "/"), ("\\", "/"), ("–", "/"))
_DAY_GAPS: Pairs = ((", /", "/"), (",", "/"), (" /", "/"), ("/ ", "/"), (" ", "/"))
_CLOCK_WORDS: Pairs = (("phút", "p"), ("phut", "p"), ("giờ", "h"), ("gio", "h"))
_CLOCK_SIGNS: Pairs = (("g", "h"), ("ph", "p"), ("'", "p"), ("’", "p"), (".", ":"), (",", ":"))
_CLOCK_GAPS: Pairs = (("rưỡi", "30p"), ("ruoi", "30p"), (" h", "h"), ("h ", "h"), (" :", ":"), (": ", ":"))

# As the form asks for them: told to nobody.
_GAP = r"(?: ?[/.-] ?| )"
_ASKED_DAY = re.compile(
    rf"[0-9]{{1,2}}{_GAP}[0-9]{{1,2}}{_GAP}(?:[0-9]{{4}}|[0-9]{{2}})|ngày [0-9]{{1,2}} tháng [0-9]{{1,2}} năm [0-9]{{4}}"
)
_ASKED_CLOCK = re.compile(r"[0-9]{1,2}(?: ?: ?[0-9]{2}| ?(?:h|g|giờ) ?(?:[0-9]{2})?)")


# ---------------------------------------------------------------- where they stand


def list_moments(form: Form) -> list[tuple[Table, Column]]:
    """The columns and fields that hold days or hours, in the order of their rows."""
    return [(t, c) for t in form.tables.values() for c in t.columns if c.kind in (Kind.DATE, Kind.TIME)]


def reading_of(form: Form, table: str, column: str) -> str:
    """A formula's reference to what was read in a FIELDS table's cell, or in all cells of a column."""
    row = FIRST_CHECK_ROW
    for place, moment in list_moments(form):
        last = row + _count_cells(place) - 1
        if (place.key, moment.key) == (table, column):
            return range_name(CHECK_SHEET, row, MOMENT_COLUMN, last, MOMENT_COLUMN)
        row = last + 1
    raise LookupError(f"{table}.{column} holds neither days nor hours")


def name_reading(table: Table, column: Column) -> str:
    """The defined name of the same: the only way in which Excel 2007 lets a conditional format read another sheet."""
    return f"GT_{table.key}_{column.key}"


def _count_cells(table: Table) -> int:
    return 1 if table.layout is Layout.FIELDS else table.capacity


def list_readings(plan: Plan, form: Form) -> Mapping[tuple[int, int], str]:
    """The formulas without "=", by row and column of sheet "Kiểm tra"."""
    formulas: dict[tuple[int, int], str] = {}
    row = FIRST_CHECK_ROW
    for table, column in list_moments(form):
        steps = _day_steps(plan.dates) if column.kind is Kind.DATE else _clock_steps()
        names = {name: cell_name(row, at) for at, name in enumerate(steps, start=MOMENT_COLUMN)}
        first, letter = table.position(column.key)
        for offset in range(_count_cells(table)):
            cell = range_name(table.sheet, first + offset, letter, first + offset, letter)
            names = {name: cell_name(row, at) for at, name in enumerate(steps, start=MOMENT_COLUMN)} | {"cell": cell}
            for at, step in enumerate(steps.values(), start=MOMENT_COLUMN):
                formulas[row, at] = step.format_map(names)
            row += 1
    return formulas


# ---------------------------------------------------------------- as formulas


def _formula_replace(text: str, pairs: Pairs) -> str:
    for old, new in pairs:
        text = f"SUBSTITUTE({text},{quote(old)},{quote(new)})"
    return text


_LOWER = f'TRIM(LOWER(SUBSTITUTE({{cell}},"{_NBSP}"," ")))'


def _formula_digits(text: str, length: int, allowed: str = _DIGITS) -> str:
    """Whether a text of at most so many characters has no other ones than these."""
    padded = f'{text}&"{"0" * length}"'
    return f'SUMPRODUCT(--ISERROR(FIND(MID({padded},ROW($1:${length}),1),"{allowed}")))=0'


def _formula_real(year: str, month: str, day: str, first: str, last: str) -> str:
    """A day between two others, or "" where the calendar has none."""
    serial = f"DATE({year},{month},{day})"
    same = f"DAY({serial})={day}*1,MONTH({serial})={month}*1,YEAR({serial})={year}*1"
    return f'IF(AND({same},{serial}>={first},{serial}<={last}),{serial},"")'


def _day_steps(limits: DateRange) -> dict[str, str]:
    """What was read, then the steps to it, by name; {names} stand for their cells."""
    first, last = date_of(limits.first), date_of(limits.last)
    century = limits.last.year // 100 * 100
    short = "AND({digits},LEN({third})=2,LEN({first})>0,LEN({first})<3,LEN({second})>0,LEN({second})<3)"
    part = 'TRIM(MID(SUBSTITUTE({{bare}},"/",REPT(" ",20)),{start},20))'
    return {
        "value": f"IF(ISNUMBER({{cell}}),IF(AND({{cell}}>={first},{{cell}}<{last}+1),INT({{cell}}),{quote(NOT_READ)}),"
        f'IF(LEN({{lower}})=0,"",IF(ISNUMBER({{agreed}}),{{agreed}},{quote(NOT_READ)})))',
        "lower": _formula_replace(_LOWER, _WEEKDAYS[:4]),
        "named": _formula_replace("{lower}", _WEEKDAYS[4:]),
        "weekday": 'IF(AND(LEN({named})>2,LEFT({named},1)="t",ISNUMBER(FIND(MID({named},2,1),"1234567"))),MID({named},2,1),"")',
        "words": f"TRIM({_formula_replace('MID({named},1+2*LEN({weekday}),99)', _DAY_WORDS)})",
        "signs": _formula_replace("{words}", _DAY_SIGNS),
        "gaps": _formula_replace("{signs}", _DAY_GAPS),
        "bare": 'MID({gaps},1+(LEFT({gaps},1)="/"),MAX(0,LEN({gaps})-(LEFT({gaps},1)="/")-(RIGHT({gaps},1)="/")))',
        "digits": 'AND(LEN({bare})<=10,LEN({bare})-LEN(SUBSTITUTE({bare},"/",""))=2,'
        + _formula_digits("{bare}", 10, _DIGITS + "/")
        + ")",
        "first": part.format(start=1),
        "second": part.format(start=21),
        "third": part.format(start=41),
        "day": "IF(LEN({first})=4,{third},{first})",
        "year": "IF(LEN({first})=4,{first},{third})",
        "full": "IF(AND({digits},LEN({day})>0,LEN({day})<3,LEN({second})>0,LEN({second})<3,LEN({year})=4),"
        + _formula_real("{year}", "{second}", "{day}", first, last)
        + ',"")',
        "behind": f"IF({short}," + _formula_real(f"({century}+{{third}})", "{second}", "{first}", first, last) + ',"")',
        "front": f"IF({short},IF(LEN({{first}})=2,"
        + _formula_real(f"({century}+{{first}})", "{second}", "{third}", first, last)
        + ',""),"")',
        "read": 'IF(ISNUMBER({full}),{full},IF(OR({front}="",{front}={behind}),{behind},""))',
        "agreed": 'IF(ISNUMBER({read}),IF(OR({weekday}="",WEEKDAY({read})&""={weekday}),{read},""),"")',
    }


def _clock_steps() -> dict[str, str]:
    """What was read, in minutes, then the steps to it."""
    first, end = (",".join(str(part[bound]) for part in DAY_PARTS) for bound in (1, 2))
    colon = 'ISNUMBER(FIND(":",{clock}))'
    return {
        "value": f"IF(ISNUMBER({{cell}}),IF(AND({{cell}}>=0,ROUND({{cell}}*1440,0)<1440),ROUND({{cell}}*1440,0),{quote(NOT_READ)}),"
        f'IF(LEN({{lower}})=0,"",IF(ISNUMBER({{read}}),IF({{read}}<1440,{{read}},{quote(NOT_READ)}),{quote(NOT_READ)})))',
        "lower": _formula_replace(_LOWER, _PARTS[:4]),
        "parts": _formula_replace("{lower}", _PARTS[4:10]),
        "words": _formula_replace("{parts}", (*_PARTS[10:], *_CLOCK_WORDS)),
        "signs": _formula_replace("{words}", _CLOCK_SIGNS),
        "gaps": _formula_replace("{signs}", _CLOCK_GAPS),
        "part": f'IF(LEN({{gaps}})=0,"",IF(ISNUMBER(FIND(RIGHT({{gaps}},1),"{_PART_SIGNS}")),RIGHT({{gaps}},1),""))',
        "core": "TRIM(LEFT({gaps},LEN({gaps})-LEN({part})))",
        "bare": 'SUBSTITUTE(TRIM(LEFT({core},LEN({core})-(RIGHT({core},1)="p"))),"h",":")',
        "clock": 'IF(AND(RIGHT({bare},3)=":00",LEN({bare})-LEN(SUBSTITUTE({bare},":",""))=2),LEFT({bare},LEN({bare})-3),{bare})',
        "hour": f'IF({colon},LEFT({{clock}},FIND(":",{{clock}})-1),IF(LEN({{part}})=0,"",{{clock}}))',
        "minute": f'IF({colon},MID({{clock}},FIND(":",{{clock}})+1,9),"")',
        "digits": "AND(LEN({hour})>0,LEN({hour})<3,LEN({minute})<3," + _formula_digits("{hour}&{minute}", 4) + ")",
        # 8:3 may be 8:03 or 8:30
        "unclear": 'AND(LEN({part})=0,LEN({minute})=1,ISNUMBER(FIND({minute},"12345")),ISERROR(FIND("h",{core})),RIGHT({core},1)<>"p")',
        "plain": 'IF({digits},IF(OR({unclear},("0"&{minute})*1>59),"",{hour}*60+("0"&{minute})*1),"")',
        "early": f'IF(AND(ISNUMBER({{plain}}),LEN({{part}})>0),INT({{plain}}/60)>=CHOOSE(FIND({{part}},"{_PART_SIGNS}"),{first}),FALSE)',
        "there": f'IF({{early}},INT({{plain}}/60)<CHOOSE(FIND({{part}},"{_PART_SIGNS}"),{end}),FALSE)',
        "later": f'IF(AND(ISNUMBER({{plain}}),LEN({{part}})>0),AND(INT({{plain}}/60)+12>=CHOOSE(FIND({{part}},"{_PART_SIGNS}"),{first}),'
        f'INT({{plain}}/60)+12<CHOOSE(FIND({{part}},"{_PART_SIGNS}"),{end})),FALSE)',
        "read": 'IF(LEN({part})=0,{plain},IF({there}={later},"",{plain}+IF({later},720,0)))',
    }


# ---------------------------------------------------------------- in Python


def _replace(text: str, *steps: Pairs) -> str:
    for old, new in (pair for pairs in steps for pair in pairs):
        text = text.replace(old, new)
    return text


def _lower(text: str) -> str:
    return _trim(text.replace(_NBSP, " ").lower())


def _trim(text: str) -> str:
    """As TRIM does: blanks, and no other white space."""
    return " ".join(word for word in text.split(" ") if word)


def read_plain_day(text: str, limits: DateRange) -> date | None:
    """The day between these that the form reads in a text; None where it reads none."""
    named = _replace(_lower(text), _WEEKDAYS)
    weekday = named[1] if re.match(r"t[1-7].", named) else ""
    bare = _replace(_trim(_replace(named[2 * len(weekday) :], _DAY_WORDS)), _DAY_SIGNS, _DAY_GAPS)
    match = re.fullmatch(r"/?([0-9]{1,4})/([0-9]{1,2})/([0-9]{1,4})/?", bare)
    days = set(_list_days(match[1], match[2], match[3], limits)) if match else set()
    if len(days) != 1 or None in days:
        return None
    day = days.pop()
    return day if day and weekday in ("", str(day.isoweekday() % 7 + 1)) else None


def _list_days(first: str, month: str, third: str, limits: DateRange) -> Iterator[date | None]:
    """The days that are meant; None, and perhaps another, where the year may stand in front."""
    lengths = len(first), len(third)
    if lengths[0] < 3 and lengths[1] == 4:
        yield _make_day(third, month, first, limits)
    elif lengths[0] == 4 and lengths[1] < 3:
        yield _make_day(first, month, third, limits)
    elif lengths[0] < 3 and lengths[1] == 2:
        century = str(limits.last.year // 100)
        yield _make_day(century + third, month, first, limits)
        front = _make_day(century + first, month, third, limits) if lengths[0] == 2 else None
        if front:
            yield front


def _make_day(year: str, month: str, day: str, limits: DateRange) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if found in limits else None


def read_plain_clock(text: str) -> int | None:
    """The minutes since midnight that the form reads in a text; None where it reads none."""
    gaps = _replace(_lower(text), _PARTS, _CLOCK_WORDS, _CLOCK_SIGNS, _CLOCK_GAPS)
    part = gaps[-1:] if gaps[-1:] in tuple(_PART_SIGNS) else ""
    core = _trim(gaps.removesuffix(part))
    clock = _trim(core.removesuffix("p")).replace("h", ":")
    match = re.fullmatch(r"([0-9]{1,2})(?:(:)([0-9]{0,2})(?::00)?)?", clock)
    if not match or not (match[2] or part):
        return None
    hour, minute = int(match[1]), int(match[3] or 0)
    unclear = not (part or "h" in core or core.endswith("p")) and match[3] in tuple("12345")
    if minute > 59 or unclear:
        return None
    if part:
        _, first, end = DAY_PARTS[_PART_SIGNS.index(part)]
        hours = [h for h in (hour, hour + 12) if first <= h < end]
        return hours[0] * 60 + minute if len(hours) == 1 else None
    return hour * 60 + minute if hour < 24 else None


def is_asked_day(text: str) -> bool:
    """Whether a day is spelled the way that the form asks for."""
    return bool(_ASKED_DAY.fullmatch(_lower(text)))


def is_asked_clock(text: str) -> bool:
    """Whether an hour is spelled the way that the form asks for."""
    return bool(_ASKED_CLOCK.fullmatch(_lower(text)))


def spell_moment(column: Column, value: Any) -> Any:
    """A day or an hour as its cell is to hold it; whatever else it is comes back as it is."""
    if column.kind is Kind.DATE and type(value) is date:
        return f"{value:%d/%m/}{value.year:04}"
    if column.kind is Kind.TIME and isinstance(value, time):
        return f"{value.hour}:{value.minute:02}"
    return value


def spell_moments(form: Form, entries: Mapping[tuple[str, int, int], Any]) -> dict[tuple[str, int, int], Any]:
    """Entries of a form, their days and hours as its cells are to hold them."""
    spelled = dict(entries)
    for table, column in list_moments(form):
        row, letter = table.position(column.key)
        for at in range(row, row + _count_cells(table)):
            if (table.sheet, at, letter) in spelled:
                spelled[table.sheet, at, letter] = spell_moment(column, spelled[table.sheet, at, letter])
    return spelled
