"""Filled workbooks, each broken a little: through reading, checking and counting to the last byte of the outputs."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from dhtt_excel.pipeline import consolidate, write_result
from dhtt_excel.plan.plan import Plan, Unit
from tests.conftest import AS_OF
from tests.corpus.fuzz import TEXT_CHANGES
from tests.corpus.packages import pack, unpack
from tests.sound import check_outputs

GOOD = 3  # units whose workbooks stay whole


def _break(data: bytes, pick: random.Random) -> bytes:
    """One to six changes in the cells of the form's sheets or their strings."""
    parts = unpack(data)
    told = [name for name in parts if name.startswith(("xl/worksheets/sheet", "xl/sharedStrings"))]
    for _ in range(pick.choice([1, 1, 2, 6])):
        name = pick.choice(told)
        start = pick.randrange(max(1, len(parts[name]) - 4_000))  # anywhere, and the patterns look at a window only
        window = pick.choice(TEXT_CHANGES)(parts[name][start : start + 4_000], pick)
        parts[name] = parts[name][:start] + window + parts[name][start + 4_000 :]
    return pack(parts)


@pytest.mark.parametrize("seed", range(2))
def test_a_broken_workbook_stops_nothing_and_changes_no_other(
    seed: int, plan: Plan, valid_workbook: Callable[[Unit], bytes], tmp_path: Path
) -> None:
    pick = random.Random(seed)
    inbox = tmp_path / "da nhận"
    inbox.mkdir()
    for place, unit in enumerate(plan.units_by_code.values()):
        data = valid_workbook(unit)
        (inbox / plan.workbook_name(unit)).write_bytes(data if place < GOOD else _break(data, pick))
    result = consolidate(inbox, plan, AS_OF)
    written = write_result(result, tmp_path / "kết quả")
    assert not [failure for one in written for failure in one.failures]
    assert check_outputs(tmp_path / "kết quả") > 100
    good = [unit.code for unit in plan.local_units[:GOOD]]
    alone = tmp_path / "riêng"
    alone.mkdir()
    for unit in plan.local_units[:GOOD]:
        (alone / plan.workbook_name(unit)).write_bytes(valid_workbook(unit))
    theirs = consolidate(alone, plan, AS_OF).figures.units.loc[good]
    assert result.figures.units.loc[good].equals(theirs)
    assert len(result.submissions) == len(plan.units_by_code)
