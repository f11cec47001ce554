"""Dagster's resources: the run that every asset works through.

One resource holds the lock, the plan, the warehouse and the sources for the length of a run.
Nothing else of the project is opened by Dagster.
"""

from contextlib import ExitStack
from typing import Any

import dagster as dg
from pydantic import PrivateAttr

from pipelines.run import Run, open_run
from pipelines.settings import Settings


class Workspace(dg.ConfigurableResource[Any]):
    """Opens a ``Run`` for each Dagster run, from the settings of the environment."""

    _stack: ExitStack = PrivateAttr(default_factory=ExitStack)
    _run: Run | None = PrivateAttr(default=None)

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Take the lock and open everything."""
        run_id = context.run.run_id if context.run else "direct"
        who = (context.run.tags.get("etappmal/who") if context.run else None) or f"Dagster run {run_id[:8]}"
        self._stack = ExitStack()
        self._run = self._stack.enter_context(open_run(Settings.read(), run_id, who))

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        """Close everything and free the lock."""
        del context
        self._stack.close()
        self._run = None

    @property
    def run(self) -> Run:
        """The run that is under way."""
        if self._run is None:
            raise RuntimeError("the workspace is used outside a run")
        return self._run
