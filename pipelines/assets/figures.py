"""The control of figures: what the report states, held against what follows from it."""

import polars as pl

from pipelines.assets.table_asset import table_asset
from pipelines.runs.run import Run
from pipelines.transforms.claims import claims, outcomes_now, read
from pipelines.transforms.figure_checks import CHECKS
from pipelines.transforms.figure_control import as_stated, control
from pipelines.transforms.source_control import outcomes_against_sources
from pipelines.transforms.twin_figures import twins
from sources.plan.expressions import claimable


@table_asset("siffergranskning", deps=[*claimable(), "indikatorregister"])
def siffergranskning(run: Run) -> pl.DataFrame:
    """Every check of a stated figure, with its verdict."""
    stated = {
        name: as_stated(name, run.open(name), run.stated(name).drop("fil_rad"))
        for name in CHECKS
        if name in run.plan.extracts
    }
    apart = {table.rpartition(".")[2] for table in run.warehouse.quarantined(run.report.rapport)["table_name"]}
    rows = [
        control(stated),
        twins(stated, run.report.year),
        claims(run.plan.claims, _tables(run), apart),
        outcomes_against_sources(run.open("indikatorutfall"), run.core("indikatorregister"), run.report),
    ]
    return run.report.table("siffergranskning", pl.concat(rows))


def _tables(run: Run) -> dict[str, pl.DataFrame]:
    """The published tables that claims read; a table that nobody has handed in is left out."""
    names = read(run.plan.claims, run.open("textuppgifter"))
    tables = {name: run.open(name) for name in sorted(names)}
    if "indikatorutfall" in tables:
        tables["indikatorutfall"] = outcomes_now(tables["indikatorutfall"], run.core("indikatorregister"))
    return {name: frame for name, frame in tables.items() if frame.height}
