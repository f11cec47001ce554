"""Series of areas over the change of division: what can be compared is joined, what cannot is broken.

Here belongs what an area of today was before, and the adding of counts that makes them one series. An area
that is unchanged keeps its code; one that was divided goes on as the sum of its parts, counts only, never
shares or medians; any other is two series, one in each division.
"""

import polars as pl

from contracts.vocabulary import Level, Sureness
from pipelines.transforms.area_cells import ADDED, cells, kinds
from pipelines.transforms.area_tables import SOURCE
from pipelines.transforms.area_values import measured
from pipelines.transforms.areas import splits
from pipelines.transforms.report import Report
from sources.plan.areas import Areas


def omradesserier(
    observations: pl.DataFrame, known: pl.DataFrame, log: pl.DataFrame, areas: Areas, report: Report
) -> pl.DataFrame:
    """Each measure along the series of each area; ``known`` and ``log`` are ``omraden`` and ``omradesforandringar``."""
    divided = known.filter(pl.col("niva").is_in([str(Level.DESO), str(Level.REGSO)]))
    names = divided.select("omrade_id", "indelning", "jamforbar").with_columns(serie_id=_series_id())
    told = cells(observations, known, areas).join(names, on=["omrade_id", "indelning"])
    joined = pl.concat([told, joined_splits(told, log, areas)])
    # The measures are worked out of cells by area and year: here a series stands in for the area.
    values = measured(joined.with_columns(omrade_id=pl.col("serie_id"), indelning=pl.lit("")), areas)
    about = joined.select("serie_id", "omrade_id", "jamforbar").unique()
    frame = (
        values.rename({"omrade_id": "serie_id"})
        .join(about, on="serie_id", maintain_order="left")
        .with_columns(seriebrott=series_break(), kalla=pl.lit(SOURCE))
    )
    return report.table("omradesserier", frame)


def _series_id() -> pl.Expr:
    """The code of an area, with its division where it is another area than in the other division."""
    alone = pl.col("omrade_id").count().over("omrade_id") == 1
    broken = (pl.col("jamforbar") == str(Sureness.NO)) & ~alone
    return pl.when(broken).then(pl.format("{}_{}", "omrade_id", "indelning")).otherwise("omrade_id")


def series_break() -> pl.Expr:
    """Whether a series is broken at the change of division, from whether its area can be followed over it."""
    opposite = {
        str(Sureness.YES): str(Sureness.NO),
        str(Sureness.NO): str(Sureness.YES),
        str(Sureness.UNCLEAR): str(Sureness.UNCLEAR),
    }
    return pl.col("jamforbar").replace_strict(opposite, return_dtype=pl.String)


def joined_splits(told: pl.DataFrame, log: pl.DataFrame, areas: Areas) -> pl.DataFrame:
    """The counts of the parts of each divided area, added: the area goes on under its old code.

    ``told`` are cells with ``serie_id`` and ``jamforbar``. Every part must have the cell.
    """
    pure = splits(log)
    counts = pure.group_by("fran").agg(delar=pl.len())
    return (
        told.join(pure, left_on="omrade_id", right_on="till")
        .join(kinds(areas).filter("raknas").select("kalla_id"), on="kalla_id", how="semi")
        .group_by("kalla_id", "fran", "niva", "ar", maintain_order=True)
        .agg(
            *ADDED,
            pl.col("indelning").first(),
            finns=pl.len(),
        )
        .join(counts, on="fran")
        .filter(pl.col("finns") == pl.col("delar"))
        .with_columns(
            omrade_id="fran",
            serie_id="fran",
            over_id=pl.lit(None, pl.String),
            jamforbar=pl.lit(str(Sureness.YES)),
        )
        .select(told.columns)
    )
