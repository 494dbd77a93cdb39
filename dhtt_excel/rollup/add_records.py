"""Records ─► the figures of the level above: those of all units at the bottom together, whichever way they were grouped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from dhtt_excel.figures import city_forms
from dhtt_excel.figures.city_forms import MEETING
from dhtt_excel.figures.count_figures import AgeSpan, Figures, Group, GroupLine, PairedLine, Room
from dhtt_excel.figures.figure import Figure, FormLine, add_known, narrow
from dhtt_excel.figures.filters import Condition
from dhtt_excel.figures.totals import Total
from dhtt_excel.plan.plan import Plan
from dhtt_excel.rollup.record import Ages, Counts, Line, Meeting, Part, ResultRecord, Structure, UnitFigures

Records = Mapping[str, ResultRecord]
"""By the code of the plan's unit whose result it is."""


def add_records(records: Records, units: pd.DataFrame, plan: Plan) -> Figures:
    """The figures of all records. `units`: the table of the plan's units, as `merge_tables` makes it."""
    found = list(records.values())
    counted = [figure for figure in city_forms.list_unit_counts(plan) if not figure.parts]
    counts, unsaid, wholes, totals = _add_units(records, counted, units)
    local, upper = (_add_ages([record.ages[half] for record in found]) for half in range(2))
    meetings = [meeting for record in found for meeting in record.meetings]
    exemplars, guests, unknown = (sum(getattr(m, kind) for m in meetings) for kind in city_forms.MEETING_KINDS)
    honours, awards, speeches = (
        _Adder([getattr(record, name) for record in found]) for name in ("honours", "awards", "speeches")
    )
    return Figures(
        units=counts,
        unsaid=unsaid,
        wholes=wholes,
        totals=totals,
        sections=tuple(
            _add_structure(group, [r.structure for r in found], plan) for group in city_forms.list_groups(plan)
        ),
        local_ages=local,
        upper_ages=upper,
        is_upper_sent=any(meeting.sent for meeting in meetings),
        upper_exemplars=exemplars,
        upper_guests=guests,
        upper_unknown=unknown,
        upper_room=Room(0, None, None, 0),
        coverage=(),
        coverage_wholes=(),
        honours_by_award=honours.add("award", city_forms.list_honour_lines(plan, "award", "awards")),
        honours_by_movement=honours.add("movement", city_forms.list_honour_lines(plan, "movement", "movements")),
        honours_by_level=honours.add("level", city_forms.list_level_lines(plan)),
        awards=awards.add("award", city_forms.list_award_lines(plan)),
        speeches_by_field=speeches.add("field", city_forms.list_speech_lines(plan, "field", "fields")),
        speeches_by_area=speeches.add("area", city_forms.list_speech_lines(plan, "area", "areas")),
        all_honours=honours.total(city_forms.list_honour_figures(plan)),
        all_awards=awards.total(city_forms.list_award_figures(plan)),
        all_speeches=speeches.total(city_forms.list_speech_figures(plan)),
        names={leaf.code: _name_leaf(leaf, plan, code) for code, r in records.items() for leaf in r.units},
    )


def _name_leaf(leaf: UnitFigures, plan: Plan, code: str) -> str:
    return f"{leaf.name} ({leaf.within or plan.short_name(plan.units_by_code[code])})"


# ---------------------------------------------------------------- by unit


def _add_units(
    records: Records, figures: Sequence[Figure], units: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, dict[str, Total]]:
    """As `count_figures` gives them; a unit of the plan has what its units make together."""
    codes = units["code"].tolist()
    own = {code: records[code].units if code in records else () for code in codes}
    keys = [figure.key for figure in figures if not _is_of_meetings(figure)]
    counts = {key: [add_known(leaf.values.get(key) for leaf in own[code]) for code in codes] for key in keys}
    unsaid = {key: [sum(leaf.unsaid.get(key, 0) for leaf in own[code]) for code in codes] for key in keys}
    wholes = {key: [sum(leaf.wholes.get(key, 0) for leaf in own[code]) for code in codes] for key in keys}
    totals = {key: _add_leaves([leaf for leaves in own.values() for leaf in leaves], key) for key in keys}
    met = {code: records[code].meetings if code in records else () for code in codes}
    for figure in filter(_is_of_meetings, figures):
        kind = figure.key.removeprefix(MEETING)
        counts[figure.key] = [_add_meetings(met[code], kind) for code in codes]
        unsaid[figure.key] = [0] * len(codes)
        wholes[figure.key] = [sum(m.exemplars + m.guests for m in met[code]) for code in codes]
        known = [number for number in counts[figure.key] if number is not None]
        totals[figure.key] = Total(sum(known) if known else None, len(known), whole=sum(wholes[figure.key]))
    told = {
        "date": [_find_only(met[code], lambda m: m.day) for code in codes],
        "form": [_find_only(met[code], lambda m: m.form or None) for code in codes],
        "declared_total": [None] * len(codes),
        "reported": [records[code].as_of if code in records else None for code in codes],
    }
    counts["held"] = [_find_only(met[code], lambda m: m.held) for code in codes]
    index = pd.Index(codes, name="code")
    table = units.set_index("code").join(pd.DataFrame(told, index=index, dtype="object"))
    left_out, whole = (pd.DataFrame(numbers, index=index) for numbers in (unsaid, wholes))
    return table.join(pd.DataFrame(counts, index=index, dtype="Int64")), left_out, whole, totals


def _is_of_meetings(figure: Figure) -> bool:
    return figure.key.startswith(MEETING)


def _add_meetings(meetings: Iterable[Meeting], kind: str) -> int | None:
    """Guests whom lower units send are known before the unit's own form is: nobody of a kind is then not 0."""
    return add_known(count if (count := getattr(m, kind)) or m.sent else None for m in meetings)


def _find_only(meetings: Sequence[Meeting], what: Callable[[Meeting], Any]) -> Any:
    """What the one conference of a unit has; None of several."""
    return what(meetings[0]) if len(meetings) == 1 else None


def _add_leaves(leaves: Sequence[UnitFigures], key: str) -> Total:
    known = [value for leaf in leaves if (value := leaf.values.get(key)) is not None]
    return Total(
        sum(known) if known else None,
        len(known),
        tuple(leaf.code for leaf in leaves if leaf.sent and leaf.values.get(key) is None),
        sum(leaf.wholes.get(key, 0) for leaf in leaves),
        tuple((leaf.code, leaf.unsaid[key]) for leaf in leaves if leaf.unsaid.get(key)),
    )


# ---------------------------------------------------------------- structure


def _add_structure(group: city_forms.LineGroup, structures: Iterable[Sequence[Structure]], plan: Plan) -> Group:
    """The lines that this plan knows in its order, then those of other plans' lists; of a religion "Khác" last."""
    own = [one for structure in structures for one in structure if one.title == group.title]
    local, upper, nested = Counter[tuple[str, bool]](), Counter[tuple[str, bool]](), set[tuple[str, bool]]()
    for line in (line for one in own for line in one.lines):
        key = (line.label, line.within)
        local[key] += line.local
        if line.upper is None:
            nested.add(key)
        else:
            upper[key] += line.upper
    wheres = _list_wheres(group, plan)
    order = {label: place for place, label in enumerate(wheres)}
    always = {(line.label, False) for line in group.always}
    lines = []
    for key in sorted({*local, *upper, *always}, key=lambda key: _place(key, order, group, plan)):
        if not (local[key] or upper[key] or key in always):
            continue
        label, within = key
        where = wheres.get(label, (Condition("in", group.column, (label,)),))
        lines.append(
            GroupLine(
                label, local[key], None if key in nested else upper[key], narrow(group.people, label, where), within
            )
        )
    unsaid = [sum(one.unsaid[half] for one in own) for half in range(2)]
    return Group(group.title, tuple(lines), group.column, (unsaid[0], unsaid[1]))


def _list_wheres(group: city_forms.LineGroup, plan: Plan) -> dict[str, tuple[Condition, ...]]:
    kinds = city_forms.list_kinds_of(plan, group.column) if group.column in city_forms.SENSITIVE else ()
    return {line.label: line.where for line in (*group.always, *group.found, *kinds)}


def _place(
    key: tuple[str, bool], order: Mapping[str, int], group: city_forms.LineGroup, plan: Plan
) -> tuple[int, int, int, str]:
    """Where a line stands: of a sensitive group its values, nested, below the kind that is asked about together."""
    label, within = key
    last = len(order)
    if group.column not in city_forms.SENSITIVE:
        return order.get(label, last), 0, 0, label
    kinds = [line.label for line in city_forms.list_kinds_of(plan, group.column)]
    if within:
        asked = next(
            line
            for line in city_forms.list_kinds_of(plan, group.column)
            if line.where == (city_forms.is_asked_about(plan, group.column),)
        )
        return kinds.index(asked.label), 1, last + 1 if label == city_forms.OTHERS else order.get(label, last), label
    return kinds.index(label) if label in kinds else len(kinds), 0, 0, label


def _add_ages(ages: Sequence[Ages]) -> AgeSpan:
    known, total = sum(one.known for one in ages), sum(one.total for one in ages)
    youngest = [one.youngest for one in ages if one.youngest is not None]
    oldest = [one.oldest for one in ages if one.oldest is not None]
    mean = total / known if known else None
    return AgeSpan(mean, min(youngest, default=None), max(oldest, default=None), known)


# ---------------------------------------------------------------- honours, awards, speeches


class _Adder:
    """Adds up the lines of one form with two halves."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts

    def add(self, which: str, lines: Iterable[FormLine]) -> tuple[PairedLine, ...]:
        """The lines that count anything, those that this plan does not know last."""
        known = {line.label: line for line in lines}
        given = [{line.label: line for line in part.lines.get(which, ())} for part in self._parts]
        labels = dict.fromkeys([*known, *(label for found in given for label in found)])
        added = (self._add(label, given, known.get(label)) for label in labels)
        return tuple(line for line in added if any(line.local + line.upper))

    def total(self, figures: Iterable[Figure]) -> PairedLine:
        keys = [figure.key for figure in figures if not figure.parts]
        if not self._parts:
            blank = (None,) * len(keys)
            return PairedLine(city_forms.SUM_LABEL, blank, blank)
        return self._add(city_forms.SUM_LABEL, [{city_forms.SUM_LABEL: part.total} for part in self._parts], None)

    def _add(self, label: str, given: Sequence[Mapping[str, Line]], form: FormLine | None) -> PairedLine:
        found = [self._complete(lines.get(label), part) for lines, part in zip(given, self._parts, strict=True)]
        local, upper = (_add_columns([halves[half] for halves in found]) for half in range(2))
        unsaid = [Counter[str](), Counter[str]()]
        for lines in given:
            if label in lines:
                for half in range(2):
                    unsaid[half].update(lines[label].unsaid[half])
        form = form or FormLine(label, ())
        return PairedLine(
            label, local, upper, form.where, form.group, form.within, form.kinds, (dict(unsaid[0]), dict(unsaid[1]))
        )

    @staticmethod
    def _complete(line: Line | None, part: Part) -> tuple[Counts, Counts]:
        """A line that a record does not have counts nothing of what its units sent."""
        if line:
            return line.local, line.upper
        local, upper = (tuple(None if n is None else 0 for n in half) for half in (part.total.local, part.total.upper))
        return local, upper


def _add_columns(rows: Sequence[Counts]) -> Counts:
    return tuple(map(add_known, zip(*rows, strict=True)))
