"""A breach of every rule that one workbook can break, in the order of the rules.

Cells are found by the form's keys, values in the plan's lists, so that every plan can be rehearsed.
"""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO

from dhtt_excel.form.check_lines import FIRST_CHECK_ROW, NOT_ENTERED, VERDICT_COLUMN, list_lines
from dhtt_excel.form.draw_form import list_printed
from dhtt_excel.form.form import (
    CHECK_SHEET,
    GUIDE_SHEET,
    IDENTITY_KEYS,
    IDENTITY_SHEET,
    NONE_COLUMN,
    NONE_ROW,
    TICK,
)
from dhtt_excel.rehearsal.drafts import Draft, Place, first, in_workbook

# Names that are never invented, for `words.MIDDLES` lack "Thị Diệu".
_NAME, _NAME_OTHERWISE, _NOBODY = "Kiều Thị Diệu Hòa", "Kiều Thị Diệu Hoà", "Kiều Thị Diệu Lành"
_LEGACY_NAME = "NguyÔn V¨n B×nh"
_UNKNOWN = "Đường sắt"
_OTHER_HEADING = "Ghi chú 2"
_OTHER_CONFERENCE = "Hội nghị tổng kết năm"
_OTHER_PLAN = "ke-hoach-khac"
_DAY = timedelta(days=1)

# ---------------------------------------------------------------- TEP: the file


@in_workbook("TEP01", alone=True)
def cut_off(draft: Draft) -> tuple[Place, str]:
    draft.edits.append(lambda data: data[: len(data) // 2])
    return draft.on_sheet(), "cắt bỏ nửa sau của tệp"


@in_workbook("TEP02", alone=True)
def stamp_other_plan(draft: Draft) -> tuple[Place, str]:
    draft.entries[IDENTITY_SHEET, IDENTITY_KEYS.index("plan") + 1, 2] = _OTHER_PLAN
    return draft.on_sheet(), f"dùng biểu mẫu của kế hoạch “{_OTHER_PLAN}”"


@in_workbook("TEP03", alone=True)
def name_other_unit(draft: Draft) -> tuple[Place, str]:
    other = draft.plan.name_of(first(u for u in draft.plan.units if u is not draft.unit))
    return draft.put("info", "unit_name", other), f"ghi tên đơn vị khác: “{other}”"


@in_workbook("TEP06", spoils=("speakers", "valid", "check"))
def leave_out_sheet(draft: Draft) -> tuple[Place, str]:
    """Drawn without the sheet, and so without the lines of "Kiểm tra" that read it. The guide still speaks of it."""
    place = draft.place("speakers")
    draft.clear("speakers")
    others = {key: table for key, table in draft.form.tables.items() if table.sheet != place.sheet}
    rest = replace(draft.form, tables=others)
    whole, less = (list_printed(draft.plan, form, draft.unit, ())[GUIDE_SHEET] for form in (draft.form, rest))
    draft.entries |= {(GUIDE_SHEET, *cell): whole.get(cell) for cell in (*less, *whole)}
    draft.form, draft.rules = rest, ()
    return place, f"bỏ sheet “{place.sheet}”"


@in_workbook("TEP07", spoils=("valid", "religion"))
def rename_heading(draft: Draft) -> tuple[Place, str]:
    table = draft.form.tables["delegates"]
    draft.put("delegates", "religion", _OTHER_HEADING, table.heading_row)
    return draft.place("delegates"), f"đổi tiêu đề “{draft.heading('delegates', 'religion')}” thành “{_OTHER_HEADING}”"


@in_workbook("TEP08")
def write_beside(draft: Draft) -> tuple[Place, str]:
    table = draft.form.tables["honourees"]
    place = table.sheet, table.first_row, len(table.columns) + 1
    draft.entries[place] = "đã gọi điện"
    return draft.on_sheet(*place), "ghi thêm bên phải danh sách"


@in_workbook("TEP09")
def hide_row(draft: Draft) -> tuple[Place, str]:
    row = draft.take_extra()
    place = draft.place("delegates")
    part = f"xl/worksheets/sheet{(GUIDE_SHEET, *draft.form.sheets).index(place.sheet) + 1}.xml"
    draft.edits.append(lambda data: _edit_part(data, part, f'<row r="{row}"', f'<row r="{row}" hidden="1"'))
    return place, f"ẩn dòng {row}"


def _edit_part(data: bytes, part: str, old: str, new: str) -> bytes:
    """The workbook with a text of one part replaced."""
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == part:
                content = content.decode().replace(old, new).encode()
            target.writestr(entry, content)
    return written.getvalue()


@in_workbook("TEP10", needs=("check",))
def save_other_verdict(draft: Draft) -> tuple[Place, str]:
    """As a program leaves it that does not calculate."""
    lines = list_lines(draft.plan, draft.form, draft.unit, draft.rules)
    code, sheet = lines[0].key
    place = CHECK_SHEET, FIRST_CHECK_ROW, VERDICT_COLUMN
    draft.entries[place] = NOT_ENTERED
    return draft.on_sheet(*place), f"dòng {code} của sheet “{sheet}” vẫn ghi “{NOT_ENTERED}”"


# ---------------------------------------------------------------- O: single cells, doubles


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
    draft.entries[place.sheet, NONE_ROW, NONE_COLUMN] = TICK
    return place, "đánh dấu “Không có nội dung này” trên danh sách có người"


@in_workbook("O09")
def spell_otherwise(draft: Draft) -> tuple[Place, str]:
    rows = sorted((draft.take_extra(), draft.take_extra()))
    for column in ("gender", "birth_year"):
        draft.put("delegates", column, draft.get("delegates", column, rows[0]), rows[1])
    draft.put("delegates", "name", _NAME, rows[0])
    return draft.put("delegates", "name", _NAME_OTHERWISE, rows[1]), f"như dòng {rows[0]}, viết “Hoà” thay cho “Hòa”"


# ---------------------------------------------------------------- TT: the conference


@in_workbook("TT01", spoils=("form",))
def name_no_event(draft: Draft) -> tuple[Place, str]:
    combined = draft.plan.lists.value("forms", "combined")
    draft.put("info", "form", combined)
    return draft.put("info", "event", None), f"chọn “{combined}” mà không ghi sự kiện"


@in_workbook("TT02", spoils=("date", "reported"))
def hold_late(draft: Draft) -> tuple[Place, str]:
    day = draft.plan.conference.local.before
    draft.put("info", "reported", None)
    return draft.put("info", "date", day), f"tổ chức ngày {day:%d/%m/%Y}"


@in_workbook("TT04", spoils=("session",))
def choose_other_session(draft: Draft) -> tuple[Place, str]:
    start, end = draft.get("info", "start"), draft.get("info", "end")
    session = first(s for s in draft.plan.lists.sessions if start < s.start or s.end < end)
    draft.put("info", "session", session.value)
    wrong = "start" if start < session.start else "end"
    return draft.place("info", wrong), f"họp {start:%H:%M} - {end:%H:%M} mà chọn buổi {session.value}"


@in_workbook("TT05", spoils=("reported",))
def report_late(draft: Draft) -> tuple[Place, str]:
    day = draft.plan.report.before
    return draft.put("info", "reported", day), f"báo cáo ngày {day:%d/%m/%Y}"


@in_workbook("TT06", spoils=("form",))
def name_otherwise(draft: Draft) -> tuple[Place, str]:
    separate = draft.plan.lists.value("forms", "separate")
    draft.put("info", "form", separate)
    draft.put("info", "event", None)
    return draft.put("info", "name", _OTHER_CONFERENCE), f"“{separate}”, tên ghi “{_OTHER_CONFERENCE}”"


@in_workbook("TT07")
def leave_out_own_plan(draft: Draft) -> tuple[Place, str]:
    return draft.put("info", "decision", None), "để trống số, ngày kế hoạch"


@in_workbook("TT08", needs=("date",), spoils=("reported",))
def report_before(draft: Draft) -> tuple[Place, str]:
    held = draft.get("info", "date")
    day = held - _DAY
    return draft.put("info", "reported", day), f"tổ chức {held:%d/%m/%Y}, báo cáo {day:%d/%m/%Y}"


# ---------------------------------------------------------------- DB: the delegates


@in_workbook("DB01", spoils=("categories",))
def shift_shares(draft: Draft) -> tuple[Place, str]:
    """Exemplars become guests until a warning would not do."""
    plan = draft.plan
    exemplars, total = len(draft.delegates("exemplar")), len(draft.rows("delegates"))
    target = total * (plan.shares.exemplars - plan.shares.tolerance - 1) // 100
    guest = first(c.value for c in reversed(plan.lists.categories) if c.group == "guest")
    place = draft.put_all("delegates", "category", guest, draft.list_extras()[: exemplars - target])
    return place, f"chuyển {exemplars - target} điển hình thành “{guest}”"


@in_workbook("DB02", spoils=("total",))
def declare_more(draft: Draft) -> tuple[Place, str]:
    total = draft.get("info", "declared_total") + 2
    return draft.put("info", "declared_total", total), f"khai {total} đại biểu, thừa 2"


@in_workbook("DB03", spoils=("guests",))
def invite_none_of_a_kind(draft: Draft) -> tuple[Place, str]:
    return replace_kind_of_guest(draft)


def replace_kind_of_guest(draft: Draft) -> tuple[Place, str]:
    """The guests of a kind that the plan names are of another kind."""
    kinds = [c for c in draft.plan.lists.categories if c.group == "guest"]
    absent = first(c.value for c in reversed(kinds) if c.expected)
    other = first(c.value for c in reversed(kinds) if c.value != absent)
    rows = [row for row in draft.rows("delegates") if row["category"] == absent]
    return draft.put_all("delegates", "category", other, rows), f"không còn ai là “{absent}”"


@in_workbook("DB04", spoils=("categories",))
def invite_no_collective(draft: Draft) -> tuple[Place, str]:
    collective, single = find_kinds(draft)
    rows = [row for row in draft.rows("delegates") if row["category"] == collective]
    return draft.put_all("delegates", "category", single, rows), f"mọi “{collective}” thành “{single}”"


def find_kinds(draft: Draft) -> tuple[str, str]:
    """How the plan calls an exemplar who stands for a collective, and another."""
    collective = draft.plan.lists.value("categories", "collective")
    exemplary = (c.value for c in draft.plan.lists.categories if c.group == "exemplar")
    return collective, first(value for value in exemplary if value != collective)


@in_workbook("DB05", spoils=("workers",))
def choose_no_worker(draft: Draft) -> tuple[Place, str]:
    return draft.put_all("delegates", "direct_worker", None), "xóa mọi dấu trực tiếp lao động"


@in_workbook("DB06", spoils=("nominated",))
def nominate_nobody(draft: Draft) -> tuple[Place, str]:
    return draft.put_all("delegates", "nominated", None), "không cử ai"


# ---------------------------------------------------------------- TL: the speakers


@in_workbook("TL01", spoils=("speakers",))
def list_no_speaker(draft: Draft) -> tuple[Place, str]:
    return draft.clear("speakers"), "để trống danh sách"


@in_workbook("TL02", needs=("speakers",))
def let_anyone_speak(draft: Draft) -> tuple[Place, str]:
    row = draft.rows("speakers")[0]["excel_row"]
    return draft.put("speakers", "name", _NOBODY, row), "người tham luận không có trong hai danh sách kia"


@in_workbook("TL03", needs=("speakers",))
def name_no_model(draft: Draft) -> tuple[Place, str]:
    row = draft.rows("speakers")[-1]["excel_row"]
    return draft.put("speakers", "model", "Không", row), "mô hình mới ghi “Không”"


@in_workbook("TL04", needs=("speakers",))
def speak_for_hours(draft: Draft) -> tuple[Place, str]:
    minutes = 24 * 60
    draft.put("speakers", "minutes", minutes, draft.rows("speakers")[0]["excel_row"])
    return draft.place("speakers", "minutes"), f"một tham luận {minutes} phút"


# ---------------------------------------------------------------- BD: the honourees


@in_workbook("BD01", spoils=("honourees",))
def honour_nobody(draft: Draft) -> tuple[Place, str]:
    return draft.clear("honourees"), "để trống danh sách"


@in_workbook("BD02", needs=("honourees",))
def give_unfit_award(draft: Draft) -> tuple[Place, str]:
    collective = draft.plan.lists.value("honouree_kinds", "collective")
    row = first(r["excel_row"] for r in draft.rows("honourees") if r["kind"] == collective)
    award = first(a.value for a in draft.plan.lists.awards if "collective" not in a.recipients)
    return draft.put("honourees", "award", award, row), f"tặng tập thể “{award}”"


@in_workbook("BD03", needs=("honourees",))
def honour_no_worker(draft: Draft) -> tuple[Place, str]:
    return draft.put_all("honourees", "direct_worker", None), "xóa mọi dấu trực tiếp lao động"


@in_workbook("BD04", needs=("honourees",))
def choose_other_movement(draft: Draft) -> tuple[Place, str]:
    other = first(c.value for c in draft.plan.lists.movements if c.key == "other")
    return draft.put_all("honourees", "movement", other), f"cả danh sách chọn phong trào “{other}”"


# ---------------------------------------------------------------- CT: the programme


@in_workbook("CT01")
def leave_out_item(draft: Draft) -> tuple[Place, str]:
    items = draft.plan.programme.required
    row = draft.form.tables["programme"].first_row + len(items) - 1
    return draft.put("programme", "held", None, row), f"bỏ mục “{items[-1]}”"


@in_workbook("CT02")
def overlap_items(draft: Draft) -> tuple[Place, str]:
    """An item is not over when the next one begins; the last one is left to CT01."""
    last = draft.form.tables["programme"].first_row + len(draft.plan.programme.required) - 1
    rows = [r for r in draft.rows("programme") if r.get("held") and r["excel_row"] < last]
    before, row = first(
        (a, b) for a in rows for b in rows if a["excel_row"] < b["excel_row"] and a["end"] == b["start"]
    )
    start = (datetime.combine(draft.plan.date, before["end"]) - timedelta(minutes=1)).time()
    return draft.put("programme", "start", start, row["excel_row"]), f"bắt đầu {start:%H:%M}, mục trước chưa xong"


# ---------------------------------------------------------------- BC: the report


@in_workbook("BC01")
def leave_out_section(draft: Draft) -> tuple[Place, str]:
    row = draft.rows("report")[-1]["excel_row"]
    return draft.put("report", "content", None, row), f"bỏ mục {draft.plan.report.sections[-1].code}"


@in_workbook("BC02", needs=("awards",))
def count_more_workers(draft: Draft) -> tuple[Place, str]:
    row = first(r for r in draft.rows("awards") if r.get("persons"))
    count = row["persons"] + 1
    place = draft.put("awards", "direct_workers", count, row["excel_row"])
    return place, f"{row['persons']} cá nhân, {count} trực tiếp lao động"


@in_workbook("BC03", spoils=("awards",))
def count_no_award(draft: Draft) -> tuple[Place, str]:
    for column in ("persons", "direct_workers"):
        draft.put_all("awards", column, None)
    return draft.put_all("awards", "collectives", None), "xóa mọi số liệu khen thưởng"


@in_workbook("BC04", needs=("awards",))
def count_award_for_others(draft: Draft) -> tuple[Place, str]:
    awards = enumerate(draft.plan.lists.awards, start=draft.form.tables["awards"].first_row)
    row, award = first((row, a.value) for row, a in awards if "collective" not in a.recipients)
    return draft.put("awards", "collectives", 3, row), f"3 tập thể được “{award}”"


# ---------------------------------------------------------------- HN: the upper conference's own workbook


@in_workbook("HN04", level="upper")
def hold_upper_late(draft: Draft) -> tuple[Place, str]:
    day = draft.plan.conference.upper.last_day + _DAY
    return draft.put("info", "date", day), f"tổ chức ngày {day:%d/%m/%Y}"


@in_workbook("HN06", level="upper")
def combine_upper(draft: Draft) -> tuple[Place, str]:
    combined = draft.plan.lists.value("forms", "combined")
    draft.put("info", "event", _OTHER_CONFERENCE)
    return draft.put("info", "form", combined), f"chọn “{combined}”"
