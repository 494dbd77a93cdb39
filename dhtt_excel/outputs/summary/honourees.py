"""Biểu 3: the honourees by title or form of commendation and by movement."""

from __future__ import annotations

from dhtt_excel.excel.book import Book
from dhtt_excel.figures.city_forms import HONOURS_FORM, UNITS_FORM, list_honour_figures, name_conferences
from dhtt_excel.figures.describe_gaps import describe_gaps
from dhtt_excel.figures.describe_units import say_coverage
from dhtt_excel.outputs.summary.official_sheet import References
from dhtt_excel.outputs.summary.paired_table import PairedTable, leave_out_idle
from dhtt_excel.result import Result

BY_AWARD, BY_MOVEMENT = "THEO DANH HIỆU, HÌNH THỨC KHEN", "THEO PHONG TRÀO THI ĐUA"
BY_LEVEL = "THEO CẤP KHEN; TRONG ĐÓ NỮ, NGƯỜI TRỰC TIẾP LAO ĐỘNG"


def draw_honours_summary(book: Book, result: Result) -> References:
    """The form; where the numbers of the local units stand."""
    plan, figures = result.plan, result.figures
    title = "BIỂU TỔNG HỢP TẬP THỂ, CÁ NHÂN, HỘ GIA ĐÌNH\nĐƯỢC BIỂU DƯƠNG, TÔN VINH"
    found = [figures.honours_by_award, figures.honours_by_movement, figures.honours_by_level]
    shown, parts, total = leave_out_idle(list_honour_figures(plan), found, figures.all_honours)
    table = PairedTable(book, result, HONOURS_FORM, title, "Nội dung", shown, name_conferences(plan))
    for letter, heading, lines in zip("ABC", (BY_AWARD, BY_MOVEMENT, BY_LEVEL), parts, strict=True):
        table.draw_part(letter, heading, lines, total)
    table.finish(say_coverage(result)[:1], _list_notes(result))
    return table.cells


def _list_notes(result: Result) -> list[str]:
    plan = result.plan
    (local, upper), noun = plan.meeting_nouns, plan.levels.local.noun
    notes = [
        f"Hội nghị các {local} và hội nghị {upper} ghi riêng, không cộng với nhau: một tập thể, cá nhân có thể được biểu "
        f"dương ở cả hai. Các phần A, B, C đếm cùng những tập thể, cá nhân, hộ gia đình ấy. Số theo từng {noun} ở {UNITS_FORM}.",
        "Chỉ ghi danh hiệu, hình thức khen và phong trào có người, tập thể được biểu dương; không kèm danh sách.",
    ]
    return [*notes, *describe_gaps(result, list_honour_figures(plan))]
