"""Files that come in: nothing is written over, nothing lands elsewhere, and each is known again."""

from __future__ import annotations

import io
import os
import unicodedata
from pathlib import Path

import pytest

from dhtt_excel.errors import UserError
from dhtt_excel.inbox.guard_package import MAX_FILE
from dhtt_excel.text.file_names import clean_path
from dhtt_excel.window.take_in import Taken, take_back, take_in
from tests.conftest import POSIX


def _take(inbox: Path, name: str, data: bytes, saved: float | None = None) -> Taken:
    return take_in(inbox, name, io.BytesIO(data), saved)


def test_a_name_that_is_taken_is_told_apart(tmp_path: Path) -> None:
    names = [_take(tmp_path, "Hàng Bạc.xlsx", data).name for data in (b"1", b"2", b"3")]
    assert names == ["Hàng Bạc.xlsx", "Hàng Bạc (2).xlsx", "Hàng Bạc (3).xlsx"]
    assert sorted(path.read_bytes() for path in tmp_path.iterdir()) == [b"1", b"2", b"3"]


def test_the_same_bytes_are_not_copied_again(tmp_path: Path) -> None:
    first, second = _take(tmp_path, "a/b.xlsx", b"1"), _take(tmp_path, "c.xlsx", b"1")
    assert (first.is_new, second.is_new, second.name) == (True, False, "a/b.xlsx")
    take_back(second, tmp_path)
    assert first.path.exists()
    take_back(first, tmp_path)
    assert not any(tmp_path.iterdir())


def test_the_time_of_the_file_is_kept_where_it_can_be_true(tmp_path: Path) -> None:
    assert _take(tmp_path, "a.xlsx", b"1", 1584000000.0).path.stat().st_mtime == 1584000000.0
    for number, lie in enumerate((0.0, -5.0, 9e12)):
        assert _take(tmp_path, "b.xlsx", bytes([number]), lie).path.stat().st_mtime > 1.7e9


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("../../x.xlsx", "x.xlsx"), ("/etc/x.xlsx", "etc/x.xlsx"), ("C:\\thư\\x.xlsx", "C_/thư/x.xlsx"), ("a/../../x.xlsx", "a/x.xlsx"),
        ("CON.xlsx", "CON_.xlsx"), ("nul", "nul_"), ('a<b>:"|?*.xlsx', "a_b______.xlsx"), ("x.xlsx. ", "x.xlsx"), ("a\nb.xlsx", "a_b.xlsx"),
        ("con .xlsx", "con _.xlsx"), ("COM¹.xlsx", "COM¹_.xlsx"), ("conout$", "conout$_"), ("a/" * 1200 + "x.xlsx", "a/" * 20 + "x.xlsx"),
        ("...", "tệp không tên"), ("", "tệp không tên"), ("ế" * 300 + ".xlsx", "ế" * 60 + ".xlsx"),
        (unicodedata.normalize("NFD", "Hàng Bạc.xlsx"), "Hàng Bạc.xlsx"),
    ],
)  # fmt: skip
def test_names_are_cleaned(name: str, place: str, tmp_path: Path) -> None:
    inbox = tmp_path / "da-nhan"
    assert clean_path(name) == place
    assert _take(inbox, name, b"1").path == inbox / place
    assert [path.name for path in tmp_path.iterdir()] == ["da-nhan"]


@pytest.mark.parametrize("name", ["~$Hàng Bạc.xlsx", ".~lock.x.ods#", ".hidden", "a/.git/x.xlsx", "__MACOSX/x.xlsx"])
def test_what_nobody_meant_to_send_is_not_copied(name: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="không chép"):
        _take(tmp_path, name, b"1")
    assert not any(tmp_path.iterdir())


def test_what_is_too_large_is_not_copied(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="25 MB"):
        _take(tmp_path, "x.xlsx", bytes(MAX_FILE + 1))
    assert not any(tmp_path.iterdir())


@POSIX
def test_a_link_leads_nothing_out_of_the_inbox(tmp_path: Path) -> None:
    inbox, elsewhere = tmp_path / "da-nhan", tmp_path / "nơi khác"
    for folder in (inbox, elsewhere):
        folder.mkdir()
    (inbox / "a").symlink_to(elsewhere)
    (inbox / "b.xlsx").symlink_to(elsewhere / "b.xlsx")
    for name in ("a/x.xlsx", "b.xlsx"):
        with pytest.raises(UserError, match="liên kết"):
            _take(inbox, name, b"1")
    assert not any(elsewhere.iterdir())


def test_nothing_empty_stays_where_another_program_holds_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(PermissionError(13, "held")))
    with pytest.raises(UserError, match="đang giữ"):
        _take(tmp_path, "x.xlsx", b"1")
    assert not any(tmp_path.iterdir())


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(UserError, match="ổ đĩa đã đầy"):
        _take(tmp_path, "x.xlsx", b"1")
    assert not any(tmp_path.iterdir())
