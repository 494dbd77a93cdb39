"""The functions and signs of our formulas, of values as Excel has them (`formula_values`).

A range is the list of its values, row by row. `ONE_BY_ONE` and `SIGNS` take single values, and by `spread` also lists of
one length; `OF_ALL` takes whatever it is given as one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import repeat, zip_longest
from math import isfinite
from typing import Any

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.excel.formula_values import (
    DIV,
    EPOCH,
    NA,
    NUM,
    REF,
    VALUE,
    ExcelError,
    first_error,
    number_of,
    rank_of,
    text_of,
    truth_of,
)

Function = Callable[..., Any]


def spread(function: Function, values: list[Any]) -> Any:
    """The function of single values, or of each place where some of them are lists."""
    lengths = {len(value) for value in values if isinstance(value, list)}
    if not lengths:
        return function(*values)
    length = max(lengths)
    columns = [value if isinstance(value, list) else repeat(value, length) for value in values]
    if len(lengths) == 1:
        return list(map(function, *columns))
    return [function(*single) for single in zip_longest(*(list(c) for c in columns), fillvalue=NA)]


def _finite(function: Function) -> Function:
    """Numbers that are too large for Excel are #NUM!."""

    def work_out(*values: Any) -> Any:
        try:
            value = function(*values)
        except (OverflowError, ValueError):
            return NUM
        return NUM if type(value) is float and not isfinite(value) else value

    return work_out


def _on_numbers(function: Function) -> Function:
    """A function of numbers that gives back the first error among its arguments."""

    def work_out(*values: Any) -> Any:
        numbers = [value if type(value) is float else number_of(value) for value in values]
        error = first_error(numbers)
        return function(*numbers) if error is None else error

    return _finite(work_out)


def _arithmetic(function: Callable[[float, float], Any]) -> Function:
    """The same for a sign between two numbers, in a single step: there are many of them."""

    def work_out(left: Any, right: Any) -> Any:
        left = left if type(left) is float else number_of(left)
        right = right if type(right) is float else number_of(right)
        if type(left) is not float or type(right) is not float:
            return right if type(left) is float else left
        try:
            value = function(left, right)
        except OverflowError:
            return NUM
        return NUM if type(value) is float and not isfinite(value) else value

    return work_out


def _on_texts(function: Function) -> Function:
    """A function of a text, then of what it takes, that gives back the first error among its arguments."""

    def work_out(value: Any, *more: Any) -> Any:
        if isinstance(value, ExcelError):
            return value
        for other in more:
            if isinstance(other, ExcelError):
                return other
        try:
            return function(value if type(value) is str else text_of(value), *more)
        except (OverflowError, ValueError):
            return NUM

    return work_out


def _on_values(function: Function) -> Function:
    """A function of any values that gives back the first error among them."""

    def work_out(*values: Any) -> Any:
        error = first_error(values)
        return function(*values) if error is None else error

    return _finite(work_out)


def _compare(test: Callable[[Any, Any], bool]) -> Function:
    blanks = {str: "", bool: False, float: 0.0, type(None): 0.0}

    def work_out(left: Any, right: Any) -> Any:
        if type(left) is type(right) is float:
            return test(left, right)
        if type(left) is type(right) is str:
            return test(left.casefold(), right.casefold())
        error = first_error((left, right))
        if error is not None:
            return error
        left = blanks[type(right)] if left is None else left
        right = blanks[type(left)] if right is None else right
        return test(rank_of(left), rank_of(right))

    return work_out


def _join(left: Any, right: Any) -> Any:
    if type(left) is type(right) is str:
        return left + right
    error = first_error((left, right))
    return text_of(left) + text_of(right) if error is None else error


SIGNS: dict[tuple[str, int], Function] = {
    ("=", 2): _compare(lambda a, b: a == b),
    ("<>", 2): _compare(lambda a, b: a != b),
    ("<", 2): _compare(lambda a, b: a < b),
    (">", 2): _compare(lambda a, b: a > b),
    ("<=", 2): _compare(lambda a, b: a <= b),
    (">=", 2): _compare(lambda a, b: a >= b),
    ("&", 2): _join,
    ("+", 2): _arithmetic(lambda a, b: a + b),
    ("-", 2): _arithmetic(lambda a, b: a - b),
    ("*", 2): _arithmetic(lambda a, b: a * b),
    ("/", 2): _arithmetic(lambda a, b: a / b if b else DIV),
    ("^", 2): _arithmetic(lambda a, b: a**b),
    ("-", 1): _on_numbers(lambda a: -a),
    ("+", 1): _finite(lambda a: a),
}


# ---------------------------------------------------------------- functions of single values


def _branch(test: Any, then: Any, otherwise: Any = False) -> Any:
    truth = truth_of(test)
    if isinstance(truth, ExcelError):
        return truth
    return then if truth else otherwise


def _choose(which: Any, *values: Any) -> Any:
    number = number_of(which)
    if isinstance(number, ExcelError):
        return number
    return values[int(number) - 1] if 1 <= number <= len(values) else VALUE


def _not(value: Any) -> Any:
    truth = truth_of(value)
    return truth if isinstance(truth, ExcelError) else not truth


def _trim(text: str) -> str:
    return " ".join(word for word in text.split(" ") if word) if " " in text else text


def _count_units(text: str) -> float:
    """As long as Excel takes a text to be, in which some signs count as two."""
    return float(len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2)


def _find(wanted: Any, text: Any, start: Any = 1.0) -> Any:
    place = text_of(text).find(text_of(wanted), int(start) - 1)
    return float(place + 1) if place >= 0 else VALUE


def _search(wanted: Any, text: Any, *start: Any) -> Any:
    return _find(text_of(wanted).lower(), text_of(text).lower(), *start)


def _round(number: float, digits: float = 0.0) -> float:
    """Half away from zero."""
    scale = 10**digits
    return math.copysign(math.floor(abs(number) * scale + 0.5 + 1e-9) / scale, number)


def _round_up(number: float, digits: float = 0.0) -> float:
    scale = 10**digits
    return math.copysign(math.ceil(abs(number) * scale - 1e-9) / scale, number)


def _date(year: float, month: float, day: float) -> Any:
    months = int(year) * 12 + int(month) - 1
    if not 1900 <= months // 12 <= 9999:
        return NUM
    return float((datetime(months // 12, months % 12 + 1, 1) - EPOCH).days + int(day) - 1)


def _show(value: Any, pattern: Any) -> Any:
    """TEXT, for the formats that our formulas name."""
    if isinstance(value, str):
        return value
    number = number_of(value)
    if isinstance(number, ExcelError):
        return number
    if "yy" in pattern:
        return f"{EPOCH + timedelta(days=number):%d/%m/%Y}"
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
    old = old if type(old) is str else text_of(old)
    new = new if type(new) is str else text_of(new)
    if not old:
        return text
    if instance is None:
        return text.replace(old, new)
    parts = text.split(old)
    nth = int(instance)
    return old.join(parts[:nth]) + new + old.join(parts[nth:]) if 0 < nth < len(parts) else text


def _parse_number(value: Any) -> Any:
    is_blank = isinstance(value, str) and not isinstance(value, ExcelError) and not value.strip()
    return VALUE if is_blank else number_of(value)


ONE_BY_ONE: dict[str, Function] = {
    "ABS": _on_numbers(abs),
    "ADDRESS": _on_numbers(lambda row, column, _: cell_name(int(row), int(column))),
    "CHAR": _on_numbers(lambda code: chr(int(code))),
    "CHOOSE": _finite(_choose),
    "DATE": _on_numbers(_date),
    "DAY": _on_numbers(lambda day: float((EPOCH + timedelta(days=day)).day)),
    "EXACT": lambda a, b: text_of(a) == text_of(b),
    "FIND": _on_values(_find),
    "HYPERLINK": _finite(lambda target, shown: target if isinstance(target, ExcelError) else shown),
    "IF": _finite(_branch),
    "INT": _on_numbers(lambda number: float(math.floor(number))),
    "ISBLANK": lambda value: value is None,
    "ISERROR": lambda value: isinstance(value, ExcelError),
    "ISLOGICAL": lambda value: isinstance(value, bool),
    "ISNA": lambda value: value == NA and isinstance(value, ExcelError),
    "ISNUMBER": lambda value: isinstance(value, float) and not isinstance(value, bool),
    "ISTEXT": lambda value: isinstance(value, str) and not isinstance(value, ExcelError),
    "LEFT": _on_texts(lambda text, count=1.0: text[: int(count)]),
    "LEN": _on_texts(_count_units),
    "LOWER": _on_texts(str.lower),
    "MID": _on_texts(lambda text, start, count: text[int(start) - 1 : int(start) - 1 + int(count)]),
    "MOD": _on_numbers(lambda a, b: a - b * math.floor(a / b) if b else DIV),
    "MONTH": _on_numbers(lambda day: float((EPOCH + timedelta(days=day)).month)),
    "NOT": _not,
    "REPT": _on_texts(lambda text, times: text * int(number_of(times))),
    "RIGHT": _on_texts(lambda text, count=1.0: text[len(text) - int(count) :] if count else ""),
    "ROUND": _on_numbers(_round),
    "ROUNDUP": _on_numbers(_round_up),
    "SEARCH": _on_values(_search),
    "SUBSTITUTE": _on_texts(_substitute),
    "TEXT": _finite(_show),
    "TIME": _on_numbers(lambda h, m, s: (h * 3600 + m * 60 + s) / 86400 % 1),
    "TRIM": _on_texts(_trim),
    "UPPER": _on_texts(str.upper),
    "VALUE": _finite(_parse_number),
    "WEEKDAY": _on_numbers(lambda day: float((int(day) - 1) % 7 + 1)),
    "YEAR": _on_numbers(lambda day: float((EPOCH + timedelta(days=day)).year)),
}


# ---------------------------------------------------------------- places in a range


def index_places(values: Iterable[Any]) -> dict[tuple[int, Any], float]:
    """Where each value stands first, counted from 1."""
    places: dict[tuple[int, Any], float] = {}
    for place, value in enumerate(values, start=1):
        if value is not None and not isinstance(value, ExcelError):
            places.setdefault(rank_of(value), float(place))
    return places


def find_place(places: dict[tuple[int, Any], float], value: Any) -> Any:
    """MATCH, of the exact kind."""
    if isinstance(value, ExcelError):
        return value
    return places.get(rank_of(value), NA) if value is not None else NA


# ---------------------------------------------------------------- functions of all that they are given


def _flatten(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list):
            yield from value
        else:
            yield value


def _product(*factors: Any) -> Any:
    error = first_error(factors)
    return math.prod(f if isinstance(f, float) else 0.0 for f in factors) if error is None else error


def _sum_products(values: list[Any]) -> Any:
    if len(values) == 1 and isinstance(values[0], list) and set(map(type, values[0])) == {float}:
        return math.fsum(values[0])
    products = list(_flatten([spread(_finite(_product), values)]))
    error = first_error(products)
    return math.fsum(products) if error is None else error


def _numbers_of(values: list[Any]) -> list[Any]:
    """Numbers in ranges, and single values as numbers."""
    found: list[Any] = []
    for value in values:
        if isinstance(value, list):
            found += [v for v in value if isinstance(v, (float, ExcelError)) and not isinstance(v, bool)]
        else:
            found.append(number_of(value))
    return found


def _over_numbers(function: Callable[[list[float]], float]) -> Callable[[list[Any]], Any]:
    finite = _finite(function)

    def work_out(values: list[Any]) -> Any:
        numbers = _numbers_of(values)
        error = first_error(numbers)
        return (finite(numbers) if numbers else 0.0) if error is None else error

    return work_out


def _over_truths(function: Callable[[Iterable[Any]], bool]) -> Callable[[list[Any]], Any]:
    def work_out(values: list[Any]) -> Any:
        truths = [truth_of(value) for value in _flatten(values) if value is not None]
        error = first_error(truths)
        return function(truths) if error is None else error

    return work_out


def _index(values: list[Any]) -> Any:
    cells, row = list(_flatten([values[0]])), number_of(values[1])
    if isinstance(row, ExcelError):
        return row
    return cells[int(row) - 1] if 1 <= row <= len(cells) else REF


def _count_if(values: list[Any]) -> float:
    counted = Counter(rank_of(value) for value in _flatten([values[0]]) if value is not None)
    return float(counted[rank_of(values[1])])


OF_ALL: dict[str, Callable[[list[Any]], Any]] = {
    "AND": _over_truths(all),
    "COUNTA": lambda values: float(sum(value is not None for value in _flatten(values))),
    "COUNTIF": _count_if,
    "INDEX": _index,
    "MAX": _over_numbers(max),
    "MIN": _over_numbers(min),
    "OR": _over_truths(any),
    "SUM": _over_numbers(math.fsum),
    "SUMPRODUCT": _finite(_sum_products),
}
