"""Nothing is hard-coded: what is made for the second shipped plan says no word of the first."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from dhtt_excel import DEFAULT_PLAN, pipeline
from dhtt_excel.form.draw_form import draw_form
from dhtt_excel.form.form import Form, form_of
from dhtt_excel.pipeline import consolidate, write_result
from dhtt_excel.plan.plan import Plan, Unit, load_plan, shipped_plans
from dhtt_excel.result import Result
from dhtt_excel.rules import RULES
from dhtt_excel.terminal.cli import commands
from tests.typed import type_demo, type_rehearsal

SECOND = "ha-noi-2025"


@pytest.fixture(scope="module")
def second() -> Plan:
    return load_plan(SECOND)


@pytest.fixture(scope="module")
def second_form(second: Plan) -> Form:
    return form_of(second)


def name_words(plan: Plan) -> set[str]:
    """What a plan calls things: offices, units, numbers, days, sections, items."""
    levels, local, upper = plan.levels, plan.conference.local, plan.conference.upper
    days = (plan.date, local.before, local.pilot_before, plan.report.before, upper.first_day, upper.last_day)
    years = re.findall(r"\d{4}", plan.period)
    words = {
        *(plan.id, plan.form_prefix, plan.number, plan.issuer, plan.title, *plan.report.to, plan.privacy),
        *(plan.period, "-".join(years), "–".join(years), " đến năm ".join(years)),
        *(text for level in (levels.local, levels.upper) for text in (level.noun, level.office, level.department)),
        *(plan.names_of(u).office.replace(plan.names_of(u).noun, plan.noun_of(u)) for u in plan.units),
        *(text for unit in plan.units for text in (unit.name, plan.name_of(unit), plan.workbook_name(unit))),
        *(f"{day:{form}}" for day in days if day for form in ("%d/%m/%Y", "%Y-%m-%d")),
        *(local.name, upper.name, local.pilot_note, *plan.programme.required, *plan.programme.optional),
        *(section.text for section in plan.report.sections),
        *plan.clauses.values(),
        *(plan.number_of(clause) for clause in plan.clauses if "." in plan.number_of(clause)),
        *(f"{plan.shares.exemplars}%", f"{plan.conference.upper.max_delegates} đại biểu"),
    }
    return {word for word in words if word}


def list_values(plan: Plan) -> set[str]:
    lists = plan.lists
    return {choice.value for name in lists.__struct_fields__ for choice in lists.choices(name)}


def list_spellings(plan: Plan) -> set[str]:
    lists = plan.lists
    return {alias for name in lists.__struct_fields__ for choice in lists.choices(name) for alias in choice.aliases}


def match_words(words: set[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(r"(?<![\w/.])(" + "|".join(map(re.escape, longest_first)) + r")(?![\w.]*\w)", re.IGNORECASE)


def words_of_the_first(first: Plan, second: Plan) -> re.Pattern[str]:
    """What only the first plan says; a word that stands in a longer one of the second ("Xã, phường") tells nothing."""
    upper = second.levels.upper  # what to the first plan is the level above
    own = {upper.formal_office, f"Hội đồng Thi đua - Khen thưởng {upper.noun}"}
    shared = "\n".join(name_words(second) | list_values(second) | own)
    return match_words({word for word in name_words(first) if not match_words({word}).search(shared)})


@pytest.fixture(scope="module")
def foreign(plan: Plan, second: Plan) -> re.Pattern[str]:
    pattern = words_of_the_first(plan, second)
    for word in (
        "quận",
        "Hàng Bạc",
        "UBND quận Hoàn Kiếm",
        "Phòng Nội vụ",
        "215/KH-UBND",
        "20/03/2020",
        "Trần Hưng Đạo",
    ):
        assert pattern.search(word), word
    return pattern


def texts(data: bytes) -> Iterator[tuple[str, str]]:
    """Every text of a workbook: its cells, then what else its parts say (prompts, messages, footers, properties)."""
    workbook = CalamineWorkbook.from_filelike(BytesIO(data))
    for name in workbook.sheet_names:
        for row in workbook.get_sheet_by_name(name).to_python(skip_empty_area=False):
            yield from ((name, value) for value in row if isinstance(value, str) and value)
    yield from part_texts(data)


def part_texts(data: bytes) -> Iterator[tuple[str, str]]:
    """Attribute values and character data of every XML part, paragraph by paragraph in a document."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")) and not name.endswith(("sharedStrings.xml", "styles.xml")):
                xml = package.read(name).decode()
                for part in xml.split("</w:p>"):
                    yield name, re.sub(r"<[^>]*?>", "", part.replace("</c>", "\n").replace("</f>", "\n"))
                yield name, "\n".join(re.findall(r'(?:prompt|error|promptTitle|title|name)="([^"]*)"', xml))


def assert_silent(pattern: re.Pattern[str], place: str, said: Iterator[tuple[str, str]]) -> None:
    for where, text in said:
        found = pattern.search(text)
        assert not found, f"{place}, {where}: …{text[max(0, found.start() - 40) : found.end() + 40]}…"


@pytest.fixture(scope="module")
def dirty(second: Plan, tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    """The demo campaign with its accidents, and the folder of its outputs."""
    folder = tmp_path_factory.mktemp("second")
    type_demo(second, folder / "da-nhan")
    result = consolidate(folder / "da-nhan", second, second.report.before)
    write_result(result, folder / "ket-qua")
    return result, folder


# ---------------------------------------------------------------- every shipped plan


@pytest.mark.parametrize("name", sorted(shipped_plans()))
def test_a_shipped_plan_has_all_that_the_rules_cite(name: str) -> None:
    plan = load_plan(name)
    assert plan.id == name
    form_of(plan)
    cited = {clause for rule in RULES for clause in (rule.cites, rule.cites_upper)}
    if plan.rolls_up:  # its text is not known, and none is made up
        assert plan.cite("III.4") == f"Kế hoạch {plan.number}"
        return
    assert cited <= plan.clauses.keys() | {"", "Biểu mẫu", "Luật Thi đua, khen thưởng"}


def test_the_second_plan_says_that_it_is_an_example(second: Plan) -> None:
    assert SECOND != DEFAULT_PLAN
    for text in (second.title, second.privacy):
        assert "kế hoạch mẫu, không phải văn bản có thật" in text.lower()
    assert {second.noun_of(unit) for unit in second.local_units} == {"xã", "phường"}
    assert not any(unit.pilot for unit in second.units)


# ---------------------------------------------------------------- no word of the first


def test_templates(plan: Plan, second: Plan, second_form: Form, foreign: re.Pattern[str]) -> None:
    for unit in second.units:
        said = list(texts(draw_form(second, second_form, unit, RULES)))
        assert_silent(foreign, unit.name, iter(said))
        assert not {text for _, text in said} & (list_values(plan) - list_values(second) - list_spellings(second))
        assert not any("làm điểm" in text for _, text in said)
        assert any(second.name_of(unit) == text for _, text in said)


def test_inbox_and_outputs(dirty: tuple[Result, Path], foreign: re.Pattern[str]) -> None:
    _, folder = dirty
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")]
    assert {path.suffix for path in files} >= {".xlsx", ".json"}
    for path in files:
        assert not foreign.search(path.name)
        if path.suffix == ".xlsx":
            assert_silent(foreign, path.name, texts(path.read_bytes()))
        elif path.suffix == ".docx":
            assert_silent(foreign, path.name, part_texts(path.read_bytes()))
        elif path.suffix == ".json":
            said = json.dumps(json.loads(path.read_bytes()), ensure_ascii=False, indent=0)
            assert_silent(foreign, path.name, iter([("", said)]))


def test_the_upper_level_writes_to_the_level_above(dirty: tuple[Result, Path], second: Plan) -> None:
    _, folder = dirty
    said = [text for _, text in texts((folder / "ket-qua" / f"tong-hop-{SECOND}.xlsx").read_bytes())]
    assert second.levels.upper.formal_office.upper() in said
    assert second.levels.upper.department.upper() not in said  # the forms are annexes of the office's own report


def test_rules_and_handbook(second: Plan, foreign: re.Pattern[str]) -> None:
    runner = CliRunner()
    for arguments in ([], *([rule.code] for rule in RULES), ["--handbook"]):
        printed = runner.invoke(commands, ["rules", "--plan", SECOND, *arguments])
        assert printed.exit_code == 0, printed.output
        assert_silent(foreign, "dhtt rules", iter([(" ".join(arguments), printed.output)]))
    assert "mục 3.2" in runner.invoke(commands, ["rules", "--plan", SECOND, "DB01"]).output


# ---------------------------------------------------------------- the work is done as well


def test_every_accident_is_found(dirty: tuple[Result, Path]) -> None:
    result, _ = dirty
    assert [unit.code for unit in result.missing_units] == ["MAU02"]
    assert {f.code for f in result.findings if f.severity == "error"} == {"DB01", "O02", "O03", "TEP05"}


def test_clean_campaign_has_no_finding(second: Plan, tmp_path: Path) -> None:
    type_demo(second, tmp_path, clean=True)
    result = consolidate(tmp_path, second, second.report.before)
    assert result.findings == []
    assert result.missing_units == ()


def test_rehearsal_finds_every_breach(second: Plan, tmp_path: Path) -> None:
    planted = type_rehearsal(second, tmp_path)
    findings = consolidate(tmp_path, second, second.report.before).findings
    assert [breach.code for breach in planted if not breach.is_found(findings)] == []
    assert [breach.code for breach in planted if not breach.places] == ["TT03"]  # no unit goes before the others


# ---------------------------------------------------------------- two units of one name


@pytest.fixture(scope="module")
def namesakes(second: Plan) -> Plan:
    """The plan with a commune that differs from a ward in its kind only."""
    double = Unit(code="MAU99", name="Sơn Tây", noun="xã")
    return msgspec.structs.replace(second, units=(*second.units, double))


def test_a_bare_name_of_two_units_is_nobody(namesakes: Plan) -> None:
    assert namesakes.find_unit("Sơn Tây") is None
    for name, code in (("Phường Sơn Tây", "MAU02"), ("XÃ SƠN TÂY", "MAU99"), ("MAU99", "MAU99")):
        unit = namesakes.find_unit(name)
        assert unit is not None
        assert unit.code == code
    assert len({namesakes.workbook_name(unit) for unit in namesakes.units}) == len(namesakes.units)


def test_namesakes_are_told_apart(namesakes: Plan, tmp_path: Path) -> None:
    type_demo(namesakes, tmp_path / "da-nhan", clean=True)
    result = pipeline.consolidate(tmp_path / "da-nhan", namesakes, namesakes.report.before)
    assert result.findings == []
    assert {"MAU02", "MAU99"} <= result.used.keys()
    assert {namesakes.short_name(namesakes.units_by_code[code]) for code in ("MAU02", "MAU99")} == {
        "Phường Sơn Tây",
        "Xã Sơn Tây",
    }
