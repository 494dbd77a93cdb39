"""Campaigns made at random against an oracle in plain Python: no number differs. README tells how to run many more."""

from __future__ import annotations

from pathlib import Path

import pytest

from dhtt_excel.form.form import Form
from dhtt_excel.plan.plan import Plan
from tests.figures.random_campaigns import compare_campaign, make_campaign

SEEDS = range(4)
LEAST = 1000  # comparisons of a campaign, whatever it holds


@pytest.mark.parametrize("seed", SEEDS)
def test_no_number_differs(seed: int, plan: Plan, form: Form, tmp_path: Path) -> None:
    campaign = make_campaign(plan, form, seed, tmp_path / "da nhận")
    comparison = compare_campaign(campaign, plan, tmp_path / "da nhận")
    assert comparison.differences == []
    assert comparison.compared > LEAST


def test_a_lost_delegate_is_seen(plan: Plan, form: Form, tmp_path: Path) -> None:
    """What the oracle knows does not come from the program: one delegate more in the truth, and numbers differ."""
    campaign = make_campaign(plan, form, SEEDS[0], tmp_path / "da nhận")
    unit, tables = next((unit, tables) for unit, tables in campaign.rows.items() if tables["delegates"])
    tables["delegates"].append(dict(tables["delegates"][0]))
    told = compare_campaign(campaign, plan, tmp_path / "da nhận").differences
    assert [text for text in told if text.startswith("('totals', 'delegates')")]
    assert [text for text in told if text.startswith(f"('{plan.name_of(plan.units_by_code[unit])}', 'delegates')")]


def test_the_same_seed_is_the_same_campaign(plan: Plan, form: Form, tmp_path: Path) -> None:
    first, second = (make_campaign(plan, form, 1, tmp_path / name / "da nhận") for name in ("một", "hai"))
    assert first == second
    names = [
        sorted(path.relative_to(tmp_path / name) for path in (tmp_path / name).rglob("*.xlsx"))
        for name in ("một", "hai")
    ]
    assert names[0] == names[1]
