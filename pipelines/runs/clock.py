"""The clock of a run: what time it is, read in one place, so that a test can let a year pass.

Here belongs the reading of the clock alone. How long something took, and how long to wait, is told by
``time.monotonic`` where it is measured.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Tells the time, with its zone."""


def machine() -> datetime:
    """The time of this machine, in UTC."""
    return datetime.now(UTC)


def kept(moment: datetime) -> datetime:
    """A time as the warehouse keeps it: in UTC, without its zone."""
    return moment.astimezone(UTC).replace(tzinfo=None)
