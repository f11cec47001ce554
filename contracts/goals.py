"""Goals and indicators with their statuses, as published.

Here belong the three tables of status. The register that they rest on stands in
``contracts.register``, outcomes year by year in ``contracts.statistics``.
"""

import polars as pl

from contracts import columns, goal_columns
from contracts.declare import Rule, Table, column, table
from contracts.related import Persons
from contracts.vocabulary import MilestoneStatus, Reason, Text, Trend


@table(
    "indikatorer",
    Text("Indikatorer", "Indicators"),
    Text(
        "Varje indikator med utfall, etappmål och status, och källans siffra i dag bredvid rapportens.",
        "Each indicator with outcome, milestone and status, and the source's figure today beside the report's.",
    ),
    group="status",
    version="1.1.0",
    key=("kommun_id", "rapport", "indikator_id"),
    sort=("kommun_id", "rapport", "kalla_rad"),
    rules=(
        Rule(
            "orsak_nar_ej_bedomd",
            Text("En indikator som inte kan bedömas har en orsak.", "What cannot be assessed has a reason."),
            (pl.col("etappmal_status") == MilestoneStatus.NOT_ASSESSABLE) == pl.col("orsak").is_not_null(),
        ),
    ),
    related=(Persons(("utfall", "utfall_kalla"), derived=("avstand",), reason="forklaring"),),
)
class Indikatorer(Table):
    """An indicator in a report, with its status."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    indikator_id: str = goal_columns.indicator_id()
    indikator: str = goal_columns.indicator()
    namndmal_id: str = columns.namndmal_id()
    enhet: str = goal_columns.unit()
    riktning: str = goal_columns.direction()
    utfall_ar: int = goal_columns.outcome_year()
    utfall: float = column(
        "Utfall",
        "Outcome",
        "Utfallet som gäller: rapportens när den är beslutad, annars källans.",
        "The outcome of record: the report's once it is decided, else the source's.",
        nullable=True,
        decimals=6,
    )
    etappmal_ar: int = goal_columns.bound_year("etappmålet", "milestone")
    etappmal_operator: str = goal_columns.bound_operator("etappmålet", "milestone")
    etappmal_varde: float = goal_columns.bound_value("etappmålet", "milestone")
    malvarde_ar: int = goal_columns.bound_year("målvärdet", "target")
    malvarde_operator: str = goal_columns.bound_operator("målvärdet", "target")
    malvarde: float = goal_columns.bound_value("målvärdet", "target")
    etappmal_status: str = column(
        "Etappmålets status",
        "Milestone status",
        "Utfallet mot etappmålet enligt regeln.",
        "The outcome against the milestone by the rule.",
        values=MilestoneStatus,
    )
    orsak: str = column(
        "Orsak",
        "Reason",
        "Varför etappmålet inte kan bedömas.",
        "Why the milestone cannot be assessed.",
        values=Reason,
        nullable=True,
    )
    rapporterad_status: str = goal_columns.reported()
    rapporterad_av_malet: str = goal_columns.reported_by_goal()
    stammer: bool = goal_columns.agrees(
        "Om den beräknade statusen är densamma som rapportens.", "Whether computed and reported status agree."
    )
    utfall_kalla: float = column(
        "Källans utfall",
        "Outcome of the source",
        "Källans värde för samma år, oavrundat, så som källan anger det i dag.",
        "The source's value for the same year, unrounded, as the source gives it today.",
        nullable=True,
        decimals=6,
    )
    orsak_kalla: str = column(
        "Orsak för källan",
        "Reason for the source",
        "Varför källans värde saknas: ej_tillampligt där ingen källa mäter samma sak.",
        "Why the source's value is missing: ej_tillampligt where no source measures the same thing.",
        values=Reason,
        nullable=True,
    )
    status_kalla: str = column(
        "Status enligt källan",
        "Status by the source",
        "Statusen som källans värde skulle ge.",
        "The status that the source's value would give.",
        values=MilestoneStatus,
        nullable=True,
    )
    avstand: float = column(
        "Avstånd till etappmålet",
        "Distance to the milestone",
        "Utfallet minus etappmålet, vänt så att plus är bättre.",
        "Outcome minus milestone, turned so that positive is better.",
        nullable=True,
        decimals=6,
    )
    trend: str = column(
        "Trend",
        "Trend",
        "Utfallet mot året före.",
        "The outcome against the year before.",
        values=Trend,
        nullable=True,
    )
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad()
    forklaring: str = column(
        "Förklaring",
        "Explanation",
        "Statusen i en mening, med siffra, etappmål, år och källa.",
        "The status in a sentence, with figure, milestone, year and source.",
    )
    avstamning: str = goal_columns.reconciliation("indikatorn", "the indicator")


@table(
    "malbedomning",
    Text("Målbedömning", "Goal assessment"),
    Text(
        "Varje nämndmål med beräknad och beslutad måluppfyllelse sida vid sida.",
        "Each committee goal with computed and decided grade side by side.",
    ),
    group="status",
    version="1.1.0",
    key=("kommun_id", "rapport", "namndmal_id"),
    sort=("kommun_id", "rapport", "kalla_rad"),
)
class Malbedomning(Table):
    """A committee goal in a report."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    namndmal_id: str = columns.namndmal_id()
    malomrade: str = goal_columns.target_area()
    kf_mal: str = goal_columns.council_goal()
    namndmal: str = goal_columns.goal()
    antal_indikatorer: int = goal_columns.count(
        "Indikatorer", "Indicators", "Antal indikatorer.", "Number of indicators."
    )
    antal_bedombara: int = goal_columns.count(
        "Bedömbara", "Assessable", "Antal som kan bedömas.", "How many can be assessed."
    )
    antal_uppnadda: int = goal_columns.count(
        "Uppnådda", "Reached", "Antal uppnådda etappmål.", "Number of milestones reached."
    )
    antal_gransfall: int = goal_columns.count("Gränsfall", "Ties", "Antal gränsfall.", "Number of ties.")
    beraknad_maluppfyllelse: str = goal_columns.computed()
    beslutad_maluppfyllelse: str = goal_columns.decided()
    stammer: bool = goal_columns.grades_agree()
    steg: int = goal_columns.steps(
        "Beslutad minus beräknad på skalan Ej 0, Delvis 1, I hög grad 2, I mycket hög grad 3.",
        "Decided minus computed on the scale not 0, partly 1, high 2, very high 3.",
    )
    motivering: str = goal_columns.reason()
    motivering_av: str = goal_columns.reason_by()
    regelversion: str = goal_columns.rule_version()
    avstamning: str = goal_columns.reconciliation("målet", "the goal")
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad()


@table(
    "samlad_bedomning",
    Text("Samlad bedömning", "Overall assessment"),
    Text("Rapporten som helhet: beräknad och beslutad.", "The report as a whole: computed and decided."),
    group="status",
    version="1.1.0",
    key=("kommun_id", "rapport"),
)
class SamladBedomning(Table):
    """A report as a whole."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    beraknad_maluppfyllelse: str = goal_columns.computed()
    beslutad_maluppfyllelse: str = goal_columns.decided()
    stammer: bool = goal_columns.grades_agree()
    antal_namndmal: int = goal_columns.count(
        "Nämndmål", "Committee goals", "Antal nämndmål.", "Number of committee goals."
    )
    antal_beslutad_i_mycket_hog_grad: int = goal_columns.count(
        "Beslutade i mycket hög grad", "Decided very high", "Antal nämndmål.", "Number of committee goals."
    )
    antal_beslutad_i_hog_grad: int = goal_columns.count(
        "Beslutade i hög grad", "Decided high", "Antal nämndmål.", "Number of committee goals."
    )
    antal_beslutad_delvis: int = goal_columns.count(
        "Beslutade delvis", "Decided partly", "Antal nämndmål.", "Number of goals."
    )
    antal_beslutad_ej: int = goal_columns.count(
        "Beslutade ej", "Decided not", "Antal nämndmål.", "Number of committee goals."
    )
    antal_beslutad_kan_ej_bedomas: int = goal_columns.count(
        "Beslutade kan ej bedömas", "Decided not assessable", "Antal nämndmål.", "Number of committee goals."
    )
    antal_beraknad_i_mycket_hog_grad: int = goal_columns.count(
        "Beräknade i mycket hög grad", "Computed very high", "Antal nämndmål.", "Number of committee goals."
    )
    antal_beraknad_i_hog_grad: int = goal_columns.count(
        "Beräknade i hög grad", "Computed high", "Antal nämndmål.", "Number of committee goals."
    )
    antal_beraknad_delvis: int = goal_columns.count(
        "Beräknade delvis", "Computed partly", "Antal nämndmål.", "Number of goals."
    )
    antal_beraknad_ej: int = goal_columns.count(
        "Beräknade ej", "Computed not", "Antal nämndmål.", "Number of committee goals."
    )
    antal_beraknad_kan_ej_bedomas: int = goal_columns.count(
        "Beräknade kan ej bedömas", "Computed not assessable", "Antal nämndmål.", "Number of committee goals."
    )
    antal_indikatorer: int = goal_columns.count(
        "Indikatorer", "Indicators", "Antal indikatorer.", "Number of indicators."
    )
    antal_bedombara: int = goal_columns.count(
        "Bedömbara", "Assessable", "Antal som kan bedömas.", "How many can be assessed."
    )
    antal_uppnadda: int = goal_columns.count(
        "Uppnådda", "Reached", "Antal uppnådda etappmål.", "Number of milestones reached."
    )
    antal_gransfall: int = goal_columns.count("Gränsfall", "Ties", "Antal gränsfall.", "Number of ties.")
    tackning_procent: float = columns.procent(
        "Täckning", "Coverage", "Andel indikatorer som kan bedömas.", "Share of indicators that can be assessed."
    )
    motivering: str = goal_columns.reason()
    motivering_av: str = goal_columns.reason_by()
    regelversion: str = goal_columns.rule_version()
    avstamning: str = goal_columns.reconciliation("helheten", "the whole")
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad()
