"""The conferences of the local units: who has reported; when, with whom and how far as planned they meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dhtt_excel.figures.city_forms import HONOUREE_KINDS, NOT_SENT, SPEECH_KINDS
from dhtt_excel.figures.figure import add_known
from dhtt_excel.outputs.report.facts import (
    Group,
    add_up,
    day_of,
    keeps_shares,
    limit_of,
    list_groups,
    list_used,
    say_days,
    text_of,
    value_of,
    values_of,
)
from dhtt_excel.outputs.report.paper import ReportPaper, add_text
from dhtt_excel.outputs.report.phrases import UNITS_ANNEX, join_names, say_count, say_share, say_unit
from dhtt_excel.result import Result
from dhtt_excel.text.vietnamese import capitalize, show_day

_MOST_TOLD = 10  # units whose own number stands in the text


def draw_local_conferences(paper: ReportPaper, result: Result) -> None:
    """Who has reported; then, conferences that were held and those to come apart, when and with whom."""
    add_text(paper.body, say_received(result))
    for group in list_groups(result):
        add_text(paper.body, f"{_say_dates(result, group)} {_say_forms(result, group)}")
        add_text(paper.body, _say_events(result, group))


# ---------------------------------------------------------------- who, when, how


def say_received(result: Result) -> str:
    plan, used = result.plan, list_used(result)
    noun, expected = plan.levels.local.noun, len(plan.local_units)
    until = f"Đến ngày {show_day(result.as_of)}"
    if not used:
        return f"{until}, chưa có số liệu của {noun} nào trong {say_count(expected, noun)}."
    late = [unit.code for unit in used if result.days_late(unit)]
    in_time = len(used) - len(late)
    told = [f"{say_count(in_time, noun)} đúng hạn (trước ngày {show_day(plan.report.before)})"] if in_time else []
    if late:
        told.append(f"{say_count(len(late), noun)} sau hạn ({join_names(plan, late, UNITS_ANNEX)})")
    text = f"{until}, {len(used)}/{expected} {noun} đã gửi báo cáo kết quả hội nghị: {'; '.join(told)}."
    if missing := [unit.code for unit in result.missing_units]:
        text += (
            f" Chưa có số liệu của {say_count(len(missing), noun)}: {join_names(plan, missing, UNITS_ANNEX)}. "
            f"Số liệu trong báo cáo này tính trên {say_count(len(used), noun)} đã gửi."
        )
    return text


def _say_dates(result: Result, group: Group) -> str:
    """When the units of the group meet, and how many of them in the plan's time."""
    plan = result.plan
    noun, names = plan.levels.local.noun, join_names(plan, group.codes, UNITS_ANNEX)
    units = [plan.units_by_code[code] for code in group.codes]
    dated = {unit.code: day for unit in units if (day := day_of(result, unit))}
    who = say_count(len(units), noun)
    if not dated:
        return f"{who} chưa ghi ngày tổ chức hội nghị: {names}."
    verb = "dự kiến tổ chức hội nghị" if group.when else "đã tổ chức hội nghị"
    text = f"{who} {verb} {say_days([*dated.values()])}{f' ({names})' if group.when else ''}"
    local = plan.conference.local
    limit = f"trước ngày {show_day(local.before)}"
    late = [unit for unit in units if dated[unit.code] >= limit_of(plan, unit)]
    if local.pilot_before and any(unit.pilot for unit in late):
        limit += f"; hội nghị điểm trước ngày {show_day(local.pilot_before)}"
    kept = f"{group.when}hoàn thành đúng thời hạn của Kế hoạch ({limit})"
    if late:
        names = join_names(plan, [unit.code for unit in late], UNITS_ANNEX)
        in_time = len(units) - len(late)
        text += f". {say_count(in_time, noun) if in_time else f'Không {noun} nào'} {kept}; sau thời hạn: {names}"
    else:
        text += f", {kept}"
    for unit in units:
        if unit.pilot:
            text += f"; hội nghị điểm tại {say_unit(plan, unit)} {group.when}ngày {show_day(dated[unit.code])}"
    return f"{text}."


def _say_forms(result: Result, group: Group) -> str:
    plan = result.plan
    noun = plan.levels.local.noun
    forms = [text_of(result, plan.units_by_code[code], "form") for code in group.codes]
    offered = {c.value: c.value.lower() for c in plan.lists.forms} | {"": "chưa rõ"}
    told = [f"{say_count(forms.count(value), noun)} {word}" for value, word in offered.items() if value in forms]
    return f"Hình thức{f' {group.when}'.rstrip()}: {', '.join(told)}."


# ---------------------------------------------------------------- what takes place


def _say_events(result: Result, group: Group) -> str:
    """Delegates, the plan's shares, programme, speeches and honourees of the group's conferences."""
    told = (
        say_delegates(result, group),
        _say_shares(result, group),
        _say_programme(result, group),
        *say_both_kinds(result, group),
    )
    return " ".join(sentence for sentence in told if sentence)


def say_delegates(result: Result, group: Group) -> str:
    listed, exemplars, guests, unknown = (
        add_up(result, group.codes, key) for key in ("listed", "exemplars", "guests", "unknown")
    )
    known = add_known((exemplars, guests))
    told = [
        f"{say_count(exemplars)} điển hình tiên tiến{say_share(exemplars, known)}",
        f"{say_count(guests)} khách mời, lãnh đạo các cấp, các ngành{say_share(guests, known)}",
    ]
    if unknown:
        told.append(f"{say_count(unknown)} chưa rõ thành phần, không tính vào tỷ lệ")
    base = _say_base(result, group, "listed")
    return f"{group.conferences} {group.when}có {say_count(listed)} lượt đại biểu{base}: {', '.join(told)}."


def _say_base(result: Result, group: Group, key: str) -> str:
    """ " (tính trên 16/17 phường)" where not all units of the group sent what is counted."""
    known, units = len(values_of(result, group.codes, key)), len(group.codes)
    noun = result.plan.levels.local.noun
    if not known:
        return f" (chưa có số liệu của {noun} nào)"
    return f" (tính trên {known}/{units} {noun})" if known < units else ""


def _say_shares(result: Result, group: Group) -> str:
    """How many units keep the plan's shares, and what the others have."""
    shares = result.plan.shares
    verdicts = {code: kept for code in group.codes if (kept := keeps_shares(result, code)) is not None}
    off = {}
    for code in (code for code, kept in verdicts.items() if not kept):
        exemplars, guests = (value_of(result, code, key) or 0 for key in ("exemplars", "guests"))
        off[code] = say_share(exemplars, exemplars + guests).strip(" ()")
    asked = f"{shares.exemplars}% điển hình tiên tiến, {shares.guests}% khách mời, lãnh đạo"
    return _say_kept(
        result, group, len(verdicts), off, f"bảo đảm cơ cấu {asked}", "tỷ lệ điển hình tiên tiến của các đơn vị còn lại"
    )


def _say_programme(result: Result, group: Group) -> str:
    items, held = len(result.plan.programme.required), values_of(result, group.codes, "held")
    short = {code: f"{count}/{items} mục" for code, count in held.items() if count < items}
    return _say_kept(
        result, group, len(held), short, f"thực hiện đủ {say_count(items)} mục chương trình của Kế hoạch", "còn lại"
    )


def _say_kept(result: Result, group: Group, judged: int, others: Mapping[str, str], what: str, rest: str) -> str:
    """ "16/17 phường bảo đảm …; còn lại: Hàng Bạc 61,2%."; "" where there is nothing to judge."""
    plan = result.plan
    if not judged:
        return ""
    text = f"{judged - len(others)}/{judged} {plan.levels.local.noun} {group.when}{what}"
    if len(others) > _MOST_TOLD:
        return f"{text}; {rest}: xem {UNITS_ANNEX}."
    told = [f"{plan.short_name(plan.units_by_code[code])} {value}" for code, value in others.items()]
    return f"{text}; {rest}: {', '.join(told)}." if told else f"{text}."


_KINDS: Mapping[str, tuple[str, Sequence[str]]] = {
    "speakers": ("speech_kinds", SPEECH_KINDS),
    "honourees": ("honouree_kinds", HONOUREE_KINDS),
}


def say_both_kinds(result: Result, group: Group) -> tuple[str, str]:
    """Of the speeches and of the honourees how many there are of each kind."""
    return (
        _say_kinds(result, group, "speakers", "báo cáo tham luận"),
        _say_kinds(result, group, "honourees", "lượt biểu dương, tôn vinh"),
    )


def _say_kinds(result: Result, group: Group, table: str, noun: str) -> str:
    """ "Có 90 báo cáo tham luận: 40 tập thể, 50 cá nhân."."""
    counts = count_kinds(result, group.codes, table)
    base = _say_base(result, group, f"{table}_{_KINDS[table][1][0]}")
    total = add_known(counts.values())
    if total is None:
        return f"Số {noun}: {NOT_SENT}{base}."
    return f"{capitalize(f'{group.when}có')} {say_count(total)} {noun}{base}: {say_kinds(counts)}."


def count_kinds(result: Result, codes: Sequence[str], table: str) -> dict[str, int | None]:
    """How many lines of each kind of a list these units have; of no known kind only where there are some."""
    choices, keys = _KINDS[table]
    counts = {result.plan.lists.value(choices, key).lower(): add_up(result, codes, f"{table}_{key}") for key in keys}
    unknown = add_up(result, codes, f"{table}_unknown")
    return counts | {"chưa rõ loại": unknown} if unknown else counts


def say_kinds(counts: Mapping[str, int | None]) -> str:
    return ", ".join(f"{say_count(count)} {label}" for label, count in counts.items())
