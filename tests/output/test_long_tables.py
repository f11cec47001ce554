"""A table that is too long for the memory comes out as one that is not, however it is cut on the way."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from contracts import contract
from output.errors import PublicationError
from output.publication.generation import publish, verify
from output.tables import can_be_long
from pipelines.storage.long_tables import OpenTables
from pipelines.storage.warehouse import Warehouse
from tests.output.publishing import ABOUT, OCCASION, framed

DATASET = "jamforelsetal_kolada"
KEY = ["kpi_id", "kommun_id", "ar", "kon"]


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut long tables into batches of three rows."""
    for module in ("tables", "differences.comparing"):
        monkeypatch.setattr(f"output.{module}.BATCH", 3)


def values(*rows: tuple[str, str, int, float | None]) -> pl.DataFrame:
    """Values of Kolada, in their order: KPI, municipality, year and value of each."""
    return framed(
        [
            {
                "kpi_id": kpi,
                "kpi": f"Nyckeltal {kpi}",
                "kommun_id": municipality,
                "ar": year,
                "kon": "T",
                "varde": value,
                "status": None if value is not None else "bortfall",
                "kalla": "Kolada",
            }
            for kpi, municipality, year, value in sorted(rows)
        ],
        contract(DATASET).polars_schema,
    ).with_columns(hamtad=pl.datetime(2024, 1, 1))


FIRST = values(*[("N00001", f"01{place:02}", year, place + year / 7) for place in range(4) for year in (2022, 2023)])
SECOND = values(
    *[("N00001", f"01{place:02}", year, place + year / 7) for place in range(1, 4) for year in (2022, 2023)][:-1],
    ("N00001", "0103", 2023, 0.5),
    *[("N00002", f"01{place:02}", 2023, None) for place in range(5)],
)


def lazily(frame: pl.DataFrame, folder: Path) -> pl.LazyFrame:
    """The rows as a file that is read some at a time."""
    folder.mkdir(exist_ok=True)
    file = folder / f"{len(list(folder.iterdir()))}.parquet"
    frame.write_parquet(file)
    return pl.scan_parquet(file)


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_all_that_is_published_of_it_is_the_same_and_so_is_what_changed(tmp_path: Path) -> None:
    short, long = tmp_path / "short", tmp_path / "long"
    for days, frame in enumerate((FIRST, SECOND)):
        occasion = replace(OCCASION, day=OCCASION.day + timedelta(days=days))
        one = publish({DATASET: frame.sample(fraction=1, shuffle=True, seed=1)}, short, ABOUT, occasion)
        other = publish({DATASET: lazily(frame, tmp_path / "files")}, long, ABOUT, occasion)
        assert other.difference == one.difference
        assert files(long) == files(short)
    assert other.difference
    (table,) = other.difference.tables
    assert (table.new_rows, table.lost_rows, table.revised_rows) == (5, 2, 1)
    assert table.revised_values == {"varde": 1}
    assert [sample.key["kommun_id"] for sample in table.new_samples] == ["0100", "0101", "0102"]
    assert verify(long) == []
    assert not publish({DATASET: lazily(SECOND, tmp_path / "files")}, short, ABOUT, OCCASION).changed


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        pytest.param(
            pl.concat([FIRST[:3], FIRST[2:]]), "row 4, column kpi_id, kommun_id, ar, kon: the same key", id="at a cut"
        ),
        pytest.param(
            FIRST.with_columns(kpi=pl.when(pl.int_range(pl.len()) == 6).then(pl.lit("=1+1")).otherwise("kpi")),
            "row 8, column kpi, value '=1.1': a spreadsheet would run the text",
            id="a formula in the last batch",
        ),
        pytest.param(
            FIRST.with_columns(kpi=pl.when(pl.int_range(pl.len()) == 7).then(pl.lit("19121212-1212")).otherwise("kpi")),
            "row 9, column kpi holds a personal identity number",
            id="personal data in the last batch",
        ),
        pytest.param(
            FIRST.with_columns(kon=pl.when(pl.int_range(pl.len()) == 4).then(pl.lit("X")).otherwise("kon")),
            "the table breaks its contract: kon:isin on 1 rows",
            id="a broken rule",
        ),
    ],
)
def test_what_must_not_be_published_is_found_in_any_batch(tmp_path: Path, frame: pl.DataFrame, told: str) -> None:
    with pytest.raises(PublicationError, match=told):
        publish({DATASET: lazily(frame, tmp_path / "files")}, tmp_path / "public", ABOUT, OCCASION)
    assert not (tmp_path / "public").exists()


def test_a_table_leaves_the_warehouse_in_its_order_whichever_way_it_takes(tmp_path: Path) -> None:
    declared = contract(DATASET)
    warehouse = Warehouse(tmp_path / "warehouse.duckdb")
    mixed = SECOND.sample(fraction=1, shuffle=True, seed=1)
    warehouse.replace(declared, mixed, dict.fromkeys(declared.partition, "0126"))
    short, long = (OpenTables(warehouse, tmp_path, long=rows).read(declared) for rows in (SECOND.height, 1))
    warehouse.close()
    assert isinstance(short, pl.DataFrame)
    assert isinstance(long, pl.LazyFrame)
    assert short.equals(SECOND)
    assert long.collect().equals(SECOND)


@pytest.mark.parametrize(
    ("table", "long"),
    [
        pytest.param(DATASET, True, id="values one by one"),
        pytest.param("antal_anstallda", False, id="counts persons"),
        pytest.param("resultatrakning", False, id="has totals"),
        pytest.param("omradesvarden", False, id="is in another order than its key"),
    ],
)
def test_which_tables_can_be_too_long_for_the_memory(table: str, *, long: bool) -> None:
    assert can_be_long(contract(table)) is long
