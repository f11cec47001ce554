"""The people: how many are employed, how many leave, how many are on sick leave.

Here belong tables about those who work for the municipality. Only the number of employees counts
persons; turnover and sick leave are shares.
"""

from typing import Any

from contracts import columns
from contracts.declare import Table, column, table
from contracts.related import Change, Nested, OfWhich, ShareOf
from contracts.vocabulary import Development, SickLeaveGroup, Text


def _forandring_pe() -> Any:
    """The change in percentage points since the year before."""
    return column(
        "Förändring",
        "Change",
        "Förändring mot året före i procentenheter: uträknad där båda årens värden finns, annars som källan anger den.",
        "Change on the year before in percentage points: computed where both years have a value, else as stated.",
        unit="procentenheter",
        decimals=1,
        nullable=True,
        heading="Förändring (procentenheter)",
        stated=True,
    )


def _utveckling() -> Any:
    """The change in words, where no figure is given."""
    return column(
        "Utveckling i ord",
        "Development in words",
        "Hur värdet gick mot året före, bara där källan säger det i ord och inte anger någon siffra.",
        "Which way the value went on the year before, only where the source says so in words and gives no figure.",
        nullable=True,
        values=Development,
        heading="Utveckling",
    )


@table(
    "antal_anstallda",
    Text("Antal anställda", "Number of employees"),
    Text(
        "Antalet anställda i december varje år, med förändringen mot året före.",
        "The number of employees in December of each year, with the change on the year before.",
    ),
    group="people",
    key=("kommun_id", "rapport", "organisation_id", "matt", "ar"),
    extract_key=("organisation", "matt", "ar"),
    rules=(
        columns.value_or_reason("varde", "varde_status"),
        columns.no_year_missing("organisation_id", "matt"),
    ),
    related=(Change("forandring", of="varde"), Nested("organisation_id"), Nested("matt"), OfWhich("matt")),
)
class AntalAnstallda(Table):
    """An organisation, measure and year."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    organisation_id: str = columns.organisation_id()
    organisation: str = columns.organisation()
    matt: str = column("Mått", "Measure", "Vad som räknas.", "What is counted.", heading="Mått")
    ar: int = columns.ar(heading="År")
    varde: int = column(
        "Antal",
        "Number",
        "Antalet anställda i december.",
        "The number of employees in December.",
        unit="personer",
        nullable=True,
        counts_persons=True,
        heading="Antal",
        ge=0,
    )
    varde_status: str = columns.status("Antal", "Number")
    forandring: int = column(
        "Förändring",
        "Change",
        "Förändring mot året före: uträknad där båda årens värden finns, annars som källan anger den. "
        "Tomt när antalet är skyddat det ena eller andra året: orsaken står i varde_status.",
        "Change on the year before: computed where both years have a value, else as stated by the source. "
        "Blank where the number of either year is withheld: the reason stands in varde_status.",
        unit="personer",
        nullable=True,
        heading="Skillnad",
        stated=True,
    )
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad(heading="Källrad")


@table(
    "personalomsattning",
    Text("Personalomsättning", "Staff turnover"),
    Text(
        "Andelen anställda som slutat under året, för förvaltningen och dess avdelningar.",
        "The share of employees who left during the year, for the administration and its departments.",
    ),
    group="people",
    key=("kommun_id", "rapport", "organisation_id", "ar"),
    extract_key=("organisation", "ar"),
    rules=(
        columns.value_or_reason("varde_procent", "varde_status"),
        columns.no_year_missing("organisation_id"),
    ),
    related=(ShareOf("varde_procent", "antal_anstallda", "varde", "varde_status", "forandring_pe"),),
)
class Personalomsattning(Table):
    """An organisation and year."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    organisation_id: str = columns.organisation_id()
    organisation: str = columns.organisation()
    ar: int = columns.ar(heading="År")
    varde_procent: float = columns.procent(
        "Personalomsättning",
        "Staff turnover",
        "Personalomsättning under året.",
        "Staff turnover in the year.",
        heading="Personalomsättning (%)",
        ge=0,
    )
    varde_status: str = columns.status("Personalomsättning", "Staff turnover", heading="Orsak till tomt värde")
    forandring_pe: float = _forandring_pe()
    utveckling: str = _utveckling()
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad(heading="Källrad")


@table(
    "sjukfranvaro",
    Text("Sjukfrånvaro", "Sick leave"),
    Text(
        "Sjukfrånvaron i kommunen och i förvaltningen, totalt, efter kön och efter frånvarons längd.",
        "Sick leave in the municipality and in the administration: in total, by sex and by length of absence.",
    ),
    group="people",
    key=("kommun_id", "rapport", "organisation_id", "grupp", "ar"),
    extract_key=("organisation", "grupp", "ar"),
    rules=(
        columns.value_or_reason("varde_procent", "varde_status"),
        columns.no_year_missing("organisation_id", "grupp"),
    ),
    related=(
        ShareOf(
            "varde_procent",
            "antal_anstallda",
            "varde",
            "varde_status",
            "forandring_pe",
            part=("grupp", str(SickLeaveGroup.ALL)),
        ),
    ),
)
class Sjukfranvaro(Table):
    """An organisation, group and year."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    organisation_id: str = columns.organisation_id()
    organisation: str = columns.organisation()
    grupp: str = column(
        "Grupp",
        "Group",
        "Vilka anställda eller vilken längd på frånvaron som värdet gäller.",
        "Which employees or which length of absence the value is about.",
        values=SickLeaveGroup,
        heading="Grupp",
    )
    ar: int = columns.ar(heading="År")
    varde_procent: float = columns.procent(
        "Sjukfrånvaro",
        "Sick leave",
        "Sjukfrånvarons andel av arbetstiden under året.",
        "Sick leave as a share of working time in the year.",
        heading="Sjukfrånvaro (%)",
        ge=0,
        le=100,
    )
    varde_status: str = columns.status("Sjukfrånvaro", "Sick leave", heading="Orsak till tomt värde")
    forandring_pe: float = _forandring_pe()
    utveckling: str = _utveckling()
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad(heading="Källrad")
