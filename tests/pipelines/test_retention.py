"""Retention of Dagster's own records: what is deleted of them, and what the UI still tells."""

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path

import dagster as dg
import pytest

from pipelines.runs.reports import FIRST, LAST, ONE
from pipelines.runs.retention import purge

NOW = dt.datetime.now(dt.UTC)
"""All runs of a test are begun within seconds of it: what is old is asked of the time before which it is."""


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """An instance in files, as that of a home is."""
    with dg.DagsterInstance.local_temp(str(tmp_path)) as made:
        yield made


def night(
    instance: dg.DagsterInstance, name: str = "refresh", tags: Mapping[str, str] | None = None, *, well: bool = True
) -> str:
    """A run that ends well or not; its id."""

    @dg.op
    def work() -> None:
        if not well:
            raise dg.Failure

    @dg.job(name=name, executor_def=dg.in_process_executor)
    def job() -> None:
        work()

    return job.execute_in_process(instance=instance, tags=dict(tags or {}), raise_on_error=False).run_id


def left(instance: dg.DagsterInstance) -> set[str]:
    """The ids of the runs that there are."""
    return {run.run_id for run in instance.get_runs()}


def test_old_runs_go_with_their_files_and_the_last_success_stays(instance: dg.DagsterInstance, tmp_path: Path) -> None:
    first, good, bad = night(instance), night(instance), night(instance, well=False)
    assert list(purge(instance, "refresh", NOW - dt.timedelta(days=90))) == []
    assert list(purge(instance, "refresh", NOW + dt.timedelta(hours=1))) == [first, bad]
    assert left(instance) == {good}
    files = [path.name for path in tmp_path.rglob("*") if first in str(path) or bad in str(path)]
    assert files == []
    assert instance.all_logs(good)
    assert list(purge(instance, "refresh", NOW + dt.timedelta(hours=1))) == []


def test_what_runs_and_what_is_of_another_job_stays(instance: dg.DagsterInstance) -> None:
    other, _, last = night(instance, "load"), night(instance), night(instance)
    going_on = instance.create_run_for_job(dg.GraphDefinition(name="refresh").to_job()).run_id
    purge(instance, "refresh", NOW + dt.timedelta(hours=1))
    assert left(instance) == {other, last, going_on}


def test_a_backfill_stays_as_long_as_there_is_none_of_the_same_years(instance: dg.DagsterInstance) -> None:
    years = [{FIRST: "2017-helar", LAST: last} for last in ("2023-helar", "2023-helar", "2022-helar")]
    _, seven, six, last = (*(night(instance, tags=tags) for tags in years), night(instance))
    purge(instance, "refresh", NOW + dt.timedelta(hours=1))
    assert left(instance) == {seven, six, last}


def test_each_partition_keeps_its_last_success(instance: dg.DagsterInstance) -> None:
    _, august, december = (night(instance, tags={ONE: name}) for name in ("delar2", "delar2", "helar"))
    purge(instance, "refresh", NOW + dt.timedelta(hours=1))
    assert left(instance) == {august, december}
