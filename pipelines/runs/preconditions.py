"""What must hold before a run begins: its home, its history and its clock.

Here belong refusals to begin at all. What is wrong with an input is found where it is read.
"""

from datetime import datetime, timedelta
from typing import Final

from contracts import contract
from pipelines.runs import manifests
from pipelines.settings import Settings, SettingsError
from pipelines.storage.places import place_of
from pipelines.storage.warehouse import Warehouse, WarehouseError
from sources.errors import PlanError
from sources.plan import Plan

CLOCK_SKEW: Final = timedelta(minutes=5)
"""So far a clock may be set back without anything being told in the wrong order that matters."""


def require_history(settings: Settings) -> None:
    """Refuse to begin a new warehouse beside the runs of an old one: it would publish that nothing was ever revised."""
    place = place_of(settings)
    if not place.exists() and any(settings.runs.glob("*.json")):
        raise WarehouseError(
            f"{place} is gone, and its runs are not. Run etappmal refresh: it builds the warehouse up "
            "again from the archive first."
        )


def require_clock(settings: Settings, here: datetime) -> None:
    """Refuse to run before the last run: what is known from when would be told in the wrong order for good."""
    last = manifests.last_end(settings.runs)
    if last is not None and here < last - CLOCK_SKEW:
        raise SettingsError(
            f"the clock of this machine says {here:%Y-%m-%d %H:%M} UTC, and the last run ended {last:%Y-%m-%d %H:%M}. "
            "Set the clock. If it was ahead at that run, put back a backup from before it: etappmal restore FILE."
        )


def require_own_home(settings: Settings, plan: Plan, warehouse: Warehouse) -> None:
    """Refuse the home of another municipality: what is published is all that a home holds."""
    others = set(warehouse.read(contract("rapporter", "core"))["kommun_id"]) - {plan.register.municipality.id}
    if others:
        raise PlanError(
            f"is {plan.register.municipality.id!r}, and {settings.home} is the home of {', '.join(sorted(others))}.",
            where="plan.toml, municipality > id",
            remedy="Give each municipality a home and a public folder of its own, or move the home away.",
        )
