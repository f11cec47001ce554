"""The warehouse: a database in which each table is written as its contract says.

Here belongs every statement that reads or writes rows. Where it lies stands in ``places``, how a table is made in
``warehouse_tables``; which rows are written, and whether they may be, is settled before.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import duckdb
import polars as pl

from contracts import BROKEN, Column, Contract
from pipelines.settings import SettingsError
from pipelines.storage.places import ALIAS, File, Place
from pipelines.storage.warehouse_tables import ABOUT, LET_OUT, QUARANTINED, make, prepare


@dataclass(frozen=True)
class Reading:
    """What a source told: its values, those that it removed, and whether what it left out is gone.

    ``rows`` has the columns of the table, ``removed`` the key of each removed value and ``kand_fran``. A *complete*
    reading holds everything of the sources ``asked`` for, in these ``units`` and ``years`` (None for all): what others
    ask for is none of its business. ``scope`` says what the reading was about; the next one asks for changes only if it
    is about the same. One that is not ``settled`` left something out, and does not count as read. Nothing was ever
    known of what a ``fresh`` one is about. ``tables`` is what each series' tables were read as.
    """

    rows: pl.DataFrame
    removed: pl.DataFrame
    asked: tuple[str, ...]
    complete: bool
    scope: str
    units: tuple[str, ...] | None = None
    years: tuple[int, ...] | None = None
    settled: bool = True
    fresh: bool = False
    tables: Mapping[str, str] = field(default_factory=dict)


SORTING: Final = "SET memory_limit = '250MB'; SET threads = 2"
"""What DuckDB may take to sort a table that is too long for the memory. Each thread holds rows of its own."""


class WarehouseError(Exception):
    """A warehouse that cannot be used: which file, and the way back."""


class Warehouse:
    """An open warehouse; a path is that of a DuckDB file."""

    def __init__(self, place: Place | Path, *, made: bool = False) -> None:
        """Attach it, and make what is missing in it unless whoever began the run has made it."""
        self._place = File(place) if isinstance(place, Path) else place
        self._connection = duckdb.connect()
        self._prepared: set[str] = set()
        self._writing = False
        # The time zone of the machine must not reach the data: every timestamp is UTC.
        self._connection.execute("SET TimeZone = 'UTC'")
        try:
            self._place.attach(self._connection)
            self._connection.execute(f"USE {ALIAS}")
            if not made:
                make(self._connection)
            self._in_quarantine = set(self.quarantined()["table_name"])
        except duckdb.Error as error:
            self._connection.close()
            reason = str(error).splitlines()[0].rstrip(".!")
            raise WarehouseError(f"{self._place} cannot be opened: {reason}. {self._place.remedy}") from error
        except SettingsError:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close it."""
        self._connection.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Write all of what is written in this block, or nothing."""
        if self._writing:
            yield
            return
        with self._place.turn():
            self._connection.execute("BEGIN")
            self._writing = True
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                # A table that was made within it is gone again.
                self._prepared.clear()
                raise
            finally:
                self._writing = False
            self._connection.execute("COMMIT")

    def replace(self, contract: Contract, frame: pl.DataFrame, partition: Mapping[str, str]) -> None:
        """Write a table's rows in place of those of the same partition, in one transaction.

        ``partition`` gives the value of each of the contract's partition columns; a contract without
        any is replaced whole.
        """
        where, values = _condition({name: partition[name] for name in contract.partition})
        with self.together():
            self._prepare(contract)
            self._connection.execute(f"DELETE FROM {contract.table} WHERE {where}", values)
            self._insert(contract.table, frame)

    def replace_extract(self, contract: Contract, frame: pl.DataFrame, partition: Mapping[str, str]) -> None:
        """Write an extract as it was handed in, with the row of the file, in place of the report's last one."""
        where, values = _condition(partition)
        with self.together():
            self._prepare(contract, _stamps(partition))
            self._connection.execute(f"DELETE FROM {contract.table} WHERE {where}", values)
            self._insert(
                contract.table, frame.with_columns(pl.lit(value).alias(name) for name, value in partition.items())
            )

    def remember(self, contract: Contract, good: pl.DataFrame, reading: Reading) -> dict[str, int]:
        """Add observations that are new, and close those that were changed or removed.

        ``good`` are those of the reading's rows that are kept; one in quarantine is not gone, since the source told it.
        What is already known changes nothing. Returns how many values are new, changed and gone.
        """
        names = ", ".join(column.name for column in contract.columns)
        about = {*reading.asked} if reading.fresh else {*reading.asked, *good["kalla_id"].unique()}
        if reading.removed.is_empty() and (reading.fresh or not self.known_ids(contract, about)):
            # Nothing is known of these, not even something that was closed: there is nothing to compare.
            with self.together():
                self._insert(contract.table, good)
            return {"nya": good.height, "ändrade": 0, "borttagna": 0}
        with self.together(), self._views(good=good, told=reading.rows, removed=reading.removed):
            self._prepare(contract)
            # A value that changes back or reappears may come with older bytes: it is known anew after what it replaces.
            self._connection.execute(
                f"CREATE OR REPLACE TEMP TABLE incoming AS WITH last AS (SELECT {_VALUE}, max(kand_till) AS kand_till "
                f"FROM {contract.table} WHERE kand_till IS NOT NULL AND {_WITHIN} GROUP BY {_VALUE}), "
                f"now AS (FROM {contract.table} WHERE kand_till IS NULL AND {_WITHIN}) "
                "SELECT good.* REPLACE (greatest(good.kand_fran, "
                "known.kand_fran + INTERVAL 1 MICROSECOND, last.kand_till + INTERVAL 1 MICROSECOND) AS kand_fran), "
                f"known.kand_fran IS NOT NULL AS changes FROM good LEFT JOIN now AS known ON {_same('known', 'good')} "
                f"LEFT JOIN last ON {_same('last', 'good')} "
                f"WHERE known.kand_fran IS NULL OR {_differs('known', 'good')}",
                {"first": min(about, default=""), "last": max(about, default="")},
            )
            self._connection.execute(
                f"UPDATE {contract.table} AS known SET kand_till = incoming.kand_fran FROM incoming "
                f"WHERE known.kand_till IS NULL AND {_same('known', 'incoming')}"
            )
            gone = self._close_gone(contract, reading)
            self._connection.execute(f"INSERT INTO {contract.table} ({names}) SELECT {names} FROM incoming")
            ((new, changed),) = self._connection.execute(
                "SELECT count(*) FILTER (NOT changes), count(*) FILTER (changes) FROM incoming"
            ).fetchall()
        return {"nya": new, "ändrade": changed, "borttagna": gone}

    def _close_gone(self, contract: Contract, reading: Reading) -> int:
        """Close values that were removed, and those that a complete reading no longer holds."""
        ((removed,),) = self._connection.execute(
            f"UPDATE {contract.table} AS known SET kand_till = greatest(removed.kand_fran, known.kand_fran + "
            f"INTERVAL 1 MICROSECOND) FROM removed WHERE known.kand_till IS NULL AND {_same('known', 'removed')}"
        ).fetchall()
        if not reading.complete or reading.rows.is_empty():
            return int(removed)
        limits: dict[str, Sequence[Any]] = {"kalla_id": reading.asked}
        limits |= {} if reading.units is None else {"kommun_id": reading.units}
        limits |= {} if reading.years is None else {"ar": reading.years}
        among = " AND ".join(f"known.{name} IN (SELECT unnest(${name}))" for name in limits)
        ((missing,),) = self._connection.execute(
            f"UPDATE {contract.table} AS known SET kand_till = greatest($moment, known.kand_fran + "
            "INTERVAL 1 MICROSECOND) "
            f"WHERE known.kand_till IS NULL AND {among} AND {_WITHIN} "
            f"AND NOT EXISTS (FROM told WHERE {_same('known', 'told')})",
            {
                "moment": reading.rows["kand_fran"].max(),
                "first": min(reading.asked, default=""),
                "last": max(reading.asked, default=""),
                **{name: list(values) for name, values in limits.items()},
            },
        ).fetchall()
        return int(removed) + int(missing)

    def known_ids(self, contract: Contract, ids: Collection[str]) -> set[str]:
        """Those of these KPIs or series of which anything was ever known."""
        self._prepare(contract)
        found = self._select(
            f"SELECT DISTINCT kalla_id FROM {contract.table} WHERE {_WITHIN} AND kalla_id IN (SELECT unnest($ids))",
            {"first": min(ids, default=""), "last": max(ids, default=""), "ids": list(ids)},
        )
        return set(found["kalla_id"])

    def known_pairs(self, contract: Contract, ids: Collection[str]) -> pl.DataFrame:
        """Each of these KPIs with each unit for which it has a value now: ``kalla_id``, ``kommun_id``."""
        self._prepare(contract)
        return self._select(
            f"SELECT DISTINCT kalla_id, kommun_id FROM {contract.table} WHERE {_WITHIN} AND kalla_id IN "
            "(SELECT unnest($ids)) AND kand_till IS NULL AND varde IS NOT NULL",
            {"first": min(ids, default=""), "last": max(ids, default=""), "ids": list(ids)},
        )

    def note_reading(self, source: str, scope: str, moment: dt.datetime, *, complete: bool) -> None:
        """Note that a source was read, what the reading was about, and whether it held everything.

        The note of the last reading that was so takes the place of that before: nights leave no trace of their own.
        """
        self._connection.execute(
            "DELETE FROM meta.readings WHERE source = ? AND scope = ? AND complete = ?", [source, scope, complete]
        )
        self._connection.execute("INSERT INTO meta.readings VALUES (?, ?, ?, ?)", [source, scope, moment, complete])

    def note_remembered(self, run_id: str, name: str, moment: dt.datetime) -> None:
        """Note that a run has written what it was told into a table; in the transaction that writes it.

        What runs before it had written is told by their manifests since this one began.
        """
        self._connection.execute(
            "DELETE FROM meta.readings WHERE starts_with(source, 'run:') AND source <> ?", [f"run:{run_id}"]
        )
        self.note_reading(f"run:{run_id}", name, moment, complete=True)

    def remembered(self, run_id: str) -> set[str]:
        """The tables into which a run has written what it was told."""
        return set(self.readings(f"run:{run_id}")["scope"])

    def readings(self, source: str) -> pl.DataFrame:
        """All that is noted of a source, the oldest first: what each reading was about, when, whether complete."""
        return self._select(
            "SELECT scope, moment, complete FROM meta.readings WHERE source = ? ORDER BY moment", [source]
        )

    def last_reading(self, source: str, scope: str | None = None, *, complete: bool = False) -> dt.datetime | None:
        """When a source was last read about this, or about anything; with ``complete``, when everything was."""
        ((moment,),) = self._connection.execute(
            "SELECT max(moment) FROM meta.readings WHERE source = ? AND scope = coalesce(?, scope) "
            "AND (complete OR NOT ?)",
            [source, scope, complete],
        ).fetchall()
        last: dt.datetime | None = moment
        return last

    def last_scope(self, source: str) -> str | None:
        """What the last reading of a source was about."""
        ((scope,),) = self._connection.execute(
            "SELECT arg_max(scope, moment) FROM meta.readings WHERE source = ?", [source]
        ).fetchall()
        last: str | None = scope
        return last

    def read(self, contract: Contract, partition: Mapping[str, str] | None = None) -> pl.DataFrame:
        """The rows of a table in their published order: all, or those of one partition."""
        where, values = _condition(
            {name: partition[name] for name in contract.partition} if partition is not None else {}
        )
        return self._ordered(contract, where, values)

    def read_open(self, contract: Contract) -> pl.DataFrame:
        """What may be published of a table, all its rows in their published order: no other column leaves DuckDB."""
        return self._ordered(contract, "true", [], columns=contract.open_columns)

    def count(self, contract: Contract) -> int:
        """How many rows a table has."""
        self._prepare(contract)
        return int(self._select(f"SELECT count(*) AS rows FROM {contract.table}")["rows"].item())

    def write_open(self, contract: Contract, file: Path) -> None:
        """Write what ``read_open`` reads to a Parquet file; what sorting takes beyond ``SORTING`` lies beside it."""
        self._prepare(contract)
        spill = str(file.parent).replace("'", "''")
        self._connection.execute(f"SET temp_directory = '{spill}'; {SORTING}")
        self._connection.sql(_ordered_query(contract, contract.open_columns)).write_parquet(str(file))
        self._connection.execute("RESET memory_limit; RESET threads")

    def read_only(self, contract: Contract, only: Mapping[str, Sequence[str]]) -> pl.DataFrame:
        """The rows of a table whose columns hold one of the values named for each, in their published order."""
        where = " AND ".join(f"list_contains(?, {name})" for name in only) or "true"
        return self._ordered(contract, where, [list(values) for values in only.values()])

    def _ordered(
        self, contract: Contract, where: str, values: Sequence[Any], columns: Sequence[Column] | None = None
    ) -> pl.DataFrame:
        """The rows of a table under a condition, in their published order; all columns, or some."""
        self._prepare(contract)
        return self._select(_ordered_query(contract, columns or contract.columns, where), values)

    def read_extract(self, contract: Contract, partition: Mapping[str, str]) -> pl.DataFrame:
        """An extract as it was handed in, with ``fil_rad``; empty where none was."""
        where, values = _condition(partition)
        self._prepare(contract, _stamps(partition))
        names = ", ".join(column.name for column in contract.columns)
        return self._select(f"SELECT fil_rad, {names} FROM {contract.table} WHERE {where} ORDER BY fil_rad", values)

    def quarantine(self, run_id: str, contract: Contract, source: str, bad: pl.DataFrame, report: str = "") -> None:
        """Set bad rows aside, with the rules that each broke, in place of the report's from an earlier run.

        ``source`` is the file or service that they come from, ``fil_rad`` their row in the file.
        A table that belongs to no report is kept once, whatever the report.
        """
        if bad.is_empty() and contract.table not in self._in_quarantine:
            return
        of_report = report if contract.layer == "raw" or "rapport" in contract.partition else ""
        rows = bad.select(
            run_id=pl.lit(run_id),
            table_name=pl.lit(contract.table),
            kalla=pl.lit(source),
            rad=pl.col("fil_rad") if "fil_rad" in bad.schema else pl.lit(None, pl.Int64),
            regler=BROKEN,
            innehall=pl.struct(pl.exclude(BROKEN, "fil_rad")).struct.json_encode(),
            rapport=pl.lit(of_report),
        )
        with self.together():
            self._connection.execute(LET_OUT, [contract.table, of_report])
            self._insert("meta.quarantine", rows)
        self._in_quarantine.add(contract.table)

    def quarantined(self, report: str | None = None) -> pl.DataFrame:
        """How many rows of each table are in quarantine now, as ``warehouse_tables.QUARANTINED`` counts them."""
        return self._select(QUARANTINED, {"report": report})

    def set_aside(self, contract: Contract) -> pl.DataFrame:
        """What the observations of a table in quarantine are about, as ``warehouse_tables.ABOUT`` asks it."""
        return self._select(ABOUT, [contract.table])

    def broken_rules(self) -> pl.DataFrame:
        """How many rows in quarantine (``antal``) break each ``regel``, by ``table_name`` and ``kalla``."""
        broken = "SELECT table_name, kalla, unnest(regler) AS regel FROM meta.quarantine"
        return self._select(f"SELECT *, count(*) AS antal FROM ({broken}) GROUP BY ALL ORDER BY ALL")

    def _select(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> pl.DataFrame:
        """The rows of a query."""
        frame: pl.DataFrame = self._connection.sql(query, params=values).pl()
        return frame

    def _prepare(self, contract: Contract, stamps: Mapping[str, str] = MappingProxyType({})) -> None:
        """See that the table is there as its contract has it, once for each connection."""
        if contract.table in self._prepared:
            return
        with self.together():
            strange = prepare(self._connection, contract, stamps)
        if strange:
            raise WarehouseError(
                f"{contract.table}: {', '.join(strange)} in the warehouse is no longer as declared. Move the warehouse "
                "away and run etappmal refresh for each report: it is rebuilt from the plans and the archive."
            )
        self._prepared.add(contract.table)

    @contextmanager
    def _views(self, **frames: pl.DataFrame) -> Iterator[None]:
        """Let statements read frames by name."""
        for name, frame in frames.items():
            self._connection.register(name, frame.to_arrow(compat_level=pl.CompatLevel.newest()))
        yield
        # After a fault nothing more can be said before the rollback; a view that is left is replaced by the next.
        for name in frames:
            self._connection.unregister(name)

    def _insert(self, table: str, frame: pl.DataFrame) -> None:
        """Insert a frame's rows by name."""
        with self._views(frame=frame):
            self._connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM frame")


def _condition(values: Mapping[str, str]) -> tuple[str, list[str]]:
    """A condition on columns, with its parameters."""
    return " AND ".join(f"{name} = ?" for name in values) or "true", list(values.values())


def _stamps(partition: Mapping[str, str]) -> dict[str, str]:
    """The columns that say which report and which row of its file a row of an extract comes from."""
    return {**dict.fromkeys(partition, "VARCHAR"), "fil_rad": "BIGINT"}


_VALUE: Final = "kalla_id, kommun_id, ar, kon"
"""What a value is about."""

_WITHIN: Final = "kalla_id BETWEEN $first AND $last"
"""Rows lie in the order of their ids, more or less: with the range, DuckDB passes over most of a large table."""


def _same(left: str, right: str) -> str:
    """The condition that two rows are about the same value."""
    return " AND ".join(f"{left}.{name} = {right}.{name}" for name in _VALUE.split(", "))


def _differs(left: str, right: str) -> str:
    """The condition that two rows about the same value do not say the same."""
    told = (f"{left}.{name} IS DISTINCT FROM {right}.{name}" for name in ("varde", "antal", "status"))
    return f"({' OR '.join(told)})"


def _ordered_query(contract: Contract, columns: Sequence[Column], where: str = "true") -> str:
    """The query of a table's rows under a condition, in their published order."""
    order = ", ".join(f"{name} NULLS LAST" for name in contract.sort)
    return f"SELECT {', '.join(each.name for each in columns)} FROM {contract.table} WHERE {where} ORDER BY {order}"
