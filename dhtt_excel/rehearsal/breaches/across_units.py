"""O: one person in two units."""

from __future__ import annotations

from collections import Counter

from dhtt_excel.rehearsal.drafts import FILE, Draft, Made, first, in_campaign
from dhtt_excel.rules import across_units
from dhtt_excel.text.vietnamese import fold


@in_campaign(across_units.listed_in_two_units, needs=(FILE, "workers"))
def list_person_of_other_unit(draft: Draft, sent: list[Draft]) -> Made:
    """Someone of an organisation that no third unit names comes in the place of another."""
    others = [d for d in sent if d.unit.level == "local" and d is not draft]
    holders = Counter(key for d in others for key in {fold(row["organisation"]) for row in d.rows("delegates")})
    giver, person = first(
        (d, row) for d in others for row in d.list_extras() if holders[fold(row["organisation"])] == 1
    )
    giver.taken.add(person["excel_row"])
    row = draft.take_extra()
    for column in draft.form.tables["delegates"].by_key:
        if column != "category":
            draft.put("delegates", column, person.get(column), row)
    places = [d.place("delegates", "name", r) for d, r in ((giver, person["excel_row"]), (draft, row))]
    return places, "một điển hình có tên ở cả hai đơn vị"
