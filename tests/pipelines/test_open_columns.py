"""Reading for publication: a column that is not open never leaves the warehouse."""

from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from contracts import contract
from contracts.vocabulary import Disclosure
from pipelines.storage.warehouse import Warehouse


def test_what_may_be_published_is_read_without_the_columns_that_are_not_open(tmp_path: Path) -> None:
    declared = contract("antal_anstallda")

    def closed() -> Any:
        """The table with two columns that may not be published."""
        schema = deepcopy(declared.build())
        schema.columns["kalla"].metadata["disclosure"] = Disclosure.INTERNAL
        schema.columns["kalla_rad"].metadata["disclosure"] = Disclosure.AGGREGATE
        return schema

    inner = replace(declared, build=closed)
    key = {"kommun_id": "0126", "rapport": "2023-helar"}
    row = {**key, "organisation_id": "a", "organisation": "A", "matt": "Antal", "ar": 2023, "varde": 420}
    rows = pl.DataFrame([{**row, "kalla": "Hemlig"}], schema=inner.polars_schema)
    warehouse = Warehouse(tmp_path / "warehouse.duckdb")
    warehouse.replace(inner, rows, key)
    read = warehouse.read_open(inner)
    warehouse.close()
    assert set(inner.polars_schema) - set(read.columns) == {"kalla", "kalla_rad"}
    assert read.equals(rows.select(read.columns))
