"""Rules ─► the handbook: on the terminal, and as docs/quy-tac.md."""

from __future__ import annotations

from dhtt_excel.errors import UserError
from dhtt_excel.findings import Rule
from dhtt_excel.form.form import CHECK_SHEET
from dhtt_excel.plan.plan import Plan
from dhtt_excel.rules import OWN_RULES, RESULT_RULES, RULES, RULES_BY_CODE
from dhtt_excel.terminal.show_result import align_table


def show_rules(plan: Plan) -> str:
    """All rules: code, severity, what must hold, where the plan says so."""
    rows = [
        [r.code, r.severity.label, r.requirement.format(plan=plan), _name_clauses(r, plan)]
        for r in RULES_BY_CODE.values()
    ]
    return align_table(["Mã", "Mức", "Yêu cầu", "Căn cứ"], rows)


def show_rule(code: str, plan: Plan) -> str:
    """One rule: what must hold, why, an example of a breach, what to do. Raises `UserError` for an unknown code."""
    rule = RULES_BY_CODE.get(code.upper())
    if rule is None:
        raise UserError(f"Không có quy tắc “{code}”. Gõ “dhtt rules” để xem các mã.")
    title = f"{rule.code}  {rule.requirement.format(plan=plan)}"
    return "\n".join([title, *(f"{label}: {text}" for label, text in _describe(rule, plan))])


def write_handbook(plan: Plan) -> str:
    """Every rule as Markdown, in the order of the codes."""
    blocks = [
        "# Quy tắc kiểm tra",
        f"Kế hoạch {plan.number}: {len(RULES)} quy tắc, {len(RESULT_RULES)} quy tắc về kết quả của cấp dưới gửi lên (TH), và {len(OWN_RULES)} quy tắc về tệp của nơi tổng hợp (NB). “Lỗi” phải sửa; “Cảnh báo” cần xem lại, không bắt buộc. "
        f"Quy tắc có ghi “{CHECK_SHEET}” tự tính ngay trong biểu mẫu khi đơn vị nhập.",
    ]
    for rule in RULES_BY_CODE.values():
        lines = [f"- **{label}:** {text}" for label, text in _describe(rule, plan)]
        blocks += [f"## {rule.code}. {rule.requirement.format(plan=plan)}", "\n".join(lines)]
    return "\n\n".join(blocks) + "\n"


def _name_clauses(rule: Rule, plan: Plan) -> str:
    clauses = plan.number_of(rule.cites)
    return f"{clauses}; {plan.levels.upper.noun}: {plan.number_of(rule.cites_upper)}" if rule.cites_upper else clauses


def _cite(clause: str, plan: Plan) -> str:
    words = plan.clauses.get(clause)
    return plan.cite(clause) + (f": “{words}”" if words else "")


def _describe(rule: Rule, plan: Plan) -> list[tuple[str, str]]:
    where = [_name_level(rule, plan), f"tự kiểm tra trên trang tính “{CHECK_SHEET}”" if rule.live else ""]
    return [
        ("Mức", "; ".join([rule.severity.label, *filter(None, where)])),
        ("Căn cứ", _cite(rule.cites, plan)),
        *([(f"Căn cứ với {plan.levels.upper.noun}", _cite(rule.cites_upper, plan))] if rule.cites_upper else []),
        ("Ví dụ vi phạm", rule.example.format(plan=plan)),
        ("Cách sửa", rule.advice.format(plan=plan)),
    ]


def _name_level(rule: Rule, plan: Plan) -> str:
    if not rule.level:
        return ""
    return f"chỉ với cấp {plan.levels.upper.noun if rule.level == 'upper' else plan.levels.local.noun}"
