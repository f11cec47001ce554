"""The areas of a municipality that begins: a list that keeps its contract, and a section that holds."""

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from contracts import contract
from pipelines.plans.beginning_areas import LAYERS, area_list, area_section, fetch_areas
from pipelines.runs.locking import LockHeldError
from pipelines.settings import Settings
from sources.archive import Answer, Archive
from sources.boundaries import request
from sources.errors import AnswerError
from sources.extracts import ExtractFile, read_extract
from sources.plan.areas import Areas
from sources.transport import Replay
from tests.end_to_end.place import Place
from tests.pipelines.test_locking import held
from tests.servers.loopback import Asked, Loopback, Reply

SQUARE: Final = [[[13.0, 55.6], [13.1, 55.6], [13.1, 55.7], [13.0, 55.6]]]


def told(layer: str) -> dict[str, Any]:
    """One area of a layer."""
    level = layer.partition("_")[0].lower()
    own = {"regsokod": "1280R001", "kommunkod": "1280", "version": "v", "regsonamn": "Centrum"}
    more = {"desokod": "1280C1010"} if level == "deso" else {}
    shape = {"type": "Polygon", "coordinates": SQUARE}
    return {"type": "FeatureCollection", "features": [{"properties": {**own, **more}, "geometry": shape}]}


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """An archive with all layers of a municipality."""
    kept = Archive(tmp_path / "archive")
    for layer in LAYERS:
        body = json.dumps(told(layer)).encode()
        kept.add(request("1280", layer), Answer(200, {}, body, datetime(2026, 9, 30, tzinfo=UTC)))
    return kept


def test_the_list_holds_every_area_of_both_divisions_and_is_read_as_it_is(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "omraden.csv"
    path.write_bytes(area_list(Replay(archive), "1280", "Malmö", "Skåne län"))
    file = ExtractFile(table="omraden", name="omraden.csv", path=path, owner="statistik")
    found = read_extract(file, contract("omraden").extract).frame
    assert found.select("omrade_id", "niva", "indelning", "over_id").rows() == [
        ("00", "riket", "alla", None),
        ("12", "lan", "alla", "00"),
        ("1280", "kommun", "alla", "12"),
        ("1280R001", "regso", "2020", "1280"),
        ("1280R001", "regso", "2025", "1280"),
        ("1280C1010", "deso", "2018", "1280R001"),
        ("1280C1010", "deso", "2025", "1280R001"),
    ]


def test_a_list_that_is_not_whole_is_no_list(tmp_path: Path) -> None:
    with pytest.raises(AnswerError):
        area_list(Replay(Archive(tmp_path / "empty")), "1280", "Malmö", "Skåne län")


class Wfs(Loopback):
    """A geodata service with one area in each layer."""

    base = "/wfs"

    def reply(self, asked: Asked) -> Reply:
        """The area."""
        return Reply(told(asked.query["typeName"].partition(":")[2]))


def test_nothing_is_fetched_while_another_writes(tmp_path: Path) -> None:
    settings = Settings.read({"ETAPPMAL_HOME": str(tmp_path), "ETAPPMAL_SOURCE": "live", "ETAPPMAL_RETRY_SECONDS": "1"})
    with held(settings.home) as process:
        with pytest.raises(LockHeldError, match="refresh"):
            fetch_areas(settings, "1280", "Malmö", "Skåne län", tmp_path / "plan", wait=0)
        process.communicate("")
    assert not settings.archive.exists()
    assert not (tmp_path / "plan").exists()


@pytest.mark.slow
def test_the_command_writes_the_list_once_and_prints_what_the_plan_is_to_say(tmp_path: Path) -> None:
    place = Place(tmp_path)
    whose = ("--municipality", "1280", "--name", "Malmö", "--county", "Skåne län")
    asked = ("load", "areas", *whose, "--to", str(tmp_path))
    with Wfs() as server:
        ended = place.run(*asked, settings={"ETAPPMAL_SCB_WFS_URL": server.url})
        again = place.run(*asked, settings={"ETAPPMAL_SCB_WFS_URL": server.url})
    assert ended.status == 0, ended.err
    assert Areas.model_validate(tomllib.loads(ended.out)["areas"]).borders == "RegSO_2025"
    assert len((tmp_path / "extracts" / "omraden.csv").read_text(encoding="utf-8").splitlines()) == 8
    assert (again.status, "there is a list already" in again.err) == (1, True)


def test_the_section_holds_and_asks_for_the_municipality(archive: Archive) -> None:
    said = Areas.model_validate(tomllib.loads(area_section("1280"))["areas"])
    assert {part.regions for series in said.series for part in series.part} == {("1280*",)}
    assert archive.verify() == []
