"""Drawings of areas: a map of one measure, a strip of its values, two measures against each other.

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
MARGIN: Final = 0.06
"""The part of a drawing's side that is left free at each end."""


@dataclass(frozen=True)
class Drawn:
    """A map's shapes by area, as paths of SVG, and its height in the units of its width."""

    paths: Mapping[str, str]
    height: int


@dataclass(frozen=True)
class Point:
    """A place in a drawing."""

    x: float
    y: float


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
