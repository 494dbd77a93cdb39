"""DB: the delegates."""

from __future__ import annotations

from collections.abc import Sequence

from dhtt_excel.rehearsal.drafts import Draft, Place, first, in_workbook
from dhtt_excel.rehearsal.entries import ask_only
from dhtt_excel.rehearsal.persons import Row
from dhtt_excel.rules import delegates


@in_workbook(delegates.exemplar_share_off, spoils=("categories",))
def shift_shares(draft: Draft) -> tuple[Place, str]:
    """Exemplars become guests until a warning would not do."""
    plan = draft.plan
    exemplars, total = len(draft.delegates("exemplar")), len(draft.rows("delegates"))
    target = total * (plan.shares.exemplars - plan.shares.tolerance - 1) // 100
    return make_guests(draft, draft.list_extras()[: exemplars - target])


def make_guests(draft: Draft, rows: Sequence[Row]) -> tuple[Place, str]:
    """These exemplars become guests, of whom less is asked."""
    guest = first(c.value for c in reversed(draft.plan.lists.categories) if c.group == "guest")
    for row in rows:
        kept = ask_only(draft.plan, draft.form.tables["delegates"], {**row, "category": guest})
        for key in row.keys() - kept.keys():
            draft.put("delegates", key, None, row["excel_row"])
    place = draft.put_all("delegates", "category", guest, rows)
    return place, f"chuyển {len(rows)} điển hình thành “{guest}”"


@in_workbook(delegates.total_differs, spoils=("total",))
def declare_more(draft: Draft) -> tuple[Place, str]:
    total = draft.get("info", "declared_total") + 2
    return draft.put("info", "declared_total", total), f"khai {total} đại biểu, thừa 2"


@in_workbook(delegates.kind_of_guest_missing, spoils=("guests",))
def invite_none_of_a_kind(draft: Draft) -> tuple[Place, str]:
    return replace_kind_of_guest(draft)


def replace_kind_of_guest(draft: Draft) -> tuple[Place, str]:
    """The guests of a kind that the plan names are of another kind."""
    kinds = [c for c in draft.plan.lists.categories if c.group == "guest"]
    absent = first(c.value for c in reversed(kinds) if c.expected)
    other = first(c.value for c in reversed(kinds) if c.value != absent)
    rows = [row for row in draft.rows("delegates") if row["category"] == absent]
    return draft.put_all("delegates", "category", other, rows), f"không còn ai là “{absent}”"


@in_workbook(delegates.one_kind_of_exemplar, spoils=("categories",))
def invite_no_collective(draft: Draft) -> tuple[Place, str]:
    collective, single = find_kinds(draft)
    rows = [row for row in draft.rows("delegates") if row["category"] == collective]
    return draft.put_all("delegates", "category", single, rows), f"mọi “{collective}” thành “{single}”"


def find_kinds(draft: Draft) -> tuple[str, str]:
    """How the plan calls an exemplar who stands for a collective, and another."""
    collective = draft.plan.lists.value("categories", "collective")
    exemplary = (c.value for c in draft.plan.lists.categories if c.group == "exemplar")
    return collective, first(value for value in exemplary if value != collective)


@in_workbook(delegates.no_direct_worker, spoils=("workers",))
def choose_no_worker(draft: Draft) -> tuple[Place, str]:
    return draft.put_all("delegates", "direct_worker", None), "xóa mọi dấu trực tiếp lao động"


@in_workbook(delegates.nobody_nominated, spoils=("nominated",))
def nominate_nobody(draft: Draft) -> tuple[Place, str]:
    return draft.put_all("delegates", "nominated", None), "không cử ai"
