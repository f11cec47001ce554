"""SCB's own lists as they came, config and metadata, read and asked by: codes with odd letters, totals of their own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest

from sources.errors import AnswerError
from sources.http import Live
from sources.scb import Scb
from tests.servers.loopback import Asked, Reply
from tests.servers.scb import ScbServer, Table

Connect = Callable[..., Live]
LISTS: Final = Path(__file__).parents[3] / "shared" / "data" / "scb"
MONTHLY: Final = "TAB6471"

pytestmark = pytest.mark.skipif(not LISTS.exists(), reason="SCB's real lists are not at hand")


def listed(name: str) -> dict[str, Any]:
    """A list as it came."""
    body: dict[str, Any] = json.loads((LISTS / name).read_bytes())
    return body


class RealLists(ScbServer):
    """SCB with its own config and metadata; the cells are made up, since none are at hand."""

    def __init__(self) -> None:
        """Serve the population by month: 1 for each sex, and a total that is no sum."""
        self.told = listed(f"{MONTHLY}_metadata.json")
        found = {name: self.told["dimension"][name]["category"]["index"] for name in self.told["id"]}
        codes = {name: tuple(sorted(index, key=index.__getitem__)) for name, index in found.items()}
        cells = pl.DataFrame({"Region": codes["Region"]})
        for name, chosen in (("Alder", ["0", "TotSA"]), ("Kon", codes["Kon"]), ("Tid", codes["Tid"])):
            cells = cells.join(pl.DataFrame({name: list(chosen)}), how="cross", maintain_order="left_right")
        values = cells.with_columns(
            ContentsCode=pl.lit("000007SF"),
            value=pl.when(pl.col("Kon") == "TotSa").then(3.0).otherwise(1.0),
            status=pl.lit(None, pl.String),
        )
        table = Table(codes, values, time="Tid", metric="ContentsCode", updated=self.told["updated"])
        config = {**listed("config.json"), "maxCallsPerTimeWindow": 3000}
        super().__init__(config, {MONTHLY: table})

    def reply(self, asked: Asked) -> Reply:
        """The metadata as they came, whatever the language, and the cells."""
        return Reply(self.told) if asked.path.endswith("/metadata") else super().reply(asked)


def test_the_real_metadata_is_read_whole(connect: Connect) -> None:
    with RealLists() as scb:
        client = Scb(connect("scb", scb.url))
        found, limits = client.metadata(MONTHLY), client.config()
    assert limits.most_cells == 150_000
    assert [(each.name, len(each.codes)) for each in found.dimensions] == [
        ("Region", 312),
        ("Alder", 134),
        ("Kon", 3),
        ("ContentsCode", 1),
        ("Tid", 16),
    ]
    assert found.time == {"Tid"}
    region = found.dimension("Region")
    assert region is not None
    assert region.labels["0126"] == "Huddinge"


def test_totals_are_asked_for_by_their_own_codes_and_a_variable_left_out_is_refused(connect: Connect) -> None:
    month = {"Region": ["0126"], "ContentsCode": ["000007SF"], "Tid": "top(1)"}
    with RealLists() as scb:
        client = Scb(connect("scb", scb.url))
        found = client.observations(MONTHLY, {**month, "Alder": ["TotSA"]}, totals=["Kon"])
        with pytest.raises(AnswerError, match="Kon is left out"):
            client.observations(MONTHLY, {**month, "Alder": ["TotSA"]})
    assert found.select("Region", "Alder", "Kon", "Tid", "value").rows() == [("0126", "TotSA", "TotSa", "2026M04", 3.0)]


def test_the_whole_country_by_month_is_split_within_the_limit_and_is_the_whole(connect: Connect) -> None:
    every = {"Region": "*", "Alder": ["0", "TotSA"], "Kon": "*", "ContentsCode": ["000007SF"], "Tid": "*"}
    with RealLists() as scb:
        scb.config = {**scb.config, "maxDataCells": 10_000}
        found = Scb(connect("scb", scb.url)).observations(MONTHLY, every)
        asked = [request for request in scb.log if request.path.endswith("/data")]
    assert found.height == 312 * 2 * 3 * 16
    assert len(asked) > 1
    assert found["value"].null_count() == 0
