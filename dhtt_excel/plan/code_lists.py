"""The plan's code lists: the values that a workbook offers, what the code means by them, and their other spellings."""

from __future__ import annotations

from datetime import time
from typing import Literal

import msgspec

from dhtt_excel.text.vietnamese import clean, fold


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A part of the plan: immutable, and strict about its keys."""


class Choice(Record, frozen=True):
    """A value of a code list. `key` is what the code means by it; aliases are read as it."""

    value: str
    key: str = ""
    aliases: tuple[str, ...] = ()


class Session(Choice, frozen=True, kw_only=True):
    """A half day."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError("giờ bắt đầu phải trước giờ kết thúc")


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
            if not self.choices(name):
                raise ValueError(f"{name}: danh mục trống")
            refuse_doubles(name, [(s, c.value) for c in self.choices(name) for s in (c.value, *c.aliases)])
            self._check_keys(name)
        if len(self.genders) < 2:
            raise ValueError("genders: cần nữ và ít nhất một giá trị khác")
        if {c.group for c in self.categories} != {"exemplar", "guest"}:
            raise ValueError("categories: cần cả điển hình (exemplar) và khách mời (guest)")
        if next(c for c in self.categories if c.key == "collective").group != "exemplar":
            raise ValueError("categories: giá trị có key collective phải thuộc nhóm exemplar")

    def _check_keys(self, name: str) -> None:
        """A key that the code asks for must be there, none twice, none that nothing understands."""
        known: set[str] = _KEYS.get(name, set())
        keys = [c.key for c in self.choices(name)]
        if missing := sorted(known - _OPTIONAL - set(keys)):
            raise ValueError(f"{name}: thiếu giá trị có key {', '.join(missing)}")
        if doubled := sorted({key for key in keys if key and keys.count(key) > 1}):
            raise ValueError(f"{name}: nhiều giá trị cùng có key {', '.join(doubled)}")
        if strange := [c for c in self.choices(name) if c.key not in known and (c.key or name in _KEYED)]:
            told = f"key {strange[0].key}" if strange[0].key else "không có key"
            raise ValueError(f"{name}: không hiểu giá trị “{strange[0].value}” ({told})")

    def choices(self, name: str) -> tuple[Choice, ...]:
        choices: tuple[Choice, ...] = getattr(self, name)
        return choices

    def value(self, name: str, key: str) -> str:
        """The value of a list that has this key."""
        return next(c.value for c in self.choices(name) if c.key == key)


# The keys by which the code knows values. All must be there but those that it can do without.
_KEYS = {
    "genders": {"female"},
    "forms": {"separate", "combined"},
    "speech_kinds": {"person", "collective"},
    "honouree_kinds": {"person", "collective", "household"},
    "categories": {"collective"},
    "movements": {"other"},
}
_OPTIONAL = {"other"}
_KEYED = ("forms", "speech_kinds", "honouree_kinds")  # every value is judged or counted by its key


def refuse_doubles(place: str, spellings: list[tuple[str, str]]) -> None:
    """Two spellings that fold to one key could not be told apart when a workbook is read."""
    seen: dict[str, str] = {}
    for text, owner in spellings:
        if text != clean(text):
            raise ValueError(f"{place}: “{text}” có khoảng trắng thừa hoặc không ở dạng Unicode dựng sẵn (NFC)")
        if fold(text) in seen:
            raise ValueError(f"{place}: “{text}” ({owner}) trùng với “{seen[fold(text)]}”")
        seen[fold(text)] = text
