"""The whole country as a backfill: one partition for each beginning of a KPI's id.

Here belongs what Dagster is told of a load. What a load does stands in ``pipelines.loading``.
"""

from typing import Final

import dagster as dg

from pipelines.assets.upstream import KOLADA
from pipelines.loading import load
from pipelines.settings import Settings
from pipelines.table_asset import CONTRACTS, OWNER, POOL
from sources.errors import SourceError

COUNTRY: Final = "kolada_hela_landet"
PARTITIONS: Final = dg.StaticPartitionsDefinition([f"{letter}{digit}" for letter in "NU" for digit in range(10)])
"""N0 to U9: the beginnings of all ids."""


@dg.asset(
    name=COUNTRY,
    description="Alla nyckeltal i Kolada för alla kommuner och regioner, de senaste 25 åren. "
    "Ingår inte i den nattliga körningen.\n\n"
    "All KPIs of Kolada for all municipalities and regions, the latest 25 years. "
    "No part of the nightly refresh.",
    group_name=CONTRACTS,
    owners=[OWNER],
    kinds={"duckdb", "api", "json"},
    deps=[dg.AssetKey(KOLADA)],
    partitions_def=PARTITIONS,
    pool=POOL,
)
def kolada_hela_landet(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """Read a partition in full; one that was broken off goes on where it was."""
    try:
        done = load(Settings.read(), begins=context.partition_key)
    except SourceError as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    return dg.MaterializeResult(
        metadata={
            "frågor": done.requests,
            "värden": done.values,
            "nya": done.new,
            "ändrade": done.changed,
            "borttagna": done.removed,
            "utan värden": ", ".join(done.missing),
        }
    )
