"""Totals: which columns of which tables add up, and the sum of each total's nearest parts, by table name.

How a tree adds up stands in ``contracts.trees``; what is said of a total that differs from its
parts belongs in ``statements`` (may it be read?) and ``figure_control``.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import polars as pl

from contracts import Column, contract, contracts, trees

ADDED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {declared.name: declared.adds_up for declared in contracts("open") if declared.adds_up}
)
"""The columns that add up, for every table that is a tree."""


def totals(name: str, rows: pl.DataFrame, amount: str) -> pl.DataFrame:
    """Every stated total of ``amount`` in table ``name`` beside the sum of its nearest parts."""
    return trees.totals(contract(name), rows, amount)


def column(name: str, wanted: str) -> Column:
    """The declaration of a column of table ``name``."""
    return contract(name).column(wanted)
