"""Invent a unit's delegates: exemplars and guests in the plan's shares, nominees for the upper conference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, repeat
from random import Random
from typing import Any

from dhtt_excel.plan.code_lists import Category
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.rehearsal.persons import Row, Setting, draw_scene, name_places, place_person, roll_dice
from dhtt_excel.rehearsal.words import EMPLOYED, WORDS, Walk
from dhtt_excel.text.vietnamese import capitalize, fold, name_key

FEWEST, MOST = 60, 150  # delegates of one workbook
NOMINEES = (5, 9)  # from one local unit

Post = tuple[Walk, dict[str, Any]]


def invent_delegates(setting: Setting, seed: int) -> list[Row]:
    """The unit's delegates: exemplars and guests in the plan's shares, for the upper unit in those of its conference."""
    plan, rng = setting.plan, setting.rng
    if setting.upper:
        exemplars, guests = size_upper(plan, seed)
    else:
        total = rng.choice((rng.randint(FEWEST, MOST), rng.randint(FEWEST, 110)))
        exemplars = nearest_share(plan, total)
        guests = total - exemplars
    leading = invent_heads(setting, max(1, exemplars * rng.randint(18, 28) // 100))[:exemplars]
    singles = [_place_single(setting, walk) for walk in _walks_of_persons(setting, exemplars - len(leading))]
    if setting.upper:
        _cover_groups(setting, leading, singles)
    elif leading or singles:
        _nominate(rng, [*leading, *singles], count_nominees(plan, setting.unit, seed))
    invited = _invent_guests(setting, guests)
    return [*leading, *singles, *invited] if rng.random() < 0.7 else [*invited, *leading, *singles]


def nearest_share(plan: Plan, total: int) -> int:
    """How many of `total` are exemplars: the plan's share to the nearest whole person."""
    return (total * plan.shares.exemplars + 50) // 100


def count_nominees(plan: Plan, unit: Unit, seed: int) -> int:
    """How many exemplars a local unit nominates: few enough that all of them fit into the upper conference."""
    room = plan.conference.upper.max_delegates * plan.shares.exemplars // 100 // len(plan.local_units)
    most = max(1, min(NOMINEES[1], room))
    return roll_dice(plan, unit, seed, "nominees").randint(min(NOMINEES[0], most), most)


def size_upper(plan: Plan, seed: int) -> tuple[int, int]:
    """The upper unit's own exemplars and guests: with every local unit's nominees they make the plan's shares."""
    nominees = sum(count_nominees(plan, unit, seed) for unit in plan.local_units)
    limit = max(plan.conference.upper.max_delegates, nominees)
    fewest = min(limit, max(nominees + FEWEST, -(-nominees * 100 // plan.shares.exemplars)))
    most = max(fewest, min(limit, nominees + MOST))
    total = roll_dice(plan, plan.upper_unit, seed, "size").randint(max(fewest, most - 30), most)
    exemplars = max(nearest_share(plan, total), nominees)
    return exemplars - nominees, total - exemplars


def invent_heads(setting: Setting, count: int) -> list[Row]:
    """Exemplars who each stand for a collective, none of them named twice."""
    rng = setting.rng
    walks = WORDS.levels[setting.unit.level].heads
    again = [w for w in walks if w.weight > 1] or [w for w in walks if "{firm}" in w.collective]
    endless = (rng.choices(again, [w.weight for w in again])[0] for _ in repeat(None))
    rows: list[Row] = []
    for walk in chain(rng.sample(walks, len(walks)), endless):
        if len(rows) >= count:
            break
        scene = draw_scene(setting)
        collective = walk.collective.format_map(scene)
        if name_key(collective) not in setting.used:
            setting.used.add(name_key(collective))
            category = setting.plan.lists.value("categories", "collective")
            rows.append({**place_person(setting, walk, scene), "category": category, "collective": collective})
    return rows


def _walks_of_persons(setting: Setting, count: int) -> list[Walk]:
    """By weight; in the upper unit, where every field must be present, each walk once before any twice."""
    rng = setting.rng
    walks = WORDS.levels[setting.unit.level].persons
    once = rng.sample(walks, len(walks))[:count] if setting.upper else []
    return [*once, *rng.choices(walks, [w.weight for w in walks], k=count - len(once))]


def _place_single(setting: Setting, walk: Walk) -> Row:
    exemplary = [c for c in setting.plan.lists.categories if c.group == "exemplar"]
    kinds = [c.value for c in exemplary if c.key != "collective"]
    serving = walk.occupation in (*EMPLOYED, "armed")
    fitting = [k for k in kinds if serving or "chiensi" not in fold(k)] or kinds or [c.value for c in exemplary]
    return {**place_person(setting, walk), "category": setting.rng.choice(fitting)}


def _nominate(rng: Random, exemplars: Sequence[Row], count: int) -> None:
    """Mark nominees, of as many fields as there are."""
    seen: Counter[str] = Counter()
    ranked: list[tuple[int, int]] = []
    for place in rng.sample(range(len(exemplars)), len(exemplars)):
        seen[exemplars[place]["field"]] += 1
        ranked.append((seen[exemplars[place]["field"]], place))
    for _, place in sorted(ranked, key=lambda pair: pair[0])[:count]:
        exemplars[place]["nominated"] = True


def _cover_groups(setting: Setting, leading: Iterable[Row], singles: Sequence[Row]) -> None:
    """Give an exemplar the value of a group which the upper conference must have and chance has left out."""
    everyone = [*leading, *singles]
    columns = setting.form.tables["delegates"].by_key
    for group in setting.plan.coverage:
        column = group.column
        if not singles or column not in columns or not columns[column].choices:
            continue
        listed = [c.value for c in setting.plan.lists.choices(columns[column].choices)]
        values = list(group.values) or [v for v in listed if v not in group.leave_out]
        needed = [[v] for v in values] if group.each else [values]
        for wanted in needed:
            counts = Counter(row[column] for row in everyone)
            if wanted and not any(counts[v] for v in wanted):
                setting.rng.choice([r for r in singles if counts[r[column]] > 1] or list(singles))[column] = wanted[0]


# ---------------------------------------------------------------- guests


def _invent_guests(setting: Setting, count: int) -> list[Row]:
    """Guests of every kind that the plan expects, most of them leaders."""
    plan, rng = setting.plan, setting.rng
    kinds = [c for c in plan.lists.categories if c.group == "guest"]
    expected = [c for c in kinds if c.expected] or kinds[:1]
    general = next((c for c in expected if WORDS.bodies.every_level in c.value), expected[0])
    others = [c for c in kinds if not c.expected]
    filling = rng.choices([general, *others], [6, *(1 for _ in others)], k=max(0, count - len(expected)))
    chosen = sorted([*expected, *filling][:count], key=kinds.index)
    leaders, friends = _list_leaders(setting), _list_friends(setting)
    rows = []
    for kind in chosen:
        post = _post_of_body(setting, kind)
        walk, scene = post or next(leaders if kind is general else friends)
        rows.append({**place_person(setting, walk, scene), "category": kind.value})
    return rows


def _post_of_body(setting: Setting, kind: Category) -> Post | None:
    """A kind that names a body ("Lãnh đạo Ban TĐ-KT …") says where its guests come from."""
    bodies = WORDS.bodies
    for role, posts in bodies.posts.items():
        if kind.value.startswith(role) and bodies.every_level not in kind.value:
            body = kind.value.removeprefix(role).strip().replace(bodies.short, bodies.long)
            return Walk(setting.rng.choice(posts), capitalize(body), "official", "rule", ages=(34, 58), women=0.4), {}
    return None


def _list_leaders(setting: Setting) -> Iterator[Post]:
    """Leaders without end: each post once, then those that there are many of."""
    words = WORDS.levels[setting.unit.level]
    for walk in (w for w in words.leaders if w.weight == 1):
        yield walk, draw_scene(setting)
    if setting.upper:
        deputies = [
            (walk, name_places(setting.plan, unit)) for walk in words.deputies for unit in setting.plan.local_units
        ]
        for walk, places in setting.rng.sample(deputies, len(deputies)):
            yield walk, {**draw_scene(setting), **places}
    yield from _list_many(setting, [w for w in words.leaders if w.weight > 1])


def _list_friends(setting: Setting) -> Iterator[Post]:
    yield from _list_many(setting, WORDS.levels[setting.unit.level].guests)


def _list_many(setting: Setting, walks: Sequence[Walk]) -> Iterator[Post]:
    """Posts by weight without end, none twice while there are others."""
    refused = 0
    while True:
        walk, scene = setting.rng.choices(walks, [w.weight for w in walks])[0], draw_scene(setting)
        post = f"{walk.position} / {walk.organisation}".format_map(scene)
        if post not in setting.used or refused > 40:
            setting.used.add(post)
            refused = 0
            yield walk, scene
        else:
            refused += 1
