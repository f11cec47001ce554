"""Freshness: whether what the sources should have published by now is in, and who is late where it is not.

Here belongs the operational table that is published each night beside the releases. The values
themselves stand in ``contracts.statistics``.
"""

import datetime as dt
from typing import Any

from contracts import columns
from contracts.declare import Table, column, table
from contracts.vocabulary import Freshness, Origin, Text


def _told(title: str, english: str, description: str, english_description: str, **more: Any) -> Any:
    return column(title, english, description, english_description, nullable=True, **more)


@table(
    "farskhet",
    Text("Färskhet", "Freshness"),
    Text(
        "För varje källa och mått: det senaste året som har värden, vad som väntas och om något är sent.",
        "For each source and measure: the latest year with values, what is expected, and whether something is late.",
    ),
    group="operations",
    layer="drift",
    source=Origin.COMPUTED,
    key=("kommun_id", "rapport", "kalla", "kalla_id"),
)
class Farskhet(Table):
    """A measure of a source, as the last refresh found it."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    kalla: str = columns.kalla()
    kalla_id: str = column("Källans id", "Source id", "Nyckeltal eller serie.", "KPI or series.")
    titel: str = column("Titel", "Title", "Måttets namn i planen.", "The name of the measure in the plan.")
    datamangd: str = column(
        "Datamängd", "Dataset", "Datamängden som värdena finns i.", "The dataset that holds the values."
    )
    senaste_ar: int = _told("Senaste år", "Latest year", "Senaste året med ett värde.", "Latest year.", unit="år")
    vantat_ar: int = _told(
        "Väntat år", "Expected year", "Året som källan väntas publicera.", "The year that is expected.", unit="år"
    )
    vantad_dag: dt.date = _told(
        "Väntad dag",
        "Expected day",
        "Dagen då det året väntas: källans egen kalender, eller ett år efter den förra publiceringen.",
        "The day on which it is expected: by the source's own calendar, or a year after the last publication.",
    )
    senast_last: dt.datetime = _told(
        "Senast läst", "Last read", "När källan senast lästes (UTC).", "When the source was last read (UTC)."
    )
    tillstand: str = column(
        "Tillstånd", "State", "Om något är sent, och hos vem.", "Whether anything is late.", values=Freshness
    )
    orsak: str = _told("Orsak", "Reason", "Vad som fattas.", "What is missing.")
