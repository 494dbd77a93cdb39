"""A breach of every rule, and which units' workbooks they go into so that none hides another."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from types import ModuleType

from dhtt_excel.errors import UserError
from dhtt_excel.plan.plan import Unit
from dhtt_excel.rehearsal import campaign_breaches, workbook_breaches
from dhtt_excel.rehearsal.campaign_breaches import add_delegates, send_nothing
from dhtt_excel.rehearsal.drafts import FILE, Breach, Draft, Place, Planted

__all__ = ["BREACHES", "BREACHES_BY_CODE", "Breach", "Draft", "Place", "Planted", "add_delegates", "deal_breaches"]

_DEALS = 200  # a campaign of few units leaves few ways: so many are tried
# The others' days are judged by the pilot's, which must not be changed.
_PILOT = Breach("", send_nothing.make, needs=frozenset({FILE, "date"}))


def _collect(module: ModuleType) -> list[Breach]:
    return [value for value in vars(module).values() if isinstance(value, Breach) and value is not send_nothing]


# In the order in which they are made: who sends nothing has no delegates at the upper conference.
BREACHES: tuple[Breach, ...] = (send_nothing, *_collect(workbook_breaches), *_collect(campaign_breaches))
BREACHES_BY_CODE: dict[str, Breach] = {breach.code: breach for breach in BREACHES}


def deal_breaches(breaches: Iterable[Breach], units: Iterable[Unit], rng: Random) -> dict[str, Unit]:
    """Breach, by code ─► the unit whose file is spoilt: about as many for each, none that clash for one.

    Raises `UserError` where the units are too few.
    """
    breaches, units = list(breaches), list(units)
    for _ in range(_DEALS):
        dealt = _deal_once(rng.sample(breaches, len(breaches)), rng.sample(units, len(units)))
        if len(dealt) == len(breaches):
            return dealt
    raise UserError(f"Kế hoạch có {len(units)} đơn vị: quá ít để mỗi quy tắc bị vi phạm mà không che lẫn nhau.")


def _deal_once(breaches: Iterable[Breach], units: Iterable[Unit]) -> dict[str, Unit]:
    held = {unit.code: [_PILOT] if unit.pilot else [] for unit in units}
    dealt: dict[str, Unit] = {}
    for breach in breaches:
        free = [
            unit
            for unit in units
            if unit.level == breach.level and not any(breach.clashes(other) for other in held[unit.code])
        ]
        if free:
            unit = min(free, key=lambda unit: len(held[unit.code]))
            held[unit.code].append(breach)
            dealt[breach.code] = unit
    return dealt
