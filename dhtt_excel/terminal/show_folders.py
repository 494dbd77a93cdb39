"""What became of the e-mail drafts and returned copies ─► lines on the terminal. No address and no name of a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dhtt_excel.outputs.mail.kinds import MailKind
from dhtt_excel.outputs.tell_written import tell_drafts, tell_leftovers
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.text.file_names import RETURNS_FOLDER

if TYPE_CHECKING:
    from dhtt_excel.office.contacts import Contacts
    from dhtt_excel.outputs.write_outputs import Written


def show_folder(written: Written, plan: Plan, contacts: Contacts) -> list[str]:
    """What was written into a folder of the outputs, and what became of the files of earlier runs."""
    if written.path.name == RETURNS_FOLDER:
        count = len({*written.replaced.written, *written.replaced.kept})
        told = [f"Bản trả lại trong {written.path}: {count} tệp, có ô cần sửa tô đỏ."] if count else []
        return [*told, *tell_leftovers(written)]
    return [*_show_drafts(written, plan, contacts), *tell_leftovers(written)]


def _show_drafts(written: Written, plan: Plan, contacts: Contacts) -> list[str]:
    """How many drafts of which kind, where, and who has no recipient."""
    drafts = _find_units({*written.replaced.written, *written.replaced.kept}, plan)
    told = tell_drafts(drafts)
    line = f"Thư nháp trong {written.path}: {told}. Chưa gửi thư nào." if told else "Không có thư nháp nào."
    return [line, *_show_recipients({unit.code: unit for unit in drafts.values()}, plan, contacts)]


def _show_recipients(units: Mapping[str, Unit], plan: Plan, contacts: Contacts) -> list[str]:
    without = [unit for code, unit in units.items() if not (code in contacts and contacts[code].to)]
    if not without:
        return []
    if not contacts:
        return ["Chưa thư nào có người nhận: lập danh bạ bằng lệnh dhtt mail contacts, rồi thêm --contacts."]
    return [f"Chưa có người nhận: {', '.join(map(plan.short_name, without))}"]


def _find_units(names: set[str], plan: Plan) -> dict[str, Unit]:
    """Whose draft each of these names is, in the order of the units."""
    possible = {kind.draft_name(unit): unit for unit in plan.local_units for kind in MailKind}
    return {name: owner for name, owner in possible.items() if name in names}
