"""What is put into the plan's mouth are its own words: compared with the text of Kế hoạch 215/KH-UBND."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dhtt_excel import DEFAULT_PLAN
from dhtt_excel.plan.plan import PLANS, Plan
from dhtt_excel.terminal.show_rules import write_handbook
from dhtt_excel.text.vietnamese import fold

_ROOT = Path(__file__).parents[2]
_TEXT = (Path(__file__).parent / "ke-hoach-215.txt").read_text(encoding="utf-8")
_LEFT_OUT = " … "
_OWN_LISTS = ("Khác", "Người tốt, việc tốt")  # values of the list of movements that the plan does not name as such


def _run_on(text: str) -> str:
    """The text in one line, without the dashes and pluses that begin its items."""
    return " ".join(re.sub(r"^[-+] ", "", text, flags=re.MULTILINE).split())


RUNNING = _run_on(_TEXT)


def assert_said(quote: str) -> None:
    """Each piece of a quotation stands in the plan to the letter, and they follow each other."""
    at = 0
    for piece in quote.split(_LEFT_OUT):
        found = RUNNING.find(piece, at)
        assert found >= 0, piece
        at = found + len(piece)


def test_every_clause_is_in_the_plans_words(plan: Plan) -> None:
    for clause, words in plan.clauses.items():
        assert _LEFT_OUT not in words[: len(_LEFT_OUT)], clause
        assert_said(words)


def test_a_clause_is_quoted_from_its_own_place(plan: Plan) -> None:
    """II.2.1.c from what stands under II, 2.1, c, and so on."""
    sections = _cut_sections()
    for clause, words in plan.clauses.items():
        if not clause.startswith("Phụ lục"):
            text = _run_on(sections[clause])
            assert all(piece in text for piece in words.split(_LEFT_OUT)), clause


def _cut_sections() -> dict[str, str]:
    """The text below each numbered heading of the plan's three parts, under its number: "II.2.1.c"."""
    marks = ["", "", ""]
    sections: dict[str, str] = {}
    for line in _TEXT.partition("Nơi nhận:")[0].splitlines():
        for level, pattern in enumerate((r"(I{1,3})\. ", r"([0-9](?:\.[0-9])?)\. ", r"([a-z])\) ")):
            if match := re.match(pattern, line):
                marks[level:] = [match[1], *[""] * (2 - level)]
        key = ".".join(filter(None, marks))
        sections[key] = f"{sections.get(key, '')}\n{line}"
    return sections


def test_the_plans_numbered_clauses_are_all_in_the_clause_table() -> None:
    table = (_ROOT / "docs" / "doi-chieu-ke-hoach.md").read_text(encoding="utf-8")
    rows = [row.split("|")[1] for row in table.splitlines() if row.startswith("| ")]
    named = {clause.strip() for row in rows for clause in row.split(",")}
    ends = [key for key in _cut_sections() if key.count(".") >= 1]
    assert len(ends) > 15
    assert [key for key in ends if key not in named and not any(clause.startswith(f"{key}.") for clause in named)] == []


@pytest.mark.parametrize("words", ["rút kinh nghiệm", "điểm phối hợp"])
def test_the_clause_table_answers_for_the_pilot(words: str) -> None:
    assert words in (_ROOT / "docs" / "doi-chieu-ke-hoach.md").read_text(encoding="utf-8")


def test_names_title_and_programme_are_the_plans(plan: Plan) -> None:
    lower = RUNNING.casefold()
    local, upper = plan.conference.local, plan.conference.upper
    for words in (local.name, upper.name, plan.title, *plan.programme.required, *plan.programme.optional):
        assert words.casefold() in lower, words
    for movement in plan.lists.movements:
        assert movement.value in (*_OWN_LISTS,) or f"“{movement.value}”" in RUNNING, movement.value


def test_the_outline_is_the_plans_but_for_commas(plan: Plan) -> None:
    """Two commas that the plan's print has lost are set in the form."""
    outline = fold(RUNNING.partition("Hoàn Kiếm, ngày tháng năm 2019")[2])
    assert all(fold(section.text) in outline for section in plan.report.sections)


def test_quotations_beside_the_numbers_are_the_plans() -> None:
    """Those in the comments of the plan's file, and in the clause table."""
    source = (PLANS / f"{DEFAULT_PLAN}.toml").read_text(encoding="utf-8")
    comments = [text for line in source.splitlines() for text in re.findall(r'"([^"]+)"', line.partition("#")[2])]
    table = (_ROOT / "docs" / "doi-chieu-ke-hoach.md").read_text(encoding="utf-8")
    quoted = [text for text in (*comments, *re.findall("“([^”]+)”", table)) if text.strip(" …")]
    assert len(quoted) > 5
    lower = RUNNING.casefold()
    assert [text for text in quoted if text.casefold() not in lower] == []


def test_the_handbook_quotes_nothing_else_of_the_plan(plan: Plan) -> None:
    """Every quotation that follows a clause's number there is a clause of the plan's file."""
    quotes = re.findall(rf"Kế hoạch {plan.number}, mục [^:\n]+: “(.+)”$", write_handbook(plan), re.MULTILINE)
    assert len(quotes) > 40
    assert set(quotes) <= set(plan.clauses.values())
