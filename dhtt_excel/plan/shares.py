"""70 % exemplars and 30 % guests in whole people: what holds, how far off, the smallest change that complies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from dhtt_excel.plan.plan import Shares
from dhtt_excel.text.vietnamese import format_number


class Shift(NamedTuple):
    """How many exemplars and guests more (or fewer) there are to be; a person moved is one less and one more."""

    exemplars: int
    guests: int

    @property
    def people(self) -> int:
        """How many people it touches: a person moved from one group to the other counts once."""
        if self.exemplars * self.guests < 0:
            return max(abs(self.exemplars), abs(self.guests))
        return abs(self.exemplars) + abs(self.guests)


def shares_hold(exemplars: int, guests: int, shares: Shares) -> bool:
    """Whether the number of exemplars is the nearest whole person to their share (both, when two are as near)."""
    return abs(100 * exemplars - shares.exemplars * (exemplars + guests)) <= 50


def within_tolerance(exemplars: int, guests: int, shares: Shares) -> bool:
    """Whether the exemplars' percentage is off by no more than the plan's tolerance, in points."""
    total = exemplars + guests
    return abs(100 * exemplars - shares.exemplars * total) <= shares.tolerance * total


def _holding(total: int, shares: Shares) -> Iterable[int]:
    """The numbers of exemplars that hold for this total: one, or two that are as near."""
    below = shares.exemplars * total // 100
    return (e for e in (below, below + 1) if e <= total and shares_hold(e, total - e, shares))


def needed_exemplars(exemplars: int, guests: int, shares: Shares) -> int:
    """The number of exemplars that holds for this total, the one nearest to the present number."""
    return min(_holding(exemplars + guests, shares), key=lambda e: (abs(e - exemplars), e))


def count_guests(total: int, shares: Shares) -> int:
    """The least number of guests that a list of so many people may have."""
    return (shares.guests * total + 49) // 100


def find_smallest_change(exemplars: int, guests: int, shares: Shares, limit: int | None = None) -> Shift:
    """The change that touches the fewest people; of several the one that keeps the total nearest to the present.

    At least one person stays, so `limit`, the most people there may be, is at least 1.
    """
    total = exemplars + guests
    if not total:
        return Shift(0, 0)
    most = total if limit is None else min(total, limit)
    far = max(Shift(e - exemplars, most - e - guests).people for e in _holding(most, shares))
    last = total + far if limit is None else min(total + far, limit)
    changes = (
        Shift(e - exemplars, reached - e - guests)
        for reached in range(max(1, total - far), last + 1)  # a change of the total touches as many people
        for e in _holding(reached, shares)
    )
    return min(changes, key=lambda c: (c.people, abs(c.exemplars + c.guests), abs(c.exemplars), c))


def find_room(exemplars: int, guests: int, shares: Shares, limit: int) -> Shift | None:
    """The most people who can be added up to `limit` so that the shares hold in the end; None where none can."""
    total = exemplars + guests
    return next(
        (
            Shift(e - exemplars, reached - e - guests)
            for reached in range(limit, total - 1, -1)
            for e in _holding(reached, shares)
            if e >= exemplars and reached - e >= guests
        ),
        None,
    )


def describe_shares(exemplars: int, guests: int, shares: Shares) -> str:
    """What there is and what is needed, in words; the rounding is said where there is one.

    "23 đại biểu: cần 16 điển hình, 7 khách mời (70% của 23 là 16,1, làm tròn 16); hiện 14/9".
    """
    total = exemplars + guests
    needed = needed_exemplars(exemplars, guests, shares)
    hundredths = shares.exemplars * total
    rounding = ""
    if hundredths % 100:
        exact = format_number(hundredths / 100, 2 if hundredths % 10 else 1)
        rounded = " hoặc ".join(map(str, _holding(total, shares)))
        rounding = f" ({shares.exemplars}% của {total} là {exact}, làm tròn {rounded})"
    return f"{total} đại biểu: cần {needed} điển hình, {total - needed} khách mời{rounding}; hiện {exemplars}/{guests}"


def advise_shares(exemplars: int, guests: int, shares: Shares, *, limit: int | None = None) -> str:
    """The smallest change that complies, then those that only add and only take away; "" where nothing is to change.

    Nothing is offered that leads beyond `limit`.
    """
    smallest = find_smallest_change(exemplars, guests, shares, limit)
    if not smallest.people:
        return ""
    few = exemplars * 100 < shares.exemplars * (exemplars + guests)
    added, removed = (Shift(1, 0), Shift(0, -1)) if few else (Shift(0, 1), Shift(-1, 0))
    others = [_repeat(exemplars, guests, shares, step, limit) for step in (added, removed)]
    ways = [f"hoặc chỉ {describe_change(other)}" for other in others if other and other != smallest]
    return "; ".join([f"Ít thay đổi nhất: {describe_change(smallest)}", *ways]) + "."


def _repeat(exemplars: int, guests: int, shares: Shares, step: Shift, limit: int | None) -> Shift | None:
    """The same step until the shares hold and the limit is kept; None where that leaves nobody of a group."""
    e, g = exemplars, guests
    while not shares_hold(e, g, shares) or (limit is not None and e + g > limit):
        e, g = e + step.exemplars, g + step.guests
        too_many = sum(step) > 0 and limit is not None and e + g > limit
        if too_many or (sum(step) < 0 and min(e, g) < 1):
            return None
    return Shift(e - exemplars, g - guests)


def describe_change(change: Shift) -> str:
    """ "bớt 10 điển hình và chuyển 5 người từ điển hình sang khách mời"."""
    moved = min(abs(change.exemplars), abs(change.guests)) if change.exemplars * change.guests < 0 else 0
    parts = []
    for name, count in (("điển hình", change.exemplars), ("khách mời", change.guests)):
        if left := abs(count) - moved:
            parts.append(f"{'thêm' if count > 0 else 'bớt'} {left} {name}")
    if moved:
        way = "từ khách mời sang điển hình" if change.exemplars > 0 else "từ điển hình sang khách mời"
        parts.append(f"chuyển {moved} người {way}")
    return " và ".join(parts)


def advise_limit(exemplars: int, guests: int, unknown: int, shares: Shares, limit: int) -> str:
    """For more people than `limit`: the smallest change that keeps both the limit and the shares.

    `unknown` are those of neither group, who stay: "Bớt 10 đại biểu: 6 điển hình, 4 khách mời; còn 300 (210/90)."
    """
    removed, room = exemplars + guests + unknown - limit, limit - unknown
    if room < 1:
        return f"Bớt {removed} đại biểu."
    change = find_smallest_change(exemplars, guests, shares, room)
    e, g = exemplars + change.exemplars, guests + change.guests
    ways = describe_change(change).replace("bớt ", "").replace(" và ", ", ")
    rest = f", {unknown} chưa rõ thành phần" if unknown else ""
    return f"Bớt {removed} đại biểu: {ways}; còn {limit} ({e}/{g}{rest})."
