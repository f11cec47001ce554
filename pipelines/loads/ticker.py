"""How far a load has come, as a terminal or a log shows it.

Here belongs the line. What is counted is decided in ``pipelines.loads.loading``.
"""

import sys
from datetime import timedelta
from time import monotonic
from typing import Final

from pipelines.loads.load_telling import Progress

PAUSE: Final = 0.5
PAUSE_IN_A_LOG: Final = 10.0


class Ticker:
    """Writes a line on standard error now and then: over itself in a terminal, below the last in a log."""

    def __init__(self) -> None:
        """Be ready for the first line at once."""
        self._live = sys.stderr.isatty()
        self._next = 0.0

    def __call__(self, progress: Progress) -> None:
        """Write the line if it is time, or if all is done."""
        done = progress.answered >= progress.expected
        if monotonic() < self._next and not done:
            return
        self._next = monotonic() + (PAUSE if self._live else PAUSE_IN_A_LOG)
        sys.stderr.write(f"\r\x1b[K{line(progress)}" if self._live else f"{line(progress)}\n")
        if done and self._live:
            sys.stderr.write("\n")
        sys.stderr.flush()


def line(progress: Progress) -> str:
    """Requests, values, rate and time left, in one line."""
    seconds = max(progress.seconds, 1e-9)
    left = progress.seconds_left
    return (
        f"  {progress.answered} of {progress.expected} requests  {progress.values} values  "
        f"{progress.requests / seconds:.1f} requests and {progress.values / seconds:.0f} values a second  "
        + ("" if left is None else f"{timedelta(seconds=round(left))} left")
    ).rstrip()
