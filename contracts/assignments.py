"""The assignments: what the committee was told to do, and what became of it.

Here belongs the table of assignments. Measures and controls of internal control stand in
``contracts.control``, special initiatives with their money in ``contracts.money``.
"""

import polars as pl

from contracts import columns
from contracts.declare import Rule, Table, column, table
from contracts.vocabulary import Disposition, Done, Text

DONE_AND_CLOSED = Rule(
    "fortsattning:foljer_status",
    Text(
        "Ett klart uppdrag fortsätter inte, och ett som inte är klart överförs eller utgår.",
        "A finished assignment does not go on; one that is not finished is carried over or dropped.",
    ),
    (pl.col("status") == Done.DONE.value) == (pl.col("fortsattning") == Disposition.DONE.value),
)


@table(
    "uppdrag",
    Text("Uppdrag", "Assignments"),
    Text(
        "Nämndens uppdrag till förvaltningen: om de blev klara under året och vad som händer med dem sedan.",
        "The committee's assignments: whether they were finished in the year, and what happens to them next.",
    ),
    group="assignments",
    key=("kommun_id", "rapport", "uppdrag_id"),
    sort=("kommun_id", "rapport", "kalla_rad"),
    extract_key=("uppdrag_id",),
    rules=(DONE_AND_CLOSED,),
)
class Uppdrag(Table):
    """An assignment in a report."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    uppdrag_id: str = columns.slug(
        "Uppdragets id", "Assignment id", "Uppdraget.", "The assignment.", heading="Uppdrag-id"
    )
    namndmal_id: str = columns.namndmal_id(heading="Nämndmål")
    uppdrag: str = column(
        "Uppdrag",
        "Assignment",
        "Vad som ska göras, i vår korta formulering.",
        "What is to be done, in our own short wording.",
        heading="Uppdrag",
    )
    fran_kf: bool = column(
        "Från kommunfullmäktige",
        "From the municipal council",
        "Om uppdraget kommer från kommunfullmäktige. Annars är det nämndens eget.",
        "Whether the assignment comes from the municipal council. Otherwise it is the committee's own.",
        heading="Från KF",
    )
    status: str = column(
        "Status",
        "Status",
        "Om uppdraget blev klart under året enligt rapporten.",
        "Whether the assignment was finished in the year, according to the report.",
        values=Done,
        heading="Status",
    )
    fortsattning: str = column(
        "Fortsättning",
        "Next",
        "Om uppdraget är klart, överförs till nästa år eller utgår.",
        "Whether the assignment is done, is carried over to the next year or is dropped.",
        values=Disposition,
        heading="Fortsättning",
    )
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad(heading="Källrad")
