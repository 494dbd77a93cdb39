"""One unit's workbook: every sheet of the form, blank or filled with entries, and whose workbook it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dhtt_excel.excel.addresses import range_name
from dhtt_excel.excel.looks import HEADING
from dhtt_excel.findings import Rule
from dhtt_excel.form.check_formulas import digest_checks, list_formulas
from dhtt_excel.form.check_lines import list_lines
from dhtt_excel.form.form import (
    CHECK_DIGEST_KEY,
    CHECK_SHEET,
    GUIDE_SHEET,
    IDENTITY_KEYS,
    IDENTITY_NAME,
    IDENTITY_SEPARATOR,
    IDENTITY_SHEET,
    LISTS_SHEET,
    PROPERTY_PREFIX,
    Form,
    Layout,
)
from dhtt_excel.form.formulas import list_row_names, quote
from dhtt_excel.form.moments import list_moments, name_reading, reading_of
from dhtt_excel.form.sheets.check import draw_check
from dhtt_excel.form.sheets.guide import draw_guide
from dhtt_excel.form.sheets.paper import Cells, Entries, Mark, Paper
from dhtt_excel.form.sheets.tables import draw_table_sheet
from dhtt_excel.form.spellings import list_groups, list_spellings
from dhtt_excel.form.stamps import digest_cells
from dhtt_excel.form.statuses import list_status_names
from dhtt_excel.plan.code_lists import CODE_LISTS
from dhtt_excel.plan.plan import Plan, Unit

if TYPE_CHECKING:
    from dhtt_excel.excel.book import Book
    from dhtt_excel.excel.evaluate import Evaluator

__all__ = ["Entries", "draw_form"]


@dataclass(frozen=True)
class Returned:
    """What a returned copy has besides the form: sheets before and after it, marks in its cells."""

    before: Mapping[str, Callable[[Paper], None]] = field(default_factory=dict)
    after: Mapping[str, Callable[[Paper], None]] = field(default_factory=dict)
    marks: Mapping[str, Mapping[tuple[int, int], Mark]] = field(default_factory=dict)


def draw_form(
    plan: Plan,
    form: Form,
    unit: Unit,
    rules: Iterable[Rule],
    entries: Entries | None = None,
    returned: Returned | None = None,
) -> bytes:
    """The workbook of one unit, as the bytes of an .xlsx file.

    An entry replaces whatever the form prints in its cell and keeps the cell's style; one outside the form's tables is
    written all the same, if need be on a new sheet at the end. Nothing of `entries` is left out.
    """
    from dhtt_excel.excel.book import Book  # here, so that readers need not load what writes

    properties = {PROPERTY_PREFIX + key: str(value) for key, value in _identify(plan, form, unit).items()}
    book = Book(f"{plan.name_of(unit)} - {plan.number}", properties=properties)
    papers = _draw(book, plan, form, unit, rules, entries or {}, returned or Returned())
    evaluator = _prepare_evaluator(papers, plan, form)
    for paper in papers:
        paper.finish(evaluator)
    return book.finish()


def _prepare_evaluator(papers: Iterable[Paper], plan: Plan, form: Form) -> Evaluator:
    """Evaluates the formulas of a drawn workbook; of a list no further than to the last line that is filled."""
    from dhtt_excel.excel.evaluate import Evaluator

    shown = {paper.name: paper.shown for paper in papers}
    ends = {}
    for table in form.tables.values():
        if table.layout is Layout.LIST:
            columns = {table.position(column.key)[1] for column in table.stored}
            ends[table.sheet] = max((row for row, column in shown[table.sheet] if column in columns), default=1)
    return Evaluator(lambda sheet, row, column: shown[sheet].get((row, column)), ends, dict(_list_names(plan, form)))


def list_printed(plan: Plan, form: Form, unit: Unit, rules: Iterable[Rule]) -> dict[str, Cells]:
    """What a blank form prints itself, by sheet and cell; None for a formula, whose value depends on the entries.

    Lists are drawn with a single row, for their rows print nothing but their order numbers.
    """
    short = {key: replace(t, capacity=1) if t.layout is Layout.LIST else t for key, t in form.tables.items()}
    papers = _draw(_Nowhere(), plan, replace(form, tables=short), unit, rules, {}, Returned())  # type: ignore[arg-type]
    return {paper.name: paper.printed for paper in papers}


def list_printed_forms(plan: Plan, form: Form, rules: Sequence[Rule]) -> dict[str, dict[str, Cells]]:
    """The same by code of a unit of each kind: forms of one level, the pilot's apart, differ only in name and code."""
    kinds = {(unit.level, unit.pilot): unit for unit in plan.units}
    return {unit.code: list_printed(plan, form, unit, rules) for unit in kinds.values()}


class _Nowhere:
    """Takes whatever is drawn on it and keeps nothing: in place of a book where only `Paper.printed` counts."""

    def __getattr__(self, name: str) -> _Nowhere:
        return self

    def __call__(self, *_: object, **__: object) -> _Nowhere:
        return self


def _identify(plan: Plan, form: Form, unit: Unit) -> dict[str, str | int]:
    return dict(zip(IDENTITY_KEYS, (plan.id, form.version, unit.code), strict=True))


def _draw(
    book: Book, plan: Plan, form: Form, unit: Unit, rules: Iterable[Rule], entries: Entries, returned: Returned
) -> list[Paper]:
    """Draw every sheet into the book."""
    form = form.given_to(unit)
    by_sheet = _group(entries)
    identity = _identify(plan, form, unit)
    lines = list_lines(plan, form, unit, rules)
    formulas = list_formulas(plan, form, lines)
    added = _draw_added(book, returned.before)
    papers = []
    for name in (GUIDE_SHEET, *form.sheets, CHECK_SHEET, LISTS_SHEET):
        paper = Paper(book, name, by_sheet.pop(name, {}), returned.marks.get(name))
        papers.append(paper)
        if name == GUIDE_SHEET:
            draw_guide(paper, plan, form, unit)
        elif name == CHECK_SHEET:
            draw_check(paper, plan, unit, lines, formulas)
        elif name == LISTS_SHEET:
            _draw_lists(paper, plan)
        else:
            draw_table_sheet(paper, plan, form, unit)
    for name, reference in _list_names(plan, form):
        book.define_name(name, reference)
    added += _draw_added(book, returned.after)
    stamps = {CHECK_DIGEST_KEY: digest_checks(plan, form, lines, formulas)}
    stamps |= {paper.name: digest_cells(paper.printed.items()) for paper in added}
    paper = Paper(book, IDENTITY_SHEET, by_sheet.pop(IDENTITY_SHEET, {}))
    _draw_identity(paper, identity, stamps)
    papers += [paper, *added]
    papers += [Paper(book, name, cells) for name, cells in by_sheet.items()]
    return papers


def _draw_added(book: Book, sheets: Mapping[str, Callable[[Paper], None]]) -> list[Paper]:
    papers = []
    for name, draw in sheets.items():
        papers.append(Paper(book, name, {}))
        draw(papers[-1])
    return papers


def _group(entries: Entries) -> dict[str, Cells]:
    by_sheet: dict[str, Cells] = {}
    for (sheet, row, column), value in entries.items():
        by_sheet.setdefault(sheet, {})[row, column] = value
    return by_sheet


def _draw_lists(paper: Paper, plan: Plan) -> None:
    """Every code list in a column of its own, its values under a defined name; then their other spellings."""
    heading, value_style = paper.book.style(**HEADING), paper.book.style(num_format="@")
    for column, (_, title, values) in enumerate(_list_lists(plan), start=1):
        paper.put(1, column, title, heading)
        for row, value in enumerate(values, start=2):
            paper.put(row, column, value, value_style)
        paper.sheet.set_width(column, 30)
    paper.sheet.xl.hide()


def _list_lists(plan: Plan) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Defined name, title and values of every list on the sheet of lists."""
    for key, known in CODE_LISTS.items():
        yield known.defined_name, known.title, [choice.value for choice in plan.lists.choices(key)]
    yield from list_spellings(plan)
    yield from list_groups(plan)


def _list_names(plan: Plan, form: Form) -> Iterator[tuple[str, str]]:
    """The defined names and what they mean: the lists, what the rows lack, and what was read as days and hours."""
    for column, (name, _, values) in enumerate(_list_lists(plan), start=1):
        yield name, range_name(LISTS_SHEET, 2, column, len(values) + 1, column)
    yield from list_row_names(form)
    yield from list_status_names(plan, form)
    for table, moment in list_moments(form):
        yield name_reading(table, moment), reading_of(form, table.key, moment.key)


def _draw_identity(paper: Paper, identity: dict[str, str | int], stamps: dict[str, str]) -> None:
    """Whose workbook this is, twice more than in its properties: some programs drop the one, some the other.

    Below stand the digests by which what we drew is known again.
    """
    style = paper.book.style(num_format="@")
    for row, (key, value) in enumerate([*identity.items(), *stamps.items()], start=1):
        paper.put(row, 1, key, style)
        paper.put(row, 2, value, style)
    paper.book.define_name(IDENTITY_NAME, quote(IDENTITY_SEPARATOR.join(map(str, identity.values()))))
    paper.sheet.xl.very_hidden()
