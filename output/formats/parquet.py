"""Parquet: zstd, sorted, in row groups that a remote reader can fetch one by one.

Here belongs the file. What is declared of the table stands in the file's own metadata too.
"""

import json
from pathlib import Path
from typing import Final

import polars as pl

from output.tables import Published, describe

ROW_GROUP: Final = 100_000
"""Rows in a row group: small enough that a remote reader fetches little."""

PLAIN: Final = pl.CompatLevel.oldest()
"""Texts as every reader of Arrow's schema in the file knows them."""


def write_parquet(table: Published, path: Path) -> None:
    """Write the table as Parquet, its descriptions in the file's own metadata; no more than a batch is held at once."""
    from pyarrow import parquet  # noqa: PLC0415 - takes a while to load, and only what writes needs it

    described = describe(table)
    metadata = {
        key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for key, value in described.items()
    }
    schema = table.rows.head(0).collect().to_arrow(compat_level=PLAIN).schema.with_metadata(metadata)
    # Figures seldom repeat themselves: a dictionary of them takes more than they do.
    repeating = [column.name for column in table.columns if column.dtype != pl.Float64]
    with parquet.ParquetWriter(path, schema, compression="zstd", use_dictionary=repeating) as file:
        for batch in table.batches():
            file.write_table(
                batch.rechunk().to_arrow(compat_level=PLAIN).replace_schema_metadata(metadata), row_group_size=ROW_GROUP
            )
