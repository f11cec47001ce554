"""The asset graph of the project with empty bodies, run as ``etappmal refresh`` runs the real one.

What this costs is Dagster's own: the same assets, dependencies, checks, job, instance and process.
"""

import gc
import os
import sys
from collections.abc import Iterator

import dagster as dg

from pipelines.definitions import JOB, build_definitions
from pipelines.runs.instance import prepare
from pipelines.settings import Settings


def empty_definitions() -> dg.Definitions:
    """The project's definitions with every body replaced by one that does nothing."""
    graph = build_definitions().resolve_asset_graph()
    checks = {key.asset_key: key.name for key in graph.asset_check_keys}
    assets: list[dg.AssetsDefinition | dg.AssetSpec] = []
    for node in graph.asset_nodes:
        if not node.is_materializable or node.is_partitioned:
            assets.append(dg.AssetSpec(node.key))
            continue
        assets.append(_empty(node.key, list(node.parent_keys), checks.get(node.key)))
    return dg.Definitions(
        assets=assets,
        jobs=[dg.define_asset_job(JOB, selection=dg.AssetSelection.all())],
        executor=dg.in_process_executor,
    )


def _empty(key: dg.AssetKey, deps: list[dg.AssetKey], check: str | None) -> dg.AssetsDefinition:
    """An asset that reports itself and its check as done."""
    specs = [dg.AssetCheckSpec(check, asset=key, blocking=True)] if check else []

    @dg.asset(key=key, deps=deps, check_specs=specs)
    def body() -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
        if check:
            yield dg.AssetCheckResult(check_name=check, passed=True)
        yield dg.MaterializeResult()

    return body


def main() -> None:
    """Run the job once on the instance of the settings."""
    prepare(Settings.read())
    with dg.DagsterInstance.get() as instance:
        result = (
            empty_definitions()
            .resolve_job_def(JOB)
            .execute_in_process(
                instance=instance,
                run_config={"loggers": {"console": {"config": {"log_level": "ERROR"}}}},
                raise_on_error=False,
            )
        )
    sys.stdout.flush()
    os._exit(0 if result.success else 1)


if __name__ == "__main__":
    gc.disable()
    main()
