"""Trees of rows whose amounts add up: what each stated total is, and what its parts make.

Here belongs the sum of each total's nearest parts, and what rounding allows. Which columns of a
table add up is declared with the table (``adds_up``); where a row stands in its tree (``over_id``,
``radtyp``) is settled by its table's own transform.
"""

from typing import Final

import polars as pl

from contracts.declare import Column, Contract
from contracts.vocabulary import RowKind

NEGLIGIBLE: Final = 1e-9
"""Far below any printed decimal: what binary fractions leave when decimal ones are added."""

COUNTS: Final = frozenset({"antal", "personer"})
"""Units of what is counted: no rounding, and a blank is unknown, while a blank amount is nothing."""

STAMPS: Final = frozenset({"kommun_id", "rapport"})


def totals(declared: Contract, rows: pl.DataFrame, amount: str) -> pl.DataFrame:
    """Every stated total of ``amount`` beside the sum of its nearest parts.

    ``rows`` are the table's rows in their tree, of one report or of many. To each total are added
    ``pastatt``, ``beraknat`` and ``tolerans`` (half a unit of the last printed decimal for the
    total and for each part). Memos are no parts. A total with a part that is unknown, a blank count
    or subtotal, is left out.
    """
    added = declared.column(amount)
    identity, *within = identity_of(declared)
    within += sorted(STAMPS & set(rows.columns))
    figure, half = pl.col(amount).cast(pl.Float64), half_unit(added)
    unknown = pl.col(amount).is_null() & (pl.lit(is_count(added)) | (pl.col("radtyp") == RowKind.SUBTOTAL))
    parts = (
        rows.filter(pl.col("over_id").is_not_null() & (pl.col("radtyp") != RowKind.MEMO))
        .group_by(pl.col("over_id").alias(identity), *within)
        .agg(
            figure.sum().alias("beraknat"),
            (half * (figure.count() + 1)).alias("tolerans"),
            (unknown.any() | (figure.count() == 0)).alias("_unknown"),
        )
        .filter(~pl.col("_unknown"))
        .drop("_unknown")
    )
    stated = rows.with_columns(figure.alias("pastatt")).drop_nulls("pastatt")
    return stated.join(parts, on=[identity, *within], how="inner", maintain_order="left")


def wrong(found: pl.DataFrame) -> pl.DataFrame:
    """Those of the totals that differ from their parts by more than rounding allows."""
    return found.filter((pl.col("pastatt") - pl.col("beraknat")).abs() > pl.col("tolerans") + NEGLIGIBLE)


def identity_of(declared: Contract) -> tuple[str, ...]:
    """The columns that identify a row within its report; in a tree the row's own identifier comes first."""
    return tuple(part for part in declared.key if part not in STAMPS)


def is_count(declared: Column) -> bool:
    """Whether the column counts something, so that its figures are exact."""
    return declared.unit in COUNTS


def half_unit(declared: Column) -> float:
    """Half a unit of a figure's last decimal; nothing for counts, which are exact."""
    return 0.0 if is_count(declared) else 0.5 * 10.0 ** -(declared.decimals or 0)
