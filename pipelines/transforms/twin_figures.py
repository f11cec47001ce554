"""Twin figures: the same figure in two tables of a report, whose rows have the same identifiers.

Here belongs which columns of which tables say the same thing of the same row, and the comparison.
The same figure under different identifiers is a claim, which the plan declares.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from contracts import contract
from contracts.trees import NEGLIGIBLE, half_unit
from contracts.vocabulary import FigureCheck, Verdict
from pipelines.transforms.evaluation import in_lower
from pipelines.transforms.figure_control import DECIMALS, ENDINGS, SCHEMA
from pipelines.transforms.sentences import quantity
from pipelines.transforms.totals import column


@dataclass(frozen=True)
class Twin:
    """A figure that stands in ``table`` by year, and in ``other`` in a column of its own.

    ``identity`` is what both know their rows by, ``years_back`` how many years before that of the report.
    """

    table: str
    stated: str
    other: str
    held_against: str
    identity: str
    years_back: int = 0


TWINS: Final = (
    Twin("driftsredovisning_ar", "utfall_tkr", "driftsredovisning", "utfall_tkr", "verksamhet_id"),
    Twin("driftsredovisning_ar", "utfall_tkr", "driftsredovisning", "fg_ar_tkr", "verksamhet_id", years_back=1),
)
"""Every figure that stands in two tables under the same identifier."""


def twins(tables: Mapping[str, pl.DataFrame], year: int) -> pl.DataFrame:
    """A row of ``siffergranskning`` without its stamps for each figure that stands in two of the tables.

    ``year`` is that of the report.
    """
    found = [_held(twin, tables, year) for twin in TWINS if {twin.table, twin.other} <= tables.keys()]
    return pl.concat([SCHEMA.to_frame(), *found])


def _held(twin: Twin, tables: Mapping[str, pl.DataFrame], year: int) -> pl.DataFrame:
    """The rows of one pair of columns. Each figure is rounded to half a unit of its last decimal."""
    own, other = column(twin.table, twin.stated), column(twin.other, twin.held_against)
    rows = (
        tables[twin.table]
        .filter(pl.col("ar") == year - twin.years_back)
        .join(tables[twin.other].select(twin.identity, beraknat=twin.held_against), on=twin.identity)
        .with_columns(pl.col(twin.stated).cast(pl.Float64).alias("pastatt"), pl.col("beraknat").cast(pl.Float64))
        .drop_nulls(["pastatt", "beraknat"])
    )
    gap, tolerance = (pl.col("pastatt") - pl.col("beraknat")).abs(), half_unit(own) + half_unit(other)
    judged = rows.with_columns(
        pl.format(f"{twin.table}_{{}}_{{}}_{twin.stated}_{twin.other}", twin.identity, "ar").alias("kontroll_id"),
        pl.lit(str(FigureCheck.ACROSS)).alias("kategori"),
        pl.lit(twin.table).alias("tabell"),
        pl.format("{}/{}", twin.identity, "ar").alias("rad"),
        pl.lit(twin.stated).alias("kolumn"),
        pl.lit(own.unit).alias("enhet"),
        (pl.col("pastatt") - pl.col("beraknat")).round(DECIMALS).alias("differens"),
        pl.lit(tolerance).alias("tolerans"),
        pl.when(gap <= NEGLIGIBLE)
        .then(pl.lit(str(Verdict.AGREES)))
        .when(gap <= tolerance + NEGLIGIBLE)
        .then(pl.lit(str(Verdict.WITHIN_ROUNDING)))
        .otherwise(pl.lit(str(Verdict.DISAGREES)))
        .alias("utslag"),
        pl.lit(None, pl.String).alias("uttryck"),
    )
    return judged.with_columns(_explained(twin)).select(SCHEMA.names()).cast(SCHEMA)


def _explained(twin: Twin) -> pl.Expr:
    """Which two figures are held against each other, in a sentence."""
    unit, key = column(twin.table, twin.stated).unit or "", contract(twin.table).extract_key
    written = [
        pl.col(figure).map_elements(lambda value: quantity(value, 0, unit), return_dtype=pl.String)
        for figure in ("pastatt", "beraknat")
    ]
    own, other = contract(twin.table).title.sv, contract(twin.other).title.sv
    return pl.format(
        "{}, {}: angivet i {} är {} och i {} {}; {}.",
        pl.concat_str(*key, separator=" "),
        pl.lit(in_lower(column(twin.table, twin.stated).title.sv)),
        pl.lit(own),
        written[0],
        pl.lit(other),
        written[1],
        pl.col("utslag").replace_strict(ENDINGS, return_dtype=pl.String),
    ).alias("forklaring")
