"""A folder of ours: what an earlier run wrote goes, what a person changed stays, what is held stops nothing."""

from __future__ import annotations

import errno
import json
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from dhtt_excel.errors import UserError
from dhtt_excel.outputs import atomic_files
from dhtt_excel.outputs import replace_files as module
from dhtt_excel.outputs.replace_files import Replaced
from dhtt_excel.plan.plan import load_plan
from tests.typed import type_demo

LIST = ".dhtt-list.json"
DAY = date(2020, 3, 18)
replace_files = partial(module.replace_files, day=DAY)


def contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name != LIST}


def test_what_is_no_longer_written_goes(tmp_path: Path) -> None:
    folder = tmp_path / "thư nháp"
    replace_files(folder, {"a": b"1", "b": b"2"})
    replaced = replace_files(folder, {"b": b"3", "c": b"4"})
    assert contents(folder) == {"b": b"3", "c": b"4"}
    assert replaced == Replaced(folder, {"b": "b", "c": "c"}, removed=["a"])
    assert sorted(json.loads((folder / LIST).read_bytes())) == ["b", "c"]


def test_nothing_to_write_makes_no_folder(tmp_path: Path) -> None:
    assert replace_files(tmp_path / "thu", {}) == Replaced(tmp_path / "thu")
    assert not (tmp_path / "thu").exists()


def test_the_same_again_touches_nothing(tmp_path: Path) -> None:
    replace_files(tmp_path, {"a": b"1"})
    before = {p: p.stat().st_mtime_ns for p in tmp_path.iterdir()}
    replaced = replace_files(tmp_path, {"a": b"1"})
    assert replaced.written == {"a": "a"}
    assert {p: p.stat().st_mtime_ns for p in tmp_path.iterdir()} == before


def test_only_the_kinds_of_this_run_go_and_what_is_spared_stays(tmp_path: Path) -> None:
    replace_files(tmp_path, {"x_1.eml": b"1", "y_1.eml": b"1", "y_2.eml": b"1", "z_1.eml": b"1"})
    (tmp_path / "y_2.eml").write_bytes(b"mine")
    replace_files(tmp_path, {"y_2.eml": b"2"}, kinds=("y_",), spare=["y_1.eml"])
    assert sorted(contents(tmp_path)) == ["x_1.eml", "y_1.eml", "y_2 (2020-03-18).eml", "y_2.eml", "z_1.eml"]
    replaced = replace_files(tmp_path, {}, kinds=("y_",), spare=["y_2.eml"])
    assert sorted(contents(tmp_path)) == ["x_1.eml", "y_2 (2020-03-18).eml", "y_2.eml", "z_1.eml"]
    assert replaced.removed == ["y_1.eml"]


def test_what_a_person_changed_stays_and_is_told(tmp_path: Path) -> None:
    replace_files(tmp_path, {"a.eml": b"1", "b.eml": b"1"})
    for name in ("a.eml", "b.eml"):
        (tmp_path / name).write_bytes(b"mine")
    unchanged = replace_files(tmp_path, {"a.eml": b"1", "b.eml": b"1"})
    assert (unchanged.written, unchanged.kept) == ({}, ["a.eml", "b.eml"])  # nothing new: no second draft
    replaced = replace_files(tmp_path, {"a.eml": b"2"})
    assert replaced == Replaced(tmp_path, {"a.eml": "a (2020-03-18).eml"}, kept=["a.eml"], outdated=["b.eml"])
    assert contents(tmp_path) == {"a.eml": b"mine", "a (2020-03-18).eml": b"2", "b.eml": b"mine"}
    again = replace_files(tmp_path, {"a.eml": b"3"})
    assert contents(tmp_path) == {"a.eml": b"mine", "a (2020-03-18).eml": b"3", "b.eml": b"mine"}
    assert again == replaced
    (tmp_path / "a.eml").unlink()  # sent, and put away
    last = replace_files(tmp_path, {"a.eml": b"3"})
    assert contents(tmp_path) == {"a.eml": b"3", "b.eml": b"mine"}
    assert last.removed == ["a (2020-03-18).eml"]


def test_a_second_change_is_kept_too(tmp_path: Path) -> None:
    replace_files(tmp_path, {"a.eml": b"1"})
    (tmp_path / "a.eml").write_bytes(b"mine")
    replace_files(tmp_path, {"a.eml": b"2"})
    (tmp_path / "a (2020-03-18).eml").write_bytes(b"mine too")
    same = replace_files(tmp_path, {"a.eml": b"2"})
    assert (same.written, same.kept, same.outdated) == ({}, ["a.eml", "a (2020-03-18).eml"], [])
    replaced = replace_files(tmp_path, {"a.eml": b"3"})
    assert replaced.written == {"a.eml": "a (2020-03-18) (2).eml"}
    assert contents(tmp_path) == {"a.eml": b"mine", "a (2020-03-18).eml": b"mine too", "a (2020-03-18) (2).eml": b"3"}


def test_what_a_person_put_there_is_nobodys_to_remove(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(b"theirs")
    (tmp_path / "same.eml").write_bytes(b"2")
    replaced = replace_files(tmp_path, {"a.eml": b"1", "same.eml": b"2"})
    assert replaced == Replaced(tmp_path, {"a.eml": "a (2020-03-18).eml", "same.eml": "same.eml"}, kept=["a.eml"])
    replace_files(tmp_path, {})
    assert contents(tmp_path) == {"a.eml": b"theirs"}


def test_a_held_file_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows refuses to replace or remove a file that a mail program holds open."""
    replace_files(tmp_path, {"held.eml": b"1", "old.eml": b"1", "free.eml": b"1"})
    held = {tmp_path / "held.eml", tmp_path / "old.eml"}
    replace, unlink = Path.replace, Path.unlink

    def refuse(path: Path) -> None:
        if path in held:
            raise PermissionError(13, "held by Outlook")

    def held_replace(self: Path, target: Path) -> Path:
        refuse(target)
        return replace(self, target)

    def held_unlink(self: Path, missing_ok: bool = False) -> None:
        refuse(self)
        unlink(self, missing_ok=missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", held_replace)
        patch.setattr(Path, "unlink", held_unlink)
        replaced = replace_files(tmp_path, {"held.eml": b"2", "free.eml": b"2"})
    assert replaced.written == {"held.eml": "held (2).eml", "free.eml": "free.eml"}
    assert replaced.held == ["held.eml", "old.eml"]
    assert replaced.kept == replaced.outdated == []
    assert replace_files(tmp_path, {"held.eml": b"2"}).removed == ["free.eml", "held (2).eml", "old.eml"]
    assert contents(tmp_path) == {"held.eml": b"2"}


def test_another_day_gives_another_name_and_the_earlier_one_goes(tmp_path: Path) -> None:
    replace_files(tmp_path, {"a.eml": b"1"})
    (tmp_path / "a.eml").write_bytes(b"mine")
    replace_files(tmp_path, {"a.eml": b"2"})
    same = replace_files(tmp_path, {"a.eml": b"2"}, day=date(2020, 3, 19))
    assert same == Replaced(tmp_path, {"a.eml": "a (2020-03-18).eml"}, kept=["a.eml"])
    later = replace_files(tmp_path, {"a.eml": b"3"}, day=date(2020, 3, 19))
    assert later.removed == ["a (2020-03-18).eml"]
    assert contents(tmp_path) == {"a.eml": b"mine", "a (2020-03-19).eml": b"3"}
    (tmp_path / "a (2020-03-19).eml").write_bytes(b"mine, merged")
    (tmp_path / "a.eml").unlink()
    last = replace_files(tmp_path, {"a.eml": b"4"}, day=date(2020, 3, 20))
    assert (last.written, last.outdated) == ({"a.eml": "a.eml"}, ["a (2020-03-19).eml"])
    assert contents(tmp_path) == {"a.eml": b"4", "a (2020-03-19).eml": b"mine, merged"}


def test_a_run_that_fails_before_the_journal_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace_files(tmp_path, {"a": b"1", "b": b"1"})
    before = contents(tmp_path)
    stage = atomic_files.stage_file

    def fail(folder: Path, data: bytes) -> Path:
        if data == b"3":
            raise UserError("Không ghi được")
        return stage(folder, data)

    monkeypatch.setattr(module, "stage_file", fail)
    with pytest.raises(UserError):
        replace_files(tmp_path, {"a": b"2", "b": b"3"})
    assert contents(tmp_path) == before
    assert replace_files(tmp_path, {}).removed == ["a", "b"]


def test_a_run_that_fails_after_the_journal_is_ended_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_files(tmp_path, {"a": b"1", "b": b"1"})
    replace = Path.replace

    def fail(self: Path, target: Path) -> Path:
        if target.name == "b":
            raise OSError(errno.EIO, "Input/output error")
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        with pytest.raises(UserError, match=r"ổ đĩa đọc, ghi bị lỗi\. .* lần chạy sau sẽ đặt nốt\."):
            replace_files(tmp_path, {"a": b"2", "b": b"2"})
    assert module.is_half_placed(tmp_path)
    with module.claim_folder(tmp_path) as words:
        assert [word for word in words if "đã đặt nốt" in word]
        assert contents(tmp_path) == {"a": b"2", "b": b"2", ".dhtt-lock": contents(tmp_path)[".dhtt-lock"]}
    assert not module.is_half_placed(tmp_path)
    assert replace_files(tmp_path, {}).removed == ["a", "b"]


@pytest.mark.parametrize("listed", [b"", b"[]", b'{"../x": "1", "y": 2}', b"\xff", b"[" * 100_000])
def test_a_damaged_list_leaves_every_file_to_its_owner(tmp_path: Path, listed: bytes) -> None:
    folder = tmp_path / "thu"
    replace_files(folder, {"a": b"1"})
    (tmp_path / "x").write_bytes(b"outside")
    (folder / LIST).write_bytes(listed)
    assert replace_files(folder, {"b": b"1"}).removed == []
    assert contents(folder) == {"a": b"1", "b": b"1"}
    assert (tmp_path / "x").exists()


def test_an_earlier_demo_is_replaced_but_for_what_a_person_changed(tmp_path: Path) -> None:
    plan = load_plan("ha-noi-2025")
    type_demo(plan, tmp_path, clean=True)
    first = contents(tmp_path)
    changed, stale = sorted(first)[:2]
    (tmp_path / changed).write_bytes(b"mine")
    sent = type_demo(plan, tmp_path, seed=7)
    assert [f.name for f in sent if f.note.startswith("Tệp bạn đã sửa")] == [changed]
    later = contents(tmp_path)
    assert later[changed] == b"mine"
    assert later.get(stale) != first[stale]
    assert not [name for name, data in later.items() if first.get(name) == data]
