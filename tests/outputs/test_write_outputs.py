"""The files of a run, as a whole."""

from __future__ import annotations

import gc
from datetime import date
from pathlib import Path

import pytest

from dhtt_excel.pipeline import consolidate, write_result
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.terminal.show_result import show_verdict
from tests.conftest import AS_OF, Fill


def test_the_collector_goes_on_where_writing_breaks_off(plan: Plan, tmp_path: Path) -> None:
    seen: list[bool] = []

    def break_off(name: str, steps: int) -> None:
        seen.append(gc.isenabled())
        if name.startswith("so-theo-doi"):
            raise KeyboardInterrupt

    (tmp_path / "torn.xlsx").write_bytes(b"PK")
    result, out = consolidate(tmp_path, plan, AS_OF), tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        write_result(result, out, break_off)
    assert set(seen) == {False}
    assert gc.isenabled()
    assert not out.exists()


def test_what_the_staff_wrote_is_kept_and_said_first(few: Plan, ward: Unit, fill: Fill, tmp_path: Path) -> None:
    """Blanks of the report filled in, notes in the register, a copy, a draft: the next run writes beside them."""
    folder, out = fill(ward, {"Báo cáo!B8": None}).parent, tmp_path / "ra"

    def run(day: date) -> list[str]:
        result = consolidate(folder, few, day, out)
        told = show_verdict(result, write_result(result, out))
        return told.partition("\n\n")[2].splitlines()

    assert not any("Giữ nguyên" in line for line in run(AS_OF))
    (copy,) = out.glob("tra-lai/*.xlsx")
    own = [out / f"bao-cao-{few.id}.docx", out / f"so-theo-doi-{few.id}.xlsx", *out.glob("thu/can-sua_*.eml")]
    for path in (*own, copy):
        path.write_bytes(b"what a person wrote")
    (out / "ghi chú.docx").write_bytes(b"mine")
    untouched = (out / f"tong-hop-{few.id}.xlsx").read_bytes()
    fill(ward, {"Báo cáo!B8": None, "Báo cáo!B13": None})
    told = run(date(2020, 3, 19))
    names = [path.name for path in own]
    beside = [path.with_stem(f"{path.stem} (2020-03-19)") for path in own]
    nouns = ("tệp", "tệp", "thư nháp")
    assert sorted(told[:3]) == sorted(
        f"Giữ nguyên {noun} bạn đã sửa: “{name}”; bản mới là “{new.name}”"
        for noun, name, new in zip(nouns, names, beside, strict=True)
    )
    assert f"Đã ghi {beside[0]} (vì {names[0]} được giữ nguyên)" in told
    assert f"Bản trả lại bạn đã sửa nhưng không còn đúng với lần chạy này, đừng gửi: “{copy.name}”" in told
    assert {path.read_bytes() for path in (*own, copy)} == {b"what a person wrote"}
    assert all(path.stat().st_size > 500 for path in beside)
    assert (out / f"tong-hop-{few.id}.xlsx").read_bytes() != untouched
    assert (out / "ghi chú.docx").read_bytes() == b"mine"
    own[0].unlink()  # its text has been taken over into the new one
    told = run(date(2020, 3, 20))
    assert own[0].stat().st_size > 500
    assert not beside[0].exists()
    assert "Đã xóa 1 tệp của lần chạy trước, không còn đúng nữa" in told


def test_a_history_that_a_person_touched_is_gone_on_from(few: Plan, ward: Unit, fill: Fill, tmp_path: Path) -> None:
    folder, out = fill(ward).parent, tmp_path / "ra"
    write_result(consolidate(folder, few, AS_OF, out), out)
    history = out / "ket-qua.json"
    whole = history.read_bytes()
    history.write_bytes(whole + b"\n\n")
    write_result(consolidate(folder, few, AS_OF, out), out)
    assert history.read_bytes() == whole
    assert not list(out.glob("ket-qua (*"))
