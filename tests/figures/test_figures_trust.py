"""Every number of Biểu 1, 2, 3 and 3a, read back from the workbook and counted again without the program's tables.

The independent path: the rows as they were read from each used file, plain loops, no pandas.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dhtt_excel.figures import city_forms
from dhtt_excel.figures.count_traces import TraceCounter
from dhtt_excel.figures.traces import trace_figures
from dhtt_excel.outputs.register.trace_sheet import HEADINGS, TRACE_SHEET
from dhtt_excel.outputs.register.write_register import write_register
from dhtt_excel.outputs.summary.write_summary import write_summary
from dhtt_excel.pipeline import consolidate
from dhtt_excel.plan.plan import Plan
from dhtt_excel.rehearsal.demo import write_demo
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import name_key
from tests.outputs.test_write_summary import recalculate

Row = dict[str, Any]
CAMPAIGNS = [(215, False), (215, True), (7, False), (7, True)]


@pytest.fixture(scope="module", params=CAMPAIGNS, ids=lambda c: f"seed {c[0]}, {'clean' if c[1] else 'dirty'}")
def result(request: pytest.FixtureRequest, plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Result:
    seed, clean = request.param
    folder: Path = tmp_path_factory.mktemp("trust") / "da-nhan"
    write_demo(plan, folder, seed=seed, clean=clean)
    return consolidate(folder, plan, date(2020, 3, 18))


@pytest.fixture(scope="module")
def book(result: Result) -> Any:
    return openpyxl.load_workbook(io.BytesIO(write_summary(result)), data_only=True)


class Counted:
    """The rows of the used files, by unit, and what is counted of them."""

    def __init__(self, result: Result) -> None:
        self.plan = result.plan
        self.rows: dict[str, dict[str, list[Row]]] = {
            s.unit.code: {key: table.rows for key, table in s.tables.items()}
            for s in result.submissions
            if s.used and s.unit
        }
        self.upper = self.plan.upper_unit.code
        self.exemplars = {c.value for c in self.plan.lists.categories if c.group == "exemplar"}
        self.categories = {c.value for c in self.plan.lists.categories}

    def rows_of(self, table: str, unit: str) -> list[Row]:
        return self.rows.get(unit, {}).get(table, [])

    def local(self, table: str) -> list[Row]:
        return [row for unit in self.plan.local_units for row in self.rows_of(table, unit.code)]

    def known(self, rows: list[Row]) -> list[Row]:
        return [row for row in rows if row["category"] in self.categories]

    def conference(self) -> list[Row]:
        """The upper unit's own and those nominated whom it does not list itself."""
        own = self.rows_of("delegates", self.upper)
        listed = {(name_key(row["name"]), row["birth_year"]) for row in own if row["name"]}
        nominees = [row for row in self.local("delegates") if row["nominated"]]
        return [*own, *(row for row in nominees if (name_key(row["name"] or ""), row["birth_year"]) not in listed)]

    def age(self, row: Row) -> int | None:
        return None if row["birth_year"] is None else self.plan.year - row["birth_year"]

    def is_young(self, row: Row) -> bool:
        age = self.age(row)
        return age is not None and age < self.plan.ages.young_under

    def of_unit(self, unit: str) -> dict[str, int]:
        """The counts of the form by unit."""
        people = self.known(self.rows_of("delegates", unit))
        exemplars = sum(row["category"] in self.exemplars for row in people)
        counts = {
            "total": len(people),
            "exemplars": exemplars,
            "guests": len(people) - exemplars,
            "female": sum(row["gender"] == "Nữ" for row in people),
            "young": sum(map(self.is_young, people)),
            "minority": sum(row["ethnicity"] not in (None, "Kinh", "Người nước ngoài") for row in people),
            "religious": sum(row["religion"] not in (None, "Không") for row in people),
            "direct_workers": sum(bool(row["direct_worker"]) for row in people),
        }
        keys = {"collective": "Tập thể", "person": "Cá nhân"}
        for table, named in (("speakers", keys), ("honourees", {**keys, "household": "Hộ gia đình"})):
            kinds = Counter(row["kind"] for row in self.rows_of(table, unit))
            counts |= {f"{table}_{key}": kinds[value] for key, value in named.items()}
        return counts


def share(part: float, whole: float) -> float | None:
    return part / whole * 100 if whole else None


def same(cell: Any, expected: float | None) -> bool:
    """Whether a cell shows this number; a blank one shows none."""
    value = None if cell.value in ("", None) else cell.value
    if value is None or expected is None:
        return value is None and expected is None
    return bool(value == pytest.approx(expected))


SHARES = {
    "exemplars_share": ("exemplars", "total"),
    "guests_share": ("guests", "total"),
    "female_share": ("female", "total"),
    "direct_workers_share": ("direct_workers", "total"),
}


def test_every_number_by_unit(result: Result, book: Any) -> None:
    sheet, counted = book[city_forms.UNITS_FORM], Counted(result)
    columns = city_forms.list_columns(result.plan)
    numbers = {column.key for column in columns if column.is_number}
    recounted = {*SHARES, *counted.of_unit("")}
    assert numbers == recounted, "each figure of Biểu 1 is counted once more here: Counted.of_unit, SHARES"
    rows = [cell.row for cell in sheet["A"] if isinstance(cell.value, int)]
    sums: Counter[str] = Counter()
    checked = 0
    for row, unit in zip(rows, result.plan.local_units, strict=True):
        counts = counted.of_unit(unit.code)
        sums.update(counts)
        for place, column in enumerate(columns, start=1):
            if column.is_number:
                expected = _expect(column.key, counts) if unit.code in counted.rows else None
                assert same(sheet.cell(row, place), expected), (unit.code, column.key)
                checked += 1
        if unit.code in counted.rows:
            held = [line["item"] for line in counted.rows_of("programme", unit.code) if line["held"]]
            required = result.plan.programme.required
            place = next(n for n, c in enumerate(columns, start=1) if c.key == "programme")
            assert sheet.cell(row, place).value == f"{sum(item in required for item in held)}/{len(required)}"
    for place, column in enumerate(columns, start=1):
        if column.is_number:
            assert same(sheet.cell(rows[-1] + 1, place), _expect(column.key, sums)), column.key
    assert checked == len(rows) * len(numbers)


def _expect(key: str, counts: dict[str, int] | Counter[str]) -> float | None:
    return share(*(counts[of] for of in SHARES[key])) if key in SHARES else counts[key]


LISTS = ("category", "gender", "occupation", "field", "sector", "ethnicity", "religion")


def test_every_number_of_the_structure(result: Result, book: Any) -> None:
    sheet, counted = book[city_forms.STRUCTURE_FORM], Counted(result)
    halves = (counted.known(counted.local("delegates")), counted.known(counted.conference()))
    lines = {row: [c.value for c in sheet[row]] for row in range(1, sheet.max_row + 1)}
    parts = list(_split(lines, ("A", "B", "C")))
    groups = list(_split(dict(parts[0]), ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")))
    for key, group in zip(LISTS, groups, strict=False):
        head, *rest = group
        for column, people in zip((3, 5), halves, strict=True):
            values = Counter(person[key] or "Chưa rõ" for person in people)
            assert same(sheet.cell(head[0], column), len(people))
            assert same(sheet.cell(head[0], column + 1), 100 if people else None)
            shown = {line[1]: row for row, line in rest}
            assert set(values) <= set(shown)
            for label, row in shown.items():
                assert same(sheet.cell(row, column), values[label]), (key, label)
                assert same(sheet.cell(row, column + 1), share(values[label], len(people))), (key, label)
    _check_ages(sheet, counted, halves, groups[len(LISTS) :])


def _check_ages(sheet: Any, counted: Counted, halves: tuple[list[Row], ...], groups: list[Any]) -> None:
    bands, within, facts = groups
    tests: list[Callable[[int], bool]] = [
        lambda age: age < 18,
        lambda age: 18 <= age < 35,
        lambda age: 35 <= age < 45,
        lambda age: 45 <= age < 60,
        lambda age: age >= 60,
    ]
    for column, people in zip((3, 5), halves, strict=True):
        ages = [age for age in map(counted.age, people) if age is not None]
        expected = [*(sum(map(test, ages)) for test in tests), len(people) - len(ages)]
        for (row, _), count in zip(bands[1:], expected, strict=False):
            assert same(sheet.cell(row, column), count)
            assert same(sheet.cell(row, column + 1), share(count, len(people)))
        assert sum(expected) == len(people)
        assert same(sheet.cell(bands[0][0], column), len(people))
        assert same(sheet.cell(bands[0][0], column + 1), 100 if people else None)
        direct = sum(bool(person["direct_worker"]) for person in people)
        assert same(sheet.cell(within[0][0], column), direct)
        assert same(sheet.cell(within[0][0], column + 1), share(direct, len(people)))
        for (row, _), value in zip(facts[1:], (sum(ages) / len(ages), min(ages), max(ages)), strict=True):
            assert same(sheet.cell(row, column), value)


def _split(lines: dict[int, list[Any]], marks: tuple[str, ...]) -> Iterator[list[tuple[int, list[Any]]]]:
    """The rows below each mark in column A, the mark's own first, up to the next mark or the table's end."""
    starts: list[int] = []
    for mark in marks:
        after = starts[-1] if starts else 0
        starts.append(next(row for row, line in lines.items() if row > after and line[0] == mark))
    ends = [*(start for start in starts[1:]), max(lines) + 1]
    for start, end in zip(starts, ends, strict=True):
        yield [(row, line) for row, line in lines.items() if start <= row < end]


def test_every_number_of_the_upper_conference(result: Result, book: Any) -> None:
    sheet, counted, plan = book[city_forms.STRUCTURE_FORM], Counted(result), result.plan
    people = counted.conference()
    known = counted.known(people)
    exemplars = [person for person in known if person["category"] in counted.exemplars]
    guests = len(known) - len(exemplars)
    row = {str(c.value): c.row for c in sheet["B"] if c.value}
    total = row["Tổng số đại biểu (kế hoạch tối đa 300)"]
    assert same(sheet.cell(total, 5), len(people))
    for offset, count in ((1, len(exemplars)), (2, guests)):
        assert same(sheet.cell(total + offset, 5), count)
        assert same(sheet.cell(total + offset, 6), share(count, len(known)))
    found = [c.row for c in sheet["G"] if c.value in ("Có", "CHƯA CÓ")]
    expected = []
    for group in plan.coverage:
        choices = result.form.tables["delegates"].by_key.get(group.column)
        if group.each and choices:
            values = [c.value for c in plan.lists.choices(choices.choices) if c.value not in group.leave_out]
            expected += [sum(person[group.column] == value for person in exemplars) for value in values]
        elif group.column == "young":
            expected.append(sum(map(counted.is_young, exemplars)))
        elif group.values:
            expected.append(sum(person[group.column] in group.values for person in exemplars))
        elif group.leave_out:
            expected.append(sum(person[group.column] not in (None, *group.leave_out) for person in exemplars))
        else:
            expected.append(sum(bool(person[group.column]) for person in exemplars))
    for place, count in zip(found, expected, strict=True):
        assert same(sheet.cell(place, 5), count)
        assert same(sheet.cell(place, 6), share(count, len(exemplars)))
        assert sheet.cell(place, 7).value == ("Có" if count else "CHƯA CÓ")


def _parts(sheet: Any) -> list[list[tuple[int, str]]]:
    """Parts A and B of a form in two halves: their lines (row, label), the sum last."""
    parts: list[list[tuple[int, str]]] = []
    for order, label in ((sheet.cell(r, 1), sheet.cell(r, 2).value) for r in range(1, sheet.max_row + 1)):
        if order.value in ("A", "B"):
            parts.append([])
        elif parts and label and (len(parts[-1]) == 0 or parts[-1][-1][1] != "Cộng"):
            parts[-1].append((order.row, str(label)))
    return parts


def test_every_number_of_the_honourees(result: Result, book: Any) -> None:
    sheet, counted = book[city_forms.HONOURS_FORM], Counted(result)
    kinds = ("Tập thể", "Cá nhân", "Hộ gia đình")
    by_award, by_movement = _parts(sheet)
    for first, rows in ((3, counted.local("honourees")), (7, counted.rows_of("honourees", counted.upper))):
        for key, lines in (("award", by_award), ("movement", by_movement)):
            tally = Counter((row[key] or "Chưa rõ", row["kind"]) for row in rows)
            assert {label for (label, kind), count in tally.items() if kind and count} <= {label for _, label in lines}
            for row, label in lines:
                counts = [
                    sum(n for (name, k), n in tally.items() if k == kind and label in (name, "Cộng")) for kind in kinds
                ]
                for column, expected in enumerate([*counts, sum(counts)], start=first):
                    assert same(sheet.cell(row, column), expected), (label, column)


def test_every_number_of_the_five_years(result: Result, book: Any) -> None:
    sheet, counted, plan = book[city_forms.AWARDS_FORM], Counted(result), result.plan
    by_award, by_unit = _parts(sheet)
    keys = ("collectives", "households", "persons", "direct_workers")
    for first, rows in ((3, counted.local("awards")), (8, counted.rows_of("awards", counted.upper))):
        listed = {row["award"] for row in rows if any(row[key] for key in keys)}
        assert listed <= {label for _, label in by_award}
        for place, label in by_award:
            sums = [sum(row[key] or 0 for row in rows if label in (row["award"], "Cộng")) for key in keys]
            for column, expected in enumerate([*sums, share(sums[3], sums[2])], start=first):
                assert same(sheet.cell(place, column), expected), (label, column)
    for (place, label), unit in zip(by_unit[:-1], plan.units_by_code.values(), strict=True):
        assert label.startswith((unit.name, plan.name_of(unit)))
        rows = counted.rows_of("awards", unit.code)
        sums = [sum(row[key] or 0 for row in rows) for key in keys]
        first = 8 if unit.code == counted.upper else 3
        for column in range(3, 13):
            shown = unit.code in counted.rows and first <= column < first + 5
            numbers = [*sums, share(sums[3], sums[2])]
            assert same(sheet.cell(place, column), numbers[column - first] if shown else None), (label, column)
    for column in range(3, 13):
        assert same(sheet.cell(by_unit[-1][0], column), sheet.cell(by_award[-1][0], column).value)


def test_every_trace_counts_to_its_number(result: Result) -> None:
    traces = trace_figures(result)
    counter = TraceCounter(result.tables.frames, result.plan)
    for trace in traces:
        counted = counter.count(trace)
        assert counted == pytest.approx(trace.value, abs=1e-5), trace.label
    assert {trace.form for trace in traces} == {
        city_forms.UNITS_FORM,
        city_forms.STRUCTURE_FORM,
        city_forms.HONOURS_FORM,
        city_forms.AWARDS_FORM,
    }
    assert len({(trace.form, trace.place, trace.label) for trace in traces}) == len(traces)


@pytest.mark.libreoffice
@pytest.mark.parametrize("code", ["", "00055", "00064"], ids=["all", "one unit", "a missing unit"])
def test_the_registers_formulas_count_to_every_number(
    drawn_campaign: Path, plan: Plan, code: str, tmp_path: Path
) -> None:
    result = consolidate(drawn_campaign, plan, date(2020, 3, 18))
    register = openpyxl.load_workbook(io.BytesIO(write_register(result)))
    register[TRACE_SHEET]["C3"] = code or None
    data = io.BytesIO()
    register.save(data)
    sheet = recalculate(data.getvalue(), tmp_path)[TRACE_SHEET]
    lines = list(sheet.iter_rows(min_row=5, max_row=4 + len(trace_figures(result)), max_col=7, values_only=True))
    assert [line[5] for line in lines] == ["✓"] * len(lines)
    shown = {line[1]: line[3] for line in lines if line[0] == city_forms.UNITS_FORM}
    counts = result.figures.units
    local = counts[counts["level"].eq("local")]
    expected = local["exemplars"].sum() if not code else counts.loc[code, "exemplars"]
    assert (shown["cột (6)"] or 0) == expected
    assert [cell.value for cell in sheet[4]][:7] == list(HEADINGS)


def test_a_wrong_number_in_a_form_is_seen(drawn_campaign: Path, plan: Plan) -> None:
    """The traces count by themselves: they do not repeat what the form says."""
    result = consolidate(drawn_campaign, plan, date(2020, 3, 18))
    wrong = result.figures.units.copy()
    wrong.loc["00055", "exemplars"] += 1
    result = replace(result, figures=replace(result.figures, units=wrong))
    register = openpyxl.load_workbook(io.BytesIO(write_register(result)), data_only=True)[TRACE_SHEET]
    assert {c.row for c in register["F"] if c.value == "✗"} >= {5, 6, 7}
