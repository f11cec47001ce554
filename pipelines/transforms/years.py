"""Years: what a row's measure was in the year before.

Here belongs the step from one year to the next, for tables with a row for each year. What the two
years say of each other belongs to the table's own transform.
"""

from typing import Final

import polars as pl

YEAR: Final = "ar"


def year_before(value: str, *within: str) -> pl.Expr:
    """The value of the year just before, of the same ``within``; nothing where that year is not in the table."""
    before = [pl.col(name).shift(1).over(*within, order_by=YEAR) for name in (YEAR, value)]
    return pl.when(pl.col(YEAR) - before[0] == 1).then(before[1])
