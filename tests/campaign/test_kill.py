"""Killed at any moment, the program leaves the old file or the new one, no worker behind, and the inbox as it was."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest

from dhtt_excel.errors import UserError
from dhtt_excel.outputs.atomic_files import remove_stale_files, save_file
from dhtt_excel.plan.plan import Plan
from tests.campaign.kill_writes import KILLED, kill_many
from tests.conftest import OUTPUT_FILES, Fill


def test_a_killed_save_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    tally = kill_many(tmp_path / "kết quả", kills=60, seed=215)
    assert tally["first"] + tally["second"] + tally["absent"] == 60
    assert tally["left"] == tally["unsaved"] == 0
    assert tally["first"] > 5  # both contents are met, and
    assert tally["second"] > 5
    assert tally["interrupted"] > 5  # kills do fall into the writing


def test_the_kills_would_find_a_torn_file(tmp_path: Path) -> None:
    """The same kills on a writer that writes over its target."""
    assert kill_many(tmp_path, kills=20, seed=215, mode="torn")["torn"] > 0


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sổ.xlsx").write_bytes(b"old")

    def fail(fd: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(UserError, match="ổ đĩa đã đầy"):
        save_file(tmp_path / "sổ.xlsx", b"new")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("sổ.xlsx", b"old")]


def test_a_stale_file_that_cannot_be_removed_stops_nothing(tmp_path: Path) -> None:
    held = tmp_path / ".dhtt-held.tmp"
    held.mkdir()  # what cannot be unlinked on any system
    (tmp_path / ".dhtt-left.tmp").write_bytes(b"half")
    remove_stale_files(tmp_path)
    remove_stale_files(tmp_path / "không có")
    assert list(tmp_path.iterdir()) == [held]


# ---------------------------------------------------------------- the whole command

PLAN = "few.toml"


@contextmanager
def _running(inbox: Path, out: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`dhtt consolidate` as the leader of a process group, of which nobody outlives the block."""
    arguments = [inbox, "--plan", inbox.with_name(PLAN), "-o", out, "--as-of", "2020-03-20"]
    command = [sys.executable, "-m", "dhtt_excel", "consolidate", *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as process:
        try:
            yield process
        finally:
            process.kill()
            if sys.platform != "win32":
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture
def inbox(few: Plan, few_units: Path, fill: Fill) -> Path:
    """A campaign of two files, its plan beside it."""
    fill(few.units_by_code["00061"])
    folder = fill(few.units_by_code["00064"], {"Đại biểu!E8": "19755"}).parent
    shutil.copy(few_units, folder.with_name(PLAN))
    return folder


def _digests(folder: Path) -> dict[str, str]:
    """By path inside the folder; half a file may be gone again before it is read."""
    digests = {}
    for path in sorted(folder.rglob("*")):
        with suppress(FileNotFoundError, IsADirectoryError):
            digests[path.relative_to(folder).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return digests


def _run(inbox: Path, out: Path, until: Callable[[], bool] | None = None) -> bool:
    """Run until the end, or kill when `until` says so; whether it was killed."""
    with _running(inbox, out) as process:
        while until and process.poll() is None and not until():
            time.sleep(0.001)
        if until:
            process.kill()
        else:
            process.communicate(timeout=300)
    assert process.returncode in (1, KILLED if until else 1)
    return process.returncode == KILLED


def _after(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def test_a_killed_run_harms_nothing_and_the_next_one_is_whole(few: Plan, inbox: Path, tmp_path: Path) -> None:
    """Three kills at any moment, and two when the first output appears."""
    rng, out, whole = random.Random(215), tmp_path / "out", tmp_path / "whole"
    received, began = _digests(inbox), time.monotonic()
    _run(inbox, whole)
    lasted, expected = time.monotonic() - began, _digests(whole)
    assert len([name for name in expected if "/" not in name and name[0] != "."]) == OUTPUT_FILES
    assert len([name for name in expected if name.endswith(".eml")]) == len(few.local_units)
    out.mkdir()
    (out / ".dhtt-1.tmp").write_bytes(b"half a file")
    kills = 0
    for turn in range(5):
        before = _digests(out)
        late = partial(lambda before: {p.name for p in out.iterdir()} != set(before), before)
        kills += _run(inbox, out, late if turn > 2 else _after(rng.uniform(0.1, 0.6) * lasted))
        left = {name: digest for name, digest in _digests(out).items() if ".dhtt-" not in name}
        assert left.items() <= expected.items()
    assert kills > 0
    assert not _run(inbox, out)
    assert _digests(out) == expected
    assert all(zipfile.ZipFile(p).testzip() is None for p in out.glob("*.xlsx"))
    assert _digests(inbox) == received


@pytest.mark.skipif(sys.platform != "linux", reason="the workers are looked for in /proc")
def test_a_killed_run_leaves_no_worker_behind(inbox: Path, tmp_path: Path) -> None:
    """The workers hold the other end of the run's output: it ends when the last of them has gone."""
    with _running(inbox, tmp_path / "out") as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while not children.read_text():
            time.sleep(0.01)
        time.sleep(0.3)  # they read, and fill their pipes
        process.kill()
        process.communicate(timeout=5)
