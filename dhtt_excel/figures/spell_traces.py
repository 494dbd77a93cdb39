"""A trace in words, as a reader sets the filter, and as a formula on the register's lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dhtt_excel.figures.city_forms import NOT_SENT
from dhtt_excel.figures.figure import Figure
from dhtt_excel.figures.filters import NO_LIMIT, UNIT, UPPER, Condition
from dhtt_excel.figures.traces import DECIMALS, Trace
from dhtt_excel.form.form import TICK, Form
from dhtt_excel.form.formulas import quote
from dhtt_excel.plan.plan import Plan
from dhtt_excel.reading.join_people import JOINED

_LONGEST = 250  # characters of a text in a formula
UNIT_HEADING = "Đơn vị báo cáo"


def name_joined(plan: Plan) -> str:
    """The heading of the column that says in which row of the upper unit's list a nominee stands as well."""
    return f"Trùng người ở biểu {plan.levels.upper.noun}, dòng"


Refer = Callable[[str, str], Sequence[str]]
"""The cells of a list's column, as formulas spell them: (table key, column key or `UNIT`) ─► a reference for each sheet
that the list takes."""


def describe_filter(trace: Trace, form: Form, plan: Plan) -> str:
    """The filter as a reader sets it: "Sheet Đại biểu, lọc Thành phần là …"."""
    figure = trace.figure
    if figure.measure == "sum":
        table = form.tables[figure.table]
        heading = table.by_key[figure.column].heading
        whose = plan.name_of(plan.upper_unit) if trace.who == UPPER else f"từng {plan.levels.local.noun}"
        return f"Trang tính {table.sheet} trong tệp của {whose}, bảng “{table.title}”: cộng cột “{heading}”; số từng đơn vị ở bảng dưới"
    text = f"Trang tính {form.tables[figure.table].sheet}, lọc {_describe_lines(figure, trace.who, form, plan)}"
    if trace.whole:
        where = "" if trace.whole.table == figure.table else f" của trang tính {form.tables[trace.whole.table].sheet}"
        rest = _describe_lines(trace.whole, trace.who, form, plan)
        return f"{text}: đếm dòng, chia cho số dòng{where} khi lọc {rest}, nhân 100"
    taken = {
        "count": "đếm dòng",
        "mean age": f"trung bình của {plan.year} trừ năm sinh",
        "youngest": f"{plan.year} trừ năm sinh lớn nhất",
        "oldest": f"{plan.year} trừ năm sinh nhỏ nhất",
    }
    return f"{text}: {taken[figure.measure]}"


def _describe_lines(figure: Figure, who: Condition, form: Form, plan: Plan) -> str:
    columns = form.tables[figure.table].by_key
    return "; ".join(_describe(condition, columns, plan) for condition in (who, *figure.where))


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
            once = f"“{name_joined(plan)}” để trống"
            return f"{UNIT_HEADING} là “{upper}”, hoặc {heading} có “{TICK}” và {once}"
        case "in":
            return f"{heading} là {listed}" if len(condition.values) == 1 else f"{heading} là một trong {listed}"
        case "not in":
            return f"{heading} có ghi" + (f" và khác {listed}" if listed else "")
        case "blank":
            return f"{heading} để trống"
        case "marked":
            return f"{heading} có “{TICK}”"
        case "known":
            return f"{heading} khác “{NOT_SENT}”"
    if low <= 1 and high == NO_LIMIT:
        return f"{heading} có ghi"
    limits = [f"từ {low} trở đi"] if high == NO_LIMIT else [*([f"từ {low}"] if low > 1 else []), f"đến {high}"]
    return f"{heading} {' '.join(limits)}"


def write_formula(trace: Trace, plan: Plan, refer: Refer, chosen: str) -> str:
    """The formula that yields the number from the lists' sheets. `chosen`: the cell that names one unit, or is ""."""
    figure = trace.figure
    one = chosen if trace.column else ""  # only the form by unit has a line for one unit
    chosen_lines = _multiply(figure, trace.who, plan, refer, one)
    count = _add(chosen_lines)
    if trace.whole:
        whole = _add(_multiply(trace.whole, trace.who, plan, refer, one))
        return f'IF({whole}=0,"",ROUND({count}/{whole}*100,{DECIMALS}))'
    if figure.measure == "count":
        return count
    born = list(zip(chosen_lines, refer(figure.table, figure.column), strict=True))
    ages = {
        "mean age": f"ROUND({plan.year}-{_add([f'{lines}*{years}' for lines, years in born])}/{count},{DECIMALS})",
        "youngest": f"{plan.year}-{_find_most([f'{lines}*{years}' for lines, years in born])}",
        "oldest": _find_most([f"{lines}*({plan.year}-{years})" for lines, years in born]),
    }
    return f'IF({count}=0,"",{ages[figure.measure]})'


def _add(products: Sequence[str]) -> str:
    """The sum over all sheets of a list."""
    sums = "+".join(f"SUMPRODUCT({product})" for product in products)
    return sums if len(products) == 1 else f"({sums})"


def _find_most(products: Sequence[str]) -> str:
    """The largest on any sheet of a list."""
    most = ",".join(f"SUMPRODUCT(MAX({product}))" for product in products)
    return most if len(products) == 1 else f"MAX({most})"


def _literal(text: str) -> str:
    """A text as formulas spell it, in parts where it is longer than Excel allows."""
    return "&".join(quote(text[start : start + _LONGEST]) for start in range(0, len(text) or 1, _LONGEST))


def _multiply(figure: Figure, who: Condition, plan: Plan, refer: Refer, chosen: str) -> list[str]:
    """Of each sheet of the list 1 for the lines that meet all conditions and 0 for others."""

    def spell(part: int) -> str:
        def cells_of(column: str) -> str:
            return refer(figure.table, column)[part]

        return "*".join(["1", *(_spell(condition, plan, cells_of, chosen) for condition in (who, *figure.where))])

    return [spell(part) for part in range(len(refer(figure.table, UNIT)))]


def _spell(condition: Condition, plan: Plan, cells_of: Callable[[str], str], chosen: str) -> str:
    cells = cells_of(condition.column)
    unit, upper = cells_of(UNIT), _literal(plan.name_of(plan.upper_unit))
    low, high = condition.limits
    match condition.test:
        case "local":
            return f'(({unit}={chosen})+({chosen}="")*({unit}<>{upper}))' if chosen else f"({unit}<>{upper})"
        case "upper":
            return f"({unit}={upper})"
        case "conference":
            return f'((({unit}={upper})+({cells}={_literal(TICK)})*({cells_of(JOINED)}=""))>0)'
        case "in":
            return "(" + "+".join(f"({cells}={_literal(value)})" for value in condition.values) + ")"
        case "not in":
            return "*".join(f"({cells}<>{_literal(value)})" for value in ("", *condition.values))
        case "blank":
            return f'({unit}<>"")*({cells}="")'
        case "marked":
            return f"({cells}={_literal(TICK)})"
        case "known":
            return f'({unit}<>"")*({cells}<>{_literal(NOT_SENT)})'
    return f"ISNUMBER({cells})*({cells}>={low})*({cells}<={high})"
