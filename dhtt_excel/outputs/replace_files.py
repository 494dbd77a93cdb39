"""Folders of files that every run makes anew: all files of a run become old or new together, and nobody's work is lost.

What we wrote is known by its digest, listed in each folder. All new files are staged beside their targets, then a journal
says what is to be put in place, then that is done. Before the journal is there nothing has changed; from then on it is
done to the end, by a later run if this one is killed: doing it twice changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

import msgspec

from dhtt_excel.errors import UserError, explain_os_error
from dhtt_excel.outputs.atomic_files import (
    digest,
    digest_file,
    number_names,
    put_in_place,
    read_file,
    remove_stale_files,
    stage_file,
)
from dhtt_excel.outputs.lock_folder import lock_folder
from dhtt_excel.text.file_names import JOURNAL_FILE, LIST_FILE, strip_number

_WRITERS = 8  # files written at once: most of the time goes by in waiting for the disk


@dataclass(frozen=True)
class FileSet:
    """What a folder is to hold.

    What an earlier run wrote there and this one does not is removed, if its name begins with one of `kinds` and, without
    its number, is none of `spare`. `always`: names that are written over, whatever they hold; `never`: those that stay.
    """

    folder: Path
    files: Mapping[str, bytes]
    kinds: tuple[str, ...] = ("",)
    spare: Collection[str] = ()
    always: Collection[str] = ()
    never: Collection[str] = ()


def kinds_beside(names: Iterable[str]) -> tuple[str, ...]:
    """How the names begin that files have which were written beside these."""
    return tuple(f"{Path(name).stem} (" for name in names)


@dataclass
class Replaced:
    """What became of a folder. `written`: wanted name ─► the name that has it on disk.

    `kept`: what a person changed or put there under a wanted name. `outdated`: what a person changed and is no longer
    wanted. `removed`, `held`: what was not wanted and could, or could not, be removed.
    """

    folder: Path
    written: dict[str, str] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    outdated: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)

    def about(self, name: str) -> Replaced:
        """What became of the file of this name, and of those beside it."""

        def own(names: list[str]) -> list[str]:
            return [other for other in names if strip_number(other) == name]

        written = {name: self.written[name]} if name in self.written else {}
        return Replaced(self.folder, written, own(self.kept), own(self.outdated), own(self.removed), own(self.held))

    @property
    def beside(self) -> list[str]:
        """Names of new files that did not get the name that they should have."""
        return [name for wanted, name in self.written.items() if name != wanted]


class _Staged(msgspec.Struct, frozen=True):
    """A new file: the name under which it waits, "" where it is there already."""

    name: str
    sha256: str


class _StagedSet(msgspec.Struct, frozen=True):
    folder: str
    files: dict[str, _Staged]
    kinds: tuple[str, ...]
    spare: frozenset[str]
    always: frozenset[str]
    never: frozenset[str]


class _Journal(msgspec.Struct, frozen=True):
    """What is to be put in place. `day` names what is written beside a file that stays."""

    day: date
    sets: tuple[_StagedSet, ...]


def replace_files(
    folder: Path,
    files: Mapping[str, bytes],
    *,
    kinds: tuple[str, ...] = ("",),
    spare: Collection[str] = (),
    day: date | None = None,
) -> Replaced:
    """Make a folder hold these files; see `replace_sets` and `FileSet`. `day`: today, unless told."""
    return replace_sets(folder, [FileSet(folder, files, kinds, spare)], day or date.today())[0]


def replace_sets(root: Path, sets: Sequence[FileSet], day: date) -> list[Replaced]:
    """Make these folders, in `root` or `root` itself, hold their files, all at once; what became of each.

    What a person changed or put there stays: a new file then gets a name with the day beside it, unless it says nothing
    new. Where another program holds the old one the new one gets a number. Raises `UserError` where nothing can be
    written, or where something stays to be done by the next run.
    """
    with claim_folder(root):
        for one in sets:
            remove_stale_files(one.folder)
        return _place(root, _stage(root, sets, day))


@contextmanager
def claim_folder(root: Path) -> Iterator[list[str]]:
    """Keep other runs out of the folder, and end what one that broke off had begun; gives words about that.

    Raises `UserError` where another run has it, or where it cannot be written.
    """
    with lock_folder(root) as told:
        words = [told] if told else []
        if journal := _read_journal(root):
            _place(root, journal)
            words.append(f"Kết quả của lần chạy trước mới đặt được một phần vào “{root}”: đã đặt nốt.")
        yield words


def is_half_placed(root: Path) -> bool:
    """Whether a run broke off while it put its outputs in place: old and new lie side by side until the next one."""
    return (root / JOURNAL_FILE).is_file()


# ---------------------------------------------------------------- before the journal: nothing has changed


def _stage(root: Path, sets: Sequence[FileSet], day: date) -> _Journal:
    try:
        journal = _Journal(day, tuple(_stage_set(root, one) for one in sets))
        if any(file.name for one in journal.sets for file in one.files.values()):
            _save_own(root / JOURNAL_FILE, msgspec.json.encode(journal))
    except BaseException:
        with suppress(OSError):
            (root / JOURNAL_FILE).unlink(missing_ok=True)  # first the journal: what it names must be there
            for one in sets:
                remove_stale_files(one.folder)
        raise
    return journal


def _save_own(path: Path, data: bytes) -> None:
    """Save a file of our own book-keeping: no other name will do."""
    staged = stage_file(path.parent, data)
    if not put_in_place(staged, path):
        with suppress(OSError):
            staged.unlink()
        raise UserError(f"Không ghi được “{path}”: chương trình khác đang giữ tệp này. Hãy chạy lại.")


def _stage_set(root: Path, one: FileSet) -> _StagedSet:
    def stage(name: str) -> _Staged:
        sha256 = digest(one.files[name])
        is_there = digest_file(one.folder / name) == sha256
        return _Staged("" if is_there else stage_file(one.folder, one.files[name]).name, sha256)

    with ThreadPoolExecutor(_WRITERS) as pool:
        files = dict(zip(one.files, pool.map(stage, one.files), strict=True))
    folder = one.folder.relative_to(root).as_posix()
    return _StagedSet(folder, files, one.kinds, frozenset(one.spare), frozenset(one.always), frozenset(one.never))


# ---------------------------------------------------------------- from the journal on: done to the end


def _place(root: Path, journal: _Journal) -> list[Replaced]:
    try:
        return _place_once(root, journal)
    except (KeyboardInterrupt, SystemExit):  # the step is short: what is begun is ended
        _place_once(root, journal)
        raise
    except (UserError, OSError) as error:
        why = f"Không ghi được vào “{root}”: {explain_os_error(error)}." if isinstance(error, OSError) else error
        raise UserError(f"{why} Kết quả mới đặt được một phần; lần chạy sau sẽ đặt nốt.") from error


def _place_once(root: Path, journal: _Journal) -> list[Replaced]:
    replaced = [_SetPlacer(root / one.folder, one, journal.day).place() for one in journal.sets]
    for one in journal.sets:
        for file in one.files.values():  # what was not needed after all
            if file.name:
                with suppress(OSError):
                    (root / one.folder / file.name).unlink(missing_ok=True)
    (root / JOURNAL_FILE).unlink(missing_ok=True)
    return replaced


def _read_journal(root: Path) -> _Journal | None:
    try:
        journal = msgspec.json.decode(read_file(root / JOURNAL_FILE), type=_Journal)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    names = (name for one in journal.sets for name in (one.folder, *one.files, *(f.name for f in one.files.values())))
    return journal if all(name in ("", ".") or Path(name).name == name for name in names) else None


class _Outcome(NamedTuple):
    """What became of one file: the name that has it on disk, "" for none; names of what a person changed there."""

    name: str
    kept: tuple[str, ...] = ()


class _SetPlacer:
    """Puts the files of one folder in place. `_ours`: what we wrote there, name ─► SHA-256."""

    def __init__(self, folder: Path, staged: _StagedSet, day: date) -> None:
        self._folder, self._staged, self._day = folder, staged, day
        self._ours = _read_list(folder)
        self._replaced = Replaced(folder)

    def place(self) -> Replaced:
        files, replaced, ours = self._staged.files, self._replaced, dict(self._ours)
        with ThreadPoolExecutor(_WRITERS) as pool:
            outcomes = list(pool.map(self._place_file, files))
        for name, outcome in zip(files, outcomes, strict=True):
            replaced.kept += outcome.kept
            if outcome.name:
                replaced.written[name] = outcome.name
                ours[outcome.name] = files[name].sha256
        for name in sorted(self._find_unwanted()):
            self._remove(name, ours)
        if ours != self._ours:
            listed = json.dumps(ours, ensure_ascii=False, indent=2, sort_keys=True).encode()
            _save_own(self._folder / LIST_FILE, listed)
        return replaced

    def _place_file(self, name: str) -> _Outcome:
        """Under its name, else beside it: with the day where a person changed what is there, with a number where it is held."""
        target, new = self._folder / name, self._staged.files[name].sha256
        never = name in self._staged.never
        if not never and self._put(target, name):
            return _Outcome(name)
        kept: tuple[str, ...] = ()
        if never or self._is_changed(target):
            kept = (name,)
        if kept and not never:
            if known := self._find_known(name, new):
                return known
            target = target.with_stem(f"{target.stem} ({self._day})")
        for path in number_names(target):
            if path.name in self._staged.files:
                continue
            if self._put(path, name):
                return _Outcome(path.name, kept)
            if path.name in self._ours and self._is_changed(path):
                kept += (path.name,)
        if not self._is_staged(name):  # it was put in place, and taken away before this step was ended
            return _Outcome("", kept)
        raise UserError(f"Không ghi được “{target}”: tệp đang bị khóa. Hãy đóng tệp rồi chạy lại.")

    def _find_known(self, name: str, new: str) -> _Outcome | None:
        """Where what is in the new file stands already, if a person changed the one of its name."""
        if self._ours.get(name) == new:  # that person knows all that is in the new one
            return _Outcome("", (name,))
        for other in sorted(self._ours):
            if strip_number(other) == name and other not in self._staged.files:
                path = self._folder / other
                if digest_file(path) == new:
                    return _Outcome(other, (name,))
                if self._ours[other] == new and self._is_changed(path):
                    return _Outcome("", (name, other))
        return None

    def _put(self, path: Path, name: str) -> bool:
        """Put the new file under this path; whether it is there. What is there may go only where we know it."""
        there, file = digest_file(path), self._staged.files[name]
        if there == file.sha256:
            return True
        ours = there is None or there == self._ours.get(path.name) or path.name in self._staged.always
        return ours and self._is_staged(name) and put_in_place(path.with_name(file.name), path)

    def _is_staged(self, name: str) -> bool:
        staged = self._staged.files[name].name
        return bool(staged) and (self._folder / staged).exists()

    def _is_changed(self, path: Path) -> bool:
        """Whether something is there that we did not write; not so where that cannot be known, for it is held."""
        there = digest_file(path)
        return bool(there) and there != self._ours.get(path.name)

    def _find_unwanted(self) -> set[str]:
        files, written = self._staged.files, self._replaced.written
        wanted = {*written.values(), *self._replaced.kept, *(files.keys() - written)}
        return {
            name
            for name in self._ours.keys() - wanted
            if name.startswith(self._staged.kinds) and strip_number(name) not in self._staged.spare
        }

    def _remove(self, name: str, ours: dict[str, str]) -> None:
        path = self._folder / name
        there = digest_file(path)
        if there not in (None, "", ours[name]):
            self._replaced.outdated.append(name)
            return
        try:
            path.unlink(missing_ok=True)
        except OSError:
            self._replaced.held.append(name)
            return
        del ours[name]
        if there:
            self._replaced.removed.append(name)


def _read_list(folder: Path) -> dict[str, str]:
    """What we wrote into this folder; a list that cannot be read leaves every file to its owner."""
    try:
        listed = json.loads(read_file(folder / LIST_FILE))
    except (OSError, ValueError, RecursionError):
        return {}
    entries = listed.items() if isinstance(listed, dict) else ()
    return {name: sha for name, sha in entries if isinstance(sha, str) and Path(name).name == name}
