"""The running money: income statement, activities, initiatives, the fund, grants and the budget frame.

Here belong tables of income and costs of the year. Signs are the report's: costs and deficits
negative. What is invested and developed stands in ``contracts.investments``.
"""

from typing import Any

from contracts import columns
from contracts.declare import Table, column, table
from contracts.vocabulary import Text


def _year_before_tkr() -> Any:
    """The outcome of the year before."""
    return columns.tkr(
        "Föregående år",
        "Year before",
        "Utfall för samma period året före, tusental kronor.",
        "Outcome for the same period of the year before, SEK thousand.",
        heading="Perioden föregående år",
    )


def mnkr(title: str, english: str, description: str, english_description: str, **more: Any) -> Any:
    """An amount in millions of kronor, with one decimal."""
    return column(title, english, description, english_description, unit="mnkr", decimals=1, **more)


def _activity_id() -> Any:
    """An activity, by its identifier."""
    return columns.row_id("Verksamhetens id", "Activity id", "Verksamheten.", "The activity.")


def _activity(statement: str) -> Any:
    """An activity's name, as declared among the lines of ``statement``."""
    return column(
        "Verksamhet",
        "Activity",
        "Verksamhetens namn.",
        "The name of the activity.",
        heading="Verksamhet",
        references=statement,
    )


def _initiatives(title: str, english: str, description: str, english_description: str, **more: Any) -> Any:
    """A number of initiatives: never persons, so no threshold for disclosure."""
    return column(title, english, description, english_description, unit="antal", nullable=True, ge=0, **more)


@table(
    "resultatrakning",
    Text("Resultaträkning", "Income statement"),
    Text(
        "Nämndens intäkter och kostnader mot budget och mot föregående år.",
        "The committee's income and costs against budget and against the year before.",
    ),
    group="money",
    key=("kommun_id", "rapport", "rad_id"),
    sort=("kommun_id", "rapport", "kalla_rad"),
    extract_key=("rad",),
    adds_up=("budget_tkr", "utfall_tkr", "avvikelse_tkr", "fg_ar_tkr"),
)
class Resultatrakning(Table):
    """A line of the income statement in a report."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    rad_id: str = columns.row_id("Radens id", "Line id", "Raden i resultaträkningen.", "The line of the statement.")
    rad: str = column(
        "Rad", "Line", "Radens namn.", "The name of the line.", heading="Resultaträkning", references="resultatrakning"
    )
    over_id: str = columns.over_id()
    radtyp: str = columns.radtyp()
    budget_tkr: int = columns.budget_tkr("Budget helår")
    utfall_tkr: int = columns.utfall_tkr("Utfall helår")
    avvikelse_tkr: int = columns.avvikelse_tkr("Avvikelse helår")
    fg_ar_tkr: int = _year_before_tkr()
    orsak: str = columns.orsak()
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad()


@table(
    "driftsredovisning",
    Text("Driftsredovisning per verksamhet", "Operating accounts by activity"),
    Text(
        "Budget, utfall och avvikelse för varje verksamhet, med summor på tre nivåer.",
        "Budget, outcome and variance for each activity, with totals on three levels.",
    ),
    group="money",
    key=("kommun_id", "rapport", "verksamhet_id"),
    sort=("kommun_id", "rapport", "kalla_rad"),
    extract_key=("verksamhet",),
    adds_up=("budget_tkr", "utfall_tkr", "avvikelse_tkr", "fg_ar_tkr"),
)
class Driftsredovisning(Table):
    """An activity in a report."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    verksamhet_id: str = _activity_id()
    verksamhet: str = _activity("driftsredovisning")
    over_id: str = columns.over_id()
    radtyp: str = columns.radtyp()
    budget_tkr: int = columns.budget_tkr("Budget helår")
    utfall_tkr: int = columns.utfall_tkr("Utfall helår")
    avvikelse_tkr: int = columns.avvikelse_tkr("Avvikelse helår")
    avvikelse_procent: float = columns.procent(
        "Avvikelse i procent",
        "Variance in percent",
        "Avvikelsen som andel av budgeten, uträknad. Minus är sämre än budget.",
        "The variance as a share of the budget, computed. Minus is worse than budget.",
        heading="Avvikelse (%)",
        stated=True,
    )
    fg_ar_tkr: int = _year_before_tkr()
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad()


@table(
    "driftsredovisning_ar",
    Text("Driftsredovisning per verksamhet och år", "Operating accounts by activity and year"),
    Text(
        "Utfall för varje verksamhet under tre år, med nettokostnadens förändring från år till år.",
        "Outcome for each activity over three years, with the change in net cost from year to year.",
    ),
    group="money",
    key=("kommun_id", "rapport", "verksamhet_id", "ar"),
    sort=("kommun_id", "rapport", "kalla_rad", "ar"),
    rules=(columns.no_year_missing("verksamhet_id"),),
    extract_key=("verksamhet", "ar"),
    adds_up=("utfall_tkr",),
)
class DriftsredovisningAr(Table):
    """An activity in a year, as a report gives it."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    verksamhet_id: str = _activity_id()
    verksamhet: str = _activity("driftsredovisning_ar")
    over_id: str = columns.over_id()
    radtyp: str = columns.radtyp()
    ar: int = columns.ar(heading="År")
    utfall_tkr: int = columns.utfall_tkr("Utfall")
    forandring_procent: float = columns.procent(
        "Nettokostnadens förändring",
        "Change in net cost",
        "Nettokostnadens förändring från året före, uträknad. Plus är en högre kostnad. Tomt där året före saknas "
        "eller saknar nettokostnad.",
        "The change in net cost from the year before, computed. Plus is a higher cost. Blank where the year before is "
        "missing or has no net cost.",
        heading="Förändring %",
        stated=True,
    )
    orsak: str = columns.orsak()
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad()


@table(
    "sarskilda_satsningar",
    Text("Särskilda satsningar", "Special initiatives"),
    Text(
        "Pengar som avsatts för särskilda satsningar och hur mycket som har använts. Här är kostnader plus.",
        "Money set aside for special initiatives and how much has been used. Costs are positive here.",
    ),
    group="money",
    key=("kommun_id", "rapport", "satsning_id"),
    sort=("kommun_id", "rapport", "kalla_rad"),
    extract_key=("satsning",),
)
class SarskildaSatsningar(Table):
    """A special initiative in a report."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    satsning_id: str = columns.row_id("Satsningens id", "Initiative id", "Satsningen.", "The initiative.")
    satsning: str = column(
        "Satsning",
        "Initiative",
        "Satsningens namn.",
        "The name of the initiative.",
        heading="Satsning",
        references="sarskilda_satsningar",
    )
    radtyp: str = columns.radtyp()
    budget_tkr: int = columns.budget_tkr("Budget")
    utfall_tkr: int = columns.utfall_tkr("Utfall")
    forbrukning_procent: float = columns.procent(
        "Förbrukning",
        "Consumption",
        "Utfallet som andel av budgeten, uträknat.",
        "The outcome as a share of the budget, computed.",
    )
    uppdrag_id: str = columns.slug(
        "Uppdragets id",
        "Assignment id",
        "Uppdraget som satsningen betalar, om det finns ett.",
        "The assignment that the initiative pays for, if there is one.",
        nullable=True,
        heading="Uppdrag-id",
        references="uppdrag_id",
    )
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad()


@table(
    "digitaliseringspott",
    Text("Digitaliseringspotten", "The digitalisation fund"),
    Text(
        "Medel som reserverats, tilldelats och använts för digitalisering, och hur det gått för initiativen.",
        "Money reserved, allocated and used for digitalisation, and how far the initiatives have come.",
    ),
    group="money",
    key=("kommun_id", "rapport", "pott_id", "ar"),
    sort=("kommun_id", "rapport", "kalla_rad", "ar"),
    rules=(columns.no_year_missing("pott_id"),),
    extract_key=("pott", "ar"),
)
class Digitaliseringspott(Table):
    """A fund and year in a report."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    pott_id: str = columns.row_id("Pottens id", "Fund id", "Potten.", "The fund.")
    pott: str = column(
        "Pott", "Fund", "Pottens namn.", "The name of the fund.", heading="Pott", references="digitaliseringspott"
    )
    ar: int = columns.ar(heading="År")
    reserverat_tkr: int = columns.tkr(
        "Reserverat",
        "Reserved",
        "Medel som reserverats i budgeten, tusental kronor.",
        "Money reserved in the budget, SEK thousand.",
        heading="Reserverade medel",
    )
    tilldelat_tkr: int = columns.tkr(
        "Tilldelat",
        "Allocated",
        "Medel som tilldelats beviljade initiativ, tusental kronor.",
        "Money allocated to granted initiatives, SEK thousand.",
        heading="Tilldelat belopp",
    )
    utfall_tkr: int = columns.utfall_tkr("Utfall perioden")
    forbrukning_procent: float = columns.procent(
        "Förbrukning",
        "Consumption",
        "Utfallet som andel av det tilldelade, uträknat.",
        "The outcome as a share of what was allocated, computed.",
    )
    antal_beviljade: int = _initiatives(
        "Beviljade initiativ",
        "Granted initiatives",
        "Antal initiativ som beviljats medel.",
        "Number of initiatives that were granted money.",
        heading="Beviljade",
    )
    antal_klara: int = _initiatives(
        "Klara initiativ",
        "Finished initiatives",
        "Antal beviljade initiativ som är klara.",
        "Number of granted initiatives that are finished.",
        heading="Klara",
    )
    antal_pagaende: int = _initiatives(
        "Pågående initiativ",
        "Ongoing initiatives",
        "Antal beviljade initiativ som pågår.",
        "Number of granted initiatives that are under way.",
        heading="Pågående",
    )
    antal_planerade: int = _initiatives(
        "Planerade initiativ",
        "Planned initiatives",
        "Antal beviljade initiativ som ännu planeras.",
        "Number of granted initiatives that are still being planned.",
        heading="Planerade",
    )
    antal_avbrutna: int = _initiatives(
        "Pausade eller avbrutna initiativ",
        "Paused or cancelled initiatives",
        "Antal beviljade initiativ som pausats eller avbrutits.",
        "Number of granted initiatives that were paused or cancelled.",
        heading="Pausade eller avbrutna",
    )
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad()


@table(
    "extern_finansiering",
    Text("Extern finansiering", "External funding"),
    Text(
        "Bidrag från andra än kommunen och vad de har använts till. Här är både bidrag och kostnader plus.",
        "Grants from others than the municipality and what they cost. Grants and costs are both positive here.",
    ),
    group="money",
    key=("kommun_id", "rapport", "finansiering_id"),
    sort=("kommun_id", "rapport", "kalla_rad"),
    extract_key=("finansiar",),
    adds_up=("bidrag_tkr", "kostnad_tkr", "netto_tkr", "i_budget_tkr"),
)
class ExternFinansiering(Table):
    """A grant in a report."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    finansiering_id: str = columns.row_id("Finansieringens id", "Grant id", "Finansieringen.", "The grant.")
    finansiar: str = column(
        "Finansiär",
        "Funder",
        "Vem som ger bidraget, eller bidragets namn.",
        "Who gives the grant, or the name of the grant.",
        heading="Extern finansiering",
        references="extern_finansiering",
    )
    over_id: str = columns.over_id()
    radtyp: str = columns.radtyp()
    bidrag_tkr: int = columns.tkr(
        "Bidrag", "Grant", "Bidrag för året, tusental kronor.", "Grant for the year, SEK thousand.", heading="Bidrag"
    )
    kostnad_tkr: int = columns.tkr(
        "Kostnad",
        "Cost",
        "Kostnader som bidraget har täckt, tusental kronor.",
        "Costs that the grant has covered, SEK thousand.",
        heading="Kostnad",
    )
    netto_tkr: int = columns.tkr(
        "Netto",
        "Net",
        "Bidrag minus kostnad, uträknat: det som finns kvar att använda.",
        "Grant minus cost, computed: what is left to use.",
        heading="Netto",
        stated=True,
    )
    i_budget_tkr: int = columns.tkr(
        "Inräknat i budget",
        "Included in the budget",
        "Den del av bidraget som var inräknad i budgeten, tusental kronor.",
        "The part of the grant that was included in the budget, SEK thousand.",
        heading="Inräknat i budget",
    )
    namndmal_id: str = columns.namndmal_id(nullable=True, heading="Nämndmål-id")
    orsak: str = columns.orsak()
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad()


@table(
    "budgetram",
    Text("Budgetramen under året", "The budget frame over the year"),
    Text(
        "Stegen från den beslutade till den slutliga budgetramen. Ändringarna summerar till den slutliga ramen.",
        "The steps from the decided to the final budget frame. The changes add up to the final frame.",
    ),
    group="money",
    key=("kommun_id", "rapport", "steg"),
    extract_key=("steg",),
)
class Budgetram(Table):
    """A step from the decided to the final budget frame."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    steg: int = column(
        "Steg", "Step", "Stegets ordning i tiden.", "The step's order in time.", unit="ordning", heading="Steg", ge=1
    )
    handelse: str = column("Händelse", "Event", "Vad som ändrade ramen.", "What changed the frame.", heading="Händelse")
    belopp_mnkr: float = mnkr(
        "Ändring",
        "Change",
        "Hur mycket ramen ändrades i steget. Uträknat som skillnaden mot ramen före där källan bara anger ramen.",
        "How much the frame changed in the step. Computed as the difference from the frame before where the source "
        "gives only the frame.",
        heading="Belopp (mnkr)",
        stated=True,
    )
    ram_mnkr: float = mnkr(
        "Ram efter steget",
        "Frame after the step",
        "Budgetramen efter steget: som källan anger den, annars ramen före plus ändringen.",
        "The budget frame after the step: as the source gives it, otherwise the frame before plus the change.",
        heading="Ram (mnkr)",
        stated=True,
    )
    ram_angiven: bool = column(
        "Ramen angiven",
        "Frame given",
        "Sant där källan anger ramen, falskt där den är uträknad.",
        "True where the source gives the frame, false where it is computed.",
    )
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad(heading="Källrad")
