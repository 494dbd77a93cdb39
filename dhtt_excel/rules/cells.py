"""O: single cells and doubles. O01 to O05 are found while reading, where the raw cells are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from dhtt_excel.excel.addresses import cell_name, range_name
from dhtt_excel.findings import Fault, Live, Rule, Severity, rule
from dhtt_excel.form.form import NONE_COLUMN, NONE_ROW, TICK, Column, Form, Kind, Layout, Table
from dhtt_excel.form.formulas import (
    NOWHERE,
    count_entries,
    count_true,
    first_true,
    formula_asked,
    formula_double,
    formula_entry,
    formula_filled,
    formula_missing,
    formula_one_of,
    list_needed,
    name_lacking,
    text_asked,
    text_of,
)
from dhtt_excel.form.spellings import MARKED, UNMARKED
from dhtt_excel.plan.plan import Plan
from dhtt_excel.rules.rows import list_rows
from dhtt_excel.text.vietnamese import name_key, strip_titles, text_key

if TYPE_CHECKING:
    import pandas as pd

_FORM = "Biểu mẫu"
_PREFILLED = "name"  # of the conference: not a sign that someone has begun
_YOUNGEST, _OLDEST = 14, 100  # ages that are not asked about
NOTHING_SAID = {
    *("khong", "khongco", "khongro", "chua", "chuaco", "chuaro", "chuabiet", "ko", "no", "x", "xx", "0"),
    *("dangcapnhat", "capnhatsau", "secapnhat", "bosungsau", "sebosung", "detrong", "botrong"),
}
"""Folded texts in place of a content that say that there is none, or none yet."""
_TYPED = {Kind.YEAR, Kind.DATE, Kind.TIME, Kind.COUNT, Kind.MARK}


def formula_required(form: Form) -> list[Live]:
    """One line a sheet: how many required cells are empty, in the rows that have been begun."""
    lines = []
    for table in form.tables.values():
        needed = list_needed(table)
        if not needed:
            continue
        fields = table.layout is Layout.FIELDS
        empty = "+".join(formula_missing(form, table, c) for c in needed) if fields else name_lacking(table.key)
        row, at = (_first_field if fields else _first_blank)(form, table, needed)
        lines.append(
            _line(
                table,
                f"Trang tính {table.sheet}: số ô bắt buộc còn trống",
                cell=cell_name(*table.position(needed[0].key)),
                present=empty if fields else f"SUMPRODUCT(({formula_entry(table.key)})*{empty})",
                holds="{present}=0",
                row=row,
                column=at,
                unfilled=True,
                reads=tuple((table.key, c.when[0]) for c in needed if c.when),
                begun=tuple((table.key, c.key) for c in needed if not c.when and not (fields and c.key == _PREFILLED)),
            )
        )
    return lines


def _first_field(form: Form, table: Table, needed: list[Column]) -> tuple[str, str]:
    """Row and column of the first field that is missing."""
    rows = [f"IF({formula_missing(form, table, c)},{table.position(c.key)[0]},{NOWHERE})" for c in needed]
    return f"MIN({','.join(rows)})", ""


def _first_blank(form: Form, table: Table, needed: list[Column]) -> tuple[str, str]:
    """Row and column of the first cell of a list that is missing."""
    lacking = f"({formula_entry(table.key)})*({name_lacking(table.key)}>0)"
    found = []
    for when in dict.fromkeys(c.when for c in needed):
        columns = [c for c in needed if c.when == when]
        blank = ",".join(
            f"IF(LEN({text_of(_cell_in_row(form, table, c.key))})=0,{table.position(c.key)[1]},999)" for c in columns
        )
        asked = f"{formula_asked(table, columns[0], _cell_in_row(form, table, when[0]))}>0" if when else ""
        found.append(f"IF({asked},MIN({blank}),999)" if asked else blank)
    return first_true(lacking, form.reference(table.key, needed[0].key)), f"MIN({','.join(found)})"


def _cell_in_row(form: Form, table: Table, column: str) -> str:
    """The cell of a column in the line's row."""
    return f"INDEX({form.reference(table.key, column)},{{row}}-{table.heading_row})"


def formula_unlisted(form: Form) -> list[Live]:
    return _formula_bad(form, {Kind.CHOICE}, "số ô không đúng danh mục")


def formula_mistyped(form: Form) -> list[Live]:
    return _formula_bad(form, _TYPED, "số ô năm, ngày, giờ, số hoặc dấu x không hợp lệ")


def _formula_bad(form: Form, kinds: set[Kind], what: str) -> list[Live]:
    """One line a sheet. The requirement is that its cells are as the form asks, which every line looks at anyhow."""
    return [
        _line(
            table,
            f"Trang tính {table.sheet}: {what}",
            cell=cell_name(*table.position(columns[0].key)),
            present="{bad}",
            holds="TRUE",
            tells=True,
            reads=tuple((table.key, c.key) for c in columns),
        )
        for table in form.tables.values()
        if (columns := [c for c in table.stored if c.kind in kinds])
    ]


def _line(table: Table, requirement: str, **formulas: Any) -> Live:
    return Live(sheet=table.sheet, requirement=requirement, **formulas)


# What makes two lines of a list the same person or collective, besides the name and the organisation.
_IDENTITY = {
    "delegates": ("gender", "birth_year"),
    "speakers": ("kind",),
    "honourees": ("kind", "gender", "birth_year", "award"),
}


def formula_doubles(form: Form) -> list[Live]:
    lines = []
    for key, more in _IDENTITY.items():
        table = form.tables[key]
        named = formula_filled(form.reference(key, "name"))
        same = [formula_double(form, key, ("name", *more, "organisation"), named)]
        if "birth_year" in more:
            dated = f"(LEN({text_asked(form, key, 'birth_year')})>0)"
            same.append(formula_double(form, key, ("name", *more), f"({named})*{dated}"))
        doubles, *alike = map(count_true, same)
        lines.append(
            _line(
                table,
                f"Trang tính {table.sheet}: số dòng trùng với dòng khác",
                cell=cell_name(*table.position("name")),
                present=f"MAX({','.join([doubles, *alike])})",
                row=f"MIN({','.join(first_true(double, form.reference(key, 'name')) for double in same)})",
                holds="{present}=0",
                tolerable=f"{doubles}=0",
                reads=tuple((key, column) for column in more),
                begun=((key, "name"),),
            )
        )
    return lines


def formula_marked_empty(form: Form) -> list[Live]:
    """One line a list: the mark that it is empty, which is one or none, and how many lines it has."""
    lines = []
    for table in form.tables.values():
        if table.layout is not Layout.LIST:
            continue
        cell, entries = range_name(table.sheet, NONE_ROW, NONE_COLUMN, NONE_ROW, NONE_COLUMN), count_entries(table.key)
        marked, known = (formula_one_of(cell, (TICK, *MARKED, *more)) for more in ((), UNMARKED))
        lines.append(
            _line(
                table,
                f"Trang tính {table.sheet}: đã đánh dấu “Không có nội dung này” thì để trống",
                cell=cell_name(NONE_ROW, NONE_COLUMN),
                present=f'{entries}&" dòng"&IF({marked}>0,"; đã đánh dấu không có","")',
                holds=f"IF({formula_filled(cell)},AND({known}>0,OR({marked}=0,{entries}=0)),TRUE)",
                reads=(),
                begun=tuple((table.key, c.key) for c in table.stored),
            )
        )
    return lines


required_cell_empty = Rule(
    "O01",
    "Ô bắt buộc (*) đã nhập",
    cites=_FORM,
    advice="Nhập ô này.",
    example="Trang tính “Đại biểu”: dòng đã có họ tên nhưng ô Giới tính để trống.",
    live=formula_required,
)
value_not_in_list = Rule(
    "O02",
    "Giá trị lấy từ danh mục",
    cites=_FORM,
    advice="Chọn một giá trị trong danh sách thả xuống.",
    example="Cột Lĩnh vực ghi “Đường sắt”, danh mục không có.",
    live=formula_unlisted,
)
value_of_other_kind = Rule(
    "O03",
    "Giá trị đúng loại: năm, ngày, giờ, số nguyên, dấu x",
    cites=_FORM,
    advice="Nhập lại theo hướng dẫn của ô.",
    example="Cột Năm sinh ghi 19755.",
    live=formula_mistyped,
)


legacy_text = Rule(
    "O05",
    "Chữ gõ bằng phông Unicode, không phải .VnTime (TCVN3) hay VNI",
    cites=_FORM,
    advice="Gõ lại bằng phông Unicode (Times New Roman).",
    example="Họ tên gõ bằng .VnTime: chữ “Nguyễn” hiện thành “NguyÔn” khi đổi phông.",
)


@rule("O04", "Giá trị hợp lý: trong khoảng, đúng nội dung của cột, mỗi ô một người", cites=_FORM,
      advice="Kiểm tra và nhập lại.", example="Cột Năm sinh ghi 1899; hai người ghi chung một ô.", sheet="delegates")  # fmt: skip
def value_out_of_range(
    delegates: pd.DataFrame, speakers: pd.DataFrame, honourees: pd.DataFrame, plan: Plan
) -> Iterator[Fault]:
    """What single cells show is found while reading. An age may be true and is asked about; collectives have other names."""
    person = plan.lists.value("honouree_kinds", "person")
    yield from _judge_people(delegates, "delegates", plan)
    yield from _judge_people(honourees[honourees["kind"].eq(person).fillna(value=False)], "honourees", plan)
    speaking = speakers["kind"].eq(plan.lists.value("speech_kinds", "person")).fillna(value=False)
    yield from _judge_people(speakers[speaking], "speakers", plan)
    for row in list_rows(speakers, "minutes"):
        if row.minutes != 0:
            continue
        advice = "Ghi số phút của tham luận."
        yield Fault(row, "minutes", "Thời lượng 0 phút: tham luận không đọc?", advice, Severity.WARNING, "speakers")


def _judge_people(people: pd.DataFrame, sheet: str, plan: Plan) -> Iterator[Fault]:
    born = ["birth_year"] if "birth_year" in people else []
    for row in list_rows(people, "name", *born):
        if row.name is not None and _names_several(row.name):
            message = "Hình như ghi nhiều người trong một ô: chỉ tính là một người"
            advice = "Ghi mỗi người một dòng, ô tên chỉ có họ và tên."
            yield Fault(row, "name", message, advice, sheet=sheet)
        elif row.name is not None and len(_split_name(row.name)) > 1:
            message = "Ô tên chỉ ghi họ và tên: có cả năm sinh, chức vụ hoặc nội dung khác"
            yield Fault(row, "name", message, "Ghi phần còn lại vào cột của nó.", Severity.WARNING, sheet)
        year = getattr(row, "birth_year", None)
        if year is not None and not _YOUNGEST <= plan.year - year <= _OLDEST:
            message = f"Năm sinh {year}: {plan.year - year} tuổi"
            yield Fault(
                row, "birth_year", message, "Xem lại năm sinh; nếu đúng thì để nguyên.", Severity.WARNING, sheet
            )


_SEVERAL = re.compile(
    r"\S\s*[\r\n]+\s*\S|;|\S\s+\+\s+\S|[0-9]+\s*(người|đại biểu|thành viên|đồng chí|đ/c|cán bộ|hội viên|đoàn viên)"
    r"|^\s*(hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)\s+(người|đại biểu|thành viên|đồng chí|đ/c|cán bộ|hội viên|đoàn viên|ông|bà|anh|chị)\s"
    r"|^\s*(vợ chồng|hai vợ chồng|anh em|bố con|mẹ con)\s|(^|\s)1\s*[.)]\s*\S.*\s2\s*[.)]\s*\S"
    r"|,\s*(ông|bà|anh|chị|cô|chú|đ/c|đồng chí|em)\s|[\s(](và|cùng|&)\s|^\s*[0-9]{1,3}\s+\D|^\s*(đoàn đại biểu|các|nhóm|toàn thể|tập thể|đại diện)\s",
    re.IGNORECASE,
)
_LONGEST_NAME = 200  # characters: beyond it is a list, and patterns need not be tried
_DETAIL = re.compile(
    r"\b(sinh (năm|ngày)|sn|nguyên|chủ (tịch|nhiệm)|bí thư|giám đốc|hiệu trưởng|trưởng|phó|giáo viên|bác s[ĩỹ]|y tá|công an"
    r"|cán bộ|cảnh sát|hội viên|đảng viên|chi hội|tổ|thợ|ubnd|hđnd|mttq|hưu trí)\b|[0-9]",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r",|/|\s[-–—]\s")


def _names_several(name: str) -> bool:
    """Whether a name's cell reads like more than one person, or a number of them."""
    if len(name) > _LONGEST_NAME:
        return True
    return bool(_SEVERAL.search(name)) or not all(map(_is_detail, _split_name(name)[1:]))


def _split_name(name: str) -> list[str]:
    """What stands between commas and dashes, single words aside."""
    return [part for part in _BETWEEN.split(name) if len(part.split()) > 1]


def _is_detail(part: str) -> bool:
    """Whether what follows a name says something of that person and is no other name."""
    named = all(word[0].isupper() for word in part.split())
    return bool(_DETAIL.match(part.strip()) if named else _DETAIL.search(part))


@rule("O06", "Mỗi người, mỗi tập thể chỉ có một lần trong một danh sách, trừ khi biểu dương về hai danh hiệu", cites=_FORM,
      advice="Xóa dòng trùng; nếu là hai người khác nhau thì ghi rõ ở Ghi chú và sửa Đơn vị.",
      example="Một người có cùng họ tên, giới tính, năm sinh, đơn vị ở dòng 9 và dòng 31.",
      sheet="delegates", live=formula_doubles)  # fmt: skip
def listed_twice(delegates: pd.DataFrame, speakers: pd.DataFrame, honourees: pd.DataFrame) -> Iterator[Fault]:
    """Persons are the same by name, gender and year of birth, collectives by name and organisation.

    Persons of one name and year in two organisations may be two people: a warning. One who is honoured twice has two
    awards.
    """
    yield from _doubles(delegates, "delegates")
    yield from _doubles(speakers, "speakers")
    yield from _doubles(honourees, "honourees")


def _doubles(table: pd.DataFrame, sheet: str) -> Iterator[Fault]:
    """Each line is compared with those above it."""
    first: dict[tuple[Any, ...], Any] = {}
    for row in _suspects(table, sheet, text_key):
        key = (row.unit, text_key(row.name), *(str(getattr(row, column)) for column in _IDENTITY[sheet]))
        same, alike = first.get((*key, _organisation_key(row))), first.setdefault(key, row)
        first.setdefault((*key, _organisation_key(row)), row)
        reads = tuple((sheet, column, r.excel_row) for column in _IDENTITY[sheet] for r in (row, same or alike))
        if same and _decided_apart(row, same):
            message = f"Trùng với dòng {same.excel_row}, khác số, ngày quyết định: khen hai lần?"
            advice = "Nếu là hai lần khen thì để nguyên; nếu ghi trùng thì xóa một dòng."
            yield Fault(row, "name", message, advice, Severity.WARNING, sheet, reads=reads)
        elif same:
            yield Fault(row, "name", f"Trùng với dòng {same.excel_row}", sheet=sheet, reads=reads)
        elif alike is not row and getattr(row, "birth_year", None) is not None:
            message = f"Trùng họ tên, năm sinh với dòng {alike.excel_row}, khác đơn vị"
            yield Fault(row, "name", message, severity=Severity.WARNING, sheet=sheet, reads=reads)


def _decided_apart(first: Any, second: Any) -> bool:
    """Whether two honours rest on two decisions."""
    decisions = [getattr(row, "decision", None) for row in (first, second)]
    return None not in decisions and text_key(decisions[0]) != text_key(decisions[1])


def _suspects(table: pd.DataFrame, sheet: str, key: Callable[[str], str]) -> list[Any]:
    """The lines that share their unit, name by this key and identity with another."""
    more = [column for column in ("organisation", "decision") if column in table]
    rows = [row for row in list_rows(table, "name", *_IDENTITY[sheet], *more) if row.name is not None]
    keys = [(row.unit, key(row.name), *(getattr(row, column) for column in _IDENTITY[sheet])) for row in rows]
    counts = Counter(keys)
    return [row for row, key in zip(rows, keys, strict=True) if counts[key] > 1]


def _organisation_key(row: Any) -> str:
    return text_key(row.organisation or "")


@rule("O09", "Hai dòng không phải là một người viết theo hai cách (hoà, hòa; Ông An, An)", cites=_FORM, severity=Severity.WARNING,
      advice="Nếu là một người thì xóa một dòng; nếu là hai người thì để nguyên.",
      example="Dòng 9 ghi “Nguyễn Thị Hòa”, dòng 31 ghi “Nguyễn Thị Hoà”, cùng năm sinh.", sheet="delegates")  # fmt: skip
def spelled_in_two_ways(delegates: pd.DataFrame, honourees: pd.DataFrame) -> Iterator[Fault]:
    """Names that are the same but for a title or the place of the tone mark, which the form itself cannot see."""
    for sheet, table in (("delegates", delegates), ("honourees", honourees)):
        first: dict[tuple[Any, ...], Any] = {}
        for row in _suspects(table, sheet, name_key):
            if row.birth_year is None:
                continue
            key = (row.unit, name_key(row.name), *(str(getattr(row, column)) for column in _IDENTITY[sheet]))
            other = first.setdefault(key, row)
            if text_key(other.name) != text_key(row.name):
                bare = text_key(strip_titles(other.name)) == text_key(strip_titles(row.name))
                how = "lời xưng hô, học hàm" if bare else "cách bỏ dấu"
                message = f"Cùng tên với dòng {other.excel_row}, chỉ khác {how}"
                yield Fault(row, "name", message, sheet=sheet)


@rule("O08", "Danh sách đã đánh dấu “Không có nội dung này” thì để trống", cites=_FORM,
      advice="Xóa dấu x, hoặc xóa các dòng trong danh sách.",
      example="Trang tính “Tham luận” có dấu x ở “Không có nội dung này” và ba dòng tham luận.", live=formula_marked_empty)  # fmt: skip
def marked_empty_but_filled(lists: pd.DataFrame) -> Iterator[Fault]:
    for row in lists[lists["none_marked"] & lists["rows"].gt(0)].itertuples():
        message = f"Đã đánh dấu “Không có nội dung này” nhưng có {row.rows} dòng"
        yield Fault(row.unit, "name", message, sheet=row.table)
