"""Invent a whole campaign: the workbook of every unit, faultless, or with the accidents of real life."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple

from dhtt_excel.excel.addresses import cell_name
from dhtt_excel.form.draw_form import Entries
from dhtt_excel.form.form import Form
from dhtt_excel.plan.plan import Plan, Unit
from dhtt_excel.rehearsal.breaches import BREACHES
from dhtt_excel.rehearsal.deal_breaches import deal_breaches
from dhtt_excel.rehearsal.drafts import Draft, Planted
from dhtt_excel.rehearsal.entries import ask_only, find_extras, invent_entries, put_honoured_last, read_rows
from dhtt_excel.rehearsal.persons import roll_dice
from dhtt_excel.rehearsal.words import WORDS
from dhtt_excel.rules import RULES
from dhtt_excel.text.vietnamese import name_key, slug

__all__ = ["Entries", "Rehearsal", "SentFile", "invent_campaign", "invent_entries", "invent_rehearsal", "read_rows"]

# One unit each; with fewer units, the first of them.
_ACCIDENTS = ("twice", "pasted", "missing", "texts", "shares", "heading", "person", "person again")


@dataclass(frozen=True)
class SentFile:
    """A file as a unit sent it. `note`: what is special in it and what to look for, in one line; "" if nothing.

    `content`: its bytes, where they are not just the form with the entries.
    """

    name: str
    unit: Unit
    entries: Entries
    note: str
    content: bytes = b""


class Rehearsal(NamedTuple):
    """What is sent, in this order, and the breach of every rule in it, in the order of the rules."""

    sent: list[SentFile]
    planted: list[Planted]


def invent_campaign(plan: Plan, form: Form, seed: int = 215, clean: bool = False) -> list[SentFile]:
    """Every unit's file in the order in which they were sent; `clean`: all there and faultless."""
    entries = {unit.code: invent_entries(plan, form, unit, seed) for unit in plan.units}
    units = (*plan.local_units, plan.upper_unit)
    if clean:
        return [SentFile(plan.workbook_name(unit), unit, entries[unit.code], "") for unit in units]
    rng = roll_dice(plan, plan.upper_unit, seed, "accidents")
    ordinary = [unit for unit in plan.local_units if not unit.pilot]
    ordinary = rng.sample(ordinary, len(ordinary))
    dealt = dict(zip(_ACCIDENTS, ordinary, strict=False))
    if "person" in dealt:
        dealt.setdefault("person again", dealt["heading"])
    sent = {unit.code: SentFile(plan.workbook_name(unit), unit, entries[unit.code], "") for unit in units}
    _rename_files(plan, sent, ordinary[len(_ACCIDENTS) :])
    corrected = _have_accidents(_Scene(plan, form, rng), sent, dealt)
    if "missing" in dealt:
        del sent[dealt["missing"].code]
    *local, upper = sent.values()
    return [*local, *corrected, upper]


def invent_rehearsal(plan: Plan, form: Form, seed: int = 215) -> Rehearsal:
    """A campaign that is faultless but for one breach of every rule, each where no other hides it.

    Raises `UserError` where the plan has too few units for that.
    """
    rng = roll_dice(plan, plan.upper_unit, seed, "rehearsal")
    units = (*plan.local_units, plan.upper_unit)
    drafts = {u.code: Draft(plan, form, u, invent_entries(plan, form, u, seed), plan.workbook_name(u)) for u in units}
    dealt = deal_breaches(BREACHES, units, rng)
    clean = {code: dict(draft.entries) for code, draft in drafts.items()}
    sent, besides = list(drafts.values()), []
    planted: dict[str, Planted] = {}
    for breach in BREACHES:
        draft = drafts[dealt[breach.code].code]
        if breach.alone:
            draft = _send_besides(draft, clean[draft.unit.code], breach.code)
            besides.append(draft)
        planted[breach.code] = breach.plant(draft, sent)
    files = [SentFile(d.name, d.unit, d.entries, "", b"" if d.plain else d.draw()) for d in (*sent, *besides)]
    return Rehearsal(files, [planted[code] for code in sorted(planted, key=[r.code for r in RULES].index)])


def _send_besides(draft: Draft, clean: Entries, code: str) -> Draft:
    """A file that the unit sends besides its own."""
    name = WORDS.files.useless.format(stem=draft.name.removesuffix(".xlsx"), code=code)
    return Draft(draft.plan, draft.form, draft.unit, dict(clean), name)


def _rename_files(plan: Plan, sent: dict[str, SentFile], units: Sequence[Unit]) -> None:
    """Give files of units without an accident the names that people give them."""
    notes = WORDS.accidents.notes
    named = [(name, notes.telling) for name in WORDS.files.telling]
    named += [(name, notes.silent) for name in WORDS.files.silent]
    for unit, (template, note) in zip(units, named, strict=False):
        sent[unit.code] = SentFile(_fill_name(plan, unit, template), unit, sent[unit.code].entries, note)


def _fill_name(plan: Plan, unit: Unit, template: str) -> str:
    plain = slug(plan.name_of(unit)).replace("-", " ").title()
    title = f"{plan.noun_of(unit)} {unit.name}"
    return template.format(ascii=plain, title=title, stem=plan.workbook_name(unit).removesuffix(".xlsx"))


# ---------------------------------------------------------------- accidents


@dataclass(frozen=True)
class _Scene:
    plan: Plan
    form: Form
    rng: Random


_Accident = Callable[[_Scene, Entries], str]


def _have_accidents(scene: _Scene, sent: dict[str, SentFile], dealt: dict[str, Unit]) -> list[SentFile]:
    """Spoil the files of the units that were dealt an accident; return what is sent once more."""
    spoilers: dict[str, _Accident] = {
        "twice": _leave_gaps, "pasted": _paste_values, "texts": _type_texts, "shares": _shift_shares, "heading": _rename_heading,
    }  # fmt: skip
    corrected = []
    for accident, unit in dealt.items():
        if accident == "twice":
            name = _fill_name(scene.plan, unit, WORDS.files.second)
            corrected.append(SentFile(name, unit, sent[unit.code].entries, WORDS.accidents.notes.second))
        if accident in spoilers:
            _spoil(scene, sent, unit, spoilers[accident])
    if "person again" in dealt:
        giver, taker = sent[dealt["person"].code], dealt["person again"]
        person = _choose_known_person(scene, giver.entries, sent[taker.code].entries)
        cells: list[str] = []
        _spoil(scene, sent, taker, lambda scene, entries: _list_again(scene, entries, person, giver, cells))
        place = f"{scene.form.tables['delegates'].sheet}!{person['cell']}"
        note = WORDS.accidents.notes.known.format(cell=place, other=scene.plan.name_of(taker), again=cells[0])
        sent[giver.unit.code] = SentFile(giver.name, giver.unit, giver.entries, note)
    return corrected


def _spoil(scene: _Scene, sent: dict[str, SentFile], unit: Unit, accident: _Accident) -> None:
    file = sent[unit.code]
    entries = dict(file.entries)
    note = " ".join(filter(None, [file.note, accident(scene, entries)]))
    sent[unit.code] = SentFile(file.name, unit, entries, note)


def _put(scene: _Scene, entries: Entries, key: str, row: int, value: Any) -> str:
    """Change a delegate's cell; None empties it. Returns the cell's name."""
    table = scene.form.tables["delegates"]
    column = table.position(key)[1]
    if value is None:
        entries.pop((table.sheet, row, column), None)
    else:
        entries[table.sheet, row, column] = value
    return cell_name(row, column)


def _put_info(scene: _Scene, entries: Entries, key: str, value: Any) -> None:
    table = scene.form.tables["info"]
    entries[(table.sheet, *table.position(key))] = value


def _info(scene: _Scene, entries: Entries, key: str) -> Any:
    table = scene.form.tables["info"]
    return entries.get((table.sheet, *table.position(key)))


def _list_extras(scene: _Scene, entries: Entries) -> list[dict[str, Any]]:
    """Exemplars on whom nothing else depends, in any order, the not honoured first."""
    rows = find_extras(scene.plan, scene.form, entries)
    scene.rng.shuffle(rows)
    return put_honoured_last(scene.form, entries, rows)


def _leave_gaps(scene: _Scene, entries: Entries) -> str:
    """Three years of birth and a section of the report are missing, the total is wrong."""
    chosen = sorted(row["excel_row"] for row in _list_extras(scene, entries)[:3])
    cells = [_put(scene, entries, "birth_year", row, None) for row in chosen]
    report = scene.form.tables["report"]
    column = report.position("content")[1]
    place = report.line_rows[scene.rng.randrange(len(report.lines))]
    del entries[report.sheet, place, column]
    _put_info(scene, entries, "declared_total", _info(scene, entries, "declared_total") + 2)
    return WORDS.accidents.notes.gaps.format(cells=_join(cells), section=cell_name(place, column))


def _paste_values(scene: _Scene, entries: Entries) -> str:
    """A field that the list does not have, a year of five digits."""
    first, second = _list_extras(scene, entries)[:2]
    cells = [
        _put(scene, entries, "field", first["excel_row"], WORDS.accidents.field),
        _put(scene, entries, "birth_year", second["excel_row"], second["birth_year"] * 10 + 5),
    ]
    return WORDS.accidents.notes.pasted.format(field=cells[0], value=WORDS.accidents.field, year=cells[1])


def _type_texts(scene: _Scene, entries: Entries) -> str:
    """Dates and years of birth are text, day first."""
    for key in ("date", "reported"):
        if day := _info(scene, entries, key):
            _put_info(scene, entries, key, f"{day:%d/%m/%Y}")
    for row in read_rows(scene.form, entries, "delegates"):
        if "birth_year" not in row:
            continue
        day, month = scene.rng.randint(1, 28), scene.rng.randint(1, 12)
        whole = scene.rng.random() < 0.4
        text = f"{day:02}/{month:02}/{row['birth_year']}" if whole else str(row["birth_year"])
        _put(scene, entries, "birth_year", row["excel_row"], text)
    return WORDS.accidents.notes.texts.format(day=_info(scene, entries, "date"))


def _shift_shares(scene: _Scene, entries: Entries) -> str:
    """Exemplars become guests until the shares are ten points off."""
    plan = scene.plan
    rows = read_rows(scene.form, entries, "delegates")
    exemplars = sum(plan.group_of_category[row["category"]] == "exemplar" for row in rows)
    target = len(rows) * (plan.shares.exemplars - max(10, plan.shares.tolerance + 3)) // 100
    guests = [c for c in plan.lists.categories if c.group == "guest"]
    guest = next((c for c in guests if not c.expected), guests[-1]).value
    moved = _list_extras(scene, entries)[: exemplars - target]
    for row in moved:
        _put(scene, entries, "category", row["excel_row"], guest)
        kept = ask_only(plan, scene.form.tables["delegates"], {**row, "category": guest})
        for key in row.keys() - kept.keys():
            _put(scene, entries, key, row["excel_row"], None)
    left = exemplars - len(moved)
    return WORDS.accidents.notes.shares.format(exemplars=left, guests=len(rows) - left)


def _rename_heading(scene: _Scene, entries: Entries) -> str:
    table = scene.form.tables["delegates"]
    place = table.heading_row, table.position("name")[1]
    entries[(table.sheet, *place)] = WORDS.accidents.heading
    return WORDS.accidents.notes.heading.format(cell=cell_name(*place), heading=WORDS.accidents.heading)


# ---------------------------------------------------------------- one person in two units


def _choose_known_person(scene: _Scene, entries: Entries, others: Entries) -> dict[str, Any]:
    """Someone with no namesake in the other list, whose name can be spelled in two ways if there is such a one."""
    namesakes = {
        name_key(row["name"]) for key in ("delegates", "honourees") for row in read_rows(scene.form, others, key)
    }
    everyone = _list_extras(scene, entries)
    extras = [row for row in everyone if name_key(row["name"]) not in namesakes] or everyone
    return next((row for row in extras if _move_tone(row["name"]) != row["name"]), extras[0])


def _list_again(scene: _Scene, entries: Entries, person: dict[str, Any], giver: SentFile, cells: list[str]) -> str:
    """Put the other unit's person, spelled otherwise, in the place of a delegate of about that age.

    What the person does is the same there; only post and organisation are that unit's.
    """
    extras = _list_extras(scene, entries)
    alike = [row for row in extras if row["gender"] == person["gender"]] or extras
    row = min(alike, key=lambda row: abs(row["birth_year"] - person["birth_year"]))
    moved = _move_tone(person["name"])
    name = moved if moved != person["name"] else person["name"].upper()
    for key in ("gender", "birth_year", "ethnicity", "religion", "occupation", "direct_worker", "field", "sector"):
        _put(scene, entries, key, row["excel_row"], person.get(key) or None)
    cells.append(_put(scene, entries, "name", row["excel_row"], name))
    place = f"{scene.form.tables['delegates'].sheet}!{cells[0]}"
    return WORDS.accidents.notes.known.format(cell=place, other=scene.plan.name_of(giver.unit), again=person["cell"])


def _move_tone(name: str) -> str:
    """The name with the tone on the last vowel, as many still write it: Hòa is Hoà, Thúy is Thuý."""
    return " ".join(
        next((word[:-2] + new for old, new in WORDS.tones.items() if word.endswith(old)), word) for word in name.split()
    )


def _join(cells: Iterable[str]) -> str:
    return ", ".join(cells)
