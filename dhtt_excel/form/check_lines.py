"""Sheet "Kiểm tra" as data: its lines and its words. The form draws it, the reader reads it back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from dhtt_excel.excel.addresses import range_name
from dhtt_excel.findings import Live, Rule, Severity, list_parameters
from dhtt_excel.form.form import CHECK_SHEET, Form
from dhtt_excel.plan.plan import Plan, Shares, Unit

PASSED, FAILED, CAUTION, NOT_ENTERED, WAITING = "Đạt", "Cần sửa", "Lưu ý", "Chưa nhập", "Chờ"
VERDICTS = (PASSED, FAILED, CAUTION, NOT_ENTERED, WAITING)

SHARES_ROW, SHARES_COLUMN = 11, 3  # headings above the delegates' numbers; where these stand
TOTAL, EXEMPLARS, GUESTS = (range_name(CHECK_SHEET, SHARES_ROW + n, 3, SHARES_ROW + n, 3) for n in (1, 2, 3))
DELEGATE_WORDS = ("Tổng số đại biểu", "Điển hình tiên tiến", "Khách mời, lãnh đạo")
HEADING_ROW = 16
FIRST_CHECK_ROW = HEADING_ROW + 1
CODE_COLUMN, REQUIREMENT_COLUMN, PRESENT_COLUMN, VERDICT_COLUMN, PLACE_COLUMN, SOURCE_COLUMN = range(1, 7)
_PLACE = ", ô "


class CheckLine(NamedTuple):
    """A rule, as far as one place of the workbook is concerned. `clause`: what it cites for the workbook's unit.

    `spoilt`: the tables of which it counts error values and lone values as well. `waits`: what is wrong with the cells
    that it reads is told by another line.
    """

    rule: Rule
    live: Live
    clause: str
    spoilt: tuple[str, ...] = ()
    waits: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Code and sheet: a rule has no two lines about one sheet."""
        return self.rule.code, self.live.sheet

    @property
    def place(self) -> str:
        """Where to mend it, as the line says it."""
        return f"{self.live.sheet}{_PLACE}{self.live.cell}"

    @property
    def tolerable(self) -> str:
        """Formula: whether a breach is only a warning."""
        return "TRUE" if self.rule.severity is Severity.WARNING else self.live.tolerable

    @property
    def begun(self) -> tuple[tuple[str, str], ...]:
        return self.live.begun or self.live.reads

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that the line looks at."""
        return tuple(dict.fromkeys(table for table, _ in (*self.live.reads, *self.begun)))


def formula_needed(shares: Shares) -> str:
    """A formula: "77/33", the exemplars and guests after the smallest change that complies.

    One person moved from one group to the other does more than any other single step, so that the total stays.
    """
    total = f"({EXEMPLARS}+{GUESTS})"
    wanted = f"{shares.exemplars}*{total}"
    few = f"100*{EXEMPLARS}<{wanted}"
    needed = f"INT(({wanted}+IF({few},49,50))/100)"
    return f'{needed}&"/"&({total}-{needed})'


def list_lines(plan: Plan, form: Form, unit: Unit, rules: Iterable[Rule]) -> list[CheckLine]:
    """The lines of this unit's sheet: by sheet of the form, then in the order of the rules."""
    given = {"form": form, "plan": plan, "unit": unit}
    lines = [
        CheckLine(rule, live, rule.clause_for(plan, unit.code))
        for rule in rules
        if rule.live and rule.level in ("", unit.level)
        for live in rule.live(**{name: given[name] for name in list_parameters(rule.live)})
    ]
    return _share_out(sorted(lines, key=lambda line: form.sheets.index(line.live.sheet)))


def _share_out(lines: list[CheckLine]) -> list[CheckLine]:
    """Let one line a table tell what is wrong with its cells, and others wait for it."""
    tellers: dict[str, tuple[str, str]] = {}
    for line in lines:
        for table in line.tables if line.live.tells else ():
            tellers.setdefault(table, line.key)
    return [
        line._replace(
            spoilt=tuple(t for t in line.tables if not line.live.tells or tellers[t] == line.key),
            waits=not line.live.tells and any(t in tellers for t in line.tables),
        )
        for line in lines
    ]


def sheet_of_place(text: str) -> str:
    """The sheet that a line's place names."""
    return text.partition(_PLACE)[0]
