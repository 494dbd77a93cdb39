"""The superior office's forms as data: their names, columns, lines and figures, whatever counts, draws or tells them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from dhtt_excel.figures.figure import Figure, FormColumn, FormLine, check_figures, narrow, spread_columns
from dhtt_excel.figures.filters import NO_LIMIT, Condition
from dhtt_excel.form.form import Layout, form_of
from dhtt_excel.plan.plan import Coverage, Plan, once_a_plan
from dhtt_excel.text.vietnamese import capitalize

UNITS_FORM, STRUCTURE_FORM, HONOURS_FORM, AWARDS_FORM = "Biểu 1", "Biểu 2", "Biểu 3", "Biểu 3a"
TOTAL = "total"
TOTAL_LABEL = "Tổng cộng"
SUM_LABEL = "Cộng"
UNKNOWN = "Chưa rõ"
NOT_SENT = "…"  # in place of what a unit did not send
AWARD_GROUPS = {"title": "Danh hiệu thi đua", "form": "Hình thức khen thưởng"}
OTHERS = "Khác"
SENSITIVE = ("ethnicity", "religion")  # by value they point at persons
WITHIN = "Trực tiếp lao động"  # the section whose line is "trong đó", not a part of a whole
HONOUREE_KINDS = ("collective", "person", "household")
SPEECH_KINDS = ("collective", "person")

MEETING_KINDS = ("exemplars", "guests", "unknown")
MEETING = "meeting_"  # begins the keys of figures of the conferences of units that consolidate

_UNKNOWN = Condition("blank", "category")
_DIRECT = Condition("marked", "direct_worker")
CONFERENCE = Condition("conference", "nominated")  # the delegates of the upper conference


# ---------------------------------------------------------------- conditions in the plan's words


def _has(plan: Plan, column: str, choices: str, *keys: str) -> Condition:
    """Lines whose column has the values of a code list that have these keys."""
    return Condition("in", column, tuple(plan.lists.value(choices, key) for key in keys))


def _in_group(plan: Plan, group: str) -> Condition:
    return Condition("in", "category", tuple(c.value for c in plan.lists.categories if c.group == group))


def _is_young(plan: Plan) -> Condition:
    return Condition("at", "birth_year", limits=(plan.year - plan.ages.young_under + 1, NO_LIMIT))


def _is_covered(group: Coverage, plan: Plan, value: str = "") -> Condition:
    """As `measure_coverage` counts: a group of the plan, or one value of it."""
    if value:
        return Condition("in", group.column, (value,))
    if group.column == "young":
        return _is_young(plan)
    if group.values:
        return Condition("in", group.column, group.values)
    return Condition("not in", group.column, group.leave_out) if group.leave_out else Condition("marked", group.column)


# ---------------------------------------------------------------- Biểu 1: by unit


def list_columns(plan: Plan, idle: Collection[str] = ()) -> list[FormColumn]:
    """The columns of the form by unit: when and how it met, the figures but for those of `idle` keys, what came of it."""
    first = {"order": "STT", "name": capitalize(plan.levels.local.noun)}
    if plan.rolls_up:
        first |= {"received": f"Số {plan.levels.below} đã báo cáo"}
        last = {"remark": "Ghi chú"}
    else:
        first |= {"date": "Ngày tổ chức", "form": "Hình thức"}
        last = {"programme": "Mục chương trình", "reported": "Ngày báo cáo", "remark": "Ghi chú"}
    before, after = ([FormColumn(key, (heading,)) for key, heading in texts.items()] for texts in (first, last))
    if plan.rolls_up:
        after = [FormColumn("date", (name_meetings(plan), "Ngày")), *after]
    columns = [*before, *spread_columns(leave_out(list_unit_figures(plan), idle)), *after]
    keys = [column.key for column in columns]
    if doubled := next((key for key in keys if keys.count(key) > 1), ""):
        raise ValueError(f"figure “{doubled}”: the form by unit has another column of this key")
    return columns


def leave_out(figures: Iterable[Figure], keys: Collection[str]) -> list[Figure]:
    """The figures without those of these keys, also as parts."""
    kept = (figure for figure in figures if figure.key not in keys)
    return [replace(f, parts=tuple(part for part in f.parts if part not in keys)) for f in kept]


def list_unit_figures(plan: Plan) -> tuple[Figure, ...]:
    """The figures of the form by unit in the order of its columns: a new one is a row here, and nothing else."""
    people, among = "Đại biểu dự hội nghị", "Trong điển hình tiên tiến"
    speeches, honours = "Tham luận", "Biểu dương, tôn vinh"
    exemplar, guest = _in_group(plan, "exemplar"), _in_group(plan, "guest")
    female, young = _has(plan, "gender", "genders", "female"), _is_young(plan)
    rows = (
        Figure(TOTAL, (people, "Tổng số"), "delegates", parts=("exemplars", "guests", "unknown")),
        Figure("exemplars", (people, "Điển hình tiên tiến"), "delegates", (exemplar,), part_of=TOTAL),
        Figure("guests", (people, "Khách mời, lãnh đạo"), "delegates", (guest,), part_of=TOTAL),
        Figure("unknown", (people, "Chưa rõ thành phần"), "delegates", (_UNKNOWN,), idle=True),
        Figure("female", (people, "Nữ"), "delegates", (female,), part_of=TOTAL),
        Figure("young", (among, f"Dưới {plan.ages.young_under} tuổi"), "delegates", (exemplar, young)),
        Figure("direct_workers", (among, "Trực tiếp lao động"), "delegates", (exemplar, _DIRECT), part_of="exemplars"),
        Figure(
            "nominated", (f"Cử dự hội nghị {plan.meeting_nouns[1]}",), "delegates", (Condition("marked", "nominated"),)
        ),
        *_list_kinds(plan, "speakers", "speech_kinds", SPEECH_KINDS, (speeches,)),
        *_list_kinds(plan, "honourees", "honouree_kinds", HONOUREE_KINDS, (honours,)),
        *(_list_meetings(plan, exemplar, guest) if plan.rolls_up else ()),
    )
    figures, tables = _checked(rows, plan), form_of(plan).tables
    for figure in figures:
        if figure.measure != "count" or tables[figure.table].layout is not Layout.LIST:
            raise ValueError(f"figure “{figure.key}”: the form by unit counts lines of the register's lists")
    return figures


def _list_meetings(plan: Plan, exemplar: Condition, guest: Condition) -> Iterator[Figure]:
    """The conference of each unit that consolidates itself, beside those that it has consolidated."""
    head = name_meetings(plan)
    own = tuple(f"{MEETING}{key}" for key in MEETING_KINDS)
    yield Figure(f"{MEETING}{TOTAL}", (head, "Đại biểu"), "delegates", (CONFERENCE,), parts=own)
    wheres = (exemplar, guest, _UNKNOWN)
    headings = ("Điển hình", "Khách mời", UNKNOWN)
    for key, heading, where in zip(own, headings, wheres, strict=True):
        yield Figure(key, (head, heading), "delegates", (CONFERENCE, where), idle=where is _UNKNOWN)


def name_meetings(plan: Plan) -> str:
    return f"Hội nghị {plan.levels.local.noun}"


def list_unit_counts(plan: Plan) -> tuple[Figure, ...]:
    """All that is counted of each unit: the figures of the form by unit, and what it has no column for."""
    required = Condition("in", "item", plan.programme.required)
    figures = (
        Figure("listed", ("Số dòng đại biểu",), "delegates"),
        Figure("held", ("Mục chương trình",), "programme", (required, Condition("marked", "held"))),
    )
    return _checked((*list_unit_figures(plan), *figures, *list_award_figures(plan)), plan)


def _list_kinds(plan: Plan, table: str, choices: str, keys: Sequence[str], above: tuple[str, ...] = ()) -> list[Figure]:
    """A figure for each of these kinds of a table's lines, its value as heading, and one for the lines of no known kind."""
    kinds = [
        Figure(f"{table}_{key}", (*above, plan.lists.value(choices, key)), table, (_has(plan, "kind", choices, key),))
        for key in keys
    ]
    return [*kinds, Figure(f"{table}_unknown", (*above, UNKNOWN), table, (Condition("blank", "kind"),), idle=True)]


# ---------------------------------------------------------------- Biểu 2: the delegates' structure


@dataclass(frozen=True)
class LineGroup:
    """Lines under one title: those that always stand, then those that stand where they count somebody.

    Each narrows `people`: all delegates, or the exemplars, of whom alone more is asked than their gender. `column`: the
    one whose values the lines are, "" for others.
    """

    title: str
    people: Figure
    always: tuple[FormLine, ...] = ()
    found: tuple[FormLine, ...] = ()
    column: str = ""


_DELEGATES = Figure("delegates", ("Đại biểu",), "delegates")


def list_groups(plan: Plan) -> list[LineGroup]:
    """The groups of lines, those of all delegates first."""
    form = form_of(plan)
    columns = form.tables["delegates"].by_key
    exemplars = Figure("exemplars", ("Điển hình tiên tiến",), "delegates", (_in_group(plan, "exemplar"),))

    def list_by(people: Figure, *keys: str) -> list[LineGroup]:
        among = " trong điển hình tiên tiến" if people is exemplars else ""
        values = [(columns[key].heading, _list_values(plan, key, columns[key].choices), key) for key in keys]
        return [LineGroup(f"{heading}{among}", people, (), lines, key) for heading, lines, key in values]

    groups = [
        *list_by(_DELEGATES, "category", "gender"),
        *list_by(exemplars, *(c.key for c in columns.values() if c.only and c.choices)),
        LineGroup(
            "Độ tuổi trong điển hình tiên tiến", exemplars, _list_bands(plan), found=(_list_unknown("birth_year"),)
        ),
        LineGroup(WITHIN, exemplars, always=(FormLine("Người trực tiếp lao động", (_DIRECT,)),)),
    ]
    for group in groups:
        lines = (*group.always, *group.found)
        check_figures([narrow(group.people, line.label, line.where) for line in lines], form, plan)
    return groups


def is_asked_about(plan: Plan, column: str) -> Condition:
    """Who is meant by the group that the plan names: an ethnic minority, the followers of a religion."""
    return _is_covered(_coverage_of(plan, column), plan)


def list_kinds_of(plan: Plan, column: str) -> tuple[FormLine, ...]:
    """The lines of a sensitive column: those whom the plan asks about together, the first of the others, the rest."""
    group = _coverage_of(plan, column)
    first, rest = group.leave_out[:1], group.leave_out[1:]
    others = (
        Condition("in", column, rest) if rest else Condition("not in", column, group.values) if group.values else None
    )
    lines = [
        *((value, Condition("in", column, (value,))) for value in first),
        (group.name, is_asked_about(plan, column)),
    ]
    lines += [(OTHERS, others)] if others else []
    return (*(FormLine(label, (where,)) for label, where in lines), _list_unknown(column))


def _coverage_of(plan: Plan, column: str) -> Coverage:
    return next(group for group in plan.coverage if group.column == column)


@once_a_plan
def list_ages(plan: Plan) -> tuple[Figure, ...]:
    """The ages of the exemplars, as far as they are known."""
    born = (_in_group(plan, "exemplar"), Condition("at", "birth_year", limits=(1, NO_LIMIT)))
    ages = (
        Figure("mean_age", ("Tuổi bình quân",), "delegates", born, "mean age", "birth_year"),
        Figure("youngest", ("Tuổi thấp nhất",), "delegates", born, "youngest", "birth_year"),
        Figure("oldest", ("Tuổi cao nhất",), "delegates", born, "oldest", "birth_year"),
    )
    return _checked(ages, plan)


def _list_values(plan: Plan, column: str, choices: str) -> tuple[FormLine, ...]:
    """A line for each value in the order of the list; what was blank or rejected comes last."""
    lines = (FormLine(c.value, (Condition("in", column, (c.value,)),)) for c in plan.lists.choices(choices))
    return (*lines, _list_unknown(column))


def _list_unknown(column: str) -> FormLine:
    return FormLine(UNKNOWN, (Condition("blank", column),))


def _list_bands(plan: Plan) -> tuple[FormLine, ...]:
    """Bands of ages, the young first: who is `low` years old was born in the year of that age or before."""
    lines = []
    for low, high in zip((0, *plan.ages.bands), (*plan.ages.bands, 0), strict=True):
        born = (plan.year - high + 1 if high else 0, plan.year - low if low else NO_LIMIT)
        lines.append(FormLine(_name_band(low, high), (Condition("at", "birth_year", limits=born),)))
    return tuple(lines)


def _name_band(low: int, high: int) -> str:
    if not low:
        return f"Dưới {high} tuổi"
    return f"Từ {low} đến {high - 1} tuổi" if high else f"Từ {low} tuổi trở lên"


@once_a_plan
def list_upper_figures(plan: Plan) -> tuple[Figure, ...]:
    """The upper conference against the plan: all delegates, and what they are made up of."""
    figures = (
        Figure(TOTAL, ("Tổng số đại biểu",), "delegates", parts=("exemplars", "guests", "unknown")),
        Figure("exemplars", ("Điển hình tiên tiến",), "delegates", (_in_group(plan, "exemplar"),)),
        Figure("guests", ("Khách mời, lãnh đạo",), "delegates", (_in_group(plan, "guest"),)),
        Figure("unknown", ("Chưa rõ thành phần",), "delegates", (_UNKNOWN,)),
    )
    return _checked(figures, plan)


def cover_group(group: Coverage, value: str, plan: Plan) -> Figure:
    """The exemplars in a group that the plan names, or with one value of it."""
    where = (_in_group(plan, "exemplar"), _is_covered(group, plan, value))
    label = f"{group.name}: {value}" if value else group.name
    return Figure(label, (label,), "delegates", where)


# ---------------------------------------------------------------- Biểu 3, 3a: the same few columns twice, local and upper


@once_a_plan
def list_honour_figures(plan: Plan) -> tuple[Figure, ...]:
    """The columns of each half: honourees by kind, and all."""
    kinds = _list_kinds(plan, "honourees", "honouree_kinds", HONOUREE_KINDS)
    total = Figure("honourees_all", (SUM_LABEL,), "honourees", parts=tuple(f.key for f in kinds))
    return _checked((*kinds, total), plan)


def list_honour_lines(plan: Plan, column: str, choices: str) -> tuple[FormLine, ...]:
    """The lines of a part: the values of the list of awards or of movements, then those without one."""
    lines = _list_values(plan, column, choices)
    if choices == "awards":
        lines = (*list_award_lines(plan), lines[-1])
    return _check_lines(lines, plan)


def list_level_lines(plan: Plan) -> tuple[FormLine, ...]:
    """Who gave the awards; of the honourees of each level, the women and those who do direct work."""
    parts = (("nữ", _has(plan, "gender", "genders", "female")), ("trực tiếp lao động", _DIRECT))
    person = _has(plan, "kind", "honouree_kinds", "person")
    lines = [
        (
            level,
            *(
                FormLine(f"{level.label}, {label}", (*level.where, person, where), within=True, kinds=("person",))
                for label, where in parts
            ),
        )
        for level in _list_values(plan, "award_level", "award_levels")
    ]
    return _check_lines([line for group in lines for line in group], plan)


def _check_lines(lines: Sequence[FormLine], plan: Plan) -> tuple[FormLine, ...]:
    total = list_honour_figures(plan)[-1]
    _checked((narrow(total, line.label, line.where) for line in lines), plan)
    return tuple(lines)


def list_speech_figures(plan: Plan) -> tuple[Figure, ...]:
    """The columns of each half, where speeches are counted and not listed: speeches by kind, and all."""
    kinds = _list_kinds(plan, "speakers", "speech_kinds", SPEECH_KINDS)
    total = Figure("speakers_all", (SUM_LABEL,), "speakers", parts=tuple(f.key for f in kinds))
    return _checked((*kinds, total), plan)


def list_speech_lines(plan: Plan, column: str, choices: str) -> tuple[FormLine, ...]:
    total, lines = list_speech_figures(plan)[-1], _list_values(plan, column, choices)
    _checked((narrow(total, line.label, line.where) for line in lines), plan)
    return lines


@once_a_plan
def list_award_figures(plan: Plan) -> tuple[Figure, ...]:
    """The columns of each half: what the reports give of the five years' commendations, added up."""
    figures = (
        Figure("awards_collectives", ("Tập thể",), "awards", (), "sum", "collectives"),
        Figure("awards_households", ("Hộ gia đình",), "awards", (), "sum", "households"),
        Figure("awards_persons", ("Cá nhân",), "awards", (), "sum", "persons"),
        Figure(
            "awards_direct_workers", ("Trong đó: trực tiếp lao động",), "awards", (), "sum", "direct_workers",
            part_of="awards_persons",
        ),
    )  # fmt: skip
    return _checked(figures, plan)


def list_award_lines(plan: Plan) -> tuple[FormLine, ...]:
    return tuple(
        FormLine(a.value, (Condition("in", "award", (a.value,)),), AWARD_GROUPS[a.group], kinds=a.recipients)
        for a in plan.lists.awards
    )


def _checked(figures: Iterable[Figure], plan: Plan) -> tuple[Figure, ...]:
    figures = tuple(figures)
    check_figures(figures, form_of(plan), plan)
    return figures


# ---------------------------------------------------------------- names


def name_conferences(plan: Plan) -> tuple[str, str]:
    return _name_halves(plan, "Hội nghị")


def name_reports(plan: Plan) -> tuple[str, str]:
    return _name_halves(plan, "Báo cáo của")


def _name_halves(plan: Plan, what: str) -> tuple[str, str]:
    lower, upper = plan.meeting_nouns
    return f"{what} các {lower}", f"{what} {'các ' if plan.rolls_up else ''}{upper}"
