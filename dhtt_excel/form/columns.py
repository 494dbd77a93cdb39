"""What a column of the form is, and the columns that several sheets have. Data only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from dhtt_excel.plan.plan import Plan


class Kind(Enum):
    """What a cell holds, and so how it is offered, checked, read and stored."""

    FIXED = auto()  # printed by the form; identifies the line
    ORDER = auto()  # STT: decoration, never read
    TEXT = auto()  # str
    CHOICE = auto()  # str, a value of `choices`
    YEAR = auto()  # int, four digits
    DATE = auto()  # datetime.date
    TIME = auto()  # int, minutes since midnight
    COUNT = auto()  # int >= 0
    MARK = auto()  # bool, "x" or empty


@dataclass(frozen=True)
class Column:
    """A column of a list, or a line of a FIELDS table.

    `when` = (column, keys): required only where that column's choice has one of these keys.
    `blank_rule`: the rule that reports an empty required cell. `span`: how many sheet columns the cell takes (merged).
    `personal`: names people, so its contents are not repeated in messages.
    """

    key: str
    heading: str
    kind: Kind
    width: float
    required: bool = False
    when: tuple[str, tuple[str, ...]] | None = None
    blank_rule: str = "O01"
    choices: str = ""
    hint: str = ""
    aliases: tuple[str, ...] = ()
    span: int = 1
    personal: bool = False

    @property
    def label(self) -> str:
        """The heading as printed, starred where required; the blank before the star does not break."""
        return f"{self.heading}\N{NO-BREAK SPACE}*" if self.required and not self.when else self.heading


# ---------------------------------------------------------------- hints in the plan's own words


def offer_values(plan: Plan, choices: str) -> str:
    """The values of a short list, for a hint: "Hình ảnh, Video clip hoặc Phóng sự"."""
    *first, last = (c.value for c in plan.lists.choices(choices))
    return f"{', '.join(first)} hoặc {last}" if first else last


def advise_none(plan: Plan, column: str, who: str) -> str:
    """What to choose where the plan's list has a value for those to whom it does not apply."""
    left_out = next((g.leave_out for g in plan.coverage if g.column == column), ())
    return f"{who} thì chọn {left_out[0]}." if len(left_out) == 1 else "Chọn trong danh mục."


# ---------------------------------------------------------------- columns of several sheets


def order_column() -> Column:
    return Column("order", "STT", Kind.ORDER, 5, aliases=("TT", "Số TT", "Số thứ tự"))


def birth_year_column(*, required: bool = True, when: tuple[str, tuple[str, ...]] | None = None) -> Column:
    hint = "Bốn chữ số, ví dụ 1975."
    return Column(
        "birth_year", "Năm sinh", Kind.YEAR, 8, required=required, when=when, hint=hint, aliases=("Ngày sinh", "NS")
    )


def organisation_column() -> Column:
    hint = "Cơ quan, nơi công tác hoặc khu dân cư."
    return Column("organisation", "Đơn vị", Kind.TEXT, 18, required=True, hint=hint, aliases=("Đơn vị công tác", "Nơi công tác", "Cơ quan, đơn vị"))  # fmt: skip


def direct_worker_column() -> Column:
    hint = "Đánh x nếu là người trực tiếp lao động, công tác."
    return Column("direct_worker", "Trực tiếp lao động (x)", Kind.MARK, 8, hint=hint, aliases=("Trực tiếp LĐ", "Lao động trực tiếp"))  # fmt: skip


def field_column() -> Column:
    return Column("field", "Lĩnh vực", Kind.CHOICE, 16, required=True, choices="fields", hint="Chọn trong danh mục.")


def note_column() -> Column:
    return Column("note", "Ghi chú", Kind.TEXT, 12)
