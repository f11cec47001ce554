"""Borders of areas: their size, and that neighbours keep one line between them when it is made simpler."""

from typing import Any

import numpy as np
import polars as pl
import pytest
import shapely

from contracts import check, contract
from pipelines.transforms.area_borders import omradesgranser, simplified, sizes, sizes_of
from sources.archive import Archive
from sources.boundaries import borders
from sources.errors import AnswerError
from sources.transport import Replay
from tests.record_example import ARCHIVE
from tests.transforms.rows import REPORT


@pytest.fixture(scope="module")
def huddinge() -> pl.DataFrame:
    """The borders of the shipped example."""
    return borders(Replay(Archive(ARCHIVE, read_only=True)), "0126", "RegSO_2025")


def shapes(frame: pl.DataFrame, column: str = "geometri") -> Any:
    """Polygons of their texts."""
    return shapely.from_geojson(frame[column].to_numpy())


def test_shared_borders_stay_shared_and_most_points_go(huddinge: pl.DataFrame) -> None:
    found = omradesgranser(huddinge, REPORT)
    assert check(found, contract("omradesgranser")).breaches == ()
    before, after = shapes(found), shapes(found, "geometri_forenklad")
    assert shapely.is_valid(after).all()
    assert shapely.coverage_is_valid(after)
    assert shapely.get_num_coordinates(after).sum() < 0.45 * shapely.get_num_coordinates(before).sum()
    assert found["geometri_forenklad"].str.len_bytes().sum() < 40_000
    # Neighbours before are neighbours after, and the whole loses next to nothing.
    touching = [[shapely.relate(a, b)[4] for b in each] for each in (before, after) for a in each]
    assert touching[: len(before)] == touching[len(before) :]
    assert sizes(np.array([shapely.coverage_union_all(after)]))[0] == pytest.approx(141.26, rel=0.002)


def test_points_are_left_out_and_none_is_moved(huddinge: pl.DataFrame) -> None:
    before = shapes(huddinge)
    kept = {tuple(point) for point in shapely.get_coordinates(before).round(7)}
    assert {tuple(point) for point in shapely.get_coordinates(simplified(before, 20.0))} <= kept


def test_sizes_are_those_that_scb_tells(huddinge: pl.DataFrame) -> None:
    found = omradesgranser(huddinge, REPORT)
    own = dict(found.select("omrade_id", "areal_km2").rows())
    # Of the layer in SWEREF 99 TM: 4.911 and 2.126 km².
    assert (round(own["0126R018"], 2), round(own["0126R001"], 2)) == (4.91, 2.13)
    assert sizes_of(found).filter(pl.col("omrade_id") == "0126")["areal_km2"][0] == pytest.approx(141.26, abs=0.01)


def test_a_square_kilometre_is_one() -> None:
    # A minute of latitude is 1857 m here and one of longitude 953 m.
    square = shapely.box(18.0, 59.0, 18.0 + 1 / 60, 59.0 + 1 / 60)
    assert sizes(np.array([square]))[0] == pytest.approx(1.857 * 0.957, rel=0.01)


def test_a_border_that_crosses_itself_is_refused(huddinge: pl.DataFrame) -> None:
    bow = '{"type":"Polygon","coordinates":[[[18,59],[18.1,59.1],[18.1,59],[18,59.1],[18,59]]]}'
    crossed = huddinge.with_columns(
        geometri=pl.when(pl.col("omrade_id") == "0126R001").then(pl.lit(bow)).otherwise("geometri")
    )
    with pytest.raises(AnswerError, match="0126R001 cross themselves"):
        omradesgranser(crossed, REPORT)
