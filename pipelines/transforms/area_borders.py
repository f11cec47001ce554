"""The borders of areas: how large they are, and a simpler form that keeps shared borders shared.

Here belongs what is computed of polygons. Where they come from belongs in ``sources.boundaries``, how they
are drawn in ``output.pages``.

Borders are simplified together, as one coverage: what two areas share stays the same line for both. Only
points are left out; none is moved. Longitudes are shortened to the scale of latitudes meanwhile, so that the
tolerance is the same in both directions. Sizes are those of Lambert's equal-area cylinder on the ellipsoid.
"""

import json
from math import cos, radians, sqrt
from typing import Any, Final

import numpy as np
import polars as pl
import shapely

from contracts.areas import ALL
from pipelines.transforms.areas import NO_SIZES
from pipelines.transforms.report import Report
from sources.errors import AnswerError

SOURCE: Final = "SCB"
DEGREE: Final = 111_320.0
"""Metres to a degree of latitude, nearly."""

TOLERANCE: Final = 20.0
"""Metres by which a simplified border may differ."""

EQUATOR: Final = 6_378_137.0
ECCENTRICITY: Final = sqrt(0.006694380022900788)
"""The ellipsoid of SWEREF 99 and WGS 84 (GRS 80)."""

DECIMALS: Final = 7
"""Of a degree: about a centimetre."""


def omradesgranser(borders: pl.DataFrame, report: Report, *, tolerance: float = TOLERANCE) -> pl.DataFrame:
    """The borders with their size and their simpler form; ``borders`` is ``sources.boundaries.BORDER``.

    Raises AnswerError where a border crosses itself.
    """
    shapes = shapely.from_geojson(borders["geometri"].to_numpy())
    crossed = borders["omrade_id"].filter(pl.Series(~shapely.is_valid(shapes), dtype=pl.Boolean))
    if len(crossed):
        raise AnswerError(
            f"the borders of {', '.join(crossed)} cross themselves.",
            where="scb_wfs",
            remedy="Nothing of this answer is used; refresh again later.",
        )
    frame = borders.with_columns(
        geometri_forenklad=pl.Series(_texts(simplified(shapes, tolerance)), dtype=pl.String),
        areal_km2=pl.Series(sizes(shapes), dtype=pl.Float64),
        kalla=pl.lit(SOURCE),
    )
    return report.table("omradesgranser", frame)


def simplified(shapes: Any, tolerance: float) -> Any:
    """Polygons with fewer points, by so many metres; neighbours keep one border between them."""
    if not len(shapes):
        return shapes
    scale = cos(radians(shapely.total_bounds(shapes)[[1, 3]].mean()))
    even = shapely.transform(shapes, lambda points: points * np.array([scale, 1.0]))
    simpler = shapely.coverage_simplify(even, tolerance / DEGREE)
    return shapely.transform(simpler, lambda points: (points / np.array([scale, 1.0])).round(DECIMALS))


def sizes(shapes: Any) -> Any:
    """The surface of each polygon in square kilometres."""
    return shapely.area(shapely.transform(shapes, _equal_area)) / 1e6


def _equal_area(points: Any) -> Any:
    """Longitude and latitude on a cylinder on which surfaces are true, in metres."""
    sine, e = np.sin(np.radians(points[:, 1])), ECCENTRICITY
    height = (1 - e**2) * (sine / (1 - (e * sine) ** 2) + np.arctanh(e * sine) / e)
    return np.column_stack([EQUATOR * np.radians(points[:, 0]), EQUATOR * height / 2])


def _texts(shapes: Any) -> list[str]:
    """Polygons as compact GeoJSON."""
    return [json.dumps(json.loads(text), separators=(",", ":")) for text in shapely.to_geojson(shapes)]


def sizes_of(granser: pl.DataFrame) -> pl.DataFrame:
    """What the borders at hand say of the size of areas, and of the municipality as all of them together."""
    own = granser.select("omrade_id", "indelning", "areal_km2")
    whole = granser.filter(pl.col("niva") == "regso").group_by("kommun_id").agg(pl.col("areal_km2").sum())
    municipality = whole.select(omrade_id="kommun_id", indelning=pl.lit(ALL), areal_km2="areal_km2")
    return pl.concat([NO_SIZES, own, municipality])
