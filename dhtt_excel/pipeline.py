"""The whole flow in one screen: open ─► read ─► merge ─► check ─► accept ─► follow ─► count ─► write.

The stages are imported where they are used: pandas loads while the workers read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from dhtt_excel.atomic_files import Replaced, remove_stale_files, replace_files, save_file
from dhtt_excel.findings import sort_findings
from dhtt_excel.form import form_of
from dhtt_excel.open_workbooks import FoundFile, find_files, name_files, open_containers, open_workbooks
from dhtt_excel.parse_workbook import RawWorkbook
from dhtt_excel.plan import Plan

if TYPE_CHECKING:
    from dhtt_excel.contacts import Contacts
    from dhtt_excel.findings import Finding
    from dhtt_excel.mail.kinds import MailKind
    from dhtt_excel.mail.texts import Texts
    from dhtt_excel.result import Result

WRITTEN_FILES = 5
MAIL_FOLDER = "thu"


@dataclass(frozen=True)
class Written:
    """A file that was to be written and where it went: another name when Excel held the first, or it was to be kept.

    `replaced`: what became of its files, where it is a folder.
    """

    wanted: Path
    path: Path
    kept: bool = False
    replaced: Replaced | None = None


@dataclass(frozen=True)
class OfficeFiles:
    """What the upper unit keeps for itself, by the name that we give it, as far as it was there; `folder`: the outputs."""

    folder: Path | None = None
    workbooks: Mapping[str, RawWorkbook] = field(default_factory=dict)


Watch = Callable[[str, int], None]
"""Told of progress: what is done next, how many steps there are in all."""


def consolidate(
    folder: Path,
    plan: Plan,
    as_of: date,
    out: Path | None = None,
    watch: Watch = lambda *_: None,
    *,
    contacts: Path | None = None,
    convert_legacy: bool = False,
) -> Result:
    """Read, merge, check and count a folder of returned workbooks, and go on from what lies in `out`.

    Nothing is written; what lies in `out` is no returned workbook, and neither is the workbook `contacts`.
    """
    own = _find_own_files(out, contacts)
    files = open_containers(find_files(folder, leave_out=[path for path in (out, contacts) if path]))
    opened = open_workbooks([*own.values(), *files])
    office = OfficeFiles(out, dict(zip(own, islice(opened, len(own)), strict=True)))
    return judge_workbooks(
        _watched(opened, len(files) + WRITTEN_FILES, watch), plan, as_of, office, convert_legacy=convert_legacy
    )


def check_files(paths: list[Path], plan: Plan, as_of: date, *, convert_legacy: bool = False) -> Result:
    """Read and check single workbooks by the rules that need no other unit."""
    workbooks = open_workbooks(open_containers(name_files(paths)))
    return judge_workbooks(workbooks, plan, as_of, OfficeFiles(), convert_legacy=convert_legacy, whole_campaign=False)


def judge_workbooks(
    workbooks: Iterable[RawWorkbook],
    plan: Plan,
    as_of: date,
    office: OfficeFiles,
    *,
    convert_legacy: bool,
    whole_campaign: bool = True,
) -> Result:
    """Read, merge, check, follow and count what was opened."""
    from dhtt_excel.accept_findings import EXEMPTIONS_FILE, accept_findings
    from dhtt_excel.check_rules import check_rules
    from dhtt_excel.compare_verdicts import compare_verdicts
    from dhtt_excel.contacts import CONTACTS_FILE, read_contacts
    from dhtt_excel.count_figures import count_figures
    from dhtt_excel.follow_findings import follow_findings
    from dhtt_excel.merge_tables import merge_tables
    from dhtt_excel.read_history import HISTORY_FILE, read_history
    from dhtt_excel.read_submissions import read_submissions
    from dhtt_excel.result import Result
    from dhtt_excel.rules import RULES

    form = form_of(plan)
    history, unfit = read_history(office.folder / HISTORY_FILE if office.folder else None, plan)
    submissions = read_submissions(workbooks, form, plan, convert_legacy=convert_legacy)
    tables = merge_tables(submissions, form, plan)
    found = [f for s in submissions for f in s.findings]
    found += check_rules(tables, RULES, plan, as_of, whole_campaign=whole_campaign)
    found += compare_verdicts(submissions, found, RULES, form, plan)
    accepted = accept_findings(found, office.workbooks.get(EXEMPTIONS_FILE), plan, as_of)
    contacts, misaddressed = read_contacts(office.workbooks.get(CONTACTS_FILE), plan)
    followed = follow_findings(accepted.findings, submissions, history, form, plan)
    figures = count_figures(tables, form, plan)
    order = (plan.units_by_code, form.sheets)
    return Result(
        plan, form, as_of, submissions, tables, figures,
        findings=sort_findings([*followed.findings, *accepted.problems, *misaddressed, *unfit], *order),
        fixed=sort_findings(followed.fixed, *order),
        rounds=followed.rounds,
        past=followed.past,
        exemptions=accepted.exemptions,
        unfit=frozenset(f.file for f in unfit),
        contacts=contacts,
    )  # fmt: skip


def write_result(
    result: Result,
    out: Path,
    watch: Watch = lambda *_: None,
    *,
    lists: Collection[str] | None = None,
    texts: Texts | None = None,
) -> list[Written]:
    """Write every output of the run into `out`: all are made before the first is written.

    `lists`: the summary has the named lists as annexes, with these of the withheld columns. `texts`: of the e-mail
    drafts, where they are not the shipped ones.
    """
    from dhtt_excel.accept_findings import EXEMPTIONS_FILE, draw_exemptions
    from dhtt_excel.mail.kinds import OF_A_RUN
    from dhtt_excel.read_history import HISTORY_FILE
    from dhtt_excel.write_json import write_json
    from dhtt_excel.write_register import write_register
    from dhtt_excel.write_report import write_report
    from dhtt_excel.write_summary import Annexes, write_summary

    annexes = None if lists is None else Annexes(tuple(lists))
    writers: dict[str, Callable[[Result], bytes]] = {
        f"tong-hop-{result.plan.id}.xlsx": lambda result: write_summary(result, annexes),
        f"so-theo-doi-{result.plan.id}.xlsx": write_register,
        f"bao-cao-{result.plan.id}.docx": write_report,
        HISTORY_FILE: write_json,
    }
    outputs: dict[Path, bytes] = {}
    for name, write in writers.items():
        watch(name, len(result.submissions) + WRITTEN_FILES)
        outputs[out / name] = write(result)
    if not (out / EXEMPTIONS_FILE).exists():
        outputs[out / EXEMPTIONS_FILE] = draw_exemptions(result.plan)
    watch(MAIL_FOLDER, len(result.submissions) + WRITTEN_FILES)
    drafts = _make_drafts(result, OF_A_RUN, texts)
    remove_stale_files(out)
    written = []
    for target, data in outputs.items():
        kept = target.name in result.unfit
        written.append(Written(target, save_file(target, data, keep=kept), kept))
    return [*written, _save_drafts(out, drafts, OF_A_RUN)]


def write_drafts(result: Result, out: Path, kind: MailKind, texts: Texts | None = None) -> Written:
    """Write the e-mail drafts of one kind and nothing else; those of other kinds stay where their units are due them."""
    from dhtt_excel.mail.kinds import OF_A_RUN
    from dhtt_excel.write_mail import choose_drafts

    due = {other.draft_name(unit) for unit, other in choose_drafts(result).items() if other is not kind}
    return _save_drafts(out, _make_drafts(result, [kind], texts), OF_A_RUN, due)


def write_template_drafts(
    plan: Plan, as_of: date, out: Path, contacts: Path | None = None, texts: Texts | None = None
) -> tuple[Written, Contacts, list[Finding]]:
    """Write the e-mail drafts with the blank workbooks; also to whom they go and what is wrong with the contacts."""
    from dhtt_excel.contacts import read_contacts
    from dhtt_excel.mail.kinds import MailKind
    from dhtt_excel.mail.texts import load_texts
    from dhtt_excel.rules import RULES
    from dhtt_excel.write_mail import write_template_mail

    opened = next(open_workbooks(name_files([contacts])), None) if contacts else None
    known, problems = read_contacts(opened, plan)
    drafts = write_template_mail(plan, form_of(plan), RULES, known, texts or load_texts(), as_of)
    return _save_drafts(out, drafts, [MailKind.TEMPLATE]), known, problems


def _make_drafts(result: Result, kinds: Collection[MailKind], texts: Texts | None) -> dict[str, bytes]:
    from dhtt_excel.mail.kinds import MailKind
    from dhtt_excel.mail.texts import load_texts
    from dhtt_excel.rules import RULES
    from dhtt_excel.write_mail import write_mail
    from dhtt_excel.write_returns import write_returns

    returns = {} if set(kinds) == {MailKind.REMINDER} else write_returns(result)
    return write_mail(result, texts or load_texts(), returns, RULES, kinds)


def _save_drafts(
    out: Path, drafts: Mapping[str, bytes], kinds: Iterable[MailKind], spare: Collection[str] = ()
) -> Written:
    folder = out / MAIL_FOLDER
    replaced = replace_files(folder, drafts, kinds=tuple(kind.beginning for kind in kinds), spare=spare)
    return Written(folder, folder, replaced=replaced)


def _find_own_files(out: Path | None, contacts: Path | None) -> dict[str, FoundFile]:
    """The workbooks that staff keeps for the runs, by the name that we give them."""
    from dhtt_excel.accept_findings import EXEMPTIONS_FILE
    from dhtt_excel.contacts import CONTACTS_FILE

    exemptions = out / EXEMPTIONS_FILE if out else None
    paths = {EXEMPTIONS_FILE: exemptions if exemptions and exemptions.exists() else None, CONTACTS_FILE: contacts}
    return {name: name_files([path])[0] for name, path in paths.items() if path}


def _watched(workbooks: Iterable[RawWorkbook], total: int, watch: Watch) -> Iterator[RawWorkbook]:
    for workbook in workbooks:
        watch(workbook.file, total)
        yield workbook
