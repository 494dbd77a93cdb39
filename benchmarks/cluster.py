"""The map step, reading, on one and two machines of a dask cluster, and on this computer alone.

    python -m benchmarks.cluster [UNITS] [RUNS]

Makes a plan with UNITS (240) invented local units and their campaign, then reads it RUNS (3) times by each, in turn, and
prints a Markdown table of medians. The machines are processes of this computer with one thread each, beside the scheduler and
the process that asks: what it tells of is the way to them, not the network. Where others use the computer as well, look at
the processor time of the busiest machine: it is how long the step takes where each has a processor of its own. Not part of
the tests.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from benchmarks.many import run_on_campaign

# Reads a folder by an engine, and says how long that took from the first file on its way to the last submission.
READ = """
import sys, time
from pathlib import Path
from dhtt_excel.form.form import form_of
from dhtt_excel.inbox.engine import Engine
from dhtt_excel.inbox.find_files import find_files
from dhtt_excel.plan.plan import load_plan
from dhtt_excel.reading.read_submissions import read_submissions

folder, plan, workers, cluster = sys.argv[1:]
plan, files = load_plan(plan), find_files(Path(folder))
form, engine = form_of(plan), Engine(int(workers), cluster, sys.exit)
if cluster:
    import distributed
    list(read_submissions(files[:2] * 2, form, plan, engine=engine))  # the machines load the program
began = time.perf_counter()
list(read_submissions(files, form, plan, engine=engine))
print(time.perf_counter() - began)
"""


@contextmanager
def start_cluster(home: Path, machines: int) -> Iterator[tuple[str, psutil.Process]]:
    """A scheduler and its machines as processes: its address, and the process of which they are children."""
    told = home / "scheduler.json"
    told.unlink(missing_ok=True)
    options = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(told)]
    processes = []
    try:
        for role, more in (
            ("scheduler", ["--port", "0"]),
            ("worker", ["--nworkers", str(machines), "--nthreads", "1"]),
        ):
            command = [sys.executable, "-m", f"distributed.cli.dask_{role}", *options, *more]
            processes.append(subprocess.Popen(command, cwd=home, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL))
            while not (told.exists() and told.read_bytes().endswith(b"}")):
                time.sleep(0.1)
        address = json.loads(told.read_text())["address"]
        _wait_for_machines(address, machines)
        yield address.removeprefix("tcp://"), psutil.Process(processes[-1].pid)
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait()


def _wait_for_machines(address: str, machines: int) -> None:
    code = f"from distributed import Client\nwith Client({address!r}) as client: client.wait_for_workers({machines})"
    subprocess.run([sys.executable, "-c", code], check=True)


def _read(folder: Path, plan: Path, workers: int = 1, cluster: str = "") -> float:
    command = [sys.executable, "-c", READ, str(folder), str(plan), str(workers), cluster]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _find_busiest(machines: psutil.Process) -> float:
    """Most processor time that one of the machines and its readers have had."""
    times = [machine.cpu_times() for machine in machines.children()]
    return max(t.user + t.system + t.children_user + t.children_system for t in times)


def compare(folder: Path, plan: Path, home: Path, runs: int) -> None:
    seen: dict[str, list[float]] = {}
    busy: dict[str, list[float]] = {}
    for _ in range(runs):
        for count in (1, 2):
            workers = f"{count} worker{'s' * (count > 1)}"
            seen.setdefault(f"alone, {workers}", []).append(_read(folder, plan, count))
            name = f"cluster, {workers}"
            with start_cluster(home, count) as (address, machines):
                before = _find_busiest(machines)
                seen.setdefault(name, []).append(_read(folder, plan, cluster=address))
                busy.setdefault(name, []).append(_find_busiest(machines) - before)
    print("| map step | median s | processor time of the busiest machine, s |")
    print("|---|---:|---:|")
    for name in sorted(seen):
        busiest = f"{statistics.median(busy[name]):.2f}" if name in busy else ""
        print(f"| {name} | {statistics.median(seen[name]):.2f} | {busiest} |")
    for told, measured in (("time", seen), ("processor time of the busiest", busy)):
        one, two = (statistics.median(measured[f"cluster, {workers}"]) for workers in ("1 worker", "2 workers"))
        print(f"\nTwo machines against one, by {told}: {one / two:.2f} ×.")


if __name__ == "__main__":
    run_on_campaign(compare, 240)
