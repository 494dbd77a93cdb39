"""Invent a unit's honourees, with titles that fit them, and its awards of five years."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from dhtt_excel.plan.code_lists import Award
from dhtt_excel.rehearsal.delegates import invent_heads
from dhtt_excel.rehearsal.persons import Row, Setting, fill_template, invent_person, place_person
from dhtt_excel.rehearsal.words import EMPLOYED, WORDS, Movement, Occupation, Rank, Sex
from dhtt_excel.text.vietnamese import fold


def invent_honourees(setting: Setting, delegates: Sequence[Row], held: date) -> list[Row]:
    """Persons, collectives and households, most of them delegates; together they use every movement."""
    rng, lists = setting.rng, setting.plan.lists
    total = rng.choice((rng.randint(20, 60), rng.randint(20, 40)))
    exemplars = [row for row in delegates if setting.plan.group_of_category[row["category"]] == "exemplar"]
    standing = [row for row in exemplars if row.get("collective")]
    singles = [row for row in exemplars if not row.get("collective")]
    collectives, households = total * rng.randint(18, 26) // 100, rng.randint(1, 4)
    heads = rng.sample(standing, min(len(standing), collectives * 2 // 3))
    heads += invent_heads(setting, collectives - len(heads))
    wanted = max(1, total - collectives - households)
    persons = rng.sample(singles, min(len(singles), wanted * 4 // 5))
    persons += [_place_newcomer(setting) for _ in range(wanted - len(persons))]
    rows = [_honour(setting, "person", row, row["name"], held) for row in persons]
    rows += [_honour(setting, "collective", row, row["collective"], held) for row in heads]
    _assign_movements(setting, rows)
    if any("household" in award.recipients for award in lists.awards):
        rows += [_honour_household(setting, held) for _ in range(households)]
    return rows


def _place_newcomer(setting: Setting) -> Row:
    walks = WORDS.levels[setting.unit.level].persons
    return place_person(setting, setting.rng.choices(walks, [w.weight for w in walks])[0])


def _honour(setting: Setting, kind: str, row: Row, name: str, held: date) -> Row:
    """An honouree of this kind, with a title that fits."""
    person = kind == "person"
    award, rank = _choose_award(setting, kind, row)
    return {
        "kind": setting.plan.lists.value("honouree_kinds", kind),
        "name": name,
        "gender": row["gender"] if person else None,
        "birth_year": row["birth_year"] if person else None,
        "organisation": row["organisation"],
        "award": award,
        "award_level": setting.levels[rank],
        "decision": _invent_decision(setting, rank, held),
        "field": row["field"],
        "direct_worker": person and row["direct_worker"],
        "occupation": row["occupation"],
    }


def _honour_household(setting: Setting, held: date) -> Row:
    sex: Sex = setting.rng.choice(("male", "female"))
    person = invent_person(setting, sex, 45, 76)
    home = setting.plan.name_of(setting.rng.choice(setting.plan.local_units))
    organisation = home if setting.upper else fill_template(setting, "{Hamlet} số {n}")
    row = {**person, "organisation": organisation, "occupation": "", "field": setting.value("fields", "other")}
    honoured = _honour(setting, "household", row, WORDS.deeds.household_names[sex].format(person=person["name"]), held)
    honoured["movement"] = setting.rng.choice(
        [m for m in list_movements(setting) if not _find_movement(m).fields] or list_movements(setting)
    )
    honoured["achievement"] = fill_template(setting, setting.rng.choice(WORDS.deeds.household))
    return honoured


def _choose_award(setting: Setting, kind: str, row: Row) -> tuple[str, Rank]:
    """A title for this kind of honouree and occupation, and its rank: high ones are rare."""
    allowed = [award for award in setting.plan.lists.awards if kind in award.recipients]
    fitting = [award for award in allowed if _award_fits(setting, award, row)] or allowed
    ranked = [(award.value, rank_award(setting, award)) for award in fitting]
    ranked = [(award, rank) for award, rank in ranked if not (setting.upper and rank == "commune")] or ranked
    weights = [WORDS.awards.ranks[rank].weight * (0.1 if _is_rare(award) else 1) for award, rank in ranked]
    return setting.rng.choices(ranked, weights)[0]


def _is_rare(award: str) -> bool:
    return any(part in award for part in WORDS.awards.rare)


def _award_fits(setting: Setting, award: Award, row: Row) -> bool:
    key, titles = fold(award.value), WORDS.awards

    def serves(occupations: Iterable[Occupation]) -> bool:
        return row["occupation"] in {setting.value("occupations", occupation) for occupation in occupations}

    def is_named(parts: Iterable[str]) -> bool:
        return any(fold(part) in key for part in parts)

    if key.startswith(fold(WORDS.other)) or is_named(titles.unit):
        return False
    if any(is_named([title.part]) and not serves(title.occupations) for title in titles.holders):
        return False
    if is_named(titles.armed):
        return serves(["armed"])
    if is_named(titles.working):
        return serves(EMPLOYED)
    if is_named(titles.hamlet):
        return str(row.get("collective", "")).startswith(f"{setting.words['Hamlet']} số")
    return True


def rank_award(setting: Setting, award: Award) -> Rank:
    """How high the award is given: by the level in its name, else by what it is."""
    if award.value not in setting.ranks:
        named = [rank for rank, level in setting.levels.items() if f" {level.lower()} " in f" {award.value.lower()} "]
        by_kind = (rank for part, rank in WORDS.awards.named if fold(part) in fold(award.value))
        setting.ranks[award.value] = named[-1] if named else next(by_kind)
    return setting.ranks[award.value]


def _invent_decision(setting: Setting, rank: Rank, held: date) -> str:
    number = setting.rng.randint(12, 4800)
    day = min(held, setting.plan.date) - timedelta(days=setting.rng.randint(5, 320))
    return f"{number}/{WORDS.awards.ranks[rank].decision} ngày {day:%d/%m/%Y}"


def list_movements(setting: Setting) -> list[str]:
    return [m.value for m in setting.plan.lists.movements]


def _find_movement(name: str) -> Movement:
    return next(known for known in WORDS.movements if fold(known.part) in fold(name))


def _assign_movements(setting: Setting, rows: list[Row]) -> None:
    """Give each honouree a movement that suits its field and a deed in it; every movement goes to someone."""
    rng = setting.rng
    pupil, owner = (setting.value("occupations", key) for key in ("pupil", "owner"))
    suited = {m: {setting.value("fields", f) for f in _find_movement(m).fields} for m in list_movements(setting)}
    free = [row for row in rng.sample(rows, len(rows)) if row["occupation"] != pupil]
    for movement, fields in suited.items():
        row = next((r for r in free if r["field"] in fields), None) or next(iter(free), None)
        if row:
            row["movement"] = movement
            free.remove(row)
    for row in rows:
        if "movement" not in row:
            special = [m for m, fields in suited.items() if row["field"] in fields and row["occupation"] != pupil]
            general = [m for m, fields in suited.items() if not fields] or list(suited)
            row["movement"] = rng.choice(special if special and rng.random() < 0.75 else general)
        deeds = _find_movement(row["movement"]).deeds
        if row["occupation"] == pupil:
            deeds = WORDS.deeds.pupil
        elif row["birth_year"] is None and not suited[row["movement"]]:
            deeds = WORDS.movements[-1].deeds
        elif row["birth_year"] and row["occupation"] != owner and fold(WORDS.deeds.enterprise) in fold(row["movement"]):
            deeds = WORDS.deeds.worker
        row["achievement"] = fill_template(setting, rng.choice(deeds))


def count_awards(setting: Setting, honourees: Sequence[Row]) -> list[Row]:
    """Awards of five years, by the lines of the form; a cell that the award does not allow stays empty."""
    plan, rng = setting.plan, setting.rng
    size = len(plan.local_units) if setting.upper else 1
    labels = {key: plan.lists.value("honouree_kinds", key) for key in ("person", "collective", "household")}
    rows = []
    for award in plan.lists.awards:
        rank = rank_award(setting, award)
        honoured = [row["kind"] for row in honourees if row["award"] == award.value]
        collectives, persons = (
            rng.randint(most // 3, most) * size
            for most in (WORDS.awards.rare_most if _is_rare(award.value) else WORDS.awards.ranks[rank].most)
        )
        row: Row = {}
        if "collective" in award.recipients:
            row["collectives"] = max(collectives, honoured.count(labels["collective"])) or None
        if "household" in award.recipients:
            row["households"] = max(collectives, honoured.count(labels["household"])) or None
        if "person" in award.recipients:
            row["persons"] = max(persons, honoured.count(labels["person"])) or None
            row["direct_workers"] = (row["persons"] or 0) * rng.randint(30, 68) // 100 or None
        rows.append(row)
    return rows
