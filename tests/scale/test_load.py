"""The whole country, its parts read by several workers: every value there once, and each worker took part."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import duckdb
import polars as pl
import pytest

from pipelines.storage.places import Lake
from tests.pipelines.country import Country, cells, told
from tests.scale.machines import Servers, Site, site

pytestmark = pytest.mark.scale

KPIS: Final = [f"{letter}{digit}{number:04d}" for letter in "NU" for digit in range(4) for number in range(40)]


@pytest.fixture
def country() -> Iterator[Country]:
    """A small country whose KPIs are of eight beginnings."""
    with Country(cells(KPIS)) as server:
        yield server


def held(found: Site) -> pl.DataFrame:
    """The values that the lake has now."""
    lake = Lake(found.settings["ETAPPMAL_WAREHOUSE"], "etappmal_live", found.place.home / "live" / "lake")
    with duckdb.connect() as connection:
        lake.attach(connection)
        frame: pl.DataFrame = connection.sql(
            "SELECT kalla_id, kommun_id, ar, kon, varde FROM warehouse.core.kolada_hela_landet WHERE kand_till IS NULL"
        ).pl()
    return frame


def test_a_load_is_spread_over_the_workers(cluster: Servers, tmp_path: Path, country: Country) -> None:
    settings = {
        **cluster.settings("load", 3),
        "ETAPPMAL_SOURCE": "live",
        "ETAPPMAL_KOLADA_URL": country.url,
        "ETAPPMAL_KOLADA_RATE": "1000",
    }
    with site(tmp_path / "site", settings, "a", "b") as here:
        ended = here.place.run("load", "kolada", "--all", "--json", settings=settings)
        assert ended.status == 0, ended.err
        done = json.loads(ended.out)
        assert (done["reading"], done["values"], done["new"]) == ("full", country.values.height, country.values.height)
        assert sorted(held(here).rows(), key=str) == told(country.values)
        assert all(worker.did() > 1 for worker in here.workers)
        asked = [path for path in country.asked() if "/data/" in path]
        assert len(asked) == len(set(asked)) == 8 * 2 * 2
        again = json.loads(here.place.run("load", "kolada", "--all", "--json", settings=settings).out)
        assert (again["reading"], again["new"], again["changed"]) == ("changes", 0, 0)
