"""The definitions that Dagster loads: assets, checks, the refresh job, its schedule, sensors and resources.

Everything is put together here and nowhere else, afresh at each call, so that a test can vary it.
"""

import os
from typing import Final

import dagster as dg

from pipelines.assets import (
    areas,
    corrections,
    country,
    figures,
    goal_history,
    publication,
    quarantine,
    register,
    statistics,
    status,
)
from pipelines.assets.follow_up import follow_up
from pipelines.assets.upstream import upstream
from pipelines.runs.executor import chosen_executor
from pipelines.runs.progress import progress_logger
from pipelines.runs.reports import own_report
from pipelines.runs.resources import Opener, open_from_environment, run_resource
from pipelines.sensors import sensors
from pipelines.settings import NIGHT, variable

JOB: Final = "refresh"


def build_definitions(opener: Opener = open_from_environment) -> dg.Definitions:
    """All definitions of the project; ``opener`` opens the run that the assets work through."""
    tables = [
        *dg.load_assets_from_modules(
            [register, areas, statistics, status, goal_history, figures, corrections, quarantine, publication]
        ),
        *follow_up(),
    ]
    job = dg.define_asset_job(
        JOB,
        # The whole country is a backfill of its own: no night waits for it.
        selection=dg.AssetSelection.all() - dg.AssetSelection.assets(country.kolada_hela_landet),
        description="The whole refresh: plan, extracts and statistics to goal status and open data.",
    )
    schedule = dg.ScheduleDefinition(
        name="nightly",
        job=job,
        cron_schedule=os.environ.get(variable("schedule")) or NIGHT,
        execution_timezone="Europe/Stockholm",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        execution_fn=own_report,
        description="Every night, at the time of the settings, Swedish time.",
    )
    return dg.Definitions(
        assets=[*upstream(), *tables, country.kolada_hela_landet],
        jobs=[job, country.load_country],
        schedules=[schedule],
        sensors=sensors(job),
        resources={"run": run_resource(opener)},
        # In one process, with one connection for a run, unless the warehouse lets several processes write.
        executor=chosen_executor,
        loggers={"console": dg.colored_console_logger, "progress": progress_logger},
    )


def job_of(name: str) -> dg.JobDefinition:
    """A job of the definitions, as workers make it anew."""
    return defs.resolve_job_def(name)


defs = build_definitions()
