"""Nobody's work is lost: an error, a full disk or a kill at each operation on files in turn, then a clean run.

In the manner of SQLite: the n-th operation fails, for every n until a run gets through.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import pytest

from dhtt_excel.errors import UserError
from dhtt_excel.outputs import replace_files as module
from dhtt_excel.outputs.replace_files import FileSet, Replaced, claim_folder, kinds_beside, replace_sets
from dhtt_excel.text.file_names import LIST_FILE
from tests.conftest import POSIX

MINE = b"what a person wrote"
DAY = date(2020, 3, 18)
Files = dict[str, bytes]


class KilledError(BaseException):
    """The process is no more: what it would still have done does not happen."""


class Disk:
    """Operations on files, of which the n-th fails as told; after a kill all do."""

    def __init__(self, fail_at: int, fault: Callable[[], BaseException]) -> None:
        self.count, self._fail_at, self._fault = 0, fail_at, fault

    def operate(self) -> None:
        self.count += 1
        error = self._fault()
        if self.count == self._fail_at or (self.count > self._fail_at and isinstance(error, KilledError)):
            raise error

    @contextmanager
    def at_work(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        with monkeypatch.context() as patch:
            for name in ("replace", "unlink", "mkdir", "rmdir"):
                patch.setattr(Path, name, self._counted(getattr(Path, name)))
            patch.setattr(Path, "open", self._counted_open(Path.open))
            patch.setattr(os, "fsync", self._counted(os.fsync))
            patch.setattr(module, "_WRITERS", 1)  # one after the other: the n-th is always the same
            yield

    def _counted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            self.operate()
            return function(*args, **kwargs)

        return counted

    def _counted_open(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def opened(path: Path, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
            if "r" in mode:
                return function(path, mode, *args, **kwargs)
            self.operate()
            stream = function(path, mode, *args, **kwargs)
            return Stream(stream, self) if mode == "xb" else stream

        return opened


class Stream:
    """A file being written, of which half is on the disk when writing fails."""

    def __init__(self, stream: IO[bytes], disk: Disk) -> None:
        self._stream, self._disk = stream, disk
        self.flush, self.fileno = stream.flush, stream.fileno

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def write(self, data: bytes) -> None:
        self._stream.write(data[: len(data) // 2])
        self._stream.flush()
        self._disk.operate()
        self._stream.write(data[len(data) // 2 :])


FAULTS: dict[str, Callable[[], BaseException]] = {
    "error": lambda: OSError(errno.EIO, "Input/output error"),
    "full": lambda: OSError(errno.ENOSPC, "No space left on device"),
    "held": lambda: PermissionError(errno.EACCES, "Permission denied"),
    "kill": KilledError,
    "interrupt": lambda: SystemExit(130),
}


class Run:
    """What a run writes: some outputs, copies and drafts, all of one generation."""

    def __init__(self, generation: str, letters: str) -> None:
        self.top = {f"{name}.xlsx": f"{name} {generation}".encode() for name in ("sổ", "tổng hợp", "báo cáo")}
        self.copies = {"a.xlsx": f"bản trả lại {generation}".encode()}
        self.letters = {f"thư_{x}.eml": f"thư {x} {generation}".encode() for x in letters}

    def write(self, root: Path) -> list[Replaced]:
        top = FileSet(root, self.top, kinds_beside(self.top))
        return replace_sets(root, [top, FileSet(root / "lại", self.copies), FileSet(root / "thư", self.letters)], DAY)


OLD, NEW = Run("cũ", "abc"), Run("mới", "bcd")
PERSONS = ("báo cáo.xlsx", "thư/thư_b.eml")  # what a person wrote into between the runs


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """No power is cut here: it counts that the disk is asked to have written, and nobody waits for it."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@cache
def _write_old() -> Files:
    """All that the run before leaves in a folder, our book-keeping, too."""
    with TemporaryDirectory() as root:
        OLD.write(Path(root))
        return {p.relative_to(root).as_posix(): p.read_bytes() for p in Path(root).rglob("*") if p.is_file()}


def _prepare(root: Path, *, edited: bool) -> None:
    for name, data in _write_old().items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    (root / "ghi chú.txt").write_bytes(MINE)
    for name in PERSONS if edited else ():
        (root / name).write_bytes(MINE)


def _contents(root: Path) -> Files:
    """All but our book-keeping and what waits to be put in place."""
    found = (path for path in root.rglob("*") if path.is_file() and not path.name.startswith(".dhtt-"))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def _expect(folder: Path, run: Callable[[Path], object], *, edited: bool) -> Files:
    _prepare(folder, edited=edited)
    run(folder)
    return _contents(folder)


CASES = [(fault, edited) for fault in FAULTS for edited in (False, True)]
CASES.remove(("error", True))
CASES.remove(("full", False))  # these two go one way, in other words


@pytest.mark.parametrize(("fault", "edited"), CASES)
def test_a_fault_at_any_operation(fault: str, edited: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = _expect(tmp_path / "cũ", lambda _: None, edited=edited)
    new = _expect(tmp_path / "mới", NEW.write, edited=edited)
    told = NEW.write(tmp_path / "mới")
    states = set()
    for n in range(1, 1000):
        root = tmp_path / str(n)
        _prepare(root, edited=edited)
        disk = Disk(n, FAULTS[fault])
        with disk.at_work(monkeypatch):
            ended, refused = _try(root)
        states.add(_look_at(root, old, new, ended, refused))
        _mend(root, new, told)
        if disk.count < n:
            break
    assert ended == ""
    assert n > 40
    expected = {"error": {"old", "half", "new"}, "kill": {"old", "half", "new"}, "interrupt": {"old", "new"}}
    assert states >= expected.get(fault, {"old", "new"})
    assert "half" not in states or fault != "interrupt"


def _try(root: Path) -> tuple[str, set[str]]:
    """How the run ended, "" for well; what it said that it could not remove or replace."""
    try:
        replaced = NEW.write(root)
    except UserError as error:
        return ("english" if {"space", "denied", "error"} & set(str(error).split()) else "told"), set()
    except KilledError:
        return "killed", set()
    except SystemExit:
        return "interrupted", set()
    refused = {one.folder / name for one in replaced for name in one.held}
    refused |= {one.folder / name for one in replaced for name, path in one.written.items() if name != path}
    return "", {path.relative_to(root).as_posix() for path in refused}


def _look_at(root: Path, old: Files, new: Files, ended: str, refused: set[str]) -> str:
    """The folder after the fault: wholly old, wholly new, or half, which is then written down for the next run.

    A file that cannot be replaced or removed stays and is named; the new one has a number then.
    """
    found = _contents(root)
    assert set(found.values()) <= {*old.values(), *new.values()}
    assert all(found[name] == MINE for name, content in old.items() if content == MINE)
    assert ended != "english"
    if module.is_half_placed(root):
        assert ended in ("told", "killed")
        return "half"
    if found == old and ended:
        assert ended == "killed" or not list(root.rglob(".dhtt-*.tmp"))
        return "old"
    assert set(new.values()) <= set(found.values())
    stale = {name for name, content in found.items() if content in old.values() and new.get(name) != content}
    assert stale <= refused
    return "new"


def _mend(root: Path, new: Files, told: list[Replaced]) -> None:
    """The next run, of the same input, ends what was begun, says so, and finds nothing that a person has not done."""
    half = module.is_half_placed(root)
    with claim_folder(root) as words:
        assert any("đã đặt nốt" in word for word in words) == half
        assert not half or _contents(root) == new
    replaced = NEW.write(root)
    # A name with the day that was once refused: what stands under the next one is not written a second time.
    numbered = {name: name.replace(f"({DAY}) (2)", f"({DAY})") for name in _contents(root)}
    assert {numbered[name]: content for name, content in _contents(root).items()} == new
    assert not list(root.rglob(".dhtt-*.tmp"))
    assert not (root / ".dhtt-lock").exists()
    for one, expected in zip(replaced, told, strict=True):
        if numbered.keys() != new.keys():
            break
        assert (one.written, one.kept, one.outdated) == (expected.written, expected.kept, expected.outdated)
    assert NEW.write(root) == [Replaced(one.folder, one.written, one.kept, one.outdated) for one in replaced]


def test_what_a_person_does_to_a_half_placed_set_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the kill and the next run a person writes into a new file, an old one, and puts a third away."""
    for n in range(1, 1000):
        root = tmp_path / str(n)
        _prepare(root, edited=False)
        disk = Disk(n, KilledError)
        with disk.at_work(monkeypatch):
            ended, _ = _try(root)
        for name in PERSONS:
            (root / name).write_bytes(MINE)
        (root / "sổ.xlsx").unlink()
        replaced = NEW.write(root)
        found = _contents(root)
        assert all(found[name] == MINE for name in PERSONS)
        assert [one.kept for one in replaced] == [["báo cáo.xlsx"], [], ["thư_b.eml"]]
        assert found["sổ.xlsx"] == NEW.top["sổ.xlsx"]
        assert found["tổng hợp.xlsx"] == NEW.top["tổng hợp.xlsx"]
        if not ended:
            break
    assert n > 40


def test_two_faults_in_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run that mends is killed itself, at each of its operations."""
    new = _expect(tmp_path / "mới", NEW.write, edited=True)
    mended = 0
    for n in (40, 55):
        for m in range(1, 1000):
            root = tmp_path / f"{n} {m}"
            _prepare(root, edited=True)
            for fail_at in (n, m):
                disk = Disk(fail_at, KilledError)
                with disk.at_work(monkeypatch):
                    ended, _ = _try(root)
            NEW.write(root)
            assert _contents(root) == new
            mended += 1
            if not ended:
                break
            for path in sorted(root.rglob("*"), reverse=True):
                path.rmdir() if path.is_dir() else path.unlink()
    assert mended > 30


@pytest.mark.parametrize(
    "content", [b"", b"[" * 100_000, b'{"day": "2020-03-18", "sets": [{"folder": ".."}]}', b"\xff"]
)
def test_a_damaged_journal_touches_nothing(content: bytes, tmp_path: Path) -> None:
    _prepare(tmp_path / "ra", edited=True)
    (tmp_path / "ra" / ".dhtt-journal.json").write_bytes(content)
    before = _contents(tmp_path)
    with claim_folder(tmp_path / "ra") as words:
        assert not words
    assert _contents(tmp_path) == before
    NEW.write(tmp_path / "ra")
    assert not module.is_half_placed(tmp_path / "ra")


def test_a_journal_does_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(MINE)
    (tmp_path / "ra").mkdir()
    journal = (
        '{"day":"2020-03-18","sets":[{"folder":".","files":{"../x":{"name":"y","sha256":"0"}},'
        '"kinds":[""],"spare":[],"always":["../x"],"never":[]}]}'
    )
    (tmp_path / "ra" / ".dhtt-journal.json").write_text(journal)
    (tmp_path / "ra" / "y").write_bytes(b"foreign")
    NEW.write(tmp_path / "ra")
    assert (tmp_path / "x").read_bytes() == MINE


@POSIX
def test_a_pipe_or_a_folder_in_the_place_of_an_output_stays(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "sổ.xlsx")
    (tmp_path / "báo cáo.xlsx").mkdir()
    os.mkfifo(tmp_path / LIST_FILE)
    os.mkfifo(tmp_path / ".dhtt-journal.json")
    top = NEW.write(tmp_path)[0]
    assert top.kept == ["sổ.xlsx", "báo cáo.xlsx"]
    assert (tmp_path / "sổ (2020-03-18).xlsx").read_bytes() == NEW.top["sổ.xlsx"]
