"""O07: what only the workbooks of several units together can show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from dhtt_excel.findings import Fault, Severity, rule
from dhtt_excel.form.form import form_of
from dhtt_excel.plan.plan import Plan
from dhtt_excel.rules.rows import read_values
from dhtt_excel.text.vietnamese import fold, format_number, name_key

if TYPE_CHECKING:
    import pandas as pd

_COMMON = 3  # a text that stands in so many units ("Tổ dân phố số 5", "Giáo viên") identifies nobody
_BY_CHANCE = 0.1  # the part of the pairs found that chance may explain, before they are evidence
_MOST_NAMESAKES = 50  # compared with one person, the nearest in age first: a list of nothing but one name ends too
_MOST_PLACES = 5
_MANY_NAMESAKES = 100  # pairs: so many are worth telling one by one only where chance does not make them
_NEARLY_ALL = 0.8  # of the namesakes of one year: then it does
_BY_CHANCE_ALONE = (
    "{count} cặp người của hai đơn vị cùng họ tên, năm sinh, không có gì khác giống nhau: không nhiều hơn mức trùng tên ngẫu "
    "nhiên, không nêu từng cặp"
)


class _Likeness(IntEnum):
    """How sure it is that two are one person; the strongest first."""

    SAME = 1  # name, year of birth and something that few share
    COARSE = 2  # name, year of birth and only what many share: counts where chance does not explain it
    SLIP = 3  # name and organisation; the years look like one mistyped, or one is missing
    NAMESAKE = 4  # name and year of birth


_SAYING = {
    _Likeness.SAME: (
        "Rất có thể cùng một người với {places}: cùng họ tên, năm sinh và {shared}",
        "Hai đơn vị đối chiếu; nếu là một người thì chỉ để ở một đơn vị, nếu là hai người khác nhau thì để nguyên.",
    ),
    _Likeness.SLIP: (
        "Có thể cùng một người, năm sinh ghi khác nhau hoặc còn thiếu: cùng họ tên, đơn vị với {places}",
        "Đối chiếu năm sinh; nếu là một người thì sửa năm sinh và chỉ để ở một đơn vị.",
    ),
    _Likeness.NAMESAKE: (
        "Cùng họ tên, năm sinh với {places}: đã coi là hai người khác nhau",
        "Nếu là một người thì chỉ để ở một đơn vị.",
    ),
}


_WITH_UPPER = (
    "Nếu là một người thì hai nơi ghi giống nhau họ tên, năm sinh, {local} đánh x ở cột “{nominated}”: khi đó chỉ tính một lần; "
    "nếu là hai người khác nhau thì để nguyên."
)


class _Evidence(NamedTuple):
    """What tells persons of a list apart. Texts identify; of the coarse columns all must agree together."""

    sheet: str
    against: tuple[str, ...]
    texts: tuple[str, ...]
    coarse: tuple[str, ...]


_DELEGATES = _Evidence(
    "delegates",
    ("gender", "ethnicity", "religion"),
    ("organisation", "position", "collective"),
    ("occupation", "field"),
)
_HONOUREES = _Evidence("honourees", ("gender",), ("organisation", "decision"), ("field", "award"))


class _Person(NamedTuple):
    """A row of a list. `place` is its row in the table; texts that many units have are blank here.

    `line`: where this very person stands in the upper unit's list, as far as that is settled.
    """

    place: int
    unit: str
    line: int | None
    year: int | None
    against: tuple[Any, ...]
    texts: tuple[str, ...]
    coarse: tuple[Any, ...]


class _Pair(NamedTuple):
    first: _Person
    second: _Person
    likeness: _Likeness
    shared: tuple[str, ...]


@rule("O07", "Mỗi điển hình chỉ dự hội nghị, chỉ được biểu dương ở một đơn vị", cites="II.2.1.b", cites_upper="II.2.2.b",
      sheet="delegates", severity=Severity.WARNING,
      advice="Hai đơn vị đối chiếu; nếu là hai người khác nhau thì để nguyên.",
      example="Hai đơn vị cùng ghi một người tên “Nguyễn Thị Hòa” (nơi kia viết “Hoà”), sinh năm 1970, cùng nơi công tác.")  # fmt: skip
def listed_in_two_units(delegates: pd.DataFrame, honourees: pd.DataFrame, plan: Plan) -> Iterator[Fault]:
    """The same person in two units, told to both with what speaks for it; a name alone says nothing.

    A nominee may stand in the upper unit's list as well: where the two were found to be one, that is told by HN01. Guests, such as leaders, are rightly invited by many. So are those honoured whom the upper unit honours again.
    """
    exemplars = delegates[delegates["group"].eq("exemplar").fillna(value=False)]
    yield from _judge(exemplars, _DELEGATES, plan)
    person = honourees["kind"].eq(plan.lists.value("honouree_kinds", "person")).fillna(value=False)
    yield from _judge(honourees[person & honourees["unit"].ne(plan.upper_unit.code)], _HONOUREES, plan)


def _judge(people: pd.DataFrame, evidence: _Evidence, plan: Plan) -> Iterator[Fault]:
    pairs = list(_list_pairs(people, evidence, plan.upper_unit.code))
    counted = _Likeness.SAME if _outdoes_chance(pairs, people, evidence) else _Likeness.NAMESAKE
    judged = [
        (pair, counted if pair.likeness is _Likeness.COARSE else pair.likeness)
        for pair in pairs
        if pair.likeness is not _Likeness.COARSE or pair.first.year == pair.second.year
    ]
    namesakes = sum(likeness is _Likeness.NAMESAKE for _, likeness in judged)
    if namesakes > _MANY_NAMESAKES and _are_by_chance(people):
        judged = [(pair, likeness) for pair, likeness in judged if likeness is not _Likeness.NAMESAKE]
        message = _BY_CHANCE_ALONE.format(count=format_number(namesakes))
        yield Fault(plan.upper_unit.code, "", message, severity=Severity.NOTE, sheet=evidence.sheet)
    found: dict[tuple[int, _Likeness], list[tuple[_Person, tuple[str, ...]]]] = {}
    for pair, likeness in judged:
        shared = pair.shared if likeness is _Likeness.SAME else ()
        found.setdefault((pair.first.place, likeness), []).append((pair.second, shared))
        found.setdefault((pair.second.place, likeness), []).append((pair.first, shared))
    places_told = sorted({place for place, _ in found} | {o.place for others in found.values() for o, _ in others})
    rows = dict(zip(places_told, people.iloc[places_told].itertuples(), strict=True))
    table = form_of(plan).tables[evidence.sheet]
    for (place, likeness), others in sorted(found.items(), key=lambda item: item[0]):
        message, advice = _SAYING[likeness]
        told = [rows[other.place] for other, _ in others]
        if plan.upper_unit.code in (rows[place].unit, *(row.unit for row in told)):
            advice = _WITH_UPPER.format(local=plan.levels.local.noun, nominated=table.by_key["nominated"].heading)
        columns = dict.fromkeys(column for _, shared in others for column in shared)
        words = ", ".join(_lower(table.by_key[column].heading) for column in columns)
        places = _name_places(told, table.sheet, plan)
        severity = Severity.NOTE if likeness is _Likeness.NAMESAKE else Severity.WARNING
        yield Fault(rows[place], "name", message.format(places=places, shared=words), advice, severity, evidence.sheet)


def _list_pairs(people: pd.DataFrame, evidence: _Evidence, upper: str) -> Iterator[_Pair]:
    """Pairs of namesakes in two units whom nothing tells apart and something brings together."""
    for namesakes in _group_namesakes(people, evidence, upper):
        for index, first in enumerate(namesakes):
            for second in islice(namesakes, index + 1, index + 1 + _MOST_NAMESAKES):
                settled = first.line is not None and first.line == second.line
                if first.unit != second.unit and not settled and not _contradict(first, second):
                    yield from _compare(first, second, evidence)


def _group_namesakes(people: pd.DataFrame, evidence: _Evidence, upper: str) -> Iterator[list[_Person]]:
    """The people of each name that stands in several units, by year of birth."""
    named = people["name"].notna().tolist()
    keys = [name_key(name) if known else "" for name, known in zip(people["name"].tolist(), named, strict=True)]
    units = people["unit"].tolist()
    holders = Counter(key for key, _ in set(zip(keys, units, strict=True)))
    columns = {c: read_values(people[c]) for c in ("birth_year", *evidence.against, *evidence.coarse)}
    lines = _find_lines(people, upper)
    texts = [_identifying(people[column], units) for column in evidence.texts]
    groups: dict[str, list[_Person]] = {}
    for index, key in enumerate(keys):
        if key and holders[key] > 1:
            against, coarse = (tuple(columns[c][index] for c in cs) for cs in (evidence.against, evidence.coarse))
            text = tuple(values[index] for values in texts)
            person = _Person(index, units[index], lines[index], columns["birth_year"][index], against, text, coarse)
            groups.setdefault(key, []).append(person)
    for group in groups.values():
        yield sorted(group, key=lambda person: person.year or 0)


def _identifying(column: pd.Series, units: list[str]) -> list[str]:
    """Keys of texts; "" for blanks and for what stands in `_COMMON` units or more."""
    keys = [fold(value) if value else "" for value in read_values(column)]
    holders = Counter(key for key, _ in set(zip(keys, units, strict=True)))
    return [key if holders[key] < _COMMON else "" for key in keys]


def _find_lines(people: pd.DataFrame, upper: str) -> list[int | None]:
    """Of the upper unit's people their own rows, of nominees the rows to which they were joined."""
    if "joined" not in people:
        return [None] * len(people)
    return read_values(people["excel_row"].where(people["unit"].eq(upper), people["joined"]))


def _contradict(first: _Person, second: _Person) -> bool:
    return any(a != b for a, b in zip(first.against, second.against, strict=True) if a is not None and b is not None)


def _compare(first: _Person, second: _Person, evidence: _Evidence) -> Iterator[_Pair]:
    """At most one pair. A coarse one is also given for different years: it shows how often chance makes such pairs."""
    texts = [c for c, a, b in zip(evidence.texts, first.texts, second.texts, strict=True) if a and a == b]
    coarse = first.coarse == second.coarse and None not in first.coarse
    years = first.year, second.year
    if first.year is not None and first.year == second.year:
        shared = (*texts, *(evidence.coarse if coarse else ()))
        strength = _Likeness.SAME if texts else _Likeness.COARSE if coarse else _Likeness.NAMESAKE
        yield _Pair(first, second, strength, shared)
    elif "organisation" in texts and (None in years or _mistyped(str(first.year), str(second.year))):
        yield _Pair(first, second, _Likeness.SLIP, ())
    elif coarse and None not in years:
        yield _Pair(first, second, _Likeness.COARSE, ())


def _mistyped(first: str, second: str) -> bool:
    """Whether two years differ by one digit or by two neighbours that changed places."""
    wrong = [i for i, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
    if len(wrong) != 2:
        return len(wrong) == 1
    i, j = wrong
    return j == i + 1 and first[i] == second[j] and first[j] == second[i]


def _outdoes_chance(pairs: Iterable[_Pair], people: pd.DataFrame, evidence: _Evidence) -> bool:
    """Whether the coarse pairs of one year are more than chance makes.

    Namesakes with the same occupation and field but different years of birth are two people. They show how many such
    pairs chance makes, and so how many of one year it would: a few in a large campaign, hardly any in a small one.
    """
    counts = Counter(p.first.year == p.second.year for p in pairs if p.likeness is _Likeness.COARSE)
    coarse, years = [read_values(people[column]) for column in evidence.coarse], read_values(people["birth_year"])
    alike, born_alike = _count_pairs(*coarse), _count_pairs(*coarse, years)
    return counts[False] * born_alike <= _BY_CHANCE * counts[True] * (alike - born_alike)


def _are_by_chance(people: pd.DataFrame) -> bool:
    """Whether namesakes are born in one year no more often than any two people are, or hardly."""
    names = [None if name is None else name_key(name) for name in read_values(people["name"])]
    years = read_values(people["birth_year"])
    alike, same, born_alike = _count_pairs(names), _count_pairs(names, years), _count_pairs(years)
    every = len(names) * (len(names) - 1) // 2
    return (alike - same) * born_alike >= _NEARLY_ALL * same * (every - born_alike)


def _count_pairs(*columns: Sequence[Any]) -> int:
    """How many pairs of people have all of these in common."""
    keys = zip(*columns, strict=True)
    return sum(size * (size - 1) // 2 for size in Counter(key for key in keys if None not in key).values())


def _name_places(others: Iterable[Any], sheet: str, plan: Plan) -> str:
    """ "Phường Hàng Gai, sheet Đại biểu, dòng 9; …"."""
    told = sorted((plan.name_of(plan.units_by_code[o.unit]), int(o.excel_row)) for o in others)
    places = [f"{unit}, trang tính {sheet}, dòng {row}" for unit, row in told[:_MOST_PLACES]]
    return "; ".join([*places, *(["…"] if len(told) > _MOST_PLACES else [])])


def _lower(heading: str) -> str:
    return heading[:1].lower() + heading[1:]
