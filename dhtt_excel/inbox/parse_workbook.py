"""Bytes of one returned file ─► raw cells, counted twice. Runs in a worker process: see `open_workbooks`.

guard ─► calamine ─► compare counts ─► where they differ, openpyxl as a second opinion. What no reader gives back is
said (`RawSheet.lost`), never passed over.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from math import isfinite
from typing import Any
from xml.parsers import expat

from dhtt_excel.excel.addresses import cell_position
from dhtt_excel.excel.cells import NO_NUMBER, CellError
from dhtt_excel.inbox.count_cells import SheetCount
from dhtt_excel.inbox.guard_package import MAX_FILE, MIB, OTHER_WORKBOOKS, UNLOCK, RefusedError, refuse_other
from dhtt_excel.inbox.guard_workbook import Inspection, inspect_package
from dhtt_excel.inbox.guard_xls import inspect_xls
from dhtt_excel.inbox.moments import find_save_time
from dhtt_excel.inbox.own_files import find_output, is_draft, refuse_own
from dhtt_excel.inbox.raw import RESEND, Block, RawSheet, RawWorkbook
from dhtt_excel.text.file_names import SUMMARY

WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})


def parse_workbook(source: RawWorkbook, data: bytes, suffix: str, *, results: bool = False) -> RawWorkbook:
    """The file's raw cells. Whatever is wrong with it comes as a refusal, never as an exception.

    `results`: our summaries are read, too.
    """
    try:
        inspection = _inspect(data, suffix, results=results)
        sheets = _read_sheets(inspection)
        saved = find_save_time(data, inspection.kind, source.modified)
        told, errors_seen = tuple(inspection.warnings), inspection.errors_seen
        return replace(source, kind=inspection.kind, sheets=sheets, warnings=told, errors_seen=errors_seen, saved=saved)
    except RefusedError as refused:
        return source.refuse(refused.code, refused.problem, refused.advice or RESEND)
    except MemoryError:
        return source.refuse("memory", "tệp quá lớn, không đủ bộ nhớ để đọc")
    except (zipfile.BadZipFile, expat.ExpatError):
        return source.refuse("damaged", "tệp hỏng")
    except BaseException as error:  # whatever zip, XML and parsers raise on hostile bytes: the file is damaged
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise  # a panic of calamine derives from BaseException too
        return source.refuse("damaged", "tệp hỏng, hoặc được lưu theo cách mà trình đọc không hiểu")


def _inspect(data: bytes, suffix: str, *, results: bool) -> Inspection:
    """What the guard for the kind that the first bytes say sees. Raises `RefusedError` for what is no workbook."""
    if suffix in OTHER_WORKBOOKS:
        raise refuse_other(suffix)
    if suffix not in WORKBOOK_SUFFIXES:
        wanted = "Đề nghị đơn vị gửi biểu mẫu Excel (.xlsx)."
        raise RefusedError("suffix", f"không phải bảng tính ({suffix or 'không có đuôi tệp'})", wanted)
    if not data:
        raise RefusedError("empty", "tệp rỗng (0 byte)")
    if len(data) > MAX_FILE:
        raise RefusedError("size", f"tệp lớn hơn {MAX_FILE // MIB} MB")
    if data.startswith(b"PK\x03\x04"):
        if (output := find_output(data)) and not (results and output == SUMMARY):
            raise refuse_own("kết quả")
        return inspect_package(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise RefusedError("encrypted", "tệp có mật khẩu", UNLOCK)
        return inspect_xls(data)
    raise _name_other_kind(data)


def _name_other_kind(data: bytes) -> RefusedError:
    if is_draft(data):
        return refuse_own("thư nháp")
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    kinds = {
        "html": ("trang web (HTML) mang đuôi Excel", (b"<html", b"<!doctype html", b"<table", b"<head")),
        "xml": ("tệp XML, không phải bảng tính Excel", (b"<?xml",)),
        "pdf": ("tệp PDF mang đuôi Excel", (b"%pdf",)),
        "rtf": ("văn bản RTF mang đuôi Excel", (b"{\\rtf",)),
        "image": ("ảnh mang đuôi Excel", (b"\x89png", b"\xff\xd8\xff", b"gif8")),
        "archive": ("tệp nén mang đuôi Excel", (b"rar!", b"7z\xbc\xaf", b"\x1f\x8b")),
    }
    for code, (words, starts) in kinds.items():
        if start.startswith(starts):
            return RefusedError(code, words)
    if b"\0" not in data[:4096] and any(mark in data[:4096] for mark in (b",", b";", b"\t")):
        return RefusedError("csv", "tệp văn bản (CSV) mang đuôi Excel")
    return RefusedError("not-workbook", "không phải bảng tính Excel")


def _read_sheets(inspection: Inspection) -> tuple[RawSheet, ...]:
    """Every sheet's cells by calamine; by openpyxl where calamine fails or gives back another number than counted."""
    failure: Exception | None = None
    try:
        sheets = tuple(_read_calamine(inspection))
    except (RefusedError, MemoryError):
        raise
    except Exception as error:
        if not inspection.sheets or any(sheet.cells is None for sheet in inspection.sheets):
            raise  # nobody has counted what would be lost
        failure = error
        sheets = tuple(_compare([], count) for count in inspection.sheets)
    if any(s.lost for s in sheets):
        sheets = _second_opinion(inspection.data, sheets)
    if failure and any(s.lost for s in sheets):
        raise failure
    if not sheets:
        raise RefusedError("no-sheet", "không có trang tính nào")
    return sheets


def _read_calamine(inspection: Inspection) -> Iterator[RawSheet]:
    """Sheets in their order, with what the guard counted; where it counted nothing, the parser's own count."""
    import python_calamine as calamine

    counts = {sheet.name: sheet for sheet in inspection.sheets}
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(inspection.data)) as workbook:
            for index, metadata in enumerate(workbook.sheets_metadata):
                if metadata.typ is not calamine.SheetTypeEnum.WorkSheet:
                    continue
                sheet = workbook.get_sheet_by_index(index)
                rows = sheet.to_python(skip_empty_area=False)
                visible = metadata.visible is calamine.SheetVisibleEnum.Visible
                count = counts.pop(metadata.name, SheetCount(metadata.name, visible, None))
                read = _compare(rows, count if count.cells is not None else replace(count, visible=visible))
                merges = sheet.merged_cell_ranges or []
                blocks = [Block(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in merges]
                yield replace(read, merges=tuple(blocks or count.merges))
    except calamine.PasswordError:
        raise RefusedError("encrypted", "tệp có mật khẩu", UNLOCK) from None
    for count in counts.values():  # calamine does not know these sheets
        if count.cells is not None:
            yield _compare([], count)


def _compare(rows: list[list[Any]], count: SheetCount) -> RawSheet:
    _put_errors(rows, count.errors)
    _put_no_numbers(rows)
    parsed = _count_filled(rows)
    received = parsed if count.cells is None else count.cells + len(count.errors)
    return RawSheet(
        name=count.name,
        visible=count.visible,
        rows=rows,
        received=received,
        lost=received - parsed,
        formulas=tuple(count.formulas),
        hidden_rows=tuple(count.hidden_rows),
        hidden_columns=tuple(count.hidden_columns),
        struck=tuple(count.struck),
        asides=tuple(count.asides),
    )


def _put_errors(rows: list[list[Any]], errors: list[str]) -> None:
    """Error values, which calamine gives back as blanks."""
    for name in errors:
        row, column = cell_position(name)
        rows += [[] for _ in range(row - len(rows))]
        cells = rows[row - 1]
        cells += [""] * (column - len(cells))
        cells[column - 1] = cells[column - 1] or CellError("#")


def _put_no_numbers(rows: list[list[Any]]) -> None:
    """An error value for what is no finite number."""
    for cells in rows:
        if any(type(raw) is float and not isfinite(raw) for raw in filter(None, cells)):  # most cells are blank
            cells[:] = [NO_NUMBER if type(raw) is float and not isfinite(raw) else raw for raw in cells]


def _count_filled(rows: list[list[Any]]) -> int:
    return sum(len(row) - row.count("") for row in rows)


def _second_opinion(data: bytes, sheets: tuple[RawSheet, ...]) -> tuple[RawSheet, ...]:
    """Ask openpyxl for the sheets on which the guard and calamine differ."""
    import openpyxl

    others: dict[str, Any] = {}
    with warnings.catch_warnings():  # of what openpyxl would lose by saving
        warnings.simplefilter("ignore")
        with suppress(Exception):  # where openpyxl cannot read the file, what calamine gave stands, with what is lost
            workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            others = {s.title: s for s in workbook.worksheets}
        chosen = tuple(_choose(s, others[s.name]) if s.lost and s.name in others else s for s in sheets)
    if any(s.lost < 0 for s in chosen):
        raise RefusedError("damaged", "tệp hỏng (các trình đọc thấy số ô khác nhau)")
    return chosen


def _convert(cell: Any) -> Any:
    """An openpyxl cell as calamine would give it."""
    if cell.value is None:
        return ""
    return CellError(cell.value) if cell.data_type == "e" else cell.value


def _choose(sheet: RawSheet, other: Any) -> RawSheet:
    """The reader that gives back most of what was received, and nothing more."""
    rows: list[list[Any]] = []
    with suppress(Exception):  # as far as it can read
        other.reset_dimensions()
        rows.extend([_convert(cell) for cell in row] for row in other.iter_rows())
    _put_no_numbers(rows)
    lost = sheet.received - _count_filled(rows)
    return replace(sheet, rows=rows, lost=lost) if abs(lost) < abs(sheet.lost) else sheet
