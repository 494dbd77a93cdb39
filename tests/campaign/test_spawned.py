"""A whole run where processes are spawned, as on Windows and macOS: the same bytes as where they are forked."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dhtt_excel.plan.plan import Plan
from tests.conftest import Fill

ROOT = Path(__file__).parents[2]
RUN = """
import multiprocessing, sys
from dhtt_excel.outputs import write_outputs
from dhtt_excel.terminal.cli import main

if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv.pop(1))
    write_outputs._LINES_WORTH_SENDING = 0  # beside each other, however small the campaign
    main()
"""


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="nothing to compare")
def test_spawned_processes_make_the_same_bytes(few: Plan, few_units: Path, fill: Fill, tmp_path: Path) -> None:
    script = tmp_path / "run.py"
    script.write_text(RUN, encoding="utf-8")
    inbox = fill(few.units_by_code["00061"], {"Đại biểu!D8": "Nữu", "Đại biểu!E9": 1800}).parent
    fill(few.units_by_code["00064"])
    (inbox / "hỏng.xlsx").write_bytes(b"PK\x03\x04")
    made = []
    for method in ("fork", "spawn"):
        out = tmp_path / method
        command = [sys.executable, "-W", "error", str(script), method, "consolidate", str(inbox), "-o", str(out)]
        run = subprocess.run(
            [*command, "--as-of", "2020-03-20", "--plan", str(few_units)], capture_output=True, encoding="utf-8", cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert (run.returncode, run.stderr) == (1, "")
        made.append({p.relative_to(out): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()})
    assert made[0] == made[1]
    assert len(made[0]) > 10
