"""Rules ─► the handbook on the terminal."""

from __future__ import annotations

from dhtt_excel.findings import Rule, UserError
from dhtt_excel.plan import Plan
from dhtt_excel.print_result import align_table
from dhtt_excel.rules import RULES, RULES_BY_CODE


def show_rules(plan: Plan) -> str:
    """All rules: code, severity, what must hold, where the plan says so."""
    rows = [[r.code, r.severity.label, r.requirement.format(plan=plan), r.cites] for r in RULES]
    return align_table(["Mã", "Mức", "Yêu cầu", "Căn cứ"], rows)


def show_rule(code: str, plan: Plan) -> str:
    """One rule: what must hold, why (the plan's words), what to do. Raises `UserError` for an unknown code."""
    rule = RULES_BY_CODE.get(code.upper())
    if rule is None:
        raise UserError(f"Không có quy tắc “{code}”. Gõ “dhtt rules” để xem các mã.")
    words = plan.clauses.get(rule.cites)
    lines = [
        f"{rule.code}  {rule.requirement.format(plan=plan)}",
        f"Mức: {rule.severity.label}" + _show_level(rule, plan),
        f"Căn cứ: {plan.cite(rule.cites)}" + (f": “{words}”" if words else ""),
        f"Cách sửa: {rule.advice.format(plan=plan)}",
    ]
    return "\n".join(lines)


def _show_level(rule: Rule, plan: Plan) -> str:
    if not rule.level:
        return ""
    return f" (chỉ với cấp {plan.levels.upper.noun if rule.level == 'upper' else plan.levels.local.noun})"
