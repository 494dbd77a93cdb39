"""Sheet "Nguồn" of the register: the files, plan, versions and options from which the run can be repeated."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import msgspec

from dhtt_excel import installed_version
from dhtt_excel.excel.book import Book, Sheet
from dhtt_excel.excel.looks import FIXED_FILL, SUBTITLE
from dhtt_excel.findings import Severity
from dhtt_excel.outputs.register.ledger_sheet import name_unit
from dhtt_excel.outputs.register.paper import CENTRED, MOMENT, NUMBER, TEXT, put_merged
from dhtt_excel.outputs.register.table import SheetColumn, SheetTable
from dhtt_excel.reading.choose_submissions import UNCLEAR
from dhtt_excel.reading.submissions import Submission, breaks_file
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import format_number

SOURCES_SHEET = "Nguồn"

_DIGEST = {**TEXT, "font_name": "Courier New", "font_size": 9}
_FROZEN = 3
_SHOWN_NAMES = 20
_SEEN_TITLE = "Đã thấy trong thư mục nhận, không đọc"


def write_sources(book: Book, result: Result) -> None:
    """A line a file, then what else decides the result. No path of this machine is in it."""
    files = result.submissions
    settings = _list_settings(result)
    size = sum(s.source.size for s in files)
    told = (
        f"{format_number(len(files))} tệp, {format_number(size)} byte; dùng {format_number(len(result.used))} tệp.",
        "Cùng các tệp này (cả tên và giờ nhận), cùng kế hoạch, phiên bản và ngày xét hạn ghi ở cuối trang tính thì chạy lại "
        "ra đúng kết quả này.",
    )
    table = SheetTable(SOURCES_SHEET, "NGUỒN CỦA KẾT QUẢ", told, _list_columns(result, list(settings)), files, _FROZEN)
    sheet, table = table.draw(book, result)
    row = table.last_row + 2
    if result.seen:
        seen = [(one.name, one.kind.label) for one in result.seen]
        row = _put_pairs(book, sheet, _SEEN_TITLE, seen, table.widths, row) + 1
    _put_pairs(book, sheet, "Kế hoạch, phiên bản, tùy chọn", settings.items(), table.widths, row)


def _list_columns(result: Result, labels: Sequence[str]) -> list[SheetColumn[Submission]]:
    """`labels`: what the settings are called, below the table."""
    return [
        SheetColumn("STT", 6, NUMBER),
        SheetColumn("Đơn vị", 24, TEXT, lambda file: name_unit(result, file), fitted=True, beside=labels),
        SheetColumn("Tệp", 45, TEXT, lambda file: file.source.file, fitted=True, beside=labels),
        SheetColumn("Loại", 7.5, CENTRED, lambda file: file.source.kind and f".{file.source.kind}"),
        SheetColumn("Dung lượng (byte)", 11.5, NUMBER, lambda file: file.source.size),
        SheetColumn("Nhận lúc", 15.5, MOMENT, lambda file: file.source.sent if file.source.is_timed else None),
        SheetColumn("Người gửi", 28, TEXT, lambda file: file.source.sender, fitted=True),
        SheetColumn("Tệp dùng", 7.5, CENTRED, lambda file: "x" if file.used else None),
        SheetColumn("Vì sao", 44, TEXT, lambda file: _say_why(result, file)),
        SheetColumn("SHA-256", 68, _DIGEST, lambda file: file.source.sha256, one_line=True),
    ]


def _say_why(result: Result, file: Submission) -> str:
    return "\n".join(filter(None, (explain_choice(result, file), _list_beside(file.source.beside))))


def _list_beside(names: Sequence[str]) -> str:
    """What came along and was not read; "" where nothing did."""
    more = f" và {len(names) - _SHOWN_NAMES} tệp khác" if len(names) > _SHOWN_NAMES else ""
    return f"Gửi kèm, không đọc: {', '.join(names[:_SHOWN_NAMES])}{more}." if names else ""


def explain_choice(result: Result, submission: Submission) -> str:
    """Why this file stands for its unit, or why not."""
    if not submission.used:
        told = [f for f in submission.findings if breaks_file(f)] or submission.findings
        return "\n".join(f"{f.message}." for f in told)
    same = [s for s in result.submissions_by_unit[submission.unit.code] if not s.blank] if submission.unit else []
    if unclear := [s.entered for s in same if s.why_not == UNCLEAR]:
        how = "có nhiều nội dung hơn" if submission.entered > max(unclear) else "này, các tệp có số ô đã nhập bằng nhau"
        return f"Không rõ tệp nào gửi sau cùng trong {len(same)} tệp của đơn vị: dùng tệp {how}."
    if len(same) == 1:
        return f"Tệp duy nhất đọc được của đơn vị{'' if submission.valid else ', còn lỗi về tệp'}."
    if submission.valid:
        return f"Tệp hợp lệ gửi sau cùng trong {len(same)} tệp của đơn vị."
    return f"Không tệp nào trong {len(same)} tệp của đơn vị hợp lệ: dùng tệp gửi sau cùng."


def _put_pairs(
    book: Book, sheet: Sheet, title: str, pairs: Iterable[tuple[str, str]], widths: list[float], row: int
) -> int:
    """A list below the table, so that no filter hides it; the row after it."""
    sheet.put(row, 1, title, book.style(**SUBTITLE))
    name, first, last = {**TEXT, "bg_color": FIXED_FILL}, _FROZEN, len(widths) - 1
    for label, value in pairs:
        row += 1
        put_merged(book, sheet, row, [(1, first - 1, label, name), (first, last, value, TEXT)], widths)
    return row + 1


def _list_settings(result: Result) -> dict[str, str]:
    plan = result.plan
    digest = hashlib.sha256(msgspec.json.encode(plan, order="sorted")).hexdigest()  # not by the fields' order
    return {
        "Kế hoạch": f"{plan.number} ngày {plan.date:%d/%m/%Y}",
        "Mã kế hoạch (--plan)": plan.id,
        "SHA-256 của kế hoạch": digest,
        "Phiên bản biểu mẫu": str(result.form.version),
        "Phiên bản chương trình": f"dhtt {installed_version() or 'không rõ (chưa cài đặt)'}",
        "Ngày xét hạn (--as-of)": f"{result.as_of:%d/%m/%Y}",
        "Biểu, báo cáo gửi đi": _say_edition(result),
        "Hạn báo cáo": f"trước ngày {plan.report.before:%d/%m/%Y}",
        "Cơ cấu đại biểu": (
            f"điển hình {plan.shares.exemplars}%, khách mời {plan.shares.guests}%, "
            f"lệch không quá {plan.shares.tolerance} điểm phần trăm thì chỉ cảnh báo"
        ),
    }


def _say_edition(result: Result) -> str:
    """Whether the official edition is a draft, and who decided so."""
    if not result.is_open:
        return "bản chính thức, không còn điểm chưa xong"
    open_points = (
        f"còn {len(result.plan.senders) - len(result.used)} đơn vị chưa có biểu, {result.count(Severity.ERROR)} lỗi"
    )
    if result.final:
        return f"bản chính thức do người chạy quyết định (--final), khi {open_points}"
    return f"DỰ THẢO: {open_points}"
