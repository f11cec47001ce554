"""A small table with a rule of each kind, for the tests of how tables are declared and checked.

It is no table of the project, so it is not registered among them.
"""

import datetime as dt
from copy import deepcopy
from typing import Any, Final

import polars as pl

from contracts import Contract, Rule
from contracts.declare import Table, column
from contracts.vocabulary import Origin, Severity, Text, Word


class Colour(Word):
    """A word list of two."""

    RED = "rod", "Röd.", "Red."
    BLUE = "bla", "Blå.", "Blue."


def _column(title: str, **more: Any) -> Any:
    """A column whose prose is its title."""
    return column(title, title, title, title, **more)


class Prov(Table):
    """A row of the small table."""

    rad_id: str = _column("Id", str_matches=r"^[a-z]+$", references="kanda", heading="Id")
    farg: str = _column("Färg", values=Colour, nullable=True, severity=Severity.QUARANTINE, heading="Färg")
    belopp: int = _column("Belopp", unit="tkr", nullable=True, ge=0, severity=Severity.WARN, heading="Belopp")
    andel: float = _column("Andel", unit="procent", decimals=1, heading="Andel", stated=True)
    klart: bool = _column("Klart", nullable=True)
    dag: dt.date = _column("Dag", nullable=True)
    tid: dt.datetime = _column("Tid", nullable=True)


WHOLE: Final = Text("Andelen är högst hundra.", "The share is at most a hundred.")
ORDER: Final = Text("Beloppet är större än andelen.", "The amount is above the share.")

SMALL: Final = Contract(
    name="prov",
    layer="open",
    title=Text("Prov", "Trial"),
    description=Text("En liten tabell.", "A small table."),
    group="prov",
    key=("rad_id",),
    sort=("belopp", "rad_id"),
    partition=(),
    rules=(
        Rule("andel:hel", WHOLE, pl.col("andel") <= 100, Severity.QUARANTINE),
        Rule("belopp_mot_andel", ORDER, pl.col("belopp") >= pl.col("andel"), Severity.WARN),
    ),
    adds_up=(),
    steady=None,
    version="1.0.0",
    threshold=5,
    source=Origin.COMPUTED,
    extract_key=("rad_id",),
    build=lambda: deepcopy(Prov.to_schema()),
)

GOOD: Final[dict[str, Any]] = {
    "rad_id": "a",
    "farg": "rod",
    "belopp": 10,
    "andel": 2.5,
    "klart": True,
    "dag": dt.date(2023, 12, 31),
    "tid": dt.datetime(2023, 12, 31, 12),  # noqa: DTZ001 - the warehouse keeps UTC without a zone
}


def rows(*changes: dict[str, Any]) -> pl.DataFrame:
    """One good row for each change, with the change made to it."""
    return pl.DataFrame([{**GOOD, **change} for change in changes], schema=SMALL.polars_schema)
