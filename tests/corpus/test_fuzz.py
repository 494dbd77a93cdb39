"""Seeded mutants through the isolated reader; `python -m tests.corpus.fuzz 100000` for more."""

from __future__ import annotations

from tests.corpus.fuzz import make_mutant, run

MUTANTS = 2000


def test_no_mutant_raises_kills_or_loses_a_cell_unsaid() -> None:
    ends, faults = run(range(MUTANTS))
    assert not faults
    assert ends.total() == MUTANTS
    assert ends["accepted"] > MUTANTS // 20
    assert ends["damaged"] > MUTANTS // 20
    assert ends["time"] == 0


def test_a_mutant_follows_from_its_number() -> None:
    assert [make_mutant(n) for n in range(50)] == [make_mutant(n) for n in range(50)]
