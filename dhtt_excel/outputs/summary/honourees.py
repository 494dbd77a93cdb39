"""Biểu 3: the honourees by title or form of commendation and by movement."""

from __future__ import annotations

from dhtt_excel.excel.book import Book
from dhtt_excel.figures.city_forms import HONOURS_FORM, UNITS_FORM, list_honour_figures, name_conferences
from dhtt_excel.figures.describe_units import say_coverage
from dhtt_excel.outputs.summary.official_sheet import References
from dhtt_excel.outputs.summary.paired_table import PairedTable
from dhtt_excel.result import Result

BY_AWARD, BY_MOVEMENT = "THEO DANH HIỆU, HÌNH THỨC KHEN", "THEO PHONG TRÀO THI ĐUA"


def draw_honours_summary(book: Book, result: Result) -> References:
    """The form; where the numbers of the local units stand."""
    plan, figures = result.plan, result.figures
    title = "BIỂU TỔNG HỢP TẬP THỂ, CÁ NHÂN, HỘ GIA ĐÌNH\nĐƯỢC BIỂU DƯƠNG, TÔN VINH"
    table = PairedTable(
        book, result, HONOURS_FORM, title, "Nội dung", list_honour_figures(plan), name_conferences(plan)
    )
    table.draw_part("A", BY_AWARD, figures.honours_by_award)
    table.draw_part("B", BY_MOVEMENT, figures.honours_by_movement)
    table.finish(say_coverage(result)[:1], _list_notes(result))
    return table.cells


def _list_notes(result: Result) -> list[str]:
    plan = result.plan
    local, upper = plan.levels.local.noun, plan.levels.upper.noun
    notes = [
        f"Hội nghị các {local} và hội nghị {upper} ghi riêng, không cộng với nhau: một tập thể, cá nhân có thể được biểu "
        f"dương ở cả hai. Hai phần A và B đếm cùng những tập thể, cá nhân, hộ gia đình ấy. Số theo từng {local} ở {UNITS_FORM}.",
        "Chỉ ghi danh hiệu, hình thức khen và phong trào có người, tập thể được biểu dương; không kèm danh sách.",
    ]
    if unknown := int(result.figures.units["honourees_unknown"].sum()):
        notes.insert(1, f"{unknown} dòng chưa rõ là tập thể, cá nhân hay hộ gia đình không tính vào biểu.")
    return notes
