"""A small country: a Kolada server that stands for all of it, and the settings of a load from there.

What a load does with it stands in ``test_loading``, and spread over workers in ``tests/scale/test_load``.
"""

import datetime as dt
import threading
from pathlib import Path
from typing import Any, Final

import polars as pl

from pipelines.settings import variable
from tests.servers.kolada import KoladaServer
from tests.servers.loopback import Asked, Faults, Reply

KPIS: Final = [f"N{number:05d}" for number in range(60)]
UNITS: Final = [f"{number:04d}" for number in range(30)]
THIS_YEAR: Final = dt.datetime.now(dt.UTC).year


def cells(kpis: list[str] = KPIS, changed: str = "2020-01-01") -> pl.DataFrame:
    """A value of each KPI for each unit this year and the last, one of each KPI missing."""
    keys = (
        pl.DataFrame({"kpi": kpis})
        .join(pl.DataFrame({"municipality": UNITS}), how="cross", maintain_order="left_right")
        .join(pl.DataFrame({"period": [THIS_YEAR - 1, THIS_YEAR]}), how="cross", maintain_order="left_right")
    )
    number = pl.int_range(pl.len())
    return keys.with_columns(
        gender=pl.lit("T"),
        count=pl.lit(1, pl.Int64),
        status=pl.lit(""),
        value=pl.when(number % len(UNITS) > 0).then(number / 4),
        isdeleted=pl.lit(value=False),
        changed=pl.lit(changed),
    )


class Country(KoladaServer):
    """Kolada for this small country. From request number ``stalls_at`` on, nothing is answered."""

    def __init__(self, values: pl.DataFrame, *, faults: Faults | None = None) -> None:
        """Serve these values, and lists that hold their KPIs."""
        kpis = [{"id": kpi, "title": f"Nyckeltal {kpi}"} for kpi in values["kpi"].unique(maintain_order=True)]
        units = [{"id": unit, "title": f"Kommun {unit}", "type": "K"} for unit in UNITS]
        super().__init__(kpis, units, values, faults=faults)
        self.stalls_at: int | None = None
        self.stalled = threading.Event()
        self.go_on = threading.Event()

    def reply(self, asked: Asked) -> Reply:
        """Answer, unless it is time to stall."""
        if self.stalls_at is not None and len(self.log) > self.stalls_at:
            self.stalled.set()
            self.go_on.wait(30)
        return super().reply(asked)

    def asked(self) -> list[str]:
        """The paths asked for since this was last called."""
        paths = [each.path for each in self.log]
        self.log.clear()
        return paths


def environment(home: Path, country: Country) -> dict[str, str]:
    """The settings of a load; no plan is there."""
    own = {"home": home, "kolada_url": country.url, "kolada_rate": 1000, "plan": home / "none", "retry_seconds": 2}
    return {variable(name): str(value) for name, value in own.items()}


def told(values: pl.DataFrame) -> list[tuple[Any, ...]]:
    """Values as the server has them."""
    return sorted(values.select("kpi", "municipality", "period", "gender", "value").rows(), key=str)
