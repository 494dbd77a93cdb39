"""Sheet "Đối soát" of the register: where the filled cells of every sheet of every file went; in must be out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from dhtt_excel.excel.addresses import cell_name, range_name
from dhtt_excel.excel.book import Book, Sheet
from dhtt_excel.excel.looks import BAD, FIXED_FILL
from dhtt_excel.outputs.register.paper import CENTRED, NUMBER, TEXT, Look, height_of_lines
from dhtt_excel.outputs.register.table import SheetColumn, SheetTable
from dhtt_excel.reading.ledger import Account, merge_accounts
from dhtt_excel.reading.submissions import Submission
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import format_number

LEDGER_SHEET = "Đối soát"
HIDDEN_NOTE = " (ẩn)"

_RECEIVED, _OUTSIDE, _LOST, _DIFFERENCE = "Nhận", "Ngoài biểu mẫu", "Không đọc được", "Chênh lệch"
_PLACES: dict[str, tuple[str, Callable[[Account], int]]] = {
    "Của biểu mẫu": ("của biểu mẫu", lambda account: account.printed),
    "Đã dùng": ("đã dùng", lambda account: account.used),
    "Bị loại": ("bị loại", lambda account: account.rejected),
    "Khoảng trắng": ("chỉ có khoảng trắng", lambda account: account.blank),
    _OUTSIDE: ("ngoài biểu mẫu", lambda account: len(account.outside)),
    _LOST: ("không đọc được", lambda account: account.lost),
}
_NAMES = 5  # columns before those of counts
_COUNT = {**NUMBER, "num_format": '#,##0;-#,##0;"–"'}
_TOTAL = {"bold": True, "bg_color": FIXED_FILL}
# Red where a cell is not accounted for, or no reader gave it back. A blank is no number and stays white.
_RED = (({"type": "formula", "criteria": "=AND(ISNUMBER({cell}),{cell}<>0)"}, {**BAD, "bold": True}),)


class _Line(NamedTuple):
    """A sheet of a file, or a file without sheets; `target`: where its cells outside the form are listed."""

    unit: str
    submission: Submission
    account: Account | None
    note: str
    target: str | None = None

    @property
    def sheet(self) -> str:
        hidden = HIDDEN_NOTE if self.account and not self.account.visible else ""
        return (self.account.sheet if self.account else "") + hidden


def write_ledger(book: Book, result: Result, outside: Mapping[tuple[str, str], str]) -> None:
    """A line a sheet; its count of cells outside the form links to the first of them, by file and sheet (`outside`)."""
    lines = list(_describe_lines(result, outside))
    told = _summarise(lines), f"{_judge(lines)} {_restrict(lines)}".strip()
    title = "ĐỐI SOÁT: MỖI Ô NHẬN ĐƯỢC ĐI VỀ ĐÂU"
    table = SheetTable(LEDGER_SHEET, title, told, _list_columns(), lines, empty_look=TEXT, foot=1)
    sheet, last = table.draw(book, result)
    _put_total(book, sheet, table, last)


def _list_columns() -> list[SheetColumn[_Line]]:
    def count(
        heading: str, number: Callable[[Account], int], width: float = 11,
        look: Look | Callable[[_Line], Look] = _COUNT, **more: Any,
    ) -> SheetColumn[_Line]:  # fmt: skip
        return SheetColumn(heading, width, look, lambda line: number(line.account) if line.account else None, **more)

    special: dict[str, dict[str, Any]] = {
        _OUTSIDE: {"look": lambda line: NUMBER if line.target else _COUNT, "link": lambda line: line.target},
        _LOST: {"colours": _RED},
    }
    first, *_, last = _PLACES
    return [
        SheetColumn("STT", 6, NUMBER),
        SheetColumn("Đơn vị", 24, TEXT, lambda line: line.unit, fitted=True),
        SheetColumn("Tệp", 45, TEXT, lambda line: line.submission.source.file, fitted=True),
        SheetColumn("Tệp dùng", 7.5, CENTRED, lambda line: "x" if line.submission.used else None),
        SheetColumn("Trang tính", 20, TEXT, lambda line: line.sheet, fitted=True),
        count(_RECEIVED, lambda account: account.received, 9),
        *(count(name, number, **special.get(name, {})) for name, (_, number) in _PLACES.items()),
        count(
            _DIFFERENCE, _differ, look=lambda line: NUMBER if line.account else _COUNT, colours=_RED,
            formula=lambda _, cell: f"{cell(_RECEIVED)}-SUM({cell(first)}:{cell(last)})",
        ),
        SheetColumn("Ghi chú", 32, TEXT, lambda line: line.note, fitted=True),
    ]  # fmt: skip


def name_unit(result: Result, submission: Submission) -> str:
    """Whose file it is, also where only its name or its findings say so; "" where nothing does."""
    code = next((f.unit for f in submission.findings if f.unit), "")
    unit = submission.unit or result.plan.units_by_code.get(code)
    return result.plan.name_of(unit) if unit else ""


def _describe_lines(result: Result, outside: Mapping[tuple[str, str], str]) -> Iterator[_Line]:
    for submission in result.submissions:
        unit, source = name_unit(result, submission), submission.source
        if source.refusal:
            yield _Line(unit, submission, None, f"Không đọc được: {source.problem}")
        elif not submission.accounts:
            yield _Line(unit, submission, None, "Tệp không có trang tính nào chứa ô")
        for account in submission.accounts:
            note = "" if submission.used else "Không dùng, xem trang tính “Nguồn”"
            yield _Line(unit, submission, account, note, outside.get((source.file, account.sheet)))


def _summarise(lines: list[_Line]) -> str:
    files = {line.submission.source.file for line in lines}
    sheets = sum(line.account is not None for line in lines)
    return (
        f"{format_number(len(files))} tệp, {format_number(sheets)} trang tính. Chỉ đếm ô có nội dung. "
        "“Của biểu mẫu”: chữ in sẵn. “Bị loại”: giá trị sai, xem trang tính “Vấn đề”."
    )


def _judge(lines: list[_Line]) -> str:
    """The verdict, in one sentence."""
    accounts = [line.account for line in lines if line.account]
    total = merge_accounts(accounts)
    places = " + ".join(f"{name} {format_number(count(total))}" for name, count in _PLACES.values())
    wrong = sum(not account.balanced for account in accounts)
    if wrong:
        return f"{wrong} trang tính KHÔNG KHỚP, xem cột “Chênh lệch”: nhận {format_number(total.received)}; {places}."
    return f"Mọi ô nhận được đều có chỗ: nhận {format_number(total.received)} = {places}."


def _restrict(lines: list[_Line]) -> str:
    """What the verdict does not say by itself: files that nobody could count, cells read but not taken."""
    notes = []
    refused = sum(bool(line.submission.source.refusal) for line in lines)
    if refused:
        notes.append(f"Không kể {refused} tệp không đọc được.")
    spare = [line for line in lines if line.account and line.account.used and not line.submission.used]
    if spare:
        cells = sum(line.account.used for line in spare if line.account)
        files = len({line.submission.source.file for line in spare})
        notes.append(
            f"Trong số ô “đã dùng”, {format_number(cells)} ô thuộc {files} tệp đọc được nhưng không chọn "
            "(không có dấu x): không vào danh sách gộp và biểu tổng hợp."
        )
    return " ".join(notes)


def _differ(account: Account) -> int:
    return account.received - sum(count(account) for _, count in _PLACES.values())


def _put_total(book: Book, sheet: Sheet, table: SheetTable[_Line], last: SheetTable[_Line]) -> None:
    """Below the `last` sheet's part of the table, so that no filter hides it."""
    total = merge_accounts(line.account for line in table.lines if line.account)
    row, name, number = last.last_row + 1, book.style(**{**TEXT, **_TOTAL}), book.style(**{**NUMBER, **_TOTAL})
    sheet.merge(row, 1, row, _NAMES, "Tổng cộng", name)
    sheet.set_height(row, height_of_lines(1))
    counts = {_RECEIVED: total.received, **{heading: count(total) for heading, (_, count) in _PLACES.items()}}
    elsewhere = table.parts[:-1]
    for heading, value in {**counts, _DIFFERENCE: _differ(total)}.items():
        column = table.places[heading]
        cells = [range_name(part.name, part.first_row, column, part.last_row, column) for part in elsewhere]
        cells.append(f"{cell_name(last.first_row, column)}:{cell_name(last.last_row, column)}")
        sheet.put_formula(row, column, f"SUM({','.join(cells)})", value, number)
    sheet.put(row, table.places["Ghi chú"], None, name)
