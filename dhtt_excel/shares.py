"""70 % exemplars and 30 % guests in whole people: what holds, how far off, the smallest change that complies."""

from __future__ import annotations

from dhtt_excel.plan import Shares


def shares_hold(exemplars: int, guests: int, shares: Shares) -> bool:
    """Whether the number of exemplars is the nearest whole person to their share (both, when two are as near)."""
    return abs(100 * exemplars - shares.exemplars * (exemplars + guests)) <= 50


def within_tolerance(exemplars: int, guests: int, shares: Shares) -> bool:
    """Whether the exemplars' percentage is off by no more than the plan's tolerance, in points."""
    total = exemplars + guests
    return abs(100 * exemplars - shares.exemplars * total) <= shares.tolerance * total


def needed_exemplars(exemplars: int, guests: int, shares: Shares) -> int:
    """The number of exemplars that holds for this total, the one nearest to the present number."""
    total = exemplars + guests
    return min(
        (e for e in range(total + 1) if shares_hold(e, total - e, shares)),
        key=lambda e: (abs(e - exemplars), e),
    )


def describe_shares(exemplars: int, guests: int, shares: Shares) -> str:
    """What there is and what is needed, in words: "23 đại biểu: cần 16 điển hình, 7 khách mời; hiện 14/9"."""
    total = exemplars + guests
    needed = needed_exemplars(exemplars, guests, shares)
    return f"{total} đại biểu: cần {needed} điển hình, {total - needed} khách mời; hiện {exemplars}/{guests}"


def advise_shares(exemplars: int, guests: int, shares: Shares) -> str:
    """The smallest changes that comply: by moving, by adding, by taking away."""
    moved = needed_exemplars(exemplars, guests, shares) - exemplars
    few, many = ("điển hình", "khách mời") if moved > 0 else ("khách mời", "điển hình")
    added = _count_steps(exemplars, guests, shares, step=(1, 0) if moved > 0 else (0, 1))
    removed = _count_steps(exemplars, guests, shares, step=(0, -1) if moved > 0 else (-1, 0))
    ways = [f"chuyển {abs(moved)} người từ {many} sang {few}", f"thêm {added} {few}", f"bớt {removed} {many}"]
    return f"Để đạt {shares.exemplars}/{shares.guests}: " + ", hoặc ".join(ways) + "."


def _count_steps(exemplars: int, guests: int, shares: Shares, *, step: tuple[int, int]) -> int:
    steps = 0
    while not shares_hold(exemplars, guests, shares):
        exemplars, guests, steps = exemplars + step[0], guests + step[1], steps + 1
    return steps
