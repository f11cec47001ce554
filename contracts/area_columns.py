"""Columns that recur in the figures by area, declared once.

Here belongs what more than one table of ``area_figures``, ``area_differences`` and ``area_sums`` holds.
"""

from typing import Any

from contracts import columns
from contracts.declare import column
from contracts.vocabulary import AreaStatus, Origin, Sureness


def measure_id() -> Any:
    """A measure, by its identifier in the plan."""
    return columns.slug("Måttets id", "Measure id", "Måttet i planen.", "The measure of the plan.")


def count(title: str, english: str, description: str, english_description: str) -> Any:
    """A count, which may be of half units where it was rounded."""
    return column(title, english, description, english_description, nullable=True, decimals=1)


def numerator() -> Any:
    """What a share is of."""
    return count("Täljare", "Numerator", "Antalet som andelen är av.", "The count that the share is of.")


def denominator() -> Any:
    """What a share is computed on."""
    return count("Nämnare", "Denominator", "Antalet som andelen räknas på.", "The count that it is a share of.")


def value(title: str = "Värde", english: str = "Value") -> Any:
    """A value in the unit of its measure."""
    return column(
        title,
        english,
        "Värdet i måttets enhet, oavrundat.",
        "The value in the unit of the measure, not rounded.",
        nullable=True,
        decimals=6,
    )


def points(title: str, english: str, description: str, english_description: str) -> Any:
    """A difference of shares."""
    return column(
        title,
        english,
        description,
        english_description,
        unit="procentenheter",
        nullable=True,
        decimals=1,
    )


def status() -> Any:
    """Why an area has no value."""
    return column(
        "Värdets status",
        "Value status",
        "Varför värdet saknas. Tomt när det finns.",
        "Why the value is missing. Blank where there is one.",
        values=AreaStatus,
        nullable=True,
    )


def cells() -> Any:
    """Of how many cells a value was added."""
    return column(
        "Antal celler summerade",
        "Cells added",
        "Hur många av SCB:s celler som har lagts ihop. 1 är SCB:s egen siffra.",
        "How many of SCB's cells were added. 1 is SCB's own figure.",
        unit="antal",
        nullable=True,
        ge=1,
    )


def uncertainty() -> Any:
    """By how much a value may be off."""
    return column(
        "Osäkerhet",
        "Uncertainty",
        "Så mycket kan värdet skilja sig från det rätta på grund av brus och avrundning hos källan.",
        "By how much the value may be off, for the noise and rounding of the source.",
        nullable=True,
        decimals=3,
        ge=0,
    )


def sex() -> Any:
    """Whom a value is about."""
    return column("Kön", "Sex", "T totalt, K kvinnor, M män.", "T total, K women, M men.", isin=["T", "K", "M"])


def source_id() -> Any:
    """The tables that a value comes from."""
    return column(
        "Källans id", "Source id", "Tabeller hos SCB, med semikolon mellan.", "Tables of SCB, semicolons between."
    )


def received() -> Any:
    """When a value was received."""
    return column(
        "Hämtad",
        "Received",
        "När det senaste av svaren bakom värdet togs emot (UTC). Tomt utan värde.",
        "When the latest answer behind the value was received (UTC). Blank without one.",
        source=Origin.RUN,
        nullable=True,
    )


def broken() -> Any:
    """Whether a series is broken."""
    return column(
        "Seriebrott",
        "Break in the series",
        "Om området bytte gränser så att åren före och efter 2024 inte kan jämföras.",
        "Whether the area changed borders, so that the years before and after 2024 cannot be compared.",
        values=Sureness,
    )
