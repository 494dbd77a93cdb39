"""Campaigns made at random against an oracle in plain Python: no number differs. README tells how to run many more."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import Path

import pytest

from dhtt_excel.form.form import Form
from dhtt_excel.plan.plan import Plan
from tests.figures.random_campaigns import Campaign, compare_campaign, make_campaign

SEEDS = range(4)
LEAST = 1000  # comparisons of a campaign, whatever it holds


Made = Callable[[int], tuple[Campaign, Path]]


@pytest.fixture(scope="module")
def made(plan: Plan, form: Form, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The campaign of a seed and its folder, made once; read only."""

    @cache
    def make(seed: int) -> tuple[Campaign, Path]:
        folder = tmp_path_factory.mktemp(f"seed {seed}") / "da nhận"
        return make_campaign(plan, form, seed, folder), folder

    return make


@pytest.mark.parametrize("seed", SEEDS)
def test_no_number_differs(seed: int, plan: Plan, made: Made) -> None:
    campaign, folder = made(seed)
    comparison = compare_campaign(campaign, plan, folder)
    assert comparison.differences == []
    assert comparison.compared > LEAST


def test_a_lost_delegate_is_seen(plan: Plan, made: Made) -> None:
    """What the oracle knows does not come from the program: one delegate more in the truth, and numbers differ."""
    whole, folder = made(SEEDS[0])
    campaign = deepcopy(whole)
    unit, tables = next((unit, tables) for unit, tables in campaign.rows.items() if tables["delegates"])
    tables["delegates"].append(dict(tables["delegates"][0]))
    told = compare_campaign(campaign, plan, folder).differences
    assert [text for text in told if text.startswith("('totals', 'delegates')")]
    assert [text for text in told if text.startswith(f"('{plan.name_of(plan.units_by_code[unit])}', 'delegates')")]


def test_the_same_seed_is_the_same_campaign(plan: Plan, form: Form, made: Made, tmp_path: Path) -> None:
    first, folder = made(1)
    assert make_campaign(plan, form, 1, tmp_path / "da nhận") == first
    names = [sorted(path.relative_to(top) for path in top.rglob("*.xlsx")) for top in (folder, tmp_path / "da nhận")]
    assert names[0] == names[1]
