"""A result as a record for the level above: what its summary shows, as numbers that can be added. No name of a person.

The same record stands in tong-hop-….xlsx, on a sheet that is not shown, and in ket-qua.json. What a unit did not send is
None, never 0. A value of an ethnic group or religion stands in it by name only where the summary names it, too.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Annotated

import msgspec

FORMAT = 1  # of the record: a later one, with whatever is new in it, is not read

Count = Annotated[int, msgspec.Meta(ge=0, le=10**9)]
Version = Annotated[int, msgspec.Meta(ge=1, le=10**6)]
_PRINTED = r"\A[^\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]*\Z"
Text = Annotated[str, msgspec.Meta(max_length=1000, pattern=_PRINTED)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=_PRINTED)]
Age = Annotated[int, msgspec.Meta(ge=-200, le=3000)]
Counts = tuple[Count | None, ...]
Unsaid = dict[str, Count]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a record."""


class UnitFigures(_Part, frozen=True):
    """What the conference of one unit counts, by figure; `sent`: whether anything of it is in use.

    `wholes`: of how many lines each count is; `unsaid`: how many lines do not say what it asks. `within`: the unit that
    consolidated it, where this record is itself of rolled-up results.
    """

    code: Name
    name: Name
    sent: bool
    values: dict[str, Count | None]
    wholes: dict[str, Count]
    unsaid: Unsaid
    within: Text = ""


class Meeting(_Part, frozen=True):
    """The conference of a unit that consolidates; `sent`: whether its own form is in use, and not its guests' alone."""

    code: Name
    name: Name
    sent: bool
    exemplars: Count
    guests: Count
    unknown: Count
    day: date | None = None
    form: Text = ""
    held: Count | None = None
    nominated: Count | None = None


class StructureLine(_Part, frozen=True):
    label: Name
    local: Count
    upper: Count | None
    within: bool = False


class Structure(_Part, frozen=True):
    """A group of lines of the delegates' structure; `unsaid`: of both halves, who does not say what it asks."""

    title: Text
    column: Text
    lines: tuple[StructureLine, ...]
    unsaid: tuple[Count, Count]


class Ages(_Part, frozen=True):
    """Of how many the age is known, and what these ages make together."""

    known: Count
    total: Count
    youngest: Age | None
    oldest: Age | None


class Line(_Part, frozen=True):
    """A line of the forms with two halves."""

    label: Name
    local: Counts
    upper: Counts
    unsaid: tuple[Unsaid, Unsaid] = ({}, {})


class Part(_Part, frozen=True):
    """What a part of such a form has, and what its lines make together."""

    keys: tuple[Text, ...]
    total: Line
    lines: dict[str, tuple[Line, ...]]


class ResultRecord(_Part, frozen=True):
    """`code`, `name`: of the unit whose result it is; `tool`: the version of the program that wrote it.

    `draft`: whether something was still open in it; `expected`, `received`: units of the lowest level.
    """

    format: Version
    plan: Text
    form_version: Version
    tool: Text
    code: Name
    name: Name
    as_of: date
    draft: bool
    errors: Count
    warnings: Count
    accepted: Count
    expected: Count
    received: Count
    units: tuple[UnitFigures, ...]
    meetings: tuple[Meeting, ...]
    structure: tuple[Structure, ...]
    ages: tuple[Ages, Ages]
    honours: Part
    awards: Part
    speeches: Part


class _Head(msgspec.Struct):
    format: int = 0


def spell_record(record: ResultRecord) -> bytes:
    """The one spelling of a record, of which its digest is."""
    return msgspec.json.encode(record, order="deterministic")


def digest_record(record: ResultRecord) -> str:
    return hashlib.sha256(spell_record(record)).hexdigest()


def parse_record(text: bytes | str) -> ResultRecord:
    """Raises `msgspec.DecodeError` (`ValidationError` where it is no record of this format) or `FutureRecordError`."""
    if msgspec.json.decode(text, type=_Head).format > FORMAT:
        raise FutureRecordError
    return msgspec.json.decode(text, type=ResultRecord)


class FutureRecordError(Exception):
    """The record is of a later format."""
