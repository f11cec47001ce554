"""The parts of a whole against the whole: a sum of areas beside what SCB tells of what they lie in.

Here belongs the control of cells as they are told. Totals that nobody tells are added in ``area_cells``, and are
no control of anything.

Cells free of noise add up. Each noisy cell may be off by as many units as the plan says, the whole too, so that
a difference within all of them together says nothing; a larger one does.
"""

import polars as pl

from contracts.vocabulary import Level, SumVerdict
from pipelines.transforms.area_cells import kinds, told_cells
from pipelines.transforms.area_tables import SOURCE
from pipelines.transforms.report import Report
from sources.plan.areas import Areas

SAME = 1e-6
"""Counts that differ by less are the same."""


def omradessummor(observations: pl.DataFrame, known: pl.DataFrame, areas: Areas, report: Report) -> pl.DataFrame:
    """Each count that is told of a whole and of all its parts: DeSO of a RegSO, RegSO of the municipality.

    ``observations`` is ``core.omradesceller``, ``known`` the dataset ``omraden``.
    """
    told = told_cells(observations, known, areas).join(
        kinds(areas).filter("raknas").select("kalla_id"), on="kalla_id", how="semi", maintain_order="left"
    )
    pairs = ((Level.DESO, Level.REGSO), (Level.REGSO, Level.MUNICIPALITY))
    frame = pl.concat([_added(told, known, of, to) for of, to in pairs])
    difference, allowed = pl.col("summa") - pl.col("angivet"), pl.col("tillaten_differens")
    verdict = (
        pl.when(difference.abs() < SAME)
        .then(pl.lit(str(SumVerdict.AGREES)))
        .when(difference.abs() <= allowed + SAME)
        .then(pl.lit(str(SumVerdict.WITHIN_NOISE)))
        .otherwise(pl.lit(str(SumVerdict.BEYOND_NOISE)))
    )
    judged = frame.with_columns(differens=difference, utslag=verdict, kalla=pl.lit(SOURCE))
    return report.table("omradessummor", judged)


def _added(told: pl.DataFrame, known: pl.DataFrame, of: Level, to: Level) -> pl.DataFrame:
    """The wholes at level ``to`` with the sums of their parts at level ``of``, where every part is told."""
    parts = known.filter(pl.col("niva") == str(of))
    counts = parts.group_by("over_id", "indelning").agg(antal_delar=pl.len())
    sums = (
        told.filter(pl.col("niva") == str(of))
        .group_by("kalla_id", "over_id", "indelning", "ar", maintain_order=True)
        .agg(summa=pl.col("cell").sum(), delars_brus=pl.col("brus").sum(), finns=pl.len())
        .join(counts, on=["over_id", "indelning"], maintain_order="left")
        .filter(pl.col("finns") == pl.col("antal_delar"))
    )
    wholes = told.filter(pl.col("niva") == str(to)).select("kalla_id", "omrade_id", "niva", "ar", "cell", "brus")
    return wholes.join(
        sums, left_on=["kalla_id", "omrade_id", "ar"], right_on=["kalla_id", "over_id", "ar"], maintain_order="left"
    ).select(
        "omrade_id",
        "niva",
        "indelning",
        "ar",
        "summa",
        "antal_delar",
        delarnas_niva=pl.lit(str(of)),
        cell=pl.col("kalla_id"),
        angivet=pl.col("cell"),
        tillaten_differens=pl.col("brus") + pl.col("delars_brus"),
    )
