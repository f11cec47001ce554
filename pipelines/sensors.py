"""Sensors: what begins a refresh beside the schedule, and who notices a run that could not say how it ended.

Here belongs what Dagster's daemon watches. What it watches for is decided in ``pipelines.intake.drop`` and
``pipelines.operations.incidents``.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import dagster as dg

from pipelines.intake import drop
from pipelines.runs import summary
from pipelines.runs.clock import machine
from pipelines.runs.liveness import bury
from pipelines.runs.reports import register_reports, tags_of_own
from pipelines.runs.resources import WHO, tell
from pipelines.settings import Settings
from sources.errors import PlanError
from sources.plan import load_plan


def sensors(job: Any) -> Sequence[dg.SensorDefinition]:
    """The sensors of the refresh job."""
    return (_drop_folder(job), _ended_from_outside(job), _killed(job), _reports(job))


def _drop_folder(job: Any) -> dg.SensorDefinition:
    """A new or changed file in the drop folder is refreshed with."""

    @dg.sensor(
        name="drop_folder",
        job=job,
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="A whole file in the drop folder begins a refresh; one that no extract is named as is moved aside.",
    )
    def drop_folder(context: dg.SensorEvaluationContext) -> dg.SkipReason | dg.RunRequest:
        """Look into the folder."""
        settings = Settings.read()
        settings.drop.mkdir(parents=True, exist_ok=True)
        try:
            plan = load_plan(settings.plan)
        except PlanError as error:
            return dg.SkipReason(str(error))
        found = drop.contents(settings.drop, plan)
        for path in found.strange:
            drop.refuse(path, drop.unknown(path, plan))
        if not found.whole:
            written = ", ".join(path.name for path in found.waiting)
            return dg.SkipReason(f"{settings.drop}: {f'{written} may still be written to' if written else 'empty'}.")
        names = sorted(path.name for path in found.whole.values())
        # The same files again make no second run: what failed for another reason waits for the night.
        seen = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in found.whole.values()]
        key = hashlib.sha256(json.dumps(sorted(seen)).encode()).hexdigest()
        who = f"the drop folder ({', '.join(names)})"[:200]
        return dg.RunRequest(run_key=key, tags={WHO: who, **tags_of_own(context.instance, settings)})

    return drop_folder


def _reports(job: Any) -> dg.SensorDefinition:
    """Dagster knows the reports of the plan folders before anyone asks for one."""

    @dg.sensor(
        name="reports",
        job=job,
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Lets the UI offer the reports of the plan folders; it begins none.",
    )
    def reports(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        """Look for plan folders."""
        return dg.SkipReason(f"known: {', '.join(register_reports(context.instance, Settings.read())) or 'none'}.")

    return reports


def _killed(job: Any) -> dg.SensorDefinition:
    """A run that was killed with the process that began it is ended, so that no later one waits for it."""

    @dg.sensor(
        name="killed",
        job=job,
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Marks a refresh as failed whose process is gone; it begins none.",
    )
    def killed(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        """Look after the runs that are at work."""
        buried = bury(Settings.read(), context.instance, job.name, machine())
        return dg.SkipReason(f"ended: {', '.join(buried)}." if buried else "every run that is at work lives.")

    return killed


def _ended_from_outside(job: Any) -> dg.SensorDefinition:
    """A run that was killed says nothing itself: Dagster notices, and it is told like any other failure."""

    @dg.run_failure_sensor(
        name="ended_from_outside",
        monitored_jobs=[job],
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Tells of a refresh that was killed or could not be started.",
    )
    def ended_from_outside(context: dg.RunFailureSensorContext) -> None:
        """Tell of it unless the run has told of itself."""
        settings = Settings.read()
        run_id = context.dagster_run.run_id
        last = (summary.read(settings.summary) or {}).get("last", {})
        if last.get("run_id") != run_id:
            message = f"Dagster run {run_id[:8]} ended from outside: {context.failure_event.message}"
            tell(settings, {"state": summary.FAILED, "errors": [message]})

    return ended_from_outside
