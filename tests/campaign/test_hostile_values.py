"""A table of values that no form asks for × every column of the form, from the inbox to the last byte of the outputs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest

from benchmarks.many import write_plan
from dhtt_excel import pipeline
from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.form.form import Form, form_of
from dhtt_excel.outputs.write_json import write_json
from dhtt_excel.pipeline import check_files
from dhtt_excel.plan.plan import Plan, load_plan
from dhtt_excel.rehearsal.invent_campaign import invent_entries
from dhtt_excel.result import Result
from tests.campaign.nasty_values import FALSE_VERDICT, VALUES, make_named, make_workbooks
from tests.conftest import AS_OF, SEED
from tests.sound import check_outputs
from tests.typed import fill_in

GOOD = 2  # units whose workbooks are faultless
NO_NUMBERS = ("NaN", "INF", "-inf", "1E999", "nines")


class Run(NamedTuple):
    """A campaign through the command line: its plan and folder, how it ended, its JSON."""

    plan: Plan
    folder: Path
    ended: subprocess.CompletedProcess[str]
    json: dict[str, Any]

    def findings(self, value: str) -> list[dict[str, Any]]:
        code = self.plan.local_units[GOOD + [v.name for v in VALUES].index(value)].code
        return [f for f in self.json["findings"] if f["unit"] == code]


def consolidate(inbox: Path, plan: Path, out: Path) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    command = [sys.executable, "-m", "dhtt_excel", "consolidate", inbox, "--plan", plan, "-o", out, "-v"]
    ended = subprocess.run(
        [*map(str, command), "--as-of", f"{AS_OF}"], capture_output=True, encoding="utf-8", check=False
    )
    assert ended.stderr == "", ended.stderr[-3000:]
    return ended, json.loads((out / "ket-qua.json").read_bytes())


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    home = tmp_path_factory.mktemp("hostile")
    write_plan(GOOD + len(VALUES), home / "plan.toml")
    plan = load_plan(str(home / "plan.toml"))
    form = form_of(plan)
    inbox = home / "da-nhan"
    inbox.mkdir()
    for unit in plan.local_units[:GOOD]:
        data = fill_in(plan, form, unit, invent_entries(plan, form, unit, SEED))
        (inbox / plan.workbook_name(unit)).write_bytes(data)
    for name, data in make_workbooks(plan, form, plan.local_units[GOOD:]).items():
        (inbox / name).write_bytes(data)
    for number, data in enumerate(make_named(plan, form, plan.local_units[GOOD], VALUES[::3]), start=1):
        (inbox / f"không tên {number}.xlsx").write_bytes(data)
    return Run(plan, home, *consolidate(inbox, home / "plan.toml", home / "ket-qua"))


def test_every_workbook_stands_for_its_unit(run: Run) -> None:
    assert {unit["code"] for unit in run.json["units"] if unit["file"]} == {u.code for u in run.plan.local_units}


def test_every_output_is_sound(run: Run) -> None:
    assert check_outputs(run.folder / "ket-qua") > 20 * len(VALUES)
    assert len(list((run.folder / "ket-qua" / "tra-lai").glob("*.xlsx"))) == len(VALUES)
    assert len(list((run.folder / "ket-qua" / "thu").glob("*.eml"))) == GOOD + len(VALUES)


def test_good_units_are_as_they_are_alone(run: Run) -> None:
    alone = run.folder / "riêng"
    alone.mkdir()
    for unit in run.plan.local_units[:GOOD]:
        name = run.plan.workbook_name(unit)
        shutil.copy2(run.folder / "da-nhan" / name, alone)
    lone = json.loads(write_json(pipeline.consolidate(alone, run.plan, AS_OF)))
    assert lone["units"][0]["delegates"] > 50
    assert run.json["units"][:GOOD] == lone["units"][:GOOD]


def test_what_is_not_finite_is_no_number_in_any_cell(run: Run) -> None:
    for value in NO_NUMBERS:
        found = {(f["sheet"], f["cell"].partition(":")[0]): f for f in run.findings(value) if f["code"] == "O03"}
        assert {"Thông tin", "Đại biểu", "Tham luận", "Biểu dương", "Chương trình", "Báo cáo"} == {s for s, _ in found}
        columns = {cell.rstrip("0123456789") for sheet, cell in found if sheet == "Đại biểu"}
        assert columns == set("CDEFGHIJKLMNOPQ")
        assert all("#NUM!" in f["message"] for f in found.values())


def test_a_negative_or_huge_number_is_no_hour(run: Run, form: Form) -> None:
    table = form.tables["programme"]
    for value in ("-5", "-0.5", "1E20", "1E308", "-1E308"):
        told = {f["cell"].partition(":")[0] for f in run.findings(value) if f["sheet"] == table.sheet}
        assert {cell_name(table.first_row, table.position(key)[1]) for key in ("start", "end")} <= told, value


def test_no_cell_speaks_on_the_terminal(run: Run) -> None:
    assert run.ended.returncode == 1
    lines = run.ended.stdout.split("\n")
    assert all(line.isprintable() for line in lines)
    assert not [line for line in lines if line.lstrip().startswith(FALSE_VERDICT)]
    assert sum(line.startswith("CẦN SỬA: ") for line in lines) == 1
    assert max(map(len, lines)) < 3_000


def test_copies_give_back_what_was_sent(run: Run) -> None:
    """Read again, copies have the same values in the same cells, and the same is wrong with them."""
    units = [u for u, v in zip(run.plan.local_units[GOOD:], VALUES, strict=True) if "_x" in v.name or "\\U" in v.name]
    assert len(units) > 20
    sent = [run.folder / "da-nhan" / run.plan.workbook_name(unit) for unit in units]
    copies = [path for u in units for path in (run.folder / "ket-qua" / "tra-lai").glob(f"*_{u.code}_*")]
    first, second = (check_files(paths, run.plan, AS_OF) for paths in (sent, copies))
    for key, frame in first.tables.frames.items():
        left, right = (
            f.drop(columns=["file", "received"], errors="ignore") for f in (frame, second.tables.frames[key])
        )
        pd.testing.assert_frame_equal(left, right, obj=key)
    assert _list_told(first) == _list_told(second)


def _list_told(result: Result) -> set[tuple[str, ...]]:
    return {(f.unit, f.code, f.sheet, f.cell) for f in result.findings if f.severity.asks and f.code[:3] != "TEP"}
