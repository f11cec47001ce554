"""The year and the years: what interim reports foresaw, and what became of goals from report to report."""

from typing import Final

import polars as pl

from contracts import contract
from pipelines.assets.table_asset import table_asset, write_all
from pipelines.assets.upstream import PLAN
from pipelines.runs.run import Run
from pipelines.storage import whole_reports
from pipelines.transforms import forecasts, goal_history
from sources.plan.expressions import claimable

NAMEABLE: Final = [name for name in claimable() if name not in {"delarsuppgifter", goal_history.TABLE}]
"""The tables that a figure of an interim report may stand in."""


@table_asset("prognoser", deps=[PLAN, "malbedomning"])
def prognoser(run: Run) -> pl.DataFrame:
    """Each goal as interim reports forecast it."""
    return forecasts.prognoser(run.plan.register, run.open("malbedomning"), run.report)


@table_asset("delarsuppgifter", deps=[PLAN, *NAMEABLE])
def delarsuppgifter(run: Run) -> pl.DataFrame:
    """Figures of interim reports beside the final ones."""
    register = run.plan.register
    tables = {name: run.open(name) for name in sorted(forecasts.named_tables(register))}
    handed_in = {name: frame for name, frame in tables.items() if frame.height}
    return forecasts.delarsuppgifter(register, handed_in, run.report)


@table_asset("malhistorik", deps=["malregister", "indikatorregister"], write=write_all)
def malhistorik(run: Run) -> pl.DataFrame:
    """Goals and indicators of all reports; those of one whose last run broke off are as they are published."""
    broken = sorted(whole_reports.broken_off(run.warehouse) - {each.report.rapport for each in run.reports})
    stood = run.published("malhistorik") if broken else None
    of_broken = pl.col("rapport").is_in(broken)
    goals, indicators = (
        run.warehouse.read(contract(name, "core")).filter(~of_broken) for name in ("malregister", "indikatorregister")
    )
    return goal_history.malhistorik(goals, indicators, None if stood is None else stood.filter(of_broken))
