"""The handbook is what the rules say, and every clause of the plan has its answer."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from dhtt_excel.plan.plan import Plan
from dhtt_excel.rules import RULES, RULES_BY_CODE, files, is_for_office
from dhtt_excel.terminal.show_rules import show_rule, write_handbook

DOCS = Path(__file__).parents[2] / "docs"

pytestmark = pytest.mark.quick


def test_the_written_handbook_is_the_printed_one(plan: Plan) -> None:
    written = (DOCS / "quy-tac.md").read_text(encoding="utf-8")
    assert written == write_handbook(plan), "run: .venv/bin/dhtt rules --handbook > docs/quy-tac.md"


def test_the_readme_names_files_that_there_are() -> None:
    root = DOCS.parent
    named = re.findall(r"[\w/-]+/[\w-]+\.(?:py|toml|md)\b", (root / "README.md").read_text(encoding="utf-8"))
    assert "form/formulas.py" in named
    assert [name for name in named if not (root / name).exists() and not (root / "dhtt_excel" / name).exists()] == []


def test_every_rule_says_what_why_an_example_and_how_to_mend(plan: Plan) -> None:
    for rule in RULES:
        page = show_rule(rule.code.lower(), plan)
        for label in ("Mức: ", "Căn cứ: ", "Ví dụ vi phạm: ", "Cách sửa: "):
            assert re.search(rf"^{label}\S", page, re.MULTILINE), (rule.code, label)
        assert rule.cites not in plan.clauses or plan.clauses[rule.cites] in page


def test_what_rules_are_about_that_are_not_about_what_is_entered(plan: Plan) -> None:
    about: dict[str, list[str]] = {}
    for rule in RULES_BY_CODE.values():
        about.setdefault(rule.about, []).append(rule.code)
    del about["data"]
    assert about == {
        "file": ["TEP01", "TEP02", "TEP03"],
        "sending": ["TEP04", "TEP05"],
        "form": ["TEP06", "TEP07", "TEP08", "TEP09", "TEP10"],
        "shares": ["DB01", "HN01", "HN02"],
        "office": ["NB01", "NB02", "NB03"],
    }
    found = files.several_files.finding(plan, unit="", file="", sheet="", cell="", message="")
    assert is_for_office(found)
    assert not is_for_office(replace(found, code=files.missing_sheet.code))
    assert not is_for_office(replace(found, code="of a rule that an earlier program had"))


def test_a_rule_that_cites_the_plan_cites_a_clause_of_it(plan: Plan) -> None:
    others = {"Biểu mẫu", "Luật Thi đua, khen thưởng"}
    strange = [(rule.code, rule.cites) for rule in RULES if rule.cites not in plan.clauses.keys() | others]
    assert not strange, "`cites=` names no key of [clauses] in dhtt_excel/plan/*.toml"


def test_the_clause_table_has_no_blank(plan: Plan) -> None:
    """Each line names rules that exist or says why there is none; each rule is somewhere."""
    lines = (DOCS / "doi-chieu-ke-hoach.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")][1:]
    codes = {rule.code for rule in RULES}
    named: set[str] = set()
    for clause, requirement, rules, note in rows:
        assert clause
        assert requirement
        found = set() if rules == "–" else set(rules.split(", "))
        assert found <= codes, clause
        assert found or note, clause
        named |= found
    unnamed = sorted(codes - named)
    assert not unnamed, f"{unnamed}: add each to the line of its clause in docs/doi-chieu-ke-hoach.md"
    clauses = " ".join(row[0] for row in rows)
    assert [c for c in plan.clauses if c not in clauses and not c.startswith("Phụ lục")] == []
