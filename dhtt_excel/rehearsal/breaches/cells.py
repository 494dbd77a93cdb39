"""O: single cells, doubles in one list."""

from __future__ import annotations

from dhtt_excel.form.form import MARK, NONE_COLUMN, NONE_ROW
from dhtt_excel.rehearsal.drafts import Draft, Place, in_workbook
from dhtt_excel.rehearsal.words import WORDS

_NAME, _NAME_OTHERWISE = f"Kiều {WORDS.persons.unused_middle} Hòa", f"Kiều {WORDS.persons.unused_middle} Hoà"
_LEGACY_NAME = "NguyÔn V¨n B×nh"
_UNKNOWN = "Đường sắt"


@in_workbook("O01")
def leave_blank(draft: Draft) -> tuple[Place, str]:
    return draft.put("delegates", "occupation", None, draft.take_extra()), "để trống Đối tượng"


@in_workbook("O02")
def choose_unlisted(draft: Draft) -> tuple[Place, str]:
    return draft.put("delegates", "field", _UNKNOWN, draft.take_extra()), f"lĩnh vực “{_UNKNOWN}”"


@in_workbook("O03")
def type_five_digits(draft: Draft) -> tuple[Place, str]:
    row = draft.take_extra()
    year = draft.get("delegates", "birth_year", row) * 10 + 5
    return draft.put("delegates", "birth_year", year, row), f"năm sinh {year}"


@in_workbook("O04")
def type_far_year(draft: Draft) -> tuple[Place, str]:
    year = draft.plan.ages.born_first - 1
    return draft.put("delegates", "birth_year", year, draft.take_extra()), f"năm sinh {year}"


@in_workbook("O05")
def type_legacy(draft: Draft) -> tuple[Place, str]:
    return draft.put("delegates", "name", _LEGACY_NAME, draft.take_extra()), "họ tên gõ bằng .VnTime"


@in_workbook("O06")
def list_twice(draft: Draft) -> tuple[Place, str]:
    rows = sorted((draft.take_extra(), draft.take_extra()))
    for column in ("gender", "birth_year", "organisation"):
        draft.put("delegates", column, draft.get("delegates", column, rows[0]), rows[1])
    return draft.put("delegates", "name", draft.get("delegates", "name", rows[0]), rows[1]), f"lặp lại dòng {rows[0]}"


@in_workbook("O08", needs=("honourees",))
def mark_as_empty(draft: Draft) -> tuple[Place, str]:
    place = draft.place("honourees", "name")
    draft.entries[place.sheet, NONE_ROW, NONE_COLUMN] = MARK
    return place, "đánh dấu “Không có nội dung này” trên danh sách có người"


@in_workbook("O09")
def spell_otherwise(draft: Draft) -> tuple[Place, str]:
    rows = sorted((draft.take_extra(), draft.take_extra()))
    for column in ("gender", "birth_year"):
        draft.put("delegates", column, draft.get("delegates", column, rows[0]), rows[1])
    draft.put("delegates", "name", _NAME, rows[0])
    return draft.put("delegates", "name", _NAME_OTHERWISE, rows[1]), f"như dòng {rows[0]}, viết “Hoà” thay cho “Hòa”"
