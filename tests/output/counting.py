"""Tables that count persons, of every kind that hangs together: trees, wholes, changes, repetitions and mentions.

They are no tables of the project, but for the head count. Here belong the tables and their rows; what is
published of them stands in the tests.
"""

from collections.abc import Callable, Mapping
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


def _table(name: str, *key: str, **more: Any) -> Callable[[type[Table]], type[Table]]:
    """Declare a table of a report, by its name and what else identifies a row."""
    stamped = ("kommun_id", "rapport", *key)
    return table(name, Text(name, name), Text("Prov.", "A sample."), group="prov", layer=LAYER, key=stamped, **more)


def _persons(name: str) -> Any:
    """A column that counts persons."""
    return column(*_said(name), unit="personer", nullable=True, counts_persons=True)


class _Stamped(Table):
    """A row of a report."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()


class _OfUnit(_Stamped):
    """A row about a unit."""

    enhet_id: str = columns.slug(*_said("enhet"))


@_table("personal", "enhet_id", "kon", adds_up=("antal",), related=(Whole("kon", "T"),))
class Personal(_OfUnit):
    """Employees by unit and sex."""

    kon: str = column(*_said("kön"), isin=["T", "K", "M"])
    over_id: str = columns.over_id()
    radtyp: str = columns.radtyp()
    antal: int = _persons("antal")
    antal_status: str = columns.status("Antal", "Count")
    bilar: int = column(*_said("bilar"), unit="antal", nullable=True)


@_table("personal_ar", "enhet_id", "ar", threshold=10, related=(Change("okning", of="antal"),))
class PersonalAr(_OfUnit):
    """Employees by unit and year."""

    ar: int = columns.ar()
    antal: int = _persons("antal")
    antal_status: str = columns.status("Antal", "Count")
    okning: int = column(*_said("ökning"), unit="personer", nullable=True)


@_table("upprepning", "enhet_id", "kon", related=(Repeats("anstallda", table="personal", of="antal"),))
class Upprepning(_OfUnit):
    """The same count once more."""

    kon: str = column(*_said("kön"), isin=["T", "K", "M"])
    anstallda: int = _persons("anställda")
    anstallda_status: str = columns.status("Anställda", "Employees")


@_table("omnamnd", "uppgift_id", related=(Mentions("kopplad_till"),))
class Omnamnd(_Stamped):
    """A figure in running text."""

    uppgift_id: str = columns.slug(*_said("uppgift"))
    kopplad_till: str = column(*_said("kopplad"), nullable=True)
    varde: float = column(*_said("värde"), decimals=0)


@_table("granskad", "kontroll_id", related=(Mentions("tabell", "rad", "kolumn", expression="uttryck"),))
class Granskad(_Stamped):
    """A check of a figure."""

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


def head_count(*said: tuple[str, str, int, int | None, int | None]) -> dict[str, pl.DataFrame]:
    """The number of employees: organisation, measure, year, number and change."""
    said_rows = [
        {
            "kommun_id": "0126",
            "rapport": "2023-helar",
            "organisation_id": organisation.lower().replace(" ", "_"),
            "organisation": organisation,
            "matt": measure,
            "ar": year,
            "varde": number,
            "varde_status": "ej_publicerat" if number is None else None,
            "forandring": change,
            "kalla": "Rapporten",
        }
        for organisation, measure, year, number, change in said
    ]
    return {"antal_anstallda": framed(said_rows, contract("antal_anstallda").polars_schema)}
