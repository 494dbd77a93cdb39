"""The files of a run, as a whole."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from dhtt_excel.pipeline import consolidate, write_result
from dhtt_excel.plan.plan import Plan
from tests.conftest import AS_OF


def test_the_collector_goes_on_where_writing_breaks_off(plan: Plan, tmp_path: Path) -> None:
    frozen: list[int] = []

    def break_off(name: str, steps: int) -> None:
        frozen.append(gc.get_freeze_count())
        if name.startswith("so-theo-doi"):
            raise KeyboardInterrupt

    (tmp_path / "torn.xlsx").write_bytes(b"PK")
    result, out = consolidate(tmp_path, plan, AS_OF), tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        write_result(result, out, break_off)
    assert frozen
    assert min(frozen) > 10_000
    assert gc.get_freeze_count() == 0
    assert not out.exists()
