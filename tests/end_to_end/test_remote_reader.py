"""A reader elsewhere takes what it needs of a file over HTTP, and not the file.

Every byte from a real ``etappmal serve`` passes a relay that counts it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl
import pytest

from contracts import contract
from output.formats.parquet import ROW_GROUP, write_parquet
from output.publication.generation import publish
from output.tables import published
from tests.end_to_end.serving import served
from tests.output.publishing import ABOUT, OCCASION, income
from tests.servers.relay import Passed, relaying

DATASET: Final = "jamforelsetal_kolada"
KPIS, MUNICIPALITIES, YEARS = 50, 400, 20


@dataclass(frozen=True)
class Remote:
    """A large file on a server: its size, its rows, and what passes on the way to it."""

    rows: pl.DataFrame
    size: int
    passed: Passed

    @property
    def address(self) -> str:
        """Where a reader finds the file."""
        return f"{self.passed.address}/latest/stor.parquet"


def values() -> pl.DataFrame:
    """Values of Kolada, as many as a county's in all its years, none of them guessed from another."""
    kpi, municipality, year = (
        pl.select(pl.int_range(count).alias("n")).select(pl.format(text, pl.col("n")).alias(name))
        for name, count, text in (("kpi_id", KPIS, "N{}"), ("kommun_id", MUNICIPALITIES, "1{}"), ("ar", YEARS, "20{}"))
    )
    frame = kpi.join(municipality, how="cross").join(year, how="cross")
    number = pl.int_range(pl.len())
    return frame.with_columns(
        pl.col("ar").cast(pl.Int64),
        kpi=pl.format("Nyckeltal {}", "kpi_id"),
        kommun_id=pl.col("kommun_id").str.zfill(4),
        kon=pl.lit("T"),
        varde=(number.hash(seed=1) % 1_000_000) / 10,
        status=pl.lit(None, pl.String),
        kalla=pl.format("Kolada {} {} {}", *(number.hash(seed=seed) for seed in (2, 3, 4))),
        hamtad=pl.lit(None, pl.Datetime("us", "UTC")),
    ).select(pl.col(name).cast(kind) for name, kind in contract(DATASET).polars_schema.items())


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    """A file of four row groups as the project writes them, beside what is published, behind a real server."""
    public = tmp_path_factory.mktemp("site") / "public"
    publish({"resultatrakning": income(90)}, public, ABOUT, OCCASION)
    file = public / "latest" / "stor.parquet"
    table = published(values(), contract(DATASET))
    assert table.frame.height == KPIS * MUNICIPALITIES * YEARS == 4 * ROW_GROUP
    write_parquet(table, file, ABOUT)
    with served(public) as port, relaying(port) as passed:
        yield Remote(table.frame, file.stat().st_size, passed)


def scan_one_column(address: str) -> pl.DataFrame:
    """Take a column lazily."""
    return pl.scan_parquet(address).select("varde").collect()


def read_one_column(address: str) -> pl.DataFrame:
    """Take a column at once."""
    return pl.read_parquet(address, columns=["varde"])


def scan_one_key(address: str) -> pl.DataFrame:
    """Take the rows of one key: the file is sorted by it, so that the other row groups are passed over."""
    return pl.scan_parquet(address).filter(pl.col("kpi_id") == "N49").select("varde").collect()


@pytest.mark.parametrize(
    ("read", "wanted", "share"),
    [
        pytest.param(scan_one_column, pl.lit(value=True), 0.15, id="scan_parquet of a column"),
        pytest.param(read_one_column, pl.lit(value=True), 0.15, id="read_parquet of a column"),
        pytest.param(scan_one_key, pl.col("kpi_id") == "N49", 0.05, id="scan_parquet of a key"),
    ],
)
def test_polars_reads_one_column_over_http_by_ranges(
    remote: Remote, read: Callable[[str], pl.DataFrame], wanted: pl.Expr, share: float
) -> None:
    received, methods, ranges = remote.passed.received, len(remote.passed.methods), len(remote.passed.ranges)
    found = read(remote.address)
    assert found.equals(remote.rows.filter(wanted).select("varde"))
    asked = remote.passed.ranges[ranges:]
    assert len(asked) >= 2
    assert remote.passed.methods[methods:].count("GET") == len(asked)
    part = (remote.passed.received - received) / remote.size
    print(f"{len(asked)} ranges, {part:.1%} of {remote.size:,} bytes")
    assert part < share
