"""Borders of areas: what is asked of SCB's geodata service, and which answers are refused."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from sources.archive import Answer, Archive
from sources.boundaries import BORDER, borders, request
from sources.errors import AnswerError
from sources.http import Live, Service
from sources.transport import Replay
from tests.record_example import ARCHIVE
from tests.servers.loopback import Asked, Loopback, Reply

SQUARE: Final = [[[17.9, 59.2], [18.0, 59.2], [18.0, 59.3], [17.9, 59.3], [17.9, 59.2]]]


def area(code: str = "0126R001", name: str = "Norra", *, rings: Any = SQUARE, **more: Any) -> dict[str, Any]:
    """An area as the service tells it."""
    told = {"regsokod": code, "regsonamn": name, "kommunkod": "0126", "version": "2025_v2", **more}
    return {"type": "Feature", "properties": told, "geometry": {"type": "Polygon", "coordinates": rings}}


def told(tmp_path: Path, *features: dict[str, Any], body: Any = None, **more: Any) -> Replay:
    """An archive that holds this answer."""
    said = {"type": "FeatureCollection", "features": list(features), **more} if body is None else body
    data = said if isinstance(said, bytes) else json.dumps(said).encode()
    archive = Archive(tmp_path / "archive")
    archive.add(request("0126", "RegSO_2025"), Answer(200, {}, data, datetime(2026, 9, 30, tzinfo=UTC)))
    return Replay(archive)


def test_borders_are_told_with_code_name_division_and_version(tmp_path: Path) -> None:
    found = borders(told(tmp_path, area(), area("0126R002", "Södra"), totalFeatures=2), "0126", "RegSO_2025")
    assert found.schema == BORDER
    assert found.select("omrade_id", "omrade", "niva", "indelning", "version").rows() == [
        ("0126R001", "Norra", "regso", "2025", "2025_v2"),
        ("0126R002", "Södra", "regso", "2025", "2025_v2"),
    ]
    assert json.loads(found["geometri"][0]) == {"type": "Polygon", "coordinates": SQUARE}


@pytest.mark.parametrize(
    ("features", "more", "message"),
    [
        pytest.param([area()], {"totalFeatures": 2}, "holds 1 areas and says that there are 2", id="not all of them"),
        pytest.param([], {}, "holds no features", id="none"),
        pytest.param([area(), area()], {}, "an area comes twice", id="one twice"),
        pytest.param([area("0127R001")], {}, "'0127R001' is no area of 0126", id="another municipality's code"),
        pytest.param([area(kommunkod="0127")], {}, "is no area of 0126", id="of another municipality"),
        pytest.param([area(rings=[[[6570000, 670000]] * 4])], {}, "no polygon in WGS 84", id="in metres"),
        pytest.param([area(rings=[[[59.2, 17.9]] * 4])], {}, "no polygon in WGS 84", id="latitude first"),
        pytest.param([area(rings=[])], {}, "no polygon in WGS 84", id="without points"),
        pytest.param([area(rings=[[["a", "b"]]])], {}, "no polygon in WGS 84", id="of words"),
        pytest.param([{"type": "Feature"}], {}, "lacks its code, version or border", id="without a border"),
        pytest.param([], {"body": b"<html>"}, "it is not JSON", id="an error page"),
        pytest.param([], {"body": ["x"]}, "holds no features", id="no object"),
    ],
)
def test_what_is_not_the_whole_of_the_municipality_is_refused(
    features: list[dict[str, Any]], more: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(AnswerError, match=message):
        borders(told(tmp_path, *features, **more), "0126", "RegSO_2025")


@pytest.mark.parametrize(("municipality", "layer"), [("0126", "RegSO 2025"), ("0126' OR 1=1", "RegSO_2025")])
def test_nothing_but_a_municipality_and_a_layer_is_asked_for(municipality: str, layer: str, tmp_path: Path) -> None:
    with pytest.raises(AnswerError, match="is no layer of a municipality"):
        borders(told(tmp_path, area()), municipality, layer)


class Wfs(Loopback):
    """A geodata service with one answer, which remembers what it was asked."""

    base = "/geoserver/stat/wfs"

    def reply(self, asked: Asked) -> Reply:
        """The answer."""
        self.query = dict(asked.query)
        return Reply({"type": "FeatureCollection", "features": [area()]})


def test_the_service_is_asked_for_one_municipality_in_wgs_84(tmp_path: Path) -> None:
    with Wfs() as server, Live({"scb_wfs": Service(server.url, 1000)}, Archive(tmp_path / "archive")) as live:
        assert borders(live, "0126", "RegSO_2025").height == 1
    assert server.query["typeName"] == "stat:RegSO_2025"
    assert server.query["srsName"] == "EPSG:4326"
    assert server.query["CQL_FILTER"] == "kommunkod='0126'"


def test_the_example_has_the_borders_of_all_its_areas() -> None:
    found = borders(Replay(Archive(ARCHIVE, read_only=True)), "0126", "RegSO_2025")
    assert found.height == 22
    assert found["omrade"].to_list()[:2] == ["Flemingsberg västra", "Flemingsberg östra"]
