"""Other spellings that the form knows: the reader understands each of them, and says so."""

from __future__ import annotations

import pytest

from dhtt_excel.form.form import Form, Kind
from dhtt_excel.form.spellings import formula_understood, is_understood, list_spellings
from dhtt_excel.plan.plan import Plan
from dhtt_excel.reading.parse_values import ValueParser


def test_the_reader_understands_what_the_form_knows(plan: Plan, form: Form) -> None:
    values = ValueParser(plan)
    known = {name: texts for name, _, texts in list_spellings(plan)}
    looked = set()
    for column in (c for table in form.tables.values() for c in table.stored if c.kind in (Kind.CHOICE, Kind.MARK)):
        formula = formula_understood(plan, column, "A1")
        for name in (name for name in known if f",{name}," in formula):
            looked.add(name)
            for text in known[name]:
                parsed = values.parse(column, text)
                assert (parsed.problem, bool(parsed.assumed)) == ("", True), text
                assert is_understood(plan, column, f" {text.upper()} ")
    assert looked == known.keys()


@pytest.mark.parametrize(
    ("kind", "raw", "understood"),
    [
        (Kind.YEAR, "1975", True), (Kind.YEAR, "75", False), (Kind.YEAR, 1975, False), (Kind.COUNT, " 85 ", True),
        (Kind.COUNT, "085", False), (Kind.COUNT, "1e5", False), (Kind.MARK, 1, True), (Kind.MARK, 2, False),
        (Kind.MARK, True, True), (Kind.MARK, "x", False), (Kind.TEXT, "có", False),
    ],
)  # fmt: skip
def test_numbers_and_marks(kind: Kind, raw: object, understood: bool, plan: Plan, form: Form) -> None:
    columns = (c for table in form.tables.values() for c in table.stored)
    assert is_understood(plan, next(c for c in columns if c.kind is kind), raw) is understood
