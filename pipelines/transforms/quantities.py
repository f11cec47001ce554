"""Quantities: figures with a unit and with what rounding leaves open, and arithmetic over them.

Here belong the interval that a printed figure stands for, which units may be added, and which
figures agree with what words say of one (*drygt*, *cirka* …). Where a figure comes from does not.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from contracts.trees import NEGLIGIBLE
from contracts.vocabulary import Qualifier, Verdict

MONEY: Final[Mapping[str, float]] = {"kronor": 1.0, "tkr": 1e3, "mnkr": 1e6}
SHARES: Final = frozenset({"procent", "procentenheter"})
COUNTS: Final = frozenset({None, "antal", "personer", "rang", "leverantörer", "ordning", "nummer", "faktor"})
"""Units of what is counted. A plain number, which has none, goes with all of them."""

HALF: Final = 0.5
"""Half a whole unit."""


class UnitError(ValueError):
    """Two figures of kinds that cannot be put together. The text says which."""


class NothingToComputeError(ValueError):
    """A figure that cannot be computed. The text says why, in Swedish."""


@dataclass(frozen=True)
class Quantity:
    """A figure: its value, the ends of the interval that it stands for, and its unit."""

    value: float
    low: float
    high: float
    unit: str | None = None

    @classmethod
    def printed(cls, value: float, half: float, unit: str | None) -> "Quantity":
        """A printed figure: half a unit of its last decimal on either side, nothing for a count."""
        return cls(value, value - half, value + half, unit)

    def to(self, unit: str | None) -> "Quantity":
        """The same in another unit of the same kind: thousands as millions, a share as percentage points.

        Raises UnitError for a unit of another kind.
        """
        if kind(self.unit) != kind(unit):
            raise UnitError(f"a figure in {self.unit or 'no unit'} cannot be held against {unit or 'no unit'}")
        if self.unit not in MONEY or unit not in MONEY:
            return replace(self, unit=unit)
        scale = MONEY[str(self.unit)] / MONEY[str(unit)]
        return Quantity(self.value * scale, self.low * scale, self.high * scale, unit)

    def size(self) -> "Quantity":
        """The figure without its sign."""
        ends = (abs(self.low), abs(self.high))
        return Quantity(abs(self.value), 0.0 if self.low < 0 < self.high else min(ends), max(ends), self.unit)

    @property
    def half(self) -> float:
        """Half of the interval: of a printed figure half a unit of its last decimal."""
        return (self.high - self.low) / 2

    def exactly(self) -> "Quantity":
        """The figure as it is written, with nothing left open."""
        return replace(self, low=self.value, high=self.value)

    def opposite(self) -> "Quantity":
        """The figure with the other sign."""
        return Quantity(-self.value, -self.high, -self.low, self.unit)


def kind(unit: str | None) -> str:
    """What a unit measures: money, a share, a count, or what its name says."""
    if unit in MONEY:
        return "money"
    if unit in SHARES:
        return "share"
    return "count" if unit is None or unit in COUNTS else unit


def plus(left: Quantity, right: Quantity) -> Quantity:
    """The sum, in the unit of the first. Shares give a share, counts a count."""
    other = right.to(left.unit)
    return Quantity(left.value + other.value, left.low + other.low, left.high + other.high, left.unit)


def minus(left: Quantity, right: Quantity) -> Quantity:
    """The difference, in the unit of the first."""
    return plus(left, right.opposite())


def times(left: Quantity, right: Quantity) -> Quantity:
    """The product: one of the two is a count or a plain number."""
    if kind(left.unit) != "count" and kind(right.unit) != "count":
        raise UnitError(f"a figure in {left.unit} cannot be multiplied by one in {right.unit}")
    unit = right.unit if kind(left.unit) == "count" else left.unit
    return _corners(left, right, lambda one, other: one * other, unit)


def over(left: Quantity, right: Quantity) -> Quantity:
    """The quotient: of two of a kind a plain number, of another figure and a count the unit of the first.

    Raises NothingToComputeError where the divisor may be zero.
    """
    if right.low <= 0 <= right.high:
        raise NothingToComputeError("det som ska divideras med är noll")
    if kind(left.unit) == kind(right.unit):
        return _corners(left, right.to(left.unit), lambda one, other: one / other, None)
    if kind(right.unit) != "count":
        raise UnitError(f"a figure in {left.unit or 'no unit'} cannot be divided by one in {right.unit}")
    return _corners(left, right, lambda one, other: one / other, left.unit)


def percent(part: Quantity, whole: Quantity) -> Quantity:
    """A part as a share of a whole, in percent."""
    return replace(times(over(part, whole.to(part.unit)), Quantity(100.0, 100.0, 100.0)), unit="procent")


def growth(after: Quantity, before: Quantity) -> Quantity:
    """How much larger a figure is than it was, in percent of what it was. Of costs, which are negative, the size."""
    one = Quantity(100.0, 100.0, 100.0, "procent")
    return minus(percent(after.size(), before.size()), one)


def _corners(left: Quantity, right: Quantity, formula: Callable[[float, float], float], unit: str | None) -> Quantity:
    """The formula over two intervals: it is monotone in each, so that its ends lie in the corners."""
    ends = [formula(one, other) for one in (left.low, left.high) for other in (right.low, right.high)]
    return Quantity(formula(left.value, right.value), min(ends), max(ends), unit)


@dataclass(frozen=True)
class Statement:
    """A stated figure: its value, half a unit of its last decimal, its unit, and the words around it.

    ``up_to`` is the upper value of an interval.
    """

    value: float
    half: float
    unit: str | None
    qualifier: Qualifier | None = None
    up_to: float | None = None

    def allowed(self) -> tuple[float, float]:
        """Between which figures the words are true, ends included. They speak of sizes: a deficit is mirrored.

        *Cirka* is what rounds to the figure at its last digit that is no zero; *drygt* at most one
        unit of that digit more; *ett tjugotal* and *ett hundratal* what rounds to twenty or a hundred.
        """
        size, digit = abs(self.value), self._digit()
        low, high = {
            Qualifier.ABOUT: (size - max(digit / 2, self.half), size + max(digit / 2, self.half)),
            Qualifier.SLIGHTLY_MORE: (size, size + digit),
            Qualifier.OVER: (size + 2 * NEGLIGIBLE, math.inf),
            Qualifier.UNDER: (-math.inf, size - 2 * NEGLIGIBLE),
            Qualifier.AT_LEAST: (size, math.inf),
            Qualifier.AT_MOST: (-math.inf, size),
            Qualifier.BETWEEN: (size, abs(self.up_to) if self.up_to is not None else size),
            Qualifier.SOME_TWENTY: (size - 5.0, size + 5.0),
            Qualifier.SOME_HUNDRED: (size - 50.0, size + 50.0),
            None: (size - self.half, size + self.half),
        }[self.qualifier]
        return (low, high) if self.value >= 0 else (-high, -low)

    def judge(self, computed: Quantity) -> tuple[Verdict, float | None]:
        """Whether the computed figure agrees, and the largest difference that words and rounding allow.

        ``computed`` is in the unit of the statement. The difference is that on the side of the
        computed figure; None where it has no end.
        """
        low, high = self.allowed()
        above = computed.value >= self.value
        reach = high - self.value + computed.value - computed.low if above else self.value - low
        reach += 0.0 if above else computed.high - computed.value
        tolerance = max(reach, 0.0) if math.isfinite(reach) else None
        if low - NEGLIGIBLE <= computed.value <= high + NEGLIGIBLE:
            return Verdict.AGREES, tolerance
        if computed.low <= high + NEGLIGIBLE and low - NEGLIGIBLE <= computed.high:
            return Verdict.WITHIN_ROUNDING, tolerance
        return Verdict.DISAGREES, tolerance

    def _digit(self) -> float:
        """One unit of the last printed digit that is no zero."""
        if 0 < self.half < HALF:
            return 2 * self.half
        whole = f"{abs(self.value):.0f}"
        return float(10 ** (len(whole) - len(whole.rstrip("0"))))
