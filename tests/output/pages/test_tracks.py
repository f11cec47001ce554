"""The track of an indicator: better to the right whatever the unit, the milestone in one place on all."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contracts.vocabulary import Direction
from output.pages.tracks import MILESTONE, WIDTH, scale, track
from tests.output.pages.small_site import GOAL, INDICATOR

VALUES = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False)


def indicator(direction: Direction, outcome: float | None, milestone: float, target: float | None) -> dict[str, Any]:
    """An indicator with these values."""
    values = {"utfall": outcome, "etappmal_varde": milestone, "malvarde": target}
    return {**INDICATOR, "riktning": str(direction), **values}


@pytest.mark.parametrize(
    ("direction", "outcome", "side"),
    [
        pytest.param(Direction.HIGHER, 50.0, "right", id="higher is better, and it is higher"),
        pytest.param(Direction.HIGHER, 30.0, "left", id="higher is better, and it is lower"),
        pytest.param(Direction.LOWER, 50.0, "left", id="lower is better, and it is higher"),
        pytest.param(Direction.LOWER, 30.0, "right", id="lower is better, and it is lower"),
        pytest.param(Direction.LOWER, 40.0, "on it", id="the milestone itself"),
    ],
)
def test_better_is_to_the_right(direction: Direction, outcome: float, side: str) -> None:
    found = track(indicator(direction, outcome, 40.0, None), [])
    assert found is not None
    assert found.outcome is not None
    assert {"right": found.outcome > MILESTONE, "left": found.outcome < MILESTONE, "on it": True}[side]
    assert (found.outcome == MILESTONE) == (side == "on it")


@example(Direction.HIGHER, 0.0, 5e-324, None, [])
@given(st.sampled_from(list(Direction)), VALUES, VALUES, VALUES | st.none(), st.lists(VALUES, max_size=3))
def test_every_mark_stands_on_the_track_in_its_order(
    direction: Direction, outcome: float, milestone: float, target: float | None, before: list[float]
) -> None:
    found = track(indicator(direction, outcome, milestone, target), before)
    assert found is not None
    marks = [found.outcome, found.target, *found.before]
    assert all(0 <= mark <= WIDTH for mark in marks if mark is not None)
    turn = 1 if direction is Direction.HIGHER else -1
    values = [turn * value for value in (outcome, *before)]
    placed = [mark for mark in (found.outcome, *found.before) if mark is not None]
    by_value = sorted(range(len(values)), key=values.__getitem__)
    assert [placed[number] for number in by_value] == sorted(placed)


def test_an_indicator_without_a_milestone_has_no_track() -> None:
    assert track({**INDICATOR, "etappmal_varde": None}, [50.0]) is None


@pytest.mark.parametrize(
    ("decided", "computed", "steps"),
    [
        ("I mycket hög grad uppfyllt", "Ej uppfyllt", (4, 1)),
        ("Delvis uppfyllt", "I hög grad uppfyllt", (2, 3)),
        (None, "Ej uppfyllt", (None, 1)),
        ("Kan ej bedömas", "Kan ej bedömas", (None, None)),
    ],
)
def test_a_grade_is_one_of_four_steps(decided: str | None, computed: str, steps: tuple[int | None, int | None]) -> None:
    shown = scale({**GOAL, "beslutad_maluppfyllelse": decided, "beraknad_maluppfyllelse": computed})
    assert (shown.decided, shown.computed) == steps
