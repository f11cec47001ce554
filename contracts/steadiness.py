"""A table against its last release: how many rows, how many blanks, how large the figures.

Here belongs what is told of a table that has lost or gained more than its contract allows. The
tolerances are declared with the table (``steady``); where its last release is, the caller knows.
"""

from collections.abc import Iterator
from typing import Final

import polars as pl

from contracts.declare import BLANKS, ROWS, SIZE, Column, Contract

ORDINAL: Final = frozenset({"år", "rad", "ordning", "rang"})
"""Units of what has no size: a year, a line, a place in an order."""


def measured(column: Column) -> bool:
    """Whether the size of a column's figures is held against the last release.

    A stated figure is a difference or a share, computed of others, and may swing.
    """
    return column.dtype in (pl.Int64, pl.Float64) and column.unit not in {None, *ORDINAL} and not column.stated


def changes(declared: Contract, frame: pl.DataFrame, last: pl.DataFrame) -> Iterator[tuple[str, str]]:
    """Each rule that the frame breaks against the table's last release, with both figures in a sentence."""
    steady = declared.steady
    if steady is None or last.is_empty():
        return
    if _factor(frame.height, last.height) > steady.rows:
        yield ROWS, f"{frame.height} rows, {last.height} in the last release"
    if frame.is_empty():
        return
    for column in declared.columns:
        if column.name not in last.columns:
            continue
        now, before = frame[column.name], last[column.name]
        if column.nullable and _blank(now) - _blank(before) > steady.blanks:
            yield f"{column.name}:{BLANKS}", f"{_blank(now):.0%} blank, {_blank(before):.0%} in the last release"
        if measured(column):
            sizes = _size(now), _size(before)
            if None not in sizes and _factor(sizes[0] or 0.0, sizes[1] or 0.0) > steady.size:
                yield f"{column.name}:{SIZE}", f"{sizes[0]:.6g} on average, {sizes[1]:.6g} in the last release"


def _blank(values: pl.Series) -> float:
    """The share of blanks."""
    return values.null_count() / len(values)


def _size(values: pl.Series) -> float | None:
    """How large figures are, whatever their sign; None where there is none."""
    mean = values.cast(pl.Float64).abs().mean()
    return mean if isinstance(mean, float) else None


def _factor(one: float, other: float) -> float:
    """How many times the smaller figure goes into the larger one."""
    low, high = sorted((abs(one), abs(other)))
    return 1.0 if high == 0 else high / low if low else float("inf")
