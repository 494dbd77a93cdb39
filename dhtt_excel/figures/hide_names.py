"""Names of persons in a text that goes to others: found by what the units' lists call them, and taken out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from dhtt_excel.text.vietnamese import name_key

if TYPE_CHECKING:
    import pandas as pd

HIDDEN = "[…]"
# What stands before a name: "bà Hà", "đồng chí Hà", "bác sĩ Hà"; in a list also "Hộ gia đình ông …".
_TITLE_KEYS = frozenset(map(name_key, ["ông", "bà", "anh", "chị", "cô", "chú", "bác", "em", "cụ", "thầy", "chí", "sĩ"]))
_LEADING_KEYS = _TITLE_KEYS | set(map(name_key, ["hộ", "gia", "đình", "đồng"]))
_WORD = re.compile(r"[^\W_]+")
CAPITAL = f"[{''.join(c for c in map(chr, range(0x41, 0x1F00)) if c.isalpha() and c.isupper())}]"
# A title before two capitalised words: a person whom no list names, too. Of one word it may be a street: "phố Bà Triệu".
_TITLED = re.compile(
    rf"\b(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ụ|[Đđ]ồng chí|[Đđ]/c|[Bb]ác sĩ|[Tt]hầy|[Cc]ô)\s+({CAPITAL}\w*(?:\s+{CAPITAL}\w*)+)"
)
_SURE = 3  # words of a name that is one however it is typed; a shorter one must have capitals


class NameHider:
    """Knows the names of persons in a campaign. A text is searched word by word, in any case and place of tones."""

    def __init__(self, names: Iterable[str], *, spare: Iterable[str] = ()) -> None:
        """`spare`: names that are those of places, too."""
        spared = {tuple(_keys(name)) for name in spare}
        self._names = {words for words in map(_strip_titles, names) if len(words) > 1} - spared
        self._spared = spared
        self._lengths = sorted({len(words) for words in self._names}, reverse=True)

    def hide(self, text: str, own: Iterable[str] = ()) -> str:
        """The text with every known name, and any whole one behind a title, as `[…]`; of `own` persons also "bà Hà"."""
        words = [(m.start(), m.end()) for m in _WORD.finditer(text)]
        keys = [name_key(text[start:end]) for start, end in words]
        own_names = [_strip_titles(name) for name in own]
        spans: list[tuple[int, int]] = []
        place = 0
        while place < len(words):
            length = self._match(text, words, keys, place) or _match_part(text, words, keys, place, own_names)
            if length:
                spans.append((words[place][0], words[place + length - 1][1]))
            place += length or 1
        spans += [found.span(1) for found in _TITLED.finditer(text) if self._is_nobody(found, spans)]
        for start, end in sorted(spans, reverse=True):
            text = text[:start] + HIDDEN + text[end:]
        return text

    def _is_nobody(self, found: re.Match[str], spans: Iterable[tuple[int, int]]) -> bool:
        """Whether what follows a title is in no list, and no place either."""
        start, end = found.span(1)
        return tuple(_keys(found[1])) not in self._spared and all(end <= a or b <= start for a, b in spans)

    def _match(self, text: str, words: list[tuple[int, int]], keys: list[str], place: int) -> int:
        for length in self._lengths:
            name = tuple(keys[place : place + length])
            known = len(name) == length and name in self._names
            if known and (length >= _SURE or _has_capitals(text, words[place : place + length])):
                return length
        return 0


def _match_part(
    text: str, words: list[tuple[int, int]], keys: list[str], place: int, own: Iterable[tuple[str, ...]]
) -> int:
    """How many words from here are the last ones of an own name, behind a title."""
    if place == 0 or keys[place - 1] not in _TITLE_KEYS:
        return 0
    for name in own:
        for length in range(len(name), 0, -1):
            found = tuple(keys[place : place + length])
            if found == name[len(name) - length :] and _has_capitals(text, words[place : place + length]):
                return length
    return 0


def _has_capitals(text: str, words: list[tuple[int, int]]) -> bool:
    return all(text[start].isupper() for start, _ in words)


def _keys(name: str) -> list[str]:
    return [name_key(word) for word in _WORD.findall(name)]


def _strip_titles(name: str) -> tuple[str, ...]:
    words = _keys(name)
    while words and words[0] in _LEADING_KEYS and len(words) > 1:
        words = words[1:]
    return tuple(words)


def list_persons(frames: Mapping[str, pd.DataFrame], collective: Iterable[str]) -> list[str]:
    """Every name of a person in the lists; `collective`: the kinds of line whose name is no person's."""
    kinds = set(collective)
    names: list[str] = [*frames["delegates"]["name"].dropna(), *frames["speakers"]["presenter"].dropna()]
    names += frames["info"]["compiler"].dropna().tolist()
    for key in ("speakers", "honourees"):
        frame = frames[key]
        names += frame.loc[~frame["kind"].isin(kinds), "name"].dropna().tolist()
    return names
