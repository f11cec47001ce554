"""Goals and indicators from report to report: which came, which went on under another name, which ended.

Here belongs the published table of it. What each report's plan says stands in ``contracts.register``.
"""

from typing import Any

from contracts import columns, goal_columns
from contracts.declare import Table, column, table
from contracts.history_words import Beginning, Continuation, Tracked
from contracts.vocabulary import Origin, Text


def _ids(title: str, english: str, description: str, english_description: str) -> Any:
    """Ids in another report, with semicolons between."""
    return column(title, english, description, english_description, nullable=True)


def _other_report(title: str, english: str, description: str, english_description: str) -> Any:
    """Another report of the same kind."""
    return column(title, english, description, english_description, nullable=True)


@table(
    "malhistorik",
    Text("Målhistorik", "History of goals"),
    Text(
        "Varje nämndmål och indikator i varje rapport, vad det var i rapporten före och vad det blir i nästa.",
        "Each committee goal and indicator of each report, what it was in the one before and becomes in the next.",
    ),
    group="status",
    source=Origin.COMPUTED,
    key=("kommun_id", "rapport", "slag", "id"),
    partition=(),
)
class Malhistorik(Table):
    """A goal or an indicator in a report, with its place among the reports of the same kind."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    slag: str = column(
        "Slag", "Kind", "Om raden är ett nämndmål eller en indikator.", "A goal or an indicator.", values=Tracked
    )
    id: str = columns.slug("Id", "Id", "Målet eller indikatorn, i planen.", "The goal or indicator, in the plan.")
    namn: str = column("Namn", "Name", "Namnet i rapporten.", "The name in the report.", source=Origin.PLAN)
    namndmal_id: str = columns.slug(
        "Nämndmålets id", "Committee goal id", "Nämndmålet som raden hör till.", "The committee goal of the row."
    )
    uppkomst: str = column(
        "Uppkomst", "Beginning", "Hur det kom in i rapporten.", "How it came into the report.", values=Beginning
    )
    foregaende_rapport: str = _other_report(
        "Föregående rapport", "Report before", "Närmast föregående rapport av samma slag.", "The one before, alike."
    )
    foregangare: str = _ids(
        "Föregångare",
        "Predecessors",
        "Id i föregående rapport, med semikolon mellan.",
        "Ids in the report before, with semicolons between.",
    )
    fortsattning: str = column(
        "Fortsättning",
        "Continuation",
        "Hur det går vidare i nästa rapport. Tomt i den senaste rapporten.",
        "How it goes on in the next report. Blank in the newest.",
        values=Continuation,
        nullable=True,
    )
    nasta_rapport: str = _other_report(
        "Nästa rapport", "Next report", "Närmast följande rapport av samma slag.", "The one after, alike."
    )
    efterfoljare: str = _ids(
        "Efterföljare",
        "Successors",
        "Id i nästa rapport, med semikolon mellan.",
        "Ids in the next report, with semicolons between.",
    )
    upphor_motivering: str = column(
        "Varför det upphör",
        "Why it ends",
        "Varför det inte finns i senare rapporter, i vår korta sammanfattning.",
        "Why it stands in no later report, in our own short summary.",
        nullable=True,
        source=Origin.PLAN,
    )
    beslutad_maluppfyllelse: str = goal_columns.decided()
    enhet: str = column(
        "Enhet",
        "Unit",
        "Indikatorns måttenhet. Tomt för nämndmål.",
        "The unit of the indicator. Blank for goals.",
        nullable=True,
        source=Origin.PLAN,
    )
    etappmal_ar: int = goal_columns.bound_year("etappmålet", "milestone")
    etappmal_operator: str = goal_columns.bound_operator("etappmålet", "milestone")
    etappmal_varde: float = goal_columns.bound_value("etappmålet", "milestone")
    malvarde_ar: int = goal_columns.bound_year("målvärdet", "target")
    malvarde_operator: str = goal_columns.bound_operator("målvärdet", "target")
    malvarde: float = goal_columns.bound_value("målvärdet", "target")
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad()
