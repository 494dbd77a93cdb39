"""What stands under and between the lines of a list is no line of it; and no person is lost for a name."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.findings import Severity
from dhtt_excel.form.draw_form import Entries
from dhtt_excel.form.form import Form
from dhtt_excel.plan.plan import Unit
from dhtt_excel.reading.judge_rows import is_aside
from dhtt_excel.result import Result
from tests.conftest import Fill

SHEETS = {"delegates": "Đại biểu", "speakers": "Tham luận", "honourees": "Biểu dương"}
NAME = {"delegates": "B", "speakers": "C", "honourees": "C"}
Below = Callable[..., Result]


@pytest.fixture
def last_row(ward: Unit, form: Form, valid_entries: Callable[[Unit], Entries]) -> Callable[[str], int]:
    """The last row of a list that is filled in the valid workbook."""
    return lambda table: max(
        row for (sheet, row, column), value in valid_entries(ward).items()
        if sheet == SHEETS[table] and column == 3 and value is not None
    )  # fmt: skip


@pytest.fixture
def judge(fill: Fill, ward: Unit, check_here: Callable[..., Result], last_row: Callable[[str], int]) -> Below:
    """The result with these cells below the list: (rows below its last row, column) ─► value."""

    def run(cells: dict[tuple[int, str], Any], table: str = "delegates", start: int | None = None) -> Result:
        first = last_row(table) if start is None else start
        changes = {f"{SHEETS[table]}!{column}{first + down}": value for (down, column), value in cells.items()}
        result = check_here(fill(ward, changes))
        assert all(account.balanced for account in result.submissions[0].accounts)
        return result

    return run


@pytest.fixture(scope="module")
def untouched(
    ward: Unit,
    valid_workbook: Callable[[Unit], bytes],
    check_here: Callable[..., Result],
    tmp_path_factory: pytest.TempPathFactory,
) -> Result:
    """The valid workbook with nothing below its lists."""
    path = tmp_path_factory.mktemp("nguyên") / "a.xlsx"
    path.write_bytes(valid_workbook(ward))
    return check_here(path)


def count(result: Result, table: str = "delegates") -> int:
    return len(result.tables.frames[table])


def outside(result: Result, sheet: str = "Đại biểu") -> list[str]:
    (account,) = [a for a in result.submissions[0].accounts if a.sheet == sheet]
    return [cell_name(cell.row, cell.column) for cell in account.outside]


ASIDE = [
    "Tổng: 84 đại biểu",
    "TỔNG",
    "Tổng cộng: 84",
    "TONG CONG",
    "Tổng số đại biểu: 84 người",
    "Cộng (I+II): 84",
    "Ấn định danh sách có 84 đại biểu",
    "Danh sách trên gồm 84 đồng chí.",
    "Danh sách này có 84 người./.",
    "Hàng Bạc, ngày 10 tháng 3 năm 2020",
    "Hàng Bạc, ngày … tháng … năm 2020",
    "Hàng Bạc, ngày 10/3/2020",
    "Hết",
    "Hết./.",
    "* Ghi chú: đại biểu vắng có lý do",
    "Nơi nhận: Phòng Nội vụ",
    "II. Đại biểu khách mời",
    "2) Khách mời, lãnh đạo",
    "B - TẬP THỂ",
    "Đại biểu khách mời",
    "Họ và tên",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "TM. ỦY BAN NHÂN DÂN",
    "TM. UỶ BAN NHÂN DÂN PHƯỜNG",
    "KT. CHỦ TỊCH",
    "PHÓ CHỦ TỊCH",
    "Người lập biểu",
    "(Ký, ghi rõ họ tên)",
    "XÁC NHẬN CỦA UBND PHƯỜNG",
]


@pytest.mark.parametrize(
    ("table", "column"), [("delegates", c) for c in "CBIL"] + [("speakers", "D"), ("honourees", "D")]
)
def test_lines_that_are_no_persons(table: str, column: str, judge: Below, untouched: Result) -> None:
    """In the column of names, before it and beside it; the signatures last, for what stands below them is theirs."""
    result = judge({(down, column): text for down, text in enumerate(ASIDE, start=2)}, table)
    assert count(result, table) == count(untouched, table)
    assert result.findings == []
    assert len(outside(result, SHEETS[table])) >= len(ASIDE) - 1  # a repeated heading is the form's own


@pytest.mark.parametrize("text", ASIDE)
def test_each_of_them_is_known(text: str) -> None:
    assert is_aside(text) or text == "Họ và tên"


@pytest.fixture
def last_person(last_row: Callable[[str], int], ward: Unit, valid_entries: Callable[[Unit], Entries]) -> dict[str, Any]:
    """What the last row of the delegates holds, by the letters of its columns."""
    entries, last = valid_entries(ward), last_row("delegates")
    return {letter: entries.get(("Đại biểu", last, place)) for place, letter in enumerate("CDEFGHIJ", start=3)}


@pytest.mark.parametrize(("sign", "title"), [("B", "Cá nhân điển hình"), ("II.", "Lãnh đạo các cấp"), ("I", "TẬP THỂ")])
def test_a_groups_title_beside_its_number(
    sign: str, title: str, judge: Below, untouched: Result, last_row: Callable[[str], int], last_person: dict[str, Any]
) -> None:
    """The number in the column STT, the title in that of the names, a person below."""
    title_row = {(1, "B"): sign, (1, "C"): title}
    person = {(2, letter): value for letter, value in last_person.items()}
    result = judge({**title_row, **person, (2, "C"): "Hứa Thị Mười Ba"})
    assert count(result) == count(untouched) + 1
    below = last_row("delegates") + 1
    assert f"C{below}" in outside(result)
    assert not [f for f in result.findings if f.cell.endswith(str(below))]


@pytest.mark.parametrize(("sign", "name"), [(7, "Cá nhân điển hình"), ("B", "Hứa Thị Mười Ba"), ("I", "Tập thể Tổ 3")])
def test_a_line_of_data_is_none_for_its_number(
    sign: Any, name: str, judge: Below, untouched: Result, last_person: dict[str, Any]
) -> None:
    person = {(1, letter): value for letter, value in last_person.items()}
    assert count(judge({**person, (1, "B"): sign, (1, "C"): name})) == count(untouched) + 1


def test_a_repeated_heading_without_the_column_of_names(judge: Below, untouched: Result, form: Form) -> None:
    """Nobody is known by it, and it is no person all the same."""
    columns = form.tables["delegates"].columns
    headings = {(2, cell_name(1, n)[:-1]): c.label for n, c in enumerate(columns, start=1) if c.key != "name"}
    assert count(judge(headings)) == count(untouched)


def test_a_sum_with_its_numbers(judge: Below, untouched: Result) -> None:
    sums = {
        (1, "C"): "Tổng cộng",
        (1, "D"): "Nam: 40, nữ: 44",
        (1, "E"): 84,
        (1, "J"): "59 điển hình",
        (1, "M"): 1,
        (1, "N"): "x",
    }
    result = judge(sums)
    assert count(result) == count(untouched)
    assert result.findings == []


def test_a_signature_block_is_of_those_who_sign(judge: Below, untouched: Result) -> None:
    block = {
        (2, "L"): "Hàng Bạc, ngày 10 tháng 3 năm 2020",
        (3, "C"): "NGƯỜI LẬP BIỂU", (3, "L"): "TM. ỦY BAN NHÂN DÂN",
        (4, "L"): "KT. CHỦ TỊCH",
        (5, "L"): "PHÓ CHỦ TỊCH",
        (9, "C"): "Nguyễn Thị Lập", (9, "L"): "Trần Văn Ký",
        (10, "I"): "Lê Thị Bút",
    }  # fmt: skip
    result = judge(block)
    assert count(result) == count(untouched)
    assert result.findings == []
    assert len(outside(result)) == len(block)


def test_headings_and_a_title_between_the_lines(
    fill: Fill,
    ward: Unit,
    form: Form,
    check_here: Callable[..., Result],
    untouched: Result,
    valid_entries: Callable[[Unit], Entries],
) -> None:
    """A list in two parts, as on two pages: the second begins with a title and the headings once more."""
    table = form.tables["delegates"]
    moved = {}
    for (sheet, row, column), value in valid_entries(ward).items():
        if sheet == table.sheet and row >= 20:
            moved[f"{sheet}!{cell_name(row + 2, column)}"] = value
    between: dict[str, Any] = {f"{table.sheet}!{cell_name(row, n)}": None for row in (20, 21) for n in range(1, 18)}
    between |= {f"{table.sheet}!{cell_name(21, n)}": c.label for n, c in enumerate(table.columns, start=1)}
    between["Đại biểu!C20"] = "II. Đại biểu khách mời"
    result = check_here(fill(ward, moved | between))
    assert [f.message for f in result.findings] == []
    assert count(result) == count(untouched)


def test_a_person_stays_whatever_the_name(
    judge: Below, untouched: Result, fill: Fill, ward: Unit, check_here: Callable[..., Result]
) -> None:
    names = [
        "Tống Văn Hết", "Công Tổng", "Tổng Văn Cộng", "Hết", "Tổng", "Chu Tích", "Danh Sách", "Tống Công Danh"
    ]  # fmt: skip
    result = check_here(fill(ward, {f"Đại biểu!C{row}": name for row, name in enumerate(names, start=8)}))
    assert {f.code for f in result.findings} <= {"TL02"}  # it was somebody else who speaks
    assert count(result) == count(untouched)
    thin = {
        (down, column): value
        for down, name in enumerate(names, start=1)
        for column, value in {"C": name, "D": "Nam", "E": 1970}.items()
    }
    assert count(judge(thin)) == count(untouched) + len(names)


def test_a_name_alone_below_the_list_is_asked_once_and_not_counted(
    judge: Below, untouched: Result, last_row: Callable[[str], int]
) -> None:
    result = judge({(1, "C"): "Trần Văn Cuối"})
    assert [(f.code, f.cell, f.severity) for f in result.findings] == [
        ("TEP08", f"C{last_row('delegates') + 1}", Severity.WARNING)
    ]
    assert "nhập đủ các cột" in result.findings[0].advice
    assert count(result) == count(untouched)
    assert outside(result) == [f"C{last_row('delegates') + 1}"]


def test_a_name_alone_among_the_lines_is_a_person(judge: Below, untouched: Result) -> None:
    """Nobody is lost: its empty cells are asked for."""
    result = judge({(0, column): None for column in "DEFGHIJKLMNOP"}, start=9)
    assert count(result) == count(untouched)
    assert {f.code for f in result.findings if f.cell.endswith("9")} == {"O01"}


def test_a_list_of_names_alone_is_a_list(judge: Below, untouched: Result, last_row: Callable[[str], int]) -> None:
    last = last_row("delegates")
    result = judge({(down, column): None for down in range(last - 6) for column in "DEFGHIJKLMNOP"}, start=7)
    assert count(result) == count(untouched)


def test_a_sum_stands_in_whatever_column(judge: Below, untouched: Result) -> None:
    sums = product(("Tổng thời lượng", "Tổng cộng", "Cộng: 26 phút"), "CEJ")
    cells: dict[tuple[int, str], Any] = {}
    for down, (text, column) in enumerate(sums, start=1):
        cells |= {(down, column): text, (down, "K"): 26}
    result = judge(cells, "speakers")
    assert result.findings == []
    assert count(result, "speakers") == count(untouched, "speakers")


@pytest.mark.parametrize(
    ("table", "cells"), [("speakers", {"K": 26}), ("delegates", {"M": 40}), ("delegates", {"M": 40, "P": 7})]
)
def test_bare_numbers_below_a_list_are_asked_once(
    table: str, cells: dict[str, int], judge: Below, untouched: Result
) -> None:
    result = judge({(1, column): number for column, number in cells.items()}, table)
    assert [f.code for f in result.findings] == ["TEP08"]
    assert count(result, table) == count(untouched, table)


def _between(cells: dict[str, Any], down: int = 0) -> dict[tuple[int, str], Any]:
    return {(down, column): cells.get(column) for column in "BCDEFGHIJKLMNOPQ"}


def test_a_title_or_subtotal_between_the_lines_is_nobody(judge: Below, untouched: Result) -> None:
    lines: list[dict[str, Any]] = [
        {"C": "Khối trường học"},
        {"B": "II", "C": "Khối trường học"},
        {"C": "Lãnh đạo quận"},
        {"C": "a) Cá nhân"},
        {"C": "Cộng khách mời", "I": 25},
        {"C": "Trang 2/3"},
    ]
    rows = range(30, 30 + 3 * len(lines), 3)
    cells: dict[tuple[int, str], Any] = {}
    for row, line in zip(rows, lines, strict=True):
        cells |= _between(line, row)
    result = judge(cells, start=0)
    assert count(result) == count(untouched) - len(lines)
    assert [f for f in result.findings if f.cell.endswith(tuple(map(str, rows)))] == []


@pytest.mark.parametrize("cells", [{"C": "Các trường trên địa bàn phường"}, {"B": "II", "C": "Bảo Hiểm"}], ids=str)
def test_words_alone_between_the_lines_are_asked_once(cells: dict[str, Any], judge: Below, untouched: Result) -> None:
    result = judge(_between(cells), start=30)
    assert count(result) == count(untouched) - 1
    assert [(f.code, f.cell) for f in result.findings if f.cell.endswith("30")] == [("TEP08", "C30")]


def test_a_person_of_whom_only_the_name_is_typed_is_told_once(judge: Below, untouched: Result) -> None:
    result = judge(_between({"C": "Trần Văn Giữa"}), start=30)
    assert count(result) == count(untouched)
    (finding,) = [f for f in result.findings if f.cell.endswith("30")]
    assert finding.code == "O01"
    assert "“Giới tính”" in finding.message
