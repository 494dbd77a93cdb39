"""How much room a text takes in Times New Roman, so that row heights can be set before anyone opens the file."""

from __future__ import annotations

import math
import unicodedata
from functools import lru_cache

# Advance widths of Times New Roman, thousandths of the type size. A letter with marks is as wide as the letter.
_WIDTHS = {
    "abcdefghijklmnopqrstuvwxyz": "444 500 444 500 444 333 500 500 278 278 500 278 778 500 500 500 500 333 389 278 500 500 722 500 500 444",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ": "722 667 667 722 611 556 722 722 333 389 722 611 889 722 722 556 722 667 556 611 722 722 944 722 722 611",
    " .,;:!?-–—()[]/'’“”…%&+=<>*": "250 250 250 278 278 333 444 333 500 1000 333 333 333 333 278 180 333 444 444 1000 833 778 564 564 564 564 500",
    "0123456789đĐơưƠƯ": "500 500 500 500 500 500 500 500 500 500 500 722 530 560 770 770",
}  # fmt: skip
_WIDTH = {c: int(w) / 1000 for letters, widths in _WIDTHS.items() for c, w in zip(letters, widths.split(), strict=True)}
_BOLD = 1.08
_LINE = 1.22
_MAX_ROW_HEIGHT = 409.0
_LEAST_SIZE = 5


@lru_cache(maxsize=4096)
def _letter_width(letter: str) -> float:
    return _WIDTH.get(letter) or _WIDTH.get(unicodedata.normalize("NFD", letter)[0], 0.6)


@lru_cache(maxsize=32768)
def _word_width(word: str) -> float:
    """In type sizes. Lists repeat few words many times."""
    return sum(map(_letter_width, word))


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width in points of one line of text."""
    return sum(map(_letter_width, text)) * size * (_BOLD if bold else 1)


def column_points(width: float) -> float:
    """Points that a column of this width (Excel's unit) leaves for text, in Excel and LibreOffice alike."""
    return (width * 7 + 5) * 0.75 - 6


def column_width(points: float) -> float:
    """The width (Excel's unit) of a column that takes this many points on paper, blanks at its edges included."""
    return (points / 0.75 - 5) / 7


def count_lines(text: str, width: float, size: float, *, bold: bool = False) -> int:
    """Lines that the text takes when wrapped at blanks in a column of `width` (Excel's unit)."""
    room = column_points(width)
    scale = size * (_BOLD if bold else 1)
    if len(text) * scale <= room and "\n" not in text:  # no letter is wider than the type size
        return 1
    blank = _letter_width(" ") * scale
    lines = 0
    for paragraph in text.split("\n"):
        lines += 1
        used = 0.0
        for word in paragraph.split(" "):
            needed = _word_width(word) * scale
            if used and used + blank + needed > room:
                lines += 1
                used = 0.0
            used += needed + (blank if used else 0)
            if used > room:  # a word wider than the column breaks inside
                extra = math.ceil(used / room) - 1
                lines += extra
                used -= extra * room
    return lines


def row_height(cells: list[tuple[str, float]], size: float, *, bold: bool = False, least: int = 1) -> float:
    """Height in points of a row whose cells are (text, column width); never more than Excel allows."""
    lines = max([least, *(count_lines(text, width, size, bold=bold) for text, width in cells if text)])
    return min(_MAX_ROW_HEIGHT, _height_of(lines, size))


def _height_of(lines: int, size: float) -> float:
    return round(lines * size * _LINE + 4, 2)


def fits_row(text: str, width: float, size: float) -> bool:
    """Whether a row of Excel can be so high that it shows the whole text."""
    return _height_of(count_lines(text, width, size), size) <= _MAX_ROW_HEIGHT


def fitting_size(text: str, width: float, size: float) -> float:
    """The type size, or if need be a smaller one, in which one row shows the whole text; none below 5."""
    while size > _LEAST_SIZE and not fits_row(text, width, size):
        size -= 0.5
    return size
