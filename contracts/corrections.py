"""The corrections ledger: known errors at a source that figures are corrected for.

Here belongs the table that tells of them. The entries themselves stand in a plan's ``corrections.toml``.
"""

import datetime as dt

from contracts import columns
from contracts.declare import Table, column, table
from contracts.vocabulary import Correcting, Origin, Text


@table(
    "rattelser",
    Text("Rättelser", "Corrections"),
    Text(
        "Kända fel hos en källa som siffrorna är rättade för, tills källan själv har rättat sig.",
        "Known errors at a source that figures are corrected for, until the source has mended itself.",
    ),
    group="figure_control",
    key=("kommun_id", "rapport", "rattelse_id"),
    source=Origin.PLAN,
)
class Rattelser(Table):
    """An entry of the ledger. What is corrected is named; the values are not, since they may not be open."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    rattelse_id: str = columns.slug("Rättelsens id", "Correction id", "Rättelsen.", "The correction.")
    kalla: str = column("Källa", "Source", "Källan som har felet.", "The source that errs.")
    tabell: str = column("Tabell", "Table", "Tabellen som felet står i.", "The table of the error.")
    kolumn: str = column("Kolumn", "Column", "Kolumnen som felet står i.", "The column of the error.")
    rader: str = column(
        "Rader",
        "Rows",
        "Vilka rader felet gäller: kolumn och värde, med semikolon mellan.",
        "Which rows the error is about: column and value, with semicolons between.",
    )
    beskrivning: str = column("Beskrivning", "Description", "Vad felet är.", "What the error is.")
    atgard: str = column("Åtgärd", "Action", "Vad som görs åt felet.", "What is done about it.", values=Correcting)
    anmald_till: str = column(
        "Anmäld till", "Reported to", "Vem felet är anmält till.", "Whom the error has been reported to."
    )
    anmald: dt.date = column("Anmäld", "Reported", "Dagen då felet anmäldes.", "The day when it was reported.")
    galler_tills: dt.date = column(
        "Gäller till och med",
        "Valid until",
        "Dagen då källan senast ska frågas igen. Därefter gäller rättelsen inte längre.",
        "The day by which the source is to be asked again. The correction no longer holds after it.",
    )
