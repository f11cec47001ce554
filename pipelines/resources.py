"""Dagster's resource: the run that every asset works through.

One resource holds the lock, the plan, the warehouse and the sources for the length of a run.
Nothing else of the project is opened by Dagster.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Final

import dagster as dg

from pipelines.run import Run, open_run
from pipelines.settings import Settings

WHO: Final = "etappmal/who"
"""The tag by which a run says who began it."""

Opener = Callable[[str, str], AbstractContextManager[Run]]
"""Opens a run, given its id and who began it."""


def open_from_environment(run_id: str, who: str) -> AbstractContextManager[Run]:
    """Open a run with the settings of the environment."""
    return open_run(Settings.read(), run_id, who)


def run_resource(opener: Opener = open_from_environment) -> dg.ResourceDefinition:
    """The resource ``run``: opened once for each Dagster run, and closed at its end."""

    def opened(context: dg.InitResourceContext) -> Iterator[Run]:
        """Open the run that Dagster begins."""
        run_id = context.run.run_id if context.run else "direct"
        who = (context.run.tags.get(WHO) if context.run else None) or f"Dagster run {run_id[:8]}"
        with opener(run_id, who) as run:
            yield run

    return dg.ResourceDefinition(opened, description="Plan, warehouse and sources for the length of a run.")
