"""What the merged data say about the conferences: who reported, delegates, speeches, honourees, the upper conference."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from dhtt_excel.figures.city_forms import UNKNOWN
from dhtt_excel.figures.describe_units import show_unit
from dhtt_excel.outputs.report.paper import ReportPaper, Words, add_line, add_text
from dhtt_excel.plan.plan import Plan
from dhtt_excel.plan.shares import describe_shares, shares_hold, within_tolerance
from dhtt_excel.result import Result, Verdict
from dhtt_excel.text.vietnamese import capitalize, format_number

KINDS = ("collective", "person", "household")


def draw_results(paper: ReportPaper, result: Result) -> None:
    """The facts of the report's first section, in lettered parts."""
    plan = result.plan
    parts = (
        ("a", "Tình hình báo cáo", _draw_received),
        ("b", f"Hội nghị cấp {plan.levels.local.noun}", _draw_local_conferences),
        ("c", f"Biểu dương, tôn vinh tại hội nghị cấp {plan.levels.local.noun}", _draw_honourees),
        ("d", f"Hội nghị cấp {plan.levels.upper.noun}", _draw_upper_conference),
    )
    for letter, title, draw in parts:
        add_line(paper.body, Words(f"{letter}) {title}", bold=True, italic=True), indent=True, keep=True)
        draw(paper, result)


def show_percent(part: int, whole: int) -> str:
    """ "69,4%"; nothing of nothing is blank."""
    return f"{format_number(100 * part / whole, 1)}%" if whole else ""


def local_rows(frame: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """The rows of the local units."""
    return frame[frame["unit"].ne(plan.upper_unit.code)]


def _local_sums(result: Result) -> dict[str, int]:
    """Every count of `figures.units`, summed over the local units."""
    units = result.figures.units
    return {str(key): int(value) for key, value in units[units["level"].eq("local")].sum(numeric_only=True).items()}


def _draw_received(paper: ReportPaper, result: Result) -> None:
    plan = result.plan
    noun, expected = plan.levels.local.noun, len(plan.local_units)
    received = expected - len(result.missing_units)
    text = f"Đến ngày {result.as_of:%d/%m/%Y}, {received}/{expected} {noun} đã gửi báo cáo kết quả hội nghị."
    for verdict, label in ((Verdict.MISSING, "Chưa báo cáo"), (Verdict.UNREADABLE, "Có gửi nhưng tệp không đọc được")):
        names = [show_unit(plan, unit) for unit in plan.local_units if result.verdict_of(unit) is verdict]
        text += f" {label}: {', '.join(names)}." if names else ""
    add_text(paper.body, text)


def _draw_local_conferences(paper: ReportPaper, result: Result) -> None:
    plan, sums = result.plan, _local_sums(result)
    noun = plan.levels.local.noun
    if len(result.missing_units) == len(plan.local_units):
        add_text(paper.body, f"Chưa có số liệu của {noun} nào.")
        return
    _draw_dates(paper, result)
    total = sums["exemplars"] + sums["guests"]
    shares = plan.shares
    add_text(
        paper.body,
        f"Các hội nghị có {format_number(total)} lượt đại biểu; kế hoạch đề ra {shares.exemplars}% điển hình tiên tiến, "
        f"{shares.guests}% khách mời và lãnh đạo các cấp, các ngành. Cơ cấu như sau:",
        keep=True,
    )
    of_all = {"exemplars": "Điển hình tiên tiến", "guests": "Khách mời, lãnh đạo", "female": "Nữ"}
    of_exemplars = {
        "young": f"dưới {plan.ages.young_under} tuổi",
        "direct_workers": "trực tiếp lao động",
    }
    lines = [(label, key, total) for key, label in of_all.items()]
    lines += [(f"Điển hình tiên tiến {label}", key, sums["exemplars"]) for key, label in of_exemplars.items()]
    rows = [("", "Tổng số đại biểu", format_number(total), show_percent(total, total) or "–")]
    for number, (label, key, whole) in enumerate(lines, start=1):
        rows.append((str(number), label, format_number(sums[key]), show_percent(sums[key], whole) or "–"))
    paper.add_table(("STT", "Đại biểu", "Số lượng", "Tỷ lệ"), rows, (12, 90, 30, 30), total=0)
    speeches = {key: sums[f"speakers_{key}"] for key in ("collective", "person")}
    add_text(
        paper.body,
        f"Tại các hội nghị có {format_number(sum(speeches.values()))} báo cáo tham luận của điển hình tiên tiến: "
        f"{format_number(speeches['collective'])} của tập thể, {format_number(speeches['person'])} của cá nhân.",
    )


def _draw_dates(paper: ReportPaper, result: Result) -> None:
    """When the conferences were and in which form; a day after the report's own is told apart."""
    plan, info = result.plan, local_rows(result.tables.frames["info"], result.plan)
    noun = plan.levels.local.noun
    days: list[date] = sorted(info["date"].dropna())
    held = [day for day in days if day <= result.as_of]
    text = f"{len(held)} {noun} đã tổ chức hội nghị"
    if held:
        first, last = (f"ngày {day:%d/%m/%Y}" for day in (held[0], held[-1]))
        text += f", {first}" if first == last else f", từ {first} đến {last}"
    if later := len(days) - len(held):
        text += f"; {later} {noun} ghi ngày tổ chức sau ngày {result.as_of:%d/%m/%Y}"
    if unknown := len(info) - len(days):
        text += f"; {unknown} {noun} chưa ghi ngày tổ chức"
    forms = info["form"].value_counts()
    counted = [f"{forms[c.value]} {noun} chọn “{c.value}”" for c in plan.lists.forms if c.value in forms]
    if unknown := int(info["form"].isna().sum()):
        counted.append(f"{unknown} {noun} chưa rõ")
    add_text(paper.body, f"{text}. Hình thức: {', '.join(counted)}." if counted else f"{text}.")


def _draw_honourees(paper: ReportPaper, result: Result) -> None:
    """How many by kind, then by movement; a line whose kind is not known is in neither."""
    plan = result.plan
    frame = local_rows(result.tables.frames["honourees"], plan)
    labels = {plan.lists.value("honouree_kinds", key): key for key in KINDS}
    known = frame[frame["kind"].isin(list(labels))]
    if known.empty:
        add_text(paper.body, "Chưa có số liệu biểu dương, tôn vinh.")
        return
    add_text(paper.body, f"{_say_honourees(known, plan)} Chia theo phong trào thi đua:", keep=True)
    movements = known["movement"].fillna(UNKNOWN)
    headings = [capitalize(label.lower()) for label in labels]
    rows: list[tuple[str, ...]] = []
    for name in (*(c.value for c in plan.lists.movements), UNKNOWN):
        if (found := known[movements.eq(name)]).size:
            rows.append((str(len(rows) + 1), name, *_count_kinds(found, plan)))
    rows.append(("", "Tổng cộng", *_count_kinds(known, plan)))
    paper.add_table(("STT", "Phong trào thi đua", *headings), rows, (12, 84, 22, 22, 22))
    if rest := len(frame) - len(known):
        add_text(paper.body, f"{rest} dòng biểu dương chưa rõ là tập thể, cá nhân hay hộ gia đình, chưa tính.")


def _count_kinds(honourees: pd.DataFrame, plan: Plan) -> list[str]:
    kinds = honourees["kind"].value_counts()
    return [format_number(int(kinds.get(plan.lists.value("honouree_kinds", key), 0))) for key in KINDS]


def _say_honourees(honourees: pd.DataFrame, plan: Plan) -> str:
    labels = [plan.lists.value("honouree_kinds", key).lower() for key in KINDS]
    counts = ", ".join(f"{count} {label}" for count, label in zip(_count_kinds(honourees, plan), labels, strict=True))
    return f"Biểu dương, tôn vinh {counts}."


def _draw_upper_conference(paper: ReportPaper, result: Result) -> None:
    plan, figures = result.plan, result.figures
    upper, local = plan.levels.upper.noun, plan.levels.local.noun
    limit = plan.conference.upper.max_delegates
    exemplars, guests, unknown = figures.upper_exemplars, figures.upper_guests, figures.upper_unknown
    known, total = exemplars + guests, exemplars + guests + unknown
    if plan.upper_unit.code not in result.used:
        add_text(paper.body, f"Chưa có biểu của {plan.name_of(plan.upper_unit)}: chỉ tính đại biểu do các {local} cử.")
    if day := _say_upper_day(result):
        add_text(paper.body, day)
    if total:
        text = (
            f"Danh sách dự hội nghị cấp {upper} có {format_number(total)} đại biểu (kế hoạch tối đa {format_number(limit)}), gồm "
            f"{format_number(exemplars)} điển hình tiên tiến ({show_percent(exemplars, known) or '0%'}), "
            f"{format_number(guests)} khách mời và lãnh đạo ({show_percent(guests, known) or '0%'})"
        )
        text += f", {format_number(unknown)} người chưa rõ thành phần" if unknown else ""
        text += f"; vượt {format_number(total - limit)} đại biểu" if total > limit else ""
        add_text(paper.body, f"{text}. {_judge_shares(exemplars, guests, plan)}")
        add_text(paper.body, _say_coverage(result))
        if sent := _count_sent_on(result):
            add_text(
                paper.body, f"Đại biểu của {upper} được cử dự Đại hội Thi đua yêu nước {plan.levels.above}: {sent}."
            )
    else:
        add_text(paper.body, f"Chưa có đại biểu nào của hội nghị cấp {upper}.")
    if honours := _say_upper_honours(result):
        add_text(paper.body, honours)


def _count_sent_on(result: Result) -> int:
    """How many of its own delegates the upper unit sends to the congress above."""
    delegates = result.tables.frames["delegates"]
    own = delegates["unit"].eq(result.plan.upper_unit.code)
    return int((own & delegates["nominated"].fillna(value=False)).sum())


def _judge_shares(exemplars: int, guests: int, plan: Plan) -> str:
    shares = plan.shares
    lead = f"Cơ cấu {shares.exemplars}/{shares.guests}"
    if not exemplars + guests:
        return f"{lead}: chưa tính được."
    if shares_hold(exemplars, guests, shares):
        return f"{lead}: đạt."
    near = f"lệch trong phạm vi {shares.tolerance} điểm phần trăm"
    verdict = near if within_tolerance(exemplars, guests, shares) else "chưa đạt"
    return f"{lead}: {verdict} ({describe_shares(exemplars, guests, shares)})."


def _say_coverage(result: Result) -> str:
    absent = [line.label for line in result.figures.coverage if not line.count]
    if not absent:
        return "Đại biểu điển hình tiên tiến có đủ đại diện các nhóm mà Kế hoạch nêu."
    return f"Chưa có đại biểu điển hình tiên tiến thuộc: {'; '.join(absent)}."


def _say_upper_day(result: Result) -> str:
    day: Any = result.figures.units.at[result.plan.upper_unit.code, "date"]
    if not isinstance(day, date):
        return ""
    verb = "tổ chức" if day <= result.as_of else "dự kiến tổ chức"
    return f"Hội nghị cấp {result.plan.levels.upper.noun} {verb} ngày {day:%d/%m/%Y}."


def _say_upper_honours(result: Result) -> str:
    frame = result.tables.frames["honourees"]
    own = frame[frame["unit"].eq(result.plan.upper_unit.code)]
    return _say_honourees(own, result.plan) if len(own) else ""
