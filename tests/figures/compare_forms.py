"""A written summary, and ket-qua.json, held number by number against what was counted of the rows: see `recount`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest

from dhtt_excel.figures import city_forms
from dhtt_excel.figures.hide_names import HIDDEN
from dhtt_excel.form.form import form_of
from dhtt_excel.outputs.summary.speeches import MARK as SPEECHES_FORM
from tests.figures.recount import SHARES, Counted, Row, expect, share


@dataclass
class Comparison:
    """What was shown held against what was counted; differences are kept in words."""

    compared: int = 0
    differences: list[str] = field(default_factory=list)

    def number(self, about: Any, shown: Any, expected: float | None) -> None:
        """A number; a blank cell shows none."""
        value = None if shown in ("", None) else shown
        equal = value is expected is None or (None not in (value, expected) and value == pytest.approx(expected))
        self._note(equal, about, value, expected)

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
    columns = {column.key: n for n, column in enumerate(city_forms.list_columns(plan), start=1)}
    numbers = {column.key for column in city_forms.list_columns(plan) if column.is_number}
    recounted = {*SHARES, *counted.of_unit("")}
    comparison.equal("each figure of Biểu 1 is counted once more: Counted.of_unit, SHARES", numbers, recounted)
    rows = [cell.row for cell in sheet["A"] if isinstance(cell.value, int)]
    comparison.equal("the units of Biểu 1", len(rows), len(plan.local_units))
    sums: Counter[str] = Counter()
    for row, unit in zip(rows, plan.local_units, strict=False):
        shown = {key: sheet.cell(row, place).value for key, place in columns.items()}
        counts = counted.of_unit(unit.code)
        sums.update(counts)
        for key in numbers & recounted:
            expected = expect(key, counts) if unit.code in counted.rows else None
            comparison.number((unit.name, key), shown[key], expected)
        _compare_words(comparison, shown, counted, unit.code)
    for key in numbers & recounted:
        comparison.number(("Tổng cộng", key), sheet.cell(rows[-1] + 1, columns[key]).value, expect(key, sums))
    return comparison


def _compare_words(comparison: Comparison, shown: Row, counted: Counted, unit: str) -> None:
    about = counted.plan.units_by_code[unit].name
    if unit not in counted.rows:
        for key in ("programme", "date", "form", "reported"):
            comparison.equal((about, key), shown[key], None)
        return
    programme = f"{counted.held(unit)}/{len(counted.plan.programme.required)}"
    comparison.equal((about, "programme"), shown["programme"], programme)
    info = next(iter(counted.rows_of("info", unit)), {})
    for key in ("date", "reported", "form"):
        comparison.equal((about, key), _as_day(shown[key]), info.get(key))
    told = re.search(r"(\d+) đại biểu chưa rõ thành phần", str(shown["remark"]))
    comparison.equal((about, "unknown"), int(told[1]) if told else 0, counted.unknown(unit))


def _as_day(value: Any) -> date | Any:
    return value.date() if isinstance(value, datetime) else value


# ---------------------------------------------------------------- Biểu 2

ALL_LISTS = ("category", "gender")  # of all delegates
MODEL_LISTS = ("ethnicity", "religion", "occupation", "field", "sector")  # of exemplars alone


def compare_structure(book: Any, counted: Counted) -> Comparison:
    """Part A: the delegates of both conferences by category and gender, their exemplars by all other lists and by age."""
    comparison, sheet = Comparison(), book[city_forms.STRUCTURE_FORM]
    everyone = (counted.known(counted.local("delegates")), counted.known(counted.conference()))
    models = (counted.models(everyone[0]), counted.models(everyone[1]))
    lines = {row: [c.value for c in sheet[row]] for row in range(1, sheet.max_row + 1)}
    parts = list(_split(lines, ("A", "B", "C")))
    groups = list(_split(dict(parts[0]), ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")))
    for key, group in zip((*ALL_LISTS, *MODEL_LISTS), groups, strict=False):
        head, *rest = group
        halves = everyone if key in ALL_LISTS else models
        for column, people in zip((3, 5), halves, strict=True):
            values = Counter(person[key] or "Chưa rõ" for person in people)
            comparison.number((key, column), sheet.cell(head[0], column).value, len(people))
            comparison.number((key, "%", column), sheet.cell(head[0], column + 1).value, 100 if people else None)
            shown = {line[1]: row for row, line in rest}
            comparison.equal((key, "values not shown", column), set(values) - set(shown), set())
            for label, row in shown.items():
                _compare_pair(comparison, (key, label), sheet, row, column, values[label], len(people))
    _compare_ages(comparison, sheet, counted, models, groups[len(ALL_LISTS) + len(MODEL_LISTS) :])
    return comparison


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
            _compare_pair(comparison, ("ages", line[1]), sheet, row, column, count, len(people))
        comparison.number(("ages", column), sheet.cell(bands[0][0], column).value, len(people))
        comparison.number(("ages", "%", column), sheet.cell(bands[0][0], column + 1).value, 100 if people else None)
        direct = sum(bool(person["direct_worker"]) for person in people)
        _compare_pair(comparison, ("direct workers",), sheet, within[0][0], column, direct, len(people))
        spans = (sum(ages) / len(ages), min(ages), max(ages)) if ages else (None, None, None)
        comparison.equal("lines of facts on ages", len(facts) - 1, len(spans))
        for (row, line), value in zip(facts[1:], spans, strict=False):
            comparison.number((line[1], column), sheet.cell(row, column).value, value)


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
    comparison.number("upper conference", sheet.cell(total, 5).value, len(people))
    for offset, count in ((1, len(exemplars)), (2, len(known) - len(exemplars))):
        _compare_pair(comparison, ("upper conference", offset), sheet, total + offset, 5, count, len(known))
    found = [c.row for c in sheet["G"] if c.value in ("Có", "CHƯA CÓ")]
    expected = list(_count_coverage(counted, exemplars))
    comparison.equal("groups of the upper conference", len(found), len(expected))
    for place, count in zip(found, expected, strict=False):
        about = ("group", sheet.cell(place, 2).value)
        _compare_pair(comparison, about, sheet, place, 5, count, len(exemplars))
        comparison.equal(about, sheet.cell(place, 7).value, "Có" if count else "CHƯA CÓ")
    return comparison


def _count_coverage(counted: Counted, exemplars: list[Row]) -> Iterator[int]:
    plan, columns = counted.plan, form_of(counted.plan).tables["delegates"].by_key
    for group in plan.coverage:
        choices = columns.get(group.column)
        if group.each and choices:
            values = [c.value for c in plan.lists.choices(choices.choices) if c.value not in group.leave_out]
            yield from (sum(person[group.column] == value for person in exemplars) for value in values)
        elif group.column == "young":
            yield sum(map(counted.is_young, exemplars))
        elif group.values:
            yield sum(person[group.column] in group.values for person in exemplars)
        elif group.leave_out:
            yield sum(person[group.column] not in (None, *group.leave_out) for person in exemplars)
        else:
            yield sum(bool(person[group.column]) for person in exemplars)


# ---------------------------------------------------------------- Biểu 3, 3a


def _parts(sheet: Any) -> list[list[tuple[int, str]]]:
    """Parts A and B of a form in two halves: their lines (row, label), the sum last."""
    parts: list[list[tuple[int, str]]] = []
    for order, label in ((sheet.cell(r, 1), sheet.cell(r, 2).value) for r in range(1, sheet.max_row + 1)):
        if order.value in ("A", "B"):
            parts.append([])
        elif parts and label and (len(parts[-1]) == 0 or parts[-1][-1][1] != "Cộng"):
            parts[-1].append((order.row, str(label)))
    return parts


def compare_honourees(book: Any, counted: Counted) -> Comparison:
    """Honourees by award and by movement."""
    comparison, sheet = Comparison(), book[city_forms.HONOURS_FORM]
    kinds = ("Tập thể", "Cá nhân", "Hộ gia đình")
    by_award, by_movement = _parts(sheet)
    for first, rows in ((3, counted.local("honourees")), (7, counted.rows_of("honourees", counted.upper))):
        for key, lines in (("award", by_award), ("movement", by_movement)):
            tally = Counter((row[key] or "Chưa rõ", row["kind"]) for row in rows)
            needed = {label for (label, kind), count in tally.items() if kind and count}
            comparison.equal((key, "values not shown"), needed - {label for _, label in lines}, set())
            for row, label in lines:
                counts = [
                    sum(n for (name, k), n in tally.items() if k == kind and label in (name, "Cộng")) for kind in kinds
                ]
                for column, expected in enumerate([*counts, sum(counts)], start=first):
                    comparison.number((key, label, column), sheet.cell(row, column).value, expected)
    return comparison


def compare_awards(book: Any, counted: Counted) -> Comparison:
    """The commendations of the five years, by award and by unit."""
    comparison, sheet, plan = Comparison(), book[city_forms.AWARDS_FORM], counted.plan
    by_award, by_unit = _parts(sheet)
    keys = ("collectives", "households", "persons", "direct_workers")
    for first, rows in ((3, counted.local("awards")), (8, counted.rows_of("awards", counted.upper))):
        listed = {row["award"] for row in rows if any(row[key] for key in keys)}
        comparison.equal("awards not shown", listed - {label for _, label in by_award}, set())
        for place, label in by_award:
            sums = [sum(row[key] or 0 for row in rows if label in (row["award"], "Cộng")) for key in keys]
            for column, expected in enumerate([*sums, share(sums[3], sums[2])], start=first):
                comparison.number((label, column), sheet.cell(place, column).value, expected)
    comparison.equal("units of Biểu 3a", len(by_unit) - 1, len(plan.units_by_code))
    for (place, label), unit in zip(by_unit[:-1], plan.units_by_code.values(), strict=False):
        comparison.equal(("Biểu 3a", label), label.startswith((unit.name, plan.name_of(unit))), True)
        rows = counted.rows_of("awards", unit.code)
        sums = [sum(row[key] or 0 for row in rows) for key in keys]
        first = 8 if unit.code == counted.upper else 3
        for column in range(3, 13):
            is_shown = unit.code in counted.rows and first <= column < first + 5
            numbers = [*sums, share(sums[3], sums[2])]
            expected = numbers[column - first] if is_shown else None
            comparison.number((label, column), sheet.cell(place, column).value, expected)
    for column in range(3, 13):
        sums_shown = [sheet.cell(part[-1][0], column).value for part in (by_unit, by_award)]
        comparison.number(("Cộng", column), *sums_shown)
    return comparison


# ---------------------------------------------------------------- Biểu 4


def compare_speeches(book: Any, counted: Counted) -> Comparison:
    """Every speech in its order; a name in its title may have been taken out."""
    comparison, sheet = Comparison(), book[SPEECHES_FORM]
    shown, band = [], ""
    for row in sheet.iter_rows(max_col=6, values_only=True):
        band = row[0] if "tham luận)" in str(row[0]) else band
        if isinstance(row[0], int):
            shown.append((row[0], band, *row[1:]))
    units = counted.plan.units_by_code.values()
    expected = [(unit.name, row) for unit in units for row in counted.rows_of("speakers", unit.code)]
    comparison.equal("speeches", len(shown), len(expected))
    for (order, unit, title, *facts), (name, row) in zip(shown, expected, strict=False):
        comparison.equal(("speech", order, "unit"), name in str(unit), True)
        known = ".+".join(map(re.escape, _one_line(title).split(HIDDEN)))
        comparison.equal(("speech", order, title), bool(re.fullmatch(known, _one_line(row["title"]))), True)
        comparison.equal(("speech", order), facts, [row[key] for key in ("kind", "area", "field", "minutes")])
    return comparison


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


# ---------------------------------------------------------------- ket-qua.json


def compare_totals(data: dict[str, Any], counted: Counted) -> Comparison:
    """The totals of ket-qua.json, and the same of each unit."""
    comparison, plan = Comparison(), counted.plan
    people, conference = counted.local("delegates"), counted.conference()
    expected = {
        "units_expected": len(plan.local_units),
        "units_received": sum(unit.code in counted.rows for unit in plan.local_units),
        "delegates": len(people),
        **_count_groups(counted, people),
        "upper_conference": len(conference),
        **{f"upper_{key}": count for key, count in _count_groups(counted, conference).items()},
    }
    for key, count in expected.items():
        comparison.number(("totals", key), data["totals"][key], count)
    for unit in data["units"]:
        rows = counted.rows_of("delegates", unit["code"])
        comparison.equal((unit["name"], "in use"), unit["file"] is not None, unit["code"] in counted.rows)
        for key, count in {"delegates": len(rows), **_count_groups(counted, rows)}.items():
            comparison.number((unit["name"], key), unit[key], count)
    return comparison


def _count_groups(counted: Counted, rows: list[Row]) -> dict[str, int]:
    known = counted.known(rows)
    exemplars = len(counted.models(known))
    return {"exemplars": exemplars, "guests": len(known) - exemplars}


COMPARISONS: tuple[Callable[[Any, Counted], Comparison], ...] = (
    compare_units, compare_structure, compare_upper_conference, compare_honourees, compare_awards, compare_speeches,
)  # fmt: skip
"""All comparisons of a summary."""
