"""Every rule is broken once, alone and all together, and found where it was broken and nowhere else."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from itertools import combinations, product
from pathlib import Path
from pkgutil import iter_modules
from random import Random
from types import ModuleType
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from dhtt_excel import rules
from dhtt_excel.errors import UserError
from dhtt_excel.findings import Finding, Rule, Severity
from dhtt_excel.form.draw_form import Entries, draw_form
from dhtt_excel.form.form import Form, form_of
from dhtt_excel.inbox.find_files import name_files
from dhtt_excel.pipeline import OfficeFiles, consolidate, judge_submissions
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.reading.read_submission import SubmissionReader
from dhtt_excel.reading.submissions import Submission
from dhtt_excel.rehearsal import breaches, demo, drafts
from dhtt_excel.rehearsal.breaches import BREACHES, BREACHES_BY_CODE
from dhtt_excel.rehearsal.breaches.upper_conference import add_delegates
from dhtt_excel.rehearsal.deal_breaches import deal_breaches
from dhtt_excel.rehearsal.drafts import Breach, Draft, Place, Planted
from dhtt_excel.rehearsal.invent_campaign import Rehearsal, invent_rehearsal
from dhtt_excel.result import Result as Judged
from dhtt_excel.rules import RULES
from dhtt_excel.terminal.cli import commands
from dhtt_excel.terminal.show_result import show_matrix
from tests.conftest import OUTPUT_FILES, CheckApart, list_asked
from tests.rules.conftest import ReadValid
from tests.typed import fill_in, type_demo

Valid = Callable[[Unit], Entries]
MakeDraft = Callable[[Unit], Draft]
Check = Callable[[Path], list[Finding]]

CODES = [rule.code for rule in RULES]
IN_WORKBOOK = [code for code in CODES if code in BREACHES_BY_CODE and not BREACHES_BY_CODE[code].whole]
IN_CAMPAIGN = [code for code in CODES if code in BREACHES_BY_CODE and BREACHES_BY_CODE[code].whole]

# What a breach cannot but break besides: its code ─► the other rule, and how much that weighs.
COMPANIONS = {
    "TEP05": {("HN02", Severity.WARNING)},  # those whom the unit would have nominated are not at the upper conference
}


@pytest.fixture
def draft(plan: Plan, form: Form, valid_entries: Valid) -> MakeDraft:
    return lambda unit: Draft(plan, form, unit, valid_entries(unit), plan.workbook_name(unit))


@pytest.fixture(autouse=True, scope="module")
def _filled_in() -> Iterator[None]:
    """Workbooks are filled in instead of drawn, but for those of which a breach has changed the form's own rules."""

    def draw(plan: Plan, form: Form, unit: Unit, by: Iterable[Rule], entries: Entries) -> bytes:
        return fill_in(plan, form, unit, entries) if by is RULES else draw_form(plan, form, unit, by, entries)

    with pytest.MonkeyPatch.context() as patch:
        for drawer in (drafts, demo):
            patch.setattr(drawer, "draw_form", draw)
        yield


def _save(folder: Path, draft: Draft) -> Path:
    path = folder / draft.name
    path.write_bytes(draft.draw())
    return path


def _places(findings: list[Finding]) -> list[tuple[str, Place]]:
    return [(f.code, Place(f.unit, f.file, f.sheet, f.cell)) for f in findings]


# ---------------------------------------------------------------- one by one


@pytest.mark.quick
def test_every_rule_has_a_breach() -> None:
    """A new rule needs one, in the module of `rehearsal.breaches` that is named as the rule's own."""
    assert sorted(CODES) == sorted(set(CODES)), "two rules of one code"
    homes, broken = _homes(rules, Rule), _homes(breaches, Breach)
    for code in CODES:
        wanted = f"{code}: write a breach in dhtt_excel/rehearsal/breaches/{homes[code]}.py"
        assert broken.get(code) == homes[code], wanted
    assert sorted(breach.code for breach in BREACHES) == sorted(CODES)


def _homes(package: ModuleType, kind: type[Breach | Rule]) -> dict[str, str]:
    """Code ─► the module that it stands in, of the package's modules."""
    modules = {
        module.name: import_module(f"{package.__name__}.{module.name}") for module in iter_modules(package.__path__)
    }
    return {
        value.code: name
        for name, module in modules.items()
        for value in vars(module).values()
        if isinstance(value, kind)
    }


@pytest.fixture(scope="module")
def broken(
    request: pytest.FixtureRequest,
    plan: Plan,
    twins: Plan,
    form: Form,
    ward: Unit,
    valid_entries: Valid,
    check_here: Callable[[Path], Judged],
    check_apart: CheckApart,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, tuple[Planted, list[Finding]]]:
    """By code the breach of one workbook, and what is found in it."""
    twin = iter(twins.local_units)
    made: dict[str, tuple[Planted, Path]] = {}
    for code in list_asked(request, "code"):
        upper = BREACHES_BY_CODE[code].level == "upper"
        unit = plan.upper_unit if upper else next(twin)
        spoilt = Draft(twins, form, unit, valid_entries(unit if upper else ward), twins.workbook_name(unit))
        made[code] = BREACHES_BY_CODE[code].plant(spoilt, [spoilt]), _save(tmp_path_factory.mktemp(code), spoilt)
    local = [code for code in made if BREACHES_BY_CODE[code].level == "local"]
    found = dict(zip(local, check_apart([made[code][1] for code in local]), strict=True))
    return {
        code: (planted, found[code] if code in found else check_here(path).findings)
        for code, (planted, path) in made.items()
    }


@pytest.mark.quick
@pytest.mark.parametrize("code", IN_WORKBOOK)
def test_a_breach_of_one_workbook_makes_one_finding(
    code: str, broken: dict[str, tuple[Planted, list[Finding]]]
) -> None:
    planted, findings = broken[code]
    assert _places(findings) == [(code, place) for place in planted.places]
    assert len(findings) == 1
    assert planted.is_found(findings)
    assert planted.done


Judge = Callable[[list[Draft]], Judged]


@pytest.fixture
def judge(plan: Plan, form: Form, read_valid: ReadValid, valid_entries: Valid, tmp_path: Path) -> Judge:
    """The campaign in which these are sent, one minute after the other."""
    reader = SubmissionReader(form, plan)

    def read(sent: list[Draft]) -> Iterator[Submission]:
        files = Counter(draft.unit.code for draft in sent)
        for minute, draft in enumerate(sent):
            if draft.plain and draft.entries == valid_entries(draft.unit) and files[draft.unit.code] == 1:
                yield read_valid(draft.unit)
                continue
            path = _save(tmp_path, draft)
            os.utime(path, (60 * minute, 60 * minute))
            yield reader.read_submission(*name_files([path]))

    return lambda sent: judge_submissions(read(sent), form, plan, plan.report.before, OfficeFiles())


@pytest.mark.parametrize("code", IN_CAMPAIGN)
def test_a_breach_of_the_campaign_is_found_and_nothing_else(
    code: str, plan: Plan, ward: Unit, draft: MakeDraft, judge: Judge
) -> None:
    breach = BREACHES_BY_CODE[code]
    by_code = {unit.code: draft(unit) for unit in plan.units_by_code.values()}
    sent = list(by_code.values())
    planted = breach.plant(by_code[plan.upper_unit.code if breach.level == "upper" else ward.code], sent)
    findings = judge(sent).findings
    own = [f for f in findings if f.code == code]
    assert planted.places
    assert sorted(_places(own)) == sorted((code, place) for place in planted.places)
    assert {(f.code, f.severity) for f in findings if f.code != code} == COMPANIONS.get(code, set())


def test_a_note_is_not_a_breach_found(draft: MakeDraft, ward: Unit, check: Check, tmp_path: Path) -> None:
    """Nor is a finding of the rule in another cell."""
    spoilt = draft(ward)
    planted = BREACHES_BY_CODE["O02"].plant(spoilt, [spoilt])
    (finding,) = check(_save(tmp_path, spoilt))
    assert planted.is_found([finding])
    assert planted.is_found([replace(finding, cell=f"{finding.cell}:{finding.cell[0]}300")])
    assert not planted.is_found([replace(finding, severity=Severity.NOTE)])
    assert not planted.is_found([replace(finding, cell="A1")])
    assert not planted.is_found([replace(finding, cell="")])
    assert not planted.is_found([])


# ---------------------------------------------------------------- all together


def _read_matrix(told: str) -> dict[str, list[str]]:
    """Code ─► its other cells, without blanks: they are broken to fit the terminal."""
    lines = told.splitlines()
    start = max(number for number, line in enumerate(lines) if line.startswith("─"))
    columns = [found.span() for found in re.finditer("─+", lines[start])]
    rows: dict[str, list[str]] = {}
    code = ""
    for line in lines[start + 1 : lines.index("", start)]:
        first, *cells = ["".join(line[begin:end].split()) for begin, end in columns]
        code = first or code
        rows[code] = [before + cell for before, cell in zip(rows.get(code, [""] * len(cells)), cells, strict=True)]
    return rows


@pytest.mark.usefixtures("little_written")
def test_the_command_finds_every_rule(few_units: Path, tmp_path: Path) -> None:
    run = _rehearse_by_command(few_units, tmp_path)
    lines = run.output.splitlines()
    assert (run.exit_code, run.stderr) == (0, "")
    assert lines[-1] == f"{len(RULES)}/{len(RULES)} quy tắc được phát hiện"
    table = _read_matrix(run.output)
    assert list(table) == CODES
    assert all(mark == "✓" for _, _, mark, _, _ in table.values())
    assert ".xlsx›Đạibiểu!L" in table["O01"][-1]
    assert len([path for path in (tmp_path / "ket-qua").glob("[!.]*") if path.is_file()]) == OUTPUT_FILES


def _rehearse_by_command(plan: Path, out: Path) -> Result:
    return CliRunner().invoke(commands, ["demo", "--every-rule", "-o", str(out), "--plan", str(plan)])


@pytest.mark.usefixtures("little_written")
def test_the_command_fails_where_a_breach_is_not_found(
    ward: Unit, few_units: Path, draft: MakeDraft, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def write_one(_: Plan, folder: Path, **__: Any) -> list[Planted]:
        spoilt = draft(ward)
        planted = [BREACHES_BY_CODE[code].plant(spoilt, [spoilt]) for code in ("O01", "O02")]
        folder.mkdir(exist_ok=True)
        _save(folder, spoilt)
        return [planted[0], planted[1]._replace(places=(spoilt.place("info", "form"),))]

    monkeypatch.setattr(demo, "write_rehearsal", write_one)
    run = _rehearse_by_command(few_units, tmp_path)
    assert run.exit_code == 1
    assert run.output.endswith("1/2 quy tắc được phát hiện\n")


def test_a_rehearsal_is_not_clean() -> None:
    run = CliRunner().invoke(commands, ["demo", "--every-rule", "--clean"])
    assert run.exit_code == 2


def test_same_seed_same_rehearsal(plan: Plan) -> None:
    small = _shrink(plan, 4)
    assert _rehearse(small) == _rehearse(small)
    assert _rehearse(small) != _rehearse(small, seed=7)


def _rehearse(plan: Plan, seed: int = 215) -> Rehearsal:
    return invent_rehearsal(plan, form_of(plan), seed)


def _shrink(plan: Plan, number: int, *, pilot: bool = True) -> Plan:
    """The plan with so many local units, the pilot among them or none."""
    ordinary = [unit for unit in plan.local_units if not unit.pilot][: number - pilot]
    return msgspec.structs.replace(
        plan, units=(*ordinary, *(u for u in plan.units if u.pilot and pilot), plan.upper_unit)
    )


@pytest.mark.parametrize(("number", "pilot", "seed"), [(18, True, 215), (3, True, 0), (3, False, 2), (4, True, 3)])
def test_all_breaches_together_are_found_and_nothing_else(
    number: int, pilot: bool, seed: int, plan: Plan, tmp_path: Path
) -> None:
    """None hides another, none makes a finding of its own elsewhere; also of few units, and where nobody goes first, so that
    nobody can be too early.
    """
    small = _shrink(plan, number, pilot=pilot)
    assert len(small.local_units) == number
    planted = demo.write_rehearsal(small, tmp_path, seed=seed)
    result = consolidate(tmp_path, small, small.report.before)
    assert [p.code for p in planted] == CODES
    assert sorted(_places(result.findings)) == sorted((p.code, place) for p in planted for place in p.places)
    matrix = show_matrix(result, planted)
    assert ("kếhoạchnàykhôngcógìđểviphạm" in _read_matrix(matrix)["TT03"][-2]) is not pilot
    assert {p.code for p in planted if not p.places} == (set() if pilot else {"TT03"})
    count = len(RULES) - (not pilot)
    assert matrix.endswith(f"{count}/{count} quy tắc được phát hiện")
    unseen = show_matrix(replace(result, findings=result.findings[1:]), planted)
    assert unseen.endswith(f"{count - 1}/{count} quy tắc được phát hiện")
    assert unseen.count(" ✗ ") == 1


# ---------------------------------------------------------------- dealing


@pytest.mark.parametrize("pilot", [True, False])
@pytest.mark.parametrize("number", [3, 4, 18])
def test_no_seed_is_refused(number: int, pilot: bool, plan: Plan) -> None:
    """Three local units and the upper one are enough for sixty seeds of sixty; breaches that clash never meet."""
    units = _shrink(plan, number, pilot=pilot).units
    for seed in range(60):
        dealt = deal_breaches(BREACHES, units, Random(seed))
        assert dealt.keys() == set(CODES)
        assert _is_good(dealt, BREACHES)
        assert dealt["TEP05"] not in [unit for code, unit in dealt.items() if code != "TEP05"]
        assert not any(dealt[code].pilot for code in ("TEP05", "TT03"))
        held = Counter(unit.code for unit in dealt.values() if unit.level == "local")
        assert len(held) == min(number, len(units) - 1)


def _is_good(dealt: dict[str, Unit], breaches: Sequence[Breach]) -> bool:
    return all(breach.fits(dealt[breach.code]) for breach in breaches) and not any(
        dealt[one.code] is dealt[other.code] and one.clashes(other) for one, other in combinations(breaches, 2)
    )


def test_a_deal_is_found_wherever_there_is_one(plan: Plan) -> None:
    """Against every deal of few made-up breaches: those that are refused are the fewest for which there is none."""
    units = _shrink(plan, 3).units
    refused = 0
    for seed in range(150):
        rng = Random(seed)
        made_up = [_make_up(rng, code) for code in "ABCDE"]
        if _has_deal(made_up, units):
            assert _is_good(deal_breaches(made_up, units, rng), made_up)
            continue
        refused += 1
        with pytest.raises(UserError) as refusal:
            deal_breaches(made_up, units, rng)
        named = re.findall(r"\b[A-E]\b", str(refusal.value).partition("riêng")[2].partition("đã")[0])
        obstacle = [breach for breach in made_up if breach.code in named]
        assert not _has_deal(obstacle, units)
        assert all(_has_deal([b for b in obstacle if b is not other], units) for other in obstacle)
    assert 30 < refused < 120


def _make_up(rng: Random, code: str) -> Breach:
    needs, spoils = (frozenset(rng.sample("xyz", rng.randint(0, 2))) for _ in range(2))
    return Breach(code, lambda draft, _: ([draft.on_sheet()], ""), needs, spoils, pilot=rng.random() < 0.5)


def _has_deal(breaches: Sequence[Breach], units: Sequence[Unit]) -> bool:
    codes = [breach.code for breach in breaches]
    ways = product(units, repeat=len(breaches))
    return any(_is_good(dict(zip(codes, way, strict=True)), breaches) for way in ways)


def test_too_few_units_to_rehearse_are_said(plan: Plan) -> None:
    with pytest.raises(UserError) as refusal:
        _rehearse(_shrink(plan, 2))
    assert "Kế hoạch có 2 đơn vị cấp dưới: quá ít" in str(refusal.value)
    assert "TEP05 đã không chia được" in str(refusal.value)
    assert "(TEP05 không thể ở đơn vị làm điểm)" in str(refusal.value)
    with pytest.raises(UserError, match="quá ít") as refusal:
        _rehearse(_shrink(plan, 2, pilot=False))
    assert "làm điểm" not in str(refusal.value)


# ---------------------------------------------------------------- just inside the limits


def test_a_full_list_has_no_finding(draft: MakeDraft, ward: Unit, check: Check, tmp_path: Path) -> None:
    """From the form's first row to its last, in the plan's shares."""
    full = draft(ward)
    table, shares = full.form.tables["delegates"], full.plan.shares
    exemplars = table.capacity * shares.exemplars // 100
    add_delegates(
        full,
        exemplars - len(full.delegates("exemplar")),
        table.capacity - exemplars - len(full.delegates("guest")),
    )
    rows = [row["excel_row"] for row in full.rows("delegates")]
    assert (rows[0], rows[-1], len(rows)) == (table.first_row, table.last_row, table.capacity)
    assert full.get("info", "declared_total") == table.capacity == 300
    assert check(_save(tmp_path, full)) == []
    with pytest.raises(ValueError, match="no room"):
        add_delegates(full, 1, 0)


def test_a_full_conference_has_no_finding(plan: Plan, draft: MakeDraft, judge: Judge) -> None:
    """The upper conference at its limit, one delegate below what breaks HN01."""
    limit = plan.conference.upper.max_delegates
    sent = [draft(unit) for unit in plan.units_by_code.values()]
    upper = sent[-1]
    nominees = sum(bool(row.get("nominated")) for d in sent[:-1] for row in d.rows("delegates"))
    exemplars = limit * plan.shares.exemplars // 100 - nominees - len(upper.delegates("exemplar"))
    add_delegates(upper, exemplars, limit - nominees - len(upper.rows("delegates")) - exemplars)
    result = judge(sent)
    assert len(result.tables.frames["conference"]) == limit
    assert result.findings == []


DAY = timedelta(days=1)
LAST_VALUES: dict[str, tuple[str, Callable[[Plan], dict[str, Any]]]] = {
    "TT02": ("local", lambda plan: dict.fromkeys(("date", "reported"), plan.conference.local.before - DAY)),
    "TT05": ("local", lambda plan: {"reported": plan.report.before - DAY}),
    "HN04": ("upper", lambda plan: {"date": plan.conference.upper.last_day}),
    "HN04-first": ("upper", lambda plan: {"date": plan.conference.upper.first_day}),
}


@pytest.mark.parametrize("case", LAST_VALUES)
def test_the_last_day_that_will_do(
    case: str, plan: Plan, ward: Unit, draft: MakeDraft, check: Check, tmp_path: Path
) -> None:
    level, values = LAST_VALUES[case]
    good = draft(ward if level == "local" else plan.upper_unit)
    for key, value in values(plan).items():
        good.put("info", key, value)
    assert check(_save(tmp_path, good)) == []


def test_a_report_on_the_day_itself_will_do(draft: MakeDraft, ward: Unit, check: Check, tmp_path: Path) -> None:
    good = draft(ward)
    good.put("info", "reported", good.get("info", "date"))
    assert check(_save(tmp_path, good)) == []


def test_the_first_and_the_last_year_of_birth_will_do(
    plan: Plan, draft: MakeDraft, ward: Unit, check: Check, tmp_path: Path
) -> None:
    good = draft(ward)
    for year in (plan.ages.born_first, plan.ages.born_last):
        good.put("delegates", "birth_year", year, good.take_extra())
    findings = check(_save(tmp_path, good))
    assert {(f.code, f.severity) for f in findings} == {
        ("O04", Severity.WARNING)
    }  # taken, and asked about: 120 and 10 years


def test_speeches_may_fill_the_conference_and_no_more(
    draft: MakeDraft, ward: Unit, check: Check, tmp_path: Path
) -> None:
    good = draft(ward)
    start, end = (good.get("info", key) for key in ("start", "end"))
    room = (end.hour - start.hour) * 60 + end.minute - start.minute
    row, *others = good.rows("speakers")
    good.put("speakers", "minutes", room - sum(other["minutes"] for other in others), row["excel_row"])
    assert check(_save(tmp_path, good)) == []
    good.put("speakers", "minutes", good.get("speakers", "minutes", row["excel_row"]) + 1, row["excel_row"])
    assert [f.code for f in check(_save(tmp_path, good))] == ["TL04"]


def test_nobody_speaks_and_nobody_is_honoured(draft: MakeDraft, ward: Unit, check: Check, tmp_path: Path) -> None:
    empty = draft(ward)
    places = [BREACHES_BY_CODE[code].plant(empty, [empty]).places[0] for code in ("TL01", "BD01")]
    assert _places(check(_save(tmp_path, empty))) == list(zip(("TL01", "BD01"), places, strict=True))


# ---------------------------------------------------------------- every campaign


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_invented_is_faultless(seed: int, plan: Plan, tmp_path: Path) -> None:
    """Three units of each campaign and the upper one; what is invented for a unit depends on no other."""
    units = (*Random(seed).sample(plan.local_units, 3), plan.upper_unit)
    few = msgspec.structs.replace(plan, units=units)
    type_demo(few, tmp_path, seed=seed, clean=True)
    assert consolidate(tmp_path, few, few.report.before).findings == []
