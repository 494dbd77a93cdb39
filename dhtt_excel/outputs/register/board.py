"""Sheet "Tình hình nộp" of the register: where every unit of the plan stands, and the files of no unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from dhtt_excel.checking.follow_findings import Round
from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.excel.book import Book, Sheet
from dhtt_excel.excel.looks import BAD, GOOD, HEADING, LINK, MISSING, PENDING, SUBTITLE
from dhtt_excel.excel.text_size import column_points
from dhtt_excel.findings import Finding, Severity, State
from dhtt_excel.outputs.register.balance_sheet import describe_part, describe_room
from dhtt_excel.outputs.register.paper import (
    CENTRED,
    HEADING_ROW,
    NUMBER,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    TEXT,
    add_paper,
    fit_text,
    fit_width,
    heading_height,
    line_height,
)
from dhtt_excel.plan.plan import Unit
from dhtt_excel.reading.choose_submissions import UNCLEAR
from dhtt_excel.reading.submissions import Submission
from dhtt_excel.result import Result, Verdict
from dhtt_excel.rules import RULES_BY_CODE
from dhtt_excel.rules.files import unit_missing

BOARD_SHEET = "Tình hình nộp"
NO_SHEET = "Tệp"  # what is wrong with the file itself

_GROUP_ROW, _LABEL_ROW, _FIRST_ROW = HEADING_ROW, HEADING_ROW + 1, HEADING_ROW + 2
_FROZEN = 3
_ABOVE_LINES = 190.0  # points of titles and headings
_LEAST_SHRINK = 0.85
_CELL_EDGES = 6.0  # points that a column is wider than the room for its text
_SYMBOLS = {
    Verdict.CLEAN: "✓",
    Verdict.WARNINGS: "!",
    Verdict.ERRORS: "✗",
    Verdict.UNREADABLE: "✗",
    Verdict.MISSING: "–",
}
_SYMBOL_LOOKS: dict[str, dict[str, Any]] = {"✓": GOOD, "!": MISSING, "✗": {**BAD, "bold": True}, "–": PENDING}
_LOOKS: dict[str, dict[str, Any]] = {
    "text": TEXT,
    "verdict": {**TEXT, "bold": True},
    "centred": CENTRED,
    "number": NUMBER,
    "share": {**CENTRED, "num_format": "0.0%"},
    "date": {**CENTRED, "num_format": "dd/mm/yyyy"},
    "moment": {**CENTRED, "num_format": "dd/mm/yyyy hh:mm"},
}


@dataclass(frozen=True)
class _Line:
    """What is known of a unit."""

    place: int
    unit: Unit
    name: str
    verdict: Verdict
    used: Submission | None
    findings: list[Finding]
    note: str
    sheets: Counter[str]
    figures: Mapping[str, Any]
    round: Round
    states: Counter[State | None]
    days_late: int

    def figure(self, key: str) -> Any:
        """A number or day of the unit; None where nothing of it is in use."""
        value = self.figures[key] if self.used else None
        return value if isinstance(value, (int, date)) else None

    def count(self, severity: Severity) -> int:
        return sum(f.severity is severity for f in self.findings)


class _Column(NamedTuple):
    """`severity`: the count links to the first finding of that severity. A narrow column's heading is turned."""

    heading: str
    width: float
    look: str
    value: Callable[[_Line], Any]
    severity: Severity | None = None
    narrow: bool = False


def write_board(book: Book, result: Result, first_findings: Mapping[tuple[str, Severity], str]) -> None:
    """A line a unit; the counts link to the unit's first finding (`first_findings`)."""
    groups = _list_columns(result)
    columns = [column for group in groups.values() for column in group]
    widths = [c.width for c in columns]
    title = f"TÌNH HÌNH NỘP BIỂU MẪU – KẾ HOẠCH {result.plan.number}"
    lines = _describe_units(result)
    summary = (_summarise(result, lines), describe_room(result))
    split = _split_pages(groups)
    sheet = add_paper(
        book, result, BOARD_SHEET, title, summary, widths,
        frozen=_FROZEN, heading_rows=2, told_over=split.columns,
    )  # fmt: skip
    _put_headings(book, sheet, groups)
    styles = [book.style(**_LOOKS[column.look]) for column in columns]
    total = 0.0
    for row, line in enumerate(lines, start=_FIRST_ROW):
        for place, (column, style) in enumerate(zip(columns, styles, strict=True), start=1):
            if column.look == "share":
                _put_share(sheet, row, place, line, style)
                continue
            value = fit_text(column.value(line))
            target = first_findings.get((line.unit.code, column.severity)) if column.severity and value else None
            if target:
                style = book.style(**{**_LOOKS[column.look], **LINK})
                sheet.put_link(row, place, target, str(value), style)
            sheet.put(row, place, value, style)  # over the link's text: a count stays a number
        texts = [(str(c.value(line) or ""), c.width) for c in columns if c.look in ("text", "verdict")]
        height = line_height(texts)
        sheet.set_height(row, height)
        total += height
    last_row = _FIRST_ROW + len(lines) - 1
    sheet.xl.autofilter(_LABEL_ROW - 1, 0, last_row - 1, len(columns) - 1)
    _colour(book, sheet, columns, last_row)
    _print_on_two_pages(sheet, split, total)
    _put_strays(book, sheet, result, widths, last_row + 2)


class _Split(NamedTuple):
    """How the table stands on two pages side by side: the columns on the first, and how wide the wider one is."""

    columns: int
    width: float


def _split_pages(groups: Mapping[str, list[_Column]]) -> _Split:
    """The unit's own columns stand on both pages, the groups where they fit best."""
    first, *others = [sum(column_points(c.width) + _CELL_EDGES for c in members) for members in groups.values()]
    widest, count = min((first + max(sum(others[:n]), sum(others[n:])), n) for n in range(1, len(others)))
    return _Split(sum(len(members) for members in list(groups.values())[: count + 1]), widest)


def _print_on_two_pages(sheet: Sheet, split: _Split, height: float) -> None:
    """`height`: of all lines, in points; where a little smaller print brings them onto one page, that is done."""
    scale = PAGE_WIDTH / split.width
    whole = PAGE_HEIGHT / (height + _ABOVE_LINES)
    sheet.xl.set_print_scale(max(10, int(100 * (whole if _LEAST_SHRINK * scale <= whole < scale else scale))))
    sheet.xl.repeat_columns(0, _FROZEN - 1)
    sheet.xl.set_v_pagebreaks([split.columns])


def _list_columns(result: Result) -> dict[str, list[_Column]]:
    """The columns by group. A new one: a line here."""
    plan = result.plan
    items = len(plan.programme.required)
    sheets = (NO_SHEET, *result.form.sheets)
    number = ("number", 7.5)

    def figure(heading: str, key: str, look: str = number[0], width: float = number[1]) -> _Column:
        return _Column(heading, width, look, lambda line: line.figure(key))

    def count(severity: Severity) -> _Column:
        return _Column(severity.label, 7.5, "number", lambda line: line.count(severity), severity)

    def follow(state: State) -> _Column:
        return _Column(state.label, 7.5, "number", lambda line: line.states[state] if line.round.number else None)

    return {
        "Đơn vị": [
            _Column("STT", 5, "number", lambda line: line.place),
            _Column("Mã", 8, "centred", lambda line: line.unit.code),
            _Column("Đơn vị", 19, "text", lambda line: line.name),
        ],
        "Kết luận": [
            _Column("Kết quả", 14, "verdict", lambda line: f"{_SYMBOLS[line.verdict]} {line.verdict.label}"),
        ],
        "Tệp đã nhận": [
            _Column("Tệp dùng", 25, "text", lambda line: line.used.source.file if line.used else None),
            _Column("Nhận lúc", 15.5, "moment", lambda line: line.used.source.sent if line.used else None),
            _Column("Trễ (ngày)", 6.5, "number", lambda line: line.days_late or None),
            _Column("Bản mẫu", 6.5, "number", lambda line: line.used.version if line.used else None),
            _Column("Lý do chọn tệp, ghi chú", 38, "text", lambda line: line.note),
        ],
        "Số vấn đề": [count(severity) for severity in Severity],
        "Các lần nộp": [
            _Column("Lần nộp", 6, "number", lambda line: line.round.number or None),
            *map(follow, State),
            _Column("Số liệu đổi so với lần trước", 22, "text", _describe_changes),
        ],
        "Lỗi theo sheet": [
            _Column(sheet, 4.5, "number", lambda line, sheet=sheet: line.sheets[sheet] or None, narrow=True)  # type: ignore[misc]
            for sheet in sheets
        ],
        "Đại biểu": [
            figure("Tổng số đại biểu", "listed"),
            figure("Điển hình", "exemplars"),
            figure("Khách mời", "guests"),
            _Column("% điển hình", 8, "share", lambda _: None),
            _Column(
                f"Tư vấn {plan.shares.exemplars}/{plan.shares.guests}", 28, "text", lambda line: _advise(result, line)
            ),
        ],
        "Hội nghị": [
            _Column(f"Chương trình (n/{items})", 8.5, "centred", lambda line: _show_held(line, items)),
            figure("Ngày tổ chức", "date", "date", 11.5),
            figure("Ngày báo cáo", "reported", "date", 11.5),
        ],
    }


def _describe_units(result: Result) -> list[_Line]:
    table = result.figures.units
    figures = dict(zip(table.index.tolist(), table.to_dict("records"), strict=True))
    titles = {
        (unit, table.sheet): result.form.tables[key].sheet
        for (unit, key), (_, table) in result.tables.places.items()
        if key in result.form.tables
    }
    lines = []
    for place, unit in enumerate(result.plan.units_by_code.values(), start=1):
        findings = result.findings_by_unit.get(unit.code, [])
        used = result.used.get(unit.code)
        wrong = [f.sheet for f in findings if f.severity is Severity.ERROR]
        named = (titles.get((unit.code, sheet), sheet) for sheet in wrong)
        sheets = Counter(sheet if sheet in result.form.sheets else NO_SHEET for sheet in named)
        name, verdict, note = result.plan.name_of(unit), result.verdict_of(unit), _note(result, unit)
        states = Counter(f.state for f in (*findings, *result.fixed) if f.unit == unit.code)
        lines.append(
            _Line(
                place, unit, name, verdict, used, findings, note, sheets, figures[unit.code],
                result.rounds[unit.code], states, result.days_late(unit) if unit.level == "local" else 0,
            )
        )  # fmt: skip
    return lines


def _note(result: Result, unit: Unit) -> str:
    """Why this file, what became of the others, how late a missing one is."""
    used = result.used.get(unit.code)
    others = [s for s in result.submissions if s.unit == unit and not s.used and not s.blank]
    notes = []
    if used and others:
        unused = (f"“{other.source.file}” ({other.why_not})" for other in others)
        known = not any(other.why_not == UNCLEAR for other in others)
        how = "dùng tệp hợp lệ sau cùng" if known else "không rõ tệp nào sau cùng, dùng tệp có nhiều nội dung hơn"
        notes.append(f"Gửi {len(others) + 1} tệp, {how}; không dùng {', '.join(unused)}.")
    told = {used.source.file if used else "", *(other.source.file for other in others)}
    for finding in result.findings_by_unit.get(unit.code, []):
        if finding.code == unit_missing.code:
            notes.append(f"{finding.message}.")
        elif finding.file not in told:  # a file of this unit by its name only
            notes.append(f"“{finding.file}”: {finding.message}.")
            told.add(finding.file)
    return "\n".join(notes)


def _advise(result: Result, line: _Line) -> str:
    """How to come to the shares; of a unit that has not reported, whom it may still nominate."""
    room = result.figures.upper_room
    if line.used is None and line.unit.level == "local" and room.each:
        return f"Được cử nhiều nhất {describe_part(result)} dự hội nghị {result.plan.levels.upper.noun}."
    return "\n".join(dict.fromkeys(f.advice for f in line.findings if RULES_BY_CODE[f.code].about == "shares"))


def _describe_changes(line: _Line) -> str | None:
    """What the last submission changed in the data; nothing where there was none before."""
    if line.round.number < 2:
        return None
    if line.round.comparison is None:
        return "tệp lần trước không còn trong thư mục"
    kinds = {"added": "thêm {} dòng", "removed": "bỏ {} dòng", "changed": "sửa {} ô"}
    told = [text.format(n) for kind, text in kinds.items() if (n := line.round.comparison.count(kind))]
    return ", ".join(told) or "không đổi"


def _show_held(line: _Line, items: int) -> str | None:
    held = line.figure("held")
    return None if held is None else f"{held}/{items}"


def _summarise(result: Result, lines: list[_Line]) -> str:
    plan = result.plan
    local = len(plan.local_units)
    verdicts = Counter(line.verdict for line in lines)
    verdict_counts = "; ".join(f"{verdicts[v]} {v.label.lower()}" for v in Verdict if verdicts[v])
    return (
        f"Đã nhận {local - len(result.missing_units)}/{local} {plan.levels.local.noun} "
        f"tính đến ngày {result.as_of:%d/%m/%Y}. Tất cả {len(lines)} đơn vị: {verdict_counts}."
    )


def _put_headings(book: Book, sheet: Sheet, groups: Mapping[str, list[_Column]]) -> None:
    column = 1
    for group, members in groups.items():
        sheet.merge(_GROUP_ROW, column, _GROUP_ROW, column + len(members) - 1, group, book.style(**HEADING))
        for member in members:
            turned = {"rotation": 90, "valign": "bottom"} if member.narrow else {}
            sheet.put(_LABEL_ROW, column, member.heading, book.style(**{**HEADING, **turned}))
            column += 1
    columns = [c for members in groups.values() for c in members]
    level = [c for c in columns if not c.narrow]
    height = heading_height([c.heading for c in level], [c.width for c in level])
    # A turned heading takes its length, and stands above the filter's button.
    turned_height = max((7 * fit_width(c.heading, bold=True) * 0.75 + 18 for c in columns if c.narrow), default=0)
    sheet.set_height(_LABEL_ROW, max(height, turned_height))


def _put_share(sheet: Sheet, row: int, column: int, line: _Line, style: Any) -> None:
    """Exemplars among those of a known category, as a formula on the two columns before."""
    exemplars, guests = line.figure("exemplars"), line.figure("guests")
    if exemplars is None:
        sheet.put(row, column, None, style)
        return
    left, right = cell_name(row, column - 2), cell_name(row, column - 1)
    total = exemplars + guests
    formula = f'IF({left}+{right}=0,"",{left}/({left}+{right}))'
    sheet.put_formula(row, column, formula, exemplars / total if total else "", style)


def _colour(book: Book, sheet: Sheet, columns: list[_Column], last_row: int) -> None:
    """Colours that repeat what words, symbols and numbers say, for whoever prints in grey."""
    place_of = {column.heading: place for place, column in enumerate(columns, start=1)}
    verdict = place_of["Kết quả"]
    for symbol, look in _SYMBOL_LOOKS.items():
        begins = {"type": "text", "criteria": "begins with", "value": symbol, "format": book.bare_format(**look)}
        sheet.colour(_FIRST_ROW, verdict, last_row, verdict, begins)
    for place, column in enumerate(columns, start=1):
        if column.narrow or column.severity in (Severity.ERROR, Severity.WARNING):
            look = MISSING if column.severity is Severity.WARNING else BAD
            above = {"type": "cell", "criteria": ">", "value": 0, "format": book.bare_format(**look, bold=True)}
            sheet.colour(_FIRST_ROW, place, last_row, place, above)
    none = f'LEFT(${cell_name(_FIRST_ROW, verdict)},1)="{_SYMBOLS[Verdict.MISSING]}"'
    grey = {"type": "formula", "criteria": f"={none}", "format": book.bare_format(**PENDING)}
    sheet.colour(_FIRST_ROW, 1, last_row, len(columns), grey)


def _put_strays(book: Book, sheet: Sheet, result: Result, widths: list[float], row: int) -> None:
    """The files that belong to no unit, and why; below the filter's range, so that it never hides them."""
    strays = [s for s in result.submissions if s.unit is None]
    if not strays:
        return
    sheet.put(row, 1, f"Tệp không xếp được vào đơn vị nào: {len(strays)}", book.style(**SUBTITLE))
    row += 1
    why_column = _FROZEN + 2
    last = why_column + 3  # under the columns of the file
    heading, text, number = (book.style(**look) for look in (HEADING, TEXT, NUMBER))
    sheet.put(row, 1, "STT", heading)
    sheet.merge(row, 2, row, why_column - 1, "Tệp", heading)
    sheet.merge(row, why_column, row, last, "Vì sao, cần làm gì", heading)
    for place, stray in enumerate(strays, start=1):
        why = "\n".join(f"{f.message}. {f.advice}".strip() for f in stray.findings)
        file = stray.source.file
        sheet.put(row + place, 1, place, number)
        sheet.merge(row + place, 2, row + place, why_column - 1, fit_text(file), text)
        sheet.merge(row + place, why_column, row + place, last, fit_text(why), text)
        texts = [(file, sum(widths[1 : why_column - 1])), (why, sum(widths[why_column - 1 : last]))]
        sheet.set_height(row + place, line_height(texts))
