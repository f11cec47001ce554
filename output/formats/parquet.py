"""Parquet: zstd, sorted, in row groups that a remote reader can fetch one by one.

Here belongs the file. What is declared of the table stands in the file's own metadata too.
"""

import json
from pathlib import Path
from typing import Any, Final

import polars as pl

from output.formats.csvw import SUFFIX
from output.publication.manifest import About
from output.site import LATEST
from output.tables import Published, describe
from output.terms_of_use import licences, of_others

ROW_GROUP: Final = 100_000
"""Rows in a row group: small enough that a remote reader fetches little."""

PLAIN: Final = pl.CompatLevel.oldest()
"""Texts as every reader of Arrow's schema in the file knows them."""


ZONED: Final = pl.selectors.datetime(time_zone=None).dt.replace_time_zone("UTC")
"""Times as they stand in the file: in UTC, and said to be, or a reader takes them for the time where it is."""

ZONELESS: Final = pl.selectors.datetime(time_zone="*").dt.replace_time_zone(None)
"""Times as they stand in tables: in UTC, without saying so."""


def write_parquet(table: Published, path: Path, about: About) -> None:
    """Write the table as Parquet, its descriptions in the file's own metadata; no more than a batch is held at once."""
    from pyarrow import parquet  # noqa: PLC0415 - takes a while to load, and only what writes needs it

    metadata = _metadata(table, about)
    schema = _arrow(table.rows.head(0).collect()).schema.with_metadata(metadata)
    # Figures seldom repeat themselves: a dictionary of them takes more than they do.
    repeating = [column.name for column in table.columns if column.dtype != pl.Float64]
    with parquet.ParquetWriter(path, schema, compression="zstd", use_dictionary=repeating) as file:
        for batch in table.batches():
            file.write_table(_arrow(batch.rechunk()).replace_schema_metadata(metadata), row_group_size=ROW_GROUP)


def scan_published(path: Path) -> pl.LazyFrame:
    """The rows of a published file as its table had them."""
    return pl.scan_parquet(path).with_columns(ZONELESS)


def _arrow(rows: pl.DataFrame) -> Any:
    """Rows as a table of pyarrow."""
    return rows.with_columns(ZONED).to_arrow(compat_level=PLAIN)


def _metadata(table: Published, about: About) -> dict[str, str]:
    """What is declared of the table, who publishes it and on what terms, and where its columns are described."""
    theirs = of_others(table)
    said = {
        **describe(table),
        "publisher": about.publisher,
        "license": licences(about.licence, theirs)[0],
        "source": theirs.source_address if theirs and theirs.whole else about.base_url,
        "schema_url": f"{about.base_url}/{LATEST}/{table.contract.name}.csv{SUFFIX}",
        **({"rights": theirs.text.by_language} if theirs else {}),
    }
    return {
        key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for key, value in said.items()
    }
