"""Seven years of a small municipality: a plan folder for each, two KPIs, and a home of their own.

Here belongs how a year's plan is written and how reports are made. What must come of it stands in ``test_reports``.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import dagster as dg
import polars as pl

from pipelines.definitions import JOB, defs
from pipelines.plans.approving import approve
from pipelines.runs import summary
from pipelines.runs.instance import prepare
from pipelines.runs.reports import RULE, tags_of, tags_of_own
from pipelines.settings import Settings
from tests.end_to_end.year import TOLD as OF_A_YEAR
from tests.pipelines.test_observing import FIRST, people, values
from tests.servers.kolada import KoladaServer
from tests.servers.scb import ScbServer
from tests.sources.plans import PLAN, changed, written

YEARS: Final = range(2017, 2024)
UNITS: Final = ("0126", "0127", "0000")
KPIS: Final = {"N00001": "Fossilfria fordon, andel (%)", "N00002": "Fordon, antal"}
OUTCOMES: Final = {year: 10.0 * (year - YEARS[0]) + 25 for year in YEARS}
"""25 percent in the first year, 85 in the last; the milestone is 80 each year."""

DECISION: Final = '\n[report.decision]\ngrade = "Delvis uppfyllt"\ndate = {date}\nreason = "Kort."\n\n[rule]'


def a_plan(year: int, *changes: tuple[str, str]) -> str:
    """The plan of a year: decided in the February after it, but for the last, which is not decided yet."""
    text = PLAN[: PLAN.index("[[extract]]")]
    edits = [
        ('id = "2023-helar"\nyear = 2023', f'id = "{year}-helar"\nyear = {year}'),
        ("milestone = { year = 2023", f"milestone = {{ year = {year}"),
        ("years = [2020, 2023]", f"years = [{YEARS[0]}, {YEARS[-1]}]"),
        ('selection = { Region = ["0126"] }', 'selection = { Region = ["0126"], Tid = ["2022", "2023"] }'),
        *([("\n[rule]", DECISION.format(date=f"{year + 1}-02-14"))] if year != YEARS[-1] else []),
        *changes,
    ]
    for old, new in edits:
        text = changed(text, old, new)
    return text


TOLD: Final = (*OF_A_YEAR, "malhistorik", "prognoser", "farskhet")
SPOKEN_OF: Final = frozenset(
    (dg.AssetSelection.assets(*TOLD).upstream() | dg.AssetSelection.assets("karantan", "publication")).resolve(
        defs.resolve_asset_graph()
    )
) & frozenset(defs.resolve_job_def(JOB).asset_layer.selected_asset_keys)
"""The assets that plans without extracts have something to say of."""


@dataclass(frozen=True)
class Made:
    """How a run ended, and what it says of itself."""

    success: bool
    last: dict[str, Any]


@dataclass(frozen=True)
class Years:
    """The services, and the settings whose plan is that of the last year, as they are read from the environment."""

    kolada: KoladaServer
    settings: Settings
    environment: Mapping[str, str]

    @property
    def latest(self) -> Path:
        """What readers see."""
        return self.settings.public / "latest"

    def folder(self, year: int) -> Path:
        """The plan folder of a year."""
        return self.settings.plan.parent / str(year)

    def write(self, year: int, *changes: tuple[str, str]) -> None:
        """Write the plan of a year anew."""
        self.folder(year).mkdir(exist_ok=True)
        written(self.folder(year), a_plan(year, *changes), "")

    def make(self, first: int | None = None, last: int | None = None, rule: str | None = None) -> Made:
        """Make the report of the plan, of one year, or of all years from one to another: what the plans speak of."""
        with dg.DagsterInstance.get() as instance:
            own = tags_of_own(instance, self.settings)
            tags = tags_of((f"{first}-helar", f"{last or first}-helar")) if first else own
            done = defs.resolve_job_def(JOB).execute_in_process(
                instance=instance,
                asset_selection=sorted(SPOKEN_OF),
                tags={**tags, **({RULE: rule} if rule else {})},
                run_config={"loggers": {"progress": {}}},
                raise_on_error=False,
            )
        return Made(done.success, (summary.read(self.settings.summary) or {})["last"])

    def made(self, *given: Any, **more: Any) -> dict[str, Any]:
        """Make reports, which must go well; what the run says of itself."""
        done = self.make(*given, **more)
        assert done.success, done.last["errors"]
        return done.last

    def broken_off(self, year: int) -> None:
        """A run of a report that breaks off when it has read the plan: Kolada lists no municipality."""
        kept, self.kolada.municipalities = self.kolada.municipalities, []
        assert not self.make(year).success
        self.kolada.municipalities = kept

    def published(self, dataset: str = "malbedomning") -> pl.DataFrame:
        """A published dataset."""
        return pl.read_parquet(self.latest / f"{dataset}.parquet")

    def bytes(self) -> dict[str, bytes]:
        """Every published file of data, but for the list of them."""
        return {path.name: path.read_bytes() for path in sorted(self.latest.glob("*.parquet"))}

    def rows_of_others(self, year: int) -> dict[str, str]:
        """Every published row that does not belong to a year's report, as text, by dataset."""
        found = {}
        for path in sorted(self.latest.glob("*.parquet")):
            rows = pl.read_parquet(path)
            if "rapport" in rows.columns and rows.height:
                found[path.stem] = rows.filter(pl.col("rapport") != f"{year}-helar").write_csv()
        return found

    @contextmanager
    def instance(self) -> Iterator[dg.DagsterInstance]:
        """Dagster's instance of the home."""
        with dg.DagsterInstance.get() as instance:
            yield instance


@contextmanager
def seven_years(folder: Path) -> Iterator[Years]:
    """Plans for seven years, two services, and a home whose publication is approved."""
    held = [("N00001", "0126", year, value) for year, value in OUTCOMES.items()]
    held += [("N00002", "0126", 2022, 40.0), ("N00001", "0127", 2023, 60.0), ("N00001", "0000", 2023, 50.0)]
    units = [{"id": unit, "title": unit, "type": "K"} for unit in UNITS]
    kpis = [{"id": kpi, "title": title} for kpi, title in KPIS.items()]
    config = {"maxDataCells": 1000, "maxCallsPerTimeWindow": 3000, "timeWindow": 10}
    before = dict(os.environ)
    with (
        KoladaServer(kpis, units, values(*held)) as kolada,
        ScbServer(config, {"TAB638": people(FIRST, 100.0, 110.0)}) as scb,
    ):
        (folder / "plans").mkdir()
        given = {
            "PLAN": folder / "plans" / str(YEARS[-1]),
            "SOURCE": "live",
            "HOME": folder / "home",
            "PUBLIC": folder / "public",
            "KOLADA_URL": kolada.url,
            "SCB_URL": scb.url,
            "KOLADA_RATE": 1000,
            "RETRY_SECONDS": 10,
        }
        environment = {f"ETAPPMAL_{name}": str(value) for name, value in given.items()}
        years = Years(kolada, Settings.read(environment), environment)
        for year in YEARS:
            years.write(year)
        prepare(years.settings)
        approve(years.settings, "A. Andersson", in_plan=False)
        try:
            yield years
        finally:
            os.environ.clear()
            os.environ.update(before)
