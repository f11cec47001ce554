"""A small Kolada for the tests: three KPIs, three units and a group, three years."""

from typing import Any, Final

import polars as pl

from sources.http import Live
from sources.kolada import Kolada, Observations
from tests.servers.kolada import KoladaServer

KPIS: Final = ("N00090", "N00670", "U00200")
UNITS: Final = ("0000", "0126", "0180")
YEARS: Final = (2020, 2021, 2022)
TITLES: Final = {
    "N00090": "Sjukfrånvaro, andel (%)",
    "N00670": "Kan rekommendera andra att flytta, andel (%)",
    "U00200": "Medarbetarengagemang, gammal definition (-2024)",
}
SHAPE: Final = ("kalla_id", "kommun_id", "ar", "kon", "varde", "antal", "status", "borttagen")


def values(units: tuple[str, ...] = (*UNITS, "G33612")) -> pl.DataFrame:
    """Made-up values for every KPI, unit, year and gender; every fifth is missing, and one is deleted."""
    keys = [(kpi, unit, year, kon) for kpi in KPIS for unit in units for year in YEARS for kon in "TKM"]
    return (
        pl.DataFrame(keys, schema=["kpi", "municipality", "period", "gender"], orient="row")
        .with_row_index("number")
        .with_columns(
            pl.when(pl.col("number") % 5 > 0).then(pl.col("number") / 8).alias("value"),
            pl.lit("").alias("status"),
            (pl.col("number") == 10).alias("isdeleted"),
            pl.date(2026, 1 + pl.col("number") % 3, 1).alias("changed"),
        )
        .with_columns(pl.col("value").is_not_null().cast(pl.Int64).alias("count"))
    )


VALUES: Final = values()


def expected(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows that a client gives back for rows of the server."""
    renamed = {
        "kpi": "kalla_id",
        "municipality": "kommun_id",
        "period": "ar",
        "gender": "kon",
        "value": "varde",
        "count": "antal",
        "isdeleted": "borttagen",
    }
    return frame.filter(~pl.col("municipality").str.starts_with("G")).rename(renamed).select(SHAPE)


def rows(frame: pl.DataFrame) -> pl.DataFrame:
    """A client's rows, without where and when, in one order."""
    return frame.select(SHAPE).sort(SHAPE[:4])


def server(frame: pl.DataFrame = VALUES, **more: Any) -> KoladaServer:
    """A server of these values."""
    units = [{"id": "0000", "title": "Riket", "type": "L"}, {"id": "0126", "title": "Huddinge", "type": "K"}]
    kpis = [{"id": id_, "title": title, "description": None, "has_ou_data": False} for id_, title in TITLES.items()]
    return KoladaServer(kpis, units, frame, **more)


def ask(live: Live) -> Observations:
    """All observations."""
    return Kolada(live).observations(KPIS, UNITS, YEARS)
