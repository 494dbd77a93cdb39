"""HN: the upper unit's conference, which is its own delegates and those whom the local units nominate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dhtt_excel.findings import Fault, Severity, rule
from dhtt_excel.form.form import form_of
from dhtt_excel.plan.plan import Plan
from dhtt_excel.plan.shares import advise_limit, advise_shares, describe_shares, shares_hold, within_tolerance
from dhtt_excel.rules.coverage import measure_coverage
from dhtt_excel.rules.delegates import list_absent_kinds
from dhtt_excel.rules.rows import list_rows
from dhtt_excel.text.vietnamese import fold

if TYPE_CHECKING:
    import pandas as pd


def _has_own(conference: pd.DataFrame, plan: Plan) -> bool:
    """Whether the upper unit's own delegates are there, and not only those whom the local units nominate."""
    return bool(conference["unit"].eq(plan.upper_unit.code).any())


def _note(conference: pd.DataFrame, plan: Plan) -> str:
    if _has_own(conference, plan):
        return ""
    return f" (chưa có biểu của {plan.levels.upper.noun}: chỉ tính đại biểu do đơn vị cử)"


def _count_groups(conference: pd.DataFrame) -> tuple[int, int]:
    """Exemplars and guests; delegates of no known category are neither."""
    groups = conference["group"].value_counts()
    return int(groups.get("exemplar", 0)), int(groups.get("guest", 0))


@rule("HN01", "Hội nghị {plan.levels.upper.noun} không quá {plan.conference.upper.max_delegates} đại biểu",
      cites="II.2.2.b", advice="Bớt đại biểu.",
      example="Đại biểu đã cử và đại biểu trong biểu của {plan.levels.upper.noun} cộng lại nhiều hơn {plan.conference.upper.max_delegates} người.", sheet="delegates", about="shares")  # fmt: skip
def too_many_delegates(conference: pd.DataFrame, delegates: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    """The advice keeps the shares as well. Who was nominated and stands in the upper unit's list too is told, not doubled."""
    yield from _tell_joined(delegates, plan)
    limit, total = plan.conference.upper.max_delegates, len(conference)
    if total > limit:
        message = f"{total} đại biểu, tối đa {limit}{_note(conference, plan)}"
        yield Fault(plan.upper_unit.code, "", message, _advise_limit(conference, plan))


def _tell_joined(delegates: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    joined = delegates[delegates["joined"].notna()]
    if len(joined):
        counts = joined.groupby("unit", sort=False).size().items()
        units = ", ".join(f"{plan.name_of(plan.units_by_code[str(unit)])} {count}" for unit, count in counts)
        message = (
            f"{len(joined)} đại biểu trong danh sách cũng do {plan.levels.local.noun} cử ({units}), cùng họ tên và năm sinh "
            f"hoặc đơn vị: mỗi người tính một lần ở hội nghị {plan.levels.upper.noun}"
        )
        yield Fault(plan.upper_unit.code, "name", message, severity=Severity.NOTE)


def _advise_limit(conference: pd.DataFrame, plan: Plan) -> str:
    exemplars, guests = _count_groups(conference)
    unknown = len(conference) - exemplars - guests
    return advise_limit(exemplars, guests, unknown, plan.shares, plan.conference.upper.max_delegates)


@rule("HN02", "Hội nghị {plan.levels.upper.noun}: điển hình tiên tiến {plan.shares.exemplars}%, khách mời {plan.shares.guests}%",
      cites="II.2.2.b", advice="Điều chỉnh cơ cấu đại biểu.",
      example="100 đại biểu có 50 điển hình và 50 khách mời: cần {plan.shares.exemplars} và {plan.shares.guests}.", sheet="delegates", about="shares")  # fmt: skip
def conference_share_off(conference: pd.DataFrame, units: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    """As DB01, but no advice leads beyond the limit. Most guests are the upper unit's: without it, it is only told.

    Most exemplars come from the local units: as long as some have not reported and there are too few, it is a warning.
    """
    exemplars, guests = _count_groups(conference)
    if shares_hold(exemplars, guests, plan.shares):
        return
    limit = plan.conference.upper.max_delegates
    if len(conference) > limit:
        advice = _advise_limit(conference, plan)
    else:
        unknown = len(conference) - exemplars - guests
        advice = advise_shares(exemplars, guests, plan.shares, limit=limit - unknown)
    message = describe_shares(exemplars, guests, plan.shares) + _note(conference, plan)
    if not _has_own(conference, plan):
        yield Fault(plan.upper_unit.code, "category", message, severity=Severity.NOTE)
        return
    missing = int((units["level"].eq("local") & units["file"].isna()).sum())
    to_come = missing if 100 * exemplars < plan.shares.exemplars * (exemplars + guests) else 0
    if to_come:
        message += f"; còn {to_come} {plan.levels.local.noun} chưa nộp, có thể cử thêm điển hình"
    mild = to_come or within_tolerance(exemplars, guests, plan.shares)
    yield Fault(plan.upper_unit.code, "category", message, advice, Severity.WARNING if mild else Severity.ERROR)


@rule("HN03", "Hội nghị {plan.levels.upper.noun} có đủ đại diện các nhóm mà kế hoạch nêu", cites="II.2.2.b",
      advice="Bổ sung đại biểu.",
      example="Không có đại biểu điển hình nào thuộc lĩnh vực “Y tế”.", sheet="delegates", severity=Severity.WARNING)  # fmt: skip
def group_absent(
    conference: pd.DataFrame, delegates: pd.DataFrame, honourees: pd.DataFrame, units: pd.DataFrame, plan: Plan
) -> Iterator[Fault]:
    """One fault a group, with who could stand for it. A conference without anyone is no conference yet."""
    if not conference["group"].notna().any():
        return
    frames = {"conference": conference, "delegates": delegates, "honourees": honourees, "units": units}
    for line in measure_coverage(frames, form_of(plan), plan):
        if not line.count:
            message = f"Chưa có đại biểu điển hình thuộc {line.label}{_note(conference, plan)}"
            yield Fault(plan.upper_unit.code, "", message, line.supply)


@rule("HN04", "Hội nghị {plan.levels.upper.noun} trong thời gian và mang tên như kế hoạch", cites="II.2.2.c",
      advice="Kiểm tra lại ngày tổ chức và tên hội nghị.",
      example="Ngày tổ chức sau ngày {plan.conference.upper.last_day:%d/%m/%Y}.", sheet="info", level="upper")  # fmt: skip
def upper_held_otherwise(info: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    """Both days of the span are included. Half a day is judged by TT04, as everywhere."""
    wanted = plan.conference.upper
    for row in list_rows(info):
        if row.date is not None and not wanted.first_day <= row.date <= wanted.last_day:
            span = f"{wanted.first_day:%d/%m/%Y} đến {wanted.last_day:%d/%m/%Y}"
            yield Fault(row, "date", f"Ngày {row.date:%d/%m/%Y}: phải trong khoảng {span}")
        if row.name is not None and fold(wanted.name) not in fold(row.name):
            message = f"Tên hội nghị khác với kế hoạch: “{wanted.name}”"
            yield Fault(row, "name", message, cites=upper_combined.cites)


@rule("HN05", "Hội nghị {plan.levels.upper.noun} có khách mời của từng thành phần mà kế hoạch nêu", cites="II.2.2.b",
      advice="Mời bổ sung; nếu đã mời thì sửa cột Thành phần.",
      example="Kế hoạch nêu ba thành phần khách mời, hội nghị chỉ có hai.", sheet="delegates", severity=Severity.WARNING)  # fmt: skip
def guests_absent(conference: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    """One fault that names all the absent kinds; told only, while the workbook of the unit that invites them is missing."""
    if not len(conference):
        return
    absent = list_absent_kinds(conference["category"].dropna(), plan)
    if absent:
        message = f"Chưa có khách mời thuộc thành phần: {'; '.join(absent)}{_note(conference, plan)}"
        severity = None if _has_own(conference, plan) else Severity.NOTE
        yield Fault(plan.upper_unit.code, "category", message, severity=severity)


@rule("HN06", "Hội nghị {plan.levels.upper.noun} được tổ chức riêng, không lồng ghép", cites="II.2.2.a",
      advice="Chọn hình thức tổ chức riêng.",
      example="Biểu của {plan.levels.upper.noun} chọn hình thức “Lồng ghép”.", sheet="info", level="upper")  # fmt: skip
def upper_combined(info: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    """The plan lets only the local units choose. That nothing is chosen is told by TT01."""
    combined = plan.lists.value("forms", "combined")
    for row in info[info["form"].eq(combined).fillna(value=False)].itertuples():
        wanted = plan.conference.upper.name
        message = f"Hình thức “{combined}”: kế hoạch yêu cầu tổ chức “{wanted}”"
        yield Fault(row, "form", message, f"Chọn “{plan.lists.value('forms', 'separate')}”, bỏ sự kiện lồng ghép.")


@rule("HN07", "Điển hình dự hội nghị {plan.levels.upper.noun} có cả tập thể và cá nhân", cites="II.2.2.b",
      advice="Bổ sung đại biểu, hoặc sửa cột Thành phần.",
      example="Mọi đại biểu điển hình đều là cá nhân.", sheet="delegates", severity=Severity.WARNING)  # fmt: skip
def one_kind_of_exemplars(conference: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    """Without any exemplar the shares are off already (HN02)."""
    exemplars = conference[conference["group"].eq("exemplar").fillna(value=False)]
    collective = exemplars["category"].eq(plan.lists.value("categories", "collective"))
    if len(exemplars) and (collective.all() or not collective.any()):
        absent = "cá nhân" if collective.all() else "đại diện tập thể"
        message = f"{len(exemplars)} đại biểu điển hình, chưa có {absent} nào{_note(conference, plan)}"
        yield Fault(plan.upper_unit.code, "category", message)
