"""What is dropped on the program's icon: copied into a campaign beside it, and consolidated at once."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from dhtt_excel.errors import UserError
from dhtt_excel.outputs.replace_files import replace_files
from dhtt_excel.text.file_names import LIST_FILE
from dhtt_excel.window import drops
from dhtt_excel.window.campaigns import Campaign
from dhtt_excel.window.drops import start_with
from dhtt_excel.window.runs import State
from dhtt_excel.window.site import Site


@pytest.fixture
def received_folder(sent: Path, tmp_path: Path) -> Path:
    """A folder as somebody keeps it, with two workbooks, a lock file and a scan."""
    folder = tmp_path / "Báo cáo các phường"
    folder.mkdir()
    for path in sorted(sent.iterdir())[:2]:
        shutil.copy2(path, folder)
    (folder / "~$Hàng Bạc.xlsx").write_bytes(b"lock")
    (folder / "Quét").mkdir()
    (folder / "Quét" / "bản quét.pdf").write_bytes(b"%PDF-1.4")
    return folder


@pytest.fixture
def started(site: Site, monkeypatch: pytest.MonkeyPatch) -> list[Campaign]:
    """The campaigns of which a run is started; none is run."""
    campaigns: list[Campaign] = []
    monkeypatch.setattr(site, "start", lambda campaign, *_, **__: campaigns.append(campaign))
    return campaigns


def _names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_is_consolidated_beside_itself_and_stays_as_it_was(site: Site, received_folder: Path) -> None:
    before = {path: path.read_bytes() for path in received_folder.rglob("*") if path.is_file()}
    campaign = Campaign(received_folder.parent / "Báo cáo các phường - dhtt")
    assert start_with(site, [received_folder]) == f"/dot/{campaign.key}/dang-chay"
    run = site.runs.find(campaign)
    assert run is not None
    assert run.ended.wait(60)
    assert run.state is State.DONE, run.words
    copied = _names(campaign.inbox)
    assert copied == _names(received_folder) - {"~$Hàng Bạc.xlsx"}
    assert all(int((campaign.inbox / name).stat().st_mtime) == int((received_folder / name).stat().st_mtime) for name in copied)  # fmt: skip
    assert list(campaign.out.glob("so-theo-doi-*.xlsx"))
    assert {path: path.read_bytes() for path in received_folder.rglob("*") if path.is_file()} == before


def test_a_folder_that_cannot_be_looked_into_is_told(
    site: Site, received_folder: Path, started: list[Campaign], monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "Quét":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    start_with(site, [received_folder])
    page = site.page("message", started[0], words="", back="").body
    assert f"Không đọc hoặc ghi được “{received_folder / 'Quét'}”: không có quyền." in bytes(page).decode()


def test_what_an_earlier_drop_gave_is_no_answer(
    site: Site, received_folder: Path, started: list[Campaign], sent: Path
) -> None:
    """Else its returned copies, newer than what they answer, would take its place."""
    returns = received_folder / "Quét - dhtt" / "ket-qua" / "tra-lai"
    written, changed = sorted(sent.iterdir())[2:4]
    replace_files(returns, {written.name: written.read_bytes(), changed.name: b"as it was"})
    shutil.copy2(changed, returns)  # somebody has filled in that one
    before = _names(received_folder) - {"~$Hàng Bạc.xlsx"}
    start_with(site, [received_folder])
    place = returns.relative_to(received_folder).as_posix()
    assert _names(started[0].inbox) == before - {f"{place}/{written.name}", f"{place}/{LIST_FILE}"}


def test_files_are_taken_together_and_only_once(site: Site, received_folder: Path, started: list[Campaign]) -> None:
    files = [path for path in received_folder.glob("*.xlsx") if not path.name.startswith("~$")]
    assert len(files) == 2
    for _ in range(2):
        start_with(site, files)
        assert started[-1].folder == received_folder / "Báo cáo các phường - dhtt"
        assert _names(started[-1].inbox) == {path.name for path in files}


def test_a_campaign_is_consolidated_in_its_place(site: Site, received: Campaign, started: list[Campaign]) -> None:
    names = _names(received.inbox)
    received_files = sorted(received.inbox.iterdir())
    for dropped in ([received.folder], [received.inbox], received_files[:1], received_files):
        start_with(site, dropped)
    assert started == [received] * 4
    assert _names(received.inbox) == names


def test_where_nothing_can_be_written_beside_it_it_is_among_the_documents(
    site: Site, received_folder: Path, started: list[Campaign], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (received_folder.parent / "Báo cáo các phường - dhtt").write_bytes(b"a file: no folder can be made")
    monkeypatch.setattr(drops, "default_place", lambda: tmp_path / "Tài liệu" / "dhtt")
    start_with(site, [received_folder])
    assert started[0].folder == tmp_path / "Tài liệu" / "dhtt" / "Báo cáo các phường - dhtt"


def test_what_is_no_inbox_is_refused(
    site: Site, received_folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match=r"Không có “.*không có”\."):
        start_with(site, [tmp_path / "không có"])
    monkeypatch.setattr(drops, "MOST_FILES", 1)
    with pytest.raises(UserError, match="hãy thả đúng thư mục"):
        start_with(site, [received_folder])
    assert not (received_folder.parent / "Báo cáo các phường - dhtt").exists()
