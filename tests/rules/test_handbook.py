"""The handbook is what the rules say, and every clause of the plan has its answer."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from dhtt_excel.plan.plan import Plan, load_plan
from dhtt_excel.rules import RULES, RULES_BY_CODE, files, is_for_office
from dhtt_excel.rules.files import report_overdue
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
        for clause in {rule.cites, rule.cites_upper} & plan.clauses.keys():
            assert plan.clauses[clause] in page


def test_the_limit_of_the_conference_is_told_for_the_pilot_and_the_others(plan: Plan) -> None:
    title, *_ = show_rule("TT02", plan).splitlines()
    assert "trước ngày 15/03/2020; hội nghị điểm trước ngày 30/01/2020 (kế hoạch in 30/01/2019)" in title
    without = load_plan("ha-noi-2025")
    assert show_rule("TT02", without).splitlines()[0].endswith("trước ngày 15/05/2026")


def test_what_rules_are_about_that_are_not_about_what_is_entered(plan: Plan) -> None:
    about: dict[str, list[str]] = {}
    for rule in RULES_BY_CODE.values():
        about.setdefault(rule.about, []).append(rule.code)
    del about["data"]
    assert about == {
        "file": ["TEP01", "TEP02", "TEP03", *(f"TH0{number}" for number in range(1, 6))],
        "sending": ["TEP04", "TEP05"],
        "form": ["TEP06", "TEP07", "TEP08", "TEP09", "TEP10"],
        "shares": ["DB01", "HN01", "HN02"],
        "office": ["NB01", "NB02", "NB03", "NB04"],
    }
    found = files.several_files.finding(plan, unit="", file="", sheet="", cell="", message="")
    assert is_for_office(found)
    assert not is_for_office(replace(found, code=files.missing_sheet.code))
    assert not is_for_office(replace(found, code="of a rule that an earlier program had"))


def test_a_rule_that_cites_the_plan_cites_a_clause_of_it(plan: Plan) -> None:
    others = {"Biểu mẫu", "Luật Thi đua, khen thưởng"}
    strange = [(rule.code, rule.cites) for rule in RULES if rule.cites not in plan.clauses.keys() | others]
    assert not strange, "`cites=` names no key of [clauses] in dhtt_excel/plan/*.toml"
    assert {rule.cites_upper for rule in RULES} <= plan.clauses.keys() | {""}


def test_what_is_asked_of_both_levels_cites_the_clause_of_each() -> None:
    """II.2.1 and III.4 are the wards', II.2.2 and III.1 the district's; II.3 and II.4 are everybody's."""
    for rule in RULES:
        ward = rule.cites.startswith(("II.2.1", "III.4")) and rule.level != "local" and rule is not report_overdue
        assert bool(rule.cites_upper) is ward, rule.code
        assert not ward or rule.cites_upper == rule.cites.replace("II.2.1", "II.2.2").replace("III.4", "III.1")
        assert rule.level != "local" or not rule.cites.startswith(("II.2.2", "III.1"))
        assert rule.level != "upper" or not rule.cites.startswith(("II.2.1", "III.4"))


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
