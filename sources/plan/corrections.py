"""The corrections ledger as typed data: known errors at a source, what is done about each, and for how long.

Here belong the shape of an entry of ``corrections.toml`` and what must hold of it before any figure
is read. Which rows an entry is about at a given time is asked in ``pipelines.transforms.corrections``.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, Final, Self

import polars as pl
from pydantic import Field, model_validator

from contracts import Column, Contract, contract
from contracts.vocabulary import Correcting
from sources.errors import PlanError
from sources.plan.parts import Slug, Strict, Words

CORRECTIONS: Final = "corrections.toml"

OBSERVED: Final[Mapping[str, str]] = {"kolada_varden": "Kolada", "scb_varden": "SCB"}
"""The tables of the statistics services, each with the name of its service; all others are extracts."""

Scalar = bool | int | float | dt.date | str
"""A value of a cell, as TOML writes it."""

TYPES: Final[Mapping[Any, tuple[type, ...]]] = {
    pl.String: (str,),
    pl.Int64: (int,),
    pl.Float64: (int, float),
    pl.Boolean: (bool,),
    pl.Date: (dt.date,),
}
"""What a column's cells may be written as."""


WRITTEN: Final[Mapping[Any, str]] = {
    pl.String: 'a text, as "Skola"',
    pl.Int64: "a whole number, as 2023",
    pl.Float64: "a number, as 12.5",
    pl.Boolean: "true or false",
    pl.Date: "a date, as 2023-12-31",
    pl.Datetime: "something else: no value of that column can be written",
}
"""The same in words."""


class Correction(Strict):
    """A known error at a source.

    ``rows`` names the rows by columns of ``table`` and their values (a list for several). The guard
    is what the source wrongly says in ``column`` of each of them: one value, ``wrong``, or an
    interval, ``wrong_between`` (ends included). As long as it says so the entry is needed.
    """

    id: Slug
    table: Slug
    column: Slug
    rows: Annotated[dict[Slug, Scalar | tuple[Scalar, ...]], Field(min_length=1)]
    action: Correcting
    value: Scalar | None = None
    factor: Annotated[float, Field(allow_inf_nan=False)] | None = None
    wrong: Scalar | None = None
    wrong_between: tuple[float, float] | None = None
    reason: Words
    reported_to: Words
    reported: dt.date
    valid_until: dt.date

    @model_validator(mode="after")
    def _says_what_its_action_needs(self) -> Self:
        needed = {Correcting.OVERRIDE: "value", Correcting.SCALE: "factor"}.get(self.action)
        for name in ("value", "factor"):
            if (getattr(self, name) is not None) != (name == needed):
                raise ValueError(
                    f"{name} is missing: {self.action} needs it"
                    if name == needed
                    else f"{name} says nothing to {self.action}: remove it"
                )
        if (self.wrong is None) == (self.wrong_between is None):
            raise ValueError("give exactly one of wrong and wrong_between: what the source says as long as it errs")
        if self.value is not None and self.value == self.wrong:
            raise ValueError("value and wrong are the same: nothing would be corrected")
        if self.valid_until < self.reported:
            raise ValueError("valid_until is before reported: write the day when the source is to be asked again")
        return self

    @property
    def source(self) -> str:
        """Whose error it is, in words: a service, or the municipality's own file."""
        return OBSERVED.get(self.table, "Kommunens underlag")

    @property
    def where(self) -> str:
        """Where the entry stands, for errors."""
        return f"{CORRECTIONS}, correction {self.id!r}"


class Ledger(Strict):
    """All that ``corrections.toml`` says."""

    correction: tuple[Correction, ...] = ()


def require_corrections(entries: Sequence[Correction], extracts: Collection[str]) -> None:
    """Refuse an entry about a table, a column or a kind of value that there is not.

    ``extracts`` are the tables that the plan hands in a file for. Raises PlanError naming the entry.
    """
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen:
            raise PlanError("the id stands twice.", where=entry.where, remedy="Give each entry its own.")
        seen.add(entry.id)
        if entry.table not in {*OBSERVED, *extracts}:
            raise PlanError(
                f"table {entry.table!r} is no table that the plan takes in.",
                where=entry.where,
                remedy=f"Write one of {', '.join(sorted({*OBSERVED, *extracts}))}.",
            )
        _require_columns(entry, corrected_contract(entry.table))


def corrected_contract(table: str) -> Contract:
    """The contract of the rows that an entry corrects: the observations of a service, or an extract."""
    return contract(table, "core") if table in OBSERVED else contract(table).extract


def _require_columns(entry: Correction, declared: Contract) -> None:
    """Refuse columns that there are not, and values that cannot stand in them."""
    columns = {column.name: column for column in declared.columns}
    for name in (entry.column, *entry.rows):
        if name not in columns:
            raise PlanError(
                f"{entry.table} has no column {name!r}.",
                where=entry.where,
                remedy=f"Write one of {', '.join(columns)}.",
            )
    given = {name: value if isinstance(value, tuple) else (value,) for name, value in entry.rows.items()}
    for name, values in given.items():
        _require_values(entry, columns[name], values)
    own = [value for value in (entry.value, entry.wrong) if value is not None]
    _require_values(entry, columns[entry.column], own)
    numeric = columns[entry.column].dtype in {pl.Int64, pl.Float64}
    if not numeric and (entry.factor is not None or entry.wrong_between is not None):
        raise PlanError(
            f"{entry.column} holds no numbers, so that factor and wrong_between say nothing of it.",
            where=entry.where,
            remedy="Write value and wrong.",
        )


def _require_values(entry: Correction, column: Column, values: Collection[Scalar]) -> None:
    """Refuse values that a column cannot hold."""
    for value in values:
        # In Python true is a whole number; in a table it is not.
        boolean = isinstance(value, bool) == (column.dtype is pl.Boolean)
        if not (boolean and isinstance(value, TYPES.get(column.dtype, ()))):
            raise PlanError(
                f"{value!r} cannot stand in {column.name}.",
                where=entry.where,
                remedy=f"Write {WRITTEN[column.dtype]}.",
            )
