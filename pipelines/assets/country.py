"""The whole country: a backfill with one partition for each beginning of a KPI's id, and a load spread over workers.

Here belongs what Dagster is told of a load. What a load does stands in ``pipelines.loads.loading``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import dagster as dg

from pipelines.assets.table_asset import CONTRACTS, OWNER, POOL
from pipelines.assets.upstream import KOLADA
from pipelines.loads import loading_shared
from pipelines.loads.loading import EVERY_DAYS, load
from pipelines.runs.liveness import alive
from pipelines.settings import Settings
from sources.errors import SourceError

COUNTRY: Final = "kolada_hela_landet"
LOAD: Final = "load_country"
"""The job of a load whose parts are read by workers."""

ENDED: Final = "all_parts_read"
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
    settings = Settings.read()
    with _refusing(), alive(settings, context.run.run_id):
        done = load(settings, begins=context.partition_key)
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


class LoadConfig(dg.Config):
    """What may be asked of a load."""

    full: bool = False
    every_days: float = EVERY_DAYS


@dg.op(out=dg.DynamicOut(dict))
def parts(context: dg.OpExecutionContext, config: LoadConfig) -> Iterator[dg.DynamicOutput[dict[str, Any]]]:
    """Begin a load, or go on with one: its parts."""
    full, every_days = config.full, config.every_days
    with _refusing():
        found = loading_shared.begin(Settings.read(), context.run.run_id, full=full, every_days=every_days)
    for part in found:
        asked = {"part": part, "full": full, "every_days": every_days}
        yield dg.DynamicOutput(asked, mapping_key=part or "changes")


@dg.op
def part_read(context: dg.OpExecutionContext, asked: dict[str, Any]) -> dict[str, Any]:
    """Read a part, and show it as a partition of the asset."""
    with _refusing():
        done = loading_shared.read_part(Settings.read(), context.run.run_id, **asked)
    if asked["part"] in PARTITIONS.get_partition_keys():
        told = {"värden": done["values"], "nya": done["new"], "frågor": done["requests"]}
        context.log_event(dg.AssetMaterialization(COUNTRY, partition=asked["part"], metadata=told))
    return {**asked, "done": done}


@dg.op(name=ENDED)
def all_parts_read(context: dg.OpExecutionContext, read: list[dict[str, Any]]) -> dict[str, Any]:
    """Note that all of it is read."""
    how = {name: read[0][name] for name in ("full", "every_days")}
    with _refusing():
        return loading_shared.end(Settings.read(), context.run.run_id, [each["done"] for each in read], **how)


@dg.job(name=LOAD, description="All KPIs for all municipalities and regions, their parts read by several workers.")
def load_country() -> None:
    """Read the parts of a load at once, where there are workers."""
    all_parts_read(parts().map(part_read).collect())


@contextmanager
def _refusing() -> Iterator[None]:
    """Fail a step whose answers are refused, in words."""
    try:
        yield
    except SourceError as error:
        raise dg.Failure(str(error), allow_retries=False) from error
