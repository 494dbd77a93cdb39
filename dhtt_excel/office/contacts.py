"""danh-ba.xlsx: to whom at each local unit the e-mail drafts are addressed.

The upper unit's own list: written once with a line a unit, filled in by staff, only read afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from dhtt_excel.findings import Finding
from dhtt_excel.form.table import Column, Kind
from dhtt_excel.inbox.raw import RawWorkbook
from dhtt_excel.office.office_tables import (
    OfficeLine,
    OfficeTable,
    Teller,
    choose_complete,
    draw_office_table,
    hint_unit,
    read_office_table,
)
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.rules.own_files import contact_unfit

_SEVERAL = "Nhiều địa chỉ thì cách nhau bằng dấu chấm phẩy."
_TABLE = OfficeTable(
    "Danh bạ",
    "DANH BẠ THƯ ĐIỆN TỬ",
    "Mỗi dòng một đơn vị: thư nháp gửi đơn vị đó ghi sẵn các địa chỉ này. Chương trình chỉ đọc tệp này, không gửi thư.",
    (
        Column("unit", "Đơn vị", Kind.TEXT, 30, required=True, hint="Tên hoặc mã đơn vị."),
        Column("name", "Người nhận", Kind.TEXT, 30, personal=True, hint="Họ tên hoặc chức vụ; có thể để trống."),
        Column("to", "Thư điện tử", Kind.TEXT, 40, personal=True, hint=f"{_SEVERAL} Để trống: chưa có người nhận."),
        Column("cc", "Đồng gửi", Kind.TEXT, 40, personal=True, hint=f"Lãnh đạo đơn vị, nếu cần. {_SEVERAL}"),
        Column("note", "Ghi chú", Kind.TEXT, 30, personal=True),
    ),
    contact_unfit,
)

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(
    rf"(?=.{{1,64}}@)(?=.{{1,254}}\Z)[\w%+'-]+(?:\.[\w%+'-]+)*@(?:{_LABEL}\.)+[A-Za-z]{{2,63}}", re.ASCII
)
_SEPARATORS = re.compile(r"[;,\n]")


class Mailbox(NamedTuple):
    """A name, "" where there is none, and an address."""

    name: str
    address: str


class Contact(NamedTuple):
    """To whom a unit's drafts go; without `to` nobody is known yet."""

    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()


Contacts = Mapping[str, Contact]
"""By unit code; a unit of which nothing is known is not in it."""


def draw_contacts(plan: Plan) -> bytes:
    """The list with a line for every local unit, without addresses."""
    names = [plan.name_of(unit) for unit in plan.local_units]
    return draw_office_table(
        _TABLE, plan, [(name, *[None] * 4) for name in names], choices={"unit": dict.fromkeys(names, "")}
    )


def read_contacts(listed: RawWorkbook | None, plan: Plan) -> tuple[Contacts, list[Finding]]:
    """What the list says, and what is wrong with it; `listed` is None where there is no list.

    Addresses are not repeated in the findings: they often are people's names.
    """
    if listed is None:
        return {}, []
    lines, teller = read_office_table(_TABLE, listed, plan)
    if lines and "to" not in lines[0].columns:
        teller.tell("Không thấy cột “Thư điện tử”: thư nháp chưa có người nhận", "Khôi phục dòng tiêu đề.")
        return {}, teller.told
    contacts: dict[str, Contact] = {}
    rows: dict[str, int] = {}
    told = [line for line in lines if line.spoilt or line.values["to"] or line.values["cc"]]
    for line in choose_complete(_TABLE, told, teller):
        unit = _understand_unit(line, plan, teller)
        contact = _understand_addresses(line, teller)
        if unit is None or contact is None:
            continue
        if unit.code in contacts:
            message = f"{plan.name_of(unit)} đã có ở dòng {rows[unit.code]}: dòng này không dùng"
            teller.tell(message, "Mỗi đơn vị một dòng; ghi mọi địa chỉ vào một ô.", line, "unit")
            continue
        contacts[unit.code], rows[unit.code] = contact, line.row
    return contacts, teller.told


def _understand_unit(line: OfficeLine, plan: Plan, teller: Teller) -> Unit | None:
    named = line.values["unit"]
    unit = plan.find_unit(named)
    if unit is None:
        advice = f"Ghi tên hoặc mã đơn vị.{hint_unit(named, plan)}"
        teller.tell(f"Không có đơn vị “{named}”: dòng này không dùng", advice, line, "unit")
    elif unit.level == "upper":
        message = f"{plan.name_of(unit)} là nơi tổng hợp, không nhận thư: dòng này không dùng"
        teller.tell(message, "Xóa dòng này khỏi danh bạ.", line, "unit")
        return None
    return unit


def _understand_addresses(line: OfficeLine, teller: Teller) -> Contact | None:
    """The line's mailboxes; None where an address is none, which is told."""
    to, cc = (_split(line.values[key] or "") for key in ("to", "cc"))
    wrong = False
    for key, addresses in (("to", to), ("cc", cc)):
        bad = [number for number, address in enumerate(addresses, start=1) if not _ADDRESS.fullmatch(address)]
        if bad:
            which = f"Địa chỉ thứ {', '.join(map(str, bad))}" if len(addresses) > 1 else "Địa chỉ"
            advice = f"Ghi dạng ten@co-quan.gov.vn, không dấu, không khoảng trắng. {_SEVERAL}"
            teller.tell(f"{which} không đúng: dòng này không dùng", advice, line, key)
            wrong = True
    if wrong:
        return None
    names = _name_each(line.values["name"] or "", len(to))
    return Contact(tuple(map(Mailbox, names, to)), tuple(Mailbox("", address) for address in cc))


def _split(text: str) -> list[str]:
    return [part.strip() for part in _SEPARATORS.split(text) if part.strip()]


def _name_each(names: str, count: int) -> list[str]:
    """A name for each address, in one line; none where it is not clear whose is whose."""
    one = _one_line(names)
    if count == 1:
        return [one]
    several = [_one_line(name) for name in re.split(r"[;\n]", names) if name.strip()]
    if len(several) != count:
        several = [name.strip() for name in one.split(",") if name.strip()]
    return several if len(several) == count else [""] * count


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
