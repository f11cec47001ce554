"""Sums of areas: what the parts of a whole add up to, beside what SCB tells of the whole.

Here belongs the control of the figures by area. The figures stand in ``contracts.area_figures``.
"""

from contracts import area_columns, columns
from contracts.areas import indelning, niva, omrade_id
from contracts.declare import Table, column, table
from contracts.vocabulary import Level, SumVerdict, Text


@table(
    "omradessummor",
    Text("Områdenas summor", "Sums of areas"),
    Text(
        "Summan av områdena mot det tal som SCB anger för helheten, med den skillnad som bruset i talen tillåter. "
        "Tom där SCB:s svar inte har helheten.",
        "The sum of areas against the figure that SCB gives for the whole, with the difference that noise allows. "
        "Empty where SCB's answers lack the whole.",
    ),
    group="areas",
    key=("kommun_id", "omrade_id", "delarnas_niva", "indelning", "cell", "ar"),
    sort=("cell", "ar", "delarnas_niva", "omrade_id"),
    partition=(),
)
class Omradessummor(Table):
    """A count of a whole and of its parts."""

    kommun_id: str = columns.kommun_id()
    omrade_id: str = omrade_id()
    niva: str = niva()
    delarnas_niva: str = column(
        "Delarnas nivå", "Level of the parts", "Vilka områden som är summerade.", "What areas are added.", values=Level
    )
    indelning: str = indelning()
    cell: str = column(
        "Cell",
        "Cell",
        "Serien i planen och vad som räknas i den.",
        "The series of the plan, and what is counted in it.",
    )
    ar: int = columns.ar()
    angivet: float = area_columns.count("Angivet", "Stated", "Helheten enligt SCB.", "The whole as SCB gives it.")
    summa: float = area_columns.count("Summa", "Sum", "Delarnas summa.", "The sum of the parts.")
    antal_delar: int = column("Antal delar", "Parts", "Så många områden.", "So many areas.", unit="antal", ge=1)
    differens: float = area_columns.count(
        "Differens", "Difference", "Summan minus det angivna talet.", "The sum minus the stated figure."
    )
    tillaten_differens: float = column(
        "Tillåten differens",
        "Allowed difference",
        "Så mycket kan bruset i delarna och helheten ge tillsammans. 0 där talen är utan brus.",
        "As much as the noise of parts and whole may give together. 0 where the figures are free of noise.",
        decimals=1,
        ge=0,
    )
    utslag: str = column(
        "Utslag", "Verdict", "Om summan stämmer med helheten.", "Whether the sum is the whole.", values=SumVerdict
    )
    kalla: str = columns.kalla()
