"""What a case of the corpus is: a file and what the reader must make of it."""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    """`expected`: the number of filled cells of an accepted file, or the code of a refusal; `lost` of those cells."""

    name: str
    data: bytes
    expected: int | str
    lost: int = 0
