"""One file that kills, stalls or swells its worker costs itself alone; and all works where processes are spawned."""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from dhtt_excel.inbox import open_workbooks, workers
from dhtt_excel.inbox.find_files import find_files
from dhtt_excel.inbox.parse_workbook import parse_workbook
from dhtt_excel.inbox.raw import RawWorkbook
from tests.containers import make_mail
from tests.corpus.nasty_packages import GOOD, GOOD_CELLS

ROOT = Path(__file__).parents[2]


def _misbehave(source: RawWorkbook, data: bytes, suffix: str) -> RawWorkbook:
    """Parse, save for files whose name tells a misfortune."""
    if "abort" in source.file:
        os.abort()
    if "exit" in source.file:
        os._exit(0)
    if "stall" in source.file:
        time.sleep(1000)
    while "burn" in source.file:
        pass
    if "swell" in source.file:
        bytearray(10 * 1024**3)
    if "panic" in source.file:
        raise BaseException("a panic that nobody caught")
    return parse_workbook(source, data, suffix)


def _write_good(folder: Path, count: int = 6) -> None:
    for number in range(count):
        (folder / f"{number}.xlsx").write_bytes(GOOD)


@pytest.mark.skipif(multiprocessing.get_start_method() != "fork", reason="a patch reaches forked workers only")
@pytest.mark.parametrize("killers", [1, 3])
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("abort", "crash"),
        ("exit", "crash"),
        ("panic", "crash"),
        ("burn", "time"),
        ("stall", "stalled"),
        ("swell", "memory"),
    ],
)
def test_a_killer_costs_itself_alone(
    name: str, code: str, killers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "SECONDS_A_JOB", 0.3)  # of processor time, so a busy computer blames nobody
    monkeypatch.setattr(workers, "SECONDS_WITHOUT_PROGRESS", 1.0)
    monkeypatch.setattr(workers, "SECONDS_ALONE", 2.0)
    monkeypatch.setattr(open_workbooks, "parse_workbook", _rescued if code == "memory" else _misbehave)
    _write_good(tmp_path)
    for number in range(killers):
        (tmp_path / f"{number}-{name}.xlsx").write_bytes(GOOD)
    found = {w.file: w for w in open_workbooks.open_workbooks(find_files(tmp_path), workers=2)}
    assert len(found) == 6 + killers
    for file, workbook in found.items():
        assert workbook.refusal == (code if name in file else ""), file
        assert sum(s.received for s in workbook.sheets) == (0 if name in file else GOOD_CELLS), file


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no such signal")
@pytest.mark.parametrize("patience", [60.0, 1.0])
def test_stopped_workers_lose_no_file(patience: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A laptop that sleeps, a scanner that holds the disk: far longer than the limit, and nobody is blamed.

    Where even the patience ends the worker is replaced, and the file is read by another.
    """
    monkeypatch.setattr(workers, "SECONDS_A_JOB", 0.5)
    monkeypatch.setattr(workers, "SECONDS_WITHOUT_PROGRESS", patience)
    monkeypatch.setattr(open_workbooks, "parse_workbook", _parse_slowly)
    _write_good(tmp_path, 4)
    others = multiprocessing.active_children()  # of other tests
    reading = open_workbooks.open_workbooks(find_files(tmp_path), workers=2)
    stopped = [process for process in multiprocessing.active_children() if process not in others]
    assert len(stopped) == 2
    for process in stopped:
        os.kill(process.pid or 0, signal.SIGSTOP)
    threading.Timer(3.0, _wake, [stopped]).start()
    began = time.monotonic()
    assert [(w.file, w.refusal, w.sheets != ()) for w in reading] == [(f"{n}.xlsx", "", True) for n in range(4)]
    assert time.monotonic() - began > 1.0


def _wake(processes: list[Any]) -> None:
    for process in processes:
        if process.is_alive():
            os.kill(process.pid, signal.SIGCONT)


def _parse_slowly(source: RawWorkbook, data: bytes, suffix: str) -> RawWorkbook:
    """Slowly enough to be stopped before it is done."""
    time.sleep(0.3)
    return parse_workbook(source, data, suffix)


def _rescued(source: RawWorkbook, data: bytes, suffix: str) -> RawWorkbook:
    """As `parse_workbook` answers a lack of memory."""
    try:
        return _misbehave(source, data, suffix)
    except MemoryError:
        return source.refuse("memory", "tệp quá lớn, không đủ bộ nhớ để đọc")


def test_leaving_early_leaves_no_worker(tmp_path: Path) -> None:
    _write_good(tmp_path)
    others = multiprocessing.active_children()  # of other tests
    reading = open_workbooks.open_workbooks(find_files(tmp_path), workers=2)
    assert not next(reading).refusal
    reading.close()  # type: ignore[attr-defined]
    assert not set(multiprocessing.active_children()) - set(others)


class _SlowQueue(queue.SimpleQueue[Any]):
    """Holds up who puts the first message into it until `go` is set."""

    def __init__(self) -> None:
        self.full, self.go = threading.Event(), threading.Event()

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        super().put(item)
        self.full.set()
        assert self.go.wait(60)


def test_a_connection_is_closed_by_its_listener_alone() -> None:
    """A stopped worker's listener, still to read on, neither breaks down nor reads what another worker has sent."""
    arrived = _SlowQueue()
    worker = workers._Worker(str, ["a job"], [0], arrived, multiprocessing.get_context(), alone=False)
    assert arrived.full.wait(60)
    worker.stop()
    assert not worker.connection.closed
    arrived.go.set()
    (_, message), (_, end) = arrived.get(timeout=60), arrived.get(timeout=60)
    assert worker.receive(message) == (0, "a job")
    assert (end, worker.connection.closed) == (None, True)


SPAWNED = """
import multiprocessing, sys
from pathlib import Path
from dhtt_excel.inbox.open_workbooks import open_containers, open_workbooks
from dhtt_excel.inbox.find_files import find_files

if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    for workbook in open_workbooks(open_containers(find_files(Path(sys.argv[1]))), workers=2):
        print(workbook.file, workbook.refusal or sum(s.received - s.lost for s in workbook.sheets))
"""


def test_reads_where_processes_are_spawned(tmp_path: Path) -> None:
    script, folder = tmp_path / "read.py", tmp_path / "sent"
    script.write_text(SPAWNED, encoding="utf-8")
    folder.mkdir()
    _write_good(folder, 3)
    (folder / "cut.xlsx").write_bytes(GOOD[:500])
    (folder / "z.eml").write_bytes(bytes(make_mail([("a.xlsx", GOOD), ("b.rar", b"Rar!")])))
    command = [sys.executable, "-W", "error", str(script), str(folder)]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert done.stdout.split("\n") == [
        *(f"{n}.xlsx {GOOD_CELLS}" for n in range(3)),
        "cut.xlsx damaged",
        f"z.eml/a.xlsx {GOOD_CELLS}",
        "z.eml/b.rar archive",
        "",
    ]
    assert (done.returncode, done.stderr) == (0, "")
