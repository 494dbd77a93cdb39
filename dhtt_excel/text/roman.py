"""Roman numbers, as statistical forms number their groups."""

from __future__ import annotations


def number_roman(number: int) -> str:
    """4 is "IV"."""
    text = ""
    for value, letters in ((40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        times, number = divmod(number, value)
        text += letters * times
    return text
