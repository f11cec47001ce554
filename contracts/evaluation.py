"""How rules about rows are put to pandera.

Here belongs the way from a rule to a check that pandera runs on a frame. Which rules there are is declared
with the tables.
"""

from collections.abc import Callable
from typing import Any

import polars as pl


def unique(key: tuple[str, ...]) -> Callable[[Any], pl.LazyFrame]:
    """Make a pandera check of a key: the same row occurs once."""

    def run(data: Any) -> pl.LazyFrame:
        """Compare the keys themselves only where two of them may be the same: hashes are quicker to tell apart."""
        frame: pl.LazyFrame = data.lazyframe
        row = pl.struct(key)
        different, rows = frame.select(row.hash().n_unique(), rows=pl.len()).collect().row(0)
        return frame.select(pl.repeat(value=True, n=pl.len()) if different == rows else ~row.is_duplicated())

    return run


def holds(rule: pl.Expr) -> Callable[[Any], pl.LazyFrame]:
    """Make a pandera check of an expression, with a null counted as broken."""

    def run(data: Any) -> pl.LazyFrame:
        """Evaluate the rule on pandera's frame."""
        frame: pl.LazyFrame = data.lazyframe
        return frame.select(rule.fill_null(value=False))

    return run
