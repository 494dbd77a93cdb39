"""What the superior office's forms count, counted once more in plain loops, without the program's tables.

Whoever asks brings the rows of each unit's file: as they were read, or as they are known without reading anything.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from dhtt_excel.plan.plan import Plan
from dhtt_excel.result import Result

Row = dict[str, Any]
Rows = dict[str, dict[str, list[Row]]]
"""By unit code and table: typed values by column key, None where a value is blank or not known; a blank mark is False."""


NOT_SENT = "…"
SHARES = ("exemplars", "guests", "female", "direct_workers")  # of which a percentage is shown as well
KINDS = {
    "speakers": {"collective": "Tập thể", "person": "Cá nhân"},
    "honourees": {"collective": "Tập thể", "person": "Cá nhân", "household": "Hộ gia đình"},
}
AWARD_KEYS = ("collectives", "households", "persons", "direct_workers")
ENTERED = {"programme": ("held", "start", "end", "performer", "note"), "awards": (*AWARD_KEYS, "specified")}
"""What is entered in the tables whose lines the form prints."""


class Counted:
    """The rows of the files that stand for their units, and what is counted of them.

    `none`: unit and list that is marked to have no line; `lacking`: unit, table and column that the file has not.
    """

    def __init__(
        self,
        plan: Plan,
        rows: Rows,
        none: Collection[tuple[str, str]] = (),
        lacking: Collection[tuple[str, str, str]] = (),
    ) -> None:
        self.plan = plan
        self.rows = rows
        self.none = none
        self.lacking = lacking
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

    def is_young(self, row: Row) -> bool | None:
        age = self.age(row)
        return None if age is None else age < self.plan.ages.young_under

    def is_sent(self, table: str, unit: str) -> bool:
        """Whether a unit says anything in a table: a line or the mark that there is none; elsewhere whatever is entered."""
        rows = self.rows_of(table, unit)
        if table not in ENTERED:
            return bool(rows) or (unit, table) in self.none
        return any(row[key] is not None and row[key] is not False for row in rows for key in ENTERED[table])

    def of_unit(self, unit: str) -> dict[str, Answer]:
        """What a unit says of each figure of the form by unit."""
        people = self.rows_of("delegates", unit)
        models = None if people and not self.known(people) else self.models(people)
        answers = {
            "total": ask(people, lambda _: True),
            "exemplars": ask(people, lambda row: _among(row["category"], self.exemplars)),
            "guests": ask(people, lambda row: _among(row["category"], self.categories - self.exemplars)),
            "unknown": ask(people, lambda row: row["category"] is None),
            "female": ask(people, lambda row: _among(row["gender"], {"Nữ"})),
            "young": ask(models, self.is_young),
            "direct_workers": ask(models, lambda row: row["direct_worker"]),
            "nominated": ask(people, lambda row: row["nominated"]),
        }
        if not self.is_sent("delegates", unit):
            answers = dict.fromkeys(answers, NOTHING)
        lists = {table: self.by_kind(table, unit) for table in KINDS}
        return answers | {f"{table}_{key}": answer for table, kinds in lists.items() for key, answer in kinds.items()}

    def by_kind(self, table: str, unit: str) -> dict[str, Answer]:
        """The lines of a list by kind, and those of no known kind."""
        rows = self.rows_of(table, unit)
        if not self.is_sent(table, unit):
            return dict.fromkeys([*KINDS[table], "unknown"], NOTHING)
        kinds = {key: ask(rows, partial(_is_of, kind)) for key, kind in KINDS[table].items()}
        return kinds | {"unknown": ask(rows, lambda row: row["kind"] is None)}

    def award_sums(self, unit: str) -> dict[str, int | None]:
        """The numbers of the five years' commendations; None where the table says nothing or has no such column."""
        sent, rows = self.is_sent("awards", unit), self.rows_of("awards", unit)
        has = {key: sent and (unit, "awards", key) not in self.lacking for key in AWARD_KEYS}
        return {key: sum(row[key] or 0 for row in rows) if has[key] else None for key in AWARD_KEYS}

    def held(self, unit: str) -> int | None:
        """The required items of the programme."""
        lines = [line for line in self.rows_of("programme", unit) if line["item"] in self.plan.programme.required]
        return ask(lines, lambda line: line["held"]).count if self.is_sent("programme", unit) else None


def count_read(result: Result) -> Counted:
    """The rows as they were read from each file in use."""
    tables = {s.unit.code: s.tables for s in result.submissions if s.used and s.unit}
    listed = [(unit, key, table) for unit, read in tables.items() for key, table in read.items()]
    return Counted(
        result.plan,
        {unit: {key: table.rows for key, table in read.items()} for unit, read in tables.items()},
        {(unit, key) for unit, key, table in listed if table.none_marked},
        {(unit, key, column) for unit, key, table in listed for column in AWARD_KEYS if column not in table.columns},
    )


@dataclass(frozen=True)
class Answer:
    """How many lines say yes, of how many that say anything; None where nothing is known."""

    count: int | None
    whole: int

    @property
    def share(self) -> float | str | None:
        """Percent; of nothing there is none."""
        return NOT_SENT if self.count is None else self.count / self.whole * 100 if self.whole else None


NOTHING = Answer(None, 0)


def ask(lines: list[Row] | None, answer: Callable[[Row], bool | None]) -> Answer:
    """`lines`: those of whom it is asked; None where it is not known which these are."""
    said = [yes for yes in map(answer, lines or []) if yes is not None]
    return NOTHING if lines is None or (lines and not said) else Answer(sum(said), len(said))


def add(answers: Iterable[Answer]) -> Answer:
    """Of all units together: of those that say anything."""
    answers = list(answers)
    return Answer(add_known(answer.count for answer in answers), sum(answer.whole for answer in answers))


def add_known(numbers: Iterable[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def _is_of(kind: str, row: Row) -> bool | None:
    return _among(row["kind"], {kind})


def _among(value: str | None, values: Collection[str]) -> bool | None:
    return None if value is None else value in values


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
