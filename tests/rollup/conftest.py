"""Three districts of a city, what each of them would send up, and the roll-up as a user runs it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from dhtt_excel.outputs.summary.write_summary import write_summary
from dhtt_excel.outputs.write_json import write_json
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.result import Result
from dhtt_excel.rollup.record import ResultRecord
from dhtt_excel.terminal.cli import commands
from tests.rollup.campaigns import Campaign, record_of, split_plan

CITY = """
based_on = "ha-noi-2020"
id = "thanh-pho-thu"

[[units]]
code = "001"
name = "Ba Đình"
noun = "quận"

[[units]]
code = "002"
name = "Hoàn Kiếm"
noun = "quận"

[[units]]
code = "269"
name = "Sơn Tây"
noun = "thị xã"

[[units]]
code = "01"
name = "Hà Nội"
level = "upper"
"""
_FIRST = 1_585_500_000  # 29 March 2020: when the first of the files was sent, the others an hour apart
_NAMES = {"001": ("Ba Đình", "quận"), "002": ("Hoàn Kiếm", "quận"), "269": ("Sơn Tây", "thị xã")}


@dataclass(frozen=True)
class District:
    """What a district has, in both forms."""

    result: Result
    record: ResultRecord
    summary: bytes
    written: bytes


@pytest.fixture(scope="session")
def districts(plan: Plan) -> dict[str, District]:
    """By code; read only."""
    campaign, made = Campaign(plan, 9), {}
    for number, (code, (name, noun)) in enumerate(_NAMES.items()):
        units = [Unit(f"{code}{n:02}", f"{name} {n}", noun="phường") for n in range(1, 4 + number)]
        own = split_plan(plan, units, code)
        upper = Unit(code, name, "upper", noun)
        result = campaign.consolidate(_with_upper(own, upper))
        made[code] = District(result, record_of(result), write_summary(result), write_json(result))
    return made


def _with_upper(plan: Plan, upper: Unit) -> Plan:
    office = f"{upper.noun} {upper.name}"
    names = replace(plan.levels.upper, office=f"UBND {office}", full_office=f"Ủy ban nhân dân {office}")
    return replace(plan, units=(*plan.local_units, upper), levels=replace(plan.levels, upper=names))


@pytest.fixture(scope="session")
def city_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kế hoạch") / "thành phố.toml"
    path.write_text(CITY, encoding="utf-8")
    return path


@dataclass(frozen=True)
class Run:
    """How `dhtt rollup --json` ended, and what it said."""

    code: int
    told: dict[str, Any]
    out: Path

    def findings(self, *codes: str) -> list[dict[str, Any]]:
        """Those of these rules; by default all but who has not sent and that a result is a draft."""
        return [
            f for f in self.told["findings"] if (f["code"] in codes if codes else f["code"] not in ("TEP05", "TH08"))
        ]

    def unit(self, code: str) -> dict[str, Any]:
        return next(unit for unit in self.told["units"] if unit["code"] == code)


@pytest.fixture
def roll_up(city_file: Path, tmp_path: Path) -> Callable[..., Run]:
    """Have these files and no others in a folder, run the command on it, and read its JSON."""

    def run(files: dict[str, bytes], *options: str) -> Run:
        folder, out = tmp_path / "đã nhận", tmp_path / "kết quả"
        shutil.rmtree(folder, ignore_errors=True)
        for place, (name, data) in enumerate(files.items()):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            os.utime(path, (_FIRST + 3600 * place,) * 2)
        command = ["rollup", str(folder), "-o", str(out), "--plan", str(city_file), "--as-of", "2020-04-05", "--json"]
        ended = CliRunner().invoke(commands, [*command, *options], catch_exceptions=False)
        return Run(ended.exit_code, json.loads(ended.stdout), out)

    return run
