"""The geometry of the one track that shows any indicator: better is to the right, the milestone in one place.

Here belongs where on a track each thing stands. How it is drawn stands in ``templates/shapes.html``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from contracts.vocabulary import Direction, Grade
from output.pages.view import Row
from output.pages.wording import known

WIDTH: Final = 200
"""The length of a track, in units of its own drawing."""

MILESTONE: Final = 112
"""Where the milestone stands on every track."""

MARGIN: Final = 10
"""Room for a mark at either end."""

STEPS: Final[tuple[str, ...]] = (Grade.NOT, Grade.PARTLY, Grade.HIGH, Grade.VERY_HIGH)
"""The four steps of a grade, from the left."""

NEGLIGIBLE: Final = 1e-9


@dataclass(frozen=True)
class Track:
    """Where the marks stand, from the left. A mark that is not known is blank."""

    outcome: float | None
    target: float | None
    before: tuple[float, ...]


def track(row: Row, before: Sequence[float]) -> Track | None:
    """The track of an indicator, or nothing where it has no milestone to be held against."""
    if row["etappmal_varde"] is None:
        return None
    turn = 1 if row["riktning"] == Direction.HIGHER else -1

    def away(value: float) -> float:
        """The distance to the milestone, positive where it is better; what no figure is published with is none."""
        distance = turn * (value - float(row["etappmal_varde"]))
        return distance if abs(distance) > NEGLIGIBLE else 0.0

    distances = [away(value) for value in known([row["utfall"], row["malvarde"], *before])]
    unit = min(
        (MILESTONE - MARGIN) / max(-min(distances, default=0), 0) if min(distances, default=0) < 0 else float("inf"),
        (WIDTH - MARGIN - MILESTONE) / max(distances) if max(distances, default=0) > 0 else float("inf"),
    )

    def place(value: float | None) -> float | None:
        """Where a value stands."""
        if value is None:
            return None
        distance = away(value)
        return round(MILESTONE + distance * unit, 1) if distance else float(MILESTONE)

    return Track(place(row["utfall"]), place(row["malvarde"]), tuple(known(place(value) for value in before)))


@dataclass(frozen=True)
class Scale:
    """The scale of a grade: how many steps are filled, and at which step each pointer stands."""

    decided: int | None
    computed: int | None


def scale(row: Row) -> Scale:
    """The decided grade beside the computed one. A grade that cannot be assessed has no step."""
    return Scale(_step(row["beslutad_maluppfyllelse"]), _step(row["beraknad_maluppfyllelse"]))


def _step(grade: Any) -> int | None:
    """The number of a grade's step, from 1."""
    return STEPS.index(grade) + 1 if grade in STEPS else None
