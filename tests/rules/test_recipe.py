"""The README's recipe "Adding a rule", followed to the letter on a copy: forgotten steps are named, then all is well."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RULE = """

@rule("BC99", "Mục I.1 của báo cáo viết ít nhất hai câu", cites="II.4.a", severity=Severity.WARNING,
      advice="Viết thêm.", example="Mục I.1 chỉ có một câu.", sheet="report")  # fmt: skip
def section_too_short(report: pd.DataFrame) -> Iterator[Fault]:
    for row in list_rows(report.dropna(subset=["content"])):
        if row.section == "I.1" and row.content == "Ngắn":
            yield Fault(row, "content", "Mục I.1 chỉ có một chữ")
"""
BREACH = """

@in_workbook(report.section_too_short)
def write_one_word(draft: Draft) -> tuple[Place, str]:
    row = first(r["excel_row"] for r in draft.rows("report"))
    return draft.put("report", "content", "Ngắn", row), "mục I.1 chỉ viết một chữ"
"""
CLAUSE = ("| BC02, BC03, BC04 |", "| BC02, BC03, BC04, BC99 |")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in (
        "dhtt_excel",
        "benchmarks",
        "docs",
        "input_templates",
        "packaging",
        "tests",
        "README.md",
        "pyproject.toml",
        ".ci",
    ):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "img"))
        else:
            shutil.copy(source, tmp_path / name)
    return tmp_path


def _run(copy: Path, *command: str) -> str:
    # `-P` keeps the script's folder from the path: what is imported is the copy, by PYTHONPATH.
    done = subprocess.run(
        [sys.executable, *command], cwd=copy, capture_output=True, encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    return done.stdout + done.stderr


def _test(copy: Path) -> str:
    concerned = "BC99 or handbook or readme or (every_rule_has_a_breach)"
    modules = (path for path in (copy / "tests").rglob("test_*.py") if "mark.quick" in path.read_text(encoding="utf-8"))
    return _run(copy, "-m", "pytest", "-m", "quick", "-k", concerned, "-p", "no:cacheprovider", *map(str, modules))


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_a_rule_is_added_by_the_recipe_alone(copy: Path) -> None:
    _append(copy / "dhtt_excel/rules/report.py", RULE)
    told = _test(copy)
    for step in (
        "BC99: write a breach in dhtt_excel/rehearsal/breaches/report.py",
        "docs/doi-chieu-ke-hoach.md",
        "put what .venv/bin/dhtt rules prints into README.md",
        "run: .venv/bin/dhtt rules --handbook > docs/quy-tac.md",
    ):
        assert step in told, told
    _append(copy / "dhtt_excel/rehearsal/breaches/report.py", BREACH)
    clauses, readme = copy / "docs/doi-chieu-ke-hoach.md", copy / "README.md"
    clauses.write_text(clauses.read_text(encoding="utf-8").replace(*CLAUSE), encoding="utf-8")
    table = _run(copy, "-m", "dhtt_excel", "rules")
    written = readme.read_text(encoding="utf-8")
    readme.write_text(
        re.sub(r"```\nMã .*?```", lambda _: f"```\n{table}```", written, flags=re.DOTALL), encoding="utf-8"
    )
    (copy / "docs/quy-tac.md").write_text(_run(copy, "-m", "dhtt_excel", "rules", "--handbook"), encoding="utf-8")
    told = _test(copy)
    assert re.search(r"\b[1-9]\d* passed", told), told
    assert " failed" not in told, told
