"""The superior office's forms as data: their names, columns and rows, whatever draws, traces or tells them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dhtt_excel.figures.count_figures import HONOUREE_KINDS
from dhtt_excel.findings import Severity
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.result import Result, Verdict
from dhtt_excel.text.vietnamese import capitalize

UNITS_FORM, STRUCTURE_FORM, HONOURS_FORM, AWARDS_FORM = "Biểu 1", "Biểu 2", "Biểu 3", "Biểu 3a"
TOTAL = "total"
TOTAL_LABEL = "Tổng cộng"
SUM_LABEL = "Cộng"
WITHIN = "Trực tiếp lao động"  # the section whose line is "trong đó", not a part of a whole
PILOT = "hội nghị điểm"
_MOST_NAMES = 40


# ---------------------------------------------------------------- by unit


@dataclass(frozen=True)
class UnitColumn:
    """A column: its heading path and what stands in it.

    A count of `figures.units`, the sum of `parts`, or the percentage that `part_of` is of the delegates; without any
    of these a text or date.
    """

    key: str
    heading: tuple[str, ...]
    count: bool = False
    parts: tuple[str, ...] = ()
    part_of: str = ""

    @property
    def is_number(self) -> bool:
        return bool(self.count or self.parts or self.part_of)


@dataclass(frozen=True)
class UnitRow:
    """What one unit's row shows, by column key."""

    cells: dict[str, Any]
    received: bool


def describe_units(result: Result) -> tuple[list[UnitColumn], list[UnitRow], dict[str, float | str]]:
    """The columns, a row a local unit in the order of the codes, the totals by column key."""
    columns = list_columns(result.plan)
    units = enumerate(result.plan.local_units, start=1)
    rows = [_describe_unit(result, unit, order, columns) for order, unit in units]
    counts = {c.key: sum(r.cells.get(c.key) or 0 for r in rows) for c in columns if c.count}
    return columns, rows, _count(columns, counts)


def list_columns(plan: Plan) -> list[UnitColumn]:
    lists = plan.lists
    people, speeches, honours = "Đại biểu dự hội nghị", "Tham luận", "Biểu dương, tôn vinh"
    count, percent = "SL", "%"
    texts = {"order": "STT", "name": capitalize(plan.levels.local.noun), "date": "Ngày tổ chức", "form": "Hình thức"}
    return [
        *(UnitColumn(key, (heading,)) for key, heading in texts.items()),
        UnitColumn(TOTAL, (people, "Tổng số"), parts=("exemplars", "guests")),
        UnitColumn("exemplars", (people, "Điển hình tiên tiến", count), count=True),
        UnitColumn("exemplar_share", (people, "Điển hình tiên tiến", percent), part_of="exemplars"),
        UnitColumn("guests", (people, "Khách mời, lãnh đạo", count), count=True),
        UnitColumn("guest_share", (people, "Khách mời, lãnh đạo", percent), part_of="guests"),
        UnitColumn("female", (people, "Nữ", count), count=True),
        UnitColumn("female_share", (people, "Nữ", percent), part_of="female"),
        UnitColumn("young", (people, f"Dưới {plan.ages.young_under} tuổi"), count=True),
        UnitColumn("minority", (people, "Dân tộc thiểu số"), count=True),
        UnitColumn("religious", (people, "Theo tôn giáo"), count=True),
        UnitColumn("direct_workers", (people, "Trực tiếp lao động", count), count=True),
        UnitColumn("direct_share", (people, "Trực tiếp lao động", percent), part_of="direct_workers"),
        *(
            UnitColumn(f"speakers_{key}", (speeches, lists.value("speech_kinds", key)), count=True)
            for key in ("collective", "person")
        ),
        *(
            UnitColumn(f"honourees_{key}", (honours, lists.value("honouree_kinds", key)), count=True)
            for key in ("collective", "person", "household")
        ),
        UnitColumn("programme", ("Mục chương trình",)),
        UnitColumn("reported", ("Ngày báo cáo",)),
        UnitColumn("remark", ("Ghi chú",)),
    ]


def _describe_unit(result: Result, unit: Unit, order: int, columns: Sequence[UnitColumn]) -> UnitRow:
    plan = result.plan
    received = unit.code in result.used
    cells: dict[str, Any] = {"order": order, "name": show_unit(plan, unit)}
    unknown = 0
    if received:
        figures = result.figures.units.loc[unit.code]
        cells |= _count(columns, {c.key: int(figures[c.key]) for c in columns if c.count})
        cells |= {key: figures[key] if isinstance(figures[key], date) else None for key in ("date", "reported")}
        cells["form"] = figures["form"] if isinstance(figures["form"], str) else None
        cells["programme"] = f"{int(figures['held'])}/{len(plan.programme.required)}"
        unknown = int(figures["unknown"])
    cells["remark"] = _remark(result, unit, unknown)
    return UnitRow(cells, received)


def _count(columns: Sequence[UnitColumn], counts: dict[str, int]) -> dict[str, float | str]:
    """The values of all numeric columns; a share of nothing is blank."""
    values: dict[str, float | str] = dict(counts)
    total = next(sum(counts[p] for p in c.parts) for c in columns if c.key == TOTAL)
    values[TOTAL] = total
    for c in columns:
        if c.part_of:
            values[c.key] = counts[c.part_of] / total * 100 if total else ""
    return values


def _remark(result: Result, unit: Unit, unknown: int) -> str:
    verdict = result.verdict_of(unit)
    remarks = []
    if verdict in (Verdict.MISSING, Verdict.UNREADABLE):
        remarks.append(verdict.label)
    if unit.pilot:
        remarks.append(PILOT)
    if verdict is Verdict.ERRORS:
        remarks.append(f"{result.count(Severity.ERROR, unit.code)} lỗi cần sửa")
    if unknown:
        remarks.append(f"{unknown} đại biểu chưa rõ thành phần")
    return capitalize("; ".join(remarks))


def show_unit(plan: Plan, unit: Unit) -> str:
    """A local unit's name; with its kind where that is not the level's usual one."""
    return unit.name if plan.noun_of(unit) == plan.levels.local.noun else plan.name_of(unit)


def say_coverage(result: Result) -> list[str]:
    """How many units have reported, which have not, which must still correct something."""
    plan = result.plan
    noun, expected = plan.levels.local.noun, len(plan.local_units)
    by_verdict: dict[Verdict, list[str]] = {}
    for unit in plan.local_units:
        by_verdict.setdefault(result.verdict_of(unit), []).append(show_unit(plan, unit))
    text = f"Số {noun} đã báo cáo: {expected - len(result.missing_units)}/{expected}."
    place = f"xem cột Ghi chú của {UNITS_FORM}"
    for verdict, label in ((Verdict.MISSING, "Chưa báo cáo"), (Verdict.UNREADABLE, "Không đọc được tệp")):
        names = by_verdict.get(verdict, [])
        if len(names) < expected:
            text += f" {label}: {name_some(names, noun, place)}." if names else ""
    lines = [text]
    if faulty := by_verdict.get(Verdict.ERRORS):
        named = f" ({', '.join(faulty)})" if len(faulty) <= _MOST_NAMES else ""
        lines.append(f"Số {noun} có lỗi cần sửa: {len(faulty)}{named}; số liệu đã nhận vẫn được tính vào biểu.")
    return lines


def name_some(names: Sequence[str], noun: str, place: str) -> str:
    """The names; where they would fill a page only their number, and the place that names each."""
    return ", ".join(names) if len(names) <= _MOST_NAMES else f"{len(names)} {noun}, {place}"


# ---------------------------------------------------------------- the same few measures twice: local and upper


@dataclass(frozen=True)
class Measure:
    """A column of each half: a count, the sum of all counts before it (`total`), or a percentage.

    `share_of`: the places of part and whole among the measures.
    """

    key: str
    heading: tuple[str, ...]
    total: bool = False
    share_of: tuple[int, int] | None = None

    @property
    def is_count(self) -> bool:
        return not self.total and self.share_of is None


ALL = "all"
AWARD_MEASURES = (
    Measure("collectives", ("Tập thể",)),
    Measure("persons", ("Cá nhân",)),
    Measure("direct_workers", ("Trong đó: trực tiếp lao động", "SL")),
    Measure("direct_share", ("Trong đó: trực tiếp lao động", "%"), share_of=(2, 1)),
)


def list_honour_measures(plan: Plan) -> list[Measure]:
    return [
        *(Measure(kind, (plan.lists.value("honouree_kinds", kind),)) for kind in HONOUREE_KINDS),
        Measure(ALL, (SUM_LABEL,), total=True),
    ]


def name_conferences(plan: Plan) -> tuple[str, str]:
    return f"Hội nghị các {plan.levels.local.noun}", f"Hội nghị {plan.levels.upper.noun}"


def name_reports(plan: Plan) -> tuple[str, str]:
    return f"Báo cáo của các {plan.levels.local.noun}", f"Báo cáo của {plan.levels.upper.noun}"
