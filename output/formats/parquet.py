"""Parquet: zstd, sorted, in row groups that a remote reader can fetch one by one.

Here belongs the file. What is declared of the table stands in the file's own metadata too.
"""

import json
from pathlib import Path
from typing import Final

from output.tables import Published, describe

ROW_GROUP: Final = 100_000
"""Rows in a row group: small enough that a remote reader fetches little."""


def write_parquet(table: Published, path: Path) -> None:
    """Write the table as Parquet, its descriptions in the file's own metadata."""
    described = describe(table)
    metadata = {
        key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for key, value in described.items()
    }
    table.rows.sink_parquet(path, compression="zstd", row_group_size=ROW_GROUP, metadata=metadata)
