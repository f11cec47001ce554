"""Dagster's resource: the run that every asset works through.

One resource holds the lock, the plan, the warehouse and the sources for the length of a run.
Nothing else of the project is opened by Dagster.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from datetime import UTC, timedelta
from types import MappingProxyType
from typing import Any, Final

import dagster as dg

from pipelines.operations.incidents import settle
from pipelines.runs.clock import Clock, machine
from pipelines.runs.liveness import alive
from pipelines.runs.reports import REPORTS, Asked, asked_by, names_report
from pipelines.runs.retention import purge
from pipelines.runs.run import Run, open_run
from pipelines.runs.sharing import open_step, shared
from pipelines.runs.summary import FAILED, now
from pipelines.settings import Settings, SettingsError

LOG: Final = logging.getLogger("etappmal")

WHO: Final = "etappmal/who"
"""The tag by which a run says who began it."""

Opener = Callable[[str, str, Mapping[str, str]], AbstractContextManager[Run]]
"""Opens a run, given its id, who began it, and its tags."""

NO_TAGS: Final[Mapping[str, str]] = MappingProxyType({})


@contextmanager
def open_from_environment(
    run_id: str, who: str, tags: Mapping[str, str] = NO_TAGS, clock: Clock = machine
) -> Iterator[Run]:
    """Open a run with the settings of the environment: the whole of it, or one step where others conduct it."""
    asked = asked_by(Settings.read(), tags)
    alone = asked.settings.executor == "in-process"
    with _whole(asked, run_id, who, clock) if alone else open_step(asked.settings, run_id) as run:
        yield run


@contextmanager
def conducted(settings: Settings, begun: dg.DagsterRun, instance: dg.DagsterInstance) -> Iterator[None]:
    """Hold the whole of a run open whose steps are done in other processes."""
    asked = asked_by(settings, begun.tags)
    if asked.older:
        raise SettingsError(
            "several reports at once are made in one process: set ETAPPMAL_EXECUTOR=in-process, or ask for one."
        )
    with _whole(asked, begun.run_id, _who(begun), machine) as run, shared(run):
        _require_report(run, begun)
        yield
    _purge(instance, begun, run)


@contextmanager
def _whole(asked: Asked, run_id: str, who: str, clock: Clock) -> Iterator[Run]:
    """Open the whole of a run, and tell how it ended to whom the settings say."""
    settings = asked.settings
    try:
        given: dict[str, Any] = {"older": asked.older, "drops": asked.own, "rule": asked.rule}
        with alive(settings, run_id), open_run(settings, run_id, who, clock=clock, **given) as run:
            yield run
    except Exception as error:
        tell(settings, {"state": FAILED, "ended": now(clock), "errors": [str(error)]})
        raise
    tell(settings, asdict(run.summary))


def tell(settings: Settings, last: Mapping[str, Any]) -> None:
    """Tell what is news of a run; that it could not be told is no failure of the run's, and is logged."""
    try:
        faults = settle(settings, last)
    except OSError as error:
        faults = [f"what the run was about could not be told: {error}"]
    for fault in faults:
        LOG.warning("%s", fault)


def run_resource(opener: Opener = open_from_environment) -> dg.ResourceDefinition:
    """The resource ``run``: opened once for each Dagster run, and closed at its end."""

    def opened(context: dg.InitResourceContext) -> Iterator[Run]:
        """Open the run that Dagster begins."""
        begun = context.run
        with opener(begun.run_id, _who(begun), begun.tags) if begun else opener("direct", "Dagster", NO_TAGS) as run:
            if begun:
                _require_report(run, begun)
            yield run
        if context.instance and begun and not run.repeats and run.settings.executor == "in-process":
            _purge(context.instance, begun, run)

    return dg.ResourceDefinition(opened, description="Plan, warehouse and sources for the length of a run.")


def _who(begun: dg.DagsterRun) -> str:
    """Who began a run."""
    return begun.tags.get(WHO) or f"Dagster run {begun.run_id[:8]}"


def _require_report(run: Run, begun: dg.DagsterRun) -> None:
    """Refuse a run that names no report, before a table is made. Raises SettingsError."""
    if not names_report(begun.tags):
        told = (
            f"this run names no report. Launch it with the partition {run.report.rapport}, or another one of "
            f"{REPORTS.name}; etappmal refresh chooses that of the plan itself."
        )
        run.summary.errors.append(told)
        raise SettingsError(told)


def _purge(instance: dg.DagsterInstance, begun: dg.DagsterRun, run: Run) -> None:
    """Delete what Dagster recorded of old runs of the same job."""
    purge(instance, begun.job_name, run.now.replace(tzinfo=UTC) - timedelta(days=run.settings.keep_run_days))
