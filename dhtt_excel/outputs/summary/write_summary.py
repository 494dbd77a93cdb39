"""Result ─► tong-hop-<plan>.xlsx: the forms for the superior office. Counts only, no name of a person.

Only `Annexes` bring names: they are asked for by whoever starts the run, each time.
"""

from __future__ import annotations

from dhtt_excel.excel.book import Book
from dhtt_excel.outputs.summary.annexes import Annexes as Annexes
from dhtt_excel.outputs.summary.annexes import draw_annexes
from dhtt_excel.outputs.summary.awards import draw_awards_summary
from dhtt_excel.outputs.summary.charts import Sources, draw_charts
from dhtt_excel.outputs.summary.honourees import draw_honours_summary
from dhtt_excel.outputs.summary.speeches import MARK as SPEECHES
from dhtt_excel.outputs.summary.speeches import draw_speeches
from dhtt_excel.outputs.summary.structure import draw_structure_summary
from dhtt_excel.outputs.summary.units import draw_units_summary
from dhtt_excel.result import Result
from dhtt_excel.rollup.make_record import make_record
from dhtt_excel.rollup.stamp import draw_stamp, list_shown
from dhtt_excel.text.file_names import OUTPUT_MARK, SUMMARY


def write_summary(result: Result, annexes: Annexes | None = None) -> bytes:
    """The workbook, its sheets in order; the same result gives the same bytes.

    Raises `UserError` where `annexes` names a column that may not be added.
    """
    book = Book(
        f"Tổng hợp Hội nghị điển hình tiên tiến - Kế hoạch {result.plan.number}", properties={OUTPUT_MARK: SUMMARY}
    )
    units = draw_units_summary(book, result)
    structure = draw_structure_summary(book, result)
    honours = draw_honours_summary(book, result)
    draw_awards_summary(book, result)
    draw_speeches(book, result)
    shown = list_shown(book, SPEECHES) if result.plan.rolls_up else list_shown(book)  # there it has counts alone
    draw_charts(book, result, Sources(units, structure, honours))
    if annexes:
        draw_annexes(book, result, annexes)
    draw_stamp(book, make_record(result), shown)
    return book.finish()
