"""Tables on their way from the warehouse to publication, also those that are too long for the memory.

Here belongs which way a table takes: short ones as frames, long ones sorted by DuckDB, which spills to disk,
into a file that publication reads some rows at a time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import polars as pl

from contracts import Contract
from output.tables import Frame, can_be_long
from pipelines.storage.warehouse import Warehouse

LONG: Final = 1_000_000
"""Rows up to which a table is published from memory."""


class OpenTables:
    """Reads what may be published of each table. What it hands out lasts as long as its folder."""

    def __init__(self, warehouse: Warehouse, folder: Path, long: int = LONG) -> None:
        """Read from a warehouse; tables of more than ``long`` rows are kept as files in a folder."""
        self._warehouse = warehouse
        self._folder = folder
        self._long = long

    def read(self, declared: Contract) -> Frame:
        """All rows of a table in their published order; lazy where they are too many for the memory."""
        if not can_be_long(declared) or self._warehouse.count(declared) <= self._long:
            return self._warehouse.read_open(declared)
        file = self._folder / f"{declared.name}.parquet"
        self._warehouse.write_open(declared, file)
        return pl.scan_parquet(file)


@contextmanager
def open_tables(warehouse: Warehouse, beside: Path) -> Iterator[OpenTables]:
    """Read tables for as long as the block lasts; the files of long ones lie in a folder beside the warehouse."""
    with TemporaryDirectory(prefix=".long-", dir=beside, ignore_cleanup_errors=True) as folder:
        yield OpenTables(warehouse, Path(folder))
