"""Findings + chap-nhan.xlsx ─► the findings that the upper unit lets stand; and what is wrong with its list of them.

The list is the staff's: written once, empty, read at every run and never changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from dhtt_excel.errors import UserError
from dhtt_excel.findings import Finding, Rule, Severity
from dhtt_excel.form.table import Column, Kind
from dhtt_excel.inbox.raw import RawWorkbook
from dhtt_excel.office.office_tables import (
    OfficeLine,
    OfficeTable,
    Teller,
    check_row,
    choose_complete,
    copy_rows,
    draw_office_table,
    hint_unit,
    read_office_table,
)
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.rules import RESULT_RULES, RULES, RULES_BY_CODE
from dhtt_excel.rules.delegates import kind_of_guest_missing
from dhtt_excel.rules.files import report_overdue
from dhtt_excel.rules.own_files import exemption_useless
from dhtt_excel.text.file_names import EXEMPTIONS_FILE
from dhtt_excel.text.vietnamese import clean, fold

ALL_UNITS = "Tất cả"

_TABLE = OfficeTable(
    "Chấp nhận",
    "NGOẠI LỆ ĐƯỢC CHẤP NHẬN",
    "Mỗi dòng một ngoại lệ: quy tắc nào, đơn vị nào được miễn, vì sao, ai quyết định, đến ngày nào. Chương trình chỉ đọc tệp này, và chỉ thêm dòng khi bạn bảo thêm trong cửa sổ.",
    (
        Column("code", "Quy tắc", Kind.TEXT, 12, required=True, hint=f"Mã quy tắc, ví dụ {kind_of_guest_missing.code} (xem lệnh dhtt rules)."),
        Column("unit", "Đơn vị", Kind.TEXT, 26, required=True, hint=f"Tên hoặc mã đơn vị; “{ALL_UNITS}” cho mọi đơn vị."),
        Column("reason", "Lý do", Kind.TEXT, 60, required=True, hint="In trong biểu tổng hợp và sổ theo dõi."),
        Column("who", "Người chấp nhận", Kind.TEXT, 28, required=True, hint="Chức vụ, họ tên người quyết định."),
        Column("until", "Đến hết ngày", Kind.DATE, 14, hint="Để trống: đến hết đợt."),
    ),
    exemption_useless,
)  # fmt: skip


@dataclass(frozen=True)
class Exemption:
    """A rule that a unit (None: every unit) need not keep. `until`: the last day on which that holds."""

    code: str
    unit: Unit | None
    reason: str
    who: str
    until: date | None
    line: OfficeLine

    def covers(self, finding: Finding) -> bool:
        return (
            finding.code == self.code and (self.unit is None or finding.unit == self.unit.code) and finding.unit != ""
        )


@dataclass(frozen=True)
class Accepted:
    """`findings`: all, the accepted ones with that severity; `exemptions`: those in force; `problems`: of the list."""

    findings: list[Finding]
    exemptions: list[Exemption]
    problems: list[Finding]


def draw_exemptions(plan: Plan, rows: Sequence[Sequence[Any]] = ()) -> bytes:
    """The list with these rows, each in the order of its columns; by default with nothing in it."""
    units = dict.fromkeys([ALL_UNITS, *map(plan.name_of, plan.senders)], "")
    rules = (report_overdue, *RESULT_RULES) if plan.rolls_up else RULES
    codes = {rule.code: rule.requirement.format(plan=plan) for rule in rules if is_acceptable(rule)}
    return draw_office_table(_TABLE, plan, rows, choices={"code": codes, "unit": units})


def add_exemption(
    listed: RawWorkbook | None,
    plan: Plan,
    as_of: date,
    code: str,
    unit: Unit,
    reason: str,
    who: str,
    until: date | None,
) -> bytes:
    """The list with one line more; `listed` is None where there is no list yet.

    Raises `UserError` where the line lacks something, is stale already or has what would not be understood, or where what staff
    did to the list would be lost.
    """
    rule, reason, who = RULES_BY_CODE.get(code), clean(reason), clean(who)
    if rule is None or not is_acceptable(rule):
        raise UserError(f"Không thể chấp nhận {code}.")
    if not reason or not who:
        raise UserError("Ghi đủ lý do và người chấp nhận.")
    if until and until < as_of:
        raise UserError(
            f"Ngày {until:%d/%m/%Y} đã qua (hạn xét theo ngày {as_of:%d/%m/%Y}): ghi ngày sau đó, hoặc để trống."
        )
    rows, row = copy_rows(_TABLE, listed) if listed else [], (code, plan.name_of(unit), reason, who, until)
    check_row(_TABLE, row, plan)
    return draw_exemptions(plan, [*rows, row])


def is_acceptable(rule: Rule) -> bool:
    """Whether a breach can be let stand: not where there are no data, nor what is wrong with the staff's own files."""
    return rule.about not in ("file", "office")


def accept_findings(findings: Iterable[Finding], listed: RawWorkbook | None, plan: Plan, as_of: date) -> Accepted:
    """Let stand what the list names; `listed` is None where there is no list."""
    findings = list(findings)
    if listed is None:
        return Accepted(findings, [], [])
    lines, teller = read_office_table(_TABLE, listed, plan)
    exemptions = [e for line in choose_complete(_TABLE, lines, teller) if (e := _understand(line, plan, teller))]
    in_force = []
    for exemption in exemptions:
        if exemption.until and exemption.until < as_of:
            teller.tell(f"Hết hiệu lực từ sau ngày {exemption.until:%d/%m/%Y}: không dùng", "", exemption.line, "until")
        elif not any(f.severity.asks and exemption.covers(f) for f in findings):
            advice = f"Đơn vị có thể đã sửa; nếu không cần nữa thì xóa dòng này khỏi {EXEMPTIONS_FILE}."
            teller.tell("Không khớp với vấn đề nào của lần chạy này", advice, exemption.line, "code")
        else:
            in_force.append(exemption)
    return Accepted([_accept(f, in_force) for f in findings], in_force, teller.told)


def _accept(finding: Finding, exemptions: Iterable[Exemption]) -> Finding:
    found = next((e for e in exemptions if finding.severity.asks and e.covers(finding)), None)
    return replace(finding, severity=Severity.ACCEPTED, reason=describe_exemption(found)) if found else finding


def describe_exemption(exemption: Exemption) -> str:
    until = f", đến hết ngày {exemption.until:%d/%m/%Y}" if exemption.until else ""
    return f"{exemption.reason} ({exemption.who}{until})"


def _understand(line: OfficeLine, plan: Plan, teller: Teller) -> Exemption | None:
    """A line as an exemption; None where it names no rule or unit, which is told."""
    code, named = line.values["code"].upper(), line.values["unit"]
    unit, rule = plan.find_unit(named), RULES_BY_CODE.get(code)
    if rule is None or rule.about == "office":
        teller.tell(f"Không có quy tắc “{line.values['code']}”", "Xem các mã bằng lệnh dhtt rules.", line, "code")
        return None
    if rule.about == "file":
        teller.tell(f"Không thể chấp nhận {code}: tệp không đọc được thì không có số liệu", "", line, "code")
        return None
    if unit is None and fold(named) != fold(ALL_UNITS):
        advice = f"Ghi tên hoặc mã đơn vị, hoặc “{ALL_UNITS}”.{hint_unit(named, plan)}"
        teller.tell(f"Không có đơn vị “{named}”", advice, line, "unit")
        return None
    values = line.values
    return Exemption(code, unit, values["reason"], values["who"], values["until"], line)
