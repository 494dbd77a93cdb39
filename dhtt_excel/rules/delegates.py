"""DB: sheet "Đại biểu", a local unit's delegates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.findings import Fault, Live, Severity, rule
from dhtt_excel.form.check_lines import EXEMPLARS, GUESTS, TOTAL, formula_needed
from dhtt_excel.form.form import TICK, Form
from dhtt_excel.form.formulas import (
    count_true,
    first_true,
    formula_filled,
    formula_need,
    formula_one_of,
)
from dhtt_excel.plan.code_lists import Category
from dhtt_excel.plan.plan import Plan
from dhtt_excel.plan.shares import advise_shares, count_guests, describe_shares, shares_hold, within_tolerance
from dhtt_excel.rules.rows import Blanks, list_rows

if TYPE_CHECKING:
    import pandas as pd

_CATEGORY = ("delegates", "category")


def formula_among(form: Form, categories: Iterable[Category]) -> str:
    """A formula: 1 where a delegate's category is one of these."""
    return formula_one_of(form.reference(*_CATEGORY), [c.value for c in categories])


def _group(plan: Plan, group: str) -> list[Category]:
    return [c for c in plan.lists.categories if c.group == group]


def _line(form: Form, column: str, *reads: str, **formulas: Any) -> list[Live]:
    """A line on the list, begun with its first category."""
    table = form.tables["delegates"]
    return [
        Live(
            reads=tuple(("delegates", key) for key in ("category", *reads)),
            sheet=table.sheet,
            cell=cell_name(*table.position(column)),
            begun=(_CATEGORY,),
            **formulas,
        )
    ]


def formula_shares(form: Form, plan: Plan) -> list[Live]:
    total = f"({EXEMPLARS}+{GUESTS})"
    off = f"ABS(100*{EXEMPLARS}-{plan.shares.exemplars}*{total})"
    return _line(
        form,
        "category",
        present=f'{EXEMPLARS}&" điển hình / "&{GUESTS}&" khách mời"{formula_need(formula_needed(plan.shares))}',
        holds=f"{off}<=50",
        tolerable=f"{off}<={plan.shares.tolerance}*{total}",
    )


def formula_total(form: Form) -> list[Live]:
    declared, listed = form.reference("info", "declared_total"), TOTAL
    table = form.tables["info"]
    return [
        Live(
            present=f'{listed}&IF({formula_filled(declared)},"; đã khai "&{declared},"")',
            holds=f"IF({listed}>0,IF({formula_filled(declared)},{declared}={listed},TRUE),FALSE)",
            reads=(("info", "declared_total"),),
            begun=(("info", "declared_total"), ("delegates", "name")),
            sheet=table.sheet,
            cell=cell_name(*table.position("declared_total")),
            requirement="Số người trong danh sách “Đại biểu” bằng tổng số đã khai ở “Thông tin”",
        )
    ]


def _expected(plan: Plan) -> list[Category]:
    return [c for c in plan.lists.categories if c.expected]


def formula_guests(form: Form, plan: Plan) -> list[Live]:
    kinds = [count_true(formula_one_of(form.reference(*_CATEGORY), [c.value])) for c in _expected(plan)]
    present = "+".join(f"({kind}>0)" for kind in kinds) or "0"
    wanted = f"MIN({len(kinds)},INT(({plan.shares.guests}*({EXEMPLARS}+{GUESTS})+49)/100))"
    shown = f'({present})&"/{len(kinds)} loại"{formula_need(wanted)}'
    return _line(form, "category", present=shown, holds=f"({present})>={wanted}")


def formula_kinds(form: Form, plan: Plan) -> list[Live]:
    collectives = count_true(formula_among(form, [c for c in _group(plan, "exemplar") if c.key == "collective"]))
    persons = f"({EXEMPLARS}-{collectives})"
    return _line(
        form,
        "category",
        present=f'{collectives}&" tập thể / "&{persons}&" cá nhân"',
        holds=f"OR({EXEMPLARS}=0,AND({collectives}>0,{persons}>0))",
    )


def formula_workers(form: Form, plan: Plan) -> list[Live]:
    exemplar, exemplars = formula_among(form, _group(plan, "exemplar")), EXEMPLARS
    worker = formula_one_of(form.reference("delegates", "direct_worker"), [TICK])
    direct = count_true(f"{exemplar}*{worker}")
    share = f'{direct}&" / "&{exemplars}&" điển hình ("&TEXT({direct}/{exemplars},"0%")&")"'
    holds = f"OR({exemplars}=0,{direct}>0)"
    return _line(form, "direct_worker", "direct_worker", present=f'IF({exemplars}=0,"",{share})', holds=holds)


def formula_nominees(form: Form, plan: Plan) -> list[Live]:
    nominated = formula_one_of(form.reference("delegates", "nominated"), [TICK])
    guest = f"{nominated}*{formula_among(form, _group(plan, 'guest'))}"
    holds = f"AND({{present}}>0,{count_true(guest)}=0)"
    row = first_true(guest, form.reference(*_CATEGORY))
    return _line(form, "nominated", "nominated", present=count_true(nominated), holds=holds, row=row)


@rule("DB01", "Đại biểu điển hình tiên tiến chiếm {plan.shares.exemplars}%, khách mời và lãnh đạo {plan.shares.guests}%", cites="II.2.1.b",
      advice="Điều chỉnh cơ cấu đại biểu.", example="100 đại biểu có 50 điển hình và 50 khách mời: cần {plan.shares.exemplars} và {plan.shares.guests}.",
      sheet="delegates", level="local", about="shares", live=formula_shares)  # fmt: skip
def exemplar_share_off(delegates: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    """The nearest whole person holds; within the plan's tolerance a warning, beyond an error."""
    counts = delegates.groupby(["unit", "group"], sort=False).size().to_dict()
    unknown = Blanks(delegates, "delegates", "category")
    for unit in delegates["unit"].unique():
        exemplars, guests = (int(counts.get((unit, group), 0)) for group in ("exemplar", "guest"))
        if not shares_hold(exemplars, guests, plan.shares):
            close = within_tolerance(exemplars, guests, plan.shares)
            message, advice = (say(exemplars, guests, plan.shares) for say in (describe_shares, advise_shares))
            blank = unknown.of(unit)
            may_hold = any(
                shares_hold(exemplars + n, guests + len(blank) - n, plan.shares) for n in range(len(blank) + 1)
            )
            severity = Severity.WARNING if close else Severity.ERROR
            yield Fault(unit, "category", message, advice, severity, reads=blank if may_hold else ())


@rule("DB02", "Tổng số đại biểu khai ở “Thông tin” bằng số người trong danh sách", cites="II.2.1.b", cites_upper="II.2.2.b",
      advice="Sửa số đã khai hoặc bổ sung danh sách.", example="Khai 85 đại biểu, danh sách có 83 người.",
      sheet="info", live=formula_total)  # fmt: skip
def total_differs(info: pd.DataFrame, lists: pd.DataFrame) -> Iterator[Fault]:
    counts = lists[lists["table"].eq("delegates") & lists["found"]].set_index("unit")["rows"]
    for row in list_rows(info[info["unit"].isin(counts.index)]):
        count = int(counts[row.unit])
        if count == 0:
            yield Fault(row.unit, "name", "Chưa có đại biểu nào", "Nhập danh sách đại biểu.", sheet="delegates")
        elif row.declared_total not in (None, count):
            message = f"Khai {row.declared_total} đại biểu, danh sách có {count} người"
            advice = f"Nhập {count}, hoặc sửa danh sách cho đủ {row.declared_total} người."
            yield Fault(row, "declared_total", message, advice)


@rule("DB03", "Có đại biểu khách mời thuộc mỗi loại mà kế hoạch nêu", cites="II.2.1.b", severity=Severity.WARNING,
      advice="Mời thêm, hoặc để nguyên nếu không mời được.",
      example="Kế hoạch nêu ba loại khách mời, danh sách chỉ có hai.",
      sheet="delegates", level="local", live=formula_guests)  # fmt: skip
def kind_of_guest_missing(delegates: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    """A small list has no more kinds than its share of guests has places."""
    unknown = Blanks(delegates, "delegates", "category")
    for unit, listed in delegates[delegates["category"].notna()].groupby("unit", sort=False):
        absent = list_absent_kinds(listed["category"], plan)
        if absent:
            message = "Chưa có khách mời thuộc loại: " + "; ".join(absent)
            yield Fault(unit, "category", message, reads=unknown.of(unit))


def list_absent_kinds(categories: pd.Series, plan: Plan) -> list[str]:
    """The kinds of guests that the plan names and a list does not have; none where all its places for guests have one."""
    present = set(categories)
    expected = [c.value for c in _expected(plan)]
    absent = [kind for kind in expected if kind not in present]
    wanted = min(len(expected), count_guests(len(categories), plan.shares))
    return absent if len(expected) - len(absent) < wanted else []


@rule("DB04", "Đại biểu điển hình có cả đại diện tập thể và cá nhân", cites="II.2.1.b", severity=Severity.WARNING,
      advice="Bổ sung đại diện tập thể hoặc cá nhân điển hình.",
      example="Cả 16 đại biểu điển hình đều là cá nhân.",
      sheet="delegates", level="local", live=formula_kinds)  # fmt: skip
def one_kind_of_exemplar(delegates: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    exemplars = _exemplars(delegates)
    is_collective = exemplars["category"].eq(plan.lists.value("categories", "collective"))
    unknown = Blanks(delegates, "delegates", "category")
    for unit, collectives, count in _count_within(exemplars, is_collective):
        if collectives in (0, count):
            absent = "cá nhân" if collectives else "đại diện tập thể"
            reads = unknown.of(unit)
            yield Fault(unit, "category", f"{count} đại biểu điển hình, chưa có {absent} nào", reads=reads)


@rule("DB05", "Trong đại biểu điển hình có người trực tiếp lao động, công tác", cites="II.2.1.b", severity=Severity.WARNING,
      advice="Chú trọng chọn người trực tiếp lao động; nếu đã có thì đánh x ở cột Trực tiếp lao động.",
      example="16 đại biểu điển hình, không ai có dấu x ở cột Trực tiếp lao động.",
      sheet="delegates", level="local", live=formula_workers)  # fmt: skip
def no_direct_worker(delegates: pd.DataFrame) -> Iterator[Fault]:
    """The plan sets no share ("chú trọng"), so only none at all is told."""
    exemplars = _exemplars(delegates)
    unmarked = Blanks(exemplars, "delegates", "direct_worker")
    for unit, workers, count in _count_within(exemplars, exemplars["direct_worker"]):
        if not workers:
            reads = unmarked.of(unit)
            message = f"{count} đại biểu điển hình, không ai trực tiếp lao động"
            yield Fault(unit, "direct_worker", message, reads=reads)


@rule("DB06", "Có cử điển hình dự hội nghị {plan.levels.upper.noun}", cites="II.3", severity=Severity.WARNING,
      advice="Đánh x ở cột Dự hội nghị {plan.levels.upper.noun} cho các điển hình được cử.",
      example="Cả danh sách không có dấu x nào; hoặc dấu x ở một khách mời.",
      sheet="delegates", level="local", live=formula_nominees)  # fmt: skip
def nobody_nominated(delegates: pd.DataFrame) -> Iterator[Fault]:
    """The conference adopts its list of those who go on (II.3), who are exemplars: guests are invited by their host."""
    begun = delegates.loc[delegates["category"].notna(), "unit"].unique()
    nominees = delegates[delegates["nominated"].fillna(value=False) & delegates["unit"].isin(begun)]
    nominating = set(nominees["unit"])
    unmarked = Blanks(delegates, "delegates", "nominated")
    for unit in begun:
        if unit not in nominating:
            reads = unmarked.of(unit)
            yield Fault(unit, "nominated", "Chưa cử ai", reads=reads)
    message, advice = "Người được cử là khách mời, không phải điển hình", "Bỏ dấu x, hoặc sửa Thành phần."
    for row in nominees[nominees["group"].eq("guest").fillna(value=False)].itertuples():
        yield Fault(row, "nominated", message, advice)


def _count_within(table: pd.DataFrame, marked: pd.Series) -> Iterator[tuple[str, int, int]]:
    """Unit, how many of its rows are marked, and how many it has."""
    counts = marked.fillna(value=False).astype(bool).groupby(table["unit"], sort=False).agg(["sum", "size"])
    return ((unit, int(some), int(every)) for unit, some, every in counts.itertuples())


def _exemplars(delegates: pd.DataFrame) -> pd.DataFrame:
    return delegates[delegates["group"].eq("exemplar").fillna(value=False)]
