"""Progress in a terminal: one line for each asset as it is done.

Here belongs the logger that the command runs with. What an event means is Dagster's business.
"""

import logging
import sys
from typing import Any, Final

import dagster as dg


class _Lines(logging.Handler):
    """Writes a line for each asset that was materialised or refused."""

    def __init__(self) -> None:
        """Count from nothing."""
        super().__init__()
        self._done = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line of a Dagster event, if it is one that a person waits for."""
        event = getattr(record, "dagster_meta", {}).get("dagster_event")
        if event is None:
            return
        line = self._line(event)
        if line:
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()

    def _line(self, event: Any) -> str | None:
        """What to say of an event."""
        if event.is_step_materialization:
            self._done += 1
            rows = event.step_materialization_data.materialization.metadata.get("dagster/row_count")
            return f"  {self._done:>3}  {event.step_key}" + (f"  {rows.value} rows" if rows else "")
        if event.is_step_failure:
            return f"   ✗   {event.step_key}  refused"
        return None


def _make_logger(context: dg.InitLoggerContext) -> logging.Logger:
    """A logger that shows progress and nothing else."""
    del context
    logger = logging.getLogger("etappmal.progress")
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    logger.handlers = [_Lines()]
    return logger


progress_logger: Final = dg.LoggerDefinition(_make_logger, description="One line for each asset.")
