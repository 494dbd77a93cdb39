"""A trace in words, as a reader sets the filter, and as a formula on the register's lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dhtt_excel.figures.traces import DECIMALS, UNIT, Condition, Filter, Trace
from dhtt_excel.form.form import TICK, Form
from dhtt_excel.form.formulas import quote
from dhtt_excel.plan.plan import Plan

_LONGEST = 250  # characters of a text in a formula
UNIT_HEADING = "Đơn vị báo cáo"
Refer = Callable[[str, str], str]
"""The cells of a list's column, as formulas spell them: (table key, column key or `UNIT`) ─► reference."""


def describe_filter(trace: Trace, form: Form, plan: Plan) -> str:
    """The filter as a reader sets it: "Sheet Đại biểu, lọc Thành phần là …"."""
    table = form.tables[trace.table]
    if trace.measure == "sum":
        heading = table.by_key[trace.column].heading
        whose = plan.name_of(plan.upper_unit) if trace.upper else f"từng {plan.levels.local.noun}"
        return f"Sheet {table.sheet} trong tệp của {whose}, bảng “{table.title}”: cộng cột “{heading}”; số từng đơn vị ở bảng dưới"
    told = "; ".join(_describe(condition, table.by_key, plan) for condition in trace.where)
    text = f"Sheet {table.sheet}, lọc {told}"
    match trace.measure:
        case "share":
            rest = "; ".join(_describe(condition, table.by_key, plan) for condition in trace.whole)
            return f"{text}: đếm dòng, chia cho số dòng khi lọc {rest}, nhân 100"
        case "mean age":
            return f"{text}: trung bình của {plan.year} trừ năm sinh"
        case "youngest":
            return f"{text}: {plan.year} trừ năm sinh lớn nhất"
        case "oldest":
            return f"{text}: {plan.year} trừ năm sinh nhỏ nhất"
    return f"{text}: đếm dòng"


def _describe(condition: Condition, columns: Mapping[str, Any], plan: Plan) -> str:
    upper = plan.name_of(plan.upper_unit)
    heading = columns[condition.column].heading if condition.column in columns else UNIT_HEADING
    listed = ", ".join(f"“{value}”" for value in condition.values)
    low, high = condition.limits
    match condition.test:
        case "local":
            return f"{UNIT_HEADING} khác “{upper}” (hoặc là đơn vị đã chọn)"
        case "upper":
            return f"{UNIT_HEADING} là “{upper}”"
        case "conference":
            return f"{UNIT_HEADING} là “{upper}” hoặc {heading} có “{TICK}”"
        case "in":
            return f"{heading} là {listed}" if len(condition.values) == 1 else f"{heading} là một trong {listed}"
        case "not in":
            return f"{heading} có ghi" + (f" và khác {listed}" if listed else "")
        case "blank":
            return f"{heading} để trống"
        case "marked":
            return f"{heading} có “{TICK}”"
    if low <= 1 and high == 9999:
        return f"{heading} có ghi"
    limits = [f"từ {low} trở đi"] if high == 9999 else [*([f"từ {low}"] if low > 1 else []), f"đến {high}"]
    return f"{heading} {' '.join(limits)}"


def write_formula(trace: Trace, plan: Plan, refer: Refer, chosen: str) -> str:
    """The formula that yields the number from the lists' sheets. `chosen`: the cell that names one unit, or is ""."""
    factors = _multiply(trace.where, trace, plan, refer, chosen)
    count = f"SUMPRODUCT({factors})"
    if trace.measure == "count":
        return count
    if trace.measure == "share":
        whole = f"SUMPRODUCT({_multiply(trace.whole, trace, plan, refer, chosen)})"
        return f'IF({whole}=0,"",ROUND({count}/{whole}*100,{DECIMALS}))'
    born = refer(trace.table, "birth_year")
    ages = {
        "mean age": f"ROUND({plan.year}-SUMPRODUCT({factors}*{born})/{count},{DECIMALS})",
        "youngest": f"{plan.year}-SUMPRODUCT(MAX({factors}*{born}))",
        "oldest": f"SUMPRODUCT(MAX({factors}*({plan.year}-{born})))",
    }
    return f'IF({count}=0,"",{ages[trace.measure]})'


def _literal(text: str) -> str:
    """A text as formulas spell it, in parts where it is longer than Excel allows."""
    return "&".join(quote(text[start : start + _LONGEST]) for start in range(0, len(text) or 1, _LONGEST))


def _multiply(where: Filter, trace: Trace, plan: Plan, refer: Refer, chosen: str) -> str:
    one = chosen if trace.column else ""  # only the form by unit has a line for one unit
    return "*".join(["1", *(_spell(condition, trace.table, plan, refer, one) for condition in where)])


def _spell(condition: Condition, table: str, plan: Plan, refer: Refer, chosen: str) -> str:
    cells = refer(table, condition.column)
    unit, upper = refer(table, UNIT), _literal(plan.name_of(plan.upper_unit))
    low, high = condition.limits
    match condition.test:
        case "local":
            return f'(({unit}={chosen})+({chosen}="")*({unit}<>{upper}))' if chosen else f"({unit}<>{upper})"
        case "upper":
            return f"({unit}={upper})"
        case "conference":
            return f"((({unit}={upper})+({cells}={_literal(TICK)}))>0)"
        case "in":
            return "(" + "+".join(f"({cells}={_literal(value)})" for value in condition.values) + ")"
        case "not in":
            return "*".join(f"({cells}<>{_literal(value)})" for value in ("", *condition.values))
        case "blank":
            return f'({unit}<>"")*({cells}="")'
        case "marked":
            return f"({cells}={_literal(TICK)})"
    return f"ISNUMBER({cells})*({cells}>={low})*({cells}<={high})"
