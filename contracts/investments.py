"""The invested money: the committee's own investments, their carry-over, and the community projects.

Here belong tables of investments and of development. Signs are the report's: expenditure negative.
The running income and costs stand in ``contracts.money``.
"""

from typing import Any

from contracts import columns
from contracts.declare import Table, column, table
from contracts.money import mnkr
from contracts.vocabulary import Text


def _line_id() -> Any:
    """An investment line, by its identifier: the same in the accounts and in the carry-over."""
    return columns.row_id("Investeringens id", "Investment id", "Investeringen.", "The investment.")


def _line(statement: str) -> Any:
    """An investment line's name, as declared among the lines of ``statement``."""
    return column(
        "Investering",
        "Investment",
        "Investeringens namn.",
        "The name of the investment.",
        heading="Investering",
        references=statement,
    )


def _phase_id() -> Any:
    """A phase of projects, by its identifier."""
    return columns.row_id("Fasens id", "Phase id", "Projektens fas.", "The phase of the projects.")


def _phase(statement: str, heading: str) -> Any:
    """A phase's name, as declared among the lines of ``statement``."""
    return column("Fas", "Phase", "Fasens namn.", "The name of the phase.", heading=heading, references=statement)


def _used() -> Any:
    """How much of a budget has been used."""
    return columns.procent(
        "Upparbetning",
        "Utilisation",
        "Utfallet som andel av budgeten, uträknat. Tomt där budgeten är noll.",
        "The outcome as a share of the budget, computed. Blank where the budget is zero.",
    )


@table(
    "investeringar",
    Text("Investeringar", "Investments"),
    Text(
        "Nämndens egna investeringar: budget, utfall och avvikelse, med summor på tre nivåer.",
        "The committee's own investments: budget, outcome and variance, with totals on three levels.",
    ),
    group="money",
    key=("kommun_id", "rapport", "investering_id"),
    sort=("kommun_id", "rapport", "kalla_rad"),
    extract_key=("investering",),
    adds_up=("budget_tkr", "utfall_tkr", "avvikelse_tkr"),
)
class Investeringar(Table):
    """An investment line in a report."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    investering_id: str = _line_id()
    investering: str = _line("investeringar")
    over_id: str = columns.over_id()
    radtyp: str = columns.radtyp()
    budget_tkr: int = columns.budget_tkr("Budget helår")
    utfall_tkr: int = columns.utfall_tkr("Utfall helår")
    avvikelse_tkr: int = columns.avvikelse_tkr("Avvikelse helår")
    upparbetning_procent: float = _used()
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad()


@table(
    "investeringsoverforing",
    Text("Föreslagen överföring av investeringsmedel", "Proposed carry-over of investment money"),
    Text(
        "Investeringsmedel som föreslås föras över till nästa år för åtgärder som inte blev klara.",
        "Investment money proposed to be carried over to the next year for what was not finished.",
    ),
    group="money",
    key=("kommun_id", "rapport", "investering_id"),
    sort=("kommun_id", "rapport", "kalla_rad"),
    extract_key=("investering",),
    adds_up=("belopp_mnkr",),
)
class Investeringsoverforing(Table):
    """A proposed carry-over in a report."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    investering_id: str = _line_id()
    investering: str = _line("investeringsoverforing")
    over_id: str = columns.over_id()
    radtyp: str = columns.radtyp()
    belopp_tkr: int = columns.tkr(
        "Belopp i tusental kronor",
        "Amount in SEK thousand",
        "Beloppet omräknat från miljoner kronor. Källan är avrundad till hundratusental.",
        "The amount converted from SEK million. The source is rounded to hundreds of thousands.",
    )
    belopp_mnkr: float = mnkr(
        "Belopp i miljoner kronor",
        "Amount in SEK million",
        "Beloppet som föreslås föras över, miljoner kronor. Medel som förs över är plus.",
        "The amount proposed to be carried over, SEK million. Money carried over is positive.",
        heading="Belopp (mnkr)",
    )
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad()


@table(
    "investeringsprojekt",
    Text("Investeringsprojekt i samhällsbyggnad", "Investment projects in community building"),
    Text(
        "Budget, utfall och avvikelse för projekt som bygger ut allmänna anläggningar, fas för fas.",
        "Budget, outcome and variance for projects that build public facilities, phase by phase.",
    ),
    group="money",
    key=("kommun_id", "rapport", "fas_id"),
    sort=("kommun_id", "rapport", "kalla_rad"),
    extract_key=("fas",),
    adds_up=("budget_tkr", "utfall_tkr", "avvikelse_tkr"),
)
class Investeringsprojekt(Table):
    """A phase of investment projects in a report."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    fas_id: str = _phase_id()
    fas: str = _phase("investeringsprojekt", "Investeringsprojekt")
    over_id: str = columns.over_id()
    radtyp: str = columns.radtyp()
    budget_tkr: int = columns.budget_tkr("Budget")
    utfall_tkr: int = columns.utfall_tkr("Utfall")
    avvikelse_tkr: int = columns.avvikelse_tkr("Avvikelse")
    upparbetning_procent: float = _used()
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad()


@table(
    "exploateringsprojekt",
    Text("Investeringar i exploateringsprojekt", "Investments in development projects"),
    Text(
        "Investeringsutgifter och investeringsinkomster i exploateringsprojekt mot budget, fas för fas.",
        "Investment expenditure and income in development projects against budget, phase by phase.",
    ),
    group="money",
    key=("kommun_id", "rapport", "fas_id"),
    sort=("kommun_id", "rapport", "kalla_rad"),
    extract_key=("fas",),
    adds_up=("utgift_tkr", "inkomst_tkr", "netto_tkr", "budget_tkr", "avvikelse_tkr"),
)
class Exploateringsprojekt(Table):
    """A phase of development projects in a report."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    fas_id: str = _phase_id()
    fas: str = _phase("exploateringsprojekt", "Exploateringsprojekt")
    over_id: str = columns.over_id()
    radtyp: str = columns.radtyp()
    utgift_tkr: int = columns.tkr(
        "Investeringsutgift",
        "Investment expenditure",
        "Utgifter för investeringar, tusental kronor. Utgifter är minus.",
        "Expenditure on investments, SEK thousand. Expenditure is negative.",
        heading="Investeringsutgift",
    )
    inkomst_tkr: int = columns.tkr(
        "Investeringsinkomst",
        "Investment income",
        "Inkomster till investeringar, tusental kronor.",
        "Income for investments, SEK thousand.",
        heading="Investeringsinkomst",
    )
    netto_tkr: int = columns.tkr(
        "Nettoutgift",
        "Net expenditure",
        "Utgift plus inkomst, uträknad. Minus är en nettoutgift.",
        "Expenditure plus income, computed. Minus is a net expenditure.",
        heading="Nettoutgift",
        stated=True,
    )
    budget_tkr: int = columns.budget_tkr("Budget")
    avvikelse_tkr: int = columns.tkr(
        "Avvikelse",
        "Variance",
        "Nettoutgift minus budget, uträknad. Minus är sämre än budget.",
        "Net expenditure minus budget, computed. Minus is worse than budget.",
        heading="Avvikelse",
        stated=True,
    )
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad()


@table(
    "exploateringsutfall",
    Text("Exploateringsutfall", "Development outcome"),
    Text(
        "Inkomster och utgifter av markförsäljning och planarbete mot prognosen i verksamhetsplanen, fas för fas.",
        "Income and expenditure of land sales and planning against the plan's forecast, phase by phase.",
    ),
    group="money",
    key=("kommun_id", "rapport", "fas_id"),
    sort=("kommun_id", "rapport", "kalla_rad"),
    extract_key=("fas",),
    adds_up=("prognos_tkr", "utfall_tkr", "avvikelse_tkr"),
)
class Exploateringsutfall(Table):
    """The outcome of a phase of development projects in a report."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    fas_id: str = _phase_id()
    fas: str = _phase("exploateringsutfall", "Exploateringsutfall")
    over_id: str = columns.over_id()
    radtyp: str = columns.radtyp()
    prognos_tkr: int = columns.tkr(
        "Prognos",
        "Forecast",
        "Prognos i verksamhetsplanen, tusental kronor.",
        "Forecast in the operational plan, SEK thousand.",
        heading="Prognos VP",
    )
    utfall_tkr: int = columns.utfall_tkr("Utfall")
    avvikelse_tkr: int = columns.tkr(
        "Avvikelse",
        "Variance",
        "Utfall minus prognos, uträknat. Minus är sämre än prognosen.",
        "Outcome minus forecast, computed. Minus is worse than the forecast.",
        heading="Avvikelse",
        stated=True,
    )
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad()
