"""What the superior office's forms count, counted once more in plain loops, without the program's tables.

Whoever asks brings the rows of each unit's file: as they were read, or as they are known without reading anything.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import Any

from dhtt_excel.plan.plan import Plan

Row = dict[str, Any]
Rows = dict[str, dict[str, list[Row]]]
"""By unit code and table: typed values by column key, None where a value is blank or not known."""


class Counted:
    """The rows of the files that stand for their units, and what is counted of them."""

    def __init__(self, plan: Plan, rows: Rows) -> None:
        self.plan = plan
        self.rows = rows
        self.upper = plan.upper_unit.code
        self.exemplars = {c.value for c in plan.lists.categories if c.group == "exemplar"}
        self.categories = {c.value for c in plan.lists.categories}

    def rows_of(self, table: str, unit: str) -> list[Row]:
        return self.rows.get(unit, {}).get(table, [])

    def local(self, table: str) -> list[Row]:
        return [row for unit in self.plan.local_units for row in self.rows_of(table, unit.code)]

    def known(self, rows: list[Row]) -> list[Row]:
        return [row for row in rows if row["category"] in self.categories]

    def models(self, rows: list[Row]) -> list[Row]:
        """The exemplars, of whom alone age, ethnic group, religion, occupation, field, sector and direct work are counted."""
        return [row for row in rows if row["category"] in self.exemplars]

    def conference(self) -> list[Row]:
        """The upper unit's own and those nominated whom it does not list itself; it lists a person once."""
        own = self.rows_of("delegates", self.upper)
        free = [row for row in own if row["name"]]
        units = [(unit.code, self.rows_of("delegates", unit.code)) for unit in self.plan.local_units]
        left = [(unit, row) for unit, rows in units for row in rows if row["nominated"]]
        for by_year, by_place in ((True, True), (True, False), (False, True)):  # the surest first
            for unit, row in list(left):
                names = self.places_of(unit, row) if by_place else None
                same = (line for line in free if is_person(row, line, by_year=by_year, places=names))
                if row["name"] and (line := next(same, None)):
                    left = [(u, other) for u, other in left if other is not row]
                    free = [other for other in free if other is not line]
        return [*own, *(row for _, row in left)]

    def places_of(self, unit: str, row: Row) -> set[str]:
        """What the upper unit may call the place that a nominee comes from."""
        place = self.plan.units_by_code[unit]
        return {letters(row["organisation"] or ""), letters(place.name), letters(self.plan.name_of(place))}

    def age(self, row: Row) -> int | None:
        return None if row["birth_year"] is None else self.plan.year - row["birth_year"]

    def is_young(self, row: Row) -> bool:
        age = self.age(row)
        return age is not None and age < self.plan.ages.young_under

    def of_unit(self, unit: str) -> dict[str, int]:
        """The counts of the form by unit."""
        people = self.known(self.rows_of("delegates", unit))
        models = self.models(people)
        counts = {
            "total": len(people),
            "exemplars": len(models),
            "guests": len(people) - len(models),
            "female": sum(row["gender"] == "Nữ" for row in people),
            "young": sum(map(self.is_young, models)),
            "minority": sum(row["ethnicity"] not in (None, "Kinh", "Người nước ngoài") for row in models),
            "religious": sum(row["religion"] not in (None, "Không") for row in models),
            "direct_workers": sum(bool(row["direct_worker"]) for row in models),
        }
        keys = {"collective": "Tập thể", "person": "Cá nhân"}
        for table, named in (("speakers", keys), ("honourees", {**keys, "household": "Hộ gia đình"})):
            kinds = Counter(row["kind"] for row in self.rows_of(table, unit))
            counts |= {f"{table}_{key}": kinds[value] for key, value in named.items()}
        return counts

    def unknown(self, unit: str) -> int:
        """Delegates whose category is not known."""
        people = self.rows_of("delegates", unit)
        return len(people) - len(self.known(people))

    def held(self, unit: str) -> int:
        """The required items of the programme."""
        required = self.plan.programme.required
        return sum(line["item"] in required for line in self.rows_of("programme", unit) if line["held"])


def letters(text: str) -> str:
    """A text's letters and digits without their marks."""
    bare = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return "".join(c for c in bare if c.isalnum())


def is_person(row: Row, line: Row, *, by_year: bool, places: set[str] | None) -> bool:
    """Whether two rows are one person by name and year of birth; without a year by name and place."""
    years = {row["birth_year"], line["birth_year"]}
    if (None in years) if by_year else (None not in years):
        return False
    genders = {row["gender"], line["gender"]} - {None}
    here = places is None or (bool(line["organisation"]) and letters(line["organisation"]) in places)
    return here and (not by_year or len(years) == 1) and len(genders) < 2 and is_name(row["name"], line["name"])


def is_name(first: str, second: str) -> bool:
    """Whether two names are one, wherever a tone's mark stands; one typed without marks is any name of its letters."""
    spelled = [[sorted(unicodedata.normalize("NFD", word)) for word in n.casefold().split()] for n in (first, second)]
    return letters(first) == letters(second) and (first.isascii() or second.isascii() or spelled[0] == spelled[1])


def share(part: float, whole: float) -> float | None:
    return part / whole * 100 if whole else None


SHARES = {
    "exemplars_share": ("exemplars", "total"),
    "guests_share": ("guests", "total"),
    "female_share": ("female", "total"),
    "direct_workers_share": ("direct_workers", "exemplars"),
}


def expect(key: str, counts: dict[str, int] | Counter[str]) -> float | None:
    return share(*(counts[of] for of in SHARES[key])) if key in SHARES else counts[key]
