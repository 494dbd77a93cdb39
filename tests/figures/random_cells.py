"""How people write a value into a cell, and what a careful reader takes it for: known here, not read back."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, NamedTuple

from dhtt_excel.excel.cells import is_blank
from dhtt_excel.form.form import Column, Kind
from dhtt_excel.form.sheets.paper import Formula
from dhtt_excel.plan.plan import Plan

_EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet
_WEEKDAYS = ("Thứ 2", "thứ ba", "Thứ Tư", "thứ 5", "T6", "thứ bảy", "Chủ nhật")
_BLANKS = (None, None, None, None, " ", "\u00a0", "\u200b", Formula("B1&C1", ""))
_ERRORS = (Formula("NA()", "#N/A"), Formula("1/0", "#DIV/0!"), Formula("#REF!", "#REF!"))
_NOTHING = ("NA", "?", "chưa rõ", *_ERRORS)
_OTHER_TONES = {"hòa": "hoà", "thúy": "thuý", "tòa": "toà", "thủy": "thuỷ", "lụy": "luỵ"}


class Cell(NamedTuple):
    """`written`: as the form takes an entry; `true`: what it says, None where it says nothing that can be used."""

    written: Any
    true: Any

    @property
    def is_seen(self) -> bool:
        """Whether a reader sees anything in the cell."""
        return not is_blank(self.written.value if isinstance(self.written, Formula) else self.written)


class Pen:
    """Writes values of one campaign. `mess`: how much goes wrong; 0 is a clerk without a fault."""

    def __init__(self, rng: Random, plan: Plan, mess: float) -> None:
        self.rng = rng
        self.mess = mess
        self._plan = plan

    def slips(self, odds: float) -> bool:
        return self.rng.random() < odds * self.mess

    def write(self, column: Column, value: Any) -> Cell:
        """A value of this column; None where there is none to write. A mark that is not there says no."""
        if value is None or self.slips(0.03):
            blank = False if column.kind is Kind.MARK else None
            return Cell(self.rng.choice(_BLANKS) if self.slips(0.1) else None, blank)
        if self.slips(0.03) and (wrong := self._list_wrong(column.kind, value)):
            return Cell(self.rng.choice(wrong), None)
        if self.slips(0.2):
            return self._write_oddly(column, value)
        return Cell(("x" if value else None) if column.kind is Kind.MARK else value, value)

    def _list_wrong(self, kind: Kind, value: Any) -> Sequence[Any]:
        """What stands there and is no answer."""
        match kind:
            case Kind.CHOICE:
                return (*_NOTHING, "abc", "Đường sắt", 5, date(2020, 3, 5), "C«ng gi¸o", "x", f"{value} hoặc khác")
            case Kind.YEAR:
                return (
                    *_NOTHING, "19x5", 1850, "1850", 2019, 75, "75", "khoảng 1975", f"{value}?", "31/02/1975", True, 19755,
                    date(2019, 5, 4), 1975.5,
                )  # fmt: skip
            case Kind.DATE:
                return (
                    *_NOTHING, "hôm qua", "31/02/2020", date(2019, 2, 20), "20/02/2019", date(2021, 3, 5), "05/03", 2020, "2020",
                    "13/13/2020", "05/03/2020 (thứ sáu)", _EPOCH + timedelta(2020), "tháng 3", "1/20/12", "20/12/19",
                )  # fmt: skip
            case Kind.COUNT:
                return (
                    *_NOTHING, f"khoảng {value}", -value - 1, value + 0.5, "mười hai", f"{value}+1", "-",
                    f"{value}-{value + 2}", date(2020, 3, 5),
                )  # fmt: skip
            case Kind.MARK:
                return (*_NOTHING, "maybe", "có thể", "xx", 2, "o")
        return ()

    def _write_oddly(self, column: Column, value: Any) -> Cell:
        """The same value in one of the ways in which people write it."""
        writers: dict[Kind, Callable[[Any], Sequence[Any]]] = {
            Kind.YEAR: self._list_years,
            Kind.DATE: self._list_days,
            Kind.TIME: lambda _: ("8h", "8 giờ 30 phút", time(8, 30), "8:00", "8g30"),
            Kind.COUNT: lambda n: (str(n), float(n), f" {n} ", f"{n:02}", Formula(f"{n}+1-1", n), f"\u200e{n}"),
            Kind.MARK: self._list_marks,
            Kind.CHOICE: lambda text: self._list_choices(column, text),
        }
        if column.kind in writers:
            return Cell(self.rng.choice(writers[column.kind](value)), value)
        spelled = self.spell(value) if column.personal else value
        return Cell(self.rng.choice(add_noise(spelled)), spelled)

    def _list_choices(self, column: Column, value: str) -> Sequence[Any]:
        choices = self._plan.lists.choices(column.choices)
        aliases = next(c.aliases for c in choices if c.value == value)
        before, _, after = max((value.rpartition(sign) for sign in (", ", " - ")), key=lambda parts: len(parts[0]))
        return (
            *aliases, *(strip_marks(alias).upper() for alias in aliases), value.upper(), value.lower(), strip_marks(value),
            value.replace(" - ", "-"), value.replace(" - ", " – "), value.replace(",", ""), value.replace(" ", "\n"), f"{value}.",
            Formula(f'"{value}"', value), *add_noise(value), *([f"{before} và {after}"] if before else []),
        )  # fmt: skip

    def _list_years(self, year: int) -> Sequence[Any]:
        day, month = self.rng.randint(1, 28), self.rng.randint(1, 12)
        born = date(year, month, day)
        short = [f"{day}/{month}/{year % 100}"] if 1932 <= year < 2000 else []
        return (
            str(year), float(year), f" {year} ", born, datetime(year, month, day), f"{born:%d/%m/%Y}", f"{month}/{year}",
            f"Ngày {day} tháng {month} năm {year}", f"{day}-{month}-{year}", f"{day}.{month}.{year}", f"{year}/{month:02}/{day:02}",
            _EPOCH + timedelta(year), Formula(f"{year - 5}+5", year), f"{year}\u200b", *short,
        )  # fmt: skip

    def _list_days(self, day: date) -> Sequence[Any]:
        d, m, y, weekday = day.day, day.month, day.year, _WEEKDAYS[day.weekday()]
        short = [f"{d}/{m}/{y % 100}", f"{d:02}.{m:02}.{y % 100}"] if d not in (19, 20) else []
        return (
            f"{day:%d/%m/%Y}", f"{d}/{m}/{y}", f"{d}-{m}-{y}", f"{day:%d.%m.%Y}", f"{day:%Y/%m/%d}", f"{day}",
            f"Ngày {d} tháng {m} năm {y}", f"NGÀY {day:%d/%m/%Y}", f"ngày {d:02} tháng {m:02} năm {y}",
            f"{day:%d/%m/%Y} ({weekday})", f"{weekday}, ngày {d}/{m}/{y}", f"{weekday} {day:%d/%m/%Y}", f" {day:%d/%m/%Y} ",
            f"8h30 ngày {d}/{m}/{y}", (day - _EPOCH).days, datetime(y, m, d, 8, 30), *short,
        )  # fmt: skip

    def _list_marks(self, marked: bool) -> Sequence[Any]:
        if marked:
            return (
                "X",
                " x ",
                "có",
                "Có",
                "CO",
                "v",
                "1",
                1,
                Formula("TRUE()", True),
                "✓",
                "☑",
                "☒",
                "đúng",
                "x\u200b",
            )
        return ("không", "Không", "0", 0, Formula("FALSE()", False), "-", "–", "☐", "k", "ko")

    def spell(self, name: str) -> str:
        """A name as another typist would write it."""
        words = [_OTHER_TONES.get(word.lower(), word.lower()).title() for word in name.split()]
        return self.rng.choice([" ".join(words), name.upper(), name, strip_marks(name)])


def add_noise(text: str) -> list[str]:
    """The text with what nobody sees, or nobody minds."""
    middle = len(text) // 2
    hyphen = "\u00ad" if len(text) > 4 else ""  # in the old fonts a letter, which a short text may well mean
    return [
        f"  {text}  ", text.replace(" ", "  "), text.replace(" ", "\u00a0"), unicodedata.normalize("NFD", text), f"{text}\n",
        f"{text[:middle]}\u200b{text[middle:]}", f"{text[:middle]}{hyphen}{text[middle:]}", f"\u202a{text}\u202c",
    ]  # fmt: skip


def strip_marks(text: str) -> str:
    bare = unicodedata.normalize("NFD", text).replace("đ", "d").replace("Đ", "D")
    return "".join(c for c in bare if not unicodedata.combining(c))
