"""Tables that count persons, of every kind that hangs together: trees, wholes, changes, repetitions and mentions.

They are no tables of the project. Here belong the tables and their rows; what is published of them stands in the tests.
"""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from contracts import columns, contract
from contracts.declare import Table, column, table
from contracts.related import Change, Mentions, Repeats, Whole
from contracts.vocabulary import Text
from tests.output.publishing import framed


def _said(name: str) -> tuple[str, str, str, str]:
    return name, name, f"{name} på svenska.", f"{name} in English."


LAYER: Final = "small"


@table(
    "personal",
    Text("Personal", "Staff"),
    Text("Anställda efter enhet och kön.", "Employees by unit and sex."),
    group="prov",
    layer=LAYER,
    key=("kommun_id", "rapport", "enhet_id", "kon"),
    adds_up=("antal",),
    related=(Whole("kon", "T"),),
)
class Personal(Table):
    """A unit and sex."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    enhet_id: str = columns.slug(*_said("enhet"))
    kon: str = column(*_said("kön"), isin=["T", "K", "M"])
    over_id: str = columns.over_id()
    radtyp: str = columns.radtyp()
    antal: int = column(*_said("antal"), unit="personer", nullable=True, counts_persons=True)
    antal_status: str = columns.status("Antal", "Count")
    bilar: int = column(*_said("bilar"), unit="antal", nullable=True)


@table(
    "personal_ar",
    Text("Personal per år", "Staff by year"),
    Text("Anställda efter enhet och år.", "Employees by unit and year."),
    group="prov",
    layer=LAYER,
    key=("kommun_id", "rapport", "enhet_id", "ar"),
    threshold=10,
    related=(Change("okning", of="antal"),),
)
class PersonalAr(Table):
    """A unit and year."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    enhet_id: str = columns.slug(*_said("enhet"))
    ar: int = columns.ar()
    antal: int = column(*_said("antal"), unit="personer", nullable=True, counts_persons=True)
    antal_status: str = columns.status("Antal", "Count")
    okning: int = column(*_said("ökning"), unit="personer", nullable=True)


@table(
    "upprepning",
    Text("Upprepning", "Repetition"),
    Text("Samma antal en gång till.", "The same count once more."),
    group="prov",
    layer=LAYER,
    key=("kommun_id", "rapport", "enhet_id", "kon"),
    related=(Repeats("anstallda", table="personal", of="antal"),),
)
class Upprepning(Table):
    """A unit and sex."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    enhet_id: str = columns.slug(*_said("enhet"))
    kon: str = column(*_said("kön"), isin=["T", "K", "M"])
    anstallda: int = column(*_said("anställda"), unit="personer", nullable=True, counts_persons=True)
    anstallda_status: str = columns.status("Anställda", "Employees")


@table(
    "omnamnd",
    Text("Omnämnd", "Mentioned"),
    Text("Siffror i löpande text.", "Figures in running text."),
    group="prov",
    layer=LAYER,
    key=("kommun_id", "rapport", "uppgift_id"),
    related=(Mentions("kopplad_till"),),
)
class Omnamnd(Table):
    """A figure in running text."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    uppgift_id: str = columns.slug(*_said("uppgift"))
    kopplad_till: str = column(*_said("kopplad"), nullable=True)
    varde: float = column(*_said("värde"), decimals=0)


@table(
    "granskad",
    Text("Granskad", "Checked"),
    Text("Siffror som är granskade.", "Figures that are checked."),
    group="prov",
    layer=LAYER,
    key=("kommun_id", "rapport", "kontroll_id"),
    related=(Mentions("tabell", "rad", "kolumn", expression="uttryck"),),
)
class Granskad(Table):
    """A check of a figure."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    kontroll_id: str = columns.slug(*_said("kontroll"))
    tabell: str = column(*_said("tabell"))
    rad: str = column(*_said("rad"))
    kolumn: str = column(*_said("kolumn"), nullable=True)
    uttryck: str = column(*_said("uttryck"), nullable=True)


REPORT: Final = {"kommun_id": "0126", "rapport": "2023-helar"}


def rows(name: str, *said: Mapping[str, Any], rapport: str = "2023-helar") -> dict[str, pl.DataFrame]:
    """A table of these rows, by its name."""
    stamps = {**REPORT, "rapport": rapport}
    return {name: framed([{**stamps, **row} for row in said], contract(name, LAYER).polars_schema)}


def staff(**units: int) -> dict[str, pl.DataFrame]:
    """A total and its units, of which each has a count; sex is not told."""
    total = {"enhet_id": "alla", "kon": "T", "radtyp": "summa", "antal": sum(units.values())}
    parts = [
        {"enhet_id": name, "kon": "T", "radtyp": "post", "over_id": "alla", "antal": antal, "bilar": 1}
        for name, antal in units.items()
    ]
    return rows("personal", total, *parts)
