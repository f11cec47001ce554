"""Columns that the register of goals and their published statuses share, declared once.

Here belongs what is said of a goal or an indicator in more than one table.
"""

from typing import Any

from contracts import columns
from contracts.declare import column
from contracts.vocabulary import Direction, Grade, Operator, Origin, ReportedStatus

SUMMARY = "sammanfattning"
"""Who words a reason: it is our own short summary, never the report's sentence."""


def grade(title: str, english: str, description: str, english_description: str, **more: Any) -> Any:
    """A grade of the closed scale."""
    return column(title, english, description, english_description, values=Grade, nullable=True, **more)


def decided() -> Any:
    """The grade that a committee decided."""
    return grade(
        "Beslutad måluppfyllelse",
        "Decided grade",
        "Den måluppfyllelse som nämnden har beslutat. Ett beslut, inte en uträkning.",
        "The grade that the committee has decided. A decision, not a computation.",
        source=Origin.PLAN,
    )


def computed() -> Any:
    """The grade that the rule gives."""
    return column(
        "Beräknad måluppfyllelse",
        "Computed grade",
        "Den måluppfyllelse som regeln ger av andelen uppnådda etappmål.",
        "The grade that the rule gives from the share of milestones reached.",
        values=Grade,
    )


def agrees(description: str, english_description: str) -> Any:
    """Whether two statements agree; blank where either is missing."""
    return column("Stämmer", "Agrees", description, english_description, nullable=True)


def grades_agree() -> Any:
    """Whether the computed grade is the decided one; blank where either is missing."""
    return agrees("Om beräknad och beslutad måluppfyllelse är densamma.", "Whether computed and decided grade agree.")


def steps(description: str, english_description: str) -> Any:
    """How many steps of the scale lie between two grades."""
    return column("Steg", "Steps", description, english_description, nullable=True, ge=-3, le=3)


def reason() -> Any:
    """Why a committee decided as it did."""
    return column(
        "Motivering",
        "Reason",
        "Varför nämnden beslutade som den gjorde, i vår korta sammanfattning.",
        "Why the committee decided as it did, in our own short summary.",
        nullable=True,
        source=Origin.PLAN,
    )


def reason_by() -> Any:
    """Who worded the reason."""
    return column(
        "Motivering av",
        "Reason by",
        "Vem som har formulerat motiveringen: sammanfattning betyder att den är vår egen.",
        "Who worded the reason: sammanfattning means that it is our own summary.",
        nullable=True,
        isin=[SUMMARY],
    )


def rule_version() -> Any:
    """The version of the rule."""
    return column(
        "Regelversion",
        "Rule version",
        "Versionen av regeln som räknar ut måluppfyllelsen.",
        "The version of the rule that computes the grade.",
        source=Origin.PLAN,
    )


def count(title: str, english: str, description: str, english_description: str) -> Any:
    """A count of goals or indicators."""
    return column(title, english, description, english_description, unit="antal", ge=0)


def indicator_id(**more: Any) -> Any:
    """An indicator, by its identifier in the plan."""
    return columns.slug(
        "Indikatorns id",
        "Indicator id",
        "Indikatorn, i planen.",
        "The indicator, in the plan.",
        **more,
        source=Origin.PLAN,
    )


def indicator() -> Any:
    """The name of an indicator."""
    return column("Indikator", "Indicator", "Indikatorns namn.", "The name of the indicator.", source=Origin.PLAN)


def goal() -> Any:
    """The name of a committee goal."""
    return column(
        "Nämndmål", "Committee goal", "Nämndmålets namn.", "The name of the committee goal.", source=Origin.PLAN
    )


def target_area() -> Any:
    """The name of a target area."""
    return column(
        "Målområde", "Target area", "Fullmäktiges målområde.", "The council's target area.", source=Origin.PLAN
    )


def council_goal() -> Any:
    """The name of a council goal."""
    return column(
        "Kommunfullmäktigemål",
        "Council goal",
        "Fullmäktiges mål.",
        "The goal of the municipal council.",
        source=Origin.PLAN,
    )


def unit() -> Any:
    """The unit of an indicator."""
    return column(
        "Enhet", "Unit", "Indikatorns måttenhet.", "The unit of measure of the indicator.", source=Origin.PLAN
    )


def direction() -> Any:
    """Which way an indicator improves."""
    return column(
        "Riktning",
        "Direction",
        "Om ett högre eller lägre värde är bättre.",
        "Whether a higher or a lower value is better.",
        values=Direction,
        source=Origin.PLAN,
    )


def outcome_year() -> Any:
    """The year that an indicator's outcome is about."""
    return column(
        "Utfallets år",
        "Outcome year",
        "Året som utfallet avser: rapportens år minus indikatorns eftersläpning.",
        "The year of the outcome: the report's year minus the lag of the indicator.",
        unit="år",
        source=Origin.PLAN,
    )


def bound_year(what: str, english: str) -> Any:
    """The year of a bound."""
    return column(
        f"År för {what}",
        f"Year of the {english}",
        "Året som gränsen gäller.",
        "Its year.",
        nullable=True,
        source=Origin.PLAN,
    )


def bound_operator(what: str, english: str) -> Any:
    """The operator of a bound, blank where the source prints none and no status rests on it."""
    return column(
        f"Operator för {what}",
        f"Operator of the {english}",
        "Hur utfallet jämförs med värdet. Tomt där källan inte anger någon.",
        "How the outcome is held against the value. Blank where the source prints none.",
        values=Operator,
        nullable=True,
        source=Origin.PLAN,
    )


def bound_value(what: str, english: str) -> Any:
    """The value of a bound, in the unit of the indicator."""
    return column(
        f"Värde för {what}",
        f"Value of the {english}",
        "Värdet i indikatorns enhet.",
        "The value in the unit of the indicator.",
        nullable=True,
        decimals=6,
        source=Origin.PLAN,
    )


def continues() -> Any:
    """What a goal or an indicator carries on from the report before, under another id."""
    return column(
        "Fortsätter",
        "Continues",
        "Id i föregående rapport som det fortsätter, med semikolon mellan.",
        "Ids in the report before that it carries on, with semicolons between.",
        nullable=True,
        source=Origin.PLAN,
    )


def ends() -> Any:
    """Why a goal or an indicator stands in no later report."""
    return column(
        "Upphör",
        "Ends",
        "Varför det inte finns i senare rapporter. Tomt där planen inte säger att det upphör.",
        "Why it stands in no later report. Blank where the plan does not say that it ends.",
        nullable=True,
        source=Origin.PLAN,
    )


def reported() -> Any:
    """What a report says of an indicator."""
    return column(
        "Rapporterad status",
        "Reported status",
        "Vad rapporten säger om just den indikatorn.",
        "What the report says of the indicator itself.",
        values=ReportedStatus,
        source=Origin.PLAN,
    )


def reported_by_goal() -> Any:
    """What a report says of a whole goal, as it bears on the indicator."""
    return column(
        "Rapporterad av målet",
        "Reported of the goal",
        "Vad som följer av det rapporten säger om hela målet.",
        "What follows from what the report says of the goal as a whole.",
        values=ReportedStatus,
        source=Origin.PLAN,
    )


def reconciliation(what: str, english: str) -> Any:
    """What the report says beside what is computed, in a sentence."""
    return column(
        "Avstämning",
        "Reconciliation",
        f"Vad rapporten säger om {what} bredvid det beräknade, och varför de skiljer sig där de gör det.",
        f"What the report says of {english} beside what is computed, and why they differ where they do.",
    )
