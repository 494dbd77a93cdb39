"""TL: sheet "Tham luận"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.findings import Fault, Live, Severity, rule
from dhtt_excel.form.form import Form, Table
from dhtt_excel.form.formulas import count_entries, count_true, first_true, formula_filled, formula_one_of, text_of
from dhtt_excel.form.moments import reading_of
from dhtt_excel.plan.plan import Plan
from dhtt_excel.rules.cells import NOTHING_SAID
from dhtt_excel.rules.rows import list_known, list_rows
from dhtt_excel.text.vietnamese import fold, name_key, text_key

if TYPE_CHECKING:
    import pandas as pd

_NO_MODEL = NOTHING_SAID | {""}


def formula_count(table: Table) -> list[Live]:
    """A list that must not be empty."""
    cell = cell_name(*table.position("name"))
    begun = tuple((table.key, c.key) for c in table.stored)
    return [Live("{present}>0", count_entries(table.key), (), table.sheet, cell, begun)]


def formula_speakers(form: Form) -> list[Live]:
    return formula_count(form.tables["speakers"])


def formula_unknown_speakers(form: Form, plan: Plan) -> list[Live]:
    """How many speakers stand neither among the exemplars nor among the honourees, persons and collectives apart."""
    table = form.tables["speakers"]
    category, honoured = form.reference("delegates", "category"), form.reference("honourees", "kind")
    exemplar = formula_one_of(category, [c.value for c in plan.lists.categories if c.group == "exemplar"])
    unknown = []
    for key, column in (("person", "name"), ("collective", "collective")):
        kinds = [c.value for c in plan.lists.honouree_kinds if (c.key == "person") is (key == "person")]
        name = text_of(form.reference("speakers", "name"))
        listed = f'{exemplar}&"|"&{text_of(form.reference("delegates", column))}'
        praised = f'{formula_one_of(honoured, kinds)}&"|"&{text_of(form.reference("honourees", "name"))}'
        asked = f"{formula_one_of(form.reference('speakers', 'kind'), [plan.lists.value('speech_kinds', key)])}=1"
        known = "+".join(f'ISNUMBER(MATCH("1|"&{name},{place},0))' for place in (listed, praised))
        unknown.append(f"({asked})*({formula_filled(form.reference('speakers', 'name'))})*(({known})=0)")
    return [
        Live(
            present="+".join(map(count_true, unknown)),
            row=f"MIN({','.join(first_true(one, form.reference('speakers', 'name')) for one in unknown)})",
            holds="{present}=0",
            reads=(("speakers", "kind"), ("delegates", "category"), ("honourees", "kind")),
            begun=(("speakers", "name"),),
            sheet=table.sheet,
            cell=cell_name(*table.position("name")),
            requirement="Số người, tập thể tham luận chưa có trong đại biểu điển hình hoặc biểu dương",
        )
    ]


def formula_minutes(form: Form) -> list[Live]:
    table = form.tables["speakers"]
    start, end = reading_of(form, "info", "start"), reading_of(form, "info", "end")
    half_day = f"({end}-{start})"
    known = f"AND(ISNUMBER({start}),ISNUMBER({end}))"  # apart: AND would go on to reckon with what is blank
    return [
        Live(
            present=f"SUM({form.reference('speakers', 'minutes')})",
            holds=f"IF({known},IF({half_day}>0,{{present}}<={half_day},TRUE),TRUE)",
            reads=(("speakers", "minutes"), ("info", "start"), ("info", "end")),
            begun=(("speakers", "minutes"),),
            sheet=table.sheet,
            cell=cell_name(*table.position("minutes")),
            requirement="Tổng số phút tham luận nằm trong thời gian hội nghị",
        )
    ]


def judge_empty(lists: pd.DataFrame, table: str, what: str) -> Iterator[Fault]:
    """A fault for each unit whose list was found and has no row."""
    empty = lists[lists["table"].eq(table) & lists["found"] & lists["rows"].eq(0)]
    for row in empty.itertuples():
        marked = " (đã đánh dấu “Không có nội dung này”)" if row.none_marked else ""
        yield Fault(row.unit, "name", f"Chưa có {what} nào{marked}")


@rule("TL01", "Có báo cáo tham luận của điển hình tiên tiến", cites="II.4.b",
      advice="Nhập danh sách tham luận.", example="Trang tính “Tham luận” không có dòng nào.",
      sheet="speakers", live=formula_speakers)  # fmt: skip
def no_speakers(lists: pd.DataFrame) -> Iterator[Fault]:
    """The programme of section II.3 has speeches, so an empty list is a fault even where it is marked as such."""
    yield from judge_empty(lists, "speakers", "tham luận")


@rule("TL02", "Người tham luận là điển hình: có trong danh sách đại biểu điển hình hoặc biểu dương", cites="II.4.b",
      advice="Ghi tên đúng như ở trang tính “Đại biểu” (điển hình) hoặc “Biểu dương”, hoặc bổ sung vào đó.",
      example="Trang tính “Tham luận” ghi “Chi hội Phụ nữ số 3”, tập thể này không có trong hai trang tính kia.",
      sheet="speakers", live=formula_unknown_speakers)  # fmt: skip
def speaker_not_exemplar(
    speakers: pd.DataFrame, delegates: pd.DataFrame, honourees: pd.DataFrame, plan: Plan
) -> Iterator[Fault]:
    """A person by name; a collective also by the "Tập thể đại diện" of a delegate. Another title or place of the tone is told."""
    person = plan.lists.value("speech_kinds", "person")
    exemplars = delegates[delegates["group"].eq("exemplar").fillna(value=False)]
    is_person = honourees["kind"].eq(plan.lists.value("honouree_kinds", "person")).fillna(value=False)
    is_other = honourees["kind"].notna() & ~is_person
    people = [*_names(exemplars, "name"), *_names(honourees[is_person], "name")]
    collectives = [*_names(exemplars, "collective"), *_names(honourees[is_other], "name")]
    known = {True: people, False: collectives}
    exact = {kind: {(unit, text_key(name)) for unit, name in names} for kind, names in known.items()}
    missed = [
        row
        for row in list_known(speakers, "name", "kind")
        if (row.unit, text_key(row.name)) not in exact[row.kind == person]
    ]
    alike = {kind: {(unit, name_key(name)) for unit, name in names} for kind, names in known.items() if missed}
    unknown = _index_unknown(
        (delegates, "delegates", "name", "category"),
        (delegates, "delegates", "collective", "category"),
        (honourees, "honourees", "name", "kind"),
    )
    for row in missed:
        if (row.unit, name_key(row.name)) in alike[row.kind == person]:
            message = "Được hiểu là người, tập thể cùng tên viết theo cách khác (bỏ dấu, xưng hô)"
            yield Fault(row, "name", message, severity=Severity.NOTE)
        else:
            what, column = ("Cá nhân", "name") if row.kind == person else ("Tập thể", "collective")
            message = f"{what} này không có trong đại biểu điển hình và biểu dương của đơn vị"
            looked = [
                ("delegates", column, 0),
                ("delegates", "category", 0),
                ("honourees", "name", 0),
                ("honourees", "kind", 0),
            ]
            for table, key in (("delegates", column), ("honourees", "name")):
                looked += unknown.get((table, key, row.unit, text_key(row.name)), [])
            yield Fault(row, "name", message, reads=tuple(looked))


_Read = tuple[str, str, int]


def _index_unknown(*lists: tuple[pd.DataFrame, str, str, str]) -> dict[tuple[str, str, str, str], list[_Read]]:
    """By table, column, unit and key of the name in it: the cells that should say what kind of line it is, and are blank."""
    index: dict[tuple[str, str, str, str], list[_Read]] = {}
    for frame, table, column, kind in lists:
        for row in list_rows(frame, column, kind):
            name = getattr(row, column)
            if name is not None and getattr(row, kind) is None:
                index.setdefault((table, column, row.unit, text_key(name)), []).append((table, kind, row.excel_row))
    return index


def _names(table: pd.DataFrame, column: str) -> Iterator[tuple[str, str]]:
    return ((row.unit, getattr(row, column)) for row in list_known(table, column))


@rule("TL03", "Tham luận có cơ cấu hợp lý: nhiều lĩnh vực, cả tập thể và cá nhân, nêu mô hình mới", cites="II.4.b",
      advice="Chọn thêm điển hình thuộc lĩnh vực, thành phần khác; nêu rõ mô hình mới.", severity=Severity.WARNING,
      example="Cả năm tham luận đều thuộc lĩnh vực Giáo dục - Đào tạo; cột Mô hình mới ghi “không”.",
      sheet="speakers")  # fmt: skip
def speeches_alike(speakers: pd.DataFrame) -> Iterator[Fault]:
    """The plan gives no number: only speeches that are all alike are told, and a model that is a mere "no"."""
    by_unit = speakers.groupby("unit", sort=False)
    for column, what in (("field", "lĩnh vực"), ("kind", "loại")):
        values = by_unit[column].agg(["size", "count", "nunique", "first"])
        alike = values[(values["size"] > 1) & (values["count"] == values["size"]) & (values["nunique"] == 1)]
        for unit, count, _, _, value in alike.itertuples():
            yield Fault(unit, column, f"Cả {count} tham luận cùng một {what}: “{value}”")
    for row in list_known(speakers, "model"):
        if fold(row.model) in _NO_MODEL:
            yield Fault(row, "model", "Chưa nêu mô hình mới, sáng tạo")


@rule("TL04", "Tổng thời lượng tham luận nằm trong thời gian hội nghị", cites="II.2.1.c", cites_upper="II.2.2.c",
      advice="Rút bớt thời lượng hoặc số tham luận, hoặc sửa giờ hội nghị.", severity=Severity.WARNING,
      example="Hội nghị từ 8:00 đến 10:00 (120 phút), tham luận tổng cộng 150 phút.",
      sheet="speakers", live=formula_minutes)  # fmt: skip
def speeches_too_long(speakers: pd.DataFrame, info: pd.DataFrame) -> Iterator[Fault]:
    minutes = speakers.groupby("unit", sort=False)["minutes"].sum()
    for row in list_known(info, "start", "end"):
        total, half_day = int(minutes.get(row.unit, 0)), row.end - row.start
        if 0 < half_day < total:
            yield Fault(row.unit, "minutes", f"Tham luận {total} phút, hội nghị có {half_day} phút")
