"""What the warehouse notes of loads: when each began and ended, and which KPIs it has read.

Here belongs whether a load goes on or a new one begins. What a load does stands in ``pipelines.loads.loading``.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from pipelines.storage.warehouse import Warehouse

MARGIN: Final = dt.timedelta(days=1)
"""Changes are asked for from the day before the last load began: a source's day is not ours."""


@dataclass(frozen=True)
class Turn:
    """A load: when it began, and the day since which it asks for changes (None: it reads everything)."""

    began: dt.datetime
    since: dt.date | None


@dataclass(frozen=True)
class Notes:
    """What the warehouse has noted of loads of this name: begun, ended, and KPIs read in full.

    ``begun`` and ``ended`` say for each time whether everything was read. ``scope`` is the units of
    the last load that ended.
    """

    warehouse: Warehouse
    name: str
    begun: dict[dt.datetime, bool]
    ended: dict[dt.datetime, bool]
    scope: str | None
    read: tuple[tuple[dt.datetime, str], ...]

    @classmethod
    def of(cls, warehouse: Warehouse, name: str) -> "Notes":
        """Read them."""
        begun, ended, read = (warehouse.readings(source) for source in (f"{name}:begun", name, f"{name}:read"))
        return cls(
            warehouse,
            name,
            dict(begun.select("moment", "complete").iter_rows()),
            dict(ended.select("moment", "complete").iter_rows()),
            ended["scope"][-1] if ended.height else None,
            tuple(read.select("moment", "scope").iter_rows()),
        )

    def turn(self, now: dt.datetime, *, full: bool, every_days: float) -> Turn:
        """The load to go on with, or a new one."""
        last_full = max((moment for moment, complete in self.ended.items() if complete), default=None)
        due = full or last_full is None or now - last_full >= dt.timedelta(days=every_days)
        since = (max(self.ended) - MARGIN).date() if self.ended else None
        left = max(self.begun, default=None)
        if left is not None and left not in self.ended and (self.begun[left] or not due):
            return Turn(left, None if self.begun[left] else since)
        return self.begin(now, None if due else since)

    def begin(self, now: dt.datetime, since: dt.date | None) -> Turn:
        """Note that a load begins."""
        self.warehouse.note_reading(f"{self.name}:begun", "", now, complete=since is None)
        return Turn(now, since)

    def kpis_read(self, since: dt.datetime) -> set[str]:
        """The KPIs that were read in full by loads that began at this time or later."""
        return {kpi for moment, kpis in self.read if moment >= since for kpi in kpis.split(",")}

    @property
    def last_full(self) -> dt.datetime:
        """When the last load that read everything, and ended, began."""
        return max(moment for moment, complete in self.ended.items() if complete)
