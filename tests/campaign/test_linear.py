"""Time grows with what is sent and no faster: four times the lines may not take sixteen times as long."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dhtt_excel.findings import Fault, Rule
from dhtt_excel.inbox import workers
from dhtt_excel.pipeline import consolidate
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.reading.join_people import join_nominees
from dhtt_excel.result import Result
from dhtt_excel.rules.across_units import listed_in_two_units
from dhtt_excel.rules.cells import listed_twice
from tests.conftest import AS_OF, Fill

FEW, TIMES, LIMIT = 1_500, 4, 9  # a quadratic way takes 16 times as long


@pytest.fixture(scope="module")
def result(drawn_campaign: Path, plan: Plan) -> Result:
    return consolidate(drawn_campaign, plan, AS_OF)


def _repeat(frame: pd.DataFrame, unit: str, times: int, **values: Any) -> pd.DataFrame:
    """A line of this unit so many times, each in a row of its own."""
    line = frame[frame["unit"].eq(unit) & frame["group"].eq("exemplar")].iloc[[0]]
    many = pd.concat([line] * times, ignore_index=True).astype(frame.dtypes.to_dict())
    return many.assign(excel_row=range(7, 7 + times), **values)


def _check(rule: Rule, *frames: Any) -> Iterable[Fault]:
    assert rule.check
    return rule.check(*frames)


def _double(result: Result, plan: Plan, count: int) -> Iterable[Fault]:
    frames = result.tables.frames
    return _check(
        listed_twice, _repeat(frames["delegates"], "00061", count), frames["speakers"][:0], frames["honourees"][:0]
    )


def _namesakes(result: Result, plan: Plan, count: int) -> Iterable[Fault]:
    frames = result.tables.frames
    here = _repeat(frames["delegates"], "00061", count)
    there = here.assign(unit=pd.array(["00055"] * count, dtype="string"))
    return _check(listed_in_two_units, pd.concat([here, there], ignore_index=True), frames["honourees"][:0], plan)


def _nominees(result: Result, plan: Plan, count: int) -> list[int | None]:
    here = _repeat(result.tables.frames["delegates"], "00061", count, nominated=True)
    there = here.assign(unit=pd.array([plan.upper_unit.code] * count, dtype="string"))
    return join_nominees(pd.concat([here, there], ignore_index=True), plan)


@pytest.mark.parametrize("work", [_double, _namesakes, _nominees])
def test_equal_lines_and_namesakes(work: Callable[..., Any], result: Result, plan: Plan) -> None:
    seconds = []
    for count in (FEW, TIMES * FEW):
        began = time.process_time()
        list(work(result, plan, count))
        seconds.append(time.process_time() - began)
    assert seconds[1] / seconds[0] < LIMIT


def test_no_pattern_is_tried_on_a_text_that_is_too_long(
    fill: Fill, ward: Unit, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a file is read in the time that a file has; each of these texts once took minutes."""
    monkeypatch.setattr(workers, "SECONDS_A_JOB", 8.0)
    changes: dict[str, Any] = {f"Đại biểu!{letter}{row}": "(" * 32_000 for letter in "RSTUVW" for row in range(1, 40)}
    changes |= {f"Đại biểu!C{row}": "1" * 32_000 for row in range(7, 40)}
    changes |= {f"Đại biểu!E{row}": " ," * 16_000 for row in range(7, 40)}
    changes |= {f"Chương trình!E{row}": "lúc 8h " * 4_500 for row in range(5, 19)}
    result = consolidate(fill(ward, changes).parent, plan, AS_OF)
    assert ward.code in result.used
    assert replace(result.used[ward.code].source, sheets=()).refusal == ""
