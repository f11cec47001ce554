"""A whole table of SCB in the warehouse: everything that was asked for, within the limits, and again without change."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import duckdb
import polars as pl
import pytest

from pipelines.loads.loading_tables import load_table
from pipelines.settings import Settings
from sources.errors import AnswerError
from tests.end_to_end.place import Place
from tests.servers.scb import ScbServer, Table

CONFIG: Final = {"maxDataCells": 12, "maxCallsPerTimeWindow": 3000, "timeWindow": 10}
CODES: Final = {
    "Region": ("0126", "0126R001", "0126R001_RegSO2025", "0126C1010_DeSO2025", "0126 annat"),
    "Alder": ("totalt", "-4", "5-9"),
    "ContentsCode": ("000007Y7",),
    "Tid": ("2023", "2024"),
}
CELLS: Final = 5 * 3 * 2


def table() -> Table:
    """Every cell but one; a region in a form that is no area's."""
    cells = pl.DataFrame({"": [0]})
    for name, codes in CODES.items():
        cells = cells.join(pl.DataFrame({name: codes}, schema={name: pl.String}), how="cross")
    numbered = cells.drop("").with_columns(
        value=pl.int_range(pl.len()).cast(pl.Float64), status=pl.lit(None, pl.String)
    )
    kept = numbered.with_columns(value=pl.when(pl.int_range(pl.len()) > 0).then("value"))
    return Table(CODES, kept, time="Tid", metric="ContentsCode", updated="2026-09-30T00:00:00Z")


@pytest.fixture
def server() -> Iterator[ScbServer]:
    """SCB with this table, that gives twelve cells at a time."""
    with ScbServer(CONFIG, {"TAB6574": table()}) as served:
        yield served


def settings(server: ScbServer, home: Path) -> Settings:
    """The settings of a load from this server."""
    return Settings.read({"ETAPPMAL_SCB_URL": server.url, "ETAPPMAL_HOME": str(home)})


def kept(home: Path) -> list[tuple[str, int, float]]:
    """What the warehouse holds of one cell's series."""
    with duckdb.connect(str(home / "live" / "warehouse.duckdb"), read_only=True) as warehouse:
        return warehouse.execute(
            "SELECT kommun_id, ar, varde FROM core.omradesceller WHERE kalla_id = 'TAB6574:000007Y7:-4' ORDER BY ALL"
        ).fetchall()


def test_every_cell_of_every_area_is_taken_in_within_the_limits_and_once(server: ScbServer, tmp_path: Path) -> None:
    done = load_table(settings(server, tmp_path), "TAB6574")
    assert (done.cells, done.values, done.new) == (CELLS, CELLS - 6 - 1, CELLS - 6 - 1)
    assert [(region, year) for region, year, _ in kept(tmp_path)] == [
        (region, year) for region in sorted(CODES["Region"][:4]) for year in (2023, 2024)
    ]
    again = load_table(settings(server, tmp_path), "TAB6574")
    # What came within the day is in the archive: nothing is asked for again.
    assert (again.requests, again.new, again.changed) == (0, 0, 0)


def test_regions_and_years_may_be_expressions(server: ScbServer, tmp_path: Path) -> None:
    done = load_table(settings(server, tmp_path), "TAB6574", regions=("0126R*",), years=("top(1)",))
    assert done.cells == 2 * 3
    assert kept(tmp_path) == [("0126R001", 2024, 9.0), ("0126R001_RegSO2025", 2024, 15.0)]


def test_a_table_without_regions_says_what_it_is_divided_by(tmp_path: Path) -> None:
    codes = {name: each for name, each in CODES.items() if name != "Region"}
    cells = table().cells.group_by(list(codes)).agg(pl.col("value").sum(), pl.lit(None, pl.String).alias("status"))
    bare = Table(codes, cells, time="Tid", metric="ContentsCode", updated="2026-09-30T00:00:00Z")
    with ScbServer(CONFIG, {"TAB1": bare}) as served, pytest.raises(AnswerError, match="not by region and time"):
        load_table(settings(served, tmp_path), "TAB1")


@pytest.mark.slow
def test_the_command_tells_what_it_did(server: ScbServer, tmp_path: Path) -> None:
    place = Place(tmp_path)
    ended = place.run(
        "load", "scb", "--table", "TAB6574", "--regions", "0126R*", "--json", settings={"ETAPPMAL_SCB_URL": server.url}
    )
    assert ended.status == 0, ended.err
    assert json.loads(ended.out)["cells"] == 2 * 3 * 2
    assert place.run("load", "scb", "--table", "befolkning").status == 2
