"""The breaches, one of every rule, in modules named as those of the rules. A new one is found by being there."""

from __future__ import annotations

from dhtt_excel.rehearsal.breaches import (
    across_units,
    cells,
    conference,
    delegates,
    files,
    honourees,
    programme,
    report,
    speakers,
    upper_conference,
)
from dhtt_excel.rehearsal.drafts import Breach

_MODULES = (
    files,
    cells,
    across_units,
    conference,
    delegates,
    speakers,
    honourees,
    programme,
    report,
    upper_conference,
)


def _collect() -> tuple[Breach, ...]:
    """In the order in which they are made.

    Who sends nothing has no delegates at the upper conference, and what is sent twice is sent as it is in the end.
    """
    first, last = files.send_nothing, files.send_twice
    found = [value for module in _MODULES for value in vars(module).values() if isinstance(value, Breach)]
    return (first, *(breach for breach in found if breach not in {first, last}), last)


BREACHES: tuple[Breach, ...] = _collect()
BREACHES_BY_CODE: dict[str, Breach] = {breach.code: breach for breach in BREACHES}
