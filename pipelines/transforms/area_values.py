"""Measures by area: shares and values worked out of cells, and why there is none where there is none.

Here belongs one area and one year at a time. How areas differ belongs in ``area_differences``, how they
spread in ``dispersion``.

A share is 100 times the sum of the numerator's cells by that of the denominator's, all of the same area and
year. On a denominator under the plan's smallest there is no share. ``osakerhet`` is by how much a value may be
off: what the noise of its cells allows.
"""

from typing import Final

import polars as pl

from contracts.vocabulary import AreaStatus
from sources.plan.areas import AreaMeasure, Areas

VALUE: Final = pl.Schema(
    {
        "omrade_id": pl.String(),
        "indelning": pl.String(),
        "niva": pl.String(),
        "matt_id": pl.String(),
        "ar": pl.Int64(),
        "taljare": pl.Float64(),
        "namnare": pl.Float64(),
        "varde": pl.Float64(),
        "varde_status": pl.String(),
        "antal_celler_summerade": pl.Int64(),
        "osakerhet": pl.Float64(),
        "kand_fran": pl.Datetime("us"),
    }
)

ABOUT: Final = ("omrade_id", "indelning", "niva", "ar")


def measured(cells: pl.DataFrame, areas: Areas) -> pl.DataFrame:
    """Every measure of the plan for each area and year that has all its cells."""
    frames = [_measure(cells, measure, areas.smallest_denominator) for measure in areas.measure]
    return pl.concat([VALUE.to_frame(), *frames]).sort("matt_id", "niva", "indelning", "omrade_id", "ar")


def _measure(cells: pl.DataFrame, measure: AreaMeasure, smallest: int) -> pl.DataFrame:
    """One measure."""
    if measure.value is not None:
        frame = _value(cells, measure)
    else:
        upper = _sum(cells, measure.numerator, "taljare")
        lower = _sum(cells, measure.denominator, "namnare")
        frame = _share(upper.join(lower, on=ABOUT, maintain_order="left"), smallest)
    return frame.with_columns(matt_id=pl.lit(measure.id)).select(
        pl.col(name).cast(dtype) for name, dtype in VALUE.items()
    )


def _value(cells: pl.DataFrame, measure: AreaMeasure) -> pl.DataFrame:
    """A cell as it is; its weight stands as the denominator."""
    frame = cells.filter(pl.col("kalla_id") == measure.value).with_columns(
        varde="cell",
        taljare=pl.lit(None, pl.Float64),
        varde_status=pl.lit(None, pl.String),
        antal_celler_summerade="celler",
        osakerhet="brus",
    )
    if measure.weight is None:
        return frame.with_columns(namnare=pl.lit(None, pl.Float64))
    weights = _sum(cells, (measure.weight,), "namnare").select(*ABOUT, "namnare")
    return frame.join(weights, on=ABOUT, how="left", maintain_order="left")


def _sum(cells: pl.DataFrame, ids: tuple[str, ...], name: str) -> pl.DataFrame:
    """The sum of these cells of each area and year that has all of them, with its noise and its age."""
    return (
        cells.filter(pl.col("kalla_id").is_in(ids))
        .group_by(*ABOUT, maintain_order=True)
        .agg(
            pl.col("cell").sum().alias(name),
            pl.col("celler").sum().alias(f"{name}_celler"),
            pl.col("brus").sum().alias(f"{name}_brus"),
            pl.col("kand_fran").max().alias(f"{name}_kand"),
            finns=pl.len(),
        )
        .filter(pl.col("finns") == len(set(ids)))
        .drop("finns")
    )


def _share(sums: pl.DataFrame, smallest: int) -> pl.DataFrame:
    """The share of two sums, where the denominator is large enough."""
    share = 100 * pl.col("taljare") / pl.col("namnare")
    enough = pl.col("namnare") >= smallest
    return sums.with_columns(
        varde=pl.when(enough).then(share),
        varde_status=pl.when(~enough).then(pl.lit(str(AreaStatus.SMALL))),
        antal_celler_summerade=pl.max_horizontal("taljare_celler", "namnare_celler"),
        osakerhet=pl.when(enough).then(
            100 * (pl.col("taljare_brus") + pl.col("namnare_brus") * share / 100) / pl.col("namnare")
        ),
        kand_fran=pl.max_horizontal("taljare_kand", "namnare_kand"),
    )
