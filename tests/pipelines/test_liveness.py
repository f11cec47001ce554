"""Runs that are killed: which lives, which is dead, and what Dagster is told of it."""

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest

from pipelines.runs.liveness import GRACE, alive, bury
from pipelines.settings import Settings

HOLD = """
import sys
from dataclasses import replace
from pathlib import Path
from pipelines.runs.liveness import alive
from pipelines.settings import Settings
with alive(replace(Settings.read({}), home=Path(sys.argv[1])), sys.argv[2]):
    print("alive", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """An instance in files."""
    (tmp_path / "dagster").mkdir()
    with dg.DagsterInstance.local_temp(str(tmp_path / "dagster")) as made:
        yield made


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home of one's own."""
    return replace(Settings.read({}), home=tmp_path / "home")


def at_work(instance: dg.DagsterInstance, job: str = "refresh") -> str:
    """A run that Dagster takes to be at work; its id."""
    run = instance.create_run_for_job(dg.GraphDefinition(name=job).to_job())
    instance.report_engine_event("begun", run)
    instance.handle_run_event(
        run.run_id,
        dg.DagsterEvent(event_type_value=dg.DagsterEventType.RUN_START.value, job_name=job),
    )
    return run.run_id


def later(by: dt.timedelta = GRACE) -> dt.datetime:
    """The time in a while."""
    return dt.datetime.now(dt.UTC) + by + dt.timedelta(seconds=5)


def status(instance: dg.DagsterInstance, run_id: str) -> dg.DagsterRunStatus:
    """What Dagster says of a run."""
    run = instance.get_run_by_id(run_id)
    assert run is not None
    return run.status


def test_a_run_that_lives_is_left_alone_however_long_it_takes(instance: dg.DagsterInstance, settings: Settings) -> None:
    run_id = at_work(instance)
    with alive(settings, run_id):
        assert list(bury(settings, instance, "refresh", later(dt.timedelta(days=1)))) == []
    assert status(instance, run_id) is dg.DagsterRunStatus.STARTED


def test_a_run_whose_process_was_killed_is_ended_at_once(instance: dg.DagsterInstance, settings: Settings) -> None:
    run_id = at_work(instance)
    command = [sys.executable, "-c", HOLD, str(settings.home), run_id]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "alive\n"
        assert list(bury(settings, instance, "refresh", later(dt.timedelta()))) == []
        process.kill()
    assert list(bury(settings, instance, "refresh", later(dt.timedelta()))) == [run_id]
    assert status(instance, run_id) is dg.DagsterRunStatus.FAILURE
    assert list(bury(settings, instance, "refresh", later())) == []
    assert list((settings.data_home / "alive").iterdir()) == []


def test_a_run_that_never_came_to_show_that_it_lives_is_given_time(
    instance: dg.DagsterInstance, settings: Settings
) -> None:
    run_id = at_work(instance)
    assert list(bury(settings, instance, "refresh", later(dt.timedelta()))) == []
    assert list(bury(settings, instance, "refresh", later())) == [run_id]


def test_a_job_that_never_shows_anything_is_left_alone(instance: dg.DagsterInstance, settings: Settings) -> None:
    at_work(instance, "another")
    assert list(bury(settings, instance, "refresh", later(dt.timedelta(days=1)))) == []


def test_a_run_that_ends_leaves_nothing(instance: dg.DagsterInstance, settings: Settings) -> None:
    with alive(settings, "a run"):
        assert [path.name for path in (settings.data_home / "alive").iterdir()] == ["a run"]
    assert list((settings.data_home / "alive").iterdir()) == []
    assert list(bury(settings, instance, "refresh", later())) == []
