"""Borders as a file for map programs."""

import json
from pathlib import Path

from contracts import contract
from output.formats.geojson import write_geojson
from output.tables import published
from tests.output.publishing import framed

SHAPE = '{"type":"Polygon","coordinates":[[[18.0,59.0],[18.1,59.0],[18.1,59.1],[18.0,59.0]]]}'


def test_each_border_is_a_feature_with_what_is_told_of_it(tmp_path: Path) -> None:
    declared = contract("omradesgranser")
    row = {"kommun_id": "0126", "omrade_id": "0126R001", "omrade": "Norra", "indelning": "2025", "niva": "regso"}
    more = {"version": "1", "areal_km2": 2.5, "geometri": SHAPE, "geometri_forenklad": SHAPE, "kalla": "SCB"}
    write_geojson(published(framed([{**row, **more}], declared.polars_schema), declared), tmp_path / "a.geojson")
    (feature,) = json.loads((tmp_path / "a.geojson").read_text(encoding="utf-8"))["features"]
    assert feature["geometry"] == json.loads(SHAPE)
    assert feature["id"] == "0126R001"
    assert (feature["properties"]["omrade"], feature["properties"]["areal_km2"]) == ("Norra", 2.5)
    assert "geometri" not in feature["properties"]
