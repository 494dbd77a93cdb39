"""The form of a plan: the tables of `columns` in the plan's words, and the names of a workbook's other parts.

The template, the reader, the rules, the merged lists and the documentation all read this one definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from dhtt_excel.errors import UserError
from dhtt_excel.excel.addresses import range_name
from dhtt_excel.form.columns import PICK, TABLES
from dhtt_excel.form.table import Column as Column
from dhtt_excel.form.table import Kind as Kind
from dhtt_excel.form.table import Layout as Layout
from dhtt_excel.form.table import Table as Table
from dhtt_excel.plan.code_lists import CODE_LISTS, Choice
from dhtt_excel.plan.outline import name_groups, split_code
from dhtt_excel.plan.plan import Plan, Unit, once_a_plan
from dhtt_excel.text.roman import number_roman
from dhtt_excel.text.vietnamese import capitalize

FORM_VERSION = 2  # raised with whatever changes a form in circulation: README, "Adding a column"

GUIDE_SHEET = "Hướng dẫn"
CHECK_SHEET = "Kiểm tra"
LISTS_SHEET = "Danh mục"
IDENTITY_SHEET = "_dhtt"

# A workbook says three times whose it is: on its very hidden sheet (key | value), as custom document properties
# (`dhtt_plan` …) and as a defined name that holds "plan|version|unit".
IDENTITY_KEYS = ("plan", "form_version", "unit")
PROPERTY_PREFIX = "dhtt_"
IDENTITY_NAME = "_dhtt_id"
IDENTITY_SEPARATOR = "|"
CHECK_DIGEST_KEY = "check_digest"  # on the hidden sheet alone: see `check_formulas.digest_checks`

AWARD_GROUPS = {"title": "Danh hiệu thi đua", "form": "Hình thức khen thưởng"}
NONE_KEY, NONE_LABEL = "none", "Không có nội dung này (x)"
TICK = "x"
REQUIRED_LINE, OPTIONAL_LINE = "Bắt buộc", "Tùy chọn"

# The line "Không có nội dung này (x)" of every list: label and input cell.
NONE_ROW, NONE_LABEL_COLUMN, NONE_COLUMN = 4, 3, 4
_ROWS_BETWEEN = 3  # from the last row of a table to the heading row of the next on its sheet


@dataclass(frozen=True)
class Form:
    tables: dict[str, Table]
    version: int = FORM_VERSION

    @property
    def versions(self) -> range:
        """The versions that can be read: this one and all before it."""
        return range(1, self.version + 1)

    @property
    def sheets(self) -> tuple[str, ...]:
        """The sheets that carry tables, in their order."""
        return tuple(dict.fromkeys(t.sheet for t in self.tables.values()))

    def given_to(self, unit: Unit) -> Form:
        """The form in the words in which this unit gets it."""
        if unit.level == "local":
            return self
        return replace(
            self,
            tables={
                key: replace(table, columns=tuple(map(_say_to_upper, table.columns)))
                for key, table in self.tables.items()
            },
        )

    def tables_on(self, sheet: str) -> list[Table]:
        return [t for t in self.tables.values() if t.sheet == sheet]

    def reference(self, table: str, column: str) -> str:
        """A formula's reference to a FIELDS table's input cell or to all cells of a column in a fresh workbook."""
        place = self.tables[table]
        row, letter = place.position(column)
        last = row if place.layout is Layout.FIELDS else place.last_row
        return range_name(place.sheet, row, letter, last, letter)


def _say_to_upper(column: Column) -> Column:
    heading, hint = column.upper_heading or column.heading, column.upper_hint or column.hint
    return replace(column, heading=heading, hint=hint)


@once_a_plan
def form_of(plan: Plan) -> Form:
    """The form of this plan's workbooks.

    Raises `UserError` where the plan names a column or value that is not there, `ValueError` for a mistake in `columns`.
    """
    words, lines, groups = _list_words(plan), _list_lines(plan), _list_groups(plan)
    left_out = {g.column: g.leave_out[0] for g in plan.coverage if len(g.leave_out) == 1}
    tables: dict[str, Table] = {}
    for table in TABLES:
        _check_columns(table)
        above = [t.last_row for t in tables.values() if t.sheet == table.sheet]
        fixed = lines.get(table.key, ())
        parts = groups.get(table.key, ())
        tables[table.key] = replace(
            table,
            title=table.title.format_map(words),
            columns=tuple(_put_words(c, {**words, "none": left_out.get(c.key, "")}) for c in table.columns),
            heading_row=above[-1] + _ROWS_BETWEEN if above else table.heading_row,
            capacity=table.capacity or len(fixed or table.columns) * table.rows_a_line + len(parts),
            lines=fixed,
            groups=parts,
        )
    _check_coverage(plan, tables["delegates"])
    return Form(tables, FORM_VERSION)


def _list_words(plan: Plan) -> dict[str, Any]:
    """What the words in braces stand for."""
    local, upper = plan.levels.local.noun, plan.levels.upper.noun
    return {
        **{name: {c.key: c.value for c in plan.lists.choices(name) if c.key} for name in CODE_LISTS},
        "plan": plan,
        "local": local,
        "Local": capitalize(local),
        "upper": upper,
        "offer": {name: _offer_values(plan.lists.choices(name)) for name in CODE_LISTS},
        "conference_day": plan.conference.local.before - timedelta(days=24),
        "plan_day": plan.date + timedelta(days=32),
        "award_day": plan.date + timedelta(days=36),
    }


def _offer_values(choices: tuple[Choice, ...]) -> str:
    """ "Hình ảnh, Video clip hoặc Phóng sự"."""
    *first, last = (c.value for c in choices)
    return f"{', '.join(first)} hoặc {last}" if first else last


def _list_lines(plan: Plan) -> dict[str, tuple[tuple[str, ...], ...]]:
    """What the form prints in the fixed lines of a table, by its key."""
    required, optional = (plan.programme.required, REQUIRED_LINE), (plan.programme.optional, OPTIONAL_LINE)
    return {
        "programme": tuple((item, need) for items, need in (required, optional) for item in items),
        "report": tuple((section.code, section.text) for section in plan.report.sections),
        "awards": tuple((award.value,) for award in plan.lists.awards),
    }


def _list_groups(plan: Plan) -> dict[str, tuple[tuple[int, str], ...]]:
    """The groups of a table's fixed lines, by its key: the outline's; the two that the Law makes of the awards."""
    parts = [split_code(section)[0] for section in plan.report.sections]
    outline = tuple((parts.index(part), heading) for part, heading in name_groups(plan).items())
    awards = [award.group for award in plan.lists.awards]
    found = [(awards.index(group), text) for group, text in AWARD_GROUPS.items() if group in awards]
    law = tuple((first, f"{number_roman(n)}. {text}") for n, (first, text) in enumerate(found, start=1))
    return {"report": outline, "awards": law if len(law) > 1 else ()}


def _put_words(column: Column, words: Mapping[str, Any]) -> Column:
    hint = PICK if "{none}" in column.hint and not words["none"] else column.hint
    try:
        own = (column.heading, hint, column.upper_heading, column.upper_hint)
        heading, hint, upper_heading, upper_hint, *aliases = (
            text.format_map(words) for text in (*own, *column.aliases)
        )
    except (LookupError, AttributeError) as error:
        error.add_note(f"in the words of column {column.key}, form/columns.py")
        raise
    texts = {"heading": heading, "hint": hint, "upper_heading": upper_heading, "upper_hint": upper_hint}
    return replace(column, **texts, aliases=tuple(aliases))  # type: ignore[arg-type]


def _check_columns(table: Table) -> None:
    """A mistake in a table's columns is the code's, not the plan's: told by place before anything is drawn or read."""
    for column in table.columns:
        if mistake := _find_mistake(table, column):
            raise ValueError(f"form/columns.py: {table.key}.{column.key}: {mistake}")


def _find_mistake(table: Table, column: Column) -> str:
    listed = column.choices in CODE_LISTS
    if table.by_key[column.key] is not column:
        return "another column has this key"
    if (column.choices or column.kind is Kind.CHOICE) and not listed:
        return f"there is no code list “{column.choices}”, only {', '.join(CODE_LISTS)}"
    if listed is not (column.kind is Kind.CHOICE):
        return f"a code list “{column.choices}”, but kind {column.kind.name}"
    if column.when and not _has_keys(table, *column.when):
        return f"there is no column “{column.when[0]}” with values of the keys {', '.join(column.when[1])}"
    if column.only and not column.when:
        return "asked of some lines only: of which, when= must say"
    if column.required and column.blank_rule == Column.blank_rule and table.layout is Layout.LINES:
        return "required in fixed lines: that needs a rule of its own for blanks (blank_rule)"
    if not 1 <= column.since <= FORM_VERSION:
        return f"since version {column.since}, but FORM_VERSION is {FORM_VERSION}"
    return ""


def _has_keys(table: Table, column: str, keys: tuple[str, ...]) -> bool:
    """Whether a column offers values that the code knows by these keys."""
    offered = CODE_LISTS.get(table.by_key[column].choices) if column in table.by_key else None
    return offered is not None and set(keys) <= {*offered.keys, *offered.groups}


def _check_coverage(plan: Plan, delegates: Table) -> None:
    for index, group in enumerate(plan.coverage):
        column = delegates.by_key.get(group.column)
        if group.column != "young" and column is None:
            raise UserError(f"Tệp kế hoạch: coverage[{index}].column: không có cột “{group.column}”.")
        offered = {c.value for c in plan.lists.choices(column.choices)} if column and column.choices else set()
        for value in (*group.values, *group.leave_out):
            if value not in offered:
                raise UserError(f"Tệp kế hoạch: coverage[{index}]: danh mục không có giá trị “{value}”.")
