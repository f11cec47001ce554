"""What the observations in quarantine are about, as far as it can be read."""

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
