"""Retention of Dagster's own records: a night leaves some megabytes of events, and nobody reads those of last year.

Here belongs what is deleted of them. Releases have a retention of their own in ``output``; manifests, the
archive and the warehouse are the history, and are kept.
"""

import logging
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Final

import dagster as dg

from pipelines.runs.reports import FIRST, LAST, ONE

LOG: Final = logging.getLogger("etappmal")

FINISHED: Final = (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)
AT_ONCE: Final = 100
"""So many runs at most are deleted at the end of one: a home of many years is tidied over some nights."""


def purge(instance: dg.DagsterInstance, job: str, before: datetime) -> Collection[str]:
    """Delete the finished runs of a job that were begun before a time; their ids.

    The last success stays, of each partition or range of them where there are any: the UI tells by it what is
    there. What cannot be deleted now is left to the next run, and logged.
    """
    old = dg.RunsFilter(job_name=job, statuses=list(FINISHED), created_before=before)
    deleted = []
    try:
        runs = instance.get_run_records(old, limit=AT_ONCE, ascending=True)
        for run in (record.dagster_run for record in runs):
            if run.run_id != _last_success(instance, run):
                _delete(instance, run.run_id)
                deleted.append(run.run_id)
    except Exception as error:  # noqa: BLE001 - whatever ails Dagster's storage, the run itself has ended well
        LOG.warning("old runs could not be deleted from Dagster's records: %s", error)
    return deleted


def _last_success(instance: dg.DagsterInstance, run: dg.DagsterRun) -> str | None:
    """The id of the last run of the same job, and of the same partitions of it, that succeeded."""
    tags = {name: run.tags[name] for name in (ONE, FIRST, LAST) if name in run.tags}
    wanted = dg.RunsFilter(job_name=run.job_name, statuses=[dg.DagsterRunStatus.SUCCESS], tags=tags)
    return next((run.run_id for run in instance.get_runs(wanted, limit=1)), None)


def _delete(instance: dg.DagsterInstance, run_id: str) -> None:
    """Delete a run with its events and its logs."""
    instance.compute_log_manager.delete_logs(prefix=[run_id])
    instance.delete_run(run_id)
    file_of = getattr(instance.event_log_storage, "path_for_shard", None)
    if file_of is not None:
        # In SQLite each run has a file of its own, which is emptied and left.
        Path(file_of(run_id)).unlink(missing_ok=True)
