"""Python's search for cycles of objects, put off while many objects are made that form none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_put_off() -> Iterator[None]:
    """No search for cycles in this process and in those it forks; afterwards as before.

    Each row and cell is an object: the search would look through all of them again and again, a quarter of the time of
    writing 3,321 workbooks' register, and find next to nothing.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
