"""The control of figures: what the report states, held against what follows from it."""

import polars as pl

from pipelines.run import Run
from pipelines.table_asset import table_asset
from pipelines.transforms.figure_checks import CHECKS
from pipelines.transforms.figure_control import as_stated, control
from pipelines.transforms.source_control import outcomes_against_sources


@table_asset("siffergranskning", deps=[*CHECKS, "indikatorutfall", "indikatorregister"])
def siffergranskning(run: Run) -> pl.DataFrame:
    """Every check of a stated figure, with its verdict."""
    stated = {
        name: as_stated(name, run.open(name), run.stated(name).drop("fil_rad"))
        for name in CHECKS
        if name in run.plan.extracts
    }
    rows = [
        control(stated),
        outcomes_against_sources(run.open("indikatorutfall"), run.core("indikatorregister"), run.report),
    ]
    return run.report.table("siffergranskning", pl.concat(rows))
