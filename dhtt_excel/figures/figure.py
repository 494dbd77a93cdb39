"""A figure: a number of the city's forms, defined once. Counting, the register's formula and the words follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from dhtt_excel.figures.filters import UNIT, Condition, Filter, is_known
from dhtt_excel.form.form import Form, Kind, Table
from dhtt_excel.plan.plan import Plan

Measure = Literal["count", "sum", "mean age", "youngest", "oldest"]
_COUNT, _PERCENT = "SL", "%"
_KINDS: dict[str, tuple[Kind, ...]] = {
    "in": (Kind.CHOICE, Kind.FIXED),
    "not in": (Kind.CHOICE, Kind.FIXED),
    "marked": (Kind.MARK,),
    "known": (Kind.MARK,),
    "conference": (Kind.MARK,),
    "at": (Kind.YEAR, Kind.COUNT),
}


@dataclass(frozen=True)
class Figure:
    """A number: its key, its heading in the form, the table (by key) and the filter of the lines that it counts.

    `measure`: what is taken of these lines; a sum adds up the numbers of `column`, ages follow from the year in it.
    `parts`: keys of the figures of which the form makes it up as a sum. `part_of`: key of the figure, any other, of
    which the form shows it as a percentage as well. `idle`: it has no column where it counts nothing.

    The last condition is what the figure asks of the lines that meet those before it, its `base`.
    """

    key: str
    heading: tuple[str, ...]
    table: str
    where: Filter = ()
    measure: Measure = "count"
    column: str = ""
    parts: tuple[str, ...] = ()
    part_of: str = ""
    idle: bool = False

    @property
    def asked(self) -> Condition | None:
        """What is asked of the lines of the base; None where every line has its answer."""
        return self.where[-1] if self.where and self.where[-1].test != "blank" else None

    @property
    def base(self) -> Figure:
        return replace(self, where=self.where[:-1], parts=(), part_of="")

    @property
    def whole(self) -> Figure:
        """Of which lines it is a percentage: those of the base that say what is asked of them."""
        return replace(self.base, where=(*self.base.where, is_known(self.where[-1])))


@dataclass(frozen=True)
class FormLine:
    """A line of a form: what it adds to the filters of the figures in whose columns it has a number.

    `group`: of lines that are added up before all are. `within`: a part of the line above, in no sum. `kinds`: keys of the
    kinds of honouree that can stand in it at all, where that is not each.
    """

    label: str
    where: Filter
    group: str = ""
    within: bool = False
    kinds: tuple[str, ...] = ()


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


def reckon_columns(
    columns: Iterable[FormColumn], counts: Mapping[str, int | None], unsaid: Mapping[str, int] | None = None
) -> dict[str, float | str | None]:
    """The values of all numeric columns from the counts by key, None for what is not known; a share of nothing is blank.

    `unsaid`: by the key of a percentage's part, how many lines of the whole are left out, as their value is not known.
    """
    columns = list(columns)
    numbers = dict(counts) | {c.key: add_known(counts[part] for part in c.parts) for c in columns if c.parts}
    values: dict[str, float | str | None] = dict(numbers)
    for column in columns:
        if column.share:
            part, whole = (numbers[key] for key in column.share)
            rest = (whole or 0) - (unsaid or {}).get(column.share[0], 0)
            values[column.key] = None if part is None else part / rest * 100 if rest else ""
    return values


def add_known(numbers: Iterable[int | None]) -> int | None:
    """The sum of those that are known; None where none is."""
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


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
    wholes = {other.key: other.where for other in figures}
    if figure.measure == "count" and figure.part_of in wholes and wholes[figure.part_of] != figure.where[:-1]:
        yield f"it asks more than one thing of the lines of “{figure.part_of}”"


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
