"""A unit's workbook filled in at random, as draw_form takes it, and the rows that a careful reader finds in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from dhtt_excel.form.draw_form import Entries
from dhtt_excel.form.form import NONE_COLUMN, NONE_ROW, OPTIONAL_LINE, Column, Form, Kind, Table
from dhtt_excel.plan.plan import Plan, Unit
from tests.figures.random_cells import Cell, Pen
from tests.figures.recount import Row, letters

_FAMILIES = "Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý Tống Công Đoàn Hứa".split()  # noqa: SIM905
_MIDDLES = "Văn Thị Đức Minh Ngọc Thanh Quang Hữu Thu Kim Xuân Bảo".split()  # noqa: SIM905
_GIVEN = "An Bình Hòa Thúy Hạ Hà Hết Số Cộng Tổng Ngày Thủy Sơn Đạt Hương Lụy Phúc Yến Dũng Tuệ Việt Ánh".split()  # noqa: SIM905
_PLACES = (
    "Tổ dân phố số 3",
    "Trường THCS Ngô Sĩ Liên",
    "Công ty TNHH Hà Thành",
    "Hội Phụ nữ",
    "Công an phường",
    "Chợ Đồng Xuân",
)
_TITLES = ("Giữ phố sạch đẹp", "Số hóa hồ sơ một cửa", "Bếp ăn 0 đồng", "Tổ liên gia an toàn", "=Sáng kiến +1", "NA")
_ASIDES = (
    ("Tổng: 84 đại biểu",), ("TỔNG CỘNG", 84), ("Cộng", 84, 40, 44), ("II. Đại biểu khách mời",), ("Khách mời:",),
    ("* Ghi chú: danh sách đã được thông qua",), ("(1)", "(2)", "(3)", "(4)"), ("Danh sách trên gồm 84 đại biểu",),
    ("A. Tập thể",), ("B", "Cá nhân điển hình"), ("Ấn định danh sách có 84 người",), ("1. Lãnh đạo phường",),
)  # fmt: skip
_ORDERS = ("1.", "a)", "3/", "x", 7, None)
_FOOT = (
    ("Hàng Bạc, ngày 12 tháng 3 năm 2020",), ("TM. ỦY BAN NHÂN DÂN",), ("NGƯỜI LẬP BIỂU", "KT. CHỦ TỊCH"),
    ("PHÓ CHỦ TỊCH",), ("(Ký tên, đóng dấu)",), ("Lê Thị Hoa", "Trần Văn Sơn"),
)  # fmt: skip
_NOT_OF_GUESTS = ("birth_year", "ethnicity", "religion", "occupation", "direct_worker", "field", "sector")
_LEAST = 3  # facts that make a line, for whoever reads it
DRAFT = "Nháp"  # a sheet beside the form's
_BANDS = ((1930, 1960), (1961, 1985), (1986, 2002), (2003, 2008))


class Laid(NamedTuple):
    """Where a list's columns stand in one workbook, by key, and below which row; `headless` are those without a heading."""

    columns: dict[str, int]
    headless: set[str]
    heading_row: int

    @property
    def known(self) -> list[str]:
        return [key for key in self.columns if key not in self.headless]


@dataclass
class Filled:
    """A workbook before it is drawn. `rows`: what it truly says, by table; `unfit`: it lacks what the check needs.

    `hidden`: rows by sheet that somebody has hidden; `none`: lists that are marked to have no line; `lacking`: the columns
    that are gone, by table; `gone`: a sheet that is.
    """

    unit: Unit
    entries: Entries = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    hidden: dict[str, list[int]] = field(default_factory=dict)
    none: set[str] = field(default_factory=set)
    lacking: set[tuple[str, str]] = field(default_factory=set)
    gone: str = ""
    unfit: bool = False


class Filler:
    """Fills in workbooks of one campaign. No two persons in it have a name of the same letters, but where it is meant."""

    def __init__(self, plan: Plan, form: Form, pen: Pen) -> None:
        self.plan = plan
        self.form = form
        self.pen = pen
        self.rng = pen.rng
        self._names: set[str] = set()

    def fill_in(self, unit: Unit, guests: Sequence[Row] = (), *, whole: bool = False) -> Filled:
        """A workbook of this unit. `guests`: delegates whom it lists besides its own; `whole`: nothing is deleted."""
        filled = Filled(unit)
        self._fill_fields(filled, self.form.tables["info"], whole=whole)
        makers: dict[str, Callable[[], Row]] = {
            "delegates": self._invent_delegate,
            "speakers": self._invent_speaker,
            "honourees": self._invent_honouree,
        }
        sizes = {"delegates": (0, 3, 12, 25, 40), "speakers": (0, 2, 6), "honourees": (0, 4, 15)}
        for key, make in makers.items():
            persons = [make() for _ in range(self.rng.choice(sizes[key]))]
            if key == "delegates":
                persons += guests
            self._fill_list(filled, self.form.tables[key], self.rng.sample(persons, len(persons)), whole=whole)
        for key in ("programme", "report", "awards"):
            self._fill_lines(filled, self.form.tables[key], whole=whole)
        if not whole and self.pen.slips(0.04):
            self._drop_sheet(filled)
        elif self.pen.slips(0.05):  # a draft of the list beside it
            sheet = self.form.tables["delegates"].sheet
            listed = [place for place in filled.entries if place[0] == sheet]
            filled.entries |= {(DRAFT, row, column): filled.entries[sheet, row, column] for _, row, column in listed}
        return filled

    def _drop_sheet(self, filled: Filled) -> None:
        """A sheet is gone with all that stands on it."""
        table = self.rng.choice([table for key, table in self.form.tables.items() if key != "info"])
        filled.gone = table.sheet
        filled.unfit = True
        for key in (key for key, other in self.form.tables.items() if other.sheet == table.sheet):
            filled.rows[key] = []
            filled.none.discard(key)

    # -------- fields

    def _fill_fields(self, filled: Filled, table: Table, *, whole: bool) -> None:
        """Sheet "Thông tin"; a line may be gone."""
        row: Row = {}
        for column in table.columns:
            if column.kind is Kind.FIXED:
                continue
            line, place = table.position(column.key)
            cell = self.pen.write(column, self._invent_field(column))
            if self.pen.slips(0.015) and not (whole and column.required):
                cell = Cell(None, None)
                filled.entries[table.sheet, line, 1] = None
                filled.unfit |= column.required and not column.when
            filled.entries[table.sheet, line, place] = cell.written
            row[column.key] = cell.true
        filled.rows[table.key] = [row]

    def _invent_field(self, column: Column) -> Any:
        if column.kind is Kind.DATE:
            return date(2020, 1, 6) + timedelta(days=self.rng.randint(0, 80))
        if column.kind is Kind.TIME:
            return "8:00" if column.key == "start" else "11:00"
        return self._choose(column) or (self.rng.randint(10, 90) if column.kind is Kind.COUNT else "Nhà văn hóa")

    def _choose(self, column: Column) -> str | None:
        """A value of the column's code list, the first ones oftener; None for a column without."""
        if column.kind is not Kind.CHOICE:
            return None
        values = [choice.value for choice in self.plan.lists.choices(column.choices)]
        return values[min(int(self.rng.expovariate(0.3)), len(values) - 1)]

    # -------- lists

    def _fill_list(self, filled: Filled, table: Table, persons: Sequence[Row], *, whole: bool) -> None:
        laid = self._lay_out(filled, table, whole=whole)
        unsaid = {self.rng.choice(laid.known)} if self.pen.slips(0.08) else set()  # a column that nobody fills in
        persons = [{key: value for key, value in person.items() if key not in unsaid} for person in persons]
        persons = [person for person in persons if sum(bool(person.get(key)) for key in laid.known) >= _LEAST]
        rows: list[Row] = []
        at = laid.heading_row
        for number, person in enumerate(persons):
            at += 1 + (self.rng.choice((1, 2, 60)) if self.pen.slips(0.04) else 0)
            if number and self.pen.slips(0.03):
                self._put_aside(filled, table, laid, at, _ASIDES[self.rng.randrange(len(_ASIDES))])
                at += 1
            if number and self.pen.slips(0.01):
                lone = self.rng.choice([place for key, place in laid.columns.items() if key != "name"])
                filled.entries[table.sheet, at, lone] = "Hàng Đào"
                at += 1
            is_last = number == len(persons) - 1
            rows.append(self._fill_row(filled, table, laid, at, person, plain=is_last))
            if self.pen.slips(0.02):
                filled.hidden.setdefault(table.sheet, []).append(at)
        filled.rows[table.key] = rows
        if persons:
            self._fill_foot(filled, table, laid, at + 1)
        elif self.rng.random() < 0.5:
            filled.entries[table.sheet, NONE_ROW, NONE_COLUMN] = "x"
            filled.none.add(table.key)

    def _fill_row(self, filled: Filled, table: Table, laid: Laid, at: int, person: Row, *, plain: bool) -> Row:
        """One line; the last one is without a slip, so that it is sure where the list ends."""
        mess, self.pen.mess = self.pen.mess, 0.0 if plain else self.pen.mess
        lone = not plain and self.pen.slips(0.01) and "name" in laid.known and bool(person.get("name"))
        cells: dict[str, Cell] = {}
        kept = {"name": person["name"]} if lone else person
        while sum(cells[key].is_seen for key in laid.known if cells) < (1 if lone else _LEAST):
            cells = {key: self.pen.write(table.by_key[key], kept.get(key)) for key in laid.columns}
        if self.pen.slips(0.03):
            filled.entries[table.sheet, at, table.position("order")[1]] = self.rng.choice(_ORDERS)
        self.pen.mess = mess
        for key, cell in cells.items():
            if cell.written is not None:
                filled.entries[table.sheet, at, laid.columns[key]] = cell.written
        row = {c.key: cells[c.key].true if c.key in laid.known else None for c in table.stored}
        if table.key == "delegates" and self.plan.group_of_category.get(row["category"] or "") == "guest":
            row |= dict.fromkeys(_NOT_OF_GUESTS)
        return row

    def _put_aside(self, filled: Filled, table: Table, laid: Laid, at: int, texts: Sequence[Any]) -> None:
        """A line that is none of the list: from the column of the names on, or from STT on."""
        if self.rng.random() < 0.1:  # the heading once more
            places = range(table.first_column, len(table.columns) + 1)
            filled.entries |= {
                (table.sheet, at, n): filled.entries.get((table.sheet, laid.heading_row, n)) for n in places
            }
            return
        order = table.first_column
        first = order if len(str(texts[0])) < 3 else self.rng.choice((order, laid.columns.get("name", order)))
        for place, text in enumerate(texts, start=first):
            filled.entries[table.sheet, at, place] = text

    def _fill_foot(self, filled: Filled, table: Table, laid: Laid, at: int) -> None:
        """What may stand below a list: a name alone, a sum, who signs."""
        if self.pen.slips(0.15) and "name" in laid.known:
            filled.entries[table.sheet, at, laid.columns["name"]] = self._invent_name()
            at += 1
        if self.pen.slips(0.2):
            self._put_aside(filled, table, laid, at, self.rng.choice(_ASIDES))
            at += 1
        if self.pen.slips(0.2):
            left, right = self.rng.choice(((3, 10), (3, 7), (4, 12)))
            for texts in _FOOT[self.rng.randrange(2) :]:
                for place, text in zip((right,) if len(texts) == 1 else (left, right), texts, strict=True):
                    filled.entries[table.sheet, at, place] = text
                at += 1

    def _lay_out(self, filled: Filled, table: Table, *, whole: bool) -> Laid:
        """Where the columns stand; deleted, moved and renamed ones are written over the form's headings."""
        gone = self._delete(filled, table, whole=whole)
        headless = gone if self.rng.random() < 0.5 else set()
        order = [column.key for column in table.stored if column.key in headless or column.key not in gone]
        if self.pen.slips(0.08):
            self.rng.shuffle(order)
        heading_row = table.heading_row + (self.rng.choice((1, 3)) if self.pen.slips(0.05) else 0)
        headings = ["Tình trạng", "STT", *("" if key in headless else self._name(table.by_key[key]) for key in order)]
        if headless:
            headings[2 + min(map(order.index, headless))] = self.rng.choice(("", "Cột mới"))
        if self.pen.slips(0.05):
            headings.append("Điện thoại")
            filled.entries[table.sheet, heading_row + 1, len(headings)] = "024 3825 0000"
        places = range(1, max(len(headings), len(table.columns)) + 1)
        filled.entries |= {(table.sheet, table.heading_row, place): None for place in places}
        filled.entries |= {(table.sheet, heading_row, at): text or None for at, text in enumerate(headings, start=1)}
        return Laid({key: place for place, key in enumerate(order, start=3)}, headless, heading_row)

    def _delete(self, filled: Filled, table: Table, *, whole: bool) -> set[str]:
        """The columns that are gone, if any."""
        optional = [column.key for column in table.stored if not column.needed]
        needed = [column.key for column in table.stored if column.needed]
        if self.pen.slips(0.12):
            return {self.rng.choice(optional)}
        if not whole and self.pen.slips(0.1):
            filled.unfit = True
            return set(self.rng.sample(needed, self.rng.choice((1, 1, 2))))
        return set()

    def _name(self, column: Column) -> str:
        """A heading as printed or as people rename it."""
        if self.pen.slips(0.04):
            names = (*column.aliases, column.heading.upper(), column.heading.lower(), f"{column.heading} (*)")
            return self.rng.choice(names)
        return column.label

    # -------- fixed lines

    def _fill_lines(self, filled: Filled, table: Table, *, whole: bool) -> None:
        """The programme, the report, the five years' awards; a line or the heading of a column may be gone."""
        columns = [c for c in table.stored if c.kind is not Kind.FIXED]
        places = {column.key: table.position(column.key)[1] for column in columns}
        fixed = [c.key for c in table.columns if c.kind is Kind.FIXED]
        wiped = [c for c in columns if table.key != "report" and not whole and self.pen.slips(0.02)]
        for column in wiped:
            filled.entries[table.sheet, table.heading_row, places.pop(column.key)] = None
            filled.lacking.add((table.key, column.key))
            filled.unfit |= column.needed
        blank = self.pen.slips(0.05)  # nobody fills in anything
        rows = []
        for at, line in zip(table.line_rows, table.lines, strict=True):
            optional = OPTIONAL_LINE in line or table.key == "awards"
            if table.key != "report" and self.pen.slips(0.02 if optional else 0.005) and (optional or not whole):
                filled.entries |= {(table.sheet, at, place): None for place in range(1, len(fixed) + 2)}
                filled.unfit |= not optional
                continue
            cells = {c.key: self.pen.write(c, None if blank else self._invent_line(c)) for c in columns}
            for key, place in places.items():
                if cells[key].written is not None:
                    filled.entries[table.sheet, at, place] = cells[key].written
            row: Row = {key: cells[key].true if key in places else None for key in cells}
            rows.append(row | dict(zip(fixed, line, strict=True)))
        filled.rows[table.key] = rows

    def _invent_line(self, column: Column) -> Any:
        if column.kind is Kind.MARK:
            return self.rng.random() < 0.85
        if column.kind is Kind.COUNT:
            return self.rng.choice((None, None, 0, self.rng.randint(1, 30)))
        return (
            self.rng.choice((None, "8:30")) if column.kind is Kind.TIME else self.rng.choice((None, "Tổ chức cán bộ"))
        )

    # -------- persons

    def _invent_name(self) -> str:
        while True:
            name = " ".join(map(self.rng.choice, (_FAMILIES, _MIDDLES, _MIDDLES, _GIVEN)))
            if letters(name) not in self._names:
                self._names.add(letters(name))
                return name

    def _invent_person(self, table: str) -> Row:
        """A value for every column of a code list, and what all lists have."""
        row = {column.key: self._choose(column) for column in self.form.tables[table].stored}
        return row | {
            "name": self._invent_name(),
            "organisation": self.rng.choice(_PLACES),
            "note": self.rng.choice((None, "Mới")),
        }

    def _invent_delegate(self) -> Row:
        person = self._invent_person("delegates") | {
            "gender": self.rng.choice(("Nam", "Nữ")),
            "birth_year": self.rng.randint(*self.rng.choice(_BANDS)),
            "category": self.rng.choice(self.plan.lists.categories).value,
            "position": self.rng.choice((None, "Tổ trưởng")),
            "collective": self.rng.choice((None, "Tổ dân phố số 3")),
            "direct_worker": self.rng.random() < 0.4,
            "nominated": self.rng.random() < 0.3,
        }
        if self.plan.group_of_category[person["category"]] == "guest" and self.rng.random() < 0.7:
            asked = ("name", "gender", "position", "organisation", "category", "nominated")
            return {key: value if key in asked else None for key, value in person.items()}
        return person

    def _invent_speaker(self) -> Row:
        person = self._invent_person("speakers")
        return person | {
            "presenter": person["name"],
            "title": self.rng.choice(_TITLES),
            "model": "Mô hình mới",
            "minutes": self.rng.randint(3, 15),
        }

    def _invent_honouree(self) -> Row:
        return self._invent_person("honourees") | {
            "kind": self._choose(self.form.tables["honourees"].by_key["kind"]),
            "birth_year": self.rng.randint(*self.rng.choice(_BANDS)),
            "decision": self.rng.choice((None, "12/QĐ-UBND ngày 10/01/2020")),
            "direct_worker": self.rng.random() < 0.4,
            "achievement": "Tận tụy",
        }

    def repeat(self, unit: Unit, row: Row) -> Row:
        """A ward's delegate as the upper unit lists him itself, or somebody who only looks like him."""
        places = (row["organisation"], self.plan.name_of(unit), unit.name, "Ủy ban nhân dân quận", None)
        same: Row = row | {"organisation": self.rng.choice(places), "nominated": False}
        changes: tuple[Row, ...] = (
            {}, {}, {}, {"birth_year": None}, {"birth_year": 1951}, {"gender": None}, {"gender": "Nam"}, {"gender": "Nữ"},
        )  # fmt: skip
        return same | self.rng.choice(changes)
