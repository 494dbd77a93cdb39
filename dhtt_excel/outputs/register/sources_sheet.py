"""Sheet "Nguồn" of the register: the files, plan, versions and options from which the run can be repeated."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import msgspec

from dhtt_excel.excel.book import Book, Sheet
from dhtt_excel.excel.looks import FIXED_FILL, SUBTITLE
from dhtt_excel.outputs.register.ledger_sheet import name_unit
from dhtt_excel.outputs.register.paper import (
    CENTRED,
    HEADING_ROW,
    NUMBER,
    TEXT,
    add_filtered_table,
    add_paper,
    fit_column,
    fit_text,
    line_height,
)
from dhtt_excel.reading.choose_submissions import UNCLEAR
from dhtt_excel.reading.submissions import Submission, breaks_file
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import format_number

SOURCES_SHEET = "Nguồn"

_PACKAGE = "dhtt-excel"
_MOMENT = {**CENTRED, "num_format": "dd/mm/yyyy hh:mm"}
_DIGEST = {**TEXT, "font_name": "Courier New", "font_size": 9}
_COLUMNS: dict[str, tuple[float, dict[str, Any]]] = {
    "STT": (6.0, NUMBER),
    "Đơn vị": (24, TEXT),
    "Tệp": (45, TEXT),
    "Loại": (7.5, CENTRED),
    "Dung lượng (byte)": (11.5, NUMBER),
    "Nhận lúc": (15.5, _MOMENT),
    "Người gửi": (28, TEXT),
    "Tệp dùng": (7.5, CENTRED),
    "Vì sao": (44, TEXT),
    "SHA-256": (68, _DIGEST),
}
_FITTED = ("Đơn vị", "Tệp", "Người gửi")
_FROZEN = 3
_EARLIEST_YEAR = 1900  # of Excel's days; a file that vanished has no time
_SHOWN_NAMES = 20


def write_sources(book: Book, result: Result) -> None:
    """A line a file, then what else decides the result. No path of this machine is in it."""
    files = result.submissions
    rows = [_describe_file(result, place, submission) for place, submission in enumerate(files, start=1)]
    settings = _list_settings(result)
    widths = [
        fit_column(heading, [*(row[column] for row in rows), *(settings if column < _FROZEN else ())], width)
        if heading in _FITTED
        else width
        for column, (heading, (width, _)) in enumerate(_COLUMNS.items())
    ]
    size = sum(s.source.size for s in files)
    told = (
        f"{format_number(len(files))} tệp, {format_number(size)} byte; dùng {format_number(len(result.used))} tệp.",
        "Cùng các tệp này (cả tên và giờ nhận), cùng kế hoạch, phiên bản và ngày xét hạn ghi ở cuối sheet thì chạy lại "
        "ra đúng kết quả này.",
    )
    sheet = add_paper(book, result, SOURCES_SHEET, "NGUỒN CỦA KẾT QUẢ", told, widths, frozen=_FROZEN)
    add_filtered_table(book, sheet, "DS_nguon", list(_COLUMNS), widths, len(files))
    styles = [book.style(**look) for _, look in _COLUMNS.values()]
    for row, values in enumerate(rows, start=HEADING_ROW + 1):
        for column, (value, style) in enumerate(zip(values, styles, strict=True), start=1):
            sheet.put(row, column, fit_text(value), style)
        texts = [
            (v, width) for v, width, (_, look) in zip(values, widths, _COLUMNS.values(), strict=True) if look is TEXT
        ]
        sheet.set_height(row, line_height(texts))
    if not files:
        for column, style in enumerate(styles, start=1):
            sheet.put(HEADING_ROW + 1, column, None, style)
    _put_settings(book, sheet, settings, widths, HEADING_ROW + max(len(files), 1) + 2)


def _describe_file(result: Result, place: int, submission: Submission) -> list[Any]:
    source = submission.source
    received = source.sent if source.sent.year >= _EARLIEST_YEAR else None
    used = "x" if submission.used else None
    kind = f".{source.kind}" if source.kind else None
    unit = name_unit(result, submission)
    why = "\n".join(filter(None, (_explain(result, submission), _list_beside(source.beside))))
    return [place, unit, source.file, kind, source.size, received, source.sender, used, why, source.sha256]


def _list_beside(names: Sequence[str]) -> str:
    """What came along and was not read; "" where nothing did."""
    more = f" và {len(names) - _SHOWN_NAMES} tệp khác" if len(names) > _SHOWN_NAMES else ""
    return f"Gửi kèm, không đọc: {', '.join(names[:_SHOWN_NAMES])}{more}." if names else ""


def _explain(result: Result, submission: Submission) -> str:
    """Why this file stands for its unit, or why not."""
    if not submission.used:
        told = [f for f in submission.findings if breaks_file(f)] or submission.findings
        return "\n".join(f"{f.message}." for f in told)
    same = [s for s in result.submissions if s.unit == submission.unit and not s.blank]
    if any(s.why_not == UNCLEAR for s in same):
        return f"Không rõ tệp nào gửi sau cùng trong {len(same)} tệp của đơn vị: dùng tệp có nhiều nội dung hơn."
    if len(same) == 1:
        return f"Tệp duy nhất đọc được của đơn vị{'' if submission.valid else ', còn lỗi về tệp'}."
    if submission.valid:
        return f"Tệp hợp lệ gửi sau cùng trong {len(same)} tệp của đơn vị."
    return f"Không tệp nào trong {len(same)} tệp của đơn vị hợp lệ: dùng tệp gửi sau cùng."


def _put_settings(book: Book, sheet: Sheet, settings: dict[str, str], widths: list[float], row: int) -> None:
    """Below the table, so that no filter hides them."""
    sheet.put(row, 1, "Kế hoạch, phiên bản, tùy chọn", book.style(**SUBTITLE))
    name, text = book.style(**{**TEXT, "bg_color": FIXED_FILL}), book.style(**TEXT)
    first, last = _FROZEN, len(_COLUMNS) - 1
    for place, (label, value) in enumerate(settings.items(), start=row + 1):
        sheet.merge(place, 1, place, first - 1, label, name)
        sheet.merge(place, first, place, last, value, text)
        sheet.set_height(
            place, line_height([(label, sum(widths[: first - 1])), (value, sum(widths[first - 1 : last]))])
        )


def _list_settings(result: Result) -> dict[str, str]:
    plan = result.plan
    digest = hashlib.sha256(msgspec.json.encode(plan, order="sorted")).hexdigest()  # not by the fields' order
    return {
        "Kế hoạch": f"{plan.number} ngày {plan.date:%d/%m/%Y}",
        "Mã kế hoạch (--plan)": plan.id,
        "SHA-256 của kế hoạch": digest,
        "Phiên bản biểu mẫu": str(result.form.version),
        "Phiên bản chương trình": f"dhtt {_program_version()}",
        "Ngày xét hạn (--as-of)": f"{result.as_of:%d/%m/%Y}",
        "Hạn báo cáo": f"trước ngày {plan.report.before:%d/%m/%Y}",
        "Cơ cấu đại biểu": (
            f"điển hình {plan.shares.exemplars}%, khách mời {plan.shares.guests}%, "
            f"lệch không quá {plan.shares.tolerance} điểm phần trăm thì chỉ cảnh báo"
        ),
    }


def _program_version() -> str:
    """The installed version; the program also runs from a folder where it was never installed."""
    try:
        return version(_PACKAGE)
    except PackageNotFoundError:
        return "không rõ (chưa cài đặt)"
