"""Every number of the forms traced to the lines that it counts: the list and the filter that yield it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from dhtt_excel.figures import city_forms
from dhtt_excel.figures.city_forms import CONFERENCE, SUM_LABEL
from dhtt_excel.figures.count_figures import PairedLine
from dhtt_excel.figures.describe_units import describe_units
from dhtt_excel.figures.figure import Figure, add_known, narrow, spread_columns
from dhtt_excel.figures.filters import LOCAL, UPPER, Condition
from dhtt_excel.result import Result
from dhtt_excel.text.roman import number_roman

DECIMALS = 6  # of shares and means: programs keep 15 digits of a number, not all the same ones
_FIRST_PAIRED = 3  # the column in which the numbers of the form of commendations begin


@dataclass(frozen=True)
class Trace:
    """A number of a form: where it stands, what it is, the figure that it is and the units (`who`) of which.

    `whole`: the figure of which it is a percentage. `column`: of the form by unit the key of the number's column; such
    a number can be counted for one unit alone.
    """

    form: str
    place: str
    label: str
    value: float | str | None
    figure: Figure
    who: Condition
    whole: Figure | None = None
    column: str = ""


def trace_figures(result: Result) -> list[Trace]:
    """The traces of all forms, in the order in which their numbers stand there."""
    return [
        *_trace_units(result),
        *_trace_structure(result),
        *_trace_upper(result),
        *_trace_coverage(result),
        *_trace_honours(result),
        *_trace_awards(result),
    ]


def _trace_units(result: Result) -> Iterator[Trace]:
    columns, _, totals = describe_units(result)
    for number, column in enumerate(columns, start=1):
        if column.figure is None:
            continue
        first, *rest = column.heading
        label = " – ".join((*rest, first))
        whole = column.figure.whole if column.share else None
        value = totals[column.key]
        yield Trace(city_forms.UNITS_FORM, f"cột ({number})", label, value, column.figure, LOCAL, whole, column.key)


# ---------------------------------------------------------------- Biểu 2


def _trace_structure(result: Result) -> Iterator[Trace]:
    figures = result.figures
    halves = list(zip(city_forms.name_conferences(result.plan), (LOCAL, CONFERENCE), strict=True))
    for number, section in enumerate(figures.sections, start=1):
        for order, line in enumerate(section.lines, start=1):
            for (half, who), value in zip(halves, (line.local, line.upper), strict=True):
                if value is None:
                    continue
                label = f"{section.title}: {line.label} – {half}"
                yield Trace(
                    city_forms.STRUCTURE_FORM, f"A.{number_roman(number)}.{order}", label, value, line.figure, who
                )
    roman = number_roman(len(figures.sections) + 1)
    for (half, who), span in zip(halves, (figures.local_ages, figures.upper_ages), strict=True):
        ages = (span.mean, span.youngest, span.oldest)
        for order, (figure, age) in enumerate(zip(city_forms.list_ages(result.plan), ages, strict=True), start=1):
            label = f"{figure.heading[-1]} – {half}"
            yield Trace(city_forms.STRUCTURE_FORM, f"A.{roman}.{order}", label, age, figure, who)


def _trace_upper(result: Result) -> Iterator[Trace]:
    figures, half = result.figures, city_forms.name_conferences(result.plan)[1]
    parts = (figures.upper_exemplars, figures.upper_guests, figures.upper_unknown)
    places = ("B.I", *(f"B.I.{number}" for number in range(1, len(parts) + 1)))
    listed = city_forms.list_upper_figures(result.plan)
    for place, figure, value in zip(places, listed, (sum(parts), *parts), strict=True):
        yield Trace(city_forms.STRUCTURE_FORM, place, f"{figure.heading[-1]} – {half}", value, figure, CONFERENCE)


def _trace_coverage(result: Result) -> Iterator[Trace]:
    groups = {group.name: group for group in result.plan.coverage}
    for number, (name, found) in enumerate(groupby(result.figures.coverage, key=lambda line: line.name), start=1):
        for index, line in enumerate(found, start=1):
            figure = city_forms.cover_group(groups[name], line.value, result.plan)
            order = f"C.{number}.{index}" if line.value else f"C.{number}"
            yield Trace(city_forms.STRUCTURE_FORM, order, figure.heading[-1], line.count, figure, CONFERENCE)


# ---------------------------------------------------------------- Biểu 3, 3a


def _name_honour_parts(result: Result) -> tuple[tuple[str, Sequence[PairedLine]], ...]:
    figures = result.figures
    return ("A", figures.honours_by_award), ("B", figures.honours_by_movement), ("C", figures.honours_by_level)


def number_lines(letter: str, lines: Sequence[PairedLine]) -> list[str]:
    """ "A.1", "A.2", "A.2.1": a line within another is counted below that."""
    numbers, number, below = [], 0, 0
    for line in lines:
        number, below = (number, below + 1) if line.within else (number + 1, 0)
        numbers.append(f"{letter}.{number}.{below}" if below else f"{letter}.{number}")
    return numbers


def _trace_honours(result: Result) -> Iterator[Trace]:
    """Of each line its sum, of all lines together also the numbers by kind."""
    *kinds, total = city_forms.list_honour_figures(result.plan)
    halves = city_forms.name_conferences(result.plan)
    for letter, lines in _name_honour_parts(result):
        for order, line in zip(number_lines(letter, lines), lines, strict=True):
            for half, who, counts in zip(halves, (LOCAL, UPPER), (line.local, line.upper), strict=True):
                figure, label = narrow(total, line.label, line.where), f"{line.label} – {half}"
                yield Trace(city_forms.HONOURS_FORM, order, label, add_known(counts), figure, who)
        order = f"{letter}, {SUM_LABEL.lower()}"
        sums_of_halves = (result.figures.all_honours.local, result.figures.all_honours.upper)
        for half, who, sums in zip(halves, (LOCAL, UPPER), sums_of_halves, strict=True):
            for figure, value in zip(kinds, sums, strict=True):
                label = f"{SUM_LABEL} – {figure.heading[-1]} – {half}"
                yield Trace(city_forms.HONOURS_FORM, order, label, value, figure, who)
            yield Trace(city_forms.HONOURS_FORM, order, f"{SUM_LABEL} – {half}", add_known(sums), total, who)


def _trace_awards(result: Result) -> Iterator[Trace]:
    """The reports' commendations stand in no list: they are added up from the units' numbers."""
    figures = city_forms.list_award_figures(result.plan)
    columns = spread_columns(figures)
    places = {column.key: place for place, column in enumerate(columns, start=_FIRST_PAIRED)}
    sums = (result.figures.all_awards.local, result.figures.all_awards.upper)
    for side, (half, who) in enumerate(zip(city_forms.name_reports(result.plan), (LOCAL, UPPER), strict=True)):
        for figure, value in zip(figures, sums[side], strict=True):
            place = f"A, cột ({places[figure.key] + side * len(columns)})"
            yield Trace(city_forms.AWARDS_FORM, place, f"{figure.heading[0]} – {half}", value, figure, who)
