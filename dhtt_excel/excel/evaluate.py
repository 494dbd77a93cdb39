"""Formulas ─► their values, as far as ours go: what a program that does not calculate (Protected View, a telephone) shows.

Only what our own formulas use is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from dhtt_excel.excel.cells import PlainText
from dhtt_excel.excel.compile_formula import Scope, make_compiler
from dhtt_excel.excel.formula_syntax import parse
from dhtt_excel.excel.formula_values import VALUE, as_excel


class Evaluator:
    """Evaluates the formulas of one workbook.

    `look_up`: sheet, row, column ─► the cell's value, or its formula as a text that begins with "=" and is no `PlainText`.
    `ends`: sheet ─► the last row in which a list has anything; below it one empty row stands for all, since ours count
    what is there.
    `names`: defined names ─► what they mean. A row without "$" in them is that of the cell which uses the name.
    """

    def __init__(
        self,
        look_up: Callable[[str, int, int], Any],
        ends: Mapping[str, int] = MappingProxyType({}),
        names: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._look_up = look_up
        self._ends = ends
        self._compiler = make_compiler(tuple(names.items()))
        self.cells: dict[tuple[str, int, int], Any] = {}  # those that are known
        self.kept: dict[object, Any] = {}  # parts of formulas that are the same wherever they are used

    def evaluate(self, formula: str, sheet: str, row: int = 1) -> Any:
        """The value of a formula without its "=", as a cell in this row of this sheet shows it."""
        value = self._compiler.compile(parse(formula), Scope(sheet)).run(self, row)
        value = value[0] if isinstance(value, list) else value
        return 0 if value is None else value

    def cell(self, sheet: str, row: int, column: int) -> Any:
        place = sheet, row, column
        if place not in self.cells:
            self.cells[place] = VALUE  # for a cell that hangs on itself
            raw = self._look_up(*place)
            is_formula = isinstance(raw, str) and raw.startswith("=") and not isinstance(raw, PlainText)
            self.cells[place] = self.evaluate(raw[1:], sheet, row) if is_formula else as_excel(raw)
        return self.cells[place]

    def rows(self, sheet: str, top: int, bottom: int) -> range:
        """Those of a range that have to be looked at."""
        if top < bottom and sheet in self._ends:
            bottom = min(bottom, max(top, self._ends[sheet]) + 1)
        return range(top, bottom + 1)
