"""579 workbooks by way of 30 districts against one run on all of them: every figure, and what rolling up costs.

    python -m benchmarks.rollup [UNITS] [DISTRICTS] [RUNS]

Makes UNITS (579) invented workbooks, consolidates them as DISTRICTS (30) and at once, rolls the results up, once from
their tong-hop and once from their ket-qua.json, and prints which figures differ and the processor time of each roll-up, all
processes together, median of RUNS (3). Ends with 1 where a figure differs. Not part of the tests.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from dhtt_excel.figures.city_forms import SENSITIVE
from dhtt_excel.form.draw_form import Entries, draw_form
from dhtt_excel.form.form import form_of
from dhtt_excel.outputs.summary.write_summary import write_summary
from dhtt_excel.outputs.write_json import write_json
from dhtt_excel.pipeline import consolidate
from dhtt_excel.plan.plan import Plan, Unit, load_plan
from dhtt_excel.rehearsal.invent_campaign import invent_entries
from dhtt_excel.rules import RULES

AS_OF = date(2020, 3, 28)
_FIRST = 90000


def deal_units(units: int, districts: int) -> list[tuple[Unit, Plan]]:
    """The districts of the example city with as many of these units each, and their plans."""
    base, city = load_plan(), load_plan("ha-noi-2020")
    wards = [Unit(f"{_FIRST + n}", f"Số {n}") for n in range(1, units + 1)]
    dealt = []
    for place, unit in enumerate(city.local_units[:districts]):
        own = wards[place * units // districts : (place + 1) * units // districts]
        upper = Unit(unit.code, unit.name, "upper", unit.noun)
        dealt.append((unit, replace(base, id=f"quan-{unit.code}", units=(*own, upper))))
    return dealt


def _draw(plan: Plan, unit: Unit, entries: Entries, path: Path) -> None:
    path.write_bytes(draw_form(plan, form_of(plan), unit, RULES, entries))


def _consolidate(plan: Plan, folder: Path, out: Path) -> None:
    result = consolidate(folder, plan, AS_OF)
    out.mkdir(parents=True)
    (out / f"tong-hop-{plan.id}.xlsx").write_bytes(write_summary(result))
    (out / f"{plan.id}.json").write_bytes(write_json(result))


def make_results(units: int, districts: int, home: Path) -> list[str]:
    """Write and consolidate all workbooks, by district below `home/quan` and at once into `home/toan`; the districts' codes."""
    dealt = deal_units(units, districts)
    whole = replace(
        dealt[0][1], id="toan", units=(*(u for _, p in dealt for u in p.local_units), dealt[0][1].upper_unit)
    )
    with ProcessPoolExecutor() as pool:
        tasks = []
        (home / "vao" / "toan").mkdir(parents=True)
        for unit, plan in dealt:
            folder = home / "vao" / unit.code
            folder.mkdir()
            for ward in plan.units:
                entries = invent_entries(plan, form_of(plan), ward, 215)
                tasks.append(pool.submit(_draw, plan, ward, entries, folder / f"{ward.code}.xlsx"))
                if ward.level == "local":
                    tasks.append(pool.submit(_draw, whole, ward, entries, home / "vao" / "toan" / f"{ward.code}.xlsx"))
        for task in tasks:
            task.result()
    for unit, plan in dealt:
        _consolidate(plan, home / "vao" / unit.code, home / "quan" / unit.code)
    _consolidate(whole, home / "vao" / "toan", home / "toan")
    return [unit.code for unit, _ in dealt]


def tell_local(record: dict[str, Any]) -> dict[str, Any]:
    """All that a record says of the conferences of the lowest level; of what is sensitive the kinds, and how many values add up."""
    told: dict[str, Any] = {f"unit {u['code']}": (u["values"], u["wholes"], u["unsaid"]) for u in record["units"]}
    for group in record["structure"]:
        hidden = group["column"] in SENSITIVE
        told[f"unsaid {group['title']}"] = group["unsaid"][0]
        for line in group["lines"]:
            if line["local"] and not (hidden and line["within"]):
                told[f"{group['title']}: {line['label']}"] = line["local"]
        told[f"values of {group['title']}"] = sum(line["local"] for line in group["lines"] if line["within"])
    told["ages"] = record["ages"][0]
    for form in ("honours", "awards", "speeches"):
        told[form] = record[form]["total"]["local"]
        for part, lines in record[form]["lines"].items():
            told |= {
                f"{form} {part} {line['label']}": (line["local"], line["unsaid"][0])
                for line in lines
                if any(line["local"])
            }
    return told


def find_differences(record: dict[str, Any], other: dict[str, Any]) -> Iterator[str]:
    one, two = tell_local(record), tell_local(other)
    for key in {**one, **two}:
        if one.get(key) != two.get(key):
            yield f"{key}: {one.get(key)} / {two.get(key)}"


def measure(command: Sequence[str]) -> float:
    """Processor time in user mode, of all processes."""
    before = os.times().children_user
    subprocess.run(command, check=False, capture_output=True)
    return os.times().children_user - before


def main() -> None:
    units, districts, runs = (int(given or usual) for given, usual in zip_longest(sys.argv[1:], (579, 30, 3)))
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        codes = make_results(units, districts, home)
        whole = json.loads((home / "toan" / "toan.json").read_bytes())["record"]
        print(f"{units} units by {districts} districts\n")
        print("| read from | figures compared | differ | user time, s |\n|---|---:|---:|---:|")
        differ = False
        for suffix in (".xlsx", ".json"):
            folder, out = home / f"ket-qua{suffix}", home / f"ra{suffix}"
            folder.mkdir()
            for code in codes:
                for path in (home / "quan" / code).glob(f"*{suffix}"):
                    shutil.copy(path, folder / f"{code}{suffix}")
            command = [sys.executable, "-m", "dhtt_excel", "rollup", str(folder), "-o", str(out), "--as-of", f"{AS_OF}"]
            seconds = statistics.median(measure(command) for _ in range(runs))
            record = json.loads((out / "ket-qua.json").read_bytes())["record"]
            found = list(find_differences(record, whole))
            differ |= bool(found)
            print(f"| {suffix} | {len(tell_local(whole))} | {len(found)} | {seconds:.2f} |")
            for line in found[:10]:
                print(f"  {line}", file=sys.stderr)
    sys.exit(differ)


if __name__ == "__main__":
    main()
