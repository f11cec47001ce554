"""How the figures of a table hang together: its cells, and the sums of cells that make nothing.

Here belongs the way from what a table declares of itself (``contracts.related``, ``adds_up``) to sums. Which
cells must be blank is no part of it.

Parts that nothing declares are recognised: among rows that may be parts of each other (``Nested``), figures
that add up exactly to another are taken to be its parts. In up to ``FEW`` rows any two or more are tried;
in more, where chance would find sums everywhere, all but at most ``LEFT_OUT`` of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final

import polars as pl

from contracts import Contract
from contracts.related import Change, Nested, OfWhich, Whole
from contracts.trees import STAMPS, identity_of
from contracts.vocabulary import RowKind
from output.disclosure.protection import Cell, Sum

ROW: Final = "_row"

FEW: Final = 10
"""Rows in which any that add up are taken for parts."""

LEFT_OUT: Final = 2
"""Of more rows, so many at most are no parts of a total that is recognised."""

Values = Mapping[Cell, int]


def sums_of(declared: Contract, frame: pl.DataFrame, names: Sequence[str]) -> Iterator[Sum]:
    """The declared sums within a table, of its columns that count persons. ``frame`` has its rows by number."""
    for name in names:
        if name in declared.adds_up:
            yield from _tree(declared, frame, name)
    for one in declared.related:
        if isinstance(one, Change) and one.of in names:
            yield from changes(declared, frame, one)
        for name in names:
            if isinstance(one, Whole):
                yield from _whole(declared, frame, one, name)
            elif isinstance(one, OfWhich):
                yield from of_which(declared, frame, one, name)


def recognised(declared: Contract, frame: pl.DataFrame, names: Sequence[str], values: Values) -> Iterator[Sum]:
    """The sums that nothing declares: figures that add up exactly to another, where they may be its parts."""
    for one in declared.related:
        if isinstance(one, Nested):
            for name in names:
                yield from _nested(declared, frame, one, name, values)


def changes(declared: Contract, frame: pl.DataFrame, change: Change) -> Iterator[Sum]:
    """Each change with the two values between which it is."""
    before = frame.with_columns(pl.col(change.over) + 1).rename({ROW: "before"})
    pairs = frame.join(before, on=list(declared.key), how="inner", maintain_order="left")
    for now, then in pairs.select(ROW, "before").iter_rows():
        yield {
            Cell(declared.name, now, change.of): 1,
            Cell(declared.name, then, change.of): -1,
            Cell(declared.name, now, change.column): -1,
        }


def is_part(one: OfWhich) -> pl.Expr:
    """Whether a row is part of another by its own words."""
    return pl.col(one.over).str.to_lowercase().str.contains(rf"^\W*({'|'.join(one.begins)})\b")


def of_which(declared: Contract, frame: pl.DataFrame, one: OfWhich, name: str) -> Iterator[Sum]:
    """Each whole with a part of it and what is left, which is told nowhere: the cell of the part, named for both."""
    alike = [part for part in declared.key if part != one.over]
    wholes = frame.filter(~is_part(one)).select(*alike, whole=ROW)
    pairs = frame.filter(is_part(one)).join(wholes, on=alike, how="inner", maintain_order="left")
    for part, whole in pairs.select(ROW, "whole").iter_rows():
        yield {
            Cell(declared.name, whole, name): 1,
            Cell(declared.name, part, name): -1,
            Cell(declared.name, part, f"{name}/{whole}"): -1,
        }


def _sum(declared: Contract, name: str, total: int, parts: Sequence[int]) -> Sum:
    """A total and its parts."""
    parted = {Cell(declared.name, part, name): -1 for part in parts}
    return {Cell(declared.name, total, name): 1, **parted}


def _tree(declared: Contract, frame: pl.DataFrame, name: str) -> Iterator[Sum]:
    """Each row with those that are part of it."""
    identity, *within = identity_of(declared)
    within += sorted(STAMPS & set(frame.columns))
    parts = (
        frame.filter(pl.col("over_id").is_not_null() & (pl.col("radtyp") != RowKind.MEMO))
        .group_by(pl.col("over_id").alias(identity), *within, maintain_order=True)
        .agg(pl.col(ROW).alias("parts"))
    )
    joined = frame.join(parts, on=[identity, *within], how="inner", maintain_order="left")
    for total, rows in joined.select(ROW, "parts").iter_rows():
        yield _sum(declared, name, total, rows)


def _whole(declared: Contract, frame: pl.DataFrame, whole: Whole, name: str) -> Iterator[Sum]:
    """Each total with the rows that it is the sum of."""
    alike = [part for part in declared.key if part != whole.over]
    is_total = pl.col(whole.over) == whole.total
    groups = frame.group_by(alike, maintain_order=True).agg(
        pl.col(ROW).filter(is_total).alias("totals"), pl.col(ROW).filter(~is_total).alias("parts")
    )
    for totals, parts in groups.select("totals", "parts").iter_rows():
        for total in totals:
            yield _sum(declared, name, total, parts)


def _nested(declared: Contract, frame: pl.DataFrame, one: Nested, name: str, values: Values) -> Iterator[Sum]:
    """Each figure with others, alike in all but ``over``, that add up to it."""
    alike = [part for part in declared.key if part != one.over]
    for (rows,) in frame.group_by(alike, maintain_order=True).agg(ROW).select(ROW).iter_rows():
        figures = {row: value for row in rows if (value := values.get(Cell(declared.name, row, name))) is not None}
        for total, value in figures.items():
            others = {row: part for row, part in figures.items() if row != total and part <= value}
            for parts in _adding_up(others, value, len(figures)):
                yield _sum(declared, name, total, parts)


def _adding_up(figures: Mapping[int, int], total: int, beside: int) -> Iterator[tuple[int, ...]]:
    """Two or more of the rows whose figures make a total, in a table of so many rows."""
    most = len(figures) - 2
    if beside > FEW:
        most = min(most, LEFT_OUT - (beside - 1 - len(figures)))
    rest, largest = sum(figures.values()) - total, sorted(figures.values(), reverse=True)
    for size in range(most + 1) if total else ():
        if sum(largest[:size]) >= rest:
            for left in combinations(figures, size):
                if sum(figures[row] for row in left) == rest:
                    yield tuple(row for row in figures if row not in left)
