"""Whose workbook a returned file is, and of which form: by its stamp, by sheet "Thông tin", by its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from dhtt_excel.excel.cells import show_value
from dhtt_excel.findings import Fault, Severity
from dhtt_excel.form.form import IDENTITY_SHEET, Form
from dhtt_excel.inbox.raw import RawSheet
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.reading.locate_tables import Located
from dhtt_excel.rules.files import other_form, unknown_unit


def read_stamp(sheets: Iterable[RawSheet]) -> dict[str, str]:
    """The identity that the form carries on its hidden sheet, as far as it is there; {} where that sheet is gone."""
    for sheet in sheets:
        if sheet.name == IDENTITY_SHEET:
            pairs = ((show_value(row[0]), show_value(row[1])) for row in sheet.rows if len(row) > 1)
            return {key: value for key, value in pairs if value}
    return {}


def read_version(stamp: Mapping[str, str]) -> int | None:
    """The form's version; None where the file does not say."""
    version = stamp.get("form_version", "")
    return int(version) if version.isdigit() else None


def check_form(stamp: Mapping[str, str], located: Mapping[str, Located], form: Form, plan: Plan) -> Fault | None:
    """TEP02. Without severity the file is not this plan's form at all."""
    advice = f"Đề nghị đơn vị dùng biểu mẫu của Kế hoạch {plan.number} đã gửi kèm."
    recognised = {p.table.sheet for p in located.values() if p.columns or p.cells}
    if stamp.get("plan", plan.id) != plan.id:
        return other_form.fault(f"Biểu mẫu của kế hoạch khác ({stamp['plan']})", advice)
    if len(recognised) * 2 < len(form.sheets):
        return other_form.fault("Không phải biểu mẫu của kế hoạch này", advice)
    version = read_version(stamp)
    if version is not None and version not in form.versions:
        message = f"Phiên bản biểu mẫu {version} không phải bản hiện hành"
        return other_form.fault(message, advice, Severity.WARNING)
    return None


def identify_unit(
    stamp: Mapping[str, str], located: Mapping[str, Located], file: str, plan: Plan
) -> tuple[Unit | None, Fault | None]:
    """TEP03: the unit by its stamp and by sheet "Thông tin", which must agree; else by the file's name."""
    stamped = plan.units_by_code.get(stamp.get("unit", ""))
    written_text, tell = "", unknown_unit.fault
    info = located.get("info")
    if info and "unit_name" in info.cells:
        row, column = info.cells["unit_name"]
        written_text = show_value(info.sheet.cell(row, column))
        tell = partial(unknown_unit.fault, sheet=info.sheet.name, at=(row, column))
    written = plan.find_unit(written_text) if written_text else None
    if stamped and written_text and written is not stamped:
        message = f"Biểu mẫu cấp cho {plan.name_of(stamped)} nhưng ghi “{written_text}”"
        discreet = f"Biểu mẫu cấp cho {plan.name_of(stamped)} nhưng ghi tên khác"
        return None, tell(message, "Hỏi lại đơn vị; mỗi đơn vị dùng biểu mẫu của mình.", discreet=discreet)
    unit = stamped or written or find_named_unit(file, plan)
    named = find_named_unit(file.rpartition("/")[2], plan)  # "thư 002.eml" says nothing against what it holds
    if unit and named and named is not unit:
        message = f"Tên tệp của {plan.name_of(named)} nhưng nội dung của {plan.name_of(unit)}: đã theo nội dung"
        return unit, tell(message, "Hỏi lại đơn vị gửi.", Severity.WARNING)
    return unit, None if unit else _ask(written_text, plan, tell)


def _ask(written: str, plan: Plan, tell: Callable[..., Fault]) -> Fault:
    """That nobody knows whose file it is, and whose it might be."""
    near = plan.suggest_unit(written)
    hint = f"; có phải ý bạn là “{plan.name_of(near)}”?" if near else ""
    nobody = "Không biết của đơn vị nào"
    message = f"{nobody} (ghi “{written}”{hint})" if written else nobody
    advice = "Ghi đúng tên đơn vị ở trang tính “Thông tin”, hoặc dùng lại biểu mẫu của đơn vị."
    return tell(message, advice, discreet=f"{nobody}{hint}" if written else "")


def find_named_unit(file: str, plan: Plan) -> Unit | None:
    """The one unit whose code stands in the file's name or, failing that, in that of the folder or mail it is in."""
    for name in reversed(file.split("/")):
        parts = set(re.split(r"[^0-9A-Za-z]+", name))
        units = [u for u in plan.units if u.code in parts]
        if units:
            return units[0] if len(units) == 1 else None
    return None
