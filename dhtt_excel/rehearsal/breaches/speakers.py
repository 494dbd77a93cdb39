"""TL: the speakers."""

from __future__ import annotations

from dhtt_excel.rehearsal.drafts import Draft, Place, in_workbook
from dhtt_excel.rehearsal.words import WORDS

_NOBODY = f"Kiều {WORDS.persons.unused_middle} Lành"


@in_workbook("TL01", spoils=("speakers",))
def list_no_speaker(draft: Draft) -> tuple[Place, str]:
    draft.clear("speakers")
    return draft.place("speakers", "name"), "để trống danh sách"


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
