"""Cells by area: SCB's values under the codes of the plan's areas, with sums where a total is not told.

Here belongs what a cell is about, whether its code holds for its year, and which cells may be added.
What is measured with them belongs in ``area_values``.

SCB answers 0 for a code outside its years: such a cell is missing, whatever it holds. A total is
asked for by its own code and used as it is told; only where it is not told are the cells of the parts
added, and never cells with noise from 2025 on.
"""

from typing import Final

import polars as pl

from contracts.vocabulary import Level
from sources.plan.areas import COUNTED, Areas

CELL: Final = pl.Schema(
    {
        "kalla_id": pl.String(),
        "omrade_id": pl.String(),
        "indelning": pl.String(),
        "niva": pl.String(),
        "over_id": pl.String(),
        "ar": pl.Int64(),
        "cell": pl.Float64(),
        "celler": pl.Int64(),
        "brus": pl.Float64(),
        "kand_fran": pl.Datetime("us"),
    }
)
"""A cell: its value, of how many cells it was added, and by how many units it may be off."""

ADDED: Final = (pl.col("cell").sum(), pl.col("celler").sum(), pl.col("brus").sum(), pl.col("kand_fran").max())
"""What cells that are added come to: as old as the newest of them, and as noisy as all together."""

TOLD_ONLY_FROM: Final = 2025
"""From this year on noisy cells are not added: SCB's own total is the only one."""

SUFFIX: Final = r"_(?:DeSO|RegSO)\d{4}$"


def kinds(areas: Areas) -> pl.DataFrame:
    """The series of the plan, cell by cell: whether they are counts, and their noise."""
    rows = [
        (cell, series.unit == COUNTED, series.noise, series.noise_from)
        for series in areas.series
        for cell in series.cells
    ]
    schema = {"kalla_id": pl.String, "raknas": pl.Boolean, "storst_brus": pl.Float64, "brus_fran": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def told_cells(observations: pl.DataFrame, known: pl.DataFrame, areas: Areas) -> pl.DataFrame:
    """The cells that hold now, as told, of areas in ``known`` (the dataset ``omraden``) and within their years."""
    code = pl.col("kommun_id").str.replace(SUFFIX, "")
    edition = pl.col("kommun_id").str.extract(r"_(?:DeSO|RegSO)(\d{4})$")
    now = observations.filter(pl.col("kand_till").is_null() & pl.col("varde").is_not_null()).select(
        "kalla_id", "ar", "kand_fran", "varde", omrade_id=code, given=edition
    )
    plain = pl.when(pl.col("niva") == str(Level.DESO)).then(pl.lit("2018")).otherwise(pl.lit("2020"))
    divided = pl.col("niva").is_in([str(Level.DESO), str(Level.REGSO)])
    within = pl.col("ar").is_between(
        pl.col("galler_fran").fill_null(0), pl.col("galler_till").fill_null(9999), closed="both"
    )
    return (
        now.join(
            known.select("omrade_id", "indelning", "niva", "over_id", "galler_fran", "galler_till"),
            on="omrade_id",
            maintain_order="left",
        )
        .filter(~divided | (pl.col("indelning") == pl.coalesce("given", plain)))
        .filter(within)
        .join(kinds(areas), on="kalla_id", maintain_order="left")
        .with_columns(
            cell=pl.col("varde"),
            celler=pl.lit(1),
            brus=pl.when(pl.col("ar") >= pl.col("brus_fran")).then("storst_brus").otherwise(0.0),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in CELL.items())
    )


def cells(observations: pl.DataFrame, known: pl.DataFrame, areas: Areas) -> pl.DataFrame:
    """The cells told, and the totals that are not told but may be added of their parts.

    A RegSO is added of its DeSO, the municipality of its RegSO, so that each is made of what is
    nearest below it. Every part must have the cell.
    """
    told = told_cells(observations, known, areas)
    regso = with_totals(told, known, areas, of=Level.DESO, to=Level.REGSO)
    return with_totals(regso, known, areas, of=Level.REGSO, to=Level.MUNICIPALITY)


def with_totals(told: pl.DataFrame, known: pl.DataFrame, areas: Areas, *, of: Level, to: Level) -> pl.DataFrame:
    """Add the totals at level ``to`` that are not told, of the cells at level ``of``."""
    parts = known.filter(pl.col("niva") == str(of)).select("omrade_id", "indelning", "over_id")
    counts = parts.group_by("over_id", "indelning").agg(delar=pl.len())
    above = known.filter(pl.col("niva") == str(to)).select(
        "omrade_id", "galler_fran", "galler_till", "indelning", over="over_id"
    )
    addable = told.join(kinds(areas).filter("raknas"), on="kalla_id", maintain_order="left").filter(
        (pl.col("niva") == str(of)) & ((pl.col("brus") == 0) | (pl.col("ar") < TOLD_ONLY_FROM))
    )
    sums = (
        addable.group_by("kalla_id", "over_id", "indelning", "ar", maintain_order=True)
        .agg(
            *ADDED,
            finns=pl.len(),
        )
        .join(counts, on=["over_id", "indelning"])
        .filter(pl.col("finns") == pl.col("delar"))
        .drop("indelning", "finns", "delar")
        .rename({"over_id": "omrade_id"})
        .join(above, on="omrade_id")
        .filter(pl.col("ar").is_between(pl.col("galler_fran").fill_null(0), pl.col("galler_till").fill_null(9999)))
        .with_columns(niva=pl.lit(str(to)), over_id="over")
        .select(pl.col(name).cast(dtype) for name, dtype in CELL.items())
    )
    return pl.concat([told, sums.join(told, on=["kalla_id", "omrade_id", "indelning", "ar"], how="anti")])
