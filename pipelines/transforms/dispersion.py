"""How far areas differ, as one figure: range, ratio, coefficient of variation, dissimilarity.

Here belong measures of a whole set of areas at one level. They say how a municipality differs within
itself over time; the division moves them, so that they rank no municipalities.

- ratio: the highest value by the lowest, of areas that have one
- coefficient of variation: the root of the variance of shares weighted by the denominator, by the share of all
- dissimilarity (Duncan and Duncan 1955): half the sum of the differences between each area's part of the
  group and its part of the others, 0 where they are spread alike and 1 where they share no area
"""

from typing import Final

import polars as pl

from contracts.vocabulary import AreaStatus, Level
from pipelines.transforms.area_differences import SHARE
from pipelines.transforms.area_tables import SOURCE
from pipelines.transforms.report import Report

AMONG: Final = ("niva", "matt_id", "ar")
NAMES: Final = {str(Level.REGSO): "RegSO", str(Level.DESO): "DeSO"}
OTHERS: Final = "Alla andra som ingår i nämnaren"


def dissimilarity(group: pl.Expr, others: pl.Expr) -> pl.Expr:
    """Duncan's index of a group and the others by area; null where either is nobody."""
    parts = (group / group.sum() - others / others.sum()).abs()
    return pl.when((group.sum() > 0) & (others.sum() > 0)).then(0.5 * parts.sum())


def variation(share: pl.Expr, weight: pl.Expr) -> pl.Expr:
    """The weighted coefficient of variation of shares; null where the share of all is 0."""
    whole = (share * weight).sum() / weight.sum()
    spread = ((weight * (share - whole) ** 2).sum() / weight.sum()).sqrt()
    return pl.when(whole > 0).then(spread / whole)


def spridningsmatt(values: pl.DataFrame, measures: pl.DataFrame, report: Report) -> pl.DataFrame:
    """The spread of each measure over the RegSO and over the DeSO of each year that has a value.

    ``values`` and ``measures`` are the datasets ``omradesvarden`` and ``omradesmatt``. Areas too small for a
    share count in what is weighted, by their counts, and not in what is highest and lowest.
    """
    local = values.filter(pl.col("niva").is_in(list(NAMES))).join(
        measures.select("matt_id", "matt", "enhet"), on="matt_id", maintain_order="left"
    )
    upper, lower, value = pl.col("taljare"), pl.col("namnare"), pl.col("varde")
    counted = pl.col("namnare").is_not_null()
    # A measure that is no share may have a weight: its own value is then what is weighted.
    share = pl.when(upper.is_null()).then(value).when(lower > 0).then(upper / lower)
    spread = (
        local.group_by(*AMONG, maintain_order=True)
        .agg(
            matt=pl.col("matt").first(),
            enhet=pl.col("enhet").first(),
            antal_omraden=value.count().cast(pl.Int64),
            lagst=value.min(),
            hogst=value.max(),
            vagt=variation(share, lower),
            olika=dissimilarity(upper, lower - upper),
            med_antal=counted.any(),
            alla=(counted | value.is_not_null()).all(),
            andel=upper.is_not_null().any(),
        )
        .filter(pl.col("antal_omraden") > 0)
    )
    whole = pl.col("alla")
    ratio = pl.when(pl.col("lagst") > 0).then(pl.col("hogst") / pl.col("lagst"))
    frame = spread.with_columns(
        namn=pl.format("{}, spridning mellan {}", "matt", pl.col("niva").replace_strict(NAMES)),
        spann_pe=pl.when(pl.col("enhet") == SHARE).then(pl.col("hogst") - pl.col("lagst")),
        kvot_hogst_lagst=ratio,
        variationskoefficient=pl.when(whole & pl.col("med_antal")).then("vagt"),
        olikhetsindex=pl.when(whole & pl.col("andel")).then("olika"),
        referensgrupp=pl.when(pl.col("andel")).then(pl.lit(OTHERS)),
        varde_status=pl.when(~whole)
        .then(pl.lit(str(AreaStatus.INCOMPLETE)))
        .when(~pl.col("andel"))
        .then(pl.lit(str(AreaStatus.NOT_APPLICABLE)))
        .when(ratio.is_null())
        .then(pl.lit(str(AreaStatus.ZERO))),
        kalla=pl.lit(SOURCE),
    )
    return report.table("spridningsmatt", frame)
