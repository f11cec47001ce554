"""Record the answers of the shipped example: ``python -m tests.record_example SHARED_DIR``.

Real lists and values are served by the servers beside this module and fetched by the real clients, so
that ``sources/huddinge/2023/archive`` is what a live run would have kept. Nothing is made up:

- KPIs and units are Kolada's own lists of version 3, of 2026-03-23.
- Values are those of Kolada's version 2 on 2024-08-30, written as records of version 3: a value has count
  1, no value has count 0 (as version 3 has it), status is empty, nothing is deleted. Kolada held no values
  of N00672 that day in this material, so there is no record of it.
- The population of SCB's table TAB638 is taken from Kolada's N01951, which is SCB's population: the same
  figure, gone through Kolada. Labels and other members that are not known are left out of the answer, and
  ``updated`` is the day of the material.
- The answers by area are told of in ``record_areas``.
"""

import gzip
import json
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import polars as pl

from sources.archive import Answer, Archive
from sources.boundaries import request
from sources.http import Live, Service
from sources.kolada import Kolada
from sources.plan import load_plan
from sources.plan.areas import AreaPart
from sources.scb import Scb
from tests.record_areas import TOLD, area_tables
from tests.servers.kolada import KoladaServer
from tests.servers.scb import ScbServer, Table

PLAN: Final = Path(__file__).parents[1] / "sources" / "huddinge" / "2023"
ARCHIVE: Final = PLAN / "archive"
KPIS: Final = (
    "N00670",
    "N00590",
    "U00200",
    "U07451",
    "N00090",
    "N02201",
    "N02202",
    "N07905",
    "N07906",
    "N00672",
)
COUNTRY: Final = "0000"
HUDDINGE: Final = "0126"
COUNTY: Final = "G33612"
YEARS: Final = range(1999, 2024)
POPULATION: Final = "N01951"
SCB_TABLE: Final = "TAB638"
SCB_SELECTION: Final[Mapping[str, tuple[str, ...]]] = {
    "Region": (HUDDINGE,),
    "Alder": ("tot",),
    "ContentsCode": ("BE0101N1",),
    "Tid": ("2020", "2021", "2022"),
}
SCB_TOTALS: Final = ("Civilstand", "Kon")
LISTED: Final = datetime(2026, 3, 23, tzinfo=UTC)
VALUED: Final = datetime(2024, 8, 30, tzinfo=UTC)


def main(shared: Path, archive: Path = ARCHIVE) -> None:
    """Record everything anew."""
    data = shared / "data"
    shutil.rmtree(archive, ignore_errors=True)
    values = pl.read_parquet(data / "kolada" / "kolada_v2_values_mapped_kpis_2024-08-30.parquet")
    lists = {
        "kpis": _listed(data / "kolada" / "kolada_v3_kpi_all_6099_rkolada.json.gz"),
        "municipalities": _listed(data / "kolada" / "kolada_v3_municipality_all_312_rkolada.json"),
    }
    units = [COUNTRY, *_members(data / "kolada" / "kolada_v3_municipality_groups_all_3630_rkolada.json.gz")]
    # The servers' own addresses change from run to run and must not stand in what is recorded.
    public = "https://api.kolada.se/v3"
    with KoladaServer(lists["kpis"], lists["municipalities"], as_version_3(values), public=public) as server:
        with _live(archive, "kolada", server.url, LISTED) as live:
            Kolada(live).kpis(KPIS)
            Kolada(live).municipalities()
        with _live(archive, "kolada", server.url, VALUED) as live:
            Kolada(live).observations(KPIS, units, YEARS)
    config = json.loads((data / "scb" / "config.json").read_bytes())
    tables = {SCB_TABLE: population(values)}
    with ScbServer(config, tables) as scb, _live(archive, "scb", scb.url, VALUED) as live:
        Scb(live, ask_first=False).observations(SCB_TABLE, SCB_SELECTION, totals=SCB_TOTALS)
    moment = datetime.fromisoformat(TOLD)
    with ScbServer(config, area_tables(data / "areas")) as scb, _live(archive, "scb", scb.url, moment) as live:
        for part in area_parts():
            Scb(live, ask_first=False).observations(part.table, part.asked, totals=part.totals)

    # The file is what SCB's service gives, reprojected to WGS 84, which the service does itself when asked to.
    shapes = (data / "areas" / "huddinge_regso2025_wgs84.geojson").read_bytes()
    asked = request(HUDDINGE, "RegSO_2025")
    Archive(archive).add(asked, Answer(200, {"Content-Type": "application/json"}, shapes, moment))


def area_parts() -> list[AreaPart]:
    """What the example's plan takes from SCB by area."""
    areas = load_plan(PLAN).register.areas
    return [part for series in areas.series for part in series.part] if areas else []


def as_version_3(values: pl.DataFrame) -> pl.DataFrame:
    """Values of version 2 with the fields that a record of version 3 has."""
    return values.with_columns(
        pl.col("value").is_not_null().cast(pl.Int64).alias("count"),
        pl.lit("").alias("status"),
        pl.lit(value=False).alias("isdeleted"),
        pl.col("period").cast(pl.Int64),
    )


def population(values: pl.DataFrame) -> Table:
    """The cells of TAB638 that are known, from the population in Kolada."""
    kept = values.filter(
        pl.col("kpi") == POPULATION,
        pl.col("municipality") == HUDDINGE,
        pl.col("gender") == "T",
        pl.col("period").cast(pl.String).is_in(SCB_SELECTION["Tid"]),
    ).sort("period")
    cells = kept.select(
        pl.col("municipality").alias("Region"),
        pl.lit("tot").alias("Alder"),
        pl.lit("BE0101N1").alias("ContentsCode"),
        pl.col("period").cast(pl.String).alias("Tid"),
        pl.col("value"),
        pl.lit(None, pl.String).alias("status"),
    )
    return Table(SCB_SELECTION, cells, time="Tid", metric="ContentsCode", updated=f"{VALUED:%Y-%m-%dT%H:%M:%SZ}")


@contextmanager
def _live(archive: Path, service: str, url: str, clock: datetime) -> Iterator[Live]:
    """The real client, without haste and with the clock of the material; one request at a time."""
    with Live({service: Service(url, 1000)}, Archive(archive), workers=1, clock=lambda: clock) as live:
        yield live


def _listed(path: Path) -> Sequence[Mapping[str, Any]]:
    """The records of a stored list."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    values: Sequence[Mapping[str, Any]] = json.loads(raw)["values"]
    return values


def _members(path: Path) -> list[str]:
    """The municipalities of the county."""
    group = next(group for group in _listed(path) if group["id"] == COUNTY)
    return [member["member_id"] for member in group["members"]]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
