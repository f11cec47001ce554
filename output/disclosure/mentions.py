"""Rows that tell of a figure in another table: left out where that figure is left blank.

Here belongs who tells of what: a figure in running text, a check of a figure, and what is worked out of
figures by a formula. Which figures are left blank is settled in ``output.disclosure.small_counts``.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

import polars as pl

from contracts import Contract, contract
from contracts.related import Mentions
from contracts.trees import STAMPS, identity_of


class Place(NamedTuple):
    """A figure as other tables name it. ``column`` is empty for any figure of a row that is left out."""

    scope: str
    table: str
    row: str
    column: str

    def __str__(self) -> str:
        """The place in one word."""
        return ":".join(self)


def places_of(frame: pl.DataFrame, declared: Contract, column: str) -> Iterator[Place]:
    """The figures in a column of these rows. The scope is the municipality and the report."""
    key = pl.concat_str(*identity_of(declared), separator="/")
    for scope, row in frame.select(_scope(frame).alias("scope"), key.alias("row")).iter_rows():
        yield Place(scope, declared.name, row, column)


def without_mentions(
    tables: Mapping[str, pl.DataFrame], places: Collection[Place], layer: str
) -> dict[str, pl.DataFrame]:
    """The tables without the rows that tell of these figures, or of a row that is left out for that."""
    done, waiting = dict(tables), list(places)
    while waiting:
        told, waiting = waiting, []
        for name, frame in done.items():
            declared = contract(name, layer)
            for one in (related for related in declared.related if isinstance(related, Mentions)):
                gone = (_names(one, frame, told) | _works_out(one, frame, told)).fill_null(value=False)
                waiting.extend(places_of(frame.filter(gone), declared, ""))
                done[name] = done[name].filter(~gone)
    return done


def _scope(frame: pl.DataFrame) -> pl.Expr:
    """Whose figures a row tells of: those of its own municipality and report."""
    return pl.concat_str(*sorted(STAMPS & set(frame.columns)), separator=":")


def _names(one: Mentions, frame: pl.DataFrame, told: Collection[Place]) -> pl.Expr:
    """Whether a row names one of these figures, or the row of one without saying which."""
    if one.unplaced:
        return pl.col(one.table).is_in(sorted({place.table for place in told}))
    if one.row is None or one.column is None:
        figure, row = pl.col(one.table), pl.col(one.table).str.extract("^([^:]+:[^:]+)")
    else:
        row = pl.concat_str(one.table, one.row, separator=":")
        figure = pl.concat_str(row, one.column, separator=":", ignore_nulls=True)
    rows = {place: f"{place.scope}:{place.table}:{place.row}" for place in told}
    figures = pl.concat_str(_scope(frame), figure, separator=":")
    whole = pl.concat_str(_scope(frame), row, separator=":")
    return figures.is_in([*map(str, told), *rows.values()]) | whole.is_in(
        [row for place, row in rows.items() if not place.column]
    )


def _works_out(one: Mentions, frame: pl.DataFrame, told: Collection[Place]) -> pl.Expr:
    """Whether the formula of a row may use one of these figures: it names its table and its column.

    A formula may add up a whole column, so that which row it names is not asked.
    """
    if one.expression is None:
        return pl.lit(value=False)
    formula = pl.col(one.expression)
    used = {(place.scope, place.table, place.column or place.row.rpartition("/")[2]) for place in told}
    return pl.any_horizontal(
        (_scope(frame) == scope)
        & formula.str.contains(rf"\b{re.escape(table)}\b")
        & formula.str.contains(rf"\b{re.escape(word)}\b")
        for scope, table, word in sorted(used)
    ).fill_null(value=False)
