"""A load of the whole country from the command, its parts read by workers.

Here belongs running the job and telling how it ended. What a part is stands in ``pipelines.loads.loading_shared``.
"""

from dataclasses import replace

import dagster as dg

from pipelines.assets.country import ENDED, LOAD, parts
from pipelines.loads.load_telling import Loaded
from pipelines.loads.loading_shared import WHO
from pipelines.runs.executing import execute
from pipelines.runs.exits import Exit
from pipelines.runs.failures import faults_of, is_wrong_use, refusals_of
from pipelines.runs.instance import prepare
from pipelines.runs.locking import writing
from pipelines.runs.resources import WHO as BEGUN_BY
from pipelines.settings import Settings


class SpreadError(Exception):
    """A load that did not come to its end: the exit status, and what went wrong."""

    def __init__(self, status: Exit, messages: list[str]) -> None:
        """Say so."""
        super().__init__("; ".join(messages))
        self.status = status
        self.messages = messages


def spread(settings: Settings, *, full: bool, every_days: float, wait: float) -> Loaded:
    """Load the whole country with all workers.

    Raises LockHeldError, and SpreadError: what was written by then stays, the rest is read by the next load.
    """
    live = replace(settings, source="live")
    prepare(live)
    config = {
        "loggers": {"progress": {}},
        "ops": {parts.name: {"config": {"full": full, "every_days": every_days}}},
    }
    with writing(live.home, WHO, wait), dg.DagsterInstance.get() as instance:
        result = execute(live, instance, LOAD, {BEGUN_BY: WHO}, config)
        refused, faults = refusals_of(result), faults_of(result)
        if not result.success:
            fault = Exit.USAGE if is_wrong_use(result) else Exit.FAULT if faults else Exit.REFUSED
            raise SpreadError(fault, [*refused, *faults] or ["the load failed."])
        if isinstance(result, dg.ExecuteInProcessResult):
            return Loaded(**result.output_for_node(ENDED))
        with result:
            return Loaded(**result.output_for_node(ENDED))
