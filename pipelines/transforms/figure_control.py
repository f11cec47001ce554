"""The control of figures: what a report states, held against what follows from it.

Here belong the rows that are controlled, as stated, and the verdict on each figure. What is
controlled, and what each figure is computed of, is declared in ``figure_checks``; a stated figure
that is held against another source belongs elsewhere.
"""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

import polars as pl

from contracts import Column, contract, trees
from contracts.vocabulary import Verdict
from pipelines.transforms.figure_checks import CHECKS, Check
from pipelines.transforms.naming import slug
from pipelines.transforms.sentences import quantity
from pipelines.transforms.totals import column

SCHEMA: Final = pl.Schema(
    {
        "kontroll_id": pl.String(),
        "kategori": pl.String(),
        "tabell": pl.String(),
        "rad": pl.String(),
        "kolumn": pl.String(),
        "enhet": pl.String(),
        "pastatt": pl.Float64(),
        "beraknat": pl.Float64(),
        "differens": pl.Float64(),
        "tolerans": pl.Float64(),
        "utslag": pl.String(),
        "forklaring": pl.String(),
        "uttryck": pl.String(),
        "kalla_rad": pl.Int64(),
    }
)
"""A control's row, before the report stamps it. ``differens`` is the stated figure minus the computed one."""

DECIMALS: Final = 6
"""More than any report prints; what lies beyond is left by binary fractions."""

ENDINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        Verdict.AGREES: "de stämmer överens",
        Verdict.WITHIN_ROUNDING: "skillnaden ryms inom avrundningen",
        Verdict.DISAGREES: "skillnaden är större än avrundningen förklarar",
    }
)
"""How an explanation ends, by its verdict."""


def control(stated: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Every check of every table given as stated, as rows of ``siffergranskning`` without their stamps."""
    return pl.concat([SCHEMA.to_frame(), *(checked(name, rows) for name, rows in stated.items())])


def checked(name: str, stated: pl.DataFrame) -> pl.DataFrame:
    """Every check of table ``name``."""
    named = _named(name, stated)
    return pl.concat(
        [SCHEMA.to_frame(), *(_judged(name, check, check.held(name, named)) for check in CHECKS.get(name, ()))]
    )


def as_stated(name: str, published: pl.DataFrame, extract: pl.DataFrame) -> pl.DataFrame:
    """The published rows of a table with the figures that its extract states in place of the computed ones.

    What the extract does not hold, a row's identifier and its place in a tree, is that of the
    published table.
    """
    key = contract(name).extract_key
    computed = [column for column in published.columns if column in key or column not in extract.columns]
    return published.select(computed).join(extract, on=key, how="inner", maintain_order="left")


def _judged(name: str, check: Check, held: pl.DataFrame) -> pl.DataFrame:
    """The rows of a check with verdict and explanation; a row that lacks a stated or a computed figure has none."""
    declared = column(name, check.stated)
    gap = pl.col("differens").abs()
    verdict = (
        pl.when(gap <= check.agrees + trees.NEGLIGIBLE)
        .then(pl.lit(Verdict.AGREES.value))
        .when(gap <= pl.col("tolerans") + trees.NEGLIGIBLE)
        .then(pl.lit(Verdict.WITHIN_ROUNDING.value))
        .otherwise(pl.lit(Verdict.DISAGREES.value))
    )
    return (
        held.drop_nulls(["pastatt", "beraknat"])
        .with_columns(
            pl.lit(check.category.value).alias("kategori"),
            pl.lit(name).alias("tabell"),
            pl.lit(check.stated).alias("kolumn"),
            pl.lit(declared.unit, pl.String).alias("enhet"),
            pl.format(f"{name}_{{}}_{check.stated}{check.ending}", slug("rad")).alias("kontroll_id"),
            (pl.col("pastatt") - pl.col("beraknat")).alias("differens"),
            pl.lit(None, pl.String).alias("uttryck"),
        )
        .with_columns(verdict.alias("utslag"), pl.col("pastatt", "beraknat", "differens", "tolerans").round(DECIMALS))
        .with_columns(_explained(declared, check.decimals).alias("forklaring"))
        .select(SCHEMA.names())
        .cast(SCHEMA)
    )


def _explained(declared: Column, printed: int | None) -> pl.Expr:
    """What is held against what, in a sentence."""
    decimals = printed if printed is not None else declared.decimals or 0
    written = partial(quantity, decimals=decimals, unit=declared.unit or "")
    return pl.format(
        "{}, {}: angivet är {} och uträknat {}; {}.",
        "namn",
        pl.lit(declared.title.sv[0].lower() + declared.title.sv[1:]),
        pl.col("pastatt").map_elements(written, return_dtype=pl.String),
        pl.col("beraknat").map_elements(written, return_dtype=pl.String),
        pl.col("utslag").replace_strict(ENDINGS, return_dtype=pl.String),
    )


def _named(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with their key in one word, ``rad``, and their name in plain words, ``namn``."""
    declared = contract(name)
    return rows.with_columns(
        pl.concat_str(*trees.identity_of(declared), separator="/").alias("rad"),
        pl.concat_str(*(_in_words(column(name, part)) for part in declared.extract_key), separator=" ").alias("namn"),
    )


def _in_words(declared: Column) -> pl.Expr:
    """The values of a column as running text has them; a word of a vocabulary is told as people say it."""
    if declared.values is None:
        return pl.col(declared.name).cast(pl.String)
    words = {str(word): word.text.sv[0].lower() + word.text.sv[1:].rstrip(".") for word in declared.values}
    return pl.col(declared.name).replace_strict(words, return_dtype=pl.String)
