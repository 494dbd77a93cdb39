"""The whole flow in one screen: read ─► choose ─► merge ─► check ─► accept ─► follow ─► count ─► write.

The stages are imported where they are used: pandas loads while the workers read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from dhtt_excel.collector import collector_put_off
from dhtt_excel.findings import sort_findings
from dhtt_excel.form.form import Form, form_of
from dhtt_excel.inbox.engine import HERE, Engine
from dhtt_excel.inbox.find_files import FoundFile, find_files, list_packed, look_through, name_files
from dhtt_excel.inbox.open_workbooks import open_containers, open_workbooks
from dhtt_excel.inbox.own_files import list_written
from dhtt_excel.inbox.raw import RawWorkbook
from dhtt_excel.inbox.seen_files import SeenFile
from dhtt_excel.outputs.write_outputs import (
    WRITTEN_OUTPUTS,
    Watch,
    Written,
    write_drafts,
    write_result,
    write_template_drafts,
)
from dhtt_excel.plan.plan import Plan
from dhtt_excel.reading.choose_submissions import choose_submissions, set_own_aside, set_templates_aside
from dhtt_excel.reading.read_submissions import read_submissions
from dhtt_excel.reading.submissions import Submission
from dhtt_excel.text.file_names import CONTACTS_FILE, EXEMPTIONS_FILE, HISTORY_FILE, RETURNS_FOLDER, name_outputs

if TYPE_CHECKING:
    from dhtt_excel.result import Result

__all__ = [
    "OfficeFiles", "Watch", "Written", "check_files", "consolidate", "judge_submissions", "write_drafts", "write_result",
    "write_template_drafts",
]  # fmt: skip


@dataclass(frozen=True)
class OfficeFiles:
    """What the upper unit keeps for itself, by the name that we give it, as far as it was there; `folder`: the outputs."""

    folder: Path | None = None
    workbooks: Mapping[str, RawWorkbook] = field(default_factory=dict)


def consolidate(
    folder: Path,
    plan: Plan,
    as_of: date,
    out: Path | None = None,
    watch: Watch = lambda *_: None,
    *,
    contacts: Path | None = None,
    convert_legacy: bool = False,
    final: bool = False,
    wards: bool = False,
    engine: Engine = HERE,
) -> Result:
    """Read, merge, check and count a folder of returned workbooks, and go on from what lies in `out`.

    `final`: the official edition bears no "DỰ THẢO", whatever is open. Where the plan rolls up it is a folder of results, of
    which each is read by its record; with `wards` the form by unit has the units below as well.

    Nothing is written; what lies in `out` is no returned workbook, and neither is the workbook `contacts`.
    """
    own, results = _find_own_files(out, contacts), plan.rolls_up
    leave_out = [path for path in (out, contacts) if path]
    inbox = look_through(folder, leave_out=leave_out, own=_name_own(plan), results=results)
    files = open_containers(inbox.files, engine.workers, results=results)
    form = form_of(plan)
    if results:
        from dhtt_excel.rollup.read_results import read_results

        submissions = read_results(files, form, plan, engine=engine)
    else:
        submissions = read_submissions(files, form, plan, convert_legacy=convert_legacy, engine=engine)
    opened = open_workbooks(list(own.values()), engine.workers)
    import pandas as pd  # noqa: F401  while the workers read

    office = OfficeFiles(out, dict(zip(own, opened, strict=True)))
    read = _watched(submissions, len(files) + WRITTEN_OUTPUTS, watch)
    return judge_submissions(
        read, form, plan, as_of, office,
        seen=inbox.seen, packed=list_packed(inbox.files, files, _name_own(plan)), final=final, wards=wards,
    )  # fmt: skip


def check_files(
    paths: list[Path], plan: Plan, as_of: date, *, convert_legacy: bool = False, engine: Engine = HERE
) -> Result:
    """Read and check single workbooks, or those in folders, by the rules that need no other unit."""
    form = form_of(plan)
    found = [file for path in paths for file in (find_files(path) if path.is_dir() else name_files([path]))]
    files = open_containers(found, engine.workers)
    submissions = read_submissions(files, form, plan, convert_legacy=convert_legacy, engine=engine)
    return judge_submissions(submissions, form, plan, as_of, OfficeFiles(), whole_campaign=False)


@collector_put_off()
def judge_submissions(
    read: Iterable[Submission],
    form: Form,
    plan: Plan,
    as_of: date,
    office: OfficeFiles,
    *,
    whole_campaign: bool = True,
    seen: Iterable[SeenFile] = (),
    packed: Sequence[SeenFile] = (),
    final: bool = False,
    wards: bool = False,
) -> Result:
    """Choose, merge, check, follow and count what was read. `seen`: what lay beside it; `packed`: in the same mail or archive."""
    from dhtt_excel.checking.check_rules import check_rules
    from dhtt_excel.checking.compare_verdicts import compare_verdicts
    from dhtt_excel.checking.follow_findings import follow_findings
    from dhtt_excel.checking.history import find_first_days, read_history
    from dhtt_excel.figures.count_figures import count_figures
    from dhtt_excel.office.contacts import read_contacts
    from dhtt_excel.office.exemptions import accept_findings
    from dhtt_excel.reading.merge_tables import merge_tables
    from dhtt_excel.result import Result
    from dhtt_excel.rollup.add_records import add_records
    from dhtt_excel.rollup.check_record import compare_records
    from dhtt_excel.rollup.read_results import list_records
    from dhtt_excel.rules import RULES
    from dhtt_excel.rules.files import report_overdue

    history, unfit = read_history(office.folder / HISTORY_FILE if office.folder else None, plan)
    written = list_written(office.folder / RETURNS_FOLDER) if office.folder else frozenset()
    theirs, own = set_own_aside(read, written, _name_own(plan)) if whole_campaign else (read, [])
    returned, templates = set_templates_aside(theirs, plan)
    submissions = choose_submissions(returned, plan, whole_campaign=whole_campaign)
    reported = find_first_days(submissions, history, as_of)
    tables = merge_tables(submissions, form, plan, reported)
    found = [f for s in submissions for f in s.findings]
    records = list_records(submissions, plan)
    rules = (report_overdue,) if plan.rolls_up else RULES
    found += check_rules(tables, rules, plan, as_of, whole_campaign=whole_campaign)
    found += compare_verdicts(submissions, found, rules, form, plan)
    found += compare_records(records, submissions, plan)
    accepted = accept_findings(found, office.workbooks.get(EXEMPTIONS_FILE), plan, as_of)
    contacts, misaddressed = read_contacts(office.workbooks.get(CONTACTS_FILE), plan)
    followed = follow_findings(accepted.findings, submissions, history, form, plan)
    take_figures = partial(count_figures, tables, form, plan)
    if plan.rolls_up:
        take_figures = partial(add_records, records, tables.frames["units"], plan)
    order = (plan.units_by_code, form.sheets)
    return Result(
        plan, form, as_of, submissions, tables, take_figures,
        findings=sort_findings([*followed.findings, *accepted.problems, *misaddressed, *unfit], *order),
        fixed=sort_findings(followed.fixed, *order),
        rounds=followed.rounds,
        reported=reported,
        past=followed.past,
        exemptions=accepted.exemptions,
        unfit=frozenset(f.file for f in unfit),
        contacts=contacts,
        seen=sorted([*seen, *own, *templates]),
        packed=packed,
        final=final,
        wards=wards,
    )  # fmt: skip


def _name_own(plan: Plan) -> set[str]:
    """What the files of the upper unit are called, wherever they lie; the results of lower levels have such a name, too."""
    names = {*name_outputs(plan.id), HISTORY_FILE, EXEMPTIONS_FILE, CONTACTS_FILE}
    return names - {HISTORY_FILE} if plan.rolls_up else names


def _find_own_files(out: Path | None, contacts: Path | None) -> dict[str, FoundFile]:
    """The workbooks that staff keeps for the runs, by the name that we give them."""
    exemptions = out / EXEMPTIONS_FILE if out else None
    paths = {EXEMPTIONS_FILE: exemptions if exemptions and exemptions.exists() else None, CONTACTS_FILE: contacts}
    return {name: name_files([path])[0] for name, path in paths.items() if path}


def _watched(submissions: Iterable[Submission], total: int, watch: Watch) -> Iterator[Submission]:
    for submission in submissions:
        watch(submission.source.file, total)
        yield submission
