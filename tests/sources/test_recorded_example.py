"""The shipped example's archive: whole, small, and answering what the example asks."""

from pathlib import Path

import polars as pl
import pytest

from sources.archive import Archive
from sources.boundaries import borders
from sources.kolada import Kolada
from sources.scb import Scb
from sources.transport import Replay
from tests.record_example import (
    ARCHIVE,
    COUNTRY,
    HUDDINGE,
    KPIS,
    SCB_SELECTION,
    SCB_TABLE,
    SCB_TOTALS,
    YEARS,
    area_parts,
)

LARGEST = 300_000


@pytest.fixture
def replay() -> Replay:
    """The recorded answers, without a network."""
    return Replay(Archive(ARCHIVE, read_only=True))


def units(replay: Replay) -> list[str]:
    """The municipalities of Stockholm county, whose codes begin with 01, and the country."""
    every = Kolada(replay).municipalities()
    county = every.filter(pl.col("type") == "K", pl.col("id").str.starts_with("01"))["id"].to_list()
    return [COUNTRY, *county]


def test_the_archive_is_whole_and_small() -> None:
    assert Archive(ARCHIVE, read_only=True).verify() == []
    assert sum(path.stat().st_size for path in Path(ARCHIVE).rglob("*") if path.is_file()) < LARGEST


def test_every_answer_is_asked_for_by_the_example(replay: Replay) -> None:
    Kolada(replay).kpis(KPIS)
    Kolada(replay).observations(KPIS, units(replay), YEARS)
    scb = Scb(replay, ask_first=False)
    scb.observations(SCB_TABLE, SCB_SELECTION, totals=SCB_TOTALS)
    for part in area_parts():
        scb.observations(part.table, part.asked, totals=part.totals)
    borders(replay, HUDDINGE, "RegSO_2025")
    assert len(replay.taken) == len((ARCHIVE / "answers.jsonl").read_bytes().splitlines())


def test_observations_of_huddinge(replay: Replay) -> None:
    found = Kolada(replay).observations(KPIS, units(replay), YEARS).frame
    assert found["kommun_id"].n_unique() == 27
    assert (found["ar"].min(), found["ar"].max()) == (1999, 2022)
    assert set(KPIS) - set(found["kalla_id"]) == {"N00672"}
    recommend = found.filter(pl.col("kalla_id") == "N00670", pl.col("kommun_id") == HUDDINGE, pl.col("kon") == "T")
    assert recommend.sort("ar").select("ar", "antal", "borttagen").rows() == [(2021, 1, False), (2022, 1, False)]


def test_dwellings_by_area(replay: Replay) -> None:
    parts = {part.table: part for part in area_parts()}
    found = Scb(replay, ask_first=False).observations("TAB6258", parts["TAB6258"].asked)
    told = found.filter(pl.col("value").is_not_null())
    # The whole of the municipality's 60 DeSO of 2018 in four tenures; what is not at hand is blank, never 0.
    assert told.height == 60 * 4
    assert set(told["Tid"]) == {"2022"}
    assert found.filter(pl.col("Region") == "0126R014")["value"].to_list() == [None] * 4
    assert dict(told.group_by("Upplatelseform").agg(pl.col("value").sum()).rows()) == {
        "1": 14896,
        "2": 13816,
        "3": 17938,
        "ÖVRIGT": 0,
    }


def test_population_of_huddinge(replay: Replay) -> None:
    found = Scb(replay, ask_first=False).observations(SCB_TABLE, SCB_SELECTION, totals=SCB_TOTALS)
    assert found.select("Tid", "value").rows() == [("2020", 113234), ("2021", 113951), ("2022", 114504)]
