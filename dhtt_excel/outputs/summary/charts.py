"""Sheet "Biểu đồ": charts that also read in grey. The numbers that they show stand beside what is printed.

They are formulas on the forms.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any, NamedTuple

from dhtt_excel.excel.addresses import cell_name, quote_sheet
from dhtt_excel.excel.book import Book
from dhtt_excel.excel.looks import FONT
from dhtt_excel.figures.city_forms import HONOUREE_KINDS, HONOURS_FORM, UNITS_FORM, name_conferences
from dhtt_excel.figures.count_figures import PairedLine
from dhtt_excel.figures.describe_units import known, show_unit
from dhtt_excel.figures.figure import add_known, share_key
from dhtt_excel.outputs.summary.administrative_layout import (
    BOXED,
    CENTRED,
    draw_gap,
    draw_heading_block,
    draw_line,
    draw_signatures,
    keep_foot,
)
from dhtt_excel.outputs.summary.form_table import BOLD, SIZE, mark_of
from dhtt_excel.outputs.summary.official_sheet import OfficialSheet, References, page_width
from dhtt_excel.outputs.summary.structure import line_key
from dhtt_excel.plan.plan import Plan
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import capitalize

MARK = "Biểu đồ"
MOST_UNITS = 22  # columns of one chart
_MOST_LETTERS = 44  # of a label; the full name stands in the form
_COLUMNS, _ROW = 12, 12.75  # of the sheet that is printed, of equal widths; height of a row
_SHARES_HEIGHT, _BARS_HEIGHT, _BAR_HEIGHT = 178.0, 46.0, 11.8  # of a chart; of one with bars, and each of its bars more
_GAP, _ORDER, _LABEL, _NUMBERS = 20.0, 36.0, 190.0, (80.0, 80.0, 80.0)  # widths of the columns beside
_TABLE = 2 + len(_NUMBERS) + 1  # columns of a chart's numbers, and one that is empty
_INK = "#000000"
# Told apart without colour: a pale grey, a hatch, white, a dark grey.
_FILLS: tuple[dict[str, Any], ...] = (
    {"fill": {"color": "#BFBFBF"}},
    {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#7F7F7F", "bg_color": "#FFFFFF"}},
    {"fill": {"color": "#FFFFFF"}},
)


@dataclass(frozen=True)
class Sources:
    """Where the numbers of the charts stand in the forms before."""

    units: References
    structure: References
    honours: References


class _Entry(NamedTuple):
    """A line of a chart's numbers: its order, its label and (where it stands, value); without a place the value itself."""

    order: int
    label: str
    numbers: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class _Chart:
    """`notes` stand below the chart; `empty` says why there is none. Lines are named by order where it is `share`."""

    number: str
    title: str
    label: str
    series: tuple[str, ...]
    entries: tuple[_Entry, ...]
    notes: tuple[str, ...]
    empty: str
    share: bool = False

    @property
    def height(self) -> float:
        return _SHARES_HEIGHT if self.share else _BARS_HEIGHT + _BAR_HEIGHT * max(6, len(self.entries))


def draw_charts(book: Book, result: Result, sources: Sources) -> None:
    charts = [
        *_chart_shares(result, sources.units),
        _chart_occupations(result, sources.structure),
        _chart_movements(result, sources.honours),
    ]
    beside = [_GAP, *[_ORDER, _LABEL, *_NUMBERS, _GAP] * len(charts)]
    sheet = OfficialSheet(book, MARK, [page_width() / _COLUMNS] * _COLUMNS, beside=beside)
    top = row = draw_heading_block(sheet, result, MARK, "BIỂU ĐỒ KẾT QUẢ HỘI NGHỊ ĐIỂN HÌNH TIÊN TIẾN")
    together: list[tuple[int, int]] = []
    for place, chart in enumerate(charts):
        column = _COLUMNS + 2 + place * _TABLE
        if chart.entries:
            _put_numbers(sheet, top, column, chart)
        first, row = row, _draw_chart(sheet, row, chart, top + 1, column)
        together.append((first, row - 1))
    below = row - 1
    end = draw_signatures(sheet, row, result.plan)
    together += [(together[-1][0], end), *keep_foot(below, row, end)]
    sheet.finish(None, 0, together, SIZE)


# ---------------------------------------------------------------- what the charts show


def _chart_shares(result: Result, cells: References) -> list[_Chart]:
    """70/30 by unit, in the order of the form; many units take several charts."""
    plan, shares = result.plan, result.plan.shares
    noun, limit = plan.levels.local.noun, float(shares.exemplars)
    entries, absent = [], []
    for order, unit in enumerate(plan.local_units, start=1):
        exemplars, guests = (known(result.figures.units.at[unit.code, key]) or 0 for key in ("exemplars", "guests"))
        whole = exemplars + guests
        if not whole:
            absent.append(f"{order}. {show_unit(plan, unit)}")
            continue
        counts = (("exemplars", exemplars), ("guests", guests))
        numbers = [(cells[unit.code, share_key(key)], count / whole * 100) for key, count in counts]
        entries.append(_Entry(order, show_unit(plan, unit), (*numbers, ("", limit))))
    pages = max(1, ceil(len(entries) / MOST_UNITS))
    size = ceil(len(entries) / pages)
    parts = [tuple(entries[n * size : (n + 1) * size]) for n in range(pages)]
    title = f"Cơ cấu đại biểu dự hội nghị các {noun} (%)"
    if plan.rolls_up:
        title = f"Cơ cấu đại biểu dự hội nghị, theo {noun} (%)"
    series = ("Điển hình tiên tiến", "Khách mời, lãnh đạo", f"Mức {shares.exemplars}% theo Kế hoạch")
    note = []
    if absent:
        named = ", ".join(absent) if len(absent) <= MOST_UNITS else f"{len(absent)} {noun}, xem {mark_of(UNITS_FORM)}"
        note.append(f"Không vẽ vì chưa có số liệu: {named}.")
    return [
        _Chart(
            "1" if pages == 1 else f"1.{n}",
            title if pages == 1 else f"{title}, phần {n}/{pages}",
            capitalize(noun),
            series,
            part,
            tuple(note) if n == pages else (),
            f"Chưa có {noun} nào có số liệu đại biểu nên chưa có biểu đồ cơ cấu {shares.exemplars}/{shares.guests}.",
            share=True,
        )
        for n, part in enumerate(parts, start=1)
    ]


def _chart_occupations(result: Result, cells: References) -> _Chart:
    plan = result.plan
    section = next(s for s in result.figures.sections if s.column == "occupation")
    ordered = sorted(section.lines, key=lambda line: (-line.local, -(line.upper or 0)))
    entries = [
        _Entry(order, _shorten(plan, line.label), tuple((cells.get((line_key(section.title, line.label), which), ""), getattr(line, which) or 0) for which in ("local", "upper")))
        for order, line in enumerate(ordered, start=1)
    ]  # fmt: skip
    return _Chart(
        "2",
        "Đại biểu điển hình tiên tiến theo đối tượng (người)",
        result.form.tables["delegates"].by_key[section.column].heading,
        name_conferences(plan),
        tuple(entries),
        (),
        "Chưa có đại biểu điển hình nào nên chưa có biểu đồ theo đối tượng.",
    )


def _chart_movements(result: Result, cells: References) -> _Chart:
    plan = result.plan
    lines: list[PairedLine] = [line for line in result.figures.honours_by_movement if any(line.local)]
    ordered = sorted(lines, key=lambda line: -(add_known(line.local) or 0))
    entries = [
        _Entry(order, _shorten(plan, line.label), tuple((cells[line.label, f"honourees_{kind}"], count or 0) for kind, count in zip(HONOUREE_KINDS, line.local, strict=False)))
        for order, line in enumerate(ordered, start=1)
    ]  # fmt: skip
    cut = any(len(line.label) > _MOST_LETTERS for line in lines)
    notes = (f"Tên phong trào dài được viết gọn; tên đầy đủ ở {mark_of(HONOURS_FORM)}, phần B.",) if cut else ()
    return _Chart(
        "3",
        f"Biểu dương theo phong trào thi đua, {name_conferences(plan)[0].lower()}",
        "Phong trào thi đua",
        tuple(plan.lists.value("honouree_kinds", kind) for kind in HONOUREE_KINDS),
        tuple(entries),
        notes,
        "Chưa có tập thể, cá nhân, hộ gia đình nào được biểu dương nên chưa có biểu đồ theo phong trào.",
    )


def _shorten(plan: Plan, label: str) -> str:
    """The label as it prints, up to the last whole word that fits."""
    text = plan.lists.printed.get(label, label)
    return text if len(text) <= _MOST_LETTERS else text[:_MOST_LETTERS].rsplit(" ", 1)[0].rstrip(",") + " …"


# ---------------------------------------------------------------- drawing


def _draw_chart(sheet: OfficialSheet, row: int, chart: _Chart, heading_row: int, column: int) -> int:
    """The chart, or the sentence in its place, and its notes; the next free row."""
    title = f"Biểu đồ {chart.number}. {chart.title}"
    if not chart.entries:
        return draw_gap(sheet, draw_line(sheet, row, f"{title}: {chart.empty}", {"font_size": 12}), 4)
    shape = _shape_shares if chart.share else _shape_bars
    row = sheet.place_chart(row, shape(sheet, chart, title, heading_row, column), chart.height, _ROW, title)
    for note in chart.notes:
        row = draw_line(sheet, row, note, {"font_size": 10, "italic": True})
    return draw_gap(sheet, row, 4)


def _put_numbers(sheet: OfficialSheet, row: int, column: int, chart: _Chart) -> None:
    """The numbers of a chart below their heading, as formulas on the forms."""
    sheet.put(row, column, f"Số liệu của biểu đồ {chart.number}. {chart.title}", font_size=10, **BOLD)
    for place, text in enumerate(("STT", chart.label, *chart.series), start=column):
        sheet.put(row + 1, place, text, **BOXED, **CENTRED, **BOLD, font_size=9)
    number_format = "0.0" if chart.share else "#,##0"
    for line, entry in enumerate(chart.entries, start=row + 2):
        sheet.put(line, column, entry.order, **BOXED, **CENTRED, font_size=9)
        sheet.put(line, column + 1, entry.label, **BOXED, font_size=9)
        for place, (formula, value) in enumerate(entry.numbers, start=column + 2):
            look = {**BOXED, **CENTRED, "font_size": 9, "num_format": number_format}
            if formula:
                sheet.put_formula(line, place, formula, value, **look)
            else:
                sheet.put(line, place, value, **look)


def _font(size: float, **more: Any) -> dict[str, Any]:
    return {"name": FONT, "size": size, "color": _INK, **more}


def _refer(sheet: OfficialSheet, chart: _Chart, heading_row: int, column: int) -> list[dict[str, str]]:
    """Name, categories and values of each series, as references; `column`: the first of the numbers."""
    name = quote_sheet(sheet.name)
    first, last = heading_row + 1, heading_row + len(chart.entries)

    def block(place: int) -> str:
        return f"={name}!{cell_name(first, place, fixed=True)}:{cell_name(last, place, fixed=True)}"

    return [
        {
            "name": f"={name}!{cell_name(heading_row, place, fixed=True)}",
            "categories": block(column if chart.share else column + 1),
            "values": block(place),
        }
        for place in range(column + 2, column + 2 + len(chart.series))
    ]


def _shape_shares(sheet: OfficialSheet, chart: _Chart, title: str, heading_row: int, column: int) -> Any:
    """Columns of 100 %, the plan's share as a line across them."""
    exemplars, guests, limit = _refer(sheet, chart, heading_row, column)
    drawn = sheet.new_chart(type="column", subtype="stacked")
    for series, fill in ((exemplars, _FILLS[0]), (guests, _FILLS[1])):
        labels = {"value": True, "position": "center", "num_format": "0.0", "font": _font(7)}
        if series is guests:  # a number on a hatch needs a ground of its own
            labels |= {"fill": {"color": "#FFFFFF"}}
        drawn.add_series({**series, **fill, "border": {"color": _INK, "width": 0.75}, "gap": 30, "data_labels": labels})
    line = sheet.new_chart(type="line")
    alone = {
        "type": "long_dash",
        "size": 30,
        "fill": {"color": _INK},
        "border": {"color": _INK},
    }  # one point is no line
    marker = alone if len(chart.entries) == 1 else {"type": "none"}
    line.add_series({**limit, "line": {"color": _INK, "width": 2.25, "dash_type": "dash"}, "marker": marker})
    drawn.combine(line)
    name = f"Số thứ tự {chart.label.lower()} như {mark_of(UNITS_FORM)}"
    drawn.set_x_axis({"num_font": _font(9), "line": {"color": _INK}, "name": name, "name_font": _font(9, bold=False)})
    scale = {"min": 0, "max": 100, "major_unit": 20, "num_format": "0", "num_font": _font(9)}
    drawn.set_y_axis({**scale, "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9", "width": 0.5}}})
    drawn.set_plotarea({"layout": {"x": 0.06, "y": 0.17, "width": 0.93, "height": 0.52}})
    return _finish_chart(drawn, title)


def _shape_bars(sheet: OfficialSheet, chart: _Chart, title: str, heading_row: int, column: int) -> Any:
    """Lying bars, the longest on top: two series side by side, more of them in one bar."""
    stacked = len(chart.series) > 2
    drawn = sheet.new_chart(type="bar", **({"subtype": "stacked"} if stacked else {}))
    for series, fill in zip(_refer(sheet, chart, heading_row, column), _FILLS, strict=False):
        labels: dict[str, Any] = {"value": True, "num_format": "#,##0;;", "font": _font(8 if stacked else 7)}
        labels |= {"position": "center", "fill": {"color": "#FFFFFF"}} if stacked else {"position": "outside_end"}
        drawn.add_series({**series, **fill, "border": {"color": _INK, "width": 0.75}, "gap": 25, "data_labels": labels})
    drawn.set_y_axis({"reverse": True, "num_font": _font(8), "line": {"color": _INK}})
    drawn.set_x_axis({"visible": False, "min": 0, "major_gridlines": {"visible": False}})
    return _finish_chart(drawn, title)


def _finish_chart(drawn: Any, title: str) -> Any:
    drawn.set_title({"name": title, "name_font": _font(11, bold=True), "overlay": False})
    drawn.set_legend({"position": "bottom", "font": _font(9)})
    drawn.set_chartarea({"border": {"none": True}, "fill": {"color": "#FFFFFF"}})
    return drawn
