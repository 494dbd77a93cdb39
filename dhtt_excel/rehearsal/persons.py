"""Invent persons and the unit that they live in: names, years of birth, walks of life. All made up, all seeded.

No person stands in two units, though each unit is invented alone: a name and a year of birth belong to the one unit
that a checksum gives them to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import chain
from random import Random
from typing import Any
from zlib import crc32

from dhtt_excel.form.form import Form
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.rehearsal.words import EMPLOYED, WORDS, Rank, Sex, Walk
from dhtt_excel.text.vietnamese import capitalize, fold, format_number, name_key

Row = dict[str, Any]


@dataclass
class Setting:
    """One unit that is being invented: its plan, its dice, its words, and what has been given away."""

    plan: Plan
    form: Form
    unit: Unit
    rng: Random
    words: dict[str, str]
    parts: int
    levels: dict[Rank, str]
    names: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    ranks: dict[str, Rank] = field(default_factory=dict)
    found: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def upper(self) -> bool:
        return self.unit.level == "upper"

    def value(self, list_name: str, key: str) -> str:
        """The plan's value for what the words call so; `list_name`: "occupations", "fields" or "sectors"."""
        return self.nearest(list_name, WORDS.hints[list_name][key])

    def nearest(self, list_name: str, hint: str) -> str:
        """The plan's value that fits the hint best: the same, an alias, a longer or shorter name, else the last."""
        key = list_name, hint
        if key not in self.found:
            self.found[key] = _find_value(self.plan, list_name, hint)
        return self.found[key]


def _find_value(plan: Plan, list_name: str, hint: str) -> str:
    wanted, choices = fold(hint), plan.lists.choices(list_name)
    spellings = [(fold(s), c.value) for c in choices for s in (c.value, *c.aliases)]
    same = (value for key, value in spellings if key == wanted)
    near = (value for key, value in spellings if wanted in key or key in wanted)
    return next(chain(same, near), choices[-1].value)


def prepare_setting(plan: Plan, form: Form, unit: Unit, seed: int) -> Setting:
    """The dice and words of this unit."""
    rng = roll_dice(plan, unit, seed, "workbook")
    parts = len(plan.local_units) if unit.level == "upper" else rng.randint(11, 24)
    places, levels = name_places(plan, unit), level_names(plan)
    return Setting(
        plan, form, unit, rng, {**places, **_invent_facts(plan, unit, rng, parts, places["part"])}, parts, levels
    )


def roll_dice(plan: Plan, unit: Unit, seed: int, purpose: str) -> Random:
    """Dice that give the same for the same plan, unit, seed and purpose."""
    return Random(f"{plan.id}/{unit.code}/{seed}/{purpose}")  # noqa: S311


def name_places(plan: Plan, unit: Unit) -> dict[str, str]:
    """The words that name this unit, its offices and the level above it, as the plan calls them."""
    upper_unit = plan.upper_unit
    noun, upper_noun = plan.noun_of(unit), plan.noun_of(upper_unit)
    title, upper = f"{noun} {unit.name}", f"{upper_noun} {upper_unit.name}"
    above = plan.levels.above
    offices = WORDS.places.offices["province" if upper_noun in WORDS.places.provinces else "district"]
    hamlet = WORDS.places.hamlets.get(noun, WORDS.places.hamlet)
    party = _name_committee(noun) if unit.level == "upper" else f"Đảng ủy {title}"
    office = plan.office_of(unit)
    return {
        "unit": title, "unit_start": capitalize(title), "name": unit.name, "upper_noun": upper_noun, "upper": upper, "above": above,
        "hamlet": hamlet.noun, "Hamlet": capitalize(hamlet.noun), "hamlet_head": hamlet.head,
        "road": hamlet.road, "Road": capitalize(hamlet.road), "lane": hamlet.lane,
        "party": party, "Party": capitalize(party), "office": office, **offices,
        "upper_office": above if unit.level == "upper" else plan.office_of(upper_unit),
        "upper_department": f"{plan.levels.upper.department or 'Văn phòng'} {upper}",
        "kindergarten": f"Trường Mầm non {unit.name}", "primary": f"Trường Tiểu học {unit.name}", "secondary": f"Trường THCS {unit.name}",
        "part": plan.levels.local.noun if unit.level == "upper" else hamlet.noun,
    }  # fmt: skip


def _name_committee(noun: str) -> str:
    return WORDS.places.parties.get(noun, f"{capitalize(noun)} ủy")


def level_names(plan: Plan) -> dict[Rank, str]:
    """Rank of an award -> the plan's level of award."""
    values = [c.value for c in plan.lists.award_levels]
    places = {fold(value): place for place, value in enumerate(values)}
    commune = places.get(fold(plan.levels.local.noun), len(values) - 1)
    upper = places.get(fold(plan.levels.upper.noun), max(0, commune - 1))
    above = plan.levels.upper.noun in WORDS.places.provinces
    province, district = (upper, commune) if above else (max(0, upper - 1), upper)
    ranks: dict[Rank, int] = {
        "state": 0, "government": 1, "ministry": 2, "province": province, "district": district, "commune": commune,
    }  # fmt: skip
    return {rank: values[min(place, len(values) - 1)] for rank, place in ranks.items()}


def _invent_facts(plan: Plan, unit: Unit, rng: Random, parts: int, part: str) -> dict[str, str]:
    """Numbers of the unit that its report repeats."""
    size = parts if unit.level == "upper" else 1
    households, poor = rng.randint(1100, 4200) * size, rng.randint(12, 48) * size
    years = [int(year) for year in re.findall(r"\d{4}", plan.period)] or [plan.year - 5, plan.year]
    numbers = {
        "households": households, "people": households * rng.randint(34, 41) // 10, "firms": rng.randint(180, 940) * size,
        "poor": poor, "poor_left": max(1, poor // rng.randint(6, 12)), "fund": rng.randint(30, 240) * 10 * size,
    }  # fmt: skip
    return {
        **{key: format_number(number) for key, number in numbers.items()},
        "parts": f"{parts} {part}", "few": str(rng.randint(1, max(1, parts // 4))), "share": str(rng.randrange(50, 70, 5)),
        "over": str(rng.randint(101, 118)), "month": str(rng.randint(10, 12)), "period": plan.period,
        "first_year": str(years[0]), "last_year": str(plan.year - 1), "year": str(plan.year), "next_year": str(years[-1] + 5),
        "next_period": f"{years[-1]} - {years[-1] + 5}",
    }  # fmt: skip


def draw_scene(setting: Setting) -> dict[str, Any]:
    """The unit's words with numbers and firm names drawn anew, to fill one or several templates alike."""
    rng = setting.rng
    numbers = {
        "a": rng.randint(12, 95), "b": rng.randint(2, 9), "c": rng.randrange(20, 485, 5), "d": rng.randint(3, 25), "p": rng.randint(86, 99),
        "n": rng.randint(1, max(setting.parts, 10)),
    }  # fmt: skip
    drawn = {key: rng.choice(pool) for key, pool in WORDS.pools.items()}
    return {**setting.words, **numbers, **drawn, "firm": f"{drawn['first']} {drawn['last']}"}


def fill_template(setting: Setting, template: str) -> str:
    return template.format_map(draw_scene(setting)) if "{" in template else template


# ---------------------------------------------------------------- persons


def invent_person(setting: Setting, sex: Sex, youngest: int, oldest: int, religion: str = "") -> Row:
    """A person of this age whom no other unit can have: name, gender, year of birth, ethnic group, religion."""
    plan, rng = setting.plan, setting.rng
    ethnicity = _pick_weighted(rng, WORDS.persons.ethnicities)
    belief = religion or _pick_weighted(rng, WORDS.persons.religions)
    while True:
        name = _invent_name(rng, sex, WORDS.persons.ethnic_families.get(ethnicity))
        year = _choose_year(setting, name, plan.year - oldest, plan.year - youngest)
        if year and name not in WORDS.persons.public and name_key(name) not in setting.names:
            break
    setting.names.add(name_key(name))
    return {
        "name": name,
        "gender": gender_value(plan, sex),
        "birth_year": year,
        "ethnicity": setting.nearest("ethnicities", ethnicity),
        "religion": setting.nearest("religions", belief),
    }


def gender_value(plan: Plan, sex: Sex) -> str:
    female = plan.lists.value("genders", "female")
    return female if sex == "female" else next(c.value for c in plan.lists.genders if c.value != female)


def _pick_weighted(rng: Random, weights: dict[str, float]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def _invent_name(rng: Random, sex: Sex, families: tuple[str, ...] | None) -> str:
    while True:
        family = rng.choice(families) if families else _pick_weighted(rng, WORDS.persons.families)
        name = f"{family} {_pick_weighted(rng, WORDS.persons.middles[sex])} {rng.choice(WORDS.persons.givens[sex])}"
        syllables = name.split()
        if len(set(syllables)) == len(syllables):
            return name


def _choose_year(setting: Setting, name: str, first: int, last: int) -> int | None:
    """A year of birth which, with this name, belongs to this unit and to no other; None where the years have none."""
    ages, codes = setting.plan.ages, sorted(setting.plan.units_by_code)
    first, last = max(first, ages.born_first), min(last, ages.born_last)
    place = codes.index(setting.unit.code) - crc32(name.encode())
    years = range(first + (place - first) % len(codes), last + 1, len(codes))
    return setting.rng.choice(years) if years else None


def place_person(setting: Setting, walk: Walk, scene: dict[str, Any] | None = None) -> Row:
    """Someone of this walk of life: the person with post, organisation, occupation, field and sector."""
    sex: Sex = "female" if setting.rng.random() < walk.women else "male"
    youngest, oldest = walk.ages
    if walk.occupation in EMPLOYED:
        oldest = min(oldest, WORDS.persons.retirement[sex])
    person = invent_person(setting, sex, youngest, oldest, walk.religion)
    scene = {**(scene or draw_scene(setting)), "grade": setting.plan.year - person["birth_year"] - 6}
    return {
        **person,
        "position": walk.position.format_map(scene),
        "organisation": walk.organisation.format_map(scene),
        "occupation": setting.value("occupations", walk.occupation),
        "field": setting.value("fields", walk.field),
        "sector": setting.value("sectors", walk.sector),
        "direct_worker": walk.direct,
    }
