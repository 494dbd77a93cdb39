"""What gives a person's ethnic group or religion away in a list that goes to others: found by the plan's words and values."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from dhtt_excel.form.form import Column, Kind
from dhtt_excel.plan.code_lists import Choice
from dhtt_excel.plan.plan import Plan, Sensitive
from dhtt_excel.text.vietnamese import name_key, plain_words, strip_marks

SENSITIVE: tuple[Sensitive, ...] = ("ethnicity", "religion")
_WORD = re.compile(r"[^\W_]+")
_BEFORE_A_GROUP = ("người", "dân tộc")
_Key = tuple[str, ...]


class RevealingWords:
    """Knows what reveals any of `kinds`. Texts are searched by whole words, in any case and place of tones.

    A text without a single mark is searched as such: "Chua Quan Su" is a pagoda, but "chưa" is none.
    """

    def __init__(self, plan: Plan, kinds: Collection[Sensitive]) -> None:
        phrases = list(_list_phrases(plan, kinds))
        self._lists = plan.lists
        self._kinds = kinds
        self._marked = _by_length(map(_list_keys, phrases))
        self._plain = _by_length(map(plain_words, phrases))

    def hide(self, column: Column, value: str, *, of_person: bool) -> str:
        """The value, or "" where it reveals something; from the name of a person (`of_person`) the titles are cut off."""
        if column.kind is Kind.CHOICE:
            return "" if any(c.value == value for c in self._list_revealing(column)) else value
        if column.kind is not Kind.TEXT or not self.is_revealing(value):
            return value
        rest = self._cut_titles(value) if column.personal and of_person else ""
        return rest if len(rest.split()) > 1 and not self.is_revealing(rest) else ""

    def may_hide(self, column: Column) -> bool:
        """Whether the column offers values that reveal something."""
        return column.kind is Kind.CHOICE and bool(self._list_revealing(column))

    def _list_revealing(self, column: Column) -> list[Choice]:
        return [choice for choice in self._lists.choices(column.choices) if choice.reveals in self._kinds]

    def is_revealing(self, text: str) -> bool:
        """Whether a word or phrase of the text does."""
        if strip_marks(text) == text.casefold():
            return _holds(plain_words(text), self._plain)
        return _holds(_list_keys(text), self._marked)

    def _cut_titles(self, name: str) -> str:
        """The name without the revealing words that it begins with."""
        words = name.split()
        while length := next((n for n, known in self._marked if tuple(_list_keys(" ".join(words[:n]))) in known), 0):
            words = words[length:]
        return " ".join(words)


def _list_phrases(plan: Plan, kinds: Collection[Sensitive]) -> Iterator[str]:
    for kind in kinds:
        yield from plan.reveals.get(kind, ())
    if "ethnicity" in kinds:
        usual = next(group.leave_out for group in plan.coverage if group.column == "ethnicity")
        for group in plan.lists.ethnicities:
            if group.value not in usual:
                yield from (f"{before} {group.value}" for before in _BEFORE_A_GROUP)


def _list_keys(text: str) -> list[str]:
    return [name_key(word) for word in _WORD.findall(text)]


def _by_length(phrases: Iterable[Sequence[str]]) -> list[tuple[int, set[_Key]]]:
    """The phrases of each number of words, the longest first."""
    found: dict[int, set[_Key]] = {}
    for phrase in phrases:
        found.setdefault(len(phrase), set()).add(tuple(phrase))
    return sorted(found.items(), reverse=True, key=lambda item: item[0])


def _holds(words: Sequence[str], phrases: Iterable[tuple[int, set[_Key]]]) -> bool:
    return any(
        tuple(words[place : place + length]) in known for length, known in phrases for place in range(len(words))
    )
