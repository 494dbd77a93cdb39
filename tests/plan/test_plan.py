"""A plan with a mistake is refused in words that name the place."""

from __future__ import annotations

from pathlib import Path

import pytest

from dhtt_excel import DEFAULT_PLAN
from dhtt_excel.errors import UserError
from dhtt_excel.form.form import form_of
from dhtt_excel.plan.plan import PLANS, Plan, load_plan, shipped_plans

SOURCE = (PLANS / f"{DEFAULT_PLAN}.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('code = "00046"', "code = 46", "units[3].code: cần kiểu str nhưng đang là int"),
        ('name = "Hàng Buồm"', 'nam = "Hàng Buồm"', "units[3]"),
        ("tolerance = 5", "", "shares: thiếu mục “tolerance”"),
        ("tolerance = 5", "tolerence = 5\ntolerance = 5", "shares: không có mục nào tên là “tolerence”"),
        ("guests = 30", "guests = 20", "shares: hai tỷ lệ phải cộng thành 100"),
        ('code = "00040"', 'code = "00037"', "trùng"),
        ('value = "Kinh", aliases = ["Việt"]', 'value = "Kinh", aliases = ["Tày"]', "trùng với “Tày”"),
        ('value = "Kinh"', 'value = "Kinh "', "khoảng trắng thừa"),
        ("[levels.local]", "[levels.local", "không đúng cú pháp TOML"),
        ('level = "upper"', "", "đúng một đơn vị"),
        ('column = "religion"', 'column = "field"', 'coverage: cần đúng một nhóm có column = "religion"'),
        ('column = "sector"', 'column = "ethnicity"', 'coverage: cần đúng một nhóm có column = "ethnicity"'),
        ('value = "Nữ", key = "female"', 'value = "Nữ"', "genders: thiếu giá trị có key female"),
        ('value = "Nam" }, ', 'value = "Nam", key = "female" }, ', "genders: nhiều giá trị cùng có key female"),
        ('genders = [{ value = "Nam" }, ', "genders = [", "genders: cần nữ và ít nhất một giá trị khác"),
        (
            '{ value = "Công tác" }',
            '{ value = "Công tác", key = "work" }',
            "areas: không hiểu giá trị “Công tác” (key work)",
        ),
        (
            '{ value = "Tập thể", key = "collective" }]',
            '{ value = "Tập thể", key = "collective" }, { value = "Hộ" }]',
            "speech_kinds: không hiểu giá trị “Hộ” (không có key)",
        ),
        ('group = "exemplar", key = "collective"', 'group = "guest", key = "collective"', "phải thuộc nhóm exemplar"),
        ("exemplars = 70\nguests = 30", "exemplars = 130\nguests = -30", "không được âm"),
        ("last_day = 2020-03-31", "last_day = 2020-02-28", "conference.upper: first_day phải không sau last_day"),
        (
            "first = 2019-12-05",
            "first = 2019-12-04",
            "dates: first không được trước ngày ban hành kế hoạch (05/12/2019)",
        ),
        ("last_day = 2020-03-31", "last_day = 2021-03-31", "dates: ngày 31/03/2021 của kế hoạch nằm ngoài khoảng này"),
        ("max_delegates = 300", "max_delegates = 0", "max_delegates"),
        ("bands = [18, 35, 45, 60]", "bands = [35, 18]", "ages: bands phải tăng dần"),
        ('code = "I.2", text', 'code = "I.1", text', "report: sections: “I.1”"),
        ('  "Khai mạc",', '  "Chào cờ",', "programme: required, optional: “Chào cờ”"),
        ("start = 06:00:00", "start = 13:00:00", "giờ bắt đầu phải trước giờ kết thúc"),
        ("[clauses]", '[clause_numbers]\n"IX" = "9"\n[clauses]', "clause_numbers: clauses không có mục “IX”"),
        ('above = "Thành phố"', "", "levels: thiếu mục “above”"),
    ],
)
def test_a_mistake_is_named_with_its_place(old: str, new: str, says: str, tmp_path: Path) -> None:
    assert old in SOURCE
    path = tmp_path / "kế hoạch.toml"
    path.write_text(SOURCE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UserError) as caught:
        load_plan(path)
    assert says in str(caught.value)
    assert "kế hoạch.toml" in str(caught.value)


def test_a_missing_plan_names_the_shipped_ones(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=DEFAULT_PLAN):
        load_plan(tmp_path / "không có.toml")


def test_a_group_of_an_unknown_value_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text(SOURCE.replace('values = ["Nữ"]', 'values = ["Nu"]'), encoding="utf-8")
    with pytest.raises(UserError, match="Nu"):
        form_of(load_plan(path))


def test_the_default_plan_is_shipped() -> None:
    assert DEFAULT_PLAN in set(shipped_plans())


def test_a_clause_is_cited_by_its_own_number(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text(SOURCE.replace("[clauses]", '[clause_numbers]\n"II.3" = "5"\n\n[clauses]'), encoding="utf-8")
    plan = load_plan(path)
    assert plan.cite("II.3") == "Kế hoạch 215/KH-UBND, mục 5"
    assert plan.cite("III.4") == "Kế hoạch 215/KH-UBND, mục III.4"
    assert plan.cite("Biểu mẫu") == "Biểu mẫu"


def test_the_plan_is_the_order_of_the_district(plan: Plan) -> None:
    """Figures of Kế hoạch 215, read once more by hand."""
    assert len(plan.local_units) == 18
    assert [u.name for u in plan.units if u.pilot] == ["Trần Hưng Đạo"]
    assert (plan.shares.exemplars, plan.shares.guests) == (70, 30)
    assert plan.conference.upper.max_delegates == 300
    assert len(plan.programme.required) == 10
    assert len(plan.programme.optional) == 4
    assert [s.code for s in plan.report.sections] == ["I.1", "I.2", "I.3", "I.4", "II.1", "II.2", "II.3"]
    assert str(plan.conference.local.pilot_before_printed) == "2019-01-30"
    assert str(plan.conference.local.pilot_before) == "2020-01-30"
    assert str(plan.conference.local.before) == "2020-03-15"
    assert str(plan.report.before) == "2020-03-20"
    assert len(plan.lists.ethnicities) == 55


def test_units_are_found_exactly_or_not_at_all(plan: Plan) -> None:
    for unit in plan.units:
        for name in (unit.name, plan.name_of(unit).upper(), unit.code, *unit.aliases):
            assert plan.find_unit(name) is unit
    assert plan.find_unit("Hàng Bạt") is None
    assert plan.find_unit("") is None
