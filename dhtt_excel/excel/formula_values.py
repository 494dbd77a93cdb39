"""Values as Excel has them: float, str, bool, an `ExcelError`, or None for an empty cell; and each as another."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from dhtt_excel.excel.cells import CellError

EPOCH = datetime(1899, 12, 30)
_NUMBER = re.compile(r"\s*[+-]?\d+\.?\d*\s*")


class ExcelError(str):
    """#VALUE!, #DIV/0!, #N/A …"""

    __slots__ = ()


VALUE, DIV, NA, NUM, REF, NAME = map(ExcelError, ("#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "#REF!", "#NAME?"))


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
        return (raw - EPOCH) / timedelta(days=1)
    if isinstance(raw, date):
        return float((raw - EPOCH.date()).days)
    raise TypeError(f"{type(raw).__name__} in a cell")


def first_error(values: Iterable[Any]) -> ExcelError | None:
    for value in values:
        if isinstance(value, ExcelError):
            return value
    return None


def number_of(value: Any) -> float | ExcelError:
    if isinstance(value, ExcelError):
        return value
    if value is None:
        return 0.0
    if isinstance(value, str):
        try:
            return float(value.strip()) if _NUMBER.fullmatch(value) else VALUE
        except ValueError:
            return VALUE
    return float(value)


def text_of(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    return str(value)


def truth_of(value: Any) -> bool | ExcelError:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and not isinstance(value, ExcelError):
        return {"TRUE": True, "FALSE": False}.get(value.upper(), VALUE)
    number = number_of(value)
    return number if isinstance(number, ExcelError) else bool(number)


def rank_of(value: Any) -> tuple[int, Any]:
    """By kind, then value: numbers come before texts, texts before truth values."""
    if isinstance(value, bool):
        return 2, value
    if isinstance(value, str):
        return 1, value.casefold()
    return 0, value
