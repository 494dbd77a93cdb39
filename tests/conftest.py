"""A valid workbook with some cells changed, and the pipeline run on it as a user would."""

from __future__ import annotations

import gc
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dhtt_excel import DEFAULT_PLAN, rules
from dhtt_excel.findings import Finding
from dhtt_excel.form.draw_form import Entries, draw_form
from dhtt_excel.form.form import Form, form_of
from dhtt_excel.form.moments import spell_moments
from dhtt_excel.inbox.find_files import name_files
from dhtt_excel.outputs.failures import Failure
from dhtt_excel.outputs.write_outputs import Output, _Order
from dhtt_excel.pipeline import OfficeFiles, judge_submissions
from dhtt_excel.plan.plan import PLANS, Plan, Unit, load_plan
from dhtt_excel.reading.read_submission import SubmissionReader
from dhtt_excel.rehearsal.invent_campaign import invent_entries
from dhtt_excel.result import Result
from dhtt_excel.rules import RULES
from tests.libreoffice import LibreOffice, is_installed
from tests.typed import by_place, fill_in, type_demo

AS_OF = date(2020, 3, 18)
SEED = 215
MOST_AT_ONCE = 48
FEW = ("00040", "00061", "00064", "00082", "002")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of POSIX")
OUTPUT_FILES = 7  # that a run writes into its folder, besides its list of them and what lies in sub-folders


@pytest.fixture(scope="session")
def plan() -> Plan:
    return load_plan()


@pytest.fixture(scope="session")
def few_units(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped plan's file with five of its units, for commands: a letter to each missing one takes them longest."""
    text = (PLANS / f"{DEFAULT_PLAN}.toml").read_text(encoding="utf-8")
    kept = "|".join(FEW)
    path = tmp_path_factory.mktemp("plan") / "few.toml"
    path.write_text(re.sub(rf'\[\[units\]\]\ncode = "(?!(?:{kept})")(?:.+\n)+\n', "", text), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def few(few_units: Path) -> Plan:
    return load_plan(str(few_units))


@pytest.fixture(scope="session")
def form(plan: Plan) -> Form:
    return form_of(plan)


@pytest.fixture(scope="session")
def ward(plan: Plan) -> Unit:
    """An ordinary ward."""
    return plan.units_by_code["00061"]


@pytest.fixture(scope="session")
def valid_entries(plan: Plan, form: Form) -> Callable[[Unit], Entries]:
    """The cells of a faultless workbook of a unit."""
    made: dict[str, Entries] = {}

    def entries(unit: Unit) -> Entries:
        if unit.code not in made:
            made[unit.code] = _put_exemplars_first(plan, form, invent_entries(plan, form, unit, SEED))
        return dict(made[unit.code])

    return entries


def _put_exemplars_first(plan: Plan, form: Form, entries: Entries) -> Entries:
    """The list of delegates begins with those who are asked everything, so that any cell in its first rows can be broken."""
    table = form.tables["delegates"]
    exemplars = {choice.value for choice in plan.lists.categories if choice.group == "exemplar"}
    first, place = table.position("category")
    rows = [row for row in range(first, table.last_row + 1) if (table.sheet, row, place) in entries]
    ordered = sorted(rows, key=lambda row: entries[table.sheet, row, place] not in exemplars)
    moved = dict(zip(ordered, rows, strict=True))
    return {
        (sheet, moved.get(row, row) if sheet == table.sheet else row, column): value
        for (sheet, row, column), value in entries.items()
    }


@pytest.fixture(scope="session")
def valid_workbook(plan: Plan, form: Form, valid_entries: Callable[[Unit], Entries]) -> Callable[[Unit], bytes]:
    """The faultless workbook of a unit, drawn once."""
    drawn: dict[str, bytes] = {}

    def draw(unit: Unit) -> bytes:
        if unit.code not in drawn:
            drawn[unit.code] = fill_in(plan, form, unit, spell_moments(form, valid_entries(unit)))
        return drawn[unit.code]

    return draw


Fill = Callable[..., Path]


@pytest.fixture
def fill(
    plan: Plan,
    form: Form,
    valid_entries: Callable[[Unit], Entries],
    valid_workbook: Callable[[Unit], bytes],
    tmp_path: Path,
) -> Fill:
    """Write a unit's valid workbook with these cells changed: `fill(ward, {"Đại biểu!E14": 99})`.

    `calculated`: saved by a program that has calculated the formulas.
    """

    def write(
        unit: Unit, changes: Mapping[str, Any] | None = None, name: str | None = None, *, calculated: bool = False
    ) -> Path:
        entries = spell_moments(form, valid_entries(unit))
        entries |= by_place(changes or {})
        path = tmp_path / "da nhận" / (name or plan.workbook_name(unit))
        path.parent.mkdir(exist_ok=True)
        if calculated:
            path.write_bytes(draw_form(plan, form, unit, RULES, entries))
        else:
            path.write_bytes(fill_in(plan, form, unit, entries) if changes else valid_workbook(unit))
        return path

    return write


@pytest.fixture(scope="session")
def check_here(plan: Plan, form: Form) -> Callable[..., Result]:
    """As `check_files`, but it reads in this process: for tests of what is read and judged, and not of who reads."""
    reader = SubmissionReader(form, plan)

    def check(*paths: Path) -> Result:
        read = map(reader.read_submission, name_files(list(paths)))
        return judge_submissions(read, form, plan, AS_OF, OfficeFiles(), whole_campaign=False)

    return check


@pytest.fixture
def check(check_here: Callable[..., Result]) -> Callable[[Path], list[Finding]]:
    """Findings of a single workbook."""
    return lambda path: check_here(path).findings


CheckApart = Callable[[Sequence[Path]], list[list[Finding]]]
CheckEach = Callable[[Sequence[Mapping[str, Any]]], list[list[Finding]]]


@pytest.fixture(scope="session")
def twins(plan: Plan, ward: Unit) -> Plan:
    """The plan with many wards in place of one: so many cases of the ward can be judged in one run."""
    wards = [msgspec.structs.replace(ward, code=f"twin{n}", name=f"{ward.name} {n}") for n in range(MOST_AT_ONCE)]
    return msgspec.structs.replace(plan, units=(*wards, plan.upper_unit))


@pytest.fixture(scope="session")
def check_apart(twins: Plan, form: Form) -> CheckApart:
    """Findings of each of these workbooks, which twins have sent, as `check_here` would give them one by one.

    Twins list the same people, so O07, which tells of such and of nothing in a single workbook, is left out.
    """
    reader = SubmissionReader(form, twins)
    alone = [rule for rule in RULES if rule.code != "O07"]

    def check(paths: Sequence[Path]) -> list[list[Finding]]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(rules, "RULES", alone)
            read = map(reader.read_submission, name_files(list(paths)))
            findings = judge_submissions(read, form, twins, AS_OF, OfficeFiles(), whole_campaign=False).findings
        by_file = [[f for f in findings if f.file == path.name] for path in paths]
        assert sum(map(len, by_file)) == len(findings)
        return by_file

    return check


@pytest.fixture(scope="session")
def check_each(
    twins: Plan,
    form: Form,
    ward: Unit,
    valid_entries: Callable[[Unit], Entries],
    check_apart: CheckApart,
    tmp_path_factory: pytest.TempPathFactory,
) -> CheckEach:
    """Findings of the ward's valid workbook with each of these changes, as `fill` and `check` would give them one by one."""

    def check(changes: Sequence[Mapping[str, Any]]) -> list[list[Finding]]:
        folder = tmp_path_factory.mktemp("each")
        paths = []
        for unit, cells in zip(twins.local_units, changes, strict=False):
            entries = spell_moments(form, valid_entries(ward)) | by_place(cells)
            paths.append(folder / twins.workbook_name(unit))
            paths[-1].write_bytes(fill_in(twins, form, unit, entries))
        assert len(paths) == len(changes)
        return check_apart(paths)

    return check


def list_asked(request: pytest.FixtureRequest, parameter: str) -> list[Any]:
    """The values of a parameter in those tests of this run that ask for the fixture: with `-k` few of all."""
    items: list[Any] = request.session.items
    return [item.callspec.params[parameter] for item in items if request.fixturename in item.fixturenames]


@pytest.fixture
def little_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run writes what the next one goes on from and its letters; its other files are empty, where no test looks at them."""
    draw, kept = _Order._draw, (Output.HISTORY, Output.EXEMPTIONS, Output.DRAFTS)

    def draw_little(order: _Order, what: Output | Unit, failures: list[Failure]) -> bytes | dict[str, bytes]:
        return draw(order, what, failures) if what in kept else b""

    monkeypatch.setattr(_Order, "_draw", draw_little)


@pytest.fixture(scope="session")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LibreOffice]:
    office = LibreOffice(tmp_path_factory.mktemp("libreoffice"))
    yield office
    office.close()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The quick set is looked for where there is some of it: to look through all files takes as long as to run it."""
    is_test = collection_path.name.startswith("test_")
    asked = config.getoption("markexpr") == "quick"
    return True if asked and is_test and "mark.quick" not in collection_path.read_text(encoding="utf-8") else None


def pytest_collection_finish() -> None:
    """What has been loaded stays; to look through it again and again for what does not takes a twentieth of the time."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if not gc.get_freeze_count():  # all that is loaded stays, and the collector need not walk through it at every turn
        gc.freeze()
    for marker, installed in (("libreoffice", is_installed), ("browser", _has_browser)):
        if item.get_closest_marker(marker) and not installed():
            if os.environ.get("CI"):
                pytest.fail(f"{marker} is not installed; in CI no test is skipped")
            pytest.skip(f"{item.name} needs {marker}")


@cache
def _has_browser() -> bool:
    return shutil.which("chromium") is not None


@pytest.fixture(scope="session")
def drawn_campaign(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo campaign's folder; read only."""
    folder = tmp_path_factory.mktemp("campaign") / "da-nhan"
    type_demo(plan, folder)
    return folder


@pytest.fixture(scope="session")
def few_campaign(few: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same of the plan with five units, where their number does not matter; read only."""
    folder = tmp_path_factory.mktemp("campaign") / "da-nhan"
    type_demo(few, folder)
    return folder
