"""The control of figures: what the report states, held against what follows from it."""

from typing import Final

import polars as pl

from pipelines.run import Run
from pipelines.table_asset import table_asset
from pipelines.transforms import figure_control
from pipelines.transforms.source_control import outcomes_against_sources

TABLES: Final = (*figure_control.CHECKS, "budgetram")
"""The tables whose own figures are controlled."""


@table_asset("siffergranskning", deps=[*TABLES, "indikatorutfall", "indikatorregister"])
def siffergranskning(run: Run) -> pl.DataFrame:
    """Every check of a stated figure, with its verdict."""
    extracts = {name: run.stated(name).drop("fil_rad") for name in TABLES if name in run.plan.extracts}
    rows = [
        figure_control.control(extracts, run.report),
        outcomes_against_sources(run.open("indikatorutfall"), run.core("indikatorregister"), run.report),
    ]
    return run.report.table("siffergranskning", pl.concat(rows))
