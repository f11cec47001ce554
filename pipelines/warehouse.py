"""The warehouse: one DuckDB file in which each table is written as its contract says.

Here belongs every statement that the project sends to DuckDB. Which rows are written, and
whether they may be, is settled before.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from contracts import BROKEN, Contract

INTERNAL: Final = """
CREATE SCHEMA IF NOT EXISTS raw;
CREATE SCHEMA IF NOT EXISTS core;
CREATE SCHEMA IF NOT EXISTS open;
CREATE SCHEMA IF NOT EXISTS meta;
CREATE TABLE IF NOT EXISTS meta.runs (
    run_id VARCHAR NOT NULL, started TIMESTAMP NOT NULL, source VARCHAR NOT NULL, rapport VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS meta.inputs (
    run_id VARCHAR NOT NULL, kind VARCHAR NOT NULL, name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS meta.known (sha256 VARCHAR NOT NULL, kand_fran TIMESTAMP NOT NULL);
CREATE TABLE IF NOT EXISTS meta.quarantine (
    run_id VARCHAR NOT NULL, table_name VARCHAR NOT NULL, kalla VARCHAR NOT NULL, rad BIGINT,
    regler VARCHAR[] NOT NULL, innehall VARCHAR NOT NULL
);
"""
"""What the project writes about itself. A run is the list of its inputs by hash."""


class WarehouseError(Exception):
    """A warehouse that cannot be used: which file, and the way back."""


class Warehouse:
    """An open warehouse. ``location`` is what DuckDB attaches: a file, or another catalogue."""

    def __init__(self, location: Path) -> None:
        """Open the file and make what is missing in it."""
        location.parent.mkdir(parents=True, exist_ok=True)
        self._connection = duckdb.connect()
        self._prepared: set[str] = set()
        # The time zone of the machine must not reach the data: every timestamp is UTC.
        self._connection.execute("SET TimeZone = 'UTC'")
        try:
            self._connection.execute(f"ATTACH '{str(location).replace(chr(39), chr(39) * 2)}' AS warehouse")
            self._connection.execute("USE warehouse")
            self._connection.execute(INTERNAL)
            self._in_quarantine = set(self.quarantined()["table_name"])
        except duckdb.Error as error:
            self._connection.close()
            reason = str(error).splitlines()[0]
            raise WarehouseError(
                f"{location} cannot be opened: {reason}. Move the file away and run etappmal refresh: "
                "the warehouse is rebuilt from the plan and the archive."
            ) from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All or nothing."""
        self._connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            # A table that was made within it is gone again.
            self._prepared.clear()
            raise
        self._connection.execute("COMMIT")

    def replace(self, contract: Contract, frame: pl.DataFrame, partition: Mapping[str, str]) -> None:
        """Write a table's rows in place of those of the same partition, in one transaction.

        ``partition`` gives the value of each of the contract's partition columns; a contract without
        any is replaced whole.
        """
        where, values = _condition({name: partition[name] for name in contract.partition})
        with self._transaction():
            self._prepare(contract)
            self._connection.execute(f"DELETE FROM {contract.table} WHERE {where}", values)
            self._insert(contract.table, frame)

    def replace_extract(self, contract: Contract, frame: pl.DataFrame, partition: Mapping[str, str]) -> None:
        """Write an extract as it was handed in, with the row of the file, in place of the report's last one."""
        columns = ", ".join(f"{column.name} {column.duckdb_type}" for column in contract.columns)
        where, values = _condition(partition)
        stamps = ", ".join(f"{name} VARCHAR NOT NULL" for name in partition)
        with self._transaction():
            self._connection.execute(
                f"CREATE TABLE IF NOT EXISTS {contract.table} ({stamps}, fil_rad BIGINT NOT NULL, {columns})"
            )
            self._connection.execute(f"DELETE FROM {contract.table} WHERE {where}", values)
            self._insert(
                contract.table, frame.with_columns(pl.lit(value).alias(name) for name, value in partition.items())
            )

    def remember(self, contract: Contract, frame: pl.DataFrame, asked: Sequence[str]) -> None:
        """Add observations that are new, and close those that were changed or removed.

        ``frame`` is a complete reading of the sources ``asked`` for (values of ``kalla_id``); its
        ``kand_fran`` is when each value became known. A row that says what is already known changes
        nothing.
        """
        same = " AND ".join(f"known.{name} = incoming.{name}" for name in ("kalla_id", "kommun_id", "ar", "kon"))
        told = ("varde", "antal", "status")
        changed = " OR ".join(f"known.{name} IS DISTINCT FROM incoming.{name}" for name in told)
        names = ", ".join(column.name for column in contract.columns)
        with self._transaction():
            self._prepare(contract)
            self._connection.register("incoming", frame)
            self._connection.execute(
                f"UPDATE {contract.table} AS known SET kand_till = incoming.kand_fran FROM incoming "
                f"WHERE known.kand_till IS NULL AND {same} AND ({changed})"
            )
            if frame.height:
                self._connection.execute(
                    f"UPDATE {contract.table} AS known SET kand_till = ? WHERE known.kand_till IS NULL "
                    f"AND list_contains(?, known.kalla_id) AND NOT EXISTS (FROM incoming WHERE {same})",
                    [frame["kand_fran"].max(), list(asked)],
                )
            self._connection.execute(
                f"INSERT INTO {contract.table} ({names}) SELECT {names} FROM incoming WHERE NOT EXISTS "
                f"(FROM {contract.table} AS known WHERE known.kand_till IS NULL AND {same})"
            )
            self._connection.unregister("incoming")

    def read(self, contract: Contract, partition: Mapping[str, str] | None = None) -> pl.DataFrame:
        """The rows of a table in their published order: all, or those of one partition."""
        self._prepare(contract)
        where, values = _condition(
            {name: partition[name] for name in contract.partition} if partition is not None else {}
        )
        order = ", ".join(f"{name} NULLS LAST" for name in contract.sort)
        names = ", ".join(column.name for column in contract.columns)
        return self._select(f"SELECT {names} FROM {contract.table} WHERE {where} ORDER BY {order}", values)

    def read_extract(self, contract: Contract, partition: Mapping[str, str]) -> pl.DataFrame:
        """An extract as it was handed in, with ``fil_rad``; empty where none was."""
        where, values = _condition(partition)
        found = self._connection.execute(
            "SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
            [contract.layer, contract.name],
        ).fetchall()
        if not found:
            return pl.DataFrame(schema={"fil_rad": pl.Int64, **contract.polars_schema})
        names = ", ".join(column.name for column in contract.columns)
        return self._select(f"SELECT fil_rad, {names} FROM {contract.table} WHERE {where} ORDER BY fil_rad", values)

    def begin_run(self, run_id: str, source: str, rapport: str) -> None:
        """Note that a run has begun."""
        self._connection.execute(
            "INSERT INTO meta.runs VALUES (?, ?, ?, ?)", [run_id, dt.datetime.now(dt.UTC), source, rapport]
        )

    def note_input(self, run_id: str, kind: str, name: str, sha256: str) -> dt.datetime:
        """Note an input of a run by its hash; returns when these bytes first became known (UTC)."""
        with self._transaction():
            self._connection.execute("INSERT INTO meta.inputs VALUES (?, ?, ?, ?)", [run_id, kind, name, sha256])
            self._connection.execute(
                "INSERT INTO meta.known SELECT ?, ? WHERE NOT EXISTS (FROM meta.known WHERE sha256 = ?)",
                [sha256, dt.datetime.now(dt.UTC), sha256],
            )
        ((moment,),) = self._connection.execute(
            "SELECT kand_fran FROM meta.known WHERE sha256 = ?", [sha256]
        ).fetchall()
        known: dt.datetime = moment
        return known

    def quarantine(self, run_id: str, contract: Contract, source: str, bad: pl.DataFrame) -> None:
        """Set bad rows aside, with the rules that each broke. The rows of an earlier run are replaced."""
        if bad.is_empty() and contract.table not in self._in_quarantine:
            return
        rows = bad.select(
            run_id=pl.lit(run_id),
            table_name=pl.lit(contract.table),
            kalla=pl.lit(source),
            rad=pl.col("fil_rad") if "fil_rad" in bad.schema else pl.lit(None, pl.Int64),
            regler=BROKEN,
            innehall=pl.struct(pl.exclude(BROKEN)).struct.json_encode(),
        )
        with self._transaction():
            self._connection.execute("DELETE FROM meta.quarantine WHERE table_name = ?", [contract.table])
            self._insert("meta.quarantine", rows)

    def quarantined(self) -> pl.DataFrame:
        """How many rows of each table are in quarantine now."""
        return self._select(
            "SELECT table_name, count(*) AS antal FROM meta.quarantine GROUP BY table_name ORDER BY table_name"
        )

    def _select(self, query: str, values: Sequence[str] = ()) -> pl.DataFrame:
        """The rows of a query."""
        frame: pl.DataFrame = self._connection.sql(query, params=list(values)).pl()
        return frame

    def _prepare(self, contract: Contract) -> None:
        """Make the table if it is not there; add columns that the contract has got since."""
        if contract.table in self._prepared:
            return
        self._connection.execute(contract.ddl)
        there = dict(
            self._connection.execute(
                "SELECT column_name, data_type FROM information_schema.columns "
                "WHERE table_schema = ? AND table_name = ?",
                [contract.layer, contract.name],
            ).fetchall()
        )
        for column in contract.columns:
            if column.name not in there:
                self._connection.execute(f"ALTER TABLE {contract.table} ADD COLUMN {column.name} {column.duckdb_type}")
        declared = {column.name: column.duckdb_type for column in contract.columns}
        strange = [name for name, kind in there.items() if declared.get(name) != kind]
        if strange:
            raise WarehouseError(
                f"{contract.table}: {', '.join(strange)} in the warehouse is no longer as declared. Move the warehouse "
                "away and run etappmal refresh for each report: it is rebuilt from the plans and the archive."
            )
        self._prepared.add(contract.table)

    def _insert(self, table: str, frame: pl.DataFrame) -> None:
        """Insert a frame's rows by name."""
        self._connection.register("frame", frame)
        self._connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM frame")
        self._connection.unregister("frame")


def _condition(values: Mapping[str, str]) -> tuple[str, list[str]]:
    """A condition on columns, with its parameters."""
    return " AND ".join(f"{name} = ?" for name in values) or "true", list(values.values())
