"""TEP: the file, and what is sent."""

from __future__ import annotations

from copy import copy
from dataclasses import replace

from dhtt_excel.form.check_lines import FIRST_CHECK_ROW, NOT_ENTERED, VERDICT_COLUMN, list_lines
from dhtt_excel.form.draw_form import list_printed
from dhtt_excel.form.form import CHECK_SHEET, GUIDE_SHEET, IDENTITY_KEYS, IDENTITY_SHEET
from dhtt_excel.rehearsal.drafts import FILE, Draft, Made, Place, first, in_campaign, in_workbook
from dhtt_excel.rehearsal.edit_part import edit_part
from dhtt_excel.rehearsal.words import WORDS
from dhtt_excel.rules import files

_OTHER_HEADING = "Ghi chú 2"
_OTHER_PLAN = "ke-hoach-khac"


@in_workbook(files.unreadable_file, alone=True)
def cut_off(draft: Draft) -> tuple[Place, str]:
    draft.edits.append(lambda data: data[: len(data) // 2])
    return draft.on_sheet(), "cắt bỏ nửa sau của tệp"


@in_workbook(files.other_form, alone=True)
def stamp_other_plan(draft: Draft) -> tuple[Place, str]:
    draft.entries[IDENTITY_SHEET, IDENTITY_KEYS.index("plan") + 1, 2] = _OTHER_PLAN
    return draft.on_sheet(), f"dùng biểu mẫu của kế hoạch “{_OTHER_PLAN}”"


@in_workbook(files.unknown_unit, alone=True)
def name_other_unit(draft: Draft) -> tuple[Place, str]:
    other = draft.plan.name_of(first(u for u in draft.plan.units if u is not draft.unit))
    return draft.put("info", "unit_name", other), f"ghi tên đơn vị khác: “{other}”"


@in_campaign(files.several_files, needs=(FILE, "sheets", "headings"))
def send_twice(draft: Draft, sent: list[Draft]) -> Made:
    earlier = copy(draft)
    earlier.name = WORDS.files.earlier.format(stem=draft.name.removesuffix(".xlsx"))
    sent.insert(sent.index(draft), earlier)
    return [earlier.on_sheet()], "gửi tệp này trước, rồi gửi tệp khác"


@in_campaign(files.report_overdue, needs=(), spoils=(FILE,), pilot=False)
def send_nothing(draft: Draft, sent: list[Draft]) -> Made:
    sent.remove(draft)
    draft.name = ""
    return [draft.on_sheet()], "không gửi tệp nào"


@in_workbook(files.missing_sheet, spoils=("sheets", "programme", "check"))
def leave_out_sheet(draft: Draft) -> tuple[Place, str]:
    """Drawn without the sheet, and so without the lines of "Kiểm tra" that read it. The guide still speaks of it."""
    place = draft.place("programme")
    draft.clear("programme")
    others = {key: table for key, table in draft.form.tables.items() if table.sheet != place.sheet}
    rest = replace(draft.form, tables=others)
    whole, less = (list_printed(draft.plan, form, draft.unit, ())[GUIDE_SHEET] for form in (draft.form, rest))
    draft.entries |= {(GUIDE_SHEET, *cell): whole.get(cell) for cell in (*less, *whole)}
    draft.form, draft.rules = rest, ()
    return place, f"bỏ trang tính “{place.sheet}”"


@in_workbook(files.missing_column, spoils=("headings", "religion"))
def rename_heading(draft: Draft) -> tuple[Place, str]:
    table = draft.form.tables["delegates"]
    draft.put("delegates", "religion", _OTHER_HEADING, table.heading_row)
    return draft.place("delegates"), f"đổi tiêu đề “{draft.heading('delegates', 'religion')}” thành “{_OTHER_HEADING}”"


@in_workbook(files.stray_value)
def write_beside(draft: Draft) -> tuple[Place, str]:
    table = draft.form.tables["honourees"]
    place = table.sheet, table.first_row, len(table.columns) + 1
    draft.entries[place] = "đã gọi điện"
    return draft.on_sheet(*place), "ghi thêm bên phải danh sách"


@in_workbook(files.hidden_content)
def hide_row(draft: Draft) -> tuple[Place, str]:
    row = draft.take_extra()
    place = draft.place("delegates")
    part = f"xl/worksheets/sheet{(GUIDE_SHEET, *draft.form.sheets).index(place.sheet) + 1}.xml"
    shown, hidden = f'<row r="{row}"', f'<row r="{row}" hidden="1"'
    draft.edits.append(lambda data: edit_part(data, part, lambda text: text.replace(shown, hidden)))
    return place, f"ẩn dòng {row}"


@in_workbook(files.verdicts_differ, needs=("check",))
def save_other_verdict(draft: Draft) -> tuple[Place, str]:
    """As a program leaves it that does not calculate."""
    lines = list_lines(draft.plan, draft.form, draft.unit, draft.rules)
    code, sheet = lines[0].key
    place = CHECK_SHEET, FIRST_CHECK_ROW, VERDICT_COLUMN
    draft.entries[place] = NOT_ENTERED
    return draft.on_sheet(*place), f"dòng {code} của trang tính “{sheet}” vẫn ghi “{NOT_ENTERED}”"
