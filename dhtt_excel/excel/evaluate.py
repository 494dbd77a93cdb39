"""Formulas ─► their values, as far as ours go: what a program that does not calculate (Protected View, a telephone) shows.

Values are as Excel has them: float, str, bool, an `ExcelError`, or None for an empty cell. A range is the list of its
values, row by row; what takes single values takes such lists of one length as well and answers with one. Only what our own
formulas use is known.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache, reduce
from itertools import zip_longest
from types import MappingProxyType
from typing import Any, NamedTuple

from dhtt_excel.excel.addresses import cell_name, cell_position
from dhtt_excel.excel.cells import CellError, PlainText

_EPOCH = datetime(1899, 12, 30)
_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)
    |"(?P<text>(?:[^"]|"")*)"
    |(?P<ref>(?:(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!)?\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)(?![\w(])
    |(?P<rows>\$?\d+:\$?\d+)
    |(?P<call>[A-Z][A-Z0-9.]*)\(
    |(?P<error>\#(?:N/A|VALUE!|DIV/0!|REF!|NAME\?|NUM!|NULL!))
    |(?P<name>[^\W\d][\w.]*)
    |(?P<sign><>|<=|>=|[-+*/^&=<>(),%]))""",
    re.VERBOSE,
)
_FEW = 3  # cells of which a name's value is known again by their values
_BLOCK_ARGUMENTS = 3  # of INDEX, where it gives a row of a block
_LEVELS = (("=", "<>", "<", ">", "<=", ">="), ("&",), ("+", "-"), ("*", "/"), ("^",))  # loosest first


class ExcelError(str):
    """#VALUE!, #DIV/0!, #N/A …"""

    __slots__ = ()


VALUE, DIV, NA, NUM = (ExcelError(text) for text in ("#VALUE!", "#DIV/0!", "#N/A", "#NUM!"))


@dataclass(frozen=True, eq=False)
class _Node:
    """A part of a formula: `kind` is "value", "ref", "name", "call" or a sign; equal parts are one object."""

    kind: str
    value: Any = None
    parts: tuple[_Node, ...] = ()


class FormulaSyntaxError(ValueError):
    """The formula is not one of ours."""


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
        self._names = names
        self._values: dict[tuple[int, str, int, bool], Any] = {}
        self._alike: dict[tuple[Any, ...], Any] = {}
        self._reading: dict[int, tuple[str, ...]] = {}
        self._row = 1  # of the cell that is worked out
        self._named = False  # whether what is worked out is the meaning of a name
        self._cells: dict[tuple[str, int, int], Any] = {}

    def evaluate(self, formula: str, sheet: str) -> Any:
        """The value of a formula without its "=", as a cell of this sheet shows it."""
        value = self._value(_parse(formula), sheet)
        value = value[0] if isinstance(value, list) else value
        return 0 if value is None else value

    def cell(self, sheet: str, row: int, column: int) -> Any:
        place = sheet, row, column
        if place not in self._cells:
            self._cells[place] = VALUE  # for a cell that hangs on itself
            raw = self._look_up(*place)
            is_formula = isinstance(raw, str) and raw.startswith("=") and not isinstance(raw, PlainText)
            self._cells[place] = self._work_out_cell(raw[1:], sheet, row) if is_formula else as_excel(raw)
        return self._cells[place]

    def _work_out_cell(self, formula: str, sheet: str, row: int) -> Any:
        before = self._row, self._named
        self._row, self._named = row, False
        value = self.evaluate(formula, sheet)
        self._row, self._named = before
        return value

    def _work_out_name(self, name: str, sheet: str) -> Any:
        if name not in self._names:
            return ExcelError("#NAME?")
        before, self._named = self._named, True
        meaning = _parse(self._names[name])
        cells = self._find_cells(meaning)
        if 0 < len(cells) <= _FEW and all(":" not in cell for cell in cells):  # rows are alike in most of their cells
            read = [self._read(cell, sheet) for cell in cells]
            key = name, *read, *map(type, read)
            if key not in self._alike:
                self._alike[key] = self._value(meaning, sheet)
            value = self._alike[key]
        else:
            value = self._value(meaning, sheet)
        self._named = before
        return value

    def _find_cells(self, node: _Node) -> tuple[str, ...]:
        """The references that move with the row, of a part and of the names in it."""
        known = self._reading.get(id(node))
        if known is None:
            found = dict.fromkeys(cell for part in node.parts for cell in self._find_cells(part))
            if node.kind == "ref" and _split_reference(node.value).moves:
                found[node.value] = None
            if node.kind == "name" and node.value in self._names:
                found |= dict.fromkeys(self._find_cells(_parse(self._names[node.value])))
            known = self._reading[id(node)] = tuple(found)
        return known

    def _value(self, node: _Node, sheet: str) -> Any:
        key = id(node), sheet, self._row if self._find_cells(node) else 0, self._named
        if key not in self._values:
            self._values[key] = self._work_out(node, sheet)
        return self._values[key]

    def _work_out(self, node: _Node, sheet: str) -> Any:
        match node.kind:
            case "value":
                return node.value
            case "ref":
                return self._read(node.value, sheet)
            case "name":
                return self._work_out_name(node.value, sheet)
            case "call":
                return self._call(node.value, node.parts, sheet)
        values = [self._value(part, sheet) for part in node.parts]
        return _spread(_SIGNS[node.kind, len(values)], *values)

    def _call(self, name: str, parts: tuple[_Node, ...], sheet: str) -> Any:
        if name == "IF":
            return self._choose(parts, sheet)
        if name in ("ROW", "COLUMN"):
            return self._number_cells(name, parts[0], sheet)
        if name == "INDEX" and len(parts) == _BLOCK_ARGUMENTS:
            return self._read_row(parts, sheet)
        values = [self._value(part, sheet) for part in parts]
        if name in _OVER_ALL:
            return _OVER_ALL[name](values)
        if name not in _SINGLE:
            raise FormulaSyntaxError(f"function {name} is not known")
        return _spread(_SINGLE[name], *values)

    def _number_cells(self, name: str, part: _Node, sheet: str) -> Any:
        """The rows of cells, of a block one for each cell as its values are listed; or the columns of a block."""
        if part.kind == "rows":
            first, last = map(int, part.value.replace("$", "").split(":"))
            return [float(row) for row in range(first, last + 1)]
        reference = self._names[part.value] if part.kind == "name" else part.value
        _, top, bottom, left, right = self._locate(reference, sheet)
        columns = range(left, right + 1)
        numbers = columns if name == "COLUMN" else [row for row in range(top, bottom + 1) for _ in columns]
        return [float(number) for number in numbers] if len(numbers) > 1 else float(numbers[0])

    def _read_row(self, parts: tuple[_Node, ...], sheet: str) -> Any:
        """INDEX(block, row, 0): the values of one row."""
        row = _number(self._value(parts[1], sheet))
        if isinstance(row, ExcelError):
            return row
        name, (top, left), (bottom, right), _ = _split_reference(parts[0].value)
        if not 1 <= row <= bottom - top + 1:
            return ExcelError("#REF!")
        return [self.cell(name or sheet, top + int(row) - 1, column) for column in range(left, right + 1)]

    def _choose(self, parts: tuple[_Node, ...], sheet: str) -> Any:
        """IF works out only the branch that it takes, unless it has to take both in turns."""
        test = self._value(parts[0], sheet)
        if isinstance(test, list):
            return _spread(lambda t, *rest: _branch(t, rest), test, *(self._value(p, sheet) for p in parts[1:]))
        truth = _truth(test)
        if isinstance(truth, ExcelError):
            return truth
        if truth:
            return self._value(parts[1], sheet)
        return self._value(parts[2], sheet) if len(parts) > 2 else False

    def _read(self, reference: str, sheet: str) -> Any:
        sheet, top, bottom, left, right = self._locate(reference, sheet)
        if (top, left) == (bottom, right):
            return self.cell(sheet, top, left)
        return [self.cell(sheet, row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]

    def _locate(self, reference: str, sheet: str) -> tuple[str, int, int, int, int]:
        """Sheet, first and last row, first and last column."""
        name, (top, left), (bottom, right), moves = _split_reference(reference)
        sheet = name or sheet
        if moves and self._named:
            top, bottom = top + self._row - 1, bottom + self._row - 1
        if top < bottom and sheet in self._ends:
            bottom = min(bottom, max(top, self._ends[sheet]) + 1)
        return sheet, top, bottom, left, right


class _Reference(NamedTuple):
    """The sheet, "" for the formula's own; the first and the last cell; whether its rows stand without "$"."""

    sheet: str
    first: tuple[int, int]
    last: tuple[int, int]
    moves: bool


@lru_cache(maxsize=4096)
def _split_reference(reference: str) -> _Reference:
    where, _, cells = reference.removeprefix("=").rpartition("!")
    first, _, last = cells.replace("$", "").partition(":")
    name = where[1:-1].replace("''", "'") if where.startswith("'") else where
    moves = bool(re.search("[A-Z][0-9]", cells))
    return _Reference(name, cell_position(first), cell_position(last or first), moves)


def as_excel(raw: Any) -> Any:
    """A value of ours as a cell has it."""
    if isinstance(raw, CellError):
        return ExcelError(raw)
    if isinstance(raw, bool) or raw is None or isinstance(raw, (str, float)):
        return raw
    if isinstance(raw, int):
        return float(raw)
    if isinstance(raw, timedelta):
        return raw / timedelta(days=1)
    if isinstance(raw, time):
        return (raw.hour * 3600 + raw.minute * 60 + raw.second) / 86400
    if isinstance(raw, datetime):
        return (raw - _EPOCH) / timedelta(days=1)
    if isinstance(raw, date):
        return float((raw - _EPOCH.date()).days)
    raise TypeError(f"{type(raw).__name__} in a cell")


# ---------------------------------------------------------------- parsing


_NODES: dict[tuple[Any, ...], _Node] = {}  # every part of a formula that has been read; forms repeat theirs


@lru_cache(maxsize=8192)
def _parse(formula: str) -> _Node:
    return _Parser(formula).parse()


class _Parser:
    """Reads one formula."""

    def __init__(self, formula: str) -> None:
        self._formula = formula
        self._tokens = list(self._split())
        self._at = 0

    def parse(self) -> _Node:
        node = self._read_level(0)
        if self._at < len(self._tokens):
            raise FormulaSyntaxError(f"{self._tokens[self._at]} is not expected in {self._formula}")
        return node

    def _split(self) -> Iterator[tuple[str, str]]:
        at, end = 0, len(self._formula.rstrip())
        while at < end:
            match = _TOKEN.match(self._formula, at)
            if match is None or match.lastgroup is None:
                raise FormulaSyntaxError(f"{self._formula[at : at + 20]} is not understood")
            yield match.lastgroup, match[match.lastgroup]
            at = match.end()

    def _make(self, kind: str, value: Any = None, parts: tuple[_Node, ...] = ()) -> _Node:
        key = kind, type(value), value, *map(id, parts)
        if key not in _NODES:
            _NODES[key] = _Node(kind, value, parts)
        return _NODES[key]

    def _is_sign(self, *signs: str) -> bool:
        return (
            self._at < len(self._tokens) and self._tokens[self._at][0] == "sign" and self._tokens[self._at][1] in signs
        )

    def _take(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise FormulaSyntaxError(f"{self._formula} ends too early")
        self._at += 1
        return self._tokens[self._at - 1]

    def _read_level(self, level: int) -> _Node:
        if level == len(_LEVELS):
            return self._read_signed()
        node = self._read_level(level + 1)
        while self._is_sign(*_LEVELS[level]):
            sign = self._take()[1]
            node = self._make(sign, None, (node, self._read_level(level + 1)))
        return node

    def _read_signed(self) -> _Node:
        if self._is_sign("-", "+"):
            sign, node = self._take()[1], self._read_signed()
            return self._make(sign, None, (node,))
        node = self._read_single()
        while self._is_sign("%"):
            self._take()
            node = self._make("/", None, (node, self._make("value", 100.0)))
        return node

    def _read_single(self) -> _Node:
        kind, text = self._take()
        match kind:
            case "number":
                return self._make("value", float(text))
            case "text":
                return self._make("value", text.replace('""', '"'))
            case "error":
                return self._make("value", ExcelError(text))
            case "ref" | "rows":
                return self._make(kind, text)
            case "name":
                return self._make("value", text == "TRUE") if text in ("TRUE", "FALSE") else self._make("name", text)
            case "call":
                return self._make("call", text, tuple(self._read_arguments()))
        if text == "(":
            node = self._read_level(0)
            if not self._is_sign(")"):
                raise FormulaSyntaxError(f"a bracket is not closed in {self._formula}")
            self._take()
            return node
        raise FormulaSyntaxError(f"{text} is not expected in {self._formula}")

    def _read_arguments(self) -> Iterator[_Node]:
        if self._is_sign(")"):
            self._take()
            return
        while True:
            yield self._make("value", None) if self._is_sign(",", ")") else self._read_level(0)
            if self._take()[1] == ")":
                return


def count_parts(formula: str, names: Mapping[str, str]) -> int:
    """Of how many parts a formula is, once the meaning of every name stands in its place."""

    def count(node: _Node) -> int:
        if node.kind == "name" and node.value in names:
            return count(_parse(names[node.value]))
        return 1 + sum(map(count, node.parts))

    return count(_parse(formula))


# ---------------------------------------------------------------- values


def _spread(function: Callable[..., Any], *values: Any) -> Any:
    """The function of single values, or for each place where some of them are ranges; what is alike is worked out once."""
    lengths = [len(value) for value in values if isinstance(value, list)]
    if not lengths:
        return _apply(function, values)
    columns = [value if isinstance(value, list) else [value] * max(lengths) for value in values]
    known: dict[Any, Any] = {}
    result = []
    for single in zip_longest(*columns, fillvalue=NA):
        key = single, *map(type, single)  # 1 and TRUE are equal
        if key not in known:
            known[key] = _apply(function, single)
        result.append(known[key])
    return result


def _apply(function: Callable[..., Any], values: Iterable[Any]) -> Any:
    """Numbers that are too large for Excel are #NUM!."""
    try:
        value = function(*values)
    except (OverflowError, ValueError):
        return NUM
    return NUM if isinstance(value, float) and not math.isfinite(value) else value


def _number(value: Any) -> float | ExcelError:
    if isinstance(value, ExcelError):
        return value
    if value is None:
        return 0.0
    if isinstance(value, str):
        try:
            return float(value.strip()) if re.fullmatch(r"\s*[+-]?\d+\.?\d*\s*", value) else VALUE
        except ValueError:
            return VALUE
    return float(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    return str(value)


def _truth(value: Any) -> bool | ExcelError:
    if isinstance(value, str) and not isinstance(value, ExcelError):
        return {"TRUE": True, "FALSE": False}.get(value.upper(), VALUE)
    number = _number(value)
    return number if isinstance(number, ExcelError) else bool(number)


def _branch(test: Any, rest: tuple[Any, ...]) -> Any:
    truth = _truth(test)
    if isinstance(truth, ExcelError):
        return truth
    return rest[0] if truth else rest[1] if len(rest) > 1 else False


def _first_error(values: Iterable[Any]) -> ExcelError | None:
    return next((value for value in values if isinstance(value, ExcelError)), None)


def _on_numbers(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of numbers that gives back the first error among its arguments."""

    def work_out(*values: Any) -> Any:
        numbers = [_number(value) for value in values]
        error = _first_error(numbers)
        return function(*numbers) if error is None else error

    return work_out


def _on_texts(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of a text, then of what it takes, that gives back the first error among its arguments."""

    def work_out(*values: Any) -> Any:
        error = _first_error(values)
        return function(_text(values[0]), *values[1:]) if error is None else error

    return work_out


def _rank(value: Any) -> tuple[int, Any]:
    """By kind, then value: numbers come before texts, texts before truth values."""
    if isinstance(value, bool):
        return 2, value
    if isinstance(value, str):
        return 1, value.casefold()
    return 0, value


def _compare(test: Callable[[Any, Any], bool]) -> Callable[..., Any]:
    def work_out(left: Any, right: Any) -> Any:
        error = _first_error((left, right))
        if error is not None:
            return error
        blanks = {str: "", bool: False, float: 0.0, type(None): 0.0}
        left = blanks[type(right)] if left is None else left
        right = blanks[type(left)] if right is None else right
        return test(_rank(left), _rank(right))

    return work_out


_SIGNS: dict[tuple[str, int], Callable[..., Any]] = {
    ("=", 2): _compare(lambda a, b: a == b),
    ("<>", 2): _compare(lambda a, b: a != b),
    ("<", 2): _compare(lambda a, b: a < b),
    (">", 2): _compare(lambda a, b: a > b),
    ("<=", 2): _compare(lambda a, b: a <= b),
    (">=", 2): _compare(lambda a, b: a >= b),
    ("&", 2): lambda a, b: e if (e := _first_error((a, b))) is not None else _text(a) + _text(b),
    ("+", 2): _on_numbers(lambda a, b: a + b),
    ("-", 2): _on_numbers(lambda a, b: a - b),
    ("*", 2): _on_numbers(lambda a, b: a * b),
    ("/", 2): _on_numbers(lambda a, b: a / b if b else DIV),
    ("^", 2): _on_numbers(lambda a, b: a**b),
    ("-", 1): _on_numbers(lambda a: -a),
    ("+", 1): lambda a: a,
}


# ---------------------------------------------------------------- functions of single values


def _trim(text: str) -> str:
    return re.sub(" +", " ", text.strip(" "))


def _find(wanted: Any, text: Any, start: Any = 1.0) -> Any:
    place = _text(text).find(_text(wanted), int(start) - 1)
    return float(place + 1) if place >= 0 else VALUE


def _round(number: float, digits: float = 0.0) -> float:
    """Half away from zero."""
    scale = 10**digits
    return math.copysign(math.floor(abs(number) * scale + 0.5 + 1e-9) / scale, number)


def _date(year: float, month: float, day: float) -> Any:
    months = int(year) * 12 + int(month) - 1
    if not 1900 <= months // 12 <= 9999:
        return NUM
    return float((datetime(months // 12, months % 12 + 1, 1) - _EPOCH).days + int(day) - 1)


def _show(value: Any, pattern: Any) -> Any:
    """TEXT, for the formats that our formulas name."""
    if isinstance(value, str):
        return value
    number = _number(value)
    if isinstance(number, ExcelError):
        return number
    if "yy" in pattern:
        return f"{_EPOCH + timedelta(days=number):%d/%m/%Y}"
    if "hh" in pattern or pattern.startswith("h"):
        minutes = int(_round(number % 1 * 1440))
        hours = f"{minutes // 60:02}" if "hh" in pattern else str(minutes // 60)
        return f"{hours}:{minutes % 60:02}"
    percent = pattern.endswith("%")
    whole, _, fraction = pattern.rstrip("%").partition(".")
    shown = _round(number * (100 if percent else 1), len(fraction))
    width = len(whole) + len(fraction) + bool(fraction) + (shown < 0)
    return f"{shown:0{width}.{len(fraction)}f}{'%' if percent else ''}"


def _substitute(text: str, old: Any, new: Any, instance: Any = None) -> str:
    old, new = _text(old), _text(new)
    if not old:
        return text
    if instance is None:
        return text.replace(old, new)
    parts = text.split(old)
    nth = int(instance)
    return old.join(parts[:nth]) + new + old.join(parts[nth:]) if 0 < nth < len(parts) else text


def _parse_number(text: str) -> Any:
    return _number(text) if text.strip() else VALUE


_SINGLE: dict[str, Callable[..., Any]] = {
    "ABS": _on_numbers(abs),
    "ADDRESS": _on_numbers(lambda row, column, _: cell_name(int(row), int(column))),
    "CHAR": _on_numbers(lambda code: chr(int(code))),
    "CHOOSE": lambda which, *values: n if isinstance(n := _number(which), ExcelError) else values[int(n) - 1] if 1 <= n <= len(values) else VALUE,
    "DATE": _on_numbers(_date),
    "DAY": _on_numbers(lambda day: float((_EPOCH + timedelta(days=day)).day)),
    "EXACT": lambda a, b: _text(a) == _text(b),
    "FIND": lambda *v: e if (e := _first_error(v)) is not None else _find(*v),
    "HYPERLINK": lambda target, shown: target if isinstance(target, ExcelError) else shown,
    "INT": _on_numbers(lambda number: float(math.floor(number))),
    "ISBLANK": lambda value: value is None,
    "ISERROR": lambda value: isinstance(value, ExcelError),
    "ISLOGICAL": lambda value: isinstance(value, bool),
    "ISNA": lambda value: value == NA and isinstance(value, ExcelError),
    "ISNUMBER": lambda value: isinstance(value, float) and not isinstance(value, bool),
    "ISTEXT": lambda value: isinstance(value, str) and not isinstance(value, ExcelError),
    "LEFT": _on_texts(lambda text, count=1.0: text[: int(count)]),
    "LEN": _on_texts(lambda text: float(len(text.encode("utf-16-le")) // 2)),
    "LOWER": _on_texts(str.lower),
    "MID": _on_texts(lambda text, start, count: text[int(start) - 1 : int(start) - 1 + int(count)]),
    "MOD": _on_numbers(lambda a, b: a - b * math.floor(a / b) if b else DIV),
    "MONTH": _on_numbers(lambda day: float((_EPOCH + timedelta(days=day)).month)),
    "NOT": lambda value: t if isinstance(t := _truth(value), ExcelError) else not t,
    "REPT": _on_texts(lambda text, times: text * int(_number(times))),
    "RIGHT": _on_texts(lambda text, count=1.0: text[len(text) - int(count) :] if count else ""),
    "ROUND": _on_numbers(_round),
    "ROUNDUP": _on_numbers(lambda n, d=0.0: math.copysign(math.ceil(abs(n) * 10**d - 1e-9) / 10**d, n)),
    "SEARCH": lambda *v: e if (e := _first_error(v)) is not None else _find(_text(v[0]).lower(), _text(v[1]).lower(), *v[2:]),
    "SUBSTITUTE": _on_texts(_substitute),
    "TEXT": _show,
    "TIME": _on_numbers(lambda h, m, s: (h * 3600 + m * 60 + s) / 86400 % 1),
    "TRIM": _on_texts(_trim),
    "UPPER": _on_texts(str.upper),
    "VALUE": lambda value: _parse_number(value) if isinstance(value, str) and not isinstance(value, ExcelError) else _number(value),
    "WEEKDAY": _on_numbers(lambda day: float((int(day) - 1) % 7 + 1)),
    "YEAR": _on_numbers(lambda day: float((_EPOCH + timedelta(days=day)).year)),
}  # fmt: skip


# ---------------------------------------------------------------- functions of all that they are given


def _flatten(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list):
            yield from value
        else:
            yield value


def _sum_products(values: list[Any]) -> Any:
    def product(*factors: Any) -> Any:
        error = _first_error(factors)
        if error is not None:
            return error
        return reduce(lambda a, b: a * b, (f if isinstance(f, float) else 0.0 for f in factors))

    products = list(_flatten([_spread(product, *values)]))
    error = _first_error(products)
    return math.fsum(products) if error is None else error


def _numbers_of(values: list[Any]) -> list[Any]:
    """Numbers in ranges, and single values as numbers."""
    found: list[Any] = []
    for value in values:
        if isinstance(value, list):
            found += [v for v in _flatten([value]) if isinstance(v, (float, ExcelError)) and not isinstance(v, bool)]
        else:
            found.append(_number(value))
    return found


def _over_numbers(function: Callable[[list[float]], float]) -> Callable[[list[Any]], Any]:
    def work_out(values: list[Any]) -> Any:
        numbers = _numbers_of(values)
        error = _first_error(numbers)
        return (_apply(function, [numbers]) if numbers else 0.0) if error is None else error

    return work_out


def _over_truths(function: Callable[[Iterable[Any]], bool]) -> Callable[[list[Any]], Any]:
    def work_out(values: list[Any]) -> Any:
        truths = [_truth(value) for value in _flatten(values) if value is not None]
        error = _first_error(truths)
        return function(truths) if error is None else error

    return work_out


def _match(values: list[Any]) -> Any:
    """The exact kind, for one value or for each of a range."""
    wanted, among = values[0], list(_flatten([values[1]]))
    places: dict[tuple[int, Any], float] = {}
    for place, value in enumerate(among, start=1):
        if value is not None and not isinstance(value, ExcelError):
            places.setdefault(_rank(value), float(place))

    def find(value: Any) -> Any:
        if isinstance(value, ExcelError):
            return value
        return places.get(_rank(value), NA) if value is not None else NA

    return _spread(find, wanted)


def _index(values: list[Any]) -> Any:
    cells, row = list(_flatten([values[0]])), _number(values[1])
    if isinstance(row, ExcelError):
        return row
    return cells[int(row) - 1] if 1 <= row <= len(cells) else ExcelError("#REF!")


def _count_if(values: list[Any]) -> float:
    wanted = _rank(values[1])
    return float(sum(value is not None and _rank(value) == wanted for value in _flatten([values[0]])))


_OVER_ALL: dict[str, Callable[[list[Any]], Any]] = {
    "AND": _over_truths(all),
    "COUNTA": lambda values: float(sum(value is not None for value in _flatten(values))),
    "COUNTIF": _count_if,
    "INDEX": _index,
    "MATCH": _match,
    "MAX": _over_numbers(max),
    "MIN": _over_numbers(min),
    "OR": _over_truths(any),
    "SUM": _over_numbers(math.fsum),
    "SUMPRODUCT": _sum_products,
}
