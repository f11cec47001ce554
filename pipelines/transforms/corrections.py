"""The corrections ledger at work: rows as they are used, and the entries that a source no longer needs.

Here belongs the one place where a figure of a source is changed. What a source said stays as it came
in the archive, in the raw tables and in the history of observations: rows are corrected as they are
read from there, so that what was told and what is used can always be told apart.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import and_
from typing import Final

import polars as pl

from contracts import contract
from contracts.vocabulary import Correcting
from pipelines.transforms.report import Report
from sources.plan.corrections import Correction, Scalar

NEARLY: Final = 1e-9
"""How far from what an entry says a figure may lie, as a share of it: the noise of binary fractions."""

SHOWN: Final = 3
"""How many rows are told of an entry that no longer holds."""


def applied(rows: pl.DataFrame, entries: Sequence[Correction]) -> pl.DataFrame:
    """The rows as they are used: of those that an entry names, the ones whose value is still the wrong one.

    Of an observation that the source has revised, only the versions that err are corrected.
    """
    if not entries:
        return rows
    masks = {entry.id: (_named(entry) & _errs(entry)).fill_null(value=False) for entry in entries}
    marked = rows.with_columns(mask.alias(_mark(name)) for name, mask in masks.items())
    for entry in entries:
        marked = _corrected(marked, entry)
    return marked.select(rows.columns)


def stale(rows: pl.DataFrame, entries: Iterable[Correction], today: dt.date) -> list[str]:
    """What is wrong with the entries about these rows, a sentence for each that no longer holds.

    Of observations only those are looked at that hold now.
    """
    now = rows.filter(pl.col("kand_till").is_null()) if "kand_till" in rows.columns else rows
    return [fault for entry in entries for fault in _faults(now, entry, today)]


def rattelser(entries: Sequence[Correction], report: Report) -> pl.DataFrame:
    """The ledger as a table."""
    declared = contract("rattelser")
    rows = [
        {
            "rattelse_id": entry.id,
            "kalla": entry.source,
            "tabell": entry.table,
            "kolumn": entry.column,
            "rader": "; ".join(f"{name}: {_listed(value)}" for name, value in entry.rows.items()),
            "beskrivning": entry.reason,
            "atgard": str(entry.action),
            "anmald_till": entry.reported_to,
            "anmald": entry.reported,
            "galler_tills": entry.valid_until,
        }
        for entry in entries
    ]
    own = [name for name in declared.polars_schema if name not in {"kommun_id", "rapport"}]
    return report.table("rattelser", pl.DataFrame(rows, schema={name: declared.polars_schema[name] for name in own}))


def _corrected(marked: pl.DataFrame, entry: Correction) -> pl.DataFrame:
    """The rows after one entry. Its mark is of what the source says, whatever other entries do."""
    errs, value = pl.col(_mark(entry.id)), pl.col(entry.column)
    dtype = marked.schema[entry.column]
    match entry.action:
        case Correcting.DROP:
            return marked.filter(~errs)
        case Correcting.OVERRIDE:
            right = pl.lit(entry.value).cast(dtype)
            return marked.with_columns(pl.when(errs).then(right).otherwise(value).alias(entry.column))
        case Correcting.SCALE:
            scaled = value.cast(pl.Float64) * entry.factor
            scaled = scaled.round() if dtype.is_integer() else scaled
            return marked.with_columns(pl.when(errs).then(scaled.cast(dtype)).otherwise(value).alias(entry.column))
        case _:
            return marked


def _mark(name: str) -> str:
    """The column that says of a row whether an entry is about it."""
    return f"_rattelse_{name}"


def _named(entry: Correction) -> pl.Expr:
    """Whether an entry names a row."""
    return reduce(and_, (pl.col(name).is_in(_several(value)) for name, value in entry.rows.items()))


def _errs(entry: Correction) -> pl.Expr:
    """Whether a row still says what the entry is needed for."""
    value = pl.col(entry.column)
    if entry.wrong_between is not None:
        return value.is_between(*entry.wrong_between)
    if isinstance(entry.wrong, float):
        return (value - entry.wrong).abs() <= NEARLY * max(1.0, abs(entry.wrong))
    return value == pl.lit(entry.wrong)


def _several(value: Scalar | tuple[Scalar, ...]) -> list[Scalar]:
    """One value or several, as a list."""
    return list(value) if isinstance(value, tuple) else [value]


def _listed(value: Scalar | tuple[Scalar, ...]) -> str:
    """Values in words."""
    return ", ".join(map(str, _several(value)))


def _faults(now: pl.DataFrame, entry: Correction, today: dt.date) -> Iterator[str]:
    """What no longer holds of an entry."""
    if today > entry.valid_until:
        yield f"{entry.id!r} was valid until {entry.valid_until}: ask {entry.reported_to} how it stands"
    found = now.filter(_named(entry))
    if found.is_empty():
        rows = ", ".join(f"{name} {_listed(value)}" for name, value in entry.rows.items())
        yield f"{entry.id!r}: {entry.table} has no such row ({rows})"
        return
    mended = found.filter(~_errs(entry).fill_null(value=False))
    if mended.height:
        said = "; ".join(_said(row, entry) for row in mended.head(SHOWN).iter_rows(named=True))
        more = f"; and {mended.height - SHOWN} more" if mended.height > SHOWN else ""
        yield f"{entry.id!r}: the source has mended itself, {entry.table} now says {said}{more}"


def _said(row: dict[str, object], entry: Correction) -> str:
    """What the source says of one row now."""
    place = ", ".join(f"{name} {row[name]}" for name in entry.rows)
    said = "nothing" if row[entry.column] is None else str(row[entry.column])
    return f"{said} in {entry.column} ({place})"
