"""The money as published: each table from its extract, with every derived figure computed.

Here belong the transforms of the amounts and the formulas that they share with the control of
figures. Stated variances and percentages are never copied; that is what ``figure_control`` holds
them against.
"""

from typing import Final

import polars as pl

from contracts.vocabulary import Reason, RowKind
from pipelines.transforms.report import Report
from pipelines.transforms.statements import placed
from pipelines.transforms.years import year_before

VARIANCE: Final = pl.col("utfall_tkr") - pl.col("budget_tkr")
"""Outcome minus budget: minus is worse than budget, as costs are negative."""

OUTCOME_BEFORE: Final = year_before("utfall_tkr", "verksamhet_id")
"""An activity's outcome of the year just before."""


def missing(*figures: str) -> pl.Expr:
    """Why a row lacks one of these figures: a memo has no use for all of them, another row was handed in without."""
    return pl.when(pl.any_horizontal(pl.col(figures).is_null())).then(
        pl.when(pl.col("radtyp") == RowKind.MEMO)
        .then(pl.lit(str(Reason.NOT_APPLICABLE)))
        .otherwise(pl.lit(str(Reason.NOT_PUBLISHED)))
    )


def variance_percent(outcome: pl.Expr, budget: pl.Expr) -> pl.Expr:
    """The variance as a share of the budget's size; nothing where there is no budget."""
    return pl.when(budget != 0).then((outcome - budget) / budget.abs() * 100)


def change_percent(outcome: pl.Expr, before: pl.Expr) -> pl.Expr:
    """The change in net cost; plus is a higher cost. Nothing where the year before had no net cost."""
    return pl.when(before < 0).then((before - outcome) / before.abs() * 100)


def share_percent(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """A part of a whole; nothing where the whole is zero."""
    # Zero of a negative whole would be a negative zero, which nobody wants to read.
    share = pl.when(part == 0).then(0.0).otherwise(part / whole * 100)
    return pl.when(whole != 0).then(share)


def resultatrakning(extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """The income statement."""
    rows = placed("resultatrakning", extract, report)
    # A memo (the carry-over of results, the equity) is an amount of its own and no variance.
    amount = pl.when(pl.col("radtyp") == RowKind.MEMO).then(pl.col("avvikelse_tkr")).otherwise(VARIANCE)
    figures = missing("budget_tkr", "utfall_tkr", "avvikelse_tkr", "fg_ar_tkr")
    return report.table("resultatrakning", rows.with_columns(avvikelse_tkr=amount).with_columns(orsak=figures))


def driftsredovisning(extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """The operating accounts by activity."""
    rows = placed("driftsredovisning", extract, report).with_columns(
        avvikelse_tkr=VARIANCE, avvikelse_procent=variance_percent(pl.col("utfall_tkr"), pl.col("budget_tkr"))
    )
    return report.table("driftsredovisning", rows)


def driftsredovisning_ar(extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """The operating accounts by activity and year."""
    rows = placed("driftsredovisning_ar", extract, report).with_columns(
        forandring_procent=change_percent(pl.col("utfall_tkr"), OUTCOME_BEFORE)
    )
    # The first year has none before it to have changed from.
    first = pl.when(pl.col("forandring_procent").is_null()).then(pl.lit(str(Reason.NOT_APPLICABLE)))
    return report.table("driftsredovisning_ar", rows.with_columns(orsak=pl.coalesce(missing("utfall_tkr"), first)))


def sarskilda_satsningar(extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """The special initiatives."""
    rows = placed("sarskilda_satsningar", extract, report).with_columns(
        forbrukning_procent=share_percent(pl.col("utfall_tkr"), pl.col("budget_tkr"))
    )
    return report.table("sarskilda_satsningar", rows)


def digitaliseringspott(extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """The digitalisation fund."""
    rows = placed("digitaliseringspott", extract, report).with_columns(
        forbrukning_procent=share_percent(pl.col("utfall_tkr"), pl.col("tilldelat_tkr"))
    )
    return report.table("digitaliseringspott", rows)


def extern_finansiering(extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """The external grants."""
    rows = placed("extern_finansiering", extract, report).with_columns(
        netto_tkr=pl.col("bidrag_tkr") - pl.col("kostnad_tkr")
    )
    figures = missing("bidrag_tkr", "kostnad_tkr", "netto_tkr", "i_budget_tkr")
    return report.table("extern_finansiering", rows.with_columns(orsak=figures))


def budgetram(extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """The steps of the budget frame: each with its change and the frame after it.

    A step states its amount or the frame after it, seldom both: the other is computed. A step that
    states neither keeps its blanks, so that the contract refuses it.
    """
    rows = frames_before(extract).with_columns(ram_angiven=pl.col("ram_mnkr").is_not_null())
    frame = pl.coalesce("ram_mnkr", pl.col("ram_fore") + pl.col("belopp_mnkr"))
    change = pl.coalesce("belopp_mnkr", pl.col("ram_mnkr") - pl.col("ram_fore"))
    # These are decimal figures that were added: rounding takes away only what binary fractions left.
    return report.table("budgetram", rows.with_columns(ram_mnkr=frame.round(1), belopp_mnkr=change.round(1)))


def frames_before(extract: pl.DataFrame) -> pl.DataFrame:
    """The steps in order, with ``ram_fore``: the last stated frame before a step plus the amounts since.

    ``antal_fore`` tells how many stated amounts have been added to it: none where a frame follows
    directly on a stated one.
    """
    stated = pl.col("ram_mnkr").is_not_null()
    steps = extract.sort("steg").with_columns(
        _since=stated.cast(pl.Int64).cum_sum().shift(1, fill_value=0),
        _anchor=pl.col("ram_mnkr").forward_fill().shift(1).fill_null(0.0),
        _amount=pl.col("belopp_mnkr").fill_null(0.0),
        _counted=pl.col("belopp_mnkr").is_not_null().cast(pl.Int64),
    )
    return steps.with_columns(
        ram_fore=pl.col("_anchor") + (pl.col("_amount").cum_sum() - pl.col("_amount")).over("_since"),
        antal_fore=(pl.col("_counted").cum_sum() - pl.col("_counted")).over("_since"),
    ).drop("_since", "_anchor", "_amount", "_counted")


def investeringar(extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """The committee's own investments."""
    return report.table("investeringar", _against_budget("investeringar", extract, report))


def investeringsprojekt(extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """The investment projects by phase."""
    return report.table("investeringsprojekt", _against_budget("investeringsprojekt", extract, report))


def _against_budget(name: str, extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """Investments held against their budget."""
    return placed(name, extract, report).with_columns(
        avvikelse_tkr=VARIANCE, upparbetning_procent=share_percent(pl.col("utfall_tkr"), pl.col("budget_tkr"))
    )


def investeringsoverforing(extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """The investment money proposed to be carried over."""
    rows = placed("investeringsoverforing", extract, report).with_columns(
        belopp_tkr=(pl.col("belopp_mnkr") * 1000).round()
    )
    return report.table("investeringsoverforing", rows)


def exploateringsprojekt(extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """The investments in development projects by phase."""
    net = pl.col("utgift_tkr") + pl.col("inkomst_tkr")
    rows = placed("exploateringsprojekt", extract, report).with_columns(
        netto_tkr=net, avvikelse_tkr=net - pl.col("budget_tkr")
    )
    return report.table("exploateringsprojekt", rows)


def exploateringsutfall(extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """The outcome of development projects by phase, against the plan's forecast."""
    rows = placed("exploateringsutfall", extract, report).with_columns(
        avvikelse_tkr=pl.col("utfall_tkr") - pl.col("prognos_tkr")
    )
    return report.table("exploateringsutfall", rows)
