"""O: single cells and doubles. O01 to O04 are found while reading, where the raw cells are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from dhtt_excel.addresses import cell_name
from dhtt_excel.findings import Fault, Live, Rule, Severity, rule
from dhtt_excel.form import Column, Form, Layout, Table
from dhtt_excel.plan import Plan, Unit
from dhtt_excel.vietnamese import fold, name_key

_FORM = "Biểu mẫu"


def count_blanks(form: Form, plan: Plan, unit: Unit) -> list[Live]:  # noqa: ARG001
    """One line a sheet: how many required cells are empty, in the rows that have been begun."""
    return [
        Live(
            present=f"({blanks})",
            entered=entered,
            holds=f"({blanks})=0",
            sheet=table.sheet,
            cell=cell_name(*table.position(_required(table)[0].key)),
            requirement=f"Sheet {table.sheet}: số ô bắt buộc còn trống",
        )
        for table in form.tables.values()
        if _required(table)
        for entered, blanks in [_blank_formulas(form, plan, table)]
    ]


def _required(table: Table) -> list[Column]:
    return [c for c in table.columns if c.required and not c.when and c.blank_rule == "O01"]


def _blank_formulas(form: Form, plan: Plan, table: Table) -> tuple[str, str]:
    """Formulas: has anything been entered; how many required cells are empty."""
    cells = {c.key: form.reference(table.key, c.key) for c in table.columns if c.required}
    always = [cells[c.key] for c in _required(table)]
    filled = "+".join(f"COUNTA({reference})" for reference in always)
    if table.layout is Layout.FIELDS:
        prefilled = 1  # the conference's name
        return f"({filled})>{prefilled}", f"{len(always)}-({filled})"
    begun = "+".join(f'({reference}<>"")' for reference in always)
    blanks = f"SUMPRODUCT(--(({begun})>0))*{len(always)}-({filled})"
    for column in table.columns:
        if column.when and column.blank_rule == "O01":
            other, keys = column.when
            for choice in plan.lists.choices(table.by_key[other].choices):
                if choice.key in keys:
                    on = form.reference(table.key, other)
                    blanks += f'+SUMPRODUCT(({on}="{choice.value}")*({cells[column.key]}=""))'
    return f"({filled})>0", blanks


required_cell_empty = Rule(
    "O01",
    "Ô bắt buộc (*) đã nhập",
    cites=_FORM,
    advice="Nhập ô này.",
    live=count_blanks,
)
value_not_in_list = Rule(
    "O02",
    "Giá trị lấy từ danh mục",
    cites=_FORM,
    advice="Chọn một giá trị trong danh sách thả xuống.",
)
value_of_other_kind = Rule(
    "O03",
    "Giá trị đúng loại: năm, ngày, giờ, số nguyên, dấu x",
    cites=_FORM,
    advice="Nhập lại theo hướng dẫn của ô.",
)
value_out_of_range = Rule(
    "O04",
    "Giá trị nằm trong khoảng hợp lý",
    cites=_FORM,
    advice="Kiểm tra và nhập lại.",
)


legacy_text = Rule(
    "O05",
    "Chữ gõ bằng phông Unicode, không phải .VnTime (TCVN3) hay VNI",
    cites=_FORM,
    advice="Gõ lại bằng phông Unicode (Times New Roman).",
)


@rule("O06", "Mỗi người, mỗi tập thể chỉ có một lần trong một danh sách", cites=_FORM,
      advice="Xóa dòng trùng; nếu là hai người khác nhau thì ghi rõ ở Ghi chú và sửa Đơn vị.", sheet="delegates")  # fmt: skip
def listed_twice(delegates: pd.DataFrame, speakers: pd.DataFrame, honourees: pd.DataFrame) -> Iterator[Fault]:
    """Persons are the same by name, gender and year of birth, collectives by name and organisation.

    Persons of one name and year in two organisations may be two people: a warning.
    """
    yield from _doubles(delegates, ["gender", "birth_year"], "delegates")
    yield from _doubles(speakers, ["kind"], "speakers")
    yield from _doubles(honourees, ["kind", "gender", "birth_year"], "honourees")


def _doubles(table: pd.DataFrame, more: list[str], sheet: str) -> Iterator[Fault]:
    named = table.dropna(subset=["name"])
    keys = pd.DataFrame(
        {
            "unit": named["unit"],
            "name": named["name"].map(name_key),
            **{column: named[column] for column in more},
        }
    )
    suspects = named[keys.duplicated(keep=False)]
    for _, doubles in suspects.groupby([keys[c].loc[suspects.index] for c in keys.columns], sort=False, dropna=False):
        yield from _tell_doubles(doubles, sheet)


def _tell_doubles(doubles: pd.DataFrame, sheet: str) -> Iterable[Fault]:
    first, *others = doubles.itertuples()
    for other in others:
        same = _organisation_key(other) == _organisation_key(first)
        if not same and pd.isna(getattr(other, "birth_year", pd.NA)):
            continue  # two collectives of one name in two organisations
        severity = Severity.ERROR if same else Severity.WARNING
        yield Fault(other, "name", f"Trùng với dòng {first.excel_row}", severity=severity, sheet=sheet)


def _organisation_key(row: Any) -> str:
    return "" if pd.isna(row.organisation) else fold(row.organisation)


@rule("O08", "Danh sách đã đánh dấu “Không có nội dung này” thì để trống", cites=_FORM,
      advice="Xóa dấu x, hoặc xóa các dòng trong danh sách.")  # fmt: skip
def marked_empty_but_filled(lists: pd.DataFrame) -> Iterator[Fault]:
    for row in lists[lists["none_marked"] & lists["rows"].gt(0)].itertuples():
        message = f"Đã đánh dấu “Không có nội dung này” nhưng có {row.rows} dòng"
        yield Fault(row.unit, "name", message, sheet=row.table)


@rule("O07", "Mỗi người chỉ dự hội nghị của một đơn vị", cites="II.2.1.b", sheet="delegates", severity=Severity.WARNING,
      advice="Hai đơn vị thống nhất người này dự ở đâu; nếu là hai người khác nhau thì để nguyên.")  # fmt: skip
def listed_in_two_units(delegates: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    """The same name, whatever the place of its tones, gender and year of birth: told to both units."""
    known = delegates.dropna(subset=["name", "gender", "birth_year"])
    keys = known[["gender", "birth_year"]].assign(name=known["name"].map(name_key))
    suspects = known[keys.duplicated(keep=False)]
    for _, same in suspects.groupby([keys[c].loc[suspects.index] for c in keys.columns], sort=False):
        if same["unit"].nunique() == 1:
            continue
        for row in same.itertuples():
            others = same[same["unit"].ne(row.unit)].itertuples()
            places = ", ".join(f"{plan.name_of(plan.units_by_code[o.unit])} (dòng {o.excel_row})" for o in others)
            yield Fault(row, "name", f"Cùng họ tên, giới tính, năm sinh với đại biểu của {places}")
