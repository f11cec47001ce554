"""Whom a run asks: the services themselves, or the answers that a plan has recorded.

Here belongs the choice between the two. How either is asked stands in ``sources``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pipelines.runs.clock import Clock
from pipelines.settings import Settings
from sources.archive import Archive
from sources.http import Live, Service
from sources.plan import Plan
from sources.transport import Replay, Transport

SCB_RATE: Final = 1.0
"""Requests to SCB a second until its own ``/config`` has told the limit."""


@contextmanager
def transport_of(settings: Settings, plan: Plan, archive: Archive, clock: Clock) -> Iterator[Transport]:
    """The recorded answers of the plan, or the services themselves."""
    if settings.source == "snapshot":
        yield Replay(Archive(plan.archive, read_only=True))
        return
    services = {
        "kolada": Service(settings.kolada_url, rate=settings.kolada_rate),
        "scb": Service(settings.scb_url, rate=SCB_RATE),
        "scb_wfs": Service(settings.scb_wfs_url, rate=SCB_RATE),
    }
    with Live(
        services,
        archive,
        timeout=settings.timeout,
        retry_seconds=settings.retry_seconds,
        turns=settings.turns,
        clock=clock,
    ) as live:
        yield live
