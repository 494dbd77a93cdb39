"""The plan's code lists: the values that a workbook offers, what the code means by them, and their other spellings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from functools import cached_property
from typing import Annotated, Literal, NamedTuple, get_type_hints

import msgspec

from dhtt_excel.text.vietnamese import clean, fold


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A part of the plan: immutable, and strict about its keys."""


class Choice(Record, frozen=True):
    """A value of a code list. `key` is what the code means by it; aliases are read as it.

    `printed`: its spelling in papers for other offices; `reveals`: what it gives away of whoever has it.
    """

    value: str
    key: str = ""
    aliases: tuple[str, ...] = ()
    printed: str = ""
    reveals: Literal["", "ethnicity", "religion"] = ""

    def is_one_of(self, keys: Iterable[str]) -> bool:
        return self.key in keys


class Session(Choice, frozen=True, kw_only=True):
    """A half day."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError("giờ bắt đầu phải trước giờ kết thúc")


class Category(Choice, frozen=True, kw_only=True):
    """What a delegate is, and so in which share; `expected`: the plan names this kind of guest."""

    group: Literal["exemplar", "guest"]
    expected: bool = False

    def is_one_of(self, keys: Iterable[str]) -> bool:
        """By its own key or its group's."""
        return self.key in keys or self.group in keys


class Award(Choice, frozen=True, kw_only=True):
    """A title or form of commendation and the kinds of honouree that it fits; `group`: which of the two the Law calls it."""

    recipients: tuple[Literal["person", "collective", "household"], ...]
    group: Literal["title", "form"] = "form"


class CodeList(NamedTuple):
    """What the code knows of a list: its defined name and its title in a workbook, and the keys of some of its values.

    Values with one of `keys` must be there, those of `optional` may be; `all_keyed`: every value is judged or counted
    by its key, so that each must have one. `groups`: what a value belongs to besides.
    """

    defined_name: str
    title: str
    keys: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    all_keyed: bool = False
    groups: tuple[str, ...] = ()


_Choices = tuple[Choice, ...]


class Lists(Record, frozen=True):
    """The code lists in the order of a workbook's sheet "Danh mục", each in the order in which it is offered.

    A list is named here and nowhere else: plan files, columns and formulas refer to its field.
    """

    # fmt: off
    genders: Annotated[_Choices, CodeList("DM_GioiTinh", "Giới tính", keys=("female",))]
    forms: Annotated[_Choices, CodeList("DM_HinhThuc", "Hình thức tổ chức", keys=("separate", "combined"), all_keyed=True)]
    sessions: Annotated[tuple[Session, ...], CodeList("DM_Buoi", "Buổi")]
    ethnicities: Annotated[_Choices, CodeList("DM_DanToc", "Dân tộc")]
    religions: Annotated[_Choices, CodeList("DM_TonGiao", "Tôn giáo")]
    categories: Annotated[tuple[Category, ...], CodeList("DM_ThanhPhan", "Thành phần", keys=("collective",),
                                                        groups=("exemplar", "guest"))]
    occupations: Annotated[_Choices, CodeList("DM_DoiTuong", "Đối tượng")]
    fields: Annotated[_Choices, CodeList("DM_LinhVuc", "Lĩnh vực")]
    sectors: Annotated[_Choices, CodeList("DM_KinhTe", "Thành phần kinh tế")]
    speech_kinds: Annotated[_Choices, CodeList("DM_LoaiThamLuan", "Loại tham luận",
                                               keys=("person", "collective"), all_keyed=True)]
    areas: Annotated[_Choices, CodeList("DM_Mang", "Mảng")]
    illustrations: Annotated[_Choices, CodeList("DM_MinhHoa", "Minh họa")]
    honouree_kinds: Annotated[_Choices, CodeList("DM_LoaiBieuDuong", "Loại biểu dương",
                                                 keys=("person", "collective", "household"), all_keyed=True)]
    awards: Annotated[tuple[Award, ...], CodeList("DM_KhenThuong", "Danh hiệu, hình thức khen")]
    award_levels: Annotated[_Choices, CodeList("DM_CapKhen", "Cấp khen")]
    movements: Annotated[_Choices, CodeList("DM_PhongTrao", "Phong trào thi đua", optional=("other",))]
    # fmt: on

    def __post_init__(self) -> None:
        for name in CODE_LISTS:
            if not self.choices(name):
                raise ValueError(f"{name}: danh mục trống")
            refuse_doubles(name, [(s, c.value) for c in self.choices(name) for s in (c.value, *c.aliases)])
            self._check_keys(name)
        if len(self.genders) < 2:
            raise ValueError("genders: cần nữ và ít nhất một giá trị khác")
        if {c.group for c in self.categories} != {"exemplar", "guest"}:
            raise ValueError("categories: cần cả điển hình (exemplar) và khách mời (guest)")
        if sorted(groups := [award.group for award in self.awards], reverse=True) != groups:
            raise ValueError("awards: các danh hiệu thi đua (group = title) phải đứng trước các hình thức khen thưởng")
        if next(c for c in self.categories if c.key == "collective").group != "exemplar":
            raise ValueError("categories: giá trị có key collective phải thuộc nhóm exemplar")

    def _check_keys(self, name: str) -> None:
        """A key that the code asks for must be there, none twice, none that nothing understands."""
        known, keys = CODE_LISTS[name], [c.key for c in self.choices(name)]
        if missing := sorted(set(known.keys) - set(keys)):
            raise ValueError(f"{name}: thiếu giá trị có key {', '.join(missing)}")
        if doubled := sorted({key for key in keys if key and keys.count(key) > 1}):
            raise ValueError(f"{name}: nhiều giá trị cùng có key {', '.join(doubled)}")
        understood = {*known.keys, *known.optional, *([] if known.all_keyed else [""])}
        if strange := [c for c in self.choices(name) if c.key not in understood]:
            told = f"key {strange[0].key}" if strange[0].key else "không có key"
            raise ValueError(f"{name}: không hiểu giá trị “{strange[0].value}” ({told})")

    def choices(self, name: str) -> tuple[Choice, ...]:
        choices: tuple[Choice, ...] = getattr(self, name)
        return choices

    @cached_property
    def printed(self) -> dict[str, str]:
        """Values that papers for other offices spell otherwise than the workbooks' lists ─► that spelling."""
        return {c.value: c.printed for name in CODE_LISTS for c in self.choices(name) if c.printed}

    def value(self, name: str, key: str) -> str:
        """The value of a list that has this key."""
        return next(c.value for c in self.choices(name) if c.key == key)


CODE_LISTS: dict[str, CodeList] = {
    name: field.__metadata__[0] for name, field in get_type_hints(Lists, include_extras=True).items()
}


def refuse_doubles(place: str, spellings: list[tuple[str, str]]) -> None:
    """Two spellings that fold to one key could not be told apart when a workbook is read."""
    seen: dict[str, str] = {}
    for text, owner in spellings:
        if text != clean(text):
            raise ValueError(f"{place}: “{text}” có khoảng trắng thừa hoặc không ở dạng Unicode dựng sẵn (NFC)")
        if fold(text) in seen:
            raise ValueError(f"{place}: “{text}” ({owner}) trùng với “{seen[fold(text)]}”")
        seen[fold(text)] = text
