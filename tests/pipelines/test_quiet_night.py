"""A night in which nothing changed, at the size of the whole country: how many requests it costs."""

import gzip
import json
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest

from pipelines.loads.loading import load
from pipelines.settings import Settings, variable
from tests.servers.kolada import KoladaServer

LISTS: Final = Path(__file__).parents[3] / "shared" / "data" / "kolada"
MOST: Final = 20

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not LISTS.exists(), reason="the real lists of Kolada are not at hand"),
]


def listed(name: str) -> list[dict[str, Any]]:
    """A list of Kolada as it is."""
    data = (LISTS / name).read_bytes()
    body = json.loads(gzip.decompress(data) if name.endswith(".gz") else data)
    records: list[dict[str, Any]] = body["values"] if isinstance(body, dict) else body
    return records


def test_it_asks_for_the_lists_and_what_has_changed_and_writes_nothing(tmp_path: Path) -> None:
    kpis, units = (
        listed("kolada_v3_kpi_all_6099_rkolada.json.gz"),
        listed("kolada_v3_municipality_all_312_rkolada.json"),
    )
    assert (len(kpis), len(units)) == (6099, 312)
    values = pl.DataFrame({"kpi": [kpi["id"] for kpi in kpis]}).with_columns(
        municipality=pl.lit("0126"),
        period=pl.lit(2023, pl.Int64),
        gender=pl.lit("T"),
        count=pl.lit(1, pl.Int64),
        status=pl.lit(""),
        value=pl.int_range(pl.len()).cast(pl.Float64),
        isdeleted=pl.lit(value=False),
        changed=pl.lit("2020-01-01"),
    )
    with KoladaServer(kpis, units, values) as server:
        own = {"home": tmp_path, "kolada_url": server.url, "kolada_rate": 10_000, "plan": tmp_path / "none"}
        settings = Settings.read({variable(name): str(value) for name, value in own.items()})
        first = load(settings, wait=0)
        server.log.clear()
        second = load(settings, wait=0)
        asked = [request.path for request in server.log]
    assert (first.reading, first.new) == ("full", 6099)
    assert (second.reading, second.new, second.changed, second.removed) == ("changes", 0, 0, 0)
    # Two pages of KPIs, one of units, and 25 of the 312 units at a time over the latest 25 years.
    assert len(asked) == second.requests == 2 + 1 + 13
    assert second.requests <= MOST
