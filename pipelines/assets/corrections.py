"""The corrections ledger: its table, and the check that each entry about the services is still needed."""

import polars as pl

from pipelines.assets.table_asset import table_asset
from pipelines.assets.upstream import PLAN
from pipelines.runs.run import Run
from pipelines.transforms import corrections
from sources.plan.corrections import OBSERVED


@table_asset("rattelser", deps=[PLAN, *OBSERVED], kinds=frozenset({"toml"}))
def rattelser(run: Run) -> pl.DataFrame:
    """Every known error at a source that figures are corrected for.

    An entry about an extract is held to its file where that is read.
    """
    for name in OBSERVED:
        if run.plan.corrections_of(name):
            run.require_needed(name, run.told(name))
    return corrections.rattelser(run.plan.corrections, run.report)
