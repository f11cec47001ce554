"""What a load tells: how far it has come, what it did, and that it was.

Here belongs what others see of a load. What it does stands in ``pipelines.loads.loading``.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from dataclasses import replace as with_other
from time import monotonic
from typing import Any

from pipelines.runs import manifests
from pipelines.runs.summary import FAILED, now
from pipelines.settings import Settings


@dataclass
class Progress:
    """How far a load has come. ``expected`` requests are first pages alone; further pages come on top."""

    expected: int = 0
    answered: int = 0
    requests: int = 0
    values: int = 0
    began: float = field(default_factory=monotonic)

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return monotonic() - self.began

    @property
    def seconds_left(self) -> float | None:
        """How long the rest takes at the pace so far; None where nothing can be said yet."""
        return self.seconds * (self.expected - self.answered) / self.answered if self.answered else None


@dataclass(frozen=True)
class Loaded:
    """What a load did. ``missing`` KPIs had values and have none now; they keep what they had.

    ``unlisted`` KPIs were loaded once and are no longer in Kolada's list; they keep what they had too.
    """

    reading: str
    requests: int
    values: int
    new: int
    changed: int
    removed: int
    seconds: float
    missing: tuple[str, ...]
    unlisted: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """All of it, with the rates, for ``--json``."""
        seconds = max(self.seconds, 1e-9)
        return {
            **asdict(self),
            "requests_per_second": round(self.requests / seconds, 2),
            "values_per_second": round(self.values / seconds),
        }


def together(parts: Iterable[Loaded]) -> Loaded:
    """What parts of one load did."""
    parts = list(parts)
    return Loaded(
        reading=parts[0].reading,
        requests=sum(part.requests for part in parts),
        values=sum(part.values for part in parts),
        new=sum(part.new for part in parts),
        changed=sum(part.changed for part in parts),
        removed=sum(part.removed for part in parts),
        seconds=sum(part.seconds for part in parts),
        missing=tuple(sorted({kpi for part in parts for kpi in part.missing})),
        unlisted=tuple(sorted({kpi for part in parts for kpi in part.unlisted})),
    )


@contextmanager
def noted(live: Settings, what: str) -> Iterator[Callable[[Loaded], None]]:
    """Let ``etappmal runs`` tell of a load: that it has begun, and in the end what it did or that it failed.

    The runs of a plan stand apart: they are made again, and a load is gone on with.
    """
    manifests.settle(live.loads, lambda _: ())
    about = manifests.Manifest(
        run_id=str(uuid.uuid4()),
        started=dt.datetime.now(dt.UTC).isoformat(),
        source="live",
        kommun_id="",
        rapport=what,
        state=manifests.BEGUN,
        ended=now(),
        remembered=(),
    )
    manifests.write(live.loads, about)
    ended: dict[str, Any] = {"state": FAILED}

    def note(done: Loaded) -> None:
        """Take down what the load did."""
        did = f"{done.reading}: {done.requests} requests, {done.values} values, {done.new} new, "
        ended.update(state="loaded", did=f"{did}{done.changed} changed, {done.removed} removed")

    try:
        yield note
    finally:
        manifests.write(live.loads, with_other(about, ended=now(), **ended))
