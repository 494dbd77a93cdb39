"""O07: one person in two units is told with its evidence; namesakes are not accused."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pytest

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.findings import Fault, Finding, Severity
from dhtt_excel.form.form import Form
from dhtt_excel.pipeline import OfficeFiles, judge_submissions
from dhtt_excel.plan.plan import Plan
from dhtt_excel.rehearsal import persons
from dhtt_excel.rehearsal.persons import Row
from dhtt_excel.rehearsal.words import WORDS, Sex
from dhtt_excel.rules.across_units import listed_in_two_units
from dhtt_excel.text.vietnamese import name_key
from tests.conftest import AS_OF
from tests.rules.conftest import ReadValid

_, WARNING, NOTE, _ = Severity
HERE, THERE, ELSEWHERE = "00061", "00064", "00067"
ROW = 9
PERSON = {
    "name": "Nguyễn Thị Thúy Hòa",
    "gender": "Nữ",
    "birth_year": 1968,
    "ethnicity": "Tày",
    "religion": "Không",
    "position": None,
    "organisation": "Xưởng thêu tay Ánh Dương",
    "category": "Cá nhân điển hình tiên tiến",
    "collective": None,
    "occupation": "Nông dân",
    "field": "An toàn thực phẩm",
}
HONOURED = {
    "kind": "Cá nhân",
    "name": "Nguyễn Thị Thúy Hòa",
    "gender": "Nữ",
    "birth_year": 1968,
    "organisation": "Xưởng thêu tay Ánh Dương",
    "award": "Huy chương",
    "decision": "1/QĐ-UBND",
    "field": "An toàn thực phẩm",
}
OTHERWISE = {"organisation": "Hợp tác xã Mây tre", "occupation": "Khác", "field": "Y tế"}

Campaign = Callable[..., list[Finding]]


@pytest.fixture
def campaign(plan: Plan, form: Form, read_valid: ReadValid) -> Campaign:
    """Findings O07 of two units that list a person: `here`, and `there` with what is different; `elsewhere`: what a third one
    says in that row.
    """

    def judge(
        there: dict[str, Any],
        here: dict[str, Any] | None = None,
        table: str = "delegates",
        other: str = THERE,
        elsewhere: dict[str, Any] | None = None,
    ) -> list[Finding]:
        person = PERSON if table == "delegates" else HONOURED
        rows = {HERE: person | (here or {}), other: person | there, ELSEWHERE: elsewhere or {}}
        sheet = form.tables[table]
        read = [
            read_valid(
                plan.units_by_code[code],
                {f"{sheet.sheet}!{cell_name(ROW, sheet.position(key)[1])}": value for key, value in row.items()},
            )
            for code, row in rows.items()
            if row
        ]
        return [f for f in judge_submissions(read, form, plan, AS_OF, OfficeFiles()).findings if f.code == "O07"]

    return judge


def told(findings: list[Finding]) -> list[tuple[str, str, Severity]]:
    return [(f.unit, f"{f.sheet}!{f.cell}", f.severity) for f in findings]


def both(severity: Severity, sheet: str = "Đại biểu!C9", other: str = THERE) -> list[tuple[str, str, Severity]]:
    return [(HERE, sheet, severity), (other, sheet, severity)]


def test_the_same_person_is_told_to_both_with_the_other_place(campaign: Campaign) -> None:
    """However the name is spelled. No name of a person stands in a message."""
    findings = campaign({"name": "NGUYỄN  thị Thuý Hoà", "occupation": "Khác", "field": "Y tế"})
    assert told(findings) == both(WARNING)
    assert findings[0].message == (
        "Rất có thể cùng một người với Phường Hàng Gai, trang tính Đại biểu, dòng 9: cùng họ tên, năm sinh và đơn vị"
    )
    assert "Phường Hàng Bạc, trang tính Đại biểu, dòng 9" in findings[1].message
    assert all("chỉ để ở một đơn vị" in f.advice and "Hòa" not in f.message for f in findings)


def test_a_title_does_not_hide_anyone(campaign: Campaign) -> None:
    assert told(campaign({"name": "Ông Đỗ Văn Đông"}, {"name": "PGS.TS Đỗ Văn Đông"})) == both(WARNING)


def test_look_alike_letters_do_not_hide_anyone(campaign: Campaign) -> None:
    assert told(campaign({"name": "Ðỗ Văn Đông"}, {"name": "Đỗ Văn Đông"})) == both(WARNING)


@pytest.mark.parametrize(
    ("shared", "word"),
    [
        ({"position": "Nghệ nhân thêu rồng"}, "chức vụ, nghề nghiệp"),
        ({"category": "Đại diện tập thể điển hình", "collective": "Tổ thêu số 7"}, "tập thể đại diện"),
    ],
)
def test_what_few_share_is_evidence(campaign: Campaign, shared: dict[str, Any], word: str) -> None:
    findings = campaign(OTHERWISE | shared, shared)
    assert told(findings) == both(WARNING)
    assert findings[0].message.endswith(word)


def test_occupation_and_field_are_evidence_together(campaign: Campaign) -> None:
    findings = campaign({"organisation": OTHERWISE["organisation"]})
    assert told(findings) == both(WARNING)
    assert findings[0].message.endswith("đối tượng, lĩnh vực")
    assert told(campaign(OTHERWISE | {"field": PERSON["field"]})) == both(NOTE)


def test_a_namesake_of_one_year_is_noted(campaign: Campaign) -> None:
    findings = campaign(OTHERWISE)
    assert told(findings) == both(NOTE)
    assert "đã coi là hai người khác nhau" in findings[0].message


@pytest.mark.parametrize("other", [{"gender": "Nam"}, {"ethnicity": "Mường"}, {"religion": "Phật giáo"}])
def test_a_contradiction_makes_two_people(campaign: Campaign, other: dict[str, Any]) -> None:
    assert campaign(other) == []


@pytest.mark.parametrize("year", [1978, 1969, 1986, None])
def test_a_slip_of_the_year_does_not_hide_anyone(campaign: Campaign, year: int | None) -> None:
    findings = campaign({"birth_year": year})
    assert told(findings) == both(WARNING)
    assert findings[0].message.startswith("Có thể cùng một người, năm sinh ghi khác nhau")
    assert campaign({"birth_year": year, "organisation": "Hợp tác xã Mây tre"}) == []


def test_another_year_is_another_person(campaign: Campaign) -> None:
    assert campaign({"birth_year": 1979}) == []


def test_guests_are_rightly_invited_by_many(campaign: Campaign) -> None:
    guest = {"category": "Lãnh đạo các cấp, các ngành"}
    assert campaign(guest, guest) == []
    assert campaign(guest) == []


def test_an_organisation_of_many_units_is_no_evidence(campaign: Campaign) -> None:
    """Every ward has a "Tổ dân phố số 5"."""
    common, elsewhere = {"organisation": "Tổ dân phố số 5"}, {"organisation": "tổ dân phố số 5"}
    assert told(campaign(OTHERWISE | common, common, elsewhere=elsewhere)) == both(NOTE)
    assert campaign(common | {"birth_year": 1978}, common, elsewhere=elsewhere) == []


def test_honourees_of_two_units(campaign: Campaign) -> None:
    place = "Biểu dương!D9"
    findings = campaign({}, table="honourees")
    assert told(findings) == both(WARNING, place)
    assert "Phường Hàng Gai, trang tính Biểu dương, dòng 9" in findings[0].message
    other = {"organisation": "Hợp tác xã Mây tre", "decision": "2/QĐ-UBND"}
    findings = campaign(other, table="honourees")
    assert told(findings) == both(WARNING, place)
    assert findings[0].message.endswith("lĩnh vực, danh hiệu, hình thức khen")
    assert told(campaign(other | {"award": "Giải thưởng"}, table="honourees")) == both(NOTE, place)


def test_who_is_honoured_again_above_is_no_double(campaign: Campaign, plan: Plan) -> None:
    assert campaign({}, table="honourees", other=plan.upper_unit.code) == []
    assert told(campaign({}, other=plan.upper_unit.code)) == both(WARNING, other=plan.upper_unit.code)


# ---------------------------------------------------------------- ten thousand persons


def invent_people(plan: Plan, form: Form, seed: int, count: int, *, apart: bool) -> list[Row]:
    """Different persons of the local units, with names as often repeated as in life.

    Occupation and field are drawn `apart` from one another, or together as in life, where namesakes agree more often.
    """
    rng = random.Random(seed)
    settings = [persons.prepare_setting(plan, form, unit, seed) for unit in plan.local_units]
    walks = WORDS.levels["local"].persons
    weights = [walk.weight for walk in walks]
    rows = []
    for place in range(count):
        setting = settings[place % len(settings)]
        walk = rng.choices(walks, weights)[0]
        other = rng.choices(walks, weights)[0] if apart else walk
        sex: Sex = "female" if rng.random() < walk.women else "male"
        ethnicity = persons._pick_weighted(rng, WORDS.persons.ethnicities)
        scene = {**persons.draw_scene(setting), "grade": 7}
        rows.append(
            {
                "unit": setting.unit.code,
                "excel_row": 7 + place // len(settings),
                "name": persons._invent_name(rng, sex, WORDS.persons.ethnic_families.get(ethnicity)),
                "gender": sex,
                "birth_year": plan.year - rng.randint(*walk.ages),
                "ethnicity": ethnicity,
                "religion": walk.religion or persons._pick_weighted(rng, WORDS.persons.religions),
                "position": walk.position.format_map(scene),
                "organisation": walk.organisation.format_map(scene),
                "collective": None,
                "occupation": walk.occupation,
                "field": other.field,
                "group": "exemplar",
            }
        )
    return rows


def judge(plan: Plan, rows: list[Row]) -> Iterator[Fault]:
    frame = pd.DataFrame(rows)
    numbers = {"birth_year": "Int64", "excel_row": "int64"}
    delegates = frame.astype({column: numbers.get(column, "string") for column in frame})
    nobody = delegates.iloc[:0].assign(kind="", award="", decision="")
    assert listed_in_two_units.check
    return iter(listed_in_two_units.check(delegates=delegates, honourees=nobody, plan=plan))


def count_pairs(keys: list[Any]) -> int:
    return sum(n * (n - 1) // 2 for n in Counter(keys).values())


@pytest.mark.parametrize("apart", [True, False])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ten_thousand_persons_accuse_nobody(
    plan: Plan, form: Form, seed: int, apart: bool, record_property: Callable[[str, Any], None]
) -> None:
    rows = invent_people(plan, form, seed, 10_000, apart=apart)
    names = [name_key(row["name"]) for row in rows]
    assert count_pairs(names) > 1000
    assert count_pairs([(name, row["birth_year"]) for name, row in zip(names, rows, strict=True)]) > 20
    severities = Counter(fault.severity for fault in judge(plan, rows))
    record_property("notes", severities[NOTE])
    assert severities[WARNING] == 0
    assert 0 < severities[NOTE] < 200


def test_as_many_namesakes_as_chance_makes_are_one_line(plan: Plan, form: Form) -> None:
    """Others, of whom more are born in one year than chance makes, are told one by one, however many."""
    rows = invent_people(plan, form, 4, 25_000, apart=False)
    (note,) = judge(plan, rows)
    assert (note.at, note.severity) == (plan.upper_unit.code, NOTE)
    assert re.match("[0-9]{3} cặp người của hai đơn vị cùng họ tên, năm sinh", note.message)
    other = {"occupation": None, "field": None, "organisation": None, "position": None}
    units = [unit.code for unit in plan.local_units]
    again = [
        row | other | {"unit": units[units.index(row["unit"]) - 1], "excel_row": 5000 + number}
        for number, row in enumerate(rows[:400])
    ]
    assert len(list(judge(plan, [*rows, *again]))) > 800


def respell(rng: random.Random, name: str) -> str:
    """The same name as another hand writes it."""
    tones = {"òa": "oà", "óa": "oá", "úy": "uý", "ùy": "uỳ", "ủy": "uỷ"}
    moved = name
    for old, new in tones.items():
        moved = moved.replace(old, new)
    ways = [moved, name.upper(), f" {name.replace(' ', '  ')} ", name.replace("Đ", "Ð").replace("đ", "ð")]
    return rng.choice(ways)


@pytest.mark.parametrize(("count", "apart"), [(1_300, False), (10_000, True), (10_000, False)])
def test_two_hundred_doubles_are_found(plan: Plan, form: Form, count: int, apart: bool) -> None:
    rng = random.Random(7)
    rows = invent_people(plan, form, 7, count, apart=apart)
    planted = []
    for number, row in enumerate(rng.sample(rows, 200)):
        unit = rng.choice([u.code for u in plan.local_units if u.code != row["unit"]])
        again = {"unit": unit, "excel_row": 5000 + number, "organisation": f"Nơi khác {number}", "position": None}
        planted.append((row, row | again | {"name": respell(rng, row["name"])}))
    faults = list(judge(plan, [*rows, *(again for _, again in planted)]))
    warned = {(f.at.unit, f.at.excel_row) for f in faults if f.severity is WARNING}
    for pair in planted:
        assert {(row["unit"], row["excel_row"]) for row in pair} <= warned


def test_a_list_of_nothing_but_one_person_ends(plan: Plan, form: Form) -> None:
    (row,) = invent_people(plan, form, 1, 1, apart=False)
    units = [u.code for u in plan.local_units]
    rows = [row | {"unit": units[place % len(units)], "excel_row": place} for place in range(2_000)]
    faults = list(judge(plan, rows))
    assert len(faults) == len(rows)
    assert all(fault.message.count("dòng") == 5 for fault in faults)
