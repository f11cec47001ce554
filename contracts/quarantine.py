"""Quarantine as readers see it: which rules rows broke, in which tables and from which sources, never the rows.

Here belongs the operational table that is published beside the releases. The rows themselves stay
in the warehouse (``meta.quarantine``).
"""

import datetime as dt

from contracts.declare import Table, column, table
from contracts.vocabulary import Origin, Text


@table(
    "karantan",
    Text("Karantän", "Quarantine"),
    Text(
        "Rader som bröt mot en regel och därför inte publiceras: hur många, vilken regel och varifrån.",
        "Rows that broke a rule and are not published for it: how many, which rule, and from where.",
    ),
    group="operations",
    layer="drift",
    key=("tabell", "regel", "kalla"),
    partition=(),
)
class Karantan(Table):
    """A rule that rows from a source break now. A row that breaks two rules is counted under both."""

    tabell: str = column("Tabell", "Table", "Tabellen som raderna hör till.", "The table of the rows.")
    regel: str = column("Regel", "Rule", "Regelns namn i dataordboken.", "The rule's name in the data dictionary.")
    beskrivning: str = column("Beskrivning", "Description", "Vad regeln kräver.", "What the rule asks for.")
    kalla: str = column(
        "Källa", "Source", "Filen eller tjänsten som raderna kommer från.", "The file or service of the rows."
    )
    antal: int = column("Antal", "Count", "Antal rader.", "Number of rows.", unit="antal", ge=1)
    sedan: dt.datetime = column(
        "Sedan",
        "Since",
        "När regeln först bröts av rader från källan utan att ha hållit sedan dess (UTC).",
        "When rows of the source first broke the rule, without its having held since (UTC).",
        source=Origin.RUN,
    )
