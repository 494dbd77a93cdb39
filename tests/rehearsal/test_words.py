"""The words of invented campaigns are whole, and are read only where a campaign is invented."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from string import Formatter
from typing import Any, get_args

import msgspec
import pytest

from dhtt_excel.form.form import Form
from dhtt_excel.plan.plan import Level, Plan
from dhtt_excel.rehearsal.persons import draw_scene, prepare_setting
from dhtt_excel.rehearsal.words import WORDS, Field, Occupation, Rank, Sector, Sex
from dhtt_excel.text.vietnamese import fold

# What is filled in besides the scene: a pupil's grade, counts and movements of a report, the head of a household.
OTHERS = {
    "grade", "movement", "other_movement", "person",
    "award_collectives", "award_persons", "award_direct", "award_total", "award_direct_share",
}  # fmt: skip


def test_every_key_has_its_words() -> None:
    assert {name: tuple(words) for name, words in WORDS.hints.items()} == {
        "occupations": get_args(Occupation),
        "fields": get_args(Field),
        "sectors": get_args(Sector),
    }
    assert set(WORDS.speeches) == set(get_args(Field))
    assert set(WORDS.awards.ranks) == set(get_args(Rank))
    assert set(WORDS.levels) == set(get_args(Level))
    assert set(WORDS.report.sentences) == {topic for _, topic in WORDS.report.topics}
    for words in (WORDS.persons.givens, WORDS.persons.middles, WORDS.persons.retirement, WORDS.deeds.household_names):
        assert set(words) == set(get_args(Sex))


def test_nobody_invented_is_called_as_those_of_the_breaches() -> None:
    for middles in WORDS.persons.middles.values():
        assert WORDS.persons.unused_middle not in middles


def test_something_is_found_for_every_name() -> None:
    """The last of what is looked up by a part of a name fits any name, and none before it does."""
    for parts in (
        [part for part, _ in WORDS.awards.named],
        [known.part for known in WORDS.movements],
        [known.part for known in WORDS.conference.programme],
        [part for part, _ in WORDS.report.topics],
    ):
        assert [fold(part) for part in parts].index("") == len(parts) - 1


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _texts(part)


@pytest.mark.parametrize("level", get_args(Level))
def test_every_brace_is_filled(level: Level, plan: Plan, form: Form) -> None:
    unit = plan.upper_unit if level == "upper" else plan.local_units[0]
    known = draw_scene(prepare_setting(plan, form, unit, 215)).keys() | OTHERS
    words = msgspec.to_builtins(WORDS)
    words = {key: part for key, part in words.items() if key not in {"files", "accidents", "levels"}}
    for text in _texts([words, msgspec.to_builtins(WORDS.levels[level])]):
        assert {name for _, name, _, _ in Formatter().parse(text) if name is not None} <= known, text


def test_help_loads_no_words() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "dhtt_excel", "demo", "--help"]
    run = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    loaded = {line.rpartition("|")[2].strip() for line in run.stderr.splitlines()}
    assert "dhtt_excel.terminal.cli" in loaded
    assert not {name for name in loaded if name.startswith(("dhtt_excel.rehearsal", "dhtt_excel.rules", "pandas"))}
