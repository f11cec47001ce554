"""Revisions: what sources have changed since they first published it.

Here belongs the table of revisions. The values themselves, with their history, stand in
``contracts.statistics``.
"""

import datetime as dt
from typing import Any

from contracts import columns
from contracts.declare import Table, column, table
from contracts.vocabulary import MilestoneStatus, Origin, Revision, Sex, Text


def _value(title: str, english: str, description: str, english_description: str) -> Any:
    return column(title, english, description, english_description, nullable=True, decimals=6)


def _status(title: str, english: str, description: str, english_description: str) -> Any:
    return column(
        title, english, description, english_description, values=MilestoneStatus, nullable=True, source=Origin.COMPUTED
    )


@table(
    "revideringar",
    Text("Revideringar", "Revisions"),
    Text(
        "Värden som en källa har ändrat, tagit bort eller lagt till efter att året först publicerades.",
        "Values that a source has changed, removed or added after the year was first published.",
    ),
    group="statistics",
    source=Origin.SERVICE,
    key=("rapport", "kalla", "kalla_id", "kommun_id", "ar", "kon", "kand_fran"),
    sort=("rapport", "kand_fran"),
    partition=("rapport",),
)
class Revideringar(Table):
    """A revision of a value. ``kommun_id`` is the municipality that the value is about."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    kalla: str = columns.kalla()
    kalla_id: str = column("Källans id", "Source id", "Nyckeltal eller serie.", "KPI or series.")
    ar: int = columns.ar()
    kon: str = column("Kön", "Sex", "T totalt, K kvinnor, M män.", "T total, K women, M men.", values=Sex)
    fore: float = _value("Före", "Before", "Värdet före. Tomt om det lades till.", "The value before, blank if added.")
    efter: float = _value("Efter", "After", "Värdet efter. Tomt om det togs bort.", "The value after, or blank.")
    typ: str = column(
        "Typ", "Kind", "Vad källan gjorde.", "What the source did.", values=Revision, source=Origin.COMPUTED
    )
    kand_fran: dt.datetime = column(
        "Känd från",
        "Known from",
        "När ändringen blev känd (UTC).",
        "When the change became known (UTC).",
        source=Origin.RUN,
    )
    indikatorer: str = column(
        "Indikatorer",
        "Indicators",
        "Indikatorer som använder värdet, med semikolon mellan.",
        "Indicators that use the value, with semicolons between.",
        source=Origin.COMPUTED,
        nullable=True,
    )
    status_fore: str = _status(
        "Status före",
        "Status before",
        "Statusen som källans värde gav den första av indikatorerna före ändringen.",
        "The status that the source's value gave the first of the indicators before the change.",
    )
    status_efter: str = _status(
        "Status efter",
        "Status after",
        "Statusen som källans värde ger den första av indikatorerna efter ändringen.",
        "The status that the source's value gives the first of the indicators after the change.",
    )
