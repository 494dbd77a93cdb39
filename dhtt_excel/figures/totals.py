"""What all local units make together of a figure of the form by unit, and on how many of them it rests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Total:
    """`value`: over the units that sent what the figure counts, None where none did; `silent`: codes of units in use that did not.

    `units`: on how many units it rests. `whole`: of a percentage, what it is of: the lines whose value is known;
    `unsaid`: by unit code, how many lines are left out of that, for their value is not known.
    """

    value: int | None
    units: int
    silent: tuple[str, ...] = ()
    whole: int | None = None
    unsaid: tuple[tuple[str, int], ...] = ()

    @property
    def left_out(self) -> int:
        """How many lines a percentage leaves out."""
        return sum(number for _, number in self.unsaid)

    @property
    def share(self) -> float | None:
        """Percent; None of nothing."""
        return self.value / self.whole * 100 if self.value is not None and self.whole else None
