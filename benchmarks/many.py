"""Whole processes on many workbooks, in turn: the job against plain merge-only scripts on the same files.

    python -m benchmarks.many [UNITS] [RUNS]

Makes a plan with UNITS (578) invented local units and their campaign, then prints a Markdown table: median of RUNS (3),
the ratio to each script, and peak memory of the parent process alone (Linux only). Not part of the tests.
"""

from __future__ import annotations

import os
import re
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from itertools import zip_longest
from pathlib import Path

import msgspec

from benchmarks.consolidate import PANDAS_SCRIPT, run_process
from dhtt_excel import DEFAULT_PLAN
from dhtt_excel.form.form import form_of
from dhtt_excel.plan.plan import PLANS, Plan, Unit, load_plan
from dhtt_excel.rehearsal.invent_campaign import invent_campaign
from tests.typed import fill_in

_UNITS_A_BLOCK = 200

# Runs the command line and says the highest resident memory of this very process: what `wait` tells is the highest of all.
REPORTED = """
import sys
from dhtt_excel.terminal.cli import main
told = sys.argv.pop(1)
try:
    main()
finally:
    lines = open("/proc/self/status").read().splitlines() if sys.platform == "linux" else []
    open(told, "w").write(next((line.split()[1] for line in lines if line.startswith("VmHWM")), "0"))
"""


def write_plan(units: int, path: Path) -> None:
    """The shipped plan with so many local units, the first of them the pilot, in place of its own."""
    text = (PLANS / f"{DEFAULT_PLAN}.toml").read_text(encoding="utf-8")
    text = re.sub(r'\[\[units\]\]\n(?:(?!level = "upper").+\n)+\n', "", text)
    local = "".join(
        f'[[units]]\ncode = "{90000 + n}"\nname = "Số {n}"\npilot = {str(n == 1).lower()}\n\n'
        for n in range(1, units + 1)
    )
    path.write_text(text.replace("[lists]", f"{local}[lists]", 1), encoding="utf-8")


def write_campaign(plan: Plan, folder: Path) -> int:
    """An invented campaign of this plan, in which not more people bear one name than names allow; how many files it has."""
    folder.mkdir()
    local = plan.local_units
    blocks = [local[start : start + _UNITS_A_BLOCK] for start in range(0, len(local), _UNITS_A_BLOCK)]
    with ProcessPoolExecutor() as pool:
        tasks = [pool.submit(_write_block, plan, block, number, folder) for number, block in enumerate(blocks)]
        names = [name for task in tasks for name in task.result()]
    for place, name in enumerate(names):
        os.utime(folder / name, (1_584_000_000 + place, 1_584_000_000 + place))
    return len(names)


def _write_block(plan: Plan, units: Sequence[Unit], number: int, folder: Path) -> list[str]:
    """The workbooks of some units, invented together; the upper unit's own with the first of them."""
    part = msgspec.structs.replace(plan, units=(*units, plan.upper_unit))
    sent = invent_campaign(part, form_of(part), seed=215 + number, clean=number > 0)
    kept = [file for file in sent if number == 0 or file.unit != plan.upper_unit]
    for file in kept:
        data = file.content or fill_in(part, form_of(part), file.unit, file.entries)
        (folder / file.name).write_bytes(data)
    return [file.name for file in kept]


def compare(folder: Path, plan: Path, scratch: Path, runs: int) -> None:
    peak = scratch / "peak"
    python = sys.executable
    job = [
        python,
        "-c",
        REPORTED,
        str(peak),
        "consolidate",
        str(folder),
        "--plan",
        str(plan),
        "-o",
        str(scratch / "out"),
    ]
    commands = {
        "`dhtt consolidate`, the whole job": job,
        "pandas script, openpyxl, one sheet": [python, "-c", PANDAS_SCRIPT, str(folder), "openpyxl", str(scratch / "a.xlsx")],
        "pandas script, calamine, one sheet": [python, "-c", PANDAS_SCRIPT, str(folder), "calamine", str(scratch / "b.xlsx")],
    }  # fmt: skip
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            seen[name].append(run_process(command))
    medians = {name: statistics.median(s for s, _ in measured) for name, measured in seen.items()}
    job_name, *scripts = commands
    print("| whole process | median s | × openpyxl script | × calamine script | largest process, MB |")
    print("|---|---:|---:|---:|---:|")
    for name in commands:
        ratios = " | ".join(f"{medians[name] / medians[base]:.2f}" for base in scripts)
        print(f"| {name} | {medians[name]:.1f} | {ratios} | {max(m for _, m in seen[name]):.0f} |")
    print(f"\nPeak of the parent process of {job_name}: {int(peak.read_text()) / 1024:.0f} MB.")


def run_on_campaign(compare: Callable[[Path, Path, Path, int], None], usual_units: int) -> None:
    """Compare on a campaign of as many units, as often, as the command line says; else of the usual number, three times."""
    units, runs = (int(given or usual) for given, usual in zip_longest(sys.argv[1:], (usual_units, 3)))
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        write_plan(units, home / "plan.toml")
        files = write_campaign(load_plan(home / "plan.toml"), home / "da-nhan")
        print(
            f"{files} workbooks; {date.today()}, Python {sys.version.split()[0]}, {os.cpu_count()} cores, {runs} runs\n"
        )
        compare(home / "da-nhan", home / "plan.toml", home, runs)


if __name__ == "__main__":
    run_on_campaign(compare, 578)
