"""The table of columns: its words are filled in, and a mistake in it is told with its place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

import dhtt_excel.form.form as form_module
from dhtt_excel.form.columns import PICK, TABLES
from dhtt_excel.form.form import FORM_VERSION, form_of
from dhtt_excel.form.table import Column, Kind, Table
from dhtt_excel.plan.plan import Plan, load_plan, shipped_plans
from dhtt_excel.reading.locate_tables import _heading_key


@pytest.fixture
def plan() -> Plan:
    """One of this test's own: its form is kept with it."""
    return msgspec.structs.replace(load_plan())


def change_column(table: str, key: str, /, **changes: Any) -> tuple[Table, ...]:
    """The tables of the form with one column changed."""
    return tuple(
        replace(t, columns=tuple(replace(c, **changes) if (t.key, c.key) == (table, key) else c for c in t.columns))
        for t in TABLES
    )


@pytest.mark.parametrize("name", list(shipped_plans()))
def test_no_word_is_left_in_braces(name: str) -> None:
    for table in form_of(load_plan(name)).tables.values():
        texts = [table.title, *(text for c in table.columns for text in (c.heading, c.hint, *c.aliases))]
        assert not [text for text in texts if "{" in text or "}" in text]


@pytest.mark.parametrize("name", list(shipped_plans()))
def test_no_heading_is_read_as_two_columns(name: str) -> None:
    for table in form_of(load_plan(name)).tables.values():
        owners: dict[str, str] = {}
        for column in table.columns:
            for text in (column.heading, *column.aliases):
                assert owners.setdefault(_heading_key(text), column.key) == column.key, text


def test_a_hint_names_the_value_that_the_plan_does_not_count(plan: Plan) -> None:
    assert form_of(plan).tables["delegates"].by_key["religion"].hint == "Không theo tôn giáo thì chọn Không."
    uncounted = load_plan("ha-noi-2025")
    assert not any(group.column == "sector" for group in uncounted.coverage)
    assert form_of(uncounted).tables["delegates"].by_key["sector"].hint == PICK


@pytest.mark.parametrize(
    ("key", "changes", "says"),
    [
        ("gender", {"choices": "gendres"}, "delegates.gender: there is no code list “gendres”, only genders, forms, "),
        ("gender", {"choices": ""}, "delegates.gender: there is no code list “”"),
        ("gender", {"kind": Kind.TEXT}, "delegates.gender: a code list “genders”, but kind TEXT"),
        ("position", {"choices": "jobs"}, "delegates.position: there is no code list “jobs”"),
        (
            "collective",
            {"when": ("categorie", ("collective",))},
            "delegates.collective: there is no column “categorie”",
        ),
        ("collective", {"when": ("category", ("group",))}, "no column “category” with values of the keys group"),
        ("position", {"key": "name"}, "delegates.name: another column has this key"),
        ("position", {"since": 99}, f"delegates.position: since version 99, but FORM_VERSION is {FORM_VERSION}"),
    ],
)
def test_a_mistake_is_told_with_its_place(
    key: str, changes: dict[str, Any], says: str, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form_module, "TABLES", change_column("delegates", key, **changes))
    with pytest.raises(ValueError, match=r"form/columns\.py: ") as caught:
        form_of(plan)
    assert says in str(caught.value)


def test_a_required_column_of_fixed_lines_needs_a_rule(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_module, "TABLES", change_column("programme", "performer", required=True))
    with pytest.raises(ValueError, match=r"programme\.performer: required in fixed lines"):
        form_of(plan)


def test_an_unknown_word_names_its_column(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_module, "TABLES", change_column("delegates", "gender", hint="{offer[gendres]}"))
    with pytest.raises(KeyError) as caught:
        form_of(plan)
    assert caught.value.__notes__ == ["in the words of column gender, form/columns.py"]


def test_a_column_that_is_required_always_is_starred() -> None:
    assert Column("c", "Cột", Kind.TEXT, 8, required=True).label == "Cột\N{NO-BREAK SPACE}*"
    assert Column("c", "Cột", Kind.TEXT, 8, required=True, when=("d", ("e",))).label == "Cột"
