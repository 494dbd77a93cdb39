"""Checking against reading, and checking of many units: `python benchmarks/check.py [rounds]`.

Prints the time of all rules on 18 workbooks as a share of the time that reading them takes in the same run, and the
time for 4, 16 and 32 times as many units as a multiple of the first (linear: about 4, 16, 32).
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import msgspec
import pandas as pd

from dhtt_excel.checking.check_rules import check_rules
from dhtt_excel.form.form import form_of
from dhtt_excel.inbox.find_files import find_files
from dhtt_excel.plan.plan import Plan, load_plan
from dhtt_excel.reading.choose_submissions import choose_submissions
from dhtt_excel.reading.merge_tables import Tables, merge_tables
from dhtt_excel.reading.read_submissions import read_submissions
from dhtt_excel.rehearsal.demo import write_demo
from dhtt_excel.rules import RULES

AS_OF = date(2020, 3, 18)
TIMES = (4, 16, 32)
NAMES = ("name", "collective", "presenter")


def multiply(tables: Tables, plan: Plan, times: int) -> tuple[Tables, Plan]:
    """The same workbooks as of so many times as many local units, of other people and collectives each."""
    units = [
        msgspec.structs.replace(unit, code=f"{unit.code}{n}", name=f"{unit.name} {n}", aliases=(), pilot=False)
        for n in range(1, times)
        for unit in plan.local_units
    ]
    local = {unit.code for unit in plan.local_units}
    frames = {name: _repeat(frame, local, times) for name, frame in tables.frames.items()}
    places = {
        (f"{code}{n}" if n else code, key): place
        for (code, key), place in tables.places.items()
        for n in range(times if code in local else 1)
    }
    return Tables(frames, places), msgspec.structs.replace(plan, units=(*plan.units, *units))


def _repeat(frame: pd.DataFrame, local: set[str], times: int) -> pd.DataFrame:
    column = "unit" if "unit" in frame else "code"
    own = frame[frame[column].isin(local)]
    names = [key for key in NAMES if key in frame and column == "unit"]
    copies = [
        own.assign(**{column: own[column] + str(n)}, **{key: own[key] + f" {n}" for key in names})
        for n in range(1, times)
    ]
    return pd.concat([frame, *copies], ignore_index=True)


def clock(work: Callable[[], Any], rounds: int) -> float:
    spans = []
    for _ in range(rounds):
        start = perf_counter()
        work()
        spans.append(perf_counter() - start)
    return median(spans)


def main(rounds: int) -> None:
    plan = load_plan()
    form = form_of(plan)
    with tempfile.TemporaryDirectory() as folder:
        write_demo(plan, Path(folder), clean=True)
        files = find_files(Path(folder))

        def read() -> Tables:
            return merge_tables(choose_submissions(read_submissions(files, form, plan), plan), form, plan)

        tables = read()
        reading = clock(read, rounds)
    checking = clock(lambda: check_rules(tables, RULES, plan, AS_OF), rounds)
    print(f"18 units: checking is {checking / reading:.2f} of reading ({checking:.2f} s, {reading:.2f} s)")
    for times in TIMES:
        many, larger = multiply(tables, plan, times)
        span = clock(partial(check_rules, many, RULES, larger, AS_OF), 1)
        print(f"{times} x 18 = {times * 18} units: {span / checking:.1f} x the time of 18")


main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
