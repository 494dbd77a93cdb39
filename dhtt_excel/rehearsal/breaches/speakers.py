"""TL: the speakers."""

from __future__ import annotations

from dhtt_excel.rehearsal.drafts import Draft, Place, in_workbook
from dhtt_excel.rehearsal.words import WORDS
from dhtt_excel.rules import speakers

_NOBODY = f"Kiều {WORDS.persons.unused_middle} Lành"


@in_workbook(speakers.no_speakers, spoils=("speakers",))
def list_no_speaker(draft: Draft) -> tuple[Place, str]:
    draft.clear("speakers")
    return draft.place("speakers", "name"), "để trống danh sách"


@in_workbook(speakers.speaker_not_exemplar, needs=("speakers",))
def let_anyone_speak(draft: Draft) -> tuple[Place, str]:
    row = draft.rows("speakers")[0]["excel_row"]
    return draft.put("speakers", "name", _NOBODY, row), "người tham luận không có trong hai danh sách kia"


@in_workbook(speakers.speeches_alike, needs=("speakers",))
def name_no_model(draft: Draft) -> tuple[Place, str]:
    row = draft.rows("speakers")[-1]["excel_row"]
    return draft.put("speakers", "model", "Không", row), "mô hình mới ghi “Không”"


@in_workbook(speakers.speeches_too_long, needs=("speakers",))
def speak_for_hours(draft: Draft) -> tuple[Place, str]:
    minutes = 24 * 60
    draft.put("speakers", "minutes", minutes, draft.rows("speakers")[0]["excel_row"])
    return draft.place("speakers", "minutes"), f"một tham luận {minutes} phút"
