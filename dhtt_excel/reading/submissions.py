"""What one returned file turned out to be: the records that reading gives to everything after it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.findings import Finding, Severity
from dhtt_excel.inbox.raw import RawWorkbook
from dhtt_excel.plan.plan import Unit
from dhtt_excel.reading.ledger import Account
from dhtt_excel.rules import RULES_BY_CODE

if TYPE_CHECKING:
    from dhtt_excel.rollup.record import ResultRecord


@dataclass
class ReadTable:
    """One table of one file: typed rows by column key, with `excel_row`, and where its cells stand.

    `rejected`: what stands in the cells whose value is not usable, by column key and row (0 for fields).

    For the comparison with sheet "Kiểm tra", which sees cells as they are: `filled` and `doubtful` count, by column, the
    cells with anything in them and those that are not as the form asks; `understood` those of the latter that the form
    knows what they mean; `spoilt` the error values and lone values;
    `as_drawn` is whether the sheet's formulas look at the very rows and columns that are read, and see there what is read.

    `paragraphs`: by column and row of a line, how many rows below each cell stands in which its text goes on, and its part.
    `passed_over`: by column and row, what stands where nothing is asked of that line.
    `struck`, `hidden`: cells that are read, by row and column, whose text is struck through, and those of hidden rows.
    """

    sheet: str
    heading_row: int
    columns: dict[str, int]
    cells: dict[str, tuple[int, int]]
    rows: list[dict[str, Any]] = field(default_factory=list)
    rejected: dict[tuple[str, int], Any] = field(default_factory=dict)
    passed_over: dict[tuple[str, int], Any] = field(default_factory=dict)
    paragraphs: dict[tuple[str, int], list[tuple[int, str]]] = field(default_factory=dict)
    none_marked: bool = False
    filled: Counter[str] = field(default_factory=Counter)
    doubtful: Counter[str] = field(default_factory=Counter)
    understood: Counter[str] = field(default_factory=Counter)
    spoilt: int = 0
    as_drawn: bool = True
    struck: tuple[tuple[int, int], ...] = ()
    hidden: tuple[tuple[int, int], ...] = ()

    def cell(self, column: str, excel_row: int) -> str:
        """The cell of a column in a row (0: its heading); "" where the file has no such column."""
        if column in self.cells:
            return cell_name(*self.cells[column])
        if column not in self.columns:
            return ""
        return cell_name(excel_row or self.heading_row, self.columns[column])

    def has_rejected(self, column: str, excel_row: int) -> bool:
        """Whether the value of a cell was not usable, which was told."""
        return (column, excel_row) in self.rejected

    def find(self, row: int, column: int) -> tuple[str, int] | None:
        """The column key and row of a cell, as `cell` takes them; None where the table has no such cell."""
        for key, place in self.cells.items():
            if place == (row, column):
                return key, 0
        key = next((key for key, at in self.columns.items() if at == column), "")
        if not key or row < self.heading_row:
            return None
        return key, 0 if row == self.heading_row else row

    def value(self, column: str, row: dict[str, Any]) -> Any:
        """What a row of `rows` has in a column: the typed value, else what stands in a cell that was not taken."""
        value, place = row.get(column), (column, row["excel_row"])
        return self.rejected.get(place, self.passed_over.get(place)) if value is None else value


class SavedVerdict(NamedTuple):
    """A verdict that sheet "Kiểm tra" of a returned file shows, and its cell."""

    word: str
    cell: str


@dataclass
class Submission:
    """What one file turned out to be.

    `entered`: in how many of the form's cells somebody entered something. `why_not`: in a few words, why it does not
    stand for its unit. `carried`: what an earlier file had outside the form, as our copy of it lists it.
    `record`: the figures of a result that was consolidated below; such a file has no tables.
    `check_digest`: which formulas gave the `verdicts`, as the form was stamped; "" in a form drawn before there were stamps.
    """

    source: RawWorkbook
    unit: Unit | None = None
    version: int | None = None
    tables: dict[str, ReadTable] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    entered: int = 0
    used: bool = False
    why_not: str = ""
    carried: list[tuple[str, str, str]] = field(default_factory=list)
    verdicts: dict[tuple[str, str], SavedVerdict] = field(default_factory=dict)
    check_digest: str = ""
    record: ResultRecord | None = None

    @property
    def blank(self) -> bool:
        """Whether it is the form as we sent it, with nothing entered in it or beside it."""
        strange = any(account.outside or account.lost for account in self.accounts)
        return self.unit is not None and not self.entered and not strange

    @property
    def valid(self) -> bool:
        """Whether the file can stand for its unit: readable, its form, complete in sheets and columns."""
        return self.unit is not None and not any(map(breaks_file, self.findings))


def breaks_file(finding: Finding) -> bool:
    """Whether a file with this finding cannot stand for its unit where another can."""
    return RULES_BY_CODE[finding.code].judges_file and finding.severity is Severity.ERROR
