"""Plan + form ─► one blank workbook a unit."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dhtt_excel.findings import Rule
from dhtt_excel.form.draw_form import draw_form
from dhtt_excel.form.form import Form
from dhtt_excel.outputs.atomic_files import remove_stale_files, save_file
from dhtt_excel.plan.plan import Plan


def make_templates(plan: Plan, form: Form, rules: Iterable[Rule], folder: Path) -> list[Path]:
    """Write a blank workbook for every unit into `folder`; the paths written, in the order of the units' codes."""
    rules = tuple(rules)
    remove_stale_files(folder)
    return [
        save_file(folder / plan.workbook_name(unit), draw_form(plan, form, unit, rules))
        for unit in plan.units_by_code.values()
    ]
