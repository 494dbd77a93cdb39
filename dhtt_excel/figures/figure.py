"""A figure: a number of the city's forms, defined once. Counting, the register's formula and the words follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from dhtt_excel.figures.filters import UNIT, Condition, Filter
from dhtt_excel.form.form import Form, Kind, Table
from dhtt_excel.plan.plan import Plan

Measure = Literal["count", "sum", "mean age", "youngest", "oldest"]
_COUNT, _PERCENT = "SL", "%"
_KINDS: dict[str, tuple[Kind, ...]] = {
    "in": (Kind.CHOICE, Kind.FIXED),
    "not in": (Kind.CHOICE, Kind.FIXED),
    "marked": (Kind.MARK,),
    "conference": (Kind.MARK,),
    "at": (Kind.YEAR, Kind.COUNT),
}


@dataclass(frozen=True)
class Figure:
    """A number: its key, its heading in the form, the table (by key) and the filter of the lines that it counts.

    `measure`: what is taken of these lines; a sum adds up the numbers of `column`, ages follow from the year in it.
    `parts`: keys of the figures of which the form makes it up as a sum. `part_of`: key of the figure, any other, of
    which the form shows it as a percentage as well.
    """

    key: str
    heading: tuple[str, ...]
    table: str
    where: Filter = ()
    measure: Measure = "count"
    column: str = ""
    parts: tuple[str, ...] = ()
    part_of: str = ""


@dataclass(frozen=True)
class FormLine:
    """A line of a form: what it adds to the filters of the figures in whose columns it has a number."""

    label: str
    where: Filter


def narrow(figure: Figure, label: str, where: Filter) -> Figure:
    """The figure that a line of this label and filter shows in a figure's column."""
    return replace(figure, key=f"{figure.key}: {label}", where=(*figure.where, *where), parts=(), part_of="")


# ---------------------------------------------------------------- columns


@dataclass(frozen=True)
class FormColumn:
    """A column of a form: its heading path and its figure, or, of a percentage, `share`: the keys of part and whole.

    A column without figure has texts or dates.
    """

    key: str
    heading: tuple[str, ...]
    figure: Figure | None = None
    share: tuple[str, ...] = ()

    @property
    def is_number(self) -> bool:
        return self.figure is not None

    @property
    def is_count(self) -> bool:
        """Whether its number is reckoned from no other column."""
        return self.figure is not None and not self.share and not self.parts

    @property
    def parts(self) -> tuple[str, ...]:
        """Keys of the columns whose sum stands in this one."""
        return self.figure.parts if self.figure and not self.share else ()


def share_key(key: str) -> str:
    """The key of the column that has a figure's percentage."""
    return f"{key}_share"


def spread_columns(figures: Iterable[Figure]) -> list[FormColumn]:
    """The columns of figures: one each, and one more for a percentage."""
    columns = []
    for figure in figures:
        if not figure.part_of:
            columns.append(FormColumn(figure.key, figure.heading, figure))
            continue
        share = (figure.key, figure.part_of)
        columns.append(FormColumn(figure.key, (*figure.heading, _COUNT), figure))
        columns.append(FormColumn(share_key(figure.key), (*figure.heading, _PERCENT), figure, share))
    return columns


def reckon_columns(columns: Iterable[FormColumn], counts: Mapping[str, int]) -> dict[str, float | str]:
    """The values of all numeric columns from the counts by key; a share of nothing is blank."""
    columns = list(columns)
    numbers = dict(counts) | {c.key: sum(counts[part] for part in c.parts) for c in columns if c.parts}
    values: dict[str, float | str] = dict(numbers)
    for column in columns:
        if column.share:
            part, whole = (numbers[key] for key in column.share)
            values[column.key] = part / whole * 100 if whole else ""
    return values


# ---------------------------------------------------------------- what a definition may not be


def check_figures(figures: Sequence[Figure], form: Form, plan: Plan) -> None:
    """Raise `ValueError`, with the figure's key, where one names a table, column, value or figure that is not there."""
    for figure in figures:
        for fault in (*_find_strange_keys(figure, figures), *_find_strange_places(figure, form, plan)):
            raise ValueError(f"figure “{figure.key}”: {fault}")


def _find_strange_keys(figure: Figure, figures: Sequence[Figure]) -> Iterator[str]:
    if sum(other.key == figure.key for other in figures) > 1:
        yield "defined twice"
    parts = {other.key: other.parts for other in figures}
    for key in (*figure.parts, *([figure.part_of] if figure.part_of else [])):
        if key not in parts:
            yield f"there is no figure “{key}”"
        elif key in figure.parts and parts[key]:
            yield f"its part “{key}” is itself a sum"


def _find_strange_places(figure: Figure, form: Form, plan: Plan) -> Iterator[str]:
    if figure.table not in form.tables:
        yield f"there is no table “{figure.table}”"
        return
    table = form.tables[figure.table]
    if (figure.measure != "count") is not (figure.column in table.by_key):
        yield f"measure “{figure.measure}” does not go with column “{figure.column}” of table “{table.key}”"
    for condition in figure.where:
        yield from _find_strange_values(condition, table, plan)


def _find_strange_values(condition: Condition, table: Table, plan: Plan) -> Iterator[str]:
    if condition.column == UNIT:
        return
    column = table.by_key.get(condition.column)
    if column is None:
        yield f"table “{table.key}” has no column “{condition.column}”"
        return
    if column.kind not in _KINDS.get(condition.test, (column.kind,)):
        yield f"column “{column.key}” cannot be tested with “{condition.test}”"
    if column.kind is Kind.CHOICE:
        offered = {choice.value for choice in plan.lists.choices(column.choices)}
        for value in condition.values:
            if value not in offered:
                yield f"column “{column.key}” is never “{value}”"
