"""Invented campaigns are faultless where they should be, and say what is wrong where they should not."""

from __future__ import annotations

import time as clock
import unicodedata
from collections import Counter
from datetime import date, time
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from dhtt_excel.form.draw_form import Entries
from dhtt_excel.form.form import Form, Kind, Layout, form_of
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.rehearsal.invent_campaign import SentFile, invent_campaign, invent_entries, read_rows
from dhtt_excel.text.vietnamese import name_key

Tables = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def clean(plan: Plan, form: Form) -> list[SentFile]:
    return invent_campaign(plan, form, clean=True)


@pytest.fixture(scope="module")
def tables(clean: list[SentFile], form: Form) -> dict[str, Tables]:
    """Unit code -> table -> rows."""
    return {file.unit.code: read_tables(form, file.entries) for file in clean}


def read_tables(form: Form, entries: Entries) -> Tables:
    read: Tables = {}
    for key, table in form.tables.items():
        if table.layout is Layout.FIELDS:
            places = {c.key: (table.sheet, *table.position(c.key)) for c in table.columns}
            read[key] = [{column: entries[place] for column, place in places.items() if place in entries}]
        else:
            read[key] = read_rows(form, entries, key)
    return read


def is_exemplar(plan: Plan, row: dict[str, Any]) -> bool:
    return plan.group_of_category[row["category"]] == "exemplar"


# ---------------------------------------------------------------- every workbook


def test_same_seed_same_campaign(plan: Plan, form: Form) -> None:
    assert invent_campaign(plan, form) == invent_campaign(plan, form)
    assert invent_campaign(plan, form) != invent_campaign(plan, form, seed=7)


def test_a_unit_is_invented_alone(plan: Plan, form: Form, clean: list[SentFile]) -> None:
    for file in reversed(clean):
        assert invent_entries(plan, form, file.unit, 215) == file.entries


def test_clean_campaign_is_complete(plan: Plan, clean: list[SentFile]) -> None:
    assert [f.unit for f in clean] == [*plan.local_units, plan.upper_unit]
    assert [f.name for f in clean] == [plan.workbook_name(f.unit) for f in clean]


def test_values_stand_in_cells_of_their_kind(plan: Plan, form: Form, clean: list[SentFile]) -> None:
    types = {Kind.YEAR: int, Kind.COUNT: int, Kind.DATE: date, Kind.TIME: time, Kind.MARK: bool}
    for file in clean:
        filled = 0
        for table in form.tables.values():
            for column in table.columns:
                row, letter = table.position(column.key)
                last = row if table.layout is Layout.FIELDS else table.last_row
                values = [
                    file.entries[k] for r in range(row, last + 1) if (k := (table.sheet, r, letter)) in file.entries
                ]
                filled += len(values)
                assert all(type(v) is types.get(column.kind, str) for v in values), column.key
                assert not values or column.kind not in (Kind.FIXED, Kind.ORDER)
                if column.kind is Kind.CHOICE:
                    assert set(values) <= {c.value for c in plan.lists.choices(column.choices)}, column.key
        assert filled == len(file.entries)


def test_required_cells_are_filled(plan: Plan, form: Form, tables: dict[str, Tables]) -> None:
    for unit in tables.values():
        for key, table in form.tables.items():
            if table.layout is not Layout.LINES:
                for row in unit[key]:
                    for column in table.columns:
                        told = f"{key}.{column.key} is required: dhtt_excel/rehearsal must invent it"
                        assert column.key in row or not needed(plan, form, key, column.key, row), told
        assert len(unit["report"]) == len(plan.report.sections)


def needed(plan: Plan, form: Form, table: str, key: str, row: dict[str, Any]) -> bool:
    column = form.tables[table].by_key[key]
    if not column.required or column.kind is Kind.FIXED or not column.when:
        return column.required and column.kind is not Kind.FIXED
    other, keys = column.when
    choices = plan.lists.choices(form.tables[table].by_key[other].choices)
    return row[other] in {c.value for c in choices if c.key in keys}


def test_text_is_composed_and_filled_in(clean: list[SentFile]) -> None:
    for file in clean:
        for value in (*file.entries.values(), file.name):
            if isinstance(value, str):
                assert unicodedata.is_normalized("NFC", value)
                assert value == value.strip()
                assert "{" not in value
                assert "  " not in value


# ---------------------------------------------------------------- persons


def test_no_person_stands_twice(form: Form, tables: dict[str, Tables]) -> None:
    owners: dict[tuple[str, int], str] = {}
    for code, unit in tables.items():
        for key in ("delegates", "honourees", "speakers"):
            names = [name_key(row["name"]) for row in unit[key]]
            assert len(set(names)) == len(names), (code, key)
        for row in (*unit["delegates"], *unit["honourees"]):
            if "birth_year" in row:
                assert owners.setdefault((name_key(row["name"]), row["birth_year"]), code) == code


def test_persons_are_plausible(plan: Plan, tables: dict[str, Tables]) -> None:
    delegates = [row for unit in tables.values() for row in unit["delegates"]]
    models = [row for row in delegates if is_exemplar(plan, row)]
    count = Counter((column, row[column]) for row in models for column in ("ethnicity", "religion"))
    total = len(models)
    female = plan.lists.value("genders", "female")
    assert 0.4 < sum(row["gender"] == female for row in delegates) / len(delegates) < 0.6
    assert 0.9 < count["ethnicity", "Kinh"] / total < 0.98
    assert 0.8 < count["religion", "Không"] / total < 0.93
    assert len({row["name"].split()[0] for row in delegates}) >= 20
    for row in models:
        age = plan.year - row["birth_year"]
        if row["occupation"] == "Học sinh, sinh viên":
            assert 11 <= age <= 22
        elif row["occupation"] == "Cán bộ hưu trí, người cao tuổi":
            assert age >= 55
        else:
            assert 18 <= age <= 80


# ---------------------------------------------------------------- the lists


def test_shares_are_exact(plan: Plan, tables: dict[str, Tables]) -> None:
    for unit in plan.local_units:
        rows = tables[unit.code]["delegates"]
        assert 60 <= len(rows) <= 150
        exemplars = sum(is_exemplar(plan, row) for row in rows)
        assert abs(100 * exemplars - plan.shares.exemplars * len(rows)) <= 50
        assert tables[unit.code]["info"][0]["declared_total"] == len(rows)


def test_delegates_are_mixed(plan: Plan, tables: dict[str, Tables]) -> None:
    expected = {c.value for c in plan.lists.categories if c.expected}
    for unit in tables.values():
        rows = unit["delegates"]
        assert expected <= {row["category"] for row in rows}
        exemplars = [row for row in rows if is_exemplar(plan, row)]
        assert 0 < sum("collective" in row for row in exemplars) < len(exemplars)
        assert any(row.get("direct_worker") for row in exemplars)


def test_nominees_fit_the_upper_conference(plan: Plan, tables: dict[str, Tables]) -> None:
    own = tables[plan.upper_unit.code]["delegates"]
    assert 60 <= len(own) <= 150
    nominees = {
        unit.code: [row for row in tables[unit.code]["delegates"] if row.get("nominated")] for unit in plan.local_units
    }
    assert all(5 <= len(rows) <= 9 and all(is_exemplar(plan, row) for row in rows) for rows in nominees.values())
    conference = [*own, *(row for rows in nominees.values() for row in rows)]
    assert len(conference) <= plan.conference.upper.max_delegates
    exemplars = sum(is_exemplar(plan, row) for row in conference)
    assert abs(100 * exemplars - plan.shares.exemplars * len(conference)) <= 50
    for rows in nominees.values():
        share = 100 * (exemplars - len(rows)) / (len(conference) - len(rows))
        assert abs(share - plan.shares.exemplars) <= plan.shares.tolerance


def test_upper_unit_alone_covers_every_group(plan: Plan, form: Form, tables: dict[str, Tables]) -> None:
    rows = tables[plan.upper_unit.code]["delegates"]
    for group in plan.coverage:
        if group.column == "young":
            assert any(plan.year - row["birth_year"] < plan.ages.young_under for row in rows)
            continue
        present = {row.get(group.column) for row in rows} - {None}
        choices = form.tables["delegates"].by_key[group.column].choices
        listed = {c.value for c in plan.lists.choices(choices)} if choices else present
        wanted = set(group.values) or listed - set(group.leave_out)
        assert wanted <= present if group.each else wanted & present, group.name


def test_speakers_are_exemplars(plan: Plan, tables: dict[str, Tables]) -> None:
    person = plan.lists.value("speech_kinds", "person")
    for unit in tables.values():
        exemplars = [row for row in unit["delegates"] if is_exemplar(plan, row)]
        by_name = {row["name"]: row for row in exemplars}
        by_collective = {row["collective"]: row for row in exemplars if "collective" in row}
        speakers = unit["speakers"]
        assert 4 <= len(speakers) <= 8
        assert len({row["field"] for row in speakers}) == len(speakers)
        assert len({row["kind"] for row in speakers}) == 2
        for row in speakers:
            delegate = (by_name if row["kind"] == person else by_collective)[row["name"]]
            assert (row["presenter"], row["organisation"], row["field"]) == tuple(
                delegate[key] for key in ("name", "organisation", "field")
            )
            assert 5 <= row["minutes"] <= 10
        assert sum(row["minutes"] for row in speakers) <= 90


def test_honourees_have_titles_that_fit(plan: Plan, tables: dict[str, Tables]) -> None:
    kinds = {c.value: c.key for c in plan.lists.honouree_kinds}
    recipients = {award.value: award.recipients for award in plan.lists.awards}
    for unit in tables.values():
        rows = unit["honourees"]
        assert 20 <= len(rows) <= 60
        assert {kinds[row["kind"]] for row in rows} == set(kinds.values())
        assert {row["movement"] for row in rows} == {m.value for m in plan.lists.movements}
        for row in rows:
            assert kinds[row["kind"]] in recipients[row["award"]]
            assert ("birth_year" in row) is (kinds[row["kind"]] == "person")
            assert "decision" in row


# ---------------------------------------------------------------- conference and report


def test_conferences_are_in_time(plan: Plan, tables: dict[str, Tables]) -> None:
    pilot = max(tables[u.code]["info"][0]["date"] for u in plan.local_units if u.pilot)
    for unit in plan.units:
        info = tables[unit.code]["info"][0]
        session = next(s for s in plan.lists.sessions if s.value == info["session"])
        assert session.start <= info["start"] < info["end"] <= session.end
        assert info["date"].weekday() < 5
        assert ("event" in info) is (info["form"] == plan.lists.value("forms", "combined"))
        if unit.level == "upper":
            assert plan.conference.upper.first_day <= info["date"] <= plan.conference.upper.last_day
            assert info["name"] == plan.conference.upper.name
            assert "reported" not in info
        else:
            limit = plan.conference.local.pilot_before if unit.pilot else plan.conference.local.before
            assert limit
            assert pilot <= info["date"] < limit
            assert info["date"] <= info["reported"] < plan.report.before
    assert len({tables[u.code]["info"][0]["form"] for u in plan.local_units}) == 2


def test_programme_runs_in_order(plan: Plan, form: Form, tables: dict[str, Tables]) -> None:
    required = len(plan.programme.required)
    for unit in tables.values():
        info, rows = unit["info"][0], unit["programme"]
        first = form.tables["programme"].first_row
        must = [row for row in rows if row["excel_row"] < first + required]
        assert len(must) == required
        assert 1 <= len(rows) - required <= 3
        assert [row["start"] for row in must] == sorted(row["start"] for row in must)
        by_time = sorted(rows, key=lambda row: (row["start"], row["end"]))
        assert all(row["held"] is True and row["start"] < row["end"] for row in rows)
        assert all(a["end"] <= b["start"] for a, b in pairwise(by_time))
        assert info["start"] <= by_time[0]["start"]
        assert by_time[-1]["end"] <= info["end"]


def test_reports_differ_and_name_the_unit(plan: Plan, tables: dict[str, Tables]) -> None:
    texts = [row["content"] for unit in tables.values() for row in unit["report"]]
    assert len(set(texts)) == len(texts)
    for unit in plan.units:
        for row in tables[unit.code]["report"]:
            assert unit.name in row["content"]
            assert any(c.isdigit() for c in row["content"])
            assert 3 <= row["content"].count(". ") + 1 <= 6
            assert row["content"].endswith(".")


def test_award_figures_agree(plan: Plan, form: Form, tables: dict[str, Tables]) -> None:
    table = form.tables["awards"]
    for unit in tables.values():
        assert unit["awards"]
        for row in unit["awards"]:
            award = plan.lists.awards[table.line_rows.index(row["excel_row"])]
            assert row.get("direct_workers", 0) <= row.get("persons", 0)
            assert "persons" not in row or "person" in award.recipients
            assert "collectives" not in row or "collective" in award.recipients


# ---------------------------------------------------------------- accidents


@pytest.fixture(scope="module")
def sent(plan: Plan, form: Form) -> list[SentFile]:
    return invent_campaign(plan, form)


def changes(file: SentFile, clean: list[SentFile]) -> dict[tuple[str, int, int], tuple[Any, Any]]:
    """Cell -> the faultless value, the value sent."""
    good = next(f for f in clean if f.unit == file.unit).entries
    cells = good.keys() | file.entries.keys()
    return {c: (good.get(c), file.entries.get(c)) for c in cells if good.get(c) != file.entries.get(c)}


def file_with(sent: list[SentFile], words: str) -> SentFile:
    (found,) = [file for file in sent if words in file.note]
    return found


def test_one_is_missing_and_one_is_sent_twice(plan: Plan, sent: list[SentFile], clean: list[SentFile]) -> None:
    count = Counter(file.unit.code for file in sent)
    assert sorted(count[u.code] for u in plan.units) == [0, *[1] * (len(plan.units) - 2), 2]
    assert len({file.name.casefold() for file in sent}) == len(sent)
    first, second = (file for file in sent if count[file.unit.code] == 2)
    assert first.name == plan.workbook_name(first.unit)
    assert second.name.endswith("(sửa lần 2).xlsx")
    assert len(changes(first, clean)) == 5
    assert not changes(second, clean)


def test_every_accident_has_a_unit_of_its_own(plan: Plan, sent: list[SentFile], clean: list[SentFile]) -> None:
    spoilt = [file for file in sent if changes(file, clean)]
    assert len(spoilt) == len({file.unit.code for file in spoilt}) == 6
    assert all(file.note and "\n" not in file.note for file in spoilt)
    assert not any(file.unit.pilot or file.unit.level == "upper" for file in spoilt)


def test_only_the_shares_are_off(plan: Plan, form: Form, sent: list[SentFile], clean: list[SentFile]) -> None:
    file = file_with(sent, "Cơ cấu")
    """And what is not asked of the guests who have come of exemplars is left out."""
    table = form.tables["delegates"]
    keys = {table.position(key)[1]: key for key in table.by_key}
    changed = {(sheet, row, keys[letter]): now for (sheet, row, letter), (_, now) in changes(file, clean).items()}
    moved = {(sheet, row) for sheet, row, key in changed if key == "category"}
    left_out = {place for place in changed if place[2] != "category"}
    assert {sheet for sheet, _ in moved} == {"Đại biểu"}
    assert {place[:2] for place in left_out} == moved
    assert {key for _, _, key in left_out} <= {column.key for column in table.columns if column.only}
    assert {changed[place] for place in left_out} == {None}
    rows = read_rows(form, file.entries, "delegates")
    assert sum(is_exemplar(plan, row) for row in rows) == len(rows) * 60 // 100


def test_heading_is_renamed(form: Form, sent: list[SentFile], clean: list[SentFile]) -> None:
    table = form.tables["delegates"]
    expected = {(table.sheet, table.heading_row, 3): (None, "Họ tên đại biểu")}
    assert changes(file_with(sent, "Đổi tên cột"), clean) == expected


def test_dates_are_text(form: Form, sent: list[SentFile], clean: list[SentFile]) -> None:
    file = file_with(sent, "dạng chữ")
    years = [row["birth_year"] for row in read_rows(form, file.entries, "delegates") if "birth_year" in row]
    assert all(isinstance(year, str) for year in years)
    assert {len(year) for year in years} == {4, 10}
    for good, text in changes(file, clean).values():
        assert text.endswith(str(good.year if isinstance(good, date) else good))


def test_bad_values_are_pasted(plan: Plan, sent: list[SentFile], clean: list[SentFile]) -> None:
    bad = {sent for _, sent in changes(file_with(sent, "Dán"), clean).values()}
    assert {v for v in bad if isinstance(v, str)} == {"Phòng GD"}
    assert [len(str(v)) for v in bad if isinstance(v, int)] == [5]


def test_one_person_stands_in_two_units(form: Form, sent: list[SentFile]) -> None:
    lists = {f.unit.code: {name_key(r["name"]): r for r in read_rows(form, f.entries, "delegates")} for f in sent}
    known = ((key, row) for rows in lists.values() for key, row in rows.items() if "birth_year" in row)
    count = Counter((key, row["birth_year"]) for key, row in known)
    ((key, year),) = [person for person, times in count.items() if times > 1]
    spellings = {rows[key]["name"] for rows in lists.values() if key in rows and rows[key].get("birth_year") == year}
    assert len(spellings) == 2
    assert sum("cùng một người" in file.note for file in sent) == 2


@pytest.mark.parametrize("number", [1, 2, 3, 5, 8, 9])
def test_smaller_plans_have_fewer_accidents(plan: Plan, number: int) -> None:
    units: tuple[Unit, ...] = (*plan.local_units[:number], plan.upper_unit)
    small = msgspec.structs.replace(plan, units=units)
    form = form_of(small)
    for seed in range(3):
        assert len(invent_campaign(small, form, seed, clean=True)) == number + 1
        sent = invent_campaign(small, form, seed)
        assert sent[-1].unit.level == "upper"
        assert len({file.name.casefold() for file in sent}) == len(sent)


def test_campaign_is_quick(plan: Plan, form: Form) -> None:
    """Half a second on an idle machine; the limit leaves room for a busy one."""
    start = clock.perf_counter()
    invent_campaign(plan, form, seed=3)
    assert clock.perf_counter() - start < 3
