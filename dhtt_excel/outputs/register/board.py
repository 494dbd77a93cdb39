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
from dhtt_excel.excel.looks import BAD, GOOD, HEADING, MISSING, PENDING, SUBTITLE
from dhtt_excel.excel.text_size import column_points
from dhtt_excel.findings import Finding, Severity, State
from dhtt_excel.outputs.register.balance_sheet import describe_part, describe_room
from dhtt_excel.outputs.register.paper import (
    CENTRED,
    DAY,
    MOMENT,
    NUMBER,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    TEXT,
    Look,
    put_merged,
)
from dhtt_excel.outputs.register.table import SheetColumn, SheetTable
from dhtt_excel.plan.plan import Unit
from dhtt_excel.reading.choose_submissions import UNCLEAR
from dhtt_excel.reading.submissions import Submission
from dhtt_excel.result import Result, Verdict
from dhtt_excel.rollup.record import ResultRecord
from dhtt_excel.rules import RULES_BY_CODE
from dhtt_excel.rules.files import report_overdue

BOARD_SHEET = "Tình hình nộp"
NO_SHEET = "Tệp"  # what is wrong with the file itself

_UNIT = "Đơn vị"
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
_SHARE = {**CENTRED, "num_format": "0.0%"}
# Colours repeat what words, symbols and numbers say, for whoever prints in grey.
_SYMBOL_LOOKS: dict[str, Look] = {"✓": GOOD, "!": MISSING, "✗": {**BAD, "bold": True}, "–": PENDING}
_COUNT_LOOKS: dict[Severity, Look] = {Severity.ERROR: BAD, Severity.WARNING: MISSING}
_VERDICT, _EXEMPLARS, _GUESTS = "Kết quả", "Điển hình", "Khách mời"  # headings that others refer to


@dataclass(frozen=True)
class Standing:
    """What is known of a unit: a line of the board."""

    unit: Unit
    verdict: Verdict
    used: Submission | None
    findings: list[Finding]
    sheets: Counter[str]
    figures: Mapping[str, Any]
    round: Round
    states: Counter[State | None]

    def figure(self, key: str) -> Any:
        """A number or day of the unit; None where nothing of it is in use."""
        value = self.figures[key] if self.used else None
        return value if isinstance(value, (int, date)) else None


def write_board(book: Book, result: Result, first_findings: Mapping[tuple[str, Severity], str]) -> None:
    """A line a unit; the counts link to the unit's first finding (`first_findings`)."""
    groups = list_columns(result, first_findings)
    lines = describe_standings(result)
    split, frozen = _split_pages(groups), len(groups[_UNIT])
    table = SheetTable(
        BOARD_SHEET,
        f"TÌNH HÌNH NỘP BIỂU MẪU – KẾ HOẠCH {result.plan.number}",
        (_summarise(result, lines), *(() if result.plan.rolls_up else (describe_room(result),))),
        [column for group in groups.values() for column in group],
        lines,
        frozen,
        groups=[(group, len(members)) for group, members in groups.items()],
        told_over=split.columns,
    )
    sheet, table = table.draw(book, result)
    missing = f'=LEFT(${cell_name(table.first_row, table.places[_VERDICT])},1)="{_SYMBOLS[Verdict.MISSING]}"'
    grey = {"type": "formula", "criteria": missing, "format": book.bare_format(**PENDING)}
    sheet.colour(table.first_row, 1, table.last_row, len(table.columns), grey)
    _print_on_two_pages(sheet, split, frozen, sum(table.heights))
    _put_strays(book, sheet, result, frozen, table.widths, table.last_row + 2)


class _Split(NamedTuple):
    """How the table stands on two pages side by side: the columns on the first, and how wide the wider one is."""

    columns: int
    width: float


def _split_pages(groups: Mapping[str, list[SheetColumn[Standing]]]) -> _Split:
    """The unit's own columns stand on both pages, the groups where they fit best."""
    first, *others = [sum(column_points(c.width) + _CELL_EDGES for c in members) for members in groups.values()]
    widest, count = min((first + max(sum(others[:n]), sum(others[n:])), n) for n in range(1, len(others)))
    return _Split(sum(len(members) for members in list(groups.values())[: count + 1]), widest)


def _print_on_two_pages(sheet: Sheet, split: _Split, frozen: int, height: float) -> None:
    """`height`: of all lines, in points; where a little smaller print brings them onto one page, that is done."""
    scale = PAGE_WIDTH / split.width
    whole = PAGE_HEIGHT / (height + _ABOVE_LINES)
    sheet.xl.set_print_scale(max(10, int(100 * (whole if _LEAST_SHRINK * scale <= whole < scale else scale))))
    sheet.xl.repeat_columns(0, frozen - 1)
    sheet.xl.set_v_pagebreaks([split.columns])


def list_columns(
    result: Result, first_findings: Mapping[tuple[str, Severity], str]
) -> dict[str, list[SheetColumn[Standing]]]:
    """The columns by group; `first_findings`: see `write_board`. A new one: a line here."""
    plan = result.plan
    items = len(plan.programme.required)
    share = f"{plan.shares.exemplars}/{plan.shares.guests}"

    symbols = [({"type": "text", "criteria": "begins with", "value": s}, look) for s, look in _SYMBOL_LOOKS.items()]
    counted = {
        s: [({"type": "cell", "criteria": ">", "value": 0}, {**look, "bold": True})] for s, look in _COUNT_LOOKS.items()
    }

    def figure(heading: str, key: str, look: Look = NUMBER, width: float = 7.5) -> SheetColumn[Standing]:
        return SheetColumn(heading, width, look, lambda line: line.figure(key))

    def count(severity: Severity) -> SheetColumn[Standing]:
        return SheetColumn(
            severity.label, 7.5, NUMBER, lambda line: sum(f.severity is severity for f in line.findings),
            link=lambda line: first_findings.get((line.unit.code, severity)), colours=counted.get(severity, ()),
        )  # fmt: skip

    def follow(state: State) -> SheetColumn[Standing]:
        return SheetColumn(state.label, 7.5, NUMBER, lambda line: line.states[state] if line.round.number else None)

    def faults(sheet: str) -> SheetColumn[Standing]:
        colours = counted[Severity.ERROR]
        return SheetColumn(sheet, 4.5, NUMBER, lambda line: line.sheets[sheet] or None, colours=colours, narrow=True)

    columns: dict[str, list[SheetColumn[Standing]]] = {
        _UNIT: [
            SheetColumn("STT", 5, NUMBER),
            SheetColumn("Mã", 8, CENTRED, lambda line: line.unit.code),
            SheetColumn(_UNIT, 19, TEXT, lambda line: plan.name_of(line.unit)),
            *([SheetColumn("Thuộc", 17, TEXT, lambda line: line.unit.group or None)] if result.groups else []),
        ],
        "Kết luận": [
            SheetColumn(
                _VERDICT, 14, {**TEXT, "bold": True}, lambda line: f"{_SYMBOLS[line.verdict]} {line.verdict.label}",
                colours=symbols,
            ),
        ],
        "Tệp đã nhận": [
            SheetColumn("Tệp dùng", 25, TEXT, lambda line: line.used.source.file if line.used else None),
            SheetColumn("Nhận lúc", 15.5, MOMENT, lambda line: line.used.source.sent if line.used and line.used.source.is_timed else None),
            SheetColumn("Trễ (ngày)", 6.5, NUMBER, lambda line: result.days_late(line.unit) or None),
            SheetColumn("Bản mẫu", 6.5, NUMBER, lambda line: line.used.version if line.used else None),
            SheetColumn("Lý do chọn tệp, ghi chú", 38, TEXT, lambda line: _note(result, line.unit)),
        ],
        "Số vấn đề": [count(severity) for severity in Severity],
        "Các lần nộp": [
            SheetColumn("Lần nộp", 6, NUMBER, lambda line: line.round.number or None),
            *map(follow, State),
            SheetColumn("Số liệu đổi so với lần trước", 22, TEXT, _describe_changes),
        ],
        "Lỗi theo trang tính": [faults(sheet) for sheet in (NO_SHEET, *result.form.sheets)],
        "Đại biểu": [
            figure("Tổng số đại biểu", "listed"),
            figure(_EXEMPLARS, "exemplars"),
            figure(_GUESTS, "guests"),
            SheetColumn("% điển hình", 8, _SHARE, _reckon_share, formula=_write_share),
            SheetColumn(f"Tư vấn {share}", 28, TEXT, lambda line: _advise(result, line)),
        ],
        "Hội nghị": [
            SheetColumn(f"Chương trình (n/{items})", 8.5, CENTRED, lambda line: _show_held(line, items)),
            figure("Ngày tổ chức", "date", DAY, 11.5),
            figure("Ngày báo cáo", "reported", DAY, 11.5),
        ],
    }  # fmt: skip
    return _of_results(columns) if plan.rolls_up else columns


def _of_results(columns: dict[str, list[SheetColumn[Standing]]]) -> dict[str, list[SheetColumn[Standing]]]:
    """The columns where units send results: what is judged in rows and cells of a form is not known of them."""

    def record(heading: str, width: float, look: Look, show: Callable[[ResultRecord], Any]) -> SheetColumn[Standing]:
        return SheetColumn(
            heading, width, look, lambda line: show(line.used.record) if line.used and line.used.record else None
        )

    rounds, delegates = columns["Các lần nộp"], columns["Đại biểu"]
    return {
        **{group: columns[group] for group in (_UNIT, "Kết luận", "Tệp đã nhận", "Số vấn đề")},
        "Các lần nộp": rounds[:-1],
        "Kết quả gửi lên": [
            record("Đơn vị cấp dưới đã báo cáo", 10, CENTRED, lambda r: f"{r.received}/{r.expected}"),
            record("Dự thảo", 8, CENTRED, lambda r: "x" if r.draft else None),
            record("Lỗi trong kết quả", 8, NUMBER, lambda r: r.errors or None),
            record("Số liệu đến ngày", 11.5, DAY, lambda r: r.as_of),
            record("Kế hoạch", 18, TEXT, lambda r: r.plan),
        ],
        "Đại biểu": delegates[:-1],
    }


def _reckon_share(line: Standing) -> float | str | None:
    """Exemplars among those of a known category."""
    exemplars, guests = line.figure("exemplars"), line.figure("guests")
    if exemplars is None:
        return None
    return exemplars / (exemplars + guests) if exemplars + guests else ""


def _write_share(_: Standing, cell: Callable[[str], str]) -> str:
    exemplars, guests = cell(_EXEMPLARS), cell(_GUESTS)
    return f'IF({exemplars}+{guests}=0,"",{exemplars}/({exemplars}+{guests}))'


def describe_standings(result: Result) -> list[Standing]:
    table = result.figures.units
    figures = dict(zip(table.index.tolist(), table.to_dict("records"), strict=True))
    titles = {
        (unit, table.sheet): result.form.tables[key].sheet
        for (unit, key), (_, table) in result.tables.places.items()
        if key in result.form.tables
    }
    states = {unit.code: Counter[State | None]() for unit in result.plan.senders}
    for finding in (*result.findings, *result.fixed):
        if finding.unit in states:
            states[finding.unit][finding.state] += 1
    lines = []
    for unit in result.listed_units:
        findings = result.findings_by_unit.get(unit.code, [])
        used = result.used.get(unit.code)
        wrong = [f.sheet for f in findings if f.severity is Severity.ERROR]
        named = (titles.get((unit.code, sheet), sheet) for sheet in wrong)
        sheets = Counter(sheet if sheet in result.form.sheets else NO_SHEET for sheet in named)
        lines.append(
            Standing(
                unit, result.verdict_of(unit), used, findings, sheets,
                figures[unit.code], result.rounds[unit.code], states[unit.code],
            )
        )  # fmt: skip
    return lines


def _note(result: Result, unit: Unit) -> str:
    """Why this file, what became of the others, how late a missing one is."""
    used = result.used.get(unit.code)
    others = [s for s in result.submissions_by_unit.get(unit.code, []) if not s.used and not s.blank]
    notes = []
    if used and others:
        unused = (f"“{other.source.file}” ({other.why_not})" for other in others)
        known = not any(other.why_not == UNCLEAR for other in others)
        how = "dùng tệp hợp lệ sau cùng" if known else "không rõ tệp nào sau cùng, dùng tệp có nhiều nội dung hơn"
        notes.append(f"Gửi {len(others) + 1} tệp, {how}; không dùng {', '.join(unused)}.")
    told = {used.source.file if used else "", *(other.source.file for other in others)}
    for finding in result.findings_by_unit.get(unit.code, []):
        if finding.code == report_overdue.code:
            notes.append(f"{f'“{finding.file}”: ' if finding.file else ''}{finding.message}.")
        elif finding.file not in told:  # a file of this unit by its name only
            notes.append(f"“{finding.file}”: {finding.message}.")
            told.add(finding.file)
    return "\n".join(notes)


def _advise(result: Result, line: Standing) -> str:
    """How to come to the shares; of a unit that has not reported, whom it may still nominate."""
    room = result.figures.upper_room
    if line.used is None and line.unit.level == "local" and room.each:
        return f"Được cử nhiều nhất {describe_part(result)} dự hội nghị {result.plan.levels.upper.noun}."
    advice = (f.advice for f in line.findings if RULES_BY_CODE[f.code].about == "shares")
    return "\n".join(dict.fromkeys(filter(None, advice)))


def _describe_changes(line: Standing) -> str | None:
    """What the last submission changed in the data; nothing where there was none before."""
    if line.round.number < 2:
        return None
    if line.round.comparison is None:
        return "tệp lần trước không còn trong thư mục"
    kinds = {"added": "thêm {} dòng", "removed": "bỏ {} dòng", "changed": "sửa {} ô"}
    told = [text.format(n) for kind, text in kinds.items() if (n := line.round.comparison.count(kind))]
    return ", ".join(told) or "không đổi"


def _show_held(line: Standing, items: int) -> str | None:
    held = line.figure("held")
    return None if held is None else f"{held}/{items}"


def _summarise(result: Result, lines: list[Standing]) -> str:
    plan = result.plan
    local = len(plan.local_units)
    verdicts = Counter(line.verdict for line in lines)
    verdict_counts = "; ".join(f"{verdicts[v]} {v.label.lower()}" for v in Verdict if verdicts[v])
    return (
        f"Đã nhận {local - len(result.missing_units)}/{local} {plan.levels.local.noun} "
        f"tính đến ngày {result.as_of:%d/%m/%Y}. Tất cả {len(lines)} đơn vị: {verdict_counts}."
    )


def _put_strays(book: Book, sheet: Sheet, result: Result, frozen: int, widths: list[float], row: int) -> None:
    """The files that belong to no unit, and why; below the filter's range, so that it never hides them."""
    strays = [s for s in result.submissions if s.unit is None]
    if not strays:
        return
    sheet.put(row, 1, f"Tệp không xếp được vào đơn vị nào: {len(strays)}", book.style(**SUBTITLE))
    why = frozen + 2
    blocks = ((1, 1), (2, why - 1), (why, why + 3))  # the last under the columns of the file
    row += 1
    for (first, last), heading in zip(blocks, ("STT", "Tệp", "Vì sao, cần làm gì"), strict=True):
        sheet.merge(row, first, row, last, heading, book.style(**HEADING))
    for number, stray in enumerate(strays, start=1):
        reasons = "\n".join(f"{f.message}. {f.advice}".strip() for f in stray.findings)
        values = zip(blocks, (number, stray.source.file, reasons), (NUMBER, TEXT, TEXT), strict=True)
        put_merged(book, sheet, row + number, [(*block, value, look) for block, value, look in values], widths)
