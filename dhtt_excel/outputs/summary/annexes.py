"""The named lists, "Phụ lục 1" to "Phụ lục 4": only when asked for, and without what is sensitive unless that is named.

Neither the columns of ethnic group and religion are there nor what gives them away in others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from dhtt_excel.errors import UserError
from dhtt_excel.excel.book import Book
from dhtt_excel.figures.city_forms import NOT_SENT
from dhtt_excel.figures.describe_units import say_coverage
from dhtt_excel.figures.hide_revealing import SENSITIVE, RevealingWords
from dhtt_excel.form.form import TICK, Column, Form, Kind, Table
from dhtt_excel.outputs.summary.form_table import BAND, BOLD, FormTable
from dhtt_excel.outputs.summary.official_sheet import needed_width, page_width
from dhtt_excel.plan.plan import Unit
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import fold, format_number

if TYPE_CHECKING:
    import pandas as pd

WARNING = "Có dữ liệu cá nhân: chỉ gửi nơi nhận có thẩm quyền"
ANNEXED = ("delegates", "honourees", "speakers")
WITHHELD = ("ethnicity", "religion", "note")
_SIZES = (11.0, 10.0, 9.0, 8.5)
_LEAST_SIZE_MARGIN = 0.5


@dataclass(frozen=True)
class Annexes:
    """Named lists are wanted; `include`: withheld columns that are to be in them all the same, by key or heading."""

    include: tuple[str, ...] = ()

    def find_columns(self, form: Form) -> frozenset[str]:
        """The keys of the columns in `include`. Raises `UserError` for a name that is none of a withheld column."""
        withheld = {
            key: table.by_key[key].heading
            for table in (form.tables[name] for name in ANNEXED)
            for key in WITHHELD
            if key in table.by_key
        }
        found = set()
        for name in self.include:
            keys = [key for key, heading in withheld.items() if fold(name) in (fold(key), fold(heading))]
            if not keys:
                offered = "; ".join(f"{key} ({heading})" for key, heading in withheld.items())
                raise UserError(f"Không có cột “{name}” để đưa thêm vào phụ lục. Các cột có thể nêu: {offered}.")
            found.update(keys)
        return frozenset(found)


def draw_annexes(book: Book, result: Result, annexes: Annexes) -> None:
    included = annexes.find_columns(result.form)
    frames = result.tables.frames
    for number, key in enumerate(ANNEXED, start=1):
        table = result.form.tables[key]
        listed = _Listed(f"Phụ lục {number}", table.title, table, frames[key])
        _Annex(book, result, listed, included).draw()
    _Annex(book, result, _list_congress(result), included).draw()


class _Listed(NamedTuple):
    """What an annex lists; `without`: a column that says nothing there."""

    mark: str
    title: str
    table: Table
    frame: pd.DataFrame
    without: str = ""


def _list_congress(result: Result) -> _Listed:
    """Whom the upper unit sends to the congress of the level above: it marks them where local units mark theirs."""
    plan, frame = result.plan, result.tables.frames["delegates"]
    sent = frame[frame["unit"].eq(plan.upper_unit.code) & frame["nominated"].fillna(value=False)]
    title = f"DANH SÁCH ĐẠI BIỂU DỰ ĐẠI HỘI THI ĐUA YÊU NƯỚC {plan.levels.above.upper()}"
    return _Listed(f"Phụ lục {len(ANNEXED) + 1}", title, result.form.tables["delegates"], sent, "nominated")


class _Annex:
    """A list as it grows."""

    def __init__(self, book: Book, result: Result, listed: _Listed, included: frozenset[str]) -> None:
        left_out = {key for key in WITHHELD if key not in included}
        self._result, self._listed = result, listed
        self._columns = [c for c in listed.table.stored if c.key not in left_out | {listed.without}]
        self._withheld = [c.heading for c in listed.table.stored if c.key in left_out]
        self._words = RevealingWords(result.plan, [kind for kind in SENSITIVE if kind not in included])
        lists = result.plan.lists
        self._persons = {lists.value(name, "person") for name in ("speech_kinds", "honouree_kinds")}
        self._hidden = self._order = 0
        self._size, widths = _choose_widths(self._columns)
        self._table = FormTable(
            book, result, listed.mark, listed.title, widths, [("STT",), *((c.heading,) for c in self._columns)],
            size=self._size, least_row=12.75, landscape=True, warning=WARNING,
        )  # fmt: skip

    def draw(self) -> None:
        """Each unit in the order of the frame, with its lines; their number; what is left out."""
        frame, table = self._listed.frame, self._table
        for code, lines in frame.astype(object).where(frame.notna(), None).groupby("unit", sort=False):
            unit = self._result.plan.units_by_code[code]
            table.keep(1)
            table.draw_across(f"{self._result.plan.name_of(unit)} ({format_number(len(lines))})", **BAND)
            for line in lines.to_dict("records"):
                self._draw_line(line, unit)
        table.draw_across(f"Tổng cộng: {format_number(self._order)}", **BOLD)
        notes = ["Danh sách theo thứ tự đơn vị, trong mỗi đơn vị theo thứ tự báo cáo.", *self._say_withheld()]
        table.finish(say_coverage(self._result)[:1], notes, max(self._size, 10))

    def _draw_line(self, line: dict[str, Any], unit: Unit) -> None:
        self._order += 1
        self._table.put_number(1, self._order, text_wrap=True)
        for number, column in enumerate(self._columns, start=2):
            value = self._show(column, line, unit)
            self._table.put(number, value, text_wrap=True, align="left" if column.kind is Kind.TEXT else "center")
        self._table.end()

    def _show(self, column: Column, line: dict[str, Any], unit: Unit) -> Any:
        """The value as it prints. A blank looks like what is hidden where that is a value of the list."""
        value = line[column.key]
        if column.kind is Kind.MARK:
            elsewhere = column.key == "nominated" and unit.level == "upper"  # a mark for another congress
            return TICK if value and not elsewhere else None
        if value is None:
            return NOT_SENT if self._words.may_hide(column) else None
        if not isinstance(value, str):
            return value
        of_person = line.get("kind") is None or line["kind"] in self._persons
        shown = self._words.hide(column, value, of_person=of_person)
        self._hidden += shown != value
        return shown or NOT_SENT

    def _say_withheld(self) -> list[str]:
        notes = [f"Không có các cột: {', '.join(self._withheld)}." if self._withheld else "Có đủ các cột của biểu mẫu."]
        if self._hidden:
            notes.append(
                f"Dấu “{NOT_SENT}”: không có, hoặc không ghi vì là dữ liệu cá nhân nhạy cảm ({format_number(self._hidden)} chỗ)."
            )
        return notes


def _choose_widths(columns: Sequence[Column]) -> tuple[float, list[float]]:
    """The largest type in which no word of a heading breaks; the form's widths, stretched to the page."""
    room = page_width(landscape=True)
    size, least = 0.0, [0.0]
    for size in _SIZES:
        order = needed_width("88.888", size)
        least = [order, *(max(needed_width(word, size, bold=True) for word in c.heading.split()) for c in columns)]
        if sum(least) <= _LEAST_SIZE_MARGIN * room or size == _SIZES[-1]:
            break
    wanted = [least[0], *(max(c.width * size / 2, w) for c, w in zip(columns, least[1:], strict=True))]
    spare = [w - low for w, low in zip(wanted, least, strict=True)]
    part = max(0.0, room - sum(least)) / (sum(spare) or 1)
    return size, [low + more * part for low, more in zip(least, spare, strict=True)]
