"""The words of invented campaigns as records. They stand in `words.toml`; what a brace there means is said at its head."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from dhtt_excel.plan.code_lists import Record
from dhtt_excel.plan.plan import Level

Sex = Literal["male", "female"]
Occupation = Literal[
    "official", "staff", "part_time", "armed", "worker", "clerk", "owner", "pupil", "retired", "believer", "other"
]
Field = Literal[
    "party", "rule", "security", "school", "health", "culture", "trade", "craft", "order", "food", "building",
    "charity", "faith", "science", "other",
]  # fmt: skip
Sector = Literal["state", "shared", "private", "foreign", "none"]
Rank = Literal["state", "government", "ministry", "province", "district", "commune"]

EMPLOYED: tuple[Occupation, ...] = ("official", "staff", "worker", "clerk")


class Persons(Record, frozen=True):
    """Parts of names, and of what else a person is, with how frequent they are."""

    public: frozenset[str]
    unused_middle: str
    retirement: dict[Sex, int]
    ethnicities: dict[str, float]
    religions: dict[str, float]
    families: dict[str, float]
    ethnic_families: dict[str, tuple[str, ...]]
    givens: dict[Sex, tuple[str, ...]]
    middles: dict[Sex, dict[str, float]]


class Hamlet(Record, frozen=True):
    """What a neighbourhood, its head, its roads and its lanes are called."""

    noun: str
    head: str
    road: str
    lane: str


class Places(Record, frozen=True):
    provinces: tuple[str, ...]
    hamlet: Hamlet
    hamlets: dict[str, Hamlet]
    parties: dict[str, str]
    offices: dict[Literal["district", "province"], dict[str, str]]
    below: dict[str, str]


class Walk(Record, frozen=True):
    """A walk of life: who stands in a list for what. `women`: their share; `collective`: what a head stands for."""

    position: str
    organisation: str
    occupation: Occupation
    field: Field
    ages: tuple[int, int]
    women: float
    sector: Sector = "none"
    direct: bool = False
    collective: str = ""
    weight: float = 1
    religion: str = ""


class LevelWords(Record, frozen=True):
    """Who is at a conference of this level, who compiles its workbook and where it is held."""

    compilers: tuple[str, ...]
    venues: tuple[str, ...]
    heads: tuple[Walk, ...]
    persons: tuple[Walk, ...]
    leaders: tuple[Walk, ...]
    guests: tuple[Walk, ...]
    deputies: tuple[Walk, ...] = ()


class Bodies(Record, frozen=True):
    """The bodies that a kind of guest names, and who comes from there."""

    short: str
    long: str
    every_level: str
    posts: dict[str, tuple[str, ...]]


class RankWords(Record, frozen=True):
    """An award's rank: how frequent, the most collectives and persons in five years, the office that decides."""

    weight: float
    most: tuple[int, int]
    decision: str


class Holders(Record, frozen=True):
    part: str
    occupations: tuple[Occupation, ...]


class Awards(Record, frozen=True):
    """Parts of the names of awards, and what they say of rank and holder."""

    named: tuple[tuple[str, Rank], ...]
    rare: tuple[str, ...]
    rare_most: tuple[int, int]
    holders: tuple[Holders, ...]
    armed: tuple[str, ...]
    working: tuple[str, ...]
    hamlet: tuple[str, ...]
    unit: tuple[str, ...]
    ranks: dict[Rank, RankWords]


class Movement(Record, frozen=True):
    """A part of a movement's name, the fields that it suits (none: any), deeds in it."""

    part: str
    fields: tuple[Field, ...]
    deeds: tuple[str, ...]


class Deeds(Record, frozen=True):
    """Deeds of those whom a movement's own do not suit."""

    enterprise: str
    worker: tuple[str, ...]
    pupil: tuple[str, ...]
    household: tuple[str, ...]
    household_names: dict[Sex, str]


class InventedSpeech(Record, frozen=True):
    title: str
    model: str
    area: str


class Item(Record, frozen=True):
    """An item of the programme by a part of its name. An optional one comes `after` another; "": first of all."""

    part: str
    minutes: int
    performer: str
    after: str | None = None


class Conference(Record, frozen=True):
    """What a conference goes with and what is done at it. `speaker_note`: stands beside a delegate who speaks."""

    office_short: str
    speaker_note: str
    events: tuple[str, ...]
    programme: tuple[Item, ...]


class Sentences(Record, frozen=True):
    openings: tuple[str, ...]
    others: tuple[str, ...]


class InventedReport(Record, frozen=True):
    """Topics by a part of a section's words, and what is said of each."""

    topics: tuple[tuple[str, str], ...]
    sentences: dict[str, Sentences]


class FileNames(Record, frozen=True):
    telling: tuple[str, ...]
    silent: tuple[str, ...]
    second: str
    earlier: str
    useless: str


class Notes(Record, frozen=True):
    """What is special in a sent file."""

    telling: str
    silent: str
    gaps: str
    second: str
    pasted: str
    texts: str
    shares: str
    heading: str
    known: str
    changed: str
    draft: str
    early: str
    late: str
    json: str


class Accidents(Record, frozen=True):
    heading: str
    field: str
    notes: Notes


class InventedWords(Record, frozen=True):
    """All words of `words.toml`. `hints`: list of the plan ─► what the words call a value ─► what the plan may call it."""

    other: str
    hints: dict[str, dict[str, str]]
    persons: Persons
    places: Places
    pools: dict[str, tuple[str, ...]]
    levels: dict[Level, LevelWords]
    bodies: Bodies
    awards: Awards
    deeds: Deeds
    movements: tuple[Movement, ...]
    speeches: dict[Field, tuple[InventedSpeech, ...]]
    conference: Conference
    report: InventedReport
    files: FileNames
    accidents: Accidents
    tones: dict[str, str]


WORDS = msgspec.toml.decode(Path(__file__).with_suffix(".toml").read_bytes(), type=InventedWords)
