"""`dhtt demo` of a plan that rolls up: what is said to have happened is what is found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from dhtt_excel.errors import UserError
from dhtt_excel.plan.plan import load_plan
from dhtt_excel.rehearsal.demo import write_demo
from dhtt_excel.terminal.cli import commands
from dhtt_excel.text.file_names import HISTORY_FILE

NAMES = ("Ba Đình", "Hoàn Kiếm", "Tây Hồ", "Long Biên", "Sóc Sơn", "Đông Anh")
UNITS = "".join(
    f'[[units]]\ncode = "00{n}"\nname = "{name}"\nnoun = "{"quận" if n < 5 else "huyện"}"\n\n'
    for n, name in enumerate(NAMES, start=1)
)
CITY = f'based_on = "ha-noi-2020"\nid = "sau-quan"\n\n{UNITS}[[units]]\ncode = "01"\nname = "Hà Nội"\nlevel = "upper"\n'


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kế hoạch") / "sáu quận.toml"
    path.write_text(CITY, encoding="utf-8")
    return path


def _run(city: Path, out: Path, *options: str) -> Result:
    command = ["demo", "-o", str(out), "--plan", str(city), *options]
    return CliRunner().invoke(commands, command, catch_exceptions=False)


def test_what_happens_to_results_is_told_and_found(city: Path, tmp_path: Path) -> None:
    """One is missing, one a draft, one typed over, one came twice, one as JSON, one as it should."""
    run = _run(city, tmp_path)
    assert run.exit_code == 0
    told = json.loads((tmp_path / "ket-qua" / HISTORY_FILE).read_text(encoding="utf-8"))
    files = {unit["code"]: unit["file"] for unit in told["units"] if unit["file"]}
    notes = dict(
        line.strip().split(": ", 1) for line in run.output.splitlines() if ".xlsx: " in line or ".json: " in line
    )
    found = {f["code"]: f for f in told["findings"]}
    assert len(list((tmp_path / "da-nhan").glob("[!.]*"))) == 6
    assert len(files) == 5
    assert found.keys() == {"TEP04", "TEP05", "TH07", "TH08"}
    assert found["TEP05"]["unit"] not in files
    assert "gõ đè" in notes[found["TH07"]["file"]]
    assert "Còn là dự thảo" in notes[found["TH08"]["file"]]
    assert any("lần 2" in file for file in files.values())
    assert any(file.endswith("ket-qua.json") for file in files.values())


def test_a_faultless_one(city: Path, tmp_path: Path) -> None:
    run = _run(city, tmp_path, "--clean", "--seed", "3")
    assert "Đã nhận kết quả của 6/6" in run.output
    assert "ĐẠT" in run.output
    told = json.loads((tmp_path / "ket-qua" / HISTORY_FILE).read_text(encoding="utf-8"))
    assert told["findings"] == []


def test_one_unit_sends_something(tmp_path: Path) -> None:
    first, *_ = UNITS.split("[[units]]")[1:]
    alone = tmp_path / "một.toml"
    alone.write_text(CITY.replace(UNITS, f"[[units]]{first}"), encoding="utf-8")
    assert "Đã nhận kết quả của 1/1" in _run(alone, tmp_path / "ra").output


def test_rules_of_workbooks_cannot_be_rehearsed_on_results(city: Path, tmp_path: Path) -> None:
    run = _run(city, tmp_path, "--every-rule")
    assert run.exit_code == 2
    assert "dhtt rollup" in run.output


def test_a_plan_on_top_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="based_on"):
        write_demo(replace(load_plan("ha-noi-2020"), based_on=""), tmp_path)
