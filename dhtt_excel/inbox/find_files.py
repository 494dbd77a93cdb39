"""A folder ─► the files in it that somebody sent, what else was seen, and the names that people know them by."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NamedTuple

from dhtt_excel.errors import UserError, explain_os_error
from dhtt_excel.inbox.containers import CONTAINER_SUFFIXES, RESULT_SUFFIX
from dhtt_excel.inbox.own_files import is_written, list_written
from dhtt_excel.inbox.parse_workbook import WORKBOOK_SUFFIXES
from dhtt_excel.inbox.raw import RawWorkbook
from dhtt_excel.inbox.seen_files import SeenFile, SeenKind, is_named_as_workbook, judge_file, judge_folder, judge_packed
from dhtt_excel.text.characters import printable
from dhtt_excel.text.file_names import LIST_FILE, RETURNS_FOLDER

_SHOWN = 5


class FoundFile(NamedTuple):
    """A file to read and the name that people know it by: its path inside the folder, with "/".

    `place` says where in the file at `path` it is, when that is a mail or an archive; `known` what that tells of it.
    `data`: its bytes, of a file that has been sent here from another computer, by which it is `known`.
    """

    path: Path
    name: str
    place: tuple[int, ...] = ()
    known: RawWorkbook | None = None
    data: bytes | None = None

    @property
    def suffix(self) -> str:
        return Path(self.name).suffix.lower()


class Inbox(NamedTuple):
    """What lies in a folder: `files` to read, and what was `seen` and is no answer, both in the order of their names."""

    files: list[FoundFile]
    seen: list[SeenFile]


def look_through(
    folder: Path, *, leave_out: Collection[Path] = (), own: Collection[str] = (), results: bool = False
) -> Inbox:
    """All that lies in a folder and its sub-folders: a file to read, or something seen. Links are not followed.

    A single file is the folder in which it lies alone.

    `leave_out`: our own files and folders; `own`: the names that our outputs have wherever they lie. `results`: the results of
    lower levels are the answers. Raises `UserError`
    where there is no such folder, or no workbook, mail or archive in it.
    """
    inbox = Inbox([], [])
    if folder.is_file():
        inbox.files.append(FoundFile(folder, printable(folder.name)))
    elif folder.is_dir():
        skipped = {os.path.realpath(path) for path in leave_out} - {os.path.realpath(folder)}
        _Look(folder, skipped, own, results).into(folder, inbox)
    else:
        raise UserError(
            f"Không có thư mục “{folder}”{_tell_place(folder)}. Hãy chỉ thư mục chứa các tệp mà đơn vị đã gửi về."
        )
    inbox.files.sort(key=lambda file: file.path)
    inbox.seen.sort()
    answers = WORKBOOK_SUFFIXES | CONTAINER_SUFFIXES | ({RESULT_SUFFIX} if results else set())
    if not any(f.suffix in answers for f in inbox.files):
        names = [f.name for f in inbox.files] + [s.name for s in inbox.seen if s.kind.is_to_be_looked_at]
        held = f" Chỉ thấy: {', '.join(names[:_SHOWN])}{' …' if len(names) > _SHOWN else ''}." if names else ""
        if not results and (own_names := [seen.name for seen in inbox.seen if seen.kind is SeenKind.OWN]):
            held += (
                f" Kết quả của chương trình thì bỏ qua: {own_names[0]}; muốn cộng nhiều kết quả: xem hướng dẫn, mục 11."
            )
        if folder.is_file():
            raise UserError(f"“{folder}” không phải là bảng tính (.xlsx, .xls, .ods), thư (.eml) hay tệp nén (.zip).")
        raise UserError(
            f"Thư mục “{folder}”{_tell_place(folder)} không có bảng tính (.xlsx, .xls, .ods),"
            f"{' ket-qua.json,' if results else ''} thư (.eml) hay tệp nén (.zip) nào.{held}"
        )
    return inbox


class _Look(NamedTuple):
    """How a folder is looked through: see `look_through`."""

    top: Path
    skipped: Collection[str]
    own: Collection[str]
    results: bool

    def into(self, folder: Path, inbox: Inbox) -> None:
        try:
            paths = sorted(folder.iterdir())
        except OSError as error:
            if folder == self.top:
                raise UserError(f"Không đọc được thư mục “{folder}”: {explain_os_error(error)}.") from error
            inbox.seen.append(SeenFile(f"{_name_inside(folder, self.top)}/", SeenKind.CLOSED))
            return
        written = list_written(folder) if folder != self.top else frozenset()
        candidates = (path for path in paths if written and self._may_be_ours(path))
        ours = {path for path in candidates if path.name == LIST_FILE or is_written(path, written)}
        if ours and len(ours) == len(paths):
            inbox.seen.append(SeenFile(f"{_name_inside(folder, self.top)}/", SeenKind.OWN))
            return
        for path in paths:
            self._file(path, inbox, ours=path in ours)

    def _may_be_ours(self, path: Path) -> bool:
        """Where results are looked for, workbooks that a run wrote may be some, but for the returned copies."""
        is_answer = path.suffix.lower() in WORKBOOK_SUFFIXES | {RESULT_SUFFIX} and path.name != LIST_FILE
        return not (self.results and is_answer) or path.parent.name == RETURNS_FOLDER

    def _file(self, path: Path, inbox: Inbox, *, ours: bool) -> None:
        name = _name_inside(path, self.top)
        try:
            is_folder, kind = path.is_dir(), self._judge(path)
            kind = SeenKind.OWN if ours else kind
        except OSError:
            is_folder, kind = False, SeenKind.CLOSED
        if is_folder and not kind:
            if is_named_as_workbook(path):
                inbox.seen.append(SeenFile(f"{name}/", SeenKind.FOLDER))
            self.into(path, inbox)
        elif kind:
            inbox.seen.append(SeenFile(f"{name}/" if is_folder else name, kind))
        else:
            inbox.files.append(FoundFile(path, name))

    def _judge(self, path: Path) -> SeenKind | None:
        """What something listed is that is no answer; None for a file to read and a folder to go into."""
        if not path.is_symlink() and os.path.realpath(path) in self.skipped:
            return SeenKind.OWN
        if path.is_dir():
            return judge_folder(path, results=self.results)
        if path.is_file() or path.is_symlink():
            return judge_file(path, self.own, results=self.results)
        # A pipe or a device, which must not be opened; what was listed and is not there has too long a path for Windows.
        return SeenKind.OTHER if os.path.lexists(path) else SeenKind.CLOSED


def _name_inside(path: Path, top: Path) -> str:
    return printable(path.relative_to(top).as_posix())


def list_packed(packed: Sequence[FoundFile], opened: Sequence[FoundFile], own: Collection[str]) -> list[SeenFile]:
    """What lies in mails and archives and is not read, each by the name of the mail or archive: its own may name a person.

    `packed`: all files; `opened`: what `open_containers` made of them.
    """
    names = {file.path: file.name for file in packed}
    held = ((names[file.path], beside) for file in opened if file.known for beside in file.known.beside)
    return sorted(SeenFile(container, judge_packed(beside, own)) for container, beside in held)


def _tell_place(path: Path) -> str:
    """Where something was looked for that was not named by its whole path."""
    return "" if path.is_absolute() else f" (đã tìm ở “{printable(os.path.abspath(path))}”)"  # noqa: PTH100  links stay


def find_files(folder: Path) -> list[FoundFile]:
    """The files to read alone; see `look_through`."""
    return look_through(folder).files


def name_files(paths: Sequence[Path]) -> list[FoundFile]:
    """Single files, by their own names. Raises `UserError` for one that is none or not there."""
    for path in paths:
        if not path.is_file():
            raise UserError(
                f"“{path}” không phải là tệp." if path.exists() else f"Không có tệp “{path}”{_tell_place(path)}."
            )
    return [FoundFile(path, printable(path.name)) for path in paths]
