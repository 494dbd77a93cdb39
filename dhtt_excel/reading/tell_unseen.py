"""What a sheet holds that a reader of its cells does not see, or does not see as it is meant ─► TEP09, with what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dhtt_excel.excel.addresses import column_letters
from dhtt_excel.findings import Fault
from dhtt_excel.inbox.raw import Aside, AsideKind, RawSheet
from dhtt_excel.reading.ledger import Account, Marks
from dhtt_excel.rules.files import hidden_content
from dhtt_excel.text.characters import join_some

_SHOWN = 5
UNHIDE = "Bỏ ẩn, bỏ lọc để kiểm tra; xóa nếu không dùng."
UNHIDE_SHEET = "Bỏ ẩn trang tính để kiểm tra; xóa dữ liệu nếu không dùng."
STRUCK_ADVICE = "Nội dung đã bỏ thì xóa hẳn khỏi ô; nội dung còn dùng thì bỏ gạch ngang."


def tell_hidden(sheet: RawSheet, marks: Marks) -> Iterator[Fault]:
    """A sheet of the form, rows and columns that are hidden and hold data; rows with text struck through."""
    if sheet.visible and not (sheet.hidden_rows or sheet.hidden_columns or sheet.struck):
        return
    filled = marks.used | marks.rejected
    if filled and not sheet.visible:
        message = f"Trang tính “{sheet.name}” bị ẩn nhưng có dữ liệu, vẫn được đọc: {len(filled)} ô"
        yield hidden_content.fault(message, UNHIDE_SHEET, sheet=sheet.name)
    rows = sorted({row for row, _ in marks.used} & set(sheet.hidden_rows))
    if rows:
        message = f"{len(rows)} dòng ẩn (hoặc bị lọc) có dữ liệu, vẫn được đọc: dòng {_list(map(str, rows))}"
        yield hidden_content.fault(message, UNHIDE, sheet=sheet.name)
    columns = [c for c in sorted({c for _, c in filled}) if any(a <= c <= b for a, b in sheet.hidden_columns)]
    if columns:
        message = f"{len(columns)} cột ẩn có dữ liệu, vẫn được đọc: cột {_list(map(column_letters, columns))}"
        yield hidden_content.fault(message, UNHIDE, sheet=sheet.name)
    struck = sorted({row for row, _ in filled.intersection(sheet.struck)})
    if struck:
        message = f"{len(struck)} dòng có chữ bị gạch ngang, vẫn được đọc: dòng {_list(map(str, struck))}"
        yield hidden_content.fault(message, STRUCK_ADVICE, sheet=sheet.name, by_hand=True)


def tell_asides(account: Account) -> Iterator[Fault]:
    """One word a sheet on its notes, text boxes, pictures and controls."""
    if not account.asides:
        return
    kinds = dict.fromkeys(aside.kind for aside in account.asides)
    told = "; ".join(_count([aside for aside in account.asides if aside.kind is kind]) for kind in kinds)
    message = f"Có nội dung nằm ngoài các ô, không đọc thành số liệu: {told}"
    advice = "Xem lại, nội dung nào cần báo cáo thì nhập vào đúng ô của biểu mẫu."
    if AsideKind.PICTURE in kinds:
        advice += " Danh sách dán dạng ảnh phải nhập lại thành chữ."
    yield hidden_content.fault(message, advice, sheet=account.sheet, by_hand=True)


def _count(asides: Sequence[Aside]) -> str:
    """How many of one kind there are, and where."""
    places = list(dict.fromkeys(aside.place for aside in asides if aside.place))
    return f"{len(asides)} {asides[0].kind}" + (f" ({_list(places)})" if places else "")


def _list(names: Iterable[str]) -> str:
    """The first few of these."""
    return join_some(list(names), _SHOWN)
