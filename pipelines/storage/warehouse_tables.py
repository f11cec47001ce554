"""How a table of the warehouse is made, and kept as its contract has it: columns, types, descriptions.

Here belong the statements that make and alter tables. What is in them is written by ``pipelines.storage.warehouse``.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import duckdb

from contracts import Contract, contract

INTERNAL: Final = """
CREATE SCHEMA IF NOT EXISTS raw;
CREATE SCHEMA IF NOT EXISTS core;
CREATE SCHEMA IF NOT EXISTS open;
CREATE SCHEMA IF NOT EXISTS drift;
CREATE SCHEMA IF NOT EXISTS meta;
CREATE TABLE IF NOT EXISTS meta.readings (
    source VARCHAR NOT NULL, scope VARCHAR NOT NULL, moment TIMESTAMP NOT NULL, complete BOOLEAN NOT NULL
);
CREATE TABLE IF NOT EXISTS meta.quarantine (
    run_id VARCHAR NOT NULL, table_name VARCHAR NOT NULL, kalla VARCHAR NOT NULL, rad BIGINT,
    regler VARCHAR[] NOT NULL, innehall VARCHAR NOT NULL
);
ALTER TABLE meta.quarantine ADD COLUMN IF NOT EXISTS rapport VARCHAR DEFAULT '';
"""
"""The layers, when each source was read, and the rows that are set aside."""

ABOUT: Final = """
SELECT DISTINCT innehall->>'kalla_id' AS kalla_id, innehall->>'kommun_id' AS kommun_id,
    TRY_CAST(innehall->>'ar' AS BIGINT) AS ar, innehall->>'kon' AS kon
FROM meta.quarantine WHERE table_name = ? ORDER BY ALL
"""
"""What observations in quarantine are about; what cannot be read of one is blank."""

QUARANTINED: Final = """
SELECT table_name, count(*) AS antal FROM meta.quarantine WHERE $report IS NULL OR rapport IN ($report, '')
GROUP BY table_name ORDER BY table_name
"""
"""How many rows of each table are in quarantine: of all reports, or of one and of what belongs to none."""

LET_OUT: Final = "DELETE FROM meta.quarantine WHERE table_name = ? AND rapport IN (?, '')"
"""Forget what an earlier run set aside, also one from before each report had rows of its own."""

OBSERVED: Final = ("kolada_varden", "scb_varden", "omradesceller", "kolada_hela_landet")
"""The tables of observations, whose history is kept."""

MACROS: Final = "".join(
    f"""
CREATE OR REPLACE MACRO core.{name}_as_of(moment) AS TABLE
    SELECT * REPLACE (CAST(NULL AS TIMESTAMP) AS kand_till) FROM core.{name}
    WHERE kand_fran <= moment AND (kand_till IS NULL OR kand_till > moment);"""
    for name in OBSERVED
)
"""What was known at a moment (UTC), for whoever opens the file: ``FROM core.kolada_varden_as_of(…)``."""


def make(connection: duckdb.DuckDBPyConnection) -> None:
    """Make what every warehouse has: its layers, its notes, the tables of observations and what reads them."""
    connection.execute(INTERNAL)
    for name in OBSERVED:
        connection.execute(contract(name, "core").ddl)
    connection.execute(MACROS)


def prepare(connection: duckdb.DuckDBPyConnection, contract: Contract, stamps: Mapping[str, str]) -> list[str]:
    """Make the table if it is not there; rename, add and describe columns as the contract has them now.

    ``stamps`` are the columns of an extract's table that say where its rows come from; the rows
    themselves are kept as they were handed in, blanks and all. Returns the columns that are no
    longer as declared.
    """
    declared = {**stamps, **{column.name: column.duckdb_type for column in contract.columns}}
    columns = ", ".join(f"{name} {kind}{' NOT NULL' if name in stamps else ''}" for name, kind in declared.items())
    connection.execute(f"CREATE TABLE IF NOT EXISTS {contract.table} ({columns})" if stamps else contract.ddl)
    there = {name: (kind, comment) for name, kind, comment in _columns(connection, contract)}
    for column in contract.columns:
        for alias in there.keys() & set(column.aliases):
            connection.execute(f"ALTER TABLE {contract.table} RENAME COLUMN {alias} TO {column.name}")
            there[column.name] = there.pop(alias)
    for name, kind in declared.items():
        if name not in there:
            connection.execute(f"ALTER TABLE {contract.table} ADD COLUMN {name} {kind}")
            there[name] = (kind, None)
    told = {name: comment for name, (_, comment) in there.items()}
    descriptions = list(_descriptions(contract, told))
    if descriptions:
        connection.execute("; ".join(descriptions))
    return [name for name, (kind, _) in there.items() if declared.get(name) != kind]


def _columns(connection: duckdb.DuckDBPyConnection, contract: Contract) -> list[tuple[str, str, str | None]]:
    """The columns of a table that is there, with type and description."""
    return connection.execute(
        "SELECT column_name, data_type, comment FROM duckdb_columns() "
        "WHERE database_name = current_database() AND schema_name = ? AND table_name = ?",
        [contract.layer, contract.name],
    ).fetchall()


def _descriptions(contract: Contract, told: Mapping[str, str | None]) -> Iterator[str]:
    """The statements that describe the columns whose description is not what the contract says."""
    for column in contract.columns:
        unit = f" Enhet: {column.unit}." if column.unit else ""
        text = f"{column.title.sv}. {column.description.sv}{unit}"
        if told.get(column.name) != text:
            yield f"COMMENT ON COLUMN {contract.table}.{column.name} IS {_quoted(text)}"


def _quoted(text: str) -> str:
    """A text as DuckDB reads it in a statement that takes no parameters."""
    return "'" + text.replace("'", "''") + "'"
