"""Quarantine as an operational table: made when every other table has been held to its contract."""

from typing import Final

import polars as pl

from contracts import contract, contracts
from pipelines.assets.country import COUNTRY
from pipelines.assets.table_asset import table_asset, write_all
from pipelines.runs.run import Run
from pipelines.transforms import quarantine

CHECKED: Final = [
    declared.name for layer in ("core", "open") for declared in contracts(layer) if declared.name != COUNTRY
]


@table_asset("karantan", layer="drift", deps=CHECKED, write=write_all)
def karantan(run: Run) -> pl.DataFrame:
    """How many rows are set aside now, by table, rule and source."""
    before = run.warehouse.read(contract("karantan", "drift"))
    return quarantine.karantan(run.warehouse.broken_rules(), before, run.now)
