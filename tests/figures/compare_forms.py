"""A written summary, and ket-qua.json, held number by number against what was counted of the rows: see `recount`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest

from dhtt_excel.figures import city_forms
from dhtt_excel.figures.hide_names import HIDDEN
from dhtt_excel.form.form import form_of
from dhtt_excel.outputs.summary.speeches import MARK as SPEECHES_FORM
from dhtt_excel.plan.plan import Coverage, Plan
from tests.figures.recount import AWARD_KEYS, KINDS, NOT_SENT, SHARES, Answer, Counted, Row, add, add_known, share


@dataclass
class Comparison:
    """What was shown held against what was counted; differences are kept in words."""

    compared: int = 0
    differences: list[str] = field(default_factory=list)

    def number(self, about: Any, shown: Any, expected: float | str | None) -> None:
        """A number, or the sign that none was sent; a blank cell shows none."""
        value = None if shown in ("", None) else shown
        same = value == expected if {NOT_SENT, None} & {value, expected} else value == pytest.approx(expected)
        self._note(same, about, value, expected)

    def count(self, about: Any, shown: Any, expected: int | None) -> None:
        """A count that the units sent or not."""
        self.number(about, shown, NOT_SENT if expected is None else expected)

    def equal(self, about: Any, shown: Any, expected: Any) -> None:
        self._note(shown == expected, about, shown, expected)

    def _note(self, equal: bool, about: Any, shown: Any, expected: Any) -> None:
        self.compared += 1
        if not equal:
            self.differences.append(f"{about}: {shown!r}, counted {expected!r}")


# ---------------------------------------------------------------- Biểu 1


def compare_units(book: Any, counted: Counted) -> Comparison:
    """The form by unit: every unit, what it is in words, and the totals."""
    comparison, sheet, plan = Comparison(), book[city_forms.UNITS_FORM], counted.plan
    told = {unit.code: counted.of_unit(unit.code) for unit in plan.local_units}
    totals = {key: add(answers[key] for answers in told.values()) for key in counted.of_unit("")}
    absent = {key for key, total in totals.items() if key.endswith("unknown") and not total.count}
    columns = {column.key: n for n, column in enumerate(city_forms.list_columns(plan, absent), start=1)}
    numbers = {column.key for column in city_forms.list_columns(plan, absent) if column.is_number}
    recounted = {*(f"{key}_share" for key in SHARES), *totals} - absent
    comparison.equal("each figure of Biểu 1 is counted once more: Counted.of_unit, SHARES", numbers, recounted)
    rows = [cell.row for cell in sheet["A"] if isinstance(cell.value, int)]
    comparison.equal("the units of Biểu 1", len(rows), len(plan.local_units))
    for row, unit in zip(rows, plan.local_units, strict=False):
        shown = {key: sheet.cell(row, place).value for key, place in columns.items()}
        _compare_answers(comparison, unit.name, shown, told[unit.code], numbers & recounted)
        _compare_words(comparison, shown, counted, unit.code)
    shown = {key: sheet.cell(rows[-1] + 1, place).value for key, place in columns.items()}
    _compare_answers(comparison, "Tổng cộng", shown, totals, numbers & recounted)
    return comparison


def _compare_answers(
    comparison: Comparison, about: str, shown: Row, answers: dict[str, Answer], keys: set[str]
) -> None:
    for key in keys:
        answer = answers[key.removesuffix("_share")]
        if key in answers:
            comparison.count((about, key), shown[key], answer.count)
        else:
            comparison.number((about, key), shown[key], answer.share)


def _compare_words(comparison: Comparison, shown: Row, counted: Counted, unit: str) -> None:
    about = counted.plan.units_by_code[unit].name
    info = next(iter(counted.rows_of("info", unit)), {})
    for key in ("date", "reported", "form"):
        expected = info.get(key)
        comparison.equal((about, key), _as_day(shown[key]), NOT_SENT if expected is None else expected)
    held = counted.held(unit)
    programme = NOT_SENT if held is None else f"{held}/{len(counted.plan.programme.required)}"
    comparison.equal((about, "programme"), shown["programme"], programme)


def _as_day(value: Any) -> date | Any:
    return value.date() if isinstance(value, datetime) else value


# ---------------------------------------------------------------- Biểu 2

ALL_LISTS = ("category", "gender")  # of all delegates
MODEL_LISTS = ("ethnicity", "religion", "occupation", "field", "sector")  # of exemplars alone
UNKNOWN, REST = "Chưa rõ", "Khác"
KINDS_OF = {
    "ethnicity": {"Kinh": "Kinh", "Người nước ngoài": REST, None: UNKNOWN},
    "religion": {"Không": "Không", None: UNKNOWN},
}
"""The lines of what points at persons, by value; every other value is one of those whom the plan asks about."""
ASKED = {"ethnicity": "Dân tộc thiểu số", "religion": "Người theo tôn giáo"}
LEAST = 3  # of one value, to be shown by its name
WITHIN = "– "  # before the name of a part of the line above

Line = tuple[int, list[Any]]
"""A row of a form and what stands there."""


def compare_structure(book: Any, counted: Counted) -> Comparison:
    """Part A: the delegates of both conferences by category and gender, their exemplars by all other lists and by age."""
    comparison, sheet = Comparison(), book[city_forms.STRUCTURE_FORM]
    _fill_absent(comparison, sheet, counted)
    everyone = (counted.local("delegates"), counted.conference())
    models = (counted.models(everyone[0]), counted.models(everyone[1]))
    lines = {row: [c.value for c in sheet[row]] for row in range(1, sheet.max_row + 1)}
    parts = list(_split(lines, ("A", "B", "C")))
    groups = list(_split(dict(parts[0]), ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")))
    for key, (head, *rest) in zip((*ALL_LISTS, *MODEL_LISTS), groups, strict=False):
        halves = everyone if key in ALL_LISTS else models
        within = [line for line in rest if line[1][1].startswith(WITHIN)]
        shown = {line[1]: row for row, line in rest if line[1] not in [w[1] for _, w in within]}
        for column, people in zip((3, 5), halves, strict=True):
            values = Counter(_name_line(key, person[key]) for person in people)
            comparison.number((key, column), sheet.cell(head[0], column).value, len(people))
            comparison.number((key, "%", column), sheet.cell(head[0], column + 1).value, 100 if people else None)
            comparison.equal((key, "values not shown", column), set(values) - set(shown), set())
            told = len(people) - values[UNKNOWN]
            for label, row in shown.items():
                whole = 0 if label == UNKNOWN else told
                _compare_pair(comparison, (key, label), sheet, row, column, values[label], whole)
        if key in ASKED:
            order = [label for label in (*KINDS_OF[key], ASKED[key], REST, UNKNOWN) if label in shown]
            comparison.equal((key, "order"), list(shown), list(dict.fromkeys(order)))
        _compare_named(comparison, key, sheet, within, halves[0])
    _compare_ages(comparison, sheet, counted, models, groups[len(ALL_LISTS) + len(MODEL_LISTS) :])
    return comparison


def _fill_absent(comparison: Comparison, sheet: Any, counted: Counted) -> None:
    """Where nobody sent a delegate no number stands: then 0, which all below counts, is put there."""
    sent = {unit.code for unit in counted.plan.units if counted.of_unit(unit.code)["total"].count is not None}
    row = {str(c.value): c.row for c in sheet["A"] if c.value}
    for column, said in ((3, sent - {counted.upper}), (5, sent & {counted.upper} or counted.conference())):
        for line in range(row["A"] + 1, row["B"] if not said else 0):
            shown = [sheet.cell(line, place).value for place in (column, column + 1)]
            comparison.equal(("nobody", line, column), {NOT_SENT, None} | {*shown}, {NOT_SENT, None})
            if not str(sheet.cell(line, 2).value).startswith("Tuổi "):
                sheet.cell(line, column).value, sheet.cell(line, column + 1).value = 0, None


def _name_line(key: str, value: str | None) -> str:
    return KINDS_OF[key].get(value, ASKED[key]) if key in ASKED else value or UNKNOWN


def _compare_named(comparison: Comparison, key: str, sheet: Any, within: list[Line], people: list[Row]) -> None:
    """The values of whom the plan asks about: of the local conferences alone, and none by name that less than `LEAST` have."""
    values = Counter(p[key] for p in people if key in ASKED and _name_line(key, p[key]) == ASKED[key])
    shown = {line[1].removeprefix(WITHIN): row for row, line in within}
    named = {value: count for value, count in values.items() if value in shown}
    joined = {value: count for value, count in values.items() if value not in shown}
    for label, count in named.items():
        comparison.equal((key, label, "is not shown by name"), count >= LEAST and not label.startswith(REST), True)
    comparison.equal((key, "lines"), set(shown) - set(named), {REST} if joined else set())
    expected = named | ({REST: sum(joined.values())} if joined else {})
    for label, row in shown.items():
        told = sum(person[key] is not None for person in people)
        _compare_pair(comparison, (key, label), sheet, row, 3, expected.get(label, 0), told)
        comparison.equal((key, label, "upper"), [sheet.cell(row, column).value for column in (5, 6)], [None, None])
    more = [count for value, count in joined.items() if count >= LEAST and not value.startswith(REST)]
    if named and joined:
        comparison.equal((key, "joined"), sum(joined.values()) >= LEAST, True)
    if more:  # only while the others are too few, the smallest first
        comparison.equal((key, "joined in vain"), sum(joined.values()) - max(more) < LEAST, True)
        comparison.equal((key, "not the smallest"), max(more) <= min(named.values(), default=max(more)), True)


def _compare_pair(comparison: Comparison, about: Any, sheet: Any, row: int, column: int, part: int, whole: int) -> None:
    """A count and to its right the percentage that it is of the whole."""
    comparison.number((*about, column), sheet.cell(row, column).value, part)
    comparison.number((*about, "%", column), sheet.cell(row, column + 1).value, share(part, whole))


def _compare_ages(
    comparison: Comparison, sheet: Any, counted: Counted, halves: tuple[list[Row], ...], groups: list[Any]
) -> None:
    bands, within, facts = groups
    tests: list[Callable[[int], bool]] = [
        lambda age: age < 18,
        lambda age: 18 <= age < 35,
        lambda age: 35 <= age < 45,
        lambda age: 45 <= age < 60,
        lambda age: age >= 60,
    ]
    ages_known = [[age for age in map(counted.age, people) if age is not None] for people in halves]
    has_unknown = any(len(ages) < len(people) for ages, people in zip(ages_known, halves, strict=True))
    comparison.equal("lines of ages", len(bands) - 1, len(tests) + has_unknown)
    for column, people, ages in zip((3, 5), halves, ages_known, strict=True):
        expected = [*(sum(map(test, ages)) for test in tests), len(people) - len(ages)]
        comparison.equal(("ages", "all", column), sum(expected), len(people))
        for (row, line), count in zip(bands[1:], expected, strict=False):
            whole = 0 if line[1] == UNKNOWN else len(ages)
            _compare_pair(comparison, ("ages", line[1]), sheet, row, column, count, whole)
        comparison.number(("ages", column), sheet.cell(bands[0][0], column).value, len(people))
        comparison.number(("ages", "%", column), sheet.cell(bands[0][0], column + 1).value, 100 if people else None)
        direct = sum(bool(person["direct_worker"]) for person in people)
        told = sum(person["direct_worker"] is not None for person in people)
        _compare_pair(comparison, ("direct workers",), sheet, within[0][0], column, direct, told)
        spans = (sum(ages) / len(ages), min(ages), max(ages)) if ages else (None, None, None)
        comparison.equal("lines of facts on ages", len(facts) - 1, len(spans))
        for (row, line), value in zip(facts[1:], spans, strict=False):
            comparison.number((line[1], column), sheet.cell(row, column).value, NOT_SENT if value is None else value)


def _split(lines: dict[int, list[Any]], marks: tuple[str, ...]) -> Iterator[list[tuple[int, list[Any]]]]:
    """The rows below each mark in column A, the mark's own first, up to the next mark or the table's end."""
    starts: list[int] = []
    for mark in marks:
        after = starts[-1] if starts else 0
        starts.append(next(row for row, line in lines.items() if row > after and line[0] == mark))
    ends = [*(start for start in starts[1:]), max(lines) + 1]
    for start, end in zip(starts, ends, strict=True):
        yield [(row, line) for row, line in lines.items() if start <= row < end]


def compare_upper_conference(book: Any, counted: Counted) -> Comparison:
    """Parts B and C: the upper conference against the plan, and the groups that it must represent."""
    comparison, sheet = Comparison(), book[city_forms.STRUCTURE_FORM]
    people = counted.conference()
    known = counted.known(people)
    exemplars = counted.models(known)
    row = {str(c.value): c.row for c in sheet["B"] if c.value}
    total = row["Tổng số đại biểu (kế hoạch tối đa 300)"]
    sent = counted.of_unit(counted.upper)["total"].count is not None
    comparison.number("upper conference", sheet.cell(total, 5).value, len(people) if people or sent else NOT_SENT)
    for offset, count in ((1, len(exemplars)), (2, len(known) - len(exemplars))):
        if sent:
            _compare_pair(comparison, ("upper conference", offset), sheet, total + offset, 5, count, len(known))
        else:
            shown = [sheet.cell(total + offset, place).value for place in (5, 6)]
            comparison.equal(("upper conference", offset), shown, [count or NOT_SENT, NOT_SENT])
    found = [c.row for c in sheet["G"] if c.value in ("Có", "CHƯA CÓ", UNKNOWN)]
    expected = list(_count_coverage(counted, exemplars))
    comparison.equal("groups of the upper conference", len(found), len(expected))
    for place, (count, told) in zip(found, expected, strict=False):
        about = ("group", sheet.cell(place, 2).value)
        if sent or people:
            _compare_pair(comparison, about, sheet, place, 5, count, told)
        absent = UNKNOWN if (exemplars and not told) or not sent else "CHƯA CÓ"
        comparison.equal(about, sheet.cell(place, 7).value, "Có" if count else absent)
    return comparison


def _count_coverage(counted: Counted, exemplars: list[Row]) -> Iterator[tuple[int, int]]:
    """Of each group how many there are, of how many who say whether they belong to it."""
    for group, count in _count_groups(counted, exemplars):
        column = "birth_year" if group.column == "young" else group.column
        yield count, sum(person[column] is not None for person in exemplars)


def _count_groups(counted: Counted, exemplars: list[Row]) -> Iterator[tuple[Coverage, int]]:
    plan, columns = counted.plan, form_of(counted.plan).tables["delegates"].by_key
    for group in plan.coverage:
        choices = columns.get(group.column)
        if group.each and choices:
            values = [c.value for c in plan.lists.choices(choices.choices) if c.value not in group.leave_out]
            yield from ((group, sum(person[group.column] == value for person in exemplars)) for value in values)
        elif group.column == "young":
            yield group, sum(bool(counted.is_young(person)) for person in exemplars)
        elif group.values:
            yield group, sum(person[group.column] in group.values for person in exemplars)
        elif group.leave_out:
            yield group, sum(person[group.column] not in (None, *group.leave_out) for person in exemplars)
        else:
            yield group, sum(bool(person[group.column]) for person in exemplars)


# ---------------------------------------------------------------- Biểu 3, 3a


GROUPS = {"Danh hiệu thi đua": "title", "Hình thức khen thưởng": "form"}
PARTS: dict[str, Callable[[Row], bool]] = {
    "nữ": lambda row: row["gender"] == "Nữ",
    "trực tiếp lao động": lambda row: bool(row["direct_worker"]),
}

Part = list[tuple[int, str]]
"""The rows of a part of a form and their labels."""


def _parts(sheet: Any) -> list[Part]:
    """The parts of a form in two halves: their rows, the sum of all last."""
    parts: list[Part] = []
    for order, label in ((sheet.cell(r, 1), sheet.cell(r, 2).value) for r in range(1, sheet.max_row + 1)):
        if order.value in ("A", "B", "C"):
            parts.append([])
        elif parts and label and (len(parts[-1]) == 0 or parts[-1][-1][1] != "Cộng"):
            parts[-1].append((order.row, str(label)))
    return parts


def _find_meant(plan: Plan, key: str, label: str) -> Callable[[Row], bool]:
    """Which lines of a list a row of a form is about; `key`: the column whose values the rows are."""
    if label == "Cộng":
        return lambda _: True
    if label in GROUPS:
        meant = {award.value for award in plan.lists.awards if award.group == GROUPS[label]}
        return lambda row: row[key] in meant
    if label.startswith(WITHIN):
        above, _, part = label.removeprefix(WITHIN).rpartition(", ")
        whole = _find_meant(plan, key, above)
        return lambda row: whole(row) and row["kind"] == "Cá nhân" and PARTS[part](row)
    return lambda row: plan.lists.printed.get(row[key] or UNKNOWN, row[key] or UNKNOWN) == label


def _cannot_be(plan: Plan, key: str, label: str, kind: str) -> bool:
    """Whether no such honouree can stand in a row: then it has no number, and no 0."""
    if kind == "unknown":
        return False
    if label.startswith(WITHIN):
        return kind != "person"
    fitting = [a.recipients for a in plan.lists.awards if key == "award" and (a.printed or a.value) == label]
    return bool(fitting) and kind not in fitting[0]


def compare_honourees(book: Any, counted: Counted) -> Comparison:
    """Honourees by award, movement and level; those of no known kind in a column that is there only for them."""
    comparison, sheet, plan = Comparison(), book[city_forms.HONOURS_FORM], counted.plan
    parts = dict(zip(("award", "movement", "award_level"), _parts(sheet), strict=True))
    local = [unit.code for unit in plan.local_units]
    halves = [(counted.local("honourees"), local), (counted.rows_of("honourees", counted.upper), [counted.upper])]
    kinds: dict[str, str | None] = dict(KINDS["honourees"])
    if any(row["kind"] is None for rows, _ in halves for row in rows):
        kinds["unknown"] = None
    width = len(kinds) + 1
    for half, (rows, units) in enumerate(halves):
        told = [counted.by_kind("honourees", unit) for unit in units]
        known = {key: add(answers[key] for answers in told).count is not None for key in kinds}
        for key, lines in parts.items():
            found = {plan.lists.printed.get(row[key] or UNKNOWN, row[key] or UNKNOWN) for row in rows}
            comparison.equal((key, "values not shown"), found - {label for _, label in lines}, set())
            for place, label in lines:
                meant = list(filter(_find_meant(plan, key, label), rows))
                counts = {
                    k: sum(row["kind"] == kind for row in meant) if known[k] else None for k, kind in kinds.items()
                }
                for column, k in enumerate(kinds, start=3 + half * width):
                    expected = NOT_SENT if counts[k] is None else counts[k]
                    blank = not counts[k] and _cannot_be(plan, key, label, k)
                    comparison.number(
                        (key, label, column), sheet.cell(place, column).value, None if blank else expected
                    )
                total = sheet.cell(place, 2 + (half + 1) * width).value
                comparison.count((key, label, "Cộng"), total, add_known(counts.values()))
    comparison.equal("columns of Biểu 3", _find_last(sheet), 2 + 2 * width)
    return comparison


def compare_awards(book: Any, counted: Counted) -> Comparison:
    """The commendations of the five years, by award and by unit."""
    comparison, sheet, plan = Comparison(), book[city_forms.AWARDS_FORM], counted.plan
    by_award, by_unit = _parts(sheet)
    width = len(AWARD_KEYS) + 1
    sums = {code: counted.award_sums(code) for code in plan.units_by_code}
    halves = ([unit.code for unit in plan.local_units], [counted.upper])
    for first, units in zip((3, 3 + width), halves, strict=True):
        rows = [row for unit in units for row in counted.rows_of("awards", unit)]
        listed = {row["award"] for row in rows if any(row[key] for key in AWARD_KEYS)}
        labels = {label for _, label in by_award}
        comparison.equal("awards not shown", {plan.lists.printed.get(award, award) for award in listed} - labels, set())
        known = {key for key in AWARD_KEYS if any(sums[unit][key] is not None for unit in units)}
        for place, label in by_award:
            meant = list(filter(_find_meant(plan, "award", label), rows))
            numbers = {key: sum(row[key] or 0 for row in meant) if key in known else None for key in AWARD_KEYS}
            blank = [
                key for key, kind in AWARDED.items() if not numbers[key] and _cannot_be(plan, "award", label, kind)
            ]
            silent = [unit for unit in units if sums[unit]["direct_workers"] is None]
            unsaid = sum(
                row["persons"] or 0 for unit in silent for row in counted.rows_of("awards", unit) if row in meant
            )
            _compare_awarded(comparison, label, sheet, place, first, numbers, blank, unsaid)
        total = {key: add_known(sums[unit][key] for unit in units) for key in AWARD_KEYS}
        unsaid = sum(sums[unit]["persons"] or 0 for unit in units if sums[unit]["direct_workers"] is None)
        _compare_awarded(comparison, "Cộng", sheet, by_unit[-1][0], first, total, unsaid=unsaid)
    comparison.equal("units of Biểu 3a", len(by_unit) - 1, len(plan.units_by_code))
    for (place, label), unit in zip(by_unit[:-1], plan.units_by_code.values(), strict=False):
        comparison.equal(("Biểu 3a", label), label.startswith((unit.name, plan.name_of(unit))), True)
        own, other = (3 + width, 3) if unit.code == counted.upper else (3, 3 + width)
        _compare_awarded(comparison, label, sheet, place, own, sums[unit.code])
        blank = [sheet.cell(place, column).value for column in range(other, other + width)]
        comparison.equal((label, "other half"), blank, [None] * width)
    return comparison


AWARDED = dict(zip(AWARD_KEYS, ("collective", "household", "person", "person"), strict=True))


def _compare_awarded(
    comparison: Comparison,
    label: str,
    sheet: Any,
    row: int,
    first: int,
    numbers: dict[str, int | None],
    blank: Collection[str] = (),
    unsaid: int = 0,
) -> None:
    """The numbers of a line, those of `blank` keys without any, then which percentage of the persons does direct work.

    `unsaid`: of how many persons nobody says it.
    """
    for column, key in enumerate(AWARD_KEYS, start=first):
        expected = NOT_SENT if numbers[key] is None else numbers[key]
        comparison.number((label, key, column), sheet.cell(row, column).value, None if key in blank else expected)
    direct, persons = numbers["direct_workers"], numbers["persons"]
    percent = (
        None if "direct_workers" in blank else NOT_SENT if direct is None else share(direct, (persons or 0) - unsaid)
    )
    comparison.number((label, "%", first), sheet.cell(row, first + len(AWARD_KEYS)).value, percent)


def _find_last(sheet: Any) -> int:
    """The last column that has a number below the headings: "(7)"."""
    columns: list[int] = [c.column for row in sheet.iter_rows() for c in row if re.match(r"\(\d+\)", str(c.value))]
    return max(columns)


# ---------------------------------------------------------------- Biểu 4


def compare_speeches(book: Any, counted: Counted) -> Comparison:
    """Every speech in its order; a name in its title may have been taken out."""
    comparison, sheet = Comparison(), book[SPEECHES_FORM]
    plan, unit, shown = counted.plan, "", []
    for row in sheet.iter_rows(max_col=6, values_only=True):
        if isinstance(row[0], int):
            shown.append((unit, *row))
        elif found := re.fullmatch(r"(.+) \(\d+ tham luận\)", str(row[0])):
            unit = found[1]
    units = plan.units_by_code.values()
    expected = [(unit.name, row) for unit in units for row in counted.rows_of("speakers", unit.code)]
    comparison.equal("speeches", len(shown), len(expected))
    for (told, order, title, *facts), (name, row) in zip(shown, expected, strict=False):
        comparison.equal(("speech", order, "unit"), name in told, True)
        known = ".+".join(map(re.escape, _one_line(title).split(HIDDEN)))
        comparison.equal(("speech", order, title), bool(re.fullmatch(known, _one_line(row["title"] or NOT_SENT))), True)
        values = [row[key] for key in ("kind", "area", "field", "minutes")]
        comparison.equal(
            ("speech", order), facts, [NOT_SENT if v is None else plan.lists.printed.get(v, v) for v in values]
        )
    return comparison


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


# ---------------------------------------------------------------- ket-qua.json


def compare_totals(data: dict[str, Any], counted: Counted) -> Comparison:
    """The totals of ket-qua.json, and the same of each unit."""
    comparison, plan = Comparison(), counted.plan
    told = {unit.code: counted.of_unit(unit.code) for unit in plan.units_by_code.values()}
    local = {key: add(told[unit.code][key] for unit in plan.local_units) for key in told[counted.upper]}
    conference = counted.conference()
    exemplars, known = len(counted.models(conference)), len(counted.known(conference))
    expected = {
        "units_expected": len(plan.local_units),
        "units_received": sum(unit.code in counted.rows for unit in plan.local_units),
        **{key: local[figure].count for key, figure in COUNTS.items()},
        "upper_conference": len(conference),
        "upper_exemplars": exemplars,
        "upper_guests": known - exemplars,
    }
    if not counted.is_sent("delegates", counted.upper):
        expected |= {key: count or None for key, count in expected.items() if key.startswith("upper_")}
    for key, count in expected.items():
        comparison.number(("totals", key), data["totals"][key], count)
    for unit in data["units"]:
        comparison.equal((unit["name"], "in use"), unit["file"] is not None, unit["code"] in counted.rows)
        for key, figure in COUNTS.items():
            comparison.number((unit["name"], key), unit[key], told[unit["code"]][figure].count)
    return comparison


COUNTS = {"delegates": "total", "exemplars": "exemplars", "guests": "guests"}


COMPARISONS: tuple[Callable[[Any, Counted], Comparison], ...] = (
    compare_units, compare_structure, compare_upper_conference, compare_honourees, compare_awards, compare_speeches,
)  # fmt: skip
"""All comparisons of a summary."""
