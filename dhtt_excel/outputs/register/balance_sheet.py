"""Sheet "Cân đối" of the register: the upper conference against limit, shares and the groups that the plan names."""

from __future__ import annotations

from typing import Any

from dhtt_excel.excel.book import Book
from dhtt_excel.excel.looks import BAD, GOOD, MISSING
from dhtt_excel.outputs.register.paper import CENTRED, NUMBER, TEXT
from dhtt_excel.outputs.register.table import SheetColumn, SheetTable
from dhtt_excel.plan.shares import advise_limit, advise_shares, describe_shares, shares_hold
from dhtt_excel.result import Result
from dhtt_excel.rules.coverage import THIN, CoverageLine

BALANCE_SHEET = "Cân đối"

_ABSENT, _THIN, _PRESENT = "✗ Thiếu", f"! Mỏng ({THIN})", "✓ Có"
_LOOKS: dict[str, dict[str, Any]] = {
    _ABSENT: {**CENTRED, **BAD, "bold": True},
    _THIN: {**CENTRED, **MISSING},
    _PRESENT: {**CENTRED, **GOOD},
}


def write_balance(book: Book, result: Result) -> None:
    """A line a named group; above them the delegates against limit and shares, and what may still come."""
    lines = result.figures.coverage
    upper = result.plan.levels.upper.noun
    columns: tuple[SheetColumn[CoverageLine], ...] = (
        SheetColumn("STT", 6, NUMBER),
        SheetColumn("Nhóm", 26, TEXT, lambda line: line.name, fitted=True),
        SheetColumn("Giá trị", 36, TEXT, lambda line: line.value, fitted=True),
        SheetColumn(f"Số đại biểu dự hội nghị {upper}", 14, NUMBER, lambda line: line.count),
        SheetColumn("Kết quả", 13, lambda line: _LOOKS[judge_group(line)], judge_group),
        SheetColumn("Nguồn bổ sung", 80, TEXT, lambda line: line.supply),
    )
    told = (summarise_groups(lines), "\n".join([*list_quota(result), *_name_thin(lines)]))
    title = f"CÂN ĐỐI ĐẠI BIỂU DỰ HỘI NGHỊ {upper.upper()}"
    SheetTable(BALANCE_SHEET, title, told, columns, lines, empty_look=TEXT).draw(book, result)


def judge_group(line: CoverageLine) -> str:
    if not line.count:
        return _ABSENT
    return _THIN if line.count <= THIN else _PRESENT


def summarise_groups(lines: tuple[CoverageLine, ...]) -> str:
    verdicts = [judge_group(line) for line in lines]
    absent, thin = verdicts.count(_ABSENT), verdicts.count(_THIN)
    there = f"{len(lines) - absent} nhóm có đại biểu" if absent else "đều có đại biểu"
    told = f" (trong đó {thin} nhóm chỉ có {THIN} người)" if thin else ""
    return f"{len(lines)} nhóm mà kế hoạch nêu: {there}{told}" + (f", {absent} nhóm thiếu." if absent else ".")


def _name_thin(lines: tuple[CoverageLine, ...]) -> list[str]:
    thin = [line.label for line in lines if judge_group(line) == _THIN]
    return [f"Chỉ có {THIN} đại biểu thuộc: {'; '.join(thin)}."] if thin else []


def list_quota(result: Result) -> list[str]:
    """The delegates against the plan and what may still come, then what to change: a sentence or two a line."""
    plan, figures = result.plan, result.figures
    shares, limit = plan.shares, plan.conference.upper.max_delegates
    exemplars, guests, unknown = figures.upper_exemplars, figures.upper_guests, figures.upper_unknown
    lines = [describe_room(result)]
    if not shares_hold(exemplars, guests, shares):
        lines.append(f"Chưa đúng {shares.exemplars}/{shares.guests}: {describe_shares(exemplars, guests, shares)}.")
    elif exemplars + guests:
        lines.append(f"Cơ cấu đúng {shares.exemplars}/{shares.guests}.")
    if exemplars + guests + unknown > limit:
        lines.append(advise_limit(exemplars, guests, unknown, shares, limit))
    elif advice := advise_shares(exemplars, guests, shares, limit=limit - unknown):
        lines.append(advice)
    return lines


def describe_room(result: Result) -> str:
    """Who is at the upper conference, how many more it can take, of which kind, and from whom."""
    plan, figures, room = result.plan, result.figures, result.figures.upper_room
    exemplars, guests, unknown = figures.upper_exemplars, figures.upper_guests, figures.upper_unknown
    limit, local = plan.conference.upper.max_delegates, plan.levels.local.noun
    share = f"{plan.shares.exemplars}/{plan.shares.guests}"
    aside = f", {unknown} chưa rõ thành phần" if unknown else ""
    total = figures.upper_total
    room_text = f"còn {room.free} suất" if total <= limit else f"vượt {total - limit}"
    text = f"Hội nghị {plan.levels.upper.noun}: {total}/{limit} đại biểu ({exemplars} điển hình, {guests} khách mời{aside}), {room_text}"
    if not room.free:
        return f"{text}."
    if room.exemplars is None:
        return f"{text}, nhưng chỉ thêm người thì không đạt {share}: phải bớt hoặc chuyển thành phần trước."
    text += f"; để đạt {share} thì thêm nhiều nhất {room.exemplars} điển hình, {room.guests} khách mời."
    if plan.upper_unit.code not in result.used:
        own = plan.name_of(plan.upper_unit)
        return f"{text} Trong đó có cả đại biểu của {own} (chưa có biểu), nên chưa chia cho các {local}."
    if not room.units:
        return text
    rest = f", dư {room.left} suất" if room.left else ""
    return (
        f"{text} {room.units} {local} chưa báo cáo: mỗi {local} cử nhiều nhất {room.each} người, "
        f"{describe_part(result)} (chia đều, làm tròn xuống{rest})."
    )


def describe_part(result: Result) -> str:
    """What falls to each unit that has not reported."""
    room = result.figures.upper_room
    return f"{room.each_exemplars} điển hình, {room.each_guests} khách mời"
