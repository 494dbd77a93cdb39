"""TT: sheet "Thông tin", a local unit's conference."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from dhtt_excel.addresses import cell_name
from dhtt_excel.findings import Fault, Live, Severity, rule
from dhtt_excel.form import Form
from dhtt_excel.plan import Plan, Session, Unit
from dhtt_excel.vietnamese import fold


def _live(form: Form, key: str, *, present: str = "", entered: str = "", holds: str) -> list[Live]:
    """A rule about one field of the sheet."""
    place = form.reference("info", key)
    cell = cell_name(*form.tables["info"].position(key))
    return [Live(present or f'IF({place}="","",{place})', entered or f'{place}<>""', holds, "Thông tin", cell)]


def show_form(form: Form, plan: Plan, unit: Unit) -> list[Live]:  # noqa: ARG001
    chosen, event = form.reference("info", "form"), form.reference("info", "event")
    separate, combined = plan.lists.value("forms", "separate"), plan.lists.value("forms", "combined")
    holds = f'OR({chosen}="{separate}",AND({chosen}="{combined}",{event}<>""))'
    return _live(form, "form", holds=holds)


def show_date(form: Form, plan: Plan, unit: Unit) -> list[Live]:
    place, limit = form.reference("info", "date"), _limit(plan, unit)
    return _live(form, "date", present=_shown_date(place), holds=f"AND(ISNUMBER({place}),{place}<{_excel_date(limit)})")


def show_half_day(form: Form, plan: Plan, unit: Unit) -> list[Live]:  # noqa: ARG001
    session, start, end = (form.reference("info", key) for key in ("session", "start", "end"))
    inside = ",".join(
        f'AND({session}="{s.value}",ROUND({start}*1440,0)>={_minutes(s.start)},ROUND({end}*1440,0)<={_minutes(s.end)})'
        for s in plan.lists.sessions
    )
    return _live(
        form,
        "start",
        present=f'IF(AND(ISNUMBER({start}),ISNUMBER({end})),{session}&", "&TEXT({start},"hh:mm")&" - "&TEXT({end},"hh:mm"),"")',
        entered=f'AND({session}<>"",{start}<>"",{end}<>"")',
        holds=f"IF(AND(ISNUMBER({start}),ISNUMBER({end})),AND({start}<{end},OR({inside})),FALSE)",
    )


def show_report_date(form: Form, plan: Plan, unit: Unit) -> list[Live]:  # noqa: ARG001
    place = form.reference("info", "reported")
    holds = f"AND(ISNUMBER({place}),{place}<{_excel_date(plan.report.before)})"
    return _live(form, "reported", present=_shown_date(place), holds=holds)


@rule("TT01", "Đã chọn hình thức tổ chức; nếu lồng ghép thì nêu tên sự kiện", cites="II.2.1.a",
      advice="Chọn hình thức ở sheet “Thông tin”; nếu lồng ghép, ghi tên sự kiện.", sheet="info", live=show_form)  # fmt: skip
def form_not_chosen(info: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    combined = plan.lists.value("forms", "combined")
    for row in info.itertuples():
        if pd.isna(row.form):
            yield Fault(row, "form", "Chưa chọn hình thức tổ chức")
        elif row.form == combined and pd.isna(row.event):
            yield Fault(row, "event", "Hội nghị lồng ghép nhưng chưa ghi sự kiện")


@rule("TT02", "Hội nghị tổ chức trước hạn", cites="II.2.1.c",
      advice="Kiểm tra lại ngày tổ chức.", sheet="info", level="local", live=show_date)  # fmt: skip
def held_too_late(info: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    """Before is strict. The pilot unit has its own limit, as the plan applies it."""
    for row in info.dropna(subset=["date"]).itertuples():
        unit = plan.units_by_code[row.unit]
        if row.date >= _limit(plan, unit):
            kind = "hội nghị điểm" if unit.pilot else "hội nghị"
            message = f"Ngày {row.date:%d/%m/%Y}: {kind} phải xong trước ngày {_limit(plan, unit):%d/%m/%Y}"
            yield Fault(row, "date", message)


@rule("TT03", "Các đơn vị khác tổ chức sau hội nghị điểm", cites="II.2.1.c",
      advice="Kiểm tra lại ngày tổ chức với {plan.levels.upper.department}.", sheet="info", level="local", severity=Severity.WARNING)  # fmt: skip
def held_before_pilot(info: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    dated = info.dropna(subset=["date"])
    pilot = dated["unit"].map(lambda code: plan.units_by_code[code].pilot).astype(bool)
    if not pilot.any():
        return
    pilot_day = dated.loc[pilot, "date"].max()
    for row in dated[~pilot].itertuples():
        if row.date < pilot_day:
            message = f"Ngày {row.date:%d/%m/%Y} trước hội nghị điểm ({pilot_day:%d/%m/%Y})"
            yield Fault(row, "date", message)


@rule("TT04", "Hội nghị trong nửa ngày: giờ bắt đầu và kết thúc nằm trong buổi đã chọn", cites="II.2.1.c",
      advice="Sửa giờ hoặc buổi cho khớp.", sheet="info", live=show_half_day)  # fmt: skip
def not_half_a_day(info: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    sessions = {s.value: s for s in plan.lists.sessions}
    for row in info.dropna(subset=["session", "start", "end"]).itertuples():
        session = sessions[row.session]
        if row.end <= row.start:
            yield Fault(row, "end", f"Giờ kết thúc {_clock(row.end)} không sau giờ bắt đầu {_clock(row.start)}")
        elif row.start < _minutes(session.start):
            yield Fault(row, "start", _outside(row.start, session))
        elif row.end > _minutes(session.end):
            yield Fault(row, "end", _outside(row.end, session))


@rule("TT05", "Kết quả báo cáo trước hạn", cites="III.4",
      advice="Kiểm tra lại ngày báo cáo.", sheet="info", level="local", live=show_report_date)  # fmt: skip
def reported_too_late(info: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    before = plan.report.before
    for row in info.dropna(subset=["reported"]).itertuples():
        if row.reported >= before:
            yield Fault(row, "reported", f"Báo cáo ngày {row.reported:%d/%m/%Y}, phải trước ngày {before:%d/%m/%Y}")


@rule("TT06", "Hội nghị tổ chức riêng mang tên như kế hoạch", cites="II.2.1.a",
      advice="Ghi tên như kế hoạch, hoặc chọn Lồng ghép.", sheet="info", level="local", severity=Severity.WARNING)  # fmt: skip
def named_otherwise(info: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    """A separate conference; more words around the plan's name are allowed."""
    wanted = plan.conference.local.name
    separate = info[info["form"].eq(plan.lists.value("forms", "separate")).fillna(value=False)]
    for row in separate.dropna(subset=["name"]).itertuples():
        if fold(wanted) not in fold(row.name):
            yield Fault(row, "name", f"Tên hội nghị khác với kế hoạch: “{wanted}”")


def _limit(plan: Plan, unit: Unit) -> date:
    local = plan.conference.local
    return local.pilot_before if unit.pilot and local.pilot_before else local.before


def _minutes(clock: Any) -> int:
    return int(clock.hour * 60 + clock.minute)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def _outside(minutes: int, session: Session) -> str:
    return f"{_clock(minutes)} nằm ngoài buổi {session.value} ({session.start:%H:%M} - {session.end:%H:%M})"


def _excel_date(day: date) -> str:
    return f"DATE({day.year},{day.month},{day.day})"


def _shown_date(place: str) -> str:
    return f'IF(ISNUMBER({place}),TEXT({place},"dd/mm/yyyy"),{place}&"")'
