"""What is dropped on the program's icon ─► a run on copies of it, in a campaign beside it; nothing of it is changed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from dhtt_excel.errors import UserError, explain_os_error, name_os_error
from dhtt_excel.inbox.guard_package import MIB
from dhtt_excel.inbox.own_files import is_written, list_written
from dhtt_excel.window import errands
from dhtt_excel.window.campaigns import Campaign, default_place, open_campaign
from dhtt_excel.window.site import Site
from dhtt_excel.window.take_in import MAX_TOGETHER, MOST_FILES, PassedOverError, take_in

_ENDING = " - dhtt"  # of the campaign's folder


def start_with(site: Site, dropped: Sequence[Path]) -> str:
    """Start a run on what was dropped; the address of its page. Raises `UserError` where nothing can be done with it."""
    dropped = [Path(os.path.abspath(path)) for path in dropped]  # noqa: PTH100  links stay as they are named
    missing = [path for path in dropped if not path.exists()]
    if missing:
        raise UserError(f"Không có “{missing[0]}”.")
    campaign = _find_campaign(dropped)
    if campaign is None:
        closed: list[str] = []
        files = _list_files(dropped, closed)
        campaign = _make_campaign(dropped)
        for problem in closed:
            site.notify(campaign, problem)
        for name, path in files:
            for problem in _take(campaign, name, path):
                site.notify(campaign, problem)
    site.enter(campaign)
    site.start(campaign, "Đang tổng hợp", errands.consolidate, False, place="ket-qua")
    return f"/dot/{campaign.key}/dang-chay"


def _find_campaign(dropped: Sequence[Path]) -> Campaign | None:
    """The campaign that a folder is, whose inbox it is, or in whose inbox the files are."""
    first = dropped[0]
    for folder in (first, first.parent, first.parent.parent):
        inbox = Campaign(folder).inbox
        held = dropped == [folder] or dropped == [inbox] or all(path.parent == inbox for path in dropped)
        if inbox.is_dir() and held:
            return open_campaign(folder)
    return None


def _make_campaign(dropped: Sequence[Path]) -> Campaign:
    """Beside what was dropped; among the user's documents where nothing can be written there."""
    first = dropped[0]
    named = first if len(dropped) == 1 and first.is_dir() else first.parent
    name = f"{named.name or 'o-dia'}{_ENDING}"
    if named.name.endswith(_ENDING):
        return open_campaign(named)
    try:
        return open_campaign(first.parent / name)
    except UserError:
        return open_campaign(default_place() / name)


def _list_files(dropped: Sequence[Path], closed: list[str]) -> list[tuple[str, Path]]:
    """The files and the names that they get; what cannot be looked into is told in `closed`.

    Raises `UserError` where there are too many to be what units sent.
    """
    found: list[tuple[str, Path]] = []
    size = 0
    for file in _walk(dropped, closed):
        size += file[1].stat().st_size
        found.append(file)
        if len(found) > MOST_FILES or size > MAX_TOGETHER:
            raise UserError(
                f"Có hơn {MOST_FILES} tệp hoặc hơn {MAX_TOGETHER // MIB} MB: hãy thả đúng thư mục chứa các tệp đơn vị gửi về."
            )
    return found


def _walk(dropped: Sequence[Path], closed: list[str]) -> Iterator[tuple[str, Path]]:
    """All but what a run wrote into a folder further down: an earlier drop may have its campaign there."""

    def tell(error: OSError) -> None:
        closed.append(name_os_error(error))

    for path in dropped:
        if path.is_file():
            yield path.name, path
            continue
        for folder, _, names in os.walk(path, onerror=tell):
            written = list_written(Path(folder)) if Path(folder) != path else frozenset()
            for name in sorted(names):
                file = Path(folder, name)
                if file.is_file() and not file.is_symlink() and not is_written(file, written):
                    yield file.relative_to(path if len(dropped) == 1 else path.parent).as_posix(), file


def _take(campaign: Campaign, name: str, path: Path) -> Iterator[str]:
    """Copy a file; why not, where that cannot be."""
    try:
        with path.open("rb") as stream:
            take_in(campaign.inbox, name, stream, path.stat().st_mtime)
    except PassedOverError:
        return
    except UserError as error:
        yield f"“{name}”: {error}"
    except OSError as error:
        yield f"“{name}”: {explain_os_error(error)}."
