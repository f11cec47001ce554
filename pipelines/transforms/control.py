"""Internal control: samples, results, measures, procurements and the vehicle fleet.

Here belongs how the tables of ``contracts.control`` come from their extracts.
"""

import polars as pl

from contracts.vocabulary import Reason, RowKind
from pipelines.transforms.naming import slug
from pipelines.transforms.report import Report


def stickprov(extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """Each committee's samples; the share with errors is computed from the row's own counts, the total's too."""
    samples, errors = pl.col("antal_stickprov"), pl.col("antal_fel")
    frame = _with_parent(extract).with_columns(
        pl.when(samples > 0).then(errors / samples * 100).alias("andel_fel_procent"),
        _unpublished("andel_fel_delar2_procent").alias("andel_fel_delar2_status"),
    )
    return report.table("stickprov", frame)


def kontrollresultat(extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """The results of control tests, as stated."""
    return report.table("kontrollresultat", extract)


def riskatgarder(extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """The measures against risks."""
    return report.table("riskatgarder", extract)


def granskningsatgarder(extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """The measures after audits."""
    return report.table("granskningsatgarder", extract)


def systematiska_kontroller(extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """The recurring controls."""
    return report.table("systematiska_kontroller", extract)


def direktupphandlingar(extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """Counts of direct procurements, as stated."""
    return report.table("direktupphandlingar", extract.with_columns(slug("organisation").alias("organisation_id")))


def fordonsflotta(extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """Each organisation's vehicles. Without any vehicle there is no share of them."""
    no_vehicles = pl.col("andel_fossilfri_procent").is_null() & (pl.col("antal") == 0)
    frame = _with_parent(extract).with_columns(
        pl.when(no_vehicles)
        .then(pl.lit(str(Reason.NOT_APPLICABLE)))
        .otherwise(_unpublished("andel_fossilfri_procent"))
        .alias("andel_fossilfri_status"),
        _unpublished("antal").alias("antal_status"),
    )
    return report.table("fordonsflotta", frame)


def _unpublished(value: str) -> pl.Expr:
    """The reason for a blank in the column ``value``: the source does not state it."""
    return pl.when(pl.col(value).is_null()).then(pl.lit(str(Reason.NOT_PUBLISHED)))


def _with_parent(extract: pl.DataFrame) -> pl.DataFrame:
    """Add the organisation's identifier, and to each item the organisation of the extract's total row."""
    named = extract.with_columns(slug("organisation").alias("organisation_id"))
    kind = pl.col("radtyp")
    total = pl.col("organisation_id").filter(kind == str(RowKind.TOTAL)).first()
    return named.with_columns(pl.when(kind == str(RowKind.ITEM)).then(total).alias("over_id"))
