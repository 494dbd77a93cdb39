"""Campaigns: a folder each with its parts and settings, and the list of the last ones that this user had open."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import platformdirs

from dhtt_excel import DEFAULT_PLAN
from dhtt_excel.errors import UserError, explain_os_error, name_os_error
from dhtt_excel.inbox.containers import CONTAINER_SUFFIXES
from dhtt_excel.inbox.parse_workbook import WORKBOOK_SUFFIXES
from dhtt_excel.outputs.atomic_files import put_in_place, stage_file
from dhtt_excel.plan.plan import Plan, load_plan, shipped_plans
from dhtt_excel.text.characters import one_line
from dhtt_excel.text.file_names import (
    CONTACTS_FILE,
    INBOX_FOLDER,
    MAIL_FOLDER,
    RESULTS_FOLDER,
    RETURNS_FOLDER,
    TEMPLATES_FOLDER,
    TEXTS_FOLDER,
    clean_path,
)

_APP = "dhtt"
_SETTINGS_FILE = ".dhtt-window.json"
_RECENT_FILE = "dot-gan-day.json"
_PLAN_FILE = "ke-hoach.toml"  # a plan of the campaign's own, in its folder
_MOST_RECENT = 12


class _Settings(msgspec.Struct, frozen=True):
    """What a campaign keeps in its folder. `as_of`: None for the day of each run."""

    plan: Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z.-]+$")] = (
        DEFAULT_PLAN  # no path: the folder may be anybody's
    )
    as_of: date | None = None
    convert_legacy: bool = False
    with_lists: bool = False


@dataclass(frozen=True)
class Campaign:
    """A folder with its parts; `plan_source` as `load_plan` takes it. `as_of`: None for today.

    `convert_legacy`, `with_lists`: as the options of the command line.
    """

    folder: Path
    plan_source: str = DEFAULT_PLAN
    as_of: date | None = None
    convert_legacy: bool = False
    with_lists: bool = False

    @property
    def key(self) -> str:
        """What names it in addresses: nothing that a path could be made of."""
        return hashlib.sha256(os.path.realpath(self.folder).encode("utf-8", "surrogateescape")).hexdigest()[:12]

    @property
    def name(self) -> str:
        return one_line(self.folder.name or str(self.folder))

    @property
    def is_there(self) -> bool:
        return _is_folder(self.folder)

    @property
    def templates(self) -> Path:
        return self.folder / TEMPLATES_FOLDER

    @property
    def inbox(self) -> Path:
        return self.folder / INBOX_FOLDER

    @property
    def out(self) -> Path:
        return self.folder / RESULTS_FOLDER

    @property
    def contacts(self) -> Path:
        return self.folder / CONTACTS_FILE

    @property
    def texts(self) -> Path:
        return self.folder / TEXTS_FOLDER

    @property
    def day(self) -> date:
        """By which day deadlines are judged."""
        return self.as_of or date.today()

    def load_plan(self) -> Plan:
        return load_plan(self.plan_source)

    def list_outputs(self) -> dict[str, list[Path]]:
        """The files of the outputs, by folder: "" for those in the outputs' own. No others can be asked for by name."""
        folders = {"": self.out, **{name: self.out / name for name in (RETURNS_FOLDER, MAIL_FOLDER)}}
        return {name: [] if name and path.is_symlink() else list(_list_files(path)) for name, path in folders.items()}

    def find_output(self, folder: str, name: str) -> Path | None:
        """An output by the names that `list_outputs` gives."""
        return next((path for path in self.list_outputs().get(folder, []) if path.name == name), None)

    def list_received(self) -> dict[str, Path]:
        """What lies in the inbox, by its path inside."""
        paths = sorted(self.inbox.rglob("*")) if self.is_there else []
        return {p.relative_to(self.inbox).as_posix(): p for p in paths if _is_shown(p)}

    def list_loose(self) -> list[Path]:
        """What lies beside the parts and is a workbook, a mail or an archive: no run reads it."""
        read = WORKBOOK_SUFFIXES | CONTAINER_SUFFIXES
        return [p for p in _list_files(self.folder) if p.suffix.lower() in read and p != self.contacts]

    def change(self, **settings: Any) -> Campaign:
        """The campaign with some settings changed, and kept. Raises `UserError` where the plan cannot be read."""
        changed = replace(self, **settings)
        changed.load_plan()
        own = self.folder / _PLAN_FILE
        source = _PLAN_FILE if changed.plan_source == str(own) else changed.plan_source
        _save(
            self.folder / _SETTINGS_FILE,
            msgspec.json.encode(_Settings(source, changed.as_of, changed.convert_legacy, changed.with_lists)),
        )
        return changed

    def take_plan(self, data: bytes) -> str:
        """Keep a plan file in the folder; how `change` names it. Raises `UserError` for what is no plan, and keeps nothing."""
        staged = stage_file(self.folder, data)
        trial = staged.with_suffix(".toml")
        try:
            staged.replace(trial)
            load_plan(trial)
            trial.replace(self.folder / _PLAN_FILE)
        except UserError as error:
            raise UserError(str(error).replace(str(trial), _PLAN_FILE)) from error
        finally:
            for path in (staged, trial):
                path.unlink(missing_ok=True)
        return str(self.folder / _PLAN_FILE)


def open_campaign(folder: Path) -> Campaign:
    """The campaign in a folder, which is made where it is missing, with its parts.

    Raises `UserError` where it cannot be, or where its settings are damaged: another plan would be taken for its own.
    """
    campaign = Campaign(folder)
    try:
        if folder.exists() and not folder.is_dir():
            raise UserError(f"“{folder}” là tệp, không phải thư mục.")
        for part in (campaign.templates, campaign.inbox, campaign.out):
            part.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"Không tạo được thư mục trong “{folder}”: {explain_os_error(error)}.") from error
    kept, settings = folder / _SETTINGS_FILE, _Settings()
    try:
        with suppress(FileNotFoundError):
            settings = msgspec.json.decode(kept.read_bytes(), type=_Settings)
    except OSError as error:
        raise UserError(name_os_error(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(
            f"Tệp thiết lập “{kept}” bị hỏng: hãy xóa tệp đó, mở lại đợt rồi chọn lại kế hoạch và ngày xét hạn."
        ) from error
    source = str(folder / _PLAN_FILE) if settings.plan == _PLAN_FILE else settings.plan
    return Campaign(folder, source, settings.as_of, settings.convert_legacy, settings.with_lists)


def name_folder(text: str) -> Path:
    """The folder that somebody means: a whole path, or the name of one among the user's documents."""
    text = text.strip().strip('"').strip()
    if not text:
        raise UserError("Ghi tên hoặc đường dẫn của thư mục.")
    path = Path(text)
    with suppress(RuntimeError):  # "~x" of nobody is a name like others
        path = path.expanduser()
    if path.is_absolute() and "\0" not in text:
        return path
    if "/" in text or "\\" in text:
        raise UserError(f"“{one_line(text)}” không phải là đường dẫn đầy đủ. Ví dụ: {default_place() / 'dot-2020'}")
    return default_place() / clean_path(text)


def list_plans() -> dict[str, str]:
    """The shipped plans: id ─► what a person knows each by."""
    loaded = ((source, load_plan(source)) for source in shipped_plans())
    plans = {source: plan for source, plan in loaded if not plan.rolls_up}
    return {
        source: f"Kế hoạch {plan.number} ({plan.issuer}, {plan.year}): {len(plan.local_units)} {plan.levels.local.noun}"
        for source, plan in plans.items()
    }


def read_day(text: str) -> date | None:
    """A day as people type it; None for nothing. Raises `UserError`."""
    for pattern in ("%d/%m/%Y", "%Y-%m-%d"):
        with suppress(ValueError):
            return datetime.strptime(text.strip(), pattern).date() if text.strip() else None
    raise UserError(f"“{one_line(text)}” không phải là ngày. Ví dụ: 20/03/2020.")


def default_place() -> Path:
    """Where campaigns are made that are given by their name only."""
    return platformdirs.user_documents_path() / _APP


def list_places() -> list[Path]:
    """Where a person looks for a folder: the user's own, then disks and sticks."""
    own = (
        platformdirs.user_documents_path(),
        platformdirs.user_desktop_path(),
        platformdirs.user_downloads_path(),
        Path.home(),
    )
    disks = (
        [Path(f"{letter}:\\") for letter in "CDEFGHIJKLMNOPQRSTUVWXYZ"]
        if os.name == "nt"
        else list(_list_folders(Path("/media")))
    )
    return [path for path in (*own, *disks) if _is_folder(path)]


def list_folders(place: Path, names: Iterable[str]) -> tuple[Path, list[str]]:
    """The folder to which these names lead from a place, each of which must be there; and the names of those in it."""
    for name in names:
        if name not in (path.name for path in _list_folders(place)):
            raise UserError(f"Không còn thư mục “{one_line(name)}”.")
        place /= name
    return place, [path.name for path in _list_folders(place)]


def _list_folders(place: Path) -> Iterator[Path]:
    """The folders that a person sees there; none where it cannot be read."""
    with suppress(OSError):
        for path in sorted(place.iterdir()):
            if not path.name.startswith((".", "$")) and _is_folder(path) and not path.is_symlink():
                yield path


def list_recent() -> list[Path]:
    """The folders of the last campaigns, the latest first."""
    with suppress(OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        listed = msgspec.json.decode(_recent_path().read_bytes(), type=list[str])
        return [Path(text) for text in listed if text and "\0" not in text]
    return []


def remember(folder: Path) -> None:
    """Put a campaign's folder first in the list; where that cannot be written it is not remembered."""
    others = [path for path in list_recent() if path != folder]
    with suppress(OSError, UserError):
        _save(_recent_path(), msgspec.json.encode([str(path) for path in [folder, *others][:_MOST_RECENT]]))


def _recent_path() -> Path:
    return platformdirs.user_config_path(_APP, appauthor=False, roaming=True) / _RECENT_FILE


def _save(path: Path, data: bytes) -> None:
    staged = stage_file(path.parent, data)
    if not put_in_place(staged, path):
        staged.unlink(missing_ok=True)
        raise UserError(f"Không ghi được “{path}”: chương trình khác đang giữ tệp này.")


def _list_files(folder: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from sorted(path for path in folder.iterdir() if _is_shown(path))


def _is_folder(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112  of a disk that is locked or has gone `Path.is_dir` raises


def _is_shown(path: Path) -> bool:
    return os.path.isfile(path) and not path.is_symlink() and not path.name.startswith((".", "~$"))  # noqa: PTH113  the same
