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

from dhtt_excel.atomic_files import remove_stale_files, save_file
from dhtt_excel.findings import sort_findings
from dhtt_excel.form import form_of
from dhtt_excel.open_workbooks import FoundFile, find_files, name_files, open_containers, open_workbooks
from dhtt_excel.parse_workbook import RawWorkbook
from dhtt_excel.plan import Plan

if TYPE_CHECKING:
    from dhtt_excel.result import Result

WRITTEN_FILES = 4


@dataclass(frozen=True)
class Written:
    """A file that was to be written and where it went: another name when Excel held the first, or it was to be kept."""

    wanted: Path
    path: Path
    kept: bool = False


@dataclass(frozen=True)
class OfficeFiles:
    """What the upper unit keeps in the output folder, by name, as far as it was there."""

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
    convert_legacy: bool = False,
) -> Result:
    """Read, merge, check and count a folder of returned workbooks, and go on from what lies in `out`.

    Nothing is written, and what lies in `out` is no returned workbook.
    """
    files = open_containers(find_files(folder, leave_out=out))
    own = _find_own_files(out)
    opened = open_workbooks([*own, *files])
    office = OfficeFiles(out, {w.file: w for w in islice(opened, len(own))})
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
    followed = follow_findings(accepted.findings, submissions, history, form, plan)
    figures = count_figures(tables, form, plan)
    order = (plan.units_by_code, form.sheets)
    return Result(
        plan, form, as_of, submissions, tables, figures,
        findings=sort_findings([*followed.findings, *accepted.problems, *unfit], *order),
        fixed=sort_findings(followed.fixed, *order),
        rounds=followed.rounds,
        past=followed.past,
        exemptions=accepted.exemptions,
        unfit=frozenset(f.file for f in unfit),
    )  # fmt: skip


def write_result(
    result: Result, out: Path, watch: Watch = lambda *_: None, *, lists: Collection[str] | None = None
) -> list[Written]:
    """Write every output of the run into `out`: all are made before the first is written.

    `lists`: the summary has the named lists as annexes, with these of the withheld columns.
    """
    from dhtt_excel.accept_findings import EXEMPTIONS_FILE, draw_exemptions
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
    remove_stale_files(out)
    written = []
    for target, data in outputs.items():
        kept = target.name in result.unfit
        written.append(Written(target, save_file(target, data, keep=kept), kept))
    return written


def _find_own_files(out: Path | None) -> list[FoundFile]:
    """The workbooks that staff keeps beside the outputs."""
    from dhtt_excel.accept_findings import EXEMPTIONS_FILE

    path = out / EXEMPTIONS_FILE if out else None
    return name_files([path]) if path and path.exists() else []


def _watched(workbooks: Iterable[RawWorkbook], total: int, watch: Watch) -> Iterator[RawWorkbook]:
    for workbook in workbooks:
        watch(workbook.file, total)
        yield workbook
