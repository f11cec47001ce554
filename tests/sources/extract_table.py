"""A small table with a column of each type, for the tests of the extract reader.

It is no table of the project, so it is not registered among them.
"""

from copy import deepcopy
from datetime import date
from typing import Any

from contracts import Contract
from contracts.declare import Table, column
from contracts.vocabulary import Text


def _headed(heading: str, unit: str | None = None) -> Any:
    """A column with a heading and nothing more."""
    return column(heading, heading, heading, heading, unit=unit, nullable=True, heading=heading)


class Matt(Table):
    """A row of the small table."""

    namn: str = _headed("Namn")
    belopp_tkr: int = _headed("Belopp helår", "tkr")
    andel: float = _headed("Andel (%)", "procent")
    klart: bool = _headed("Klart")
    datum: date = _headed("Datum")


SMALL = Contract(
    name="matt",
    layer="raw",
    title=Text("Mått", "Measures"),
    description=Text("En liten tabell.", "A small table."),
    group="prov",
    key=("namn",),
    sort=("namn",),
    partition=(),
    rules=(),
    version="1.0.0",
    extract_key=("namn",),
    build=lambda: deepcopy(Matt.to_schema()),
)
HEADINGS = ("Namn", "Belopp helår", "Andel (%)", "Klart", "Datum")
