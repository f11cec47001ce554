"""Internal control: samples, results, measures, procurements and the vehicle fleet.

Here belong tables of what the municipality checks in its own work. None of them counts persons.
"""

from typing import Any

from contracts import columns
from contracts.declare import Table, column, table
from contracts.related import Persons
from contracts.vocabulary import Done, Fleet, Origin, Text


def _process() -> Any:
    """The process that is controlled."""
    return column(
        "Process", "Process", "Processen som kontrollen gäller.", "The process that is controlled.", heading="Process"
    )


def _matt() -> Any:
    """What is measured."""
    return column("Mått", "Measure", "Vad som mäts.", "What is measured.", heading="Mått")


def _enhet() -> Any:
    """The unit of measure of a row."""
    return column("Enhet", "Unit", "Värdets enhet.", "The unit of the value.", heading="Enhet")


def _id(title: str, english: str, description: str, english_description: str) -> Any:
    """The identifier that the planning system gives a measure or control."""
    return columns.slug(title, english, description, english_description, heading="Id")


def _atgard() -> Any:
    """What is to be done."""
    return column("Åtgärd", "Measure", "Vad som ska göras, kort.", "What is to be done, in short.", heading="Åtgärd")


def _status() -> Any:
    """Whether it was finished in the year."""
    return column(
        "Status",
        "Status",
        "Om det blev klart under året enligt rapporten.",
        "Whether it was finished in the year, according to the report.",
        values=Done,
        heading="Status",
    )


def _antal(title: str, english: str, description: str, english_description: str, **more: Any) -> Any:
    """A number of things, never of persons."""
    return column(title, english, description, english_description, unit="antal", ge=0, **more)


@table(
    "stickprov",
    Text("Stickprov i internkontrollen", "Samples of internal control"),
    Text(
        "Nämndernas stickprov av fakturor: hur många som togs och hur många som visade fel.",
        "The committees' samples of invoices: how many were taken and how many showed errors.",
    ),
    group="internal_control",
    key=("kommun_id", "rapport", "organisation_id"),
    sort=("kommun_id", "rapport", "kalla_rad"),
    extract_key=("organisation",),
    adds_up=("antal_stickprov", "antal_fel"),
    rules=(columns.value_or_reason("andel_fel_delar2_procent", "andel_fel_delar2_status"),),
)
class Stickprov(Table):
    """A committee's control samples in a report."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    organisation_id: str = columns.organisation_id()
    organisation: str = columns.organisation(heading="Nämnd")
    over_id: str = columns.over_id(source=Origin.COMPUTED)
    radtyp: str = columns.radtyp(heading="Radtyp")
    antal_stickprov: int = _antal(
        "Antal stickprov",
        "Number of samples",
        "Stickprov som togs, som källan anger det.",
        "Samples that were taken, as stated by the source.",
        nullable=True,
        heading="Antal stickprov",
    )
    antal_fel: int = _antal(
        "Antal med fel",
        "Number with errors",
        "Stickprov som visade fel, som källan anger det.",
        "Samples that showed errors, as stated by the source.",
        nullable=True,
        heading="Antal fel",
    )
    andel_fel_procent: float = columns.procent(
        "Andel med fel",
        "Share with errors",
        "Stickprov med fel som andel av radens stickprov, uträknad.",
        "Samples with errors as a share of the row's samples, computed.",
        heading="Andel fel",
        stated=True,
        ge=0,
        le=100,
    )
    andel_fel_delar2_procent: float = columns.procent(
        "Andel med fel vid delår 2",
        "Share with errors at interim report 2",
        "Andelen vid delårsrapporten per den 31 augusti, som källan anger den.",
        "The share at the interim report of 31 August, as stated by the source.",
        heading="Andel fel delår 2",
        ge=0,
        le=100,
    )
    andel_fel_delar2_status: str = columns.status("Andel med fel vid delår 2", "Share with errors at interim report 2")
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad(heading="Källrad")


@table(
    "kontrollresultat",
    Text("Kontrollresultat", "Results of controls"),
    Text(
        "Vad kontrollerna i olika processer visade, i siffror.",
        "What the controls of different processes showed, in figures.",
    ),
    group="internal_control",
    key=("kommun_id", "rapport", "resultat_id"),
    sort=("kommun_id", "rapport", "kalla_rad"),
    extract_key=("resultat_id",),
    related=(Persons(("varde",)),),
)
class Kontrollresultat(Table):
    """A result of a control test in a report."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    resultat_id: str = columns.slug(
        "Resultatets id", "Result id", "Resultatet av kontrollen.", "The result of the control.", heading="Resultat-id"
    )
    kontroll_id: str = columns.slug(
        "Kontrollens id",
        "Control id",
        "Kontrollen som resultatet kommer från: samma id som i systematiska_kontroller, där den finns där.",
        "The control that the result comes from: the same id as in systematiska_kontroller, where it is there.",
        heading="Kontroll-id",
    )
    process: str = _process()
    matt: str = _matt()
    varde: float = column(
        "Värde",
        "Value",
        "Värdet som källan anger det, i radens enhet.",
        "The value as stated by the source, in the unit of the row.",
        decimals=1,
        heading="Värde",
    )
    enhet: str = _enhet()
    ar: int = columns.ar(heading="År")
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad(heading="Källrad")


@table(
    "riskatgarder",
    Text("Riskåtgärder", "Risk measures"),
    Text(
        "Åtgärder mot risker i internkontrollplanen och om de blev klara under året.",
        "Measures against risks in the plan of internal control, and whether they were finished in the year.",
    ),
    group="internal_control",
    key=("kommun_id", "rapport", "id"),
    sort=("kommun_id", "rapport", "kalla_rad"),
    extract_key=("id",),
)
class Riskatgarder(Table):
    """A measure against a risk in a report."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    id: str = _id("Åtgärdens id", "Measure id", "Åtgärden.", "The measure.")
    process: str = _process()
    risk: str = column("Risk", "Risk", "Risken som åtgärden möter, kort.", "The risk, in short.", heading="Risk")
    atgard: str = _atgard()
    status: str = _status()
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad(heading="Källrad")


@table(
    "granskningsatgarder",
    Text("Granskningsåtgärder", "Audit measures"),
    Text(
        "Åtgärder efter revisionens granskningar och om de blev klara under året.",
        "Measures after the auditors' reviews, and whether they were finished in the year.",
    ),
    group="internal_control",
    key=("kommun_id", "rapport", "id"),
    sort=("kommun_id", "rapport", "kalla_rad"),
    extract_key=("id",),
)
class Granskningsatgarder(Table):
    """A measure after an audit in a report."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    id: str = _id("Åtgärdens id", "Measure id", "Åtgärden.", "The measure.")
    granskning: str = column(
        "Granskning", "Audit", "Revisionens granskning.", "The review by the auditors.", heading="Granskning"
    )
    diarienummer: str = column(
        "Diarienummer",
        "Registry number",
        "Granskningens nummer i kommunens diarium.",
        "The number of the audit in the municipality's registry.",
        nullable=True,
        heading="Diarienummer",
    )
    atgard: str = _atgard()
    status: str = _status()
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad(heading="Källrad")


@table(
    "systematiska_kontroller",
    Text("Systematiska kontroller", "Systematic controls"),
    Text(
        "Kontroller som återkommer varje år och om de blev klara under året.",
        "Controls that recur every year, and whether they were finished in the year.",
    ),
    group="internal_control",
    key=("kommun_id", "rapport", "id"),
    sort=("kommun_id", "rapport", "kalla_rad"),
    extract_key=("id",),
)
class SystematiskaKontroller(Table):
    """A recurring control in a report."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    id: str = _id("Kontrollens id", "Control id", "Kontrollen.", "The control.")
    process: str = _process()
    kontroll: str = column(
        "Kontroll", "Control", "Vad som kontrolleras, kort.", "What is controlled, in short.", heading="Kontroll"
    )
    kommungemensam: bool = column(
        "Kommungemensam",
        "Common to the municipality",
        "Om kontrollen görs i alla nämnder.",
        "Whether the control is made in all committees.",
        heading="Kommungemensam",
    )
    status: str = _status()
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad(heading="Källrad")


@table(
    "direktupphandlingar",
    Text("Direktupphandlingar", "Direct procurements"),
    Text(
        "Anmälda direktupphandlingar, köp över direktupphandlingsgränsen och de beloppsgränser som gällde.",
        "Reported direct procurements, purchases above the limit, and the limits that applied.",
    ),
    group="internal_control",
    key=("kommun_id", "rapport", "organisation_id", "matt", "ar"),
    rules=(columns.no_year_missing("organisation_id", "matt"),),
    extract_key=("organisation", "matt", "ar"),
    related=(Persons(("varde",)),),
)
class Direktupphandlingar(Table):
    """A count of procurements, or a limit, of an organisation and year."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    organisation_id: str = columns.organisation_id()
    organisation: str = columns.organisation()
    matt: str = _matt()
    enhet: str = _enhet()
    ar: int = columns.ar(heading="År")
    varde: int = column(
        "Värde",
        "Value",
        "Värdet som källan anger det, i radens enhet.",
        "The value as stated by the source, in the unit of the row.",
        heading="Värde",
        ge=0,
    )
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad(heading="Källrad")


@table(
    "fordonsflotta",
    Text("Fordonsflotta", "Vehicle fleet"),
    Text(
        "Fordon i kommunen och dess nämnder: antal och andel fossilfria, så långt källan anger dem.",
        "Vehicles of the municipality and its committees: number and fossil-free share, as far as they are stated.",
    ),
    group="internal_control",
    key=("kommun_id", "rapport", "organisation_id", "fordon"),
    extract_key=("organisation", "fordon"),
    adds_up=("antal",),
    rules=(
        columns.value_or_reason("andel_fossilfri_procent", "andel_fossilfri_status"),
        columns.value_or_reason("antal", "antal_status"),
    ),
)
class Fordonsflotta(Table):
    """An organisation's vehicles in a report."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    organisation_id: str = columns.organisation_id()
    organisation: str = columns.organisation()
    fordon: str = column(
        "Fordon",
        "Vehicles",
        "Vilka av organisationens fordon raden gäller.",
        "Which of the organisation's vehicles the row is about.",
        values=Fleet,
        heading="Fordon",
    )
    over_id: str = columns.over_id(source=Origin.COMPUTED)
    radtyp: str = columns.radtyp(heading="Radtyp")
    andel_fossilfri_procent: float = columns.procent(
        "Andel fossilfria fordon",
        "Share of fossil-free vehicles",
        "Fordon med förnybara drivmedel som andel av radens fordon, som källan anger den.",
        "Vehicles on renewable fuels as a share of the row's vehicles, as stated by the source.",
        heading="Andel fossilfria fordon (%)",
        ge=0,
        le=100,
    )
    andel_fossilfri_status: str = columns.status("Andel fossilfria fordon", "Share of fossil-free vehicles")
    antal: int = _antal(
        "Antal fordon",
        "Number of vehicles",
        "Antalet fordon, som källan anger det.",
        "The number of vehicles, as stated by the source.",
        nullable=True,
        heading="Antal fordon",
    )
    antal_status: str = columns.status("Antal fordon", "Number of vehicles")
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad(heading="Källrad")
