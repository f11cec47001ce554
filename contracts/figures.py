"""Figures as such: those that stand only in running text, and the control of every stated figure.

Here belong tables whose rows are figures of the report whatever they are about. A figure that has
a table of its own in the report belongs to that table.
"""

from typing import Any

import polars as pl

from contracts import columns
from contracts.declare import Rule, Table, column, table
from contracts.related import Mentions, Persons
from contracts.vocabulary import FigureCheck, Qualifier, Severity, Text, Verdict

FIGURE_OR_TEXT = Rule(
    "varde:varde_eller_text",
    Text(
        "Uppgiften har ett värde eller det som är tryckt i ord.", "The figure has a value or what is printed in words."
    ),
    pl.col("varde").is_not_null() | pl.col("varde_text").is_not_null(),
    Severity.QUARANTINE,
)

INTERVAL = Rule(
    "varde_till:intervall",
    Text(
        "Ett intervall, och bara ett intervall, har ett värde till, som är högre än värdet.",
        "An interval, and only an interval, has an upper value, which is higher than the value.",
    ),
    pl.when(pl.col("kvalificering").fill_null("") == Qualifier.BETWEEN.value)
    .then(pl.col("varde_till") > pl.col("varde"))
    .otherwise(pl.col("varde_till").is_null()),
    Severity.QUARANTINE,
)


def _figure(title: str, english: str, description: str, english_description: str, **more: Any) -> Any:
    """A figure in the unit of its row."""
    return column(title, english, description, english_description, **{"decimals": 2, "nullable": True, **more})


def _checked(title: str, english: str, description: str, english_description: str, **more: Any) -> Any:
    """A figure of the control, kept with more decimals than any report prints."""
    return column(title, english, description, english_description, decimals=6, nullable=True, **more)


@table(
    "textuppgifter",
    Text("Uppgifter i löpande text", "Figures in running text"),
    Text(
        "Siffror som bara står i rapportens löpande text, var och en med enhet, rad och vad den bör stämma med.",
        "Figures that stand only in the running text, each with unit, line and what it should agree with.",
    ),
    group="figure_control",
    key=("kommun_id", "rapport", "uppgift_id"),
    sort=("kommun_id", "rapport", "kalla_rad"),
    extract_key=("uppgift_id",),
    rules=(FIGURE_OR_TEXT, INTERVAL),
    related=(Mentions("kopplad_till"), Persons(("varde", "varde_till"))),
)
class Textuppgifter(Table):
    """A figure in the running text of a report. Amounts have the sign of what they mean: a deficit is negative."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    uppgift_id: str = columns.slug("Uppgiftens id", "Figure id", "Uppgiften.", "The figure.", heading="Uppgift-id")
    avsnitt: str = column(
        "Avsnitt",
        "Section",
        "Rubriken i rapporten som uppgiften står under, efter kapitlets rubrik där den behövs.",
        "The heading of the report that the figure stands under, after that of the chapter where it is needed.",
        heading="Avsnitt",
    )
    uppgift: str = column(
        "Uppgift", "Figure", "Vad siffran gäller, kort.", "What the figure is about, in short.", heading="Uppgift"
    )
    varde: float = _figure(
        "Värde",
        "Value",
        "Värdet i radens enhet, för ett intervall det lägre. Tomt där uppgiften inte är ett tal.",
        "The value in the unit of the row, the lower one of an interval. Blank where it is not a number.",
        heading="Värde",
    )
    varde_till: float = _figure(
        "Värde till",
        "Upper value",
        "Det högre värdet i ett intervall, annars tomt.",
        "The upper value of an interval, otherwise blank.",
        heading="Värde till",
    )
    varde_text: str = column(
        "Värde som tryckt",
        "Value as printed",
        "Uppgiften som den är tryckt, där den inte är ett vanligt tal: i ord, med tecken, som intervall eller namn.",
        "The figure as printed where it is no plain number: in words, with a sign, as an interval or a name.",
        nullable=True,
        heading="Värde som tryckt",
    )
    decimaler: int = column(
        "Decimaler",
        "Decimals",
        "Hur många decimaler som är tryckta. Det avgör hur mycket avrundningen förklarar.",
        "How many decimals are printed, which decides how much rounding explains.",
        unit="antal",
        nullable=True,
        heading="Decimaler",
        ge=0,
    )
    enhet: str = column("Enhet", "Unit", "Värdets enhet.", "The unit of the value.", heading="Enhet")
    kvalificering: str = column(
        "Kvalificering",
        "Qualifier",
        "Hur texten förbehåller sig siffran. Tomt där den står för sig.",
        "How the text qualifies the figure. Blank where it stands by itself.",
        nullable=True,
        values=Qualifier,
        heading="Kvalificering",
    )
    kopplad_till: str = column(
        "Kopplad till",
        "Linked to",
        "Vad uppgiften bör stämma med: tabell:rad eller tabell:rad:kolumn. Raden är nyckeln utan kommun och "
        "rapport, med snedstreck mellan delarna.",
        "What the figure should agree with: table:row or table:row:column. The row is the key without "
        "municipality and report, with a slash between its parts.",
        nullable=True,
        heading="Kopplad till",
        severity=Severity.QUARANTINE,
        str_matches=r"^[a-z_]+:[^:]+(:[a-z0-9_]+)?$",
    )
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad(heading="Källrad")


@table(
    "siffergranskning",
    Text("Siffergranskning", "Control of figures"),
    Text(
        "Angivna siffror mot uträknade: om de stämmer, skiljer sig inom avrundningen eller inte stämmer.",
        "Stated figures against computed ones: whether they agree, differ within rounding, or disagree.",
    ),
    group="figure_control",
    key=("kommun_id", "rapport", "kontroll_id"),
    related=(
        Mentions("tabell", "rad", "kolumn", expression="uttryck"),
        Persons(("pastatt", "beraknat"), only=("tabell", "indikatorutfall")),
    ),
)
class Siffergranskning(Table):
    """A check of a stated figure in a report."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    kontroll_id: str = columns.slug("Kontrollens id", "Check id", "Kontrollen.", "The check.")
    kategori: str = column(
        "Kategori",
        "Category",
        "Vad siffran kontrolleras mot.",
        "What the figure is held against.",
        values=FigureCheck,
    )
    tabell: str = column(
        "Tabell",
        "Table",
        "Tabellen som siffran står i, eller som den är räknad i där den bara står i text.",
        "The table of the figure, or the one that it is counted in where it stands in text alone.",
    )
    rad: str = column(
        "Rad",
        "Row",
        "Raden som siffran står i: tabellens nyckel utan kommun och rapport, eller påståendets id där siffran bara "
        "står i text.",
        "The row of the figure: the key of its table without municipality and report, or the id of the claim where "
        "the figure stands in text alone.",
    )
    kolumn: str = column("Kolumn", "Column", "Kolumnen som siffran står i.", "The column of the figure.", nullable=True)
    enhet: str = column("Enhet", "Unit", "Siffrans måttenhet.", "The unit of the figure.", nullable=True)
    pastatt: float = _checked("Angivet", "Stated", "Siffran som källan anger.", "The figure as stated by the source.")
    beraknat: float = _checked(
        "Uträknat",
        "Computed",
        "Siffran som räknas ut av andra siffror, eller källans siffra.",
        "The figure as computed from other figures, or the figure of the source.",
    )
    differens: float = _checked(
        "Skillnad", "Difference", "Angivet minus uträknat.", "The stated figure minus the computed one."
    )
    tolerans: float = _checked(
        "Tolerans",
        "Tolerance",
        "Den största skillnad som avrundningen förklarar.",
        "The largest difference that rounding explains.",
        ge=0,
    )
    utslag: str = column("Utslag", "Verdict", "Vad kontrollen visar.", "What the check shows.", values=Verdict)
    forklaring: str = column(
        "Förklaring",
        "Explanation",
        "Vad som jämförs med vad, i klartext.",
        "What is held against what, in plain words.",
        nullable=True,
    )
    uttryck: str = column(
        "Uttryck",
        "Expression",
        "Uttrycket över rapportens tabeller som siffran räknas ut med, där planen eller texten anger ett.",
        "The expression over the report's tables that the figure is computed by, where plan or text gives one.",
        nullable=True,
    )
    kalla: str = columns.kalla()
    kalla_rad: int = columns.kalla_rad()
