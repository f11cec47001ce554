"""A year of nights in one process: a clock that is set, two services that do as a script says, and what came of it.

Here belongs how a night is lived through. What happens in it, and what must have come of it, stands in ``test_year``.
"""

import datetime as dt
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

import dagster as dg
import duckdb
import polars as pl

from contracts import contract
from pipelines.definitions import JOB, build_definitions
from pipelines.plans.approving import approve
from pipelines.runs import summary
from pipelines.runs.instance import prepare
from pipelines.runs.occasions import SWEDISH_TIME
from pipelines.runs.reports import tags_of_own
from pipelines.runs.resources import open_from_environment
from pipelines.settings import Settings
from pipelines.storage.warehouse import Warehouse
from tests.pipelines.test_incidents import webhook
from tests.pipelines.test_observing import FIRST, people, values
from tests.servers.kolada import KoladaServer
from tests.servers.scb import ScbServer
from tests.sources.plans import PLAN, changed, written

NIGHT: Final = dt.time(2, 15, tzinfo=SWEDISH_TIME)
STATUS: Final = "etappmal_status"
KPIS: Final = {"N00001": "Fossilfria fordon, andel (%)", "N00002": "Fordon, antal"}
UNITS: Final = ("0126", "0127", "0000")
SELECTION: Final = ('selection = { Region = ["0126"] }', 'selection = { Region = ["0126"], Tid = ["2022", "2023"] }')
HELD: Final = (
    ("N00001", "0126", 2022, 70.0),
    ("N00001", "0126", 2023, 79.0),
    ("N00001", "0127", 2023, 60.0),
    ("N00001", "0000", 2023, 50.0),
    ("N00002", "0126", 2022, 40.0),
)
TOLD: Final = ("indikatorer", "malbedomning", "samlad_bedomning", "revideringar", "jamforelser", "jamforelsetal_kolada")
"""The tables that a plan without extracts has something to say in."""


@dataclass(frozen=True)
class Night:
    """A night that is over: how it ended, what it cost in CPU seconds, and how much there is after it.

    ``warehouse`` and ``dagster`` are bytes, ``rows`` those of each table of the warehouse.
    """

    number: int
    state: str
    seconds: float
    warehouse: int
    dagster: int
    rows: Mapping[str, int]


@dataclass
class Year:
    """Both services, the home and the night that it is."""

    kolada: KoladaServer
    scb: ScbServer
    settings: Settings
    first: dt.date
    messages: list[dict[str, str]]
    number: int = 0
    nights: list[Night] = field(default_factory=list)
    alerts: list[tuple[int, str]] = field(default_factory=list)
    late: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def clock(self) -> dt.datetime:
        """The time of this night."""
        day = self.first + dt.timedelta(days=self.number)
        return dt.datetime.combine(day, NIGHT).astimezone(dt.UTC)

    def day(self, number: int) -> str:
        """The day of a night."""
        return (self.first + dt.timedelta(days=number)).isoformat()

    def revise(self, kpi: str, period: int, value: float, unit: str = "0126") -> None:
        """Let a value be another at the source, or be there at last."""
        row = values((kpi, unit, period, value)).with_columns(changed=pl.lit(self.day(self.number)))
        cell = (pl.col("kpi") == kpi) & (pl.col("municipality") == unit) & (pl.col("period") == period)
        self.kolada.values = pl.concat([self.kolada.values.filter(~cell), row])

    def remove(self, kpi: str, period: int, unit: str) -> None:
        """Let a value be gone at the source."""
        self.revise(kpi, period, 0.0, unit)
        cell = (pl.col("kpi") == kpi) & (pl.col("municipality") == unit) & (pl.col("period") == period)
        self.kolada.values = self.kolada.values.with_columns(
            isdeleted=cell | pl.col("isdeleted"), value=pl.when(~cell).then("value")
        )

    def rename(self, kpi: str, title: str) -> None:
        """Let a KPI have another title at the source."""
        self.kolada.kpis = [{**each, "title": title} if each["id"] == kpi else each for each in self.kolada.kpis]

    def accept(self, old: str, new: str) -> None:
        """Write in the plan what is accepted."""
        path = self.settings.plan / "plan.toml"
        path.write_text(changed(path.read_text(encoding="utf-8"), old, new), encoding="utf-8")

    def live_through(self, job: dg.JobDefinition, instance: dg.DagsterInstance, wanted: Sequence[dg.AssetKey]) -> None:
        """Refresh this night, and note what came of it."""
        before, said = time.process_time(), len(self.messages)
        job.execute_in_process(
            instance=instance,
            asset_selection=wanted,
            tags=tags_of_own(instance, self.settings),
            raise_on_error=False,
            run_config={"loggers": {"progress": {}}},
        )
        seconds = time.process_time() - before
        last = (summary.read(self.settings.summary) or {})["last"]
        self.alerts += [(self.number, message["title"]) for message in self.messages[said:]]
        size = sum(path.stat().st_size for path in self.settings.dagster_home.rglob("*") if path.is_file())
        warehouse = self.settings.warehouse_file.stat().st_size
        self.nights.append(Night(self.number, last["state"], seconds, warehouse, size, self._rows()))
        if last["state"] != summary.FAILED:
            self._note_freshness()

    def _note_freshness(self) -> None:
        """Note the measures whose state is another than the night before."""
        known = {kpi: state for _, kpi, state in self.late}
        told = pl.read_parquet(self.settings.public / "drift" / "farskhet.parquet").sort("kalla_id")
        for kpi, state in told.filter(kalla="Kolada").select("kalla_id", "tillstand").iter_rows():
            if known.get(kpi) != state:
                self.late.append((self.number, kpi, state))

    def history(self) -> list[tuple[str, str, int, float | None, int, int | None]]:
        """What was known of Kolada's values: from which night, and until which (None: still)."""
        warehouse = Warehouse(self.settings.warehouse_file)
        try:
            told = warehouse.read(contract("kolada_varden", "core"))
        finally:
            warehouse.close()
        nights = [(pl.col(name).dt.date() - self.first).dt.total_days() for name in ("kand_fran", "kand_till")]
        return sorted(told.select("kalla_id", "kommun_id", "ar", "varde", *nights).iter_rows(), key=str)

    def flips(self) -> list[tuple[int, str | None, str | None, tuple[str, ...]]]:
        """The flips of the milestone's status that releases tell of: night, before, after, causes."""
        found = []
        for path in sorted((self.settings.public / "releases").glob("*/difference.json")):
            day = dt.date.fromisoformat(path.parent.name.partition(".")[0])
            for flip in json.loads(path.read_text(encoding="utf-8"))["flips"]:
                if flip["key"].get("indikator_id") == "andel" and flip["column"] == STATUS and flip["before"]:
                    said = (flip["before"], flip["after"], tuple(flip["causes"]))
                    found.append(((day - self.first).days, *said))
        return found

    def _rows(self) -> dict[str, int]:
        """How many rows each table of the warehouse holds."""
        with duckdb.connect(str(self.settings.warehouse_file), read_only=True) as connection:
            listed = "SELECT schema_name || '.' || table_name FROM duckdb_tables()"
            names = [name for (name,) in connection.execute(listed).fetchall()]
            counts = {name: connection.table(name).count("*").fetchall() for name in names}
        return {name: rows for name, ((rows,),) in counts.items()}


def selected(definitions: dg.Definitions, *, whole: bool) -> Sequence[dg.AssetKey]:
    """The assets of a night: all of the job's, or those that the plan has something to say of."""
    graph = definitions.resolve_asset_graph()
    told = dg.AssetSelection.assets(*TOLD, "farskhet").upstream() | dg.AssetSelection.assets("karantan", "publication")
    every = definitions.resolve_job_def(JOB).asset_layer.selected_asset_keys
    return sorted(every if whole else every & told.resolve(graph))


@contextmanager
def a_year(folder: Path, kpis: Sequence[Mapping[str, Any]], first: dt.date) -> Iterator[Year]:
    """Two KPIs for three units, the population of one, and a home whose publication is approved."""
    plan = folder / "plan"
    plan.mkdir(parents=True)
    written(plan, changed(PLAN[: PLAN.index("[[extract]]")], *SELECTION), "")
    config = {"maxDataCells": 1000, "maxCallsPerTimeWindow": 3000, "timeWindow": 10}
    units = [{"id": unit, "title": unit, "type": "K"} for unit in UNITS]
    services = (
        KoladaServer(kpis, units, values(*HELD)),
        ScbServer(config, {"TAB638": people(FIRST, 100.0, 110.0)}),
    )
    before = dict(os.environ)
    with services[0] as kolada, services[1] as scb, webhook() as (url, messages):
        given = {
            "PLAN": plan,
            "SOURCE": "live",
            "HOME": folder / "home",
            "PUBLIC": folder / "public",
            "KOLADA_URL": kolada.url,
            "SCB_URL": scb.url,
            "KOLADA_RATE": 1000,
            "RETRY_SECONDS": 1,
            "ALERT_WEBHOOK": url,
        }
        settings = Settings.read({f"ETAPPMAL_{name}": str(value) for name, value in given.items()})
        approve(settings, "A. Andersson", in_plan=True)
        try:
            yield Year(kolada, scb, settings, first, messages)
        finally:
            os.environ.clear()
            os.environ.update(before)


def lived(year: Year, nights: Sequence[int], script: Mapping[int, Any], *, whole: bool) -> None:
    """Live through these nights in this process; what the script has for a night happens before it."""
    prepare(year.settings)
    definitions = build_definitions(partial(open_from_environment, clock=lambda: year.clock))
    job, wanted = definitions.resolve_job_def(JOB), selected(definitions, whole=whole)
    with dg.DagsterInstance.get() as instance:
        for number in nights:
            year.number = number
            script.get(number, lambda _: None)(year)
            year.live_through(job, instance, wanted)
