"""Figures by area: what SCB says of each area, the measures that follow, and their series.

Here belong tables whose rows are a value of an area or a group of areas. How areas differ stands in
``contracts.area_differences``. SCB's cells are open as they come, small ones too: SCB protects them itself.
"""

import datetime as dt

from contracts import area_columns, columns, goal_columns
from contracts.areas import indelning, niva, omrade_id
from contracts.declare import Table, column, table
from contracts.statistics import Observation
from contracts.vocabulary import Origin, Side, Text


@table(
    "omradesceller",
    Text("SCB:s värden per område", "SCB's values by area"),
    Text(
        "Varje värde per område som SCB har lämnat, med tiden det gällde.",
        "Each value by area that SCB has given, with its time.",
    ),
    group="areas",
    layer="core",
    key=("kalla_id", "kommun_id", "ar", "kon", "kand_fran"),
    partition=(),
    source=Origin.SERVICE,
)
class Omradesceller(Observation):
    """A value of Statistics Sweden by area. ``kommun_id`` is the region's code as SCB writes it, with its edition."""

    kommun_id: str = column(
        "Regionkod",
        "Region code",
        "SCB:s kod för regionen, med indelningens ändelse.",
        "SCB's code of the region, with the suffix of its division.",
        str_matches=r"^(\d{2}|\d{4}|\d{4}[A-C]\d{4}|\d{4}R\d{3})(_(DeSO|RegSO)\d{4})?$",
    )


@table(
    "omradesmatt",
    Text("Mått för områden", "Measures of areas"),
    Text("De mått som områden beskrivs med, och hur de räknas.", "The measures of areas, and how they are computed."),
    group="areas",
    source=Origin.PLAN,
    key=("kommun_id", "matt_id"),
    partition=(),
    version="1.1.0",
)
class Omradesmatt(Table):
    """A measure of the plan."""

    kommun_id: str = columns.kommun_id()
    matt_id: str = area_columns.measure_id()
    matt: str = column("Mått", "Measure", "Måttets namn.", "The name of the measure.")
    matt_engelska: str = column(
        "Mått på engelska",
        "Measure in English",
        "Måttets namn på engelska. Tomt där planen inte har något.",
        "The name of the measure in English. Blank where the plan has none.",
        nullable=True,
    )
    enhet: str = goal_columns.unit()
    riktning: str = column(
        "Riktning",
        "Direction",
        "Vilken sida som är bra. Neutral för mått som bara beskriver.",
        "Which side is good. Neutral for measures that only describe.",
        values=Side,
    )
    taljare: str = column("Täljare", "Numerator", "Celler som läggs ihop.", "Cells that are added.", nullable=True)
    namnare: str = column("Nämnare", "Denominator", "Celler som läggs ihop.", "Cells that are added.", nullable=True)
    definition: str = column("Definition", "Definition", "Vad måttet säger.", "What the measure says.")
    definition_engelska: str = column(
        "Definition på engelska",
        "Definition in English",
        "Vad måttet säger, på engelska.",
        "What the measure says, in English.",
    )
    minsta_namnare: int = column(
        "Minsta nämnare",
        "Smallest denominator",
        "Ingen andel räknas på en mindre nämnare.",
        "No share is computed on a smaller denominator.",
        unit="antal",
        nullable=True,
        ge=1,
    )
    kalla: str = columns.kalla()
    kalla_id: str = area_columns.source_id()
    namndmal_id: str = columns.namndmal_id(nullable=True)
    indikator_id: str = goal_columns.indicator_id(references="indikator_id", nullable=True)


@table(
    "omradesvarden",
    Text("Områdesvärden", "Values of areas"),
    Text(
        "Varje mått för varje område och år, med kommunen, länet och riket. Delar summerar inte alltid.",
        "Each measure for each area and year, with municipality, county and country. Parts do not always add up.",
    ),
    group="areas",
    key=("kommun_id", "omrade_id", "indelning", "matt_id", "ar", "kon"),
    sort=("matt_id", "niva", "omrade_id", "ar"),
    partition=(),
)
class Omradesvarden(Table):
    """A measure of an area in a year."""

    kommun_id: str = columns.kommun_id()
    omrade_id: str = omrade_id()
    indelning: str = indelning()
    niva: str = niva()
    matt_id: str = area_columns.measure_id()
    ar: int = columns.ar()
    kon: str = area_columns.sex()
    taljare: float = area_columns.numerator()
    namnare: float = area_columns.denominator()
    varde: float = area_columns.value()
    varde_status: str = area_columns.status()
    antal_celler_summerade: int = area_columns.cells()
    osakerhet: float = area_columns.uncertainty()
    kalla: str = columns.kalla()
    kalla_id: str = area_columns.source_id()
    hamtad: dt.datetime = area_columns.received()


@table(
    "omradesgruppvarden",
    Text("Värden för områdesgrupper", "Values of groups of areas"),
    Text(
        "Mått för planens grupper av områden: medlemmarnas antal ihoplagda, och andelen av summorna.",
        "Measures of the plan's groups of areas: the members' counts added, and the share of the sums.",
    ),
    group="areas",
    key=("kommun_id", "grupp_id", "indelning", "matt_id", "ar"),
    sort=("matt_id", "grupp_id", "ar"),
    partition=(),
)
class Omradesgruppvarden(Table):
    """A measure of a group of areas in a year."""

    kommun_id: str = columns.kommun_id()
    grupp_id: str = columns.slug("Gruppens id", "Group id", "Gruppen i planen.", "The group of the plan.")
    indelning: str = indelning()
    matt_id: str = area_columns.measure_id()
    ar: int = columns.ar()
    taljare: float = area_columns.numerator()
    namnare: float = area_columns.denominator()
    varde: float = area_columns.value()
    varde_status: str = area_columns.status()
    antal_celler_summerade: int = area_columns.cells()
    osakerhet: float = area_columns.uncertainty()
    kalla: str = columns.kalla()
    kalla_id: str = area_columns.source_id()
    hamtad: dt.datetime = area_columns.received()


@table(
    "omradesserier",
    Text("Områdesserier", "Series of areas"),
    Text(
        "Områden följda över bytet av indelning: oförändrade som de är, delade som sin helhet, andra brutna.",
        "Areas followed over the change of division: unchanged ones as they are, divided ones as the whole, "
        "others broken.",
    ),
    group="areas",
    key=("kommun_id", "serie_id", "matt_id", "ar"),
    sort=("matt_id", "niva", "serie_id", "ar"),
    partition=(),
)
class Omradesserier(Table):
    """A measure of an area in a year, within a series that can be compared."""

    kommun_id: str = columns.kommun_id()
    serie_id: str = column(
        "Seriens id",
        "Series id",
        "Områdets kod, med indelningen efter där serien är bruten.",
        "The area's code, followed by the division where the series is broken.",
    )
    omrade_id: str = omrade_id()
    niva: str = niva()
    matt_id: str = area_columns.measure_id()
    ar: int = columns.ar()
    taljare: float = area_columns.numerator()
    namnare: float = area_columns.denominator()
    varde: float = area_columns.value()
    varde_status: str = area_columns.status()
    antal_celler_summerade: int = area_columns.cells()
    osakerhet: float = area_columns.uncertainty()
    seriebrott: str = area_columns.broken()
    kalla: str = columns.kalla()
