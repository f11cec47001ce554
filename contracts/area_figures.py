"""Figures by area: what SCB says of each area, and what follows of it.

Here belong tables whose rows are a value of an area or a group of areas. The areas themselves stand
in ``contracts.areas``. SCB's cells are open as they come, small ones too: SCB protects them itself.
"""

from contracts.declare import column, table
from contracts.statistics import Observation
from contracts.vocabulary import Origin, Text


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
