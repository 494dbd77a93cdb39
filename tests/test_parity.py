"""One rule, two verdicts: what sheet "Kiểm tra" says, recalculated by LibreOffice, is what Python says."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, time
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dhtt_excel.addresses import cell_name, cell_position
from dhtt_excel.compare_verdicts import judge_lines
from dhtt_excel.draw_form import Entries, draw_form
from dhtt_excel.form import CHECK_SHEET, MARK, Column, Form, Kind, Layout, Table
from dhtt_excel.form_sheets.draw_check import FIRST_CHECK_ROW
from dhtt_excel.open_workbooks import FoundFile, read_file
from dhtt_excel.pipeline import judge_workbooks
from dhtt_excel.plan import Plan, Unit
from dhtt_excel.rules import RULES
from dhtt_excel.self_check import CAUTION, FAILED, NOT_ENTERED, PASSED, PLACE_COLUMN, VERDICT_COLUMN, list_lines
from tests.conftest import AS_OF

pytestmark = pytest.mark.libreoffice
Verdicts = dict[tuple[str, str], str]
Judge = Callable[[Sequence[tuple[Unit, Entries]]], list[Verdicts]]
_EPOCH = date(1899, 12, 30)


class Office:
    """LibreOffice with the blank form of a unit open, to type into."""

    def __init__(self, process: subprocess.Popen[str], plan: Plan, form: Form, folder: Path) -> None:
        self._process, self._plan, self._form, self._folder = process, plan, form, folder
        self._unit: Unit | None = None
        self._typed: Entries = {}

    def ask(self, request: dict[str, Any]) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(request, ensure_ascii=False) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def judge(self, unit: Unit, entries: Entries) -> Verdicts:
        """What "Kiểm tra" says once these entries are typed into the unit's blank form."""
        if self._unit is None or (unit.level, unit.pilot) != (self._unit.level, self._unit.pilot):
            path = self._folder / "blank.xlsx"
            path.write_bytes(draw_form(self._plan, self._form, unit, RULES))
            self.ask({"load": str(path)})
            self._unit, self._typed = unit, {}
        info = self._form.tables["info"]
        prefilled = {(info.sheet, *info.position("name")): self._plan.conference.local.name}
        wanted = {place: value for place, value in {**prefilled, **entries}.items() if value is not None}
        changed = {place: value for place, value in wanted.items() if self._typed.get(place) != value}
        gone = [[sheet, cell_name(row, column)] for sheet, row, column in self._typed.keys() - wanted.keys()]
        self._typed = wanted
        lines = list_lines(self._plan, self._form, unit, RULES)
        block = f"A{FIRST_CHECK_ROW}:F{FIRST_CHECK_ROW + len(lines) - 1}"
        rows = self.ask({"clear": gone, "put": _runs(changed), "read": [CHECK_SHEET, block]})
        assert [row[PLACE_COLUMN - 1] for row in rows] == [line.place for line in lines]
        return {line.key: row[VERDICT_COLUMN - 1] for line, row in zip(lines, rows, strict=True)}

    def judge_file(self, path: Path, unit: Unit) -> Verdicts:
        """What "Kiểm tra" of a file says once it is opened and recalculated."""
        self._unit = None
        self.ask({"load": str(path)})
        lines = list_lines(self._plan, self._form, unit, RULES)
        block = f"A{FIRST_CHECK_ROW}:F{FIRST_CHECK_ROW + len(lines) - 1}"
        rows = self.ask({"read": [CHECK_SHEET, block]})
        return {line.key: row[VERDICT_COLUMN - 1] for line, row in zip(lines, rows, strict=True)}


def _typed(value: Any) -> Any:
    if value is True:
        return MARK
    if isinstance(value, date):
        return (value - _EPOCH).days
    if isinstance(value, time):
        return (value.hour * 60 + value.minute) / 1440
    return value


def _runs(entries: Entries) -> list[list[Any]]:
    """The filled cells as blocks of neighbours below each other."""
    runs: list[list[Any]] = []
    for (sheet, row, column), value in sorted(entries.items(), key=lambda item: (item[0][0], item[0][2], item[0][1])):
        if runs and runs[-1][0] == sheet and runs[-1][1:3] == [column, row - len(runs[-1][3])]:
            runs[-1][3].append([_typed(value)])
        else:
            runs.append([sheet, column, row, [[_typed(value)]]])
    return [
        [sheet, f"{cell_name(row, column)}:{cell_name(row + len(rows) - 1, column)}", rows]
        for sheet, column, row, rows in runs
    ]


@pytest.fixture(scope="module")
def office(plan: Plan, form: Form, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    python = shutil.which("python3", path="/usr/bin") or "python3"
    script = Path(__file__).with_name("recalculate.py")
    process = subprocess.Popen(
        [python, str(script), (folder / "profile").as_uri()], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    yield Office(process, plan, form, folder)
    process.communicate(timeout=60)


@pytest.fixture(scope="module")
def judge(plan: Plan, form: Form, tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """What Python says of workbooks with these entries, each of another unit, read in one run."""
    folder = tmp_path_factory.mktemp("parity")

    def run(workbooks: Sequence[tuple[Unit, Entries]]) -> list[Verdicts]:
        raw = []
        for unit, entries in workbooks:
            path = folder / plan.workbook_name(unit)
            path.write_bytes(draw_form(plan, form, unit, RULES, entries))
            raw.append(read_file(FoundFile(path, path.name)))
        result = judge_workbooks(raw, plan, AS_OF, convert_legacy=False, whole_campaign=False)
        by_unit = {s.unit: s for s in result.submissions if s.unit}
        return [
            judge_lines(
                list_lines(plan, form, unit, RULES),
                by_unit[unit].tables,
                [f for f in result.findings if f.unit == unit.code],
            )
            for unit, _ in workbooks
        ]

    return run


Valid = Callable[[Unit], Entries]


def assert_parity(office: Office, judge: Judge, workbooks: Sequence[tuple[Unit, Entries]]) -> list[Verdicts]:
    """The verdicts of these workbooks, on which both sides agree, line by line."""
    judged = judge(workbooks)
    for (unit, entries), ours in zip(workbooks, judged, strict=True):
        theirs = office.judge(unit, entries)
        differing = {key: (theirs[key], ours.get(key)) for key in theirs if theirs[key] != ours.get(key)}
        assert differing == {}, f"{unit.name}: sheet, Python"
    return judged


def ordinary(plan: Plan) -> list[Unit]:
    """Units whose forms differ in nothing but their name, so that one blank form in LibreOffice serves for all."""
    return [unit for unit in plan.local_units if not unit.pilot]


def change(entries: Entries, changes: Mapping[str, Any]) -> Entries:
    changed = dict(entries)
    for address, value in changes.items():
        sheet, _, cell = address.partition("!")
        changed[(sheet, *cell_position(cell))] = value
    return changed


def test_a_blank_form_is_not_entered_anywhere(plan: Plan, office: Office, judge: Judge) -> None:
    for verdicts in assert_parity(office, judge, [(plan.units_by_code[code], {}) for code in ("00061", "002")]):
        assert set(verdicts.values()) == {NOT_ENTERED}


def test_a_valid_workbook_passes_everywhere(plan: Plan, office: Office, judge: Judge, valid_entries: Valid) -> None:
    units = [plan.units_by_code[code] for code in ("00061", "00064", "00082", "002")]
    for verdicts in assert_parity(office, judge, [(unit, valid_entries(unit)) for unit in units]):
        assert set(verdicts.values()) == {PASSED}


# One or two cells of a valid workbook, and what a line must say then ("" for whatever both say).
EDGES: list[tuple[str, dict[str, Any], str, str]] = [
    ("form blank", {"Thông tin!B6": None}, "TT01", NOT_ENTERED),
    ("form alias", {"Thông tin!B6": "Riêng"}, "TT01", FAILED),
    ("form in other case", {"Thông tin!B6": " lồng   GHÉP ", "Thông tin!B7": "Tổng kết"}, "TT01", PASSED),
    ("combined without event", {"Thông tin!B6": "Lồng ghép", "Thông tin!B7": None}, "TT01", FAILED),
    ("wildcard for a value", {"Thông tin!B6": "Lồng*"}, "O02", FAILED),
    ("last good day", {"Thông tin!B9": date(2020, 3, 14), "Thông tin!B16": None}, "TT02", PASSED),
    ("the day itself", {"Thông tin!B9": date(2020, 3, 15), "Thông tin!B16": None}, "TT02", FAILED),
    ("day as text", {"Thông tin!B9": "10/03/2020"}, "TT02", FAILED),
    ("day out of range", {"Thông tin!B9": date(2002, 3, 10)}, "O03", FAILED),
    ("no session", {"Thông tin!B10": None}, "TT04", NOT_ENTERED),
    ("to the last minute", {"Thông tin!B10": "Sáng", "Thông tin!B11": time(6), "Thông tin!B12": time(12)}, "TT04", PASSED),
    ("a minute more", {"Thông tin!B10": "Sáng", "Thông tin!B11": time(6), "Thông tin!B12": time(12, 1)}, "TT04", FAILED),
    ("end before start", {"Thông tin!B11": time(11), "Thông tin!B12": time(8)}, "TT04", FAILED),
    ("time as text", {"Thông tin!B11": "8h30"}, "TT04", FAILED),
    ("reported the last day", {"Thông tin!B16": date(2020, 3, 19)}, "TT05", PASSED),
    ("reported on the day", {"Thông tin!B16": date(2020, 3, 20)}, "TT05", FAILED),
    ("not reported yet", {"Thông tin!B16": None}, "TT05", PASSED),
    ("reported before held", {"Thông tin!B9": date(2020, 3, 10), "Thông tin!B16": date(2020, 3, 9)}, "TT08", FAILED),
    ("reported when held", {"Thông tin!B9": date(2020, 3, 10), "Thông tin!B16": date(2020, 3, 10)}, "TT08", PASSED),
    ("another name", {"Thông tin!B6": "Tổ chức riêng", "Thông tin!B7": None, "Thông tin!B8": "Hội nghị tổng kết"}, "TT06", CAUTION),
    ("name without marks", {"Thông tin!B6": "Tổ chức riêng", "Thông tin!B7": None,
     "Thông tin!B8": "HOI NGHI TUYEN DUONG DIEN HINH TIEN TIEN, NGUOI TOT - VIEC TOT"}, "TT06", CAUTION),
    ("no plan of its own", {"Thông tin!B15": None}, "TT07", CAUTION),
    ("total of another", {"Thông tin!B14": 7}, "DB02", FAILED),
    ("total as text", {"Thông tin!B14": "85"}, "DB02", FAILED),
    ("total with a fraction", {"Thông tin!B14": 85.5}, "DB02", FAILED),
    ("blanks only", {"Thông tin!B13": "  \u00a0 "}, "O01", FAILED),
    ("year as text", {"Đại biểu!D8": "1975"}, "O03", FAILED),
    ("year with blanks", {"Đại biểu!D8": 1975.5}, "O03", FAILED),
    ("first year", {"Đại biểu!D8": 1900}, "O03", PASSED),
    ("before the first year", {"Đại biểu!D8": 1899}, "O03", FAILED),
    ("last year", {"Đại biểu!D8": 2010}, "O03", PASSED),
    ("mark in capitals", {"Đại biểu!L8": " X "}, "O03", PASSED),
    ("mark in words", {"Đại biểu!L8": "có"}, "O03", FAILED),
    ("mark as a number", {"Đại biểu!L8": 1}, "O03", FAILED),
    ("gender blank", {"Đại biểu!C9": None}, "O01", FAILED),
    ("gender with a hard blank", {"Đại biểu!C9": "\u00a0nam"}, "O02", PASSED),
    ("lone value in the last row", {"Đại biểu!P306": "xem lại"}, "O02", FAILED),
    ("lone name in the last row", {"Đại biểu!B306": "Trần Văn Cuối"}, "O01", FAILED),
    ("two cells without a name", {"Đại biểu!P306": "a", "Đại biểu!H306": "b"}, "O01", FAILED),
    ("no item", {f"Chương trình!D{row}": None for row in range(5, 19)}, "CT01", NOT_ENTERED),
    ("last required item missing", {"Chương trình!D14": None}, "CT01", FAILED),
    ("all optional items missing", {f"Chương trình!D{row}": None for row in range(15, 19)}, "CT01", PASSED),
    ("a section missing", {"Báo cáo!C11": None}, "BC01", FAILED),
    ("no report", {f"Báo cáo!C{row}": None for row in range(5, 12)}, "BC02", NOT_ENTERED),
    ("no award", {f"Báo cáo!{c}{row}": None for row in range(15, 40) for c in "CDE"}, "BC03", CAUTION),
    ("workers without persons", {"Báo cáo!D15": None, "Báo cáo!E15": 1}, "BC02", FAILED),
    ("as many workers as persons", {"Báo cáo!D15": 3, "Báo cáo!E15": 3}, "BC02", PASSED),
    ("a negative count", {"Báo cáo!D15": -1}, "O03", FAILED),
    ("speaker unknown", {"Tham luận!C7": "Tập thể không có ở đâu"}, "TL02", FAILED),
    ("too many minutes", {"Tham luận!J7": 600}, "TL04", CAUTION),
]  # fmt: skip


@pytest.mark.parametrize("start", range(0, len(EDGES), 17))
def test_at_the_edges(start: int, plan: Plan, ward: Unit, office: Office, judge: Judge, valid_entries: Valid) -> None:
    """Addresses are those of the form, as the clerk sees them."""
    edges = EDGES[start : start + 17]
    entries = [change(valid_entries(ward), changes) for _, changes, _, _ in edges]
    judged = assert_parity(office, judge, list(zip(ordinary(plan), entries, strict=False)))
    for (name, changes, code, word), verdicts in zip(edges, judged, strict=True):
        sheet = next(iter(changes)).partition("!")[0]
        found = [verdict for key, verdict in verdicts.items() if key[0] == code]
        assert verdicts.get((code, sheet), found[0]) == word, name


# Random workbooks: few rows, values that meet and miss what the form asks; then some cells changed by Hypothesis.

_NAMES = ["Nguyễn Thị Hòa", "nguyễn thị  hòa", "Trần Văn An", "Lê Thị Bình", "Tổ dân phố số 3", "  ", "Tổng Văn Cộng"]
_PLACES = ["Tổ dân phố số 3", "tổ dân phố số 3 ", "Trường Tiểu học A", ""]
_WRONG = ["sai", "x x", 7, 0, -3, 12.5, "1975", "Nam giới", "\u00a0", "?", "*", None]


def _offer(plan: Plan, column: Column) -> tuple[list[Any], list[Any]]:
    """What people put into a cell of this column: good values, and others."""
    match column.kind:
        case Kind.CHOICE:
            choices = plan.lists.choices(column.choices)
            near = [t for c in choices for t in (c.value.upper(), f" {c.value} ", *c.aliases)]
            return [c.value for c in choices], [*near, *_WRONG]
        case Kind.YEAR:
            return [1950, 1975, 1990], [1899, 1900, 2010, 2011, *_WRONG]
        case Kind.DATE:
            return [date(2020, m, d) for m in (1, 2, 3) for d in (1, 14, 15, 19, 20, 29)], _WRONG
        case Kind.TIME:
            return [time(h, m) for h in range(6, 18) for m in (0, 30)], [*_WRONG, time(0), time(23, 59)]
        case Kind.COUNT:
            return [0, 1, 2, 5, 8, 12], _WRONG
        case Kind.MARK:
            return [MARK], ["X", "có", "không", "✓", 1, *_WRONG]
        case _:
            names = column.key in ("name", "collective", "presenter")
            return (_NAMES if names else _PLACES if column.key == "organisation" else ["đã ghi"]), [None, "x", 5]


def _inputs(form: Form) -> list[tuple[Table, Column]]:
    return [
        (table, column)
        for table in form.tables.values()
        for column in table.columns
        if column.kind not in (Kind.FIXED, Kind.ORDER)
    ]


def _invent(plan: Plan, form: Form, dice: Random) -> Entries:
    """Some rows of every list, the first and now and then the last; more or less filled."""
    entries: Entries = {}
    rows = {key: dice.randint(0, 7) if t.layout is Layout.LIST else t.capacity for key, t in form.tables.items()}
    thin = {(key, place): dice.choice([0.05, 0.9, 1]) for key, count in rows.items() for place in range(count)}
    last = dice.random() < 0.5
    for table, column in _inputs(form):
        good, other = _offer(plan, column)
        for place in range(1 if table.layout is Layout.FIELDS else rows[table.key]):
            row, letter = table.position(column.key)
            if table.layout is not Layout.FIELDS:
                row = table.last_row if last and place == rows[table.key] - 1 else row + place
            if dice.random() <= thin[table.key, place] * (0.3 if column.kind is Kind.MARK else 1):
                entries[table.sheet, row, letter] = dice.choice(other if dice.random() < 0.02 else good)
    return entries


def _edit(plan: Plan, form: Form, edits: list[tuple[int, int, int]]) -> Entries:
    """Some cells in the first rows of the form: (which column, which row, which value)."""
    changes: Entries = {}
    inputs = _inputs(form)
    for which, down, value in edits:
        table, column = inputs[which % len(inputs)]
        row, letter = table.position(column.key)
        offered = [value for values in _offer(plan, column) for value in values]
        changes[table.sheet, row + down % min(5, table.capacity) * (table.layout is not Layout.FIELDS), letter] = (
            offered[value % len(offered)]
        )
    return changes


_EDITS = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 4), st.integers(0, 99)), max_size=8)
_CAMPAIGNS = st.lists(st.tuples(st.integers(0, 200), _EDITS), min_size=17, max_size=17)


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(campaign=_CAMPAIGNS)
def test_random_workbooks(
    campaign: list[tuple[int, list[tuple[int, int, int]]]], plan: Plan, form: Form, office: Office, judge: Judge
) -> None:
    entries = [{**_invent(plan, form, Random(seed)), **_edit(plan, form, edits)} for seed, edits in campaign]
    assert_parity(office, judge, list(zip(ordinary(plan), entries, strict=True)))
