"""Taking in observations from servers: all of it once, then what changed; what is gone, and what is held back."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl
import pytest

from contracts import contract
from pipelines.intake import transports
from pipelines.intake.observing import described_kpis, described_units, observe, read_kolada
from pipelines.runs.run import open_run
from pipelines.settings import Settings
from pipelines.transforms.history import as_of
from sources.errors import AnswerError
from tests.servers.kolada import KoladaServer
from tests.servers.scb import ScbServer, Table
from tests.sources.plans import PLAN, changed, written

TITLES: Final = {"N00001": "Fossilfria fordon, andel (%)", "N00002": "Fordon, antal"}
LONG_AGO: Final = "2020-01-01"
NOW: Final = "2999-01-01"
SERIES: Final = changed(
    PLAN, 'selection = { Region = ["0126"] }', 'selection = { Region = ["0126"], Tid = ["2022", "2023"] }'
)


def values(*rows: tuple[str, str, int, float | None]) -> pl.DataFrame:
    """What Kolada holds."""
    return pl.DataFrame(rows, schema=["kpi", "municipality", "period", "value"], orient="row").with_columns(
        pl.col("value").cast(pl.Float64),
        gender=pl.lit("T"),
        count=pl.col("value").is_not_null().cast(pl.Int64),
        status=pl.lit(""),
        isdeleted=pl.lit(value=False),
        changed=pl.lit(LONG_AGO),
    )


def people(updated: str, *counts: float) -> Table:
    """SCB's table of population for 2022 and 2023."""
    cells = pl.DataFrame({"Region": "0126", "Tid": ["2022", "2023"], "value": counts, "status": None})
    codes = {"Region": ("0126",), "Tid": ("2022", "2023")}
    return Table(codes, cells.cast({"status": pl.String}), time="Tid", metric="ContentsCode", updated=updated)


@dataclass(frozen=True)
class Night:
    """What a refresh left: what is known, with its history, what was held back, and what was asked."""

    history: pl.DataFrame
    population: pl.DataFrame
    held_back: list[str]
    from_dates: set[str | None]
    tables: list[str]
    ended: dt.datetime

    @property
    def known(self) -> dict[tuple[str, str, int], float | None]:
        """What holds now."""
        return said(self.history.filter(pl.col("kand_till").is_null()))


def said(frame: pl.DataFrame) -> dict[tuple[str, str, int], float | None]:
    """Observations by what they are about."""
    return {(row["kalla_id"], row["kommun_id"], row["ar"]): row["varde"] for row in frame.iter_rows(named=True)}


@dataclass
class World:
    """Both services, and a home with a plan in which refreshes are made."""

    kolada: KoladaServer
    scb: ScbServer
    settings: Settings
    runs: int = 0

    def refresh(self) -> Night:
        """Take in what there is."""
        self.kolada.log.clear()
        self.scb.log.clear()
        self.runs += 1
        with open_run(self.settings, f"run-{self.runs}", "test") as run:
            observe(run)
            kolada, scb = (run.warehouse.read(contract(f"{name}_varden", "core")) for name in ("kolada", "scb"))
        return Night(
            kolada,
            scb,
            run.summary.held_back,
            {asked.query.get("from_date") for asked in self.kolada.log if asked.path.startswith("/data")},
            [asked.path for asked in self.scb.log if asked.path.endswith("/data")],
            dt.datetime.now(dt.UTC).replace(tzinfo=None),
        )

    def revise(self, kpi: str, year: int, value: float | None, *, unit: str = "0126", gone: bool = False) -> None:
        """Change a value at the source, or remove it."""
        cell = (pl.col("kpi") == kpi) & (pl.col("municipality") == unit) & (pl.col("period") == year)
        self.kolada.values = self.kolada.values.with_columns(
            value=pl.when(cell).then(pl.lit(value, pl.Float64)).otherwise("value"),
            isdeleted=pl.when(cell).then(gone).otherwise("isdeleted"),
            changed=pl.when(cell).then(pl.lit(NOW)).otherwise("changed"),
        )

    def quiet(self) -> None:
        """Let all changes at the source be of long ago."""
        self.kolada.values = self.kolada.values.with_columns(changed=pl.lit(LONG_AGO))

    def rename(self, kpi: str, title: str) -> None:
        """Give a KPI another title at the source."""
        self.kolada.kpis = [{**each, "title": title} if each["id"] == kpi else each for each in self.kolada.kpis]

    def plan(self, *changes: tuple[str, str]) -> None:
        """Change the plan."""
        text = (self.settings.plan / "plan.toml").read_text(encoding="utf-8")
        for old, new in changes:
            text = changed(text, old, new)
        written(self.settings.plan, text)

    def days_pass(self, days: int) -> None:
        """Let all readings have been made so many days ago."""
        with duckdb.connect(str(self.settings.warehouse_file)) as connection:
            connection.execute("UPDATE meta.readings SET moment = moment - to_days(?)", [days])


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Two KPIs for three units, and the population of one."""
    # Nothing here is about the second that SCB is left alone before it has told its limits.
    monkeypatch.setattr(transports, "SCB_RATE", 1000.0)
    held = values(
        ("N00001", "0126", 2022, 70.0),
        ("N00001", "0126", 2023, 79.0),
        ("N00001", "0127", 2023, None),
        ("N00001", "0000", 2023, 50.0),
        ("N00002", "0126", 2022, 40.0),
    )
    kpis = [{"id": kpi, "title": title} for kpi, title in TITLES.items()]
    folder = tmp_path / "plan"
    folder.mkdir()
    written(folder, SERIES)
    config = {"maxDataCells": 1000, "maxCallsPerTimeWindow": 3000, "timeWindow": 10}
    services = (KoladaServer(kpis, [], held, page_size=2), ScbServer(config, {"TAB638": people(FIRST, 100.0, 110.0)}))
    with services[0] as kolada, services[1] as scb:
        settings = {
            "PLAN": folder,
            "SOURCE": "live",
            "HOME": tmp_path / "home",
            "KOLADA_URL": kolada.url,
            "SCB_URL": scb.url,
            "KOLADA_RATE": 1000,
            "RETRY_SECONDS": 2,
        }
        yield World(kolada, scb, Settings.read({f"ETAPPMAL_{name}": str(value) for name, value in settings.items()}))


FIRST, SECOND = "2024-02-22T07:00:00Z", "2024-03-22T07:00:00Z"
YESTERDAY: Final = dt.timedelta(days=1)


def test_the_first_reading_is_complete_and_known_all_at_once(world: World) -> None:
    night = world.refresh()
    assert night.from_dates == {None}
    assert len(night.known) == 5
    # Several answers came one after the other: they are one reading, or the later ones would be revisions.
    assert night.history["kand_fran"].n_unique() == 1
    assert night.held_back == []
    blank = night.history.filter(pl.col("kommun_id") == "0127").row(0, named=True)
    assert (blank["varde"], blank["antal"], blank["status"]) == (None, 0, "")


def test_a_night_asks_for_changes_in_the_latest_25_years_and_for_older_ones_with_everything(world: World) -> None:
    world.plan(("years = [2020, 2023]", "years = [1990, 2023]"))
    world.refresh()
    everything = {path.partition("/year/")[2] for path in (each.path for each in world.kolada.log) if "/year/" in path}
    assert {int(year) for years in everything for year in years.split(",")} == set(range(1990, 2024))
    world.refresh()
    changes = {path.partition("/year/")[2] for path in (each.path for each in world.kolada.log) if "/year/" in path}
    assert changes == {",".join(map(str, range(1999, 2024)))}


def test_the_second_night_asks_for_changes_and_writes_nothing_where_there_are_none(world: World) -> None:
    first = world.refresh()
    second = world.refresh()
    assert second.from_dates == {(first.ended - YESTERDAY).date().isoformat()}
    assert second.tables == []
    assert second.history.equals(first.history)
    assert second.population.equals(first.population)


def test_a_change_feed_changes_and_closes_what_it_says_and_no_more(world: World) -> None:
    first = world.refresh()
    world.revise("N00001", 2022, 71.0)
    world.revise("N00001", 2023, None, unit="0000", gone=True)
    second = world.refresh()
    expected = {**first.known, ("N00001", "0126", 2022): 71.0}
    del expected["N00001", "0000", 2023]
    assert second.known == expected
    for night in (first, second):
        assert said(as_of(second.history, night.ended)) == night.known
    third = world.refresh()
    assert third.history.equals(second.history)


def test_everything_is_read_again_at_the_interval_and_what_is_not_there_is_gone(world: World) -> None:
    first = world.refresh()
    world.kolada.values = world.kolada.values.filter(pl.col("municipality") != "0000")
    world.days_pass(29)
    assert world.refresh().known == first.known
    world.days_pass(1)
    night = world.refresh()
    assert night.from_dates == {None}
    assert ("N00001", "0000", 2023) not in night.known
    assert said(as_of(night.history, first.ended)) == first.known


def test_bytes_of_old_that_come_back_are_known_from_the_night_they_came_back(world: World) -> None:
    first = world.refresh()
    world.revise("N00001", 2022, 71.0)
    second = world.refresh()
    # The source takes its change back without a word, so that the next whole reading is as the first was.
    world.revise("N00001", 2022, 70.0)
    world.quiet()
    world.days_pass(31)
    third = world.refresh()
    assert third.from_dates == {None}
    assert third.known == first.known
    for night in (first, second, third):
        assert said(as_of(third.history, night.ended)) == night.known


def test_another_scope_is_read_whole_and_leaves_what_is_outside_of_it(world: World) -> None:
    first = world.refresh()
    world.plan(('county_members = ["0126", "0127"]', 'county_members = ["0126"]'), ("[2020, 2023]", "[2023, 2023]"))
    second = world.refresh()
    assert second.from_dates == {None}
    assert second.history.equals(first.history)


def test_a_service_that_takes_back_its_update_is_asked_again(world: World) -> None:
    world.refresh()
    for updated, count in ((SECOND, 120.0), (FIRST, 110.0)):
        world.scb.tables = {"TAB638": people(updated, 100.0, count)}
        night = world.refresh()
        assert night.tables == ["/tables/TAB638/data"]
        assert said(night.population.filter(pl.col("kand_till").is_null()))["folkmangd", "0126", 2023] == count
    assert world.refresh().tables == []


def test_figures_that_are_older_than_their_metadata_are_asked_for_again(world: World) -> None:
    world.refresh()
    old = people(FIRST, 100.0, 110.0)
    world.scb.tables = {"TAB638": people(SECOND, 100.0, 120.0)}
    world.scb.edit = lambda payload: payload if not payload.get("value") else {**payload, "updated": old.updated}
    assert world.refresh().tables == ["/tables/TAB638/data"]
    assert world.refresh().tables == ["/tables/TAB638/data"]
    world.scb.edit = None
    assert world.refresh().tables == ["/tables/TAB638/data"]
    assert world.refresh().tables == []


def test_a_series_that_failed_is_read_the_next_night_though_another_was_read(world: World) -> None:
    more = """
[[scb.series]]
id = "fler"
title = "Fler"
unit = "antal"

[[scb.series.part]]
table = "TAB639"
region = "Region"
time = "Tid"
selection = { Region = ["0126"], Tid = ["2022", "2023"] }

[[extract]]
"""
    world.plan(("\n[[extract]]\n", more))
    assert world.refresh().population.is_empty()
    world.scb.tables = {**world.scb.tables, "TAB639": people(FIRST, 5.0, 6.0)}
    night = world.refresh()
    assert sorted(night.tables) == ["/tables/TAB638/data", "/tables/TAB639/data"]
    assert night.population.height == 4


@pytest.mark.parametrize("full", [False, True], ids=["change feed", "whole reading"])
def test_a_kpi_whose_values_have_all_gone_is_held_back_until_that_is_accepted(world: World, *, full: bool) -> None:
    first = world.refresh()
    world.revise("N00002", 2022, None, gone=True)
    world.revise("N00001", 2023, 80.0)
    if full:
        world.days_pass(40)
    for days in (0, 5, 40):
        world.days_pass(days)
        night = world.refresh()
        (held,) = night.held_back
        assert held.startswith("N00002 has no value for Huddinge")
        assert "etappmal accept N00002" in held
        assert night.known == {**first.known, ("N00001", "0126", 2023): 80.0}
    world.plan(('unit = "antal"\n\n[[scb', 'unit = "antal"\nvalues_expected = false\n\n[[scb'))
    accepted = world.refresh()
    assert accepted.held_back == []
    assert ("N00002", "0126", 2022) not in accepted.known


@pytest.mark.parametrize(
    ("title", "told"),
    [
        pytest.param("Fordon och cyklar, antal", "is called", id="renamed"),
        pytest.param("Fordon, antal (-2024)", "marked as retired", id="retired"),
    ],
)
def test_a_kpi_that_is_described_otherwise_is_held_back_and_the_others_go_on(
    world: World, title: str, told: str
) -> None:
    first = world.refresh()
    world.rename("N00002", title)
    world.revise("N00002", 2022, 1.0)
    world.revise("N00001", 2023, 80.0)
    night = world.refresh()
    (held,) = night.held_back
    assert told in held
    assert held.endswith("etappmal accept N00002.")
    assert night.known == {**first.known, ("N00001", "0126", 2023): 80.0}
    world.rename("N00002", TITLES["N00002"])
    assert world.refresh().known[("N00002", "0126", 2022)] == 1.0


def test_an_empty_answer_where_there_were_values_is_no_answer(world: World) -> None:
    world.plan(('"0126", "0127"]', f'{json.dumps(FILLERS)[1:-1]}, "0126", "0127"]'))
    world.revise("N00001", 2023, 60.0, unit="0127")
    first = world.refresh()
    world.days_pass(40)
    # 0127 is beyond the 25 units of the first request.
    world.kolada.edit = lambda payload: nothing(payload) if "0127" in str(payload["values"]) else payload
    with pytest.raises(AnswerError, match=r"0127/year.* is empty, and there were values, of N00001 and others"):
        read_alone(world)
    night = world.refresh()
    assert night.history.equals(first.history)
    assert night.held_back == []


def test_when_all_kpis_are_empty_at_once_it_is_the_service(world: World) -> None:
    world.kolada.edit = nothing
    with pytest.raises(AnswerError, match=r"/kpi/N00001,N00002: knows none of the plan's KPIs"):
        read_alone(world)
    world.kolada.edit = lambda payload: payload if "title" in str(payload) else nothing(payload)
    with pytest.raises(AnswerError, match="no KPI of the plan has any value for Huddinge"):
        read_alone(world)


def test_a_unit_that_kolada_does_not_list_is_an_error(world: World) -> None:
    world.kolada.municipalities = [{"id": "0126", "title": "Huddinge", "type": "K"}]
    with open_run(world.settings, "run", "test") as run, pytest.raises(AnswerError, match="the list lacks 0000, 0127"):
        described_units(run)


FILLERS: Final = [f"{number:04}" for number in range(1, 24)]


def nothing(payload: dict[str, Any]) -> dict[str, Any]:
    """An answer without records."""
    return {**payload, "values": [], "count": 0, "next_url": None}


def read_alone(world: World) -> None:
    """Read what Kolada tells, and remember nothing."""
    with open_run(world.settings, "run", "test") as run:
        read_kolada(run, described_kpis(run).filter(pl.col("halls_inne").is_null())["kpi_id"].to_list())
