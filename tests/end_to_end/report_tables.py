"""The report's own tables and the published ones, as frames to be laid side by side.

Here belongs reading both. The report's tables are material beside the repository: where they are
absent, what needs them is skipped.
"""

from pathlib import Path
from typing import Final

import polars as pl
import pytest

from tests.end_to_end.place import ROOT

SHARED: Final = ROOT.parent / "shared"
PRINTED: Final = SHARED / "report-2023" / "tables"
VALUES: Final = SHARED / "data" / "kolada" / "kolada_v2_values_mapped_kpis_2024-08-30.parquet"


def printed(name: str) -> pl.DataFrame:
    """A table as the report prints it, every cell a text."""
    path = PRINTED / f"{name}.csv"
    if not path.exists():
        pytest.skip("the report's own tables are not beside the repository")
    return pl.read_csv(path, infer_schema=False)


def published(latest: Path, name: str) -> pl.DataFrame:
    """A dataset as it is published, every cell a text."""
    return pl.read_csv(latest / f"{name}.csv", infer_schema=False)


def number(column: str) -> pl.Expr:
    """A column's texts as numbers; what is no number is blank."""
    return pl.col(column).cast(pl.Float64, strict=False)


def figures(frame: pl.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    """Some columns of all rows, in an order of their own, with numbers as numbers."""
    chosen = frame.select(
        pl.when(number(column).is_null() & pl.col(column).is_not_null())
        .then(pl.col(column))
        .otherwise(number(column).cast(pl.String))
        .alias(column)
        for column in columns
    )
    return sorted(chosen.rows(), key=str)
