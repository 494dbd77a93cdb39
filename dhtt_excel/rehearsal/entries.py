"""Invent one unit's faultless, filled-in workbook: value by cell of the fresh form. Seeded, and all made up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from random import Random
from typing import Any

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.form.draw_form import Entries
from dhtt_excel.form.form import Form, Table
from dhtt_excel.plan.code_lists import Session
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.rehearsal.delegates import invent_delegates
from dhtt_excel.rehearsal.honourees import count_awards, invent_honourees, list_movements
from dhtt_excel.rehearsal.persons import (
    Row,
    Setting,
    draw_scene,
    fill_template,
    invent_person,
    prepare_setting,
    roll_dice,
)
from dhtt_excel.rehearsal.words import WORDS, Item
from dhtt_excel.text.vietnamese import fold, format_number, name_key, slug


def invent_entries(plan: Plan, form: Form, unit: Unit, seed: int) -> Entries:
    """The values of this unit's workbook: the same for the same plan, unit and seed, whatever else is invented."""
    setting = prepare_setting(plan, form, unit, seed)
    delegates = invent_delegates(setting, seed)
    held = choose_day(plan, unit, seed)
    honourees = invent_honourees(setting, delegates, held)
    speakers = _invent_speakers(setting, delegates)
    programme, session, start, end = _invent_programme(setting, sum(row["minutes"] for row in speakers))
    awards = count_awards(setting, honourees)
    info = _invent_info(setting, held, (session, start, end), len(delegates))
    rows = {
        "info": [info],
        "delegates": [ask_only(plan, form.tables["delegates"], row) for row in delegates],
        "speakers": speakers,
        "honourees": honourees,
        "programme": programme,
        "report": _write_report(setting, awards),
        "awards": awards,
    }
    return {place: value for key, table in form.tables.items() for place, value in _place_values(table, rows[key])}


def ask_only(plan: Plan, table: Table, row: Row) -> Row:
    """The row without what its line is not asked for."""
    return {key: value for key, value in row.items() if not _is_passed_over(plan, table, key, row)}


def _is_passed_over(plan: Plan, table: Table, key: str, row: Row) -> bool:
    """Whether the row's line is not asked for a column."""
    column = table.by_key.get(key)
    if column is None or not (column.only and column.when):
        return False
    other, keys = column.when
    choices = plan.lists.choices(table.by_key[other].choices)
    return any(choice.value == row.get(other) and not choice.is_one_of(keys) for choice in choices)


def _place_values(table: Table, rows: Sequence[Row]) -> Iterable[tuple[tuple[str, int, int], Any]]:
    """The filled cells of a table. FIELDS have one row; rows of LINES stand in the order of the lines."""
    for key in table.by_key:
        line, letter = table.position(key)
        for at, row in zip(table.line_rows or range(line, line + len(rows)), rows, strict=True):
            value = row.get(key)
            if value is not None and value != "" and value is not False:
                yield (table.sheet, at, letter), value


def read_rows(form: Form, entries: Entries, table_key: str) -> list[Row]:
    """The filled rows of a table, by column key; `excel_row` is the row and `cell` the name's cell, if it has one."""
    table = form.tables[table_key]
    keys = {table.position(key)[1]: key for key in table.by_key}
    rows: dict[int, Row] = {}
    for (sheet, row, column), value in entries.items():
        if sheet == table.sheet and table.first_row <= row <= table.last_row and column in keys:
            rows.setdefault(row, {"excel_row": row})[keys[column]] = value
    for number, found in rows.items():
        found["cell"] = cell_name(number, table.position("name")[1]) if "name" in table.by_key else ""
    return [rows[number] for number in sorted(rows)]


def find_extras(plan: Plan, form: Form, entries: Entries) -> list[Row]:
    """Exemplars among the delegates on whom nothing else depends: no collective, nomination or speech."""
    return [
        row
        for row in read_rows(form, entries, "delegates")
        if plan.group_of_category[row["category"]] == "exemplar"
        and not (row.get("collective") or row.get("nominated") or row.get("note"))
    ]


def put_honoured_last(form: Form, entries: Entries, rows: Sequence[Row]) -> list[Row]:
    """These people in their order, but those last who are honoured as well."""
    honoured = {name_key(row["name"]) for row in read_rows(form, entries, "honourees")}
    return sorted(rows, key=lambda row: name_key(row["name"]) in honoured)


# ---------------------------------------------------------------- speakers


def _invent_speakers(setting: Setting, delegates: Sequence[Row]) -> list[Row]:
    """Four to eight speakers of different fields, all of them exemplars among the delegates, persons and collectives."""
    rng = setting.rng
    exemplars = [row for row in delegates if setting.plan.group_of_category[row["category"]] == "exemplar"]
    shuffled = rng.sample(exemplars, len(exemplars))
    collectives, persons = ([r for r in shuffled if bool(r.get("collective")) is kind] for kind in (True, False))
    wanted = rng.randint(4, 8)
    chosen: list[Row] = []
    queues = [collectives, persons]
    while len(chosen) < wanted and any(queues):
        fields = {row["field"] for row in chosen}
        queues[0][:] = [row for row in queues[0] if row["field"] not in fields]
        if queues[0]:
            chosen.append(queues[0].pop())
        queues.reverse()
    longest = 10 if len(chosen) <= 6 else 7
    return [_speak(setting, row, rng.randint(5, longest)) for row in chosen]


def _speak(setting: Setting, row: Row, minutes: int) -> Row:
    lists = setting.plan.lists
    collective = row.get("collective", "")
    pools = {setting.value("fields", key): pool for key, pool in reversed(WORDS.speeches.items())}
    speech = setting.rng.choice(pools.get(row["field"], WORDS.speeches["other"]))
    row["note"] = WORDS.conference.speaker_note
    return {
        "kind": lists.value("speech_kinds", "collective" if collective else "person"),
        "name": collective or row["name"],
        "presenter": row["name"],
        "organisation": row["organisation"],
        "title": fill_template(setting, speech.title),
        "area": setting.nearest("areas", speech.area),
        "field": row["field"],
        "model": fill_template(setting, speech.model),
        "minutes": minutes,
        "illustration": setting.rng.choice(lists.illustrations).value,
    }


# ---------------------------------------------------------------- programme


def _invent_programme(setting: Setting, speaking: int) -> tuple[list[Row], Session, time, time]:
    """The lines of the programme with times one after the other, and the session, start and end of the conference."""
    plan, rng = setting.plan, setting.rng
    session = rng.choices(plan.lists.sessions, [len(plan.lists.sessions), *(1 for _ in plan.lists.sessions[1:])])[0]
    first, last = _minute(session.start), _minute(session.end)
    order = _order_items(setting)
    minutes = [_find_item(item).minutes or -(-max(10, speaking) // 5) * 5 for item in order]
    room = last - first
    if sum(minutes) > room:
        minutes = [max(1, m * room // (sum(minutes) + len(minutes))) for m in minutes]
    latest = last - sum(minutes)
    start = max(first, min(first + rng.choice((90, 120)), latest - latest % 30))
    now, rows = start, {}
    for item, length in zip(order, minutes, strict=True):
        performer = _find_item(item).performer.format_map(setting.words)
        rows[item] = {"held": True, "start": _time(now), "end": _time(now + length), "performer": performer}
        now += length
    end = min(last, now + -now % 15)
    lines = (*plan.programme.required, *plan.programme.optional)
    return [rows.get(item, {}) for item in lines], session, _time(start), _time(end)


def _order_items(setting: Setting) -> list[str]:
    """All required items in the plan's order, one to three optional ones where they belong."""
    programme, rng = setting.plan.programme, setting.rng
    order = list(programme.required)
    optional = rng.sample(programme.optional, min(len(programme.optional), rng.randint(1, 3)))
    for item in sorted(optional, key=programme.optional.index, reverse=True):
        after = _find_item(item).after
        places = [i + 1 for i, other in enumerate(order) if after and fold(after) in fold(other)]
        order.insert(0 if after == "" else (places or [max(0, len(order) - 1)])[0], item)
    return order


def _find_item(item: str) -> Item:
    return next(known for known in WORDS.conference.programme if fold(known.part) in fold(item))


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _time(minute: int) -> time:
    return time(*divmod(min(minute, 24 * 60 - 1), 60))


# ---------------------------------------------------------------- report


def _write_report(setting: Setting, awards: Sequence[Row]) -> list[Row]:
    """Every section of the outline in three to six sentences: an opening with the unit's name and further ones."""
    rng = setting.rng
    collectives, persons, direct = (
        sum(row.get(key) or 0 for row in awards) for key in ("collectives", "persons", "direct_workers")
    )
    setting.words |= {
        "award_collectives": format_number(collectives), "award_persons": format_number(persons), "award_direct": format_number(direct),
        "award_total": format_number(collectives + persons), "award_direct_share": format_number(100 * direct / max(1, persons), 1),
    }  # fmt: skip
    movements = [m for m in list_movements(setting) if not fold(m).startswith(fold(WORDS.other))] or list_movements(
        setting
    )
    rows = []
    for section in setting.plan.report.sections:
        topic = next(topic for part, topic in WORDS.report.topics if fold(part) in fold(section.text))
        known = WORDS.report.sentences[topic]
        places = sorted(rng.sample(range(len(known.others)), rng.randint(2, 5)))
        pair = rng.sample(movements, min(2, len(movements)))
        setting.words |= {"movement": pair[0], "other_movement": pair[-1]}
        sentences = [rng.choice(known.openings), *(known.others[place] for place in places)]
        rows.append({"content": " ".join(fill_template(setting, sentence) for sentence in sentences)})
    return rows


# ---------------------------------------------------------------- the conference


def choose_day(plan: Plan, unit: Unit, seed: int) -> date:
    """A working day within the plan's limits: the pilot's early, the others' in the last month, the upper unit's late."""
    local, upper = plan.conference.local, plan.conference.upper
    day = timedelta(days=1)
    if unit.level == "upper":
        last, first = upper.last_day, max(upper.first_day, upper.last_day - 11 * day)
    elif unit.pilot and local.pilot_before:
        last, first = local.pilot_before - 9 * day, local.pilot_before - 16 * day
    else:
        last = min(local.before, plan.report.before) - day
        first = min(last, max(last - 28 * day, local.pilot_before or date.min))
    days = [first + n * day for n in range((last - first).days + 1)]
    return roll_dice(plan, unit, seed, "day").choice([d for d in days if d.weekday() < 5] or days)


def _invent_info(setting: Setting, held: date, times: tuple[Session, time, time], total: int) -> Row:
    """The lines of the first sheet."""
    plan, unit, rng = setting.plan, setting.unit, setting.rng
    session, start, end = times
    conference = (plan.conference.upper if setting.upper else plan.conference.local).name
    combined = not setting.upper and rng.random() < 0.25
    event = rng.choice(WORDS.conference.events).format_map(draw_scene(setting)) if combined else ""
    person = invent_person(setting, rng.choice(("female", "male")), 27, 54)
    return {
        "form": plan.lists.value("forms", "combined" if combined else "separate"),
        "event": event,
        "name": f"{event} và {conference[:1].lower()}{conference[1:]}" if combined else conference,
        "date": held,
        "session": session.value,
        "start": start,
        "end": end,
        "venue": fill_template(setting, rng.choice(WORDS.levels[unit.level].venues)),
        "declared_total": total,
        "decision": _invent_plan_number(plan, unit, rng, held),
        "reported": _choose_report_day(plan, rng, held),
        "compiler": person["name"],
        "compiler_position": fill_template(setting, rng.choice(WORDS.levels[unit.level].compilers)),
        "contact": f"{slug(plan.name_of(unit))}@ubnd.example",
    }


def _invent_plan_number(plan: Plan, unit: Unit, rng: Random, held: date) -> str:
    if unit.level == "upper":
        return f"{plan.number} ngày {plan.date:%d/%m/%Y}"
    day = min(plan.date + timedelta(days=rng.randint(8, 30)), held)
    number = rng.randint(2, 40) if day.year > plan.date.year else rng.randint(120, 260)
    return f"{number}/KH-{WORDS.conference.office_short} ngày {day:%d/%m/%Y}"


def _choose_report_day(plan: Plan, rng: Random, held: date) -> date | None:
    """A day after the conference and before the report is due; none where the conference is later than that."""
    last = plan.report.before - timedelta(days=1)
    days = [held + timedelta(days=n) for n in range(7)]
    working = [day for day in days if day <= last and day.weekday() < 5]
    return rng.choice(working[1:] or working or [last]) if held <= last else None
