"""Where the warehouse lies: a DuckDB file below the home, or a lake with its catalogue in PostgreSQL.

Here belongs how each of the two is attached, whether it is there, how it is filled anew, and whose turn it is
to write. What is written stands in ``pipelines.storage.warehouse``, which is the same for both.

A lake (DuckLake) keeps its tables as Parquet files below the home and its catalogue in PostgreSQL, so that
several processes can write at once. It needs the extra ``scale``.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final, TypeAlias

import duckdb
from filelock import FileLock

from pipelines.settings import LAKE, Settings, SettingsError, variable, without_passwords

ALIAS: Final = "warehouse"
"""The name under which the warehouse is attached."""

EXTENSIONS: Final = ("ducklake", "postgres_scanner")


@dataclass(frozen=True)
class File:
    """The DuckDB file, which one process at a time has open."""

    path: Path

    def __str__(self) -> str:
        """The file, for an error message."""
        return str(self.path)

    @property
    def remedy(self) -> str:
        """What to do about one that cannot be used."""
        return "Move the file away and run etappmal refresh: the warehouse is rebuilt from the plan and the archive."

    def attach(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Attach it, made if it is not there."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection.execute(f"ATTACH {_quoted(str(self.path))} AS {ALIAS}")

    def exists(self) -> bool:
        """Whether there is a warehouse."""
        return self.path.exists()

    def take_over(self, other: Path) -> None:
        """Be what the warehouse in another file is."""
        other.replace(self.path)

    def turn(self) -> AbstractContextManager[object]:
        """The turn to write: whoever has the file open has it."""
        return nullcontext()


@dataclass(frozen=True)
class Lake:
    """A lake. ``address`` is what DuckDB attaches, ``schema`` the catalogue's schema in PostgreSQL, ``files`` a folder.

    Two transactions that delete from one table would be refused by the catalogue, so that writers take turns.
    """

    address: str
    schema: str
    files: Path

    def __str__(self) -> str:
        """The lake, for an error message: without its password."""
        return without_passwords(self.address)

    @property
    def remedy(self) -> str:
        """What to do about one that cannot be used."""
        return f"Mend the catalogue in PostgreSQL, or name another database in {variable('warehouse')}."

    def attach(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Attach it, made if it is not there.

        Raises SettingsError where the extra is not installed, or the catalogue cannot be reached.
        """
        for name in EXTENSIONS:
            _load(connection, name)
        self.files.mkdir(parents=True, exist_ok=True)
        options = f"DATA_PATH {_quoted(f'{self.files}/')}, METADATA_SCHEMA {_quoted(self.schema)}"
        try:
            connection.execute(f"ATTACH {_quoted(self.address)} AS {ALIAS} ({options})")
        except duckdb.Error as error:
            told = " ".join(str(error).split()).rpartition(f'"{self.address.removeprefix(LAKE)}": ')[2]
            raise SettingsError(
                f"{variable('warehouse')} is {str(self)!r}, which cannot be attached ({without_passwords(told)}). See "
                "that PostgreSQL answers there, and that the database is one of its own for this home."
            ) from None

    def exists(self) -> bool:
        """Whether there is a warehouse: the catalogue is made with the first table."""
        with duckdb.connect() as connection:
            self.attach(connection)
            found = connection.execute("SELECT 1 FROM duckdb_tables() WHERE database_name = ? LIMIT 1", [ALIAS])
            return bool(found.fetchall())

    def take_over(self, other: Path) -> None:
        """Be what the warehouse in a file is."""
        with duckdb.connect() as connection:
            self.attach(connection)
            connection.execute(f"ATTACH {_quoted(str(other))} AS other (READ_ONLY)")
            connection.execute(f"COPY FROM DATABASE other TO {ALIAS}")

    @contextmanager
    def turn(self) -> Iterator[None]:
        """The turn to write, among all processes that share the home."""
        with FileLock(self.files / "writing.lock"):
            yield


Place: TypeAlias = File | Lake


def place_of(settings: Settings) -> Place:
    """Where the warehouse of these settings lies; snapshot and live have each their own."""
    if not settings.warehouse:
        return File(settings.warehouse_file)
    return Lake(settings.warehouse, f"etappmal_{settings.source}", settings.data_home / "lake")


def _load(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Load an extension out of the package that brings it: nothing is fetched.

    Raises SettingsError where there is none for this version of DuckDB.
    """
    try:
        folder = files(import_module(f"duckdb_extension_{name}")).joinpath("extensions", f"v{duckdb.__version__}")
        with as_file(folder.joinpath(f"{name}.duckdb_extension")) as path:
            connection.execute(f"LOAD {_quoted(str(path))}")
    except (ImportError, FileNotFoundError, duckdb.IOException) as error:
        raise SettingsError(
            f"{variable('warehouse')} names a lake, and DuckDB {duckdb.__version__} here has no extension {name} for "
            "it: install the extra, pip install 'etappmal[scale]', in an environment of its own."
        ) from error


def _quoted(text: str) -> str:
    """A text as DuckDB reads it in a statement that takes no parameters."""
    return "'" + text.replace("'", "''") + "'"
