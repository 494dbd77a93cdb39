"""Biểu 3: the honourees by title or form of commendation and by movement."""

from __future__ import annotations

from dhtt_excel.book import Book
from dhtt_excel.count_figures import HONOUREE_KINDS
from dhtt_excel.plan import Plan
from dhtt_excel.result import Result
from dhtt_excel.summary.administrative_layout import Cells
from dhtt_excel.summary.paired_table import SUM_LABEL, Measure, PairedTable
from dhtt_excel.summary.units import MARK as UNITS_MARK
from dhtt_excel.summary.units import say_coverage

MARK = "Biểu 3"
ALL = "all"
BY_AWARD, BY_MOVEMENT = "THEO DANH HIỆU, HÌNH THỨC KHEN", "THEO PHONG TRÀO THI ĐUA"


def draw_honours_summary(book: Book, result: Result) -> Cells:
    """The form; where the numbers of the local units stand."""
    plan, figures = result.plan, result.figures
    title = "BIỂU TỔNG HỢP TẬP THỂ, CÁ NHÂN, HỘ GIA ĐÌNH\nĐƯỢC BIỂU DƯƠNG, TÔN VINH"
    table = PairedTable(book, result, MARK, title, "Nội dung", list_measures(plan), name_halves(plan))
    table.draw_part("A", BY_AWARD, figures.honours_by_award)
    table.draw_part("B", BY_MOVEMENT, figures.honours_by_movement)
    return table.finish(say_coverage(result)[:1], _list_notes(result))


def list_measures(plan: Plan) -> list[Measure]:
    return [
        *(Measure(kind, (plan.lists.value("honouree_kinds", kind),)) for kind in HONOUREE_KINDS),
        Measure(ALL, (SUM_LABEL,), total=True),
    ]


def name_halves(plan: Plan) -> tuple[str, str]:
    return f"Hội nghị các {plan.levels.local.noun}", f"Hội nghị {plan.levels.upper.noun}"


def _list_notes(result: Result) -> list[str]:
    plan = result.plan
    local, upper = plan.levels.local.noun, plan.levels.upper.noun
    notes = [
        f"Hội nghị các {local} và hội nghị {upper} ghi riêng, không cộng với nhau: một tập thể, cá nhân có thể được biểu "
        f"dương ở cả hai. Hai phần A và B đếm cùng những tập thể, cá nhân, hộ gia đình ấy. Số theo từng {local} ở {UNITS_MARK}.",
        "Chỉ ghi danh hiệu, hình thức khen và phong trào có người, tập thể được biểu dương; không kèm danh sách.",
    ]
    if unknown := int(result.figures.units["honourees_unknown"].sum()):
        notes.insert(1, f"{unknown} dòng chưa rõ là tập thể, cá nhân hay hộ gia đình không tính vào biểu.")
    return notes
