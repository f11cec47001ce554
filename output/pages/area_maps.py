"""Drawings of areas: a map of one measure, a strip of its values, two measures against each other, lines of years.

Here belongs where things stand in a drawing. What is drawn, and the words beside it, belong in
``output.pages.areas``.

A map is drawn from the simplified borders, rounded to the same grid for all areas, so that neighbours still
share their line. Its colours are five steps of one hue from light to dark: they keep their order in print and
for whoever sees colours otherwise.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any, Final

WIDTH: Final = 1000
"""Units across a map: finer than a screen shows, so that rounding to them is not seen."""

STEPS: Final = 5
STRIP: Final = 1000
YEARS: Final = (320, 120)
"""Width and height of a drawing of years: small, so that several stand side by side, and one on a phone."""

LEAST_SPAN: Final = 0.1
TEXT: Final = 16
"""The height of a text in it."""

MARGIN: Final = 0.06
"""The part of a drawing's side that is left free at each end."""


@dataclass(frozen=True)
class Drawn:
    """A map's shapes by area, as paths of SVG, and its height in the units of its width."""

    paths: Mapping[str, str]
    height: int


@dataclass(frozen=True)
class Point:
    """A value in a drawing of years, and where it stands."""

    year: int
    value: float
    x: float
    y: float


@dataclass(frozen=True)
class Line:
    """Whose years are drawn, with a path for each run of years without a break, and a point for each year."""

    whose: str
    paths: Sequence[str]
    points: Sequence[Point]


@dataclass(frozen=True)
class Lines:
    """A drawing of years: its lines, where its first and last year stand, and its highest and lowest value."""

    lines: Sequence[Line]
    ends: Sequence[tuple[int, float]]
    values: Sequence[tuple[float, float]]


def drawn(borders: Mapping[str, str]) -> Drawn:
    """Paths of areas, of their borders as GeoJSON."""
    shapes = {code: list(_rings(json.loads(text))) for code, text in borders.items()}
    points = [point for rings in shapes.values() for ring in rings for point in ring]
    if not points:
        return Drawn({}, 1)
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    shrink = cos(radians((south + north) / 2))
    scale = WIDTH / ((east - west) * shrink)

    def place(point: Sequence[float]) -> tuple[int, int]:
        """A point on the grid of the drawing."""
        return round((point[0] - west) * shrink * scale), round((north - point[1]) * scale)

    paths = {code: "".join(_path([place(point) for point in ring]) for ring in rings) for code, rings in shapes.items()}
    return Drawn(paths, round((north - south) * scale))


def _rings(shape: Any) -> Iterator[Any]:
    """The rings of a polygon or of several."""
    for polygon in shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]:
        yield from polygon


def _path(points: Sequence[tuple[int, int]]) -> str:
    """A ring as a path: points that fall together on the grid are one."""
    kept = [point for before, point in zip([None, *points[:-1]], points, strict=True) if point != before]
    return f"M{'L'.join(f'{x} {y}' for x, y in kept)}Z"


def step_of(value: float | None, bounds: Sequence[float]) -> int | None:
    """Which of the steps a value falls in, 1 to 5, of the bounds between them."""
    return None if value is None else 1 + sum(value > bound for bound in bounds)


def bounds_of(values: Sequence[float]) -> list[float]:
    """The bounds between steps of equal width; none where all values are the same."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    return [low + (high - low) * step / STEPS for step in range(1, STEPS)] if high > low else []


def along(value: float, values: Sequence[float], length: int = STRIP) -> float:
    """Where a value stands on a line of this length that holds all of these."""
    low, high = min(values), max(values)
    share = (value - low) / (high - low) if high > low else 0.5
    return round(length * (MARGIN + (1 - 2 * MARGIN) * share), 1)


def lines_of(runs: Mapping[str, Sequence[Sequence[tuple[int, float]]]]) -> Lines | None:
    """Lines of several, each in runs of years without a break; nothing where there are no two years."""
    told = [point for each in runs.values() for run in each for point in run]
    years, values = [year for year, _ in told], [value for _, value in told]
    if len(set(years)) < len("ab"):
        return None
    width, height = YEARS
    # A change that is small beside the value is drawn small: the axis spans a part of the largest at least.
    middle, reach = (max(values) + min(values)) / 2, max(max(values) - min(values), LEAST_SPAN * max(map(abs, values)))
    axis = [middle - reach / 2, middle + reach / 2]

    def down(value: float) -> float:
        """How far from the top a value stands."""
        return round(height - along(value, axis, height), 1)

    def placed(run: Sequence[tuple[int, float]]) -> list[Point]:
        """The points of a run."""
        return [Point(year, value, along(year, years, width), down(value)) for year, value in run]

    drawn_lines = []
    for whose, each in runs.items():
        places = [placed(run) for run in each]
        paths = [f"M{'L'.join(f'{at.x} {at.y}' for at in run)}" for run in places if len(run) > 1]
        drawn_lines.append(Line(whose, paths, [at for run in places for at in run]))
    ends = [(year, along(year, years, width)) for year in (min(years), max(years))]
    named = [max(values), *([min(values)] if down(min(values)) - down(max(values)) > TEXT else [])]
    return Lines(drawn_lines, ends, [(value, down(value)) for value in named])
