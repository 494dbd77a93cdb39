"""What a unit's workbook looks like: sheets, tables, columns, kinds, lists, hints. Data only.

The template, the reader, the rules, the merged lists and the documentation all read this one definition.
Rows and columns count from 1, as Excel shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from functools import cached_property

from dhtt_excel.errors import UserError
from dhtt_excel.excel.addresses import range_name
from dhtt_excel.form.columns import Column as Column
from dhtt_excel.form.columns import Kind as Kind
from dhtt_excel.form.columns import (
    advise_none,
    birth_year_column,
    direct_worker_column,
    field_column,
    note_column,
    offer_values,
    order_column,
    organisation_column,
)
from dhtt_excel.plan.plan import Plan
from dhtt_excel.text.vietnamese import capitalize

FORM_VERSION = 1
KNOWN_VERSIONS = frozenset({FORM_VERSION})

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

NONE_KEY, NONE_LABEL = "none", "Không có nội dung này (x)"
TICK = "x"
REQUIRED_LINE, OPTIONAL_LINE = "Bắt buộc", "Tùy chọn"


class Layout(Enum):
    FIELDS = auto()  # one value a line: label, input, hint
    LIST = auto()  # free lines below a heading row
    LINES = auto()  # fixed lines below a heading row


@dataclass(frozen=True)
class Table:
    """A table of the form and where it stands in a fresh workbook."""

    key: str
    sheet: str
    title: str
    layout: Layout
    columns: tuple[Column, ...]
    heading_row: int
    capacity: int
    lines: tuple[tuple[str, ...], ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def first_row(self) -> int:
        return self.heading_row + 1

    @property
    def last_row(self) -> int:
        return self.heading_row + self.capacity

    @cached_property
    def by_key(self) -> dict[str, Column]:
        return {c.key: c for c in self.columns}

    @cached_property
    def stored(self) -> tuple[Column, ...]:
        """The columns that a merged table has."""
        return tuple(c for c in self.columns if c.kind is not Kind.ORDER)

    def position(self, key: str) -> tuple[int, int]:
        """Row and column of a FIELDS table's input cell, or of a list's first cell in this column."""
        place = self._order[key]
        return (self.first_row + place, 2) if self.layout is Layout.FIELDS else (self.first_row, place + 1)

    @cached_property
    def _order(self) -> dict[str, int]:
        return {column.key: place for place, column in enumerate(self.columns)}


@dataclass(frozen=True)
class Form:
    tables: dict[str, Table]

    @property
    def sheets(self) -> tuple[str, ...]:
        """The sheets that carry tables, in their order."""
        return tuple(dict.fromkeys(t.sheet for t in self.tables.values()))

    def tables_on(self, sheet: str) -> list[Table]:
        return [t for t in self.tables.values() if t.sheet == sheet]

    def reference(self, table: str, column: str) -> str:
        """A formula's reference to a FIELDS table's input cell or to all cells of a column in a fresh workbook."""
        place = self.tables[table]
        row, letter = place.position(column)
        last = row if place.layout is Layout.FIELDS else place.last_row
        return range_name(place.sheet, row, letter, last, letter)


# The line "Không có nội dung này (x)" of every list: label and input cell.
NONE_ROW, NONE_LABEL_COLUMN, NONE_COLUMN = 4, 2, 3
_LIST_HEADING_ROW = 6


def form_of(plan: Plan) -> Form:
    """The form of this plan's workbooks. Raises `UserError` where the plan names a column or value that is not there."""
    tables = (
        _info(plan),
        _delegates(plan),
        _speakers(plan),
        _honourees(plan),
        _programme(plan),
        _report(plan),
        _awards(plan),
    )
    form = Form({t.key: t for t in tables})
    _check_coverage(plan, form.tables["delegates"])
    return form


def _check_coverage(plan: Plan, delegates: Table) -> None:
    for place, group in enumerate(plan.coverage):
        column = delegates.by_key.get(group.column)
        if group.column != "young" and column is None:
            raise UserError(f"Tệp kế hoạch: coverage[{place}].column: không có cột “{group.column}”.")
        offered = {c.value for c in plan.lists.choices(column.choices)} if column and column.choices else set()
        for value in (*group.values, *group.leave_out):
            if value not in offered:
                raise UserError(f"Tệp kế hoạch: coverage[{place}]: danh mục không có giá trị “{value}”.")


def _info(plan: Plan) -> Table:
    local = plan.levels.local.noun
    day = f"Nhập ngày/tháng/năm, ví dụ {plan.conference.local.before - timedelta(days=24):%d/%m/%Y}."
    separate, combined = (plan.lists.value("forms", key) for key in ("separate", "combined"))
    columns = (
        Column("unit_name", capitalize(local), Kind.FIXED, 48, aliases=(plan.levels.upper.noun, "Đơn vị", "Tên đơn vị")),
        Column("form", "Hình thức tổ chức", Kind.CHOICE, 48, required=True, blank_rule="TT01", choices="forms",
               hint=f"Chọn {separate} hoặc {combined}."),
        Column("event", "Sự kiện lồng ghép", Kind.TEXT, 48, required=True, when=("form", ("combined",)), blank_rule="TT01",
               hint=f"Ghi tên sự kiện nếu hình thức là {combined}."),
        Column("name", "Tên hội nghị", Kind.TEXT, 48, required=True, hint="Tên ghi trong kế hoạch; sửa nếu lồng ghép."),
        Column("date", "Ngày tổ chức", Kind.DATE, 48, required=True, hint=day),
        Column("session", "Buổi", Kind.CHOICE, 48, required=True, choices="sessions", hint=f"Hội nghị trong nửa ngày: {offer_values(plan, 'sessions')}."),
        Column("start", "Giờ bắt đầu", Kind.TIME, 48, required=True, hint="Nhập giờ:phút, ví dụ 8:00."),
        Column("end", "Giờ kết thúc", Kind.TIME, 48, required=True, hint="Nhập giờ:phút, ví dụ 11:00."),
        Column("venue", "Địa điểm", Kind.TEXT, 48, required=True, hint="Nơi họp và địa chỉ."),
        Column("declared_total", "Tổng số đại biểu", Kind.COUNT, 48, required=True,
               hint="Đúng bằng số người trong sheet Đại biểu."),
        Column("decision", f"Số, ngày kế hoạch của {local}", Kind.TEXT, 48, hint=f"Ví dụ: 12/KH-UBND ngày {plan.date + timedelta(days=32):%d/%m/%Y}.",
               aliases=("Số, ngày kế hoạch",)),
        Column("reported", "Ngày báo cáo kết quả", Kind.DATE, 48, hint=day),
        Column("compiler", "Người lập biểu", Kind.TEXT, 48, required=True, personal=True, hint="Họ và tên."),
        Column("compiler_position", "Chức vụ", Kind.TEXT, 48, required=True, hint="Chức vụ của người lập biểu."),
        Column("contact", "Liên hệ", Kind.TEXT, 48, required=True, personal=True, hint="Điện thoại cơ quan hoặc thư điện tử."),
    )  # fmt: skip
    return Table("info", "Thông tin", "THÔNG TIN HỘI NGHỊ", Layout.FIELDS, columns, 4, len(columns))


def _delegates(plan: Plan) -> Table:
    upper = plan.levels.upper.noun
    collective = plan.lists.value("categories", "collective")
    columns = (
        order_column(),
        Column("name", "Họ và tên", Kind.TEXT, 22, required=True, personal=True, hint="Mỗi người một dòng.",
               aliases=("Họ tên", "Họ tên đại biểu", "Họ và tên đại biểu", "Tên đại biểu")),
        Column("gender", "Giới tính", Kind.CHOICE, 8, required=True, choices="genders", hint=f"{offer_values(plan, 'genders')}.", aliases=("Giới", "Nam/Nữ")),
        birth_year_column(required=True),
        Column("ethnicity", "Dân tộc", Kind.CHOICE, 9, required=True, choices="ethnicities", hint="Chọn trong danh mục."),
        Column("religion", "Tôn giáo", Kind.CHOICE, 10, required=True, choices="religions", hint=advise_none(plan, "religion", "Không theo tôn giáo")),
        Column("position", "Chức vụ, nghề nghiệp", Kind.TEXT, 16, hint="Ví dụ: Giáo viên, chủ hộ kinh doanh.", aliases=("Chức vụ", "Nghề nghiệp")),
        organisation_column(),
        Column("category", "Thành phần", Kind.CHOICE, 18, required=True, choices="categories",
               hint=f"Điển hình tiên tiến ({plan.shares.exemplars}%) hoặc khách mời, lãnh đạo ({plan.shares.guests}%).",
               aliases=("Thành phần đại biểu",)),
        Column("collective", "Tập thể đại diện", Kind.TEXT, 15, required=True, when=("category", ("collective",)),
               hint=f"Tên tập thể, nếu thành phần là {collective}."),
        Column("occupation", "Đối tượng", Kind.CHOICE, 17, required=True, choices="occupations", hint="Chọn trong danh mục."),
        direct_worker_column(),
        field_column(),
        Column("sector", "Thành phần kinh tế", Kind.CHOICE, 14, required=True, choices="sectors",
               hint=advise_none(plan, "sector", "Cơ quan, người hưu trí…")),
        Column("nominated", f"Dự hội nghị {upper} (x)", Kind.MARK, 8, hint=f"Đánh x nếu được cử dự hội nghị {upper}.",
               aliases=(f"Dự hội nghị cấp {upper}", f"Dự HN {upper}")),
        note_column(),
    )  # fmt: skip
    return Table("delegates", "Đại biểu", "DANH SÁCH ĐẠI BIỂU DỰ HỘI NGHỊ", Layout.LIST, columns, _LIST_HEADING_ROW, 300,
                 aliases=("Danh sách đại biểu",))  # fmt: skip


def _speakers(plan: Plan) -> Table:
    columns = (
        order_column(),
        Column(
            "kind",
            "Loại",
            Kind.CHOICE,
            11,
            required=True,
            choices="speech_kinds",
            hint=f"{offer_values(plan, 'speech_kinds')}.",
        ),
        Column(
            "name",
            "Tên cá nhân, tập thể",
            Kind.TEXT,
            24,
            required=True,
            personal=True,
            hint="Có trong sheet Đại biểu hoặc Biểu dương.",
        ),
        Column(
            "presenter", "Người trình bày", Kind.TEXT, 20, required=True, personal=True, hint="Người đọc tham luận."
        ),
        organisation_column(),
        Column(
            "title", "Tên tham luận", Kind.TEXT, 28, required=True, hint="Tên đầy đủ.", aliases=("Tên bài tham luận",)
        ),
        Column("area", "Mảng", Kind.CHOICE, 10, required=True, choices="areas", hint=f"{offer_values(plan, 'areas')}."),
        field_column(),
        Column(
            "model", "Mô hình mới, sáng tạo", Kind.TEXT, 28, required=True, hint="Một, hai câu: mới ở đâu, được gì."
        ),
        Column("minutes", "Thời lượng (phút)", Kind.COUNT, 9, required=True, hint="Số phút, ví dụ 8."),
        Column(
            "illustration",
            "Minh họa",
            Kind.CHOICE,
            11,
            choices="illustrations",
            hint=f"{offer_values(plan, 'illustrations')}.",
        ),
        note_column(),
    )
    return Table("speakers", "Tham luận", "DANH SÁCH BÁO CÁO THAM LUẬN", Layout.LIST, columns, _LIST_HEADING_ROW, 50,
                 aliases=("Báo cáo tham luận",))  # fmt: skip


def _honourees(plan: Plan) -> Table:
    person = ("kind", ("person",))
    columns = (
        order_column(),
        Column("kind", "Loại", Kind.CHOICE, 11, required=True, choices="honouree_kinds", hint=f"{offer_values(plan, 'honouree_kinds')}."),
        Column("name", "Tên", Kind.TEXT, 24, required=True, personal=True, hint="Tên cá nhân, tập thể hoặc chủ hộ.",
               aliases=("Họ và tên", "Tên cá nhân, tập thể", "Tên cá nhân, tập thể, hộ gia đình")),
        Column("gender", "Giới tính", Kind.CHOICE, 8, required=True, when=person, choices="genders", hint="Chỉ với cá nhân.",
               aliases=("Giới", "Nam/Nữ")),
        birth_year_column(when=person),
        organisation_column(),
        Column("award", "Danh hiệu, hình thức khen", Kind.CHOICE, 20, required=True, choices="awards",
               hint="Chọn trong danh mục.", aliases=("Danh hiệu", "Hình thức khen", "Hình thức khen thưởng")),
        Column("award_level", "Cấp khen", Kind.CHOICE, 11, choices="award_levels", hint="Cấp ra quyết định."),
        Column("decision", "Số, ngày quyết định", Kind.TEXT, 16, hint=f"Ví dụ: 123/QĐ-UBND ngày {plan.date + timedelta(days=36):%d/%m/%Y}."),
        Column("movement", "Phong trào thi đua", Kind.CHOICE, 22, required=True, choices="movements", hint="Chọn trong danh mục.",
               aliases=("Phong trào",)),
        field_column(),
        direct_worker_column(),
        Column("achievement", "Thành tích tiêu biểu", Kind.TEXT, 28, required=True, hint="Một, hai câu.", aliases=("Thành tích",)),
        note_column(),
    )  # fmt: skip
    return Table(
        "honourees", "Biểu dương", "DANH SÁCH BIỂU DƯƠNG, TÔN VINH", Layout.LIST, columns, _LIST_HEADING_ROW, 300
    )


def _programme(plan: Plan) -> Table:
    columns = (
        order_column(),
        Column("item", "Nội dung", Kind.FIXED, 62),
        Column("requirement", "Yêu cầu", Kind.FIXED, 11),
        Column(
            "held", "Có (x)", Kind.MARK, 8, required=True, blank_rule="CT01", hint="Đánh x nếu chương trình có mục này."
        ),
        Column("start", "Bắt đầu", Kind.TIME, 9, hint="Giờ:phút, ví dụ 8:00."),
        Column("end", "Kết thúc", Kind.TIME, 9, hint="Giờ:phút, ví dụ 8:10."),
        Column("performer", "Người thực hiện", Kind.TEXT, 26, hint="Người hoặc bộ phận thực hiện."),
        note_column(),
    )
    lines = tuple((item, REQUIRED_LINE) for item in plan.programme.required) + tuple(
        (item, OPTIONAL_LINE) for item in plan.programme.optional
    )
    return Table("programme", "Chương trình", "CHƯƠNG TRÌNH HỘI NGHỊ", Layout.LINES, columns, 4, len(lines), lines)


def _report(plan: Plan) -> Table:
    columns = (
        Column("section", "Mục", Kind.FIXED, 8),
        Column("requirement", "Yêu cầu", Kind.FIXED, 46),
        Column("content", "Nội dung báo cáo", Kind.TEXT, 84, required=True, blank_rule="BC01", span=3,
               hint="Trả lời ngắn gọn, đủ ý. Alt+Enter để xuống dòng."),
    )  # fmt: skip
    lines = tuple((s.code, s.text) for s in plan.report.sections)
    return Table("report", "Báo cáo", "BÁO CÁO TỔNG KẾT THEO ĐỀ CƯƠNG", Layout.LINES, columns, 4, len(lines), lines)


def _awards(plan: Plan) -> Table:
    heading_row = 4 + len(plan.report.sections) + 3
    columns = (
        order_column(),
        Column("award", "Hình thức khen thưởng", Kind.FIXED, 46),
        Column(
            "collectives", "Tập thể", Kind.COUNT, 28, hint="Số tập thể được khen trong năm năm; không có thì để trống."
        ),
        Column("persons", "Cá nhân", Kind.COUNT, 28, hint="Số cá nhân được khen trong năm năm; không có thì để trống."),
        Column(
            "direct_workers", "Trong đó: trực tiếp lao động", Kind.COUNT, 28, hint="Không lớn hơn số ở cột Cá nhân."
        ),
    )
    lines = tuple((award.value,) for award in plan.lists.awards)
    title = f"KẾT QUẢ KHEN THƯỞNG {plan.period}"
    return Table("awards", "Báo cáo", title, Layout.LINES, columns, heading_row, len(lines), lines)
