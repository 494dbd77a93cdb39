"""Plan ─► one blank workbook a unit."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from dhtt_excel.form.draw_form import draw_form
from dhtt_excel.form.form import form_of
from dhtt_excel.outputs.replace_files import Replaced, kinds_beside, replace_files
from dhtt_excel.plan.plan import Plan, Unit, once_a_plan
from dhtt_excel.rules import RULES

_KEPT = 64  # drawings, some 40 KB each


def make_templates(plan: Plan, folder: Path) -> Replaced:
    """Write a blank workbook for every unit into `folder`, in the order of the units' codes; what became of them."""
    blank = {plan.workbook_name(unit): draw_blank(plan, unit) for unit in plan.units_by_code.values()}
    return replace_files(folder, blank, kinds=kinds_beside(blank))


def draw_blank(plan: Plan, unit: Unit) -> bytes:
    """The blank workbook of a unit. The last ones are kept: letters have them as well, and each run reminds anew."""
    return _drawer_of(plan)(unit.code)


@once_a_plan
def _drawer_of(plan: Plan) -> Callable[[str], bytes]:
    return lru_cache(_KEPT)(lambda code: draw_form(plan, form_of(plan), plan.units_by_code[code], RULES))
