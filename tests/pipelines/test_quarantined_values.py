"""Rows in quarantine: what the observations among them are about, and whose they are."""

from pathlib import Path

import polars as pl

from contracts import BROKEN, contract
from pipelines.storage.warehouse import Warehouse


def test_observations_in_quarantine_tell_what_they_are_about(tmp_path: Path) -> None:
    declared = contract("kolada_varden", "core")
    rows = [
        {"kalla_id": "N00001", "kommun_id": "0126", "ar": 2023, "kon": "T", "varde": 70.0},
        {"kalla_id": "N00001", "kommun_id": "0126", "ar": 2023, "kon": "T", "varde": 71.0},
        {"kalla_id": "N00002", "kommun_id": "0126", "ar": None, "kon": "X", "varde": 3.0},
    ]
    bad = pl.DataFrame(rows, schema=declared.polars_schema).with_columns(pl.lit(["x"]).alias(BROKEN))
    warehouse = Warehouse(tmp_path / "warehouse.duckdb")
    warehouse.quarantine("1", declared, "Kolada", bad)
    warehouse.quarantine("1", contract("scb_varden", "core"), "SCB", bad.head(1))
    found = warehouse.set_aside(declared)
    warehouse.close()
    assert found.rows() == [("N00001", "0126", 2023, "T"), ("N00002", "0126", None, "X")]


def bad_rows(table: str, layer: str, count: int) -> pl.DataFrame:
    """Rows of a table that each broke a rule."""
    schema = contract(table, layer).polars_schema
    rows = pl.DataFrame({name: [None] * count for name in schema}, schema)
    return rows.with_columns(pl.lit(["x"]).alias(BROKEN))


def test_each_report_keeps_its_rows_in_quarantine(tmp_path: Path) -> None:
    goals, bad = contract("malregister", "core"), bad_rows("malregister", "core", 2)
    warehouse = Warehouse(tmp_path / "warehouse.duckdb")
    warehouse.quarantine("1", goals, "planen", bad, "2023-helar")
    warehouse.quarantine("2", goals, "planen", bad.head(1), "2024-helar")
    assert warehouse.quarantined().rows() == [("core.malregister", 3)]
    assert warehouse.quarantined("2024-helar").rows() == [("core.malregister", 1)]
    warehouse.quarantine("3", goals, "planen", bad.clear(), "2024-helar")
    assert warehouse.quarantined().rows() == [("core.malregister", 2)], "the other report's are still set aside"
    assert warehouse.quarantined("2024-helar").is_empty()
    warehouse.close()


def test_rows_of_a_table_that_belongs_to_no_report_are_kept_once(tmp_path: Path) -> None:
    values, bad = contract("scb_varden", "core"), bad_rows("scb_varden", "core", 1)
    warehouse = Warehouse(tmp_path / "warehouse.duckdb")
    warehouse.quarantine("1", values, "SCB", bad, "2023-helar")
    warehouse.quarantine("2", values, "SCB", bad, "2024-helar")
    assert warehouse.quarantined().rows() == [("core.scb_varden", 1)]
    assert warehouse.quarantined("2024-helar").rows() == [("core.scb_varden", 1)], "it is of every report"
    warehouse.close()
