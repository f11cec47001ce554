"""A series that moves from table to table: declared as one in the plan, read as one, each table by its own codes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest

from pipelines.intake.observing import read_scb
from pipelines.runs.run import open_run
from pipelines.settings import Settings
from tests.servers.scb import ScbServer, Table
from tests.sources.plans import PLAN, changed, written

BEFORE: Final = PLAN[PLAN.index("[[scb.series.part]]") :].partition("\n\n")[0]
PARTS: Final = """\
[[scb.series.part]]
table = "TAB638"
region = "Region"
time = "Tid"
totals = ["Civilstand", "Kon"]
selection = { Region = ["0126"], Alder = ["tot"], ContentsCode = ["BE0101N1"], Tid = ["from(2023)"] }

[[scb.series.part]]
table = "TAB5557"
region = "Region"
time = "Tid"
totals = ["Kon"]
selection = { Region = ["0126"], Alder = ["TotSA"], Civilstand = ["SC"], ContentsCode = ["000007ME"], Tid = ["*"] }
"""


def table(codes: dict[str, tuple[str, ...]], values: dict[tuple[str, ...], float], **more: Any) -> Table:
    """A table of these cells, each by its codes in the order of the variables."""
    schema = {**dict.fromkeys(codes, pl.String), "value": pl.Float64, "status": pl.String}
    cells = pl.DataFrame([(*key, value, None) for key, value in values.items()], schema=schema, orient="row")
    return Table(codes, cells, time="Tid", metric="ContentsCode", updated="2026-02-21T07:00:00Z", **more)


OLD: Final = table(
    {
        "Region": ("0126", "0180"),
        "Civilstand": ("OG", "G"),
        "Alder": ("0", "tot"),
        "Kon": ("1", "2"),
        "ContentsCode": ("BE0101N1",),
        "Tid": ("2022", "2023", "2024"),
    },
    {
        ("0126", status, "tot", sex, "BE0101N1", year): {"2022": 10.0, "2023": 20.0, "2024": 30.0}[year]
        for status in ("OG", "G")
        for sex in "12"
        for year in ("2022", "2023", "2024")
    },
    eliminable=frozenset({"Civilstand", "Kon"}),
)
"""Parts add up here: each total is four times the part."""

NEW: Final = table(
    {
        "Region": ("0126", "0180"),
        "Civilstand": ("OG", "SC"),
        "Alder": ("0", "100+1", "TotSA"),
        "Kon": ("1", "2", "TotSa"),
        "ContentsCode": ("000007ME",),
        "Tid": ("2025",),
    },
    {
        ("0126", "SC", "TotSA", "1", "000007ME", "2025"): 70.0,
        ("0126", "SC", "TotSA", "2", "000007ME", "2025"): 71.0,
        ("0126", "SC", "TotSA", "TotSa", "000007ME", "2025"): 139.0,
    },
    labels={"Kon": {"1": "män", "2": "kvinnor", "TotSa": "totalt, samtliga män och kvinnor"}},
    eliminable=frozenset({"Kon"}),
)
"""Parts do not add up any more: the total has a code of its own, and is asked for by it."""


@pytest.fixture
def scb() -> Iterator[ScbServer]:
    """SCB with population to 2024 and from 2025."""
    config = {"maxDataCells": 150_000, "maxCallsPerTimeWindow": 3000, "timeWindow": 10}
    with ScbServer(config, {"TAB638": OLD, "TAB5557": NEW}) as server:
        yield server


def test_population_to_2024_and_from_2025_is_one_series(scb: ScbServer, tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    folder.mkdir()
    written(folder, changed(PLAN, BEFORE, PARTS))
    own = {"PLAN": folder, "SOURCE": "live", "HOME": tmp_path / "home", "SCB_URL": scb.url, "RETRY_SECONDS": 2}
    with open_run(Settings.read({f"ETAPPMAL_{name}": str(value) for name, value in own.items()}), "a", "test") as run:
        rows = read_scb(run).rows
    assert rows.select("kalla_id", "kommun_id", "ar", "kon", "varde").rows() == [
        ("folkmangd", "0126", 2023, "T", 80.0),
        ("folkmangd", "0126", 2024, "T", 120.0),
        ("folkmangd", "0126", 2025, "T", 139.0),
    ]
