from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from dhtt_excel.text.vietnamese import clean, fold, format_number, name_key, slug


def test_clean_spells_one_way_and_keeps_the_name() -> None:
    assert clean(" \u00a0Ð\u1ed7 \u200bM\u01b0\u1eddi\ufeff ") == "Đỗ Mười"
    assert clean(unicodedata.normalize("NFD", "Nguyễn Thị Hoà")) == "Nguyễn Thị Hoà"


def test_what_nobody_sees_is_no_part_of_a_text() -> None:
    """Marks of direction, joiners, the soft hyphen, also for comparing; blanks doubled within a line."""
    for code in (
        0xAD,
        0x200B,
        0x200C,
        0x200D,
        0x200E,
        0x200F,
        *range(0x202A, 0x202F),
        0x2060,
        *range(0x2066, 0x206A),
        0xFEFF,
    ):
        text = f"{chr(code)}Trần{chr(code)}  Văn \u00a0An{chr(code)} "
        assert clean(text) == "Trần Văn An", hex(code)
        assert name_key(text) == name_key("Trần Văn An")
        assert fold(text) == "tranvanan"
        assert clean(chr(code)) == ""
    assert clean("Một  là:\n   - hai  ba") == "Một là:\n   - hai ba"


def test_name_key_forgives_case_blanks_and_tone_place_but_not_tones() -> None:
    assert (
        name_key("Nguyễn  Thị Hoà")
        == name_key("NGUYỄN THỊ HÒA")
        == name_key(unicodedata.normalize("NFD", "nguyễn thị hoà"))
    )
    assert name_key("Thủy") == name_key("Thuỷ")
    assert name_key("Hà") != name_key("Hạ")
    assert name_key("Hoa") != name_key("Hòa")
    assert name_key("Tùng") != name_key("Từng")


def test_name_key_forgives_titles_that_are_surely_no_names() -> None:
    for title in (
        "Ông", "bà", "Ông:", "Cụ", "Đ/c", "Đồng chí", "TS.", "PGS.TS", "PGS. TS.", "GS.TSKH", "BS", "BS.CKII", "NGƯT",
        "Thượng tọa", "Thượng toạ", "Đại tá", "Ông PGS.TS",
    ):  # fmt: skip
        assert name_key(f"{title} Nguyễn Văn An") == name_key("Nguyễn Văn An"), title
    for name in ("Ông Thắng", "Cụ", "Bàng Văn An", "Ông", "Tsằn Văn An", "BS"):
        assert name_key(name) != name_key(name.split(" ", 1)[-1]) or " " not in name, name
    assert name_key("Bà Trần An") != name_key("Trần An Bình")


def test_fold_forgives_marks_case_and_punctuation() -> None:
    assert fold("Người tốt - việc tốt") == fold("NGUOI TOT, VIEC TOT") == "nguoitotviectot"
    assert fold("Gia-rai") == fold("Gia Rai")
    assert fold("Đ") == fold("Ð") == "d"


def test_slug_and_numbers() -> None:
    assert slug("Hàng Bạc") == "hang-bac"
    assert format_number(1234.5, 1) == "1.234,5"
    assert format_number(1234567) == "1.234.567"


@given(st.text())
def test_keys_do_not_depend_on_the_unicode_form(text: str) -> None:
    for form in ("NFC", "NFD"):
        other = unicodedata.normalize(form, text)
        assert clean(other) == clean(text)
        assert fold(other) == fold(text)
    assert clean(clean(text)) == clean(text)
