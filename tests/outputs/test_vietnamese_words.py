"""Who reads Vietnamese meets no "sheet": it is "trang tính" in every text of ours. Keys of files stay."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pytest

from dhtt_excel.form.draw_form import draw_form
from dhtt_excel.form.form import Form
from dhtt_excel.outputs.mail.texts import load_texts
from dhtt_excel.outputs.write_outputs import write_result
from dhtt_excel.pipeline import consolidate
from dhtt_excel.plan.plan import Plan
from dhtt_excel.rules import RULES
from tests.conftest import AS_OF

ROOT = Path(__file__).parents[2]
FOREIGN = re.compile(r"(?<!Unprotect )\bsheets?\b", re.IGNORECASE)


def list_texts(data: bytes) -> list[str]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    prompts = [
        text
        for sheet in book.worksheets
        for rule in sheet.data_validations.dataValidation
        for text in (rule.prompt, rule.error, rule.promptTitle)
        if text
    ]
    notes = [cell.comment.text for cell in cells if cell.comment]
    texts: list[str] = [cell.value for cell in cells if isinstance(cell.value, str)] + prompts + notes
    return [*texts, *book.sheetnames]


def test_the_form(plan: Plan, form: Form) -> None:
    for unit in (plan.local_units[0], plan.upper_unit):
        assert not [text for text in list_texts(draw_form(plan, form, unit, RULES)) if FOREIGN.search(text)]


def test_rules_and_letters(plan: Plan) -> None:
    told = [text for rule in RULES for text in (rule.requirement, rule.advice, rule.example)]
    letters = [part.template for text in load_texts().values() for part in text]
    assert not [text for text in (*told, *letters) if FOREIGN.search(text)]


@pytest.mark.parametrize("name", ["huong-dan.md", "quy-tac.md", "doi-chieu-ke-hoach.md"])
def test_documents(name: str) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert not FOREIGN.search(re.sub(r"`[^`]*`", "", text))


def test_what_a_run_says_and_writes(plan: Plan, tmp_path: Path, drawn_campaign: Path) -> None:
    result = consolidate(drawn_campaign, plan, AS_OF)
    assert not [f for f in result.findings if FOREIGN.search(f"{f.message} {f.advice}")]
    write_result(result, tmp_path)
    for path in tmp_path.rglob("*.xlsx"):
        found = [text for text in list_texts(path.read_bytes()) if FOREIGN.search(text)]
        assert not found, (path.name, found[:5])
