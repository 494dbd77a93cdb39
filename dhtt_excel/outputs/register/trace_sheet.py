"""Sheet "Truy số liệu" of the register: every number of the forms, counted anew by a formula on this book's lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from dhtt_excel.excel.addresses import cell_name, range_name
from dhtt_excel.excel.book import Book, Sheet
from dhtt_excel.excel.looks import BAD, GOOD, HEADING, INPUT_FILL, SUBTITLE
from dhtt_excel.figures.city_forms import TOTAL_LABEL, list_award_figures
from dhtt_excel.figures.count_traces import TraceCounter
from dhtt_excel.figures.describe_units import describe_units, known
from dhtt_excel.figures.figure import add_known
from dhtt_excel.figures.filters import UNIT, UPPER
from dhtt_excel.figures.spell_traces import describe_filter, write_formula
from dhtt_excel.figures.traces import DECIMALS, Trace, trace_figures
from dhtt_excel.outputs.register.lists import list_added
from dhtt_excel.outputs.register.paper import CENTRED, HEADING_ROW, NUMBER, TEXT, heading_height, line_height
from dhtt_excel.outputs.register.table import SheetColumn, SheetTable, name_part, split_lines
from dhtt_excel.result import Result

TRACE_SHEET = "Truy số liệu"
HEADINGS = ("Biểu", "Vị trí", "Chỉ tiêu", "Số trong biểu", "Công thức đếm trong sổ này", "Khớp", "Cách lọc")
_FORM, _PLACE, _LABEL, _VALUE, _COUNT, _MATCH, _WAY = HEADINGS
_CHOICE_ROW = HEADING_ROW - 1
_CHOSEN, _NAME = 3, 4  # the columns of the code that the reader chooses and of the name that it has
_CHOSEN_NAME = cell_name(_CHOICE_ROW, _NAME, fixed=True)
_CHOICE = "Mã đơn vị cần đếm (để trống: tất cả)"
_SAME, _OTHER = "✓", "✗"
_UNKNOWN_CODE = "Không có mã này"
_BESIDE, _TEXT_COLUMNS = 9, 2  # where the table of units begins; its code and name
_BESIDE_WIDTH = 24.0
_SHARE = {**NUMBER, "num_format": "0.0"}
_COLOURS = tuple(
    ({"type": "cell", "criteria": "==", "value": f'"{text}"'}, look)
    for text, look in ((_SAME, GOOD), (_OTHER, {**BAD, "bold": True}))
)


class _Line(NamedTuple):
    """A number of a form, the one that the lists give, and how they are filtered."""

    trace: Trace
    counted: float | str
    way: str

    @property
    def value(self) -> float | str:
        return "" if self.trace.value is None else self.trace.value

    @property
    def look(self) -> dict[str, Any]:
        return _SHARE if self.trace.whole or self.trace.figure.measure == "mean age" else NUMBER


def write_trace(book: Book, result: Result) -> None:
    """A line a number; to the right, and not printed, each unit's numbers, for a reader who counts one unit alone."""
    traces, units = trace_figures(result), _Units(result)
    counter = TraceCounter(result.tables.frames, result.plan)
    lines = [_Line(t, counter.count(t), describe_filter(t, result.form, result.plan)) for t in traces]
    told = f"{len(traces)} số của các biểu tổng hợp, mỗi số đếm lại bằng công thức trên các danh sách của sổ này."
    table = SheetTable(TRACE_SHEET, "TRUY SỐ LIỆU CỦA CÁC BIỂU", (told,), _list_columns(result, units), lines)
    sheet = table.draw_headings(book, result)
    _put_choice(book, sheet, units, table)
    units.put(book, sheet)
    table.draw_lines(book, sheet)
    sheet.set_height(HEADING_ROW, max(units.heading_height, table.heading_height))
    sheet.xl.print_area(0, 0, table.last_row - 1, len(HEADINGS) - 1)


def _list_columns(result: Result, units: _Units) -> list[SheetColumn[_Line]]:
    """Number of the form, number that the lists give, and whether they are the same."""
    places = _locate_columns(result)

    def count(line: _Line, _: Any) -> str:
        if line.trace.figure.measure == "sum":
            return units.sum_of(line.trace)
        return write_formula(line.trace, result.plan, lambda *column: places[column], _CHOSEN_NAME)

    return [
        SheetColumn(_FORM, 9, CENTRED, lambda line: line.trace.form),
        SheetColumn(_PLACE, 13, CENTRED, lambda line: line.trace.place),
        SheetColumn(_LABEL, 52, TEXT, lambda line: line.trace.label, fitted=True),
        SheetColumn(
            _VALUE, 11, lambda line: line.look, lambda line: _round(line.value),
            formula=lambda line, _: units.find(line.trace),
        ),
        SheetColumn(_COUNT, 13, lambda line: line.look, lambda line: line.counted, formula=count),
        SheetColumn(
            _MATCH, 8, CENTRED, lambda line: _SAME if _is_same(line.value, line.counted) else _OTHER,
            formula=lambda _, cell: _compare(cell(_VALUE), cell(_COUNT)), colours=_COLOURS,
        ),
        SheetColumn(_WAY, 78, TEXT, lambda line: line.way),
    ]  # fmt: skip


def _put_choice(book: Book, sheet: Sheet, units: _Units, table: SheetTable[_Line]) -> None:
    """Where the reader chooses one unit by its code: blank means all."""
    sheet.merge(_CHOICE_ROW, 1, _CHOICE_ROW, 2, _CHOICE, book.style(**TEXT, bold=True))
    chosen = book.style(**{**CENTRED, "bg_color": INPUT_FILL, "num_format": "@", "bold": True})
    sheet.put(_CHOICE_ROW, _CHOSEN, None, chosen)
    sheet.validate(
        _CHOICE_ROW, _CHOSEN, _CHOICE_ROW, _CHOSEN,
        {"validate": "list", "source": f"={units.codes}", "error_title": TRACE_SHEET, "error_message": _UNKNOWN_CODE},
    )  # fmt: skip
    code = cell_name(_CHOICE_ROW, _CHOSEN)
    name = f'IF({code}="","",IFERROR(INDEX({units.names},MATCH({code}&"",{units.codes},0)),"{_UNKNOWN_CODE}"))'
    sheet.put_formula(_CHOICE_ROW, _NAME, name, "", book.style(**TEXT))
    sheet.put(
        _CHOICE_ROW, table.places[_WAY],
        "Chỉ các dòng của biểu theo đơn vị đổi theo mã; các biểu khác luôn tính tất cả.",
        book.style(**{**TEXT, "italic": True, "border": 0}),
    )  # fmt: skip
    sheet.set_height(_CHOICE_ROW, line_height([(_CHOICE, sum(table.widths[:2]))]) + 4)


def _compare(ours: str, theirs: str) -> str:
    same = (
        f"IF(AND(ISNUMBER({ours}),ISNUMBER({theirs})),ABS({ours}-{theirs})<0.00001,"
        f'OR(AND({ours}="",{theirs}=""),AND({ours}="",{theirs}=0)))'
    )
    return f'IF({same},"{_SAME}","{_OTHER}")'


def _round(value: Any) -> Any:
    return round(value, DECIMALS) if isinstance(value, float) else value


def _is_same(value: float | str, counted: float | str) -> bool:
    if isinstance(value, str) or isinstance(counted, str):
        return value == counted or (value == "" and counted == 0)
    return abs(value - counted) < 0.00001


def _locate_columns(result: Result) -> dict[tuple[str, str], list[str]]:
    """Where the columns of the merged lists stand in this book, by list and column; on each sheet of a list."""
    places: dict[tuple[str, str], list[str]] = {}
    for key, table in result.form.tables.items():
        frame = result.tables.frames[key]
        for part, lines in enumerate(split_lines(len(frame))):
            sheet, last = (
                name_part(table.sheet, part),
                HEADING_ROW + max(1, len(lines)),
            )  # an empty list has a blank line
            for number, column in enumerate((UNIT, *(c.key for c in table.stored), *list_added(frame)), start=1):
                cells = range_name(sheet, HEADING_ROW + 1, number, last, number)
                places.setdefault((key, column), []).append(cells)
    return places


class _Units:
    """The table of the units' numbers, and what formulas take from it.

    A row a local unit, the totals, the upper unit; the columns of the form by unit, then the five years' awards.
    """

    def __init__(self, result: Result) -> None:
        plan, counts = result.plan, result.figures.units
        columns, rows, totals = describe_units(result)
        self._headings = {c.key: " – ".join(c.heading) for c in columns if c.is_number}
        self._shares = {c.key: c.share for c in columns if c.share}
        awards = {f.key: f"Khen thưởng {plan.period} – {f.heading[0]}" for f in list_award_figures(plan)}
        self._headings |= awards
        units = zip(plan.local_units, (row.cells for row in rows), strict=True)
        left_out = {key: total.left_out for key, total in result.figures.totals.items()}
        lines = [
            (unit, {**cells, **{key: known(counts.at[unit.code, key]) for key in awards}}) for unit, cells in units
        ]
        upper = plan.upper_unit
        self._lines: list[tuple[str, str, dict[str, Any], Mapping[str, int]]] = [
            *((u.code, plan.name_of(u), numbers, row.unsaid) for (u, numbers), row in zip(lines, rows, strict=True)),
            (
                "",
                TOTAL_LABEL,
                {**totals, **{key: add_known(numbers[key] for _, numbers in lines) for key in awards}},
                left_out,
            ),
            (upper.code, plan.name_of(upper), {key: known(counts.at[upper.code, key]) for key in awards}, {}),
        ]
        self._places = {key: number for number, key in enumerate(self._headings, start=_BESIDE + _TEXT_COLUMNS)}
        self._last_local = HEADING_ROW + len(rows)
        self.codes = self._block(_BESIDE, self._last_local)
        self.names = self._block(_BESIDE + 1, self._last_local)
        self._names_and_total = self._block(_BESIDE + 1, self._last_local + 1)

    @staticmethod
    def _block(column: int, last: int) -> str:
        return f"{cell_name(HEADING_ROW + 1, column, fixed=True)}:{cell_name(last, column, fixed=True)}"

    def find(self, trace: Trace) -> str:
        """The chosen unit's number, or that of all local units; "" for what stands by no unit."""
        if not trace.column:
            return ""
        numbers = self._block(self._places[trace.column], self._last_local + 1)
        name = f'IF({_CHOSEN_NAME}="","{TOTAL_LABEL}",{_CHOSEN_NAME})'
        found = f"INDEX({numbers},MATCH({name},{self._names_and_total},0))"
        return f'IFERROR(IF({found}="","",{found}),"?")'

    def sum_of(self, trace: Trace) -> str:
        column = self._places[trace.figure.key]
        upper = cell_name(self._last_local + 2, column)
        return f"SUM({upper if trace.who == UPPER else self._block(column, self._last_local)})"

    def put(self, book: Book, sheet: Sheet) -> None:
        sheet.put(_CHOICE_ROW, _BESIDE, "Số của từng đơn vị trong các biểu", book.style(**SUBTITLE))
        heading, text, centred, number = (book.style(**look) for look in (HEADING, TEXT, CENTRED, NUMBER))
        share = book.style(**_SHARE)
        for column, label in enumerate(("Mã", "Đơn vị", *self._headings.values()), start=_BESIDE):
            sheet.put(HEADING_ROW, column, label, heading)
            sheet.set_width(column, 24 if column == _BESIDE + 1 else _BESIDE_WIDTH)
        for row, (code, name, numbers, left_out) in enumerate(self._lines, start=HEADING_ROW + 1):
            sheet.put(row, _BESIDE, code, centred)
            sheet.put(row, _BESIDE + 1, name, text)
            for key, column in self._places.items():
                share_of, value = self._shares.get(key), numbers.get(key)
                if share_of and value is not None:
                    cell, whole = (cell_name(row, self._places[other]) for other in share_of)
                    if rest := left_out.get(share_of[0]):
                        whole = f"({whole}-{rest})"
                    sheet.put_formula(
                        row, column, f'IF({whole}=0,"",ROUND({cell}/{whole}*100,{DECIMALS}))', _round(value), share
                    )
                else:
                    sheet.put(row, column, value, share if share_of else number)

    @property
    def heading_height(self) -> float:
        return heading_height([(heading, _BESIDE_WIDTH) for heading in self._headings.values()])
