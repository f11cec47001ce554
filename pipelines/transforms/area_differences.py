"""How each area differs: from the municipality, the county and the country, from the others and over time.

Here belongs one area against others. The spread of all areas as one figure belongs in ``dispersion``.

Differences of shares are in percentage points. Areas are ranked only by measures with a good side; two
areas have different ranks only where the difference is more than noise and rounding explain.
"""

from typing import Final

import polars as pl

from contracts.vocabulary import Level, Side
from pipelines.transforms.area_series import series_break
from pipelines.transforms.area_tables import SOURCE
from pipelines.transforms.report import Report

YEARS: Final = 5
SHARE: Final = "procent"
SAME: Final = 1e-9
"""Values that differ by less are the same: what is left by binary fractions."""

AMONG: Final = ("matt_id", "niva", "indelning", "ar")


def omradesskillnader(
    values: pl.DataFrame, series: pl.DataFrame, measures: pl.DataFrame, known: pl.DataFrame, report: Report
) -> pl.DataFrame:
    """Each RegSO and DeSO compared, measure by measure and year by year.

    ``values``, ``series``, ``measures`` and ``known`` are the datasets ``omradesvarden``,
    ``omradesserier``, ``omradesmatt`` and ``omraden``.
    """
    local = values.filter(pl.col("niva").is_in([str(Level.REGSO), str(Level.DESO)]))
    frame = local.join(measures.select("matt_id", "enhet", "riktning"), on="matt_id", maintain_order="left").join(
        known.select("omrade_id", "indelning", "jamforbar"), on=["omrade_id", "indelning"], maintain_order="left"
    )
    for level, name in (
        (Level.MUNICIPALITY, "kommun_varde"),
        (Level.COUNTY, "lan_varde"),
        (Level.COUNTRY, "riket_varde"),
    ):
        above = values.filter(pl.col("niva") == str(level)).select("matt_id", "ar", pl.col("varde").alias(name))
        frame = frame.join(above, on=["matt_id", "ar"], how="left", maintain_order="left")
    share = pl.col("enhet") == SHARE
    compared = _ranked(_with_change(frame, series)).with_columns(
        avvikelse_pe=pl.when(share).then(pl.col("varde") - pl.col("kommun_varde")),
        avvikelse_lan_pe=pl.when(share).then(pl.col("varde") - pl.col("lan_varde")),
        forandring_5ar_pe=pl.when(share).then("forandring"),
        seriebrott=series_break(),
        kalla=pl.lit(SOURCE),
    )
    return report.table("omradesskillnader", compared)


def _with_change(frame: pl.DataFrame, series: pl.DataFrame) -> pl.DataFrame:
    """The value minus that of some years before in the same series."""
    told = series.select("serie_id", "omrade_id", "niva", "matt_id", "ar", "varde")
    before = told.select("serie_id", "matt_id", pl.col("ar") + YEARS, fore="varde")
    changed = told.join(before, on=["serie_id", "matt_id", "ar"]).select(
        "omrade_id", "niva", "matt_id", "ar", forandring=pl.col("varde") - pl.col("fore")
    )
    return frame.join(changed, on=["omrade_id", "niva", "matt_id", "ar"], how="left", maintain_order="left")


def _ranked(frame: pl.DataFrame) -> pl.DataFrame:
    """Rank areas where the measure has a good side.

    Each value stands for all that it may be: itself and its uncertainty on either side. Areas whose ranges
    touch, directly or by way of others, are not told apart and share the rank of the first of them.
    """
    sign = pl.when(pl.col("riktning") == str(Side.HIGH)).then(-1.0).when(pl.col("riktning") == str(Side.LOW)).then(1.0)
    ranked = (
        frame.with_columns(at=sign * pl.col("varde"), off=pl.col("osakerhet").fill_null(0.0))
        .with_columns(low=pl.col("at") - pl.col("off"), high=pl.col("at") + pl.col("off"))
        .sort("low", nulls_last=True)
    )
    reach = pl.col("high").cum_max().shift().over(AMONG)
    apart = ranked.with_columns(nytt=(reach.is_null() | (pl.col("low") > reach + SAME)) & pl.col("low").is_not_null())
    place = pl.int_range(1, pl.len() + 1).over(AMONG)
    first = pl.when(pl.col("nytt")).then(place).forward_fill().over(AMONG)
    several = pl.col("nytt").sum().over(AMONG) > 1
    told = pl.col("low").is_not_null() & several
    return apart.with_columns(
        rang=pl.when(told).then(first.cast(pl.Int64)),
        rang_av=pl.when(told).then(pl.col("low").count().over(AMONG).cast(pl.Int64)),
    )
