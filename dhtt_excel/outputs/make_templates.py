"""Plan + form ─► one blank workbook a unit."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dhtt_excel.findings import Rule
from dhtt_excel.form.draw_form import draw_form
from dhtt_excel.form.form import Form
from dhtt_excel.outputs.replace_files import Replaced, kinds_beside, replace_files
from dhtt_excel.plan.plan import Plan


def make_templates(plan: Plan, form: Form, rules: Iterable[Rule], folder: Path) -> Replaced:
    """Write a blank workbook for every unit into `folder`, in the order of the units' codes; what became of them."""
    rules = tuple(rules)
    blank = {plan.workbook_name(unit): draw_form(plan, form, unit, rules) for unit in plan.units_by_code.values()}
    return replace_files(folder, blank, kinds=kinds_beside(blank))
