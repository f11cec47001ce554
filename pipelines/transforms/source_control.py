"""The control of figures against the sources: each printed outcome beside the source's value today.

Here belongs the comparison of a printed figure with a source that measures the same thing. A
difference is no error: sources revise, and the row says so.
"""

import polars as pl

from contracts.vocabulary import FigureCheck, Verdict
from pipelines.transforms.figure_control import SCHEMA
from pipelines.transforms.report import Report
from pipelines.transforms.sentences import quantity


def outcomes_against_sources(outcomes: pl.DataFrame, register: pl.DataFrame, report: Report) -> pl.DataFrame:
    """One row for each printed outcome whose source has a value for the same year.

    ``outcomes`` is the dataset ``indikatorutfall``, ``register`` is ``core.indikatorregister``. A figure
    printed with k decimals stands for an interval of half a unit of its last decimal on either
    side, ends included (``datasets.md``, "Rounding").
    """
    now = outcomes.filter(pl.col("kand_till").is_null() & (pl.col("kon") == "T") & pl.col("utfall").is_not_null())
    stated = now.filter(pl.col("kalla") == report.kalla)
    sourced = now.filter(pl.col("kalla") != report.kalla).select(
        "indikator_id", "ar", beraknat="utfall", kallans_namn="kalla"
    )
    rows = stated.join(sourced, on=["indikator_id", "ar"], maintain_order="left").join(
        register.select("indikator_id", "indikator", "enhet", "decimaler"), on="indikator_id", maintain_order="left"
    )
    tolerance = 0.5 * pl.lit(10.0).pow(-pl.col("decimaler"))
    difference = pl.col("utfall") - pl.col("beraknat")
    # The tolerance is widened by less than any source prints, so that its ends are included in binary too.
    agrees = difference.abs() <= tolerance + 1e-9
    judged = rows.with_columns(
        kontroll_id=pl.format("indikatorutfall_{}_{}_mot_kalla", "indikator_id", "ar"),
        kategori=pl.lit(str(FigureCheck.SOURCE)),
        tabell=pl.lit("indikatorutfall"),
        rad=pl.format("{} {}", "indikator_id", "ar"),
        kolumn=pl.lit("utfall"),
        pastatt="utfall",
        differens=difference,
        tolerans=tolerance,
        utslag=pl.when(agrees).then(pl.lit(str(Verdict.AGREES))).otherwise(pl.lit(str(Verdict.DIFFERS_FROM_SOURCE))),
    )
    texts = [_explanation(row) for row in judged.iter_rows(named=True)]
    explained = judged.with_columns(pl.Series("forklaring", texts, dtype=pl.String), uttryck=pl.lit(None, pl.String))
    return explained.select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())


def _explanation(row: dict[str, object]) -> str:
    """The comparison in a sentence; there are as many as printed outcomes with a source."""
    unit, decimals = str(row["enhet"]), int(str(row["decimaler"]))
    stated = quantity(float(str(row["pastatt"])), decimals, unit)
    source = quantity(round(float(str(row["beraknat"])), 6), decimals, unit)
    ending = "de stämmer överens" if row["utslag"] == Verdict.AGREES else "skiljer sig från källan i dag"
    return f"{row['indikator']} {row['ar']}: rapporten anger {stated}, {row['kallans_namn']} {source}; {ending}."
