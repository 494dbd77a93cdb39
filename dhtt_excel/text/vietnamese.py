"""Vietnamese text: cleaning, keys for comparison, slugs.

Four strengths, each for its own question:

- `clean`: the same text, spelled the one way that we store and print;
- `text_key`: are these two the same text to a spreadsheet's formula (case, blanks)?
- `name_key`: are these two the same name to a reader (hoà = hòa, "Ông" before it, case, spaces)?
- `fold`: are these two the same heading or list value (marks, case, punctuation forgiven)?
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

# Characters without any width that arrive by pasting: control characters, joiners, marks of direction, the soft hyphen.
# In TCVN3 text the last is the letter ư: read such text before it is cleaned.
_INVISIBLE = dict.fromkeys(
    [
        *range(9),
        *range(0x0E, 0x20),
        0x7F,
        0x00AD,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2065),
        *range(0x2066, 0x206A),
        0xFEFF,
    ]
)
_LOOK_ALIKES = {0x00D0: "Đ", 0x0189: "Đ", 0x00F0: "đ", 0x0256: "đ"}
_LINE_ENDS = dict.fromkeys([0x0B, 0x0C, 0x0D, 0x2028, 0x2029], "\n")  # Word's, other systems'
_CLEANING = {**_INVISIBLE, **_LOOK_ALIKES, **_LINE_ENDS}
_NEEDS_CLEANING = re.compile(
    "[" + re.escape("".join(map(chr, _CLEANING))) + "]"
)  # translate is slow, and seldom needed
_INNER_BLANKS = re.compile(r"(?<=\S)[^\S\r\n]{2,}(?=\S)")  # not those that begin a line: they are its indent
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}


@lru_cache(maxsize=8192)
def clean(text: str) -> str:
    """NFC, without characters that nobody sees, look-alikes of Đ, or blanks (NBSP too) at the ends or doubled within."""
    if _NEEDS_CLEANING.search(text):
        text = text.replace("\r\n", "\n").translate(_CLEANING)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if "  " in text or "\u00a0" in text or "\t" in text:
        text = _INNER_BLANKS.sub(" ", text)
    return text.strip()


@lru_cache(maxsize=16384)
def text_key(text: str) -> str:
    """Key of a text as a spreadsheet compares texts: case, and blanks at the ends or doubled, do not count."""
    return " ".join(clean(text).casefold().split())


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """Key of a heading, list value or place name: only a-z and 0-9, so marks, case, hyphens and blanks do not count."""
    return "".join(plain_words(text))


def plain_words(text: str) -> list[str]:
    """The words of a text in small letters without marks."""
    return re.findall(r"[^\W_]+", strip_marks(text))


def strip_marks(text: str) -> str:
    """The text in lower case, without the marks of its letters: "ngày" is "ngay"."""
    decomposed = unicodedata.normalize("NFD", clean(text).casefold()).replace("đ", "d")
    return "".join(c for c in decomposed if not unicodedata.combining(c))


_TITLE = re.compile(
    r"(?:(?:ông|bà|cụ|đồng chí|đ/c|đ\.c|đc|pgs|gs|tskh|ts|ths|bs|bác sĩ|bác sỹ|bs\s*ck(?:ii|i|1|2)|ck(?:ii|i|1|2)|ks|ls|ds"
    r"|ngưt|ngnd|nsưt|nsnd|ttưt|ttnd|(?:đại|thượng|trung|thiếu) (?:tá|úy|uý|tướng)"
    r"|hòa thượng|hoà thượng|thượng tọa|thượng toạ|đại đức|ni sư|ni trưởng|linh mục|mục sư)(?:\s*[.:,]\s*|\s+))+",
    re.IGNORECASE,
)


def strip_titles(name: str) -> str:
    """A person's name without "Ông", "Đ/c", "PGS.TS" before it, where at least two words are left."""
    text = clean(name)
    match = _TITLE.match(text)
    return text[match.end() :] if match and len(text[match.end() :].split()) > 1 else text


@lru_cache(maxsize=16384)
def name_key(name: str) -> str:
    """Key of a person's or a collective's name: titles, case, blanks and the place of the tone mark do not count.

    Tones and letter qualities do count: Hà and Hạ are two people.
    """
    return " ".join(_syllable_key(word) for word in strip_titles(name).casefold().split())


@lru_cache(maxsize=16384)
def _syllable_key(word: str) -> str:
    letters: list[str] = []
    tones: list[str] = []
    for c in unicodedata.normalize("NFD", word):
        (tones if c in _TONES else letters).append(c)
    return unicodedata.normalize("NFC", "".join(letters)) + "".join(tones)


def slug(text: str) -> str:
    """Part of a file name: "Hàng Bạc" gives "hang-bac"."""
    return "-".join(plain_words(text))


def capitalize(text: str) -> str:
    """The text with a capital first letter, the rest untouched (str.capitalize lowers it)."""
    return text[:1].upper() + text[1:]


def format_number(value: float, decimals: int = 0) -> str:
    """1234.5 as Vietnamese print it: "1.234,5"; halves go up, as spreadsheets round the 15 digits that they keep."""
    exact = Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{exact:,}".translate(str.maketrans(",.", ".,"))


def show_day(day: date) -> str:
    """A day as papers between offices write it: "20/3/2020", "05/02/2020" – days below 10 and the first two months with a zero."""
    return f"{day.day:02}/{day.month:02}/{day.year}" if day.month <= 2 else f"{day.day:02}/{day.month}/{day.year}"


def day_format(day: date) -> str:
    """The number format in which a cell shows the day so."""
    return "dd/mm/yyyy" if day.month <= 2 else "dd/m/yyyy"
