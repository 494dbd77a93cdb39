"""Kill the writing of an output again and again, and look at what is left.

`python -m tests.campaign.kill_writes 1000` kills many times; `test_kill.py` does sixty. The delay counts from the moment when
the child has started and begins to write, so nearly every kill falls into the writing itself.
"""

from __future__ import annotations

import hashlib
import io
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import xlsxwriter

from dhtt_excel.outputs.atomic_files import remove_stale_files, save_file

ROOT = Path(__file__).parents[2]
LONGEST = 0.08  # seconds
ROUND = 5  # kills in one folder before a clean run ends it and a new folder begins
KILLED = 1 if sys.platform == "win32" else -signal.SIGKILL
_READY, _SAVED = b"r", b"s"


def make_workbook(rows: int, seed: int) -> bytes:
    """A valid workbook that does not compress well: about 50 bytes a row."""
    rng = random.Random(seed)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for row in range(rows):
            sheet.write_row(row, 0, [rng.random(), rng.random(), f"{rng.getrandbits(64):x}"])
    return buffer.getvalue()


def save_torn(target: Path, data: bytes) -> None:
    """What `save_file` must not do: write over the target itself, as zip writers do."""
    with target.open("wb") as stream:
        for start in range(0, len(data), 65_536):
            stream.write(data[start : start + 65_536])
        stream.flush()
        os.fsync(stream.fileno())


def left_files(folder: Path) -> list[Path]:
    return list(folder.glob(".dhtt-*.tmp"))


def kill_many(folder: Path, kills: int, seed: int, mode: str = "save") -> Counter[str]:
    """Kill `kills` times and count what was left: "absent", "first", "second", "torn"; "lost": was there, is no more.

    "interrupted" counts the kills that left a temporary file, "left" the temporary files after a clean run,
    "unsaved" the clean runs after which the target is not what they wrote.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sources = [folder / "first", folder / "second"]
    for place, source in enumerate(sources):
        source.write_bytes(make_workbook((6_000, 9_000)[place], seed + place))
    names = {_digest(source): source.name for source in sources}
    rng, tally = random.Random(seed), Counter[str]()
    for start in range(0, kills, ROUND):
        target = folder / f"{start}" / "tổng hợp.xlsx"
        target.parent.mkdir()
        there = False
        for _ in range(min(ROUND, kills - start)):
            there |= _kill_once(mode, target, rng.sample(sources, 2), LONGEST * rng.random() ** 2)
            state = names.get(_digest(target), "torn") if target.exists() else "absent"
            tally["lost" if there and state == "absent" else state] += 1
            there |= state != "absent"
            tally["interrupted"] += bool(left_files(target.parent))
        tally.update(_run_cleanly(target, sources[start // ROUND % 2].read_bytes()))
    return tally


def _kill_once(mode: str, target: Path, sources: list[Path], delay: float) -> bool:
    """Start a writer and kill it; whether it had said that it saved the target."""
    command = [sys.executable, "-m", "tests.campaign.kill_writes", mode, str(target), *map(str, sources)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as child:
        assert child.stdout
        assert child.stdout.read(1) == _READY
        time.sleep(delay)
        child.kill()
        said = child.stdout.read()
    assert child.returncode == KILLED
    return _SAVED in said


def _run_cleanly(target: Path, data: bytes) -> dict[str, int]:
    remove_stale_files(target.parent)
    save_file(target, data)
    return {"left": len(left_files(target.parent)), "unsaved": int(target.read_bytes() != data)}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write_forever(mode: str, target: Path, sources: list[Path]) -> None:
    """The child's life: remove what an earlier one left, then write one content after the other."""
    contents = [source.read_bytes() for source in sources]
    save: Callable[[Path, bytes], object] = save_file if mode == "save" else save_torn
    os.write(1, _READY)
    remove_stale_files(target.parent)
    for data in cycle(contents):
        save(target, data)
        os.write(1, _SAVED)


def main() -> None:
    if len(sys.argv) > 2:
        _write_forever(sys.argv[1], Path(sys.argv[2]), [Path(a) for a in sys.argv[3:]])
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        tally = kill_many(Path(folder), kills, seed=int(time.time()))
        sys.stdout.write(f"{kills} kills in {time.monotonic() - began:.0f} s: {dict(tally)}\n")
    sys.exit(any(tally[fault] for fault in ("torn", "lost", "left", "unsaved")))


if __name__ == "__main__":
    main()
