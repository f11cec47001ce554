"""The status of each indicator: its outcome of record against its milestone.

Here belongs what decides a status, with the distance and the trend. Grades of goals belong in
``pipelines.transforms.grades``, sentences in ``pipelines.transforms.sentences``.
"""

from typing import Final

import polars as pl

from contracts.vocabulary import Direction, MilestoneStatus, Operator, Reason, ReportedStatus, Trend
from pipelines.transforms.reconciliation import of_indicators
from pipelines.transforms.report import Report
from pipelines.transforms.sentences import explanation

PRECISION: Final = 9
"""Decimals at which two floats count as equal: finer than any source prints."""


def status(outcome: str, operator: str, bound: str) -> pl.Expr:
    """The milestone status of column ``outcome`` held against column ``bound`` by column ``operator``.

    An outcome equal to a strict bound is a tie. Without outcome, operator or bound nothing can be
    assessed. (The closed vocabulary is ``contracts.vocabulary.MilestoneStatus``.)
    """
    value, limit = pl.col(outcome).round(PRECISION), pl.col(bound).round(PRECISION)
    sign = pl.col(operator)
    reached = (
        pl.when(sign == Operator.AT_LEAST)
        .then(value >= limit)
        .when(sign == Operator.MORE_THAN)
        .then(value > limit)
        .when(sign == Operator.AT_MOST)
        .then(value <= limit)
        .when(sign == Operator.LESS_THAN)
        .then(value < limit)
        .when(sign == Operator.EQUAL)
        .then(value == limit)
    )
    strict = sign.is_in([str(Operator.MORE_THAN), str(Operator.LESS_THAN)])
    return (
        pl.when(reached.is_null())
        .then(pl.lit(str(MilestoneStatus.NOT_ASSESSABLE)))
        .when(strict & (value == limit))
        .then(pl.lit(str(MilestoneStatus.TIE)))
        .when(reached)
        .then(pl.lit(str(MilestoneStatus.REACHED)))
        .otherwise(pl.lit(str(MilestoneStatus.NOT_REACHED)))
    )


def indikatorer(
    register: pl.DataFrame, outcomes: pl.DataFrame, report: Report, *, decided: bool, tie_is_reached: bool = False
) -> pl.DataFrame:
    """Each indicator of the register with its status.

    ``outcomes`` is the dataset ``indikatorutfall``. Of a *decided* report the stated outcome is of
    record; of another the source's, where the indicator has a source (``datasets.md``, "Whose
    figure decides"). Only values that hold now and are about all sexes are read.
    """
    now = outcomes.filter(pl.col("kand_till").is_null() & (pl.col("kon") == "T"))
    stated = now.filter(pl.col("kalla") == report.kalla)
    sourced = now.filter(pl.col("kalla") != report.kalla)
    frame = _with_outcome(register, stated, "stated")
    frame = _with_outcome(frame, sourced, "source")
    from_source = pl.lit(not decided) & pl.col("kalla_id").is_not_null()
    frame = frame.with_columns(
        utfall=pl.when(from_source).then("source").otherwise("stated"),
        forra=pl.when(from_source).then("source_before").otherwise("stated_before"),
        saknas=pl.when(from_source).then("source_missing").otherwise("stated_missing"),
        kalla=pl.when(from_source).then(pl.coalesce("source_kalla", "kalla_id")).otherwise("kalla"),
        kalla_rad=pl.when(~from_source).then("kalla_rad"),
        utfall_kalla=pl.col("source"),
        # An indicator that no source measures has none to be late.
        orsak_kalla=pl.when(pl.col("kalla_id").is_null())
        .then(pl.lit(str(Reason.NOT_APPLICABLE)))
        .otherwise("source_missing"),
    )
    frame = frame.with_columns(
        etappmal_status=status("utfall", "etappmal_operator", "etappmal_varde"),
        status_kalla=pl.when(pl.col("utfall_kalla").is_not_null()).then(
            status("utfall_kalla", "etappmal_operator", "etappmal_varde")
        ),
    )
    frame = frame.with_columns(
        orsak=_reason(),
        stammer=_agrees(tie_is_reached=tie_is_reached),
        avstand=(pl.col("utfall") - pl.col("etappmal_varde")) * _better(),
        trend=_trend(),
    )
    told = frame.with_columns(
        forklaring=explanation(frame), avstamning=of_indicators(frame, tie_is_reached=tie_is_reached)
    )
    return report.table("indikatorer", told)


def _with_outcome(frame: pl.DataFrame, outcomes: pl.DataFrame, name: str) -> pl.DataFrame:
    """Add the outcome of the year as column ``name``, that of the year before, and why it is missing."""
    values = outcomes.select("indikator_id", "ar", "utfall", "utfall_status", "kalla")
    names = {"ar": "utfall_ar", "utfall": name, "utfall_status": f"{name}_missing", "kalla": f"{name}_kalla"}
    joined = frame.join(
        values.rename(names),
        on=["indikator_id", "utfall_ar"],
        how="left",
        maintain_order="left",
    ).join(
        values.select("indikator_id", pl.col("ar").add(1).alias("utfall_ar"), pl.col("utfall").alias(f"{name}_before")),
        on=["indikator_id", "utfall_ar"],
        how="left",
        maintain_order="left",
    )
    missing = pl.col(name).is_null()
    return joined.with_columns(
        pl.when(missing)
        .then(pl.coalesce(f"{name}_missing", pl.lit(str(Reason.NOT_PUBLISHED))))
        .alias(f"{name}_missing")
    )


def _better() -> pl.Expr:
    """1 where higher is better, -1 where lower is."""
    return pl.when(pl.col("riktning") == Direction.HIGHER).then(1.0).otherwise(-1.0)


def _reason() -> pl.Expr:
    """Why a milestone cannot be assessed: no milestone, or whatever made the outcome missing."""
    return (
        pl.when(pl.col("etappmal_status") != MilestoneStatus.NOT_ASSESSABLE)
        .then(pl.lit(None, pl.String))
        .when(pl.col("etappmal_varde").is_null() | pl.col("etappmal_operator").is_null())
        .then(pl.lit(str(Reason.NO_MILESTONE)))
        .otherwise("saknas")
    )


def _agrees(*, tie_is_reached: bool) -> pl.Expr:
    """Whether the computed status is what the report says; blank where either says nothing."""
    computed = pl.col("etappmal_status").replace_strict(
        {
            str(MilestoneStatus.REACHED): True,
            str(MilestoneStatus.NOT_REACHED): False,
            str(MilestoneStatus.TIE): tie_is_reached,
            str(MilestoneStatus.NOT_ASSESSABLE): None,
        },
        return_dtype=pl.Boolean,
    )
    reported = pl.col("rapporterad_status").replace_strict(
        {
            str(ReportedStatus.REACHED): True,
            str(ReportedStatus.NOT_REACHED): False,
            str(ReportedStatus.UNSTATED): None,
        },
        return_dtype=pl.Boolean,
    )
    return computed == reported


def _trend() -> pl.Expr:
    """The outcome of record against the year before from the same source, read in the indicator's direction."""
    change = ((pl.col("utfall") - pl.col("forra")) * _better()).round(PRECISION)
    return (
        pl.when(change > 0)
        .then(pl.lit(str(Trend.BETTER)))
        .when(change < 0)
        .then(pl.lit(str(Trend.WORSE)))
        .when(change == 0)
        .then(pl.lit(str(Trend.UNCHANGED)))
    )
