"""What a contract costs: at most three times the same rules written by hand, for a million rows."""

from collections.abc import Callable
from typing import Final

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from contracts import BROKEN, check
from tests.benchmarks.check_table import DECLARED, broken, by_hand, measure, observations

MOST: Final = 3.0
ROWS: Final = 1_000_000


@pytest.mark.slow
@pytest.mark.parametrize(
    "made", [pytest.param(pl.DataFrame.clone, id="all good"), pytest.param(broken, id="some are bad")]
)
def test_a_million_rows_are_checked_in_at_most_three_times_the_time_by_hand(
    made: Callable[[pl.DataFrame], pl.DataFrame],
) -> None:
    checked, hand = measure(made(observations(ROWS)))
    assert checked <= MOST * hand, f"{checked:.3f} s against {hand:.3f} s by hand"


def test_the_rules_by_hand_are_those_of_the_contract() -> None:
    frame = broken(observations(5_000))
    checked, (good, bad) = check(frame, DECLARED), by_hand(frame)
    assert_frame_equal(checked.good, good)
    assert_frame_equal(checked.bad.rename({BROKEN: "regler"}), bad)
    assert bad.height == 10
