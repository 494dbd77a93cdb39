"""Biểu 3a: the commendations of the five years, as the units' reports give them."""

from __future__ import annotations

from dhtt_excel.excel.book import Book
from dhtt_excel.figures.city_forms import AWARDS_FORM, list_award_figures, name_reports
from dhtt_excel.figures.count_figures import PairedLine
from dhtt_excel.figures.describe_gaps import describe_gaps
from dhtt_excel.figures.describe_units import known, say_coverage
from dhtt_excel.outputs.summary.paired_table import PairedTable
from dhtt_excel.outputs.summary.verdicts import label_unit
from dhtt_excel.plan.plan import Plan
from dhtt_excel.result import Result

Counts = tuple[int | None, ...]
BY_AWARD, BY_UNIT = "THEO HÌNH THỨC KHEN THƯỞNG", "THEO ĐƠN VỊ BÁO CÁO"


def draw_awards_summary(book: Book, result: Result) -> None:
    plan = result.plan
    title = f"BIỂU TỔNG HỢP KẾT QUẢ KHEN THƯỞNG 05 NĂM ({plan.period})"
    table = PairedTable(book, result, AWARDS_FORM, title, "Nội dung", list_award_figures(plan), name_reports(plan))
    table.draw_part("A", BY_AWARD, result.figures.awards, result.figures.all_awards)
    absent = [unit.code for unit in plan.senders if unit.code not in result.used]
    lines = list_unit_lines(result)
    grey = [line.label for code, line in lines.items() if code in absent]
    table.draw_part("B", BY_UNIT, list(lines.values()), result.figures.all_awards, grey)
    table.finish(say_coverage(result)[:1], [*_list_notes(plan), *describe_gaps(result, list_award_figures(plan))])


def list_unit_lines(result: Result) -> dict[str, PairedLine]:
    """A line a unit, by code: of a local unit the left half, of the upper unit the right one.

    A unit that has consolidated has both.
    """
    plan, units = result.plan, result.figures.units
    keys = [figure.key for figure in list_award_figures(plan)]
    lines = {}
    for unit in plan.senders:
        counts = tuple(known(units.at[unit.code, key]) for key in keys)
        halves: tuple[Counts, Counts] = (counts, ()) if unit.level == "local" else ((), counts)
        if plan.rolls_up:
            used = result.used.get(unit.code)
            halves = (counts, used.record.awards.total.upper if used and used.record else (None,) * len(keys))
        lines[unit.code] = PairedLine(label_unit(result, unit), *halves)
    return lines


def _list_notes(plan: Plan) -> list[str]:
    local, upper = plan.meeting_nouns
    return [
        f"Số liệu theo báo cáo tổng kết năm năm của từng đơn vị. Báo cáo của {upper} ghi riêng, không cộng với báo cáo của các "
        f"{local}: một lần khen có thể nằm ở cả hai.",
        "Tỷ lệ trực tiếp lao động (%) tính trên số cá nhân được khen.",
        "Chỉ ghi hình thức khen thưởng có số liệu.",
    ]
