"""Sheet "Đối soát" of the register: where the filled cells of every sheet of every file went; in must be out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.excel.book import Book, Sheet
from dhtt_excel.excel.looks import BAD, FIXED_FILL, LINK
from dhtt_excel.outputs.register.paper import (
    CENTRED,
    HEADING_ROW,
    NUMBER,
    TEXT,
    add_filtered_table,
    add_paper,
    fit_column,
    fit_text,
    height_of_lines,
    line_height,
)
from dhtt_excel.reading.ledger import Account, merge_accounts
from dhtt_excel.reading.submissions import Submission
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import format_number

LEDGER_SHEET = "Đối soát"
HIDDEN_NOTE = " (ẩn)"

_PLACES: dict[str, tuple[str, Callable[[Account], int]]] = {
    "Của biểu mẫu": ("của biểu mẫu", lambda account: account.printed),
    "Đã dùng": ("đã dùng", lambda account: account.used),
    "Bị loại": ("bị loại", lambda account: account.rejected),
    "Khoảng trắng": ("chỉ có khoảng trắng", lambda account: account.blank),
    "Ngoài biểu mẫu": ("ngoài biểu mẫu", lambda account: len(account.outside)),
    "Không đọc được": ("không đọc được", lambda account: account.lost),
}
_NAMES = ("STT", "Đơn vị", "Tệp", "Tệp dùng", "Sheet")
_COUNTS = ("Nhận", *_PLACES, "Chênh lệch")
_COLUMN = {heading: place for place, heading in enumerate((*_NAMES, *_COUNTS, "Ghi chú"), start=1)}
_FROZEN = _COLUMN["Tệp"]
_FILE_WIDTH, _UNIT_WIDTH, _SHEET_WIDTH, _NOTE_WIDTH = 45, 24, 20, 32
_COUNT = {**NUMBER, "num_format": '#,##0;-#,##0;"–"'}
_TOTAL = {"bold": True, "bg_color": FIXED_FILL}


class _Line(NamedTuple):
    """A sheet of a file, or a file without sheets."""

    unit: str
    submission: Submission
    account: Account | None
    note: str

    @property
    def place(self) -> tuple[str, str]:
        return self.submission.source.file, self.account.sheet if self.account else ""

    @property
    def texts(self) -> dict[str, str]:
        file, sheet = self.place
        hidden = HIDDEN_NOTE if self.account and not self.account.visible else ""
        return {"Đơn vị": self.unit, "Tệp": file, "Sheet": sheet + hidden, "Ghi chú": self.note}


def write_ledger(book: Book, result: Result, outside: Mapping[tuple[str, str], str]) -> None:
    """A line a sheet; its count of cells outside the form links to the first of them, by file and sheet (`outside`)."""
    lines = list(_describe_lines(result))
    widths = _measure(lines)
    told = _summarise(lines), f"{_judge(lines)} {_restrict(lines)}".strip()
    sheet = add_paper(book, result, LEDGER_SHEET, "ĐỐI SOÁT: MỖI Ô NHẬN ĐƯỢC ĐI VỀ ĐÂU", told, widths, frozen=_FROZEN)
    add_filtered_table(book, sheet, "DS_doi_soat", list(_COLUMN), widths, len(lines))
    for place, line in enumerate(lines, start=1):
        row = HEADING_ROW + place
        _put_names(book, sheet, row, place, line)
        target = outside.get(line.place) if line.account and line.account.outside else None
        _put_counts(book, sheet, row, line.account, target)
        texts = [(text, widths[_COLUMN[heading] - 1]) for heading, text in line.texts.items()]
        sheet.set_height(row, line_height(texts))
    if not lines:
        for column in _COLUMN.values():
            sheet.put(HEADING_ROW + 1, column, None, book.style(**TEXT))
    last_row = HEADING_ROW + max(len(lines), 1)
    _put_total(book, sheet, last_row, lines)
    _colour(book, sheet, last_row + 1)


def name_unit(result: Result, submission: Submission) -> str:
    """Whose file it is, also where only its name or its findings say so; "" where nothing does."""
    code = next((f.unit for f in submission.findings if f.unit), "")
    unit = submission.unit or result.plan.units_by_code.get(code)
    return result.plan.name_of(unit) if unit else ""


def _describe_lines(result: Result) -> Iterator[_Line]:
    for submission in result.submissions:
        unit, source = name_unit(result, submission), submission.source
        if source.refusal:
            yield _Line(unit, submission, None, f"Không đọc được: {source.problem}")
        elif not submission.accounts:
            yield _Line(unit, submission, None, "Tệp không có sheet nào chứa ô")
        for account in submission.accounts:
            yield _Line(unit, submission, account, "" if submission.used else "Không dùng, xem sheet “Nguồn”")


def _summarise(lines: list[_Line]) -> str:
    files = {line.submission.source.file for line in lines}
    sheets = sum(line.account is not None for line in lines)
    return (
        f"{format_number(len(files))} tệp, {format_number(sheets)} sheet. Chỉ đếm ô có nội dung. "
        "“Của biểu mẫu”: chữ in sẵn. “Bị loại”: giá trị sai, xem sheet “Vấn đề”."
    )


def _judge(lines: list[_Line]) -> str:
    """The verdict, in one sentence."""
    accounts = [line.account for line in lines if line.account]
    total = merge_accounts(accounts)
    places = " + ".join(f"{name} {format_number(count(total))}" for name, count in _PLACES.values())
    wrong = sum(not account.balanced for account in accounts)
    if wrong:
        return f"{wrong} sheet KHÔNG KHỚP, xem cột “Chênh lệch”: nhận {format_number(total.received)}; {places}."
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


def _measure(lines: list[_Line]) -> list[float]:
    widest = {"Đơn vị": _UNIT_WIDTH, "Tệp": _FILE_WIDTH, "Sheet": _SHEET_WIDTH, "Ghi chú": _NOTE_WIDTH}
    fixed = {"STT": 6.0, "Tệp dùng": 7.5, "Nhận": 9.0}
    texts = [line.texts for line in lines]
    return [
        fit_column(heading, (t[heading] for t in texts), widest[heading])
        if heading in widest
        else fixed.get(heading, 11)
        for heading in _COLUMN
    ]


def _put_names(book: Book, sheet: Sheet, row: int, place: int, line: _Line) -> None:
    sheet.put(row, _COLUMN["STT"], place, book.style(**NUMBER))
    sheet.put(row, _COLUMN["Tệp dùng"], "x" if line.submission.used else None, book.style(**CENTRED))
    for heading, text in line.texts.items():
        sheet.put(row, _COLUMN[heading], fit_text(text), book.style(**TEXT))


def _put_counts(book: Book, sheet: Sheet, row: int, account: Account | None, target: str | None) -> None:
    style = book.style(**_COUNT)
    if account is None:
        for heading in _COUNTS:
            sheet.put(row, _COLUMN[heading], None, style)
        return
    sheet.put(row, _COLUMN["Nhận"], account.received, style)
    for heading, (_, count) in _PLACES.items():
        sheet.put(row, _COLUMN[heading], count(account), style)
    if target:
        column, linked = _COLUMN["Ngoài biểu mẫu"], book.style(**{**NUMBER, **LINK})
        sheet.put_link(row, column, target, str(len(account.outside)), linked)
        sheet.put(row, column, len(account.outside), linked)  # over the link's text: a count stays a number
    _put_difference(sheet, row, _difference(account), book.style(**NUMBER))


def _difference(account: Account) -> int:
    return account.received - sum(count(account) for _, count in _PLACES.values())


def _put_difference(sheet: Sheet, row: int, value: int, style: Any) -> None:
    received, first, last = (cell_name(row, _COLUMN[h]) for h in ("Nhận", *(list(_PLACES)[i] for i in (0, -1))))
    sheet.put_formula(row, _COLUMN["Chênh lệch"], f"{received}-SUM({first}:{last})", value, style)


def _put_total(book: Book, sheet: Sheet, last_row: int, lines: list[_Line]) -> None:
    """Below the table, so that no filter hides it."""
    total = merge_accounts(line.account for line in lines if line.account)
    row, name, number = last_row + 1, book.style(**{**TEXT, **_TOTAL}), book.style(**{**NUMBER, **_TOTAL})
    sheet.merge(row, 1, row, len(_NAMES), "Tổng cộng", name)
    sheet.set_height(row, height_of_lines(1))
    counts = {"Nhận": total.received, **{heading: count(total) for heading, (_, count) in _PLACES.items()}}
    for heading, value in {**counts, "Chênh lệch": _difference(total)}.items():
        column = _COLUMN[heading]
        cells = f"{cell_name(HEADING_ROW + 1, column)}:{cell_name(last_row, column)}"
        sheet.put_formula(row, column, f"SUM({cells})", value, number)
    sheet.put(row, _COLUMN["Ghi chú"], None, name)


def _colour(book: Book, sheet: Sheet, last_row: int) -> None:
    """Red where a cell is not accounted for, or no reader gave it back. A blank is no number and stays white."""
    for heading in ("Không đọc được", "Chênh lệch"):
        column = _COLUMN[heading]
        first = cell_name(HEADING_ROW + 1, column)
        red = {"type": "formula", "criteria": f"=AND(ISNUMBER({first}),{first}<>0)"}
        red["format"] = book.bare_format(**BAD, bold=True)
        sheet.colour(HEADING_ROW + 1, column, last_row, column, red)
