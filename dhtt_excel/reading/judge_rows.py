"""A located list ─► which of its rows are lines of data; what stands under and between them is none.

A line is data by what its other cells hold, whatever its name reads: people are called Tống Văn Hết and Công Tổng.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from enum import Enum, auto
from typing import Any, NamedTuple

from dhtt_excel.excel.cells import is_blank, show_value
from dhtt_excel.form.form import Kind
from dhtt_excel.reading.locate_tables import Located, is_heading
from dhtt_excel.reading.parse_values import Parsed
from dhtt_excel.text.vietnamese import clean

Cells = dict[str, tuple[Any, tuple[int, int]]]
"""Raw cells of a row by column key, each with its row and column."""
Parsers = Mapping[str, tuple[Kind, Callable[[Any], Parsed]]]
"""Kind and parser of each column of a list."""

_LONGEST = 500  # characters: a longer text is no foot line, and patterns need not be tried
_SURE = 2  # so many cells with a value of a code list or a year make a row a line of data, whatever its name reads
_FEW = 2  # cells that a foot line, a title or who signs takes up
_COLUMN_NUMBER = re.compile(r"\(?([0-9]{1,2})\)?(\s*=.*)?")
_GROUP_ORDER = re.compile(r"[IVX]+|[A-Ha-h]")


class RowKind(Enum):
    """What a row of a list is."""

    ENTRY = auto()
    ASIDE = auto()  # a sum, a signature, a group's title, a repeated heading …: nobody need be told
    STRAY = auto()  # a lone value
    LONE_NAME = auto()  # a name alone below the last full row: a person or not
    LONE_TEXT = auto()  # words alone between full rows that are no plain name: a title, or somebody


class Row(NamedTuple):
    """A row of a sheet and what of it stands in the list's columns."""

    number: int
    kind: RowKind
    cells: Cells


# ---------------------------------------------------------------- what is no line of data, by its words

_ASIDE = (
    r"(tổng|cộng)( (cộng|số|số cộng|cộng số))?( (là|gồm|có|cả|người|đại biểu|danh sách|[ivx]+|\d+)\b.*)?",
    r"(tổng|cộng)( số)? (thời (lượng|gian)|phút|khách mời|điển hình|lãnh đạo|tập thể|cá nhân|tham luận|trang|nhóm|khối|mục)\b.*",
    r"(tổng số|bằng chữ|trong đó|số (đại biểu|người|lượng)|danh sách|ấn định|(tổng hợp|lập) danh sách)\b.*",
    r"hết|họ (và )?tên|trang \d+( \d+)?|(ghi chú|chú thích|nơi nhận)\b.*|(.* )?ngày( \d+| tháng| năm)+",
    r"(các )?(đại biểu|khách mời|điển hình tiên tiến)( (khách|điển|tham|dự|mời|là|các|cấp|và|chính)\b.*)?",
    r"(phần|nhóm|[ivx]+) .*(đại biểu|khách mời|điển hình|lãnh đạo|tập thể|cá nhân|hộ gia đình|thành phần)\b.*",
    r"cộng (hòa|hoà) xã hội\b.*|độc lập tự do hạnh phúc",
)
_SIGNATURE = (
    r"(tm|kt|tl|tuq|thay mặt|thừa lệnh) .*|(người|cán bộ|đơn vị) (lập|tổng hợp|báo cáo)\b.*|(ủy|uỷ) ban nhân dân\b.*|ubnd\b.*",
    r"(phó )?(chủ tịch|bí thư|trưởng phòng|trưởng ban|giám đốc|hiệu trưởng|thủ trưởng)"
    r"( (đơn vị|ubnd|hđnd|(ủy|uỷ) ban)\b.*)?",
    r"(đã )?ký( (tên|ghi rõ|và|đóng dấu)\b.*)?|xác nhận\b.*",
)
_GROUP_NUMBER = re.compile(r"(?:[0-9.]+|[IVX]+|[A-Ha-h])\s*[.)/:-]\s*(?=\S)")
_GROUP_SIGN = re.compile(r"(?:[IVX]+|[A-H])[.)]?")  # for an order number: a group's, where people have digits
_WORD = re.compile(r"[^\W_]+")


class _Phrases:
    """Patterns of words in small letters and without punctuation; text typed without any marks is compared without."""

    def __init__(self, *patterns: str) -> None:
        pattern = "|".join(patterns)
        decomposed = unicodedata.normalize("NFD", pattern).replace("đ", "d")
        self._marked = re.compile(pattern)
        self._bare = re.compile("".join(c for c in decomposed if not unicodedata.combining(c)))

    def match(self, text: str) -> bool:
        if len(text) > _LONGEST:
            return False
        words = " ".join(_WORD.findall(clean(text).casefold()))
        return bool((self._bare if words.isascii() else self._marked).fullmatch(words))


_SIGNED = _Phrases(*_SIGNATURE)
_FOOT = _Phrases(*_ASIDE)
_KNOWN = _Phrases(*_ASIDE, *_SIGNATURE)
_TITLE = _Phrases(r"(các )?(đồng chí )?(khối|nhóm|lãnh đạo|tập thể|cá nhân|hộ gia đình|thành phần)\b.*")
_GROUP = _Phrases(r"(.* )?(đại biểu|khách mời|điển hình|lãnh đạo|tập thể|cá nhân|hộ gia đình|thành phần|chiến sĩ)\b.*")


def is_aside(text: str) -> bool:
    """Whether a text is a foot line, part of a signature or a group's title, and no name."""
    numbered = _GROUP_NUMBER.match(clean(text))
    return _KNOWN.match(text) or bool(numbered and _GROUP.match(clean(text)[numbered.end() :]))


def _is_plain_name(text: str) -> bool:
    """Whether a text is two to five words with capitals, as people are called."""
    words = re.sub(r"\(.*?\)", " ", clean(text)).split()
    return 2 <= len(words) <= 5 and all(word[0].isupper() for word in words)


def _is_heard(text: str) -> bool:
    """Whether a text in a name's place says of itself that it is a remark or what follows it a group."""
    return text.strip().startswith("*") or text.strip().endswith(":")


# ---------------------------------------------------------------- rows


def judge_rows(place: Located, parsers: Parsers) -> Iterator[Row]:
    """The rows below a list's heading that hold anything but an order number, from top to bottom."""
    judge = _Judge(place, parsers)
    rows = [(number, cells, judge.is_sure(cells)) for number, cells in _filled_rows(place)]
    last = max((number for number, _, sure in rows if sure), default=0)
    signed = False
    for number, cells, sure in rows:
        kind = RowKind.ENTRY if sure else judge.judge(number, cells, last)
        signed |= kind is RowKind.ASIDE and number > last and judge.is_signature(number)
        few = not sure and sum(not is_blank(raw) for raw, _ in cells.values()) <= _FEW
        yield Row(number, RowKind.ASIDE if signed and few else kind, cells)  # below "TM. …" stand those who sign


class _Judge:
    """Judges the rows of one list."""

    def __init__(self, place: Located, parsers: Parsers) -> None:
        self._place = place
        self._parsers = parsers

    def is_sure(self, cells: Cells) -> bool:
        """Whether a row is a line of data by its values of code lists and years; nearly every row is."""
        found = 0
        for key, (raw, _) in cells.items():
            kind, parse = self._parsers[key]
            if raw != "" and kind in (Kind.CHOICE, Kind.YEAR) and not is_blank(raw) and parse(raw).value is not None:
                found += 1
                if found == _SURE:
                    return True
        return False

    def judge(self, number: int, cells: Cells, last: int) -> RowKind:
        """What a row is that is not sure to be data; `last`: the last row that is, 0 for none."""
        filled = {key: raw for key, (raw, _) in cells.items() if not is_blank(raw)}
        if self._numbers_columns(filled) or (
            (len(filled) > 1 or "name" in filled) and self._is_repeated_heading(filled)
        ):
            return RowKind.ASIDE
        return (
            self._judge_named(number, filled, last) if "name" in filled else self._judge_nameless(number, filled, last)
        )

    def _judge_named(self, number: int, filled: Mapping[str, Any], last: int) -> RowKind:
        few = len(filled) <= _FEW
        order = self._place.columns.get("order")
        name = show_value(filled["name"])
        leads = [show_value(self._place.sheet.cell(number, order)) if order else "", name]
        if few and _GROUP_SIGN.fullmatch(leads[0]):
            leads.append(f"{leads[0][0]}. {name}")
        if any(map(is_aside, leads)) or (few and _is_heard(name)):
            return RowKind.ASIDE
        lone = few and not any(self._is_good(key, raw) for key, raw in filled.items() if key != "name")
        if not lone or not last:
            return RowKind.ENTRY
        if _TITLE.match(name):
            return RowKind.ASIDE
        if number > last:
            return RowKind.LONE_NAME
        return RowKind.ENTRY if _is_plain_name(name) and not _GROUP_ORDER.fullmatch(leads[0]) else RowKind.LONE_TEXT

    def _judge_nameless(self, number: int, filled: Mapping[str, Any], last: int) -> RowKind:
        few, below = len(filled) <= _FEW, 0 < last < number
        texts = self._list_texts(number)
        order = self._place.columns.get("order")
        lead = show_value(self._place.sheet.cell(number, order)) if order else ""
        if not filled or _FOOT.match(lead) or (below and any(map(_FOOT.match, texts))):
            return RowKind.ASIDE
        if few and (below or len(filled) == 1) and any(map(is_aside, texts)):
            return RowKind.ASIDE
        lone = len(filled) == 1 or (below and few and not texts)
        return RowKind.STRAY if lone and len(self._place.columns) > 3 else RowKind.ENTRY

    def _numbers_columns(self, filled: Mapping[str, Any]) -> bool:
        """Whether each cell holds the number of its column, counted from wherever."""
        found = {key: _COLUMN_NUMBER.fullmatch(show_value(raw)) for key, raw in filled.items()}
        offsets = {self._place.columns[key] - int(number[1]) if number else None for key, number in found.items()}
        return len(filled) > 1 and len(offsets) == 1 and None not in offsets

    def is_signature(self, number: int) -> bool:
        return any(map(_SIGNED.match, self._list_texts(number)))

    def _is_good(self, key: str, raw: Any) -> bool:
        parsed = self._parsers[key][1](raw)
        return parsed.value is not None and not parsed.problem

    def _is_repeated_heading(self, filled: Mapping[str, Any]) -> bool:
        columns = self._place.table.by_key
        same = sum(is_heading(columns[key], show_value(raw)) for key, raw in filled.items())
        return same * 2 > len(filled)

    def _list_texts(self, number: int) -> list[str]:
        return [raw for raw in self._place.sheet.rows[number - 1] if isinstance(raw, str) and not is_blank(raw)]


def _filled_rows(place: Located) -> Iterator[tuple[int, Cells]]:
    """The rows below the heading in which a column of the list has something, if only blanks, or a foot line stands."""
    columns = {key: column for key, column in place.columns.items() if key != "order"}
    order = place.columns.get("order", 0)
    width = max(place.columns.values(), default=0)
    for row, cells in enumerate(place.sheet.rows[place.heading_row :], start=place.heading_row + 1):
        filled = len(cells) - cells.count("")
        if not filled or (filled == 1 and order and show_value((cells + [""] * order)[order - 1]).isdecimal()):
            continue
        padded = cells if len(cells) >= width else cells + [""] * (width - len(cells))
        read = {key: (padded[column - 1], (row, column)) for key, column in columns.items()}
        if any(raw != "" for raw, _ in read.values()) or any(isinstance(raw, str) and is_aside(raw) for raw in cells):
            yield row, read
