"""Versions of published tables: what the last released schema was, and what a change of it asks for.

Here belong semantic versions and old names. A version is declared with its table, and what was
released last is kept in ``released.json`` beside this module, which ``etappmal contracts --release``
writes.

A reader's program may rest on every name, type and unit within a major version. So a column that is
renamed or taken away stays under its old name (an alias) until the major version after the one that
tells of it; a column that is added raises the minor version.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar

import polars as pl

from contracts.declare import Column, Contract
from contracts.vocabulary import Text

Rows = TypeVar("Rows", pl.DataFrame, pl.LazyFrame)

RELEASED: Final = Path(__file__).with_name("released.json")

Record = Mapping[str, Mapping[str, Any]]
"""What was released: for each table its version, its key and its columns."""

Columns = Mapping[str, Mapping[str, Any]]
"""The columns of a released table: type, unit, whether it may be blank, disclosure, and whose old name it is."""

TRAITS: Final = ("type", "unit")
"""What may not change of a column within a major version."""


@dataclass(frozen=True, order=True)
class Version:
    """A semantic version."""

    major: int
    minor: int
    patch: int

    @classmethod
    def of(cls, text: str) -> "Version":
        """Read ``1.2.3``; a ValueError for anything else."""
        major, minor, patch = (int(part) for part in text.split("."))
        return cls(major, minor, patch)

    def __str__(self) -> str:
        """The version as it is written."""
        return f"{self.major}.{self.minor}.{self.patch}"


def with_aliases(columns: Iterable[Column]) -> tuple[Column, ...]:
    """The columns as they are published: each that had other names is there under them too."""
    return tuple(each for column in columns for each in (column, *_aliases(column)))


def aliased(frame: Rows, columns: Iterable[Column]) -> Rows:
    """A frame with its columns under their old names too."""
    return frame.with_columns(pl.col(column.name).alias(alias) for column in columns for alias in column.aliases)


def _aliases(column: Column) -> Iterator[Column]:
    """A column under its old names."""
    for alias in column.aliases:
        yield replace(
            column,
            name=alias,
            description=Text(
                f"Tidigare namn på {column.name}. Finns kvar till nästa huvudversion av tabellen.",
                f"The former name of {column.name}. It is kept until the next major version of the table.",
            ),
            aliases=(),
        )


def record_of(contracts: Iterable[Contract]) -> Record:
    """What is declared of published tables now, in the form in which it is kept once it is released."""
    return {
        contract.name: {
            "version": contract.version,
            "key": list(contract.key),
            "columns": {
                each.name: _traits(each, None if each is column else column.name)
                for column in contract.open_columns
                for each in with_aliases([column])
            },
        }
        for contract in sorted(contracts, key=lambda contract: contract.name)
    }


def _traits(column: Column, alias_of: str | None) -> dict[str, Any]:
    """What is kept of a column, or of an old name of it."""
    return {
        "type": column.duckdb_type,
        "unit": column.unit,
        "nullable": column.nullable,
        "disclosure": str(column.disclosure),
        "alias_of": alias_of,
    }


def read_released(path: Path = RELEASED) -> Record:
    """What was released last; nothing where there was no release."""
    released: Record = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return released


def write_released(record: Record, path: Path = RELEASED) -> None:
    """Keep what is released now."""
    path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def faults(contracts: Iterable[Contract], released: Record) -> list[str]:
    """What is wrong with the declared versions beside what was released last, each with what to do."""
    declared = {contract.name: contract for contract in contracts}
    gone = [
        f"{name} is no longer declared: readers rest on it. Declare it, or withdraw it and take it out of released.json"
        for name in released
        if name not in declared
    ]
    return [
        *gone,
        *(fault for name in declared if name in released for fault in _faults(declared[name], released[name])),
    ]


def _faults(contract: Contract, released: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with one table's version."""
    last, declared = Version.of(released["version"]), Version.of(contract.version)
    now, was = record_of([contract])[contract.name], released["columns"]
    yield from (f"{contract.name}: {fault}" for name in was for fault in _lost(name, now["columns"], was))
    breaking = [change for name in was for change in _breaking(name, now["columns"], was)]
    breaking += ["the key is another"] if now["key"] != released["key"] else []
    widening = [f"{name} is new" for name in now["columns"] if name not in was]
    widening += [f"{name} may now be blank" for name in was if _loosened(name, now["columns"], was)]
    major, minor = Version(last.major + 1, 0, 0), Version(last.major, last.minor + 1, 0)
    least = major if breaking else minor if widening else last
    if declared < least:
        told = "; ".join([*breaking, *widening]) or "versions do not go back"
        yield f"{contract.name}: {told}. Raise its version from {declared} to {least}"


def _lost(name: str, now: Columns, was: Columns) -> Iterator[str]:
    """What no version allows: a column that is gone at once, or whose old name would hold other figures."""
    if name not in now:
        if was[name]["alias_of"] is None:
            yield f"{name} is gone. Keep it, or its name as an alias of the column that took its place"
    elif now[name]["alias_of"] and any(now[name][trait] != was[name][trait] for trait in TRAITS):
        yield f"{name} as an old name of {now[name]['alias_of']} would hold another type or unit. Keep it beside it"


def _breaking(name: str, now: Columns, was: Columns) -> Iterator[str]:
    """The changes of a released column that ask for a new major version."""
    if name not in now:
        yield f"{name} is gone"
        return
    if now[name]["alias_of"] and was[name]["alias_of"] is None:
        yield f"{name} is only an old name of {now[name]['alias_of']}"
    yield from (
        f"{name} has the {trait} {now[name][trait]}, released is {was[name][trait]}"
        for trait in TRAITS
        if now[name][trait] != was[name][trait]
    )


def _loosened(name: str, now: Columns, was: Columns) -> bool:
    """Whether a released column that was never blank may be so now."""
    return name in now and now[name]["nullable"] and not was[name]["nullable"]
