"""Sheet "Biểu đồ": charts that also read in grey, each with the numbers that it shows, taken from the forms."""

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
    CENTRED,
    draw_gap,
    draw_heading_block,
    draw_line,
    draw_notes,
    draw_signatures,
    keep_foot,
)
from dhtt_excel.outputs.summary.form_table import BOLD, SIZE, Lines
from dhtt_excel.outputs.summary.official_sheet import OfficialSheet, References, needed_width, page_width
from dhtt_excel.outputs.summary.structure import line_key
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import capitalize

MARK = "Biểu đồ"
MOST_UNITS = 22  # columns of one chart; their numbers fit on a page
_MOST_LEVEL = 18  # labels that have room to stand level, wrapped
_MOST_LETTERS = 44  # of a label; the full name stands in the form
_CHART_HEIGHT, _LEAST_CHART, _LEAST_TURNED = 385.0, 250.0, 120.0
_ORDER_WIDTH, _NUMBER_WIDTH = 40.0, 92.0
_NUMBERS = 3
_LABEL, _LABEL_END, _FIRST_NUMBER = 2, 3, 4  # a label takes two columns, so that the heading block finds its middle
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
    """A line of a chart's numbers: its label and (where it stands, value); without a place the value itself."""

    label: str
    numbers: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class _Chart:
    """`notes` stand below the chart; `empty` says why there is none."""

    number: str
    title: str
    label: str
    series: tuple[str, ...]
    entries: tuple[_Entry, ...]
    notes: tuple[str, ...]
    empty: str
    share: bool = False


def draw_charts(book: Book, result: Result, sources: Sources) -> None:
    plan = result.plan
    half = (page_width(landscape=True) - _ORDER_WIDTH - _NUMBERS * _NUMBER_WIDTH) / 2
    sheet = OfficialSheet(book, MARK, (_ORDER_WIDTH, half, half, *[_NUMBER_WIDTH] * _NUMBERS), landscape=True)
    row = draw_heading_block(sheet, result, MARK, "BIỂU ĐỒ KẾT QUẢ HỘI NGHỊ ĐIỂN HÌNH TIÊN TIẾN")
    charts = [
        *_chart_shares(result, sources.units),
        _chart_occupations(result, sources.structure),
        _chart_movements(result, sources.honours),
    ]
    together: list[tuple[int, int]] = []
    tables = row + sum(2 + len(_list_notes(chart)) for chart in charts)  # the first row of the numbers below
    heading_rows = {}
    for chart in charts:
        heading_rows[chart.number] = tables + 1
        tables += len(chart.entries) + 3 if chart.entries else 0
    for chart in charts:
        first, row = row, _draw_chart(sheet, row, chart, heading_rows[chart.number])
        together.append((first, row - 1))
    drawn = [chart for chart in charts if chart.entries]
    for chart in drawn:
        first, row = row, _draw_numbers(sheet, row, chart)
        together.append((first, first + 3) if chart is drawn[-1] else (first, row - 1))
    last = row - 2
    below = draw_notes(
        sheet, row, [], ["Số liệu của biểu đồ lấy từ các biểu trên bằng công thức."] if drawn else [], SIZE
    )
    end = draw_signatures(sheet, below, plan)
    together += [(first, end), *keep_foot(last, below, end)]
    sheet.finish(None, 0, together, SIZE)


# ---------------------------------------------------------------- what the charts show


def _chart_shares(result: Result, cells: References) -> list[_Chart]:
    """70/30 by unit, in the order of the form; many units take several charts."""
    plan, shares = result.plan, result.plan.shares
    noun, limit = plan.levels.local.noun, float(shares.exemplars)
    entries, absent = [], []
    for unit in plan.local_units:
        exemplars, guests = (known(result.figures.units.at[unit.code, key]) or 0 for key in ("exemplars", "guests"))
        whole = exemplars + guests
        if not whole:
            absent.append(show_unit(plan, unit))
            continue
        counts = (("exemplars", exemplars), ("guests", guests))
        numbers = [(cells[unit.code, share_key(key)], count / whole * 100) for key, count in counts]
        entries.append(_Entry(show_unit(plan, unit), (*numbers, ("", limit))))
    pages = max(1, ceil(len(entries) / MOST_UNITS))
    size = ceil(len(entries) / pages)
    parts = [tuple(entries[n * size : (n + 1) * size]) for n in range(pages)]
    title = f"Cơ cấu đại biểu dự hội nghị các {noun} (%)"
    series = ("Điển hình tiên tiến", "Khách mời, lãnh đạo", f"Mức {shares.exemplars}% theo Kế hoạch")
    note = [f"Thứ tự {noun} như {UNITS_FORM}; đường nét đứt là mức {shares.exemplars}% của Kế hoạch."]
    if pages > 1:
        note.append(f"Mỗi biểu đồ không quá {MOST_UNITS} {noun}; tất cả {len(entries)} {noun} có số liệu đều được vẽ.")
    if absent:
        named = ", ".join(absent) if len(absent) <= MOST_UNITS else f"{len(absent)} {noun}, xem {UNITS_FORM}"
        note.append(f"Không vẽ vì chưa có số liệu: {named}.")
    return [
        _Chart(
            "1" if pages == 1 else f"1.{n}",
            title if pages == 1 else f"{title}, phần {n}/{pages}",
            capitalize(noun),
            series,
            part,
            tuple(note),
            f"Chưa có {noun} nào có số liệu đại biểu nên chưa có biểu đồ cơ cấu {shares.exemplars}/{shares.guests}.",
            share=True,
        )
        for n, part in enumerate(parts, start=1)
    ]


def _chart_occupations(result: Result, cells: References) -> _Chart:
    section = next(s for s in result.figures.sections if s.column == "occupation")
    ordered = sorted(section.lines, key=lambda line: (-line.local, -(line.upper or 0)))
    entries = [
        _Entry(_shorten(line.label), tuple((cells[line_key(section.title, line.label), which], getattr(line, which) or 0) for which in ("local", "upper")))
        for line in ordered
    ]  # fmt: skip
    return _Chart(
        "2",
        "Đại biểu điển hình tiên tiến theo đối tượng (người)",
        result.form.tables["delegates"].by_key[section.column].heading,
        name_conferences(result.plan),
        tuple(entries),
        (f"Xếp theo số điển hình dự {name_conferences(result.plan)[0].lower()}, nhiều nhất ở trên.",),
        "Chưa có đại biểu điển hình nào nên chưa có biểu đồ theo đối tượng.",
    )


def _chart_movements(result: Result, cells: References) -> _Chart:
    plan = result.plan
    lines: list[PairedLine] = [line for line in result.figures.honours_by_movement if any(line.local)]
    ordered = sorted(lines, key=lambda line: -(add_known(line.local) or 0))
    entries = [
        _Entry(_shorten(line.label), tuple((cells[line.label, f"honourees_{kind}"], count or 0) for kind, count in zip(HONOUREE_KINDS, line.local, strict=False)))
        for line in ordered
    ]  # fmt: skip
    cut = any(len(line.label) > _MOST_LETTERS for line in lines)
    notes = (
        f"{name_conferences(plan)[0]}; xếp theo số cộng, nhiều nhất ở trên.",
        *([f"Tên phong trào dài được viết gọn; tên đầy đủ ở {HONOURS_FORM}, phần B."] if cut else []),
    )
    return _Chart(
        "3",
        "Tập thể, cá nhân, hộ gia đình được biểu dương theo phong trào thi đua",
        "Phong trào thi đua",
        tuple(plan.lists.value("honouree_kinds", kind) for kind in HONOUREE_KINDS),
        tuple(entries),
        notes,
        "Chưa có tập thể, cá nhân, hộ gia đình nào được biểu dương nên chưa có biểu đồ theo phong trào.",
    )


def _shorten(text: str) -> str:
    """The label up to the last whole word that fits."""
    return text if len(text) <= _MOST_LETTERS else text[:_MOST_LETTERS].rsplit(" ", 1)[0].rstrip(",") + " …"


# ---------------------------------------------------------------- drawing


def _draw_chart(sheet: OfficialSheet, row: int, chart: _Chart, heading_row: int) -> int:
    """The chart, or the sentence in its place, and its notes; the next free row."""
    title = f"Biểu đồ {chart.number}. {chart.title}"
    notes = _list_notes(chart)
    if chart.entries:
        below = sum(sheet.height_of(note, 1, sheet.columns, SIZE) for note in notes) + 12
        room, page = sheet.page_height - sheet.height - below, sheet.page_height - below
        points = min(_CHART_HEIGHT, room if room >= _least_height(chart) else page)
        shape = _shape_shares if chart.share else _shape_bars
        sheet.place_chart(row, shape(sheet, chart, title, heading_row), points, title)
    else:
        draw_line(sheet, row, f"{title}: {chart.empty}", {"font_size": 13})
    row += 1
    for note in notes:
        row = draw_line(sheet, row, note, {"font_size": SIZE, "italic": True})
    return draw_gap(sheet, row, 8)


def _list_notes(chart: _Chart) -> tuple[str, ...]:
    return chart.notes if chart.entries else ()


def _least_height(chart: _Chart) -> float:
    """Turned labels take their length from the columns."""
    if chart.share and len(chart.entries) > _MOST_LEVEL:
        return _LEAST_TURNED + max(needed_width(entry.label, 9) for entry in chart.entries)
    return _LEAST_CHART


def _draw_numbers(sheet: OfficialSheet, row: int, chart: _Chart) -> int:
    """The numbers of a chart, as formulas on the forms."""
    row = draw_line(sheet, row, f"Số liệu của biểu đồ {chart.number}. {chart.title}", {"font_size": 12, "bold": True})
    lines = Lines(sheet, row, least_row=17.0)
    bold: dict[str, Any] = {**BOLD, **CENTRED, "text_wrap": True}
    lines.put(1, "STT", **bold)
    lines.merge(_LABEL, _LABEL_END, chart.label, **bold)
    for column, heading in enumerate(chart.series, start=_FIRST_NUMBER):
        lines.put(column, heading, **bold)
    lines.end(bold=True)
    for order, entry in enumerate(chart.entries, start=1):
        lines.put(1, order, **CENTRED, text_wrap=True)
        lines.merge(_LABEL, _LABEL_END, entry.label)
        for column, (place, value) in enumerate(entry.numbers, start=_FIRST_NUMBER):
            lines.put_number(column, value, place, share=chart.share, text_wrap=True)
        lines.end()
    return draw_gap(sheet, lines.row, 12)


def _font(size: float, **more: Any) -> dict[str, Any]:
    return {"name": FONT, "size": size, "color": _INK, **more}


def _columns(sheet: OfficialSheet, chart: _Chart, heading_row: int) -> list[dict[str, str]]:
    """Name, categories and values of each series, as references."""
    name = quote_sheet(sheet.name)
    first, last = heading_row + 1, heading_row + len(chart.entries)

    def block(column: int) -> str:
        return f"={name}!{cell_name(first, column, fixed=True)}:{cell_name(last, column, fixed=True)}"

    return [
        {
            "name": f"={name}!{cell_name(heading_row, column, fixed=True)}",
            "categories": block(_LABEL),
            "values": block(column),
        }
        for column in range(_FIRST_NUMBER, _FIRST_NUMBER + len(chart.series))
    ]


def _shape_shares(sheet: OfficialSheet, chart: _Chart, title: str, heading_row: int) -> Any:
    """Columns of 100 %, the plan's share as a line across them."""
    exemplars, guests, limit = _columns(sheet, chart, heading_row)
    small = 9 if len(chart.entries) <= _MOST_LEVEL else 8
    drawn = sheet.new_chart(type="column", subtype="stacked")
    for series, fill in ((exemplars, _FILLS[0]), (guests, _FILLS[1])):
        labels = {"value": True, "position": "center", "num_format": "0.0", "font": _font(small)}
        if series is guests:  # a number on a hatch needs a ground of its own
            labels |= {"fill": {"color": "#FFFFFF"}}
        drawn.add_series({**series, **fill, "border": {"color": _INK, "width": 0.75}, "gap": 35, "data_labels": labels})
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
    rotation = -90 if len(chart.entries) > _MOST_LEVEL else 0
    drawn.set_x_axis({"num_font": _font(9, **({"rotation": rotation} if rotation else {})), "line": {"color": _INK}})
    scale = {"min": 0, "max": 100, "major_unit": 10, "num_format": "0", "num_font": _font(10)}
    name = {"name": "Tỷ lệ đại biểu (%)", "name_font": _font(10, bold=False)}
    drawn.set_y_axis(
        {**scale, **name, "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9", "width": 0.5}}}
    )
    return _finish_chart(drawn, title)


def _shape_bars(sheet: OfficialSheet, chart: _Chart, title: str, heading_row: int) -> Any:
    """Lying bars, the longest on top: two series side by side, more of them in one bar."""
    stacked = len(chart.series) > 2
    drawn = sheet.new_chart(type="bar", **({"subtype": "stacked"} if stacked else {}))
    for series, fill in zip(_columns(sheet, chart, heading_row), _FILLS, strict=False):
        labels: dict[str, Any] = {"value": True, "num_format": "#,##0;;", "font": _font(9)}
        labels |= {"position": "center", "fill": {"color": "#FFFFFF"}} if stacked else {"position": "outside_end"}
        drawn.add_series({**series, **fill, "border": {"color": _INK, "width": 0.75}, "gap": 45, "data_labels": labels})
    drawn.set_y_axis({"reverse": True, "num_font": _font(10), "line": {"color": _INK}})
    drawn.set_x_axis({"visible": False, "min": 0, "major_gridlines": {"visible": False}})
    return _finish_chart(drawn, title)


def _finish_chart(drawn: Any, title: str) -> Any:
    drawn.set_title({"name": title, "name_font": _font(13, bold=True), "overlay": False})
    drawn.set_legend({"position": "bottom", "font": _font(10)})
    drawn.set_chartarea({"border": {"none": True}, "fill": {"color": "#FFFFFF"}})
    drawn.set_plotarea({"fill": {"color": "#FFFFFF"}})
    return drawn
