"""Variances as bars in a table: worse to the left of zero, better to the right.

Here belongs the geometry. How a bar is drawn stands in ``templates/shapes.html``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 300
"""The length of the longest bars together, in units of their own drawing."""


@dataclass(frozen=True)
class Bar:
    """A bar from zero: where it begins, how long it is, and where zero stands."""

    start: float
    length: float
    zero: float
    better: bool


def bars(values: Sequence[float]) -> list[Bar]:
    """A bar for each value, on the same scale."""
    worst, best = max(0.0, *(-value for value in values)), max(0.0, *values)
    unit = WIDTH / (worst + best) if worst + best else 0.0
    zero = round(worst * unit, 1)
    return [
        Bar(
            start=round(zero + min(value, 0) * unit, 1),
            length=round(abs(value) * unit, 1),
            zero=zero,
            better=value > 0,
        )
        for value in values
    ]
