"""Deal the breaches to the units, so that none hides another. No luck is needed: a deal is found wherever there is one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random

from dhtt_excel.errors import UserError
from dhtt_excel.plan.plan import Unit
from dhtt_excel.rehearsal.drafts import Breach


def deal_breaches(breaches: Iterable[Breach], units: Iterable[Unit], rng: Random) -> dict[str, Unit]:
    """Breach, by code ─► the unit whose file is spoilt: about as many for each, none that clash for one.

    Raises `UserError` that names the breaches for which the units are too few.
    """
    breaches, units = list(breaches), list(units)
    dealt = _deal(rng.sample(breaches, len(breaches)), rng.sample(units, len(units)))
    if dealt is None:
        raise UserError(_explain_refusal(_find_obstacle(breaches, units), units))
    return dealt


def _deal(breaches: Sequence[Breach], units: Sequence[Unit]) -> dict[str, Unit] | None:
    """None where there is no way. Earlier breaches and units come first where nothing else decides."""
    clashing = {one.code: {other.code for other in breaches if one.clashes(other)} for one in breaches}
    held: dict[str, set[str]] = {unit.code: set() for unit in units}

    def find_free(breach: Breach) -> list[Unit]:
        return [u for u in units if breach.fits(u) and clashing[breach.code].isdisjoint(held[u.code])]

    def deal_rest(left: Sequence[Breach]) -> dict[str, Unit] | None:
        """First whatever has the fewest units left, in the one that holds least; None where that leads nowhere."""
        if not left:
            return {}
        breach, free = min(((b, find_free(b)) for b in left), key=lambda pair: len(pair[1]))
        for unit in sorted(free, key=lambda unit: len(held[unit.code])):
            held[unit.code].add(breach.code)
            dealt = deal_rest([other for other in left if other is not breach])
            if dealt is not None:
                return {breach.code: unit, **dealt}
            held[unit.code].remove(breach.code)
        return None

    return deal_rest(sorted(breaches, key=lambda breach: -len(clashing[breach.code])))


def _find_obstacle(breaches: Sequence[Breach], units: Sequence[Unit]) -> Sequence[Breach]:
    """Breaches that cannot be dealt, though they could without any one of them."""
    for breach in breaches:
        fewer = [other for other in breaches if other is not breach]
        if _deal(fewer, units) is None:
            breaches = fewer
    return breaches


def _explain_refusal(obstacle: Sequence[Breach], units: Sequence[Unit]) -> str:
    level = obstacle[0].level
    number = sum(unit.level == level for unit in units)
    rank = "cấp dưới" if level == "local" else "cấp trên"
    text = (
        f"Kế hoạch có {number} đơn vị {rank}: quá ít để mỗi quy tắc bị vi phạm một lần mà không che lẫn nhau; "
        f"riêng {_join(obstacle)} đã không chia được cho chừng ấy đơn vị"
    )
    later = [breach for breach in obstacle if not breach.pilot]
    if later and any(unit.pilot for unit in units):
        text += f" ({_join(later)} không thể ở đơn vị làm điểm)"
    return f"{text}."


def _join(breaches: Iterable[Breach]) -> str:
    return ", ".join(sorted(breach.code for breach in breaches))
