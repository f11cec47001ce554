"""Totals: the trees of rows whose amounts add up, and what their parts make.

Here belongs which columns add up and the sum of each total's nearest parts. Where a row stands in
its tree (``over_id``, ``radtyp``) is settled by its table's own transform; what is said of a total
that differs from its parts belongs in ``statements`` (may it be read?) and ``figure_control``.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import polars as pl

from contracts import Column, Contract, contract
from contracts.vocabulary import RowKind

NEGLIGIBLE: Final = 1e-9
"""Far below any printed decimal: what binary fractions leave when decimal ones are added."""

COUNTS: Final = frozenset({"antal", "personer"})
"""Units of what is counted: no rounding, and a blank is unknown, while a blank amount is nothing."""

STAMPS: Final = frozenset({"kommun_id", "rapport"})

AGAINST_BUDGET: Final = ("budget_tkr", "utfall_tkr", "avvikelse_tkr")

ADDED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "resultatrakning": (*AGAINST_BUDGET, "fg_ar_tkr"),
        "driftsredovisning": (*AGAINST_BUDGET, "fg_ar_tkr"),
        "driftsredovisning_ar": ("utfall_tkr",),
        "extern_finansiering": ("bidrag_tkr", "kostnad_tkr", "netto_tkr", "i_budget_tkr"),
        "investeringar": AGAINST_BUDGET,
        "investeringsoverforing": ("belopp_mnkr",),
        "investeringsprojekt": AGAINST_BUDGET,
        "exploateringsprojekt": ("utgift_tkr", "inkomst_tkr", "netto_tkr", "budget_tkr", "avvikelse_tkr"),
        "exploateringsutfall": ("prognos_tkr", "utfall_tkr", "avvikelse_tkr"),
        "stickprov": ("antal_stickprov", "antal_fel"),
        "fordonsflotta": ("antal",),
    }
)
"""The columns that add up, for every table that is a tree."""


def totals(name: str, rows: pl.DataFrame, amount: str) -> pl.DataFrame:
    """Every stated total of ``amount`` in table ``name`` beside the sum of its nearest parts.

    ``rows`` are the table's rows in their tree. To each total are added ``pastatt``, ``beraknat``
    and ``tolerans`` (half a unit of the last printed decimal for the total and for each part).
    Memos are no parts. A total with a part that is unknown, a blank count or subtotal, is left out.
    """
    declared = column(name, amount)
    identity, *within = identity_of(contract(name))
    figure, half = pl.col(amount).cast(pl.Float64), half_unit(declared)
    unknown = pl.col(amount).is_null() & (pl.lit(is_count(declared)) | (pl.col("radtyp") == RowKind.SUBTOTAL))
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


def identity_of(declared: Contract) -> tuple[str, ...]:
    """The columns that identify a row within its report; in a tree the row's own identifier comes first."""
    return tuple(part for part in declared.key if part not in STAMPS)


def column(name: str, wanted: str) -> Column:
    """The declaration of a column of table ``name``."""
    return next(declared for declared in contract(name).columns if declared.name == wanted)


def is_count(declared: Column) -> bool:
    """Whether the column counts something, so that its figures are exact."""
    return declared.unit in COUNTS


def half_unit(declared: Column) -> float:
    """Half a unit of a figure's last decimal; nothing for counts, which are exact."""
    return 0.0 if is_count(declared) else 0.5 * 10.0 ** -(declared.decimals or 0)
