"""What a worker sends to its parent: data and nothing else.

The bytes come from a process that has read what nobody trusts. So only our own records and plain values are made of them:
no function is looked up, none is called, whatever the bytes say.
"""

from __future__ import annotations

import io
import pickle
from dataclasses import is_dataclass
from enum import Enum
from typing import Any

import msgspec

from dhtt_excel.excel.cells import CellError
from dhtt_excel.inbox.guard_package import MIB, RefusedError

LONGEST = 512 * MIB  # bytes of one message: many times what the largest workbook that is read comes to

_PLAIN = frozenset(
    {
        ("builtins", "frozenset"),
        ("builtins", "set"),
        ("collections", "Counter"),
        ("datetime", "date"),
        ("datetime", "datetime"),
        ("datetime", "time"),
        ("datetime", "timedelta"),
        ("pathlib", "PosixPath"),
        ("pathlib", "PurePosixPath"),
        ("pathlib", "WindowsPath"),
    }
)


class StrangeMessageError(Exception):
    """A message that is no record of ours, or not a whole one."""


def pack(record: object) -> bytes:
    return pickle.dumps(record, pickle.HIGHEST_PROTOCOL)


def unpack_message(message: bytes) -> Any:
    """The record. Raises `StrangeMessageError`."""
    try:
        return _Reader(io.BytesIO(message)).load()
    except StrangeMessageError:
        raise
    except Exception as error:  # whatever broken bytes make of records
        raise StrangeMessageError(str(error)) from error


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        found = super().find_class(module, name) if module.startswith("dhtt_excel.") else None
        if not _is_record(found):
            raise StrangeMessageError(f"{module}.{name}")
        return found

    def persistent_load(self, pid: Any) -> Any:
        raise StrangeMessageError(str(pid))


def _is_record(found: object) -> bool:
    """Whether it is a class of plain records, which do nothing when they are made."""
    if not isinstance(found, type):
        return False
    is_named_tuple = issubclass(found, tuple) and hasattr(found, "_fields")
    return is_dataclass(found) or is_named_tuple or issubclass(found, (Enum, msgspec.Struct, RefusedError, CellError))
