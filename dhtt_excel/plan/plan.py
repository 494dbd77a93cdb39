"""The plan as data: typed, frozen records read from a TOML file.

Everything that another district, year or level of government would change stands in the plan file; one that is `based_on`
another says only what differs. A mistake in the file is a `UserError` that names its place: `units[3].code: …`.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from datetime import date
from difflib import get_close_matches
from functools import cached_property, lru_cache, wraps
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from dhtt_excel import DEFAULT_PLAN
from dhtt_excel.errors import UserError, explain_os_error
from dhtt_excel.plan.code_lists import Lists, Record, refuse_doubles
from dhtt_excel.text.vietnamese import capitalize, fold, slug

PLANS = Path(__file__).parent

Level = Literal["local", "upper"]
Sensitive = Literal["ethnicity", "religion"]
Made = TypeVar("Made")


class Unit(Record, frozen=True):
    """An office that returns a workbook. `code` is text and means nothing without the plan's `unit_code_list`.

    `group`: what it is listed with on the boards of a plan of very many units, a commune with others of its province.
    """

    code: str
    name: str
    level: Level = "local"
    noun: str = ""
    aliases: tuple[str, ...] = ()
    pilot: bool = False
    group: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9A-Za-z]+", self.code):
            raise ValueError("mã đơn vị chỉ gồm chữ số và chữ cái không dấu")
        if not slug(self.name):
            raise ValueError("thiếu tên đơn vị")


class LevelNames(Record, frozen=True):
    """How the plan calls a level of government and its offices."""

    noun: str
    office: str
    full_office: str = ""
    department: str = ""
    place: str = ""

    @property
    def formal_office(self) -> str:
        """The office with no word shortened, as papers name who issues them."""
        return self.full_office or self.office

    @property
    def contact(self) -> str:
        """The office that people write to: the department, where the plan names one."""
        return self.department or self.office


class Levels(Record, frozen=True):
    """`local` units hold their own conference and report; the `upper` unit consolidates and holds its own.

    `above`: how the upper unit calls the level to which it reports in turn. `below`: what the units are called whose
    workbooks the local units have consolidated, where it is results that they send.
    """

    above: str

    local: LevelNames
    upper: LevelNames
    below: str = ""


class Receiver(Record, frozen=True):
    """Whom the forms are sent to and how to reach them; "" for what is not known."""

    name: str = ""
    email: str = ""
    telephone: str = ""
    address: str = ""

    @property
    def reached_by(self) -> str:
        """How to reach them, in one line; "" where the plan says nothing."""
        ways = {"thư điện tử": self.email, "điện thoại": self.telephone, "địa chỉ": self.address}
        return "; ".join(f"{way}: {value}" for way, value in ways.items() if value)

    @property
    def unknown(self) -> tuple[str, ...]:
        """What the plan does not say."""
        parts = {"tên": self.name, "thư điện tử": self.email, "điện thoại": self.telephone, "địa chỉ": self.address}
        return tuple(part for part, value in parts.items() if not value)


class Signer(Record, frozen=True):
    """The signer's block: capacity (TM., KT., TL.), title, name."""

    capacity: str
    title: str
    name: str


class LocalConference(Record, frozen=True):
    """Limits of a local unit's conference. "Before" is strict: the day itself is too late."""

    name: str
    before: date
    pilot_before: date | None = None
    pilot_before_printed: date | None = None
    pilot_note: str = ""

    @property
    def limits(self) -> str:
        """Both limits in words, and the printed one where that is a slip."""
        text = f"trước ngày {self.before:%d/%m/%Y}"
        if self.pilot_before:
            text += f"; hội nghị điểm trước ngày {self.pilot_before:%d/%m/%Y}"
            if self.pilot_before_printed and self.pilot_before_printed != self.pilot_before:
                text += f" (kế hoạch in {self.pilot_before_printed:%d/%m/%Y})"
        return text


class UpperConference(Record, frozen=True):
    """Limits of the upper unit's conference; both days are included."""

    name: str
    first_day: date
    last_day: date
    max_delegates: int

    def __post_init__(self) -> None:
        if self.first_day > self.last_day:
            raise ValueError("first_day phải không sau last_day")
        if self.max_delegates < 1:
            raise ValueError("max_delegates phải lớn hơn 0")


class Conferences(Record, frozen=True):
    local: LocalConference
    upper: UpperConference


class Section(Record, frozen=True):
    """One line of the report's outline."""

    code: str
    text: str


class Report(Record, frozen=True):
    """The local units' reports, due before a day; the upper unit's own, put together from them, is signed by `signer`.

    `number`: of that report, with "…" where a person will write; `to`: to whom it goes; `basis`: the papers that ask for
    it besides this plan; `copies`: who gets one besides those to whom it goes; `filed`: where the last one is kept.
    """

    before: date
    signer: Signer
    sections: tuple[Section, ...]
    number: str = "…/BC-UBND"
    to: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    filed: str = "VT"

    def __post_init__(self) -> None:
        if not self.sections:
            raise ValueError("thiếu mục của đề cương (sections)")
        refuse_doubles("sections", [(s.code, s.code) for s in self.sections])

    def days_late(self, day: date) -> int:
        """Days after the last good one, which is the day before the limit; 0 in time."""
        return max(0, (day - self.before).days + 1)

    def tell_days_left(self, day: date) -> str:
        """Until the last good day, in words."""
        left = (self.before - day).days - 1
        return f"còn {left} ngày" if left else "hôm nay là ngày cuối"


class Shares(Record, frozen=True):
    """Percent of the delegates; within `tolerance` points a breach is only a warning."""

    exemplars: int
    guests: int
    tolerance: int

    def __post_init__(self) -> None:
        if self.exemplars + self.guests != 100:
            raise ValueError("hai tỷ lệ phải cộng thành 100")
        if min(self.exemplars, self.guests, self.tolerance) < 0:
            raise ValueError("tỷ lệ và khoảng cho phép không được âm")


class Ages(Record, frozen=True):
    """Years of birth that can be true; "young" is under `young_under` in the plan's year."""

    born_first: int
    born_last: int
    young_under: int
    bands: tuple[int, ...]

    def __post_init__(self) -> None:
        if self.born_first >= self.born_last:
            raise ValueError("born_first phải trước born_last")
        if not self.bands or list(self.bands) != sorted(set(self.bands)):
            raise ValueError("bands phải tăng dần")


class DateRange(Record, frozen=True):
    """Both days are included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


class Programme(Record, frozen=True):
    """The items of a conference; `within`: an item that may be held in the course of another ─► that one."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    within: dict[str, str] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.required:
            raise ValueError("thiếu mục bắt buộc của chương trình (required)")
        items = (*self.required, *self.optional)
        refuse_doubles("required, optional", [(item, item) for item in items])
        for item in (*self.within, *self.within.values()):
            if item not in items:
                raise ValueError(f"within: chương trình không có mục “{item}”")


class Coverage(Record, frozen=True):
    """A group that the upper conference must represent.

    The delegates whose `column` has one of `values`, or any value but `leave_out`; with `each`, every other value
    of the list is a group of its own. A column of yes and no needs neither.
    """

    name: str
    column: str
    values: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()
    each: bool = False


# The groups that are counted of every unit, whatever else the plan asks of the upper conference.
_ANNEX = "Phụ lục "  # begins the clauses of the annex
_CLAUSE = re.compile(rf"[IVX]+\.|{_ANNEX.strip()}")
_COUNTED_GROUPS = ("ethnicity", "religion")


class Plan(Record, frozen=True):
    """The whole plan.

    `reveals`: words by which a text gives somebody's ethnic group or religion away.
    `clauses`: the plan's words to the letter, by the keys that the rules cite; " … " stands where words are left out.
    `clause_numbers`: the number that such a clause has
    in this plan, where it is not the key. `based_on`: the id of the shipped plan that says what this file does not.
    """

    id: str
    form_prefix: str
    number: str
    date: date
    issuer: str
    title: str
    year: int
    period: str
    unit_code_list: str
    privacy: str
    levels: Levels
    signer: Signer
    conference: Conferences
    report: Report
    shares: Shares
    ages: Ages
    dates: DateRange
    programme: Programme
    coverage: tuple[Coverage, ...]
    clauses: dict[str, str]
    units: tuple[Unit, ...]
    lists: Lists
    clause_numbers: dict[str, str] = msgspec.field(default_factory=dict)
    receiver: Receiver = Receiver()
    reveals: dict[Sensitive, tuple[str, ...]] = msgspec.field(default_factory=dict)
    based_on: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9a-z-]+", self.id) or not re.fullmatch(r"[0-9a-z-]+", self.form_prefix):
            raise ValueError("id và form_prefix chỉ gồm chữ thường không dấu, chữ số và dấu gạch nối")
        refuse_doubles("units", [(u.code, u.code) for u in self.units])
        refuse_doubles("units", [(n, u.code) for u in self.units for n in (self.name_of(u), *u.aliases)])
        if sum(u.level == "upper" for u in self.units) != 1 or not any(u.level == "local" for u in self.units):
            raise ValueError('units: cần đúng một đơn vị level = "upper" và ít nhất một đơn vị cấp dưới')
        if any(u.pilot for u in self.units) and not self.conference.local.pilot_before:
            raise ValueError("conference.local: thiếu pilot_before cho đơn vị làm điểm")
        self._check_coverage()
        self._check_days()
        if strange := sorted(self.clause_numbers.keys() - self.clauses.keys()):
            raise ValueError(f"clause_numbers: clauses không có mục “{strange[0]}”")

    def _check_coverage(self) -> None:
        for column in _COUNTED_GROUPS:
            if sum(group.column == column for group in self.coverage) != 1:
                raise ValueError(f'coverage: cần đúng một nhóm có column = "{column}"')

    def _check_days(self) -> None:
        """The plan's own days are none of those that are taken for slips of the pen; what is before the plan is one."""
        if self.dates.first < self.date:
            raise ValueError(f"dates: first không được trước ngày ban hành kế hoạch ({self.date:%d/%m/%Y})")
        local, upper = self.conference.local, self.conference.upper
        for day in (local.before, local.pilot_before, self.report.before, upper.first_day, upper.last_day):
            if day and day not in self.dates:
                raise ValueError(f"dates: ngày {day:%d/%m/%Y} của kế hoạch nằm ngoài khoảng này")

    @cached_property
    def local_units(self) -> tuple[Unit, ...]:
        """The units of the lower level, in the order of their codes."""
        return tuple(sorted((u for u in self.units if u.level == "local"), key=lambda u: u.code))

    @cached_property
    def upper_unit(self) -> Unit:
        return next(u for u in self.units if u.level == "upper")

    @cached_property
    def units_by_code(self) -> dict[str, Unit]:
        """Local units in the order of their codes, the upper unit last."""
        return {u.code: u for u in (*self.local_units, self.upper_unit)}

    @property
    def rolls_up(self) -> bool:
        """Whether the local units send results that they have consolidated themselves, and no workbooks."""
        return bool(self.levels.below)

    @cached_property
    def senders(self) -> tuple[Unit, ...]:
        """The units of which something is to come, in the order of `units_by_code`: results come from below alone."""
        return self.local_units if self.rolls_up else tuple(self.units_by_code.values())

    @property
    def meeting_nouns(self) -> tuple[str, str]:
        """Whose conferences the two halves of the forms are about: of the lower level, of the one above it."""
        levels = self.levels
        return (levels.below, levels.local.noun) if self.rolls_up else (levels.local.noun, levels.upper.noun)

    @cached_property
    def group_of_category(self) -> dict[str, str]:
        return {c.value: c.group for c in self.lists.categories}

    def noun_of(self, unit: Unit) -> str:
        """What kind of unit it is, in lower case: "phường"."""
        return unit.noun or self.names_of(unit).noun

    def names_of(self, unit: Unit) -> LevelNames:
        return self.levels.upper if unit.level == "upper" else self.levels.local

    def name_of(self, unit: Unit) -> str:
        """The unit with its kind: "Phường Hàng Bạc"."""
        return f"{capitalize(self.noun_of(unit))} {unit.name}"

    def short_name(self, unit: Unit) -> str:
        """The unit's name, with its kind only where the kind is not what the plan calls its level."""
        return unit.name if self.noun_of(unit) == self.names_of(unit).noun else self.name_of(unit)

    @property
    def receiver_name(self) -> str:
        """Whom the forms are sent to: as the plan names them, else the office that consolidates."""
        upper = self.levels.upper
        return self.receiver.name or ", ".join(name for name in (upper.department, upper.office) if name)

    def office_of(self, unit: Unit) -> str:
        """The unit's office: "UBND phường Hàng Bạc"."""
        names = self.names_of(unit)
        office = names.office.replace(names.noun, self.noun_of(unit))
        return office if fold(unit.name) in fold(office) else f"{office} {unit.name}"

    def workbook_name(self, unit: Unit) -> str:
        """File name of the unit's workbook."""
        return f"{self.form_prefix}_{unit.code}_{slug(unit.name)}.xlsx"

    def find_unit(self, text: str) -> Unit | None:
        """The unit of exactly this code, name (with or without its kind) or alias; never a near miss."""
        return self._units_by_key.get(fold(text))

    def suggest_unit(self, text: str) -> Unit | None:
        """The unit whose name is nearest to a text that is none: for a question, never to be taken for it."""
        near = get_close_matches(fold(text), self._units_by_key, n=1, cutoff=0.75)
        return self._units_by_key[near[0]] if near else None

    @cached_property
    def _units_by_key(self) -> dict[str, Unit]:
        keys: dict[str, Unit] = {}
        for unit in self.units:
            for name in (unit.name, *unit.aliases):
                keys[fold(f"{self.noun_of(unit)} {name}")] = unit
            keys[fold(unit.code)] = unit
        bare: dict[tuple[str, str], list[Unit]] = {}
        for unit in self.units:
            for name in (unit.name, *unit.aliases):
                bare.setdefault((unit.level, fold(name)), []).append(unit)
        for (level, key), owners in bare.items():  # a bare name means the lower level, and nobody where two have it
            if len(owners) == 1 and not (level == "upper" and ("local", key) in bare):
                keys.setdefault(key, owners[0])
        return keys

    def cite(self, clause: str) -> str:
        """A rule's source as people cite it; what is no clause of the plan stands as it is.

        Of a plan whose text is not known, only the number.
        """
        if clause not in self.clauses:
            return clause if self.clauses or not _CLAUSE.match(clause) else f"Kế hoạch {self.number}"
        number = self.number_of(clause)
        annex = f"{_ANNEX.strip()}, " if number.startswith(_ANNEX) else ""
        return f"Kế hoạch {self.number}, {annex}mục {number.removeprefix(_ANNEX)}"

    def number_of(self, clause: str) -> str:
        """A clause's own number in this plan."""
        return self.clause_numbers.get(clause, clause)


def once_a_plan(make: Callable[[Plan], Made]) -> Callable[[Plan], Made]:
    """Has it made of a plan only once and kept with the plan, which does not change."""

    @wraps(make)
    def kept(plan: Plan) -> Made:
        made: Made
        if make.__name__ in plan.__dict__:
            made = plan.__dict__[make.__name__]
        else:
            made = plan.__dict__[make.__name__] = make(plan)
        return made

    return kept


def load_plan(source: str | Path = DEFAULT_PLAN) -> Plan:
    """The plan of a TOML file, or a shipped plan by its id. A mistake raises `UserError` that names its place."""
    path = Path(source)
    if path.suffix != ".toml":
        path = PLANS / f"{source}.toml"
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for without end
            raise UserError(f"Tệp kế hoạch “{source}” không phải là tệp.")
        data = path.read_bytes()
    except OSError as error:
        shipped = ", ".join(shipped_plans())
        raise UserError(
            f"Không đọc được tệp kế hoạch “{source}” ({explain_os_error(error)}). "
            f"Hãy chỉ đường dẫn tới một tệp .toml, hoặc dùng kế hoạch có sẵn: {shipped}."
        ) from error
    try:
        return _understand(data.removeprefix(BOM_UTF8))  # Notepad's
    except msgspec.ValidationError as error:
        raise UserError(f"Tệp kế hoạch “{path}”: {_explain(str(error))}") from error
    except UnicodeDecodeError as error:
        raise UserError(f"Tệp kế hoạch “{path}” không phải văn bản UTF-8. Hãy lưu lại với mã UTF-8.") from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise UserError(f"Tệp kế hoạch “{path}” không đúng cú pháp TOML{_place_in_text(str(error))}.") from error


@lru_cache(maxsize=8)
def _understand(text: bytes) -> Plan:
    """The same text is one plan, with all that has been made of it: a window asks for it at every turn."""
    return msgspec.convert(_complete(msgspec.toml.decode(text)), Plan)


def _complete(given: dict[str, Any]) -> dict[str, Any]:
    """What the file says, and from the shipped plan that it is based on each part of which it says nothing."""
    if "based_on" not in given:
        return given
    base = given["based_on"]
    if base not in list(shipped_plans()):
        raise msgspec.ValidationError(f"không có kế hoạch có sẵn “{base}” - at `$.based_on`")
    text = (PLANS / f"{base}.toml").read_bytes()
    return _complete(msgspec.toml.decode(text)) | given


def _place_in_text(message: str) -> str:
    """Where the TOML reader stopped, as words that follow; "" where it does not say."""
    found = re.search(r"at line (\d+), column (\d+)", message)
    if found:
        return f" ở dòng {found[1]}, cột {found[2]}"
    return " ở cuối tệp" if "at end of document" in message else ""


_TRANSLATIONS = (
    (r"Object contains unknown field `(.+?)`", r"không có mục nào tên là “\1”"),
    (r"Object missing required field `(.+?)`", r"thiếu mục “\1”"),
    (r"Expected `(.+?)`, got `(.+?)`", r"cần kiểu \1 nhưng đang là \2"),
    (r"Invalid enum value (.+)", r"không nhận giá trị \1"),
)


def _explain(message: str) -> str:
    """msgspec's message as "place: what is wrong", in Vietnamese where we know the phrase."""
    text, _, place = message.partition(" - at `$")
    for pattern, replacement in _TRANSLATIONS:
        text = re.sub(pattern, replacement, text)
    place = place.rstrip("`").lstrip(".").removesuffix("[...]")
    return f"{place}: {text}" if place else text


def shipped_plans() -> Iterator[str]:
    """Ids of the plans that come with the program."""
    return (p.stem for p in sorted(PLANS.glob("*.toml")))
