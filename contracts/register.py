"""The goal register in the warehouse: the report, its goals and its indicators, as the plan has them.

Here belong core tables. The statuses that are worked out of them stand in ``contracts.goals``.
"""

import datetime as dt

from contracts import columns, goal_columns
from contracts.declare import Table, column, table
from contracts.vocabulary import Origin, Text


@table(
    "rapporter",
    Text("Rapporter", "Reports"),
    Text("En rapport med nämndens samlade bedömning.", "A report with the committee's overall assessment."),
    group="plan",
    layer="core",
    source=Origin.PLAN,
    key=("kommun_id", "rapport"),
)
class Rapporter(Table):
    """A report of the plan."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    ar: int = columns.ar()
    namnd: str = column("Nämnd", "Committee", "Nämnden vars rapport det är.", "The committee whose report it is.")
    beslutad_maluppfyllelse: str = goal_columns.decided()
    beslutsdatum: dt.date = column(
        "Beslutsdatum", "Date of decision", "Dagen för beslutet.", "The day of the decision.", nullable=True
    )
    motivering: str = goal_columns.reason()
    regelversion: str = goal_columns.rule_version()
    gransfall_uppnatt: bool = column(
        "Gränsfall räknas som uppnått",
        "A tie counts as reached",
        "Regelns parameter för ett utfall som är lika med en sträng gräns.",
        "The rule's parameter for an outcome equal to a strict bound.",
    )
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad()


@table(
    "malregister",
    Text("Målregister", "Goal register"),
    Text("Nämndmålen med målområde, fullmäktigemål och beslut.", "The committee goals with area and decision."),
    group="plan",
    layer="core",
    source=Origin.PLAN,
    key=("kommun_id", "rapport", "namndmal_id"),
)
class Malregister(Table):
    """A committee goal of the plan."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    namndmal_id: str = columns.slug("Nämndmålets id", "Committee goal id", "Nämndmålet.", "The committee goal.")
    malomrade: str = goal_columns.target_area()
    kf_mal: str = goal_columns.council_goal()
    namndmal: str = goal_columns.goal()
    beslutad_maluppfyllelse: str = goal_columns.decided()
    beslutsdatum: dt.date = column(
        "Beslutsdatum", "Date of decision", "Dagen för beslutet.", "The day of the decision.", nullable=True
    )
    motivering: str = goal_columns.reason()
    fortsatter: str = goal_columns.continues()
    upphor: str = goal_columns.ends()
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad()


@table(
    "indikatorregister",
    Text("Indikatorregister", "Indicator register"),
    Text("Indikatorerna med enhet, riktning, gränser och källa.", "The indicators with unit, bounds and source."),
    group="plan",
    layer="core",
    source=Origin.PLAN,
    key=("kommun_id", "rapport", "indikator_id"),
)
class Indikatorregister(Table):
    """An indicator of the plan, with its bounds and its source."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    indikator_id: str = goal_columns.indicator_id()
    indikator: str = goal_columns.indicator()
    namndmal_id: str = columns.namndmal_id()
    enhet: str = goal_columns.unit()
    decimaler: int = column(
        "Decimaler", "Decimals", "Antal decimaler som rapporten skriver.", "Decimals that the report prints.", ge=0
    )
    riktning: str = goal_columns.direction()
    utfall_ar: int = goal_columns.outcome_year()
    etappmal_ar: int = goal_columns.bound_year("etappmålet", "milestone")
    etappmal_operator: str = goal_columns.bound_operator("etappmålet", "milestone")
    etappmal_varde: float = goal_columns.bound_value("etappmålet", "milestone")
    antagen_operator: bool = column(
        "Antagen operator",
        "Assumed operator",
        "Sant där rapporten inte anger hur utfallet ska jämföras och planen antar det.",
        "True where the report prints no operator and the plan assumes one.",
    )
    malvarde_ar: int = goal_columns.bound_year("målvärdet", "target")
    malvarde_operator: str = goal_columns.bound_operator("målvärdet", "target")
    malvarde: float = goal_columns.bound_value("målvärdet", "target")
    rapporterad_status: str = goal_columns.reported()
    rapporterad_av_malet: str = goal_columns.reported_by_goal()
    kalla_id: str = column(
        "Källans id",
        "Source id",
        "Nyckeltal, serie eller formel hos den källa som mäter samma sak. Tomt för egna siffror.",
        "KPI, series or formula of the source that measures the same thing. Blank for own figures.",
        nullable=True,
    )
    jamfors: bool = column(
        "Jämförs", "Compared", "Om utfallet rangordnas i länet.", "Whether the outcome is ranked in the county."
    )
    fortsatter: str = goal_columns.continues()
    upphor: str = goal_columns.ends()
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad()
