"""A table as it is published: its open columns, rounded and sorted, and what is declared of them.

Here belongs what a reader sees of one table. How it is written as files stands in ``output.formats``;
which tables are published together, and where, in ``output.publication.generation``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import polars as pl

from contracts import Column, Contract
from contracts.plain_text import MISLEADING
from contracts.versions import aliased, with_aliases
from output.errors import PublicationError

Frame = pl.DataFrame | pl.LazyFrame
"""The rows of a table; lazy where they are too many for the memory, and then in the published order."""

BATCH: Final = 200_000
"""Rows that are held at once: a few row groups of a Parquet file."""

EXACT: Final = 2**53
"""Up to here a float holds every step of its last declared decimal."""

FORMULA: Final = (
    r"(?:^|[;\n])[\s\"\p{Cf}\p{Mn}]*[=+\-@\uFF0B\uFF0D\uFF1D\uFF20\uFE62\uFE63\uFE66\uFE6B\u207A\u208A\u207C\u208C]"
)
"""Text that a spreadsheet would run: a formula's first sign where a cell begins.

A Swedish Excel splits cells at semicolons and knows no quotation marks of a comma-separated file,
so that a cell begins after a semicolon and on a new line too.
"""

NUMBER: Final = r"^[+-] ?\d[\d\u00a0 .,]*%?$"
"""Text that begins as a formula but is only a number with its sign."""

CONTROL: Final = rf"[\x00-\x09\x0B-\x1F\x7F]|{MISLEADING}"
"""Characters that no label holds, and those that turn the order of reading. A line break (LF) may stand inside one."""


@dataclass(frozen=True, eq=False)
class Published:
    """The rows of a table exactly as they are published. Made by ``published`` alone.

    ``rows`` are read anew by whoever asks, so that a table that is too long for the memory is a table like any
    other: what is made of all its rows takes them as ``batches``.
    """

    contract: Contract
    columns: tuple[Column, ...]
    rows: pl.LazyFrame
    height: int

    @cached_property
    def frame(self) -> pl.DataFrame:
        """All rows at once, for what is only made of tables that are short."""
        return self.rows.collect()

    def words(self, column: str) -> list[Any]:
        """The different values of a column, in order; none where the table has no such column."""
        if all(each.name != column for each in self.columns):
            return []
        if column not in self._words:
            found = self.rows.select(pl.col(column).unique()).collect(engine="streaming")
            self._words[column] = sorted(found[column].drop_nulls().to_list())
        return self._words[column]

    @cached_property
    def _words(self) -> dict[str, list[Any]]:
        """The words of columns that have been asked for: whose terms go for a table is asked by each form of it."""
        return {}

    def batches(self) -> Iterator[pl.DataFrame]:
        """All rows in their order, some at a time; a table without rows has one batch without any."""
        yield from in_batches(self.rows)


def in_batches(rows: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """All rows in their order, some at a time; where there are none, one batch without any."""
    start = 0
    while True:
        batch = rows.slice(start, BATCH).collect()
        if batch.height or not start:
            yield batch
        if batch.height < BATCH:
            return
        start += BATCH


def published(frame: Frame, contract: Contract) -> Published:
    """The open columns of a table, under their old names too, rounded to their declared decimals and sorted.

    A lazy frame is a table that is too long for the memory, sorted already. Raises PublicationError for a
    repeated key, and for a value that cannot be written so that every reader gets it as it is.
    """
    columns = with_aliases(contract.open_columns)
    names = [column.name for column in columns]
    closed = [name for name in contract.sort if name not in names]
    if closed:
        raise PublicationError(
            f"the key or order needs {', '.join(closed)}, which is not open.",
            where=contract.name,
            remedy="Declare the column open, or a key of open columns.",
        )
    rows = aliased(frame.lazy(), contract.open_columns).select(_rounded(column, contract) for column in columns)
    if isinstance(frame, pl.DataFrame):
        rows = rows.sort(contract.sort, nulls_last=True).collect().lazy()
    height: int = frame.lazy().select(pl.len()).collect().item()
    table = Published(contract, columns, rows, height)
    short = isinstance(frame, pl.DataFrame)
    _require(
        table,
        [_unique(contract) if short else _unlike_the_next(contract)],
        {column.name: list(_demands(column)) for column in columns},
        [table.frame] if short else table.batches(),
    )
    return table


def can_be_long(contract: Contract) -> bool:
    """Whether a table can be published without having all its rows in memory.

    Its order is that of its key, so that rows of the same key meet; nothing in it is to be withheld, or held
    against other rows than their neighbours.
    """
    counts = any(column.counts_persons for column in contract.open_columns)
    return set(contract.sort) == set(contract.key) and not (counts or contract.adds_up or contract.related)


def describe(table: Published) -> dict[str, Any]:
    """What is declared of a published table, for metadata and for its hash."""
    contract = table.contract
    return {
        "dataset": contract.name,
        "title": contract.title.by_language,
        "description": contract.description.by_language,
        "version": contract.version,
        "key": list(contract.key),
        "columns": [
            {
                "name": column.name,
                "type": str(column.dtype()),
                "title": column.title.by_language,
                "description": column.description.by_language,
                "unit": column.unit,
                "decimals": column.decimals,
                "nullable": column.nullable,
                "values": None if column.values is None else [str(word) for word in column.values],
            }
            for column in table.columns
        ],
    }


def _rounded(column: Column, contract: Contract) -> pl.Expr:
    """A column as published: a figure rounded half away from zero, without a minus before zero."""
    value = pl.col(column.name)
    if column.dtype != pl.Float64:
        return value
    if column.decimals is None:
        raise PublicationError(
            "no number of decimals is declared.",
            where=f"{contract.name}, column {column.name}",
            remedy="Declare decimals for the column in its contract.",
        )
    rounded = value.round(column.decimals, mode="half_away_from_zero")
    return pl.when(rounded == 0).then(0.0).otherwise(rounded).alias(column.name)


@dataclass(frozen=True)
class _Demand:
    """What holds for each row that can be written. A missing value breaks no demand."""

    column: str
    holds: pl.Expr
    what: str
    remedy: str

    @property
    def broken(self) -> pl.Expr:
        """Whether a row breaks it."""
        return ~self.holds.fill_null(value=True)


def _unique(contract: Contract) -> _Demand:
    """That each row has a key of its own."""
    return _Demand(
        ", ".join(contract.key),
        ~pl.struct(contract.key).is_duplicated(),
        what="the same key stands on more than one row.",
        remedy="Remove the duplicate where the table is made.",
    )


def _unlike_the_next(contract: Contract) -> _Demand:
    """The same of rows that stand in the order of their key, where only neighbours need be held together."""
    last = pl.int_range(pl.len()) == pl.len() - 1
    other = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift(-1)) for name in contract.key)
    return replace(_unique(contract), holds=last | other)


def _demands(column: Column) -> Iterator[_Demand]:
    """What a column must keep so that a file carries its values to every reader unharmed."""
    name, value = column.name, pl.col(column.name)
    if column.dtype == pl.Float64:
        yield _Demand(
            name,
            value.is_finite() & (value.abs() < EXACT / 10 ** (column.decimals or 0)),
            what="the figure is infinite, or too large for its decimals.",
            remedy="Leave it blank with its reason, or declare fewer decimals.",
        )
    if column.dtype == pl.String:
        yield _Demand(
            name,
            value != "",
            what="the text is empty, which CSV cannot tell from a missing value.",
            remedy="Make it null.",
        )
        yield _Demand(
            name,
            ~value.str.contains(CONTROL),
            what="the text holds a tab or another control character.",
            remedy="Remove it in the extract or the plan.",
        )
        words = [] if column.values is None else [str(word) for word in column.values]
        yield _Demand(
            name,
            ~value.str.contains(FORMULA) | value.str.contains(NUMBER) | value.is_in(words),
            what="a spreadsheet would run the text as a formula (a cell begins with =, +, - or @).",
            remedy="Write the text in the extract or the plan without that sign; a number with its sign may stand.",
        )


def _require(
    table: Published,
    of_rows: Sequence[_Demand],
    of_columns: Mapping[str, Sequence[_Demand]],
    batches: Iterable[pl.DataFrame],
) -> None:
    """Raise for the first row that breaks the first broken demand. ``batches`` are all rows of the table."""
    before, start = table.rows.head(0).collect(), 0
    for batch in batches:
        # The last row before goes along, so that a key that stands on both sides of the cut is seen.
        rows = pl.concat([before, batch])
        broken = _first_broken(rows, of_rows)
        for name, demands in of_columns.items():
            # Texts repeat themselves: each is asked once, and which row it was only where there is one.
            values = rows.select(pl.col(name).unique()) if rows.schema[name] == pl.String else rows
            broken = broken or _first_broken(values, demands)
        if broken:
            raise _broken(table, broken, rows, start - before.height)
        before, start = batch.tail(1), start + batch.height


def _first_broken(rows: pl.DataFrame, demands: Sequence[_Demand]) -> _Demand | None:
    """The first demand that some row breaks; all are evaluated in one pass."""
    if not demands:
        return None
    found = rows.select(demand.broken.any().alias(str(number)) for number, demand in enumerate(demands)).row(0)
    return demands[found.index(True)] if any(found) else None


def _broken(table: Published, demand: _Demand, rows: pl.DataFrame, start: int) -> PublicationError:
    """What is wrong with the first row that breaks a demand. ``start`` is the number of the first of the rows."""
    index = rows.select(demand.broken.arg_true().first()).item()
    # The header is row 1 of the file that would have been written.
    where = f"{table.contract.name}.csv, row {start + index + 2}, column {demand.column}"
    if demand.column in rows.columns:
        where = f"{where}, value {str(rows[demand.column][index])[:60]!r}"
    return PublicationError(demand.what, where=where, remedy=demand.remedy)
