"""TL: sheet "Tham luận"."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from dhtt_excel.addresses import cell_name
from dhtt_excel.findings import Fault, Live, rule
from dhtt_excel.form import Form, Table
from dhtt_excel.plan import Plan, Unit
from dhtt_excel.vietnamese import name_key


def show_count(form: Form, table: Table) -> list[Live]:
    """A list that must not be empty."""
    names = form.reference(table.key, "name")
    cell = cell_name(*table.position("name"))
    return [Live(f"COUNTA({names})", f"COUNTA({names})>0", f"COUNTA({names})>0", table.sheet, cell)]


def show_speakers(form: Form, plan: Plan, unit: Unit) -> list[Live]:  # noqa: ARG001
    return show_count(form, form.tables["speakers"])


def judge_empty(lists: pd.DataFrame, table: str, what: str) -> Iterator[Fault]:
    """A fault for each unit whose list was found and has no row."""
    empty = lists[lists["table"].eq(table) & lists["found"] & lists["rows"].eq(0)]
    for row in empty.itertuples():
        marked = " (đã đánh dấu “Không có nội dung này”)" if row.none_marked else ""
        yield Fault(row.unit, "name", f"Chưa có {what} nào{marked}")


@rule("TL01", "Có báo cáo tham luận của điển hình tiên tiến", cites="II.4.b",
      advice="Nhập danh sách tham luận.", sheet="speakers", live=show_speakers)  # fmt: skip
def no_speakers(lists: pd.DataFrame) -> Iterator[Fault]:
    """The programme of section II.3 has speeches, so an empty list is a fault even where it is marked as such."""
    yield from judge_empty(lists, "speakers", "tham luận")


@rule("TL02", "Người tham luận là điển hình: có trong danh sách đại biểu điển hình hoặc biểu dương", cites="II.4.b",
      advice="Ghi tên đúng như ở sheet “Đại biểu” (điển hình) hoặc “Biểu dương”, hoặc bổ sung vào đó.",
      sheet="speakers")  # fmt: skip
def speaker_not_exemplar(
    speakers: pd.DataFrame, delegates: pd.DataFrame, honourees: pd.DataFrame, plan: Plan
) -> Iterator[Fault]:
    """A person by name; a collective also by the "Tập thể đại diện" of a delegate."""
    person = plan.lists.value("speech_kinds", "person")
    exemplars = delegates[delegates["group"].eq("exemplar").fillna(value=False)]
    is_person = honourees["kind"].eq(person).fillna(value=False)
    people = _keys(exemplars, "name") | _keys(honourees[is_person], "name")
    collectives = _keys(exemplars, "collective") | _keys(honourees[~is_person], "name")
    for row in speakers.dropna(subset=["name", "kind"]).itertuples():
        known = people if row.kind == person else collectives
        if (row.unit, name_key(row.name)) not in known:
            what = "Cá nhân" if row.kind == person else "Tập thể"
            yield Fault(row, "name", f"{what} này không có trong đại biểu điển hình và biểu dương của đơn vị")


def _keys(table: pd.DataFrame, column: str) -> set[tuple[str, str]]:
    named = table.dropna(subset=[column])
    return set(zip(named["unit"], named[column].map(name_key), strict=True))
