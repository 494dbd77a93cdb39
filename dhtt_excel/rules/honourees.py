"""BD: sheet "Biểu dương"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.findings import Fault, Live, Severity, rule
from dhtt_excel.form.form import TICK, Form
from dhtt_excel.form.formulas import count_true, formula_one_of
from dhtt_excel.plan.plan import Plan
from dhtt_excel.rules.rows import Blanks, list_known
from dhtt_excel.rules.speakers import formula_count, judge_empty

if TYPE_CHECKING:
    import pandas as pd


def formula_honourees(form: Form) -> list[Live]:
    return formula_count(form.tables["honourees"])


def formula_kinds(form: Form, plan: Plan) -> list[Live]:
    table = form.tables["honourees"]
    kind, worker = form.reference("honourees", "kind"), form.reference("honourees", "direct_worker")
    collectives, persons = (
        formula_one_of(kind, [plan.lists.value("honouree_kinds", key)]) for key in ("collective", "person")
    )
    counts = [count_true(collectives), count_true(persons), count_true(f"{persons}*{formula_one_of(worker, [TICK])}")]
    words = (" tập thể / ", " cá nhân, ", " trực tiếp lao động")
    return [
        Live(
            present="&".join(f'{count}&"{word}"' for count, word in zip(counts, words, strict=True)),
            holds=f"AND({','.join(f'{count}>0' for count in counts)})",
            reads=(("honourees", "kind"), ("honourees", "direct_worker")),
            begun=(("honourees", "kind"),),
            sheet=table.sheet,
            cell=cell_name(*table.position("kind")),
        )
    ]


def formula_movements(form: Form, plan: Plan) -> list[Live]:
    table = form.tables["honourees"]
    movement = form.reference("honourees", "movement")
    named = [c.value for c in plan.lists.movements if c.key != "other"]
    return [
        Live(
            present=count_true(formula_one_of(movement, named)),
            holds="{present}>0",
            reads=(("honourees", "movement"),),
            sheet=table.sheet,
            cell=cell_name(*table.position("movement")),
        )
    ]


@rule("BD01", "Có biểu dương, tôn vinh điển hình tiên tiến", cites="II.3",
      advice="Nhập danh sách biểu dương.", example="Trang tính “Biểu dương” không có dòng nào.", sheet="honourees", live=formula_honourees)  # fmt: skip
def no_honourees(lists: pd.DataFrame) -> Iterator[Fault]:
    yield from judge_empty(lists, "honourees", "người, tập thể được biểu dương")


@rule("BD02", "Danh hiệu hợp với cá nhân, tập thể hay hộ gia đình", cites="Luật Thi đua, khen thưởng",
      advice="Chọn lại danh hiệu hoặc loại.", example="Loại là Tập thể, danh hiệu là “Chiến sĩ thi đua cơ sở”.",
      sheet="honourees")  # fmt: skip
def award_unfit(honourees: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    kinds = {c.value: c.key for c in plan.lists.honouree_kinds}
    names = {c.key: c.value.lower() for c in plan.lists.honouree_kinds}
    recipients = {a.value: a.recipients for a in plan.lists.awards}
    for row in list_known(honourees, "kind", "award"):
        fitting = recipients[row.award]
        if kinds[row.kind] not in fitting:
            allowed = ", ".join(names[key] for key in fitting)
            advice = f"“{row.award}” dành cho {allowed}: chọn danh hiệu khác hoặc sửa loại."
            yield Fault(row, "award", f"“{row.award}” không dành cho {names[kinds[row.kind]]}", advice)


@rule("BD03", "Biểu dương có cả tập thể và cá nhân, có người trực tiếp lao động", cites="II.2.1.b", severity=Severity.WARNING,
      advice="Bổ sung tập thể, cá nhân hoặc người trực tiếp lao động; nếu đã có thì đánh dấu đủ.",
      example="Mười cá nhân được biểu dương, không ai có dấu x ở cột Trực tiếp lao động.",
      sheet="honourees", level="local", live=formula_kinds)  # fmt: skip
def one_kind_of_honouree(honourees: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    collective, person = (plan.lists.value("honouree_kinds", key) for key in ("collective", "person"))
    known = honourees[honourees["kind"].notna()]
    counts = known.groupby(["unit", "kind"], sort=False).size().to_dict()
    workers = set(known.loc[known["kind"].eq(person) & known["direct_worker"].fillna(value=False), "unit"])
    kinds, marks = (Blanks(honourees, "honourees", column) for column in ("kind", "direct_worker"))
    for unit in known["unit"].unique():
        persons = counts.get((unit, person), 0)
        if (unit, collective) not in counts:
            yield Fault(unit, "kind", "Chưa biểu dương tập thể nào", reads=kinds.of(unit))
        if not persons:
            yield Fault(unit, "kind", "Chưa biểu dương cá nhân nào", reads=kinds.of(unit))
        elif unit not in workers:
            message = f"{persons} cá nhân, không ai trực tiếp lao động"
            yield Fault(unit, "direct_worker", message, reads=marks.of(unit))


@rule("BD04", "Có điển hình trong các phong trào thi đua trọng tâm của kế hoạch", cites="II.1.b", severity=Severity.WARNING,
      advice="Chú trọng phát hiện điển hình trong các phong trào này; nếu đã có thì chọn đúng phong trào.",
      example="Cả danh sách đều chọn phong trào “Khác”.",
      sheet="honourees", level="local", live=formula_movements)  # fmt: skip
def no_movement_of_the_plan(honourees: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    named = [c.value for c in plan.lists.movements if c.key != "other"]
    unknown = Blanks(honourees, "honourees", "movement")
    for unit, listed in honourees[honourees["movement"].notna()].groupby("unit", sort=False):
        if not listed["movement"].isin(named).any():
            message = f"{len(listed)} điển hình, không ai thuộc phong trào mà kế hoạch nêu"
            yield Fault(unit, "movement", message, reads=unknown.of(unit))
