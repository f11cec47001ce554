"""Figures by year: observations of Kolada and SCB, outcomes of indicators, comparisons.

Here belong tables whose rows are a value for a year. What a value means for a goal stands in
``contracts.goals``.
"""

import datetime as dt
from typing import Any, Final

import polars as pl

from contracts import columns, goal_columns
from contracts.declare import Rule, Table, column, table
from contracts.related import Persons
from contracts.vocabulary import Body, Comparator, Maturity, Origin, Reason, Severity, Sex, Text


def _sex(**more: Any) -> Any:
    return column("Kön", "Sex", "T totalt, K kvinnor, M män.", "T total, K women, M men.", values=Sex, **more)


def _known_from() -> Any:
    return column(
        "Känd från",
        "Known from",
        "När värdet blev känt: då källans svar först togs emot, eller dagen för beslutet.",
        "When the value became known: when the source's answer was first received, or the day of the decision.",
        source=Origin.RUN,
    )


def _known_to() -> Any:
    return column(
        "Känd till",
        "Known to",
        "När värdet ersattes av ett annat. Tomt så länge det gäller.",
        "When the value was replaced by another. Blank as long as it holds.",
        source=Origin.RUN,
        nullable=True,
    )


def _source_id() -> Any:
    return column(
        "Källans id", "Source id", "Nyckeltal, serie eller formel.", "KPI, series or formula.", source=Origin.PLAN
    )


class Observation(Table):
    """A value of a statistics service, with the time at which it was known. Never changed, only closed."""

    kalla_id: str = _source_id()
    kommun_id: str = columns.kommun_id(severity=Severity.QUARANTINE)
    ar: int = columns.ar(severity=Severity.QUARANTINE)
    kon: str = _sex(severity=Severity.QUARANTINE)
    varde: float = column("Värde", "Value", "Källans värde, oavrundat.", "The source's value.", nullable=True)
    antal: int = column(
        "Antal", "Count", "Antal enheter bakom värdet.", "Units behind the value.", unit="antal", nullable=True
    )
    status: str = column("Status", "Status", "Källans markering.", "The source's mark.", nullable=True)
    kand_fran: dt.datetime = _known_from()
    kand_till: dt.datetime = _known_to()


_KEY: Final = ("kalla_id", "kommun_id", "ar", "kon", "kand_fran")


@table(
    "kolada_varden",
    Text("Värden från Kolada", "Values of Kolada"),
    Text(
        "Varje värde som Kolada har lämnat, med tiden det gällde.", "Each value that Kolada has given, with its time."
    ),
    group="statistics",
    layer="core",
    source=Origin.SERVICE,
    key=_KEY,
    partition=(),
)
class KoladaVarden(Observation):
    """A value of Kolada."""


@table(
    "kolada_hela_landet",
    Text("Hela landets värden från Kolada", "The whole country's values of Kolada"),
    Text(
        "Alla nyckeltal för alla kommuner och regioner, med tiden de gällde. Tas in för sig och publiceras inte.",
        "All KPIs for all municipalities and regions, with their time. Taken in apart, and not published.",
    ),
    group="statistics",
    layer="core",
    source=Origin.SERVICE,
    key=_KEY,
    partition=(),
)
class KoladaHelaLandet(Observation):
    """A value of Kolada, whether or not a plan uses it."""


@table(
    "scb_varden",
    Text("Värden från SCB", "Values of SCB"),
    Text("Varje värde som SCB har lämnat, med tiden det gällde.", "Each value that SCB has given, with its time."),
    group="statistics",
    layer="core",
    source=Origin.SERVICE,
    key=_KEY,
    partition=(),
)
class ScbVarden(Observation):
    """A value of Statistics Sweden."""


@table(
    "indikatorutfall",
    Text("Indikatorutfall", "Indicator outcomes"),
    Text(
        "Utfall per indikator, år, kön och källa: det rapporten anger och det källan anger.",
        "Outcomes by indicator, year, sex and source: what the report states and what the source states.",
    ),
    group="statistics",
    key=("kommun_id", "rapport", "indikator_id", "ar", "kon", "kalla", "kalla_id", "kand_fran"),
    extract_key=("indikator_id", "ar"),
    rules=(
        Rule(
            "status_nar_utfall_saknas",
            Text("Ett utfall som saknas har en status.", "A missing outcome has a status."),
            pl.col("utfall").is_null() == pl.col("utfall_status").is_not_null(),
        ),
    ),
    related=(Persons(("utfall",), units_of="indikatorer", reason="utfall_status"),),
)
class Indikatorutfall(Table):
    """An outcome of an indicator for a year, sex and source."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    indikator_id: str = goal_columns.indicator_id(heading="Indikator", references="indikator_id")
    ar: int = columns.ar(heading="År")
    kon: str = _sex()
    utfall: float = column(
        "Utfall",
        "Outcome",
        "Utfallet i indikatorns enhet.",
        "The outcome in the unit of the indicator.",
        heading="Utfall",
        nullable=True,
        decimals=6,
    )
    utfall_status: str = column(
        "Utfallets status",
        "Outcome status",
        "Varför utfallet saknas. Tomt när det finns.",
        "Why the outcome is missing. Blank where there is one.",
        heading="Status",
        values=Reason,
        nullable=True,
    )
    kalla: str = columns.kalla()
    kalla_id: str = _source_id()
    kalla_rad: int = columns.kalla_rad(heading="Källrad")
    mognad: str = column("Mognad", "Maturity", "Hur slutlig siffran är.", "How final the figure is.", values=Maturity)
    kand_fran: dt.datetime = _known_from()
    kand_till: dt.datetime = _known_to()


@table(
    "jamforelser",
    Text("Jämförelser", "Comparisons"),
    Text(
        "Utfall och plats i länet för de indikatorer som har en källa som mäter samma sak i alla kommuner.",
        "Outcome and rank in the county for indicators whose source measures the same thing everywhere.",
    ),
    group="statistics",
    source=Origin.SERVICE,
    key=("kommun_id", "rapport", "indikator_id", "ar", "jamforelse_id"),
)
class Jamforelser(Table):
    """An indicator, a year and a municipality or the country."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    indikator_id: str = goal_columns.indicator_id()
    ar: int = columns.ar()
    jamforelse_id: str = column(
        "Jämförelsens id",
        "Comparator id",
        "Kommunkoden för den som jämförs, 0000 för riket.",
        "The municipality code of the one compared, 0000 for the country.",
        str_matches=r"^\d{4}$",
    )
    jamforelse: str = column("Jämförelse", "Comparator", "Den som jämförs.", "The one compared.")
    typ: str = column("Typ", "Kind", "Kommun eller riket.", "Municipality or country.", values=Comparator)
    utfall: float = column(
        "Utfall",
        "Outcome",
        "Källans värde, eller det som räknas ut ur källans värden.",
        "The source's value, or what is worked out of the source's values.",
        nullable=True,
        decimals=6,
    )
    utfall_status: str = column(
        "Utfallets status",
        "Outcome status",
        "Varför utfallet saknas. Tomt när det finns.",
        "Why the outcome is missing. Blank where there is one.",
        values=Reason,
        nullable=True,
    )
    rang: int = column(
        "Plats",
        "Rank",
        "Plats bland länets kommuner, 1 är bäst i indikatorns riktning. Lika värden delar plats.",
        "Rank among the county's municipalities, 1 is best in the indicator's direction. Equal values share a rank.",
        source=Origin.COMPUTED,
        unit="rang",
        nullable=True,
        ge=1,
    )
    rang_av: int = column(
        "Antal i jämförelsen",
        "Ranked among",
        "Antal av länets kommuner som har ett värde för året.",
        "How many of the county's municipalities have a value for the year.",
        source=Origin.COMPUTED,
        unit="antal",
        nullable=True,
        ge=1,
    )
    kalla: str = columns.kalla()


@table(
    "jamforelsetal_kolada",
    Text("Jämförelsetal från Kolada", "Comparative figures of Kolada"),
    Text(
        "De värden i Kolada som planen använder, för länets kommuner och riket. Källa: Kolada.",
        "The values of Kolada that the plan uses, for the county's municipalities and the country. Source: Kolada.",
    ),
    group="statistics",
    source=Origin.SERVICE,
    key=("kpi_id", "kommun_id", "ar", "kon"),
    partition=(),
)
class JamforelsetalKolada(Table):
    """A Kolada value that the plan uses. ``kommun_id`` is the municipality that the value is about."""

    kpi_id: str = column(
        "Nyckeltalets id", "KPI id", "Nyckeltalet i Kolada.", "The KPI in Kolada.", str_matches=r"^[NU]\d{5}$"
    )
    kpi: str = column("Nyckeltal", "KPI", "Nyckeltalets namn i Kolada.", "The title of the KPI in Kolada.")
    kommun_id: str = columns.kommun_id()
    ar: int = columns.ar()
    kon: str = _sex()
    varde: float = column("Värde", "Value", "Källans värde.", "The source's value.", nullable=True, decimals=6)
    status: str = column(
        "Status",
        "Status",
        "Varför värdet saknas. Tomt när det finns.",
        "Why the value is missing. Blank where there is one.",
        values=Reason,
        nullable=True,
    )
    kalla: str = columns.kalla()
    hamtad: dt.datetime = column(
        "Hämtad",
        "Received",
        "När källans svar först togs emot (UTC).",
        "When the source's answer was first received (UTC).",
        source=Origin.RUN,
    )


@table(
    "kommuner",
    Text("Kommuner och regioner", "Municipalities and regions"),
    Text("De kommuner och regioner som Kolada känner.", "The municipalities and regions known to Kolada."),
    group="statistics",
    layer="core",
    source=Origin.SERVICE,
    key=("kommun_id",),
    partition=(),
)
class Kommuner(Table):
    """A municipality or region."""

    kommun_id: str = columns.kommun_id(source=Origin.SERVICE)
    kommun: str = column("Kommun", "Municipality", "Namnet i Kolada.", "The name in Kolada.")
    typ: str = column("Typ", "Kind", "K kommun, L region eller riket.", "K municipality, L region.", values=Body)


@table(
    "kolada_nyckeltal",
    Text("Planens nyckeltal i Kolada", "The plan's KPIs in Kolada"),
    Text(
        "De nyckeltal som planen använder, som Kolada beskriver dem nu, och de som hålls inne.",
        "The KPIs that the plan uses as Kolada describes them now, and those held back.",
    ),
    group="statistics",
    layer="core",
    source=Origin.PLAN,
    key=("kommun_id", "rapport", "kpi_id"),
)
class KoladaNyckeltal(Table):
    """A KPI of a report's plan as Kolada describes it now."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    kpi_id: str = column(
        "Nyckeltalets id", "KPI id", "Nyckeltalet i Kolada.", "The KPI in Kolada.", str_matches=r"^[NU]\d{5}$"
    )
    kpi: str = column("Nyckeltal", "KPI", "Namnet som planen har godkänt.", "The title that the plan has accepted.")
    kpi_nu: str = column(
        "Nyckeltalet nu",
        "KPI now",
        "Namnet i Kolada nu.",
        "The title in Kolada now.",
        nullable=True,
        source=Origin.SERVICE,
    )
    publiceras: dt.date = column(
        "Publiceras",
        "Published on",
        "Dagen då Kolada tänker publicera nästa år.",
        "The day on which Kolada means to publish the next year.",
        source=Origin.SERVICE,
        nullable=True,
    )
    publiceras_ar: int = column(
        "Året som publiceras",
        "Year to be published",
        "Året som Kolada tänker publicera då.",
        "The year that Kolada means to publish then.",
        unit="år",
        source=Origin.SERVICE,
        nullable=True,
    )
    halls_inne: str = column(
        "Hålls inne",
        "Held back",
        "Varför nyckeltalet hålls inne.",
        "Why the KPI is held back.",
        nullable=True,
        source=Origin.COMPUTED,
    )
