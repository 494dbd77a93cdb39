"""Sheet "Kiểm tra": each rule as a formula that says what the workbook holds now and whether that will do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dhtt_excel.excel.addresses import cell_name, range_name
from dhtt_excel.excel.looks import BAD, BOX, FIXED, GOOD, GUIDANCE, HEADING, LINK, MISSING, PENDING, SUBTITLE, TITLE
from dhtt_excel.excel.text_size import row_height
from dhtt_excel.form.check_formulas import HIDDEN_COLUMNS, NAMES_COLUMN, Formulas
from dhtt_excel.form.check_lines import (
    CAUTION,
    CODE_COLUMN,
    DELEGATE_WORDS,
    FAILED,
    FIRST_CHECK_ROW,
    HEADING_ROW,
    NOT_ENTERED,
    PASSED,
    PLACE_COLUMN,
    PRESENT_COLUMN,
    REQUIREMENT_COLUMN,
    SHARES_COLUMN,
    SHARES_ROW,
    SOURCE_COLUMN,
    VERDICT_COLUMN,
    WAITING,
    CheckLine,
)
from dhtt_excel.form.form import CHECK_SHEET
from dhtt_excel.form.formulas import quote
from dhtt_excel.form.sheets.paper import Paper
from dhtt_excel.plan.plan import Plan, Unit

OVERALL_ROW, OVERALL_COLUMN = 4, 3
COUNT_ROWS = {PASSED: 5, FAILED: 6, WAITING: 7, CAUTION: 8, NOT_ENTERED: 9}
_NAMED = 150  # characters of the names of lines in the verdict

_HEADINGS = ("Mã", "Yêu cầu", "Hiện nay", "Kết quả", "Chỗ sửa", "Căn cứ")
_WIDTHS = [8.0, 50.0, 32.0, 13.0, 21.0, 27.0]
_SIZE = 11
_PAGES = 3  # on paper


def draw_check(paper: Paper, plan: Plan, unit: Unit, lines: Sequence[CheckLine], formulas: Formulas) -> None:
    """Draw the sheet: `lines` and their `formulas`."""
    paper.set_widths(_WIDTHS)
    _draw_titles(paper, plan, unit)
    _draw_overall(paper, len(lines))
    _draw_shares(paper, plan, unit, formulas)
    for column, text in enumerate(_HEADINGS, start=1):
        paper.put(HEADING_ROW, column, text, paper.book.style(**HEADING))
    paper.sheet.set_height(HEADING_ROW, 22)
    hidden = {cell: formula for cell, formula in formulas.items() if cell[1] >= HIDDEN_COLUMNS.start}
    for (row, column), formula in hidden.items():
        paper.put_formula(row, column, formula, paper.book.style())
    for row, line in enumerate(lines, start=FIRST_CHECK_ROW):
        _draw_line(paper, plan, row, line, formulas)
    if lines:
        _colour_verdicts(paper, FIRST_CHECK_ROW, VERDICT_COLUMN, FIRST_CHECK_ROW + len(lines) - 1)
    for column in range(HIDDEN_COLUMNS.start, max(column for _, column in hidden) + 1):
        paper.sheet.set_width(column, 8, hidden=True)
    paper.sheet.xl.freeze_panes(OVERALL_ROW, 0)
    paper.set_print(f"{plan.name_of(unit)} - {plan.number}", landscape=True, heading_row=HEADING_ROW, pages=_PAGES)
    paper.lock()


def _draw_titles(paper: Paper, plan: Plan, unit: Unit) -> None:
    style = paper.book.style
    paper.put(1, 1, "KIỂM TRA TRƯỚC KHI GỬI", style(**TITLE))
    paper.put(2, 1, plan.name_of(unit), style(**SUBTITLE))
    note = "Tự tính lại khi nhập. “Cần sửa”: bấm “Chỗ sửa” để tới ô sai đầu tiên. “Chờ”: chờ sửa ô khác. “Lưu ý”: nên xem lại. Không cần nhập gì ở đây."
    paper.put(3, 1, note, style(**GUIDANCE))
    for row, points in enumerate((26, 20, 20), start=1):
        paper.sheet.set_height(row, points)


def _draw_overall(paper: Paper, count: int) -> None:
    """One verdict for the workbook, and how many lines have each."""
    style = paper.book.style
    last = FIRST_CHECK_ROW + max(count, 1) - 1
    names = cell_name(last, NAMES_COLUMN)
    verdicts = range_name(CHECK_SHEET, FIRST_CHECK_ROW, VERDICT_COLUMN, last, VERDICT_COLUMN).rpartition("!")[2]
    tallies = {word: f"COUNTIF({verdicts},{quote(word)})" for word in COUNT_ROWS}
    words = (FAILED, CAUTION, NOT_ENTERED, WAITING)
    failed, caution, pending, waiting = (cell_name(COUNT_ROWS[word], 3) for word in words)
    formula = (
        f'IF({failed}>0,"CẦN SỬA: "&{failed}&" mục: "&LEFT({names},{_NAMED})&IF(LEN({names})>{_NAMED},"…",""),'
        f'IF({pending}>0,"CHƯA ĐỦ: còn "&{pending}&" mục chưa nhập",'
        f'IF({waiting}>0,"XEM LẠI: "&{caution}&" mục lưu ý, ghi lại cho đúng thì "&{waiting}&" mục chờ mới tính được",'
        f'"ĐẠT: có thể gửi"&IF({caution}>0," ("&{caution}&" mục lưu ý)",""))))'
    )
    label = style(**FIXED, bold=True)
    paper.put(OVERALL_ROW, 2, "KẾT LUẬN", label)
    block = (OVERALL_ROW, OVERALL_COLUMN, OVERALL_ROW, SOURCE_COLUMN)
    look = style(**BOX, bold=True, font_size=13, indent=1, text_wrap=True)
    paper.merge(block, None, look)
    paper.put_formula(OVERALL_ROW, OVERALL_COLUMN, formula, look)
    paper.sheet.set_height(OVERALL_ROW, 38)
    for start, colours in (("CẦN SỬA", BAD), ("CHƯA ĐỦ", PENDING), ("XEM LẠI", MISSING), ("ĐẠT", GOOD)):
        criteria = f"=LEFT($C${OVERALL_ROW},{len(start)})={quote(start)}"
        options = {"type": "formula", "criteria": criteria, "format": paper.book.bare_format(**colours)}
        paper.sheet.colour(*block, options)
    for word, row in COUNT_ROWS.items():
        paper.put(row, 2, f"Số mục “{word}”", style(**FIXED))
        paper.put_formula(row, 3, tallies[word], style(**BOX, align="center"))


def _draw_shares(paper: Paper, plan: Plan, unit: Unit, formulas: Formulas) -> None:
    """How many delegates there are, and in which shares."""
    style = paper.book.style
    limit = f"tối đa {plan.conference.upper.max_delegates}" if unit.level == "upper" else ""
    words = zip(DELEGATE_WORDS, (limit, f"{plan.shares.exemplars}%", f"{plan.shares.guests}%"), strict=True)
    for column, text in enumerate(("Cơ cấu đại biểu", "Số lượng", "Tỷ lệ", "Theo kế hoạch"), start=2):
        paper.put(SHARES_ROW, column, text, style(**HEADING))
    total = f"$C${SHARES_ROW + 1}"
    for row, (label, wanted) in enumerate(words, start=SHARES_ROW + 1):
        paper.put(row, 2, label, style(**FIXED))
        paper.put_formula(row, SHARES_COLUMN, formulas[row, SHARES_COLUMN], style(**BOX, align="center"))
        if row > SHARES_ROW + 1:
            share = f'IF({total}=0,"",$C{row}/{total})'
            paper.put_formula(row, 4, share, style(**BOX, align="center", num_format="0.0%"))
        else:
            paper.put(row, 4, None, style(**BOX))
        paper.put(row, 5, wanted, style(**BOX, align="center"))
    for row in (*COUNT_ROWS.values(), *range(SHARES_ROW, SHARES_ROW + 4)):
        paper.sheet.set_height(row, 20)


def _draw_line(paper: Paper, plan: Plan, row: int, line: CheckLine, formulas: Formulas) -> None:
    """A rule: code, requirement, present value, verdict, link, citation."""
    style = paper.book.style
    requirement = line.live.requirement or line.rule.requirement.format(plan=plan)
    citation = plan.cite(line.clause)
    text = {**BOX, "text_wrap": True, "font_size": _SIZE}
    paper.put(row, CODE_COLUMN, line.rule.code, style(**FIXED, align="center", font_size=_SIZE))
    paper.put(row, REQUIREMENT_COLUMN, requirement, style(**FIXED, font_size=_SIZE))
    paper.put_formula(row, PRESENT_COLUMN, formulas[row, PRESENT_COLUMN], style(**text, align="left"))
    look = style(**{**text, "align": "center", "font_size": 12})
    paper.put_formula(row, VERDICT_COLUMN, formulas[row, VERDICT_COLUMN], look)
    paper.put_formula(row, PLACE_COLUMN, formulas[row, PLACE_COLUMN], style(**text, **LINK))
    paper.put(row, SOURCE_COLUMN, citation, style(**text))
    cells = [(requirement, _WIDTHS[1]), (line.place, _WIDTHS[4]), (citation, _WIDTHS[5])]
    paper.sheet.set_height(row, row_height(cells, _SIZE, least=2))


def _colour_verdicts(paper: Paper, row: int, column: int, last_row: int) -> None:
    """Colour the words; the words themselves, and bold for what needs work, still tell them apart in a grey print."""
    looks: dict[str, dict[str, Any]] = {
        PASSED: GOOD,
        FAILED: {**BAD, "bold": True},
        CAUTION: MISSING,
        WAITING: PENDING,
        NOT_ENTERED: {**PENDING, "italic": True},
    }
    for word, look in looks.items():
        options = {
            "type": "cell",
            "criteria": "==",
            "value": quote(word),
            "format": paper.book.bare_format(**look),
        }
        paper.sheet.colour(row, column, last_row, column, options)
