"""Files that are old or new, never torn: written beside their target, then renamed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from dhtt_excel.errors import UserError
from dhtt_excel.text.file_names import LIST_FILE, strip_number

_PREFIX = ".dhtt-"
_SUFFIX = ".tmp"
_WRITERS = 8  # files written at once: most of the time goes by in waiting for the disk


def save_file(target: Path, data: bytes, *, keep: bool = False) -> Path:
    """Replace `target` by `data` and return the path written.

    Excel locks an open file on Windows: then, and where `target` is to be kept as it is, a numbered name beside it is
    written, and the caller says so. Raises `UserError` where the folder cannot be written.
    """
    first, *numbered = _number_names(target)
    if path := _save_first(numbered if keep else [first, *numbered], target.parent, data):
        return path
    raise UserError(f"Không ghi được “{target}”: tệp đang bị khóa. Hãy đóng tệp trong Excel rồi chạy lại.")


def _save_first(targets: Iterable[Path], folder: Path, data: bytes) -> Path | None:
    """Write under the first of these names that no other program holds; None where all are held."""
    temporary = folder / f"{_PREFIX}{uuid4().hex}{_SUFFIX}"
    try:
        _write_new(temporary, data)
        for path in targets:
            try:
                temporary.replace(path)
            except PermissionError:
                continue
            except OSError as error:
                raise UserError(f"Không ghi được “{path}”: {error.strerror or error}.") from error
            return path
        return None
    finally:  # also where the disk is full or the user interrupts
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _write_new(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise UserError(f"Không ghi được vào thư mục “{path.parent}”: {error.strerror or error}.") from error


def _number_names(target: Path) -> Iterator[Path]:
    yield target
    yield from (target.with_stem(f"{target.stem} ({n})") for n in range(2, 100))


def list_leftovers(target: Path, written: Path) -> list[str]:
    """The numbered names beside `target` that runs wrote which found it locked, but for what this one has written."""
    beside = (p for p in target.parent.glob(f"* (*){target.suffix}") if strip_number(p.name) == target.name)
    return sorted(p.name for p in beside if p != written)


def remove_stale_files(folder: Path) -> None:
    """Remove what an interrupted run of ours left in `folder`; what cannot be removed does no harm and stays."""
    for path in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
        with suppress(OSError):
            path.unlink(missing_ok=True)


# ---------------------------------------------------------------- a folder of files that every run makes anew


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


def replace_files(
    folder: Path, files: Mapping[str, bytes], *, kinds: tuple[str, ...] = ("",), spare: Collection[str] = ()
) -> Replaced:
    """Write `files` into the folder, and remove what an earlier run wrote there and this one does not.

    Only names that begin with one of `kinds` are removed, and none of `spare`. What a person changed or put there stays:
    a new file then gets a numbered name beside it, unless it says nothing new. Raises `UserError` as `save_file` does.
    """
    remove_stale_files(folder)
    ours = _read_list(folder)
    before = dict(ours)
    replaced = Replaced(folder)
    try:
        with ThreadPoolExecutor(_WRITERS) as pool:
            outcomes = pool.map(lambda name: _replace_file(folder, name, files[name], before), files)
            for name, outcome in zip(files, outcomes, strict=True):
                replaced.kept += outcome.kept
                if outcome.name:
                    replaced.written[name] = outcome.name
                    ours[outcome.name] = outcome.digest
        wanted = {*replaced.written.values(), *replaced.kept}
        for name in sorted(n for n in ours.keys() - wanted if n.startswith(kinds)):
            if strip_number(name) not in spare:
                _remove_file(folder, name, ours, replaced)
    finally:  # what was written is ours, also where the rest could not be
        if ours != before:
            listed = json.dumps(ours, ensure_ascii=False, indent=2, sort_keys=True).encode()
            _save_first([folder / LIST_FILE], folder, listed)
    return replaced


class _Outcome(NamedTuple):
    """What became of one file: the name that has it on disk, its digest; and names of what a person changed there."""

    name: str
    digest: str
    kept: tuple[str, ...]


def _replace_file(folder: Path, name: str, data: bytes, ours: Mapping[str, str]) -> _Outcome:
    new = _digest(data)
    kept: tuple[str, ...] = ()
    for path in _number_names(folder / name):
        there, known = _digest_file(path), ours.get(path.name)
        if there in (None, new, known):
            if there == new or _save_first([path], folder, data):
                return _Outcome(path.name, new, kept)
        elif there:
            if known or path.name == name:
                kept += (path.name,)
            if known == new:  # changed by a person, who knows all that is in the new one
                return _Outcome("", new, kept)
    raise UserError(f"Không ghi được “{folder / name}”: tệp đang bị khóa. Hãy đóng tệp rồi chạy lại.")


def _remove_file(folder: Path, name: str, ours: dict[str, str], replaced: Replaced) -> None:
    path = folder / name
    there = _digest_file(path)
    if there not in (None, "", ours[name]):
        replaced.outdated.append(name)
        return
    try:
        path.unlink(missing_ok=True)
    except OSError:
        replaced.held.append(name)
        return
    del ours[name]
    if there:
        replaced.removed.append(name)


def _read_list(folder: Path) -> dict[str, str]:
    """What we wrote into this folder; a list that cannot be read leaves every file to its owner."""
    try:
        listed = json.loads((folder / LIST_FILE).read_bytes())
    except (OSError, ValueError):
        return {}
    entries = listed.items() if isinstance(listed, dict) else ()
    return {name: sha for name, sha in entries if isinstance(sha, str) and Path(name).name == name}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _digest_file(path: Path) -> str | None:
    """SHA-256; None where there is no such file, "" where another program holds it."""
    try:
        return _digest(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError:
        return ""
