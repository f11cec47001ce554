"""Borders as a file for map programs."""

import json
from pathlib import Path

import polars as pl
from rdflib import DCAT, DCTERMS, Graph, URIRef

from contracts import contract
from output.formats.geojson import write_geojson
from output.publication.generation import publish
from output.tables import published
from tests.output.publishing import ABOUT, OCCASION, framed, income

SHAPE = '{"type":"Polygon","coordinates":[[[18.0,59.0],[18.1,59.0],[18.1,59.1],[18.0,59.0]]]}'


def test_each_border_is_a_feature_with_what_is_told_of_it(tmp_path: Path) -> None:
    write_geojson(published(borders(), contract("omradesgranser")), tmp_path / "a.geojson")
    (feature,) = json.loads((tmp_path / "a.geojson").read_text(encoding="utf-8"))["features"]
    assert feature["geometry"] == json.loads(SHAPE)
    assert feature["id"] == "0126R001"
    assert (feature["properties"]["omrade"], feature["properties"]["areal_km2"]) == ("Norra", 2.5)
    assert "geometri" not in feature["properties"]


def test_the_file_is_one_of_its_dataset_on_the_page_and_in_the_catalogue(tmp_path: Path) -> None:
    public = tmp_path / "public"
    publish({"omradesgranser": borders(), "resultatrakning": income(1)}, public, ABOUT, OCCASION)
    files = json.loads((public / "latest" / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert {file["path"]: file["dataset"] for file in files if file["path"].endswith(".geojson")} == {
        "omradesgranser.geojson": "omradesgranser"
    }
    page = (public / "data" / "omradesgranser" / "index.html").read_text(encoding="utf-8")
    assert 'href="../../latest/omradesgranser.geojson"' in page
    graph = Graph().parse(public / "catalog.rdf")
    told = graph.value(predicate=DCAT.downloadURL, object=URIRef(f"{ABOUT.base_url}/latest/omradesgranser.geojson"))
    assert str(graph.value(told, DCTERMS.format)) == "application/geo+json"
    assert str(graph.value(predicate=DCAT.distribution, object=told)).endswith("/id/dataset/omradesgranser")


def borders() -> pl.DataFrame:
    """The border of one area."""
    row = {"kommun_id": "0126", "omrade_id": "0126R001", "omrade": "Norra", "indelning": "2025", "niva": "regso"}
    more = {"version": "1", "areal_km2": 2.5, "geometri": SHAPE, "geometri_forenklad": SHAPE, "kalla": "SCB"}
    return framed([{**row, **more}], contract("omradesgranser").polars_schema)
