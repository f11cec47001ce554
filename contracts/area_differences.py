"""How areas differ: each against the municipality, and their spread as a whole.

Here belong tables that compare areas. The values that they compare stand in ``contracts.area_figures``.
"""

from contracts import area_columns, columns
from contracts.areas import indelning, niva, omrade_id
from contracts.declare import Table, column, table
from contracts.vocabulary import Origin, Text


@table(
    "omradesskillnader",
    Text("Områdesskillnader", "Differences between areas"),
    Text(
        "Varje område mot kommunen, länet och riket, och dess plats där måttet har en riktning.",
        "Each area against municipality, county and country, and its rank where the measure has a direction.",
    ),
    group="areas",
    key=("kommun_id", "omrade_id", "indelning", "matt_id", "ar"),
    sort=("matt_id", "niva", "ar", "omrade_id"),
    partition=(),
)
class Omradesskillnader(Table):
    """An area compared. Values whose difference noise or rounding may explain share a rank."""

    kommun_id: str = columns.kommun_id()
    omrade_id: str = omrade_id()
    indelning: str = indelning()
    niva: str = niva()
    matt_id: str = area_columns.measure_id()
    ar: int = columns.ar()
    varde: float = area_columns.value()
    kommun_varde: float = area_columns.value("Kommunens värde", "Value of the municipality")
    avvikelse_pe: float = area_columns.points(
        "Skillnad mot kommunen",
        "Difference from the municipality",
        "Områdets andel minus kommunens. Tomt för mått som inte är andelar.",
        "The area's share minus the municipality's. Blank for measures that are no shares.",
    )
    lan_varde: float = area_columns.value("Länets värde", "Value of the county")
    avvikelse_lan_pe: float = area_columns.points(
        "Skillnad mot länet",
        "Difference from the county",
        "Områdets andel minus länets. Tomt för mått som inte är andelar.",
        "The area's share minus the county's. Blank for measures that are no shares.",
    )
    riket_varde: float = area_columns.value("Rikets värde", "Value of the country")
    rang: int = column(
        "Plats",
        "Rank",
        "Plats bland områdena på samma nivå, 1 är bäst i måttets riktning. Tomt för mått utan riktning.",
        "Rank among the areas of the level, 1 is best in the measure's direction. Blank without a direction.",
        unit="rang",
        nullable=True,
        ge=1,
    )
    rang_av: int = column(
        "Antal i jämförelsen",
        "Ranked among",
        "Antal områden på samma nivå som har ett värde.",
        "How many areas of the level have a value.",
        unit="antal",
        nullable=True,
        ge=1,
    )
    forandring_5ar_pe: float = area_columns.points(
        "Förändring på fem år",
        "Change in five years",
        "Andelen minus den fem år tidigare. Tomt över ett seriebrott och för mått som inte är andelar.",
        "The share minus that of five years before. Blank across a break and for measures that are no shares.",
    )
    seriebrott: str = area_columns.broken()
    kalla: str = columns.kalla()


@table(
    "spridningsmatt",
    Text("Spridningsmått", "Dispersion"),
    Text(
        "Hur mycket områdena skiljer sig åt i ett mått och år, på en nivå. Olikhetsindex är lägre för större områden.",
        "How far areas differ in a measure and year, at one level. Dissimilarity falls with larger areas.",
    ),
    group="areas",
    key=("kommun_id", "niva", "matt_id", "ar"),
    sort=("matt_id", "niva", "ar"),
    partition=(),
)
class Spridningsmatt(Table):
    """How a measure spreads over the areas of a level. No ranking of municipalities: the division moves it."""

    kommun_id: str = columns.kommun_id()
    niva: str = niva()
    matt_id: str = area_columns.measure_id()
    ar: int = columns.ar()
    namn: str = column("Namn", "Name", "Måttet med nivån.", "The measure with its level.")
    antal_omraden: int = column(
        "Antal områden", "Areas", "Områden som har ett värde.", "Areas that have a value.", unit="antal", ge=0
    )
    lagst: float = area_columns.value("Lägst", "Lowest")
    hogst: float = area_columns.value("Högst", "Highest")
    spann_pe: float = area_columns.points(
        "Spann",
        "Range",
        "Högsta andelen minus den lägsta. Tomt för mått som inte är andelar.",
        "The highest share minus the lowest. Blank for measures that are no shares.",
    )
    kvot_hogst_lagst: float = column(
        "Kvot högst och lägst",
        "Ratio of highest to lowest",
        "Högsta värdet delat med det lägsta, bland områden med tillräckligt underlag.",
        "The highest value divided by the lowest, among areas with enough behind them.",
        unit="kvot",
        nullable=True,
        decimals=6,
    )
    variationskoefficient: float = column(
        "Variationskoefficient",
        "Coefficient of variation",
        "Standardavvikelsen vägd med nämnaren, delad med andelen för alla områden: roten ur Σn(p−P)²/Σn, delat med P.",
        "The standard deviation weighted by the denominator, by the share of all areas: √(Σn(p−P)²/Σn)/P.",
        unit="kvot",
        nullable=True,
        decimals=6,
        ge=0,
    )
    olikhetsindex: float = column(
        "Olikhetsindex",
        "Dissimilarity index",
        "Duncans index, ½Σ|a/A − b/B|: så stor del av gruppen som skulle behöva byta område för en jämn fördelning.",
        "Duncan's index, ½Σ|a/A − b/B|: the part of the group that would have to move for an even spread.",
        unit="kvot",
        nullable=True,
        decimals=6,
        ge=0,
        le=1,
    )
    referensgrupp: str = column(
        "Referensgrupp",
        "Reference group",
        "Vilka olikhetsindex jämför med.",
        "Whom the dissimilarity index compares with.",
        nullable=True,
    )
    varde_status: str = area_columns.status()
    kalla: str = columns.kalla()


@table(
    "omradestyper",
    Text("Områdestyper", "Types of areas"),
    Text(
        "SCB:s socioekonomiska index och områdestyp per RegSO och år.",
        "SCB's socio-economic index and type of area by RegSO and year.",
    ),
    group="areas",
    source=Origin.SERVICE,
    key=("kommun_id", "omrade_id", "indelning", "ar"),
    partition=(),
)
class Omradestyper(Table):
    """What type of area a RegSO was in a year."""

    kommun_id: str = columns.kommun_id()
    omrade_id: str = omrade_id()
    indelning: str = indelning()
    ar: int = columns.ar()
    socioekonomiskt_index: float = column(
        "Socioekonomiskt index", "Socio-economic index", "SCB:s index.", "SCB's index.", nullable=True, decimals=3
    )
    omradestyp: int = column(
        "Områdestyp", "Type of area", "SCB:s typ, 1 till 5.", "SCB's type, 1 to 5.", unit="typ", ge=1, le=5
    )
    omradestyp_text: str = column("Områdestyp i ord", "Type in words", "Typen i ord.", "The type in words.")
    kalla: str = columns.kalla()
