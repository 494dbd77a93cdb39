"""The plan as data: typed, frozen records read from a TOML file.

Everything that another district, year or level of government would change stands in the plan file.
A mistake in the file is a `UserError` that names its place: `units[3].code: …`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Literal

import msgspec

from dhtt_excel import DEFAULT_PLAN
from dhtt_excel.findings import UserError
from dhtt_excel.vietnamese import capitalize, clean, fold, slug

PLANS = Path(__file__).parent / "plans"

Level = Literal["local", "upper"]


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A part of the plan: immutable, and strict about its keys."""


class Unit(Record, frozen=True):
    """An office that returns a workbook. `code` is text and means nothing without the plan's `unit_code_list`."""

    code: str
    name: str
    level: Level = "local"
    noun: str = ""
    aliases: tuple[str, ...] = ()
    pilot: bool = False

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9A-Za-z]+", self.code):
            raise ValueError("mã đơn vị chỉ gồm chữ số và chữ cái không dấu")
        if not slug(self.name):
            raise ValueError("thiếu tên đơn vị")


class LevelNames(Record, frozen=True):
    """How the plan calls a level of government and its offices."""

    noun: str
    office: str
    department: str = ""
    place: str = ""


class Levels(Record, frozen=True):
    """`local` units hold their own conference and report; the `upper` unit consolidates and holds its own."""

    local: LevelNames
    upper: LevelNames


class Signer(Record, frozen=True):
    """The signer's block: capacity (TM., KT., TL.), title, name."""

    capacity: str
    title: str
    name: str


class LocalConference(Record, frozen=True):
    """Limits of a local unit's conference. "Before" is strict: the day itself is too late."""

    name: str
    before: date
    pilot_before: date | None = None
    pilot_before_printed: date | None = None
    pilot_note: str = ""


class UpperConference(Record, frozen=True):
    """Limits of the upper unit's conference; both days are included."""

    name: str
    first_day: date
    last_day: date
    max_delegates: int


class Conferences(Record, frozen=True):
    local: LocalConference
    upper: UpperConference


class Section(Record, frozen=True):
    """One line of the report's outline."""

    code: str
    text: str


class Report(Record, frozen=True):
    before: date
    sections: tuple[Section, ...]


class Shares(Record, frozen=True):
    """Percent of the delegates; within `tolerance` points a breach is only a warning."""

    exemplars: int
    guests: int
    tolerance: int

    def __post_init__(self) -> None:
        if self.exemplars + self.guests != 100:
            raise ValueError("hai tỷ lệ phải cộng thành 100")


class Ages(Record, frozen=True):
    """Years of birth that can be true; "young" is under `young_under` in the plan's year."""

    born_first: int
    born_last: int
    young_under: int
    bands: tuple[int, ...]


class DateRange(Record, frozen=True):
    first: date
    last: date


class Programme(Record, frozen=True):
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


class Coverage(Record, frozen=True):
    """A group that the upper conference must represent.

    The delegates whose `column` has one of `values`, or any value but `leave_out`; with `each`, every other value
    of the list is a group of its own. A column of yes and no needs neither.
    """

    name: str
    column: str
    values: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()
    each: bool = False


class Choice(Record, frozen=True):
    """A value of a code list. `key` is what the code means by it; aliases are read as it."""

    value: str
    key: str = ""
    aliases: tuple[str, ...] = ()


class Session(Choice, frozen=True, kw_only=True):
    """A half day."""

    start: time
    end: time


class Category(Choice, frozen=True, kw_only=True):
    """What a delegate is, and so in which share; `expected`: the plan names this kind of guest."""

    group: Literal["exemplar", "guest"]
    expected: bool = False


class Award(Choice, frozen=True, kw_only=True):
    """A title or form of commendation and the kinds of honouree that it fits."""

    recipients: tuple[Literal["person", "collective", "household"], ...]


class Lists(Record, frozen=True):
    """The code lists, each in the order in which it is offered."""

    genders: tuple[Choice, ...]
    forms: tuple[Choice, ...]
    speech_kinds: tuple[Choice, ...]
    honouree_kinds: tuple[Choice, ...]
    areas: tuple[Choice, ...]
    illustrations: tuple[Choice, ...]
    award_levels: tuple[Choice, ...]
    occupations: tuple[Choice, ...]
    fields: tuple[Choice, ...]
    sectors: tuple[Choice, ...]
    movements: tuple[Choice, ...]
    religions: tuple[Choice, ...]
    ethnicities: tuple[Choice, ...]
    sessions: tuple[Session, ...]
    categories: tuple[Category, ...]
    awards: tuple[Award, ...]

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            _refuse_doubles(name, [(s, c.value) for c in getattr(self, name) for s in (c.value, *c.aliases)])
        for name, keys in _KEYS_IN_USE.items():
            missing = sorted(keys - {c.key for c in getattr(self, name)})
            if missing:
                raise ValueError(f"{name}: thiếu giá trị có key {', '.join(missing)}")

    def choices(self, name: str) -> tuple[Choice, ...]:
        choices: tuple[Choice, ...] = getattr(self, name)
        return choices

    def value(self, name: str, key: str) -> str:
        """The value of a list that has this key."""
        return next(c.value for c in self.choices(name) if c.key == key)


_KEYS_IN_USE = {
    "genders": {"female"},
    "forms": {"separate", "combined"},
    "speech_kinds": {"person", "collective"},
    "honouree_kinds": {"person", "collective", "household"},
    "categories": {"collective"},
}


class Plan(Record, frozen=True):
    """The whole plan."""

    id: str
    form_prefix: str
    number: str
    date: date
    issuer: str
    title: str
    year: int
    period: str
    unit_code_list: str
    recipients: str
    privacy: str
    levels: Levels
    signer: Signer
    conference: Conferences
    report: Report
    shares: Shares
    ages: Ages
    dates: DateRange
    programme: Programme
    coverage: tuple[Coverage, ...]
    clauses: dict[str, str]
    units: tuple[Unit, ...]
    lists: Lists

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9a-z-]+", self.id) or not re.fullmatch(r"[0-9a-z-]+", self.form_prefix):
            raise ValueError("id và form_prefix chỉ gồm chữ thường không dấu, chữ số và dấu gạch nối")
        _refuse_doubles("units", [(u.code, u.code) for u in self.units])
        _refuse_doubles("units", [(n, u.code) for u in self.units for n in (self.name_of(u), *u.aliases)])
        if sum(u.level == "upper" for u in self.units) != 1 or not any(u.level == "local" for u in self.units):
            raise ValueError('units: cần đúng một đơn vị level = "upper" và ít nhất một đơn vị cấp dưới')
        if any(u.pilot for u in self.units) and not self.conference.local.pilot_before:
            raise ValueError("conference.local: thiếu pilot_before cho đơn vị làm điểm")

    @cached_property
    def local_units(self) -> tuple[Unit, ...]:
        """The units of the lower level, in the order of their codes."""
        return tuple(sorted((u for u in self.units if u.level == "local"), key=lambda u: u.code))

    @cached_property
    def upper_unit(self) -> Unit:
        return next(u for u in self.units if u.level == "upper")

    @cached_property
    def units_by_code(self) -> dict[str, Unit]:
        """Local units in the order of their codes, the upper unit last."""
        return {u.code: u for u in (*self.local_units, self.upper_unit)}

    @cached_property
    def group_of_category(self) -> dict[str, str]:
        return {c.value: c.group for c in self.lists.categories}

    def noun_of(self, unit: Unit) -> str:
        """What kind of unit it is, in lower case: "phường"."""
        return unit.noun or self.names_of(unit).noun

    def names_of(self, unit: Unit) -> LevelNames:
        return self.levels.upper if unit.level == "upper" else self.levels.local

    def name_of(self, unit: Unit) -> str:
        """The unit with its kind: "Phường Hàng Bạc"."""
        return f"{capitalize(self.noun_of(unit))} {unit.name}"

    def workbook_name(self, unit: Unit) -> str:
        """File name of the unit's workbook."""
        return f"{self.form_prefix}_{unit.code}_{slug(unit.name)}.xlsx"

    def find_unit(self, text: str) -> Unit | None:
        """The unit of exactly this code, name (with or without its kind) or alias; never a near miss."""
        return self._units_by_key.get(fold(text))

    def suggest_unit(self, text: str) -> Unit | None:
        """The unit whose name is nearest to a text that is none: for a question, never to be taken for it."""
        near = get_close_matches(fold(text), self._units_by_key, n=1, cutoff=0.75)
        return self._units_by_key[near[0]] if near else None

    @cached_property
    def _units_by_key(self) -> dict[str, Unit]:
        keys: dict[str, Unit] = {}
        for unit in self.units:
            for name in (unit.name, *unit.aliases):
                keys[fold(f"{self.noun_of(unit)} {name}")] = unit
            keys[fold(unit.code)] = unit
        for unit in sorted(self.units, key=lambda u: u.level == "upper"):  # a bare name means the lower level
            for name in (unit.name, *unit.aliases):
                keys.setdefault(fold(name), unit)
        return keys

    def cite(self, clause: str) -> str:
        """A rule's source as people cite it; what is no clause of the plan stands as it is."""
        return f"Kế hoạch {self.number}, mục {clause}" if clause in self.clauses else clause


def load_plan(source: str | Path = DEFAULT_PLAN) -> Plan:
    """The plan of a TOML file, or a shipped plan by its id. A mistake raises `UserError` that names its place."""
    path = Path(source)
    if path.suffix != ".toml":
        path = PLANS / f"{source}.toml"
    try:
        data = path.read_bytes()
    except OSError as error:
        shipped = ", ".join(shipped_plans())
        raise UserError(
            f"Không đọc được tệp kế hoạch “{source}” ({error.strerror or error}). "
            f"Hãy chỉ đường dẫn tới một tệp .toml, hoặc dùng kế hoạch có sẵn: {shipped}."
        ) from error
    try:
        return msgspec.toml.decode(data, type=Plan)
    except msgspec.ValidationError as error:
        raise UserError(f"Tệp kế hoạch “{path}”: {_explain(str(error))}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UserError(f"Tệp kế hoạch “{path}” không đúng cú pháp TOML: {error}") from error


def _refuse_doubles(place: str, spellings: list[tuple[str, str]]) -> None:
    """Two spellings that fold to one key could not be told apart when a workbook is read."""
    seen: dict[str, str] = {}
    for text, owner in spellings:
        if text != clean(text):
            raise ValueError(f"{place}: “{text}” có khoảng trắng thừa hoặc không ở dạng Unicode dựng sẵn (NFC)")
        if fold(text) in seen:
            raise ValueError(f"{place}: “{text}” ({owner}) trùng với “{seen[fold(text)]}”")
        seen[fold(text)] = text


_TRANSLATIONS = (
    (r"Object contains unknown field `(.+?)`", r"không có mục nào tên là “\1”"),
    (r"Object missing required field `(.+?)`", r"thiếu mục “\1”"),
    (r"Expected `(.+?)`, got `(.+?)`", r"cần kiểu \1 nhưng đang là \2"),
    (r"Invalid enum value (.+)", r"không nhận giá trị \1"),
)


def _explain(message: str) -> str:
    """msgspec's message as "place: what is wrong", in Vietnamese where we know the phrase."""
    text, _, place = message.partition(" - at `$")
    for pattern, replacement in _TRANSLATIONS:
        text = re.sub(pattern, replacement, text)
    place = place.rstrip("`").lstrip(".").removesuffix("[...]")
    return f"{place}: {text}" if place else text


def shipped_plans() -> Iterator[str]:
    """Ids of the plans that come with the program."""
    return (p.stem for p in sorted(PLANS.glob("*.toml")))
