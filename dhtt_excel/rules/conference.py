"""TT: sheet "Thông tin", a local unit's conference."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.findings import Fault, Live, Rule, Severity, rule
from dhtt_excel.form.form import Form
from dhtt_excel.form.formulas import date_of, formula_filled, formula_need, formula_one_of, quote, text_of
from dhtt_excel.form.moments import reading_of
from dhtt_excel.plan.code_lists import Session
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.rules.rows import list_known, list_rows
from dhtt_excel.text.vietnamese import fold, text_key

if TYPE_CHECKING:
    import pandas as pd

_OVERRUN = 30  # minutes by which a conference may reach out of its half of the day


def _live(form: Form, key: str, *reads: str, present: str = "", holds: str, **more: Any) -> list[Live]:
    """A rule about fields of the sheet, to be mended in the field `key`."""
    place = form.reference("info", key)
    table = form.tables["info"]
    return [
        Live(
            holds=holds,
            present=present or f'IF({place}="","",{place})',
            reads=tuple(("info", k) for k in reads or (key,)),
            sheet=table.sheet,
            cell=cell_name(*table.position(key)),
            **more,
        )
    ]


def formula_form(form: Form, plan: Plan) -> list[Live]:
    chosen, event = form.reference("info", "form"), form.reference("info", "event")
    separate, combined = plan.lists.value("forms", "separate"), plan.lists.value("forms", "combined")
    holds = f"OR({formula_one_of(chosen, [separate])}=1,AND({formula_one_of(chosen, [combined])}=1,{formula_filled(event)}))"
    row, event_row = (form.tables["info"].position(key)[0] for key in ("form", "event"))
    row_formula = f"IF({formula_one_of(chosen, [combined])}=1,{event_row},{row})"
    return _live(form, "form", "form", "event", begun=(("info", "form"),), holds=holds, row=row_formula)


def formula_date(form: Form, plan: Plan, unit: Unit) -> list[Live]:
    place, limit = reading_of(form, "info", "date"), _limit(plan, unit)
    requirement = f"Hội nghị tổ chức trước ngày {limit:%d/%m/%Y}"
    present = _shown_date(place) + formula_need(f'"trước {limit:%d/%m/%Y}"')
    return _live(form, "date", present=present, holds=f"{place}<{date_of(limit)}", requirement=requirement)


def formula_half_day(form: Form, plan: Plan) -> list[Live]:
    session = form.reference("info", "session")
    first, last = reading_of(form, "info", "start"), reading_of(form, "info", "end")

    def inside(slack: int) -> str:
        sessions = ",".join(
            f"AND({formula_one_of(session, [s.value])}=1,"
            f"{first}>={_minutes(s.start) - slack},{last}<={_minutes(s.end) + slack})"
            for s in plan.lists.sessions
        )
        return f"AND({first}<{last},OR({sessions}))"

    return _live(
        form, "start", "session", "start", "end", whole=True,
        present=f'IF(AND(ISNUMBER({first}),ISNUMBER({last})),{session}&", "&{_shown_clock(first)}&" - "&{_shown_clock(last)},"")',
        holds=inside(0),
        tolerable=inside(_OVERRUN),
        row=_row_outside(form, plan, session, first, last),
    )  # fmt: skip


def _row_outside(form: Form, plan: Plan, session: str, first: str, last: str) -> str:
    """The row of the hour that is further off, as `not_half_a_day` tells it."""
    start, end = (form.tables["info"].position(key)[0] for key in ("start", "end"))
    row = str(start)
    for s in plan.lists.sessions:
        further = f"IF({_minutes(s.start)}-{first}>={last}-{_minutes(s.end)},{start},{end})"
        row = f"IF({formula_one_of(session, [s.value])}=1,{further},{row})"
    return f"IF({last}<={first},{end},{row})"


def formula_report_date(form: Form, plan: Plan) -> list[Live]:
    place = reading_of(form, "info", "reported")
    holds = f'IF(ISNUMBER({place}),{place}<{date_of(plan.report.before)},{place}="")'
    begun = (("info", "date"), ("info", "reported"))
    present = _shown_date(place) + formula_need(f'"trước {plan.report.before:%d/%m/%Y}"')
    return _live(form, "reported", "reported", begun=begun, present=present, holds=holds)


def formula_order_of_dates(form: Form) -> list[Live]:
    held, place = reading_of(form, "info", "date"), reading_of(form, "info", "reported")
    holds = f"IF(ISNUMBER({place}),{place}>={held},TRUE)"
    present = _shown_date(place) + formula_need(f'"từ "&{_shown_date(held)}')
    return _live(form, "reported", "date", "reported", begun=(("info", "date"),), present=present, holds=holds)


def formula_name(form: Form, plan: Plan) -> list[Live]:
    chosen, name = form.reference("info", "form"), form.reference("info", "name")
    separate = plan.lists.value("forms", "separate")
    named = f"ISNUMBER(SEARCH({quote(plan.conference.local.name)},{text_of(name)}))"
    holds = f"OR({formula_one_of(chosen, [separate])}=0,NOT({formula_filled(name)}),{named})"
    return _live(form, "name", "form", "name", begun=(("info", "form"),), holds=holds)


def formula_own_plan(form: Form) -> list[Live]:
    holds = formula_filled(form.reference("info", "decision"))
    return _live(form, "decision", "decision", "date", begun=(("info", "date"),), holds=holds)


form_not_chosen = Rule(
    "TT01",
    "Đã chọn hình thức tổ chức; nếu lồng ghép thì nêu tên sự kiện",
    cites="II.2.1.a",
    cites_upper="II.2.2.a",
    advice="Chọn hình thức ở trang tính “Thông tin”; nếu lồng ghép, ghi tên sự kiện.",
    example="Hình thức là Lồng ghép, ô Sự kiện lồng ghép để trống.",
    live=formula_form,
)


@rule("TT02", "Hội nghị tổ chức {plan.conference.local.limits}", cites="II.2.1.c",
      advice="Kiểm tra lại ngày tổ chức.", example="Ngày tổ chức ghi {plan.conference.local.before:%d/%m/%Y}, hạn là trước ngày {plan.conference.local.before:%d/%m/%Y}.",
      sheet="info", level="local", live=formula_date)  # fmt: skip
def held_too_late(info: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    """Before is strict. The pilot unit has its own limit, as the plan applies it."""
    for row in list_known(info, "date"):
        unit = plan.units_by_code[row.unit]
        if row.date >= _limit(plan, unit):
            kind = "hội nghị điểm" if unit.pilot else "hội nghị"
            limit = _limit(plan, unit)
            message = f"Ngày {row.date:%d/%m/%Y}: {kind} phải xong trước ngày {limit:%d/%m/%Y}"
            message += ask_swapped(row.date, plan.date, limit - timedelta(days=1))
            yield Fault(row, "date", message)


@rule("TT03", "Các hội nghị theo thứ tự: hội nghị điểm, các đơn vị khác, rồi đến {plan.levels.upper.noun}", cites="II.2.1.c", cites_upper="II.2.2.c",
      advice="Kiểm tra lại ngày tổ chức với {plan.levels.upper.contact}.", sheet="info", severity=Severity.WARNING,
      example="Một đơn vị khác tổ chức trước hội nghị điểm một ngày.")  # fmt: skip
def held_out_of_order(info: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    """The upper unit's conference is for those whom the others have honoured; one that is too late (TT02) is not waited for."""
    dated = [(row, plan.units_by_code[row.unit]) for row in list_known(info, "date")]
    pilots = [row for row, unit in dated if unit.pilot]
    if pilots:
        yield from _before_pilot(max(pilots, key=lambda row: row.date), dated, plan)
    in_time = [row.date for row, unit in dated if unit.level == "local" and row.date < _limit(plan, unit)]
    for row, unit in dated:
        later = [day for day in in_time if row.date < day] if unit.level == "upper" else []
        if later:
            who = f"hội nghị của {len(later)} {plan.levels.local.noun} (muộn nhất {max(later):%d/%m/%Y})"
            yield Fault(row, "date", f"Ngày {row.date:%d/%m/%Y} trước {who}")


def _before_pilot(pilot: Any, dated: list[tuple[Any, Unit]], plan: Plan) -> Iterator[Fault]:
    """Who met before the pilot; where most did, or it was too late itself, its own day is the doubtful one."""
    others = [row for row, unit in dated if unit.level == "local" and not unit.pilot]
    before = [row for row in others if row.date < pilot.date]
    late = pilot.date >= _limit(plan, plan.units_by_code[pilot.unit])
    if len(before) > 1 and (late or len(before) > len(others) / 2):
        first = min(row.date for row in before)
        who = f"hội nghị của {len(before)} {plan.levels.local.noun} (sớm nhất {first:%d/%m/%Y})"
        yield Fault(pilot, "date", f"Hội nghị điểm ngày {pilot.date:%d/%m/%Y} sau {who}")
        return
    for row in before:
        yield Fault(row, "date", f"Ngày {row.date:%d/%m/%Y} trước hội nghị điểm ({pilot.date:%d/%m/%Y})")


@rule("TT04", "Hội nghị trong nửa ngày: giờ bắt đầu và kết thúc nằm trong buổi đã chọn", cites="II.2.1.c", cites_upper="II.2.2.c",
      advice="Sửa giờ hoặc buổi cho khớp.", example="Buổi Sáng, kết thúc lúc 13:30.", sheet="info", live=formula_half_day)  # fmt: skip
def not_half_a_day(info: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    """Half an hour more is still half a day: a warning."""
    sessions = {s.value: s for s in plan.lists.sessions}
    for row in list_known(info, "session", "start", "end"):
        session = sessions[row.session]
        early, late = _minutes(session.start) - row.start, row.end - _minutes(session.end)
        if row.end <= row.start:
            yield Fault(row, "end", f"Giờ kết thúc {show_clock(row.end)} không sau giờ bắt đầu {show_clock(row.start)}")
        elif max(early, late) > 0:
            column, minutes = ("start", row.start) if early >= late else ("end", row.end)
            severity = Severity.WARNING if max(early, late) <= _OVERRUN else None
            yield Fault(row, column, _outside(minutes, session), severity=severity)


@rule("TT05", "Kết quả báo cáo trước hạn", cites="III.4",
      advice="Kiểm tra lại ngày báo cáo.", example="Ngày báo cáo kết quả ghi {plan.report.before:%d/%m/%Y}, hạn là trước ngày {plan.report.before:%d/%m/%Y}.",
      sheet="info", level="local", live=formula_report_date)  # fmt: skip
def reported_too_late(info: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    """That no day is given is told where the conference is in time; else its own day is to be mended first."""
    before = plan.report.before
    for row in list_rows(info, "date", "reported"):
        if row.reported is not None and row.reported >= before:
            asked = ask_swapped(row.reported, row.date or plan.date, before - timedelta(days=1))
            message = f"Báo cáo ngày {row.reported:%d/%m/%Y}, phải trước ngày {before:%d/%m/%Y}{asked}"
            yield Fault(row, "reported", message)
        elif row.reported is None and row.date is not None and row.date < _limit(plan, plan.units_by_code[row.unit]):
            message = "Chưa ghi ngày báo cáo kết quả: tính theo ngày nhận được tệp"
            yield Fault(row, "reported", message, severity=Severity.NOTE)


@rule("TT06", "Hội nghị tổ chức riêng mang tên như kế hoạch", cites="II.2.1.a",
      advice="Ghi tên như kế hoạch, hoặc chọn Lồng ghép.", example="Tổ chức riêng, tên ghi “Hội nghị tổng kết”.",
      sheet="info", level="local", severity=Severity.WARNING, live=formula_name)  # fmt: skip
def named_otherwise(info: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    """A separate conference; more words around the plan's name are allowed, marks and punctuation forgiven."""
    wanted = plan.conference.local.name
    separate = plan.lists.value("forms", "separate")
    for row in list_known(info, "form", "name"):
        if row.form != separate or text_key(wanted) in text_key(row.name):
            continue
        if fold(wanted) in fold(row.name):
            yield Fault(row, "name", f"Được hiểu là “{wanted}”", severity=Severity.NOTE)
        else:
            yield Fault(row, "name", f"Tên hội nghị khác với kế hoạch: “{wanted}”")


@rule("TT07", "Đơn vị đã xây dựng kế hoạch cụ thể: có ghi số, ngày kế hoạch", cites="III.4",
      advice="Ghi số, ngày kế hoạch của đơn vị.", example="Ô Số, ngày kế hoạch để trống.",
      sheet="info", level="local", severity=Severity.WARNING, live=formula_own_plan)  # fmt: skip
def no_plan_of_its_own(info: pd.DataFrame) -> Iterator[Fault]:
    """Once the day is set; before that nothing has been entered."""
    for row in list_rows(info, "date", "decision"):
        if row.date is not None and row.decision is None:
            yield Fault(row, "decision", "Chưa ghi số, ngày kế hoạch của đơn vị")


@rule("TT08", "Báo cáo kết quả sau khi kết thúc hội nghị", cites="III.4",
      advice="Kiểm tra ngày tổ chức và ngày báo cáo.", example="Ngày báo cáo kết quả là hôm trước ngày tổ chức.",
      sheet="info", level="local", live=formula_order_of_dates)  # fmt: skip
def reported_before_held(info: pd.DataFrame) -> Iterator[Fault]:
    """The day of the conference itself will do."""
    for row in list_known(info, "date", "reported"):
        if row.reported < row.date:
            message = f"Báo cáo ngày {row.reported:%d/%m/%Y}, trước ngày tổ chức {row.date:%d/%m/%Y}"
            yield Fault(row, "reported", message)


def _limit(plan: Plan, unit: Unit) -> date:
    local = plan.conference.local
    return local.pilot_before if unit.pilot and local.pilot_before else local.before


def ask_swapped(day: date, first: date, last: date) -> str:
    """As the end of a message, the question whether day and month changed places; "" where that is no day of these."""
    if day.day > 12 or day.day == day.month:
        return ""
    swapped = day.replace(day=day.month, month=day.day)
    return f"; có phải {swapped:%d/%m/%Y}?" if first <= swapped <= last else ""


def _minutes(clock: Any) -> int:
    return int(clock.hour * 60 + clock.minute)


def show_clock(minutes: int) -> str:
    """480 is "8:00"."""
    return f"{minutes // 60}:{minutes % 60:02}"


def _outside(minutes: int, session: Session) -> str:
    return f"{show_clock(minutes)} nằm ngoài buổi {session.value} ({session.start:%H:%M} - {session.end:%H:%M})"


def _shown_clock(minutes: str) -> str:
    return f'INT({minutes}/60)&":"&TEXT(MOD({minutes},60),"00")'


def _shown_date(place: str) -> str:
    """Not by one format, whose letters and signs depend on the computer's region."""
    return f'IF(ISNUMBER({place}),TEXT(DAY({place}),"00")&"/"&TEXT(MONTH({place}),"00")&"/"&YEAR({place}),"")'
