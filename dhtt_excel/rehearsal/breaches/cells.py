"""O: single cells, doubles in one list."""

from __future__ import annotations

from dhtt_excel.form.form import NONE_COLUMN, NONE_ROW, TICK
from dhtt_excel.rehearsal.drafts import Draft, Place, in_workbook
from dhtt_excel.rehearsal.words import WORDS
from dhtt_excel.rules import cells

_NAME, _NAME_OTHERWISE = f"Kiều {WORDS.persons.unused_middle} Hòa", f"Kiều {WORDS.persons.unused_middle} Hoà"
_LEGACY_NAME = "NguyÔn V¨n B×nh"
_UNKNOWN = "Đường sắt"


@in_workbook(cells.required_cell_empty)
def leave_blank(draft: Draft) -> tuple[Place, str]:
    return draft.put("delegates", "occupation", None, draft.take_extra()), "để trống Đối tượng"


@in_workbook(cells.value_not_in_list)
def choose_unlisted(draft: Draft) -> tuple[Place, str]:
    return draft.put("delegates", "field", _UNKNOWN, draft.take_extra()), f"lĩnh vực “{_UNKNOWN}”"


@in_workbook(cells.value_of_other_kind)
def type_five_digits(draft: Draft) -> tuple[Place, str]:
    row = draft.take_extra()
    year = draft.get("delegates", "birth_year", row) * 10 + 5
    return draft.put("delegates", "birth_year", year, row), f"năm sinh {year}"


@in_workbook(cells.value_out_of_range)
def type_far_year(draft: Draft) -> tuple[Place, str]:
    year = draft.plan.ages.born_first - 1
    return draft.put("delegates", "birth_year", year, draft.take_extra()), f"năm sinh {year}"


@in_workbook(cells.legacy_text)
def type_legacy(draft: Draft) -> tuple[Place, str]:
    return draft.put("delegates", "name", _LEGACY_NAME, draft.take_extra()), "họ tên gõ bằng .VnTime"


@in_workbook(cells.listed_twice)
def list_twice(draft: Draft) -> tuple[Place, str]:
    rows = sorted((draft.take_extra(), draft.take_extra()))
    for column in ("gender", "birth_year", "organisation"):
        draft.put("delegates", column, draft.get("delegates", column, rows[0]), rows[1])
    return draft.put("delegates", "name", draft.get("delegates", "name", rows[0]), rows[1]), f"lặp lại dòng {rows[0]}"


@in_workbook(cells.marked_empty_but_filled, needs=("honourees",))
def mark_as_empty(draft: Draft) -> tuple[Place, str]:
    place = draft.place("honourees", "name")
    draft.entries[place.sheet, NONE_ROW, NONE_COLUMN] = TICK
    return place, "đánh dấu “Không có nội dung này” trên danh sách có người"


@in_workbook(cells.spelled_in_two_ways)
def spell_otherwise(draft: Draft) -> tuple[Place, str]:
    rows = sorted((draft.take_extra(), draft.take_extra()))
    for column in ("gender", "birth_year"):
        draft.put("delegates", column, draft.get("delegates", column, rows[0]), rows[1])
    draft.put("delegates", "name", _NAME, rows[0])
    return draft.put("delegates", "name", _NAME_OTHERWISE, rows[1]), f"như dòng {rows[0]}, viết “Hoà” thay cho “Hòa”"
