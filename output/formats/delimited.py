"""CSV in two dialects: RFC 4180 for programs, and the one that a Swedish Excel opens by double-click.

Here belongs how a value is written as text. CSV: UTF-8 without a byte order mark, comma, CRLF; the
shortest decimal figure that is the value, never an exponent, at least one and at most the declared
decimals (a column may hold indicators of many units, which trailing zeros would make look more exact
than they are); whole numbers without decimals; ``true`` and ``false``; ISO 8601 dates; times in UTC
with a ``Z``; nothing where a value is missing. For Excel: a byte order mark, semicolon, decimal comma,
``SANT`` and ``FALSKT``, times without zone.

No cell needs disarming in either: a text that a spreadsheet would run is refused in ``output.tables``.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import IO, Final, cast

import polars as pl

from contracts import Column
from output.formats.excel_cells import held
from output.tables import Published, describe

PLAIN_DECIMALS: Final = 4
"""Figures of at most so many decimals are never written with an exponent."""

DATETIME: Final = "%Y-%m-%dT%H:%M:%S%.fZ"
EXCEL_DATETIME: Final = "%Y-%m-%d %H:%M:%S"
TRUE, FALSE = "SANT", "FALSKT"


def write_csv(table: Published, path: Path) -> None:
    """Write the table as CSV."""
    with path.open("wb") as file:
        _write(table, file)


def write_excel_csv(table: Published, path: Path) -> None:
    """Write the table as CSV that a Swedish Excel opens rightly."""
    booleans = [
        pl.when(pl.col(column.name))
        .then(pl.lit(TRUE))
        .when(~pl.col(column.name))
        .then(pl.lit(FALSE))
        .alias(column.name)
        for column in table.columns
        if column.dtype == pl.Boolean
    ]
    figures = [figure.str.replace(".", ",", literal=True) for figure in _without_exponent(table)]
    with path.open("wb") as file:
        for number, batch in enumerate(table.batches()):
            held(batch).with_columns(*booleans, *figures).write_csv(
                file,
                include_bom=number == 0,
                include_header=number == 0,
                separator=";",
                decimal_comma=True,
                line_terminator="\r\n",
                datetime_format=EXCEL_DATETIME,
            )


def content_sha256(table: Published, draft: Path | None = None) -> str:
    """The hash of what the table says: its rows as text, and all that is declared of them.

    Not of a file's bytes, which change with the library that writes them. ``draft`` is where the text of the rows
    is kept, which is what ``write_csv`` would write: of many rows it costs more to make than to keep.
    """
    declared = json.dumps(describe(table), ensure_ascii=False, sort_keys=True).encode() + b"\n"
    with draft.open("wb") if draft else nullcontext() as file:
        sink = _Hashing(declared, file)
        _write(table, cast("IO[bytes]", sink))
    return sink.digest.hexdigest()


class _Hashing:
    """A file that keeps the hash of what it began with and what is written to it, and the latter if it has where."""

    def __init__(self, beginning: bytes, kept: IO[bytes] | None) -> None:
        self.digest = hashlib.sha256(beginning)
        self._kept = kept

    def write(self, data: bytes) -> int:
        """Add to the hash, and to what is kept."""
        self.digest.update(data)
        if self._kept:
            self._kept.write(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits to be written."""


def _write(table: Published, file: IO[bytes]) -> None:
    """Write the rows as CSV."""
    for number, batch in enumerate(table.batches()):
        rows = batch.with_columns(_without_exponent(table))
        rows.write_csv(file, include_header=number == 0, line_terminator="\r\n", datetime_format=DATETIME)


def _without_exponent(table: Published) -> Iterator[pl.Expr]:
    """The figures that could get an exponent, as text."""
    for column in table.columns:
        if column.dtype == pl.Float64 and (column.decimals or 0) > PLAIN_DECIMALS:
            yield _plain(column)


def _plain(column: Column) -> pl.Expr:
    """The figures of a column as text, ``0.000001`` rather than ``1e-6``."""
    value = pl.col(column.name)
    text = value.cast(pl.String)
    plain = value.cast(pl.Decimal(38, column.decimals or 0)).cast(pl.String).str.strip_chars_end("0")
    return pl.when(text.str.contains("e", literal=True)).then(plain).otherwise(text).alias(column.name)
