"""The whole country, spread over workers: a load in parts, each of them a step of one run.

Here belongs what is done by each of the steps. What a load does stands in ``pipelines.loads.loading``; that all
parts are one load, which any other goes on with, follows from its notes in the warehouse.

The process that began the run holds the lock; a part that comes late, when its run is over, writes nothing.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any

from pipelines.loads.load_telling import Loaded, noted, together
from pipelines.loads.loading import TABLE, Load, opened
from pipelines.runs.locking import writing
from pipelines.runs.sharing import at_work, began
from pipelines.settings import Settings

WHO = "etappmal load"


@contextmanager
def conducted_load(settings: Settings, run_id: str, wait: float) -> Iterator[None]:
    """Hold the lock for a load whose parts are read in other processes."""
    live = replace(settings, source="live")
    with writing(live.home, WHO, wait), began(live, run_id, {}):
        yield


def begin(settings: Settings, run_id: str, *, full: bool, every_days: float) -> list[str]:
    """Begin a load, or go on with one; its parts."""
    with _at_part(settings, run_id, full=full, every_days=every_days) as load:
        return load.parts()


def read_part(settings: Settings, run_id: str, part: str, *, full: bool, every_days: float) -> dict[str, Any]:
    """Read a part; what was done, as ``end`` takes it."""
    with _at_part(settings, run_id, full=full, every_days=every_days) as load:
        return asdict(load.read(part))


def end(
    settings: Settings, run_id: str, parts: Sequence[dict[str, Any]], *, full: bool, every_days: float
) -> dict[str, Any]:
    """Note that all parts are read; what was done in all of them."""
    done = together([Loaded(**part) for part in parts])
    live = replace(settings, source="live")
    with _at_part(settings, run_id, full=full, every_days=every_days) as load, noted(live, TABLE) as note:
        load.end()
        note(done)
    return asdict(done)


@contextmanager
def _at_part(settings: Settings, run_id: str, *, full: bool, every_days: float) -> Iterator[Load]:
    """The load, for one of its steps."""
    live = replace(settings, source="live")
    with at_work(live, run_id), opened(live, full=full, every_days=every_days) as load:
        yield load
