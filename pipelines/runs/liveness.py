"""Which runs are alive: each holds a lock of its own as long as its process lives, and a run without one is dead.

Here belongs how a run shows that it lives, and what becomes of one that was killed. Dagster's own launcher
does not look after a run that it has begun: after a loss of power it would be at work for ever, and every
later one would wait for it. That two runs do not write at once is seen to in ``locking``.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import dagster as dg
from filelock import FileLock, Timeout

from pipelines.settings import Settings, unwritable_home

GRACE: Final = timedelta(minutes=2)
"""So long may a run that has begun take to show that it lives."""

AT_WORK: Final = (dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING)


@contextmanager
def alive(settings: Settings, run_id: str) -> Iterator[None]:
    """Show that a run lives, for the length of a block; the operating system sees to it that it ends with the process.

    Raises SettingsError where the home cannot be written.
    """
    path = _path(settings, run_id)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable_home(settings.home, error) from error
    with FileLock(path, thread_local=False):
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def bury(settings: Settings, instance: dg.DagsterInstance, job: str, now: datetime) -> Collection[str]:
    """Report as failed the runs that are at work according to Dagster, and whose process is gone; their ids.

    A run of ``job`` that has shown nothing in a while is dead; of other jobs not all show anything.
    """
    buried = []
    for record in instance.get_run_records(dg.RunsFilter(statuses=list(AT_WORK))):
        run, path = record.dagster_run, _path(settings, record.dagster_run.run_id)
        begun = record.start_time or record.create_timestamp.timestamp()
        young = now.timestamp() - begun < GRACE.total_seconds()
        untold = not path.exists() and (young or run.job_name != job)
        if untold or _is_held(path):
            continue
        instance.report_run_failed(
            run,
            "The process of this run ended without a word: it was killed, or the machine went down. Nothing that was "
            "published before has changed, and the next refresh repairs what it left.",
        )
        path.unlink(missing_ok=True)
        buried.append(run.run_id)
    return buried


def _is_held(path: Path) -> bool:
    """Whether a process holds the lock of a run."""
    if not path.exists():
        return False
    try:
        with FileLock(path, timeout=0):
            return False
    except Timeout:
        return True


def _path(settings: Settings, run_id: str) -> Path:
    """The lock of a run."""
    return settings.data_home / "alive" / run_id
