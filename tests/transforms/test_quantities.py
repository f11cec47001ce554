"""Quantities: rounding is reckoned with, units are kept apart, and words mean what they say."""

import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary import Qualifier, Verdict
from pipelines.transforms.quantities import (
    NothingToComputeError,
    Quantity,
    Statement,
    UnitError,
    growth,
    minus,
    over,
    percent,
    plus,
    times,
)

AMOUNT = Quantity.printed(-22023.0, 0.5, "tkr")
MILLIONS = Quantity.printed(18.7, 0.05, "mnkr")
COUNT = Quantity.printed(4.0, 0.0, "antal")
MORE, LESS = Quantity(12.0, 12.0, 12.0, "tkr"), Quantity(10.0, 10.0, 10.0, "tkr")
SHARE = Quantity.printed(61.7, 0.05, "procent")


def rounded(quantity: Quantity) -> tuple[float, float, float, str | None]:
    return (round(quantity.value, 4), round(quantity.low, 4), round(quantity.high, 4), quantity.unit)


@pytest.mark.parametrize(
    ("computed", "expected"),
    [
        pytest.param(AMOUNT.to("mnkr"), (-22.023, -22.0235, -22.0225, "mnkr"), id="thousands as millions"),
        pytest.param(plus(AMOUNT, MILLIONS), (-3323.0, -3373.5, -3272.5, "tkr"), id="a sum in the first unit"),
        pytest.param(minus(SHARE, SHARE), (0.0, -0.1, 0.1, "procent"), id="a difference"),
        pytest.param(times(COUNT, AMOUNT), (-88092.0, -88094.0, -88090.0, "tkr"), id="a count of amounts"),
        pytest.param(over(AMOUNT, COUNT), (-5505.75, -5505.875, -5505.625, "tkr"), id="an amount for each"),
        pytest.param(over(COUNT, COUNT), (1.0, 1.0, 1.0, None), id="a plain number"),
        pytest.param(percent(COUNT, Quantity(16.0, 16.0, 16.0, "antal")), (25.0, 25.0, 25.0, "procent"), id="a share"),
        pytest.param(
            growth(Quantity(12, 12, 12, "tkr"), Quantity(10, 10, 10, "tkr")), (20, 20, 20, "procent"), id="up"
        ),
        pytest.param(growth(MORE.opposite(), LESS.opposite()), (20, 20, 20, "procent"), id="higher costs"),
        pytest.param(AMOUNT.size(), (22023.0, 22022.5, 22023.5, "tkr"), id="a size"),
        pytest.param(Quantity(0, -1, 2).size(), (0, 0, 2, None), id="the size of what may be zero"),
    ],
)
def test_arithmetic_keeps_unit_and_interval(computed: Quantity, expected: tuple[float, float, float, str]) -> None:
    assert rounded(computed) == expected


@pytest.mark.parametrize(
    "put_together",
    [
        pytest.param(lambda: plus(AMOUNT, SHARE), id="money and shares"),
        pytest.param(lambda: minus(COUNT, AMOUNT), id="counts and money"),
        pytest.param(lambda: times(AMOUNT, MILLIONS), id="money times money"),
        pytest.param(lambda: over(COUNT, AMOUNT), id="counts for each krona"),
        pytest.param(lambda: SHARE.to("index"), id="a share as an index"),
    ],
)
def test_figures_of_two_kinds_are_not_put_together(put_together: Callable[[], Quantity]) -> None:
    with pytest.raises(UnitError, match="cannot be"):
        put_together()


def test_nothing_is_divided_by_what_may_be_zero() -> None:
    with pytest.raises(NothingToComputeError):
        over(AMOUNT, Quantity.printed(0.3, 0.5, "tkr"))


@pytest.mark.parametrize(
    ("stated", "qualifier", "agrees", "not_"),
    [
        (14.0, None, [13.5, 14.0, 14.5], [13.4, 14.6]),
        (14.0, Qualifier.SLIGHTLY_MORE, [14.0, 14.9], [13.4, 15.2]),
        (700.0, Qualifier.SLIGHTLY_MORE, [700.0, 790.0], [699.0, 810.0]),
        (14.0, Qualifier.ABOUT, [13.6, 14.4], [13.0, 15.0]),
        (10300.0, Qualifier.ABOUT, [10250.0, 10349.0], [10200.0]),
        (20.0, Qualifier.ABOUT, [15.0, 25.0], [14.0, 26.0]),
        (-20.0, Qualifier.ABOUT, [-15.0, -25.0], [-14.0, 20.0]),
        (70.0, Qualifier.OVER, [70.1, 1e9], [70.0, 69.0]),
        (70.0, Qualifier.UNDER, [69.9, 0.0, -5.0], [70.0, 71.0]),
        (70.0, Qualifier.AT_LEAST, [70.0, 71.0], [69.0]),
        (70.0, Qualifier.AT_MOST, [70.0, 69.0], [71.0]),
        (20.0, Qualifier.SOME_TWENTY, [15.0, 23.0, 25.0], [14.0, 27.0]),
        (100.0, Qualifier.SOME_HUNDRED, [50.0, 150.0], [49.0, 160.0]),
        (-5.0, Qualifier.OVER, [-5.1], [-5.0, 5.1]),
    ],
)
def test_words_mean_what_they_say(
    stated: float, qualifier: Qualifier | None, agrees: list[float], not_: list[float]
) -> None:
    says = Statement(stated, 0.5, None, qualifier)
    assert [value for value in agrees if says.judge(Quantity(value, value, value))[0] != Verdict.AGREES] == []
    assert [value for value in not_ if says.judge(Quantity(value, value, value))[0] != Verdict.DISAGREES] == []


def test_an_interval_holds_what_lies_in_it() -> None:
    says = Statement(15.0, 0.0, "dagar", Qualifier.BETWEEN, 90.0)
    verdicts = [says.judge(Quantity(value, value, value))[0] for value in (14.0, 15.0, 90.0, 91.0)]
    assert verdicts == [Verdict.DISAGREES, Verdict.AGREES, Verdict.AGREES, Verdict.DISAGREES]


def test_the_tolerance_is_that_on_the_side_of_the_computed_figure() -> None:
    slightly_more = Statement(14.0, 0.5, None, Qualifier.SLIGHTLY_MORE)
    less, more = slightly_more.judge(Quantity(13.4, 13.3, 13.5)), slightly_more.judge(Quantity(14.4, 14.3, 14.5))
    assert (less[0], round(less[1] or 0, 6)) == (Verdict.DISAGREES, 0.1)
    assert (more[0], round(more[1] or 0, 6)) == (Verdict.AGREES, 1.1)
    assert Statement(70.0, 0.5, None, Qualifier.OVER).judge(Quantity(71, 71, 71)) == (Verdict.AGREES, None)


@pytest.mark.parametrize(
    ("computed", "verdict"), [(18.72, "stammer"), (18.76, "inom_avrundning"), (18.82, "stammer_inte")]
)
def test_what_rounding_of_the_parts_reaches_is_told_apart(computed: float, verdict: str) -> None:
    says = Statement(18.7, 0.05, "mnkr")
    assert says.judge(Quantity.printed(computed, 0.05, "mnkr"))[0] == verdict


@given(st.lists(st.decimals(-9999, 9999, places=4), min_size=1, max_size=6), st.integers(0, 3))
def test_a_rounded_sum_of_rounded_parts_is_never_flagged(exact: list[Decimal], places: int) -> None:
    unit, half = Decimal(1).scaleb(-places), 0.5 * 10.0**-places
    parts = [Quantity.printed(float(part.quantize(unit, ROUND_HALF_UP)), half, "mnkr") for part in exact]
    total = parts[0]
    for part in parts[1:]:
        total = plus(total, part)
    stated = float(sum(exact, Decimal(0)).quantize(unit, ROUND_HALF_UP))
    verdict, tolerance = Statement(stated, half, "mnkr").judge(total)
    assert verdict != Verdict.DISAGREES
    assert tolerance is not None
    assert math.isclose(tolerance, half * (len(exact) + 1), rel_tol=1e-6)
