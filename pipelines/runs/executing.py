"""A job run from a command, to its end.

Here belongs how a job of the definitions is run by the process that asks for it. What came of it is told where it was
asked for.
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from pipelines.definitions import defs, job_of
from pipelines.runs.failures import Result
from pipelines.settings import Settings


def execute(
    settings: Settings, instance: dg.DagsterInstance, job: str, tags: Mapping[str, str], config: Mapping[str, Any]
) -> Result:
    """Run a job: in this process, or conducted by it where workers do the steps; the tags say who began it, of what."""
    if settings.executor == "in-process":
        return defs.resolve_job_def(job).execute_in_process(
            instance=instance, run_config=config, tags=dict(tags), raise_on_error=False
        )
    made_anew = dg.build_reconstructable_job("pipelines.definitions", job_of.__name__, (job,))
    return dg.execute_job(made_anew, instance, run_config=config, tags=dict(tags))
