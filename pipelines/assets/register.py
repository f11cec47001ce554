"""The goal register as tables: the report, its goals and its indicators."""

import polars as pl

from pipelines.assets.table_asset import table_asset
from pipelines.assets.upstream import PLAN
from pipelines.runs.run import Run
from pipelines.transforms import register


@table_asset("rapporter", layer="core", deps=[PLAN], kinds=frozenset({"toml"}))
def rapporter(run: Run) -> pl.DataFrame:
    """The report with its overall decision."""
    return register.rapporter(run.plan.register, run.report)


@table_asset("malregister", layer="core", deps=[PLAN], kinds=frozenset({"toml"}))
def malregister(run: Run) -> pl.DataFrame:
    """The committee goals."""
    return register.malregister(run.plan.register, run.report)


@table_asset("indikatorregister", layer="core", deps=[PLAN], kinds=frozenset({"toml"}))
def indikatorregister(run: Run) -> pl.DataFrame:
    """The indicators."""
    return register.indikatorregister(run.plan.register, run.report)
