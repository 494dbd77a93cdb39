"""The whole flow in one screen: open ─► read ─► merge ─► check ─► compare ─► count ─► write.

The stages are imported where they are used: pandas loads while the workers read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from dhtt_excel.atomic_files import remove_stale_files, save_file
from dhtt_excel.findings import sort_findings
from dhtt_excel.form import form_of
from dhtt_excel.open_workbooks import find_files, name_files, open_containers, open_workbooks
from dhtt_excel.parse_workbook import RawWorkbook
from dhtt_excel.plan import Plan

if TYPE_CHECKING:
    from dhtt_excel.result import Result

WRITTEN_FILES = 4


@dataclass(frozen=True)
class Written:
    """A file that was to be written and where it went: another name when Excel held the first."""

    wanted: Path
    path: Path


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
    """Read, merge, check and count a folder of returned workbooks. Nothing is written; `out` is passed over in it."""
    files = open_containers(find_files(folder, leave_out=out))
    return judge_workbooks(
        _watched(open_workbooks(files), len(files) + WRITTEN_FILES, watch), plan, as_of, convert_legacy=convert_legacy
    )


def check_files(paths: list[Path], plan: Plan, as_of: date, *, convert_legacy: bool = False) -> Result:
    """Read and check single workbooks by the rules that need no other unit."""
    return judge_workbooks(
        open_workbooks(open_containers(name_files(paths))),
        plan,
        as_of,
        convert_legacy=convert_legacy,
        whole_campaign=False,
    )


def judge_workbooks(
    workbooks: Iterable[RawWorkbook], plan: Plan, as_of: date, *, convert_legacy: bool, whole_campaign: bool = True
) -> Result:
    """Read, merge, check and count what was opened."""
    from dhtt_excel.check_rules import check_rules
    from dhtt_excel.compare_verdicts import compare_verdicts
    from dhtt_excel.count_figures import count_figures
    from dhtt_excel.merge_tables import merge_tables
    from dhtt_excel.read_submissions import read_submissions
    from dhtt_excel.result import Result
    from dhtt_excel.rules import RULES

    form = form_of(plan)
    submissions = read_submissions(workbooks, form, plan, convert_legacy=convert_legacy)
    tables = merge_tables(submissions, form, plan)
    read = [f for s in submissions for f in s.findings]
    checked = check_rules(tables, RULES, plan, as_of, whole_campaign=whole_campaign)
    compared = compare_verdicts(submissions, read + checked, RULES, form, plan)
    figures = count_figures(tables, form, plan)
    findings = sort_findings(read + checked + compared, plan.units_by_code, form.sheets)
    return Result(plan, form, as_of, submissions, tables, figures, findings)


def write_result(
    result: Result, out: Path, watch: Watch = lambda *_: None, *, lists: Collection[str] | None = None
) -> list[Written]:
    """Write every output of the run into `out`: all are made before the first is written.

    `lists`: the summary has the named lists as annexes, with these of the withheld columns.
    """
    from dhtt_excel.write_json import write_json
    from dhtt_excel.write_register import write_register
    from dhtt_excel.write_report import write_report
    from dhtt_excel.write_summary import Annexes, write_summary

    annexes = None if lists is None else Annexes(tuple(lists))
    writers: dict[str, Callable[[Result], bytes]] = {
        f"tong-hop-{result.plan.id}.xlsx": lambda result: write_summary(result, annexes),
        f"so-theo-doi-{result.plan.id}.xlsx": write_register,
        f"bao-cao-{result.plan.id}.docx": write_report,
        "ket-qua.json": write_json,
    }
    outputs: dict[Path, bytes] = {}
    for name, write in writers.items():
        watch(name, len(result.submissions) + WRITTEN_FILES)
        outputs[out / name] = write(result)
    remove_stale_files(out)
    return [Written(target, save_file(target, data)) for target, data in outputs.items()]


def _watched(workbooks: Iterable[RawWorkbook], total: int, watch: Watch) -> Iterator[RawWorkbook]:
    for workbook in workbooks:
        watch(workbook.file, total)
        yield workbook
