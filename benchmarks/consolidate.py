"""The main job against plain scripts on the same 18 workbooks, side by side in one run.

    python benchmarks/consolidate.py [RUNS]

Whole processes in turn, median of RUNS (5); then reading inside one process. Prints a Markdown table.
"""

from __future__ import annotations

import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import python_calamine

from dhtt_excel.form.draw_form import list_printed_forms
from dhtt_excel.form.form import form_of
from dhtt_excel.inbox.find_files import find_files
from dhtt_excel.inbox.open_workbooks import open_workbooks
from dhtt_excel.plan.plan import load_plan
from dhtt_excel.reading.ledger import PrintedForm
from dhtt_excel.reading.read_submissions import read_submissions
from dhtt_excel.rehearsal.demo import write_demo
from dhtt_excel.rules import RULES

PANDAS_SCRIPT = """
import sys
from pathlib import Path
import pandas as pd
folder, engine, target = sys.argv[1:]
frames = []
for path in sorted(Path(folder).glob("*.xlsx")):
    frame = pd.read_excel(path, sheet_name="Đại biểu", header=5, engine=engine)
    frames.append(frame.assign(file=path.name))
pd.concat(frames).to_excel(target, index=False, engine="xlsxwriter")
"""
CALAMINE_SCRIPT = """
import sys
from pathlib import Path
import python_calamine
for path in sorted(Path(sys.argv[1]).glob("*.xlsx")):
    workbook = python_calamine.load_workbook(str(path))
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
"""


# Times a command from a lean process: a child's peak memory starts at what its parent had.
LAUNCHER = """
import os, subprocess, sys, time
started = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
print(time.perf_counter() - started, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status))
"""


def run_process(command: list[str]) -> tuple[float, float]:
    """Wall seconds and peak memory in MB of one process."""
    launched = subprocess.run([sys.executable, "-c", LAUNCHER, *command], capture_output=True, text=True, check=True)
    seconds, megabytes, code = launched.stdout.split()
    if code not in ("0", "1"):
        raise SystemExit(f"failed with {code}: {' '.join(command)}")
    return float(seconds), float(megabytes)


def compare_processes(folder: Path, scratch: Path, runs: int) -> None:
    python = sys.executable
    commands = {
        "`dhtt consolidate`, the whole job": [python, "-m", "dhtt_excel", "consolidate", str(folder), "-o", str(scratch)],
        "pandas script, openpyxl, one sheet": [python, "-c", PANDAS_SCRIPT, str(folder), "openpyxl", str(scratch / "a.xlsx")],
        "pandas script, calamine, one sheet": [python, "-c", PANDAS_SCRIPT, str(folder), "calamine", str(scratch / "b.xlsx")],
        "bare python-calamine, every sheet": [python, "-c", CALAMINE_SCRIPT, str(folder)],
    }  # fmt: skip
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, command in commands.items():
            measured = run_process(command)
            if turn:  # the first turn warms the disk cache
                seen[name].append(measured)
    base = statistics.median(s for s, _ in seen["pandas script, openpyxl, one sheet"])
    print("| 18 workbooks, whole process | median s | × openpyxl script | peak MB |")
    print("|---|---:|---:|---:|")
    for name, measured_runs in seen.items():
        seconds = statistics.median(s for s, _ in measured_runs)
        print(f"| {name} | {seconds:.2f} | {seconds / base:.2f} | {max(m for _, m in measured_runs):.0f} |")


def compare_reading(folder: Path, runs: int) -> None:
    plan = load_plan()
    form = form_of(plan)
    files = find_files(folder)

    def read_isolated() -> None:
        for _ in open_workbooks(files):
            pass

    def read_all() -> None:
        printed = PrintedForm(plan, list_printed_forms(plan, form, RULES))
        read_submissions(open_workbooks(files), form, plan, printed)

    def read_bare() -> None:
        for file in files:
            with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(file.path.read_bytes())) as workbook:
                for place in range(len(workbook.sheet_names)):
                    workbook.get_sheet_by_index(place).to_python(skip_empty_area=False)

    ratios = []
    for _ in range(runs + 1):
        bare = clock(read_bare)
        ratios.append((clock(read_isolated) / bare, clock(read_all) / bare))
    isolated, typed = (statistics.median(column) for column in zip(*ratios[1:], strict=True))
    print(
        f"\nAgainst bare python-calamine in one process: isolated and counted {isolated:.2f} ×, typed as well {typed:.2f} ×."
    )


def clock(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    plan = load_plan()
    with tempfile.TemporaryDirectory() as name:
        folder, scratch = Path(name) / "da-nhan", Path(name) / "ket-qua"
        scratch.mkdir()
        write_demo(plan, folder, clean=True)
        (folder / plan.workbook_name(plan.upper_unit)).unlink()
        print(f"{date.today()}, Python {sys.version.split()[0]}, {os.cpu_count()} cores, {runs} runs\n")
        compare_processes(folder, scratch, runs)
        compare_reading(folder, runs)


if __name__ == "__main__":
    main()
