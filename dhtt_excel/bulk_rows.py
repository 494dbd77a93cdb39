"""Long lists, written about five times faster than cell by cell: whole rows of XML at the end of a sheet.

xlsxwriter keeps an object a cell and escapes every attribute; a list of some ten thousand cells would take most of a
run. A `BulkWorksheet` takes columns of values instead and writes their rows itself, below what xlsxwriter wrote.
It leans on four of xlsxwriter's inner names (`_write_rows`, `_check_dimensions`, `fh`, `tables`);
tests/test_bulk_rows.py compares it with cells written the ordinary way.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dhtt_excel.addresses import cell_name, column_letters

RISKY_STARTS = ("=", "+", "-", "@", "\t", "\r")
MAX_ROW = 1_048_576
MAX_TEXT = 32_767  # UTF-16 units
_CHUNK = 4096  # rows whose XML is in memory at one time
_EPOCH = datetime(1899, 12, 30)
_FIRST_TRUE_DATE = date(1900, 3, 1)  # Excel believes in 29 February 1900
_CODED = re.compile(r"_x(?=[0-9a-fA-F]{4}_)")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_ODD = re.compile(r"[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x")


class RefusedValueError(ValueError):
    """Excel cannot hold this value; the message says why."""


class BulkColumn(NamedTuple):
    """Values from top to bottom, their format, and its twin for texts that Excel must not take for a formula."""

    values: Sequence[Any]
    plain: Format
    quoted: Format


class _Block(NamedTuple):
    row: int
    column: int
    columns: Sequence[BulkColumn]
    heights: Sequence[float]


class BulkWorksheet(Worksheet):  # type: ignore[misc]  # xlsxwriter is untyped
    """xlsxwriter's worksheet, that also takes whole columns. Rows and columns of its own methods count from 1."""

    _block: _Block | None = None

    def add_block(
        self, row: int, column: int, columns: Sequence[BulkColumn], heights: Sequence[float] | None = None
    ) -> None:
        """Write columns of one length as the last rows of the sheet: no cell may be written at `row` or below it.

        `heights`: points of each row; without it the program that opens the file chooses.
        """
        count = len(columns[0].values)
        heights = heights if heights is not None else [0] * count
        if self._block or any(len(values) != count for values in (heights, *(c.values for c in columns))):
            raise ValueError("a sheet takes one block, of columns of one length")
        last = (row + count - 1, column + len(columns) - 1)
        if count and self._check_dimensions(last[0] - 1, last[1] - 1):
            raise RefusedValueError(f"{cell_name(*last)}: ô nằm ngoài giới hạn của Excel")
        self._block = _Block(row, column, columns, heights)

    def add_long_table(self, row: int, column: int, last_row: int, options: dict[str, Any]) -> int:
        """As `add_table`, which would keep an entry for every cell of the table: declared short, then lengthened."""
        last_column = column + len(options["columns"]) - 1
        code: int = self.add_table(row - 1, column - 1, row, last_column - 1, options)
        if code == 0:
            area = f"{cell_name(row, column)}:{cell_name(max(last_row, row + 1), last_column)}"
            self.tables[-1].update({"range": area, "a_range": area, "autofilter": area})
        return code

    def _write_rows(self) -> None:
        if self._block and max(self.table, default=-1) >= self._block.row - 1:
            raise ValueError(f"{self.get_name()}: a cell stands at or below the block")
        super()._write_rows()
        if self._block:
            for xml in _render_rows(self._block):
                self.fh.write(xml)


def _render_rows(block: _Block) -> Iterator[str]:
    """The XML of the rows, a chunk at a time."""
    places = [(column_letters(block.column + i), _Renderer(c.plain, c.quoted)) for i, c in enumerate(block.columns)]
    set_heights = {height: f' ht="{height:.16G}" customHeight="1"' if height else "" for height in set(block.heights)}
    for start in range(0, len(block.heights), _CHUNK):
        heights = block.heights[start : start + _CHUNK]
        numbers = range(block.row + start, block.row + start + len(heights))
        rendered = [
            [
                f'<c r="{letters}{number}"{tail}'
                for number, tail in zip(numbers, renderer.render(column.values[start : start + _CHUNK]), strict=True)
            ]
            for (letters, renderer), column in zip(places, block.columns, strict=True)
        ]
        yield "".join(
            f'<row r="{number}"{set_heights[height]}>{"".join(cells)}</row>'
            for number, height, cells in zip(numbers, heights, zip(*rendered, strict=True), strict=True)
        )


class _Renderer:
    """What follows a cell's address, for the values of one column; an equal value is rendered once a chunk."""

    def __init__(self, plain: Format, quoted: Format) -> None:
        self._plain = plain._get_xf_index()
        self._quoted_format = quoted
        self._quoted: int | None = None

    def render(self, values: Sequence[Any]) -> list[str]:
        keys = [(value.__class__, value) for value in values]  # True and 1 are equal, but not alike
        tails = {key: self._render_one(key[1]) for key in dict.fromkeys(keys)}
        return [tails[key] for key in keys]

    def _render_one(self, value: Any) -> str:
        if value is None or value == "":
            return f' s="{self._plain}"/>'
        if isinstance(value, str):
            return self._render_text(value)
        if isinstance(value, bool):
            return f' s="{self._plain}" t="b"><v>{int(value)}</v></c>'
        number = _serial(value) if isinstance(value, (date, time)) else value
        if not math.isfinite(number):
            raise RefusedValueError(f"{number} không phải là số")
        return f' s="{self._plain}"><v>{number:.16G}</v></c>'

    def _render_text(self, text: str) -> str:
        if len(text) > MAX_TEXT // 2 and len(text.encode("utf-16-le")) // 2 > MAX_TEXT:
            raise RefusedValueError("nội dung dài quá giới hạn của Excel")
        style = self._plain
        if text.startswith(RISKY_STARTS):
            self._quoted = self._quoted_format._get_xf_index() if self._quoted is None else self._quoted
            style = self._quoted
        keep = ' xml:space="preserve"' if text != text.strip() else ""
        return f' s="{style}" t="inlineStr"><is><t{keep}>{_escape(text)}</t></is></c>'


def _escape(text: str) -> str:
    """Excel's escapes for what XML cannot hold, then XML's."""
    if not _ODD.search(text):
        return text
    text = _CODED.sub("_x005F_x", text)
    text = _UNWRITABLE.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _serial(value: date | datetime | time) -> float:
    """Days since Excel's epoch."""
    if isinstance(value, time):
        return (value.hour * 3600 + value.minute * 60 + value.second) / 86400
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    if moment.date() < _FIRST_TRUE_DATE:
        raise RefusedValueError(f"{value} sớm hơn lịch của Excel")
    return (moment - _EPOCH).total_seconds() / 86400
