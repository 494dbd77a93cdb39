"""Result ─► its record, for the level above."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from dhtt_excel import installed_version
from dhtt_excel.figures.city_forms import (
    list_award_figures,
    list_honour_figures,
    list_speech_figures,
    list_unit_counts,
)
from dhtt_excel.figures.count_figures import AgeSpan, Group, PairedLine
from dhtt_excel.figures.describe_units import known
from dhtt_excel.figures.figure import Figure
from dhtt_excel.findings import Severity
from dhtt_excel.plan.plan import Unit
from dhtt_excel.result import Result
from dhtt_excel.rollup.record import (
    FORMAT,
    Ages,
    Line,
    Meeting,
    Part,
    ResultRecord,
    Structure,
    StructureLine,
    UnitFigures,
)


def make_record(result: Result) -> ResultRecord:
    plan, figures = result.plan, result.figures
    units = tuple(_list_rolled(result) if plan.rolls_up else _list_units(result))
    return ResultRecord(
        format=FORMAT,
        plan=plan.id,
        form_version=result.form.version,
        tool=installed_version(),
        code=plan.upper_unit.code,
        name=plan.name_of(plan.upper_unit),
        as_of=result.as_of,
        draft=result.is_open,
        errors=result.count(Severity.ERROR),
        warnings=result.count(Severity.WARNING),
        accepted=result.count(Severity.ACCEPTED),
        expected=len(units),
        received=sum(unit.sent for unit in units),
        units=units,
        meetings=tuple(_list_rolled_meetings(result)) if plan.rolls_up else (_describe_meeting(result),),
        structure=tuple(map(_describe_group, figures.sections)),
        ages=(_describe_ages(figures.local_ages), _describe_ages(figures.upper_ages)),
        honours=_describe_part(
            list_honour_figures(plan),
            figures.all_honours,
            award=figures.honours_by_award,
            movement=figures.honours_by_movement,
            level=figures.honours_by_level,
        ),
        awards=_describe_part(list_award_figures(plan), figures.all_awards, award=figures.awards),
        speeches=_describe_part(
            list_speech_figures(plan),
            figures.all_speeches,
            field=figures.speeches_by_field,
            area=figures.speeches_by_area,
        ),
    )


def list_results(result: Result) -> Iterator[tuple[Unit, ResultRecord]]:
    """The records that were rolled up, in the order of the units' codes."""
    for unit in result.plan.local_units:
        used = result.used.get(unit.code)
        if used and used.record:
            yield unit, used.record


def _list_units(result: Result) -> Iterator[UnitFigures]:
    plan, figures = result.plan, result.figures
    keys = [figure.key for figure in list_unit_counts(plan) if not figure.parts]
    counts, wholes, unsaid = (_by_unit(frame[keys]) for frame in (figures.units, figures.wholes, figures.unsaid))
    for unit in plan.local_units:
        yield UnitFigures(
            unit.code,
            plan.name_of(unit),
            unit.code in result.used,
            {key: known(value) for key, value in counts[unit.code].items()},
            {key: int(value) for key, value in wholes[unit.code].items()},
            {key: int(value) for key, value in unsaid[unit.code].items() if value},
        )


def _by_unit(frame: Any) -> dict[str, dict[str, Any]]:
    return dict(zip(frame.index.tolist(), frame.to_dict("records"), strict=True))


def _list_rolled(result: Result) -> Iterator[UnitFigures]:
    from msgspec.structs import replace

    for unit, record in list_results(result):
        name = result.plan.name_of(unit)
        yield from (replace(leaf, within=leaf.within or name) for leaf in record.units)


def _list_rolled_meetings(result: Result) -> Iterator[Meeting]:
    for _, record in list_results(result):
        yield from record.meetings


def _describe_meeting(result: Result) -> Meeting:
    plan, figures = result.plan, result.figures
    unit = figures.units.loc[plan.upper_unit.code]
    day, form = unit["date"], unit["form"]
    return Meeting(
        code=plan.upper_unit.code,
        name=plan.name_of(plan.upper_unit),
        sent=figures.is_upper_sent,
        exemplars=figures.upper_exemplars,
        guests=figures.upper_guests,
        unknown=figures.upper_unknown,
        day=day if isinstance(day, date) else None,
        form=form if isinstance(form, str) else "",
        held=known(unit["held"]),
        nominated=known(unit["nominated"]),
    )


def _describe_group(group: Group) -> Structure:
    lines = tuple(StructureLine(line.label, line.local, line.upper, line.within) for line in group.lines)
    return Structure(group.title, group.column, lines, group.unsaid)


def _describe_ages(span: AgeSpan) -> Ages:
    ends = (None if age is None else int(age) for age in (span.youngest, span.oldest))
    return Ages(span.known, round((span.mean or 0) * span.known), *ends)


def _describe_part(figures: Iterable[Figure], total: PairedLine, **lines: Sequence[PairedLine]) -> Part:
    keys = tuple(figure.key for figure in figures if not figure.parts)
    return Part(keys, _describe_line(total), {key: tuple(map(_describe_line, found)) for key, found in lines.items()})


def _describe_line(line: PairedLine) -> Line:
    local, upper = map(dict, line.unsaid)
    return Line(line.label, line.local, line.upper, (local, upper))
