"""Result ─► the files of a run: which they are, where they go, what becomes of those of earlier runs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dhtt_excel.collector import collector_put_off
from dhtt_excel.inbox.find_files import name_files
from dhtt_excel.inbox.open_workbooks import open_workbooks
from dhtt_excel.outputs.replace_files import FileSet, Replaced, kinds_beside, replace_sets
from dhtt_excel.outputs.side_by_side import is_cheap_to_start, make_side_by_side
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.text.file_names import EXEMPTIONS_FILE, HISTORY_FILE, MAIL_FOLDER, RETURNS_FOLDER, name_outputs

if TYPE_CHECKING:
    from dhtt_excel.findings import Finding
    from dhtt_excel.office.contacts import Contacts
    from dhtt_excel.outputs.failures import Failure
    from dhtt_excel.outputs.mail.kinds import MailKind
    from dhtt_excel.outputs.mail.texts import Texts
    from dhtt_excel.outputs.mail.write_mail import Returns
    from dhtt_excel.result import Result

_LINES_WORTH_SENDING = 20_000  # of all tables: then each process may load pandas and be sent the tables

WRITTEN_OUTPUTS = 8  # steps of writing, for whoever shows progress

Watch = Callable[[str, int], None]
"""Told of progress: what is done next, how many steps there are in all."""


@dataclass(frozen=True)
class Written:
    """A file or a folder of files that was to be written, and where it went.

    `path`: another name where the first was held by Excel or had to stay. `replaced`: what became of the file and of those
    beside it, or of all in the folder. `failures`: what could not be made.
    """

    wanted: Path
    path: Path
    replaced: Replaced
    is_folder: bool = False
    failures: tuple[Failure, ...] = ()


@collector_put_off()
def write_result(
    result: Result,
    out: Path,
    watch: Watch = lambda *_: None,
    *,
    lists: Collection[str] | None = None,
    texts: Texts | None = None,
) -> list[Written]:
    """Write every output of the run into `out`: all are made before the first is written, and become new together.

    What could not be made is left out, and told in what shows findings and in `Written.failures`.

    `lists`: the summary has the named lists as annexes, with these of the withheld columns. `texts`: of the e-mail
    drafts, where they are not the shipped ones.
    """
    from dhtt_excel.outputs.failures import tell_failures
    from dhtt_excel.outputs.mail.kinds import OF_A_RUN
    from dhtt_excel.outputs.returns.write_returns import list_returns, name_return

    named = zip(_NAMED, name_outputs(result.plan.id), strict=True)
    workbooks = {**dict(named), Output.HISTORY: HISTORY_FILE}
    if result.plan.rolls_up:  # results bring no words
        del workbooks[Output.OPINIONS]
    if not (out / EXEMPTIONS_FILE).exists():
        workbooks[Output.EXEMPTIONS] = EXEMPTIONS_FILE
    steps = len(result.submissions) + WRITTEN_OUTPUTS
    _ = result.figures  # counted once, before several processes ask
    order = _Order(result, None if lists is None else tuple(lists), texts)
    units = list_returns(result)
    made: dict[Output | Unit, bytes] = {}
    drafts: dict[str, bytes] = {}
    failures: list[Failure] = []
    for what, (data, failed) in _make(
        order, [*(output for output in Output if output in workbooks), Output.DRAFTS, *units]
    ):
        failures += failed
        if isinstance(data, dict):
            drafts = data
        elif data is not None:
            made[what] = data
        if what in workbooks:
            watch(workbooks[what], steps)
    watch(RETURNS_FOLDER, steps)
    returns = {unit.code: (name_return(result, unit), made[unit]) for unit in units if unit in made}
    watch(MAIL_FOLDER, steps)
    drafts |= _make_drafts(result, OF_A_RUN, texts, returns, units, failures)
    if failures:
        made |= _tell_again(order._replace(result=tell_failures(result, failures)), made)
    files = {name: made[output] for output, name in workbooks.items() if output in made}
    # What was gone on from may be written over, also where a person touched it; what could not be gone on from stays.
    gone_on_from = {HISTORY_FILE} - result.unfit
    top = FileSet(out, files, kinds_beside(files), always=gone_on_from, never=result.unfit)
    replaced, copies, letters = replace_sets(
        out, [top, _copies(out, returns), _drafts(out, drafts, OF_A_RUN)], result.as_of
    )
    return [
        *(_find_written(replaced, name) for name in files),
        _written_folder(copies, failures),
        _written_folder(letters),
    ]


def _find_written(replaced: Replaced, name: str) -> Written:
    path = replaced.folder / replaced.written.get(name, name)
    return Written(replaced.folder / name, path, replaced.about(name))


def _written_folder(replaced: Replaced, failures: Iterable[Failure] = ()) -> Written:
    return Written(replaced.folder, replaced.folder, replaced, is_folder=True, failures=tuple(failures))


class Output(Enum):
    """What a run makes but for what goes to the units; that which takes longest first."""

    REGISTER = auto()
    REPORT = auto()
    DRAFTS = auto()  # those to which no returned copy belongs
    SUMMARY = auto()
    OPINIONS = auto()
    SLIP = auto()
    HISTORY = auto()
    EXEMPTIONS = auto()


_NAMED = (Output.SUMMARY, Output.REGISTER, Output.REPORT, Output.SLIP, Output.OPINIONS)


class _Made(NamedTuple):
    """Bytes, or those of each draft by name, or None; and what could not be made of it."""

    data: bytes | dict[str, bytes] | None
    failures: tuple[Failure, ...]


class _Order(NamedTuple):
    """What the processes that make outputs must know. `lists`: of the annexes, None for none."""

    result: Result
    lists: tuple[str, ...] | None
    texts: Texts | None

    def make(self, what: Output | Unit) -> _Made:
        """An output, or the returned copy of a unit; a fault in what the next run goes on from is raised."""
        from dhtt_excel.outputs.failures import keep_failure

        failures: list[Failure] = []
        data = None
        noun, unit = self._name(what)
        with keep_failure(failures, noun, unit) if noun else nullcontext():
            data = self._draw(what, failures)
        return _Made(data, tuple(failures))

    def _name(self, what: Output | Unit) -> tuple[str, str]:
        """What messages call it and whose it is; "" for what must be made."""
        from dhtt_excel.outputs.returns.write_returns import RETURN_NOUN

        if isinstance(what, Unit):
            return RETURN_NOUN, what.code
        names = dict(zip(_NAMED, name_outputs(self.result.plan.id), strict=True))
        return (f"tệp “{names[what]}”" if what in names else ""), ""

    def _draw(self, what: Output | Unit, failures: list[Failure]) -> bytes | dict[str, bytes]:
        match what:
            case Output.REGISTER:
                from dhtt_excel.outputs.register.write_register import write_register

                return write_register(self.result, failures)
            case Output.REPORT:
                from dhtt_excel.outputs.report.write_report import write_report

                return write_report(self.result)
            case Output.SLIP:
                from dhtt_excel.outputs.report.write_slip import write_slip

                return write_slip(self.result)
            case Output.OPINIONS:
                from dhtt_excel.outputs.report.write_opinions import write_opinions

                return write_opinions(self.result)
            case Output.SUMMARY:
                from dhtt_excel.outputs.summary.write_summary import Annexes, write_summary

                return write_summary(self.result, None if self.lists is None else Annexes(self.lists))
            case Output.DRAFTS:
                from dhtt_excel.outputs.mail.kinds import OF_A_RUN
                from dhtt_excel.outputs.returns.write_returns import list_returns

                later = set(list_returns(self.result))
                now = [unit for unit in self.result.plan.local_units if unit not in later]
                return _make_drafts(self.result, OF_A_RUN, self.texts, {}, now, failures)
            case Output.HISTORY:
                from dhtt_excel.outputs.write_json import write_json

                return write_json(self.result)
            case Output.EXEMPTIONS:
                from dhtt_excel.office.exemptions import draw_exemptions

                return draw_exemptions(self.result.plan)
            case unit:
                from dhtt_excel.outputs.returns.write_returns import write_return

                return write_return(self.result, unit)


def _tell_again(order: _Order, made: Collection[Output | Unit]) -> dict[Output | Unit, bytes]:
    """What shows findings, made anew of a result that has more of them."""
    again = [output for output in (Output.REGISTER, Output.SUMMARY, Output.HISTORY) if output in made]
    return {output: data for output in again if isinstance(data := order.make(output).data, bytes)}


def _make(order: _Order, wanted: Sequence[Output | Unit]) -> Iterator[tuple[Output | Unit, _Made]]:
    """All that is wanted, beside each other where that saves time: a process that must first be told all takes longer."""
    lines = sum(len(frame) for frame in order.result.tables.frames.values())
    beside = is_cheap_to_start() or lines > _LINES_WORTH_SENDING
    return make_side_by_side(order.make, wanted, None if beside else 1)


def write_drafts(result: Result, out: Path, kind: MailKind, texts: Texts | None = None) -> list[Written]:
    """Write the e-mail drafts of one kind, with corrections the returned copies, and nothing else.

    Those of other kinds stay where their units are due them.
    """
    from dhtt_excel.outputs.mail.kinds import OF_A_RUN, MailKind
    from dhtt_excel.outputs.mail.write_mail import choose_drafts
    from dhtt_excel.outputs.returns.write_returns import write_returns

    due = {other.draft_name(unit) for unit, other in choose_drafts(result).items() if other is not kind}
    failures: list[Failure] = []
    returns = {} if kind is MailKind.REMINDER else write_returns(result, failures)
    drafts = _make_drafts(result, [kind], texts, returns, failures=failures)
    copies = [_copies(out, returns)] if kind is MailKind.CORRECTION else []
    *folders, letters = replace_sets(out, [*copies, _drafts(out, drafts, OF_A_RUN, due)], result.as_of)
    return [*map(_written_folder, folders), _written_folder(letters, failures)]


def write_template_drafts(
    plan: Plan, as_of: date, out: Path, contacts: Path | None = None, texts: Texts | None = None
) -> tuple[Written, Contacts, list[Finding]]:
    """Write the e-mail drafts with the blank workbooks; also to whom they go and what is wrong with the contacts."""
    from dhtt_excel.office.contacts import read_contacts
    from dhtt_excel.outputs.mail.kinds import MailKind
    from dhtt_excel.outputs.mail.texts import load_texts
    from dhtt_excel.outputs.mail.write_mail import write_template_mail

    opened = next(open_workbooks(name_files([contacts])), None) if contacts else None
    known, problems = read_contacts(opened, plan)
    drafts = write_template_mail(plan, known, texts or load_texts(), as_of)
    (replaced,) = replace_sets(out, [_drafts(out, drafts, [MailKind.TEMPLATE])], as_of)
    return _written_folder(replaced), known, problems


def _make_drafts(
    result: Result,
    kinds: Collection[MailKind],
    texts: Texts | None,
    returns: Returns,
    units: Collection[Unit] | None = None,
    failures: list[Failure] | None = None,
) -> dict[str, bytes]:
    from dhtt_excel.outputs.mail.texts import load_texts
    from dhtt_excel.outputs.mail.write_mail import write_mail

    return write_mail(result, texts or load_texts(), returns, kinds, units, failures)


def _copies(out: Path, returns: Returns) -> FileSet:
    return FileSet(out / RETURNS_FOLDER, dict(returns.values()))


def _drafts(out: Path, drafts: Mapping[str, bytes], kinds: Iterable[MailKind], spare: Collection[str] = ()) -> FileSet:
    return FileSet(out / MAIL_FOLDER, drafts, tuple(kind.beginning for kind in kinds), spare)
