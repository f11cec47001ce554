"""The municipality's areas: which there are, how they have changed, which belong together, where they lie.

Here belong the areas themselves. Figures about them stand in ``contracts.area_figures``.
"""

import datetime as dt
from typing import Any, Final

from contracts import columns
from contracts.declare import Table, column, table
from contracts.vocabulary import Level, Origin, Sureness, Text

CODE: Final = r"^(\d{2}|\d{4}|\d{4}[A-C]\d{4}|\d{4}R\d{3})$"
"""A county or the country, a municipality, a DeSO, a RegSO."""

SHAPE: Final = r'^\{"type":"(Multi)?Polygon",'
"""A border as GeoJSON."""

ALL: Final = "alla"
DIVISIONS: Final = ("2018", "2020", "2025", ALL)
"""DeSO of 2018, RegSO of 2020, both of 2025; a municipality, county or country is the same in all."""


def omrade_id(**more: Any) -> Any:
    """An area, by SCB's code."""
    return column(
        "Områdeskod",
        "Area code",
        "SCB:s kod för området: RegSO, DeSO, kommun, län eller riket (00).",
        "SCB's code of the area: RegSO, DeSO, municipality, county or the country (00).",
        str_matches=CODE,
        **more,
    )


def indelning(**more: Any) -> Any:
    """The edition of the division that a code belongs to."""
    return column(
        "Indelning",
        "Division",
        "Utgåvan av indelningen: 2018 (DeSO) och 2020 (RegSO) gäller till och med år 2023, 2025 därefter. "
        "Alla för kommun, län och riket.",
        "The edition of the division: 2018 (DeSO) and 2020 (RegSO) hold to 2023, 2025 thereafter. "
        "All for municipality, county and country.",
        isin=list(DIVISIONS),
        **more,
    )


def niva(**more: Any) -> Any:
    """What kind of area it is."""
    return column("Nivå", "Level", "Vilket slags område det är.", "What kind of area it is.", values=Level, **more)


def omrade(**more: Any) -> Any:
    """An area's name."""
    return column(
        "Område",
        "Area",
        "Områdets namn. Tomt för DeSO, som inte har något.",
        "The name of the area. Blank for a DeSO, which has none.",
        nullable=True,
        **more,
    )


@table(
    "omraden",
    Text("Områden", "Areas"),
    Text(
        "Kommunens statistikområden i varje indelning, med kommunerna i länet, länet och riket.",
        "The municipality's statistical areas in each division, with the county's municipalities and the country.",
    ),
    group="areas",
    key=("kommun_id", "omrade_id", "indelning"),
    sort=("niva", "indelning", "omrade_id"),
    partition=(),
    extract_key=("omrade_id", "indelning"),
)
class Omraden(Table):
    """An area in a division."""

    kommun_id: str = columns.kommun_id()
    omrade_id: str = omrade_id(heading="Kod")
    niva: str = niva(heading="Nivå")
    omrade: str = omrade(heading="Namn")
    indelning: str = indelning(heading="Indelning")
    galler_fran: int = column(
        "Gäller från år",
        "Holds from year",
        "Första året som koden används för. Tomt där källan inte anger något.",
        "The first year that the code is used for. Blank where the source sets none.",
        unit="år",
        nullable=True,
    )
    galler_till: int = column(
        "Gäller till år",
        "Holds to year",
        "Sista året som koden används för. Tomt så länge den gäller.",
        "The last year that the code is used for. Blank as long as it holds.",
        unit="år",
        nullable=True,
    )
    over_id: str = column(
        "Överordnat område",
        "Parent area",
        "Området som detta ingår i: DeSO i RegSO, RegSO i kommun, kommun i län, län i riket.",
        "The area that this is part of: DeSO in RegSO, RegSO in municipality, and so on.",
        heading="Ingår i",
        nullable=True,
        str_matches=CODE,
    )
    areal_km2: float = column(
        "Areal",
        "Area size",
        "Ytan inom gränsen, med vatten. Tomt där gränsen inte är hämtad.",
        "The surface within the border, water included. Blank where the border has not been fetched.",
        unit="km2",
        decimals=3,
        nullable=True,
        ge=0,
    )
    jamforbar: str = column(
        "Jämförbar över tid",
        "Comparable over time",
        "Om området kan följas över bytet av indelning.",
        "Whether the area can be followed over the change of division.",
        values=Sureness,
        nullable=True,
    )
    forandring: str = column(
        "Förändring",
        "Change",
        "Vad som hände med området vid bytet av indelning. Tomt när inget hände.",
        "What happened to the area at the change of division. Blank where nothing did.",
        nullable=True,
    )
    kalla: str = columns.kalla()


@table(
    "omradesforandringar",
    Text("Områdenas förändringar", "Changes of areas"),
    Text(
        "SCB:s logg över hur områdenas gränser har ändrats.",
        "SCB's log of how the borders of areas have changed.",
    ),
    group="areas",
    key=("kommun_id", "fran", "till", "typ", "datum"),
    partition=(),
    extract_key=("fran", "till", "typ"),
)
class Omradesforandringar(Table):
    """A row of SCB's log."""

    kommun_id: str = columns.kommun_id()
    fran: str = column("Från", "From", "Områdets kod före.", "The code before.", heading="Från", str_matches=CODE)
    till: str = column("Till", "To", "Områdets kod efter.", "The code after.", heading="Till", str_matches=CODE)
    typ: str = column("Typ", "Kind", "Vad som hände, med SCB:s ord.", "What happened, in SCB's words.", heading="Typ")
    datum: dt.date = column("Datum", "Date", "När ändringen trädde i kraft.", "When it took effect.", heading="Datum")
    kalla: str = columns.kalla()


def _geometry(title: str, english: str, description: str, english_description: str) -> Any:
    return column(title, english, description, english_description, str_matches=SHAPE)


@table(
    "omradesgranser",
    Text("Områdesgränser", "Borders of areas"),
    Text(
        "Områdenas gränser som GeoJSON i WGS 84, som SCB har dem och förenklade med delade gränser kvar.",
        "The borders of areas as GeoJSON in WGS 84, as SCB has them and simplified with shared borders intact.",
    ),
    group="areas",
    source=Origin.SERVICE,
    key=("kommun_id", "omrade_id", "indelning"),
    partition=(),
)
class Omradesgranser(Table):
    """The border of an area in a division."""

    kommun_id: str = columns.kommun_id()
    omrade_id: str = omrade_id()
    indelning: str = indelning()
    niva: str = niva()
    omrade: str = omrade()
    version: str = column("Version", "Version", "SCB:s version av gränserna.", "SCB's version of the borders.")
    areal_km2: float = column(
        "Areal",
        "Area size",
        "Ytan inom gränsen, med vatten.",
        "The surface within, water included.",
        unit="km2",
        decimals=3,
        ge=0,
        source=Origin.COMPUTED,
    )
    geometri: str = _geometry(
        "Gräns",
        "Border",
        "Gränsen som GeoJSON. I filerna för Excel står en hänvisning där den är för lång för en cell.",
        "The border as GeoJSON. In the files for Excel there is a note where it is too long for a cell.",
    )
    geometri_forenklad: str = _geometry(
        "Förenklad gräns",
        "Simplified border",
        "Gränsen med färre punkter, som GeoJSON. Grannar delar samma linje.",
        "The border with fewer points, as GeoJSON. Neighbours share the same line.",
    )
    kalla: str = columns.kalla()


@table(
    "omradesgrupper",
    Text("Områdesgrupper", "Groups of areas"),
    Text(
        "Namngivna grupper av områden i planen, med vad indelningen bygger på.",
        "Named groups of areas of the plan, with what each grouping rests on.",
    ),
    group="areas",
    source=Origin.PLAN,
    key=("kommun_id", "grupp_id", "omrade_id", "indelning"),
    partition=(),
)
class Omradesgrupper(Table):
    """A membership of a group."""

    kommun_id: str = columns.kommun_id()
    grupp_id: str = columns.slug("Gruppens id", "Group id", "Gruppen i planen.", "The group of the plan.")
    grupp: str = column("Grupp", "Group", "Gruppens namn.", "The name of the group.")
    omrade_id: str = omrade_id()
    indelning: str = indelning()
    belagg: str = column(
        "Belägg",
        "Basis",
        "Vad grupperingen bygger på.",
        "What the grouping rests on.",
    )
