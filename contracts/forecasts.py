"""What interim reports of the year said, beside how it ended.

Here belong the forecast grades and the figures of interim reports. The final grades stand in
``contracts.goals``.
"""

from typing import Any

from contracts import columns, goal_columns
from contracts.declare import Table, column, table
from contracts.related import Mentions, Persons
from contracts.vocabulary import Origin, Text


def _interim() -> Any:
    """The interim report of a row."""
    return column(
        "Delårsrapport",
        "Interim report",
        "Delårsrapporten: år och delår 1 (april) eller delår 2 (augusti).",
        "The interim report: year and interim 1 (April) or 2 (August).",
        source=Origin.PLAN,
        str_matches=r"^\d{4}-delar[12]$",
    )


def _value(title: str, english: str) -> Any:
    """A value in the unit of its row."""
    return column(
        title,
        english,
        "Värdet i radens enhet, som tabellen har det.",
        "The value in the unit of the row, as the table has it.",
        nullable=True,
        decimals=6,
    )


@table(
    "prognoser",
    Text("Prognoser", "Forecasts"),
    Text(
        "Varje nämndmåls måluppfyllelse som delårsrapporten bedömde att den skulle bli, bredvid hur den blev.",
        "The grade that an interim report foresaw for each committee goal, beside the one that it got.",
    ),
    group="status",
    key=("kommun_id", "rapport", "delarsrapport", "namndmal_id"),
    rules=(columns.value_or_reason("prognos_maluppfyllelse", "prognos_status"),),
)
class Prognoser(Table):
    """A committee goal in an interim report that forecasts."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    delarsrapport: str = _interim()
    namndmal_id: str = columns.namndmal_id()
    namndmal: str = goal_columns.goal()
    prognos_maluppfyllelse: str = goal_columns.grade(
        "Prognos",
        "Forecast",
        "Den måluppfyllelse som delårsrapporten bedömde att målet skulle få för året.",
        "The grade that the interim report foresaw for the year.",
        source=Origin.PLAN,
    )
    prognos_status: str = columns.status("Prognos", "Forecast")
    beslutad_maluppfyllelse: str = goal_columns.decided()
    beraknad_maluppfyllelse: str = goal_columns.computed()
    stammer: bool = goal_columns.agrees(
        "Om målet fick den måluppfyllelse som prognosen sade.", "Whether the goal got the grade that was forecast."
    )
    steg: int = goal_columns.steps(
        "Beslutad minus prognos på skalan Ej 0, Delvis 1, I hög grad 2, I mycket hög grad 3.",
        "Decided minus forecast on the scale not 0, partly 1, high 2, very high 3.",
    )
    motivering: str = column(
        "Motivering",
        "Reason",
        "Varför delårsrapporten bedömde så, i vår korta sammanfattning.",
        "Why the interim report judged so, in our own short summary.",
        nullable=True,
        source=Origin.PLAN,
    )
    motivering_av: str = goal_columns.reason_by()
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad()


@table(
    "delarsuppgifter",
    Text("Uppgifter i delårsrapporterna", "Figures of the interim reports"),
    Text(
        "Siffror som de var i årets delårsrapporter, bredvid hur de blev.",
        "Figures as they were in the interim reports of the year, beside how they ended.",
    ),
    group="status",
    key=("kommun_id", "rapport", "delarsrapport", "uppgift_id"),
    rules=(columns.value_or_reason("varde_delar", "varde_delar_status"),),
    related=(Mentions("tabell", unplaced=True), Persons(("varde_delar", "varde"))),
)
class Delarsuppgifter(Table):
    """A figure of an interim report."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    delarsrapport: str = _interim()
    uppgift_id: str = columns.slug("Uppgiftens id", "Figure id", "Uppgiften, i planen.", "The figure, in the plan.")
    uppgift: str = column("Uppgift", "Figure", "Vad siffran anger.", "What the figure tells.", source=Origin.PLAN)
    enhet: str = column("Enhet", "Unit", "Värdenas enhet.", "The unit of the values.")
    varde_delar: float = _value("Värde i delårsrapporten", "Value in the interim report")
    varde_delar_status: str = columns.status("Värde i delårsrapporten", "Value in the interim report")
    varde: float = _value("Värde i rapporten", "Value in the report")
    forandring: float = column(
        "Förändring",
        "Change",
        "Rapportens värde minus delårsrapportens, i samma enhet; i procentenheter där enheten är procent.",
        "The value of the report minus that of the interim report; in percentage points where the unit is percent.",
        nullable=True,
        decimals=6,
    )
    tabell: str = column(
        "Tabell", "Table", "Tabellen som siffrorna står i.", "The table that the figures stand in.", source=Origin.PLAN
    )
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad()
