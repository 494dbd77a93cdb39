"""Quota advice: no cheaper change exists, and what is said leads to where the plan wants it."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhtt_excel.form.check_lines import EXEMPLARS, GUESTS, formula_needed
from dhtt_excel.plan.plan import Plan, Shares
from dhtt_excel.plan.shares import (
    Shift,
    advise_limit,
    advise_shares,
    describe_change,
    describe_shares,
    find_room,
    find_smallest_change,
    shares_hold,
)

SHARES = Shares(exemplars=70, guests=30, tolerance=5)
SMALL = 30
COUNTS = st.integers(0, 2000)


def cost(exemplars: int, guests: int, target: tuple[int, int]) -> int:
    """Moved, added and removed people, counted one by one."""
    less = sum(max(0, a - b) for a, b in zip((exemplars, guests), target, strict=True))
    more = sum(max(0, b - a) for a, b in zip((exemplars, guests), target, strict=True))
    return max(less, more)  # one less here and one more there is one person moved


def cheapest(exemplars: int, guests: int, limit: int | None) -> int:
    """Over all targets, not one of them left out."""
    most = 2 * (exemplars + guests) + 3
    return min(
        cost(exemplars, guests, (e, g))
        for e in range(most)
        for g in range(most)
        if e + g and shares_hold(e, g, SHARES) and (limit is None or e + g <= limit)
    )


def reached(exemplars: int, guests: int, change: Shift) -> tuple[int, int]:
    return exemplars + change.exemplars, guests + change.guests


@pytest.mark.parametrize("limit", [None, 1, 2, 10, 23])
def test_no_cheaper_change_exists(limit: int | None) -> None:
    for e in range(0, SMALL + 1, 1 if limit is None else 3):
        for g in range(SMALL + 1) if e % 3 == 0 else (0, 1, 7, 29, 30):
            if e + g:
                change = find_smallest_change(e, g, SHARES, limit)
                target = reached(e, g, change)
                assert shares_hold(*target, SHARES)
                assert limit is None or sum(target) <= limit
                assert change.people == cost(e, g, target) == cheapest(e, g, limit), (e, g, limit)


@given(COUNTS, COUNTS, st.none() | st.integers(1, 2500))
def test_large_numbers(exemplars: int, guests: int, limit: int | None) -> None:
    """No target with as many people, or about as many, is cheaper."""
    change = find_smallest_change(exemplars, guests, SHARES, limit)
    if not exemplars + guests:
        assert change == (0, 0)
        return
    target = reached(exemplars, guests, change)
    assert shares_hold(*target, SHARES)
    assert min(target) >= 0
    assert sum(target) > 0
    most = exemplars + guests if limit is None else min(limit, exemplars + guests)
    for total in range(max(1, most - 20), most + (21 if limit is None else 1)):
        for e in (total * 7 // 10, total * 7 // 10 + 1):
            if e <= total and shares_hold(e, total - e, SHARES):
                assert change.people <= cost(exemplars, guests, (e, total - e))


@given(st.integers(0, 320), st.integers(0, 320), st.integers(1, 320))
def test_room_is_the_most_that_can_be_added(exemplars: int, guests: int, limit: int) -> None:
    ends = [
        (e, total - e)
        for total in range(exemplars + guests, limit + 1)
        for e in (total * 7 // 10, total * 7 // 10 + 1)
        if exemplars <= e <= total - guests and shares_hold(e, total - e, SHARES)
    ]
    room = find_room(exemplars, guests, SHARES, limit)
    if room is None:
        assert not ends
    else:
        assert reached(exemplars, guests, room) in ends
        assert sum(reached(exemplars, guests, room)) == max(map(sum, ends))


@pytest.mark.parametrize(("total", "needed"), [(0, 0), (1, 1), (2, 1), (10, 7), (299, 209), (300, 210), (301, 211)])
def test_boundaries(total: int, needed: int) -> None:
    assert f"cần {needed} điển hình, {total - needed} khách mời" in describe_shares(total, 0, SHARES)
    if total:
        assert reached(0, total, find_smallest_change(0, total, SHARES)) == (needed, total - needed)
    assert advise_shares(needed, total - needed, SHARES) == ""


def test_the_conference_at_its_limit() -> None:
    assert advise_shares(200, 100, SHARES, limit=300) == (
        "Ít thay đổi nhất: chuyển 10 người từ khách mời sang điển hình; hoặc chỉ bớt 14 khách mời."
    )
    assert "thêm" in advise_shares(200, 100, SHARES)
    assert advise_limit(217, 93, 0, SHARES, 300) == "Bớt 10 đại biểu: 7 điển hình, 3 khách mời; còn 300 (210/90)."
    assert advise_limit(211, 90, 0, SHARES, 300) == "Bớt 1 đại biểu: 1 điển hình; còn 300 (210/90)."
    assert advise_limit(250, 60, 0, SHARES, 300) == (
        "Bớt 10 đại biểu: 10 điển hình, chuyển 30 người từ điển hình sang khách mời; còn 300 (210/90)."
    )
    assert advise_limit(212, 90, 1, SHARES, 300).endswith("còn 300 (209/90, 1 chưa rõ thành phần).")
    assert advise_limit(3, 4, 300, SHARES, 300) == "Bớt 7 đại biểu."


def test_words_say_the_rounding() -> None:
    assert describe_shares(14, 9, SHARES) == (
        "23 đại biểu: cần 16 điển hình, 7 khách mời (70% của 23 là 16,1, làm tròn 16); hiện 14/9"
    )
    assert describe_shares(66, 44, SHARES) == "110 đại biểu: cần 77 điển hình, 33 khách mời; hiện 66/44"
    assert "là 17,5, làm tròn 17 hoặc 18)" in describe_shares(5, 20, SHARES)
    assert advise_shares(14, 9, SHARES) == (
        "Ít thay đổi nhất: chuyển 2 người từ khách mời sang điển hình; hoặc chỉ thêm 6 điển hình; "
        "hoặc chỉ bớt 3 khách mời."
    )


@given(COUNTS, COUNTS)
def test_every_way_that_is_offered_complies(exemplars: int, guests: int) -> None:
    signs = {"thêm": 1, "bớt": -1}
    for verb, count, group in re.findall(
        r"chỉ (thêm|bớt) (\d+) (điển hình|khách mời)", advise_shares(exemplars, guests, SHARES)
    ):
        change = signs[verb] * int(count)
        e, g = (exemplars + change, guests) if group == "điển hình" else (exemplars, guests + change)
        assert shares_hold(e, g, SHARES)
        assert min(e, g) >= 0


def test_a_mixed_change_in_words() -> None:
    assert describe_change(Shift(-10, 4)) == "bớt 6 điển hình và chuyển 4 người từ điển hình sang khách mời"
    assert describe_change(Shift(3, -1)) == "thêm 2 điển hình và chuyển 1 người từ khách mời sang điển hình"


def test_other_shares(plan: Plan) -> None:
    shares = Shares(exemplars=65, guests=35, tolerance=0)
    assert "65% của 7 là 4,55, làm tròn 5" in describe_shares(0, 7, shares)


@given(COUNTS, COUNTS)
def test_the_form_asks_for_the_smallest_change(exemplars: int, guests: int) -> None:
    """The formula, reckoned here: sheet "Kiểm tra" and the list of delegates show what it gives."""
    change = find_smallest_change(exemplars, guests, SHARES)
    wanted = reached(exemplars, guests, change) if exemplars + guests else (0, 0)
    if not shares_hold(exemplars, guests, SHARES):
        formula = formula_needed(SHARES).replace(EXEMPLARS, str(exemplars)).replace(GUESTS, str(guests))
        numbers = (
            eval(part, {"INT": math.floor, "IF": lambda condition, yes, no: yes if condition else no})
            for part in formula.split('&"/"&')
        )
        assert tuple(numbers) == wanted
